"""Two runs side by side: what enters a mean and a pair, what changed, and which change moved a score."""

import threading
import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from judge.regression import attribution, diff
from judge.regression.attribution import attribute
from judge.regression.diff import chunk_changes, compare_results, configuration_changes, means, paired_p, word_diff
from judge.regression.metrics import judge_case
from judge.regression.runner import Backend
from judge.regression.types import Case, CaseResult, Run
from judge.types import Judgement, Score
from judge.verdicts import Matrix
from rag.errors import ModelError
from rag.prompt import is_declined
from rag.types import Chunk, RetrievedChunk, Turn


def run(name="a", **configuration):
    return Run(name, name, configuration, (), "finished", 0, "", "2026-01-01T00:00:00", "2026-01-01T00:01:00")


def result(case_id, faithfulness=None, state=None, passed=True, response="reply", perplexity=None, chunks=(), **scores):
    state = state or ("unscored" if faithfulness is None else "scored")
    all_scores = {"faithfulness": Score("faithfulness", faithfulness, state)}
    all_scores |= {name: Score(name, value, "scored") for name, value in scores.items()}
    if perplexity is not None:
        all_scores["perplexity"] = Score("perplexity", None, "scored", f"{perplexity:.2f}")
    turn = Turn("", f"question {case_id}", response=response, status="finished", retrieved_contexts=chunks)
    return CaseResult("r", case_id, turn, None, all_scores, perplexity, passed, () if passed else ("low",), "", 1.0)


def chunk(number, rank=1, score=0.5, document="d"):
    text = f"passage {number}"
    return RetrievedChunk(
        Chunk(f"{document}-{number}", document, "a.md", "Ann", "Skills", text, 0, 9), rank, score, "both"
    )


def test_an_unscored_or_declined_score_is_in_no_mean_but_in_the_coverage():
    found = means([result("1", 0.5), result("2"), result("3", 1.0), result("4", 0.0, state="declined")])["faithfulness"]

    assert (found.value, found.scored, found.declined, found.total) == (0.75, 2, 1, 4)
    assert found.coverage == 0.5


def test_a_metric_nobody_scored_has_no_mean():
    found = means([result("1"), result("2")])["faithfulness"]

    assert (found.value, found.low, found.high, found.scored) == (None, None, None, 0)


def test_the_interval_holds_the_mean_and_is_the_same_every_time():
    values = [0.1, 0.4, 0.5, 0.9, 1.0, 0.2, 0.8, 0.7]
    results = [result(str(i), value) for i, value in enumerate(values)]

    first, second = means(results)["faithfulness"], means(results)["faithfulness"]

    assert first == second
    assert first.low < np.mean(values) < first.high
    assert 0.1 <= first.low and first.high <= 1.0


def test_perplexity_has_a_geometric_mean_and_less_is_better():
    old = [result("1", perplexity=2.0), result("2", perplexity=8.0)]
    new = [result("1", perplexity=4.0), result("2", perplexity=16.0)]

    compared = compare_results(run("a"), old, run("b"), new)

    metric = next(metric for metric in compared.metrics if metric.metric == "perplexity")
    assert metric.first.value == pytest.approx(4.0)
    assert metric.second.value == pytest.approx(8.0)
    assert metric.difference == pytest.approx(np.log(2))
    assert not metric.higher_is_better


def test_the_difference_uses_only_cases_that_both_runs_scored():
    old = [result("1", 0.5), result("2", 0.0), result("3")]
    new = [result("1", 0.7), result("2"), result("3", 1.0), result("4", 0.0)]

    metric = compare_results(run("a"), old, run("b"), new).metrics[0]

    assert (metric.pairs, metric.difference) == (1, pytest.approx(0.2))
    assert metric.p is None
    assert (metric.first.scored, metric.first.total, metric.second.scored, metric.second.total) == (2, 3, 3, 4)


def test_the_p_value_is_that_of_all_sign_flips():
    # All five go the same way: of 2^5 sign patterns, this one and its mirror are as extreme.
    assert paired_p(np.array([0.1, 0.2, 0.3, 0.4, 0.5])) == pytest.approx(2 / 32)
    assert paired_p(np.zeros(5)) == 1.0
    assert paired_p(np.array([0.4])) is None
    assert paired_p(np.array([0.3, -0.3, 0.3, -0.3])) == pytest.approx(1.0)


def test_cases_are_sorted_into_what_happened_to_them():
    old = [result("a", 1, passed=True), result("b", 0, passed=False), result("c", 0, passed=False), result("gone", 1)]
    new = [result("a", 0, passed=False), result("b", 1, passed=True), result("c", 0, passed=False), result("fresh", 1)]

    compared = compare_results(run("a"), old, run("b"), new)

    assert {change.case_id: change.change for change in compared.cases} == {
        "a": "newly_failing", "b": "newly_passing", "c": "still_failing", "fresh": "only_second", "gone": "only_first",
    }  # fmt: skip
    assert compared.newly_failing == ("a",)
    assert compared.newly_passing == ("b",)
    assert compared.cases[0].scores[0].delta == -1
    assert compared.cases[3].scores[0].delta is None


def test_changed_replies_and_passages_are_marked():
    old = result("1", 1, response="old", chunks=(chunk(1, 1), chunk(2, 2)))
    new = result("1", 1, response="old", chunks=(chunk(2, 1), chunk(1, 2)))

    change = diff.case_change("1", old, new)

    assert (change.response_changed, change.chunks_changed) == (False, True)


def test_what_differs_in_the_configuration_is_named():
    old = {"generator": "small", "judge": "j", "settings": {"top_k": 4, "adapters": True}}
    new = {"generator": "large", "judge": "j", "settings": {"top_k": 8, "adapters": True}}

    assert configuration_changes(old, new) == {"generator": ("small", "large"), "settings.top_k": (4, 8)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("She can use Python.", "She can only use Python."),
        ("파이썬을 쓸 수 있습니다.", "파이썬만 쓸 수 있습니다."),
        ("", "something"),
        ("a\n\nb  c", "a\nb c"),
        ("x_y-z", "x_z"),
        ("word " * 6000, "word " * 5999 + "other"),
        (" a  b\t", "a b \n"),
        ("\u3000가 나", "가\u00a0나 "),
    ],
)
def test_a_word_diff_holds_both_texts_to_the_letter(old, new):
    parts = word_diff(old, new)

    assert "".join(text for kind, text in parts if kind != "added") == old
    assert "".join(text for kind, text in parts if kind != "removed") == new
    assert all(text for _, text in parts)


def test_the_one_added_word_is_what_the_diff_shows():
    parts = word_diff("She can use Python.", "She can only use Python.")

    assert [text.strip() for kind, text in parts if kind != "same"] == ["only"]


def test_texts_that_repeat_themselves_are_compared_at_once():
    words = 1200
    old, new = ("".join(f"{each} {i} " for i in range(words // 2)) for each in ("and", "or"))
    started = time.process_time()

    for pair in ((old, new), ("a " * words, "b " * words), (new + "x " * words, old + "x " * words)):
        word_diff(*pair)

    assert time.process_time() - started < 10  # a minute and more where spaces, or frequent words, match everywhere


def test_passages_are_followed_from_rank_to_rank():
    old = replace_turn((chunk(1, 1, 0.9), chunk(2, 2, 0.8)))
    new = replace_turn((chunk(3, 1, 0.7), chunk(1, 2, 0.6)))

    found = [(c.chunk_id, c.first_rank, c.second_rank, c.first_score) for c in chunk_changes(old, new)]

    assert found == [("d-3", None, 1, None), ("d-1", 1, 2, 0.9), ("d-2", 2, None, 0.8)]


def replace_turn(chunks):
    return Turn("", "q", retrieved_contexts=chunks)


# ---------------------------------------------------------------------- attribution


class FakeJudge:
    """Gives P(answers) by what the reply says: a judge that reads one word."""

    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def __init__(self, name, answers):
        self.id = name
        self.answers = answers

    def matrix(self, question, reply, claims, chunks):
        shape = (len(claims), len(chunks) + 1)
        p = next((p for word, p in self.answers.items() if word in reply), 0.0)
        return Matrix(np.ones(shape), np.zeros(shape), np.ones(len(chunks)), p, [[""] * shape[1]] * shape[0])


STRICT = {"good": 0.9, "middling": 0.5, "bad": 0.1}
KIND = {"good": 1.0, "middling": 0.9, "bad": 0.8}
OLD_CHUNKS, NEW_CHUNKS = (chunk(1),), (chunk(2),)


def backend(generator, judge, reply_of, writes=None):
    def answer_from(case, chunks, stop):
        if writes is not None:
            writes.append([found.chunk.id for found in chunks])
        reply = reply_of[chunks[0].chunk.id]
        return Turn(
            "",
            case.user_input,
            response=reply,
            status="finished",
            retrieved_contexts=tuple(chunks),
            generator=generator,
            declined=is_declined(reply),
        )

    configuration = {"generator": generator, "judge": judge.id, "settings": {}}
    return Backend(lambda case, stop: None, judge, configuration, answer_from=answer_from)


def scored(generator, judge, reply, chunks, case):
    turn = Turn("", case.user_input, response=reply, status="finished", retrieved_contexts=chunks, generator=generator)
    turn.declined = is_declined(reply)
    judgement = judge_case(judge, case, turn)
    return CaseResult("r", case.id, turn, judgement, dict(judgement.scores), None, True, (), "", 0.1)


def test_the_folder_of_an_index_is_no_change_where_its_contents_are_the_same():
    def held(folder, contents):
        return {"index_hash": contents, "settings": {"index": folder, "top_k": 4}}

    assert configuration_changes(held("/a", "1"), held("/b", "1")) == {}
    assert configuration_changes(held("/a", "1"), held("/b", "2")) == {
        "index_hash": ("1", "2"),
        "settings.index": ("/a", "/b"),
    }


CASE = Case("c", "What does she use?")


def test_a_new_judge_that_reads_the_same_reply_otherwise_is_named():
    strict, kind = FakeJudge("strict", STRICT), FakeJudge("kind", KIND)
    old = scored("g", strict, "It is bad work.", OLD_CHUNKS, CASE)
    new = scored("g", kind, "It is bad work.", OLD_CHUNKS, CASE)

    made = attribute(CASE, old, new, backend("g", strict, {}), backend("g", kind, {}))

    effect = made.effects["answer_relevancy"]
    assert made.changed == ("judge",)
    assert made.cause == "judge"
    assert (effect.judge, effect.generator, effect.index) == (pytest.approx(0.7), 0.0, 0.0)
    assert effect.interaction == pytest.approx(0.0)


def test_of_a_new_generator_and_a_new_index_the_one_that_moved_the_score_is_named():
    judge = FakeJudge("strict", STRICT)
    writes_old, writes_new = [], []
    old_backend = backend("small", judge, {"d-1": "It is bad work.", "d-2": "It is good work."}, writes_old)
    new_backend = backend("large", judge, {"d-1": "It is bad work too.", "d-2": "It is good work too."}, writes_new)
    old = scored("small", judge, "It is bad work.", OLD_CHUNKS, CASE)
    new = scored("large", judge, "It is good work too.", NEW_CHUNKS, CASE)

    made = attribute(CASE, old, new, old_backend, new_backend)

    effect = made.effects["answer_relevancy"]
    assert made.changed == ("generator", "index")
    assert (made.cause, effect.causes) == ("index", ("index",))
    assert (effect.generator, effect.index) == (pytest.approx(0.0), pytest.approx(0.8))
    assert writes_new == [["d-1"]]  # old passages, new generator
    assert writes_old == [["d-2"]]  # new passages, old generator


REFUSAL = "The resume does not say."


@pytest.mark.parametrize(
    ("answers_new", "answers_old", "cause"),
    [
        (REFUSAL, "It is good work.", "generator"),  # the new generator declines from the old passages too
        ("It is good work.", REFUSAL, "index"),  # the old generator declines from the new passages too
        (REFUSAL, REFUSAL, "several"),
        ("It is good work.", "It is good work.", "several"),  # only together
    ],
)
def test_what_made_an_answer_a_refusal_is_named_though_no_score_moved(answers_new, answers_old, cause):
    judge = FakeJudge("strict", STRICT)
    old_backend = backend("small", judge, {"d-2": answers_old})
    new_backend = backend("large", judge, {"d-1": answers_new})
    old = scored("small", judge, "It is good work.", OLD_CHUNKS, CASE)
    new = scored("large", judge, REFUSAL, NEW_CHUNKS, CASE)

    assert attribute(CASE, old, new, old_backend, new_backend).cause == cause
    assert attribute(CASE, old, new, None, new_backend).cause == "unknown"


def test_of_one_change_a_refusal_is_the_effect_unless_it_is_the_judge():
    judge, other = FakeJudge("strict", STRICT), FakeJudge("kind", KIND)
    old = scored("small", judge, "It is good work.", OLD_CHUNKS, CASE)
    new = scored("large", judge, REFUSAL, OLD_CHUNKS, CASE)
    moody = scored("small", other, REFUSAL, OLD_CHUNKS, CASE)

    made = attribute(CASE, old, new, None, backend("large", judge, {"d-1": REFUSAL}))

    assert made.cause == "generator" and made.effects["context_precision"].old == made.effects["context_precision"].new
    assert attribute(CASE, old, moody, None, backend("small", other, {})).cause == "unknown"


def test_what_only_both_changes_together_do_is_interaction():
    judge = FakeJudge("strict", STRICT)
    old_backend = backend("small", judge, {"d-2": "It is bad work."})
    new_backend = backend("large", judge, {"d-1": "It is bad work."})
    old = scored("small", judge, "It is bad work.", OLD_CHUNKS, CASE)
    new = scored("large", judge, "It is good work.", NEW_CHUNKS, CASE)

    effect = attribute(CASE, old, new, old_backend, new_backend).effects["answer_relevancy"]

    assert effect.interaction == pytest.approx(0.8)
    assert effect.causes == ()


def test_without_the_earlier_generator_its_replay_is_missing_and_said():
    judge = FakeJudge("strict", STRICT)
    old = scored("small", judge, "It is bad work.", OLD_CHUNKS, CASE)
    new = scored("large", judge, "It is good work.", NEW_CHUNKS, CASE)

    made = attribute(CASE, old, new, None, backend("large", judge, {"d-1": "It is bad work."}))

    assert "index" in made.unreplayed
    assert made.effects["answer_relevancy"].index is None
    assert made.effects["answer_relevancy"].interaction is None
    assert made.cause == "unknown"


def test_a_generator_that_fails_in_a_replay_is_a_reason_and_no_number():
    judge = FakeJudge("strict", STRICT)

    def fail(case, chunks, stop):
        raise ModelError("The server does not answer.", "서버가 응답하지 않습니다.")

    new_backend = replace(backend("large", judge, {}), answer_from=fail)
    old = scored("small", judge, "It is bad work.", OLD_CHUNKS, CASE)
    new = scored("large", judge, "It is good work.", OLD_CHUNKS, CASE)

    made = attribute(CASE, old, new, None, new_backend, threading.Event())

    assert made.unreplayed == {"generator": "The server does not answer."}
    assert made.effects["answer_relevancy"].generator is None
    assert made.cause == "generator"  # nothing else changed


def test_nothing_changed_and_nothing_moved():
    judge = FakeJudge("strict", STRICT)
    both = scored("g", judge, "It is good work.", OLD_CHUNKS, CASE)

    made = attribute(CASE, both, both, backend("g", judge, {}), backend("g", judge, {}))

    assert (made.changed, made.cause, made.replays) == ((), "none", {})


def test_a_case_without_a_reply_is_refused():
    judge = FakeJudge("strict", STRICT)
    good = scored("g", judge, "It is good work.", OLD_CHUNKS, CASE)

    with pytest.raises(ValueError, match="without a reply"):
        attribute(CASE, replace(good, error="failed"), good, None, backend("g", judge, {}))


def test_a_judgement_is_what_names_the_judge():
    made = Judgement({}, (), (), "x", 0.0)
    judge = FakeJudge("x", STRICT)
    good = scored("g", judge, "It is good work.", OLD_CHUNKS, CASE)

    assert attribution.changed_parts(CASE, replace(good, judgement=made), good, None, backend("g", judge, {})) == ()


def test_many_cases_are_compared_in_little_memory_with_the_same_figures(monkeypatch):
    change = np.random.default_rng(1).normal(0.02, 1, 1500)
    tracemalloc.start()
    figures = paired_p(change), diff._interval(change)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 2**20  # all resamples of 1,500 pairs at once take 700 MB

    monkeypatch.setattr(diff, "AT_ONCE", 2**40)
    assert (paired_p(change), diff._interval(change)) == figures
