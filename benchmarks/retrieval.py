"""How often retrieval finds the passage that answers: dense, lexical and fused, on public questions and on resumes.

    python -m benchmarks.retrieval --data ../shared/data

Public sets: every question of `retrieval_*_dev.jsonl` against the
passages of the matching `corpus_*.jsonl`. Resumes: every answerable question of `data/questions/*.jsonl`
against the resumes in `data/resumes`, found when a retrieved passage holds the question's evidence.
Vectors are kept in the cache, so a second run only costs the fusion.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.chunking import chunk_document
from rag.documents import read_document
from rag.embedding import Encoder, embedder_for
from rag.errors import UserError
from rag.index import Snapshot, find_files, passage_text
from rag.retrieval import LexicalIndex, ranked_rows, search_words, topic_of
from rag.types import Chunk
from settings import Settings

MODES = ("dense", "lexical", "fused")
SEED = 7


def cached_vectors(texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray], key: str, folder: Path) -> np.ndarray:
    """Vectors of texts, computed once per embedder and role."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256("\x00".join((key, *texts)).encode()).hexdigest()[:16]
    path = folder / f"vectors-{digest}.npy"
    if not path.exists():
        with path.with_suffix(".tmp").open("wb") as file:
            np.save(file, encode(texts))
        path.with_suffix(".tmp").replace(path)
    return np.load(path)


def snapshot_of(chunks: Sequence[Chunk], embedder: Encoder, cache: Path) -> Snapshot:
    import faiss

    vectors = cached_vectors([passage_text(chunk) for chunk in chunks], embedder.encode_passages, f"passage {embedder.id}", cache)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return Snapshot(chunks=tuple(chunks), vectors=index)


def metrics(ranks: Sequence[int | None]) -> dict[str, float]:
    """Recall at 1 and 4 and the mean reciprocal rank, from each question's first hit (1-based, None without)."""
    hits = np.array([0.0 if rank is None else 1.0 / rank for rank in ranks])
    rng = np.random.default_rng(SEED)
    found = hits >= 0.25
    resampled = found[rng.integers(0, len(found), (1000, len(found)))].mean(1)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return {
        "recall@1": round(float((hits == 1.0).mean()), 4),
        "recall@4": round(float(found.mean()), 4),
        "recall@4 95%": [round(float(low), 4), round(float(high), 4)],
        "mrr": round(float(hits.mean()), 4),
        "questions": len(ranks),
    }


def evaluate(
    snapshot: Snapshot,
    questions: Sequence[str],
    vectors: np.ndarray,
    is_hit: Callable[[int, int], bool],
    rows: Callable[[int], np.ndarray | None] = lambda _: None,
) -> dict[str, dict[str, float]]:
    """Metrics of each mode; `is_hit(question number, row)` says whether a passage answers."""
    lexical = LexicalIndex([search_words(chunk) for chunk in snapshot.chunks])
    ranks: dict[str, list[int | None]] = {mode: [] for mode in MODES}
    for number, question in enumerate(questions):
        lists = ranked_rows(snapshot, lexical, question, vectors[number], rows(number))
        for mode, ranked in zip(MODES, lists, strict=True):
            hit = next((rank for rank, (row, _) in enumerate(ranked, 1) if is_hit(number, row)), None)
            ranks[mode].append(hit)
    return {mode: metrics(found) for mode, found in ranks.items()}


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def public_sets(data: Path, embedder: Encoder, cache: Path, passages: int, only: Sequence[str]) -> dict[str, dict]:
    """Results of each public set; `passages` bounds a corpus (all right passages, the rest drawn at random)."""
    results = {}
    for path in sorted(data.glob("retrieval_*_dev.jsonl")):
        name = path.stem.removeprefix("retrieval_").removesuffix("_dev")
        corpus_path = data / f"corpus_{name}.jsonl"
        if (only and not any(part in name for part in only)) or not corpus_path.exists():
            continue
        items = read_lines(path)
        wanted = {pid for item in items for pid in item["positive_id"]}
        corpus = read_lines(corpus_path)
        others = [row for row in corpus if row["pid"] not in wanted]
        random.Random(SEED).shuffle(others)
        kept = [row for row in corpus if row["pid"] in wanted]
        kept += others[: max(0, passages - len(kept))]
        chunks = [
            Chunk(row["pid"], name, name, name, str(row.get("title") or name), row["text"], 0, len(row["text"])) for row in kept
        ]
        snapshot = snapshot_of(chunks, embedder, cache)
        questions = [item["query"] for item in items]
        vectors = cached_vectors(questions, embedder.encode_queries, f"query {embedder.id}", cache)
        right = [set(item["positive_id"]) for item in items]

        def is_hit(number: int, row: int, right=right, chunks=chunks) -> bool:
            return chunks[row].id in right[number]

        results[name] = {"passages": len(chunks), **evaluate(snapshot, questions, vectors, is_hit)}
        show(name, results[name])
    return results


def plain(text: str) -> str:
    """Text without marks, case and spaces: the same sentence in Markdown, PDF and Word compares equal."""
    return re.sub(r"[\W_]+", "", text).casefold()


def resume_sets(root: Path, embedder: Encoder, cache: Path, settings: Settings) -> dict[str, dict]:
    """Results on the project's own resumes, per file format and language.

    Within the resume asked about, as on the chat page with one resume, and among all resumes of that format.
    """
    files = find_files([root / "resumes"]) if (root / "resumes").is_dir() else []
    questions = [item for path in sorted((root / "questions").glob("*.jsonl")) for item in read_lines(path)]
    questions = [item for item in questions if item["answerable"] and item["evidence"]]
    results = {}
    for suffix in sorted({path.suffix for path in files}) if questions else []:
        documents = {path.stem: read_document(path, settings) for path in files if path.suffix == suffix}
        chunks = [chunk for document in documents.values() for chunk in chunk_document(document)]
        snapshot = snapshot_of(chunks, embedder, cache)
        texts = [plain(chunk.text) for chunk in chunks]
        for language in ("en", "ko"):
            asked = [item for item in questions if item["lang"] == language and Path(item["document"]).stem in documents]
            if not asked:
                continue
            evidence = [plain(item["evidence"]) for item in asked]
            ids = [documents[Path(item["document"]).stem].id for item in asked]

            def is_hit(number: int, row: int, evidence=evidence, ids=ids, texts=texts, chunks=chunks) -> bool:
                return chunks[row].document_id == ids[number] and evidence[number] in texts[row]

            for item, number in zip(asked, range(len(asked)), strict=True):
                if not any(is_hit(number, row) for row in range(len(chunks))):
                    print(f"no passage of {item['document']} as {suffix} holds: {item['evidence']}", file=sys.stderr)
            wordings = [item["user_input"] for item in asked]
            topics = [topic_of(snapshot, wording) for wording in wordings]
            vectors = cached_vectors(topics, embedder.encode_queries, f"query {embedder.id}", cache)
            for scope, rows in (
                ("one resume", lambda number, ids=ids, snapshot=snapshot: snapshot.rows_of([ids[number]])),
                ("all resumes", lambda _: None),
            ):
                name = f"{language} {suffix[1:]}, {scope}"
                results[name] = {"passages": len(chunks), **evaluate(snapshot, wordings, vectors, is_hit, rows)}
                show(name, results[name])
    return results


def show(name: str, result: dict) -> None:
    for mode in MODES:
        row = result[mode]
        print(
            f"{name:28} {mode:8} {row['recall@1']:8.3f} {row['recall@4']:8.3f} {row['mrr']:8.3f} {row['questions']:6} {result['passages']:8}",
            flush=True,
        )


def main() -> None:
    settings = Settings()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with retrieval_*_dev.jsonl and corpus_*.jsonl")
    parser.add_argument("--resumes", type=Path, default=settings.data, help="folder with resumes/ and questions/")
    parser.add_argument("--embedder", default=settings.embedder)
    parser.add_argument("--passages", type=int, default=500, help="at most so many passages of a public corpus")
    parser.add_argument("--only", nargs="*", default=[], help="only public sets whose names contain one of these")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results" / "retrieval.json")
    given = parser.parse_args()
    try:
        embedder = embedder_for(given.embedder)
        cache = settings.cache / "benchmarks"
        started = time.perf_counter()
        print(f"{'set':28} {'mode':8} {'recall@1':>8} {'recall@4':>8} {'mrr':>8} {'asked':>6} {'passages':>8}")
        results = resume_sets(given.resumes, embedder, cache, settings)
        if given.data is not None:
            results |= public_sets(given.data, embedder, cache, given.passages, given.only)
    except UserError as error:
        sys.exit(str(error))
    given.output.parent.mkdir(parents=True, exist_ok=True)
    report = {"embedder": embedder.id, "seconds": round(time.perf_counter() - started, 1), "results": results}
    given.output.write_text(json.dumps(report, indent=1) + "\n")
    print(f"written to {given.output}")


if __name__ == "__main__":
    main()
