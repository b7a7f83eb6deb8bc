"""`python -m benchmarks.judge`: how well claims are judged, against the simplest rows that might do as well.

For each source the area under the ROC curve (supported against not) and balanced accuracy, with 95 % bootstrap
intervals over the rows; Brier score, expected calibration error and the reliability curve of P(supported). The judge is
counted at its own threshold, each row of the yardstick at the threshold that is best for it on these very rows, which
flatters it. The yardstick: the share of the claim's words found in the passages, BERTScore recall on the same encoder,
the weakest token's best match, the cosine of mean vectors, a logistic regression on all signals but the reader's, and
with --ask SmolLM2-135M asked "is this supported?" (its logits of yes and no; slow). Resume claims were written by hand
by somebody who did not train the judge.

Then average precision of the relevance verdicts on human-judged passages, rank correlation with human ratings of whole
replies, and the time of one turn.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import numpy as np

from judge import features
from judge.claims import split_claims
from judge.encoder import SHARED, EncoderJudge
from judge.features import TextCode
from judge.text import statement
from judge.training.calibration import calibration
from settings import PROJECT, Settings

RESULTS = PROJECT / "benchmarks" / "results" / "judge.json"
NLI = {"entailment": "supported", "contradiction": "contradicted", "neutral": "not_found"}
DEVELOPMENT = (
    "faithfulness_mtrag_en_dev", "faithfulness_wice_oracle_en_dev", "faithfulness_factcheckgpt_en_dev", "faithfulness_q2_wow_en_dev",
    "faithfulness_faithdial_audit_en_dev", "faithfulness_begin_en_dev", "nli_klue_ko_dev", "faithfulness_kobest_boolq_ko_dev",
    "faithfulness_derived_belebele_ko_dev",
)  # fmt: skip
SIGNALS = {"word overlap": "word_recall", "BERTScore recall": "align", "weakest token": "weakest", "cosine": "cosine"}
YARDSTICK = (*SIGNALS, "cheap features")
ASKED = "SmolLM2 asked"
ROUNDS = 1000
LONG = 200  # characters; a longer claim is a whole reply


def auc(truth: np.ndarray, score: np.ndarray) -> float:
    """Probability that a supported claim scores above another (ties half); NaN-free: needs both kinds."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, score))


def balanced(truth: np.ndarray, said: np.ndarray) -> float:
    """Mean of the share of supported claims let pass and of the others stopped."""
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def interval(
    measure: Callable[[np.ndarray], float], truth: np.ndarray, rng: np.random.Generator
) -> tuple[float, float]:
    """95 % bootstrap interval of `measure(row numbers)`, supported and other rows drawn apart."""
    yes, no = np.flatnonzero(truth), np.flatnonzero(~truth)
    made = [measure(np.concatenate([rng.choice(yes, len(yes)), rng.choice(no, len(no))])) for _ in range(ROUNDS)]
    return tuple(round(float(v), 3) for v in np.quantile(made, (0.025, 0.975)))


def best_balanced(truth: np.ndarray, score: np.ndarray) -> float:
    """The highest balanced accuracy any threshold reaches on these rows."""
    from sklearn.metrics import roc_curve

    false, true, _ = roc_curve(truth, score)
    return float(((1 - false) + true).max() / 2)


def load(path: Path) -> list[dict]:
    """Rows as {question, claim, context, label, kind}."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "premise" in row:
            row |= {"claim": row["hypothesis"], "context": [row["premise"]], "label": NLI[row["label"]]}
        rows.append(row)
    return rows


class LastLayer:
    """What BERTScore and cosine would say by e5's last layer, where they are at their best; the judge aligns an earlier one."""

    def __init__(self) -> None:
        import torch
        from transformers import BertModel

        from rag.models import embedded_weights

        base = BertModel.from_pretrained(embedded_weights("encoder"), dtype=torch.float32, add_pooling_layer=False).eval()
        self._layers = base.encoder.layer[SHARED:]

    def __call__(self, code: TextCode) -> TextCode:
        """The same text with vectors of that layer."""
        import torch

        from rag.joint import through

        with torch.inference_mode():
            states = [through(self._layers, each[None].float(), torch.ones(1, len(each)))[0].numpy() for each in code.windows]
        vectors, mean = features.unit_vectors(states, code.offset)
        return replace(code, vectors=vectors, mean=mean)


@cache
def last_layer() -> LastLayer:
    """One for all sources."""
    return LastLayer()


def judge_rows(judge: EncoderJudge, rows: Sequence[dict]) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """P(supported) and P(contradicted) of every claim against all its passages, and the yardstick's scores.

    A row that is a whole reply is judged as in the product: split into claims, whose mean is the score.
    """
    supported, contradicted = np.zeros(len(rows)), np.zeros(len(rows))
    plain = {name: np.zeros(len(rows)) for name in YARDSTICK}
    last = last_layer()
    for i, row in enumerate(rows):
        question, context = row.get("question") or "", [c for c in row["context"] if c.strip()][:8]
        claims = [c.text for c in split_claims(row["claim"], question)] if len(row["claim"]) > LONG else []
        made = judge.matrix(question, row["claim"], claims or [row["claim"]], context)
        supported[i], contradicted[i] = made.p_supported[:, -1].mean(), made.p_contradicted[:, -1].mean()
        [claim] = judge.encode([statement(question, row["claim"])], "first")
        passages = judge.encode(context, "second")
        plain["cheap features"][i] = float(judge.combiner.without_reader(features.cell_features(claim, passages, question=question)))
        table = features.cell_features(last(claim), [last(passage) for passage in passages], question=question)
        for name, feature in SIGNALS.items():
            plain[name][i] = table[features.NAMES.index(feature)]
    return supported, contradicted, plain


class Asked:
    """SmolLM2-135M-Instruct, asked whether a claim is supported: the logit of "Yes" minus that of "No"."""

    def __init__(self) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        from rag.models import embedded_weights

        folder = embedded_weights("generator")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder).eval()
        self.yes, self.no = (self.tokenizer(word, add_special_tokens=False)["input_ids"][0] for word in ("Yes", "No"))

    def __call__(self, row: dict) -> float:
        import torch

        text = "\n\n".join(row["context"])[:4000]
        asked = f"{text}\n\nClaim: {statement(row.get('question') or '', row['claim'])}\n\nIs this claim supported by the text above? Answer Yes or No."
        ids = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": asked}], add_generation_prompt=True, return_tensors="pt", return_dict=True
        )["input_ids"]
        with torch.inference_mode():
            logits = self.model(ids[:, -1800:]).logits[0, -1]
        return float(logits[self.yes] - logits[self.no])


def measure(judge: EncoderJudge, rows: Sequence[dict], asked: Asked | None = None) -> dict:
    """All figures of one source."""
    rng = np.random.default_rng(0)
    supported, contradicted, plain = judge_rows(judge, rows)
    if asked is not None:
        plain[ASKED] = np.array([asked(row) for row in rows])
    truth = np.array([r["label"] == "supported" for r in rows])
    scores = {"judge": supported, **plain}
    made: dict = {"rows": len(rows), "supported": int(truth.sum())}
    for name, score in scores.items():
        low, high = interval(lambda at, s=score: auc(truth[at], s[at]), truth, rng)
        made[name] = {"auc": round(auc(truth, score), 3), "auc_95": [low, high]}
        if name != "judge":
            low, high = interval(lambda at, s=score: best_balanced(truth[at], s[at]), truth, rng)
            made[name] |= {"balanced_accuracy": round(best_balanced(truth, score), 3), "balanced_accuracy_95": [low, high]}
    said = supported >= judge.supported_threshold
    low, high = interval(lambda at: balanced(truth[at], said[at]), truth, rng)
    made["judge"] |= {"balanced_accuracy": round(balanced(truth, said), 3), "balanced_accuracy_95": [low, high]}
    made["calibration"] = calibration(truth, supported)
    refused = supported < judge.not_found_threshold
    made["false_alarms"] = round(float((~said[truth]).mean()), 3)  # not called supported
    made["false_refusals"] = round(float(refused[truth].mean()), 3)  # called not found or contradicted
    made["unsupported_caught"] = round(float((~said[~truth]).mean()), 3)
    wrong = np.array([r["label"] == "contradicted" for r in rows])
    if wrong.any():
        called = refused & (contradicted >= judge.contradicted_threshold)
        made["contradicted_not_passed"] = round(float((~said[wrong]).mean()), 3)
        made["contradicted_refused"] = round(float(refused[wrong].mean()), 3)
        made["contradicted_called_so"] = round(float(called[wrong].mean()), 3)
        made["supported_called_contradicted"] = round(float(called[truth].mean()), 3)
    kinds: dict[str, list[bool]] = {}
    for row, passed in zip(rows, said, strict=True):
        if row.get("kind"):
            kinds.setdefault(f"{row['label']}: {row['kind']}", []).append(bool(passed) == (row["label"] == "supported"))
    if kinds:
        made["right_by_kind"] = {k: f"{sum(v)}/{len(v)}" for k, v in sorted(kinds.items())}
    return made


def ratings(judge: EncoderJudge, data: Path, limit: int) -> dict:
    """Spearman's correlation of the scores of whole replies with human ratings from 1 to 4, with bootstrap intervals."""
    from scipy.stats import spearmanr

    from judge.scoring import judge_turn

    passages = {row["pid"]: row["text"] for row in load(data / "corpus_mtrag_en.jsonl")}
    rows = [row for row in load(data / "answerquality_mtrag_en_dev.jsonl") if row["context_ids"]]
    rows = random.Random(1).sample(rows, min(limit, len(rows)))
    pairs: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in rows:
        contexts = [passages[pid] for pid in dict.fromkeys(row["context_ids"])][:6]
        scores = judge_turn(judge, row["question"], row["response"], contexts).scores
        for metric, rating in (("faithfulness", "faithfulness"), ("answer_relevancy", "appropriateness")):
            if scores[metric].value is not None:
                pairs.setdefault((metric, rating), []).append((scores[metric].value, row["human_scores"][rating]))
    rng, made = np.random.default_rng(0), {}
    for (metric, rating), values in pairs.items():
        table = np.array(values)
        drawn = [spearmanr(*table[rng.integers(0, len(table), len(table))].T).statistic for _ in range(ROUNDS)]
        low, high = np.nanquantile(drawn, (0.025, 0.975))
        made[f"{metric} with human {rating}"] = {
            "spearman": round(float(spearmanr(*table.T).statistic), 3),
            "spearman_95": [round(float(low), 3), round(float(high), 3)],
            "replies": len(table),
        }
    return made


def average_precision(judge: EncoderJudge, rows: Sequence[dict]) -> dict:
    """How p_relevant ranks the human-judged passages of a question, against the encoder's cosine and chance."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    rng = random.Random(0)
    precision: dict[str, list[float]] = {"judge": [], "cosine": [], "shuffled": []}
    truth, score, last = [], [], last_layer()
    for row in rows:
        if not row["positive"] or not row["negatives"]:
            continue
        texts = [(t, 1) for t in row["positive"]] + [(t, 0) for t in row["negatives"]]
        labels = [label for _, label in texts]
        p = judge.matrix(row["query"], "", [], [t[:1500] for t, _ in texts]).p_relevant
        asked = last(judge.encode([row["query"]], "first")[0])
        near = [float(asked.mean @ last(code).mean) for code in judge.encode([t[:1500] for t, _ in texts], "second")]
        for name, values in (("judge", p), ("cosine", near), ("shuffled", [rng.random() for _ in texts])):
            precision[name].append(average_precision_score(labels, values))
        truth += labels
        score += list(p)
    return {
        "questions": len(precision["judge"]),
        "average_precision": {k: round(float(np.mean(v)), 3) for k, v in precision.items()},
        "average_precision_95": {k: _mean_interval(v) for k, v in precision.items()},
        "auc": round(float(roc_auc_score(truth, score)), 3),
    }


def _mean_interval(values: Sequence[float]) -> list[float]:
    drawn = np.random.default_rng(0).choice(np.array(values), (ROUNDS, len(values))).mean(1)
    return [round(float(v), 3) for v in np.quantile(drawn, (0.025, 0.975))]


def speed(judge: EncoderJudge, rows: Sequence[dict]) -> dict:
    """Seconds for 3 claims against 4 unseen passages (median of the runs), and again with the passages known."""
    taken: dict[str, list[float]] = {"new": [], "known": []}
    for i in range(0, min(len(rows) - 4, 40), 4):
        claims = [r["claim"] for r in rows[i : i + 3]]
        chunks = [f"{c[:600]} ({i}.{n})" for n, c in enumerate(r["context"][0] for r in rows[i : i + 4])]
        for name in ("new", "known"):
            began = time.perf_counter()
            judge.matrix("What did she do there?", " ".join(claims), claims, chunks)
            taken[name].append(time.perf_counter() - began)
    return {f"seconds_3x4_{k}": round(float(np.median(v)), 3) for k, v in taken.items()}


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="folder of human-annotated rows",
)
@click.option(
    "--claims", type=click.Path(path_type=Path, exists=True), default=PROJECT / "data" / "claims", show_default=True
)
@click.option("--limit", type=int, default=150, show_default=True, help="rows of each development file")
@click.option(
    "--adapter", type=click.Path(path_type=Path), default=PROJECT / "data" / "adapters" / "judge", show_default=True
)
@click.option("--only", default="", help="only the sources whose name contains this")
@click.option("--ask", is_flag=True, help="also the row of SmolLM2 asked yes or no (about a second for each claim)")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
def main(data: Path, claims: Path, limit: int, adapter: Path, only: str, ask: bool, out: Path) -> None:
    """Print a table and write it as JSON."""
    from rag.models import embedded_weights

    settings = Settings()
    judge = EncoderJudge(embedded_weights("encoder"), adapter, settings.threads, embedded_weights("generator"))
    sources = {f"resume {path.stem}": load(path) for path in sorted(claims.glob("*.jsonl"))}
    everything = dict(sources)
    for name in DEVELOPMENT:
        rows = load(data / f"{name}.jsonl")
        sources[name] = random.Random(1).sample(rows, min(limit, len(rows)))
    result: dict = {
        "judge": judge.id,
        "thresholds": {
            "supported": judge.supported_threshold,
            "not_found": judge.not_found_threshold,
            "contradicted": judge.contradicted_threshold,
        },
        "sources": {},
    }
    asked = Asked() if ask else None
    head = ["judge", *YARDSTICK] + ([ASKED] if ask else [])
    click.echo("AUC, supported against not [95 % interval] / balanced accuracy")
    click.echo(f"{'':38}" + "".join(f"{h:>28}" for h in head))
    for name, rows in sources.items():
        if only and only not in name:
            continue
        made = measure(judge, rows, asked)
        result["sources"][name] = made
        cells = "".join(
            f"{made[h]['auc']:>9.3f} [{made[h]['auc_95'][0]:.2f}-{made[h]['auc_95'][1]:.2f}] / {made[h]['balanced_accuracy']:.2f}" for h in head
        )
        click.echo(f"{name:38}{cells}")
    click.echo(
        "\nthe judge: balanced accuracy [95 % interval], Brier score, expected calibration error (what it would be if every probability"
        " were right), supported claims not passed / refused"
    )
    for name, made in result["sources"].items():
        b, c = made["judge"], made["calibration"]
        click.echo(
            f"{name:38}{b['balanced_accuracy']:>8.3f} [{b['balanced_accuracy_95'][0]:.2f}-{b['balanced_accuracy_95'][1]:.2f}]"
            f"{c['brier']:>9.3f}{c['ece']:>9.3f} ({c['ece_by_chance']:.3f}){made['false_alarms']:>9.1%} /{made['false_refusals']:>6.1%}"
        )
    for name in everything:
        if name in result["sources"]:
            made = result["sources"][name]
            click.echo(
                f"{name}: supported claims not passed {made['false_alarms']:.1%}, refused {made['false_refusals']:.1%}; contradicted claims"
                f" not passed {made.get('contradicted_not_passed', 0):.1%}, refused {made.get('contradicted_refused', 0):.1%},"
                f" called contradicted {made.get('contradicted_called_so', 0):.1%}"
            )
    if not only or "relevance" in only:
        result["relevance"] = {}
        for name in ("relevance_epqa_en_dev", "relevance_semipqa_en_dev"):
            rows = load_relevance(data / f"{name}.jsonl", limit // 3)
            result["relevance"][name] = average_precision(judge, rows)
            click.echo(f"{name}: {result['relevance'][name]}")
    if not only or "ratings" in only:
        result["ratings"] = ratings(judge, data, limit)
        click.echo(f"human ratings: {result['ratings']}")
    if everything:
        result["speed"] = speed(judge, next(iter(everything.values())))
        click.echo(str(result["speed"]))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_relevance(path: Path, limit: int) -> list[dict]:
    """The first `limit` questions with their judged passages."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:limit]]


if __name__ == "__main__":
    main()
