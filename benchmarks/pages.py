"""How long the Regression page takes with a thousand cases: in the server, and in a browser until it is drawn.

    python -m benchmarks.pages [--cases 1000] [--repeat 9] [--chromium /usr/bin/chromium]

Every case holds a whole turn with four passages and a judgement, as one that was flagged does. Times are medians (and
the slowest) of REPEAT; a browser's are from the key or click until the table is drawn. Writes benchmarks/results/pages.json.
"""

from __future__ import annotations

import json
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import click

from judge.regression.types import REASONS, Case, CaseResult
from judge.types import METRICS, Claim, Judgement, Score, Verdict
from rag.types import Chunk, RetrievedChunk, Turn
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "pages.json"
CITIES = ("Ghent", "Seoul", "Lagos", "Lima", "Oslo", "Pune", "Turin")


def case_of(number: int) -> Case:
    """A case as a flag makes it, different from the others in every field that is filtered or searched."""
    city = CITIES[number % len(CITIES)]
    question = f"Which system did candidate {number} build in {city}?"
    passages = tuple(
        RetrievedChunk(
            Chunk(f"d{number}-{i}", f"d{number}", f"candidate-{number}.md", f"Candidate {number}", "Experience",
                  f"Engineer in {city}, 2015 to 2024. Built system {number}.{i} and ran it. " * 8, 0, 500),
            i, 0.9 - i / 10, "both",
        )
        for i in range(1, 5)
    )  # fmt: skip
    turn = Turn("c", question, id=f"t{number}", standalone_question=question, retrieved_contexts=passages,
                response=f"They built system {number} in {city} [1].", status="finished")  # fmt: skip
    verdict = Verdict(Claim(turn.response, 0, len(turn.response)), "supported", 0.9, 0.01, 0)
    judgement = Judgement({m: Score(m, 0.4, "scored") for m in METRICS}, (verdict,), (0.9, 0.5, 0.4, 0.1), "judge", 0.2)
    return Case(
        id=f"case-{number:05}",
        user_input=question,
        reference=f"System {number}.1" if number % 3 else "",
        tags=("smoke",) if number % 10 == 0 else (),
        origin="auto" if number % 4 == 0 else "user",
        reason="" if number % 4 == 0 else REASONS[number % len(REASONS)],
        rule="faithfulness 0.40 < 0.50" if number % 4 == 0 else "",
        status="accepted" if number % 2 else "candidate",
        turn=turn,
        judgement=judgement,
    )


def timed(work: Callable[[], object], repeat: int) -> dict[str, float]:
    """Median and slowest of `repeat` calls, in milliseconds; one more goes before and is not counted."""
    work()
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - started))
    return {"median": statistics.median(taken), "max": max(taken)}


@click.command()
@click.option("--cases", default=1000, show_default=True)
@click.option("--repeat", default=9, show_default=True)
@click.option("--chromium", default="/usr/bin/chromium", show_default=True)
def main(cases: int, repeat: int, chromium: str) -> None:
    """Measure the page with CASES cases and two runs of all of them."""
    from judge.regression.auto import AutoFlagger
    from judge.regression.store import RegressionStore
    from judge.service import JudgeService
    from judge.store import Store
    from ui import build_app, launch_options
    from ui.services import BotLoader, Services

    def nothing():
        raise RuntimeError("no model is needed to look at cases")

    with tempfile.TemporaryDirectory(prefix="vouch-pages-") as folder:
        settings = Settings(DATABASE_URL=f"sqlite:///{folder}/pages.sqlite", data=Path(folder))
        store = Store(settings.database_url)
        record = RegressionStore(store)
        record.add_cases(case_of(number) for number in range(cases))
        runs = [add_run(record, name, cases, right) for name, right in (("before", 10), ("after", 8))]
        judge = JudgeService(nothing, store)
        flagger = AutoFlagger(record, settings.flag_thresholds)
        services = Services(BotLoader(nothing), judge, store, lambda: None, record, flagger)
        demo = build_app(services, settings)
        _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True, **launch_options(settings))
        try:
            result = {
                "cases": cases,
                "cpu": platform.processor() or platform.machine(),
                "server_ms": in_server(services, settings, runs, repeat),
                "browser_ms": in_browser(url, chromium, repeat),
            }
        finally:
            demo.close()
            judge.close()
            store.close()
    for part in ("server_ms", "browser_ms"):
        print(f"\n{part:44}{'median':>10}{'max':>10}")
        for name, figures in result[part].items():
            print(f"{name:44}{figures['median']:>10.0f}{figures['max']:>10.0f}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def add_run(record, name: str, cases: int, right: int):
    """A run over every case; of ten replies `right` pass."""
    run = record.start_run(name, [f"case-{number:05}" for number in range(cases)], {"generator": name})
    for number in range(cases):
        case, passed = case_of(number), number % 10 < right
        scores = {m: Score(m, 0.9 if passed else 0.3, "scored") for m in METRICS}
        turn = case.turn if passed else replace(case.turn, response="Something else.")
        failures = () if passed else ("faithfulness 0.30 < 0.50",)
        judgement = replace(case.judgement, scores=scores)
        record.save_result(CaseResult(run.id, case.id, turn, judgement, scores, None, passed, failures, "", 0.1))
    record.end_run(run.id, "finished")
    return run


def in_server(services, settings: Settings, runs: list, repeat: int) -> dict[str, dict[str, float]]:
    """What the handlers take."""
    import gradio as gr

    from ui.access import Access
    from ui.regression import RegressionPage

    with gr.Blocks() as demo:
        page = RegressionPage(services, settings, Access(settings))
        page.build(demo)
    request = SimpleNamespace(session_hash="s", headers={})

    def sent(**data) -> SimpleNamespace:
        return SimpleNamespace(_data=data)

    cases, side = page.cases, page.runs
    ids = [run.id for run in runs]
    view = {"runs": ",".join(ids)}
    return {
        "open the page": timed(lambda: page.restore({}, request), repeat),
        "filter by status": timed(lambda: cases.find({}, request, sent(query={"status": "accepted"})), repeat),
        "filter by tag": timed(lambda: cases.find({}, request, sent(query={"tag": "smoke"})), repeat),
        "search": timed(lambda: cases.find({}, request, sent(query={"text": "seoul 77"})), repeat),
        "last page": timed(lambda: cases.find({}, request, sent(query={"page": 10**5})), repeat),
        "open a case, with those like it": timed(
            lambda: cases.act({}, request, sent(act="open", id="case-00007")), repeat
        ),
        "accept a case": timed(lambda: cases.act({}, request, sent(act="accept", ids=["case-00007"])), repeat),
        "read a run": timed(lambda: side.act({}, request, sent(act="open", id=ids[0])), repeat),
        "compare two runs, first time": timed(
            lambda: (side.comparison.forget(), side.act({}, request, sent(act="compare", before=ids[0], after=ids[1]))),
            3,
        ),
        "compare two runs, again": timed(
            lambda: side.act({}, request, sent(act="compare", before=ids[0], after=ids[1])), repeat
        ),
        "open a case of a comparison": timed(
            lambda: side.act({}, request, sent(act="case", id="case-00008", view=view)), repeat
        ),
    }


def in_browser(url: str, chromium: str, repeat: int) -> dict[str, dict[str, float]]:
    """What a person waits for."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    count = "document.querySelectorAll('#cases tbody tr').length"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()

        def load() -> None:
            page.goto(f"{url}regression")
            page.wait_for_function(f"{count} === 25")

        def search() -> None:
            page.locator("#case-filter [name=text]").fill("candidate 77 ")
            page.wait_for_function(f"{count} < 25")

        def clear() -> None:
            page.locator("#case-filter [type=reset]").click()
            page.wait_for_function(f"{count} === 25")

        def choose() -> None:
            page.locator("#case-filter [name=status]").select_option("dismissed")
            page.wait_for_function(f"{count} === 0")

        def turn() -> None:
            first = page.locator("#cases tbody tr").first.get_attribute("data-id")
            page.get_by_role("button", name="Next").click()
            page.wait_for_function("id => document.querySelector('#cases tbody tr')?.dataset.id !== id", arg=first)

        load()
        found = {"load the page": timed(load, min(repeat, 5))}
        for name, work in (("search (200 ms of it wait for the next key)", search), ("filter by status", choose)):
            taken = []
            for _ in range(repeat):
                started = time.perf_counter()
                work()
                taken.append(1000 * (time.perf_counter() - started))
                clear()
            found[name] = {"median": statistics.median(taken), "max": max(taken)}
        found["next page"] = timed(turn, repeat)
        browser.close()
    return found


if __name__ == "__main__":
    main()
