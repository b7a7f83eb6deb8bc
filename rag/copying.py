"""A decoding constraint: names and numbers in a reply can only be copied from what the model was given.

A small model reads well and spells badly: it turns Rowan into Rohan and 2019 into 2018. While it writes a
word that starts with a capital or holds a digit, it may only continue towards a word of the prompt
(excerpts, question, the candidate's name), as in constrained decoding by a prefix trie (De Cao et al. 2021,
"Autoregressive Entity Retrieval"), but word by word and only where copying is what is wanted.
"""

from __future__ import annotations

import re

# Words: runs of letters and digits; a number keeps its decimals and thousands together.
_WORD = re.compile(r"\d+(?:[.,]\d+)*[^\W_]*|[^\W\d_][^\W_]*")
_UNFINISHED = re.compile(r"(?:\d+(?:[.,]\d+)*[.,]?[^\W_]*|[^\W\d_][^\W_]*)$")
# What a sentence or a date may start with although no excerpt says it; in the middle of one "L" may become no "Later", nor "Lua" for want of it.
_FREE = frozenset(
    """the a an she he they it its her his their this that these those there yes no at in on from during before after
    as to for by with since between until about and but also both each one two three first then later currently
    previously while when where what which who i all none not overall according based most some other their
    january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec resume excerpt excerpts""".split()
)
# Of these, what has its capital within a sentence as well.
_FREE_WITHIN = frozenset("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split())
_BEGINS = re.compile(r"(?:^|[.!?:\n])[^\w]*$")
CANDIDATES = 64  # looked at where the first choice does not pass, which it does almost always
WINDOW = 24  # tokens read again at each step; no name is longer


class CopyConstraint:
    """Chooses each token of one reply.

    Args:
        tokenizer: of the model.
        source: the text that names and numbers may be copied from.
    """

    def __init__(self, tokenizer, source: str) -> None:
        self._tokenizer = tokenizer
        self._special = frozenset(tokenizer.all_special_ids) if tokenizer is not None else frozenset()
        self._forms = {word.casefold(): word for word in _WORD.findall(source)}
        self._words = self._forms.keys()
        self._prefixes = {word[:n] for word in self._words for n in range(1, len(word) + 1)}

    def choose(self, written: list[int], scores) -> int:
        """The likeliest token that the constraint allows. Where none of the first does, as in a name that was begun and is not
        what the model is after, the likeliest that ends a word of the source; the likeliest of all where there is none.

        Args:
            written: the reply's tokens so far. scores: (vocabulary,) float tensor.
        """
        first = int(scores.argmax())
        ids = written[-WINDOW:]
        text = self._tokenizer.decode(ids)
        if self._fits(ids, text, first):
            return first
        # Sorted only now: nearly every token is the first choice.
        for token in scores.topk(min(CANDIDATES, len(scores))).indices.tolist():
            if scores[token] > float("-inf") and self._fits(ids, text, token):
                return token
        return max(self._endings(ids, text), key=lambda token: float(scores[token]), default=first)

    def _endings(self, ids: list[int], text: str) -> list[int]:
        """Tokens that continue the word at the end of `text` to one of the source; where there is none, to one that is free there."""
        unfinished = _UNFINISHED.search(text)
        begun = unfinished[0].casefold() if unfinished else ""
        for forms in (self._forms, {word: word for word in _FREE}):
            rests = [form[len(begun) :] for word, form in forms.items() if begun and word.startswith(begun) and len(word) > len(begun)]
            begins = {token for rest in rests for token in self._tokenizer.encode(rest, add_special_tokens=False)[:1]}
            if fitting := [token for token in sorted(begins) if self._fits(ids, text, token)]:
                return fitting
        return []

    def _fits(self, ids: list[int], text: str, token: int) -> bool:
        longer = text + " " if token in self._special else self._tokenizer.decode([*ids, token])
        return self.allows(longer, len(text))

    def allows(self, text: str, old: int) -> bool:
        """Whether every name or number of `text` that reaches past position `old` is copied or still can be."""
        unfinished = _UNFINISHED.search(text)
        for found in _WORD.finditer(text):
            if found.end() < old:
                continue  # judged when it was written
            word = found[0]
            if not _is_protected(word):
                continue
            key = word.casefold()
            free = _FREE if _BEGINS.search(text[: found.start()]) else _FREE_WITHIN
            if unfinished and found.start() >= unfinished.start():
                tail = unfinished[0].casefold()
                if tail in self._prefixes or tail.rstrip(".,") in self._words or _may_become_free(unfinished[0], free):
                    continue
            elif key in self._words or _is_free(word, free):
                continue
            return False
        return True


def _is_protected(word: str) -> bool:
    return word[0].isupper() or any(c.isdigit() or c.isupper() for c in word)


def _is_free(word: str, free: frozenset[str]) -> bool:
    # A single digit is a citation, a list number or a count ("3 employers"), which nothing spells out to copy.
    return _is_written_plainly(word) and (word.casefold() in free or bool(re.fullmatch(r"\d(st|nd|rd|th)?", word.casefold())))


def _may_become_free(tail: str, free: frozenset[str]) -> bool:
    begun = tail.casefold()
    return _is_free(tail.rstrip(".,"), free) or (_is_written_plainly(tail) and any(word.startswith(begun) for word in free))


def _is_written_plainly(word: str) -> bool:
    """Not an abbreviation: a made-up "NONE" begins no sentence."""
    return not any(c.isupper() for c in word[1:])
