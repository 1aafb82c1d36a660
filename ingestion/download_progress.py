"""Progress of downloads: a bar with size and speed in a terminal, a line per file elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from gettext import gettext as _

from ingestion.http import Progress
from leviers.text.message import figure, localized

_MEGABYTE = 1e6


@contextmanager
def download_progress(label: str) -> Iterator[Progress]:
    """Yields a callback that shows the downloads of one dataset on the standard error."""
    if sys.stderr.isatty():
        with _bar(label) as progress:
            yield progress
    else:
        lines = _Lines(label)
        yield lines.update
        lines.close()


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label, total=None)

        def update(done: int, total: int | None) -> None:
            if done < bars.tasks[task].completed:
                bars.reset(task)
            bars.update(task, completed=done, total=total)

        yield update


class _Lines:
    """A line per file, written when the next file starts and at the end."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._first: int | None = None
        self._done = 0
        self._start = 0.0

    def update(self, done: int, total: int | None) -> None:
        """Notes the bytes on disk, those of an earlier attempt included. Fewer bytes than before mean another file."""
        if done < self._done:
            self.close()
        if self._first is None:
            self._first, self._start = done, time.monotonic()
        self._done = done

    def close(self) -> None:
        """Writes the line of the file that was received."""
        if self._first is not None and (received := self._done - self._first):
            seconds = max(time.monotonic() - self._start, 1e-3)
            size, time_taken, speed = (
                localized(figure(f"{number:.1f}"))
                for number in (self._done / _MEGABYTE, seconds, received / _MEGABYTE / seconds)
            )
            line = _("{dataset}: {size} MB in {seconds} s, {speed} MB/s")
            with suppress(BrokenPipeError):  # the reader of the pipe has gone, and the run goes on
                print(line.format(dataset=self._label, size=size, seconds=time_taken, speed=speed), file=sys.stderr)
        self._first, self._done = None, 0
