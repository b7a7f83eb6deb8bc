"""Passages are cut to their likely lines; what says which entry it is stays."""

from rag.focus import best_line, focused, read_lines
from rag.reranking import Reading
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


def cut(question, chunks):
    return focused(chunks, read_lines(question, chunks, FakeReranker()))


def test_the_likely_line_stays_with_its_heading_and_dates():
    (found,) = cut("How much did costs fall?", [retrieved(TEXT)])
    assert found.chunk.text.split("\n") == [
        "Data Engineer, Norrvind AB",
        "June 2019 – May 2022 | Lund",
        "- Cut costs by 31%.",
    ]
    assert found.rank == 1


def test_a_short_passage_stays_whole():
    text = "Dutch: native\nEnglish: C2"
    (found, _) = cut("costs?", [retrieved(text), retrieved(TEXT, 2)])
    assert found.chunk.text == text


def test_lines_are_counted_from_the_passage_and_not_from_the_section_that_is_read_before_it():
    chunk = retrieved(TEXT)
    (reading,) = read_lines("costs?", [chunk], FakeReranker())
    assert [TEXT[a:b] for a, b, p in reading.lines if p > 0.5] == ["- Cut costs by 31%."]
    assert len(reading.lines) == len(TEXT.split("\n"))
    assert best_line([reading]) == 0.9
    assert (cut("costs?", []), best_line([])) == ([], 0.0)
