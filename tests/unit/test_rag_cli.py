"""`python -m rag ask --questions`: which files of questions are read, and what one bad question costs."""

import json

import click
import pytest
from click.testing import CliRunner

from rag.__main__ import _read_questions, main
from rag.errors import QuestionError
from rag.types import Finished, Turn


@pytest.mark.parametrize(("mark", "end"), [("", "\n"), ("\ufeff", "\r\n")])
def test_questions_are_read_line_by_line_with_or_without_a_byte_order_mark(tmp_path, mark, end):
    path = tmp_path / "questions.jsonl"
    path.write_bytes(f'{mark}{{"user_input": "어디서?"}}{end}{end}{{"user_input": "Who?"}}{end}'.encode())

    assert _read_questions(path) == ["어디서?", "Who?"]


@pytest.mark.parametrize("line", ["no JSON", "[1]", "{}", '{"user_input": null}', '{"user_input": 3}', "[" * 100_000])
def test_a_line_without_a_question_is_named(tmp_path, line):
    path = tmp_path / "questions.jsonl"
    path.write_text('{"user_input": "Who?"}\n' + line)

    with pytest.raises(click.UsageError, match="line 2: expected a JSON object with user_input"):
        _read_questions(path)


def test_a_file_in_another_encoding_is_a_sentence(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_bytes('{"user_input": "어디서?"}'.encode("cp949"))

    with pytest.raises(click.UsageError, match="not UTF-8 text"):
        _read_questions(path)


def test_a_question_that_no_encoding_holds_does_not_end_the_others(tmp_path, monkeypatch):
    path = tmp_path / "questions.jsonl"
    path.write_text('{"user_input": "Who\\ud800?"}\n{"user_input": " "}\n{"user_input": "Where?"}')

    class Bot:
        def answer(self, text, stop):
            if not text.strip():
                raise QuestionError("Type a question.", "질문을 입력해 주세요.")
            text.encode()  # as any tokenizer does
            yield Finished(Turn("", text, response="Here.", status="finished"))

    monkeypatch.setattr("rag.pipeline.open_bot", lambda settings: Bot())
    done = CliRunner().invoke(main, ["ask", "--json", "--questions", str(path)])

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["user_input"] for row in rows] == ["Who??", " ", "Where?"] and done.exit_code == 1
    assert [row.get("response") for row in rows] == ["Here.", None, "Here."]
