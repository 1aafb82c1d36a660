from __future__ import annotations

import io
import re

import pytest

from ingestion.download_progress import download_progress
from leviers.cli.progress import job_progress


def test_a_file_has_a_line_with_its_size_and_speed(capsys: pytest.CaptureFixture[str]) -> None:
    """The second file goes on after what an earlier process had received of it."""
    with download_progress("jeu_test") as progress:
        for done in (0, 3_000_000, 5_000_000):
            progress(done, 5_000_000)
        for done in (4_000_000, 4_001_000):
            progress(done, None)
    lines = capsys.readouterr().err
    columns = re.findall(r"^jeu_test: ([\d.]+) MB in [\d.]+ s, ([\d.]+) MB/s$", lines, re.MULTILINE)
    sizes, speeds = zip(*columns, strict=True)
    assert sizes == ("5.0", "4.0")
    assert float(speeds[1]) <= 1.0


def test_a_file_of_which_nothing_came_has_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with download_progress("jeu_test") as progress:
        progress(4_000_000, None)
    assert capsys.readouterr().err == ""


def test_a_download_whose_progress_nobody_reads_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Unread())
    with download_progress("jeu_test") as progress:
        for done in (0, 3_000_000):
            progress(done, None)


LINES = [
    "loaded: first: changed: loaded; 2 rows",
    "1 of 4 START sql table model x [RUN]",
    "1 of 4 OK created sql table model x [OK]",
    "2 of 4 WARN 3 a_test [WARN 3]",
]
TOLD = ["load: first, 1 of 2", "build: 1 of 4 models (25%)", "build: 2 of 4 models (50%), about 11 s left"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Unread(io.StringIO):
    """A standard error whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("stream", "seconds", "printed"),
    [
        (io.StringIO(), 11, "".join(f"{line}\n" for line in TOLD)),
        (io.StringIO(), 0, ""),
        (Terminal(), 11, "".join(f"\r{line}\x1b[K" for line in TOLD) + "\r\x1b[K"),
        (Unread(), 11, ""),
    ],
    ids=["now and then", "not too often", "terminal", "unread"],
)
def test_a_job_tells_where_it_is(stream: io.StringIO, seconds: int, printed: str) -> None:
    now = 0.0
    with job_progress(stream, loads=2, clock=lambda: now) as hear:
        for line in LINES:
            if "START" not in line:
                now += seconds
            hear(line)
    assert stream.getvalue() == printed
