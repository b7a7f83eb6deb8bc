"""Whether a question gets the same answer however it is put: python -m benchmarks.kinds [--limit 2]

768 questions about two resumes (data/questions/kinds), 16 for each of 48 kinds (all jobs, how long at a named employer, certificates, ...): ten that ask
just that, in both languages and in very different words, and six that only look alike and ask something narrower. They were written by somebody who had
seen neither code nor the questions the network learnt from (rag/training/questions), and nothing was chosen on them. `same`: the reply quotes the lines that the
plainest wording of the kind gets (rag.intents.ASKED); of those that only look alike, the fewer the better. `understood`: the network put the
question in those words.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import click

from rag.intents import ASKED, OTHER, Intents
from rag.pipeline import ResumeBot, open_bot
from rag.retrieval import without_names
from rag.types import Turn
from settings import PROJECT, Settings

FOLDER = PROJECT / "data" / "questions" / "kinds"
RESULTS = PROJECT / "benchmarks" / "results" / "kinds.json"
NAMES = {"en": {"job": "Pelikaan", "other": "Vossewinkel", "year": 2020}, "ko": {"job": "한빛소프트", "other": "도담테크", "year": 2020}}
SUBJECTS = ("Isaura Tindemans", "서온유")
_QUOTE = re.compile(r'^"(.+)" \[\d+\]$', re.MULTILINE)


def answered(bot: ResumeBot, question: str) -> Turn:
    return list(bot.answer(question))[-1].turn


def quoted(turn: Turn) -> frozenset[str]:
    """The lines that a reply quotes."""
    return frozenset(_QUOTE.findall(turn.response))


def questions(limit: int) -> list[dict]:
    """`limit` plain questions of each kind and language, and as many that only look alike; of kinds that have a plainest wording."""
    found, kept = defaultdict(int), []
    for line in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        key = (row["lang"], row["intent"], row["near_miss"])
        if row["intent"] in ASKED and found[key] < limit:
            found[key] += 1
            kept.append(row)
    return kept


def network_alone(intents: Intents, language: str) -> dict[str, float]:
    """Of all questions in a language, shares that the network takes for a kind: of the plain ones for theirs and for another, of those that only look
    alike for any."""
    rows = [row for line in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines() if (row := json.loads(line))["lang"] == language]
    kinds = intents.kind_of([without_names(row["user_input"], SUBJECTS) for row in rows])
    plain = [(kind == row["intent"], kind) for row, (kind, p) in zip(rows, kinds, strict=True) if not row["near_miss"] and p >= intents.threshold and kind != OTHER]
    alike = [kind for row, (kind, p) in zip(rows, kinds, strict=True) if row["near_miss"] and p >= intents.threshold and kind != OTHER]
    of_plain = sum(not row["near_miss"] for row in rows)
    right = sum(same for same, _ in plain)
    return {"right": right / of_plain, "another": (len(plain) - right) / of_plain, "alike": len(alike) / (len(rows) - of_plain)}


@click.command(help=__doc__.split("\n")[0])
@click.option("--limit", default=5, help="questions of a kind; 0: the network alone, on all")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS)
def main(limit: int, out: Path) -> None:
    asked = questions(limit)
    counts: dict[str, dict[str, dict[str, int]]] = {}
    rows, alone = [], {}
    for language in ("en", "ko"):
        with tempfile.TemporaryDirectory() as folder:
            bot = open_bot(Settings(_env_file=None, index=Path(folder) / "index"))
            bot.index_files([FOLDER / f"{language}.md"])
            bot.warm_up()
            intents = bot._intents
            alone[language] = network_alone(intents, language)
            print(f"the network alone, {language}: " + ", ".join(f"{name} {share:.3f}" for name, share in alone[language].items()), flush=True)
            if not limit:
                continue
            plainest = {kind: quoted(answered(bot, wordings[language == "ko"].format(**NAMES[language]))) for kind, wordings in ASKED.items()}
            for way, network in (("patterns", None), ("patterns and network", intents)):
                bot._intents = network
                began = time.monotonic()
                found = counts.setdefault(way, {}).setdefault(language, defaultdict(int))
                for row in (row for row in asked if row["lang"] == language):
                    turn = answered(bot, row["user_input"])
                    of = "alike" if row["near_miss"] else "plain"
                    same, understood = quoted(turn) == plainest[row["intent"]], turn.standalone_question != row["user_input"]
                    found[of] += 1
                    found[f"{of}_same"] += same
                    found[f"{of}_understood"] += understood
                    rows.append(row | {"way": way, "asked": turn.standalone_question, "same": same, "reply": turn.response})
                print(f"{way}, {language}: {dict(found)}, {time.monotonic() - began:.0f} s", flush=True)
    if limit:
        out.write_text(json.dumps({"limit": limit, "network_alone": alone, "counts": counts, "rows": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
