"""The outcome of one expectation, as it is kept between runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
NO_VALUE = "no value"
VALIDATION = "validation"  # the name of the result of a suite that could not run


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one expectation: ``success`` is None when the check itself crashed (``exception``).

    ``min_value`` and ``max_value`` are its bounds. If it checks each row of a frame, ``rows`` of the ``total`` are at
    fault; else ``observed`` is the value that it checked, ``NO_VALUE`` for NULL. ``guess``: an error that only warns,
    since the check has not run on a real file yet.
    """

    suite: str
    expectation: str
    column: str | None
    success: bool | None
    severity: Severity
    observed: str | None
    expected: str
    message: str
    why: str | None = None
    exception: str | None = None
    guess: bool = False
    min_value: float | None = None
    max_value: float | None = None
    rows: int | None = None
    total: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether publication must wait: an error-level check that did not pass, crashed ones included."""
        return self.severity == "error" and self.success is not True

    @property
    def status(self) -> str:
        """``passed``, ``failed``, or ``crashed`` if the check itself could not run."""
        return "crashed" if self.success is None else "passed" if self.success else "failed"
