"""The second judge: it follows the first, replaces what that said, makes way, and its failures are said."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

import app
from judge.decision import DecisionJudge
from judge.regression.auto import AutoFlagger
from judge.regression.store import RegressionStore
from judge.second import SecondJudge
from judge.service import NOT_RECORDED, JudgeService
from judge.store import Store
from judge.types import SecondOpinion
from judge.verdicts import Matrix
from rag.errors import ModelError, UserError
from settings import Settings
from tests.unit.test_service import WordJudge, finished, judged, until
from tests.unit.test_service import store as store  # noqa: PLC0414 - the fixture


class Doubting(WordJudge):
    """The larger judge of these tests: it supports nothing."""

    id = "doubting-judge"

    def matrix(self, question, reply, claims, chunks):
        found = super().matrix(question, reply, claims, chunks)
        return Matrix(0 * found.p_supported, found.p_contradicted, found.p_relevant, found.p_answers, found.reasons)


class Pausing(Doubting):
    """Asks `between` before each of its passes."""

    between = staticmethod(lambda: None)

    def __init__(self, passes=3, before=lambda question: None):
        super().__init__(before)
        self.passes, self.done = passes, 0

    def matrix(self, question, reply, claims, chunks):
        for _ in range(self.passes):
            self.between()
            self.before(question)
            self.done += 1
        return super().matrix(question, reply, claims, chunks)


@pytest.fixture
def serve(store):
    opened = []

    def start(first, second, busy=None, timeout_s=10.0, **named):
        load = second if callable(second) else lambda: second
        later = SecondJudge(load, store, busy, timeout_s, named.pop("on_second", None))
        opened.append(JudgeService(lambda: first, store, busy, timeout_s, named.pop("on_judged", None), later))
        return opened[-1]

    yield start
    for each in opened:
        each.close(2.0)


def opinion(service, turn, seconds=20.0) -> SecondOpinion | None:
    """What the second judge says once it has spoken."""
    until(lambda: service.state(turn.id) != "pending" and not service.awaits_second(turn.id), seconds)
    return service.second_opinion(turn.id)


def faithfulness(judgement):
    return judgement.scores["faithfulness"].value


def test_the_first_judgement_is_there_at_once_and_the_second_replaces_it(store, serve):
    gate = threading.Event()
    service = serve(WordJudge(), Doubting(lambda question: gate.wait(5)))
    turn = finished(store)
    service.submit(turn)

    first = judged(service, turn)
    assert faithfulness(first) == 1.0 and first.judge == "word-judge"
    assert service.awaits_second(turn.id) and service.second_opinion(turn.id) == SecondOpinion("pending")
    assert service.queue_depth == 0  # nobody waits for the first

    gate.set()
    said = opinion(service, turn)
    assert said == SecondOpinion("shown", first) and store.second_opinion(turn.id) == said
    shown = service.state(turn.id)
    assert faithfulness(shown) == 0.0 and shown.judge == "doubting-judge" and store.judgement(turn.id) == shown


def test_who_sees_the_first_judgement_already_knows_that_a_second_will_come(store, serve):
    service = serve(WordJudge(), Doubting(lambda question: time.sleep(0.05)))
    for turn in [finished(store) for _ in range(10)]:
        service.submit(turn)
        while service.state(turn.id) == "pending":
            pass
        assert service.awaits_second(turn.id) or service.second_opinion(turn.id).state == "shown"
        opinion(service, turn)


def test_the_second_judge_is_loaded_once_in_its_own_thread_when_it_is_first_needed(store, serve):
    loads = []

    def load():
        loads.append(threading.current_thread().name)
        return Doubting()

    service = serve(WordJudge(), load)
    assert not loads and service.second_id is None
    for turn in [finished(store), finished(store)]:
        service.submit(turn)
        opinion(service, turn)
    assert loads == ["second-judge"] and service.second_id == "doubting-judge"


@pytest.mark.parametrize("failing", ["load", "model", "no probability"])
def test_a_second_judge_that_fails_leaves_the_first_badges_and_says_why(store, serve, failing):
    def load():
        if failing == "load":
            raise ModelError("The judge nowhere was not found.", "평가 모델이 없습니다.")
        return judge

    def before(question):
        raise RuntimeError("out of memory")

    judge = Doubting(before) if failing == "model" else Doubting()
    if failing == "no probability":
        judge.matrix = lambda *arguments: Matrix(np.full((1, 2), np.nan), np.zeros((1, 2)), np.array([np.nan]), np.nan, [["", ""]])
    service = serve(WordJudge(), load)
    turn = finished(store)
    service.submit(turn)
    said = opinion(service, turn)
    assert said.state == "unscored" and faithfulness(service.state(turn.id)) == 1.0
    words = {"load": "nowhere", "model": "out of memory", "no probability": ""}[failing]
    for score in said.other.scores.values():
        assert score.value is None and score.state == "unscored" and score.reason and words in score.reason
    assert store.second_opinion(turn.id) == said


def test_a_second_judgement_that_cannot_be_recorded_is_said(store, serve, monkeypatch):
    def broken(*arguments, **named):
        raise OSError("disk full")

    monkeypatch.setattr(store, "save_second", broken)
    service = serve(WordJudge(), Doubting())
    turn = finished(store)
    service.submit(turn)
    said = opinion(service, turn)
    assert said.state == "unscored" and {score.reason for score in said.other.scores.values()} == {NOT_RECORDED}
    assert faithfulness(service.state(turn.id)) == 1.0


def test_a_first_judge_that_failed_is_replaced_too(store, serve):
    def before(question):
        raise RuntimeError("once")

    service = serve(WordJudge(before), Doubting())
    turn = finished(store)
    service.submit(turn)
    said = opinion(service, turn)
    assert said.state == "shown" and said.other.judge == "word-judge" and faithfulness(said.other) is None
    assert faithfulness(service.state(turn.id)) == 0.0


def test_the_second_judge_waits_for_replies_that_are_written_and_for_the_first_judge(store, serve):
    generating, gate = threading.Event(), threading.Event()
    large = Doubting()
    service = serve(WordJudge(lambda question: gate.wait(5) if "slow" in question else None), large, generating)
    done, slow = finished(store), finished(store, question="slow?")
    generating.set()
    service.submit(done)
    judged(service, done, 20.0)  # the first judge waits a few seconds at most
    service.submit(slow)
    time.sleep(0.3)
    assert not large.calls
    generating.clear()
    until(lambda: service.pending([slow.id]))
    time.sleep(0.3)
    assert not large.calls  # the first judge is at work
    gate.set()
    assert opinion(service, done).state == opinion(service, slow).state == "shown"


def test_a_second_judge_makes_way_between_its_passes_and_its_waiting_is_not_counted(store, serve):
    generating, passes = threading.Event(), []

    def before(question):
        passes.append(1)
        if len(passes) == 1:
            generating.set()  # somebody asks while the second judge works

    large = Pausing(3, before)
    service = serve(WordJudge(), large, generating, timeout_s=1.0)
    turn = finished(store)
    service.submit(turn)
    until(lambda: passes)
    time.sleep(2.0)  # twice what a judgement may take
    assert len(passes) == 1 and service.awaits_second(turn.id)
    generating.clear()
    assert opinion(service, turn).state == "shown" and large.done == 3


def test_a_second_judge_that_takes_too_long_is_given_up_and_the_next_turn_is_judged(store, serve):
    def before(question):
        time.sleep(0.25 if "slow" in question else 0.0)

    large = Pausing(20, before)
    service = serve(WordJudge(), large, timeout_s=2.0)
    slow, quick = finished(store, question="slow?"), finished(store)
    service.submit(slow)
    said = opinion(service, slow)
    assert {score.reason for score in said.other.scores.values()} == {"the judge took longer than 2 s"}
    assert faithfulness(service.state(slow.id)) == 1.0
    service.submit(quick)
    assert opinion(service, quick).state == "shown"  # the call that was given up ended at its next pass
    assert large.done < 40


def test_a_reply_that_is_written_anew_is_judged_twice_again(store, serve):
    gate = threading.Event()
    service = serve(WordJudge(), Doubting(lambda question: gate.wait(5)))
    turn = finished(store)
    service.submit(turn)
    judged(service, turn)
    turn = replace(turn, response="She built nothing at all [1].")
    store.save_turn(turn)
    assert store.second_opinion(turn.id) is None
    service.submit(turn)
    judged(service, turn)
    gate.set()
    said = opinion(service, turn)
    assert said.state == "shown" and said.other.verdicts[0].claim.text.startswith("She built nothing")
    assert service.state(turn.id).verdicts[0].claim.text.startswith("She built nothing")


def test_what_the_second_judge_left_over_is_asked_at_the_next_start(tmp_path):
    url, gate = f"sqlite:///{tmp_path / 'record.sqlite'}", threading.Event()
    store = Store(url)
    stuck = SecondJudge(lambda: Doubting(lambda question: gate.wait(3)), store)
    service = JudgeService(WordJudge, store, second=stuck)
    turn = finished(store)
    service.submit(turn)
    first = judged(service, turn)
    service.close(0.1)
    gate.set()
    stuck._worker.join(5)
    store.close()

    store = Store(url)
    assert store.judgement(turn.id) == first
    without = JudgeService(WordJudge, store)
    assert without.second_opinion(turn.id) is None and not without.awaits_second(turn.id)  # no second judge any more
    without.close()
    service = JudgeService(WordJudge, store, second=SecondJudge(Doubting, store))
    assert opinion(service, turn) == SecondOpinion("shown", first)
    service.close()
    store.close()


def test_flags_follow_the_second_judgement(store, serve):
    record = RegressionStore(store)
    flagger = AutoFlagger(record, {"faithfulness": 0.5})
    gate = threading.Event()
    service = serve(
        WordJudge(), Doubting(lambda question: gate.wait(5)), on_judged=flagger.on_judged, on_second=flagger.on_second
    )
    turn = finished(store)
    service.submit(turn)
    judged(service, turn)
    record.flag(turn.id, "down", "wrong_fact")
    assert [flag.origin for flag in record.flags([turn.id])[turn.id]] == ["user"]
    gate.set()
    opinion(service, turn)
    flags = record.flags([turn.id])[turn.id]
    assert [flag.origin for flag in flags] == ["user", "auto"]
    assert {flag.judgement.judge for flag in flags} == {"doubting-judge"}
    assert record.cases()[0].judgement.judge == "doubting-judge"


def test_a_rule_that_the_second_judgement_does_not_confirm_is_taken_back(store, serve):
    record = RegressionStore(store)
    flagger = AutoFlagger(record, {"faithfulness": 0.5})
    service = serve(Doubting(), WordJudge(), on_judged=flagger.on_judged, on_second=flagger.on_second)
    turn = finished(store)
    service.submit(turn)
    opinion(service, turn)
    assert record.flags([turn.id]) == {} and record.cases() == []


def test_a_decision_judge_asks_before_each_request_whether_it_may_go_on():
    asked, order = [], []

    def ask(request):
        order.append("ask")
        asked.append(request)
        choice = {"probabilities": {"supported": 0.9, "contradicted": 0.05, "not_found": 0.05}}
        return {name: choice if name.startswith("claim") else {"noul": 0.8} for name in request["questions"]}

    large = DecisionJudge(ask, "m")
    large.between = lambda: order.append("between")
    large.matrix("q", "r", ["a claim"], ["one", "two"])
    assert order == ["between", "ask"] * 4  # two passages, both together, and the reply


def test_the_setting_opens_a_second_judge_and_names_it(tmp_path):
    settings = Settings(
        _env_file=None, DATABASE_URL=f"sqlite:///{tmp_path / 'record.sqlite'}", second_judge="some/large-judge"
    )
    services = app.services_for(settings)
    assert services.second_judge == "some/large-judge" and services.judge.second_id is None  # not loaded yet
    services.judge.close()
    services.store.close()
    assert Settings(_env_file=None).second_judge == ""


def test_the_same_judge_twice_is_refused_in_one_sentence():
    with pytest.raises(UserError) as raised:
        app.services_for(Settings(_env_file=None, second_judge="embedded"))
    assert "VOUCH_SECOND_JUDGE" in raised.value.en and "VOUCH_SECOND_JUDGE" in raised.value.ko
