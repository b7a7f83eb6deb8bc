"""How long the record takes with a thousand cases: to flag, to list, to filter, to run; and what waiting for the disk costs.

    python -m benchmarks.record [--cases 1000]

Cases are made of turns as the page records them: four passages of 700 characters, a reply, three scores, two
verdicts. Prints medians and 95th percentiles in milliseconds, and writes benchmarks/results/record.json.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
from sqlalchemy import event

from settings import PROJECT

RESULTS = PROJECT / "benchmarks" / "results" / "record.json"
PAGE = 50  # cases on one page


def timed(call: Callable[[], object], times: int) -> dict[str, float]:
    """Milliseconds: median and 95th percentile over so many calls."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return {"median_ms": 1000 * float(np.median(seconds)), "p95_ms": 1000 * float(np.percentile(seconds, 95))}


def measure(url: str, cases: int, synchronous: str) -> dict[str, dict[str, float]]:
    """Fill a new record and time what the pages and a run do with it."""
    from judge.regression.store import RegressionStore
    from judge.regression.types import REASONS, CaseResult
    from judge.store import Store
    from judge.types import Claim, Judgement, Score, Verdict
    from rag.types import Chunk, RetrievedChunk, Turn

    store = Store(url)
    if store.database.is_sqlite:

        @event.listens_for(store.database.engine, "checkout")
        def _(connection, *_ignored):
            connection.execute(f"PRAGMA synchronous = {synchronous}")

    record = RegressionStore(store)
    passages = tuple(
        RetrievedChunk(Chunk(f"d-{i}", "d", "mina.pdf", "Mina Park", "Work", "Hanbit Labs 2019. " * 39, 0, 702), i, 0.5, "both", 0.5)
        for i in range(1, 5)
    )  # fmt: skip
    reply = "She built a search service at Hanbit Labs [1] and studied at KAIST [2]. " * 4
    claims = tuple(Verdict(Claim("She built a search service", 0, 26), "supported", 0.9, 0.1, i) for i in (0, 1))
    scores = {m: Score(m, 0.4, "scored", "2 of 5") for m in ("faithfulness", "answer_relevancy", "context_precision")}
    judged = Judgement(scores, claims, (0.9,) * 4, "judge", 0.2)
    conversation = store.new_conversation("me")
    turns = []
    for number in range(cases):
        turn = Turn(conversation, f"What did she do in {1900 + number}?", retrieved_contexts=passages, response=reply)
        turn.status = "finished"
        store.save_turn(turn)
        store.save_judgement(turn.id, judged)
        turns.append(turn)
    numbers = iter(range(cases))

    def flag_one():
        number = next(numbers)
        record.flag(turns[number].id, "down", REASONS[number % len(REASONS)], "At Hanbit Labs.")

    found = {"flag": timed(flag_one, cases)}
    ids = [case.id for case in record.cases()]
    for number, case_id in enumerate(ids):
        if number % 10 == 0:
            record.update_case(case_id, tags=["tenth", f"tag {number % 7}"], status="accepted")
    found["first page"] = timed(lambda: record.cases(limit=PAGE), 50)
    found["last page"] = timed(lambda: record.cases(limit=PAGE, offset=cases - PAGE), 50)
    found["count"] = timed(record.count_cases, 50)
    found["filter by status"] = timed(lambda: record.cases(status="accepted", limit=PAGE), 50)
    found["filter by reason"] = timed(lambda: record.cases(reason="off_topic", limit=PAGE), 50)
    found["filter by tag"] = timed(lambda: record.cases(tag="tenth", limit=PAGE), 50)
    found["filter by text"] = timed(lambda: record.cases(text="what 1950", limit=PAGE), 50)
    found["all cases"] = timed(record.cases, 10)
    found["all flags"] = timed(record.all_flags, 10)
    run = record.start_run("run", ids, {})
    left = iter(ids)
    found["save a result"] = timed(
        lambda: record.save_result(CaseResult(run.id, next(left), turns[0], judged, scores, 9.5, True, (), "", 1.0)),
        min(cases, 300),
    )
    found["list runs"] = timed(record.runs, 20)
    found["results of a run"] = timed(lambda: record.results(run.id), 10)
    store.close()
    return found


@click.command()
@click.option("--cases", default=1000, show_default=True)
@click.option("--url", default="", help="a database to fill instead of a new SQLite file; it keeps what it is given")
def main(cases: int, url: str) -> None:
    """Time the record with CASES cases."""
    with tempfile.TemporaryDirectory(prefix="vouch-record-") as folder:
        columns = {}
        for synchronous in ("FULL", "NORMAL") if not url else ("server",):
            where = url or f"sqlite:///{Path(folder) / synchronous}.sqlite"
            columns[synchronous] = measure(where, cases, synchronous)
    names = list(columns)
    print(f"{cases} cases; median / p95 in ms\n{'':20}" + "".join(f"{name:>20}" for name in names))
    for what in columns[names[0]]:
        cells = (columns[name][what] for name in names)
        print(f"{what:20}" + "".join(f"{cell['median_ms']:>12.1f} /{cell['p95_ms']:>6.1f}" for cell in cells))
    if not url:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps({"cases": cases, **columns}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
