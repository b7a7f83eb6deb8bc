"""Who asks for a kind of software is told of the products that the resume names; other questions are left alone."""

import pytest

from rag.rules import ruled
from rag.software import asks_software, place_asked, software
from tests.unit.test_durations import chunk

RESUME = [
    chunk(1, "Controller, Tantramar Seafoods\n2019 – present\n- Replaced Sage 300 with Dynamics 365 Business Central.\n- Lead a team of five.", "Experience"),
    chunk(2, "ERP / GL: Dynamics 365 Business Central, Sage 300; some Oracle NetSuite\nReporting: Power BI, Excel\nCRM: HubSpot", "Systems"),
    chunk(3, "Rio de Janeiro by bike; canvas painting", "Interests"),
]
KOREAN = [chunk(1, "SAP S/4HANA FI·CO 모듈, 더존 iCUBE\n엑셀 상", "전산"), chunk(2, "㈜펫노트랩 | 재무팀 팀장 · 2022.04 ~ 재직중\n- 더존 Smart A 도입", "경력")]


def told(question, resume=RESUME):
    return [resume[i].text[a:b] for i, a, b in software(question, resume)]


@pytest.mark.parametrize("question", ["which erp has he worked with?", "what ERP systems does she know", "any erp experience?", "does she have experience with any ERP?", "has he used an ERP?"])
def test_products_of_the_kind_are_told_those_of_a_list_first(question):
    assert told(question) == ["ERP / GL: Dynamics 365 Business Central, Sage 300; some Oracle NetSuite", "- Replaced Sage 300 with Dynamics 365 Business Central."]


@pytest.mark.parametrize(("question", "line"), [("what bi tools does she use", "Reporting: Power BI, Excel"), ("which CRM does she use?", "CRM: HubSpot")])
def test_each_kind_has_its_own(question, line):
    assert told(question)[:1] == [line]


@pytest.mark.parametrize("question", ["erp 뭐 쓸줄 아나요", "ERP는 뭐 써봤어요?", "어떤 ERP 사용할 수 있나요?"])
def test_in_korean(question):
    assert told(question, KOREAN) == ["SAP S/4HANA FI·CO 모듈, 더존 iCUBE", "- 더존 Smart A 도입"]


@pytest.mark.parametrize("question", ["which job used SAP?", "erp", "how long did the ERP project take?", "does she know Excel?", "which emr does she use", "what lms has he used?", ""])
def test_what_asks_for_more_or_is_not_there_is_left_to_the_reader(question):
    assert told(question) == []


def test_it_is_a_rule_like_the_others():
    found = ruled("which erp has he worked with?", RESUME, "en")
    assert asks_software("which erp has he worked with?") and found is not None and found.lines[0][0] == 1


@pytest.mark.parametrize("question", ["what erp did they move to at Tantramar", "which ERP did she use at Tantramar Seafoods?", "which software she used in Tantramar"])
def test_at_one_job_it_is_told_under_that(question):
    assert told(question) == ["2019 – present", "- Replaced Sage 300 with Dynamics 365 Business Central."]


def test_the_job_is_quoted_with_its_heading():
    resume = [chunk(1, "Data Engineer, Pelikaan Logistics\nJune 2019 – February 2022 | Antwerp\n- Built the event platform with Kafka and Flink on AWS.\n- Mentored four junior engineers.", "Experience")]
    found = ruled("which software did she use at Pelikaan?", resume, "en")
    assert [resume[0].text[a:b] for _, a, b in found.headings] == ["June 2019 – February 2022 | Antwerp"] and found.lines[0] in found.headings


def test_of_a_job_that_names_none_and_of_no_job_nothing_is_told():
    assert told("which software did she use at Oakley?") == [] and place_asked("which software did she use at Oakley?") == "Oakley" and not asks_software("which software did she use?")


def test_case_management_is_a_kind():
    resume = [chunk(1, "IT\nLEAP (daily)\nProclaim", "Key Skills")]
    assert told("which case management systems has she used", resume) == ["LEAP (daily)", "Proclaim"]
