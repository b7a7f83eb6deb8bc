"""`python -m judge.training`: makes the judge's weights again, the reader first, then the Llama that reads English claims once more, then the combiner.

The rows of each are written (judge/training/joint_rows.py, llama_rows.py) unless they are there, then it is trained on them (rag/training/joint.py,
rag/training/llama_reader.py): a run that was stopped goes on. With a GPU the reader needs only minutes, and of this project only rag/joint.py, rag/kept.py and rag/training/.
"""

from __future__ import annotations

import logging
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True, help="folder of human-annotated rows")  # fmt: skip
@click.option("--minutes", type=float, default=45.0, show_default=True, help="wall-clock minutes for the reader; 0 skips it")
@click.option("--llama-minutes", type=float, default=80.0, show_default=True, help="the same for the Llama")
@click.option("--threads", type=int, default=2, show_default=True)
@click.option("--seed", type=int, default=11, show_default=True)
@click.option("--draws", type=int, default=5, show_default=True, help="of every written resume, for the reader's rows")
@click.option("--since", multiple=True, help="file of written resumes (en_zp) from which on all are drawn, and of those before --others")
@click.option("--others", type=float, default=0.2, show_default=True, help="share of the resumes before --since, other ones at each draw")
@click.option("--own", type=float, default=1.0, show_default=True, help="share of the reader's rows that do not cross languages")
@click.option("--rate", type=float, default=3.3e-4, show_default=True, help="peak learning rate of the reader")
@click.option("--batch", type=int, default=768, show_default=True, help="rows a step")
@click.option("--out", type=click.Path(path_type=Path), default=PROJECT / "data" / "adapters" / "judge", show_default=True)
@click.option("--checkpoints", type=click.Path(path_type=Path), default=PROJECT / "checkpoints" / "judge", show_default=True)
@click.option("--start", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="reader weights to begin from instead of e5's layers")  # fmt: skip
@click.option("--llama-start", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="weights of the Llama reader to begin from")
@click.option("--llama-rate", type=float, default=6e-4, show_default=True, help="peak learning rate of the Llama")
@click.option("--combiner/--no-combiner", default=True, show_default=True, help="fit the combiner on rows the reader has not seen")
def main(
    data: Path, minutes: float, llama_minutes: float, threads: int, seed: int, draws: int, since: tuple[str, ...], others: float, own: float, rate: float, batch: int,
    out: Path, checkpoints: Path, start: Path | None, llama_start: Path | None, llama_rate: float, combiner: bool,
) -> None:  # fmt: skip
    """Train the judge's readers and fit its combiner."""
    import torch

    from judge.encoder import LLAMA, READER
    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(threads)
    checkpoints.mkdir(parents=True, exist_ok=True)
    if minutes > 0:
        from judge.training import joint_rows
        from rag.training.joint import train

        rows = checkpoints / f"rows-{seed}.npz"
        if not rows.exists():
            joint_rows.write(rows, data, draws, seed, since, others, own)
        train(rows, out / READER, embedded_weights("encoder"), minutes, start, batch, rate=rate, seed=seed, checkpoint=checkpoints / "reader.pt")
    if llama_minutes > 0:
        from judge.training import llama_rows
        from rag.training import llama_reader

        rows = checkpoints / f"llama-{seed}.npz"
        if not rows.exists():
            llama_rows.write(rows, data, seed=seed)
        llama_reader.train(rows, out / LLAMA, embedded_weights("generator"), llama_minutes, llama_start, llama_rate, seed=seed, checkpoint=checkpoints / "llama.pt")
    if combiner:
        from judge.training.fit_combiner import fit

        fit(data, out, threads, seed, checkpoints)


if __name__ == "__main__":
    main()
