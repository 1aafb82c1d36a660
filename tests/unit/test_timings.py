"""The times of a refresh are told step by step, and add up."""

from __future__ import annotations

import pytest

from leviers.cli.timings import timed, timings_table


def test_a_step_that_fails_has_no_seconds() -> None:
    seconds: dict[str, float] = {}
    with timed(seconds, "fetch"):
        pass
    with pytest.raises(ValueError, match="load"), timed(seconds, "load"):
        raise ValueError("load")
    assert list(seconds) == ["fetch"]


def test_the_shares_of_the_steps_add_up() -> None:
    assert [line.split() for line in timings_table({"fetch": 1.0, "job": 3.0, "load": 2.0, "build": 5.0})] == [
        ["fetch", "1.0", "s", "9%"],
        ["job", "3.0", "s", "27%"],
        ["load", "2.0", "s", "18%"],
        ["build", "5.0", "s", "45%"],
        ["all", "steps", "11.0", "s", "100%"],
    ]
