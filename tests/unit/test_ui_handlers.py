"""The page's event handlers, called as the browser would: questions, Stop, conversations, ownership, uploads."""

import asyncio
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest

from judge.second import SecondJudge
from judge.service import JudgeService
from judge.types import Judgement
from rag.errors import ModelError
from settings import Settings
from tests.browser.fakes import FakeBot, FakeJudge, FakeStore, WordJudge, services_of
from ui.chat import ChatPage, visitor_of
from ui.conversations import Conversations, NotYours, is_owner, new_owner
from ui.documents import DocumentsPanel
from ui.services import BotLoader

BROWSER = {"owner": None, "conversation": None, "language": None}


def request(session: str = "s1", language: str = "en-US") -> SimpleNamespace:
    return SimpleNamespace(session_hash=session, headers={"accept-language": language})


def page(bot=None, judge=None, store=None, wait=True) -> ChatPage:
    """A chat page on fakes whose models are loaded."""
    bot = bot or FakeBot(pace=0.0)
    loader = BotLoader(lambda: bot)
    loader.start()
    if wait:
        loader.join()
    services = services_of(loader, judge or FakeJudge(0.0), store)
    return ChatPage(
        services, Conversations(services.store, services.judge, services.regression), Settings(max_question_chars=100)
    )


def ask(chat: ChatPage, text: str, browser=None, at=None, scope="") -> dict:
    """Ask and answer to the end; returns what the browser remembers then."""
    at = at or request()
    asked = chat.ask(text, browser or BROWSER, scope, at)
    browser = asked[1]
    assert isinstance(browser, dict), asked[-1]
    for _ in chat.generate(browser, at):
        pass
    return browser


def conversation_of(chat: ChatPage, browser: dict):
    return chat.conversations.open(browser["owner"], browser["conversation"])


def shown(frame) -> str:
    return " ".join(message["content"] for message in frame[0])


# ------------------------------------------------------------------ asking


def test_a_question_is_answered_recorded_and_handed_to_the_judge():
    chat = page()
    browser = ask(chat, "What did she build?")
    turn = conversation_of(chat, browser).turns[0]
    assert turn.status == "finished" and "FAISS" in turn.response
    assert chat.services.store.saved[turn.id] is turn
    assert isinstance(chat.services.judge.state(turn.id), Judgement)


def test_the_reply_grows_frame_by_frame():
    chat = page(FakeBot(pace=0.06))
    asked = chat.ask("What did she build?", BROWSER, "", request())
    frames = [shown(frame) for frame in chat.generate(asked[1], request())]
    lengths = [len(frame) for frame in frames]
    assert len(set(frames)) > 4 and max(lengths) > lengths[0]
    assert "Searching" in frames[0] and "Nobel prize" in frames[-1]


@pytest.mark.parametrize("text", ["", "   \n", "\x00\u202e", None])
def test_an_empty_question_changes_nothing_but_the_status_line(text):
    chat = page()
    outputs = chat.ask(text, BROWSER, "", request())
    assert "Type a question first." in outputs[-1]
    assert all(isinstance(each, dict) and each["__type__"] == "update" and len(each) == 1 for each in outputs[:-1])
    assert not chat.services.store.owners


def test_a_long_question_is_refused_in_the_visitors_language():
    outputs = page().ask("가" * 10_000, BROWSER, "", request(language="ko-KR"))
    assert "10,000자" in outputs[-1] and "100자" in outputs[-1]


def test_an_example_question_leaves_what_is_typed_in_the_box():
    chat = page()
    example = SimpleNamespace(value={"text": "Where does she work?"})
    box, *_ = chat.ask_example(BROWSER, "", request(), example)
    assert "value" not in box.constructor_args
    box, *_ = page().ask("Where does she work?", BROWSER, "", request())
    assert box.constructor_args["value"] == ""


def test_control_characters_are_removed_from_a_question():
    chat = page()
    browser = ask(chat, "What\x00 did\u202e she\ud800 build?")
    assert conversation_of(chat, browser).turns[0].user_input == "What did she build?"


def test_a_second_question_waits_for_its_turn():
    chat = page()
    browser = chat.ask("first", BROWSER, "", request())[1]
    outputs = chat.ask("second", browser, "", request())
    assert "One question at a time" in outputs[-1]
    for _ in chat.generate(browser, request()):
        pass
    assert len(conversation_of(chat, browser).turns) == 1
    ask(chat, "second", browser)
    assert len(conversation_of(chat, browser).turns) == 2


def test_generate_without_a_question_changes_nothing():
    chat = page()
    browser = ask(chat, "hello")
    assert len(list(chat.generate(browser, request()))) == 1
    assert len(conversation_of(chat, browser).turns) == 1


def test_earlier_questions_and_replies_are_the_history():
    bot = FakeBot(pace=0.0)
    seen, answer = [], bot.answer
    bot.answer = lambda text, history, *a, **k: seen.append(list(history)) or answer(text, history, *a, **k)
    chat = page(bot)
    browser = ask(chat, "first")
    ask(chat, "second", browser)
    assert seen[0] == [] and seen[1][0][0] == "first" and "FAISS" in seen[1][0][1]


@pytest.mark.parametrize(("scope", "only"), [("d", ["d"]), ("", None), ("unknown", None), (["d"], None), (None, None)])
def test_a_question_is_about_the_chosen_resume_or_all(scope, only):
    bot = FakeBot(pace=0.0)
    seen, answer = [], bot.answer
    bot.answer = lambda text, history, stop, ids, **k: seen.append(ids) or answer(text, history, stop, ids, **k)
    ask(page(bot), "hello", scope=scope)
    assert seen == [only]


# ------------------------------------------------------------------ stop, failure, closed tabs


def test_stop_ends_the_reply_within_a_word_and_nothing_is_judged():
    chat = page(FakeBot(pace=0.02))
    browser = chat.ask("go", BROWSER, "", request())[1]
    frames = chat.generate(browser, request())
    next(frame for frame in frames if "She" in shown(frame))
    words = len(conversation_of(chat, browser).turns[0].response.split())
    chat.stop(browser, request())
    last = list(frames)[-1]
    turn = conversation_of(chat, browser).turns[0]
    assert turn.status == "stopped" and len(turn.response.split()) <= words + 1
    assert "Stopped" in shown(last) and chat.services.judge.state(turn.id) is None


def test_a_tab_closed_in_the_middle_leaves_a_stopped_turn_in_the_record():
    chat = page(FakeBot(pace=0.02))
    browser = chat.ask("go", BROWSER, "", request())[1]
    frames = chat.generate(browser, request())
    next(frame for frame in frames if "She" in shown(frame))
    frames.close()
    turn = conversation_of(chat, browser).turns[0]
    assert turn.status == "stopped" and turn.response and not conversation_of(chat, browser).running
    assert chat.services.store.saved[turn.id].status == "stopped"


def test_a_crash_is_one_sentence_and_the_next_question_works():
    chat = page()
    browser = chat.ask("crash", BROWSER, "", request())[1]
    last = list(chat.generate(browser, request()))[-1]
    assert "Something went wrong" in shown(last) and "fell over" not in shown(last)
    ask(chat, "again", browser)
    assert [turn.status for turn in conversation_of(chat, browser).turns] == ["failed", "finished"]


def test_a_question_before_anything_is_indexed_says_what_to_do():
    bot = FakeBot(pace=0.0)
    bot.index.remove("d")
    chat = page(bot)
    browser = chat.ask("What did she build?", BROWSER, "", request())[1]
    assert "add one first" in shown(list(chat.generate(browser, request()))[-1])


def asked_while_loading():
    """The page, what its browser keeps, the frames of a question's reply, and what lets the models finish loading."""
    gate, bot = threading.Event(), FakeBot(pace=0.0)
    bot.warm_up = lambda: gate.wait(5)
    chat = page(bot, wait=False)
    browser = chat.ask("What did she build?", BROWSER, "", request())[1]
    return chat, browser, chat.generate(browser, request()), gate


def test_a_question_asked_while_the_models_load_waits_and_is_answered():
    _, _, frames, gate = asked_while_loading()
    assert "Loading the models" in shown(next(frames))
    gate.set()
    assert "FAISS" in shown(list(frames)[-1])


def test_why_a_second_question_was_not_taken_stays_there_when_the_models_are_loaded():
    chat, browser, frames, gate = asked_while_loading()
    next(frames)
    assert "One question at a time" in chat.ask("And before?", browser, "", request())[-1]
    gate.set()
    assert not [frame[-1] for frame in frames if isinstance(frame[-1], str)]
    taken = chat.ask("And before?", browser, "", request())[-1]
    assert "One question" not in str(taken)


def test_models_that_do_not_load_are_said_and_tried_again_with_the_next_question():
    bot, attempts = FakeBot(pace=0.0), []

    def open_bot():
        attempts.append(1)
        if len(attempts) == 1:
            raise ModelError("There is no network.", "네트워크가 없습니다.")
        return bot

    loader = BotLoader(open_bot)
    loader.start()
    loader.join()
    services = services_of(loader, judge_id=None)
    chat = ChatPage(services, Conversations(services.store, services.judge, services.regression), Settings())
    assert loader.stage == "failed"
    browser = ask(chat, "hello")
    assert conversation_of(chat, browser).turns[0].status == "finished" and len(attempts) == 2


def test_models_that_fail_again_fail_the_question_with_the_reason():
    def open_bot():
        raise ModelError("There is no network.", "네트워크가 없습니다.")

    loader = BotLoader(open_bot)
    loader.start()
    loader.join()
    services = services_of(loader, judge_id=None)
    chat = ChatPage(services, Conversations(services.store, services.judge, services.regression), Settings())
    browser = chat.ask("hello", BROWSER, "", request(language="ko"))[1]
    assert "네트워크가 없습니다." in shown(list(chat.generate(browser, request(language="ko")))[-1])


def test_retry_answers_the_last_question_in_place():
    chat = page()
    browser = ask(chat, "first")
    old = conversation_of(chat, browser).turns[0]
    chat.retry(browser, "", request())
    list(chat.generate(browser, request()))
    (turn,) = conversation_of(chat, browser).turns
    assert turn is not old and turn.id == old.id and turn.status == "finished"


# ------------------------------------------------------------------ badges


def follow(chat: ChatPage, browser: dict, at=None) -> list[str]:
    async def collect():
        return [
            shown(frame)
            for frame in [f async for f in chat.watch(browser, at or request())]
            if isinstance(frame[0], list)
        ]

    return asyncio.run(asyncio.wait_for(collect(), 5))


def test_badges_go_from_pending_to_scored():
    chat = page(judge=FakeJudge(0.4))
    frames = follow(chat, ask(chat, "What did she build?"))
    assert "checking…" in frames[0] and "0.67" not in frames[0]
    assert "0.67" in frames[-1] and "checking…" not in frames[-1]


def test_a_judge_that_is_quicker_than_the_watch_is_still_shown():
    chat = page(judge=FakeJudge(0.0))
    assert "0.67" in follow(chat, ask(chat, "What did she build?"))[-1]


def test_watching_goes_on_until_the_second_judge_has_spoken():
    class Slow(WordJudge):
        id = "slow-judge"

        def matrix(self, question, reply, claims, chunks):
            time.sleep(0.6)
            return super().matrix(question, reply, claims, [text + " She won a Nobel prize." for text in chunks])

    store = FakeStore()
    service = JudgeService(WordJudge, store, second=SecondJudge(Slow, store))
    chat = page(judge=service, store=store)

    async def frames(browser) -> list:
        return [frame async for frame in chat.watch(browser, request())]

    browser = ask(chat, "What did she build?")
    drawn = [frame for frame in asyncio.run(frames(browser)) if isinstance(frame[0], list)]
    assert "a second opinion is coming" in shown(drawn[-2]) and "0.67" in shown(drawn[-2])
    assert "second opinion is coming" not in shown(drawn[-1]) and "slow-judge" in shown(drawn[-1])
    assert "second opinion. Scores: Faithfulness 1.00" in drawn[-1][2]
    turn = conversation_of(chat, browser).turns[0]
    chat.retry(browser, "", request())
    assert chat.conversations.second_opinion(conversation_of(chat, browser), turn) is None  # nothing of the old reply is left
    service.close()


def test_watching_leaves_the_status_line_of_a_refused_question_alone():
    async def notices():
        return [frame[2] async for frame in chat.watch(browser, request())]

    chat = page()
    browser = ask(chat, "hello")
    assert all(isinstance(notice, dict) for notice in asyncio.run(notices()))


def test_watching_ends_when_the_tab_turns_to_another_conversation():
    chat = page(judge=FakeJudge(3600))
    browser = ask(chat, "first")
    chat.start_new(browser, request())
    assert follow(chat, browser) == []


def test_a_reply_is_not_drawn_into_another_conversation():
    chat = page(FakeBot(pace=0.01))
    browser = chat.ask("first", BROWSER, "", request())[1]
    frames = chat.generate(browser, request())
    next(frames)
    chat.start_new(browser, request())
    assert all(not isinstance(frame[0], list) for frame in frames)
    assert conversation_of(chat, browser).turns[0].status == "finished"


def test_a_second_tab_follows_a_reply_that_the_first_one_draws():
    chat = page(FakeBot(pace=0.05))
    browser = chat.ask("go", BROWSER, "", request("tab1"))[1]
    worker = threading.Thread(target=lambda: list(chat.generate(browser, request("tab1"))))
    worker.start()
    chat.restore(browser, request("tab2"))
    frames = follow(chat, browser, request("tab2"))
    worker.join()
    assert len(frames) > 3 and "Nobel" in frames[-1]


# ------------------------------------------------------------------ conversations


def test_conversations_survive_a_restart():
    store = FakeStore()
    browser = ask(page(store=store), "What did she build?")
    restarted = page(store=store)
    outputs = restarted.restore(browser, request())
    assert outputs[0] == browser
    assert "FAISS" in str(outputs[8].constructor_args["value"]) and "FAISS" in outputs[9]


def test_a_finished_turn_without_a_judgement_is_judged_after_a_restart():
    store = FakeStore()
    browser = ask(page(store=store), "What did she build?")
    restarted = page(store=store, judge=FakeJudge(0.3))
    restarted.restore(browser, request())
    assert "0.67" in follow(restarted, browser)[-1]


def test_a_turn_cut_by_a_crash_of_the_server_is_shown_as_stopped():
    store = FakeStore()
    chat = page(store=store)
    browser = chat.ask("go", BROWSER, "", request())[1]
    assert next(iter(store.saved.values())).status == "retrieving"
    restarted = page(store=store)
    assert conversation_of(restarted, browser).turns[0].status == "stopped"


def test_nobody_sees_or_changes_anothers_conversation():
    chat = page()
    mine = ask(chat, "my secret question")
    thief = {"owner": new_owner(), "conversation": mine["conversation"], "language": None}
    assert "secret" not in str(chat.restore(thief, request("s2")))
    chat.open_or_delete(thief, request("s2"), SimpleNamespace(_data={"delete": mine["conversation"]}))
    outputs = chat.open_or_delete(thief, request("s2"), SimpleNamespace(_data={"open": mine["conversation"]}))
    assert "does not exist" in outputs[-1] and "secret" not in str(outputs)
    chat.retry(thief, "", request("s2"))
    chat.stop(thief, request("s2"))
    assert isinstance(chat.show_sources(thief, request("s2"), SimpleNamespace(index=0)), dict)
    assert conversation_of(chat, mine).turns[0].status == "finished"
    with pytest.raises(NotYours):
        chat.conversations.open(thief["owner"], mine["conversation"])


@pytest.mark.parametrize("browser", [None, "x", [], {"owner": "short"}, {"owner": 5, "conversation": ["a"], "language": {}}, {"owner": "g" * 64}])  # fmt: skip
def test_a_forged_browser_state_counts_as_none(browser):
    visitor = visitor_of(browser, request())
    assert is_owner(visitor.owner) and visitor.conversation_id is None and visitor.language == "en"


def test_a_deleted_conversation_is_gone_and_its_reply_ends():
    chat = page(FakeBot(pace=0.02))
    browser = chat.ask("go", BROWSER, "", request())[1]
    frames = chat.generate(browser, request())
    next(frames)
    outputs = chat.open_or_delete(browser, request(), SimpleNamespace(_data={"delete": browser["conversation"]}))
    list(frames)
    assert outputs[0]["conversation"] is None and not chat.services.store.saved
    assert "Earlier conversations" in outputs[4]


def test_switching_the_language_keeps_the_conversation():
    chat = page()
    browser = ask(chat, "hello")
    outputs = chat.switch_language(browser, request())
    assert outputs[0] == {**browser, "language": "ko"} and "이력서" in outputs[1]
    assert chat.switch_language(outputs[0], request())[0]["language"] == "en"


def test_what_takes_long_goes_on_in_the_language_that_was_switched_to():
    judge = FakeJudge(0.3)
    chat = page(FakeBot(pace=0.05), judge)
    asked = chat.ask("What did she build?", BROWSER, "", request())
    writing = chat.generate(asked[1], request())
    assert "Searching" in shown(next(writing))
    browser = chat.switch_language(asked[1], request())[0]
    *_, frame = writing
    assert "좋은 답변" in shown(frame) and "Good reply" not in shown(frame)

    async def watched() -> list:
        seen = []
        async for frame in chat.watch(browser, request()):
            if not seen:
                back = chat.switch_language(browser, request())[0]
                assert back["language"] == "en"
            seen.append(frame)
        return seen

    frames = asyncio.run(watched())
    drawn = [frame for frame in frames if isinstance(frame[0], list)]
    assert "Faithfulness</" in shown(drawn[-1]) or "Faithfulness " in shown(drawn[-1])
    assert all("충실성" not in shown(frame) for frame in drawn)
    assert any("Scores:" in str(frame[2]) for frame in frames)


def test_an_offer_that_is_wanted_while_a_reply_is_judged_comes_with_its_scores():
    chat = page(FakeBot(pace=0.0), FakeJudge(0.3))
    browser = ask(chat, "What did she build?")

    async def watched() -> list:
        seen = []
        async for frame in chat.watch(browser, request()):
            if not seen:
                chat.repair(browser, request(), SimpleNamespace(_data={"wanted": True}))
            seen.append(frame)
        return [frame for frame in seen if isinstance(frame[0], list)]

    assert "v-repair" in shown(asyncio.run(watched())[-1])


def test_an_offer_that_is_wanted_right_before_a_question_is_kept_and_taken():
    chat = page(FakeBot(pace=0.0), FakeJudge(0.0))
    chat.repair(BROWSER, request(), SimpleNamespace(_data={"wanted": True}))
    browser = ask(chat, "What did she build?")  # sent before the switch came back
    assert browser["repair"] is True
    asyncio.run(_all(chat.watch(browser, request())))
    turn = chat.current(visitor_of(browser, request())).turns[-1]
    assert chat.repair({**browser, "repair": None}, request(), SimpleNamespace(_data={"repair": turn.id}))[1]["repair"] is True


async def _all(frames) -> list:
    return [frame async for frame in frames]


def test_sources_follow_the_reply_that_was_clicked():
    chat = page()
    browser = ask(chat, "first question")
    ask(chat, "second question", browser)
    assert "first question" in chat.show_sources(browser, request(), SimpleNamespace(index=1))
    assert "second question" in chat.show_sources(browser, request(), SimpleNamespace(index=[3, 0]))
    for index in (99, -1, "x", None):
        assert isinstance(chat.show_sources(browser, request(), SimpleNamespace(index=index)), dict)


def test_a_conversation_that_was_deleted_in_another_tab_takes_nothing_along():
    chat = page()
    gone = ask(chat, "first topic")
    browser = ask(chat, "second topic", {**gone, "conversation": None})
    chat.conversations.delete(gone["owner"], gone["conversation"])
    outputs = chat.open_or_delete(browser, request(), SimpleNamespace(_data={"delete": gone["conversation"]}))
    assert outputs[0]["conversation"] == browser["conversation"] and "first topic" not in outputs[4]
    assert "does not exist" not in outputs[-1]
    stranger = chat.open_or_delete(browser, request(), SimpleNamespace(_data={"open": gone["conversation"]}))
    assert "does not exist" in stranger[-1]


# ------------------------------------------------------------------ documents


def documents(bot=None) -> DocumentsPanel:
    return DocumentsPanel(page(bot).services, Settings())


def test_uploads_are_reported_file_by_file_and_not_kept(tmp_path: Path):
    panel = documents()
    files = [tmp_path / "new.md", tmp_path / "odd.xyz"]
    for file in files:
        file.write_text("text")
    frames = list(panel.upload([str(file) for file in files], BROWSER, request()))
    assert frames[0][2].constructor_args["value"] is None  # the field is ready for the next file
    assert "<progress" in frames[1][0] and "Reading new.md" in frames[1][0]
    assert "new.md: added" in frames[-1][0] and "odd.xyz: This type is not supported." in frames[-1][0]
    assert "new.md" in frames[-1][1] and not any(file.exists() for file in files)


def test_upload_errors_are_in_the_visitors_language(tmp_path: Path):
    (tmp_path / "odd.xyz").write_text("x")
    frames = list(documents().upload([str(tmp_path / "odd.xyz")], BROWSER, request(language="ko")))
    assert "odd.xyz: 지원하지 않는 형식입니다." in frames[-1][0]


def test_an_upload_can_be_stopped(tmp_path: Path):
    panel = documents()
    files = [tmp_path / f"{n}.md" for n in range(20)]
    for file in files:
        file.write_text("x")
    frames = panel.upload([str(file) for file in files], BROWSER, request())
    next(frames), next(frames)
    started = time.monotonic()
    panel.stop(request())
    last = list(frames)[-1]
    assert time.monotonic() - started < 10 and "Stopped" in last[0]


@pytest.mark.parametrize("other_tab", [False, True])
def test_a_resume_that_is_added_while_another_one_is_read_is_read_next(tmp_path: Path, other_tab):
    panel = documents()
    for name in ("odd.xyz", "first.md", "second.md"):
        (tmp_path / name).write_text("x")
    second = panel.upload([str(tmp_path / "second.md")], BROWSER, request("s2" if other_tab else "s1"))
    first = panel.upload([str(tmp_path / "odd.xyz"), str(tmp_path / "first.md")], BROWSER, request())
    next(first), next(first)
    next(second)
    if other_tab:
        assert "comes next" in next(second)[0]
        *_, done = first
        assert not done[3].constructor_args["visible"]
        *_, last = second
        assert "second.md: added" in last[0] and "first.md" not in last[0]
    else:
        waiting = threading.Thread(target=lambda: last.extend(second))
        last: list = []
        waiting.start()
        *_, done = first
        assert done[3].constructor_args["visible"]  # the next one can still be stopped
        waiting.join(10)
        assert not last[-1][3].constructor_args["visible"]
        for said in ("odd.xyz: This type is not supported.", "first.md: added", "second.md: added"):
            assert said in last[-1][0]  # nothing that was said of the first is wiped away
    assert {each.name for each in panel.services.loader.bot.index.documents()} >= {"first.md", "second.md"}
    assert not panel._readings and not any(tmp_path.iterdir())


def test_stop_also_ends_an_upload_that_waits(tmp_path: Path):
    panel = documents()
    bot, panel.services.loader.bot = panel.services.loader.bot, None  # the models are still loading
    (tmp_path / "new.md").write_text("x")
    frames = panel.upload([str(tmp_path / "new.md")], BROWSER, request())
    next(frames)
    assert "Waiting for the models" in next(frames)[0]
    panel.stop(request())
    panel._list = lambda language: ""
    assert "Stopped." in list(frames)[-1][0]
    panel.services.loader.bot = bot
    assert panel._reading.acquire(blocking=False) and len(bot.index.documents()) == 1


def test_indexing_that_breaks_is_said_and_the_page_lives(tmp_path: Path):
    bot = FakeBot()

    def broken(*_):
        raise OSError("disk full")

    bot.index_files = broken
    (tmp_path / "a.md").write_text("x")
    panel = documents(bot)
    assert "could not be read" in list(panel.upload([str(tmp_path / "a.md")], BROWSER, request()))[-1][0]
    assert panel._reading.acquire(blocking=False)


def test_what_is_chosen_while_a_list_is_drawn_anew_stays_chosen():
    panel = documents()
    given = lambda dropdown: dropdown.constructor_args  # what Gradio sends to the page
    assert "value" not in given(panel._choices("en"))
    assert given(panel.show(BROWSER, "d", request())[-1])["value"] == "d"
    assert given(panel.show(BROWSER, "gone", request())[-1])["value"] == ""  # a new version of a resume is another document


def test_a_document_is_removed_once():
    panel = documents()
    event = SimpleNamespace(_data={"delete": "d"})
    assert "Mina_Park.md was removed." in panel.remove(BROWSER, "", request(), event)[0]
    assert "not in the index" in panel.remove(BROWSER, "", request(), event)[0]
    assert "not in the index" in panel.remove(BROWSER, "", request(), SimpleNamespace(_data={"delete": ["x"]}))[0]
    assert "Nothing is indexed" in panel.show(BROWSER, "", request())[0]


def test_the_models_at_work_are_named():
    panel = documents()
    html = panel.show(BROWSER, "", request())[-2]
    assert (
        "fake-generator" in html and "fake-judge" in html and "fake-embedder" in html and "1 resume, 4 passages" in html
    )


def test_samples_are_indexed_at_the_first_start_only():
    empty, full = FakeBot(), FakeBot()
    empty.index.remove("d")
    for bot, expected in ((empty, 1), (full, 1)):
        loader = BotLoader(lambda bot=bot: bot, [Path("sample.md")])
        loader.start()
        loader.join()
        assert loader.stage == "ready" and len(bot.index.documents()) == expected


def test_the_page_builds():
    from ui import build_app, launch_options

    chat = page()
    assert isinstance(build_app(chat.services, Settings()), gr.Blocks)
    options = launch_options(Settings())
    assert options["run_history"] is False and str(Settings().data) in options["blocked_paths"]
