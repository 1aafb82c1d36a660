"""The hooks of pre-commit are the commands of ``make lint``, file by file."""

from __future__ import annotations

import re

import yaml

from leviers.warehouse.project import REPOSITORY

PLACES = {".", "dbt/models", "dbt/tests"}


def test_the_hooks_are_the_commands_of_make_lint() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    [target] = re.findall(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    linted = [" ".join(word for word in line.split() if word not in PLACES) for line in target.splitlines()]
    config = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [local] = config["repos"]
    assert [hook["entry"].removeprefix("env ") for hook in local["hooks"]] == linted
