"""Every layout of the catalogue on synthetic files in its own dialect (``tests/fixtures``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import readers
from ingestion.catalog import Layout, Table, load_catalog
from ingestion.readers import ReadReport, arrow_schema, plain_queries
from ingestion.snapshots import Snapshot, SnapshotStore
from ingestion.typed_sql import typed_sql as readers_typed_sql
from tests.fixtures.mirror import fixtures as all_fixtures
from tests.ingestion.helpers import read, small

EXPECTED = {name: expected for fixture in all_fixtures().values() for name, expected in fixture["expected"].items()}
# The bundled figures are their own fixture: tests/e2e/test_demo.py reads them.
DATASETS = {name: small(dataset) for name, dataset in load_catalog().items() if dataset.is_built and not dataset.ships}
TABLES = {dataset.table_name(table): (dataset, table) for dataset in DATASETS.values() for table in dataset.tables}


@pytest.fixture(autouse=True)
def small_files_may_hold_bad_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_QUARANTINED_SHARE", 1)


Stored = Callable[[str], list[Snapshot]]


@pytest.fixture(scope="module")
def stored(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The snapshots of the fixture of a dataset, stored once for all its tables."""
    store = SnapshotStore(tmp_path_factory.mktemp("stored"))

    @cache
    def of(name: str) -> list[Snapshot]:
        paths = sorted((fixtures / name).iterdir())
        return [store.add(DATASETS[name], path, file_name=path.name, origin="mirror") for path in paths]

    return of


@pytest.mark.parametrize("dataset_id", DATASETS)
def test_each_dataset_has_fixtures_and_each_file_is_claimed(dataset_id: str, fixtures: Path) -> None:
    files = sorted((fixtures / dataset_id).iterdir())
    assert files
    for path in files:
        assert any(table.layouts_for(path.name) for table in DATASETS[dataset_id].tables), path.name


def test_every_expectation_is_of_a_table_of_the_catalogue() -> None:
    assert set(EXPECTED) == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_the_fixture_reads_as_expected(name: str, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file exercises each layout of the record; the statement on a plain file gives what the reader gives."""
    monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
    dataset, table = TABLES[name]
    snapshots = stored(dataset.dataset_id)
    plain = {
        snapshot.snapshot_id: query
        for snapshot in snapshots
        for query in plain_queries(dataset, table, [snapshot], ReadReport())
    }
    layouts = []

    def typed_sql(of: Table, layout: Layout, *rest: Any) -> str:
        layouts.append(layout.name)
        return readers_typed_sql(of, layout, *rest)

    monkeypatch.setattr(readers, "typed_sql", typed_sql)
    rows, report = read(dataset, *snapshots, table=table)
    expected = EXPECTED[name]
    set_aside = {(row.snapshot_id, row.row_number, row.column_name) for row in report.quarantined}
    assert report.received == report.loaded + len({key[:2] for key in set_aside})
    assert report.loaded == len(rows) == expected["rows"]
    assert {key: value for key, value in rows[0].items() if key != "snapshot_id"} == expected["first"]
    quarantined = [[row.row_number, row.column_name, row.value] for row in report.quarantined]
    assert quarantined == expected.get("quarantined", [])
    assert report.warnings == []
    assert set(layouts) == {layout.name for layout in table.layouts}
    for snapshot_id, query in plain.items():
        bad = [row for row in report.quarantined if row.snapshot_id == snapshot_id]
        stated = duckdb.default_connection().sql(query)
        if bad:
            with pytest.raises(duckdb.Error):
                stated.to_arrow_table()
        else:
            plain_rows = stated.to_arrow_table().cast(arrow_schema(table)).to_pylist()
            assert plain_rows == [row for row in rows if row["snapshot_id"] == snapshot_id]


def test_most_fixtures_in_csv_are_plain(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
    in_csv = {
        name: snapshots
        for name, (dataset, table) in TABLES.items()
        if (snapshots := [s for s in stored(dataset.dataset_id) if s.path.suffix == ".csv"])
        and table.layouts_for(snapshots[0].file_name)
    }
    plain = [name for name, snapshots in in_csv.items() if plain_queries(*TABLES[name], snapshots[:1], ReadReport())]
    assert len(plain) > len(in_csv) / 2
