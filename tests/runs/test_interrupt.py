"""Ctrl-C, where a library has swallowed it."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from ingestion import sources
from ingestion.options import Options
from leviers.cli import run
from leviers.cli.commands import on_sigterm
from leviers.cli.job import JobResult
from leviers.common.interrupt import handle_ctrl_c
from leviers.warehouse import dbt
from leviers.warehouse.home import OUTCOME_FILE
from leviers.warehouse.runs.record import End


@pytest.mark.parametrize(
    ("handler", "stop"),
    [
        (signal.default_int_handler, lambda: signal.raise_signal(signal.SIGINT)),
        (signal.SIG_IGN, lambda: on_sigterm(signal.SIGTERM, None)),  # a job that a shell runs in the background
    ],
    ids=["Ctrl-C", "stop"],
)
def test_a_stop_that_was_swallowed_ends_the_run_at_its_next_step(
    tmp_path: Path, request: pytest.FixtureRequest, handler: Any, stop: Callable[[], object]
) -> None:
    request.addfinalizer(handle_ctrl_c)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, earlier_handler))
    earlier_handler = signal.signal(signal.SIGINT, handler)
    handle_ctrl_c()
    with JobResult().step("load", tmp_path / "a.log"), suppress(KeyboardInterrupt):
        stop()
    with pytest.raises(KeyboardInterrupt), JobResult().step("build", tmp_path / "a.log"):
        pass
    handle_ctrl_c()  # the next command of this process begins anew
    with JobResult().step("load", tmp_path / "a.log"):
        pass


def test_a_reader_stops_before_the_next_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is a thread of its own, for which the run that was stopped waits."""
    monkeypatch.setattr("dlt.Pipeline.extract", Mock(side_effect=AssertionError("it goes on")))
    editions: list[Any] = [Mock(dataset_id=name, set_aside_damaged=lambda: None) for name in ("bnlc", "irve_static")]
    monkeypatch.setattr(sources, "stop_if_interrupted", Mock(side_effect=[None, KeyboardInterrupt]))
    with pytest.raises(KeyboardInterrupt):
        sources.extract_editions(tmp_path, "raw_x", editions)


def test_a_ctrl_c_is_noted_as_a_stop_and_not_as_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = ValueError("of a library")
    error.__cause__ = KeyboardInterrupt()
    monkeypatch.setattr(run, "_refresh", Mock(side_effect=error))
    with pytest.raises(KeyboardInterrupt):
        run.refresh(Options(home=tmp_path, demo=True), "76", lambda _: None)
    assert json.loads((tmp_path / OUTCOME_FILE).read_text())["runs"][-1]["end"] == End.INTERRUPTED


def test_dbt_is_stopped_again_where_it_goes_on_after_a_ctrl_c(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, earlier_handler))
    earlier_handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    pressed, begins, ends = threading.Event(), *(Mock(info=Mock(), data=None) for _ in range(2))
    begins.info.name, ends.info.name = "NodeStart", "NodeFinished"
    dbt.stop_again(pressed, begins)
    pressed.set()
    dbt.stop_again(pressed, ends)
    with pytest.raises(KeyboardInterrupt):
        dbt.stop_again(pressed, begins)
        pytest.fail("it goes on")
