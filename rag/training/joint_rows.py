"""Rows that the joint readers (rag/joint.py) learn from, as token ids in one file: whoever trains needs nothing but torch.

`python -m rag.training.joint_rows --out FILE` writes the questions about the written resumes and people's, for the reranker's second
look; judge/training/joint_rows.py writes the judge's claims and answers.
"""

from __future__ import annotations

import itertools
import json
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from rag.joint import LABELS, SET, TASKS
from rag.quoting import line_text
from rag.reranking import passage, read_passage, read_question, sentences
from rag.training.written_claims import claims_of, shared
from rag.training.written_resumes import WrittenAsk, WrittenResume, newest, rows, swapped, telling

log = logging.getLogger("rag.training.joint_rows")
LABEL = {**{label: i for i, label in enumerate(LABELS)}, "unsupported": 3, 0.0: 0, 1.0: 1}
STATEMENTS = 0.25  # of the statements about a resume that are asked as questions


def flat(lists: Sequence[Sequence[int]], dtype: type) -> np.ndarray:
    """Lists one after the other."""
    return np.array([x for each in lists for x in each], dtype)


def ends(lists: Sequence[Sequence[int]]) -> np.ndarray:
    """Where each of them ends there."""
    return np.cumsum([len(each) for each in lists]).astype(np.int64)


class Rows:
    """Texts and rows about them, gathered and written as arrays.

    A row is a first text, the passages it is read with, a task and a target. Rows of one group are read in the same step: they
    share passages.
    """

    def __init__(self, tokenizer) -> None:
        self.tokenizer = tokenizer
        self._texts: dict[tuple[str, str], list[int]] = {}
        self.units: list[list[int]] = []
        self.firsts: list[list[int]] = []
        self.first_text: list[str] = []
        self.unit_text: list[str] = []
        self.sets: list[list[int]] = []
        self.of: list[tuple[int, int, int, int, int, int]] = []  # first, task, label, source, group, held out
        self.wrong: list[list[int]] = []  # per token of the first text 1 or 0; empty where unknown
        self.sources: list[str] = []

    def passages(self, text: str) -> list[int]:
        """The numbers of a passage's stretches."""
        key = ("passage", text)
        if key not in self._texts:
            made = []
            for part in read_passage(self.tokenizer, text):
                made.append(len(self.units))
                self.units.append(part.ids)
                self.unit_text.append(text)
            self._texts[key] = made
        return self._texts[key]

    def reply(self, text: str, most: int = 256) -> int:
        """The number of a reply, which is encoded as what is asked is."""
        key = ("reply", text)
        if key not in self._texts:
            self._texts[key] = [len(self.units)]
            self.units.append(read_question(self.tokenizer, text, most).ids)
            self.unit_text.append(text)
        return self._texts[key][0]

    def first(self, text: str) -> int:
        key = ("first", text)
        if key not in self._texts:
            self._texts[key] = [len(self.firsts)]
            self.firsts.append(read_question(self.tokenizer, text).ids)
            self.first_text.append(text)
        return self._texts[key][0]

    def add(
        self,
        task: str,
        first: str,
        units: Sequence[int],
        target: str | float,
        source: str,
        group: int,
        held_out: bool,
        spans: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        """One row; `spans` are the characters of `first` that are not true, None where that is not known."""
        if not units:
            return
        number = self.first(first)
        if source not in self.sources:
            self.sources.append(source)
        self.of.append((number, TASKS.index(task), LABEL[target], self.sources.index(source), group, int(held_out)))
        self.sets.append([*units[:SET], *[-1] * (SET - len(units))])
        wrong: list[int] = []
        if spans is not None:
            ids = self.firsts[number]
            made = self.tokenizer(first.replace("\n", " "), add_special_tokens=False, return_offsets_mapping=True)
            lead = len(ids) - 1 - min(len(made["input_ids"]), 96)
            wrong = [0] * lead + [int(any(a < end and b > start for start, end in spans)) for a, b in made["offset_mapping"][: len(ids) - 1 - lead]] + [0]
        self.wrong.append(wrong)

    def thin(self, rng: random.Random, own: float) -> None:
        """Keep this share of the rows to learn from whose first text is in the language of what it is read with, or is of people's."""
        kept = [held_out == 1 or "_crossed_" in self.sources[source] or rng.random() < own for *_, source, _, held_out in self.of]
        for column in (self.of, self.sets, self.wrong):
            column[:] = itertools.compress(column, kept)

    def save(self, file: Path) -> None:
        np.savez_compressed(
            file,
            units=flat(self.units, np.int32), unit_ends=ends(self.units), firsts=flat(self.firsts, np.int32), first_ends=ends(self.firsts),
            sets=np.array(self.sets, np.int32), of=np.array(self.of, np.int32), wrong=flat(self.wrong, np.int8), wrong_ends=ends(self.wrong),
            sources=np.array(self.sources),
        )  # fmt: skip
        log.info("%d rows, %d first texts, %d passages, %d + %d tokens", len(self.of), len(self.firsts), len(self.units), sum(map(len, self.firsts)), sum(map(len, self.units)))


def chosen(rng: random.Random, wanted: Sequence[int], near: Sequence[int], units: Sequence[Sequence[int]]) -> list[int]:
    """The stretches of the passages `wanted`, often with others among them, those named first in `near` likelier; at most SET."""
    made = list(wanted)
    if rng.random() < 0.65:
        room = rng.randint(len(made), SET)
        for i in near:
            if len(made) < room and i not in made and rng.random() < 0.7:
                made.append(i)
    rng.shuffle(made)
    flat = [unit for i in made for unit in units[i]]
    if len(flat) > SET:  # what is wanted goes first
        flat = [unit for i in sorted(made, key=lambda i: i not in wanted) for unit in units[i]][:SET]
    return flat


def question_rows(into: Rows, rng: random.Random, resume: WrittenResume, texts: Sequence[str], group: int, held_out: bool, lines: bool = False) -> None:
    """Whether passages of a resume tell what is asked, in its language and in the other: of the passages that do, of others, of single ones; with `lines` of
    single lines, too."""
    units = [into.passages(text) for text in texts]

    def add(question: str, spans: Sequence[int], known: set[str], told: bool, source: str = f"written_{resume.language}", alike: str = "") -> None:
        near = sorted(range(len(texts)), key=lambda i: -shared(alike or question, texts[i]))
        if held_out:  # as retrieved: the nearest, and what tells
            top = [*spans, *[i for i in near if i not in spans]][:SET]
            flat = [unit for i in sorted(top) for unit in units[i]]
            into.add("told", question, flat, float(told), source, group, True)
            return
        if told:
            if len(spans) <= SET - 1:
                into.add("told", question, chosen(rng, spans, near, units), 1.0, source, group, False)
            if rng.random() < 0.4:
                into.add("told", question, units[rng.choice(spans)][:SET], 1.0, source, group, False)
        beside = [i for i in near if i not in spans and not any(word in texts[i].casefold() for word in known)]
        if beside and (not told or rng.random() < 0.5):
            flat = chosen(rng, beside[: rng.randint(1, SET)], beside, units)
            into.add("told", question, flat, 0.0, source, group, False)
        if beside and not told and rng.random() < 0.4:
            into.add("told", question, units[rng.choice(beside[:3])][:SET], 0.0, source, group, False)

    for ask in resume.asks:
        about = sorted(ask.spans), telling(ask.answer) if ask.answer else set(), ask.answer is not None
        add(ask.question, *about)
        if ask.other:
            add(ask.other, *about, f"written_crossed_{resume.language}", ask.question)
    if lines:
        line_rows(into, rng, resume, group, held_out)
    if held_out:
        return
    for each in claims_of(rng, resume, texts):
        for claim in each:
            if rng.random() < STATEMENTS:
                told = claim.label != "not_found"
                add(claim.text, list(claim.places) if told else [], telling(claim.text) if told else set(), told)


Line = tuple[int, int, int, str]  # passage, start, end, text


def split_by(ask: WrittenAsk, lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that tell the answer, and of the others those that hold no telling word of it."""
    tells = lambda line: any(start < line[2] and end > line[1] for start, end in ask.spans.get(line[0], ()))
    known = telling(ask.answer) if ask.answer else set()
    right = [line for line in lines if tells(line)]
    return right, [line for line in lines if not tells(line) and not any(word in line[3].casefold() for word in known)]


def line_rows(into: Rows, rng: random.Random, resume: WrittenResume, group: int, held_out: bool) -> None:
    """Whether a line, under its headings, tells what is asked, in its language and in the other: the lines that do, and those most like the question of the others."""
    every = [(i, a, b, line_text(chunk, a, b)) for i, chunk in enumerate(resume.chunks) for a, b in sentences(chunk.text)]
    for ask in resume.asks:
        told, beside_it = split_by(ask, every)
        right, others = [text for *_, text in told], [(i, text) for i, _, _, text in beside_it]
        others.sort(key=lambda other: -shared(ask.question, other[1]))
        beside = [text for i, text in others if i in ask.spans][:3]  # another line of the same passage
        for question, source in ((ask.question, f"line_{resume.language}"), (ask.other, f"line_crossed_{resume.language}")):
            if not question:
                continue
            for text in rng.sample(right, min(2, len(right))):
                into.add("told", question, into.passages(text)[:1], 1.0, source, group, held_out)
            wrong = [*others[:1], *rng.sample(others[1:8], min(1, len(others[1:8])))]
            for text in dict.fromkeys([*(text for _, text in wrong), *rng.sample(beside, min(1, len(beside)))]):
                into.add("told", question, into.passages(text)[:1], 0.0, source, group, held_out)


def human_questions(into: Rows, data: Path, rng: random.Random, group: int) -> None:
    """People's questions with passages that answer them or do not."""
    read = lambda stem: [json.loads(line) for line in (data / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]
    number = group
    for stem in ("qa_squad2_en_train", "qa_tydiqa_en_train", "qa_tydiqa_ko_train", "qa_derived_tydiqa_unans_ko_train", "qa_clapnq_en_train", "qa_mtragun_en_train", "qa_belebele_ko_train"):
        for n, row in enumerate(read(stem)):
            if row.get("history") or not row["context"].strip():
                continue
            into.add("told", row["question"], into.passages(row["context"])[:SET], float(row["answerable"]), stem, number + n // 12, False)
        number += len(into.of) // 12 + 1
    for stem in ("relevance_epqa_en_train", "relevance_semipqa_en_train"):
        for n, row in enumerate(read(stem)):
            for text, target in [*((p, 1.0) for p in row["positive"][:3]), *((p, 0.0) for p in rng.sample(row["negatives"], min(3, len(row["negatives"]))))]:
                into.add("told", row["query"], into.passages(text)[:1], target, stem, number + n // 4, False)
        number += len(into.of) // 4 + 1


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the public data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (.npz).")
@click.option("--draws", default=5, show_default=True, help="Of every resume, each with other names and figures.")
@click.option("--since", multiple=True, help="File of written resumes (en_zp) from which on all are drawn, and of those before --others.")
@click.option("--others", default=0.3, show_default=True, help="Share of the resumes before --since, other ones at each draw.")
@click.option("--lines-only", is_flag=True, help="Leave whole passages and statements out.")
@click.option("--own", default=1.0, show_default=True, help="Share of the rows that do not cross languages.")
@click.option("--seed", default=0, show_default=True)
def main(data: Path, out: Path, draws: int, since: tuple[str, ...], others: float, lines_only: bool, own: float, seed: int) -> None:
    """Write the rows for the second reading of the reranker."""
    from transformers import AutoTokenizer

    from rag.models import embedded_weights

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    into, rng, group = Rows(AutoTokenizer.from_pretrained(embedded_weights("encoder"))), random.Random(f"questions {seed}"), 0
    for draw in range(draws):
        for language in ("en", "ko"):
            for held_out in (False, True)[: 2 if draw == 0 else 1]:
                for row in rows(language, True) if held_out else newest(rng, language, since, others):
                    resume = swapped(rng, row)
                    if not resume.chunks:
                        continue
                    if lines_only:
                        line_rows(into, rng, resume, group, held_out)
                    else:
                        question_rows(into, rng, resume, [passage(chunk)[0] for chunk in resume.chunks], group, held_out, lines=True)
                    group += 1
        log.info("draw %d: %d rows", draw, len(into.of))
    human_questions(into, data, rng, group)
    into.thin(rng, own)
    into.save(out)


if __name__ == "__main__":
    main()
