"""Which job a question about the order of jobs asks for, as the judge hears it."""

import numpy as np
import pytest

from judge.order import by_order

EN = [
    "Ida Varnley – Experience\nHead of Stores, Brockhall Foods\nMay 2021 – present | Leeds\n- Runs eleven stores.",
    "Ida Varnley – Experience\nStore Manager, Tarn & Fell\n2017 – April 2021 | York\n- Opened the Ripon store.",
    "Ida Varnley – Experience\nCashier, Lowther Market\n2014 – 2017 | Hull\n- Trained six cashiers.",
    "Ida Varnley – Summary\nA shopkeeper at heart.",
]
KO = [
    "표가람 – 경력\n솔빛유통, 점장\n2020년 3월 – 현재 | 대구\n- 매장 세 곳을 운영",
    "표가람 – 경력\n한솔마트, 부점장\n2016년 5월 – 2020년 2월 | 구미\n- 신규 매장 개점",
]


def heard(question, reply, passages, relevant=0.3, answers=0.4):
    relevance, p = by_order(question, reply, passages, np.full(len(passages), relevant), answers)
    return [round(float(each), 2) for each in relevance], round(p, 2)


@pytest.mark.parametrize(
    ("question", "reply", "which"),
    [
        ("Where did she work before Brockhall Foods?", "She was at Tarn & Fell. [1]", 1),
        ("Where did she work after Tarn & Fell?", '"Head of Stores, Brockhall Foods · May 2021 – present" [1]', 0),
        ("What was her first job?", "Cashier at Lowther Market.", 2),
        ("What was her last job?", "Head of Stores at Brockhall Foods", 0),
        ("Which company did she work for before the current one?", "Tarn & Fell, as a store manager", 1),
    ],
)
def test_the_job_that_is_asked_for_is_relevant_and_naming_it_answers(question, reply, which):
    relevance, answers = heard(question, reply, EN)
    assert relevance[which] > 0.95
    assert all(p < 0.02 for i, p in enumerate(relevance[:3]) if i != which)
    assert relevance[3] == 0.3  # no job at all: it may tell too
    assert answers > 0.95


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Where did she work before Brockhall Foods?", "She worked at Lowther Market. [2]"),
        ("What was her first job?", '"Store Manager, Tarn & Fell · 2017 – April 2021 | York" [1]'),
    ],
)
def test_a_reply_with_another_job_does_not_answer(question, reply):
    assert heard(question, reply, EN)[1] < 0.02


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Where did she work before Brockhall Foods?", "She had worked elsewhere."),  # names none
        ("What was her first job?", "Cashier at Lowther Market, then Store Manager at Tarn & Fell."),  # and more
        ("Was her first job in Hull?", "No, it was the one at Tarn & Fell."),  # neither yes nor no is a job
    ],
)
def test_a_reply_that_names_none_or_several_is_left_to_the_network(question, reply):
    assert heard(question, reply, EN)[1] == 0.4


@pytest.mark.parametrize("question", ["What did she do at Tarn & Fell?", "Which stores has she opened?", "Where did she work before Nordmark?"])
def test_other_questions_are_left_alone(question):
    assert heard(question, "She opened the Ripon store.", EN) == ([0.3] * 4, 0.4)


def test_one_job_alone_comes_neither_first_nor_last():
    assert heard("What was her first job?", "Store Manager at Tarn & Fell", EN[1:2]) == ([0.3], 0.4)


def test_jobs_of_one_passage_are_told_apart():
    together = "Ida Varnley – Experience\n" + "\n\n".join(text.split("\n", 1)[1] for text in EN[:3])
    assert heard("What was her first job?", "Cashier, Lowther Market", [together])[1] > 0.95
    assert heard("What was her first job?", "Store Manager, Tarn & Fell", [together])[1] < 0.02


def test_korean():
    relevance, answers = heard("솔빛유통 이전에는 어디서 일했나요?", "한솔마트에서 부점장으로 일했습니다.", KO)
    assert relevance[1] > 0.95
    assert relevance[0] < 0.02
    assert answers > 0.95
    assert heard("첫 직장은 어디였나요?", "솔빛유통에서 점장으로 시작했습니다.", KO)[1] < 0.02


def test_passages_of_no_known_form_are_left_alone():
    assert heard("What was her first job?", "Cashier", ["", "\n", "plain text", "– \n2014 – 2017"]) == ([0.3] * 4, 0.4)
