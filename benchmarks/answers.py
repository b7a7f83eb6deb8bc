"""How many questions about the sample resumes are answered right, and how much is invented.

    python -m benchmarks.answers [--questions data/questions] [--generator NAME] [--no-adapter] [--limit N]
    python -m benchmarks.answers --data DIR --ways base,adapter,adapter+copy,quote --limit 40   # benchmarks/reading.py

Every question goes to the same ResumeBot as the page's, over a temporary index of the one resume it is about.
An answerable question is right when the reply is not a refusal, holds one alternative of every `must_include`
group and nothing of `must_not_include`; an unanswerable one when the reply is a refusal. String matching, no
judge: the figure does not move when a judge does. Prints a table and every wrong row, and writes
benchmarks/results/answers.json.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from judge.lengths import counts
from judge.service import passage_of
from rag.pipeline import NEAREST
from rag.types import Finished, Turn
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "answers.json"

_CITATION = re.compile(r"\[\d{1,3}\]")
_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_QUOTE = re.compile(r"[\u2018\u2019\u201c\u201d]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['-][A-Za-z\u00c0-\u024f]+)*")
_SENTENCE_END = re.compile(r"[.!?:\n]\W*$")
_ONE_TO_TWELVE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SPELLED = {word: str(value) for value, word in enumerate(_ONE_TO_TWELVE, 1)} | {"once": "1", "twice": "2"}
SHOWN_CHARS = 300  # of a wrong reply in the terminal; the JSON holds all of it


@dataclass(frozen=True, slots=True)
class Question:
    """One row of data/questions; see data/README.md for the fields."""

    id: str
    lang: str
    user_input: str
    reference: str
    answerable: bool
    must_include: list[list[str]]
    must_not_include: list[str]
    evidence: str | None
    document: str
    tags: list[str]
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question as answered. `missing` and `forbidden` say why an answerable one is wrong; `nearest`: the page says that
    the lines may not be what was asked for."""

    id: str
    lang: str
    answerable: bool
    user_input: str
    reference: str
    reply: str
    declined: bool
    nearest: bool
    correct: bool
    missing: list[list[str]]
    forbidden: list[str]
    invented_numbers: list[str]
    invented_names: list[str]
    error: str
    seconds: float


def read_questions(folder: Path, limit: int | None = None) -> list[Question]:
    """The questions of every .jsonl file of a folder (or of one file), at most `limit` of each file.

    Raises:
        TypeError: a row lacks a field or has one too many.
    """
    files = [folder] if folder.is_file() else sorted(folder.glob("*.jsonl"))
    questions: list[Question] = []
    for file in files:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        questions += [Question(**json.loads(line)) for line in lines[:limit]]
    return questions


def normalised(text: str) -> str:
    """Lowercase, without citations and commas, one kind of dash and quote, single spaces."""
    text = unicodedata.normalize("NFKC", _CITATION.sub(" ", text)).casefold().replace(",", "")
    return " ".join(_QUOTE.sub("'", _DASH.sub("-", text)).replace('"', "'").split())


def holds(reply: str, wanted: str) -> bool:
    """Whether `wanted` stands in `reply`, whatever the case, spaces and commas.

    It must stand there as itself: "6" is not in "16", "99.5" not in "99.52", and "Go" not in "Google";
    Hangul particles may follow ("Python으로").
    """
    reply, wanted = normalised(reply), normalised(wanted).replace(" ", "")
    if not wanted:
        raise ValueError("an empty alternative would stand in every reply")
    pattern = r"\s*".join(map(re.escape, wanted))
    if wanted[0].isdigit():
        pattern = r"(?<!\d)(?<!\d\.)" + pattern
    elif wanted[0].isascii() and wanted[0].isalpha():
        pattern = r"(?<![a-z])" + pattern
    if re.fullmatch(r"(?:19|20)\d\d", wanted):
        pattern += r"(?!\d)"  # a year may go on with its month: 2021.06
    elif wanted[-1].isdigit():
        pattern += r"(?!\d)(?!\.\d)"
    elif wanted[-1].isascii() and wanted[-1].isalpha():
        pattern += r"(?![a-z])"
    return re.search(pattern, reply) is not None


def missing_groups(reply: str, groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """The groups of which no alternative stands in the reply."""
    return [list(group) for group in groups if not any(holds(reply, wanted) for wanted in group)]


def is_correct(question: Question, reply: str, declined: bool) -> bool:
    """The rule in this module's first paragraph."""
    if not question.answerable:
        return declined
    return (
        not declined
        and not missing_groups(reply, question.must_include)
        and not any(holds(reply, unwanted) for unwanted in question.must_not_include)
    )


def numbers_of(text: str) -> list[str]:
    """Numbers as digits without thousands separators, in order."""
    return [found.replace(",", "") for found in _NUMBER.findall(_CITATION.sub(" ", unicodedata.normalize("NFKC", text)))]


def invented(reply: str, sources: Iterable[str]) -> tuple[list[str], list[str]]:
    """Numbers and capitalised Latin words of a reply that stand in none of the sources.

    A number may be spelled out on either side ("six", 6); "one", "once" and "twice" say too many other things. The first word of a sentence is capitalised for
    another reason and is not looked at, nor are names in Hangul, which has no capitals: both counts are
    lower bounds, the same for every model.

    Returns:
        (numbers, names), in the order of the reply.
    """
    text = _DASH.sub("-", _QUOTE.sub("'", _CITATION.sub(" ", reply)))
    given = _DASH.sub("-", _QUOTE.sub("'", "\n".join(sources)))
    known_words = {part for word in _LATIN.findall(given) for part in (word.casefold(), *_parts(word))}
    known_numbers = set(numbers_of(given)) | {SPELLED[word] for word in known_words & SPELLED.keys()}
    numbers = [number for number in numbers_of(text) if number not in known_numbers]
    spelled = [word for word in re.findall(r"[a-z]+", text.casefold()) if word in SPELLED and word not in ("one", "once", "twice")]
    numbers += [word for word in spelled if word not in known_words and SPELLED[word] not in known_numbers]
    names = []
    for found in _LATIN.finditer(text):
        word = found[0]
        starts_sentence = found.start() == 0 or _SENTENCE_END.search(text[: found.start()])
        if not word[0].isupper() or word == "I" or starts_sentence:
            continue
        if not all(part in known_words or _is_bare_s(part) for part in _parts(word)):
            names.append(word)
    return numbers, names


def _parts(word: str) -> list[str]:
    return re.split(r"['-]", word.casefold())


def _is_bare_s(part: str) -> bool:
    return part in ("s", "")


def outcome_of(question: Question, turn: Turn, seconds: float) -> Outcome:
    """Score one turn. One that failed or was cut off is wrong whatever it holds, and says so in `error`."""
    sources = [question.user_input]
    for found in turn.retrieved_contexts:
        sources += [found.chunk.subject, found.chunk.section, found.chunk.text]
    # A length of time that the dates of the passages make up is counted, not invented.
    passages = [passage_of(found.chunk) for found in turn.retrieved_contexts]
    said = "\n".join(line for line in turn.response.split("\n") if not counts(line, passages))
    numbers, names = ([], []) if turn.declined else invented(said, sources)
    answered = question.answerable and not turn.declined
    return Outcome(
        id=question.id,
        lang=question.lang,
        answerable=question.answerable,
        user_input=question.user_input,
        reference=question.reference,
        reply=turn.response,
        declined=turn.declined,
        nearest=turn.notice.startswith(tuple(NEAREST.values())),
        correct=turn.status == "finished" and is_correct(question, turn.response, turn.declined),
        missing=missing_groups(turn.response, question.must_include) if answered else [],
        forbidden=[u for u in question.must_not_include if holds(turn.response, u)] if answered else [],
        invented_numbers=numbers,
        invented_names=names,
        error=turn.error or ("" if turn.status == "finished" else f"the turn ended as {turn.status}"),
        seconds=seconds,
    )


def summary(outcomes: Sequence[Outcome]) -> list[dict]:
    """One row for each language and for answerable or not, then one for all; no row without questions."""
    cells = [(lang, answerable) for lang in sorted({o.lang for o in outcomes}) for answerable in (True, False)]
    groups = [
        (lang, "answerable" if answerable else "unanswerable", [o for o in outcomes if (o.lang, o.answerable) == cell])
        for cell in cells
        for lang, answerable in [cell]
    ]
    groups.append(("all", "all", list(outcomes)))
    return [
        {
            "lang": lang,
            "kind": kind,
            "questions": len(group),
            "correct": sum(o.correct for o in group),
            "share": sum(o.correct for o in group) / len(group),
            "declined": sum(o.declined for o in group),
            "nearest": sum(o.nearest for o in group),
            "failed": sum(bool(o.error) for o in group),
            "invented_numbers": sum(len(o.invented_numbers) for o in group),
            "invented_names": sum(len(o.invented_names) for o in group),
            "replies_with_inventions": sum(bool(o.invented_numbers or o.invented_names) for o in group),
            "characters": sum(len(o.reply) for o in group) / len(group),
            "seconds": sum(o.seconds for o in group) / len(group),
        }
        for lang, kind, group in groups
        if group
    ]


def table_of(rows: Sequence[dict]) -> str:
    """The summary for a terminal."""
    head = f"{'lang':6}{'kind':14}{'n':>4}{'correct':>9}{'share':>8}{'declined':>10}{'nearest':>9}{'failed':>8}"
    lines = [head + f"{'numbers':>9}{'names':>7}{'chars':>7}{'s/reply':>9}"]
    lines += [
        f"{row['lang']:6}{row['kind']:14}{row['questions']:>4}{row['correct']:>9}{row['share']:>8.1%}"
        f"{row['declined']:>10}{row['nearest']:>9}{row['failed']:>8}{row['invented_numbers']:>9}{row['invented_names']:>7}"
        f"{row['characters']:>7.0f}{row['seconds']:>9.2f}"
        for row in rows
    ]
    lines.append("nearest: neither declined nor answered outright: the lines are called the nearest ones of the resume")
    lines.append("numbers, names: invented, that is in the reply but in no excerpt nor in the question")
    lines.append("chars: mean length of a reply; one that recites whole passages holds many a fact by chance")
    return "\n".join(lines)


def wrong_rows(outcomes: Sequence[Outcome]) -> str:
    """Every wrong reply beside what was expected."""
    lines = []
    for o in outcomes:
        if o.correct:
            continue
        why = o.error or ("should have declined" if not o.answerable else "declined" if o.declined else "")
        why = why or "; ".join(
            [f"lacks {' / '.join(group)}" for group in o.missing] + [f"must not say {unwanted}" for unwanted in o.forbidden]
        )
        if o.nearest:
            why = f"{why}; shown as the nearest lines"
        reply = " ".join(o.reply.split())
        reply = reply if len(reply) <= SHOWN_CHARS else reply[:SHOWN_CHARS] + f"… ({len(reply):,} characters)"
        lines += [f"\n{o.id}  {o.user_input}", f"  expected  {o.reference}", f"  reply     {reply}", f"  why       {why}"]
    return "\n".join(lines)


def ask_all(
    questions: Sequence[Question], settings: Settings, file_type: str = ".md", resumes: Sequence[Path] = ()
) -> tuple[list[Outcome], dict]:
    """Ask every question over an index of its own document.

    Args:
        settings: `index` is replaced by a temporary folder for each document.
        resumes: folders where the documents are, the first that has one; the sample resumes by default.
        file_type: ".md", ".pdf" or ".docx": which rendering of a Markdown resume is indexed; one that is there as another file is indexed as it is.

    Returns:
        Outcomes in the order of `questions`, and what answered them (generator, prompt, index hashes).

    Raises:
        FileNotFoundError: a resume is not there.
        RuntimeError: a resume could not be indexed.
    """
    from rag.pipeline import open_bot

    outcomes: dict[str, Outcome] = {}
    about: dict = {"index_hash": {}}
    with tempfile.TemporaryDirectory(prefix="vouch-answers-") as folder:
        bot = open_bot(settings.model_copy(update={"index": Path(folder) / "index"}))
        for document in dict.fromkeys(question.document for question in questions):
            file = Path(document).with_suffix(file_type) if document.endswith(".md") else document
            places = [folder / file for folder in resumes or [settings.data / "resumes"]]
            resume = next((place for place in places if place.exists()), None)
            if resume is None:
                raise FileNotFoundError(document)
            report = bot.index_files([resume])
            if not len(bot.index):
                raise RuntimeError(f"{resume.name} was not indexed: {report}")
            bot.warm_up()
            for question in questions:
                if question.document != document:
                    continue
                history: list[tuple[str, str]] = []
                for earlier in question.after:
                    *_, last = bot.answer(earlier, history)
                    history.append((last.turn.standalone_question, last.turn.response))
                started = time.perf_counter()
                *_, last = bot.answer(question.user_input, history)
                assert isinstance(last, Finished)
                outcomes[question.id] = outcome_of(question, last.turn, time.perf_counter() - started)
                about |= {"generator": last.turn.generator, "prompt_hash": last.turn.prompt_hash}
                about["index_hash"][document] = last.turn.index_hash
            for indexed in bot.index.documents():  # each resume is asked alone; the models stay
                bot.remove_document(indexed.id)
    return [outcomes[question.id] for question in questions], about


@click.command()
@click.option("--questions", type=click.Path(exists=True, path_type=Path), default=PROJECT / "data" / "questions")
@click.option("--generator", default="embedded", show_default=True, help="embedded, a hub id, a path or a server")
@click.option("--adapter/--no-adapter", default=True, help="Leave the adapters out, to measure them.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N questions of each file.")
@click.option("--format", "file_type", type=click.Choice(["md", "pdf", "docx"]), default="md", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where the JSON goes.")
@click.option("--ways", help="Compare ways to answer, by comma: base, adapter, adapter+copy, quote.")
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder with the public reading sets; asks them too.")  # fmt: skip
@click.option("--sets", help="Reading sets by comma, \"questions\" for the sample questions; all by default.")
def main(
    questions: Path,
    generator: str,
    adapter: bool,
    limit: int | None,
    file_type: str,
    out: Path | None,
    ways: str | None,
    data: Path | None,
    sets: str | None,
) -> None:
    """Ask the sample questions, and count right answers and inventions."""
    if ways or data:
        return compare_ways(questions, limit, out, ways, data, sets)
    out = out or RESULTS
    settings = Settings(generator=generator, adapters=adapter)
    outcomes, about = ask_all(read_questions(questions, limit), settings, f".{file_type}", resumes_of(questions))
    rows = summary(outcomes)
    print(f"{about['generator']}, {'with' if adapter else 'without'} adapters, resumes as {file_type}")
    print(table_of(rows))
    print(wrong_rows(outcomes))
    out.parent.mkdir(parents=True, exist_ok=True)
    result = {**about, "adapters": adapter, "format": file_type, "limit": limit, "summary": rows}
    result["outcomes"] = [asdict(outcome) for outcome in outcomes]
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def resumes_of(questions: Path) -> list[Path]:
    """The folders of the resumes that a set of questions is about: its own, or those of the sets beside it; none for the sample resumes."""
    questions = questions.parent if questions.is_file() else questions
    own = questions / "resumes"
    if own.is_dir():
        return [own]
    return [] if (questions.parent / "resumes").is_dir() else sorted(questions.parent.glob("*/resumes"))


def compare_ways(
    questions: Path, limit: int | None, out: Path | None, ways: str | None, data: Path | None, sets: str | None
) -> None:
    """One table over the ways to answer; see benchmarks/reading.py.

    Raises:
        click.UsageError: a way or a set that does not exist.
    """
    from benchmarks import reading

    chosen = (ways or ",".join(reading.WAYS)).split(",")
    known = ("questions", *(reading.SETS if data else ()))
    wanted = sets.split(",") if sets else known
    for value, among in [*((way, tuple(reading.WAYS)) for way in chosen), *((name, known) for name in wanted)]:
        if value not in among:
            raise click.UsageError(f"'{value}' is none of {', '.join(among)}" + ("" if data else "; --data brings more sets"))
    asked = reading.sample_questions(read_questions(questions, limit)) if "questions" in wanted else []
    for name in wanted:
        if name != "questions":
            asked += reading.reading_set(data, name, limit)
    own = questions / "resumes"
    reading.run(chosen, asked, own if own.is_dir() else None, out or reading.RESULTS, limit)


if __name__ == "__main__":
    main()
