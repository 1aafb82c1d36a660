"""Changes of a file by a benchmark, and the place of its tables."""

from __future__ import annotations

import tarfile
from pathlib import Path

import click
import pytest

from benchmarks.__main__ import BENCHMARKS_PAGE, filled
from benchmarks.measure import change

LINES = "code;value\r\n" + "".join(f"0{i};1{i};x\r\n" for i in range(5))
CHANGED = "code;value\r\n00;11;x\r\n01;12;x\r\n02;13;x\r\n03;13;x\r\n04;14;x\r\n"


def test_three_lines_of_the_newest_file_change(tmp_path: Path) -> None:
    for name in ("2020.csv", "2021.csv"):
        (tmp_path / name).write_bytes(LINES.encode())
    change(tmp_path, rb"^\d+;\d(\d)")
    assert (tmp_path / "2020.csv").read_bytes() == LINES.encode()
    assert (tmp_path / "2021.csv").read_bytes() == CHANGED.encode()
    with pytest.raises(RuntimeError, match="0 lines"):
        change(tmp_path, rb"nowhere \d(\d)")


def test_the_largest_file_of_an_archive_changes_alone(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_text(LINES, newline="")
    (tmp_path / "small.json").write_text(LINES[:20], newline="")
    (tmp_path / "a").mkdir()
    with tarfile.open(tmp_path / "a" / "a.tgz", "w:gz") as archive:
        for name in ("large.json", "small.json"):
            archive.add(tmp_path / name, name)
    change(tmp_path / "a", rb"^\d+;\d(\d)")
    with tarfile.open(tmp_path / "a" / "a.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    assert (tmp_path / "large.json").read_bytes() == CHANGED.encode()
    assert (tmp_path / "small.json").read_bytes() == LINES[:20].encode()


def test_a_table_takes_the_place_of_its_name_and_nothing_else() -> None:
    page = BENCHMARKS_PAGE.read_text(encoding="utf-8")
    changed = filled(page, {"goals": "| new |"})
    assert "<!-- measured: goals -->\n\n| new |\n\n<!-- end -->" in changed
    assert filled(changed, {"goals": "| new |"}) == changed
    with pytest.raises(click.ClickException, match="0 places"):
        filled(page, {"nothing": ""})
