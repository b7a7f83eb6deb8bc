"""Which judge a name stands for."""

from __future__ import annotations

from pathlib import Path

from judge.verdicts import Judge
from rag.errors import ModelError
from settings import Settings


def judge_for(name: str, settings: Settings) -> Judge:
    """Load the judge called `name`.

    Args:
        name: `embedded` (the default), or the hub id or folder of a sequence-classification model
            whose labels say entailment, neutral and contradiction.
        settings: gives the folder of the shipped weights and the thread count.

    Raises:
        ModelError: the weights cannot be found or loaded, or `name` is of a kind that judges nothing.
    """
    from rag.models import embedded_weights, hub_weights, parse_model_name

    parsed = parse_model_name(name)
    if parsed.kind == "embedded":
        from judge.encoder import EncoderJudge

        return EncoderJudge(embedded_weights("encoder"), Path(settings.data) / "adapters" / "judge", settings.threads)
    if parsed.kind == "server":
        raise ModelError(
            f"'{name}' is a server; as a judge, use embedded or the hub id or folder of an NLI cross-encoder.",
            f"'{name}'은(는) 서버입니다. 평가 모델로는 embedded 또는 NLI 크로스 인코더의 허브 이름이나 폴더를 쓰세요.",
        )
    from judge.nli import NliJudge

    return NliJudge(hub_weights(parsed.name), parsed.name, settings)
