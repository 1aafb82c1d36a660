"""Hooks of pre-commit are the commands of ``make lint``, file by file; ``make`` takes the Pythons of the project."""

from __future__ import annotations

import re
import subprocess
import tomllib

import yaml
from packaging.specifiers import SpecifierSet

from leviers.warehouse.project import REPOSITORY

PLACES = {".", "dbt/models", "dbt/tests", "$(QUERIES)", "$(SCRIPTS)"}


def test_the_hooks_are_the_commands_of_make_lint() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    [target] = re.findall(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    linted = [" ".join(word for word in line.split() if word not in PLACES) for line in target.splitlines()]
    config = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [local] = config["repos"]
    hooks = [hook for hook in local["hooks"] if "stages" not in hook]  # all except the hook of the message
    assert [hook["entry"].removeprefix("env ") for hook in hooks] == linted


def test_make_help_says_something_of_each_target() -> None:
    help_text = subprocess.run(["make", "help"], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    [targets] = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    assert sorted(re.findall(r"^make ([a-z-]+) +\S", help_text, re.MULTILINE)) == sorted(targets.split())


def test_make_and_ci_take_the_versions_of_python_of_the_project() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    taken = {f"{major}.{minor}" for major, minor in re.findall(r"\((\d), (\d+)\)", makefile)}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = SpecifierSet(project["requires-python"])
    ci = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert taken == {*ci["jobs"]["check"]["strategy"]["matrix"]["python"]}
    assert taken == {version for minor in range(30) if (version := f"3.{minor}") in required}


def test_all_sql_beside_the_models_is_linted_by_make_and_by_the_hook() -> None:
    """But macros and statements that sqlfluff does not read, each one file of its own, and Jinja of another adapter."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    [folders] = re.findall(r"^QUERIES := (.*)", makefile, re.MULTILINE)
    config = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [hook] = [hook["files"] for hook in config["repos"][0]["hooks"] if hook["id"] == "sqlfluff-queries"]
    files = {path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "leviers").rglob("*.sql")}
    linted = {file for file in files if file.startswith(tuple(f"{folder}/" for folder in folders.split()))}
    assert {file for file in files if re.search(hook, file)} == linted
    assert files - linted == {
        "leviers/bi/geopackage.sql",
        "leviers/warehouse/publication/macros.sql",
        "leviers/spark/adapter/macros/to_spark.sql",
    }
