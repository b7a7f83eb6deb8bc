"""Splits a reply into the statements that can be checked, each with its place in the reply.

Rules instead of a model: the same reply always gives the same claims, in milliseconds, and every claim is a span of
what was written, so it can be shown where it stands. Splitting is conservative: two facts left in one claim are
checked together, but half a fact can only be judged wrongly.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from operator import or_

from judge.lead_ins import is_talk, without_lead_in
from judge.types import Claim
from rag.prompt import is_declined

NEAR = 300  # characters looked at on either side of a conjunction, so that time grows with the reply's length only
MIN_WRAPPED = 40  # a line shorter than this was ended on purpose, not wrapped


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ------------------------------------------------------------------ lines

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"\s*#{1,6}\s")
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")  # a heading that tells a year tells something: "### Google (2015–2020)"
_RULE = re.compile(r"[\s\-*_=|:+>]*")  # horizontal rules, table separators, empty quotes
_TABLE = re.compile(r"\s*\|.*\|")
_TABLE_SEPARATOR = re.compile(r"[\s|:]*-[\s|:\-]*")
_MARK = re.compile(r"\s*(?:>|[-*+•·▪■◦‣–—]\s|\(?\d{1,2}[.)]\s|[①-⑳]|#{1,6}\s)")
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)[^*_]+(?:\*\*|__)\s*:?\s*")

# -------------------------------------------------------------- sentences

_CITATIONS = r"(?:\s{0,3}\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}\])*"
_END = re.compile(rf"(?:[.!?…]+|[。！？｡])[\"'”’»)\]*_`~]*{_CITATIONS}[*_`\"'”’)]*[.]?")
_ENUMERATOR = re.compile(r"\(?\d{1,2}[.)]\s+")
_INLINE = re.compile(r"(?<=\s)(?<!\d\.\s)\(?(\d{1,2})[.)]\s+(?=[^\W\d])")  # of items on one line; no part of "2019. 3. 2."
_FIRST = re.compile(r"(?<!\d)1[.)]\s*$")
_ENUMERATES = re.compile(r"(?:^|[.:;!?。]\s)\s*\(?\d{1,2}$")  # "Two things: 1" before its full stop
_BEFORE_ENUMERATOR = re.compile(r"(?<=[:;])\s(?=\s{0,3}\(?\d{1,2}[.)]\s)")
_UNENDED = re.compile(r"(?<=\d\])\s+(?=[A-Z])")  # "... at Hanbit Labs [1] She studied ..."
_KO_FINAL = re.compile(r"[다요음함임됨죠까]")
_KO_DATE = re.compile(r"(?:19|20)\d{2}\.\s?\d{1,2}(?:\.\s?\d{1,2})?$")
_YEAR_END = re.compile(r"(?<!\d)(?:(?:19|20)?\d{2}|\d{1,2})$")
_LETTERS = re.compile(r"(?:[A-Za-z]{1,3}\.)*[A-Za-z]{1,6}$")
# Never the end of a sentence.
_INNER = _words(
    "mr mrs ms mx dr prof sr st rev gen col lt sgt capt hon mt fig figs eq vs cf eg e.g ie i.e approx est resp incl esp "
    "viz ca c.a dept univ assn bros a.k.a"
)
# Usually inside one, but a sentence may end with them: split where the next word likes to begin one.
_EITHER = _words("inc ltd co corp llc plc gmbh jr etc al ave blvd rd a.m p.m am.m u.s u.k e.u u.n d.c ph.d")
_BEFORE_NUMBER = _words("no nos p pp vol ch sec art jan feb mar apr jun jul aug sep sept oct nov dec v ver")
_STARTERS = _words(
    "she he they it we you i the this that these those her his their its there here in at on from since after before during "
    "as with for while when where also additionally furthermore moreover however but and so then later previously "
    "currently overall finally both each all yes no according based prior following outside if"
)

# ---------------------------------------------------------------- clauses

_EN_JOIN = re.compile(r"(?:(?:,|\s[-–—])?\s{1,4}(?:and|but|whereas|while)\s|;\s)", re.IGNORECASE)
# Between a statement and what only says that something else is not told, whichever comes first.
_ASIDE = re.compile(
    r"[,;]\s{1,4}(?=(?:(?:even )?(?:though|although|while|but)|however|yet|only that|it|she|he|they)\b)"
    r"|\s[-–—]\s{1,4}(?=(?:it|she|he|they)\b)"
    r"|(?:(?<=않)|(?<=없)|(?<=않았)|(?<=없었))(?:지만|으나|는데|은데|고|으며),?\s{1,4}"
    r"|(?:(?<=않습니다만)|(?<=없습니다만))[,\s]\s{0,3}",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"(?:(?:(?:even )?(?:though|although|while|but|yet)|however,?|only that)\s+)?", re.IGNORECASE)
_CONCEDES = re.compile(r"(?:even )?(?:though|although|while)\b[^,\n]{1,200},\s{1,4}", re.IGNORECASE)
_KO_JOIN = re.compile(rf"(?:고|으며|지만){_CITATIONS},?\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.+#/&-]+[^\W_]+)*")
_PRONOUNS = _words("she he they it i we who")
_ADVERBS = _words("also then later now currently previously once still since subsequently successfully")
_BE = _words("is was are were has had have does did can could will would may might")
_VERBS = _BE | _words(
    "achieved acted analysed analyzed attended authored automated became began built came chaired coached completed "
    "contributed co-founded cofounded coordinated created cut defended delivered deployed designed developed directed "
    "discovered doubled drove earned enjoys established finished founded founds gained gave graduated grew halved handled "
    "helped helps hired holds held improved increased initiated introduced invented joined kept knows launched leads led "
    "learned left lives lived lowered maintained maintains made managed manages mentored mentors migrated moved obtained "
    "operated organised organized owned owns oversaw oversees passed plays played presented produced programmed promoted "
    "published ran raised received reduced represented replaced reports reported researched responsible rose runs saved "
    "scaled served serves shipped shortened slashed speaks spent spoke started studied studies supervised supervises "
    "supports supported taught teaches took trained translated tripled tutors uses used volunteered volunteers went "
    "wins won worked works writes wrote"
)
_OBJECT_STARTS = _words(
    "a an the this that her his their its two three four five six seven eight nine ten twelve several many both all over "
    "about at in on for from to with as by into under until since during more up out off down"
)

# ------------------------------------------------------------ not a claim

_EN_FILLER = re.compile(
    r"(?:i )?(?:really )?hopes? (?:this|that|it|these)\b.*|(?:please )?let me know\b.*|(?:please )?feel free\b.*"
    r"|please (?:ask|do not hesitate|don't hesitate|reach out)\b.*|don't hesitate\b.*|do not hesitate\b.*"
    r"|if (?:you|there)\b.{0,80}\b(?:ask|let me know|questions?|help|assist\w*|reach out)\b.*"
    r"|(?:thanks(?! to\b)|thank you|you're welcome|you are welcome|my pleasure|good luck|have a \w+ day)\b.*"
    r"|(?:sure|sure thing|of course|certainly|absolutely|great|okay|ok|alright|hello|hi|hey|greetings|welcome|good "
    r"(?:morning|afternoon|evening))(?: there| everyone)?"
    r"|(?:that's|that is|this is|what)? ?(?:an? )?(?:great|good|excellent|interesting|nice) question"
    r"|as an? (?:ai|assistant|language model)(?: (?:assistant|model|language model))?,? i\b.*"
    r"|i(?:'m| am) (?:just |only )?(?:an? )?(?:ai|assistant|language model|chatbot)(?: (?:assistant|model|language model))?(?:(?:,| and| so| here| that| trained).*)?"
    r"|i(?:'m| am|'d be| would be) (?:here|happy|glad) to (?:help|assist|answer|support|provide|explain|tell|share|look|clarify|elaborate|discuss|chat)\b.*|happy to help\b.*"
    r"|i (?:can|could|will|'ll) (?:help|assist|try|do my best|answer)\b.*|i(?:'m| am) (?:sorry|afraid|not sure|unsure|not certain)"
    r"|(?:i )?apologi[sz]e.{0,40}|(?:so |very )?sorry(?: about that| for .{0,25}|[,.!]? (?:but )?i .{0,30})?"
    r"|i (?:think|believe|guess) (?:so|not)|it depends|i (?:don't|do not) know|no idea|not sure|probably|maybe|perhaps|possibly"
    r"|here(?:'s| is| are)\b.{0,80}\b(?:answers?|summary|overview|list|information|details?|breakdown|points?|"
    r"i (?:found|know|could find))(?: (?:of|about|on|for|from)\b[^\d]{0,80})?"
    r"|(?:based on|according to|from) (?:the|this|these|your) (?:\w+ ){0,3}(?:resumes?|cvs?|excerpts?|context|passages?|"
    r"information|documents?)(?: (?:provided|above|given|i have))*"
    r"|(?:in (?:summary|conclusion|short)|to (?:summari[sz]e|sum up)|overall|additionally|furthermore|note|answer|example|"
    r"for example|sources?)",
    re.IGNORECASE,
)
_KO_FILLER = re.compile(
    r".*도움이 ?(?:되었으면|되셨으면|됐으면|되면|되기를|되길|되셨기를|되셨길|되었기를|되었길|되시길|되시기를|될 수 있기를|될 수 있길).*"
    r"|(?:더|추가로|다른|또|혹시)? ?(?:더 )?(?:궁금|질문|문의|필요|알고 싶)[^.]{0,15}(?:있으|있다면|있으시|하시면|하면)[^.]{0,40}"
    r"|.*언제든(?:지)? ?(?:편하게 )?(?:물어|질문|말씀|문의|알려|연락).*"
    r"|(?:네,? ?)?(?:안녕하세요|안녕하십니까|반갑습니다|감사합니다|고맙습니다|물론입니다|물론이죠|물론이에요|알겠습니다|죄송합니다|"
    r"천만에요|좋은 질문(?:입니다|이네요|이에요|이군요))"
    r"|.{0,40}(?:알려|말씀|말해|설명해?|정리해?|안내해?|소개해?|요약해?|답변해?|답해?|도와) ?"
    r"(?:드리겠습니다|드릴게요|드립니다|드려요|드릴 수 있습니다|주겠습니다)"
    r"|(?:저는|나는) (?:단지 )?(?:AI|인공지능|언어 ?모델|챗봇).*|(?:잘|정확히는?)? ?모르겠(?:습니다|어요|네요)"
    r"|아마도?|글쎄요|그런 것 같(?:습니다|아요)|(?:예를 들어|예|참고|요약|결론|답변|출처)",
    re.IGNORECASE,
)
# "Sources: [1], [2]", all of it.
_CITES = re.compile(r"[(\[]?(?:sources?|citations?|references?|출처|참고|근거)\s?[:：]?[\s\d,()\]·-]*", re.IGNORECASE)
_KO_LEAD_IN = re.compile(r".{0,60}(?:다음|아래)(?:과|와) 같(?:습니다|아요|다|음|이 정리됩니다)")
_LEAD = re.compile(
    r"(?:(?:sure|certainly|of course)[,!.]?\s+)?(?:here(?:'s|’s| is| are)[^:\n]{0,80}|(?:the |short )?answer|답변|정답|답)\s?:[*_]*\s+",
    re.IGNORECASE,
)
_THIRD_PERSON_FAILED = re.compile(
    r"\b(?:she|he|they|you|one|people|who|which|that|engineers?|users?|customers?|team|others)\s+(?:cannot|can't|could not|couldn't|"
    r"(?:was|were|is|are) unable to)\b",
    re.IGNORECASE,
)
# Beyond rag.prompt.is_declined, which has to be sure that a whole reply declines: one sentence that says so.
_SAYS_NOTHING = re.compile(
    r"\b(?:it|they) (?:do|does|did)(?: not|n't) (?:\w{1,20}ly )?(?:say|mention|state|specify|indicate|disclose|tell us)\b"
    r"|\b(?:i|we) (?:do not|don't|did not|didn't) (?:have|see|find) (?:\w+ ){0,4}(?:information|details?|data|mention)\b"
    r"|\bthere(?:'s| is| are| was) no (?:\w+ ){0,3}(?:information|details?|mention|indication|record)\b"
    r"|\b(?:is|are|was|were)(?: not|n't) (?:explicitly |specifically |directly )?"
    r"(?:(?:mentioned|stated|specified|disclosed|indicated)\b(?! by)"
    # Of these, "was not listed" may be said of a company: what is not listed has to be in the resume, or a usual detail.
    r"|(?:listed|provided|given|included|available|known|clear)(?= (?:in|from|on) (?:the|her|his|their|this|your|these) "
    r"(?:\w{1,20} )?(?:resume|cv|excerpt|document|context|passage|source|text|information)))"
    r"|\b(?:age|salary|hobb\w+|information|details?|data|it|this|that|address|nationality|reason|title) "
    r"(?:is|are|was|were)(?: not|n't) (?:listed|provided|given|included|available)\W{0,20}$"
    r"|\bno (?:information|details?|mention|indication)\b[^,;]{0,40}\b(?:is|are|was) (?:given|provided|made|available|listed)\b"
    r"|(?:언급|명시|기재|기술|제시|포함)(?:이 |되어 ?있지|돼 ?있지|되지|하지) ?않|(?:나와|적혀|나타나|쓰여) ?있지 않"
    r"|(?:확인|제공)되지 않(?:습니다|아요|네요|았습니다|다|음)|(?:정보|내용|기록)(?:를|을)? ?찾지 못"
    r"|(?:정보|내용|언급|설명|(?:관련(?:된|한)?|해당|(?:이력서|문서|자료|발췌)[^.]{0,20}) ?기록)(?:가|이|은|는|도)? ?(?:따로 |전혀 )?없(?:습니다|어요|네요|다|음)",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:yes|yeah|yep|no|nope|correct|right|true|false|indeed|exactly|네|예|넵|아니요|아니오|아뇨|아니에요|그렇습니다|맞습니다|"
    r"맞아요|그래요|아닙니다|그렇지 않습니다)"
    r"(?:[,.!]?\s*(?:(?:(?:she|he|they|it|that|this)(?:'s|’s)?\s*(?:do|does|did|is|was|are|were|has|have|had|can|could|will|would)?"
    r"(?:n't|n’t|not| not)?(?: (?:correct|right|true|so))?)"
    r"|그렇습니다|맞습니다|있습니다|없습니다|아닙니다|합니다|했습니다|그렇지 않습니다|할 수 있습니다|그래요|맞아요|있어요|없어요))?",
    re.IGNORECASE,
)

_NO = re.compile(r"no\b|nope|아니|아뇨|그렇지 않", re.IGNORECASE)
_AGREES = re.compile(r"(?:yes|no|네|예|아니요|아니오)[,.!]", re.IGNORECASE)

# ------------------------------------------------------------------- text

_CITATION = re.compile(r"\s?(?:\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9}\]|【\d{1,3}[^】]{0,20}】)")
_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\((?:[^()]|\([^()]{0,500}\)){0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((?:[^()]|\([^()]{0,500}\)){0,2000}\)")
# Not "<mina@example.com>" nor "<https://...>", which a reply shows as they are.
_TAG = re.compile(r"</?[A-Za-z](?![^<>\s]{0,200}(?:@|://))[^<>]{0,2000}>")
_EMPHASIS = re.compile(r"\*\*\*|\*\*|__|~~|`+")
_STAR = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,500})(?<=\S)\*(?![\w*])")
_UNDERSCORE = re.compile(r"(?<!\w)_(?=[^\s_])([^_\n]{1,500})(?<=\S)_(?!\w)")
_STRAY = re.compile(r"^[*_]+(?=\w)|(?<=[.!?…])[*_]+$")  # its other half stands in another sentence
# Terminal colours, control characters but for line breaks, direction marks, zero widths, lone surrogates, tags, private use.
_INVISIBLE = re.compile(
    "\x1b\\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_QUOTES = "\"'“”‘’«»「」『』"


@dataclass(frozen=True, slots=True)
class _Line:
    """`reply[start:end]` without bullets and quote marks; `kind` is text, item, or row (of a table)."""

    start: int
    end: int
    kind: str
    followed_by: str = ""  # the kind of the next line that says something


def split_claims(reply: str, question: str = "") -> list[Claim]:
    """The checkable statements of `reply`, in order.

    A claim is a sentence, a list item or a table row; sentences joined by "and", "but", "~했고" are cut in two
    where both halves say something with a verb of their own. Questions, greetings, hedges, headings, lead-ins
    ("Here is what I found:") and refusals are not claims.

    Args:
        reply: as written, Markdown and all; nothing in it is interpreted beyond being stripped.
        question: a bare "Yes." is a claim only together with what was asked; without a question it is none.

    Returns:
        Claims whose `reply[start:end]` is exact and whose `text` is that span without citations and marks.

    Example:
        >>> [c.text for c in split_claims("She has a **B.Sc.** from KAIST [1]. I hope this helps!")]
        ['She has a B.Sc. from KAIST.']
    """
    claims: list[Claim] = []
    agreed: tuple[int, int] | None = None  # a "Yes." that waits for its sentence
    for start, end in _spans(reply):
        text = plain(reply[start:end])
        bare = text.rstrip(" .!…,").strip()
        if _YES_NO.fullmatch(bare):
            if agreed is None:
                agreed = (start, end)
            continue
        if not _is_claim(text, bare):
            if agreed is not None and _NO.match(reply, agreed[0]) and _declines(text):
                agreed = None  # "No. The resume does not mention it." denies nothing
            continue
        text = without_lead_in(text)
        if agreed is not None:
            start, text = agreed[0], f"{plain(reply[slice(*agreed)])} {text}"
            agreed = None
        claims.append(Claim(text, start, end))
    if agreed is not None and question.strip():
        said = f"{plain(question)} {plain(reply[slice(*agreed)])}"
        claims.insert(sum(claim.start < agreed[0] for claim in claims), Claim(said, *agreed))
    return claims


def plain(text: str) -> str:
    """`text` on one line without citations, Markdown marks, tags, control and direction characters."""
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub(" ", text)
    text = _CITATION.sub("", text)
    text = _EMPHASIS.sub("", text)
    text = _UNDERSCORE.sub(r"\1", _STAR.sub(r"\1", text))
    text = re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()
    if text.startswith("|") and text.endswith("|"):
        text = ", ".join(cell.strip() for cell in text.split("|") if cell.strip())
    text = re.sub(r" (?=[.,;!?](?: |$))", "", text)
    return _unquoted(_STRAY.sub("", text))


def _unquoted(text: str) -> str:
    """Without the quotation marks around it, or the one that a cut has left alone."""
    if len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return text[1:-1].strip()
    if text and text[0] in _QUOTES and not any(c in _QUOTES for c in text[1:]):
        return text[1:].strip()
    if text and text[-1] in _QUOTES and not any(c in _QUOTES for c in text[:-1]):
        return text[:-1].strip()
    return text


# ------------------------------------------------------------------ spans


def _spans(reply: str) -> Iterator[tuple[int, int]]:
    for line in _lines(reply):
        if line.kind == "row":
            yield line.start, line.end
            continue
        start = line.start
        lead = _LEAD.match(reply, start, line.end)
        if lead:
            start = lead.end()
        for a, b in _sentences(reply, start, line.end):
            text = plain(reply[a:b])
            if _is_lead_in(text, line, b):
                b = _said_before(reply, a, b)
            if a < b:
                yield from _clauses(reply, a, b)


def _is_lead_in(text: str, line: _Line, end: int) -> bool:
    """Whether a sentence only announces the lines after it. One with a yes or a number says something itself."""
    if _AGREES.match(text):
        return False
    if end != line.end or re.search(r"\d", text):
        return bool(re.fullmatch(r"[^\d]{0,60}[:：]", text))
    return text.endswith((":", "：")) or bool(_KO_LEAD_IN.fullmatch(text.rstrip(" .")))


def _said_before(reply: str, start: int, end: int) -> int:
    """Where the statement ends that a lead-in goes on from ("At Acme she was CTO and was responsible for:"); `start` for none."""
    for match in _EN_JOIN.finditer(reply, max(start, end - NEAR), end):
        _, verb = _opening_verb(_WORD.findall(_right(reply, match.end(), end)))
        if verb in _VERBS and (verb in _BE or not verb.endswith("s")) and _says_something(_left(reply, start, match.start()), behind=1):
            return match.start()
    return start


def _lines(reply: str) -> list[_Line]:
    """The lines that may hold claims; lines wrapped by hand are joined."""
    found: list[_Line] = []
    raw = list(_LINE.finditer(reply))
    for number, match in enumerate(raw):
        text = match[0]
        if _FENCE.match(text) or (_HEADING.match(text) and not _DATED.search(text)) or _RULE.fullmatch(text):
            continue
        if _TABLE.match(text):
            following = raw[number + 1][0] if number + 1 < len(raw) else ""
            if "-" in following and "|" in following and _TABLE_SEPARATOR.fullmatch(following):
                continue  # names of columns
            kind = "row"
            start, end = _trim(reply, match.start(), match.end())
        else:
            start, kind = match.start(), "text"
            while mark := _MARK.match(reply, start, match.end()):
                start, kind = mark.end(), "item"
            start, end = _trim(reply, start, match.end())
        if start >= end:
            continue
        if found and _continues(reply, found[-1], start, end, kind):
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(_Line(start, end, kind))
    kept = []
    for line, after in zip(found, [*found[1:], None], strict=False):
        if after is not None:
            line = replace(line, followed_by=after.kind)
        heads = line.kind == "text" and line.followed_by in ("item", "row")
        says_nothing = _BOLD_LINE.fullmatch(reply, line.start, line.end) and not _DATED.search(reply, line.start, line.end)
        if not (heads and says_nothing):
            kept.append(line)
    return kept


def _continues(reply: str, before: _Line, start: int, end: int, kind: str) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    between = reply[before.end : start]
    return (
        kind == "text"
        and before.kind != "row"
        and between.count("\n") == 1
        and before.end - before.start >= MIN_WRAPPED
        and reply[before.end - 1] not in '.!?。…:;"”'
        and reply[start].islower()
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentences(reply: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one line, trimmed."""
    cuts = [match.end() for match in _END.finditer(reply, start, end) if _ends_sentence(reply, start, end, match)]
    for match in _UNENDED.finditer(reply, start, end):
        if _next_word(reply, match.end(), end) in _STARTERS:
            cuts.append(match.start())
    cuts += [match.start() for match in _BEFORE_ENUMERATOR.finditer(reply, start, end)]
    for mark in _enumerators(reply, start, end):
        cuts = [cut for cut in cuts if not mark.start() < cut <= mark.end()] + [mark.start()]
    opened, closed = _parenthesised(reply, start, end)
    begin = start
    for cut in [*sorted(set(cuts)), end]:
        around = bisect_left(opened, cut) - 1  # the last (...) that opens before the cut
        if cut != end and around >= 0 and cut <= closed[around]:
            continue
        a, b = _trim(reply, begin, cut)
        if enumerator := _ENUMERATOR.match(reply, a, b):
            a = enumerator.end()
        if a < b:
            yield a, b
        begin = max(begin, cut)


def _enumerators(reply: str, start: int, end: int) -> list[re.Match[str]]:
    """The numbers of a list on one line: "1. Python 2. Kotlin" (the line begins behind its 1), "Skills: 1. Python 2. Kotlin"."""
    marks = list(_INLINE.finditer(reply, start, end))
    numbers = [int(mark[1]) for mark in marks]
    if not marks or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return []
    if numbers[0] == 2:
        return marks if _FIRST.search(reply[max(0, start - 4) : start]) else []
    opening = reply[start : marks[0].start()].rstrip()
    return marks if numbers[:2] == [1, 2] and opening.endswith((":", "：")) else []


def _parenthesised(reply: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where the outermost (...) of a line open and close: a sentence does not end within."""
    opened, closed, depth, first = [], [], 0, start
    for i in range(start, end):
        if reply[i] in "(（":
            depth, first = depth + 1, first if depth else i
        elif reply[i] in ")）" and depth:
            depth -= 1
            if not depth:
                opened.append(first)
                closed.append(i)
    return opened, closed


def _ends_sentence(reply: str, start: int, end: int, match: re.Match[str]) -> bool:
    at, after = match.start(), match.end()
    mark = reply[at]
    if after >= end or mark in "。！？｡":
        return True
    if not reply[after].isspace():
        glued = after == at + 1 and at > start and "가" <= reply[after] <= "힣"
        return mark in ".!?" and glued and bool(_KO_FINAL.match(reply[at - 1]))
    if at == start or reply[at - 1].isspace():
        return mark in "!?"  # " .NET", " ..."
    rest = after + len(reply[after:end]) - len(reply[after:end].lstrip()) if after - at < 200 else after
    if rest >= end or mark in "!?":
        return True
    following = reply[rest]
    if following.isascii() and following.islower():
        return False
    before = reply[max(start, at - 24) : at]
    word = _next_word(reply, rest, end)
    if (
        following.isdigit()
        and _YEAR_END.search(before)
        and re.match(r"0\d\b|\d{1,2}\s?(?:[.~–-]|월)", reply[rest : rest + 6])
    ):
        return False
    if _ENUMERATES.search(before if at - 24 > start else reply[start:at]):
        return False
    if _KO_DATE.search(before):
        return word in _STARTERS
    return not _abbreviated(before, following, word)


def _abbreviated(before: str, following: str, word: str) -> bool:
    """Whether the full stop after `before` belongs to an abbreviation or initial, not to a sentence."""
    found = _LETTERS.search(before)
    if not found:
        return False
    token = found[0]
    if found.start() and (before[found.start() - 1].isalnum() or before[found.start() - 1] in "@/.-"):
        return False
    key = token.lower()
    if key in _INNER:
        return True
    if key in _BEFORE_NUMBER:
        return following.isdigit()
    if "." in token or key in _EITHER:  # B.Sc., U.S., Inc.
        return word not in _STARTERS and not "가" <= following <= "힣"
    return len(token) == 1 and token.isupper() and token != "I" and word not in _STARTERS


def _next_word(reply: str, start: int, end: int) -> str:
    found = re.search(r"[^\W\d_]+", reply[start : min(end, start + 30)])
    return found[0].lower() if found else ""


# ---------------------------------------------------------------- clauses


def _clauses(reply: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, cut where both sides of a conjunction can be checked alone, and where one of them declines."""
    conceded = _CONCEDES.match(reply, start, end)
    cuts = {match.end() for match in _ASIDE.finditer(reply, start, end)} | ({conceded.end()} if conceded else set())
    cuts = sorted(cut for cut in cuts if start < cut < end)
    # Each part between two cuts is looked at once, so that time grows with the reply's length only.
    parts = list(pairwise([start, *cuts, end])) if cuts else []
    declines = [_declines(_left(reply, a, b)) or (b - a > NEAR and _declines(_right(reply, a, b))) for a, b in parts]
    after = list(accumulate(reversed(declines), or_))[::-1]  # whether this part or a later one declines
    before = False
    for (_, cut), declined, rest in zip(parts, declines, after[1:], strict=False):
        before = before or declined
        if before != rest and cut > start:
            yield _trim(reply, start, len(reply[start:cut].rstrip(" ,;–—-")) + start)
            start, before = _CONJUNCTION.match(reply, cut, end).end(), False
    for match in _EN_JOIN.finditer(reply, start, end):
        left, right = _left(reply, start, match.start()), _right(reply, match.end(), end)
        if _says_something(left) and (_goes_on(right) or _declines(right)):
            yield _trim(reply, start, match.start())
            start = match.end()
    ending = plain(reply[max(start, end - NEAR) : end]).rstrip(" .!…")[-1:]
    for match in _KO_JOIN.finditer(reply, start, end):
        # A syllable that ends in a double s is a past tense (했, 맡았) or 있: what follows is a clause of its own.
        if match.start() <= start or not _ends_in_double_s(reply[match.start() - 1]) or not _KO_FINAL.match(ending):
            continue
        left, right = _left(reply, start, match.end()), _right(reply, match.end(), end)
        if len(left.split()) >= 2 and len(right.split()) >= 2:
            yield _trim(reply, start, match.end())
            start = match.end()
    yield _trim(reply, start, end)


def _left(reply: str, start: int, end: int) -> str:
    return plain(reply[max(start, end - NEAR) : end])


def _right(reply: str, start: int, end: int) -> str:
    return plain(reply[start : min(end, start + NEAR)])


def _ends_in_double_s(syllable: str) -> bool:
    return "가" <= syllable <= "힣" and (ord(syllable) - 0xAC00) % 28 == 20


def _says_something(text: str, behind: int = 2) -> bool:
    """A finite verb with at least `behind` words after it."""
    found = [word.lower() for word in _WORD.findall(text)]
    return any(word in _VERBS for word in found[:-behind])


def _goes_on(text: str) -> bool:
    """Starts with a verb of its own ("and led 4 people", "but she left in 2019")."""
    found = _WORD.findall(text)
    i, verb = _opening_verb(found)
    if len(found) < 3 or i + 1 >= len(found) or verb not in _VERBS:
        return False
    thing = found[i + 1].lower()
    subject = found[0].lower() in _PRONOUNS
    return subject or verb in _BE or thing in _OBJECT_STARTS or thing[0].isdigit() or found[i + 1][0].isupper()


def _opening_verb(found: list[str]) -> tuple[int, str]:
    """Where a clause's verb stands, behind a pronoun and adverbs ("she also led ..."), and the word itself; "" where nothing is left."""
    i = int(bool(found) and found[0].lower() in _PRONOUNS)
    while i < len(found) and found[i].lower() in _ADVERBS:
        i += 1
    return i, found[i].lower() if i < len(found) else ""


# ---------------------------------------------------------------- filters


def _is_claim(text: str, bare: str) -> bool:
    if not re.search(r"\w", bare) or text.endswith(("?", "？")):
        return False
    said = bare.replace("’", "'")
    if _EN_FILLER.fullmatch(said) or _KO_FILLER.fullmatch(said) or _CITES.fullmatch(said) or is_talk(said):
        return False
    return not _declines(text)


def _declines(text: str) -> bool:
    if _SAYS_NOTHING.search(text.replace("’", "'")):
        return True
    return is_declined(text) and not _THIRD_PERSON_FAILED.search(text)
