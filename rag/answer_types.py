"""The type of answer that a question expects (Li & Roth 2002, "Learning Question Classifiers"), where lines that hold none cannot answer it: a
grade, a count, a language, a person, something of a certain year.

Asked for the grade of a degree, a reranker likes the line of the degree whether it has a grade or not.
"""

from __future__ import annotations

import re

# A year, a month or a date, which counts and grades nothing; but "$2000", "2000 readers" do.
UNITS = (
    r"만|억|원|명|개|달러|유로|엔|%|[$£€]|USD|EUR|GBP|dollars?|euros?|pounds?|(?:users?|people|readers?|customers?|hours?|units?)\b"
)
_DATE = re.compile(
    r"(?<![\d,.$£€₩¥])(?:\d{1,2}[./-]\s?){0,2}(?:19|20)\d{2}(?:년|[./-] ?\d{1,2}(?:[./-] ?\d{1,2})?)?(?:\s?\d{1,2}월)?"
    rf"(?![\d,]|\s?(?:{UNITS}))|(?<!\d)\d{{1,2}}월|['’]\d{{2}}(?:[./]\d{{1,2}})?(?!\d)",
    re.IGNORECASE,
)

ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
# "in 2027", "2027년에": what happened then, not before, after or since
_IN_YEAR = re.compile(
    r"\b(?:in|during|for) ((?:19|20)\d{2})\b|(?<!\d)((?:19|20)\d{2})년(?! ?(?:이?[전후]|부터|까지|대|에서|~|-))", re.IGNORECASE
)
_SPAN = re.compile(
    r"((?:19|20)\d{2})[^\n\d]{0,12}(?:\d{1,2}[^\n\d]{0,6})?(?:[-–—~〜∼→]|\bto\b|부터)"
    r"[^\n]{0,14}?((?:19|20)\d{2}|present|now|current|ongoing|현재|재직|today|date\b)",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b[Ss]ince [^\n\d]{0,12}((?:19|20)\d{2})|((?:19|20)\d{2})년?[^\n\d]{0,4}(?:\d{1,2}월)? ?(?:부터|이후|이래)")
_ASKS_VALID = re.compile(r"\b(?:valid|good|still|cover\w*|expir\w+|hold|licen[cs]ed|allowed)\b|유효|만료|갱신|아직", re.IGNORECASE)  # until a later year

_ASKS_GRADE = re.compile(
    r"\b(?:gpa|grades?|marks?|class of (?:degree|(?:her|his|their|the) (?!\d))|(?:degree|honou?rs) class(?:ification)?|final (?:result|score)|points in"
    r"|what (?:did|has) (?:he|she|they) (?:get|got|achieve) (?:in|for) (?:his|her|their) (?:leaving cert\w*|a[- ]levels?|gcses?|sats?|highers|matric|abitur|finals|exams?|degree|boards?)|how well .{0,40}\b(?:degree|b\.?sc|b\.?a|m\.?sc|m\.?a|school|exam|course|thesis|in (?:her|his)))\b|학점|평점|성적|몇 ?점|점수",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"\d[.,:]\d|\d ?%|\d ?/ ?\d|\d ?점|(?<!\d)\d{2,3}(?!\d)"
    r"|(?i:\b(?:grade[ds]?|mark(?:s|ed)?|distinction|honou?rs|hons|laude|first|second|third|upper|lower|merit|pass(?:ed)?|failed|gpa|scored?|scores|starred|credit"
    r"|top|best|rank\w*|excellent|outstanding|very good|points?|prize|medal|average|valedictorian|dux|with praise|native|fluent|conversational)\b)"
    r"|\b[A-F][+*-]?(?![\w'.])(?= ?[,.;:)\]]|$| |\n)|\b(?:[ABC][12]|I[LMH]\d?|AL)\b|(?<![A-Za-z])(?:[A-E]\*?){3}(?![A-Za-z*])"
    r"|학점|평점|수석|차석|우등|우수|장학|합격|등급|급(?![가-힣])|통과|성적|상위|위(?![가-힣])|승|장려|[금은동]상|대상|입선|[가-힣]급"
)

# "How many years" is told by dates as well, and left out.
_ASKS_COUNT = re.compile(
    r"\bhow many (?!(?:more )?(?:years|months|weeks|days|hours|minutes)\b)|\b(?:the )?number of\b|\bhow (?:large|big|high|low|fast|heavy|tall|deep)\b"
    r"|\bwhat (?:percentage|share|proportion)\b|\bby how much\b"
    r"|몇 ?(?:명|건|번|곳|대|권|편|퍼센트|%|등|위|채|마리|석|병상|킬로|미터|가지|개(?!월))|얼마나 (?:많|큰|높|낮|줄|늘|빨)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty\w*|hundreds?"
    r"|thousands?|million|billion|dozens?|half|halv\w+|(?:third|quarter|fifth|tenth)s?|per ?cent|both|once|twice|thrice|doubl\w+|tripl\w+|single|pair"
    r"|couple|twins|triplets|first|second|third|none|no|nobody|sole|alone|every|all|\w+ ?fold)\b"
    r"|[일이삼사오육칠팔구십백천]\s?(?:만|억)|절반|두 ?배|세 ?배|(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열\S?|스무|스물\S?|서른|마흔|쉰|예순"
    r"|일흔|여든|아흔|백|천|수십|수백|수천|몇|하나|둘|셋|넷)|[홀혼]로|혼자|단독|없|전원|모두|매[일주월]|둥이|[수차]석",
    re.IGNORECASE,
)

# "Which languages does she speak?", not "... does she code in"
_ASKS_TONGUE = re.compile(
    r"^(?!.*\b(?:programming|coding|scripting|query|markup|computer|code|models?)\b)(?:.*\blanguages?\b.{0,30}\b(?:speaks?|spoken|talk|fluent)\b|.*\b(?:speaks?|spoken|fluent in|foreign|native|human) (?:[a-z]+ ){0,3}languages?\b"
    r"|.*\bmother tongue\b|(?:is|are) (?:she|he|they|the candidate) (?:bi|multi)lingual\b)|외국어(?! ?(?:고|대|학))|모국어|(?<!언)어학 ?(?:능력|실력|점수|성적|자격)|개 ?국어",
    re.IGNORECASE,
)
TONGUE = re.compile(
    r"\b(?:english|french|german|spanish|italian|portuguese|dutch|flemish|korean|japanese|chinese|mandarin|cantonese|russian|ukrainian|polish|czech|slovak|hungarian"
    r"|romanian|bulgarian|serbian|croatian|bosnian|slovene|slovenian|albanian|greek|turkish|arabic|hebrew|persian|farsi|urdu|hindi|bengali|punjabi|tamil|telugu|gujarati|marathi"
    r"|thai|vietnamese|indonesian|malay|tagalog|filipino|khmer|burmese|mongolian|swedish|norwegian|danish|finnish|icelandic|estonian|latvian|lithuanian|catalan|basque|galician"
    r"|welsh|irish|gaelic|latin|esperanto|swahili|yoruba|igbo|hausa|amharic|somali|zulu|xhosa|isizulu|isixhosa|sesotho|afrikaans|m[aā]ori|samoan|tongan|fijian|hawaiian"
    r"|kazakh|uzbek|georgian|armenian|nepali|sinhala|bahasa|sign language|bsl|asl|ksl|native|fluent|fluency|mother tongue|bilingual|conversational|malayalam|kannada|kurdish|pashto|dari|tibetan|lao|javanese|tigrinya|lingala|wolof|luxembourgish|maltese|macedonian|belarusian|azerbaijani|turkmen|kyrgyz|tajik)\b"
    r"|\b(?:toeic|toefl|ielts|jlpt|hsk|opic|delf|dalf|dele|teps|flex|cefr)(?![a-z])|[가-힣]{1,6}어(?= ?(?:상|중|하|초|고|능|유창|회화|원어민|비즈니스|기초|가능|업무|일상))"
    r"|\b[ABC][12]\b|영어|일어|일본어|중국어|독일어|독어|프랑스어|불어|스페인어|러시아어|베트남어|태국어|아랍어|이탈리아어|포르투갈어|몽골어|인도네시아어|말레이어|캄보디아어|크메르어|한국어|네덜란드어|터키어|튀르키예어|라틴어|우즈베크어|네팔어|힌디어|수어|수화"
    r"|토익|토플|텝스|오픽|원어민|회화|통역|번역|외국어|모국어",
    re.IGNORECASE,
)

# "Passport validity?", "until when is the card valid?": how long something counts
_ASKS_EXPIRY = re.compile(r"\b(?:validity|expir(?:y|ation|e|es|ing)|valid (?:un)?till?|run(?:s|ning)? out|valid for how long|still in date|up for renewal|due for renewal)\b|유효 ?기(?:간|한)|만료", re.IGNORECASE)
_EXPIRY = re.compile(r"\b(?:valid\w*|expir\w*|exp\.?|until|till?|renew\w*|due|through|in date|lifetime|permanent|indefinite)\b|\d ?(?:years?|yrs)\b|유효|만료|갱신|까지|영구|평생|[~–-] ?(?:19|20)\d{2}", re.IGNORECASE)

# "License number?", "자격증 번호는?"
_ASKS_ID = re.compile(r"\b(?:licen[cs]e|registration|passport|membership|certificate|credential|policy|account|insurance|pin|id) (?:numbers?|nos?\b\.?|#)|^\W*(?:and )?(?:(?:what is|what['’]?s) )?(?:(?:his|her|their|the) )?(?!phone|mobile|cell|tel|contact|house|room)[a-z]{2,12} (?:number|no\.?|id)\W*$|(?:자격증?|면허|등록|여권|사원|회원|계좌) ?번호", re.IGNORECASE)
_ID = re.compile(r"\d{3}|[A-Z]{1,4}[- ]?\d{2}")

_ASKS_GENDER = re.compile(
    r"^\W*(?:what is )?(?:his|her|their|the)? ?gender\W*$|\bmale or female\b|\bis (?:he|she|it|this|the candidate|this person) (?:a )?(?:man|woman|male|female|guy|lady)\b|성별|(?:남자|여자|남성|여성)(?:분)?(?:이야|야|이에요|에요|예요|인가요?|입니까|임|이신가요|이세요)?\W*$",
    re.IGNORECASE,
)
_GENDER = re.compile(r"\b(?:fe)?male\b|\b(?:wo)?man\b|\b(?:she|he|her|his)\b|\bm(?:r|rs|s|iss)\b|(?<![가-힣])[남여](?![가-힣])|[남여][성자]", re.IGNORECASE)

_ASKS_START = re.compile(r"\b(?:is|are|be|would) (?:he |she |they |the candidate )?(?:free|available) (?:right away|straight ?away|immediately|at once|now|soon|asap|to (?:start|join))\b|^(?!.*\bwhen\b).*\b(?:can|could|would|able to|available to|ready to) (?:he |she |they |the candidate )?(?:be able to )?start\b(?! (?:to|up|out))|입사 ?가능|출근 ?가능|언제부터 ?출근", re.IGNORECASE)
_START = re.compile(r"\b(?:notice|availab\w*|(?:can|could|to|able to|ready to) start|start(?:ing)? (?:date|from|immediately)|immediate\w*|can join|free from|asap|earliest|start(?:s|ing)? (?:on|from|in|\d))\b|즉시|가능|협의|통보|\d ?[월일주] ?(?:후 ?)?(?:에 ?)?(?:입사|출근)", re.IGNORECASE)
_ASKS_PAY = re.compile(r"\b(?:her|his|their|the candidate['’]s|what|which|current|previous|last|expected|desired) (?:\w+ ){0,2}(?:salary|wages?|pay ?check)\b|^\W*(?:and )?(?:the )?salary\b|\bhow much (?:did|does|do|was|is|were|are) (?:he|she|they|the candidate) (?:earn\w*|make|making|paid|get paid|getting)(?= (?:there|at|a|per|now)\b|\W*$)|연봉|월급|봉급|시급|급여(?! ?(?:업무|관리|담당|계산|대장|정산|체계))", re.IGNORECASE)
_PAY = re.compile(r"\b(?:salar(?:y|ies)|wages?|compensation|pay|paid|remuneration|ctc|lpa|earn\w*|package|negotiable)\b|[$€£₹]|\d[.,]\d{3}|\d ?k\b|연봉|급여|월급|봉급|시급|보수|\d ?(?:만|억|천)|내규|협의", re.IGNORECASE)
_ASKS_MARRIED = re.compile(r"\b(?:is|are|was) (?:he|she|they|the candidate) (?:already |still )?(?:married|single|divorced|engaged)\b|\bmarital status\b|\b(?:husband|wife|spouse)\b|결혼(?:은|을|도)? ?(?:했|하셨|여부|하신|유무)|(?:기혼|미혼|혼인)(?! ?(?:고객|여성|대상))|배우자", re.IGNORECASE)
_MARRIED = re.compile(r"\b(?:married|single|divorced|widow\w*|engaged|marital|husband|wife|spouse|family|children|kids|son|daughter)\b|결혼(?!정보|식|컨벤션)|기혼|미혼|혼인|배우자|아내|남편|자녀|가족", re.IGNORECASE)
_NOW_PAY, _WISHED_PAY = re.compile(r"(?:현재|지금|현|기존|직전) ?(?:연봉|급여)|\bcurrent (?:salary|pay)\b", re.IGNORECASE), re.compile(r"희망|원하|\b(?:desired|expected|expectations?|asking)\b", re.IGNORECASE)

# "Did she ever work part-time?", "계약직이나 인턴 경험 있어요?": of how the work was, a line that says nothing is no answer.
_KINDS_OF_WORK = (
    (r"\bpart[- ]?time\b|파트 ?타임|시간제|아르바이트|알바", r"part[- ]?time|\b(?:hours?|hrs?|h)(?: a| per|/)? ?(?:week|wk)|weekend|evening|casual|zero[- ]hours|side (?:job|business)|시간제|파트|아르바이트|알바|주 ?\d+ ?시간|주말|단시간|편의점|카페|매장|야간"),
    (r"\bintern(?:s|ships?|ed)?\b|인턴(?! ?(?:사원 ?)?(?:교육|지도|관리|육성|멘토))", r"\bintern|trainee|werkstudent|summer|student|vacation|placement|co-?op\b|work experience|apprentic|stage\b|인턴|실습|체험형|수습"),
    (r"\b(?:contractor|freelanc\w*|temp(?:orary)? (?:job|work|contract)s?|fixed[- ]term)\b|계약직|기간제|프리랜서", r"contract|freelanc|\btemp|fixed[- ]term|maternity cover|parental leave cover|interim|self[- ]employed|seasonal|independent|consultant|sole trader|외주|개인 ?사업|계약|기간제|프리랜|파견|임시|촉탁|대체"),
)
_ASKS_PROMOTED = re.compile(r"\b(?:been|get|got|was (?:he|she|they)|were they)(?: ever| already)? promoted\b|^\W*(?:any|were there any) promotions\W*$|(?:승진|진급)(?:한|했던|하신|해 ?본)? ?(?:적|경험|이력)", re.IGNORECASE)
_PROMOTED = re.compile(r"promot|\b(?:rose|moved up|advanced|then|later|became)\b|→|->|승진|진급|승급|특진", re.IGNORECASE)
_KINDS_OF_WORK = tuple((re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE)) for asked, told in _KINDS_OF_WORK)
_EVER = re.compile(r"^(?:(?:and|so),? )?(?:any |(?:did|has|have|had|was|does|do) (?:he|she|they|the candidate)\b)|경험|경력|적이? ?있|해 ?[봤본]|했던 ?적", re.IGNORECASE)
_ASKS_WHO = re.compile(
    r"^(?:and |so |ok |but )?(?:with |by |under |to |from |for |beside |after )?who(?:m|se)?(?:['’]s)?\b|\b(?:by|with) whom\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*\w")
_NO_NAME = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|present)[a-z]*", re.IGNORECASE
)


def lacks_type(question: str, text: str) -> bool:
    """Whether the question asks for a grade, a count, a language that is spoken, a gender or (in English) a person, and the text holds none, or for something of a year, and its
    first line, or all of it where that has none, tells other years alone."""
    year = year_asked(question)
    if year is not None and not _ASKS_VALID.search(question):
        told = tells_year(text.split("\n", 1)[0], year)  # what a line says of its own year counts before the years of its job
        if (tells_year(text, year) if told is None else told) is False:
            return True
    if _ASKS_WHO.search(question) and not _names_other(question, text):
        return True
    if lacks_word(question, text):
        return True
    undated = _DATE.sub(" ", text)
    kinds = ((_ASKS_GRADE, _GRADE), (_ASKS_COUNT, _COUNT), (_ASKS_TONGUE, TONGUE), (_ASKS_ID, _ID))
    return any(asked.search(question) and not form.search(undated) for asked, form in kinds)


def lacks_word(question: str, text: str) -> bool:
    """Whether the question asks for a gender, for when somebody can start, for what they earn, for whether they are married or for a kind of work, and the text has no word for it."""
    if _NOW_PAY.search(question) and _WISHED_PAY.search(text) and not _NOW_PAY.search(text):
        return True  # what somebody earns is not what they want
    kinds = [told for asked, told in _KINDS_OF_WORK if asked.search(question)] if _EVER.search(question) else []
    if kinds and not any(told.search(text) for told in kinds):
        return True
    return any(asked.search(question) and not form.search(text) for asked, form in ((_ASKS_PROMOTED, _PROMOTED), (_ASKS_EXPIRY, _EXPIRY), (_ASKS_GENDER, _GENDER), (_ASKS_START, _START), (_ASKS_PAY, _PAY), (_ASKS_MARRIED, _MARRIED)))


def _names_other(question: str, text: str) -> bool:
    """Whether the text names something with a capital that the question does not."""
    asked = question.casefold()
    names = (name.casefold().removesuffix("'s").removesuffix("’s") for name in _NAME.findall(text))
    return any(name not in asked and not _NO_NAME.fullmatch(name) for name in names)


def year_asked(question: str) -> int | None:
    """The one year that the question is about; None where it names none or several."""
    asked = {int(year) for found in _IN_YEAR.findall(question) for year in found if year}
    return asked.pop() if len(asked) == 1 == len(set(ANY_YEAR.findall(question))) else None


def tells_year(text: str, year: int) -> bool | None:
    """Whether the text speaks of that year, as a year or within a range of years; None where it tells no year."""
    told = [int(each) for each in ANY_YEAR.findall(text)]
    if not told:
        return None
    spans = [(int(a), int(b) if b.isdigit() else 9999) for a, b in _SPAN.findall(text)]
    spans += [(int(a or b), 9999) for a, b in _SINCE.findall(text)]
    return year in told or any(a <= year <= b for a, b in spans)
