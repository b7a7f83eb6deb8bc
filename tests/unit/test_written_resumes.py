"""Resumes written by hand for training: what is swapped stays consistent, and nothing of the test sets is among them."""

import itertools
import json
import os
import random
import re
import subprocess
import sys

import pytest

from rag.training.reranker_data import written_groups
from rag.training.written_resumes import ASKS, CROSSED, Swap, draw_written, newest, rows, swapped
from settings import PROJECT

LANGUAGES = ("en", "ko")
FIGURE = re.compile(r"(?<![\w.,'’])\d{3,}(?![\w.,])")


def row(**changes) -> dict:
    return {
        "lang": "en", "trade": "porter", "name": "Ada Quorn", "pronoun": "she",
        "text": "# Ada Quorn\n\n## Work\nPorter, Vellmar Hospital, 2011 – 2014\n- Moved 431 beds a week with Bo Tarn.",
        "entities": {"self": ["Ada", "Quorn"], "org": ["Vellmar Hospital"], "person": ["Bo Tarn"]},
        "asks": [
            {"q": "How many beds did Ada move at Vellmar?", "a": "Ada moved 431 beds a week.", "lines": ["- Moved 431 beds a week with Bo Tarn."], "missing": ""},
            {"q": "Which was larger?", "a": "The 431 beds.", "lines": ["- Moved 431 beds a week with Bo Tarn."], "missing": ""},
            {"q": "Does Ada know Excel?", "a": None, "lines": [], "missing": "Excel"},
        ],
    } | changes  # fmt: skip


def test_resume_question_and_answer_change_together():
    seen = set()
    for seed in range(40):
        drawn = swapped(random.Random(seed), row())
        text = "\n".join(chunk.text for chunk in drawn.chunks)
        beds = re.search(r"Moved (\d+) beds", text)[1]
        seen.add(beds)
        answer = next(ask for ask in drawn.asks if ask.question.startswith("How many"))
        assert answer.answer.endswith(f"moved {beds} beds a week.")
        assert answer.answer.split()[0] == drawn.subject.split()[0] in answer.question
        assert " Hospital" in text and "Ada" not in text
        [spans] = answer.spans.values()
        [place] = answer.spans
        assert [drawn.chunks[place].text[a:b] for a, b in spans] == [line for line in text.split("\n") if "beds" in line]
        if beds != "431":  # other figures may turn a comparison round
            assert not any("larger" in ask.question for ask in drawn.asks)
    assert len(seen) > 5 and "431" in seen


def test_years_move_by_the_same_number_and_dates_stay_whole():
    swap = Swap(random.Random(1), row())
    swap.years, swap.figures = -3, {"11": "99", "2014": "7777"}
    assert swap("since 2011, 11 staff, 03.11.2014, tel. +32 485 11 11 11") == "since 2008, 99 staff, 03.11.2011, tel. +32 485 11 11 11"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_that_tells_is_found_in_a_passage(language):
    kept = asked = 0
    for number, written in enumerate((*rows(language), *rows(language, held_out=True))):
        drawn = swapped(random.Random(number), written)
        asked += len(written["asks"])
        kept += len(drawn.asks)
        for ask in drawn.asks:
            assert (ask.answer is None) == (not ask.spans)
            for place, spans in ask.spans.items():
                assert all(drawn.chunks[place].text[a:b].strip() for a, b in spans)
    assert kept > 0.9 * asked


def test_answers_of_a_draw_copy_the_figures_of_their_lines():
    wrong = told = 0
    for seed in range(60):
        drawn = draw_written(random.Random(seed), "en")
        whole = "\n".join(chunk.text for chunk in drawn.chunks)
        for ask in drawn.asks:
            for figure in FIGURE.findall(ask.answer or ""):
                told += 1
                wrong += figure not in whole
    assert told > 100 and wrong / told < 0.03  # a few were computed: a span of years, a sum


def test_further_questions_are_about_a_resume_and_of_both_kinds():
    everything = {r["name"]: r for language in LANGUAGES for held_out in (False, True) for r in rows(language, held_out)}
    told = untold = 0
    for file in ASKS.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            further = json.loads(line)
            resume = everything[further["name"]]  # under another name they would be asked of nobody
            for ask in further["asks"]:
                assert any(ask.items() <= each.items() for each in resume["asks"] if each["lines"] == ask["lines"])
                assert bool(ask["lines"]) == (ask["a"] is not None)
                assert ask["missing"].casefold() not in resume["text"].casefold() or not ask["missing"]
                told, untold = told + (ask["a"] is not None), untold + (ask["a"] is None)
    assert told > 1000 and untold > 1000


def test_a_question_in_the_other_language_is_of_a_question_and_has_its_names():
    named = kept = found = 0
    for language in LANGUAGES:
        everything = {row["name"]: row for held_out in (False, True) for row in rows(language, held_out)}
        for line in (CROSSED / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
            crossed = json.loads(line)
            row = everything[crossed["name"]]
            asks = {ask["q"]: ask["other"] for ask in row["asks"]}
            assert crossed["asks"].items() <= asks.items() and all(re.search("[가-힣]" if language == "en" else "[A-Za-z]", other) for other in crossed["asks"].values())
            found += len(crossed["asks"])
            for name in {name for names in row["entities"].values() for name in names if len(name) > 1}:
                for question, other in crossed["asks"].items():
                    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)" if language == "en" else re.escape(name), question):
                        named, kept = named + 1, kept + (name.casefold() in other.casefold())
    assert found > 5000 and kept > 0.97 * named


def test_the_other_question_changes_with_the_first():
    crossed = row(asks=[row()["asks"][0] | {"other": "Ada는 Vellmar Hospital에서 침대를 몇 개 옮겼나요?"}])
    for seed in range(20):
        drawn = swapped(random.Random(seed), crossed)
        [ask] = drawn.asks
        assert ask.other.startswith(f"{drawn.subject.split()[0]}는 ") and ("Vellmar" in ask.other) == ("Vellmar" in drawn.text)
    assert all(not ask.other for ask in swapped(random.Random(0), row()).asks)


def test_what_is_held_out_is_never_trained_on():
    for language in LANGUAGES:
        kept, trained = rows(language, held_out=True), rows(language)
        assert kept and trained
        assert not {r["name"] for r in kept} & {r["name"] for r in trained}


def test_nothing_of_the_test_sets_is_among_them():
    everything = [row for language in LANGUAGES for held_out in (False, True) for row in rows(language, held_out)]
    questions = {ask[key].casefold() for row in everything for ask in row["asks"] for key in ("q", "other")}
    names = {row["name"] for row in everything}
    for file in PROJECT.glob("data/questions/**/*.jsonl"):
        if file.parent.name == "kinds":
            continue  # what is asked of any resume; tests/unit/test_intents.py
        for line in file.read_text(encoding="utf-8").splitlines():
            asked = json.loads(line)
            if len(asked["user_input"].split()) > 4:  # "current role?" is anybody's question
                assert asked["user_input"].casefold() not in questions
    for file in PROJECT.glob("data/**/*.md"):
        text = file.read_text(encoding="utf-8")
        assert not any(name in text for name in names), file


def test_the_rerankers_groups_ask_without_the_name_and_point_into_their_passages():
    groups = written_groups(3, held_out=False)
    answered = unanswered = 0
    for _ in range(30):
        group = next(groups)
        for ask in group.asks:
            answered, unanswered = answered + bool(ask.spans), unanswered + (not ask.spans)
            for place, spans in ask.spans.items():
                assert place not in ask.unsure
                assert all(group.passages[place][a:b].strip() for a, b in spans)
    assert answered > unanswered > 50


def test_the_judges_passages_stand_under_the_name_half_of_the_time_and_the_spans_move_along():
    shares = []
    for group in itertools.islice(written_groups(3, held_out=False, headed=True), 60):
        heads = {passage.split("\n")[0].split(" – ")[0] for passage in group.passages}
        shares.append(len(heads) == 1 and len(group.passages) > 1)
        for ask in group.asks:
            for place, spans in ask.spans.items():
                text = group.passages[place]
                for a, b in spans:  # whole lines, whatever stands in front of them
                    assert text[a:b].strip() and "\n" not in text[a:b].strip("\n")
                    assert not shares[-1] or a >= len(next(iter(heads)))
    assert 0.3 < sum(shares) / len(shares) < 0.7


def test_a_seed_draws_the_same_in_every_process():
    program = (
        "import random; from rag.training.written_resumes import draw_written\n"
        "print([draw_written(random.Random(n), l).text for l in ('en', 'ko') for n in range(6)])"
    )
    said = {
        subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=PROJECT, capture_output=True, check=True).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_training_goes_on_with_the_newest_resumes_and_a_share_of_the_others():
    every = rows("en")
    newer = [row["name"] for row in every if row["file"] >= "en_zzd"]
    some = [row["name"] for row in newest(random.Random(1), "en", ("en_zzd", "ko_zh"), 0.2)]
    assert newer and set(newer) <= set(some)
    older = len(every) - len(newer)
    assert 0.1 * older < len(some) - len(newer) < 0.3 * older
    assert [row["name"] for row in newest(random.Random(1), "en", ("en_zzd",), 0.0)] == newer
    assert newest(random.Random(1), "ko", ("en_zzd",), 0.0) == rows("ko")
