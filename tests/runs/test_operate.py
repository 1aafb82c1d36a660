"""Instructions of `docs/operate.md` and the pages beside it: commands and words that are there, and a restore."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ingestion.catalog import CREDENTIALS
from leviers.cli.main import main
from leviers.warehouse.runs.problems import LEAST_ROOM
from leviers.warehouse.runs.record import Kind, Light, label
from tests.conftest import DOCS, README

PAGE = "\n".join((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("operate", "dagster", "data-gouv-fr"))
# A server has `leviers` as a function of the shell.
LINES = [line for block in re.findall(r"```(?:sh|cron)\n(.*?)```", PAGE, re.S) for line in block.splitlines()]
COMMANDS = [match[1] for line in LINES if (match := re.match(r"(?:.*\.venv/bin/)?leviers ([^#$&]*)", line))]
TARGETS = re.findall(r"(?:^|`|=\S+ )make ([a-z-]+)", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_exists(command: str) -> None:
    name, *arguments = shlex.split(command)
    subcommand = main.commands[name]
    context = click.Context(subcommand, resilient_parsing=True)  # a file that a restore reads need not be there
    assert subcommand.make_parser(context).parse_args(arguments)[1] == []


def test_each_target_and_variable_of_the_page_is_there() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    assert TARGETS
    assert not [name for name in TARGETS if not re.search(rf"^{name}:", makefile, re.MULTILINE)]
    assert [name for name in re.findall(r"deploy/[\w.]+\w", PAGE) if not (README.parent / name).is_file()] == []
    assert {name for names in CREDENTIALS.values() for name in names} <= set(re.findall(r"`(LEVIERS_[A-Z_]+)`", PAGE))


def test_the_page_has_the_title_of_each_message_and_each_light_literally() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE)
    assert [str(label(code)) for code in (*Kind, *Light) if str(label(code)) not in rows] == []


def test_the_page_has_the_room_that_a_run_needs() -> None:
    assert f"| disk, home | {LEAST_ROOM / 1e9:.1f} GB with the demo, and no run begins below it; " in PAGE


def test_a_lost_home_comes_back_by_the_page_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is followed as far as a refresh, which has tests of its own."""
    monkeypatch.delenv("LEVIERS_HOME")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "leviers").symlink_to(Path(sys.executable).with_name("leviers"))
    (tmp_path / "data" / "inputs" / "commitment").mkdir(parents=True)
    (tmp_path / "data" / "raw").mkdir()
    (tmp_path / "data" / "inputs" / "commitment" / "0001_x.csv").write_text("x")
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M))
    typed = [re.findall(r"```sh\n(.*?)```", sections[name], re.S) for name in ("Back up", "Restore")]
    script = "mv data lost\n".join("".join(blocks) for blocks in typed)
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "data" / "inputs" / "commitment" / "0001_x.csv").read_text() == "x"
