"""When a guided generator declines: a readable regression, and a file that says what is wrong with it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.declining import (
    FEATURES,
    FILE,
    QUOTING_FEATURES,
    SENTENCE_FEATURES,
    Decision,
    logit,
    sentence_signals,
    signals,
)
from rag.errors import ModelError
from rag.training.declining import coefficients, fit, left_out, p_of, shares, threshold_for
from settings import Settings


def test_logits_are_bounded():
    assert logit(0.5) == 0
    assert logit(0.0) == pytest.approx(-12, abs=0.1) and logit(1.0) == pytest.approx(12, abs=0.1)
    assert math.isfinite(logit(1e-300))


def voices(p_passages: float, p_declines: float) -> dict[str, float]:
    """What reranker and generator say of a question that words tell nothing of."""
    return {**dict.fromkeys(FEATURES, 0.0), "reranker": logit(p_passages), "generator": logit(p_declines)}


def test_either_voice_can_decline_and_either_can_save():
    decision = Decision({"reranker": -1.0, "generator": 1.0}, 0.0, 0.5)
    assert decision.p_unanswerable(voices(0.1, 0.6)) > decision.threshold > decision.p_unanswerable(voices(0.9, 0.6))
    assert decision.p_unanswerable(voices(0.5, 0.5)) == pytest.approx(0.5)


RESUME = ["Education\nBSc Mathematics, Lisse College, 2004", "Experience\nPayroll officer, Orrin Ltd, 2005 to 2011"]


@pytest.mark.parametrize(
    ("question", "best", "expected"),
    [
        # "bsc", "mathematics" and "payroll" of four words stand in the resume; "lisse", "college", "2004" are new.
        ("Was her BSc Mathematics mixed with payroll?", "BSc Mathematics, Lisse College, 2004", (0.25, math.log1p(3), 0.0)),
        ("BSc Mathematics?", "BSc Mathematics", (0.5, 0.0, 0.0)),
        ("grade of her BSc?", "BSc Mathematics, Lisse College, 2004", (0.0, math.log1p(4), 1.0)),
        ("What is her blood type?", "BSc Mathematics", (0.0, math.log1p(2), 0.0)),
        ("?!", "BSc", (0.0, math.log1p(1), 0.0)),
    ],
)
def test_words_tell_whether_a_question_is_in_the_resumes_own_and_what_the_line_adds(question, best, expected):
    told = signals(0.5, 0.5, 0.7, question, [best], RESUME)
    assert set(told) == {*FEATURES} - {"generator"}
    assert (told["known"], told["new"], told["lacks_type"]) == pytest.approx(expected)
    assert told["reranker"] == told["line"] == 0.0 and told["llama"] == pytest.approx(logit(0.7))


def test_korean_words_are_compared_without_their_particles():
    told = signals(0.5, 0.5, 0.7, "한빛은행에서 무엇을 개발했나요?", ["결제 시스템 개발"], ["한빛은행 (2019~2021)", "결제 시스템 개발"])
    assert told["known"] == 0.5


def test_a_folder_without_a_decision_leaves_it_to_the_model(tmp_path):
    assert Decision.load(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"weights": {}}', '{"weights": 1}', '{"weights": {"stars": 1}, "bias": 0, "threshold": 1, "nearest": 1}', '{"weights": {"reranker": "x"}, "bias": 0, "threshold": 1}', '{"weights": {}, "bias": 0, "threshold": 1, "nearest": 1, "crossed": {"weights": {}}}'])
def test_a_damaged_file_is_one_sentence(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ModelError, match="restore it"):
        Decision.load(tmp_path)


def test_what_is_fitted_is_what_is_loaded(tmp_path):
    chance = np.random.default_rng(0)
    answerable = chance.random(200) < 0.7
    likely = np.clip(chance.normal(np.where(answerable, 0.8, 0.3), 0.15), 0.01, 0.99)
    asked = [voices(p, chance.random()) for p in likely]
    model = fit(asked, ~answerable)
    p = p_of(model, asked)
    threshold = threshold_for(p, answerable, 0.1)
    found = shares(p, answerable, threshold)
    assert found["wrong_declines"] == pytest.approx(0.1, abs=0.02)
    assert found["right_declines"] > 0.8
    sentences = [sentence_signals(p, margin) for p, margin in zip(likely, chance.normal(2, 1, 200), strict=True)]
    right = fit(sentences, answerable)

    about = {**coefficients(model, FEATURES), "threshold": threshold, "nearest": 0.4, "sentence": coefficients(right, SENTENCE_FEATURES)}
    (tmp_path / FILE).write_text(json.dumps(about))
    loaded = Decision.load(tmp_path)

    assert [loaded.p_unanswerable(each) for each in asked] == pytest.approx(p.tolist(), abs=1e-3)
    likelier_right = p_of(right, sentences) >= 0.5
    assert np.mean([loaded.shows(each) for each in sentences] == likelier_right) > 0.98
    assert loaded.crossed is None
    (tmp_path / FILE).write_text(json.dumps(about | {"crossed": {**coefficients(model, FEATURES), "threshold": 0.7, "nearest": 0.2}}))
    assert Decision.load(tmp_path).crossed == replace(loaded, threshold=0.7, nearest=0.2, sentence_weights=None, sentence_bias=0.0)


def test_what_a_row_is_told_never_comes_from_its_own_resume():
    # One resume says the opposite of the others: fitted without it, every one of its rows is told wrong.
    rows = [(resume, x) for resume in range(4) for x in (-1.0, -0.5, 0.5, 1.0)]
    target = [(x > 0) != (resume == 0) for resume, x in rows]
    p = left_out([{"x": x} for _, x in rows], target, [resume for resume, _ in rows])
    assert all((p[i] > 0.5) != target[i] for i, (resume, _) in enumerate(rows) if resume == 0)


def test_the_shipped_decisions_can_be_read():
    adapters = Path(Settings().data) / "adapters"
    quoting = Decision.load(adapters / "reranker")
    assert tuple(quoting.weights) == QUOTING_FEATURES and quoting.sentence_weights is None
    assert 0 < quoting.nearest < quoting.threshold < 1
    decision = Decision.load(adapters / "generator")
    assert tuple(decision.weights) == FEATURES
    assert 0 < decision.nearest < decision.threshold < 1
    assert decision.shows(sentence_signals(0.95, 8.0)) and not decision.shows(sentence_signals(0.3, 0.0))
