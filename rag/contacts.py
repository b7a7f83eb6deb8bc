"""Questions for the candidate's own e-mail address, telephone number, home, links, name or grade, and the lines that hold them.

What is asked for has one unmistakable form, and a resume one line for it: where nothing but that is asked, no model need be asked whether
it answers. Any other question that speaks of e-mails or phones ("Did she send e-mail campaigns?", "her boss's number") is a question like others.
"""

from __future__ import annotations

import re

from rag.aliases import known_names
from rag.entries import is_entry
from rag.language import as_asked
from rag.mentions import COUNTRIES, is_generic
from rag.reranking import sentences
from rag.sections import POST
from rag.types import Chunk

_YEARS = r"(?:19|20)\d{2}(?:[./]\d{1,2})?\s*-\s*(?:\d{1,2}[./])?(?:19|20)\d{2}"  # "2013 - 2015", "2013.03 - 05.2015"
ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.\w")
NUMBER = re.compile(rf"(?!{_YEARS})(?<![\d./])\+?\(?\d[\d ().-]{{6,}}\d")  # or a date: a line without one holds no telephone number
_DATES = re.compile(r"(?<!\d)(?:(?:19|20)\d{2}(?:[./-] ?\d{1,2}){1,2}\.?|(?:\d{1,2}[./-] ?){1,2}(?:19|20)\d{2}|(?:19|20)\d{6})(?!\d)")
_PHONE = re.compile(
    r"\+\d[\d ().-]{6,}\d|(?<![\d.-])\(?0\d[\d ().-]{6,}\d|\(\d{2,4}\) ?\d[\d .-]{4,}\d|(?<![\d.-])\d{3}[-. ]\d{3,4}[-. ]\d{4}(?!\d)"
    r"|(?:\b(?:tel|phone|mobile|cell|hp)\b|전화|휴대폰|핸드폰|연락처)\D{0,12}\d[\d ().-]{5,}\d",
    re.IGNORECASE,
)
# "Location: Ghent", "San Francisco, CA", "Bergen, Norway", "대전 유성구"; only at the head of a resume or under "Contact" it is where somebody lives.
_STATES = "A[KLRZ]|C[AOT]|DC|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|UK|USA?|VIC|NSW|QLD|TAS|ON|BC|AB|QC|MB|SK"
_BEHIND_KO = r"(?:\s[가-힣]{1,8}(?:시|군|구|동|읍|면|리|로|길)(?=[\s\d,|·/(]|$))*(?=\s*(?:[|,·/(\d]|$))"
HOME = re.compile(
    r"(?<!e-mail )(?<!email )(?<!web )\b(?:location|address|residence|home town|hometown|city)\s?[:：]|\b(?:i live|lives?|living|residing) in (?-i:[A-Z])|(?:^|[,|·(] ?|\bi am |\bi['’]m )based in (?-i:[A-Z])"
    rf"|(?-i:\b[A-ZÀ-Þ][\w.'’-]{{2,}}(?: [A-ZÀ-Þ][\w.'’-]+){{0,2}}, ?(?:(?:{_STATES})(?![A-Za-z])|{COUNTRIES.pattern}))"
    rf"|(?:거주지|(?<!메일 )(?<!홈페이지 )(?<!웹 )(?<!사이트 )(?<![가-힣])주소|사는 곳)\s?[:：]?\s|(?<![가-힣])(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충[북남]|충청|전[북남]|전라|경[북남]|경상|제주)(?:특별시|광역시|특별자치[시도]|[시도남북])*{_BEHIND_KO}",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(r"\W*(?!(?:location|address|residence|home|city|contact|lives)\b)[A-Za-z][A-Za-z ]{1,20}:(?!//)", re.IGNORECASE)  # "Clients: Toyota, Japan"
_REGION = (
    r"(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada"
    r"|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Washington|Wisconsin|Wyoming|Ontario|Quebec|Alberta|Manitoba|Saskatchewan|Nova Scotia"
    r"|British Columbia|Queensland|Victoria|Tasmania|NSW|QLD|(?:(?:West|North|South|East) )?(?:Yorkshire|Sussex|Midlands)|[A-Z][a-z]+shire|Kent|Essex|Surrey|Norfolk|Suffolk|Devon|Cornwall|Dorset|Somerset|Cumbria|Durham|Merseyside|Greater [A-Z][a-z]+|Co\.? [A-Z][a-z]+)"
)
# A street with its number, or a British postcode.
_STREET = re.compile(
    r"(?:^|[,|·] ?)(?:(?:flat|apt\.?|unit) \d+\w?,? )?\d{1,5}[A-Za-z]? (?:[A-ZÀ-Þ0-9][\w'’.]*,? ){1,4}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Way|Mews|Close|Court|Ct|Crescent|Cres|Place|Pl|Square|Sq|Terrace|Boulevard|Blvd|Gardens|Grove|Hill|Park|Row|Walk|Circle|Trail|Parade|Quay)\b"
    r"|\b[A-ZÀ-Þ][\wß]+(?:straße|strasse|straat|laan|plein|weg|gade|gatan|gata|vej|veien) \d+|\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})\b"
)
_TOWN = re.compile(rf"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){{0,2}},? {_REGION}(?: [A-Z0-9]{{2,4}} ?[A-Z0-9]{{3,5}}| \d{{4,5}})?(?: \([^()]{{3,40}}\))?")
# In the line with an address or a number, a town may stand without its region: "amelia@example.org | Leeds", "김하늘 · 수원 · 010-...".
_TOWN_ALONE = re.compile(
    r"(?![A-Z]{1,4}$)(?!(?:github|linkedin|portfolio|website|blog|available|female|male|married|single|remote|hybrid|open|citizen|references|english|full|part|he|she|they)\b)(?!\w+(?:ian|ish|ese)$)"
    r"(?:(?:New|San|Los|Las|St\.?|Saint|El|Port|Fort|Cape|North|South|East|West|Santa|Rio|Den|The|Le|La|Bad|Upper|Lower|Mount|Kuala|Hong|Tel|Buenos|Mexico|Ho|Palo|Salt|Baton|Grand|Little|Long|Great|Kansas|Quebec|Panama|Abu|Addis) )?[A-ZÀ-Þ][\w'’-]+(?: (?:City|Town|Beach|Springs|Falls|Lake|Valley|Park))?",
    re.IGNORECASE,
)
_TOWN_KO = re.compile(
    r"(?:수원|성남|고양|용인|부천|안산|안양|남양주|화성|평택|의정부|시흥|파주|광명|김포|군포|이천|양주|오산|구리|안성|포천|의왕|하남|여주|동두천|과천|가평|양평|춘천|원주|강릉|동해|태백|속초|삼척|홍천|청주|충주|제천|진천|음성|천안|공주|보령|아산|서산|논산|계룡|당진|홍성|전주|군산|익산|정읍|남원|김제|완주"
    r"|목포|여수|순천|나주|광양|무안|포항|경주|김천|안동|구미|영주|영천|상주|문경|경산|칠곡|창원|진주|통영|사천|김해|밀양|거제|양산|서귀포|분당|일산|판교|동탄)(?:[시군구])?(?: [가-힣]{1,6}[시군구동읍면리로길](?: ?\d[\d-]*)?)*(?: 거주)?"
)
MOST_HOME = 160  # characters of a line that tells it
_PERSONAL = re.compile(r"contact|personal (?:info|detail|data)|details|연락|인적|기본 ?(?:정보|사항)|개인 ?정보|^\W*(?:이 ?력 ?서|입사 ?지원서|지원서)\W*$", re.IGNORECASE)
_STUDIES = re.compile(r"educat|academic|studies|degree|qualification|학력|학업|교육", re.IGNORECASE)
_REACHED = re.compile(rf"{_PERSONAL.pattern}|link|profile|social|online|about|introduc|summary|basics|프로필|링크|소개", re.IGNORECASE)
REFEREES = re.compile(r"\brefer(?:ee|ence)s?\b|추천", re.IGNORECASE)

_THING = r"(?:e-?mail|mail|phone|telephone|mobile|cell)(?: (?:address|number|no))?|contact(?: (?:details|info|information|data|number))?|(?:phone )?number"
_REACH = r"(?:e-?mail|mail|phone|call|text|write to|contact|reach|get in touch with|get (?:a )?hold of)"
_WHOM = r"(?:her|him|them|the candidate|the applicant)"
_ASKED = re.compile(
    r"(?:(?:and|so|ok|okay|please|hi|hello),? )*"
    r"(?:(?:(?:what(?:['’]?s| is| are)|(?:can|could|may) (?:i|we|you) (?:have|get|give me|tell me)|(?:please )?(?:give me|tell me|send me|share)|do you have|is there|i need|need|got|any) )?"
    rf"(?:(?:his|her|their|the|an?|the candidate['’]s|the applicant['’]s) )?(?:{_THING})(?:,? (?:and|or|and/or|&) (?:{_THING}))?"
    rf"|(?:how|where) (?:can|do|could|should|would|to) (?:(?:i|we|you|one) )?{_REACH}(?:,? or {_REACH})? {_WHOM}"
    rf"|(?:can|could|may) (?:i|we) {_REACH}(?:,? or {_REACH})* {_WHOM}(?: (?:somewhere|anywhere|directly))?"
    r")(?:,? (?:please|pls|plz|thanks?))?",
    re.IGNORECASE,
)
_ASKED_KO = re.compile(
    r"(?:(?:지원자|본인|이 ?분|그 ?분)(?:의)? ?)?(?:(?:연락|통화)(?:할|가능한)? ?(?:수 있는 )?)?"
    r"(?:(?:이메일|메일|전자 ?우편|전화|휴대폰|핸드폰)(?: ?(?:주소|번호))?|연락처|번호)(?:(?:이?랑|하고|와|과|,) ?(?:이메일|메일|전화|휴대폰|핸드폰|연락처|번호)(?: ?(?:주소|번호))?)?"
    r"(?:은|는|이|가|을|를|도|요)?(?: ?좀)?(?: ?(?:뭐\S{0,4}|무엇\S{0,5}|어떻게 ?(?:되|돼)\S{0,5}|몇 ?번\S{0,4}|알려\S{0,3}(?: ?(?:주세요|줘요?|줄래요?|주실래요))?|주세요|줘|있(?:나요|어요?|음)|적어\S{0,3}))?"
    r"|(?:어디로|어떻게) ?연락(?:하|드리)?\S{0,6}(?: ?(?:되|돼|하)\S{0,4})?|연락(?:은|을|하려면|드리려면) ?(?:어떻게|어디로)(?: ?(?:하|해|되|드)\S{0,5})?"
)
_ASKED_HOME = re.compile(
    r"(?:(?:and|so|ok|okay),? )*(?:where (?:does|do|is|are) (?:she|he|they|her|him|them|the candidate|the applicant|this person)(?: (?:currently|now))? (?:live|living|based|located|residing|reside)(?: (?:now|currently|at the moment|these days|right now))?"
    r"|(?:what(?:['’]?s| is) )?(?:his|her|their|the candidate['’]s) (?:(?:home|current) )?(?:location|city|town|home ?town|place of residence|home address|residence)|(?:current )?location|home address"
    r"|(?:does|do|is|are) (?:she|he|they|the candidate|the applicant|this person) (?:currently )?(?:live|living|based|located|residing|reside) (?:in|near|around) (?!(?:the (?:present|past|office|same|field)|an? |reality|fact|peace|person|it|this|that|there)\b)[^?,]{2,40}"
    r"|(?:what|which) (?:city|town|country) (?:does|do|is|are) (?:she|he|they|her|him|them|the candidate) (?:live|living|based|located)(?: in)?)(?:,? (?:please|pls))?",
    re.IGNORECASE,
)
_ASKED_HOME_KO = re.compile(
    r"(?:(?:지원자|본인|이 ?분|그 ?분|이 ?사람)(?:의|은|는|이)? ?)?(?:(?:지금|현재|요즘) ?)?(?:어디(?:에|에서|서)? ?(?:살(?:아|지|고|죠|음|까)[가-힣]{0,4}|사(?:세|시|나|니|는지|십)[가-힣]{0,4}|거주(?:해|하|중)[가-힣]{0,5})(?: ?알려[가-힣]{0,4})?"
    r"|(?:(?:사는|거주하는) ?(?:곳|데|동네|지역)|거주지(?:역)?)(?:은|는|이|가|을|를|도)?(?: ?좀)?(?: ?(?:어디|알려|뭐)[가-힣]{0,5}(?: ?(?:줘|주세요))?)?)"
)
# Where else the candidate is to be found, what they are called, and the grade: each has its label or its address.
GITHUB = re.compile(r"\bgithub\.(?:com|io)\b|\bgithub\s?[:：|]|깃허브\s?[:：|]", re.IGNORECASE)
LINKEDIN = re.compile(r"\blinkedin\.com\b|\blinkedin\s?[:：|]|링크드인\s?[:：|]", re.IGNORECASE)
TWITTER = re.compile(r"(?<![\w])(?:www\.)?(?<![\w-])(?:twitter|(?<!\.)x)\.com/|\btwitter\s?[:：|]|트위터\s?[:：|]", re.IGNORECASE)
WEBSITE = re.compile(r"\b(?:web ?site|home ?page|portfolio|blog|web)\s?[:：|]|(?:홈페이지|블로그|포트폴리오)\s?[:：|]|(?:https?://|www\.)(?!(?:www\.)?(?:github|linkedin|twitter|x)\.)", re.IGNORECASE)
GPA = re.compile(r"\bc?gpa\b|\bgrade point average\b|평점|학점\s?[:：]?\s?\d", re.IGNORECASE)
NAME = re.compile(r"\w")  # the line with the candidate's name, which `holds` is told
_LINKS = {"github": GITHUB, "깃허브": GITHUB, "깃헙": GITHUB, "linkedin": LINKEDIN, "링크드인": LINKEDIN, "twitter": TWITTER, "트위터": TWITTER}
LOOKED_UP = (HOME, GITHUB, LINKEDIN, TWITTER, WEBSITE, GPA, NAME)  # in all of a resume: a search need not find their line
_ASKED_FIELD = re.compile(
    r"(?:(?:and|so|ok|okay|also|please),? )*(?:(?:what(?:['’]?s| is| was| are)|(?:can|could|may) (?:i|we|you) (?:have|get|give me|see)|give me|show me|send me|share|do you have|is there|does (?:he|she|they|the candidate) have|any|got|has (?:he|she|they|the candidate) got) )?"
    r"(?:(?:his|her|their|the candidate['’]s|the applicant['’]s|this person['’]s|the|a|an|any|my|your) )?(?:"
    r"(?P<link>github|linked-?in|twitter)(?: (?:profile|link|url|page|handle|account|address|user ?name|id|repo))?|(?P<web>(?:personal )?(?:web ?site|home ?page|portfolio|blog)(?: (?:link|url|address))?)"
    r"|(?P<gpa>(?:university |college |school )?(?:c?gpa|grade point average))|(?P<name>(?:full )?name))(?: again)?(?:,? (?:please|pls))?"
    r"|(?:(?:(?:이|그) ?(?:사람|분|지원자)|지원자|후보자|본인|the candidate)(?:분|님)?(?:의|은|는)? ?)?(?:(?P<link_ko>깃허브|깃헙|링크드인|트위터|GitHub|LinkedIn)(?: ?(?:주소|링크|계정|아이디|프로필|페이지))?|(?P<web_ko>(?:개인 ?)?(?:홈페이지|블로그|웹 ?사이트|포트폴리오|포폴)(?: ?(?:주소|링크))?)"
    r"|(?P<gpa_ko>(?:대학교? ?|졸업 ?)?(?:학점|평점))|(?P<name_ko>이름|성함|성명))(?:은|는|이|가|을|를|도|요)?(?: ?좀)?"
    r"(?: ?(?:뭐|무엇|뭔|어떻게 ?(?:되|돼)|몇 ?점|알려|있(?:나|어|음|는|으)|얼마|보여)[가-힣]{0,5}(?: ?(?:줘|주세요|줄래|주실래요|볼 ?수 ?있))?[가-힣]{0,4})?",
    re.IGNORECASE,
)
_EITHER = re.compile(r",? (?:or|and|and/or) (?:(?:an?|his|her|their) )?|(?<=[가-힣])(?:이나|나|이랑|랑|하고|또는) ?|(?<=[a-z]) ?(?:이나|나|이랑|랑|하고) ", re.IGNORECASE)
_SOME_NAME = re.compile(r"\b(?:the|an?|any|my|your) (?:full )?name", re.IGNORECASE)  # of what was spoken of before
_ASKS_ADDRESS = re.compile(r"mail|write|메일|우편", re.IGNORECASE)
_ASKS_NUMBER = re.compile(r"phone|mobile|cell|\bcall|\btext\b|number|전화|휴대|핸드|번호|연락처.*메일|메일.*연락처|contact.* (?:and|&) e-?mail|e-?mail.* (?:and|&) contact", re.IGNORECASE)


def asked_for(question: str, subject: str) -> tuple[re.Pattern[str], ...]:
    """The forms of what is asked for: ADDRESS, NUMBER or both, HOME, GITHUB, LINKEDIN, TWITTER, WEBSITE, GPA or NAME; () where the question asks for
    anything but the candidate's own.

    Args:
        subject: the candidate's name, which may stand for "her".
    """
    for name in filter(None, (subject, *subject.split())):
        question = re.sub(rf"(?<![가-힣]){re.escape(name)} ?(?:씨|님)?(?:의|은|는|이|가)? (?=[가-힣])", "본인 ", question)
        question = re.sub(rf"(?<!\w){re.escape(name)}(?:['’]s)(?!\w)", "her", question, flags=re.IGNORECASE)
        question = re.sub(rf"(?<!\w){re.escape(name)}(?![\w'’])", "her", question, flags=re.IGNORECASE)
    said = as_asked(question).strip(" .,!?~…")
    if _ASKED_HOME.fullmatch(said) or _ASKED_HOME_KO.fullmatch(said):
        return (HOME,)
    if (found := _ASKED_FIELD.fullmatch(said)) and not (found["name"] and _SOME_NAME.search(said)):
        if link := found["link"] or found["link_ko"]:
            return (_LINKS[link.lower().replace("-", "")],)
        return (WEBSITE if found["web"] or found["web_ko"] else GPA if found["gpa"] or found["gpa_ko"] else NAME,)
    if len(halves := _EITHER.split(said)) == 2 and all(_ASKED_FIELD.fullmatch(half) for half in halves):  # "LinkedIn or website?"
        either = dict.fromkeys(form for half in halves for form in asked_for(half, "") if form in (*_LINKS.values(), WEBSITE))
        return tuple(either) if len(either) == 2 else ()
    if not (_ASKED.fullmatch(said) or _ASKED_KO.fullmatch(said)):
        return ()
    address, number = bool(_ASKS_ADDRESS.search(said)), bool(_ASKS_NUMBER.search(said))
    return tuple(form for form, wanted in ((ADDRESS, address or not number), (NUMBER, number or not address)) if wanted)


def looked_up(topic: str) -> re.Pattern[str] | None:
    """The form that is asked for, where it is one of LOOKED_UP; candidates' names replaced as in retrieval."""
    return next((form for form in asked_for(topic, "") if form in LOOKED_UP), None)


def holds(form: re.Pattern[str], line: str, section: str = "", first: bool = False, subject: str = "") -> bool:
    """Whether a line holds what is asked for of the candidate's own; a date of birth is no number, a referee's is another's.

    Args:
        subject: the candidate's name.
        first: the line stands at the head of a resume: where somebody lives is looked for nowhere else but under "Contact".
    """
    if REFEREES.search(section) or REFEREES.search(line):
        return False
    if form is NAME:
        return bool(subject) and subject.casefold() in line.casefold()
    if form is GPA and not (first or _STUDIES.search(section)) or form in _LINKS.values() and not (first or _REACHED.search(section)):
        return False
    if form is WEBSITE and not (first or _REACHED.search(section)):
        return False
    if form is HOME:
        there = first or _PERSONAL.search(section) is not None
        beside = there and (ADDRESS.search(line) or _PHONE.search(line)) and any(map(_is_town, re.split(r" ?[|·•∙] ?|  +", line)))  # "Mesa, Arizona | 480-555-0137"
        return there and len(line) <= MOST_HOME and not _OTHER_LABEL.match(line) and (HOME.search(line) is not None or _STREET.search(line) is not None or bool(beside))
    return bool(form.search(line) if form is not NUMBER else _PHONE.search(_DATES.sub(" ", line)))


def _is_town(piece: str) -> bool:
    """Whether a piece of a line with an address or a number is a town's name: with its region, or words with capitals that are no post."""
    piece = piece.strip(" ()")
    alone = piece[:1].isupper() and _TOWN_ALONE.fullmatch(piece) is not None and not POST.search(piece.casefold()) and not any(map(is_generic, piece.split())) and not known_names(piece)
    return alone or _TOWN.fullmatch(piece) is not None or _TOWN_KO.fullmatch(piece) is not None


_OF_ONESELF = re.compile(rf"{_REACHED.pattern}|objective|statement|letter|cover|motivation|additional|other|further|misc|availab|mobility|relocat|자기|지원|기타|희망|추가|참고", re.IGNORECASE)


def may_tell_home(chunk: Chunk) -> bool:
    """Whether a passage may tell where somebody lives: the head of a resume, or what they say of themselves."""
    return not chunk.section or _OF_ONESELF.search(chunk.section) is not None


def line_with(form: re.Pattern[str], chunk: Chunk, first: bool = False) -> tuple[int, int] | None:
    """The first line of a passage that `holds` it, as (start, end) in `chunk.text`."""
    if form is HOME and chunk.section and is_entry(chunk):
        return None  # an employer's town
    found = None
    for start, end in sentences(chunk.text):
        line = chunk.text[start:end]
        if form is HOME and chunk.subject and line.casefold().startswith(chunk.subject.casefold()):
            line = line[len(chunk.subject) :]  # "Jane Smith, MD" is no town
        if holds(form, line, chunk.section, first, chunk.subject):
            if form is not HOME or HOME.search(line) or _STREET.search(line):
                return start, end
            found = found or (start, end)  # a town alone, unless a line further down says more
    return found
