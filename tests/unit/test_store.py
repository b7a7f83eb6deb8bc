"""The record: what went in comes out, to its owner only, from any thread and after a crash."""

import sqlite3
import threading
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from judge import database, migrations
from judge.store import Store, StoreError
from judge.types import METRICS, Claim, Judgement, Score, SecondOpinion, Verdict
from rag.types import Chunk, RetrievedChunk, Timings, Turn

UNSCORED = Score("context_precision", None, "unscored", "no passages")
JUDGEMENT = Judgement(
    {
        "answer_relevancy": Score("answer_relevancy", 0.0, "declined", "missed: [2] has it"),
        "faithfulness": Score("faithfulness", 2 / 3, "scored", "2 of 3 claims supported"),
        "context_precision": UNSCORED,
    },
    (
        Verdict(Claim("그녀는 KAIST를 졸업했다", 0, 14), "supported", 0.97, 0.01, 1),
        Verdict(Claim("She won a prize", 15, 30), "not_found", 0.06, 0.2, None, "prize stands nowhere"),
        Verdict(Claim("She led it", 31, 41), "not_sure", 0.4, 0.1, 0),
    ),
    (0.95, 0.125),
    "embedded@1",
    0.25,
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'new' / 'folder' / 'record.sqlite'}"


@pytest.fixture
def store(url):
    opened = Store(url)
    yield opened
    opened.close()


def turn_in(conversation_id, question="어디서 일했나요?", **fields) -> Turn:
    chunks = tuple(
        RetrievedChunk(
            Chunk(f"d-{i}", "d", "이력서.pdf", "Mina Park", "Work › 2019", f"text {i}", i, i + 6), i, 0.5, "both", p
        )
        for i, p in ((1, 0.75), (2, None))
    )
    values = {
        "standalone_question": "박미나는 어디서 일했나요?",
        "retrieved_contexts": chunks,
        "response": "<b>Hanbit</b> [1] ${x}",
        "status": "finished",
        "declined": True,
        "notice": "quoted",
        "error": "en\nko",
        "generator": "g",
        "prompt_hash": "p",
        "index_hash": "i",
        "timings": Timings(0.1, None, 1.5, 12),
        "created_at": "2026-01-02T03:04:05+00:00",
    }
    return Turn(conversation_id, question, **{**values, **fields})


def test_a_turn_comes_back_with_every_field(store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    assert store.turn(turn.id) == turn and store.turns(turn.conversation_id) == [turn]
    assert store.turn("other") is None and store.turns("other") == []


def test_a_turn_survives_closing_and_opening(url, store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT)
    store.close()
    again = Store(url)
    assert again.turn(turn.id) == turn and again.judgement(turn.id) == JUDGEMENT
    again.close()


def test_saving_again_updates_in_place_and_keeps_the_order(store):
    conversation = store.new_conversation("me")
    first, second = turn_in(conversation, "one"), turn_in(conversation, "two")
    for turn in (first, second):
        store.save_turn(turn)
    first.response = "another reply"
    store.save_turn(first)
    assert [t.user_input for t in store.turns(conversation)] == ["one", "two"]
    assert store.turn(first.id).response == "another reply"


def test_conversations_are_listed_newest_first_to_their_owner_under_their_first_question(store):
    mine, empty, other, newest = (store.new_conversation(owner) for owner in ("me", "me", "you", "me"))
    for conversation, question in ((mine, "first?"), (mine, "second?"), (other, "theirs?"), (newest, "newest?")):
        store.save_turn(turn_in(conversation, question))
    rows = store.conversations("me")
    assert [(row.id, row.title) for row in rows] == [(newest, "newest?"), (mine, "first?")]
    assert rows[0].created_at.endswith("+00:00")
    assert len(store.conversations()) == 3 and store.conversations("nobody") == []
    assert store.owner(other) == "you" and store.owner(empty) == "me" and store.owner("missing") is None


def test_deleting_a_conversation_leaves_no_trace_of_it(store):
    kept, gone = turn_in(store.new_conversation("me")), turn_in(store.new_conversation("me"))
    for turn in (kept, gone):
        store.save_turn(turn)
        store.save_judgement(turn.id, JUDGEMENT)
    store.delete_conversation(gone.conversation_id)
    store.delete_conversation("missing")
    assert store.turn(gone.id) is None and store.judgement(gone.id) is None
    assert store.turn(kept.id) == kept and store.judgement(kept.id) == JUDGEMENT
    with store.database.engine.connect() as connection:

        def count(what):
            return connection.scalar(sa.text(f"SELECT count({what[0]}) FROM {what[1]}"))

        assert [count(("*", table)) for table in ("conversations", "turns", "judgements")] == [1, 1, 1]
        assert [count(("DISTINCT turn_id", table)) for table in ("scores", "verdicts")] == [1, 1]


def test_deleting_waits_for_no_reader(url, store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    other = Store(url)
    with other.database.read() as reading:
        reading.execute(sa.text("SELECT * FROM turns")).all()
        started = time.monotonic()
        store.delete_conversation(turn.conversation_id)
        assert time.monotonic() - started < 5 and store.turn(turn.id) is None
    other.close()


def test_a_deleted_conversation_does_not_come_back_with_its_last_reply(store):
    turn = turn_in(store.new_conversation("me"))
    store.delete_conversation(turn.conversation_id)
    assert store.save_turn(turn) is False
    assert store.conversations() == [] and store.save_judgement(turn.id, JUDGEMENT) is False


def test_a_turn_cannot_move_to_another_conversation(store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    with pytest.raises(ValueError, match="another conversation"):
        store.save_turn(replace(turn, conversation_id=store.new_conversation("you")))


def test_a_judgement_comes_back_as_it_was_and_a_new_one_replaces_it(store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    assert store.save_judgement(turn.id, JUDGEMENT) is True
    assert store.judgement(turn.id) == JUDGEMENT
    assert list(store.judgement(turn.id).scores) == list(JUDGEMENT.scores)  # the graded refusal first
    assert store.judgements(turn.conversation_id) == {turn.id: JUDGEMENT}

    shorter = Judgement({"faithfulness": replace(UNSCORED, metric="faithfulness")}, (), (), "other", 0.5)
    store.save_judgement(turn.id, shorter)
    assert store.judgement(turn.id) == shorter


def test_an_unscored_score_can_never_be_recorded_as_a_number(store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT)
    for score in (Score("faithfulness", 0.0, "unscored"), Score("faithfulness", 1.5, "scored")):
        with pytest.raises(sa.exc.IntegrityError):
            store.save_judgement(turn.id, replace(JUDGEMENT, scores={"faithfulness": score}))
    assert store.judgement(turn.id) == JUDGEMENT  # the transaction left the old one


def test_a_judgement_of_an_earlier_reply_is_forgotten_and_a_late_one_refused(store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT)
    again = replace(turn, response="", status="retrieving")
    store.save_turn(again)
    assert store.judgement(turn.id) is None
    assert store.save_judgement(turn.id, JUDGEMENT, turn.response) is False
    again.response, again.status = "a new reply", "finished"
    store.save_turn(again)
    assert store.save_judgement(turn.id, JUDGEMENT, turn.response) is False
    assert store.save_judgement(turn.id, JUDGEMENT, "a new reply") is True


def test_saving_the_same_reply_again_keeps_its_judgement(store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT)
    store.save_turn(turn)
    assert store.judgement(turn.id) == JUDGEMENT


def test_unjudged_names_finished_turns_without_judgement_oldest_first(store):
    conversation = store.new_conversation("me")
    turns = [
        turn_in(conversation, status=status) for status in ("finished", "stopped", "failed", "finished", "finished")
    ]
    for turn in turns:
        store.save_turn(turn)
    store.save_judgement(turns[3].id, JUDGEMENT)
    assert [turn.id for turn in store.unjudged()] == [turns[0].id, turns[4].id]


def test_stopgap_judgements_are_forgotten_when_the_record_is_opened_again(url, store):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT, final=False)
    assert store.judgement(turn.id) == JUDGEMENT and store.unjudged() == []
    store.close()
    again = Store(url)
    assert again.judgement(turn.id) is None and again.unjudged() == [turn]
    again.close()


@pytest.mark.parametrize("status", ["retrieving", "streaming"])
def test_a_turn_that_a_crash_cut_off_is_stopped_when_the_record_is_opened_again(url, store, status):
    turn = turn_in(store.new_conversation("me"), status=status)
    store.save_turn(turn)
    store.close()
    again = Store(url)
    assert again.turn(turn.id) == replace(turn, status="stopped") and again.unjudged() == []
    again.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00null\x00",
        "lone \ud83d surrogate",
        "가" * 10_000,
        "'; DROP TABLE turns; --",
        "<img onerror>",
        "\x1b[31m\u202e",
    ],
)
def test_any_text_can_be_recorded(store, text):
    turn = turn_in(store.new_conversation(text[:20] or "me"), text, response=text)
    turn.retrieved_contexts = (RetrievedChunk(Chunk("d", "d", text, text, text, text, 0, 1), 1, 0.5, "dense"),)
    store.save_turn(turn)
    back = store.turn(turn.id)
    assert len(back.response) == len(text) and len(back.retrieved_contexts[0].chunk.text) == len(text)
    if text.isprintable():
        assert back == turn
    judgement = replace(JUDGEMENT, verdicts=(Verdict(Claim(text, 0, 3), "supported", 1.0, 0.0, 0, text),))
    assert store.save_judgement(turn.id, judgement, text) is True
    assert len(store.judgement(turn.id).verdicts[0].claim.text) == len(text)


def test_threads_write_and_read_at_once_without_losing_a_turn(store):
    errors = []

    def write(owner):
        try:
            conversation = store.new_conversation(owner)
            for number in range(10):
                turn = turn_in(conversation, f"{owner} {number}")
                store.save_turn(turn)
                store.save_judgement(turn.id, JUDGEMENT, turn.response)
                assert store.judgement(turn.id) == JUDGEMENT
        except Exception as error:  # noqa: BLE001 - a thread cannot fail the test itself
            errors.append(error)

    threads = [threading.Thread(target=write, args=(f"owner {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(len(store.judgements(row.id)) for row in store.conversations()) == [10] * 6


def test_two_processes_worth_of_stores_share_one_file(url, store):
    other = Store(url)
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    assert other.turn(turn.id) == turn
    other.save_judgement(turn.id, JUDGEMENT)
    assert store.judgement(turn.id) == JUDGEMENT
    other.close()


def test_sqlite_is_set_up_for_a_server(url, store):
    with store.database.engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}


def test_a_record_in_memory_is_one_for_all_threads():
    store = Store("sqlite://")
    conversation = store.new_conversation("me")
    owners = []
    thread = threading.Thread(target=lambda: owners.append(store.owner(conversation)))
    thread.start()
    thread.join()
    assert owners == ["me"]
    store.close()


def test_an_older_record_is_brought_up_to_date_once(url, store, monkeypatch):
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.close()
    ran, next_version = [], migrations.SCHEMA_VERSION + 1

    def add_flag(connection):
        ran.append(next_version)
        connection.execute(sa.text("ALTER TABLE turns ADD COLUMN flag INTEGER DEFAULT 7"))

    monkeypatch.setattr(migrations, "SCHEMA_VERSION", next_version)
    monkeypatch.setattr(migrations, "MIGRATIONS", {next_version: add_flag})
    for _ in range(2):
        again = Store(url)
        assert again.turn(turn.id) == turn
        again.close()
    assert ran == [next_version]
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT flag FROM turns")) == 7
    engine.dispose()


def test_a_record_of_a_newer_version_is_refused_in_a_sentence(url, store, monkeypatch):
    store.close()
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 0)
    with pytest.raises(StoreError, match="newer version"):
        Store(url)


@pytest.mark.parametrize(
    "wrong",
    ["", "nonsense", "oracle9://host/x", "postgresql+nodriver://h/x", "sqlite:////proc/no/such.db", "postgresql://u:p@host:port/db"],
)
def test_a_database_that_cannot_be_opened_is_a_sentence_in_both_languages(wrong):
    with pytest.raises(StoreError, match="DATABASE_URL") as caught:
        Store(wrong)
    assert "DATABASE_URL" in caught.value.ko


def test_a_record_may_be_named_from_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    Store("sqlite:///~/deep/record.sqlite").close()
    assert (tmp_path / "deep" / "record.sqlite").is_file() and not (tmp_path / "~").exists()


def test_a_damaged_file_is_a_sentence(tmp_path):
    path = tmp_path / "record.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        Store(f"sqlite:///{path}")


def test_a_record_that_another_process_holds_is_said_to_be_locked(tmp_path, monkeypatch):
    path = tmp_path / "record.sqlite"
    Store(f"sqlite:///{path}").close()
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 10)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="database is locked") as caught:
        Store(f"sqlite:///{path}")
    other.close()
    assert "database is locked" in caught.value.ko


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE runs (run_id TEXT)")
        connection.execute("CREATE TABLE experiments (name TEXT)")
    with pytest.raises(StoreError, match=r"another program \(runs\).*DATABASE_URL"):
        Store(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert tables == {"runs", "experiments"}


def test_a_database_may_hold_tables_of_other_names(tmp_path):
    path = tmp_path / "shared.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE experiments (name TEXT)")
    for _ in range(2):
        Store(f"sqlite:///{path}").close()


def test_the_sentence_does_not_show_the_password():
    with pytest.raises(StoreError) as caught:
        Store("postgresql+nodriver://user:secret@host/x")
    assert "secret" not in str(caught.value)


# ------------------------------------------------------------------ a second judge

LATER = Judgement({"faithfulness": Score("faithfulness", 1.0, "scored", "3 of 3 claims supported")}, (), (0.5,), "large@1", 9.0)
SILENT = Judgement({m: Score(m, None, "unscored", "the judge failed") for m in METRICS}, (), (), "large@1", 1.0)


def awaited(store) -> Turn:
    """A turn that was judged once and waits for a second judge."""
    turn = turn_in(store.new_conversation("me"))
    store.save_turn(turn)
    store.save_judgement(turn.id, JUDGEMENT, turn.response, second=True)
    return turn


def test_a_second_judgement_takes_the_place_of_the_first_and_both_are_kept(url, store):
    turn = awaited(store)
    assert store.second_opinion(turn.id) == SecondOpinion("pending") and store.judgement(turn.id) == JUDGEMENT
    assert store.awaiting_second() == [turn]
    assert store.save_second(turn.id, LATER, turn.response)
    again = Store(url)
    assert again.judgement(turn.id) == LATER and again.judgements(turn.conversation_id) == {turn.id: LATER}
    assert again.second_opinions(turn.conversation_id) == {turn.id: SecondOpinion("shown", JUDGEMENT)}
    assert again.awaiting_second() == [] and again.judge_seconds() == [("large@1", 9.0)]
    assert not again.save_second(turn.id, SILENT, turn.response)  # another process was later with the same
    assert again.judgement(turn.id) == LATER
    again.close()


def test_a_second_judgement_without_a_score_stands_beside_the_first(store):
    turn = awaited(store)
    assert store.save_second(turn.id, SILENT, turn.response)
    assert store.judgement(turn.id) == JUDGEMENT and store.awaiting_second() == []
    assert store.second_opinion(turn.id) == SecondOpinion("unscored", SILENT)


def test_a_stopgap_of_the_second_judge_is_asked_again_at_the_next_start(url, store):
    turn = awaited(store)
    store.save_second(turn.id, SILENT, turn.response, final=False)
    store.close()
    again = Store(url)
    assert again.second_opinion(turn.id) == SecondOpinion("pending") and again.awaiting_second() == [turn]
    again.close()


def test_a_second_judgement_of_a_reply_that_is_gone_is_not_recorded(store):
    answered_anew, deleted, judged_anew = awaited(store), awaited(store), awaited(store)
    store.save_turn(replace(answered_anew, response="another reply"))
    store.delete_conversation(deleted.conversation_id)
    store.save_judgement(judged_anew.id, JUDGEMENT)  # nobody asks for a second opinion any more
    for turn in (answered_anew, deleted, judged_anew):
        assert not store.save_second(turn.id, LATER, turn.response)
        assert store.second_opinion(turn.id) is None
    assert store.judgement(answered_anew.id) is None and store.judgement(judged_anew.id) == JUDGEMENT
