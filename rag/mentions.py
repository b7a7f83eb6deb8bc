"""Names in a question that the documents do not mention at all: what is asked about them is not in the resume.

A small model asked about an employer that is not there tells of one that is. Looking the name up settles it.
"""

from __future__ import annotations

import bisect
import difflib
import itertools
import re
from collections.abc import Collection, Iterable, Sequence

from rag.aliases import DEGREES, known_names, korean_names, stands, tells_tongue, unlisted_tongues
from rag.language import language_asked, language_of
from rag.spelling import in_dictionary
from rag.types import Chunk

_NAME_EN = re.compile(r"(?<![\w'’-])[A-Z][\w+#.&-]*\w|(?<![\w'’-])[A-Z](?![\w'’])")
# In a Korean question a word in Latin letters is a name; what follows it in Korean letters is a particle.
_LATIN = re.compile(r"[A-Za-z](?:(?![가-힣])[\w+#.&-])*(?![가-힣])\w")
# Korean names carry no mark, but those of organisations and licences end in a word that says what they are.
KINDS_KO = "제약|대학교|대학원|대병원|병원|의료원|전자|은행|증권|보험|건설|통신|화학|중공업|물산|그룹|재단|연구소|연구원|랩스|소프트|테크|시스템즈|솔루션즈|공사|공단"
_KOREAN_NAME = re.compile(
    rf"(?<![가-힣])([가-힣]{{2,10}})({KINDS_KO}|기능사|산업기사|기사|기술사|지도사|상담사|관리사)"
    r"(?=은|는|이|가|을|를|의|에|에서|에서는|에서의|도|와|과|로|으로|이랑|랑|[?!.,]|\s|$)"
)
# Trades that end the names of companies, but other words too: they tell a name only where somebody works.
TRADES_KO = (
    "전기|기계|산업|상사|상회|무역|유통|물류|로지스|로지스틱스|운수|해운|항공|택배|식품|푸드|제과|양조|외식|조명|가구|인쇄|출판사|출판|미디어|방송|신문|광고|기획|디자인|디자인랩|스튜디오|공방|컴퍼니"
    "|커머스|게임즈|바이오|헬스케어|생명과학|케미칼|소재|에너지|솔라|모빌리티|자동차|모터스|정밀|중공업|조선|엔지니어링|건축사사무소|법무법인|회계법인|세무법인|로펌|호텔|리조트|학원|어린이집|유치원"
    "|요양원|복지관|약국|의원|네트웍스|네트워크|시스템|솔루션|파트너스|홀딩스|캐피탈|저축은행|카드|페이|뱅크|극단|극장"
    "|과학관|박물관|미술관|도서관|기념관|문학관|체험관|전시관|생태원|수목원|식물원|동물원|아쿠아리움|수족관|소방서|경찰서|파출소|보건소|시청|구청|군청|도청|교육청|세관|우체국|법원|검찰청|농협|수협|축협|신협"
    "|협회|학회|연합회|협동조합|조선소|발전소|제철소|정비소|공업사|제작소|양조장|목장|농원|농장|베이커리|제과점|미용실|헤어|필하모닉|교향악단|합창단|무용단|고등학교|중학교|초등학교"
)
_KOREAN_WORKPLACE = re.compile(
    rf"(?<![가-힣])([가-힣]{{2,8}})({TRADES_KO})(?=에서(?:는|도|의)?(?![가-힣])|에 ?(?:다니|다녔|다닐|입사|근무|재직)|(?:을|를) ?(?:다니|다녔|다닐|그만|퇴사)| ?(?:시절|재직|근무|다닐|다니던))"
)
# Posts that somebody held or did not: who never was a 점장 is asked in vain for it.
_KOREAN_POST = re.compile(
    r"(?<![가-힣])(수간호사|점장|지점장|부점장|공장장|현장 ?소장|현장 ?대리인|원장|교감|교장|학과장|편집장|본부장|사업부장|연구소장|대표이사|주방장|총주방장)"
    r"(?=(?:으로|로|까지)? ?(?:해 ?본 ?적|해 ?봤|한 ?적|했|역임|경험|경력|근무|일한|있))"
)
_LICENCE = re.compile(r"(?<![가-힣])(기술사|기능장|변리사|공인회계사|회계사|변호사|공인노무사|노무사|세무사|감정평가사|관세사|건축사|공인중개사)(?=(?:은|는|이|가|도|을|를)? ?(?:있|없|땄|따|보유|자격|취득|이에요|예요|인가))")
_GRADES = ("기능사", "산업기사", "기사", "기술사", "기능장")
_OTHER_POSTS = {
    "주방장": ("셰프", "쉐프", "주방총괄", "조리장", "조리실장"), "총주방장": ("헤드셰프", "총괄셰프", "이그제큐티브"), "수간호사": ("간호팀장", "간호과장", "간호부장", "파트장"), "점장": ("매니저", "지점장", "매장장", "매장관리", "매장총괄", "매장운영"), "지점장": ("점장", "센터장"),
    "현장소장": ("소장", "현장대리인"), "현장대리인": ("소장",), "대표이사": ("대표", "ceo", "창업"), "원장": ("센터장", "대표"), "본부장": ("부문장", "총괄"), "공장장": ("생산총괄", "생산본부장"), "연구소장": ("연구소총괄", "cto"),
}  # fmt: skip
_KOREAN_GENERIC = re.compile(
    rf"^(?:어느|어떤|무슨|다른|이전|현재|지금|예전|국가|해당|전문|전체|전국|전사)|^(?:그|이|전)(?:{KINDS_KO}|{TRADES_KO})$|^(?:종합|대학|지역|공공|민간)?(?:병원|대학교|대학원)$"
    rf"|^(?:공공|대학|국공립|공립|사립|시립|도립|지방|지역|국제|국내|해외|인문계|일반|특성화|공업|상업|관련|동네|대형|소형|작은|큰|민간)+(?:{TRADES_KO})$"
)
_WORD = re.compile(r"[^\W_][\w+#.&-]*")
# Capitalised in questions without naming anything that a resume would have to spell the same way.
_GENERIC = frozenset(
    """i ok cv resume email e-mail phone tv it hr ai ms mr mrs dr january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday
    thursday friday saturday sunday
    what which where who whom whose when why how did does do is are was were has have had can could would should please tell me
    he she they you we his her hers their him them it its this that the a an of in at on for and or to with from by about
    vouch candidate applicant name address number contact details birthday age gender nationality title job work working career
    experience experiences education educational skill skills language languages programming technical technology technologies
    professional personal project projects certificate certificates certification certifications award awards achievements
    hobby hobbies interest interests profile summary background company companies employer employers role roles position positions
    responsibilities degree degrees major school university college highest current previous last first latest years year city team
    developer developers engineer engineers manager managers designer designers analyst analysts senior junior lead leadership
    management teacher nurse software web data product business sales marketing finance research science scientist scientists
    consultant director officer architect specialist coordinator assistant intern professor lawyer accountant full stack frontend
    backend devops us usa u.s uk u.k eu url linkedin gpa""".split()
)
# Kim Minsu asked about in Latin letters is 김민수.
_ROMANISED = frozenset("kim lee yi park pak choi jung jeong kang cho jo yoon yun jang lim im han oh seo shin kwon hwang ahn song ryu yoo hong".split())
# A resume names the towns, not their country: whether somebody worked in Norway is for who reads it to say.
COUNTRIES = re.compile(
    r"\b(?:Africa|America|Americas|Asia|Europe|Oceania|Scandinavia|Balkans|Caribbean|Middle East|Continent|States|England|Scotland|Wales|Britain|Afghanistan|Albania"
    r"|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|Bangladesh|Belarus|Belgium|Bolivia|Bosnia|Botswana|Brazil|Bulgaria|Cambodia|Cameroon|Canada"
    r"|Chile|China|Colombia|Congo|Costa Rica|Croatia|Cuba|Cyprus|Czechia|Czech Republic|Denmark|Dominican Republic|Ecuador|Egypt|El Salvador|Estonia|Ethiopia|Fiji|Finland"
    r"|France|Gambia|Georgia|Germany|Ghana|Greece|Greenland|Guatemala|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan"
    r"|Jordan|Kazakhstan|Kenya|(?:South |North )?Korea|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Liberia|Libya|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Mali|Malta"
    r"|Mauritius|Mexico|Moldova|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|Norway|Oman|Pakistan|Palestine"
    r"|Panama|Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Senegal|Serbia|Sierra Leone|Slovakia|Slovenia|Somalia|South Africa|Spain"
    r"|Sri Lanka|Sudan|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Tonga|Tunisia|Turkey|Uganda|Ukraine|United (?:States|Kingdom|Arab Emirates)|Uruguay"
    r"|Uzbekistan|Venezuela|Vietnam|Yemen|Zambia|Zimbabwe)(?![A-Za-z])(?! [A-Z])"
)
_OF_A_NAME = re.compile(r"[A-Z][\w&.'’-]* (?:(?:of|for) (?:the )?)?$")  # "Bank of America", "Air France": the country is a part of a name
# Where somebody worked: the words of its name stand in one line of a resume that has it, or near each other.
_WORKPLACE = re.compile(
    r"\b(?:at|joining|joined|leaving|left|(?:work\w*|employed) (?:for|with)) (?:the )?(?P<name>[A-Z][\w&.-]++(?: [A-Z][\w&.-]++)+)(?!['’])"
)
NEAR = 60  # characters
# "Quelhof" is Quellhof: one letter in five may be wrong.
CLOSE = 0.8
_LITTLE = frozenset("did does do is are was has have can the her his she he their of in at for and or what which you your me".split())
_LISTED = re.compile(r"\s*(?:,|/|&|,? ?(?:and|or|nor)|와|과|이?랑|이?나|하고|하고는)\s*", re.IGNORECASE)
_ONE_NAME = re.compile(r" (?:of |of the |& )?", re.IGNORECASE)  # between the words of a name
SURE = 3  # syllables; "라인", "줌" and "현대" are words of their own
SURE_SHORT = frozenset("자바 도커 엑셀 구글 애플 쿠팡 깃랩 루비 코볼 오픽 텝스 토익 토플".split())  # these are not
MOST = 20  # names that are looked up; each is compared with every word of the documents


# "Has she ever worked at Google?", "Google에서 일한 적 있어?"
_ASKS_WORKED = re.compile(
    r"^\W*(?:and |so |but )?(?:has|have|had|did|does|is|was|were)\b.{1,60}?\b(?:work(?:ed|s|ing)?|employed|jobs?|intern(?:ed)?) (?:ever |previously |before )?(?:at|for) (?P<en>(?-i:[A-Z])[\w&.'’-]*(?: (?-i:[A-Z])[\w&.'’-]*){0,3})(?: before| ever)?\W*$"
    r"|(?P<ko>[A-Za-z][A-Za-z0-9&.-]{1,23})에서 ?(?:일|근무|재직|인턴)[가-힣]{0,4} ?(?:적|경험)",
    re.IGNORECASE,
)
_EMPLOYERS = re.compile(r"experience|employ|work|career|job|position|history|경력|경험|이력|근무|직장", re.IGNORECASE)
_NO_EMPLOYERS = re.compile(
    r"award|honou?r|certif|licen[cs]|course|publicat|reference|testimonial|skill|interest|hobb|language|link|reading|수상|자격|교육 ?이수|논문|출판|추천|기술|관심|취미|언어|링크", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")


def is_generic(word: str) -> bool:
    """Whether a word with a capital names nothing by itself: a trade, a month, a word of any resume."""
    return word.casefold() in _GENERIC


def no_employer(question: str, chunks: Iterable[Chunk]) -> bool:
    """Whether somebody's work at a place is asked for that the documents name in a link, an award, a certificate or the like alone."""
    asked = _ASKS_WORKED.search(question)
    if asked is None:
        return False
    name = (asked["en"] or asked["ko"]).casefold().removesuffix(".")

    def may_employ(chunk: Chunk) -> bool:
        section, text = chunk.section.partition("›")[0], chunk.text.casefold()
        if name in chunk.section.partition("›")[2].casefold() or (_EMPLOYERS.search(section) and name in "\n".join(text.strip().split("\n")[:2])):
            return True
        return name in _LINK.sub(" ", text) and (_EMPLOYERS.search(section) is not None or not _NO_EMPLOYERS.search(section))

    holding = [chunk for chunk in chunks if name in f"{chunk.section}\n{chunk.text}".casefold()]
    return bool(holding) and not any(map(may_employ, holding))


def unmentioned(question: str, texts: Iterable[str], language: str = "") -> list[str]:
    """Names of `question` that stand in none of `texts`, also not misspelt; in order of appearance.

    English names are recognised by their capital, except at the start of a sentence; in a Korean question words in
    Latin letters count, and Korean ones that end like an organisation or a licence or are well known (rag/aliases.py):
    others have no mark.

    Args:
        language: of the question; by default what its letters say.
    """
    language = language or language_asked(question)
    texts = list(texts)
    spelled = "\n".join(texts)
    document = spelled.casefold()
    words = set(_WORD.findall(document))
    missing = []
    for found in (*_KOREAN_NAME.finditer(question), *_KOREAN_WORKPLACE.finditer(question)):
        name = found[1] + found[2]
        if name in missing:
            continue
        # "연세대학교병원" may be written "연세대 병원" there: its own part alone settles it. "가온누리대학교" is no "온누리병원".
        own = re.search(rf"(?:(?<![가-힣])|주식회사|법인){found[1]}", document)
        if own and found[2] in _GRADES and any(f"{found[1]}{grade}" in document for grade in _GRADES) and name not in re.sub(r"\s", "", document):
            missing.append(name)  # a 산업기사 is no 기사
            continue
        if _KOREAN_GENERIC.search(name) or own or stands(name, spelled) or difflib.get_close_matches(name, words, 1, CLOSE):
            continue
        missing.append(name)
    squeezed = re.sub(r"\s", "", document)
    missing += [found[1] for found in _LICENCE.finditer(question) if found[1] not in squeezed and found[1] not in missing]
    held = lambda post: any(other in squeezed for other in (re.sub(r"\s", "", post), *_OTHER_POSTS.get(post, ())))
    missing += [found[1] for found in _KOREAN_POST.finditer(question) if not held(found[1]) and found[1] not in missing and language_of(spelled) == "ko"]
    if language == "ko":
        known = (name for name in korean_names(question) if (len(name) >= SURE or name in SURE_SHORT) and not any(name in other for other in missing))
        missing += [name for name in known if not stands(name, spelled)]
    missing += [name for name in unlisted_tongues(question, spelled) if name not in missing]
    return missing + [name for name in _latin_names(question, language, spelled, words) if name not in missing]


def _latin_names(question: str, language: str, spelled: str, words: set[str]) -> list[str]:
    """The names in Latin letters that do not stand in the documents."""
    missing: list[str] = []
    looked_up: set[str] = set()
    if language != "ko" and (question.isupper() or _in_title_case(question)):
        return []  # capitals say nothing there
    document, person, korean = spelled.casefold(), False, language != "ko" and language_of(spelled) == "ko"
    countries = [found for found in COUNTRIES.finditer(question) if language == "ko" or not _OF_A_NAME.search(question[: found.start()])]
    for found in (_LATIN if language == "ko" else _NAME_EN).finditer(question):
        before = question[: found.start()].rstrip()
        name = re.sub(r"['’]s$", "", found[0])
        key = name.casefold()
        # "Kim Minsu": the word behind a Korean family name is a given name
        given, person = person and not before.endswith((",", ".", "?")), key in _ROMANISED and re.search("[가-힣]", spelled) is not None
        if language != "ko" and (not before or before[-1] in ".?!:\"'“‘"):
            continue
        if key in looked_up or len(looked_up) == MOST or person or given:
            continue
        looked_up.add(key)
        if any(place.start() <= found.start() < place.end() for place in countries):
            continue
        # another level's name for a degree is no name of its own: an MSc is a Master's
        level = next((words for words in DEGREES.values() if any(m.start() <= found.start() < m.end() for m in words.finditer(question))), None)
        if level is not None and level.search(spelled):
            continue
        # "R" is a letter of every text
        there = key in document if len(key) > 1 else re.search(rf"(?<![^\W_]){key}(?![^\W_])", document)
        if korean and in_dictionary(name) and not known_names(name):
            continue  # "the Construction Safety licence" of who asks about a Korean resume: words, put into English
        if key in _GENERIC or there or stands(name, spelled) or tells_tongue(name, spelled) or difflib.get_close_matches(key, words, 1, CLOSE):
            continue
        missing.append(name)
    if language != "ko" and not missing:
        asked = itertools.islice(_WORKPLACE.finditer(question), MOST)
        missing = [found["name"] for found in asked if not _stands_together(found["name"], document)]
    return missing


def _stands_together(name: str, document: str) -> bool:
    """Whether the words of a name stand in one line of `document`, in lower case, or near each other; one that is no name's own says nothing."""
    words = [word for word in name.casefold().split() if word not in _GENERIC and len(word) > 2]
    places = [[found.start() for found in re.finditer(rf"(?<![^\W_]){re.escape(word)}", document)] for word in words]
    if len(words) < 2 or not all(places):
        return True  # a word that is spelled otherwise there was looked up for itself
    if any(all(word in line for word in words) for line in document.split("\n")):
        return True
    return any(all(_within(others, at, NEAR) for others in places[1:]) for at in places[0])


def _within(places: Sequence[int], at: int, most: int) -> bool:
    """Whether one of the rising `places` is at most so far from `at`."""
    i = bisect.bisect_left(places, at - most)
    return i < len(places) and places[i] <= at + most


def _in_title_case(question: str) -> bool:
    """Whether nearly every word has a capital, little ones too: "What Are Her Technical Skills?"."""
    words = re.findall(r"[A-Za-z]{2,}", question)[1:]
    capitals = [word for word in words if word[0].isupper()]
    return len(words) >= 2 and len(capitals) >= 0.75 * len(words) and any(word.casefold() in _LITTLE for word in capitals)


def _names(question: str, missing: Collection[str]) -> list[re.Match[str]]:
    """The names of a question in their order; in a Korean one also those in Korean letters that are well known, or missing."""
    if language_asked(question) != "ko":
        return list(_NAME_EN.finditer(question))
    korean = sorted({*korean_names(question), *missing} - set(_LATIN.findall(question)), key=len, reverse=True)
    found = [*_LATIN.finditer(question), *(re.finditer("|".join(map(re.escape, korean)), question) if korean else ())]
    return sorted(found, key=lambda match: match.start())


def as_written(question: str, missing: Sequence[str]) -> list[str]:
    """The missing names of an English question as it has them: those that stand side by side there are one.

    Example:
        >>> as_written("Has she worked for Bank of America or Acme?", ["Bank", "America", "Acme"])
        ['Bank of America', 'Acme']
    """
    places = [re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question) for name in missing]
    if language_asked(question) == "ko" or not all(places):
        return list(missing)  # "삼성전자 현대건설 다녔나요?" are two
    made: list[tuple[int, int]] = []
    for start, end in sorted(place.span() for place in places):
        if made and _ONE_NAME.fullmatch(question[made[-1][1] : start]):
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return [question[start:end] for start, end in made]


def without_missing(question: str, missing: Collection[str]) -> str:
    """The question without the missing names, where each is one of several that are asked for and others are not missing; else "".

    Example:
        >>> without_missing("Does she speak Dutch, French or German?", ["German"])
        'Does she speak Dutch, French?'
    """
    names = [found for found in _names(question, missing) if found[0].casefold() not in _GENERIC]
    joins = [(one, other) for one, other in itertools.pairwise(names) if _LISTED.fullmatch(question[one.end() : other.start()])]
    listed = {name[0] for pair in joins for name in pair}
    if not missing or not set(missing) <= listed or not listed - set(missing):
        return ""
    cut: dict[int, tuple[int, int]] = {}  # by where a name begins: it goes with what joins it to the one before, the first with what follows
    for one, other in joins:
        if one[0] in missing and one.start() not in cut:
            cut[one.start()] = (one.start(), other.start())
        if other[0] in missing and not (one[0] in missing and cut[one.start()][0] == one.start()):
            cut[other.start()] = (one.end(), other.end())
    for start, end in sorted(cut.values(), reverse=True):
        question = question[:start] + question[end:]
    return question
