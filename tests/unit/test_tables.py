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


def test_titles_beside_rows_anywhere_in_a_form_and_written_downwards():
    told = lines(
        ("성명", "강명수"), ("학\n력", "기 간", "학 교 명", "전 공"), ("1986. 3 ~ 1989. 2", "송정상업고등학교", "상업과"), ("경\n력", "기 간", "근 무 처", "직 위"),
        ("2017. 3 ~ 2024. 12", "햇살요양병원", "조리실장"), ("주요\n업무\n실적", "연하식 27종 개발\n잔반율 18%로 감소"),
    )  # fmt: skip
    assert [text for text, _ in told] == [
        "성명: 강명수", "학력", "기 간 | 학 교 명 | 전 공", "1986. 3 ~ 1989. 2 | 송정상업고등학교 | 상업과", "경력", "기 간 | 근 무 처 | 직 위", "2017. 3 ~ 2024. 12 | 햇살요양병원 | 조리실장",
        "주요업무실적", "연하식 27종 개발", "잔반율 18%로 감소",
    ]  # fmt: skip
    assert lines(("성과", "비용 34% 절감\n배포 7분"))[0][0] == "성과" and lines(("Hobbies", "Sea swimming"), ("Notice", "Eight weeks"))[0] == ("Hobbies: Sea swimming", 0)


def test_a_photographs_place_does_not_part_labels_from_values():
    assert [text for text, _ in lines(("(사진)\n3×4cm", "성명", "강명수", "성별", "남"), ("주소", "광주"))] == ["(사진)", "3×4cm", "성명: 강명수", "성별: 남", "주소: 광주"]


def test_rows_with_names_above_are_headings_with_what_was_done_below():
    told = lines(("Period", "Employer", "Position", "Duties"), ("06/2021 – present", "Lee Estuary Freight Ltd, Ringaskiddy", "Logistics Team Leader", "Plans 70 movements.\nCut demurrage."), ("2019 – 2021", "Hafen", "Clerk", "Sea freight."))
    assert [text for text, _ in told] == ["Period | Employer | Position | Duties", "06/2021 – present | Lee Estuary Freight Ltd, Ringaskiddy | Logistics Team Leader", "Plans 70 movements.", "Cut demurrage.", "2019 – 2021 | Hafen | Clerk | Sea freight."]
    told = lines(("회사", "근무기간", "직위", "담당업무", "퇴직사유"), ("연월일", "년 월"), ("㈜대륜", "2019. 11. 4. ∼ 현재", "7년 0월", "차장", "안전보건팀 총괄\n협력사 점검", "재직 중"))
    assert [text for text, _ in told] == ["회사 | 연월일 | 년 월 | 직위 | 담당업무 | 퇴직사유", "㈜대륜 | 2019. 11. 4. ∼ 현재 | 7년 0월 | 차장 | 안전보건팀 총괄 협력사 점검", "퇴직사유: 재직 중"]


def test_a_grid_of_short_words_has_names_of_columns():
    told = lines(("Language", "Reading", "Speaking", "Writing"), ("German", "good", "good", "fair"), ("Polish", "fair", "poor", "poor"), ("Irish", "fair", "fair", "poor"))
    assert told[0][0] == "Language | Reading | Speaking | Writing" and told[1][0] == "German | good | good | fair"


def test_an_empty_cell_heads_nothing():
    row = lambda *texts: [[Line(part) for part in text.split("\n")] for text in texts]
    rows = [row("근무기간", "근무처", "직위", "담당업무", "퇴직사유"), row("2021. 09 ~ 재직중", "하얀미소치과", "팀장", "진료실 총괄\n교육", "-"), row("2017. 09 ~ 2020. 12", "바른이치과", "주임", "수술 협조\n재고", "출산")]
    told = [line.text for line in row_lines(rows)]
    assert "퇴직사유: 출산" in told and not any(line.startswith("퇴직사유: -") for line in told)
