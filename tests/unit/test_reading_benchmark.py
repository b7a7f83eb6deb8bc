"""The table over the ways to answer: what each column counts."""

import json

import pytest
from click.testing import CliRunner

from benchmarks.answers import main
from benchmarks.reading import Asked, reading_set, score, summary, table_of
from rag.types import Chunk, RetrievedChunk, Turn

PASSAGE = "The bridge was opened in 1886 by Grover Cleveland."
SPAN = Asked("squad", "1", "en", "When was the bridge opened?", ("in 1886", "1886"), True, PASSAGE, "Bridge")
NOTHING = Asked("squad", "2", "en", "Who painted it?", (), False, PASSAGE, "Bridge")


def turn(reply: str, declined: bool = False) -> Turn:
    found = RetrievedChunk(Chunk("b-0", "b", "Bridge.txt", "Bridge", "", PASSAGE, 0, len(PASSAGE)), 1, 1.0, "both")
    return Turn("", "", retrieved_contexts=(found,), response=reply, declined=declined, status="finished")


def test_a_sentence_holds_the_span_but_is_no_exact_match():
    row = score(SPAN, "adapter", turn("It was opened in 1886 [1]."), 0.5)
    assert (row.em, row.holds, row.invented) == (0.0, True, [])
    assert row.f1 == pytest.approx(2 * (2 / 5) * 1 / (2 / 5 + 1))
    assert score(SPAN, "quote", turn('"1886" [1]'), 0.5).em == 1.0, "citations and quotation marks do not count"


def test_an_invented_number_or_name_is_counted_and_a_refusal_is_not_an_answer():
    assert score(SPAN, "base", turn("It was opened in 1887 by Ulysses."), 0.5).invented == ["1887", "Ulysses"]
    refusal = score(SPAN, "base", turn("The resume does not say.", True), 0.5)
    assert (refusal.em, refusal.f1, refusal.chars, refusal.holds) == (0.0, 0.0, 0.0, False)


def test_declines_are_right_or_wrong_by_what_can_be_answered():
    rows = [
        score(SPAN, "base", turn("The resume does not say.", True), 1.0),
        score(SPAN, "base", turn("In 1886."), 1.0),
        score(NOTHING, "base", turn("The resume does not say.", True), 1.0),
        score(NOTHING, "base", turn("Cleveland painted it."), 1.0),
    ]
    (only,) = summary(rows)
    assert (only["right_declines"], only["wrong_declines"], only["holds"]) == (0.5, 0.5, 0.5)
    assert only["exact_match"] == 0.5 and only["questions"] == 4
    assert "EM is nearly 0 by construction" in table_of([only])


def test_a_set_without_unanswerable_questions_has_no_right_declines():
    (only,) = summary([score(SPAN, "quote", turn("1886"), 1.0)])
    assert only["right_declines"] is None and "–" in table_of([only])


def test_the_rows_of_a_reading_set_are_read_up_to_the_limit(tmp_path):
    row = {"id": "a", "lang": "ko", "question": "언제?", "context": "1886년", "answers": ["1886년"], "answerable": True}
    (tmp_path / "qa_x_ko_dev.jsonl").write_text(f"{json.dumps(row)}\n" * 3, encoding="utf-8")
    assert len(reading_set(tmp_path, "qa_x_ko", 2)) == 2
    assert reading_set(tmp_path, "qa_x_ko", 1)[0] == Asked("qa_x_ko", "a", "ko", "언제?", ("1886년",), True, "1886년", "qa_x_ko")


def test_an_unknown_way_is_a_sentence():
    done = CliRunner().invoke(main, ["--ways", "base,magic"])
    assert done.exit_code == 2 and "'magic' is none of base, adapter, adapter+copy, quote" in done.output
