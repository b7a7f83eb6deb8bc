"""The language model that writes the reply: a local Llama through transformers, or a chat server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import os
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from rag.decoding import Choose, Decoder, greedy
from rag.errors import ModelError
from rag.models import choose_generator, embedded_weights, fast_dtype, hub_weights, parse_model_name
from rag.prompt import DECLINE
from settings import Settings

log = logging.getLogger(__name__)

Messages = Sequence[dict[str, str]]
CONNECT_S, READ_S = 10.0, 120.0  # a large model behind a server may think long before its first token
RETRIES = 3
BUSY = (429, 502, 503, 504)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 20.0
STOP_POLL_S = 0.05
SAMPLE_BYTES = 65536
# Layers of the embedded generator that bear 8 bits: with them the mean loss of an answer's token on held-out resumes is 0.647 instead
# of 0.645, with those of the attention too 0.658.
INT8 = ("gate_proj", "up_proj", "down_proj", "lm_head")


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
        return LocalGenerator(
            folder,
            f"{name}+{fingerprint(folder)}",
            threads=settings.threads,
            four_bit=settings.four_bit,
            lookup=settings.prompt_lookup,
        )
    from rag.int8 import fast_int8

    adapter = settings.data / "adapters" / "generator"
    use = settings.adapters and (adapter / "adapter_config.json").exists()
    ours = f" + Vouch adapter {fingerprint(adapter)}" if use else ""
    identity = f"SmolLM2-135M-Instruct{ours} (embedded{', int8' if settings.int8 and fast_int8() else ''})"
    # Its training data is English; it writes Hangul that no Korean would read.
    return LocalGenerator(
        embedded_weights("generator"),
        identity,
        adapter if use else None,
        languages={"en"},
        threads=settings.threads,
        copy_names=settings.copy_names,
        guided=settings.adapters,
        lookup=settings.prompt_lookup,
        int8=settings.int8,
    )


def fingerprint(folder: Path) -> str:
    """Eight letters that name the weights in a folder and what was decided with them: a model trained anew is another one
    in the record.

    Of large files three samples are read; training moves every weight.
    """
    digest = hashlib.sha256()
    for path in sorted((*folder.glob("*config.json"), *folder.glob("decision.json"), *folder.glob("*.safetensors"), *folder.glob("*.bin"))):
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
        four_bit: load the weights in 4 bits (bitsandbytes, NF4), for a machine that cannot hold them otherwise.
        lookup: propose tokens from the prompt (rag/decoding.py).
        int8: the layers INT8 in 8-bit integers, where this CPU multiplies those faster (rag/int8.py).

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
        four_bit: bool = False,
        lookup: bool = True,
        int8: bool = False,
    ) -> None:
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(threads or os.cpu_count() or 1)
        cuda = torch.cuda.is_available()
        if int8:
            from rag.int8 import fast_int8, to_int8

            int8 = fast_int8()
        options = {"device_map": "auto" if cuda else None}
        if four_bit:
            options["quantization_config"] = _four_bits(identity)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder)
            self._model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32 if int8 else number_format(folder), **options)
        except (OSError, ValueError, KeyError, SafetensorError) as error:
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
        if int8:
            to_int8(self._model, INT8)
        self.id = identity
        self.last_tokens = 0
        self._sure: list[float] = []
        self._languages = languages
        self._copy_names = copy_names
        self.guided = guided
        self._decoder = Decoder(self._model, _end_tokens(self._model, self._tokenizer), lookup)
        self._refusal = self._tokenizer(" ".join(DECLINE["en"].split()[:2]), add_special_tokens=False)["input_ids"]
        self._declines = self._tokenizer(" ".join(DECLINE["en"].split()[:4]), add_special_tokens=False)["input_ids"]
        self._window = getattr(self._model.config.get_text_config(), "max_position_embeddings", 2048)
        self._prefixes: dict[str, list[int]] = {}
        special = {token.content for token in self._tokenizer.added_tokens_decoder.values() if token.special and token.content}
        longest_first = sorted(special, key=lambda mark: (-len(mark), mark))
        self._marks = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def speaks(self, language: str) -> bool:
        return self._languages is None or language in self._languages

    def _encode(self, messages: Messages) -> list[int]:
        """The chat as token ids, up to where the reply begins.

        The marks between a chat's messages ("<|im_start|>") are taken apart where a resume or a question holds them: as tokens of their
        own they would begin a message of the document's.
        """
        apart = [{**message, "content": self._marks.sub(_taken_apart, message["content"])} for message in messages]
        return self._tokenizer.apply_chat_template(apart, add_generation_prompt=True, return_dict=True)["input_ids"]

    def _prefix(self, messages: Messages) -> list[int]:
        """What every chat with the same system message begins with, in tokens; empty without one."""
        if messages[0]["role"] != "system":
            return []
        system = messages[0]["content"]
        if system not in self._prefixes:
            # Where two chats part; what the template does at the seam is then the same in both.
            one, other = (self._encode([messages[0], {"role": "user", "content": text}]) for text in ("a b", "c d"))
            self._prefixes[system] = [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]
        return self._prefixes[system]

    def fits(self, messages: Messages, max_new_tokens: int) -> bool:
        """Whether prompt and reply fit the model's window, in tokens."""
        return len(self._encode(messages)) + max_new_tokens <= self._window

    def p_declines(self, messages: Messages) -> float:
        """P(the reply begins "The resume does not"), in [0, 1]."""
        return self._decoder.probability(self._encode(messages), self._declines, self._prefix(messages))

    def perplexity(self, messages: Messages, answer: str) -> float:
        """How much `answer` surprises the model as the reply to `messages`: exp of the mean negative log-likelihood
        of its tokens, from one pass with the true tokens fed in (teacher forcing); 1.0 is no surprise at all.

        Raises:
            ModelError: the answer is empty, or does not fit the window beside the prompt.
        """
        import torch

        prompt = torch.tensor([self._encode(messages)])
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

        `must_answer` rules out the words that a refusal begins with ("The resume"). `last_confidence` is always that of
        the tokens written so far.
        """
        self.last_tokens, self._sure = 0, []
        choose = _noting(self._sure, self.chooser(messages, must_answer))
        text = StreamedText(self._tokenizer)
        prompt, prefix = self._encode(messages), self._prefix(messages)
        for token in self._decoder.tokens(prompt, max_new_tokens, stop, choose, prefix):
            self.last_tokens += 1
            if piece := text.add(token):
                yield piece
        if piece := text.rest():
            yield piece

    @property
    def last_confidence(self) -> float:
        """The geometric mean of the probabilities the model gave the tokens of its last reply, in [0, 1]."""
        return math.exp(sum(self._sure) / len(self._sure)) if self._sure else 0.0

    def chooser(self, messages: Messages, must_answer: bool = False) -> Choose:
        """What picks each token of one reply to `messages`."""
        choose = greedy
        if self._copy_names:
            from rag.copying import CopyConstraint

            choose = CopyConstraint(self._tokenizer, messages[-1]["content"]).choose
        return _never(self._refusal, choose) if must_answer else choose


def _taken_apart(mark: re.Match[str]) -> str:
    """ "<|im_start|>" as "< |im_start|>": the same to a reader, plain text to the tokenizer."""
    return f"{mark[0][0]} {mark[0][1:]}"


class StreamedText:
    """Tokens in, text out: a character is given out once all its tokens are there."""

    def __init__(self, tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._given = 0

    def add(self, token: int) -> str:
        """What can be read of the reply since the last call, with this token."""
        self._ids.append(token)
        text = self._text()
        return "" if text.endswith("\ufffd") else self._new(text)

    def rest(self) -> str:
        """What was held back when the reply ended within a character."""
        return self._new(self._text())

    def _text(self) -> str:
        # Cleaned up, "it ." would become "it.", and what was given out already be wrong.
        return self._tokenizer.decode(self._ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def _new(self, text: str) -> str:
        given, self._given = self._given, max(self._given, len(text))
        return text[given:]


def _noting(sure: list[float], choose: Choose) -> Choose:
    """`choose`, with the log probability of each chosen token noted in `sure`."""

    def noted(written: list[int], scores) -> int:
        token = choose(written, scores)
        sure.append(float(scores[token] - scores.logsumexp(0)))
        return token

    return noted


def _never(words: list[int], choose: Choose) -> Choose:
    """`choose`, but the tokens `words` are never written one after the other."""

    def otherwise(written: list[int], scores) -> int:
        if written[len(written) - len(words) + 1 :] == words[:-1] and len(written) >= len(words) - 1:
            scores = scores.clone()
            scores[words[-1]] = float("-inf")
        return choose(written, scores)

    return otherwise


def _end_tokens(model, tokenizer) -> frozenset[int]:
    """What ends a reply: the generation settings' tokens and the tokenizer's. Some models of the Llama 3 family name
    <|eot_id|>, the end of a turn, in one of the two alone."""
    named = model.generation_config.eos_token_id if model.generation_config else None
    ends = set(named if isinstance(named, list) else [named]) | {tokenizer.eos_token_id}
    return frozenset(ends - {None})


def number_format(folder: Path):
    """The torch dtype to compute a model of `folder` in: the fastest here, but bfloat16 where float32 does not fit.

    float32 also keeps the greedy text independent of how many tokens a pass holds; in bfloat16 two nearly equal
    scores change places.
    """
    import psutil
    import torch

    stored = sum(file.stat().st_size for file in folder.glob("*.safetensors"))  # two bytes a weight, nearly always
    return fast_dtype() if 3 * stored < psutil.virtual_memory().available else torch.bfloat16


def _four_bits(identity: str):
    """How to load the weights in 4 bits.

    Raises:
        ModelError: bitsandbytes is missing.
    """
    import importlib.util

    from transformers import BitsAndBytesConfig

    if importlib.util.find_spec("bitsandbytes") is None:
        raise ModelError(
            f"{identity} cannot be loaded in 4 bits: bitsandbytes is missing; run pip install bitsandbytes and start again.",
            f"{identity}을(를) 4비트로 불러올 수 없습니다(bitsandbytes 없음). pip install bitsandbytes를 실행한 뒤 다시 시작해 주세요.",
        )
    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=fast_dtype())


class ServerGenerator:
    """An OpenAI-compatible chat server (vLLM, SGLang, llama.cpp, Ollama, `transformers serve`).

    The key, where the server wants one, is read from `VOUCH_API_KEY`. The source of the protocol:
    OpenAI's chat completions with `stream: true`, server-sent events.
    """

    guided = False

    def __init__(self, url: str, model: str) -> None:
        self.url = url
        self.model = model
        self.id = f"{url}#{model}" if model else url
        self.last_tokens = 0
        key = os.environ.get("VOUCH_API_KEY")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def speaks(self, language: str) -> bool:
        return True

    def fits(self, messages: Messages, max_new_tokens: int) -> bool:
        return True  # only the server knows its window; it says so in its error

    def stream(
        self, messages: Messages, max_new_tokens: int, stop: threading.Event, must_answer: bool = False
    ) -> Iterator[str]:
        """Pieces of the reply. Until the first one came, a server that cannot be reached or is busy (429, 502, 503,
        504) is asked again, after the time it names in Retry-After or else with growing pauses.

        Raises:
            ModelError: the server does not answer, is busy, refuses the key, does not know the model, fails, or
                breaks off in the middle of the reply.
        """
        import httpx

        self.last_tokens = 0
        for attempt in range(RETRIES):
            pause = FIRST_PAUSE_S * 2**attempt
            try:
                yield from self._stream_once(messages, max_new_tokens, stop)
                return
            except _Busy as busy:
                if attempt == RETRIES - 1:
                    raise self._refused(busy.status, busy.text) from None
                pause = min(busy.retry_after or pause, LONGEST_PAUSE_S)
                log.warning("%s answered %d; trying again in %.1f s", self.url, busy.status, pause)
            except httpx.TransportError as error:
                if self.last_tokens:
                    raise self._broke_off() from error
                if attempt == RETRIES - 1 or isinstance(error, httpx.ReadTimeout):  # it may still be at work on it
                    raise self._unreachable(error) from error
                log.warning("%s did not answer (%s); trying again", self.url, type(error).__name__)
            if stop.wait(pause):
                return

    def _stream_once(self, messages: Messages, max_new_tokens: int, stop: threading.Event) -> Iterator[str]:
        """One request, read in a thread of its own: there it can be cancelled at any moment, also while the server
        is silent, and cancelling closes the connection, which ends the work on the server."""
        body = {"messages": list(messages), "max_tokens": max_new_tokens, "temperature": 0, "stream": True}
        if self.model:
            body["model"] = self.model
        arrived: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        left = threading.Event()

        async def read() -> None:
            reading = asyncio.create_task(self._read(body, arrived.put))
            while not reading.done():
                await asyncio.wait({reading}, timeout=STOP_POLL_S)
                if stop.is_set() or left.is_set():
                    reading.cancel()
            if not reading.cancelled() and reading.exception() is not None:
                arrived.put(reading.exception())
            arrived.put(None)

        thread = threading.Thread(target=lambda: asyncio.run(read()), name="generate", daemon=True)
        thread.start()
        try:
            while (piece := arrived.get()) is not None and not stop.is_set():
                if isinstance(piece, Exception):
                    raise piece
                self.last_tokens += 1
                yield piece
        finally:
            left.set()
            thread.join(CONNECT_S)

    async def _read(self, body: dict, give: Callable[[str], None]) -> None:
        import httpx

        timeout = httpx.Timeout(READ_S, connect=CONNECT_S)
        async with (
            httpx.AsyncClient(headers=self._headers, timeout=timeout) as client,
            client.stream("POST", f"{self.url}/chat/completions", json=body) as response,
        ):
            if response.status_code != 200:
                text = (await response.aread()).decode(errors="replace")
                if response.status_code in BUSY:
                    raise _Busy(response.status_code, text, _retry_after(response.headers.get("Retry-After")))
                raise self._refused(response.status_code, text)
            ended = False
            async for line in response.aiter_lines():
                if not line.startswith("data:"):
                    continue
                data = line[5:].strip()
                if data == "[DONE]":
                    return
                piece, last = self._event(data)
                ended = ended or last
                if piece:
                    give(piece)
            if not ended:  # not every server says [DONE], but each says why it ended
                raise self._broke_off()

    def _event(self, data: str) -> tuple[str, bool]:
        """The text of one event, and whether it is the last of the reply.

        Raises:
            ModelError: the event is an error.
        """
        try:
            event = json.loads(data)
            if event.get("error"):
                said = event["error"]
                raise self._refused(200, str(said.get("message", said) if isinstance(said, dict) else said))
            choices = event.get("choices") or [{}]  # an event with the usage alone has none
            delta = choices[0].get("delta") or {}
            return delta.get("content") or "", choices[0].get("finish_reason") is not None
        except (ValueError, LookupError, AttributeError, TypeError):
            log.debug("unreadable event from %s: %.200s", self.url, data)
            return "", False

    def _unreachable(self, error: Exception) -> ModelError:
        return ModelError(
            f"The model server at {self.url} does not answer ({type(error).__name__}); start it or change VOUCH_GENERATOR.",
            f"모델 서버 {self.url}이(가) 응답하지 않습니다({type(error).__name__}). 서버를 시작하거나 VOUCH_GENERATOR를 바꿔 주세요.",
        )

    def _broke_off(self) -> ModelError:
        return ModelError(
            f"The model server at {self.url} broke off in the middle of the reply; ask again.",
            f"모델 서버 {self.url}이(가) 답변 도중에 끊겼습니다. 다시 질문해 주세요.",
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
        if status in BUSY:
            return ModelError(
                f"The model server at {self.url} is too busy ({status}); ask again in a while.",
                f"모델 서버 {self.url}이(가) 너무 바쁩니다({status}). 잠시 뒤 다시 질문해 주세요.",
            )
        answered_en, answered_ko = (f"answered {status}", f"의 응답 {status}") if status != 200 else ("failed", "의 오류")
        text = " ".join(text.split())[:200]
        return ModelError(
            f"The model server at {self.url} {answered_en}: {text}",
            f"모델 서버 {self.url}{answered_ko}: {text}",
        )


class _Busy(Exception):
    """The server asks to come back later."""

    def __init__(self, status: int, text: str, retry_after: float | None) -> None:
        super().__init__(status)
        self.status, self.text, self.retry_after = status, text, retry_after


def _retry_after(header: str | None) -> float | None:
    """Seconds that a Retry-After header asks for (a number or a date), None where it says nothing readable."""
    if not header:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d+)?", header.strip()):
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def complete(generator: Generator, messages: Messages, max_new_tokens: int, stop: threading.Event) -> str:
    """The whole reply at once."""
    return "".join(generator.stream(messages, max_new_tokens, stop))


def stopwatch():
    """A function that returns the seconds since this call."""
    start = time.perf_counter()
    return lambda: time.perf_counter() - start
