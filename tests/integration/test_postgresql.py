"""The record in a real PostgreSQL: everything that holds for SQLite, and what only a server can go through."""

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from judge.regression.store import RegressionStore
from judge.store import Store, StoreError
from tests.unit import test_migrations, test_regression_store, test_store

# The unit tests' own fixtures and tests, with `url` naming a database here.
from tests.unit.test_migrations import version_1, version_3  # noqa: F401
from tests.unit.test_regression_store import answered, record, result_of, store  # noqa: F401

SQLITE_ONLY = {"test_sqlite_is_set_up_for_a_server", "test_delete_my_data_leaves_no_byte_in_the_sqlite_files"}
FIXTURES = {"url", "store", "record", "version_1", "version_3"}

for _module in (test_store, test_regression_store, test_migrations):
    for _name, _test in vars(_module).items():
        if _name.startswith("test_") and _name not in SQLITE_ONLY:
            _needs = set(_test.__code__.co_varnames[: _test.__code__.co_argcount])
            if _needs & FIXTURES:
                globals()[_name] = _test


class Cluster:
    """A PostgreSQL server of its own, in a new folder, that only listens on a socket there."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="vouch-pg-"))
        self.data = self.folder / "data"
        # The server refuses to run as root; Debian's package brings the user postgres.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        self._run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N")  # fmt: skip
        self.start()
        self.server = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        name = f"vouch_{uuid.uuid4().hex}"
        with self.server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def _run(self, program: str, *arguments) -> None:
        command = [str(self.programs / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            check=False,
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        if done.returncode:
            log = self.folder / "log"
            said = (done.stdout + done.stderr).decode() + (log.read_text() if log.exists() else "")
            raise AssertionError(f"{program} failed: {said}")


def programs() -> Path | None:
    """Where initdb is; Debian does not put it on the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return newest[-1].parent if newest else None


@pytest.fixture(scope="module")
def cluster():
    where = programs()
    if where is None:
        if os.environ.get("VOUCH_REQUIRE_ALL"):
            pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    running = Cluster(where)
    yield running
    running.server.dispose()
    running.stop("immediate")
    shutil.rmtree(running.folder)


@pytest.fixture
def url(cluster):
    return cluster.new_database()


@pytest.fixture
def url_of_another(cluster):
    return cluster.new_database()


def test_the_suite_of_sqlite_runs_here():
    names = {name for name in globals() if name.startswith("test_")}
    assert {"test_a_turn_comes_back_with_every_field", "test_what_version_1_recorded_is_all_there_and_can_be_flagged",
            "test_delete_my_data_leaves_the_accepted_question_and_nothing_else"} <= names  # fmt: skip
    assert len(names) > 70


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_url_as_hosting_services_write_it_opens(url, scheme):
    opened = Store(url.replace("postgresql+psycopg", scheme))
    assert opened.database.engine.driver == "psycopg"
    opened.close()


def test_several_app_processes_share_one_record(url, store, record):  # noqa: F811
    other_store = Store(url)
    other = RegressionStore(other_store)
    turn = answered(store)
    run = record.start_run("r", [str(i) for i in range(20)], {})
    errors, together = [], threading.Barrier(4)

    def work(mine: RegressionStore, number: int):
        try:
            together.wait(10)
            for i in range(10):
                mine.flag(turn.id, "down", "wrong_fact", reference=f"{number}")
                mine.flag(turn.id, "down", origin="auto", rule=f"{number}")
                mine.save_result(result_of(run, str(number // 2 * 10 + i)))  # two write each result
        except Exception as error:  # noqa: BLE001 - a thread cannot fail the test itself
            errors.append(error)

    threads = [threading.Thread(target=work, args=((record, other)[n % 2], n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(other.all_flags()) == 2 and len(other.cases()) == 1 and other.run(run.id).done == 20
    other_store.close()


def test_an_acknowledged_flag_survives_a_crash_of_the_server_and_the_record_goes_on(cluster, store, record):  # noqa: F811
    turn = answered(store)
    flag = record.flag(turn.id, "down", "wrong_fact", "KAIST")
    cluster.stop("immediate")  # as a crash: no checkpoint, recovery at the next start
    cluster.start()
    assert record.all_flags() == [flag]  # over a new connection
    assert record.flag(answered(store).id, "up") is not None


def test_a_server_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="DATABASE_URL"):
        Store(f"postgresql://postgres@/vouch?host={tmp_path}")
