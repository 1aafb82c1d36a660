"""What the contracts of layers in ``pyproject.toml``, a hook of pre-commit, do not see."""

from __future__ import annotations

import re
import tomllib

from leviers.warehouse.project import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
LAYERS = PROJECT["importlinter"]["contracts"][0]["layers"]
PRIVATE = re.compile(r"^\s*(?:from|import) dagster\._", re.MULTILINE)
MODEL = re.compile(r"\b(?:from|join) (?:staging|intermediate|marts|quality|vues)\.")


def test_nothing_of_dagster_that_is_private_is_imported() -> None:
    code = [path for layer in LAYERS for path in (REPOSITORY / layer.replace(".", "/")).rglob("*.py")]
    assert code
    assert [str(path) for path in code if PRIVATE.search(path.read_text(encoding="utf-8"))] == []


def test_ingestion_reads_no_model_of_dbt() -> None:
    code = [path for path in (REPOSITORY / "ingestion").rglob("*") if path.suffix in (".py", ".sql")]
    assert code
    assert [str(path) for path in code if MODEL.search(path.read_text(encoding="utf-8"))] == []
