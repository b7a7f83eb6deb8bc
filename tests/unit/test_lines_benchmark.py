"""The benchmark of the reranker's readings: what it counts."""

from types import SimpleNamespace

import numpy as np

from benchmarks.lines import KINDS, Lines, asked_of, summary
from rag.training.written_resumes import WrittenAsk


def test_each_weighing_of_the_readings_is_counted_for_itself():
    asked = [
        Lines(np.array([[2.0, 1.0], [-1.0, 3.0], [0.0, 5.0]]), np.array([False, True]), True),
        Lines(np.array([[1.0, 0.0], [1.0, -2.0], [-3.0, -4.0]]), np.array([True, False]), True),
        Lines(np.array([[1.5, 1.0], [-2.0, -3.0], [-6.0, -7.0]]), np.array([False, False]), False),
    ]
    first, llama, both = summary(asked, {"first": (1, 0, 0), "llama": (0, 0, 1), "both": (1, 0, 1)})
    assert (first["reading"], first["likeliest_right"], first["lines_auc"]) == ("first", 0.5, 0.5)
    assert llama["likeliest_right"] == both["likeliest_right"] == 1.0 and llama["lines_auc"] == 0.75
    assert first["unanswerable_auc"] == 0.5 and llama["unanswerable_auc"] == 1.0


def test_what_stands_there_in_both_languages_is_asked_in_both():
    asks = [WrittenAsk("Where?", "Oslo", {0: ((0, 4),)}, "", other="어디?"), WrittenAsk("When?", "2021", {0: ((0, 4),)}, "")]
    resume = SimpleNamespace(language="en", other_language="ko", asks=asks)
    assert [(kind, question) for kind, question, _ in asked_of(resume, 2)] == [("en", "Where?"), ("en asked in ko", "어디?"), ("en asked in en", "Where?")]
    assert {kind for kind, *_ in asked_of(resume, 1)} < set(KINDS)
