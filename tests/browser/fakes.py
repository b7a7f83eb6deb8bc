"""A bot and a judge that do what a test tells them, with the signatures of the real ones."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from judge.regression.auto import AutoFlagger
from judge.regression.store import RegressionStore
from judge.store import Store
from judge.types import Claim, Judgement, Score, Verdict
from judge.verdicts import Matrix
from rag.errors import DocumentError, IndexMissing
from rag.types import Chunk, Finished, Retrieved, RetrievedChunk, Timings, Token, Turn, new_id

PASSAGES = [
    ("Experience", "Backend engineer at Hanbit Labs, 2019-2023. Built a FAISS search service. Led 4 people."),
    ("Education", "B.Sc. Computer Science, KAIST, 2018. 한국어 원어민."),
    ("Hobbies", "Climbing and `code`. <img src=x onerror=alert(1)> ${alert(1)}"),
    ("Skills", "Python, Go, PostgreSQL, Kubernetes"),
]


def retrieved(passages=PASSAGES) -> tuple[RetrievedChunk, ...]:
    return tuple(
        RetrievedChunk(
            Chunk(f"d-{i}", "d", "Mina_Park.md", "Mina Park", section, text, 0, len(text)), i, 0.9 - i / 10, "both"
        )
        for i, (section, text) in enumerate(passages, 1)
    )


class FakeIndex:
    def __init__(self) -> None:
        self.notice = None
        self.chunks: list[SimpleNamespace] = []
        self.names: dict[str, str] = {}
        self.embedder = SimpleNamespace(id="fake-embedder")
        self.add("d", "Mina_Park.md", 4)

    def add(self, document_id: str, name: str, chunks: int) -> None:
        self.names[document_id] = name
        self.chunks += [SimpleNamespace(document_id=document_id, subject="", section="", text=name)] * chunks

    def remove(self, document_id: str) -> None:
        self.names.pop(document_id, None)
        self.chunks = [chunk for chunk in self.chunks if chunk.document_id != document_id]

    def documents(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(id=document_id, name=name) for document_id, name in self.names.items()]

    def __len__(self) -> int:
        return len(self.chunks)


@dataclass
class FakeBot:
    """Replies by the question: `replies` maps a word in it to a reply; one word of it every `pace` seconds."""

    pace: float = 0.03
    replies: dict[str, str] = field(default_factory=dict)
    reply: str = (
        "She **built** a FAISS search service at Hanbit Labs [1] and studied at KAIST [2]. She won a Nobel prize."
    )

    def __post_init__(self) -> None:
        self.index = FakeIndex()
        self.busy = threading.Event()
        self.generator_id = "fake-generator"

    def warm_up(self) -> None:
        pass

    def index_files(self, paths, progress=None, stop=None):
        added, failed = [], []
        for done, path in enumerate(paths):
            if stop and stop.is_set():
                break
            progress(done, len(paths), path.name)
            time.sleep(0.3)
            if Path(path).suffix not in (".md", ".txt", ".pdf"):
                failed.append((path.name, DocumentError("This type is not supported.", "지원하지 않는 형식입니다.")))
                continue
            self.index.add(new_id(), path.name, 2)
            added.append(path.name)
        return SimpleNamespace(added=added, unchanged=[], failed=failed, stopped=stop is not None and stop.is_set())

    def read_ahead(self) -> None:
        pass

    def remove_document(self, document_id: str) -> None:
        self.index.remove(document_id)

    def repair(self, earlier, wrong, stop=None, turn=None):
        self.told = list(wrong)
        yield Retrieved(earlier.user_input, earlier.retrieved_contexts)
        turn.repairs, turn.standalone_question, turn.status = earlier.id, earlier.user_input, "streaming"
        turn.retrieved_contexts, turn.generator = earlier.retrieved_contexts, "fake-generator"
        for word in "She built a FAISS search service at Hanbit Labs [1].".split(" "):
            if stop.is_set():
                break
            time.sleep(self.pace)
            turn.response += word + " "
            yield Token(word + " ")
        turn.status = "stopped" if stop.is_set() else "finished"
        yield Finished(turn)

    def answer(self, user_input, history=(), stop=None, document_ids=None, conversation_id="", turn=None):
        if not len(self.index):
            raise IndexMissing("There is no resume yet; add one first, then ask.", "아직 이력서가 없습니다.")
        turn = turn or Turn(conversation_id=conversation_id, user_input=user_input)
        if "crash" in user_input:
            raise RuntimeError("the model fell over")
        chunks = () if "nothing" in user_input else retrieved()
        time.sleep(self.pace)
        turn.standalone_question, turn.retrieved_contexts, turn.status = user_input, chunks, "streaming"
        turn.generator = "fake-generator"
        yield Retrieved(user_input, chunks)
        reply = next((reply for word, reply in self.replies.items() if word in user_input), self.reply)
        for word in reply.split(" "):
            if stop.is_set():
                break
            time.sleep(self.pace)
            turn.response += word + " "
            yield Token(word + " ")
        turn.declined = "does not say" in turn.response
        turn.status = "stopped" if stop.is_set() else "finished"
        turn.timings = Timings(0.1, 0.2, 1.2, 20)
        yield Finished(turn)


def judgement_of(turn: Turn) -> Judgement:
    """Verdicts on three claims; a refusal, or a turn without passages, has its own."""
    if turn.declined:
        wrong = "missed" in turn.user_input
        reason = "missed: [2] has it" if wrong else "nothing in the passages answers it"
        scores = {
            "faithfulness": Score("faithfulness", None, "unscored", "nothing was claimed"),
            "answer_relevancy": Score("answer_relevancy", 0.0 if wrong else 1.0, "declined", reason),
            "context_precision": Score("context_precision", 0.0, "scored", "no passage is relevant"),
        }
        return Judgement(scores, (), (0.1, 0.9, 0.1, 0.1), "fake-judge", 0.2)
    if not turn.retrieved_contexts:
        scores = {
            "faithfulness": Score("faithfulness", None, "unscored", "no passages"),
            "answer_relevancy": Score("answer_relevancy", 0.94, "scored"),
            "context_precision": Score("context_precision", None, "unscored", "no passages"),
        }
        return Judgement(scores, (), (), "fake-judge", 0.2)
    if turn.repairs:
        claim = Verdict(Claim("She built a FAISS search service at Hanbit Labs", 0, 10), "supported", 0.97, 0.01, 0)
        scores = {
            "faithfulness": Score("faithfulness", 1.0, "scored", "1 of 1 claim supported"),
            "answer_relevancy": Score("answer_relevancy", 0.94, "scored"),
            "context_precision": Score("context_precision", 0.42, "scored", "2 of 4 passages relevant"),
        }
        return Judgement(scores, (claim,), (0.95, 0.88, 0.04, 0.1), "fake-judge", 0.2)
    claims = ("She built a FAISS search service at Hanbit Labs", "studied at KAIST", "She won a Nobel prize")
    verdicts = (
        Verdict(Claim(claims[0], 0, 10), "supported", 0.97, 0.01, 0),
        Verdict(Claim(claims[1], 0, 10), "supported", 0.91, 0.02, 1),
        Verdict(Claim(claims[2], 0, 10), "not_found", 0.06, 0.2, None, "Nobel stands nowhere in the sources"),
    )
    scores = {
        "faithfulness": Score("faithfulness", 2 / 3, "scored", "2 of 3 claims supported"),
        "answer_relevancy": Score("answer_relevancy", 0.94, "scored"),
        "context_precision": Score("context_precision", 0.42, "scored", "2 of 4 passages relevant"),
    }
    return Judgement(scores, verdicts, (0.95, 0.88, 0.04, 0.1), "fake-judge", 0.2)


class FakeJudge:
    """Judges a turn `delay` seconds after it was submitted."""

    def __init__(self, delay: float = 0.4) -> None:
        self.delay = delay
        self.done: dict[str, tuple[float, Judgement]] = {}

    @property
    def queue_depth(self) -> int:
        return sum(time.monotonic() < at for at, _ in self.done.values())

    def read_ahead(self, passages) -> None:
        self.ahead = list(passages)

    def submit(self, turn: Turn) -> None:
        self.done[turn.id] = (time.monotonic() + self.delay, judgement_of(turn))

    def state(self, turn_id: str):
        if turn_id not in self.done:
            return None
        at, judgement = self.done[turn_id]
        return judgement if time.monotonic() >= at else "pending"

    def awaits_second(self, turn_id: str) -> bool:
        return False

    def second_opinion(self, turn_id: str):
        return None


class FakeStore(Store):
    """The real record, in memory; `owners` and `saved` tell what it was given."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.owners: dict[str, str] = {}
        self.saved: dict[str, Turn] = {}

    def new_conversation(self, owner):
        conversation_id = super().new_conversation(owner)
        self.owners[conversation_id] = owner
        return conversation_id

    def save_turn(self, turn):
        self.saved[turn.id] = turn
        return super().save_turn(turn)

    def delete_conversation(self, conversation_id):
        super().delete_conversation(conversation_id)
        self.owners.pop(conversation_id, None)
        self.saved = {k: t for k, t in self.saved.items() if t.conversation_id != conversation_id}


class WordJudge:
    """A judge that believes what shares words with a passage."""

    id = "word-judge"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def matrix(self, question, reply, claims, chunks) -> Matrix:
        def share(text: str, passage: str) -> float:
            words = set(re.findall(r"\w{3,}", text.lower()))
            return len(words & set(re.findall(r"\w{3,}", passage.lower()))) / max(1, len(words))

        everything = "\n".join(chunks)
        supported = np.array([[share(claim, text) for text in (*chunks, everything)] for claim in claims])
        supported = supported.reshape(len(claims), len(chunks) + 1)
        relevant = np.array([0.9 if "FAISS" in text else 0.2 for text in chunks])
        return Matrix(supported, np.zeros_like(supported), relevant, 0.9, [[""] * (len(chunks) + 1)] * len(claims))


@dataclass
class FakeBackends:
    """What runs are run against: with fewer than four passages the reply is made up."""

    pace: float = 0.02
    right: str = "She built a FAISS search service at Hanbit Labs [1]."
    wrong: str = "She painted portraits of royal horses."

    def __call__(self, settings):
        from judge.regression.runner import Backend

        def answer_from(case, chunks, stop) -> Turn:
            time.sleep(self.pace)
            good = len(chunks) >= 4
            return Turn(
                "", case.user_input, standalone_question=case.user_input, retrieved_contexts=tuple(chunks),
                response=self.right if good else self.wrong, status="stopped" if stop.is_set() else "finished",
                generator="fake-generator", prompt_hash="p", index_hash="i",
            )  # fmt: skip

        def answer(case, stop) -> Turn:
            return answer_from(case, retrieved(PASSAGES[: settings.top_k]), stop)

        configuration = {
            "generator": "fake-generator",
            "judge": WordJudge.id,
            "prompt_hash": "p",
            "index_hash": "i",
            "settings": {"generator": settings.generator, "judge": settings.judge, "top_k": settings.top_k},
        }
        return Backend(answer, WordJudge(), configuration, answer_from=answer_from)


def services_of(loader, judge=None, store=None, judge_id="fake-judge", thresholds=None, backend=None):
    """The parts behind the page: a fake judge, and a real record in memory unless another one is given."""
    from ui.services import Services

    store = store or FakeStore()
    regression = RegressionStore(store)
    thresholds = {"faithfulness": 0.5} if thresholds is None else thresholds
    flagger = AutoFlagger(regression, thresholds)
    return Services(
        loader, judge or FakeJudge(), store, lambda: judge_id, regression, flagger, backend or FakeBackends()
    )
