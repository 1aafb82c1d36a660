"""The Pythons of ``make`` and CI, and the hook that looks at the message of a commit."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from leviers.warehouse.project import REPOSITORY


def test_make_and_ci_take_the_versions_of_python_of_the_project() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    taken = {f"{major}.{minor}" for major, minor in re.findall(r"\((\d), (\d+)\)", makefile)}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = SpecifierSet(project["requires-python"])
    workflows = "".join(path.read_text() for path in (REPOSITORY / ".github" / "workflows").glob("*.yml"))
    assert taken == {*re.findall(r'"(3\.\d+)"', workflows)}
    assert taken == {version for minor in range(30) if (version := f"3.{minor}") in required}


@pytest.mark.parametrize(
    ("message", "is_accepted"),
    [
        ("models: drop the unused keys of a chantier", True),
        ("site/pages: drop a key\n\nNo table reads it.\n", True),
        ("Merge the words of the command line", True),
        ("Merge branch 'words' into main", False),
        ("models: drop the unused keys\nNo table reads them.", False),
        ("models: drop the unused keys of a chantier of each region since the first", False),
        ("Drop the unused keys", False),
        ("models: the unused keys go", False),
        ("models: drop keys; site: draw a map", False),
        ("models: drop the keys.", False),
        ("all: drop the unused keys", False),
    ],
)
def test_the_hook_reads_the_subject_of_a_commit(message: str, is_accepted: bool) -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    [rule] = [hook["entry"] for hook in hooks if hook["id"] == "commit-message"]
    assert bool(re.search(rule, message, re.MULTILINE | re.DOTALL)) == is_accepted
