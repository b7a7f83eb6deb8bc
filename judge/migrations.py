"""How a record of an older version becomes one of this version.

Each step spells out the tables as they were at its version and never changes afterwards, whatever judge/tables.py
says by then. A record that is created anew gets judge/tables.py at once; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA_VERSION = 4


def to_version_2(connection: Connection) -> None:
    """Flags, cases, runs and their results; judgements by time, for the judge's latency."""
    metadata = MetaData()
    judgements = Table("judgements", metadata, Column("created_at", String(40)))
    Index("ix_judgements_created_at", judgements.c.created_at).create(connection)
    new = [
        Table(
            "flags",
            metadata,
            Column("number", Integer, primary_key=True),
            Column("id", String(64), unique=True, nullable=False),
            Column("turn_id", String(64), nullable=False),
            Column("conversation_id", String(64), index=True, nullable=False),
            Column("owner", String(128), index=True, nullable=False),
            Column("origin", String(16), nullable=False),
            Column("thumb", String(16), nullable=False),
            Column("reason", String(32), nullable=False),
            Column("rule", Text, nullable=False),
            Column("reference", Text, nullable=False),
            Column("turn", JSON, nullable=False),
            Column("judgement", JSON),
            Column("created_at", String(40), nullable=False),
            UniqueConstraint("turn_id", "origin"),
        ),
        Table(
            "cases",
            metadata,
            Column("number", Integer, primary_key=True),
            Column("id", String(200), unique=True, nullable=False),
            Column("user_input", Text, nullable=False),
            Column("reference", Text, nullable=False),
            Column("origin", String(16), index=True, nullable=False),
            Column("reason", String(32), index=True, nullable=False),
            Column("rule", Text, nullable=False),
            Column("status", String(16), nullable=False),
            Column("documents", JSON, nullable=False),
            Column("turn", JSON),
            Column("judgement", JSON),
            Column("merged_into", String(200), index=True, nullable=False),
            Column("metadata", JSON, nullable=False),
            Column("created_at", String(40), nullable=False),
            Column("updated_at", String(40), nullable=False),
            Column("turn_id", String(64), unique=True),
            Column("conversation_id", String(64), index=True),
            Column("owner", String(128), index=True),
            Column("edited", Boolean, nullable=False),
            Column("search", Text, nullable=False),
            Index("ix_cases_status_number", "status", "number"),
        ),
        Table(
            "case_tags",
            metadata,
            Column("case_id", String(200), ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
            Column("tag", String(100), primary_key=True, index=True),
            Column("position", Integer, nullable=False),
        ),
        Table(
            "runs",
            metadata,
            Column("number", Integer, primary_key=True),
            Column("id", String(64), unique=True, nullable=False),
            Column("name", Text, nullable=False),
            Column("configuration", JSON, nullable=False),
            Column("case_ids", JSON, nullable=False),
            Column("status", String(16), nullable=False),
            Column("error", Text, nullable=False),
            Column("process", Text, nullable=False),
            Column("started_at", String(40), nullable=False),
            Column("updated_at", String(40), nullable=False),
            Column("ended_at", String(40), nullable=False),
        ),
        Table(
            "results",
            metadata,
            Column("run_id", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
            Column("case_id", String(200), primary_key=True, index=True),
            Column("turn", JSON, nullable=False),
            Column("judgement", JSON),
            Column("scores", JSON, nullable=False),
            Column("perplexity", Float),
            Column("passed", Boolean, nullable=False),
            Column("failures", JSON, nullable=False),
            Column("error", Text, nullable=False),
            Column("seconds", Float, nullable=False),
            Column("created_at", String(40), nullable=False),
        ),
        Table(
            "preferences",
            metadata,
            Column("name", String(64), primary_key=True),
            Column("value", JSON, nullable=False),
        ),
    ]
    metadata.create_all(connection, tables=new)


def to_version_3(connection: Connection) -> None:
    """Which turn's reply a turn replaces."""
    connection.execute(text("ALTER TABLE turns ADD COLUMN repairs VARCHAR(64) DEFAULT '' NOT NULL"))


def to_version_4(connection: Connection) -> None:
    """What a second judge said, or has still to say."""
    metadata = MetaData()
    Table("turns", metadata, Column("id", String(64), unique=True))
    opinions = Table(
        "second_opinions",
        metadata,
        Column("turn_id", String(64), ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
        Column("state", String(16), index=True, nullable=False),
        Column("other", JSON),
        Column("final", Boolean, nullable=False),
        Column("created_at", String(40), nullable=False),
    )
    opinions.create(connection)


# What brings a record from the version before to the given one; run in order, in one transaction.
MIGRATIONS: dict[int, Callable[[Connection], None]] = {2: to_version_2, 3: to_version_3, 4: to_version_4}
