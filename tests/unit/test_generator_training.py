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
    from rag.training.generator_rows import tokens_of

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
