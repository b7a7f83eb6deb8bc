"""The gate: what regresses, what could not be run, and what is written down of it; also from the command line."""

import json
import os
import signal
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from judge.__main__ import main
from judge.regression import cli, formats, gate, metrics
from judge.regression.gate import (
    NOT_RUN,
    PASSED,
    REGRESSED,
    ReportError,
    decide,
    read_report,
    write_junit,
    write_report,
)
from judge.regression.runner import Backend
from judge.regression.store import RegressionStore
from judge.regression.types import Case, CaseResult, Run
from judge.store import Store
from judge.types import METRICS, Claim, Judgement, Score, Verdict
from judge.verdicts import Matrix
from rag.errors import ModelError
from rag.types import Chunk, RetrievedChunk, Turn
from settings import Settings


def result(case_id, passed=True, value=0.8, error=""):
    chunk = RetrievedChunk(Chunk("d-1", "d", "a.md", "Ann", "Skills", "Pulsar", 0, 6), 1, 0.5, "both")
    turn = Turn(
        "",
        f"question {case_id}?",
        response="She \x1b[2J uses <Pulsar>.",
        status="finished",
        retrieved_contexts=(chunk,),
    )
    state = "unscored" if value is None else "scored"
    scores = {metric: Score(metric, value, state, "why") for metric in METRICS}
    verdict = Verdict(Claim("She uses", 0, 8), "supported", 0.9, 0.1, 0)
    judgement = Judgement(dict(scores), (verdict,), (0.9,), "judge", 0.1)
    return CaseResult("r", case_id, turn, judgement, scores, 3.5, passed, () if passed else ("too low",), error, 1.5)


def report(*results, status="finished"):
    ids = tuple(each.case_id for each in results)
    run = Run(
        "0123456789abcdef",
        "set",
        {"generator": "g", "settings": {"top_k": 4}},
        ids,
        status,
        len(ids),
        "",
        "2026-01-01T10:00:00",
        "",
    )
    return gate.report_of(
        run, [Case(case_id, f"question {case_id}?", "ref", status="accepted") for case_id in ids], results
    )


GOOD = report(result("a"), result("b"))


# ---------------------------------------------------------------------- the decision


def test_without_any_condition_a_run_that_ran_passes():
    outcome = decide(report(result("a"), result("b", passed=False)))

    assert (outcome.exit_code, outcome.diff) == (PASSED, None)


def test_a_case_that_passed_before_and_fails_now_is_a_regression():
    now = report(result("a"), result("b", passed=False))

    assert decide(now, GOOD).exit_code == REGRESSED
    assert decide(now, GOOD).new_failures == ("b",)
    assert decide(now, GOOD, max_new_failures=1).exit_code == PASSED


def test_a_case_that_failed_before_or_is_new_does_not_count():
    before = report(result("a"), result("b", passed=False))
    now = report(result("a"), result("b", passed=False), result("fresh", passed=False))

    outcome = decide(now, before)

    assert (outcome.exit_code, outcome.new_failures, outcome.known_failures) == (PASSED, (), ("b", "fresh"))


def test_without_a_baseline_every_failure_counts_where_a_number_was_given():
    now = report(result("a"), result("b", passed=False))

    assert decide(now, max_new_failures=0).exit_code == REGRESSED
    assert decide(now, max_new_failures=1).exit_code == PASSED


@pytest.mark.parametrize(
    ("limit", "least", "expected"),
    [
        ("faithfulness", 0.8, PASSED),
        ("faithfulness", 0.81, REGRESSED),
        ("passed", 0.5, PASSED),
        ("passed", 0.6, REGRESSED),
        ("coverage", 1.0, PASSED),
        ("f1", 0.1, NOT_RUN),  # nobody scored it: a gate that measured nothing is not passed
    ],
)
def test_limits_on_means(limit, least, expected):
    now = report(result("a"), result("b", passed=False))

    assert decide(now, fail_under={limit: least}).exit_code == expected


def test_a_mean_of_cases_that_are_all_exactly_at_the_limit_is_not_under_it():
    for least in (0.1, 0.6, 0.7, 0.9):
        now = report(*(result(name, value=least) for name in "abc"))
        assert decide(now, fail_under={"faithfulness": least}).exit_code == PASSED


def test_unscored_cases_lower_the_coverage_and_not_the_mean():
    now = report(result("a", value=0.9), result("b", value=None))

    assert decide(now, fail_under={"faithfulness": 0.9}).exit_code == PASSED
    assert decide(now, fail_under={"coverage": 0.6}).exit_code == REGRESSED


def test_a_run_without_a_reply_or_an_end_could_not_be_run():
    broken = replace(result("a", passed=False), error="The server does not answer.")

    assert decide(report(broken)).exit_code == NOT_RUN
    assert decide(report(result("a"), status="stopped")).exit_code == NOT_RUN
    assert decide(report()).exit_code == NOT_RUN


def failed_to_reply(case_id):
    return replace(result(case_id, passed=False), error="no server", failures=("no reply: no server",))


@pytest.mark.parametrize(
    ("baseline", "why"),
    [
        (report(failed_to_reply("a"), failed_to_reply("b")), "no case of this run got a reply in it"),
        (report(result("other")), "no case of this run got a reply in it"),
        (report(), "no case of this run got a reply in it"),
        (report(result("a"), status="stopped"), "it is stopped"),
    ],
)
def test_a_baseline_that_measured_nothing_is_none(baseline, why):
    outcome = decide(report(result("a", passed=False), result("b", passed=False)), baseline)

    assert outcome.exit_code == NOT_RUN
    assert [why in check.text for check in outcome.checks if check.name == "baseline"] == [True]


def test_a_case_that_got_no_reply_in_the_baseline_is_not_said_to_have_failed_there(tmp_path):
    before = report(failed_to_reply("a"), failed_to_reply("b"), result("c"))
    now = report(result("a", passed=False), failed_to_reply("b"), result("c"))

    outcome = decide(now, before)
    write_junit(now, outcome, tmp_path / "junit.xml")

    assert (outcome.exit_code, outcome.new_failures) == (PASSED, ())
    assert "1 more got no reply in the baseline" in outcome.checks[1].text
    text = (tmp_path / "junit.xml").read_text()
    assert "got no reply in the baseline: too low" in text and text.count("failed in the baseline too") == 1


def test_could_not_run_goes_before_regressed():
    now = report(result("a", passed=False), status="stopped")

    assert decide(now, report(result("a"))).exit_code == NOT_RUN


def test_a_limit_on_perplexity_is_refused():
    with pytest.raises(ValueError, match="perplexity"):
        decide(GOOD, fail_under={"perplexity": 0.5})


# ---------------------------------------------------------------------- what is written


def test_a_report_comes_back_whole_and_can_be_a_baseline(tmp_path):
    path = tmp_path / "deep" / "report.json"
    write_report(GOOD, decide(GOOD), path)

    again = read_report(path)

    assert again.run == GOOD.run
    assert again.results == GOOD.results
    assert again.cases == GOOD.cases
    assert decide(report(result("a", passed=False), result("b")), again).new_failures == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"vouch_regression_report": 99}',
        '{"vouch_regression_report": 1, "run": {}, "results": []}',
        "[" * 9000,
    ],
)
def test_what_is_no_report_is_refused_with_a_sentence(tmp_path, text):
    path = tmp_path / "bad.json"
    path.write_text(text)

    with pytest.raises(ReportError, match="not a baseline that can be read"):
        read_report(path)


@pytest.mark.parametrize("cases", [None, 3, {}])
def test_a_report_whose_cases_are_no_list_is_refused(tmp_path, cases):
    path = tmp_path / "report.json"
    write_report(GOOD, decide(GOOD), path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "cases": cases}))

    with pytest.raises(ReportError, match="cases must be a list"):
        read_report(path)


def test_a_report_with_an_impossible_score_is_refused(tmp_path):
    path = tmp_path / "report.json"
    write_report(GOOD, decide(GOOD), path)
    row = json.loads(path.read_text())
    row["results"][0]["scores"]["faithfulness"]["value"] = 7
    path.write_text(json.dumps(row))

    with pytest.raises(ReportError, match="not between 0 and 1"):
        read_report(path)


def test_junit_counts_what_the_gate_counts(tmp_path):
    before = report(result("a"), result("b", passed=False), result("c"), result("d"))
    broken = replace(result("d", passed=False), error="no server", failures=("no reply: no server",))
    now = report(result("a"), result("b", passed=False), result("c", passed=False), broken, result("e", passed=False))

    write_junit(now, decide(now, before, {"faithfulness": 0.99}), tmp_path / "junit.xml")

    cases, conditions = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert [cases.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["5", "1", "1", "2"]
    messages = {
        test.get("name"): [each.get("message") for each in test if each.tag != "system-out"]
        for test in cases.iter("testcase")
    }
    assert messages["question b? [b]"] == ["failed in the baseline too: too low"]
    assert messages["question c? [c]"] == ["too low"]
    assert messages["question e? [e]"] == ["not in the baseline: too low"]
    assert conditions.get("failures") == "2"  # new failures, and faithfulness
    assert "\x1b" not in (tmp_path / "junit.xml").read_text()


def test_the_table_names_failures_means_coverage_and_conditions():
    now = report(result("a"), result("b", passed=False))
    text = gate.table(now, decide(now, GOOD, {"faithfulness": 0.9}))

    assert "1 of 2 cases pass" in text
    assert "NEW" in text and "question b?" in text and "too low" in text
    assert "2/2" in text
    assert "FAILED: faithfulness: 0.800, at least 0.9 wanted" in text
    assert "\x1b" not in text


def test_cases_that_only_one_run_has_are_counted_below_the_means_they_are_in():
    baseline, now = report(result("a"), result("b"), result("c")), report(result("a"), result("new", passed=False))

    said = gate.table(now, decide(now, baseline))

    assert "2 cases before only: in that mean" in said and "1 case now only: in that mean" in said
    assert " only: in that mean" not in gate.table(now, decide(now, now))


def test_a_mean_that_just_misses_is_not_shown_as_the_one_that_was_wanted():
    now = report(result("a", value=0.7996))
    assert "FAILED: faithfulness: 0.799, at least 0.8 wanted" in gate.table(now, decide(now, GOOD, {"faithfulness": 0.8}))


# ---------------------------------------------------------------------- the command


STOP = "a reply during which Ctrl-C is pressed"


class FakeJudge:
    id = "fake"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def matrix(self, question, reply, claims, chunks):
        shape = (len(claims), len(chunks) + 1)
        return Matrix(np.ones(shape), np.zeros(shape), np.ones(len(chunks)), 0.9, [[""] * shape[1]] * shape[0])


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs `python -m judge regress …` on a database of its own, with a generator that says what `replies` holds."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/record.sqlite")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(metrics, "bertscores", lambda pairs: [0.9] * len(pairs))
    replies, opened = {}, []

    def answer(case, stop):
        reply = replies.get(case.user_input, "She uses Pulsar.")
        if isinstance(reply, Exception):
            raise reply
        if reply is STOP:
            stop.set()
            return Turn("", case.user_input, status="stopped")
        chunk = RetrievedChunk(Chunk("d-1", "d", "a.md", "Ann", "Skills", "Pulsar", 0, 6), 1, 0.5, "both")
        declined = reply.startswith("The resume does not say")
        return Turn(
            "", case.user_input, response=reply, status="finished", retrieved_contexts=(chunk,), declined=declined
        )

    @contextmanager
    def backend(settings, sample):
        opened.append((settings, sample))
        if isinstance(replies.get("load"), Exception):
            raise replies["load"]
        configuration = {"generator": replies.get("generator", "fake"), "settings": {"top_k": settings.top_k}}
        yield Backend(answer, FakeJudge(), configuration, overlap=False)

    monkeypatch.setattr(cli, "_backend", backend)

    def invoke(*arguments):
        return CliRunner().invoke(main, ["regress", *map(str, arguments)])

    invoke.replies, invoke.opened = replies, opened
    invoke.record = RegressionStore(Store(f"sqlite:///{tmp_path}/record.sqlite"))
    return invoke


def stopped(command, *arguments):
    """A run that was stopped at its second case. Returns: the run, and what the command said."""
    command.replies["Since when?"] = STOP
    said = command("run", *arguments).output
    del command.replies["Since when?"]
    run = command.record.runs()[0]
    assert (run.status, run.done) == ("stopped", 1)
    return run, said


@pytest.fixture
def cases(tmp_path):
    path = tmp_path / "cases.jsonl"
    rows = [{"user_input": "What does she use?", "reference": "She uses Pulsar."}, {"user_input": "Since when?"}]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_file_is_run_and_its_report_guards_the_next_run(command, cases, tmp_path):
    first = command("run", "--file", cases, "--json", tmp_path / "base.json", "--junit", tmp_path / "junit.xml")
    same = command("run", "--file", cases, "--baseline", tmp_path / "base.json")
    command.replies["Since when?"] = "The resume does not say."
    worse = command("run", "--file", cases, "--baseline", tmp_path / "base.json")
    accepted = command("run", "--file", cases, "--baseline", "last", "--max-new-failures", "1")

    assert (first.exit_code, same.exit_code, worse.exit_code, accepted.exit_code) == (0, 0, 1, 0), worse.output
    assert "2 of 2 cases pass" in first.output
    assert "Since when?" in worse.output
    assert ElementTree.parse(tmp_path / "junit.xml").getroot()[0].get("tests") == "2"


def test_a_run_is_compared_with_the_last_of_the_same_cases(command, cases):
    assert command("run", "--file", cases, "--baseline", "last").exit_code == 2  # there is none yet
    assert command("run", "--file", cases).exit_code == 0
    assert command("run", "--file", cases, "--baseline", "last").exit_code == 0
    assert command("runs").output.count("finished") == 2


def test_the_last_run_to_compare_with_is_one_in_which_a_case_got_a_reply(command, cases):
    command("run", "--file", cases)
    failure = ModelError("The server does not answer.", "서버가 응답하지 않습니다.")
    command.replies |= {"What does she use?": failure, "Since when?": failure}
    command("run", "--file", cases)
    command.replies |= {"What does she use?": "The resume does not say.", "Since when?": "She uses Pulsar."}

    outcome = command("run", "--file", cases, "--baseline", "last")

    assert "1 newly failing case, 0 allowed" in outcome.output and outcome.exit_code == 1


def test_a_case_without_an_id_is_known_by_its_question_wherever_it_stands(command, cases, tmp_path):
    command.replies["Since when?"] = "The resume does not say."  # fails in both
    command("run", "--file", cases, "--threshold", "answer_relevancy=1", "--json", tmp_path / "base.json")
    first = [each.id for each in cli._from_file(cases)]
    cases.rename(tmp_path / "moved.jsonl")
    cases = tmp_path / "moved.jsonl"
    cases.write_text('{"user_input": "New?"}\n' + cases.read_text() + '\n{"user_input": "New?"}\n')

    ids = [each.id for each in cli._from_file(cases)]

    assert ids[1:3] == first and ids[3] == f"{ids[0]}-2"
    assert "0 newly failing cases" in command("run", "--file", cases, "--baseline", tmp_path / "base.json").output


def test_a_stopped_run_of_a_file_goes_on_with_the_file_alone(command, cases):
    run, said = stopped(command, "--file", cases)
    without = command("run", "--resume", run.id)
    loaded = len(command.opened)
    finished = command("run", "--resume", run.id[:8], "--file", cases)

    assert f"--resume {run.id[:8]} --file {cases}" in said
    assert without.exit_code == 2 and f"--resume {run.id[:8]} --file cases.jsonl" in without.output
    assert loaded == 1  # no model was loaded to find that out
    assert finished.exit_code == 0 and "2 of 2 cases pass" in finished.output
    assert command.record.run(run.id).configuration["cases_of"] == "cases.jsonl"


def test_ctrl_c_ends_a_run_that_has_begun_where_it_can_go_on_and_before_ends_at_once(command, cases, monkeypatch):
    def press(case, stop):
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(10)
        return Turn("", case.user_input, status="stopped")

    backend = cli._backend

    @contextmanager
    def pressed(settings, sample):
        with backend(settings, sample) as made:
            yield replace(made, answer=press)

    @contextmanager
    def pressed_while_loading(settings, sample):
        signal.raise_signal(signal.SIGINT)
        yield from ()

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(cli, "_backend", pressed_while_loading)
    loading = command("run", "--file", cases)
    runs = command.record.runs()
    monkeypatch.setattr(cli, "_backend", pressed)
    running = command("run", "--file", cases)

    assert loading.exit_code == 2 and "Interrupted." in loading.output and not runs
    assert running.exit_code == 2 and "--resume" in running.output and "ERROR" not in running.output
    assert [run.status for run in command.record.runs()] == ["stopped"]
    assert signal.getsignal(signal.SIGINT) == before


def test_a_resumed_run_keeps_its_settings_and_thresholds(command, cases, monkeypatch):
    monkeypatch.setenv("VOUCH_TOP_K", "7")
    run, _ = stopped(command, "--file", cases, "--threshold", "answer_relevancy=0.95")
    monkeypatch.setenv("VOUCH_TOP_K", "2")

    refused = command("run", "--resume", run.id, "--file", cases, "--threshold", "f1=0.1")
    finished = command("run", "--resume", run.id, "--file", cases)

    assert refused.exit_code == 2 and "cannot change a run that was begun" in refused.output
    assert "0 of 2 cases pass" in finished.output
    assert command.opened[-1][0].top_k == 7


def test_a_run_does_not_go_on_under_another_configuration(command, cases):
    run, _ = stopped(command, "--file", cases)
    command.replies["generator"] = "another"

    outcome = command("run", "--resume", run.id, "--file", cases)

    assert outcome.exit_code == 2 and "not the one this run began with (generator)" in outcome.output
    assert command.record.run(run.id).done == 1


def test_limits_decide_the_exit_code(command, cases):
    assert command("run", "--file", cases, "--fail-under", "f1=0.9").exit_code == 0
    assert command("run", "--file", cases, "--fail-under", "answer-relevancy=0.95").exit_code == 1
    assert (
        command("run", "--file", cases, "--threshold", "answer_relevancy=0.95", "--max-new-failures", 0).exit_code == 1
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fail-under", "f1"), ("--fail-under", "f1=2"), ("--fail-under", "nan=nan"), ("--fail-under", "perplexity=0.5"),
        ("--set", "absent"), ("--file", "absent.jsonl"), ("--baseline", "absent.json"), ("--baseline", "0000"), ("--baseline", ""),
        ("--set", "a", "--file", "b"), ("--set", "a", "--resume", "b"), ("--resume", "0000"), ("--threshold", "passed=0.5"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_as_asked_exits_with_two(command, arguments):
    outcome = command("run", *arguments)

    assert outcome.exit_code == 2, outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize("error", [ModelError("The model is not there.", "모델이 없습니다."), RuntimeError("a bug")])
def test_a_model_that_does_not_load_exits_with_two_and_not_with_one(command, cases, error):
    command.replies["load"] = error

    assert command("run", "--file", cases).exit_code == 2


def test_a_traceback_is_printed_for_a_bug_and_not_for_a_sentence(command, cases, caplog):
    command.replies |= {"What does she use?": ModelError("The server does not answer.", "서버가 응답하지 않습니다.")}
    said = command("run", "--file", cases)
    assert "The server does not answer." in said.output and not caplog.records

    command.replies |= {"Since when?": RuntimeError("a bug")}
    command("run", "--file", cases)
    assert [record.exc_info[0] for record in caplog.records] == [RuntimeError]


def test_no_reply_at_all_exits_with_two(command, cases):
    failure = ModelError("The server does not answer.", "서버가 응답하지 않습니다.")
    command.replies |= {"What does she use?": failure, "Since when?": failure}

    outcome = command("run", "--file", cases)

    assert outcome.exit_code == 2
    assert "The server does not answer." in outcome.output


def test_cases_are_imported_run_by_tag_and_exported(command, cases, tmp_path):
    assert command("import", cases, "--set", "mine").exit_code == 0
    assert command("run", "--set", "mine").exit_code == 0
    assert command("run").exit_code == 0  # all accepted cases
    for format in ("ragas", "deepeval", "promptfoo", "langfuse", "csv"):
        assert command("export", tmp_path / f"out.{format}", "--format", format).exit_code == 0
        assert "What does she use?" in (tmp_path / f"out.{format}").read_text(encoding="utf-8")

    rows = [json.loads(line) for line in (tmp_path / "out.ragas").read_text(encoding="utf-8").splitlines()]
    assert [row["user_input"] for row in rows] == ["What does she use?", "Since when?"]
    assert all(row["tags"] == ["mine"] for row in rows)


def test_an_export_of_a_tag_that_nothing_has_writes_nothing(command, cases, tmp_path):
    command("import", cases, "--set", "mine")
    out = tmp_path / "out.jsonl"
    out.write_text("earlier")

    outcome = command("export", out, "--set", "typo")

    assert outcome.exit_code == 2 and "No accepted case is tagged typo; tags in use: mine." in outcome.output
    assert out.read_text() == "earlier"


def test_an_export_that_fails_leaves_the_earlier_file_as_it_was(command, cases, tmp_path, monkeypatch):
    command("import", cases)
    folder = tmp_path / "exports"
    folder.mkdir()
    out = folder / "out.jsonl"
    out.write_text("earlier")

    def full(cases, stream, format):
        stream.write("half of it")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(formats, "write_cases", full)
        failed = command("export", out)

    assert failed.exit_code == 2 and "No space left on device" in failed.output
    assert out.read_text() == "earlier" and list(folder.iterdir()) == [out]
    out.chmod(0o640)
    assert command("export", out).exit_code == 0
    assert "Since when?" in out.read_text() and out.stat().st_mode & 0o777 == 0o640 and list(folder.iterdir()) == [out]


def test_an_import_with_two_cases_of_one_id_imports_nothing(command, cases):
    cases.write_text('{"user_input": "a?", "id": "x"}\n{"user_input": "b?", "id": "x"}\n')

    outcome = command("import", cases)

    assert outcome.exit_code == 2 and "Several cases are called x" in outcome.output
    assert command.record.count_cases() == 0


def test_a_file_without_ids_that_is_imported_twice_brings_no_case_twice(command, cases):
    rows = ['{"user_input": "Where?", "reference": "Oslo"}', '{"user_input": "Where?", "reference": "Oslo"}', '{"user_input": "Where?", "reference": "Lund"}']
    cases.write_text("\n".join(rows))

    assert command("import", cases).exit_code == 0 and command("import", cases).exit_code == 0

    assert sorted(case.reference for case in command.record.cases()) == ["Lund", "Oslo", "Oslo"]


def test_an_import_with_one_bad_line_imports_nothing(command, cases):
    cases.write_text(cases.read_text() + '\n{"user_input": 3}\n')

    outcome = command("import", cases)

    assert outcome.exit_code == 2
    assert "line 3" in outcome.output
    assert command("export", "--status", "all").output.strip() == "0 cases written"


def test_without_a_case_in_the_record_the_sample_set_is_run(command):
    outcome = command("run")

    assert "sample" in outcome.output
    assert "of 20 cases pass" in outcome.output
    assert command.opened[-1][1]
    assert len(cli._report(command.record, "last").cases) == 20  # to be replayed, though they are not in the record


def test_a_set_that_a_person_called_sample_is_not_asked_about_the_sample_resumes(command, cases, tmp_path):
    command("import", cases, "--set", "sample")
    run, _ = stopped(command, "--set", "sample")
    command("run", "--resume", run.id)
    cases.rename(tmp_path / "sample.jsonl")
    of_file, _ = stopped(command, "--file", tmp_path / "sample.jsonl")

    assert not any(sample for _, sample in command.opened)
    assert command.record.run(run.id).status == "finished"
    assert cli._cases_of(command.record, of_file) == "sample.jsonl" != cli.OF_SAMPLE


def test_a_run_of_the_sample_set_goes_on_also_where_its_record_tells_it_by_its_name_alone(command):
    ids = [case.id for case in cli._from_file(cli.SAMPLE)]
    run = command.record.start_run("sample", ids, {"generator": "fake"})
    command.record.end_run(run.id, "stopped")

    command("run", "--resume", run.id)

    assert command.opened[-1][1] and command.record.run(run.id).done == 20


@pytest.mark.parametrize(("changed", "attributed"), [("later", False), ("earlier", True), ("", True)])
def test_a_run_is_replayed_under_its_own_configuration_or_not_at_all(monkeypatch, capsys, changed, attributed):
    from judge.regression import runner

    def backend(which):
        return Backend(None, FakeJudge(), {"generator": "another" if which == changed else "g", "judge": "j"})

    @contextmanager
    def models(settings, sample):
        yield None, None, settings

    monkeypatch.setattr(cli, "_models", models)
    monkeypatch.setattr(runner, "backend_of", lambda *_: backend("later"))
    monkeypatch.setattr(runner, "backend_beside", lambda *_: backend("earlier"))
    run = replace(GOOD.run, configuration={"generator": "g", "judge": "j"})
    of = replace(GOOD, run=run)

    with ExitStack() as stack:
        if not attributed:
            with pytest.raises(cli.CommandError, match="later run's models") as raised:
                cli._both(stack, Settings(), of, of, (False, False))
            assert "이후 실행" in raised.value.ko
            return
        now, before = cli._both(stack, Settings(), of, of, (False, False))

    assert now.configuration == run.configuration
    assert (before is None) == (changed == "earlier")
    assert ("earlier configuration cannot be set up" in capsys.readouterr().err) == (changed == "earlier")


def test_a_diff_shows_one_case_word_by_word(command, cases, tmp_path):
    command("run", "--file", cases, "--json", tmp_path / "a.json")
    command.replies["What does she use?"] = "She only uses Pulsar."
    command("run", "--file", cases, "--json", tmp_path / "b.json")

    whole = command("diff", tmp_path / "a.json", tmp_path / "b.json")
    one = command("diff", tmp_path / "a.json", tmp_path / "b.json", "--case", cli._from_file(cases)[0].id)

    assert whole.exit_code == 0, whole.output
    assert "exact match" in whole.output
    assert "{+ only+}" in one.output
    assert command("diff", "last", "last", "--case", "absent").exit_code == 2


def test_ids_that_are_given_twice_are_refused(command, cases):
    cases.write_text('{"user_input": "a?", "id": "x"}\n{"user_input": "b?", "id": "x"}\n')

    assert command("run", "--file", cases).exit_code == 2


def test_a_report_on_standard_output_is_alone_there(command, cases):
    report = command("run", "--file", cases, "--json", "-")
    junit = command("run", "--file", cases, "--junit", "-")
    neither = command("run", "--file", cases)

    assert json.loads(report.stdout)["total"] == 2 and "2 of 2 cases pass" in report.stderr
    assert ElementTree.fromstring(junit.stdout).tag == "testsuites" and "2 of 2 cases pass" in junit.stderr
    assert "2 of 2 cases pass" in neither.stdout


def test_a_report_that_cannot_be_written_whole_leaves_the_baseline_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "new" / "base.json"
    write_report(GOOD, decide(GOOD), path)
    earlier = path.read_text()
    worse = report(result("a", passed=False))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)  # the disk is full when the last of it is written
    with pytest.raises(ReportError, match="No space left"):
        write_report(worse, decide(worse), path)

    assert path.read_text() == earlier and list(path.parent.iterdir()) == [path]


def test_an_id_or_a_tag_cannot_steer_the_terminal(command, cases, tmp_path):
    cases.write_text(json.dumps({"user_input": "Since when?", "id": "x\x1b[2J", "tags": ["\x1b[31mred"]}))
    command("import", cases)
    command("run", "--file", cases, "--json", tmp_path / "a.json")
    command.replies["Since when?"] = "The resume does not say."
    command("run", "--file", cases, "--threshold", "answer_relevancy=1", "--json", tmp_path / "b.json")

    both = (tmp_path / "a.json", tmp_path / "b.json")
    said = [command("diff", *both), command("diff", *both, "--case", "x\x1b[2J"), command("run", "--set", "absent")]
    cases.write_text(cases.read_text() + "\n" + cases.read_text())
    said += [command("run", "--file", cases), command("import", cases)]

    assert "1 newly failing" in said[0].output and "tags in use" in said[2].output
    assert all("[2J" in each.output for each in (said[0], said[1], said[3], said[4]))
    assert not any("\x1b" in each.output for each in said)
