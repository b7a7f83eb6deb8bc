"""Which job a question about their order asks for, by the dates in the passages: the first or latest one, the one before or after a named one; or
which time without one.

A network that reads line by line sees no order: "Where did she work before Quellhof?" is answered by a line that never names Quellhof.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np

from judge.lengths import chunk_of, counts, squeezed
from rag import contacts
from rag.durations import asks_of_jobs, asks_total, length
from rag.entries import is_entry, parts, periods, top
from rag.language import language_asked
from rag.meant import FACTOR, asks_break, jobs_meant, with_odds
from rag.retrieval import without_names
from rag.rules import ruled

_YES_NO = re.compile(r"\W*(?:did|does|do|is|are|was|were|has|have|had)\b", re.IGNORECASE)  # its answer need name no job
# P(the reply answers) at least, where "Why should we hire her?" is answered with what speaks for her: no line says that it is a reason.
PUT_FORWARD = 0.9
_NAME = re.compile(r"[A-Z][\w&+.'’-]*\w|[가-힣]{2,}")


def by_order(question: str, reply: str, passages: Sequence[str], p_relevant: np.ndarray, p_answers: float) -> tuple[np.ndarray, float]:
    """P(relevant) of the passages, (N,), and P(the reply answers) once the order of the jobs is known; as they are where the question asks for
    no order, or the passages do not tell it.

    A passage with another job is made less likely, and a reply that names another one alone.

    Args:
        passages: as the judge reads them, "Name – Section" above the text.
    """
    chunks = [chunk_of(text) for text in passages]
    topic = without_names(question, {chunk.subject for chunk in chunks})
    if field := contacts.looked_up(topic):
        held = {i: span for i, chunk in enumerate(chunks) if (span := contacts.line_with(field, chunk, not chunk.section))}
        lines = [chunks[i].text[slice(*span)] for i, span in held.items()][:1]
        return _all_told(reply, set(held), lines, p_relevant, p_answers) if held else (p_relevant, p_answers)
    if asks_of_jobs(topic) and (counted := length(topic, chunks, "en")):
        return _in_all(reply, passages, {period.position for period in counted.periods}, p_relevant, p_answers)
    if asks_total(topic):
        return _in_all(reply, passages, {period.position for period in periods(chunks)}, p_relevant, p_answers)
    if told := ruled(topic, chunks, language_asked(question)):
        p_relevant, p = _all_told(reply, told.read, told.wanted, p_relevant, p_answers)
        # The latest job is no answer to which is the present one; a reply that has another's dates may say anything of them.
        named = all(any(_stands(name, reply.casefold()) for name in _names(title)) for title in told.titles)
        if told.nearest or not named or any(squeezed(each) in squeezed(reply) for each in told.unwanted):
            return p_relevant, p_answers
        return p_relevant, max(p, PUT_FORWARD) if told.put_forward and p != p_answers else p
    entries = [i for i, chunk in enumerate(chunks) if is_entry(chunk)]
    jobs = [(i, part) for i in entries for _, part in parts(chunks[i])]
    meant = jobs_meant(question, chunks) if len(jobs) > 1 else {}  # one alone comes neither first nor last
    if not meant:
        return p_relevant, p_answers
    breaks = asks_break(question)  # jobs beside one may tell, too: it began where one ended
    odds = [FACTOR if i in meant else 1 / FACTOR if i in entries and not breaks else 1.0 for i in range(len(chunks))]
    p_relevant = np.array([with_odds(p, factor) for p, factor in zip(p_relevant.tolist(), odds, strict=True)])
    if breaks:
        return p_relevant, p_answers
    asked = {chunks[i].text[a:b].strip() for i, (a, b) in meant.items()}
    own, others = set(), set()
    for _, job in jobs:
        (own if job.text.strip() in asked else others).update(_names(job.text))
    known = own & others | _names(question)
    said = reply.casefold()
    names_own, names_other = (any(_stands(name, said) for name in names - known) for names in (own, others))
    if names_own != names_other and not _YES_NO.match(question):
        p_answers = with_odds(p_answers, FACTOR if names_own else 1 / FACTOR)
    return p_relevant, p_answers


def _in_all(reply: str, passages: Sequence[str], dated: Collection[int], p_relevant: np.ndarray, p_answers: float) -> tuple[np.ndarray, float]:
    """The same where all experience is asked for: the dates of every job tell it, and a reply that counts them right answers."""
    answers = any(counts(line, passages) for line in reply.split("\n"))
    return _raised(p_relevant, dated), with_odds(p_answers, FACTOR) if answers else p_answers


def _all_told(
    reply: str, positions: Collection[int], wanted: Sequence[str], p_relevant: np.ndarray, p_answers: float
) -> tuple[np.ndarray, float]:
    """The same where all of something is asked for, or the longest or present job: these passages tell it, and a reply that has all that is `wanted`
    answers."""
    said = squeezed(reply)
    return _raised(p_relevant, positions), with_odds(p_answers, FACTOR) if all(squeezed(each) in said for each in wanted) else p_answers


def _raised(p_relevant: np.ndarray, positions: Collection[int]) -> np.ndarray:
    """P(relevant), (N,), with the passages at these positions made likelier."""
    return np.array([with_odds(p, FACTOR if i in positions else 1.0) for i, p in enumerate(p_relevant.tolist())])


def _names(text: str) -> set[str]:
    """The capitalised and the Korean words of a job's heading, or of a question, in lower case."""
    span = top(text)
    return {name.casefold() for name in _NAME.findall(text[slice(*span)] if span else text.split("\n", 1)[0])}


def _stands(name: str, text: str) -> bool:
    """Whether the name stands in the text as a word, in Korean with particles behind it."""
    behind = "" if re.match("[가-힣]", name) else r"(?!\w)"
    return re.search(rf"(?<!\w){re.escape(name)}{behind}", text) is not None
