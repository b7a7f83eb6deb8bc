"""The Runs part of the Regression page: a run begins, is followed, stopped and resumed; two are compared."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from judge.regression.runner import stands_for
from judge.regression.types import Case
from rag.errors import ModelError
from settings import Settings
from tests.browser.fakes import FakeBackends, FakeBot, services_of
from ui.access import Access
from ui.cases import CasesPanel
from ui.running import RunDesk, settings_of
from ui.runs import RunsPanel, view_of
from ui.services import BotLoader, backends
from ui.shell import AdminPage


def request(language: str = "en-US") -> SimpleNamespace:
    return SimpleNamespace(session_hash="s1", headers={"accept-language": language})


def event(**data) -> SimpleNamespace:
    return SimpleNamespace(_data=data)


def panel(backend=None, cases: int = 3) -> RunsPanel:
    settings = Settings()
    services = services_of(BotLoader(FakeBot), backend=backend or FakeBackends(pace=0.0))
    page = AdminPage("regression", settings, Access(settings))
    services.regression.add_cases(
        Case(f"c{n}", f"What did she build, part {n}?", status="accepted") for n in range(cases)
    )
    return RunsPanel(services, page, CasesPanel(services, page))


def run(runs: RunsPanel, **sent):
    """Start a run and wait for its end; returns it."""
    runs.begin({}, request(), event(**{"act": "start", "which": "accepted", "top_k": "4", **sent}))
    runs.desk.join(30)
    return runs.services.regression.runs()[0]


class Slow:
    """A backend that answers one case at each release."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.fakes = FakeBackends(pace=0.0)

    def __call__(self, settings):
        from dataclasses import replace

        backend = self.fakes(settings)

        def answer(case, stop):
            while not self.gate.acquire(timeout=0.02):
                if stop.is_set():
                    break
            return backend.answer(case, stop)

        return replace(backend, answer=answer)


def wait_for(condition) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to that")


def test_a_run_covers_the_accepted_cases_under_its_name_and_settings():
    runs = panel()
    runs.services.regression.add_case(Case("candidate", "Not yet"))
    made = run(runs, name="  six passages ", top_k="6")
    assert (made.status, made.done, made.name) == ("finished", 3, "six passages")
    assert made.configuration["settings"]["top_k"] == 6 and "candidate" not in made.case_ids
    assert made.configuration["thresholds"] == runs.services.flagger.thresholds


def test_a_run_of_selected_or_filtered_cases():
    runs = panel()
    assert run(runs, which="ticked", ids=["c2", "gone"]).case_ids == ("c2",)
    assert run(runs, which="filtered", query={"text": "part 1"}).case_ids == ("c1",)


@pytest.mark.parametrize("sent", [{"which": "ticked", "ids": []}, {"which": "filtered", "query": {"text": "zzz"}}])
def test_nothing_to_run_is_said(sent):
    runs = panel()
    said, started = runs.begin({}, request(), event(act="start", top_k="4", **sent))
    assert "no case to run" in said and not started and runs.services.regression.runs() == []


@pytest.mark.parametrize("top_k", ["0", "21", "x", ["4"], "99999999999"])
def test_a_number_of_passages_that_makes_no_sense_is_said(top_k):
    runs = panel()
    said, _ = runs.begin({}, request(), event(act="start", which="accepted", top_k=top_k))
    assert "between 1 and 20" in said and runs.services.regression.runs() == []


def test_a_run_takes_another_index_embedder_and_prompt(tmp_path):
    seen, fakes = [], FakeBackends(pace=0.0)

    def backend(settings):
        seen.append(settings)
        return fakes(settings)

    runs = panel(backend)
    run(runs, index=f" {tmp_path} ", embedder="other/embedder", prompt=" Answer in one word.\nCite. \u202e")
    assert (seen[0].index, seen[0].embedder, seen[0].prompt) == (
        tmp_path, "other/embedder", "Answer in one word.\nCite."
    )  # fmt: skip
    run(runs, index="", embedder="", prompt="")
    assert (seen[1].index, seen[1].embedder, seen[1].prompt) == (Settings().index, "embedded", "")


def test_an_index_folder_that_is_not_there_is_said_before_anything_is_run(tmp_path):
    runs = panel()
    said, _ = runs.begin({}, request("ko"), event(act="start", which="accepted", top_k="4", index=str(tmp_path / "no")))
    assert f"{tmp_path}/no" in said and "폴더가 없습니다" in said and runs.services.regression.runs() == []


def test_a_stopped_run_of_before_a_setting_existed_can_go_on():
    slow = Slow()
    runs = panel(slow)
    runs.begin({}, request(), event(act="start", which="accepted", top_k="4"))
    wait_for(lambda: runs.desk.progress.stage == "running")
    runs.desk.stop()
    runs.desk.join(30)
    (stopped,) = runs.services.regression.runs()
    newer = slow.fakes

    def backend(settings):
        from dataclasses import replace

        made = newer(settings)
        return replace(made, configuration={**made.configuration, "settings": {**made.configuration["settings"], "new": 1}})

    runs.desk._open_backend = backend
    runs.begin({}, request(), event(act="resume", id=stopped.id))
    runs.desk.join(30)
    assert runs.services.regression.runs()[0].status == "finished"


def test_a_second_run_waits_and_stop_keeps_what_is_done_and_resume_goes_on():
    slow = Slow()
    runs = panel(slow)
    runs.begin({}, request(), event(act="start", which="accepted", top_k="4"))
    slow.gate.release()
    wait_for(lambda: runs.desk.progress.done == 1)
    assert "Another run goes on" in runs.begin({}, request(), event(act="start", which="accepted"))[0]
    progress, _, _ = runs.act({}, request(), event(act="stop"))
    assert "stopping" in progress
    runs.desk.join(30)
    (stopped,) = runs.services.regression.runs()
    assert (stopped.status, stopped.done) == ("stopped", 1)
    assert 'data-run="resume"' in runs.refresh({}, request())[1]
    for _ in range(5):
        slow.gate.release()
    runs.begin({}, request(), event(act="resume", id=stopped.id))
    runs.desk.join(30)
    (finished,) = runs.services.regression.runs()
    assert (finished.id, finished.status, finished.done) == (stopped.id, "finished", 3)


def test_a_run_whose_cases_came_from_a_file_does_not_go_on_without_it():
    runs, record = (made := panel()), made.services.regression
    begun = record.start_run("cases.jsonl", ["c0", "of the file"], {"cases_of": "cases.jsonl"})
    record.end_run(begun.id, "stopped")
    runs.begin({}, request(), event(act="resume", id=begun.id))
    runs.desk.join(30)
    assert f"--resume {begun.id[:8]} --file cases.jsonl" in runs.desk.progress.error.ko
    assert (record.run(begun.id).status, record.run(begun.id).done) == ("stopped", 0)


@pytest.mark.parametrize("what", ["index_hash", "reranker"])
def test_a_run_does_not_go_on_under_another_configuration(what):
    slow = Slow()
    first = slow.fakes
    slow.fakes = lambda settings: _with(first(settings), reranker="one")
    runs = panel(slow)
    runs.begin({}, request(), event(act="start", which="accepted", top_k="4"))
    slow.gate.release()
    wait_for(lambda: runs.desk.progress.done == 1)
    runs.desk.stop()
    runs.desk.join(30)
    (stopped,) = runs.services.regression.runs()
    changed = FakeBackends(pace=0.0)
    runs.desk._open_backend = lambda settings: _with(changed(settings), **{"reranker": "one", what: "another"})
    runs.begin({}, request(), event(act="resume", id=stopped.id))
    runs.desk.join(30)
    assert what in runs.desk.progress.error.en and runs.services.regression.run(stopped.id).done == 1


def test_why_a_run_failed_is_said_in_the_visitors_language():
    runs = panel()
    record = runs.services.regression
    begun = record.start_run("gone", ["never"], {"generator": "g"})
    record.end_run(begun.id, "failed", "none of its cases exists any more")
    assert "사례가 더 이상 하나도 없음" in runs.refresh({}, request("ko"))[1]
    assert "none of its cases exists any more" in runs.refresh({}, request())[1]


def test_a_replay_stands_for_a_run_of_the_same_models_alone():
    now = {"generator": "g", "prompt_hash": "p", "judge": "j", "reranker": "r", "index_hash": "new"}
    assert stands_for(now, now | {"index_hash": "old"})
    assert not any(stands_for(now, now | {name: "another"}) for name in ("generator", "prompt_hash", "judge", "reranker"))
    before_it_was_recorded = {name: value for name, value in now.items() if name != "reranker"}
    assert stands_for(now, before_it_was_recorded)


def _with(backend, **changes):
    from dataclasses import replace

    return replace(backend, configuration={**backend.configuration, **changes})


def test_a_model_that_does_not_load_is_said_and_the_next_run_works():
    def broken(settings):
        raise ModelError("There is no such model.", "그런 모델이 없습니다.")

    runs = panel(broken)
    runs.begin({}, request(), event(act="start", which="accepted"))
    runs.desk.join(30)
    assert "There is no such model." in runs.act({}, request(), event())[0]
    assert "그런 모델이 없습니다." in runs.act({}, request("ko-KR"), event())[0]
    runs.desk._open_backend = FakeBackends(pace=0.0)
    assert run(runs).status == "finished"


def test_whatever_else_a_backend_raises_is_one_sentence():
    runs = panel(lambda settings: 1 / 0)
    runs.begin({}, request(), event(act="start", which="accepted"))
    runs.desk.join(30)
    assert "ZeroDivisionError" in runs.desk.progress.error.en and runs.desk.progress.stage == "idle"


def test_following_a_run_ends_with_its_results():
    runs = panel()
    runs.begin({}, request(), event(act="start", which="accepted", name="mine", top_k="4"))

    async def drawn():
        return [each async for each in runs.follow({}, True, request())]

    progress, listed, view = asyncio.run(drawn())[-1]
    assert progress == "" and "mine" in listed and "3 of 3 cases passed" in view


def test_a_run_is_followed_in_the_language_that_was_switched_to():
    slow = Slow()
    runs = panel(slow)
    runs.begin({}, request(), event(act="start", which="accepted", name="mine", top_k="4"))
    wait_for(lambda: runs.desk.progress.stage == "running")

    async def drawn():
        frames = []
        async for frame in runs.follow({}, True, request()):
            if not frames:
                assert runs.page.other_language({}, request()).language == "ko"
            frames.append(frame)
            slow.gate.release()
        return frames

    first, *rest = asyncio.run(drawn())
    assert "of 3 cases" in first[0] and len(rest) > 1
    assert all("cases" not in frame[0] for frame in rest) and "사례 3개 중 3개를 통과" in rest[-1][2]
    runs.page.forget_tab(request())
    assert runs.page.language_now(runs.page.visitor({}, request())) == "en"


def test_a_run_or_comparison_that_is_looked_at_outlives_a_switch_of_the_language():
    runs = panel()
    before, after, view, _ = compared(runs, case="c1", shown="all")
    _, _, _, drawn, _ = runs.shown("ko", {"view": view})
    assert "four → two" in drawn and "구절" in drawn and 'data-case="c1"' in drawn and "<del>" in drawn
    runs.services.regression.delete_run(after.id)
    assert runs.shown("ko", {"view": view})[3] == "" and runs.shown("ko", {})[3] == ""
    for wrong in (None, [], {"runs": ["x"]}, {"runs": f"{before.id},{before.id}"}):
        assert runs.shown("ko", {"view": wrong})[3] == ""


def compared(runs: RunsPanel, **more):
    before, after = run(runs, name="four", top_k="4"), run(runs, name="two", top_k="2")
    view = {"runs": f"{before.id},{after.id}", **more}
    drawn = runs.act({}, request(), event(act="compare", before=before.id, after=after.id))[2]
    return before, after, view, drawn


def test_two_runs_side_by_side_show_newly_failing_cases_and_what_was_changed():
    _, _, _, drawn = compared(panel(cases=6))
    assert "four → two" in drawn and "settings.top_k" in drawn
    assert 'data-list="newly_failing" id="list-newly_failing" aria-pressed="true">Newly failing <b>6</b>' in drawn
    assert "v-change-worse" in drawn


def test_one_case_shows_words_passages_scores_and_on_demand_the_cause():
    runs = panel(cases=1)
    _, _, view, _ = compared(runs)
    opened = runs.act({}, request(), event(act="case", id="c0", view=view))[2]
    assert "<del>" in opened and "<ins>" in opened and "painted" in opened
    assert "gone [3]" in opened and "rank 1" in opened
    assert 'data-run="attribute"' in opened
    found = runs.attribute({}, request(), event(view={**view, "case": "c0"}))
    assert "The passages: with others, the reply is another one." in found
    assert "구절" in runs.act({}, request("ko-KR"), event(view={**view, "case": "c0"}))[2]


def test_a_replay_under_other_models_is_refused():
    runs = panel(cases=1)
    _, _, view, _ = compared(runs)
    runs.comparison._open_backend = lambda settings: _with(FakeBackends()(settings), judge="another judge")
    assert "cannot be replayed" in runs.attribute({}, request(), event(view={**view, "case": "c0"}))


def test_a_run_is_not_compared_with_itself_and_a_deleted_one_is_said():
    runs = panel()
    made = run(runs)
    assert "two different runs" in runs.act({}, request(), event(act="compare", before=made.id, after=made.id))[2]
    _, listed, _ = runs.act({}, request(), event(act="delete", id=made.id))
    assert made.id not in listed and runs.services.regression.runs() == []
    assert "does not exist any more" in runs.act({}, request(), event(act="open", id=made.id))[2]


def test_results_page_through_and_open_one_case():
    runs = panel(cases=30)
    made = run(runs)
    first = runs.act({}, request(), event(act="open", id=made.id))[2]
    assert first.count('class="v-result"') == 25 and "1–25 of 30" in first
    second = runs.act({}, request(), event(act="page", page=1, view={"runs": made.id}))[2]
    assert second.count('class="v-result"') == 5
    opened = runs.act({}, request(), event(act="case", id="c0", view={"runs": made.id}))[2]
    assert 'aria-expanded="true"' in opened


@pytest.mark.parametrize("sent", [None, "x", {"runs": 5, "page": "²", "case": None}, {"runs": ",,,", "page": "-1"}])
def test_a_malformed_view_is_the_beginning(sent):
    assert view_of(sent).page == 0 and view_of(sent).case == ""


def test_settings_of_a_run_are_those_it_began_with_and_nothing_else():
    runs = panel()
    made = run(runs, top_k="7")
    kept = settings_of(made, Settings(database_url="sqlite://"))
    assert kept.top_k == 7 and kept.host == Settings().host


def test_runs_use_the_pages_models_and_wait_until_they_are_loaded():
    settings, loader = Settings(), BotLoader(FakeBot)
    with pytest.raises(Exception, match="still loading"):
        backends(loader, object, settings)(settings.model_copy(update={"top_k": 2}))


def test_a_desk_without_cases_begins_nothing():
    desk = RunDesk(None, lambda settings: None, dict)
    with pytest.raises(Exception, match="no case to run"):
        desk.start("x", [], Settings())
    assert desk.progress.stage == "idle"
