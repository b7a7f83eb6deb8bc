"""`python -m rag.training`: trains the generator's LoRA adapter; see data/adapters/generator/README.md.

First the sequences are written (rag/training/generator_rows.py), unless they are there, then the adapter is trained on them
(rag/training/tune.py): a run that was stopped goes on. With a GPU the second step needs only minutes, and of this project only rag/training/.
"""

from __future__ import annotations

import logging
from pathlib import Path

import click

from rag.models import embedded_weights
from settings import Settings


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder with the public QA data; without it, resumes only.")
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--threads", default=0, help="CPU threads, 0 for all.")
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("data/adapters/generator"), show_default=True)
@click.option("--checkpoints", type=click.Path(path_type=Path), default=Path("checkpoints/generator"), show_default=True, help="Folder of the sequences and of what a run goes on from.")  # fmt: skip
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Folder of an adapter to begin from instead of from nothing.")  # fmt: skip
@click.option("--rate", default=5e-4, show_default=True, help="Peak learning rate.")
@click.option("--tokens", default=12288, show_default=True, help="Of a step.")
def main(data, minutes, threads, seed, out, checkpoints, start, rate, tokens) -> None:
    """Train the generator's adapter for MINUTES and write it to OUT."""
    import torch
    from transformers import AutoTokenizer

    from rag.reranking import Reranker
    from rag.training import generator_rows
    from rag.training.tune import train

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    if threads:
        torch.set_num_threads(threads)
    base, rows = embedded_weights("generator"), checkpoints / f"rows-{seed}.npz"
    if not rows.exists():
        generator_rows.write(rows, data, AutoTokenizer.from_pretrained(base), Reranker.load(Settings()), seed)
    train(rows, out, base, minutes, start, tokens, rate, seed=seed, checkpoint=checkpoints / "latest.pt")


if __name__ == "__main__":
    main()
