"""Which entries of a resume a question names: by employer, school, project, or a part of such a name."""

from __future__ import annotations

import difflib
import os.path
import re
from collections.abc import Sequence

from rag.entries import BULLET, MAX_DATED, RANGE, WORK_TITLE, beginning, head, is_entry, parts, row_named
from rag.mentions import CLOSE, KINDS_KO, TRADES_KO
from rag.types import Chunk

SHARED_BY = 2  # a word in the first lines of more entries than this names none of them
LATIN_NAME = re.compile(r"(?<![\w'’-])[A-Z](?:(?![가-힣])[\w&+.'’-])*(?![가-힣])\w")
NAME = re.compile(r"[A-Z가-힣][\w&+.-]*\w")  # of a first line: a capital, or Korean
_NOT_NAMES = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec present current now today the remote mostly 현재 재직 지금"
    " what which who whom whose when where why how did does do is are was were has have had can could would will and at in for".split()
)
_HANGUL = re.compile(r"[가-힣]{2,}")
_PARTICLE_KO = "에서|에|의|은|는|이|가|을|를"
AT_WORK_KO = r"(?:에서| ?시절| ?재직| ?근무|(?:에|을|를)? ?(?:다니|다녔|다닐|입사|그만|퇴사|들어가))"
_KIND_KO = re.compile(rf"(?:{KINDS_KO}|{TRADES_KO})$")


def named_lines(chunk: Chunk) -> str:
    """What names an entry: its first line and the short ones under it, down to the first bullet (employer, place); not the
    titles of works in those."""
    kept = [head(chunk)]
    if len(kept[0]) > MAX_DATED and "|" in kept[0]:
        kept = [row_named(kept[0])]
    for line in beginning(chunk)[1:]:
        if BULLET.match(line):
            break
        if len(line) > MAX_DATED:
            if "|" in line and RANGE.search(line):
                kept.append(row_named(line))
            break
        kept.append(WORK_TITLE.sub("", line))
    return "\n".join(kept)


def named_entries(question: str, chunks: Sequence[Chunk]) -> set[int]:
    """Positions of the entries whose first lines, or those of an entry further down in the passage, hold a name from the question, also a
    misspelt one.

    English names are known by their capital; a Korean question is searched for the first lines' own words, but for those that also stand in
    the text of another entry ("데이터"): they are no employer's.
    """
    return set(naming_of(question, chunks))


def naming_of(question: str, chunks: Sequence[Chunk]) -> dict[int, set[str]]:
    """The `named_entries`, each with the words that name it."""
    entries = [i for i, chunk in enumerate(chunks) if is_entry(chunk)]
    own = {word.casefold() for chunk in chunks for word in NAME.findall(chunk.subject)}
    heads = {i: "\n".join(map(named_lines, _without_dated_tasks(chunks[i]))) for i in entries}
    words = {i: {w.casefold() for w in NAME.findall(heads[i])} - own - _NOT_NAMES for i in entries}
    shared: dict[str, set[str]] = {}
    for i in entries:
        first = head(chunks[i])
        for word in words[i]:  # the parts of one long entry count once, as do the posts under one employer
            shared.setdefault(word, set()).add(first if word in first.casefold() else heads[i])
    most = min(SHARED_BY, max(1, len(set(heads.values())) - 1))
    telling = {word for word, of in shared.items() if len(of) <= most}
    named: set[str] = set()
    for match in LATIN_NAME.finditer(question):
        name = match[0].casefold().removesuffix("'s").removesuffix("’s")
        if name in telling:
            named.add(name)
        elif len(name) >= 5 and match.start():  # the first word has its capital from the sentence
            named.update(difflib.get_close_matches(name, [w for w in telling if w.isascii()], 1, CLOSE))
    for word in filter(_HANGUL.fullmatch, telling):
        if not (_korean_name_in(word, question) or _short_name_in(word, question, chunks) or _last_part_in(word, question, telling)):
            continue
        elsewhere = any(word in chunks[i].text and word not in words[i] for i in entries)
        if _KIND_KO.search(word) or not elsewhere:
            named.add(word)
    found = {i: words[i] & named for i in entries if words[i] & named}
    if called := {i: names for i in entries if (names := _called(heads[i], question))}:
        # "디자이너" in "스튜디오결에서 디자이너 관리했나요?" is nobody's workplace.
        at_work = lambda name: re.search(rf"{re.escape(name)}{AT_WORK_KO}", question) is not None
        return {i: found.get(i, set()) | called.get(i, set()) for i in entries if i in called or any(map(at_work, found.get(i, ())))}
    return found


def _called(heading: str, question: str) -> set[str]:
    """The names of several Korean words in a heading that the question calls so, with or without their spaces: "스튜디오 결", "스튜디오결에서"."""
    asked = re.sub(r"\s", "", question)
    named = (piece.strip() for piece in re.split(r"[|,·/()–—:\n]| {2,}| - ", heading))
    pieces = (re.sub(r"\s", "", piece) for piece in named if len(piece) <= MAX_DATED and re.search(r"[가-힣]\S* [가-힣]", piece))
    return {piece for piece in pieces if len(piece) >= 4 and re.search(rf"{re.escape(piece)}(?:{AT_WORK_KO}|의)", asked)}


def _without_dated_tasks(chunk: Chunk) -> list[Chunk]:
    """The parts of a passage, but for tasks that have dates of their own ("- SAP rollout (2023.02 ~ 2023.10)"): what they are about is no employer."""
    every = [part for _, part in parts(chunk)]
    return [part for part in every if not BULLET.match(part.text.lstrip("\n"))] or every


def _korean_name_in(name: str, question: str) -> bool:
    """Whether a Korean word stands in the question with at most a particle behind it; two syllables need a boundary."""
    if len(name) >= 3:
        return re.search(rf"(?:(?<![가-힣])|(?<=주식회사)){name}", question) is not None
    return re.search(rf"(?<![가-힣]){name}(?:{_PARTICLE_KO})", question) is not None


def _last_part_in(name: str, question: str, names: set[str]) -> bool:
    """Whether the question calls "새빛초등학교병설유치원" "병설유치원": an end of four syllables or more that no other name has."""
    ends = (name[at:] for at in range(2, len(name) - 3))
    found = next((end for end in ends if re.search(rf"(?<![가-힣]){end}(?:{_PARTICLE_KO}|에선|에서는|엔| |[?]|$)", question)), "")
    return bool(found) and not any(other.endswith(found) for other in names if other != name)


def _short_name_in(name: str, question: str, chunks: Sequence[Chunk]) -> bool:
    """Whether the question calls "온새로유통" "온새로", or "온기둥재활병원" "온기둥": a beginning that nothing else in the resume has."""
    kind = _KIND_KO.search(name)
    if kind is None:
        return False
    for end in range(kind.start(), 1, -1):
        own = name[:end]
        if end < kind.start() and end < 3:  # of a name with more to it, two syllables are a word like any other
            return False
        # Two syllables need a particle: "도자" is a word as well as a studio; less than its own part what only a workplace has.
        behind = rf"(?:{_PARTICLE_KO}{'' if end == 2 else '|로|으로| |[?]|$'})" if end == kind.start() else AT_WORK_KO
        if re.search(rf"(?<![가-힣]){own}{behind}", question):
            return not any(re.search(rf"(?<![가-힣]){own}(?!{name[end:]})", chunk.text) for chunk in chunks)
    return False


def akin(one: str, other: str) -> bool:
    """Whether two words of five letters or more begin alike but for an ending: "teaching" and "teacher"."""
    kept = len(os.path.commonprefix([one, other]))
    return kept >= max(5, min(len(one), len(other)) - 2)
