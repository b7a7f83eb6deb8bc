"""Trains the reranker: a LoRA adapter and two heads on multilingual-e5-small, from human and synthetic pairs.

    python -m rag.training.reranker --data ../shared/data --out data/adapters/reranker --minutes 30

Loss: a softmax over all lines the question is asked of and "no line", of which all right ones count together (the
marginal likelihood of Clark & Gardner 2018, arXiv:1710.10723, with a null answer as in SQuAD 2.0 readers), plus the
log loss of each right line by itself, so that the items of a list do not compete. `--minutes 0 --start DIR --out OTHER` only
measures what is in DIR.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.models import fast_dtype
from rag.reranking import Network, Part, Question, head_names, read_passage, read_question
from rag.training.reranker_data import Ask, Example, groups, kept_groups, written_groups

if TYPE_CHECKING:
    import torch

log = logging.getLogger("reranker")

RANK = 32
TARGETS = ["query", "key", "value", "dense"]
# All layers: with the upper four alone near misses were told no better after three more trainings. The judge's relevance adapter
# has 8, since it goes on from what the judge's encoder has made of a text up to there (judge/encoder.py).
FIRST_LAYER = 0
HUMAN_SHARE = 0.15  # of the batches
WRITTEN_SHARE = 0.65  # resumes written by hand; the rest are drawn from tables, anew all the time
PEOPLE = 12  # human questions in a batch
LINE_WEIGHT = 0.3
HEAD_RATE = 2e-3
DROPOUT = 0.1  # of what goes into the adapter: on resumes it had learned from, the weights had an AUC of .92 and .96, on others .87
WARMUP = 20  # steps


# ---------------------------------------------------------------- human data


def read_jsonl(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [m.end() for m in re.finditer(r"(?<=[.!?。])\s+|\n+", text)]
    bounds = [0, *ends, len(text)]
    return [(a, b) for a, b in itertools.pairwise(bounds) if b > a]


def cut_around(chance: random.Random, text: str, span: tuple[int, int] | None, limit: int) -> tuple[int, int]:
    """A run of whole sentences of at most about `limit` characters that holds `span` (or any run without one)."""
    pieces = _sentences(text)
    if not pieces:
        return 0, len(text)
    holding = [i for i, (a, b) in enumerate(pieces) if span and a < span[1] and b > span[0]]
    if not holding:
        holding = [chance.randrange(len(pieces))]
    low, high = holding[0], holding[-1]
    while True:
        sides = []
        if low > 0 and pieces[high][1] - pieces[low - 1][0] <= limit:
            sides.append("before")
        if high + 1 < len(pieces) and pieces[high + 1][1] - pieces[low][0] <= limit:
            sides.append("after")
        if not sides:
            return pieces[low][0], pieces[high][1]
        if chance.choice(sides) == "before":
            low -= 1
        else:
            high += 1


def _answer_span(context: str, answers: Sequence[str]) -> tuple[int, int] | None:
    for answer in answers:
        at = context.find(answer)
        if answer and at >= 0:
            return at, at + len(answer)
    return None


def human_examples(data: Path, split: str, seed: int) -> list[Example]:
    """Question and passage pairs from the human question answering sets in `data` (`split` train or dev).

    Raises:
        FileNotFoundError: a data file is missing.
    """
    chance = random.Random(seed)
    found: list[Example] = []

    def limit(language: str) -> int:
        return chance.choice([150, 250, 400] if language == "ko" else [300, 500, 800])

    for name in ("squad2_en", "tydiqa_en", "tydiqa_ko", "derived_tydiqa_unans_ko", "belebele_ko", "clapnq_en"):
        rows = read_jsonl(data / f"qa_{name}_{split}.jsonl")
        for row in rows:
            context, language = row["context"], row["lang"]
            if not row["answerable"]:
                a, b = cut_around(chance, context, None, 2 * limit(language))
                found.append(Example(row["question"], context[a:b], False, (), name))
                continue
            answers = row["answers"]
            if name == "clapnq_en":
                answers = [s for s in row.get("supporting_sentences", []) if isinstance(s, str)]
            span = _answer_span(context, answers)
            if span is None:
                if len(context) < 1200:
                    found.append(Example(row["question"], context, True, (), name))
                continue
            a, b = cut_around(chance, context, span, limit(language))
            spans = ((span[0] - a, span[1] - a),)
            found.append(Example(row["question"], context[a:b], True, spans, name))
            for _ in range(2):
                c, d = cut_around(chance, context, None, limit(language))
                other = context[c:d]
                if d - c > 40 and (d <= a or c >= b) and not any(x and x in other for x in row["answers"] + answers):
                    found.append(Example(row["question"], other, False, (), name))
                    break
        if name == "belebele_ko":
            for row in rows:
                other = chance.choice(rows)["context"]
                if other != row["context"]:
                    found.append(Example(row["question"], other[:500], False, (), name))
    for name, language in (("squad2_en", "en"), ("tydiqa_en", "en"), ("tydiqa_ko", "ko")):
        corpus = [row["text"] for row in read_jsonl(data / f"corpus_{name}.jsonl") if row.get("split", split) == split]
        tokens = [set(_grams(text[:1500])) for text in corpus]
        for row in chance.sample(rows := read_jsonl(data / f"retrieval_{name}_{split}.jsonl"), min(500, len(rows))):
            grams = set(_grams(row["query"]))
            sample = chance.sample(range(len(corpus)), min(120, len(corpus)))
            sample.sort(key=lambda i: -len(grams & tokens[i]) / (len(tokens[i]) + 50) ** 0.5)
            for i in sample[:2]:
                a, b = cut_around(chance, corpus[i], None, limit(language))
                text = corpus[i][a:b]
                if not any(answer in corpus[i] for answer in row.get("answers", ())):
                    found.append(Example(row["query"], text, False, (), "retrieval_" + name))
                    break
    for name in ("epqa_en", "semipqa_en"):
        for row in read_jsonl(data / f"relevance_{name}_{split}.jsonl"):
            for text in row["positive"][:2]:
                found.append(Example(row["query"], text[:900], True, (), name))
            for text in chance.sample(row["negatives"], min(2, len(row["negatives"]))):
                found.append(Example(row["query"], text[:900], False, (), name))
    chance.shuffle(found)
    return found


def _grams(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1))


# ---------------------------------------------------------------- encoding


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions over parts of passages. `labels` has shape (questions, parts, most lines).

    1: the line answers, 0: it does not, -1: unknown, or there is no such line.
    """

    questions: list[Question]
    parts: list[Part]
    labels: torch.Tensor


def encode(tokenizer, passages: Sequence[str], asks: Sequence[Ask]) -> Batch | None:
    """Token ids and line labels; None where no question is left whose answer was not cut away."""
    import torch

    parts, owner = [], []
    for i, text in enumerate(passages):
        for part in read_passage(tokenizer, text):
            parts.append(part)
            owner.append(i)
    most = max(len(part.lines) for part in parts)
    questions, rows = [], []
    for ask in asks:
        row = torch.full((len(parts), most), -1.0)
        for p, (part, i) in enumerate(zip(parts, owner, strict=True)):
            if i in ask.unsure:
                continue
            spans = ask.spans.get(i, ())
            for k, (start, end) in enumerate(part.lines):
                row[p, k] = float(any(a < end and b > start for a, b in spans))
        if not ask.spans or (row == 1).any():
            questions.append(read_question(tokenizer, ask.question))
            rows.append(row)
    return Batch(questions, parts, torch.stack(rows)) if questions else None


def people(chance: random.Random, rows: Sequence[Example]) -> Iterator[tuple[list[str], list[Ask]]]:
    """Human pairs in endless groups of a dozen; each passage also serves the other questions as a wrong one."""
    while True:
        order = chance.sample(range(len(rows)), len(rows))
        for at in range(0, len(order) - PEOPLE, PEOPLE):
            chosen = [rows[i] for i in order[at : at + PEOPLE]]
            asks = []
            for i, row in enumerate(chosen):
                spans = {i: row.spans or ((0, len(row.passage)),)} if row.answers else {}
                same = [j for j, other in enumerate(chosen) if j != i and other.question == row.question]
                asks.append(Ask(row.question, spans, frozenset(same)))
            yield [row.passage for row in chosen], asks


def stream(tokenizer, human: Sequence[Example], seed: int, korean_share: float, headed: bool = False) -> Iterator[Batch]:
    """Endless batches, of people's questions or of one resume; `headed` as in `written_groups`."""
    chance = random.Random(seed)
    asked = people(chance, human)
    drawn = groups(seed, held_out=False, korean_share=korean_share)
    written = written_groups(seed, held_out=False, headed=headed)
    while True:
        kind = chance.random()
        if kind < HUMAN_SHARE:
            passages, asks = next(asked)
        else:
            group = next(written if kind < HUMAN_SHARE + WRITTEN_SHARE else drawn)
            passages, asks = group.passages, group.asks
        batch = encode(tokenizer, passages, asks)
        if batch:
            yield batch


# ---------------------------------------------------------------- training


def loss_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean loss of a batch's questions (see the module's text), a scalar; arguments of the same shape."""
    import torch
    from torch.nn.functional import softplus

    none = torch.zeros(len(logits), 1)
    flat, known = logits.flatten(1), labels.flatten(1)
    every = torch.logsumexp(torch.cat([none, flat.masked_fill(known < 0, float("-inf"))], 1), 1)
    right = known == 1
    answered = right.any(1)
    best = torch.logsumexp(torch.where(right, flat, torch.full_like(flat, -1e4)), 1)
    loss = (every - torch.where(answered, best, torch.zeros_like(best))).mean()
    each = softplus(-flat.masked_fill(~right, 0.0)) * right  # every right line by itself, for lists
    return loss + LINE_WEIGHT * (each.sum(1) / right.sum(1).clamp(min=1)).sum() / len(logits)


def build(encoder: Path, first_layer: int = FIRST_LAYER):
    """The encoder with a fresh adapter (from `first_layer` up) and head, and its tokenizer."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModel, AutoTokenizer

    # Eager attention: the fused one's backward pass takes 2.2 s of a 5.8 s step on one core.
    base = AutoModel.from_pretrained(
        encoder, dtype=torch.float32, add_pooling_layer=False, attn_implementation="eager"
    )
    layers = list(range(first_layer, base.config.num_hidden_layers))
    config = LoraConfig(
        r=RANK, lora_alpha=2 * RANK, lora_dropout=DROPOUT, target_modules=TARGETS, layers_to_transform=layers
    )
    adapted = get_peft_model(base, config)
    for parameter in adapted.parameters():
        if not parameter.requires_grad:  # frozen weights need no float32 copy to be cast anew at every step
            parameter.data = parameter.data.to(fast_dtype())
    return Network(adapted, base.config.hidden_size), AutoTokenizer.from_pretrained(encoder)


def begin(network, folder: Path) -> None:
    """Put the adapter and head of an earlier training into a fresh network."""
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    set_peft_model_state_dict(network.encoder, load_file(folder / "adapter_model.safetensors"))
    network.load_state_dict({k: v.float() for k, v in load_file(folder / "head.safetensors").items()}, strict=False)


def save(network, folder: Path) -> None:
    """Adapter and head in float16 safetensors, ready for Reranker.from_folder."""
    import torch
    from safetensors.torch import load_file, save_file

    folder.mkdir(parents=True, exist_ok=True)
    card = folder / "README.md"
    kept = card.read_text(encoding="utf-8") if card.is_file() else None
    network.encoder.save_pretrained(folder)
    if kept is None:
        card.unlink(missing_ok=True)  # peft writes a template that says nothing
    else:
        card.write_text(kept, encoding="utf-8")
    adapter = folder / "adapter_model.safetensors"
    save_file({k: v.to(torch.float16) for k, v in load_file(adapter).items()}, adapter)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "intfloat/multilingual-e5-small"  # not the cache folder of this machine
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    state = network.state_dict()
    head = {name: state[name].detach().to(torch.float16).contiguous() for name in head_names(network)}
    save_file(head, folder / "head.safetensors")


def train(args: argparse.Namespace) -> None:
    """Trains for `args.minutes`, keeping a checkpoint that `--resume` continues, and writes `args.out`."""
    import torch

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    network, tokenizer = build(args.encoder, args.first_layer)
    trained = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    parameters = [p for _, p in trained]
    log.info("training %s parameters", f"{sum(p.numel() for p in parameters):,}")
    rates = [args.rate, HEAD_RATE]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for name, p in trained if name.startswith("encoder.")], "lr": rates[0]},
            {"params": [p for name, p in trained if not name.startswith("encoder.")], "lr": rates[1]},
        ],
        weight_decay=0.01,
    )
    if args.start:
        begin(network, args.start)
    spent, step, asked = 0.0, 0, 0
    checkpoint = args.checkpoint / "state.pt"
    if args.resume and checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["trained"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        spent, step, asked = state["spent"], state["step"], state["asked"]
        log.info("resumed at step %d after %.0f s", step, spent)
    human = human_examples(args.data, "train", args.seed)
    log.info("%d human pairs", len(human))
    batches = stream(tokenizer, human, args.seed + step, args.korean_share, args.headed)
    began, saved, average = time.time() - spent, time.time(), None
    network.train()
    while (spent := time.time() - began) < args.minutes * 60:
        batch = next(batches)
        done = spent / (args.minutes * 60)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / WARMUP) * max(0.02, 1 - done)
        pad = tokenizer.pad_token_id
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast_dtype() == torch.bfloat16):
            questions = network.encode([q.ids for q in batch.questions], pad)
            passages = network.encode([p.ids for p in batch.parts], pad)
        # Similarities lie within a few hundredths of each other: too close for bfloat16.
        loss = loss_of(network.score(batch.questions, batch.parts, *questions, *passages), batch.labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step, asked = step + 1, asked + len(batch.questions)
        average = loss.item() if average is None else 0.97 * average + 0.03 * loss.item()
        if step % 10 == 0:
            log.info("step %d, %d questions, loss %.3f, %.0f s", step, asked, average, spent)
        if time.time() - saved > args.save_every * 60:
            _checkpoint(network, optimizer, checkpoint, spent, step, asked)
            save(network, args.checkpoint / "adapter")
            saved = time.time()
    _checkpoint(network, optimizer, checkpoint, spent, step, asked)
    save(network, args.out)
    log.info("saved %s after %d steps, %d questions, %.1f min", args.out, step, asked, spent / 60)
    log.info("on resumes kept from training: %s", json.dumps(held_out(network, tokenizer)))


def held_out(network, tokenizer) -> dict[str, dict[str, float]]:
    """On the written resumes kept from training, by language: the mean loss of a question; AUC of "something in the resume
    answers", by the sum of all odds; the share of unanswerable questions below the odds of 90 % of the others; how often the likeliest
    line is a right one."""
    import numpy as np
    import torch
    from sklearn.metrics import roc_auc_score

    network.eval()
    result = {}
    for language in ("en", "ko"):
        answered, odds, best, losses = [], [], [], []
        for group in kept_groups(language):
            batch = encode(tokenizer, group.passages, group.asks)
            if batch is None:
                continue
            with torch.inference_mode():
                logits = network(batch.questions, batch.parts, tokenizer.pad_token_id)
            right = (batch.labels == 1).flatten(1)
            answered += right.any(1).tolist()
            odds += torch.logsumexp(logits.flatten(1), 1).tolist()
            best += right[torch.arange(len(right)), logits.flatten(1).argmax(1)].tolist()
            losses += [float(loss_of(logits, batch.labels))] * len(right)
        told, at = np.array(answered), np.array(odds)
        result[language] = {
            "questions": len(told),
            "loss": round(float(np.mean(losses)), 3),
            "auc": round(float(roc_auc_score(told, at)), 3),
            "declined_right": round(float((at[~told] < np.quantile(at[told], 0.1)).mean()), 3),
            "best_line_right": round(float(np.array(best)[told].mean()), 3),
        }
    return result


def _checkpoint(network, optimizer, path: Path, spent: float, step: int, asked: int) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    trained = {k: v for k, v in network.state_dict().items() if "lora_" in k or not k.startswith("encoder.")}
    state = {"trained": trained, "optimizer": optimizer.state_dict(), "spent": spent, "step": step, "asked": asked}
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


# ---------------------------------------------------------------- deciding


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the human data (*.jsonl)")
    parser.add_argument("--out", type=Path, default=Path("data/adapters/reranker"))
    parser.add_argument("--encoder", type=Path, help="folder of multilingual-e5-small (default: the embedded weights)")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/reranker"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--start", type=Path, help="folder of a trained reranker to begin from")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--save-every", type=float, default=5.0, help="minutes between checkpoints")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--first-layer", type=int, default=FIRST_LAYER, help="lowest layer of the encoder with an adapter (0 to 11); 8 for the judge")
    parser.add_argument("--korean-share", type=float, default=0.7)
    parser.add_argument("--headed", action="store_true", help="half of the passages under the candidate's name: for the judge")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.encoder is None:
        from rag.models import embedded_weights

        args.encoder = embedded_weights("encoder")
    train(args)
    decision = args.out / "decision.json"
    if not decision.exists():
        decision.write_text(json.dumps({"weights": {"reranker": -1.0}, "bias": 0.0, "threshold": 0.5, "nearest": 0.5}) + "\n")
    log.info("now `python -m rag.training.declining` fits from where on a question is declined")


if __name__ == "__main__":
    main()
