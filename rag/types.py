"""The vocabulary of the answering side: documents, chunks, turns, and the events of one answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Literal

TurnStatus = Literal["retrieving", "streaming", "stopped", "finished", "failed"]
Retriever = Literal["dense", "lexical", "both"]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled stretch of a document: `text[start:end]` of Document.text, heading included."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file. `id` is the first 16 hex digits of the SHA-256 of its bytes."""

    id: str
    name: str
    text: str
    sections: tuple[Section, ...]
    media_type: str
    language: str
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document. `text == document.text[start:end]`; `id` is `<document id>-<number>`.

    `subject` is whose resume it is (the candidate's name where the document starts with one, else
    the file name's stem); it is shown to the model so that "she" and "the candidate" resolve.
    """

    id: str
    document_id: str
    document: str
    subject: str
    section: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RetrievedChunk:
    """A chunk as retrieved for one question.

    Attributes:
        rank: 1-based position, also its citation number `[rank]`.
        score: cosine similarity of question and chunk in [-1, 1], whoever found the chunk.
        retriever: which retriever's list it came from.
        p_answers: the reranker's probability in [0, 1] that the chunk answers, None without one.
    """

    chunk: Chunk
    rank: int
    score: float
    retriever: Retriever
    p_answers: float | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds since the question came in (None until reached) and generated tokens."""

    retrieve_s: float | None = None
    first_token_s: float | None = None
    total_s: float | None = None
    tokens: int = 0


def new_id() -> str:
    return uuid.uuid4().hex


@dataclass(slots=True)
class Turn:
    """One question and its answer, with everything needed to judge or replay it."""

    conversation_id: str
    user_input: str
    id: str = field(default_factory=new_id)
    standalone_question: str = ""
    retrieved_contexts: tuple[RetrievedChunk, ...] = ()
    response: str = ""
    status: TurnStatus = "retrieving"
    declined: bool = False
    notice: str = ""  # shown above the reply, e.g. "quoted: this model has no Korean"
    error: str = ""
    generator: str = ""
    prompt_hash: str = ""
    index_hash: str = ""
    timings: Timings = Timings()
    created_at: str = ""  # ISO 8601, UTC
    repairs: str = ""  # id of the turn whose unfaithful reply this one replaces


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages are known; generation starts."""

    standalone_question: str
    chunks: tuple[RetrievedChunk, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the reply, to be appended."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply is complete (`finished`) or was cut by Stop (`stopped`)."""

    turn: Turn


Event = Retrieved | Token | Finished
