"""The tables of the record. A change here needs a step in judge/migrations.py."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class SchemaVersion(Base):
    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


# ---------------------------------------------------------------------- conversations (version 1)


class ConversationRow(Base):
    __tablename__ = "conversations"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # order of creation
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(128), index=True)
    created_at: Mapped[str] = mapped_column(String(40))


class TurnRow(Base):
    __tablename__ = "turns"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # order of asking
    id: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    user_input: Mapped[str] = mapped_column(Text)
    standalone_question: Mapped[str] = mapped_column(Text)
    retrieved_contexts: Mapped[list] = mapped_column(JSON)
    response: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), index=True)
    declined: Mapped[bool] = mapped_column(Boolean)
    notice: Mapped[str] = mapped_column(Text)
    error: Mapped[str] = mapped_column(Text)
    generator: Mapped[str] = mapped_column(Text)
    prompt_hash: Mapped[str] = mapped_column(String(64))
    index_hash: Mapped[str] = mapped_column(String(64))
    timings: Mapped[dict] = mapped_column(JSON)
    created_at: Mapped[str] = mapped_column(String(40))
    repairs: Mapped[str] = mapped_column(String(64), server_default="")  # since version 3


class JudgementRow(Base):
    __tablename__ = "judgements"
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    judge: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(Float)
    relevance: Mapped[list] = mapped_column(JSON)
    final: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[str] = mapped_column(String(40), index=True)  # indexed since version 2


class ScoreRow(Base):
    __tablename__ = "scores"
    # An unscored score is never a number, in the record either.
    __table_args__ = (
        CheckConstraint("value IS NULL OR (value >= 0 AND value <= 1)"),
        CheckConstraint("state IN ('scored', 'declined') OR value IS NULL"),
    )
    turn_id: Mapped[str] = mapped_column(ForeignKey("judgements.turn_id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    value: Mapped[float | None] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)


class VerdictRow(Base):
    __tablename__ = "verdicts"
    turn_id: Mapped[str] = mapped_column(ForeignKey("judgements.turn_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    claim: Mapped[str] = mapped_column(Text)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(16))
    p_supported: Mapped[float] = mapped_column(Float)
    p_contradicted: Mapped[float] = mapped_column(Float)
    evidence: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)


class SecondOpinionRow(Base):
    """A turn that a second judge is asked about, since version 4.

    The tables above hold the judgement that is shown; `other` holds the one that is not: see `judge.types.SecondOpinion`.
    `state` is `pending`, `shown` or `unscored`. `final`: False for a stopgap, as in `judgements`.
    """

    __tablename__ = "second_opinions"
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    other: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    final: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[str] = mapped_column(String(40))


# ---------------------------------------------------------------------- regression (version 2)


class FlagRow(Base):
    """`turn` and `judgement` are copies: no foreign key, so that a flag outlives its conversation."""

    __tablename__ = "flags"
    __table_args__ = (UniqueConstraint("turn_id", "origin"),)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # order of flagging
    id: Mapped[str] = mapped_column(String(64), unique=True)
    turn_id: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    owner: Mapped[str] = mapped_column(String(128), index=True)
    origin: Mapped[str] = mapped_column(String(16))
    thumb: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    turn: Mapped[dict] = mapped_column(JSON)
    judgement: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[str] = mapped_column(String(40))


class CaseRow(Base):
    """The columns after `updated_at` tie a case to the turn, conversation and person it was made of, if any.

    `edited`: somebody worked on it on the Regression page, so that a later flag only fills in what is missing.
    `search`: question, expected answer and tags as `fold` writes them, for the text filter.
    """

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_status_number", "status", "number"),)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # order of creation
    id: Mapped[str] = mapped_column(String(200), unique=True)
    user_input: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(String(32), index=True)
    rule: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    documents: Mapped[list] = mapped_column(JSON)
    turn: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    judgement: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    merged_into: Mapped[str] = mapped_column(String(200), index=True)
    extra: Mapped[dict] = mapped_column("metadata", JSON)  # Declarative keeps the name `metadata` to itself
    created_at: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[str] = mapped_column(String(40))
    turn_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(String(64), index=True)
    owner: Mapped[str | None] = mapped_column(String(128), index=True)
    edited: Mapped[bool] = mapped_column(Boolean)
    search: Mapped[str] = mapped_column(Text)


class CaseTagRow(Base):
    __tablename__ = "case_tags"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(100), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(Integer)


class RunRow(Base):
    """`process`: host, process id and its start, to tell a run that is going on from one whose process died."""

    __tablename__ = "runs"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # order of starting
    id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    configuration: Mapped[dict] = mapped_column(JSON)
    case_ids: Mapped[list] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16))
    error: Mapped[str] = mapped_column(Text)
    process: Mapped[str] = mapped_column(Text)
    started_at: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[str] = mapped_column(String(40))


class ResultRow(Base):
    """`case_id` without a foreign key: what a run said stays when a case is deleted later."""

    __tablename__ = "results"
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    turn: Mapped[dict] = mapped_column(JSON)
    judgement: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    scores: Mapped[list] = mapped_column(JSON)
    perplexity: Mapped[float | None] = mapped_column(Float)
    passed: Mapped[bool] = mapped_column(Boolean)
    failures: Mapped[list] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(Float)
    created_at: Mapped[str] = mapped_column(String(40))


class PreferenceRow(Base):
    """What was set on a page and holds for everybody, e.g. the thresholds of automatic flags."""

    __tablename__ = "preferences"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict] = mapped_column(JSON)
