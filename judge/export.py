"""Everything in the record as JSON lines (`python -m judge export`).

The first line says which version of the tables it is; every other one is {"table": name, "row": {column: value}}, table by
table, so that what a foreign key names comes before what names it. A table that is added later is exported by itself. An owner is
exported as a fingerprint: the secret itself would open that person's conversations.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from sqlalchemy import Connection, select

from judge.store import Store
from judge.tables import Base, SchemaVersion

AT_ONCE = 200  # rows in memory; a run's result takes some 30 kB


def write_everything(store: Store, stream: IO[str]) -> dict[str, int]:
    """Write the whole record as it stands at one moment. Returns: rows by table."""
    counts: dict[str, int] = {}
    with store.database.engine.connect() as opened:
        connection = opened.execution_options(**_one_moment(opened))
        with connection.begin():
            version = connection.scalar(select(SchemaVersion.version))
            _write(stream, {"vouch_record": version})
            for table in Base.metadata.sorted_tables:
                if table is SchemaVersion.__table__:
                    continue
                found = connection.execution_options(yield_per=AT_ONCE).execute(
                    select(table).order_by(*table.primary_key.columns)
                )
                counts[table.name] = 0
                for row in found.mappings():
                    owner = {"owner": _fingerprint(row["owner"])} if row.get("owner") else {}
                    _write(stream, {"table": table.name, "row": {**row, **owner}})
                    counts[table.name] += 1
    return counts


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """A text file to write for `with`, - for standard output. It takes the place of an earlier one when it is complete; until
    then, and where something is raised, that one stays as it is.

    Raises:
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    if str(path) == "-" or (target.exists() and not target.is_file()):  # a pipe or a device; a folder says so
        with click.open_file(str(path), "w", encoding="utf-8") as stream:
            yield stream
        return
    beside = target.with_name(f".{uuid.uuid4().hex}")
    try:
        with beside.open("x", encoding="utf-8") as stream:
            yield stream
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _one_moment(connection: Connection) -> dict[str, str]:
    """A transaction of SQLite sees one moment; one of PostgreSQL only where it is asked for."""
    return {} if connection.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _fingerprint(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:16]


def _write(stream: IO[str], row: dict) -> None:
    stream.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
