"""ResumeBot: a question in, events out (passages, tokens, the finished turn)."""

from __future__ import annotations

import bisect
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rag import contacts
from rag.aliases import as_spelled
from rag.declining import Decision, logit, sentence_signals, words
from rag.employers import with_capitals
from rag.errors import IndexMissing, ModelError, QuestionError, UserError
from rag.followups import History, refers_back, standalone_question, with_candidate
from rag.generation import Generator, generator_for, stopwatch
from rag.index import Index, IndexReport, index_paths, passage_text, with_subject
from rag.intents import BESIDE_A_JOB, OF_A_JOB, Intents, as_rules_ask
from rag.language import is_crossed, language_asked
from rag.meant import jobs_meant
from rag.mentions import as_written, no_employer, unmentioned, without_missing
from rag.named import named_entries
from rag.prompt import (
    DECLINE,
    REPAIR,
    answer_messages,
    is_declined,
    is_order,
    prompt_hash,
    repair_messages,
    wants_verdict,
)
from rag.quoting import only_quoted, quote_answer
from rag.reranking import Reranker, passage
from rag.retrieval import Retriever, name_pattern, people, without_names
from rag.rules import asks_alone, ruled
from rag.small_talk import asked_alone, small_talk
from rag.software import asks_software, place_asked
from rag.spelling import corrected
from rag.transliteration import as_named
from rag.types import Chunk, Event, Finished, Retrieved, RetrievedChunk, Timings, Token, Turn
from rag.yes_no import unfounded
from settings import Settings

log = logging.getLogger(__name__)

QUOTED = {
    "en": "Quoted from the resume: the model in use does not write this language.",
    "ko": "사용 중인 모델이 한국어를 쓰지 못해, 이력서에서 그대로 인용했습니다.",
}
QUOTED_CROSSED = "Quoted from the resume: the model in use does not read its language."  # asked in English
NEAREST = {
    "en": "The resume may not say this outright: these are its nearest lines.",
    "ko": "질문에 꼭 맞는 내용은 없을 수 있어, 이력서에서 가장 가까운 부분을 보여 드립니다.",
}
COUNTED = {
    "en": "Counted from the dates below; times that overlap count once.",
    "ko": "아래 날짜로 센 기간이며, 겹치는 기간은 한 번만 셌습니다.",
}
PUT_FORWARD = {
    "en": "What the resume itself puts forward; whether that is enough is yours to judge.",
    "ko": "이력서가 내세우는 내용입니다. 충분한지는 직접 판단해 주세요.",
}
REPAIRED_BY_QUOTING = {
    "en": "Quoted from the resume instead of written.",
    "ko": "답변을 새로 쓰는 대신 이력서에서 그대로 인용했습니다.",
}
SENTENCE_TOKENS = 96  # of what a guided generator writes above its quotes
OPENING = 12  # tokens of it that are held back, until it is known whether to show it
READ_AHEAD = 200  # passages at most; the reranker keeps some 400
NOT_MENTIONED = {"en": "The resume does not mention {}.", "ko": "이력서에 {} 항목은 언급되어 있지 않습니다."}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CITATION = re.compile(r" ?\[(\d{1,3})\]")


class ResumeBot:
    """Answers questions about the indexed resumes.

    One reply is written at a time; `busy` is set meanwhile, so that background work can yield.

    Args:
        settings: see settings.py.
        index, retriever: where the passages are.
        load_generator: called once, at the first question or by `warm_up`.
        load_reranker: the same for the model behind quoting; may return None.
    """

    def __init__(
        self,
        settings: Settings,
        index: Index,
        retriever: Retriever,
        load_generator: Callable[[], Generator],
        load_reranker: Callable[[], object | None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.index = index
        self.retriever = retriever
        self.busy = threading.Event()
        self._load_generator = load_generator
        self._load_reranker = load_reranker
        self._generator: Generator | None = None
        self._decision: Decision | None = None
        self._intents: Intents | None = None
        self._loading = threading.Lock()
        self._writing = threading.Lock()

    @property
    def generator(self) -> Generator:
        with self._loading:
            if self._generator is None:
                generator = self._load_generator()
                if generator.guided:
                    self._decision = Decision.load(Path(self.settings.data) / "adapters" / "generator")
                self.retriever.reranker = reranker = self._load_reranker()
                if isinstance(reranker, Reranker):
                    self._intents = Intents.load(Path(self.settings.data) / "adapters" / "intents", reranker.second)
                self._generator = generator  # last: where one of them fails, the next question fails too
            return self._generator

    @property
    def generator_id(self) -> str | None:
        """The model in use, or None while none is loaded."""
        return self._generator.id if self._generator is not None else None

    def warm_up(self) -> None:
        """Load every model and run each once, so that the first question is as quick as the next."""
        generator = self.generator
        if len(self.index):
            self.retriever.search("warm up", 1)
        if generator.guided:
            corrected("warm up", ())  # the dictionary takes 0.4 s
        for _ in generator.stream([{"role": "user", "content": "Hi"}], 2, threading.Event()):
            pass

    def index_files(
        self,
        paths: Sequence[Path],
        progress: Callable[[int, int, str], None] | None = None,
        stop: threading.Event | None = None,
    ) -> IndexReport:
        """Add files and folders to the index; see rag.index.index_paths."""
        return index_paths(paths, self.index, self.settings, progress, stop)

    def read_ahead(self) -> None:
        """Let the reranker read what was indexed last, and take it apart into words, so that the next question need not wait for either."""
        chunks = self.index.chunks[-READ_AHEAD:]
        prepare = getattr(self.retriever.reranker, "prepare", None)
        if prepare is not None:
            prepare([passage(chunk)[0] for chunk in chunks])
        for chunk in chunks:
            words(passage_text(chunk))

    def remove_document(self, document_id: str) -> None:
        self.index.remove(document_id)

    def clean_question(self, text: str) -> str:
        """The question without control and direction marks, and halves of characters that no model takes.

        Raises:
            QuestionError: nothing is left, or it is too long.
        """
        cleaned = _CONTROL.sub(" ", text).strip()
        if not cleaned:
            raise QuestionError("Type a question about the resume first.", "먼저 이력서에 대한 질문을 입력해 주세요.")
        limit = self.settings.max_question_chars
        if len(cleaned) > limit:
            raise QuestionError(
                f"The question has {len(cleaned):,} characters; shorten it to {limit:,} or fewer.",
                f"질문이 {len(cleaned):,}자입니다. {limit:,}자 이하로 줄여 주세요.",
            )
        return cleaned

    def answer(
        self,
        user_input: str,
        history: History = (),
        stop: threading.Event | None = None,
        document_ids: Sequence[str] | None = None,
        conversation_id: str = "",
        turn: Turn | None = None,
    ) -> Iterator[Event]:
        """Answer one question.

        Args:
            user_input: what the person typed.
            history: (standalone question, reply) of earlier turns, oldest first.
            stop: set it to end the reply within a token; the turn is then `stopped`.
            document_ids: search these documents only; None for all.
            conversation_id: recorded in the turn.
            turn: filled in place while the answer grows, so that the caller can save it at any
                moment, also after closing this iterator; a new one by default.

        Yields:
            Retrieved, then Tokens, then Finished; a model that fails ends in Finished with status
            `failed` and the sentence in `turn.error`.

        Raises:
            QuestionError, IndexMissing: before anything is yielded.
        """
        seconds = stopwatch()
        stop = stop or threading.Event()
        question = self.clean_question(user_input)
        if not len(self.index):
            raise IndexMissing(
                "There is no resume yet; add one first, then ask.",
                "아직 이력서가 없습니다. 먼저 이력서를 추가한 뒤 질문해 주세요.",
            )
        turn = turn or Turn(conversation_id=conversation_id, user_input=question)
        turn.user_input = question
        turn.status = "retrieving"
        turn.created_at = turn.created_at or datetime.now(UTC).isoformat()
        turn.prompt_hash = prompt_hash(instructions=self.settings.prompt)
        turn.index_hash = self.index.hash
        yield from self._guarded(turn, self._answer(turn, question, history, stop, document_ids, seconds), stop, seconds)

    def repair(
        self,
        earlier: Turn,
        wrong: Sequence[str],
        stop: threading.Event | None = None,
        turn: Turn | None = None,
        rewrite: bool | None = None,
    ) -> Iterator[Event]:
        """Answer the question of an earlier turn again, from the passages that turn was given.

        Args:
            earlier: left as it is.
            wrong: the claims of its reply that do not hold; the model is told not to repeat them.
            stop, turn: see `answer`; `turn.repairs` names the earlier one.
            rewrite: False quotes the passages that answer. By default a guided generator, or one that does not speak
                the language, quotes: told what was wrong, the embedded model declined (benchmarks/repair.py).

        Yields:
            What `answer` yields.
        """
        seconds = stopwatch()
        stop = stop or threading.Event()
        turn = turn or Turn(conversation_id=earlier.conversation_id, user_input=earlier.user_input)
        turn.repairs = earlier.id
        turn.status = "retrieving"
        turn.created_at = turn.created_at or datetime.now(UTC).isoformat()
        turn.prompt_hash = prompt_hash(REPAIR, instructions=self.settings.prompt)
        turn.index_hash = earlier.index_hash
        yield from self._guarded(turn, self._repair(turn, earlier, wrong, stop, rewrite, seconds), stop, seconds)

    def _guarded(
        self, turn: Turn, events: Iterator[Event], stop: threading.Event, seconds: Callable[[], float]
    ) -> Iterator[Event]:
        """The events, one reply at a time; whatever ends them ends the turn."""
        with self._writing:
            self.busy.set()
            try:
                yield from events
            except GeneratorExit:
                stop.set()
                turn.status = "stopped"
                raise
            except UserError as error:
                turn.status, turn.error = "failed", f"{error.en}\n{error.ko}"
            except (RuntimeError, MemoryError, ValueError) as error:
                log.exception("generation failed")
                turn.status = "failed"
                turn.error = (
                    f"The model failed ({type(error).__name__}); ask again or choose another model.\n"
                    f"모델 실행에 실패했습니다({type(error).__name__}). 다시 묻거나 다른 모델을 골라 주세요."
                )
            finally:
                self.busy.clear()
        turn.timings = replace(turn.timings, total_s=seconds())
        yield Finished(turn)

    def _repair(self, turn, earlier, wrong, stop, rewrite, seconds) -> Iterator[Event]:
        generator = self.generator
        turn.generator = generator.id
        question, chunks = earlier.standalone_question or earlier.user_input, earlier.retrieved_contexts
        language = language_asked(earlier.user_input)
        turn.standalone_question, turn.retrieved_contexts = question, chunks
        turn.timings = Timings(retrieve_s=seconds())
        turn.status = "streaming"
        yield Retrieved(question, chunks)
        speaks = generator.speaks(language)
        if speaks and (not generator.guided if rewrite is None else rewrite):
            pieces = self._rewritten(generator, question, chunks, wrong, stop)
        else:
            documents = {found.chunk.document_id for found in chunks}
            searched = [chunk for chunk in self.index.chunks if chunk.document_id in documents]
            pieces = self._quoted(turn, question, chunks, searched, language, REPAIRED_BY_QUOTING[language])
        yield from self._grown(turn, pieces, generator, stop, seconds)

    def _as_rules_ask(self, asked: str, question: str, searched: Sequence[Chunk], document_ids: Sequence[str] | None, history: History) -> str:
        """The question in words that a rule knows, where it surely asks just that and has other words (rag/intents.py); "" otherwise.

        Args:
            asked: the question as it would be asked alone: with the name of the one who is talked of.
            question: as it was asked.
        """
        names = {name: found[0] for name in people(searched) if (found := name_pattern(name).search(asked))}
        topic = without_names(asked, names)
        own = [chunk for chunk in searched if not names or chunk.subject in names]
        if self._intents is None or len(names) > 1 or refers_back(question) or contacts.asked_for(topic, "") or is_order(question) or wants_verdict(question) or asks_alone(topic) or ruled(topic, own, "en"):
            return ""
        [(kind, p)] = self._intents.kind_of([topic])
        if p < self._intents.threshold or (history and kind in OF_A_JOB) or self.not_mentioned(question, document_ids, language_asked(question)):
            return ""
        if kind in BESIDE_A_JOB and jobs_meant(topic, own):
            return ""  # which of the two it asks for, its own words say
        known = as_rules_ask(topic, kind, own)
        forms = contacts.asked_for(known, "")
        if not known or not (ruled(known, own, "en") or jobs_meant(known, own) or any(form.search(chunk.text) for form in forms for chunk in own)):
            return ""  # what the resume has no such lines for, the reader may find by the words that were used
        return with_candidate(known, *names.values()) if names else known

    def _rewritten(self, generator, question, chunks, wrong, stop) -> Iterator[str]:
        kept, limit, told = list(chunks), self.settings.max_new_tokens, self.settings.prompt
        while len(kept) > 1 and not generator.fits(repair_messages(question, kept, wrong, told), limit):
            kept.pop()
        yield from generator.stream(repair_messages(question, kept, wrong, told), limit, stop)

    def _answer(self, turn, question, history, stop, document_ids, seconds) -> Iterator[Event]:
        generator = self.generator
        turn.generator = generator.id
        language = language_asked(question)
        guided = generator.guided or not generator.speaks(language)
        if guided and (said := small_talk(question)):
            turn.standalone_question, turn.status = question, "streaming"
            yield Retrieved(question, [])
            yield from self._grown(turn, _words(said), generator, stop, seconds)
            return
        history = [(asked, reply) for asked, reply in history if not small_talk(asked)]
        searched = self._searched(document_ids)
        if guided:  # a large model knows what was meant, and a name from a slip
            question = with_capitals(corrected(asked_alone(question), map(with_subject, searched)), searched)
        spelled = lambda text: as_named(as_spelled(text, [chunk.text for chunk in searched]), searched)
        names, question = people(searched), spelled(question)
        asked = standalone_question(generator, history, question, stop, names)
        if _of_another(question, asked, searched):
            asked = question
        asked = question if asked == question else spelled(asked)
        alone = without_names(asked, names).casefold() == without_names(question, names).casefold()  # it means nothing that was said before but of whom
        if guided and alone and (known := self._as_rules_ask(asked, question, searched, document_ids, history)):
            question = asked = known
        # Put behind an earlier question, this one still asks for its own names alone.
        own = question if asked.endswith(question) and not refers_back(question) else asked
        missing = self.not_mentioned(own, document_ids, language) if guided else []
        if asks_software(own):  # no line need call SAP an ERP
            missing = [name for name in missing if name.casefold() in place_asked(own).casefold()]
        not_mentioned = NOT_MENTIONED[language].format(", ".join(as_written(own, missing))) if missing else ""
        rest = without_missing(own, missing)
        turn.standalone_question = asked.replace(own, rest) if rest else asked
        chunks = self.retriever.search(turn.standalone_question, self.settings.top_k, document_ids)
        turn.retrieved_contexts = chunks
        turn.timings = Timings(retrieve_s=seconds())
        turn.status = "streaming"
        yield Retrieved(turn.standalone_question, chunks)

        crossed = generator.guided and is_crossed(language, [found.chunk.text for found in chunks])  # a large model reads both
        if guided and (is_order(question) or wants_verdict(question) or no_employer(turn.standalone_question, searched)):
            pieces = _words(DECLINE[language])
        elif missing and not rest:
            pieces = _words(not_mentioned)
        elif generator.speaks(language) and not crossed:
            pieces = self._written(turn, generator, turn.standalone_question, chunks, searched, stop)
        else:
            # Once in a conversation: under every reply it reads as a fault.
            why = QUOTED_CROSSED if crossed and language == "en" else QUOTED[language]
            pieces = self._quoted(turn, turn.standalone_question, chunks, searched, language, "" if history else why)
        yield from self._grown(turn, pieces, generator, stop, seconds)
        if rest:
            turn.notice = f"{turn.notice} {not_mentioned}".strip()

    def _grown(self, turn, pieces, generator, stop, seconds) -> Iterator[Token]:
        """The turn grows by the pieces, until they end or `stop` is set."""
        generator.last_tokens = 0  # of the reply before; what is quoted or declined asks for none
        for piece in pieces:
            if turn.timings.first_token_s is None:
                turn.timings = replace(turn.timings, first_token_s=seconds())
            turn.response += piece
            turn.timings = replace(turn.timings, tokens=generator.last_tokens or turn.timings.tokens + 1)
            yield Token(piece)
            if stop.is_set():
                break
        turn.response = _without_dangling_citations(turn.response, len(turn.retrieved_contexts)).strip()
        turn.declined = is_declined(turn.response)
        turn.status = "stopped" if stop.is_set() else "finished"

    def _written(
        self,
        turn: Turn,
        generator: Generator,
        question: str,
        chunks: Sequence[RetrievedChunk],
        searched: Sequence[Chunk],
        stop: threading.Event,
    ) -> Iterator[str]:
        limit, told = self.settings.max_new_tokens, self.settings.prompt
        if generator.guided and self.retriever.reranker is not None and self._decision is not None:
            yield from self._written_from_quotes(turn, generator, question, chunks, searched, stop)
            return
        kept = list(chunks)
        while len(kept) > 1 and not generator.fits(answer_messages(question, kept, told), limit):
            kept.pop()  # the last is the least similar
        messages = answer_messages(question, kept, told)
        if not generator.fits(messages, limit):
            cut = _cut_to_fit(generator, question, kept[0], limit, told) if kept else None
            if cut is None:
                raise ModelError(
                    "The question is longer than this model can read; shorten it, or choose a model with a larger context window.",
                    "질문이 이 모델이 읽을 수 있는 길이보다 깁니다. 질문을 줄이거나 더 긴 문맥을 읽는 모델을 골라 주세요.",
                )
            messages = answer_messages(question, [cut], told)
        yield from generator.stream(messages, limit, stop)

    def _written_from_quotes(
        self,
        turn: Turn,
        generator: Generator,
        question: str,
        chunks: Sequence[RetrievedChunk],
        searched: Sequence[Chunk],
        stop: threading.Event,
    ) -> Iterator[str]:
        """A sentence by a small model that has read nothing but the lines that answer, and those lines below it. Where it
        is doubtful whether they answer, the lines alone, with a notice that says so.

        On the 53 answerable English questions of data/questions/dev the quoted lines hold the answer 41 times; the
        model, given whole passages, wrote it 16 times.
        """
        quoted = quote_answer(question, chunks, self.retriever.reranker, "en", must_answer=True, resume=searched)
        messages = answer_messages(question, only_quoted(chunks, quoted), self.settings.prompt)
        nothing = 1.0
        if quoted.settled:
            nothing = 0.0
        elif not quoted.declined:
            nothing = self._decision.p_unanswerable({**quoted.signals, "generator": logit(generator.p_declines(messages))})
        if nothing >= self._decision.threshold:
            yield from _words(DECLINE["en"])
            return
        if nothing >= self._decision.nearest or quoted.nearest:
            turn.notice = NEAREST["en"]
        elif quoted.put_forward:
            turn.notice = PUT_FORWARD["en"]
        elif quoted.counted:
            turn.notice = COUNTED["en"]
        elif not quoted.bare and generator.fits(messages, SENTENCE_TOKENS):
            lines = [chunks[i].chunk.text[a:b] for i, a, b in quoted.lines]
            yield from self._sentence(generator, question, messages, quoted.margin, stop, lambda opening: unfounded(question, opening, lines))
        yield from _words(quoted.text)

    def _sentence(
        self, generator: Generator, question: str, messages, margin: float, stop: threading.Event, is_unfounded: Callable[[str], bool]
    ) -> Iterator[str]:
        """The model's sentence, or nothing where its opening already says that it is rather wrong than right."""
        shown = lambda opening: self._decision.shows(sentence_signals(generator.last_confidence, margin)) and not is_unfounded(opening)
        held: list[str] | None = []
        opened = False
        for piece in generator.stream(messages, SENTENCE_TOKENS, stop, must_answer=True):
            if held is None:
                yield piece
                continue
            held.append(piece)
            if generator.last_tokens >= OPENING and not opened:
                if not shown("".join(held)):
                    return
                opened = True
            if opened and not (_ASKS_SPAN.search(question) or _SPAN.search("".join(held))):  # of a time the end is waited for
                yield from held
                held = None
        if held is not None:
            if not opened and not shown("".join(held)) or is_unfounded("".join(held)):
                return
            yield from held
        yield "\n\n"

    def _quoted(
        self, turn: Turn, question: str, chunks: Sequence[RetrievedChunk], searched: Sequence[Chunk], language: str, notice: str
    ) -> Iterator[str]:
        """The lines that answer; `notice` says why they are quotes."""
        quoted = quote_answer(question, chunks, self.retriever.reranker, language, resume=searched)
        if not quoted.declined:
            before = NEAREST[language] if quoted.nearest else PUT_FORWARD[language] if quoted.put_forward else COUNTED[language] if quoted.counted else ""
            turn.notice = f"{before} {notice}".strip()
        yield from _words(quoted.text)

    def not_mentioned(self, question: str, document_ids: Sequence[str] | None = None, language: str = "") -> list[str]:
        """Names of the question that no searched document mentions; see `unmentioned`."""
        return unmentioned(question, [*map(with_subject, self._searched(document_ids))], language)

    def _searched(self, document_ids: Sequence[str] | None) -> Sequence[Chunk]:
        chunks = self.index.chunks
        return chunks if document_ids is None else [chunk for chunk in chunks if chunk.document_id in document_ids]


_SPAN = re.compile(r"\bfrom\b", re.IGNORECASE)
_ASKS_SPAN = re.compile(r"\b(?:roles?|positions?|titles?|posts?|when|how long|period|before|after|until|since)\b", re.IGNORECASE)


def _cut_to_fit(
    generator: Generator, question: str, found: RetrievedChunk, limit: int, told: str = ""
) -> RetrievedChunk | None:
    """The passage without as many of its last lines as must go; None where not even its first line fits."""
    lines = found.chunk.text.split("\n")

    def cut(count: int) -> RetrievedChunk:
        return replace(found, chunk=replace(found.chunk, text="\n".join(lines[:count])))

    fitting = bisect.bisect_left(
        range(1, len(lines) + 1),
        True,
        key=lambda count: not generator.fits(answer_messages(question, [cut(count)], told), limit),
    )
    return cut(fitting) if fitting else None


def _of_another(question: str, asked: str, searched: Sequence[Chunk]) -> bool:
    """Whether a question that was given the name of the one who is talked of names an employer or school of somebody else alone."""
    if asked == question or not asked.casefold().endswith(question.casefold()):
        return False
    talked = {name for name in people(searched) if name_pattern(name).search(asked)}
    of = lambda own: [chunk for chunk in searched if (chunk.subject in talked) == own]
    others = {chunk.subject for chunk in of(False)}
    named = lambda chunks: bool(named_entries(question, chunks))
    return bool(talked) and not named(of(True)) and any(named([chunk for chunk in of(False) if chunk.subject == other]) for other in others)


def _words(text: str) -> list[str]:
    """A ready reply in pieces, so that Stop and the screen treat it like any other."""
    return re.findall(r"\S+\s*", text)


def _without_dangling_citations(reply: str, count: int) -> str:
    """Drop `[7]` where only 4 passages were given: it would point nowhere."""
    return _CITATION.sub(lambda found: found[0] if 1 <= int(found[1]) <= count else "", reply)


def open_bot(settings: Settings) -> ResumeBot:
    """Everything that the settings name, loaded when first needed."""
    from rag.embedding import embedder_for

    embedder = embedder_for(settings.embedder)
    index = Index.open(settings.index, embedder)
    return ResumeBot(
        settings,
        index,
        Retriever(index, embedder),
        lambda: generator_for(settings),
        lambda: Reranker.load(settings),
    )
