"""Greedy decoding of one reply, token by token, for any causal language model of transformers.

The same tokens as `model.generate(do_sample=False)`, with less work for each:

- What every prompt of a kind begins with (the system prompt) is read once and its keys and values are kept.
- Prompt lookup: a reply about excerpts repeats them, so what followed the last words of the reply where they stand in
  the prompt is proposed, and one pass checks all proposed tokens at once (speculative decoding without a second model:
  Leviathan et al. 2023, arXiv:2211.17192; Saxena 2023, github.com/apoorvumang/prompt-lookup-decoding). A token is kept
  only where it is the model's own greedy choice, so what is written does not depend on what was proposed.
- None of `generate`'s bookkeeping between two tokens.

`python -m benchmarks.live` compares it with `generate` on the same prompts.
"""

from __future__ import annotations

import copy
import inspect
import threading
from collections.abc import Callable, Iterator, Sequence

Choose = Callable[[list[int], object], int]  # (tokens written so far, scores of the vocabulary) -> the next token

# Reading is cut into parts of so many tokens, so that Stop also ends the reading of a long prompt.
PART = 512
# Proposed per pass. One pass over a few tokens costs little more than over one: the weights are read once.
PROPOSED = 6
NGRAMS = (3, 2)  # how many last tokens must stand in the prompt, longest first
KEPT_PREFIXES = 4


def greedy(written: list[int], scores) -> int:
    """The likeliest token."""
    return int(scores.argmax())


def proposed(prompt: Sequence[int], written: Sequence[int], count: int = PROPOSED) -> list[int]:
    """What followed the last tokens of the reply at their latest occurrence in prompt and reply, at most `count`
    tokens; nothing where they occur nowhere else.

    Example:
        >>> proposed([5, 1, 2, 3, 4, 9], [7, 1, 2], count=2)
        [3, 4]
    """
    text = [*prompt, *written]
    for size in NGRAMS:
        if len(written) < size:
            continue
        last = text[-size:]
        for start in range(len(text) - size - 1, -1, -1):
            if text[start] == last[0] and text[start : start + size] == last:
                return text[start + size : start + size + count]
    return []


class Decoder:
    """Writes replies with one model; one at a time.

    Args:
        model: a causal language model of transformers, in evaluation mode.
        ends: the tokens that end a reply.
        lookup: whether to propose tokens from the prompt.
    """

    def __init__(self, model, ends: frozenset[int], lookup: bool = True) -> None:
        parameters = inspect.signature(model.forward).parameters
        self._model = model
        self._ends = ends
        self._lookup = lookup
        self._caches = "past_key_values" in parameters  # recurrent models keep their state otherwise
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in parameters else {}
        self._prefixes: dict[tuple[int, ...], object] = {}
        self._last: tuple[list[int], object] | None = None  # a prompt but its last token, and the cache that has read it

    def probability(self, prompt: Sequence[int], words: Sequence[int], prefix: Sequence[int] = ()) -> float:
        """P(the reply begins with the tokens `words`), in [0, 1]; the prompt is then not read again for the reply."""
        import torch

        prompt, words = list(prompt), list(words)
        cache, unread = self._read(prompt, list(prefix), threading.Event())
        scores = self._scores([*unread, *words], len(words) + 1, cache, prompt, words)[:-1]
        if gives_back(cache):
            cache.crop(-len(words) - 1)
            self._last = prompt[:-1], cache
        return float(torch.log_softmax(scores, -1)[range(len(words)), words].sum().exp())

    def tokens(
        self,
        prompt: Sequence[int],
        limit: int,
        stop: threading.Event,
        choose: Choose = greedy,
        prefix: Sequence[int] = (),
    ) -> Iterator[int]:
        """The reply's tokens as they are decided, the one that ends it included; at most `limit`.

        Args:
            prompt: token ids.
            stop: checked before every pass and every token.
            choose: picks each token by its scores (float32, 1-D, over the vocabulary).
            prefix: what `prompt` begins with and later prompts will begin with too; its keys and values are kept.
        """
        prompt, written = list(prompt), []
        cache, unread = self._read(prompt, list(prefix), stop)
        while len(written) < limit and not stop.is_set():
            draft = self._draft(prompt, written, cache, limit)
            scores = self._scores([*unread, *draft], len(draft) + 1, cache, prompt, written)
            for position in range(len(draft) + 1):
                if stop.is_set():
                    return
                token = choose(written, scores[position])
                written.append(token)
                yield token
                if token in self._ends or len(written) >= limit:
                    return
                if position < len(draft) and token != draft[position]:
                    break
            refused = len(draft) - position  # proposed tokens that the cache holds and the reply does not
            if refused:
                cache.crop(-refused)
            unread = [token]

    def _draft(self, prompt: list[int], written: list[int], cache, limit: int) -> list[int]:
        if not (self._lookup and written and gives_back(cache)):
            return []
        return proposed(prompt, written)[: limit - len(written) - 1]

    def _read(self, prompt: list[int], prefix: list[int], stop: threading.Event):
        """The cache after all of the prompt but its last part, and that part."""
        if not self._caches:
            return None, prompt
        (known, cache), self._last = self._last or ((), None), None
        if cache is not None and known == prompt[:-1]:
            return cache, prompt[-1:]
        cache, done = None, 0
        if prefix and len(prefix) < len(prompt) and prompt[: len(prefix)] == prefix:
            cache, done = self._after(prefix), len(prefix)
        if cache is None:
            cache, done = self._new_cache(), 0
        while len(prompt) - done > PART and not stop.is_set():
            self._forward(prompt[done : done + PART], cache, self._last_only)
            done += PART
        return cache, prompt[done:]

    def _after(self, prefix: list[int]):
        """A cache of one's own that has read `prefix`, or None where this kind of cache cannot be kept."""
        key = tuple(prefix)
        if key not in self._prefixes:
            cache = self._new_cache()
            self._forward(prefix, cache, self._last_only)
            while len(self._prefixes) >= KEPT_PREFIXES:
                del self._prefixes[next(iter(self._prefixes))]
            self._prefixes[key] = cache
        return copy.deepcopy(self._prefixes[key])

    def _new_cache(self):
        from transformers import DynamicCache

        return DynamicCache(config=self._model.config)

    def _scores(self, unread: list[int], count: int, cache, prompt: list[int], written: list[int]):
        """Scores after each of the last `count` tokens: (count, vocabulary), float32."""
        if cache is None:  # no cache to go on from: everything is read again
            return self._forward([*prompt, *written], None, self._last_only)[-count:]
        keep = {"logits_to_keep": count} if self._last_only else {}
        return self._forward(unread, cache, keep)[-count:]

    def _forward(self, ids: list[int], cache, keep: dict):
        import torch

        # Per pass, not around the loop: the mode belongs to a thread, and the caller may resume in another one.
        with torch.inference_mode():
            inputs = torch.tensor([ids], device=self._model.device)
            cached = {"past_key_values": cache, "use_cache": True} if cache is not None else {}
            return self._model(input_ids=inputs, **cached, **keep).logits[0].float()


def gives_back(cache) -> bool:
    """Whether refused tokens can be taken out of a cache again: not where a layer keeps a window or a state."""
    return cache is not None and cache.is_croppable and not any(layer.is_sliding for layer in cache.layers)
