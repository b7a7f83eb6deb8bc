"""What a question asks, and in which words the rules are asked it."""

import json

import numpy as np
import pytest

from rag.contacts import asked_for
from rag.intents import ASKED, OTHER, as_rules_ask
from rag.meant import jobs_meant
from rag.rules import asks_rule, ruled
from rag.training import intents as training
from rag.training import precision
from rag.training.intents import Row, carelessly, read, split, taken, threshold_for
from settings import PROJECT
from tests.unit.test_durations import chunk

RESUME = [
    chunk(1, "Head of Planning, Vossewinkel Retail\nMarch 2022 – present\n- Leads a team of 9 planners.\n- Cut stock-outs by 31 %."),
    chunk(2, "Data Engineer, Pelikaan Logistics\nJune 2019 – February 2022\n- Built the forecast on Kafka.\n- Left because the office moved."),
    chunk(3, "도담테크, 분석가\n2015.09 – 2017.08\n- 보고서를 작성했습니다.\n- 오차를 18%에서 11%로 낮췄습니다."),
]


@pytest.mark.parametrize(
    ("question", "kind", "asked"),
    [
        ("walk me through everywhere she's been employed", "all_jobs", "Where has the candidate worked?"),
        ("그동안 몸담았던 데를 쭉 읊어봐", "all_jobs", "지원자는 어디서 일했나요?"),
        ("her time with pelikaan, how long was that", "length_at", "How long did the candidate work at Pelikaan Logistics?"),
        ("도담테크엔 몇 년이나 몸담았대?", "length_at", "도담테크에서 얼마나 일했나요?"),
        ("who kept her longer, Pelikaan or Vossewinkel", "compare_stay", "Did the candidate stay longer at Pelikaan Logistics or at Vossewinkel Retail?"),
        ("employer back in 2020 pls", "job_in_year", "Where did the candidate work in 2020?"),
        ("can she speak German or French", "languages", "Which languages does the candidate speak?"),
    ],
)
def test_a_question_is_asked_in_the_words_of_the_rules(question, kind, asked):
    assert as_rules_ask(question, kind, RESUME) == asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how long was that", "length_at"), ("her time with Acme, how long", "length_at"), ("which one kept her longer, Pelikaan or Acme", "compare_stay"), ("employer that year", "job_in_year"),
        ("when did she leave pelikaan airlines?", "left_date"), ("도담 은행에서 얼마나 있었나요?", "length_at"),
        ("projects she did at Pelikaan", "projects"), ("jobs with Kafka", "all_jobs"), ("jobs in 2020", "all_jobs"), ("did she lead more than 10 people", "leading"), ("what is her mail", "graduation"), ("anything", OTHER),
    ],
)  # fmt: skip
def test_what_its_kind_has_no_place_for_or_lacks_leaves_it_as_it_is(question, kind):
    assert as_rules_ask(question, kind, RESUME) == ""


def test_a_word_that_many_names_have_names_no_employer():
    banks = [chunk(1, "Clerk, Bank of Ireland\n2019-06 – present\n- Filed."), chunk(2, "분석가, 대한 상공회의소\n2015.09 – 2017.08\n- 보고서를 작성했습니다."), chunk(3, "Clerk, Data Systems\n2013-06 – 2014-05\n- Filed.")]
    assert as_rules_ask("how long has she been at the bank of ireland", "length_at", banks) == "How long did the candidate work at Bank of Ireland?"
    for question, kind in (("how long was she at the bank of england?", "length_at"), ("프로젝트에 대한 업무는 뭘 맡았죠?", "tasks_at"), ("time on data work", "length_at")):
        assert as_rules_ask(question, kind, banks) == "", question


@pytest.mark.parametrize("language", [0, 1])
def test_every_wording_is_known(language):
    for kind, wordings in ASKED.items():
        asked = wordings[language].format(job="도담테크" if language else "Pelikaan Logistics", other="Vossewinkel Retail", year=2020)
        assert asks_rule(asked) or jobs_meant(asked, RESUME) or asked_for(asked, ""), kind
        if kind in ("all_jobs", "count_jobs", "current_job", "longest_job", "shortest_job", "job_in_year", "total_experience", "gaps", "overlaps", "length_at", "tasks_at", "results_at", "leading"):
            assert ruled(asked, RESUME, "en") or kind == "results_at", kind


def test_questions_are_read_once_with_names_replaced_and_where_writers_disagree_are_of_no_kind(tmp_path):
    rows = [("all_jobs", "Where has Isaura worked?", False), ("all_jobs", "where has Isaura worked?", False), ("skills", "Does 온유씨 know SQL?", True), ("education", "studies?", False), ("major", "Studies?", False)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"intent": kind, "q": q, "near_miss": miss}, ensure_ascii=False) for kind, q, miss in rows), encoding="utf-8")
    assert read(tmp_path) == [Row("Where has the candidate worked?", "all_jobs"), Row("Does 지원자 know SQL?", OTHER), Row("Studies?", OTHER)]


def test_the_questions_in_the_repository_are_of_every_kind_in_both_languages():
    rows = read()
    for kind in ASKED:
        own = [row.question for row in rows if row.kind == kind]
        assert sum("가" <= letter <= "힣" for question in own for letter in question) > 100 and sum(question.isascii() for question in own) >= 20, kind


def test_few_of_the_questions_it_is_measured_on_are_among_those_it_learns_from():
    learnt = {row.question.casefold().strip(" ?.!") for row in read()}
    asked = [json.loads(line)["user_input"] for line in (PROJECT / "data/questions/kinds/questions.jsonl").read_text(encoding="utf-8").splitlines()]
    long = [question for question in asked if len(question.split()) > 4]
    assert len(asked) == 768 and sum(question.casefold().strip(" ?.!") in learnt for question in long) <= 0.03 * len(long)


def test_some_of_every_kind_are_kept_out_and_none_is_in_both():
    import random

    rows = [Row(f"{kind} {i}", kind) for kind in ("a", "b", OTHER) for i in range(36)]
    learnt, kept = split(rows, random.Random(0))
    assert len(kept) == 9 and {row.kind for row in kept} == {"a", "b", OTHER} and not set(learnt) & set(kept)


def test_the_threshold_lets_few_of_what_only_looks_alike_pass():
    kinds = ["a", "b", OTHER]
    rows = [Row("1", "a"), Row("2", "b"), Row("3", OTHER), Row("4", OTHER)]
    chances = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8]])
    assert taken(chances, kinds, rows, 0.5) == {"right": 1.0, "another": 0.0, "false": 0.5}
    threshold = threshold_for(chances, kinds, rows)
    assert 0.7 < threshold <= 0.71 and taken(chances, kinds, rows, threshold) == {"right": 1.0, "another": 0.0, "false": 0.0}
    assert training.FALSE < 0.5


def test_every_question_is_learnt_a_second_time_as_it_is_typed_in_a_hurry():
    import random

    chance = random.Random(3)
    typed = [carelessly("Where has the candidate worked before this?", chance) for _ in range(60)]
    assert len(set(typed)) > 10 and sum("Where" not in each for each in typed) > 20 and all(abs(len(each) - 43) <= 2 for each in typed)
    assert {carelessly("어디서 일했나요?", chance) for _ in range(40)} == {"어디서 일했나요?", "어디서 일했나요", "어디서일했나요?", "어디서일했나요"}


def test_layers_are_multiplied_in_bfloat16_while_they_learn_only_where_that_is_faster(monkeypatch):
    import torch

    for faster in (True, False):
        monkeypatch.setattr(precision, "faster_in_bfloat16", lambda faster=faster: faster)
        with precision.mixed(torch.device("cpu")):
            assert (torch.nn.Linear(2, 2)(torch.ones(1, 2)).dtype == torch.bfloat16) is faster


@pytest.mark.parametrize(("question", "kind"), [("license number?", "certificates"), ("자격증 번호는?", "certificates"), ("which wms has he worked with?", "all_jobs"), ("담당 지역은 어디였죠", "location"), ("which region did she cover?", "location"), ("무슨요일에 가요?", "hobbies")])
def test_one_thing_about_a_list_or_a_kind_of_software_is_not_all_of_it(question, kind):
    assert as_rules_ask(question, kind, []) == ""
