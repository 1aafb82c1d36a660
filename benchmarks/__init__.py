"""Benchmarks of the ingestion, on generated files and, where there is one, on a mirror of real files."""
