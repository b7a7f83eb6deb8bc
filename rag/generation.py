"""The language model that writes the reply: a local Llama through transformers, or a chat server."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rag.errors import ModelError
from rag.models import choose_generator, embedded_weights, hub_weights, parse_model_name
from rag.prompt import DECLINE
from settings import Settings

log = logging.getLogger(__name__)

Messages = Sequence[dict[str, str]]
CONNECT_S, READ_S = 10.0, 120.0  # a large model behind a server may think long before its first token
RETRIES = 3
SAMPLE_BYTES = 65536


class Generator(Protocol):
    """Writes one reply.

    Attributes:
        id: enters the record.
        last_tokens: the token count of the last reply.
        guided: a small model that reads well but does not know when to decline; the reranker decides that.
    """

    id: str
    last_tokens: int
    guided: bool

    def speaks(self, language: str) -> bool: ...

    def fits(self, messages: Messages, max_new_tokens: int) -> bool: ...

    def stream(
        self, messages: Messages, max_new_tokens: int, stop: threading.Event, must_answer: bool = False
    ) -> Iterator[str]: ...


def generator_for(settings: Settings) -> Generator:
    """Load the generator that the settings name.

    Raises:
        ModelError: it cannot be found, fetched or loaded.
    """
    name = choose_generator(settings.generator)
    parsed = parse_model_name(name)
    if parsed.kind == "server":
        return ServerGenerator(parsed.url, parsed.name)
    if parsed.kind == "local":
        folder = hub_weights(parsed.name)
        return LocalGenerator(folder, f"{name}+{fingerprint(folder)}", threads=settings.threads)
    adapter = settings.data / "adapters" / "generator"
    use = settings.adapters and (adapter / "adapter_config.json").exists()
    ours = f" + Vouch adapter {fingerprint(adapter)}" if use else ""
    identity = f"SmolLM2-135M-Instruct{ours} (embedded)"
    # Its training data is English; it writes Hangul that no Korean would read.
    return LocalGenerator(
        embedded_weights("generator"),
        identity,
        adapter if use else None,
        languages={"en"},
        threads=settings.threads,
        copy_names=settings.copy_names,
        guided=settings.adapters,
    )


def fingerprint(folder: Path) -> str:
    """Eight letters that name the weights in a folder: a model trained anew is another generator in the record.

    Of large files three samples are read; training moves every weight.
    """
    digest = hashlib.sha256()
    for path in sorted((*folder.glob("*config.json"), *folder.glob("*.safetensors"), *folder.glob("*.bin"))):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as stream:
            for start in sorted({0, max(0, size // 2), max(0, size - SAMPLE_BYTES)}):
                stream.seek(start)
                digest.update(stream.read(SAMPLE_BYTES))
    return digest.hexdigest()[:8]


class LocalGenerator:
    """A causal language model in this process, greedy, streamed token by token.

    Args:
        folder: Hugging Face folder of the model.
        identity: what screen and record call it.
        adapter: folder of a LoRA adapter, merged into the weights at load (no cost per token).
        languages: the languages it can write, None for any.
        threads: CPU threads, 0 for all cores.
        copy_names: names and numbers may only be copied from the prompt (rag/copying.py).
        guided: see Generator.

    Raises:
        ModelError: the folder holds no causal language model that loads.
    """

    def __init__(
        self,
        folder: Path,
        identity: str,
        adapter: Path | None = None,
        languages: set[str] | None = None,
        threads: int = 0,
        copy_names: bool = False,
        guided: bool = False,
    ) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(threads or os.cpu_count() or 1)
        cuda = torch.cuda.is_available()
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder)
            self._model = AutoModelForCausalLM.from_pretrained(
                folder, dtype=torch.bfloat16, device_map="auto" if cuda else None
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"{identity} could not be loaded as a language model ({str(error).splitlines()[0][:120]}); "
                "choose another one with VOUCH_GENERATOR.",
                f"{identity}을(를) 언어 모델로 불러오지 못했습니다({type(error).__name__}). VOUCH_GENERATOR로 다른 모델을 지정해 주세요.",
            ) from error
        if self._tokenizer.chat_template is None:
            raise ModelError(
                f"{identity} has no chat template, so it cannot hold a conversation; choose an instruction-tuned model.",
                f"{identity}에는 대화 형식(chat template)이 없습니다. 지시를 따르도록 학습된(Instruct) 모델을 고르세요.",
            )
        if adapter is not None:
            from peft import PeftModel

            self._model = PeftModel.from_pretrained(self._model, adapter).merge_and_unload()
        self._model.eval()
        # Greedy: the model's own sampling defaults would only raise warnings.
        self._model.generation_config.update(temperature=None, top_p=None, top_k=None, do_sample=False)
        self.id = identity
        self.last_tokens = 0
        self._languages = languages
        self._copy_names = copy_names
        self.guided = guided
        self._refusal = self._tokenizer(" ".join(DECLINE["en"].split()[:2]), add_special_tokens=False)["input_ids"]
        self._window = getattr(self._model.config, "max_position_embeddings", 2048)

    def speaks(self, language: str) -> bool:
        return self._languages is None or language in self._languages

    def _encode(self, messages: Messages):
        return self._tokenizer.apply_chat_template(
            list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
        )

    def fits(self, messages: Messages, max_new_tokens: int) -> bool:
        """Whether prompt and reply fit the model's window, in tokens."""
        return self._encode(messages)["input_ids"].shape[1] + max_new_tokens <= self._window

    def perplexity(self, messages: Messages, answer: str) -> float:
        """How much `answer` surprises the model as the reply to `messages`: exp of the mean negative log-likelihood
        of its tokens, from one pass with the true tokens fed in (teacher forcing); 1.0 is no surprise at all.

        Raises:
            ModelError: the answer is empty, or does not fit the window beside the prompt.
        """
        import torch

        prompt = self._encode(messages)["input_ids"]
        expected = self._tokenizer(answer.strip(), add_special_tokens=False, return_tensors="pt")["input_ids"].long()
        if not expected.shape[1] or prompt.shape[1] + expected.shape[1] > self._window:
            raise ModelError(
                f"The expected answer has {expected.shape[1]} tokens; it must have some and fit {self._window} with the prompt.",
                f"기대 답변이 {expected.shape[1]}토큰입니다. 비어 있지 않고 프롬프트와 함께 {self._window}토큰 안에 들어야 합니다.",
            )
        ids = torch.cat([prompt, expected], dim=1).to(self._model.device)
        with torch.inference_mode():
            # The position before a token predicts it; the last one predicts what would follow the answer.
            logits = self._model(input_ids=ids, logits_to_keep=expected.shape[1] + 1, use_cache=False).logits[0, :-1]
            return float(torch.nn.functional.cross_entropy(logits.float(), ids[0, prompt.shape[1] :]).exp())

    def stream(
        self, messages: Messages, max_new_tokens: int, stop: threading.Event, must_answer: bool = False
    ) -> Iterator[str]:
        """Pieces of the reply as they are decided; ends within one token of `stop`.

        `must_answer` rules out the words that a refusal begins with ("The resume").

        Generation runs in a thread of its own, because transformers' streamer is pushed to; closing
        this iterator (a closed tab) sets `stop` and so ends that thread too.
        """
        from transformers import LogitsProcessorList, StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        from rag.copying import CopyConstraint

        generator = self

        class StopOrCount(StoppingCriteria):
            def __call__(self, input_ids, scores, **kwargs):
                import torch

                generator.last_tokens += 1
                return torch.full((input_ids.shape[0],), stop.is_set(), device=input_ids.device)

        self.last_tokens = 0
        inputs = self._encode(messages).to(self._model.device)
        processors = LogitsProcessorList()
        if self._copy_names:
            processors.append(CopyConstraint(self._tokenizer, inputs["input_ids"].shape[1], messages[-1]["content"]))
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=None)
        failure: queue.SimpleQueue[Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                self._model.generate(
                    **inputs,
                    streamer=streamer,
                    max_new_tokens=max_new_tokens,
                    logits_processor=processors,
                    bad_words_ids=[self._refusal] if must_answer else None,
                    stopping_criteria=StoppingCriteriaList([StopOrCount()]),
                    pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id,
                )
            except Exception as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
                failure.put(error)
                streamer.end()

        thread = threading.Thread(target=run, name="generate", daemon=True)
        thread.start()
        try:
            for text in streamer:
                if text:
                    yield text
        except GeneratorExit:  # the reader is gone; nobody else would end the thread
            stop.set()
            raise
        finally:
            thread.join()
        if not failure.empty():
            raise failure.get()


class ServerGenerator:
    """An OpenAI-compatible chat server (vLLM, SGLang, llama.cpp, Ollama, `transformers serve`).

    The key, where the server wants one, is read from `VOUCH_API_KEY`. The source of the protocol:
    OpenAI's chat completions with `stream: true`, server-sent events.
    """

    guided = False

    def __init__(self, url: str, model: str) -> None:
        import httpx

        self.url = url
        self.model = model
        self.id = f"{url}#{model}" if model else url
        self.last_tokens = 0
        key = os.environ.get("VOUCH_API_KEY")
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
        )

    def speaks(self, language: str) -> bool:
        return True

    def fits(self, messages: Messages, max_new_tokens: int) -> bool:
        return True  # only the server knows its window; it says so in its error

    def stream(
        self, messages: Messages, max_new_tokens: int, stop: threading.Event, must_answer: bool = False
    ) -> Iterator[str]:
        """Pieces of the reply; a lost connection is retried with backoff until the first piece came.

        Raises:
            ModelError: the server does not answer, refuses the key, or does not know the model.
        """
        import httpx

        self.last_tokens = 0
        for attempt in range(RETRIES):
            try:
                yield from self._stream_once(messages, max_new_tokens, stop)
                return
            except httpx.TransportError as error:
                if self.last_tokens or attempt == RETRIES - 1 or stop.is_set():
                    raise self._unreachable(error) from error
                log.warning("%s did not answer (%s); trying again", self.url, type(error).__name__)
                if stop.wait(0.5 * 2**attempt):
                    return

    def _stream_once(self, messages: Messages, max_new_tokens: int, stop: threading.Event) -> Iterator[str]:
        body = {"messages": list(messages), "max_tokens": max_new_tokens, "temperature": 0, "stream": True}
        if self.model:
            body["model"] = self.model
        with self._client.stream("POST", f"{self.url}/chat/completions", json=body) as response:
            if response.status_code != 200:
                response.read()
                raise self._refused(response.status_code, response.text)
            for line in response.iter_lines():
                if stop.is_set():  # leaving the block closes the connection, which cancels on the server
                    return
                if not line.startswith("data:"):
                    continue
                data = line[5:].strip()
                if data == "[DONE]":
                    return
                try:
                    piece = json.loads(data)["choices"][0]["delta"].get("content")
                except (ValueError, LookupError, AttributeError):
                    log.debug("unreadable event from %s: %.200s", self.url, data)
                    continue
                if piece:
                    self.last_tokens += 1
                    yield piece

    def _unreachable(self, error: Exception) -> ModelError:
        return ModelError(
            f"The model server at {self.url} does not answer ({type(error).__name__}); start it or change VOUCH_GENERATOR.",
            f"모델 서버 {self.url}이(가) 응답하지 않습니다({type(error).__name__}). 서버를 시작하거나 VOUCH_GENERATOR를 바꿔 주세요.",
        )

    def _refused(self, status: int, text: str) -> ModelError:
        if status in (401, 403):
            return ModelError(
                f"The model server at {self.url} wants a valid key; put it into VOUCH_API_KEY.",
                f"모델 서버 {self.url}에 유효한 키가 필요합니다. VOUCH_API_KEY에 넣어 주세요.",
            )
        if status == 404:
            return ModelError(
                f"The model server at {self.url} does not know '{self.model}'; write the name after # as the server calls it.",
                f"모델 서버 {self.url}에 '{self.model}' 모델이 없습니다. # 뒤에 서버가 쓰는 모델 이름을 적어 주세요.",
            )
        return ModelError(
            f"The model server at {self.url} answered {status}: {text[:200]}",
            f"모델 서버 {self.url}의 응답 {status}: {text[:200]}",
        )


def complete(generator: Generator, messages: Messages, max_new_tokens: int, stop: threading.Event) -> str:
    """The whole reply at once."""
    return "".join(generator.stream(messages, max_new_tokens, stop))


def stopwatch():
    """A function that returns the seconds since this call."""
    start = time.perf_counter()
    return lambda: time.perf_counter() - start
