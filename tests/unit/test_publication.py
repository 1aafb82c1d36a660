"""A publication is on the disk before it is swapped in: a power cut leaves the last one or this one, whole."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.publication import Documentation, publish


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            """
            create schema marts;
            create schema quality;
            create table marts.dim_snapshot as select 'test' as dataset_id;
            create table marts.dim_dataset as
            select
                'test' as dataset_id, 'Test' as title, 'MIT' as licence, null as licence_url, true as republish,
                'Test' as attribution, null as homepage
            """
        )
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "index.html").write_text("<p>Test</p>")
    return tmp_path


def test_every_file_is_on_the_disk_before_the_swap(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: dict[int, bool] = {}

    def fsync(descriptor: int) -> None:
        synced[os.fstat(descriptor).st_ino] = (home / "published").exists()

    monkeypatch.setattr(os, "fsync", fsync)
    published = publish(home, [], {}, home / "reports").parent.resolve()
    entries = [published, *published.rglob("*")]
    assert len(entries) > 5
    before_the_swap = {inode for inode, is_published in synced.items() if not is_published}
    assert [path.name for path in entries if path.stat().st_ino not in before_the_swap] == []
    assert published.parent.stat().st_ino in before_the_swap
    assert synced[home.stat().st_ino], "the swap itself"


def test_a_table_that_holds_what_it_held_is_not_written_again(home: Path) -> None:
    documentation = {"marts.dim_snapshot": Documentation("Files.", {"dataset_id": "The dataset."})}
    before = publish(home, [], documentation, None)
    files = {path.name: path.stat().st_ino for path in (before.parent / "parquet").iterdir()}
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("update marts.dim_dataset set title = 'Other'")
        connection.execute("create table marts.new as select 1 as one")
    after = publish(home, [], documentation, None)
    changed = {path.name for path in (after.parent / "parquet").iterdir() if files.get(path.name) != path.stat().st_ino}
    assert changed == {"dim_dataset.parquet", "new.parquet", "fct_check_result.parquet"}
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("drop table marts.new")
        connection.execute("alter table marts.dim_snapshot add column file_name varchar")
    last = publish(home, [], documentation, None)
    with duckdb.connect(str(last), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts' order by all"
        ).fetchall()
        titles = connection.execute("select title from marts.dim_dataset").fetchall()
        parquet = connection.execute(f"from '{last.parent}/parquet/dim_dataset.parquet' select title").fetchall()
    assert {table for table, _, _ in columns} == {"dim_dataset", "dim_snapshot"}
    assert ("dim_snapshot", "dataset_id", "The dataset.") in columns
    assert ("dim_snapshot", "file_name", None) in columns
    assert titles == parquet == [("Other",)]
