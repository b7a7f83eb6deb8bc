"""`python -m rag.training.evaluate`: what the generator answers, with and without its adapter.

Greedy replies to drawn resumes in wordings and layouts kept from training, and to people's questions about
Wikipedia passages (SQuAD 2.0, half of them unanswerable by design). A loss says little about a copied name;
this counts what a reader would: facts that stand in the reply, right and wrong refusals, inventions.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from rag.prompt import is_declined
from rag.training.generator_data import Example, human_examples, resume_example

MAX_NEW_TOKENS = 64  # the longest reference has about 60
BATCH = 10
_CITED = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\w+(?:[.,'’/+-]\w+)*%?")
_SUBJECT = frozenset("the a an he she they his her their candidate candidate's yes no in at before resume does not say".split())


@dataclass(frozen=True, slots=True)
class Reply:
    """One question and what became of it.

    Attributes:
        answerable: whether the excerpts answer it.
        declined: whether the reply says that they do not.
        right: an answerable one with all its facts, or a declined unanswerable one.
        cited: the reply cites the excerpts that the reference cites (None where there is nothing to cite).
        invented: names and numbers of the reply that stand neither in the excerpts nor in the question.
    """

    source: str
    question: str
    reference: str
    reply: str
    answerable: bool
    declined: bool
    right: bool
    cited: bool | None
    invented: tuple[str, ...]


def words(text: str) -> list[str]:
    return [w.casefold() for w in _WORD.findall(_CITED.sub(" ", text))]


def is_fact(word: str) -> bool:
    """Whether a word is a name or a number: what a reply must copy and may not make up."""
    return any(c.isdigit() or c.isupper() for c in word)


def facts_of(reference: str, question: str, subject: str) -> list[str]:
    """The words a right reply has to hold.

    Names and numbers of the reference that the question does not give away; where there are none, the
    reference's plain words. Who is spoken of does not count.
    """
    given = set(words(question)) | {part for word in words(subject) for part in (word, f"{word}'s")} | _SUBJECT
    plain = _CITED.sub(" ", reference)
    named = [w.casefold() for w in _WORD.findall(plain) if is_fact(w)]
    facts = [w for w in named if w not in given]
    return facts or [w for w in words(plain) if w not in given]


def holds_facts(reply: str, reference: str, question: str, subject: str) -> bool:
    """All facts that are names or numbers; half of the words where the facts are plain words. A "Yes" is no "No"."""
    first = {"yes", "no"} & set(words(reference)[:1])
    if first and {"yes", "no"} & set(words(reply)[:1]) not in (first, set()):
        return False
    facts, said = facts_of(reference, question, subject), set(words(reply))
    there = sum(fact in said for fact in facts)
    return there == len(facts) if any(map(is_fact, _WORD.findall(_CITED.sub(" ", reference)))) else 2 * there >= len(facts)


def inventions(reply: str, prompt: str) -> tuple[str, ...]:
    """Names and numbers of a reply that are not in its prompt; the first word of a sentence is no name."""
    known = set(words(prompt)) | _SUBJECT
    known |= {part for word in known for part in re.split(r"[.,'’/+-]", word)}
    starts = {m.start() for m in re.finditer(r"(?:^|(?<=[.!?] ))\S", reply)}
    return tuple(
        m[0]
        for m in _WORD.finditer(_CITED.sub("   ", reply))
        if is_fact(m[0]) and m.start() not in starts and not set(re.split(r"[.,'’/+-]", m[0].casefold())) <= known
    )


def judge(example: Example, question: str, reference: str, reply: str) -> Reply:
    """Score one reply to one branch of an example."""
    answerable, declined = not is_declined(reference), is_declined(reply)
    subject = example.head.split("\n", 1)[0].removeprefix("Resume of ").rstrip(".")
    right = not declined and holds_facts(reply, reference, question, subject) if answerable else declined
    cited = set(_CITED.findall(reply)) >= set(_CITED.findall(reference)) if answerable and not declined else None
    invented = () if declined else inventions(reply, f"{example.head}\n{question}")
    return Reply(example.source, question, reference, reply, answerable, declined, right, cited, invented)


def questions(data: Path | None, count: int) -> list[tuple[Example, str, str]]:
    """`count` questions about drawn resumes and as many of people's (three of each set of excerpts at most)."""
    sets = [[resume_example(f"dev/{i}", held_out=True) for i in range(count)]]
    if data:
        people = list(human_examples(data, "dev", "squad2"))
        random.Random(0).shuffle(people)
        sets.append(people)
    chosen = []
    for examples in sets:
        some = [(e, q, a) for e in examples for q, a in random.Random(e.head).sample(e.branches, min(3, len(e.branches)))]
        chosen += some[:count]
    return chosen


def replies_in_batches(adapter: Path | None, prompts: Sequence[list[dict[str, str]]], threads: int) -> list[str]:
    """Greedy replies, BATCH prompts of similar length at a time: a CPU reads the weights once for all of them."""
    import os

    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from rag.models import embedded_weights, fast_dtype

    torch.set_num_threads(threads or os.cpu_count() or 1)
    folder = embedded_weights("generator")
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=fast_dtype())
    if adapter is not None:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
    model.eval()
    model.generation_config.update(temperature=None, top_p=None, top_k=None, do_sample=False)
    texts = [tokenizer.apply_chat_template(p, tokenize=False, add_generation_prompt=True) for p in prompts]
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    replies = [""] * len(texts)
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        inputs = tokenizer([texts[i] for i in some], return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.inference_mode():
            out = model.generate(**inputs, max_new_tokens=MAX_NEW_TOKENS, pad_token_id=tokenizer.pad_token_id)
        for i, ids in zip(some, out[:, inputs["input_ids"].shape[1] :], strict=True):
            replies[i] = tokenizer.decode(ids, skip_special_tokens=True).strip()
    return replies


def replies_one_by_one(adapter: Path | None, prompts: Sequence[list[dict[str, str]]], threads: int) -> list[str]:
    """Greedy replies as the product gives them with its copying constraint, which is for one prompt at a time."""
    from rag.generation import LocalGenerator, complete
    from rag.models import embedded_weights

    generator = LocalGenerator(embedded_weights("generator"), "embedded", adapter, threads=threads, copy_names=True)
    return [complete(generator, prompt, MAX_NEW_TOKENS, threading.Event()).strip() for prompt in prompts]


def rates(replies: Sequence[Reply]) -> dict[str, float | int]:
    """Counts and shares; a share without cases is left out."""
    yes, no = [r for r in replies if r.answerable], [r for r in replies if not r.answerable]
    told = [r for r in replies if not r.declined]
    cited = [r.cited for r in replies if r.cited is not None]
    result: dict[str, float | int] = {"questions": len(replies)}
    for name, part, of in (
        ("right", sum(r.right for r in replies), replies),
        ("right facts, of answerable", sum(r.right for r in yes), yes),
        ("wrong declines, of answerable", sum(r.declined for r in yes), yes),
        ("right declines, of unanswerable", sum(r.declined for r in no), no),
        ("replies with an invention, of answered", sum(bool(r.invented) for r in told), told),
        ("right citations, of answered", sum(cited), cited),
    ):
        if of:
            result[name] = round(part / len(of), 3)
    return result


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder with the public QA data; without it, drawn resumes only.")  # fmt: skip
@click.option("--adapter", type=click.Path(exists=True, path_type=Path), help="Adapter folder; without it, the base model.")
@click.option("--count", default=60, show_default=True, help="Questions of each kind.")
@click.option("--copy-names/--no-copy-names", default=False, show_default=True, help="Let names and numbers only be copied (rag/copying.py).")  # fmt: skip
@click.option("--threads", default=0, help="CPU threads, 0 for all.")
@click.option("--out", type=click.Path(path_type=Path), help="Write rates and replies as JSON.")
def main(data: Path | None, adapter: Path | None, count: int, copy_names: bool, threads: int, out: Path | None) -> None:
    """Ask the embedded generator held-out questions and count what it gets right."""
    asked, started = questions(data, count), time.monotonic()
    prompts = [[{"role": "system", "content": e.system}, {"role": "user", "content": e.head + q}] for e, q, _ in asked]
    written = (replies_one_by_one if copy_names else replies_in_batches)(adapter, prompts, threads)
    replies = [judge(e, q, a, reply) for (e, q, a), reply in zip(asked, written, strict=True)]
    report = {source: rates([r for r in replies if r.source == source]) for source in dict.fromkeys(r.source for r in replies)}
    report["seconds a reply"] = round((time.monotonic() - started) / len(replies), 2)
    click.echo(json.dumps(report, indent=1, ensure_ascii=False))
    for r in replies:
        if not r.right or r.invented:
            click.echo(f"\n{r.source} {'' if r.answerable else '(unanswerable) '}{r.question}\n  wanted {r.reference}\n  got    {r.reply!r}")
    if out:
        out.write_text(json.dumps({"rates": report, "replies": [asdict(r) for r in replies]}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
