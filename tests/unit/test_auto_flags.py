"""Flags by rule: what fires, what never does, and what the judge's worker makes of it."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from judge.regression.auto import AutoFlagger, fired_rules, is_judged
from judge.regression.store import RegressionStore
from judge.scoring import unscored
from judge.service import JudgeService
from judge.store import Store
from judge.types import Claim, Judgement, Score, Verdict
from judge.verdicts import Matrix
from rag.types import Turn
from settings import Settings
from tests.unit.test_service import WordJudge, finished, judged

THRESHOLDS = {"faithfulness": 0.5, "answer_relevancy": 0.5, "context_precision": 0.5}


@pytest.fixture
def store():
    opened = Store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def record(store):
    return RegressionStore(store)


def judgement(verdicts=(), **values) -> Judgement:
    """Scored with these values; None is unscored."""
    scores = {
        metric: Score(metric, value, "unscored" if value is None else "scored", "") for metric, value in values.items()
    }
    return Judgement(scores, tuple(verdicts), (), "judge", 0.1)


def refused(value, reason="", **others) -> Judgement:
    said = judgement(**others)
    said.scores["answer_relevancy"] = Score("answer_relevancy", value, "declined", reason)
    return said


GOOD = judgement(faithfulness=1.0, answer_relevancy=0.9, context_precision=1.0)
BAD = judgement(faithfulness=1 / 3, answer_relevancy=0.9, context_precision=1.0)
CONTRADICTED = Verdict(Claim("She worked at  Kakao.", 0, 5), "contradicted", 0.1, 0.9, 1)


# ------------------------------------------------------------------ the rules


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        (GOOD, []),
        (BAD, ["faithfulness 0.33 < 0.50"]),
        (judgement(faithfulness=0.5), []),  # at the threshold is not under it
        (judgement(faithfulness=0.499), ["faithfulness 0.499 < 0.500"]),  # and not "0.50 < 0.50"
        (judgement(faithfulness=0.0, answer_relevancy=0.2), ["faithfulness 0.00 < 0.50", "answer relevancy 0.20 < 0.50"]),
        (judgement(faithfulness=None, answer_relevancy=None, context_precision=None), []),
        (judgement(), []),
        (judgement([CONTRADICTED], faithfulness=0.9), ["contradicted by [2]: “She worked at Kakao.”"]),
        (judgement([replace(CONTRADICTED, evidence=None)]), ["contradicted: “She worked at Kakao.”"]),
        (judgement([replace(CONTRADICTED, label="not_found")], faithfulness=0.9), []),
        (judgement([replace(CONTRADICTED, label="not_sure")], faithfulness=None), []),  # doubt is no accusation
        (refused(0.0, "missed: [2] has it", context_precision=0.0), ["wrong refusal (missed: [2] has it)"]),
        (refused(1.0, "nothing answers", context_precision=0.0, faithfulness=None), []),
        (refused(None, context_precision=0.0), []),
        (refused(1.0, faithfulness=0.0), ["faithfulness 0.00 < 0.50"]),  # it declined and claimed something all the same
    ],
)  # fmt: skip
def test_what_fires(said, rules):
    assert fired_rules(said, THRESHOLDS) == rules


def test_a_threshold_of_zero_or_none_at_all_switches_a_rule_off():
    said = judgement(faithfulness=0.0)
    assert fired_rules(said, {"faithfulness": 0.0}) == [] and fired_rules(said, {}) == []


def test_a_long_claim_is_quoted_in_part():
    said = judgement([replace(CONTRADICTED, claim=Claim("가 " * 5000, 0, 5))])
    (rule,) = fired_rules(said, {})
    assert len(rule) < 120 and rule.endswith("…”")


def test_judged_means_that_one_score_has_a_value():
    assert is_judged(GOOD) and is_judged(refused(1.0, faithfulness=None))
    assert not is_judged(None) and not is_judged(unscored("the judge is behind", "")) and not is_judged(judgement())


# ------------------------------------------------------------------ the flagger


def turn_of(store, said) -> Turn:
    turn = finished(store)
    store.save_judgement(turn.id, said)
    return turn


def test_a_bad_judgement_flags_the_turn_and_says_which_rules_fired(store, record):
    said = judgement([CONTRADICTED], faithfulness=0.25)
    turn = turn_of(store, said)
    AutoFlagger(record, THRESHOLDS).on_judged(turn, said)
    (flag,) = record.flags([turn.id])[turn.id]
    assert (flag.origin, flag.thumb, flag.reason) == ("auto", "down", "")
    assert flag.rule == "faithfulness 0.25 < 0.50; contradicted by [2]: “She worked at Kakao.”"
    assert flag.judgement == said
    (case,) = record.cases(status="candidate", origin="auto")
    assert case.rule == flag.rule and case.turn.id == turn.id


@pytest.mark.parametrize("said", [GOOD, unscored("the judge took longer than 60 s", "j")])
def test_a_good_or_unscored_reply_is_never_flagged(store, record, said):
    turn = turn_of(store, said)
    AutoFlagger(record, THRESHOLDS).on_judged(turn, said)
    assert record.all_flags() == [] and record.cases() == []


def test_judging_a_new_reply_replaces_the_flag_or_takes_it_back(store, record):
    flagger = AutoFlagger(record, THRESHOLDS)
    turn = turn_of(store, BAD)
    flagger.on_judged(turn, BAD)

    worse = judgement(faithfulness=0.0)
    again = replace(turn, response="worse")
    store.save_turn(again)
    store.save_judgement(again.id, worse)
    flagger.on_judged(again, worse)
    (flag,), (case,) = record.all_flags(), record.cases()
    assert flag.rule == case.rule == "faithfulness 0.00 < 0.50" and flag.turn.response == case.turn.response == "worse"

    flagger.on_judged(again, unscored("the judge is behind", ""))  # says nothing, changes nothing
    assert record.all_flags() == [flag]

    better = replace(turn, response="better")
    store.save_turn(better)
    store.save_judgement(better.id, GOOD)
    flagger.on_judged(better, GOOD)
    assert record.all_flags() == [] and record.cases() == []


def test_a_judgement_of_a_reply_that_was_replaced_meanwhile_flags_nothing(store, record):
    turn = turn_of(store, BAD)
    store.save_turn(replace(turn, response="another"))
    AutoFlagger(record, THRESHOLDS).on_judged(turn, BAD)
    assert record.all_flags() == []


def test_a_thumb_that_came_before_the_judgement_gets_it(store, record):
    turn = finished(store)
    record.flag(turn.id, "down")
    store.save_judgement(turn.id, BAD)
    AutoFlagger(record, THRESHOLDS, enabled=False).on_judged(turn, BAD)
    (flag,) = record.all_flags()
    assert flag.origin == "user" and flag.judgement == BAD


def test_a_person_overrules_the_rule(store, record):
    turn = turn_of(store, BAD)
    AutoFlagger(record, THRESHOLDS).on_judged(turn, BAD)
    record.flag(turn.id, "up")
    assert [case.status for case in record.cases()] == ["dismissed"]


def test_switched_off_it_flags_nothing_and_leaves_flags_alone(store, record):
    flagger = AutoFlagger(record, THRESHOLDS)
    turn = turn_of(store, BAD)
    flagger.on_judged(turn, BAD)
    flagger.set_enabled(False)
    other = turn_of(store, BAD)
    flagger.on_judged(other, BAD)
    flagger.on_judged(turn, BAD)
    assert [flag.turn.id for flag in record.all_flags()] == [turn.id] and not flagger.enabled


# ------------------------------------------------------------------ thresholds


def test_thresholds_change_at_run_time_for_what_is_judged_next(store, record):
    flagger = AutoFlagger(record, THRESHOLDS)
    flagger.set_thresholds({"faithfulness": 0.3})
    assert flagger.thresholds == {**THRESHOLDS, "faithfulness": 0.3}
    flagger.thresholds["faithfulness"] = 1.0  # a copy
    turn = turn_of(store, BAD)
    flagger.on_judged(turn, BAD)
    assert record.all_flags() == []
    flagger.set_thresholds({"faithfulness": 0.4})
    flagger.on_judged(turn, BAD)
    assert record.all_flags()[0].rule == "faithfulness 0.33 < 0.40"


@pytest.mark.parametrize(
    "wrong", [{"faithfulness": 1.1}, {"faithfulness": float("nan")}, {"bleu": 0.5}, {"faithfulness": "x"}]
)
def test_a_threshold_that_is_none_changes_nothing(record, wrong):  # fmt: skip
    flagger = AutoFlagger(record, THRESHOLDS)
    with pytest.raises(ValueError):
        flagger.set_thresholds({"answer_relevancy": 0.1, **wrong})
    assert flagger.thresholds == THRESHOLDS
    with pytest.raises(ValueError):
        AutoFlagger(record, wrong)


def test_what_was_set_on_the_page_holds_over_a_restart_until_the_settings_change(record):
    flagger = AutoFlagger(record, THRESHOLDS)
    flagger.set_thresholds({"faithfulness": 0.8})
    flagger.set_enabled(False)
    restarted = AutoFlagger(record, THRESHOLDS)
    assert restarted.thresholds["faithfulness"] == 0.8 and not restarted.enabled
    changed = AutoFlagger(record, {**THRESHOLDS, "faithfulness": 0.6})
    assert changed.thresholds["faithfulness"] == 0.6 and changed.enabled


def test_the_settings_name_a_threshold_for_every_rule(monkeypatch):
    monkeypatch.setenv("VOUCH_FLAG_FAITHFULNESS", "0.75")
    monkeypatch.setenv("VOUCH_AUTO_FLAG", "false")
    settings = Settings()
    assert settings.flag_thresholds["faithfulness"] == 0.75 and set(settings.flag_thresholds) == set(THRESHOLDS)
    assert settings.auto_flag is False
    monkeypatch.setenv("VOUCH_FLAG_FAITHFULNESS", "50")
    with pytest.raises(ValueError, match="flag_faithfulness"):
        Settings()


def test_thresholds_are_read_and_changed_from_many_threads(store, record):
    flagger = AutoFlagger(record, {"faithfulness": 0.5, "answer_relevancy": 0.5})
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add(tuple(flagger.thresholds.values()))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(50):
        flagger.set_thresholds({"faithfulness": number / 50, "answer_relevancy": number / 50})
    stop.set()
    reader.join()
    assert all(one == other for one, other in seen)  # never half changed


# ------------------------------------------------------------------ in the judge's worker


class DoubtingJudge(WordJudge):
    """Contradicts every claim."""

    def matrix(self, question, reply, claims, chunks):
        found = super().matrix(question, reply, claims, chunks)
        contradicted = np.full(found.p_supported.shape, 0.9)
        return Matrix(0 * contradicted, contradicted, found.p_relevant, found.p_answers, found.reasons)


@pytest.fixture
def serve(store):
    opened = []

    def start(judge, on_judged):
        opened.append(JudgeService(lambda: judge, store, timeout_s=10.0, on_judged=on_judged))
        return opened[-1]

    yield start
    for each in opened:
        each.close(1.0)


def test_the_worker_flags_a_bad_reply_with_nobody_looking(store, record, serve):
    service = serve(DoubtingJudge(), AutoFlagger(record, THRESHOLDS).on_judged)
    turn = finished(store)
    service.submit(turn)
    judged(service, turn)  # whoever waited for the badges finds the flag beside them
    (flag,) = record.flags([turn.id])[turn.id]
    assert flag.rule.startswith("faithfulness 0.00 < 0.50; contradicted by [1]")


def test_turns_left_unjudged_are_flagged_at_the_next_start(store, record, serve):
    turn = finished(store)
    service = serve(DoubtingJudge(), AutoFlagger(record, THRESHOLDS).on_judged)
    judged(service, turn)
    assert record.flags([turn.id])


def test_only_what_was_recorded_is_told(store, serve, monkeypatch):
    gate, told = threading.Event(), []
    service = serve(WordJudge(lambda question: gate.wait(5)), lambda turn, said: told.append(turn.id))
    gone, kept = finished(store), finished(store)
    service.submit(gone)
    service.submit(kept)
    store.delete_conversation(gone.conversation_id)
    gate.set()
    judged(service, kept)
    assert told == [kept.id]


def test_a_hook_that_raises_costs_neither_the_badges_nor_the_worker(store, serve):
    def breaks(turn, said):
        raise OSError("disk full")

    service = serve(WordJudge(), breaks)
    for turn in (finished(store), finished(store)):
        service.submit(turn)
        assert judged(service, turn).scores["faithfulness"].value == 1.0
    assert service.queue_depth == 0


def test_the_queue_and_the_judges_pace_can_be_read(store, serve):
    gate = threading.Event()
    service = serve(WordJudge(lambda question: gate.wait(5)), None)
    turns = [finished(store) for _ in range(3)]
    for turn in turns:
        service.submit(turn)
    assert service.queue_depth == 3
    gate.set()
    for turn in turns:
        judged(service, turn)
    store.save_judgement(turns[0].id, unscored("the judge is behind", "j"), final=False)
    paces = store.judge_seconds()
    assert [judge for judge, _ in paces] == ["word-judge"] * 2 and all(seconds >= 0 for _, seconds in paces)
    assert len(store.judge_seconds(1)) == 1
