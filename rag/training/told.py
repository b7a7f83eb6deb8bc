"""Fits what the second and the third reading of a line weigh together (rag/reranking.py), on resumes that neither has seen.

    python -m rag.training.told [--every 1]

Prints the AUC of either alone and of both, each resume by a regression that was fitted without it, and writes told.json beside their weights.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import click
import numpy as np

from rag.reranking import ADAPTER, TOLD, Reranker
from rag.training.llama_rows import TOLD as TELLS
from rag.training.llama_rows import asked_lines
from rag.training.written_resumes import rows, swapped
from settings import Settings


@click.command()
@click.option("--every", default=1, show_default=True, help="One in so many of the lines that are asked.")
@click.option("--threads", default=0, help="CPU threads, 0 for all.")
def main(every: int, threads: int) -> None:
    """Fit the weights and write them."""
    import torch
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    if threads:
        torch.set_num_threads(threads)
    folder = Path(Settings().data) / ADAPTER
    reranker = Reranker.from_folder(folder)
    odds, told, whose = [], [], []
    for number, row in enumerate(rows("en", held_out=True)):
        asked = list(asked_lines(random.Random(number), swapped(random.Random(number), row)))[::every]
        second = reranker.second.read([(question, [line], "told") for question, line, _ in asked])
        third = reranker.third.told([(question, line) for question, line, _ in asked])
        odds += [(float(each["told"]), behind) for each, behind in zip(second, third, strict=True)]
        told += [label == TELLS for *_, label in asked]
        whose += [number] * len(asked)
        click.echo(f"{number + 1} resumes, {len(told)} lines", err=True)
    x, y = np.array(odds), np.array(told)
    # As likely as not: which lines are asked here says nothing of how many tell.
    model = LogisticRegression(C=1.0, class_weight="balanced")
    both = cross_val_predict(model, x, y, groups=whose, cv=GroupKFold(5), method="decision_function")
    fitted = model.fit(x, y)
    about = {
        "second": round(float(fitted.coef_[0][0]), 4), "third": round(float(fitted.coef_[0][1]), 4), "bias": round(float(fitted.intercept_[0]), 4),
        "auc": {name: round(float(roc_auc_score(y, values)), 4) for name, values in (("second", x[:, 0]), ("third", x[:, 1]), ("both", both))},
        "lines": len(y), "resumes": len(set(whose)),
    }  # fmt: skip
    (folder / TOLD).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    click.echo(json.dumps(about, indent=2))


if __name__ == "__main__":
    main()
