"""Incidents that no run could tell when they happened: ``status`` shows them, and the next start tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from leviers.warehouse.runs.record import Kind, label
from tests.runs.stage import Stage, absent_for_40_days, damaged, killed, page_gone, publication_gone, staged

pytestmark = pytest.mark.xdist_group("next_start")
BEGAN = "2099-01-01T00:00:00"
AGAIN = "'leviers refresh --region 76' makes them again"


@dataclass(frozen=True)
class Left:
    """An incident between two runs: its kind, its words, the next action, and since when it stands."""

    happens: Callable[[Stage], None]
    kind: Kind
    words: str
    action: str
    since: str = BEGAN


LEFT = {
    "killed": Left(killed, Kind.INTERRUPTED, f"the run that began on {BEGAN}+00:00 ended without a word",
                   "the next run goes on from there"),
    "absent": Left(absent_for_40_days, Kind.NO_RUN, f"the last run ended on {BEGAN}+00:00, one is expected every 35",
                   "look at what should start it", "2099-02-05T00:00:00"),
    "damaged": Left(damaged, Kind.DAMAGED, "damaged or gone: leviers.duckdb", AGAIN),
    "page gone": Left(page_gone, Kind.DAMAGED, "damaged or gone: site/a.html", AGAIN),
    "publication gone": Left(publication_gone, Kind.DAMAGED, "damaged or gone: leviers.duckdb", AGAIN),
}  # fmt: skip


@dataclass(frozen=True)
class Next:
    """The status after the incident, the messages of the next run, and what is left after it."""

    left: Left
    shown: str
    light: int
    status: int
    messages: list[str]
    light_after: int
    after: tuple[int, list[str]]


@pytest.fixture(scope="module", params=list(LEFT.values()), ids=list(LEFT))
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Next]:
    """A run after one that left no word, and the run after it."""
    home = tmp_path_factory.mktemp("left")
    with pytest.MonkeyPatch.context() as patch, contextmanager(staged)(home, patch) as stage:
        assert stage.run() == (0, [])
        request.param.happens(stage)
        shown, light = stage.status()
        status, messages = stage.refresh().exit_code, stage.new_messages()
        yield Next(request.param, shown, light, status, messages, stage.light(), stage.run())


def test_status_is_red_until_a_run_is_done(begun: Next) -> None:
    assert (begun.shown.partition(": ")[0], begun.light, begun.light_after) == ("red", 1, 0)


def test_status_has_a_line_with_the_next_action(begun: Next) -> None:
    [line] = [line for line in begun.shown.splitlines() if begun.left.words in line]
    assert line.startswith(f"{label(begun.left.kind)}, since {begun.left.since}")
    assert line.endswith(f"; {begun.left.action}")


def test_the_next_run_ends_well_and_the_one_after_it_tells_nothing(begun: Next) -> None:
    assert (begun.status, begun.after) == (0, (0, []))


def test_the_next_run_tells_the_begin_with_one_action(begun: Next) -> None:
    new, _ = begun.messages
    assert new.startswith(f"leviers: {label(begun.left.kind)} (new): {begun.left.words}")
    assert new.endswith(f"; {begun.left.action}")
    assert new.count(begun.left.action) == 1


def test_the_next_run_tells_the_end_without_an_action(begun: Next) -> None:
    _, over = begun.messages
    assert over.startswith(f"leviers: {label(begun.left.kind)} (over): from {begun.left.since}")
    assert f": {begun.left.words}" in over
    assert begun.left.action not in over
