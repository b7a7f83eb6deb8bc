"""Training data of the reranker: questions whose answer is taken out."""

from rag.training.reranker import Ask, Group
from rag.training.reranker_data import Draw, untold

PASSAGE = "Work\nEngineer, Havgard Energy, 2019 – 2022\n- Led 14 people.\n- Cut the bill to 146,000.\n- Spent 30 % of it on tests.\nMentors 14 people"
LEADS, BILL, SHARE, HEAD = "- Led 14 people.", "- Cut the bill to 146,000.", "- Spent 30 % of it on tests.", "Engineer, Havgard Energy, 2019 – 2022"


def ask(question: str, *lines: str) -> Ask:
    return Ask(question, {0: tuple((PASSAGE.index(line), PASSAGE.index(line) + len(line)) for line in lines)} if lines else {}, frozenset())


ASKS = {
    "team": (ask("team", LEADS), {"14"}),  # 14 stands in another line too
    "bill": (ask("bill", BILL), {"146,000"}),
    "share": (ask("share", SHARE), {"30"}),
    "when": (ask("when", HEAD), {"2019"}),
    "both": (ask("both", HEAD, BILL), {"146,000"}),
    "good": (ask("good", SHARE), set()),
    "dog": (ask("dog"), set()),
}
STATEMENT = ask("is it so", BILL)


def test_without_the_lines_that_tell_it_nothing_answers_a_question():
    made = set()
    for seed in range(40):
        group = Group((PASSAGE,), (*(each for each, _ in ASKS.values()), STATEMENT))
        found = untold(Draw(str(seed), held_out=False), group, [words for _, words in ASKS.values()])
        (text,) = found.passages
        kept = {each.question: each for each in found.asks}
        gone = {line for line in (LEADS, BILL, SHARE) if line not in text}
        made |= gone
        assert gone and HEAD in text and text.startswith("Work\n")
        for question, (before, _) in ASKS.items():
            lines = [PASSAGE[a:b] for a, b in before.spans.get(0, ())]
            if not set(lines) & gone:
                assert [text[a:b] for a, b in kept[question].spans.get(0, ())] == lines
            elif question in ("bill", "share"):
                assert kept[question].spans == {}
            else:  # part of it is left, it cannot be looked for, or it still stands elsewhere
                assert question not in kept
        assert ("is it so" in kept) == (BILL in text)
    assert made == {LEADS, BILL, SHARE}
