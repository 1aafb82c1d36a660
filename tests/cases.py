"""Tables of cases: those of a test module stand beside it in a file of its name, a list for each test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def cases(module: str) -> dict[str, list[Any]]:
    """The rows by the name of their test."""
    tables: dict[str, list[Any]] = yaml.safe_load(Path(module).with_suffix(".yml").read_text(encoding="utf-8"))
    return tables
