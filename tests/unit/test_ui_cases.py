"""The Cases part of the Regression page, handled as the browser would send it: find, decide, merge, in and out."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from judge.regression.types import Case
from settings import Settings
from tests.browser.fakes import FakeBot, services_of
from ui.access import Access
from ui.cases import CasesPanel, ids_of, query_of, tags_of
from ui.render_cases import FORMATS, PER_PAGE, Query
from ui.services import BotLoader
from ui.shell import AdminPage


def request(language: str = "en-US") -> SimpleNamespace:
    return SimpleNamespace(session_hash="s1", headers={"accept-language": language})


@pytest.fixture
def panel():
    settings = Settings()
    made = CasesPanel(services_of(BotLoader(FakeBot)), AdminPage("regression", settings, Access(settings)))
    made.services.regression.add_cases(
        [
            Case("old", "Where does she work?", status="accepted", tags=("smoke",), created_at="2026-01-01"),
            Case("ref", "Where does she work now?", reference="Hanbit Labs", reason="wrong_fact"),
            Case("auto", "어디에서 공부했나요?", origin="auto", rule="faithfulness 0.33 < 0.50"),
        ]
    )
    return made


def act(panel: CasesPanel, **sent):
    """Returns: (filter, table, detail, notice) as drawn."""
    return panel.act({}, request(), SimpleNamespace(_data=sent))


def find(panel: CasesPanel, **query) -> str:
    return panel.find({}, request(), SimpleNamespace(_data={"query": query}))[0]


def case(panel: CasesPanel, case_id: str) -> Case:
    return panel.services.regression.case(case_id)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"old", "ref", "auto"}),
        ({"status": "accepted"}, {"old"}),
        ({"origin": "auto"}, {"auto"}),
        ({"reason": "wrong_fact"}, {"ref"}),
        ({"tag": "smoke"}, {"old"}),
        ({"text": "hanbit"}, {"ref"}),
        ({"text": "공부"}, {"auto"}),
        ({"text": "work", "status": "candidate"}, {"ref"}),
        ({"status": "'; drop table cases; --", "page": -3, "origin": ["auto"]}, {"old", "ref", "auto"}),
    ],
)
def test_filters_find_what_they_say(panel, query, found):
    table = find(panel, **query)
    assert {case_id for case_id in ("old", "ref", "auto") if f'data-id="{case_id}"' in table} == found


def test_filters_and_the_open_case_outlive_a_switch_of_the_language(panel):
    filters, _, _, _, table, detail = panel.shown("ko", {"query": {"text": "work", "status": "candidate", "page": 0}, "id": "ref"})
    assert 'value="work"' in filters and '<option value="candidate" selected>' in filters
    assert 'data-id="ref" class=v-opened' in table and 'data-id="auto"' not in table
    assert ">Hanbit Labs</textarea>" in detail and "기대 답변" in detail
    for looked in ({}, {"query": [], "id": ["ref"]}, {"id": "gone"}):
        filters, _, _, _, table, detail = panel.shown("ko", looked)
        assert "<form" not in detail and all(f'data-id="{each}"' in table for each in ("old", "ref", "auto"))


def test_an_empty_result_says_what_to_do(panel):
    assert "No case like this" in find(panel, text="nothing like it")
    for case_id in ("old", "ref", "auto"):
        panel.services.regression.delete_case(case_id)
    assert "Press the thumb down" in find(panel)


def test_a_thousand_cases_come_in_pages(panel):
    panel.services.regression.add_cases(Case("", f"Question {n}") for n in range(1000))
    first, last = find(panel), find(panel, page=10**5)
    assert first.count("<tr data-id") == PER_PAGE and f"1–{PER_PAGE} of 1,003" in first
    assert last.count("<tr data-id") == 1003 % PER_PAGE and "of 1,003" in last


def test_what_was_typed_is_saved_and_accepted_in_one_step(panel):
    _, _, detail, notice = act(
        panel,
        act="accept",
        id="ref",
        opened="ref",
        user_input="Where is she now?",
        reference="At Hanbit.",
        tags="a, b,,a",
    )
    saved = case(panel, "ref")
    assert (saved.user_input, saved.reference, saved.tags) == ("Where is she now?", "At Hanbit.", ("a", "b"))
    assert saved.status == "accepted" and "Accepted." in notice and "At Hanbit." in detail


def test_several_are_decided_at_once(panel):
    _, _, _, notice = act(panel, act="dismiss", ids=["old", "auto"])
    assert {case(panel, each).status for each in ("old", "auto")} == {"dismissed"} and "2 cases dismissed" in notice


def test_a_tag_is_added_to_what_is_there(panel):
    act(panel, act="add_tag", ids=["old", "ref"], tag="nightly")
    assert case(panel, "old").tags == ("smoke", "nightly") or set(case(panel, "old").tags) == {"smoke", "nightly"}
    assert case(panel, "ref").tags == ("nightly",)
    assert "Type a tag first" in act(panel, act="add_tag", ids=["old"], tag=" , ")[3]


def test_merging_keeps_the_case_that_has_an_expected_answer(panel):
    _, _, detail, _ = act(panel, act="merge", ids=["old", "ref"])
    assert case(panel, "old").status == "merged" and case(panel, "old").merged_into == "ref"
    assert "smoke" in case(panel, "ref").tags and "Hanbit Labs" in detail
    assert "at least two" in act(panel, act="merge", ids=["ref"])[3]


def test_the_open_case_names_those_that_ask_nearly_the_same_and_takes_them_in(panel):
    detail = act(panel, act="open", id="ref")[2]
    assert 'data-other="old"' in detail and 'data-other="auto"' not in detail
    act(panel, act="absorb", id="ref", other="old")
    assert case(panel, "old").merged_into == "ref"


def test_a_merged_case_is_merged_no_further(panel):
    act(panel, act="merge", ids=["old", "ref"])
    assert "absorb" not in act(panel, act="open", id="old")[2]  # no case is offered for it
    assert "at least two" in act(panel, act="merge", ids=["old", "auto"])[3]
    assert case(panel, "auto").status == "candidate"


def test_a_refused_export_hands_over_no_earlier_file(panel):
    sent = SimpleNamespace(_data={"query": {"text": "zzz"}, "ids": [], "format": "vouch"})
    made, notice = panel.export({}, request(), sent)
    assert made.constructor_args["value"] is None and "v-status" in notice


def test_a_merged_case_can_be_brought_back(panel):
    act(panel, act="merge", ids=["old", "ref"])
    act(panel, act="reopen", ids=["old"])
    assert case(panel, "old").status == "candidate" and case(panel, "old").merged_into == ""


def test_a_case_that_is_gone_is_said(panel):
    panel.services.regression.delete_case("ref")
    for sent in (
        {"act": "accept", "ids": ["ref"]},
        {"act": "delete", "id": "ref"},
        {"act": "merge", "ids": ["ref", "old"]},
    ):
        assert "does not exist any more" in act(panel, **sent)[3]


@pytest.mark.parametrize(
    "sent", [None, [], "x", {}, {"act": "drop"}, {"act": ["accept"], "ids": "old"}, {"act": "accept"}]
)
def test_malformed_events_change_nothing(panel, sent):
    before = panel.services.regression.cases()
    panel.act({}, request(), SimpleNamespace(_data=sent))
    assert panel.services.regression.cases() == before


def test_a_case_needs_a_question(panel):
    assert "needs a question" in act(panel, act="save", id="ref", user_input=" \x00 ", reference="", tags="")[3]
    assert case(panel, "ref").user_input == "Where does she work now?"


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_is_served_from_gradios_own_folder_and_never_from_data(panel, kind, monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    made, notice = panel.export({}, request(), SimpleNamespace(_data={"query": {}, "format": kind, "ids": ["ref"]}))
    path = Path(made.constructor_args["value"])
    text = path.read_text("utf-8")
    assert path.is_relative_to(tmp_path) and "Where does she work now?" in text
    assert "1 case exported" in notice
    read = {".json": json.loads, ".jsonl": json.loads, ".yaml": yaml.safe_load, ".csv": csv.DictReader}
    rows = read[path.suffix](text)  # the suffix says what it is
    assert isinstance(rows, list) == (kind in ("deepeval", "promptfoo"))


def test_an_export_without_a_selection_is_what_the_filter_finds(panel, monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    made, _ = panel.export({}, request(), SimpleNamespace(_data={"query": {"origin": "auto"}, "format": "ragas"}))
    text = Path(made.constructor_args["value"]).read_text("utf-8")
    assert "어디에서 공부했나요?" in text and "Where does she work" not in text
    _, notice = panel.export({}, request(), SimpleNamespace(_data={"query": {"text": "nope"}}))
    assert "find no case to export" in notice


def test_what_was_exported_can_be_imported_and_the_upload_is_not_kept(panel, monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    made, _ = panel.export({}, request(), SimpleNamespace(_data={"format": "ragas"}))
    upload = tmp_path / "cases.jsonl"
    upload.write_bytes(Path(made.constructor_args["value"]).read_bytes())
    for case_id in ("old", "ref", "auto"):
        panel.services.regression.delete_case(case_id)
    _, table, notice = panel.bring(str(upload), {}, request())
    assert "3 cases imported" in notice and "Where does she work now?" in table and not upload.exists()


def test_a_file_that_is_not_cases_gets_one_sentence_and_adds_nothing(panel, tmp_path):
    upload = tmp_path / "x.jsonl"
    upload.write_text('{"user_input": "fine"}\n{"nothing": ', "utf-8")
    _, _, notice = panel.bring(str(upload), {}, request())
    assert "v-status-error" in notice and len(panel.services.regression.cases()) == 3 and not upload.exists()


def test_a_file_in_which_two_cases_have_one_id_gets_one_sentence_and_adds_nothing(panel, tmp_path):
    upload = tmp_path / "x.jsonl"
    upload.write_text('{"user_input": "a?", "id": "x"}\n{"user_input": "b?", "id": "x"}\n', "utf-8")
    _, _, notice = panel.bring(str(upload), {}, request("ko"))
    assert "id가 x인 사례가 여럿입니다" in notice and len(panel.services.regression.cases()) == 3


def test_absorbing_an_accepted_case_keeps_its_question_in_the_test_set(panel):
    act(panel, act="absorb", id="ref", other="old")
    assert case(panel, "ref").status == "accepted"


def test_what_a_browser_sends_is_checked():
    assert query_of({"page": True, "text": 5, "tag": None}) == Query(page=1)
    assert ids_of(["a", 1, "a", None, "b"]) == ["a", "b"] and ids_of("ab") == []
    assert tags_of("one,  two words ,, one，three") == ("one", "two words", "three")
    assert max(map(len, tags_of("x" * 500))) <= 40 and len(tags_of(",".join(map(str, range(99))))) == 20
