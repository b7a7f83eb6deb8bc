"""DecisionJudge: any chat model or decision model, asked typed questions and read off the logits of its labels.

The field's System One convention: a request is a `state` and named questions of a type, an answer is a probability
for every option, and no text is generated or parsed. In process it is transformers' `pipeline("decision")`, over
HTTP `POST /v1/systemone` (`transformers serve`, vLLM, SGLang, llama.cpp, Ollama).
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from judge.text import statement
from judge.verdicts import Matrix, guarded
from rag.errors import ModelError

if TYPE_CHECKING:
    from transformers.pipelines import DecisionPipeline

MAX_QUESTIONS = 64  # of one request, by the convention
CONNECT_S, READ_S = 10.0, 120.0

CLAIM = "Does the text support this claim, contradict it, or say nothing of it? Claim: {claim}"
CLAIM_OPTIONS = {
    "supported": "the text says so",
    "contradicted": "the text says otherwise",
    "not_found": "the text does not say",
}
RELEVANT = "Does the text help to answer this question? Question: {question}"
ANSWERS = "Does the reply address the question that was asked?"

Ask = Callable[[dict], dict]


class DecisionJudge:
    """One choice question for every claim and passage, one yes/no question for every passage and for the reply.

    Args:
        ask: answers a System One request ({"state", "questions"}) with {name: answer}.
        name: what the record and the screen call the model.
    """

    def __init__(self, ask: Ask, name: str) -> None:
        self._ask = ask
        self.id = f"decision/{name}"
        self.supported_threshold = 0.5
        self.contradicted_threshold = 0.5
        self.relevant_threshold = 0.5
        self.between: Callable[[], None] = lambda: None

    def matrix(self, question: str, reply: str, claims: Sequence[str], chunks: Sequence[str]) -> Matrix:
        """See `judge.verdicts.Judge`.

        Raises:
            ModelError: the model does not answer, or answers something else than probabilities.
        """
        texts = [*chunks, "\n\n".join(chunks)] if chunks else []
        said = [statement(question, claim) for claim in claims]
        supported, contradicted = np.zeros((len(claims), len(chunks) + 1)), np.zeros((len(claims), len(chunks) + 1))
        relevant = np.zeros(len(chunks))
        for n, text in enumerate(texts):
            questions = {
                f"claim {c}": {"type": "choice", "instructions": CLAIM.format(claim=claim), "criteria": CLAIM_OPTIONS}
                for c, claim in enumerate(said)
            }
            if n < len(chunks):
                questions["relevant"] = {"type": "noul", "instructions": RELEVANT.format(question=question)}
            answers = self._answers(text, questions)
            for c in range(len(claims)):
                options = _probabilities(answers, f"claim {c}")
                supported[c, n], contradicted[c, n] = options["supported"], options["contradicted"]
            if n < len(chunks):
                relevant[n] = _yes(answers, "relevant")
        exchange = {"question": question, "reply": reply}
        answers = self._answers(exchange, {"answers": {"type": "noul", "instructions": ANSWERS}})
        reasons = guarded(self, question, claims, texts, supported)
        return Matrix(supported, contradicted, relevant, _yes(answers, "answers"), reasons)

    def _answers(self, state: str | dict, questions: dict[str, dict]) -> dict:
        names, answers = list(questions), {}
        for start in range(0, len(names), MAX_QUESTIONS):
            part = {name: questions[name] for name in names[start : start + MAX_QUESTIONS]}
            self.between()
            answers |= self._ask({"state": state, "questions": part})
        return answers


def _probabilities(answers: dict, name: str) -> dict[str, float]:
    try:
        options = {option: float(answers[name]["probabilities"][option]) for option in CLAIM_OPTIONS}
    except (LookupError, TypeError, ValueError) as error:
        raise _unreadable(name, error) from error
    return {option: _checked(name, p) for option, p in options.items()}


def _yes(answers: dict, name: str) -> float:
    try:
        return _checked(name, float(answers[name]["noul"]))
    except (LookupError, TypeError, ValueError) as error:
        raise _unreadable(name, error) from error


def _checked(name: str, p: float) -> float:
    if not 0.0 <= p <= 1.0:  # also NaN
        raise _unreadable(name, ValueError(p))
    return p


def _unreadable(name: str, error: Exception) -> ModelError:
    return ModelError(
        f"The judge's answer to '{name}' holds no probabilities ({type(error).__name__}); use another judge.",
        f"'{name}'에 대한 평가 모델의 답에 확률이 없습니다({type(error).__name__}). 다른 평가 모델을 쓰세요.",
    )


class SharedPrefix:
    """Answers a System One request as transformers' `pipeline("decision")` does, in fewer and larger passes.

    The pipeline runs one pass for every question, each over the whole state. All questions of a request share that
    state, so here it is read once, its keys and values are kept, and the questions follow in batches. Models with a
    decision head of their own, prompts with marks inside the state and caches that cannot be repeated go through the
    pipeline unchanged.

    Args:
        pipeline: a DecisionPipeline.
    """

    BATCH = 16  # questions of one pass
    MIN_SHARED = 16  # tokens; below that reading them again costs nothing

    def __init__(self, pipeline: DecisionPipeline) -> None:
        self._pipeline = pipeline

    def __call__(self, request: dict) -> dict:
        import torch
        from transformers.decision.modeling_utils import DecisionMixin, process_scores

        pipeline, model = self._pipeline, self._pipeline.model
        config = pipeline.decision_config
        prompts = config.prepare_inputs(request, pipeline.processor or pipeline.tokenizer)
        ids = [inputs["input_ids"][0] for inputs, _ in prompts]
        shared = _shared(ids)
        plain = all(inputs.keys() <= {"input_ids", "marks"} for inputs, _ in prompts)
        alone = len(ids) < 2 or shared < self.MIN_SHARED or isinstance(model, DecisionMixin) or not plain
        if alone or any(int(inputs["marks"].min()) <= shared for inputs, _ in prompts):
            return pipeline(request)
        answers: dict = {}
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        with torch.inference_mode():
            cache = model(input_ids=ids[0][None, :shared].to(model.device), use_cache=True, logits_to_keep=1).past_key_values
            if not hasattr(cache, "batch_repeat_interleave"):
                return pipeline(request)
            for start in range(0, len(order), self.BATCH):
                group = order[start : start + self.BATCH]
                logits = self._logits(cache, [ids[i] for i in group], [prompts[i][0]["marks"] for i in group], shared)
                for i, rows in zip(group, logits, strict=True):
                    inputs, questions = prompts[i]
                    labels = [row[pipeline.label_token_ids(tuple(q.labels))] for row, q in zip(rows, questions, strict=True)]
                    scores = process_scores(config, inputs["input_ids"], inputs["marks"], questions, labels)
                    answers |= {q.name: q.answer(s.softmax(-1).tolist()) for q, s in zip(questions, scores, strict=True)}
        return answers

    def _logits(self, cache, ids, marks, shared: int) -> list:
        """Per prompt the logits before each of its marks, (marks, vocabulary)."""
        import torch

        model = self._pipeline.model
        width = max(len(row) for row in ids) - shared
        rest = torch.zeros(len(ids), width, dtype=torch.long)
        mask = torch.zeros(len(ids), shared + width, dtype=torch.long)
        for number, row in enumerate(ids):
            rest[number, : len(row) - shared] = row[shared:]
            mask[number, : len(row)] = 1
        repeated = copy.deepcopy(cache)  # the pass writes into it
        repeated.batch_repeat_interleave(len(ids))
        read = sorted({int(mark) - 1 - shared for row in marks for mark in row})
        made = model(
            input_ids=rest.to(model.device),
            attention_mask=mask.to(model.device),
            position_ids=torch.arange(shared, shared + width, device=model.device)[None].expand(len(ids), -1),
            past_key_values=repeated,
            use_cache=True,
            logits_to_keep=torch.tensor(read, device=model.device),
        ).logits
        return [made[n, [read.index(int(mark) - 1 - shared) for mark in row]] for n, row in enumerate(marks)]


def _shared(ids: Sequence) -> int:
    """How many tokens all rows begin with, at least one short of the shortest row."""
    length = min(len(row) for row in ids) - 1
    first = ids[0][:length]
    for row in ids[1:]:
        differ = (row[:length] != first[:length]).nonzero()
        if len(differ):
            length = min(length, int(differ[0]))
    return length


def server_judge(url: str, model: str) -> DecisionJudge:
    """A judge behind `POST {url}/systemone`; a key, where the server wants one, is read from `VOUCH_API_KEY`.

    Args:
        url: ends in /v1, as for the generator.
        model: as the server calls it.
    """
    import httpx

    key = os.environ.get("VOUCH_API_KEY")
    client = httpx.Client(
        headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=httpx.Timeout(READ_S, connect=CONNECT_S)
    )

    def ask(request: dict) -> dict:
        try:
            response = client.post(f"{url}/systemone", json={"model": model, **request})
        except httpx.TransportError as error:
            raise ModelError(
                f"The judge's server at {url} does not answer ({type(error).__name__}); start it or name another judge.",
                f"평가 모델 서버 {url}이(가) 응답하지 않습니다({type(error).__name__}). 서버를 시작하거나 다른 평가 모델을 지정해 주세요.",
            ) from error
        if response.status_code != 200:
            raise ModelError(
                f"The judge's server at {url} answered {response.status_code}: {response.text[:200]}",
                f"평가 모델 서버 {url}의 응답 {response.status_code}: {response.text[:200]}",
            )
        try:
            return response.json()["answers"]
        except (ValueError, LookupError, TypeError) as error:
            raise _unreadable("the request", error) from error

    return DecisionJudge(ask, f"{url}#{model}" if model else url)


def local_judge(folder: Path, name: str) -> DecisionJudge:
    """A chat model or decision model in this process.

    Raises:
        ModelError: no such model in `folder`.
    """
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.pipelines import DecisionPipeline

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto").eval()
        decide = SharedPrefix(DecisionPipeline(model=model, tokenizer=tokenizer))
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(
            f"{name} could not be loaded as a judge ({type(error).__name__}); use embedded, an NLI cross-encoder or a chat model.",
            f"{name}을(를) 평가 모델로 불러올 수 없습니다({type(error).__name__}). embedded, NLI 크로스 인코더, 대화 모델을 쓰세요.",
        ) from error
    return DecisionJudge(decide, name)
