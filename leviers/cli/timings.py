"""The duration of each step of a refresh, and the table of them for a person."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

FETCH = "fetch"
STARTING = "start of dbt"
ALL_STEPS = "all steps"


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Adds the seconds of a step; a step that fails adds none."""
    start = time.monotonic()
    yield
    seconds[step] = time.monotonic() - start


def timings_table(seconds: Mapping[str, float]) -> list[str]:
    """Returns a line per step, and their sum."""
    total = sum(seconds.values())
    rows = {**seconds, ALL_STEPS: total}
    width = max(map(len, rows))
    return [f"{name:<{width}} {value:7.1f} s {value / total if total else 0:5.0%}" for name, value in rows.items()]
