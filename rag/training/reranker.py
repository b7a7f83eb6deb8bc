"""Trains the reranker: a LoRA adapter and two heads on multilingual-e5-small, from human and synthetic pairs.

    python -m rag.training.reranker --data ../shared/data --out data/adapters/reranker --minutes 30

Loss: binary cross-entropy of P(answers), plus, where the answer's place is known, the marginal log-likelihood
of its start and end (as SQuAD readers are trained, Devlin et al. 2019; several right places count together,
Clark & Gardner 2018) and the binary cross-entropy of each token being inside an answer (list questions).
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

from rag.reranking import Network, Window, collate, windows
from rag.training.reranker_data import Example, examples

log = logging.getLogger("reranker")

RANK = 32
TARGETS = ["query", "key", "value", "dense"]
FIRST_LAYER = 3  # the lowest layers stay as they are: a quarter less to compute backward
HUMAN_SHARE = 0.35  # the rest are synthetic resumes, drawn anew all the time
BATCH_TOKENS = 2048
SPAN_WEIGHT, INSIDE_WEIGHT = 0.4, 1.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window with its targets: `starts`, `ends` are token indices in the window, `inside` 0/1 per passage token.

    `placed` says whether the answer's place is known (always so where there is no answer).
    """

    window: Window
    answers: bool
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    inside: tuple[int, ...]
    placed: bool


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


def encode(tokenizer, example: Example) -> Encoded | None:
    """The window of the pair that holds the answer (the first one otherwise); None when no window holds it whole."""
    for window in windows(tokenizer, example.question, example.passage):
        if not example.spans:
            count = len(window.offsets)
            return Encoded(window, example.answers, (), (), (0,) * count, placed=not example.answers)
        starts, ends, inside = [], [], [0] * len(window.offsets)
        for start, end in example.spans:
            held = [i for i, (a, b) in enumerate(window.offsets) if a < end and b > start]
            if not held or window.offsets[held[0]][0] > start or window.offsets[held[-1]][1] < end:
                continue
            starts.append(window.first + held[0])
            ends.append(window.first + held[-1])
            for i in held:
                inside[i] = 1
        if starts:
            return Encoded(window, True, tuple(starts), tuple(ends), tuple(inside), placed=True)
    return None


def loss_of(network, batch: Sequence[Encoded], pad: int):
    """The summed training loss of a batch (see the module's text), a scalar tensor."""
    import torch
    from torch.nn import functional

    ids, mask, passage = collate([e.window for e in batch], pad)
    answers, tokens = network(ids, mask, passage)
    labels = torch.tensor([float(e.answers) for e in batch])
    loss = functional.binary_cross_entropy_with_logits(answers, labels)
    closed = ~passage
    spans = [(row, e) for row, e in enumerate(batch) if e.starts]
    if spans:
        total = torch.zeros(())
        for side, places in ((0, "starts"), (1, "ends")):
            scores = torch.log_softmax(tokens[..., side].masked_fill(closed, -1e4), -1)
            for row, e in spans:
                total = total - torch.logsumexp(scores[row, list(set(getattr(e, places)))], 0)
        loss = loss + SPAN_WEIGHT * total / len(batch)
    target = torch.zeros_like(tokens[..., 2])
    weight = torch.zeros_like(target)
    for row, e in enumerate(batch):
        if e.placed:
            first = e.window.first
            target[row, first : first + len(e.inside)] = torch.tensor(e.inside, dtype=torch.float32)
            weight[row, first : first + len(e.inside)] = 1.0 / max(1, len(e.inside))
    inside = functional.binary_cross_entropy_with_logits(tokens[..., 2], target, reduction="none")
    return loss + INSIDE_WEIGHT * (inside * weight).sum() / len(batch)


def stream(tokenizer, human: Sequence[Example], seed: int, korean_share: float) -> Iterator[list[Encoded]]:
    """Endless batches of similar lengths, about BATCH_TOKENS tokens each."""
    chance = random.Random(seed)
    synthetic = examples(seed, held_out=False, korean_share=korean_share)
    people = itertools.chain.from_iterable(chance.sample(human, len(human)) for _ in itertools.count())
    while True:
        block: list[Encoded] = []
        while len(block) < 768:
            example = next(people if chance.random() < HUMAN_SHARE else synthetic)
            encoded = encode(tokenizer, example)
            if encoded:
                block.append(encoded)
        block.sort(key=lambda e: len(e.window.ids) + chance.random())
        batches: list[list[Encoded]] = [[]]
        for e in block:
            if (len(batches[-1]) + 1) * len(e.window.ids) > BATCH_TOKENS:
                batches.append([])
            batches[-1].append(e)
        chance.shuffle(batches)
        yield from batches


# ---------------------------------------------------------------- training


def build(encoder: Path):
    """The encoder with a fresh adapter and heads, and its tokenizer."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModel, AutoTokenizer

    # Eager attention: the fused one's backward pass takes 2.2 s of a 5.8 s step on one core.
    base = AutoModel.from_pretrained(
        encoder, dtype=torch.float32, add_pooling_layer=False, attn_implementation="eager"
    )
    layers = list(range(FIRST_LAYER, base.config.num_hidden_layers))
    config = LoraConfig(
        r=RANK, lora_alpha=2 * RANK, lora_dropout=0.0, target_modules=TARGETS, layers_to_transform=layers
    )
    network = Network(get_peft_model(base, config), base.config.hidden_size)
    for parameter in network.parameters():
        if not parameter.requires_grad:  # frozen weights need no float32 copy to be cast anew at every step
            parameter.data = parameter.data.to(torch.bfloat16)
    return network, AutoTokenizer.from_pretrained(encoder)


def save(network, folder: Path) -> None:
    """Adapter and heads in float16 safetensors, ready for Reranker.from_folder."""
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
    heads = {f"answers.{k}": v for k, v in network.answers.state_dict().items()}
    heads |= {f"tokens.{k}": v for k, v in network.tokens.state_dict().items()}
    save_file({k: v.detach().to(torch.float16).contiguous() for k, v in heads.items()}, folder / "heads.safetensors")


def train(args: argparse.Namespace) -> None:
    """Trains for `args.minutes`, keeping a checkpoint that `--resume` continues, and writes `args.out`."""
    import torch

    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    network, tokenizer = build(args.encoder)
    parameters = [p for p in network.parameters() if p.requires_grad]
    log.info("training %s parameters", f"{sum(p.numel() for p in parameters):,}")
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, weight_decay=0.01)
    spent, step, pairs = 0.0, 0, 0
    checkpoint = args.checkpoint / "state.pt"
    if args.resume and checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["trained"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        spent, step, pairs = state["spent"], state["step"], state["pairs"]
        log.info("resumed at step %d after %.0f s", step, spent)
    human = human_examples(args.data, "train", args.seed)
    log.info("%d human pairs", len(human))
    batches = stream(tokenizer, human, args.seed + step, args.korean_share)
    began, saved, average = time.time() - spent, time.time(), None
    network.train()
    while (spent := time.time() - began) < args.minutes * 60:
        batch = next(batches)
        done = spent / (args.minutes * 60)
        for group in optimizer.param_groups:
            group["lr"] = args.rate * min(1.0, (step + 1) / 60) * max(0.02, 1 - done)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(network, batch, tokenizer.pad_token_id)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step, pairs = step + 1, pairs + len(batch)
        average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
        if step % 25 == 0:
            log.info("step %d, %d pairs, loss %.3f, %.0f s", step, pairs, average, spent)
        if time.time() - saved > args.save_every * 60:
            _checkpoint(network, optimizer, checkpoint, spent, step, pairs)
            save(network, args.checkpoint / "adapter")
            saved = time.time()
    _checkpoint(network, optimizer, checkpoint, spent, step, pairs)
    save(network, args.out)
    log.info("saved %s after %d steps, %d pairs, %.1f min", args.out, step, pairs, spent / 60)


# ---------------------------------------------------------------- deciding


def choose_threshold(folder: Path, encoder: Path, wrong_declines: float, resumes: int = 80) -> dict:
    """The P(answers) below which a share `wrong_declines` of answerable Korean questions would be declined.

    A question's chance is that of its best passage; the resumes are drawn in held-out layouts and wordings, other
    ones than the benchmark's. Written to `folder`/decision.json with the share of unanswerable questions it declines.
    """
    import numpy as np

    from rag.reranking import Reranker
    from rag.training.reranker_data import Draw, cut, draw_resume, spans_of, spoken

    decision = folder / "decision.json"
    decision.write_text(json.dumps({"threshold": 0.5}))
    reranker = Reranker.from_folder(folder, encoder)
    best: dict[bool, list[float]] = {True: [], False: []}
    for number in range(resumes):
        draw = Draw(f"threshold/{number}", held_out=True)
        resume = draw_resume(draw, "ko")
        passages = cut(draw, resume)
        answerable = draw.some([ask for ask in resume.asks if ask[1]], 4, 4)
        for question, keys in [*answerable, *draw.some([ask for ask in resume.asks if not ask[1]], 3, 3)]:
            if not keys or any(spans_of(p, keys) for p in passages):
                chances = reranker.p_answers(spoken(draw, question, resume), [p.text for p in passages])
                best[bool(keys)].append(max(chances))
    threshold = float(np.quantile(best[True], wrong_declines))
    found = {
        "threshold": round(threshold, 4),
        "wrong_decline_rate": wrong_declines,
        "right_decline_rate": round(float(np.mean(np.array(best[False]) < threshold)), 3),
        "chosen_on": f"{len(best[True])} answerable and {len(best[False])} unanswerable questions on drawn Korean resumes",
    }
    decision.write_text(json.dumps(found, indent=2) + "\n")
    log.info("threshold %s", found)
    return found


def _checkpoint(network, optimizer, path: Path, spent: float, step: int, pairs: int) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    trained = {k: v for k, v in network.state_dict().items() if "lora_" in k or not k.startswith("encoder.")}
    state = {"trained": trained, "optimizer": optimizer.state_dict(), "spent": spent, "step": step, "pairs": pairs}
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the human data (*.jsonl)")
    parser.add_argument("--out", type=Path, default=Path("data/adapters/reranker"))
    parser.add_argument("--encoder", type=Path, help="folder of multilingual-e5-small (default: the embedded weights)")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/reranker"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--minutes", type=float, default=30.0, help="0 only chooses the threshold again")
    parser.add_argument("--wrong-declines", type=float, default=0.1, help="share of answerable questions to decline")
    parser.add_argument("--save-every", type=float, default=5.0, help="minutes between checkpoints")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--korean-share", type=float, default=0.7)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.encoder is None:
        from rag.models import embedded_weights

        args.encoder = embedded_weights("encoder")
    if args.minutes > 0:
        train(args)
    import torch

    torch.set_num_threads(args.threads)
    choose_threshold(args.out, args.encoder, args.wrong_declines)


if __name__ == "__main__":
    main()
