"""A claim with another date than the passages give a job or an item is refused; whatever says more, or may be right, is left to the reader."""

import pytest

from judge.dated import misdated

JOBS = [
    "Mira Solberg – Experience\nLecturer, Department of Chemistry, University of York\nSep 2014 – Mar 2019 (York)\n- Led the spectroscopy lab since 2016.",
    "Mira Solberg – Experience\nDemonstrator, ETH Zürich\n2011 – 2014\n- Taught.",
    "Mira Solberg – Experience\nReader, University of Leeds\n2019 – present\n- Teaches.",
]
ITEMS = ["Mira Solberg – Certificates\nPilot licence, class 1 (2018), drone instructor (2020)\nLifeguard badge, 2015\nShortlisted, Calder Prize, 2014. Won it, 2017", "남궁해솔 – 자격\n초경량비행장치 조종자 1종 (2018년 취득), 무인항공기 지도조종자 (2020년 취득)\n정보처리기사 2015.05\n전기기사 2016년 준비 중"]
KOREAN = ["남궁해솔 – 경력\n다누림항공우주 | 시험평가 연구원 | 2015.03 ~ 2019.06\n- 시험 350회 수행"]


@pytest.mark.parametrize(
    ("claim", "passages", "told"),
    [
        ("She was a lecturer at the University of York from 2013 to 2019.", JOBS, "Sep 2014 – Mar 2019"), ("She left the University of York in 2018 [1].", JOBS, "Sep 2014 – Mar 2019"), ("She joined ETH Zürich in 2012.", JOBS, "2011 – 2014"), ("She worked at ETH Zürich until 2015.", JOBS, "2011 – 2014"),
        ("She worked as Demonstrator at ETH Zürich from 2011 to now.", JOBS, "2011 – 2014"), ("She has been Reader at the University of Leeds since 2018.", JOBS, "2019 – present"), ("She left York in February 2019.", JOBS, "Sep 2014 – Mar 2019"),
        ("다누림항공우주에서 2016년부터 근무했습니다.", KOREAN, "2015.03 ~ 2019.06"), ("다누림항공우주에서 2019년 5월까지 근무했습니다.", KOREAN, "2015.03 ~ 2019.06"), ("2014년에 다누림항공우주에 입사했습니다.", KOREAN, ""),
        ("She got the drone instructor licence in 2018.", ITEMS[:1], ""), ("She became a drone instructor in 2018.", ITEMS[:1], ""), ("She passed the lifeguard badge in 2016.", ITEMS[:1], "2015"),
        ("2018년에 무인항공기 지도조종자 자격을 취득했습니다.", ITEMS[1:], "2020년"), ("정보처리기사를 2016년에 취득했습니다.", ITEMS[1:], "2015.05"),
    ],
)  # fmt: skip
def test_another_date_is_told(claim, passages, told):
    assert misdated(claim, passages) == told


@pytest.mark.parametrize(
    ("claim", "passages"),
    [
        ("She was a lecturer at the University of York from 2014 to 2019.", JOBS), ("She left the University of York in March 2019.", JOBS), ("She has been Reader at the University of Leeds since 2019.", JOBS), ("She joined ETH Zürich in May 2011.", JOBS),
        ("She has led the spectroscopy lab at York since 2016.", JOBS), ("She taught at ETH Zürich from 2012.", JOBS), ("She worked in Oslo until 2015.", JOBS), ("She did not leave York in 2018.", JOBS), ("She worked there since 2013.", JOBS),
        ("She won the Calder Prize in 2017.", ITEMS[:1]), ("2018년에 초경량비행장치 조종자 1종을 취득했습니다.", ITEMS[1:]), ("전기기사를 2017년에 취득했습니다.", ITEMS[1:]), ("Lifeguard badge.", ITEMS[:1]), ("She was at York in 2014, in 2015 and in 2016.", JOBS),
    ],
)  # fmt: skip
def test_what_is_right_or_says_more_is_left_to_the_reader(claim, passages):
    assert misdated(claim, passages) == ""


@pytest.mark.parametrize(
    ("claim", "passages"),
    [
        ("She left the University of York in 2013.", ["Mira Solberg – Experience\nLecturer, University of York\n2014 – 2019", "Mira Solberg – Education\nPhD, University of York\n2010 – 2013"]),
        ("She joined Acme in 2017.", ["Mira Solberg – Experience\nEngineer, Acme\n2018 – 2020", "Mira Solberg – Internships\nIntern, Acme\n2017"]),
        ("She became Senior Engineer at Acme Robotics in 2018.", ["Mira Solberg – Experience\nSenior Engineer, Acme Robotics\n2015 – 2020\n- Joined as engineer, made Senior Engineer in 2018."]),
        ("As of 2024, she works at Bolt Energy.", ["Mira Solberg – Experience\nBuyer, Bolt Energy\n2019 – present"]),
        ("She has been in Bergen since 2015.", ["Mira Solberg – Experience\nBuyer, Bolt Energy, Bergen\n2019 – present", "Mira Solberg – Summary\nLiving in Bergen since 2015."]),
        ("She joined Acme in January 2019.", ["Mira Solberg – Experience\nClerk, Acme\n03/01/2019 – 01/06/2020"]),
    ],
)
def test_a_date_that_something_else_may_bear_out_is_left_to_the_reader(claim, passages):
    assert misdated(claim, passages) == ""
