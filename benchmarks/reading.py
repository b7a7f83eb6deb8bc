"""One table over all ways to answer, on public reading sets and on the sample questions.

    python -m benchmarks.answers --data ../shared/data --ways base,adapter,adapter+copy,quote --limit 40

The ways: the base model, the adapter, the adapter with the copying constraint (names and numbers may only be copied),
and quoting (nothing is written). All four go through ResumeBot, whose reranker also decides when to decline; `base` has
neither adapter nor reranker and is asked as it is. Korean is quoted by the product; here every way but `quote` writes it.

A reading set's passage is not indexed: it is cut into passages as a document would be, and all of them are handed to
the bot in the order of its reranker, so that reading is measured and not search. The sample questions are searched for
in an index of their own resume, as always.
"""

from __future__ import annotations

import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.answers import Question, holds, invented, is_correct
from judge.claims import plain
from judge.regression.metrics import acc_char, exact_match, f1
from rag.types import Document, Finished, RetrievedChunk, Section, Turn
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "answers_ways.json"
SETS = ("qa_squad2_en", "qa_tydiqa_ko", "qa_kobest_yesno_ko")
WAYS = {
    "base": {"adapters": False, "copy_names": False},
    "adapter": {"copy_names": False},
    "adapter+copy": {},
    "quote": {},
}
LEGEND = """\
EM, F1, chars: exact match, F1 and character accuracy of the reply, without citations, against the closest expected answer
  (SQuAD's normalisation, KorQuAD's for Korean), over answerable questions; a refusal counts as 0. A reply is a sentence
  and the expected answer mostly a few words, so EM is nearly 0 by construction, and F1 and chars are low.
holds: of the answerable questions, the reply is no refusal and holds an expected answer (sample questions: every fact).
right-: refused, of the unanswerable; wrong-: refused, of the answerable.
invented: replies with a number or a name that stands in no passage nor in the question (a lower bound: Hangul has no capitals)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what is expected, and for a reading set its passage."""

    set: str
    id: str
    lang: str
    question: str
    answers: tuple[str, ...]
    answerable: bool
    context: str = ""
    title: str = ""
    sample: Question | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One reply with its scores; those against the expected answer are None for an unanswerable question."""

    set: str
    way: str
    id: str
    answerable: bool
    reply: str
    declined: bool
    em: float | None
    f1: float | None
    chars: float | None
    holds: bool | None
    invented: list[str]
    error: str
    seconds: float
    tokens: int


def reading_set(data: Path, name: str, limit: int | None) -> list[Asked]:
    """The first `limit` rows of a reading set's dev file."""
    with (data / f"{name}_dev.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in itertools.islice(file, limit)]
    return [
        Asked(
            name, row["id"], row["lang"], row["question"], tuple(row["answers"]), row["answerable"], row["context"],
            row.get("title") or name,
        )
        for row in rows
    ]  # fmt: skip


def sample_questions(questions: Sequence[Question]) -> list[Asked]:
    """The questions of data/questions; the set is named by language."""
    return [
        Asked(f"questions_{q.lang}", q.id, q.lang, q.user_input, (q.reference,), q.answerable, sample=q) for q in questions
    ]


def score(asked: Asked, way: str, turn: Turn, seconds: float) -> Read:
    """One turn scored; a turn that failed holds nothing and says so in `error`."""
    sources = [asked.question]
    for found in turn.retrieved_contexts:
        sources += [found.chunk.subject, found.chunk.section, found.chunk.text]
    numbers, names = ([], []) if turn.declined else invented(turn.response, sources)
    reply = plain(turn.response)
    expected = [answer for answer in asked.answers if answer.strip()] if asked.answerable else []
    em = f1_ = chars = held = None
    if expected:
        em, f1_, chars = (
            0.0 if turn.declined else max(metric(reply, answer, asked.lang) for answer in expected)
            for metric in (exact_match, f1, acc_char)
        )
        if asked.sample is not None:
            held = is_correct(asked.sample, turn.response, turn.declined)
        else:
            held = not turn.declined and any(holds(turn.response, answer) for answer in expected)
    error = turn.error or ("" if turn.status == "finished" else f"the turn ended as {turn.status}")
    return Read(
        asked.set, way, asked.id, asked.answerable, turn.response, turn.declined, em, f1_, chars, held,
        [*numbers, *names], error, seconds, turn.timings.tokens,
    )  # fmt: skip


class _Way:
    """A generator that writes every language, or none."""

    def __init__(self, generator, writes: bool) -> None:
        self._generator = generator
        self._writes = writes

    def speaks(self, language: str) -> bool:
        return self._writes

    def __getattr__(self, name: str):
        return getattr(self._generator, name)


class _Passages:
    """Stands in for index and retriever: one text, cut as a document is, in the reranker's order."""

    hash = "given"

    def __init__(self, asked: Asked, reranker, top_k: int) -> None:
        from rag.chunking import chunk_document
        from rag.reranking import passage

        text = asked.context
        document = Document(asked.id, f"{asked.title}.txt", text, (Section("", 0, len(text)),), "text/plain", asked.lang)
        self.chunks = chunk_document(document)
        self.reranker = reranker
        odds = [None] * len(self.chunks)
        if reranker is not None:
            odds = reranker.p_answers(asked.question, [passage(chunk)[0] for chunk in self.chunks])
        order = sorted(range(len(self.chunks)), key=lambda i: -(odds[i] or 0.0))[:top_k]
        # Cosine 1: the passage is given, so nothing may decline because search found it too far away.
        self._found = tuple(
            RetrievedChunk(self.chunks[i], rank, 1.0, "both", odds[i]) for rank, i in enumerate(order, 1)
        )

    def __len__(self) -> int:
        return len(self.chunks)

    def search(self, question: str, k: int, document_ids: Sequence[str] | None = None) -> tuple[RetrievedChunk, ...]:
        return self._found


def answers_of(way: str, asked: Sequence[Asked], settings: Settings, resumes: Path | None = None) -> Iterator[Read]:
    """Every question asked in one way.

    Args:
        settings: of that way.
        resumes: where the resumes of the sample questions are.

    Raises:
        RuntimeError: a resume could not be indexed.
    """
    from rag.embedding import embedder_for
    from rag.generation import generator_for
    from rag.index import Index
    from rag.pipeline import ResumeBot
    from rag.reranking import Reranker
    from rag.retrieval import Retriever

    generator = _Way(generator_for(settings), way != "quote")
    reranker = Reranker.load(settings)
    embedder = embedder_for(settings.embedder) if any(each.sample for each in asked) else None

    def ask(bot: ResumeBot, each: Asked) -> Read:
        started = time.perf_counter()
        *_, last = bot.answer(each.question)
        assert isinstance(last, Finished)
        return score(each, way, last.turn, time.perf_counter() - started)

    def resume(each: Asked) -> str:
        return each.sample.document if each.sample else ""

    for document, group in itertools.groupby(sorted(asked, key=resume), key=resume):
        if not document:
            for each in group:
                given = _Passages(each, reranker, settings.top_k)
                yield ask(ResumeBot(settings, given, given, lambda: generator, lambda: reranker), each)
            continue
        with tempfile.TemporaryDirectory(prefix="vouch-answers-") as folder:
            index = Index.open(Path(folder) / "index", embedder)
            bot = ResumeBot(settings, index, Retriever(index, embedder), lambda: generator, lambda: reranker)
            report = bot.index_files([((resumes or settings.data / "resumes") / document).with_suffix(".md")])
            if not len(index):
                raise RuntimeError(f"{document} was not indexed: {report}")
            for each in group:
                yield ask(bot, each)


def summary(rows: Sequence[Read]) -> list[dict]:
    """One row for each set and way, in the order they came."""
    table = []
    for (name, way), group in _grouped(rows).items():
        yes, no = [r for r in group if r.answerable], [r for r in group if not r.answerable]
        table.append(
            {
                "set": name,
                "way": way,
                "questions": len(group),
                "exact_match": _mean([r.em for r in yes]),
                "f1": _mean([r.f1 for r in yes]),
                "acc_char": _mean([r.chars for r in yes]),
                "holds": _mean([r.holds for r in yes]),
                "right_declines": _mean([r.declined for r in no]),
                "wrong_declines": _mean([r.declined for r in yes]),
                "replies_with_inventions": sum(bool(r.invented) for r in group),
                "failed": sum(bool(r.error) for r in group),
                "seconds": statistics.mean(r.seconds for r in group),
            }
        )
    return table


def _grouped(rows: Sequence[Read]) -> dict[tuple[str, str], list[Read]]:
    groups: dict[tuple[str, str], list[Read]] = {}
    for row in rows:
        groups.setdefault((row.set, row.way), []).append(row)
    return dict(sorted(groups.items(), key=lambda item: item[0][0]))


def _mean(values: Sequence[float | bool | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return statistics.mean(known) if known else None


def table_of(table: Sequence[dict]) -> str:
    """The summary for a terminal."""
    lines = [
        f"{'set':20}{'way':14}{'n':>4}{'EM':>7}{'F1':>7}{'chars':>7}{'holds':>8}{'right-':>8}{'wrong-':>8}{'invented':>10}{'failed':>8}{'s/reply':>9}"
    ]
    for row in table:
        cells = "".join(
            f"{'–' if row[key] is None else format(row[key], form):>{width}}"
            for key, form, width in (
                ("exact_match", ".3f", 7), ("f1", ".3f", 7), ("acc_char", ".3f", 7), ("holds", ".1%", 8),
                ("right_declines", ".1%", 8), ("wrong_declines", ".1%", 8),
            )
        )  # fmt: skip
        lines.append(
            f"{row['set']:20}{row['way']:14}{row['questions']:>4}{cells}{row['replies_with_inventions']:>10}"
            f"{row['failed']:>8}{row['seconds']:>9.2f}"
        )
    return "\n".join([*lines, LEGEND])


def run(ways: Sequence[str], asked: Sequence[Asked], resumes: Path | None, out: Path, limit: int | None) -> None:
    """Ask everything in every way, print the table, keep every reply; what is done is kept if the run is ended."""
    rows: list[Read] = []
    for way in ways:
        settings = Settings(generator="embedded", **WAYS[way])
        for number, row in enumerate(answers_of(way, asked, settings, resumes), 1):
            rows.append(row)
            print(f"\r{way}: {number} of {len(asked)}", end="", flush=True)
        print()
        out.parent.mkdir(parents=True, exist_ok=True)
        result = {"ways": list(ways), "limit": limit, "summary": summary(rows), "replies": [asdict(row) for row in rows]}
        out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table_of(summary(rows)))
