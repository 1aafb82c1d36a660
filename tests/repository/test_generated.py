"""The files that follow from others are up to date."""

from __future__ import annotations

from tools.generate import generated, stale


def test_the_generated_files_are_up_to_date() -> None:
    assert stale(generated()) == [], "run make generate"
