"""What a regression run costs: replies written ahead of the judge against one case after the other.

    python -m benchmarks.regression [--limit 20]     # seconds per case, written to benchmarks/results/regression.json
    python -m benchmarks.regression --trap           # what BERTScore cannot tell, written to benchmarks/results/trap.json

Both ways answer, judge and score the same cases with the same models in the same process, in turns (A B B A) so that a
machine that grows busier favours neither. One by one is: write the reply, judge it, score it against the expected
answer, record it, then the next. Ahead is `judge.regression.runner.run_cases` with `overlap`: the next replies are
written while earlier ones are scored, and with a server (`--generator http://…#model`) by several threads. CPU seconds
are those of this process; they hold still where other work on the machine moves the wall clock.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results"
ROUNDS = ("ahead", "one by one", "one by one", "ahead")


@click.command()
@click.option("--limit", default=20, show_default=True, help="Cases of the sample set.")
@click.option("--generator", default="embedded", show_default=True)
@click.option("--trap", is_flag=True, help="Measure what BERTScore cannot tell, instead.")
def main(limit: int, generator: str, trap: bool) -> None:
    """Measure a run of the sample set."""
    if trap:
        return measure_trap()
    from judge.models import judge_for
    from judge.regression.cli import SAMPLE
    from judge.regression.formats import read_cases
    from judge.regression.runner import backend_of, default_thresholds, run_cases
    from judge.regression.store import RegressionStore
    from judge.store import Store
    from rag.pipeline import open_bot

    every = list(read_cases(SAMPLE))
    cases = every[:: max(1, len(every) // limit)][:limit]  # of both languages
    with tempfile.TemporaryDirectory(prefix="vouch-regression-") as folder:
        settings = Settings(
            generator=generator, index=Path(folder) / "index", DATABASE_URL=f"sqlite:///{folder}/record.sqlite"
        )
        bot = open_bot(settings)
        bot.index_files(sorted((settings.data / "resumes").glob("*.md")))
        bot.warm_up()
        backend = backend_of(bot, judge_for(settings.judge, settings), settings)
        store = Store(settings.database_url)
        record = RegressionStore(store)
        ids = record.add_cases(cases)
        least = default_thresholds(settings)

        def ahead(chosen: Sequence) -> None:
            run = record.start_run("ahead", [case.id for case in chosen], backend.configuration)
            run_cases(record, run, replace(backend, overlap=True), thresholds=least)

        def one_by_one(chosen: Sequence) -> None:
            run = record.start_run("one by one", [case.id for case in chosen], backend.configuration)
            serially(record, run.id, chosen, backend, least)

        ways: dict[str, Callable[[Sequence], None]] = {"ahead": ahead, "one by one": one_by_one}
        ahead(cases[:1])  # the first case pays for loading the encoder of BERTScore
        seconds: dict[str, list[float]] = {"ahead": [], "one by one": []}
        busy: dict[str, list[float]] = {"ahead": [], "one by one": []}
        for way in ROUNDS:
            started, cpu = time.perf_counter(), time.process_time()
            ways[way](cases)
            seconds[way].append(time.perf_counter() - started)
            busy[way].append(time.process_time() - cpu)
        results = [result for run in record.runs() for result in record.results(run.id)]
        store.close()
    if failed := [result for result in results if result.error]:  # no reply takes no time; that is no speed
        raise click.ClickException(f"{len(failed)} replies failed, nothing was measured: {failed[0].error}")

    per_case = {way: sum(found) / len(found) / len(ids) for way, found in seconds.items()}
    cpu_per_case = {way: sum(found) / len(found) / len(ids) for way, found in busy.items()}
    result = {
        "generator": backend.configuration["generator"],
        "judge": backend.configuration["judge"],
        "cpu": platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "cases": len(ids),
        "passed": sum(result.passed for result in results[: len(ids)]),
        "seconds": {way: [round(value, 2) for value in found] for way, found in seconds.items()},
        "seconds_per_case": {way: round(value, 3) for way, value in per_case.items()},
        "cpu_seconds_per_case": {way: round(value, 3) for way, value in cpu_per_case.items()},
        "load": [round(value, 2) for value in os.getloadavg()],
        "speed_up": round(per_case["one by one"] / per_case["ahead"], 3),
        "runs_overlap": backend.overlap,
    }
    print(f"{result['generator']}, {len(ids)} cases, {result['cores']} cores; {result['passed']} pass")
    for way, value in per_case.items():
        print(f"{way:12}{value:>8.2f} s a case, {cpu_per_case[way]:.2f} s of CPU")
    print(f"ahead is {result['speed_up']:.2f} times as fast; runs {'do' if backend.overlap else 'do not'} overlap here")
    write("regression.json", result)


def serially(record, run_id: str, cases: Sequence, backend, thresholds: dict[str, float]) -> None:
    """One case after the other, in this thread."""
    import threading

    from judge.regression.runner import answer_case, result_of

    for case in cases:
        record.save_result(result_of(run_id, answer_case(case, backend, threading.Event()), backend, thresholds))
    record.end_run(run_id, "finished")


def measure_trap() -> None:
    """Print and write the rows of `judge.regression.metrics.semantic_trap`."""
    from judge.regression.metrics import semantic_trap

    rows = semantic_trap()
    print(f"{'':4}{'':12}{'BERTScore':>10}{'F1':>7}")
    for row in rows:
        print(f"{row.language:4}{row.kind:12}{row.bertscore:>10.3f}{row.f1:>7.2f}  {row.reference} / {row.response}")
    write("trap.json", [row._asdict() for row in rows])


def write(name: str, result: object) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
