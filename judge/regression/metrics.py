"""Scores of a reply against the expected answer: exact match, F1, character accuracy, BLEU, BERTScore, perplexity.

Both texts are compared without citations and Markdown marks. Where the expected answer is a refusal, how the reply
words its own says nothing, so these metrics are unscored and the runner's refusal rule decides instead.

| metric      | definition                                                                                           |
|-------------|------------------------------------------------------------------------------------------------------|
| exact_match | 1 where the normalised texts are equal, else 0                                                       |
| f1          | harmonic mean of precision and recall over words (English) or characters (Korean)                    |
| acc_char    | max(0, 1 - edit distance / length of the expected answer), in characters of the normalised texts      |
| bleu        | sacreBLEU's sentence BLEU / 100, effective n-gram order; words (13a) for English, characters for Korean |
| bertscore   | F1 of bert-score on multilingual-e5-small, layer 12, without idf and not rescaled to a baseline       |
| perplexity  | of the expected answer under the generator given the passages; not in [0, 1], lower is better         |
"""

from __future__ import annotations

import logging
import math
import re
import string
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from judge.claims import plain
from judge.regression.types import REFERENCE_METRICS, Case
from judge.scoring import clean, judge_turn, why
from judge.types import Judgement, Score
from judge.verdicts import Judge
from rag.errors import UserError
from rag.language import language_of
from rag.prompt import is_declined
from rag.types import Turn

log = logging.getLogger(__name__)

TEXT_METRICS = ("exact_match", "f1", "acc_char", "bleu", "bertscore")
MAX_CHARS = (
    20_000  # of a text that is compared; edit distance and n-grams grow with its length, and no chat reply comes near
)
# Of the layers 4 to 12, the last tells best: AUC of F1 .654 on KLUE-NLI (entailed or not) and .706 on Q2 (consistent or
# not), 300 pairs of their training parts each; layer 11 .647 and .671, layer 9 .622 and .636.
LAYER = 12
BATCH = 64
REFUSAL = "the expected answer is a refusal; its wording does not matter"

# Two sentences with one small word between them and opposite consequences.
TRAP = {
    "en": ("She can use Python.", "She can only use Python.", "She knows how to work with Python."),
    "ko": ("파이썬을 사용할 수 있습니다.", "파이썬만 사용할 수 있습니다.", "파이썬으로 개발하는 것이 가능합니다."),
}

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_KORQUAD_MARKS = str.maketrans(dict.fromkeys("'\"《》<>〈〉()‘’", " "))


class Pair(NamedTuple):
    """A reply and the answer that was expected of it."""

    response: str
    reference: str


class TrapRow(NamedTuple):
    """How far one score tells a sentence from another. `kind` is "changed" (one word, another meaning) or
    "paraphrase" (other words, the same meaning)."""

    language: str
    kind: str
    reference: str
    response: str
    bertscore: float
    f1: float


def normalised(text: str, language: str) -> str:
    """Text as SQuAD's official script compares it (English), or KorQuAD 1.0's (Korean).

    SQuAD lowers case and drops punctuation, articles and extra space; KorQuAD puts a space for quotation marks and
    brackets, lowers case, and drops punctuation and extra space. Sources: https://rajpurkar.github.io/SQuAD-explorer
    (evaluate-v1.1), https://korquad.github.io (evaluate-v1.0).

    Example:
        >>> normalised("The C2 level, in English!", "en")
        'c2 level in english'
    """
    if language == "ko":
        text = text.translate(_KORQUAD_MARKS).lower().translate(_PUNCTUATION)
    else:
        text = _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION))
    return " ".join(text.split())


def exact_match(response: str, reference: str, language: str) -> float:
    """1.0 where the normalised texts are equal, else 0.0."""
    return float(normalised(response, language) == normalised(reference, language))


def f1(response: str, reference: str, language: str) -> float:
    """SQuAD's F1 over words (English), KorQuAD's over characters without spaces (Korean).

    Example:
        >>> f1("She works at Quellhof.", "At Quellhof Energy.", "en")  # 2 words shared, of 4 and of 3
        0.5714285714285715
    """
    said, expected = (_units(normalised(text, language), language) for text in (response, reference))
    same = sum((Counter(said) & Counter(expected)).values())
    if not same:
        return 0.0
    precision, recall = same / len(said), same / len(expected)
    return 2 * precision * recall / (precision + recall)


def acc_char(response: str, reference: str, language: str) -> float:
    """Character accuracy, max(0, 1 - edit distance / length of the reference), as speech and OCR count it.

    Raises:
        ValueError: nothing of the reference is left when it is normalised.

    Example:
        >>> acc_char("99.57%", "99.52%", "en")
        0.75
    """
    from rapidfuzz.distance import Levenshtein

    said, expected = normalised(response, language), normalised(reference, language)
    if not expected:
        raise ValueError("nothing but punctuation is expected")
    return max(0.0, 1.0 - Levenshtein.distance(said, expected) / len(expected))


def bleu(response: str, reference: str, language: str) -> float:
    """Sentence BLEU in [0, 1] by sacreBLEU, with its exponential smoothing and effective order.

    Words of English are cut as 13a does (mteval's). Korean is cut into characters: its words carry particles, so
    word n-grams hardly ever agree, and the morphemes of ko-mecab need a dictionary that cannot be assumed here.
    """
    scorer = _bleu_scorer("char" if language == "ko" else "13a")
    return min(1.0, scorer.sentence_score(response, [reference]).score / 100)


def bertscores(pairs: Sequence[Pair]) -> list[float]:
    """BERTScore F1 of every pair, in one batched pass of the embedded multilingual-e5-small.

    Raw cosines, not rescaled to a baseline: unrelated sentences still score about 0.7, so a figure says something only
    beside another. Source: bert-score (https://github.com/Tiiiger/bert_score), Zhang et al. 2020.

    Returns: a figure in [0, 1] per pair, in order. Both texts of every pair must hold something.

    Raises:
        ModelError: the weights cannot be fetched or loaded.
    """
    if not pairs:
        return []
    from collections import defaultdict

    from bert_score.utils import bert_cos_score_idf

    model, tokenizer = _encoder()
    # As BERTScorer without idf: every token weighs the same, the two that frame a sentence nothing.
    weights = defaultdict(lambda: 1.0, {tokenizer.sep_token_id: 0.0, tokenizer.cls_token_id: 0.0})
    with _encoding:
        found = bert_cos_score_idf(
            model,
            [pair.reference for pair in pairs],
            [pair.response for pair in pairs],
            tokenizer,
            weights,
            device=str(model.device),
            batch_size=BATCH,
        )
    return [min(1.0, max(0.0, float(value))) for value in found[:, 2]]


def score_references(rows: Sequence[tuple[Case, Turn, Judgement | None]]) -> list[dict[str, Score]]:
    """The scores of many cases against their expected answers; BERTScore encodes all of them at once.

    Args:
        rows: case, the turn that answered it, and its judgement (which holds `context_recall`; None where the
            reply was not judged). A case without a reference gets no scores.

    Returns: for every row its context_recall, exact_match, f1, acc_char, bleu and bertscore by name. A metric that
        fails is unscored and says why. (Perplexity needs the generator: see the runner.)
    """
    made: list[dict[str, Score]] = [{} for _ in rows]
    pairs: dict[int, Pair] = {}
    for i, (case, turn, judgement) in enumerate(rows):
        if not case.reference.strip():
            continue
        made[i]["context_recall"] = _recall(case, judgement)
        reason, pair = _comparable(case, turn)
        if pair is None:
            made[i] |= {metric: Score(metric, None, "unscored", reason) for metric in TEXT_METRICS}
            continue
        pairs[i] = pair
        language = language_of(pair.reference)
        for metric, compute in (("exact_match", exact_match), ("f1", f1), ("acc_char", acc_char), ("bleu", bleu)):
            made[i][metric] = _scored(metric, compute, *pair, language)
    try:
        values: Sequence[float | None] = bertscores(list(pairs.values()))
        failure = ""
    except (UserError, RuntimeError, MemoryError, OSError, ValueError) as error:  # no model is a reason, no end
        log.exception("BERTScore failed")
        values, failure = [None] * len(pairs), f"BERTScore failed ({why(error)})"
    for i, value in zip(pairs, values, strict=True):
        good = value is not None and math.isfinite(value)
        made[i]["bertscore"] = (
            Score("bertscore", value, "scored")
            if good
            else Score("bertscore", None, "unscored", failure or "BERTScore gave no number")
        )
    return [{name: scores[name] for name in REFERENCE_METRICS if name in scores} for scores in made]


def reference_scores(
    case: Case, turn: Turn, judgement: Judgement | None, judge: Judge | None = None
) -> dict[str, Score]:
    """The scores of one case; see `score_references`.

    Args:
        judge: asked for `context_recall` where the judgement was made without the reference; None leaves it unscored.
    """
    if case.reference.strip() and judge is not None and (judgement is None or "context_recall" not in judgement.scores):
        judgement = judge_case(judge, case, turn)
    return score_references([(case, turn, judgement)])[0]


def judge_case(judge: Judge, case: Case, turn: Turn) -> Judgement:
    """The judge on one reply, with the claims of the expected answer in the same pass (for context recall).

    A refusal claims nothing that a passage could hold, so it is not shown as a reference.
    """
    from judge.service import passage

    reference = case.reference.strip()
    return judge_turn(
        judge,
        turn.standalone_question or turn.user_input,
        turn.response,
        [passage(found) for found in turn.retrieved_contexts],
        reference if reference and not is_declined(reference) else None,
    )


def semantic_trap() -> list[TrapRow]:
    """Measured: one small word turns the meaning, and BERTScore hardly moves.

    "She can use Python" and "She can only use Python" differ by everything else she can use; a harmless paraphrase
    often scores lower than this change. Rows for both languages, computed now with the embedded encoder.

    Raises:
        ModelError: the weights cannot be fetched or loaded.
    """
    rows = [
        (language, kind, reference, response)
        for language, (reference, changed, paraphrase) in TRAP.items()
        for kind, response in (("changed", changed), ("paraphrase", paraphrase))
    ]
    values = bertscores([Pair(response, reference) for _, _, reference, response in rows])
    return [
        TrapRow(language, kind, reference, response, value, f1(response, reference, language))
        for (language, kind, reference, response), value in zip(rows, values, strict=True)
    ]


# ------------------------------------------------------------------ inside

_encoding = threading.Lock()  # one pass keeps the cores busy already
_bleu_scorers: dict[str, object] = {}
_loaded: list[tuple] = []


def _units(text: str, language: str) -> list[str]:
    return [character for character in text if character != " "] if language == "ko" else text.split()


def _bleu_scorer(tokenizer: str):
    from sacrebleu.metrics import BLEU

    if tokenizer not in _bleu_scorers:
        _bleu_scorers[tokenizer] = BLEU(tokenize=tokenizer, effective_order=True)
    return _bleu_scorers[tokenizer]


def _encoder() -> tuple:
    """The encoder in float32 and its tokenizer, loaded once.

    Loaded here rather than by BERTScorer, which reads the kind of a model off its path: a cache below any folder with
    "t5" in its name would be taken for a T5.
    """
    with _encoding:
        if not _loaded:
            import torch
            from transformers import AutoTokenizer, BertModel

            from rag.models import embedded_weights, quiet_transformers

            folder = embedded_weights("encoder")
            with quiet_transformers():
                tokenizer = AutoTokenizer.from_pretrained(folder)
                model = BertModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).eval()
            model.encoder.layer = model.encoder.layer[:LAYER]
            tokenizer.model_max_length = min(tokenizer.model_max_length, model.config.max_position_embeddings)
            _loaded.append((model.to("cuda" if torch.cuda.is_available() else "cpu"), tokenizer))
    return _loaded[0]


def _comparable(case: Case, turn: Turn) -> tuple[str, Pair | None]:
    """The two texts, or why they cannot be compared."""
    if is_declined(case.reference):
        return REFUSAL, None
    pair = Pair(plain(clean(turn.response)), plain(clean(case.reference)))
    if not pair.response:
        return "the reply is empty", None
    if not normalised(pair.reference, language_of(pair.reference)):
        return "nothing but punctuation is expected", None
    longest = max(map(len, pair))
    if longest > MAX_CHARS:
        return f"a text of {longest:,} characters is too long to compare; at most {MAX_CHARS:,}", None
    return "", pair


def _recall(case: Case, judgement: Judgement | None) -> Score:
    if is_declined(case.reference):
        return Score("context_recall", None, "unscored", REFUSAL)
    if judgement is None:
        return Score("context_recall", None, "unscored", "the reply was not judged")
    if "context_recall" not in judgement.scores:
        return Score("context_recall", None, "unscored", "the reply was judged without the expected answer")
    return judgement.scores["context_recall"]


def _scored(metric: str, compute: Callable[..., float], response: str, reference: str, language: str) -> Score:
    try:
        value = compute(response, reference, language)
    except ValueError as error:
        return Score(metric, None, "unscored", why(error))
    return Score(metric, value, "scored")
