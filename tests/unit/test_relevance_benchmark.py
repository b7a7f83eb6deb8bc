"""The benchmark of the judge's relevance: what it counts of the resumes kept from training."""

from types import SimpleNamespace

import pytest

from benchmarks.relevance import kept
from judge.service import passage_of
from rag.training import written_resumes


@pytest.fixture
def few(monkeypatch):
    """One kept resume in each language."""
    real = written_resumes.rows
    chosen = {language: next(row for row in real(language, held_out=True) if sum(bool(ask["other"]) for ask in row["asks"]) > 4) for language in ("en", "ko")}
    monkeypatch.setattr(written_resumes, "rows", lambda language, held_out: (chosen[language],))


@pytest.mark.parametrize("knows", [True, False])
def test_passages_are_counted_by_the_language_they_are_asked_about_in(few, monkeypatch, knows):
    drawn, real = {}, written_resumes.swapped
    monkeypatch.setattr(written_resumes, "swapped", lambda rng, row: drawn.setdefault(row["name"], real(rng, row)))

    def matrix(question, reply, claims, texts):
        [(ask, resume)] = [(ask, resume) for resume in drawn.values() for ask in resume.asks if question in (ask.question, ask.other)][:1]
        assert texts == [passage_of(chunk) for chunk in resume.chunks]
        return SimpleNamespace(p_relevant=[0.9 if (i in ask.spans) == knows else 0.1 for i in range(len(texts))])

    made = kept(SimpleNamespace(matrix=matrix, relevant_threshold=0.5))

    assert list(made) == ["kept en asked in en", "kept en asked in ko", "kept ko asked in ko", "kept ko asked in en"]
    for figures in made.values():
        assert figures["passages"] > 10
        assert (figures["passage_auc"], figures["telling_relevant"], figures["others_relevant"]) == ((1.0, 1.0, 0.0) if knows else (0.0, 0.0, 1.0))
    assert made["kept en asked in en"]["passages"] == made["kept en asked in ko"]["passages"]
