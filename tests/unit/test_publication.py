"""A publication: on the disk before it is swapped in, and with its line beside those before it."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.history import CHANGES, OWN_TABLES, PUBLICATIONS
from leviers.warehouse.publication import CONTRACT_VERSION, Documentation, publish

VALUES = "create or replace table marts.fct_indicator_value as select * from (values {rows}) as _ ({columns})"
COLUMNS = "indicator_id, territory_level, territory_code, year, value, dataset_id"


def hold(home: Path, *rows: str, sha256: str = "a") -> None:
    """Puts other values into the working file, from a file of this hash."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(VALUES.format(rows=", ".join(rows), columns=COLUMNS))
        connection.execute(f"update marts.dim_snapshot set sha256 = '{sha256}'")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            """
            create schema marts;
            create schema quality;
            create table marts.dim_snapshot as select 'test' as dataset_id, 'a' as sha256;
            create table marts.dim_dataset as
            select
                'test' as dataset_id, 'Test' as title_fr, 'MIT' as licence, 'MIT' as licence_label_fr,
                null as licence_url, true as republish, 'Test' as attribution, null as homepage
            """
        )
    hold(tmp_path, "('heat', 'region', '76', 2020, 1.0, 'test')")
    return tmp_path


def reports(folder: Path) -> None:
    folder.mkdir()
    (folder / "index.html").write_text("<p>Test</p>")


def test_every_file_is_on_the_disk_before_the_swap(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: dict[int, bool] = {}

    def fsync(descriptor: int) -> None:
        synced[os.fstat(descriptor).st_ino] = (home / "published").exists()

    monkeypatch.setattr(os, "fsync", fsync)
    published = publish(home, "76", [], {}, reports).parent.resolve()
    entries = [published, *published.rglob("*")]
    assert len(entries) > 5
    before_the_swap = {inode for inode, is_published in synced.items() if not is_published}
    assert [path.name for path in entries if path.stat().st_ino not in before_the_swap] == []
    assert published.parent.stat().st_ino in before_the_swap
    assert synced[home.stat().st_ino], "the swap itself"


def test_each_publication_says_what_it_changed_and_keeps_those_before_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(home, "76", [], {}, None).resolve()
    monkeypatch.setenv("LEVIERS_CONTACT", " l'observatoire, info@example.org ")
    restated = "('heat', 'region', '76', 2020, 1.5, 'test'), ('wind', 'region', '76', 2021, NULL, 'test')"
    hold(home, restated, sha256="b")
    second = publish(home, "all", [], {}, None).resolve()
    hold(home, "('heat', 'region', '76', 2020, NULL, 'test'), ('wind', 'region', '76', 2021, 2.0, 'test')", sha256="b")
    third = publish(home, "76", [], {}, None).resolve()
    names = [file.parent.name for file in (first, second, third)]
    with duckdb.connect(str(third), read_only=True) as connection:
        publications = connection.execute(
            f"""
            select
                publication_id, previous_publication_id, region, contract_version, indicator_count, value_count,
                values_added, values_restated, values_withdrawn, contact
            from {PUBLICATIONS.address}
            """
        ).fetchall()
        changes = connection.execute(f"from {CHANGES.address}").fetchall()
    contact = "l'observatoire, info@example.org"
    assert publications == [
        (names[0], None, "76", CONTRACT_VERSION, 1, 1, None, None, None, None),
        (names[1], names[0], "all", CONTRACT_VERSION, 1, 1, 0, 1, 0, contact),
        (names[2], names[1], "76", CONTRACT_VERSION, 1, 1, 1, 0, 1, contact),
    ]
    assert changes == [
        (names[1], names[0], "test", "heat", 0, 1, 0, 50.0, 2020, 2020, True),
        (names[2], names[1], "test", "heat", 0, 0, 1, None, 2020, 2020, False),
        (names[2], names[1], "test", "wind", 1, 0, 0, None, 2021, 2021, False),
    ]


def test_an_equal_publication_changes_nothing_and_one_of_an_older_contract_has_no_history(home: Path) -> None:
    old = publish(home, "76", [], {}, None).resolve()
    old.chmod(0o644)
    with duckdb.connect(str(old)) as connection:
        for table in (PUBLICATIONS, CHANGES):
            connection.execute(f"drop table {table.address}")
    new = publish(home, "76", [], {}, None)
    with duckdb.connect(str(new), read_only=True) as connection:
        assert connection.execute(f"select count(*) from {CHANGES.address}").fetchall() == [(0,)]
        counts = "previous_publication_id, values_added, values_restated, values_withdrawn"
        published = connection.execute(f"select {counts} from {PUBLICATIONS.address}").fetchall()
    assert published == [(old.parent.name, 0, 0, 0)]


def test_a_table_that_holds_what_it_held_is_not_written_again(home: Path) -> None:
    documentation = {"marts.dim_snapshot": Documentation("Files.", {"dataset_id": "The dataset."})}
    before = publish(home, "76", [], documentation, None)
    files = {path.name: path.stat().st_ino for path in (before.parent / "parquet").iterdir()}
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("update marts.dim_dataset set title_fr = 'Other'")
        connection.execute("create table marts.new as select 1 as one")
    after = publish(home, "76", [], documentation, None)
    changed = {path.name for path in (after.parent / "parquet").iterdir() if files.get(path.name) != path.stat().st_ino}
    own = {f"{table.name}.parquet" for table in OWN_TABLES}
    assert changed == {"dim_dataset.parquet", "new.parquet", *own}
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("drop table marts.new")
        connection.execute("alter table marts.dim_snapshot add column file_name varchar")
    last = publish(home, "76", [], documentation, None)
    with duckdb.connect(str(last), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() "
            "where table_name like 'dim_%' or table_name = 'new' order by all"
        ).fetchall()
        titles = connection.execute("select title_fr from marts.dim_dataset").fetchall()
        parquet = connection.execute(f"from '{last.parent}/parquet/dim_dataset.parquet' select title_fr").fetchall()
    assert {table for table, _, _ in columns} == {"dim_dataset", "dim_snapshot"}
    assert ("dim_snapshot", "dataset_id", "The dataset.") in columns
    assert ("dim_snapshot", "file_name", None) in columns
    assert titles == parquet == [("Other",)]
