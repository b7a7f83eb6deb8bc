"""How fast the judge is: a reply of 1, 3 and 8 claims against 4 passages, and the same work done by Ragas.

    python -m benchmarks.judge_speed [--rounds 20] [--ragas 2] [--decision 1] [--against REF]

`judge_turn` as the page calls it (claims, matrix, three scores), question and claims never seen before: with passages never seen
before (new), and with passages that the judge was told of while the reply was being written, as the page does (read ahead).
`--against REF` times the code of another commit beside this one's, in turns, and prints the ratio.
`--ragas N` has Ragas score N of the same replies (faithfulness, answer relevancy, context precision) with the embedded
SmolLM2 behind `transformers serve`, in this run; it needs the other environment (`make loaders`, or its Python in
VOUCH_LOADERS), and each reply takes minutes. `--decision N` has SmolLM2 judge N replies in this process, by one pass
per question as transformers' `pipeline("decision")` does and with the shared prefix. Writes
benchmarks/results/judge_speed.json.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "benchmarks" / "results" / "judge_speed.json"
CLAIMS = (1, 3, 8)
PASSAGES = 4
KINDS = ("new", "read ahead")
START_S = 600.0  # of the server; it needs seconds on an idle machine
RAGAS_TIMEOUT_S = 180.0  # of one score: what Ragas allows by itself (ragas.run_config.RunConfig)


def turns() -> list[dict]:
    """Replies of 8 claims about 4 passages, two languages, from data/audit: {question, claims, passages}."""
    made = []
    for line in (PROJECT / "data" / "audit" / "bilingual.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for language in ("en", "ko"):
            said = [case[language] for case in row["cases"]]
            passages = [f"{row[language]['name']} – {p['section']}\n{p['text']}" for p in row[language]["passages"]]
            claims = [each["claim"] for each in said] + [each["paraphrase"] for each in said]
            made.append({"question": said[0]["question"], "claims": claims, "passages": passages})
    return made


def once(judge, turn: dict, claims: int, mark: str, kind: str) -> tuple[float, float]:
    """Wall and CPU seconds of one `judge_turn` over passages that `mark` makes new; those `read ahead` are read before the clock starts."""
    from judge.scoring import judge_turn

    judge._cache.clear()  # the same claims come again in later rounds
    passages = [f"{passage} ({mark})" for passage in turn["passages"]]
    if kind == "read ahead":
        judge.prepare(passages)
    wall, cpu = time.perf_counter(), time.process_time()
    made = judge_turn(judge, turn["question"], " ".join(turn["claims"][:claims]), passages)
    taken = time.perf_counter() - wall, time.process_time() - cpu
    if made.scores["faithfulness"].state != "scored":
        raise SystemExit(f"the judge did not score a reply: {made.scores['faithfulness'].reason}")
    return taken


def summary(seconds: list[tuple[float, float]]) -> dict[str, float]:
    """Milliseconds: median and 95th percentile of the wall time, median of the CPU time."""
    wall, cpu = (np.array(values) * 1000 for values in zip(*seconds, strict=True))
    return {"p50": round(float(np.median(wall)), 1), "p95": round(float(np.percentile(wall, 95)), 1), "cpu_p50": round(float(np.median(cpu)), 1)}  # fmt: skip


def serve_rounds() -> None:
    """The other end of `--against`: measures one round a line, with whatever code is on the path."""
    from judge.models import judge_for
    from settings import Settings

    judge = judge_for("embedded", Settings())
    every = turns()
    for line in sys.stdin:
        asked = json.loads(line)
        turn = every[asked["turn"] % len(every)]
        print(json.dumps(once(judge, turn, asked["claims"], asked["mark"], asked["kind"])), flush=True)


class Side:
    """One version of the code, in a process of its own (-P: the script's folder has a judge.py that is not `judge`)."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).resolve()), "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root), "TRANSFORMERS_VERBOSITY": "error"},
        )  # fmt: skip

    def ask(self, **asked: object) -> tuple[float, float]:
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a measured process ended; its message stands above")
        return tuple(json.loads(line))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


def measure_turns(sides: dict[str, Side], rounds: int) -> dict:
    """Every size with new passages and such as were read ahead, the sides in turns so that a busy moment hits them alike."""
    for side in sides.values():
        for claims in CLAIMS:
            for number in (0, 1):  # English and Korean, whose analyser is loaded when first asked
                side.ask(turn=number, claims=claims, mark="warm up", kind="new")
    found: dict = {name: {} for name in sides}
    for claims in CLAIMS:
        for kind in KINDS:
            taken: dict[str, list] = {name: [] for name in sides}
            for number in range(rounds):
                for name, side in sides.items():
                    taken[name].append(side.ask(turn=number, claims=claims, mark=f"{claims}.{kind}.{number}", kind=kind))
            for name in sides:
                found[name][f"{claims}x{PASSAGES} {kind}"] = summary(taken[name])
    return found


@contextmanager
def checkout(ref: str) -> Iterator[Path]:
    """The tree of another commit in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="vouch-speed-") as folder:
        archive = subprocess.run(["git", "archive", ref], cwd=PROJECT, capture_output=True, check=False)
        if archive.returncode:
            raise SystemExit(f"git does not know {ref}: {archive.stderr.decode(errors='replace').strip()}")
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


@contextmanager
def model_server(start_s: float = START_S) -> Iterator[tuple[str, str]]:
    """(URL, model) of the embedded SmolLM2 behind `transformers serve` on a free port, which must answer in `start_s`."""
    from rag.models import embedded_weights

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    weights = str(embedded_weights("generator"))
    command = [str(Path(sys.executable).with_name("transformers")), "serve", weights]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )  # fmt: skip
        try:
            until = time.monotonic() + start_s
            while True:
                if process.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise SystemExit(f"the server did not start: {log.read().decode(errors='replace')[-500:]}")
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}/v1", weights
        finally:
            process.terminate()
            process.wait(30)


def measure_ragas(replies: int) -> dict:
    """Ragas' scores of `replies` replies of 3 claims x 4 passages: seconds each, and how many were numbers."""
    python = Path(os.environ.get("VOUCH_LOADERS") or PROJECT / ".venv-loaders" / "bin" / "python")
    if not python.exists():
        raise SystemExit(f"there is no {python}; run `make loaders`, or name its Python in VOUCH_LOADERS, or use --ragas 0")
    rows = [
        {"user_input": t["question"], "response": " ".join(t["claims"][:3]), "retrieved_contexts": t["passages"]}
        for t in turns()[:replies]
    ]
    scores = []
    with model_server() as (url, model):
        given = {"url": url, "model": model, "timeout_s": RAGAS_TIMEOUT_S, "rows": rows}
        script = Path(__file__).with_name("ragas_scores.py")
        process = subprocess.Popen([str(python), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process.stdin.write(json.dumps(given))
        process.stdin.close()
        for line in process.stdout:
            scores.append(json.loads(line))
            value = scores[-1]["value"]
            said = scores[-1]["error"] if value is None else f"{value:.2f}"
            click.echo(f"  ragas {scores[-1]['metric']:18} {scores[-1]['seconds']:7.1f} s  {said}")
        if process.wait():
            raise SystemExit("ragas ended with an error; it stands above")
    seconds = [sum(s["seconds"] for s in scores[i : i + 3]) for i in range(0, len(scores), 3)]
    return {
        "replies": replies,
        "seconds_per_reply": [round(s, 1) for s in seconds],
        "scores": len(scores),
        "numbers": sum(s["value"] is not None for s in scores),
        "errors": sorted({s["error"] for s in scores if s["error"]}),
    }


def measure_decision(replies: int) -> dict:
    """SmolLM2 as the judge of 3 claims x 4 passages: CPU seconds with and without the shared prefix, and how far apart."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.pipelines import DecisionPipeline

    from judge.decision import DecisionJudge, SharedPrefix
    from rag.models import embedded_weights

    folder = embedded_weights("generator")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    pipeline = DecisionPipeline(model=model, tokenizer=AutoTokenizer.from_pretrained(folder))
    judges = {"pipeline": DecisionJudge(pipeline, "p"), "shared": DecisionJudge(SharedPrefix(pipeline), "s")}
    seconds: dict[str, list[float]] = {name: [] for name in judges}
    apart = 0.0
    for turn in turns()[:replies]:
        made = {}
        for name, judge in judges.items():
            began = time.process_time()
            made[name] = judge.matrix(turn["question"], " ".join(turn["claims"][:3]), turn["claims"][:3], turn["passages"])
            seconds[name].append(time.process_time() - began)
        for part in ("p_supported", "p_contradicted", "p_relevant", "p_answers"):
            apart = max(apart, float(np.abs(getattr(made["pipeline"], part) - getattr(made["shared"], part)).max()))
    medians = {name: round(float(np.median(values)), 2) for name, values in seconds.items()}
    return {"replies": replies, "cpu_seconds": medians, "ratio": round(medians["shared"] / medians["pipeline"], 2), "largest_difference": round(apart, 6)}  # fmt: skip


@click.command()
@click.option("--rounds", default=20, show_default=True, help="replies of every size")
@click.option("--against", default="", help="another commit to time beside this one")
@click.option("--ragas", "ragas_replies", default=2, show_default=True, help="replies that Ragas scores; 0 for none")
@click.option("--decision", "decision_replies", default=1, show_default=True, help="replies that SmolLM2 judges; 0 for none")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
@click.option("--serve", is_flag=True, hidden=True)
def main(rounds: int, against: str, ragas_replies: int, decision_replies: int, out: Path, serve: bool) -> None:
    """Print a table and write it as JSON."""
    if serve:
        serve_rounds()
        return
    result: dict = {"cores": os.cpu_count(), "rounds": rounds}
    with tempfile.TemporaryDirectory() if not against else checkout(against) as other:
        sides = {"now": Side(PROJECT)}
        if against:
            sides["before"] = Side(other)
        try:
            result["turns_ms"] = measure_turns(sides, rounds)
        finally:
            for side in sides.values():
                side.close()
    click.echo(f"{'milliseconds':18}" + "".join(f"{name:>14} p50{'p95':>8}{'CPU p50':>9}" for name in sides))
    for size in result["turns_ms"]["now"]:
        cells = (result["turns_ms"][name][size] for name in sides)
        click.echo(f"{size:18}" + "".join(f"{c['p50']:>18.0f}{c['p95']:>8.0f}{c['cpu_p50']:>9.0f}" for c in cells))
    if against:
        now, before = (result["turns_ms"][name] for name in ("now", "before"))
        result["against"] = against
        result["cpu_ratio"] = {size: round(now[size]["cpu_p50"] / before[size]["cpu_p50"], 2) for size in now}
        click.echo(f"CPU time, now / {against}: {result['cpu_ratio']}")
    if decision_replies:
        result["decision"] = made = measure_decision(decision_replies)
        click.echo(
            f"SmolLM2 as the judge, CPU seconds: {made['cpu_seconds']}, ratio {made['ratio']}, probabilities at most "
            f"{made['largest_difference']} apart"
        )
    if ragas_replies:
        result["ragas"] = made = measure_ragas(ragas_replies)
        ours = result["turns_ms"]["now"][f"3x{PASSAGES} new"]["p50"] / 1000
        made["times_slower"] = round(float(np.median(made["seconds_per_reply"])) / ours)
        click.echo(
            f"Ragas with SmolLM2: {np.median(made['seconds_per_reply']):.0f} s a reply, {made['times_slower']:,} times as "
            f"long; {made['numbers']} of {made['scores']} scores were numbers ({', '.join(made['errors']) or 'no error'})"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
