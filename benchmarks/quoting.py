"""How well quoting answers, and the reranker knows what answers: python -m benchmarks.quoting --data ../shared/data

Questions: people's on Wikipedia passages (TyDi QA Korean, a derived set of unanswerable ones, SQuAD 2.0), drawn
resumes in layouts and wordings the reranker was never trained on, and three hand-written Korean resumes
(quoting_dev.json, which development looked at). Each is answered twice, with the reranker and with shared words
and cosine similarity alone. `right`: the quote holds the fact, or the resume does not say and the answer declines.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.quoting import quote_answer
from rag.reranking import Reading, Reranker
from rag.types import Chunk, RetrievedChunk

RESULTS = Path(__file__).parent / "results" / "quoting.json"
HAND = Path(__file__).parent / "quoting_dev.json"
TOP_K = 4
CANDIDATES = 12  # passages the reranker orders, as in rag/retrieval.py


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over passages. `facts`: all must stand in the quote, each in one of its wordings; None: unanswerable."""

    question: str
    passages: tuple[tuple[str, str], ...]  # (section, text)
    facts: tuple[tuple[str, ...], ...] | None
    language: str


# ---------------------------------------------------------------- questions


def read_jsonl(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def people_asked(data: Path, name: str, limit: int) -> list[Asked]:
    """Questions of one human set; any of a row's answers counts."""
    return [
        Asked(row["question"], (("", row["context"]),), (tuple(row["answers"]),) if row["answerable"] else None, row["lang"])
        for row in read_jsonl(data / f"qa_{name}_dev.jsonl")[:limit]
    ]


def drawn(language: str, resumes: int) -> list[Asked]:
    """Questions on drawn resumes in held-out layouts; for a list one of its items must be quoted."""
    from rag.training.reranker_data import Draw, cut, draw_resume, spans_of, spoken

    found = []
    for number in range(resumes):
        draw = Draw(f"benchmark/{language}/{number}", held_out=True)
        resume = draw_resume(draw, language)
        passages = cut(draw, resume)
        texts = tuple(("", p.text) for p in passages)
        answerable = draw.some([a for a in resume.asks if a[1]], 6, 6)
        for question, keys in [*answerable, *draw.some([a for a in resume.asks if not a[1]], 3, 3)]:
            values = {p.text[a:b] for p in passages for a, b in spans_of(p, keys)}
            if values or not keys:
                found.append(
                    Asked(spoken(draw, question, resume), texts, (tuple(values),) if keys else None, language)
                )
    return found


def by_hand() -> list[Asked]:
    """The hand-written questions, on passages cut by the product's own reader."""
    from rag.chunking import chunk_document
    from rag.documents import read_document
    from settings import Settings

    found = []
    for resume in json.loads(HAND.read_text(encoding="utf-8"))["resumes"]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (resume["name"] + ".md" if "##" in resume["text"] else resume["name"] + ".txt")
            path.write_text(resume["text"], encoding="utf-8")
            chunks = chunk_document(read_document(path, Settings()))
        passages = tuple((chunk.section, chunk.text) for chunk in chunks)
        for question, facts in resume["questions"]:
            wanted = tuple(tuple(fact.split("|")) for fact in facts) if facts is not None else None
            found.append(Asked(question, passages, wanted, "ko"))
    return found


# ---------------------------------------------------------------- answering


class ReadOnce:
    """A reranker that has read all questions over the same passages at once: the same readings, in less time."""

    def __init__(self, reranker: Reranker, questions: Sequence[Asked]) -> None:
        self.decision, self.read_lines, self.llama_lines = reranker.decision, reranker.read_lines, reranker.llama_lines
        self._known = {}
        over: dict[tuple[str, ...], list[str]] = {}
        for asked in questions:
            over.setdefault(texts_of(asked), []).append(asked.question)
        for texts, asks in over.items():
            for question, readings in zip(asks, reranker.read_all(asks, texts), strict=True):
                self._known.update(((question, text), reading) for text, reading in zip(texts, readings, strict=True))

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        return [self._known[question, text] for text in texts]

    def p_answers(self, question: str, texts: Sequence[str]) -> list[float]:
        return [reading.p_answers for reading in self.read(question, texts)]


def texts_of(asked: Asked) -> tuple[str, ...]:
    """The passages as the reranker reads them."""
    return tuple(f"{section}\n{text}" if section else text for section, text in asked.passages)


def retrieved(asked: Asked, reranker: Reranker | None, cosines: Callable[[str, Sequence[str]], list[float]]):
    """The passages as retrieval would hand them over: the nearest by cosine, then ordered by the reranker."""
    texts = texts_of(asked)
    near = cosines(asked.question, texts)
    order = sorted(range(len(texts)), key=lambda i: -near[i])[:CANDIDATES]
    chances: dict[int, float] = {}
    if reranker is not None:
        chances = dict(zip(order, reranker.p_answers(asked.question, [texts[i] for i in order]), strict=True))
        order.sort(key=lambda i: -chances[i])
    found = []
    for rank, i in enumerate(order[:TOP_K], 1):
        section, text = asked.passages[i]
        chunk = Chunk(f"d-{i}", "d", "resume", "", section, text, 0, len(text))
        found.append(RetrievedChunk(chunk, rank, near[i], "dense", chances.get(i)))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def is_right(asked: Asked, text: str, declined: bool) -> bool:
    if asked.facts is None:
        return declined
    said = squeezed(text)
    return not declined and all(any(squeezed(w) in said for w in wordings if w) for wordings in asked.facts)


def measure(questions: Sequence[Asked], reranker: Reranker | None, cosines, show: bool = False) -> dict:
    """Shares over `questions`; `wrong_declines` and `contained` are of the answerable, `right_declines` of the rest."""
    contained = wrong_declines = right_declines = 0
    lengths = []
    if reranker is not None:
        reranker = ReadOnce(reranker, questions)
    for asked in questions:
        quoted = quote_answer(asked.question, retrieved(asked, reranker, cosines), reranker, asked.language)
        right = is_right(asked, quoted.text, quoted.declined)
        if asked.facts is None:
            right_declines += right
        else:
            contained += right
            wrong_declines += quoted.declined
        if not quoted.declined:
            lengths.append(len(quoted.text))
        if show and not right:
            print(f"  wrong: {asked.question} -> {quoted.text!r}  (wanted {asked.facts})")
    answerable = sum(a.facts is not None for a in questions)
    other = len(questions) - answerable
    return {
        "questions": len(questions),
        "answerable": answerable,
        "right": (contained + right_declines) / len(questions),
        "contained": contained / answerable if answerable else None,
        "wrong_declines": wrong_declines / answerable if answerable else None,
        "right_declines": right_declines / other if other else None,
        "mean_quote_chars": statistics.fmean(lengths) if lengths else None,
    }


# ---------------------------------------------------------------- ranking


def ranking(data: Path, reranker: Reranker, cosines, limit: int) -> dict:
    """AUC of telling passages that answer from those that do not, by source, for three scores."""
    from sklearn.metrics import roc_auc_score

    from rag.retrieval import tokens
    from rag.training.reranker_data import examples
    from rag.training.reranker_rows import human_examples

    groups: dict[str, list] = {}
    for example in human_examples(data, "dev", 0):
        groups.setdefault(example.source, []).append(example)
    for language, share in (("ko", 1.0), ("en", 0.0)):
        groups[f"resume_{language}"] = [e for e, _ in zip(examples(7, True, share), range(limit), strict=False)]
    found = {}
    for name, rows in sorted(groups.items()):
        rows = sorted(rows[:limit], key=lambda row: row.passage)
        labels = [row.answers for row in rows]
        if len(set(labels)) < 2:  # one class alone has no ranking
            continue
        asked = [set(tokens(row.question)) for row in rows]
        shared = [
            len(words & set(tokens(row.passage))) / max(1, len(words)) for words, row in zip(asked, rows, strict=True)
        ]
        chances = []
        for passage, same in itertools.groupby(rows, key=lambda row: row.passage):
            for readings in reranker.read_all([row.question for row in same], [passage]):
                chances.append(readings[0].p_answers)
        found[name] = {
            "pairs": len(rows),
            "reranker": roc_auc_score(labels, chances),
            "cosine": roc_auc_score(labels, [cosines(row.question, [row.passage])[0] for row in rows]),
            "word_overlap": roc_auc_score(labels, shared),
        }
    return found


def seconds_for(reranker: Reranker, passages: Sequence[str]) -> float:
    """Median seconds to read CANDIDATES passages for one question."""
    times = []
    for _ in range(7):
        begin = time.perf_counter()
        reranker.p_answers("결제 시스템의 응답 속도를 얼마나 개선했나요?", passages)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def passages_of_tokens(reranker: Reranker, count: int) -> Iterator[str]:
    """Resume passages of about `count` tokens."""
    from rag.training.reranker_data import examples

    for example in examples(3, True):
        if abs(reranker.count_tokens(example.passage) - count) < count // 6:
            yield example.passage


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the human data (*.jsonl)")
    parser.add_argument("--adapter", type=Path, help="another adapter folder than data/adapters/reranker")
    parser.add_argument("--limit", type=int, default=300, help="questions or pairs per set")
    parser.add_argument("--resumes", type=int, default=60, help="drawn Korean resumes, and half as many English ones")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", help="only the question sets whose name starts with this; nothing is written")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    parser.add_argument("--output", type=Path, default=RESULTS)
    args = parser.parse_args()

    import torch

    from rag.embedding import embedder_for
    from settings import Settings

    torch.set_num_threads(args.threads)
    settings = Settings()
    reranker = Reranker.from_folder(args.adapter) if args.adapter else Reranker.load(settings)
    if reranker is None:
        parser.error("data/adapters/reranker holds no adapter; train one first: python -m rag.training.reranker")
    embedder = embedder_for(settings.embedder)
    known: dict[str, object] = {}

    def cosines(question: str, texts: Sequence[str]) -> list[float]:
        new = [t for t in dict.fromkeys(texts) if t not in known]
        if new:
            known.update(zip(new, embedder.encode_passages(new), strict=True))
        vector = embedder.encode_queries([question])[0]
        return [float(known[t] @ vector) for t in texts]

    sets: dict[str, Callable[[], list[Asked]]] = {
        "hand_ko": by_hand,
        "drawn_ko": lambda: drawn("ko", args.resumes),
        "drawn_en": lambda: drawn("en", args.resumes // 2),
        **{
            name: (lambda name=name: people_asked(args.data, name, args.limit))
            for name in ("tydiqa_ko", "derived_tydiqa_unans_ko", "squad2_en")
        },
    }
    quoting: dict[str, dict] = {}
    print(f"{'set':26}{'reader':10}{'n':>5}{'right':>8}{'holds it':>10}{'wrong decl.':>12}{'right decl.':>12}{'chars':>7}")
    for name, questions in sets.items():
        if args.only and not name.startswith(args.only):
            continue
        asked = questions()
        for reader, model in (("reranker", reranker), ("words", None)):
            row = quoting.setdefault(name, {})[reader] = measure(asked, model, cosines, args.show and model is not None)
            cells = [row["right"], row["contained"], row["wrong_declines"], row["right_declines"]]
            shown = "".join(f"{'-' if c is None else f'{c:.3f}':>{w}}" for c, w in zip(cells, (8, 10, 12, 12), strict=True))
            print(f"{name:26}{reader:10}{row['questions']:5}{shown}{row['mean_quote_chars'] or 0:7.0f}", flush=True)
    if args.only:
        return
    auc = ranking(args.data, reranker, cosines, args.limit)
    print(f"\n{'AUC of what answers':26}{'pairs':>6}{'reranker':>10}{'cosine':>10}{'overlap':>10}")
    for name, row in auc.items():
        print(f"{name:26}{row['pairs']:6}{row['reranker']:10.3f}{row['cosine']:10.3f}{row['word_overlap']:10.3f}")
    passages = [p for p, _ in zip(passages_of_tokens(reranker, 120), range(CANDIDATES), strict=False)]
    took = seconds_for(reranker, passages)
    print(f"\n{len(passages)} passages of about 120 tokens: {took * 1000:.0f} ms on {args.threads} threads")
    args.output.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "command": f"python -m benchmarks.quoting --limit {args.limit} --resumes {args.resumes} --threads {args.threads}",
        "threshold": reranker.decision.threshold,
        "quoting": quoting,
        "auc": auc,
        "latency": {"passages": len(passages), "seconds": took, "threads": args.threads, "machine": platform.machine()},
    }
    args.output.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
