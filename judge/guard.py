"""Finds numbers, dates, e-mails and names of a claim that stand nowhere in its evidence.

Small judges overlook one changed digit; comparing strings does not. Everything is normalised first,
in English and Korean: "nine" is 9, "1억 2천만" is 120,000,000, "Mar 2021" is 2021.03 is 2021년 3월,
"6 years" may be the length of a stated period. A claim with a fact that stands nowhere is at best
not found, whatever the model says; a small count alone ("seven people": who counts them finds seven) is left to a model
that can tell. What may be said without standing there literally (a year
inside a stated period, a count of listed things, a rounded number after "about") is let pass: a
false alarm harms as much as a miss.
"""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from judge.text import normalise
from rag.language import language_of

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_MONTH_NAME = re.compile(_MONTH.format("_"))
_YEAR = r"(?:19|20)\d\d"
_COUNTER = (
    r"(?!\s*(?:명|개|원|건|회|점|만|천|억|%|users|people|customers|students|employees|lines|won|dollars|usd|krw))"
)
_DATES = [
    # 15.06.2021, 15/06/2021, 06/15/2021; which is the month of 03/04/2021 cannot be told.
    re.compile(rf"(?<![\d.,/-])(?P<d>3[01]|[12]\d|0?[1-9])\.(?P<m>1[0-2]|0?[1-9])\.(?P<y>{_YEAR})(?!\d)"),
    re.compile(rf"(?<![\d.,/-])(?P<d>3[01]|2\d|1[3-9])(?P<_>[/-])(?P<m>1[0-2]|0?[1-9])(?P=_)(?P<y>{_YEAR})(?!\d)"),
    re.compile(rf"(?<![\d.,/-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|2\d|1[3-9])/(?P<y>{_YEAR})(?!\d)"),
    re.compile(r"(?<![\d.,])(?P<yy>\d\d)년\s?(?P<m>1[0-2]|0?[1-9])월(?:\s?(?P<d>3[01]|[12]\d|[1-9])일)?"),
    # "Jun – Aug 2018": June is of that year too.
    re.compile(rf"\b{_MONTH.format('mon')}(?=\s?(?:[-–—~]|to\b|until\b|through\b)\s?(?:{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<y>{_YEAR})(?!\d))"),
    re.compile(rf"(?<![\d.,/])(?P<m>1[0-2]|0?[1-9])[./-](?P<y>{_YEAR})(?!\d)"),
    # Behind "년" stands a month only where 월 says so: "2020년 5명" and "2020년 3분기" name none.
    re.compile(rf"(?<![\d.,])(?P<y>{_YEAR})(?:(?P<said>\s?년\s?)|\s?\.\s?|[-/])(?P<m>1[0-2]|0?[1-9])(?!\d)(?(said)(?=\s?월|\s?[~∼–-]\s?\d{{1,2}}\s?월))(?:(?:\s?[.월]\s?|[-/])(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.%])일?)?월?"),
    re.compile(rf"\b(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('mon')},?\s+(?P<y>{_YEAR})(?!\d)"),
    re.compile(rf"\b{_MONTH.format('mon')}\s+(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<y>{_YEAR})(?!\d)"),
    re.compile(rf"\b{_MONTH.format('mon')},\s+(?P<y>{_YEAR})(?!\d)"),  # "June, 2019"
    re.compile(rf"\b{_MONTH.format('mon')}\s+(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?\b(?!\s*(?:%|percent|people))"),
    re.compile(rf"\b{_MONTH.format('mon')}\s*'(?P<yy>\d\d)(?!\d)"),
    re.compile(r"(?<![\w])'(?P<yy>\d\d)(?:\s?[.년/]\s?(?P<m>1[0-2]|0?[1-9])월?)?(?!\d)"),
    re.compile(r"(?<![\d.])(?P<m>1[0-2]|[1-9])월(?:\s?(?P<d>3[01]|[12]\d|[1-9])일)?"),
    re.compile(rf"(?<![\d.,$₩€£+-])(?P<y>{_YEAR})(?!\d|[.,]\d)년?{_COUNTER}"),
    re.compile(rf"(?<=-)(?P<y>{_YEAR})(?!\d|[.,]\d)"),
    re.compile(r"\b(?:in|since|until|from|by|during|of)\s+(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b(?!\s*['\d])"),
]  # fmt: skip
# (a period, a date in it): "18.11 ~ 20.03", "Mar 19 – Feb 22". Two digits are a year there only: elsewhere 18.11 is a number.
_SHORT_PERIODS = (
    (
        re.compile(r"(?<![\d.,'])\d\d\.(?:0[1-9]|1[0-2])\s?[~∼]\s?(?:\d\d\.(?:0[1-9]|1[0-2])|현재)(?![\d.%])"),
        re.compile(r"(?P<yy>\d\d)\.(?P<m>\d\d)"),
    ),
    (
        re.compile(
            rf"\b{_MONTH.format('_')}[ -]\d\d\s?(?:[-–—]|to\b)\s?(?:{_MONTH.format('__')}[ -]\d\d(?!\d|,?\s?{_YEAR})|(?:present|now)\b)"
        ),
        re.compile(rf"\b{_MONTH.format('mon')}[ -](?P<yy>\d\d)"),
    ),
)
_NOW = re.compile(r"\b(?:present|now|current|currently|today|ongoing)\b|현재|재직\s?중|지금|재학\s?중")
_TO = re.compile(
    r"^\W{0,3}[-–—~〜]\W{0,3}$|^\s*(?:to|until|till|through|and|부터|에서)\s*$|^\s*[-–—~]\s*$|^월?\s*(?:부터|에서|~|-|–|—)\s*$"
)
# 1,200,000 and 1 200 000; "1 200" may be two numbers.
_NUMERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ \u00a0\u202f']\d{3}){2,}|\d+(?:\.\d+)?"
# 2천5백만 is (2000 + 500) times 10,000. What is out of 4.5 (4.5 만점) is no 45,000.
_KO_SMALL = {"천": 1e3, "백": 1e2, "십": 10.0}
_KO_LARGE = {"조": 1e12, "억": 1e8, "만": 1e4}
_KO_UNIT = "조|[천백십]?억|[천백십]만|만(?!점)|천|백"
_KO_NUMBER = re.compile(
    rf"(?<![\w.,])(?:(?:{_NUMERAL})\s?(?:{_KO_UNIT})(?![족점원]?[가-힣]{{0}}족)\s?)+(?:{_NUMERAL})?"
)
_KO_PART = re.compile(rf"({_NUMERAL})\s?({_KO_UNIT})?")
_EN_UNITS = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "trillion": 1e12,
    "hundred": 1e2,
    "dozen": 12.0,
}
_EN_NUMBER = re.compile(
    rf"(?:(?<![\w.,-])|(?<=\d-))[$₩€£]?({_NUMERAL})(?:(k|m|mn|bn|b)\b|[\s-]?(hundred|thousand|million|billion|trillion|dozen)\b)?"
)
_SMALL = {w: i for i, w in enumerate(
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
)} | {w: 10 * (i + 2) for i, w in enumerate([
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
])}  # fmt: skip
# "three and a half years", "a year and a half", 1년 반
_AND_A_HALF = re.compile(
    rf"(?<![\w.])(?:(\d{{1,2}}|{'|'.join(_SMALL)})(?:[\s-]and[\s-]a[\s-]half|\s?½|\s1/2)[\s-]years?\b"
    r"|a\syear\sand\sa\shalf\b|(\d{1,2})\s?년\s?반(?=[\s,.간의동정이을]|$))"
)
_ORDINAL = {
    w: i + 1
    for i, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
        ]
    )
}
_FOLDS = {"doubl": 2, "twice": 2, "twofold": 2, "tripl": 3, "threefold": 3, "quadrupl": 4, "fourfold": 4, "fivefold": 5, "tenfold": 10}
_SCALES = "dozen|hundred|thousand|million|billion|trillion"
_WORD_NUMBER = re.compile(
    rf"\b((?:half(?:\sa)?|a)(?=\s(?:{_SCALES})\b)|{'|'.join(_SMALL)})(?:[\s-]({'|'.join(list(_SMALL)[1:10])}))?"
    rf"(?:[\s-]({_SCALES})(?:(?:\sand)?\s({'|'.join(_SMALL)})(?:[\s-]({'|'.join(list(_SMALL)[1:10])}))?)?)?\b"
)
# "two thirds", 4분의 1: a share, as percent are
_PARTS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_SHARE_OF = re.compile(r"\b(?:(?P<of>an?|one|two|three) )?(?P<part>half|thirds?|quarters?|fifths?|tenths?) of an? (?P<scale>dozen|hundred|thousand|million|billion)\b")
_FRACTION = re.compile(
    rf"\b(?P<of>two|three|four|nine)[\s-](?P<part>{'|'.join(_PARTS)})s\b"
    r"|(?<![\d가-힣])(?P<ko_part>\d{1,2})\s?분의\s?(?P<ko_of>\d{1,2})(?!\d)"
)
_KO_ONES = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}
_KO_TENS = {"열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90}
_KO_NATIVE = _KO_ONES | _KO_TENS | {"스무": 20} | {f"{ten}{one}": a + b for ten, a in _KO_TENS.items() for one, b in _KO_ONES.items()}
_KO_COUNTERS = r"(?:명|개|번|가지|곳|건|회|차례|달|살|배|시간|팀|편|권|대|군데|사람|분|학기|과목)"
_KO_COUNT = re.compile(rf"(?<![가-힣])({'|'.join(sorted(_KO_NATIVE, key=len, reverse=True))})\s?(?={_KO_COUNTERS})")
_KO_DAYS = {"이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "열흘": 10}
_KO_DAY_COUNT = re.compile(rf"(?<![가-힣])({'|'.join(_KO_DAYS)})")
_KO_FEW = {"석": 3, "넉": 4}  # of months: 석 달
_KO_FEW_MONTHS = re.compile(r"(?<![가-힣])([석넉])\s?(?=달)")
_KO_DIGITS = "일이삼사오육칠팔구"
_KO_SINO = re.compile(
    rf"(?<![가-힣\d])(?=[{_KO_DIGITS}]?[천백십])((?:[{_KO_DIGITS}]?천)?(?:[{_KO_DIGITS}]?백)?(?:[{_KO_DIGITS}]?십)?[{_KO_DIGITS}]?)([만억조])?"
    rf"(?=여?\s?(?:{_KO_COUNTERS}|년|개월|시간|주|원|달러))"
)
_DURATION = re.compile(r"^\+?\s?(?:-|full )?\s?(years?|yrs?|months?|년\s?간|년(?!\s?\d)|개월|해)(?![a-z])")
# Things a resume lists without counting them: their number may be the reader's own count.
_LISTED = re.compile(
    r"^\s?(?:[a-z-]+\s){0,2}(?:compan|employer|job|role|position|language|degree|certificat|skill|award|project|school|universit|place|areas?\b|ways?\b|things?\b|items?\b|technolog|tools?\b|countr|papers?\b|publication|internship|categor|framework|type|hobb|summer|winter|season|interest|responsibilit|achievement)"
    r"|^\s?(?:개|곳|가지|군데|건|편|번)?(?:의)?\s?(?:회사|직장|언어|학위|자격증|기술|프로젝트|학교|업체|기업|경력|상|논문|분야|역할|업무|취미|여름|겨울|군데|곳|가지)"
)
_HEDGE_BEFORE = re.compile(
    r"(?:about|around|approximately|roughly|nearly|almost|some|over|more than|at least|up to|under|less than|~|≈|약|대략|거의)\s?[$₩€£]?$"
)
_HEDGE_AFTER = re.compile(
    r"^\s?(?:\+|or so|or more|여(?=\s?[명개년건회원])|정도|가량|가까이|이상|남짓|넘)|^[^\s\d]{0,4}\s?(?:정도|가량|가까이|이상|남짓|넘게|쯤)"
)
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"(?:https?://|www\.)[^\s)\]>,]+|\b(?:github|linkedin|gitlab|notion)\.(?:com|io|so)/[^\s)\]>,]+")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d{1,4}\)?(?:[\s.-]\(?\d{2,4}\)?){2,4}(?![A-Za-z0-9])|(?<!\d)0\d{9,10}(?!\d)")
# No telephone number: 2018.11.23, 03.2019-02.2022 (but 02-2012-3456 is one), 15.06.2021.
_DATE_LIKE = re.compile(
    rf"\(?(?:{_YEAR}[.\-/ ]|(?:1[0-2]|0?[1-9])[.\-]{_YEAR}(?![.\-]?\d{{4}})"
    rf"|(?:3[01]|[12]\d|0?[1-9])[.\-](?:1[0-2]|0?[1-9])[.\-]{_YEAR}(?!\d))"
)
_DATE_BEHIND = re.compile(rf"\({_YEAR}[.\-/]")  # "Area 52 (2013-09"
_CITATION = re.compile(
    r"\[\s?\d+(?:\s?[,–-]\s?\d+)*\s?\]|(?m:^[ \t]*\d{1,2}[.)]\s)|(?<=\D[:.;!?])\s+\d{1,2}[.)]\s(?=[\"'*A-Z가-힣])"  # "2007. 5. 임관" is a date
)
_LATIN = "A-Za-zÀ-ɏ0-9"
_TOKEN = re.compile(rf"[A-Za-zÀ-ɏ](?:[{_LATIN}'’&+#/_-]|\.(?=[{_LATIN}]))*[+#]*|(?<!\d)\d+[A-Za-z][{_LATIN}-]*")
_MARKS = re.compile(r"\*\*|__|`|^#+\s|^>\s", re.MULTILINE)  # Markdown
# Whose resume it is: a name that opens the sentence (or follows its opening phrase) and goes on in lower case.
_SUBJECT = re.compile(
    r"(?:^|[.!?]\s+|,\s+|\n[ \t]*)((?:[A-ZÀ-Þ][a-zß-ɏ'’-]+(?:['’]s)?\s+){1,3})(?=(?!of\b|and\b|for\b|in\b|at\b|or\b)[a-z]{2,}|I\b)"
)
_KO_SUBJECT = re.compile(
    r"(?:^|[.!?,]\s+|\n[ \t]*)(?:[가-힣]{2,6}\s)?[가-힣]{2,5}\s?(?:(?:님|씨)(?:은|는|이|가|의)?|은|는|이|가|의)(?=\s)"
)
_SPELLED_DURATION = re.compile(r"(\d{1,2})\s?(?:년|years?,?(?: and)?)\s?(\d{1,2})\s?(?:개월|months?)")
_PLAIN_CAPITALS = frozenset(
    [
        "i", "a", "an", "the", "he", "she", "it", "they", "we", "you", "his", "her", "its", "their", "our", "my",
        "your", "this", "that", "these", "those", "there", "here", "yes", "no", "not", "and", "or", "but", "so",
        "if", "as", "at", "in", "on", "to", "of", "by", "for", "from", "with", "when", "while", "during", "after",
        "before", "since", "until", "what", "who", "where", "which", "how", "why", "also", "both", "all", "one",
        "two", "three", "resume", "cv", "mr", "ms", "mrs", "dr", "prof", "candidate", "applicant", "according",
        "based", "additionally", "furthermore", "however", "moreover", "overall", "finally", "experience",
        "education", "skills", "summary", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "gb", "tb", "mb", "kb", "pb", "ghz", "mhz", "khz", "hz", "kw", "mw", "kwh",
        "present", "currently", "previously", "am", "pm", "ok", "gpa", "phone", "email", "e-mail", "tel", "address",
        "name", "role", "title", "company", "team", "yes,", "bachelor", "master", "doctor", "phd", "ph.d", "m.s",
        "b.s", "bsc", "msc", "ba", "ma", "mba", "bs", "ms", "degree", "university", "college", "spring", "summer",
        "autumn", "fall", "winter", "ceo", "cto", "ai", "it", "hr", "qa", "ui", "ux", "id", "faq", "inc", "ltd",
        "b.sc", "m.sc", "b.a", "m.a", "b.eng", "m.eng", "beng", "meng", "science", "doctorate",
        "co", "corp", "llc", "gmbh", "krw", "usd", "eur", "gbp", "jpy", "arts",
    ]
)  # fmt: skip
_KO_ORG = re.compile(
    r"(?<![가-힣])([가-힣A-Za-z]{1,12}(?:대학교|대학원|고등학교|중학교|전자|은행|병원|연구소|연구원|그룹|증권|보험|건설|물산|물류|텔레콤|소프트|시스템즈|랩스|재단|협회|출판사|시청|구청|제약|화학|항공|호텔|백화점|엔터테인먼트|게임즈|모터스|중공업))"
)
_KO_PLACES = [
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "수원",
    "성남",
    "판교",
    "분당",
    "용인",
    "청주",
    "천안",
    "전주",
    "포항",
    "창원",
    "제주",
    "강릉",
    "춘천",
    "원주",
    "김해",
    "안양",
    "안산",
    "평택",
    "도쿄",
    "오사카",
    "베이징",
    "상하이",
    "홍콩",
    "싱가포르",
    "뉴욕",
    "보스턴",
    "시애틀",
    "런던",
    "파리",
    "베를린",
    "뮌헨",
    "시드니",
    "토론토",
    "밴쿠버",
    "하노이",
    "호치민",
    "방콕",
    "미국",
    "일본",
    "중국",
    "독일",
    "영국",
    "프랑스",
    "캐나다",
    "호주",
    "베트남",
]
_KO_PERSON = re.compile(
    r"(?<![가-힣])([김이박최정강조윤장임한오서신권황안송류유홍문배백남고전심노하곽성차주우구민][가-힣]{1,2})\s?(?:님|씨)(?![가-힣]{2})"
)
# What a number measures: dimension, and how many of the dimension's smallest unit it is. Money is never converted.
_UNITS = [
    (re.compile(rf"\s?-?(?:{pattern})", re.ASCII), dimension, factor)
    for pattern, dimension, factor in (
        (r"x\b(?!\s?\d)|times\b|-?fold\b|배(?=[로의를가나는에까이정]|[^가-힣]|$)", "times", 1.0),
        (r"ms\b|milliseconds?\b|밀리초", "time", 1.0),
        (r"s\b|secs?\b|seconds?\b|초(?![등중급보])", "time", 1e3),
        (r"mins?\b|minutes?\b|분(?![기야석의류])(?!\s?(?:의|간?\s?1))", "time", 6e4),
        (r"h\b|hrs?\b|hours?\b|시간", "time", 3.6e6),
        (r"days?\b|일(?=[간에이을은로]|\s|[,.)]|$)", "time", 8.64e7),
        (r"weeks?\b|주일?(?=[간에를가로]|\s|[,.)]|$)", "time", 6.048e8),
        (r"months?\b|개월|달(?=[간에을이]|\s|[,.)]|$)", "time", 2.6298e9),
        (r"years?\b|yrs?\b|년", "time", 3.15576e10),
        (r"mm\b|밀리미터", "length", 1e-3), (r"cm\b|센티미터", "length", 1e-2), (r"m\b|met(?:re|er)s?\b|미터", "length", 1.0),
        (r"km\b|kilomet(?:re|er)s?\b|킬로미터", "length", 1e3), (r"miles?\b|마일", "length", 1609.0), (r"feet\b|foot\b|ft\b|피트", "length", 0.3048),
        (r"g\b|grams?\b|그램", "mass", 1e-3), (r"kg\b|kilograms?\b|킬로그램", "mass", 1.0), (r"t\b|tons?\b|tonnes?\b|톤", "mass", 1e3),
        (r"kb\b", "data", 1e3), (r"mb\b|메가바이트", "data", 1e6), (r"gb\b|기가바이트", "data", 1e9), (r"tb\b|terabytes?\b|테라바이트", "data", 1e12), (r"pb\b", "data", 1e15),
        (r"(?:us )?dollars?\b|usd\b|달러|불(?=[을의이,.]|\s|$)", "dollars", 1.0), (r"euros?\b|eur\b|€|유로", "euros", 1.0),
        (r"pounds?\b|gbp\b|파운드", "pounds", 1.0), (r"won\b|krw\b|원(?![장생자격칙료서])", "won", 1.0), (r"yen\b|jpy\b|엔(?=[을의이,.]|\s|$)", "yen", 1.0),
        (r"%p\b|%\s?포인트|percentage points?", "points", 1.0), (r"%|percent\b|pct\b|퍼센트|프로(?![가-힣])", "percent", 1.0),
    )
]  # fmt: skip
_SIGNS = {"$": "dollars", "€": "euros", "£": "pounds", "₩": "won", "¥": "yen"}
_BEFORE = {"krw": "won", "usd": "dollars", "eur": "euros", "gbp": "pounds", "jpy": "yen"}
_SHOWN_UNIT = re.compile(
    r"\s?(?:%p?|percent|퍼센트|years?\b|months?\b|weeks?\b|days?\b|hours?\b|minutes?\b|seconds?\b|(?:ms|k?m|cm|k?g)(?![A-Za-z])|년|개월|주|일(?=에|간|이|을|로|까|$|[\s,.])|시간|분|초|명|개|건|회|번|배|점|권|편|곳|원|달러|유로)"
)
# Names that resumes write in either script; what is missing here is let pass by the language check below.
_SAME = [
    "python 파이썬", "java 자바", "kotlin 코틀린", "react 리액트", "docker 도커", "kubernetes k8s 쿠버네티스", "spring 스프링", "django 장고", "redis 레디스", "kafka 카프카",
    "kakao 카카오", "naver 네이버", "google 구글", "amazon 아마존", "microsoft 마이크로소프트", "samsung 삼성", "hyundai 현대", "line 라인", "coupang 쿠팡", "toss 토스",
    "excel 엑셀", "oracle 오라클", "github 깃허브", "jenkins 젠킨스", "toeic 토익", "toefl 토플", "opic 오픽", "kaist 카이스트", "postech 포스텍", "lg 엘지", "sk 에스케이",
    "swift 스위프트", "figma 피그마", "photoshop 포토샵", "linux 리눅스", "spark 스파크", "typescript ts 타입스크립트", "javascript js 자바스크립트", "postgresql postgres 포스트그레스",
    "us usa america american 미국", "uk britain british england 영국", "korea korean south 한국 대한민국", "japan japanese 일본", "china chinese 중국", "germany german 독일",
    "sweden swedish 스웨덴", "france french 프랑스", "spain spanish 스페인", "netherlands dutch 네덜란드", "italy italian 이탈리아", "norway norwegian 노르웨이", "india indian 인도",
    "denmark danish 덴마크", "poland polish 폴란드", "finland finnish 핀란드", "asia asian 아시아", "go golang 고랭", "mongodb mongo 몽고db",
]  # fmt: skip
_ALIASES: dict[str, frozenset[str]] = {}
for _line in _SAME:
    for _word in _line.split():
        _ALIASES[_word] = frozenset(_line.split())


FEW = 20  # what may have been counted
_ACCENTS = re.compile("[\u0300-\u036f]+")  # taken apart from their letters
_KO_FAMILY = "김이박최정강조윤장임한오서신권황안송류유홍문배백남고전심노하곽성차주우구민탁선석소"
_PLAIN_START = re.compile(r"(?:In|At|On|The|As|For|From|With|During|After|Before|While)\s")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written (`text`) and what it may mean (`values`: "5m" is 5 or 5,000,000).

    `kind`: percent, years, months, or "" for anything else. `hedged`: "about", "over" and the like. `dimension` and
    `factor`: what it measures (see _UNITS), "" where no unit stands beside it.
    """

    text: str
    values: tuple[float, ...]
    kind: str
    hedged: bool
    start: int
    end: int
    listed: bool = False
    dimension: str = ""
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date as precise as it is written; what is not written is 0."""

    text: str
    year: int
    month: int
    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the guard compares, of one text. `durations` are lengths of stated periods in months."""

    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    contacts: tuple[str, ...]
    names: tuple[str, ...]
    periods: tuple[tuple[int, int], ...]
    durations: tuple[int, ...]


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    made = list(text)
    for start, end in spans:
        made[start:end] = " " * (end - start)
    return "".join(made)


def is_month(word: str) -> bool:
    """Whether `word` is the name of a month."""
    return bool(_MONTH_NAME.fullmatch(word.lower()))


def is_place(word: str) -> bool:
    """Whether `word` is a Korean city or a country that is known by name."""
    return word in _KO_PLACES


def this_month() -> int:
    """Months since year 0, as periods are counted."""
    today = datetime.date.today()
    return today.year * 12 + today.month - 1


def _date(match: re.Match[str], text: str) -> Date:
    """The date that one of the patterns of _DATES or _SHORT_PERIODS found."""
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else 0
    if parts.get("yy"):
        year = 2000 + int(parts["yy"]) if int(parts["yy"]) < 60 else 1900 + int(parts["yy"])
    month = int(parts["m"]) if parts.get("m") else 0
    if parts.get("mon"):
        month = _MONTHS.index(parts["mon"][:3]) + 1
    return Date(text[match.start() : match.end()].strip(), year, month, int(parts.get("d") or 0), *match.span())


def _find_dates(text: str) -> list[Date]:
    found = [
        _date(match, text)
        for period, date in _SHORT_PERIODS
        for around in period.finditer(text)
        for match in date.finditer(text, *around.span())
    ]
    left = _blank(text, [(d.start, d.end) for d in found])
    for pattern in _DATES:
        matches = list(pattern.finditer(left))
        found += [_date(match, text) for match in matches]
        left = _blank(left, [match.span() for match in matches])
    found.sort(key=lambda d: d.start)
    for i in range(1, len(found)):  # "2018년 5월 ~ 8월": the year is that of the first
        one, two = found[i - 1], found[i]
        if one.year and one.month and two.month >= one.month and not two.year and _TO.match(text[one.end : two.start]):
            found[i] = replace(two, year=one.year)
    return found


def _find_periods(text: str, dates: Sequence[Date], today: datetime.date) -> list[tuple[int, int]]:
    """Stated periods as (first, last) month since year 0; "present" is `today`."""
    found = []
    for i, date in enumerate(dates):
        if not date.year:
            continue
        following = next((d for d in dates[i + 1 : i + 2] if d.year), None)
        start = date.year * 12 + max(date.month, 1) - 1
        if following and _TO.match(text[date.end : following.start]):
            found.append((start, following.year * 12 + (following.month or 12) - 1))
            continue
        now = _NOW.search(text[date.end : date.end + 22])
        if now and (
            _TO.match(text[date.end : date.end + now.start()]) or "since" in text[max(0, date.start - 8) : date.start]
        ):
            found.append((start, today.year * 12 + today.month - 1))
    return [(a, b) for a, b in found if b >= a]


def _durations(periods: Sequence[tuple[int, int]]) -> list[int]:
    if not periods:
        return []
    lengths = [b - a for a, b in periods]
    last = max(b for _, b in periods)  # "nine years of experience" may count from the first job, not from the studies before
    worked = len({month for a, b in periods for month in range(a, b + 1)})  # overlaps once, the last month worked in
    return [*lengths, sum(lengths), worked, *(last - a for a, _ in periods)]


_AND_ODD = re.compile(r"^여(?=\s?[가-힣])")  # 10여 년: ten years and some


def _kind(text: str, end: int) -> str:
    after = _AND_ODD.sub("", text[end : end + 14])
    if re.match(r"\s?(?:%|percent|퍼센트|프로(?![가-힣])|pct)", after):
        return "percent"
    match = _DURATION.match(after)
    if match:
        return "months" if match.group(1).startswith(("month", "개월")) else "years"
    return ""


def _unit(text: str, start: int, end: int) -> tuple[str, float]:
    before = text[max(0, start - 5) : start + 1].strip()
    for sign, dimension in _SIGNS.items():
        if text[start : start + 1] == sign or before[:-1].endswith(sign) or before.endswith(sign):
            return dimension, 1.0
    for code, dimension in _BEFORE.items():
        if text[max(0, start - 5) : start].strip().endswith(code):
            return dimension, 1.0
    after = _AND_ODD.sub("", text[end : end + 18])
    for pattern, dimension, factor in _UNITS:
        if pattern.match(after):
            return dimension, factor
    return "", 1.0


def _hedged(text: str, start: int, end: int) -> bool:
    return bool(_HEDGE_BEFORE.search(text[max(0, start - 16) : start]) or _HEDGE_AFTER.match(text[end : end + 12]))


_COUNTED = re.compile(r"\s?(?:여 ?)?(?:명|개|건|회|원|권|편|번|곳|대|점|달러|유로|엔|시간|km|m\b|%|users|people)")


def _find_numbers(text: str) -> list[Number]:
    found: list[Number] = []
    left = text

    def add(start: int, end: int, values: tuple[float, ...]) -> None:
        stop = end
        while stop > start and text[stop - 1] == " ":
            stop -= 1
        listed = all(2 <= v <= 12 for v in values) and bool(_LISTED.match(text[stop : stop + 40]))
        found.append(
            Number(text[start:stop], values, _kind(text, stop), _hedged(text, start, stop), start, stop, listed, *_unit(text, start, stop))
        )

    for match in _SPELLED_DURATION.finditer(left):  # 4년 2개월 is one length
        months = 12 * int(match.group(1)) + int(match.group(2))
        found.append(Number(match.group(), (float(months),), "months", _hedged(text, *match.span()), *match.span()))
    for match in _AND_A_HALF.finditer(left):
        said = match.group(1) or match.group(2) or "one"
        years = (float(said) if said.isdigit() else _SMALL[said]) + 0.5
        hedged = _hedged(text, *match.span())
        found.append(Number(match.group(), (years,), "years", hedged, *match.span(), False, *_unit(" year", 0, 0)))
    for match in _SHARE_OF.finditer(left):  # a quarter of a million
        share = _SMALL.get(match["of"] or "a", 1) / (_PARTS | {"half": 2})[match["part"].removesuffix("s")] * _EN_UNITS[match["scale"]]
        found.append(Number(match.group(), (share,), "", True, *match.span(), False, *_unit(text, *match.span())))
    left = _blank(left, [(n.start, n.end) for n in found])
    for match in _FRACTION.finditer(left):
        share = _SMALL[match["of"]] / _PARTS[match["part"]] if match["of"] else int(match["ko_of"]) / max(1, int(match["ko_part"]))
        found.append(Number(match.group(), (100.0 * share,), "percent", True, *match.span(), False, "percent"))
    left = _blank(left, [(n.start, n.end) for n in found])
    for match in _KO_NUMBER.finditer(left):
        total, bare, below = 0.0, 0.0, 0.0
        for numeral, unit in _KO_PART.findall(match.group()):
            value = float(re.sub(r"[,'\s]", "", numeral))
            bare = bare or value
            below += value * _KO_SMALL.get(unit[:1], 1)
            if unit[-1:] in _KO_LARGE:
                total, below = total + below * _KO_LARGE[unit[-1]], 0.0
        total += below
        # "10만" may also be "only 10"; "10만 명" and "10만 원" are not.
        single = re.fullmatch(rf"(?:{_NUMERAL})\s?만\s?", match.group()) and not _COUNTED.match(left, match.end())
        add(*match.span(), (total, bare) if single else (total,))
    left = _blank(left, [(n.start, n.end) for n in found])
    done = len(found)
    for match in _EN_NUMBER.finditer(left):
        value = float(re.sub(r"[,'\s]", "", match.group(1)))
        unit = match.group(2) or match.group(3)
        if (
            not unit
            and re.match(r"[A-Za-z]", left[match.end() : match.end() + 1])
            and not re.match(
                r"(?:st|nd|rd|th|x|ms|s|h|kg|km|m|cm|gb|tb|mb|hz|fps|am|pm|yrs?|years?|days?|hrs?|min|mins|sec|won|usd|krw)(?![A-Za-z])",
                left[match.end() : match.end() + 6],
            )
        ):
            continue  # 3D, 2nd-gen names: words, not amounts
        values = (value * _EN_UNITS[unit],) if unit else (value,)
        # "5m" may be five metres.
        add(*match.span(), (*values, value) if unit == "m" and left[match.start()] not in "$₩€£" else values)
    left = _blank(left, [(n.start, n.end) for n in found[done:]])
    for match in _WORD_NUMBER.finditer(left):
        tens, ones, scale, rest_tens, rest_ones = match.groups()
        value = _spelled(tens, ones) * (_EN_UNITS[scale] if scale else 1)
        add(*match.span(), (value + (_spelled(rest_tens, rest_ones) if rest_tens else 0),))
    for match in _KO_COUNT.finditer(left):
        add(*match.span(1), (float(_KO_NATIVE[match.group(1)]),))
    for match in _KO_FEW_MONTHS.finditer(left):
        add(*match.span(1), (float(_KO_FEW[match.group(1)]),))
    for match in _KO_DAY_COUNT.finditer(left):
        days, hedged = float(_KO_DAYS[match.group()]), _hedged(text, *match.span())
        found.append(Number(match.group(), (days,), "", hedged, *match.span(), False, *_unit(" days", 0, 0)))
    for match in _KO_SINO.finditer(left):
        add(*match.span(), (_sino(match.group(1)) * _KO_LARGE.get(match.group(2), 1),))
    found.sort(key=lambda n: n.start)
    for i in range(len(found) - 2, -1, -1):  # "from 72 to 36 hours": the unit of both stands behind the second
        one, two = found[i], found[i + 1]
        if two.dimension and not one.dimension and _TO.match(text[one.end : two.start]):
            found[i] = replace(one, kind=two.kind, dimension=two.dimension, factor=two.factor)
    return found


def _spelled(tens: str, ones: str | None) -> float:
    """"twenty", "five" is 25; "a" is 1, "half a" 0.5."""
    first = 0.5 if tens.startswith("half") else _SMALL.get(tens, 1)
    return float(first + (_SMALL[ones] if ones and first >= 20 else 0))


def _sino(text: str) -> float:
    """"삼백이십" is 320."""
    total, digit = 0, 0
    for letter in text:
        if letter in _KO_DIGITS:
            digit = _KO_DIGITS.index(letter) + 1
        else:
            total, digit = total + max(1, digit) * {"천": 1000, "백": 100, "십": 10}[letter], 0
    return float(total + digit)


def _key(name: str) -> str:
    """A name for comparison: lower case, letters and digits (and + #) only, possessive gone."""
    return re.sub(r"[^\w+#]", "", re.sub(r"['’]s?$", "", _bare(normalise(name))))


def _bare(text: str) -> str:
    """Without accents: Zürich is Zurich."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _is_person(phrase: str) -> bool:
    """Whether the phrase a Korean sentence opens with is a person: by 님 or 씨, or a family name and no place."""
    if re.search(r"(?:님|씨)(?:은|는|이|가|의)?$", phrase):
        return True
    name = re.sub(r"(?:은|는|이|가|의)$", "", phrase)
    return 2 <= len(name) <= 4 and name[0] in _KO_FAMILY and not any(name.startswith(place) for place in _KO_PLACES)


def _find_names(text: str) -> list[str]:
    """Capitalised words and Korean organisations, places and persons.

    Left out: words that merely open a sentence, headings, and the person a sentence is about (the
    passages of a resume rarely repeat whose it is).
    """
    found = []
    text = _MARKS.sub(" ", text)
    text = _blank(text, [m.span(1) for m in _SUBJECT.finditer(text) if not _PLAIN_START.match(m.group(1))])
    text = _blank(text, [m.span() for m in _KO_SUBJECT.finditer(text) if _is_person(m.group().strip(" .,!?\n"))])
    for sentence in re.split(r"(?<=[.!?:])\s+|\n+", text):
        tokens = list(_TOKEN.finditer(sentence))
        heading = not re.search(r"[a-z가-힣]{2,}", re.sub(r"\b[A-Z][\w'-]*", "", sentence))
        for i, match in enumerate(tokens):
            word = match.group().strip(".'’-/&")
            bare = re.sub(r"['’]s$", "", word)
            if len(bare) < 2 or bare.lower().rstrip(".,") in _PLAIN_CAPITALS or sentence.startswith("$", match.end()):  # US$ 2,000
                continue
            odd = bool(re.search(r"[A-Z0-9]", bare[1:])) or bool(re.search(r"[+#]$", bare))  # AWS, GraphQL, C++
            opens = i == 0 or not sentence[: match.start()].strip(" \"'“‘(-•*")
            if not bare[0].isupper() and not (odd and not bare[0].isdigit()):
                continue
            if opens and bare.lower() in _SMALL:
                continue  # "Five EITs": how many
            if (opens or heading) and not odd:
                beside = i + 1 < len(tokens) and sentence[match.end() : tokens[i + 1].start()].isspace()
                following = tokens[i + 1].group() if beside else ""
                if heading or not (following[:1].isupper() and following.lower() not in _PLAIN_CAPITALS):
                    continue
            if language_of(text) == "ko" or bare[0].isupper() or odd:
                found.append(bare)
    found += [m.group(1) for m in _KO_ORG.finditer(text)]
    found += [m.group(1) for m in _KO_PERSON.finditer(text)]
    found += [
        place
        for place in _KO_PLACES
        if re.search(
            rf"(?<![가-힣]){place}(?![가-힣]{{2}}[가-힣]*학)(?:시|특별시|광역시)?(?=$|\W|에|의|에서|으로|로|은|는|이|가|을|를|과|와|도)",
            text,
        )
    ]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def facts(text: str, today: datetime.date | None = None) -> Facts:
    """Extract and normalise what can be compared in `text` (citations and list numbers left out)."""
    today = today or datetime.date.today()
    clean = _CITATION.sub(lambda m: " " * len(m.group()), text)
    contacts = [(m.span(), m.group().rstrip(".").lower()) for p in (_EMAIL, _URL) for m in p.finditer(clean)]
    left = _blank(clean, [span for span, _ in contacts])
    phones = []
    low = normalise(left) if len(normalise(left)) == len(left) else left.lower()
    for match in _PHONE.finditer(low):
        digits = re.sub(r"\D", "", match.group())
        if 8 <= len(digits) <= 15 and not _DATE_LIKE.match(match.group()) and not _DATE_BEHIND.search(match.group()):
            phones.append((match.span(), digits))
    low = _blank(low, [span for span, _ in phones])
    dates = _find_dates(low)
    periods = _find_periods(low, dates, today)
    numbers = _find_numbers(_blank(low, [(d.start, d.end) for d in dates]))
    names = _find_names(left)
    return Facts(
        tuple(numbers), tuple(dates), (*(c for _, c in contacts), *(d for _, d in phones)), tuple(names), tuple(periods), tuple(_durations(periods))
    )  # fmt: skip


def _close(a: float, b: float, hedged: bool) -> bool:
    if abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b)):
        return True
    return hedged and b != 0 and abs(a - b) / abs(b) <= 0.06


def _same_measure(number: Number, other: Number, known: Facts) -> bool:
    """Whether two numbers may be of the same thing, by their units: 22 minutes are not 22 hours, nor 9 euros 9 dollars."""
    a, b = number.dimension, other.dimension
    if a and not b:  # "from 22 minutes to 9", "3, 5 and 8 years": the unit may stand at a neighbour
        near = [n for n in known.numbers if n.dimension and abs(n.start - other.end) < 40 or abs(other.start - n.end) < 40]
        near = [n for n in near if n.dimension]
        if near and all(n.dimension == a and n.factor != number.factor for n in near):
            return False
    if not a or not b:
        return True
    return a == b or {a, b} == {"percent", "points"}


_AT_LEAST = (
    re.compile(r"(?:\bover|(?<!no )\bmore than|\bat least|\babove|\bno (?:less|fewer) than|[>≥]|최소|적어도)\s?[$₩€£]?$"),
    re.compile(r"^\s?(?:\+|or more\b)|^\s?[^\s\d]{0,4}\s?(?:이상|초과|남짓|(?:조금 |약간 )?넘)|^여(?=\s?[가-힣])"),
)
_AT_MOST = (
    re.compile(r"(?:\bunder|\b(?:less|fewer) than|\bbelow|\bup to|\bat most|\bno more than|[<≤]|최대)\s?[$₩€£]?$"),
    re.compile(r"^\s?or (?:less|fewer)\b|^[^\s\d]{0,4}\s?(?:이하|미만|이내)"),
)
_THING = re.compile(r"여?\s?([a-z]{2,3}|[가-힣])")  # the beginning of what is counted
_LITTLE = frozenset("in of to at on by and for the or out".split())  # nothing is counted in words that begin so


def _bounds(number: Number, claim: str, known: Facts, evidence: str) -> bool:
    """Whether a number of the same thing, up to twice as large or half as small, is what "over a million" or "40명 이상" speaks of."""
    low = normalise(claim)
    before, after = low[max(0, number.start - 14) : number.start], low[number.end : number.end + 12]
    least, most = (bool(front.search(before) or behind.search(after)) for front, behind in (_AT_LEAST, _AT_MOST))
    thing = _THING.match(low, number.end)
    for other in known.numbers if least != most else ():
        there = _THING.match(normalise(evidence[other.end : other.end + 12]))
        if number.dimension != other.dimension or not (number.dimension or (thing and there and thing[1] == there[1])):
            continue
        value = number.values[0] * number.factor / other.factor
        if any(value <= v < 2 * value if least else value / 2 < v <= value for v in other.values):
            return True
    return False


_DASH = re.compile(r"\s?[-–—~〜]\s?")
_PLUS = re.compile(r"^[^\d.;\n]{0,30}(?:,|\band\b|[와과및])[^\d.;\n]{0,30}$")
_FACTOR = re.compile(r"\bfactor of\s?$")
_BETWEEN = re.compile(r"\bto\b|→|->|에서|부터")


def _derived(number: Number, claim: str, known: Facts, evidence: str) -> bool:
    """Whether the number is the difference, the ratio or the change in percent of a stated "from A to B"."""
    for one, two in zip(known.numbers, known.numbers[1:], strict=False):
        between = evidence[one.end : two.start]
        if number.hedged and _DASH.fullmatch(between) and any(one.values[0] <= v <= two.values[-1] for v in number.values):
            return True  # "about 55" of "50–60"
        counts = number.dimension == one.dimension == two.dimension == ""
        if counts and _PLUS.search(between) and one.values[0] + two.values[0] in number.values:
            return True  # "five people" of "3 juniors and 2 interns"
        if len(between) > 30 or "\n" in between or not _BETWEEN.search(between):
            continue
        a, b = one.values[0], two.values[0]
        if not a or not b:
            continue
        if number.kind == "percent" or number.dimension == "points":
            made = [abs(a - b) / a * 100, abs(a - b)]
            if _FRACTION.fullmatch(number.text):  # "by three quarters", "to a quarter"
                made.append(b / a * 100)
        else:
            ratio = number.dimension == "times" or _FACTOR.search(claim[max(0, number.start - 12) : number.start])
            made = [a / b, b / a] if ratio else [abs(a - b)] if number.dimension == (two.dimension or one.dimension) else []
        if any(abs(value - m) <= 0.03 * m for value in number.values for m in made if m > 0):
            return True
    return False


# Beside a number they tell of a difference or a sum, which need not stand anywhere.
_COMPUTES = re.compile(
    r"\b(?:fewer|less|more|faster|slower|longer|shorter|earlier|later|sooner|older|younger|ahead|short of|others?|altogether|in all|in total|combined|remain\w*|out of"
    r"|(?:fell|fallen|rose|risen|grew|grown|shr[aiu]nk|dropped|up|down) by)\b"
    r"|(?<![가-힣])(?:더|모두|총|합쳐|합하면)(?![가-힣])|남[은았]|빨리|일찍|늦게|줄[었어]|늘[었어]|[명건개곳편번]\s?(?:가운데|중)(?![가-힣])|차이"
)
# Beside a length of time: one between two points in time.
_SPANS = re.compile(r"\b(?:after|before|later|earlier|older|younger|longer|apart|between)\b|(?<![가-힣])(?:뒤|후|전|사이)(?=에|의|[,.\s]|$)|만에")
BESIDE = 25  # characters between such a word and its number
NEIGHBOURS = 250  # characters between two numbers whose difference or sum is told
MOST_NUMBERS = 200  # of the sources that are looked at for that


def _computed(number: Number, claim: str, known: Facts, evidence: str) -> bool:
    """Whether the claim speaks of a difference, a sum or a span, and the number is that of two stated numbers of one thing, or two stated years."""
    low = normalise(claim)
    beside = low[max(0, number.start - BESIDE) : number.end + BESIDE]
    if number.kind in ("years", "months") and _SPANS.search(beside):
        years = {date.year for date in known.dates if date.year} | {month // 12 for period in known.periods for month in period}
        told = {abs(a - b) * (12 if number.kind == "months" else 1) for a, b in itertools.combinations(sorted(years)[-MOST_NUMBERS:], 2)}
        if any(_close(value, each, number.hedged) for value in number.values for each in told):
            return True
    if not _COMPUTES.search(beside):
        return False
    thing = _THING.match(re.sub(r"^\s?(?:more|fewer|less|others?)\b", "", low[number.end : number.end + BESIDE]))
    same = [other for other in known.numbers[:MOST_NUMBERS] if other.dimension == number.dimension]
    if not number.dimension:
        there = [_THING.match(normalise(evidence[other.end : other.end + 12])) for other in same]
        # "31 in 2006, 9 in 2013", "41 of 60": what is counted stands elsewhere.
        same = [other for other, each in zip(same, there, strict=True) if not each or each[1] in _LITTLE or (thing and each[1] == thing[1])]
    for one, other in itertools.combinations(same, 2):
        if other.start - one.start > NEIGHBOURS:
            continue
        for a, b in itertools.product(one.values, other.values):
            a, b = a * one.factor / number.factor, b * other.factor / number.factor
            made = [abs(a - b)] if number.dimension == "percent" else [abs(a - b), a + b]
            if any(_close(value, each, number.hedged) for value in number.values for each in made if each):
                return True
    return False


def _number_stands(number: Number, known: Facts) -> bool:
    for other in known.numbers:
        if not _same_measure(number, other, known):
            continue
        scale = number.factor / other.factor if number.dimension and number.dimension == other.dimension else 1.0
        for value in number.values:
            # Where the sources say "about 40", "about 42" may be said, but not "42".
            if any(_close(value * scale, v, number.hedged or scale != 1.0) for v in other.values):
                return True
    if number.kind in ("years", "months"):
        step = 12 if number.kind == "years" else 1
        for months in known.durations:
            for value in number.values:
                wanted = value * step
                # A period of "Mar 2019 - Feb 2022" is 35 or 36 months, and "about 3 years" either way.
                if abs(months - wanted) <= (11 if step == 12 else 1) or (
                    number.hedged and wanted <= months <= wanted + 24
                ):
                    return True
        for other in known.numbers:  # 18 months is 1.5 years
            for value in number.values:
                scale = {"years": 12, "months": 1}
                if other.kind in scale and any(abs(v * scale[other.kind] - value * step) < 0.5 for v in other.values):
                    return True
    return number.listed


_AFFIRMS = re.compile(r"\W*(?:yes|yeah|yep|indeed|네|예|그렇습니다|맞습니다)(?=[\s,.!])", re.IGNORECASE)
# Whom a question is about: "Does Mina Park know Kubernetes?"
_ASKED_OF = re.compile(r"\W*(?i:does|did|do|has|have|had|is|was|are|can|could|will|would)\s+((?:[A-ZÀ-Þ][\w'’.-]*\s+){1,3})")
# Something began or ended in the year that follows, or, in Korean, stands before.
_EDGE_BEFORE = re.compile(
    r"\b(?:joined|left|quit|graduated|enrolled|was hired|resigned)\b(?:(?!\b(?:and|but)\b)[^.;,]){0,45}\bin\s+$"
    r"|\b(?:since|from|until|till)\s+$|(?:19|20)\d\d\s?(?:[-–—~]|to|until|till|through)\s?$"
)
_EDGE_AFTER = re.compile(
    r"\s?에(?:는)?\s(?:[가-힣A-Za-z]{1,20}\s){0,2}(?:입사|퇴사|졸업|입학)|\s?(?:부터|까지)|\s?[-–—~]\s?(?:(?:19|20)\d\d|present|now|현재)"
)


def _is_edge(date: Date, claim: str) -> bool:
    """Whether the claim says that something began or ended in that year: that has to stand there, a year of the period will not do."""
    low = normalise(claim)
    before, after = low[max(0, date.start - 60) : date.start], low[date.end : date.end + 30]
    return not date.month and bool(_EDGE_BEFORE.search(before) or _EDGE_AFTER.match(after))


def _date_stands(date: Date, known: Facts, edge: bool) -> bool:
    for other in known.dates:
        if date.year and other.year and date.year != other.year:
            continue
        if date.year and not other.year and date.month != other.month:
            continue
        if date.month and other.month != date.month:
            continue
        if date.day and other.day and other.day != date.day:
            continue
        if date.year and not other.year:
            continue
        return True
    if date.year and not date.month and not edge:
        return any(a // 12 <= date.year <= b // 12 for a, b in known.periods)
    return False


WHOLE = 9  # letters from which a Latin name may also stand inside a longer word, or with a space in it


def _name_stands(name: str, told: _Standing) -> bool:
    key = _key(name)
    hangul = bool(re.search("[가-힣]", key))
    if not key or told.has(key, whole=not hangul and len(key) < WHOLE and key == normalise(name)):
        return True
    if key[-1].isdigit() and f"{key}+" in told.words:
        return True  # ES6 for ES6+
    if any(told.has(alias, whole=not re.search("[가-힣]", alias)) for alias in _ALIASES.get(key, ())):
        return True
    if key in told.initials:  # SNU for Seoul National University
        return True
    base = _VERSION.sub("", normalise(name))
    if len(base) >= 3 and base != normalise(name) and told.has(_key(base), whole=True):
        return True  # React for React.js, HTML for HTML5
    if not hangul and len(key) >= 3 and any(word.startswith(key) and _VERSION.fullmatch(word[len(key) :]) for word in told.words):
        return True  # and the reverse
    if name.endswith("대학교") and told.has(key[:-2], whole=False):
        return True  # 연세대 for 연세대학교
    korean = key.lstrip(_LETTERS)
    if hangul and korean != key and _KO_ORG.fullmatch(korean) and told.has(korean, whole=False):
        return True  # 국민은행 for KB국민은행, but not 전자 for LG전자
    if re.fullmatch(r"[A-Z]{3,5}", name) and re.search(_spelled_out(key), told.low):
        return True  # "natural language processing" for NLP
    parts = [_key(p) for p in re.split(r"[-/&.]", normalise(name)) if len(p) > 1]
    if len(parts) > 1 and all(told.has(part, whole=not hangul) for part in parts):
        return True
    stem = re.sub(r"(?:ing|ed|es|s|er|ian|an|ese)$", "", key)
    return len(stem) >= 4 and any(re.fullmatch(rf"{re.escape(stem)}(?:ing|ed|e?s|er|i?an|ese|n|js)?", word) for word in told.words)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VERSION = re.compile(r"(?:\.?js|\d{1,2})$")


def _spelled_out(initials: str) -> str:
    """A pattern of words with these initials; "of" and the like may stand between."""
    return r"\b" + r"[a-z]+[\s-]{1,3}(?:(?:of|and|for|the)\s)?".join(initials) + "[a-z]+"


_PAIR = re.compile(r"\b([A-Z][\w'’-]*)\s(?=([A-Z][\w'’-]*))")
_RUN = re.compile(r"(?:[A-Z][\w'’-]*(?:\s+(?:of|the|and|for|de)\s+|\s+)?){2,6}")


def _abbreviation(run: str) -> set[str]:
    """Initials of every stretch of two or more capitalised words of `run`."""
    big = [w[0] for w in re.findall(r"[A-Z][\w'’-]*", run)]
    return {"".join(big[i:j]).lower() for i in range(len(big)) for j in range(i + 2, len(big) + 1)}


def _initials(text: str) -> frozenset[str]:
    return frozenset(short for run in _RUN.findall(text) for short in _abbreviation(run))


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a name is looked up in: a text in lower case, its words as names are compared, its letters without spaces, the initials of
    its names."""

    low: str
    words: frozenset[str]
    squeezed: str
    initials: frozenset[str]

    def has(self, key: str, whole: bool) -> bool:
        """Whether a name stands there; `whole`: as a word of its own, as "Java" does not in "JavaScript"."""
        if key in self.words:
            return True
        if not whole:
            return key in self.squeezed
        return bool(re.search(rf"(?<![a-z0-9]){re.escape(key)}(?![a-z0-9+#])", self.low))


@lru_cache(maxsize=1024)
def _standing(text: str) -> _Standing:
    low = _bare(normalise(text))
    words = frozenset(_key(w) for w in re.findall(r"[\w+#.'’-]+", low))
    return _Standing(low, words, re.sub(r"[^\w+#]", "", low), _initials(text))


def missing(
    claim: str, evidence: str, *, question: str = "", subject: str = "", line: str = ""
) -> list[tuple[str, str, str]]:
    """Facts of `claim` that stand nowhere in `evidence`, as (kind, as written, nearest fact of the evidence or "").

    `kind`: number, count (a small whole one, of things or of days and the like), date, contact or name. What the question or the subject's name brings in is not held
    against the claim. `line` is the line the claim is about, where that is known: the nearest fact is looked for
    there first.
    """
    said = facts(claim)
    beside = facts(line) if line else None
    known = facts(evidence)
    asked = facts(question) if question else Facts((), (), (), (), (), ())
    found: list[tuple[str, str, str]] = []
    for number in said.numbers:
        if number.values == (1.0,) and not number.text[0].isdigit():
            continue  # "one of", "한 번"
        if not _number_stands(number, known) and not _number_stands(number, asked):
            bare = float(number.values[0])
            # A year-like amount may be written as a date on the other side, and the reverse.
            if any(bare == d.year for d in known.dates if d.year) and not number.kind:
                continue
            if _word_stands(number, known, evidence) or any(told(number, claim, known, evidence) for told in (_derived, _bounds, _computed)):
                continue
            unit = _SHOWN_UNIT.match(claim[number.end :])
            shown = claim[number.start : number.end] + (unit.group() if unit else "")
            near = _nearest(number, claim, beside, line, said) if beside else ""
            kind = "count" if number.kind != "percent" and number.dimension in ("", "time") and all(v <= FEW and v.is_integer() for v in number.values) else "number"
            found.append((kind, shown, near or _nearest(number, claim, known, evidence, said)))
    for date in said.dates:
        edge = _is_edge(date, claim)
        if not _date_stands(date, known, edge) and not _date_stands(date, asked, edge):
            if date.year and not date.month and any(date.year in n.values for n in known.numbers):
                continue
            here = beside.dates if beside and beside.dates else known.dates
            # The one that differs least: the same year before the same month before a year close by.
            near = min(here, key=lambda d: (d.year != date.year, d.month != date.month, abs(d.year - date.year)), default=None)
            source = line if here is not known.dates else evidence
            shown = "" if near is None else source[near.start : near.end].strip() if len(normalise(source)) == len(source) else near.text
            found.append(("date", claim[date.start : date.end].strip(), shown))
    digits = re.sub(r"\D", "", evidence)
    for contact in said.contacts:
        if contact.isdigit():
            if contact[-8:] not in digits:
                found.append(("contact", contact, next((c for c in known.contacts if c.isdigit()), "")))
        else:
            bare = re.sub(r"^(?:https?://)?(?:www\.)?|/$", "", contact)
            if not re.search(rf"(?<![\w.+-]){re.escape(bare)}(?![\w-]|\.\w)", evidence.lower()):
                found.append(("contact", contact, next((c for c in known.contacts if not c.isdigit()), "")))
    if not said.names:
        return found
    excused = question
    if _AFFIRMS.match(claim):  # a "no" may name what stands nowhere, a "yes" may not
        who = _ASKED_OF.match(question)
        excused = who[1] if who else ""
    told = _standing(f"{evidence}\n{excused}\n{subject}")
    korean = language_of(evidence) == "ko"
    short = frozenset(w for w in told.words if re.fullmatch(r"[a-z]{2,6}", w))
    spelled = {_key(w) for run in _RUN.findall(claim) if _abbreviation(run) & short for w in run.split()}
    for pair in _PAIR.findall(claim):  # VS Code for VSCode
        keys = [_key(part) for part in pair]
        spelled.update(keys if "".join(keys) in told.words else ())
    said_keys = {_key(w) for w in re.findall(r"[\w+#.'’-]+", normalise(claim))} | {_key(n) for n in said.names}
    for name in said.names:
        if _key(name) in spelled:
            continue  # Seoul National University for SNU
        hangul = bool(re.search(r"[가-힣]", name))
        if hangul != korean and (hangul or not re.search(r"[A-Za-z]{2}", evidence) or language_of(claim) == "en"):
            continue  # written in the other script there: nothing to compare
        if not _name_stands(name, told):
            others = [n for n in (beside.names if beside else ()) if _key(n) not in said_keys and bool(re.search(r"[가-힣]", n)) == hangul]
            found.append(("name", name, others[0] if len(others) == 1 else ""))
    return found


def _word_stands(number: Number, known: Facts, evidence: str) -> bool:
    """Whether an ordinal or, for "2x" and the like, a word such as "doubled" says the number; twice as much is 100 % more."""
    low = evidence.lower()
    folds = {value for word, value in _FOLDS.items() if word in low}
    if number.kind == "percent":
        folds.update(v for n in known.numbers if n.dimension == "times" for v in n.values)
        return any(100 * (fold - 1) in number.values for fold in folds if fold > 1)
    ordinals = {value for word, value in _ORDINAL.items() if word in low}
    return not (ordinals | (folds if number.dimension == "times" else set())).isdisjoint(number.values)


def _nearest(number: Number, text: str, known: Facts, evidence: str, said: Facts) -> str:
    """The number of `known` that could stand where the claim `text` has `number`, as written in `evidence`, or ""."""
    from difflib import SequenceMatcher

    stated = {v for n in said.numbers if n is not number for v in n.values}
    counted = re.match(r"\s?[\w가-힣]+", text[number.end :])

    def of_the_same(n: Number) -> bool:
        thing = re.match(r"\s?[\w가-힣]+", evidence[n.end :])
        return counted is not None and thing is not None and thing.group()[:3] == counted.group()[:3]

    same = [n for n in known.numbers if n.kind == number.kind and (not n.listed or of_the_same(n)) and not stated.intersection(n.values)]
    same = [n for n in same if n.dimension == number.dimension] or same
    if not same:
        return ""

    def likeness(n: Number) -> float:
        return SequenceMatcher(None, n.text, number.text).ratio() + 0.3 * (len(n.text) == len(number.text)) + of_the_same(n)

    ratio, _, best = max((likeness(n), -i, n) for i, n in enumerate(same))
    if ratio < 0.5 and not (len(same) == 1 and best.dimension == number.dimension and best.dimension):
        return ""
    unit = _SHOWN_UNIT.match(evidence[best.end :]) if len(normalise(evidence)) == len(evidence) else None
    return best.text + (unit.group() if unit else "%" if best.kind == "percent" else "")


def unsupported_facts(claim: str, evidence: str, *, question: str = "", subject: str = "") -> list[str]:
    """Phrases for the screen, one per fact of `claim` that stands nowhere in `evidence`.

    In the claim's language: "99.5 stands nowhere in the sources; they say 99.95".
    """
    return [phrase(found, language_of(claim)) for found in missing(claim, evidence, question=question, subject=subject)]


def phrase(found: tuple[str, str, str], language: str) -> str:
    """The sentence for one missing fact (see `missing`)."""
    _, text, near = found
    if language == "ko":
        return f"{text}: 자료 어디에도 없습니다" + (f" (자료에는 {near})" if near else "")
    return f"{text} stands nowhere in the sources" + (f"; they say {near}" if near else "")
