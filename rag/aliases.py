"""Names that the documents spell differently: who asks for 코틀린 finds Kotlin, who asks for a CPA a Certified Public Accountant.

Resumes of Korean developers name tools, employers and schools in English, people ask for them in Korean, and the other
way round. Vectors see little of that and words nothing, so a question is asked with the name as the documents spell it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

# Latin spelling: the Korean ones. Where a word is also a common noun ("Go", "C"), only what cannot be mistaken.
NAMES: dict[str, tuple[str, ...]] = {
    # languages and markup
    "Python": ("파이썬", "파이선"), "Java": ("자바",), "JavaScript": ("자바스크립트",), "TypeScript": ("타입스크립트",), "Kotlin": ("코틀린",),
    "Scala": ("스칼라",), "Golang": ("고랭", "고 언어", "고언어"), "Rust": ("러스트",), "Swift": ("스위프트",), "Ruby": ("루비",), "PHP": ("피에이치피",),
    "C++": ("씨플플", "시플플", "씨쁠쁠"), "C#": ("씨샵", "시샵"), "Objective-C": ("오브젝티브씨", "오브젝티브 C"), "Perl": ("펄",), "Dart": ("다트",), "Lua": ("루아",),
    "Haskell": ("하스켈",), "Elixir": ("엘릭서",), "MATLAB": ("매트랩", "매틀랩"), "Julia": ("줄리아",), "Solidity": ("솔리디티",), "Verilog": ("베릴로그",),
    "SQL": ("에스큐엘",), "HTML": ("에이치티엠엘",), "GraphQL": ("그래프큐엘",), "COBOL": ("코볼",), "Fortran": ("포트란",),
    # frameworks and libraries
    "Spring Boot": ("스프링 부트", "스프링부트"), "Spring": ("스프링",), "Django": ("장고",), "Flask": ("플라스크",), "FastAPI": ("패스트API", "패스트 API"), "React": ("리액트",),
    "React Native": ("리액트 네이티브", "리액트네이티브"), "Vue": ("뷰",), "Vue.js": ("뷰제이에스", "뷰JS", "뷰"), "Angular": ("앵귤러",), "Svelte": ("스벨트",), "Next.js": ("넥스트제이에스", "넥스트JS"),
    "Node.js": ("노드제이에스", "노드JS", "노드"), "Express": ("익스프레스",), "Flutter": ("플러터",), "Laravel": ("라라벨",), "Rails": ("레일즈", "레일스"), "Redux": ("리덕스",), "jQuery": ("제이쿼리",),
    "Hibernate": ("하이버네이트",), "MyBatis": ("마이바티스",), "PyTorch": ("파이토치",), "TensorFlow": ("텐서플로", "텐서플로우"), "Keras": ("케라스",), "Pandas": ("판다스",), "NumPy": ("넘파이",),
    "scikit-learn": ("사이킷런",), "OpenCV": ("오픈CV", "오픈씨브이"), "LangChain": ("랭체인",), "Streamlit": ("스트림릿",), "Tailwind": ("테일윈드",), "Bootstrap": ("부트스트랩",), "Selenium": ("셀레늄", "셀레니움"),
    # data and infrastructure
    "MySQL": ("마이에스큐엘", "마이SQL"), "PostgreSQL": ("포스트그레SQL", "포스트그레스", "포스트그레", "Postgres"), "Oracle": ("오라클",), "MariaDB": ("마리아DB", "마리아디비"), "MongoDB": ("몽고DB", "몽고디비"), "Redis": ("레디스",),
    "Elasticsearch": ("엘라스틱서치", "엘라스틱"), "Cassandra": ("카산드라",), "Snowflake": ("스노우플레이크", "스노플레이크"), "BigQuery": ("빅쿼리",), "Redshift": ("레드시프트",), "Spark": ("스파크",), "Hadoop": ("하둡",),
    "Kafka": ("카프카",), "Airflow": ("에어플로", "에어플로우"), "Flink": ("플링크",), "Hive": ("하이브",), "Presto": ("프레스토",), "RabbitMQ": ("래빗MQ", "래빗엠큐"), "Docker": ("도커",), "Kubernetes": ("쿠버네티스", "쿠버", "k8s"),
    "Jenkins": ("젠킨스",), "Terraform": ("테라폼",), "Ansible": ("앤서블", "앤시블"), "Grafana": ("그라파나",), "Prometheus": ("프로메테우스",), "Nginx": ("엔진엑스", "엔직스"), "Linux": ("리눅스",), "Unix": ("유닉스",),
    "Ubuntu": ("우분투",), "Windows": ("윈도우", "윈도우즈"), "Android": ("안드로이드",), "iOS": ("아이오에스",), "AWS": ("아마존 웹 서비스", "아마존웹서비스", "Amazon Web Services"), "Azure": ("애저",), "Firebase": ("파이어베이스",), "GitHub": ("깃허브",),
    "GitLab": ("깃랩",), "Git": ("깃",), "Jira": ("지라",), "Confluence": ("컨플루언스",), "Slack": ("슬랙",), "Notion": ("노션",), "Zoom": ("줌",), "Heroku": ("헤로쿠",), "Databricks": ("데이터브릭스",),
    # office, design, engineering and business
    "Excel": ("엑셀",), "PowerPoint": ("파워포인트", "PPT", "피피티"), "Word": ("워드",), "Outlook": ("아웃룩",), "Access": ("액세스",), "Photoshop": ("포토샵",), "Illustrator": ("일러스트레이터", "일러스트"), "InDesign": ("인디자인",),
    "Premiere Pro": ("프리미어 프로", "프리미어프로"), "Premiere": ("프리미어",), "After Effects": ("애프터 이펙트", "애프터이펙트", "애프터이펙츠"), "Figma": ("피그마",), "Sketch": ("스케치",), "Zeplin": ("제플린",), "Framer": ("프레이머",),
    "Blender": ("블렌더",), "Maya": ("마야",), "3ds Max": ("맥스",), "Cinema 4D": ("시네마 4D", "시네마4D"), "Unity": ("유니티",), "Unreal": ("언리얼",), "Unreal Engine": ("언리얼 엔진", "언리얼엔진"), "AutoCAD": ("오토캐드", "캐드"), "CAD": ("캐드",),
    "SolidWorks": ("솔리드웍스",), "CATIA": ("카티아",), "Revit": ("레빗",), "SketchUp": ("스케치업",), "Rhino": ("라이노",), "ANSYS": ("앤시스",), "LabVIEW": ("랩뷰",), "Tableau": ("태블로",), "Power BI": ("파워 BI", "파워비아이", "파워BI"),
    "Google Analytics": ("구글 애널리틱스", "구글애널리틱스"), "Amplitude": ("앰플리튜드",), "Salesforce": ("세일즈포스",), "HubSpot": ("허브스팟",), "Shopify": ("쇼피파이",), "WordPress": ("워드프레스",), "SAP": ("에스에이피",),
    "Scrum": ("스크럼",), "Kanban": ("칸반",), "Agile": ("애자일",), "ChatGPT": ("챗GPT", "챗지피티"), "Copilot": ("코파일럿",),
    # tests and certificates
    "TOEIC": ("토익",), "TOEFL": ("토플",), "TEPS": ("텝스",), "IELTS": ("아이엘츠",), "TOEIC Speaking": ("토익 스피킹", "토익스피킹", "토스"), "PMP": ("피엠피",), "Six Sigma": ("식스 시그마", "식스시그마"),
    "정보처리기사": ("정처기",), "컴퓨터활용능력": ("컴활",), "한국사능력검정": ("한능검",), "빅데이터분석기사": ("빅분기",), "사회조사분석사": ("사조사",), "산업안전기사": ("산안기",), "ADsP": ("데이터분석준전문가", "데이터분석 준전문가", "데이터 분석 준전문가", "에이디에스피"),
    "SQLD": ("SQL 개발자", "SQL개발자", "에스큐엘디"), "GTQ": ("그래픽기술자격",), "OPIc": ("오픽",), "간호조무사": ("조무사",),
    # employers and schools
    "Samsung": ("삼성",), "Samsung Electronics": ("삼성전자",), "LG Electronics": ("LG전자", "엘지전자"), "Hyundai": ("현대",), "Hyundai Motor": ("현대자동차", "현대차"), "SK hynix": ("SK하이닉스", "에스케이하이닉스", "하이닉스"), "NAVER": ("네이버",),
    "Kakao": ("카카오",), "KakaoBank": ("카카오뱅크",), "LINE": ("라인",), "Coupang": ("쿠팡",), "Toss": ("토스",), "Viva Republica": ("비바리퍼블리카",), "Woowa Brothers": ("우아한형제들", "배달의민족", "배민"), "Krafton": ("크래프톤",),
    "Nexon": ("넥슨",), "NCSOFT": ("엔씨소프트", "엔씨"), "Netmarble": ("넷마블",), "Google": ("구글",), "Amazon": ("아마존",), "Microsoft": ("마이크로소프트",), "Apple": ("애플",), "Meta": ("메타",), "Facebook": ("페이스북",),
    "Netflix": ("넷플릭스",), "NVIDIA": ("엔비디아",), "Intel": ("인텔",), "Qualcomm": ("퀄컴",), "IBM": ("아이비엠",), "Tesla": ("테슬라",), "Uber": ("우버",), "Deloitte": ("딜로이트",), "McKinsey": ("맥킨지",), "Accenture": ("액센추어", "액센츄어"),
    "KAIST": ("카이스트", "한국과학기술원"), "POSTECH": ("포스텍", "포항공과대학교", "포항공대"), "UNIST": ("유니스트", "울산과학기술원"), "Seoul National University": ("서울대학교", "서울대"), "Yonsei University": ("연세대학교", "연세대"),
    "Korea University": ("고려대학교", "고려대"), "Sungkyunkwan University": ("성균관대학교", "성균관대"), "Hanyang University": ("한양대학교", "한양대"), "Sogang University": ("서강대학교", "서강대"), "Ewha Womans University": ("이화여자대학교", "이화여대"),
    "Stanford": ("스탠퍼드", "스탠포드"), "Harvard": ("하버드",), "MIT": ("엠아이티",), "Oxford": ("옥스퍼드",), "Cambridge": ("케임브리지",), "Berkeley": ("버클리",),
}  # fmt: skip

# Degrees by level. Abbreviations count in their capitals alone, but for those that are no other word.
DEGREES = {
    "bachelor": re.compile(
        r"(?i:\bbachelor|(?<![\w.@/])b\.(?:com|tech|ed|pharm|arch|eng|a)\b|\bundergrad(?!\w* (?:research|teaching|assistant|intern|student))|\bb\.?sc\b)"
        r"|(?<![\w-])B\.?(?:S|A|Eng|BA|Ed|FA|Tech|Com|Pharm|Arch|Mus|N)\b|\bLL\.?B\b|(?<!전문)학사(?! ?일정)|학부(?!모)"
    ),
    # "MS Office" and "Boston, MA" are none.
    "master": re.compile(
        r"(?i:(?<![\w.@/])m\.(?:com|tech|ed|pharm|arch|eng|phil)\b|\bmaster(?:'?s\b| (?:degree|thesis|program|studies|of (?!ceremon)|in )|(?<=(?:the|his|her) master)\b)|\bm\.?sc\b|\bmba\b)"
        r"|(?<![\w-])M\.?(?:S(?! (?:Office|Excel|Word|SQL|Project|Access|Teams))|A(?<!, MA))\b"
        r"|(?<![\w-])M\.?(?:Eng|Ed|FA|Tech|Com|Phil|Arch|Mus|PA|PH|Res|Div|SW|S\.?Ed)\b|\bLL\.?M\b|\bTh\.?M\b|석사"
    ),
    "doctor": re.compile(r"(?i:\bph\.? ?d\b|\bd\.?phil\b|\bdoctora)|\bDr\. ?(?:rer|phil|med|iur|Ing)\b|\bEd\.?D\b|박사(?! ?후)"),
    "other": re.compile(r"(?i:\bdipl[oô]m[ae]\b(?! (?:project|thesis|work|paper))|\bhigh school\b|\bassociate(?:['’]s)? (?:degree|of|in)\b|\ba-levels?\b|\b(?:upper )?secondary (?:school|certificate|education)\b|^\W*upper secondary\b|\bleaving cert\w*|\babitur\b|\bmatura\b|\bGED\b|\bbaccalaur[eé]at\b)|전문학사|고등학교"),
}

_OWNER = re.compile(r"(?P<en>\bthe (?:resume['’]?s? owner|owner of (?:this|the) (?:resume|cv)|person in (?:this|the) (?:resume|cv))\b)|(?:(?:이|그) ?)?이력서(?:의)? ?주인(?:공)?", re.IGNORECASE)  # whom it is about
MIN_HANGUL, MIN_LATIN = 3, 4  # letters of a name that is found inside a text without spaces; a shorter one must stand as a word

# What is abbreviated in Latin letters and spelled out in Korean. Words, not names: a resume without them may still tell.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "VR": ("가상현실", "가상 현실"), "AR": ("증강현실", "증강 현실"), "XR": ("확장현실", "확장 현실"), "AI": ("인공지능", "인공 지능"), "NLP": ("자연어 처리", "자연어처리"), "OCR": ("문자 인식", "문자인식"),
    "IoT": ("사물인터넷", "사물 인터넷"), "OS": ("운영체제",), "UX": ("사용자 경험",), "GIS": ("지리정보시스템", "지리정보 시스템", "지리 정보 시스템"), "GPS": ("위성항법",), "BIM": ("건축정보모델링", "건설정보모델링"),
    "CPR": ("심폐소생술",), "A&E": ("accident and emergency", "emergency department"), "NICU": ("neonatal intensive care",), "HR": ("human resources",), "PR": ("public relations",), "AED": ("자동심장충격기", "자동 심장충격기", "자동제세동기"), "ICU": ("중환자실", "intensive care"), "MRI": ("자기공명영상",), "HACCP": ("해썹",), "LNG": ("액화천연가스",),
    "ERP": ("전사적 자원관리", "전사적자원관리"), "CRM": ("고객관계관리", "고객 관계 관리"), "SCM": ("공급망 관리", "공급망관리"), "KPI": ("핵심성과지표", "핵심 성과 지표"), "R&D": ("연구개발", "연구 개발"), "ASL": ("sign language", "American Sign Language"), "BSL": ("sign language", "British Sign Language"), "CEng": ("chartered engineer",), "QC": ("품질관리", "품질 관리"),
    "QA": ("품질보증", "품질 보증"), "M&A": ("인수합병", "인수 합병"), "IPO": ("기업공개", "기업 공개"), "FTA": ("자유무역협정",), "NGO": ("비정부기구", "비정부단체"), "NPO": ("비영리단체", "비영리 단체"),
    "MBA": ("경영학석사", "경영학 석사", "경영대학원"), "CEO": ("최고경영자", "대표이사"), "CFO": ("최고재무책임자",), "CTO": ("최고기술책임자",), "SNS": ("소셜미디어", "소셜 미디어"),
}  # fmt: skip

# Languages that are spoken. Words, not names: a resume without 중국어 may tell of an HSK.
TONGUES: dict[str, tuple[str, ...]] = {
    "English": ("영어",), "Korean": ("한국어",), "Japanese": ("일본어",), "Chinese": ("중국어", "Mandarin"), "Mandarin": ("중국어", "만다린", "Chinese"), "French": ("프랑스어", "불어"), "German": ("독일어", "독어"),
    "Spanish": ("스페인어",), "Italian": ("이탈리아어",), "Portuguese": ("포르투갈어",), "Russian": ("러시아어",), "Arabic": ("아랍어",), "Vietnamese": ("베트남어",), "Thai": ("태국어",), "Dutch": ("네덜란드어",),
    "Swedish": ("스웨덴어",), "Norwegian": ("노르웨이어",), "Danish": ("덴마크어",), "Finnish": ("핀란드어",), "Turkish": ("터키어", "튀르키예어"), "Indonesian": ("인도네시아어",), "Hindi": ("힌디어",),
}  # fmt: skip

TONGUE_FORMS = {form.casefold(): name for name, forms in TONGUES.items() for form in (name, *forms)}
# Tests that tell a language without its name.
_TESTS = {
    "English": "toeic|toefl|ielts|teps|opic|토익|토플|텝스|오픽|아이엘츠", "Japanese": "jlpt|jpt", "Chinese": "hsk", "Mandarin": "hsk", "French": "delf|dalf", "German": "goethe|testdaf|dsh", "Spanish": "dele",
    "Korean": "topik",
}  # fmt: skip
MIN_TONGUES = 1  # that a resume lists before another counts as one that it does not have

_ACRONYM = re.compile(r"(?<![\w&.-])[A-Z]{2,6}(?![\w&-]|\.\w)")
_SMALL = r"(?:(?:of|and|for|the|in|to|on|&) )*"
_CAPITALISED = re.compile(rf"(?<![\w-])[A-Z][\w'’-]+(?: {_SMALL}[A-Z][\w'’-]+){{2,5}}")

# Words of their own in English: they need their capital to be a name.
_WORDS = frozenset(
    "swift ruby rust dart scala julia spring flask react express angular rails hive spark oracle presto flutter slack notion zoom word"
    " outlook access sketch framer blender unity revit rhino agile line apple meta intel excel windows premiere illustrator confluence".split()
)

_GO = re.compile(r"(?<![\w-])Go(?![\w-])")
_ALONE = frozenset({"Java"})  # stands in the name of something else

# What may follow a short Korean name; after three syllables anything may.
_PARTICLE = (
    r"(?=은|는|이|가|을|를|도|와|과|랑|이랑|으로|로|의|에|에서|에는|에서는|만|이나|나|하고|요|인가|인지|쪽|관련|경험|써|쓸|쓰|다룰|다뤄|할|해|같은"
    r"|[^가-힣]|$)"
)


def _korean(form: str) -> str:
    end = "" if len(form) >= 4 else _PARTICLE
    if form in ("불어", "독어"):
        end = rf"(?!나[는면며지고서]|난|날){end}"  # 불어나다
    return rf"(?<![가-힣]){re.escape(form)}{end}"


def _name(name: str) -> str:
    return _korean(name) if re.search("[가-힣]", name) else _latin(name)


def _latin(name: str) -> str:
    return rf"(?<![A-Za-z0-9]){'[ -]'.join(map(re.escape, name.split(' ')))}(?![A-Za-z0-9+#]|\.[A-Za-z])"


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, list[str]]]:
    """The Korean forms and the Latin names as one pattern each, longest first, and what either stands for."""
    others: dict[str, list[str]] = {}
    known = NAMES | ABBREVIATIONS | TONGUES
    for name, forms in known.items():
        for form in forms:
            others.setdefault(form.casefold(), []).append(name)
            others.setdefault(name.casefold(), []).append(form)
    korean = sorted({form for forms in known.values() for form in forms}, key=lambda form: -len(form))
    latin = sorted(known, key=lambda name: -len(name))
    either = [_latin(name) if name.casefold() in _WORDS else f"(?i:{_latin(name)})" for name in latin]
    return re.compile("|".join(map(_korean, korean)), re.IGNORECASE), re.compile("|".join(either)), others


def korean_names(question: str) -> list[str]:
    """Names of the table that the question writes in Korean letters."""
    words = {form.casefold() for table in (ABBREVIATIONS, TONGUES) for forms in table.values() for form in forms}
    found = (match[0] for match in _patterns()[0].finditer(question))
    return [name for name in found if name.casefold() not in words and re.search("[가-힣]", name)]


def known_names(text: str) -> list[re.Match[str]]:
    """The names of the table that stand in a text, in either letters, in their order."""
    korean, latin, _ = _patterns()
    return sorted([*korean.finditer(text), *latin.finditer(text)], key=lambda found: found.start())


def unlisted_tongues(question: str, text: str) -> list[str]:
    """The languages of a question, as it spells them, that a text does not have, also by no test, though it lists others."""
    asked = [found[0] for found in known_names(question) if found[0].casefold() in TONGUE_FORMS]
    if not asked:
        return []
    known = text.casefold()
    listed = {forms[0] for name, forms in TONGUES.items() if _has_tongue(name, known)}
    return [word for word in asked if len(listed) >= MIN_TONGUES and not _has_tongue(TONGUE_FORMS[word.casefold()], known)]


def tells_tongue(word: str, text: str) -> bool:
    """Whether a word is a language's name, and a text has that in any form, or a test of it: an HSK tells of Chinese."""
    return word.casefold() in TONGUE_FORMS and _has_tongue(TONGUE_FORMS[word.casefold()], text.casefold())


def _has_tongue(name: str, known: str) -> bool:
    return any(form.casefold() in known for form in (name, *TONGUES[name])) or re.search(_TESTS.get(name, r"(?!)"), known) is not None


def spellings(name: str) -> set[str]:
    """All that the table knows of one name, and the name itself: 서울대학교, 서울대 and Seoul National University. AutoCAD may be called 캐드,
    and so may CAD, which is not AutoCAD."""
    others = _patterns()[2]
    same = {name, *others.get(name.casefold(), ())}
    ways = {one: others.get(one.casefold(), ()) for one in same - {name}}
    return same | {other for one, found in ways.items() if one in NAMES or one in ABBREVIATIONS or len(found) == 1 for other in found}


def stands(name: str, text: str) -> bool:
    """Whether a text holds a name in any of its spellings, spaced and punctuated in any way ("SpringBoot", "React-Native", "github.com")."""
    for form in spellings(name):
        short = _squeeze(form).removesuffix("js")
        if form not in _ALONE and len(short) >= (MIN_HANGUL if re.search("[가-힣]", form) else MIN_LATIN):
            if short in _squeeze(text):
                return True
        elif re.search(_name(form), text, re.IGNORECASE):
            return True
    return "golang" in {form.casefold() for form in spellings(name)} and _GO.search(text) is not None


@functools.lru_cache(maxsize=8)
def _squeeze(text: str) -> str:
    """The text without case, spaces, dots and hyphens. Kept: the documents are asked for one name after the other."""
    return re.sub(r"[\s._-]+", "", text.casefold())


def as_spelled(question: str, texts: Iterable[str]) -> str:
    """The question with every known name as `texts` spell it, where they spell it in the other letters only, and with
    initials spelled out, or put for the words, where they have them so.

    Example:
        >>> as_spelled("코틀린을 쓸 줄 아나요?", ["Java, Kotlin, Docker"])
        'Kotlin을 쓸 줄 아나요?'
        >>> as_spelled("Is she a CPA?", ["Certified Public Accountant since 2014"])
        'Is she a Certified Public Accountant?'
    """
    question = _OWNER.sub(lambda found: "the candidate" if found["en"] else "이 사람", question)
    korean, latin, others = _patterns()
    initials = not question.isupper() and (_ACRONYM.search(question) or _CAPITALISED.search(question))
    if not (initials or korean.search(question) or latin.search(question)):
        return question
    document = "\n".join(texts)
    if initials:
        question = _CAPITALISED.sub(lambda found: _initials(found[0], document), question)
        question = _ACRONYM.sub(lambda found: _spelled_out(found[0], document), question)

    @functools.cache
    def as_there(name: str) -> str:
        if here := re.search(_name(name), document, re.IGNORECASE):
            return here[0] if here[0].casefold() != name.casefold() else name
        if "golang" in (name.casefold(), *(other.casefold() for other in others.get(name.casefold(), ()))) and _GO.search(document):
            return "Go"
        # Without regard to case, "LİNUX" is found as "linux", but is another word.
        there = (re.search(_name(other), document, re.IGNORECASE) for other in others.get(name.casefold(), ()))
        return next((hit[0] for hit in there if hit), name)

    def spelled(found: re.Match[str]) -> str:
        return as_there(found[0])

    return latin.sub(spelled, korean.sub(spelled, question))


def _spelled_out(acronym: str, document: str) -> str:
    """The words of the document with these initials, each with its capital or none of them short; the acronym itself where it stands there, or
    none do."""
    if re.search(rf"(?<![^\W_]){acronym}(?![^\W_])", document, re.IGNORECASE):
        return acronym
    words = rf"[ -]{_SMALL}".join(rf"{letter}[\w'’]*" for letter in acronym)
    first, *rest = acronym.casefold()
    small = rf"[{first.upper()}{first}]\w{{3,}}" + "".join(rf" {letter}\w{{3,}}" for letter in rest)  # "advanced life support"
    every = r"[ -]".join(rf"{letter}[\w'’]+" for letter in acronym.casefold())  # "limit of detection"
    found = re.search(rf"(?<![\w-]){words}(?![\w-])", document) or (re.search(rf"(?<![\w-]){small}(?![\w-])", document) if rest[1:] else None)
    found = found or (re.search(rf"(?<![\w-]){every}(?![\w-])", document) if len(acronym) > 2 else None)
    return found[0] if found else acronym


def _initials(words: str, document: str) -> str:
    """The initials of capitalised words where the document has them and not the words, else the words."""
    made = "".join(re.findall(r"(?<![\w'’])[A-Z]", words))
    if words.casefold() in document.casefold() or not re.search(rf"(?<![\w&-]){made}(?![\w&-])", document):
        return words
    return made
