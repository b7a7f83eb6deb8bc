"""Runs cases against one configuration: answer, judge, compare with the expected answer, record.

Replies of a server are written by `workers` threads, ahead of the judge, while the calling thread scores, in the cases'
order, whatever is ready, as one batch; a judge on a server reads several of them at once. A model in this process on the
CPU writes one reply after the other, and each is scored before the next is begun: on two cores, writing ahead was 0.80,
1.15 and 1.08 times as fast in three measurements (`python -m benchmarks.regression`), so it would gain nothing and lose a
reply at Stop. No judgement takes longer than `VOUCH_JUDGE_TIMEOUT_S`; then its scores are unscored, as in the chat. Each
result is on disk before the next is recorded, so a run that was stopped, or whose process died, goes on with the cases
that have no result.

A case passes when all of this holds; what does not is named in its failures:

- there is a reply;
- no metric that has a threshold is below it. An unscored metric is not below anything: it shows as coverage. Where a
  refusal is right, no threshold applies, since passages that hold no answer are not relevant either;
- no claim of the reply is contradicted by the passages;
- a refusal stands only where one is right: where the expected answer is a refusal, or the case was flagged
  "should_decline"; with any other expected answer, or flagged "should_answer", a refusal fails. Without either, the
  judge says whether the passages hold the answer.

Thresholds of a run are those of automatic flags (`VOUCH_FLAG_*`), or the caller's. F1, BLEU, BERTScore and the like have
none by default: a right answer in other words scores low, and a wrong one in the same words high.
"""

from __future__ import annotations

import copy
import logging
import math
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from judge.regression.auto import below
from judge.regression.judging import Judging
from judge.regression.metrics import score_references
from judge.regression.types import REFERENCE_METRICS, Case, CaseResult, Run
from judge.scoring import why
from judge.types import METRICS, Judgement, Score
from judge.verdicts import Judge, further_scores
from rag.errors import IndexMissing, ModelError, UserError
from rag.language import language_asked, language_of
from rag.prompt import is_declined, prompt_hash
from rag.types import Chunk, Finished, RetrievedChunk, Turn

if TYPE_CHECKING:
    from judge.regression.store import RegressionStore
    from rag.pipeline import ResumeBot
    from settings import Settings

log = logging.getLogger(__name__)

SERVER_WORKERS = 8  # replies, and judgements: requests at once; vLLM and its like batch them, others queue them
AHEAD = 2  # replies written ahead of the judge; more would only be lost at Stop
MAX_BATCH = 32  # cases scored together: BERTScore gains nothing beyond, and progress should be seen
WRITING = ("generator", "max_new_tokens", "adapters", "copy_names", "four_bit")  # what the generator is loaded with
# What of a setting decides how cases are answered; kept with a run so that its configuration can be set up again.
REPLAYED = (*WRITING, "judge", "embedder", "index", "prompt", "top_k")
# A run that was begun under one of these and goes on under another would be two runs in one table.
FIXED = ("generator", "judge", "embedder", "reranker", "prompt_hash", "index_hash", "settings")
NOT_INDEXED = {
    "en": "The documents of this case are not indexed any more; all were searched.",
    "ko": "이 사례의 문서가 더 이상 색인되어 있지 않아 모든 문서에서 찾았습니다.",
}
DELETED = UserError(
    "This run was deleted while it was going on; start another one.",
    "진행 중이던 실행이 삭제되었습니다. 새로 실행해 주세요.",
)


@dataclass(frozen=True)
class Backend:
    """What a run is run against.

    Attributes:
        answer: writes the reply; ends within a token of the event, with status "stopped". May raise UserError.
        judge: fills the matrix.
        configuration: names of what answers and judges, as JSON; recorded with the run.
        perplexity: of the expected answer under the generator given the turn's passages; None from it, or a
            UserError, says that this generator cannot tell.
        workers: more than 1 where `answer` may be called by several threads at once.
        overlap: whether the next replies are written while earlier ones are scored; False where both want the same
            cores.
        answer_from: as `answer`, but from the given passages instead of searching; for attribution.
        judges: how many replies the judge may be asked about at the same time.
        judge_timeout_s: seconds a judgement may take; None for no limit.
    """

    answer: Callable[[Case, threading.Event], Turn]
    judge: Judge
    configuration: dict
    perplexity: Callable[[Case, Turn], float | None] | None = None
    workers: int = 1
    overlap: bool = True
    answer_from: Callable[[Case, Sequence[RetrievedChunk], threading.Event], Turn] | None = None
    judges: int = 1
    judge_timeout_s: float | None = None

    def judging(self) -> Judging:
        """The judge for one run."""
        return Judging(self.judge, self.judge_timeout_s, self.judges)


class Answered(NamedTuple):
    """A case with its turn; `error` says why there is no reply, "" where there is one."""

    case: Case
    turn: Turn
    error: str
    seconds: float


def default_thresholds(settings: Settings) -> dict[str, float]:
    """The thresholds of the live metrics, those that also flag a reply by itself."""
    return dict(settings.flag_thresholds)


def backend_for(settings: Settings) -> Backend:
    """Load what the settings name, all of it, so that what cannot be loaded fails before the first case.

    Raises:
        UserError: a model does not load.
    """
    return backend_of(*models_for(settings), settings)


def models_for(settings: Settings) -> tuple[ResumeBot, Judge]:
    """The bot and the judge that the settings name.

    Raises:
        UserError: the judge does not load.
    """
    from judge.models import judge_for
    from rag.pipeline import open_bot

    with _own_copy(settings) as own:
        bot = open_bot(own)
    bot.settings = settings
    return bot, judge_for(settings.judge, settings)


def backend_beside(bot: ResumeBot, own: Settings, load_judge: Callable[[], Judge], chosen: Settings) -> Backend:
    """What `chosen` names, with the models that are loaded already where it names those.

    Args:
        bot: opened with the settings `own`; stays as it is, and goes on writing one reply at a time.
        load_judge: the judge of `own`.

    Raises:
        UserError: see `backend_for`.
    """
    from judge.models import judge_for
    from rag.embedding import embedder_for
    from rag.index import Index
    from rag.retrieval import Retriever

    changed = {name for name in REPLAYED if getattr(chosen, name) != getattr(own, name)}
    if changed & set(WRITING):
        return backend_for(chosen)
    beside = copy.copy(bot)  # shares models, index, and the lock that lets one reply be written at a time
    beside.settings = chosen
    if changed & {"index", "embedder"}:
        embedder = bot.retriever.embedder
        if "embedder" in changed:
            embedder = embedder_for(chosen.embedder)
        with _own_copy(chosen) as copied:
            beside.index = Index.open(copied.index, embedder)
        beside.retriever = Retriever(beside.index, embedder)
        beside.retriever.reranker = bot.retriever.reranker
    return backend_of(beside, judge_for(chosen.judge, chosen) if "judge" in changed else load_judge(), chosen)


@contextmanager
def _own_copy(settings: Settings) -> Iterator[Settings]:
    """The settings with a copy of their index, to be opened inside (it is read into memory): opening an index with
    another embedder than it was made with makes it anew, and a run must leave the one in use alone."""
    with tempfile.TemporaryDirectory(prefix="vouch-run-") as folder:
        copied = Path(folder) / "index"
        if settings.index.is_dir():
            try:
                shutil.copytree(settings.index, copied)
            except shutil.Error:  # a version of it was replaced meanwhile
                shutil.rmtree(copied, ignore_errors=True)
                shutil.copytree(settings.index, copied)
        yield settings.model_copy(update={"index": copied})


def backend_of(bot: ResumeBot, judge: Judge, settings: Settings) -> Backend:
    """A run against models that are loaded already (the generator is loaded now if it is not).

    Raises:
        UserError: the generator does not load.
        IndexMissing: nothing is indexed.
    """
    from rag.generation import ServerGenerator
    from rag.models import parse_model_name
    from rag.pipeline import ResumeBot

    if not len(bot.index):
        raise IndexMissing(
            f"There is no resume to answer from in {settings.index}; index one first: python -m rag index FILE",
            f"{settings.index}에 답변에 쓸 이력서가 없습니다. 먼저 색인해 주세요: python -m rag index 파일",
        )
    generator = bot.generator
    workers = 1
    if isinstance(generator, ServerGenerator):
        workers = SERVER_WORKERS
        # A bot writes one reply at a time. Several that share index and models write several, each with its own
        # connection, since a generator counts the tokens of one reply.
        local = threading.local()

        def own_bot() -> ResumeBot:
            if not hasattr(local, "bot"):
                own = ServerGenerator(generator.url, generator.model)
                reranker = bot.retriever.reranker
                local.bot = ResumeBot(settings, bot.index, bot.retriever, lambda: own, lambda: reranker)
            return local.bot

    else:

        def own_bot() -> ResumeBot:
            return bot

    def answer(case: Case, stop: threading.Event) -> Turn:
        wanted = [document for document in case.documents if bot.index.document(document) is not None]
        notice = NOT_INDEXED[language_asked(case.user_input)] if case.documents and not wanted else ""
        return _finished(own_bot(), case, stop, wanted or None, notice)

    def answer_from(case: Case, chunks: Sequence[RetrievedChunk], stop: threading.Event) -> Turn:
        own = copy.copy(own_bot())  # with its model, and the lock that lets one reply be written at a time
        own.index = own.retriever = _Given(bot, chunks)
        return _finished(own, case, stop)

    def perplexity(case: Case, turn: Turn) -> float | None:
        return expected_perplexity(generator, case, turn, settings.prompt)

    overlap = workers > 1 or _on_accelerator()
    return Backend(
        answer,
        judge,
        configuration_of(bot, judge, settings),
        perplexity,
        workers,
        overlap,
        answer_from,
        judges=SERVER_WORKERS if parse_model_name(settings.judge).kind == "server" else 1,
        judge_timeout_s=settings.judge_timeout_s,
    )


def configuration_of(bot: ResumeBot, judge: Judge, settings: Settings) -> dict:
    """What answers and judges, by name and hash, and under "settings" how to set it up again."""
    return {
        "generator": bot.generator_id or settings.generator,
        "judge": judge.id,
        "embedder": bot.retriever.embedder.id,
        "reranker": getattr(bot.retriever.reranker, "id", None),
        "prompt_hash": prompt_hash(instructions=settings.prompt),
        "index_hash": bot.index.hash,
        "documents": [document.name for document in bot.index.documents()],
        "settings": {name: _plainly(getattr(settings, name)) for name in REPLAYED},
    }


def _plainly(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def settings_of(configuration: dict, settings: Settings) -> Settings:
    """The settings that a recorded configuration was run with, as far as they can be set again: the code is what it is
    now, and so is what stands in the index. An index folder that is not there (another machine's) is not taken over.

    Args:
        configuration: of a run.
        settings: gives everything else.
    """
    held = configuration.get("settings")
    recorded = dict(held) if isinstance(held, dict) else {}
    if "index" in recorded:
        folder = recorded.pop("index")
        if isinstance(folder, str) and Path(folder).is_dir():
            recorded["index"] = Path(folder)
    known = {name: recorded[name] for name in REPLAYED if type(recorded.get(name)) is type(getattr(settings, name))}
    return settings.model_copy(update=known)


def check_same(begun: dict, now: dict) -> None:
    """A run goes on under the configuration it was begun with.

    Args:
        begun: the recorded configuration of the run.
        now: the configuration it would go on under.

    Raises:
        UserError: one of FIXED is another one; a setting that came later had no say then.
    """
    if isinstance(held := begun.get("settings"), dict):
        now = {**now, "settings": {name: value for name, value in now.get("settings", {}).items() if name in held}}
    if changed := ", ".join(name for name in FIXED if name in begun and now.get(name) != begun[name]):
        raise UserError(
            f"The configuration is not the one this run began with ({changed}). Start a new run.",
            f"이 실행을 시작할 때의 설정과 다릅니다({changed}). 새로 실행해 주세요.",
        )


def stands_for(now: dict, then: dict) -> bool:
    """Whether a replay under the configuration `now` stands for a run under `then`: the generator, prompt, judge and (where
    it was recorded) reranker are the same."""
    names = ("generator", "prompt_hash", "judge", *(["reranker"] if "reranker" in then else []))
    return all(now.get(name) == then.get(name) for name in names)


def expected_perplexity(generator, case: Case, turn: Turn, instructions: str = "") -> float | None:
    """Perplexity of the case's expected answer as the generator's reply to the turn's passages.

    Args:
        instructions: of the prompt, in place of the built-in ones.

    Returns: None where the generator gives no token probabilities (a server).

    Raises:
        ModelError: the generator does not write the language, or the answer does not fit.
    """
    from rag.prompt import answer_messages

    if not hasattr(generator, "perplexity"):
        return None
    if not generator.speaks(language_of(case.reference)):
        raise ModelError(
            "The generator does not write this language; choose one that does.",
            "생성 모델이 이 언어를 쓰지 못합니다. 다른 모델을 골라 주세요.",
        )
    question = turn.standalone_question or case.user_input
    return generator.perplexity(answer_messages(question, turn.retrieved_contexts, instructions), case.reference)


def run_cases(
    record: RegressionStore,
    run: Run,
    backend: Backend,
    stop: threading.Event | None = None,
    progress: Callable[[int, int, CaseResult], None] | None = None,
    thresholds: dict[str, float] | None = None,
    cases: Iterable[Case] | None = None,
) -> Run:
    """Run every case of a run that has no result yet, in order. Goes on with a run that was stopped or interrupted.

    Args:
        stop: set it to end the run within a token; the reply in work is dropped, to be written anew on resuming.
        progress: called in this thread after each result was recorded, with (results so far, cases, result).
        thresholds: metric -> least value; those of the settings by default.
        cases: the cases of the run where they are not in the record (a file's), by their ids.

    Returns: the run as it ended: "finished", "stopped" by `stop`, or "failed" (its cases are gone).

    Raises:
        UserError: the run was deleted meanwhile, goes on in another process, or its cases are not there, see `cases_left`.
    """
    if thresholds is None:
        from settings import Settings

        thresholds = default_thresholds(Settings())
    stop = stop or threading.Event()
    left = cases_left(record, run, cases)
    run = record.resume_run(run.id)
    done = {result.case_id for result in record.results(run.id)}
    left = [case for case in left if case.id not in done]
    total = len(done) + len(left)
    judging = backend.judging()
    try:
        with closing(_answers(left, backend, stop)) as replies:
            for batch in _batches(replies, backend.overlap):
                made = _results(run.id, batch, backend, thresholds, judging, stop)
                for result in made:
                    record.save_result(result)
                    done.add(result.case_id)
                    if progress is not None:
                        progress(len(done), total, result)
                if len(made) < len(batch):  # stopped in the middle of it
                    break
        if not total:
            record.end_run(run.id, "failed", "none of its cases exists any more")
        else:
            record.end_run(run.id, "stopped" if len(done) < total else "finished")
    except KeyError:
        raise DELETED from None
    except BaseException as error:
        _end_failed(record, run.id, error)
        raise
    return record.run(run.id) or run


def cases_left(record: RegressionStore, run: Run, cases: Iterable[Case] | None = None) -> list[Case]:
    """The cases of a run that have no result yet, in order. Those that were deleted from the record are left out.

    Args:
        cases: see `run_cases`.

    Raises:
        UserError: some of a file's cases are not among `cases`; without them the run would end as if it were whole.
    """
    done = {result.case_id for result in record.results(run.id)}
    find = record.case if cases is None else {case.id: case for case in cases}.get
    wanted = [case_id for case_id in run.case_ids if case_id not in done]
    found = {case_id: case for case_id in wanted if (case := find(case_id)) is not None}
    file = run.configuration.get("cases_of")
    if len(found) < len(wanted) and cases is not None:
        missing = next(case_id for case_id in wanted if case_id not in found)
        raise UserError(
            f"Not every case of this run is in {file or 'the file'} any more ({missing} is not); put it back, or start a new run.",
            f"이 실행의 사례가 {file or '파일'}에 모두 있지는 않습니다(없는 사례: {missing}). 되돌려 놓거나 새로 실행해 주세요.",
        )
    if len(found) < len(wanted) and file:
        command = f"python -m judge regress run --resume {run.id[:8]} --file {file}"
        raise UserError(
            f"The cases of this run came from {file}; go on with: {command}",
            f"이 실행의 사례는 {file}에서 왔습니다. 다음 명령으로 이어서 실행해 주세요: {command}",
        )
    return list(found.values())


def result_of(run_id: str, answered: Answered, backend: Backend, thresholds: dict[str, float]) -> CaseResult:
    """One answered case, judged and scored alone."""
    return _results(run_id, [answered], backend, thresholds, backend.judging(), threading.Event())[0]


def answer_case(case: Case, backend: Backend, stop: threading.Event) -> Answered:
    """The reply to one case. Whatever the model raises is this case's error, not the run's end."""
    started = time.perf_counter()
    if stop.is_set():  # its turn came after Stop; a search alone would keep the person waiting
        return Answered(case, Turn("", case.user_input, status="stopped"), "", 0.0)
    try:
        turn = backend.answer(case, stop)
        error = turn.error if turn.status == "failed" else ""
        if turn.status == "failed" and not error:
            error = "the generator failed"
    except Exception as failure:
        if not isinstance(failure, UserError):  # its sentence, which is shown, says it all
            log.exception("case %s was not answered", case.id)
        turn, error = Turn("", case.user_input, status="failed", standalone_question=case.user_input), why(failure)
        turn.error = error
    return Answered(case, turn, error, time.perf_counter() - started)


def failures_of(
    case: Case, turn: Turn, judgement: Judgement | None, scores: dict[str, Score], thresholds: dict[str, float]
) -> tuple[str, ...]:
    """What makes a reply fail, one phrase each; () where it passes. The rules are at the top of this module."""
    found: list[str] = []
    right = refusal_is_right(case, scores)
    if turn.declined and right is False:
        graded = scores.get("answer_relevancy")
        missed = graded.reason if graded is not None and graded.reason.startswith("missed") else ""
        found.append(
            f"it declined, but an answer was expected ({missed})"
            if missed
            else "it declined, but an answer was expected"
        )
    elif not turn.declined and right is True:
        found.append("it answered, but should have declined")
    if not (turn.declined and right):
        for metric, least in thresholds.items():
            score = scores.get(metric)
            if score is not None and score.state == "scored" and score.value is not None and score.value < least:
                found.append(f"{metric} {below(score.value, least)}")
    for verdict in judgement.verdicts if judgement is not None else ():
        if verdict.label == "contradicted":
            found.append(f"contradicted: {verdict.claim.text[:200]}")
    return tuple(found)


def refusal_is_right(case: Case, scores: dict[str, Score]) -> bool | None:
    """Whether this question should be declined; None where neither the case nor the judge says.

    The expected answer goes before the reason it was flagged for, and both before the judge (which only grades a
    refusal that was given).
    """
    if case.reference.strip():
        return is_declined(case.reference)
    if case.reason in ("should_decline", "should_answer"):
        return case.reason == "should_decline"
    graded = scores.get("answer_relevancy")
    if graded is not None and graded.state == "declined" and graded.value is not None:
        return graded.value >= 0.5
    return None


# ------------------------------------------------------------------ inside


class _Given:
    """Passages in place of a search: the index and the retriever of a bot that is to answer from just these."""

    def __init__(self, bot: ResumeBot, chunks: Sequence[RetrievedChunk]) -> None:
        self._found = tuple(chunks)
        known = {chunk.id for chunk in bot.index.chunks}
        # Names of the question are looked up in every passage there is, as they were.
        self.chunks: tuple[Chunk, ...] = (
            *bot.index.chunks,
            *(found.chunk for found in self._found if found.chunk.id not in known),
        )
        self.hash = bot.index.hash
        self.reranker = bot.retriever.reranker

    def __len__(self) -> int:
        return len(self.chunks)

    def search(self, question: str, k: int, document_ids: Iterable[str] | None = None) -> tuple[RetrievedChunk, ...]:
        return self._found


def _on_accelerator() -> bool:
    import torch

    return torch.cuda.is_available()


def _finished(
    bot: ResumeBot, case: Case, stop: threading.Event, documents: Sequence[str] | None = None, notice: str = ""
) -> Turn:
    """The turn that answers a case, complete (or stopped, or failed)."""
    turn = Turn(conversation_id="", user_input=case.user_input)
    for event in bot.answer(case.user_input, stop=stop, document_ids=documents, turn=turn):
        if isinstance(event, Finished):
            turn = event.turn
    if notice:
        turn.notice = f"{turn.notice}\n{notice}".strip()
    return turn


def _answers(cases: Sequence[Case], backend: Backend, stop: threading.Event) -> Generator[Future[Answered]]:
    """Replies in order, `workers` at a time and a few ahead of whoever takes them; ends early at Stop."""
    waiting: deque[Future[Answered]] = deque()
    ahead = backend.workers + AHEAD if backend.overlap else 1
    upcoming = iter(cases)
    pool = ThreadPoolExecutor(backend.workers, thread_name_prefix="regression")
    try:
        while True:
            while len(waiting) < ahead and not stop.is_set() and (case := next(upcoming, None)) is not None:
                waiting.append(pool.submit(answer_case, case, backend, stop))
            if not waiting:
                return
            yield waiting.popleft()
    finally:
        if waiting:  # whoever took the replies is gone: end those in work, drop the rest
            stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _batches(futures: Iterator[Future[Answered]], overlap: bool) -> Iterator[list[Answered]]:
    """What is ready, in order: at least the next reply, and with `overlap` those after it that need not be waited for.

    A reply that was cut by Stop ends the run: it and those after it are left for the next time.
    """
    batch: list[Answered] = []
    for future in futures:
        if batch and (not future.done() or len(batch) >= MAX_BATCH):
            yield batch
            batch = []
        answer = future.result()
        if answer.turn.status == "stopped":
            break
        batch.append(answer)
        if not overlap:  # taking the next one would begin it
            yield batch
            batch = []
    if batch:
        yield batch


def _results(
    run_id: str,
    answered: Sequence[Answered],
    backend: Backend,
    thresholds: dict[str, float],
    judging: Judging,
    stop: threading.Event,
) -> list[CaseResult]:
    """The answered cases, judged and scored; only those before the first that Stop left unjudged."""
    replied = [each for each in answered if not each.error]
    found = iter(judging.judge_all([(each.case, each.turn) for each in replied], stop))
    batch: list[Answered] = []
    judged: list[tuple[Judgement | None, float]] = []
    for each in answered:
        made = None if each.error else next(found)
        if made is None and not each.error:
            break
        batch.append(each)
        judged.append((None, 0.0) if made is None else made)
    if not batch:
        return []
    started = time.perf_counter()
    rows = [(each.case, each.turn, made) for each, (made, _) in zip(batch, judged, strict=True)]
    comparable = [i for i, each in enumerate(batch) if not each.error]
    references = dict(zip(comparable, score_references([rows[i] for i in comparable]), strict=True))
    shared = (time.perf_counter() - started) / len(batch)

    results = []
    for i, (each, (judgement, seconds)) in enumerate(zip(batch, judged, strict=True)):
        started = time.perf_counter()
        scores = {} if judgement is None else {m: s for m, s in judgement.scores.items() if m != "context_recall"}
        scores |= references.get(i, {})
        perplexity = None
        if each.case.reference.strip():
            perplexity, scores["perplexity"] = _perplexity(each, backend)
        if each.error:
            reason = "there is no reply"
            missing = (*METRICS, *further_scores(backend.judge), *(REFERENCE_METRICS if each.case.reference.strip() else ()))
            scores = {metric: Score(metric, None, "unscored", reason) for metric in missing}
            perplexity = None
            failures = (f"no reply: {each.error.splitlines()[0]}",)
        else:
            failures = failures_of(each.case, each.turn, judgement, scores, thresholds)
        results.append(
            CaseResult(
                run_id=run_id,
                case_id=each.case.id,
                turn=each.turn,
                judgement=judgement,
                scores=scores,
                perplexity=perplexity,
                passed=not failures,
                failures=failures,
                error=each.error,
                seconds=each.seconds + seconds + shared + (time.perf_counter() - started),
            )
        )
    return results


def _perplexity(each: Answered, backend: Backend) -> tuple[float | None, Score]:
    """The figure, and a Score that says there is one: it is not in [0, 1], so the score itself holds no value."""
    value, reason = None, "this generator gives no token probabilities"
    if each.error:
        reason = "there is no reply"
    elif backend.perplexity is not None:
        try:
            value = backend.perplexity(each.case, each.turn)
        except Exception as error:  # the reason of this figure, not the end of the run
            log.info("case %s has no perplexity: %s", each.case.id, why(error), exc_info=True)
            reason = why(error)
    if value is not None and not math.isfinite(value):
        value, reason = None, "the expected answer is beyond what the model can count as likely"
    if value is None:
        return None, Score("perplexity", None, "unscored", reason)
    return float(value), Score("perplexity", None, "scored", f"{value:.2f}")


def _end_failed(record: RegressionStore, run_id: str, error: BaseException) -> None:
    """Record why a run ended; where even that fails, the first error is the one to raise."""
    interrupted = isinstance(error, (KeyboardInterrupt, GeneratorExit, SystemExit))
    try:
        record.end_run(run_id, "stopped" if interrupted else "failed", "" if interrupted else why(error))
    except Exception:  # of the record; `error` is what the caller raises
        log.exception("the end of run %s could not be recorded", run_id)


def rethreshold(result: CaseResult, case: Case, thresholds: dict[str, float]) -> CaseResult:
    """A result under other thresholds, without running anything again."""
    if result.error:
        return result
    failures = failures_of(case, result.turn, result.judgement, result.scores, thresholds)
    return replace(result, passed=not failures, failures=failures)
