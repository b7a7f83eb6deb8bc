"""Whether "Answer again from the sources" gives a better reply than the one the judge doubts.

    python -m benchmarks.repair [--questions data/questions] [--generator NAME] [--limit N]

Every question is answered and judged as on the page. Where the judge doubts a claim (contradicted or not found), the
question is answered again in both ways, whatever the product would choose: rewritten by the model with the doubted
claims named, and quoted from the passages. Right is what benchmarks/answers.py calls right (must_include, no judge), so
a repair that merely pleases the judge does not count; faithfulness is the judge's. Prints a table and every repaired
reply, and writes benchmarks/results/repair.json.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks.answers import Question, is_correct, read_questions
from rag.types import Finished, Turn
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "repair.json"
WAYS = ("rewritten", "quoted")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, whether it is right, and the judge's faithfulness (None where it is unscored, e.g. a refusal)."""

    text: str
    right: bool
    declined: bool
    faithfulness: float | None


@dataclass(frozen=True, slots=True)
class Repaired:
    """A doubted reply and what replaced it. `doubted` are the claims, `after` the replies by way."""

    id: str
    lang: str
    question: str
    doubted: list[str]
    before: Reply
    after: dict[str, Reply]


def gained(rows: Sequence[Repaired], way: str) -> dict:
    """What one way of answering again changed, over the doubted replies.

    Returns: counts of replies right before and after, made right and made wrong; means of faithfulness before and
        after over the replies where both have a score, and over how many.
    """
    before, after = [r.before for r in rows], [r.after[way] for r in rows]
    scored = [(b, a) for b, a in zip(before, after, strict=True) if b.faithfulness is not None and a.faithfulness is not None]
    return {
        "doubted": len(rows),
        "right_before": sum(b.right for b in before),
        "right_after": sum(a.right for a in after),
        "made_right": sum(a.right and not b.right for b, a in zip(before, after, strict=True)),
        "made_wrong": sum(b.right and not a.right for b, a in zip(before, after, strict=True)),
        "same_text": sum(b.text == a.text for b, a in zip(before, after, strict=True)),
        "declined_after": sum(a.declined for a in after),
        "scored": len(scored),
        "faithfulness_before": statistics.mean(b.faithfulness for b, _ in scored) if scored else None,
        "faithfulness_after": statistics.mean(a.faithfulness for _, a in scored) if scored else None,
    }


def table_of(table: dict[str, dict], asked: int) -> str:
    """The result for a terminal."""
    doubted = next(iter(table.values()))["doubted"]
    lines = [
        f"{doubted} of {asked} replies doubted",
        f"{'':12}{'right':>14}{'made right':>12}{'made wrong':>12}{'same text':>11}{'declined':>10}{'faithfulness':>20}",
    ]
    for way, row in table.items():
        scores = f"{row['faithfulness_before']:.2f} -> {row['faithfulness_after']:.2f} ({row['scored']})" if row["scored"] else "–"
        right = f"{row['right_before']} -> {row['right_after']}"
        lines.append(
            f"{way:12}{right:>14}{row['made_right']:>12}{row['made_wrong']:>12}{row['same_text']:>11}"
            f"{row['declined_after']:>10}{scores:>20}"
        )
    return "\n".join(lines)


@click.command()
@click.option("--questions", type=click.Path(exists=True, path_type=Path), default=PROJECT / "data" / "questions")
@click.option("--generator", default="embedded", show_default=True)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N questions of each file.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=RESULTS)
def main(questions: Path, generator: str, limit: int | None, out: Path) -> None:
    """Answer, judge, and answer again what the judge doubts."""
    from judge.models import judge_for
    from judge.scoring import judge_turn
    from judge.service import passage
    from rag.pipeline import open_bot

    settings = Settings(generator=generator)
    judge = judge_for(settings.judge, settings)
    asked, rows = read_questions(questions, limit), []

    def judged(turn: Turn):
        passages = [passage(found) for found in turn.retrieved_contexts]
        return judge_turn(judge, turn.standalone_question or turn.user_input, turn.response, passages)

    def reply(question: Question, turn: Turn, judgement) -> Reply:
        right = turn.status == "finished" and is_correct(question, turn.response, turn.declined)
        return Reply(turn.response, right, turn.declined, judgement.scores["faithfulness"].value)

    def finished(events) -> Turn:
        *_, last = events
        assert isinstance(last, Finished)
        return last.turn

    own = questions / "resumes"  # a set may bring the resumes it is about
    with tempfile.TemporaryDirectory(prefix="vouch-repair-") as folder:
        bot = open_bot(settings.model_copy(update={"index": Path(folder) / "index"}))
        for document in dict.fromkeys(question.document for question in asked):
            for old in list(bot.index.documents()):
                bot.remove_document(old.id)
            bot.index_files([((own if own.is_dir() else settings.data / "resumes") / document).with_suffix(".md")])
            for question in asked:
                if question.document != document:
                    continue
                turn = finished(bot.answer(question.user_input))
                judgement = judged(turn)
                wrong = [v.claim.text for v in judgement.verdicts if v.label in ("contradicted", "not_found")]
                if turn.declined or not wrong:
                    continue
                after = {}
                for way in WAYS:
                    if way == "rewritten" and not bot.generator.speaks(question.lang):
                        continue
                    again = finished(bot.repair(turn, wrong, rewrite=way == "rewritten"))
                    after[way] = reply(question, again, judged(again))
                rows.append(
                    Repaired(question.id, question.lang, question.user_input, wrong, reply(question, turn, judgement), after)
                )
                print(f"{question.id}  {question.user_input}\n  before     {rows[-1].before}")
                for way, each in after.items():
                    print(f"  {way:10} {each}", flush=True)
    table = {
        way: gained(some, way) for way in WAYS if (some := [row for row in rows if way in row.after])
    }
    print(table_of(table, len(asked)) if table else f"0 of {len(asked)} replies doubted")
    out.parent.mkdir(parents=True, exist_ok=True)
    result = {"generator": bot.generator_id, "judge": judge.id, "asked": len(asked), "ways": table}
    result["repaired"] = [asdict(row) for row in rows]
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
