"""The files that dbt reads and that follow from others are up to date; those written from its manifest: test_graph."""

from __future__ import annotations

from tools.generate import before_parsing, stale


def test_the_generated_files_are_up_to_date() -> None:
    assert stale(before_parsing()) == [], "run make generate"
