"""The sample data hold what data/README.md promises, so that a figure measured on them means something."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from benchmarks.answers import holds, is_correct, read_questions
from judge.types import Label
from rag.documents import read_document
from rag.language import language_asked, language_of
from rag.prompt import is_declined
from settings import PROJECT, Settings

DATA = PROJECT / "data"
RESUMES = DATA / "resumes"
SOURCES = sorted(RESUMES.glob("*.md"))
QUESTIONS = read_questions(DATA / "questions")
OTHER_SETS = {
    "dev": {"en": (370, 133), "ko": (240, 86)}, "unseen": {"en": (70, 24), "ko": (40, 14)}, "blind": {"en": (66, 21), "ko": (44, 14)},
    "control": {"en": (66, 21), "ko": (44, 14)}, "heldout": {"en": (100, 38), "ko": (75, 28)}, "clean": {"en": (100, 38), "ko": (75, 28)},
    "untouched": {"en": (100, 38), "ko": (75, 29)}, "everyday": {"en": (104, 32), "ko": (78, 24)}, "ordinary": {"en": (112, 29), "ko": (110, 22)},
    "firstlook": {"en": (224, 63), "ko": (208, 62)}, "visitors": {"en": (240, 67), "ko": (160, 46)}, "guests": {"en": (180, 51), "ko": (60, 17)}, "callers": {"en": (180, 51), "ko": (60, 17)},
    "strangers": {"en": (180, 50), "ko": (60, 17)}, "crossed": {"en": (60, 17), "ko": (120, 30)}, "crossed_dev": {"en": (60, 17), "ko": (120, 35)},
}  # fmt: skip
RESUMES_OF = {"everyday": ("clean", "untouched"), "crossed": ("strangers",), "crossed_dev": ("callers",)}  # a set without resumes of its own asks about theirs
CROSSED = ("crossed", "crossed_dev")  # a resume in one language is asked about in the other
OTHERS = [(name, question) for name in OTHER_SETS for question in read_questions(DATA / "questions" / name)]
CLAIMS = [
    json.loads(line)
    for file in sorted((DATA / "claims").glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
KINDS = {
    *("verbatim", "paraphrase", "combination", "number", "date", "name", "title", "unit", "order"),
    *("negation", "only", "swapped_role", "other_entry", "absent"),
}


def squeezed(text: str) -> str:
    """Without spaces, dashes' and bullets' variety, and case: what layout may change and facts may not."""
    return "".join(text.replace("\u2022", "").replace("- ", "").split()).casefold()


@cache
def source_of(resume: Path) -> str:
    """What was written: the file itself, of a PDF and a Word file what is read from it."""
    return read_document(resume, Settings()).text if resume.suffix in (".pdf", ".docx") else resume.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: read_document(path, Settings()).text for path in sorted(RESUMES.iterdir())}


def test_there_is_one_resume_in_each_language():
    assert {language_of(source.read_text(encoding="utf-8")) for source in SOURCES} == {"en", "ko"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_pdf_and_docx_hold_every_line_of_their_source_and_are_small(source, suffix, texts):
    rendered = source.with_suffix(suffix)
    assert rendered.stat().st_size < 300_000
    text = squeezed(texts[rendered.name])
    lines = [line.lstrip("#- ") for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [line for line in lines if squeezed(line) not in text] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_pdf_has_two_pages(source):
    assert read_document(source.with_suffix(".pdf"), Settings()).pages == 2


@pytest.mark.parametrize(("lang", "count", "unanswerable"), [("en", 40, 13), ("ko", 30, 10)])
def test_a_third_of_the_questions_cannot_be_answered(lang, count, unanswerable):
    rows = [question for question in QUESTIONS if question.lang == lang]
    assert len(rows) == count
    assert sum(not question.answerable for question in rows) == unanswerable


def test_ids_and_questions_are_unique():
    for values in ([q.id for q in QUESTIONS], [q.user_input for q in QUESTIONS], [c["id"] for c in CLAIMS]):
        assert [value for value, n in Counter(values).items() if n > 1] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_is_in_its_language_and_names_its_resume(question):
    assert language_of(question.user_input) == question.lang
    assert question.document in {source.name for source in SOURCES}
    assert question.document.startswith(question.lang)
    assert question.tags


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.answerable], ids=lambda question: question.id)
def test_the_evidence_stands_in_the_resume_and_the_reference_is_a_right_answer(question):
    assert question.evidence in (RESUMES / question.document).read_text(encoding="utf-8")
    assert question.must_include
    assert is_correct(question, question.reference, is_declined(question.reference))


@pytest.mark.parametrize("question", [q for q in QUESTIONS if not q.answerable], ids=lambda question: question.id)
def test_an_unanswerable_question_expects_a_refusal_and_has_no_evidence(question):
    assert (question.evidence, question.must_include, question.must_not_include) == (None, [], [])
    assert is_correct(question, question.reference, is_declined(question.reference))


@pytest.mark.parametrize("name", ["Netflix", "Snowflake", "Australia", "하람제약", "정보처리기사", "Spark"])
def test_a_near_miss_misses_its_name_stands_in_no_resume(name):
    assert any(holds(question.user_input, name) for question in QUESTIONS if not question.answerable)
    assert not any(holds(source.read_text(encoding="utf-8"), name) for source in SOURCES)


@pytest.mark.parametrize("name", OTHER_SETS)
def test_the_other_sets_have_the_counts_their_readme_gives_and_ask_about_every_resume(name):
    rows = [question for of, question in OTHERS if of == name]
    for lang, (count, unanswerable) in OTHER_SETS[name].items():
        ours = [question for question in rows if question.lang == lang]
        assert (len(ours), sum(not question.answerable for question in ours)) == (count, unanswerable)
    resumes = {path.name for of in RESUMES_OF.get(name, (name,)) for path in (DATA / "questions" / of / "resumes").iterdir()}
    assert {question.document for question in rows} == resumes


def test_no_id_and_no_resume_stands_in_two_sets():
    ids = [question.id for question in QUESTIONS] + [question.id for _, question in OTHERS]
    assert [value for value, n in Counter(ids).items() if n > 1] == []
    resumes = [source.name for source in SOURCES] + [
        p.name for name in OTHER_SETS if name not in RESUMES_OF for p in (DATA / "questions" / name / "resumes").iterdir()
    ]
    assert [value for value, n in Counter(resumes).items() if n > 1] == []


@pytest.mark.parametrize(("name", "question"), OTHERS, ids=lambda value: getattr(value, "id", value))
def test_a_question_of_the_other_sets_is_sound(name, question):
    assert language_asked(question.user_input) == question.lang == question.id[:2]
    assert (question.document[:2] == question.lang) == (name not in CROSSED)
    assert question.tags
    assert is_correct(question, question.reference, is_declined(question.reference))
    if question.answerable:
        [file] = (place for of in RESUMES_OF.get(name, (name,)) if (place := DATA / "questions" / of / "resumes" / question.document).exists())
        assert question.evidence in source_of(file)
        assert question.must_include
    else:
        assert (question.evidence, question.must_include, question.must_not_include) == (None, [], [])


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_a_claim_is_complete(claim):
    assert claim["label"] in Label.__args__
    assert claim["kind"] in KINDS
    assert (claim["kind"] == "absent") == (claim["label"] == "not_found")
    assert 1 <= len(claim["context"]) <= 4
    assert all(claim["context"])
    assert language_of(claim["claim"]) == claim["lang"] == claim["id"][:2]
    assert claim["claim"].endswith(".")


@pytest.mark.parametrize(("lang", "count"), [("en", 120), ("ko", 114)])
def test_claims_are_many_and_balanced(lang, count):
    labels = Counter(claim["label"] for claim in CLAIMS if claim["lang"] == lang)
    total = labels.total()
    assert total == count
    assert 0.40 <= labels["supported"] / total <= 0.50
    assert 0.30 <= labels["contradicted"] / total <= 0.40
    assert 0.15 <= labels["not_found"] / total <= 0.25


def test_most_contexts_are_passages_of_the_resumes_as_they_stand(texts):
    whole = squeezed("".join(texts[source.name] for source in SOURCES))
    passages = [passage for claim in CLAIMS for passage in claim["context"]]
    ours = [passage for passage in passages if squeezed(passage) in whole]
    assert len(ours) / len(passages) > 0.5


def test_claims_that_copy_the_passage_are_few():
    copied = [c for c in CLAIMS if any(squeezed(c["claim"].rstrip(".")) in squeezed(p) for p in c["context"])]
    assert len(copied) / len(CLAIMS) < 0.1
