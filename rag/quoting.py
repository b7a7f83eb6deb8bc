"""Answers by quoting: picks the sentences of the passages that answer, cites them, and declines when none does.

For questions in a language the generator does not speak, and as the plainest answer there is: nothing is
written that does not stand in a passage. The reranker says which passage answers and where; without one,
shared words and the passages' cosine similarity have to do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag import contacts
from rag.answer_types import ANY_YEAR, UNITS, lacks_word, tells_year, year_asked
from rag.declining import MOST_PASSAGES, Decision, logit, signals
from rag.durations import asks_of_jobs, asks_total
from rag.entries import SCHOOL, below_dates, dated_line, entry_spans, is_entry, is_post_line, parts, top
from rag.index import passage_text
from rag.language import is_crossed, language_asked
from rag.leading import leads_nobody
from rag.meant import meant, with_odds
from rag.named import LATIN_NAME, named_entries
from rag.not_facts import is_goal, tells_no_fact
from rag.overview import is_contact
from rag.promotions import asks_promotions, promotes_others
from rag.prompt import DECLINE
from rag.reranking import Reranker, passage, sentences, together
from rag.retrieval import name_pattern, people, without_names
from rag.rules import ruled
from rag.sections import bare_title, cells, column_names, is_dated, is_known_title, without_column_names
from rag.types import Chunk, RetrievedChunk
from rag.yes_no import thing_asked

MAX_QUOTES = 3
LINES_READ, SECOND = 4, 0.5  # so many of the likeliest lines are read again, each for itself; what that weighs beside the first reading
LLAMA_READ, THIRD = 8, 1.0  # the same of English questions and the Llama that reads them behind a line
MAX_LISTED = 10  # for questions that ask for several things
# A further line is quoted when its odds of answering reach this share of the best line's. On the hand-written resumes
# a share of 0.5 held 86 % of the answers in 62 characters, 0.2 held 92 % in 76, 0.1 held 94 % in 86.
NEXT_SHARE = 0.1
WHOLE_LINE = 240  # characters, one of Korean as two: a line so short is quoted with all of its sentences, which explain each other
LISTED_SHARE, LISTED_CHANCE = 0.01, 0.2  # and for several things, this much and this probability
MAX_DETAILS = 2  # lines under a dated one that are quoted with it
MAX_ROWS = 8  # of a form above a value, among which its employer stands
MAX_HEADING = 80  # characters of a heading's other line
MAX_TITLE = 60  # characters; a longer first line speaks for itself
# Without a reranker: the cosine of multilingual-e5-small under which the best passage counts as off topic.
FALLBACK_COSINE = 0.80

_BULLET = re.compile(r"^\s*(?:[-*•·▪▫■□◆◇●○◦ㅇ▶▷►‣–—➤✓✔»>]|\d{1,2}[.)]|[①-⑳])\s+")
_BRACKETED = re.compile(r"\s?\[\d{1,3}\]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|['’]\d{2}[./]\d|현재|[Pp]resent\b|\d{1,2}/\d{4}")
_PERIOD = re.compile(r"\d{2,4}[^\n]{0,12}?\s?(?:[-–—~〜∼→]|\bto\b|부터)\s?[^\n]{0,12}?(?:\d{2}|[Pp]resent|now|현재|재직|$)")
_DETAIL = re.compile(r"^(?:[a-z]+ |\()|[.;]$")  # a sentence, or a piece of one: no item of a list
_MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_BREAKS_OFF = re.compile(r"(?:(?<![\"'\])}])[,/&]|\b(?:and|or|of|the|with|for|at|및|또는))$")
_CELL_ALONE = re.compile(r"\d[\d.,/%: ]*[^\W\d]{0,2}|\S{1,2}")  # of a table: a figure or a letter, which only the name of its column explains
_DATE = rf"(?:{_MONTH},? )?(?:\d{{1,2}}[./])?(?:(?:19|20)\d{{2}}|['’]\d{{2}})(?!\d)(?:[./-]\d{{1,2}}(?!\d))?"
_BEGINS_DATED = re.compile(rf"\W{{0,3}}(?:(?:since|from) )?{_DATE}", re.IGNORECASE)
# "2017 – 2019, not finished"; but "2017 – 2019 Foo Ltd" is somebody else's.
_DATES_ONLY = re.compile(rf"{_BEGINS_DATED.pattern}(?:\s?(?:[-–—~]|to)\s?(?:{_DATE}|present|now|현재|재직 ?중)?)?\W{{0,4}}(?:$|\((?-i:[a-z])|(?-i:[a-z]))", re.IGNORECASE)
# Rows of a Korean form; the text of a file has one space behind the label, whatever stood there.
_EMPLOYER_LABEL = re.compile(r"^(?:근무처|근무 ?회사|회사명|직장명?|기관명|사업장)(?:\s|\s?[:：|])")
_PERIOD_ROW = re.compile(r"^(?:(?:재직|근무) ?)?기간(?:\s|\s?[:：|])")
_FORM_ROW = re.compile(
    r"^(?:(?:재직|근무) ?기간|기간|근무 ?[처지]|근무 ?회사|(?:회사|기관)명|직장명?|소속|사업장|부서|직위|직책|직급|고용 ?형태|규모|(?:담당|주요) ?업무|업무|(?:주요 ?)?성과|비고|퇴[사직] ?사유)(?:\s|\s?[:：|])"
)
_POST_ROW = re.compile(r"^(?:소속|부서|직위|직책|직급)(?:\s|\s?[:：|])")
_ASKS_POST = re.compile(r"직책|직위|직급|직함|\b(?:position|title|role)\b", re.IGNORECASE)
_ENDS_DATED = re.compile(r"(?:19|20)\d{2}\)?$")
_WORK_OR_STUDY = re.compile(r"experience|employ|work|career|job|position|history|educat|stud|academic|qualif|volunt|activit|경력|학력|이력|근무|경험|활동|교육", re.IGNORECASE)
_GOES_ON = re.compile(r"[a-z(]|\d{1,3} [a-z]")  # such a line is none of its own, though it may have a year
_LABELLED = re.compile(r"^\s*[^\n:：]{1,16}\s?[:：]")  # "Email: ..." speaks for itself
_SEVERAL = re.compile(
    r"어떤 .{0,12}들|[가-힣]들(을|은|이|도|에서)?( |\?|$)|모두|전부|다 (말|알려|적어|나열)|목록|리스트|나열|어디 ?어디|뭐뭐|무엇무엇|각각|종류"
    r"|(?:어떤|무슨) (?:언어|기술|도구|프로그램|회사|직장|프로젝트|과목)|기술 ?스택|보유 ?기술|자격증|학력|경력 사항|외국어"
    r"|\b(all|list|every|each|(?:which|what) (?!(?:is|was|does|has|this)\b)\w+s|skills|languages|companies|employers|certificates|certifications|"
    r"degrees|awards|projects|schools|tools|jobs|roles|hobbies)\b",
    re.IGNORECASE,
)

# What is asked for has one unmistakable form: without it in any passage there is nothing to quote. A question may also be about e-mails
# or phones ("이메일 발송 시스템", "휴대폰 판매"): it asks for the address where nothing but what asks stands behind the word.
_ASKS_EMAIL = re.compile(
    r"(?:이메일|전자 ?우편)(?= ?(?:주소|좀|뭐|뭔|알려|[?.!]|$)|[은이]? ?(?:뭐|무엇|뭔|어떻게|알려|[?.!]|$))|메일 ?주소"
    r"|e-?mail (?:address|is)|'s e-?mail|^\W*(?:\w+ )?e-?mail\W*$|\b(?:what|give|tell|send|have|need|know)\b.{0,20}\be-?mail\W*$",
    re.IGNORECASE,
)
_ASKS_PHONE = re.compile(
    r"전화 ?번호|(?:휴대폰|핸드폰)(?= ?(?:번호|좀|알려|[?.!]|$)|[은이]? ?(?:뭐|무엇|몇|알려|[?.!]|$))"
    r"|(?:phone|mobile|cell) ?number|'s (?:phone|mobile)",
    re.IGNORECASE,
)
_ASKS_START = re.compile(
    r"\bwhen (?:can|could|would|will|is|are) (?:he|she|they|the candidate|the applicant) (?:be )?(?:able to )?(?:start(?:ing)?|begin|join|available)\b(?! (?:at|with|his|her|their)\b)|\bnotice period\b|\bstart(?:ing)? date\b|\bhow soon can\b"
    r"|언제(?:부터|쯤)? ?(?:출근|입사|근무|일)(?:이|을)? ?(?:가능|할 ?수|할수)|(?:출근|입사) ?가능 ?(?:일|시기)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\bexpir|\bvalid (?:until|till|to|through)\b|만료|유효 ?기간", re.IGNORECASE)  # the date of a licence is nobody's first day
_HANGUL = re.compile(r"[가-힣]")
# "Front end?", "any rail experience?", "labor and delivery?"
_ASKING = r"(?:what|which|who|whom|whose|where|when|why|how|is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|may|tell|list|show|give|name|describe|explain|walk|summari[sz]e|compare|say)\b"
_TOPIC_ALONE = re.compile(rf"(?:(?:and|or|so|ok|also|any|some|what about|how about),? )*(?!{_ASKING})(?P<topic>[A-Za-z][\w&+#/’'-]*(?: (?!{_ASKING})[\w&+#/’'-]+){{0,4}})\W*", re.IGNORECASE)
_NO_TOPIC = frozenset("experience experiences skill skills knowledge background some work working with about".split())
STEM = 4  # letters by which a word is known in another form
_FORMS = ((_ASKS_EMAIL, contacts.ADDRESS), (_ASKS_PHONE, contacts.NUMBER))

# Asked when, a line tells only with a date or a length of time in it, or in its entry's heading; asked for money, with a figure
# that is no year. Of 937 written questions that a line answers these patterns miss none.
# "When making charts, which tool ...?" asks for a tool: "when" asks for a time before a verb's auxiliary, or where little follows.
_AUXILIARY = r"(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should|may|might)\b"
_WHEN_ASKS = (
    rf"when(?:['’]s| (?:exactly |roughly |(?:and|or) (?:where|how|why) )?{_AUXILIARY}"
    r"|,|(?: (?!\w+ing\b)\w+){0,2}\W*$)"
)
_ASKS_WHEN = re.compile(
    rf"^(?:and |so |ok |in )?(?:{_WHEN_ASKS}|(?:in )?(?:what|which) (?:year|month)\b)"
    r"|\bwhen (?:did|was|were|is|does)\b|\bwhat (?:year|month|date)\b|\bsince when\b"
    r"|언제|몇 ?년도|몇 ?년에|어느 ?해|무슨 ?해|몇 ?월",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"{ANY_YEAR.pattern}|['’]\d{{2}}\b|\d[/-]\d{{2}}|{_MONTH}|\bsince\b|\d+ ?(?:years?|months?|weeks?|days?|년|월|주|일|시)|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -](?:years?|months?|weeks?|days?)\b"
    r"|\b(?:spring|summer|autumn|winter|\w+days?|weekends?|mornings?|evenings?|nights?|weekly|monthly|yearly|daily|every)\b"
    r"|\b(?:in|within|after) (?:an? |\w+ )?(?:weeks?|months?|days?|years?)\b"
    r"|\b(?:asap|soon|as soon as|upon|now|present|at once|right away|immediate\w*|notice|age|\d+(?:st|nd|rd|th))\b"
    r"|현재|지금|즉시|바로|매[년월주일]|주말|평일|아침|저녁|오전|오후|밤|다음 ?[달주]|협의|요일|내년|작년|올해"
    r"|반기|분기|봄|여름|가을|겨울|학년|살|세\b|[한두세네] ?달",
    re.IGNORECASE,
)
_ASKS_MONEY = re.compile(
    r"\bhow much (?:money|prize|did|was|were|is|are|does \w+ (?:cost|earn|pay|make|charge))|\bprize money\b|상금|급여|월급|보수(?!적)|얼마(?!나| ?동안| ?만에)|금액", re.IGNORECASE
)
_ASKS_WHY_LEFT = re.compile(r"\bwhy did .{1,40}\b(?:leave|quit|resign|move on)\b|왜 ?(?:그만|나왔|나오|퇴사|이직|옮겼|옮기|옮긴|떠났|관뒀|관두)|(?:퇴사|이직) ?(?:사유|이유)", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|since|reason|left|leav\w+|quit|resign\w*|redundan\w*|laid off|lay-?offs?|clos(?:ed|ure|ing)|end of|ended|expired?|contract|relocat\w*|moved?|pursue|in order to|to (?:study|care|travel|start|join|raise|be|become|work|focus|take)|bankrupt\w*|insolven\w*|acqui\w+|restructur\w*|famil\w+|health|maternity|paternity|parental|sabbatical|fixed-term|temporary|cover)\b"
    r"|사유|이유|때문|위해|하고자|고자|싶|그만|퇴사|퇴직|이직|옮|폐쇄|폐업|계약|만료|종료|출산|육아|간병|가족|건강|유학|진학|연수|귀국|결혼|이사|구조 ?조정|권고|매각|합병|전환|복학|입대|군 ?복무", re.IGNORECASE
)
_WHERE_BEFORE = re.compile(r"\W*(?:and |so )?where did (?:he|she|they|the candidate) work (?:right |just )?(?:before|after)\b", re.IGNORECASE)
# How long somebody was somewhere: the dates of the entry that is named belong to the answer, whatever else does.
_ASKS_HOW_LONG = re.compile(
    r"\b(?:how long|(?:for )?how many (?:years|yrs|months)) (?:has|have|had|did|was|were|is|does) (?!it\b)[\w'’. -]{2,30}? ?(?:been|work\w*|stay\w*|spen[dt]|employed|serve\w*|with|at|there|last)\b"
    r"|\b(?:years|time) spent (?:at|with)\b|\bhow (?:long|many (?:years|yrs|months)) (?!(?:is|are)\b).{0,60}\b(?:in total|altogether|all told)\b"
    r"|(?:얼마나|얼마 ?동안|몇 ?(?:년|개월|달))(?: ?동안| ?간| ?오래)? ?(?:이나 ?)?(?:일(?!정)|근무|다녔|다니|재직|있었|있으|몸담|계셨|하다가)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\W{0,2} ?(?:years?|yrs)\b|\d ?년(?!도)", re.IGNORECASE)
_TIME = re.compile(r"(?:19|20)\d{2}|['’]?\d{2}[./]\d{1,2}|\byears?\b|\byrs\b|년", re.IGNORECASE)
# Which of two: a line for each of them belongs to the answer. "SQLD랑 면허 중에 뭘 먼저", "Which came first, Kafka or Spark?"
_PIECE = r"[\w.+#&-]{2,24}"  # bounded: "가와가와가와..." can be taken apart in very many ways
_ASKS_WHICH = re.compile(
    rf"(?<![\w.+#&-])(?P<one>{_PIECE}?)(?:이?랑|하고|와|과|,) ?(?P<other>{_PIECE}?)(?:을|를|은|는|이|가|의)? ?(?:중|가운데)(?=에|엔|에서|에선|은|의|,| |\?|$)"
    rf"|\b(?P<first>(?-i:[A-Z]){_PIECE}),? or (?:the |at )?(?P<second>(?-i:[A-Z]){_PIECE})\W*$",
    re.IGNORECASE,
)
# A year or a month, which is no sum: "2019", "03/2019"; but "$2000", "2000달러", "2000 readers" are.
_NO_SUM = re.compile(
    rf"(?<![\d$£€₩¥])(?<![$£€₩¥] )(?:\d{{1,2}}[./-])?(?:19|20)\d{{2}}(?:[./-]\d{{1,2}})?(?![\d,]|\s?(?:{UNITS}))"
)
_SUM = re.compile(
    r"\d|\b(?:million|thousand|hundred|dozen|half|halv\w+|(?:third|quarter|fifth|tenth)s?|per ?cent|twice|doubl\w+|tripl\w+)\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|\w+ty) ?fold\b|[일이삼사오육칠팔구십백천]\s?(?:만|억)|절반|두 ?배|세 ?배",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answer made of quotes.

    Attributes:
        text: Markdown, one `"quote" [n]` per line, above them how long it was where that was counted, or the sentence that declines.
        declined: nothing in the passages answers.
        lines: what is quoted, as (position of the passage, start, end) in `chunk.text`, in the order of the text.
        nearest: it is doubtful whether they answer; they are the nearest lines there are.
        margin: by how much, in log odds, the best line of all is likelier to answer than the next.
        signals: what tells whether they answer at all (rag/declining.py); empty without a reranker.
        settled: a rule tells that they do: the job before another one, the candidate's own address. No model need be asked.
        counted: over them stands a length of time that was counted from all of them.
        put_forward: they speak for the candidate, as the resume puts it.
        bare: they say all there is to say, an address or a number; a sentence around them could only get it wrong.
    """

    text: str
    declined: bool
    lines: tuple[tuple[int, int, int], ...] = ()
    nearest: bool = False
    margin: float = 0.0
    signals: Mapping[str, float] = field(default_factory=dict)
    settled: bool = False
    bare: bool = False
    counted: bool = False
    put_forward: bool = False


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or line of one passage: `chunk.text[start:end]`."""

    passage: int
    start: int
    end: int
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Read:
    """What the reranker makes of all lines.

    Attributes:
        units: every line with the probability that it answers.
        p_passages: that all passages together do, with the rules of `meant` or without them, whichever is smaller, but where those rules tell
            the answer.
        p_line: that the line likeliest to by a second reading does.
        p_llama: that the line likeliest to by the Llama does; by the second reading where the Llama did not read.
        settled: those rules tell the answer.
    """

    units: list[_Unit]
    p_passages: float
    p_line: float
    p_llama: float
    settled: bool


def quote_answer(
    question: str,
    chunks: Sequence[RetrievedChunk],
    reranker: Reranker | None,
    language: str,
    must_answer: bool = False,
    resume: Sequence[Chunk] = (),
) -> Quoted:
    """The sentences of `chunks` that answer `question`, each on its line with its citation.

    Args:
        chunks: what was retrieved; `rank` becomes the citation.
        reranker: None falls back to shared words and cosine similarity (far weaker; see benchmarks/quoting.py).
        language: "ko" or "en", the language to decline in.
        must_answer: whether the passages answer is settled elsewhere; the reranker's decision is not asked.
        resume: all passages that were searched; without them, what the retrieved ones do not say counts as not in the resume.
    """
    if not chunks:
        return Quoted(DECLINE[language], True)
    passages = [found.chunk for found in chunks]
    topic = without_names(question, {each.subject for each in passages})
    own = _of_one(question, passages, resume)
    if told := _by_rule(topic, chunks, own or _of_entry(question, passages), language):
        return told
    forms = [form for asked, form in _FORMS if asked.search(topic)]
    if forms and not any(form.search(found.chunk.text) for form in forms for found in chunks):
        return Quoted(DECLINE[language], True)
    contact = _contacts(question, chunks, resume)
    several = bool(_SEVERAL.search(question))
    if reranker is not None:
        read = _by_reading(question, chunks, reranker, resume)
        scored, settled = read.units, read.settled
    else:
        read, scored, settled = None, _by_words(question, chunks), False
    if _ASKS_START.search(topic):
        scored = [unit for unit in scored if not _ENDS.search(chunks[unit.passage].chunk.text, unit.start, unit.end)]
    chosen = contact or _of_that_year(question, chunks, _choose(scored, several))
    settled = settled or bool(contact)
    if asks_promotions(topic):  # of others it is no answer
        chosen = [unit for unit in chosen if not promotes_others(chunks[unit.passage].chunk.text[unit.start : unit.end])]
    asked_for = contacts.asked_for(topic, "") if own and not contact else ()
    if contacts.NAME in asked_for:
        return Quoted(DECLINE[language], True)  # the resume goes by its file's name
    if contacts.HOME in asked_for:  # where an employer or a school is says nothing of it
        chosen = [unit for unit in chosen if contacts.may_tell_home(chunks[unit.passage].chunk)]
    if not chosen or not _has_form(question, chunks, chosen):
        return Quoted(DECLINE[language], True)
    if thing := thing_asked(question):  # "Does she know SQL?"
        named = [unit for unit in chosen if thing.search(chunks[unit.passage].chunk.text, unit.start, unit.end)]
        settled, chosen = settled or bool(named), named or chosen
    if _ASKS_HOW_LONG.search(question):
        chosen += _periods(question, chunks)
    chosen += _of_both(question, chunks, scored, chosen)
    if asks_total(topic) and own and not any(_TIME.search(each.text) for each in own):
        return Quoted(DECLINE[language], True)  # no dates to count from
    apart = [(unit.passage, unit.start, unit.end) for unit in contact] or _quoted_lines(chunks, chosen)
    told, doubtful = {}, False
    if read is not None:
        told = _signals(question, chunks, scored, read, resume)
    if read is not None and not must_answer and not settled:
        decision = _decision(reranker, language, passages)
        nothing = decision.p_unanswerable(told)
        if nothing >= decision.threshold:
            return Quoted(DECLINE[language], True, signals=told)
        doubtful = nothing >= decision.nearest
    if asks_of_jobs(topic) and not any(_YEARS.search(chunks[unit.passage].chunk.text, unit.start, unit.end) for unit in chosen):
        doubtful = True  # some of the jobs alone, and no length of time
    if not settled and told and _names_nothing_of(topic, (f"{chunks[i].chunk.section}\n{chunks[i].chunk.text[a:b]}" for i, a, b in apart)):
        decision = _decision(reranker, language, passages)
        doubtful = doubtful or decision.p_unanswerable(told) >= decision.nearest / 2
    best, following, *_ = [*sorted((unit.score for unit in scored), reverse=True), 0.0]
    wanted = all(is_goal(chunks[i].chunk.section) for i, *_ in apart)  # a small model makes a post that is held of one that is wanted
    bare = wanted or bool(contact) or (settled and _WHERE_BEFORE.match(topic) is not None)
    return Quoted(_quotes(chunks, apart), False, tuple(apart), doubtful, logit(best) - logit(following), told, settled, bare)


def _decision(reranker: Reranker, language: str, passages: Sequence[Chunk]) -> Decision:
    """What is weighed before a question is declined: of its own where it is asked in the other language than the passages'."""
    crossed = reranker.decision.crossed
    return crossed if crossed is not None and is_crossed(language, [each.text for each in passages]) else reranker.decision


def _names_nothing_of(question: str, lines: Iterable[str]) -> bool:
    """Whether a question is a topic and no more ("labor and delivery?"), and no word of it stands in the lines: what else may answer it is for the reader
    to say."""
    asked = _TOPIC_ALONE.fullmatch(question.strip())
    words = [word for word in re.findall(r"[a-z]{4,}", asked["topic"].casefold()) if word not in _NO_TOPIC] if asked else []
    told = "\n".join(lines).casefold() if words else ""
    return bool(words) and not any(word[:STEM] in told for word in words)


def _of_one(question: str, passages: Sequence[Chunk], resume: Sequence[Chunk]) -> Sequence[Chunk]:
    """All that was searched of the one person whose these passages are; nothing where they are of several, or another may be meant."""
    subjects = {each.subject for each in passages}
    if len(subjects) != 1:
        return ()
    [subject] = subjects
    if any(each.subject != subject for each in resume) and not name_pattern(subject).search(question):
        return ()
    return [each for each in resume if each.subject == subject] or passages


def _of_entry(question: str, passages: Sequence[Chunk]) -> Sequence[Chunk]:
    """The passages where they are of one person, and the question names an entry of theirs."""
    return passages if len({each.subject for each in passages}) == 1 and named_entries(question, passages) else ()


def _by_rule(topic: str, chunks: Sequence[RetrievedChunk], own: Sequence[Chunk], language: str) -> Quoted | None:
    """The answer by rule (rag/rules.py); None where there is none, or a passage that tells it was not retrieved."""
    told = ruled(topic, own, language)
    place = {found.chunk.id: i for i, found in enumerate(chunks)}
    if told is None or any(own[i].id not in place for i in told.read):
        return None
    units = [_Unit(place[own[i].id], a, b) for i, a, b in told.lines]
    text = lambda i: chunks[i].chunk.text
    if told.whole:
        plain = {(unit.passage, unit.start, unit.end) for unit in units}
        lines = [line for line in _quoted_lines(chunks, units) if line in plain or not is_contact(text(line[0])[slice(*line[1:])])]
    else:
        headed = [line in told.headings for line in told.lines]
        lines = _apart(line for unit, heading in zip(units, headed, strict=True) for line in (_headed(text(unit.passage), unit) if heading else [(unit.passage, unit.start, unit.end)]))
    if _ASKS_POST.search(topic) and any(_FORM_ROW.match(text(i)[a:b]) for i, a, b in lines) and not any(_POST_ROW.match(text(i)[a:b]) for i, a, b in lines):
        return None  # the post may stand in another row
    below = dict.fromkeys(i for i, *_ in lines) or (place[own[i].id] for i in told.read)  # a citation of what is not quoted points nowhere for a reader
    said = f"{_cited(told.sentence, chunks, below)}\n\n" if told.sentence else ""
    return Quoted(
        said + _quotes(chunks, lines), False, tuple(lines), nearest=told.nearest, settled=True, bare=True, counted=told.counted, put_forward=told.put_forward
    )  # fmt: skip


def _headed(text: str, unit: _Unit) -> list[tuple[int, int, int]]:
    """A dated line with its heading, and with the employer, post or place that may stand right below it: both, where they stand between it and the tasks."""
    heading, end = _without_names(text, _heading(text, unit)), unit.end
    further = below_dates(text, end)
    if not (heading and heading[0] < unit.start) or is_post_line(text[end + 1 : end + further]):  # the employer above its dates, the post below
        end += further
    spans = (heading, (unit.start, end), *_post_rows(text, end))
    return [(unit.passage, *span) for span in spans if span]


def _post_rows(text: str, end: int) -> list[tuple[int, int]]:
    """Below a job's heading in a Korean form, where a row of labels ends at `end`: the rows with the post and the department."""
    if not _FORM_ROW.match(text[text.rfind("\n", 0, end) + 1 :]):
        return []
    rows = []
    for row in re.finditer(r"\n([^\n]+)", text[end:]):
        if row.start() != (rows[-1][1] - end if rows else 0) or len(rows) == MAX_ROWS or not _POST_ROW.match(row[1]):
            break
        rows.append((end + row.start(1), end + row.end(1)))
    return rows


def _quoted_lines(chunks: Sequence[RetrievedChunk], chosen: Sequence[_Unit]) -> list[tuple[int, int, int]]:
    """What is quoted of the chosen lines, best passage first: they, with their headings and what belongs to them."""
    lines: dict[tuple[int, int, int], None] = {}
    order: dict[int, None] = dict.fromkeys(unit.passage for unit in chosen)  # best passage first
    for index in order:
        for unit in sorted((u for u in chosen if u.passage == index), key=lambda u: u.start):
            text = chunks[index].chunk.text
            heading = _heading(text, unit) or _employer_row(text, unit)
            for above in (_table_head(text, unit), _without_names(text, heading)):
                if above:
                    lines[index, *above] = None
            whole = _whole_line(text, unit)
            detailed = _with_details(text, *whole, chunks[index].chunk.section)
            if detailed == whole and (item := _whole_item(text, *whole)):
                lines[index, *item] = None
                continue
            lines[index, *(_to_its_end(text, *whole) if detailed == whole else detailed)] = None
            if contacts.REFEREES.search(chunks[index].chunk.section) and (reach := _reach_below(text, whole[1])):
                lines[index, *reach] = None
            below = _below(text, unit)
            if below and not any(u.passage == index and u is not unit for u in chosen):
                lines[index, *below] = None
    return _apart(lines)


def _quotes(chunks: Sequence[RetrievedChunk], lines: Sequence[tuple[int, int, int]]) -> str:
    """The lines as Markdown, one `"quote" [n]` each."""
    return "\n".join(dict.fromkeys(f'"{_plain(chunks[i].chunk.text[a:b])}" [{chunks[i].rank}]' for i, a, b in lines))


def _cited(sentence: str, chunks: Sequence[RetrievedChunk], passages: Iterable[int]) -> str:
    """A sentence of what was counted with the passages it was counted from."""
    ranks = " ".join(f"[{chunks[i].rank}]" for i in dict.fromkeys(passages))
    return f"{sentence[:-1]} {ranks}."


def _signals(
    question: str,
    chunks: Sequence[RetrievedChunk],
    units: Sequence[_Unit],
    read: _Read,
    resume: Sequence[Chunk],
) -> dict[str, float]:
    """What tells whether anything answers: see rag.declining.signals."""
    best = max(units, key=lambda unit: unit.score)
    chunk = chunks[best.passage].chunk
    spans = ((best.start, best.end), _heading(chunk.text, best), _below(chunk.text, best))
    document = [each for each in resume if each.document_id == chunk.document_id][:MOST_PASSAGES] or [found.chunk for found in chunks]
    lines = [chunk.text[slice(*span)] for span in spans if span]
    return signals(read.p_passages, read.p_line, read.p_llama, question, lines, map(passage_text, document))


def line_text(chunk: Chunk, start: int, end: int) -> str:
    """A line of a chunk as it is read for itself: under its section's title and the heading of its entry."""
    heading = _heading(chunk.text, _Unit(0, start, end))
    above = chunk.text[slice(*heading)].strip() if heading and not heading[0] <= start < heading[1] else ""
    return "\n".join(part for part in (chunk.section, above, chunk.text[start:end]) if part)


def only_quoted(chunks: Sequence[RetrievedChunk], quoted: Quoted) -> list[RetrievedChunk]:
    """The quoted chunks cut to their quoted lines, with their ranks: all that a small model is given to read."""
    kept = []
    for index, found in enumerate(chunks):
        lines = sorted((a, b) for i, a, b in quoted.lines if i == index)
        if lines:
            text = "\n".join(found.chunk.text[a:b].strip("\n") for a, b in lines)
            kept.append(replace(found, chunk=replace(found.chunk, text=text)))
    return kept


def _by_reading(
    question: str, chunks: Sequence[RetrievedChunk], reranker: Reranker, resume: Sequence[Chunk]
) -> _Read:
    texts, shifts = zip(*(passage(found.chunk) for found in chunks), strict=True)
    readings = reranker.read(without_names(question, people(found.chunk for found in chunks)), texts)
    # Which entry is meant is told by all of them: the job before another by that other one, which need not be retrieved.
    retrieved = {found.chunk.id for found in chunks}
    documents = {found.chunk.document_id for found in chunks}
    others = [each for each in resume if each.document_id in documents and each.id not in retrieved][:MOST_PASSAGES]
    asked = meant(question, [*(found.chunk for found in chunks), *others])
    units = [
        _Unit(i, max(0, start - shift), end - shift, with_odds(p, asked.of_line(i, start - shift, end - shift)))
        for i, (reading, shift) in enumerate(zip(readings, shifts, strict=True))
        for start, end, p in reading.lines
        if end > shift and not _is_title(texts[i], start, end) and not tells_no_fact(question, chunks[i].chunk.section, texts[i][start:end])
    ]
    may = {unit.passage for unit in units}
    answers = [asked.p_answers(i, reading, shift) for i, (reading, shift) in enumerate(zip(readings, shifts, strict=True)) if i in may]
    if asked.tells:  # the heading of the job that a question names reads well, but is not the one before it
        units = [unit for unit in units if not asked.names_line(unit.passage, unit.start, unit.end)] or units
    units = [unit for unit in units if not asked.is_elsewhere(unit.passage, unit.start, unit.end)] or units
    # A rule tells which entry is meant, not that it tells what is asked: "his salary now".
    likely = together(answers)
    units, p_line, p_llama = _read_again(question, chunks, units, reranker)
    if asked.tells:
        return _Read(units, likely, p_line, p_llama, likely >= 0.5)
    return _Read(units, min(likely, together([reading.p_answers for i, reading in enumerate(readings) if i in may])), p_line, p_llama, False)


def _read_again(
    question: str, chunks: Sequence[RetrievedChunk], units: Sequence[_Unit], reranker: Reranker
) -> tuple[list[_Unit], float, float]:
    """The lines with their log odds and those of the further readings weighed together, and the highest probability by the second and by the
    Llama.

    The likeliest LINES_READ are read, each under its headings, and for the Llama LLAMA_READ, each under all that stands above it in its passage; the
    others count as if they had been found as unlikely as the unlikeliest of these.
    """
    ranked = sorted(units, key=lambda unit: -unit.score)
    second = reranker.read_lines(question, [line_text(chunks[unit.passage].chunk, unit.start, unit.end) for unit in ranked[:LINES_READ]])
    places = [(unit, *passage(chunks[unit.passage].chunk)) for unit in ranked[:LLAMA_READ]]
    third = reranker.llama_lines(question, [(text, shift + unit.end) for unit, text, shift in places])
    odds, weights = [logit(unit.score) for unit in ranked], 1.0
    for found, weight in ((second, SECOND), (third or (), THIRD)):
        if found:
            of_each = [*found, *[min(found)] * (len(ranked) - len(found))]
            odds, weights = [sum_ + weight * again for sum_, again in zip(odds, of_each, strict=True)], weights + weight
    weighed = [replace(unit, score=_sigmoid(sum_ / weights)) for unit, sum_ in zip(ranked, odds, strict=True)]
    return weighed, _sigmoid(max(second, default=0.0)), _sigmoid(max(third or second, default=0.0))


def _sigmoid(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


def _is_title(text: str, start: int, end: int) -> bool:
    """Whether a line is a section's title, with something below it, or names the columns of a table; "- Leadership" and "Writing, volunteering" are no
    titles."""
    line = text[start:end]
    rows = [line, *text[end + 1 :].split("\n", 2)[:2]]
    if "|" in line and without_column_names(rows)[:1] != rows[:1]:
        return True
    return is_known_title(bare_title(line)) and not _BULLET.match(line) and "," not in line and bool(text[end:].strip())


def _by_words(question: str, chunks: Sequence[RetrievedChunk]) -> list[_Unit]:
    """Every sentence scored by the question's words in it and in its section title, and its passage's cosine."""
    from rag.retrieval import tokens

    asked = set(tokens(question))
    if max(found.score for found in chunks) < FALLBACK_COSINE:
        return []
    units = []
    for i, found in enumerate(chunks):
        title = set(tokens(found.chunk.section))
        for a, b in sentences(found.chunk.text):
            words = set(tokens(found.chunk.text[a:b]))
            shared = (len(asked & words) + 0.5 * len(asked & (title - words))) / max(1, len(asked))
            units.append(_Unit(i, a, b, 0.5 * shared + 0.5 * max(0.0, found.score) + 0.02 / found.rank))
    return units


def _contacts(question: str, chunks: Sequence[RetrievedChunk], resume: Sequence[Chunk]) -> list[_Unit]:
    """The first lines of the resume with the candidate's address and number, where nothing but these is asked for; [] where one of them stands
    in a passage that was not retrieved, and of several resumes where the question names the candidate of none."""
    whose = {found.chunk.document_id: found.chunk.subject for found in chunks}
    if len(whose) > 1:
        whose = {document: subject for document, subject in whose.items() if name_pattern(subject).search(question)}
    if len(whose) != 1:
        return []
    [(document, subject)] = whose.items()
    own = [chunk for chunk in resume if chunk.document_id == document] or [found.chunk for found in chunks if found.chunk.document_id == document]
    lines: dict[_Unit, None] = {}
    for form in contacts.asked_for(without_names(question, {subject}), subject):
        for n, chunk in enumerate(sorted(own, key=lambda chunk: chunk.start)):
            head = n == 0 and not is_entry(chunk)
            held = contacts.line_with(form, chunk, head)
            if held:
                i = next((i for i, found in enumerate(chunks) if found.chunk.id == chunk.id), None)
                if i is None:
                    return []
                lines[_Unit(i, *held, 1.0)] = None
                break
    return list(lines)


def _choose(units: Sequence[_Unit], several: bool) -> list[_Unit]:
    """The best line and those nearly as good, best first."""
    ranked = sorted(units, key=lambda unit: -unit.score)[: MAX_LISTED if several else MAX_QUOTES]
    best = _odds(ranked[0].score) if ranked else 0.0
    return [
        unit
        for i, unit in enumerate(ranked)
        if i == 0
        or _odds(unit.score) >= NEXT_SHARE * best
        or (several and unit.score >= LISTED_CHANCE and _odds(unit.score) >= LISTED_SHARE * best)
    ]


def _of_that_year(question: str, chunks: Sequence[RetrievedChunk], units: list[_Unit]) -> list[_Unit]:
    """Without the lines that speak, or whose headings speak, of other years than the one that is asked about; the best one stays where none
    speaks of that year. All of them where the question names several."""
    year = year_asked(question)
    if year is None:
        return units

    def of_year(unit: _Unit) -> bool | None:
        """None where no year is told."""
        text = chunks[unit.passage].chunk.text
        line = text[unit.start : unit.end]
        own = tells_year(line, year)
        return tells_year(text[slice(*heading)], year) if own is None and (heading := _heading(text, unit)) else own

    of = [of_year(unit) for unit in units]
    kept = [unit for unit, own in zip(units, of, strict=True) if own is not False]
    return kept if True in of or not units or units[0] in kept else [units[0], *kept]


def _periods(question: str, chunks: Sequence[RetrievedChunk]) -> list[_Unit]:
    """The lines with the dates of the entries that the question names; of a passage with several, of those alone that it names."""
    found = []
    for i in sorted(named_entries(question, [each.chunk for each in chunks])):
        entries = parts(chunks[i].chunk)
        own = named_entries(question, [entry for _, entry in entries]) or range(len(entries))
        for k, (start, entry) in enumerate(entries):
            if k in own and (span := dated_line(entry)):
                found.append(_Unit(i, start + span[0], start + span[1]))
    return found


def _of_both(question: str, chunks: Sequence[RetrievedChunk], units: Sequence[_Unit], chosen: Sequence[_Unit]) -> list[_Unit]:
    """Where the question asks which of two, the likeliest line with each of them that is not among the chosen; nothing where one stands in no line."""
    asked = _ASKS_WHICH.search(question)
    if asked is None:
        return []
    holds = lambda unit, name: name.casefold() in chunks[unit.passage].chunk.text[unit.start : unit.end].casefold()
    best = []
    for name in (asked["one"] or asked["first"], asked["other"] or asked["second"]):
        lines = [unit for unit in units if holds(unit, name)]
        if not lines:
            return []
        best += [] if any(holds(unit, name) for unit in chosen) else [max(lines, key=lambda unit: unit.score)]
    return list(dict.fromkeys(best))


def _has_form(question: str, chunks: Sequence[RetrievedChunk], units: Sequence[_Unit]) -> bool:
    """Whether the lines that seem to answer could: they have a word that cannot be missing (rag/answer_types.py); asked when, there must be a date in the best one or in what is quoted with it,
    asked for money a sum, asked why somebody left a reason.

    Where the question names what stands in another item of the same list, and not in the best one, that other item counts: the date
    of one licence is not the date of the next.
    """
    if lacks_word(question, "\n".join(chunks[unit.passage].chunk.text[unit.start : unit.end] for unit in units)):
        return False

    def told(unit: _Unit) -> str:
        text = chunks[unit.passage].chunk.text
        spans = (_heading(text, unit), (unit.start, unit.end), _below(text, unit))
        return "\n".join(text[slice(*span)] for span in spans if span)

    if leads_nobody(question, (line for unit in units for line in told(unit).split("\n")), by_title=True):
        return False
    when, money, why = _ASKS_WHEN.search(question), _ASKS_MONEY.search(question), _ASKS_WHY_LEFT.search(question)
    if not (when or money or why):
        return True

    def could(text: str) -> bool:
        return not (when and not _WHEN.search(text) or money and not _SUM.search(_NO_SUM.sub("", text)) or why and not _REASON.search(text))

    best, names = told(units[0]), _names(question, chunks)
    items = [told(unit) for unit in units[1:] if _same_list(chunks, units[0], unit)]
    named = [item for item in items if sum(name in item for name in names) > sum(name in best for name in names)]
    return any(map(could, named or [best]))


def _same_list(chunks: Sequence[RetrievedChunk], one: _Unit, other: _Unit) -> bool:
    """Whether two lines are items of one list: bullets, values with the same label, or rows of a table."""
    if one.passage != other.passage:
        return False
    text = chunks[one.passage].chunk.text
    a, b = (text[text.rfind("\n", 0, unit.start) + 1 : unit.end] for unit in (one, other))
    label = _LABELLED.match(a)
    return bool(
        _BULLET.match(a) and _BULLET.match(b) or label and b.startswith(label[0]) or min(a.count("|"), b.count("|")) >= 2
    )


def _names(question: str, chunks: Sequence[RetrievedChunk]) -> list[str]:
    """Names in a question but for the candidates': words with a capital, in Korean those of three syllables and more, without what may be an ending."""
    if language_asked(question) == "ko":
        return [word[: max(3, len(word) - 2)] for word in re.findall(r"[가-힣]{3,}|[A-Za-z]{3,}", question)]
    own = {word for found in chunks for word in found.chunk.subject.split()}
    return [name for m in LATIN_NAME.finditer(question) if m.start() and (name := re.sub(r"['’]s$", "", m[0])) not in own]


def _odds(p: float) -> float:
    return p / max(1e-6, 1 - p)


def _heading(text: str, unit: _Unit) -> tuple[int, int] | None:
    """Where the dated heading stands of the entry a line belongs to: see `_heading_within`."""
    first, last = next(((a, b) for a, b in entry_spans(text) if a <= unit.start < b), (0, len(text)))
    within = _heading_within(text[first:last], replace(unit, start=unit.start - first, end=unit.end - first))
    return within and (first + within[0], first + within[1])


_NUMBERED = re.compile(r"\s*(?:\d{1,2}[.)]|[①-⑳]) ?")


def _heading_within(text: str, unit: _Unit) -> tuple[int, int] | None:
    """The dated heading of the entry a line belongs to: a fact without employer or date is half an answer.

    One or two lines that stand together above the bullets, at least one of them with a year. A line that is no
    bullet has a heading only directly above it, and only one with a period: in "Licence (2018)", "SQL (2019)" the
    first line is no heading of the second. Where an entry begins with employer, post and dates in short lines, these are the heading of all
    that follows down to a blank line (or the next, where nothing but the place stands above it), unless further dates follow or the line behind
    the blank one is another school: a passage may hold several entries.
    """
    first = top(text)
    several = first and text[: first[1]].count("\n") and not is_known_title(bare_title(text.split("\n", 1)[0]))
    if several and (unit.start < first[1] or _is_below_top(text, first[1], unit.start)):
        return first
    line_start = text.rfind("\n", 0, unit.start) + 1
    line_end = text.find("\n", unit.start)
    line = own = text[line_start : line_end if line_end >= 0 else len(text)]
    bullet = bool(_BULLET.match(line))
    if not bullet and _PERIOD.search(line) and not text[:line_start].strip().count("\n"):
        title = text[: max(0, line_start - 1)]  # dates and place right under whose they are
        named = title.strip() and len(title) <= MAX_HEADING and not _YEAR.search(title) and not _BULLET.match(title)
        return (0, len(title)) if named and not is_known_title(bare_title(title)) else None
    if not bullet and (_YEAR.search(line) or _LABELLED.match(line)):
        return None
    above = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\n", text[:line_start])]
    head: list[tuple[int, int]] = []
    for start, end in reversed(above):
        line = text[start:end]
        numbered = bullet and not _NUMBERED.match(own) and _NUMBERED.match(line) and _PERIOD.search(line)  # "1. Acme (2019 – 2021)" above "· Filed."
        if not line.strip() or (_BULLET.match(line) and not numbered) or is_known_title(bare_title(line)):
            if head or not bullet:
                break
        else:
            head.append((start, end))
            if len(head) == 2:
                break
    dated = _YEAR if bullet else _PERIOD
    if not head or not any(dated.search(text[s:e]) for s, e in head):
        return None
    if len(head) == 2 and _YEAR.search(text[slice(*head[0])]) and head[1][1] - head[1][0] > MAX_HEADING:
        head.pop()
    return head[-1][0], head[0][1]


def _is_below_top(text: str, top_end: int, start: int) -> bool:
    """Whether what begins at `start` belongs to the entry whose heading ends at `top_end`, and this entry is the only one."""
    rest = text[top_end:]
    if any(map(is_dated, rest.split("\n"))):
        return False
    above, *apart = text[top_end:start].split("\n\n")
    if not apart:
        return True
    only_place = len(apart) == 1 and not re.search(r"^- |[.!?]$", above, re.MULTILINE)  # the place alone between dates and text
    return only_place and not SCHOOL.search(rest.split("\n\n", 1)[1].split("\n", 1)[0])


def _without_names(text: str, heading: tuple[int, int] | None) -> tuple[int, int] | None:
    """A heading without the names of the columns above it."""
    if heading is None:
        return None
    lines = text[slice(*heading)].split("\n")
    if len(lines) == 1 and not without_column_names([lines[0], *text[heading[1] + 1 :].split("\n", 2)[:2]])[2:]:
        return None
    kept = "\n".join(without_column_names(lines)).lstrip("\n")
    return (heading[1] - len(kept), heading[1]) if text[slice(*heading)].endswith(kept) else heading


def _table_head(text: str, unit: _Unit) -> tuple[int, int] | None:
    """The names of the columns above a table's row, where it does not speak for itself: "14" alone does not say that it is people led."""
    if not any(_CELL_ALONE.fullmatch(cell) and not _YEAR.search(cell) for cell in cells(text[unit.start : unit.end])):
        return None
    rows = [match.span() for match in re.finditer(r"[^\n]+", text)]
    own = next((i for i, (a, b) in enumerate(rows) if a <= unit.start < b), 0)
    names = column_names([text[a:b] for a, b in rows], own)
    return None if names is None else rows[names]


def _employer_row(text: str, unit: _Unit) -> tuple[int, int] | None:
    """In a Korean form, a label and its value on each line, the row that says whose post, task or figure this is: the first of at least three rows
    that stand together or the one under the period, with no other employer among them. Where a post comes first its employer is below it."""
    above = text[: text.rfind("\n", 0, unit.start) + 1]
    if not _FORM_ROW.match(text[len(above) : unit.end]):
        return None
    rows: list[tuple[int, int]] = []
    end = len(above)
    for line in reversed(above.split("\n")[-MAX_ROWS - 1 : -1]):
        start = end - len(line) - 1
        if not _FORM_ROW.match(line):
            break
        rows.insert(0, (start, end - 1))
        end = start
    employers = [row for row in rows if _EMPLOYER_LABEL.match(text[slice(*row)])]
    leads = rows[1:2] if rows and _PERIOD_ROW.match(text[slice(*rows[0])]) else rows[:1]
    return employers[0] if len(rows) >= 2 and len(employers) == 1 and employers == leads else None


_DATE_BELOW = re.compile(r"(?:[A-Za-z]{3,9}\.? |\d{1,2}[./])?(?:19|20)\d{2}(?:[./-] ?\d{1,2}|년(?: ?\d{1,2}월)?)?\.?(?: |$)(?=.{0,40}$)")  # "2020.11 취득"


def _below(text: str, unit: _Unit) -> tuple[int, int] | None:
    """What stands right under a title: "Tidewatch" alone says nothing of what Tidewatch is; and the date under an item of a list of two lines each."""
    below = text[unit.end + 1 :].partition("\n")[0]
    own = text[unit.start : unit.end]
    if text[unit.end : unit.end + 1] == "\n" and _DATE_BELOW.match(below) and not is_dated(below) and not _YEAR.search(own) and not _BULLET.match(text, text.rfind("\n", 0, unit.start) + 1):
        return unit.end + 1, unit.end + 1 + len(below)
    title = text[: unit.end]
    if text[: unit.start].strip() or unit.end - unit.start > MAX_TITLE or re.search(r"\d", title) or _BULLET.match(title) or _LABELLED.match(title):
        return None
    return next(((a, b) for a, b in sentences(text) if a >= unit.end and text[a:b].strip()), None)


def _whole_line(text: str, unit: _Unit) -> tuple[int, int]:
    """The line that a sentence stands in, where it is a short one; else the sentence."""
    start = text.rfind("\n", 0, unit.start) + 1
    if text[start : start + 1] == "(" and text[:start].strip():  # "(ALS), valid until 03/2027" goes on from "Advanced Life Support"
        start = text.rfind("\n", 0, start - 1) + 1
    end = text.find("\n", unit.end)
    end = len(text) if end < 0 else end
    return (start, end) if _width(text[start:end]) <= WHOLE_LINE else (unit.start, unit.end)


def _with_details(text: str, start: int, end: int, section: str) -> tuple[int, int]:
    """A dated line of a list without bullets, with what stands under it and has no date of its own: "Medal  2019 / Shared with Ines Holm."

    Under a period of work or study ("MSc  2024 – ") that is any line of its entry, bullets where there are no more than these; under a single
    date at the end of a line a sentence, or a piece of one. Nothing where the title of the next entry may be among it.
    """
    own = text[start:end]
    if _BULLET.match(own) or not _YEAR.search(own) or "|" in own:
        return start, end
    period = is_dated(own) and bool(_WORK_OR_STUDY.search(section))
    if not (period or _ENDS_DATED.search(own)):
        return start, end
    last = next((b for a, b in entry_spans(text) if a <= start < b), len(text))
    below = text[end:last].split("\n")[1:] if text[end : end + 1] == "\n" else []
    bullets = len([line for line in below if line.strip()]) <= MAX_DETAILS
    for number, line in enumerate(below[:MAX_DETAILS]):
        bullet = bool(_BULLET.match(line))
        told = (period and bullets) if bullet else (period or _DETAIL.search(line)) and (not _YEAR.search(line) or _GOES_ON.match(line))
        titles = any(map(is_dated, below[number + 1 : number + 3]))
        if not line.strip() or not told or titles or "|" in line or end + 1 + len(line) - start > WHOLE_LINE:
            break
        end += 1 + len(line)
    return start, end


def _reach_below(text: str, end: int) -> tuple[int, int] | None:
    """The line below a referee's name that holds a number or an address and no more."""
    line = text[end + 1 :].partition("\n")[0] if text[end : end + 1] == "\n" else ""
    bare = contacts.ADDRESS.sub("", contacts.NUMBER.sub("", line))
    return (end + 1, end + 1 + len(line)) if len(bare) < len(line) and len(re.findall(r"[^\W\d_]", bare)) <= MOST_LETTERS else None


MOST_LETTERS = 16  # of "Telephone: " and the like beside a number
MAX_ITEM = 240  # characters of an item of a list in several lines


def _whole_item(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The item of a list that a line belongs to, where it stands in two or three lines between blank ones and one of these is its date: "Technician of the Year /
    2020 / Chosen by the doctors at Summit"; None for any other line."""
    first = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    last = text.find("\n\n", end)
    last = len(text.rstrip()) if last < 0 else last
    lines = text[first:last].split("\n")
    plain = not any(_BULLET.match(line) or re.search(r"[|:：@]|  ", line) or is_known_title(bare_title(line)) for line in lines)
    dates = sum(_ITEM_DATE.fullmatch(line.strip()) is not None for line in lines)
    return (first, last) if 2 <= len(lines) <= 3 and last - first <= MAX_ITEM and plain and dates == 1 and not any(map(is_dated, lines)) else None


_ITEM_DATE = re.compile(r"(?:[A-Za-z]{3,9}\.?,? |\d{1,2}[./])?(?:19|20)\d{2}(?:[./-] ?\d{1,2}\.?|년(?: ?\d{1,2}월)?)?")


def _to_its_end(text: str, start: int, end: int) -> tuple[int, int]:
    """With what a line goes on to below it: the next line where it breaks off ("Blasting card, 2015," / "expired in 2024"), the items that
    it announces with a colon, the dates under a title without one. Nothing of another entry, list or section."""
    line, below = text[start:end].rstrip(), text[end + 1 : end + 4 * WHOLE_LINE].split("\n")
    announces = line.endswith((":", "："))
    if text[end : end + 1] != "\n" or (_PERIOD.search(line) and announces):
        return start, end
    bullet, title = bool(_BULLET.match(below[0])), not text[:start].strip() or text[:start].rstrip(" ").endswith("\n\n")
    dated = lambda item: is_dated(item) or bool(_PERIOD.search(item))
    ends = lambda item: not item.strip() or is_known_title(bare_title(item)) or item.rstrip().endswith((":", "："))
    if announces and not (bullet and _BULLET.match(line)):
        for item in below[:MAX_LISTED]:
            if ends(item) or not bullet and dated(item) or bool(_BULLET.match(item)) != bullet or _width(text[start : end + 1 + len(item)]) > 2 * WHOLE_LINE:
                break
            end += 1 + len(item)
    elif not bullet and not ends(below[0]) and "|" not in below[0] and _width(text[start : end + 1 + len(below[0])]) <= WHOLE_LINE:
        # A list of dated lines is no entry, and its first line not the date of what stands above.
        several = len(below) > 1 and bool(_BEGINS_DATED.match(below[1]))
        dates = title and not several and not _YEAR.search(line) and not _BULLET.match(line) and bool(_DATES_ONLY.match(below[0]))
        if dates or _BREAKS_OFF.search(line) and not dated(below[0]):
            end += 1 + len(below[0])
    return start, end


def _width(text: str) -> int:
    """Its characters, one of Korean as two."""
    return len(text) + len(_HANGUL.findall(text))


def _apart(lines: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Stretches of the passages, in their order, those of one passage that overlap as one."""
    made: list[tuple[int, int, int]] = []
    for i, a, b in lines:
        over = [each for each in made if each[0] == i and each[1] < b and a < each[2]]
        whole = (i, min([a, *(each[1] for each in over)]), max([b, *(each[2] for each in over)]))
        place = made.index(over[0]) if over else len(made)
        made = [each for each in made if each not in over]
        made.insert(place, whole)
    return made


def _plain(quote: str) -> str:
    """The quote on one line, without its bullet, and without what would be taken for a citation of ours ("[12]" in a list of papers)."""
    lines = (re.sub(r"\s+", " ", _BRACKETED.sub("", _BULLET.sub("", line))).strip() for line in quote.split("\n"))
    return " · ".join(filter(None, lines))
