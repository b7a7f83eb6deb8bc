"""Regression: flagged turns become cases, cases are run against every change, runs are compared."""
