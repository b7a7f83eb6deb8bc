"""The judge as shipped, with its real weights: right on plain cases, quick, and steady."""

import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from judge.models import judge_for
from judge.scoring import judge_turn
from rag.declining import Decision
from rag.errors import ModelError
from rag.models import embedded_weights
from rag.reranking import Reranker, adapted_network
from settings import Settings

EN = [
    (
        "Orla Brennan\nEXPERIENCE\nFernway Transit — Data Engineer (Feb 2019 – Aug 2022)\n"
        "- Cut nightly load time from 6 hours to 45 minutes with Spark\n- Mentored 3 interns\n"
        "Copperfield Bank — Analyst (2016 – 2018)\n- Kept report accuracy at 99.2%"
    ),
    "EDUCATION\nB.Sc. Mathematics, University of Galway, 2015\nSKILLS\nPython, Spark, Airflow, SQL",
    "LANGUAGES\nIrish (native), English (fluent), French (basic)",
]
KO = [
    (
        "도하린\n경력\n가온모빌리티 — 데이터 엔지니어 (2019.02 – 2022.08)\n- Spark로 야간 적재 시간을 6시간에서 45분으로 단축\n- 인턴 3명 멘토링\n"
        "새솔은행 — 분석가 (2016 – 2018)\n- 보고서 정확도 99.2% 유지"
    ),
    "학력\n전남대학교 수학과 학사, 2015 졸업\n기술\nPython, Spark, Airflow, SQL",
]


@pytest.fixture(scope="module")
def judge():
    return judge_for("embedded", Settings())


def verdicts(judge, question, claims, chunks):
    made = judge.matrix(question, " ".join(claims), claims, chunks)
    return made.p_supported[:, -1] >= judge.supported_threshold, made


def test_true_english_claims_pass_and_changed_ones_do_not(judge):
    true = [
        "Orla Brennan mentored 3 interns at Fernway Transit.",
        "She studied Mathematics at the University of Galway.",
    ]
    false = ["Orla Brennan mentored 8 interns at Fernway Transit.", "She studied Mathematics at Harvard University."]

    passed, _ = verdicts(judge, "What did Orla do?", true + false, EN)

    assert passed.tolist() == [True, True, False, False]


def test_true_korean_claims_pass_and_changed_ones_do_not(judge):
    true = ["가온모빌리티에서 인턴 3명을 멘토링했습니다.", "전남대학교에서 수학을 전공했습니다."]
    false = ["가온모빌리티에서 인턴 8명을 멘토링했습니다.", "부산대학교에서 수학을 전공했습니다."]

    passed, _ = verdicts(judge, "어떤 경력이 있나요?", true + false, KO)

    assert passed.tolist() == [True, True, False, False]


def test_one_digit_is_caught_and_named(judge):
    passed, made = verdicts(judge, "How accurate were the reports?", ["Report accuracy was 99.5%."], EN)

    assert not passed[0]
    assert "99.5%" in made.reasons[0][-1] and "99.2%" in made.reasons[0][-1]


def test_another_date_than_the_heading_has_is_refused_and_named(judge):
    passage = "Mira Solberg – Experience\nLecturer, University of York\n2014 – 2019\n- Taught chemistry."
    other = "Mira Solberg – Experience\nDemonstrator, ETH Zürich\n2011 – 2014"
    claims = ["She was a lecturer at the University of York from 2011 to 2019.", "She was a lecturer at the University of York from 2014 to 2019."]
    made = judge.matrix("Where did she teach?", " ".join(claims), claims, [passage, other])
    wrong, right = made.p_supported[:, -1]
    assert wrong < judge.not_found_threshold < judge.supported_threshold <= right and "2014 – 2019" in made.reasons[0][-1]



def test_a_fact_that_stands_nowhere_is_not_found_however_wide_the_doubt(judge, monkeypatch):
    monkeypatch.setattr(judge, "supported_threshold", 0.99)
    monkeypatch.setattr(judge, "not_found_threshold", 0.02)

    turn = judge_turn(judge, "How was it?", "Report accuracy was 99.5%. She mentored 3 interns.", EN)

    first, second = (verdict.label for verdict in turn.verdicts)
    assert first in ("not_found", "contradicted") and second == "not_sure"
    assert turn.scores["faithfulness"].value == 0.0


def test_the_evidence_is_the_chunk_that_says_it(judge):
    made = judge.matrix("Which languages?", "", ["She speaks French at a basic level."], EN)

    assert made.p_supported[0, :-1].argmax() == 2


def test_relevance_ranks_the_asked_section_first(judge):
    made = judge.matrix("Which university did she attend?", "", [], EN)

    assert made.p_relevant.argmax() == 1


@pytest.mark.parametrize(
    ("question", "reply", "chunks", "right"),
    [
        ("What is her blood type?", "The resume does not say.", EN, True),
        ("How many people worked at Copperfield Bank?", "The resume does not say.", EN, True),
        ("Where did she study?", "The resume does not say.", EN, False),
        ("혈액형이 뭐예요?", "이력서에 나와 있지 않습니다.", KO, True),
        ("어느 대학을 나왔나요?", "이력서에 나와 있지 않습니다.", KO, False),
    ],
)
def test_a_refusal_is_right_where_nothing_answers_and_missed_where_a_passage_does(judge, question, reply, chunks, right):
    score = judge_turn(judge, question, reply, chunks).scores["answer_relevancy"]
    assert (score.state, score.value) == ("declined", float(right)), score.reason


def test_what_tells_relevance_is_not_what_picks_the_passages_and_goes_on_from_the_layers_of_e5_itself(judge):
    e5 = AutoModel.from_pretrained(embedded_weights("encoder"), dtype=judge.model.dtype, add_pooling_layer=False)
    same = [torch.equal(mine.attention.self.query.weight, its.attention.self.query.weight) for mine, its in zip(judge.model.encoder.layer, e5.encoder.layer, strict=True)]
    assert same == [True] * 8 + [False] * 4 and judge.relevance.encoder is judge.model
    adapters = Path(Settings().data) / "adapters"
    one, other = (adapters / name / "adapter_model.safetensors" for name in ("judge/relevance", "reranker"))
    assert one.read_bytes() != other.read_bytes()


def test_relevance_by_the_shared_layers_is_what_the_whole_network_says(judge):
    encoder = AutoModel.from_pretrained(embedded_weights("encoder"), dtype=torch.float32, add_pooling_layer=False)
    network = adapted_network(encoder, Path(Settings().data) / "adapters" / "judge" / "relevance")
    whole = Reranker(network, judge.tokenizer, Decision({}, 0.0, 0.5), None, None)
    # Of unlike lengths, so that there is padding; and a passage of several windows.
    questions = ["Where did she study?", "How many engineers reported to her when she was head of the data platform team in Lisbon?"]
    chunks = [*EN, "\n".join(f"- Lectured on topic {n} in spring" for n in range(60))]
    expected = [[reading.p_answers for reading in row] for row in whole.read_all(questions, chunks)]
    assert [judge._p_tells(question, chunks) for question in questions] == [pytest.approx(np.array(row), abs=2e-3) for row in expected]


def test_a_passage_that_was_not_read_stands_behind_those_that_were(judge):
    claim = "She led a team of six engineers in Lisbon."
    chunks = ["She led a team of six engineers in Lisbon, 2019 – 2021", "Led the Lisbon office of engineers", "Engineers of six teams in Lisbon praised her", "Lisbon"]
    _, _, [read], _ = judge.claim_features("", [claim], chunks)
    [found] = judge.matrix("", claim, [claim], chunks).p_supported
    assert (read[:-1] > 0).sum() == 2 and found[-1] >= found[:-1].max()
    assert found[:-1][read[:-1] == 0].max() < found[:-1][read[:-1] > 0].max()


def test_a_relevance_adapter_on_layers_that_are_shared_is_refused(tmp_path):
    shutil.copytree(Path(Settings().data) / "adapters" / "judge", tmp_path / "adapters" / "judge")
    config = tmp_path / "adapters" / "judge" / "relevance" / "adapter_config.json"
    config.write_text(config.read_text().replace('"layers_to_transform": [', '"layers_to_transform": [\n    3,'))
    with pytest.raises(ModelError, match="below 8"):
        judge_for("embedded", Settings(data=tmp_path))


def test_a_judge_without_its_relevance_adapter_says_what_to_restore(tmp_path):
    shutil.copytree(Path(Settings().data) / "adapters" / "judge", tmp_path / "adapters" / "judge")
    shutil.rmtree(tmp_path / "adapters" / "judge" / "relevance")
    with pytest.raises(ModelError) as caught:
        judge_for("embedded", Settings(data=tmp_path))
    assert "relevance" in caught.value.en and "relevance" in caught.value.ko


def test_an_answer_scores_above_a_refusal_and_an_aside(judge):
    question = "Which university did she attend?"
    reply, refusal, aside = (
        judge.matrix(question, r, [], EN).p_answers
        for r in ("She attended the University of Galway.", "The resume does not say.", "She mentored 3 interns.")
    )

    assert reply > refusal and reply > aside


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("어느 대학에서 공부했나요?", '"B.Sc. Mathematics, University of Galway, 2015"', '"Mentored 3 interns"'),
        ("인턴은 몇 명이었나요?", '"Mentored 3 interns"', '"Irish (native), English (fluent), French (basic)"'),
        ("Where did she study?", '"전남대학교 수학과 학사, 2015 졸업"', '"인턴 3명 멘토링"'),
    ],
)
def test_a_quote_in_another_language_than_the_questions_answers_all_the_same(judge, question, right, wrong):
    p_right, p_wrong = (judge.matrix(question, reply, [], [*EN, *KO]).p_answers for reply in (right, wrong))
    assert p_right > 0.5 > p_wrong


def test_shapes_ranges_and_empty_inputs(judge):
    made = judge.matrix("q?", "r", ["one claim about Spark", "another"], EN)
    assert made.p_supported.shape == made.p_contradicted.shape == (2, 4)
    assert made.p_relevant.shape == (3,) and len(made.reasons) == 2 and len(made.reasons[0]) == 4
    assert np.all((made.p_supported >= 0) & (made.p_supported + made.p_contradicted <= 1 + 1e-9))

    assert judge.matrix("q?", "r", [], EN).p_supported.shape == (0, 4)
    assert judge.matrix("q?", "r", ["a claim"], []).p_supported.shape == (1, 1)
    assert np.isfinite(judge.matrix("", "", ["."], [" "]).p_supported).all()


def test_the_same_input_gives_the_same_matrix_whatever_stands_beside_it(judge):
    alone = judge.matrix("q?", "r", ["She mentored 3 interns."], EN).p_supported[0]
    beside = judge.matrix("q?", "r", ["She speaks French.", "She mentored 3 interns."], EN).p_supported[1]

    # bf16 and other padding move the last digits only
    assert np.allclose(alone, beside, atol=0.03)


def test_a_passage_longer_than_the_encoder_reads_is_not_lost(judge):
    filler = "\n".join(f"- Reviewed report number {i} with the regional office" for i in range(160))
    made = judge.matrix("q?", "r", ["She mentored 3 interns at Fernway Transit."], [f"{filler}\n{EN[0]}"])

    assert made.p_supported[0, 0] >= judge.supported_threshold


def test_a_server_that_does_not_answer_is_said_in_a_sentence_in_both_languages():
    with socket.socket() as free:  # a port nobody listens on
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    unreachable = judge_for(f"{url}#m", Settings())

    with pytest.raises(ModelError) as caught:
        unreachable.matrix("q?", "r", ["a claim"], EN)

    assert unreachable.id == f"decision/{url}#m"
    assert url in caught.value.en and "name another judge" in caught.value.en
    assert url in caught.value.ko and "다른 평가 모델" in caught.value.ko


def test_a_line_word_for_word_is_supported_and_half_of_it_is_judged_as_ever(judge):
    chunks = [*EN, "Orla Brennan – Other\nHas not passed the driving test in Galway yet."]
    claims = ["Has not passed the driving test in Galway yet.", "passed the driving test in Galway"]

    made = judge.matrix("Can she drive?", " ".join(claims), claims, chunks)

    assert made.p_supported[0, -1] == made.p_supported[0, 3] == 0.99 and made.p_contradicted[0, -1] < 0.011
    assert made.p_supported[0, :3].max() < 0.99 and made.reasons[0][-1] == ""
    assert made.p_supported[1, -1] < 0.99


def test_passages_read_ahead_are_not_encoded_again(judge, monkeypatch):
    chunks = [f"{text}\nRead ahead." for text in EN]
    judge.prepare(chunks)
    encoded, read = [], []
    real, passages = judge._encode_new, judge.reader._reader.passages
    monkeypatch.setattr(judge.reader._reader, "passages", lambda second: read.append(second) or passages(second))
    monkeypatch.setattr(judge, "_encode_new", lambda texts: encoded.extend(text for _, text in texts) or real(texts))

    judge.matrix("What did Orla do?", "She mentored interns.", ["She mentored interns."], chunks)

    assert encoded and not set(encoded) & set(chunks)
    assert sum(len(each.ids) for each in read) <= 1  # the reply, for whether it answers


def test_a_length_of_time_is_counted_from_the_dates_and_a_wrong_one_is_not_passed(judge):
    passages = ["Maeve Kelly – Experience\nClerk, Acme\n2013-09 – 2016-11\n- Sorted files.", "Maeve Kelly – Experience\nManager, Delta\n2017-01 – 2018-12"]
    claims = [
        "About 3 years and 3 months (2013-09 – 2016-11).", "About 5 years and 3 months of work in all.",
        "About 7 years (2013-09 – 2016-11).", "About 3 years and 3 months of work in all.",
    ]  # fmt: skip
    p = judge.matrix("How long did she work at Acme?", " ".join(claims), claims, passages).p_supported.max(1)
    assert p[0] > 0.9 and p[1] > 0.9 and p[2] < judge.supported_threshold and p[3] < 0.9
