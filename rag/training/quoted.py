"""Questions about written resumes as the product puts them to the embedded generator: over the lines that are quoted, alone.

The reranker reads the passages and picks the lines (rag/quoting.py), so what looks most like an answer to a question that the resume
does not tell is what the generator has to see through. Some of the told questions are asked once more of the resume without the
lines that tell: the same question is then unanswerable, and only reading shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.meant import meant
from rag.mentions import unmentioned
from rag.prompt import answer_messages
from rag.quoting import Quoted, only_quoted, quote_answer
from rag.reranking import Reranker, passage
from rag.retrieval import KEPT_SHARE, people, without_names
from rag.training.generator_data import NO, Draw, Example, slip, with_citations
from rag.training.written_resumes import WrittenAsk, WrittenResume, swapped, telling
from rag.types import Chunk, RetrievedChunk

TOP_K = 4
WITHOUT = 0.12  # share of the told questions that are asked once more without the lines that tell


def quoted_example(seed: str, row: dict, reranker: Reranker, held_out: bool = False) -> Example:
    """One draw of a written resume (`rag.training.written_resumes.rows`), and all its questions, each with the lines that the product
    would quote."""
    d = Draw(seed, held_out)
    resume = swapped(d.random, row)
    texts = [chunk.text for chunk in resume.chunks]
    branches: list[tuple[str, str]] = []
    head = ""

    def add(ask: WrittenAsk, without: bool = False) -> None:
        nonlocal head
        question = slip(d, ask.question)
        if unmentioned(question, texts, "en"):
            return  # settled before anything is read
        chunks = _without(resume, ask) if without else list(resume.chunks)
        found = _retrieved(question, chunks, reranker)
        quoted = quote_answer(question, found, reranker, "en", must_answer=True)
        reply = None if quoted.declined else _reply(ask, resume, found, quoted, without)
        if reply is not None:
            _, user = answer_messages(question, only_quoted(found, quoted))
            head, asked = user["content"].split("\n", 1)
            branches.append((asked, reply))

    for ask in resume.asks if texts else ():
        add(ask)
        if ask.answer is not None and telling(ask.answer) and d.chance(WITHOUT):
            add(ask, without=True)
    system = answer_messages("", [])[0]["content"]
    return Example(system, head + "\n", tuple(branches), "quoted")


def _retrieved(question: str, chunks: Sequence[Chunk], reranker: Reranker) -> list[RetrievedChunk]:
    """The passages likeliest to answer, as `Retriever.search` orders them; a resume's few passages are all read."""
    texts, shifts = zip(*(passage(chunk) for chunk in chunks), strict=True)
    asked = meant(question, chunks)
    readings = reranker.read(without_names(question, people(chunks)), texts)
    likely = [asked.p_answers(i, readings[i], shifts[i]) for i in range(len(chunks))]
    order = sorted(range(len(chunks)), key=lambda i: -likely[i])[:TOP_K]
    order = [i for i in order if likely[i] >= KEPT_SHARE * likely[order[0]]]
    return [RetrievedChunk(chunks[i], rank, 0.0, "dense", likely[i]) for rank, i in enumerate(order, 1)]


def _without(resume: WrittenResume, ask: WrittenAsk) -> list[Chunk]:
    """The resume's passages without the lines that tell; one with no other line is left out."""
    kept = []
    for i, chunk in enumerate(resume.chunks):
        text = chunk.text
        for a, b in sorted(ask.spans.get(i, ()), reverse=True):
            text = text[:a] + text[b:].removeprefix("\n")
        if text.strip():
            kept.append(replace(chunk, text=text) if text != chunk.text else chunk)
    return kept or list(resume.chunks)


def _reply(
    ask: WrittenAsk, resume: WrittenResume, found: Sequence[RetrievedChunk], quoted: Quoted, without: bool
) -> str | None:
    """What is to be said to the quoted lines; None where they tell some of it, or it is not known whether they do."""
    if ask.answer is None:
        return f"The resume does not mention {ask.missing}." if ask.missing else NO
    place = {chunk.id: i for i, chunk in enumerate(resume.chunks)}
    lines = {(place[found[i].chunk.id], a, b): found[i].rank for i, a, b in quoted.lines}
    wanted = [(i, a, b) for i, spans in ask.spans.items() for a, b in spans]
    if not without and all(any(i == j and c < b and d > a for j, c, d in lines) for i, a, b in wanted):
        ranks = {rank for (j, c, d), rank in lines.items() if any(i == j and c < b and d > a for i, a, b in wanted)}
        return with_citations(ask.answer, sorted(ranks))
    shown = "\n".join(found[i].chunk.text[a:b] for i, a, b in quoted.lines).casefold()
    words = telling(ask.answer)
    return NO if words and not any(word in shown for word in words) else None
