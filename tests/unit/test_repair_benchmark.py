"""What the repair benchmark counts."""

import pytest

from benchmarks.repair import Repaired, Reply, gained, table_of


def row(before: Reply, after: Reply) -> Repaired:
    return Repaired("q", "en", "?", ["claim"], before, {"quoted": after})


def test_made_right_and_made_wrong_are_counted_apart():
    rows = [
        row(Reply("a", False, False, 0.0), Reply("b", True, False, 1.0)),
        row(Reply("a", True, False, 0.5), Reply("b", False, False, 0.5)),
        row(Reply("a", False, False, 0.2), Reply("no", True, True, None)),
    ]
    counts = gained(rows, "quoted")
    assert (counts["doubted"], counts["right_before"], counts["right_after"]) == (3, 1, 2)
    assert (counts["made_right"], counts["made_wrong"], counts["declined_after"]) == (2, 1, 1)
    assert counts["scored"] == 2, "a reply without a score is in neither mean"
    assert (counts["faithfulness_before"], counts["faithfulness_after"]) == (pytest.approx(0.25), pytest.approx(0.75))
    assert "3 of 9 replies doubted" in table_of({"quoted": counts}, 9)
