"""How well the judge tells which of the retrieved passages answer, and so whether a refusal is right.

    python -m benchmarks.relevance [--questions data/questions --questions data/questions/unseen] [--kept]

Every question's passages are retrieved as the page does, over an index of the one resume it is about; nothing is written,
so the figures do not move with the generator. A passage that holds the question's evidence counts as the one that answers,
though others of the same resume may too: their share is an upper bound of the false alarms. A refusal to an unanswerable
question should be right, and one to a question whose evidence was retrieved should be "missed". With --kept also the written resumes that no training has seen: all their passages, with the
questions that stand there in both languages, asked in either. Prints a table per set and language and writes benchmarks/results/relevance.json.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.answers import Question, read_questions, resumes_of
from benchmarks.retrieval import plain
from judge.metrics.answer_relevancy import refusal
from judge.metrics.context_precision import context_precision
from judge.service import passage
from judge.verdicts import Judge, missed_threshold
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "relevance.json"
SETS = (PROJECT / "data" / "questions", PROJECT / "data" / "questions" / "dev", PROJECT / "data" / "questions" / "unseen")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: P(relevant) of its passages by rank, and which of them hold the evidence."""

    lang: str
    answerable: bool
    p_relevant: np.ndarray
    holds: np.ndarray


def ask_all(folder: Path, judge: Judge, settings: Settings) -> list[Asked]:
    """Every question of the folder, with the passages of its resume that are retrieved for it."""
    from rag.embedding import embedder_for
    from rag.index import Index, index_paths
    from rag.reranking import Reranker
    from rag.retrieval import Retriever

    embedder, reranker = embedder_for(settings.embedder), Reranker.load(settings)
    questions: list[Question] = read_questions(folder)
    resumes = resumes_of(folder) or [PROJECT / "data" / "resumes"]
    found = []
    for document in dict.fromkeys(question.document for question in questions):
        with tempfile.TemporaryDirectory(prefix="vouch-relevance-") as place:
            index = Index.open(Path(place) / "index", embedder)
            index_paths([next(place / document for place in resumes if (place / document).is_file())], index, settings)
            retriever = Retriever(index, embedder)
            retriever.reranker = reranker
            for question in (q for q in questions if q.document == document):
                chunks = retriever.search(question.user_input, settings.top_k)
                p = judge.matrix(question.user_input, "-", [], [passage(chunk) for chunk in chunks]).p_relevant
                evidence = plain(question.evidence or "")
                holds = [bool(evidence) and evidence in plain(chunk.chunk.text) for chunk in chunks]
                found.append(Asked(question.lang, question.answerable, np.asarray(p), np.array(holds)))
    return found


def measure(asked: Sequence[Asked], judge: Judge) -> dict[str, float | int]:
    """The figures of one language of one set."""
    from sklearn.metrics import roc_auc_score

    told = [each for each in asked if each.answerable and each.holds.any()]
    untold = [each for each in asked if not each.answerable]
    p, holds = np.concatenate([each.p_relevant for each in told]), np.concatenate([each.holds for each in told])
    relevant = p >= judge.relevant_threshold
    missed = missed_threshold(judge)
    highest = np.array([each.p_relevant.max() for each in (*told, *untold)])
    precision = [context_precision(each.p_relevant, judge.relevant_threshold).value for each in told]
    return {
        "questions": len(told),
        "unanswerable": len(untold),
        "passage_auc": round(float(roc_auc_score(holds, p)), 3),
        "evidence_relevant": round(float(relevant[holds].mean()), 3),
        "others_relevant": round(float(relevant[~holds].mean()), 3),
        "context_precision_zero": round(float(np.mean([value == 0 for value in precision])), 3),
        "anything_auc": round(float(roc_auc_score([1] * len(told) + [0] * len(untold), highest)), 3),
        "wrong_refusals_missed": round(float(np.mean([refusal(each.p_relevant, missed).value == 0 for each in told])), 3),
        "right_refusals_missed": round(float(np.mean([refusal(each.p_relevant, missed).value == 0 for each in untold])), 3),
    }


def kept(judge: Judge) -> dict[str, dict[str, float | int]]:
    """Of the kept resumes, by their language and the question's: the AUC of single passages, and how many of those that tell and of the others count as relevant. Whether another
    passage that holds a word of the answer tells is not known: it is left out."""
    from sklearn.metrics import roc_auc_score

    from judge.service import passage_of
    from rag.training.written_resumes import rows, swapped, telling

    p: dict[str, list[float]] = {}
    tells: dict[str, list[bool]] = {}
    for language in ("en", "ko"):
        for number, row in enumerate(rows(language, held_out=True)):
            resume = swapped(random.Random(number), row)
            texts = [passage_of(chunk) for chunk in resume.chunks]
            for ask in (ask for ask in resume.asks if ask.other and texts):
                words = telling(ask.answer) if ask.answer else set()
                sure = [i for i, text in enumerate(texts) if i in ask.spans or not any(word in text.casefold() for word in words)]
                for asked, question in ((language, ask.question), (resume.other_language, ask.other)):
                    kind = f"kept {language} asked in {asked}"
                    p.setdefault(kind, []).extend(np.asarray(judge.matrix(question, "-", [], texts).p_relevant)[sure])
                    tells.setdefault(kind, []).extend(i in ask.spans for i in sure)
    made = {}
    for kind, each in p.items():
        values, right = np.array(each), np.array(tells[kind])
        relevant = values >= judge.relevant_threshold
        made[kind] = {
            "passages": len(values),
            "passage_auc": round(float(roc_auc_score(right, values)), 3),
            "telling_relevant": round(float(relevant[right].mean()), 3),
            "others_relevant": round(float(relevant[~right].mean()), 3),
        }
    return made


@click.command()
@click.option("--questions", "folders", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False), default=SETS)
@click.option("--kept", "with_kept", is_flag=True, help="The written resumes kept from training, too.")
@click.option("--threads", default=0, help="CPU threads, 0 for all.")
def main(folders: Sequence[Path], with_kept: bool, threads: int) -> None:
    """Measure the judge's relevance on the FOLDERS."""
    from judge.models import judge_for

    settings = Settings(threads=threads)
    judge = judge_for("embedded", settings)
    results: dict[str, dict] = {"judge": judge.id}
    for folder in folders:
        asked = ask_all(folder, judge, settings)
        for language in sorted({each.lang for each in asked}):
            made = measure([each for each in asked if each.lang == language], judge)
            results[f"{folder.name} {language}"] = made
            click.echo(f"{folder.name} {language}: " + ", ".join(f"{name} {value}" for name, value in made.items()))
    for kind, made in kept(judge).items() if with_kept else ():
        results[kind] = made
        click.echo(f"{kind}: " + ", ".join(f"{name} {value}" for name, value in made.items()))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
