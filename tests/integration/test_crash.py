"""Killed while it writes: nothing that was acknowledged is lost, and the record opens."""

import sys

import pytest

from benchmarks.crash import kill_while


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("what", ["flags", "results"])
def test_what_was_acknowledged_survives_kill_minus_nine(what, tmp_path):
    outcome = kill_while(what, 5, tmp_path, seed=1)
    assert (outcome.lost, outcome.unreadable) == (0, 0)
    assert outcome.acknowledged > 5  # it was killed while it wrote, not before; a busy machine writes less
