"""Conversations as the page holds them: loaded from the record, owned by one browser, alive while a reply grows."""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from judge.regression.types import Flag
from judge.types import Judgement, SecondOpinion
from rag.types import Turn

if TYPE_CHECKING:
    from judge.regression.store import RegressionStore
    from judge.service import JudgeService
    from judge.store import Store

KEPT_IN_MEMORY = 200  # conversations; an idle one is read back from the record when needed
_TOKEN = re.compile(r"[0-9a-f]{64}")


class NotYours(Exception):
    """The conversation does not exist, or belongs to another browser."""


def new_owner() -> str:
    """A secret that a browser keeps; whoever holds it owns the conversations."""
    return secrets.token_hex(32)


def is_owner(value: object) -> bool:
    """Whether a value from a browser has the form of an owner's secret."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


@dataclass(eq=False)
class Conversation:
    """One conversation in memory.

    Attributes:
        turns: oldest first; the last one may still be growing.
        opinions: what a second judge says of a turn; `pending` until its judgement was read from the record.
        stop: ends the reply that is being written.
        queued: the turn that waits for its answer, None once a worker has taken it.
        document_id: the resume that the queued question is about, None for all.
        running: a reply is waited for or written.
    """

    id: str
    owner: str
    turns: list[Turn] = field(default_factory=list)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    opinions: dict[str, SecondOpinion] = field(default_factory=dict)
    flags: dict[str, list[Flag]] = field(default_factory=dict)  # by turn, as last read from the record
    stop: threading.Event = field(default_factory=threading.Event)
    queued: Turn | None = None
    document_id: str | None = None
    running: bool = False
    deleted: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Conversations:
    """All conversations of the running page, and who may see which.

    Args:
        store: the record; written when a turn begins and ends.
        judge: asked for judgements of turns that have none in the record.
        regression: the record of flags.
    """

    def __init__(self, store: Store, judge: JudgeService, regression: RegressionStore) -> None:
        self._store = store
        self._judge = judge
        self._regression = regression
        self._open: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = threading.Lock()

    def new(self, owner: str) -> Conversation:
        """An empty conversation, recorded at once."""
        conversation = Conversation(self._store.new_conversation(owner), owner)
        self._keep(conversation)
        return conversation

    def open(self, owner: str, conversation_id: object) -> Conversation:
        """The owner's conversation, read from the record unless it is in memory.

        Raises:
            NotYours: there is no such conversation of this owner.
        """
        if not isinstance(conversation_id, str):
            raise NotYours
        with self._lock:
            conversation = self._open.get(conversation_id)
            if conversation is not None:
                self._open.move_to_end(conversation_id)
        if conversation is None:
            if not secrets.compare_digest(self._store.owner(conversation_id) or "", owner):
                raise NotYours
            conversation = self._read(owner, conversation_id)
        if not secrets.compare_digest(conversation.owner, owner) or conversation.deleted:
            raise NotYours
        return conversation

    def list(self, owner: str) -> list:
        """The owner's conversations, newest first."""
        return list(self._store.conversations(owner))

    def delete(self, owner: str, conversation_id: object) -> None:
        """Forget a conversation for good, ending its reply if one is being written.

        Raises:
            NotYours: there is no such conversation of this owner.
        """
        conversation = self.open(owner, conversation_id)
        conversation.stop.set()
        with self._lock:
            self._open.pop(conversation.id, None)
        with conversation.lock:  # a reply that ends at this moment must not be recorded again
            conversation.deleted = True
            self._store.delete_conversation(conversation.id)

    def delete_all(self, owner: str) -> None:
        """Forget everything of an owner: conversations, scores, flags, and the cases nobody accepted."""
        with self._lock:
            gone = [conversation for conversation in self._open.values() if conversation.owner == owner]
            for conversation in gone:
                del self._open[conversation.id]
        for conversation in gone:
            conversation.stop.set()
            with conversation.lock:
                conversation.deleted = True
        self._regression.delete_owner(owner)

    def save(self, conversation: Conversation, turn: Turn) -> None:
        """Record a turn, unless its conversation was deleted meanwhile."""
        with conversation.lock:
            if not conversation.deleted:
                self._store.save_turn(turn)

    def judged(self, conversation: Conversation, turn: Turn):
        """The turn's Judgement, "pending", or None where there is none."""
        known = conversation.judgements.get(turn.id)
        if turn.status != "finished":
            return known
        waits = self._judge.awaits_second(turn.id)  # asked first: what is read after a "no" is the last word
        if known is not None and (waits or not self._waited_for_second(conversation, turn)):
            return known
        state = self._judge.state(turn.id)
        if isinstance(state, Judgement):
            opinion = SecondOpinion("pending") if waits else self._judge.second_opinion(turn.id)
            conversation.judgements[turn.id] = state
            if opinion is None:
                conversation.opinions.pop(turn.id, None)
            else:
                conversation.opinions[turn.id] = opinion
            self.forget_flags(conversation, turn.id)  # a rule may have fired
        return state

    def second_opinion(self, conversation: Conversation, turn: Turn) -> SecondOpinion | None:
        """What a second judge says beside `judged`, as of its last call; None where none is asked."""
        return conversation.opinions.get(turn.id) if turn.status == "finished" else None

    @staticmethod
    def _waited_for_second(conversation: Conversation, turn: Turn) -> bool:
        known = conversation.opinions.get(turn.id)
        return known is not None and known.state == "pending"

    def forget_judgement(self, conversation: Conversation, turn_id: str) -> None:
        """The turn is answered anew: what was said of its old reply is over."""
        conversation.judgements.pop(turn_id, None)
        conversation.opinions.pop(turn_id, None)
        self.forget_flags(conversation, turn_id)

    def flags(self, conversation: Conversation, turns: Iterable[Turn]) -> dict[str, list[Flag]]:
        """What was said of each turn, by its id; read from the record once, until `forget_flags`."""
        wanted = [turn.id for turn in turns]
        missing = [turn_id for turn_id in wanted if turn_id not in conversation.flags]
        if missing:
            found = self._regression.flags(missing)
            conversation.flags.update((turn_id, list(found.get(turn_id, ()))) for turn_id in missing)
        return {turn_id: conversation.flags.get(turn_id, []) for turn_id in wanted}

    def forget_flags(self, conversation: Conversation, turn_id: str) -> None:
        """Read the turn's flags anew when they are wanted next."""
        conversation.flags.pop(turn_id, None)

    def _read(self, owner: str, conversation_id: str) -> Conversation:
        turns = list(self._store.turns(conversation_id))
        awaited = {turn.id for turn in turns if self._judge.awaits_second(turn.id)}
        opinions = {key: said for key, said in self._store.second_opinions(conversation_id).items() if said.state != "pending"}
        opinions |= dict.fromkeys(awaited, SecondOpinion("pending"))
        judgements = dict(self._store.judgements(conversation_id))
        conversation = Conversation(conversation_id, owner, turns, judgements, opinions)
        for turn in turns:
            if turn.status in ("retrieving", "streaming"):  # the process ended while it was being answered
                turn.status = "stopped"
                self._store.save_turn(turn)
            elif turn.status == "finished" and self.judged(conversation, turn) is None:
                self._judge.submit(turn)
        return self._keep(conversation)

    def _keep(self, conversation: Conversation) -> Conversation:
        with self._lock:
            kept = self._open.setdefault(conversation.id, conversation)
            self._open.move_to_end(conversation.id)
            idle = [key for key, open_one in self._open.items() if not open_one.running and key != conversation.id]
            for key in idle[: max(0, len(self._open) - KEPT_IN_MEMORY)]:
                del self._open[key]
        return kept
