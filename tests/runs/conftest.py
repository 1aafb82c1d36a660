"""Tests of whole commands, from their arguments to what is left and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runs.stage import Stage, staged
from tests.unit.conftest import own_home

__all__ = ["own_home"]  # a fixture


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A home on which an incident is staged."""
    yield from staged(tmp_path, monkeypatch)
