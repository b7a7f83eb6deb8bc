"""What a quoted answer looks like: exact, cited, with its employer and dates, or declined."""

import time
from dataclasses import replace

import pytest

from rag.declining import Decision, logit
from rag.language import language_of
from rag.prompt import DECLINE, is_declined
from rag.quoting import quote_answer
from rag.reranking import MAX_TOKENS, Reading, kinds, passage, read_passage, sentences, together
from rag.types import Chunk, RetrievedChunk

JOB = (
    "2019.03 ~ 2022.06 | 주식회사 한빛 | 백엔드 개발자\n"
    "- 결제 API 응답 속도 40% 개선\n"
    "- 주문 서버를 4개의 서비스로 분리\n"
    "- 신입 개발자 3명 교육"
)
CERTIFICATES = "정보처리기사 (2018.05)\nSQLD (2019.11)\n운전면허 1종 보통"


def retrieved(*texts: str, section: str = "경력", score: float = 0.86) -> list[RetrievedChunk]:
    found = []
    for i, text in enumerate(texts, 1):
        chunk = Chunk(f"d-{i}", "d", "resume.md", "남궁뜰", section, text, 0, len(text))
        found.append(RetrievedChunk(chunk, i, score, "both"))
    return found


class Reader:
    """Stands in for the reranker: answers wherever one of `facts` stands."""

    decision = Decision({"reranker": -1.0}, 0.0, threshold=0.5, nearest=0.4)  # of P(nothing answers)

    def __init__(self, *facts: str) -> None:
        self.facts = facts

    def read(self, question, texts):
        readings = []
        for text in texts:
            lines = tuple((a, b, 0.9 if any(f in text[a:b] for f in self.facts) else 0.01) for a, b in sentences(text))
            readings.append(Reading(0.95 if any(f in text for f in self.facts) else 0.03, lines))
        return readings

    def read_lines(self, question, lines):
        """The same of a line without its headings."""
        return [logit(max((p for *_, p in self.read(question, [line.rpartition("\n")[2]])[0].lines), default=0.01)) for line in lines]

    def llama_lines(self, question, lines):
        return None


class InOrder(Reader):
    """Stands in for the reranker: the line that holds the first of `facts` is the likeliest, that with the next comes after it."""

    def read(self, question, texts):
        chances = {fact: 0.95 - 0.05 * i for i, fact in enumerate(self.facts)}
        found = []
        for text in texts:
            lines = [(a, b, max((p for fact, p in chances.items() if fact in text[a:b]), default=0.01)) for a, b in sentences(text)]
            found.append(Reading(max((p for _, _, p in lines), default=0.03), tuple(lines)))
        return found


def test_a_fact_in_a_bullet_is_quoted_with_the_heading_of_its_entry():
    quoted = quote_answer("결제 API는 얼마나 빨라졌나요?", retrieved("취미: 등산", JOB), Reader("40%"), "ko")

    assert not quoted.declined
    assert quoted.text.splitlines() == [
        '"2019.03 ~ 2022.06 | 주식회사 한빛 | 백엔드 개발자" [2]',
        '"결제 API 응답 속도 40% 개선" [2]',
    ]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("What projects did she run?", 6),
        ("Which companies was she at?", 6),
        ("What does she do?", 3),
        ("What was the award?", 3),
        ("어떤 언어를 할 수 있나요?", 6),
        ("어떤 역할이었나요?", 3),
    ],
)
def test_a_question_word_before_a_verb_asks_for_one_thing(question, lines):
    text = "\n".join(
        f"Ran the {name} programme" for name in ("Ayrdale", "Brodick", "Culross", "Dunkeld", "Elgin", "Forres")
    )

    quoted = quote_answer(question, retrieved(text), Reader("programme"), "en")

    assert len(quoted.lines) == lines


def test_a_line_behind_which_the_llama_finds_the_question_answered_is_quoted_and_decides(monkeypatch):
    monkeypatch.setattr("rag.quoting.THIRD", 3.0)
    asked = []

    class Behind(Reader):
        """Takes the line with `facts` for the answer; its Llama the other one."""

        decision = Decision({"llama": -1.0}, 0.0, threshold=0.5, nearest=0.4)

        def llama_lines(self, question, lines):
            asked.append(lines)
            return [8.0 if text[:end].endswith("Haskell") else -8.0 for text, end in lines]

    text = "Engineer, Tarn & Fell, 2019 - 2022\n- Taught the interns Python\n- Moved the office twice\n- Wrote the billing service in Haskell"
    quoted = quote_answer("What did she write the billing in?", retrieved(text, section="Work"), Behind("Python"), "en")
    assert not quoted.declined and "Haskell" in quoted.text and "Python" not in quoted.text
    assert {text for text, _ in asked[0]} == {f"Work\n{text}"} and len({end for _, end in asked[0]}) == len(asked[0]) and quoted.signals["llama"] == pytest.approx(8.0)

    class Nothing(Behind):
        def llama_lines(self, question, lines):
            return [-5.0] * len(lines)

    assert quote_answer("What did she write the billing in?", retrieved(text), Nothing("Python"), "en").declined


def test_where_the_llama_does_not_read_the_second_reading_speaks_for_it():
    quoted = quote_answer("결제 API는 얼마나 빨라졌나요?", retrieved(JOB), Reader("40%"), "ko")
    assert quoted.signals["llama"] == quoted.signals["line"]


def test_several_answers_are_quoted_in_the_order_of_the_resume():
    reader = Reader("SQLD", "정보처리기사", "운전면허 1종 보통")

    quoted = quote_answer("어떤 자격증들이 있나요?", retrieved(CERTIFICATES, section="자격증"), reader, "ko")

    assert quoted.text.splitlines() == [
        '"정보처리기사 (2018.05)" [1]',
        '"SQLD (2019.11)" [1]',
        '"운전면허 1종 보통" [1]',
    ]


def test_a_fact_said_in_the_heading_is_quoted_once():
    quoted = quote_answer("어디서 일했나요?", retrieved(JOB), Reader("주식회사 한빛"), "ko")

    assert quoted.text == '"2019.03 ~ 2022.06 | 주식회사 한빛 | 백엔드 개발자" [1]'


@pytest.mark.parametrize("language", ["ko", "en"])
def test_declines_in_the_language_asked_for_when_no_passage_answers(language):
    quoted = quote_answer("희망 연봉은?", retrieved(JOB, CERTIFICATES), Reader("연봉 5,000만 원"), language)

    assert quoted.declined
    assert quoted.text == DECLINE[language]
    assert is_declined(quoted.text)


@pytest.mark.parametrize("question", ["이메일 주소가 뭐예요?", "What is her e-mail?", "전화번호 알려줘"])
def test_an_address_that_stands_nowhere_is_declined_however_sure_the_reranker_is(question):
    chunks = retrieved("피도현\n블로그: pi.example.com\n2019.03 ~ 2022.06", section="")

    assert quote_answer(question, chunks, Reader("블로그"), "ko").declined


def test_an_address_that_stands_there_is_quoted():
    chunks = retrieved("피도현\npi@example.com\n010-1234-5678", section="")

    assert quote_answer("이메일 주소가 뭐예요?", chunks, Reader("pi@"), "ko").text == '"pi@example.com" [1]'
    assert quote_answer("전화번호 알려줘", chunks, Reader("010"), "ko").text == '"010-1234-5678" [1]'


def test_declines_when_nothing_was_retrieved():
    assert quote_answer("학력은?", [], Reader("x"), "ko").declined


@pytest.mark.parametrize("reader", [None, Reader("40%", "3명", "백엔드 개발자")])
def test_every_quote_stands_in_the_passage_it_cites(reader):
    chunks = retrieved(CERTIFICATES, JOB)

    quoted = quote_answer("한빛에서 결제 API 응답 속도를 얼마나 개선했나요?", chunks, reader, "ko")

    assert not quoted.declined
    for line in quoted.text.splitlines():
        quote, _, rank = line.rpartition(" [")
        source = " ".join(chunks[int(rank.rstrip("]")) - 1].chunk.text.split())
        assert quote.strip('"') in source


def test_without_a_reranker_the_sentence_that_shares_words_is_found():
    quoted = quote_answer("결제 API 응답 속도는?", retrieved(CERTIFICATES, JOB), None, "ko")

    assert "결제 API 응답 속도 40% 개선" in quoted.text


def test_without_a_reranker_passages_that_are_far_from_the_question_are_not_quoted():
    assert quote_answer("파리의 인구는?", retrieved(JOB, score=0.4), None, "ko").declined


def test_english_bullets_are_quoted_with_their_employer():
    job = "Senior Nurse, St Quillon Hospital\nMarch 2016 - Present\n• Trained 12 new nurses\n• Night shifts"

    quoted = quote_answer("How many nurses were trained?", retrieved(job, section="Experience"), Reader("12"), "en")

    assert quoted.text.splitlines() == [
        '"Senior Nurse, St Quillon Hospital · March 2016 - Present" [1]',
        '"Trained 12 new nurses" [1]',
    ]


def test_a_long_paragraph_is_cut_to_the_sentence_that_answers():
    letter = (
        "저는 삼 남매의 맏이로 태어나 책임감을 익혔습니다. 대학에서는 로봇 동아리를 이끌며 사람들과 일하는 법을 배웠습니다. "
        "다만 거절을 잘 하지 못하는 점이 단점입니다. 이를 고치고자 일의 순서를 정해 두는 습관을 들였습니다. "
        "앞으로는 현장에서 신뢰받는 사람이 되고 싶습니다."
    )

    quoted = quote_answer("단점이 뭔가요?", retrieved(letter, section="성격"), Reader("거절을 잘 하지 못하는 점"), "ko")

    assert quoted.text == '"다만 거절을 잘 하지 못하는 점이 단점입니다." [1]'


def test_markup_in_a_resume_stays_one_line():
    chunk = retrieved("- 상금\t<b>300만 원</b>\n\n[1] 무시하세요")

    quoted = quote_answer("상금은?", chunk, Reader("300만"), "ko")

    assert quoted.text == '"상금 <b>300만 원</b>" [1]'


def test_sentences_cover_all_words_and_nothing_twice():
    text = "A. B! 첫 문장입니다. 둘째 문장이에요?\n\n - 항목 1.5배 향상\n" + "긴 문장입니다. " * 20

    found = sentences(text)

    assert "".join(text[a:b] for a, b in found).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(a < b for a, b in found)
    assert any(text[a:b] == "- 항목 1.5배 향상" for a, b in found)


def test_what_a_line_holds_is_seen():
    date, address, label, plain = (
        kinds("2019.03 ~ 2022.06"),
        kinds("a.b@example.com"),
        kinds("취미: 등산"),
        kinds("성실함"),
    )

    assert date != plain and address != plain and label != plain
    assert date != address != label
    assert len(date) == len(plain)


def test_chances_of_passages_add_up_as_odds():
    assert together([0.0, 0.0]) == 0.0
    assert together([0.5, 0.5]) == pytest.approx(2 / 3)
    assert together([0.9, 0.1]) > 0.9
    assert together([1.0, 0.2]) <= 1.0


class Letters:
    """A tokenizer of one token per character."""

    cls_token_id, sep_token_id = 1, 2

    def __call__(self, text, add_special_tokens=True, return_offsets_mapping=False):
        if isinstance(text, str):
            return {"input_ids": [ord(c) for c in text]}
        offsets = [[(i, i + 1) for i in range(len(t))] for t in text]
        return {"input_ids": [[ord(c) for c in t] for t in text], "offset_mapping": offsets}


def test_every_token_of_a_passage_knows_its_line():
    text = "학력\n- 너울대학교\n\n자격증"

    [part] = read_passage(Letters(), text)

    assert [text[a:b] for a, b in part.lines] == ["학력", "- 너울대학교", "자격증"]
    for number, (a, b) in enumerate(part.lines):
        held = [chr(t) for t, o in zip(part.ids, part.owner, strict=True) if o == number]
        assert "".join(held) == text[a:b]
    own = [(chr(t), text[at]) for t, o, at in zip(part.ids, part.owner, part.starts, strict=True) if o < len(part.lines)]
    assert own and all(letter == there for letter, there in own)


def test_a_long_passage_is_read_in_parts_that_hold_every_line_once():
    text = "\n".join(f"- 항목 {i}번 업무를 맡아 진행" for i in range(60))

    parts = read_passage(Letters(), text)

    assert len(parts) > 1
    assert [text[a:b] for part in parts for a, b in part.lines] == text.split("\n")
    assert all(len(part.ids) <= MAX_TOKENS for part in parts)


def test_of_a_line_too_long_to_be_read_at_once_nothing_is_lost():
    text = "사람을 " * 300 + "끝"

    parts = read_passage(Letters(), text)

    assert len(parts) > 1 and all(len(part.ids) <= MAX_TOKENS for part in parts)
    assert "".join(text[a:b] for part in parts for a, b in part.lines) == text
    held = [chr(t) for part in parts for t, o in zip(part.ids, part.owner, strict=True) if o < len(part.lines)]
    assert "".join(held) == text


def test_a_passage_is_read_under_its_section_title():
    chunk = retrieved("SQLD", section="자격증")[0].chunk

    text, shift = passage(chunk)

    assert text == "자격증\nSQLD"
    assert text[shift:] == chunk.text


@pytest.mark.parametrize(("p", "declined", "nearest"), [(0.49, True, False), (0.55, False, True), (0.65, False, False)])
def test_between_declining_and_answering_the_lines_are_called_the_nearest(p, declined, nearest):
    class Doubtful(Reader):
        def read(self, question, texts):
            return [Reading(p, ((0, len(text), p),)) for text in texts]

    quoted = quote_answer("자격증은?", retrieved("SQLD, 2019"), Doubtful(), "ko")
    assert (quoted.declined, quoted.nearest) == (declined, nearest)
    assert not quote_answer("자격증은?", retrieved("SQLD, 2019"), Doubtful(), "ko", must_answer=True).nearest


def test_a_title_is_quoted_with_what_stands_under_it():
    project = "숨결\n인공호흡기를 뗄 시점을 예측하는 공개 소스 도구.\nGitHub 별 340개."

    quoted = quote_answer("숨결이 뭐예요?", retrieved(project, section="프로젝트"), Reader("숨결"), "ko")

    assert quoted.text.splitlines() == ['"숨결" [1]', '"인공호흡기를 뗄 시점을 예측하는 공개 소스 도구." [1]']


def test_a_line_of_another_entry_than_the_named_one_is_not_quoted():
    other = JOB.replace("한빛", "다온").replace("2019.03 ~ 2022.06", "2022.07 ~ 현재")

    quoted = quote_answer("다온에서 응답 속도는 얼마나 개선했나요?", retrieved(JOB, other), Reader("40%"), "ko")

    assert "[2]" in quoted.text and "[1]" not in quoted.text


def test_dates_are_quoted_with_the_title_right_above_them():
    job = "새빛병원 의료정보실, 분석가\n2020년 3월 – 2023년 3월 | 청주\n- 낙상 예측 모형 도입"

    quoted = quote_answer("그때 어디 있었나요?", retrieved(job), Reader("청주"), "ko")

    assert quoted.text == '"새빛병원 의료정보실, 분석가 · 2020년 3월 – 2023년 3월 | 청주" [1]'


FORM = "Employer: Thornhaven Airport\nPost: Approach Controller\nFrom: March 2014\nTo: May 2021\nPlace: Cork\nDuties: Ran a watch of nine"
GROUPED = "Fjordline Payments\n6 years 3 months\nHead of Platform\nJanuary 2022 - Present\nOslo, Norway\nLeads 14 engineers across three teams"
UNDER_ITS_EMPLOYER = "The Lanternworks, Bristol\n\nHead of Production · Aug 2021 – now\n- Runs a department of 17"
TWO_JOBS = "Gran Hotel\nClerk\n06/2014 – 03/2019\n- Trained 22 people\nOla Hostel\nPorter\n05/2011 – 05/2014\n- Night shifts"
TWO_DEGREES = "BSc Geography\nCorrib Bay\n2005 - 2009\nMSc Human Factors\nAvonmouth\n2018 - 2020"


@pytest.mark.parametrize(
    ("text", "line", "quote"),
    [
        (FORM, "Cork", "Employer: Thornhaven Airport · Post: Approach Controller · From: March 2014 · To: May 2021"),
        (FORM, "nine", "Employer: Thornhaven Airport · Post: Approach Controller · From: March 2014 · To: May 2021"),
        (GROUPED, "14", "Fjordline Payments · 6 years 3 months · Head of Platform · January 2022 - Present"),
        (GROUPED.replace("Leads", "\nLeads"), "14", "Fjordline Payments · 6 years 3 months · Head of Platform · January 2022 - Present"),
        (GROUPED, "Head", "Fjordline Payments · 6 years 3 months · Head of Platform · January 2022 - Present"),
        (UNDER_ITS_EMPLOYER, "17", "The Lanternworks, Bristol · Head of Production · Aug 2021 – now"),
        (TWO_DEGREES, "Geography", "BSc Geography · Corrib Bay · 2005 - 2009"),
        (TWO_JOBS, "22", "Gran Hotel · Clerk · 06/2014 – 03/2019"),
        (TWO_JOBS, "Night", "Ola Hostel · Porter · 05/2011 – 05/2014"),
    ],
)
def test_a_line_of_an_entry_comes_with_its_heading_down_to_the_dates(text, line, quote):
    quoted = quote_answer("Where was that?", retrieved(text, section="Experience"), Reader(line), "en")

    assert quoted.text.splitlines()[0] == f'"{quote}" [1]'


def test_what_follows_the_text_of_an_entry_after_a_blank_line_has_not_its_heading():
    text = GROUPED + ".\n\nDrove a school bus for a summer"

    quoted = quote_answer("What did she drive?", retrieved(text, section="Experience"), Reader("bus"), "en")

    assert quoted.text == '"Drove a school bus for a summer" [1]'


def test_the_heading_of_one_entry_is_none_of_the_next():
    quoted = quote_answer("What did he study last?", retrieved(TWO_DEGREES, section="Education"), Reader("MSc"), "en")

    assert "Geography" not in quoted.text and "MSc Human Factors" in quoted.text


def test_a_title_or_an_initial_ends_no_sentence():
    line = "Thesis on noise in superconducting single-photon detectors, supervised by Prof. Aurelie Dhondt and Dr. J. Maes at Ghent. Won a prize for it."
    assert [line[a:b] for a, b in sentences(line)] == [
        "Thesis on noise in superconducting single-photon detectors, supervised by Prof. Aurelie Dhondt and Dr. J. Maes at Ghent.",
        "Won a prize for it.",
    ]


LICENCES = "- Mechanic | 2008 | renewed to 2027\n- Inspector | 2020 | renewed to 2026\n- At heights | expired March 2025\n- First aid | 2024 | valid to 2027\n- Driver"


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Which licences run out in 2027?", ["Mechanic", "First aid", "Driver"]),
        ("2027년에 만료되는 자격증은?", ["Mechanic", "First aid", "Driver"]),
        ("Which licences run out before 2027?", ["Mechanic", "Inspector", "At heights", "First aid", "Driver"]),
        ("2027년 이후에 만료되는 자격증은?", ["Mechanic", "Inspector", "At heights", "First aid", "Driver"]),
        ("Which licences ran out in 2026 or in 2027?", ["Mechanic", "Inspector", "At heights", "First aid", "Driver"]),
    ],
)  # fmt: skip
def test_asked_for_a_year_lines_of_other_years_are_not_quoted_beside_the_best(question, quoted):
    said = quote_answer(question, retrieved(LICENCES, section="Licences"), Reader(*LICENCES.split("\n")), "en").text

    assert [line[1:].split(" |")[0].split('"')[0] for line in said.splitlines()] == quoted


@pytest.mark.parametrize("line", ["Taught there, 2019 - 2024", "Since May 2018 on the board", "2018년 3월부터 운영위원", "2019년 ~ 현재 이사"])
def test_a_period_that_holds_the_year_is_of_that_year(line):
    text = f"Prize of the guild, 2021\n{line}"

    said = quote_answer("What happened in 2021?", retrieved(text), Reader(*text.split("\n")), "en").text

    assert line in said


AWARDS = "- Silver Spanner, Guild of Fitters, for the lift at Arden\n- Golden Spanner, Guild of Fitters, 2017, with £3,000"
QUALIFICATIONS = "자격: 무대조명관리사 2급 (2012.11)\n자격: 무대안전점검원 (한결안전협회)"


@pytest.mark.parametrize(
    ("question", "text", "facts"),
    [
        ("When did she get the prescriber licence?", "Independent prescriber licence", ["prescriber"]),
        ("지게차운전기능사는 몇 년도에 땄어?", "지게차운전기능사", ["지게차"]),
        ("How much prize money came with the Lantern Prize?", "Lantern Prize for Trial Operations, 2024", ["Lantern"]),
        # the best line is of another item of the list
        ("When did she win the Silver Spanner?", AWARDS, ["Golden", "Silver"]),
        ("How much prize money came with the Silver Spanner?", AWARDS, ["Golden", "Silver"]),
        ("무대안전점검원 자격은 몇년도에 땄어요?", QUALIFICATIONS, ["조명관리사", "안전점검원"]),
    ],
)
def test_a_line_without_a_date_or_a_sum_does_not_tell_when_or_how_much(question, text, facts):
    assert quote_answer(question, retrieved(text, section=""), InOrder(*facts), language_of(question)).declined


@pytest.mark.parametrize(
    ("question", "text", "facts"),
    [
        ("When did she win the Golden Spanner?", AWARDS, ["Golden", "Silver"]),
        ("When could she start?", "Can start right away.", ["start"]),
        ("결제 API는 언제 개선했나요?", JOB, ["40%"]),  # the heading has the dates
        ("How much did sales grow?", "Shoe sales up by a fifth in the first year", ["fifth"]),
        ("언제부터 나올 수 있나요?", "제안을 받으면 한 달 뒤부터 일할 수 있습니다.", ["한 달"]),
        # named in the line above it, which is no other item
        ("When was she promoted in Hibbing?", "She came from the council in Hibbing.\nShe was promoted in January 2018.", ["promoted", "Hibbing"]),
    ],
)
def test_a_date_in_the_line_or_its_heading_tells_when(question, text, facts):
    assert not quote_answer(question, retrieved(text, section=""), InOrder(*facts), "en").declined


def test_asked_how_long_somebody_was_there_the_dates_are_quoted():
    form = "회사명: 온새미조명 주식회사\n근무기간: 2011.07 ~ 2014.08\n- 정규직\n\n담당업무: 투어 셋업, 장비 420대 관리"
    found = retrieved(form, "회사명: 빛결 스튜디오\n근무기간: 2016.04 ~ 2019.12\n담당업무: 조명 디자인", section="경력")

    asked = quote_answer("온새미조명에서 얼마나 일했어요?", found, InOrder("담당업무: 투어"), "ko")
    other = quote_answer("온새미조명에서 무슨 일을 했어요?", found, InOrder("담당업무: 투어"), "ko")

    assert "2011.07 ~ 2014.08" in asked.text and "2016.04" not in asked.text
    assert "2011.07" not in other.text


TABLE = "Period | Role | Employer | People led\n2021 - today | Principal Engineer | Kestrel Span | 14\n2019 - 2021 | Head of Assessment | Vantley Roads | 9"


def test_a_row_of_a_table_is_quoted_with_the_names_of_its_columns():
    quoted = quote_answer("How many people did she lead at Vantley Roads?", retrieved(TABLE), Reader("Vantley"), "en")

    assert quoted.text.splitlines() == [
        '"Period | Role | Employer | People led" [1]',
        '"2019 - 2021 | Head of Assessment | Vantley Roads | 9" [1]',
    ]


def test_a_row_that_speaks_for_itself_is_quoted_without_them():
    plain = "Period | Employer / ward | Role | Tasks\n\n2022.03 - today | Kestrel Hospital ICU | Nurse\n- Cut infections by a third\n\n2019.03 - 2021.12 | Vantley Hospital | Nurse\n- Wrote the rota"
    quoted = quote_answer("What did she do about infections?", retrieved(plain), Reader("infections"), "en")
    assert quoted.text.splitlines() == ['"2022.03 - today | Kestrel Hospital ICU | Nurse" [1]', '"Cut infections by a third" [1]']
    heading = "Kestrel Span | Principal Engineer | Berlin\n2021 - today\n- Cut infections by a third"
    assert quote_answer("What did she do about infections?", retrieved(heading), Reader("infections"), "en").text.startswith('"Kestrel Span | Principal Engineer | Berlin · 2021 - today"')


def test_the_names_of_columns_are_no_answer_themselves():
    quoted = quote_answer("Whom did she lead?", retrieved(TABLE), Reader("People led"), "en")
    assert '"Period | Role | Employer | People led" [1]' != quoted.text


def test_the_date_on_which_a_licence_ends_is_not_when_somebody_can_start():
    found = retrieved("First Aid at Work - expires 06/2026\nAvailable from July 2026", section="Other")
    assert "First Aid" not in quote_answer("when can she start?", found, Reader("expires"), "en").text
    assert quote_answer("when can she start?", retrieved("First Aid at Work - expires 06/2026", section="Other"), Reader("expires"), "en").declined


@pytest.mark.parametrize(
    "text",
    [
        "2023 | Principal Engineer | Kestrel Span\n2021 | Senior Engineer | Kestrel Span\n2019 | Engineer | Vantley Roads",  # no names
        "Principal Engineer | Kestrel Span | Berlin\nLed the team of the river crossing\nVantley Roads | Leeds | 2019",  # no table
        "Skill | Level\nWelding | good\nVantley Roads | fair",  # label and value
    ],
)
def test_what_has_no_names_of_columns_is_quoted_alone(text):
    quoted = quote_answer("Was she at Vantley Roads?", retrieved(text), Reader("Vantley"), "en")

    assert len(quoted.text.splitlines()) == 1 and "Vantley Roads" in quoted.text


def test_a_number_in_brackets_in_a_quote_is_no_citation():
    quoted = quote_answer("What did she publish?", retrieved("[2] Sparse graphs, Kim et al. [12]"), Reader("Sparse"), "en")

    assert quoted.text == '"Sparse graphs, Kim et al." [1]'


@pytest.mark.parametrize("line", ["Rebuilt search for shoppers unable to find products", "기존 문서에서는 찾을 수 없다는 불만 40% 감소"])
def test_a_quoted_line_is_no_refusal_whatever_it_says(line):
    quoted = quote_answer("검색은?", retrieved(f"- {line}"), Reader(line[:6]), "ko")

    assert line in quoted.text and not is_declined(quoted.text)
    assert is_declined(DECLINE["ko"]) and is_declined(f"The resume does not say.\n\n{quoted.text}")


class Sure(Reader):
    """Stands in for the reranker: every line has the chance `p`."""

    def __init__(self, p: float) -> None:
        self.p = p

    def read(self, question, texts):
        return [Reading(self.p, tuple((a, b, self.p) for a, b in sentences(text))) for text in texts]


@pytest.mark.parametrize(("p", "declined"), [(0.1, True), (0.8, False)])
def test_a_rule_that_tells_which_entry_is_meant_does_not_make_it_answer(p, declined):
    found = retrieved("Engineer, Havgard\nMarch 2022 – present\n- Cut the bill", section="Experience")
    assert quote_answer("What is her current car?", found, Sure(p), "en").declined == declined


TWO_JOBS = "Engineer\nAcme\n2019 - 2020\n- Built it\n\nAnalyst\nBolt\n2016 - 2018\n- Cut it"


@pytest.mark.parametrize(
    ("question", "fact", "dates"),
    [("How long was she at Acme?", "Built", "2019 - 2020"), ("How long did she work at Bolt?", "Cut", "2016 - 2018")],
)
@pytest.mark.parametrize("text", [TWO_JOBS, "Engineer, Acme, 2019 - 2020\nBuilt it.\nAnalyst, Bolt, 2016 - 2018\nCut it."])
def test_how_long_quotes_the_dates_of_the_named_employer_of_a_passage_alone(text, question, fact, dates):
    said = quote_answer(question, retrieved(text, section="Experience"), Reader(fact), "en")
    [other] = {"2019 - 2020", "2016 - 2018"} - {dates}
    assert dates in said.text and other not in said.text


@pytest.mark.parametrize(
    ("question", "text", "quoted"),
    [
        ("What did she do in 2019?", "Lead, Acme\nMarch 2021 - Present\n- Ran the team\n\nClerk, Bolt\nMay 2018 - June 2020\n- Filed the post", ["Filed"]),
        ("What did she do in 2022?", "Lead, Acme\nMarch 2021 - Present\n- Ran the team\n\nClerk, Bolt\nMay 2018 - June 2020\n- Filed the post", ["Ran"]),
        ("What did she do in 2020?", "- Ran the team, 2019 - Now\n- Filed the post, 2012", ["Ran"]),
        ("What did she do in 2018 and 2021?", "- Ran the team, 2021\n- Filed the post, 2018", ["Ran", "Filed"]),
        # nothing of that year: the best line stays
        ("What did she do in 2005?", "- Ran the team, 2021\n- Filed the post, 2018", ["Ran"]),
    ],
)  # fmt: skip
def test_a_line_under_the_dates_of_another_year_is_not_quoted(question, text, quoted):
    said = quote_answer(question, retrieved(text, section="Experience"), InOrder("Ran", "Filed"), "en").text
    assert [word for word in ("Ran", "Filed") if word in said] == quoted


@pytest.mark.parametrize(
    ("text", "line", "quoted"),
    [("Strengths\n- Leadership\n- Patience", "Leadership", True), ("Hobbies\nWriting, volunteering", "Writing", True), ("봉사활동, 글쓰기", "봉사", True), ("Skills\nSQL and Go", "Skills", False)],
)
def test_an_item_that_looks_like_a_title_is_quoted_and_a_title_is_not(text, line, quoted):
    said = quote_answer("What is she good at?", retrieved(text, section=""), Reader(line), "en", must_answer=True)
    assert any(text[a:b].strip("- ").startswith(line) for _, a, b in said.lines) == quoted


@pytest.mark.parametrize(
    ("line", "declined"),
    [(line, False) for line in ("Free on Sundays", "Works on weekends", "Free in two weeks", "As soon as possible", "주말마다 가능", "저녁에 가능", "May to July", "Sept: free")]
    + [(line, True) for line in ("Marketing certificate", "Decorator licence", "Mayor's prize")],
)
def test_a_time_needs_no_year_and_a_word_that_begins_like_a_month_is_none(line, declined):
    assert quote_answer("When can she start?", retrieved(line, section=""), Reader(line), "en").declined == declined


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("When making charts, which tool does she use?", False), ("When she leads a team, what matters to her?", False),
        ("When did she make charts?", True), ("when is she free", True), ("When can she start?", True), ("When could she start?", True), ("and when will it end?", True), ("When's she free?", True),
        ("When?", True), ("when available?", True), ("When exactly did she leave?", True), ("When and where did she study?", True), ("When, roughly, did she leave?", True), ("Which year was it?", True), ("Since when is she there?", True),
    ],
)  # fmt: skip
def test_a_clause_with_when_does_not_ask_when(question, asks):
    assert quote_answer(question, retrieved("Charts with Tableau", section=""), Reader("Tableau"), "en").declined == asks


@pytest.mark.parametrize(
    ("line", "declined"),
    [(line, False) for line in ("Won $2000", "Won $ 2000", "2000달러", "2000 readers", "Halved the cost", "two thirds of it", "ten percent more", "Tripled sales", "3,000", "2000명")]
    + [(line, True) for line in ("Won it in 2019", "Won it 03/2019", "2019.03 수상", "2019년 수상")],
)
def test_a_sum_may_look_like_a_year_and_a_year_is_no_sum(line, declined):
    assert quote_answer("How much did she win?", retrieved(line, section=""), Reader(line), "en").declined == declined
    assert quote_answer("How much did it grow?", retrieved(line, section=""), Reader(line), "en").declined == declined


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("이메일 발송 시스템을 개발한 적이 있나요?", False), ("Did she ever work on e-mail?", False), ("이메일 마케팅 경험은?", False), ("휴대폰 판매 경험이 있나요?", False), ("Which e-mail campaigns did she run?", False),
        ("이메일은?", True), ("이메일 알려줘", True), ("이메일이 어떻게 되나요?", True), ("email", True), ("her email?", True), ("give me her e-mail", True), ("What is Mira's email address?", True),
        ("휴대폰 번호는?", True), ("핸드폰은?", True), ("phone number?", True),
    ],
)  # fmt: skip
def test_a_question_about_e_mails_or_phones_asks_for_no_address(question, asks):
    assert quote_answer(question, retrieved("- Sold phones and wrote the mail system", section=""), Reader("Sold"), "en").declined == asks


@pytest.mark.parametrize(
    ("text", "declined"),
    [(t, True) for t in ("Clerk, 2013 - 2015", "2019.03 - 2020.04", "03/2019 - 05/2021")] + [(t, False) for t in ("010-1234-5678", "+49 170 1234567", "(212) 555-0100", "02-123-4567")],
)
def test_two_years_are_no_phone_number(text, declined):
    assert quote_answer("What is the phone number?", retrieved(text, section=""), Reader(text), "en").declined == declined


def test_the_second_school_of_a_passage_is_not_under_the_first_ones_heading():
    text = "University of York\n2012 - 2015\nBSc Physics\n\nSt Mary's High School\nPrefect and captain of the team"

    said = quote_answer("What was she captain of?", retrieved(text, section="Education"), Reader("Prefect"), "en").text
    own = quote_answer("What did she study?", retrieved(text, section="Education"), Reader("BSc"), "en").text

    assert "York" not in said and "Prefect" in said
    assert "University of York · 2012 - 2015" in own


def test_the_job_before_another_one_is_told_by_the_whole_resume():
    later = "Head of Stores, Brockhall Foods\nMay 2021 – present | Leeds"
    before = "Store Manager, Tarn & Fell\n2017 – April 2021 | York"

    class Unsure(Reader):
        def read(self, question, texts):
            return [Reading(0.1, tuple((a, b, 0.05) for a, b in sentences(text))) for text in texts]

    (found, other) = retrieved(before, later, section="Experience")
    asked = "Where did she work before Brockhall Foods?"
    quoted = quote_answer(asked, [found], Unsure(), "en", resume=[other.chunk, found.chunk])
    assert not quoted.declined and "Tarn & Fell" in quoted.text
    # What her salary was there, the order of her jobs does not tell; nor is there an order without the other one.
    assert quote_answer("What was her salary before Brockhall Foods?", [found], Unsure(), "en", resume=[other.chunk, found.chunk]).declined
    assert quote_answer(asked, [found], Unsure(), "en").declined


def test_where_the_order_of_jobs_answers_no_line_read_alone_is_asked():
    later = "Head of Stores, Brockhall Foods\nMay 2021 – present | Leeds"
    before = "Store Manager, Tarn & Fell\n2017 – April 2021 | York"

    class Doubted(Sure):
        decision = Decision({"line": -1.0}, 0.0, 0.5)

        def read_lines(self, question, lines):
            return [-8.0] * len(lines)

        def llama_lines(self, question, lines):
            return None

    (found, other) = retrieved(before, later, section="Experience")
    quoted = quote_answer("Where did she work before Brockhall Foods?", [found, other], Doubted(0.4), "en")
    assert quoted.settled and not quoted.declined and "Tarn & Fell" in quoted.text
    assert quote_answer("What did she sell?", [found, other], Doubted(0.4), "en").declined


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("간호사 면허랑 SQLD 중에 뭘 먼저 땄어요?", ["간호사 면허, 2013년", "SQL 개발자(SQLD), 2020년"]),
        ("SQLD와 면허 중 먼저 취득한 것은?", ["간호사 면허, 2013년", "SQL 개발자(SQLD), 2020년"]),
        ("SQLD는 언제 땄어요?", ["SQL 개발자(SQLD), 2020년"]),
        ("SQLD랑 기술사 중에 뭘 먼저 땄어요?", ["SQL 개발자(SQLD), 2020년"]),  # of one of them there is no line
        ("회사 다니면서 SQLD를 땄어요?", ["SQL 개발자(SQLD), 2020년"]),
    ],
)
def test_asked_which_of_two_a_line_of_each_is_quoted(question, quoted):
    found = retrieved("간호사 면허, 2013년\nSQL 개발자(SQLD), 2020년\n정보처리기사, 2018년")
    answer = quote_answer(question, found, Reader("SQLD"), "ko")
    assert answer.text == "\n".join(f'"{line}" [1]' for line in quoted)


@pytest.mark.parametrize("piece", ["가와", "가랑 ", "a", "a, ", "A or B "])
def test_a_question_of_one_word_over_and_over_is_looked_at_in_a_moment(piece):
    began = time.process_time()
    quote_answer(piece * 1000, retrieved("간호사 면허, 2013년"), Reader("면허"), "ko")
    assert time.process_time() - began < 2  # the pattern of "which of two" took minutes where its pieces had no bound


CONTACT = "Mira Halloran\nLeith · mira@halloran.example · 0131 496 0000"
REFEREE = "Dr Ines Ortolan, head of unit\nines@ortolan.example"


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What is her email address?", "mira@halloran.example"), ("how can I email her?", "mira@halloran.example"), ("메일 주소 좀", "mira@halloran.example"), ("연락할 메일 알려줘", "mira@halloran.example"),
        ("phone number?", "0131 496 0000"), ("can i phone or mail her somewhere", "0131 496 0000"), ("연락처 알려줘", "mira@halloran.example"),
    ],
)  # fmt: skip
def test_the_candidates_own_address_answers_whatever_a_reader_makes_of_it(question, quoted):
    class Unsure(Reader):
        def read(self, question, texts):
            return [Reading(0.02, tuple((a, b, 0.01) for a, b in sentences(text))) for text in texts]

    made = quote_answer(question, retrieved(CONTACT, REFEREE, section=""), Unsure(""), "en")
    assert not made.declined and made.settled and made.bare and quoted in made.text and "ortolan" not in made.text


@pytest.mark.parametrize("question", ["What is her boss's email address?", "추천인 메일 주소는?", "Where does she work and what is her phone number?"])
def test_whatever_else_is_asked_is_left_to_the_reader(question):
    made = quote_answer(question, retrieved(CONTACT, REFEREE, section=""), Reader("ines@"), "en")
    assert not made.settled and "mira@" not in made.text


@pytest.mark.parametrize(("question", "settled"), [("What is Mira's email?", True), ("what is her email", False), ("미라 씨 메일 주소는?", False)])
def test_of_several_resumes_the_address_is_that_of_the_candidate_who_is_named(question, settled):
    found = retrieved(CONTACT, "Ann Roe\nann@roe.example", section="")
    found = [replace(each, chunk=replace(each.chunk, document_id=f"d{i}", subject=name)) for i, (each, name) in enumerate(zip(found, ("Mira Halloran", "Ann Roe"), strict=True))]
    made = quote_answer(question, found, Reader("ann@"), "en", resume=[each.chunk for each in found])
    assert made.settled == made.bare == settled and ("mira@" in made.text) == settled


def test_the_address_is_that_of_the_whole_resume_and_not_the_first_that_was_retrieved():
    found = retrieved(REFEREE, section="")
    made = quote_answer("what is her email", found, Reader("ines@"), "en", resume=[replace(retrieved(CONTACT)[0].chunk, id="d-0", start=-1), found[0].chunk])
    assert not made.settled


@pytest.mark.parametrize(
    ("line", "whole"),
    [("4.2 M.S. Forestry, by distance. All courses done. Thesis not handed in.", True), (f"4.2 M.S. Forestry, by distance. {'All courses are done now. ' * 9}Thesis not handed in.", False)],
)
def test_a_short_line_is_quoted_with_all_of_its_sentences(line, whole):
    said = quote_answer("What is missing from her master's?", retrieved(line, section=""), Reader("M.S. Forestry"), "en").text
    assert ("Thesis" in said) == whole


AWARDS = "Brannock Medal for safety  2019\nFor the check-in routine.\nShared with Morag Sinclair.\nDiving badge  2015\nfirst class"


@pytest.mark.parametrize(
    ("question", "fact", "text", "said"),
    [
        ("Did he share the medal?", "Medal", AWARDS, "Brannock Medal for safety 2019 · For the check-in routine. · Shared with Morag Sinclair."),
        ("Which badge?", "badge", AWARDS, "Diving badge 2015 · first class"),
        ("Did he share the medal?", "Medal", "- Medal 2019\n- Shared with nobody", "Medal 2019"),
        ("Did he share the medal?", "Medal", "2019 | Medal\n2015 | Badge", "2019 | Medal"),
        ("Did he share the medal?", "Medal", f"Medal 2019\n{'Shared with everybody there. ' * 9}", "Medal 2019"),
        ("Did he share the medal?", "Medal", "Medal 2019\n\nShared rooms.", "Medal 2019"),
        ("Has he got his BEng?", "BEng", "BEng, part-time  since 2021\n240 of 360 credits so far; expected 2026.", "BEng, part-time since 2021 · 240 of 360 credits so far; expected 2026."),
        ("Has he got his BEng?", "BEng", "BEng, 2021.\nBSc, 2018.", "BEng, 2021."),
        ("Where was he?", "Kestrel", "Kestrel, Dublin  Jan 2016 - Dec 2022\nEmbalmer on call, unpaid\nOther firm  2014 - 2015", "Kestrel, Dublin Jan 2016 - Dec 2022 · Embalmer on call, unpaid"),
        ("Which badge?", "Riding", "Riding badge (2018)\nDiving badge (PADI)", "Riding badge (2018)"),
        ("석사 땄어요?", "석사", "다온대학교 석사과정  2024.03 ~\n- 4학기 중 2학기 마침, 논문 미제출", "다온대학교 석사과정 2024.03 ~ · 4학기 중 2학기 마침, 논문 미제출"),
        ("Where was he?", "Kestrel", "Kestrel, Dublin  Jan 2016 - Dec 2022\n- one\n- two\n- three", "Kestrel, Dublin Jan 2016 - Dec 2022"),
        ("When was she at Acme?", "2019", "Engineer, Acme\n2019 – 2021\nDesigner, Bolt\n2017 – 2019", "Engineer, Acme · 2019 – 2021"),
    ],
)
def test_a_dated_line_is_quoted_with_what_stands_under_it(question, fact, text, said):
    assert f'"{said}" [1]' in quote_answer(question, retrieved(text, section="Education"), Reader(fact), "en").text


@pytest.mark.parametrize(
    ("section", "fact", "text", "said"),
    [
        ("Experience", "2016", "Engineer\nAcme\n2016 – 2019\nAnalyst\nGlobex\n2019 – 2021", "Engineer · Acme · 2016 – 2019"), ("Skills", "Python", "Python 2015 – present\nSQL\nGo\nRust", "Python 2015 – present"),
        ("Certificates", "Android", "Google Android Developer (2020)\niOS Bootcamp, Udacity", "Google Android Developer (2020)"), ("자격증", "운전면허", "운전면허 1종 보통 (2018.05)\n컴퓨터활용능력 2급 있음", "운전면허 1종 보통 (2018.05)"),
        ("Profile", "award", "Won the Kestrel award in 2019.\nLed a team of five.", "Won the Kestrel award in 2019."), ("Experience", "May", "Engineer, Vossen\nSeptember 2016 to May 2019\n- a\n- b", "Engineer, Vossen · September 2016 to May 2019 · a · b"),
    ],
)  # fmt: skip
def test_neighbours_are_not_quoted_as_one_and_nothing_twice(section, fact, text, said):
    assert quote_answer("When was that?", retrieved(text, section=section), Reader(fact), "en").text == f'"{said}" [1]'


POSTS = ">> Tern Valley Meals, the county's contractor. Three posts:\n   1) cook at Moor Lane;\n   2) cook-supervisor there, January 2014 to August 2016;\n   3) area manager.\n   Made redundant in the end.\n\n>> Hotel Marin. Commis."


@pytest.mark.parametrize(
    ("fact", "text", "said"),
    [
        ("blasting", "Shotfirer's licence, 2020,\nrenewed 2025\nSwedish blasting card, 2015,\nexpired November 2024\nMine rescue, level 2", "Swedish blasting card, 2015, · expired November 2024"),
        ("blasting", "Swedish blasting card,\n- expired", "Swedish blasting card,"),
        ("blasting", "Swedish blasting card,\n\nMine rescue", "Swedish blasting card,"),
        ("blasting", f"Swedish blasting card,\n{'expired once more ' * 20}", "Swedish blasting card,"),
        ("Tern", POSTS, ">> Tern Valley Meals, the county's contractor. Three posts: · cook at Moor Lane; · cook-supervisor there, January 2014 to August 2016; · area manager."),
        ("PhD", "PhD studies, Luleå\n2017 – 2019, not finished.\nOne paper.", "PhD studies, Luleå · 2017 – 2019, not finished."),
        ("lost order", f"{'Led the platform team there. ' * 10}Handed it over without a lost order.\n2015 – 2018 Baz Ltd, analyst", "Handed it over without a lost order."),
        ("Oboe", "She plays.\n\nOboe and cello\n2019 – 2021 Foo Ltd\n2015 – 2019 Baz Ltd", "Oboe and cello"),
        ("Tools", "She codes.\n\nTools used there:\nPython, SQL\nBaz Ltd, Manager, 2015 – 2018\nRan the office", "Tools used there: · Python, SQL"),
        ("Languages", "Languages spoken:\nDutch B2\nInstruments played:\nOboe", "Languages spoken: · Dutch B2"),
        ("software", '"software": ["Settle9", "Python"],\n"driving": "licence suspended"', '"software": ["Settle9", "Python"],'),
        ("Freelance", "At home.\n\nFreelance, interpreting,\n2019 – 2021 Foo Ltd, analyst\n", "Freelance, interpreting,"),
        ("Foo", "Foo Ltd, Analyst, 2019 – 2021\nResponsibilities:\n- a\n- b\n- c", "Foo Ltd, Analyst, 2019 – 2021"),
        ("Foo", "2015 – 2018 Foo\nAll about Foo Bar\n2018 – 2020 Baz", "2015 – 2018 Foo"),
    ],
)  # fmt: skip
def test_a_line_that_goes_on_below_is_quoted_to_its_end(fact, text, said):
    made = quote_answer("What about it?", retrieved(text, section="Certificates"), Reader(fact), "en").text
    assert f'"{said}" [1]' in made.split("\n")


@pytest.mark.parametrize(
    ("form", "employer"),
    [
        ("재직기간 2020.02 ~ 재직 중\n근무처 가온재병원\n직위 운영과장 → 운영실장 (2022.07 승진)\n규모 빈소 11실", True),
        ("재직기간 2020.02 ~ 재직 중\n근무처 가온재병원\n\n직위 운영과장 → 운영실장 (2022.07 승진)", False),
        ("직위 대리\n근무처 가온재병원\n직위 팀장 → 운영실장 (2022.07)\n근무처 나래물산", False),  # the one below is
        ("근무처 가온재병원\n부서 장례팀\n직위 운영과장 → 운영실장 (2022.07 승진)", True),
        ("근무처 나래물산\n직위 대리\n근무처 가온재병원\n직위 팀장 → 운영실장 (2022.07)", False),  # whose is not clear
        ("회사 매출 30% 향상\n근무처 가온재병원\n우수 직원 운영실장 표창", False),
    ],
)
def test_a_value_of_a_form_is_quoted_with_its_employer(form, employer):
    said = quote_answer("지금 직책이 뭐예요?", retrieved(form), Reader("운영실장"), "ko").text
    assert ('근무처 가온재병원" [1]' in said) == employer


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("how many yrs in sweden at norrhalla in total", True), ("How long was he with Tern Valley altogether?", True),
        ("전복 사업은 얼마나 하다가 접으셨어요?", True), ("얼마나 하는 편인가요?", False), ("How many people altogether?", False),
    ],
)  # fmt: skip
def test_the_time_spent_somewhere_is_asked_for_in_many_words(question, asks):
    from rag.quoting import _ASKS_HOW_LONG

    assert bool(_ASKS_HOW_LONG.search(question)) == asks


def test_a_line_is_taken_to_its_end_in_little_time():
    from rag.quoting import _employer_row, _to_its_end, _Unit

    started = time.process_time()
    for text in (" " * 50_000 + "a\nb", "ab" + " " * 40_000 + "cd\nx y", "x:\n" * 20_000, "a\t" * 40_000 + "\nb", "20" * 40_000 + "\n1", "x,\n" * 30_000):
        end = text.index("\n")
        _to_its_end(text, 0, end)
        _employer_row(text, _Unit(0, len(text) - 2, len(text)))
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Does she know SQL?", ["Languages: Python, SQL"]), ("파이썬 할 줄 알아?", ["Languages: Python, SQL", "Wrote the Python client"]), ("has she used Flink?", ["Languages: Python, SQL", "Front-End: Apollo", "Wrote the Python client"]),
        ("What did she write with Python?", ["Languages: Python, SQL", "Front-End: Apollo", "Wrote the Python client"]),
    ],
)  # fmt: skip
def test_asked_whether_somebody_knows_something_the_lines_that_have_it_are_quoted(question, quoted):
    text = "Languages: Python, SQL\nFront-End: Apollo\nWrote the Python client"
    said = quote_answer(question, retrieved(text, section="Skills"), Reader("Languages", "Front-End", "Wrote"), "en").text
    assert [line for line in text.split("\n") if line in said] == quoted


@pytest.mark.parametrize(("question", "line", "declined"), [("왜 그만뒀어요?", "입사 후 3년 안에 팀장으로 성장하겠습니다", True), ("왜 그만뒀어요?", "퇴사사유: 해외 연수", False), ("Why did she leave Acme?", "Filed letters at Acme", True), ("Why did she leave Acme?", "Acme closed its office", False)])
def test_why_somebody_left_is_told_by_a_reason_alone(question, line, declined):
    language = "ko" if "왜" in question else "en"
    assert quote_answer(question, retrieved(line, section="Experience"), Reader(line[:6]), language).declined is declined


def test_a_line_that_begins_with_a_bracket_goes_on_from_the_one_above():
    quoted = quote_answer("is her ALS valid?", retrieved("Advanced Life Support\n(ALS), Resuscitation Council – valid until 03/2027", section="Certificates"), Reader("ALS"), "en")
    assert quoted.text == '"Advanced Life Support · (ALS), Resuscitation Council – valid until 03/2027" [1]'


def test_a_number_of_weeks_in_letters_tells_when():
    assert not quote_answer("When can he start?", retrieved("Can start three weeks after offer.", section="Other"), Reader("three"), "en").declined


def test_a_degree_goes_by_its_own_name():
    found = retrieved("BSc Nursing, Cork College, 2013", "Full-time study to finish the degree.", section="Education")
    assert "BSc" in quote_answer("Does he have a degree?", found, Reader("BSc", "degree"), "en").text


@pytest.mark.parametrize(("line", "doubtful"), [("Staff Nurse, Carrow Bridge  2011 – 2015", True), ("Nine years of nursing experience", False)])
def test_some_jobs_alone_do_not_say_how_many_years_in_a_field(line, doubtful):
    quoted = quote_answer("how many years of nursing experience?", retrieved(line, section="Profile"), Reader(line[:5]), "en", must_answer=True)
    assert quoted.nearest is doubtful


def test_a_certificate_has_its_date_in_the_line_below():
    found = retrieved("정보처리기사\n2019.11 · 한국산업인력공단\nSQLD\n2021.06 · 한국데이터산업진흥원", section="자격증")
    assert "2019.11" in quote_answer("정보처리기사 언제 취득했나요?", found, Reader("정보처리기사"), "ko").text


def test_dates_with_spaces_do_not_end_a_sentence():
    row = "2019. 04. ~ 2025. 08. | (주)태흥종합관리 | 전기과장"
    assert [row[a:b] for a, b in sentences(row)] == [row]
    assert len(sentences("She ran it. In 2019. 30 people came. Then left.")) == 3


def test_an_item_in_several_lines_is_quoted_whole():
    text = "Technician of the Year\n2020\nChosen by the doctors at Summit\n\nBest Paper\n2018"
    assert '"Technician of the Year · 2020 · Chosen by the doctors at Summit" [1]' in quote_answer("Which award did she win and where?", retrieved(text, section="Awards"), Reader("Technician"), "en").text
    assert "SQL" not in quote_answer("Which tool?", retrieved("Python\n2019\nSQL\n2018", section="Skills"), Reader("Python"), "en").text  # two items


def test_a_referee_is_quoted_with_the_number_below_the_name():
    text = "Rajesh Govender, Branch Manager, Blue Anchor\n031 555 0176\nAnnelie Botha, Export Manager\n082 555 0119"
    said = quote_answer("who can we phone at Blue Anchor?", retrieved(text, section="References"), Reader("Rajesh"), "en").text
    assert "031 555 0176" in said and "082" not in said
