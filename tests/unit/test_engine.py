"""DuckDB for the browser: what npm is asked for, and what is said where it brings nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leviers.site import engine


def test_the_lock_names_hashes_and_no_address() -> None:
    packages = json.loads(engine.LOCK.read_text(encoding="utf-8"))["packages"]
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


@pytest.mark.parametrize(
    ("npm", "told"), [(None, "pas de npm"), ("echo no network >&2; exit 1", "no network"), ("exit 0", "duckdb-eh.wasm")]
)
def test_an_engine_that_cannot_be_fetched_is_told(
    npm: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if npm:
        (tmp_path / "npm").write_text(f"#!/bin/sh\n{npm}\n", encoding="utf-8")
        (tmp_path / "npm").chmod(0o755)
    with pytest.raises(engine.NoEngineError, match=told):
        engine.fetched_engine(tmp_path / "home")
    assert not list(tmp_path.glob("home/**/*.gz"))
