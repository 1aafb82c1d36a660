"""The packages depend one way: the contract is in ``pyproject.toml``, and ``docs/architecture.md`` says the same."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from leviers.warehouse.project import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
LAYERS = PROJECT["importlinter"]["contracts"][0]["layers"]
IN_THE_DOCS = re.compile(r"^\| `([\w/]+)/` \|", re.MULTILINE)
PRIVATE = re.compile(r"^\s*(?:from|import) dagster\._", re.MULTILINE)


def test_no_package_imports_one_above_it() -> None:
    """In a process of its own: import-linter turns the loggers of its process off."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_package_has_its_layer() -> None:
    packages = {*PROJECT["setuptools"]["packages"]} - {"leviers", *PROJECT["setuptools"]["package-dir"]}
    assert {package for package in packages if not any(_is_in(package, layer) for layer in LAYERS)} == set()
    assert set(PROJECT["importlinter"]["root_packages"]) == {layer.partition(".")[0] for layer in LAYERS}


def _is_in(package: str, layer: str) -> bool:
    return package == layer or package.startswith(f"{layer}.")


def test_the_docs_list_the_layers_in_their_order() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [name.replace("/", ".") for name in IN_THE_DOCS.findall(page)] == LAYERS


def test_nothing_of_dagster_that_is_private_is_imported() -> None:
    code = [path for layer in LAYERS for path in (REPOSITORY / layer.replace(".", "/")).rglob("*.py")]
    assert code
    assert [str(path) for path in code if PRIVATE.search(path.read_text(encoding="utf-8"))] == []
