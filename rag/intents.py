"""What a question asks of a resume, where it asks that and no more: "walk me through everywhere she's been employed" asks for all jobs.

The rules (rag/rules.py) know their questions by patterns, and people find other words. A small network tells what is asked: e5's lower layers,
which the reranker has loaded already, and layers of our own that started as e5's others. It learnt from questions that were written for it in both languages
(rag/training/questions), many of which only look alike and ask something narrower. A question that it is sure of is asked again in words that the
rules know, and the page shows those; any other stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.aliases import known_names
from rag.employers import employer_named
from rag.entries import periods
from rag.errors import ModelError
from rag.language import language_asked
from rag.software import asks_software
from rag.types import Chunk

if TYPE_CHECKING:
    import torch

    from rag.joint import Joint

WEIGHTS, ABOUT = "weights.safetensors", "intents.json"
OTHER = "other"  # none of the kinds below, or more than one of them

# The words that rules know, by kind; {job} and {other} are employers that the question names, {year} its year. Kinds without an entry are told
# from the others by the network and then left as they were asked: the reader finds them.
ASKED = {
    "overview": ("Who is the candidate?", "지원자는 어떤 사람인가요?"),
    "highlights": ("Why should we hire the candidate?", "지원자를 왜 뽑아야 하나요?"),
    "all_jobs": ("Where has the candidate worked?", "지원자는 어디서 일했나요?"),
    "count_jobs": ("How many jobs has the candidate had?", "지원자는 회사를 몇 군데 다녔나요?"),
    "current_job": ("Where does the candidate work now?", "지원자는 지금 어디서 일하나요?"),
    "longest_job": ("Which job did the candidate have the longest?", "지원자가 가장 오래 다닌 회사는?"),
    "shortest_job": ("Which job did the candidate have the shortest?", "지원자가 가장 짧게 다닌 회사는?"),
    "job_in_year": ("Where did the candidate work in {year}?", "지원자는 {year}년에 어디서 일했나요?"),
    "total_experience": ("How many years of experience does the candidate have?", "지원자의 총 경력은 몇 년인가요?"),
    "gaps": ("Are there any gaps in the employment?", "지원자의 공백기가 있나요?"),
    "overlaps": ("Do any of the jobs overlap?", "기간이 겹치는 경력이 있나요?"),
    "compare_stay": ("Did the candidate stay longer at {job} or at {other}?", "{job}, {other} 중 어디를 더 오래 다녔나요?"),
    "length_at": ("How long did the candidate work at {job}?", "{job}에서 얼마나 일했나요?"),
    "join_date": ("When did the candidate join {job}?", "{job}에 언제 입사했나요?"),
    "left_date": ("When did the candidate leave {job}?", "{job}에서 언제 퇴사했나요?"),
    "before_named": ("Where did the candidate work before {job}?", "{job} 이전에는 어디서 일했나요?"),
    "after_named": ("Where did the candidate work after {job}?", "{job} 다음에는 어디서 일했나요?"),
    "previous_job": ("Where did the candidate work before the current job?", "현재 직장 이전에는 어디서 일했나요?"),
    "first_job": ("What was the candidate's first job?", "지원자의 첫 직장은?"),
    "tasks_at": ("What did the candidate do at {job}?", "{job}에서 무슨 일을 했나요?"),
    "tasks_current": ("What are the candidate's responsibilities now?", "현재 회사에서 무슨 일을 하나요?"),
    "results_at": ("What did the candidate achieve at {job}?", "{job}에서의 성과는?"),
    "why_left": ("Why did the candidate leave {job}?", "{job}에서 왜 그만뒀나요?"),
    "leading": ("Any management experience?", "리더 경험이 있나요?"),
    "team_size": ("How big is the candidate's team?", "팀원은 몇 명인가요?"),
    "length_current": ("How long has the candidate been in the current job?", "현재 회사에서 얼마나 일했나요?"),
    "results_current": ("What did the candidate achieve in the current job?", "현재 회사에서의 성과는?"),
    "education": ("What is the candidate's education?", "지원자의 학력은?"),
    "highest_degree": ("What is the candidate's highest degree?", "지원자의 최종 학력은?"),
    "major": ("What did the candidate study?", "지원자의 전공은?"),
    "certificates": ("Which certificates does the candidate have?", "지원자의 자격증은?"),
    "languages": ("Which languages does the candidate speak?", "지원자의 외국어는?"),
    "skills": ("What are the candidate's skills?", "지원자의 기술은?"),
    "awards": ("Which awards has the candidate won?", "지원자의 수상 경력은?"),
    "publications": ("Which publications does the candidate have?", "지원자의 논문은?"),
    "projects": ("Which projects has the candidate done?", "지원자의 프로젝트는?"),
    "volunteering": ("Any volunteer work?", "지원자의 봉사 활동은?"),
    "hobbies": ("What are the candidate's hobbies?", "지원자의 취미는?"),
    "referees": ("Who are the referees?", "지원자의 추천인은?"),
    "birth_or_age": ("What is the candidate's date of birth?", "지원자의 생년월일은?"),
    "location": ("Where does the candidate live?", "지원자는 어디에 사나요?"),
    "contact": ("What are the candidate's contact details?", "지원자의 연락처는?"),
    "notice": ("What is the notice period?", "입사 가능일은?"),
    "salary": ("What is the salary expectation?", "희망 연봉은?"),
}  # fmt: skip
# Words that a question of a kind cannot do without.
NEEDED = {
    "count_jobs": re.compile(r"\bhow many\b|\bnumber\b|\bcount\b|몇|개수", re.IGNORECASE),
    "first_job": re.compile(r"\b(?:first|earliest|initial|oldest|start\w*|beg[aiu]n\w*|entry|out of|fresh|debut)\b|첫|처음|시작|신입|초창기|사회생활", re.IGNORECASE),
}
LISTED = frozenset({"certificates", "languages", "skills", "awards", "publications", "projects", "education"})
_DETAIL = re.compile(r"\b(?:numbers?|ids?|expir\w*|valid\w*|renew\w*)\b|번호|유효|만료|갱신", re.IGNORECASE)
_WHICH_DAY = re.compile(r"\b(?:what|which) (?:week)?days?\b|요일|몇 ?시", re.IGNORECASE)
_NO_HOME = re.compile(r"\b(?:territor(?:y|ies)|regions?|cover\w*|sales|office|responsible|relocat\w*|commut\w*)\b|담당|영업|관할|근무|파견|출장|맡", re.IGNORECASE)
BESIDE_A_JOB = frozenset({"before_named", "after_named"})
OF_A_JOB = frozenset({"tasks_current", "results_current", "length_current"})  # in a conversation they may mean the job that was told
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Intents:
    """The trained network. Safe to call from several threads.

    Attributes:
        kinds: what the network tells apart, in the order of its outputs.
        threshold: P(kind) from which a question is taken for one of the kind.
        lower: of a question, its states after e5's lower layers, shape (tokens, hidden).
        layers, head: what is our own.
    """

    kinds: tuple[str, ...]
    threshold: float
    lower: Callable[[Sequence[str]], list[torch.Tensor]]
    layers: torch.nn.ModuleList
    head: torch.nn.Linear

    @classmethod
    def load(cls, folder: Path, joint: Joint) -> Intents | None:
        """What is in `folder`; None where there is nothing.

        Args:
            joint: whose lower layers are shared.

        Raises:
            ModelError: weights that are damaged or of another shape.
        """
        if not (folder / WEIGHTS).is_file():
            return None
        from safetensors import SafetensorError

        from rag.joint import stored

        try:
            about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            layers, head = joint.upper_layers(), head_for(joint.hidden, len(about["kinds"]))
            network = network_of(layers, head)
            network.load_state_dict(stored(folder / WEIGHTS))
            return cls(tuple(about["kinds"]), float(about["threshold"]), joint.lower_states, network.eval()["layers"], head)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            raise ModelError(
                en=f"The network that tells what is asked, in {folder}, cannot be loaded ({error}); restore the folder or train it again.",
                ko=f"{folder}의 질문 분류 모델을 불러올 수 없습니다 ({error}). 폴더를 되돌리거나 다시 학습하세요.",
            ) from error

    def kind_of(self, questions: Sequence[str]) -> list[tuple[str, float]]:
        """The likeliest kind of each question and its probability; `OTHER` counts as any.

        Args:
            questions: candidates' names replaced as in retrieval (`without_names`).
        """
        import torch

        from rag.joint import through_each

        if not questions:
            return []
        with torch.inference_mode():
            states = through_each(self.layers, self.lower(questions))
            pooled = torch.stack([torch.cat([each[0], each.mean(0)]) for each in states])
            chances = self.head(pooled.float()).softmax(-1)
        best = chances.max(-1)
        return [(self.kinds[i], p) for i, p in zip(best.indices.tolist(), best.values.tolist(), strict=True)]


def network_of(layers, head):
    """Layers and head as one module, to be stored."""
    from torch import nn

    return nn.ModuleDict({"layers": layers, "head": head})


def head_for(hidden: int, kinds: int):
    from torch import nn

    return nn.Linear(2 * hidden, kinds)


def as_rules_ask(question: str, kind: str, chunks: Sequence[Chunk]) -> str:
    """The question in words that the rules know; "" where it names what its kind has no place for, or lacks what it needs.

    Args:
        question: candidates' names replaced as in retrieval.
        kind: what it asks, of `Intents.kind_of`.
        chunks: all passages that are searched.
    """
    if kind not in ASKED or (kind in NEEDED and not NEEDED[kind].search(question)):
        return ""
    if asks_software(question) or _WHICH_DAY.search(question) or (kind in LISTED and _DETAIL.search(question)) or (kind == "location" and _NO_HOME.search(question)):
        return ""  # "License number?" is one thing about one of them, and "담당 지역은?" no home
    wording = ASKED[kind][language_asked(question) == "ko"]
    wanted = wording.count("{job}") + wording.count("{other}")
    named = [found for job in periods(chunks) if (found := employer_named(job, question))]
    names = [name for _, name in sorted(dict.fromkeys(named))]
    years = _YEAR.findall(question)
    if len(names) != wanted or len(years) != wording.count("{year}") or (_NUMBER.search(_YEAR.sub("", question)) is not None):
        return ""
    if not wanted and known_names(question) and kind != "languages":
        return ""  # "Which projects used Kafka?"
    return wording.format(**dict(zip(("job", "other"), names, strict=False)), year=years[0] if years else "")
