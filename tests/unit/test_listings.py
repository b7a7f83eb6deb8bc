"""What a section lists is quoted whole; what asks for one thing of it is left alone."""

import numpy as np
import pytest

from judge.lengths import counts
from judge.order import by_order
from judge.service import passage_of
from rag.documents import read_document_bytes
from rag.index import Index
from rag.listings import asks_listing, listing, number_of
from rag.quoting import quote_answer
from rag.retrieval import Retriever
from rag.types import Chunk
from tests.unit.test_quoting import Reader
from tests.unit.test_retrieval import LIMITS, Flat


def chunk(number: int, text: str, section: str, subject: str = "Mira Solberg") -> Chunk:
    return Chunk(f"d-{number}", "d", "d.md", subject, section, text, number * 1000, number * 1000 + len(text))


RESUME = [
    chunk(1, "- Certified Kubernetes Administrator, 2020\n- Certified Java Developer, 2014, expired in 2017", "Certifications"),
    chunk(2, "Winner, Oslo Hackathon, 2019", "Awards and honours"),
    chunk(3, "Reads about birds.\nPlays the cello.", "Interests"),
    chunk(4, "Lecturer, Oslo School\n2019 – 2020", "Teaching and Education Experience"),
    chunk(5, "MSc, University of Oslo\n2014 – 2016", "Education"),
    chunk(6, "Graphs and how they grow", "Research interests"),
]


def lines(question: str, chunks=RESUME) -> list[str]:
    return [chunks[i].text[a:b].removeprefix("- ") for i, a, b in listing(question, chunks)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("any certifications?", "Certified Kubernetes"), ("How many certificates does she have?", "Certified Kubernetes"), ("What certifications does she hold?", "Certified Kubernetes"), ("자격증 몇 개 있어요?", "Certified Kubernetes"), ("자격증은요?", "Certified Kubernetes"),
        ("awards?", "Winner"), ("what awards has she won", "Winner"), ("수상 내역", "Winner"), ("hobbies?", "Reads"), ("what does she do in her spare time", "Reads"), ("취미가 뭐예요", "Reads"),
        ("what schools did she go to", "MSc"), ("her education?", "MSc"), ("어느 대학 나왔어요?", "MSc"),
    ],
)  # fmt: skip
def test_the_section_is_listed(question, first):
    assert lines(question)[0].startswith(first)


@pytest.mark.parametrize("question", ["has she given any talks?", "컨퍼런스 발표", "발표한 적 있어요?", "publications?", "Has she published anything?", "references?", "who can vouch for her?", "봉사활동 했어?", "has he done any volunteering"])
def test_where_no_section_has_such_a_title_nothing_is_listed(question):
    assert asks_listing(question) and lines(question) == []


@pytest.mark.parametrize(
    "question",
    [
        "", "AWS certification", "which award did she get in 2019", "talks about Kafka", "which school did she teach at", "does she have a degree in physics", "논문 주제가 뭐예요", "자격증 언제 땄어",
        "학교에서 뭐 했어", "is she interested in remote work", "reference number", "취미로 만든 앱", "which certificate expired", "학력이 석사예요?", "awards in 2015?",
    ],
)  # fmt: skip
def test_other_questions_are_left_alone(question):
    assert not asks_listing(question)


def test_a_school_is_listed_with_its_dates():
    school = chunk(7, "MSc in Physics, Ghent University\n2009 – 2011, magna cum laude. Thesis: Noise.\nBSc in Physics, Ghent University\n2006 – 2009", "Education")
    assert lines("education?", [school]) == ["MSc in Physics, Ghent University\n2009 – 2011, magna cum laude. Thesis: Noise.", "BSc in Physics, Ghent University\n2006 – 2009"]


def test_of_a_long_section_the_dated_lines_are_listed_and_of_several_people_none():
    long = chunk(7, "\n".join(f"- Award number {i}, with a sentence or two about it that goes on and on, as long as it can" for i in range(20)) + "\nPrize, 2012 – 2013", "Awards")
    assert lines("awards?", [long]) == ["Prize, 2012 – 2013"]
    assert lines("awards?", [*RESUME, chunk(8, "Medal, 2001", "Awards", "Jan Mulder")]) == []


TEXT = "Mira Solberg\nEngineer\n\nCertifications\nCertified Kubernetes Administrator, 2020\nCertified Java Developer, 2014, expired in 2017\n\nSkills\nKubernetes, Java, Terraform\n"


def test_all_of_it_is_found_and_quoted_and_nothing_beside_it(tmp_path):
    index = Index.open(tmp_path, Flat())
    index.add([read_document_bytes(TEXT.encode(), "cv.txt", LIMITS)])
    found = Retriever(index, Flat(), Reader("Terraform")).search("Does Mira have any certificates?", 1)
    said = quote_answer("Does Mira have any certificates?", found, Reader("Terraform"), "en", resume=index.chunks)
    assert said.text.count("\n") == 1 and "Administrator" in said.text and "expired" in said.text and said.settled and not said.declined


def test_the_judge_knows_the_section_and_whether_all_of_it_was_told():
    texts, low = [passage_of(each) for each in RESUME], np.full(len(RESUME), 0.2)
    both = '"Certified Kubernetes Administrator, 2020" [1]\n"Certified Java Developer, 2014, expired in 2017" [1]'
    relevant, answers = by_order("any certifications?", both, texts, low, 0.2)
    assert relevant[0] > 0.9 and (relevant[1:] == 0.2).all() and answers > 0.9
    assert by_order("any certifications?", both.split("\n")[0], texts, low, 0.2)[1] == 0.2


def test_a_section_of_skills_and_awards_is_none_of_awards_and_a_link_no_item():
    mixed = chunk(9, "Technical Skills: Go, Python", "Skills & Awards")
    assert lines("awards?", [mixed]) == []
    assert lines("awards?", [chunk(9, "(2021 ~)\nMedal, 2001\nWebsite: https://medal.example/x", "Awards")]) == ["Medal, 2001"]


STUDIES = [
    chunk(1, "BSc in Physics, University of Oslo\n2009 – 2012\nGrade: B", "Education"),
    chunk(2, "MSc in Data Science, Bergen College\n2012 – 2014, with honours\nThesis: graphs", "Education"),
    chunk(3, "Engineer, Acme\n2015 – 2019\n- Taught in a master of ceremonies course.", "Experience"),
]


@pytest.mark.parametrize("question", ["what is her highest degree", "highest degree?", "highest level of education?", "what's the highest qualification she has", "최종학력은?", "최종 학력이 뭐예요?", "가장 높은 학위는?"])
def test_of_several_degrees_the_highest_is_told(question):
    assert asks_listing(question) and lines(question, STUDIES) == ["MSc in Data Science, Bergen College", "2012 – 2014, with honours", "Thesis: graphs"]


def test_beside_a_degree_that_is_not_finished_the_one_below_it_is_told():
    going_on = chunk(4, "PhD in Graph Theory, Bergen College\n2020 – present", "Education")
    assert lines("highest degree?", [*STUDIES, going_on]) == ["PhD in Graph Theory, Bergen College", "2020 – present", *lines("highest degree?", STUDIES)]


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ("How many certificates does she have?", "en", "2 certificates are listed."), ("how many awards has she won", "en", "1 award is listed."), ("자격증 몇 개 있어요?", "ko", "자격증 2건이 적혀 있습니다."),
        ("any certifications?", "en", ""), ("how many hobbies does she have", "en", ""), ("How many certificates are still valid?", "en", ""),
    ],
)  # fmt: skip
def test_how_many_is_said_where_each_line_is_one(question, language, said):
    assert number_of(question, RESUME, language) == said


def test_where_a_line_only_explains_the_one_above_nothing_is_counted_and_the_judge_counts_again():
    assert number_of("how many awards?", [chunk(1, "Winner, Oslo Hackathon, 2019\nFor the best team.", "Awards")], "en") == ""
    passages = [passage_of(each) for each in RESUME]
    assert counts("2 certificates are listed.", passages) is True and counts("3 certificates are listed.", passages) is False
    assert counts("자격증 2건이 적혀 있습니다.", passages) is True and counts("수상 2건이 적혀 있습니다.", passages) is False and counts("3 certificates are framed.", passages) is None


def test_languages_and_references_have_their_section_and_references_on_request_their_line():
    spoken = chunk(7, "English (native), Polish (B2)", "Languages")
    assert lines("languages?", [spoken, *RESUME]) == lines("which languages does she speak", [spoken, *RESUME]) == ["English (native), Polish (B2)"]
    assert lines("외국어 능력은?", [chunk(7, "영어: 비즈니스 회화", "외국어")]) == ["영어: 비즈니스 회화"]
    assert not asks_listing("which programming languages does she know")
    assert lines("references?", [*RESUME, chunk(8, "Likes hills.\nReferences available upon request.", "Other")]) == ["References available upon request."]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Certifications", "AWS Solutions Architect (2020), CKA (2021), CKS (2022)"), ("Certifications", "- AWS: Solutions Architect, Developer\n- Cisco: CCNA, CCNP"), ("자격증", "정보처리기사, SQLD, ADsP (2018)"),  # several on a line
        ("Certifications and Awards", "- CKA, 2020\n- Prize, 2019"), ("자격증 및 수상", "- SQLD, 2020\n- 우수상, 2019"),  # of two kinds
        ("Certifications", "- CKA, 2020\n- CKS exam, failed 2021"), ("Certifications", "- CKA, in progress\n- CKS, 2021"), ("Certifications", "\n".join(f"- Course {n}, 20{n:02}" for n in range(1, 19))),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_line_by_line_is_not(title, text):
    assert number_of("how many certificates does she have?", [chunk(1, text, title)], "en") == ""


@pytest.mark.parametrize("dates", ["2019 – 2035", "2021 –", "2015 – 2016, discontinued", "2017 – present"])
def test_a_degree_that_is_not_finished_hides_no_other(dates):
    told = lines("highest degree?", [*STUDIES, chunk(4, f"PhD in Graph Theory, Bergen College\n{dates}", "Education")])
    assert told[0].startswith("PhD") and dates in told and told[-3].startswith("MSc")


def test_a_form_tells_the_level_by_the_school_and_where_nothing_tells_it_nothing_is_said():
    form = chunk(1, "기간 | 학교명 | 전공\n2006.03 ~ 2013.02 | 아주대학교 | 경영학\n2003.03 ~ 2006.02 | 수원고등학교 | 문과", "학력사항")
    assert lines("최종학력은?", [form]) == ["2006.03 ~ 2013.02 | 아주대학교 | 경영학"]
    assert lines("highest degree?", [chunk(1, "University of Oslo, Physics, 2012\nHigh school of Bergen, 2008", "Education")]) == []


@pytest.mark.parametrize("question", ["Does he have a degree?", "has she got a university degree", "is there any degree?"])
def test_a_degree_is_the_highest_and_no_school(question):
    studies = chunk(1, "BSc Nursing, Cork College\n2009 – 2013\n\nLeaving Certificate, Cork School\n2009", "Education")
    assert next(studies.text[a:b].split("\n")[0] for _, a, b in listing(question, [studies])) == "BSc Nursing, Cork College"
    assert listing(question, [chunk(1, "Diploma in Cookery, Instituto Rosario, 2009 - 2011", "Education")]) == []


def test_skills_and_projects_are_told_whole_or_not_at_all():
    def told(question, *passages):
        chunks = [chunk(n, text, section=section) for n, (section, text) in enumerate(passages, 1)]
        return [chunks[i].text[a:b] for i, a, b in listing(question, chunks)]

    both = (("Technical Skills", "R\nC++\nSQL Server 2016"), ("Soft Skills", "Patience"), ("Programming Languages", "Go, Rust"))
    assert told("Skills?", *both) == ["R", "C++", "SQL Server 2016", "Patience", "Go, Rust"]
    assert told("technical skills?", *both) == told("Tech stack?", *both) == ["R", "C++", "SQL Server 2016", "Go, Rust"]
    assert told("skills?", ("Skills", "SQL, Go\nLanguages: English\nDriving licence: B\nLanguages\nEnglish, Dutch")) == ["SQL, Go"]
    assert len(told("skills?", ("Skills", "\n".join(f"Tool{i}" for i in range(20))))) == 20
    assert told("skills?", ("Skills", "\n".join(f"Tool{i} 2016" for i in range(40)))) == []
    assert told("projects?", ("Projects", "\n".join(f"- Built a thing of {2000 + i % 3} for the town" if i % 2 else f"- Built another thing, no. {i}" for i in range(80)))) == []
    assert told("projects?", ("Personal Projects", "Opendock"), ("Academic projects", "Ferry")) == ["Opendock", "Ferry"]


@pytest.mark.parametrize("section", ["Skills, Certifications & Interests", "Technology Lead, Beta", "Project Manager, Acme", "기술 교육", "기술 블로그", "Languages"])
def test_sections_of_other_things_are_no_skills_or_projects(section):
    chunks = [chunk(1, "Cut the bill.\nPMP, AWS", section=section)]
    assert not any(listing(question, chunks) for question in ("skills?", "tech stack?", "projects?", "기술은?"))


@pytest.mark.parametrize("question", ["How many projects?", "프로젝트 몇 개야?", "Any other skills?", "다른 기술은?", "개인 프로젝트는?", "tools?"])
def test_what_asks_for_a_number_or_a_part_of_them_is_no_listing(question):
    assert not listing(question, [chunk(1, "SQL, Go", section="Skills"), chunk(2, "Opendock", section="Projects"), chunk(3, "SQL", section="기술"), chunk(4, "오픈독", section="프로젝트")])


MIXED = [
    chunk(1, "구분 | 내용 | 일자\n어학 | TOEIC 780점 | 2019.10\n수상 | QI 경진대회 우수상 | 2022.12", "어학/수상", "한지우"), chunk(2, "2013.01  영양사 면허 | 보건복지부\n2014.07  일본어 | JLPT N2\n2022.11  올해의 MD상 | 사내", "자격/어학/수상", "한지우"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("수상경력 있나요?", ["수상 | QI 경진대회 우수상 | 2022.12", "2022.11  올해의 MD상 | 사내"]), ("자격증은?", ["2013.01  영양사 면허 | 보건복지부"]), ("어학 능력은?", ["어학 | TOEIC 780점 | 2019.10", "2014.07  일본어 | JLPT N2"]),
    ],
)  # fmt: skip
def test_of_a_section_of_several_kinds_the_lines_of_that_kind(question, found):
    assert lines(question, MIXED) == found


def test_without_a_section_the_line_with_its_title_for_a_label():
    other = [chunk(1, "STEM Ambassador since 2019. Interests: fell running, brass band. Notice period: three months.", "Other")]
    assert lines("any hobbies?", other) == lines("what does he do outside work?", other) == ["Interests: fell running, brass band."]
    assert lines("any awards?", other) == []


NURSING = [chunk(1, "Bachelor of Science in Nursing (online)  2018\nFranklin Ridge University, Columbus – GPA 3.8\nAssociate Degree in Nursing  May 2015\nClark Valley Community College", "Education")]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Bachelor of Science in Nursing (online) 2018: which school", ["Bachelor of Science in Nursing (online)  2018", "Franklin Ridge University, Columbus – GPA 3.8"]),
        ("Associate Degree in Nursing: where did she get it?", ["Associate Degree in Nursing  May 2015", "Clark Valley Community College"]), ("Bachelor of Arts in Dance: which school", []), ("Bachelor of Science in Nursing: is it any good", []),
    ],
)  # fmt: skip
def test_a_degree_that_a_question_is_put_behind_is_told_with_its_school(question, found):
    assert lines(question, NURSING) == found


LEVELS = [chunk(1, "고려대학교 통계학과 석사 졸업 (2015.03 ~ 2017.02)\n숙명여자대학교 통계학과 학사 졸업 (2011.03 ~ 2015.02)", "학력", "배유진")]


@pytest.mark.parametrize(("question", "school"), [("학부는요?", "숙명"), ("학사는 어디서 했어요?", "숙명"), ("석사는 어디 나왔어요?", "고려"), ("her master's?", "고려"), ("what was his bachelor's degree in", "숙명"), ("4년제 나왔어?", "고려")])
def test_a_level_of_education_by_its_name(question, school):
    assert lines(question, LEVELS)[0].startswith(school)


@pytest.mark.parametrize("question", ["박사는요?", "master of ceremonies?", "석사 논문 제목은?", "학사 관리 경험은?"])
def test_another_level_or_more_than_the_level_is_left_alone(question):
    assert lines(question, LEVELS) == []


LETTER = [chunk(1, "1. 성장과정\n저는 시장에서 자랐습니다.\n2. 지원동기 및 입사 후 포부\n아이를 키우며 돌아가고 싶어졌습니다. 예방 사업을 체계화하고 싶습니다.", "자기소개서", "문가영")]


@pytest.mark.parametrize(("question", "found"), [("지원동기가 뭐예요", ["아이를 키우며 돌아가고 싶어졌습니다. 예방 사업을 체계화하고 싶습니다."]), ("지원동기 요약해줘", ["아이를 키우며 돌아가고 싶어졌습니다. 예방 사업을 체계화하고 싶습니다."]), ("성장과정은?", ["저는 시장에서 자랐습니다."]), ("지원 동기를 쓴 회사는?", [])])
def test_what_a_letter_says_under_a_title(question, found):
    assert " ".join(lines(question, LETTER)) == " ".join(found)


def test_a_degree_by_its_name_beside_a_higher_one():
    both = [chunk(1, "MBA, McCombs (in progress)\nB.S. Industrial Engineering, Purdue, 2014", "Education")]
    assert "B.S. Industrial Engineering, Purdue, 2014" in lines("undergrad?", both)


HONOURS = [chunk(1, "Dean's List, 2012\nFulbright Scholar, 2014\nForbes 30 Under 30, 2020", "Honors & Awards"), chunk(2, "TESOL English teaching certificate, 2016\nGerman Red Cross first aid, 2019", "Certifications & Licences")]


def test_a_title_of_one_kind_in_two_words_lists_all():
    assert len(lines("any awards?", HONOURS)) == 3 and len(lines("any certifications?", HONOURS)) == 2
    assert lines("자격증은?", [chunk(1, "관광통역안내사(영어) 2017\n우수물류관리사 2019\nTOEIC 900 2018", "자격 및 어학", "김")]) == ["관광통역안내사(영어) 2017", "우수물류관리사 2019"]


def test_the_grade_of_a_degree_is_told_by_its_own_line_alone():
    rows = [chunk(1, "2013.03 ~ 2015.02 | 너울대학교 대학원 해양생물학과 | 이학석사\n2008.03 ~ 2012.02 | 한빛섬대학교 생물교육과 | 이학사 | 평점 3.92/4.5", "학력", "옹시안")]
    told = lambda question: [rows[i].text[a:b] for i, a, b in listing(question, rows)]
    assert told("석사 때 평점은?") == [] and told("학사 평점은?") == [rows[0].text.split("\n")[1]] and told("석사는 어디서 했나요?") == [rows[0].text.split("\n")[0]]


def test_tools_are_those_of_the_section_that_has_this_title():
    resume = [chunk(1, "SDL Trados, memoQ", "Tools"), chunk(2, "Patience", "Skills"), chunk(3, "엑셀, ERP", "소프트웨어")]
    told = lambda question: [resume[i].text[a:b] for i, a, b in listing(question, resume)]
    assert told("CAT tools") == told("which tools does the candidate use?") == told("software?") == told("which software packages is she comfortable with?") == told("사용 툴은?") == ["SDL Trados, memoQ", "엑셀, ERP"]


@pytest.mark.parametrize("question", ["What grade did the candidate get for her master's?", "masters grade", "MSc Software Engineering, University of Sheffield: grade?", "what was her master's result?"])
def test_the_grade_of_a_degree_is_told_with_it(question):
    resume = [chunk(1, "MSc Software Engineering, University of Sheffield\n2013 - 2014, Distinction\n\nBEng Computer Science, Anna University\n2009 - 2013", "Education")]
    assert [resume[i].text[a:b] for i, a, b in listing(question, resume)] == ["MSc Software Engineering, University of Sheffield", "2013 - 2014, Distinction"]


@pytest.mark.parametrize("question", ["What grade did the candidate get for her bachelor's?", "BEng Computer Science: grade?"])
def test_a_degree_without_a_grade_tells_none(question):
    assert not listing(question, [chunk(1, "BEng Computer Science, Anna University\n2009 - 2013", "Education")])


@pytest.mark.parametrize(("section", "lists"), [("Language Skills", True), ("Foreign languages", True), ("Languages known", True), ("Languages & Skills", False), ("Programming Languages", False), ("Language skills & tools", False)])
def test_sections_of_languages(section, lists):
    assert bool(listing("languages?", [chunk(1, "English C1\nGerman B1", section)])) is lists


def test_schools_are_told_from_a_section_of_training_where_none_is_of_education():
    resume = [chunk(1, "Upper secondary, HVAC programme, 2009\nHot work permit, valid until 2027", "Training"), chunk(2, "- 국민대학교 소프트웨어학부 (2013.03 - 2018.08)\n- 안전 교육 8시간", "교육")]
    assert [resume[i].text[a:b] for i, a, b in listing("education?", resume)] == ["Upper secondary, HVAC programme, 2009", "- 국민대학교 소프트웨어학부 (2013.03 - 2018.08)"]
    studied = [*resume, chunk(3, "BSc, University of Oslo", "Education")]
    assert [studied[i].text[a:b] for i, a, b in listing("education?", studied)] == ["BSc, University of Oslo"]


DEGREES_TOLD = [chunk(1, "2016.3–2020.2\n대덕과학기술대학교 신소재공학과 박사\n2011.3–2013.2\n금강대 화학과 석사", "학력"), chunk(2, "BSc Nursing, Oslo\n2008 – 2012", "Education")]


@pytest.mark.parametrize("question", ["when did she graduate?", "graduation year?", "what year did he graduate from university", "졸업은 언제 했어요?", "언제 졸업했나요?", "졸업년도는요?"])
def test_when_somebody_graduated_is_told_by_the_highest_degree(question):
    assert asks_listing(question) and [RESUME_OF[i].text[a:b] for i, a, b in listing(question, RESUME_OF)] == ["BSc Nursing, Oslo", "2008 – 2012"]
    assert listing(question, [chunk(1, "BSc Nursing, Oslo", "Education")]) == []  # no year


RESUME_OF = DEGREES_TOLD[1:]


def test_the_dates_above_a_degree_are_its_own():
    told = [DEGREES_TOLD[i].text[a:b] for i, a, b in listing("대덕과학기술대학교 신소재공학과 박사: 언제 졸업했어요", DEGREES_TOLD[:1])]
    assert told == ["2016.3–2020.2", "대덕과학기술대학교 신소재공학과 박사"]


def test_where_schools_stand_above_their_degrees_each_is_told_with_its_own():
    text = "Bellevue University  Bellevue, NE\nB.S. in Accounting  Expected May 2026\nMetropolitan Community College  Omaha, NE\nAssociate in Applied Science, GPA 3.7  2006"
    told = lambda question: [text[a:b] for _, a, b in listing(question, [chunk(1, text, "Education")])]
    assert told("B.S. in Accounting Expected May 2026: from which school?") == text.split("\n")[:2]
    assert told("Associate in Applied Science: from which school?") == text.split("\n")[2:]


def test_certs_and_the_project_of_a_diploma():
    resume = [chunk(1, "- APICS CSCP, 2020\n- OSHA 30-Hour, 2019", "Certifications")]
    assert len(listing("how many certs does he hold", resume)) == 2
    resume = [chunk(1, "MA Graphic Design\nAkademia Form, Wrocław · 2012 – 2014\nDiploma project: Reading on your feet. Graded 5.0 (very good).\n\nBA Interior Architecture\nNadwarta School of Art · 2009 – 2012", "Education")]
    found = "\n".join(resume[i].text[a:b] for i, a, b in listing("MA Graphic Design: what grade did she get?", resume))
    assert "Graded 5.0" in found and "BA Interior" not in found
