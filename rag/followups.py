"""Follow-up questions ("and before that?") rewritten into standalone ones, which can be searched for."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Collection, Sequence

from rag import contacts
from rag.aliases import DEGREES, TONGUE_FORMS, known_names
from rag.durations import LASTED
from rag.entries import SCHOOL, lies_within
from rag.generation import Generator, complete
from rag.jobs import asks_all, asks_current
from rag.language import language_asked
from rag.leading import asks_leading
from rag.others import with_name
from rag.prompt import is_declined, rewrite_messages
from rag.retrieval import name_pattern
from rag.rules import asks_alone
from rag.sections import DURATION, POST, is_known_title, without_column_names

log = logging.getLogger(__name__)

History = Sequence[tuple[str, str]]
MAX_REWRITE_TOKENS = 48
MIN_STEM = 4  # letters by which a word is known in another form

# "he", "she" and "they" are not here: on a resume they are its subject, and the prompt names it.
_LEANS_EN = re.compile(
    r"^(and|but|or|so|then|also|what about|how about|why|when was (that|this|it)|where was (that|this|it))\b"
    r"|\b(that|there|it|its|this|those|these|then|them|former|latter|same)\b"
    r"|\b(before|after) (that|this|it)\b|^(which one|how come|how long|how many|since when|until when|and)\??$"
    # "For how long?", "At Acme?"
    r"|^(?:at|in|on|for|with|from|to|by|during|since|until|about)(?: \S+){1,2}$",
    re.IGNORECASE,
)
# More of what was said: nothing else is named.
_ASKS_MORE = re.compile(
    r"^\W*(?:(?:please|can you|could you|ok|okay|yes),? )*"
    r"(?:(?:(?:tell|give|show) (?:me|us) |say )?(?:some |a (?:bit|little) )?more(?: (?:details?|info|information|please))*"
    r"|(?:elaborate|explain)(?: more| further)?)\W*$"
    r"|^(?:(?:그럼|좀|조금) ?)*(?:더|자세히|자세하게|구체적으로|상세히)(?: (?:좀|더|자세히|자세하게|구체적으로|상세히))*"
    r"(?: ?(?:알려|말해|말씀해|설명해|얘기해) ?\S{0,6})?\W*$",
    re.IGNORECASE,
)
# Whom the resume is about, as "she" does.
_SUBJECT = re.compile(
    r"\b(?:this|that) (?:person|candidate|applicant|individual|guy|man|woman|resume|cv)\b"
    r"|(?<![가-힣])(?:그|이) ?(?:사람|분|지원자|후보자?)(?=(?:은|는|이|가|의|을|를|도|과|와|께서|께|에게|한테)?(?:[\s?.,!]|$))"
    r"|(?<![가-힣])그(?=녀|는 |가 |의 |를 |도 |에게)",
    re.IGNORECASE,
)
# A short question leans on the one before where it is nothing but such words ("Since when?", "And who else?"), begins with one that asks
# ("Which team?"), or means something of a job ("His role?"); "LinkedIn?" and "any awards" stand alone.
_BARE = frozenset(
    "why when where how what who whom whose which since until till long many much often far ago come so and or but also really exactly else other others more again then there here that it this those"
    " these them one ones both all any some anything something somewhere anybody someone the a an in on at to from for with by of about before after during between yes no not did does do was were is are"
    " he she they him her his their old still now".split()
)
_WHOM = frozenset("he she they him her his their".split())
_SMALL_WORDS = _BARE | frozenset("what's who's how's it's that's is am be being can could will would should may might please tell me us my i we our its have had get got one thing things well just too either same role job".split())
_ASKING = frozenset("why when where how what who whom whose which since until till for with and or but then after before during".split())
_OF_A_JOB = re.compile(r"(?:(?:and|the) )?(?:(?:his|her|their|the) )?(?:roles?|titles?|positions?|dates?|period|duties|duty|responsibilities|tasks?|boss|reason)\W*", re.IGNORECASE)
_NOT_LEANING_EN = re.compile(
    r"\b(is there|are there|was there|there (is|are)|that (she|he|they)|so that)\b",
    re.IGNORECASE,
)
_LEANS_KO = re.compile(
    r"^(그럼|그러면|그리고|그런데|그래서|또|왜|언제|어디서|얼마나).{0,6}$"
    r"|^(언제부터|언제까지|얼마나|얼마 ?동안|몇 ?(?:년|개월)(?:이나)?)(?: ?(?:오래|동안|정도|쯤))? ?(?:다녔|다니|일했|일하|근무|재직|있었|했)\S{0,6}$"
    r"|(^|\s)(그|그건|그게|그거|그것|그곳|거기|거기서|거기선|거긴|거길|그때|그중|이건|이게|해당|그 전|그전|그 후|그 다음|그다음|그 외|이전에는|이후에는)(은|는|이|가|에|에는|에서|에서는|엔|의|도|요)?요?(\s|\?|$)"
    r"|^(그럼 ?|그러면 ?|그리고 ?)?(?:바로 ?)?직전(에|엔|에는|은)"
    r"|^[^\s]{1,8}(은요|는요|도요)\??$"
    r"|^어떻게 ?[가-힣]{1,5} ?(?:건지|거야|건가요?|거예요|거죠|거지|했어요?|했나요|했는지)요?\??$"
)
# These mean something that was named before; "그리고 학력은?" means nothing of the kind.
_REFERS = re.compile(
    r"\b(?:there|that|it|its|this|those|these|then|them|former|latter|same)\b"
    r"|거기|거긴|거길|그곳|그때|그중|그건|그게|그거|그것|이건|이게|(?:^|\s)(?:그|해당) |그전|그다음",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?:그럼|그러면|그리고|and|what about|how about)?[\s,]*(?:(?:her|his|their|the) )?(?P<topic>[^\s?]+?(?: [^\s?]+?)?)(?:은요|는요|도요|은|는)?\s*\?*", re.IGNORECASE)
_LEAD = re.compile(r"^\W*(?:(?:and|so|ok|okay|then|but|also|그럼|그러면|그리고),? )*(?:(?:what|how) about )?", re.IGNORECASE)
# Where a job was asked for by its place among the others, "there" is the one that was told.
_ASKED_IN_ORDER = re.compile(
    r"\b(?:before|after|previous|prior|next|first|earliest|latest|last|current(?:ly)?|now|present)\b|(?<![가-힣])(?:첫|그 ?전|이전|직전|다음|이후|전 ?(?:직장|회사)|후에|현재|지금|최근|마지막)|^[^:?]{3,120}: ",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(r"\b(?:which|what) (?:job|role|company|employer|place|clinic|hospital|school)\b|^(?:and |so )?where\b|어디(?:서|에서)|(?:어느|어떤|무슨) ?(?:회사|직장|병원|곳)", re.IGNORECASE)  # the job that was told was asked for
# The time of the job that was told.
_SINCE_WHEN = re.compile(
    r"(?:(?:and|so),? )?(?:since when|from when|until when|when (?:did (?:he|she|they) (?:start|begin|join|leave)|was that)|which years?|what years?)|언제(?:부터|까지)?(?:요|예요|에요|였어요?|인가요|야)?"
    r"|(?:거기(?:는|엔|서는|에는)? ?|거긴 ?)?언제(?:부터|까지)? ?(?:입사|퇴사|들어|그만|다녔|다니|일했|일하|근무|재직|있었|했)[가-힣]{0,6}",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(
    r"(?:(?:and|so),? )?(?:for )?how (?:long|many (?:years|months))(?: (?:was|has|did) (?:he|she|they|that|it)(?: (?:be|been|stay|work|last|go on))?)?(?: (?:there|that|for))?"
    r"|(?:거기(?:서|에서|에)?(?:는|선)? ?|거긴 ?)?(?:얼마나|얼마 ?동안|몇 ?(?:년|개월)(?:이나|째)?)(?: ?(?:오래|동안|정도|쯤))?(?:요| ?(?:다녔|다니|일했|일하|근무|재직|있었|했)[가-힣]{0,6})?",
    re.IGNORECASE,
)
# A number that is not said of whom or what: "How many covers?", "몇 대나 팔렸나요?"; those of a whole resume are none of a job's.
_HOW_MANY = re.compile(
    r"(?:(?:and|so),? )?how (?:many|much|big|large)\b(?: (?!(?:he|she|they|his|her|their|you|it|years?|yrs|months|weeks|notice|languages|skills|jobs|roles|companies|employers|internships|certif\w*|qualifications|licen[cs]\w*|courses|awards|papers|publications|patents|degrees|countries|cities|children|kids|siblings|hobbies|references|referees|candidates|applicants|resumes|cvs|total|overall|altogether|experience|salary|all|other|else|gaps?)\b)[\w'’-]+){1,6}"
    r"|(?!.*(?:총 |모두|전체|전부|지금까지|언어|국어|자격|면허|회사|직장|학교|논문|특허|나이|연봉|경력|군데|상 ?받|수상|자녀|아이|형제|가족|동생|지원자|후보|이력서|이직))(?:[가-힣A-Za-z]{1,8} ){0,2}(?:[가-힣A-Za-z]{1,8})?몇 ?(?:대|개(?!월|국)|명|건|권|편|종|팀|배|퍼센트|프로|장|회)[가-힣]{0,5}(?: [가-힣]{1,8}){0,2}",
    re.IGNORECASE,
)
_WHY_LEFT = re.compile(
    r"(?:(?:and|so|but),? )?why did (?:he|she|they) (?:leave|quit|go|resign|stop|move on|change)(?: (?:it|there|(?:that|the) (?:job|place|company|employer|firm|role|position)))?|why leave"
    r"|(?:그럼 ?|그런데 ?|근데 ?)?(?:거기(?:는|서|선|서는)? ?|거긴 ?)?왜 ?(?:그만|나왔|나오|나온|나간|나갔|퇴사|이직|옮겼|옮기|옮긴|떠났|관뒀|관두)[가-힣]{0,7}|(?:(?:퇴사|이직|퇴직|사직) ?(?:사유|이유)|(?:그만둔|그만 ?둔|나온|관둔|떠난|퇴사한|이직한) ?이유)(?:는|가)?(?:요)?(?: ?(?:뭐|무엇|뭔)\S{0,5})?",
    re.IGNORECASE,
)
_WHERE_THAT = re.compile(
    r"(?:(?:and|so),? )?(?:where|(?:in )?(?:which|what) (?:city|town|country|place)) (?:is|was) (?:that|it|this)(?: (?:company|employer|firm|job|place|hospital|school|clinic|shop|one))?(?: (?:based|located|in))?"
    r"|(?:거기|거긴|그 ?(?:회사|직장|병원|학교))(?:는|가|은)? ?(?:위치(?:가|는)? ?)?어디(?:에)? ?(?:있|위치|예|야|에|인|죠|이)\S{0,6}",
    re.IGNORECASE,
)
_HOW_MUCH_KO = re.compile(r"(?:그래서 ?)?(?:얼마나|몇 ?(?:%|퍼센트|배)(?:나|를|가)?) ?(?:빨라|줄|늘|올[랐라]|높아|낮아|단축|개선|감소|증가|절감|향상|좋아)\S{0,8}")
_IN_THAT_ROLE = re.compile(r"(?:(?:and|so),? )?(?:for )?how long (?:(?:was|has|did) (?:he|she|they) (?:(?:be|been|stay|work) )?)?in (?:that|this) (?:job|role|post|position)", re.IGNORECASE)
_HEADED = re.compile(r"(?P<job>[^:?\n]{3,120}): \S")  # as a question is put behind the job it means
_AT_WORK = re.compile(r"\b(?:work\w*|employed|intern\w*|stud\w+) (?:at|for)\b|에서 ?(?:일|근무|뭐|뭘|무슨)|다녔|다니|입사", re.IGNORECASE)  # an employer's
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+#.&/-]*(?: [A-Z0-9][A-Za-z0-9+#.]*)*")
_NAME_ALONE = re.compile(r"(?:(?:그럼|그러면|그리고|and|what about|how about),? ?)?X(?:은요|는요|도요|은|는|도)?", re.IGNORECASE)
_CAPITALS = r"(?-i:[A-Z])[\w&.'’-]*(?:,? (?:(?:of|and|&|the|de|la) )?(?-i:[A-Z])[\w&.'’-]*){0,3}"
_OTHER_NAME = re.compile(rf"(?:(?:(?:and|what about|how about),? )+(?P<prep>(?:in|at|for) )?|(?P<alone>at ))(?:(?P<name>{_CAPITALS})|(?:in|at|for|with) the (?P<place>[a-z]{{3,20}}(?: [a-z]{{3,20}}){{0,2}}))(?:,? (?:too|as well))?", re.IGNORECASE)
_PLACE = re.compile(rf"\b(?:in|at|for) (?P<name>{_CAPITALS})\W*$", re.IGNORECASE)  # at the end: all of a name
_JOINED = re.compile(r"\b(?:leave|left|leaving|join(?:ed|ing)?|quit) (?P<name>(?!(?:it|that|there|his|her|their|the|this)\b)[^\W\d_][\w&.'’ -]{1,40})$", re.IGNORECASE)  # "Why did she leave Acme?"
_OWN_PLACE = re.compile(r"\b(?:at|as|in) (?!(?:that|this|it|total|all|general|his|her|their|the|an?|each|every|which|what|any|once|most|least|first|last|present|one|charge)\b)(?P<name>[^\W\d_]{3,}(?: [^\W\d_]+){0,3})$", re.IGNORECASE)
_IN_TIME = re.compile(r"\b(?:past|future|end|beginning|meantime|moment|time|year|years|month|summer|winter|spring|autumn|morning|evening|same|other|first|last|next|team|job|role|project|resume|cv)\b", re.IGNORECASE)
_NO_PLACES = re.compile(r"(?:now|today|then|before|after|skills?|languages?|education|experience|[A-Z][a-z]+ (?:experience|skills?))", re.IGNORECASE)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_OF_A_DEGREE = re.compile(
    r"(?:(?:and|so),? )?(?:where (?:was|is) (?:that|this|it)|when did (?:he|she|they) (?:finish|graduate|complete|get|start|begin|do)(?: (?:it|that|this|the degree))?|when was (?:that|this|it)|where did (?:he|she|they) (?:study|do|get|earn) (?:it|that|this)"
    r"|(?:at |from )?(?:which|what) (?:university|school|college)(?: was (?:that|it))?|what (?:grade|gpa|marks?|result)(?: did (?:he|she|they) get)?|(?:(?:the|his|her|their) )?(?:final )?(?:grades?|gpa|marks?|results?|score|classification)|in what(?: subject| field)?)"
    r"|전공(?:은요|은|이)?(?: ?(?:뭐|무엇|뭔)\S{0,5})?(?:요)?|(?:거긴 |그건 )?언제 ?(?:졸업|마쳤|끝났|취득|땄)\S{0,6}|(?:학점|성적|평점)(?:은|는|이)?(?: ?(?:몇|얼마|어떻|뭐)\S{0,5})?",
    re.IGNORECASE,
)
# Of everybody, or of somebody else: whoever was talked of before is not meant.
_OF_ALL = re.compile(
    r"\bwho(?:se)?\b(?!.*\b(?:he|she|they|his|her|their|referees?|references?|managers?|boss|supervisors?)\b)|\b(?:which|what) (?:candidates?|persons?|people|applicants?|one|resumes?|cvs|documents?|files?|of)\b|\b(?:any|some|every)(?:one|body)\b"
    r"|^\W*which (?:has|have|had|is|was|can|could|would|will|speaks?|knows?|works?|worked|fits?)\b|\b(?:candidates|applicants|resumes|all of them|compared?|comparison|between them|together|neither|the others?|someone else)\b"
    r"|\b(?:any|a|an|another|other|each|every|either|\w+est|most \w+|best) (?:other )?(?:candidate|applicant|person|resume)\b|\b(?:each|either) of (?:them|the)\b|\b(?:all|both|two|three|these|the) (?:people|cvs)\b"
    r"|\bboth\b(?! (?:degrees|jobs|companies|employers|roles|languages|certificates|positions|schools|of (?:her|his|their)))"
    r"|(?<![가-힣])(?:누가|(?<![은는] )누구(?!랑|와|하고)|[둘셋넷](?!째)(?= ?(?:은|이|중|다|의|을)(?:[ ?]|$))|전원|두 ?(?:분|사람|명|지원자)|각자|다들|나머지|어느 ?(?:지원자|분|사람|쪽)|비교|다른 ?(?:지원자|후보자?|사람|분)|사람들|지원자들|후보들|이력서들)|^\W*모두 |(?:지원자|후보자?|사람|분) ?중(?:에|에서)?(?: |$)|(?:지원자|이력서|사람)(?:는|은|가|이)? ?몇"
    r"|(?<!어떤)(?:[는한인긴은]|많은|되는) (?:사람|분|지원자|후보자?)(?:은|는|이|가|도|만)?(?: ?(?:있|없|누구|몇|찾|알려|말해|골라)|[? ]*$)",
    re.IGNORECASE,
)
_THE_CANDIDATE = re.compile(r"\bthe candidate\b|(?<![가-힣])지원자(?:님|씨)?(?=(?:은|는|이|가|의|을|를|도|께서|께서는)(?: |$))", re.IGNORECASE)
# A capital that a question has from its place at the front: behind a name it would make a name of the word.
_FRONT = re.compile(
    r"(?:what|which|where|when|who|whom|how|why|is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|any|some|list|show|describe|explain|tell|give|name|walk|talk|summari[sz]e|in|on|at|for|from|since|until|about|and|so|ok|okay"
    r"|longest|shortest|biggest|greatest|highest|latest|current(?:ly)?|previous|first|last|best|main|key|total|gaps?|strengths|weaknesses|willing|married|age|salary|notice|job|jobs|employers?|career|experience|years|number|the|his|her|their)(?![\w-])",
    re.IGNORECASE,
)
_SAYS_THERE = re.compile(r"\b(?:he|she|they) .*\bthere\b", re.IGNORECASE)
# "And before that?", "Before Figma?", "그 전에는요?" and no more.
_BESIDE_LEAD = r"(?:(?:and|what about|how about|what|where|so|the (?:one|job|company|employer)),? ){0,3}(?:(?:was|came|is|comes|were) )?(?P<which>before|after) "
_BESIDE_ALONE = re.compile(_BESIDE_LEAD + r"(?:that|this|it)(?: one| job)?(?:,? (?:where|what))?", re.IGNORECASE)
_BESIDE_NAME = re.compile(
    _BESIDE_LEAD + r"(?P<what>(?!(?:All|School|January|February|March|April|May|June|July|August|September|October|November|December)\b)(?-i:[A-Z])[\w&.'’-]*(?:,? (?:of |and |& |the |de )?(?-i:[A-Z])[\w&.'’-]*){0,4})",
    re.IGNORECASE,
)
_BESIDE_ALONE_KO = re.compile(
    r"(?:그럼|그러면|그리고)?[ ,]*(?:그 ?|바로 ?|(?=직전))(?P<which>이전|직전|전|다음|후)(?: ?(?:병원|곳|데)(?:은요|는요|은|는)|에|엔|에는|은|은요|엔요|에는요|에요|요)?"
    r"(?: ?(?:어디(?:서|에서|에|를)?|어느 ?회사(?:에|를)?|무슨 ?일(?:을)?|뭐|뭘)? ?(?:다녔|다니|일(?:했|하)|근무|있었|계셨|했)[가-힣]{0,6})?"
)
_ALONE = re.compile(r"(?:(?:and|what|where|so|the (?:one|job|company)),? ){0,2}(?P<which>before|after)", re.IGNORECASE)
_WORKED_BEFORE = re.compile(r"(?:(?:and|so),? )?(?:(?:where|what) (?:did|had|was|were) (?:he|she|they) (?:(?:do|doing|work|worked|been|working|employed|go) )?|(?:what about|and) (?:the (?:one|job) )?)(?P<which>before|after)(?: (?:that|this|it))?", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were)\b)|거기|거긴|거길|그곳|그 ?(?:회사|직장)", re.IGNORECASE)
_THEN = re.compile(r"\bthen$|\bat (?:the|that) time$|그때|그 ?당시")
_BESIDE_THAT = re.compile(
    r"\b(?P<en>before|after) (?:that|this|it)\b|(?<![가-힣])그 ?(?P<ko>이전|전|다음|후)(?= ?(?:직장|회사|근무지|근무처|일자리|에|엔|은|의|[?]|$))", re.IGNORECASE
)
_TOLD = re.compile(r'^"(?P<line>[^"\n]{3,400})" (?P<source>\[\d+\])$', re.MULTILINE)
MAX_DEGREES = 3
MAX_BACK = 3  # turns
MAX_PLACE = 60  # characters of a line below a job's title: its employer
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DATES = re.compile(r"(?:(?:19|20)\d{2}.{0,12}?(?:[-–—~〜∼]|\bto\b|부터).{0,14}?(?:(?:19|20)\d{2}|present|now|current|ongoing|today|date\b|현재|지금|재직 ?중?|근무 ?중|진행 ?중)|(?:19|20)\d{2}년?(?: ?\d{1,2}월)?부터 ?(?:근무|재직)|(?:19|20)\d{2}(?:[./-]\d{1,2})?[–—-](?= |$))", re.IGNORECASE)
_RANGE = re.compile(rf"[ (]*(?:\b(?:{'|'.join(month[:3] for month in _MONTHS)})[a-z]{{0,6}}\.?[ -])?(?:\d{{1,2}}[./]){{0,2}}{_DATES.pattern}(?:[./-]\d{{1,2}}|년(?: ?\d{{1,2}}월)?)?\)?", re.IGNORECASE)
_SEASON = re.compile(r"^\W*(?:early|mid|late|spring|summer|autumn|fall|winter|season)s?\W*$", re.IGNORECASE)
_ASKS_JOB = re.compile(r"\b(?:jobs?|work\w*|employ\w*|compan\w+|roles?|positions?|career|before|after)\b|직장|회사|경력|일했|다녔|근무|이전|다음", re.IGNORECASE)
_OF_ONE_YEAR = re.compile(r"(?!.*\b(?:since|from|until|in|by|of) (?:19|20))(?:(?:19|20)\d{2}[ ,|·]{1,4}[^\W\d_][^\d\n]{3,80}|[^\W\d_][^\d\n]{3,80}[ ,|·(]{1,4}(?:(?:spring|summer|autumn|fall|winter) )?(?:19|20)\d{2}\)?)", re.IGNORECASE)  # "2016 Design Intern"
_SENTENCES = re.compile(r"(?<=[?.!])\s+(?=\S)")
_NAME = re.compile(r"[A-Z][\w&.+-]*|\d[\d.,%]*")


def leans_on_history(question: str) -> bool:
    """Whether a question cannot be understood without the turns before it."""
    if _ASKS_MORE.search(question):
        return True
    language, question = language_asked(question), _SUBJECT.sub("she", question)
    if language == "ko":
        return bool(_LEANS_KO.search(question))
    words = re.findall(r"[\w'’+#.-]*\w", question.casefold())
    if len(words) <= 2 and not _NAME.search(question[1:]) and (set(words) <= _BARE or words[0] in _ASKING or _OF_A_JOB.fullmatch(question.strip())):
        return True  # "Since when?", "Why?"
    if 2 < len(words) <= 6 and set(words) <= _BARE - _WHOM:
        return True  # "From what to what?"
    return bool(_LEANS_EN.search(question)) and not _NOT_LEANING_EN.search(question)


def refers_back(question: str) -> bool:
    """Whether a question means something that an earlier one named."""
    question = _SUBJECT.sub("she", question)
    return bool(_REFERS.search(question)) and not _NOT_LEANING_EN.search(question)


def _asks_topic(question: str) -> bool:
    """Whether a question is a section's title and no more: "학력은요?", "And her education?"."""
    found = _TOPIC.fullmatch(question.strip())
    return bool(found) and (is_known_title(found["topic"]) or _LEVEL_KO.fullmatch(found["topic"]) is not None)


def _whole(question: str) -> str:
    """A question for the candidate's address, or one that a rule answers whatever was said before, without the "and what about" before it; "" for others."""
    rest = _LEAD.sub("", question)
    return rest if contacts.asked_for(rest, "") or asks_alone(rest) else ""


_AMONG = re.compile(r"(?:of|among|out of) (?:all )?(?:of )?(?:those|these|them)(?: all)?,? |(?:그|이) ?(?:중|가운데)(?:에서는|에서도|에서|에는|에|엔)? ?", re.IGNORECASE)
_LONGEST_OF = re.compile(r"(?:(?:and|so),? )?which (?:one|of (?:them|those|these))(?: (?:was|is|lasted|did (?:he|she|they) (?:stay at|work at|have|hold)))?(?: the)? (?P<which>longest|shortest)(?: (?:at|in|for|time))?", re.IGNORECASE)


_POST_LABEL = re.compile(r"^(?:회사명?|직장명?|근무처|기관명|company|organi[sz]ation|employer|designation|직책|직위|직급|부서|역할|소속|role|title|position|post)\s?[:：]\s?", re.IGNORECASE)


# "Organisation: Acme Ltd · Designation: Buyer · Period: 2019 to date"
_LABELLED = re.compile(r"(?:company|organi[sz]ation|employer)(?: name)?\s?[:：]\s?(?P<employer>[^·|\n]{2,80}?)(?: ·)+ (?:designation|role|job title|title|position|post)\s?[:：]\s?(?P<post>[^·|\n]{2,80}?)(?= ·|$)", re.IGNORECASE)
_NO_EMPLOYER_LABEL = re.compile(r"(?!(?:회사|직장|근무처|기관|소속|고객사?|발주처|프로젝트|client|employer|company|organi[sz]ation|project)\S*\s?[:：])[^\s:：]{1,12}(?: [^\s:：]{1,12})?\s?[:：]\s", re.IGNORECASE)
_A_TASK = re.compile(r"\d ?%|→|\b[a-z]{4,} (?:.* )?[a-z]{4,}\b|(?:구축|개발|운영|개선|관리|담당|작성|지원|수행|교육|간호|유지보수)(?:[ ,(]|$)")
_SEVERAL_PIECES = re.compile(r"[,/|·–—]|\) ?\S|㈜|  ")


def _heading_told(reply: str, of_job: bool = False) -> str:
    """The heading of the one job that a reply quotes, with the employer that may stand below the title, without its dates; "" where it quotes none,
    several, or a degree."""
    told = list(_TOLD.finditer(reply))
    dated = list(dict.fromkeys(each["line"] for each in told if _DATES.search(each["line"])))
    dated = dated or [each["line"] for each in told if of_job and _OF_ONE_YEAR.fullmatch(each["line"])]
    dated = [line for n, line in enumerate(dated) if n == 0 or not lies_within(line, dated[0])]  # without a dated task of the job
    if len(dated) != 1 or _NO_EMPLOYER_LABEL.match(dated[0]) or _names_degree(dated[0]):
        return ""
    at = next(i for i, each in enumerate(told) if each["line"] == dated[0])
    if told[0]["source"] != told[at]["source"]:
        return ""  # what stands first is of something else
    if labelled := _LABELLED.match(dated[0]):
        return f"{_trimmed(labelled['post'])}, {_trimmed(labelled['employer'])}"
    parts = [_POST_LABEL.sub("", part) for part in without_column_names(dated[0].split(" · ")) if not (DURATION.fullmatch(part.strip(" ()")) and re.search(r"\d", part))]
    dates_alone = bool(parts) and not _SEASON.sub("", _trimmed(_undated(parts[0])))
    if dates_alone and len(parts) == 1 and at and told[at - 1]["source"] == told[at]["source"]:
        return _trimmed(told[at - 1]["line"].split(" · ")[0])  # "Burger Junction" above "Summer 2013"
    parts = parts[: 3 if dates_alone else 2]  # the post and the employer below its dates, or what stands with the title
    row = [each.strip(" |") for each in parts[0].split(" | ")] if parts else []
    if len(row) >= 3 and any(_RANGE.fullmatch(each) or _DATES.match(each) for each in row):  # of a table
        return ", ".join([each for each in row if not _DATES.search(each) and re.search(r"[^\W\d]", DURATION.sub("", each))][:2])
    if dates_alone and len(parts) == 2 and len(told) > at + 1 and told[at + 1]["source"] == told[at]["source"]:
        below = told[at + 1]["line"].split(" · ")[0]
        if len(below) <= MAX_PLACE and not below.endswith(".") and not _A_TASK.search(below) and not _YEAR.search(below):
            parts.append(_POST_LABEL.sub("", below))  # the employer below dates and post
    of_one_piece = len(parts) == 1 and not _SEVERAL_PIECES.search(_trimmed(_undated(parts[0])))  # a title, whose employer stands below
    if of_one_piece and len(told) > at + 1 and told[at + 1]["source"] == told[at]["source"]:
        parts.append(_POST_LABEL.sub("", told[at + 1]["line"].split(" · ")[0]))
    lines = [re.split(r" \((?!(?:주|유|사|재)\))|\s+\|", part)[0].strip() for part in parts]
    whole = bool(lines) and _SEVERAL_PIECES.search(_trimmed(_undated(lines[0]))) is not None  # employer and post: what stands below may be a task
    below = [line for line in lines[1:3] if _YEAR.search(lines[0]) and len(line) <= MAX_PLACE and not (whole and _A_TASK.search(line)) and not _NO_EMPLOYER_LABEL.match(line)]
    if len(parts) == 2 and not _YEAR.search(lines[0]) and POST.search(lines[0].casefold()) and not _DATES.search(parts[1]) and not POST.search(lines[1].casefold()) and not _A_TASK.search(lines[1]):
        below = lines[1:2]  # "Staff Nurse · St. Georg Hospital · 09/2015 – 03/2021"
    return ", ".join(filter(None, (_trimmed(_undated(line)) for line in lines[:1] + below)))


def _names_degree(line: str) -> bool:
    """Whether a line names a degree; "Olive Branch, MS" is a town."""
    has_post = any(POST.search(part.strip()) for part in re.split(r"[,|·]| - ", line.casefold()))
    bare = re.sub(r"(?<=[a-z]), [A-Z]{2}(?=\W|$)", "", line) if _DATES.search(line) and has_post else line
    return any(words.search(bare) for words in DEGREES.values())


def _undated(line: str) -> str:
    """The line without its dates, and without the sentences that may follow them."""
    found = _RANGE.search(line)
    if found and re.search(r"[^\W\d]{3}", line[: found.start()]) and re.match(r"\W{0,2}\. ?\S|\W*$", line[found.end() :]):
        return line[: found.start()]
    bare = _RANGE.sub("", line)
    return re.sub(r"[ ,|·(]{0,4}(?:19|20)\d{2}[ ,|·)]{0,4}", " ", line).strip() if bare == line and _OF_ONE_YEAR.fullmatch(line) else bare


def _trimmed(title: str) -> str:
    """A title without its number and what its dates leave behind, but with the brackets of "(주)"."""
    title = LASTED.sub("", re.sub(r"^\W{0,2}\d{1,2}[.)] ", "", title).strip(" ,|·/"))
    title = title.lstrip("(") if ")" not in title else title
    return title.rstrip(")( ,|·/") if title.count("(") != title.count(")") else title.removesuffix("()").rstrip(" ,|·/")


def _in_hand(history: History) -> tuple[str, str]:
    """The last question of a few that was about one job, and that job's heading: the one its reply told, or where that was declined, the one it was put
    behind; ("", "") where there is none, or several were told."""
    for asked, reply in history[: -MAX_BACK - 1 : -1]:
        headed = _HEADED.match(asked)
        if job := _heading_told(reply, _ASKS_JOB.search(asked) is not None) or (headed["job"] if headed and is_declined(reply) else ""):
            return asked, job
        dated = [each["line"] for each in _TOLD.finditer(reply) if _DATES.search(each["line"])]
        if dated and headed and headed["job"].split(", ")[0] in dated[0]:
            return asked, headed["job"]  # several posts there, or what was done in it
        if job := _named_of_several(asked, reply):
            return asked, job
        if dated:
            break
    return "", ""


_OF_POST = re.compile(r"^(?:(?:and|so|ok),? )?(?:(?:his|her|their|the) )?(?:(?:current|present) (?=designation\b)|(?:what|which)\b)(?!.*\b(?:where|compan(?:y|ies)|employers?|firm|work(?:s|ing|ed)? (?:at|for|in))\b).*\b(?:job|role|position|title|post|designation)\b", re.IGNORECASE)  # the post before, at the same employer too


def _headings(job: str) -> str:
    """Of quoted lines the first, and the second where that is the employer below."""
    first, *rest = job.splitlines()
    return f"{first} {rest[0]}" if rest and len(rest[0]) <= MAX_PLACE and not rest[0].rstrip('" [0123456789]').endswith(".") and not _A_TASK.search(rest[0]) else first


def _named_of_several(asked: str, reply: str) -> str:
    """The heading of the one job of those that a reply quotes that a word of the question names: "Who was she working for in Calgary?"; else ""."""
    wanted = {word for word in re.findall(r"[^\W\d_]{4,}", asked.casefold()) if word not in _SMALL_WORDS and not _ASKS_JOB.fullmatch(word)}
    quoted = list(_TOLD.finditer(reply))
    starts = [n for n, each in enumerate(quoted) if _DATES.search(each["line"])]
    jobs = ["\n".join(each[0] for each in quoted[start:end]) for start, end in zip(starts, [*starts[1:], len(quoted)], strict=False)]
    named = [job for job in jobs if wanted & set(re.findall(r"[^\W\d_]{4,}", _headings(job).casefold()))]
    return _heading_told(named[0]) if len(jobs) > 1 and len(named) == 1 else ""


def _with_job_told(history: History, question: str) -> str:
    """The question with the one job that the reply before told, for "before that"; and, where that was asked for by its place among the others or
    without a name, for "there", "since when" and "how long"; "" for other questions."""
    asked, job = _in_hand(history)
    if not job:
        return ""
    said, korean = question.strip(" ?!.~"), language_asked(question) == "ko"
    if alone := _BESIDE_ALONE_KO.fullmatch(said):
        return f"{job} {_side_ko(alone['which'])}에는 어디서 일했나요?"
    if alone := _ALONE.fullmatch(said) or _BESIDE_ALONE.fullmatch(said) or _WORKED_BEFORE.fullmatch(said):
        return f"{'Which job did the candidate have' if _OF_POST.search(asked) and alone['which'].lower() == 'before' else 'Where did the candidate work'} {alone['which'].lower()} {job}?"
    if _BESIDE_THAT.search(question):
        return _BESIDE_THAT.sub(lambda found: f"{found['en']} {job}" if found["en"] else f"{job} {_side_ko(found['ko'])}", question)
    names = _NAME.findall(asked[1:])
    if names and not (_ASKED_IN_ORDER.search(asked) or _ASKS_WHICH.search(asked)) and not any(name.casefold() in job.casefold() for name in names):
        return ""  # the question has another name, and is put in front
    if _IN_THAT_ROLE.fullmatch(said):
        return f"{job}: how long did they work in that role?"
    if _HOW_LONG.fullmatch(said) and not _SAYS_THERE.search(said):
        return f"{job}: 거기서 얼마나 일했나요?" if korean else f"{job}: how long did they work there?"
    if _HOW_MANY.fullmatch(said) and (own := _OWN_PLACE.search(said)) and not _IN_TIME.search(own["name"]) and not own["name"].casefold().startswith(_MONTHS):
        return ""  # "How many apprentices did Lou train at Sunward?" names its own
    meant = any(pattern.fullmatch(said) for pattern in (_SINCE_WHEN, _HOW_LONG, _HOW_MANY, _HOW_MUCH_KO, _WHY_LEFT, _WHERE_THAT)) or _THEN.search(said) or _THERE.search(question)
    return f"{job}: {question}" if meant else ""


def _with_degree_told(asked: str, reply: str, question: str) -> str:
    """The question with the degrees that the reply before told, for "when did she finish?", "where did she study that?"; "" for other questions,
    and where the reply quotes anything but studies."""
    told = [each["line"] for each in _TOLD.finditer(reply)]
    of_studies = _ASKS_STUDIES.search(asked) is not None  # then a school is one that was gone to
    degrees = [line for line in told if _names_degree(line) or (of_studies and SCHOOL.search(line))]
    if not degrees or is_declined(reply) or not _OF_A_DEGREE.fullmatch(question.strip(" ?!.~")):
        return ""
    if told[0] != degrees[0] and not (of_studies and told[1:2] == degrees[:1] and not _trimmed(_RANGE.sub("", told[0]))):
        return ""  # the dates may stand above it
    titles = [_trimmed(re.sub(r"(?: ·)+ ", " · ", _RANGE.sub("", line))) for line in degrees[:MAX_DEGREES]]
    return f"{' / '.join(titles)}: {question}"


_ASKS_STUDIES = re.compile(r"학력|학교|전공|졸업|대학|학위|석사|박사|학사|\b(?:degrees?|stud\w+|educat\w+|school\w*|universit\w+|college|graduat\w+|academic|bachelor\S*|master\S*)\b", re.IGNORECASE)


def _side_ko(which: str) -> str:
    return "다음" if which in ("다음", "후") else "이전"


def _exchanged(history: History, question: str) -> str:
    """The question before with its one name for the one of this, which says nothing else: "파이썬 할 줄 알아?", "자바는요?"; else ""."""
    said = question.strip(" ?!.~")
    asked = history[-1][0]
    own, before = known_names(said), known_names(asked)
    if language_asked(f"{asked} {question}") == "ko":  # there a word in Latin letters is a name
        own, before = own or list(_LATIN_NAME.finditer(said)), before or list(_LATIN_NAME.finditer(asked))
    other = _OTHER_NAME.fullmatch(said)
    name = (other["name"] or other["place"].title()) if other else ""
    if other and (not own or other["place"]) and not _NO_PLACES.fullmatch(name) and not is_known_title(name) and not (other["place"] and _IN_TIME.search(other["place"])):
        if headed := _HEADED.match(asked):
            return f"{name}: {asked[headed.end() - 1 :]}"
        place = _PLACE.search(asked) or _JOINED.search(asked.strip(" ?!."))
        said_where = (other["prep"] or other["alone"] or "").lower()
        if place is None and said_where and not asks_alone(asked) and not re.search(rf"\b(?:at|in|for) {_CAPITALS}", asked):
            return f"{_AT_PRESENT.sub('', asked.strip(' ?!.'))} {said_where}{name}?"
        return f"{asked[: place.start('name')]}{name}?" if place and not any(map(place["name"].casefold().startswith, _MONTHS)) else ""
    if len(own) != 1 or len(before) != 1 or _AT_WORK.search(asked) or (own[0][0].casefold() in TONGUE_FORMS) != (before[0][0].casefold() in TONGUE_FORMS):
        return ""
    if not _NAME_ALONE.fullmatch(said.replace(own[0][0], "X", 1)):
        return ""
    return f"{asked[: before[0].start()]}{own[0][0]}{asked[before[0].end() :]}"


_AT_PRESENT = re.compile(r" (?:at the moment|at present|right now|now|currently|these days|today)\b", re.IGNORECASE)
_OTHER_PLACE = re.compile(r"(?:(?:and|what about|how about),? )+(?:(?:now|then|before|today) )?(?P<prep>in|at|for) (?P<name>[a-z]{3,20}(?: [a-z]{3,20})?)(?:,? (?:too|as well))?")
_NO_PLACE = re.compile(r"\b(?:total|general|particular|english|writing|person|practice|short|detail|details|fun|free|example|all|work|home|least|most|first|the|his|her|their|which|what|how|why|who|where|when|whom|any|some|more|years?|jobs?|skills?)\b")
_PLACE_LAST = re.compile(r" (?:in|at|for) (?!(?:his|her|their|the|total|all)\b)[a-z]{3,20}(?: [a-z]{3,20})?\W*$")
_DEGREE = r"(?:master['’]?s?|m\.?sc|m\.?b\.?a|m\.?ed|m\.?a|m\.?s|bachelor['’]?s?|b\.?sc|b\.?a|b\.?s|b\.?eng|m\.?eng|undergrad(?:uate)?|ph\.?d|doctorate|college|university|high school|a[- ]levels?|abitur|leaving cert(?:ificate)?)\b"
_OTHER_DEGREE = re.compile(rf"(?:(?:and|what about|how about),? )+(?:(?:for|in|at|from|during|of) )?(?:(?:the|his|her|their) )?(?P<degree>{_DEGREE})(?: degree)?", re.IGNORECASE)
_ONE_DEGREE = re.compile(rf"\b(?P<degree>{_DEGREE})", re.IGNORECASE)
_THING = r"(?:job|project|scheme|cert(?:ificat(?:e|ion))?|credential|ticket|permit|licen[cs]e|role|unit|team|degree|course|award|system|product|app|site|visa|registration)"
_AND_THING = re.compile(r"(?:(?:and|what about|how about|but),? )+(?P<thing>(?:the|an?|his|her|their) (?:[\w'’&+#.-]+ ){0,3}?[\w'’&+#.-]+)", re.IGNORECASE)
_ONE_THING = re.compile(rf"\ban? (?:[a-z-]+ ){{0,2}}(?:licen[cs]e|cert(?:ificat(?:e|ion))?|card|permit)\b|\b(?:the|his|her|their) (?:(?:(?-i:[A-Z0-9])[\w'’&+#.-]*)(?: (?-i:[A-Z0-9])[\w'’&+#.-]*){{0,3}}(?: {_THING})?|(?:[a-z-]+ ){{0,3}}{_THING})\b", re.IGNORECASE)


def _other_degree(asked: str, question: str) -> str:
    """The question before with its one degree for the one of this: "What was his GPA for the master's?", "and undergrad?"; else ""."""
    other, before = _OTHER_DEGREE.fullmatch(question.strip(" ?!.")), list(_ONE_DEGREE.finditer(asked))
    if other is None:
        return ""
    name = "bachelor's" if other["degree"].lower().startswith(("undergrad", "college")) else other["degree"]
    if headed := _HEADED.match(asked):
        return f"{name}: {asked[headed.end() - 1 :]}" if _names_degree(headed["job"]) else ""
    return f"{asked[: before[0].start()]}{name}{asked[before[0].end() :]}" if len(before) == 1 else ""


def _other_place(asked: str, question: str) -> str:
    """The question before, of now or of another place, asked of the place of this, whose name has no capitals: "how many welders does he have
    now?", "and in jamnagar?"; else ""."""
    other = _OTHER_PLACE.fullmatch(question.strip(" ?!."))
    if other is None or _NO_PLACE.search(other["name"]) or _IN_TIME.search(other["name"]) or other["name"].startswith(_MONTHS) or is_known_title(other["name"]):
        return ""
    if _HEADED.match(asked) or asks_alone(asked) or re.search(rf"\b(?:in|at|for) {_CAPITALS}", asked) or known_names(other["name"]):
        return ""
    return f"{_PLACE_LAST.sub('', _AT_PRESENT.sub('', asked.strip(' ?!.')))} {other['prep']} {other['name']}?"


def _other_thing(asked: str, question: str) -> str:
    """The question before with its one thing for the one of this, which says nothing else: "Is his CKA valid?", "and the AWS cert?"; else ""."""
    other, things = _AND_THING.fullmatch(question.strip(" ?!.")), list(_ONE_THING.finditer(asked))
    if other is None or len(things) != 1 or _HEADED.match(asked) or is_known_title(other["thing"].partition(" ")[2]):
        return ""
    if not (_NAME.search(other["thing"][1:]) or re.search(rf"(?:{_THING}|\w one)$", other["thing"], re.IGNORECASE)):
        return ""  # "and the year?" is no other certificate
    thing = re.sub(r" one$", f" {things[0][0].split()[-1]}", other["thing"])
    return f"{asked[: things[0].start()]}{thing}{asked[things[0].end() :]}"


_IT = re.compile(r"\b(?:it|that)\b(?!['’]s (?:ok|fine|all|it)\b)", re.IGNORECASE)


_ABOUT_KO = re.compile(r"(?P<name>[가-힣A-Za-z㈜&]{2,14}?)(?:에서의|에서는|에서|의|은|는)? (?P<what>(?:퇴사|이직|퇴직) ?(?:사유|이유)|왜 |근무 ?기간|담당 ?업무|주요 ?업무|직급|직책|직위|성과|업무|프로젝트|연봉|얼마나 )")
_NAME_KO = re.compile(r"(?:그럼|그러면|그리고)?[ ,]*(?P<name>[가-힣A-Za-z㈜&]{2,14}?)(?P<at>에서는요?|에선요?|에서요)?(?(at)|(?:은요|는요|은|는))")


def _other_place_ko(asked: str, question: str) -> str:
    """The question before with its employer for the one of this: "핀토페이 퇴사사유가 뭐예요?", "그럼 한울리서치는요?"; else ""."""
    before, other = _ABOUT_KO.match(asked), _NAME_KO.fullmatch(question.strip(" ?!.~"))
    counts = before is None and _HOW_MANY.fullmatch(asked.strip(" ?!.~"))
    if other and other["at"] and not _HEADED.match(asked) and (counts or (before and re.match(r"(?:매출|비용|원가|시간|기간|이탈률|전환율|점유율|인원|규모|예산|속도|불량률|건수)[은는이가]? ?", asked))):
        return f"{other['name']}에서 {asked}"  # "몇 명 관리해요?", "매출은 얼마나 올랐어요?", "동방에선요?"
    if before is None or other is None or is_known_title(other["name"]) or _LEVEL_KO.fullmatch(other["name"]) or _NO_EMPLOYER_KO.search(other["name"]) or _NO_EMPLOYER_KO.search(before["name"]):
        return ""
    return f"{other['name']}{asked[before.end('name') :]}"


_NO_EMPLOYER_KO = re.compile(r"^(?:나이|연령|성별|이름|주소|집|연봉|급여|연락처|전화|메일|이메일|학교|전공|학점|가족|결혼|취미|특기|주요|담당|전체|기존|현재|최근|그|이|저|다른|[가-힣]{1,3}어|자격증?|면허|수상|기술|경력|업무|프로젝트|성과|직급|직책|연차|팀|부서|장점|단점|지원자|후보자?|이분|그분|본인)$")
_LEVEL_KO = re.compile(r"학부|학사|석사|박사|대학원|고등학교|대학교?")
_WHOSE_KO = re.compile(r"(?:그때|그 ?당시|그거|그건|그)? ?(?:회사|직장|소속)(?:는|은|가|이)? ?(?:어디|어느)\S{0,6}")
_OF_A_JOB_KO = re.compile(r"(?:그럼 ?|그리고 ?)?(?:거기(?:서|선|서는)? ?)?(?:직급|직책|직위|부서|담당 ?업무|역할|포지션)(?:은요|는요|은|는|이|가)?(?: ?(?:뭐|무엇|뭔|어떻게)\S{0,6})?|(?:무슨|어떤|사용한|쓴) ?(?:기술|언어|툴|도구|스택)(?:을|를|은|는)? ?(?:썼|사용|쓰)\S{0,6}|what (?:tech(?:nolog(?:y|ies))?|tools|stack) (?:did|does) (?:he|she|they) use(?: there)?", re.IGNORECASE)


def _with_thing(asked: str, question: str) -> str:
    """The question with the one thing of the question before for its "it": "Tell me about the Avonmouth job", "what was it worth?"; else ""."""
    things = list(_ONE_THING.finditer(asked))
    if len(things) != 1 or len(_IT.findall(question)) != 1 or _HEADED.match(asked) or _ONE_THING.search(question) or _NAME.search(question[1:]):
        return ""
    return _IT.sub(lambda found: things[0][0], question)


def _at_place(asked: str, question: str) -> str:
    """The question with the employer or place that the question before names at its end, for "there": "How long was he at Acme?", "what was his first job
    there?"; else ""."""
    place = _PLACE.search(asked.strip(" ?!."))
    if place is None or not _THERE_LAST.search(question) or _HEADED.match(asked) or any(map(place["name"].casefold().startswith, _MONTHS)):
        return ""
    return _THERE_LAST.sub(place[0].strip(), question)


_THERE_LAST = re.compile(r"\bthere\b(?=\W*$)", re.IGNORECASE)
_HOW_BIG = re.compile(r"(?:(?:and|so),? )?how (?:big|large|many(?: people)?)(?: (?:is|was) (?:it|that|the team))?", re.IGNORECASE)
_WHICH_ONES = re.compile(r"(?:(?:and|so),? )?(?:which(?: ones?)?|what ones|what are they|which are they|such as(?: what)?|like what|name them|list them)(?:,? please)?|(?:그게 ?|그럼 ?)?(?:뭐뭐|어떤 ?(?:거|것|게)(?:들)?|뭔데|어디 ?어디|어느 ?(?:거|것))(?:요|예요|에요|인데요?|인가요|죠|야|있어요?|있나요?)?", re.IGNORECASE)
_HOW_MANY_OF = re.compile(r"^(?:(?:and|so),? )?how many (?=[a-z])", re.IGNORECASE)
_HOW_MANY_OF_KO = re.compile(r"(?:총 ?|모두 ?)?몇 ?(?:개(?! ?국어)|곳|군데|건|번|종|편|권|가지)(?:나|이나|를|을|의)?")
_YES_NO = re.compile(r"^(?:(?:and|so),? )?(?:is|are|was|were|does|do|did|has|have|can)\b (?:he|she|they|the candidate)\b", re.IGNORECASE)
_SINCE = re.compile(r"(?:(?:and|so),? )?(?P<how>since when|how often|until when)", re.IGNORECASE)
_FEW_WORDS = re.compile(r"(?:(?:and|so|is (?:he|she)|any|an?),? )*(?!(?:what|who|where|when|why|how|which|tell|list|show|did|does|do|is|are|was|were|has|have|had|can)\b)(?P<topic>[\w'’-]+(?: [\w'’-]+){1,3})\W*", re.IGNORECASE)  # "sworn translator?"


_WHICH_JOB = re.compile(r"(?:(?:and|so),? )?(?:(?:at|in|for) )?(?:which|what) (?:company|job|employer|role|project|one)(?: was (?:that|it))?|(?:(?:and|so),? )?where was (?:that|this|it)|(?:그게 ?)?(?:어느|무슨|어떤) ?(?:회사|직장|현장|프로젝트|병원|학교|곳)(?:에서|서|의|이)?(?:요|였어요?|였나요|인가요?|이죠|죠|예요|이에요|에요|야|이야|인데)?|(?:그게 ?)?어디(?:에서|서)(?:요|죠|였어요?|인가요?|야)?", re.IGNORECASE)
_TOPIC_KO = re.compile(r"(?P<topic>[^?]{2,40}?)(?:은|는|을|를|도|이|가)? ?(?:해 ?봤|해 ?본|할 ?줄|할 ?수|써 ?봤|써 ?본|다뤄 ?봤|다뤄 ?본|다룰|경험|경력|하셨|했|맡)\S{0,6}(?: ?(?:있|없|알|되|적)\S{0,6}){0,2}\W*")
_TOPIC_EN = re.compile(
    r"(?:(?:and|so|ok),? )?(?:(?:does|do|has|have|did) (?:he|she|they|the candidate) (?:have|had|got|has)? ?)?(?:any |some |much |prior )*(?:experience (?:with|in|of|on) (?P<one>[^?]{2,40}?)|(?P<two>[^?]{2,40}?) experience)\W*"
    r"|(?:(?:and|so|ok),? )?(?:has|have|did|does) (?:he|she|they|the candidate) (?:ever )?(?:use|used|worked with|work with|done|do) (?P<three>[^?]{2,40}?)(?: before)?\W*",
    re.IGNORECASE,
)


_NO_WORK_TOPIC = re.compile(r"master|bachelor|doctor|degree|ph\.?d|stud|universit|school|volunt|language|hobb|석사|박사|학사|학위|전공|유학|연수|봉사|동아리|병역|군대|복무|자격|^(?:뭐|뭘|무엇|무슨 ?일|어떤 ?일)$", re.IGNORECASE)


def _at_which(asked: str, question: str) -> str:
    """"Which company was that?" after "Any tunnelling experience?", "어느 회사에서요?" after "부가세 신고 해봤어요?", with what was asked about; else ""."""
    if not _WHICH_JOB.fullmatch(question.strip(" ?!.~")):
        return ""
    korean = language_asked(asked) == "ko"
    found = (_TOPIC_KO if korean else _TOPIC_EN).fullmatch(asked.strip())
    topic = next(filter(None, found.groups()), "").strip() if found else ""
    of_work = len(topic) > 1 and topic.casefold() not in _BARE and not _NO_WORK_TOPIC.search(topic) and "학교" not in question
    return "" if not of_work else f"{topic} 어느 회사에서 했나요?" if korean else f"Which job involved {topic}?"


def _which_of(asked: str, question: str) -> str:
    """"Which ones?" after a question for a number, and "since when?" after one for yes or no, with what that was of; else ""."""
    said = question.strip(" ?!.~")
    if _HOW_BIG.fullmatch(said) and asks_leading(asked):
        return "How big is the candidate's team?"
    if (since := _SINCE.fullmatch(said)) and _YES_NO.match(asked):
        return f"{since['how'].capitalize()} {asked[0].lower()}{asked[1:]}"
    if not _WHICH_ONES.fullmatch(said):
        return ""
    if _HOW_MANY_OF.search(asked):
        return _HOW_MANY_OF.sub("Which ", asked, count=1)
    counted = _HOW_MANY_OF_KO.search(asked) if language_asked(asked) == "ko" else None
    return "" if counted is None else _HOW_MANY_OF_KO.sub("어디어디" if re.search("곳|군데", counted[0]) else "어떤 것이", asked, count=1)


def _since(asked: str, reply: str, question: str) -> str:
    """"Since when?" after a question of a few words ("sworn translator?") that no job was told of, with these; else ""."""
    said, topic = _SINCE.fullmatch(question.strip(" ?!.")), _FEW_WORDS.fullmatch(asked)
    if said is None or topic is None or said["how"].lower() != "since when" or _heading_told(reply) or is_declined(reply):
        return ""
    return f"Since when has the candidate been a {topic['topic']}?"


def _of_another(asked: str, question: str, candidates: Collection[str]) -> str:
    """The question before with the candidate that this one names for the one that it named: "Did Ben work in Germany?", "What about Anna?"; else ""."""
    other = _OTHER_NAME.fullmatch(question.strip(" ?!."))
    named = [name for name in candidates if other and other["name"] and name_pattern(name).search(other["name"])]
    before = [found for name in candidates if name not in named and (found := name_pattern(name).search(asked))]
    if len(named) != 1 or not other or len(before) != 1:
        return question if named else ""
    return f"{asked[: before[0].start()]}{other['name']}{asked[before[0].end() :]}"


def _of_whom(history: History, asked: str, candidates: Collection[str]) -> str:
    """The question with the candidate who is talked of, where there are several and it names none: "any awards?", after one about Anna, "Anna, any
    awards?"."""
    named = lambda text: [found[0] for name in candidates if (found := name_pattern(name).search(text))]
    if len(candidates) < 2 or named(asked) or _OF_ALL.search(asked) or _HEADED.match(asked):
        return asked
    for earlier, _ in reversed(history):
        if found := named(earlier):
            if len(found) > 1:
                break
            name = found[0] if language_asked(f"{found[0]}, {asked}") == language_asked(asked) else found[0].split()[0]  # a long one outweighs a short question
            return with_candidate(asked, name)
        if _OF_ALL.search(earlier):
            break
    return asked


def with_candidate(question: str, name: str) -> str:
    """A question about "the candidate" with a name for it, in front where it has no such word."""
    if _THE_CANDIDATE.search(question):
        return _THE_CANDIDATE.sub(name, question, count=1)
    first = re.match(r"\w+", question)
    lower = first is not None and (_FRONT.match(question) or is_known_title(first[0]))
    return f"{name}, {question[0].lower() + question[1:] if lower else question}"


_BESIDE_NAME_KO = re.compile(r"(?P<what>[^?]{2,30}?)(?:에|을|를)? ?(?:다니|입사하|들어가|일하|가)기 ?(?:바로 ?)?전(?:에는|엔|에)?(?:요)?")


def _beside(question: str) -> str:
    """"Before Figma?" as a whole question, "한빛에 다니기 전엔?" too."""
    if (alone := _BESIDE_NAME_KO.fullmatch(question.strip(" ?!."))) and not _REFERS.search(alone["what"]):
        return f"{alone['what']} 이전에는 어디서 일했나요?"
    alone = _BESIDE_NAME.fullmatch(question.strip(" ?!."))
    return f"Where did the candidate work {alone['which'].lower()} {alone['what']}?" if alone else question


def standalone_question(generator: Generator | None, history: History, question: str, stop: threading.Event, candidates: Collection[str] = ()) -> str:
    """The question as it would be asked without a conversation; of several candidates it names the one who is talked of.

    Args:
        generator: rewrites where it speaks the language; None where it does not, and then the
            question before is put in front, which is enough for search.
        history: (standalone question, reply) pairs, oldest first.
        question: the last question.
        candidates: names of those whose resumes are searched; "What about Anna?" asks of her what was asked of another.

    Returns:
        The rewritten question, or `question` itself where it already stands alone.
    """
    return _of_whom(history, _standalone(generator, history, question, stop, candidates), candidates)


# With the candidate's name it needs nothing that was said before: "And where does Isaura live?"
_FULL = re.compile(r"(?:what|where|when|which|who|how|why|does|did|do|is|was|are|were|has|have|had|can|could|would|will)\b.* \w+ \w+", re.IGNORECASE)


_AT_FIRST = re.compile(r"(?:(?:and|so|but|then|ok),? )*(?:(?P<prep>at|as) (?P<place>(?:(?<=at )(?-i:[A-Z])|(?<=as )\w)[\w .&'’-]{1,40})|(?:what|how) about (?P<about>(?-i:[A-Z])[\w .&'’-]{1,40})), ?(?P<asks>(?:what|how|when|which|did|was|who)\b.+?) there(?: too| as well)?", re.IGNORECASE)
_OF_REFEREES = re.compile(r"\breferees?\b|\ba reference\b|\breferences\b(?! (?:to|any))|추천인", re.IGNORECASE)
_THEIR_CONTACTS = re.compile(r"(?:(?:and|so|ok),? )?(?:(?:what are|can i have|give me|how about|what about|do you have) )?(?:their|the) (?:(?:phone|contact|mobile|telephone) )?(?:numbers|e-?mails?(?: addresses)?|contacts?(?: details)?|details|addresses)|how (?:can|do|could) (?:i|we) (?:reach|contact|call) them", re.IGNORECASE)
_OF_CANDIDATE = re.compile(r"\b(?:her|his|him|she|he|candidate['’]?s?|applicant['’]?s?)\b|본인|이 ?분|그 ?분|지원자", re.IGNORECASE)
_BESIDE_OTHER = re.compile(r"^(?:(?:what|which|where)(?: was| is|['’]s) )?(?:his|her|their) (?:very )?(?:first|last|latest|current|present|previous) (?:job|role|position|employer|company)\b(?! (?:there|at that))|^(?:what|where|which|who)\b.*\b(?:he|she|they)\b.*\b(?:before|after) (?!(?:that|this|it|then|there)\b)\w+", re.IGNORECASE)


_HOW_DONE = re.compile(r"(?:(?:and|so),? )?how (?:did|does|do) (?:he|she|they) (?:do|manage|achieve|get|accomplish|reach|make|bring) (?:that|it|this)(?: (?:off|about|happen|down|up))?", re.IGNORECASE)
_KNOWN_THING = re.compile(r"\b(?:the|this|these|those|such an?) (?:\w+ )?(?:projects?|compan(?:y|ies)|jobs?|roles?|teams?|firm|employer|place|course|programme|program|degree|thesis|school|product|site|app|system|budget|contract|position|reason|result|team size|others?|rest|second|first|last|next)\b", re.IGNORECASE)


def _says_enough(question: str) -> bool:
    """Whether a question behind "and" names what it asks about: "(and) when does the CSCS card run out?", not "(and) what was the budget?"."""
    told = [word for word in re.findall(r"[\w'’+#.-]*\w", question.casefold()) if word not in _SMALL_WORDS]
    if _ONE_DEGREE.search(question) and len(told) > 1:
        return True
    return not _KNOWN_THING.search(question) and (len(told) > 2 or (len(told) == 2 and re.search(r" (?:as|at|in|on|with) (?!the\b|that\b|this\b)\w{3}", question) is not None))


def _standalone(generator: Generator | None, history: History, question: str, stop: threading.Event, candidates: Collection[str]) -> str:
    said = question.strip(" ?!.")
    if history and (_WORKED_BEFORE.fullmatch(said) or _ALONE.fullmatch(said)) and (told := _with_job_told(history, question)):
        return told
    if history and (told := with_name(history[-1][0], question) or _with_degree_told(*history[-1], question)):
        return told
    if history and (told := _other_degree(history[-1][0], question)):
        return told
    if history and _WHOSE_KO.fullmatch(said) and (job := _in_hand(history[-1:])[1]):
        return f"{job} 어느 회사에서 했나요?"
    if history and asks_all(history[-1][0]) and (among := _AMONG.match(_LEAD.sub("", question))) and asks_alone(of_them := _LEAD.sub("", question)[among.end() :]):
        return of_them
    if history and (which := _LONGEST_OF.fullmatch(said)) and asks_all(history[-1][0]):
        return f"Which job lasted the {which['which'].lower()}?"
    if history and _OF_A_JOB_KO.fullmatch(said) and (job := _in_hand(history[-1:])[1]) and not asks_current(history[-1][0]):
        return f"{job}: {question}"
    if history and _OF_REFEREES.search(history[-1][0]) and not _OF_CANDIDATE.search(question) and (_THEIR_CONTACTS.fullmatch(said) or set(contacts.asked_for(_LEAD.sub("", question), "")) & {contacts.ADDRESS, contacts.NUMBER}):
        return "추천인의 연락처는?" if language_asked(question) == "ko" else "Who are the referees?"  # it is theirs that is asked for
    if whole := _whole(question):
        return whole
    if at := _AT_FIRST.fullmatch(said):
        question = f"{at['asks']} {(at['prep'] or 'at').lower()} {at['place'] or at['about']}?"  # "And at St Brannock, what was she doing there?"
    rest = _LEAD.sub("", question)
    if _BESIDE_OTHER.search(rest) and not leans_on_history(rest):
        return rest
    question = _beside(question)
    if history and (told := _of_another(history[-1][0], question, candidates) or _exchanged(history, question) or _other_place(history[-1][0], question) or _other_thing(history[-1][0], question) or _other_place_ko(history[-1][0], question) or _which_of(history[-1][0], question) or _at_which(history[-1][0], question) or _since(*history[-1], question)):
        return told
    if not history or (_asks_topic(question) and not _WHY_LEFT.fullmatch(said)):
        return question
    if any(pattern.fullmatch(said) for pattern in (_HOW_MANY, _HOW_LONG, _HOW_MUCH_KO, _WHY_LEFT, _IN_THAT_ROLE)) and (told := _with_job_told(history, question)):
        return told
    rest = _LEAD.sub("", question)
    if not leans_on_history(question) or (_FULL.match(rest) and any(name_pattern(name).search(rest) for name in candidates) and not leans_on_history(rest)):
        return question
    if _FULL.match(rest) and _says_enough(rest) and not leans_on_history(re.sub(r"^why(?=\s)", "when", rest, flags=re.IGNORECASE)):
        return rest
    if _HOW_DONE.fullmatch(said) and not leans_on_history(history[-1][0]):
        return f"{history[-1][0]} {question}"  # the line that tells the one tells the other
    if told := _with_job_told(history, question) or _at_place(history[-1][0], question) or _with_thing(history[-1][0], question):
        return told
    if _OTHER_NAME.fullmatch(said) and _heading_told(history[-1][1]):
        return question  # another job, by its name alone
    if generator is not None and generator.speaks(language_asked(question)):
        written = complete(generator, rewrite_messages(history, question), MAX_REWRITE_TOKENS, stop).strip()
        if stop.is_set():
            return question
        if _believable(written, history, question):
            return written
        log.info("rewrite rejected: %r", written)
    # The last one that can be understood alone: with those that were put together like this, each would carry all before it.
    leans = lambda asked: leans_on_history(asked) or leans_on_history(_SENTENCES.split(asked)[-1])
    alone = next((asked for asked, _ in reversed(history) if not leans(asked)), history[-1][0])
    names = known_names(said)
    if len(names) == 1 and _NAME_ALONE.fullmatch(said.replace(names[0][0], "X", 1)):
        return f"{names[0][0]}?"  # the question before is of something else
    if headed := _HEADED.match(alone):
        return f"{headed['job']}: {question}"  # of the same job or degree
    return f"{alone} {question}"


def _believable(written: str, history: History, question: str) -> bool:
    """A rewrite keeps what the question says, adds to it, and may only name what was named before: a small model invents employers."""
    if not 3 <= len(written) <= 300 or "\n" in written or re.search(r"[\[\]{}<>|]", written) or is_declined(written) or "?" not in written:
        return False
    lost = [word for word in re.findall(r"[a-z\d][a-z\d&+#.'-]*", question.casefold()) if word not in _SMALL_WORDS and word.rstrip(".")[:MIN_STEM] not in written.casefold()]
    new = [word for word in re.findall(r"[^\W_]+", written.casefold()) if word not in _SMALL_WORDS and word not in question.casefold()]
    if lost or (not new and language_asked(question) != "ko"):
        return False  # it asks something else, or no more than the question did
    known = " ".join([question, *(text for turn in history for text in turn)]).casefold()
    names = _NAME.findall(written)[1:] if written[:1].isupper() else _NAME.findall(written)
    return not _REFERS.search(written) and all(name.casefold().rstrip(".,") in known for name in names)
