"""The generator behind a real `transformers serve` with the embedded weights: streaming, Stop, errors, a whole answer."""

import threading

import numpy as np
import pytest

from benchmarks.judge_speed import model_server
from judge.models import judge_for
from rag.errors import ModelError
from rag.generation import ServerGenerator, complete
from rag.pipeline import open_bot
from rag.types import Finished
from settings import PROJECT, Settings

START_S = 120
HELLO = [{"role": "user", "content": "Say hello in five words."}]


@pytest.fixture(scope="module")
def server():
    """(base URL, model name) of a server on a free port."""
    with model_server(START_S) as served:
        yield served


def test_a_reply_is_streamed_in_pieces(server):
    generator = ServerGenerator(*server)

    pieces = list(generator.stream(HELLO, 20, threading.Event()))

    assert len(pieces) > 3
    assert "hello" in "".join(pieces).lower()
    assert generator.last_tokens == len(pieces)


def test_stop_ends_the_reply_and_frees_the_server(server):
    generator, stop, pieces = ServerGenerator(*server), threading.Event(), []

    for piece in generator.stream([{"role": "user", "content": "Tell me a long story about a lighthouse."}], 400, stop):
        pieces.append(piece)
        if len(pieces) == 5:
            stop.set()

    assert len(pieces) == 5
    assert complete(generator, HELLO, 3, threading.Event())  # not kept waiting by the 395 tokens nobody wants


def test_a_model_the_server_does_not_have_is_said_in_a_sentence(server):
    with pytest.raises(ModelError, match="nobody/nothing"):
        complete(ServerGenerator(server[0], "nobody/nothing"), HELLO, 3, threading.Event())


def test_the_bot_answers_through_the_server(server, tmp_path):
    url, model = server
    bot = open_bot(Settings(generator=f"{url}#{model}", index=tmp_path / "index", _env_file=None))
    bot.index_files([PROJECT / "data" / "resumes" / "en-tindemans.md"])

    *_, last = bot.answer("Where does Isaura work now?")

    assert isinstance(last, Finished) and last.turn.status == "finished"
    assert last.turn.response and last.turn.retrieved_contexts
    assert last.turn.generator == f"{url}#{model}"
    assert last.turn.timings.tokens > 3


def test_the_judge_reads_the_same_probabilities_in_process_and_from_the_server(server):
    url, model = server
    settings = Settings(_env_file=None)
    asked = ("Where does she work?", "At Hanbit Labs.", ["She works at Hanbit Labs."], ["Engineer at Hanbit Labs", "Dutch"])

    over_http = judge_for(f"{url}#{model}", settings).matrix(*asked)
    in_process = judge_for(model, settings).matrix(*asked)

    assert over_http.p_supported.shape == (1, 3)
    for name in ("p_supported", "p_contradicted", "p_relevant", "p_answers"):
        np.testing.assert_allclose(getattr(over_http, name), getattr(in_process, name), atol=0.05)  # bfloat16, and a passage read once for all questions here
    assert (over_http.p_supported + over_http.p_contradicted <= 1.0).all()
