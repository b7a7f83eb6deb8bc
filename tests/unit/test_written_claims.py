"""Written claims for the judge: their labels hold in every draw, and what is held out stays out."""

import random
import re

import pytest

from judge import guard
from judge.service import passage_of
from judge.training import perturb, written
from judge.training.data import DECLINES
from rag.prompt import DECLINE
from rag.training.generator_data import statement_example
from rag.training.reranker_data import written_groups
from rag.training.written_claims import CROSSED, claims, claims_of
from rag.training.written_resumes import crossed, rows, swapped

LANGUAGES = ("en", "ko")


def everybody(language):
    return (*rows(language), *rows(language, held_out=True))


def test_every_claim_is_about_a_written_resume_and_its_lines_stand_there():
    texts = {row["name"]: row["text"] for language in LANGUAGES for row in everybody(language)}
    assert len(claims()) > 20
    for name, row in claims().items():
        assert name in texts
        for group in row["groups"]:
            assert group["true"] and group["false"]
            assert all(line in texts[name] for line in group["lines"]), (name, group["lines"])


def test_no_statement_is_both_true_and_not():
    for name, row in claims().items():
        true = {text for group in row["groups"] for text in group["true"]}
        false = {text for group in row["groups"] for text in group["false"]} | set(row["untold"])
        assert not true & false, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_true_claims_hold_no_fact_that_stands_nowhere(language):
    rng, lost, told = random.Random(2), 0, 0
    for row in everybody(language)[::6]:
        resume = swapped(rng, row)
        texts = [passage_of(chunk) for chunk in resume.chunks]
        whole = "\n".join(texts)
        for claim in (claim for group in claims_of(rng, resume, texts) for claim in group):
            if claim.label == "supported" and guard.language_of(claim.text) == language:
                told += 1
                lost += any(kind in ("number", "date") for kind, _, _ in guard.missing(claim.text, whole))
    if told:  # computed ones ("for four years") and the guard's own errors
        assert lost <= 0.12 * told


def test_a_statement_in_the_other_language_is_of_a_statement_and_has_its_names():
    named = kept = found = 0
    for language in LANGUAGES:
        everyone = {row["name"]: row for row in everybody(language)}
        for name, others in crossed(CROSSED, "claims").items():
            if name not in everyone:
                continue
            row = claims()[name]
            written = {text for group in row["groups"] for text in (*group["true"], *group["false"])} | set(row["untold"])
            assert others.keys() <= written and all(re.search("[가-힣]" if language == "en" else "[A-Za-z]", other) for other in others.values())
            found += len(others)
            for entity in {each for names in everyone[name]["entities"].values() for each in names if len(each) > 1}:
                for text, other in others.items():
                    if re.search(rf"(?<!\w){re.escape(entity)}(?!\w)" if language == "en" else re.escape(entity), text):
                        named, kept = named + 1, kept + (entity.casefold() in other.casefold())
    assert found > 2500 and kept > 0.97 * named


def test_the_other_statement_has_the_figures_of_its_draw_or_is_left_out():
    changed = left_out = 0
    for row in everybody("ko")[:250]:
        others = crossed(CROSSED, "claims").get(row["name"], {})
        for seed in range(2) if others else ():
            resume = swapped(random.Random(seed), row)
            made = [claim for group in claims_of(random.Random(seed), resume, [passage_of(chunk) for chunk in resume.chunks]) for claim in group]
            drawn = {resume.swap(text): text for text in others}
            for claim in made:
                text = drawn.get(claim.text)
                figures = lambda said: set(re.findall(r"\d+", said))
                if text and figures(text) - figures(claim.text):
                    changed += 1
                    left_out += not claim.other
                    assert not claim.other or not (figures(text) - figures(claim.text)) & figures(claim.other)
    assert changed > 100 and 0 < left_out < 0.5 * changed


def test_claims_carry_the_names_of_their_draw():
    [row] = [row for row in rows("en") if row["name"] in claims()][:1]
    for seed in range(8):
        resume = swapped(random.Random(seed), row)
        texts = [passage_of(chunk) for chunk in resume.chunks]
        said = " ".join(c.text for group in claims_of(random.Random(seed), resume, texts) for c in group)
        assert not any(name in said for name in row["entities"]["self"] if len(name) > 4)


def test_a_passage_that_answers_is_relevant_and_an_unanswerable_question_has_none():
    made = [r for seed in range(60) for r in written.relevance_rows(random.Random(seed), "ko", False)]
    relevant = {r.first for r in made if r.target == 1.0}

    assert 0.25 < sum(r.target for r in made) / len(made) < 0.6
    assert any(r.first not in relevant for r in made)


def test_a_refusal_and_the_answer_of_another_question_do_not_answer():
    made = [r for seed in range(60) for r in written.answer_rows(random.Random(seed), "en", False, lambda lang: DECLINES[lang][0])]

    assert {r.target for r in made} == {0.0, 1.0}
    assert all(r.target == 0.0 for r in made if r.second == DECLINES["en"][0])
    right = {(r.first, r.second) for r in made if r.target == 1.0}
    assert not right & {(r.first, r.second) for r in made if r.target == 0.0}


def test_what_the_combiner_is_fitted_on_was_never_shown_to_the_network():
    kept = {row["name"] for language in LANGUAGES for row in rows(language, held_out=True)}
    found = [case for language in LANGUAGES for case in written.cases(random.Random(0), language)]

    assert found and {person for person, *_ in found} <= kept
    for _, _, passages, label in found:
        assert 1 <= len(passages) <= 4 and label in ("supported", "contradicted", "not_found")


def test_a_changed_answer_leaves_no_only_that_may_be_true():
    rng = random.Random(3)
    kinds = {perturb.restrict("She has two daughters.", rng).kind}
    assert kinds == {"only"}
    made = []
    for row in rows("en")[:25]:
        resume = swapped(rng, row)
        made += written.answer_claims(rng, resume, [passage_of(chunk) for chunk in resume.chunks], "written_en", 6)
    assert made and not any(r.target == "contradicted" and r.spans and "only" in {r.first[a:b] for a, b in r.spans} for r in made)


def test_the_generator_says_yes_or_puts_right_or_declines_and_cites():
    made = [example for seed in range(120) if (example := statement_example(f"t/{seed}"))]
    replies = [reply for example in made for _, reply in example.branches]

    for reply in replies:
        assert reply == DECLINE["en"] or reply.startswith(("Yes, ", "No, "))
        assert reply == DECLINE["en"] or reply.rstrip(".").endswith("]")
    kinds = [reply.split(",")[0] for reply in replies]
    assert min(kinds.count("Yes"), kinds.count("No"), kinds.count(DECLINE["en"])) > 0.15 * len(kinds)


def test_a_statement_put_right_is_one_of_the_true_ones():
    true = {text for row in claims().values() for group in row["groups"] for text in group["true"]}
    plain = {text.split()[-1] for text in true}
    made = [example for seed in range(40) if (example := statement_example(f"u/{seed}"))]
    assert any(reply.removesuffix(".").split(" [")[0].split()[-1] + "." in plain for e in made for _, reply in e.branches)


def test_the_reranker_is_asked_whether_statements_are_so():
    groups, told, untold = written_groups(5, held_out=False, korean_share=0.0), 0, 0
    for _ in range(60):
        group = next(groups)
        for ask in group.asks:
            if ask.question.startswith(("Is it true that ", "Did I get this right: ")):
                told, untold = told + bool(ask.spans), untold + (not ask.spans)
                for place, spans in ask.spans.items():
                    assert all(group.passages[place][a:b].strip() for a, b in spans)
    assert told > untold > 0


def test_rows_across_languages_hold_a_question_with_passages_and_quoted_lines_in_the_other(language="en"):
    made = [row for seed in range(25) for row in written.crossed_rows(random.Random(seed), language, True)]
    assert {(row.task, row.target) for row in made} == {(task, target) for task in ("relevant", "answers") for target in (0.0, 1.0)}
    assert all(re.search("[가-힣]", row.first) and not re.search("[가-힣]", row.second) for row in made)
    told = {row.first: row.second for row in made if row.task == "relevant" and row.target}
    quoted = [row for row in made if row.task == "answers" and row.target and row.first in told]
    assert sum(line in told[row.first] for row in quoted for line in row.second.split("\n")[:1]) > 0.6 * len(quoted) > 5
