"""The state of a dataset between runs: as it is kept, and what is told of it after a load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.catalog import load_catalog
from ingestion.load import after_load
from ingestion.options import Outcome
from ingestion.snapshots import SnapshotStore
from ingestion.state import AcceptedEdition, DatasetState, RowsSetAside
from leviers.warehouse.home import RunState, read_run_state

NAME = "agreste_census"
# As version 0.2.0 kept it; an edition that was never published has no years.
KEPT = {
    "accepted": [
        {"edition_id": "e1", "at": "2026-01-01T00:00:00+00:00", "files": ["f1"], "contents": {}},
        {"edition_id": "e2", "at": "2026-02-01T00:00:00+00:00", "files": ["f2"], "years": [
            {"indicator_id": "i", "year": 2020, "counted": "commune", "members": 3, "value_sum": 1.5},
        ]},
    ],
    "pending": None, "loaded": "e2", "refused": None, "reason": None, "refused_files": [],
    "profiles": {"table": {"rows": 4, "rows_change_pct": None}},
    "quarantined": [{
        "dataset_id": NAME, "snapshot_id": "s", "table_name": "table", "row_number": 2, "column_name": "c",
        "value": "x", "reason": "no number", "row_count": 3,
    }],
    "warnings": ["w"], "notes": [],
    "checks": [{
        "suite": "table", "expectation": "expect_column_values_to_be_between", "column": "rows", "success": True,
        "severity": "error", "observed": "4", "expected": "at least 1", "message": "m", "why": None,
        "exception": None, "guess": False,
    }],
    "received": 7, "not_fetched": None,
}  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The file of a state that an earlier version kept."""
    path = tmp_path / "raw" / NAME / "state.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(KEPT))
    return path


@pytest.mark.usefixtures("kept")
def test_a_state_that_an_earlier_version_kept_is_read(tmp_path: Path) -> None:
    state = SnapshotStore(tmp_path).state(NAME)
    assert (state.accepted_id, state.has_data, state.rows_loaded, state.rows_set_aside) == ("e2", True, 4, 3)
    assert state.checks[0].status == "passed"


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("asked", "day"), [("2026-01-15", "2026-01-01"), (None, "2026-02-01")])
def test_an_edition_that_an_earlier_version_kept_is_that_of_its_day(
    tmp_path: Path, asked: str | None, day: str
) -> None:
    edition = SnapshotStore(tmp_path).state(NAME).accepted_on(asked)
    assert edition
    assert edition.day == day


def test_a_state_that_an_earlier_version_kept_is_kept_alike(tmp_path: Path, kept: Path) -> None:
    """Only fields that came since are added."""
    store = SnapshotStore(tmp_path)
    store.save_state(NAME, store.state(NAME))
    content = json.loads(kept.read_text())
    content["accepted"][0] |= {"contents": {}}
    assert content["accepted"][0].pop("years") == []
    assert [edition.pop("newest") for edition in content["accepted"]] == [{}, {}]
    assert (content.pop("refused_for"), content.pop("failed_fetches")) == (None, 0)
    numbers = ("min_value", "max_value", "rows", "total")
    assert [[check.pop(name) for name in numbers] for check in content["checks"]] == [[None] * 4]
    assert content == KEPT


def test_a_state_with_something_unknown_is_set_aside(tmp_path: Path, kept: Path) -> None:
    kept.write_text(json.dumps(KEPT | {"checks": [{"suite": "table"}]}))
    damage = SnapshotStore(tmp_path).set_aside_damaged_state(load_catalog()[NAME])
    assert damage
    assert damage.endswith(" (checks.0.expectation: Field required)")
    assert SnapshotStore(tmp_path).state(NAME) == DatasetState(pending=[])


def test_the_state_of_a_run_that_an_earlier_version_kept_is_read(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"fingerprint": null, "region": "84", "demo": false, "unbuilt": ["a"]}')
    assert read_run_state(tmp_path) == RunState(region="84", unbuilt=("a",))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({"t.year": "2025"}, {"t.year": "2023"}, "its newest year is 2023, 2025 there"),
        ({"t.day": "2026-01-31"}, {"t.day": "2025-12-31"}, "its newest day is 2025-12-31, 2026-01-31 there"),
        ({"t.year": "2025"}, {"t.year": "2025"}, None),
        ({"t.year": "2023"}, {"t.year": "2025"}, None),
        ({"t.year": "2025", "t.day": "2025-01-31"}, {"t.year": "2023", "t.day": "2026-01-31"}, None),
        ({"t.year": "2025"}, {"u.year": "2023"}, None),
        ({}, {"t.year": "2023"}, None),
    ],
)
def test_an_edition_is_older_where_it_ends_before(
    before: dict[str, str], after: dict[str, str], why: str | None
) -> None:
    editions = [
        AcceptedEdition(edition_id=name, at=f"2026-0{name}-01", files=(name,), newest=newest)
        for name, newest in (("1", before), ("2", after))
    ]
    assert DatasetState(accepted=editions).why_older == (why and f"older than the edition before: {why}")


@pytest.mark.parametrize(
    ("state", "status", "message"),
    [
        (DatasetState(received=2), "changed", "changed: f.csv; 2 rows"),
        (
            DatasetState(received=7, quarantined=[RowsSetAside.model_validate(KEPT["quarantined"][0])]),  # type: ignore[index]
            "changed",
            "changed: f.csv; 4 rows; 3 rows in quarantine",
        ),
        (DatasetState(reason="no header"), "failed", "failed, absent: no header"),
        (DatasetState.model_validate(KEPT | {"reason": "no header"}), "failed", "failed, kept last good: no header"),
        (DatasetState(pending=["f"], received=2), "changed", "changed: f.csv; not loaded"),
    ],
    ids=["loaded", "quarantine", "absent", "last good", "not tried"],
)
def test_the_message_of_a_load_comes_from_the_state(state: DatasetState, status: str, message: str) -> None:
    outcome = after_load(Outcome(NAME, "changed", "changed: f.csv"), state)
    assert (outcome.status, outcome.message) == (status, message)
