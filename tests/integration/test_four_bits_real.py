"""The embedded Llama in 4 bits (bitsandbytes, also without a GPU): a fraction of the memory, and it still answers. And as the product
loads it, with most layers in 8-bit integers: what it thinks of an answer hardly changes."""

import threading

import pytest

from rag.generation import LocalGenerator, generator_for
from rag.int8 import Int8Linear, fast_int8
from rag.models import embedded_weights
from settings import Settings


def test_a_model_in_four_bits_is_small_and_still_answers():
    whole = LocalGenerator(embedded_weights("generator"), "whole", threads=2)
    small = LocalGenerator(embedded_weights("generator"), "in 4 bits", threads=2, four_bit=True)
    asked = [{"role": "user", "content": "What is the capital of France?"}]

    in_float32 = 4 * sum(parameter.numel() for parameter in whole._model.parameters())
    assert small._model.get_memory_footprint() < 0.4 * in_float32
    assert "Paris" in "".join(small.stream(asked, 12, threading.Event()))


def test_the_product_loads_it_in_8_bits_where_that_is_faster():
    loaded, whole = (generator_for(Settings(generator="embedded", threads=2, int8=int8)) for int8 in (True, False))
    asked = [
        {"role": "system", "content": "You answer questions about a resume, using only the numbered excerpts."},
        {"role": "user", "content": "[1] Engineer, Havgard Energy, 2019 - 2022\nLed 14 people.\n\nQuestion: How many people did she lead?"},
    ]
    answer = "She led 14 people at Havgard Energy [1]."

    assert any(isinstance(layer, Int8Linear) for layer in loaded._model.modules()) == fast_int8()
    assert not any(isinstance(layer, Int8Linear) for layer in whole._model.modules())
    assert loaded.id != whole.id or not fast_int8(), "the record must tell them apart"
    assert loaded.perplexity(asked, answer) == pytest.approx(whole.perplexity(asked, answer), rel=0.05)
