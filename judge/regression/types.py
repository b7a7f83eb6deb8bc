"""The vocabulary of regression: flags, cases, runs and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from judge.types import Judgement, Score
from rag.types import Turn

# Why a reply was flagged; the page names them in both languages.
MAX_ID_CHARS = 200  # of a case
REASONS = ("wrong_fact", "not_in_resume", "off_topic", "incomplete", "should_decline", "should_answer", "other")
Thumb = Literal["up", "down"]
Origin = Literal["user", "auto"]
CaseStatus = Literal["candidate", "accepted", "dismissed", "merged"]
RunStatus = Literal["running", "stopped", "finished", "failed"]
# Scores of a case that has an expected answer, beside the three live ones.
REFERENCE_METRICS = ("context_recall", "exact_match", "f1", "acc_char", "bleu", "bertscore", "perplexity")


@dataclass(frozen=True, slots=True)
class Flag:
    """What somebody, or a rule, said of one turn. The turn is kept whole, as it was when it was flagged.

    Attributes:
        reason: one of REASONS; "" for a thumb up or an automatic flag.
        rule: which automatic rule fired, in words ("faithfulness 0.33 < 0.50"); "" for a person's flag.
        reference: the answer the person expected, "" where they gave none.
        judgement: the scores at the time, None where the turn was not judged yet.
    """

    id: str
    turn: Turn
    thumb: Thumb
    origin: Origin
    reason: str
    rule: str
    reference: str
    judgement: Judgement | None
    created_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Case:
    """A question that every later change is run against.

    Attributes:
        user_input: the question as it can be understood alone.
        reference: the expected answer, "" where nobody gave one.
        tags: names of the sets it belongs to; `--set NAME` runs the cases tagged NAME.
        documents: ids of the documents the turn was answered from, to search these alone; () for all.
        turn, judgement: the flagged turn and its scores; None for an imported case that never was a turn here.
        merged_into: the case that stands for this one when `status` is "merged", else "".
    """

    id: str
    user_input: str
    reference: str = ""
    tags: tuple[str, ...] = ()
    origin: Origin = "user"
    reason: str = ""
    rule: str = ""
    status: CaseStatus = "candidate"
    documents: tuple[str, ...] = ()
    turn: Turn | None = None
    judgement: Judgement | None = None
    merged_into: str = ""
    metadata: dict = field(default_factory=dict)  # what an import carried that has no field here
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """All chosen cases against one configuration.

    Attributes:
        configuration: what answered and judged: generator, judge, embedder, prompt_hash, index_hash, top_k, ...
        case_ids: in the order they are run; a resumed run goes on with those that have no result.
        error: why it failed, "" otherwise.
    """

    id: str
    name: str
    configuration: dict
    case_ids: tuple[str, ...]
    status: RunStatus
    done: int
    error: str
    started_at: str
    ended_at: str  # "" while it runs


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of one run.

    Attributes:
        scores: the live metrics and, with a reference, REFERENCE_METRICS by name; perplexity's Score has value
            None and its figure in `perplexity`, since a score lies in [0, 1].
        passed: no score under its threshold, no contradicted claim, a refusal only where one is right.
        failures: what made it fail, one phrase each.
        error: why there is no reply, "" otherwise.
    """

    run_id: str
    case_id: str
    turn: Turn
    judgement: Judgement | None
    scores: dict[str, Score]
    perplexity: float | None
    passed: bool
    failures: tuple[str, ...]
    error: str
    seconds: float
