"""Cases in and out: nothing is lost on the way, a bad line is named, and nothing of a case is executed elsewhere."""

import csv
import hashlib
import io
import json
import re

import pytest
import yaml

from judge.regression import formats
from judge.regression.formats import (
    CaseError,
    FormatError,
    as_promptfoo,
    as_ragas,
    defused,
    parse_case,
    read_cases,
    tagged,
    write_cases,
)
from judge.regression.types import Case
from judge.types import Claim, Judgement, Score, Verdict
from rag.prompt import is_declined
from rag.types import Chunk, RetrievedChunk, Timings, Turn
from settings import PROJECT

SAMPLE = PROJECT / "data" / "regression" / "sample.jsonl"
CHUNK = Chunk("d-1", "d", "ann.md", "Ann Ode", "Languages", "French: B2\nDutch: native", 10, 34)
TURN = Turn(
    "conversation", "그녀의 프랑스어는?", id="turn", standalone_question="Ann의 프랑스어는?",
    retrieved_contexts=(RetrievedChunk(CHUNK, 1, 0.83, "both", 0.97),), response="It is C2 [1].", status="finished",
    generator="small", prompt_hash="p", index_hash="i", timings=Timings(0.1, 0.4, 1.2, 7), created_at="2026-01-01",
)  # fmt: skip
VERDICT = Verdict(Claim("It is C2", 0, 8), "contradicted", 0.1, 0.8, 0, "C2 stands nowhere")
JUDGEMENT = Judgement(
    {"faithfulness": Score("faithfulness", 0.0, "scored", "0 of 1"), "answer_relevancy": Score("answer_relevancy", None, "unscored", "slow")},
    (VERDICT, Verdict(Claim("and good", 9, 17), "not_sure", 0.4, 0.1, 0)), (0.9,), "judge-1", 0.2,
)  # fmt: skip
FLAGGED = Case(
    "case-1", "How good is Ann's French?", "It is B2.", ("language", "한국어"), "auto", "wrong_fact", "faithfulness 0.00 < 0.50",
    "accepted", ("d",), TURN, JUDGEMENT, "", {"source": {"page": 3}}, "2026-01-01", "2026-01-02",
)  # fmt: skip


def written(cases, format="ragas"):
    stream = io.StringIO()
    assert write_cases(cases, stream, format) == len(cases)
    return stream.getvalue()


def lines(*rows):
    return io.StringIO("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n")


@pytest.mark.parametrize(
    "case",
    [
        FLAGGED,
        Case("plain", "Where?", status="accepted"),
        Case("dismissed", "Where?", reason="other", status="dismissed"),
        Case("merged", "Where?", status="merged", merged_into="case-1"),
        Case("foreign", "Where?", metadata={"status": "reviewed", "reason": "other", "documents": ["d"], "tags": {}, "turn": 3}),
        Case("odd", 'quotes " and \\ and \u2028 and 🙂', "line\nbreak", ("a b",), metadata={"deep": [1, {"x": None}]}),
    ],
)
def test_a_case_comes_back_as_it_was(case):
    assert list(read_cases(io.StringIO(written([case])))) == [case]


def test_the_canonical_row_has_ragas_names_and_keeps_ours_apart():
    row = json.loads(written([FLAGGED]))

    assert row["user_input"] == "How good is Ann's French?"
    assert row["reference"] == "It is B2."
    assert row["response"] == "It is C2 [1]."
    assert row["retrieved_contexts"] == ["French: B2\nDutch: native"]
    assert row["retrieved_context_ids"] == ["d-1"]
    assert {row["metadata"][name] for name in ("generator", "prompt_hash", "index_hash", "judge")} == {
        "small",
        "p",
        "i",
        "judge-1",
    }


@pytest.mark.parametrize(
    "row",
    [
        {"question": "Where?", "ground_truth": "Here.", "answer": "There.", "contexts": ["a", "b"]},
        {"question": "Where?", "ground_truths": ["Here."], "answer": "There.", "contexts": ["a", "b"]},
        {"input": "Where?", "expected_output": "Here.", "actual_output": "There.", "retrieval_context": ["a", "b"]},
        {"input": "Where?", "expectedOutput": "Here.", "actualOutput": "There.", "retrievalContext": ["a", "b"]},
        {"query": "Where?", "expected_response": "Here.", "response": "There.", "retrieved_contexts": ["a", "b"]},
        {"input": {"question": "Where?"}, "expectedOutput": "Here.", "output": "There.", "contexts": ["a", "b"]},
        {"input": {"question": "Where?"}, "expectedOutput": {"answer": "Here."}, "output": "There.", "contexts": ["a", "b"]},
        {"user_input": "Where?", "reference": "Here.", "response": "There.",
         "retrieved_contexts": [{"text": "a", "document": "cv.pdf"}, {"text": "b"}]},
    ],
)
def test_other_tools_names_mean_the_same(row):
    case = parse_case(row)

    assert (case.user_input, case.reference, case.turn, case.status) == ("Where?", "Here.", None, "accepted")
    again = as_ragas(case)
    assert (again["response"], again["retrieved_contexts"]) == ("There.", ["a", "b"])


def test_a_file_that_is_one_array_is_read_too_and_so_is_a_byte_order_mark(tmp_path):
    path = tmp_path / "goldens.json"
    path.write_text("\ufeff" + written([FLAGGED], "deepeval"), encoding="utf-8")

    [case] = read_cases(path)

    assert (case.id, case.user_input, case.reference) == ("case-1", FLAGGED.user_input, FLAGGED.reference)
    assert case.tags == FLAGGED.tags
    assert case.metadata["retrieved_contexts"] == [CHUNK.text]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{not json", "not valid JSON"),
        ("[1, 2", "not valid JSON"),
        ('{"user_input": NaN}', "NaN is not JSON"),
        ("3", "expected a JSON object"),
        ({"reference": "x"}, "user_input is missing"),
        ({"user_input": "   "}, "user_input is missing"),
        ({"user_input": 7}, "user_input must be a string"),
        ({"user_input": [{"content": "Hi", "type": "human"}]}, "conversation"),
        ({"user_input": "x", "reference": {"a": 1}}, "reference must be a string"),
        ({"user_input": "x", "tags": [1]}, "tags must be a string"),
        ({"user_input": "x", "tags": ["t"] * 51}, "at most 50"),
        ({"user_input": "x", "metadata": {"turn": {"id": 3}}}, "metadata.turn"),
        ({"user_input": "x", "metadata": {"judgement": {"scores": 1}}}, "metadata.judgement"),
        ({"user_input": "x" * 20_001}, "20,001 characters"),
        ({"user_input": "x", "retrieved_contexts": "one string"}, "list of strings"),
        ({"user_input": "x", "retrieved_contexts": [{"page": 3}]}, "list of strings"),
        ('{"user_input": "x", "cost": 1e999}', "1e999 is too large a number"),
        ('{"user_input": "x", "cost": ' + "1" * 5000 + "}", "too long a number"),
    ],
)
def test_a_line_that_is_no_case_is_named_in_both_languages(row, reason):
    good = {"user_input": "Where?"}

    with pytest.raises(FormatError, match=reason) as raised:
        list(read_cases(lines(good, "", row)))

    assert "line 3" in raised.value.en
    assert "3번째 줄" in raised.value.ko
    said = raised.value.ko.removeprefix("the file 3번째 줄: ").removesuffix(". 고친 뒤 다시 시도해 주세요.")
    assert re.search("[가-힣]", said)


def test_what_a_row_holds_that_is_no_field_of_a_case_is_carried_along():
    golden = {
        "input": "Where?", "expected_output": "Here.", "comments": "ask Ann", "source_file": "cv.pdf", "context": None,
        "status": "ACTIVE", "rubrics": [{"score": 1}], "additional_metadata": {"page": 3},
    }  # fmt: skip
    case = parse_case(golden)

    assert case.metadata == {
        "comments": "ask Ann", "source_file": "cv.pdf", "status": "ACTIVE", "rubrics": [{"score": 1}], "page": 3
    }  # fmt: skip
    assert case.status == "accepted"
    assert list(read_cases(io.StringIO(written([case])))) == [case]


@pytest.mark.parametrize(
    "metadata",
    [
        {"origin": "production"}, {"status": "reviewed"}, {"reason": "customer complained"}, {"documents": [{"id": 1}]},
        {"documents": "cv.pdf"}, {"turn": 3}, {"judgement": "good"}, {"rule": 7}, {"created_at": 1700000000}, {"tags": {"env": "x"}},
        {"created_at": "on a Monday, or a Tuesday, nobody knows for sure"}, {"merged_into": "x" * 201},
    ],
)  # fmt: skip
def test_another_tools_value_under_one_of_our_names_is_carried_along(metadata):
    case = parse_case({"user_input": "Where?", "metadata": metadata})

    assert case == Case("", "Where?", status="accepted", metadata=metadata)
    assert list(read_cases(io.StringIO(written([case])))) == [case]


def test_a_judgement_with_an_impossible_score_is_refused():
    row = as_ragas(FLAGGED)
    row["metadata"]["judgement"]["scores"]["faithfulness"]["value"] = 1.5

    with pytest.raises(CaseError, match="not between 0 and 1"):
        parse_case(row)


def test_deep_nesting_is_refused_and_not_a_crash():
    with pytest.raises(FormatError, match="nested too deeply"):
        list(read_cases(lines('{"user_input": "x", "metadata": {"a": ' + "[" * 5000 + "]" * 5000 + "}}")))


def test_a_line_is_never_held_beyond_its_limit():
    with pytest.raises(FormatError, match="longer than"):
        list(read_cases(io.StringIO('{"user_input": "x"}\n' + "x" * 1_100_000)))


def test_what_is_wrong_within_an_array_is_found_by_its_line():
    text = json.dumps([{"user_input": "a?"}, {"user_input": "b?"}], indent=1).replace('"b?"', '"b?')
    with pytest.raises(FormatError, match=r"not valid JSON \(line 6, column") as raised:
        list(read_cases(io.StringIO(text)))
    assert "6번째 줄" in raised.value.ko


def test_an_array_has_the_limits_of_a_file_of_lines(monkeypatch):
    monkeypatch.setattr(formats, "MAX_CASES", 2)
    three = [{"user_input": "a?"}] * 3
    assert len(list(read_cases(io.StringIO(json.dumps(three[:2]))))) == 2
    with pytest.raises(FormatError, match="more than 2 cases"):
        list(read_cases(io.StringIO(json.dumps(three))))

    monkeypatch.setattr(formats, "MAX_ARRAY", 40)
    with pytest.raises(FormatError, match="longer than 40 characters"):
        list(read_cases(io.StringIO(json.dumps(three))))


@pytest.mark.parametrize(("given", "case_id"), [(0, "0"), (7, "7"), ("a", "a"), (None, ""), ("", "")])
def test_an_id_may_be_a_number_and_the_first_is_often_0(given, case_id):
    assert parse_case({"user_input": "Where?", "id": given}).id == case_id


def test_a_file_that_is_not_there_or_not_text_says_so(tmp_path):
    with pytest.raises(FormatError, match=r"absent\.jsonl could not be read"):
        list(read_cases(tmp_path / "absent.jsonl"))
    (tmp_path / "latin.jsonl").write_bytes('{"user_input": "caf\xe9"}'.encode("latin-1"))
    with pytest.raises(FormatError, match="not UTF-8"):
        list(read_cases(tmp_path / "latin.jsonl"))


def test_a_golden_has_deepevals_fields():
    [golden] = json.loads(written([FLAGGED], "deepeval"))

    assert golden["input"] == FLAGGED.user_input
    assert golden["expected_output"] == "It is B2."
    assert golden["actual_output"] == "It is C2 [1]."
    assert golden["retrieval_context"] == [CHUNK.text]
    assert golden["additional_metadata"]["tags"] == ["language", "한국어"]


def test_a_langfuse_item_links_its_trace_and_archives_what_is_no_case_any_more():
    active, archived = written([FLAGGED, Case("d", "x", status="dismissed")], "langfuse").splitlines()

    item = json.loads(active)
    assert (item["input"], item["expectedOutput"]) == ({"question": FLAGGED.user_input}, "It is B2.")
    assert (item["sourceTraceId"], item["status"]) == ("turn", "ACTIVE")
    assert json.loads(archived)["status"] == "ARCHIVED"


def test_promptfoo_gets_yaml_with_the_question_and_the_expected_answer():
    [test] = yaml.safe_load(written([FLAGGED], "promptfoo"))

    assert test["vars"] == {"question": FLAGGED.user_input}
    assert test["assert"] == [{"type": "similar", "value": "It is B2.", "threshold": 0.75}]


@pytest.mark.parametrize(
    "text",
    ["{{ env.SECRET }}", "{% for x in y %}", "a {# b #}", "file:///etc/passwd", "javascript:x()", " file://a.js"],
)
def test_promptfoo_renders_no_text_of_a_case_and_loads_nothing(text):
    jinja = pytest.importorskip("jinja2")  # Nunjucks is its port: the same delimiters

    test = as_promptfoo(Case("c", text, text))

    for value in (test["vars"]["question"], test["assert"][0]["value"]):
        assert not value.lstrip().startswith(("file:", "javascript:"))
        assert jinja.Template(value).render(env={"SECRET": "leaked"}) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "  ="])
def test_no_spreadsheet_takes_a_cell_for_a_formula(start):
    case = Case("c", f"{start}HYPERLINK(1)", f"{start}1+1", (f"{start}tag",))

    cells = next(csv.DictReader(io.StringIO(written([case], "csv").removeprefix("\ufeff"))))

    assert cells["user_input"] == f"'{start}HYPERLINK(1)"
    assert cells["reference"] == f"'{start}1+1"
    assert all(not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells.values())


def test_an_ordinary_cell_stays_as_it_is():
    assert defused("She can use Python.") == "She can use Python."
    text = written([FLAGGED], "csv")
    assert text.startswith("\ufeff")  # Excel reads Hangul as UTF-8
    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["tags"] == "language, 한국어"


def test_what_no_encoding_holds_is_replaced():
    assert "\ufffd" in written([Case("c", "half \ud83d pair")])
    written([Case("c", "half \ud83d pair")], "csv").encode("utf-8")


def test_an_unknown_format_is_an_error():
    with pytest.raises(ValueError, match="no format"):
        write_cases([], io.StringIO(), "xlsx")


def test_a_tag_is_added_once():
    assert tagged(tagged(FLAGGED, "new"), "new").tags == ("language", "한국어", "new")


# ---------------------------------------------------------------------- the sample set


def test_the_sample_set_is_about_the_sample_resumes_and_stands_in_them():
    resumes = {
        hashlib.sha256(path.read_bytes()).hexdigest()[:16]: path.name
        for path in (PROJECT / "data/resumes").glob("*.md")
    }
    cases = list(read_cases(SAMPLE))

    assert len({case.id for case in cases}) == len(cases)
    assert {document for case in cases for document in case.documents} == set(resumes)
    assert all("sample" in case.tags and case.status == "accepted" for case in cases)
    for language, few, many in (("en", 8, 12), ("ko", 6, 8)):
        of_language = [case for case in cases if language in case.tags]
        assert few <= len(of_language) <= many
        assert any(is_declined(case.reference) for case in of_language)


def test_no_sample_case_is_one_of_the_benchmarks_questions():
    asked = {
        json.loads(line)["user_input"].casefold()
        for language in ("en", "ko")
        for line in (PROJECT / f"data/questions/{language}.jsonl").read_text(encoding="utf-8").splitlines()
    }

    assert not asked & {case.user_input.casefold() for case in read_cases(SAMPLE)}
