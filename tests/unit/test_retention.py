"""Old conversations go by themselves, and only where somebody asked for it."""

import time

from judge.regression.retention import Retention
from judge.regression.store import RegressionStore
from judge.store import Store
from settings import Settings
from tests.unit.test_regression_store import age, answered


def eventually(condition, seconds=10.0) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def test_it_looks_at_once_and_again_and_survives_a_database_that_is_away():
    store = Store("sqlite://")
    record = RegressionStore(store)
    old, new = answered(store), None
    age(store, 40)
    new = answered(store)
    purge, failed = record.purge, []

    def away_once(days):
        if not failed:
            failed.append(days)
            raise OSError("away")
        return purge(days)

    record.purge = away_once
    retention = Retention(record, 30, every_s=0.02)
    assert eventually(lambda: store.turn(old.id) is None) and store.turn(new.id) == new
    age(store, 31)
    assert eventually(lambda: store.turn(new.id) is None) and failed == [30]
    retention.close()
    store.close()


def test_zero_days_keep_everything_and_are_the_default():
    store = Store("sqlite://")
    turn = answered(store)
    age(store, 4000)
    Retention(RegressionStore(store), Settings().retention_days, every_s=0.01)
    time.sleep(0.1)
    assert store.turn(turn.id) is not None
    store.close()
