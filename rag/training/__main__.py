"""`python -m rag.training`: trains the generator's LoRA adapter; see data/adapters/generator/README.md.

Resumes written by hand and drawn ones with questions, and people's QA data, packed (rag/training/packing.py). The schedule is by
the clock, so that a run fits the time there is; checkpoints every five minutes, `--resume` goes on from the
last. Example number n of a seed is always the same.
"""

from __future__ import annotations

import json
import logging
import math
import random
import time
from pathlib import Path

import click
import torch

from rag.models import embedded_weights, fast_dtype
from rag.reranking import Reranker
from rag.training.generator_data import (
    Example,
    human_examples,
    resume_example,
    rewrite_example,
    statement_example,
    written_example,
)
from rag.training.packing import Packed, answer_loss, pack
from rag.training.quoted import quoted_example
from settings import Settings

log = logging.getLogger("rag.training")

RANK = 16
LEARNING_RATE = 8e-4
TREES_A_STEP = 2  # about 20 answers
CHECKPOINT_S = 300
EVALUATE_S = 1800  # it takes some minutes
MAX_TOKENS = 1100
# Of every twelve packed sequences: eight of resumes written by hand with the lines that the product quotes, one of statements about
# such resumes, one of drawn resumes, one of people's questions, one of four follow-ups.
MIX = ("quoted",) * 8 + ("statements",) + ("resume",) + ("human",) + ("rewrite",)
# Whether it is an answer or a refusal shows in a reply's first tokens; they count so many times as much as the others.
OPENING, OPENING_WEIGHT = 2, 3.0


def tokens_of(tokenizer, example: Example) -> tuple[list[int], list[tuple[list[int], list[int]]]]:
    """The chat template's tokens, split where the question begins and where the answer begins."""
    text = tokenizer.apply_chat_template(
        [{"role": "system", "content": example.system}, {"role": "user", "content": example.head + "\x00"}],
        tokenize=False,
        add_generation_prompt=True,
    )
    before, after = text.split("\x00")
    # Split before the last line's break, where the tokenizer splits too: the pieces' tokens are those of the whole.
    cut = before.rfind("\n")
    prefix, lead = before[:cut], before[cut:]
    encode = lambda s: tokenizer(s, add_special_tokens=False)["input_ids"]
    end = tokenizer.eos_token
    return encode(prefix), [(encode(lead + q + after), encode(a + end)) for q, a in example.branches]


class Examples:
    """The endless mix of one seed."""

    def __init__(self, data: Path | None, seed: int, reranker: Reranker) -> None:
        self.seed = seed
        self.reranker = reranker
        self.human = list(human_examples(data)) if data else []
        random.Random(seed).shuffle(self.human)

    def __getitem__(self, number: int) -> list[Example]:
        """The examples of one packed step."""
        kind = MIX[(number * 7) % len(MIX)]
        if kind == "human" and self.human:
            at = number * 2
            return [self.human[(at + i * 331) % len(self.human)] for i in range(2)]
        if kind == "rewrite":
            return [rewrite_example(f"{self.seed}/{number}/{i}") for i in range(4)]
        if kind == "quoted":
            return [quoted_example(f"{self.seed}/{number}", self.reranker)]
        if kind == "statements" and (made := statement_example(f"{self.seed}/{number}")):
            return [made]
        if kind in ("written", "statements"):
            return [written_example(f"{self.seed}/{number}")]
        return [resume_example(f"{self.seed}/{number}", questions=16)]


def packed_steps(tokenizer, examples: list[Example]) -> list[Packed]:
    steps = []
    for example in examples:
        prefix, branches = tokens_of(tokenizer, example)
        while branches and len(prefix) + sum(len(q) + len(a) for q, a in branches) > MAX_TOKENS:
            branches.pop()
        if branches:
            steps.append(pack(prefix, branches))
    return steps


@torch.inference_mode()
def evaluate(model, tokenizer, data: Path | None, reranker: Reranker, count: int = 5) -> dict[str, float]:
    """Mean answer loss on held-out wordings and layouts, and on people's dev questions."""
    model.eval()
    groups = {
        "resume": [resume_example(f"dev/{i}", held_out=True) for i in range(count)],
        "written": [written_example(f"dev/{i}", held_out=True) for i in range(2 * count)],
        "quoted": [quoted_example(f"dev/{i}", reranker, held_out=True) for i in range(2 * count)],
    }
    if data:
        groups["squad2"] = list(human_examples(data, "dev", "squad2"))[:count]
    result = {}
    for name, examples in groups.items():
        total, tokens = 0.0, 0
        for packed in packed_steps(tokenizer, examples):
            with autocast():
                loss, n = answer_loss(model, packed)
            total, tokens = total + loss.item(), tokens + n
        result[name] = total / tokens
    model.train()
    return result


def autocast() -> torch.autocast:
    """Computes in bfloat16 where that is the faster, and in float32 elsewhere."""
    return torch.autocast(_device().type, dtype=torch.bfloat16, enabled=fast_dtype() == torch.bfloat16)


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder with the public QA data; without it, drawn resumes only.")  # fmt: skip
@click.option("--minutes", default=60.0, show_default=True)
@click.option("--threads", default=0, help="CPU threads, 0 for all.")
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("data/adapters/generator"), show_default=True)
@click.option("--checkpoints", type=click.Path(path_type=Path), default=Path("checkpoints/generator"), show_default=True)
@click.option("--resume", "go_on", is_flag=True, help="Go on from the last checkpoint.")
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Folder of an adapter to begin from instead of from nothing.")  # fmt: skip
@click.option("--rate", default=LEARNING_RATE, show_default=True, help="Peak learning rate.")
def main(data, minutes, threads, seed, out, checkpoints, go_on, start, rate) -> None:
    """Train the generator's adapter for MINUTES and write it to OUT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = embedded_weights("generator")
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=fast_dtype(), attn_implementation="eager").to(_device())
    linear = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    model = get_peft_model(
        model, LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=linear, task_type="CAUSAL_LM")
    )
    trained = [p for p in model.parameters() if p.requires_grad]
    for parameter in trained:
        parameter.data = parameter.data.float()  # small updates vanish in bf16
    if start:
        from peft import set_peft_model_state_dict
        from safetensors.torch import load_file

        set_peft_model_state_dict(model, load_file(start / "adapter_model.safetensors"))
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.0, betas=(0.9, 0.98))
    reranker = Reranker.load(Settings())
    examples = Examples(data, seed, reranker)
    state = {"step": 0, "number": 0, "seconds": 0.0, "answers": 0}
    latest = checkpoints / "latest.pt"
    if go_on and latest.exists():
        saved = torch.load(latest, weights_only=True)
        state = saved["state"]
        optimizer.load_state_dict(saved["optimizer"])
        for parameter, value in zip(trained, saved["weights"], strict=True):
            parameter.data.copy_(value)
        log.info("going on from step %d", state["step"])
    checkpoints.mkdir(parents=True, exist_ok=True)
    if "loss_before" not in state:
        with model.disable_adapter():
            state["loss_before"] = evaluate(model, tokenizer, data, reranker)
        log.info("loss before: %s", state["loss_before"])

    model.train()
    started, last_save, running = time.monotonic() - state["seconds"], time.monotonic(), None
    last_evaluation = last_save
    while (fraction := (time.monotonic() - started) / (minutes * 60)) < 1:
        warm = min(1.0, (state["step"] + 1) / 40)
        for group in optimizer.param_groups:
            group["lr"] = rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1.0, fraction))))
        packs: list[Packed] = []
        for _ in range(TREES_A_STEP):
            packs += packed_steps(tokenizer, examples[state["number"]])
            state["number"] += 1
        tokens = sum(int((p.labels != -100).sum()) for p in packs)
        total = 0.0
        for packed in packs:
            with autocast():
                loss, _ = answer_loss(model, packed, OPENING, OPENING_WEIGHT)
            (loss / tokens).backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        state["step"] += 1
        state["answers"] += sum(int(((p.labels[:, 1:] == -100) & (p.labels[:, :-1] != -100)).sum()) for p in packs)
        mean = total / tokens
        running = mean if running is None else 0.96 * running + 0.04 * mean
        if state["step"] % 20 == 0:
            log.info("step %d, %d answers, loss %.3f, %.0f s", state["step"], state["answers"], running, time.monotonic() - started)  # fmt: skip
        if time.monotonic() - last_save > CHECKPOINT_S:
            state["seconds"] = time.monotonic() - started
            saved = {"state": state, "optimizer": optimizer.state_dict(), "weights": [p.data for p in trained]}
            torch.save(saved, latest.with_suffix(".tmp"))
            latest.with_suffix(".tmp").replace(latest)
            save(model, checkpoints / "adapter")
            last_save = time.monotonic()
            log.info("checkpoint at step %d", state["step"])
            if last_save - last_evaluation > EVALUATE_S:
                log.info("loss %s", evaluate(model, tokenizer, data, reranker))
                last_evaluation = time.monotonic()

    after = evaluate(model, tokenizer, data, reranker)
    log.info("loss after: %s", after)
    save(model, out)
    report = {"minutes": minutes, "seed": seed, "steps": state["step"], "answers": state["answers"], "loss_before": state["loss_before"], "loss_after": after}  # fmt: skip
    (out / "training.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def save(model, folder: Path) -> None:
    """The adapter alone, in half precision: its values are small and far from half precision's limits."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.half().contiguous().cpu() for name, value in get_peft_model_state_dict(model).items()}
    save_file(weights, folder / "adapter_model.safetensors")
    config = model.peft_config["default"]
    mode, config.inference_mode, config.base_model_name_or_path = config.inference_mode, True, "HuggingFaceTB/SmolLM2-135M-Instruct"
    config.save_pretrained(folder)
    config.inference_mode = mode
    (folder / "adapter_model.safetensors").chmod(0o644)  # safetensors writes for the owner alone


if __name__ == "__main__":
    main()
