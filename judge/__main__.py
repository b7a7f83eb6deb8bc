"""`python -m judge`: the page's scores for replies from anywhere (`score`), how steady a judge is (`audit`), the regression
set (`regress`), the whole record (`export`)."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, NoReturn

import click

from judge.regression.cli import regress
from judge.types import CHECKS, METRICS, SELF_PREFERENCE, Judgement, metrics_of
from rag.errors import UserError
from rag.models import quiet_libraries
from rag.types import Chunk
from settings import PROJECT, load_settings

AUDIT_RESULTS = PROJECT / "benchmarks" / "results" / "audit.json"
MAX_LINE_BYTES = 1_000_000  # of one row; a question, a reply and 20 passages take some 20 kB
MAX_CONTEXTS = 100  # passages of one row; retrieval gives 4 to 20
EXIT_BAD_ROWS = 2
MARKS = {"supported": "+", "contradicted": "-", "not_found": "?", "not_sure": "~"}

# Direction marks and control characters could disguise or overwrite what a terminal shows.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class RowError(ValueError):
    """A line that is no row; the message says what is wrong with it."""


class Row(NamedTuple):
    """One line of the input: the object as it was and the three fields that are scored."""

    given: dict
    user_input: str
    contexts: list[str]
    response: str


@click.group()
def main() -> None:
    """Score replies by the passages they were drawn from, and keep bad ones from coming back."""


main.add_command(regress)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
def export(file: Path) -> None:
    """Write everything in the record to FILE (- for standard output): conversations, scores, flags, cases and runs."""
    from judge.export import whole_file, write_everything
    from judge.store import Store

    try:
        store = Store(load_settings().database_url, recover=False)
        with whole_file(file) as stream:
            counts = write_everything(store, stream)
    except UserError as error:
        raise click.ClickException(str(error)) from None
    except BrokenPipeError:
        _end_quietly()
    except OSError as error:
        raise click.ClickException(
            f"{file} could not be written ({error.strerror}); choose another path.\n"
            f"{file}에 쓸 수 없습니다({error.strerror}). 다른 경로를 지정해 주세요."
        ) from None
    store.close()
    written = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    click.echo(written or "The record is empty.", err=True)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: the row with scores, claims, judge and seconds.")  # fmt: skip
@click.option("--judge", "name", default=None, help="embedded, a model id, a local path, or a server; as VOUCH_JUDGE.")
def score(file: str, as_json: bool, name: str | None) -> None:
    """Score every row of FILE (- for standard input).

    A row is a JSON object with user_input, retrieved_contexts (a list of passages in rank order) and response.
    A line that is none is named on standard error, and the exit status is 2.
    """
    logging.getLogger("judge").addHandler(logging.NullHandler())  # a judge's failure is the reason in its row
    with click.open_file(file, "rb") as opened:
        bad = _score(opened, "standard input" if file == "-" else file, as_json, name)
    sys.exit(EXIT_BAD_ROWS if bad else 0)


@main.command()
@click.option("--judge", "name", default=None, help="embedded, a model id, a local path, or a server; as VOUCH_JUDGE.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None, help="Folder with bilingual.jsonl; data/audit by default.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Where the result is kept; that of all checks for the Judge page by default, that of some nowhere.")  # fmt: skip
@click.option("--limit", type=click.IntRange(2), default=None, help="Only the first so many cases; for slow judges.")
@click.option("--check", "chosen", type=click.Choice([*CHECKS, SELF_PREFERENCE]), multiple=True, help="Only this check; may be given again. All by default.")  # fmt: skip
def audit(name: str | None, data: Path | None, as_json: bool, out: Path | None, limit: int | None, chosen: tuple[str, ...]) -> None:
    """Does the verdict turn though nothing that matters has changed?

    Shuffles the passages, moves the one that tells, hides it among others, rewords and pads the claim, and asks in
    Korean instead of English. judge/audit.py says what each figure means.
    """
    from judge import audit as audits

    try:
        settings = load_settings()
        name = name or settings.judge
        cases = audits.load_cases(data or settings.data / "audit")[:limit]
        judge = _load(name)

        def progress(done: int, total: int) -> None:
            click.echo(f"\r{done} of {total} cases", nl=done == total, err=True)

        result = audits.audit(judge, cases, progress, [check for check in CHECKS if not chosen or check in chosen])
        asked = not chosen or SELF_PREFERENCE in chosen
        result[SELF_PREFERENCE] = audits.preference_of(judge, name, cases, settings, progress) if asked else {"reason": "not asked for"}
        try:
            if out or not chosen:
                audits.save(result, out or AUDIT_RESULTS)
        finally:  # what cannot be kept is shown all the same
            _out(json.dumps(result, ensure_ascii=False, indent=1) if as_json else audits.table(result))
    except UserError as error:
        sys.exit(str(error))


def _score(file: IO[bytes], shown_name: str, as_json: bool, judge_name: str | None) -> int:
    """Score and print every row. Returns: how many lines were no rows."""
    from judge.scoring import judge_turn

    judge = None
    means = {metric: Mean() for metric in METRICS}
    bad = rows = 0
    for number, read in _rows(file):
        if isinstance(read, RowError):
            bad += 1
            click.echo(f"{shown_name}, line {number}: {read}", err=True)
            continue
        judge = judge or _load(judge_name)
        judgement = judge_turn(judge, read.user_input, read.response, read.contexts)
        rows += 1
        for metric in metrics_of(judgement.scores):
            means.setdefault(metric, Mean()).add(judgement.scores[metric].value, judgement.scores[metric].state)
        _out(as_row(read.given, judgement) if as_json else as_table(rows, read, judgement))
    if not as_json:
        _out(summary(rows, bad, means, judge.id if judge else None))
    return bad


class Mean:
    """The mean of what was scored, with its coverage. Refusals are counted apart: they are no bad answers."""

    def __init__(self) -> None:
        self.total = self.scored = self.declined = 0
        self._sum = 0.0

    def add(self, value: float | None, state: str) -> None:
        self.total += 1
        if state == "declined":
            self.declined += 1
        elif state == "scored" and value is not None:
            self.scored += 1
            self._sum += value

    @property
    def value(self) -> float | None:
        return self._sum / self.scored if self.scored else None


def parse_row(line: bytes) -> Row:
    """One line as a row.

    Raises:
        RowError: it is no JSON object, or a field is missing or of another type.
    """
    from judge.regression.formats import CaseError, loads

    try:
        given = loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RowError("it is not UTF-8 text.") from None
    except CaseError as error:
        raise RowError(f"{error}.") from None
    if not isinstance(given, dict):
        raise RowError("expected a JSON object with user_input, retrieved_contexts and response.")
    for field in ("user_input", "response"):
        if not isinstance(given.get(field), str):
            raise RowError(f"{field} must be a string.")
    contexts = given.get("retrieved_contexts")
    if isinstance(contexts, list):
        contexts = [_passage(context) if isinstance(context, dict) else context for context in contexts]
    if not isinstance(contexts, list) or not all(isinstance(context, str) for context in contexts):
        raise RowError("retrieved_contexts must be a list of strings (or of objects with a text).")
    if len(contexts) > MAX_CONTEXTS:
        raise RowError(f"retrieved_contexts holds {len(contexts)} passages; at most {MAX_CONTEXTS} are possible.")
    return Row(given, given["user_input"], contexts, given["response"])


def _passage(context: dict) -> object:
    """A passage of `python -m rag ask --json` as the judge reads it on the page, under whose resume and which section it is."""
    from judge.service import passage_of

    named = [name if isinstance(name := context.get(key), str) else "" for key in ("subject", "section")]
    text = context.get("text")
    return passage_of(Chunk("", "", "", *named, text, 0, 0)) if isinstance(text, str) else text


def as_row(given: dict, judgement: Judgement) -> str:
    """The row as one line of JSON, with what the judge says of it added."""
    said = {
        "scores": {
            metric: {"value": score.value, "state": score.state, "reason": score.reason}
            for metric, score in ((metric, judgement.scores[metric]) for metric in metrics_of(judgement.scores))
        },
        "claims": [
            {
                "text": verdict.claim.text,
                "start": verdict.claim.start,
                "end": verdict.claim.end,
                "verdict": verdict.label,
                "p_supported": round(verdict.p_supported, 4),
                "p_contradicted": round(verdict.p_contradicted, 4),
                "evidence": verdict.evidence,
                "reason": verdict.reason,
            }
            for verdict in judgement.verdicts
        ],
        "judge": judgement.judge,
        "seconds": round(judgement.seconds, 3),
    }
    # ASCII where a lone surrogate came in: no encoding holds it, and the row must come back as it was.
    text = json.dumps({**given, **said}, ensure_ascii=False, allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps({**given, **said}, allow_nan=False)
    return text


def as_table(number: int, row: Row, judgement: Judgement) -> str:
    """One row to read: the question, the three scores, and each claim with its verdict."""
    lines = [f"{number}. {_shown(row.user_input)}"]
    for metric in metrics_of(judgement.scores):
        found = judgement.scores[metric]
        value = "   –" if found.value is None else f"{found.value:.2f}"
        state = "" if found.state == "scored" else f"{found.state}: " if found.reason else found.state
        lines.append(f"   {metric.replace('_', ' '):18} {value}  {state}{_shown(found.reason)}".rstrip())
    for verdict in judgement.verdicts:
        contradicted = verdict.label == "contradicted"
        p = verdict.p_contradicted if contradicted else verdict.p_supported
        evidence = "" if verdict.evidence is None else f" [{verdict.evidence + 1}]"
        reason = f" ({_shown(verdict.reason)})" if verdict.reason else ""
        label = verdict.label.replace("_", " ")
        lines.append(f"   {MARKS[verdict.label]} {label:12} {p:.2f}{evidence:4}  {_shown(verdict.claim.text)}{reason}")
    return "\n".join([*lines, ""])


def summary(rows: int, bad: int, means: dict[str, Mean], judge: str | None) -> str:
    """Means with their coverage; what is unscored or declined is in no mean."""
    lines = [f"{rows} {'row' if rows == 1 else 'rows'}, judged by {judge}" if judge else "No row was scored"]
    if bad:
        lines[0] += f"; {bad} {'line was' if bad == 1 else 'lines were'} left out"
    for metric, mean in means.items() if rows else ():
        value = "   –" if mean.value is None else f"{mean.value:.2f}"
        declined = f", {mean.declined} declined" if mean.declined else ""
        lines.append(f"   {metric.replace('_', ' '):18} {value}  {mean.scored}/{mean.total} scored{declined}")
    return "\n".join(lines)


def _rows(file: IO[bytes]) -> Iterator[tuple[int, Row | RowError]]:
    """Rows as they come in, each with its line number; a line is never held beyond its limit."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, RowError(f"it is longer than {MAX_LINE_BYTES:,} bytes.")
            continue
        if not line.strip():
            continue
        try:
            yield number, parse_row(line)
        except RowError as error:
            yield number, error


def _load(name: str | None):
    # Rows go to standard output and bad lines to standard error; nothing else belongs there.
    quiet_libraries()
    from judge.models import judge_for

    try:
        settings = load_settings()
        return judge_for(name or settings.judge, settings)
    except UserError as error:
        sys.exit(str(error))


def _shown(text: str, limit: int = 160) -> str:
    text = _INVISIBLE.sub(" ", text[: 4 * limit]).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _out(text: str) -> None:
    """Print at once, so that a pipe sees each row when it is scored; a closed pipe ends quietly."""
    try:
        click.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _end_quietly()


def _end_quietly() -> NoReturn:
    """Whoever read standard output has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m judge")
