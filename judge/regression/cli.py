"""`python -m judge regress`: run cases and let the exit code say whether a change made something worse."""

from __future__ import annotations

import functools
import logging
import math
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.errors import UserError
from settings import PROJECT, Settings, load_settings

if TYPE_CHECKING:
    from judge.regression.diff import CaseChange
    from judge.regression.gate import Report
    from judge.regression.runner import Backend
    from judge.regression.store import RegressionStore
    from judge.regression.types import Case, CaseResult, Run
    from judge.verdicts import Judge
    from rag.pipeline import ResumeBot

log = logging.getLogger(__name__)

SAMPLE = PROJECT / "data" / "regression" / "sample.jsonl"
OF_SAMPLE = SAMPLE.relative_to(PROJECT).as_posix()  # what a run of it records; the name of a person's own file has no folder
FORMATS = ("ragas", "deepeval", "promptfoo", "langfuse", "csv")  # of formats.py, which is not loaded for --help
STATUSES = ("candidate", "accepted", "dismissed", "merged")
NOT_RUN = 2
MAX_ATTRIBUTED = 10  # cases that are replayed without being named: each may be answered twice
PREFIX = 4  # a run may be named by the beginning of its id, if that is at least this long


class CommandError(UserError):
    """Something asked for on the command line that is not there."""


def guarded(command: Callable[..., int | None]) -> Callable[..., None]:
    """A command whose every failure exits with 2, since 1 means "regressed"."""

    @functools.wraps(command)
    def run(*args, **kwargs) -> None:
        try:
            sys.exit(command(*args, **kwargs) or 0)
        except UserError as error:
            from judge.regression.gate import shown

            click.echo(shown(str(error), 2000), err=True)  # it may name a tag or an id as a file spells it
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
        except BrokenPipeError:  # `| head` has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception:  # a pipeline must not take any failure for a regression: the exit code tells them apart
            log.exception("the command failed")
        sys.exit(NOT_RUN)

    return run


@click.group()
def regress() -> None:
    """Run the cases that flagged replies left, and compare runs."""


@regress.command()
@click.option("--set", "tag", default=None, help="Run the accepted cases with this tag only.")
@click.option("--file", "file", type=click.Path(path_type=Path), default=None, help="Run the cases of a JSONL file instead; they do not enter the record.")  # fmt: skip
@click.option("--baseline", default=None, help="Compare with a run: its id, last (the last one of the same cases), or a file written by --json.")  # fmt: skip
@click.option("--fail-under", multiple=True, metavar="METRIC=VALUE", help="Regressed if this mean is lower; also passed=… (share of cases) and coverage=…")  # fmt: skip
@click.option("--max-new-failures", type=click.IntRange(min=0), default=None, help="Newly failing cases to accept; 0 with a baseline.")  # fmt: skip
@click.option("--threshold", multiple=True, metavar="METRIC=VALUE", help="A case fails under this; VOUCH_FLAG_* by default.")  # fmt: skip
@click.option("--json", "json_path", type=click.Path(path_type=Path), default=None, help="Write everything to this file (- for standard output); it can be a baseline.")  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path), default=None, help="Write JUnit XML to this file (- for standard output).")
@click.option("--resume", default=None, metavar="RUN", help="Go on with a stopped run of the record, as it was begun; with --file where its cases came from one.")  # fmt: skip
@guarded
def run(tag, file, baseline, fail_under, max_new_failures, threshold, json_path, junit, resume) -> int:
    """Run cases; exit with 0, 1 (regressed) or 2 (could not run).

    Without --set or --file these are all accepted cases of the record; where there is none, the sample set, on the
    sample resumes. Models are those of the settings (VOUCH_GENERATOR, VOUCH_JUDGE, …).
    """
    if tag is not None and (file is not None or resume is not None):
        raise click.UsageError("--set goes with neither --file nor --resume.")
    if resume is not None and threshold:
        raise click.UsageError("--threshold cannot change a run that was begun; leave it out.")
    limits, thresholds = _numbers(fail_under, "--fail-under"), _numbers(threshold, "--threshold")
    settings = load_settings()
    _quiet()
    from judge.regression import gate
    from judge.regression.runner import check_same, default_thresholds, run_cases, settings_of

    for name in (*limits, *thresholds):
        if name not in gate.LIMITED or (name in thresholds and name in ("passed", "coverage")):
            raise click.UsageError(f"{name} has no value between 0 and 1; there are {', '.join(gate.LIMITED)}.")
    record = _record(settings)
    started = _find_run(record, resume) if resume is not None else None
    if started is not None:
        name, of, cases = started.name, _cases_of(record, started), _resumed(record, started, file)
        settings = settings_of(started.configuration, settings)
        least = started.configuration.get("thresholds") or default_thresholds(settings)
    else:
        name, of, cases = _chosen(record, tag, file)
        least = default_thresholds(settings) | thresholds
    before = _report(record, baseline, name) if baseline is not None else None  # a missing baseline is said before the work
    with _interruptible() as (begun, stop), _backend(settings, of == OF_SAMPLE) as backend:
        if started is not None:
            check_same(started.configuration, backend.configuration)
        else:
            configuration = {**backend.configuration, "thresholds": least, **({"cases_of": of} if of else {})}
            started = record.start_run(name, [case.id for case in cases], configuration)
        begun.set()
        ended = run_cases(record, started, backend, stop, _progress, least, cases)
    if cases is None:
        cases = [case for case_id in ended.case_ids if (case := record.case(case_id)) is not None]
    report = gate.report_of(ended, cases, record.results(ended.id))
    outcome = gate.decide(report, before, limits, max_new_failures)
    click.echo(gate.table(report, outcome), err=Path("-") in (json_path, junit))  # standard output is the file's then
    if ended.status == "stopped":
        again = f" --file {shlex.quote(str(file))}" if file is not None else ""
        click.echo(f"Go on with: python -m judge regress run --resume {ended.id[:8]}{again}", err=True)
    if json_path is not None:
        gate.write_report(report, outcome, json_path)
    if junit is not None:
        gate.write_junit(report, outcome, junit)
    return outcome.exit_code


@regress.command()
@guarded
def runs() -> None:
    """List the runs of the record, newest first."""
    from judge.regression.gate import shown

    found = _record(load_settings()).runs()
    for each in found:
        done = f"{each.done}/{len(each.case_ids)}"
        click.echo(
            f"{each.id[:8]}  {each.started_at[:16].replace('T', ' ')}  {each.status:8}  {done:>9}  "
            f"{shown(each.name, 30):30}  {shown(str(each.configuration.get('generator', '')), 60)}".rstrip()
        )
    if not found:
        click.echo("There is no run yet: python -m judge regress run", err=True)


@regress.command()
@click.argument("first")
@click.argument("second")
@click.option("--case", "case_id", default=None, help="Show this case in full: words, passages, scores.")
@click.option("--attribute", is_flag=True, help="Replay the changed cases and name which change moved their scores.")
@guarded
def diff(first: str, second: str, case_id: str | None, attribute: bool) -> None:
    """Compare two runs: ids, last, or files written by --json."""
    _quiet()
    from judge.regression import gate
    from judge.regression.diff import compare_results

    settings = load_settings()
    record = _record(settings)
    old, new = _report(record, first), _report(record, second)
    compared = compare_results(old.run, old.results, new.run, new.results)
    if case_id is not None:
        found = [change for change in compared.cases if change.case_id == case_id]
        if not found:
            raise CommandError(f"Neither run has a case {case_id}.", f"두 실행 모두에 사례 {case_id}이(가) 없습니다.")
        _show_case(found[0])
    else:
        click.echo("\n".join(gate.diff_table(compared)))
        for title, kind in (("newly failing", "newly_failing"), ("newly passing", "newly_passing")):
            changed = [change for change in compared.cases if change.change == kind]
            click.echo(f"\n{len(changed)} {title}")
            for change in changed:
                click.echo(f"   {gate.shown(change.case_id)}  {gate.shown(change.question, 80)}")
                reasons = change.second.failures if kind == "newly_failing" else change.first.failures
                for reason in reasons:
                    click.echo(f"      {gate.shown(reason, 110)}")
    if attribute:
        _attribute(record, settings, old, new, compared, case_id)


@regress.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.option("--format", "format", type=click.Choice(FORMATS), default="ragas", show_default=True)
@click.option("--set", "tag", default=None, help="Only cases with this tag.")
@click.option("--status", type=click.Choice((*STATUSES, "all")), default="accepted", show_default=True)
@guarded
def export(file: Path, format: str, tag: str | None, status: str) -> None:
    """Write cases to FILE (- for standard output)."""
    from judge.export import whole_file
    from judge.regression.formats import write_cases

    record = _record(load_settings())
    cases = list(reversed(record.cases(status=None if status == "all" else status, tag=tag)))
    if tag is not None and not cases:
        raise _untagged(record, tag, status)
    try:
        with whole_file(file) as stream:
            count = write_cases(cases, stream, format)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(
            f"{file} could not be written ({error.strerror}); choose another path.",
            f"{file}에 쓸 수 없습니다({error.strerror}). 다른 경로를 지정해 주세요.",
        ) from None
    click.echo(f"{count} {'case' if count == 1 else 'cases'} written", err=True)


@regress.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "tag", default=None, help="Tag the cases with this name.")
@guarded
def import_cases(file: Path, tag: str | None) -> None:
    """Read cases of FILE (JSONL with Ragas' names, or a DeepEval file) into the record: all of them, or none. One that is there already is replaced:
    the one with its id, or, without an id, the same in everything."""
    from judge.regression.formats import identified, read_cases, tagged

    cases = [tagged(case, tag) if tag else case for case in identified(read_cases(file), whole=True)]
    _record(load_settings()).add_cases(cases)
    click.echo(f"{len(cases)} {'case' if len(cases) == 1 else 'cases'} read", err=True)


# ------------------------------------------------------------------ what is run


def _record(settings: Settings) -> RegressionStore:
    from judge.regression.store import RegressionStore
    from judge.store import Store

    return RegressionStore(Store(settings.database_url, recover=False))


def _chosen(record: RegressionStore, tag: str | None, file: Path | None) -> tuple[str, str, list[Case]]:
    """What the run is called after, the file its cases come from ("" for the record), and the cases."""
    if file is not None:
        return file.name, file.name, _from_file(file)
    accepted = list(reversed(record.cases(status="accepted", tag=tag)))
    if accepted:
        return tag or "all", "", accepted
    if tag is None or tag == "sample":
        return "sample", OF_SAMPLE, _from_file(SAMPLE)
    raise _untagged(record, tag, "accepted")


def _untagged(record: RegressionStore, tag: str, status: str) -> CommandError:
    known = ", ".join(record.tags()) or "none"
    what, what_ko = {"all": ("case", "사례"), "accepted": ("accepted case", "승인된 사례")}.get(
        status, (f"{status} case", f"{status} 사례")
    )
    return CommandError(
        f"No {what} is tagged {tag}; tags in use: {known}.",
        f"{tag} 태그가 붙은 {what_ko}가 없습니다. 사용 중인 태그: {known}.",
    )


def _from_file(path: Path) -> list[Case]:
    """Cases of a file."""
    from judge.regression.formats import identified, read_cases

    read = list(identified(read_cases(path)))
    if not read:
        raise CommandError(f"{path.name} holds no case.", f"{path.name}에 사례가 없습니다.")
    if twice := next((case_id for case_id, count in Counter(case.id for case in read).items() if count > 1), None):
        raise CommandError(
            f"{path.name} has several cases called {twice}; give each its own id.",
            f"{path.name}에 id가 {twice}인 사례가 여럿입니다. 서로 다른 id를 주세요.",
        )
    return read


def _cases_of(record: RegressionStore, run: Run) -> str:
    """The file that a run's cases came from, "" for the record. Records of before this was kept tell the sample set by its
    name."""
    if (of := run.configuration.get("cases_of")) is not None:
        return str(of)
    sample = run.name == "sample" and not any(record.case(case_id) for case_id in run.case_ids)
    return OF_SAMPLE if sample else ""


def _resumed(record: RegressionStore, started: Run, file: Path | None) -> list[Case] | None:
    """The cases of a stopped run that came from a file or are the sample set; None for those of the record."""
    from judge.regression.runner import cases_left

    cases = None
    if file is not None or _cases_of(record, started) == OF_SAMPLE:
        cases = _from_file(file or SAMPLE)
    if not cases_left(record, started, cases) and not started.done:  # what is missing is said before models are loaded
        raise CommandError(
            "The cases of this run are not in the record; name the file that they came from with --file.",
            "이 실행의 사례가 기록에 없습니다. 사례가 있던 파일을 --file로 지정해 주세요.",
        )
    return cases


def _find_run(record: RegressionStore, run_id: str) -> Run:
    """A run by its id or the beginning of it."""
    if (exact := record.run(run_id)) is not None:
        return exact
    found = [each for each in record.runs() if len(run_id) >= PREFIX and each.id.startswith(run_id)]
    if len(found) != 1:
        what, what_ko = (
            ("There is no run", "그런 실행이 없습니다")
            if not found
            else ("Several runs begin with", "여러 실행이 있습니다")
        )
        raise CommandError(
            f"{what} {run_id[:40]}; see: python -m judge regress runs",
            f"{what_ko}: {run_id[:40]}. python -m judge regress runs로 확인해 주세요.",
        )
    return found[0]


def _report(record: RegressionStore, name: str, of: str | None = None) -> Report:
    """A run to compare with: a file written by --json, "last" (in which a case got a reply), or the id of a run.

    Args:
        of: for "last", what the run must be called after; None for any.
    """
    from judge.regression import gate

    if name == "last":
        finished = [each for each in record.runs() if each.status == "finished" and of in (None, each.name)]
        answered = (each for each in finished if not all(result.error for result in record.results(each.id)))
        if (found := next(answered, None)) is None:
            raise CommandError(
                f"There is no finished run{f' of {of}' if of else ''} to compare with; run it once without --baseline.",
                f"비교할 완료된 실행{f'({of})' if of else ''}이 없습니다. --baseline 없이 한 번 실행해 주세요.",
            )
    elif Path(name).suffix == ".json" or Path(name).is_file():
        return gate.read_report(Path(name))
    else:
        found = _find_run(record, name)
    samples = {case.id: case for case in _from_file(SAMPLE)} if _cases_of(record, found) == OF_SAMPLE else {}
    cases = [case for each in found.case_ids if (case := record.case(each) or samples.get(each)) is not None]
    return gate.report_of(found, cases, record.results(found.id))


@contextmanager
def _backend(settings: Settings, sample: bool) -> Iterator[Backend]:
    """What the settings name, loaded."""
    from judge.regression.runner import backend_of

    with _models(settings, sample) as (bot, judge, _):
        yield backend_of(bot, judge, settings)


@contextmanager
def _models(settings: Settings, sample: bool) -> Iterator[tuple[ResumeBot, Judge, Settings]]:
    """Bot and judge of the settings, and the settings with their index: the sample set brings its own documents."""
    from judge.regression.runner import models_for

    _no_bars()
    if not sample:
        yield *models_for(settings), settings
        return
    from judge.models import judge_for
    from rag.pipeline import open_bot

    with tempfile.TemporaryDirectory(prefix="vouch-sample-") as folder:
        own = settings.model_copy(update={"index": Path(folder) / "index"})
        bot = open_bot(own)
        report = bot.index_files(sorted((settings.data / "resumes").glob("*.md")))
        for name, error in report.failed:
            click.echo(f"{name}: {error}", err=True)
        yield bot, judge_for(own.judge, own), own


def _no_bars() -> None:
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()


@contextmanager
def _interruptible() -> Iterator[tuple[threading.Event, threading.Event]]:
    """Two events: one to set when the run begins, and one that Ctrl-C and SIGTERM set from then on, so that what is done
    stays and the rest can be resumed. Before there is nothing to keep, and loading a model waits for no event."""
    begun, stop = threading.Event(), threading.Event()

    def interrupt(*_) -> None:
        if stop.is_set() or not begun.is_set():  # asked twice: do not wait for what is in work
            raise KeyboardInterrupt
        stop.set()
        os.write(2, b"Stopping; once more to wait for nothing.\n")  # print is not to be called in the middle of a print

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield begun, stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _numbers(given: Sequence[str], option: str) -> dict[str, float]:
    found = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            raise click.UsageError(f"{option} takes METRIC=VALUE with a value from 0 to 1, not {text[:60]}.")
        found[name.strip().replace("-", "_").lower()] = number
    return found


def _quiet() -> None:
    """Only the table belongs on the terminal."""
    from rag.models import quiet_libraries

    quiet_libraries()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


# ------------------------------------------------------------------ what is shown


def _progress(done: int, total: int, result: CaseResult) -> None:
    from judge.regression.gate import shown

    mark = "error" if result.error else "pass" if result.passed else "fail"
    click.echo(f"{done:>4}/{total} {mark:5} {result.seconds:5.1f} s  {shown(result.turn.user_input, 80)}", err=True)


def _show_case(change) -> None:
    from judge.regression.diff import chunk_changes, figure, word_diff
    from judge.regression.gate import NAMES, shown

    click.echo(f"{shown(change.case_id)}: {shown(change.question, 200)}\n{change.change.replace('_', ' ')}\n")
    if change.first is None or change.second is None:
        present = change.first or change.second
        click.echo(shown(present.turn.response, 2000))
        return
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    parts = word_diff(change.first.turn.response, change.second.turn.response)
    # By line, so that a reply's own lines stay lines and nothing else in it moves the cursor.
    text = "".join(marks[kind].format(part) for kind, part in parts)
    click.echo("\n".join(shown(line, 2000) for line in text.splitlines()))
    click.echo()
    for each in chunk_changes(change.first.turn, change.second.turn):
        ranks = [str(rank) if rank is not None else "–" for rank in (each.first_rank, each.second_rank)]
        click.echo(f"   passage {ranks[0]} -> {ranks[1]}  {shown(each.section, 60)}")
    for score in change.scores:
        figures = [figure(result, score.metric) for result in (change.first, change.second)]
        if score.metric == "perplexity":
            figures = [None if value is None else math.exp(value) for value in figures]
        values = ["–" if value is None else f"{value:.3f}" for value in figures]
        click.echo(f"   {NAMES.get(score.metric, shown(score.metric, 18)):18} {values[0]:>6} -> {values[1]:>6}")


def _attribute(
    record: RegressionStore, settings: Settings, old: Report, new: Report, compared, case_id: str | None
) -> None:
    """Replay what changed in both runs and print who moved it."""
    wanted, left = _attributable(old, new, compared, case_id)
    if not wanted:
        click.echo(
            "\nThere is no case to attribute: its score or its verdict must have changed, and it must be known and "
            "answered in both runs."
        )
        return
    with ExitStack() as opened:
        samples = [_cases_of(record, report.run) == OF_SAMPLE for report in (new, old)]
        now, before = _both(opened, settings, old, new, samples)
        causes = Counter(_attribute_one(change, old, new, before, now) for change in wanted)
    click.echo("\nmoved by: " + ", ".join(f"{cause} {count}" for cause, count in causes.most_common()))
    if left:
        click.echo(f"{left} more changed less; look at one of them with --case.")


def _attributable(old: Report, new: Report, compared, case_id: str | None) -> tuple[list[CaseChange], int]:
    """The cases to replay, those first that began to fail or to pass, then those whose scores moved most; and how many
    are left out."""
    from judge.regression.attribution import NOTICEABLE

    def moved(change) -> float:
        deltas = [abs(score.delta) for score in change.scores if score.delta is not None and score.metric != "perplexity"]
        return max(deltas, default=0.0)

    def flipped(change) -> bool:
        return change.change in ("newly_failing", "newly_passing")

    found = [
        change
        for change in compared.cases
        if change.first is not None
        and change.second is not None
        and not (change.first.error or change.second.error)
        and (change.case_id == case_id if case_id else flipped(change) or moved(change) >= NOTICEABLE)
        and (change.case_id in new.cases or change.case_id in old.cases)
    ]
    found.sort(key=lambda change: (not flipped(change), -moved(change)))
    return found[:MAX_ATTRIBUTED], len(found[MAX_ATTRIBUTED:])


def _both(
    opened: ExitStack, settings: Settings, old: Report, new: Report, samples: Sequence[bool]
) -> tuple[Backend, Backend | None]:
    """The later configuration and the earlier one, None where that cannot be set up any more. They share what they can.

    Args:
        samples: whether the later run, and the earlier one, is of the sample set.

    Raises:
        CommandError: what the settings of the later run name is not what it was run with any more.
    """
    from judge.regression.runner import backend_beside, backend_of, settings_of, stands_for

    later, earlier = (settings_of(report.run.configuration, settings) for report in (new, old))
    bot, judge, own = opened.enter_context(_models(later, samples[0]))
    now = backend_of(bot, judge, later)
    if not stands_for(now.configuration, new.run.configuration):
        raise CommandError(
            "The later run's models or prompt are not those of today any more, so it cannot be replayed; run the cases once "
            "more and compare with that run.",
            "이후 실행의 모델이나 프롬프트가 지금과 달라 다시 실행할 수 없습니다. 사례를 한 번 더 실행한 뒤 비교해 주세요.",
        )
    try:
        if samples[0] != samples[1]:
            before = opened.enter_context(_backend(earlier, samples[1]))
        else:
            if samples[0]:
                earlier = earlier.model_copy(update={"index": own.index})
            before = backend_beside(bot, own, lambda: judge, earlier)
    except UserError as error:
        click.echo(f"The earlier configuration cannot be set up: {error}", err=True)
        return now, None
    if not stands_for(before.configuration, old.run.configuration):
        click.echo("The earlier configuration cannot be set up: its models or prompt are not those of today any more.", err=True)
        return now, None
    return now, before


def _attribute_one(change: CaseChange, old: Report, new: Report, before: Backend | None, now: Backend) -> str:
    """Replay one case and print what each change did. Returns: the cause."""
    from judge.regression.attribution import attribute
    from judge.regression.gate import NAMES, shown

    case = new.cases.get(change.case_id) or old.cases[change.case_id]
    made = attribute(case, change.first, change.second, before, now)
    click.echo(f"\n{shown(change.case_id)}  {shown(change.question, 80)}\n   moved by: {made.cause}")
    for part, reason in made.unreplayed.items():
        click.echo(f"   {part} was not replayed: {shown(reason, 100)}")
    for effect in made.effects.values():
        parts = [("judge", effect.judge), ("generator", effect.generator), ("index", effect.index)]
        parts.append(("together", effect.interaction))
        said = "  ".join(f"{name} {'?' if value is None else f'{value:+.3f}'}" for name, value in parts)
        click.echo(f"   {NAMES.get(effect.metric, effect.metric):18} {effect.old:.3f} -> {effect.new:.3f}  {said}")
    return made.cause
