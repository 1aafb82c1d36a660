"""What dbt has parsed is kept: when it is parsed again."""

from __future__ import annotations

from pathlib import Path

import pytest

from leviers.warehouse import dbt


def test_a_project_that_stands_elsewhere_is_parsed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a seed, dbt keeps where it was; a file that changed in its place is parsed by itself."""
    begun_with: list[bool] = []

    def compile_tests(folder: Path) -> None:
        begun_with.append((folder / dbt.PARSED).exists())
        (folder / dbt.PARSED).touch()

    monkeypatch.setenv(dbt.CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(dbt, "_compile", compile_tests)
    monkeypatch.setattr(dbt, "dbt_fingerprint", iter("abbb").__next__)
    dbt.dbt_manifest()
    dbt.dbt_manifest()
    dbt.dbt_manifest()
    monkeypatch.setattr(dbt, "DBT_DIR", tmp_path / "elsewhere")
    dbt.dbt_manifest()
    assert begun_with == [False, True, False]
