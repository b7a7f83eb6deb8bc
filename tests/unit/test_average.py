"""The mean of two trainings' weights."""

import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file, save_file

from rag.training.average import main, of_adapters, of_numbers

DOWN, UP = "layer.lora_A.weight", "layer.lora_B.weight"


def adapter(seed: int) -> dict:
    torch.manual_seed(seed)
    return {DOWN: torch.randn(2, 6), UP: torch.randn(5, 2)}


def added(weights: dict) -> torch.Tensor:
    return weights[UP].float() @ weights[DOWN].float()


def test_an_adapter_is_averaged_as_what_it_adds():
    one = adapter(1)
    turned = {DOWN: one[DOWN].flip(0), UP: one[UP].flip(1)}  # other matrices, the same product

    assert torch.allclose(added(of_adapters(one, turned)), added(one), atol=0.01)
    assert of_adapters(one, adapter(2))[DOWN].shape == one[DOWN].shape


def test_what_is_kept_is_the_nearest_of_its_rank():
    one, other = adapter(1), adapter(2)
    wanted = (added(one) + added(other)) / 2

    made = of_adapters(one, other)

    strength = torch.linalg.svdvals(wanted)
    assert torch.dist(added(made), wanted) == pytest.approx(float((strength[2:] ** 2).sum().sqrt()), rel=0.02)


def test_weights_of_different_networks_are_refused():
    with pytest.raises(ValueError, match="different layers"):
        of_adapters(adapter(1), {"other.lora_A.weight": torch.zeros(2, 6)})
    with pytest.raises(ValueError, match="different networks"):
        of_numbers({"a": torch.zeros(1)}, {"b": torch.zeros(1)})


def test_the_command_writes_what_the_folders_hold(tmp_path):
    for name, seed in (("before", 1), ("after", 2)):
        (tmp_path / name).mkdir()
        save_file(adapter(seed), tmp_path / name / "adapter_model.safetensors")
        save_file({"w": torch.full((3,), float(seed))}, tmp_path / name / "head.safetensors")
        (tmp_path / name / "adapter_config.json").write_text("{}")

    ran = CliRunner().invoke(main, [str(tmp_path / "before"), str(tmp_path / "after"), "--out", str(tmp_path / "out")])

    assert ran.exit_code == 0, ran.output
    assert load_file(tmp_path / "out" / "head.safetensors")["w"].tolist() == [1.5] * 3
    assert (tmp_path / "out" / "adapter_config.json").exists()
    assert load_file(tmp_path / "out" / "adapter_model.safetensors").keys() == {DOWN, UP}
