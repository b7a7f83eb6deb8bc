"""The shipped reranker on resumes nobody drew: what answers comes first, where it stands, what is declined."""

import re
from pathlib import Path

import pytest

from rag.aliases import as_spelled
from rag.chunking import chunk_document
from rag.documents import read_document
from rag.quoting import quote_answer
from rag.reranking import Reranker, passage
from rag.types import RetrievedChunk
from settings import Settings

RESUME = """탁누리
서울 은평구 | nuri.tak@example.com | 010-5500-1177

경력
2020.05 ~ 현재 | 주식회사 뭇별테크 | 서버 개발자
- 결제 API 응답 속도 40% 개선
- 배포 시간을 30분에서 4분으로 단축

2017.01 ~ 2020.04 | 도담정보 | 웹 개발자
- 관공서 민원 포털 구축
- 신입 3명 교육

학력
2010.03 ~ 2017.02 너울대학교 컴퓨터공학과 졸업

자격증
정보처리기사 (2016.08)
리눅스마스터 2급 (2018.12)

보유 기술
Java, Kotlin, Spring Boot, MySQL, Docker

어학
일본어 JLPT N1
"""


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    loaded = Reranker.load(Settings())
    assert loaded is not None, "data/adapters/reranker holds no adapter"
    return loaded


@pytest.fixture(scope="module")
def chunks(tmp_path_factory) -> list:
    path: Path = tmp_path_factory.mktemp("resume") / "탁누리.txt"
    path.write_text(RESUME, encoding="utf-8")
    return chunk_document(read_document(path, Settings()))


def ask(reranker, chunks, question: str):
    question = as_spelled(question, [chunk.text for chunk in chunks])
    chances = reranker.p_answers(question, [passage(chunk)[0] for chunk in chunks])
    order = sorted(range(len(chunks)), key=lambda i: -chances[i])[:4]
    found = [RetrievedChunk(chunks[i], rank, 0.85, "dense", chances[i]) for rank, i in enumerate(order, 1)]
    return quote_answer(question, found, reranker, "ko")


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("대학은 어디 나왔나요?", "너울대학교"),
        ("결제 API는 얼마나 빨라졌나요?", "40%"),
        ("도담정보에서는 언제까지 일했어요?", "2020.04"),
        ("자격증 있어?", "정보처리기사"),
        ("이메일 주소 알려줘", "nuri.tak@example.com"),
        ("코틀린 할 줄 아나요?", "Kotlin"),
        ("도커 써봤어요?", "Docker"),
        ("스프링 부트 경험 있나요?", "Spring Boot"),
        ("일본어 실력은 어느 정도예요?", "N1"),
    ],
)
def test_the_quote_holds_the_fact(reranker, chunks, question, fact):
    quoted = ask(reranker, chunks, question)

    assert not quoted.declined
    assert fact in quoted.text


@pytest.mark.parametrize("question", ["혈액형이 뭐예요?", "쿠버네티스 써봤나요?", "희망 연봉은 얼마인가요?", "파리의 인구는 몇 명인가요?"])
def test_what_the_resume_does_not_say_is_declined(reranker, chunks, question):
    assert ask(reranker, chunks, question).declined


def test_the_passage_that_answers_has_the_higher_chance(reranker):
    right, wrong = reranker.p_answers(
        "How many nurses did she train?",
        ["Trained 12 newly qualified nurses on the ward.", "BSc Nursing, University of Tarwick, 2011"],
    )

    assert 0.0 <= wrong < right <= 1.0


@pytest.mark.parametrize(
    ("question", "line"), [("How many nurses did she train?", "Trained 12"), ("Where did she study?", "BSc Nursing"), ("What happened to falls?", "Cut falls")]
)
def test_the_llama_tells_the_line_that_answers(reranker, question, line):
    text = (
        "Experience\nWard sister, Oakley Hospital, 2014 - 2019\n- Trained 12 newly qualified nurses\n- Cut falls on the ward by a third\n"
        "Education\nBSc Nursing, University of Tarwick, 2011"
    )
    lines = list(re.finditer(r"[^\n]+", text))
    said = dict(zip([found[0].lstrip("- ") for found in lines], reranker.llama_lines(question, [(text, found.end()) for found in lines]), strict=True))
    likeliest = max(said, key=said.get)
    assert likeliest.startswith(line)
    assert max(reranker.llama_lines("Is she married?", [(text, found.end()) for found in lines])) < 0 < said[likeliest]


def test_the_llama_reads_english_alone(reranker):
    assert reranker.llama_lines("간호사를 몇 명 교육했나요?", [("Trained 12 nurses", 17)]) is None
    assert reranker.llama_lines("Who?", [("간호사 12명 교육", 9)]) is None


def test_the_line_that_answers_is_pointed_at(reranker):
    text = "2010.03 ~ 2017.02\n너울대학교 컴퓨터공학과 졸업"

    [(start, end, score)] = reranker.spans("어느 대학을 졸업했나요?", [text])

    assert "너울대" in text[start:end]
    assert 0.0 < score <= 1.0


def test_an_answer_late_in_a_long_passage_is_found(reranker):
    filler = "\n".join(f"- 고객사 {i}곳의 시스템을 점검하고 보고서를 작성" for i in range(60))
    text = f"{filler}\n자격증: 정보처리기사 (2016.08)"

    [(start, end, _)] = reranker.spans("자격증 있어?", [text])

    assert "정보처리기사" in text[start:end]


def test_many_questions_at_once_read_as_one_by_one(reranker):
    questions, texts = ["자격증 있어?", "Where did they study?"], ["자격증\nSQLD (2019)", "BSc Nursing, University of Tarwick"]

    together = reranker.read_all(questions, texts)

    for question, readings in zip(questions, together, strict=True):
        for one, other in zip(readings, reranker.read(question, texts), strict=True):
            assert one.p_answers == pytest.approx(other.p_answers, abs=0.05)


@pytest.fixture
def encoded_rows(reranker, monkeypatch) -> list[int]:
    """How many rows each pass through the encoder had, from now on; nothing is known at the start."""
    reranker._kept.clear()
    seen, encode = [], reranker._network.encode
    monkeypatch.setattr(reranker._network, "encode", lambda rows, pad: (seen.append(len(rows)), encode(rows, pad))[1])
    return seen


def test_a_known_passage_is_not_encoded_again_and_reads_the_same(reranker, chunks, encoded_rows):
    texts = [passage(chunk)[0] for chunk in chunks]
    first = reranker.read("자격증 있어?", texts)
    assert sum(encoded_rows) > len(texts)  # the question too
    encoded_rows.clear()

    assert reranker.read("자격증 있어?", texts) == first
    assert encoded_rows == [1]
    assert reranker.p_answers("어느 대학을 나왔나요?", texts[1:]) != [reading.p_answers for reading in first[1:]]
    assert encoded_rows == [1, 1]


def test_what_was_prepared_need_not_be_encoded_for_a_question(reranker, chunks, encoded_rows):
    texts = [passage(chunk)[0] for chunk in chunks]
    reranker.prepare(texts)
    encoded_rows.clear()

    reranker.read("자격증 있어?", texts)

    assert encoded_rows == [1]  # the question


def test_only_what_was_read_lately_is_kept(reranker, encoded_rows, monkeypatch):
    monkeypatch.setattr(reranker._kept, "most", 60)
    texts = [f"Trained {number} newly qualified nurses on the ward of the hospital." for number in range(8)]

    for text in texts:
        reranker.read("How many nurses?", [text])

    kept = list(reranker._kept)
    assert 0 < len(kept) < len(texts) and kept == texts[-len(kept) :]
    assert reranker._kept.tokens == sum(len(told.states) for parts in reranker._kept.known(kept).values() for told in parts) <= 60


def test_empty_passages_and_odd_questions_do_not_break_it(reranker):
    readings = reranker.read("?" * 3000, ["", " \n ", "가"])

    assert len(readings) == 3
    assert all(0.0 <= reading.p_answers <= 1.0 for reading in readings)


def test_it_is_loaded_once(reranker):
    assert Reranker.load(Settings()) is reranker
