"""What was read lately is kept, within a number of tokens."""

from rag.kept import Kept


def test_what_was_asked_for_longest_ago_goes_first():
    kept = Kept(6, len)
    kept.keep({"a": "..", "b": "..", "c": ".."})
    assert kept.known(["a", "x"]) == {"a": ".."}
    kept.keep({"d": ".."})
    assert list(kept) == ["c", "a", "d"] and kept.tokens == 6


def test_what_is_there_is_counted_once_and_what_is_too_long_is_not_kept():
    kept = Kept(5, len)
    kept.keep({"a": ".."})
    kept.keep({"a": "..."})
    assert kept.known(["a"]) == {"a": ".."} and kept.tokens == 2
    kept.keep({"long": "......"})
    assert list(kept) == [] and kept.tokens == 0
    kept.keep({"b": "."})
    kept.clear()
    assert list(kept) == [] and kept.tokens == 0
