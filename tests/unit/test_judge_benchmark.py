"""The figures of benchmarks.judge."""

import numpy as np
import pytest

from judge.training.calibration import calibration


def test_the_calibration_error_weighs_each_bin_by_its_rows():
    made = calibration(np.array([True, True, False, False]), np.array([0.9, 0.9, 0.9, 0.1]))
    assert made["ece"] == pytest.approx((3 * abs(0.9 - 2 / 3) + 0.1) / 4, abs=1e-3)
    assert made["reliability"] == [{"p": 0.1, "supported": 0.0, "rows": 1}, {"p": 0.9, "supported": 0.667, "rows": 3}]


def test_right_probabilities_are_as_far_off_as_chance_makes_them():
    rng = np.random.default_rng(3)
    p = rng.random(4000)
    made = calibration(rng.random(4000) < p, p)
    assert made["ece"] < 0.04 and made["ece_by_chance"] < 0.02
    few = calibration(rng.random(60) < p[:60], p[:60])
    assert few["ece_by_chance"] > 4 * made["ece_by_chance"]
    assert calibration(rng.random(4000) < 0.5, p)["ece"] > 0.2  # these probabilities say nothing
