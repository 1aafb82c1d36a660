"""Progress of a refresh on the standard error: a line that is overwritten in a terminal, elsewhere a line at times.

The progress is read from the lines that the job prints: one per loaded dataset, one per node of dbt.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

LOADED_LINE = re.compile(r"loaded: (?P<what>\w+): ")
BUILT_LINE = re.compile(r"(?P<done>\d+) of (?P<total>\d+) (?:OK|PASS|WARN|FAIL|ERROR|SKIP)\b")
PLAIN_SECONDS = 10.0  # between two lines if there is no terminal


@contextmanager
def job_progress(
    stream: TextIO, loads: int, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[str], None]]:
    """Yields a callback for each line that the job prints; ``loads`` is the number of datasets to load."""
    progress = _Progress(stream, loads, clock)
    try:
        yield progress.update
    finally:
        progress.close()


class _Progress:
    def __init__(self, stream: TextIO, loads: int, clock: Callable[[], float]) -> None:
        self._stream, self._loads, self._clock = stream, loads, clock
        self._loaded = 0
        self._printed_at = clock()
        self._build_start: float | None = None

    def update(self, line: str) -> None:
        if match := LOADED_LINE.search(line):
            self._loaded += 1
            text = "load: {dataset}, {done} of {total}"
            self._print(text.format(dataset=match["what"], done=self._loaded, total=self._loads))
        elif match := BUILT_LINE.match(line):
            now = self._clock()
            if self._build_start is None:
                self._build_start = now
            done, total = int(match["done"]), int(match["total"])
            text = "build: {done} of {total} models ({share})"
            text = text.format(done=done, total=total, share=f"{done / total:.0%}")
            if passed := now - self._build_start:
                text += f", about {passed / done * (total - done):.0f} s left"
            self._print(text)

    def close(self) -> None:
        if self._stream.isatty():
            self._write("\r\x1b[K")

    def _print(self, text: str) -> None:
        if self._stream.isatty():
            self._write(f"\r{text}\x1b[K")
        elif self._clock() - self._printed_at >= PLAIN_SECONDS:
            self._printed_at = self._clock()
            self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        with suppress(BrokenPipeError):  # the reader of the pipe has gone, and the run goes on
            self._stream.write(text)
            self._stream.flush()
