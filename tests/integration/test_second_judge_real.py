"""Two judges with their real weights: the embedded one at once, the embedded chat model read off its logits after it."""

import threading
import time

import pytest

from judge.models import judge_for
from judge.second import SecondJudge
from judge.service import JudgeService
from judge.store import Store
from judge.types import METRICS
from rag.models import embedded_weights
from rag.types import Chunk, RetrievedChunk, Turn
from settings import Settings

PASSAGES = [
    ("Experience", "Fernway Transit — Data Engineer (Feb 2019 – Aug 2022)\n- Mentored 3 interns"),
    ("Education", "B.Sc. Mathematics, University of Galway, 2015"),
]


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'record.sqlite'}")
    yield opened
    opened.close()


def answered(store, question, reply) -> Turn:
    found = tuple(
        RetrievedChunk(Chunk(f"d-{i}", "d", "orla.md", "Orla Brennan", section, text, 0, len(text)), i, 0.8, "both")
        for i, (section, text) in enumerate(PASSAGES, 1)
    )
    turn = Turn(store.new_conversation("me"), question, response=reply, status="finished", retrieved_contexts=found)
    store.save_turn(turn)
    return turn


def wait_while(condition, seconds=120.0) -> None:
    end = time.monotonic() + seconds
    while condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Whom did she mentor?", "She mentored 3 interns at Fernway Transit [1]."),
        ("어디서 공부했나요?", "골웨이 대학교에서 수학을 공부했습니다 [2]."),
    ],
)
def test_the_chat_model_judges_after_the_embedded_judge_and_both_are_kept(store, question, reply):
    settings, generating = Settings(_env_file=None), threading.Event()
    folder = embedded_weights("generator")
    second = SecondJudge(lambda: judge_for(str(folder), settings), store, generating)
    service = JudgeService(lambda: judge_for("embedded", settings), store, generating, second=second)
    try:
        service.warm_up()
        turn = answered(store, question, reply)
        generating.set()  # a reply is being written: the second judge has to wait, the first one for a moment
        service.submit(turn)
        wait_while(lambda: service.state(turn.id) == "pending")
        first = service.state(turn.id)
        assert first.judge == service.judge_id and service.awaits_second(turn.id) and service.second_id is None
        generating.clear()
        wait_while(lambda: service.awaits_second(turn.id))
        shown, opinion = service.state(turn.id), service.second_opinion(turn.id)
    finally:
        service.close()

    assert opinion.state == "shown" and opinion.other == first
    assert shown.judge == service.second_id == f"decision/{folder}" != first.judge
    assert set(shown.scores) == set(METRICS) and shown.seconds > 0
    for judgement in (first, shown):
        for score in judgement.scores.values():
            assert (0 <= score.value <= 1) if score.state == "scored" else (score.value is None and score.reason)
    assert [v.claim for v in shown.verdicts] == [v.claim for v in first.verdicts]  # the same claims, read by another
    # No two models have the same probabilities; equal ones would mean that one judged twice.
    assert shown.relevance != first.relevance and shown.verdicts != first.verdicts
    assert store.judgement(turn.id) == shown and store.second_opinion(turn.id) == opinion
