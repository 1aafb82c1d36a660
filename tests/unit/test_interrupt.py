"""Ctrl-C, where a library has swallowed it."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import pytest

from leviers.cli.job import JobResult
from leviers.common.interrupt import note_ctrl_c


def test_a_ctrl_c_that_was_swallowed_stops_the_run_at_its_next_step(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    note_ctrl_c()
    with JobResult().step("load", tmp_path / "a.log"), suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), JobResult().step("build", tmp_path / "a.log"):
        pass
    note_ctrl_c()  # the next command of this process begins anew
    with JobResult().step("load", tmp_path / "a.log"):
        pass
