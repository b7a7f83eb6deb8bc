"""Ragas' three scores of some replies, through an OpenAI-compatible server; run by benchmarks.judge_speed in the other
environment (`make loaders`), which has ragas and knows nothing of this project.

Reads one JSON object from standard input: url, model, timeout_s and rows (user_input, response, retrieved_contexts).
Writes one JSON line per row and metric: metric, seconds, and value (a number, or null with what went wrong in `error`).
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import sys
import time
import zlib

os.environ["RAGAS_DO_NOT_TRACK"] = "true"


def main() -> None:
    """Score every row with every metric."""
    from openai import AsyncOpenAI
    from ragas.embeddings.base import BaseRagasEmbedding
    from ragas.llms import llm_factory
    from ragas.metrics.collections import AnswerRelevancy, ContextPrecisionWithoutReference, Faithfulness

    class Trigrams(BaseRagasEmbedding):
        """Hashed trigrams: an embedding that costs nothing, so that only Ragas' calls of the model are timed."""

        def embed_text(self, text: str, **_kwargs: object) -> list[float]:
            made = [0.0] * 256
            for i in range(max(1, len(text) - 2)):
                made[zlib.crc32(text[i : i + 3].encode()) % 256] += 1.0
            return made

        async def aembed_text(self, text: str, **kwargs: object) -> list[float]:
            return self.embed_text(text, **kwargs)

    given = json.load(sys.stdin)
    client = AsyncOpenAI(base_url=given["url"], api_key="none", timeout=given["timeout_s"], max_retries=0)
    llm = llm_factory(given["model"], client=client)
    metrics = {
        "faithfulness": (Faithfulness(llm=llm), ("user_input", "response", "retrieved_contexts")),
        "answer_relevancy": (AnswerRelevancy(llm=llm, embeddings=Trigrams()), ("user_input", "response")),
        "context_precision": (
            ContextPrecisionWithoutReference(llm=llm),
            ("user_input", "response", "retrieved_contexts"),
        ),
    }

    async def score(name: str, row: dict) -> dict:
        metric, fields = metrics[name]
        began = time.perf_counter()
        value, error = None, ""
        try:
            call = metric.ascore(**{field: row[field] for field in fields})
            value = float((await asyncio.wait_for(call, given["timeout_s"])).value)
            if not math.isfinite(value):
                value, error = None, "NaN"
        except Exception as failure:  # what it fails with is what is measured
            error = type(failure).__name__
        return {"metric": name, "value": value, "error": error, "seconds": time.perf_counter() - began}

    async def everything() -> None:
        for row in given["rows"]:
            for name in metrics:
                print(json.dumps(await score(name, row)), flush=True)

    asyncio.run(everything())


if __name__ == "__main__":
    main()
