"""The embedded Llama in 4 bits (bitsandbytes, also without a GPU): a fraction of the memory, and it still answers."""

import threading

from rag.generation import LocalGenerator
from rag.models import embedded_weights


def test_a_model_in_four_bits_is_small_and_still_answers():
    whole = LocalGenerator(embedded_weights("generator"), "whole", threads=2)
    small = LocalGenerator(embedded_weights("generator"), "in 4 bits", threads=2, four_bit=True)
    asked = [{"role": "user", "content": "What is the capital of France?"}]

    assert small._model.get_memory_footprint() < 0.4 * whole._model.get_memory_footprint()
    assert "Paris" in "".join(small.stream(asked, 12, threading.Event()))
