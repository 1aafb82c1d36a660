from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of a test works in its folder, never in the home of the machine."""
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))
