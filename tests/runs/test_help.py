"""The examples of ``--help`` can be typed as they stand, and shells complete them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from leviers.cli.main import main


def examples(command: click.Command) -> Iterator[str]:
    """The lines of a help that begin with the name of the program, without what is said beside them."""
    for line in (command.help or "").splitlines():
        if line.strip().startswith("leviers "):
            yield line.strip().partition("  ")[0].partition(">")[0].strip()


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from commands(child)


EXAMPLES = sorted({example for command in commands(main) for example in examples(command)})


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_help_can_be_typed(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in re.findall(r"\S+\.(?:csv|xlsx)", example):
        (tmp_path / name).touch()
    command: click.Command = main
    words = shlex.split(example)[1:]
    while isinstance(command, click.Group):
        _, subcommand, words = command.resolve_command(click.Context(command), words)
        assert subcommand
        command = subcommand
    command.make_context(example, words)
