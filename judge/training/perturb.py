"""Turns sentences of real passages into claims whose label is known by construction.

The recipe is FactCC's (Kryscinski et al. 2020, https://aclanthology.org/2020.emnlp-main.750): a
sentence of the passage is supported; the same sentence with one number, date, name, polarity or
role changed is contradicted; a sentence the passage lost is not found. The characters that were
changed are remembered, so a network can also be told *which* word is wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from judge import contrasts

Span = tuple[int, int]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SENTENCE = re.compile(r"(?<=[.!?。])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9가-힣])")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w]*[A-Za-z])")
_ENTITY = re.compile(r"\b[A-Z][\w'’.-]*[a-z](?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'’-]+)*")
_LEADING = {
    "The", "A", "An", "In", "On", "At", "It", "He", "She", "They", "This", "That", "These", "Those", "As", "By", "For",
    "From", "However", "After", "Before", "During", "While", "When", "Although", "But", "And", "His", "Her", "Its",
    "Their", "There", "With", "Many", "Some", "Most", "Other", "One", "Also", "Since", "Under", "We", "You", "If", "To",
    "Both", "All", "Such", "Between", "Because", "Until", "Despite", "Another", "Each", "Not", "What", "Who", "I",
}  # fmt: skip
_KO_ENTITY = re.compile(r"(?<![가-힣])([가-힣]{2,6})(?=(?:은|는|이|가|을|를|의|에서|에게|와|과)\s)")
_WORDS_EN = {
    "one": "two", "two": "three", "three": "five", "four": "six", "five": "three", "six": "eight", "seven": "five",
    "eight": "six", "nine": "seven", "ten": "twelve", "first": "second", "second": "third", "third": "fourth",
}  # fmt: skip
OPPOSITES_EN = [
    ("increased", "decreased"), ("increase", "decrease"), ("rose", "fell"), ("grew", "shrank"), ("raised", "lowered"),
    ("before", "after"), ("first", "last"), ("largest", "smallest"), ("larger", "smaller"), ("more", "fewer"),
    ("north", "south"), ("northern", "southern"), ("east", "west"), ("eastern", "western"), ("upper", "lower"),
    ("high", "low"), ("higher", "lower"), ("highest", "lowest"), ("early", "late"), ("earlier", "later"),
    ("oldest", "youngest"), ("old", "new"), ("male", "female"), ("won", "lost"), ("began", "ended"), ("start", "end"),
    ("started", "stopped"), ("joined", "left"), ("founded", "closed"), ("bought", "sold"), ("included", "excluded"),
    ("includes", "excludes"), ("accepted", "rejected"), ("supported", "opposed"), ("always", "rarely"), ("all", "few"),
    ("many", "few"), ("most", "few"), ("public", "private"), ("major", "minor"), ("inside", "outside"), ("best", "worst"),
    ("above", "below"), ("successful", "unsuccessful"), ("common", "rare"), ("led", "assisted"), ("built", "removed"),
    ("created", "abolished"), ("father", "brother"), ("mother", "sister"), ("son", "nephew"), ("full-time", "part-time"),
    ("beginner", "advanced"), ("native", "basic"), ("senior", "junior"), ("head", "assistant"), ("manager", "intern"),
    ("introduced", "withdrew"), ("strong", "weak"), ("long", "short"), ("winter", "summer"), ("spring", "autumn"),
]  # fmt: skip
OPPOSITES_KO = [
    ("증가", "감소"), ("상승", "하락"), ("이전", "이후"), ("최초", "최후"), ("최대", "최소"), ("최고", "최저"), ("처음", "마지막"),
    ("북부", "남부"), ("동부", "서부"), ("북쪽", "남쪽"), ("동쪽", "서쪽"), ("남성", "여성"), ("남자", "여자"), ("승리", "패배"),
    ("시작", "종료"), ("설립", "폐지"), ("입학", "졸업"), ("입사", "퇴사"), ("찬성", "반대"), ("공립", "사립"), ("국내", "해외"),
    ("높은", "낮은"), ("높다", "낮다"), ("많은", "적은"), ("많다", "적다"), ("크다", "작다"), ("큰", "작은"), ("오래된", "새로운"),
    ("상류", "하류"), ("아버지", "형"), ("어머니", "누나"), ("아들", "조카"), ("봄", "가을"), ("여름", "겨울"), ("주로", "드물게"),
    ("대부분", "일부"), ("모두", "일부만"), ("가장", "덜"), ("성공", "실패"), ("허용", "금지"), ("포함", "제외"), ("도입", "폐지"),
    ("확대", "축소"), ("단축", "연장"), ("절감", "증액"), ("주도", "보조"), ("팀장", "인턴"), ("수석", "말단"), ("우수", "미흡"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A changed sentence; `spans` are the characters that are no longer true."""

    text: str
    spans: tuple[Span, ...]
    kind: str


def sentences(passage: str) -> list[str]:
    """Sentences of 25 to 260 characters, tokenised spacing (`U.S .`, `` ` ` ``) undone."""
    text = re.sub(r"\s+([,.;:!?%)\]])", r"\1", passage)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = re.sub(r"``|''", '"', text).replace(" 's", "'s").replace(" n't", "n't")
    text = re.sub(r"(?<=\w) - (?=\w)", "-", text)
    found = []
    for line in text.split("\n"):
        for sentence in _SENTENCE.split(re.sub(r"\s+", " ", re.sub(r"\[\s*\d+\s*\]", "", line)).strip()):
            if 25 <= len(sentence) <= 260:
                found.append(sentence.strip())
    return found


def _replace(text: str, start: int, end: int, new: str, kind: str) -> Perturbed | None:
    if text[start:end] == new:
        return None
    return Perturbed(text[:start] + new + text[end:], ((start, start + max(1, len(new))),), kind)


def change_digits(number: str, rng: random.Random) -> str:
    """Another number of the same shape: near misses (1997/1998, 99.95/99.5) more often than wild ones."""
    digits = [i for i, c in enumerate(number) if c.isdigit()]
    for _ in range(20):
        made = list(number)
        choice = rng.random()
        if choice < 0.5:
            i = rng.choice(digits)
            made[i] = str((int(made[i]) + rng.choice((1, 2, 3, 7, 8, 9))) % 10)
        elif choice < 0.7 and len(digits) > 1:
            i, j = rng.sample(digits, 2)
            made[i], made[j] = made[j], made[i]
        elif choice < 0.8 and len(digits) > 1 and "," not in number:
            del made[rng.choice(digits[1:])]
        elif choice < 0.9 and "," not in number and "." not in number and len(digits) < 4:
            made.append("0")
        else:
            made = [str(rng.randint(1, 9)) if c.isdigit() else c for c in made]
        text = "".join(made)
        if text != number and text[-1].isdigit() and not (text[0] == "0" and number[0] != "0"):
            return text
    return str(int(re.sub(r"\D", "", number) or 0) + 1)


def swap_number(text: str, others: Sequence[str], rng: random.Random) -> Perturbed | None:
    """One number changed; half of the time into another number of the same passage."""
    found = list(_NUMBER.finditer(text))
    words = [m for m in re.finditer(r"\b[a-z]+\b", text) if m.group() in _WORDS_EN]
    if words and (not found or rng.random() < 0.3):
        match = rng.choice(words)
        return _replace(text, *match.span(), _WORDS_EN[match.group()], "number")
    if not found:
        return None
    match = rng.choice(found)
    elsewhere = [m.group() for other in others for m in _NUMBER.finditer(other)]
    same = [n for n in elsewhere if abs(len(n) - len(match.group())) <= 1 and n not in text]
    new = rng.choice(same) if same and rng.random() < 0.5 else change_digits(match.group(), rng)
    return _replace(text, *match.span(), new, "number")


def swap_month(text: str, rng: random.Random) -> Perturbed | None:
    found = [m for m in re.finditer(r"\b[A-Z][a-z]+\b", text) if m.group() in MONTHS and m.group() != "May"]
    found_ko = list(re.finditer(r"(?<!\d)(1[0-2]|[1-9])월", text))
    if found_ko:
        match = rng.choice(found_ko)
        month = rng.choice([m for m in range(1, 13) if m != int(match.group(1))])
        return _replace(text, *match.span(), f"{month}월", "date")
    if not found:
        return None
    match = rng.choice(found)
    return _replace(text, *match.span(), rng.choice([m for m in MONTHS if m != match.group()]), "date")


def entities(text: str) -> list[re.Match]:
    """Capitalised names (English) or nouns before a case particle (Korean)."""
    found = [m for m in _ENTITY.finditer(text) if m.group().split()[0] not in _LEADING and m.group() not in MONTHS]
    return found or list(_KO_ENTITY.finditer(text))


def swap_entity(text: str, others: Sequence[str], strangers: Sequence[str], rng: random.Random) -> Perturbed | None:
    """A name replaced by another of the same passage ("fact of another entry") or of another passage."""
    found = entities(text)
    if not found:
        return None
    match = rng.choice(found)
    korean = bool(re.search(r"[가-힣]", match.group()))
    pool = [m.group() for other in others for m in entities(other)]
    if not pool or rng.random() < 0.35:
        pool = [m.group() for other in strangers for m in entities(other)]
    pool = [p for p in pool if p not in text and match.group() not in p and bool(re.search(r"[가-힣]", p)) == korean]
    return _replace(text, *match.span(), rng.choice(pool), "name") if pool else None


def swap_roles(text: str, rng: random.Random) -> Perturbed | None:
    """Two names of one sentence change places."""
    found = entities(text)
    if len(found) < 2:
        return None
    a, b = sorted(rng.sample(found, 2), key=lambda m: m.start())
    if (
        a.group() in b.group()
        or b.group() in a.group()
        or re.fullmatch(r"\s*(,|and|or|와|과|및)\s*", text[a.end() : b.start()])
    ):
        return None
    made = text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :]
    second = b.start() + len(b.group()) - len(a.group())
    return Perturbed(made, ((a.start(), a.start() + len(b.group())), (second, second + len(a.group()))), "roles")


_NEGATE_EN = [
    (r"\b(is|was|are|were|has been|had been|can|could|will|would|should|must|may)\b(?! not\b)", r"\1 not"),
    (r"\b(has|have|had)\b(?= \w+ed\b)", r"\1 not"),
]
_NEGATE_KO = [
    (r"(하)였다", "하지 않았다"), (r"했다", "하지 않았다"), (r"됐다|되었다", "되지 않았다"), (r"한다(?=[.\s]|$)", "하지 않는다"),
    (r"된다(?=[.\s]|$)", "되지 않는다"), (r"있다(?=[.\s]|$)", "없다"), (r"있었다", "없었다"), (r"이다(?=[.\s]|$)", "이 아니다"),
    (r"이었다|였다(?=[.\s]|$)", "이 아니었다"), (r"했습니다", "하지 않았습니다"), (r"있습니다", "없습니다"), (r"없다", "있다"),
    (r"하지 않았다", "했다"), (r"하지 않는다", "한다"), (r"입니다", "이 아닙니다"),
]  # fmt: skip


def negate(text: str, rng: random.Random) -> Perturbed | None:
    """Polarity turned: a "not" taken out where there is one, else put in."""
    match = re.search(r"\b(?:not |never )|n't\b", text)
    if match and "only" not in text[match.end() : match.end() + 6]:
        made = text[: match.start()] + text[match.end() :]
        end = re.compile(r"\w+").search(made, match.start())
        start = made.rfind(" ", 0, max(0, match.start() - 1)) + 1
        return Perturbed(made, ((start, end.end() if end else len(made)),), "negation")
    rules = _NEGATE_KO if re.search(r"[가-힣]", text) else _NEGATE_EN
    for pattern, new in rng.sample(rules, len(rules)):
        found = list(re.finditer(pattern, text))
        if found:
            match = rng.choice(found[-2:])
            return _replace(text, *match.span(), match.expand(new) if "\\" in new else new, "negation")
    return None


def restrict(text: str, rng: random.Random) -> Perturbed | None:
    """Exclusivity that the passage does not state."""
    if re.search(r"[가-힣]", text):
        found = list(re.finditer(r"(?<=[가-힣])(을|를|에서|에)(?=\s)", text))
        if not found:
            return None
        match = rng.choice(found)
        new = "만" if match.group() in ("을", "를") else match.group() + "만"
        return _replace(text, *match.span(), new, "only")
    found = list(re.finditer(r"\b(is|was|are|were|has|had|in|for|by|from|to|with)\b ", text))
    if not found or " only " in text:
        return None
    match = rng.choice(found)
    word = rng.choice(("only ", "only ", "solely ", "exclusively "))
    at = match.end() if match.group(1) in ("is", "was", "are", "were", "has", "had") else match.start()
    return Perturbed(text[:at] + word + text[at:], ((at, at + len(word) - 1),), "only")


def oppose(text: str, rng: random.Random) -> Perturbed | None:
    """One word replaced by its opposite."""
    korean = bool(re.search(r"[가-힣]", text))
    pairs = OPPOSITES_KO if korean else OPPOSITES_EN
    options = []
    for a, b in pairs:
        for old, new in ((a, b), (b, a)):
            pattern = re.escape(old) if korean else rf"\b{re.escape(old)}\b"
            options += [(m.span(), new) for m in re.finditer(pattern, text)]
    if not options:
        return None
    (start, end), new = rng.choice(options)
    return _replace(text, start, end, new, "opposite")


def swap_contrast(text: str, rng: random.Random) -> Perturbed | None:
    """A word replaced by another of its kind: a degree, a rank, an ordinal, a season (judge.contrasts)."""
    korean = bool(re.search(r"[가-힣]", text))
    options = []
    for members in contrasts.sets():
        for i, (_, words) in enumerate(members):
            for old in words:
                if ("가" <= old[0] <= "힣") != korean:
                    continue
                at = re.search(rf"(?<![가-힣]){re.escape(old)}" if korean else rf"\b{re.escape(old)}\b", text)
                if not at:
                    continue
                for j, (_, others) in enumerate(members):
                    others = [w for w in others if ("가" <= w[0] <= "힣") == korean and w not in text]
                    if j != i and others:
                        options.append((at.span(), others[0]))
    if not options:
        return None
    (start, end), new = rng.choice(options)
    return _replace(text, start, end, new, "contrast")


_UNITS = (
    (r"(?<=\d )(?:hours?)\b", ("minutes", "days", "weeks")), (r"(?<=\d )(?:minutes?)\b", ("hours", "seconds", "days")),
    (r"(?<=\d )(?:seconds?)\b", ("minutes", "hours")), (r"(?<=\d )(?:days?)\b", ("weeks", "hours", "months")),
    (r"(?<=\d )(?:weeks?)\b", ("days", "months")), (r"(?<=\d )(?:months?)\b", ("years", "weeks", "days")),
    (r"(?<=\d )(?:years?)\b", ("months", "weeks", "decades")), (r"(?<=\d )(?:km|kilomet(?:re|er)s?)\b", ("m", "miles")),
    (r"(?<=\d )(?:miles?)\b", ("km", "yards")), (r"(?<=\d )(?:met(?:re|er)s?)\b", ("kilometres", "feet")),
    (r"(?<=\d )(?:tons?|tonnes?)\b", ("kilograms",)), (r"(?<=\d )(?:kg|kilograms?)\b", ("grams", "tonnes")),
    (r"(?<=\d )million\b", ("thousand", "billion")), (r"(?<=\d )billion\b", ("million",)),
    (r"(?<=\d )(?:dollars)\b", ("euros", "won", "pounds")), (r"(?<=\d )(?:euros)\b", ("dollars", "pounds")),
    (r"(?<=\d )(?:won)\b", ("dollars", "yen")), (r"\$(?=\d)", ("€", "£", "₩")), (r"€(?=\d)", ("$", "£")), (r"£(?=\d)", ("$", "€")),
    (r"(?<=\d)ms\b", ("s",)), (r"(?<=\d)시간", ("분", "일", "주")), (r"(?<=\d)분(?!기)", ("시간", "초", "일")), (r"(?<=\d)초", ("분", "시간")),
    (r"(?<=\d)주(?=[에간동를\s,.]|$)", ("일", "개월")), (r"(?<=\d)개월", ("년", "주")), (r"(?<=\d)(?<!19\d\d)(?<!20\d\d)년(?=간|\s?동안|[을이]?\s|입니다)", ("개월", "주")),
    (r"(?<=\d)억", ("만", "조")), (r"(?<=\d)만(?=\s?원|명|\s명)", ("억", "천")), (r"(?<=\d)km", ("m",)), (r"(?<=\d)kg", ("g", "톤")), (r"(?<=\d)m(?![a-z])", ("km", "cm")),
    (r"(?<=\d)\s?달러", ("유로", "원")), (r"(?<=만\s)원|(?<=억\s)원", ("달러", "엔")), (r"(?<=\d)명", ("개 팀", "곳")),
)  # fmt: skip


def swap_unit(text: str, rng: random.Random) -> Perturbed | None:
    """A number keeps its digits and gets another unit (all of the same unit, so that a range stays one)."""
    options = [(rule, new) for rule, new in _UNITS if re.search(rule, text)]
    if not options:
        return None
    rule, new = rng.choice(options)
    unit, spans, made, at = rng.choice(new), [], "", 0
    for match in re.finditer(rule, text):
        made += text[at : match.start()]
        spans.append((len(made), len(made) + len(unit)))
        made, at = made + unit, match.end()
    return Perturbed(made + text[at:], tuple(spans), "unit")


_RANGES = (
    re.compile(r"\bfrom (?P<a>[^,.;]{0,25}?\d[^,.;\s]*(?: (?!to\b)\w+)?) to (?P<b>[^,;]{0,12}?\d(?:[\w,.%]*[\w%])?)"),
    re.compile(r"(?P<a>\d[\d,.]*\s?[가-힣%]{0,3}?)에서 (?P<b>\d[\d,.]*\s?[가-힣%]{0,3}?)(?=으?로|까지)"),
)


def reverse_range(text: str, rng: random.Random) -> Perturbed | None:
    """ "from A to B" becomes "from B to A"."""
    for pattern in _RANGES:
        match = pattern.search(text)
        if match and match["a"] != match["b"]:
            a, b = match.span("a"), match.span("b")
            made = text[: a[0]] + match["b"] + text[a[1] : b[0]] + match["a"] + text[b[1] :]
            second = b[0] + len(match["b"]) - len(match["a"])
            spans = (a[0], a[0] + len(match["b"])), (second, second + len(match["a"]))
            return Perturbed(made, spans, "range")
    return None


def exchange_numbers(text: str, rng: random.Random) -> Perturbed | None:
    """Two numbers of one sentence change places."""
    found = [m for m in _NUMBER.finditer(text) if not re.match(r"(?:19|20)\d\d$", m.group())]
    if len(found) < 2:
        return None
    a, b = sorted(rng.sample(found, 2), key=lambda m: m.start())
    if a.group() == b.group():
        return None
    made = text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :]
    second = b.start() + len(b.group()) - len(a.group())
    spans = (a.start(), a.start() + len(b.group())), (second, second + len(a.group()))
    return Perturbed(made, spans, "numbers")


def changed_words(text: str, true: Sequence[str]) -> tuple[Span, ...] | None:
    """The words of `text` that differ from the most similar of the true statements; None if none is similar."""
    from difflib import SequenceMatcher

    words = list(re.finditer(r"\S+", text))
    said = [w.group() for w in words]
    best, spans = 0.55, None
    for other in true:
        matcher = SequenceMatcher(None, said, other.split(), autojunk=False)
        if matcher.ratio() > best:
            best = matcher.ratio()
            spans = tuple(
                (words[i].start(), words[j - 1].end())
                for tag, i, j, _, _ in matcher.get_opcodes()
                if tag in ("replace", "delete") and j > i
            )
    return spans or None


def join_facts(text: str, others: Sequence[str], rng: random.Random) -> Perturbed | None:
    """The opening of one sentence with the ending of another: each half stands somewhere, the whole nowhere."""
    others = [o for o in others if o != text]
    if not others:
        return None
    other = rng.choice(others)
    cut = re.compile(r" (?:is|was|are|were|has|had) ")
    if re.search(r"[가-힣]", text):
        cut = re.compile(r"(?<=[가-힣])[은는] ")
    a, b = cut.search(text), cut.search(other)
    if not a or not b or a.start() < 3 or text[: a.start()] == other[: b.start()]:
        return None
    made = text[: a.start()] + other[b.start() :]
    return Perturbed(made, ((a.start(), len(made)),), "joined")


def contradict(text: str, others: Sequence[str], strangers: Sequence[str], rng: random.Random) -> Perturbed | None:
    """One random change that makes a true sentence false (None where no rule applies)."""
    rules: list[tuple[float, Callable[[], Perturbed | None]]] = [
        (3.0, lambda: swap_number(text, others, rng)),
        (1.0, lambda: swap_month(text, rng)),
        (3.0, lambda: swap_entity(text, others, strangers, rng)),
        (1.0, lambda: swap_roles(text, rng)),
        (1.0, lambda: negate(text, rng)),
        (0.6, lambda: restrict(text, rng)),
        (1.0, lambda: oppose(text, rng)),
        (1.5, lambda: swap_contrast(text, rng)),
        (1.5, lambda: swap_unit(text, rng)),
        (1.0, lambda: reverse_range(text, rng)),
        (0.7, lambda: exchange_numbers(text, rng)),
        (1.0, lambda: join_facts(text, others, rng)),
    ]
    while rules:
        weights = [w for w, _ in rules]
        i = rng.choices(range(len(rules)), weights)[0]
        made = rules.pop(i)[1]()
        if made is not None and made.text != text:
            return made
    return None


_LOOSE_EN = [
    (r"\bapproximately\b", "about"), (r"\babout\b", "around"), (r"\bhowever,? ", ""), (r"\bbegan\b", "started"),
    (r"\bpurchased\b", "bought"), (r"\bassisted\b", "helped"), (r"\bnumerous\b", "many"), (r"\blarge\b", "big"),
    (r"\bobtained\b", "got"), (r"\bpercent\b", "%"), (r"%", " percent"), (r"\bcommenced\b", "started"),
    (r"\bconstructed\b", "built"), (r"\bestablished\b", "founded"), (r"\bfounded\b", "set up"), (r"\bdied\b", "passed away"),
    (r"\bIn addition, ", ""), (r"\balso \b", ""), (r"\bdeveloped\b", "created"), (r"\bresidents\b", "people"),
    (r"\battempted\b", "tried"), (r"\brequired\b", "needed"), (r"\bseveral\b", "a number of"), (r"\bwas able to\b", "could"),
    (r"\bis located in\b", "lies in"), (r"\bconsists of\b", "is made up of"), (r"\bprimarily\b", "mainly"),
    (r"\bmajority\b", "greater part"), (r"\bmovie\b", "film"), (r"\bbecause\b", "since"), (r"\bthus\b", "so"),
    (r"\bformer\b", "previous"), (r"\bone of\b", "among"), (r"\bdue to\b", "because of"), (r"\btotal of \b", ""),
    (r"(?<![\w.,$-])1(?![\w.,%-])", "one"), (r"(?<![\w.,$-])2(?![\w.,%-])", "two"), (r"(?<![\w.,$-])3(?![\w.,%-])", "three"), (r"(?<![\w.,$-])4(?![\w.,%-])", "four"), (r"(?<![\w.,$-])5(?![\w.,%-])", "five"), (r"\bsix\b", "6"),
    (r"\btwo\b", "2"), (r"\bthree\b", "3"), (r"\bfour\b", "4"), (r"\bfive\b", "5"), (r"\bnine\b", "9"), (r"\bten\b", "10"),
]  # fmt: skip
_LOOSE_KO = [
    (r"하였다", "했다"), (r"했다\.", "했습니다."), (r"이다\.", "입니다."), (r"있다\.", "있습니다."), (r"되었다", "됐다"), (r"였다\.", "였습니다."),
    (r"한다\.", "합니다."), (r"된다\.", "됩니다."), (r"그러나 |하지만 ", ""), (r"또한 ", ""), (r"약 ", "대략 "),
    (r"위치한", "자리한"), (r"가장 ", "제일 "), (r"으로써", "으로"), (r"대한민국", "한국"), (r"사용", "이용"), (r"제작", "제조"),
    (r"실시", "시행"), (r"의하여", "의해"), (r"대하여", "대해"), (r"에게서", "에게"), (r"했다\.", "했어요."), (r"때문에", "이유로"),
]  # fmt: skip


def loosen(text: str, rng: random.Random) -> str:
    """The same statement in slightly other words: synonyms, endings, number formats, a dropped aside."""
    korean = bool(re.search(r"[가-힣]", text))
    if rng.random() < 0.5:
        text = re.sub(r"\s*\([^)]*\)", "", text)
    rules = _LOOSE_KO if korean else _LOOSE_EN
    done = 0
    for pattern, new in rng.sample(rules, len(rules)):
        if done < 3 and re.search(pattern, text) and rng.random() < 0.7:
            text = re.sub(pattern, new, text, count=1)
            done += 1
    if rng.random() < 0.3:
        text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    if not korean:
        lead = re.match(r"(In|On|At|By|After|During|As|For|From|Since) [^,]{3,60}, (.{25,})", text)
        if lead and rng.random() < 0.4:
            rest = lead.group(2)
            opening = text[: text.index(",")]
            text = rest[0].upper() + rest[1:]
            if rng.random() < 0.5:
                text = f"{text.rstrip('.')} {opening[0].lower()}{opening[1:]}."
        halves = re.split(r", (?:and|but|which|where) |; ", text)
        if len(halves) > 1 and len(halves[0]) > 30 and rng.random() < 0.5:
            text = halves[0].rstrip(".") + "."
    return text


def add_stranger(text: str, stranger: str, rng: random.Random) -> Perturbed:
    """A true statement that goes on with one the passage does not hold."""
    korean = bool(re.search(r"[가-힣]", text))
    head = text.rstrip(". ")
    if korean:
        made = f"{head}. 그리고 {stranger}" if rng.random() < 0.5 else f"{head}. {stranger}"
        start = len(head) + 2
    else:
        made = f"{head}, and {stranger[0].lower()}{stranger[1:]}"
        start = len(head) + 6
    return Perturbed(made, ((start, len(made)),), "added")
