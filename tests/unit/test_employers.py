"""Names of employers that a question has in small letters."""

import pytest

from rag.employers import with_capitals
from tests.unit.test_durations import chunk

RESUME = [
    chunk(1, "May 2016 – Dec 2019\nCategory Manager, Metals\nTreadwell Automotive, Coventry\n- Managed spend."),
    chunk(2, "Dental Hygienist — Cascade Periodontics, Beaverton\nJune 2017 – July 2020\n- Perio work."),
    chunk(3, "Head of Planning, Vossewinkel Retail\nMarch 2022 – present\n- Leads."),
]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how long was he at treadwell", "how long was he at Treadwell"), ("and at cascade?", "and at Cascade?"), ("why did she leave vossewinkel retail", "why did she leave Vossewinkel Retail"),
        ("what dental work at cascade", "what dental work at Cascade"), ("Where did she work before treadwell automotive?", "Where did she work before Treadwell Automotive?"),
        ("longer at treadwell or cascade", "longer at Treadwell or Cascade"),
    ],
)  # fmt: skip
def test_they_are_given_their_capitals(question, named):
    assert with_capitals(question, RESUME) == named


@pytest.mark.parametrize("question", ["does a cascade of alerts help", "planning skills", "any retail experience", "카스케이드에서 뭐 했어요?", "how long was he at acme"])
def test_other_words_stay_as_they_are(question):
    assert with_capitals(question, RESUME) == question


def test_of_several_people_each_ones_employers_are_known():
    other = [chunk(1, "Clerk, Pellikan Freight\n2019 – 2020\n- Filed.", subject="Ida Berg")]
    assert with_capitals("how long was ida at pellikan freight, and mira at treadwell?", [*RESUME, *other]) == "how long was ida at Pellikan Freight, and mira at Treadwell?"
