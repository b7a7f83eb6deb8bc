"""Names and numbers can only be copied; everything else stays free."""

import pytest

from rag.copying import CopyConstraint

SOURCE = "Resume of Rowan Achterberg. [1] Norrvind AB, 2019-2022: uptime 99.95 %, team of 12, 1,200 users, B2B. Question: Kafka?"


@pytest.fixture
def constraint():
    return CopyConstraint(None, SOURCE)


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
    constraint = CopyConstraint(PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>"), SOURCE)
    scores = torch.zeros(len(words))
    scores[:4] = torch.tensor([9.0, 8.0, 1.0, 8.5])
    assert words[constraint.choose([2], scores)] == "Rowan"
    scores[1] = 9.5
    assert words[constraint.choose([2], scores)] == "Rowan"


def test_where_nothing_fits_the_likeliest_word_is_written():
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["Unknown", "Rohan", "Google"]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="Unknown"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    constraint = CopyConstraint(PreTrainedTokenizerFast(tokenizer_object=tokenizer), SOURCE)
    assert words[constraint.choose([], torch.tensor([0.0, 1.0, 2.0]))] == "Google"


def test_a_name_that_was_begun_ends_as_one_of_the_source():
    """Far down in the scores as it may be: what the model is after stands nowhere."""
    import torch
    from tokenizers import Tokenizer, decoders, models
    from transformers import PreTrainedTokenizerFast

    words = ["<unk>", *(chr(c) for c in range(33, 127)), *(f"rans{i}" for i in range(80)), "ridges"]
    tokenizer = Tokenizer(models.BPE({w: i for i, w in enumerate(words)}, [], unk_token="<unk>"))
    tokenizer.decoder = decoders.Fuse()
    constraint = CopyConstraint(PreTrainedTokenizerFast(tokenizer_object=tokenizer), "Resume of Ingrid. [1] Civil Engineer (Bridges)")
    scores = torch.zeros(len(words))
    scores[95:175] = 5.0  # all that the model is after
    assert words[constraint.choose([words.index("B")], scores)] == "r"
    scores[words.index("r")] = -5.0
    assert words[constraint.choose([words.index("B")], scores)] == "r"


def test_a_word_in_capitals_is_copied_or_not_written():
    constraint = CopyConstraint(None, "HND Technical Theatre")
    assert constraint.allows("She has an HND", 11) and constraint.allows("She has an HN", 11)
    assert not constraint.allows("She has an NON", 11) and not constraint.allows("She has an MAY ", 11)
    assert constraint.allows("The", 0) and constraint.allows("In May ", 3)


def test_within_a_sentence_no_other_word_begins_with_a_capital():
    constraint = CopyConstraint(None, "Stack: Python, Scala")
    allows = lambda text: constraint.allows(text, 0)
    assert allows("Later she wrote Scala") and allows("Python. Later on, Sca") and allows("since March") and allows("since Ma")
    assert not allows("Python and L") and not allows("Python and Later ") and not allows("Scala and Lua ") and not allows("Python, The ")
