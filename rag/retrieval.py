"""Question -> ranked passages: dense and lexical lists, fused, and optionally reranked."""

from __future__ import annotations

import functools
import importlib.util
import logging
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.index import Index, Snapshot, no_documents, passage_text
from rag.types import RetrievedChunk

if TYPE_CHECKING:
    import bm25s

    from rag.embedding import Encoder

log = logging.getLogger(__name__)

CANDIDATES = 30  # of each list
RERANKED = 12
# Cosines of e5 lie between about 0.75 and 0.9, so a little goes a long way. Recall@4 / MRR of the sum on 500 passages each
# (python -m benchmarks.retrieval), for weights 0 (dense alone), 0.04, 0.06, 0.1 and for reciprocal rank fusion (k = 60):
#   TyDi QA ko   .965/.860   .975/.878   .968/.873   .959/.858   .942/.844
#   SQuAD 2 en   .950/.881   .986/.939   .990/.940   .990/.944   .980/.914
LEXICAL_WEIGHT = 0.05


class Reranker(Protocol):
    """Judges candidates closer than vectors can."""

    def p_answers(self, question: str, texts: Sequence[str]) -> list[float]:
        """The probability in [0, 1] that each text answers the question."""
        ...


class Retriever:
    """Finds the passages of an index for a question.

    Safe to use from several threads. The lexical index follows the index's state by itself.

    Args:
        index: where to search.
        embedder: the one the index was made with.
        reranker: reorders the first `RERANKED` candidates where given.
    """

    def __init__(self, index: Index, embedder: Encoder, reranker: Reranker | None = None) -> None:
        self.index = index
        self.embedder = embedder
        self.reranker = reranker
        self._lock = threading.Lock()
        self._lexical: LexicalIndex | None = None
        self._lexical_of: Snapshot | None = None

    def search(
        self, question: str, k: int, document_ids: Iterable[str] | None = None
    ) -> tuple[RetrievedChunk, ...]:
        """The k passages most likely to hold the answer, best first.

        `score` is the cosine of question and passage whoever found it; `retriever` says who did.

        Args:
            question: a question that can be understood alone.
            k: how many passages.
            document_ids: search these documents only.

        Raises:
            IndexMissing: nothing is indexed, or nothing of `document_ids`.
            ModelError: the embedder cannot be loaded.
        """
        snapshot = self.index.snapshot
        rows = snapshot.rows_of(document_ids)
        if not snapshot.chunks or (rows is not None and not len(rows)):
            raise no_documents()
        vector = self.embedder.encode_queries([question])[0]
        dense, lexical, fused = ranked_rows(snapshot, self._lexical_index(snapshot), question, vector, rows)
        order = [row for row, _ in fused]
        cosine = dict(zip(order, snapshot.cosines(vector, order), strict=True))
        by_words = {row for row, _ in lexical}
        by_vector = {row for row, _ in dense}
        probability: dict[int, float] = {}
        if self.reranker is not None:
            near = order[: max(RERANKED, k)]
            judged = self.reranker.p_answers(question, [snapshot.chunks[row].text for row in near])
            probability = dict(zip(near, judged, strict=True))
            order = sorted(near, key=lambda row: -probability[row])  # stable: ties keep the fused order
        return tuple(
            RetrievedChunk(
                chunk=snapshot.chunks[row],
                rank=rank,
                score=max(-1.0, min(1.0, cosine[row])),
                retriever="both" if row in by_words and row in by_vector else "lexical" if row in by_words else "dense",
                p_answers=probability.get(row),
            )
            for rank, row in enumerate(order[:k], 1)
        )

    def _lexical_index(self, snapshot: Snapshot) -> LexicalIndex:
        with self._lock:
            if self._lexical is None or self._lexical_of is not snapshot:
                self._lexical = LexicalIndex([passage_text(chunk) for chunk in snapshot.chunks])
                self._lexical_of = snapshot
            return self._lexical


Ranked = list[tuple[int, float]]  # (row, score), best first


def ranked_rows(
    snapshot: Snapshot, lexical: LexicalIndex, question: str, vector: np.ndarray, rows: np.ndarray | None = None
) -> tuple[Ranked, Ranked, Ranked]:
    """The three lists behind one search: dense (cosines), lexical (BM25) and the two fused.

    Args:
        vector: the question's unit vector.
        rows: search these rows only.
    """
    by_vector = snapshot.search(vector, CANDIDATES, rows)
    by_words = lexical.search(question, CANDIDATES, rows)
    cosines = dict(by_vector)
    missing = [row for row, _ in by_words if row not in cosines]
    cosines.update(zip(missing, snapshot.cosines(vector, missing), strict=True))
    return by_vector, by_words, fuse(cosines, by_words)


def fuse(cosines: dict[int, float], lexical: Ranked) -> Ranked:
    """Cosine + `LEXICAL_WEIGHT` * BM25 as a share of the best BM25; best first."""
    best = max((score for _, score in lexical), default=0.0) or 1.0
    share = {row: score / best for row, score in lexical}
    fused = {row: cosine + LEXICAL_WEIGHT * share.get(row, 0.0) for row, cosine in cosines.items()}
    return sorted(fused.items(), key=lambda item: -item[1])


class LexicalIndex:
    """BM25 over passages, for names, products and numbers that vectors blur."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._size = len(texts)
        self._vocabulary: dict[str, int] = {}
        rows = [[self._vocabulary.setdefault(token, len(self._vocabulary)) for token in tokens(text)] for text in texts]
        self._bm25: bm25s.BM25 | None = None
        if self._vocabulary:
            self._bm25 = bm25s.BM25()
            self._bm25.index((rows, self._vocabulary), show_progress=False)

    def search(self, question: str, k: int, rows: np.ndarray | None = None) -> list[tuple[int, float]]:
        """Rows that share a word with the question: (row, BM25), best first."""
        known = [self._vocabulary[token] for token in tokens(question) if token in self._vocabulary]
        if self._bm25 is None or not known:
            return []
        scores = self._bm25.get_scores(known)
        if rows is not None:
            allowed = np.zeros(self._size, bool)
            allowed[rows] = True
            scores = np.where(allowed, scores, 0.0)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(row), float(scores[row])) for row in best if scores[row] > 0]


# ---------------------------------------------------------------- words

_WORD = re.compile(r"[a-z0-9]+(?:[+#]+|(?:[._'’-][a-z0-9]+)+)?|[^\W\d_a-z]+|\d+", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣]+")
# Function words of questions and of English; Korean ones fall away with their part of speech.
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a an the of to in on at for from with by as and or but if is are was were be been being am do does did done have has
        had having he him his she her hers it its they them their theirs i me my you your we our us this that these those there
        here what which who whom whose when where why how many much any some no not can could will would shall should may might
        must tell about please describe give list say than then so also into over under out up down off""",
    )
)
# Kiwi's parts of speech that carry meaning: nouns, verbs, adjectives, roots, numerals, foreign words, numbers.
_CONTENT_TAGS = ("NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "MM")


def tokens(text: str) -> list[str]:
    """Search words of a text in either language: lower case, without endings and function words."""
    text = unicodedata.normalize("NFKC", text).lower()
    result: list[str] = []
    for word in _WORD.findall(text):
        if _HANGUL.search(word):
            continue
        result.extend(_latin(word))
    if _HANGUL.search(text):
        result.extend(_korean(text))
    return result


def _latin(word: str) -> list[str]:
    if word in _STOP:
        return []
    word = re.sub(r"['’]s$", "", word)
    parts = re.split(r"[._'’-]", word)
    if len(parts) > 1:  # node.js, full-stack: whole and in parts
        return [word, *(_stem(part) for part in parts if part and part not in _STOP)]
    return [_stem(word)]


def _stem(word: str) -> str:
    """Plural and tense endings off, no more: "studies", "studied", "study" -> "study"."""
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    for ending, replacement in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            stem = word[: -len(ending)] + replacement
            if ending in ("ing", "ed"):
                if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                    stem = stem[:-1]  # planned -> plan
                if not re.search(r"[aeiouy]", stem):
                    return word
            word = stem
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


_kiwi_lock = threading.Lock()


@functools.cache
def _kiwi():
    """The Korean morphological analyser (1 s to load), or None where it is not installed."""
    if importlib.util.find_spec("kiwipiepy") is None:
        log.warning("kiwipiepy is not installed: Korean words are searched by pairs of syllables")
        return None
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


def _korean(text: str) -> list[str]:
    with _kiwi_lock:
        kiwi = _kiwi()
        if kiwi is not None:
            found = [(token.form, token.tag) for token in kiwi.tokenize(text)]
            return [form for form, tag in found if tag.startswith(_CONTENT_TAGS) and _HANGUL.search(form)]
    return syllable_pairs(text)


def syllable_pairs(text: str) -> list[str]:
    """Pairs of neighbouring syllables within words: what is left of Korean without its grammar."""
    pairs: list[str] = []
    for word in _HANGUL.findall(text):
        pairs.extend(word[i : i + 2] for i in range(len(word) - 1))
        if len(word) == 1:
            pairs.append(word)
    return pairs
