"""The answers benchmark's scoring: what counts as right, as refused, and as invented."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from benchmarks.answers import (
    Outcome,
    Question,
    holds,
    invented,
    is_correct,
    missing_groups,
    normalised,
    outcome_of,
    read_questions,
    summary,
    table_of,
    wrong_rows,
)
from rag.pipeline import NEAREST
from rag.types import Chunk, Finished, RetrievedChunk, Turn
from settings import Settings

QUESTION = Question(
    id="en-q1",
    lang="en",
    user_input="How many people did she lead at Norrvind?",
    reference="She led six engineers.",
    answerable=True,
    must_include=[["six", "6"], ["engineers"]],
    must_not_include=["teacher"],
    evidence="Led six engineers",
    document="en.md",
    tags=[],
)
UNANSWERABLE = replace(QUESTION, answerable=False, must_include=[], must_not_include=[], evidence=None)


def turn(reply: str, declined: bool = False, status: str = "finished", error: str = "") -> Turn:
    chunk = Chunk("d-0", "d", "en.md", "Ada Quist", "Experience", "Led six engineers at Norrvind, 2019 – 2022.", 0, 43)
    return Turn(
        conversation_id="c",
        user_input=QUESTION.user_input,
        retrieved_contexts=(RetrievedChunk(chunk, 1, 0.9, "both"),),
        response=reply,
        status=status,
        declined=declined,
        error=error,
    )


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("She led SIX engineers.", "six"),
        ("It saved €66,000 a year.", "66000"),
        ("It saved 66000.", "66,000"),
        ("진료 기록 2억4천만 건", "2억 4천만"),
        ("Python으로 만들었습니다.", "python"),
        ("Prof. Dhondt\u2011Maes", "Dhondt-Maes"),
        ("From 99.52% on.", "99.52"),
        ("In 2022.", "2022"),
        ("2021.06 ~ 현재", "2021"),
    ],
)
def test_a_fact_is_found_whatever_its_case_spaces_commas_and_dashes(reply, wanted):
    assert holds(reply, wanted)


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("sixteen engineers", "six"),
        ("It took 16 days.", "6"),
        ("99.52%", "99.5"),
        ("99.52%", "52"),
        ("Written at Google.", "Go"),
        ("She leads them [6].", "6"),
        ("메디온", "메디온결"),
    ],
)
def test_a_fact_is_not_found_inside_another_word_number_or_citation(reply, wanted):
    assert not holds(reply, wanted)


def test_an_empty_alternative_is_refused_rather_than_always_found():
    with pytest.raises(ValueError, match="empty"):
        holds("anything", " ")


def test_normalising_drops_citations_and_unifies_quotes():
    assert normalised("“A  lesson”, she said [1][2].") == "'a lesson' she said ."


def test_every_group_needs_one_alternative():
    assert missing_groups("6 people", [["six", "6"], ["engineers"]]) == [["engineers"]]


@pytest.mark.parametrize(
    ("question", "reply", "declined", "correct"),
    [
        (QUESTION, "She led 6 engineers.", False, True),
        (QUESTION, "She led some engineers.", False, False),
        (QUESTION, "She led six engineers as a teacher.", False, False),
        (QUESTION, "The resume does not say if six engineers.", True, False),
        (UNANSWERABLE, "The resume does not say.", True, True),
        (UNANSWERABLE, "She led six engineers.", False, False),
    ],
)
def test_what_counts_as_right(question, reply, declined, correct):
    assert is_correct(question, reply, declined) is correct


def test_numbers_and_names_that_stand_nowhere_are_invented():
    sources = ["Led six engineers at Norrvind, 2019 – 2022, for €12,000."]
    numbers, names = invented("In 2019 she led 6 people at Norrvind and 7 at Halmgren for 12000 [3].", sources)
    assert (numbers, names) == (["7"], ["Halmgren"])


def test_a_number_in_letters_that_stands_nowhere_is_invented():
    sources = ["Clerk, Norrvind, September 2019 – December 2021. Led 6 people, among them two Danes."]
    assert invented("About four years, from September 2019 to December 2021 [1].", sources)[0] == ["four"]
    assert invented("She led six people, two of them Danes, one from Aarhus.", sources)[0] == []


def test_a_length_of_time_that_the_dates_make_up_is_not_invented():
    dated = turn("About 2 years and 4 months (2019-09 – 2021-12) [1].\n\n\"Clerk, Norrvind\" [1]")
    [found] = dated.retrieved_contexts
    chunk = replace(found.chunk, section="Experience", text="Clerk, Norrvind\n2019-09 – 2021-12")
    dated.retrieved_contexts = (replace(found, chunk=chunk),)
    assert outcome_of(QUESTION, dated, 1.0).invented_numbers == []
    dated.response = dated.response.replace("2 years", "7 years")
    assert outcome_of(QUESTION, dated, 1.0).invented_numbers == ["7", "4"]


def test_sentence_starts_possessives_and_joined_known_names_are_not_invented():
    numbers, names = invented("Leading it was hard. There, Norrvind's Ada-Quist stayed.", ["Norrvind", "Ada Quist"])
    assert (numbers, names) == ([], [])


def test_a_half_copied_name_is_invented():
    assert invented("She works at Norvind.", ["Norrvind"])[1] == ["Norvind"]


def test_a_failed_or_cut_turn_is_wrong_and_says_so():
    failed = outcome_of(QUESTION, turn("She led six engineers.", status="failed", error="out of memory"), 1.0)
    cut = outcome_of(QUESTION, turn("She led six engineers.", status="stopped"), 1.0)
    assert (failed.correct, failed.error) == (False, "out of memory")
    assert (cut.correct, cut.error) == (False, "the turn ended as stopped")


def test_the_question_the_sources_and_the_subject_may_all_be_named():
    outcome = outcome_of(QUESTION, turn("At Norrvind, the engineer Ada Quist led six engineers until 2022."), 1.0)
    assert outcome.correct
    assert (outcome.invented_numbers, outcome.invented_names) == ([], [])


def outcomes() -> list[Outcome]:
    return [
        outcome_of(QUESTION, turn("She led six engineers."), 1.0),
        outcome_of(QUESTION, turn("She led 9 engineers at Halmgren."), 3.0),
        outcome_of(UNANSWERABLE, turn("The resume does not say.", declined=True), 2.0),
    ]


def test_the_summary_counts_by_language_and_kind_and_has_no_row_without_questions():
    rows = {(row["lang"], row["kind"]): row for row in summary(outcomes())}
    assert set(rows) == {("en", "answerable"), ("en", "unanswerable"), ("all", "all")}
    answerable = rows["en", "answerable"]
    assert (answerable["questions"], answerable["correct"], answerable["share"]) == (2, 1, 0.5)
    assert (answerable["invented_numbers"], answerable["invented_names"], answerable["seconds"]) == (1, 1, 2.0)
    assert rows["all", "all"]["correct"] == 2
    assert "50.0%" in table_of(summary(outcomes()))


def test_lines_that_are_called_the_nearest_are_counted_and_marked():
    doubtful = turn('"Led six." [1]')
    doubtful.notice = f"{NEAREST['en']} Quoted."
    asked = [outcome_of(UNANSWERABLE, doubtful, 1.0), *outcomes()]
    assert {row["kind"]: row["nearest"] for row in summary(asked) if row["lang"] == "en"} == {"answerable": 0, "unanswerable": 1}
    assert "should have declined; shown as the nearest lines" in wrong_rows(asked)


def test_wrong_rows_show_question_expectation_reply_and_reason_and_right_ones_stay_out():
    shown = wrong_rows(outcomes())
    for part in (QUESTION.user_input, QUESTION.reference, "She led 9 engineers at Halmgren.", "lacks six / 6"):
        assert part in shown
    assert "does not say" not in shown


def test_a_limit_counts_per_file_and_a_row_with_a_wrong_field_is_refused(tmp_path):
    row = '{"id":"%s","lang":"en","user_input":"?","reference":"","answerable":false,"must_include":[],'
    row += '"must_not_include":[],"evidence":null,"document":"en.md","tags":[]}\n'
    (tmp_path / "a.jsonl").write_text(row % "a1" + row % "a2")
    (tmp_path / "b.jsonl").write_text(row % "b1")
    assert [question.id for question in read_questions(tmp_path, limit=1)] == ["a1", "b1"]
    (tmp_path / "b.jsonl").write_text('{"id": "b1", "question": "?"}\n')
    with pytest.raises(TypeError):
        read_questions(tmp_path)


class FakeIndex(list):
    def documents(self):
        return [SimpleNamespace(id=name) for name in self]


def test_each_resume_is_asked_alone_with_the_models_of_the_one_before(tmp_path, monkeypatch):
    from benchmarks.answers import ask_all

    seen: list[list[str]] = []
    opened: list[object] = []

    class Bot:
        def __init__(self):
            self.index = FakeIndex()
            opened.append(self)

        def warm_up(self):
            pass

        def index_files(self, paths):
            self.index += [path.name for path in paths]

        def remove_document(self, name):
            self.index.remove(name)

        def answer(self, message, history=()):
            seen.append(list(self.index))
            yield Finished(replace(turn("Six engineers."), user_input=message, generator="g"))

    monkeypatch.setattr("rag.pipeline.open_bot", lambda settings: Bot())
    for name in ("en.md", "other.txt"):
        (tmp_path / name).write_text("Ada Quist", encoding="utf-8")

    ask_all([QUESTION, replace(QUESTION, id="q2", document="other.txt")], Settings(), resumes=[tmp_path])

    assert seen == [["en.md"], ["other.txt"]] and len(opened) == 1


def test_a_follow_up_is_asked_after_its_conversation(tmp_path, monkeypatch):
    from benchmarks.answers import ask_all

    asked: list[tuple[str, list]] = []

    class Bot:
        index = FakeIndex([1])
        index_files = warm_up = remove_document = lambda self, *given: None

        def answer(self, message, history=()):
            asked.append((message, list(history)))
            yield Finished(replace(turn("Six engineers."), user_input=message, standalone_question=f"alone: {message}", generator="g"))

    monkeypatch.setattr("rag.pipeline.open_bot", lambda settings: Bot())
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    (tmp_path / "b" / "en.md").write_text("Ada Quist", encoding="utf-8")
    question = replace(QUESTION, user_input="and there?", after=["where did she work?", "how long?"])

    outcomes, _ = ask_all([question], Settings(), resumes=[tmp_path / "a", tmp_path / "b"])

    assert [message for message, _ in asked] == ["where did she work?", "how long?", "and there?"]
    assert asked[-1][1] == [("alone: where did she work?", "Six engineers."), ("alone: how long?", "Six engineers.")]
    assert outcomes[0].user_input == "and there?" and outcomes[0].correct
    with pytest.raises(FileNotFoundError):
        ask_all([question], Settings(), resumes=[tmp_path / "a"])
