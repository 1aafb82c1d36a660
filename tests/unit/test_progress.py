from __future__ import annotations

import io

import pytest

from leviers.cli.progress import job_progress

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
