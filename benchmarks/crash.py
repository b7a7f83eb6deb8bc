"""Whether anything that was acknowledged is lost when the process is killed while it writes.

    python -m benchmarks.crash [--kills 50]

A child process flags turns, or records the results of a run, and prints each id once the call has returned. It is
killed (SIGKILL) at a random moment: while it opens or creates the record, writes, or waits for the disk. Then the
record is opened again: every id that was printed must be there, whole, with its case; SQLite must find the file
sound; and the run must read as stopped and take up where it was. Prints a table and writes
benchmarks/results/crash.json. A kill ends the process, not the machine: for power cuts the record relies on SQLite's
`synchronous = FULL`.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from settings import PROJECT

RESULTS = PROJECT / "benchmarks" / "results" / "crash.json"
WINDOW_S = 0.25  # killed so long after its first acknowledged id, at most; a write takes some milliseconds
NEW_FILE_EVERY = 5  # kills; the first of each file comes while the record is created


@dataclass(frozen=True)
class Outcome:
    """What a number of kills left behind.

    Attributes:
        acknowledged: ids that the child printed before it was killed.
        lost: of these, how many the record does not have whole.
        unreadable: times the record could not be opened, or SQLite found it damaged.
        while_opening: kills before the first id, while the record was opened or created.
    """

    what: str
    kills: int
    acknowledged: int
    lost: int
    unreadable: int
    while_opening: int


def kill_while(what: str, kills: int, folder: Path, seed: int = 0) -> Outcome:
    """Kill a child that writes `what` ("flags" or "results") so many times, and check after each.

    Args:
        folder: where the records go; emptied by nobody.
    """
    chance = random.Random(seed)
    acknowledged: list[str] = []  # in the present file
    total = lost = unreadable = opening = 0
    for number in range(kills):
        new = number % NEW_FILE_EVERY == 0
        if new:
            acknowledged = []
            url = f"sqlite:///{folder / f'{what}-{number}.sqlite'}"
        printed = _killed(what, url, chance.uniform(0, WINDOW_S), while_opening=new)
        opening += not printed
        total += len(printed)
        acknowledged += printed
        found = _found(what, url)
        if found is None:
            unreadable += 1
        lost += len(set(acknowledged) - (found or set()))
    return Outcome(what, kills, total, lost, unreadable, opening)


def _killed(what: str, url: str, after_s: float, while_opening: bool) -> list[str]:
    """Start a child, kill it so long after it began to open or to write, and return the ids it acknowledged."""
    command = [sys.executable, "-m", "benchmarks.crash", "--child", what, "--url", url]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as child:
        first = child.stdout.readline()  # it is opening the record
        if not while_opening:
            first = child.stdout.readline()
        time.sleep(after_s)
        if not first or child.poll() is not None:
            raise RuntimeError(f"the child ended by itself with {child.wait()}")
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
    printed = rest[: rest.rfind("\n") + 1].split()  # half a line acknowledges nothing
    return printed if while_opening else [first.strip(), *printed]


def _found(what: str, url: str) -> set[str] | None:
    """The ids that the record has whole; None where it is not readable."""
    from sqlalchemy import text

    from judge.regression.store import RegressionStore
    from judge.store import Store, StoreError

    try:
        store = Store(url)
    except StoreError:
        return None
    try:
        with store.database.engine.connect() as connection:
            if connection.scalar(text("PRAGMA integrity_check")) != "ok":
                return None
        record = RegressionStore(store)
        if what == "flags":
            with_case = {case.turn.id for case in record.cases(status="candidate") if case.reference == case.turn.id}
            flags = record.all_flags()
            return {f.id for f in flags if f.turn.id in with_case and f.reference == f.turn.id and f.judgement}
        found = set()
        for run in record.runs():
            results = record.results(run.id)
            goes_on = run.status == "stopped" and record.resume_run(run.id).done == len(results)
            record.end_run(run.id, "stopped")
            found |= {f"{run.id}/{result.case_id}" for result in results if goes_on and result.turn.response}
        return found
    finally:
        store.close()


def _write_for_ever(what: str, url: str) -> None:
    """The child: write, and print each id once it is on disk."""
    from judge.regression.store import RegressionStore
    from judge.regression.types import CaseResult
    from judge.store import Store
    from judge.types import Judgement, Score
    from rag.types import Chunk, RetrievedChunk, Turn

    say("opening")
    store = Store(url)
    record = RegressionStore(store)
    chunk = Chunk("d-1", "d", "이력서.pdf", "Mina Park", "Work", "Engineer at Hanbit Labs. " * 30, 0, 720)
    passages = tuple(RetrievedChunk(chunk, rank, 0.9, "both") for rank in range(1, 5))
    judged = Judgement({"faithfulness": Score("faithfulness", 0.25, "scored")}, (), (0.9,) * 4, "judge", 0.1)
    conversation = store.new_conversation("me")
    run = record.start_run("r", [str(number) for number in range(100_000)], {}) if what == "results" else None
    for number in range(100_000):
        turn = Turn(
            conversation, "Where?", retrieved_contexts=passages, response="At Hanbit [1]. " * 20, status="finished"
        )
        if run is not None:
            record.save_result(
                CaseResult(run.id, str(number), turn, judged, judged.scores, 3.5, False, ("x",), "", 0.1)
            )
            say(f"{run.id}/{number}")
        else:
            store.save_turn(turn)
            store.save_judgement(turn.id, judged)
            say(record.flag(turn.id, "down", "wrong_fact", reference=turn.id).id)


def say(line: str) -> None:
    """To the parent, now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@click.command()
@click.option("--kills", default=50, show_default=True, help="of a child that flags, and as many of one that runs")
@click.option("--seed", default=0, show_default=True)
@click.option("--child", type=click.Choice(["flags", "results"]), hidden=True)
@click.option("--url", hidden=True)
def main(kills: int, seed: int, child: str | None, url: str | None) -> None:
    """Kill a writing process KILLS times and count what was lost."""
    if child:
        _write_for_ever(child, url)
        return
    print(f"{'while':10}{'kills':>7}{'acknowledged':>14}{'lost':>6}{'unreadable':>12}{'while opening':>15}")
    outcomes = []
    for what in ("flags", "results"):
        with tempfile.TemporaryDirectory(prefix="vouch-crash-") as folder:
            one = kill_while(what, kills, Path(folder), seed)
        print(
            f"{one.what:10}{one.kills:>7}{one.acknowledged:>14}{one.lost:>6}{one.unreadable:>12}{one.while_opening:>15}"
        )
        outcomes.append(one)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n", encoding="utf-8")
    sys.exit(any(one.lost or one.unreadable for one in outcomes))


if __name__ == "__main__":
    main()
