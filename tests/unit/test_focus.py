"""Passages are cut to their likely lines; what says which entry it is stays."""

from rag.focus import focused
from rag.reranking import Reading, passage
from rag.types import Chunk, RetrievedChunk

TEXT = (
    "Data Engineer, Norrvind AB\nJune 2019 – May 2022 | Lund\n- Led six people.\n- Cut costs by 31%.\n- Ran the choir."
)


class FakeReranker:
    """Likes lines that hold a word of the question."""

    def read(self, question, texts):
        readings = []
        for text in texts:
            lines, start = [], 0
            for line in text.split("\n"):
                lines.append((start, start + len(line), 0.9 if "costs" in line else 0.05))
                start += len(line) + 1
            readings.append(Reading(0.9, tuple(lines)))
        return readings


def retrieved(text, rank=1):
    return RetrievedChunk(Chunk("c", "d", "cv.md", "Ilse", "Experience", text, 0, len(text)), rank, 0.8, "dense")


def test_the_likely_line_stays_with_its_heading_and_dates():
    (found,) = focused("How much did costs fall?", [retrieved(TEXT)], FakeReranker())
    assert found.chunk.text.split("\n") == [
        "Data Engineer, Norrvind AB",
        "June 2019 – May 2022 | Lund",
        "- Cut costs by 31%.",
    ]
    assert found.rank == 1


def test_a_short_passage_stays_whole():
    text = "Dutch: native\nEnglish: C2"
    (found, _) = focused("costs?", [retrieved(text), retrieved(TEXT, 2)], FakeReranker())
    assert found.chunk.text == text


def test_lines_are_found_behind_the_section_that_the_reranker_reads_first():
    text, offset = passage(retrieved(TEXT).chunk)
    assert text[offset:] == TEXT
    assert focused("costs?", [], FakeReranker()) == []
