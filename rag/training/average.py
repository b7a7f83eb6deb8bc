"""Averages the weights before and after a training: on resumes that neither has seen the mean is better than both.

    python -m rag.training.average BEFORE AFTER --out FOLDER

"Model soups" (Wortsman et al. 2022, arXiv:2203.05482) of two steps of one line. Folders of the reranker and of the judge's relevance
adapter. A LoRA adapter is averaged as what it adds to the weights, of which the best approximation
of its rank is kept; everything else number by number.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

ADAPTER, HEAD = "adapter_model.safetensors", "head.safetensors"


def of_adapters(one: dict, other: dict) -> dict:
    """LoRA matrices whose products are the mean of both adapters' products, as near as the first one's rank allows.

    Raises:
        ValueError: the adapters are of different layers.
    """
    import torch

    if one.keys() != other.keys():
        raise ValueError("the adapters are of different layers")
    made = {}
    for down in (name for name in one if "lora_A" in name):
        up, rank = down.replace("lora_A", "lora_B"), one[down].shape[0]
        added = sum(each[up].float() @ each[down].float() for each in (one, other)) / 2
        left, strength, right = torch.linalg.svd(added, full_matrices=False)
        root = strength[:rank].sqrt()
        made[up] = (left[:, :rank] * root).half().contiguous()
        made[down] = (root[:, None] * right[:rank]).half().contiguous()
    return made


def of_numbers(one: dict, other: dict) -> dict:
    """The mean of tensors by name.

    Raises:
        ValueError: the names differ.
    """
    if one.keys() != other.keys():
        raise ValueError("the weights are of different networks")
    return {name: ((one[name].float() + other[name].float()) / 2).half().contiguous() for name in one}


@click.command()
@click.argument("before", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("after", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(before: Path, after: Path, out: Path) -> None:
    """Write the mean of the weights in BEFORE and AFTER to a folder."""
    from safetensors.torch import load_file, save_file

    out.mkdir(parents=True, exist_ok=True)
    for name, average in ((ADAPTER, of_adapters), (HEAD, of_numbers)):
        save_file(average(load_file(before / name), load_file(after / name)), out / name)
        click.echo(out / name)
    for file in after.glob("adapter_config.json"):
        shutil.copy(file, out / file.name)


if __name__ == "__main__":
    main()
