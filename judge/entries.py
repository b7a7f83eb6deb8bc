"""The entries of a passage: which heading stands over which line.

A resume says whose and when an achievement was in the line above it, or two lines above. A claim that joins the
employer of one entry with the achievement of another has every word in the passage and is false all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from judge.text import lines

_BULLET = re.compile(r"\s*(?:[-•*·▪–◦‣]|\d{1,2}[.)])\s")
_RANGE = re.compile(
    r"(?:(?:19|20)\d\d|'\d\d)(?:\D{0,3}\d{1,2}(?!\d))?\D{0,4}?(?:[-–—~〜]|\bto\b|\buntil\b|부터|에서)\D{0,12}?"
    r"(?:\d{1,2}[./월-]{0,2}\s?)?(?:(?:19|20)\d\d|present|now|today|ongoing|현재|지금)",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"[\s(,|·–—:-]{0,9}(?:(?:\d{1,2}[./-]|[A-Z][a-z]{2,8}\.?)\s{0,3})?$")
_PARTED = re.compile(r"[,|·@;(]|\s[–—-]\s|\bat\b|에서")  # between an employer and a post
_HEAD_LENGTH = 110  # characters; a longer line is a sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One part of `judge.text.lines`: its text, its entry's number, and the numbers of the lines that head it (also the other lines of
    a heading)."""

    text: str
    entry: int
    heads: tuple[int, ...]
    is_head: bool


@lru_cache(maxsize=2048)
def entries(text: str) -> tuple[Line, ...]:
    """The lines of `text` (as `judge.text.lines` cuts them) with their headings.

    A heading is a line without a bullet mark that has a period of time, or stands right above a bullet. The first
    line heads everything where it looks like a title ("Name – Section"). An employer's line above a dated post heads
    the dated posts that follow without an employer of their own too.
    """
    parts = lines(text)
    starts = _line_starts(text, parts)
    bullet = [bool(_BULLET.match(part)) for part in parts]
    marked = any(bullet)

    def heading(i: int) -> bool:
        if bullet[i] or not starts[i] or len(parts[i]) > _HEAD_LENGTH:
            return False
        following = next((j for j in range(i + 1, len(parts)) if starts[j]), None)
        if _RANGE.search(parts[i]):
            return True
        if following is None:
            return False
        return bullet[following] or (
            not bullet[following] and bool(_RANGE.search(parts[following])) and len(parts[i]) < 90 and not parts[i].endswith(".")
        )

    title = bool(parts) and not bullet[0] and len(parts[0]) < 70 and not re.search(r"\d", parts[0]) and len(parts) > 1
    made: list[Line] = []
    entry, heads, open_heads, employer = 0, (), False, ()
    for i, part in enumerate(parts):
        top = (0,) if title and i else ()
        if i == 0 and title:
            made.append(Line(part, 0, (), True))
            continue
        if heading(i):
            again = open_heads and not (_RANGE.search(part) and any(_RANGE.search(parts[h]) for h in heads))
            if not again and not _is_post(part):
                employer = () if _RANGE.search(part) else (i,)
            heads = (*heads, i) if again else (*(h for h in employer if h != i), i)
            entry += 0 if again else 1
            open_heads = True
            made.append(Line(part, entry, (*top, *(h for h in heads if h != i)), True))
            continue
        if starts[i] and not bullet[i] and (not heads or (marked and not open_heads and bullet[i - 1])):
            entry, heads = entry + 1, ()  # a line of its own, such as a degree or a list of skills
        open_heads = False
        made.append(Line(part, entry, (*top, *heads), False))
    # The lines of one heading head each other: the employer's line, the post, the dates.
    headings: dict[int, set[int]] = {}
    for i, line in enumerate(made):
        if line.is_head and line.entry:
            headings.setdefault(line.entry, set()).add(i)
    for together in headings.values():
        for i in together:
            made[i] = replace(made[i], heads=tuple(sorted(together.union(made[i].heads) - {i})))
    return tuple(made)


def _is_post(heading: str) -> bool:
    """Whether a heading tells a post and its dates alone ("Weaver, 2015 – 2019"), no employer beside it."""
    dated = _RANGE.search(heading)
    return bool(dated) and not _PARTED.search(_BEFORE_DATE.sub("", heading[: dated.start()]))


def _line_starts(text: str, parts: tuple[str, ...]) -> list[bool]:
    """Whether each part begins a line of the text (or goes on within one)."""
    found, position = [], 0
    for part in parts:
        at = text.find(part, position)
        found.append("\n" in text[position:at] or not found or at < 0)
        position = max(at, position) + len(part)
    return found
