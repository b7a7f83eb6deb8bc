"""Fits the combiner: the calibrated sum of all signals, on rows the network has not seen.

The features of the rows take most of the time; they are kept in the checkpoint folder and gone on with after a stop.
"""

from __future__ import annotations

import logging
import random
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from judge import features, guard
from judge.combiner import AGAIN, Combiner, Logistic, Supported, sigmoid
from judge.encoder import LLAMA, READER, RELEVANCE, EncoderJudge, likeliest
from judge.service import passage_of
from judge.training import resumes, written
from judge.training.calibration import calibration
from judge.training.data import DECLINES, HUMAN, NLI, Source, human_row, read
from judge.training.rows import Row

log = logging.getLogger(__name__)
PER_SOURCE, MADE_RESUME, MADE_PASSAGE, MADE_PARAPHRASED, PAIRS, WRITTEN_PAIRS, CROSSED_PAIRS = 60, 120, 80, 120, 120, 600, 600
# Written claims about written resumes are closest to what is judged, then made-up ones, then other people's.
SHARES = {"written": 0.6, "made": 0.2, "human": 0.2}
# Shares of supported written claims that may be called "not sure" or worse, and "not found" or worse.
FALSE_ALARMS, FALSE_REFUSALS = 0.10, 0.04
RELEVANT_LOST = 0.15  # share of the passages that answer a written question that may count as not relevant
FALSE_MISSED = 0.10  # share of the questions that nothing answers whose refusal may be called missed
FOLDS = 5
PASSAGES = 4  # of a resume that are looked at for it: those most likely to answer, as retrieval finds them
FALSE_CONTRADICTIONS = 0.05  # share of supported claims that may be called contradicted
# Lengths and the language say more about the source of a row than about the claim: the regression goes without them.
UNWEIGHED = ("numbers", "claim_words", "passage_words")
_FOR = (
    "word_recall", "word_recall_rare", "gram_recall", "entry_recall", "align", "align_rare", "weakest", "weakest3", "align_entry",
    "weakest_entry", "cosine", "order_kept", "read_supported", "read",
)  # fmt: skip
_AGAINST = (
    "entry_gap", "elsewhere", "other_employer", "align_entry_gap", "numbers_missing", "dates_missing", "names_missing",
    "contacts_missing", "facts_apart", "negation", "exclusive", "contrast", "reversed", "unfinished", "unfinished_near", "status",
    "roles", "order_broken", "read_contradicted", "read_not_found", "wrong_max", "wrong_mean3",
)  # fmt: skip
SIGNS = dict.fromkeys(_FOR, 1) | dict.fromkeys(_AGAINST, -1)
# What a rule that fires is worth before any row is seen, in log-odds: some are rare in the rows, and clear all the same.
PRIOR = dict.fromkeys(
    ("other_employer", "numbers_missing", "dates_missing", "contacts_missing", "contrast", "reversed", "unfinished", "status", "roles", "exclusive"), -4.0
) | {"names_missing": -2.0, "facts_apart": -1.0, "negation": -1.0, "unfinished_near": -1.0}  # fmt: skip
_BOUNDS = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
STRENGTH = 0.05  # of the regularisation (scikit-learn's C); at 0.02 the written claims lose .007 of AUC, at 0.1 benchmarks/claims_dev .02


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with its passages; rows of one `group` are never fitted and measured on together."""

    question: str
    claim: str
    chunks: list[str]
    label: str
    source: str
    group: str


def support_rows(folder: Path, seed: int, source: Source | None = None) -> list[ClaimRow]:
    """Claims the network was not trained on."""
    rng = random.Random(seed + 1000)
    source = source or Source(folder, reserved=True)
    rows = []
    for name in HUMAN:
        chosen = []
        keep = {(r.first, r.second) for r in source.human[name]}
        for row in read(folder, name):
            made = human_row(row, name)
            if (made.first, made.second) not in keep:
                continue
            if "premise" in row:
                chunks, label, claim = [row["premise"]], NLI[row["label"]], row["hypothesis"]
            else:
                chunks, label, claim = [c[:1000] for c in row["context"][:4]], row["label"], row["claim"]
            chosen.append(ClaimRow(row.get("question") or "", claim, chunks, label, name, max(chunks, key=len)))
        rows += rng.sample(chosen, min(PER_SOURCE, len(chosen)))
    for language in ("en", "ko"):
        for person, claim, chunks, label in written.cases(rng, language):
            rows.append(ClaimRow("", claim, chunks, label, f"written_{language}", person))

    def beside(evidence: str) -> list[str]:
        """As retrieved, half of the time: with another passage."""
        others = [e.evidence for e in resumes.examples(rng, 1)][:1] if rng.random() < 0.5 else []
        return rng.sample([evidence, *others], 1 + len(others))

    def take(count: int, draw: Callable[[], list[ClaimRow]]) -> None:
        had = len(rows)
        while len(rows) < had + count:
            rows.extend(draw())

    take(
        MADE_RESUME,
        lambda: [
            ClaimRow(m.question, m.claim, beside(m.evidence), m.label, f"resume_{m.lang}", m.evidence)
            for m in resumes.examples(rng, 5, source.passages.names)
        ],
    )
    take(
        MADE_PARAPHRASED,
        lambda: [ClaimRow("", m.first, beside(m.second), m.target, m.source, m.second) for m in source.paraphrased(rng)],
    )
    take(
        MADE_PASSAGE,
        lambda: [ClaimRow("", m.first, [m.second], m.target, m.source, m.second) for m in source.passages.support(rng, 4)],
    )
    return rows


def support_table(judge: EncoderJudge, rows: Sequence[ClaimRow], part: Path | None = None) -> np.ndarray:
    """(R, PASSAGES + 1, F + 2 + len(AGAIN)): of every row's claim the features with each of its passages and, last, with all of them together;
    then the share of it that the reader read, what the guard makes of it (Note.barred), and what the Llama says of the claim (the same
    in all rows). `part` keeps what is done, every 100 rows."""
    made: list[np.ndarray] = []
    if part and part.exists():
        made = list(np.load(part, allow_pickle=False))
        log.info("%d rows are done already", len(made))
    for i in range(len(made), len(rows)):
        [table], [notes], [read], [again] = judge.claim_features(rows[i].question, [rows[i].claim], rows[i].chunks)
        row = np.zeros((PASSAGES + 1, table.shape[1] + 2 + len(AGAIN)), np.float32)
        there = np.column_stack([table, read, [note.barred for note in notes], np.tile(again, (len(table), 1))])
        row[: len(there) - 1], row[-1] = there[:-1], there[-1]
        made.append(row)
        if part and i % 100 == 99:
            np.save(part, np.array(made))
        if i % 300 == 299:
            log.info("features of %d of %d rows", i + 1, len(rows))
    return np.array(made)


def pair_rows(source: Source, task: str, seed: int) -> list[Row]:
    """Held-out rows of the relevance or answers question: other people's, then those of written resumes."""
    rng = random.Random(seed + 2000)
    human = source.relevant if task == "relevant" else source.answers
    rows = rng.sample(human, min(PAIRS, len(human)))
    while len(rows) < PAIRS + WRITTEN_PAIRS:
        language = rng.choice(("en", "ko"))
        if task == "relevant":
            rows += written.relevance_rows(rng, language, True, 8)
        else:
            rows += written.answer_rows(rng, language, True, lambda lang: rng.choice(DECLINES[lang]), 8)
    return rows


def crossed_models(judge: EncoderJudge, seed: int) -> dict[str, Logistic]:
    """The models of the relevance and the answers question where the texts are in two languages, fitted on written resumes kept from training."""
    rng, rows, made = random.Random(seed + 4000), [], {}
    while len(rows) < 2 * CROSSED_PAIRS:
        rows += written.crossed_rows(rng, rng.choice(("en", "ko")), True, 8)
    for task, names in (("relevant", ("answers_line",)), ("answers", judge.answer_names)):
        own = [row for row in rows if row.task == task]
        x = pair_table(judge, own)
        made[task], p, goal, _ = fit_pairs(names, x, own)
        as_before = getattr(judge.combiner, task)(x) if judge.combiner else np.full(len(own), np.nan)
        log.info("%s across languages: at %.3f of those that hold and %.3f of the others P is at least a half (uncrossed %.3f and %.3f)", task, *((each[goal == kind] >= 0.5).mean() for each in (p, as_before) for kind in (1, 0)))
    return made


def pair_table(judge: EncoderJudge, rows: Sequence[Row]) -> np.ndarray:
    """Features (R, F) of question and chunk, or question and reply."""
    return np.array(
        [
            judge.relevance_features(row.first, [row.second])[0] if row.task == "relevant" else judge.answer_features(row.first, row.second)
            for row in rows
        ]
    )


def whole_questions(judge: EncoderJudge, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Every question about the resumes kept from training: features (Q, PASSAGES, F) of its likeliest passages, and
    whether the resume answers it (Q,)."""
    rng, made, answered = random.Random(seed + 3000), [], []
    for row in (*written.resumes("en", held_out=True), *written.resumes("ko", held_out=True)):
        resume = written.swapped(rng, row)
        texts = [passage_of(chunk) for chunk in resume.chunks]
        for ask in resume.asks:
            x = judge.relevance_features(ask.question, texts)
            likely = np.argsort(-x[:, 0], kind="stable")[:PASSAGES]
            made.append(x[np.resize(likely, PASSAGES)])
            answered.append(ask.answer is not None)
    return np.array(made), np.array(answered)


def logistic(
    names: Sequence[str], x: np.ndarray, y: np.ndarray, weight: np.ndarray, use: Sequence[str] = (), signs: bool = True
) -> Logistic:
    """An L2-regularised, weighted logistic regression on standardised features; those not in `use` (if given) weigh 0.

    With `signs`, a signal may only speak for the side it was made for (SIGNS), and weights are drawn to PRIOR instead of 0:
    otherwise two near copies of a signal get large weights of opposite signs, which fit the rows and fail elsewhere.
    """
    from scipy.optimize import minimize

    mean, scale = x.mean(0), x.std(0)
    scale = np.where(scale < 1e-6, 1.0, scale)
    z = (x - mean) / scale
    bounds = [(0.0, 0.0) if use and n not in use else _BOUNDS[SIGNS.get(n, 0) if signs else 0] for n in names]

    prior = np.array([PRIOR.get(n, 0.0) if signs and (not use or n in use) else 0.0 for n in names]) * scale

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logit = z @ w[:-1] + w[-1]
        off = weight * (sigmoid(logit) - y)
        beside = w[:-1] - prior
        value = float((weight * (np.logaddexp(0, logit) - y * logit)).sum() + beside @ beside / (2 * STRENGTH))
        return value, np.append(off @ z + beside / STRENGTH, off.sum())

    fitted = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    return Logistic(tuple(names), mean, scale, fitted.x[:-1], float(fitted.x[-1]))


def platt(logit: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[tuple[float, float], ...]:
    """Platt's scaling of held-out logits, as points of a curve."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(logit[:, None], y, sample_weight=weight)
    grid = np.linspace(-8, 8, 65)
    return tuple((float(z), float(p)) for z, p in zip(grid, fitted.predict_proba(grid[:, None])[:, 1], strict=True))


def share_of(source: str) -> str:
    """Which of SHARES a source belongs to."""
    return "human" if source in HUMAN else "written" if source.startswith("written_") else "made"


def weights_of(sources: Sequence[str]) -> np.ndarray:
    """Row weights with mean 1: each kind of source has its share; within it they are even, human ones by their HUMAN weight."""
    count = Counter(sources)
    total = Counter()
    for source in count:
        total[share_of(source)] += HUMAN.get(source, 1.0)
    there = sum(SHARES[kind] for kind in total)
    value = {s: SHARES[share_of(s)] / there * HUMAN.get(s, 1.0) / total[share_of(s)] / n for s, n in count.items()}
    return np.array([value[s] for s in sources]) * len(sources)


def folds_of(groups: Sequence[str]) -> np.ndarray:
    """(R,): the fold of every row, the same for all of a group."""
    return np.array([zlib.crc32(group.encode()) % FOLDS for group in groups])


def out_of_fold(make: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]], x: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Values for every row from a model fitted without it and without the rows of its group."""
    fold = folds_of(groups)
    made = np.zeros(len(x))
    for k in range(FOLDS):
        made[fold == k] = make(fold != k)(x[fold == k])
    return made


def fit_supported(
    names: Sequence[str], x: np.ndarray, y: np.ndarray, weight: np.ndarray, fold: np.ndarray
) -> tuple[Supported, dict[int, Supported], np.ndarray]:
    """The model of P(supported), by fold those fitted without its rows, and what these say of every row, calibrated."""
    use = [n for n in names if n not in UNWEIGHED]
    without = {k: logistic(names, x[fold != k], y[fold != k], weight[fold != k], use) for k in range(FOLDS)}
    held_out = np.zeros(len(x))
    for k, model in without.items():
        held_out[fold == k] = model.logit(x[fold == k])
    points = platt(held_out, y, weight)
    others = {k: Supported(model, points) for k, model in without.items()}
    return Supported(logistic(names, x, y, weight, use), points), others, np.interp(held_out, *zip(*points, strict=True))


def fit_pairs(names: Sequence[str], x: np.ndarray, rows: Sequence[Row]) -> tuple[Logistic, np.ndarray, np.ndarray, np.ndarray]:
    """The model of a task of two texts on the rows that are sure; of those its held-out probabilities, whether they hold, and
    whether they are of a written resume, each (R,)."""
    from sklearn.metrics import roc_auc_score

    target = np.array([float(row.target) for row in rows])
    sure = target != 0.5
    kept = [row for row, keep in zip(rows, sure, strict=True) if keep]
    x, goal = x[sure], (target[sure] > 0.5).astype(int)

    def fitted(keep: np.ndarray) -> Logistic:
        return logistic(names, x[keep], goal[keep], np.ones(keep.sum()), signs=False)

    held_out = out_of_fold(fitted, x, [row.first for row in kept])
    ours = np.array([row.source.startswith("written_") for row in kept])
    for name, which in (("others'", ~ours), ("written", ours)):
        if which.any():
            log.info("held-out AUC %-45s %.3f  (n=%d)", f"{rows[0].task} {name}", roc_auc_score(goal[which], held_out[which]), which.sum())
    return fitted(np.ones(len(x), bool)), held_out, goal, ours


def relevance_thresholds(p: np.ndarray, goal: np.ndarray, best: np.ndarray, answered: np.ndarray) -> tuple[float, float]:
    """From which P(relevant) on a passage counts as relevant, and from which a refusal is called missed.

    Args:
        p, goal: (R,) of passages: their P(relevant), and whether they are.
        best, answered: (Q,) of whole questions: P(relevant) of the likeliest passage, and whether any passage answers.
    """
    from sklearn.metrics import roc_auc_score

    relevant = float(np.quantile(p[goal == 1], RELEVANT_LOST))
    log.info("from %.3f on a passage is relevant: %.3f of the other passages are", relevant, (p[goal == 0] >= relevant).mean())
    missed = max(relevant, float(np.quantile(best[~answered], 1 - FALSE_MISSED)))
    log.info(
        "held-out AUC of whether anything answers %.3f (n=%d); from %.3f on a refusal is called missed: %.3f of the right ones, %.3f of the wrong ones",
        roc_auc_score(answered, best), len(answered), missed, (best[~answered] >= missed).mean(), (best[answered] >= missed).mean(),
    )  # fmt: skip
    return relevant, missed


def fit(data: Path, out: Path, threads: int, seed: int, tables: Path | None = None) -> None:
    """Fit all models on `data` and write `out`/combiner.json.

    Args:
        tables: a folder that keeps the features between fits; they are made again when the rows, the signals or the
            reader change.
    """
    from sklearn.metrics import roc_auc_score

    from rag.models import embedded_weights

    judge = EncoderJudge(embedded_weights("encoder"), out, threads, embedded_weights("generator"), untrained=True)
    source = Source(data, reserved=True)
    rows = support_rows(data, seed, source)
    pairs = {task: pair_rows(source, task, seed) for task in ("relevant", "answers")}
    names = judge.feature_names
    weights = [out / READER, out / LLAMA, *sorted((out / RELEVANCE).glob("*.safetensors"))]
    about = repr((rows, [(r.first, r.second) for some in pairs.values() for r in some], names)).encode()
    code = [Path(module.__file__) for module in (features, guard)]
    key = f"{zlib.crc32(about + b''.join(path.read_bytes() for path in (*weights, *code) if path.exists())):08x}"
    kept = tables / f"features-{key}.npz" if tables else None
    if kept and kept.exists():
        with np.load(kept, allow_pickle=False) as file:
            every, px = file["support"], {t: file[t] for t in pairs}
            whole, answered = file["whole"], file["answered"]
    else:
        every = support_table(judge, rows, tables / f"features-{key}.part.npy" if tables else None)
        px = {task: pair_table(judge, pairs[task]) for task in pairs}
        whole, answered = whole_questions(judge, seed)
        if kept:
            np.savez(kept, support=every, whole=whole, answered=answered, **px)
    x = every[:, -1, : len(names)].astype(np.float64)
    labels = np.array([r.label for r in rows])
    sources = [r.source for r in rows]
    groups = [r.group for r in rows]
    y = (labels == "supported").astype(int)
    w = weights_of(sources)
    fold = folds_of(groups)
    supported, supported_without, p = fit_supported(names, x, y, w, fold)
    for name in sorted(set(sources)):
        rows_of = np.array([s == name for s in sources])
        if 0 < y[rows_of].sum() < rows_of.sum():
            log.info("held-out AUC %-45s %.3f  (n=%d)", name, roc_auc_score(y[rows_of], p[rows_of]), rows_of.sum())
    like_replies = np.array([s.startswith("written_") for s in sources])
    answers, *_ = fit_pairs(judge.answer_names, px["answers"], pairs["answers"])
    relevant, q, goal, ours = fit_pairs(("answers_line",), px["relevant"], pairs["relevant"])
    from_relevant, from_missed = relevance_thresholds(q[ours], goal[ours], relevant(whole).max(1), answered)
    cheap = len(features.NAMES)
    use = [n for n in names if n not in UNWEIGHED]
    known = np.isin(labels, ("contradicted", "not_found"))

    def combined(supported: Supported, keep: np.ndarray) -> Combiner:
        """The combiner of claims fitted on the rows to `keep`, as `supported` was, with verdicts as they come."""
        told = keep & known
        return Combiner(
            supported=supported,
            contradicted=logistic(names, x[told], (labels[told] == "contradicted").astype(int), w[told], use, signs=False),
            without_reader=logistic(names[:cheap], x[keep, :cheap], y[keep], w[keep], use),
            relevant=relevant, answers=answers, verdict=(1.0, 0.0, 0.0),
            thresholds={"relevant": round(from_relevant, 4), "missed": round(from_missed, 4)},
        )  # fmt: skip

    others = {k: combined(model, fold != k) for k, model in supported_without.items()}
    combiner = verdicts(judge, combined(supported, np.ones(len(x), bool)), others, fold[like_replies], every[like_replies], y[like_replies] == 1)
    combiner = replace(combiner, crossed=crossed_models(judge, seed))
    combiner.save(out / "combiner.json")
    log.info("thresholds %s", combiner.thresholds)


def verdicts(
    judge: EncoderJudge, combiner: Combiner, others: Mapping[int, Combiner], fold: np.ndarray, every: np.ndarray, true: np.ndarray
) -> Combiner:
    """`combiner` with the weights of verdicts and the thresholds: from which P(supported) a claim is supported, under which it is not
    found, and from which P(contradicted) it is contradicted.

    They are chosen on claims that the weights of the cells were not fitted on. A claim of which the guard misses more than a small count
    is at best unsure whatever they are.

    Args:
        others: by fold, the combiner that was fitted without its rows.
        fold: (R,) of each row.
        every: of `support_table`.
        true: (R,) which claims are supported.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    count = every.shape[-1] - 2 - len(AGAIN)
    table, read, barred, again = every[..., :count].astype(np.float64), every[..., count], every[..., count + 1], every[:, -1, count + 2 :].astype(np.float64)
    there = (read > 0) | (np.arange(read.shape[1]) == read.shape[1] - 1)  # not the columns of passages that a row lacks
    odds = np.zeros((len(true), 2))
    for k, other in others.items():
        own = fold == k
        judge.combiner = other
        cells = judge.odds(table[own], read[own])
        odds[own] = np.column_stack([cells[:, -1], likeliest(cells, there[own])])
    plain, twice = barred[:, -1] == 0, ~np.isnan(again[:, 0])

    def weights(x: np.ndarray, rows: np.ndarray) -> tuple[float, ...]:
        made = LogisticRegression(C=1e6).fit(x[rows], true[rows])
        return tuple(round(float(v), 5) for v in (*made.coef_[0], made.intercept_[0]))

    # Claims that are read once more have weights of their own, in which the first reading counts for less.
    both = np.column_stack([odds, again])
    verdict, read_again = weights(odds, plain), weights(both, plain & twice) if twice.any() else ()
    apart = {k: weights(both, plain & twice & (fold != k)) if twice.any() else () for k in others}

    def weighed(not_found: float, supported: float) -> tuple[np.ndarray, np.ndarray]:
        """P(supported) and P(contradicted) of every claim, with these thresholds."""
        made = np.zeros((2, len(true)))
        for k, other in others.items():
            own = fold == k
            judge.combiner, judge.not_found_threshold, judge.supported_threshold = replace(other, verdict=verdict, read_again=apart[k]), not_found, supported
            made[:, own] = [np.where(there[own], values, 0.0).max(1) for values in judge.weigh(table[own], read[own], barred[own], again=again[own])]
        return made[0], made[1]

    p, against = weighed(0.0, 0.0)  # without thresholds, what is barred or spoken against comes last
    found = {
        "supported": float(np.quantile(p[true], FALSE_ALARMS)),
        "not_found": float(np.quantile(p[true & (p > 0)], FALSE_REFUSALS)),
        "contradicted": max(0.2, float(np.quantile(against[true], 1 - FALSE_CONTRADICTIONS))),
    }
    found["not_found"] = min(found["not_found"], found["supported"])
    p, _ = weighed(found["not_found"], found["supported"])
    korean = table[:, -1, judge.feature_names.index("korean")] > 0
    log.info("verdicts: %.3f times the log-odds by all passages together, %.3f by the likeliest alone, %.3f", *verdict)
    log.info("of claims read once more: %s", read_again)
    for language, which in (("en", ~korean), ("ko", korean)):
        error = calibration(true[which], p[which])
        log.info("the judge as a whole on written claims, %s: AUC %.3f, Brier %.3f, ECE %.3f", language, roc_auc_score(true[which], p[which]), error["brier"], error["ece"])
    log.info(
        "of the unsupported written claims %.3f are not passed where %.3f of the supported are not, %.3f refused where %.3f are",
        (p[~true] < found["supported"]).mean(), (p[true] < found["supported"]).mean(), (p[~true] < found["not_found"]).mean(), (p[true] < found["not_found"]).mean(),
    )  # fmt: skip
    return replace(combiner, verdict=verdict, read_again=read_again, thresholds=combiner.thresholds | {name: round(value, 4) for name, value in found.items()})
