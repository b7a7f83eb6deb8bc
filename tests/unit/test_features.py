"""Each signal must move for what it is named after. Vectors are made by hand: words that agree share one."""

import zlib

import numpy as np
import pytest

from judge import features
from judge.combiner import Combiner, Logistic, Supported
from judge.contrasts import clash
from judge.entries import entries
from judge.features import NAMES, TextCode, best_place, cell_features, reversed_range, roles_turned
from judge.text import focus, lines, quotes, statement, without_lead_in, words

EVIDENCE = (
    "Hanbit Logistics — Backend Developer (2019.03 – 2021.05)\n- Cut response time by 40% through caching\n"
    "Daon Education — Team Lead (2021.06 – present)\n- Led a team of 9 engineers\n- Raised sign-ups by 25%"
)


def code(text: str) -> TextCode:
    """A text whose words are encoded by their hash: equal words agree fully, others hardly at all."""
    tokens = words(text) or ("-",)
    vectors = np.stack([np.random.default_rng(zlib.crc32(t.encode())).normal(size=64) for t in tokens])
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    mean = vectors.mean(0)
    which = np.array([next((i for i, part in enumerate(lines(text)) if t in words(part)), 0) for t in tokens])
    ids = np.arange(len(tokens))
    return TextCode(text, ids, vectors, None, ids, mean / np.linalg.norm(mean), np.ones(len(tokens)), which, 0)


def of(claim: str, evidence: str = EVIDENCE) -> dict[str, float]:
    return dict(zip(NAMES, cell_features(code(claim), [code(evidence)]), strict=True))


def test_overlap_and_alignment_fall_with_words_that_stand_nowhere():
    true, foreign = of("Led a team of 9 engineers."), of("Won a chess tournament abroad.")

    for name in (
        "word_recall",
        "word_recall_rare",
        "gram_recall",
        "entry_recall",
        "align",
        "align_rare",
        "weakest",
        "cosine",
    ):
        assert true[name] > foreign[name], name


def test_numbers_names_and_dates_that_stand_nowhere_are_counted():
    found = of("In April 2020 she raised sign-ups by 35% at Daon and Google.")

    assert (found["numbers_missing"], found["dates_missing"], found["names_missing"]) == (1, 1, 1)
    assert of("Raised sign-ups by 25%.")["numbers_missing"] == 0


def test_a_number_of_another_entry_is_apart():
    assert of("Cut response time by 25% through caching.")["facts_apart"] == 1
    assert of("Cut response time by 40% through caching.")["facts_apart"] == 0


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("She did not cut response time through caching.", "negation"),
        ("She only cut response time through caching.", "exclusive"),
        ("She increased response time through caching.", "contrast"),
    ],
)
def test_one_small_word_that_turns_the_meaning_is_seen(claim, name):
    assert of(claim)[name] == 1
    assert of("She cut response time through caching.")[name] == 0


@pytest.mark.parametrize(
    ("claim", "evidence", "name"),
    [
        ("팀장을 맡지 않았습니다.", "다온에듀에서 팀장을 맡음", "negation"),
        ("결제 API만 개발했습니다.", "결제 API 개발", "exclusive"),
        ("비용을 늘렸습니다.", "운영 비용 절감", "contrast"),
    ],
)
def test_korean_polarity_is_seen_too(claim, evidence, name):
    assert of(claim, evidence)[name] == 1


def test_a_korean_particle_does_not_hide_a_word():
    assert of("결제를 한빛물류에서 개발했습니다.", "한빛물류 결제 개발")["word_recall"] == 1


def test_language_flags():
    assert (of("팀을 이끌었습니다.")["korean"], of("팀을 이끌었습니다.")["mixed"]) == (1, 1)
    assert (of("Led a team.")["korean"], of("Led a team.")["mixed"]) == (0, 0)


def test_words_of_one_kind_clash_only_where_the_claims_own_is_missing():
    assert clash("She reduced costs.", "reduced costs and increased revenue") is None
    assert clash("She passed on the first attempt.", "Passed on the second attempt") == ("first", "second")
    assert clash("석사 학위가 있습니다.", "컴퓨터공학 학사") == ("석사", "학사")


def test_the_place_of_a_claim_is_the_line_of_what_was_done_whatever_employer_it_names():
    own = best_place("At Hanbit Logistics she cut response time through caching", [EVIDENCE])
    foreign = best_place("At Hanbit Logistics she led a team of 9 engineers", [EVIDENCE])

    assert own.line.startswith("- Cut response time") and own.heads.startswith("Hanbit")
    assert foreign.line.startswith("- Led a team") and foreign.heads.startswith("Daon")


def test_the_employer_of_another_entry_is_seen():
    assert of("At Hanbit Logistics she led a team of 9 engineers.")["other_employer"] == 1
    assert of("At Daon Education she led a team of 9 engineers.")["other_employer"] == 0


def test_headings_stand_over_their_bullets_and_the_title_over_all():
    text = (
        "Ida Holm – Experience\nNorth Mill\nWeaver, 2015 – 2019\n- Wove 40 rugs\n- Sold 12\n"
        "South Mill, dyer (2020 – present)\n- Dyed wool\nM.A. Textile Arts, 2014"
    )
    made = entries(text)
    by_text = {line.text: line for line in made}

    assert by_text["- Sold 12"].heads == (0, 1, 2)
    assert [made[h].text for h in by_text["- Dyed wool"].heads] == ["Ida Holm – Experience", "South Mill, dyer (2020 – present)"]
    assert by_text["M.A. Textile Arts, 2014"].heads == (0,)


@pytest.mark.parametrize(
    ("claim", "line", "turned"),
    [
        ("Cut it from 9 days to 40.", "Cut it from 40 days to 9", True),
        ("Cut it from 40 days to 9.", "Cut it from 40 days to 9", False),
        ("9일에서 40일로 줄였습니다.", "처리 기간 40일 → 9일", True),
    ],
)
def test_a_range_that_runs_the_other_way_is_seen(claim, line, turned):
    assert reversed_range(claim, line) is turned


@pytest.mark.parametrize(
    ("claim", "line", "turned"),
    [
        ("Dr Ines Vale assisted her in 30 operations.", "Assisted Dr Ines Vale in 30 operations", True),
        ("She assisted Dr Ines Vale.", "Assisted Dr Ines Vale in 30 operations", False),
        ("Her thesis was supervised by Ines Vale.", "Thesis supervised by Ines Vale", False),
        ("She supervised Ines Vale's thesis.", "Thesis supervised by Ines Vale", True),
        ("She reported to three cooks.", "Managed three cooks; reported to the owner", True),
        ("견습생 3명에게 교육을 받았습니다.", "견습생 3명 교육", True),
    ],
)
def test_turned_roles_are_seen(claim, line, turned):
    assert roles_turned(claim, line) is turned


def test_what_was_not_finished_and_what_is_over_are_seen():
    assert of("She won the Vale Prize.", "Shortlisted for the Vale Prize")["unfinished"] == 1
    assert of("She was shortlisted for the Vale Prize.", "Shortlisted for the Vale Prize")["unfinished"] == 0
    assert of("She currently cuts response time through caching.")["status"] == 1
    assert of("She currently leads a team of 9 engineers.")["status"] == 0


def test_focus_keeps_the_lines_that_matter_within_the_limit():
    kept = focus("filler text here\n" * 40 + EVIDENCE, "Led a team of 9 engineers", 160)

    assert "Led a team of 9 engineers" in kept and len(kept) <= 160


def test_a_short_reply_is_read_with_its_question():
    assert statement("Where does she live?", "Busan.") == "Where does she live? Busan."
    assert statement("Where does she live?", "She lives in Busan with family members.").startswith("She lives")


def test_the_combiner_survives_its_file(tmp_path):
    part = Logistic(("a", "b"), np.array([1.0, 2.0]), np.array([0.5, 2.0]), np.array([1.5, -1.0]), 0.25)
    supported = Supported(part, ((-8.0, 0.0), (8.0, 1.0)))
    Combiner(supported, part, part, part, part, {"supported": 0.4}).save(tmp_path / "combiner.json")
    read = Combiner.load(tmp_path / "combiner.json")
    x = np.array([[1.5, 4.0], [0.0, 0.0]])

    assert read.thresholds == {"supported": 0.4}
    assert read.relevant(x) == pytest.approx(part(x))
    # z = (1.5-1)/.5*1.5 - (4-2)/2 + .25 = .75
    assert part(x)[0] == pytest.approx(1 / (1 + np.exp(-0.75)))
    assert read.supported(x)[0] == pytest.approx((8 + 0.75) / 16)
    yes, against = read.probabilities(x)
    assert np.all(yes + against <= 1)


QUOTED_FROM = "Sora Lim – Experience\n- Led a team of 9 engineers at Nordlicht.\n- Has not passed the bar exam in Oregon; took it twice.\n서울시청에서 민원을 3년 담당했습니다."


@pytest.mark.parametrize(
    "claim",
    [
        "Led a team of 9 engineers at Nordlicht",
        "Led a team of 9  engineers at Nordlicht. [2]",
        "- Has not passed the bar exam in Oregon; took it twice.",
        "서울시청에서 민원을 3년 담당했습니다.",
        "Led a team of 9 engineers at Nordlicht.\nHas not passed the bar exam in Oregon; took it twice.",
        "Sora Lim – Experience · Led a team of 9 engineers at Nordlicht",  # a heading of several lines
    ],
)
def test_whole_lines_word_for_word_are_quotes(claim):
    assert quotes(claim, QUOTED_FROM)


@pytest.mark.parametrize(
    "claim",
    [
        "passed the bar exam in Oregon",  # a part of a line may say the opposite
        "Led a team of 8 engineers at Nordlicht",
        "Led a team of 9 engineers at Nordlicht. Has passed the bar exam.",
        "Sora Lim",  # too short to say anything alone
        "Sora Lim – Experience · Has not passed the bar exam in Oregon; took it twice.",  # not next to each other
        "Led a team of 9 engineers at Nordlicht · passed the bar exam in Oregon",
        "",
    ],
)
def test_parts_and_near_quotes_are_none(claim):
    assert not quotes(claim, QUOTED_FROM)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("According to the resume, Mina led it.", "Mina led it."),
        ("Based on the provided context, he is 30.", "he is 30."),
        ("The resume says that she speaks Dutch.", "she speaks Dutch."),
        ("이력서에 따르면 미나는 서울에서 일했습니다.", "미나는 서울에서 일했습니다."),
        ("위 자료를 바탕으로 하면, 9명을 이끌었습니다.", "9명을 이끌었습니다."),
        ("In information security, she led a team.", "In information security, she led a team."),
        ("She translated documents, and taught.", "She translated documents, and taught."),
        ("In the resume database project, she wrote SQL.", "In the resume database project, she wrote SQL."),
        ("고객 정보를 분석하면 매출이 오른다는 사실을 보였습니다.", "고객 정보를 분석하면 매출이 오른다는 사실을 보였습니다."),
        ("According to the resume,", "According to the resume,"),
    ],
)
def test_what_only_speaks_of_the_documents_is_no_part_of_the_claim(said, left):
    assert without_lead_in(said) == left


def test_zero_says_no_as_well():
    assert of("She had no accidents in ten years of driving.", "Zero accidents in ten years of driving")["negation"] == 0


@pytest.mark.parametrize(
    ("claim", "evidence", "fires"),
    [
        ("She ran a conference for 500 people.", "Planned and ran a conference for 500 people", 0),
        ("She retired the legacy billing system.", "Retired the legacy billing system", 0),
    ],
)
def test_what_was_planned_and_done_was_done(claim, evidence, fires):
    assert of(claim, evidence)["unfinished"] == fires


@pytest.mark.parametrize("text", ["planned for 2027", "retired in 2020", "proposed new rules", "a suggested route"])
def test_what_was_only_planned_is_unfinished(text):
    assert features._UNFINISHED.search(text)


@pytest.mark.parametrize("line", ["한빛랩스 | 2019. 03. ~ 2022. 02. | 개발팀장", "Sr. Engineer, Norrvind (2019 – 2022)", "정보처리기사 (2018. 11. 23.)"])
def test_dates_and_abbreviations_end_no_line(line):
    assert lines(line) == (line,)


def test_a_sentence_that_ends_with_a_year_ends_there():
    assert lines("She left in 2019. Then she rested.") == ("She left in 2019.", "Then she rested.")


def test_lines_in_a_row_are_quotes_also_where_one_ends_with_a_full_stop():
    passage = "Acme Inc.\nEngineer, 2019 – 2021\n- Built search"

    assert quotes("Acme Inc. · Engineer, 2019 – 2021", passage)
    assert not quotes("Acme Inc. · Engineer, 2018 – 2021", passage)
    assert not quotes("Acme Inc. · Built search for everyone", passage)


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("지원자 관리 시스템을 주도했습니다.", "지원자 추적 시스템 개발"),
        ("경영지원팀을 이끌었습니다.", "경영지원팀 근무"),
        ("She led the customer support team.", "Customer support, team of 6"),
        ("She improved response time.", "Reduced response time"),
        ("She started front-end work.", "Front-end developer"),
        ("She opened a shop and worked closely with suppliers.", "Worked closely with suppliers; opened a shop"),
        ("She formerly worked there.", "Presented at two conferences"),
        ("She has a permanent post.", "Negotiated contracts"),
        ("It ran in over 3 hours.", "Ran in under 2 hours"),
        ("수석 연구원입니다.", "품질을 책임졌습니다."),
        ("비용을 최대한 줄였습니다.", "비용 최소화"),
        ("예금상품을 팔았습니다.", "동상 치료"),
    ],
)
def test_words_that_only_look_like_one_of_a_kind_do_not_clash(claim, line):
    assert clash(claim, line) is None


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("She led the audit.", "Supported the audit"),
        ("팀을 이끌었습니다.", "팀 운영 지원"),
        ("Costs increased.", "Costs decreased"),
        ("She is a principal engineer.", "Junior engineer"),
        ("She worked under a contract.", "Permanent post"),
        ("2020년 하반기에 선정됐습니다.", "2020년 상반기 우수사원"),
        ("It was launched in Q4 2020.", "Q3 2020: launched app"),
        ("Launched in the first quarter.", "2020년 3분기 출시"),
        ("She was CEO at Norrvind.", "CTO at Norrvind"),
        ("She was Chief Financial Officer.", "Chief Technology Officer at Norrvind"),
        ("공모전에서 금상을 받았습니다.", "공모전 은상"),
    ],
)
def test_words_of_one_kind_clash(claim, line):
    assert clash(claim, line)


@pytest.mark.parametrize(
    "text",
    ["웹 개발 부트캠프 수료", "광고대행사 근무", "반려동물 앱 개발", "preparing meals for 40 guests", "licence expires 2026", "후보자 면접 진행"],
)
def test_what_only_looks_unfinished_is_finished(text):
    assert not features._UNFINISHED.search(text)


@pytest.mark.parametrize("text", ["박사 수료", "박사과정 수료", "최우수상 후보", "planned for 2025", "팀장 대행", "preparing for the bar exam", "degree expected in 2026"])
def test_what_is_not_finished_yet_is_unfinished(text):
    assert features._UNFINISHED.search(text)


@pytest.mark.parametrize(
    ("claim", "evidence", "fires"),
    [
        ("현재까지 일하면서 검색 서비스를 구축했습니다.", "한빛랩스 | 2019.03 ~ 현재\n- 검색 서비스 구축", 0),
        ("2021년까지 근무하며 검색 서비스를 구축했습니다.", "한빛랩스 | 2019.03 ~ 현재\n- 검색 서비스 구축", 1),
        ("She built a timetable that the school office still uses.", "Teacher, Vale School (2015 – 2019)\n- Built a timetable that the school office still uses", 0),
        ("She still builds timetables for the school office.", "Teacher, Vale School (2015 – 2019)\n- Built timetables for the school office", 1),
        ("She left Vale School.", "Teacher, Vale School (2015 – present)", 1),
    ],
)
def test_what_goes_on_and_what_is_over_are_told_apart(claim, evidence, fires):
    assert of(claim, evidence)["status"] == fires


@pytest.mark.parametrize(
    ("claim", "line", "turned"),
    [
        ("She worked on Atlas from March to June.", "Led Atlas from March to June", False),
        ("She moved the service from Oracle to Postgres.", "Migrated from Oracle to Postgres", False),
        ("After leaving Kestrel she founded Orbit.", "Founded Orbit after leaving Kestrel", False),
        ("30명에게 수영을 지도했습니다.", "회원 30명을 대상으로 수영 지도", False),
        ("Maria Lopez assisted her in 30 operations.", "Assisted Maria Lopez in 30 operations", True),
        ("She reported to three cooks.", "Managed three cooks; reported to the owner", True),
    ],
)
def test_months_and_places_are_no_persons(claim, line, turned):
    assert roles_turned(claim, line) is turned


def test_the_job_one_had_before_another_is_that_of_the_line():
    evidence = (
        "Jae Kim – Work\nTeam Lead, Kestrel (2018 – 2022)\n- Introduced code reviews\n"
        "Developer, Norrvind (2015 – 2018)\n- Built the search service"
    )

    assert of("He was a developer at Norrvind before he became team lead at Kestrel.", evidence)["other_employer"] == 0
    assert of("At Norrvind he introduced code reviews.", evidence)["other_employer"] == 1


@pytest.mark.parametrize("text", ["하지만 go를 썼습니다.", "3억 5천만 원을 집행", "10명 미만 팀", "고객 불만 처리", "she reports every week", "다만 go를 썼습니다."])
def test_what_only_looks_exclusive_is_not(text):
    assert not features._EXCLUSIVE.search(text)


@pytest.mark.parametrize("text", ["결제만 담당했습니다.", "2019년까지만 근무했습니다.", "every engineer", "모든 업무", "결제만을 맡았습니다."])
def test_what_leaves_nothing_else_is_exclusive(text):
    assert features._EXCLUSIVE.search(text)


def test_an_android_app_denies_nothing():
    assert not features._NEGATION.search("안드로이드 앱을 안정적으로 운영")
    assert features._NEGATION.search("팀장을 안 맡았습니다.")
    assert features._NEGATION.search("졸업을 못했습니다.")
