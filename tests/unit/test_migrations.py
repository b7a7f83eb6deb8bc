"""A record of an older version: opened without losing a word, or left as it was."""

import json
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from judge import database, migrations
from judge.regression.store import RegressionStore
from judge.store import Store, StoreError
from judge.tables import Base
from judge.types import Claim, Judgement, Score, Verdict
from rag.types import Chunk, RetrievedChunk, Timings, Turn
from tests.unit.test_store import turn_in

# The tables as version 1 made them, and a record as version 1 wrote it. SERIAL is INTEGER in SQLite.
VERSION_1 = """
CREATE TABLE conversations (
    number SERIAL NOT NULL, id VARCHAR(64) NOT NULL, owner VARCHAR(128) NOT NULL, created_at VARCHAR(40) NOT NULL,
    PRIMARY KEY (number), UNIQUE (id)
);
CREATE INDEX ix_conversations_owner ON conversations (owner);
CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE turns (
    number SERIAL NOT NULL, id VARCHAR(64) NOT NULL, conversation_id VARCHAR(64) NOT NULL, user_input TEXT NOT NULL,
    standalone_question TEXT NOT NULL, retrieved_contexts JSON NOT NULL, response TEXT NOT NULL,
    status VARCHAR(16) NOT NULL, declined BOOLEAN NOT NULL, notice TEXT NOT NULL, error TEXT NOT NULL,
    generator TEXT NOT NULL, prompt_hash VARCHAR(64) NOT NULL, index_hash VARCHAR(64) NOT NULL, timings JSON NOT NULL,
    created_at VARCHAR(40) NOT NULL,
    PRIMARY KEY (number), UNIQUE (id), FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);
CREATE INDEX ix_turns_status ON turns (status);
CREATE INDEX ix_turns_conversation_id ON turns (conversation_id);
CREATE TABLE judgements (
    turn_id VARCHAR(64) NOT NULL, judge TEXT NOT NULL, seconds FLOAT NOT NULL, relevance JSON NOT NULL,
    final BOOLEAN NOT NULL, created_at VARCHAR(40) NOT NULL,
    PRIMARY KEY (turn_id), FOREIGN KEY(turn_id) REFERENCES turns (id) ON DELETE CASCADE
);
CREATE TABLE scores (
    turn_id VARCHAR(64) NOT NULL, metric VARCHAR(64) NOT NULL, position INTEGER NOT NULL, value FLOAT,
    state VARCHAR(16) NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (turn_id, metric), CHECK (value IS NULL OR (value >= 0 AND value <= 1)),
    CHECK (state IN ('scored', 'declined') OR value IS NULL),
    FOREIGN KEY(turn_id) REFERENCES judgements (turn_id) ON DELETE CASCADE
);
CREATE TABLE verdicts (
    turn_id VARCHAR(64) NOT NULL, position INTEGER NOT NULL, claim TEXT NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, label VARCHAR(16) NOT NULL, p_supported FLOAT NOT NULL, p_contradicted FLOAT NOT NULL,
    evidence INTEGER, reason TEXT NOT NULL,
    PRIMARY KEY (turn_id, position), FOREIGN KEY(turn_id) REFERENCES judgements (turn_id) ON DELETE CASCADE
);
INSERT INTO schema_version VALUES (1);
INSERT INTO conversations (id, owner, created_at) VALUES ('c', 'me', '2026-01-02T03:04:05+00:00');
INSERT INTO turns (id, conversation_id, user_input, standalone_question, retrieved_contexts, response, status,
    declined, notice, error, generator, prompt_hash, index_hash, timings, created_at)
VALUES ('t', 'c', '어디서 일했나요?', '박미나는 어디서 일했나요?', :contexts, 'At Hanbit [1].', 'finished',
    false, '', '', 'g', 'p', 'i', :timings, '2026-01-02T03:04:06+00:00');
INSERT INTO judgements VALUES ('t', 'j@1', 0.25, :relevance, true, '2026-01-02T03:04:07+00:00');
INSERT INTO scores VALUES ('t', 'faithfulness', 0, 1.0, 'scored', '1 of 1 claim supported');
INSERT INTO scores VALUES ('t', 'context_precision', 1, NULL, 'unscored', 'no passages');
INSERT INTO verdicts VALUES ('t', 0, 'At Hanbit', 0, 9, 'supported', 0.97, 0.01, 0, '');
"""
CHUNK = Chunk("d-1", "d", "이력서.pdf", "Mina Park", "Work", "Hanbit Labs", 0, 11)
TURN = Turn(
    "c", "어디서 일했나요?", "t", "박미나는 어디서 일했나요?", (RetrievedChunk(CHUNK, 1, 0.5, "both", 0.75),),
    "At Hanbit [1].", "finished", False, "", "", "g", "p", "i", Timings(0.1, None, 1.5, 12), "2026-01-02T03:04:06+00:00",
)  # fmt: skip
JUDGEMENT = Judgement(
    {
        "faithfulness": Score("faithfulness", 1.0, "scored", "1 of 1 claim supported"),
        "context_precision": Score("context_precision", None, "unscored", "no passages"),
    },
    (Verdict(Claim("At Hanbit", 0, 9), "supported", 0.97, 0.01, 0),),
    (0.95,),
    "j@1",
    0.25,
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'record.sqlite'}"


@pytest.fixture
def version_1(url):
    """A record that version 1 left behind."""
    values = {
        "contexts": json.dumps([{"chunk": {name: getattr(CHUNK, name) for name in CHUNK.__slots__}, "rank": 1,
                                 "score": 0.5, "retriever": "both", "p_answers": 0.75}]),
        "timings": json.dumps({"retrieve_s": 0.1, "first_token_s": None, "total_s": 1.5, "tokens": 12}),
        "relevance": json.dumps([0.95]),
    }  # fmt: skip
    engine = sa.create_engine(url)
    script = VERSION_1 if engine.dialect.name == "postgresql" else VERSION_1.replace("SERIAL", "INTEGER")
    with engine.begin() as connection:
        for statement in filter(str.strip, script.split(";\n")):
            connection.execute(sa.text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    engine.dispose()
    return url


def shape(url) -> dict:
    """Every table with its columns, keys, constraints and indexes."""
    engine = sa.create_engine(url)
    found = sa.inspect(engine)
    tables = {
        name: (
            {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(name)},
            found.get_pk_constraint(name)["constrained_columns"],
            sorted((f["constrained_columns"], f["referred_table"], f["options"]) for f in found.get_foreign_keys(name)),
            sorted(u["column_names"] for u in found.get_unique_constraints(name)),
            sorted((i["name"], i["column_names"], i["unique"]) for i in found.get_indexes(name)),
            len(found.get_check_constraints(name)),
        )
        for name in found.get_table_names()
    }
    engine.dispose()
    return tables


def version_of(url) -> int:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        version = connection.scalar(sa.text("SELECT version FROM schema_version"))
    engine.dispose()
    return version


def test_what_version_1_recorded_is_all_there_and_can_be_flagged(version_1):
    store = Store(version_1)
    assert store.turn("t") == TURN and store.judgement("t") == JUDGEMENT and store.owner("c") == "me"
    record = RegressionStore(store)
    assert record.cases() == [] and record.runs() == []
    flag = record.flag("t", "down", "wrong_fact")
    assert flag.turn == TURN and flag.judgement == JUDGEMENT
    store.save_turn(turn_in("c"))
    assert len(store.turns("c")) == 2
    store.close()
    assert version_of(version_1) == migrations.SCHEMA_VERSION


def test_a_migrated_record_has_the_tables_of_a_new_one(version_1, url_of_another):
    for url in (version_1, url_of_another):
        Store(url).close()
    assert shape(version_1) == shape(url_of_another)
    assert set(shape(version_1)) == set(Base.metadata.tables)


@pytest.fixture
def version_3(url):
    """A record as version 3 left it behind, with a judged turn."""
    store = Store(url)
    turn = turn_in(store.new_conversation("me"), id="t3")
    store.save_turn(turn)
    store.save_judgement("t3", JUDGEMENT)
    with store.database.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE second_opinions"))
        connection.execute(sa.text("UPDATE schema_version SET version = 3"))
    store.close()
    assert version_of(url) == 3 and "second_opinions" not in shape(url)
    return url


def test_what_version_3_recorded_is_there_and_a_second_judge_can_be_asked_from_now_on(version_3, url_of_another):
    store = Store(version_3)
    assert store.judgement("t3") == JUDGEMENT and store.second_opinion("t3") is None
    assert store.awaiting_second() == []  # what was judged before a second judge was named is not asked again
    store.save_judgement("t3", JUDGEMENT, second=True)
    assert [turn.id for turn in store.awaiting_second()] == ["t3"]
    store.close()
    assert version_of(version_3) == migrations.SCHEMA_VERSION
    Store(url_of_another).close()
    assert shape(version_3) == shape(url_of_another)


@pytest.fixture
def url_of_another(tmp_path):
    return f"sqlite:///{tmp_path / 'another.sqlite'}"


def test_a_migration_that_fails_leaves_the_record_as_it_was(version_1, monkeypatch):
    before = shape(version_1)

    def breaks(connection):
        migrations.to_version_2(connection)
        connection.execute(sa.text("UPDATE turns SET response = 'gone'"))
        connection.execute(sa.text("SELECT * FROM no_such_table"))

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", {2: breaks})
        with pytest.raises(StoreError):
            Store(version_1)
    assert shape(version_1) == before and version_of(version_1) == 1
    store = Store(version_1)
    assert store.turn("t") == TURN
    store.close()


def test_of_processes_that_start_together_one_migrates_and_none_fails(version_1):
    opened, errors, start = [], [], threading.Barrier(4)

    def open_it():
        try:
            start.wait(10)
            opened.append(Store(version_1))
        except Exception as error:  # noqa: BLE001 - a thread cannot fail the test itself
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and [store.turn("t") for store in opened] == [TURN] * 4
    for store in opened:
        store.close()


@pytest.fixture
def written_elsewhere(tmp_path):
    """The URL of a record that has no write-ahead log yet, and another process's connection that is writing it."""
    path = tmp_path / "written.sqlite"
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("PRAGMA journal_mode = DELETE")
    writer.execute("CREATE TABLE of_nobody (word)")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO of_nobody VALUES ('here')")
    yield f"sqlite:///{path}", writer
    writer.close()


def test_a_record_that_is_written_at_that_moment_is_waited_for(written_elsewhere):
    url, writer = written_elsewhere
    ending = threading.Timer(0.3, writer.execute, ["COMMIT"])
    ending.start()
    Store(url).close()
    ending.join()


def test_a_record_that_stays_locked_is_given_up_and_said_so(written_elsewhere, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    with pytest.raises(StoreError, match="database is locked"):
        Store(written_elsewhere[0])
