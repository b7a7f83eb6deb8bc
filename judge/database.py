"""The database behind the record: its connections, its transactions, and bringing an older one up to date.

Every read and every write is one transaction in a session of its own, so any thread may ask.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from judge import migrations
from judge.tables import Base, SchemaVersion
from rag.errors import UserError

BUSY_TIMEOUT_MS = 10_000  # a writer waits this long for another process; a transaction here takes milliseconds
LOCK_POLL_SECONDS = 0.02  # between two tries at a lock that SQLite does not wait for
SCRUB_TIMEOUT_MS = 500  # a deletion does not wait longer for readers to let go of the log
MIGRATION_LOCK = 0x566F756368  # PostgreSQL's advisory lock: of processes that start together, one migrates

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, and no encoding holds lone surrogates


class StoreError(UserError):
    """The record cannot be opened."""


class Database:
    """One database, ready to be read and written by this version.

    What is committed survives a crash of the process and of the machine: SQLite waits for the disk at every commit
    (`synchronous = FULL`), as PostgreSQL does by default.

    Args:
        url: an SQLAlchemy URL, e.g. `sqlite:///data/vouch.sqlite` or `postgresql://user@host/vouch`.

    Raises:
        StoreError: the URL is wrong, its driver is not installed, the database cannot be reached, or it was
            written by a newer version or another program.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
            self._immediate = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            _prepare(self._immediate)
        except ImportError as error:
            raise StoreError(
                f"The driver {error.name} that DATABASE_URL asks for is not installed. For PostgreSQL run: "
                "pip install 'psycopg[binary]'",
                f"DATABASE_URL에 필요한 드라이버 {error.name}이(가) 설치되어 있지 않습니다. PostgreSQL이라면 "
                "pip install 'psycopg[binary]'를 실행해 주세요.",
            ) from error
        except (SQLAlchemyError, OSError, ValueError) as error:
            # SQLite says what it is (locked, read-only, no database); another driver's words may hold a password.
            said = getattr(error, "orig", None)
            reason = str(said) if isinstance(said, sqlite3.Error) else type(error).__name__
            raise StoreError(
                f"The record could not be opened ({reason}). Check DATABASE_URL.",
                f"기록을 열 수 없습니다({reason}). DATABASE_URL을 확인해 주세요.",
            ) from error
        self.read = sessionmaker(self.engine)
        self._write = sessionmaker(self._immediate)
        # SQLite has one writer: threads that wait here do not poll its lock.
        self._writing = threading.RLock()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def write(self) -> _Writing:
        """A session for `with`, committed at its end; rolled back when something is raised."""
        return _Writing(self._write, self._writing)

    def scrub(self) -> None:
        """After a deletion: leave nothing of what was deleted in SQLite's write-ahead log.

        The file itself is overwritten as rows are deleted (`secure_delete`). While another process reads, the log
        stays until the next deletion, or until the last connection is closed. PostgreSQL's autovacuum does its own.
        """
        if not self.is_sqlite:
            return
        with self._writing, self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="")
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {SCRUB_TIMEOUT_MS}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


class _Writing:
    """A session whose transaction is committed at the end, one at a time in this process."""

    def __init__(self, sessions: sessionmaker[Session], lock: threading.RLock) -> None:
        self._sessions, self._lock = sessions, lock

    def __enter__(self) -> Session:
        self._lock.acquire()
        self._session = self._sessions()
        return self._session

    def __exit__(self, kind, error, trace) -> None:
        try:
            if kind is None:
                self._session.commit()
        finally:
            self._session.close()  # rolls back what was not committed
            self._lock.release()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):  # as hosting services write it
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        parsed = parsed.set(database=os.path.expanduser(parsed.database))
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
    else:  # one connection, lent to one thread at a time: another connection would see another, empty database
        from sqlalchemy.pool import QueuePool

        engine = create_engine(
            parsed, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False}
        )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection, _record) -> None:
    # The driver's own transactions begin late and leave schema changes out; ours begin with _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    _log_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
    cursor.execute("PRAGMA fullfsync = ON")  # macOS: past the disk's own cache
    cursor.execute("PRAGMA secure_delete = ON")  # what a person deletes is overwritten
    cursor.close()


def _log_ahead(cursor: sqlite3.Cursor) -> None:
    """Set the write-ahead log, with which readers do not wait for the writer.

    SQLite does not wait (`busy_timeout`) for the lock that this change takes: of processes that open an older record
    at once, all but one would fail. So we wait here. See https://sqlite.org/c3ref/busy_handler.html.
    """
    given_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > given_up:
                raise
            time.sleep(LOCK_POLL_SECONDS)


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: one that reads first could not upgrade once another process has written."""
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if begin:
        connection.exec_driver_sql(begin)


def _prepare(engine: Engine) -> None:
    """Create what is missing and bring an older record up to date, all in one transaction."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        known = inspect(connection).has_table(SchemaVersion.__tablename__)
        version = connection.scalar(select(func.max(SchemaVersion.version))) if known else None
        if version is None:
            if taken := sorted({*inspect(connection).get_table_names()} & {*Base.metadata.tables} - {SchemaVersion.__tablename__}):
                raise StoreError(
                    f"The database holds tables of another program ({', '.join(taken)}). Set DATABASE_URL to a database of its own.",
                    f"다른 프로그램의 테이블이 있는 데이터베이스입니다({', '.join(taken)}). DATABASE_URL을 Vouch 전용 데이터베이스로 바꿔 주세요.",
                )
            Base.metadata.create_all(connection)
            connection.execute(SchemaVersion.__table__.insert().values(version=migrations.SCHEMA_VERSION))
            return
        if version > migrations.SCHEMA_VERSION:
            raise StoreError(
                "The record was written by a newer version of Vouch. Update Vouch, or set DATABASE_URL to another file.",
                "더 새로운 버전의 Vouch가 쓴 기록입니다. Vouch를 업데이트하거나 DATABASE_URL을 다른 파일로 바꿔 주세요.",
            )
        for step in range(version + 1, migrations.SCHEMA_VERSION + 1):
            migrations.MIGRATIONS[step](connection)
        if version < migrations.SCHEMA_VERSION:
            connection.execute(update(SchemaVersion).values(version=migrations.SCHEMA_VERSION))


def now() -> str:
    """This moment as ISO 8601, UTC."""
    return datetime.now(UTC).isoformat()


def clean(text: str) -> str:
    """`text` with what no database takes replaced one for one, so that spans keep their places."""
    return _UNSTORABLE.sub("\ufffd", text)
