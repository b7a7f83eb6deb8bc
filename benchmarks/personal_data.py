"""How often the personal data of a reply is found: `python -m benchmarks.personal_data`.

The replies of data/personal were labelled by hand before there was any pattern (data/README.md). A label counts as found where
something of its kind is found that overlaps it; what is found and overlaps no label of its kind is a false alarm. Prints precision
and recall by kind and language with Wilson's 95 % interval, then by reply (does it hold anything at all), and writes
benchmarks/results/personal_data.json.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path

import click

from judge.metrics.personal_data import KINDS, find
from settings import PROJECT

RESULTS = PROJECT / "benchmarks" / "results" / "personal_data.json"


def wilson(right: int, of: int) -> list[float] | None:
    """Wilson's 95 % interval of a share (Wilson 1927); None of nothing."""
    if not of:
        return None
    z, p = 1.96, right / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return [round((middle + sign * half) / (1 + z * z / of), 3) for sign in (-1, 1)]


def spans(reply: str, labels: list[dict]) -> list[tuple[str, int, int]]:
    """The labels as (kind, start, end); the same text twice is two places."""
    made: list[tuple[str, int, int]] = []
    for label in labels:
        start = reply.index(label["text"])
        while any(start == a for _, a, _ in made):
            start = reply.index(label["text"], start + 1)
        made.append((label["kind"], start, start + len(label["text"])))
    return made


def measure(rows: list[dict]) -> dict:
    """Counts and shares by kind, and of the replies."""
    right, labels, alarms, told = Counter(), Counter(), Counter(), Counter()
    replies = Counter()
    for row in rows:
        wanted = spans(row["reply"], row["found"])
        found = [(each.kind, each.start, each.end) for each in find(row["reply"])]
        for kind, a, b in wanted:
            labels[kind] += 1
            right[kind] += any(k == kind and s < b and e > a for k, s, e in found)
        for kind, s, e in found:
            told[kind] += 1
            alarms[kind] += not any(k == kind and s < b and e > a for k, a, b in wanted)
        replies[bool(wanted), bool(found)] += 1
    made = {}
    for kind in KINDS:
        true = told[kind] - alarms[kind]
        made[kind] = {
            "labels": labels[kind], "found": right[kind], "false_alarms": alarms[kind],
            "recall": round(right[kind] / labels[kind], 3) if labels[kind] else None, "recall_95": wilson(right[kind], labels[kind]),
            "precision": round(true / told[kind], 3) if told[kind] else None, "precision_95": wilson(true, told[kind]),
        }  # fmt: skip
    caught, missed, false, clean = replies[True, True], replies[True, False], replies[False, True], replies[False, False]
    return {
        "kinds": made,
        "replies": {
            "recall": round(caught / (caught + missed), 3), "recall_95": wilson(caught, caught + missed),
            "specificity": round(clean / (clean + false), 3), "specificity_95": wilson(clean, clean + false),
        },
    }  # fmt: skip


@click.command()
@click.option("--labelled", type=click.Path(exists=True, path_type=Path), default=PROJECT / "data" / "personal", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=RESULTS, show_default=True)
def main(labelled: Path, out: Path) -> None:
    """Print a table and write it as JSON."""
    result = {}
    for file in sorted(labelled.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        result[file.stem] = made = measure(rows)
        click.echo(f"\n{file.stem}: {len(rows)} replies")
        click.echo(f"{'kind':14}{'labels':>8}{'recall':>22}{'precision':>22}{'false alarms':>14}")
        for kind, row in made["kinds"].items():
            click.echo(f"{kind:14}{row['labels']:>8}{_share(row, 'recall'):>22}{_share(row, 'precision'):>22}{row['false_alarms']:>14}")
        whole = made["replies"]
        click.echo(f"replies: {_share(whole, 'recall')} of those with personal data found, {_share(whole, 'specificity')} of the others clean")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _share(row: dict, name: str) -> str:
    return "-" if row[name] is None else f"{row[name]:.2f} [{row[name + '_95'][0]:.2f}-{row[name + '_95'][1]:.2f}]"


if __name__ == "__main__":
    main()
