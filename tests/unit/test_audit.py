"""The bias audit: it finds the bias that is there, and none where none is."""

import json
import math
import types
from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner

from judge import audit as audits
from judge.__main__ import main
from judge.audit import PADDED, AuditError, audit, load_cases, preference_of, self_preference
from judge.decision import DecisionJudge
from judge.types import CHECKS
from judge.verdicts import Matrix
from settings import PROJECT, Settings
from ui import render_judge

FOLDER = PROJECT / "data" / "audit"
CASES = load_cases(FOLDER)


class Oracle:
    """Knows the cases by heart, whatever the order, place, wording or language."""

    id = "oracle"
    supported_threshold = contradicted_threshold = relevant_threshold = 0.5
    LABELS = {
        said: case.label
        for case in CASES
        for text in case.texts.values()
        for claim in (text.claim, text.paraphrase)
        for said in (claim, *(phrase.format(claim=claim) for phrases in PADDED.values() for phrase in phrases))
    }

    def p(self, question, claim, chunks):
        return 0.9 if self.LABELS[claim] == "supported" else 0.1

    def matrix(self, question, reply, claims, chunks):
        p = np.array([[self.p(question, claim, chunks)] * (len(chunks) + 1) for claim in claims])
        return Matrix(p, 0 * p, np.full(len(chunks), 0.5), 0.6, [[""] * (len(chunks) + 1) for _ in claims])


def rates(judge) -> dict[str, float]:
    return {name: made["flip_rate"] for name, made in audit(judge, CASES)["checks"].items()}


def test_the_cases_say_the_same_in_both_languages():
    assert len(CASES) == len({case.id for case in CASES}) == 24
    assert Counter(case.label for case in CASES) == {"supported": 12, "contradicted": 8, "not_found": 4}
    for case in CASES:
        english, korean = case.texts["en"], case.texts["ko"]
        assert len(english.others) == len(korean.others) == 3
        for text in (english, korean):
            assert len({text.claim, text.paraphrase, text.question}) == 3
            assert text.evidence not in text.others
            if case.label == "supported":  # its numbers stand in the passage that tells
                assert all(n in text.evidence for n in "".join(c if c.isdigit() else " " for c in text.claim).split())


def test_an_unbiased_judge_never_flips_and_is_right():
    result = audit(Oracle(), CASES)
    assert result["right"] == {"en": 1.0, "ko": 1.0} and set(result["checks"]) == set(CHECKS)
    for made in result["checks"].values():
        assert made["flip_rate"] == 0 and made["flip_95"] == [0, 0] and abs(made["gap"]) < 1e-9 and not made["worst"]


def test_a_judge_that_reads_the_first_passage_alone_is_found_out_and_put_in_order_by_the_product():
    class First(Oracle):
        def p(self, question, claim, chunks):
            return 0.9 if any(chunks[0].startswith(e) for e in self.TELLING[question]) else 0.1

        TELLING = {text.question: [text.evidence] for case in CASES for text in case.texts.values()}

    found = rates(First())
    assert found["position"] == 1.0  # supported in the first place, in no other
    assert found["order_alone"] > 0.5 and found["order"] == 0.0


def test_a_judge_that_likes_one_language_or_long_claims_is_found_out():
    class Likes(Oracle):
        def p(self, question, claim, chunks):
            return 0.95 if claim.isascii() or len(claim) > 33 else 0.05

    result = audit(Likes(), CASES)
    assert result["checks"]["language"]["flip_rate"] > 0.9 and result["checks"]["language"]["gap"] < -0.7
    assert 0.3 < result["checks"]["padded"]["flip_rate"] <= 0.5 and result["checks"]["padded"]["gap"] > 0.3
    low, high = result["checks"]["padded"]["gap_95"]
    assert low <= result["checks"]["padded"]["gap"] <= high
    assert result["checks"]["language"]["worst"]


def test_every_empty_phrase_ends_with_the_claim():
    for phrases in PADDED.values():
        assert len(set(phrases)) == 12 and all(phrase.count("{claim}") == 1 and phrase.endswith("{claim}") for phrase in phrases)


def test_doubt_is_neither_right_nor_the_same_as_no():
    class Doubting(Oracle):
        not_found_threshold = 0.2

        def p(self, question, claim, chunks):
            return 0.3 if "–" in claim or not claim.isascii() else 0.1

    result = audit(Doubting(), CASES)
    assert result["right"]["ko"] == 0.0 and result["checks"]["language"]["flip_rate"] > 0.9


# ------------------------------------------------------------------ self-preference


class Writer:
    """A generator whose replies are always the same sentence."""

    def stream(self, messages, max_new_tokens, stop, must_answer=False):
        yield "She worked there for many years and liked it."


def test_a_judge_that_favours_its_own_replies_is_measured_against_another():
    class Vain(Oracle):
        def p(self, question, claim, chunks):
            return 0.9 if claim.startswith("She worked there") else 0.4

    class Fair(Vain):
        def p(self, question, claim, chunks):
            return 0.4

    made = self_preference(Vain(), Fair(), Writer(), CASES)
    assert made["replies"] == 12 and made["supported"]["gap"] == pytest.approx(0.5) and made["answers"]["gap"] == 0.0


def test_replies_that_claim_nothing_are_no_measure():
    class Silent(Writer):
        def stream(self, *arguments, **named):
            yield "The resume does not say."

    assert "only 0 replies" in self_preference(Oracle(), Oracle(), Silent(), CASES)["reason"]


def test_where_the_judge_is_not_the_writer_self_preference_is_refused_with_a_sentence():
    settings = Settings(generator="http://127.0.0.1:1/v1#a", _env_file=None)
    assert "writes no replies" in preference_of(Oracle(), "embedded", CASES, settings)["reason"]
    judge = DecisionJudge(lambda request: {}, "b")
    assert "another model, http://127.0.0.1:1/v1#a" in preference_of(judge, "org/b", CASES, settings)["reason"]


# ------------------------------------------------------------------ command and page


@pytest.fixture
def oracle(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "judge.models", types.SimpleNamespace(judge_for=lambda *_: Oracle()))


def test_the_command_prints_a_table_and_keeps_one_result_per_judge(oracle, tmp_path):
    out = tmp_path / "new" / "audit.json"
    first = CliRunner().invoke(main, ["audit", "--out", str(out), "--limit", "3"])
    assert first.exit_code == 0, first.output
    assert "oracle: right on en 100%, ko 100% of 3 cases" in first.stdout and "self-preference: not measured" in first.stdout
    second = CliRunner().invoke(main, ["audit", "--out", str(out), "--limit", "4", "--json"])
    assert json.loads(second.stdout)["cases"] == 4
    [kept] = audits.read(out)
    assert kept["cases"] == 4


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_alone_has_the_figures_it_has_among_all(name):
    assert audit(Oracle(), CASES[:3], checks=[name])["checks"] == {name: audit(Oracle(), CASES[:3])["checks"][name]}


def test_of_a_slow_judge_single_checks_can_be_asked_for_and_are_kept_where_that_is_said(oracle, tmp_path, monkeypatch):
    monkeypatch.setattr("judge.__main__.AUDIT_RESULTS", tmp_path / "default.json")
    options = ["audit", "--limit", "3", "--check", "padded", "--check", "order", "--json"]
    made = json.loads(CliRunner().invoke(main, options).stdout)
    assert set(made["checks"]) == {"padded", "order"} and made["self_preference"] == {"reason": "not asked for"}
    assert not (tmp_path / "default.json").exists()
    CliRunner().invoke(main, [*options, "--out", str(tmp_path / "some.json")])
    assert [set(kept["checks"]) for kept in audits.read(tmp_path / "some.json")] == [{"padded", "order"}]
    alone = json.loads(CliRunner().invoke(main, ["audit", "--limit", "3", "--check", "self_preference", "--json"]).stdout)
    assert alone["checks"] == alone["right"] == {} and "writes no replies" in alone["self_preference"]["reason"]
    shown = CliRunner().invoke(main, ["audit", "--limit", "3", "--check", "self_preference"]).stdout
    assert shown.splitlines()[0] == "oracle, 3 cases" and "self-preference: not measured" in shown
    assert CliRunner().invoke(main, ["audit", "--check", "taste"]).exit_code == 2


def test_a_result_that_cannot_be_kept_is_shown_all_the_same(oracle, tmp_path):
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(main, ["audit", "--out", str(tmp_path / "file" / "audit.json"), "--limit", "3"])
    assert done.exit_code == 1 and "oracle: right on" in done.stdout
    assert "could not be kept" in done.output and "--out" in done.output and isinstance(done.exception, SystemExit)


def test_cases_that_cannot_be_read_are_said_in_a_sentence(oracle, tmp_path):
    with pytest.raises(AuditError):
        load_cases(tmp_path)
    (tmp_path / "bilingual.jsonl").write_text('{"cases": [1]}\n')
    failed = CliRunner().invoke(main, ["audit", "--data", str(tmp_path), "--out", str(tmp_path / "a.json")])
    assert failed.exit_code == 1 and "cannot be read" in failed.output and not (tmp_path / "a.json").exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"judges": [{"judge": "x"}]}', '{"judges": [1, null, "a"]}'])
def test_a_file_that_holds_something_else_is_no_result(tmp_path, content):
    path = tmp_path / "audit.json"
    path.write_text(content)
    assert audits.read(path) == []


def test_the_page_shows_the_judge_in_use_first_and_escapes_everything():
    result = audit(Oracle(), CASES[:3]) | {"self_preference": {"reason": "none"}}
    hostile = {**result, "judge": "<img src=x onerror=alert(1)>", "checks": {"<b>": result["checks"]["order"]}}
    html = render_judge.audits([result, hostile], "oracle", "en")
    assert html.index("oracle (in use)") < html.index("&lt;img") and "<img" not in html and "<b>" not in html
    assert "Passages shuffled" in html and html.count("<details") == 2 and html.count(" open>") == 1
    assert "구절 순서를 섞음" in render_judge.audits([result], None, "ko")
    assert "python -m judge audit" in render_judge.audits([], None, "en")


def test_where_nothing_but_self_preference_was_asked_for_there_is_no_table():
    own = {"replies": 12, "answers": {"gap": 0.1, "gap_95": [0.0, 0.2]}, "supported": {"gap": 0.0, "gap_95": [0.0, 0.0]}}
    html = render_judge.audits([audit(Oracle(), CASES[:3], checks=()) | {"self_preference": own}], None, "en")
    assert "+0.10" in html and "<table" not in html and "Right" not in html


def test_of_many_audits_the_newest_are_shown_and_the_judge_in_use_always():
    result = audit(Oracle(), CASES[:2]) | {"self_preference": {"reason": "none"}}
    oldest_first = [{**result, "judge": f"judge-{number}"} for number in range(6)]

    html = render_judge.audits(oldest_first, "judge-1", "en")

    shown = [name for name in (f"judge-{number}" for number in range(6)) if name in html]
    assert set(shown) == {"judge-1", "judge-5", "judge-4"}
    assert html.index("judge-1") < html.index("judge-5") < html.index("judge-4")


def test_numbers_that_are_none_are_not_shown(tmp_path):
    result = audit(Oracle(), CASES[:2]) | {"self_preference": {"reason": "none"}}
    result["checks"]["order"]["flip_rate"] = math.nan
    (tmp_path / "a.json").write_text(json.dumps({"judges": [result]}))
    assert audits.read(tmp_path / "a.json") == []


def test_the_shipped_result_is_sound():
    assert audits.read(PROJECT / "benchmarks" / "results" / "audit.json")


def test_every_check_has_words_in_both_languages():
    from ui.i18n import TEXTS

    for name in CHECKS:
        assert f"audit_{name}" in TEXTS["en"] and f"audit_{name}" in TEXTS["ko"]
