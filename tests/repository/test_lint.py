"""``make`` and CI take the Pythons of the project."""

from __future__ import annotations

import re
import tomllib

import yaml
from packaging.specifiers import SpecifierSet

from leviers.warehouse.project import REPOSITORY


def test_make_and_ci_take_the_versions_of_python_of_the_project() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    taken = {f"{major}.{minor}" for major, minor in re.findall(r"\((\d), (\d+)\)", makefile)}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = SpecifierSet(project["requires-python"])
    ci = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert taken == {*ci["jobs"]["check"]["strategy"]["matrix"]["python"]}
    assert taken == {version for minor in range(30) if (version := f"3.{minor}") in required}
