"""Each signal must move for what it is named after. Vectors are made by hand: words that agree share one."""

import time
import zlib
from dataclasses import replace

import numpy as np
import pytest

from judge import features
from judge.combiner import Combiner, Logistic, Supported
from judge.contrasts import clash, denial
from judge.entries import entries
from judge.features import NAMES, TextCode, best_place, cell_features, jobs_reversed, reversed_range, roles_turned
from judge.lead_ins import without_lead_in
from judge.text import focus, lines, quotes, statement, words

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
    return TextCode(text, ids, vectors, mean / np.linalg.norm(mean), np.ones(len(tokens)), which, 0)


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


def test_the_employer_of_several_posts_is_over_each_of_them_but_not_over_the_next_employers():
    text = (
        "Ida Holm – Experience\nNorth Mill, Leeds\nDyer, Jan 2017 – Mar 2019\n- Dyed wool\nWeaver, 2015 – 2016\n- Wove rugs\n"
        "South Mill, clerk (2012 – 2015)\n- Filed letters\nEast Mill\nHelper, 2010 – 2011\n- Swept"
    )
    made = entries(text)
    over = {line.text: [made[h].text for h in line.heads[1:]] for line in made}

    assert over["- Dyed wool"] == ["North Mill, Leeds", "Dyer, Jan 2017 – Mar 2019"]
    assert over["- Wove rugs"] == ["North Mill, Leeds", "Weaver, 2015 – 2016"]
    assert over["- Filed letters"] == ["South Mill, clerk (2012 – 2015)"]
    assert over["- Swept"] == ["East Mill", "Helper, 2010 – 2011"]
    assert of("At North Mill she wove rugs.", text)["other_employer"] == 0


JOBS = "Corvid, Manager (2019 – 2022)\n- Led a team of six engineers\n" + (
    "IBM Bank, Intern (2014 – 2015)\n- Did not work on the app\n- Trained 3 clerks"
)
KO_JOBS = "한빛페이 (2019.03 ~ 2022.02) 개발자\n- 6명 규모 팀을 이끌었음\n은솔 (2015.07 ~ 2019.02) 사원\n- 신입 3명 멘토링"


@pytest.mark.parametrize(
    ("claim", "evidence", "other"),
    [
        ("At IBM Bank she led a team of six engineers.", JOBS, 1),  # however short its name is
        ("At Corvid she led a team of six engineers.", JOBS, 0),
        ("은솔에서 6명 팀을 이끌었습니다.", KO_JOBS, 1),
        ("한빛페이에서 6명 팀을 이끌었습니다.", KO_JOBS, 0),
        # That somebody was employed, and how long, tells no line of what was done
        ("She no longer works at Corvid.", JOBS, 0),
        ("She worked at Corvid for 3 years.", JOBS, 0),
        ("한빛페이에서 3년간 근무했습니다.", KO_JOBS, 0),
        ("한빛페이 전에는 은솔에서 일했습니다.", KO_JOBS, 0),
    ],
)
def test_what_was_done_is_told_from_that_somebody_was_there(claim, evidence, other):
    assert of(claim, evidence)["other_employer"] == other


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
    Combiner(supported, part, part, part, part, {"supported": 0.4}, (0.6, 0.3, -0.9), (0.2, 0.1, 0.5, 0.0, 0.0, -0.4, 0.7)).save(tmp_path / "combiner.json")
    read = Combiner.load(tmp_path / "combiner.json")
    x = np.array([[1.5, 4.0], [0.0, 0.0]])

    assert read.thresholds == {"supported": 0.4} and not read.crossed
    replace(read, crossed={"relevant": part}).save(tmp_path / "crossed.json")
    assert Combiner.load(tmp_path / "crossed.json").crossed["relevant"](x) == pytest.approx(part(x))
    assert read.relevant(x) == pytest.approx(part(x))
    # z = (1.5-1)/.5*1.5 - (4-2)/2 + .25 = .75
    assert part(x)[0] == pytest.approx(1 / (1 + np.exp(-0.75)))
    assert read.supported(x)[0] == pytest.approx((8 + 0.75) / 16)
    assert read.verdict_odds(np.array([2.0]), np.array([1.0]))[0] == pytest.approx(0.6 * 2 + 0.3 * 1 - 0.9)
    assert read.verdict_odds(np.array([2.0]), np.array([1.0]), np.array([[3.0, 0.0, 0.0, 1.0]]))[0] == pytest.approx(0.4 + 0.1 + 1.5 - 0.4 + 0.7)


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


@pytest.mark.parametrize(
    ("claim", "line", "words_of"),
    [
        ("She worked on the mobile app.", "- Did not work on the mobile app", ("worked", "did not work")),
        ("He writes firmware.", "Working student: does not write firmware; tests grippers", ("writes", "does not write")),
        ("He is available on Fridays.", "not available on Fridays", ("available", "not available")),
        ("She has a driving licence.", "Driving licence: none.", ("has", "none")),
        ("He has a car.", "Has a driving licence but no car.", ("has", "no car")),
        ("He speaks French.", "Speaks German (native), Dutch (B2); no French.", ("speaks", "no french")),
        ("모바일 결제를 담당했습니다.", "- 모바일 결제는 담당하지 않음", ("담당", "담당하지 않음")),
        ("야간 근무를 희망합니다.", "야간 근무는 희망하지 않습니다.", ("희망", "희망하지 않습니다")),
        ("운전면허가 있습니다.", "운전면허 없음.", ("있습", "없음")),
    ],
)
def test_what_the_line_denies_is_not_so(claim, line, words_of):
    assert denial(claim, line) == words_of
    assert of(claim, line)["contrast"] == 1


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("She worked on the billing service.", "- Did not work on the mobile app"),  # another thing
        ("She tested the mobile app.", "- Did not work on the mobile app"),  # another deed
        ("She joined the mobile team in 2023.", "Was not part of the mobile team until 2023"),
        ("She worked on the mobile app.", "Did not only work on the mobile app but led it"),
        ("She drove 300 km without accidents.", "No accidents"),
        ("He has an accident-free record.", "No accidents"),
        ("He has a licence but no car.", "Has a licence but no car."),
        ("결제 API를 개발했습니다.", "- 모바일 결제는 담당하지 않음"),
        ("모바일 결제는 담당하지 않았습니다.", "- 모바일 결제는 담당하지 않음"),
        ("자격시험을 준비하고 있습니다.", "자격 없음, 2급"),
        ("사고가 없습니다.", "사고 없음"),
        ("활은 그가 직접 조율합니다.", "활은 직접 하지 않고 맡김"),
    ],
)
def test_what_the_line_denies_is_something_else(claim, line):
    assert of(claim, line)["contrast"] == 0


def test_what_another_line_tells_is_not_denied():
    assert denial("She worked on the mobile app.", "Did not work on the mobile app", ["Worked on the mobile app from 2021"]) is None


@pytest.mark.parametrize(
    ("claim", "line", "clashes"),
    [
        ("He speaks fluent Spanish.", "Languages: English (fluent), Norwegian (C1), Spanish (basic)", ("fluent", "basic")),
        ("일본어가 유창합니다.", "영어(유창), 일본어(기초)", ("유창", "기초")),
        ("일본어는 기초 수준입니다.", "영어(유창), 일본어(기초)", None),
        ("He is fluent in English.", "Languages: English (fluent), Norwegian (C1), Spanish (basic)", None),
        ("He speaks fluent English and basic Spanish.", "English (fluent), Spanish (basic)", None),
        ("She was a senior developer.", "Senior developer, promoted from junior developer in 2020", None),
        ("매출을 두 배로 늘렸습니다.", "매출 2배 성장, 폐기율 12%에서 4%로 감소.", None),
        ("팀원 6명을 이끌었습니다.", "팀장, 분석가 6명", None),
        ("해군에서 복무했습니다.", "육군 병장 만기전역", ("해군", "육군")),
        ("간호학과를 수석으로 졸업했습니다.", "간호학과, 차석 졸업", ("수석으로", "차석")),
        ("수석 연구원입니다.", "수석 연구원, 차석 졸업", None),
        ("She won gold at the Coupe du Pain.", "Won silver at the Coupe du Pain.", ("won gold", "won silver")),
    ],
)
def test_in_a_list_of_grades_that_of_the_thing_counts(claim, line, clashes):
    assert clash(claim, line) == clashes


@pytest.mark.parametrize(
    ("claim", "line", "fires"),
    [
        ("He is working towards the AWS certification.", "AWS certification – in progress", 0),
        ("He has the AWS certification.", "AWS certification – in progress", 1),
        ("He applied for a patent.", "Applied for a patent (pending).", 0),
        ("He has an HGV licence.", "Planned: HGV licence in 2026.", 1),
        # A degree goes on as long as its dates
        ("He has a PhD in Oceanography.", "PhD Oceanography, Bergen, 2020 – present", 1),
        ("He is doing a PhD in Oceanography.", "PhD Oceanography, Bergen, 2020 – present", 0),
        ("He has been doing a PhD in Oceanography since 2020.", "PhD Oceanography, Bergen, 2020 – present", 0),
        ("He has worked on his PhD in Oceanography.", "PhD Oceanography, Bergen, 2020 – present", 0),
        ("He has a PhD in Oceanography.", "PhD Oceanography, Bergen, 2016 – 2020", 0),
        ("통계학 박사 학위를 취득했습니다.", "통계학 박사, 한국대학교 (2023.03 ~ 현재)", 1),
        ("통계학 박사과정에 있습니다.", "통계학 박사, 한국대학교 (2023.03 ~ 현재)", 0),
        ("통계학 박사 학위를 취득했습니다.", "통계학 박사과정 재학 중 (2023.03 ~ 현재)", 1),
        # A licence that expired was issued once
        ("He was certified as a diving instructor.", "Certified diving instructor (2017, expired 2020)", 0),
        ("He is a certified diving instructor.", "Certified diving instructor; expired certified licence", 1),
    ],
)
def test_what_goes_on_is_unfinished_only_for_a_claim_that_it_is_done(claim, line, fires):
    found = of(claim, line)
    assert max(found["unfinished"], found["unfinished_near"]) == fires


ORDER = (
    "Nadia Ferro – Experience\nOstro Labs, Lead Scientist, 2021 – present\n- Led nine\nPinna Bank, Analyst, 2014 – 2017\n- Excel\n"
    "B.Sc. Mathematics, 2009 – 2012"
)


@pytest.mark.parametrize(
    ("claim", "turned"),
    [
        ("She joined Pinna Bank after Ostro Labs.", True),
        ("After Ostro Labs she was at Pinna Bank.", True),
        ("Before Pinna Bank, she was at Ostro Labs.", True),
        ("She was a lead scientist before she became an analyst.", True),
        ("Her latest job was at Pinna Bank.", True),
        ("Her first job was at Ostro Labs.", True),
        ("She joined Ostro Labs after Pinna Bank.", False),
        ("After Pinna Bank she was at Ostro Labs.", False),
        ("Before Ostro Labs, she was at Pinna Bank.", False),
        ("Her latest job is at Ostro Labs.", False),
        ("Her first job was at Pinna Bank.", False),  # before which she studied
        ("She used Excel before she moved to Ostro Labs.", False),
        ("She worked at Pinna Bank.", False),
    ],
)
def test_the_order_of_two_jobs_is_told_by_their_dates(claim, turned):
    assert jobs_reversed(claim, [ORDER]) is turned


@pytest.mark.parametrize(
    ("claim", "turned"),
    [
        ("피나은행 이전에 오스트로랩스에서 근무했습니다.", True),
        ("오스트로랩스에서 일한 후에 피나은행에서 일했습니다.", True),
        ("첫 직장은 오스트로랩스입니다.", True),
        ("오스트로랩스 이전에 피나은행에서 근무했습니다.", False),
        ("피나은행에서 일한 후 오스트로랩스로 옮겼습니다.", False),
        ("최근 직장은 오스트로랩스입니다.", False),
    ],
)
def test_the_order_of_two_jobs_is_told_in_korean_too(claim, turned):
    text = "한서우 – 경력\n오스트로랩스, 연구원, 2021.05 ~ 현재\n- 9명\n피나은행, 분석가, 2014.03 ~ 2017.12\n- 엑셀"
    assert jobs_reversed(claim, [text]) is turned


@pytest.mark.parametrize(
    ("claim", "line", "turned"),
    [
        ("She translated from English to French.", "Translator (French to English)", True),
        ("She translated from French to English.", "Translator (French to English)", False),
        ("파이썬에서 엑셀로 전환했습니다.", "엑셀에서 파이썬으로 전환", True),
        ("엑셀에서 파이썬으로 전환했습니다.", "엑셀에서 파이썬으로 전환", False),
    ],
)
def test_a_way_between_two_words_that_runs_the_other_way_is_seen(claim, line, turned):
    assert reversed_range(claim, line) is turned


@pytest.mark.parametrize(
    ("claim", "line", "turned"),
    [
        ("Dr Ines Faro reported to her.", "Reported directly to the head of laboratory, Dr Ines Faro", True),
        ("She reported to Dr Ines Faro.", "Reported directly to the head of laboratory, Dr Ines Faro", False),
        ("Two clerks report to him, who reports to the manager.", "Reports to the manager; is reported to by two clerks.", False),
        ("CTO가 그에게 보고합니다.", "9명을 이끌고 있으며 CTO에게 보고", True),
        ("CTO에게 보고합니다.", "9명을 이끌고 있으며 CTO에게 보고", False),
        ("뒤발 선생님을 가르쳤습니다.", "뒤발 선생님에게 리옹에서 사사", True),
        ("뒤발 선생님을 사사했습니다.", "뒤발 선생님에게 리옹에서 사사", False),
    ],
)
def test_who_reports_to_whom_and_who_taught_whom(claim, line, turned):
    assert roles_turned(claim, line) is turned


TWO = "Dale Whitcomb – Experience\nOrbit Freight, Hamburg\nWarehouse Supervisor, 2018 – 2020\n- Supervised 24 staff\n" + (
    "Harbour Foods, Bremen\nForklift Driver, 2014 – 2017\n- Drove 300 km a week"
)


@pytest.mark.parametrize(
    ("claim", "mixed"),
    [
        ("He was a forklift driver at Orbit Freight.", 1),
        ("He worked at Orbit Freight in Bremen.", 1),
        ("He worked for Harbour Foods from 2018 to 2020.", 1),
        ("He worked for Harbour Foods from March 2015 to June 2017.", 1),
        ("He was a forklift driver at Harbour Foods.", 0),
        ("He worked at Orbit Freight in Hamburg.", 0),
        ("He worked for Harbour Foods from 2014 to 2017.", 0),
        ("He was a forklift driver before he worked at Orbit Freight.", 0),
        ("He moved from Harbour Foods to work at Orbit Freight.", 0),
    ],
)
def test_the_post_the_place_and_the_dates_of_another_employer_are_seen(claim, mixed):
    assert of(claim, TWO)["other_employer"] == mixed


def test_what_goes_on_by_its_dates_goes_on():
    assert of("He is studying robotics.", "Robotics, TU Delft, 2024 – 2099")["status"] == 0
    assert of("He is studying robotics.", "Robotics, TU Delft, 2014 – 2019")["status"] == 1


def test_what_was_absent_denies_nothing_else():
    assert of("She migrated accounts to PostgreSQL.", "Migrated accounts to PostgreSQL without downtime")["negation"] == 0
    assert of("She migrated accounts with downtime.", "Migrated accounts to PostgreSQL without downtime")["negation"] == 1


def test_a_year_stands_in_a_month_of_it():
    assert of("She joined Hanbit in 2019.", "Hanbit, 2019.03 – 2022.02\nDaon, 2015.01 – 2019.02")["elsewhere"] == 0


@pytest.mark.parametrize(
    "piece", ["a ", "no a ", "not a ", "(a) ", "a - b, ", "가 ", "가지 ", "가 하지 않", "a: ",
     "at A ", "A ", "A to B ", "2019 – 2020, ", "before ", "has a ", "a to b "],
)  # fmt: skip
def test_ten_thousand_characters_of_anything_are_compared_in_a_moment(piece):
    text = (piece * 10_000)[:10_000]
    started = time.process_time()
    denial(text, text)
    clash(text, f"{text}x")
    jobs_reversed(text, [ORDER])
    jobs_reversed(f"before {text}", [text])
    reversed_range(text, text)
    features._headings_mixed(text, frozenset(words(text)), [text])
    assert time.process_time() - started < 3.0


def test_a_degree_of_engineering_is_one_line_with_its_subject():
    assert lines("B.Eng. Mechatronics, 2020 – 2023. M.Eng. Robotics.") == ("B.Eng. Mechatronics, 2020 – 2023.", "M.Eng. Robotics.")


def test_an_internship_is_not_the_latest_job_where_a_later_one_is():
    text = "Ida Holm – Jobs\nCorvid, Manager (2019 – 2022)\n- Led\nNimbus, Intern (2014 – 2015)\n- Filed"
    assert jobs_reversed("Her latest job is at Nimbus.", [text])
