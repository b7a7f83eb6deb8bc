"""Kinds of software: who asks which ERP somebody knows is told of SAP and NetSuite, which no line calls an ERP.

Recruiters ask by kind, resumes tell products, and a small encoder does not know which is which. The products are those that job
advertisements of the last years name most often; what is missing here is found by the reader or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.jobs import named_jobs
from rag.language import as_asked
from rag.reranking import sentences
from rag.sections import is_column_names
from rag.tasks import lines_under
from rag.types import Chunk

MOST = 6  # lines
_LISTS = re.compile(r"skill|software|system|tool|tech|\bIT\b|기술|스킬|툴|전산|시스템|컴퓨터|OA", re.IGNORECASE)

# Kind: what it is called in a question, and its products.
_KINDS: dict[str, tuple[str, str]] = {
    "erp": (r"erps?(?: systems?| software)?|전사적 ?자원 ?관리", r"SAP|S/4HANA|Oracle (?:EBS|ERP|Fusion|E-Business)|NetSuite|Dynamics|Business Central|Navision|Sage|Odoo|Infor|Epicor|JD Edwards|Acumatica|IFS|Workday|PeopleSoft|Tally(?:Prime)?|ERP|더존|iCUBE|아이큐브|Smart ?A|영림원|K-?System|아마란스|이카운트"),
    "crm": (r"crms?(?: systems?| software)?", r"Salesforce|HubSpot|Zoho|Pipedrive|Dynamics(?: 365)? (?:CRM|Sales|Customer)|Siebel|SugarCRM|Freshsales|Klaviyo|Veeva|CRM|세일즈포스|허브스팟"),
    "wms": (r"wms(?: systems?)?|warehouse (?:management )?(?:systems?|software)", r"Manhattan|Blue Yonder|HighJump|Körber|SAP EWM|EWM|Infor|Softeon|Oracle WMS|WMS|로지원"),
    "emr": (r"e[mh]rs?(?: systems?)?|electronic (?:medical|health) records?|patient (?:record )?systems?|전자 ?의무 ?기록", r"Epic|Cerner|Meditech|Allscripts|athena(?:health|One)?|SystmOne|EMIS|NextGen|eClinicalWorks|PointClickCare|RiO|Lorenzo|EMR|EHR|OCS"),
    "cad": (r"cad(?: software| programs?| tools?| packages?)?|캐드", r"AutoCAD|SolidWorks|CATIA|Revit|Inventor|Creo|Fusion 360|Siemens NX|SketchUp|Rhino|MicroStation|Vectorworks|ArchiCAD|Civil 3D|Onshape|CAD|캐드|오토캐드|솔리드웍스|카티아"),
    "bi": (r"bi(?: tools?| software)|data visuali[sz]ation tools?|dashboard(?:ing)? tools?|BI ?(?:툴|도구)|시각화 ?(?:툴|도구)", r"Tableau|Power BI|Looker|Qlik|Metabase|Superset|Redash|QuickSight|태블로|파워 ?BI"),
    "pms": (r"pms(?: systems?)?|property management systems?|hotel (?:software|systems?)", r"Opera|Fidelio|Mews|Cloudbeds|Protel|PMS|오페라"),
    "pos": (r"pos(?: systems?)|tills? systems?|point of sale(?: systems?)?|포스기?", r"Micros|Toast|Square|Lightspeed|Clover|Aloha|Vend|POS|포스"),
    "lms": (r"lms(?:es)?|learning (?:management )?(?:platforms?|systems?)", r"Moodle|Canvas|Blackboard|Google Classroom|Schoology|Brightspace|LMS"),
    "case": (r"(?:case|practice|matter) ?management (?:systems?|software|programs?|tools?)", r"LEAP|Proclaim|Clio|Actionstep|Osprey|PracticePanther|MyCase|Filevine|iManage|Tikit|Smokeball|PracticeEvolve"),
    "editing": (r"(?:(?:video|film) )?editing (?:software|systems?|programs?|tools?|suites?)|NLEs?|편집 ?(?:프로그램|툴)", r"Avid|Premiere|DaVinci|Resolve|Final Cut|프리미어|파이널 ?컷|다빈치"),
    "accounting": (r"(?:accounting|bookkeeping) (?:software|packages?|systems?|programs?|tools?)|회계 ?(?:프로그램|툴|소프트웨어)", r"QuickBooks|Xero|Sage|MYOB|FreshBooks|Simply Accounting|Tally(?:Prime)?|SAP|NetSuite|Dynamics|DATEV|더존|iCUBE|Smart ?A|세무사랑|위하고"),
    "database": (r"(?:databases?|dbms|rdbms|dbs?)(?: systems?)?|데이터베이스|디비", r"PostgreSQL|Postgres|MySQL|MariaDB|Oracle|SQL Server|MSSQL|MongoDB|Redis|SQLite|DynamoDB|Cassandra|Snowflake|BigQuery|Redshift|Elasticsearch|Tibero"),
    "cloud": (r"cloud(?: platforms?| providers?| services?)|클라우드(?: ?(?:플랫폼|서비스))?", r"AWS|Azure|GCP|Google Cloud|Naver Cloud|NCP|Oracle Cloud|EC2|Lambda"),
}  # fmt: skip
_S = r"(?:he|she|they|you|the candidate|the applicant|this (?:person|candidate))"
_AT = r"(?: (?:at|in|for|with) (?P<at>[^?,:]{2,60}))?"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then),? )*"


def _asks(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_LEAD}(?:(?:which|what|any)(?: kinds? of| type of)? (?:{name})(?: (?:does|do|did|has|have|is|are|was|can) {_S}(?: (?:ever|already))?(?: (?:know|use|used|using|work(?:ed)? (?:with|on|in)|familiar with|experienced? (?:with|in)|have experience (?:with|in)|had|have|good (?:with|at)|comfortable with|(?:move|switch|migrate|change|go over) to|introduce|implement|roll out|bring in|put in))?| {_S} (?:used?|uses|knows|knew|worked with)| experience)?{_AT}"
        rf"|(?:does|do|has|have|did|is|can) {_S} (?:have |had |ever |got )?(?:any |some )?(?:know|use|used|work(?:ed)? with|familiar with|experience (?:with|in|of|using))? ?(?:any |an? |some )?(?:{name})(?: experience)?"
        rf"|(?:{name}) experience)"
        rf"|(?:{name})(?:은|는|을|를|로는|로)? ?(?:뭐|뭘|무엇을?|어떤 ?(?:거|것|걸|게)?|어느 ?(?:거|것)?)(?:를|을|가|이)? ?(?:쓸|써|쓰|사용|다루|다룰|다뤄|할|있|아)\S{{0,6}}(?: ?(?:줄|수|있|알|아|봤|보)\S{{0,6}}){{0,2}}|(?:어떤|무슨|어느) ?(?:{name})(?:을|를|은|는|이|가)? ?(?:쓸|써|쓰|사용|다루|다룰|다뤄|할)\S{{0,6}}(?: ?(?:줄|수|있|알|아|봤)\S{{0,6}}){{0,2}}",
        re.IGNORECASE,
    )


# A product is a name: its capitals count, or else "Rio" and "canvas" would be found everywhere.
_PATTERNS = tuple((_asks(name), re.compile(rf"(?<![\w-])(?:{products})(?![A-Za-z])")) for name, products in _KINDS.values())
# "What software did she use at Acme?": of any kind, so at one job alone.
_ANY = _asks(r"software|programs|systems?|(?:software|it|computer) (?:tools|systems|programs|packages)|(?:어떤|무슨) ?(?:프로그램|소프트웨어)")
_ANY_PRODUCT = re.compile("|".join([r"(?i:software|\bERP\b|in-house system)", *(products.pattern for _, products in _PATTERNS)]))


def _wanted(question: str) -> tuple[re.Pattern[str], str] | None:
    """The products of the kind that a question asks for, and the employer it names, "" for none; None for another question."""
    asked = as_asked(question)
    for pattern, products in _PATTERNS:
        if found := pattern.fullmatch(asked):
            return products, found["at"] or ""
    found = _ANY.fullmatch(asked)
    return (_ANY_PRODUCT, found["at"]) if found and found["at"] else None


def asks_software(question: str) -> bool:
    """Whether a question asks which software of a kind somebody knows, or used at a job, and nothing besides; candidates' names replaced as in retrieval."""
    return _wanted(question) is not None


def place_asked(question: str) -> str:
    """The employer that such a question names; "" for none, and for another question."""
    wanted = _wanted(question)
    return wanted[1] if wanted else ""


def software(question: str, chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines that name software of the kind that a question asks for, those of a list of skills first, or
    under the job that it names, behind its dated line; nothing for another question, or where none is named.

    Args:
        chunks: all passages of one person.
    """
    wanted = _wanted(question)
    if wanted is None:
        return []
    products, place = wanted
    if place:
        found = []
        for job in named_jobs(place, chunks):
            under = [line for line in lines_under(job, chunks) if products.search(chunks[line[0]].text, *line[1:])]
            found += [(job.position, *job.line), *under] if under else []
        return found[:MOST]
    lines = [(i, a, b) for i, chunk in enumerate(chunks) for a, b in sentences(chunk.text) if products.search(chunk.text, a, b) and not is_column_names(chunk.text[a:b])]
    return sorted(lines, key=lambda line: _LISTS.search(chunks[line[0]].section) is None)[:MOST]
