"""Another answer where the judge doubts one: offered once, both replies kept with their scores, in both languages."""

from types import SimpleNamespace

import pytest

from judge.types import Judgement
from rag.types import Turn
from tests.browser.fakes import FakeBot, judgement_of, retrieved
from tests.unit.test_ui_handlers import ask, conversation_of, follow, page, request
from ui.repairing import can_repair, offer, repair_of, shown_turns, switch, wrong_claims

WANTS = {"owner": None, "conversation": None, "language": None, "repair": True}
DOUBTED = "She won a Nobel prize"


def press(chat, browser, data, at=None):
    """Press an offer or the switch, and wait for what follows."""
    at = at or request()
    outputs = chat.repair(browser, at, SimpleNamespace(_data=data))
    for _ in chat.generate(outputs[1] if isinstance(outputs[1], dict) and "owner" in outputs[1] else browser, at):
        pass
    follow(chat, browser)
    return outputs


def window(chat, browser, language="en", repairs=True):
    return [message["content"] for message in chat.messages(conversation_of(chat, browser), language, repairs)]


@pytest.fixture
def doubted():
    """A chat whose one reply the judge doubts, its browser, and the turn."""
    chat = page(FakeBot(pace=0.0))
    browser = ask(chat, "What did she build?", WANTS)
    follow(chat, browser)
    return chat, browser, conversation_of(chat, browser).turns[0]


def test_nothing_is_offered_unless_somebody_wants_it(doubted):
    chat, browser, turn = doubted
    assert f"repair-{turn.id}" in window(chat, browser)[1]
    assert "v-repair" not in window(chat, browser, repairs=False)[1]
    assert not chat.settings.repair
    refused = chat.repair({**browser, "repair": None}, request(), SimpleNamespace(_data={"repair": turn.id}))
    assert "cannot be answered again" in refused[-1]
    assert len(conversation_of(chat, browser).turns) == 1


def test_the_switch_is_remembered_and_shows_the_offer_at_once(doubted):
    chat, browser, turn = doubted
    outputs = press(chat, {**browser, "repair": False}, {"wanted": True})
    assert outputs[1]["repair"] is True and outputs[1]["conversation"] == browser["conversation"]
    assert f"repair-{turn.id}" in outputs[3][1]["content"]
    assert "checked" in chat.restore(outputs[1], request())[5]
    assert "checked" not in chat.restore({**browser, "repair": "yes"}, request())[5], "a forged value counts as none"


def test_both_replies_stay_with_their_scores_and_the_record_keeps_the_old_turn_with_its_flags(doubted):
    chat, browser, old = doubted
    before, record = old.response, chat.services.regression
    record.flag(old.id, "down", "wrong_fact")
    press(chat, browser, {"repair": old.id})
    conversation = conversation_of(chat, browser)
    new = conversation.turns[1]

    assert chat.services.loader.bot.told == [DOUBTED], "what was wrong is named to the model"
    assert new.repairs == old.id and new.status == "finished" and new.response.startswith("She built")
    assert isinstance(chat.services.judge.state(new.id), Judgement)
    _question, reply = window(chat, browser)
    assert reply.index("Faithfulness <span class=\"v-value\">1.00") < reply.index("Replaced reply · Faithfulness 0.67")
    assert "Nobel" in reply[reply.index("v-replaced") :] and "Nobel" not in reply[: reply.index("v-replaced")]
    assert "대체된 답변 · 충실성 0.67" in window(chat, browser, "ko")[1]
    kept = chat.services.store.turns(browser["conversation"])
    assert [(turn.id, turn.response, turn.repairs) for turn in kept] == [(old.id, before, ""), (new.id, new.response, old.id)]
    assert [flag.reason for flag in record.flags([old.id])[old.id] if flag.origin == "user"] == ["wrong_fact"]


def test_it_does_not_loop(doubted):
    chat, browser, old = doubted
    press(chat, browser, {"repair": old.id})
    new = conversation_of(chat, browser).turns[1]
    assert "v-repair" not in "".join(window(chat, browser))
    for turn in (old, new):
        assert "cannot be answered again" in press(chat, browser, {"repair": turn.id})[-1]
    assert len(conversation_of(chat, browser).turns) == 2
    everything_wrong = judgement_of(Turn("c", "q", retrieved_contexts=retrieved()))
    assert wrong_claims(everything_wrong) and not can_repair(new, everything_wrong, [old, new])


def test_only_the_new_reply_is_history_and_retry_writes_it_once_more(doubted):
    chat, browser, old = doubted
    press(chat, browser, {"repair": old.id})
    asked = chat.retry(browser, "", request())
    for _ in chat.generate(asked[1], request()):
        pass
    turns = conversation_of(chat, browser).turns
    assert len(turns) == 2 and turns[1].repairs == old.id and turns[0] is old
    seen = []
    answer = chat.services.loader.bot.answer
    chat.services.loader.bot.answer = lambda text, history, *rest, **more: (seen.append(history), answer(text, history, *rest, **more))[1]
    ask(chat, "And then?", browser)
    assert [reply for _, reply in seen[0]] == [turns[1].response]


def test_a_repair_of_an_earlier_reply_stands_in_its_place_and_its_sources_open(doubted):
    chat, browser, old = doubted
    ask(chat, "Second question?", browser)
    press(chat, browser, {"repair": old.id})
    contents = window(chat, browser)
    assert "Replaced reply" in contents[1] and "Second question?" in contents[2]
    chat.show_sources(browser, request(), SimpleNamespace(index=1))
    conversation = conversation_of(chat, browser)
    assert chat._views["s1"].turn_id == repair_of(old, conversation.turns).id


def test_a_repair_that_was_stopped_leaves_the_old_reply_open(doubted):
    chat, browser, old = doubted
    outputs = chat.repair(browser, request(), SimpleNamespace(_data={"repair": old.id}))
    conversation_of(chat, browser).stop.set()
    for _ in chat.generate(outputs[1], request()):
        pass
    assert '<details class="v-more v-replaced" open>' in window(chat, browser)[1]


def test_a_stranger_repairs_nothing(doubted):
    chat, browser, old = doubted
    thief = {**WANTS, "owner": "f" * 64, "conversation": browser["conversation"]}
    press(chat, thief, {"repair": old.id}, request("s2"))
    assert len(conversation_of(chat, browser).turns) == 1


def test_turns_without_repairs_are_shown_as_they_are():
    turns = [Turn("c", "one"), Turn("c", "two")]
    assert shown_turns(turns) == turns


@pytest.mark.parametrize("language", ["en", "ko"])
def test_offer_and_switch_are_operable_by_keyboard_and_escaped(language):
    markup = offer(Turn("c", "q", id='x"><img>'), language)
    assert markup.count("<button type=\"button\"") == 1 and "<img>" not in markup
    assert "<input type=\"checkbox\"" in switch(True, language) and "<label" in switch(True, language)
