"""The live route of each dataset: what comes through the fake of its portal is the fixture, or reads as it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion import readers
from ingestion.catalog import Dataset, Table, load_catalog
from ingestion.portals import PORTALS
from ingestion.snapshots import Snapshot, SnapshotStore
from tests.fakes.account import set_credentials
from tests.fakes.live import live_files, serve
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import Bring, read, small

DATASETS = {
    name: small(dataset)
    for name, dataset in load_catalog().items()
    if dataset.status == "built" and dataset.fetch and dataset.fetch.portal in PORTALS
}


FILTERS = {"qs", "filters", "where"}


@pytest.mark.parametrize("dataset_id", DATASETS)
def test_the_live_route_brings_the_rows_of_the_fixture(
    dataset_id: str, fixtures: Path, server: FakeServer, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MAX_QUARANTINED_SHARE", 1)
    set_credentials(monkeypatch)
    dataset = DATASETS[dataset_id]
    assert dataset.fetch
    files = live_files(dataset, fixtures / dataset_id)
    brought = bring.stored(serve(server, dataset, files))
    given = [
        SnapshotStore(tmp_path / "given").add(dataset, fixtures / dataset_id / name, file_name=name, origin="mirror")
        for name in files
    ]
    if _files(brought) == _files(given):
        return  # the rows are those of test_fixtures
    rows, expected = _rows(dataset, brought), _rows(dataset, given)
    assert any(rows.values())
    if FILTERS & set(dataset.fetch.params):
        assert all(set(listed) <= set(expected[name]) for name, listed in rows.items())
    else:
        assert rows == expected


def _files(snapshots: list[Snapshot]) -> set[tuple[str, str]]:
    return {(snapshot.file_name, snapshot.sha256) for snapshot in snapshots}


def _rows(dataset: Dataset, snapshots: list[Snapshot]) -> dict[str, list[str]]:
    """The rows of each raw table without their snapshot, in a fixed order."""
    return {dataset.table_name(table): sorted(_read(dataset, table, snapshots)) for table in dataset.tables}


def _read(dataset: Dataset, table: Table, snapshots: list[Snapshot]) -> list[str]:
    rows, _ = read(dataset, *snapshots, table=table)
    return [str({name: value for name, value in row.items() if name != "snapshot_id"}) for row in rows]
