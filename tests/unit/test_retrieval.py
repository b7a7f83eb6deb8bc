"""Retrieval: words and vectors together, in both languages; the reranker has the last word."""

from types import SimpleNamespace

import numpy as np
import pytest

from rag.documents import read_document_bytes
from rag.errors import IndexMissing
from rag.index import Index
from rag.reranking import Reading
from rag.retrieval import (
    LexicalIndex,
    Retriever,
    fuse,
    name_pattern,
    people,
    syllable_pairs,
    tokens,
    topic_of,
    without_names,
)
from rag.types import Chunk

LIMITS = SimpleNamespace(max_file_mb=1, max_pages=50, parse_timeout_s=30.0)


class Flat:
    """Wiring only: every text has the same vector, so that only words can tell passages apart."""

    id = "flat"

    def encode_passages(self, texts):
        return np.tile(np.float32([0.6, 0.8]), (len(texts), 1))

    encode_queries = encode_passages


def retriever(path, *texts, embedder=None, reranker=None):
    embedder = embedder or Flat()
    index = Index.open(path, embedder)
    index.add(read_document_bytes(text.encode(), f"{i}.txt", LIMITS) for i, text in enumerate(texts))
    return Retriever(index, embedder, reranker)


JANE = "Jane Doe\n\nExperience:\nEngineer at Klarna, payments in Go\n\nEducation:\nPhysics at Uppsala\n\nLanguages:\nSwedish\n"
HONG = "홍길동\n\n경력\n네이버에서 검색 서비스를 개발했습니다\n\n학력\n한국대학교 물리학과를 졸업했습니다\n\n자격증\n정보처리기사\n"


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Has she worked with KLARNA?", "Engineer at Klarna, payments in Go"),
        ("payment", "Engineer at Klarna, payments in Go"),
        ("Which languages?", "Swedish"),
        ("네이버에서는 무엇을 했나요?", "네이버에서 검색 서비스를 개발했습니다"),
        ("어디서 물리학을 전공했나요?", "한국대학교 물리학과를 졸업했습니다"),
        ("자격증이 있나요?", "정보처리기사"),
    ],
)
def test_words_find_their_passage_whatever_their_form(tmp_path, question, passage):
    found = retriever(tmp_path, JANE, HONG).search(question, 3)

    assert found[0].chunk.text == passage
    assert [hit.rank for hit in found] == [1, 2, 3]
    assert found[0].retriever == "both"


def test_score_is_the_cosine_whoever_found_the_passage(tmp_path):
    found = retriever(tmp_path, JANE).search("Klarna", 4)
    assert [hit.score for hit in found] == pytest.approx([1.0] * 4, abs=1e-6)
    assert [hit.retriever for hit in found] == ["both", "dense", "dense", "dense"]


def test_search_within_documents(tmp_path):
    search = retriever(tmp_path, JANE, HONG)
    hong = next(document for document in search.index.documents() if "홍길동" in document.text)

    found = search.search("Klarna", 10, [hong.id])

    assert {hit.chunk.document_id for hit in found} == {hong.id}


def test_nothing_indexed_says_what_to_do(tmp_path):
    with pytest.raises(IndexMissing):
        retriever(tmp_path).search("anything", 3)
    with pytest.raises(IndexMissing):
        retriever(tmp_path / "other", JANE).search("anything", 3, ["unknown"])


def test_new_documents_are_found_by_their_words_at_once(tmp_path):
    search = retriever(tmp_path, JANE)
    search.search("Klarna", 1)
    search.index.add([read_document_bytes(b"John Roe\n\nSkills:\nPhotoshop", "john.txt", LIMITS)])
    assert search.search("photoshop", 1)[0].chunk.text == "Photoshop"


def test_questions_without_a_known_word_or_letter(tmp_path):
    search = retriever(tmp_path, JANE)
    for question in ("zzz", "???", "", "的"):
        assert len(search.search(question, 2)) == 2


def test_the_reranker_orders_and_its_probability_is_kept(tmp_path):
    asked = []

    class Reranker:
        def read(self, question, texts):
            asked.extend(texts)
            return [Reading(0.9 if "Uppsala" in text else 0.2, ()) for text in texts]

    found = retriever(tmp_path, JANE, reranker=Reranker()).search("Klarna", 2)

    assert found[0].chunk.text == "Physics at Uppsala" and found[0].p_answers == 0.9
    assert found[1].chunk.text == "Engineer at Klarna, payments in Go"  # equal ones keep the fused order
    assert found[1].p_answers == 0.2
    assert len(asked) == 4


def test_of_a_named_candidate_only_their_own_passages_are_read(tmp_path):
    class Reranker:
        def read(self, question, texts):
            return [Reading(0.9 if "Bristol" in text else 0.3, ()) for text in texts]

    found = retriever(tmp_path, DOE, SMITH, reranker=Reranker()).search("What did Jane Doe study?", 4)
    assert [hit.chunk.subject for hit in found] == ["Jane Doe", "Jane Doe"]
    both = retriever(tmp_path, DOE, SMITH, reranker=Reranker()).search("Did Jane Doe study longer than Jane Smith?", 4)
    assert {hit.chunk.subject for hit in both} == {"Jane Doe", "Jane Smith"}


@pytest.mark.parametrize(("question", "year"), [("What was the first job?", 1960), ("Which is the latest position?", 2009)])
def test_the_first_and_the_latest_job_are_looked_for_among_all_jobs(tmp_path, question, year):
    class Reranker:
        def read(self, question, texts):
            assert len(texts) <= 12
            return [Reading(0.5, ((0, len(text), 0.5),)) for text in texts]

    jobs = "\n\n".join(f"Clerk {n}, {year} – {year + 1}\n- {'Filed. ' * 90}" for n, year in enumerate((*range(1962, 2009), 1960, 2009)))
    resume = f"Jane Doe\n\nExperience\n\n{jobs}\n"
    found = retriever(tmp_path, resume, reranker=Reranker()).search(question, 3)
    assert str(year) in found[0].chunk.text.split("\n")[0]


def test_words_break_near_ties_of_vectors_and_no_more():
    assert [row for row, _ in fuse({0: 0.80, 1: 0.79}, [(1, 5.0)])] == [1, 0]
    assert [row for row, _ in fuse({0: 0.90, 1: 0.70}, [(1, 5.0)])] == [0, 1]
    assert fuse({}, []) == []


SMITH = "Jane Smith\n\nEducation:\nHistory at Bristol\n"
DOE = "Jane Doe\n\nEducation:\nPhysics at Uppsala\n"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What did Jane Smith study?", "History at Bristol"),
        ("and smith's degree?", "History at Bristol"),
        ("Jane Doe's degree?", "Physics at Uppsala"),
        ("길동이 졸업한 학교는?", "한국대학교 물리학과를 졸업했습니다"),
        ("홍길동님의 전공은?", "한국대학교 물리학과를 졸업했습니다"),
        ("Doe는 어느 대학을 나왔나요?", "Physics at Uppsala"),
    ],
)
def test_a_question_that_names_a_candidate_is_about_that_candidate(tmp_path, question, first):
    assert retriever(tmp_path, DOE, SMITH, HONG).search(question, 3)[0].chunk.text == first


def test_names_are_left_out_of_what_is_asked(tmp_path):
    snapshot = retriever(tmp_path, DOE, HONG).index.snapshot
    assert topic_of(snapshot, "Where did Jane Doe study?") == "Where did the candidate study?"
    assert topic_of(snapshot, "Jane's degree") == "the candidate's degree"
    assert topic_of(snapshot, "홍길동 씨의 학력은?") == "지원자의 학력은?"
    assert topic_of(snapshot, "Where did Marie study?") == "Where did Marie study?"


@pytest.mark.parametrize(
    ("subject", "question", "named"),
    [
        ("유지원", "다룰 줄 아는 지원자는 누구인가요?", ""),
        ("유지원", "지원 동기가 뭔가요?", ""),
        ("유지원", "지원님의 학력은?", "지원님"),
        ("김하나", "하나은행에서 일했나요?", ""),
        ("이나라", "다른 나라에서 일했나요?", ""),
        ("김민수", "민수의 학력은?", "민수"),
        ("박서연", "서연이는 뭐 했어?", "서연"),
    ],
)
def test_a_korean_given_name_inside_another_word_names_nobody(subject, question, named):
    assert [match[0] for match in name_pattern(subject).finditer(question)] == ([named] if named else [])


def test_the_same_resume_in_two_formats_is_answered_from_once(tmp_path):
    search = retriever(tmp_path, DOE, "# Jane Doe\n\n## Education\n\nPhysics at Uppsala\n".replace("#", "").replace("  ", " "))
    texts = [hit.chunk.text for hit in search.search("Where did she study?", 10)]
    assert len(texts) == len(set(texts))


def test_sections_are_found_by_what_people_call_them_in_either_language(tmp_path):
    search = retriever(tmp_path, JANE)
    assert search.search("학교는 어디를 나왔나요?", 1)[0].chunk.text == "Physics at Uppsala"
    assert search.search("her employer?", 1)[0].chunk.section == "Experience"


def test_bm25_prefers_the_rare_word():
    index = LexicalIndex(["Python and Go", "Python and Java", "Python and Erlang"])
    assert index.search("Python Erlang", 3)[0][0] == 2
    assert index.search("nothing known", 3) == []
    assert LexicalIndex([]).search("x", 3) == []
    assert LexicalIndex(["..."]).search("x", 3) == []


def test_bm25_within_rows():
    index = LexicalIndex(["Python", "Go", "Python Go"])
    assert [row for row, _ in index.search("Python", 3, np.array([1, 2]))] == [2]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Studies", "study"), ("planned", "planning"), ("databases", "database"), ("managing", "managed"), ("awards", "award")],
)
def test_english_endings_are_ignored(one, other):
    assert tokens(one) == tokens(other)


def test_product_names_are_kept_whole_and_in_parts():
    assert "node.js" in tokens("Node.js") and "node" in tokens("Node.js")
    assert tokens("C++ C# 3.91") == ["c++", "c#", "3.91", "3", "91"]
    assert tokens("What is the of") == []


def test_korean_particles_and_endings_are_ignored():
    assert set(tokens("개발자가 개발했습니다")) & set(tokens("개발"))
    assert "네이버" in tokens("네이버에서는")
    assert syllable_pairs("네이버 팀") == ["네이", "이버", "팀"]


@pytest.mark.parametrize(
    ("document", "subject", "known"),
    [("Jane Doe.pdf", "Jane Doe", True), ("홍길동.pdf", "홍길동", True), ("cv.pdf", "Jane Doe", True), ("python_developer_cv.pdf", "python_developer_cv", False)],
)
def test_a_file_may_be_named_after_the_person_but_a_file_name_is_nobody(document, subject, known):
    chunk = Chunk("d-0", "d", document, subject, "Education", "MSc, ETH", 0, 8)
    assert people([chunk]) == ({subject} if known else set())


def test_two_people_may_say_the_same(tmp_path):
    index = Index.open(tmp_path, Flat())
    for name in ("Ann Lee", "Bob Kim"):
        text = f"{name}\n\nLanguages:\nEnglish (fluent), Korean (native)\n"
        index.add([read_document_bytes(text.encode(), f"{name}.txt", LIMITS)])

    found = Retriever(index, Flat()).search("Who speaks Korean?", 4)

    assert {each.chunk.subject for each in found if "Korean" in each.chunk.text} == {"Ann Lee", "Bob Kim"}


@pytest.mark.parametrize(
    ("subject", "question", "asked"),
    [
        # words
        ("Chris Long", "How long was he a nurse?", None), ("Bill Day", "What was the bill of the day?", None), ("Ulysses Grant", "Which grant did he win?", None), ("Vincent Price", "the price of it", None), ("Art Kim", "Did she study art?", None),
        # with a capital, or with the other name
        ("Chris Long", "Where did Long work?", "Where did the candidate work?"), ("Chris Long", "chris long's degree", "the candidate's degree"), ("Ulysses Grant", "What did Grant study?", "What did the candidate study?"),
        ("Jane Doe", "where did doe study?", "where did the candidate study?"),
        # two syllables
        ("이산", "이 산업에서 몇 년 일했나요?", None), ("이산", "이산화탄소 연구를 했나요?", None), ("이산", "산이산에 갔나요?", None), ("이상", "5년 이상 일했나요?", None), ("이상", "경력이 5년 이상인가요?", None), ("이상", "3년 이상의 경력이 있나요?", None),
        ("이산", "이산의 학력은?", "지원자의 학력은?"), ("이산", "이산 씨는 어디서 일했나요?", "지원자는 어디서 일했나요?"), ("이산", "이산은?", "지원자은?"), ("이산", "이산 학력은?", "지원자 학력은?"), ("이상", "이상 님의 학력은?", "지원자의 학력은?"),
        ("이 산", "이 산의 학력은?", "지원자의 학력은?"), ("이 산", "이산의 학력은?", "지원자의 학력은?"), ("이 산", "이 산업에서 몇 년 일했나요?", None),
        # three, as before
        ("홍길동", "홍 길동의 학력은?", "지원자의 학력은?"), ("남궁뜰", "남궁뜰의 학력은?", "지원자의 학력은?"),
    ],
)  # fmt: skip
def test_a_name_that_is_a_word_is_taken_out_only_where_it_is_the_name(subject, question, asked):
    assert without_names(question, [subject]) == (asked or question)
