"""Training rows are right by construction: what is labelled true is true, what was changed is marked."""

import random

import pytest

from judge import guard
from judge.training import perturb, resumes

SENTENCE = "In March 2011, Elena Petrova founded Orbit Labs in Munich with 14 engineers."
OTHERS = ["The studio of Kwame Boateng opened in Lisbon in 1998 with 30 seats."]


@pytest.mark.parametrize("seed", range(12))
def test_a_contradiction_differs_where_it_says_so(seed):
    made = perturb.contradict(SENTENCE, OTHERS, OTHERS, random.Random(seed))

    assert made.text != SENTENCE
    assert all(0 <= a < b <= len(made.text) for a, b in made.spans)


def test_changed_digits_are_other_digits_of_the_same_shape():
    rng = random.Random(1)
    for number in ("1997", "99.95", "1,250", "7", "10"):
        for _ in range(40):
            made = perturb.change_digits(number, rng)
            assert float(made.replace(",", "")) != float(number.replace(",", ""))
            assert made.count(".") == number.count(".")


def test_negation_turns_both_ways():
    rng = random.Random(0)

    assert " not " in perturb.negate("The bridge was opened.", rng).text
    assert " not " not in perturb.negate("The bridge was not opened.", rng).text
    assert perturb.negate("회사를 설립했다.", rng).text == "회사를 설립하지 않았다."


def test_supported_resume_claims_hold_no_fact_that_stands_nowhere():
    rng = random.Random(4)
    made = [e for _ in range(60) for e in resumes.examples(rng, 5)]
    same_language = [e for e in made if e.label == "supported" and guard.language_of(e.evidence) == e.lang]
    lost = [e for e in same_language if guard.missing(e.claim, e.evidence)]

    # The guard itself errs now and then; the rows must not.
    assert len(same_language) > 80 and len(lost) <= 0.03 * len(same_language)


def test_every_label_and_language_is_drawn_and_changes_are_marked():
    rng = random.Random(5)
    made = [e for _ in range(60) for e in resumes.examples(rng, 5)]

    assert {(e.label, e.lang) for e in made} == {
        (a, b) for a in ("supported", "contradicted", "not_found") for b in ("en", "ko")
    }
    wrong = [e for e in made if e.label == "contradicted"]
    # Where a whole statement is turned round, no single word of it is the wrong one.
    assert sum(bool(e.spans) for e in wrong) > 0.8 * len(wrong)
    assert all(0 <= a < b <= len(e.claim) for e in wrong for a, b in e.spans or ())
    assert all("\x01" not in e.claim and "{" not in e.claim and "[을]" not in e.claim for e in made)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("결제[을] 개발", "결제를 개발"),
        ("서울[으로] 이동", "서울로 이동"),
        ("팀장[이] 됨", "팀장이 됨"),
        ("\x0125\x02[을]", "\x0125\x02를"),
    ],
)
def test_particles_follow_the_last_sound(text, said):
    assert resumes.with_particles(text, random.Random(0)) == said


@pytest.mark.parametrize(
    ("change", "text", "said"),
    [
        (perturb.swap_unit, "She waited 9 days.", ("9 weeks", "9 hours", "9 months")),
        (perturb.swap_unit, "대기 시간을 9분으로 줄였습니다.", ("9시간", "9초", "9일")),
        (perturb.reverse_range, "Cut it from 40 to 9.", ("from 9 to 40.",)),
        (perturb.reverse_range, "40분에서 9분으로 줄였습니다.", ("9분에서 40분으로",)),
        (perturb.exchange_numbers, "Bought 12 vans and 5 trucks.", ("5 vans and 12 trucks",)),
        (perturb.swap_contrast, "He has a bachelor degree.", ("master", "doctorate", "associate")),
    ],
)
def test_one_thing_is_changed_and_marked(change, text, said):
    made = change(text, random.Random(1))

    assert any(part in made.text for part in said)
    assert all(made.text[a:b] for a, b in made.spans)


def test_the_changed_words_are_those_that_differ_from_the_nearest_true_statement():
    text = "The plant director reported to her."
    spans = perturb.changed_words(text, ["She reported to the plant director.", "The plant director reported to him."])

    assert [text[a:b] for a, b in spans] == ["her."]
    assert perturb.changed_words("Something else entirely was said here.", ["No word of it."]) is None


def test_a_twisted_achievement_is_false_and_its_line_is_in_the_passage():
    rng = random.Random(2)
    made = [e for _ in range(80) for e in resumes.examples(rng, 6)]
    kinds = {f.kind for _ in range(40) for f in resumes.draw(rng).facts}

    assert set(resumes.TWISTS) <= kinds
    assert any("reported to" in e.claim or "보고했습니다" in e.claim for e in made)
