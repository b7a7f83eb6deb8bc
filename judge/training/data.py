"""What the judge's network learns from: invented resumes, perturbed passages, and human judgements.

Every row is a pair of texts with the question it answers (a head of `rag.joint`). A sixth of
the human rows and of the passages, chosen by the hash of their text, is never shown to the network:
the combiner is fitted on it, because the network's score on what it has seen says nothing.
"""

from __future__ import annotations

import json
import random
import zlib
from collections import defaultdict
from pathlib import Path

from judge.text import focus, statement
from judge.training import paraphrases, perturb, resumes
from judge.training.rows import Row
from rag.prompt import DECLINE

FOCUS = 440  # characters of evidence in training: about 110 tokens of English, 190 of Korean
NLI = {"entailment": "supported", "contradiction": "contradicted", "neutral": "not_found"}
# Rows of chit-chat count every opinion as unsupported, so they are drawn less often than their number says.
HUMAN = {
    "nli_klue_ko_train": 1.0, "faithfulness_kobest_boolq_ko_train": 1.0, "faithfulness_wice_oracle_en_train": 1.5,
    "faithfulness_factcheckgpt_en_train": 1.0, "faithfulness_mtrag_en_train": 1.0, "faithfulness_q2_wow_en_train": 1.0,
    "faithfulness_faithdial_audit_en_train": 0.5, "faithfulness_begin_en_train": 0.4, "faithfulness_derived_belebele_ko_train": 0.7,
    "faithfulness_derived_kobest_yesno_ko_train": 0.4, "faithfulness_synthetic_halueval_en": 0.3,
}  # fmt: skip
DECLINES = {
    "en": (
        DECLINE["en"], "The resume does not mention this.", "I could not find that in the documents.", "There is no information about this in the resume.",
        "Sorry, the excerpts do not say.", "I don't know.", "That is not stated in the resume.",
    ),
    "ko": (
        DECLINE["ko"], "이력서에서 해당 내용을 찾을 수 없습니다.", "죄송하지만 알 수 없습니다.", "제공된 문서에는 그 정보가 없습니다.",
        "관련 내용이 언급되어 있지 않습니다.", "잘 모르겠습니다.",
    ),
}  # fmt: skip


def held_out(text: str) -> bool:
    """Whether a human row or passage is kept from the network (by the hash of its text)."""
    return zlib.crc32(text.encode()) % 6 == 0


def read(folder: Path, stem: str) -> list[dict]:
    """Rows of `<folder>/<stem>.jsonl`."""
    with open(folder / f"{stem}.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def human_row(row: dict, source: str) -> Row:
    """A human judgement as a support row."""
    if "premise" in row:
        return Row(
            "support",
            row["hypothesis"],
            row["premise"],
            NLI[row["label"]],
            () if row["label"] == "entailment" else None,
            source,
        )
    claim = statement(row.get("question") or "", row["claim"])
    evidence = focus("\n".join(row["context"]), claim, FOCUS)
    return Row("support", claim, evidence, row["label"], () if row["label"] == "supported" else None, source)


class Passages:
    """Sentences of real passages, by article, for perturbation and as distractors."""

    def __init__(self, folder: Path, reserved: bool) -> None:
        texts: list[tuple[str, str, str]] = []
        for name, lang in (
            ("squad2_en", "en"),
            ("clapnq_en", "en"),
            ("tydiqa_en", "en"),
            ("tydiqa_ko", "ko"),
            ("mtrag_en", "en"),
        ):
            for row in read(folder, f"corpus_{name}"):
                if row.get("split") != "dev":
                    texts.append((lang, row.get("title") or row["pid"], row["text"]))
        for name in ("qa_kobest_yesno_ko_train", "qa_belebele_ko_train", "qa_derived_tydiqa_unans_ko_train"):
            texts += [("ko", row.get("title") or row["id"], row["context"]) for row in read(folder, name)]
        self.by_lang: dict[str, list[tuple[str, list[str]]]] = {"en": [], "ko": []}
        self.by_title: dict[str, list[list[str]]] = defaultdict(list)
        self.names: list[str] = []
        for lang, title, text in texts:
            if held_out(text) != reserved:
                continue
            found = perturb.sentences(text)
            if found:
                self.by_lang[lang].append((title, found))
                self.by_title[title].append(found)
                if lang == "en":
                    self.names += [m.group() for m in perturb.entities(found[0]) if 4 < len(m.group()) < 30][:2]

    def stranger(self, lang: str, title: str, rng: random.Random) -> list[str]:
        """Sentences of another passage, of the same article where there is one."""
        same = self.by_title[title]
        if len(same) > 1 and rng.random() < 0.5:
            return rng.choice(same)
        return rng.choice(self.by_lang[lang])[1]

    def support(self, rng: random.Random, count: int) -> list[Row]:
        """`count` claims made by rule from one to five sentences of a passage, with those as evidence."""
        lang = rng.choice(("en", "ko"))
        title, found = rng.choice(self.by_lang[lang])
        start = rng.randrange(len(found))
        window = list(found[start : start + rng.randint(1, 5)])
        rest = [s for s in found if s not in window]
        strange = self.stranger(lang, title, rng)
        strange = [s for s in strange if s not in found] or rng.choice(self.by_lang[lang])[1]
        evidence = self._shuffled(window if rng.random() < 0.8 else [*window[:3], *strange[:2]], rng)
        source = f"perturbed_{lang}"
        rows = []
        for _ in range(count):
            sentence = rng.choice(window[:3])
            said = perturb.loosen(sentence, rng) if rng.random() < 0.75 else sentence
            kind = rng.random()
            if kind < 0.42:
                rows.append(Row("support", said, evidence, "supported", (), source))
            elif kind < 0.82:
                made = perturb.contradict(said, [s for s in found if s != sentence], strange, rng)
                if made:
                    rows.append(Row("support", made.text, evidence, "contradicted", made.spans, source))
            elif kind < 0.88:
                made = perturb.add_stranger(said, rng.choice(strange if rng.random() < 0.5 or not rest else rest), rng)
                rows.append(Row("support", made.text, evidence, "not_found", made.spans, source))
            else:
                absent = rng.choice(rest if rest and rng.random() < 0.6 else strange)
                if absent not in evidence:
                    rows.append(Row("support", absent, evidence, "not_found", None, source))
        return rows

    @staticmethod
    def _shuffled(parts: list[str], rng: random.Random) -> str:
        parts = list(parts)
        if rng.random() < 0.15:
            rng.shuffle(parts)
        return rng.choice((" ", " ", "\n", "\n- ")).join(parts)[: FOCUS + 100]


class Source:
    """All training rows of `folder`; `reserved` picks the part kept from the network."""

    def __init__(self, folder: Path, reserved: bool = False) -> None:
        self.reserved = reserved
        self.passages = Passages(folder, reserved)
        self.human: dict[str, list[Row]] = {}
        for name in HUMAN:
            rows = [human_row(row, name) for row in read(folder, name)]
            self.human[name] = [row for row in rows if held_out(row.second) == reserved]
        self.relevant = [r for r in self._relevance(folder) if held_out(r.first) == reserved]
        self.answers = [r for r in self._answers(folder) if held_out(r.first) == reserved]
        self.questions = [r for r in self._question_claims(folder) if held_out(r.first) == reserved]

    def _relevance(self, folder: Path) -> list[Row]:
        rng = random.Random(5)
        rows = []
        for name in ("relevance_epqa_en_train", "relevance_semipqa_en_train"):
            for row in read(folder, name):
                short = rng.sample(row["negatives"], min(3, len(row["negatives"])))
                pairs = (
                    [(p, 1.0) for p in row["positive"][:3]]
                    + [(p, 0.5) for p in row.get("partial", [])[:1]]
                    + [(p, 0.0) for p in short]
                )
                rows += [
                    Row("relevant", row["query"], passage[:FOCUS], target, None, name) for passage, target in pairs
                ]
        for name, corpus in (
            ("squad2_en", "squad2_en"),
            ("tydiqa_en", "tydiqa_en"),
            ("tydiqa_ko", "tydiqa_ko"),
            ("clapnq_en", "clapnq_en"),
        ):
            passages = {row["pid"]: row for row in read(folder, f"corpus_{corpus}")}
            ids = list(passages)
            by_title = defaultdict(list)
            for pid, row in passages.items():
                by_title[row.get("title")].append(pid)
            for row in read(folder, f"retrieval_{name}_train"):
                for pid in row["positive_id"][:1]:
                    if pid not in passages:
                        continue
                    answer = (row.get("answers") or [""])[0]
                    gold = focus(passages[pid]["text"], f"{row['query']} {answer}", FOCUS)
                    rows.append(Row("relevant", row["query"], gold, 1.0, None, f"retrieval_{name}"))
                    near = [p for p in by_title[passages[pid].get("title")] if p not in row["positive_id"]]
                    other = rng.choice(near) if near and rng.random() < 0.6 else rng.choice(ids)
                    if other not in row["positive_id"]:
                        text = focus(passages[other]["text"], row["query"], FOCUS)
                        rows.append(Row("relevant", row["query"], text, 0.0, None, f"retrieval_{name}"))
        for name in ("qa_squad2_en_train", "qa_derived_tydiqa_unans_ko_train"):
            for row in read(folder, name):
                if not row["answerable"]:
                    text = focus(row["context"], row["question"], FOCUS)
                    rows.append(Row("relevant", row["question"], text, 0.0, None, name))
        return rows

    def _answers(self, folder: Path) -> list[Row]:
        rng = random.Random(6)
        rows = []
        for name in (
            "qa_squad2_en_train",
            "qa_tydiqa_en_train",
            "qa_tydiqa_ko_train",
            "qa_belebele_ko_train",
            "qa_clapnq_en_train",
        ):
            lang = "ko" if "_ko" in name else "en"
            good = [row for row in read(folder, name) if row.get("answers") and row.get("answerable")]
            replies = [self._reply(row, rng) for row in good]
            titles = defaultdict(list)
            for i, row in enumerate(good):
                titles[row.get("title") or row["context"][:40]].append(i)
            for i, row in enumerate(good):
                rows.append(Row("answers", row["question"], replies[i], 1.0, None, name))
                near = [
                    j
                    for j in titles[row.get("title") or row["context"][:40]]
                    if good[j]["answers"][0] not in (row["answers"][0], "")
                ]
                j = rng.choice(near) if near and rng.random() < 0.5 else rng.randrange(len(good))
                if good[j]["answers"][0] not in replies[i] and j != i:
                    rows.append(Row("answers", row["question"], replies[j], 0.0, None, name))
                if rng.random() < 0.15:
                    rows.append(Row("answers", row["question"], rng.choice(DECLINES[lang]), 0.0, None, name))
        good = read(folder, "answerquality_mtrag_en_train")
        for i, row in enumerate(good):
            rows.append(Row("answers", row["question"], row["response"][:FOCUS], 1.0, None, "mtrag"))
            other = rng.choice(good)
            if other["question"] != row["question"]:
                rows.append(Row("answers", row["question"], other["response"][:FOCUS], 0.0, None, "mtrag"))
        return rows

    @staticmethod
    def _reply(row: dict, rng: random.Random) -> str:
        answer = row["answers"][0]
        if rng.random() < 0.6:
            for sentence in perturb.sentences(row["context"]):
                if answer in sentence:
                    return sentence
        return answer[:FOCUS]

    def _question_claims(self, folder: Path) -> list[Row]:
        """A short answer led by its question: the right one, another name or number of the passage, or none."""
        rng = random.Random(7)
        rows = []
        for name in ("qa_squad2_en_train", "qa_tydiqa_en_train", "qa_tydiqa_ko_train"):
            for row in read(folder, name):
                if not row["answerable"]:
                    continue
                answer, question = row["answers"][0], row["question"]
                evidence = focus(row["context"], f"{question} {answer}", FOCUS)
                if answer not in evidence or len(answer) > 80:
                    continue
                rows.append(Row("support", f"{question} {answer}", evidence, "supported", (), name))
                made = perturb.contradict(answer, perturb.sentences(row["context"]), (), rng)
                if made and made.kind in ("number", "name", "date") and made.text not in row["answers"]:
                    spans = tuple((a + len(question) + 1, b + len(question) + 1) for a, b in made.spans)
                    rows.append(Row("support", f"{question} {made.text}", evidence, "contradicted", spans, name))
        return rows

    def paraphrased(self, rng: random.Random) -> list[Row]:
        """Hand-written statements of one line that stands among entries of an invented resume.

        Every fifth line is kept from the network.
        """
        lang = rng.choice(("en", "ko"))
        lines = paraphrases.EN if lang == "en" else paraphrases.KO
        line, true, false, untold = rng.choice([x for i, x in enumerate(lines) if (i % 5 == 4) == self.reserved])
        resume = resumes.draw(rng)
        entries = [resumes.write(e, lang, rng) for e in rng.sample(resume.entries, rng.choice((0, 1, 1, 2)))]
        mark = rng.choice(("- ", "• ", ""))
        evidence = "\n".join(rng.sample([*entries, mark + line], len(entries) + 1))
        if rng.random() < 0.5:
            evidence = f"{resumes.head(resume, lang, rng)}\n{evidence}"
        rows = [Row("support", text, evidence, "supported", (), f"paraphrase_{lang}") for text in true]
        rows += [
            Row("support", text, evidence, "contradicted", perturb.changed_words(text, true), f"paraphrase_{lang}")
            for text in false
        ]
        rows += [Row("support", text, evidence, "not_found", None, f"paraphrase_{lang}") for text in untold]
        return rows
