"""Metrics for every stage, and the benchmark table that `tidings bench` prints."""
