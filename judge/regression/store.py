"""The record of flags, cases and runs: what somebody, or a rule, said of a reply, and what every change is run against.

A flag keeps the turn whole, as it was when it was flagged. What becomes of flags and cases later:

- regenerating a reply, or deleting its conversation from the list, changes none of them;
- "delete my data" and retention forget the conversation, its flags, and the cases made of them that nobody accepted
  (candidates, dismissed and merged ones) with what runs said of these. An accepted case is part of the test set by
  then: its question, expected answer and tags stay, but the turn it was made of, its scores, the quoted rule and
  whose it was go.

There is one case for a turn, whoever flagged it. While it is a candidate that nobody worked on, it follows the turn's
flags: it goes when they go. From then on flags only add what it does not have.
"""

from __future__ import annotations

import functools
import os
import socket
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import psutil
from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from judge.database import clean, now
from judge.regression.types import (
    MAX_ID_CHARS,
    REASONS,
    Case,
    CaseResult,
    CaseStatus,
    Flag,
    Origin,
    Run,
    RunStatus,
    Thumb,
)
from judge.snapshots import (
    judgement_from_json,
    judgement_to_json,
    scores_from_json,
    scores_to_json,
    storable,
    turn_from_json,
    turn_to_json,
)
from judge.store import Store, judgements_in, turn_of
from judge.tables import (
    CaseRow,
    CaseTagRow,
    ConversationRow,
    FlagRow,
    PreferenceRow,
    ResultRow,
    RunRow,
    TurnRow,
)
from judge.types import Judgement
from rag.errors import UserError

MAX_TEXT_CHARS = 20_000  # of a question or an expected answer
MAX_TAG_CHARS = 100
MAX_TAGS = 50
PAGE = 500  # rows read at a time, and values of one IN
ELSEWHERE = timedelta(hours=1)  # a run of another machine that recorded no result for so long is taken to be dead


class RegressionError(UserError):
    """A flag, case or run that cannot be recorded as it was given."""


class RegressionStore:
    """Flags, cases and runs, in the same database as conversations. Any thread may call any method.

    Args:
        store: the record; must outlive this one.
    """

    def __init__(self, store: Store) -> None:
        self._database = store.database

    # ------------------------------------------------------------------ flags

    def flag(
        self,
        turn_id: str,
        thumb: Thumb,
        reason: str = "",
        reference: str = "",
        origin: Origin = "user",
        rule: str = "",
        response: str | None = None,
    ) -> Flag | None:
        """Say what is thought of a turn; an earlier flag of the same origin is replaced. On disk when it returns.

        A thumb down also makes the turn's candidate case, or updates it. A thumb up of a person dismisses the
        candidate that a rule made of the same reply.

        Args:
            reason: one of REASONS, or "".
            reference: the answer that was expected.
            rule: which rules fired, for an automatic flag.
            response: the reply that is flagged; None trusts that it is still the turn's.

        Returns: the flag, or None where the turn is gone or holds another reply than `response` by now.

        Raises:
            ValueError: a thumb, origin or reason that does not exist.
            RegressionError: `reference` is too long.
        """
        _check("thumb", thumb, get_args(Thumb))
        _check("origin", origin, get_args(Origin))
        _check("reason", reason, ("", *REASONS))
        reference = _text(reference)
        with self._database.write() as session:
            query = select(TurnRow, ConversationRow.owner).join(
                ConversationRow, ConversationRow.id == TurnRow.conversation_id
            )
            # PostgreSQL: two people, or a person and a rule, flag one turn one after the other.
            found = session.execute(query.where(TurnRow.id == turn_id).with_for_update(of=TurnRow)).first()
            if found is None or (response is not None and found[0].response != clean(response)):
                return None
            turn, owner = turn_of(found[0]), found[1]
            judgement = judgements_in(session, [turn_id]).get(turn_id)
            row = session.scalar(select(FlagRow).where(FlagRow.turn_id == turn_id, FlagRow.origin == origin))
            before = None if row is None else (row.thumb, row.turn["response"])
            if row is None:
                row = FlagRow(id=uuid.uuid4().hex, turn_id=turn_id, origin=origin)
                session.add(row)
            row.conversation_id, row.owner, row.thumb, row.reason = turn.conversation_id, owner, thumb, reason
            row.rule, row.reference, row.created_at = clean(rule), reference, now()
            row.turn = turn_to_json(turn)
            row.judgement = None if judgement is None else judgement_to_json(judgement)
            if before is not None and before[0] == "down" and thumb == "up" and before[1] != row.turn["response"]:
                # Praise of a new reply does not make the old one good: its case stays, on its own.
                session.execute(update(CaseRow).where(CaseRow.turn_id == turn_id).values(turn_id=None))
            session.flush()
            # What somebody deleted does not come back because a judge says the same of the same reply again.
            known = origin == "auto" and before == (thumb, row.turn["response"])
            _follow_flags(session, turn_id, create=not known, flagged_by=origin)
            return _flag(row)

    def unflag(self, turn_id: str, origin: Origin = "user") -> None:
        """Take a flag back; its case goes too while it is still a candidate that nobody worked on."""
        with self._database.write() as session:
            session.execute(delete(FlagRow).where(FlagRow.turn_id == turn_id, FlagRow.origin == origin))
            _follow_flags(session, turn_id, create=False)

    def flags(self, turn_ids: Iterable[str]) -> dict[str, list[Flag]]:
        """The flags of these turns by turn id, the person's first; turns without one are left out.

        A flag whose `turn.response` is not the turn's any more was given to an earlier reply.
        """
        found: dict[str, list[Flag]] = {}
        ids = list(turn_ids)
        with self._database.read() as session:
            for part in _parts(ids):
                query = select(FlagRow).where(FlagRow.turn_id.in_(part)).order_by(FlagRow.origin.desc())
                for row in session.scalars(query):
                    found.setdefault(row.turn_id, []).append(_flag(row))
        return found

    def all_flags(self) -> list[Flag]:
        """Every flag, newest first."""
        with self._database.read() as session:
            return [_flag(row) for row in session.scalars(select(FlagRow).order_by(FlagRow.number.desc()))]

    def add_judgement(self, turn_id: str, response: str, judgement: Judgement, replace: bool = False) -> None:
        """Complete the flags that were given to this reply before it was judged, and their case.

        Args:
            replace: also where they hold a judgement: a second judge's takes its place.
        """
        values = judgement_to_json(judgement)
        with self._database.write() as session:
            flags = select(FlagRow).where(FlagRow.turn_id == turn_id)
            cases = select(CaseRow).where(CaseRow.turn_id == turn_id)
            if not replace:
                flags, cases = flags.where(FlagRow.judgement.is_(None)), cases.where(CaseRow.judgement.is_(None))
            rows = [row for row in session.scalars(flags) if row.turn["response"] == clean(response)]
            for row in rows:
                row.judgement = values
            if rows:
                case = session.scalar(cases)
                if case is not None and case.turn is not None and case.turn["response"] == clean(response):
                    case.judgement = values

    # ------------------------------------------------------------------ cases

    def cases(
        self,
        status: CaseStatus | None = None,
        origin: Origin | None = None,
        reason: str | None = None,
        tag: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Case]:
        """The cases that match every filter that is given, newest first.

        Args:
            text: words that all stand in the question, the expected answer or the tags, in any case and order.
        """
        query = _filtered(select(CaseRow), status, origin, reason, tag, text)
        query = query.order_by(CaseRow.number.desc()).limit(limit).offset(offset)
        with self._database.read() as session:
            rows = session.scalars(query).all()
            return _cases(session, rows)

    def count_cases(
        self,
        status: CaseStatus | None = None,
        origin: Origin | None = None,
        reason: str | None = None,
        tag: str | None = None,
        text: str | None = None,
    ) -> int:
        """How many cases `cases` would return without a limit."""
        query = _filtered(select(func.count()).select_from(CaseRow), status, origin, reason, tag, text)
        with self._database.read() as session:
            return session.scalar(query)

    def tags(self) -> list[str]:
        """Every tag in use, sorted."""
        with self._database.read() as session:
            return sorted(session.scalars(select(CaseTagRow.tag).distinct()))

    def case(self, case_id: str) -> Case | None:
        """The case of this id, or None."""
        with self._database.read() as session:
            row = session.scalar(select(CaseRow).where(CaseRow.id == case_id))
            return None if row is None else _cases(session, [row])[0]

    def add_case(self, case: Case) -> str:
        """Record a case that did not come from a flag; see `add_cases`. Returns its id."""
        return self.add_cases([case])[0]

    def add_cases(self, cases: Iterable[Case]) -> list[str]:
        """Record cases, all or none; one whose id exists replaces it, and an id of "" draws one.

        Returns: their ids, in order.

        Raises:
            ValueError: a status, origin or reason that does not exist, an id that is too long, or metadata that is
                not JSON.
            RegressionError: a case without a question, a text, tag or list of tags that is too long, or an id that several
                of them have.
        """
        cases = list(cases)
        ids = Counter(clean(case.id) for case in cases if case.id)
        if twice := next((case_id for case_id, count in ids.items() if count > 1), None):
            raise RegressionError(
                f"Several cases are called {twice}; give each its own id.",
                f"id가 {twice}인 사례가 여럿입니다. 서로 다른 id를 주세요.",
            )
        # All that can be done without the record is done before: nobody else can write to it meanwhile.
        rows = [_case_values(case) for case in cases]
        tags = {row["id"]: _tags(case.tags) for row, case in zip(rows, cases, strict=True)}
        for row in rows:
            row["search"] = _search(row["user_input"], row["reference"], tags[row["id"]])
        with self._database.write() as session:
            known: dict[str, CaseRow] = {}
            for part in _parts(list(tags)):
                known |= {row.id: row for row in session.scalars(select(CaseRow).where(CaseRow.id.in_(part)))}
            for case, values in zip(cases, rows, strict=True):
                row = known.get(values["id"])
                if row is None:
                    row = CaseRow(created_at=clean(case.created_at) or now())
                    session.add(row)
                for name, value in values.items():
                    setattr(row, name, value)
            session.flush()
            _put_tags(session, tags)
        return list(tags)

    def update_case(
        self,
        case_id: str,
        *,
        reference: str | None = None,
        tags: Iterable[str] | None = None,
        status: CaseStatus | None = None,
        user_input: str | None = None,
    ) -> Case:
        """Change what is given; None leaves it. From now on flags only add what the case does not have.

        Raises:
            KeyError: there is no such case.
            ValueError: a status that does not exist, or "merged" (`merge_cases` says into which).
            RegressionError: an empty question, or a text, tag or list of tags that is too long.
        """
        if status is not None:
            _check("status", status, ("candidate", "accepted", "dismissed"))
        with self._database.write() as session:
            row = _case_row(session, case_id)
            if reference is not None:
                row.reference = _text(reference)
            if user_input is not None:
                row.user_input = _question(user_input)
            if status is not None:
                row.status, row.merged_into = status, ""
            row.edited, row.updated_at = True, now()
            known = _tags_of(session, [case_id]).get(case_id, ())
            if tags is not None:
                known = _tags(tags)
                _put_tags(session, {case_id: known})
            row.search = _search(row.user_input, row.reference, known)
            session.flush()
            return _case(row, known)

    def merge_cases(self, keep: str, others: Iterable[str]) -> Case:
        """Let one case stand for others: tags are united, an expected answer is taken over where it has none, and it is
        accepted where one of them is, so that the question stays in the test set.

        Returns: the case that was kept.

        Raises:
            KeyError: one of them does not exist.
            ValueError: `keep` was merged into another case itself.
            RegressionError: together they have too many tags.
        """
        gone = [case_id for case_id in dict.fromkeys(others) if case_id != keep]
        with self._database.write() as session:
            kept = _case_row(session, keep)
            if kept.status == "merged":
                raise ValueError(f"case {keep} was merged into {kept.merged_into}")
            rows = [_case_row(session, case_id) for case_id in gone]
            if any(row.status == "accepted" for row in rows):
                kept.status = "accepted"
            for row in rows:
                row.status, row.merged_into, row.edited, row.updated_at = "merged", keep, True, now()
                kept.reference = kept.reference or row.reference
                kept.reason = kept.reason or row.reason
            for part in _parts(gone):  # what was merged into one of them before
                session.execute(update(CaseRow).where(CaseRow.merged_into.in_(part)).values(merged_into=keep))
            tags = _tags_of(session, [keep, *gone])
            united = _tags(tag for case_id in (keep, *gone) for tag in tags.get(case_id, ()))
            _put_tags(session, {keep: united})
            kept.edited, kept.updated_at = True, now()
            kept.search = _search(kept.user_input, kept.reference, united)
            session.flush()
            return _case(kept, united)

    def delete_case(self, case_id: str) -> None:
        """Forget a case; those merged into it are dismissed. Runs keep what they said of it."""
        with self._database.write() as session:
            session.execute(delete(CaseRow).where(CaseRow.id == case_id))
            orphans = update(CaseRow).where(CaseRow.merged_into == case_id)
            session.execute(orphans.values(status="dismissed", merged_into="", updated_at=now()))
        self._database.scrub()

    # ------------------------------------------------------------------ runs

    def start_run(self, name: str, case_ids: Sequence[str], configuration: dict) -> Run:
        """A new run of these cases, "running", in this process.

        Raises:
            ValueError, TypeError: `configuration` is not JSON.
        """
        with self._database.write() as session:
            row = RunRow(
                id=uuid.uuid4().hex,
                name=clean(name),
                configuration=storable(configuration),
                case_ids=[clean(case_id) for case_id in dict.fromkeys(case_ids)],
                status="running",
                error="",
                process=_this_process(),
                started_at=now(),
                updated_at=now(),
                ended_at="",
            )
            session.add(row)
            session.flush()
            return _run(row, 0)

    def save_result(self, result: CaseResult) -> None:
        """Record one case of one run, in place of an earlier one. On disk when it returns.

        Raises:
            KeyError: the run was deleted.
            ValueError: an unscored score with a number, a score outside [0, 1], or a figure that is not finite.
        """
        values = {
            "turn": turn_to_json(result.turn),
            "judgement": None if result.judgement is None else judgement_to_json(result.judgement),
            "scores": scores_to_json(result.scores.values()),
            "perplexity": storable(result.perplexity),
            "passed": bool(result.passed),
            "failures": storable(result.failures),
            "error": clean(result.error),
            "seconds": storable(result.seconds),
            "created_at": now(),
        }
        with self._database.write() as session:
            run = session.scalar(select(RunRow).where(RunRow.id == result.run_id).with_for_update())
            if run is None:
                raise KeyError(result.run_id)
            row = session.get(ResultRow, (result.run_id, result.case_id))
            if row is None:
                session.add(ResultRow(run_id=result.run_id, case_id=clean(result.case_id), **values))
            else:
                for name, value in values.items():
                    setattr(row, name, value)
            run.updated_at = values["created_at"]

    def end_run(self, run_id: str, status: RunStatus, error: str = "") -> None:
        """A run ends as "finished", "stopped" or "failed" (why: `error`).

        Raises:
            KeyError: the run was deleted.
            ValueError: a status that does not end a run.
        """
        _check("status", status, ("finished", "stopped", "failed"))
        with self._database.write() as session:
            row = _run_row(session, run_id)
            row.status, row.error, row.ended_at, row.updated_at = status, clean(error), now(), now()

    def resume_run(self, run_id: str) -> Run:
        """Back to "running", in this process.

        Raises:
            KeyError: there is no such run.
            RegressionError: it is going on in another process.
        """
        with self._database.write() as session:
            row = _run_row(session, run_id)
            if row.status == "running" and row.process != _this_process() and _alive(row):
                raise RegressionError(
                    "This run is going on in another process; wait for it, or stop it there.",
                    "이 실행은 다른 프로세스에서 진행 중입니다. 끝날 때까지 기다리거나 그곳에서 중지해 주세요.",
                )
            row.status, row.error, row.ended_at = "running", "", ""
            row.process, row.updated_at = _this_process(), now()
            session.flush()
            return _run(row, _done(session, [run_id]).get(run_id, 0))

    def runs(self) -> list[Run]:
        """Every run, newest first. One whose process died reads as "stopped"."""
        with self._database.read() as session:
            done = _done(session)
            rows = session.scalars(select(RunRow).order_by(RunRow.number.desc()))
            return [_run(row, done.get(row.id, 0)) for row in rows]

    def run(self, run_id: str) -> Run | None:
        """The run of this id, or None."""
        with self._database.read() as session:
            row = session.scalar(select(RunRow).where(RunRow.id == run_id))
            return None if row is None else _run(row, _done(session, [run_id]).get(run_id, 0))

    def results(self, run_id: str) -> list[CaseResult]:
        """What there is of a run so far, in the order of its cases; [] where there is no such run."""
        with self._database.read() as session:
            order = session.scalar(select(RunRow.case_ids).where(RunRow.id == run_id)) or []
            rows = session.scalars(select(ResultRow).where(ResultRow.run_id == run_id))
            place = {case_id: number for number, case_id in enumerate(order)}
            found = [_result(row) for row in rows]
        return sorted(found, key=lambda result: (place.get(result.case_id, len(place)), result.case_id))

    def delete_run(self, run_id: str) -> None:
        """Forget a run with its results; does nothing where there is none."""
        with self._database.write() as session:
            session.execute(delete(RunRow).where(RunRow.id == run_id))
        self._database.scrub()

    # ------------------------------------------------------------------ preferences

    def preference(self, name: str) -> dict | None:
        """What was set on a page under this name, None before."""
        with self._database.read() as session:
            return session.scalar(select(PreferenceRow.value).where(PreferenceRow.name == name))

    def set_preference(self, name: str, value: dict) -> None:
        """Keep a setting for every process that shares the record."""
        with self._database.write() as session:
            session.merge(PreferenceRow(name=name, value=storable(value)))

    # ------------------------------------------------------------------ the person's data

    def delete_owner(self, owner: str) -> None:
        """Forget everything of one person: see the module's first lines for what becomes of accepted cases."""
        owner = clean(owner)
        with self._database.write() as session:
            _forget(session, FlagRow.owner == owner, CaseRow.owner == owner)
            session.execute(delete(ConversationRow).where(ConversationRow.owner == owner))
        self._database.scrub()

    def purge(self, older_than_days: int) -> int:
        """Retention: forget conversations in which nothing was asked for so many days, as `delete_owner` does.

        Flags and cases whose conversation was deleted before go by their own age.

        Returns: how many conversations went.

        Raises:
            ValueError: `older_than_days` is negative.
        """
        if older_than_days < 0:
            raise ValueError("older_than_days is negative")
        before = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat()
        recent = exists().where(TurnRow.conversation_id == ConversationRow.id, TurnRow.created_at >= before)
        with self._database.write() as session:
            query = select(ConversationRow.id).where(ConversationRow.created_at < before, ~recent)
            ids = list(session.scalars(query))
            for part in _parts(ids):
                _forget(session, FlagRow.conversation_id.in_(part), CaseRow.conversation_id.in_(part))
                session.execute(delete(ConversationRow).where(ConversationRow.id.in_(part)))
            there = select(ConversationRow.id)
            _forget(
                session,
                and_(FlagRow.created_at < before, FlagRow.conversation_id.not_in(there)),
                and_(
                    CaseRow.created_at < before,
                    CaseRow.conversation_id.is_not(None),
                    CaseRow.conversation_id.not_in(there),
                ),
            )
        self._database.scrub()
        return len(ids)


# ---------------------------------------------------------------------- flags and the case they make


def _follow_flags(session: Session, turn_id: str, create: bool, flagged_by: Origin | None = None) -> None:
    """Bring the turn's case in line with the turn's flags.

    Args:
        create: make one where there is none.
        flagged_by: who flagged it just now, None for nobody (a flag was taken back).
    """
    flags = {row.origin: row for row in session.scalars(select(FlagRow).where(FlagRow.turn_id == turn_id))}
    user, auto = flags.get("user"), flags.get("auto")
    case = session.scalar(select(CaseRow).where(CaseRow.turn_id == turn_id))
    down = [row for row in (user, auto) if row is not None and row.thumb == "down"]  # a person's goes first
    if not down:
        if case is not None and not case.edited and case.status in ("candidate", "dismissed"):
            session.delete(case)
        return
    said = down[0]
    # Only what concerns one and the same reply belongs together.
    same = user is not None and auto is not None and user.turn["response"] == auto.turn["response"]
    praised = said is auto and same and user.thumb == "up"
    if case is None:
        if create:
            session.add(_case_of(said, auto.rule if same else said.rule, "dismissed" if praised else "candidate"))
        return
    if case.edited or case.status in ("accepted", "merged"):
        case.reference = case.reference or said.reference
        case.reason = case.reason or said.reason
        case.rule = case.rule or said.rule
        if case.status == "dismissed" and flagged_by == "user" and said is user:
            case.status = "candidate"  # a person insists
        case.search = _search(case.user_input, case.reference, _tags_of(session, [case.id]).get(case.id, ()))
        case.updated_at = now()
        return
    made = _case_of(said, auto.rule if same else said.rule, "dismissed" if praised else "candidate")
    for name in ("user_input", "reference", "origin", "reason", "rule", "status", "documents", "turn", "judgement"):
        setattr(case, name, getattr(made, name))
    case.search, case.updated_at = _search(case.user_input, case.reference, ()), now()


def _case_of(flag: FlagRow, rule: str, status: CaseStatus) -> CaseRow:
    turn = flag.turn
    row = CaseRow(
        id=uuid.uuid4().hex,
        user_input=turn["standalone_question"] or turn["user_input"],
        reference=flag.reference,
        origin=flag.origin,
        reason=flag.reason,
        rule=rule,
        status=status,
        documents=list(dict.fromkeys(found["chunk"]["document_id"] for found in turn["retrieved_contexts"])),
        turn=turn,
        judgement=flag.judgement,
        merged_into="",
        extra={},
        created_at=now(),
        updated_at=now(),
        turn_id=flag.turn_id,
        conversation_id=flag.conversation_id,
        owner=flag.owner,
        edited=False,
    )
    row.search = _search(row.user_input, row.reference, ())
    return row


def _flag(row: FlagRow) -> Flag:
    return Flag(
        row.id,
        turn_from_json(row.turn),
        row.thumb,
        row.origin,
        row.reason,
        row.rule,
        row.reference,
        None if row.judgement is None else judgement_from_json(row.judgement),
        row.created_at,
    )


# ---------------------------------------------------------------------- cases


def _filtered(
    query: Select,
    status: str | None,
    origin: str | None,
    reason: str | None,
    tag: str | None,
    text: str | None,
) -> Select:
    if status is not None:
        query = query.where(CaseRow.status == status)
    if origin is not None:
        query = query.where(CaseRow.origin == origin)
    if reason is not None:
        query = query.where(CaseRow.reason == reason)
    if tag is not None:
        query = query.where(CaseRow.id.in_(select(CaseTagRow.case_id).where(CaseTagRow.tag == tag)))
    for word in _fold(text or "").split():
        query = query.where(CaseRow.search.contains(word, autoescape=True))
    return query


def _fold(text: str) -> str:
    """For finding: one form of every letter (Korean from macOS comes in parts), no upper case."""
    return unicodedata.normalize("NFKC", clean(text)).casefold()


def _search(user_input: str, reference: str, tags: Iterable[str]) -> str:
    return _fold("\n".join((user_input, reference, *tags)))


def _case_values(case: Case) -> dict:
    """The columns of a case that did not come from a flag, by name, but for `created_at` and `search`."""
    _check("status", case.status, get_args(CaseStatus))
    _check("origin", case.origin, get_args(Origin))
    _check("reason", case.reason, ("", *REASONS))
    case_id = clean(case.id) or uuid.uuid4().hex
    if len(case_id) > MAX_ID_CHARS:
        raise ValueError(f"the id of a case has at most {MAX_ID_CHARS} characters")
    return {
        "id": case_id,
        "user_input": _question(case.user_input),
        "reference": _text(case.reference),
        "origin": case.origin,
        "reason": case.reason,
        "rule": clean(case.rule),
        "status": case.status,
        "documents": storable(case.documents),
        "extra": storable(case.metadata),
        "turn": None if case.turn is None else turn_to_json(case.turn),
        "judgement": None if case.judgement is None else judgement_to_json(case.judgement),
        "merged_into": clean(case.merged_into),
        "updated_at": now(),
        "edited": True,
    }


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without doubles and spare blanks.

    Raises:
        RegressionError: one is too long, or there are too many.
    """
    wanted = tuple(dict.fromkeys(" ".join(clean(tag).split()) for tag in tags))
    wanted = tuple(tag for tag in wanted if tag)
    if len(wanted) > MAX_TAGS or any(len(tag) > MAX_TAG_CHARS for tag in wanted):
        raise RegressionError(
            f"A case takes up to {MAX_TAGS} tags of up to {MAX_TAG_CHARS} characters; use fewer or shorter ones.",
            f"사례 하나에는 {MAX_TAG_CHARS}자 이하의 태그를 {MAX_TAGS}개까지 붙일 수 있습니다. 줄이거나 짧게 해 주세요.",
        )
    return wanted


def _put_tags(session: Session, tags: Mapping[str, Sequence[str]]) -> None:
    """Replace the tags of cases, by their ids."""
    for part in _parts(list(tags)):
        session.execute(delete(CaseTagRow).where(CaseTagRow.case_id.in_(part)))
    rows = [{"case_id": case_id, "tag": tag, "position": i} for case_id, each in tags.items() for i, tag in enumerate(each)]
    if rows:
        session.execute(insert(CaseTagRow), rows)


def _tags_of(session: Session, case_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for part in _parts(case_ids):
        query = select(CaseTagRow.case_id, CaseTagRow.tag).where(CaseTagRow.case_id.in_(part))
        for case_id, tag in session.execute(query.order_by(CaseTagRow.position)):
            found.setdefault(case_id, []).append(tag)
    return {case_id: tuple(tags) for case_id, tags in found.items()}


def _cases(session: Session, rows: Sequence[CaseRow]) -> list[Case]:
    tags = _tags_of(session, [row.id for row in rows])
    return [_case(row, tags.get(row.id, ())) for row in rows]


def _case(row: CaseRow, tags: tuple[str, ...]) -> Case:
    return Case(
        row.id,
        row.user_input,
        row.reference,
        tags,
        row.origin,
        row.reason,
        row.rule,
        row.status,
        tuple(row.documents),
        None if row.turn is None else turn_from_json(row.turn),
        None if row.judgement is None else judgement_from_json(row.judgement),
        row.merged_into,
        row.extra,
        row.created_at,
        row.updated_at,
    )


def _case_row(session: Session, case_id: str) -> CaseRow:
    row = session.scalar(select(CaseRow).where(CaseRow.id == case_id).with_for_update())
    if row is None:
        raise KeyError(case_id)
    return row


# ---------------------------------------------------------------------- runs


def _run(row: RunRow, done: int) -> Run:
    run = Run(
        row.id,
        row.name,
        row.configuration,
        tuple(row.case_ids),
        row.status,
        done,
        row.error,
        row.started_at,
        row.ended_at,
    )
    if row.status == "running" and not _alive(row):
        return replace(run, status="stopped", ended_at=row.updated_at)
    return run


def _run_row(session: Session, run_id: str) -> RunRow:
    row = session.scalar(select(RunRow).where(RunRow.id == run_id).with_for_update())
    if row is None:
        raise KeyError(run_id)
    return row


def _done(session: Session, run_ids: Sequence[str] | None = None) -> dict[str, int]:
    """How many results each run has; of all runs where `run_ids` is None."""
    query = select(ResultRow.run_id, func.count()).group_by(ResultRow.run_id)
    if run_ids is not None:
        query = query.where(ResultRow.run_id.in_(run_ids))
    return {run_id: count for run_id, count in session.execute(query)}


def _result(row: ResultRow) -> CaseResult:
    return CaseResult(
        row.run_id,
        row.case_id,
        turn_from_json(row.turn),
        None if row.judgement is None else judgement_from_json(row.judgement),
        scores_from_json(row.scores),
        row.perplexity,
        row.passed,
        tuple(row.failures),
        row.error,
        row.seconds,
    )


@functools.cache
def _process(pid: int) -> str:
    return f"{socket.gethostname()}|{pid}|{psutil.Process(pid).create_time():.2f}"


def _this_process() -> str:
    return _process(os.getpid())


def _alive(row: RunRow) -> bool:
    """Whether the process of a run still runs; of one on another machine (or in a container that is gone) its results tell."""
    host, pid, started = row.process.rsplit("|", 2)
    if host != socket.gethostname():
        return datetime.fromisoformat(row.updated_at) > datetime.now(UTC) - ELSEWHERE
    try:  # a process id is used again one day; its start, by a clock that is set now and then, tells
        process = psutil.Process(int(pid))
        if process.status() == psutil.STATUS_ZOMBIE:  # it ended, and the first process of a container may never ask how
            return False
        return abs(process.create_time() - float(started)) < 5
    except psutil.NoSuchProcess:
        return False


# ---------------------------------------------------------------------- the person's data


def _forget(session: Session, flags: ColumnElement[bool], cases: ColumnElement[bool]) -> None:
    """Delete these flags and, of these cases, what nobody accepted; accepted ones lose where they came from."""
    session.execute(delete(FlagRow).where(flags))
    gone = list(session.scalars(select(CaseRow.id).where(cases, CaseRow.status != "accepted")))
    kept = update(CaseRow).where(cases, CaseRow.status == "accepted")
    session.execute(
        kept.values(turn=None, judgement=None, rule="", turn_id=None, conversation_id=None, owner=None),
        execution_options={"synchronize_session": False},
    )
    for part in _parts(gone):
        session.execute(delete(ResultRow).where(ResultRow.case_id.in_(part)))
        orphans = update(CaseRow).where(CaseRow.merged_into.in_(part))
        session.execute(orphans.values(status="dismissed", merged_into=""))
        session.execute(delete(CaseRow).where(CaseRow.id.in_(part)))
    if gone:
        deleted = set(gone)
        for run in session.scalars(select(RunRow)):
            left = [case_id for case_id in run.case_ids if case_id not in deleted]
            if len(left) < len(run.case_ids):
                run.case_ids = left


# ---------------------------------------------------------------------- small things


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Databases limit the values of one IN."""
    for start in range(0, len(values), PAGE):
        yield values[start : start + PAGE]


def _check(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}, not one of {', '.join(filter(None, allowed))}")


def _text(text: str) -> str:
    if len(text) > MAX_TEXT_CHARS:
        raise RegressionError(
            f"A question or expected answer takes up to {MAX_TEXT_CHARS:,} characters; shorten it.",
            f"질문과 기대하는 답은 {MAX_TEXT_CHARS:,}자까지 쓸 수 있습니다. 줄여 주세요.",
        )
    return clean(text).strip()


def _question(text: str) -> str:
    text = _text(text)
    if not text:
        raise RegressionError("A case needs a question; type one.", "사례에는 질문이 필요합니다. 질문을 입력해 주세요.")
    return text
