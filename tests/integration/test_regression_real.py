"""A regression run with the real embedded models: scores that mean something, runs that repeat, a change that shows."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from judge.models import judge_for
from judge.regression.attribution import attribute
from judge.regression.diff import compare
from judge.regression.formats import read_cases
from judge.regression.metrics import Pair, bertscores, reference_scores, semantic_trap
from judge.regression.runner import NOT_INDEXED, backend_beside, backend_of, run_cases
from judge.regression.store import RegressionStore
from judge.store import Store
from rag.errors import ModelError
from rag.pipeline import open_bot
from rag.types import Turn
from settings import PROJECT, Settings

EN, DECLINE, KO = "sample-en-04", "sample-en-11", "sample-ko-06"  # a fact, a refusal, a fact in Korean


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Bot, judge and record on the sample resumes, and the run of three sample cases with all four passages."""
    folder = tmp_path_factory.mktemp("regression")
    settings = Settings(generator="embedded", index=folder / "index", DATABASE_URL=f"sqlite:///{folder}/record.sqlite")
    bot = open_bot(settings)
    bot.index_files(sorted((settings.data / "resumes").glob("*.md")))
    judge = judge_for("embedded", settings)
    store = Store(settings.database_url)
    record = RegressionStore(store)
    cases = {case.id: case for case in read_cases(PROJECT / "data/regression/sample.jsonl")}
    record.add_cases(cases[case_id] for case_id in (EN, DECLINE, KO))
    backend = backend_of(bot, judge, settings)
    run = record.start_run("whole", [EN, DECLINE, KO], backend.configuration)
    whole = run_cases(record, run, backend)
    yield SimpleNamespace(
        settings=settings, bot=bot, judge=judge, record=record, cases=cases, backend=backend, whole=whole,
        results={result.case_id: result for result in record.results(whole.id)},
    )  # fmt: skip
    store.close()


def test_every_case_is_answered_judged_and_compared(world):
    assert (world.whole.status, world.whole.done) == ("finished", 3)
    result = world.results[EN]
    assert "340" in result.turn.response
    assert {
        result.scores[m].state for m in ("faithfulness", "context_recall", "f1", "acc_char", "bleu", "bertscore")
    } == {"scored"}
    assert result.scores["context_recall"].value == 1.0
    assert result.scores["f1"].value > 0.2  # its quotes are no part of the expected answer
    assert world.results[KO].turn.retrieved_contexts[0].chunk.document == "ko-tak-onyu.md"


def test_a_right_refusal_passes_and_its_wording_is_not_graded(world):
    result = world.results[DECLINE]

    assert result.turn.declined
    assert result.passed
    assert result.scores["f1"].state == "unscored"


def test_perplexity_knows_the_true_answer_and_says_where_there_is_none(world):
    chunks = world.results[EN].turn.retrieved_contexts
    turn = Turn("", world.cases[EN].user_input, retrieved_contexts=chunks)
    true, false = (
        world.backend.perplexity(replace(world.cases[EN], reference=answer), turn)
        for answer in ("She moved 340 nightly Oracle jobs.", "She fried eleven bananas for a walrus.")
    )

    assert 1.0 < true < false / 5
    assert world.results[EN].perplexity == pytest.approx(
        world.backend.perplexity(world.cases[EN], world.results[EN].turn), rel=0.05
    )
    assert world.results[KO].perplexity is None
    assert "does not write this language" in world.results[KO].scores["perplexity"].reason


def test_an_answer_that_is_empty_has_no_perplexity(world):
    with pytest.raises(ModelError):
        world.bot.generator.perplexity([{"role": "user", "content": "Hi"}], "  ")


def test_the_same_configuration_gives_the_same_run(world):
    again = world.record.start_run("again", [DECLINE, KO], world.backend.configuration)
    run_cases(world.record, again, world.backend)

    for result in world.record.results(again.id):
        assert result.turn.response == world.results[result.case_id].turn.response
        for metric, score in result.scores.items():
            assert score.value == pytest.approx(world.results[result.case_id].scores[metric].value, abs=1e-3)


def test_a_changed_setting_shows_in_the_diff_and_is_named(world):
    settings = world.settings.model_copy(update={"top_k": 1})
    world.bot.settings = settings
    try:
        one = backend_of(world.bot, world.judge, settings)
        run = world.record.start_run("one passage", [EN], one.configuration)
        run_cases(world.record, run, one)
        compared = compare(world.record, world.whole.id, run.id)
        [result] = world.record.results(run.id)
        made = attribute(world.cases[EN], world.results[EN], result, world.backend, one)
    finally:
        world.bot.settings = world.settings

    assert compared.configuration["settings.top_k"] == (4, 1)
    assert len(result.turn.retrieved_contexts) == 1
    assert compared.cases[0].chunks_changed or len(world.results[EN].turn.retrieved_contexts) == 1
    assert set(made.changed) <= {"index"}
    assert made.cause in ("index", "none")


@pytest.fixture(scope="module")
def elsewhere(world, tmp_path_factory):
    """The run of one case on an index that does not hold the resume it is about."""
    folder = tmp_path_factory.mktemp("elsewhere") / "index"
    settings = world.settings.model_copy(update={"index": folder})
    open_bot(settings).index_files([PROJECT / "data/resumes/ko-tak-onyu.md"])
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    backend = backend_beside(world.bot, world.settings, lambda: world.judge, settings)
    run = world.record.start_run("elsewhere", [EN], backend.configuration)
    run_cases(world.record, run, backend)
    [result] = world.record.results(run.id)
    return SimpleNamespace(folder=folder, files=files, backend=backend, run=run, result=result)


def test_another_index_is_searched_with_the_loaded_models_and_left_as_it_is(world, elsewhere):
    found = elsewhere.result.turn.retrieved_contexts

    made = attribute(world.cases[EN], world.results[EN], elsewhere.result, world.backend, elsewhere.backend)

    assert elsewhere.backend.judge is world.judge
    assert {each.chunk.document for each in found} == {"ko-tak-onyu.md"}
    assert {path: path.read_bytes() for path in elsewhere.folder.rglob("*") if path.is_file()} == elsewhere.files
    assert world.bot.index.hash == world.results[EN].turn.index_hash != elsewhere.result.turn.index_hash
    assert (made.changed, made.cause) == (("index",), "index")


def test_another_prompt_is_recorded_and_counts_as_the_generators_change(world):
    told = world.settings.model_copy(update={"prompt": "Answer in capital letters."})
    backend = backend_beside(world.bot, world.settings, lambda: world.judge, told)
    run = world.record.start_run("told", [EN], backend.configuration)
    run_cases(world.record, run, backend)
    [result] = world.record.results(run.id)

    made = attribute(world.cases[EN], world.results[EN], result, world.backend, backend)

    assert compare(world.record, world.whole.id, run.id).configuration["settings.prompt"][1] == told.prompt
    assert result.turn.prompt_hash != world.results[EN].turn.prompt_hash
    assert world.bot.settings.prompt == ""
    assert made.changed == ("generator",)
    assert made.cause in ("generator", "none")


@pytest.mark.timeout(600)
def test_the_command_line_names_the_change_that_moved_the_scores(world, elsewhere):
    environment = {
        "DATABASE_URL": world.settings.database_url,
        "VOUCH_INDEX": str(world.settings.index),
        "VOUCH_GENERATOR": "embedded",
    }
    done = subprocess.run(
        [sys.executable, "-m", "judge", "regress", "diff", world.whole.id, elsewhere.run.id, "--attribute"],
        check=False, capture_output=True, text=True, timeout=560, cwd=PROJECT, env=os.environ | environment,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    assert f"{EN}  " in done.stdout
    assert "   moved by: index\n" in done.stdout
    assert done.stdout.rstrip().endswith("moved by: index 1")
    assert "Loading weights" not in done.stderr  # nothing but what was asked for


def test_old_passages_are_answered_without_searching(world):
    given = world.results[EN].turn.retrieved_contexts[:1]

    turn = world.backend.answer_from(world.cases[EN], given, threading.Event())

    assert turn.status == "finished"
    assert turn.retrieved_contexts == given


def test_stop_ends_a_real_run_and_resuming_finishes_it(world):
    stop = threading.Event()
    run = world.record.start_run("stopped", [EN, DECLINE, KO], world.backend.configuration)

    stopped = run_cases(world.record, run, world.backend, stop, lambda *_: stop.set())
    finished = run_cases(world.record, run, world.backend)

    assert stopped.status == "stopped"
    assert 1 <= stopped.done < 3
    assert (finished.status, finished.done) == ("finished", 3)


def test_a_case_whose_documents_are_gone_searches_all_and_says_so(world):
    case = replace(world.cases[EN], documents=("0123456789abcdef",))

    turn = world.backend.answer(case, threading.Event())

    assert NOT_INDEXED["en"] in turn.notice
    assert turn.retrieved_contexts


def test_bertscore_tells_equal_from_unrelated_in_one_batch_as_alone():
    pairs = [
        Pair("She works at Quellhof.", "She works at Quellhof."),
        Pair("파이썬을 씁니다.", "Revenue rose by 4 percent."),
    ]

    together = bertscores(pairs)

    assert together[0] == pytest.approx(1.0, abs=1e-3)
    assert together[1] < 0.85
    assert together == pytest.approx([bertscores([pair])[0] for pair in pairs], abs=1e-3)


def test_bertscore_prefers_the_changed_meaning_to_the_paraphrase_in_both_languages():
    figures = {(row.language, row.kind): row.bertscore for row in semantic_trap()}

    assert figures["en", "changed"] > figures["en", "paraphrase"]
    assert figures["ko", "changed"] > figures["ko", "paraphrase"]
    assert min(figures["en", "changed"], figures["ko", "changed"]) > 0.9


def test_context_recall_is_asked_of_the_judge_where_the_judgement_has_none(world):
    blind = replace(world.results[EN].judgement, scores={})

    scores = reference_scores(world.cases[EN], world.results[EN].turn, blind, world.judge)

    assert scores["context_recall"].value == 1.0
