"""Retrieval with the embedded weights, on the sample resumes and on files made here: English, Korean, and across."""

import time

import numpy as np
import pytest

from rag.embedding import embedder_for
from rag.index import Index, index_paths
from rag.retrieval import Retriever
from settings import PROJECT, Settings

RESUMES = PROJECT / "data" / "resumes"


@pytest.fixture(scope="module")
def settings():
    return Settings()


@pytest.fixture(scope="module")
def embedder(settings):
    return embedder_for("embedded")


@pytest.fixture(scope="module")
def search(settings, embedder, tmp_path_factory):
    index = Index.open(tmp_path_factory.mktemp("index"), embedder)
    report = index_paths([RESUMES], index, settings)
    assert report.added and not report.failed
    retriever = Retriever(index, embedder)
    retriever.load()
    return retriever


def test_vectors_are_unit_float32_and_do_not_depend_on_the_batch(embedder):
    texts = ["Led a team of six engineers", "짧은 글", "x" * 3000]
    together = embedder.encode_passages(texts)
    alone = np.concatenate([embedder.encode_passages([text]) for text in texts])

    assert together.dtype == np.float32 and together.shape == (3, 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert (together * alone).sum(1) == pytest.approx([1, 1, 1], abs=1e-4)
    assert embedder.encode_queries([]).shape == (0, 384)


def test_questions_are_nearer_to_their_answers_than_to_others_across_languages(embedder):
    questions = embedder.encode_queries(["어느 대학을 나왔나요?", "Which programming languages does he know?"])
    passages = embedder.encode_passages(["MSc in Physics, Ghent University", "Skills: Python, Go, SQL"])
    cosines = questions @ passages.T
    assert cosines[0, 0] > cosines[0, 1] and cosines[1, 1] > cosines[1, 0]


def test_the_id_names_the_weights(embedder, settings):
    assert embedder.id == embedder_for("embedded").id
    assert embedder.id.startswith("multilingual-e5-small:")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who runs the metering platform under Isaura?", "team of six engineers"),
        ("What did Isaura study at university?", "Physics, Ghent University"),
        ("Where does Isaura live?", "Ghent, Belgium"),
        ("Isaura가 다룰 줄 아는 프로그래밍 언어는?", "Python, Go, SQL"),
        ("온유님은 어느 대학교를 졸업했나요?", "온샘대학교"),
        ("탁온유의 이메일 주소는?", "onyu@tak.example"),
        ("패혈증 모형의 성능을 얼마나 높였나요?", "AUROC를 0.81에서 0.89로"),
        ("간호사로 일한 병원은?", "한누리의료원"),
    ],
)
def test_the_answer_is_among_the_first_four(search, question, words):
    started = time.perf_counter()
    found = search.search(question, 4)
    assert any(words in hit.chunk.text for hit in found), [hit.chunk.text[:80] for hit in found]
    assert all(-1 <= hit.score <= 1 for hit in found)
    # Where somebody lives stands at the head of the resume and nowhere else, and the schools in their section.
    assert [hit.rank for hit in found] == ([1] if "live" in question or "대학교" in question else [1, 2, 3, 4])
    assert time.perf_counter() - started < 5


def test_no_passage_is_shown_twice_though_the_resumes_are_there_in_three_formats(search):
    texts = ["".join(hit.chunk.text.split()) for hit in search.search("Isaura's languages", 12)]
    assert len(texts) == len(set(texts))


def test_an_index_of_another_embedder_is_rebuilt(search, embedder, tmp_path):
    class Other:
        id = "other"
        encode_passages = staticmethod(lambda texts: np.tile(np.float32([1, 0]), (len(texts), 1)))

    index = Index.open(tmp_path, Other())
    index.add(search.index.documents()[:1])

    again = Index.open(tmp_path, embedder)

    assert "another embedder" in again.notice.en
    assert again.search(embedder.encode_queries(["Python"])[0], 1)
