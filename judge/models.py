"""Which judge a name stands for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from judge.types import DIMENSIONS
from judge.verdicts import Judge
from rag.errors import UserError
from settings import Settings

if TYPE_CHECKING:
    from judge.encoder import EncoderJudge


def dimensions_of(settings: Settings) -> tuple[str, ...]:
    """The further scores that the settings ask for, in the order of DIMENSIONS.

    Raises:
        UserError: there is none of that name.
    """
    wanted = {name.strip() for name in settings.dimensions.split(",")} - {""}
    if unknown := sorted(wanted - set(DIMENSIONS)):
        raise UserError(
            f"VOUCH_DIMENSIONS names {', '.join(unknown)[:80]}; there is {', '.join(DIMENSIONS)}.",
            f"VOUCH_DIMENSIONS에 {', '.join(unknown)[:80]}이(가) 있습니다. 쓸 수 있는 이름은 {', '.join(DIMENSIONS)}입니다.",
        )
    return tuple(name for name in DIMENSIONS if name in wanted)


def judge_for(name: str, settings: Settings) -> Judge:
    """Load the judge called `name`, with the further scores of the settings (`judge.dimensions`).

    Args:
        name: `embedded` (the default); the hub id or folder of a classifier (NLI, grounding score, reranker or
            hallucinated tokens, see judge/classifiers.py), or of a chat or decision model; or a server with
            /v1/systemone.
        settings: gives the folder of the shipped weights and the thread count.

    Raises:
        ModelError: the weights cannot be found or loaded, or their labels do not say what they are.
        UserError: the settings ask for a further score that there is not.
    """
    dimensions = dimensions_of(settings)
    judge = _judge_for(name, settings)
    judge.dimensions = dimensions
    return judge


def _judge_for(name: str, settings: Settings) -> Judge:
    from rag.models import hub_weights, parse_model_name

    parsed = parse_model_name(name)
    if parsed.kind == "embedded":
        return _embedded(settings)
    if parsed.kind == "server":
        from judge.decision import server_judge

        return server_judge(parsed.url, parsed.name)
    folder = hub_weights(parsed.name)
    if _is_classifier(folder):
        from judge.classifiers import HubJudge

        return HubJudge(folder, parsed.name, _embedded(settings))
    from judge.decision import local_judge

    return local_judge(folder, parsed.name)


def _embedded(settings: Settings) -> EncoderJudge:
    from judge.encoder import EncoderJudge
    from rag.models import embedded_weights

    return EncoderJudge(embedded_weights("encoder"), Path(settings.data) / "adapters" / "judge", settings.threads, embedded_weights("generator"))


def _is_classifier(folder: Path) -> bool:
    """Whether the weights say of themselves that they classify sequences or tokens."""
    try:
        named = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("architectures") or []
    except (OSError, ValueError):
        return True  # the classifier's loader says what is wrong with the folder
    return any(str(each).endswith(("ForSequenceClassification", "ForTokenClassification")) for each in named)
