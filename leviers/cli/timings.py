"""What the steps of a refresh took: a table for a person, a file for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from leviers.text.message import Message, figure, said

METRICS = "metrics.prom"
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
        rows = {said(name): value for name, value in {**self.seconds, ALL_STEPS: total}.items()}
        width = max(map(len, rows))
        return [
            f"{name:<{width}} {said(figure(f'{value:7.1f} s {value / total if total else 0:5.0%}'))}"
            for name, value in rows.items()
        ]

    def write(self, home: Path) -> None:
        """Writes the file that a collector of Prometheus reads, at once or not at all."""
        lines = [
            "# HELP leviers_step_seconds Seconds that a step took in the last refresh that loaded or built anything.",
            "# TYPE leviers_step_seconds gauge",
            *(f'leviers_step_seconds{{step="{name}"}} {value:.3f}' for name, value in self.seconds.items()),
            "# HELP leviers_refresh_time_seconds When that refresh ended, in seconds since 1970.",
            "# TYPE leviers_refresh_time_seconds gauge",
            f"leviers_refresh_time_seconds {time.time():.0f}",
        ]
        partial = home / f".{METRICS}"
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
        partial.replace(home / METRICS)
