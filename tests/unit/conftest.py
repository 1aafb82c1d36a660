from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.stage import Stage, staged


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of a test works in its folder, never in the home of the machine."""
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A home on which an incident is staged."""
    yield from staged(tmp_path, monkeypatch)
