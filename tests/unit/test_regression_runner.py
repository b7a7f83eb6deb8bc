"""Runs: every case once and in order, resumable at any moment, and one bad case never ends the others."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from judge.regression import metrics, runner
from judge.regression.runner import Backend, default_thresholds, failures_of, run_cases, settings_of
from judge.regression.store import RegressionStore
from judge.regression.types import Case
from judge.store import Store
from judge.types import Claim, Judgement, Score, Verdict
from judge.verdicts import Matrix
from rag.errors import ModelError, UserError
from rag.types import Chunk, Finished, RetrievedChunk, Turn
from settings import Settings
from ui.i18n import reason_in

LEAST = {"faithfulness": 0.5, "answer_relevancy": 0.5, "context_precision": 0.5}
CHUNKS = (RetrievedChunk(Chunk("d-1", "d", "a.md", "Ann", "Skills", "Ann uses Pulsar.", 0, 16), 1, 0.9, "both"),)


class FakeJudge:
    """Supports everything, except where a reply holds the word "wrong"."""

    id = "fake-judge"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def __init__(self):
        self.asked = []

    def matrix(self, question, reply, claims, chunks):
        self.asked.append(question)
        if "broken judge" in question:
            raise RuntimeError("the weights are gone")
        shape = (len(claims), len(chunks) + 1)
        wrong = np.array([["wrong" in claim] * shape[1] for claim in claims]).reshape(shape)
        return Matrix(1.0 - wrong, wrong * 1.0, np.ones(len(chunks)), 0.9, [[""] * shape[1]] * shape[0])


def turn_for(case, reply="She uses Pulsar.", status="finished", **values):
    return Turn("", case.user_input, response=reply, status=status, retrieved_contexts=CHUNKS, generator="g", **values)


def backend(answer=None, **values):
    return Backend(answer or (lambda case, stop: turn_for(case)), FakeJudge(), {"generator": "g"}, **values)


@pytest.fixture
def record(monkeypatch):
    monkeypatch.setattr(metrics, "bertscores", lambda pairs: [0.9] * len(pairs))
    store = Store("sqlite://")
    yield RegressionStore(store)
    store.close()


def start(record, questions, **values):
    ids = record.add_cases(Case(f"c{n}", question, status="accepted", **values) for n, question in enumerate(questions))
    return record.start_run("test", ids, {})


def test_every_case_is_run_in_order_and_recorded(record):
    run = start(record, ["a?", "b?", "c?"], reference="She uses Pulsar.")
    seen = []

    ended = run_cases(record, run, backend(), progress=lambda *told: seen.append(told), thresholds=LEAST)

    assert (ended.status, ended.done) == ("finished", 3)
    assert [(done, total, result.case_id) for done, total, result in seen] == [(1, 3, "c0"), (2, 3, "c1"), (3, 3, "c2")]
    results = record.results(run.id)
    assert [result.case_id for result in results] == ["c0", "c1", "c2"]
    assert all(result.passed and result.judgement.judge == "fake-judge" for result in results)
    assert list(results[0].scores) == [
        "faithfulness", "answer_relevancy", "context_precision",
        "context_recall", "exact_match", "f1", "acc_char", "bleu", "bertscore", "perplexity",
    ]  # fmt: skip
    assert results[0].scores["exact_match"].value == 1.0


def test_a_case_without_an_expected_answer_has_the_live_scores_only(record):
    run = start(record, ["a?"])

    run_cases(record, run, backend(), thresholds=LEAST)

    assert set(record.results(run.id)[0].scores) == {"faithfulness", "answer_relevancy", "context_precision"}


def test_stop_ends_the_run_and_resuming_does_only_what_is_left(record):
    run = start(record, [f"{n}?" for n in range(6)])
    stop, asked = threading.Event(), []

    def answer(case, event):
        asked.append(case.id)
        if case.id == "c3" and len(asked) <= 4:
            stop.set()
        return turn_for(case, status="stopped" if event.is_set() else "finished")

    stopped = run_cases(record, run, backend(answer, overlap=False), stop, thresholds=LEAST)  # one after the other: nobody runs ahead of the judge
    before = {result.case_id for result in record.results(run.id)}
    first_asked = list(asked)
    finished = run_cases(record, run, backend(answer), thresholds=LEAST)

    assert stopped.status == "stopped"
    assert before == {"c0", "c1", "c2"}  # the reply that was cut is no result
    assert first_asked == ["c0", "c1", "c2", "c3"]
    assert (finished.status, finished.done) == ("finished", 6)
    assert asked[4:] == ["c3", "c4", "c5"]
    assert all(result.turn.status == "finished" for result in record.results(run.id))


def test_one_failing_reply_is_an_error_of_its_case(record):
    run = start(record, ["a?", "b?", "c?"], reference="She uses Pulsar.")

    def answer(case, stop):
        if case.id == "c0":
            raise ModelError("The server does not answer.", "서버가 응답하지 않습니다.")
        if case.id == "c1":
            return turn_for(case, "half a", status="failed", error="It ran out of memory.\n메모리가 부족합니다.")
        return turn_for(case)

    ended = run_cases(record, run, backend(answer), thresholds=LEAST)

    first, second, third = record.results(run.id)
    assert ended.status == "finished"
    assert (first.passed, second.passed, third.passed) == (False, False, True)
    assert "The server does not answer." in first.error
    assert second.failures == ("no reply: It ran out of memory.",)
    assert {score.state for score in first.scores.values()} == {"unscored"}
    assert (first.judgement, first.perplexity) == (None, None)


def test_an_unforeseen_exception_is_the_error_of_its_case_too(record):
    run = start(record, ["a?", "b?"])

    def answer(case, stop):
        return turn_for(case) if case.id == "c1" else {}["missing"]

    run_cases(record, run, backend(answer), thresholds=LEAST)

    assert [bool(result.error) for result in record.results(run.id)] == [True, False]


def test_a_judge_that_fails_leaves_scores_unscored_with_the_reason(record):
    run = start(record, ["broken judge?"])

    run_cases(record, run, backend(), thresholds=LEAST)

    [result] = record.results(run.id)
    assert result.scores["faithfulness"].value is None
    assert "the weights are gone" in result.scores["faithfulness"].reason
    assert result.passed  # nothing was found to be below anything; the coverage says that nothing was measured


def test_a_server_answers_several_cases_at_once_and_results_stay_in_order(record):
    run = start(record, [f"{n}?" for n in range(8)])
    together = threading.Barrier(4, timeout=10)  # breaks unless four are in work at the same time

    def answer(case, stop):
        together.wait()
        time.sleep(0.02 * (8 - int(case.id[1:])))  # the first are the slowest
        return turn_for(case)

    seen = []
    run_cases(
        record, run, backend(answer, workers=4), progress=lambda *told: seen.append(told[2].case_id), thresholds=LEAST
    )

    assert seen == [f"c{n}" for n in range(8)]
    assert not any(result.error for result in record.results(run.id))


def test_the_next_reply_is_written_while_the_last_is_judged(record):
    run = start(record, ["a?", "b?"])
    second_begun = threading.Event()

    def answer(case, stop):
        if case.id == "c1":
            second_begun.set()
        return turn_for(case)

    class Waiting(FakeJudge):
        def matrix(self, question, *rest):
            assert second_begun.wait(10), "the second reply waits for the judge of the first"
            return super().matrix(question, *rest)

    run_cases(record, run, replace(backend(answer), judge=Waiting()), thresholds=LEAST)

    assert record.results(run.id)[0].scores["faithfulness"].state == "scored"


def test_where_both_want_the_same_cores_no_reply_is_begun_before_the_last_is_scored(record):
    run = start(record, ["a?", "b?", "c?"])
    order = []

    def answer(case, stop):
        order.append(("written", case.id))
        return turn_for(case)

    def progress(done, total, result):
        order.append(("scored", result.case_id))

    run_cases(record, run, backend(answer, overlap=False), progress=progress, thresholds=LEAST)

    assert order == [(what, f"c{n}") for n in range(3) for what in ("written", "scored")]


def test_a_run_that_is_deleted_while_it_runs_ends_with_a_sentence(record):
    run = start(record, ["a?", "b?"])

    with pytest.raises(UserError, match="deleted"):
        run_cases(record, run, backend(), progress=lambda *_: record.delete_run(run.id), thresholds=LEAST)


def test_a_record_that_cannot_be_written_fails_the_run_and_is_raised(record, monkeypatch):
    run = start(record, ["a?"])

    def full(result):
        raise OSError("No space left on device")

    monkeypatch.setattr(record, "save_result", full)
    with pytest.raises(OSError, match="No space left"):
        run_cases(record, run, backend(), thresholds=LEAST)

    ended = record.run(run.id)
    assert ended.status == "failed"
    assert "No space left" in ended.error


def test_cases_that_are_gone_are_left_out_and_a_run_of_none_fails(record):
    run = start(record, ["a?", "b?"])
    record.delete_case("c0")

    assert run_cases(record, run, backend(), thresholds=LEAST).status == "finished"
    assert [result.case_id for result in record.results(run.id)] == ["c1"]

    gone = record.start_run("gone", ["never"], {})
    assert run_cases(record, gone, backend(), thresholds=LEAST).status == "failed"


def test_cases_of_a_file_need_not_be_in_the_record(record):
    run = record.start_run("file", ["f1"], {})

    run_cases(record, run, backend(), thresholds=LEAST, cases=[Case("f1", "a?")])

    assert record.results(run.id)[0].turn.user_input == "a?"
    assert record.count_cases() == 0


def test_a_run_of_a_file_ends_only_with_all_cases_of_the_file(record):
    run = record.start_run("file", ["f1", "f2"], {"cases_of": "cases.jsonl"})
    file, stop = [Case("f1", "a?"), Case("f2", "b?")], threading.Event()
    run_cases(record, run, backend(overlap=False), stop, lambda *_: stop.set(), LEAST, file)

    with pytest.raises(UserError, match=rf"--resume {run.id[:8]} --file cases.jsonl"):
        run_cases(record, run, backend(), thresholds=LEAST)
    with pytest.raises(UserError, match=r"is in cases.jsonl any more \(f2 is not\)"):
        run_cases(record, run, backend(), thresholds=LEAST, cases=file[:1])
    assert (record.run(run.id).status, record.run(run.id).done) == ("stopped", 1)
    assert run_cases(record, run, backend(), thresholds=LEAST, cases=file[1:]).status == "finished"


@pytest.mark.parametrize(("question", "notice"), [("What?", "not indexed any more"), ("무엇을?", "색인되어 있지 않아")])
def test_that_the_documents_of_a_case_are_gone_is_said_in_its_language(monkeypatch, question, notice):
    class Bot:
        index, generator = type("Index", (list,), {"document": lambda self, name: None})([1]), object()

        def answer(self, text, stop, document_ids, turn):
            assert document_ids is None
            yield Finished(turn)

    monkeypatch.setattr(runner, "configuration_of", lambda *_: {})
    made = runner.backend_of(Bot(), FakeJudge(), Settings())

    assert notice in made.answer(Case("c", question, documents=("gone",)), threading.Event()).notice


@pytest.mark.parametrize(
    ("figure", "value", "state"), [(3.5, 3.5, "scored"), (None, None, "unscored"), (float("inf"), None, "unscored")]
)
def test_perplexity_stands_beside_its_score_and_says_where_there_is_none(record, figure, value, state):
    run = start(record, ["a?"], reference="She uses Pulsar.")

    run_cases(record, run, backend(perplexity=lambda case, turn: figure), thresholds=LEAST)

    [result] = record.results(run.id)
    assert (result.perplexity, result.scores["perplexity"].state) == (value, state)
    assert result.scores["perplexity"].value is None
    assert result.scores["perplexity"].reason


def test_a_failing_perplexity_is_a_reason(record):
    run = start(record, ["a?"], reference="She uses Pulsar.")

    def fail(case, turn):
        raise ModelError("The generator does not write this language.", "이 언어를 쓰지 못합니다.")

    run_cases(record, run, backend(perplexity=fail), thresholds=LEAST)

    score = record.results(run.id)[0].scores["perplexity"]
    assert (score.state, score.reason) == ("unscored", "ModelError: The generator does not write this language.")
    assert reason_in("ko", score.reason) == "생성 모델이 이 언어를 쓰지 못함"


# ---------------------------------------------------------------------- the rules


def scores(**values):
    return {name: Score(name, value, "scored") for name, value in values.items()}


def declined(value, reason=""):
    return {"answer_relevancy": Score("answer_relevancy", value, "declined", reason), **scores(context_precision=0.0)}


REPLY = Turn("", "q?", response="She uses Pulsar.", status="finished")
REFUSAL = Turn("", "q?", response="The resume does not say.", status="finished", declined=True)
CONTRADICTED = Judgement({}, (Verdict(Claim("She uses Kafka.", 0, 15), "contradicted", 0.1, 0.9, 0),), (), "j", 0.0)

UNSURE = Judgement({}, (Verdict(Claim("She uses Kafka.", 0, 15), "not_sure", 0.4, 0.5, 0),), (), "j", 0.0)


@pytest.mark.parametrize(
    ("case", "turn", "judgement", "given", "expected"),
    [
        (Case("c", "q?"), REPLY, None, scores(faithfulness=0.5), ()),
        (Case("c", "q?"), REPLY, None, scores(faithfulness=0.33), ("faithfulness 0.33 < 0.50",)),
        (Case("c", "q?"), REPLY, None, {"faithfulness": Score("faithfulness", None, "unscored")}, ()),
        (Case("c", "q?"), REPLY, None, scores(f1=0.0), ()),  # no threshold by default
        (Case("c", "q?"), REPLY, CONTRADICTED, {}, ("contradicted: She uses Kafka.",)),
        (Case("c", "q?"), REPLY, UNSURE, {"faithfulness": Score("faithfulness", None, "unscored", "not sure")}, ()),
        # refusals: the expected answer decides, then the reason of the flag, then the judge
        (Case("c", "q?", "The resume does not say."), REFUSAL, None, declined(0.0, "missed: [1] has it"), ()),
        (Case("c", "q?", "The resume does not say."), REPLY, None, {}, ("it answered, but should have declined",)),
        (
            Case("c", "q?", "It is B2."), REFUSAL, None, declined(1.0),
            ("it declined, but an answer was expected", "context_precision 0.00 < 0.50"),
        ),
        (Case("c", "q?", reason="should_decline"), REFUSAL, None, declined(0.0), ()),
        (Case("c", "q?", reason="should_decline"), REPLY, None, {}, ("it answered, but should have declined",)),
        (Case("c", "q?"), REFUSAL, None, declined(1.0), ()),  # context precision is 0 because nothing is relevant
        (
            Case("c", "q?"), REFUSAL, None, {"answer_relevancy": declined(0.0, "missed: [1] has it")["answer_relevancy"]},
            ("it declined, but an answer was expected (missed: [1] has it)",),
        ),
        (Case("c", "q?"), REFUSAL, None, {"answer_relevancy": Score("answer_relevancy", None, "unscored")}, ()),
    ],
)  # fmt: skip
def test_what_makes_a_case_fail(case, turn, judgement, given, expected):
    assert failures_of(case, turn, judgement, given, LEAST) == expected


def test_a_threshold_of_the_callers_counts():
    assert failures_of(Case("c", "q?"), REPLY, None, scores(f1=0.2), {"f1": 0.3}) == ("f1 0.20 < 0.30",)


def test_a_score_that_is_hardly_below_its_threshold_is_seen_to_be_below():
    assert failures_of(Case("c", "q?"), REPLY, None, scores(f1=0.4996), {"f1": 0.5}) == ("f1 0.4996 < 0.5000",)


def test_the_default_thresholds_are_those_that_flag():
    assert default_thresholds(Settings(flag_faithfulness=0.7))["faithfulness"] == 0.7


def test_a_recorded_configuration_is_set_up_again_as_far_as_it_is_sound():
    recorded = {"settings": {"generator": "old/model", "top_k": 7, "adapters": "yes", "database_url": "sqlite:///x"}}

    again = settings_of(recorded, Settings())

    assert (again.generator, again.top_k) == ("old/model", 7)
    assert again.adapters is Settings().adapters  # of another type: not taken over
    assert again.database_url == Settings().database_url  # only what decides replies


def test_a_recorded_index_is_taken_over_where_its_folder_is_there(tmp_path):
    def again(folder):
        return settings_of({"settings": {"index": folder, "prompt": "Be brief."}}, Settings())

    assert (again(str(tmp_path)).index, again(str(tmp_path)).prompt) == (tmp_path, "Be brief.")
    for gone in (str(tmp_path / "of another machine"), 5, None):
        assert again(gone).index == Settings().index


def test_other_thresholds_need_no_second_run(record):
    run = start(record, ["a?"])
    run_cases(record, run, backend(), thresholds=LEAST)
    [result] = record.results(run.id)

    strict = runner.rethreshold(result, record.case("c0"), {"answer_relevancy": 0.95})

    assert result.passed
    assert strict.failures == ("answer_relevancy 0.90 < 0.95",)


class SlowJudge(FakeJudge):
    """Answers a question that holds "slow" when it is let go."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()

    def matrix(self, question, *rest):
        if "slow" in question:
            assert self.go.wait(20)
        return super().matrix(question, *rest)


def test_a_judgement_that_takes_too_long_is_unscored_and_the_run_goes_on(record):
    run, judge = start(record, ["slow?", "b?"], reference="She uses Pulsar."), SlowJudge()
    timed = replace(backend(overlap=False), judge=judge, judge_timeout_s=1.5)  # each reply judged, then recorded, alone

    ended = run_cases(
        record, run, timed, progress=lambda done, *_: judge.go.set() if done == 1 else None, thresholds=LEAST
    )

    late, next_one = record.results(run.id)
    assert ended.status == "finished"
    for metric in ("faithfulness", "answer_relevancy", "context_precision", "context_recall"):
        assert (late.scores[metric].state, late.scores[metric].value) == ("unscored", None)
        assert late.scores[metric].reason == "the judge took longer than 1.5 s"
    assert late.judgement.judge == "fake-judge"
    assert late.scores["f1"].value == 1.0  # needs no judge
    assert next_one.scores["faithfulness"].value == 1.0


def test_a_judge_that_hangs_is_not_asked_about_another_reply_meanwhile(record):
    run, judge = start(record, ["slow?", "b?"]), SlowJudge()
    timed = replace(backend(), judge=judge, judge_timeout_s=0.2)

    run_cases(record, run, timed, thresholds=LEAST)

    _, second = record.results(run.id)
    assert second.scores["faithfulness"].reason == "the judge is still at work on an earlier reply"
    assert judge.asked == []
    judge.go.set()


def test_a_judge_on_a_server_reads_several_replies_at_once_and_in_order():
    together = threading.Barrier(4, timeout=10)  # breaks unless four are read at the same time

    class Serving(FakeJudge):
        def matrix(self, question, *rest):
            together.wait()
            time.sleep(0.02 * (8 - int(question[0])))  # the first are the slowest
            return super().matrix(question, *rest)

    cases = [Case(f"c{n}", f"{n}?") for n in range(8)]
    rows = [(case, turn_for(case, "It is wrong." if case.id == "c5" else "She uses Pulsar.")) for case in cases]

    found = replace(backend(), judge=Serving(), judges=4).judging().judge_all(rows)

    values = [each.judgement.scores["faithfulness"].value for each in found]
    assert values == [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]


def test_stop_is_not_kept_waiting_by_a_judge(record):
    run, judge, stop = start(record, ["a?", "slow?", "c?"]), SlowJudge(), threading.Event()
    timed = replace(backend(), judge=judge, judge_timeout_s=60.0)
    threading.Timer(0.3, stop.set).start()

    began = time.monotonic()
    stopped = run_cases(record, run, timed, stop, thresholds=LEAST)

    assert time.monotonic() - began < 10
    assert (stopped.status, stopped.done) == ("stopped", 1)
    judge.go.set()
    assert run_cases(record, run, timed, thresholds=LEAST).done == 3


def test_the_time_of_a_judgement_and_the_judges_at_once_come_from_the_settings(monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setattr(runner, "configuration_of", lambda *_: {})
    bot = SimpleNamespace(index=[1], generator=SimpleNamespace(id="g"))
    local = runner.backend_of(bot, FakeJudge(), Settings(judge_timeout_s=7.5))
    served = runner.backend_of(bot, FakeJudge(), Settings(judge="http://127.0.0.1:1/v1#m"))

    assert (local.judge_timeout_s, local.judges) == (7.5, 1)
    assert served.judges == runner.SERVER_WORKERS
