"""Groups that the reranker learns from: passages with the questions asked of them, as text in one file.

`python -m rag.training.reranker_rows --data DIR --out GROUPS.jsonl.gz` writes them, of written resumes, of resumes drawn from tables and of
people's question answering sets; whoever trains on them (rag/training/reranker.py) needs nothing of how they came about.
"""

from __future__ import annotations

import gzip
import itertools
import json
import logging
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from rag.training.reranker import Ask, Group
from rag.training.reranker_data import Example, groups, kept_groups, written_groups

log = logging.getLogger("rag.training.reranker_rows")

HUMAN_SHARE = 0.15  # of the groups
WRITTEN_SHARE = 0.65  # resumes written by hand; the rest are drawn from tables
PEOPLE = 12  # human questions in a group


def read_jsonl(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [m.end() for m in re.finditer(r"(?<=[.!?。])\s+|\n+", text)]
    bounds = [0, *ends, len(text)]
    return [(a, b) for a, b in itertools.pairwise(bounds) if b > a]


def cut_around(chance: random.Random, text: str, span: tuple[int, int] | None, limit: int) -> tuple[int, int]:
    """A run of whole sentences of at most about `limit` characters that holds `span` (or any run without one)."""
    pieces = _sentences(text)
    if not pieces:
        return 0, len(text)
    holding = [i for i, (a, b) in enumerate(pieces) if span and a < span[1] and b > span[0]]
    if not holding:
        holding = [chance.randrange(len(pieces))]
    low, high = holding[0], holding[-1]
    while True:
        sides = []
        if low > 0 and pieces[high][1] - pieces[low - 1][0] <= limit:
            sides.append("before")
        if high + 1 < len(pieces) and pieces[high + 1][1] - pieces[low][0] <= limit:
            sides.append("after")
        if not sides:
            return pieces[low][0], pieces[high][1]
        if chance.choice(sides) == "before":
            low -= 1
        else:
            high += 1


def _answer_span(context: str, answers: Sequence[str]) -> tuple[int, int] | None:
    for answer in answers:
        at = context.find(answer)
        if answer and at >= 0:
            return at, at + len(answer)
    return None


def human_examples(data: Path, split: str, seed: int) -> list[Example]:
    """Question and passage pairs from the human question answering sets in `data` (`split` train or dev).

    Raises:
        FileNotFoundError: a data file is missing.
    """
    chance = random.Random(seed)
    found: list[Example] = []

    def limit(language: str) -> int:
        return chance.choice([150, 250, 400] if language == "ko" else [300, 500, 800])

    for name in ("squad2_en", "tydiqa_en", "tydiqa_ko", "derived_tydiqa_unans_ko", "belebele_ko", "clapnq_en"):
        rows = read_jsonl(data / f"qa_{name}_{split}.jsonl")
        for row in rows:
            context, language = row["context"], row["lang"]
            if not row["answerable"]:
                a, b = cut_around(chance, context, None, 2 * limit(language))
                found.append(Example(row["question"], context[a:b], False, (), name))
                continue
            answers = row["answers"]
            if name == "clapnq_en":
                answers = [s for s in row.get("supporting_sentences", []) if isinstance(s, str)]
            span = _answer_span(context, answers)
            if span is None:
                if len(context) < 1200:
                    found.append(Example(row["question"], context, True, (), name))
                continue
            a, b = cut_around(chance, context, span, limit(language))
            spans = ((span[0] - a, span[1] - a),)
            found.append(Example(row["question"], context[a:b], True, spans, name))
            for _ in range(2):
                c, d = cut_around(chance, context, None, limit(language))
                other = context[c:d]
                if d - c > 40 and (d <= a or c >= b) and not any(x and x in other for x in row["answers"] + answers):
                    found.append(Example(row["question"], other, False, (), name))
                    break
        if name == "belebele_ko":
            for row in rows:
                other = chance.choice(rows)["context"]
                if other != row["context"]:
                    found.append(Example(row["question"], other[:500], False, (), name))
    for name, language in (("squad2_en", "en"), ("tydiqa_en", "en"), ("tydiqa_ko", "ko")):
        corpus = [row["text"] for row in read_jsonl(data / f"corpus_{name}.jsonl") if row.get("split", split) == split]
        tokens = [set(_grams(text[:1500])) for text in corpus]
        for row in chance.sample(rows := read_jsonl(data / f"retrieval_{name}_{split}.jsonl"), min(500, len(rows))):
            grams = set(_grams(row["query"]))
            sample = chance.sample(range(len(corpus)), min(120, len(corpus)))
            sample.sort(key=lambda i: -len(grams & tokens[i]) / (len(tokens[i]) + 50) ** 0.5)
            for i in sample[:2]:
                a, b = cut_around(chance, corpus[i], None, limit(language))
                text = corpus[i][a:b]
                if not any(answer in corpus[i] for answer in row.get("answers", ())):
                    found.append(Example(row["query"], text, False, (), "retrieval_" + name))
                    break
    for name in ("epqa_en", "semipqa_en"):
        for row in read_jsonl(data / f"relevance_{name}_{split}.jsonl"):
            for text in row["positive"][:2]:
                found.append(Example(row["query"], text[:900], True, (), name))
            for text in chance.sample(row["negatives"], min(2, len(row["negatives"]))):
                found.append(Example(row["query"], text[:900], False, (), name))
    chance.shuffle(found)
    return found


def _grams(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1))


def people(chance: random.Random, rows: Sequence[Example]) -> Iterator[Group]:
    """Human pairs in endless groups of a dozen; each passage also serves the other questions as a wrong one."""
    while True:
        order = chance.sample(range(len(rows)), len(rows))
        for at in range(0, len(order) - PEOPLE, PEOPLE):
            chosen = [rows[i] for i in order[at : at + PEOPLE]]
            asks = []
            for i, row in enumerate(chosen):
                spans = {i: row.spans or ((0, len(row.passage)),)} if row.answers else {}
                same = [j for j, other in enumerate(chosen) if j != i and other.question == row.question]
                asks.append(Ask(row.question, spans, frozenset(same)))
            yield Group(tuple(row.passage for row in chosen), tuple(asks))


def stream(human: Sequence[Example], seed: int, korean_share: float, headed: bool = False, crossed: float = 0.0) -> Iterator[Group]:
    """Endless groups, of people's questions or of one resume; `headed` and `crossed` as in `written_groups`."""
    chance = random.Random(seed)
    asked = people(chance, human)
    drawn = groups(seed, held_out=False, korean_share=korean_share)
    written = written_groups(seed, held_out=False, headed=headed, crossed=crossed)
    while True:
        kind = chance.random()
        if kind < HUMAN_SHARE:
            yield next(asked)
        else:
            yield next(written if kind < HUMAN_SHARE + WRITTEN_SHARE else drawn)


def row(group: Group, held_out: str = "") -> dict:
    """A group as it is written; `held_out` is the language of one that is kept for measuring, with "_crossed" where it is asked in the other."""
    asks = [
        {"question": ask.question, "spans": [[i, a, b] for i, spans in ask.spans.items() for a, b in spans], "unsure": sorted(ask.unsure)}
        for ask in group.asks
    ]
    return {"held_out": held_out, "passages": group.passages, "asks": asks}


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the public data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (.jsonl.gz).")
@click.option("--groups", "count", default=8000, show_default=True, help="To train on; the resumes kept from training come on top.")
@click.option("--korean-share", default=0.5, show_default=True, help="Of the resumes drawn from tables.")
@click.option("--headed", is_flag=True, help="Half of the passages under the candidate's name: for the judge.")
@click.option("--crossed", default=0.0, show_default=True, help="Share of the written resumes that are asked in the other language alone.")
@click.option("--seed", default=0, show_default=True)
def main(data: Path, out: Path, count: int, korean_share: float, headed: bool, crossed: float, seed: int) -> None:
    """Write the groups for the first reading of the reranker, or for the judge's relevance adapter."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    human = human_examples(data, "train", seed)
    log.info("%d human pairs", len(human))
    kept = (row(group, f"{language}_crossed" if across else language) for across in (False, True) for language in ("en", "ko") for group in kept_groups(language, across))
    learnt = (row(group) for group in itertools.islice(stream(human, seed, korean_share, headed, crossed), count))
    with gzip.open(out, "wt", encoding="utf-8") as file:
        for number, made in enumerate(itertools.chain(kept, learnt)):
            file.write(json.dumps(made, ensure_ascii=False) + "\n")
            if number % 1000 == 0:
                log.info("%d groups", number)


if __name__ == "__main__":
    main()
