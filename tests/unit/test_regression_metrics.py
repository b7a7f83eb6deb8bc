"""Reference metrics: the official normalisations, exact values, and a reason wherever there is no number."""

import math
from dataclasses import replace

import pytest

from judge.regression import metrics
from judge.regression.metrics import (
    Pair,
    acc_char,
    bleu,
    exact_match,
    f1,
    normalised,
    reference_scores,
    score_references,
)
from judge.regression.types import Case
from judge.types import Judgement, Score
from rag.errors import ModelError
from rag.types import Turn

RECALL = Score("context_recall", 0.5, "scored", "1 of 2")
JUDGEMENT = Judgement(
    {"faithfulness": Score("faithfulness", 1.0, "scored"), "context_recall": RECALL}, (), (), "j", 0.1
)


def case(reference="Her French is B2.", **values):
    return Case("c", "How good is her French?", reference, **values)


def turn(response):
    return Turn("", "How good is her French?", response=response, status="finished", declined=False)


@pytest.fixture
def encoder(monkeypatch):
    """Records what is put to BERTScore, and gives every pair 0.9."""
    asked = []

    def bertscores(pairs):
        asked.append(list(pairs))
        return [0.9] * len(pairs)

    monkeypatch.setattr(metrics, "bertscores", bertscores)
    return asked


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The  C2 level, in an English!", "en", "c2 level in english"),
        ("99.52%", "en", "9952"),  # as SQuAD's script has it
        ("Theatre and a man", "en", "theatre and man"),
        ("'숨결'은 《도구》입니다.", "ko", "숨결 은 도구 입니다"),
        ("(기초) TOEIC 915점!", "ko", "기초 toeic 915점"),
        ("the 데이터", "ko", "the 데이터"),  # KorQuAD drops no articles
    ],
)
def test_texts_are_normalised_as_the_official_scripts_do(text, language, expected):
    assert normalised(text, language) == expected


def test_exact_match_ignores_case_articles_and_punctuation_but_no_word():
    assert exact_match("the Apache Pulsar.", "Apache Pulsar", "en") == 1.0
    assert exact_match("Apache Kafka", "Apache Pulsar", "en") == 0.0
    assert exact_match("메디온결 입니다", "메디온결입니다.", "ko") == 0.0  # KorQuAD 1.0 keeps spaces


def test_f1_counts_words_in_english_and_characters_in_korean():
    assert f1("She works at Quellhof.", "At Quellhof Energy.", "en") == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))
    # 메디온결 of 메디온결에서: 4 of 6 characters said, all 4 expected
    assert f1("메디온결에서", "메디온결", "ko") == pytest.approx(2 * (4 / 6) * 1 / (4 / 6 + 1))
    assert f1("nothing shared", "at Quellhof", "en") == 0.0
    assert f1("go go go", "go", "en") == pytest.approx(0.5)  # a repeated word is found once


def test_character_accuracy_is_edit_distance_over_the_expected_length_and_never_negative():
    assert acc_char("9957", "9952", "en") == 0.75
    assert acc_char("a reply that goes on and on and on", "B2", "en") == 0.0
    with pytest.raises(ValueError, match="punctuation"):
        acc_char("B2", "?!", "en")


def test_bleu_of_equal_texts_is_one_however_short():
    assert bleu("B2", "B2", "en") == pytest.approx(1.0)
    assert bleu("팽수련 교수입니다.", "팽수련 교수입니다.", "ko") == pytest.approx(1.0)


def test_bleu_reads_korean_by_characters_so_that_a_particle_costs_little():
    assert bleu("파이썬만 사용할 수 있습니다.", "파이썬을 사용할 수 있습니다.", "ko") > 0.7
    assert bleu("파이썬만 사용할 수 있습니다.", "파이썬을 사용할 수 있습니다.", "en") < 0.7


def test_citations_and_marks_are_not_compared(encoder):
    scores = reference_scores(case("Her French is B2."), turn("Her **French** is B2 [1][3]."), JUDGEMENT)

    assert {scores[name].value for name in ("exact_match", "f1", "acc_char")} == {1.0}
    assert scores["bleu"].value == pytest.approx(1.0)
    assert encoder == [[Pair("Her French is B2.", "Her French is B2.")]]


def test_scores_come_in_the_order_they_are_shown_and_recall_from_the_judge(encoder):
    scores = reference_scores(case(), turn("It is B2."), JUDGEMENT)

    assert list(scores) == ["context_recall", "exact_match", "f1", "acc_char", "bleu", "bertscore"]
    assert scores["context_recall"] is RECALL


def test_a_batch_is_encoded_at_once_and_only_what_can_be_compared(encoder):
    rows = [
        (case(), turn("It is B2."), JUDGEMENT),
        (case(reference=""), turn("It is B2."), JUDGEMENT),
        (case(), turn(""), JUDGEMENT),
        (case("팽수련 교수입니다."), turn("팽수련"), None),
    ]

    made = score_references(rows)

    assert [len(pairs) for pairs in encoder] == [2]
    assert made[1] == {}
    assert made[2]["f1"] == Score("f1", None, "unscored", "the reply is empty")
    assert made[2]["bertscore"].value is None
    assert made[3]["context_recall"] == Score("context_recall", None, "unscored", "the reply was not judged")
    assert made[3]["bertscore"] == Score("bertscore", 0.9, "scored")


def test_the_wording_of_a_refusal_is_not_graded(encoder):
    scores = reference_scores(case("The resume does not say."), turn("There is no mention of it."), JUDGEMENT)

    assert {score.state for score in scores.values()} == {"unscored"}
    assert {score.reason for score in scores.values()} == {metrics.REFUSAL}
    assert encoder == [[]]


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), ModelError("no weights", "가중치 없음")])
def test_a_failing_encoder_leaves_only_its_own_metric_unscored(monkeypatch, error):
    def fail(pairs):
        raise error

    monkeypatch.setattr(metrics, "bertscores", fail)

    scores = reference_scores(case(), turn("It is B2."), JUDGEMENT)

    assert scores["bertscore"].value is None
    assert scores["bertscore"].state == "unscored"
    assert str(error) in scores["bertscore"].reason
    assert scores["f1"].state == "scored"


def test_what_is_no_number_is_unscored(monkeypatch):
    monkeypatch.setattr(metrics, "bertscores", lambda pairs: [math.nan for _ in pairs])

    assert reference_scores(case(), turn("It is B2."), JUDGEMENT)["bertscore"] == Score(
        "bertscore", None, "unscored", "BERTScore gave no number"
    )


def test_a_text_beyond_the_limit_is_not_compared(encoder):
    scores = reference_scores(case(), turn("word " * metrics.MAX_CHARS), JUDGEMENT)

    assert scores["acc_char"].state == "unscored"
    assert "too long" in scores["acc_char"].reason


def test_an_expected_answer_of_punctuation_alone_is_unscored(encoder):
    scores = reference_scores(case("?!"), turn("B2"), JUDGEMENT)

    assert scores["f1"].reason == "nothing but punctuation is expected"


def test_without_the_expected_answer_in_the_judgement_recall_is_unscored_or_asked_for(encoder):
    blind = replace(JUDGEMENT, scores={"faithfulness": JUDGEMENT.scores["faithfulness"]})

    assert reference_scores(case(), turn("It is B2."), blind)["context_recall"].value is None


def test_the_trap_has_both_languages_and_one_word_between_its_sentences(encoder):
    rows = metrics.semantic_trap()

    assert {(row.language, row.kind) for row in rows} == {
        ("en", "changed"), ("en", "paraphrase"), ("ko", "changed"), ("ko", "paraphrase"),
    }  # fmt: skip
    assert ("She can use Python.", "She can only use Python.") in {(row.reference, row.response) for row in rows}
    assert len(encoder) == 1
