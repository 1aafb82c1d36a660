"""Progress of downloads: a bar with size and speed in a terminal. The log of a run has the seconds of each dataset."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.http import Progress


@contextmanager
def download_progress(label: str) -> Iterator[Progress | None]:
    """Yields a callback that shows the downloads of one dataset on the standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label, total=None)

        def update(size: int, total: int | None) -> None:
            if size < bars.tasks[task].completed:
                bars.reset(task)
            bars.update(task, completed=size, total=total)

        yield update
