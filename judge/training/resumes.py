"""Invented resumes in English and Korean, with claims about them whose label is known.

A person is drawn as plain facts (jobs with their achievements, schools, skills, certificates ...);
the facts are written out in one of many layouts, and claims are written from the same facts in
other words, in either language. A claim is made false by changing one fact, most often into the
same fact of *another entry of the same resume*: the mistake a reader of resumes makes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from judge.training.perturb import (
    Span,
    change_digits,
    changed_words,
    negate,
    oppose,
    restrict,
    reverse_range,
    swap_contrast,
    swap_unit,
)

Value = object  # str, (en, ko), int, float, Month
LANGS = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Month:
    year: int
    month: int  # 0: only the year is known


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement: `kind` picks the phrasings, `slots` fills them, `entry` is where it stands."""

    kind: str
    entry: int
    slots: dict[str, Value]


@dataclass(slots=True)
class Entry:
    """A block of the resume: its heading facts and achievements, as slots for the layouts."""

    section: str
    slots: dict[str, Value]
    bullets: list[tuple[str, dict[str, Value]]] = field(default_factory=list)


@dataclass(slots=True)
class Resume:
    name: tuple[str, str]
    female: bool
    entries: list[Entry]
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Example:
    """A claim, its evidence and label; `spans` are the claim's wrong characters (None: unknown)."""

    claim: str
    evidence: str
    label: str
    spans: tuple[Span, ...] | None
    question: str = ""
    lang: str = "en"


_FAMILY = [
    ("Kim", "김"),
    ("Lee", "이"),
    ("Park", "박"),
    ("Choi", "최"),
    ("Jung", "정"),
    ("Kang", "강"),
    ("Cho", "조"),
    ("Yoon", "윤"),
    ("Jang", "장"),
    ("Lim", "임"),
    ("Han", "한"),
    ("Oh", "오"),
    ("Seo", "서"),
    ("Shin", "신"),
    ("Kwon", "권"),
    ("Hwang", "황"),
    ("Ahn", "안"),
    ("Song", "송"),
    ("Ryu", "류"),
    ("Hong", "홍"),
    ("Moon", "문"),
    ("Bae", "배"),
    ("Baek", "백"),
    ("Nam", "남"),
]
_GIVEN = [
    ("Minjun", "민준"),
    ("Seoyeon", "서연"),
    ("Jiwoo", "지우"),
    ("Hayoon", "하윤"),
    ("Doyun", "도윤"),
    ("Yejin", "예진"),
    ("Taehyun", "태현"),
    ("Sumin", "수민"),
    ("Hyejin", "혜진"),
    ("Junho", "준호"),
    ("Eunji", "은지"),
    ("Seungwoo", "승우"),
    ("Daeun", "다은"),
    ("Kyungmin", "경민"),
    ("Nari", "나리"),
    ("Sanghoon", "상훈"),
    ("Bora", "보라"),
    ("Wonjae", "원재"),
]
_WEST = [
    ("Amara Okafor", "아마라 오카포"),
    ("Lucas Meyer", "루카스 마이어"),
    ("Priya Raman", "프리야 라만"),
    ("Elena Petrova", "엘레나 페트로바"),
    ("Tomás Rivera", "토마스 리베라"),
    ("Grace Whitfield", "그레이스 휫필드"),
    ("Noah Lindqvist", "노아 린드크비스트"),
    ("Fatima Haddad", "파티마 하다드"),
    ("Owen Gallagher", "오언 갤러거"),
    ("Ingrid Solberg", "잉그리드 솔베르그"),
    ("Mateus Carvalho", "마테우스 카르발류"),
    ("Hannah Brandt", "한나 브란트"),
    ("Kwame Boateng", "콰메 보아텡"),
    ("Sofia Marchetti", "소피아 마르케티"),
    ("Daniel Osei", "대니얼 오세이"),
    ("Rachel Feldman", "레이철 펠드먼"),
]
COMPANIES = [
    ("Hanbit Logistics", "한빛물류"),
    ("Nurisoft", "누리소프트"),
    ("Daehan Bank", "대한은행"),
    ("Brightwell Clinic", "브라이트웰 의원"),
    ("Northgate Analytics", "노스게이트 애널리틱스"),
    ("Coral Bay Hotel", "코랄베이 호텔"),
    ("Samsung SDS", "삼성SDS"),
    ("Kakao", "카카오"),
    ("Naver", "네이버"),
    ("Coupang", "쿠팡"),
    ("LG CNS", "LG CNS"),
    ("Woowa Brothers", "우아한형제들"),
    ("Toss", "토스"),
    ("Google", "구글"),
    ("Microsoft", "마이크로소프트"),
    ("Siemens", "지멘스"),
    ("Maple Street School", "메이플스트리트 초등학교"),
    ("Verdant Foods", "버던트푸드"),
    ("Ironwood Construction", "아이언우드 건설"),
    ("Pixelforge Studio", "픽셀포지 스튜디오"),
    ("Seoul National University Hospital", "서울대학교병원"),
    ("Haneul Airlines", "하늘항공"),
    ("Orbit Labs", "오르빗랩스"),
    ("Daon Education", "다온에듀"),
    ("Mirae Securities", "미래증권"),
    ("Bluepeak Energy", "블루피크 에너지"),
    ("Tessera Systems", "테세라 시스템즈"),
    ("Gyeonggi Office of Education", "경기도교육청"),
    ("Larkspur Books", "라크스퍼 북스"),
    ("Hyundai Mobis", "현대모비스"),
    ("Kestrel Insurance", "케스트럴 보험"),
    ("Solgae Farm", "솔개농장"),
    ("Quanta Robotics", "콴타 로보틱스"),
    ("City of Incheon", "인천광역시청"),
    ("Olive Young", "올리브영"),
    ("Line Plus", "라인플러스"),
    ("Redwood Partners", "레드우드 파트너스"),
    ("Dongbu Steel", "동부제철"),
    ("Saebit Design", "새빛디자인"),
    ("AstraMed", "아스트라메드"),
]
ROLES = [
    ("Software Engineer", "소프트웨어 엔지니어"),
    ("Backend Developer", "백엔드 개발자"),
    ("Frontend Developer", "프론트엔드 개발자"),
    ("Data Analyst", "데이터 분석가"),
    ("Data Scientist", "데이터 과학자"),
    ("Product Manager", "프로덕트 매니저"),
    ("Registered Nurse", "간호사"),
    ("Head Nurse", "수간호사"),
    ("Marketing Manager", "마케팅 매니저"),
    ("Accountant", "회계사"),
    ("Sales Representative", "영업사원"),
    ("Mechanical Engineer", "기계 엔지니어"),
    ("Research Assistant", "연구 조교"),
    ("UX Designer", "UX 디자이너"),
    ("HR Specialist", "인사 담당자"),
    ("Line Cook", "조리사"),
    ("Head Chef", "총주방장"),
    ("Primary School Teacher", "초등학교 교사"),
    ("Intern", "인턴"),
    ("Team Lead", "팀장"),
    ("DevOps Engineer", "데브옵스 엔지니어"),
    ("QA Engineer", "QA 엔지니어"),
    ("Warehouse Supervisor", "물류창고 관리자"),
    ("Architect", "건축가"),
    ("Customer Support Agent", "고객지원 상담원"),
    ("Machine Learning Engineer", "머신러닝 엔지니어"),
    ("Translator", "번역가"),
    ("Financial Analyst", "재무 분석가"),
    ("Store Manager", "점장"),
    ("Electrical Technician", "전기 기사"),
    ("Consultant", "컨설턴트"),
]
CITIES = [
    ("Seoul", "서울"),
    ("Busan", "부산"),
    ("Incheon", "인천"),
    ("Daejeon", "대전"),
    ("Berlin", "베를린"),
    ("London", "런던"),
    ("Boston", "보스턴"),
    ("Tokyo", "도쿄"),
    ("Pangyo", "판교"),
    ("Jeju", "제주"),
    ("Singapore", "싱가포르"),
    ("Chicago", "시카고"),
    ("Munich", "뮌헨"),
    ("Daegu", "대구"),
]
SCHOOLS = [
    ("Seoul National University", "서울대학교"),
    ("Yonsei University", "연세대학교"),
    ("Korea University", "고려대학교"),
    ("KAIST", "카이스트"),
    ("Hanyang University", "한양대학교"),
    ("Pusan National University", "부산대학교"),
    ("Ewha Womans University", "이화여자대학교"),
    ("University of Leeds", "리즈 대학교"),
    ("Boston University", "보스턴 대학교"),
    ("TU Munich", "뮌헨 공과대학교"),
    ("Inha University", "인하대학교"),
    ("Chung-Ang University", "중앙대학교"),
    ("University of Toronto", "토론토 대학교"),
    ("Sogang University", "서강대학교"),
    ("MIT", "MIT"),
]
FIELDS = [
    ("Computer Science", "컴퓨터공학"),
    ("Nursing", "간호학"),
    ("Statistics", "통계학"),
    ("Business Administration", "경영학"),
    ("Economics", "경제학"),
    ("Mechanical Engineering", "기계공학"),
    ("English Literature", "영어영문학"),
    ("Education", "교육학"),
    ("Physics", "물리학"),
    ("Biology", "생물학"),
    ("Industrial Design", "산업디자인"),
    ("Accounting", "회계학"),
    ("Chemistry", "화학"),
    ("Psychology", "심리학"),
    ("Electrical Engineering", "전기공학"),
]
DEGREES = [
    (("B.S.", "BSc", "Bachelor's degree", "bachelor's"), ("학사", "학사 학위")),
    (("M.S.", "MSc", "Master's degree", "master's"), ("석사", "석사 학위")),
    (("Ph.D.", "PhD", "doctorate", "doctoral degree"), ("박사", "박사 학위")),
]
SKILLS = [
    "Python",
    "Java",
    "Kotlin",
    "Go",
    "SQL",
    "React",
    "TypeScript",
    "AWS",
    "Kubernetes",
    "Docker",
    "PyTorch",
    "Excel",
    "Figma",
    "SAP",
    "AutoCAD",
    "Photoshop",
    "Tableau",
    "Spark",
    "Kafka",
    "Redis",
    "PostgreSQL",
    "Spring Boot",
    "Django",
    "C++",
    "Rust",
    "R",
    "MATLAB",
    "Jira",
    "Salesforce",
    "Terraform",
    "Airflow",
    "Swift",
    "Unity",
    "SPSS",
    "Power BI",
    "Elasticsearch",
    "GraphQL",
    "Linux",
]
CERTS = [
    ("AWS Certified Solutions Architect", "AWS 공인 솔루션스 아키텍트"),
    ("Engineer Information Processing", "정보처리기사"),
    ("PMP", "PMP"),
    ("SQL Developer (SQLD)", "SQL 개발자(SQLD)"),
    ("CPA", "공인회계사"),
    ("Registered Nurse License", "간호사 면허"),
    ("First Aid Certificate", "응급처치 자격증"),
    ("Driver's License, Class 1", "운전면허 1종"),
    ("Teacher's Certificate, Level 2", "정교사 2급"),
    ("Certified Scrum Master", "공인 스크럼 마스터"),
    ("Korean Cook Certificate", "한식조리기능사"),
    ("ADsP", "데이터분석 준전문가(ADsP)"),
    ("CFA Level 2", "CFA 2차"),
]
TESTS = [("TOEIC", 600, 990), ("OPIc", 0, 0), ("TOEFL", 70, 120), ("HSK", 3, 6), ("JLPT", 1, 5)]
LANGUAGES = [
    ("English", "영어"),
    ("Japanese", "일본어"),
    ("Chinese", "중국어"),
    ("German", "독일어"),
    ("Spanish", "스페인어"),
    ("French", "프랑스어"),
    ("Korean", "한국어"),
]
LEVELS = [
    ("native", "원어민 수준"),
    ("fluent", "유창함"),
    ("business level", "비즈니스 수준"),
    ("intermediate", "중급"),
    ("basic", "초급"),
    ("conversational", "일상 회화 가능"),
]
AWARDS = [
    ("Best Employee Award", "우수사원상"),
    ("Hackathon Grand Prize", "해커톤 대상"),
    ("Dean's List", "성적우수상"),
    ("President's Award", "사장상"),
    ("Best Paper Award", "최우수 논문상"),
    ("Innovation Prize", "혁신상"),
    ("Customer Service Award", "고객만족상"),
    ("Gold Medal", "금상"),
]
HOBBIES = [
    ("hiking", "등산"),
    ("photography", "사진 촬영"),
    ("chess", "체스"),
    ("baking", "베이킹"),
    ("marathon running", "마라톤"),
    ("pottery", "도예"),
    ("jazz piano", "재즈 피아노"),
    ("climbing", "클라이밍"),
    ("gardening", "정원 가꾸기"),
    ("swimming", "수영"),
]
THINGS = [
    ("the payment API", "결제 API"),
    ("the search engine", "검색 엔진"),
    ("the order system", "주문 시스템"),
    ("the recommendation model", "추천 모델"),
    ("the hiring process", "채용 프로세스"),
    ("the night ward", "야간 병동"),
    ("the billing database", "청구 데이터베이스"),
    ("the mobile app", "모바일 앱"),
    ("the reporting dashboard", "보고 대시보드"),
    ("the login service", "로그인 서비스"),
    ("the reading program", "독서 프로그램"),
    ("the cold-chain warehouse", "저온 물류창고"),
    ("the breakfast menu", "조식 메뉴"),
    ("the assembly line", "조립 라인"),
    ("the customer portal", "고객 포털"),
    ("the data pipeline", "데이터 파이프라인"),
    ("the test automation suite", "테스트 자동화 환경"),
    ("the loyalty campaign", "멤버십 캠페인"),
    ("the chatbot", "챗봇"),
    ("the fraud detection system", "이상거래 탐지 시스템"),
    ("the inventory system", "재고 시스템"),
    ("the training manual", "교육 매뉴얼"),
]
MEASURES = [
    ("response time", "응답 시간"),
    ("error rate", "오류율"),
    ("delivery time", "배송 시간"),
    ("waiting time", "대기 시간"),
    ("operating costs", "운영 비용"),
    ("deployment time", "배포 시간"),
    ("staff turnover", "이직률"),
    ("food waste", "음식물 폐기량"),
    ("infection rates", "감염률"),
    ("defects", "불량률"),
    ("cloud spending", "클라우드 비용"),
    ("build time", "빌드 시간"),
    ("customer complaints", "고객 불만"),
    ("closing time of the books", "결산 소요 시간"),
]
GAINS = [
    ("revenue", "매출"),
    ("conversion", "전환율"),
    ("customer satisfaction", "고객 만족도"),
    ("test coverage", "테스트 커버리지"),
    ("throughput", "처리량"),
    ("patient satisfaction", "환자 만족도"),
    ("reading scores", "읽기 점수"),
    ("sign-ups", "신규 가입"),
    ("repeat orders", "재구매율"),
    ("availability", "가용성"),
    ("newsletter subscribers", "뉴스레터 구독자"),
    ("productivity", "생산성"),
    ("model accuracy", "모델 정확도"),
    ("occupancy", "객실 점유율"),
]
METHODS = [
    ("caching", "캐싱"),
    ("query tuning", "쿼리 튜닝"),
    ("a new checklist", "새 체크리스트"),
    ("A/B testing", "A/B 테스트"),
    ("weekly coaching", "주간 코칭"),
    ("container images", "컨테이너 이미지"),
    ("process automation", "업무 자동화"),
    ("supplier renegotiation", "공급업체 재협상"),
    ("code review", "코드 리뷰"),
    ("staff training", "직원 교육"),
    ("a redesigned layout", "레이아웃 개편"),
    ("parallel builds", "병렬 빌드"),
    ("an on-call rotation", "당직 순환제"),
]
PEOPLE = [
    ("engineers", "개발자"),
    ("nurses", "간호사"),
    ("people", "직원"),
    ("interns", "인턴"),
    ("designers", "디자이너"),
    ("cooks", "조리사"),
    ("teachers", "교사"),
    ("analysts", "분석가"),
    ("volunteers", "자원봉사자"),
    ("new hires", "신입사원"),
    ("students", "학생"),
    ("drivers", "기사"),
]
OLD_NEW = [
    ("a monolith", "모놀리식"),
    ("microservices", "마이크로서비스"),
    ("Oracle", "오라클"),
    ("MySQL", "MySQL"),
    ("paper forms", "종이 양식"),
    ("Excel sheets", "엑셀"),
    ("Jenkins", "젠킨스"),
    ("GitHub Actions", "깃허브 액션"),
    ("on-premise servers", "사내 서버"),
    ("AWS", "AWS"),
    ("jQuery", "jQuery"),
    ("React", "리액트"),
    ("Google Cloud", "구글 클라우드"),
    ("an electronic chart system", "전자 차트 시스템"),
    ("MongoDB", "몽고DB"),
    ("BigQuery", "빅쿼리"),
]
ABSENT = [
    (("is married", "has two children", "is single"), ("결혼했습니다", "자녀가 두 명 있습니다", "미혼입니다")),
    (
        ("earned $95,000 a year", "had a salary of 52 million won", "expects 60 million won a year"),
        ("연봉은 5,200만 원이었습니다", "희망 연봉은 6천만 원입니다"),
    ),
    (
        ("is willing to relocate", "prefers remote work", "can start next month"),
        ("이직 후 이주가 가능합니다", "재택근무를 선호합니다", "다음 달부터 근무할 수 있습니다"),
    ),
    (("was born in 1988", "is 34 years old"), ("1988년에 태어났습니다", "34세입니다")),
    (("was promoted twice", "was promoted to director"), ("두 번 승진했습니다", "이사로 승진했습니다")),
    (
        ("holds two patents", "published three papers", "wrote a book about leadership"),
        ("특허 두 건을 보유하고 있습니다", "논문 세 편을 발표했습니다"),
    ),
    (
        ("managed a budget of $2 million", "handled a budget of 3억 원"),
        ("예산 30억 원을 관리했습니다", "20억 원 규모의 예산을 운영했습니다"),
    ),
    (
        ("left because of a conflict with a manager", "left the job for health reasons"),
        ("상사와의 갈등으로 퇴사했습니다", "건강 문제로 퇴사했습니다"),
    ),
    (
        ("is skilled in negotiation and public speaking", "has excellent communication skills"),
        ("협상과 발표에 능숙합니다", "의사소통 능력이 뛰어납니다"),
    ),
    (("received a scholarship", "graduated with honours"), ("장학금을 받았습니다", "수석으로 졸업했습니다")),
    (
        ("served in the army from 2012 to 2014", "completed military service"),
        ("2012년부터 2014년까지 군 복무를 했습니다", "병역을 마쳤습니다"),
    ),
    (
        ("volunteers at an animal shelter", "mentors students on weekends"),
        ("유기견 보호소에서 봉사합니다", "주말에 학생들을 멘토링합니다"),
    ),
]

# kind -> (source en, source ko, claim en, claim ko); [을] picks the particle that fits the word before it.
BULLETS: dict[str, tuple[list[str], list[str], list[str], list[str]]] = {
    "cut_pct": (
        [
            "Reduced {measure} by {pct} through {method}",
            "Cut {measure} {pct} with {method}",
            "{method}: {measure} down {pct}",
        ],
        [
            "{method}[으로] {measure} {pct} 절감",
            "{method} 도입, {measure} {pct} 감소",
            "{measure}[을] {pct} 줄임({method})",
        ],
        [
            "reduced {measure} by {pct}",
            "cut {measure} by {pct} using {method}",
            "lowered {measure} by {pct}",
            "brought {measure} down {pct} through {method}",
        ],
        [
            "{measure}[을] {pct} 줄였습니다",
            "{method}[을] 통해 {measure}[을] {pct} 절감했습니다",
            "{measure}[이] {pct} 감소하도록 했습니다",
        ],
    ),
    "cut_from": (
        [
            "Cut {measure} of {thing} from {a} to {b}",
            "{measure} of {thing}: {a} → {b}",
            "Brought {measure} for {thing} down from {a} to {b} by {method}",
        ],
        [
            "{thing} {measure}[을] {a}에서 {b}[으로] 단축",
            "{thing} {measure} {a} → {b}",
            "{method}[으로] {thing}의 {measure}[을] {a}에서 {b}까지 줄임",
        ],
        [
            "cut {measure} of {thing} from {a} to {b}",
            "reduced {measure} from {a} to {b}",
            "got {measure} down to {b}",
            "brought {measure} of {thing} down to {b}",
        ],
        [
            "{thing}의 {measure}[을] {a}에서 {b}[으로] 줄였습니다",
            "{measure}[을] {b}[으로] 단축했습니다",
            "{measure}[을] {a}에서 {b}[으로] 낮췄습니다",
        ],
    ),
    "gain_pct": (
        [
            "Increased {gain} by {pct} through {method}",
            "Grew {gain} {pct}",
            "{gain} up {pct} after {method}",
            "Raised {gain} by {pct} with {thing}",
        ],
        [
            "{method}[으로] {gain} {pct} 향상",
            "{gain} {pct} 증가",
            "{thing} 개선으로 {gain} {pct} 상승",
            "{gain}[을] {pct} 끌어올림",
        ],
        ["increased {gain} by {pct}", "raised {gain} by {pct}", "grew {gain} {pct}", "improved {gain} by {pct}"],
        ["{gain}[을] {pct} 높였습니다", "{gain}[을] {pct} 증가시켰습니다", "{gain}[이] {pct} 올랐습니다"],
    ),
    "team": (
        [
            "Led a team of {n} {people}",
            "Managed {n} {people}",
            "Supervised {n} {people} across two sites",
            "Team of {n} {people}, responsible for {thing}",
        ],
        ["{people} {n}명 팀 리드", "{n}명 규모의 {people} 팀 관리", "{people} {n}명을 이끌고 {thing} 담당"],
        ["led a team of {n} {people}", "managed {n} {people}", "was in charge of {n} {people}", "headed a team of {n}"],
        [
            "{people} {n}명으로 이루어진 팀을 이끌었습니다",
            "{n}명의 {people} 팀을 관리했습니다",
            "{people} {n}명을 관리했습니다",
        ],
    ),
    "mentor": (
        ["Mentored {n} {people}", "Trained {n} {people} on {thing}", "Onboarded and coached {n} {people}"],
        ["{people} {n}명 멘토링", "{people} {n}명 교육 담당", "{people} {n}명 온보딩 및 코칭"],
        ["mentored {n} {people}", "trained {n} {people}", "coached {n} {people}"],
        ["{people} {n}명을 멘토링했습니다", "{people} {n}명을 교육했습니다", "{people} {n}명을 지도했습니다"],
    ),
    "built": (
        [
            "Built {thing} with {skill} and {skill2}",
            "Designed and developed {thing} ({skill}, {skill2})",
            "Developed {thing} in {skill}",
            "Sole developer of {thing} in {skill} and {skill2}",
        ],
        [
            "{skill}, {skill2} 기반 {thing} 개발",
            "{skill}[으로] {thing} 설계 및 구축",
            "{thing} 구축 ({skill}, {skill2})",
        ],
        [
            "built {thing} with {skill}",
            "developed {thing} using {skill}",
            "created {thing} in {skill}",
            "used {skill} to build {thing}",
        ],
        [
            "{skill}[을] 사용해 {thing}[을] 개발했습니다",
            "{skill}[으로] {thing}[을] 구축했습니다",
            "{thing}[을] {skill}[으로] 만들었습니다",
        ],
    ),
    "migrate": (
        [
            "Migrated {thing} from {old} to {new}",
            "Moved {thing} from {old} to {new} in {n} months",
            "Replaced {old} with {new} for {thing}",
        ],
        [
            "{thing}[을] {old}에서 {new}[으로] 이전",
            "{thing} {old} → {new} 마이그레이션({n}개월)",
            "{thing}의 {old}[을] {new}[으로] 교체",
        ],
        [
            "migrated {thing} from {old} to {new}",
            "moved {thing} to {new}",
            "replaced {old} with {new}",
            "migrated {thing} to {new}",
        ],
        [
            "{thing}[을] {old}에서 {new}[으로] 이전했습니다",
            "{thing}[을] {new}[으로] 옮겼습니다",
            "{old}[을] {new}[으로] 교체했습니다",
        ],
    ),
    "served": (
        [
            "Ran {thing} serving {big} users",
            "Operated {thing} for {big} customers a month",
            "{thing} used by {big} people",
        ],
        ["사용자 {big}명이 쓰는 {thing} 운영", "월 {big}명 대상 {thing} 운영", "{thing} 운영 (이용자 {big}명)"],
        [
            "ran {thing}, which serves {big} users",
            "operated {thing} for {big} people",
            "was responsible for {thing} with {big} users",
        ],
        ["이용자 {big}명의 {thing}[을] 운영했습니다", "{big}명이 사용하는 {thing}[을] 운영했습니다"],
    ),
    "budget": (
        ["Managed a budget of {money}", "Responsible for a {money} budget", "Signed contracts worth {money}"],
        ["{money} 규모 예산 관리", "예산 {money} 운영", "{money} 규모 계약 체결"],
        ["managed a budget of {money}", "was responsible for {money}", "handled {money}"],
        ["{money} 규모의 예산을 관리했습니다", "{money}[을] 운영했습니다", "{money} 규모를 담당했습니다"],
    ),
    "launch": (
        ["Launched {thing} in {when}", "Introduced {thing} ({when})", "Rolled out {thing} in {when}, on schedule"],
        ["{when} {thing} 출시", "{when}에 {thing} 도입", "{thing} 오픈({when})"],
        ["launched {thing} in {when}", "introduced {thing} in {when}", "rolled out {thing} in {when}"],
        ["{when}에 {thing}[을] 출시했습니다", "{when}에 {thing}[을] 도입했습니다"],
    ),
    "duty": (
        [
            "Responsible for {thing} and {thing2}",
            "Maintained {thing}; supported {thing2}",
            "In charge of {thing}, {thing2}",
        ],
        ["{thing} 및 {thing2} 담당", "{thing} 운영, {thing2} 지원", "{thing}, {thing2} 관리"],
        [
            "was responsible for {thing}",
            "was in charge of {thing} and {thing2}",
            "maintained {thing}",
            "worked on {thing2}",
        ],
        ["{thing}[을] 담당했습니다", "{thing}[와] {thing2}[을] 맡았습니다", "{thing2} 업무를 했습니다"],
    ),
    "rate": (
        ["Kept {gain} of {thing} at {exact}", "{gain} of {exact} over {n} quarters", "Achieved {exact} {gain}"],
        ["{thing} {gain} {exact} 유지", "{n}분기 연속 {gain} {exact} 달성", "{gain} {exact} 달성"],
        ["kept {gain} at {exact}", "achieved {gain} of {exact}", "reached {exact} {gain}"],
        ["{gain} {exact}[을] 달성했습니다", "{gain}[을] {exact}[으로] 유지했습니다"],
    ),
}
# Achievements in which somebody else has a part, or which stopped short: kind -> (line, true, false) in both languages.
# The false ones turn the roles, the order or the outcome; every word of them may stand in the passage.
TWISTS: dict[str, tuple[tuple[str, str], tuple[list[str], list[str]], tuple[list[str], list[str]]]] = {
    "reports": (
        ("Supervised {n} {people}; reported to {person}", "{people} {n}명 관리, {person}에게 보고"),
        (
            ["reported to {person}", "supervised {n} {people}", "had {person} as a superior"],
            ["{person}에게 보고했습니다", "{people} {n}명을 관리했습니다"],
        ),
        (
            ["supervised {person}", "reported to {n} {people}", "was supervised by {n} {people}"],
            ["{person}[을] 관리했습니다", "{people} {n}명에게 보고했습니다", "{person}의 상사였습니다"],
        ),
    ),
    "assisted": (
        ("Assisted {person} with {thing}", "{person}의 {thing} 업무 보조"),
        (
            ["assisted {person} with {thing}", "helped {person}", "supported {person} in the work on {thing}"],
            ["{thing} 업무에서 {person}[을] 도왔습니다", "{person}[을] 보조했습니다"],
        ),
        (
            ["was assisted by {person}", "had {person} as an assistant", "led {thing} with the help of {person}", "was in charge of {thing} with {person} assisting"],
            ["{person}의 도움을 받아 {thing}[을] 맡았습니다", "{person}[이] 보조했습니다", "{person}에게서 도움을 받았습니다"],
        ),
    ),
    "trained_by": (
        ("Trained by {person} on {thing}, then trained {n} {people}", "{person}에게 {thing} 교육을 받고 {people} {n}명 교육"),
        (
            ["was trained by {person}", "learnt {thing} from {person}", "trained {n} {people}"],
            ["{person}에게 배웠습니다", "{people} {n}명을 교육했습니다", "{person}에게서 교육을 받았습니다"],
        ),
        (
            ["trained {person}", "was trained by {n} {people}", "taught {person} about {thing}"],
            ["{person}[을] 교육했습니다", "{people} {n}명에게 교육을 받았습니다", "{person}[을] 가르쳤습니다"],
        ),
    ),
    "handover": (
        ("Ran {thing} until {when}, then handed it over to {person}", "{when}까지 {thing} 운영, 이후 {person}에게 인계"),
        (
            ["handed {thing} over to {person}", "ran {thing} until {when}", "passed {thing} on to {person} in {when}"],
            ["{thing}[을] {person}에게 넘겼습니다", "{when}까지 {thing}[을] 운영했습니다"],
        ),
        (
            ["took {thing} over from {person}", "has run {thing} since {when}", "still runs {thing}", "got {thing} from {person} in {when}"],
            ["{thing}[을] {person}에게서 넘겨받았습니다", "{when}부터 {thing}[을] 운영하고 있습니다", "지금도 {thing}[을] 운영합니다"],
        ),
    ),
    "shortlist": (
        ("Shortlisted for the {award} in {when}", "{when} {award} 최종 후보"),
        (
            ["was shortlisted for the {award}", "was a candidate for the {award} in {when}", "was nominated for the {award}"],
            ["{award} 후보에 올랐습니다", "{when}에 {award} 최종 후보였습니다"],
        ),
        (
            ["won the {award}", "received the {award} in {when}", "was awarded the {award}"],
            ["{award}[을] 받았습니다", "{when}에 {award}[을] 수상했습니다"],
        ),
    ),
    "exam": (
        ("Passed the {cert} on the second attempt", "{cert} 두 번째 응시에 합격"),
        (
            ["passed the {cert} on the second attempt", "needed two attempts for the {cert}", "passed the {cert}"],
            ["{cert}에 두 번 만에 합격했습니다", "{cert}에 합격했습니다"],
        ),
        (
            ["passed the {cert} on the first attempt", "failed the {cert}", "passed the {cert} on the third attempt", "never passed the {cert}"],
            ["{cert}에 한 번에 합격했습니다", "{cert}에 떨어졌습니다", "{cert}에 세 번 만에 합격했습니다"],
        ),
    ),
    "pending": (
        ("{cert}: written part passed, practical part pending", "{cert} 필기 합격, 실기 준비 중"),
        (
            ["has not finished the {cert} yet", "passed the written part of the {cert}", "is still preparing for the practical part of the {cert}"],
            ["{cert}[을] 아직 취득하지 못했습니다", "{cert} 필기에 합격했습니다", "{cert} 실기를 준비하고 있습니다"],
        ),
        (
            ["holds the {cert}", "passed the practical part of the {cert}", "obtained the {cert}", "failed the written part of the {cert}"],
            ["{cert}[을] 취득했습니다", "{cert} 실기에 합격했습니다", "{cert} 자격이 있습니다"],
        ),
    ),
    "proposed": (
        ("Proposed {method} for {thing}; postponed by management", "{thing}에 {method} 도입 제안, 회사 사정으로 보류"),
        (
            ["proposed {method} for {thing}", "suggested {method}, which was postponed", "had an idea for {thing} that was put off"],
            ["{method} 도입을 제안했습니다", "제안한 {method} 도입은 보류되었습니다"],
        ),
        (
            ["introduced {method} for {thing}", "put {method} into practice for {thing}", "rejected a proposal for {method}"],
            ["{thing}에 {method}[을] 도입했습니다", "{method} 도입을 완료했습니다"],
        ),
    ),
    "part": (
        ("Member of a team of {n} that built {thing}; my part: {thing2}", "{n}명 팀에서 {thing} 개발 참여({thing2} 담당)"),
        (
            ["was one of {n} people who built {thing}", "was responsible for {thing2}", "worked on {thing} in a team"],
            ["{n}명으로 이루어진 팀에서 {thing} 개발에 참여했습니다", "{thing2}[을] 담당했습니다"],
        ),
        (
            ["built {thing} alone", "led the team that built {thing}", "was the only developer of {thing}", "single-handedly built {thing}"],
            ["{thing}[을] 혼자서 개발했습니다", "{thing} 개발팀을 이끌었습니다", "{thing}[을] 단독으로 개발했습니다"],
        ),
    ),
    "except": (
        ("Moved all data to {new} except {thing}", "{thing}[을] 제외한 모든 데이터를 {new}[으로] 이전"),
        (
            ["moved nearly all data to {new}", "did not move {thing} to {new}", "left {thing} out of the move to {new}"],
            ["{thing}[은] 이전하지 않았습니다", "대부분의 데이터를 {new}[으로] 옮겼습니다"],
        ),
        (
            ["moved {thing} to {new}", "moved only {thing} to {new}", "moved all data to {new} without exception"],
            ["{thing}[을] {new}[으로] 이전했습니다", "{thing}만 {new}[으로] 이전했습니다"],
        ),
    ),
    "earlier": (
        ("Introduced {thing} before {thing2}, in {when}", "{when} {thing2}보다 먼저 {thing} 도입"),
        (
            ["introduced {thing} before {thing2}", "introduced {thing} in {when}", "brought in {thing2} after {thing}"],
            ["{thing}[을] {thing2}보다 먼저 도입했습니다", "{when}에 {thing}[을] 도입했습니다"],
        ),
        (
            ["introduced {thing} after {thing2}", "introduced {thing2} before {thing}"],
            ["{thing2}[을] {thing}보다 먼저 도입했습니다", "{thing}[을] {thing2} 다음에 도입했습니다"],
        ),
    ),
    "split": (
        ("{n} {people} in {place}, {m} in {place2}", "{place} {people} {n}명, {place2} {m}명"),
        (
            ["had {n} {people} in {place}", "had {m} {people} in {place2}"],
            ["{place}에 {people}[이] {n}명 있었습니다", "{place2}에는 {m}명이 있었습니다"],
        ),
        (
            ["had {m} {people} in {place}", "had {n} {people} in {place2}", "had {people} in {place} only"],
            ["{place}에 {people}[이] {m}명 있었습니다", "{place2}에는 {n}명이 있었습니다", "{people}[은] {place}에만 있었습니다"],
        ),
    ),
}  # fmt: skip
HEADS: dict[str, tuple[list[str], list[str]]] = {
    "job_role": (
        [
            "worked as a {role} at {company}",
            "was a {role} at {company}",
            "held the position of {role} at {company}",
            "worked at {company} as a {role}",
        ],
        [
            "{company}에서 {role}[으로] 일했습니다",
            "{company}에서 {role}[으로] 근무했습니다",
            "{company} {role} 출신입니다",
        ],
    ),
    "job_company": (
        ["worked at {company}", "has worked for {company}", "was employed by {company}"],
        ["{company}에서 일했습니다", "{company}에서 근무한 경력이 있습니다"],
    ),
    "job_dates": (
        [
            "worked at {company} from {start} to {end}",
            "was at {company} between {start} and {end}",
            "was with {company} from {start} until {end}",
            "worked as a {role} from {start} to {end}",
        ],
        [
            "{start}부터 {end}까지 {company}에서 근무했습니다",
            "{company}에서 {start}부터 {end}까지 {role}[으로] 일했습니다",
            "{start}~{end} 동안 {company}에 재직했습니다",
        ],
    ),
    "job_start": (
        ["joined {company} in {start}", "started at {company} in {start}", "began working as a {role} in {start}"],
        ["{start}에 {company}에 입사했습니다", "{company}에는 {start}에 합류했습니다"],
    ),
    "job_end": (
        ["left {company} in {end}", "worked at {company} until {end}", "stayed at {company} until {end}"],
        ["{end}에 {company}[을] 퇴사했습니다", "{end}까지 {company}에서 근무했습니다"],
    ),
    "job_years": (
        [
            "worked at {company} for about {years}",
            "spent {years} at {company}",
            "has {years} of experience at {company}",
        ],
        ["{company}에서 약 {years} 근무했습니다", "{company}에서 {years} 동안 일했습니다"],
    ),
    "job_now": (
        ["currently works at {company}", "is currently a {role} at {company}", "has been at {company} since {start}"],
        [
            "현재 {company}에서 근무하고 있습니다",
            "{start}부터 {company}에서 일하고 있습니다",
            "현재 {company}의 {role}입니다",
        ],
    ),
    "job_city": (
        ["worked in {city} at {company}", "worked at {company} in {city}"],
        ["{city}에 있는 {company}에서 일했습니다", "{company} {city} 사무소에서 근무했습니다"],
    ),
    "edu": (
        [
            "studied {field} at {school}",
            "has a {degree} in {field} from {school}",
            "graduated from {school} in {grad}",
            "earned a {degree} in {field}",
            "graduated in {grad} with a {degree} in {field}",
        ],
        [
            "{school}에서 {field}[을] 전공했습니다",
            "{school} {field} {degree}[을] 취득했습니다",
            "{grad}에 {school}[을] 졸업했습니다",
            "{field} {degree}[을] 받았습니다",
        ],
    ),
    "gpa": (
        ["graduated with a GPA of {gpa}", "had a GPA of {gpa} at {school}"],
        ["학점은 {gpa}입니다", "{school} 평점은 {gpa}입니다"],
    ),
    "skill": (
        ["knows {skill}", "is experienced in {skill}", "has used {skill}", "is skilled in {skill} and {skill2}"],
        ["{skill}[을] 다룰 수 있습니다", "{skill} 사용 경험이 있습니다", "{skill}[와] {skill2}[을] 사용합니다"],
    ),
    "skill_years": (
        ["has {n} years of experience with {skill}", "has used {skill} for {n} years"],
        ["{skill}[을] {n}년간 사용했습니다", "{skill} 경력은 {n}년입니다"],
    ),
    "cert": (
        ["holds the {cert}", "obtained the {cert} in {when}", "passed the {cert} in {when}"],
        ["{cert} 자격이 있습니다", "{when}에 {cert}[을] 취득했습니다", "{cert}[을] {when}에 땄습니다"],
    ),
    "test": (
        ["scored {score} on the {test}", "has a {test} score of {score}"],
        ["{test} 점수는 {score}점입니다", "{test} {score}점을 받았습니다"],
    ),
    "language": (
        ["speaks {language} ({level})", "has {level} {language}", "speaks {language}"],
        ["{language} 실력은 {level}입니다", "{language}[을] 구사합니다"],
    ),
    "award": (
        ["received the {award} in {when}", "won the {award}", "was given the {award} by {by}"],
        ["{when}에 {award}[을] 받았습니다", "{by}에서 {award}[을] 수상했습니다", "{award}[을] 받았습니다"],
    ),
    "email": (
        ["can be reached at {email}", "has the e-mail address {email}"],
        ["이메일은 {email}입니다", "{email}[으로] 연락할 수 있습니다"],
    ),
    "phone": (
        ["has the phone number {phone}", "can be called at {phone}"],
        ["전화번호는 {phone}입니다", "연락처는 {phone}입니다"],
    ),
    "live": (["lives in {city}", "is based in {city}"], ["{city}에 거주합니다", "{city}에 살고 있습니다"]),
    "hobby": (
        ["enjoys {hobby}", "likes {hobby} and {hobby2}"],
        ["취미는 {hobby}입니다", "{hobby}[와] {hobby2}[을] 즐깁니다"],
    ),
}
QUESTIONS: dict[str, tuple[list[str], list[str]]] = {
    "job_role": (
        ["What was {who}'s role at {company}?", "What did {who} do at {company}?"],
        ["{company}에서 맡은 역할은 무엇인가요?", "{company}에서 무슨 일을 했나요?"],
    ),
    "job_company": (
        ["Where has {who} worked?", "Which companies are on {who}'s resume?"],
        ["어느 회사에서 일했나요?", "근무한 회사를 알려 주세요."],
    ),
    "job_dates": (
        ["When did {who} work at {company}?", "How long was {who} at {company}?"],
        ["{company}에서 언제 근무했나요?", "{company} 재직 기간은 언제인가요?"],
    ),
    "job_start": (["When did {who} join {company}?"], ["{company}에는 언제 입사했나요?"]),
    "job_end": (["When did {who} leave {company}?"], ["{company}[을] 언제 그만뒀나요?"]),
    "job_years": (["How many years did {who} spend at {company}?"], ["{company}에서 몇 년 일했나요?"]),
    "job_now": (
        ["Where does {who} work now?", "What is {who}'s current job?"],
        ["지금은 어디에서 일하나요?", "현재 직장은 어디인가요?"],
    ),
    "job_city": (["In which city did {who} work for {company}?"], ["{company} 근무지는 어디였나요?"]),
    "edu": (
        ["What did {who} study?", "Which university did {who} attend?", "What degree does {who} have?"],
        ["어느 대학교를 졸업했나요?", "전공이 무엇인가요?", "학력이 어떻게 되나요?"],
    ),
    "gpa": (["What was {who}'s GPA?"], ["학점이 어떻게 되나요?"]),
    "skill": (
        ["Which technologies does {who} know?", "Does {who} know {skill}?"],
        ["어떤 기술을 다룰 수 있나요?", "{skill} 경험이 있나요?"],
    ),
    "skill_years": (["How long has {who} used {skill}?"], ["{skill} 경력은 몇 년인가요?"]),
    "cert": (
        ["Which certificates does {who} hold?", "When did {who} get the {cert}?"],
        ["어떤 자격증이 있나요?", "{cert}[은] 언제 취득했나요?"],
    ),
    "test": (["What is {who}'s {test} score?"], ["{test} 점수가 몇 점인가요?"]),
    "language": (
        ["Which languages does {who} speak?", "How good is {who}'s {language}?"],
        ["구사하는 언어는 무엇인가요?", "{language} 실력은 어떤가요?"],
    ),
    "award": (
        ["Has {who} won any awards?", "Who gave {who} the {award}?"],
        ["수상 경력이 있나요?", "어떤 상을 받았나요?"],
    ),
    "email": (
        ["What is {who}'s e-mail address?", "How can I contact {who}?"],
        ["이메일 주소가 무엇인가요?", "어떻게 연락할 수 있나요?"],
    ),
    "phone": (["What is {who}'s phone number?"], ["전화번호가 어떻게 되나요?"]),
    "live": (["Where does {who} live?"], ["어디에 사나요?"]),
    "hobby": (["What are {who}'s hobbies?"], ["취미가 무엇인가요?"]),
    "cut_pct": (
        ["How did {who} reduce {measure}?", "By how much did {measure} fall?"],
        ["{measure}[을] 얼마나 줄였나요?", "{measure}[을] 어떻게 줄였나요?"],
    ),
    "cut_from": (
        ["What happened to {measure} of {thing}?", "How far did {who} cut {measure}?"],
        ["{thing}의 {measure}[을] 얼마나 단축했나요?"],
    ),
    "gain_pct": (
        ["How much did {gain} grow?", "What did {who} achieve for {gain}?"],
        ["{gain}[은] 얼마나 올랐나요?", "{gain} 관련 성과는 무엇인가요?"],
    ),
    "team": (
        ["How large was the team {who} led?", "Does {who} have leadership experience?"],
        ["이끌었던 팀의 규모는 얼마나 되나요?", "리더십 경험이 있나요?"],
    ),
    "mentor": (
        ["How many {people} did {who} train?", "Has {who} mentored anyone?"],
        ["몇 명을 교육했나요?", "멘토링 경험이 있나요?"],
    ),
    "built": (
        ["What was {thing} built with?", "What has {who} built with {skill}?"],
        ["{thing}[은] 무엇으로 개발했나요?", "{skill}[으로] 무엇을 만들었나요?"],
    ),
    "migrate": (
        ["What was {thing} migrated to?", "What did {who} migrate?"],
        ["{thing}[을] 어디로 이전했나요?", "마이그레이션 경험이 있나요?"],
    ),
    "served": (["How many users does {thing} have?"], ["{thing}의 이용자는 몇 명인가요?"]),
    "budget": (["How big was the budget {who} managed?"], ["관리한 예산 규모는 얼마인가요?"]),
    "launch": (["When was {thing} launched?"], ["{thing}[은] 언제 출시했나요?"]),
    "duty": (
        ["What was {who} responsible for?", "Who looked after {thing}?"],
        ["담당한 업무는 무엇인가요?", "{thing}[은] 누가 담당했나요?"],
    ),
    "rate": (["What {gain} did {who} reach?"], ["{gain}[은] 얼마였나요?"]),
}
_SECTIONS = {
    "job": (
        ["EXPERIENCE", "Work Experience", "Employment History", "## Experience", "Career"],
        ["경력", "경력사항", "주요 경력", "## 경력", "업무 경험"],
    ),
    "edu": (["EDUCATION", "Education", "## Education"], ["학력", "학력사항", "## 학력"]),
    "skill": (["SKILLS", "Technical Skills", "## Skills"], ["기술", "보유 기술", "## 기술 스택"]),
    "cert": (["CERTIFICATES", "Licences & Certificates"], ["자격증", "자격 사항"]),
    "language": (["LANGUAGES", "Languages"], ["어학", "외국어"]),
    "award": (["AWARDS", "Honours"], ["수상", "수상 경력"]),
    "contact": (["CONTACT", "Personal", ""], ["인적사항", "연락처", ""]),
    "hobby": (["INTERESTS", "Hobbies"], ["취미", "관심사"]),
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SMALL_KO = ["영", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"]


_LONGEST = {"en": 800, "ko": 440}  # characters of a passage: about 220 tokens


def with_particles(text: str, rng: random.Random) -> str:
    """Resolve `[을]`, `[이]`, `[은]`, `[와]`, `[으로]` after the word before them."""
    pairs = {"을": ("을", "를"), "이": ("이", "가"), "은": ("은", "는"), "와": ("과", "와"), "으로": ("으로", "로")}

    def choose(match: re.Match) -> str:
        last, end, (closed, open_) = match.group(1), match.group(2), pairs[match.group(3)]
        if "가" <= last <= "힣":
            final = (ord(last) - 0xAC00) % 28
            soft = final == 0 or (final == 8 and match.group(3) == "으로")
        elif last.isdigit():  # read out: 영 일 이 삼 사 오 육 칠 팔 구
            soft = last in "2459" or (last in "178" and match.group(3) == "으로")
        else:
            soft = last == "%" or (last.lower() not in "lmnr" or rng.random() < 0.3)
        return last + end + (open_ if soft else closed)

    # \x02 ends a marked value: the particle stands behind the mark.
    return re.sub(r"([^\s\x02])(\x02?)\[(을|이|은|와|으로)\]", choose, text)


def say_month(when: Month, lang: str, rng: random.Random, source: bool) -> str:
    y, m = when.year, when.month
    if not m:
        return f"{y}년" if lang == "ko" and (not source or rng.random() < 0.5) else str(y)
    if lang == "ko":
        styles = [f"{y}년 {m}월"] * (1 if source else 4) + [
            f"{y}.{m:02d}",
            f"{y}.{m:02d}.",
            f"{y}-{m:02d}",
            f"{y}/{m:02d}",
        ]
    else:
        name = _MONTHS[m - 1]
        styles = [f"{name} {y}", f"{name[:3]} {y}"] * (1 if source else 4) + [
            f"{m:02d}/{y}",
            f"{y}-{m:02d}",
            f"{name[:3]}. {y}",
            f"{y}.{m:02d}",
        ]
    return rng.choice(styles)


def _say_big(n: int, lang: str, rng: random.Random) -> str:
    if lang == "ko":
        styles = [f"{n:,}", f"약 {n:,}"]
        if n % 10_000 == 0:
            styles += [f"{n // 10_000}만"] * 3
        elif n % 1_000 == 0 and n > 10_000:
            styles += [f"{n // 10_000}만 {n % 10_000 // 1000}천"]
        return rng.choice(styles)
    styles = [f"{n:,}", str(n)]
    if n % 1000 == 0:
        styles += [f"{n // 1000}k", f"{n // 1000}K"] if n < 1_000_000 else [f"{n / 1e6:g} million", f"{n / 1e6:g}M"]
    return rng.choice(styles)


def say(name: str, value: Value, lang: str, rng: random.Random, source: bool = False) -> str:
    """Write one value in `lang`, in one of the ways people write it."""
    i = LANGS.index(lang)
    if isinstance(value, Month):
        return say_month(value, lang, rng, source)
    if value is None:
        return (
            rng.choice(("present", "now", "today") if lang == "en" else ("현재", "현재", "지금"))
            if source or lang == "ko"
            else "now"
        )
    if name == "degree":
        options = value[i]
        return options[0] if source and lang == "ko" else rng.choice(options)
    if name == "pct":
        n = f"{value:g}"
        if lang == "ko":
            return rng.choice((f"{n}%", f"{n}%", f"{n}퍼센트", f"{n} %"))
        return rng.choice((f"{n}%", f"{n}%", f"{n} percent", f"{n} %"))
    if name == "exact":
        return f"{value:g}%"
    if name in ("a", "b"):
        n, unit = value
        word = unit[i]
        return f"{n:g}{'' if lang == 'ko' else ' '}{word}"
    if name in ("n", "m"):
        if lang == "en" and value <= 12 and rng.random() < 0.4:
            return _SMALL[value]
        return str(value)
    if name == "big":
        return _say_big(value, lang, rng)
    if name == "money":
        won = value
        if lang == "ko":
            if won >= 10**8:
                rest = won % 10**8 // 10**4
                return f"{won // 10**8}억 {rest:,}만 원" if rest else f"{won // 10**8}억 원"
            return f"{won // 10**4:,}만 원"
        if won % 10**6 == 0:
            return rng.choice((f"{won // 10**6:,} million won", f"KRW {won // 10**6:,} million", f"{won:,} won"))
        return f"{won:,} won"
    if name == "years":
        years, months = divmod(value, 12)
        if lang == "ko":
            return (
                f"{years}년" + (f" {months}개월" if months and rng.random() < 0.5 else "") if years else f"{months}개월"
            )
        if not years:
            return f"{months} months"
        word = _SMALL[years] if years <= 12 and rng.random() < 0.5 else str(years)
        return f"{word} year{'s' if years > 1 else ''}"
    if isinstance(value, tuple):
        return value[i]
    return str(value)


def fill(
    template: str, slots: dict[str, Value], lang: str, rng: random.Random, source: bool = False, marked: str = ""
) -> str:
    """Fill a template; the slot called `marked` is wrapped in \\x01..\\x02."""

    def one(match: re.Match) -> str:
        name = match.group(1)
        text = say(re.sub(r"2$", "", name), slots[name], lang, rng, source)
        return f"\x01{text}\x02" if name == marked else text

    made = re.sub(r"\{(\w+)\}", one, template)
    made = with_particles(made, rng) if lang == "ko" else re.sub(r"\ba (?=\x01?[aeioAEIO])", "an ", made)
    return made


def _name(rng: random.Random) -> tuple[str, str]:
    if rng.random() < 0.45:
        return rng.choice(_WEST)
    (fe, fk), (ge, gk) = rng.choice(_FAMILY), rng.choice(_GIVEN)
    return f"{ge} {fe}", f"{fk}{gk}"


def _bullet(kind: str, rng: random.Random) -> dict[str, Value]:
    units = rng.choice(
        (
            [("seconds", "초")],
            [("minutes", "분")],
            [("hours", "시간")],
            [("days", "일")],
            [("ms", "ms")],
            [("weeks", "주")],
        )
    )[0]
    a = rng.choice((rng.randint(5, 60), rng.randint(100, 900), rng.randint(3, 14)))
    b = max(1, int(a * rng.uniform(0.15, 0.8)))
    b = b if b != a else max(1, a - 1)
    places = rng.sample(CITIES, 2)
    things, skills, tech = rng.sample(THINGS, 2), rng.sample(SKILLS, 2), rng.sample(OLD_NEW, 2)
    return {
        "measure": rng.choice(MEASURES),
        "gain": rng.choice(GAINS),
        "method": rng.choice(METHODS),
        "thing": things[0],
        "thing2": things[1],
        "skill": skills[0],
        "skill2": skills[1],
        "old": tech[0],
        "new": tech[1],
        "people": rng.choice(PEOPLE),
        "n": (n := rng.randint(2, 30)),
        "m": rng.choice([m for m in range(2, 31) if m != n]),
        "place": places[0],
        "place2": places[1],
        "person": _name(rng),
        "award": rng.choice(AWARDS),
        "cert": rng.choice(CERTS),
        "pct": rng.choice((rng.randint(3, 95), rng.randint(1, 19) * 5, round(rng.uniform(1, 40), 1))),
        "a": (a, units),
        "b": (b, units),
        "big": rng.choice((rng.randint(2, 90) * 1000, rng.randint(1, 300) * 10_000, rng.randint(150, 9999))),
        "money": rng.choice((rng.randint(1, 90) * 10**8, rng.randint(2, 95) * 10**6, rng.randint(101, 990) * 10**6)),
        "when": Month(rng.randint(2012, 2025), rng.choice((0, rng.randint(1, 12)))),
        "exact": rng.choice((99.9, 99.95, 99.5, 99.99, round(rng.uniform(70, 99), 1), rng.randint(70, 99))),
    }


def draw(rng: random.Random, strangers: Sequence[str] = ()) -> Resume:
    """A person. `strangers` are names out of real passages, used as employers now and then so that
    no closed list of companies can be learnt by heart."""
    name = _name(rng)
    entries: list[Entry] = []
    facts: list[Fact] = []
    month = rng.randint(1, 12)
    year = rng.randint(2006, 2017)
    companies, roles = rng.sample(COMPANIES, 4), rng.sample(ROLES, 4)
    jobs = rng.choice((1, 2, 2, 3, 3, 4))
    timeline = []
    for j in range(jobs):
        start = Month(year, month)
        length = rng.randint(7, 60)
        total = year * 12 + month - 1 + length
        end: Month | None = Month(total // 12, total % 12 + 1)
        gap = rng.randint(1, 7)
        year, month = (total + gap) // 12, (total + gap) % 12 + 1
        if j == jobs - 1 and rng.random() < 0.5:
            end = None
        timeline.append((start, end, length))
    for j, (start, end, length) in reversed(list(enumerate(timeline))):
        company: Value = companies[j]
        if strangers and rng.random() < 0.3:
            company = rng.choice(strangers)
        slots: dict[str, Value] = {"company": company, "role": roles[j], "start": start, "end": end, "years": length}
        if rng.random() < 0.5:
            slots["city"] = rng.choice(CITIES)
        entry = Entry("job", slots)
        number = len(entries)
        for kind in rng.sample(list(BULLETS), rng.randint(1, 4)) + rng.sample(list(TWISTS), rng.choice((0, 1, 1, 2))):
            b = _bullet(kind, rng)
            entry.bullets.insert(rng.randint(0, len(entry.bullets)), (kind, b))
            facts.append(Fact(kind, number, {**b, "company": company}))
        kinds = (
            ["job_role", "job_company", "job_start"]
            + (["job_city"] if "city" in slots else [])
            + (["job_now"] if end is None else ["job_dates", "job_end", "job_years"])
        )
        facts += [Fact(kind, number, slots) for kind in kinds]
        entries.append(entry)
    for _ in range(rng.choice((0, 1, 1, 2))):
        slots = {
            "school": rng.choice(SCHOOLS),
            "field": rng.choice(FIELDS),
            "degree": rng.choice(DEGREES),
            "grad": Month(rng.randint(2004, 2020), 0),
            "gpa": f"{rng.uniform(2.8, 4.4):.2f}",
        }
        facts.append(Fact("edu", len(entries), slots))
        entries.append(Entry("edu", slots))
        if rng.random() < 0.5:
            slots["show_gpa"] = True
            facts.append(Fact("gpa", len(entries) - 1, slots))
    known = rng.sample(SKILLS, rng.randint(3, 9))
    slots = {"all": known, "n": rng.randint(1, 12), "main": known[0], "timed": rng.random() < 0.4}
    for skill in known:
        facts.append(
            Fact("skill", len(entries), {"skill": skill, "skill2": rng.choice([k for k in known if k != skill])})
        )
    if slots["timed"]:
        facts.append(Fact("skill_years", len(entries), {"skill": known[0], "n": slots["n"]}))
    entries.append(Entry("skill", slots))
    for cert in rng.sample(CERTS, rng.choice((0, 1, 2))):
        slots = {"cert": cert, "when": Month(rng.randint(2010, 2025), rng.choice((0, rng.randint(1, 12))))}
        facts.append(Fact("cert", len(entries), slots))
        entries.append(Entry("cert", slots))
    test, low, high = rng.choice(TESTS)
    slots = {
        "language": rng.choice(LANGUAGES),
        "level": rng.choice(LEVELS),
        "test": test,
        "score": rng.randint(low, high) if high > 100 else None,
    }
    facts.append(Fact("language", len(entries), slots))
    if slots["score"]:
        facts.append(Fact("test", len(entries), slots))
    entries.append(Entry("language", slots))
    if rng.random() < 0.5:
        slots = {
            "award": rng.choice(AWARDS),
            "when": Month(rng.randint(2010, 2025), 0),
            "by": rng.choice(companies[:jobs]),
        }
        facts.append(Fact("award", len(entries), slots))
        entries.append(Entry("award", slots))
    handle = re.sub(r"[^a-z]", "", name[0].lower())[:9] or "hello"
    slots = {
        "email": f"{handle}{rng.choice(('', '.dev', str(rng.randint(1, 99))))}@{rng.choice(('example.com', 'mail.example', 'post.example.org'))}",
        "phone": rng.choice(
            (
                f"010-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
                f"+1 {rng.randint(200, 989)} 555 {rng.randint(1000, 9999)}",
            )
        ),
        "city": rng.choice(CITIES),
    }
    facts += [Fact(kind, len(entries), slots) for kind in ("email", "phone", "live")]
    entries.append(Entry("contact", slots))
    if rng.random() < 0.4:
        hobby, hobby2 = rng.sample(HOBBIES, 2)
        slots = {"hobby": hobby, "hobby2": hobby2}
        facts.append(Fact("hobby", len(entries), slots))
        entries.append(Entry("hobby", slots))
    return Resume(name, rng.random() < 0.5, entries, facts)


def write(entry: Entry, lang: str, rng: random.Random) -> str:
    """One entry in one of many layouts."""
    i = LANGS.index(lang)
    s = entry.slots

    def v(slot: str) -> str:
        return say(slot, s[slot], lang, rng, source=True)

    if entry.section == "job":
        lines = [
            fill(TWISTS[kind][0][i] if kind in TWISTS else rng.choice(BULLETS[kind][i]), slots, lang, rng, source=True)
            for kind, slots in entry.bullets
        ]
        lines = [line[0].upper() + line[1:] for line in lines]
        style = rng.choice(("–", "-", "~", " to "))
        when = (
            f"{v('start')}{style if style == ' to ' else f' {style} '}{v('end')}"
            if lang == "en"
            else f"{v('start')} {rng.choice('~-–')} {v('end')}"
        )
        city = f", {v('city')}" if "city" in s else ""
        mark = rng.choice(("- ", "• ", "* ", "· ", ""))
        heads = [
            f"{v('company')}{city} — {v('role')} ({when})",
            f"{v('role')}, {v('company')}{city}\n{when}",
            f"{when} | {v('company')}{city} | {v('role')}",
            f"### {v('company')}\n{v('role')} · {when}{city}",
            f"{v('company')} / {v('role')} / {when}{city.replace(', ', ' / ')}",
            f"**{v('role')}**, {v('company')}{city} — {when}",
        ]
        if lang == "en":
            heads.append(f"Company: {v('company')}{city}\nTitle: {v('role')}\nPeriod: {when}")
            if rng.random() < 0.15:
                said = [line[0].lower() + line[1:] for line in lines]
                return f"From {v('start')} to {v('end')} I worked at {v('company')}{city} as {v('role')}, where I {'. I also '.join(said)}."
        else:
            heads.append(f"회사: {v('company')}{city}\n직무: {v('role')}\n기간: {when}")
            if rng.random() < 0.15:
                return (
                    with_particles(f"{v('start')}부터 {v('end')}까지 {v('company')}에서 {v('role')}[으로] 일하며 ", rng)
                    + ", ".join(lines)
                    + " 등의 성과를 냈습니다."
                )
        joined = "; ".join(lines) if rng.random() < 0.12 else "\n".join(mark + line for line in lines)
        return rng.choice(heads) + "\n" + joined
    if entry.section == "edu":
        gpa = f" (GPA {s['gpa']})" if s.get("show_gpa") else ""
        gpa = gpa if lang == "en" else gpa.replace("GPA", "학점")
        if lang == "en":
            return rng.choice(
                (
                    f"{v('school')}, {v('degree')} in {v('field')}, {v('grad')}{gpa}",
                    f"{v('degree')} {v('field')} — {v('school')} ({v('grad')}){gpa}",
                    f"{v('grad')}  {v('school')}  {v('field')} {v('degree')}{gpa}",
                )
            )
        return rng.choice(
            (
                f"{v('school')} {v('field')} {v('degree')} ({v('grad')} 졸업){gpa}",
                f"{v('grad')} | {v('school')} | {v('field')} {v('degree')}{gpa}",
                f"{v('school')} {v('field')}과 졸업, {v('degree')}, {v('grad')}{gpa}",
            )
        )
    if entry.section == "skill":
        known = list(s["all"])
        rng.shuffle(known)
        text = rng.choice((", ", " / ", " · ", " | ")).join(known)
        if s["timed"]:
            text += f" ({s['main']}: {s['n']} years)" if lang == "en" else f" ({s['main']} {s['n']}년)"
        return text
    if entry.section == "cert":
        return rng.choice(
            (
                f"{v('cert')} ({v('when')})",
                f"{v('when')}  {v('cert')}",
                f"{v('cert')}, {v('when')}" + ("" if lang == "en" else " 취득"),
            )
        )
    if entry.section == "language":
        score = f", {s['test']} {s['score']}" if s["score"] else ""
        return rng.choice(
            (
                f"{v('language')} ({v('level')}){score}",
                f"{v('language')}: {v('level')}{score}",
                f"{v('language')} - {v('level')}{score}",
            )
        )
    if entry.section == "award":
        return rng.choice(
            (
                f"{v('award')}, {v('by')} ({v('when')})",
                f"{v('when')} {v('award')} ({v('by')})",
                f"{v('award')} — {v('by')}, {v('when')}",
            )
        )
    if entry.section == "contact":
        return rng.choice((" | ", "\n", " · ")).join((v("email"), v("phone"), v("city")))
    return f"{v('hobby')}, {v('hobby2')}"


def write_passage(resume: Resume, numbers: Sequence[int], lang: str, rng: random.Random) -> str:
    """Several entries as one passage, with headings where the section changes (or without any)."""
    parts, last, headed = [], "", rng.random() < 0.5
    style = rng.random()
    if style < 0.55:
        parts.append(head(resume, lang, rng, resume.entries[numbers[0]].section))
    elif style < 0.7:
        parts.append(resume.name[LANGS.index(lang)])
    for number in numbers:
        entry = resume.entries[number]
        if headed and entry.section != last:
            parts.append(rng.choice(_SECTIONS[entry.section][LANGS.index(lang)]))
        last = entry.section
        parts.append(write(entry, lang, rng))
    return "\n".join(p for p in parts if p)


def who(resume: Resume, lang: str, rng: random.Random) -> str:
    """How a reply names the person."""
    name = resume.name[LANGS.index(lang)]
    if lang == "en":
        return rng.choice(
            (
                name,
                name.split()[0],
                "She" if resume.female else "He",
                "The candidate",
                "The applicant",
                f"{name.split()[-1]}",
            )
        )
    return rng.choice((f"{name}[은] ", f"{name} 님은 ", "지원자는 ", "", "", f"{name}씨는 "))


def head(resume: Resume, lang: str, rng: random.Random, section: str = "job") -> str:
    """The line a retrieved passage starts with: whose resume, and which section."""
    i = LANGS.index(lang)
    title = re.sub(r"^#+ ", "", rng.choice([t for t in _SECTIONS[section][i] if t]))
    return f"{resume.name[i]} – {title}"


def _templates(kind: str, lang: str) -> list[str]:
    if kind in TWISTS:
        return TWISTS[kind][1][LANGS.index(lang)]
    return BULLETS[kind][2 + LANGS.index(lang)] if kind in BULLETS else HEADS[kind][LANGS.index(lang)]


def claim_of(fact: Fact, resume: Resume, lang: str, rng: random.Random, marked: str = "", template: str = "") -> str:
    """A sentence that states the fact; for an achievement, half of the time with its employer."""
    said = fill(template or rng.choice(_templates(fact.kind, lang)), fact.slots, lang, rng, marked=marked)
    subject = who(resume, lang, rng)
    if (fact.kind in BULLETS or fact.kind in TWISTS) and "company" in fact.slots and (marked == "company" or rng.random() < 0.5):
        place = fill(
            "At {company}, " if lang == "en" else "{company}에서 ",
            fact.slots,
            lang,
            rng,
            marked="company" if marked == "company" else "",
        )
        if lang == "en":
            if rng.random() < 0.5:
                return f"{subject} {said} {place[0].lower()}{place[1:-2]}."
            low = (
                subject[0].lower() + subject[1:] if subject in ("She", "He") or subject.startswith("The ") else subject
            )
            return f"{place}{low} {said}."
        subject += place
    if lang == "en":
        return f"{subject} {said}."
    made = with_particles(subject + said, rng)
    if rng.random() < 0.3:
        made = re.sub(r"했습니다$", rng.choice(("했다", "했어요", "하였습니다")), made)
    return made + "."


def _unmark(text: str) -> tuple[str, tuple[Span, ...]]:
    spans, made, start = [], [], 0
    for char in text:
        if char == "\x01":
            start = len(made)
        elif char == "\x02":
            spans.append((start, len(made)))
        else:
            made.append(char)
    return "".join(made), tuple(spans)


_POOLS: dict[str, Sequence[Value]] = {
    "company": COMPANIES,
    "role": ROLES,
    "city": CITIES,
    "school": SCHOOLS,
    "field": FIELDS,
    "degree": DEGREES,
    "skill": SKILLS,
    "skill2": SKILLS,
    "cert": CERTS,
    "language": LANGUAGES,
    "level": LEVELS,
    "award": AWARDS,
    "hobby": HOBBIES,
    "measure": MEASURES,
    "gain": GAINS,
    "method": METHODS,
    "thing": THINGS,
    "thing2": THINGS,
    "old": OLD_NEW,
    "new": OLD_NEW,
    "people": PEOPLE,
    "by": COMPANIES,
}


def _other(name: str, value: Value, resume: Resume, rng: random.Random) -> Value | None:
    """Another value for a slot: out of the same resume if it has one, else near (numbers) or from the pool."""
    base = re.sub(r"2$", "", name)
    here = [e.slots[base] for e in resume.entries if e.slots.get(base) not in (None, value)]
    here += (
        [b[base] for e in resume.entries for _, b in e.bullets if b.get(base) not in (None, value)]
        if base in ("pct", "n", "big", "money", "exact", "when", "a", "b")
        else []
    )
    if base == "years":
        here = []
    if here and rng.random() < 0.55:
        return rng.choice(here)
    if isinstance(value, Month):
        made = (
            Month(value.year + rng.choice((-2, -1, 1, 1, 2)), value.month)
            if not value.month or rng.random() < 0.6
            else Month(value.year, rng.choice([m for m in range(1, 13) if m != value.month]))
        )
        return made
    if base == "years":
        return (
            value + 12 * rng.choice((1, 2, 3, 4))
            if value < 30 or rng.random() < 0.5
            else max(12, value - 24)
            if value - 24 > 6
            else value + 36
        )
    if base in ("a", "b"):
        return (int(change_digits(str(value[0]), rng)), value[1])
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if base in ("money", "big"):
            return value * rng.choice((2, 3, 10)) if rng.random() < 0.6 else int(change_digits(str(value), rng))
        made = float(change_digits(f"{value:g}", rng))
        return int(made) if isinstance(value, int) else made
    if base == "gpa":
        return change_digits(str(value), rng)
    if base == "email":
        return f"{value[0]}{rng.choice('abcdexyz')}{value[1:]}"
    if base == "phone":
        return (
            change_digits(value, rng)
            if rng.random() < 0.5
            else value[:-2] + f"{(int(value[-2:]) + rng.randint(1, 90)) % 100:02d}"
        )
    if name in _POOLS:
        return rng.choice([p for p in _POOLS[name] if p != value])
    return None


def _true_elsewhere(fact: Fact, slot: str, value: Value, resume: Resume, template: str) -> bool:
    """Whether the changed claim happens to be true of another entry (a skill listed elsewhere, say)."""
    if slot in ("skill", "skill2"):
        used = [e.slots["all"] for e in resume.entries if e.section == "skill"]
        built = [b[s] for e in resume.entries for k, b in e.bullets if k == "built" for s in ("skill", "skill2")]
        return fact.kind in ("skill", "skill_years") and (any(value in u for u in used) or value in built)
    for other in resume.facts:
        if other is fact or other.kind != fact.kind:
            continue
        names = [n for n in re.findall(r"\{(\w+)\}", template) if n in fact.slots]
        changed = {**fact.slots, slot: value}
        if all(other.slots.get(n) == changed.get(n) for n in names):
            return True
    return False


def neighbourhood(resume: Resume, entry: int, rng: random.Random) -> list[int]:
    """The entry and up to three others, jobs beside jobs more often than not."""
    others = [n for n in range(len(resume.entries)) if n != entry]
    rng.shuffle(others)
    near = [n for n in others if resume.entries[n].section == "job"][: rng.choice((0, 1, 1, 2))]
    if resume.entries[entry].section != "job" and rng.random() < 0.6:
        near = []
    return sorted({entry, *near, *[n for n in others if n not in near][: rng.choice((0, 0, 1, 2))]})


def examples(rng: random.Random, count: int, strangers: Sequence[str] = ()) -> list[Example]:
    """`count` claims about one passage of one invented resume, each with its label."""
    resume = draw(rng, strangers)
    source = rng.choice(("en", "ko"))
    jobs = [n for n, e in enumerate(resume.entries) if e.section == "job"]
    start = rng.choice(jobs) if rng.random() < 0.7 else rng.randrange(len(resume.entries))
    chosen = neighbourhood(resume, start, rng)
    evidence = write_passage(resume, chosen, source, rng)
    while len(evidence) > _LONGEST[source] and len(chosen) > 1:
        chosen.remove(rng.choice([n for n in chosen if n != start]))
        evidence = write_passage(resume, chosen, source, rng)
    inside = [f for f in resume.facts if f.entry in chosen]
    outside = [f for f in resume.facts if f.entry not in chosen]
    # Half of a job's facts are its dates and title; achievements are drawn twice as often.
    weights = [3.0 if f.kind in TWISTS else 2.0 if f.kind in BULLETS else 0.7 if f.kind.startswith("job") else 1.0 for f in inside]
    made = []
    for _ in range(count):
        lang = source if rng.random() < 0.85 else ("ko" if source == "en" else "en")
        fact = rng.choices(inside, weights)[0]
        kind = rng.random()
        example = None
        if kind < 0.08:
            example = _combined(inside, resume, evidence, lang, rng)
        elif kind < 0.42:
            claim, _ = _unmark(claim_of(fact, resume, lang, rng))
            example = Example(claim, evidence, "supported", (), _question(fact, resume, lang, rng), lang)
        elif kind < 0.80:
            example = _changed(fact, resume, evidence, lang, rng)
        elif kind < 0.88 or not outside:
            options = rng.choice(ABSENT)[LANGS.index(lang)]
            subject = who(resume, lang, rng)
            text = (
                f"{subject} {rng.choice(options)}."
                if lang == "en"
                else with_particles(subject, rng) + rng.choice(options) + "."
            )
            example = Example(text, evidence, "not_found", None, _question(fact, resume, lang, rng), lang)
        else:
            fact = rng.choice(outside)
            if not _also_inside(fact, inside):
                claim, _ = _unmark(claim_of(fact, resume, lang, rng))
                example = Example(claim, evidence, "not_found", None, _question(fact, resume, lang, rng), lang)
        if example:
            made.append(example)
    return made


def _also_inside(fact: Fact, inside: Sequence[Fact]) -> bool:
    """Whether the passage states the same fact under another entry (a skill used in a job, say)."""
    if fact.kind in ("skill", "skill_years", "hobby"):
        return any(fact.slots.get("skill") in (f.slots.get("skill"), f.slots.get("skill2")) for f in inside)
    return any(f.kind == fact.kind and f.kind in ("language", "live") for f in inside)


def _question(fact: Fact, resume: Resume, lang: str, rng: random.Random) -> str:
    i = LANGS.index(lang)
    questions = QUESTIONS.get(fact.kind) or (["What did {who} do at {company}?"], ["{company}에서 무슨 일을 했나요?"])
    text = fill(rng.choice(questions[i]).replace("{who}", "\x03"), fact.slots, lang, rng)
    return text.replace("\x03", rng.choice((resume.name[i], "the candidate", resume.name[i].split()[0])))


CHANGES = (negate, restrict, oppose, swap_contrast, swap_unit, swap_unit, reverse_range)


def _combined(inside: Sequence[Fact], resume: Resume, evidence: str, lang: str, rng: random.Random) -> Example | None:
    """One sentence that joins facts of two entries; in two of five, one of them is changed."""
    plain = [f for f in inside if f.kind in ("job_role", "job_company", "job_city", "edu", "cert", "skill", "language")]
    pairs = [(a, b) for a in plain for b in plain if a.entry != b.entry]
    if not pairs:
        return None
    one, two = rng.choice(pairs)
    wrong = None
    if rng.random() < 0.4:
        wrong = _changed(two, resume, evidence, lang, rng)
        if wrong is None or wrong.label != "contradicted":
            return None
    first = _unmark(claim_of(one, resume, lang, rng))[0]
    second = wrong.claim if wrong else _unmark(claim_of(two, resume, lang, rng))[0]
    if lang == "en":
        match = re.match(r"(?:She|He|The candidate|The applicant|[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+)?) (?=[a-z])", second)
        if not match:
            return None
        text = f"{first.rstrip('.')} and {second[match.end():]}"
        before = len(first.rstrip(".")) + 5 - match.end()
    else:
        joined = re.sub(r"(?:습니다|다|어요)\.$", "", first)
        if joined == first or not re.search(r"[했었았녔졌렸]$", joined):
            return None
        second = re.sub(r"^(?:지원자는 |[가-힣]+(?: [가-힣]+)? ?(?:님은|씨는|은|는) )", "", second)
        text = f"{joined}고 {second}"
        before = None
    spans = None
    if wrong and wrong.spans and before is not None:
        spans = tuple((a + before, b + before) for a, b in wrong.spans if a + before >= 0)
    return Example(text, evidence, "contradicted" if wrong else "supported", spans if wrong else (), "", lang)


def _twisted(fact: Fact, resume: Resume, evidence: str, lang: str, rng: random.Random) -> Example:
    """The roles, the order or the outcome of an achievement turned round."""
    i = LANGS.index(lang)
    claim, _ = _unmark(claim_of(fact, resume, lang, rng, template=rng.choice(TWISTS[fact.kind][2][i])))
    true = [_unmark(claim_of(fact, resume, lang, rng, template=t))[0] for t in TWISTS[fact.kind][1][i]]
    return Example(claim, evidence, "contradicted", changed_words(claim, true), "", lang)


def _changed(fact: Fact, resume: Resume, evidence: str, lang: str, rng: random.Random) -> Example | None:
    """The fact with one slot, its polarity or its exclusivity changed; None where the change is true elsewhere."""
    question = _question(fact, resume, lang, rng)
    if fact.kind in TWISTS and rng.random() < 0.75:
        return _twisted(fact, resume, evidence, lang, rng)
    if fact.kind == "job_end" and rng.random() < 0.3:  # still there, where the entry has ended
        template = rng.choice([t for t in HEADS["job_now"][LANGS.index(lang)] if "{start}" not in t])
        claim, _ = _unmark(claim_of(replace(fact, kind="job_now"), resume, lang, rng, template=template))
        return Example(claim, evidence, "contradicted", None, question, lang)
    if fact.kind == "job_now" and rng.random() < 0.4:
        left = replace(fact, kind="job_end", slots={**fact.slots, "end": Month(fact.slots["start"].year + 1, 0)})
        claim, _ = _unmark(claim_of(left, resume, lang, rng))
        return Example(claim, evidence, "contradicted", None, question, lang)
    template = rng.choice(_templates(fact.kind, lang))
    if rng.random() < 0.35:
        claim, _ = _unmark(claim_of(fact, resume, lang, rng, template=template))
        for change in rng.sample(CHANGES, len(CHANGES)):
            made = change(claim, rng)
            if made:
                return Example(made.text, evidence, "contradicted", made.spans, question, lang)
    slots = [n for n in re.findall(r"\{(\w+)\}", template) if n in fact.slots and fact.slots[n] is not None]
    order = rng.sample(slots, len(slots))
    if fact.kind in BULLETS:  # the right achievement under the wrong employer
        order.insert(0 if rng.random() < 0.3 else len(order), "company")
    for slot in order:
        value = _other(slot, fact.slots[slot], resume, rng)
        if value is None or value == fact.slots[slot] or _true_elsewhere(fact, slot, value, resume, template):
            continue
        # Lists ("knows X") are open: a skill that is not on them is not found rather than contradicted.
        listed = fact.kind in ("skill", "job_company", "hobby", "duty") and not (
            slot == "company" and fact.kind in BULLETS
        )
        changed = replace(fact, slots={**fact.slots, slot: value})
        claim, spans = _unmark(claim_of(changed, resume, lang, rng, marked=slot, template=template))
        return Example(claim, evidence, "not_found" if listed else "contradicted", spans, question, lang)
    return None


def answer_example(rng: random.Random, declines: Callable[[str], str]) -> tuple[str, str, float]:
    """(question, reply, addresses): a reply of the asked kind, of another kind, or a refusal."""
    resume = draw(rng)
    lang = rng.choice(LANGS)
    fact, other = rng.choice(resume.facts), rng.choice(resume.facts)
    question = _question(fact, resume, lang, rng)
    tail = rng.choice(("", "", " [1]", " [2]"))
    kind = rng.random()
    if kind < 0.5:
        return question, _unmark(claim_of(fact, resume, lang, rng))[0] + tail, 1.0
    if kind < 0.62:
        return question, declines(lang), 0.0
    same = {"job_company", "job_role", "job_dates", "job_start", "job_end", "job_years", "job_now", "job_city"}
    if (
        other.kind == fact.kind
        or (other.kind in same and fact.kind in same)
        or (fact.kind in ("job_role", "duty", "skill", "job_company"))
    ):
        return question, _unmark(claim_of(fact, resume, lang, rng))[0] + tail, 1.0
    return question, _unmark(claim_of(other, resume, lang, rng))[0] + tail, 0.0
