"""Which entries of a resume (jobs, degrees) a question means: those it names, the ones that still go on, the first or last job,
the job before, after or beside a named one, those between two, a time without one, the degree of the level it names.

A reranker sees what a line says, not whose line it is: asked for the cloud bill at one employer it takes the cloud
bill of another, and "now" and "first" mean little to it. Names in an entry's first line and its dates settle that.
"""

from __future__ import annotations

import difflib
import functools
import os.path
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.aliases import DEGREES
from rag.mentions import CLOSE, KINDS_KO, TRADES_KO
from rag.sections import (
    DURATION,
    MONTH_NAME,
    MONTHS,
    POST_KO,
    POST_WORD,
    cells,
    column_names,
    full_years,
    is_column_names,
)
from rag.types import Chunk

if TYPE_CHECKING:
    from rag.reranking import Reading

# How much less likely (in odds) an entry becomes when another is named, or when it has ended and "now" is asked, and
# how much likelier one that goes on. A named entry gains nothing, unless two are named to be compared: that it is
# asked about does not mean that it tells.
FACTOR = 100.0
MAX_POST, MAX_PLACE = 60, 110  # characters of a post below the dates of a job, and of an employer or place
MAX_POST_WORDS = 7  # of a post below an employer
MOST_SINGLE = 12  # posts of one year in a passage
MIN_WORDS = 3  # of what was done within a job; "Volkswagen" is another employer
SHARED_BY = 2  # a word in the first lines of more entries than this names none of them
HEAD_LINES = 3
MAX_TOP = 4  # lines of an entry's heading: employer, post, and the dates in one line or two
MAX_SMALL = 2  # words in small letters of a title in a sentence's place
MAX_HEADED, MAX_BESIDE = 140, 40  # characters of a heading with its dates, and of a place behind them
MAX_DATED = 80  # characters of a line of employer, dates and place; a longer one is prose

_MONTH = r"(?:[A-Za-z]{3,9}\.? )?"
_BEFORE_YEAR = r"(?:\d{1,2}(?:, |[./-])){0,2}"  # "03/", "01.03.", and the day of "March 15, 2019"
_BEHIND_YEAR = r"(?:년(?: ?\d{1,2}월(?: ?\d{1,2}일)?)?|(?:[./-] ?\d{1,2}(?!\d)){0,2}\.?)"  # ".03", ". 3. 2.", "-03-02", "년 3월 2일"
_SHORT_YEAR = r"['’‘`]\d{2}(?!\d)"  # "’22.03", "Jan ’22"
_SHORT_POINT = rf"(?:[A-Za-z]{{3,9}}\.? {_SHORT_YEAR}|{_SHORT_YEAR}(?:[./-] ?(?:0?[1-9]|1[0-2])(?!\d)\.?|년(?: ?\d{{1,2}}월)?))"
_POINT = rf"(?:{_MONTH}{_BEFORE_YEAR}(?:19|20)\d{{2}}{_BEHIND_YEAR}|{_SHORT_POINT})"
_SHORT_END = r"(?:[–—~〜∼][\'’]?\d{2}|-(?:1[3-9]|[2-9]\d))(?![\d./])"  # "2019–21"; "2019-06" is a month
_OPEN_END = r"(?:present|now|today|current|ongoing|date\b|(?:현재|지금)(?:까지)?|(?:재직|근무|재학|진행) ?중)"
_DASH = r"(?:[-–—~〜∼～→]|->|to|until|till|부터)"
_BEHIND_DASH = r"(?:(?:to|till|until) |\d{1,2}(?:st|nd|rd|th)? (?=[A-Za-z])|\()?"  # "- Till Date", "– 3 May 2021", "~ (재직중)"
_END_LABEL = r"(?:to|until|till|end(?:ed)?(?: date)?|left|퇴사일?|퇴직일?|종료일?|졸업일?)\s*[:：]\s*"
# The last of these: columns of a table, and a form's next line ("To: May 2021").
_UNTIL = rf"(?: *{_DASH}\s*{_BEHIND_DASH}|  | ?\| ?|\n{_END_LABEL})"
# "2021.03 ~", "(2018 – )", "2021.03 ~  Acme": nothing behind the dash, nor on the line below, where a narrow column goes on.
_NO_END = rf"{_POINT} ?(?:{_DASH}|이후)(?= *$| *[|)]|  )(?![^\n]*\n *(?:{_POINT}|{_OPEN_END})(?: *$|  ))"
# "since 09/2018  Engineer", "Engineer (since 2018)": beside what it dates, not within a sentence.
_SINCE = rf"(?:^(?:- )?|[(,;:·|–—] ?|  )since {_POINT}(?= *$|  |[:)]| ?[|·–—])"
_YEAR, _SHORT = re.compile(r"(?:19|20)\d{2}"), re.compile(_SHORT_YEAR)
_RANGE = re.compile(
    rf"{_POINT}{_UNTIL}(?:{_POINT}|{_OPEN_END})|\b{MONTH_NAME} ?(?:[-–—~]|to) ?{MONTH_NAME} (?:19|20)\d{{2}}\b|(?<![\d제])(?:19|20)\d{{2}}{_SHORT_END}|{_NO_END}|{_SINCE}", re.IGNORECASE | re.MULTILINE
)
# The time of a job that lasted a summer or a year: at the end of its line, "2013 (summer)", "summers of 2010 and 2011", "Jul 2015".
_SEASON = r"(?:(?:summer|winter|spring|autumn|fall|season|vacation|holiday|christmas)s?|여름|겨울|방학|하계|동계)"
_ONCE = re.compile(
    rf"(?:^|(?<=[|·,(–—-])|(?<=[|·,–—-] )|(?<=  ))(?P<dates>(?:{_SEASON},?(?: of)? )?{_POINT}(?: ?(?:and|&|,|/|및) ?(?:19|20)\d{{2}})?(?: \({_SEASON}[^()\d]{{0,20}}\)| {_SEASON})?)\)?\s*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"{_POINT}{_UNTIL}{_OPEN_END}|{_NO_END}|\bsince {_POINT}|{_POINT} ?이후", re.IGNORECASE | re.MULTILINE)
# "Now tell me ..." and "so now, what ..." only go on to the next question; "until now" is all the time.
_GOES_ON_ASKING = (
    r"(?:^|(?<=ok )|(?<=ok, )|(?<=okay )|(?<=and )|(?<=so ))now,? (?:tell|list|show|give|name|what|where|which|who|when|how|about)\b"
)
_ASKS_NOW = re.compile(
    rf"(?<!to )(?<!until )(?<!till )(?!{_GOES_ON_ASKING})\bnow\b"
    r"|\b(?:current|currently|today|at the moment|atm|these days|at present|nowadays)\b|지금(?! ?까지)|현재(?! ?까지)|요즘|요새",
    re.IGNORECASE,
)
# "What does she do?" asks for the job of today; with a name for "she", whoever it names must be a candidate.
_ASKS_DOING = re.compile(r"^\W*(?:so |and |ok |well )?what(?:'s| is| does| do| are) (?P<who>[\w'’. -]{2,40}?) (?:do|doing)(?: for (?:a living|work))?\s*[?.!]*$", re.IGNORECASE)
_ASKS_DOING_KO = re.compile(r"(?:뭐|뭘|무슨 일을?|무엇을) ?하(?:는|시는) (?:사람|분)|직업이? ?(?:뭐|무엇|뭔)|직업은\s*\??$")
_SOMEBODY_ELSE_KO = re.compile(r"남편|아내|부인|배우자|부모|아버지|어머니|아빠|엄마|아들|딸|자녀|언니|오빠|누나|동생|형님|친구|전에(?!서)|이전| 전 |취미|쉬는|주말")
_SOMEBODY = frozenset("he she they the candidate this person applicant guy woman man".split())

_JOB = r"(?:job|position|role|employer|company|work place|workplace|employment)\b"
_ASKS_FIRST = re.compile(
    rf"\b(?:first|earliest|oldest) (?:ever |real |paid |full-time |professional )?{_JOB}"
    r"|\b(?:start|began|begin)\w* (?:out|\w+ (?:working )?(?:career|working life))\b"
    r"|첫 ?(?:번째 ?)?(?:직장|회사|직업|일자리|경력|병원)|처음(?:으로)? (?:다닌|다녔던|일한|일했던|들어간|입사한|근무한) (?:회사|직장|곳)"
    r"|사회생활(?:을|의|은)? ?(?:처음|시작|첫)|(?:처음|첫) ?사회생활",
    re.IGNORECASE,
)
_ASKS_LATEST = re.compile(
    rf"\b(?:last|latest|most recent|newest) {_JOB}|(?:가장|제일) 최근(?:에|의)? (?:\w+ )?(?:직장|회사|경력|근무처|근무지)|최근 ?(?:직장|회사|근무처|근무지)|마지막 ?(?:직장|회사|근무처|근무지|병원)|마지막으로 ?(?:일한|일했던|다닌|다녔던|근무한|재직한) ?(?:직장|회사|병원|곳|데|학교)",
    re.IGNORECASE,
)
# "Where did she work before that?", "전 직장은?": before the latest one, where nothing else is named.
_ASKS_PREVIOUS = re.compile(
    r"\b(?:previous|prior|preceding|former) (?:job|position|role|employer|company|workplace)\b(?! (?:to|at|as|in|with|for|holder)\b)|\bwork\w* (?:right |just )?before (?:that|this|it|now)?\W*$"
    r"|(?<![가-힣])(?:그 ?전|이전|전|직전) ?(?:직장|회사|근무지|근무처|일자리)(?=[은는이가에을를도의 ?,]|$)",
    re.IGNORECASE,
)
# Where somebody worked, or what they did, before or after something: what stands behind "before", in Korean in front of it, names that.
_ASKS_BEFORE = re.compile(r"\b(?:before|prior to|previous to|preceding)\b(?P<named>.+)", re.IGNORECASE)
_ASKS_AFTER = re.compile(r"\b(?:after|since leaving|following)\b(?P<named>.+)", re.IGNORECASE)
_BEFORE_DOING_KO = r"(?:에|에서|으로|로|을|를)? ?(?:다니|입사하|들어가|들어오|일하|근무하|합류하|옮기|가|오)기 (?:바로 )?(?:직)?전"
_BEFORE_ALONE_KO = r" (?:입사 ?|합류 ?|이직 ?)?전(?= |\?|$|의|에|엔)"  # "온다페이 입사 전 회사는?"
_ASKS_BEFORE_KO = re.compile(rf"(?P<named>.{{1,80}}?)(?:의)? ?(?:바로 )?(?:직전|이전|{_BEFORE_DOING_KO}|{_BEFORE_ALONE_KO})")
_ASKS_AFTER_KO = re.compile(
    r"(?P<named>.{1,80}?)(?:을|를|에서|의)? ?(?:다음|이후|(?:나온|떠난|퇴사한|그만둔|다닌) ?(?:뒤|후|다음)|나와서|떠나서|그만두고|퇴사하고|퇴사 ?후)"
)
# What came between two jobs, or two times at one employer; what was done beside one. "Which is bigger between" asks for neither.
_ASKS_BETWEEN = re.compile(
    r"\b(?:do|did|doing|does|work\w*|go|went|be|been|was|were|is|up to|employed|happened)\b(?: (?:he|she|they|up|to|doing|working|employed|busy|(?-i:[A-Z])\w+)){0,3} between\b(?P<named>\D{3,120})$|^between\b(?P<first>\D{3,120}),.*\b(?:do|work\w*|go|employed)\b"
    r"|(?:\D{2,80}?)(?:의)? ?사이(?:에|엔|에는|에서는)(?![가-힣])(?=.*(?:뭐|뭘|무엇|무슨|어디|어느))",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(?:spells?|stints?|times|periods?|stays?)\b|(?:두|2) ?번|재입사", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:longer|longest|shorter|first|earlier|later|last|better|more|most|less|prefer\w*|bigger|relation\w*)\b|관계|더 |먼저|비교|공통", re.IGNORECASE)
_ASKS_BESIDE = re.compile(
    r"\b(?:while|whilst|during|alongside|in parallel (?:to|with)|at the same time as|at the time of)\b(?P<named>[^,]{3,120})"
    r"|(?:.{2,80}?)(?:에서|에)? ?(?:(?:다니|일하|근무하|재직하|있으)시?(?:면서|는 ?동안|던 ?동안|는 ?중|는 ?와중|던 ?때)|(?:다닐|일할|근무할|재직할|있을) ?때|(?:재직|근무) ?(?:중|당시))",
    re.IGNORECASE,
)
_ANOTHER_JOB = re.compile(
    r"\b(?:have|had|has|hold|held|do|did|doing|work\w*|take|took|get|got) (?:\w+ ){0,3}?(?:other|another|second|side|parallel) (?:paid )?(?:job|post|gig|business)(?:s|es)?\b|\b(?:work\w*|employed) (?:\w+ ){0,3}(?:any|some)where else\b|\bmoonlight"
    r"|다른 ?(?:일|직장|회사|데|곳)(?:도|을|를|에서도|에도)? ?(?:같이 |함께 |병행)?(?:했|하셨|하신|다녔|다니|겸|병행)|겸직(?:했|하셨|한 ?(?:곳|데|회사|적))|(?:부업|투잡)(?:을|를|도|은|는)? ?(?:했|하셨|하신|있|뛰)",
    re.IGNORECASE,
)
# "Before this one", "현재 회사 이전": the job that goes on, without its name.
_ASKS_THIS = re.compile(
    r"\b(?:this (?:one|job|role)|(?:current|present|latest) (?:one|job|role|position|employer|company))\b|(?:현재|지금|현) ?(?:의 )?(?:직장|회사|곳)",
    re.IGNORECASE,
)
# After somebody came, or before they left, is the time there.
_ASKS_THERE = re.compile(
    r"\b(?:after|since|following) (?:\w+ ){0,2}(?:join|start|mov|arriv|becom)\w*|\bbefore (?:\w+ ){0,2}(?:leav\w+|left|quit\w*|resign\w*)\b"
    r"|(?:입사|합류)(?:한|하고|하신|했던)? ?(?:이후|다음|후|뒤)|(?:퇴사|퇴직)(?:하기)? ?(?:직전|이전|전)",
    re.IGNORECASE,
)
_ASKS_JOB = re.compile(
    rf"^(?:(?:and|so|then|ok|okay),? )?(?:where\b.*\b(?:work\w*|go|was|were|employed|teach|taught|practi[sc]ed?|serve[d]?|cook(?:ed)?)\b|(?:what|which)\b.*\b{_JOB}|what (?:was|is) (?:his|her|their) (?:last |previous )?post(?! ?(?:box|office))(?![\w-])|who\b.*\b(?:work\w*|employ\w*)\b"
    rf"|(?:(?:his|her|their|the) )?(?:(?:last|next|previous) )?{_JOB} (?:right |just )?(?:before|after)\b"
    r"|what (?:was|were) (?:he|she|they|the candidate) (?:right |just )?(?:before|after)\b|what\b.*\bdo(?:ing)? (?:for a living |for work )?(?:right |just |immediately |directly )?(?:before|after|prior|since)\b)"
    r"|직장|회사|근무처|어디(?:서|에서)? ?(?:일|근무|다|있)|무슨 일|뭐 ?하|뭘 ?하|뭐 ?했|뭘 ?했|무엇을 ?(?:하|했)|어디로|(?<![가-힣])(?:간|옮긴|들어간|이직한|다닌|일한) ?(?:데(?![이스모뷔브])|곳)",
    re.IGNORECASE,
)
_ASKS_OTHER = re.compile(r"\b(?:stud\w+|degree|school|learn\w*|graduat\w+|how|why|when|between|until|months?)\b|학교(?!\S{0,3}병원)|학위|전공|왜|언제|얼마|몇|까지|사이|동안|\d월", re.IGNORECASE)
WORK = re.compile(
    r"experience|employ|work|career|job|position|appointment|^\W*(?:the|my) (?:road|path|journey|story)(?: so far)?\W*$|where i['’]ve been|경력|경험|(?<!교육)(?<!교육 )(?<!수상)(?<!수상 )(?<!자격)(?<!자격 )(?<!학습)(?<!학습 )이력(?! ?서)|근무|직장|걸어 ?온 ?길|지나온 ?길|발자취|일해 ?온|일한 ?곳|거쳐 ?온", re.IGNORECASE
)
_NO_WORK = re.compile(
    r"educat|academic|school|studies|degree|training|course|certif|licen[cs]|award|project|volunt|communit|publi|research|talk|member|interest|outside|beyond|hobb|leisure|(?:free|spare) time|unpaid|pro bono|\bbreaks?\b|\bgaps?\b"
    r"|^(?!.*(?:experience|employ)).*(?:stud(?:y|ied)\b|learn(?:ed|t|ing)\b|credential|prize|honou?r)|학력|학업|공부|배움|배운|교육|자격|면허|수상|장학|상과|(?<!회사별 )프로젝트|봉사|활동|논문|연구|병역|해외 ?(?:경험|연수)|어학 ?연수|취미|여가|공백",
    re.IGNORECASE,
)
_MAYBE_WORK = re.compile(r"\bintern(?!ational|et)|freelanc|consult|business|teaching|fellow|trainee|rotation|professional background|self.employ|인턴|프리랜서|창업|강의", re.IGNORECASE)
DETAILS = re.compile(r"기술서|상세|직무 ?기술")  # of the jobs that are listed with their dates elsewhere
_OUTSIDE_WORK = re.compile(r"^해외 ?(?:경험|연수|체류|봉사)(?: ?사항)?$|희망 ?(?:근무|직무|직종|연봉|조건)|^(?:(?:interests|activities|life|hobbies) )?(?:outside|beyond|beside|besides|away from|apart from|not) (?:of )?work$", re.IGNORECASE)
_ESSAY = re.compile(r"(?:극복|협업|성공|실패|도전|갈등|해결) ?(?:했던 ?|한 ?)?(?:경험|사례)|성장 ?과정|지원 ?동기|포부")  # of a letter to an employer
_EXPERIENCES = re.compile(r"경험(?:[/·,] ?(?:활동|교육|사항|대외 ?활동|인턴))+")  # of a job site, beside the jobs
STUDIES = re.compile(r"educat|academic|stud(?:y|ies|ied)\b|school|학력|학업|공부|배움", re.IGNORECASE)
_UNPAID = re.compile(r"volunt|unpaid|pro bono|communit|봉사", re.IGNORECASE)
# Whoever asks for a company does not ask for these.
_ASKS_COMPANY = re.compile(r"\b(?:company|companies|employers?|firm)\b|회사|직장", re.IGNORECASE)
OWN_ACCOUNT = re.compile(r"\bfreelance(?:r|d)?\b(?!\.)|\bfreelancing\b|\bself[- ]employed\b|프리랜서|프리랜스|자유 ?기고", re.IGNORECASE)
# A row of dates that is no job.
BREAK = re.compile(
    r"\b(?:time out(?-i:(?! [A-Z]))|time off|(?:career|family) break|sabbatical|gap year|(?:parental|maternity|paternity) leave(?! (?:cover|replacement))|between jobs|unemployed(?! [a-z])|job[- ]?seeking|(?:was|stayed|staying) at home|at home (?:with|caring)|(?:to care|car(?:e|ing|ed)) for my (?:(?:ill|sick|old|elderly|dying) )?(?:father|mother|parents?|child\w*|sons?|daughters?|husband|wife|partner|grand\w+|family|baby|twins|brother|sister|relatives?))\b"
    r"|공백기?|휴식기|휴직(?! ?대체)|육아(?!휴직 ?대체|종합|지원|정책|용품|연구|박람|신문|방송|잡지|카페|앱|플랫폼|서비스|콘텐츠|교육)|구직(?!자)|쉼(?![터표])",
    re.IGNORECASE,
)
_NO_JOBS = re.compile(r"highlight|achievement|accomplishment|summary|objective|goal|성과|요약", re.IGNORECASE)
_SERVICE = re.compile(r"\W*(?:병역|군 ?복무|군 ?경력|군필)(?: ?사항)?\s?[:：|]")  # of a form's head
BREAKS = re.compile(r"^(?:career |employment )?(?:breaks?|gaps?)\b|^(?:경력 ?)?공백", re.IGNORECASE)  # a section of them
# Why, when or for how long there was none; who stood in meanwhile, or what came before and after, its own lines need not tell.
_ASKS_BREAK = re.compile(
    r"\b(?:gaps?|hole) (?:in (?:19|20)\d\d\b|in (?:her|his|their|the|your|employment|work|career)\b(?! \w+ (?:coverage|market|system))|between\b|on (?:her|his|their|the) (?:cv|resume)\b)"
    r"|\b(?:career|employment|work) (?:break|gap)s?\b|\bwhy (?:is|was|are|were) there (?:an? |any |the )?(?:gaps?|breaks?)\W*$|\b(?:out of|without|not in) (?:work|a job)\b|\bsabbatical\b|\b(?:parental|maternity|paternity) leave\b"
    r"|\b(?:was|were) (?:he|she|they) (?:unemployed|not working)\b|\b(?:was|were|did)(?=n['’]?t\b|.{0,30}\bnot\b)(?:n['’]?t)? (?:[\w'’]+ ){1,3}work(?:ing)? (?:in|from|between|during) "
    r"(?:(?:early|late|mid|the|most|all|of|spring|summer|autumn|fall|winter|(?:jan|febr)uary|march|april|may|june|july|august|(?:sept|nov|dec)ember|october)[ -]+){0,4}(?:19|20)\d\d"
    # "2017년엔 회사 왜 안 다녔음?"
    r"|(?:19|20)\d\d ?년?.{0,12}(?<![가-힣\d])(?:회사|직장|일)(?:에|을|를|은|는|도)? ?(?:왜 ?)?(?:안|못) ?(?:다녔|다니|했|하셨|하신|한)|왜 ?(?:회사|직장|일)(?:에|을|를|은|는)? ?(?:안|못) ?(?:다녔|다니|했|하셨)|공백(?:기|이|은|에|을| )|(?<![가-힣])일을? ?쉬|(?<![가-힣])쉰 (?:기간|적|이유|사정)|(?<![가-힣])쉬(?:었|던)|육아 ?휴직",
    re.IGNORECASE,
)
_TOLD_BY_BREAK = re.compile(
    r"^\W*(?:so |and )?(?:why|explain|what|how long|when|any|is there|was there|were there|has|have|did)\b(?!.*\bwho\b)|왜|이유|사유|얼마나|언제|뭐|뭘|무엇|있나|있어|있는",
    re.IGNORECASE,
)
_BESIDE_BREAK = re.compile(r"\b(?:before|after|prior|since|following|until)\b|이후|다음|직전|이전|끝나|복직|(?<![가-힣])(?:전|후|뒤)(?![가-힣])|기간 ?전|첫째|둘째|대신", re.IGNORECASE)
_HOW_MUCH = re.compile(r"\bhow (?:long|many|much|often)\b|\bdifferen\w+|몇|얼마|차이", re.IGNORECASE)
# Who asks for an order of entries wants more than the one that is named.
_ASKS_ORDER = re.compile(
    r"\b(?:before|after|prior|previous|next|first|earlier|later|since leaving|between|or|preced\w+|follow(?:ed|ing|s)|succeeded)\b"
    # "Where did she go when she left Pixel?", "What did she leave Pixel for?"
    r"|\b(?:go|went|move\w*|join\w*)\b.{0,20}\b(?:when|once) \w+ (?:left|quit)\b|\b(?:leave|left|quit) .{1,40} for\W*$"
    r"|(?<![가-힣])전(?= |\?|$|의|에|엔)|(?:입사|이직|합류|취업) ?전|이전(?!서)|전에(?!서)|직전|다음|이후|후에|먼저|나중|사이|아니면|(?:이?랑|하고|와|과) ",
    re.IGNORECASE,
)
SCHOOL = re.compile(r"(?i:universi|college|institut|school|academy)|대학|학교")
_WORK_TITLE = re.compile(r"[\"“'‘「『《][^\"”'’」』》\n]{4,}[\"”'’」』》]")
BULLET = re.compile(r"\s*[-*•·▪●○◦‣–—➤✓]\s")
LATIN_NAME = re.compile(r"(?<![\w'’-])[A-Z](?:(?![가-힣])[\w&+.'’-])*(?![가-힣])\w")
_NAME = re.compile(r"[A-Z가-힣][\w&+.-]*\w")  # of a first line: a capital, or Korean
_NOT_NAMES = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec present current now today the remote mostly 현재 재직 지금"
    " what which who whom whose when where why how did does do is are was were has have had can could would will and at in for".split()
)
# What somebody got into or became: nothing but that stands behind "before" or "after".
_TRADE = re.compile(
    r"^(?:(?:he|she|they) )?(?:(?:(?:got|went|moved) into|getting into|going into|moving into|became|becoming|was|being|started|starting|took up|taking up) )?(?:an? |the )?(?P<trade>[a-z]{5,})(?: (?:business|trade|industry|profession|world|field|sector|line of work))?\W*$"
)
_NO_TRADES = frozenset("there that business college university school children family project career retirement management leading freelancing".split())
_HANGUL = re.compile(r"[가-힣]{2,}")
_PARTICLE_KO = "에서|에|의|은|는|이|가|을|를"
_AT_WORK_KO = r"(?:에서| ?시절| ?재직| ?근무|(?:에|을|를)? ?(?:다니|다녔|다닐|입사|그만|퇴사|들어가))"
_KIND_KO = re.compile(rf"(?:{KINDS_KO}|{TRADES_KO})$")


def head(chunk: Chunk) -> str:
    """An entry's first line; the later part of a long entry has it in its section title."""
    if "›" in chunk.section:
        return chunk.section.rpartition("›")[2].strip()
    return chunk.text.strip().split("\n", 1)[0]


def _beginning(chunk: Chunk) -> list[str]:
    """The first lines of the text that hold more than a length of time."""
    lines = [line for line in chunk.text.strip().split("\n") if line.strip()]
    return [line for line in lines[: HEAD_LINES + 1] if not DURATION.fullmatch(line)][:HEAD_LINES]


def first_lines(chunk: Chunk) -> str:
    dates = top(chunk.text)
    return "\n".join(dict.fromkeys([head(chunk), *_beginning(chunk), chunk.text[slice(*dates)] if dates else ""]))


def _named_lines(chunk: Chunk) -> str:
    """What names an entry: its first line and the short ones under it, down to the first bullet (employer, place); not the
    titles of works in those."""
    kept = [head(chunk)]
    if len(kept[0]) > MAX_DATED and "|" in kept[0]:
        kept = [row_named(kept[0])]
    for line in _beginning(chunk)[1:]:
        if BULLET.match(line):
            break
        if len(line) > MAX_DATED:
            if "|" in line and _RANGE.search(line):
                kept.append(row_named(line))
            break
        kept.append(_WORK_TITLE.sub("", line))
    return "\n".join(kept)


def row_named(row: str) -> str:
    """What names an entry in the long row of a table: dates, employer and post, without the tasks behind them."""
    return " | ".join(cells(row)[:3])


def is_entry(chunk: Chunk) -> bool:
    """Whether the passage is one job, degree or the like: a range of dates stands in its first lines."""
    return bool("›" in chunk.section or _RANGE.search(first_lines(chunk)))


def top(text: str) -> tuple[int, int] | None:
    """The heading of an entry, down to its dates: employer, post, "2019 – 2021", as (start, end) in its text. None where that is no heading of few
    short lines.
    """
    dates = _RANGE.search(text)
    if dates is None:
        return None
    end = text.find("\n", dates.end())
    end = len(text) if end < 0 else end
    lines = [line for line in text[:end].split("\n") if line.strip()]
    return (0, end) if len(lines) <= MAX_TOP and all(map(_is_short, lines)) else None


def dated_line(chunk: Chunk) -> tuple[int, int] | None:
    """Where in `chunk.text` the dates of the entry stand, as (start, end) of their line; None where its first lines have none."""
    dates = _RANGE.search(chunk.text)
    if dates is None or chunk.text.count("\n", 0, dates.start()) > HEAD_LINES:
        return None
    end = chunk.text.find("\n", dates.end())
    return chunk.text.rfind("\n", 0, dates.start()) + 1, len(chunk.text) if end < 0 else end


def goes_on(chunk: Chunk) -> bool:
    """Whether the entry has no end yet ("March 2022 – present", "2019년 3월 ~ 현재", "since 2018")."""
    return bool(_GOES_ON.search(first_lines(chunk)))


def named_entries(question: str, chunks: Sequence[Chunk]) -> set[int]:
    """Positions of the entries whose first lines, or those of an entry further down in the passage, hold a name from the question, also a
    misspelt one.

    English names are known by their capital; a Korean question is searched for the first lines' own words, but for those that also stand in
    the text of another entry ("데이터"): they are no employer's.
    """
    return set(_naming(question, chunks))


def _naming(question: str, chunks: Sequence[Chunk]) -> dict[int, set[str]]:
    """The `named_entries`, each with the words that name it."""
    entries = [i for i, chunk in enumerate(chunks) if is_entry(chunk)]
    own = {word.casefold() for chunk in chunks for word in _NAME.findall(chunk.subject)}
    heads = {i: "\n".join(map(_named_lines, _without_dated_tasks(chunks[i]))) for i in entries}
    words = {i: {w.casefold() for w in _NAME.findall(heads[i])} - own - _NOT_NAMES for i in entries}
    shared: dict[str, set[str]] = {}
    for i in entries:
        first = head(chunks[i])
        for word in words[i]:  # the parts of one long entry count once, as do the posts under one employer
            shared.setdefault(word, set()).add(first if word in first.casefold() else heads[i])
    most = min(SHARED_BY, max(1, len(set(heads.values())) - 1))
    telling = {word for word, of in shared.items() if len(of) <= most}
    named: set[str] = set()
    for match in LATIN_NAME.finditer(question):
        name = match[0].casefold().removesuffix("'s").removesuffix("’s")
        if name in telling:
            named.add(name)
        elif len(name) >= 5 and match.start():  # the first word has its capital from the sentence
            named.update(difflib.get_close_matches(name, [w for w in telling if w.isascii()], 1, CLOSE))
    for word in filter(_HANGUL.fullmatch, telling):
        if not (_korean_name_in(word, question) or _short_name_in(word, question, chunks) or _last_part_in(word, question, telling)):
            continue
        elsewhere = any(word in chunks[i].text and word not in words[i] for i in entries)
        if _KIND_KO.search(word) or not elsewhere:
            named.add(word)
    found = {i: words[i] & named for i in entries if words[i] & named}
    if called := {i: names for i in entries if (names := _called(heads[i], question))}:
        # "디자이너" in "스튜디오결에서 디자이너 관리했나요?" is nobody's workplace.
        at_work = lambda name: re.search(rf"{re.escape(name)}{_AT_WORK_KO}", question) is not None
        return {i: found.get(i, set()) | called.get(i, set()) for i in entries if i in called or any(map(at_work, found.get(i, ())))}
    return found


def _called(heading: str, question: str) -> set[str]:
    """The names of several Korean words in a heading that the question calls so, with or without their spaces: "스튜디오 결", "스튜디오결에서"."""
    asked = re.sub(r"\s", "", question)
    named = (piece.strip() for piece in re.split(r"[|,·/()–—:\n]| {2,}| - ", heading))
    pieces = (re.sub(r"\s", "", piece) for piece in named if len(piece) <= MAX_DATED and re.search(r"[가-힣]\S* [가-힣]", piece))
    return {piece for piece in pieces if len(piece) >= 4 and re.search(rf"{re.escape(piece)}(?:{_AT_WORK_KO}|의)", asked)}


def _without_dated_tasks(chunk: Chunk) -> list[Chunk]:
    """The parts of a passage, but for tasks that have dates of their own ("- SAP rollout (2023.02 ~ 2023.10)"): what they are about is no employer."""
    every = [part for _, part in parts(chunk)]
    return [part for part in every if not BULLET.match(part.text.lstrip("\n"))] or every


def _korean_name_in(name: str, question: str) -> bool:
    """Whether a Korean word stands in the question with at most a particle behind it; two syllables need a boundary."""
    if len(name) >= 3:
        return re.search(rf"(?:(?<![가-힣])|(?<=주식회사)){name}", question) is not None
    return re.search(rf"(?<![가-힣]){name}(?:{_PARTICLE_KO})", question) is not None


def _last_part_in(name: str, question: str, names: set[str]) -> bool:
    """Whether the question calls "새빛초등학교병설유치원" "병설유치원": an end of four syllables or more that no other name has."""
    ends = (name[at:] for at in range(2, len(name) - 3))
    found = next((end for end in ends if re.search(rf"(?<![가-힣]){end}(?:{_PARTICLE_KO}|에선|에서는|엔| |[?]|$)", question)), "")
    return bool(found) and not any(other.endswith(found) for other in names if other != name)


def _short_name_in(name: str, question: str, chunks: Sequence[Chunk]) -> bool:
    """Whether the question calls "온새로유통" "온새로", or "온기둥재활병원" "온기둥": a beginning that nothing else in the resume has."""
    kind = _KIND_KO.search(name)
    if kind is None:
        return False
    for end in range(kind.start(), 1, -1):
        own = name[:end]
        if end < kind.start() and end < 3:  # of a name with more to it, two syllables are a word like any other
            return False
        # Two syllables need a particle: "도자" is a word as well as a studio; less than its own part what only a workplace has.
        behind = rf"(?:{_PARTICLE_KO}{'' if end == 2 else '|로|으로| |[?]|$'})" if end == kind.start() else _AT_WORK_KO
        if re.search(rf"(?<![가-힣]){own}{behind}", question):
            return not any(re.search(rf"(?<![가-힣]){own}(?!{name[end:]})", chunk.text) for chunk in chunks)
    return False


_PARTS_OF_POINT = re.compile(
    r"(?:([A-Za-z]{3})[A-Za-z]*\.? )?"
    r"(?:(?<=[A-Za-z.] )\d{1,2}, )?"  # the day of "March 15, 2019"
    r"(?:(\d{1,2})/(?=\d{1,2}/))?(?:(\d{1,2})[./-])?((?:19|20)\d{2})"
    r"(?:[./-] ?(\d{1,2})(?!\d|[./]\d{4}))?"  # not the month of the next point: "2015-05/2020"
    r"(?:년 ?(\d{1,2})월)?"
)


def _points(dates: str) -> list[tuple[int, int]]:
    """The points in time of a range, as (year, month); month 0 where only the year is told."""
    if short := re.fullmatch(r"(\d{2})(\d{2})\D+(\d{2})", dates):  # "2019–21", "1998–02"
        century, start, end = map(int, short.groups())
        return [(100 * century + start, 0), (100 * (century + (end < start)) + end, 0)]
    parts = _PARTS_OF_POINT.findall(full_years(dates))
    day_first = _day_first([(int(first), int(before)) for _, first, before, *_ in parts if first and before])
    found = []
    for name, first, before, year, after, korean in parts:
        month = MONTHS.index(name.casefold()) + 1 if name.casefold() in MONTHS else int(before or after or korean or 0)
        if first:
            month = 0 if day_first is None else month if day_first else int(first)
        found.append((int(year), month if month <= 12 else 0))
    return found


def _day_first(pairs: Sequence[tuple[int, int]]) -> bool | None:
    """Whether the first of the two numbers before a year is the day, as of all points of a range: 15/03/2019 tells it, and of a start what is 1 is
    likelier the day; None where nothing tells."""
    for first, second in pairs:
        if max(first, second) > 12:
            return first > 12
    day = any(first == 1 != second for first, second in pairs)
    month = any(second == 1 != first for first, second in pairs)
    return None if day == month and any(first != second for first, second in pairs) else day or not month


def _ends(dates: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Start and end of a range, as (year, month); the end of what goes on is (9999, 0), that of what happened once its only date."""
    points = _points(dates)
    if not _RANGE.search(dates):
        return points[0], points[0]
    return points[0], points[1] if len(points) > 1 else (9999, 0)


def lies_within(line: str, other: str) -> bool:
    """Whether the dates of one line lie within those of another and are not the same: a task's within its job's."""
    inner, outer = (_dated(text) for text in (line, other))
    if not inner or not outer:
        return False
    (start, end), (first, last) = _ends(inner[0][1]), _ends(outer[0][1])
    return (start, end) != (first, last) and first <= start and (end[0], end[1] or 12) <= (last[0], last[1] or 12)


@dataclass(frozen=True, slots=True)
class _Job:
    """A job of a passage: `chunk.text[span]` of the passage at `position`; `start` and `end` as (year, month)."""

    start: tuple[int, int]
    end: tuple[int, int]
    position: int
    span: tuple[int, int]


def _jobs(chunks: Sequence[Chunk], subject: str, every: bool = False) -> list[_Job]:
    """Somebody's jobs that have dates, as the passages list them; a task with dates of its own is none, nor a project within a job's time. With
    `every`, also these, and those that a section of details tells once more.
    """
    sections = {i: re.split(r"[›(]", chunk.section)[0] for i, chunk in enumerate(chunks) if chunk.subject == subject}  # without the employer
    allowed = [i for i, section in sections.items() if not _NO_WORK.search(section)]
    dated = {i: _without_tasks(chunks[i].text, _dated(chunks[i].text)) for i in allowed}
    work = [i for i in allowed if dated[i] and WORK.search(sections[i])]
    dated |= {i: _once(chunks[i].text) for i in allowed if work and not dated[i] and WORK.search(sections[i]) and not _NO_JOBS.search(sections[i])}
    work = [i for i in allowed if dated[i] and WORK.search(sections[i])]
    dated |= {i: _with_once(chunks[i].text, dated[i]) for i in work}
    work = work or allowed
    jobs = []
    for i in work:
        text = chunks[i].text
        for (at, dates), span in zip(dated[i], _spans(text, dated[i]), strict=False):
            row = text[at:].split("\n", 1)[0]
            told = text[min(span[0], at) : at] + (row_named(row) if row.count("|") > 2 else row)  # its title may stand above the dates, why it ended behind
            below = [line for line in text[at:].split("\n")[1:3] if line.strip() and not BULLET.match(line)]  # its post below them
            if BREAK.search(told) or _SERVICE.match(text, at) or (is_study(told) and not any(map(is_post_line, below))):
                continue
            if ends_table(text, at):
                span = (span[0], at + len(row))  # what stands below the table is not the last row's
            jobs.append(_Job(*_ends(dates), i, span))
    return jobs if every else _without_projects(jobs, chunks)


# Who works at a school, and what it does.
_AT_SCHOOL = re.compile(r"교사|강사|교감|교장|교직|행정|실무사|사서|상담|조리|영양|코치|감독|직원|조교|튜터|\b(?:teacher|instructor|tutor|coach|counsell?or|librarian|principal|administrator)\b|학사 ?(?:관리|지원|운영|행정|팀)", re.IGNORECASE)


# Not "Boston, MA", nor a workplace that is a school.
_DEGREE = re.compile(
    r"(?i:\bbachelor\w*|\bmaster(?:['’]?s\b|(?= (?:of|in|degree)\b))|\bph\.? ?d\b|\bdoctorate\b|\bdipl[oô]m[ae]\b|\bassociate(?:['’]s)? (?:degree|of|in)\b|\bgraduated\b|\ba-levels?\b)|(?<![\w-])[BM]\.?(?:Sc|Eng|BA|Ed|Tech|Com|FA)\b\.?|(?<![\w-])[BM]\.?[AS]\.? (?=in\b|of\b|\(Hons)"
    r"|(?<!전문)학사(?! ?(?:관리|지원|운영|행정|팀|일정))|석사|박사|(?:고등학교|대학교?|대학원|학과|학부)[^\n]{0,20}?(?:졸업|수료|재학|입학|중퇴|휴학)|전문학사|졸업"
)


def is_study(title: str) -> bool:
    """Whether what stands among the jobs is none: a degree, or a school and nothing that somebody does there."""
    rest = _DEGREE.sub("", title.replace("\n", ","))
    return len(rest) < len(title) and not _AT_SCHOOL.search(title) and not is_post_line(rest)


def ends_table(text: str, at: int) -> bool:
    """Whether the line at `at` is the last row of a table with a blank line below it."""
    row, _, below = text[at:].partition("\n")
    return row.count("|") > 1 and below[:1] == "\n"


_PROJECT = re.compile(
    r"(?:^| )(?:개발|구축|재구축|전환|개선|고도화|프로젝트|이관|도입|리뉴얼|런칭|출시|마이그레이션)\W*$|\b(?:project|migration|redesign|launch|roll-?out|implementation|rewrite|upgrade|rebuild|integration)s?\W*$",
    re.IGNORECASE,
)


_ENDS_IN_BRACKETS = re.compile(r"\([^()\n]*\)\W*$")


def _without_projects(jobs: Sequence[_Job], chunks: Sequence[Chunk]) -> list[_Job]:
    """Without what a job's time holds and is called a project, or stands right below it in a style that only what is within jobs has: its dates behind its title, in brackets or not;
    and without what a section of details tells of the jobs that are listed elsewhere."""
    inside = lambda job, other: other.start <= job.start and (job.end[0], job.end[1] or 12) <= (other.end[0], other.end[1] or 12)
    may_be = lambda job, other: other.start <= (job.start[0], job.start[1] or 12) and (job.end[0], job.end[1] or 1) <= (other.end[0], other.end[1] or 12)
    title = lambda job: chunks[job.position].text[slice(*job.span)].split("\n")[0]
    detailed = {i for i in {job.position for job in jobs} if DETAILS.search(re.split(r"[›(]", chunks[i].section)[0])}
    listed = [job for job in jobs if job.position not in detailed]
    styled = {job for job in jobs if (brackets := _ENDS_IN_BRACKETS.search(title(job)[-MAX_DATED:])) and _RANGE.search(brackets[0])}
    above, job_above = None, {}
    for job in jobs:
        job_above[job] = above
        above = above if job in styled else job
    within = {job for job in styled if (over := job_above[job]) and chunks[over.position].section == chunks[job.position].section and may_be(job, over) and not _HAS_POST.search(title(job))}
    below_jobs = within if within == styled else set()
    kept: list[_Job] = []
    section = lambda job: re.split(r"[›(]", chunks[job.position].section)[0]
    # Where the jobs have their dates in front, what has them behind its title and lies within one of these is something done there.
    in_front = {job for job in jobs if _RANGE.match(title(job).lstrip(" *•|-"))}
    behind = {job for job in jobs if job not in in_front and _RANGE.search(title(job)) and not _HAS_POST.search(title(job))}
    if len(behind) > 1 and all(any(section(other) == section(job) and inside(job, other) for other in in_front) for job in behind):
        below_jobs |= behind
    for job in jobs:
        if job in below_jobs or job.position in detailed and any(inside(job, other) for other in listed):
            continue
        if (PROJECT_LABEL.match(title(job)) or _is_project_row(job, chunks)) and any(may_be(job, other) for other in jobs if other != job and (other.position != job.position or other in kept)):
            continue
        if kept and section(kept[-1]) == section(job) and inside(job, kept[-1]) and _is_bare(_head(job, chunks)) and is_post_line(_head(kept[-1], chunks).replace("\n", ",")):
            continue
        outer = [other for other in kept if inside(job, other) and (other.start, other.end) != (job.start, job.end)]
        if not (outer and is_project(title(job))):
            kept.append(job)
    return kept


PROJECT_LABEL = re.compile(r"\W*(?:client|project|고객사?|프로젝트명?|사업명|과제명?)\s?[:：]", re.IGNORECASE)


PROJECT_COLUMN = re.compile(r"사업명|프로젝트|과제명?|발주|고객사|\b(?:project|client)\b", re.IGNORECASE)


def _is_project_row(job: _Job, chunks: Sequence[Chunk]) -> bool:
    """Whether a job is a row of a table of projects, as the names of its columns say."""
    if chunks[job.position].text.count("|", *job.span) < 2:
        return False
    lines = chunks[job.position].text.split("\n")
    row = chunks[job.position].text.count("\n", 0, job.span[0])
    row = next((n for n in range(row, len(lines)) if _RANGE.search(lines[n])), row)
    names = column_names(lines, row)
    told = chunks[job.position].section.rpartition("(")[2] if names is None else lines[names]
    return lines[row].count("|") > 1 and PROJECT_COLUMN.search(told) is not None


def _head(job: _Job, chunks: Sequence[Chunk]) -> str:
    """A job's heading: down to the line of its dates, and what stands below that of it."""
    period = _period(chunks, job)
    return period.heading.partition("\n")[2] if period else ""


def _is_bare(head: str) -> bool:
    """Whether a heading is nothing but words and dates, on lines of their own: no post, no workplace, nothing that commas or marks set apart."""
    told = [without for line in head.split("\n") if (without := _RANGE.sub("", re.sub(r"\([^()]*\)", "", line)).strip(" ()*|·,-–")) and re.search(r"\w", without)]
    apart = lambda line: re.search(r"[,|/]| · | [-–—] |  ", re.sub(r"\([^()]*\)", "", line))
    return len(told) < 2 and not any(len(line.split()) < MIN_WORDS or (_names_workplace(line) and not re.search("[가-힣]", line)) or apart(line) or is_post_line(line) or EMPLOYER_WORD.search(line) or WORKPLACE_KO.search(line.split()[-1]) for line in told)


# A post, or an employer beside something: a job.
_HAS_POST = re.compile(
    r"\b(?:engineer|developer|manager|director|analyst|designer|nurse|teacher|consultant|assistant|officer|lead|head|architect|scientist|specialist|coordinator|associate|intern|technician|administrator|supervisor|executive|representative|partner|trainee|accountant)\b"
    r"|(?:사원|대리|과장|차장|부장|팀장|주임|(?<!세부)(?<!과제)책임|선임|수석|인턴|매니저|개발자|엔지니어|연구원|디자이너|기획자|강사|교사)(?![가-힣])",
    re.IGNORECASE,
)


def is_project(title: str) -> bool:
    """Whether a heading is that of a project: it ends with a word for one, and has neither a post nor an employer beside."""
    bare = _RANGE.sub("", title).strip(" ()*|·,-–")
    return _PROJECT.search(bare) is not None and not _HAS_POST.search(bare) and not ("," in bare and re.search("[A-Za-z]$", bare))


def _without_tasks(text: str, dated: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The dated lines without the bullets, which are tasks of the jobs above them, where not all are bullets."""
    plain = [line for line in dated if not BULLET.match(text, line[0])]
    return plain or list(dated)


@dataclass(frozen=True, slots=True)
class Period:
    """The time of a job.

    Attributes:
        position: of its passage.
        line: (start, end) of the dated line in `chunk.text`.
        heading: the section's title and the lines down to that one.
        dates: as they stand there.
        start, end: as (year, month), month 0 where it is not told.
        headed: the dates stand at the edge of a line that is a heading, not within a sentence: they are the job's own.
    """

    position: int
    line: tuple[int, int]
    heading: str
    dates: str
    start: tuple[int, int]
    end: tuple[int, int]
    headed: bool

    @property
    def goes_on(self) -> bool:
        return self.end == (9999, 0)

    @property
    def has_months(self) -> bool:
        """Whether both ends are told to the month."""
        return bool(self.start[1] and (self.goes_on or self.end[1]))


_NUMBERING = re.compile(r"^\W{0,2}\d{1,2}(?:\.\d{1,2})*[.)]? (?=\D)")
_SAYS_I = re.compile(r"\b(?:I|my|we|our|he|she|his|her|they|their)\b|(?:다|요|음)\. ")  # of prose


_STOP_WITHIN = re.compile(r"(?<![ .][A-Za-z]{1})(?<![ .][A-Za-z]{2})(?<!^[A-Za-z]{2})\. ")  # not "Sp. z o.o. Gdańsk"


def _period(chunks: Sequence[Chunk], job: _Job) -> Period | None:
    """The time of a job, None where its dates are not those of a range."""
    text = chunks[job.position].text
    told = text[slice(*job.span)]
    for at, dates in _dated(told) or _once(told):
        start = job.span[0] + at
        end = text.find("\n", start + len(dates) if "\n" in dates else start)
        line = start, len(text) if end < 0 else end
        before, _, after = _NUMBERING.sub("", text[slice(*line)]).partition(_without_word(dates.split("\n")[0]))
        alone = not re.search(r"\w", text[job.span[0] : line[0]] + before + after)
        below = below_dates(text, line[1]) if alone else below_title(text, line, f"{text[job.span[0] : line[0]]}{before},{after}".replace("\n", ","))
        heading = f"{chunks[job.position].section}\n{text[job.span[0] : line[1] + below]}"
        edge = not re.search(r"\w", BULLET.sub("", before)) or len(after.strip(" ()|,·")) <= MAX_BESIDE
        # In a table's row they have a cell of their own, whatever else the row says.
        row = [cell for cell in re.split(r" ?\| ?| · ", text[slice(*line)].strip(" |*")) if cell]
        own_cell = len(row) > 2 and any(_RANGE.fullmatch(cell) for cell in row)
        sentence = re.search(r"[.!?;,]$", text[slice(*line)].rstrip()) or _STOP_WITHIN.search(before + after)
        closing = _closes(before, after) or (line[1] - line[0] - len(after) <= MAX_HEADED and _closes_sentence(before, dates, after))
        headed = own_cell or (edge or closing) and line[1] - line[0] <= (MAX_HEADED if not sentence else 2 * MAX_HEADED) and (not sentence or closing)
        return Period(job.position, line, heading, _dates_alone(dates), job.start, job.end, headed)
    return None


def _closes(before: str, after: str) -> bool:
    """Whether dates close a heading in sentences: "Ridgepole Tree Care, St. Paul. Climber. 05/2012 to 08/2014."."""
    return before.rstrip().endswith((".", ",", "|", "·", "(")) and not after.strip(" .)") and not _SAYS_I.search(before)


def _closes_sentence(before: str, dates: str, after: str) -> bool:
    """Whether dates close a heading that stands before what was done: "Home Depot, Houston - Supervisor, 2020 to now. Ran the paint desk."."""
    ends = after.startswith(". ") or (dates.endswith(".") and after.startswith(" "))
    return ends and before.rstrip().endswith(",") and len(re.findall(r"\b[a-z]{3,}", before)) <= MAX_SMALL and not _SAYS_I.search(before)


def below_dates(text: str, end: int) -> int:
    """How far what ends at `end` with the dates of a job goes on with the employer, post or place that may stand right below: one line, or two where they
    stand between it and the tasks."""
    below = text[end + 1 :].split("\n")[:3] if text[end : end + 1] == "\n" else []
    stands = [_may_stand_below(line, behind) for line, behind in zip(below[:2], [*below[1:], ""], strict=False)]
    both = len(stands) == 2 and all(stands) and (len(below) < 3 or not below[2].strip() or bool(BULLET.match(below[2])))
    return sum(1 + len(line) for line in (below[:2] if both else below[:1] if stands[:1] == [True] else []))


_POST_LABEL = re.compile(r"(?:직위|직급|직책|(?:부서|소속)(?: ?[/·] ?(?:직위|직급|직책))?|designation|(?:job )?(?:title|position|role))(?: ?[/·] ?(?:직위|직급|직책))?\s?[:：]\s?(?=\S[^\n]{0,60}$)", re.IGNORECASE)
_PART = re.compile(r"[,|·/]| [-–—] |  ")
EMPLOYER_WORD = re.compile(rf"\b(?:inc|ltd|llc|llp|plc|gmbh|hospital|clinic|university|college|school|academy|bank|agency|council)\b|㈜|\(주\)|주식회사|법인(?![가-힣])|[가-힣]법인|(?:{KINDS_KO})(?![가-힣])", re.IGNORECASE)
_TOWN = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?, [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}")  # "Leeds, West Yorkshire"
_DOES = re.compile(r"(?:[A-Z][a-z]+(?:ed|ing)|Responsible|Led|Built|Ran|Wrote|Won|Made|Set|Grew|Cut|Taught|Sold|Kept|Took|Brought)\b")  # begins with what was done
WORKPLACE_KO = re.compile(rf"(?:㈜|\(주\)|주식회사|(?:{KINDS_KO}|{TRADES_KO}|센터|본사|지점|공장)(?![가-힣]))")
_DONE_KO = re.compile(r"(?:함|음|됨|임|다|요|등|담당|수행|진행|관리|운영|지원)\.?$")  # ends with it


def below_title(text: str, line: tuple[int, int], title: str) -> int:
    """How far the heading of a job goes on below the line of its dates, where that has a post or an employer alone: by the line with the other of the two.

    Args:
        line: (start, end) of the dated line.
        title: what it says beside and above the dates.
    """
    if text[line[1] : line[1] + 1] != "\n" or BULLET.match(text, line[0]):
        return 0
    below, _, rest = text[line[1] + 1 :].partition("\n")
    if _POST_LABEL.match(below):
        return 1 + len(below)
    if not _may_stand_below(below, rest.partition("\n")[0]) or re.search(r"[:：]", below) or is_post_line(title) and EMPLOYER_WORD.search(title):
        return 0
    posts = [is_post_line(part) for part in re.split(r" [-–—|@·] | at ", title) if re.search(r"\w", part)]
    if len(posts) > 1 and not all(posts):
        return 0  # both stand there
    if "," in title.strip(", ") and _TOWN.fullmatch(below.strip()):
        return 0  # the place
    if is_post_line(title) or not is_post_line(below) and "," in below:  # with its place
        other = _names_workplace(below) and not is_post_line(below)
    else:
        korean = re.search("[가-힣]", below) is not None
        named = not _DONE_KO.search(below) if korean else (len(below.split()) <= MAX_POST_WORDS or _names_workplace(below)) and not _DOES.match(below)
        short = re.fullmatch("[A-Z]{2,3}", below.strip()) is None or re.search("[가-힣]", title) is not None  # "AE", not "USA"
        other = is_post_line(below) and named and short
    return 1 + len(below) if other else 0


def _parts_of(line: str) -> list[str]:
    return [part for each in _PART.split(re.sub(r"\([^()]*\)", "", line)) if (part := each.strip(" .*•-|·()"))]


def is_post_line(line: str) -> bool:
    """Whether a piece of a line is the title of a post."""
    return any(POST_WORD.search(part) or POST_KO.search(part) and not part.endswith("센터") or _HAS_POST.search(part) for part in _parts_of(line)) or re.fullmatch("[A-Z]{2,3}", line.strip()) is not None


def _names_workplace(line: str) -> bool:
    """Whether a line may be nothing but the name of an employer with its place."""
    if re.search("[가-힣]", line):
        return WORKPLACE_KO.search(line) is not None and not _DONE_KO.search(line)
    words = re.findall(r"[^\W\d_][\w'’&-]{3,}", line)
    return bool(words) and line[:1].isupper() and sum(word[0].isupper() for word in words) >= 0.6 * len(words) and not _DOES.match(line)


_ENDS_SENTENCE = re.compile(r"[!?:;]$|(?<!\b[A-Za-z])(?<!\.[A-Za-z])(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)(?<!\bPty)(?<!\bBros)\.$", re.IGNORECASE)  # not "Sp. z o.o.", "Acme Ltd."


def _may_stand_below(line: str, behind: str) -> bool:
    """Whether a line below dates may be of their heading; right above the tasks stands nothing else."""
    most = MAX_PLACE if not behind.strip() or BULLET.match(behind) else MAX_POST
    other = _RANGE.search(line) if most == MAX_PLACE else _YEAR.search(line)  # "Site Manager from 2016"
    lasted = DURATION.fullmatch(line.strip(" ()")) is not None and re.search(r"\d", line)
    return bool(line.strip()) and not lasted and len(line) <= most and not (BULLET.match(line) or other or _ENDS_SENTENCE.search(line.rstrip()))


def _dates_alone(dates: str) -> str:
    """A range of dates as it is told, without a word before it that is no month ("Camping 2020.3 ~ 2021.1")."""
    return _without_word(re.sub(r"\s+", " ", dates).strip(" (,;:·|"))


def _without_word(dates: str) -> str:
    word, _, rest = dates.partition(" ")
    return rest if word.rstrip(".").isalpha() and word[:3].casefold() not in (*MONTHS, "sin") else dates


def periods(chunks: Sequence[Chunk], every: bool = False) -> list[Period]:
    """The times of all jobs in the passages, earliest first; nothing where they are of several people. With `every`, also of projects within a job's
    time, and of jobs that a section of details tells once more."""
    return list(_periods(tuple(chunks), every))


@functools.lru_cache(maxsize=16)  # of one question many rules ask
def _periods(chunks: tuple[Chunk, ...], every: bool) -> tuple[Period, ...]:
    subjects = {chunk.subject for chunk in chunks}
    if len(subjects) != 1:
        return ()
    found = (_period(chunks, job) for job in sorted(_jobs(chunks, subjects.pop(), every), key=lambda job: (job.start, job.end)))
    return tuple(period for period in found if period)


def in_detail(chunks: Sequence[Chunk]) -> list[Period]:
    """The jobs as `periods`, and those that a section of details tells once more with what was done in them; no projects."""
    every, listed = periods(chunks, every=True), periods(chunks)
    section = lambda period: period.heading.partition("\n")[0]
    end = lambda period: (period.end[0], period.end[1] or 12)
    within = lambda one, other: section(one) == section(other) and (one.start, one.end) != (other.start, other.end) and other.start <= one.start and end(one) <= end(other)
    return [*listed, *(each for each in every if each not in listed and DETAILS.search(section(each)) and not any(within(each, other) for other in every))]


@dataclass(frozen=True, slots=True)
class Study:
    """The time of a study: `chunk.text[span]` of the passage at `position` is its dated line; `start` and `end` as (year, month), as in Period."""

    position: int
    span: tuple[int, int]
    start: tuple[int, int]
    end: tuple[int, int]


def studies(chunks: Sequence[Chunk], every: bool = False) -> list[Study]:
    """The times of the studies in the passages; with `every`, of all that has dates there."""
    found = []
    for i, chunk in enumerate(chunks):
        if not every and not STUDIES.search(re.split(r"[›(]", chunk.section)[0]):
            continue
        for at, dates in _dated(chunk.text):
            stop = chunk.text.find("\n", at)
            found.append(Study(i, (at, len(chunk.text) if stop < 0 else stop), *_ends(dates)))
    return found


_AND = r"(?: (?:and|&) |, ?|/| ?및 ?|·)"
_BESIDE_ONE = r"(?:volunteer(?:ing)?(?: work| experience| activities)?|voluntary work|community service|certifications?|certificates|licen[cs]es|awards?|honou?rs|prizes|publications?|papers|hobbies|interests|references?|referees|(?:professional )?memberships?|affiliations|languages?|language skills|(?:자원)?봉사(?: ?활동)?|자격증|자격 ?사항|면허|수상(?: ?(?:경력|내역|이력))?|논문|취미|추천인|어학(?: ?(?:능력|성적))?|학회 ?활동)"
# Whole titles: "Community Nursing" and "어학연수" are work, or training all day.
BESIDE_WORK = re.compile(rf"{_BESIDE_ONE}(?:{_AND}{_BESIDE_ONE})*", re.IGNORECASE)


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence, which no job begins with."""
    return not line.strip() or (line.rstrip().endswith((".", "!", "?")) and len(line.split()) >= 4 and not BULLET.match(line))


def told_whole(chunks: Sequence[Chunk]) -> bool:
    """Whether the dates in the passages tell all of a working life: no section of work is without dates, and none may be either work or not
    ("Research Experience")."""
    maybe = {i for i, chunk in enumerate(chunks) if _MAYBE_WORK.search(re.split(r"[›(]", chunk.section)[0]) and _dated(chunk.text)}
    if maybe and maybe - {period.position for period in periods(chunks)}:
        return False
    for chunk in chunks:
        section = re.split(r"[›(]", chunk.section)[0]
        if not WORK.search(section) or _OUTSIDE_WORK.search(section.strip()) or _ESSAY.search(section) or _EXPERIENCES.fullmatch(section.strip()) or is_project(chunk.text.split("\n")[0]) or BREAKS.search(section) or "›" in chunk.section or _UNPAID.search(section) or DETAILS.search(section):
            continue
        if is_column_names(chunk.text):
            continue  # the head of a table whose rows stand in other passages
        if _NO_WORK.search(section) or (not (_dated(chunk.text) or _once(chunk.text)) and not all(map(_is_prose, chunk.text.split("\n")))):
            return False
    return True


def named_periods(question: str, chunks: Sequence[Chunk], detailed: bool = False) -> list[Period]:
    """The times of the jobs (or projects within them) that a question names, or means by their place among the others (the first, the latest, the
    current one). A job that is told in short and in detail counts once: as in short, unless `detailed`."""
    subjects = {chunk.subject for chunk in chunks}
    if len(subjects) != 1:
        return []
    jobs = _jobs(chunks, subjects.pop(), every=True)
    listed = _without_projects(jobs, chunks)
    naming = _naming(question, [_only(chunks[job.position], job) for job in jobs])
    most = max(map(len, naming.values()), default=0)
    named = [jobs[i] for i, words in naming.items() if len(words) == most]
    if own := [job for job in named if job in listed]:  # not the projects there, in whose headings the employer stands as well
        words = set().union(*(naming[i] for i, job in enumerate(jobs) if job in own))
        within = lambda job: any((each.start, each.end) != (job.start, job.end) and each.start <= job.start and job.end <= each.end for each in own)
        named = [job for i, job in enumerate(jobs) if job in own or (job in named and not (naming[i] <= words and within(job)))]
    once: dict[tuple, _Job] = {}
    for job in named:
        key = (job.start, job.end, chunks[job.position].document_id)
        once[key] = job if detailed else once.get(key, job)
    own = list(once.values())
    if not own and (at := _first_or_latest(question, chunks) or _previous(question, chunks)):
        own = [job for job in jobs if at.get(job.position) == job.span]
    elif not own and (_ASKS_THIS.search(question) or (_ASKS_NOW.search(question) and _ASKS_JOB.search(question))):
        own = [job for job in jobs if job.end == (9999, 0)]
    return [period for job in own if (period := _period(chunks, job))]


def _dated(text: str) -> list[tuple[int, str]]:
    """Where the lines with a range of dates begin, and their dates, which may go on in the line below."""
    lines = [line.span() for line in re.finditer(r"[^\n]+", text)]
    found = []
    for i, (start, end) in enumerate(lines):
        if not (_YEAR.search(text, start, end) or _SHORT.search(text, start, end)):  # the most frequent line, and soon told
            continue
        dates = _RANGE.search(text[start : lines[min(i + 1, len(lines) - 1)][1]])
        if dates and start + dates.start() < end:
            found.append((start, dates[0]))
    return found


# A heading within a section of work that is no job's.
OTHER_PART = re.compile(r"(?mi)^[^\w\n]*(?:(?:key|selected|notable|earlier|other|previous|further|additional|past|early) (?:projects?|career|experience|roles?|positions?|work|jobs|employment|history)|(?:주요|기타|그 ?외|이전) ?(?:프로젝트|경력|업무))[^\w\n]*$")


def _once(text: str) -> list[tuple[int, str]]:
    """As `_dated`, of a passage whose heading ends with a single date: a job that lasted a summer or a year."""
    for line in list(re.finditer(r"[^\n]+", text))[:HEAD_LINES]:
        if not _is_short(line[0]) or OTHER_PART.match(line[0]):
            return []
        if found := _ONCE.search(line[0]) or _ONCE_FIRST.match(line[0]):
            return [(line.start(), found["dates"])]
    return []


# "2016  Design Intern", "Summer 2009 – Dishwasher"
_ONCE_FIRST = re.compile(rf"(?P<dates>(?:{_SEASON} )?(?:19|20)\d{{2}}(?: \({_SEASON}\))?)(?=  | ?[|·:] | [–—-] )(?!.*(?:19|20)\d{{2}})", re.IGNORECASE)


def _with_once(text: str, dated: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The `dated` lines of a passage of work, with those of posts in one year ("Vacation Student  Summer 2009") that stand between or below them."""
    single, at, known = [], 0, dict(dated)
    lines = text.split("\n")
    ranged = [(_YEAR.search(line) or _SHORT.search(line)) is not None and _RANGE.search(line) is not None for line in lines]
    for n, line in enumerate(lines):
        found = _YEAR.search(line) and (_ONCE.search(line) or _ONCE_FIRST.match(line))
        beside = any(ranged[max(0, n - 1) : n + 2])  # it is of an entry that has its dates
        if found and at not in known and len(single) < MOST_SINGLE and not beside and _is_short(line) and not _DOES.match(line) and is_post_line(line.replace(found["dates"], " ")):
            single.append((at, found["dates"]))
        at += len(line) + 1
    return sorted([*dated, *single])


def _spans(text: str, dated: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """The entries of a text as (start, end), one for each of its `dated` lines; all of it where it has none. A title may stand above the first
    dates of a passage."""
    lines = [at for at, _ in dated]
    begins = [0, *(_begin(text, at, before) for before, at in pairwise(lines)), len(text)]
    return list(pairwise(begins))


def _begin(text: str, at: int, before: int) -> int:
    """Where the entry begins whose dates stand in the line at `at`: with the short lines right above them, where a blank line, a bullet or
    prose stands above those; else with its dates. `before` is where the line with the dates before them begins."""
    begin = at
    above = text[before:at].split("\n")[-4:]  # the last is empty: the dates begin a line
    if len(above) == 4 and not above[2].strip() and _is_short(above[1]) and (not above[0].strip() or BULLET.match(above[0])):
        dates_alone = not re.search(r"\w", DURATION.sub("", _RANGE.sub("", text[at:].split("\n", 1)[0])))
        if dates_alone:
            return at - sum(1 + len(line) for line in above[1:3])  # "Acme, Engineer", a blank line, "2019 – 2021"
    while begin > before:
        start = text.rfind("\n", 0, begin - 1) + 1
        if start <= before:
            return at  # nothing sets the lines between the two dates apart: they are the first one's
        if not _is_short(text[start : begin - 1]):
            break
        begin = start
    return begin


# "퇴사사유: 계약 만료" ends an entry.
_CLOSES = re.compile(r"\W*(?:(?:퇴사|퇴직|이직|사직) ?(?:사유|이유)|(?:담당|주요) ?업무|업무 ?내용|비고|(?:주요 ?)?성과|(?:사용 ?)?기술(?: ?스택)?|현재 ?연봉|연봉|reasons? (?:for|of) leaving|(?:tech(?:nical)? )?stack|technologies|tools|key skills)\s?[:：]", re.IGNORECASE)


def _is_short(line: str) -> bool:
    """Whether a line may be one of an entry's heading: short, no bullet and no sentence."""
    short = bool(line.strip()) and len(line) <= MAX_DATED and not BULLET.match(line) and not line.rstrip().endswith((".", "!", "?"))
    return short and not _CLOSES.match(line)


def parts(chunk: Chunk) -> list[tuple[int, Chunk]]:
    """The entries of a passage, each as a passage of its own with where it begins; the passage itself where it holds one or none."""
    return [(a, replace(chunk, text=chunk.text[a:b])) for a, b in _spans(chunk.text, _dated(chunk.text))]


def part_at(chunk: Chunk, at: int) -> tuple[int, Chunk]:
    """The entry of a passage in which a place of its text lies: as `parts`."""
    return next((start, part) for start, part in reversed(parts(chunk)) if start <= at)


def entry_spans(text: str) -> list[tuple[int, int]]:
    """The entries of a passage as (start, end), two as one where nothing tells whose the lines between their dates are.

    A bullet with dates belongs to the entry above it, but where bullets are all there is.
    """
    kept: list[tuple[int, int]] = []
    dated = _dated(text)
    begins = {at for at, _ in dated}
    for start, end in _spans(text, dated):
        above = text[:start].rsplit("\n", 2)[-2] if kept else ""
        row = above.count("|") > 1 and _RANGE.search(above) is not None  # of a table: the heading of nothing below it
        apart = bool(kept) and (kept[-1][0] in begins or row or not _is_short(above))
        if kept and (not apart or BULLET.match(text, start) and not BULLET.match(text)):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def jobs_meant(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """Everybody's first or latest job, the one before or after a named one, those between two or beside one, or times without one, where the
    question asks for it: by position, (start, end) in `chunk.text`.

    Empty where it asks for none of them, and of nobody whose jobs have no dates.
    """
    return _beside(question, chunks) or _relative(question, chunks) or _first_or_latest(question, chunks) or _previous(question, chunks) or _breaks(question, chunks)


def _relative(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The jobs between two that the question names, or beside one: as `jobs_meant`."""
    return _between(question, chunks) or _meanwhile(question, chunks)


def _first_or_latest(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """Everybody's first or latest job: as `jobs_meant`."""
    first = _ASKS_FIRST.search(question) is not None
    if not (first or _ASKS_LATEST.search(question)):
        return {}
    meant = {}
    for subject in {chunk.subject for chunk in chunks}:
        if jobs := _jobs(chunks, subject):
            job = min(jobs, key=lambda job: (job.start, job.end)) if first else max(jobs, key=lambda job: (job.end, job.start))
            meant[job.position] = job.span
    return meant


def _previous(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """Everybody's job before the latest one, where the question asks for it and names no other: as `jobs_meant`."""
    if not _ASKS_PREVIOUS.search(question) or named_entries(question, chunks):
        return {}
    meant = {}
    for subject in {chunk.subject for chunk in chunks}:
        jobs = _jobs(chunks, subject)
        latest = max(jobs, key=lambda job: (job.end, job.start), default=None)
        before = [job for job in jobs if job.start < latest.start]
        if _ASKS_WHERE.search(question):
            own = _with_posts(latest, jobs, chunks) if latest else []
            before = [job for job in before if job not in own] or before
        if before:
            job = _last_of(before, latest.start)
            meant[job.position] = job.span
    return meant


def _last_of(jobs: Sequence[_Job], until: tuple[int, int]) -> _Job:
    """The job that came last before the one that began at `until`: the last begun, but no side job that began and ended within another that went on until then."""
    last = max(jobs, key=lambda job: (job.start, job.end))
    around = [job for job in jobs if job.start < last.start and last.end < job.end <= (until[0], until[1] + 1)]
    return max(around, key=lambda job: (job.end, job.start), default=last)


_ASKS_WHERE = re.compile(r"\bwhere\b|\bemployers?\b|\bcompan(?:y|ies)\b|\bwork ?places?\b|어디|회사|직장|근무처|근무지", re.IGNORECASE)  # another employer, not another post


def _with_posts(own: _Job, jobs: Sequence[_Job], chunks: Sequence[Chunk]) -> list[_Job]:
    """A job with the other posts at its employer that no other employer's stand between."""
    order = sorted(jobs, key=lambda job: (job.start, job.end))
    employers = {job: _employer_of(job, jobs, chunks) for job in order}
    at = order.index(own)
    first = last = at
    while first and employers[own] and employers[order[first - 1]] == employers[own]:
        first -= 1
    while last + 1 < len(order) and employers[own] and employers[order[last + 1]] == employers[own]:
        last += 1
    return order[first : last + 1]


def _employer_of(job: _Job, jobs: Sequence[_Job], chunks: Sequence[Chunk]) -> str:
    """The employer's name of a job in small letters: above its section's passage, in its heading, or in that of the job above a bare post; "" where none is told."""
    section = chunks[job.position].section
    if "›" in section:
        return section.rpartition("›")[2].partition("  ")[0].strip().casefold()
    head = _RANGE.sub("", _head(job, chunks))
    parts = [part for line in head.split("\n") for part in _parts_of(line.partition("  ")[0] or line) if not DURATION.fullmatch(part)]
    named = next((part for part in parts if not is_post_line(part) or EMPLOYER_WORD.search(part)), "")
    above = [other for other in jobs if other.position == job.position and other.span < job.span]
    return named.casefold() if named or not above else _employer_of(max(above, key=lambda other: other.span), jobs, chunks)


def _asked_beside(question: str) -> tuple[re.Match[str] | None, bool]:
    """Where the question names what the job that it asks for came before or after, None where it asks for none; and whether before."""
    unnamed = re.sub(r"(?<=[\w,] )School\b", "", question)  # with a capital it is an employer's
    if not _ASKS_JOB.search(question) or _ASKS_OTHER.search(unnamed) or _ASKS_THERE.search(question):
        return None, False
    before = _ASKS_BEFORE.search(question) or _ASKS_BEFORE_KO.search(question)
    return before or _ASKS_AFTER.search(question) or _ASKS_AFTER_KO.search(question), bool(before)


def _named_beside(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The jobs that the question names behind "before" or "after", which are not what it asks for: as `jobs_meant`."""
    asked, _ = _asked_beside(question)
    found: dict[int, tuple[int, int]] = {}
    for jobs, _, naming in _named_jobs(asked["named"], chunks) if asked else ():
        most = max(map(len, naming.values()), default=0)
        found |= _stretches([jobs[i] for i, words in naming.items() if len(words) == most])
    return found


def _beside(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The job before or after the one that the question names behind "before" or "after", and names no other: as `jobs_meant`."""
    asked, before = _asked_beside(question)
    if asked is None:
        return {}
    beside: dict[int, tuple[int, int]] = {}
    for jobs, each, naming in _named_jobs(asked["named"], chunks):
        most = max(map(len, naming.values()), default=0)  # "Senior Data Engineer" is not the Data Engineer
        own = [jobs[i] for i, words in naming.items() if len(words) == most]
        names = set().union(*naming.values())
        if not own and _ASKS_THIS.search(asked["named"]):
            own = [job for job in jobs if job.end == (9999, 0)]
        if not own:
            own = _of_trade(asked["named"], jobs, each)
        # Under a title of its own that has the name a passage has one employer, however many posts; a table's first row has none.
        above = {job.position: chunks[job.position].text.strip().split("\n", 1)[0] for job in own}
        titled = {i for i, title in above.items() if not _RANGE.search(title) and (not names or any(map(title.casefold().count, names)))}
        titled -= {job.position for job in jobs if job.position in titled and _titled(chunks[job.position].text, job.span[0])}
        own += [job for job in jobs if job.position in titled and job not in own]
        rest = question.replace(asked["named"], " ")
        if len(own) == 1 and _ASKS_WHERE.search(question):
            own = _with_posts(own[0], jobs, chunks)
        if not own or named_entries(rest, each):
            continue
        if before:
            others = [job for job in jobs if job not in own and job.start < min(o.start for o in own)]
        else:
            others = [job for job in jobs if job not in own and job.start >= max(o.start for o in own)]
        others = _companies(rest, others, chunks)
        found = None if not others else _last_of(others, min(o.start for o in own)) if before else min(others, key=lambda job: (job.start, job.end))
        if found:
            beside[found.position] = found.span
    return beside


def _between(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The jobs that began between two that the question names, or between two times at the one it names: as `jobs_meant`."""
    asked = _ASKS_BETWEEN.search(question)
    if asked is None or _HOW_MUCH.search(question):
        return {}
    named = asked["named"] or asked["first"] or asked[0]  # in Korean what tells a workplace's name stands behind it
    if _COMPARED.search(question.replace(named, " ") if asked["named"] or asked["first"] else question):
        return {}
    found: dict[int, tuple[int, int]] = {}
    for jobs, _, naming in _named_jobs(named, chunks):
        own = [jobs[i] for i in naming]
        if len(own) < 2 or len(set(map(frozenset, naming.values()))) < 2 and not _TWICE.search(named):
            continue
        first, last = min(own, key=lambda job: job.start), max(own, key=lambda job: job.start)
        found |= _stretches([job for job in jobs if job not in own and _is_before(first.start, job.start) and _is_before(job.start, last.start)])
    return found


def _meanwhile(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """The other jobs in the time of the one that the question names: as `jobs_meant`."""
    asked = _ASKS_BESIDE.search(question)
    if asked is None or _HOW_MUCH.search(question):
        return {}
    named = asked["named"] or asked[0]
    if not _ANOTHER_JOB.search(question.replace(named, " ")):
        return {}
    found: dict[int, tuple[int, int]] = {}
    for jobs, _, naming in _named_jobs(named, chunks):
        own = [jobs[i] for i in naming]
        found |= _stretches([job for job in jobs if job not in own and any(_is_before(job.start, one.end) and _is_before(one.start, job.end) for one in own)])
    return found


def _is_before(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a point in time lies before another; by the year alone where of one of them no month is told."""
    return one < other if one[1] and other[1] else one[0] < other[0]


def _stretches(jobs: Sequence[_Job]) -> dict[int, tuple[int, int]]:
    """By position, from the first of these jobs to the last in the text, with whatever stands between them."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for job in jobs:
        spans.setdefault(job.position, []).append(job.span)
    return {i: (min(a for a, _ in of), max(b for _, b in of)) for i, of in spans.items()}


def _named_jobs(named: str, chunks: Sequence[Chunk]) -> Iterator[tuple[list[_Job], list[Chunk], dict[int, set[str]]]]:
    """Everybody's jobs, each as a passage of its own, and those that a piece of a question names with the words that name them."""
    for subject in {chunk.subject for chunk in chunks}:
        jobs = _jobs(chunks, subject)
        each = [_only(chunks[job.position], job) for job in jobs]
        # A first word has its capital from the sentence; here it is a name's.
        naming = _naming(f"– {named.strip()}", each)
        small = re.fullmatch(r"\W*(?:(?:joining|leaving) )?(the [a-z]+(?: [a-z]+)?)\W*", named)  # "before the army"
        yield jobs, each, naming or (_naming(f"– {small[1].title()}", each) if small else naming)


def _companies(asked: str, jobs: list[_Job], chunks: Sequence[Chunk]) -> list[_Job]:
    """The jobs at a company where one is `asked` for and there are such, else all of them."""
    if not _ASKS_COMPANY.search(asked):
        return jobs

    def title(job: _Job) -> str:
        """The lines of a job down to its dates."""
        text = chunks[job.position].text[slice(*job.span)]
        dates = _RANGE.search(text)
        return text[: text.find("\n", dates.end()) if dates and "\n" in text[dates.end() :] else None]

    return [job for job in jobs if not OWN_ACCOUNT.search(title(job))] or jobs


def _of_trade(named: str, jobs: Sequence[_Job], each: Sequence[Chunk]) -> list[_Job]:
    """The jobs whose post is named in small letters, "before category manager", or is of the trade that is: "before he got into perfusion" means those of
    a perfusionist."""
    post = re.sub(r"^(?:(?:being|becoming|he was|she was|they were|a|an|the) )+", "", named.strip(" ?.!").casefold())
    if " " in post and (own := [job for job, chunk in zip(jobs, each, strict=True) if re.search(rf"(?<!\w){re.escape(post)}(?!\w)", _named_lines(chunk).casefold())]):
        return own
    asked = _TRADE.search(named.strip())
    if asked is None or asked["trade"] in _NO_TRADES:
        return []
    posts = [re.findall(r"[a-z]{5,}", _named_lines(chunk).casefold()) for chunk in each]
    return [job for job, words in zip(jobs, posts, strict=True) if any(akin(asked["trade"], word) for word in words)]


def akin(one: str, other: str) -> bool:
    """Whether two words of five letters or more begin alike but for an ending: "teaching" and "teacher"."""
    kept = len(os.path.commonprefix([one, other]))
    return kept >= max(5, min(len(one), len(other)) - 2)


def _titled(text: str, start: int) -> bool:
    """Whether an entry that begins at `start`, further down in its passage, has a title of its own: a line above its dates, where no employer
    stands above several posts ("6 years 3 months")."""
    grouped = any(DURATION.fullmatch(line) for line in text.split("\n")[:HEAD_LINES])
    return start > 0 and not grouped and not _RANGE.search(text[start:].split("\n", 1)[0])


def _only(chunk: Chunk, job: _Job) -> Chunk:
    """The passage with this one of its jobs."""
    return replace(chunk, text=chunk.text[slice(*job.span)])


def other_degrees(question: str, text: str) -> list[tuple[int, int]]:
    """Where `text` speaks of degrees of another level than the one the question names, as (start, end): their line and what
    stands under it, down to a blank line, a school or the next degree. Nothing where it names no level, or several.
    """
    asked = [level for level, words in DEGREES.items() if level != "other" and words.search(question)]
    if len(asked) != 1 or _ASKS_ORDER.search(question):
        return []
    found: list[tuple[int, int]] = []
    other = below = False
    at = 0
    for line in text.split("\n"):
        levels = {level for level, words in DEGREES.items() if words.search(line)}
        if levels:
            other = asked[0] not in levels
        elif not line.strip() or (SCHOOL.search(line) and not below):
            other = False
        below = bool(levels)  # a school right under a degree is that degree's
        if other:
            found.append((at, at + len(line)))
        at += len(line) + 1
    return found


@dataclass(frozen=True, slots=True)
class Meant:
    """Which passages a question means.

    Attributes:
        odds: what to multiply each passage's odds of answering by, 1 where the question says nothing of entries.
        others: by position, the stretches of `chunk.text` that speak of another job or degree than the one that is meant.
        heads: by position, the lines with the dates of the jobs that came between two or were held beside one: they are what answers.
        named: by position, the stretches of the jobs that the question names behind "before" or "after": not what it asks for.
        elsewhere: by position, the stretches of all other jobs, where the question asks for work at one that it names: whatever they tell, it was not there.
        tells: a job itself is asked for, by its place among the others, or a time without one: that it is the one that is meant is what answers.
    """

    odds: list[float]
    others: dict[int, list[tuple[int, int]]]
    tells: bool = False
    heads: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    named: dict[int, tuple[int, int]] = field(default_factory=dict)
    elsewhere: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def names_line(self, i: int, start: int, end: int) -> bool:
        """Whether a line of passage `i` belongs to a job of `named`."""
        return i in self.named and start < self.named[i][1] and self.named[i][0] < end

    def is_elsewhere(self, i: int, start: int, end: int) -> bool:
        """Whether a line of passage `i` belongs to a job of `elsewhere`."""
        return any(start < b and a < end for a, b in self.elsewhere.get(i, ()))

    def of_line(self, i: int, start: int, end: int) -> float:
        """What to multiply the odds of a line of passage `i` by; `start` and `end` in `chunk.text`."""
        if self.is_elsewhere(i, start, end):
            return 1 / FACTOR**2
        if any(start < b and a < end for a, b in self.others.get(i, ())):
            return 1 / FACTOR
        return self.odds[i] * (FACTOR if any(start < b and a < end for a, b in self.heads.get(i, ())) else 1)

    def p_answers(self, i: int, reading: Reading, shift: int) -> float:
        """P(passage `i` answers) from what a reranker read, in [0, 1]; `shift` is where `chunk.text` starts in what it read."""
        if i not in self.others and i not in self.elsewhere:
            return with_odds(reading.p_answers, self.odds[i] * (FACTOR if i in self.heads else 1))
        odds = sum(p / max(1e-6, 1 - p) * self.of_line(i, a - shift, b - shift) for a, b, p in reading.lines)
        return odds / (1 + odds)


def meant(question: str, chunks: Sequence[Chunk]) -> Meant:
    """Which of the passages, and which stretches of them, the question means."""
    relative = _relative(question, chunks)
    odds, jobs = _odds_and_jobs(question, chunks, relative)
    others = {
        i: [(a, b) for a, b in ((0, start), (end, len(chunks[i].text))) if a < b] for i, (start, end) in jobs.items()
    }
    named = _named_beside(question, chunks)
    for i, chunk in enumerate(chunks):
        beside = [] if jobs else _unnamed_entries(question, chunk)
        if aside := [*beside, *other_degrees(question, chunk.text), *([named[i]] if i in named and not jobs else ())]:
            others[i] = [*others.get(i, ()), *aside]
    tells = _TOLD_BY_BREAK if asks_break(question) else _ASKS_JOB
    told = bool(jobs) and (bool(relative) or tells.search(question) is not None)
    # Nothing in such a job sounds like an answer to where it stands among the others.
    heads = {i: _dated_lines(chunks[i].text, *span) for i, span in jobs.items()} if relative else {}
    elsewhere = {} if jobs or named else _elsewhere(question, chunks)
    return Meant(odds, {i: spans for i, spans in others.items() if spans}, told, heads, named, elsewhere)


def _elsewhere(question: str, chunks: Sequence[Chunk]) -> dict[int, list[tuple[int, int]]]:
    """The stretches of all jobs but the one at whose employer the question asks for something ("at Acme", "도담에서"), or in whose post ("as a clerk"), and of
    what is listed beside the jobs without a word of it; nothing where it names none or several."""
    if len({chunk.subject for chunk in chunks}) != 1 or _ASKS_ORDER.search(question):
        return {}
    jobs = _jobs(chunks, chunks[0].subject)
    at, names = _asked_at(question, jobs, chunks)
    if at is None:
        return {}
    found: dict[int, list[tuple[int, int]]] = {}
    for n, job in enumerate(jobs):
        if n != at:
            found.setdefault(job.position, []).append(job.span)
    for i, span in _told_below(jobs[at], jobs, chunks):
        found.setdefault(i, []).append(span)
    for i, chunk in enumerate(chunks):
        if _LISTED.search(chunk.section) and not any(job.position == i for job in jobs) and not any(name in chunk.text.casefold() for name in names):
            found[i] = [(0, len(chunk.text))]
    return found


# Sections that tell of no job, unless they name it.
_LISTED = re.compile(r"^(?!.*(?:experience|employ|career|award|reference|경력|성과|수상|추천))(?:.*(?:skill|tools\b|tech(?:nical|nolog| stack)|languages?\b|educat|interest|hobb|기술|스킬|역량|학력|어학|외국어|취미))", re.IGNORECASE)
_IN_POST = re.compile(
    r"\b(?:as|being|when (?:he|she|they) (?:was|were)|(?:in|during) (?:his|her|their) (?:role|job|time|position|years) as) (?:an? |the )?(?P<post>[a-z][\w /&-]{2,40}?)(?=\W*$|,| (?:at|in|with|for|did|what|how|who|which)\b)", re.IGNORECASE
)


def _asked_at(question: str, jobs: Sequence[_Job], chunks: Sequence[Chunk]) -> tuple[int | None, set[str]]:
    """Which of the jobs the question asks for something at, and the names of its employer that it says; (None, nothing) where it says none, or of several."""
    naming = _naming(question, [_only(chunks[job.position], job) for job in jobs])
    together = re.sub(r"(?<=[가-힣]) (?=[가-힣])", "", question)  # "스튜디오 결에서"
    asks_at = lambda name: re.search(rf"\b(?:at|for|with) (?:the )?{re.escape(name)}(?!\w)", question, re.IGNORECASE) or re.search(rf"{re.escape(name)}[가-힣]{{0,4}}{_AT_WORK_KO}", together)
    if len(naming) == 1:
        [(at, names)] = naming.items()
        return (at, names) if any(map(asks_at, names)) else (None, set())
    post = _IN_POST.search(question)
    if post is None or not is_post_line(post["post"]):
        return None, set()
    said = rf"(?<!\w){re.escape(post['post'].strip().casefold())}(?!\w)"
    own = [n for n, job in enumerate(jobs) if re.search(said, _head(job, chunks).casefold()) and (not naming or n in naming)]
    return (own[0], {post["post"].casefold()}) if len(own) == 1 else (None, set())


def _told_below(own: _Job, jobs: Sequence[_Job], chunks: Sequence[Chunk]) -> Iterator[tuple[int, tuple[int, int]]]:
    """By position, the stretches below a table of jobs that tell of another one of them, under the name of its employer."""
    def row(job: _Job) -> list[str]:
        """The cells of a job that is a row and no more."""
        last = chunks[job.position].text[slice(*job.span)].strip().split("\n")[-1]
        return [cell.casefold() for cell in cells(last)] if last.count("|") > 1 and _RANGE.search(last) else []

    mine = set(row(own))
    others = {cell for job in jobs if job != own for cell in row(job) if len(cell) > 2} - mine
    for i in {job.position for job in jobs}:
        text, begin = chunks[i].text, None
        for line in re.finditer(r"[^\n]*(?:\n|$)", text):
            said = line[0].strip().casefold()
            if begin is not None and (said in mine or not line[0]):
                yield i, (begin, line.start())
                begin = None
            elif begin is None and said in others:
                begin = line.start()


def _dated_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines with a range of dates in a stretch of a text, as (start, end)."""
    ends = ((start + at, text.find("\n", start + at)) for at, _ in _dated(text[start:end]))
    return [(at, len(text) if until < 0 else until) for at, until in ends]


def _unnamed_entries(question: str, chunk: Chunk) -> list[tuple[int, int]]:
    """Where a passage speaks of other entries than those that the question names, as (start, end); nothing where it names none of them."""
    spans = entry_spans(chunk.text)
    if len(spans) < 2 or _ASKS_ORDER.search(question):
        return []
    naming = _naming(question, [replace(chunk, text=chunk.text[start:end]) for start, end in spans])
    title = chunk.text.strip().split("\n", 1)[0]
    if not naming:
        return []
    # an employer above several posts
    above = not _RANGE.search(title) and any(name in title.casefold() for names in naming.values() for name in names)
    return [span for k, span in enumerate(spans) if k not in naming and (not above or _titled(chunk.text, span[0]))]


def _odds_and_jobs(question: str, chunks: Sequence[Chunk], relative: dict[int, tuple[int, int]]) -> tuple[list[float], dict[int, tuple[int, int]]]:
    """The odds of every passage; and the `jobs_meant` where it is they that decide: a passage may hold more jobs than that."""
    named = named_entries(question, chunks)
    # A named entry goes before the first and the latest job, but not before the one beside it.
    if jobs := _beside(question, chunks) or relative or ({} if named else _first_or_latest(question, chunks) or _previous(question, chunks)):
        return [FACTOR if i in jobs else 1 / FACTOR for i in range(len(chunks))], jobs
    odds = [1.0] * len(chunks)
    if not named and (breaks := _breaks(question, chunks)):
        # What it tells seldom sounds like an answer to "why is there a hole in 2017".
        return [FACTOR * FACTOR if i in breaks else 1.0 for i in range(len(chunks))], breaks
    if named:
        order = _ASKS_ORDER.search(question) is not None
        for i, chunk in enumerate(chunks):
            if order and len(named) > 1 and i in named:
                odds[i] = FACTOR * FACTOR
            elif not order and is_entry(chunk) and i not in named:
                odds[i] = 1 / FACTOR
    elif not _ASKS_ORDER.search(question) and (_ASKS_NOW.search(question) or _asks_doing(question, chunks)):
        for i, chunk in enumerate(chunks):
            if goes_on(chunk):
                odds[i] = FACTOR
            elif is_entry(chunk):
                odds[i] = 1 / FACTOR
    return odds, {}


def asks_break(question: str) -> bool:
    """Whether a time without work is asked for, and not what came before or after it."""
    return bool(_ASKS_BREAK.search(question)) and not _BESIDE_BREAK.search(question)


def _breaks(question: str, chunks: Sequence[Chunk]) -> dict[int, tuple[int, int]]:
    """By position, an entry of each passage that is a time without work, as (start, end) in `chunk.text`: that of the year asked for, or else
    the first. Empty where the question asks for none."""
    if not asks_break(question):
        return {}
    year = _YEAR.search(question)
    found = {}
    for i, chunk in enumerate(chunks):
        spans = entry_spans(chunk.text) if is_entry(chunk) else []
        breaks = [(start, end) for start, end in spans if BREAK.search(_named_lines(replace(chunk, text=chunk.text[start:end], section="")))]
        breaks = breaks or (spans if BREAKS.search(chunk.section) else [])
        if breaks:
            found[i] = next((span for span in breaks if year and _in_year(chunk.text[slice(*span)], int(year[0]))), breaks[0])
    return found


def _in_year(text: str, year: int) -> bool:
    """Whether a time that the text names first goes on in that year."""
    dates = _RANGE.search(text)
    years = [point for point, _ in _points(dates[0])] if dates else []
    return bool(years) and years[0] <= year <= (years[1] if len(years) > 1 else 9999)


def _asks_doing(question: str, chunks: Sequence[Chunk]) -> bool:
    """Whether the question is what a candidate does."""
    if _ASKS_DOING_KO.search(question):
        return not _SOMEBODY_ELSE_KO.search(question)
    asked = _ASKS_DOING.search(question)
    known = _SOMEBODY | {word.casefold() for chunk in chunks for word in _NAME.findall(chunk.subject)}
    return asked is not None and all(word in known for word in re.findall(r"\w+", asked["who"].casefold()))


def with_odds(probability: float, factor: float) -> float:
    """A probability in [0, 1] after its odds were multiplied."""
    return probability * factor / (1.0 - probability + probability * factor)
