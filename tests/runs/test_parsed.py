"""The parsed project of dbt is kept: when it is parsed again."""

from __future__ import annotations

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
    monkeypatch.setattr(dbt, "compile_tests", compile_tests)
    monkeypatch.setattr(dbt, "dbt_fingerprint", iter("abbb").__next__)
    dbt.dbt_manifest()
    dbt.dbt_manifest()
    dbt.dbt_manifest()
    monkeypatch.setattr(dbt, "DBT_DIR", tmp_path / "elsewhere")
    dbt.dbt_manifest()
    assert begun_with == [False, True, False]


def put_in_place_of_dbt(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """A program that the next compilation runs."""
    (folder / "dbt" / "cli").mkdir(parents=True)
    for package in ("dbt", "dbt/cli"):
        (folder / package / "__init__.py").touch()
    program = "\n    ".join(("def cli():", "import os, pathlib, signal, sys, time", *lines))
    (folder / "dbt" / "cli" / "main.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(folder))


@pytest.mark.warehouse
@pytest.mark.parametrize(
    ("lines", "raised"),
    [
        (("os.kill(os.getpid(), signal.SIGTERM)",), KeyboardInterrupt),
        (("sys.exit('leaked semaphore objects')",), dbt.DbtError),
    ],
)
def test_a_signal_to_all_processes_is_no_error_of_dbt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], raised: type[BaseException]
) -> None:
    put_in_place_of_dbt(tmp_path, monkeypatch, *lines)
    with pytest.raises(raised):
        dbt.compile_tests(tmp_path)
