"""When a guided generator declines: a readable regression, and a file that says what is wrong with it."""

import json
import math

import numpy as np
import pytest

from rag.declining import FEATURES, FILE, Decision, logit, signals
from rag.errors import ModelError
from rag.training.declining import Asked, fit, p_of, shares, threshold_for


def test_logits_are_bounded():
    assert logit(0.5) == 0
    assert logit(0.0) == pytest.approx(-12, abs=0.1) and logit(1.0) == pytest.approx(12, abs=0.1)
    assert math.isfinite(logit(1e-300))


def test_either_voice_can_decline_and_either_can_save():
    decision = Decision({"reranker": -1.0, "generator": 1.0}, 0.0, 0.5)
    assert decision.p_unanswerable(signals(0.1, 0.6)) > decision.threshold > decision.p_unanswerable(signals(0.9, 0.6))
    assert decision.p_unanswerable(signals(0.5, 0.5)) == pytest.approx(0.5)


def test_a_folder_without_a_decision_leaves_it_to_the_model(tmp_path):
    assert Decision.load(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"weights": {}}', '{"weights": {"reranker": "x"}, "bias": 0, "threshold": 1}'])
def test_a_damaged_file_is_one_sentence(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ModelError, match="restore it"):
        Decision.load(tmp_path)


def test_what_is_fitted_is_what_is_loaded(tmp_path):
    chance = np.random.default_rng(0)
    asked = []
    for number in range(200):
        answerable = bool(chance.random() < 0.7)
        p = min(0.99, max(0.01, chance.normal(0.8 if answerable else 0.3, 0.15)))
        asked.append(Asked(number % 5, "en", answerable, p, signals(p, chance.random())))
    model = fit(asked)
    p = p_of(model, asked)
    answerable = np.array([a.answerable for a in asked])
    threshold = threshold_for(p, answerable, 0.1)
    found = shares(p, answerable, threshold)
    assert found["wrong_declines"] == pytest.approx(0.1, abs=0.02)
    assert found["right_declines"] > 0.8
    weights = dict(zip(FEATURES, model.coef_[0].tolist(), strict=True))
    (tmp_path / FILE).write_text(json.dumps({"weights": weights, "bias": float(model.intercept_[0]), "threshold": threshold}))
    loaded = Decision.load(tmp_path)
    assert [loaded.p_unanswerable(a.signals) for a in asked] == pytest.approx(p.tolist())
