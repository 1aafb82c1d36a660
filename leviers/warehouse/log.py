"""The log of a run: files fetched, tables loaded, errors. The last runs are kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from io import TextIOBase
from pathlib import Path
from typing import TextIO

LOGS = "logs"
KEPT_LOGS = 20
# the log leaves out the lines of dbt about nodes that went well
_WENT_WELL = re.compile(r"\d+ of \d+ (START|OK|PASS)\b")


@contextmanager
def run_log(home: Path) -> Iterator[Path]:
    """Yields the log file of a run, with the log of the fetch; the files of the last runs are kept."""
    folder = home / LOGS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S %z"))
    logger = logging.getLogger("ingestion")
    level, propagates = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False  # else Dagster shows it twice
    logger.addHandler(handler)
    try:
        # If the clock was set back, files with a future time are removed first.
        for old in sorted(folder.glob("*.log"), key=lambda file: (file <= path, file))[:-KEPT_LOGS]:
            old.unlink()
        yield path
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates
        handler.close()


@contextmanager
def output_to(path: Path, on_line: Callable[[str], None] = lambda line: None) -> Iterator[None]:
    """Redirects the output of the process to the log, without dbt's lines on success; ``on_line`` gets all lines."""
    with path.open("a", encoding="utf-8") as file:
        log = _WithoutProgress(file, on_line)
        with redirect_stdout(log), redirect_stderr(log):
            yield
        log.write("\n")


class _WithoutProgress(TextIOBase):
    """A text file that leaves out the lines of dbt's progress.

    A full disk is reported when the file is closed, since a thread of dbt that cannot print would wait forever.
    """

    def __init__(self, file: TextIO, on_line: Callable[[str], None]) -> None:
        self._file, self._on_line = file, on_line
        self._line = ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._on_line(line)
            if line.strip() and not _WENT_WELL.match(line):
                with suppress(OSError):
                    self._file.write(f"{line}\n")
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()
