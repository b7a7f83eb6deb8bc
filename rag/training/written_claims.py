"""Statements written by hand about the written resumes (rag/training/written/claims), with other names and figures each time.

Per resume groups of statements about the same lines: some follow from them, some are contradicted by a word or two.
Others are about the person, and nothing in the resume tells or denies them. The judge learns from them what is
supported, the reranker what tells it, the generator to say yes, no, and that the resume does not say.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rag.training.written_resumes import FOLDER, Swap, WrittenResume, crossed

CLAIMS = FOLDER / "claims"
CROSSED = FOLDER / "crossed" / "claims"  # some of them in the other language
# Other figures make a computed one wrong: statements that hold one are used with the figures as they were written.
_COMPUTED = re.compile(
    r"\b(?:half|twice|double\w*|tripl\w*|thrice|quarter|third|(?:six|seven|eight|nine)?teen|ten|eleven|twelve|\w+teen|\w+ty|hundreds?|thousands?|dozens?"
    r"|more than|less than|over|under|nearly|almost|about|around|roughly|fewer|majority|most|average)\b"
    r"|절반|두 ?배|세 ?배|갑절|열|스물|스무|서른|마흔|백|천|넘|이상|이하|미만|가까이|약 |여 "
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about one draw of a resume.

    Attributes:
        label: supported, contradicted or not_found.
        places: the passages that decide it; of an untold one those most like it.
        told: the lines that decide it, and after them what is true of them, in this draw's names.
        true: the true statements of its group.
        spans: by passage, the characters of those lines in `chunk.text`.
        other: the statement in the other language, names as the resume spells them; "" where nobody has put it so.
    """

    text: str
    label: str
    places: tuple[int, ...]
    told: str
    true: tuple[str, ...] = ()
    spans: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    other: str = ""


@cache
def claims() -> dict[str, dict]:
    """The written statements by the name of the resume's person."""
    found = {}
    for file in sorted(CLAIMS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["name"]] = row
    return found


def claims_of(chance: random.Random, resume: WrittenResume, texts: Sequence[str], groups: int | None = None) -> list[list[Claim]]:
    """The statements about a resume, group by group; an untold one is a group of its own.

    What the other figures of this draw may have made false is left out.

    Args:
        texts: the resume's passages as they will be read.
        groups: so many groups, and as many untold statements; None for all.
    """
    written = claims().get(resume.person)
    if written is None:
        return []
    swap, made, others = resume.swap, [], crossed(CROSSED, "claims").get(resume.person, {})

    def other(text: str) -> str:
        """The statement in the other language; none where a figure that is another one in this draw stands there in another form (35만, 350,000)."""
        there = others.get(text, "")
        return swap(there) if _figures(text) - _figures(swap(text)) <= _figures(there) else ""

    wanted = len(written["groups"]) if groups is None else groups
    for group in chance.sample(written["groups"], min(wanted, len(written["groups"]))):
        spans = resume.spans_of(group["lines"])
        if not spans:
            continue
        true = tuple(swap(text) for text in group["true"])
        # The lines named decide the statements, but one may lean on a heading or a neighbour of theirs too.
        places = tuple(sorted({*spans, *(nearest(text, texts) for text in true)}))
        told = "\n".join([*map(swap, group["lines"]), *true])
        kept = [text for text in group["true"] if not _may_be_false(swap, text)]
        made.append(
            [Claim(swap(text), "supported", places, told, true, spans, other(text)) for text in kept]
            + [Claim(swap(text), "contradicted", places, told, true, spans, other(text)) for text in group["false"]]
        )
    for text in chance.sample(written["untold"], min(len(made) if groups is not None else 99, len(written["untold"]))):
        said = swap(text)
        near = sorted(range(len(texts)), key=lambda i: -shared(said, texts[i]))[:2]
        made.append([Claim(said, "not_found", (chance.choice(near),), said, other=other(text))])
    return [group for group in made if group]


def nearest(text: str, texts: Sequence[str]) -> int:
    """Which of `texts` shares most with `text`."""
    return max(range(len(texts)), key=lambda i: shared(text, texts[i]))


def shared(text: str, other: str) -> float:
    """How much of `text` stands in `other`, long ones counting less."""
    said, there = set(_pieces(text)), set(_pieces(other))
    return len(said & there) / (len(there) + 40) ** 0.5


def _pieces(text: str) -> list[str]:
    low = text.casefold()
    return [low[i : i + 3] for i in range(len(low) - 2)]


def _figures(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def _may_be_false(swap: Swap, text: str) -> bool:
    return bool(swap.figures) and (bool(_COMPUTED.search(text)) or swap.may_break("", text))
