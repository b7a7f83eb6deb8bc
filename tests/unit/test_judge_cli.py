"""`python -m judge score`: each row comes back with scores or reasons, and a bad line costs only itself."""

import io
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from judge.__main__ import MAX_LINE_BYTES, main, parse_row
from judge.service import passage_of
from judge.types import METRICS
from judge.verdicts import Matrix
from rag.__main__ import as_row as rag_row
from rag.errors import ModelError
from rag.types import Chunk, RetrievedChunk, Turn
from settings import PROJECT
from tests.unit.test_store import turn_in

PASSAGES = ["She built a search service at Hanbit Labs.", "B.Sc. Computer Science, KAIST, 2018."]
GOOD = {
    "user_input": "What did she build?",
    "retrieved_contexts": PASSAGES,
    "response": "She built a search service [1]. She won a Nobel prize [2].",
}


class WordJudge:
    """Supports a claim that stands in a passage; finds a passage relevant that holds a word of the question."""

    id = "word-judge"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def matrix(self, question, reply, claims, chunks):
        if "crash" in question:
            raise RuntimeError("the model fell over")
        cells = [*chunks, " ".join(chunks)]
        supported = [[0.9 * (claim.rstrip(".") in cell) for cell in cells] for claim in claims]
        supported = np.array(supported).reshape(len(claims), len(cells))
        relevant = np.array(
            [0.8 * any(w in chunk.lower() for w in question.rstrip("?").split() if len(w) > 2) for chunk in chunks]
        )
        return Matrix(supported, 0 * supported, relevant, 0.75, [[""] * len(cells) for _ in claims])


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The judges that were asked for by name."""
    names = []

    def judge_for(name, settings):
        names.append(name)
        if name == "nowhere":
            raise ModelError("The judge nowhere was not found.", "평가 모델이 없습니다.")
        return WordJudge()

    monkeypatch.setitem(sys.modules, "judge.models", types.SimpleNamespace(judge_for=judge_for))
    return names


def score(*lines: object, args=("--json",)):
    data = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        + b"\n"
        for line in lines
    )
    return CliRunner().invoke(main, ["score", *args, "-"], input=io.BytesIO(data))


def test_a_row_comes_back_whole_with_scores_claims_judge_and_seconds():
    done = score({**GOOD, "id": 7, "tags": ["a"]})
    assert done.exit_code == 0 and done.stderr == ""
    row = json.loads(done.stdout)
    assert {key: row[key] for key in (*GOOD, "id", "tags")} == {**GOOD, "id": 7, "tags": ["a"]}
    assert row["scores"]["faithfulness"] == {"value": 0.5, "state": "scored", "reason": "1 of 2 claims supported"}
    assert row["scores"]["answer_relevancy"]["value"] == 0.75
    assert row["scores"]["context_precision"]["value"] == 1.0
    first, second = row["claims"]
    assert first["verdict"] == "supported" and first["evidence"] == 0 and first["p_supported"] == 0.9
    assert second["verdict"] == "not_found" and second["evidence"] is None
    assert GOOD["response"][first["start"] : first["end"]].startswith("She built a search service")
    assert row["judge"] == "word-judge" and row["seconds"] >= 0


def test_the_answers_of_rag_ask_are_rows_as_they_are():
    contexts = [{"text": text, "document": "cv.md", "section": "Work", "score": 0.8} for text in PASSAGES]
    row = json.loads(score({**GOOD, "retrieved_contexts": contexts}).stdout)
    assert row["retrieved_contexts"] == contexts
    assert row["scores"]["faithfulness"]["value"] == 0.5


def test_a_passage_of_rag_ask_is_judged_as_on_the_page_under_its_resume_and_section():
    chunk = Chunk("d-1", "d", "cv.md", "Ann Ode", "Work", PASSAGES[0], 0, len(PASSAGES[0]))
    turn = Turn("", "q?", response="Ann Ode built it.", retrieved_contexts=(RetrievedChunk(chunk, 1, 0.8, "both"),))

    row = parse_row(json.dumps(rag_row(turn)).encode())

    assert row.contexts == [passage_of(chunk)] == [f"Ann Ode – Work\n{PASSAGES[0]}"]
    assert parse_row(json.dumps({**GOOD, "retrieved_contexts": [{"text": "t", "section": 3}, "s"]}).encode()).contexts == ["t", "s"]


def test_rows_stay_in_order_and_korean_stays_readable():
    korean = {**GOOD, "user_input": "무엇을 만들었나요?", "response": "검색 서비스를 만들었습니다 [1]."}
    done = score(GOOD, b"", korean)
    assert [json.loads(line)["user_input"] for line in done.stdout.splitlines()] == [
        GOOD["user_input"],
        "무엇을 만들었나요?",
    ]
    assert "무엇을" in done.stdout


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"not json", "not valid JSON (column 1)"),
        (b'{"user_input": "x"', "not valid JSON"),
        (b'{"user_input": NaN}', "NaN is not JSON"),
        (json.dumps(GOOD).encode()[:-1] + b', "cost": 1e999}', "1e999 is too large a number"),
        (json.dumps(GOOD).encode()[:-1] + b', "cost": ' + b"1" * 5000 + b"}", "too long a number"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1, 2]", "expected a JSON object"),
        ({"user_input": "x", "response": "y"}, "retrieved_contexts must be a list of strings"),
        ({**GOOD, "retrieved_contexts": [{"document": "x"}]}, "retrieved_contexts must be a list of strings"),
        ({**GOOD, "retrieved_contexts": "text"}, "retrieved_contexts must be a list of strings"),
        ({**GOOD, "retrieved_contexts": ["x"] * 101}, "101 passages"),
        ({**GOOD, "response": None}, "response must be a string"),
        ({**GOOD, "user_input": 3}, "user_input must be a string"),
        (b'{"user_input": "' + b"x" * MAX_LINE_BYTES + b'"}', "longer than 1,000,000 bytes"),
        (b"x" * (3 * MAX_LINE_BYTES), "longer than 1,000,000 bytes"),
    ],
)
def test_a_bad_line_is_one_sentence_with_its_number_and_the_others_are_scored(line, why):
    done = score(GOOD, line, GOOD)
    assert done.exit_code == 2
    assert len(done.stdout.splitlines()) == 2
    (sentence,) = done.stderr.splitlines()
    assert "line 2: " in sentence and why in sentence and "Traceback" not in done.output


def test_a_row_of_exactly_the_limit_is_read():
    row = json.dumps({**GOOD, "padding": ""}).encode()
    row = row.replace(b'"padding": ""', b'"padding": "' + b"x" * (MAX_LINE_BYTES - 1 - len(row)) + b'"')
    assert len(row) == MAX_LINE_BYTES - 1
    assert score(row).exit_code == 0


def test_a_judge_that_fails_leaves_that_row_unscored_and_goes_on():
    done = score({**GOOD, "user_input": "crash?"}, GOOD)
    failed, scored = (json.loads(line) for line in done.stdout.splitlines())
    for metric in METRICS:
        assert failed["scores"][metric]["value"] is None and failed["scores"][metric]["state"] == "unscored"
        assert "the model fell over" in failed["scores"][metric]["reason"]
    assert scored["scores"]["faithfulness"]["value"] == 0.5 and done.exit_code == 0


@pytest.mark.parametrize(
    "response",
    ["", "   ", "<img src=x onerror=alert(1)>", "${alert(1)}", "![x](http://e/x.png)", "\x00\x1b[2J\u202e", "\ud800 lone",
     "가" * 10_000, "She led it. " * 900],
)  # fmt: skip
@pytest.mark.parametrize("contexts", [[], PASSAGES])
def test_any_reply_comes_back_unchanged_with_numbers_or_reasons(response, contexts):
    done = score(json.dumps({**GOOD, "response": response, "retrieved_contexts": contexts}).encode())
    assert done.exit_code == 0, done.output
    row = json.loads(done.stdout)
    assert row["response"] == response
    for found in row["scores"].values():
        if found["state"] == "scored":
            assert 0 <= found["value"] <= 1
        else:
            assert found["reason"]
    for claim in row["claims"]:
        assert 0 <= claim["start"] < claim["end"] <= len(response)


def test_without_json_there_is_a_table_and_means_that_say_what_they_cover():
    refused = {**GOOD, "user_input": "Is there a dog?", "response": "The resume does not say."}
    failed = {**GOOD, "user_input": "crash?"}
    done = score(GOOD, refused, failed, args=())
    assert done.exit_code == 0
    text = done.stdout
    assert "1. What did she build?" in text and "+ supported" in text and "? not found" in text
    assert "3 rows, judged by word-judge" in text
    summary = text[text.index("3 rows") :].splitlines()
    assert summary[1].split() == ["faithfulness", "0.50", "1/3", "scored,", "1", "declined"]
    assert summary[2].split() == ["answer", "relevancy", "0.75", "1/3", "scored,", "1", "declined"]
    assert summary[3].split()[-2:] == ["2/3", "scored"]


def test_the_table_cannot_steer_the_terminal():
    hostile = "\x1b[2J\x1b]0;owned\x07\u202eShe built it\r\n overwritten."
    done = score({**GOOD, "user_input": hostile, "response": hostile}, args=())
    assert done.exit_code == 0
    assert not set(done.stdout) & set("\x1b\x07\r\u202e")


def test_nothing_scored_is_no_mean():
    done = score(b"nonsense", args=())
    assert done.exit_code == 2 and "No row was scored; 1 line was left out" in done.stdout


def test_the_judge_can_be_named_and_a_wrong_name_is_one_sentence(asked):
    assert score(GOOD, args=("--json", "--judge", "some/model")).exit_code == 0
    assert asked == ["some/model"]
    done = score(GOOD, args=("--json", "--judge", "nowhere"))
    assert done.exit_code == 1 and "The judge nowhere was not found." in done.output and "Traceback" not in done.output


def test_the_judge_is_loaded_once_and_only_for_rows(asked):
    score(b"nonsense")
    assert asked == []
    score(GOOD, GOOD, GOOD)
    assert len(asked) == 1


def test_a_missing_file_is_a_usage_error(tmp_path):
    done = CliRunner().invoke(main, ["score", str(tmp_path / "none.jsonl")])
    assert done.exit_code == 2 and "none.jsonl" in done.output and "Traceback" not in done.output


def started(*arguments: str, loading: str = "None") -> subprocess.Popen:
    """The command in a process of its own, with the judge of this file; `loading` is what is done when it is loaded."""
    program = (
        "import sys, types, warnings\n"
        "from tests.unit.test_judge_cli import WordJudge\n"
        f"sys.modules['judge.models'] = types.SimpleNamespace(judge_for=lambda *_: ({loading}, WordJudge())[1])\n"
        "from judge.__main__ import main\n"
        f"main({['score', *arguments, '-']!r})\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_failing_judge_prints_reasons_and_no_traceback():
    process = started("--json")
    out, err = process.communicate(json.dumps({**GOOD, "user_input": "crash?"}).encode(), timeout=30)
    assert b"the model fell over" in out and err == b"" and process.returncode == 0


def test_what_libraries_warn_of_is_not_on_standard_error():
    warned = "warnings.warn('this will be removed', FutureWarning)"
    process = started("--json", loading=warned)
    out, err = process.communicate(json.dumps(GOOD).encode(), timeout=30)
    assert b"word-judge" in out and err == b"" and process.returncode == 0


def test_rows_are_printed_as_they_are_scored_and_a_closed_pipe_ends_quietly():
    """Given a reader that takes one row and leaves, then the program ends without a traceback."""
    process = started("--json")
    line = json.dumps(GOOD).encode() + b"\n"
    process.stdin.write(line)
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["judge"] == "word-judge"  # while the input is still open
    process.stdout.close()
    process.stdin.write(line * 3)
    process.stdin.close()
    assert process.wait(30) == 1
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


def test_the_help_does_not_wait_for_the_models():
    script = "import sys, judge.__main__; print('torch' in sys.modules, 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=True, cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout.strip() == "False False"


def test_a_claim_the_judge_is_not_sure_about_is_named_and_left_out(monkeypatch):
    class Doubting(WordJudge):
        supported_threshold, not_found_threshold = 0.95, 0.5

    monkeypatch.setitem(sys.modules, "judge.models", types.SimpleNamespace(judge_for=lambda *_: Doubting()))
    given = json.dumps(GOOD)
    row = json.loads(CliRunner().invoke(main, ["score", "--json", "-"], input=given).stdout)
    assert [claim["verdict"] for claim in row["claims"]] == ["not_sure", "not_found"]
    assert row["scores"]["faithfulness"]["reason"] == "0 of 1 claim supported; 1 not sure"
    assert "~ not sure" in CliRunner().invoke(main, ["score", "-"], input=given).stdout


def test_everything_is_exported_to_a_file_or_a_sentence_says_why_not(tmp_path, monkeypatch):
    from judge.store import Store

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'record.sqlite'}")
    store = Store(f"sqlite:///{tmp_path / 'record.sqlite'}")
    store.new_conversation("me")
    target = tmp_path / "all.jsonl"

    done = CliRunner().invoke(main, ["export", str(target)])
    failed = CliRunner().invoke(main, ["export", str(tmp_path / "no" / "all.jsonl")])

    assert done.exit_code == 0 and "1 conversations" in done.stderr
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert rows[1]["table"] == "conversations" and len(rows[1]["row"]["owner"]) == 16  # a fingerprint, not the secret itself
    assert failed.exit_code == 1 and "could not be written" in failed.stderr and "쓸 수 없습니다" in failed.stderr


def test_an_export_of_nothing_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'mistyped.sqlite'}")
    done = CliRunner().invoke(main, ["export", str(tmp_path / "all.jsonl")])
    assert done.exit_code == 0 and "The record is empty." in done.stderr


def test_an_export_that_fails_leaves_the_earlier_file_as_it_was(tmp_path, monkeypatch):
    from judge import export

    def fail(store, stream):
        stream.write("half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'record.sqlite'}")
    monkeypatch.setattr(export, "write_everything", fail)
    folder = tmp_path / "exports"
    folder.mkdir()
    target = folder / "all.jsonl"
    target.write_text("earlier")

    assert CliRunner().invoke(main, ["export", str(target)]).exit_code == 1
    assert target.read_text() == "earlier" and list(folder.iterdir()) == [target]


def test_an_export_goes_through_a_link_and_into_a_pipe(tmp_path):
    from judge.export import whole_file

    (tmp_path / "link").symlink_to(tmp_path / "real")
    with whole_file(tmp_path / "link") as stream:
        stream.write("through")
    with whole_file(Path(os.devnull)) as stream:
        stream.write("away")

    assert (tmp_path / "real").read_text() == "through" and (tmp_path / "link").is_symlink()
    assert not os.path.isfile(os.devnull)


def test_an_export_whose_reader_has_seen_enough_ends_quietly(tmp_path):
    from judge.store import Store

    url = f"sqlite:///{tmp_path / 'record.sqlite'}"
    store = Store(url)
    store.save_turn(turn_in(store.new_conversation("me"), response="x" * 300_000))  # more than a pipe holds
    store.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "judge", "export"], cwd=PROJECT, env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr.read() == b""
    process.stderr.close()
