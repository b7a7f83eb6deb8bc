"""`python -m judge.training`: makes the judge's weights again, network first, then the combiner."""

from __future__ import annotations

import logging
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parents[2]


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="folder of human-annotated rows",
)
@click.option(
    "--minutes", type=float, default=45.0, show_default=True, help="wall-clock minutes for the network; 0 skips it"
)
@click.option("--threads", type=int, default=2, show_default=True)
@click.option("--seed", type=int, default=11, show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=PROJECT / "data" / "adapters" / "judge", show_default=True
)
@click.option(
    "--checkpoints", type=click.Path(path_type=Path), default=PROJECT / "checkpoints" / "judge", show_default=True
)
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="folder of reader weights to begin from instead of e5's layers",
)
@click.option("--resume", is_flag=True, help="go on from the last checkpoint")
@click.option(
    "--combiner/--no-combiner",
    default=True,
    show_default=True,
    help="fit the combiner on rows the network has not seen",
)
def main(
    data: Path,
    minutes: float,
    threads: int,
    seed: int,
    out: Path,
    checkpoints: Path,
    start: Path | None,
    resume: bool,
    combiner: bool,
) -> None:
    """Train the judge's network and fit its combiner."""
    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    base = embedded_weights("encoder")
    if minutes > 0:
        from judge.training.fit_network import train

        train(data, base, out, checkpoints, minutes, threads, seed, resume, start)
    if combiner:
        from judge.training.fit_combiner import fit

        checkpoints.mkdir(parents=True, exist_ok=True)
        fit(data, out, threads, seed, checkpoints)


if __name__ == "__main__":
    main()
