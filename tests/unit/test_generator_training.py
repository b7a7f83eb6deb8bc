"""The drawn resumes: answers that copy the excerpts, right citations, and the tokens of the real prompt."""

import random
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




# ---------------------------------------------------------------- packing


def tiny_llama():
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=97, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2
    )
    return LlamaForCausalLM(config).eval()


def test_a_packed_sequence_has_the_loss_and_gradient_of_its_branches_apart():
    import torch

    from rag.training.packing import answer_loss, pack

    # given one set of excerpts with four questions of different lengths
    model, rng = tiny_llama(), random.Random(0)
    draw = lambda n: [rng.randrange(97) for _ in range(n)]
    prefix, branches = draw(23), [(draw(q), draw(a)) for q, a in ((5, 3), (2, 7), (9, 1), (4, 4))]
    # when they are packed, and when each is a sequence of its own
    packed, tokens = answer_loss(model, pack(prefix, branches))
    (from_packed,) = torch.autograd.grad(packed, model.model.layers[0].self_attn.k_proj.weight)
    apart = sum(answer_loss(model, pack(prefix, [branch]))[0] for branch in branches)
    plain = 0.0
    for question, answer in branches:
        ids = torch.tensor([[*prefix, *question, *answer]])
        logits = model(ids).logits[0, -len(answer) - 1 : -1]
        plain = plain + torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="sum")
    (from_plain,) = torch.autograd.grad(plain, model.model.layers[0].self_attn.k_proj.weight)
    # then losses and gradients are the same
    assert tokens == 15
    assert torch.allclose(packed, plain, atol=1e-4) and torch.allclose(apart, plain, atol=1e-4)
    assert torch.allclose(from_packed, from_plain, atol=1e-5)


def test_the_first_tokens_of_every_answer_count_more():
    import torch

    from rag.training.packing import answer_loss, pack

    model = tiny_llama()
    branches = [([5, 6], [7, 8, 9, 10]), ([9], [12])]
    # what the first two tokens of each answer alone cost: the same answers cut there, for the first is the shorter one whole
    opening, tokens = answer_loss(model, pack([1, 2, 3], [(asked, answer[:2]) for asked, answer in branches]))
    whole, _ = answer_loss(model, pack([1, 2, 3], branches))

    weighed, counted = answer_loss(model, pack([1, 2, 3], branches), opening=2, weight=3.0)

    assert (tokens, counted) == (3, 5)
    assert torch.allclose(weighed, whole + 2 * opening, atol=1e-4)


def test_no_branch_sees_another():
    import torch

    from rag.training.packing import answer_loss, pack

    model, prefix, first = tiny_llama(), [1, 2, 3, 4], ([5, 6], [7, 8])
    losses = [answer_loss(model, pack(prefix, [first, ([9], [other, 11])]))[0] for other in (10, 90)]
    alone = [answer_loss(model, pack(prefix, [([9], [other, 11])]))[0] for other in (10, 90)]
    assert torch.allclose(losses[0] - alone[0], losses[1] - alone[1], atol=1e-4)


# ---------------------------------------------------------------- what is drawn


def test_near_misses_ask_for_what_a_visible_entry_does_not_tell():
    near = [
        (e, q)
        for e, q, a in PAIRS
        if is_declined(a) and any(org in q and org in e.head for org in re.findall(r" at ([A-Z]\w+(?: [A-Z]\w+)*)", q))
    ]
    assert len(near) > len(EXAMPLES) / 6


def test_a_team_is_never_called_unmentioned_where_it_is_mentioned():
    for example, question, answer in PAIRS:
        asked = re.match(r"How many people did .* lead at (.+)\?$", question)
        if asked and is_declined(answer):
            for text in excerpts_of(example).values():
                told = re.search(r"(Led|Managed|Supervised|Headed|Ran|led|managed|supervised|headed|ran) (a team|a group|\w+ \w+s\b)", text)
                assert not (told and asked[1] in text), (question, text)


# ---------------------------------------------------------------- counting


def judged(question, reference, reply, head="Resume of Mbola Veisol.\n[1] (Work) Nurse, Norrvind, 2014 - 2019\n\nQuestion: "):
    from rag.training.evaluate import judge
    from rag.training.generator_data import Example

    return judge(Example("", head, ((question, reference),), "test"), question, reference, reply)


def test_a_reply_is_right_with_all_its_facts_in_other_words():
    ask, reference = "When did she work at Norrvind?", "Mbola worked at Norrvind from 2014 to 2019 [1]."
    assert judged(ask, reference, "She was there from 2014 to 2019 [1].").right
    assert not judged(ask, reference, "She was there from 2014 to 2018 [1].").right
    assert not judged(ask, reference, "The resume does not say.").right
    assert judged("Is she still there?", "No, she left in 2019 [1].", "Yes, until 2019 [1].").right is False


def test_an_invented_name_or_number_is_counted_and_a_misspelt_one_too():
    ask, reference = "Where did she work?", "Mbola worked at Norrvind [1]."
    assert judged(ask, reference, "Mbola worked at Norvind until 2021 [1].").invented == ("Norvind", "2021")
    assert judged(ask, reference, "Mbola worked at Norrvind [1].").invented == ()


def test_an_unanswerable_question_is_right_when_declined():
    assert judged("What was her salary?", "The resume does not say.", "The resume does not mention a salary.").right
    assert not judged("What was her salary?", "The resume does not say.", "It was 2014 [1].").right
