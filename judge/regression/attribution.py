"""Which change moved the scores of a case: the judge, the generator (with its prompt), or the index (with retrieval).

Between two runs of a case up to three things changed. Each is replayed alone, always read by the new judge so that the
steps are comparable:

| replay                          | read by   | its effect                        |
|---------------------------------|-----------|-----------------------------------|
| old passages, old reply         | new judge | judge = replay - old score        |
| old passages, new generator     | new judge | generator = replay - first replay |
| new passages, old generator     | new judge | index = replay - first replay     |

What the three do not add up to is the interaction: a generator that reads only the new passages well, for instance.
A part that did not change has the effect 0 and is not replayed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from judge.regression.diff import figure, metrics_of
from judge.regression.metrics import score_references
from judge.regression.runner import Backend
from judge.regression.types import Case, CaseResult
from judge.types import Score
from rag.errors import UserError
from rag.types import RetrievedChunk, Turn

Part = Literal["judge", "generator", "index"]
PARTS: tuple[Part, ...] = ("judge", "generator", "index")
# What of a configuration belongs to which part; settings come under "settings".
GENERATOR_KEYS = ("generator", "prompt_hash")
GENERATOR_SETTINGS = ("max_new_tokens", "adapters", "copy_names", "four_bit")
NOTICEABLE = 0.02  # an effect below this is rounding and reading, on a score shown with two digits


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay: the turn as it came out and its scores; None where this part did not change."""

    part: Part
    turn: Turn
    scores: dict[str, Score]


@dataclass(frozen=True, slots=True)
class Effect:
    """How one metric moved and by whom.

    Attributes:
        old, new: the scores of the two runs, as figures.
        judge, generator, index: what each change alone did; None where a replay gave no number.
        interaction: the rest; None where any of the three is None.
        causes: the parts that moved it, the strongest first: those whose effect goes the way the score went and is
            at least a quarter of the strongest one. () where nothing noticeable moved, or a part could not be told.
    """

    metric: str
    old: float
    new: float
    judge: float | None
    generator: float | None
    index: float | None
    interaction: float | None
    causes: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why a case scores otherwise than before.

    Attributes:
        effects: by metric, of those that both runs scored.
        changed: the parts that differ between the runs.
        replays: what was replayed, by part.
        unreplayed: parts that changed and could not be replayed, with the reason.
        cause: the part named by most of the moved metrics (of an answer that became a refusal, or the reverse: the part that
            alone makes it one); "several" where none stands out, "none" where nothing moved, "unknown" where it could not be told.
    """

    case_id: str
    effects: dict[str, Effect]
    changed: tuple[Part, ...]
    replays: dict[Part, Replay]
    unreplayed: dict[Part, str]
    cause: Literal["judge", "generator", "index", "several", "none", "unknown"]


def attribute(
    case: Case,
    old: CaseResult,
    new: CaseResult,
    backend_old: Backend | None,
    backend_new: Backend,
    stop: threading.Event | None = None,
) -> Attribution:
    """Replay one case and name what moved its scores.

    Args:
        backend_old: the earlier configuration, for replaying its generator on the new passages; None where it cannot
            be set up any more.
        backend_new: the later configuration.
        stop: set it to end the replays.

    Raises:
        ValueError: one of the results has no reply.
    """
    if old.error or new.error:
        raise ValueError("a case without a reply in both runs has nothing to attribute")
    stop = stop or threading.Event()
    replays: dict[Part, Replay] = {}
    unreplayed: dict[Part, str] = {}
    changed = changed_parts(case, old, new, backend_old, backend_new)

    if "judge" in changed:
        replays["judge"] = _read("judge", case, old.turn, backend_new)
    base = replays["judge"].scores if "judge" in changed else old.scores
    if "generator" in changed:
        _replay("generator", case, old.turn.retrieved_contexts, backend_new, backend_new, stop, replays, unreplayed)
    if "index" in changed:
        if "generator" not in changed:  # the new reply is the old generator's on the new passages
            replays["index"] = _read("index", case, new.turn, backend_new)
        elif backend_old is None:
            unreplayed["index"] = "the earlier generator cannot be set up any more"
        else:
            _replay("index", case, new.turn.retrieved_contexts, backend_old, backend_new, stop, replays, unreplayed)

    effects = {}
    for metric in metrics_of([new]):
        before, after = figure(old, metric), figure(new, metric)
        if metric != "perplexity" and before is not None and after is not None:
            effects[metric] = _effect(metric, before, after, base, changed, replays)
    turned = old.turn.declined != new.turn.declined
    cause = _turned(old.turn.declined, changed, replays, unreplayed) if turned else _cause(effects, changed)
    return Attribution(case.id, effects, changed, replays, unreplayed, cause)


def changed_parts(
    case: Case, old: CaseResult, new: CaseResult, backend_old: Backend | None, backend_new: Backend
) -> tuple[Part, ...]:
    """What differs between two results of a case: the judge, the generator or its prompt, the passages."""
    found: list[Part] = []
    judged_by = [result.judgement.judge if result.judgement is not None else "" for result in (old, new)]
    if judged_by[0] != judged_by[1]:
        found.append("judge")
    of_old = backend_old.configuration if backend_old is not None else {}
    same = (old.turn.generator, old.turn.prompt_hash) == (new.turn.generator, new.turn.prompt_hash)
    if not same or (of_old and _writing(of_old) != _writing(backend_new.configuration)):
        found.append("generator")
    if _passages(old.turn.retrieved_contexts) != _passages(new.turn.retrieved_contexts):
        found.append("index")
    return tuple(found)


# ------------------------------------------------------------------ inside


def _writing(configuration: Mapping) -> list:
    settings = configuration.get("settings", {})
    return [*(configuration.get(name) for name in GENERATOR_KEYS), *(settings.get(name) for name in GENERATOR_SETTINGS)]


def _passages(chunks: Sequence[RetrievedChunk]) -> list[tuple[str, str]]:
    return [(found.chunk.id, found.chunk.text) for found in chunks]


def _replay(
    part: Part,
    case: Case,
    chunks: Sequence[RetrievedChunk],
    writer: Backend,
    reader: Backend,
    stop: threading.Event,
    replays: dict[Part, Replay],
    unreplayed: dict[Part, str],
) -> None:
    """Have `writer` answer from these passages and `reader` judge it."""
    if writer.answer_from is None:
        unreplayed[part] = "this configuration cannot answer from given passages"
        return
    try:
        turn = writer.answer_from(case, chunks, stop)
    except UserError as error:
        unreplayed[part] = error.en
        return
    if turn.status != "finished":
        unreplayed[part] = turn.error.splitlines()[0] if turn.error else "it was stopped"
        return
    replays[part] = _read(part, case, turn, reader)


def _read(part: Part, case: Case, turn: Turn, backend: Backend) -> Replay:
    # Not cut short by Stop: reading is short beside writing, and bounded by the judge's own time.
    judgement = backend.judging().judge(case, turn, threading.Event()).judgement
    scores = {metric: score for metric, score in judgement.scores.items() if metric != "context_recall"}
    return Replay(part, turn, scores | score_references([(case, turn, judgement)])[0])


def _effect(
    metric: str,
    old: float,
    new: float,
    base: Mapping[str, Score],
    changed: tuple[Part, ...],
    replays: Mapping[Part, Replay],
) -> Effect:
    start = _figure(base, metric)
    values: dict[Part, float | None] = {}
    for part in PARTS:
        if part not in changed:
            values[part] = 0.0
            continue
        end = _figure(replays[part].scores, metric) if part in replays else None
        before = old if part == "judge" else start
        values[part] = end - before if end is not None and before is not None else None
    known = [value for value in values.values() if value is not None]
    rest = new - old - sum(known) if len(known) == len(PARTS) else None
    return Effect(
        metric, old, new, values["judge"], values["generator"], values["index"], rest, _causes(new - old, values)
    )


def _figure(scores: Mapping[str, Score], metric: str) -> float | None:
    score = scores.get(metric)
    return score.value if score is not None and score.state == "scored" else None


def _causes(moved: float, effects: Mapping[Part, float | None]) -> tuple[Part, ...]:
    if abs(moved) < NOTICEABLE or any(effect is None for effect in effects.values()):
        return ()
    along = {part: abs(effect) for part, effect in effects.items() if effect * moved > 0 and abs(effect) >= NOTICEABLE}
    strongest = max(along.values(), default=0.0)
    return tuple(sorted((part for part in along if along[part] >= strongest / 4), key=lambda part: -along[part]))


def _turned(declined: bool, changed: tuple[Part, ...], replays: Mapping[Part, Replay], unreplayed: Mapping[Part, str]):
    """What made an answer a refusal, or the reverse. Their scores are of two kinds, so that none of them moves; which change
    does it alone tells. A judge writes no reply."""
    writing = [part for part in changed if part != "judge"]
    if len(writing) == 1:
        return writing[0]
    alone = [part for part in writing if part in replays and replays[part].turn.declined != declined]
    if len(alone) == 1 and not unreplayed:
        return alone[0]
    return "several" if writing and not unreplayed else "unknown"


def _cause(effects: Mapping[str, Effect], changed: tuple[Part, ...]):
    moved = [effect for effect in effects.values() if abs(effect.new - effect.old) >= NOTICEABLE]
    if not moved:
        return "none"
    if len(changed) == 1:
        return changed[0]
    # Each moved metric votes with how far it moved, for the first of its causes.
    votes: dict[str, float] = {}
    for effect in moved:
        if effect.causes:
            votes[effect.causes[0]] = votes.get(effect.causes[0], 0.0) + abs(effect.new - effect.old)
    if not votes:
        return "unknown" if any(None in (e.judge, e.generator, e.index) for e in moved) or not changed else "several"
    first, *others = sorted(votes, key=lambda part: -votes[part])
    return first if not others or votes[first] >= 2 * votes[others[0]] else "several"
