"""The packages depend one way: the contract is in ``pyproject.toml``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from leviers.warehouse.project import REPOSITORY


def test_no_package_imports_one_above_it() -> None:
    """In a process of its own: import-linter turns the loggers of its process off."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
