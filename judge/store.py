"""The record of conversations, turns, scores and verdicts: SQLite by default, any DATABASE_URL otherwise.

Every call is one transaction in a session of its own, so any thread may call.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    String,
    Text,
    create_engine,
    delete,
    event,
    exists,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from judge.types import Claim, Judgement, Score, Verdict
from rag.errors import UserError
from rag.types import Chunk, RetrievedChunk, Timings, Turn

SCHEMA_VERSION = 1
BUSY_TIMEOUT_MS = 10_000  # a writer waits this long for another process; a transaction here takes milliseconds
TITLE_CHARS = 200
UNFINISHED = ("retrieving", "streaming")

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, and no encoding holds lone surrogates

# What brings a record from the version before to the given one; run in order, in one transaction.
MIGRATIONS: dict[int, Callable[[Connection], None]] = {}


class StoreError(UserError):
    """The record cannot be opened."""


class ConversationRow(NamedTuple):
    """A conversation as listed. `title` is its first question, "" before there is one; `created_at` is ISO 8601 UTC."""

    id: str
    title: str
    created_at: str


class _Base(DeclarativeBase):
    pass


class _Schema(_Base):
    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class _Conversation(_Base):
    __tablename__ = "conversations"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # order of creation
    id: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(128), index=True)
    created_at: Mapped[str] = mapped_column(String(40))


class _Turn(_Base):
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


class _Judgement(_Base):
    __tablename__ = "judgements"
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    judge: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(Float)
    relevance: Mapped[list] = mapped_column(JSON)
    final: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[str] = mapped_column(String(40))


class _Score(_Base):
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


class _Verdict(_Base):
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


class Store:
    """The record behind one DATABASE_URL. Any thread may call any method.

    Args:
        url: an SQLAlchemy URL, e.g. `sqlite:///data/vouch.sqlite` or `postgresql+psycopg://user@host/vouch`.

    Raises:
        StoreError: the URL is wrong, its driver is not installed, the database cannot be reached, or it was
            written by a newer version.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
            _prepare(self._engine)
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise StoreError(
                f"The record could not be opened ({type(error).__name__}). Check DATABASE_URL.",
                f"기록을 열 수 없습니다({type(error).__name__}). DATABASE_URL을 확인해 주세요.",
            ) from error
        self._session = sessionmaker(self._engine)
        # SQLite has one writer: threads that wait here do not poll its lock.
        self._writing = threading.RLock()
        self._end_interrupted()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    # ------------------------------------------------------------------ conversations

    def new_conversation(self, owner: str) -> str:
        """An empty conversation of `owner`. Returns its id."""
        conversation_id = uuid.uuid4().hex
        with self._write() as session:
            session.add(_Conversation(id=conversation_id, owner=_clean(owner), created_at=_now()))
        return conversation_id

    def owner(self, conversation_id: str) -> str | None:
        """Whose conversation it is, None where there is none of this id."""
        with self._session() as session:
            return session.scalar(select(_Conversation.owner).where(_Conversation.id == conversation_id))

    def conversations(self, owner: str | None = None) -> list[ConversationRow]:
        """Conversations that have a question, newest first; of all owners where `owner` is None."""
        first = select(func.min(_Turn.number)).group_by(_Turn.conversation_id)
        query = (
            select(_Conversation.id, func.substr(_Turn.user_input, 1, TITLE_CHARS), _Conversation.created_at)
            .join(_Turn, _Turn.conversation_id == _Conversation.id)
            .where(_Turn.number.in_(first))
            .order_by(_Conversation.number.desc())
        )
        if owner is not None:
            query = query.where(_Conversation.owner == _clean(owner))
        with self._session() as session:
            return [ConversationRow(*row) for row in session.execute(query)]

    def delete_conversation(self, conversation_id: str) -> None:
        """Forget a conversation with its turns and judgements; does nothing where there is none."""
        with self._write() as session:
            session.execute(delete(_Conversation).where(_Conversation.id == conversation_id))

    # ------------------------------------------------------------------ turns

    def save_turn(self, turn: Turn) -> bool:
        """Insert or update. A judgement of an earlier reply of this turn is forgotten.

        Returns: False, and nothing recorded, where there is no such conversation (any more): what a person
            deleted does not come back because a reply was still being written.

        Raises:
            ValueError: the turn was recorded in another conversation.
        """
        values = _turn_values(turn)
        with self._write() as session:
            known = select(_Conversation.number).where(_Conversation.id == values["conversation_id"])
            if session.scalar(known) is None:
                return False
            row = session.scalar(select(_Turn).where(_Turn.id == turn.id))
            if row is None:
                session.add(_Turn(**values))
                return True
            if row.conversation_id != values["conversation_id"]:
                raise ValueError(f"turn {turn.id} belongs to another conversation")
            if row.response != values["response"] or turn.status != "finished":
                session.execute(delete(_Judgement).where(_Judgement.turn_id == turn.id))
            for name, value in values.items():
                setattr(row, name, value)
        return True

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of this id, or None."""
        with self._session() as session:
            row = session.scalar(select(_Turn).where(_Turn.id == turn_id))
            return None if row is None else _turn(row)

    def turns(self, conversation_id: str) -> list[Turn]:
        """The turns of a conversation, oldest first."""
        query = select(_Turn).where(_Turn.conversation_id == conversation_id).order_by(_Turn.number)
        with self._session() as session:
            return [_turn(row) for row in session.scalars(query)]

    def unjudged(self) -> list[Turn]:
        """Finished turns without a judgement, oldest first."""
        judged = exists().where(_Judgement.turn_id == _Turn.id)
        query = select(_Turn).where(_Turn.status == "finished", ~judged).order_by(_Turn.number)
        with self._session() as session:
            return [_turn(row) for row in session.scalars(query)]

    # ------------------------------------------------------------------ judgements

    def save_judgement(
        self, turn_id: str, judgement: Judgement, response: str | None = None, final: bool = True
    ) -> bool:
        """Record a judgement in place of an earlier one.

        Args:
            final: False for a stopgap ("the judge is behind") that is forgotten when the record is opened again,
                so that `unjudged` names its turn.
            response: the reply that was judged; None trusts that it is still the turn's.

        Returns: False, and nothing recorded, where the turn is gone (its conversation was deleted while it
            was judged) or holds another reply by now (it was regenerated).
        """
        try:
            with self._write() as session:
                row = session.execute(select(_Turn.response, _Turn.status).where(_Turn.id == turn_id)).first()
                if row is None:
                    return False
                if response is not None and (row.response != _clean(response) or row.status in UNFINISHED):
                    return False
                session.execute(delete(_Judgement).where(_Judgement.turn_id == turn_id))
                session.add(
                    _Judgement(
                        turn_id=turn_id,
                        judge=judgement.judge,
                        seconds=judgement.seconds,
                        relevance=[float(p) for p in judgement.relevance],
                        final=final,
                        created_at=_now(),
                    )
                )
                session.flush()
                session.add_all(
                    _Score(turn_id=turn_id, position=i, **_stored(asdict(score)))
                    for i, score in enumerate(judgement.scores.values())
                )
                for i, verdict in enumerate(judgement.verdicts):
                    values = _stored({name: getattr(verdict, name) for name in _VERDICT})
                    claim = verdict.claim
                    session.add(
                        _Verdict(
                            turn_id=turn_id,
                            position=i,
                            claim=_clean(claim.text),
                            start=claim.start,
                            end=claim.end,
                            **values,
                        )
                    )
        except IntegrityError:
            if self.turn(turn_id) is None:
                return False
            raise
        return True

    def judgement(self, turn_id: str) -> Judgement | None:
        """The judgement of a turn, or None."""
        return self._judgements([turn_id]).get(turn_id)

    def judgements(self, conversation_id: str) -> dict[str, Judgement]:
        """The judgements of a conversation's turns, by turn id."""
        with self._session() as session:
            ids = list(session.scalars(select(_Turn.id).where(_Turn.conversation_id == conversation_id)))
        return self._judgements(ids)

    # ------------------------------------------------------------------ inside

    def _judgements(self, turn_ids: Iterable[str]) -> dict[str, Judgement]:
        ids = list(turn_ids)
        found: dict[str, Judgement] = {}
        with self._session() as session:
            for start in range(0, len(ids), 500):  # databases limit the values of one IN
                part = ids[start : start + 500]
                scores: dict[str, dict[str, Score]] = {}
                for row in session.scalars(select(_Score).where(_Score.turn_id.in_(part)).order_by(_Score.position)):
                    score = Score(row.metric, row.value, row.state, row.reason)
                    scores.setdefault(row.turn_id, {})[row.metric] = score
                verdicts: dict[str, list[Verdict]] = {}
                for row in session.scalars(
                    select(_Verdict).where(_Verdict.turn_id.in_(part)).order_by(_Verdict.position)
                ):
                    claim = Claim(row.claim, row.start, row.end)
                    verdict = Verdict(claim, *(getattr(row, name) for name in _VERDICT))
                    verdicts.setdefault(row.turn_id, []).append(verdict)
                for row in session.scalars(select(_Judgement).where(_Judgement.turn_id.in_(part))):
                    found[row.turn_id] = Judgement(
                        scores.get(row.turn_id, {}),
                        tuple(verdicts.get(row.turn_id, ())),
                        tuple(row.relevance),
                        row.judge,
                        row.seconds,
                    )
        return found

    def _write(self) -> _Writing:
        return _Writing(self._session, self._writing)

    def _end_interrupted(self) -> None:
        """A turn that was being answered when the process ended is not being answered any more; stopgaps are over."""
        with self._write() as session:
            session.execute(delete(_Judgement).where(~_Judgement.final))
            session.execute(update(_Turn).where(_Turn.status.in_(UNFINISHED)).values(status="stopped"))


class _Writing:
    """A session whose transaction is committed at the end, one at a time in this process."""

    def __init__(self, sessions: sessionmaker[Session], lock: threading.RLock) -> None:
        self._sessions, self._lock = sessions, lock

    def __enter__(self) -> Session:
        self._lock.acquire()
        self._session = self._sessions()
        return self._session

    def __exit__(self, kind, error, trace) -> None:
        try:
            if kind is None:
                self._session.commit()
        finally:
            self._session.close()  # rolls back what was not committed
            self._lock.release()


_VERDICT = ("label", "p_supported", "p_contradicted", "evidence", "reason")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
    else:  # one connection for all threads: another would see another, empty database
        from sqlalchemy.pool import StaticPool

        engine = create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection, _record) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")  # readers do not wait for the writer
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _prepare(engine: Engine) -> None:
    """Create what is missing and bring an older record up to date."""
    with engine.begin() as connection:
        fresh = not inspect(connection).has_table(_Schema.__tablename__)
        _Base.metadata.create_all(connection)
        version = connection.scalar(select(func.max(_Schema.version)))
        if fresh or version is None:
            connection.execute(_Schema.__table__.insert().values(version=SCHEMA_VERSION))
            return
        if version > SCHEMA_VERSION:
            raise StoreError(
                "The record was written by a newer version of Vouch. Update Vouch, or set DATABASE_URL to another file.",
                "더 새로운 버전의 Vouch가 쓴 기록입니다. Vouch를 업데이트하거나 DATABASE_URL을 다른 파일로 바꿔 주세요.",
            )
        for step in range(version + 1, SCHEMA_VERSION + 1):
            MIGRATIONS[step](connection)
        if version < SCHEMA_VERSION:
            connection.execute(update(_Schema).values(version=SCHEMA_VERSION))


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _clean(text: str) -> str:
    """`text` with what no database takes replaced one for one, so that spans keep their places."""
    return _UNSTORABLE.sub("\ufffd", text)


def _stored(values: dict) -> dict:
    return {name: _clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _turn_values(turn: Turn) -> dict:
    return _stored(
        {
            "id": turn.id,
            "conversation_id": turn.conversation_id,
            "user_input": turn.user_input,
            "standalone_question": turn.standalone_question,
            "retrieved_contexts": _clean_json([asdict(found) for found in turn.retrieved_contexts]),
            "response": turn.response,
            "status": turn.status,
            "declined": turn.declined,
            "notice": turn.notice,
            "error": turn.error,
            "generator": turn.generator,
            "prompt_hash": turn.prompt_hash,
            "index_hash": turn.index_hash,
            "timings": asdict(turn.timings),
            "created_at": turn.created_at,
        }
    )


def _clean_json(rows: list[dict]) -> list[dict]:
    """Rows of plain values, with NumPy's numbers as Python's."""
    for row in rows:
        row["chunk"] = _stored(row["chunk"])
        row["score"] = float(row["score"])
        row["p_answers"] = None if row["p_answers"] is None else float(row["p_answers"])
    return json.loads(json.dumps(rows))


def _turn(row: _Turn) -> Turn:
    contexts = tuple(RetrievedChunk(**{**found, "chunk": Chunk(**found["chunk"])}) for found in row.retrieved_contexts)
    return Turn(
        conversation_id=row.conversation_id,
        user_input=row.user_input,
        id=row.id,
        standalone_question=row.standalone_question,
        retrieved_contexts=contexts,
        response=row.response,
        status=row.status,
        declined=row.declined,
        notice=row.notice,
        error=row.error,
        generator=row.generator,
        prompt_hash=row.prompt_hash,
        index_hash=row.index_hash,
        timings=Timings(**row.timings),
        created_at=row.created_at,
    )
