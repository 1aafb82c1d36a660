from __future__ import annotations

import re

import pytest

from ingestion.progress import download_progress


def test_one_line_per_file_with_its_size_and_the_speed_of_what_was_received(capsys: pytest.CaptureFixture[str]) -> None:
    """The second file goes on after what an earlier process had received of it."""
    with download_progress("jeu_test") as progress:
        for done in (0, 3_000_000, 5_000_000):
            progress(done, 5_000_000)
        for done in (4_000_000, 4_001_000):
            progress(done, None)
    lines = capsys.readouterr().err
    found = re.findall(r"^jeu_test: ([\d.]+) MB in [\d.]+ s, ([\d.]+) MB/s$", lines, re.MULTILINE)
    sizes, speeds = zip(*found, strict=True)
    assert sizes == ("5.0", "4.0")
    assert float(speeds[1]) <= 1.0


def test_a_file_of_which_nothing_came_has_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with download_progress("jeu_test") as progress:
        progress(4_000_000, None)
    assert capsys.readouterr().err == ""
