"""Linear layers in 8-bit integers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from rag import int8
from rag.int8 import Int8Linear, to_int8


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_it_computes_what_the_linear_layer_does_but_for_rounding(bias, dtype):
    torch.manual_seed(3)
    linear = nn.Linear(96, 40, bias=bias)
    x = torch.randn(2, 5, 96)

    made, expected = Int8Linear(linear)(x.to(dtype)), linear(x)

    assert made.dtype == dtype and made.shape == (2, 5, 40)
    assert (made.float() - expected).abs().max() < 0.02 * expected.abs().max() + (0.02 if dtype == torch.bfloat16 else 0)


def test_a_row_gets_the_same_alone_and_beside_much_larger_ones():
    layer = Int8Linear(nn.Linear(96, 40))
    rows = torch.randn(4, 96) * torch.tensor([1.0, 100.0, 0.01, 0.0])[:, None]

    together = layer(rows)

    assert torch.equal(together, torch.cat([layer(row[None]) for row in rows]))
    assert torch.equal(together[3], layer.bias)  # nothing but zeros goes in


def test_only_the_named_layers_change_and_take_a_quarter():
    model = nn.ModuleDict({"up": nn.Linear(64, 64), "block": nn.ModuleDict({"up": nn.Linear(64, 64), "q": nn.Linear(64, 64)})})

    to_int8(model, ["up"])

    assert type(model["up"]) is type(model["block"]["up"]) is Int8Linear and type(model["block"]["q"]) is nn.Linear
    assert model["up"].weight.dtype == torch.int8


def test_it_is_used_where_the_cpu_is_fast_at_it(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: True, raising=False)
    assert int8.fast_int8()
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: False)
    assert not int8.fast_int8()
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert not int8.fast_int8()
