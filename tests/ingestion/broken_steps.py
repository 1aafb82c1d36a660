"""Steps of a refresh that raise what nobody expects, for one dataset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from expectations import profile, runner
from ingestion import sources
from ingestion.snapshots import Edition, SnapshotStore

STEPS = {
    "fetch": (SnapshotStore, "add"),
    "hash": (Edition, "set_aside_damaged"),
    "read": (sources, "read_table"),
    "load": (sources, "_load"),
    "profile": (runner, "profile_table"),
    "check": (runner, "_validate"),
    "measure": (profile, "newest"),
}
DEFECT = r"a defect of the program, at (ingestion|expectations)/\w+\.py:\d+: KeyError: 'test'"


def is_about(name: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a call is about a dataset: its record, its table or what was read of it is an argument."""
    return any(
        name in getattr(argument, "results", ())
        or str(getattr(argument, "dataset_id", argument)).rpartition(".")[2].partition("__")[0] == name
        for argument in arguments
    )


def break_step(patch: pytest.MonkeyPatch, step: str, name: str, times: int | None = None) -> None:
    """Lets a step raise what nobody expects, for one dataset: where it is loaded with others, and by itself."""
    times = times or (2 if step in ("read", "load") else 1)
    place, function = STEPS[step]
    works: Callable[..., Any] = getattr(place, function)
    left = iter(range(times))

    def broken(*arguments: Any, **options: Any) -> Any:
        if is_about(name, arguments) and next(left, None) is not None:
            raise KeyError("test")
        return works(*arguments, **options)

    patch.setattr(place, function, broken)
