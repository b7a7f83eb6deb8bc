"""Questions over the lines that the product quotes: answers stand in the lines, refusals do not."""

import re

import pytest

from rag.declining import Decision, logit
from rag.prompt import is_declined
from rag.reranking import Reading, sentences
from rag.training.quoted import quoted_example
from rag.training.written_resumes import rows, telling


class ByWords:
    """Stands in for the reranker: the more words a line shares with the question, the likelier it answers."""

    decision = Decision({"reranker": -1.0}, 0.0, threshold=0.5, nearest=0.6)

    def read(self, question, texts):
        asked = set(re.findall(r"\w{4,}", question.casefold()))
        found = []
        for text in texts:
            lines = []
            for a, b in sentences(text):
                words = set(re.findall(r"\w{4,}", text[a:b].casefold()))
                lines.append((a, b, 0.02 + 0.9 * len(asked & words) / max(1, len(asked))))
            found.append(Reading(max((p for *_, p in lines), default=0.01), tuple(lines)))
        return found

    def read_lines(self, question, lines):
        """The same of a line without its headings."""
        return [logit(max((p for *_, p in self.read(question, [line.rpartition("\n")[2]])[0].lines), default=0.01)) for line in lines]

    def llama_lines(self, question, lines):
        return None


@pytest.fixture(scope="module")
def examples():
    return [quoted_example(f"test/{i}", row, ByWords()) for i, row in enumerate(rows("en")[:12])]


def lines_of(asked: str) -> str:
    return asked.rpartition("\n\nQuestion: ")[0]


def test_a_prompt_has_whose_resume_it_is_the_quoted_lines_and_the_question(examples):
    for example in examples:
        assert re.fullmatch(r"Resume of .+\.\n", example.head)
        for asked, _ in example.branches:
            assert re.match(r"\[[1-4]\] ", asked) and lines_of(asked)


def test_most_answers_stand_in_their_lines_and_cite_them(examples):
    told = [(lines_of(asked), reply) for example in examples for asked, reply in example.branches if not is_declined(reply)]
    for lines, reply in told:
        cited = re.findall(r"\[(\d)\]", reply)
        assert cited and all(f"[{number}] " in lines for number in cited), reply
    words = [(word, lines.casefold()) for lines, reply in told for word in telling(re.sub(r" ?\[\d\]", "", reply))]
    assert sum(word in lines for word, lines in words) > 0.8 * len(words)  # some answers count, or say it in other words


def test_some_questions_are_refused_only_because_the_lines_that_tell_are_gone(examples):
    asked = [(reply, asked.rpartition("Question: ")[2]) for example in examples for asked, reply in example.branches]
    declined = sum(is_declined(reply) for reply, _ in asked)
    assert 0.25 < declined / len(asked) < 0.75  # a reranker that only counts words misses many
    both = {question for reply, question in asked if is_declined(reply)} & {q for reply, q in asked if not is_declined(reply)}
    assert both


def test_the_same_seed_draws_the_same():
    row = rows("en")[0]
    assert quoted_example("a", row, ByWords()) == quoted_example("a", row, ByWords())
    assert quoted_example("a", row, ByWords()) != quoted_example("b", row, ByWords())
