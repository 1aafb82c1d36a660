"""The packages depend one way: the contract is in ``pyproject.toml``."""

from __future__ import annotations

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from warehouse.project import REPOSITORY


def test_no_package_imports_one_above_it() -> None:
    assert lint_imports(str(REPOSITORY / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS
