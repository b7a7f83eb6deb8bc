"""Tables that lay a page out: titles of sections on the left, what they tell on the right."""

from rag.sections import Line
from rag.tables import row_lines


def lines(*rows):
    told = row_lines([[[Line(text) for text in cell.split("\n")] if cell else [] for cell in row] for row in rows])
    return [(line.text, line.level) for line in told if line.text]


def test_titles_of_sections_on_the_left_are_headings():
    told = lines(("PROFILE", "Pastry chef."), ("EXPERIENCE", "Head Chef, Hotel Duomo\nMay 2019 – present"), ("EDUCATION", "Diploma, 2012"))
    assert told == [("PROFILE", 2), ("Pastry chef.", 0), ("EXPERIENCE", 2), ("Head Chef, Hotel Duomo", 0), ("May 2019 – present", 0), ("EDUCATION", 2), ("Diploma, 2012", 0)]


def test_a_form_of_labels_and_values_is_none():
    assert all(level == 0 for _, level in lines(("성명", "정하늘"), ("연락처", "010-5550-7788"), ("학력", "인하대학교"), ("주소", "인천")))
    assert all(level == 0 for _, level in lines(("Python", "expert"), ("Java", "good"), ("Skills", "SQL"), ("Education", "BSc")))


def test_a_sections_title_beside_all_rows_stands_above_them():
    told = lines(("경력", "근무기간", "기관명", "직위"), ("2020.07 ~ 현재", "문화재단", "주임"), ("2017.05 ~ 2020.06", "복지관", "주임"))
    assert told == [("경력", 0), ("근무기간 | 기관명 | 직위", 0), ("2020.07 ~ 현재 | 문화재단 | 주임", 0), ("2017.05 ~ 2020.06 | 복지관 | 주임", 0)]
    assert lines(("Skills", "Level", "Years"), ("Go", "good", "3"))[0][0] == "Skills | Level | Years"
