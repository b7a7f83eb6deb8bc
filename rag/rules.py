"""Questions that a rule answers: who this is, which jobs there were, for how long and with what gaps, what was done in one, what a section lists,
what speaks for somebody, whom they led, who somebody else is, what stands behind a label. Which lines tell it, and what was counted from them.

A reranker finds the likeliest of a resume's lines; here all that belong to the answer are known. What is searched (rag/retrieval.py), what is
quoted (rag/quoting.py) and what a reply must have to answer (judge/order.py) follow from one and the same `Ruled`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from rag import contacts
from rag.comparing import asks_comparison, compared, overlaps
from rag.durations import asks_length, asks_total, first_post, length, states_years
from rag.entries import Period, is_entry, part_at, periods
from rag.fields import asks_field, field
from rag.gaps import asks_gaps, gaps
from rag.highlights import asks_highlights, highlights
from rag.jobs import asks_jobs, asks_post, beside_jobs, break_now, jobs_asked, meanwhile, post_asked, since_post
from rag.leading import asks_leading, leading
from rag.listings import asks_listing, listing, number_of
from rag.others import about
from rag.others import named as names_other
from rag.overview import asks_overview, is_brief, overview
from rag.promotions import asks_promotions, promotions
from rag.software import asks_software, software
from rag.tasks import asks_tasks, tasks
from rag.types import Chunk
from rag.usage import asks_usage, usage
from rag.wording import wordings

Line = tuple[int, int, int]  # (position of the passage, start, end) in `chunk.text`


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule answers a question with.

    Attributes:
        lines: what is quoted, in this order.
        read: positions of all passages that tell it, those of the lines first.
        headings: those of the lines that are the dated line of a job: they are quoted with what stands above and right below them.
        whole: the lines are quoted with all that belongs to them, but for addresses.
        sentence: what was counted from the passages, without citation; "" where nothing was.
        counted, put_forward, nearest: as in rag.quoting.Quoted.
        wanted, unwanted: what a reply that answers has in it, and what it has not.
        titles: headings of the jobs that are told.
    """

    lines: tuple[Line, ...]
    read: tuple[int, ...]
    headings: frozenset[Line] = frozenset()
    whole: bool = False
    sentence: str = ""
    counted: bool = False
    put_forward: bool = False
    nearest: bool = False
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


def asks_alone(question: str) -> bool:
    """Whether a question is one of those that `ruled` may answer, and means nothing that was said before; candidates' names replaced as in retrieval
    (`without_names`)."""
    return _any(question, asks_comparison, asks_jobs, asks_gaps, asks_total, asks_overview, asks_highlights, asks_listing, names_other)


def asks_rule(question: str) -> bool:
    """Whether a question is one of those that `ruled` may answer: those of `asks_alone`, or for one job ("What did she do there?"), or for a field by its label."""
    return asks_alone(question) or _any(question, asks_length, asks_post, asks_tasks, asks_leading, asks_promotions, asks_usage, asks_software, asks_field) or bool(_halves(question))


_BREAK = re.compile(r"(?<=[?!.])\s+(?=\S{2})|\n+|,? and (?=(?:what|when|where|how|who|which|why)\b)", re.IGNORECASE)
_TWO_KO = re.compile(r"(?:(?:지원자|이 ?분|본인)(?:의)? ?)?(?P<one>[가-힣]{2,6}?(?: [가-힣]{1,4}?)?)(?:이랑|랑|하고|과|와|,|및| 및) ?(?P<other>[가-힣]{1,6}?(?: ?[가-힣]{1,4}?)?)(?P<tail>(?: ?좀|(?:은|는|도)(?:요)?| ?(?:은|는|이|가|을|를|도)?(?: ?(?:좀|다))? ?(?:알려|말해|뭐|어떻게|어디|부탁)\S{0,6}(?: ?(?:줘|주세요|돼요?|되나요|인가요))?)?)\W*")
_OF_OTHERS = re.compile(r"\brefer(?:ee|ence)|\b(?:their|them|compan(?:y|ies)|employers?)\b|추천인|회사", re.IGNORECASE)  # whose number may be meant
_BESIDES_KO = re.compile(r"^(?:그리고|혹시) |(?<=도) ?(?:같이|함께|좀) ?| ?부탁(?:드려요|드립니다|해요|합니다|드릴게요)")


def _halves(question: str) -> tuple[str, ...]:
    """A question of two as two, each of which a rule or a form answers for itself: "몇년생이세요? 연락처도 같이 부탁드려요"; () for other questions."""
    halves = tuple(_BESIDES_KO.sub("", half).strip() for half in _BREAK.split(question.strip()))
    if len(halves) == 1 and (two := _TWO_KO.fullmatch(question.strip())):  # "생년월일하고 사는 곳 알려줘"
        halves = (f"{two['one']}은?", f"{two['other']}{two['tail'] or '은?'}")
    if len(halves) != 2 or ": " in question or _OF_OTHERS.search(question) and any(contacts.asked_for(half, "") for half in halves):
        return ()
    return halves if all(contacts.asked_for(half, "") or asks_rule(half) for half in halves) else ()


def _both(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    """What answers each half of a question of two; None where one is left open."""
    told = [_contact(half, chunks) or ruled(half, chunks, language) for half in _halves(question)]
    if not told or not all(told):
        return None
    every = lambda name: tuple(dict.fromkeys(each for one in told for each in getattr(one, name)))
    return Ruled(
        every("lines"), every("read"), frozenset(every("headings")), sentence=" ".join(filter(None, (one.sentence for one in told))),
        nearest=any(one.nearest for one in told), counted=any(one.counted for one in told), wanted=every("wanted"), titles=every("titles"),
    )  # fmt: skip


def _contact(question: str, chunks: Sequence[Chunk]) -> Ruled | None:
    """The lines with an address, a number and the like that a question asks for; None for another question, and where one is missing."""
    forms = contacts.asked_for(question, "")
    found = [next(((i, *line) for i, chunk in enumerate(chunks) if (line := contacts.line_with(form, chunk, first=not chunk.section))), None) for form in forms]
    lines = tuple(dict.fromkeys(line for line in found if line))
    return Ruled(lines, (), wanted=tuple(chunks[i].text[a:b] for i, a, b in lines)) if lines and all(found) else None


def _any(question: str, *rules: Callable[[str], bool]) -> bool:
    return any(asks(wording) for wording in wordings(question) for asks in rules)


def ruled(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    """The answer to a question by rule; None for any other question, and where the passages do not tell.

    Args:
        question: candidates' names replaced as in retrieval.
        chunks: all passages of one person.
        language: "en" or "ko", of what is said of a number.
    """
    if not chunks or not asks_rule(question):
        return None
    if told := _both(question, chunks, language):
        return told
    place = distinct(chunks, range(len(chunks)))
    own = [chunks[i] for i in place]
    at = lambda line: (place[line[0]], *line[1:])
    rules = (_comparison, _gaps, _jobs, _length, _overview, _highlights, _listing, _leading, _promotions, _tasks, _software, _usage, _field)
    for wording, rule in product(wordings(question), rules):
        if told := rule(wording, own, language):
            read = dict.fromkeys(place[i] for i in (*(i for i, *_ in told.lines), *told.read))
            wanted = told.wanted or tuple(own[i].text[a:b] for i, a, b in told.lines)
            return replace(told, lines=tuple(map(at, told.lines)), headings=frozenset(map(at, told.headings)), read=tuple(read), wanted=wanted)
    return None


def distinct(chunks: Sequence[Chunk], order: Sequence[int]) -> list[int]:
    """Without passages that repeat an earlier one of the same person, whose resume may be there as PDF and as Word file."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for i in order:
        key = (chunks[i].subject, re.sub(r"[\W_]+", "", chunks[i].text).casefold())
        if key not in seen:
            seen.add(key)
            kept.append(i)
    return kept


def _dated(jobs: Sequence[Period]) -> tuple[Line, ...]:
    return tuple((job.position, *job.line) for job in jobs)


def _gaps(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    found = gaps(question, chunks, language)
    if found is None:
        return None
    beside = _dated(found.beside)
    meanwhile = tuple((each.position, *each.span) for each in found.told)
    named = not found.sentence  # the lines of a break say it
    wanted = tuple(chunks[i].text[a:b] for i, a, b in meanwhile) if named else (found.sentence,)
    return Ruled((*beside, *meanwhile), found.read, frozenset(beside), sentence=found.sentence, counted=not named, wanted=wanted)


def _jobs(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    if post := post_asked(question, chunks) or since_post(question, chunks):
        [line] = _dated([post])
        return Ruled((*_employer(post, periods(chunks), chunks, [post]), line), (), frozenset([line]), wanted=(post.dates,), titles=(post.heading.partition("\n")[2],))
    told = jobs_asked(question, chunks, language)
    if told is None:
        lines = tuple((each.position, *each.span) for each in meanwhile(question, chunks))
        return Ruled(lines, ()) if lines else None
    if told.nearest and (resting := break_now(chunks)):
        lines = tuple((each.position, *each.span) for each in resting)
        return Ruled((*lines, *_dated(told.jobs)), (), frozenset(_dated(told.jobs)), wanted=tuple(chunks[i].text[a:b] for i, a, b in lines))
    dated, jobs = _dated(told.jobs), periods(chunks)
    lines = tuple(line for job, own in zip(told.jobs, dated, strict=True) for line in (*_employer(job, jobs, chunks, told.jobs), own))
    lines += tuple(line for each in beside_jobs(question, chunks) if (line := (each.position, *each.span)) not in lines)
    return Ruled(
        lines, tuple(job.position for job in told.read), frozenset(dated), sentence=told.lasted.sentence if told.lasted else told.number,
        nearest=told.nearest, wanted=tuple(job.dates for job in told.jobs), unwanted=tuple(job.dates for job in told.read if job not in told.jobs),
        titles=tuple(job.heading.partition("\n")[2] for job in told.jobs),
    )  # fmt: skip


def _employer(job: Period, jobs: Sequence[Period], chunks: Sequence[Chunk], told: Sequence[Period]) -> list[Line]:
    """The line of the employer that a post is under, where it stands above an earlier post, in its passage or another, that is not told itself."""
    if first := first_post(job, jobs):
        heading, text = first.heading.partition("\n")[2], chunks[job.position].text
        start = text.find(heading)
        return [] if first in told or start < 0 else [(job.position, start, start + len(heading.partition("\n")[0]))]
    name = chunks[job.position].section.rpartition("›")[2].strip() if "›" in chunks[job.position].section else ""
    above = next((i for i, chunk in enumerate(chunks) if name and chunk.text.startswith(f"{name}\n")), None)
    return [] if above is None or any(above == other.position for other in told) else [(above, 0, len(name))]


def _length(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    told = length(question, chunks, language)
    if told is None or (told.total and len(told.periods) < len(periods(chunks))):
        stated = states_years(chunks) if asks_total(question) else ()
        return Ruled(stated, (), wanted=tuple(chunks[i].text[a:b] for i, a, b in stated)) if stated else None
    dated = _dated(told.periods)
    stated = states_years(chunks) if told.total else ()
    return Ruled((*stated, *dated), (), frozenset(dated), sentence=told.sentence, counted=told.total, wanted=(told.sentence,))


def _overview(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    lines = tuple(overview(question, chunks)) if asks_overview(question) else ()
    dated = frozenset(line for line in _dated(periods(chunks)) if line in lines)
    return Ruled(lines, (), dated, whole=not is_brief(question)) if lines else None


def _highlights(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    best = highlights(chunks) if asks_highlights(question) else []
    dated = periods(chunks, every=True) if best else []
    lines: list[Line] = []
    headings = set()
    for i, a, b in best:
        job = next((job for job in dated if job.position == i and part_at(chunks[i], a)[0] <= job.line[0] < a), None)
        if job and (heading := (i, *job.line)) not in lines:
            headings.add(heading)
            lines.append(heading)
        lines.append((i, a, b))
    wanted = tuple(chunks[i].text[a:b] for i, a, b in best)
    return Ruled(tuple(dict.fromkeys(lines)), (), frozenset(headings), put_forward=True, wanted=wanted) if lines else None


def _listing(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    lines = tuple(listing(question, chunks))
    return Ruled(lines, (), sentence=number_of(question, chunks, language)) if lines else None


def _field(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    lines = tuple(field(question, chunks))
    return Ruled(lines, (), whole=any(is_entry(chunks[i]) for i, *_ in lines)) if lines else None


def _comparison(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    told = compared(question, chunks, language) or overlaps(question, chunks, language)
    if told is None:
        return None
    lines = _dated(told.jobs)
    return Ruled(lines, tuple(job.position for job in told.read), frozenset(lines), sentence=told.sentence, counted=True, wanted=(told.sentence,))


def _under_jobs(lines: Sequence[Line], chunks: Sequence[Chunk], told: bool = False) -> Ruled | None:
    """Lines with the dated lines of their jobs before them, these quoted as headings; with `told` the other lines are what is wanted."""
    if not lines:
        return None
    found, dated = _with_employers(lines, chunks), _headings(chunks)
    wanted = tuple(chunks[i].text[a:b] for i, a, b in found if (i, a, b) not in dated) if told else ()
    return Ruled(found, (), frozenset(dated & set(found)), wanted=wanted)


def _leading(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    return _under_jobs(leading(question, chunks), chunks)


def _promotions(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    return _under_jobs(promotions(question, chunks), chunks)


def _with_employers(lines: Sequence[Line], chunks: Sequence[Chunk]) -> tuple[Line, ...]:
    """The lines, before the dated line of a post without its employer's name the line that has it."""
    jobs = periods(chunks)
    dated = dict(zip(_dated(jobs), jobs, strict=True))
    told = [dated[line] for line in lines if line in dated]
    return tuple(each for line in lines for each in (*(_employer(dated[line], jobs, chunks, told) if line in dated else ()), line))


def _headings(chunks: Sequence[Chunk]) -> set[Line]:
    """The dated lines of all that has a time: jobs, and what was done in them."""
    return set(_dated(periods(chunks, every=True)))


def _usage(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    return _under_jobs(usage(question, chunks), chunks, told=True)


def _software(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    return _under_jobs(software(question, chunks), chunks)


def _tasks(question: str, chunks: Sequence[Chunk], language: str) -> Ruled | None:
    done = tuple(tasks(question, chunks))
    lines = done or tuple(about(question, chunks))
    headings = _headings(chunks) if len(done) > 1 else set()
    return Ruled(lines, (), frozenset([*done[:1], *(line for line in done if line in headings)])) if lines else None
