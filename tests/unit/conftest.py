"""Tests of one module each: nothing here starts a process."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of a test works in its folder, never in the home of the machine."""
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a test with a process stands in tests/runs"))
