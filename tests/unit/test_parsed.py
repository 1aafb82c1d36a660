"""The parsed project of dbt is kept: when it is parsed again."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from leviers.warehouse import dbt


def test_a_project_that_stands_elsewhere_is_parsed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """dbt keeps the path of a seed; a file that changed in its place is parsed by itself."""
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


@pytest.mark.warehouse
@pytest.mark.parametrize(("returned", "raised"), [(-signal.SIGTERM, KeyboardInterrupt), (2, dbt.DbtError)])
def test_a_signal_to_all_processes_is_no_error_of_dbt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, returned: int, raised: type[BaseException]
) -> None:
    done = subprocess.CompletedProcess([], returned, "", "leaked semaphore objects")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(raised):
        dbt._compile(tmp_path)


@pytest.mark.warehouse
def test_a_ctrl_c_while_dbt_parses_is_no_error_of_dbt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dbt" / "cli").mkdir(parents=True)
    for folder in ("dbt", "dbt/cli"):
        (tmp_path / folder / "__init__.py").touch()
    dbt_itself = """import os, signal, sys

def cli():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        sys.exit(2)
"""
    (tmp_path / "dbt" / "cli" / "main.py").write_text(dbt_itself)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        dbt._compile(tmp_path)
