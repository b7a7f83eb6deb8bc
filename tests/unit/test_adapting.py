"""Training a joint reader further on a CPU: passages and their layers stay as they are, what was learnt survives being kept."""

import json

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from rag.joint import JointReader, LowRank, load, read_rows, save
from rag.training import adapting
from rag.training.adapting import adapt, loss, rows_of, steps, train
from rag.training.joint import Data, batch_of, loss_of
from rag.training.joint import logits_of as padded


@pytest.fixture
def base():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=60, hidden_size=32, num_hidden_layers=6, num_attention_heads=4, intermediate_size=48, max_position_embeddings=64,
        hidden_dropout_prob=0.0,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


@pytest.fixture
def data(tmp_path):
    """Texts of several lengths where a first text is supported when its second token stands in the passage."""
    rng = np.random.default_rng(0)
    units = [[0, *rng.integers(3, 60, 3 + i % 4), 2] for i in range(40)]
    firsts, sets, of, wrong = [], [], [], []
    for i in range(240):
        unit = int(rng.integers(0, 39))
        true = i % 2 == 0
        stands = {*units[unit], *units[unit + 1]}
        token = int(rng.choice(units[unit][1:-1])) if true else int(rng.choice([t for t in range(3, 60) if t not in stands]))
        firsts.append([0, token, *[7] * (i % 3), 2])
        sets.append([unit, unit + 1 if i % 5 == 0 else -1, -1, -1])
        of.append([i, 2 if i % 3 == 2 else 0, 0 if true else 1, 0, i // 20, int(i >= 200)])
        if of[-1][1] == 2:
            of[-1][2] = int(true)
        wrong.append([0, int(not true), *[0] * (i % 3), 0] if i % 4 else [])
    flat = lambda lists, dtype: np.array([x for each in lists for x in each], dtype)
    ends = lambda lists: np.cumsum([len(each) for each in lists])
    np.savez(
        tmp_path / "rows.npz", units=flat(units, np.int32), unit_ends=ends(units), firsts=flat(firsts, np.int32), first_ends=ends(firsts),
        sets=np.array(sets, np.int32), of=np.array(of, np.int32), wrong=flat(wrong, np.int8), wrong_ends=ends(wrong), sources=np.array(["written_en"]),
    )  # fmt: skip
    return Data.read(tmp_path / "rows.npz")


def test_the_loss_is_that_of_the_padded_training(base, data):
    reader, chosen = JointReader(base).eval(), np.arange(40)
    batch = batch_of(data, chosen, torch.device("cpu"))
    expected = loss_of(padded(reader, base, batch), batch)
    for name, value in loss(reader, base, data, chosen).items():
        assert value.item() == pytest.approx(expected[name].item(), abs=1e-5), name


def test_only_what_reads_the_first_text_learns(base, data):
    reader, chosen = JointReader(base).eval(), np.arange(60)
    before = {name: value.clone() for name, value in reader.state_dict().items()}
    at_first = [each["support"].detach() for each in read_rows(reader, rows_of(reader, base, data, chosen))]
    trained = adapt(reader, 4)
    adapted = [each["support"].detach() for each in read_rows(reader, rows_of(reader, base, data, chosen))]
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(at_first, adapted, strict=True))  # nothing learnt yet
    optimiser, losses = torch.optim.AdamW(trained, 1e-2), []
    for _ in range(30):
        parts = sum(loss(reader, base, data, chosen).values())
        losses.append(parts.item())
        parts.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert losses[-1] < 0.6 * losses[0]
    after = reader.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items() if name.startswith(("layers.", "side.")))
    assert any(each.up.abs().max() > 0 for each in reader.adapted.modules() if isinstance(each, LowRank))


def test_what_was_adapted_reads_the_same_once_kept_and_loaded(base, data, tmp_path):
    reader = JointReader(base).eval()
    adapt(reader, 4)
    with torch.no_grad():
        for each in reader.adapted.modules():
            if isinstance(each, LowRank):
                each.up.normal_(std=0.5)
    save(tmp_path / "tied.safetensors", JointReader(base))
    save(tmp_path / "adapted.safetensors", reader)
    loaded = load(tmp_path / "adapted.safetensors", base)
    assert load(tmp_path / "tied.safetensors", base).adapted is None and not any(isinstance(each, LowRank) for each in loaded.modules())
    read = lambda reader: torch.stack([each["support"] for each in read_rows(reader, rows_of(reader, base, data, np.arange(20)))]).detach()
    made = read(loaded)
    assert torch.allclose(made, read(reader), atol=2e-2)
    loaded.adapted = None
    assert (made - read(loaded)).abs().max() > 0.1  # the change is what made the difference


def test_weights_for_a_layer_that_is_not_there_are_refused(base, tmp_path):
    from safetensors.torch import load_file, save_file

    reader = JointReader(base)
    adapt(reader, 4)
    save(tmp_path / "a.safetensors", reader)
    save_file(load_file(tmp_path / "a.safetensors") | {"adapted.9.output.dense.up": torch.zeros(2, 2)}, tmp_path / "b.safetensors")
    with pytest.raises(KeyError, match=r"adapted\.9\.output\.dense\.up"):
        load(tmp_path / "b.safetensors", base)


def test_steps_take_every_training_row_once_and_no_held_out_one(data, monkeypatch):
    monkeypatch.setattr(adapting, "TOGETHER", 8)
    stream = steps(data, 50, 0)
    made = [next(stream) for _ in range(4)]
    rows = [int(row) for step in made for group in step for row in group]
    assert sorted(rows[:200]) == list(range(200)) and set(rows) == set(range(200))
    assert all(len(group) <= 8 and len(set(data.of[group, 4])) == 1 for step in made for group in step)


def test_a_run_keeps_what_is_better_than_the_start_and_goes_on_where_it_stopped(base, data, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(adapting, "WARMUP", 1)
    base.save_pretrained(tmp_path / "base")
    save(tmp_path / "start.safetensors", JointReader(base))
    caplog.set_level("INFO")
    out, checkpoint = tmp_path / "out.safetensors", tmp_path / "state.pt"
    run = lambda minutes: train(
        tmp_path / "rows.npz", out, tmp_path / "base", tmp_path / "start.safetensors", minutes, rank=4, size=64, rate=1e-2, every=1.0, one_in=1, checkpoint=checkpoint
    )
    run(0.05)
    about = json.loads(out.with_suffix(".json").read_text())
    assert set(about["held_out"]) == {"support written_en", "contradicted written_en", "told written_en"} and about["rank"] == 4
    done = torch.load(checkpoint, weights_only=True)["state"]["step"]
    run(0.08)
    assert f"going on from step {done}" in caplog.text
    assert load(out, base).adapted is not None
    with pytest.raises(ValueError, match="adapted before"):
        train(tmp_path / "rows.npz", out, tmp_path / "base", out, 0.05)
