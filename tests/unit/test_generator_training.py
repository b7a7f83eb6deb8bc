"""The drawn resumes: answers that copy the excerpts, right citations, and the tokens of the real prompt."""

import re


from rag.prompt import is_declined
from rag.training.generator_data import resume_example, rewrite_example

EXAMPLES = [resume_example(f"test/{i}", held_out=i % 2 == 1) for i in range(60)]
PAIRS = [(e, q, a) for e in EXAMPLES for q, a in e.branches]


def excerpts_of(example):
    parts = re.split(r"^\[(\d)\] ", example.head.split("\n\nQuestion")[0], flags=re.MULTILINE)[1:]
    return {int(n): text for n, text in zip(parts[::2], parts[1::2], strict=True)}


def test_every_number_of_an_answer_stands_in_a_cited_excerpt():
    wrong = []
    for example, question, answer in PAIRS:
        if is_declined(answer):
            continue
        excerpts = excerpts_of(example)
        cited = " ".join(excerpts[int(n)] for n in re.findall(r"\[(\d)\]", answer))
        plain = re.sub(r" ?\[\d\]", "", answer)
        for number in re.findall(r"\d[\d.,]*\d|\d", plain):
            if number not in cited and number not in question:
                wrong.append((question, answer))
    assert not wrong, wrong[:3]


def test_answers_are_cited_and_declines_are_not():
    for _, question, answer in PAIRS:
        assert bool(re.search(r"\[\d\]", answer)) != is_declined(answer), (question, answer)
        assert "{" not in question + answer and answer.endswith("."), (question, answer)


def test_between_a_fifth_and_two_fifths_are_unanswerable():
    share = sum(is_declined(a) for _, _, a in PAIRS) / len(PAIRS)
    assert 0.2 < share < 0.4


def test_the_same_seed_draws_the_same_and_another_draws_another():
    assert resume_example("a") == resume_example("a")
    assert resume_example("a") != resume_example("b")


def test_a_follow_up_is_rewritten_with_names_from_the_conversation_only():
    for i in range(60):
        example = rewrite_example(f"test/{i}")
        ((question, target),) = example.branches
        for name in re.findall(r"\b[A-Z]\w+", target)[1:]:
            assert name in example.head + question or name in ("Does", "Where"), (example.head, target)


def test_the_pieces_tokenise_as_the_whole_prompt():
    from transformers import AutoTokenizer

    from rag.models import embedded_weights
    from rag.training.__main__ import tokens_of

    tokenizer = AutoTokenizer.from_pretrained(embedded_weights("generator"))
    for example in [*EXAMPLES[:10], *(rewrite_example(f"t/{i}") for i in range(5))]:
        prefix, branches = tokens_of(tokenizer, example)
        for (question, answer), (asked, replied) in zip(example.branches, branches, strict=True):
            messages = [
                {"role": "system", "content": example.system},
                {"role": "user", "content": example.head + question},
            ]
            whole = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]
            assert prefix + asked == list(whole)
            assert tokenizer.decode(replied) == answer + tokenizer.eos_token


