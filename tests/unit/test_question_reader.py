"""The layers that read a question with a passage: what they start from, what they are taught, and where they are kept."""

import math
import random

import pytest
import torch
from transformers import BertConfig, BertModel

from rag import question_reader
from rag.pairs import Encoded
from rag.reranking import Part
from rag.training.question_reader import Pairs, choose, labels_of, loss_of, read
from rag.training.reranker import Batch

HIDDEN = 32


@pytest.fixture(scope="module")
def base() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=60, hidden_size=HIDDEN, num_hidden_layers=12, num_attention_heads=4, intermediate_size=48)
    return BertModel(config, add_pooling_layer=False).eval()


def encoded(*lengths: int) -> Encoded:
    mask = torch.zeros(len(lengths), max(lengths))
    for row, length in enumerate(lengths):
        mask[row, :length] = 1
    states = torch.randn(*mask.shape, HIDDEN, generator=torch.Generator().manual_seed(sum(lengths)))
    return Encoded(states, mask, torch.arange(mask.numel()).view(mask.shape) % 60)


def trained(base) -> question_reader.QuestionReader:
    reader = question_reader.QuestionReader(base).eval()
    torch.manual_seed(3)
    torch.nn.init.normal_(reader.answers.weight)
    return reader


def no_lines(passages: Encoded) -> torch.Tensor:
    return torch.zeros(passages.mask.shape)


def test_untrained_it_leaves_the_odds_nearly_as_they_are(base):
    odds, passages = torch.tensor([-2.0, 0.5]), encoded(7, 9)
    read = question_reader.QuestionReader(base).eval()(encoded(3, 5), passages, odds, no_lines(passages))

    assert torch.allclose(read, odds, atol=0.5)


def test_padding_changes_nothing(base):
    reader, questions, passages, odds = trained(base), encoded(3, 6), encoded(4, 9), torch.tensor([0.0, 0.0])

    together = reader(questions, passages, odds, no_lines(passages))
    alone = [
        reader(questions.pick([i]), passages.pick([i]), odds[i : i + 1], no_lines(passages.pick([i]))) for i in (0, 1)
    ]

    assert torch.allclose(together, torch.cat(alone), atol=1e-5)
    assert not torch.allclose(together[0], together[1])


def test_what_the_reranker_thinks_of_a_line_is_a_hint(base):
    reader, questions, passages = trained(base), encoded(3), encoded(5)
    likely, unlikely = no_lines(passages), no_lines(passages)
    likely[0, 2], unlikely[0, 2] = 5.0, -5.0

    assert not torch.allclose(*(reader(questions, passages, torch.zeros(1), lines) for lines in (likely, unlikely)))


def test_tokens_have_the_odds_of_their_line():
    part = Part([0, 9, 5, 6, 7, 2], ((0, 3), (4, 6)), [2, 0, 0, 1, 2, 2], [], [], frozenset())
    short = Part([0, 9, 2], ((0, 3),), [1, 0, 1], [], [], frozenset())
    logits = torch.tensor([[[1.5, -0.5], [2.5, float("-inf")]]])

    odds = question_reader.line_odds([part, short], logits)

    none = -question_reader.MOST
    assert odds.tolist() == [[[none, 1.5, 1.5, -0.5, none, none], [none, 2.5, none, none, none, none]]]


def test_it_comes_back_from_its_folder(base, tmp_path):
    reader = trained(base)
    question_reader.save(tmp_path, reader)

    again = question_reader.load(tmp_path, base)

    passages = encoded(7, 9)
    given = encoded(3, 5), passages, torch.zeros(2), no_lines(passages)
    assert torch.allclose(again(*given), reader(*given), atol=0.02)
    assert question_reader.load(tmp_path / "nowhere", base) is None


def test_the_hardest_wrong_parts_are_read_and_unknown_ones_never():
    labels = torch.tensor([[1, 0, 0, 0, 0, -1], [0, 0, 0, 0, 0, 0]])
    odds = torch.tensor([[0.0, -3.0, 2.0, 1.0, -1.0, 9.0], [5.0, 4.0, 3.0, -7.0, -8.0, -9.0]])

    pairs = choose(random.Random(1), labels, odds)

    first = pairs.part[pairs.question == 0].tolist()
    assert first[:4] == [0, 2, 3, 4] and 5 not in first
    assert pairs.part[pairs.question == 1].tolist()[:3] == [0, 1, 2]
    assert pairs.right.tolist() == [part == 0 and q == 0 for q, part in zip(pairs.question.tolist(), pairs.part.tolist(), strict=True)]
    assert torch.equal(pairs.odds, odds[pairs.question, pairs.part])


def test_a_part_answers_where_a_line_does():
    lines = torch.tensor([[[0.0, 1.0], [0.0, -1.0], [-1.0, -1.0]]])

    assert labels_of(Batch([], [], lines)).tolist() == [[1, 0, -1]]


def test_the_loss_is_the_null_answers_softmax():
    logits = torch.tensor([2.0, -1.0, 0.5], requires_grad=True)
    pairs = Pairs(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0]), torch.tensor([True, False, False]), torch.zeros(3))

    loss = loss_of(logits, pairs)

    answered = math.log(1 + math.exp(2.0) + math.exp(-1.0)) - 2.0
    assert loss.item() == pytest.approx((answered + math.log(1 + math.exp(0.5))) / 2, abs=1e-5)
    loss.backward()
    assert logits.grad[0] < 0 < logits.grad[1] and logits.grad[2] > 0


def test_pairs_keep_their_order_though_they_are_read_by_length(base):
    reader, questions, passages = trained(base), encoded(3, 6), encoded(9, 4, 7)
    pairs = Pairs(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 2, 0]), torch.zeros(4) == 1, torch.tensor([0.0, 1.0, 2.0, 3.0]))

    lines = torch.randn(2, 3, 9)

    got = read(reader, questions, passages, pairs, lines)

    for i, (q, p) in enumerate(zip(pairs.question.tolist(), pairs.part.tolist(), strict=True)):
        alone = passages.pick([p])
        one = reader(questions.pick([q]), alone, pairs.odds[i : i + 1], lines[q, p, None, : alone.mask.shape[1]])
        assert got[i].item() == pytest.approx(one.item(), abs=1e-4)


def test_it_learns_what_the_odds_do_not_tell(base):
    """Which of two passages answers is told by their first token alone; the odds say nothing."""
    torch.manual_seed(1)
    reader = question_reader.QuestionReader(base)
    questions, passages = encoded(4), encoded(6, 6)
    pairs = Pairs(torch.tensor([0, 0]), torch.tensor([0, 1]), torch.tensor([True, False]), torch.zeros(2))
    lines = torch.zeros(1, 2, 6)
    optimizer = torch.optim.AdamW(reader.parameters(), lr=3e-3)
    for _ in range(40):
        loss = loss_of(read(reader, questions, passages, pairs, lines), pairs)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    right, wrong = read(reader, questions, passages, pairs, lines).tolist()
    assert loss.item() < 0.2 and right > 2 > wrong
