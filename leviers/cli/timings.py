"""The duration of each step of a refresh, as a table for a person."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from leviers.text.message import Message, figure, localized

FETCH = Message("fetch")
STARTING = Message("start of dbt")
ALL_STEPS = Message("all steps")


@dataclass
class Timings:
    """Seconds by step, in the order of the steps."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times a step."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = time.monotonic() - start

    def split(self, name: str, parts: Mapping[str, float]) -> None:
        """Puts the parts of a timed step in its place; what they leave of it keeps its name."""
        rest = self.seconds.pop(name) - sum(parts.values())
        self.seconds |= {name: rest, **parts}

    def table(self) -> list[str]:
        """A line per step, and their sum, in the language of the machine."""
        total = sum(self.seconds.values())
        rows = {localized(name): value for name, value in {**self.seconds, ALL_STEPS: total}.items()}
        width = max(map(len, rows))
        return [
            f"{name:<{width}} {localized(figure(f'{value:7.1f} s {value / total if total else 0:5.0%}'))}"
            for name, value in rows.items()
        ]
