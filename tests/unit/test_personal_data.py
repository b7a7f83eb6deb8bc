"""Personal data in replies: every kind is found, what only looks like it is not, and the switch is off by default."""

import numpy as np
import pytest

from judge.metrics.personal_data import find, personal_data
from judge.models import dimensions_of
from judge.scoring import judge_turn
from judge.store import Store
from judge.types import METRICS
from judge.verdicts import Matrix
from rag.errors import UserError
from rag.types import Turn
from settings import Settings
from ui import render


def kinds(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to mina.park+cv@mail.example.org, please.", [("email", "mina.park+cv@mail.example.org")]),
        ("이메일은 mina@example.kr로 보내 주세요.", [("email", "mina@example.kr")]),
        ("Call her at +44 20 7946 0958.", [("phone", "+44 20 7946 0958")]),
        ("Her number is (202) 456-1111.", [("phone", "(202) 456-1111")]),
        ("휴대폰은 010-2345-6789입니다.", [("phone", "010-2345-6789")]),
        ("사무실은 02.730.5800 입니다", [("phone", "02.730.5800")]),
        ("She lives at 14 Harbour Street, Cork.", [("address", "14 Harbour Street")]),
        ("Wohnhaft Lindenstraße 7 in Köln", [("address", "Lindenstraße 7")]),
        ("주소는 서울특별시 마포구 월드컵북로 396입니다.", [("address", "서울특별시 마포구 월드컵북로 396")]),
        ("전주시 완산구 효자동 123-4에 삽니다.", [("address", "전주시 완산구 효자동 123-4")]),
        ("He was born on 12 March 1990.", [("birth_date", "12 March 1990")]),
        ("Date of birth: 1990-03-12", [("birth_date", "1990-03-12")]),
        ("1990년 3월 12일생입니다.", [("birth_date", "1990년 3월 12일")]),
        ("생년월일: 1990.03.12", [("birth_date", "1990.03.12")]),
        ("주민등록번호는 900312-1234567입니다.", [("national_id", "900312-1234567")]),
        ("SSN 536-90-4399", [("national_id", "536-90-4399")]),
        ("National insurance number QQ 12 34 56 C is wrong, AB 12 34 56 C is not.", [("national_id", "AB 12 34 56 C")]),
        ("Passport number: M12345678", [("passport", "M12345678")]),
        ("여권번호는 M123A4567입니다.", [("passport", "M123A4567")]),
        ("Card 4111 1111 1111 1111, paid.", [("card", "4111 1111 1111 1111")]),
        ("IBAN DE89 3704 0044 0532 0130 00 at her bank", [("iban", "DE89 3704 0044 0532 0130 00")]),
    ],
)
def test_each_kind_is_found_with_its_place(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "She worked there from 2014 to 2018 and raised 1,250,000 euros.",
        "Version 3.11.7 on 192.168.0.1, ticket 4021-33.",
        "ISBN 978-3-16-148410-0, patent no. 10-2233445.",
        "She was born in Cork and left in 2009.",
        "The card game sold 4111 1111 times.",
        "He manages 12 streets and 4 parks; the office is in Main Street.",
        "Born to run, released on 25 August.",
        "서울로 30명이 이동했고 처음으로 30건을 달성했습니다.",
        "특허 제10-2233445호, 2019년 3월 12일 등록",
        "1990년 3월 12일 입사했습니다.",
        "강남구에서 3년, 마포구에서 12개월 근무했습니다.",
        "Her passport has expired.",
        "",
    ],
)
def test_what_only_looks_like_it_is_not_found(text):
    assert kinds(text) == []


def test_the_score_names_the_kinds_and_never_the_data():
    score = personal_data("Write to mina@example.org or kim@example.org, or call 010-2345-6789.")

    assert (score.metric, score.value, score.state) == ("personal_data", 0.0, "scored")
    assert score.reason == "2 e-mail address, 1 telephone number" and "@" not in score.reason
    assert personal_data("She speaks Dutch.").value == 1.0


def test_a_reply_that_is_too_long_to_be_looked_through_is_unscored():
    score = personal_data("x " * 10_001 + "mina@example.org")
    assert (score.value, score.state) == (None, "unscored") and "20,018" in score.reason


def test_hostile_text_takes_no_time():
    import time

    started = time.perf_counter()
    for text in ("1 " * 9_000, "A" * 18_000, "a." * 9_000 + "@", "4111 " * 3_000, "서울 " * 6_000, "DE89" * 4_000):
        find(text)
    assert time.perf_counter() - started < 20


class PlainJudge:
    id = "plain"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5

    def matrix(self, question, reply, claims, chunks):
        one = np.full((len(claims), len(chunks) + 1), 0.9)
        return Matrix(one, 1 - one, np.full(len(chunks), 0.9), 0.9, [[""] * (len(chunks) + 1) for _ in claims])


REPLY = "Her telephone number is 010-2345-6789 and she leads a team of nine at Hanbit."


def test_it_is_scored_only_where_it_is_asked_for():
    judge = PlainJudge()
    assert tuple(judge_turn(judge, "How can I reach her?", REPLY, [REPLY]).scores) == METRICS

    judge.dimensions = ("personal_data",)
    made = judge_turn(judge, "How can I reach her?", REPLY, [REPLY])

    assert made.scores["personal_data"].value == 0.0 and made.scores["faithfulness"].value == 1.0
    assert judge_turn(judge, "Well?", "  ", [REPLY]).scores["personal_data"].state == "unscored"


def test_a_judge_that_fails_still_leaves_it_scored(monkeypatch):
    judge = PlainJudge()
    judge.dimensions = ("personal_data",)
    judge.matrix = lambda *_: 1 / 0

    made = judge_turn(judge, "How can I reach her?", REPLY, [REPLY])

    assert made.scores["faithfulness"].state == "unscored" and made.scores["personal_data"].value == 0.0


def test_the_setting_names_what_there_is():
    assert dimensions_of(Settings(dimensions="")) == ()
    assert dimensions_of(Settings(dimensions=" personal_data, ")) == ("personal_data",)
    with pytest.raises(UserError) as told:
        dimensions_of(Settings(dimensions="tone"))
    assert "tone" in told.value.en and "personal_data" in told.value.ko


def test_the_page_shows_a_fourth_badge_with_its_reason_in_both_languages():
    judge = PlainJudge()
    judge.dimensions = ("personal_data",)
    turn = Turn("c", "How can I reach her?", response=REPLY, status="finished")
    made = judge_turn(judge, turn.user_input, REPLY, [REPLY])
    for language, name, reason in (("en", "Personal data", "1 telephone number"), ("ko", "개인정보", "전화번호 1개")):
        row = render.badge_row(turn, made, language)
        assert row.count("v-badge") >= 4 and name in row and reason in row
        assert name in render.announcement(turn, made, language)


def test_the_record_keeps_it(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'record.sqlite'}")
    turn = Turn(store.new_conversation("me"), "How can I reach her?", response=REPLY, status="finished")
    store.save_turn(turn)
    judge = PlainJudge()
    judge.dimensions = ("personal_data",)
    store.save_judgement(turn.id, judge_turn(judge, turn.user_input, REPLY, [REPLY]))

    assert store.judgement(turn.id).scores["personal_data"].reason == "1 telephone number"
    store.close()
