"""The background judge: every finished turn gets its badges or a reason, whatever the judge does."""

import threading
import time
import types

import numpy as np
import pytest

import judge.service as service_module
from judge.service import JudgeService, code_version, content_key
from judge.store import Store
from judge.types import METRICS, Judgement
from judge.verdicts import Matrix
from rag.errors import ModelError
from rag.types import Chunk, RetrievedChunk, Turn


class WordJudge:
    """Supports a claim whose words all stand in the passage; `before` is called at each matrix."""

    id = "word-judge"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def __init__(self, before=lambda question: None) -> None:
        self.before = before
        self.calls: list[tuple[str, str, list[str], list[str]]] = []

    def matrix(self, question, reply, claims, chunks):
        self.calls.append((question, reply, list(claims), list(chunks)))
        self.before(question)
        cells = [*chunks, " ".join(chunks)]
        supported = np.array([[0.9 * (claim.rstrip(".") in cell) for cell in cells] for claim in claims])
        supported = supported.reshape(len(claims), len(cells))
        reasons = [[""] * len(cells) for _ in claims]
        return Matrix(supported, 0 * supported, np.full(len(chunks), 0.8), 0.7, reasons)


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'record.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def serve(store):
    opened = []

    def start(judge, busy=None, timeout_s=10.0):
        loader = judge if isinstance(judge, types.FunctionType) else lambda: judge
        opened.append(JudgeService(loader, store, busy or threading.Event(), timeout_s))
        return opened[-1]

    yield start
    for each in opened:
        each.close(1.0)


def finished(store, reply="She built a search service [1].", question="What did she build?", conversation=None) -> Turn:
    chunk = Chunk("d-0", "d", "mina.md", "Mina Park", "Experience", "She built a search service", 0, 26)
    turn = Turn(conversation or store.new_conversation("me"), question, response=reply, status="finished")
    turn.retrieved_contexts = (RetrievedChunk(chunk, 1, 0.9, "both"),)
    store.save_turn(turn)
    return turn


def judged(service, turn, seconds=20.0) -> Judgement:
    until = time.monotonic() + seconds
    while service.state(turn.id) == "pending":
        assert time.monotonic() < until, "still pending"
        service.wait(0.05)
    return service.state(turn.id)


def until(condition, seconds=20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def at_work() -> bool:
    """Whether a call to some judge is still going on."""
    return any(thread.name == "judge-call" for thread in threading.enumerate())


def reasons(judgement) -> set[tuple]:
    return {(score.value, score.state, score.reason) for score in judgement.scores.values()}


def test_a_submitted_turn_is_pending_then_judged_and_recorded(store, serve):
    gate = threading.Event()
    service = serve(WordJudge(lambda question: gate.wait(5)))
    turn = finished(store)

    service.submit(turn)

    assert service.state(turn.id) == "pending" and service.pending([turn.id, "other"]) == {turn.id}
    gate.set()
    judgement = judged(service, turn)
    assert judgement.scores["faithfulness"].value == 1.0 and judgement.judge == "word-judge"
    assert store.judgement(turn.id) == judgement and service.pending([turn.id]) == set()


def test_a_turn_nobody_submitted_has_no_state(store, serve):
    assert serve(WordJudge()).state("unknown") is None


def test_the_judge_reads_the_standalone_question_and_whose_passage_it_is(store, serve):
    judge = WordJudge()
    turn = finished(store, question="And before that?")
    turn.standalone_question = "Where did she work before Hanbit Labs?"
    service = serve(judge)
    service.submit(turn)
    judged(service, turn)
    question, _reply, _claims, chunks = judge.calls[-1]
    assert question == "Where did she work before Hanbit Labs?"
    assert chunks == ["Mina Park – Experience\nShe built a search service"]


def test_the_judge_is_loaded_once_in_the_background_and_named_from_then_on(store, serve):
    loads = []

    def load():
        loads.append(threading.current_thread().name)
        return WordJudge()

    service = serve(load)
    assert service.judge_id is None and not loads
    for turn in [finished(store), finished(store)]:
        service.submit(turn)
        judged(service, turn)
    assert loads == ["judge"] and service.judge_id == "word-judge"


def test_warming_up_loads_the_judge_and_runs_it_before_the_first_turn(store, serve):
    judge = WordJudge()
    service = serve(judge)
    service.warm_up()
    assert service.judge_id == "word-judge" and len(judge.calls) == 1


def test_a_judge_that_cannot_be_loaded_leaves_the_scores_unscored_with_the_sentence(store, serve):
    def load():
        raise ModelError("The judge nowhere was not found; check VOUCH_JUDGE.", "평가 모델이 없습니다.")

    turn = finished(store)
    service = serve(load)
    service.submit(turn)
    assert reasons(judged(service, turn)) == {(None, "unscored", "The judge nowhere was not found; check VOUCH_JUDGE.")}
    with pytest.raises(ModelError):
        service.warm_up()


def test_a_loader_with_a_bug_is_a_sentence_too(store, serve):
    def load():
        raise KeyError("weights")

    turn = finished(store)
    service = serve(load)
    service.submit(turn)
    ((value, state, reason),) = reasons(judged(service, turn))
    assert (value, state) == (None, "unscored") and "KeyError" in reason and "did not load" in reason


def test_what_a_missing_judge_left_unscored_is_judged_at_the_next_start(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.sqlite'}"

    def load():
        raise ModelError("No judge.", "없음.")

    store = Store(url)
    turn = finished(store)
    service = JudgeService(load, store, threading.Event(), 5.0)
    judged(service, turn)
    service.close()
    store.close()

    store = Store(url)
    service = JudgeService(WordJudge, store, threading.Event(), 5.0)
    assert judged(service, turn).scores["faithfulness"].value == 1.0
    service.close()
    store.close()


def test_turns_that_finished_without_a_judgement_are_judged_at_start(store, serve):
    turn = finished(store)
    service = serve(WordJudge())
    assert judged(service, turn).scores["answer_relevancy"].value == pytest.approx(0.7)


def test_a_judge_that_raises_costs_only_that_turn(store, serve):
    def before(question):
        if "bad" in question:
            raise RuntimeError("CUDA out of memory\nlots of detail")

    bad, good = finished(store, question="bad?"), finished(store)
    service = serve(WordJudge(before))
    service.submit(bad)
    service.submit(good)
    for value, state, reason in reasons(judged(service, bad)):
        assert value is None and state == "unscored" and "RuntimeError: CUDA out of memory" in reason
    assert judged(service, good).scores["faithfulness"].value == 1.0


def test_a_judge_that_takes_too_long_leaves_the_turn_unscored_and_the_next_is_judged(store, serve):
    gate = threading.Event()
    service = serve(WordJudge(lambda question: gate.wait(10) if "slow" in question else None), timeout_s=0.3)
    slow, stuck, later = finished(store, question="slow?"), finished(store), finished(store)
    service.submit(slow)
    assert reasons(judged(service, slow)) == {(None, "unscored", "the judge took longer than 0.3 s")}
    service.submit(stuck)  # the call cannot be killed, and a second one beside it would only add to the load
    assert reasons(judged(service, stuck)) == {(None, "unscored", "the judge is still at work on an earlier reply")}
    gate.set()
    until(lambda: not at_work())
    service.submit(later)
    assert judged(service, later).scores["faithfulness"].value == 1.0


def test_a_turn_that_the_judge_did_not_get_to_is_judged_at_the_next_start(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.sqlite'}"
    gate = threading.Event()
    store = Store(url)
    service = JudgeService(lambda: WordJudge(lambda question: gate.wait(10) if "slow" in question else None), store, timeout_s=0.2)
    slow, stuck = finished(store, question="slow?"), finished(store)
    for turn in (slow, stuck):
        service.submit(turn)
        judged(service, turn)
    gate.set()
    service.close()
    store.close()

    store = Store(url)
    service = JudgeService(WordJudge, store)
    assert judged(service, stuck).scores["faithfulness"].value == 1.0
    assert "took longer" in judged(service, slow).scores["faithfulness"].reason  # it was asked, and is too much for this judge
    service.close()
    store.close()


def test_a_turn_whose_judge_failed_is_judged_at_the_next_start(tmp_path):
    def unreachable(question):
        raise ConnectionError("no answer")

    url = f"sqlite:///{tmp_path / 'record.sqlite'}"
    store = Store(url)
    service = JudgeService(lambda: WordJudge(unreachable), store)
    turn = finished(store)
    service.submit(turn)
    assert "ConnectionError" in judged(service, turn).scores["faithfulness"].reason
    service.close()
    store.close()

    store = Store(url)
    service = JudgeService(WordJudge, store)
    assert judged(service, turn).scores["faithfulness"].value == 1.0
    service.close()
    store.close()


def test_the_late_result_of_a_call_that_timed_out_changes_nothing(store, serve):
    gate = threading.Event()
    service = serve(WordJudge(lambda question: gate.wait(10)), timeout_s=0.2)
    turn = finished(store)
    service.submit(turn)
    before = judged(service, turn)
    gate.set()
    until(lambda: not at_work())
    assert service.state(turn.id) == before and before.scores["faithfulness"].value is None


def test_generation_goes_first_but_not_for_ever(store, serve, monkeypatch):
    monkeypatch.setattr(service_module, "MAX_YIELD_S", 1.5)
    busy = threading.Event()
    busy.set()
    service = serve(WordJudge(), busy)
    first, second = finished(store), finished(store)

    service.submit(first)
    time.sleep(0.3)
    assert service.state(first.id) == "pending"  # it yields
    assert judged(service, first, 20.0).scores["faithfulness"].value == 1.0  # though busy never ended

    monkeypatch.setattr(service_module, "MAX_YIELD_S", 3600)
    service.submit(second)
    busy.clear()
    judged(service, second, 20.0)  # as soon as generation is done, long before it would stop yielding


def test_busy_may_be_a_function(store, serve):
    asked = []
    service = serve(WordJudge(), lambda: asked.append(1) or False)
    turn = finished(store)
    service.submit(turn)
    assert judged(service, turn).scores["faithfulness"].value == 1.0 and asked


def test_a_full_queue_says_so_instead_of_blocking(store, serve, monkeypatch):
    monkeypatch.setattr(service_module, "MAX_WAITING", 2)
    gate = threading.Event()
    judge = WordJudge(lambda question: gate.wait(20))
    service = serve(judge, timeout_s=30.0)
    turns = [finished(store) for _ in range(5)]
    service.submit(turns[0])
    until(lambda: judge.calls)  # taken by the worker
    for turn in turns[1:]:
        service.submit(turn)
    assert reasons(service.state(turns[-1].id)) == {(None, "unscored", "the judge is behind")}
    gate.set()
    assert judged(service, turns[2]).scores["faithfulness"].value == 1.0


def test_a_regenerated_reply_never_shows_the_judgement_of_the_old_one(store, serve):
    gate = threading.Event()
    judge = WordJudge(lambda question: gate.wait(20))
    service = serve(judge, timeout_s=30.0)
    turn = finished(store)
    service.submit(turn)
    until(lambda: judge.calls)  # the worker holds the old reply
    again = Turn(turn.conversation_id, turn.user_input, id=turn.id, retrieved_contexts=turn.retrieved_contexts)
    store.save_turn(again)
    again.response, again.status = "She won a Nobel prize [1].", "finished"
    store.save_turn(again)
    service.submit(again)
    gate.set()
    assert judged(service, again).scores["faithfulness"].value == 0.0
    assert store.judgement(turn.id).verdicts[0].claim.text.startswith("She won")


def test_a_turn_whose_conversation_was_deleted_is_forgotten(store, serve):
    gate = threading.Event()
    judge = WordJudge(lambda question: gate.wait(20))
    service = serve(judge, timeout_s=30.0)
    turn = finished(store)
    service.submit(turn)
    until(lambda: judge.calls)
    store.delete_conversation(turn.conversation_id)
    gate.set()
    assert judged(service, turn) is None


def test_a_stopped_turn_is_not_judged(store, serve):
    judge = WordJudge()
    turn = finished(store)
    turn.status = "stopped"
    store.save_turn(turn)
    service = serve(judge)
    service.submit(turn)
    assert reasons(service.state(turn.id)) == {(None, "unscored", "the reply was not finished")} and not judge.calls


def test_a_record_that_cannot_be_written_still_shows_the_badges(store, serve, monkeypatch):
    def broken(*arguments, **named):
        raise OSError("disk full")

    monkeypatch.setattr(store, "save_judgement", broken)
    service = serve(WordJudge())
    turns = [finished(store), finished(store)]
    for turn in turns:
        service.submit(turn)
        assert judged(service, turn).scores["faithfulness"].value == 1.0  # and the worker lives


def test_waiting_ends_with_a_change_and_says_when_nothing_changed(store, serve):
    service = serve(WordJudge())
    assert service.wait(0.05) is False
    woken = []
    waiter = threading.Thread(target=lambda: woken.append(service.wait(5)))
    waiter.start()
    time.sleep(0.05)
    service.submit(finished(store))
    waiter.join(5)
    assert woken == [True]


def test_closing_ends_the_worker_and_leaves_waiting_turns_for_the_next_start(store):
    gate = threading.Event()
    judge = WordJudge(lambda question: gate.wait(20))
    service = JudgeService(lambda: judge, store, threading.Event(), 30.0)
    first, second = finished(store), finished(store)
    service.submit(first)
    service.submit(second)
    until(lambda: judge.calls)
    gate.set()
    service.close()
    assert not service._worker.is_alive()
    assert second.id in [turn.id for turn in store.unjudged()]


def test_the_same_reply_to_the_same_question_and_passages_is_judged_once(store, serve):
    judge = WordJudge()
    service = serve(judge)
    made = []
    for reply in ("She built a search service [1].", "She built a search service [1].", "She built nothing [1]."):
        turn = finished(store, reply)
        service.submit(turn)
        made.append(judged(service, turn))
    assert len(judge.calls) == 2
    assert made[0].scores == made[1].scores and made[0].verdicts == made[1].verdicts and made[1].seconds >= 0
    assert made[2].scores["faithfulness"].value == 0.0


def test_another_question_passage_version_or_threshold_is_judged_anew():
    judge, other = WordJudge(), WordJudge()
    other.id = "word-judge+2"
    stricter = WordJudge()
    stricter.supported_threshold = 0.7
    doubting = WordJudge()
    doubting.missed_threshold = 0.7
    base = (judge, "q", "r", ["a", "b"])
    keys = {content_key(*base)}
    for changed in [(other, "q", "r", ["a", "b"]), (stricter, "q", "r", ["a", "b"]), (doubting, "q", "r", ["a", "b"]), (judge, "q2", "r", ["a", "b"]),
                    (judge, "q", "r2", ["a", "b"]), (judge, "q", "r", ["a"]), (judge, "q", "r", ["b", "a"]), (judge, "q", "r", ["ab"])]:  # fmt: skip
        keys.add(content_key(*changed))
    assert len(keys) == 9 and content_key(*base) in keys and content_key(judge, "\ud800", "", [])


def test_a_changed_rule_is_judged_anew(monkeypatch):
    before = content_key(WordJudge(), "q", "r", [])
    monkeypatch.setattr(service_module, "code_version", lambda: "another")
    assert content_key(WordJudge(), "q", "r", []) != before


def test_the_version_of_the_code_is_that_of_the_files(tmp_path, monkeypatch):
    (tmp_path / "guard.py").write_text("RULE = 1")
    monkeypatch.setattr(service_module, "__file__", str(tmp_path / "service.py"))
    made = []
    for text in ("RULE = 1", "RULE = 2", "RULE = 1"):
        (tmp_path / "guard.py").write_text(text)
        made.append(code_version.__wrapped__())
    assert made[0] == made[2] != made[1]
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "faithfulness.py").write_text("SHARE = 1")
    assert code_version.__wrapped__() != made[2]


def test_a_judge_that_failed_is_asked_again(store, serve):
    def before(question):
        if len(judge.calls) == 1:
            raise RuntimeError("once")

    judge = WordJudge(before)
    service = serve(judge)
    first, second = finished(store), finished(store)
    service.submit(first)
    assert {score.value for score in judged(service, first).scores.values()} == {None}
    service.submit(second)
    assert judged(service, second).scores["faithfulness"].value == 1.0


@pytest.mark.parametrize(
    "reply",
    ["", " \n", "<img src=x onerror=alert(1)>", "${alert(1)} ![x](http://e/x.png)", "가" * 10_000, "\x00\x1b[31m\ud800", "a. " * 3000],
)  # fmt: skip
def test_any_reply_gets_three_scores_that_are_numbers_or_reasons(store, serve, reply):
    service = serve(WordJudge())
    turn = finished(store, reply)
    service.submit(turn)
    judgement = judged(service, turn)
    assert set(judgement.scores) == set(METRICS)
    for score in judgement.scores.values():
        assert (score.value is not None and 0 <= score.value <= 1) if score.state == "scored" else score.reason


class PreparedJudge(WordJudge):
    def __init__(self, before=lambda question: None) -> None:
        super().__init__(before)
        self.read: list[list[str]] = []

    def prepare(self, passages):
        self.read.append(list(passages))


def test_passages_are_read_ahead_a_few_at_a_time_while_nobody_waits(store, serve):
    judge = PreparedJudge()
    service = serve(judge)

    service.read_ahead(f"passage {i}" for i in range(10))

    until(lambda: sum(map(len, judge.read)) == 10)
    assert [text for some in judge.read for text in some] == [f"passage {i}" for i in range(10)]
    assert max(map(len, judge.read)) <= service_module.AHEAD_AT_ONCE


def test_a_turn_goes_before_what_is_read_ahead(store, serve):
    generating = threading.Event()
    generating.set()
    judge = PreparedJudge()
    service = serve(judge, busy=generating)
    service.read_ahead(["one", "two", "three", "four", "five"])
    turn = finished(store)
    service.submit(turn)
    generating.clear()

    judged(service, turn)

    until(lambda: sum(map(len, judge.read)) == 5)
    assert [text for some in judge.read for text in some] == ["one", "two", "three", "four", "five"]  # none was dropped


def test_a_judge_that_cannot_read_ahead_judges_all_the_same(store, serve):
    def fail(passages):
        raise RuntimeError("out of memory")

    judge = PreparedJudge()
    judge.prepare = fail
    service = serve(judge)
    service.read_ahead(["one"] * 9)
    until(lambda: not service._ahead)
    turn = finished(store)
    service.submit(turn)

    assert judged(service, turn).scores["faithfulness"].value == 1.0
