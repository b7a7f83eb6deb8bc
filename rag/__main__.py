"""`python -m rag index PATH…` and `python -m rag ask QUESTION…`: the page's services on the command line."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from pathlib import Path

import click

from rag.errors import UserError
from rag.models import quiet_libraries
from rag.types import Finished, Token, Turn
from settings import load_settings


@click.group()
def main() -> None:
    """Index resumes and ask about them."""
    quiet_libraries(bars=sys.stderr.isatty())


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def index(paths: tuple[Path, ...]) -> None:
    """Add files and folders to the index."""
    from rag.pipeline import open_bot

    bot = _or_exit(open_bot, _or_exit(load_settings))
    if bot.index.notice:
        click.echo(str(bot.index.notice), err=True)
    report = _or_exit(lambda: _with_bar(bot, paths))
    click.echo(f"{len(report.added)} added, {len(report.unchanged)} unchanged, {len(bot.index)} passages in all")
    for name, error in report.failed:
        click.echo(f"{name}: {error}", err=True)
    sys.exit(1 if report.failed else 0)


@main.command()
@click.argument("question", nargs=-1)
@click.option("--docs", "documents", multiple=True, type=click.Path(exists=True, path_type=Path), help="Ask about these files only, without touching the index; may be repeated.")  # fmt: skip
@click.option("--questions", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), help="JSON lines with user_input.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def ask(question: tuple[str, ...], documents: tuple[Path, ...], questions: Path | None, as_json: bool) -> None:
    """Answer each QUESTION."""
    from rag.pipeline import open_bot

    asked = [*question, *(_read_questions(questions) if questions else [])]
    asked = [text.encode("utf-8", "replace").decode() for text in asked]  # no model and no output takes lone surrogates
    if not asked:
        raise click.UsageError("Give a question, or a file of questions with --questions.")
    settings = _or_exit(load_settings)
    with tempfile.TemporaryDirectory(prefix="vouch-") as temporary:
        if documents:
            settings = settings.model_copy(update={"index": Path(temporary) / "index"})
        bot = _or_exit(open_bot, settings)
        if documents:
            report = _or_exit(lambda: _with_bar(bot, documents))
            for name, error in report.failed:
                click.echo(f"{name}: {error}", err=True)
        failed = 0
        for text in asked:
            try:
                turn = _answer(bot, text, echo=not as_json)
            except UserError as error:
                failed += 1
                click.echo(
                    json.dumps({"user_input": text, "error": str(error)}, ensure_ascii=False) if as_json else "",
                    nl=as_json,
                )
                click.echo(str(error), err=True)
                continue
            failed += turn.status == "failed"
            if as_json:
                click.echo(json.dumps(as_row(turn), ensure_ascii=False))
    sys.exit(1 if failed else 0)


def as_row(turn: Turn) -> dict:
    """A turn as one JSON object with Ragas' field names."""
    timings = turn.timings
    row = {
        "user_input": turn.user_input,
        "response": turn.response,
        "declined": turn.declined,
        "retrieved_contexts": [
            {
                "text": found.chunk.text,
                "document": found.chunk.document,
                "subject": found.chunk.subject,
                "section": found.chunk.section,
                "score": round(found.score, 4),
            }
            for found in turn.retrieved_contexts
        ],
        "generator": turn.generator,
        "timings": {
            "retrieve_s": timings.retrieve_s,
            "first_token_s": timings.first_token_s,
            "total_s": timings.total_s,
            "tokens": timings.tokens,
        },
    }
    if turn.notice:
        row["notice"] = turn.notice
    if turn.error:
        row["error"] = turn.error.splitlines()[0]
    return row


def _answer(bot, text: str, echo: bool) -> Turn:
    stop = threading.Event()
    for event in bot.answer(text, stop=stop):
        if isinstance(event, Token) and echo:
            click.echo(event.text, nl=False)
        elif isinstance(event, Finished):
            turn = event.turn
    if echo:
        click.echo("")
        if turn.error:
            click.echo(turn.error.splitlines()[0], err=True)
        if turn.notice:
            click.echo(f"  {turn.notice}")
        cited = [f for f in turn.retrieved_contexts if f"[{f.rank}]" in turn.response]
        for found in cited:
            click.echo(
                f"  [{found.rank}] {found.chunk.document}, {found.chunk.section or 'top'} (cosine similarity {found.score:.2f})"
            )
    return turn


def _read_questions(path: Path) -> list[str]:
    texts = []
    try:
        for number, line in enumerate(click.open_file(str(path), encoding="utf-8-sig"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict) or not isinstance(text := row.get("user_input"), str):
                raise click.UsageError(f"{path}, line {number}: expected a JSON object with user_input, a string.")
            texts.append(text)
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    return texts


def _with_bar(bot, paths):
    from tqdm import tqdm

    with tqdm(total=0, unit="file", disable=None) as bar:

        def progress(done: int, total: int, name: str) -> None:
            bar.total, bar.n = total, done
            bar.set_description(name[:40])

        return bot.index_files(list(paths), progress)


def _or_exit(function, *arguments):
    try:
        return function(*arguments)
    except UserError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(prog_name="python -m rag")
