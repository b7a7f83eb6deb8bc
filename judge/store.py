"""The record of conversations, turns, scores and verdicts: SQLite by default, any DATABASE_URL otherwise.

Every call is one transaction in a session of its own, so any thread may call.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from judge.database import Database, StoreError, clean, now
from judge.snapshots import judgement_from_json, judgement_to_json, storable
from judge.tables import ConversationRow, JudgementRow, ScoreRow, SecondOpinionRow, TurnRow, VerdictRow
from judge.types import Claim, Judgement, Score, SecondOpinion, Verdict, has_score
from rag.types import Chunk, RetrievedChunk, Timings, Turn

__all__ = ["Conversation", "Store", "StoreError"]

TITLE_CHARS = 200
UNFINISHED = ("retrieving", "streaming")


class Conversation(NamedTuple):
    """A conversation as listed. `title` is its first question, "" before there is one; `created_at` is ISO 8601 UTC."""

    id: str
    title: str
    created_at: str


class Store:
    """The record behind one DATABASE_URL. Any thread may call any method.

    Args:
        url: an SQLAlchemy URL, e.g. `sqlite:///data/vouch.sqlite` or `postgresql+psycopg://user@host/vouch`.
        recover: what an earlier process has left unfinished is ended. A command that runs beside the page leaves it alone: the page
            may be in the middle of it.

    Raises:
        StoreError: the URL is wrong, its driver is not installed, the database cannot be reached, or it was
            written by a newer version.
    """

    def __init__(self, url: str, recover: bool = True) -> None:
        self.database = Database(url)
        if recover:
            self._end_interrupted()

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()

    # ------------------------------------------------------------------ conversations

    def new_conversation(self, owner: str) -> str:
        """An empty conversation of `owner`. Returns its id."""
        conversation_id = uuid.uuid4().hex
        with self.database.write() as session:
            session.add(ConversationRow(id=conversation_id, owner=clean(owner), created_at=now()))
        return conversation_id

    def owner(self, conversation_id: str) -> str | None:
        """Whose conversation it is, None where there is none of this id."""
        with self.database.read() as session:
            return session.scalar(select(ConversationRow.owner).where(ConversationRow.id == conversation_id))

    def conversations(self, owner: str | None = None) -> list[Conversation]:
        """Conversations that have a question, newest first; of all owners where `owner` is None."""
        first = select(func.min(TurnRow.number)).group_by(TurnRow.conversation_id)
        query = (
            select(ConversationRow.id, func.substr(TurnRow.user_input, 1, TITLE_CHARS), ConversationRow.created_at)
            .join(TurnRow, TurnRow.conversation_id == ConversationRow.id)
            .where(TurnRow.number.in_(first))
            .order_by(ConversationRow.number.desc())
        )
        if owner is not None:
            query = query.where(ConversationRow.owner == clean(owner))
        with self.database.read() as session:
            return [Conversation(*row) for row in session.execute(query)]

    def delete_conversation(self, conversation_id: str) -> None:
        """Forget a conversation with its turns and judgements; does nothing where there is none."""
        with self.database.write() as session:
            session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
        self.database.scrub()

    # ------------------------------------------------------------------ turns

    def save_turn(self, turn: Turn) -> bool:
        """Insert or update. A judgement of an earlier reply of this turn is forgotten.

        Returns: False, and nothing recorded, where there is no such conversation (any more): what a person
            deleted does not come back because a reply was still being written.

        Raises:
            ValueError: the turn was recorded in another conversation.
        """
        values = _turn_values(turn)
        with self.database.write() as session:
            known = select(ConversationRow.number).where(ConversationRow.id == values["conversation_id"])
            known = known.with_for_update(read=True)  # PostgreSQL: it is not deleted while the turn is written
            if session.scalar(known) is None:
                return False
            row = session.scalar(select(TurnRow).where(TurnRow.id == turn.id))
            if row is None:
                session.add(TurnRow(**values))
                return True
            if row.conversation_id != values["conversation_id"]:
                raise ValueError(f"turn {turn.id} belongs to another conversation")
            if row.response != values["response"] or turn.status != "finished":
                session.execute(delete(JudgementRow).where(JudgementRow.turn_id == turn.id))
                session.execute(delete(SecondOpinionRow).where(SecondOpinionRow.turn_id == turn.id))
            for name, value in values.items():
                setattr(row, name, value)
        return True

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of this id, or None."""
        with self.database.read() as session:
            row = session.scalar(select(TurnRow).where(TurnRow.id == turn_id))
            return None if row is None else turn_of(row)

    def turns(self, conversation_id: str) -> list[Turn]:
        """The turns of a conversation, oldest first."""
        query = select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.number)
        with self.database.read() as session:
            return [turn_of(row) for row in session.scalars(query)]

    def unjudged(self) -> list[Turn]:
        """Finished turns without a judgement, oldest first."""
        judged = exists().where(JudgementRow.turn_id == TurnRow.id)
        query = select(TurnRow).where(TurnRow.status == "finished", ~judged).order_by(TurnRow.number)
        with self.database.read() as session:
            return [turn_of(row) for row in session.scalars(query)]

    # ------------------------------------------------------------------ judgements

    def save_judgement(
        self, turn_id: str, judgement: Judgement, response: str | None = None, final: bool = True, second: bool = False
    ) -> bool:
        """Record a judgement in place of an earlier one, and of what a second judge said of that.

        Args:
            final: False for a stopgap ("the judge is behind") that is forgotten when the record is opened again,
                so that `unjudged` names its turn.
            response: the reply that was judged; None trusts that it is still the turn's.
            second: a second judge will be asked; until it has answered, `awaiting_second` names the turn.

        Returns: False, and nothing recorded, where the turn is gone (its conversation was deleted while it
            was judged) or holds another reply by now (it was regenerated).
        """
        try:
            with self.database.write() as session:
                if not _holds(session, turn_id, response):
                    return False
                session.execute(delete(SecondOpinionRow).where(SecondOpinionRow.turn_id == turn_id))
                _put_judgement(session, turn_id, judgement, final)
                if second:
                    session.add(SecondOpinionRow(turn_id=turn_id, state="pending", final=True, created_at=now()))
        except IntegrityError:
            if self.turn(turn_id) is None:
                return False
            raise
        return True

    def save_second(self, turn_id: str, judgement: Judgement, response: str, final: bool = True) -> bool:
        """Record what the second judge said: in place of the first judge's where it has a score, else beside it.

        Args:
            response, final: see `save_judgement`; after a stopgap `awaiting_second` names the turn again.

        Returns: False, and nothing recorded, where nobody waits for it: the turn is gone, holds another reply, or its
            judgement was made anew.
        """
        with self.database.write() as session:
            if not _holds(session, turn_id, response):
                return False
            query = select(SecondOpinionRow).where(SecondOpinionRow.turn_id == turn_id).with_for_update()
            row = session.scalar(query)
            first = judgements_in(session, [turn_id]).get(turn_id)
            if row is None or row.state == "shown" or first is None:
                return False
            row.final, row.created_at = final, now()
            if has_score(judgement):
                row.state, row.other = "shown", judgement_to_json(first)
                _put_judgement(session, turn_id, judgement, final)
            else:
                row.state, row.other = "unscored", judgement_to_json(judgement)
        return True

    def second_opinion(self, turn_id: str) -> SecondOpinion | None:
        """What a second judge said of a turn, or is still to say; None where none was to be asked."""
        with self.database.read() as session:
            row = session.get(SecondOpinionRow, turn_id)
            return None if row is None else _opinion(row)

    def second_opinions(self, conversation_id: str) -> dict[str, SecondOpinion]:
        """The same of a conversation's turns, by turn id; turns without one are left out."""
        query = select(SecondOpinionRow).join(TurnRow, TurnRow.id == SecondOpinionRow.turn_id)
        with self.database.read() as session:
            rows = session.scalars(query.where(TurnRow.conversation_id == conversation_id))
            return {row.turn_id: _opinion(row) for row in rows}

    def awaiting_second(self) -> list[Turn]:
        """Judged turns that a second judge has still to be asked about, oldest first."""
        query = (
            select(TurnRow)
            .join(SecondOpinionRow, SecondOpinionRow.turn_id == TurnRow.id)
            .join(JudgementRow, JudgementRow.turn_id == TurnRow.id)
            .where(SecondOpinionRow.state == "pending", TurnRow.status == "finished")
            .order_by(TurnRow.number)
        )
        with self.database.read() as session:
            return [turn_of(row) for row in session.scalars(query)]

    def judgement(self, turn_id: str) -> Judgement | None:
        """The judgement of a turn, or None."""
        with self.database.read() as session:
            return judgements_in(session, [turn_id]).get(turn_id)

    def judgements(self, conversation_id: str) -> dict[str, Judgement]:
        """The judgements of a conversation's turns, by turn id."""
        with self.database.read() as session:
            ids = list(session.scalars(select(TurnRow.id).where(TurnRow.conversation_id == conversation_id)))
            return judgements_in(session, ids)

    def judge_seconds(self, limit: int = 1000) -> list[tuple[str, float]]:
        """Of the newest final judgements: the judge's id and the seconds it took, newest first."""
        query = select(JudgementRow.judge, JudgementRow.seconds).where(JudgementRow.final)
        with self.database.read() as session:
            return [tuple(row) for row in session.execute(query.order_by(JudgementRow.created_at.desc()).limit(limit))]

    # ------------------------------------------------------------------ inside

    def _end_interrupted(self) -> None:
        """A turn that was being answered when the process ended is not being answered any more; stopgaps are over."""
        with self.database.write() as session:
            session.execute(delete(JudgementRow).where(~JudgementRow.final))
            stopgaps = update(SecondOpinionRow).where(~SecondOpinionRow.final)
            session.execute(stopgaps.values(state="pending", other=None, final=True))
            session.execute(update(TurnRow).where(TurnRow.status.in_(UNFINISHED)).values(status="stopped"))


_VERDICT = ("label", "p_supported", "p_contradicted", "evidence", "reason")


def _stored(values: dict) -> dict:
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _holds(session: Session, turn_id: str, response: str | None) -> bool:
    """Whether the turn is there and, where `response` is given, still holds that reply."""
    row = session.execute(select(TurnRow.response, TurnRow.status).where(TurnRow.id == turn_id)).first()
    if row is None:
        return False
    return response is None or (row.response == clean(response) and row.status not in UNFINISHED)


def _put_judgement(session: Session, turn_id: str, judgement: Judgement, final: bool) -> None:
    """The judgement's rows in place of those of an earlier one."""
    session.execute(delete(JudgementRow).where(JudgementRow.turn_id == turn_id))
    session.add(
        JudgementRow(
            turn_id=turn_id,
            judge=judgement.judge,
            seconds=judgement.seconds,
            relevance=[float(p) for p in judgement.relevance],
            final=final,
            created_at=now(),
        )
    )
    session.flush()
    session.add_all(
        ScoreRow(turn_id=turn_id, position=i, **_stored(asdict(score)))
        for i, score in enumerate(judgement.scores.values())
    )
    for i, verdict in enumerate(judgement.verdicts):
        values = _stored({name: getattr(verdict, name) for name in _VERDICT})
        claim = verdict.claim
        session.add(
            VerdictRow(
                turn_id=turn_id, position=i, claim=clean(claim.text), start=claim.start, end=claim.end, **values
            )
        )


def _opinion(row: SecondOpinionRow) -> SecondOpinion:
    return SecondOpinion(row.state, None if row.other is None else judgement_from_json(row.other))


def _turn_values(turn: Turn) -> dict:
    return _stored(
        {
            "id": turn.id,
            "conversation_id": turn.conversation_id,
            "user_input": turn.user_input,
            "standalone_question": turn.standalone_question,
            "retrieved_contexts": storable([asdict(found) for found in turn.retrieved_contexts]),
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
            "repairs": turn.repairs,
        }
    )


def turn_of(row: TurnRow) -> Turn:
    """The turn that a row holds."""
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
        repairs=row.repairs,
    )


def judgements_in(session: Session, turn_ids: Iterable[str]) -> dict[str, Judgement]:
    """The judgements of these turns by turn id, as this session sees them."""
    ids = list(turn_ids)
    found: dict[str, Judgement] = {}
    for start in range(0, len(ids), 500):  # databases limit the values of one IN
        part = ids[start : start + 500]
        scores: dict[str, dict[str, Score]] = {}
        for row in session.scalars(select(ScoreRow).where(ScoreRow.turn_id.in_(part)).order_by(ScoreRow.position)):
            score = Score(row.metric, row.value, row.state, row.reason)
            scores.setdefault(row.turn_id, {})[row.metric] = score
        verdicts: dict[str, list[Verdict]] = {}
        for row in session.scalars(
            select(VerdictRow).where(VerdictRow.turn_id.in_(part)).order_by(VerdictRow.position)
        ):
            claim = Claim(row.claim, row.start, row.end)
            verdict = Verdict(claim, *(getattr(row, name) for name in _VERDICT))
            verdicts.setdefault(row.turn_id, []).append(verdict)
        for row in session.scalars(select(JudgementRow).where(JudgementRow.turn_id.in_(part))):
            found[row.turn_id] = Judgement(
                scores.get(row.turn_id, {}),
                tuple(verdicts.get(row.turn_id, ())),
                tuple(row.relevance),
                row.judge,
                row.seconds,
            )
    return found
