"""What the joint readers learn from: statements with the passages that decide them, questions with those that tell, nothing held out among it."""

import itertools
import random
import re
from collections import Counter

import pytest
from transformers import AutoTokenizer

from judge.service import passage_of
from judge.training import joint_rows as judged
from rag.joint import SET, TASKS
from rag.models import embedded_weights
from rag.reranking import passage
from rag.training.joint import Data
from rag.training.joint_rows import Rows, line_rows, question_rows
from rag.training.reranker_data import kept_groups, written_groups
from rag.training.written_resumes import rows, swapped


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(embedded_weights("encoder"))


@pytest.fixture(scope="module")
def claims(tokenizer):
    into, rng = Rows(tokenizer), random.Random(0)
    for number, row in enumerate([*rows("en")[:3], *rows("ko")[:2]]):
        resume = swapped(rng, row)
        judged.claim_rows(into, rng, resume, [passage_of(chunk) for chunk in resume.chunks], number, False)
    return into


def test_statements_of_every_kind_have_at_most_as_many_passages_as_are_read(claims):
    assert {label for _, _, label, *_ in claims.of} == {0, 1, 2}
    assert all(task == TASKS.index("support") for _, task, *_ in claims.of)
    for units in claims.sets:
        assert len(units) == SET and units[0] >= 0
        assert len({unit for unit in units if unit >= 0}) == sum(unit >= 0 for unit in units)


def test_the_words_that_are_not_true_are_marked_where_one_was_changed(claims):
    wrong = [(number, marks) for (number, _, label, *_), marks in zip(claims.of, claims.wrong, strict=True) if label == 1]
    assert sum(any(marks) for _, marks in wrong) > 0.08 * len(wrong)
    for number, marks in wrong:
        assert not marks or len(marks) == len(claims.firsts[number])
    for (_, _, label, *_), marks in zip(claims.of, claims.wrong, strict=True):
        assert label != 0 or not any(marks)


def test_lines_that_tell_and_lines_that_only_look_so(tokenizer):
    into, rng = Rows(tokenizer), random.Random(1)
    resume = swapped(rng, rows("en")[0])
    question_rows(into, rng, resume, [passage(chunk)[0] for chunk in resume.chunks], 0, False, lines=True)
    of_lines = [(into.first_text[first], into.unit_text[units[0]], label) for (first, _, label, source, *_), units in zip(into.of, into.sets, strict=True) if into.sources[source] == "line_en"]
    told = [(question, line) for question, line, label in of_lines if label == 1]
    assert len(told) > 5 and len({label for *_, label in of_lines}) == 2
    for ask in resume.asks:
        right = {resume.chunks[i].text[a:b] for i, spans in ask.spans.items() for a, b in spans}
        for question, line in told:
            if question == ask.question:
                assert any(line.endswith(text) or text in line or line.rpartition("\n")[2] in text for text in right), (question, line)


def test_what_is_written_is_what_is_read(claims, tmp_path):
    claims.save(tmp_path / "rows.npz")
    data = Data.read(tmp_path / "rows.npz")
    assert data.of.tolist() == [list(row) for row in claims.of] and data.sets.tolist() == claims.sets
    number = len(claims.of) // 2
    assert data.wrong_of(number).tolist() == claims.wrong[number]
    first = claims.of[number][0]
    assert data.firsts[first, : data.first_length[first]].tolist() == claims.firsts[first]


def test_what_is_kept_for_measuring_is_marked(tokenizer):
    into, rng = Rows(tokenizer), random.Random(2)
    row = rows("en", held_out=True)[0]
    resume = swapped(rng, row)
    judged.claim_rows(into, rng, resume, [passage_of(chunk) for chunk in resume.chunks], 0, True)
    assert into.of and all(held == 1 for *_, held in into.of)


def test_a_question_stands_there_in_the_other_language_too_behind_the_same_lines(tokenizer):
    into, rng = Rows(tokenizer), random.Random(1)
    row = next(row for row in rows("en") if sum(bool(ask["other"]) for ask in row["asks"]) > 4)
    resume = swapped(rng, row)
    question_rows(into, rng, resume, [passage(chunk)[0] for chunk in resume.chunks], 0, False, lines=True)
    told = {source: {into.first_text[first] for first, _, _, of, *_ in into.of if into.sources[of] == source} for source in into.sources}
    others = {ask.other for ask in resume.asks if ask.other}
    assert told["line_crossed_en"] | told["written_crossed_en"] <= others and len(told["line_crossed_en"]) > 2
    for ask in resume.asks:
        right = {tuple(units) for (first, _, label, of, *_), units in zip(into.of, into.sets, strict=True) if label == 1 and into.sources[of] == "line_crossed_en" and into.first_text[first] == ask.other}
        lines = [resume.chunks[i].text[a:b] for i, spans in ask.spans.items() for a, b in spans]
        assert all(any(line in into.unit_text[units[0]] or into.unit_text[units[0]].rpartition("\n")[2] in line for line in lines) for units in right if ask.other)


def test_of_the_groups_some_ask_in_the_other_language():
    asked = [ask.question for group in itertools.islice(written_groups(5, held_out=False, korean_share=0.0), 12) for ask in group.asks]
    korean = [question for question in asked if re.search("[가-힣]", question)]
    assert 5 < len(korean) < 0.5 * len(asked)


def test_a_share_of_the_groups_asks_in_the_other_language_alone():
    groups = list(itertools.islice(written_groups(5, held_out=False, korean_share=0.0, crossed=0.7), 20))
    korean = [sum(bool(re.search("[가-힣]", ask.question)) for ask in group.asks) / len(group.asks) for group in groups]
    assert 8 <= sum(share > 0.4 for share in korean) <= 18, korean  # beside these are statements, in the resume's language


def test_what_is_kept_in_both_languages_is_asked_in_the_other():
    own, crossed = (list(itertools.islice(kept_groups("ko", across), 3)) for across in (False, True))
    assert all(re.search("[가-힣]", ask.question) for group in own for ask in group.asks)
    asked = [ask.question for group in crossed for ask in group.asks]
    assert sum(bool(re.search("[a-z]", question)) for question in asked) > 0.95 * len(asked) and len(asked) > 10


def test_of_the_rows_that_do_not_cross_languages_a_share_can_be_left_out(tokenizer, tmp_path):
    row = next(row for row in rows("en") if sum(bool(ask["other"]) for ask in row["asks"]) > 4)
    into, rng = Rows(tokenizer), random.Random(1)
    for held_out in (False, True):
        line_rows(into, rng, swapped(rng, row), int(held_out), held_out)
    count = lambda: Counter((into.sources[source], held_out) for *_, source, _, held_out in into.of)
    before = count()
    into.thin(rng, 0.5)
    after = count()
    assert 0.2 * before["line_en", 0] < after["line_en", 0] < 0.8 * before["line_en", 0]
    assert all(after[kind] == before[kind] for kind in before if kind != ("line_en", 0)) and before["line_crossed_en", 0]
    into.save(tmp_path / "rows.npz")
    assert len(Data.read(tmp_path / "rows.npz").sets) == sum(after.values()) == len(into.wrong)
