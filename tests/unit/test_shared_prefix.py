"""SharedPrefix gives transformers' own answers, whatever the model, from far fewer tokens."""

import numpy as np
import pytest
import torch
from transformers import (
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)
from transformers.pipelines import DecisionPipeline

from judge.decision import DecisionJudge, SharedPrefix
from rag.models import embedded_weights

SMALL = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "initializer_range": 0.4,  # so that probabilities are far from even
}  # fmt: skip
CHUNKS = ["Engineer at Hanbit Labs since 2019. Built a search service.", "Speaks Dutch.", "B.Sc., KAIST, 2018."]
CLAIMS = ["She works at Hanbit Labs.", "She speaks Dutch.", "She has led a team of six engineers since 2019."]
ASKED = ("Where does she work?", "At Hanbit Labs [1].", CLAIMS, CHUNKS)


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(embedded_weights("generator"))


def model_of(kind: str, vocabulary: int):
    torch.manual_seed(0)
    if kind == "llama":
        return LlamaForCausalLM(LlamaConfig(vocab_size=vocabulary, **SMALL)).eval()
    if kind == "qwen2":
        return Qwen2ForCausalLM(Qwen2Config(vocab_size=vocabulary, **SMALL)).eval()
    if kind == "sliding":
        return MistralForCausalLM(MistralConfig(vocab_size=vocabulary, sliding_window=24, **SMALL)).eval()
    return GPT2LMHeadModel(GPT2Config(vocab_size=vocabulary, n_embd=32, n_layer=2, n_head=4)).eval()


class Counting:
    """Counts the tokens that pass through a model."""

    def __init__(self, model) -> None:
        self.tokens = self.passes = 0
        model.register_forward_pre_hook(self.count, with_kwargs=True)

    def count(self, _module, _args, given):
        self.tokens += given["input_ids"].numel()
        self.passes += 1


@pytest.mark.parametrize("kind", ["llama", "qwen2", "sliding", "gpt2"])
def test_the_same_probabilities_as_the_pipeline(tokenizer, kind):
    pipeline = DecisionPipeline(model=model_of(kind, len(tokenizer)), tokenizer=tokenizer)
    counted = Counting(pipeline.model)
    plain = DecisionJudge(pipeline, "plain").matrix(*ASKED)
    before = counted.tokens, counted.passes
    counted.tokens = counted.passes = 0
    shared = DecisionJudge(SharedPrefix(pipeline), "shared").matrix(*ASKED)

    for name in ("p_supported", "p_contradicted", "p_relevant", "p_answers"):
        np.testing.assert_allclose(getattr(shared, name), getattr(plain, name), atol=2e-4)
    assert np.ptp(plain.p_supported) > 0.01  # cells differ, so equality says something
    assert counted.passes < before[1] and counted.tokens < before[0]


def test_one_question_alone_goes_through_the_pipeline(tokenizer):
    pipeline = DecisionPipeline(model=model_of("llama", len(tokenizer)), tokenizer=tokenizer)
    request = {"state": "x", "questions": {"q": {"type": "noul", "instructions": "Is it so?"}}}
    assert SharedPrefix(pipeline)(request) == pipeline(request)


def test_more_questions_than_one_pass_holds_keep_their_names(tokenizer):
    pipeline = DecisionPipeline(model=model_of("llama", len(tokenizer)), tokenizer=tokenizer)
    questions = {f"q{i}": {"type": "noul", "instructions": f"Is it {'very ' * (i % 5)}{i}?"} for i in range(40)}
    request = {"state": "Engineer at Hanbit Labs. " * 5, "questions": questions}
    plain, shared = pipeline(request), SharedPrefix(pipeline)(request)
    assert plain.keys() == shared.keys()
    for name in questions:
        assert shared[name]["noul"] == pytest.approx(plain[name]["noul"], abs=2e-4)
    assert len({round(a["noul"], 4) for a in plain.values()}) > 10
