"""How a person waits: first token, tokens per second, and the time from the last token to the third badge.

    python -m benchmarks.live [--questions data/questions/en.jsonl] [--limit 30]

Questions go through the same ResumeBot and JudgeService as the page's, one after the other, on the sample
resumes in a temporary index. Then, where the model runs in this process, the same prompts are written again: by the
decoding loop alone, with and without what it proposes, without the copying constraint, and by transformers' `generate`
with the same weights and constraint, in float32, in the format they are stored in, and as the product loads them (most of them in 8-bit
integers where the CPU multiplies those faster; a few texts differ then). The ratio and how many texts are
equal stand beside each other. Last, the bytes of the weights that a pass reads per second against what this machine's
memory gives. Prints median and p95, and writes benchmarks/results/live.json.
"""

from __future__ import annotations

import copy
import json
import platform
import statistics
import tempfile
import threading
import time
from pathlib import Path

import click
import numpy as np

from rag.decoding import PROPOSED
from rag.types import Finished, Turn
from settings import PROJECT, Settings

MAX_NEW_TOKENS = 256
RESULTS = PROJECT / "benchmarks" / "results" / "live.json"


def summary(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile (linear interpolation), and the count."""
    return {"median": statistics.median(values), "p95": float(np.percentile(values, 95)), "n": len(values)}


@click.command()
@click.option("--questions", type=click.Path(exists=True, path_type=Path), default=PROJECT / "data/questions/en.jsonl")
@click.option("--limit", default=30, show_default=True)
@click.option("--generator", default="embedded", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=RESULTS, help="Where the JSON goes.")
def main(questions: Path, limit: int, generator: str, out: Path) -> None:
    """Measure the waiting times of LIMIT questions."""
    from judge.models import judge_for
    from judge.service import JudgeService
    from judge.store import Store
    from rag.generation import generator_for
    from rag.pipeline import open_bot

    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines() if line.strip()][:limit]
    with tempfile.TemporaryDirectory(prefix="vouch-live-") as folder:
        settings = Settings(
            generator=generator, index=Path(folder) / "index", DATABASE_URL=f"sqlite:///{folder}/live.sqlite"
        )
        store = Store(settings.database_url)
        bot = open_bot(settings)
        bot.index_files(sorted((settings.data / "resumes").glob("*.md")))
        service = JudgeService(lambda: judge_for(settings.judge, settings), store, bot.busy, settings.judge_timeout_s)
        try:
            started = time.perf_counter()
            bot.warm_up()
            service.warm_up()
            loading = time.perf_counter() - started
            conversation = store.new_conversation("benchmark")
            turns, badges = [], []
            prompts = recorded(bot.generator)
            for row in rows:
                turn, seconds = ask(bot, service, store, conversation, row["user_input"])
                turns.append(turn)
                badges.append(seconds)
        finally:
            service.close()
    compared = []
    if hasattr(bot.generator, "perplexity"):
        floats = generator_for(settings.model_copy(update={"int8": False}))
        compared = compare(bot.generator, floats._model, prompts)

    first = [t.timings.first_token_s for t in turns if t.timings.first_token_s is not None]
    rates = [
        (t.timings.tokens - 1) / (t.timings.total_s - t.timings.first_token_s)
        for t in turns
        # A guided model's sentence is given out when it is whole: there is no rate to be seen then.
        if not t.declined and t.timings.tokens > 4 and t.timings.total_s - t.timings.first_token_s > 0.05
    ]
    scored = [s for s in badges if s is not None]
    result = {
        "questions": questions.name,
        "generator": turns[0].generator,
        "judge": service_judge(store, turns),
        "cpu": platform.processor() or platform.machine(),
        "load_models_s": loading,
        "retrieve_s": summary([t.timings.retrieve_s for t in turns]),
        "first_token_s": summary(first),
        "tokens_per_second": summary(rates) if rates else None,
        "reply_s": summary([t.timings.total_s for t in turns]),
        "last_token_to_third_badge_s": summary(scored),
        "badges_unscored": sum(1 for s in badges if s is None),
        "decoding": compared,
        "memory": memory(bot.generator, compared),
    }
    print(f"{result['generator']}, judged by {result['judge']}; models loaded and warm in {loading:.1f} s")
    print(f"{'':32}{'median':>10}{'p95':>10}{'n':>6}")
    for key, value in result.items():
        if isinstance(value, dict) and "median" in value:
            print(f"{key:32}{value['median']:>10.3f}{value['p95']:>10.3f}{value['n']:>6}")
    print(report(result))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def recorded(generator) -> list[tuple]:
    """What the bot asks its generator from now on: (messages, must_answer), the rewriting of follow-ups included."""
    prompts, stream = [], generator.stream

    def listening(messages, max_new_tokens, stop, must_answer=False):
        prompts.append((list(messages), must_answer))
        return stream(messages, max_new_tokens, stop, must_answer)

    generator.stream = listening
    return prompts


class Given:
    """A streamer of transformers that notes when it is given something."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def put(self, value) -> None:
        self.times.append(time.perf_counter())

    def end(self) -> None:
        pass


def compare(generator, floats, prompts: list[tuple]) -> list[dict]:
    """The same prompts written in several ways, one after the other; `floats` is the generator's model without 8-bit integers.

    Returns: a row for each way: tokens, passes of the model (proposals save some), the time to the first token, tokens
        per second after it, and how many texts are those of `generate`.
    """
    import torch

    def ours(lookup: bool, copying: bool = True):
        def write(messages, must_answer):
            generator._decoder._lookup, generator._copy_names = lookup, copying
            started, first, text = time.perf_counter(), None, ""
            for piece in type(generator).stream(generator, messages, MAX_NEW_TOKENS, threading.Event(), must_answer):
                first = first or time.perf_counter() - started
                text += piece
            return text, generator.last_tokens, first or 0.0, time.perf_counter() - started

        return write

    def plain(model, **more):
        def write(messages, must_answer):
            ids = torch.tensor([generator._encode(messages)], device=model.device)
            choose, given = generator.chooser(messages, must_answer), Given()

            def processor(input_ids, scores):
                chosen = choose(input_ids[0, ids.shape[1] :].tolist(), scores[0])
                only = torch.full_like(scores, float("-inf"))
                only[0, chosen] = 0.0
                return only

            started = time.perf_counter()
            out = model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=MAX_NEW_TOKENS, do_sample=False,
                temperature=None, top_p=None, top_k=None, logits_processor=[processor], streamer=given,
                pad_token_id=generator._tokenizer.eos_token_id, **more,
            )[0, ids.shape[1] :]  # fmt: skip
            text = generator._tokenizer.decode(out, skip_special_tokens=True, clean_up_tokenization_spaces=False)
            # The prompt is given first.
            return text, len(out), given.times[1] - started, time.perf_counter() - started

        return write

    passes = []
    hooks = [model.register_forward_pre_hook(lambda *_: passes.append(1)) for model in (generator._model, floats)]  # the copy below takes it along
    ways = {"generate": plain(floats), "loop": ours(False), "loop, with proposals": ours(True)}
    copies = generator._copy_names
    if copies:  # what the constraint costs; its texts may differ, that is what it is for
        ways["loop, with proposals, free"] = ours(True, copying=False)
    # transformers' own proposals: it checks Stop once a pass, and asks the constraint about refused tokens too.
    ways["generate, prompt lookup"] = plain(generator._model, prompt_lookup_num_tokens=PROPOSED)
    if floats.dtype == torch.float32:
        ways["generate, bfloat16"] = plain(copy.deepcopy(floats).to(torch.bfloat16))
    ways["generate, as loaded"] = plain(generator._model)
    rows, texts = [], {}
    for name, write in ways.items():
        write(*prompts[0])  # warm
        passes.clear()
        done = [write(*prompt) for prompt in prompts]
        generator._copy_names = copies
        texts[name] = [text for text, *_ in done]
        rest = sum(whole - first for _, _, first, whole in done)
        rows.append(
            {
                "way": name,
                "tokens": sum(count for _, count, _, _ in done),
                "passes": len(passes),
                "first_token_s": statistics.median(first for _, _, first, _ in done),
                "tokens_per_second": sum(count - 1 for _, count, _, _ in done) / rest,
                "same_text": sum(a == b for a, b in zip(texts[name], texts["generate"], strict=True)),
                "replies": len(done),
            }
        )
    for hook in hooks:
        hook.remove()
    return rows


def memory(generator, rows: list[dict]) -> dict | None:
    """How much of this machine's memory bandwidth the decoding loop uses: every pass reads all weights once."""
    import torch

    from rag.int8 import Int8Linear

    if not rows:
        return None
    model = generator._model
    kept = {id(weight): weight for weight in (*model.parameters(), *model.buffers())}
    if isinstance(model.lm_head, Int8Linear):  # of the float embeddings, which it has a copy of its own of, a pass reads one row
        del kept[id(model.get_input_embeddings().weight)]
    weights = sum(weight.numel() * weight.element_size() for weight in kept.values())
    block = torch.ones(max(weights, 2**29) // 8, dtype=torch.int64)  # larger than any cache
    times = []
    for _ in range(5):
        started = time.perf_counter()
        block.sum()
        times.append(time.perf_counter() - started)
    bandwidth = block.numel() * 8 / min(times)
    loop = next(row for row in rows if row["way"] == "loop")  # one pass, one token
    return {
        "weights_bytes": weights,
        "bandwidth_bytes_per_s": bandwidth,
        "most_tokens_per_second": bandwidth / weights,
        "share_used_by_loop": loop["tokens_per_second"] * weights / bandwidth,
    }


def report(result: dict) -> str:
    """Decoding and memory for a terminal."""
    if not result["decoding"]:
        return "the model does not run in this process, so its decoding was not compared"
    base = result["decoding"][0]["tokens_per_second"]
    lines = [f"\n{'way':28}{'tokens/s':>10}{'ratio':>8}{'first token':>13}{'tokens':>8}{'passes':>8}{'same text':>12}"]
    lines += [
        f"{row['way']:28}{row['tokens_per_second']:>10.1f}{row['tokens_per_second'] / base:>8.2f}{row['first_token_s']:>11.2f} s"
        f"{row['tokens']:>8}{row['passes']:>8}{row['same_text']:>7} of {row['replies']}"
        for row in result["decoding"]
    ]
    memory = result["memory"]
    lines.append(
        f"memory: {memory['weights_bytes'] / 1e6:.0f} MB of weights a pass, {memory['bandwidth_bytes_per_s'] / 1e9:.1f} GB/s "
        f"read: at most {memory['most_tokens_per_second']:.1f} tokens/s one by one; the loop reaches {memory['share_used_by_loop']:.0%}"
    )
    return "\n".join(lines)


def ask(bot, service, store, conversation: str, question: str) -> tuple[Turn, float | None]:
    """One turn, and the seconds from its last token until all three scores are there (None: some unscored)."""
    for event in bot.answer(question, conversation_id=conversation):
        if isinstance(event, Finished):
            turn = event.turn
    last_token = time.perf_counter()
    store.save_turn(turn)
    service.submit(turn)
    while (state := service.state(turn.id)) == "pending":
        service.wait(0.05)
    seconds = time.perf_counter() - last_token
    complete = all(score.state in ("scored", "declined") for score in state.scores.values())
    return turn, seconds if complete else None


def service_judge(store, turns: list[Turn]) -> str:
    judgement = store.judgement(turns[-1].id)
    return judgement.judge if judgement else "none"


if __name__ == "__main__":
    main()
