"""Decides whether a run is good enough, and writes it down: a table, a JSON report, JUnit XML.

The JSON report holds the cases, the run and every result whole, so that it can be the baseline of a later run on a
machine that has no database.

A run has regressed when

- more cases fail newly than `max_new_failures` allows. With a baseline, newly failing are those that passed there (0 are
  allowed unless said otherwise); a case that failed there already, was not there, or got no reply there is known or new and
  does not count. Without a baseline every failing case counts, and only where `max_new_failures` was given;
- a mean is under its `fail_under`: of any metric but perplexity, of `passed` (the share of cases that pass), or of
  `coverage` (of faithfulness, answer relevancy and context precision the one scored least: scored or declined / cases).

It could not be run when no case got a reply, nothing was scored of a metric that has a limit, or the baseline was not
finished or answered none of these cases: a gate that measured nothing is not passed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from judge.export import whole_file
from judge.regression.diff import Diff, Mean, compare_results, means
from judge.regression.formats import as_ragas, loads, parse_case
from judge.regression.types import REFERENCE_METRICS, Case, CaseResult, Run
from judge.scoring import clean
from judge.types import DIMENSIONS, METRICS
from rag.errors import UserError

VERSION = 1  # of the report; a newer one is refused rather than misread
MAX_REPORT_BYTES = 200 * 2**20  # 1,000 cases take some 20 MB
PASSED, REGRESSED, NOT_RUN = 0, 1, 2
LIMITED = (*METRICS, *DIMENSIONS, *(metric for metric in REFERENCE_METRICS if metric != "perplexity"), "passed", "coverage")
NAMES = {
    "faithfulness": "faithfulness",
    "answer_relevancy": "answer relevancy",
    "context_precision": "context precision",
    "personal_data": "personal data",
    "context_recall": "context recall",
    "exact_match": "exact match",
    "f1": "F1",
    "acc_char": "character accuracy",
    "bleu": "BLEU",
    "bertscore": "BERTScore",
    "perplexity": "perplexity",
    "passed": "passed",
    "coverage": "coverage",
}
# XML 1.0 knows no other control characters; the rest could disguise what a terminal shows.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ReportError(UserError):
    """A report that cannot be read."""


@dataclass(frozen=True)
class Report:
    """A run with everything in it. `cases` holds those that still exist, by id."""

    run: Run
    cases: dict[str, Case]
    results: tuple[CaseResult, ...]


@dataclass(frozen=True)
class Check:
    """One condition of the gate. `state` "unmeasured": nothing was there to check it on."""

    name: str
    state: Literal["passed", "failed", "unmeasured"]
    text: str


@dataclass(frozen=True)
class Outcome:
    """What the gate says.

    Attributes:
        exit_code: PASSED, REGRESSED or NOT_RUN.
        new_failures, known_failures: ids of the failing cases that count, and of the others.
        diff: against the baseline, None without one.
    """

    exit_code: int
    checks: tuple[Check, ...]
    new_failures: tuple[str, ...]
    known_failures: tuple[str, ...]
    diff: Diff | None


def decide(
    report: Report,
    baseline: Report | None = None,
    fail_under: Mapping[str, float] | None = None,
    max_new_failures: int | None = None,
) -> Outcome:
    """Whether a run is good enough; the rules are at the top of this module.

    Args:
        baseline: the run to compare with.
        fail_under: least mean by name, of LIMITED.
        max_new_failures: how many newly failing cases are accepted; None for 0 with a baseline, for any without.

    Raises:
        ValueError: a limit on something that has no mean between 0 and 1.
    """
    failing = [result.case_id for result in report.results if not result.passed]
    diff = None
    new = failing
    if baseline is not None:
        diff = compare_results(baseline.run, baseline.results, report.run, report.results)
        new = list(diff.newly_failing)
    checks = [_completeness(report)]
    if baseline is not None and (lacking := _lacking(baseline, report)):
        checks.append(Check("baseline", "unmeasured", lacking))
    allowed = 0 if max_new_failures is None else max_new_failures
    if baseline is not None or max_new_failures is not None:
        what = "newly failing" if baseline is not None else "failing"
        text = f"{len(new)} {what} {'case' if len(new) == 1 else 'cases'}, {allowed} allowed"
        if unknown := _unanswered_before(diff):
            text += f"; {len(unknown)} more got no reply in the baseline"
        checks.append(Check("new failures", "failed" if len(new) > allowed else "passed", text))
    for name, least in (fail_under or {}).items():
        checks.append(_limit(name, least, report))
    known = [case_id for case_id in failing if case_id not in set(new)]
    states = {check.state for check in checks}
    code = NOT_RUN if "unmeasured" in states else REGRESSED if "failed" in states else PASSED
    return Outcome(code, tuple(checks), tuple(new), tuple(known), diff)


def measured(report: Report, name: str) -> float | None:
    """A mean by name, or the share of passed cases, or the least coverage; None where nothing was measured."""
    if name == "passed":
        return sum(result.passed for result in report.results) / len(report.results) if report.results else None
    found = means(report.results)
    if name == "coverage":
        live = [found[metric] for metric in METRICS if metric in found]
        return min(((mean.scored + mean.declined) / mean.total for mean in live if mean.total), default=None)
    return found[name].value if name in found else None


def table(report: Report, outcome: Outcome) -> str:
    """The run to read: failing cases, means with coverage and interval, and the conditions."""
    lines = [f"{shown(report.run.name) or 'run'} {report.run.id[:8]}: {_configured(report.run)}"]
    passed = sum(result.passed for result in report.results)
    seconds = sum(result.seconds for result in report.results)
    lines.append(f"{passed} of {len(report.results)} cases pass, {seconds:.0f} s of work")
    new = set(outcome.new_failures)
    for result in report.results:
        if result.passed:
            continue
        mark = "ERROR" if result.error else "NEW" if outcome.diff is not None and result.case_id in new else "fails"
        lines.append(f"   {mark:5}  {shown(_question(report, result), 70)}")
        lines += [f"          {shown(failure, 110)}" for failure in result.failures]
    if outcome.diff is not None:
        for change in outcome.diff.cases:
            if change.change == "newly_passing":
                lines.append(f"   FIXED  {shown(change.question, 70)}")
    lines.append("")
    lines += diff_table(outcome.diff) if outcome.diff is not None else _means_table(means(report.results))
    lines.append("")
    words = {"passed": "ok", "failed": "FAILED", "unmeasured": "COULD NOT BE MEASURED"}
    lines += [f"{words[check.state]}: {check.name}: {check.text}" for check in outcome.checks]
    return "\n".join(lines)


def diff_table(diff: Diff) -> list[str]:
    """Two runs side by side, one line a metric."""
    lines = [
        f"{'':18}  {'before':>7} {'scored':>8}  {'now':>7} {'scored':>8}  {'change':>7}  {'95 % interval':>16} {'p':>6}"
    ]
    for metric in diff.metrics:
        interval = "" if metric.low is None else f"{metric.low:+.3f} {metric.high:+.3f}"
        change = "" if metric.difference is None else f"{metric.difference:+.3f}"
        p = "" if metric.p is None else f"{metric.p:.3f}"
        lines.append(
            f"{NAMES.get(metric.metric, shown(metric.metric, 18)):18}  {_value(metric.first)} {_covered(metric.first)}"
            f"  {_value(metric.second)} {_covered(metric.second)}  {change:>7}  {interval:>16} {p:>6}".rstrip()
        )
    if any(metric.metric == "perplexity" for metric in diff.metrics):
        lines.append("perplexity: geometric means; change is of its logarithm, less is better")
    for kind, where in (("only_first", "before"), ("only_second", "now")):
        if count := sum(change.change == kind for change in diff.cases):
            lines.append(f"{count} {'case' if count == 1 else 'cases'} {where} only: in that mean, not in the change")
    for name, (old, new) in diff.configuration.items():
        lines.append(f"{shown(name, 40)}: {shown(str(old), 60)} -> {shown(str(new), 60)}")
    return lines


def write_report(report: Report, outcome: Outcome, path: Path) -> None:
    """The JSON report, - for standard output.

    Raises:
        ReportError: it cannot be written.
    """
    diff = outcome.diff
    row = {
        "vouch_regression_report": VERSION,
        "exit_code": outcome.exit_code,
        "checks": [asdict(check) for check in outcome.checks],
        "passed": sum(result.passed for result in report.results),
        "total": len(report.results),
        "new_failures": outcome.new_failures,
        "known_failures": outcome.known_failures,
        "means": {name: asdict(mean) for name, mean in means(report.results).items()},
        "comparison": None
        if diff is None
        else {
            "baseline": diff.first.id,
            "newly_failing": diff.newly_failing,
            "newly_passing": diff.newly_passing,
            "metrics": [asdict(metric) for metric in diff.metrics],
            "configuration": diff.configuration,
        },
        "run": asdict(report.run),
        "cases": [as_ragas(case) for case in report.cases.values()],
        "results": [asdict(result) for result in report.results],
    }
    _write(path, clean(json.dumps(row, ensure_ascii=False, allow_nan=False, indent=1)) + "\n")


def read_report(path: Path) -> Report:
    """A report as it was written.

    Raises:
        ReportError: it cannot be read, or is none.
    """
    from pydantic import TypeAdapter, ValidationError

    name = shown(path.name, 80)
    try:
        if path.stat().st_size > MAX_REPORT_BYTES:
            raise _unreadable(name, f"it is larger than {MAX_REPORT_BYTES >> 20} MB")
        row = loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(row, dict) or row.get("vouch_regression_report") != VERSION:
            raise _unreadable(name, "it is no report of this version")
        run = TypeAdapter(Run).validate_python(row.get("run"))
        results = TypeAdapter(tuple[CaseResult, ...]).validate_python(row.get("results"))
        if not isinstance(given := row.get("cases", []), list):
            raise _unreadable(name, "cases must be a list")
        cases = [parse_case(each) for each in given]
    except OSError as error:
        raise _unreadable(name, error.strerror or type(error).__name__) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise _unreadable(name, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, shown(str(error), 100)) from None
    for result in results:
        for score in result.scores.values():
            if score.value is not None and not 0 <= score.value <= 1:  # also NaN
                raise _unreadable(name, f"{shown(score.metric, 40)} is {score.value}, not between 0 and 1")
    return Report(run, {case.id: case for case in cases}, results)


def write_junit(report: Report, outcome: Outcome, path: Path) -> None:
    """JUnit XML: a suite with a test per case, and one with a test per condition.

    A failing case that failed in the baseline too, was not in it, or got no reply there is reported as skipped: it does not
    count.

    Raises:
        ReportError: it cannot be written.
    """
    root = ElementTree.Element("testsuites", name="vouch regression")
    cases = ElementTree.SubElement(root, "testsuite", name="cases", timestamp=report.run.started_at[:19])
    properties = ElementTree.SubElement(cases, "properties")
    for name, value in report.run.configuration.items():
        shown_value = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        ElementTree.SubElement(properties, "property", name=_xml(name), value=_xml(shown_value))
    before = {change.case_id: change.change for change in outcome.diff.cases} if outcome.diff is not None else {}
    before |= dict.fromkeys(_unanswered_before(outcome.diff), "unanswered")
    excused = {
        "still_failing": "failed in the baseline too",
        "only_second": "not in the baseline",
        "unanswered": "got no reply in the baseline",
    }
    counts = {"failure": 0, "error": 0, "skipped": 0}
    for result in report.results:
        test = _test(cases, "vouch.regression.cases", f"{_question(report, result)} [{result.case_id}]", result.seconds)
        if not result.passed:
            excuse = excused.get(before.get(result.case_id, ""), "")
            kind = "skipped" if excuse else "error" if result.error else "failure"
            counts[kind] += 1
            message = "; ".join(result.failures)
            ElementTree.SubElement(test, kind, message=_xml(f"{excuse}: {message}" if excuse else message))
        scores = [f"{name} {_score(result, name)}" for name in result.scores]
        ElementTree.SubElement(test, "system-out").text = _xml("\n".join([result.turn.response, "", *scores]))
    _count(cases, len(report.results), counts, sum(result.seconds for result in report.results))
    gates = ElementTree.SubElement(root, "testsuite", name="gate")
    failed = {"failure": 0, "error": 0, "skipped": 0}
    for check in outcome.checks:
        test = _test(gates, "vouch.regression.gate", check.name, 0.0)
        if check.state != "passed":
            kind = "failure" if check.state == "failed" else "error"
            failed[kind] += 1
            ElementTree.SubElement(test, kind, message=_xml(check.text))
    _count(gates, len(outcome.checks), failed, 0.0)
    ElementTree.indent(root)
    _write(path, ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n")


def shown(text: str, limit: int = 160) -> str:
    """Text on one line, for a terminal: nothing that moves the cursor or disguises what stands there."""
    text = _INVISIBLE.sub(" ", text[: 4 * limit]).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


# ------------------------------------------------------------------ inside


def _completeness(report: Report) -> Check:
    expected, have = len(report.run.case_ids), len(report.results)
    replied = sum(not result.error for result in report.results)
    if not have:
        return Check("run", "unmeasured", report.run.error or "no case was run")
    if not replied:
        return Check("run", "unmeasured", f"no case got a reply: {shown(report.results[0].error.splitlines()[0])}")
    if report.run.status != "finished":
        return Check("run", "unmeasured", f"it is {report.run.status}, {have} of {expected} cases done")
    return Check("run", "passed", f"{replied} of {have} cases got a reply")


def _lacking(baseline: Report, report: Report) -> str:
    """Why the baseline is none for this run; "" where it is one."""
    answered = {result.case_id for result in baseline.results if not result.error}
    if not answered & {result.case_id for result in report.results}:
        return "no case of this run got a reply in it"
    complete = _completeness(baseline)
    return "" if complete.state == "passed" else complete.text


def _unanswered_before(diff: Diff | None) -> list[str]:
    """The cases that fail now with a reply and had none in the baseline: whether they failed there is not known."""
    return [
        change.case_id
        for change in (diff.cases if diff is not None else ())
        if change.change == "still_failing" and change.first.error and not change.second.error
    ]


def _limit(name: str, least: float, report: Report) -> Check:
    if name not in LIMITED:
        raise ValueError(f"{name} has no mean between 0 and 1; there are {', '.join(LIMITED)}")
    value = measured(report, name)
    if value is None:
        return Check(NAMES[name], "unmeasured", "nothing was scored")
    # A mean of equal values may come out the last digit lower than each of them.
    failed = value < least - 1e-9
    shown = math.floor(value * 1000) / 1000 if failed else value  # .7996 is not the .800 that was wanted
    return Check(NAMES[name], "failed" if failed else "passed", f"{shown:.3f}, at least {least:g} wanted")


def _means_table(found: Mapping[str, Mean]) -> list[str]:
    lines = [f"{'':18}  {'mean':>7} {'scored':>8}  {'95 % interval':>15}"]
    for metric, mean in found.items():
        interval = "" if mean.low is None else f"{mean.low:.3f} – {mean.high:.3f}"
        lines.append(
            f"{NAMES.get(metric, shown(metric, 18)):18}  {_value(mean)} {_covered(mean)}  {interval:>15}".rstrip()
        )
    return lines


def _value(mean: Mean) -> str:
    return f"{'–' if mean.value is None else f'{mean.value:.3f}':>7}"


def _covered(mean: Mean) -> str:
    return f"{f'{mean.scored}/{mean.total}':>8}"


def _configured(run: Run) -> str:
    generator, judge = (shown(str(run.configuration.get(name, "?")), 70) for name in ("generator", "judge"))
    return f"{generator}, judged by {judge}"


def _question(report: Report, result: CaseResult) -> str:
    case = report.cases.get(result.case_id)
    return case.user_input if case is not None else result.turn.user_input


def _score(result: CaseResult, name: str) -> str:
    score = result.scores[name]
    if name == "perplexity" and result.perplexity is not None:
        return f"{result.perplexity:.2f}"
    value = "–" if score.value is None else f"{score.value:.3f}"
    return f"{value} {score.state}{f' ({score.reason})' if score.reason else ''}"


def _test(suite: ElementTree.Element, place: str, name: str, seconds: float) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite, "testcase", classname=place, name=_xml(shown(name, 200)), time=f"{seconds:.3f}"
    )


def _count(suite: ElementTree.Element, tests: int, counts: Mapping[str, int], seconds: float) -> None:
    values = {"tests": tests, "failures": counts["failure"], "errors": counts["error"], "skipped": counts["skipped"]}
    for name, value in values.items():
        suite.set(name, str(value))
    suite.set("time", f"{seconds:.3f}")


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as stream:
            stream.write(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ReportError(
            f"{path} could not be written ({error.strerror}); choose another path.",
            f"{path}에 쓸 수 없습니다({error.strerror}). 다른 경로를 지정해 주세요.",
        ) from None


def _unreadable(name: str, reason: str) -> ReportError:
    return ReportError(
        f"{name} is not a baseline that can be read ({reason}); write one with: regress run --json FILE",
        f"{name}은(는) 읽을 수 있는 기준 파일이 아닙니다({reason}). regress run --json 파일로 만들어 주세요.",
    )


def report_of(run: Run, cases: Iterable[Case], results: Sequence[CaseResult]) -> Report:
    """A run with its cases and results."""
    return Report(run, {case.id: case for case in cases}, tuple(results))
