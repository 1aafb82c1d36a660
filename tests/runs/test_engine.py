"""DuckDB for the browser: the request to npm, and the message where it brings nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from leviers.site import engine


@pytest.mark.parametrize(
    ("npm", "reason"),
    [(None, "pas de npm"), ("echo no network >&2; seq 999 >&2; exit 1", "no network"), ("exit 0", "duckdb-eh.wasm")],
)
def test_an_engine_that_cannot_be_fetched_is_told(
    npm: str | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin" if npm else str(tmp_path))
    if npm:
        (tmp_path / "npm").write_text(f"#!/bin/sh\n{npm}\n", encoding="utf-8")
        (tmp_path / "npm").chmod(0o755)
    with pytest.raises(engine.NoEngineError, match=reason):
        engine.fetched_engine(tmp_path / "home")
    assert not list(tmp_path.glob("home/**/*.gz"))


def test_a_file_that_is_not_as_it_was_fetched_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = " ".join(engine.FETCHED_FILES.values())
    script = f"#!/bin/sh\nmkdir node_modules && cd node_modules && mkdir -p {sources} && rmdir {sources} || exit\n"
    script += f"for file in {sources}; do echo whole > $file; done\n"
    (tmp_path / "npm").write_text(script, encoding="utf-8")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    folder = engine.fetched_engine(tmp_path / "home")
    for content in ("garbage", None):
        (folder / "duckdb.js").unlink()
        if content:
            (folder / "duckdb.js").write_text(content, encoding="utf-8")
        assert (engine.fetched_engine(tmp_path / "home") / "duckdb.js").read_text(encoding="utf-8") == "whole\n"
