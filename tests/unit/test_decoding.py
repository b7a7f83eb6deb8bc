"""The decoding loop writes what `generate` writes, for several kinds of causal models with random weights; and a model
with Llama 3's chat template and special tokens from end to end."""

import threading

import pytest

from rag.decoding import PART, Decoder, proposed
from rag.generation import LocalGenerator, complete
from rag.pipeline import _cut_to_fit
from rag.prompt import answer_messages
from rag.types import Chunk, RetrievedChunk

PROMPT = [5, 6, 7, 8, 9, 5, 6, 7, 8, 10, 11, 5, 6, 7, 12, 5, 6]
SMALL = {
    "vocab_size": 20, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "max_position_embeddings": 2048, "eos_token_id": None, "bos_token_id": None, "pad_token_id": None,
}  # fmt: skip
LLAMA3_TEMPLATE = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + "
    "message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
    "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
LLAMA3_TOKENS = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
ASKED = [{"role": "system", "content": "Answer from the excerpts."}, {"role": "user", "content": "Where did she work?"}]


def tiny(kind):
    import torch
    import transformers

    torch.manual_seed(1)
    if kind == "llama":
        model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**SMALL))
    elif kind == "sliding window":
        model = transformers.MistralForCausalLM(transformers.MistralConfig(**SMALL, sliding_window=8))
    elif kind == "gpt2":
        config = transformers.GPT2Config(
            vocab_size=20, n_embd=16, n_layer=2, n_head=2, n_positions=2048, eos_token_id=None, bos_token_id=None
        )
        model = transformers.GPT2LMHeadModel(config)
    else:
        config = transformers.MambaConfig(
            vocab_size=20, hidden_size=16, num_hidden_layers=2, state_size=4, eos_token_id=None, bos_token_id=None, pad_token_id=0
        )
        model = transformers.MambaForCausalLM(config)
    return model.eval()


def of_generate(model, prompt, limit):
    import torch

    ids = torch.tensor([prompt])
    with torch.inference_mode():
        written = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=limit, do_sample=False)
    return written[0, len(prompt) :].tolist()


@pytest.mark.parametrize("kind", ["llama", "sliding window", "gpt2", "mamba"])
def test_the_tokens_are_those_of_generate(kind):
    model = tiny(kind)
    decoder = Decoder(model, frozenset())
    for prompt in (PROMPT, PROMPT[::-1]):
        expected = of_generate(model, prompt, 40)
        assert list(decoder.tokens(prompt, 40, threading.Event())) == expected
        assert list(decoder.tokens(prompt, 40, threading.Event(), prefix=prompt[:6])) == expected
        assert list(decoder.tokens(prompt, 40, threading.Event(), prefix=prompt[:6])) == expected, "from the kept prefix"


def test_proposed_tokens_save_passes_and_change_nothing():
    model, passes = tiny("llama"), []
    model.register_forward_pre_hook(lambda *_: passes.append(1))

    plain = list(Decoder(model, frozenset(), lookup=False).tokens(PROMPT, 60, threading.Event()))
    one_by_one = len(passes)
    quick = list(Decoder(model, frozenset()).tokens(PROMPT, 60, threading.Event()))

    assert quick == plain
    assert one_by_one == 60
    assert len(passes) - one_by_one < 40, "a random model soon repeats itself, which is what is proposed"


def test_a_prompt_that_does_not_begin_with_the_prefix_is_read_whole():
    model = tiny("llama")
    assert list(Decoder(model, frozenset()).tokens(PROMPT, 9, threading.Event(), prefix=[1, 2, 3])) == of_generate(model, PROMPT, 9)


def test_a_long_prompt_is_read_in_parts_and_stop_ends_the_reading():
    model, passes, stop = tiny("llama"), [], threading.Event()
    long = (PROMPT * 70)[: 2 * PART + 50]
    assert list(Decoder(model, frozenset()).tokens(long, 5, threading.Event())) == of_generate(model, long, 5)
    model.register_forward_hook(lambda *_: passes.append(stop.set()))
    assert list(Decoder(model, frozenset()).tokens(long, 5, stop)) == []
    assert len(passes) == 1


def test_the_latest_occurrence_of_the_longest_run_is_proposed():
    assert proposed([1, 2, 3, 4, 9, 1, 2, 3, 5, 6], [1, 2, 3]) == [5, 6, 1, 2, 3]
    assert proposed([8, 2, 3, 7], [1, 2, 3], count=1) == [7], "two tokens, where three stand nowhere"
    assert proposed([8, 3, 7], [1, 2, 3]) == []


# ---------------------------------------------------------------- Llama 3
@pytest.fixture(scope="module")
def llama3(tmp_path_factory):
    """A folder with a random Llama, a byte-level BPE of a few merges, and what Llama 3 adds to it."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=LLAMA3_TOKENS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(["She worked at Norrvind from 2019 to 2022 as an engineer.", "그는 서울에서 일했다."] * 9, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|begin_of_text|>", eos_token="<|eot_id|>", chat_template=LLAMA3_TEMPLATE
    )
    ids = {token: fast.convert_tokens_to_ids(token) for token in LLAMA3_TOKENS}
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=1024, rope_theta=500000.0, tie_word_embeddings=False,
        bos_token_id=ids["<|begin_of_text|>"], eos_token_id=ids["<|end_of_text|>"],
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("llama3")
    LlamaForCausalLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def test_the_chat_template_is_the_models_own(llama3):
    generator = LocalGenerator(llama3, "tiny Llama 3", threads=1)
    assert generator._tokenizer.decode(generator._encode(ASKED)) == (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nAnswer from the excerpts.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nWhere did she work?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )
    shared = generator._tokenizer.decode(generator._prefix(ASKED))
    assert shared.startswith("<|begin_of_text|>") and shared.endswith("<|start_header_id|>user<|end_header_id|>\n\n")


def test_the_end_of_a_turn_ends_the_reply_though_the_generation_settings_name_another_token(llama3):
    import torch

    generator = LocalGenerator(llama3, "tiny Llama 3", threads=1)
    end = generator._tokenizer.convert_tokens_to_ids("<|eot_id|>")
    assert generator._model.generation_config.eos_token_id != end
    tokens = list(generator._decoder.tokens(generator._encode(ASKED), 12, threading.Event()))
    at = next(i for i, token in enumerate(tokens) if i >= 2 and token not in tokens[:i])
    rows = generator._model.lm_head.weight
    with torch.no_grad():  # the model now says <|eot_id|> where it said its first new word
        rows[[tokens[at], end]] = rows[[end, tokens[at]]]
    text = complete(generator, ASKED, 12, threading.Event())
    assert generator.last_tokens == at + 1
    assert text == generator._tokenizer.decode(tokens[:at])
    assert "<|" not in text


def test_stop_and_window_of_a_llama3(llama3):
    generator, stop = LocalGenerator(llama3, "tiny Llama 3", threads=1), threading.Event()
    for _ in generator.stream(ASKED, 50, stop):
        stop.set()
    assert 0 < generator.last_tokens < 10, "a piece may take several tokens, none follows Stop"
    room = generator._window - len(generator._encode(ASKED))
    assert generator.fits(ASKED, room) and not generator.fits(ASKED, room + 1)


def test_a_passage_that_is_too_long_is_cut_at_a_line(llama3):
    generator = LocalGenerator(llama3, "tiny Llama 3", threads=1)
    text = "\n".join(f"Line {i} of the passage." for i in range(200))
    found = RetrievedChunk(Chunk("d-1", "d", "cv.md", "Ana", "Work", text, 0, len(text)), 1, 0.9, "both")
    assert not generator.fits(answer_messages("Where?", [found]), 20)
    cut = _cut_to_fit(generator, "Where?", found, 20)
    lines = cut.chunk.text.split("\n")
    assert generator.fits(answer_messages("Where?", [cut]), 20)
    assert text.startswith(cut.chunk.text + "\n") and lines[-1].endswith("passage.")
    assert _cut_to_fit(generator, "Where? " * 500, found, 20) is None


def test_replies_in_hangul_come_in_whole_characters(llama3):
    from rag.generation import StreamedText

    generator = LocalGenerator(llama3, "tiny Llama 3", threads=1)
    sentence = "김민아는 café에서 일했다 🙂."
    shown = StreamedText(generator._tokenizer)
    pieces = [shown.add(token) for token in generator._tokenizer.encode(sentence, add_special_tokens=False)]
    assert "".join(pieces) == sentence and shown.rest() == ""
    assert not any("\ufffd" in piece for piece in pieces)


@pytest.mark.parametrize("fast", [True, False])
def test_some_layers_are_in_8_bits_where_the_cpu_is_fast_at_it(llama3, monkeypatch, fast):
    from rag import generation, int8

    monkeypatch.setattr(int8, "fast_int8", lambda: fast)
    generator = LocalGenerator(llama3, "tiny Llama 3", threads=1, int8=True)
    changed = {name.rpartition(".")[2] for name, layer in generator._model.named_modules() if isinstance(layer, int8.Int8Linear)}
    assert changed == (set(generation.INT8) if fast else set())
    tokens = generator._decoder.tokens(generator._encode(ASKED), 12, threading.Event())
    assert list(tokens) == of_generate(generator._model, generator._encode(ASKED), 12)
    floats = LocalGenerator(llama3, "tiny Llama 3", threads=1)
    answer = "She worked at Norrvind."
    assert generator.perplexity(ASKED, answer) == pytest.approx(floats.perplexity(ASKED, answer), rel=0.02)


def test_four_bits_without_bitsandbytes_is_a_sentence(llama3, monkeypatch):
    import importlib.util

    from rag.errors import ModelError

    found = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *rest: None if name == "bitsandbytes" else found(name, *rest))

    with pytest.raises(ModelError, match="bitsandbytes is missing; run pip install bitsandbytes"):
        LocalGenerator(llama3, "tiny Llama 3", threads=1, four_bit=True)


