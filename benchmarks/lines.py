"""What each reading of the reranker tells of a line: the first, the second and the Llama's.

    python -m benchmarks.lines [--every 2]

Over the written resumes that no training has seen, asked in their own language, and those questions of them that stand there in both also in the other one.
A question's passages are retrieved as the page does; of their likeliest lines by the first reading MOST are read again in the other ways, each under its
headings, or under all that stands above it in its passage (the Llama reads English questions about English resumes alone). The rules of the product (which
job is meant, what is no fact) have no say here. Prints, and writes to benchmarks/results/lines.json, of each kind of question: the AUC of single lines, how
often the likeliest line is a right one, and the AUC of "nothing answers" by the likeliest line's odds.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "lines.json"
MOST = 16  # lines of a question
READINGS = ("first", "second", "llama")
KINDS = {
    "en": "English, asked in English",
    "ko": "Korean, asked in Korean",
    "en asked in ko": "English, asked in Korean",
    "en asked in en": "English, the same questions in English",
    "ko asked in en": "Korean, asked in English",
    "ko asked in ko": "Korean, the same questions in Korean",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """One question's likeliest lines: their log odds by each of READINGS (readings, lines), which of them answer, and whether anything in the resume does.

    Attributes:
        odds: of READINGS, without the Llama's where it did not read.
        kind: one of KINDS.
    """

    odds: np.ndarray
    right: np.ndarray
    answerable: bool
    kind: str = "en"


def asked_of(resume, every: int) -> list[tuple[str, str, object]]:
    """The questions of a resume with their kinds: one in `every`, and every one that stands there in both languages, in both."""
    own, other = resume.language, resume.other_language
    made = [(own, ask.question, ask) for ask in resume.asks[::every]]
    for ask in resume.asks:
        if ask.other:
            made += [(f"{own} asked in {other}", ask.other, ask), (f"{own} asked in {own}", ask.question, ask)]
    return made


def ask_all(settings: Settings, every: int) -> list[Lines]:
    """The questions of every kept resume."""
    from rag.declining import logit
    from rag.embedding import embedder_for
    from rag.index import Index, index_paths
    from rag.quoting import line_text
    from rag.reranking import Reranker, passage
    from rag.retrieval import Retriever
    from rag.training.written_resumes import rows, swapped

    embedder, reranker = embedder_for(settings.embedder), Reranker.load(settings)
    if reranker is None:
        raise click.ClickException("data/adapters/reranker holds no adapter; restore it from the repository.")
    found, kept = [], [*rows("en", held_out=True), *rows("ko", held_out=True)]
    for number, row in enumerate(kept):
        resume = swapped(random.Random(number), row)
        with tempfile.TemporaryDirectory(prefix="vouch-lines-") as folder:
            file = Path(folder) / resume.file.replace("/", " ")
            file.write_text(resume.text, encoding="utf-8")
            index = Index.open(Path(folder) / "index", embedder)
            index_paths([file], index, settings)
            retriever = Retriever(index, embedder, reranker)
            for kind, question, ask in asked_of(resume, every):
                chunks = [each.chunk for each in retriever.search(question, settings.top_k)]
                texts, shifts = zip(*map(passage, chunks), strict=True)
                read = reranker.read(question, texts)
                lines = [(p, i, a - shift, b - shift) for i, (each, shift) in enumerate(zip(read, shifts, strict=True)) for a, b, p in each.lines if a >= shift]
                lines = sorted(lines, reverse=True)[:MOST]
                shown = [line_text(chunks[i], a, b) for _, i, a, b in lines]
                told = {(resume.chunks[i].text, a, b) for i, spans in ask.spans.items() for a, b in spans} if ask.answer else set()
                right = [any(text == chunks[i].text and c < b and d > a for text, c, d in told) for _, i, a, b in lines]
                odds = [[logit(p) for p, *_ in lines], reranker.read_lines(question, shown), reranker.llama_lines(question, [(texts[i], shifts[i] + b) for _, i, _, b in lines])]
                found.append(Lines(np.array([each for each in odds if each is not None]), np.array(right, bool), ask.answer is not None, kind))
        click.echo(f"{number + 1} of {len(kept)} resumes, {len(found)} questions", err=True)
    return found


def summary(asked: Sequence[Lines], weights: Mapping[str, Sequence[float]]) -> list[dict]:
    """A row for each weighing of the readings."""
    from sklearn.metrics import roc_auc_score

    answerable = [each for each in asked if each.answerable]
    right = np.concatenate([each.right for each in answerable])
    rows = []
    for name, weight in weights.items():
        of = lambda each, weight=weight: np.asarray(weight) @ each.odds
        rows.append(
            {
                "reading": name,
                "lines_auc": round(float(roc_auc_score(right, np.concatenate([of(each) for each in answerable]))), 3),
                "likeliest_right": round(float(np.mean([each.right[np.argmax(of(each))] for each in answerable])), 3),
                "unanswerable_auc": round(float(roc_auc_score([not each.answerable for each in asked], [-of(each).max() for each in asked])), 3),
            }
        )
    return rows


@click.command()
@click.option("--every", default=2, show_default=True, help="Of each resume one question in so many.")
@click.option("--threads", default=0, help="CPU threads, 0 for all.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=RESULTS, show_default=True)
def main(every: int, threads: int, out: Path) -> None:
    """Compare the readings of a line."""
    from rag.quoting import SECOND, THIRD

    asked = ask_all(Settings(generator="embedded", threads=threads), every)
    made = {}
    for kind, name in KINDS.items():
        of = [each for each in asked if each.kind == kind]
        weights = {"first": (1, 0), "second": (0, 1), "first and second": (1, SECOND)}
        by_llama = [each for each in of if len(each.odds) == len(READINGS)]
        if 2 * len(by_llama) > len(of):
            of, weights = by_llama, {each: (*weight, 0) for each, weight in weights.items()}
            weights |= {"llama": (0, 0, 1), "first and llama": (1, 0, THIRD), "all three": (1, SECOND, THIRD)}
        made[kind] = {"questions": len(of), "answerable": sum(each.answerable for each in of), "rows": summary(of, weights)}
        click.echo(f"{name}: {made[kind]['questions']} questions, {made[kind]['answerable']} of them answerable")
        for row in made[kind]["rows"]:
            click.echo(f"  {row['reading']:18} lines {row['lines_auc']:.3f}  likeliest right {row['likeliest_right']:.3f}  unanswerable {row['unanswerable_auc']:.3f}")
    out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
