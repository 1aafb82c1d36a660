"""Benchmarks: loads of generated files, the demo and, if there is one, a mirror of real files."""
