"""The joint reader: what it reads does not depend on what stands beside it, weights survive being kept, training goes on where it stopped."""

import json

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from rag import joint
from rag import reranking as rr
from rag.joint import PAD, TASKS, Encoded, JointReader, through
from rag.training import precision
from rag.training.joint import (
    Data,
    backward,
    batch_of,
    batches,
    by_group,
    evaluate,
    groups_of,
    in_parts,
    logits_of,
    loss_of,
    train,
    unpadded,
)
from rag.training.joint import (
    lower as lower_of,
)


@pytest.fixture
def base():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=60, hidden_size=32, num_hidden_layers=6, num_attention_heads=4, intermediate_size=48, max_position_embeddings=64
    )
    return BertModel(config, add_pooling_layer=False).eval()


@pytest.fixture
def reader(base):
    made = JointReader(base).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    return made


def pad(rows):
    """Ids and mask, each (B, T)."""
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=PAD)
    return ids, (ids != PAD).float()


def lower(base, rows):
    ids, mask = pad(rows)
    with torch.no_grad():
        return Encoded(through(base.encoder.layer[: joint.LOWER], base.embeddings(input_ids=ids), mask), mask, ids)


FIRSTS = [[0, 5, 6, 7, 2], [0, 9, 2], [0, 11, 12, 13, 14, 15, 2]]
UNITS = [[0, 21, 22, 5, 2], [0, 31, 32, 33, 34, 35, 36, 2], [0, 41, 2], [0, 51, 52, 2]]


@torch.no_grad()
def read(base, reader, firsts, units, sets, task="support"):
    return reader(
        lower(base, firsts), reader.passages(lower(base, units)), torch.tensor(sets), torch.full((len(firsts),), TASKS.index(task))
    )


def test_the_layers_are_those_of_the_encoder(base):
    ids, mask = pad([FIRSTS[0], FIRSTS[1]])
    with torch.no_grad():
        ours = through(base.encoder.layer, base.embeddings(input_ids=ids), mask)
        theirs = base(input_ids=ids, attention_mask=mask.long()).last_hidden_state
    assert torch.allclose(ours[0], theirs[0], atol=1e-5) and torch.allclose(ours[1, :3], theirs[1, :3], atol=1e-5)


def test_a_row_reads_the_same_alone_and_beside_others(base, reader):
    together = read(base, reader, FIRSTS, UNITS, [[0, 1], [2, -1], [3, 0]])
    alone = read(base, reader, [FIRSTS[1]], [UNITS[2]], [[0]])
    for name in ("support", "answers", "told"):
        assert torch.allclose(together[name][1], alone[name][0], atol=1e-5)
    assert torch.allclose(together["wrong"][1, :3], alone["wrong"][0], atol=1e-5)


def test_every_passage_of_a_set_is_seen_and_no_other(base, reader):
    one = read(base, reader, [FIRSTS[0]], UNITS, [[0, -1]])["support"]
    both = read(base, reader, [FIRSTS[0]], UNITS, [[0, 1]])["support"]
    other = read(base, reader, [FIRSTS[0]], [UNITS[0], UNITS[3]], [[0, -1]])["support"]
    assert not torch.allclose(one, both, atol=1e-4) and torch.allclose(one, other, atol=1e-5)
    assert torch.allclose(both, read(base, reader, [FIRSTS[0]], UNITS, [[1, 0]])["support"], atol=1e-5)  # in any order


def test_the_tasks_are_told_apart(base, reader):
    assert not torch.allclose(
        read(base, reader, FIRSTS[:1], UNITS, [[0]], "told")["told"], read(base, reader, FIRSTS[:1], UNITS, [[0]], "answers")["told"]
    )


def test_kept_weights_read_nearly_as_before(base, reader, tmp_path):
    joint.save(tmp_path / "reader.safetensors", reader)
    again = joint.load(tmp_path / "reader.safetensors", base)
    before, after = (read(base, each, FIRSTS, UNITS, [[0], [1], [2]])["support"] for each in (reader, again))
    assert torch.allclose(before, after, atol=0.05) and not torch.equal(before, after)
    with pytest.raises(FileNotFoundError):
        joint.load(tmp_path / "none.safetensors", base)


class Letters:
    """A tokenizer of one token a word."""

    cls_token_id, sep_token_id = 0, 2

    def __call__(self, text, add_special_tokens=True, return_offsets_mapping=False):
        if isinstance(text, list):
            made = [self(each, return_offsets_mapping=True) for each in text]
            return {key: [each[key] for each in made] for key in ("input_ids", "offset_mapping")}
        spans, at = [], 0
        for word in text.split():
            at = text.index(word, at)
            spans.append((at, at + len(word)))
            at += len(word)
        return {"input_ids": [3 + sum(map(ord, text[a:b])) % 50 for a, b in spans], "offset_mapping": spans}


def test_without_padding_the_layers_make_the_same(base):
    ids, mask = pad(UNITS)
    with torch.inference_mode():
        padded = through(base.encoder.layer, base.embeddings(input_ids=ids), mask)
        each = joint.through_each(base.encoder.layer, joint.embedded(base.embeddings, UNITS))
    assert [len(text) for text in each] == [len(unit) for unit in UNITS]
    for one, other, unit in zip(each, padded, UNITS, strict=True):
        assert torch.allclose(one, other[: len(unit)], atol=1e-5)
    assert joint.through_each(base.encoder.layer, []) == []


@pytest.mark.parametrize("room", [512, 12])
def test_answering_reads_as_training_does(base, reader, monkeypatch, room):
    """Rows that share their passages, and such that share some, in one pass and in several."""
    monkeypatch.setattr(joint, "PASS", room)
    texts = ["She works at Acme since 2019.", "Oslo, 2019", "Interns mentored"]
    firsts = ["She works at Acme.", "Interns she mentored in Oslo", "Where?"]
    sets = [[0], [0, 1], [0, 1], [1, 2, 0], [0, 1]]
    of_row = [0, 1, 2, 0, 0]
    asked = [(firsts[row], [texts[n] for n in these], "told") for row, these in zip(of_row, sets, strict=True)]
    made = joint.Joint(base.embeddings, base.encoder.layer[: joint.LOWER], reader, Letters()).read(asked)
    ids = [rr.read_question(Letters(), first).ids for first in firsts]
    units = [part.ids for text in texts for part in rr.read_passage(Letters(), text)]
    expected = read(base, reader, [ids[row] for row in of_row], units, [[*these, -1, -1][:3] for these in sets], "told")
    for row, one in enumerate(made):
        for name in ("support", "answers", "told"):
            assert one[name] == pytest.approx(expected[name][row].numpy(), abs=2e-3), name  # passages are kept in fp16
        assert one["wrong"] == pytest.approx(expected["wrong"][row, : len(ids[of_row[row]])].numpy(), abs=2e-3)


def test_in_bfloat16_a_pass_is_filled_up_and_reads_the_same(base, reader, monkeypatch):
    base, reader = base.to(torch.bfloat16), reader.to(torch.bfloat16)
    sizes = set()
    for module in (*base.encoder.layer, *reader.layers):
        module.output.dense.register_forward_pre_hook(lambda _, given: sizes.add(len(given[0])))
    asked = [("She works at Acme.", ["She works at Acme since 2019.", "Oslo, 2019"], "support"), ("Where?", ["At Acme."], "answers")]

    def read_now():
        sizes.clear()
        return joint.Joint(base.embeddings, base.encoder.layer[: joint.LOWER], reader, Letters()).read(asked)

    filled = read_now()
    assert sizes and not any(size % joint.ROWS for size in sizes)
    monkeypatch.setattr(joint, "ROWS", 1)
    plain = read_now()
    assert any(size % 32 for size in sizes)
    for one, other in zip(filled, plain, strict=True):
        for name in one:
            assert one[name] == pytest.approx(other[name], abs=0.05), name


@pytest.mark.parametrize(
    ("length", "groups"),
    [([], []), ([600], [[0]]), ([200, 300, 12, 1], [[0, 1, 2], [3]]), ([600, 500, 600], [[0], [1], [2]])],
)
def test_a_pass_holds_so_many_tokens(length, groups):
    assert joint.packs(length) == groups


def test_what_was_read_is_kept_and_said_again(base, reader):
    made = joint.Joint(base.embeddings, base.encoder.layer[: joint.LOWER], reader, Letters())
    asked = [
        ("Where does she work?", ["She works at Acme.", "Oslo, 2019"], "told"),
        ("She works at Acme.", ["She works at Acme."], "support"),
        ("Where?", ["At Acme."], "answers"),
    ]
    first = made.read(asked)
    made.prepare(["Something else altogether."])
    for again, before in zip(made.read(asked[::-1])[::-1], first, strict=True):
        assert again["support"] == pytest.approx(before["support"], abs=2e-3) and again["told"] == pytest.approx(before["told"], abs=2e-3)
    assert made.read([]) == []
    # as many as the first text has tokens: <s>, "query:", its own, </s>
    assert len(first[0]["wrong"]) == 4 + 3


def test_what_went_through_the_lower_layers_already_does_not_go_again(base, reader):
    lower = list(base.encoder.layer[: joint.LOWER])
    calls = []

    class Counted(torch.nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, input_ids, position_ids):
            calls.append(int((position_ids == 0).sum()))  # so many texts begin here
            return self.inner(input_ids=input_ids, position_ids=position_ids)

    def encoded(text):
        ids, mask = pad([rr.read_question(Letters(), text).ids])
        with torch.inference_mode():
            return through(lower, base.embeddings(input_ids=ids), mask)[0]

    asked = [("She works at Acme.", [passage], "support") for passage in ("She works at Acme.", "Oslo, 2019")] + [("Where?", ["At Acme."], "answers")]
    expected = joint.Joint(base.embeddings, lower, reader, Letters()).read(asked)
    made = joint.Joint(Counted(base.embeddings), lower, reader, Letters()).read(asked, {text: encoded(text) for text in ("She works at Acme.", "Where?", "At Acme.")})
    for one, other in zip(made, expected, strict=True):
        assert one["support"] == pytest.approx(other["support"], abs=2e-3) and one["wrong"] == pytest.approx(other["wrong"], abs=2e-3)
    assert sum(calls) == 2  # the passages: one has the words of a first text, but is read as a passage
    # Of another length than what would be read it is no use.
    short = joint.Joint(base.embeddings, lower, reader, Letters()).read(asked[:1], {"She works at Acme.": encoded("She works")})
    assert short[0]["support"] == pytest.approx(expected[0]["support"], abs=2e-3)


def test_of_many_stretches_those_are_read_that_share_most_with_the_first_text(base, reader):
    made = joint.Joint(base.embeddings, base.encoder.layer[: joint.LOWER], reader, Letters())
    others = ["Oslo Bergen Tromso", "Kiel Bonn Ulm", "Brno Plzen Most", "Lodz Torun Gdynia"]
    last = made.read([("She mentored interns", [*others, "mentored interns there"], "support")])[0]
    without = made.read([("She mentored interns", others, "support")])[0]
    first = made.read([("She mentored interns", ["mentored interns there", *others[:3]], "support")])[0]
    assert abs(last["support"] - without["support"]).max() > 1e-4 and last["support"] == pytest.approx(first["support"], abs=2e-3)


# ---------------------------------------------------------------- training


@pytest.fixture
def rows(tmp_path):
    """Texts where a first text is supported when its second token stands in the passage."""
    rng = np.random.default_rng(0)
    units = [[0, *rng.integers(3, 60, 5), 2] for _ in range(40)]
    firsts, sets, of, wrong = [], [], [], []
    for i in range(240):
        unit = int(rng.integers(0, 40))
        true = i % 2 == 0
        token = int(rng.choice(units[unit][1:-1])) if true else int(rng.choice([t for t in range(3, 60) if t not in units[unit]]))
        firsts.append([0, token, 2])
        sets.append([unit, -1, -1, -1])
        of.append([i, i % 3 if i % 3 != 1 else 0, 0 if true else 1, 0, i // 8, int(i >= 200)])
        if of[-1][1] == 2:
            of[-1][2] = int(true)
        wrong.append([0, int(not true), 0])
    flat = lambda lists, dtype: np.array([x for each in lists for x in each], dtype)
    ends = lambda lists: np.cumsum([len(each) for each in lists])
    np.savez(
        tmp_path / "rows.npz", units=flat(units, np.int32), unit_ends=ends(units), firsts=flat(firsts, np.int32), first_ends=ends(firsts),
        sets=np.array(sets, np.int32), of=np.array(of, np.int32), wrong=flat(wrong, np.int8), wrong_ends=ends(wrong), sources=np.array(["written_en"]),
    )  # fmt: skip
    return tmp_path / "rows.npz"


def test_held_out_rows_are_never_trained_on(rows):
    data = Data.read(rows)
    stream = batches(data, 64, 0)
    seen = {int(row) for _ in range(12) for row in next(stream)}
    assert seen == set(range(200)) and {int(row) for group in groups_of(data, True) for row in group} == set(range(200, 240))


def test_the_loss_falls_and_unsupported_only_says_not_supported(rows, base):
    data, device = Data.read(rows), torch.device("cpu")
    reader = JointReader(base)
    batch = batch_of(data, np.arange(60), device)
    optimiser = torch.optim.AdamW(reader.parameters(), 3e-3)
    losses = []
    for _ in range(25):
        parts = loss_of(logits_of(reader, base, batch), batch)
        losses.append(sum(parts.values()).item())
        sum(parts.values()).backward()
        optimiser.step()
        optimiser.zero_grad()
    assert losses[-1] < 0.5 * losses[0]
    logits = {"support": torch.tensor([[0.0, 5.0, 0.0], [0.0, 0.0, 5.0]]), "answers": torch.zeros(2), "told": torch.zeros(2), "wrong": torch.zeros(2, 3)}
    batch = batch_of(data, np.array([0, 3]), device)
    batch.task[:], batch.label[:] = 0, 3
    either = loss_of(logits, batch)["support"]
    assert either.item() == pytest.approx(-np.log(1 - 1 / (2 + np.exp(5))), abs=1e-4)  # whichever of the two it is


def test_a_step_in_parts_is_the_step_at_once(rows, base, monkeypatch):
    monkeypatch.setattr(precision, "faster_in_bfloat16", lambda: False)  # whose sums depend on their order
    data, chosen = Data.read(rows), np.arange(0, 90)
    length = np.diff(data.wrong_ends, prepend=0)
    data.wrong = data.wrong[np.repeat(np.arange(len(length)) % 3 > 0, length)]  # of every third row nothing is known
    length[::3] = 0
    data.wrong_ends = np.cumsum(length)
    data.sets[:30, 1] = (data.sets[:30, 0] + 1) % 40
    reader, found = JointReader(base).eval(), []
    for parts in (1, 4):
        reader.zero_grad()
        losses = backward(reader, base, data, chosen, parts)
        found.append(({name: round(value.item(), 5) for name, value in losses.items()}, reader.support.weight.grad.clone(), reader.layers[0].attention.self.key.weight.grad.clone()))
    (at_once, *before), (in_four, *after) = found
    assert at_once == pytest.approx(in_four, abs=2e-5) and at_once["wrong"] > 0
    for one, other in zip(before, after, strict=True):
        assert one.abs().max() > 1e-6 and torch.allclose(one, other, atol=1e-7, rtol=1e-3)
    pieces = in_parts(data, chosen, 4)
    assert sorted(np.concatenate(pieces)) == list(chosen) and all((data.sets[piece] >= 0).sum(1).max() == 1 for piece in pieces[:2])


def test_without_padding_a_step_on_a_cpu_is_the_padded_one(rows, base, monkeypatch):
    monkeypatch.setattr(precision, "faster_in_bfloat16", lambda: False)
    data, chosen = Data.read(rows), np.arange(0, 60)
    data.sets[:30, 1] = (data.sets[:30, 0] + 1) % 40
    reader, found = JointReader(base).eval(), []
    batch = batch_of(data, chosen, torch.device("cpu"))
    padded = reader(lower_of(base, batch.first), reader.passages(lower_of(base, batch.units)), batch.sets, batch.task)
    for logits in ({name: value.float() for name, value in padded.items()}, unpadded(reader, base, batch)):
        reader.zero_grad()
        losses = loss_of(logits, batch)
        sum(losses.values()).backward()
        found.append((losses, {name: value.grad.clone() for name, value in reader.named_parameters()}))
    (before, its), (after, theirs) = found
    assert {name: value.item() for name, value in before.items()} == pytest.approx({name: value.item() for name, value in after.items()}, abs=1e-5)
    assert all(torch.allclose(its[name], theirs[name], atol=1e-6, rtol=1e-3) for name in its)
    assert [sorted(set(data.of[part, 4])) for part in by_group(data, np.array([0, 9, 1]))] == [[0], [1]]


def test_the_gradient_of_a_passage_is_that_of_indexing():
    units, index = torch.randn(3, 2, 4, 2, requires_grad=True), torch.tensor([[0, 2], [2, 2]])
    weight = torch.randn(2, 2, 2, 4, 2)
    (joint._of_rows(units, index) * weight).sum().backward()
    by_product, units.grad = units.grad, None
    (units[index] * weight).sum().backward()
    assert torch.allclose(by_product, units.grad, atol=1e-6) and torch.equal(joint._of_rows(units.detach(), index), units.detach()[index])


def test_a_run_keeps_the_best_and_goes_on_where_it_stopped(rows, base, tmp_path, caplog):
    base.save_pretrained(tmp_path / "base")
    caplog.set_level("INFO")
    out, checkpoint = tmp_path / "out.safetensors", tmp_path / "state.pt"
    train(rows, out, tmp_path / "base", 0.05, size=64, every=1.0, checkpoint=checkpoint)
    about = json.loads(out.with_suffix(".json").read_text())
    assert set(about["held_out"]) == {"support written_en", "contradicted written_en", "told written_en"}
    steps = torch.load(checkpoint, weights_only=True)["state"]["step"]
    train(rows, out, tmp_path / "base", 0.08, size=64, every=1.0, checkpoint=checkpoint)
    assert f"going on from step {steps}" in caplog.text
    scores = evaluate(joint.load(out, base), base, Data.read(rows), torch.device("cpu"))
    assert all(0 <= value <= 1 for value in scores.values())
