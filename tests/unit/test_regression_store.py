"""The record of flags, cases and runs: one click makes a case, nothing changes it behind anybody's back."""

import io
import json
import os
import subprocess
import threading
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from judge.export import write_everything
from judge.regression import store as regression_module
from judge.regression.store import RegressionError, RegressionStore
from judge.regression.types import Case, CaseResult
from judge.store import Store
from judge.tables import Base, CaseRow, ConversationRow, FlagRow, RunRow, TurnRow
from judge.types import Judgement, Score
from rag.types import Turn
from tests.unit.test_store import JUDGEMENT, turn_in

OTHER = Judgement({"faithfulness": Score("faithfulness", 0.25, "scored")}, (), (0.5,), "other", 0.5)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'record.sqlite'}"


@pytest.fixture
def store(url):
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def record(store):
    return RegressionStore(store)


def answered(store, owner="me", **fields) -> Turn:
    """A judged turn in a conversation of its own."""
    turn = turn_in(store.new_conversation(owner), **fields)
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT)
    return turn


def regenerate(store, turn, response="another reply", judgement=OTHER) -> Turn:
    again = replace(turn, response=response)
    store.save_turn(again)
    store.save_judgement(again.id, judgement)
    return again


def result_of(run, case_id, turn=None, **fields) -> CaseResult:
    values = {
        "turn": turn or Turn("", "Where?", response="At Hanbit."),
        "judgement": JUDGEMENT,
        "scores": {**JUDGEMENT.scores, "f1": Score("f1", 0.5, "scored"), "bleu": Score("bleu", None, "unscored", "-")},
        "perplexity": 12.5,
        "passed": False,
        "failures": ("faithfulness 0.33 < 0.50", "거절"),
        "error": "",
        "seconds": 1.25,
    }
    return CaseResult(run.id, case_id, **{**values, **fields})


# ------------------------------------------------------------------ flags


def test_a_flag_keeps_the_whole_turn_and_its_judgement(record, store):
    turn = answered(store)
    flag = record.flag(turn.id, "down", "wrong_fact", "KAIST")
    assert flag.turn == turn and flag.judgement == JUDGEMENT
    assert (flag.thumb, flag.origin, flag.reason, flag.rule, flag.reference) == ("down", "user", "wrong_fact", "", "KAIST")  # fmt: skip
    assert record.flags([turn.id, "other"]) == {turn.id: [flag]} and record.all_flags() == [flag]
    assert datetime.fromisoformat(flag.created_at).tzinfo is not None


def test_a_flag_survives_closing_and_opening(url, store, record):
    turn = answered(store)
    flag = record.flag(turn.id, "down")
    store.close()
    again = Store(url)
    assert RegressionStore(again).all_flags() == [flag]
    again.close()


@pytest.mark.parametrize("what", ["regenerate", "delete"])
def test_what_happens_to_the_turn_later_changes_neither_flag_nor_case(record, store, what):
    turn = answered(store)
    flag = record.flag(turn.id, "down", "incomplete", "all of it")
    (case,) = record.cases()
    if what == "regenerate":
        regenerate(store, turn)
    else:
        store.delete_conversation(turn.conversation_id)
    assert record.all_flags() == [flag] and record.cases() == [case]
    assert case.turn == turn and case.judgement == JUDGEMENT


def test_a_turn_that_is_gone_cannot_be_flagged(record, store):
    turn = answered(store)
    store.delete_conversation(turn.conversation_id)
    assert record.flag(turn.id, "down") is None and record.flag("never", "up") is None
    assert record.all_flags() == [] and record.cases() == []


def test_a_flag_for_a_reply_that_was_replaced_meanwhile_is_refused(record, store):
    turn = answered(store)
    regenerate(store, turn)
    assert record.flag(turn.id, "down", response=turn.response) is None
    assert record.flag(turn.id, "down", response="another reply") is not None


def test_a_later_flag_replaces_the_earlier_one_of_the_same_origin(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", "wrong_fact", "a")
    record.flag(turn.id, "down", "off_topic", "b")
    record.flag(turn.id, "down", origin="auto", rule="faithfulness 0.33 < 0.50")
    user, auto = record.flags([turn.id])[turn.id]
    assert (user.origin, user.reason, user.reference) == ("user", "off_topic", "b")
    assert (auto.origin, auto.rule) == ("auto", "faithfulness 0.33 < 0.50")
    assert len(record.all_flags()) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"thumb": "sideways"}, {"thumb": "down", "reason": "because"}, {"thumb": "down", "origin": "robot"}],
)
def test_a_thumb_reason_or_origin_that_does_not_exist_is_refused(record, store, wrong):
    turn = answered(store)
    with pytest.raises(ValueError, match="is '"):
        record.flag(turn.id, **wrong)
    assert record.all_flags() == []


def test_an_expected_answer_that_is_too_long_is_a_sentence(record, store):
    turn = answered(store)
    with pytest.raises(RegressionError, match="20,000") as caught:
        record.flag(turn.id, "down", reference="가" * 20_001)
    assert "20,000자" in caught.value.ko and record.all_flags() == []


def test_a_judgement_that_comes_after_the_flag_completes_it(record, store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    assert record.flag(turn.id, "down").judgement is None
    record.add_judgement(turn.id, "another reply", OTHER)
    assert record.all_flags()[0].judgement is None
    record.add_judgement(turn.id, turn.response, JUDGEMENT)
    record.add_judgement(turn.id, turn.response, OTHER)  # it keeps what it had at the time
    assert record.all_flags()[0].judgement == JUDGEMENT and record.cases()[0].judgement == JUDGEMENT


# ------------------------------------------------------------------ the case a flag makes


def test_a_thumb_down_makes_a_candidate_of_the_question_as_it_can_be_understood_alone(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", "wrong_fact", "KAIST")
    (case,) = record.cases()
    assert case.user_input == turn.standalone_question and case.reference == "KAIST"
    assert (case.origin, case.reason, case.rule, case.status) == ("user", "wrong_fact", "", "candidate")
    assert case.documents == ("d",) and case.turn == turn and case.judgement == JUDGEMENT and case.tags == ()
    plain = answered(store, standalone_question="")
    record.flag(plain.id, "down")
    assert record.cases()[0].user_input == plain.user_input


def test_a_thumb_up_makes_no_case(record, store):
    record.flag(answered(store).id, "up")
    assert record.cases() == []


def test_flagging_again_updates_the_candidate_in_place(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", "wrong_fact")
    (first,) = record.cases()
    record.flag(turn.id, "down", "off_topic", "KAIST")
    (case,) = record.cases()
    assert case.id == first.id and (case.reason, case.reference) == ("off_topic", "KAIST")


def test_undo_takes_the_candidate_with_it(record, store):
    turn = answered(store)
    record.flag(turn.id, "down")
    record.unflag(turn.id)
    record.unflag("never flagged")
    assert record.flags([turn.id]) == {} and record.cases() == []


def test_changing_the_thumb_withdraws_the_candidate(record, store):
    turn = answered(store)
    record.flag(turn.id, "down")
    record.flag(turn.id, "up")
    assert record.cases() == []


@pytest.mark.parametrize(
    "work", [{"reference": "KAIST"}, {"tags": ["a"]}, {"status": "accepted"}, {"user_input": "Where did she study?"}]
)
def test_undo_leaves_a_case_that_somebody_worked_on(record, store, work):
    turn = answered(store)
    record.flag(turn.id, "down")
    case = record.update_case(record.cases()[0].id, **work)
    record.unflag(turn.id)
    assert record.flags([turn.id]) == {} and record.cases() == [case]


def test_a_later_flag_only_adds_what_a_worked_on_case_lacks(record, store):
    turn = answered(store)
    record.flag(turn.id, "down")
    (case,) = record.cases()
    record.update_case(case.id, status="accepted", reference="KAIST", tags=["education"])
    record.flag(turn.id, "down", "wrong_fact", "MIT")
    after = record.case(case.id)
    assert (after.reference, after.reason, after.status, after.tags) == ("KAIST", "wrong_fact", "accepted", ("education",))  # fmt: skip
    assert after.turn == case.turn


def test_a_person_who_flags_a_dismissed_case_again_brings_it_back_and_a_rule_does_not(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", origin="auto", rule="r")
    (case,) = record.cases()
    record.update_case(case.id, status="dismissed")
    record.flag(turn.id, "down", origin="auto", rule="r")
    assert record.case(case.id).status == "dismissed"
    record.flag(turn.id, "down", "wrong_fact")
    assert record.case(case.id).status == "candidate"


def test_a_person_and_a_rule_that_flag_one_reply_make_one_case(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", origin="auto", rule="faithfulness 0.33 < 0.50")
    assert (record.cases()[0].origin, record.cases()[0].rule) == ("auto", "faithfulness 0.33 < 0.50")
    record.flag(turn.id, "down", "wrong_fact")
    (case,) = record.cases()
    assert (case.origin, case.reason, case.rule) == ("user", "wrong_fact", "faithfulness 0.33 < 0.50")
    record.unflag(turn.id)
    (case,) = record.cases()
    assert (case.origin, case.reason, case.rule) == ("auto", "", "faithfulness 0.33 < 0.50")
    record.unflag(turn.id, "auto")
    assert record.cases() == []


def test_a_thumb_up_dismisses_what_a_rule_flagged_and_undo_brings_it_back(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", origin="auto", rule="r")
    record.flag(turn.id, "up")
    assert record.cases()[0].status == "dismissed"
    record.unflag(turn.id)
    assert record.cases()[0].status == "candidate"


def test_a_thumb_up_that_came_before_the_rule_counts_too(record, store):
    turn = answered(store)
    record.flag(turn.id, "up")
    record.flag(turn.id, "down", origin="auto", rule="r")
    assert record.cases()[0].status == "dismissed"


def test_praise_of_a_new_reply_neither_saves_the_old_one_nor_a_bad_new_one(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", "wrong_fact")
    (case,) = record.cases()
    regenerate(store, turn)
    record.flag(turn.id, "up")
    assert record.cases() == [case]  # the old reply was bad all the same

    regenerate(store, turn, "a third reply")
    record.flag(turn.id, "down", origin="auto", rule="r")  # nobody praised this one
    new, old = record.cases()
    assert old == case and (new.origin, new.status, new.turn.response) == ("auto", "candidate", "a third reply")


def test_a_rule_does_not_bring_back_a_case_that_was_deleted(record, store):
    turn = answered(store)
    record.flag(turn.id, "down", origin="auto", rule="r")
    record.delete_case(record.cases()[0].id)
    record.flag(turn.id, "down", origin="auto", rule="r")
    assert record.cases() == []
    regenerate(store, turn)
    record.flag(turn.id, "down", origin="auto", rule="r")
    assert record.cases()[0].turn.response == "another reply"


# ------------------------------------------------------------------ cases


def cases_for_filters(record, store) -> list[str]:
    flagged = answered(store, standalone_question="Where did Mina work?")
    record.flag(flagged.id, "down", "wrong_fact", "Hanbit Labs")
    return record.add_cases(
        [
            Case("", "What is 100% sure?", tags=("smoke", "한국어"), status="accepted"),
            Case("", "경력이 얼마나 되나요?", "4년", ("한국어",), "auto", rule="r", status="accepted"),
            Case("", "ÉCOLE or not_there?", reason="other", status="dismissed"),
        ]
    ) + [record.cases(reason="wrong_fact")[0].id]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [2, 1, 0, 3]),
        ({"status": "accepted"}, [1, 0]),
        ({"origin": "auto"}, [1]),
        ({"reason": "wrong_fact"}, [3]),
        ({"reason": "other", "status": "accepted"}, []),
        ({"tag": "한국어"}, [1, 0]),
        ({"tag": "smoke", "status": "accepted"}, [0]),
        ({"tag": "smo"}, []),
        ({"text": "MINA work"}, [3]),
        ({"text": "work mina"}, [3]),
        ({"text": "hanbit"}, [3]),
        ({"text": "école"}, [2]),
        ({"text": "경력"}, [1]),
        ({"text": unicodedata.normalize("NFD", "경력")}, [1]),
        ({"text": "100%"}, [0]),
        ({"text": "%"}, [0]),
        ({"text": "_"}, [2]),
        ({"text": "한국어"}, [1, 0]),
        ({"text": "'; DROP TABLE cases; --"}, []),
        ({"text": "  "}, [2, 1, 0, 3]),
    ],
)
def test_cases_are_filtered_newest_first(record, store, filters, expected):
    ids = cases_for_filters(record, store)
    expected = [ids[number] for number in expected]
    assert [case.id for case in record.cases(**filters)] == expected
    assert record.count_cases(**filters) == len(expected)
    assert [case.id for case in record.cases(**filters, limit=1, offset=1)] == expected[1:2]


def test_tags_are_listed_once_and_sorted(record, store):
    cases_for_filters(record, store)
    assert record.tags() == ["smoke", "한국어"]


def test_an_imported_case_comes_back_with_every_field(record, store):
    turn = turn_in("elsewhere")
    case = Case(
        "golden/1", "Where?", "Hanbit", ("b", "a"), "auto", "other", "r", "accepted", ("d1", "d2"), turn, JUDGEMENT,
        "", {"rubrics": {"1": "bad"}, "n": 1.5}, "2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    assert record.add_case(case) == "golden/1"
    back = record.case("golden/1")
    assert replace(back, updated_at="") == case
    assert record.case("missing") is None


def test_importing_an_id_again_replaces_the_case_in_place(record):
    first, second = record.add_cases([Case("a", "one?", tags=("x",)), Case("b", "two?")])
    created = record.case(first).created_at
    record.add_case(Case("a", "uno?", tags=("y",)))
    assert [case.user_input for case in record.cases()] == ["two?", "uno?"]
    assert record.case("a").created_at == created and record.tags() == ["y"] and second == "b"


def test_an_import_is_all_or_nothing(record):
    with pytest.raises(RegressionError, match="needs a question"):
        record.add_cases([Case("", "fine?"), Case("", " \n")])
    assert record.cases() == []


def test_a_large_import_does_not_keep_others_waiting_case_by_case(record, store):
    first = [Case(f"c-{i}", f"question {i}?", tags=(f"tag {i % 3}", "all")) for i in range(1200)]
    record.add_cases(first)
    again = [Case(f"c-{i}", f"question {i}, changed?", tags=("new",)) for i in range(600, 1800)]
    asked = []
    sa.event.listen(store.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    ids = record.add_cases(again)

    assert ids == [case.id for case in again] and len(asked) < len(again)
    kept = record.cases()
    assert [case.id for case in kept] == [f"c-{i}" for i in reversed(range(1800))]
    assert {case.id: case.tags for case in kept if case.tags != ("new",)} == {case.id: case.tags for case in first[:600]}
    assert record.count_cases(text="changed") == record.count_cases(tag="new") == record.count_cases(text="new") == 1200


def test_an_import_in_which_two_cases_have_one_id_is_refused(record):
    with pytest.raises(RegressionError, match="Several cases are called b;") as caught:
        record.add_cases([Case("a", "one?"), Case("b", "two?"), Case("", "three?"), Case("", "four?"), Case("b", "five?")])
    assert "id가 b인 사례" in caught.value.ko and record.cases() == []


@pytest.mark.parametrize(
    "wrong",
    [
        Case("x" * 201, "q"),
        Case("", "q" * 20_001),
        Case("", "q", reference="가" * 20_001),
        Case("", "q", status="new"),
        Case("", "q", origin="robot"),
        Case("", "q", reason="because"),
        Case("", "q", tags=("t" * 101,)),
        Case("", "q", tags=tuple(map(str, range(51)))),
        Case("", "q", metadata={"score": float("nan")}),
        Case("", "q", judgement=replace(OTHER, scores={"f": Score("f", 0.0, "unscored")})),
    ],
)
def test_a_case_that_cannot_be_is_refused(record, wrong):
    with pytest.raises((ValueError, RegressionError)):
        record.add_case(wrong)
    assert record.cases() == []


@pytest.mark.parametrize("text", ["\x00null\x00", "lone \ud83d surrogate", "<img onerror>", "'; DROP TABLE cases; --"])
def test_any_text_can_be_a_case(record, store, text):
    case_id = record.add_case(Case("", text, text, (text,), metadata={text: text}))
    assert len(record.case(case_id).user_input) == len(text)
    turn = answered(store)
    assert len(record.flag(turn.id, "down", reference=text, rule=text).reference) == len(text)


def test_editing_changes_what_is_given_and_nothing_else(record):
    case_id = record.add_case(Case("", "Where?", "Hanbit", ("a",)))
    before = record.case(case_id)
    after = record.update_case(case_id, reference="  Hanbit Labs ")
    assert after == replace(before, reference="Hanbit Labs", updated_at=after.updated_at) == record.case(case_id)
    assert after.updated_at > before.updated_at
    after = record.update_case(case_id, tags=[" b  c ", "a", "a", ""], status="accepted", user_input="Since when?")
    assert (after.tags, after.status, after.user_input) == (("b c", "a"), "accepted", "Since when?")
    assert record.cases(text="since") == [after] and record.cases(text="where") == []
    assert record.update_case(case_id, reference="", tags=[]).tags == ()


def test_editing_what_cannot_be_is_refused(record):
    case_id = record.add_case(Case("", "Where?"))
    with pytest.raises(KeyError):
        record.update_case("missing", reference="x")
    with pytest.raises(ValueError, match="status"):
        record.update_case(case_id, status="merged")
    with pytest.raises(RegressionError):
        record.update_case(case_id, user_input=" ")


def test_merging_unites_tags_and_fills_what_is_missing(record):
    keep, one, two, earlier = record.add_cases(
        [Case("", "a?", tags=("x",)), Case("", "b?", "B", ("y", "x")), Case("", "c?", "C"), Case("", "d?")]
    )
    record.merge_cases(two, [earlier])
    kept = record.merge_cases(keep, [one, two, keep, one])
    assert (kept.tags, kept.reference, kept.status) == (("x", "y"), "B", "candidate")
    assert record.case(keep) == kept and record.cases(text="y") == [record.case(one), kept]
    for gone in (one, two, earlier):
        assert (record.case(gone).status, record.case(gone).merged_into) == ("merged", keep)
    assert record.update_case(one, status="candidate").merged_into == ""  # undo


def test_a_question_of_the_test_set_stays_in_it_when_its_case_is_merged(record):
    keep, other = record.add_cases([Case("", "a?", "A"), Case("", "b?", status="accepted")])
    assert record.merge_cases(keep, [other]).status == "accepted"
    assert record.cases(status="accepted") == [record.case(keep)]


def test_merging_what_cannot_be_merged_changes_nothing(record):
    a, b = record.add_cases([Case("", "a?"), Case("", "b?")])
    with pytest.raises(KeyError):
        record.merge_cases(a, [b, "missing"])
    assert record.case(b).status == "candidate"
    record.merge_cases(a, [b])
    with pytest.raises(ValueError, match="merged into"):
        record.merge_cases(b, [a])


def test_deleting_a_case_dismisses_its_duplicates_and_leaves_runs_alone(record):
    keep, other = record.add_cases([Case("", "a?", tags=("x",)), Case("", "b?")])
    record.merge_cases(keep, [other])
    run = record.start_run("nightly", [keep], {})
    record.save_result(result_of(run, keep))
    record.delete_case(keep)
    record.delete_case("missing")
    assert record.case(keep) is None and record.tags() == []
    assert (record.case(other).status, record.case(other).merged_into) == ("dismissed", "")
    assert len(record.results(run.id)) == 1


# ------------------------------------------------------------------ runs


def test_a_run_goes_from_running_to_finished_and_counts_its_results(record):
    configuration = {"generator": "g", "top_k": 4, "한": [1.5, None]}
    run = record.start_run("nightly", ["b", "a", "b"], configuration)
    assert (run.status, run.done, run.case_ids, run.ended_at) == ("running", 0, ("b", "a"), "")
    assert record.run(run.id) == run and run.configuration == configuration
    record.save_result(result_of(run, "a"))
    assert record.run(run.id).done == 1
    record.end_run(run.id, "finished")
    ended = record.run(run.id)
    assert ended.status == "finished" and ended.ended_at >= run.started_at
    assert record.run("missing") is None


def test_results_come_back_whole_and_in_the_order_of_the_cases(record, store):
    turn = answered(store)
    run = record.start_run("r", ["b", "a"], {})
    a, b = result_of(run, "a", turn), result_of(run, "b", judgement=None, perplexity=None, scores={}, error="en\nko")
    for result in (a, b):
        record.save_result(result)
    assert record.results(run.id) == [b, a] and record.results("missing") == []


def test_saving_a_result_again_replaces_it(record):
    run = record.start_run("r", ["a"], {})
    record.save_result(result_of(run, "a"))
    better = result_of(run, "a", passed=True, failures=())
    record.save_result(better)
    assert record.results(run.id) == [better] and record.run(run.id).done == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": {"f1": Score("f1", 0.0, "unscored")}},
        {"scores": {"f1": Score("f1", 1.5, "scored")}},
        {"scores": {"f1": Score("f1", float("nan"), "scored")}},
        {"perplexity": float("inf")},
    ],
)
def test_a_figure_that_is_none_can_never_be_recorded_as_a_number(record, wrong):
    run = record.start_run("r", ["a"], {})
    with pytest.raises(ValueError, match="not|no value"):
        record.save_result(result_of(run, "a", **wrong))
    assert record.results(run.id) == []


def test_a_deleted_run_takes_its_results_and_refuses_new_ones(record):
    kept, gone = record.start_run("a", ["a"], {}), record.start_run("b", ["a"], {})
    for run in (kept, gone):
        record.save_result(result_of(run, "a"))
    record.delete_run(gone.id)
    record.delete_run("missing")
    assert record.runs() == [replace(kept, done=1)] and record.results(gone.id) == []
    for call in (lambda: record.save_result(result_of(gone, "a")), lambda: record.end_run(gone.id, "failed")):
        with pytest.raises(KeyError):
            call()
    with pytest.raises(KeyError):
        record.resume_run(gone.id)


def test_runs_are_listed_newest_first(record):
    ids = [record.start_run(name, [], {}).id for name in "abc"]
    assert [run.id for run in record.runs()] == ids[::-1]


def test_a_stopped_run_is_resumed(record):
    run = record.start_run("r", ["a", "b"], {})
    record.save_result(result_of(run, "a"))
    record.end_run(run.id, "stopped", "why")
    assert record.run(run.id).error == "why"
    assert record.resume_run(run.id) == replace(run, done=1)
    with pytest.raises(ValueError, match="status"):
        record.end_run(run.id, "running")


def test_a_run_whose_process_died_reads_as_stopped_and_can_be_resumed(record, store, monkeypatch):
    run = record.start_run("r", ["a"], {})
    record.save_result(result_of(run, "a"))
    host, pid, _ = regression_module._this_process().rsplit("|", 2)
    with store.database.write() as session:
        session.execute(sa.update(RunRow).values(process=f"{host}|{pid}|1.00"))  # the id is another process's now
    dead = record.run(run.id)
    assert dead.status == "stopped" and dead.ended_at and record.runs() == [dead]
    assert record.resume_run(run.id).status == "running" and record.run(run.id).status == "running"


@pytest.mark.skipif(os.name != "posix", reason="there are no zombies elsewhere")
def test_a_run_whose_process_ended_unnoticed_by_its_parent_reads_as_stopped(record, store):
    run = record.start_run("r", ["a"], {})
    child = subprocess.Popen(["sleep", "30"])
    with store.database.write() as session:
        session.execute(sa.update(RunRow).values(process=regression_module._process(child.pid)))
    try:
        assert record.run(run.id).status == "running"
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has asked how: a zombie
        assert record.run(run.id).status == "stopped"
    finally:
        child.wait()


def test_a_run_that_goes_on_in_another_process_cannot_be_resumed(record, store):
    run = record.start_run("r", ["a"], {})
    with store.database.write() as session:
        session.execute(sa.update(RunRow).values(process="another-machine|1|1.00"))
    assert record.run(run.id).status == "running"
    with pytest.raises(RegressionError, match="another process"):
        record.resume_run(run.id)


def test_a_run_of_another_machine_that_recorded_nothing_for_an_hour_can_be_resumed(record, store):
    run = record.start_run("r", ["a"], {})
    silent = (datetime.now(UTC) - timedelta(hours=1, seconds=1)).isoformat()
    with store.database.write() as session:
        session.execute(sa.update(RunRow).values(process="a-container-that-is-gone|1|1.00", updated_at=silent))
    assert (record.run(run.id).status, record.run(run.id).ended_at) == ("stopped", silent)
    assert record.resume_run(run.id).status == "running"


# ------------------------------------------------------------------ the person's data


def test_delete_my_data_leaves_the_accepted_question_and_nothing_else(record, store):
    mine = [answered(store, "me", standalone_question=f"secret question {i}") for i in range(4)]
    theirs = answered(store, "you")
    for turn in [*mine, theirs]:
        record.flag(turn.id, "down", "wrong_fact", "the answer", rule="quotes the reply")
    by_question = {case.user_input: case.id for case in record.cases()}
    ids = [by_question[f"secret question {i}"] for i in range(4)]
    record.update_case(ids[0], status="accepted", tags=["kept"])
    record.update_case(ids[1], status="dismissed")
    record.merge_cases(ids[0], [ids[2]])
    record.flag(mine[3].id, "up", origin="auto")
    store.delete_conversation(mine[1].conversation_id)  # earlier; its flag was still there
    run = record.start_run("r", [ids[0], ids[1], "import"], {})
    for case_id in (ids[0], ids[1]):
        record.save_result(result_of(run, case_id))

    record.delete_owner("me")

    assert {row.id for row in store.conversations()} == {theirs.conversation_id}
    assert [flag.turn.id for flag in record.all_flags()] == [theirs.id]
    kept, other = sorted(record.cases(), key=lambda case: case.status)
    assert kept.id == ids[0] and (kept.user_input, kept.reference, kept.tags) == ("secret question 0", "the answer", ("kept",))  # fmt: skip
    assert kept.turn is None and kept.judgement is None and kept.rule == "" and kept.reason == "wrong_fact"
    assert other.turn == theirs
    assert [result.case_id for result in record.results(run.id)] == [ids[0]]
    assert record.run(run.id).case_ids == (ids[0], "import")
    assert "me" not in {row["owner"] for row in rows(store, CaseRow)} | {row["owner"] for row in rows(store, FlagRow)}


def rows(store, table) -> list[dict]:
    with store.database.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table.__table__)).mappings()]


def test_delete_my_data_leaves_no_byte_in_the_sqlite_files(url, store, record, tmp_path):
    turn = answered(store, response="a salary of 123456789 won")
    record.flag(turn.id, "down", reference="987654321 won")
    files = list(tmp_path.glob("record.sqlite*"))
    assert any(b"123456789" in file.read_bytes() for file in files)
    record.delete_owner("me")
    assert not any(b"123456789" in file.read_bytes() or b"987654321" in file.read_bytes() for file in files)


def age(store, days: int, *tables) -> None:
    """Everything there is so far was recorded so many days ago."""
    then = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    with store.database.write() as session:
        for table in tables or (ConversationRow, TurnRow, FlagRow, CaseRow):
            session.execute(sa.update(table).values(created_at=then))


def test_retention_forgets_conversations_nobody_used_for_long(record, store):
    old, deleted = answered(store), answered(store)
    accepted = answered(store)
    for turn in (old, deleted, accepted):
        record.flag(turn.id, "down")
    record.update_case(record.cases()[0].id, status="accepted")
    store.delete_conversation(deleted.conversation_id)
    imported = record.add_case(Case("", "imported?"))
    age(store, 40)
    used_again = store.conversations("me")[0].id
    assert used_again == accepted.conversation_id
    fresh = turn_in(used_again, created_at=datetime.now(UTC).isoformat())
    store.save_turn(fresh)
    new = answered(store)
    record.flag(new.id, "down")

    assert record.purge(30) == 1  # `old`; `deleted` was gone already
    assert {row.id for row in store.conversations()} == {used_again, new.conversation_id}
    assert {flag.turn.id for flag in record.all_flags()} == {accepted.id, new.id}
    assert {case.turn.id if case.turn else case.id for case in record.cases()} == {accepted.id, new.id, imported}

    assert record.purge(0) == 2 and store.conversations() == [] and record.all_flags() == []
    assert {case.status for case in record.cases()} == {"accepted", "candidate"} and len(record.cases()) == 2
    with pytest.raises(ValueError, match="negative"):
        record.purge(-1)


# ------------------------------------------------------------------ threads


def test_threads_flag_and_run_at_once_without_losing_anything(record, store):
    turns = [answered(store) for _ in range(4)]
    run = record.start_run("r", [f"{n}-{i}" for n in range(4) for i in range(5)], {})
    errors = []

    def work(number):
        try:
            for i in range(5):
                record.flag(turns[number].id, "down", reference=f"{i}")
                record.flag(turns[(number + 1) % 4].id, "down", origin="auto", rule=f"{i}")
                record.save_result(result_of(run, f"{number}-{i}"))
                record.cases(status="candidate")
        except Exception as error:  # noqa: BLE001 - a thread cannot fail the test itself
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(record.all_flags()) == 8 and record.run(run.id).done == 20
    assert [(case.reference, case.rule) for case in record.cases()] == [("4", "4")] * 4


def test_preferences_are_kept(url, store, record):
    assert record.preference("x") is None
    record.set_preference("x", {"a": 1})
    record.set_preference("x", {"a": 2})
    other = Store(url)
    assert RegressionStore(other).preference("x") == {"a": 2}
    other.close()


# ------------------------------------------------------------------ export of everything


def test_everything_in_the_record_is_exported_row_by_row(record, store):
    turn = answered(store, owner="나", response="한빛에서요.\u2028 {}")
    record.flag(turn.id, "down", "wrong_fact", "KAIST")
    (case,) = record.cases()
    record.update_case(case.id, status="accepted", tags=["smoke"])
    run = record.start_run("r", [case.id], {"generator": "g"})
    record.save_result(result_of(run, case.id))
    record.set_preference("thresholds", {"faithfulness": 0.4})
    store.save_judgement(turn.id, JUDGEMENT, second=True)
    store.save_second(turn.id, JUDGEMENT, turn.response)
    stream = io.StringIO()

    counts = write_everything(store, stream)

    first, *rows = map(json.loads, stream.getvalue().rstrip("\n").split("\n"))
    by_table = {table: [row["row"] for row in rows if row["table"] == table] for table in counts}
    assert set(counts) == set(Base.metadata.tables) - {"schema_version"}
    assert 0 not in counts.values() and counts == {table: len(found) for table, found in by_table.items()}
    assert isinstance(first["vouch_record"], int)
    with store.database.read() as session:
        for table in counts:
            held = session.execute(sa.select(Base.metadata.tables[table])).mappings().all()
            without = lambda row: repr({name: value for name, value in row.items() if name != "owner"})
            assert sorted(map(without, by_table[table])) == sorted(map(without, held))
    owners = {row["owner"] for table in ("conversations", "flags", "cases") for row in by_table[table]}
    assert len(owners) == 1 and '"owner": "나"' not in stream.getvalue()  # a fingerprint: the secret would open the conversations
    assert by_table["turns"][0]["response"] == turn.response
    assert by_table["results"][0]["turn"]["response"] == "At Hanbit."
    named = [row["table"] for row in rows]
    assert named.index("conversations") < named.index("turns") < named.index("scores")


def test_the_export_of_everything_is_one_moment(record, store):
    """A thread goes on writing; whatever the export holds fits together."""
    stop = threading.Event()

    def write():
        while not stop.is_set():
            answered(store)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            stream = io.StringIO()
            write_everything(store, stream)
            rows = [json.loads(line) for line in stream.getvalue().splitlines()[1:]]
            turns = {row["row"]["conversation_id"] for row in rows if row["table"] == "turns"}
            assert turns <= {row["row"]["id"] for row in rows if row["table"] == "conversations"}
    finally:
        stop.set()
        writer.join()
