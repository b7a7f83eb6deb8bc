"""One file per metric: pure functions from the matrix to a score."""
