"""Turns, judgements and scores as plain JSON values, and back: what flags, cases and results keep of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from judge.database import clean
from judge.types import Claim, Judgement, Score, Verdict
from rag.types import Chunk, RetrievedChunk, Timings, Turn


def turn_to_json(turn: Turn) -> dict:
    """Every field of the turn, its chunks with ids, ranks and scores included."""
    return storable(asdict(turn))


def turn_from_json(values: dict) -> Turn:
    """The turn that `turn_to_json` was given."""
    chunks = tuple(
        RetrievedChunk(**{**found, "chunk": Chunk(**found["chunk"])}) for found in values["retrieved_contexts"]
    )
    return Turn(**{**values, "retrieved_contexts": chunks, "timings": Timings(**values["timings"])})


def judgement_to_json(judgement: Judgement) -> dict:
    """Scores in their order, verdicts with claims and evidence, relevance by rank, judge and seconds.

    Raises:
        ValueError: a score that is no score, see `scores_to_json`.
    """
    return {
        "scores": scores_to_json(judgement.scores.values()),
        "verdicts": storable([asdict(verdict) for verdict in judgement.verdicts]),
        "relevance": storable(judgement.relevance),
        "judge": clean(judgement.judge),
        "seconds": float(judgement.seconds),
    }


def judgement_from_json(values: dict) -> Judgement:
    """The judgement that `judgement_to_json` was given."""
    verdicts = tuple(Verdict(**{**verdict, "claim": Claim(**verdict["claim"])}) for verdict in values["verdicts"])
    return Judgement(
        scores_from_json(values["scores"]), verdicts, tuple(values["relevance"]), values["judge"], values["seconds"]
    )


def scores_to_json(scores: Iterable[Score]) -> list[dict]:
    """Scores in their order.

    Raises:
        ValueError: an unscored score with a number, or a value outside [0, 1].
    """
    rows = [storable(asdict(score)) for score in scores]
    for row in rows:
        if row["value"] is None:
            continue
        if row["state"] not in ("scored", "declined"):
            raise ValueError(f"{row['metric']} is {row['state']}, so it has no value")
        if not 0 <= row["value"] <= 1:
            raise ValueError(f"{row['metric']} is {row['value']}, not between 0 and 1")
    return rows


def scores_from_json(rows: list[dict]) -> dict[str, Score]:
    """Scores by metric, in the order they were given."""
    return {row["metric"]: Score(**row) for row in rows}


def storable(value: object) -> object:
    """`value` in JSON's own types: tuples as lists, NumPy's numbers as Python's, text as any database takes it.

    Raises:
        ValueError: a number that is not finite, for which JSON has no word.
        TypeError: something that is neither text, number, list nor mapping.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): storable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(each) for each in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a number that can be recorded")
        return float(value)  # numpy.float64 is a float too
    if hasattr(value, "item"):  # a NumPy number
        return storable(value.item())
    raise TypeError(f"{type(value).__name__} cannot be recorded as JSON")
