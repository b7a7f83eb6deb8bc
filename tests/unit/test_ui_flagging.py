"""Flags in the chat, handled as the browser would send them: recorded at once, undone, only one's own replies."""

from types import SimpleNamespace

import pytest

from judge.regression.types import REASONS
from tests.browser.fakes import judgement_of
from tests.unit.test_ui_handlers import ask, conversation_of, page, request
from ui.conversations import new_owner
from ui.render_flags import MAX_REFERENCE_CHARS


def press(chat, browser, **sent):
    return chat.flagging.act(browser, request(), SimpleNamespace(_data=sent))


@pytest.fixture
def chat():
    return page()


@pytest.fixture
def asked(chat):
    browser = ask(chat, "What did she build?")
    return chat, browser, conversation_of(chat, browser).turns[0]


def shown(messages) -> str:
    return " ".join(message["content"] for message in messages)


def test_a_thumb_down_is_a_case_before_the_form_is_filled_in(asked):
    chat, browser, turn = asked
    messages, form, _ = press(chat, browser, act="down", turn=turn.id)
    (case,) = chat.services.regression.cases(status="candidate")
    assert case.user_input == "What did she build?" and case.turn.retrieved_contexts == turn.retrieved_contexts
    assert f'data-turn="{turn.id}"' in form and "Flagged: other" in shown(messages)


def test_saving_keeps_reason_and_expected_answer(asked):
    chat, browser, turn = asked
    press(chat, browser, act="down", turn=turn.id)
    messages, form, said = press(
        chat, browser, act="save", turn=turn.id, reason="wrong_fact", reference=" She led 4 people. \x00"
    )
    (case,) = chat.services.regression.cases()
    assert (case.reason, case.reference) == ("wrong_fact", "She led 4 people.")
    assert "Flagged: wrong fact" in shown(messages) and "<form" not in form and "Saved" in said


def test_the_form_opens_again_with_what_was_saved(asked):
    chat, browser, turn = asked
    press(chat, browser, act="save", turn=turn.id, reason="off_topic", reference="Of <b>her</b> work.")
    _, form, _ = press(chat, browser, act="down", turn=turn.id)
    assert 'value="off_topic" checked' in form and "Of &lt;b&gt;her&lt;/b&gt; work." in form
    assert chat.services.regression.cases()[0].reason == "off_topic"  # opening it changed nothing


def test_an_open_form_follows_a_switch_of_the_language_and_is_closed_with_its_conversation(asked):
    chat, browser, turn = asked
    form = lambda outputs: outputs[7]  # as ChatPage.wire lists them
    press(chat, browser, act="down", turn=turn.id)
    switched = chat.switch_language(browser, request())
    assert f'data-turn="{turn.id}"' in form(switched) and "기대 답변" in form(switched)
    assert "<form" not in form(chat.start_new(switched[0], request()))
    assert "<form" not in form(chat.switch_language(switched[0], request()))
    for act in ("close", "save", "undo"):
        press(chat, browser, act="down", turn=turn.id)
        press(chat, browser, act=act, turn=turn.id)
        assert "<form" not in form(chat.switch_language(browser, request()))


def test_undo_takes_flag_and_case_back(asked):
    chat, browser, turn = asked
    press(chat, browser, act="down", turn=turn.id)
    messages, _, said = press(chat, browser, act="undo", turn=turn.id)
    assert chat.services.regression.cases() == [] and chat.services.regression.all_flags() == []
    assert "Flagged" not in shown(messages) and "taken back" in said


def test_a_thumb_up_is_no_case_and_a_second_press_takes_it_back(asked):
    chat, browser, turn = asked
    messages, _, _ = press(chat, browser, act="up", turn=turn.id)
    assert "Marked as good" in shown(messages) and chat.services.regression.cases() == []
    messages, _, _ = press(chat, browser, act="up", turn=turn.id)
    assert "Marked as good" not in shown(messages) and chat.services.regression.all_flags() == []


def test_an_old_turn_can_be_flagged(asked):
    chat, browser, turn = asked
    for question in ("second", "third"):
        ask(chat, question, browser)
    press(chat, browser, act="down", turn=turn.id)
    assert chat.services.regression.cases()[0].turn.id == turn.id


def test_nobody_flags_anothers_reply(asked):
    chat, browser, turn = asked
    stranger = {**browser, "owner": new_owner()}
    for act in ("up", "down", "save", "undo"):
        messages, _, said = press(chat, stranger, act=act, turn=turn.id)
        assert isinstance(messages, dict) and "does not exist any more" in said
    assert chat.services.regression.all_flags() == []


@pytest.mark.parametrize("sent", [None, [], {}, {"act": "down"}, {"act": "down", "turn": ["x"]}, {"turn": {"a": 1}}])
def test_malformed_events_change_nothing(asked, sent):
    chat, browser, _ = asked
    chat.flagging.act(browser, request(), SimpleNamespace(_data=sent))
    assert chat.services.regression.all_flags() == []


@pytest.mark.parametrize("reason", ["", "hacked", None, ["wrong_fact"], {"a": 1}])
def test_a_reason_that_is_not_one_counts_as_other(asked, reason):
    chat, browser, turn = asked
    press(chat, browser, act="save", turn=turn.id, reason=reason, reference=7)
    (case,) = chat.services.regression.cases()
    assert (case.reason, case.reference) == ("other", "")


def test_a_long_expected_answer_is_cut(asked):
    chat, browser, turn = asked
    press(chat, browser, act="save", turn=turn.id, reason="other", reference="x" * (2 * MAX_REFERENCE_CHARS))
    assert len(chat.services.regression.cases()[0].reference) == MAX_REFERENCE_CHARS


def test_a_reply_that_is_still_written_cannot_be_flagged(chat):
    browser = chat.ask("What did she build?", {}, "", request())[1]
    turn = conversation_of(chat, browser).turns[0]
    assert "v-thumb" not in shown(chat.messages(conversation_of(chat, browser), "en"))
    _, _, said = press(chat, browser, act="down", turn=turn.id)
    assert "does not exist any more" in said and chat.services.regression.all_flags() == []


def test_a_regenerated_reply_does_not_wear_the_old_ones_flag(asked):
    chat, browser, turn = asked
    press(chat, browser, act="down", turn=turn.id)
    bot = chat.services.loader.bot
    bot.reply = "Another reply."
    browser = chat.retry(browser, "", request())[1]
    for _ in chat.generate(browser, request()):
        pass
    assert "Flagged" not in shown(chat.messages(conversation_of(chat, browser), "en"))
    assert len(chat.services.regression.cases()) == 1  # what was flagged is kept as it was


def test_a_rules_flag_shows_with_the_rule_that_fired(asked):
    chat, browser, turn = asked
    chat.services.flagger.set_thresholds({"faithfulness": 0.9})
    chat.services.flagger.on_judged(turn, judgement_of(turn))
    conversation = conversation_of(chat, browser)
    chat.conversations.forget_flags(conversation, turn.id)
    assert "Auto-flagged: faithfulness 0.67 &lt; 0.90" in shown(chat.messages(conversation, "en"))
    assert "자동 신고: 충실성 0.67 &lt; 0.90" in shown(chat.messages(conversation, "ko"))


def test_a_record_that_fails_is_said_and_nothing_else_breaks(asked, monkeypatch):
    chat, browser, turn = asked
    monkeypatch.setattr(chat.services.regression, "flag", lambda *a, **k: 1 / 0)
    messages, form, said = press(chat, browser, act="down", turn=turn.id)
    assert "could not be recorded" in said and isinstance(messages, dict) and isinstance(form, dict)


def test_every_reason_has_a_name_in_both_languages():
    from ui.i18n import say

    for language in ("en", "ko"):
        assert len({say(language, f"reason_{reason}") for reason in REASONS}) == len(REASONS)


def test_delete_my_data_forgets_conversations_flags_and_open_cases_of_one_person_only(asked):
    chat, browser, turn = asked
    press(chat, browser, act="down", turn=turn.id)
    other = ask(chat, "somebody else's question")
    outputs = chat.open_or_delete(browser, request(), SimpleNamespace(_data={"forget": "1"}))
    assert outputs[0]["conversation"] is None and "was deleted" in outputs[-1]
    record = chat.services.regression
    assert record.all_flags() == [] and record.cases() == [] and chat.services.store.turn(turn.id) is None
    assert [row.title for row in chat.services.store.conversations()] == ["somebody else's question"]
    assert conversation_of(chat, other).turns[0].user_input == "somebody else's question"


def test_a_reply_being_written_does_not_come_back_after_its_owner_deleted_everything(chat):
    browser = chat.ask("What did she build?", {}, "", request())[1]
    frames = chat.generate(browser, request())
    next(frames)
    chat.open_or_delete(browser, request(), SimpleNamespace(_data={"forget": "1"}))
    list(frames)
    assert chat.services.store.conversations() == []
