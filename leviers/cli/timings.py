"""The duration of each step of a refresh, and the table of them for a person."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from leviers.text.message import Message, figure, localized

FETCH = Message("fetch")
STARTING = Message("start of dbt")
ALL_STEPS = Message("all steps")


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    """Adds the seconds of a step; a step that fails adds none."""
    start = time.monotonic()
    yield
    seconds[step] = time.monotonic() - start


def timings_table(seconds: Mapping[str, float]) -> list[str]:
    """Returns a line per step, and their sum, in the language of the machine."""
    total = sum(seconds.values())
    rows = {localized(name): value for name, value in {**seconds, ALL_STEPS: total}.items()}
    width = max(map(len, rows))
    return [
        f"{name:<{width}} {localized(figure(f'{value:7.1f} s {value / total if total else 0:5.0%}'))}"
        for name, value in rows.items()
    ]
