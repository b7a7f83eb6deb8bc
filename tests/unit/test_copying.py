"""Names and numbers can only be copied; everything else stays free."""

import pytest

from rag.copying import CopyConstraint

SOURCE = "Resume of Rowan Achterberg. [1] Norrvind AB, 2019-2022: uptime 99.95 %, team of 12, 1,200 users, B2B. Question: Kafka?"


@pytest.fixture
def constraint():
    return CopyConstraint(None, 0, SOURCE)


@pytest.mark.parametrize(
    "text",
    ["Rowan worked at Norrvind AB from 2019 to 2022.", "The resume does not mention Kafka.", "Yes, she led 12 people [1].",
     "Uptime was 99.95 %.", "It had 1,200 users.", "She held 3 jobs.", "In March 2019.", "Row", "At Nor", "99.9", "2019.",
     "he has a degree", "ROWAN"],
)  # fmt: skip
def test_copies_and_ordinary_words_pass(constraint, text):
    assert constraint.allows(text, 0)


@pytest.mark.parametrize(
    "text",
    ["Rohan", "Rowan Ach terberg worked at Google", "from 2018", "99.5 ", "1,300", "Uptime was 99.96", "Norrvine ",
     "led 15 people", "She uses iOS "],
)  # fmt: skip
def test_a_changed_letter_or_digit_does_not(constraint, text):
    assert not constraint.allows(text, 0)


def test_only_what_is_new_is_judged(constraint):
    assert constraint.allows("Google is where she", len("Google is where"))


def test_the_best_allowed_token_wins():
    """With a real tokenizer, the greedy choice moves from the misspelt name to the right one."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["Rohan", "Rowan", "worked", "Google", "<unk>", *(f"filler{i}" for i in range(80))]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    constraint = CopyConstraint(PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>"), 1, SOURCE)
    scores = torch.zeros(1, len(words))
    scores[0, :4] = torch.tensor([9.0, 8.0, 1.0, 8.5])
    changed = constraint(torch.tensor([[2]]), scores)
    assert words[int(changed.argmax())] == "Rowan"
    assert scores[0, 0] == 9.0, "the caller's scores stay as they are"
