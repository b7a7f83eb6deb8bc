"""How a person waits: first token, tokens per second, and the time from the last token to the third badge.

    python -m benchmarks.live [--questions data/questions/en.jsonl] [--limit 30]

Questions go through the same ResumeBot and JudgeService as the page's, one after the other, on the sample
resumes in a temporary index. Prints median and p95, and writes benchmarks/results/live.json.
"""

from __future__ import annotations

import json
import platform
import statistics
import tempfile
import time
from pathlib import Path

import click
import numpy as np

from rag.types import Finished, Turn
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "live.json"


def summary(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile (linear interpolation), and the count."""
    return {"median": statistics.median(values), "p95": float(np.percentile(values, 95)), "n": len(values)}


@click.command()
@click.option("--questions", type=click.Path(exists=True, path_type=Path), default=PROJECT / "data/questions/en.jsonl")
@click.option("--limit", default=30, show_default=True)
@click.option("--generator", default="embedded", show_default=True)
def main(questions: Path, limit: int, generator: str) -> None:
    """Measure the waiting times of LIMIT questions."""
    from judge.models import judge_for
    from judge.service import JudgeService
    from judge.store import Store
    from rag.pipeline import open_bot

    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines() if line.strip()][:limit]
    with tempfile.TemporaryDirectory(prefix="vouch-live-") as folder:
        settings = Settings(
            generator=generator, index=Path(folder) / "index", DATABASE_URL=f"sqlite:///{folder}/live.sqlite"
        )
        store = Store(settings.database_url)
        bot = open_bot(settings)
        bot.index_files(sorted((settings.data / "resumes").glob("*.md")))
        service = JudgeService(lambda: judge_for(settings.judge, settings), store, bot.busy, settings.judge_timeout_s)
        try:
            started = time.perf_counter()
            bot.warm_up()
            service.warm_up()
            loading = time.perf_counter() - started
            conversation = store.new_conversation("benchmark")
            turns, badges = [], []
            for row in rows:
                turn, seconds = ask(bot, service, store, conversation, row["user_input"])
                turns.append(turn)
                badges.append(seconds)
        finally:
            service.close()

    first = [t.timings.first_token_s for t in turns if t.timings.first_token_s is not None]
    rates = [
        (t.timings.tokens - 1) / (t.timings.total_s - t.timings.first_token_s)
        for t in turns
        if not t.declined and t.timings.tokens > 4 and t.timings.total_s > t.timings.first_token_s
    ]
    scored = [s for s in badges if s is not None]
    result = {
        "questions": questions.name,
        "generator": turns[0].generator,
        "judge": service_judge(store, turns),
        "cpu": platform.processor() or platform.machine(),
        "load_models_s": loading,
        "retrieve_s": summary([t.timings.retrieve_s for t in turns]),
        "first_token_s": summary(first),
        "tokens_per_second": summary(rates),
        "reply_s": summary([t.timings.total_s for t in turns]),
        "last_token_to_third_badge_s": summary(scored),
        "badges_unscored": sum(1 for s in badges if s is None),
    }
    print(f"{result['generator']}, judged by {result['judge']}; models loaded and warm in {loading:.1f} s")
    print(f"{'':32}{'median':>10}{'p95':>10}{'n':>6}")
    for key, value in result.items():
        if isinstance(value, dict):
            print(f"{key:32}{value['median']:>10.3f}{value['p95']:>10.3f}{value['n']:>6}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def ask(bot, service, store, conversation: str, question: str) -> tuple[Turn, float | None]:
    """One turn, and the seconds from its last token until all three scores are there (None: some unscored)."""
    for event in bot.answer(question, conversation_id=conversation):
        if isinstance(event, Finished):
            turn = event.turn
    last_token = time.perf_counter()
    store.save_turn(turn)
    service.submit(turn)
    while (state := service.state(turn.id)) == "pending":
        service.wait(0.05)
    seconds = time.perf_counter() - last_token
    complete = all(score.state in ("scored", "declined") for score in state.scores.values())
    return turn, seconds if complete else None


def service_judge(store, turns: list[Turn]) -> str:
    judgement = store.judgement(turns[-1].id)
    return judgement.judge if judgement else "none"


if __name__ == "__main__":
    main()
