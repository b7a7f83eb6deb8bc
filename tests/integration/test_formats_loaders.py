"""Exports go through the real loaders of ragas and DeepEval and come back with nothing lost.

Both live in an environment of their own (`make loaders`), since their requirements do not fit ours.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from judge.regression.formats import read_cases, write_cases
from judge.regression.types import Case
from rag.types import Chunk, RetrievedChunk, Turn
from settings import PROJECT

# Absolute: make names it relative to the project, and the loaders run in a folder of their own. Not resolved: a virtual
# environment is known by the link to its interpreter.
PYTHON = PROJECT / (os.environ.get("VOUCH_LOADERS") or Path(".venv-loaders", "bin", "python"))
SECONDS = 240  # their first import compiles a thousand modules
ENVIRONMENT = {
    "RAGAS_DO_NOT_TRACK": "true",
    "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
    "PYTHONUTF8": "1",
    "DEEPEVAL_DISABLE_DOTENV": "1",
}

CHUNKS = (
    RetrievedChunk(Chunk("d-1", "d", "ann.md", "Ann", "Languages", "French: B2\nDutch: native", 0, 24), 1, 0.8, "both"),
    RetrievedChunk(Chunk("d-2", "d", "ann.md", "Ann", "기술", 'Python | R, "SQL"', 25, 42), 2, 0.7, "dense"),
)
TURN = Turn(
    "", "How good is her French?", response="It is C2 [1].", status="finished", retrieved_contexts=CHUNKS, generator="g"
)
CASES = [
    Case(
        "en-1", "How good is her French?", "It is B2.", ("language",), status="accepted", turn=TURN, reason="wrong_fact"
    ),
    Case("ko-1", "그녀의 프랑스어 수준은요?\n두 줄 질문 🙂", "B2 수준입니다.", ("언어", "ko"), status="accepted"),
    Case("bare", "Where does she work?", status="accepted"),
]

RAGAS = """
import sys
from ragas import EvaluationDataset
loaded = EvaluationDataset.from_jsonl(sys.argv[1])
print(len(loaded), type(loaded[0]).__name__)
loaded.to_jsonl(sys.argv[2])
"""
DEEPEVAL = """
import os, sys
from deepeval.dataset import EvaluationDataset, Golden
loaded = EvaluationDataset()
loaded.add_goldens_from_json_file(sys.argv[1])
assert all(isinstance(golden, Golden) for golden in loaded.goldens)
folder, name = os.path.split(sys.argv[2])
loaded.save_as("json", folder, file_name=name.removesuffix(".json"))
"""


def through(script: str, source: Path, target: Path, cwd: Path) -> str:
    """Load and save with the other tool; its output."""
    done = subprocess.run(
        [str(PYTHON), "-c", script, str(source), str(target)],
        check=False, capture_output=True, text=True, timeout=SECONDS, cwd=cwd, env=os.environ | ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(autouse=True)
def loaders():
    if not PYTHON.exists():
        message = f"{PYTHON} is missing; set it up with: make loaders"
        if os.environ.get("VOUCH_REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.mark.timeout(SECONDS + 30)
def test_ragas_loads_the_canonical_format_and_gives_it_back(tmp_path):
    source, target = tmp_path / "cases.jsonl", tmp_path / "back.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        write_cases(CASES, stream, "ragas")

    said = through(RAGAS, source, target, tmp_path)

    back = list(read_cases(target))
    assert said.strip() == "3 SingleTurnSample"
    assert [(case.user_input, case.reference) for case in back] == [(case.user_input, case.reference) for case in CASES]
    row = json.loads(target.read_text(encoding="utf-8").splitlines()[0])
    assert row["response"] == TURN.response
    assert row["retrieved_contexts"] == [found.chunk.text for found in CHUNKS]
    assert row["retrieved_context_ids"] == ["d-1", "d-2"]
    assert back[0].metadata["retrieved_contexts"] == [found.chunk.text for found in CHUNKS]


@pytest.mark.timeout(SECONDS + 30)
def test_deepeval_loads_the_goldens_and_gives_them_back(tmp_path):
    source, target = tmp_path / "goldens.json", tmp_path / "back.json"
    with source.open("w", encoding="utf-8") as stream:
        write_cases(CASES, stream, "deepeval")

    through(DEEPEVAL, source, target, tmp_path)

    back = list(read_cases(target))
    assert [(case.id, case.user_input, case.reference, case.tags, case.reason) for case in back] == [
        (case.id, case.user_input, case.reference, case.tags, case.reason) for case in CASES
    ]
    assert back[0].metadata["response"] == TURN.response
    assert back[0].metadata["retrieved_contexts"] == [found.chunk.text for found in CHUNKS]
