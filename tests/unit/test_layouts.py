"""Resumes in the layouts that people use: whose they are, their sections, jobs, schools and languages."""

import json
from pathlib import Path

import pytest

from rag.chunking import chunk_document
from rag.documents import read_document
from rag.durations import title_of
from rag.entries import periods
from rag.listings import listing
from settings import Settings

FOLDER = Path(__file__).parents[1] / "layouts"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def test_every_file_is_expected():
    assert {path.name for path in FOLDER.iterdir()} - {"README.md", "expected.json"} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_reader_sees(name):
    expected = EXPECTED[name]
    chunks = chunk_document(read_document(FOLDER / name, Settings(_env_file=None)))
    told = lambda question: [chunks[i].text[a:b] for i, a, b in listing(question, chunks)]
    jobs = sorted(periods(chunks), key=lambda job: (job.start, job.end), reverse=True)
    assert {chunk.subject for chunk in chunks} == {expected["subject"]}
    assert list(dict.fromkeys(chunk.section.split(" › ")[0].split(" (")[0] for chunk in chunks)) == expected["sections"]
    assert [[title_of(job), job.dates] for job in jobs] == expected["jobs"] and all(job.headed for job in jobs)
    assert told("education?") == expected["education"] and told("languages?") == expected["languages"]
