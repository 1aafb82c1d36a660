"""The times of a refresh are told step by step, and add up."""

from __future__ import annotations

from leviers.cli.timings import Timings


def test_the_parts_of_a_step_take_its_place() -> None:
    timings = Timings({"fetch": 1.0, "job": 10.0})
    timings.split("job", {"load": 2.0, "build": 5.0})
    assert timings.seconds == {"fetch": 1.0, "job": 3.0, "load": 2.0, "build": 5.0}
    assert [line.split() for line in timings.table()] == [
        ["fetch", "1.0", "s", "9%"],
        ["job", "3.0", "s", "27%"],
        ["load", "2.0", "s", "18%"],
        ["build", "5.0", "s", "45%"],
        ["all", "steps", "11.0", "s", "100%"],
    ]
