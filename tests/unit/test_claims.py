"""Which statements of a reply are checked, in English and Korean, and that hostile replies stay harmless."""

import time

import pytest

from judge.claims import plain, split_claims
from judge.lead_ins import without_lead_in

MANAGES = "Does she manage people?"


def texts(reply: str, question: str = "") -> list[str]:
    return [claim.text for claim in split_claims(reply, question)]


# --------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("She lives in Ghent. She speaks Dutch.", ["She lives in Ghent.", "She speaks Dutch."]),
        ("Revenue grew 3.14% to €1.5 million.", ["Revenue grew 3.14% to €1.5 million."]),
        ("She has a B.Sc. in physics, e.g. optics.", ["She has a B.Sc. in physics, e.g. optics."]),
        ("She joined Acme Inc. in 2019. It grew.", ["She joined Acme Inc. in 2019.", "It grew."]),
        ("She worked for Acme Inc. She left in 2020.", ["She worked for Acme Inc.", "She left in 2020."]),
        ("She moved to the U.S. in May.", ["She moved to the U.S. in May."]),
        ("She moved to the U.S. She stayed there.", ["She moved to the U.S.", "She stayed there."]),
        ("Her tutor was Dr. J. R. Smith of Leuven.", ["Her tutor was Dr. J. R. Smith of Leuven."]),
        ("Write to mina.park@example.com. She answers.", ["Write to mina.park@example.com.", "She answers."]),
        ("Her site is https://x.io/a.b?c=1.2. It is new.", ["Her site is https://x.io/a.b?c=1.2.", "It is new."]),
        ("She shipped version 2.0.1. It works with Node.js.", ["She shipped version 2.0.1.", "It works with Node.js."]),
        ("She wrote it in C# and .NET. She likes it.", ["She wrote it in C# and .NET.", "She likes it."]),
        ("The team grew... slowly, to six.", ["The team grew... slowly, to six."]),
        ("She started in Jan. 2019. Then she left.", ["She started in Jan. 2019.", "Then she left."]),
        ("She led a team (six people. All remote.) in Ghent.", ["She led a team (six people. All remote.) in Ghent."]),
        ("She works at Acme [1] She studied at KAIST [2]", ["She works at Acme", "She studied at KAIST"]),
        ("Two jobs: 1. Cook at Acme. 2. Baker at Foo.", ["Cook at Acme.", "Baker at Foo."]),
        ("She led a team of 6. She left.", ["She led a team of 6.", "She left."]),
        ("대전에 삽니다. 팀원은 6명입니다.", ["대전에 삽니다.", "팀원은 6명입니다."]),
        ("대전에 삽니다.팀원은 6명입니다.", ["대전에 삽니다.", "팀원은 6명입니다."]),
        ("2020. 3. 2. 입사함. 2023년 퇴사함.", ["2020. 3. 2. 입사함.", "2023년 퇴사함."]),
        ("2019. 03 ~ 2021. 02 한빛랩스 근무", ["2019. 03 ~ 2021. 02 한빛랩스 근무"]),
        ("AUROC를 0.81에서 0.89로 높임", ["AUROC를 0.81에서 0.89로 높임"]),
        ("她在北京工作。他在上海。", ["她在北京工作。", "他在上海。"]),
    ],
)
def test_a_full_stop_ends_a_sentence_only_where_one_ends(reply, claims):
    assert texts(reply) == claims


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        # Both halves have a verb of their own and something said about it.
        (
            "She built a search service at Hanbit Labs [1] and studied at KAIST [2].",
            ["She built a search service at Hanbit Labs", "studied at KAIST."],
        ),
        ("She worked at Acme, but she left in 2019.", ["She worked at Acme", "she left in 2019."]),
        (
            "분석가 4명을 이끌고 있으며 병원 12곳의 기록을 표준화했습니다.",
            ["분석가 4명을 이끌고 있으며", "병원 12곳의 기록을 표준화했습니다."],
        ),
        ("한빛랩스에서 근무했고 KAIST를 졸업했습니다.", ["한빛랩스에서 근무했고", "KAIST를 졸업했습니다."]),
        # One verb, two objects; an adjective that looks like a verb; a list; half a sentence.
        ("She designed and built the platform.", ["She designed and built the platform."]),
        (
            "She works with distributed and replicated databases.",
            ["She works with distributed and replicated databases."],
        ),
        ("She speaks Dutch, English and Korean.", ["She speaks Dutch, English and Korean."]),
        ("서비스를 설계하고 구현했습니다.", ["서비스를 설계하고 구현했습니다."]),
        ("Python과 Go를 쓰고 있습니다.", ["Python과 Go를 쓰고 있습니다."]),
    ],
)
def test_conjunctions_are_cut_only_where_both_halves_can_be_checked(reply, claims):
    assert texts(reply) == claims


# ------------------------------------------------------------------- lines


def test_list_items_and_table_rows_are_claims_but_headings_and_column_names_are_not():
    reply = (
        "## Experience\n\n**Skills**\n- Python\n* **SQL**: 5 years\n1. Docker (since 2019)\n2) Go\n① Rust\n\n"
        "| Company | Year |\n|---|:--|\n| Hanbit Labs | 2019 |\n| KAIST | 2018 |\n---\n"
    )
    assert texts(reply) == [
        "Python",
        "SQL: 5 years",
        "Docker (since 2019)",
        "Go",
        "Rust",
        "Hanbit Labs, 2019",
        "KAIST, 2018",
    ]


def test_quotes_with_citations_are_claims():
    reply = '> "Led 4 people." [2]\n"Staff SRE, Quellhof Energy" [1]\n- “분석가 4명을 이끔” [3]'
    assert texts(reply) == ["Led 4 people.", "Staff SRE, Quellhof Energy", "분석가 4명을 이끔"]


def test_a_line_wrapped_by_hand_is_one_sentence():
    reply = "She was an engineer who worked on the metering platform in\nGhent.\n\nShe was an engineer who worked on the platform\nwhich she led."
    assert "She was an engineer who worked on the platform which she led." in texts(reply)


@pytest.mark.parametrize(
    "lead", ["Here is what I found:", "Her skills include:", "경력은 다음과 같습니다:", "경력은 아래와 같습니다."]
)
def test_lead_ins_announce_but_do_not_claim(lead):
    assert texts(f"{lead}\n- Python\n- Go") == ["Python", "Go"]


def test_a_lead_in_with_a_number_or_a_yes_claims_something():
    assert texts("She led 3 projects at Acme:\n- Atlas") == ["She led 3 projects at Acme:", "Atlas"]
    assert texts("Yes, she won awards:\n- Best Paper") == ["Yes, she won awards:", "Best Paper"]


def test_what_follows_a_lead_in_on_its_line_is_checked_alone():
    assert texts("Here is what I found: She led 4 people.") == ["She led 4 people."]
    assert texts("Answer: Busan") == ["Busan"]


# -------------------------------------------------------------- not claims


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n\t ",
        "...",
        "\x00\x1b[31m\u202e",
        "Hello!",
        "Sure!",
        "I hope this helps!",
        "Let me know if you need anything else about her work at Acme.",
        "If you have any questions, feel free to ask.",
        "Great question!",
        "Is there anything else you want to know?",
        "I think so.",
        "Here's a summary of her career.",
        "안녕하세요!",
        "도움이 되었으면 합니다.",
        "더 궁금한 점이 있으시면 말씀해 주세요.",
        "네, 알려드리겠습니다.",
        "무엇이 더 궁금하신가요?",
        "잘 모르겠습니다.",
        "The resume does not say.",
        "이력서에 나와 있지 않습니다.",
        "I cannot find her age.",
        "I do not have specific information about her hobbies.",
        "Her salary is not mentioned.",
        "연봉은 언급되지 않았습니다.",
        "취미에 대한 정보는 없습니다.",
        "## Experience",
        "|---|---|",
    ],
)
def test_small_talk_hedges_questions_and_refusals_are_no_claims(reply):
    assert texts(reply, MANAGES) == []


@pytest.mark.parametrize(
    "reply",
    [
        "Sure is the name of her company.",
        "She hopes to lead a team by 2030.",
        "She could not find a job in 2019.",
        "Thanks to her work, costs fell by 31%.",
        "She does not have a driving licence.",
        "고객에게 도움이 되는 서비스를 만들었습니다.",
        "질문 답변 시스템을 개발했습니다.",
        "She has no driving licence and no debts.",
        "경쟁사가 없습니다.",
        "아마존에서 근무했습니다.",
    ],
)
def test_statements_that_only_look_like_small_talk_are_checked(reply):
    assert texts(reply) == [reply]


def test_what_stands_beside_a_refusal_is_checked():
    reply = "The resume does not mention Kubernetes, but she used Docker at Acme for two years."
    assert texts(reply) == ["she used Docker at Acme for two years."]
    reply = "She knows Python and Go, but the resume does not mention Rust."
    assert texts(reply) == ["She knows Python and Go"]


# ------------------------------------------------------------------ yes, no


@pytest.mark.parametrize(
    "reply", ["Yes.", "No", "Yes, she does.", "No, she doesn't.", "Correct.", "네.", "아니요, 그렇지 않습니다."]
)
def test_a_bare_yes_is_checked_with_its_question(reply):
    (claim,) = split_claims(reply, MANAGES)
    assert claim.text == f"{MANAGES} {reply}"
    assert reply[claim.start : claim.end] == reply


def test_a_yes_before_a_sentence_belongs_to_it():
    assert texts("Yes. She leads a team of six.", MANAGES) == ["Yes. She leads a team of six."]
    assert texts("네. 6명을 이끌고 있습니다.", MANAGES) == ["네. 6명을 이끌고 있습니다."]


def test_a_no_that_introduces_a_refusal_denies_nothing():
    assert texts("No. The resume does not mention it.", MANAGES) == []
    assert texts("아니요. 이력서에는 없습니다. 하지만 ADsP가 있어요.", MANAGES) == ["하지만 ADsP가 있어요."]


def test_a_bare_yes_without_its_question_cannot_be_checked():
    assert texts("Yes.") == []


# -------------------------------------------------------------------- spans


REPLIES = [
    "She has a **B.Sc.** from KAIST [1]. I hope this helps!",
    "Her skills:\n- Python [1]\n- *Go* (since 2019) [2, 3]\n\n| A | B |\n|--|--|\n| Hanbit | 2019 |",
    "네. 분석가 4명을 이끌고 있으며[1] 병원 12곳의 기록을 표준화했습니다[2].\r\n> “대전에 거주” [3]",
    "<img src=x onerror=alert(1)> She `works` at ${alert(1)} ![x](http://evil/x.png) [now](javascript:alert(1)).",
    "a\u2028b\x0bc\x85She lives in Ghent.\x00 She left.",
]


@pytest.mark.parametrize("reply", REPLIES)
def test_spans_are_exact_ordered_and_apart(reply):
    claims = split_claims(reply, MANAGES)
    assert claims
    position = 0
    for claim in claims:
        assert position <= claim.start < claim.end <= len(reply)
        span = reply[claim.start : claim.end]
        assert span == span.strip()
        assert plain(span).endswith(claim.text[-10:])
        position = claim.end


def test_text_has_no_marks_citations_or_tags_but_keeps_the_words():
    (claim,) = split_claims(
        "**She** _works_ at ~~Acme~~ `Labs` [1][2], see [her page](http://x.io/a_b) <b>now</b> 【3†source】."
    )
    assert claim.text == "She works at Acme Labs, see her page now."


def test_text_keeps_what_only_looks_like_a_mark():
    for reply in [
        "She knows C*, snake_case_names and 2 * 3 = 6.",
        "Margins were < 5% and > 2%.",
        "She wrote array[i] and f(x).",
    ]:
        assert texts(reply) == [reply]


def test_phrases_that_name_the_source_are_not_part_of_the_claim():
    assert texts("Based on the resume, she lives in Ghent.") == ["she lives in Ghent."]
    assert texts("이력서에 따르면 대전에 삽니다.") == ["대전에 삽니다."]


# ------------------------------------------------------------------ hostile


@pytest.mark.parametrize("reply", REPLIES)
def test_markup_never_survives_as_markup(reply):
    for text in texts(reply):
        assert "<img" not in text and "](" not in text and "\x00" not in text and "\u202e" not in text


def test_a_template_or_script_is_plain_text():
    assert texts("${alert(1)} {{7*7}} She left.") == ["${alert(1)} {{7*7}} She left."]


@pytest.mark.parametrize(
    "piece",
    ["A. ", "(", "a and was b c d ", " ", "[a](", "*", "> ", "했고 ", "<a ", "![a](", ".", "| a ", "x", "[1] ", "\t", "_a ", "( a. ", ") ",
     "a\n", "도움이 ", "if you ", "네. ", "`", "\x00", "- ", "1. ", "#", "다.", "e.g. ", "\ud800", '"', "She led a team and "],
)  # fmt: skip
def test_ten_thousand_characters_of_anything_are_split_in_a_moment(piece):
    reply = (piece * 10_000)[:10_000]
    started = time.process_time()
    for claim in split_claims(reply, MANAGES):
        assert reply[claim.start : claim.end]
    assert time.process_time() - started < 2.0


def test_a_long_reply_keeps_all_its_claims():
    reply = " ".join(f"She led project {number} at Acme." for number in range(300))
    assert len(texts(reply)) == 300


@pytest.mark.parametrize(
    "reply",
    [
        "As an AI researcher at Naver, she published 12 papers.",
        "As an assistant professor at KAIST, she taught 300 students.",
        "I'm happy to confirm she worked at Google for 5 years.",
        "운전 경력 10년 동안 사고 기록이 없습니다.",
    ],
)
def test_a_sentence_with_a_fact_is_a_claim_however_it_begins(reply):
    assert [claim.text for claim in split_claims(reply)] == [reply]


def test_what_is_said_to_the_reader_is_no_part_of_the_claim():
    for reply in ("Sorry, she left Google in 2015.", "좋은 질문 감사합니다. 그는 2015년에 퇴사했습니다."):
        (claim,) = split_claims(reply)
        assert claim.text in ("she left Google in 2015.", "그는 2015년에 퇴사했습니다.") and reply[claim.start : claim.end].endswith(claim.text)


@pytest.mark.parametrize("reply", ["As an AI language model, I cannot say.", "I am an AI assistant.", "I'm happy to help!", "Sorry about that.", "이력서에 관련 기록이 없습니다."])
def test_what_an_assistant_says_of_itself_is_none(reply):
    assert split_claims(reply) == []


@pytest.mark.parametrize(
    ("reply", "claimed"),
    [
        ("Although her age is not mentioned, she led 40 engineers at Google.", "she led 40 engineers at Google."),
        ("She led 40 engineers at Google, though her exact title is not specified.", "She led 40 engineers at Google"),
        ("The resume does not mention her age, but she graduated in 2010.", "she graduated in 2010."),
        ("나이는 언급되어 있지 않지만, 구글에서 5년간 근무했습니다.", "구글에서 5년간 근무했습니다."),
    ],
)
def test_what_is_said_beside_a_refusal_is_a_claim(reply, claimed):
    (claim,) = split_claims(reply)
    assert claim.text == claimed == reply[claim.start : claim.end]


@pytest.mark.parametrize("text", ["As the information security lead at Samsung, she cut costs.", "From the information systems team at LG, she moved to Naver."])
def test_an_opening_with_a_fact_is_no_lead_in(text):
    assert without_lead_in(text) == text
    assert without_lead_in("Based on the information provided in the resume, she left.") == "she left."


@pytest.mark.parametrize(
    ("reply", "claimed"),
    [
        ("나이는 언급되어 있지 않고 구글에서 5년 일했습니다.", "구글에서 5년 일했습니다."),
        ("나이는 언급되어 있지 않습니다만 구글에서 5년 일했습니다.", "구글에서 5년 일했습니다."),
        ("The resume does not mention her age, however she worked at Google for 5 years.", "she worked at Google for 5 years."),
        ("The resume does not mention her age; she worked at Google for 5 years.", "she worked at Google for 5 years."),
        ("Her age is not mentioned - she worked at Google for 5 years.", "she worked at Google for 5 years."),
    ],
)
def test_a_refusal_hides_nothing_that_is_joined_to_it(reply, claimed):
    (claim,) = split_claims(reply)
    assert claim.text == claimed == reply[claim.start : claim.end]


@pytest.mark.parametrize(
    "reply",
    ["Her age isn't mentioned.", "Her hobbies aren't listed in the resume.", "연봉은 확인되지 않습니다.", "Sources: [1], [2]", "출처: [1]"],
)
def test_refusals_in_short_and_lists_of_sources_are_no_claims(reply):
    assert texts(reply) == []


@pytest.mark.parametrize("reply", ["She was not listed as an author.", "Sources of funding: KRW 3 billion from Hanbit.", "Her post was not provided by Acme."])
def test_what_only_resembles_them_is_one(reply):
    assert texts(reply) == [reply]


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("1. Python 2. Kotlin 3. SQL", ["Python", "Kotlin", "SQL"]),
        ("Skills: 1. Python 2. Kotlin", ["Python", "Kotlin"]),
        ("She shipped version 2. Kotlin came later.", ["She shipped version 2.", "Kotlin came later."]),
    ],
)
def test_a_numbered_list_on_one_line_is_several_claims(reply, claims):
    assert texts(reply) == claims


def test_a_heading_that_tells_a_year_is_a_claim():
    assert texts("### Google (2015–2020)\n- Built search") == ["Google (2015–2020)", "Built search"]
    assert texts("**Google (2015–2020)**\n- Built search") == ["Google (2015–2020)", "Built search"]
    assert texts("### Experience\n- Built search") == ["Built search"]


def test_an_address_in_angle_brackets_stays_in_its_claim():
    assert texts("Write to <mina@example.com>.") == ["Write to <mina@example.com>."]


@pytest.mark.parametrize("piece", ["1. a ", "<a@", ", she ", "않고 ", "is not listed in the ", "no information ", "Sources: [1] ", "- it "])
def test_what_looks_like_a_list_or_a_refusal_is_split_in_a_moment(piece):
    started = time.process_time()
    split_claims((piece * 5_000)[:5_000], MANAGES)
    assert time.process_time() - started < 4.0


@pytest.mark.parametrize("piece", [", she ", "않고 ", "- it ", "not listed, she ", "않지만 ", "; however "])
def test_the_time_for_asides_grows_with_the_length_alone(piece):
    varied = "".join(f"{piece}{number} " for number in range(10_000))[:10_000]
    for reply in ((piece * 10_000)[:10_000], varied):
        started = time.process_time()
        split_claims(reply)
        assert time.process_time() - started < 1.5


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("At Google she was CTO and was responsible for:\n- hiring", ["At Google she was CTO", "hiring"]),
        ("She led engineers and managed:\n- hiring", ["She led engineers", "hiring"]),
        ("She worked on the following tools and projects:\n- Kafka", ["Kafka"]),  # nothing is said before the "and"
        ("Her tasks included hiring and firing:\n- Kafka", ["Kafka"]),
        ("Here are her jobs and studies:\n- KAIST", ["KAIST"]),
    ],
)
def test_what_a_lead_in_says_before_it_announces_is_a_claim(reply, claims):
    assert texts(reply) == claims


def test_a_refusal_of_the_resume_named_it_is_no_claim():
    assert texts("The resume says she led six engineers, but it does not mention where.") == ["The resume says she led six engineers"]
    assert texts("It doesn't say.") == []
    assert texts("She does not mention her age in talks.") == ["She does not mention her age in talks."]


def test_approx_is_an_abbreviation_and_a_dash_before_and_belongs_to_no_claim():
    assert texts("She worked approx. 3 yrs. at Acme.") == ["She worked approx. 3 yrs. at Acme."]
    assert texts("She led six engineers – and hired two more people.") == ["She led six engineers", "hired two more people."]
