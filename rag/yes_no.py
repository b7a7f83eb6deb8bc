"""A "Yes" or "No", or a number, that the quoted lines do not bear out. A small model says one of them before it has read on, and readers take
the first word.

It writes "No, SQL is listed among her skills", and "No, it is from 2020" of a certificate whose line tells no end.
"""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Sequence
from datetime import date

from rag.aliases import DEGREES, known_names, spellings
from rag.leading import leads_nobody

_VERDICT = re.compile(r"\W*(yes|no)\b(?=[,.;:! ])", re.IGNORECASE)
_AUXILIARY = r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must)(?:n['’]?t)?"
# No yes or no answers these: "which", "how many", and a word or two that are no verb ("open source?").
_ASKS_WHAT = re.compile(r"\W*(?:(?:and|so|but|or|ok|okay|hi|hey|hello|well|also|then|please|just)\b\W*){0,4}(?:what|which|who|whom|whose|where|when|why|how)\b", re.IGNORECASE)
_TOPIC = re.compile(rf"\W*(?!(?:{_AUXILIARY}|any|ever|he|she|they|and|knows?|needs?|speaks?|married|willing|fluent|ready|able|open to)\b)\w[\w+#.'’-]*(?: \w[\w+#.'’-]*)?\W*", re.IGNORECASE)
# "Does she know SQL?": a line that has it says yes.
_ASKS_HAS = re.compile(
    rf"\W*(?:(?:and|so|ok|okay|but),? )?{_AUXILIARY} (?:he|she|they|the candidate|this (?:person|candidate)|[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?) (?:also |really |actually |ever |already )?"
    r"(?:(?:have|has|had|got) (?:any |some |much )?(?:experience|skills?|knowledge|background) (?:with|in|of|using)|knows?|speaks?|use[sd]?|list(?:s|ed)?|codes?(?: in)?|program(?:s|med)?(?: in)?|familiar with|skilled (?:in|with|at)|good (?:at|with|in)|experienced (?:in|with)|experience (?:with|in)|work(?:ed|s|ing)? with|trained (?:in|on)|proficient (?:in|with|at)|write|understand) "
    r"(?P<what>[^?]{1,80}?)(?: (?:skills?|experience|knowledge))?\W*$"
    rf"|\W*(?:(?:and|so|ok|okay|but),? )?(?:(?:does|do|has|have) (?:he|she|they|the candidate|this (?:person|candidate)) (?:have |got )?)?(?:any |some |much )?(?P<thing>(?!(?:any|some|much|have|has|got|a|an|work|working|professional|relevant|related|industry|job|total|prior|previous|past|enough|other|more|her|his|their|the|this|that|what|which|how|many|much|years?|real|hands|practical|technical|special|other)\b)[^? ]{{2,30}}(?: [^? ]{{2,30}})?) (?:skills?|experience|knowledge)\W*$"
    r"|\W*(?:(?:and|so|ok|okay|but),? )?(?:speaks?|knows?|uses?) (?P<bare>[^?]{1,40}?)\W*$",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:not|no|none|nobody|never|without|only|expired?|lapsed?|until|till|ended|half|unpaid|stopped|beg[au]n|unfinished|incomplete|dropped|withdrawn|former(?:ly)?|basic|beginner|a1|a2|some|learning|little|reading"
    r"|nominat\w+|runner|hold|planned|to be|refused|failed|nor|neither|rather|instead|but|except|left)\b|n['’]t\b",
    re.IGNORECASE,
)
_ASKS_VALID = re.compile(r"\b(?:still|valid|expired?|in date|up to date|current(?:ly)? (?:certified|licen[cs]ed)|(?:certif\w*|licen[cs]\w*|card|permit) (?:still )?current)\b", re.IGNORECASE)
_ASKS_EXPIRED = re.compile(r"\bexpir|\blapsed|\boutdated|\bout of date", re.IGNORECASE)
_ASKS_IS_A = re.compile(r"\W*(?:(?:and|so|ok|okay|but),? )?(?:is|was|has) (?:he|she|they|the candidate) (?:ever )?(?:been )?(?:an?|the) (?P<what>[a-z][a-z -]{2,40}?[a-z])(?: (?:at|in|for|before|now)\b.*)?\W*$", re.IGNORECASE)
_ASKS_WILLING = re.compile(r"\b(?:open|willing|able|ready|happy|prepared|available|free|keen) (?:to|for) (?:a |an |the )?(?P<what>[a-z]{4,})", re.IGNORECASE)
MOST_ASKED = 300  # characters of a question that these patterns are tried on
MOST_BARE = 4  # words of a topic without a verb
_PRONOUN = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_ASKS_A = re.compile(r"\W*(?:(?:and|so|ok|okay|but),? )?(?:does|do|has|have) (?:he|she|they|the candidate) (?:have|got|hold|had) (?:an?|the|his|her|their) ", re.IGNORECASE)
_UNFINISHED = re.compile(r"\b(?:in progress|expected|ongoing|pending|not (?:yet )?(?:finished|completed)|unfinished|incomplete|candidate for|currently studying|enrolled|beg[au]n|on hold|set aside|dropped|discontinued|withdr[ae]wn?|abandoned|not taken up)\b", re.IGNORECASE)
_ASKS_WELL = re.compile(r"\b(?:well|fluent\w*|good|enough|properly|native|perfect\w*|business|professional\w*)\b", re.IGNORECASE)
_SPEAKS_NOT = re.compile(r"\b(?:no|not|none|never|reading|learning|want\w*|plan\w*)\b|n['’]t\b", re.IGNORECASE)
_FROM_TO = re.compile(r"\bfrom (?:[A-Za-z]{3,9}\.? )?((?:19|20)\d{2}) (?:to|until|till) (?:[A-Za-z]{3,9}\.? )?((?:19|20)\d{2})\b(?! (?:levels?|prices|figures|standards?))", re.IGNORECASE)
_SPEAKS = re.compile(r"\bspeaks?\b", re.IGNORECASE)
_VALID_UNTIL = re.compile(
    r"\b(?:valid|good|in force|exp(?:ir\w+|\.)|renewal due|renew by)\W{0,3}(?:(?:on|in|to|until|till|through|thru|up to|date)\b\W{0,2}){0,2}(?:(?:\d{1,2}(?:st|nd|rd|th)? )?((?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)\.? (?:\d{1,2}, )?|(?:\d{1,2}[./])?(\d{1,2})[./])?((?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_ASKS_SOMEBODYS = re.compile(r"\b(?:number|phone|e-?mail|address|contact)\b.{0,20}\bfor (?:her|him|them)\b", re.IGNORECASE)
_ASKS_BOTH = re.compile(r"\bvalid\b.*\bor\b.*\bexpired\b|\bexpired\b.*\bor\b.*\bvalid\b", re.IGNORECASE)
_ASKS_WHETHER_EVER = re.compile(r"\bexpires?\b(?!d)", re.IGNORECASE)
_AT_WORK = re.compile(r"\bstill (?:at|with|in|working|employed)\b", re.IGNORECASE)
_CERTIFIED = re.compile(r"\b(?:certif\w*|licen[cs]\w*|valid|accredit\w*|card|permit|expir\w*)\b", re.IGNORECASE)
_TELLS_VALID = re.compile(
    r"\b(?:valid|expir\w+|laps\w+|until|till|renew\w*|through|good for|in force|in date|present|current|life(?:long|time)?|permanent|revoked|withdrawn|ended|since|not|no|never|stopped)\b|[-–—~] ?(?:\w+ )?(?:19|20)\d{2}|\b20(?:2[6-9]|[3-9]\d)\b|n['’]t\b",
    re.IGNORECASE,
)
_TELLS_ENDED = re.compile(
    r"\b(?:valid|expir\w+|laps\w+|until|till|through|good for|in force|revoked|withdrawn|ended|not|no|never|stopped)\b|[-–—~] ?(?:\w+ )?(?:19|20)\d{2}|n['’]t\b",
    re.IGNORECASE,
)
_ASKS_LEVEL = re.compile(r"\b(?:fluent|native|bilingual|expert|advanced|proficient) (?:in|at|with|speaker|level|user)\b|\bspeaks? .{2,30} (?:fluently|perfectly)\b|\bspeaks? (?:fluent|perfect|native|advanced)\b", re.IGNORECASE)
_TELLS_LEVEL = re.compile(
    r"\b(?:fluen\w+|native|mother tongue|bilingual|expert\w*|advanced|proficien\w+|perfect\w*|excellent|strong|c1|c2|master\w*|professional|full|first language|near-native|senior|lead)\b", re.IGNORECASE
)
_ASKS_COUNT = re.compile(r"\b(?:how (?:long|many)|(?:number|count) of)\b", re.IGNORECASE)
_NUMBERS = {word: str(number) for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)} | {"dozen": "12"}
_NUMBER = re.compile(rf"\b(?:\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_SMALL = frozenset("a an the any some and or of in with at to for her his their on using ever much well".split())
_ASKS_HAS_KO = re.compile(r"(?:을|를|은|는|이|가|도|에)? ?(?:(?:사용|활용|다뤄|개발)?(?:할|쓸|다룰) ?(?:줄|수)|써 ?(?:봤|보)|사용해 ?(?:봤|보)|다뤄 ?(?:봤|보)|해 ?(?:봤|보)|잘 ?(?:하|해|다루|다뤄|써|쓰)|가능|경험 ?(?:이|은|도)? ?(?:있|은|\?|$)|아(?:나요|세요|시나요)|알아)")


def thing_asked(question: str) -> re.Pattern[str] | None:
    """What a question asks whether somebody knows or has it, as a pattern of it in a line; None where it asks for something else.

    Example:
        >>> thing_asked("Does she know SQL?").search("Python, SQL")[0]
        'SQL'
    """
    if len(question) > MOST_ASKED:
        return None
    if found := _ASKS_HAS.match(question):
        words = _words_asked(found)
        if words in (["degree"], ["degrees"]):
            return None  # which goes by its own name
        return _together(words) if 1 <= len(words) <= 3 else None
    names = known_names(question)
    if len(names) != 1 or not _ASKS_HAS_KO.match(question, names[0].end()):
        return None
    return re.compile("|".join(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])" for form in sorted(spellings(names[0][0]))), re.IGNORECASE)


def _words_asked(found: re.Match[str]) -> list[str]:
    """What a question of the form of _ASKS_HAS asks for, in lower case."""
    return [word for word in re.findall(r"[\w+#.]*\w[+#]*", (found["what"] or found["thing"] or found["bare"]).casefold()) if word not in _SMALL]


def _together(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[\s/-]+".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)


def unfounded(question: str, opening: str, lines: Sequence[str], today: date | None = None) -> bool:
    """Whether a sentence opens with a "yes" or "no" that its question does not ask for, or with one that the quoted lines do not bear out; or, asked how
    many or how long, with a number that stands neither there nor in the question: a small model cannot count.

    Args:
        opening: the sentence's first words.
        lines: what is quoted below it.
        today: up to when something is valid.
    """
    if len(question) > MOST_ASKED:
        return False
    if _ASKS_COUNT.search(question) and not _numbers(re.sub(r"\[\d*\]?", "", opening)) <= _numbers("\n".join((question, *lines))):
        return True
    if _ASKS_SOMEBODYS.search(question):
        return True  # whose number it is, a small model does not know
    if _runs_backwards(opening):
        return True
    if len(question.split()) <= MOST_BARE and not _PRONOUN.search(question) and _PRONOUN.match(opening.lstrip()):
        return True  # "Native Polish speaker?": whether he or she, a small model does not know
    found = _VERDICT.match(opening)
    if found is None:
        return False
    no = found[1].lower() == "no"
    if _ASKS_WHAT.match(question) or _TOPIC.fullmatch(question):
        return True
    text = "\n".join(lines)
    if _ASKS_BOTH.search(question):
        return True
    if not no and leads_nobody(question, lines):
        return True  # a "Category Manager" may lead nobody
    if not no and re.search(r"\bdegree\b", question, re.IGNORECASE) and not any(words.search(text) for level, words in DEGREES.items() if level != "other"):
        return True  # an HNC is none
    if not no and _ASKS_A.match(question) and _UNFINISHED.search(text):
        return True  # of what is not finished neither word is right
    dated = _ASKS_VALID.search(question) and not _ASKS_WHETHER_EVER.search(question) and (_CERTIFIED.search(question) or _CERTIFIED.search(text))
    if dated and len(_until(text, today or date.today())) > 1:
        return True  # of several dates a small model takes any
    if dated and not _AT_WORK.search(question) and (valid := valid_today(text, today or date.today())) is not None:
        return no == (valid != (_ASKS_EXPIRED.search(question) is not None))
    if _ASKS_VALID.search(question) and _CERTIFIED.search(question) and not (_TELLS_ENDED if no else _TELLS_VALID).search(text):
        return True
    has = _ASKS_HAS.match(question)
    if has and not no and not any(re.search(rf"(?<!\w){re.escape(word[:5])}", opening, re.IGNORECASE) for word in _words_asked(has)):
        return True  # "Yes, he uses PLM/ERP" of Teamcenter
    if not no and (is_a := _ASKS_IS_A.match(question)) and is_a["what"].casefold() in text.casefold() and is_a["what"].split()[-1][:5].casefold() not in opening.casefold():
        return True  # "Yes, he is a clerk", asked whether he is a customs broker, where it says "with a licensed customs broker"
    willing = _ASKS_WILLING.search(question)
    if not no and willing and not re.search(rf"\b{re.escape(willing['what'][:5])}", text, re.IGNORECASE):
        return True  # "Yes, he is willing to travel", asked whether he would relocate
    if not no:
        return _ASKS_LEVEL.search(question) is not None and _TELLS_LEVEL.search(text) is None
    if has is None:
        return False
    wanted = _words_asked(has)
    if _SPEAKS.search(has[0]):  # "English (native), Spanish (B2), French (basic)": each for itself
        lines = [piece for line in lines for piece in re.split(r"[,;|•/]", line)]
    if _SPEAKS.search(has[0]) and not _ASKS_WELL.search(question):
        return any(all(word in line.casefold() for word in wanted) and not _SPEAKS_NOT.search(line) for line in lines)  # a little is some
    holds = lambda line: all(re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", line.casefold()) for word in wanted)
    return bool(wanted) and any(holds(line) and not _LIMITS.search(line) for line in lines)


def _runs_backwards(text: str) -> bool:
    """Whether a text tells a time that ends before it begins ("from Jan 2022 to May 2021"): its dates are those of two things."""
    return any(int(begin) > int(end) for begin, end in _FROM_TO.findall(text))


def valid_today(text: str, today: date) -> bool | None:
    """Whether something is valid by the date that a text gives; None where it gives none, or several that disagree."""
    told = _until(text, today)
    return told.pop() if len(told) == 1 else None


def _until(text: str, today: date) -> set[bool]:
    """Of each date up to which something is valid, whether it is to come."""
    told = set()
    for name, month, year in _VALID_UNTIL.findall(text):
        names = [number for number, each in enumerate(month_abbr) if each and name.casefold().startswith(each.casefold())]
        told.add((int(year), int(month) if month and 0 < int(month) <= 12 else names[0] if names else 12) >= (today.year, today.month))
    return told


def _numbers(text: str) -> set[str]:
    """The numbers of a text, in digits."""
    return {_NUMBERS.get(found.lower(), found) for found in _NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text))}
