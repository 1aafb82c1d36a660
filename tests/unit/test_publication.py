"""A publication: on the disk before it is swapped in, and with its line beside those before it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from stat import S_ISDIR
from typing import Any, NoReturn

import duckdb
import pytest

from ingestion.fault import DEFECT, Defect
from ingestion.snapshots import sha256_of
from ingestion.state import DamagedFileError
from leviers.warehouse.home import SLIM, RunState, missing_pages, published_file, read_run_state, write_run_state
from leviers.warehouse.publication import publish as publication
from leviers.warehouse.publication.history import (
    CHANGES,
    CHECK_RESULTS,
    OWN_TABLES,
    PUBLICATIONS,
    PUBLICATIONS_IN_FRENCH,
)
from leviers.warehouse.publication.publish import publish
from leviers.warehouse.publication.relations import CONTRACT_VERSION, Documentation
from leviers.warehouse.runs.damage import altered_files, set_aside_damaged
from tests.conftest import without_pages

VALUES = "create or replace table marts.fct_indicator_value as select * from (values {rows}) as _ ({columns})"
COLUMNS = "indicator_id, territory_level, territory_code, year, value, dataset_id"


def change(home: Path, sql: str) -> None:
    """Changes the working file."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(sql)


def hold(home: Path, *rows: str, sha256: str = "a") -> None:
    """Puts other values into the working file, from a file of this hash."""
    values = VALUES.format(rows=", ".join(rows), columns=COLUMNS)
    change(home, f"{values}; update marts.dim_snapshot set sha256 = '{sha256}'")


def rows_of(published: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.execute(sql, parameters).fetchall()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse of a few rows; the macros read tables that it lacks, and `tests/e2e/test_star.py` holds them."""
    (tmp_path / "macros.sql").write_text("")
    monkeypatch.setattr(publication, "MACROS", tmp_path / "macros.sql")
    change(
        tmp_path,
        """
        create schema marts;
        create schema quality;
        create table marts.dim_snapshot as select 'test' as dataset_id, 'a' as sha256;
        create table marts.dim_dataset as
        select
            'test' as dataset_id, 'Test' as title_fr, 'MIT' as licence, 'MIT' as licence_label_fr,
            null as licence_url, true as republish, 'Test' as attribution, null as homepage;
        create table marts.dim_indicator as
        select * from (values ('heat', 'Chaleur'), ('wind', 'Vent')) as t (indicator_id, label_fr)
        """,
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


def test_a_web_server_may_read_the_publication_and_no_more(home: Path) -> None:
    (home / "inputs").mkdir(mode=0o700)
    of_the_home = home.stat().st_mode
    before = os.umask(0o077)
    try:
        first = publish(home, "76", [], {}, reports).resolve()
        for path in first.parent.rglob("*"):  # as an earlier version left it
            path.chmod(0o700 if path.is_dir() else 0o600)
        published = publish(home, "76", [], {}, reports).resolve().parent
    finally:
        os.umask(before)
    modes = {
        path.relative_to(home): path.stat().st_mode for path in [published.parent, published, *published.rglob("*")]
    }
    assert any(path.stat().st_nlink > 1 for path in published.rglob("*.parquet"))
    assert [str(path) for path, mode in modes.items() if mode & 0o044 != 0o044] == []
    assert [str(path) for path, mode in modes.items() if S_ISDIR(mode) and mode & 0o011 != 0o011] == []
    assert (home.stat().st_mode, (home / "inputs").stat().st_mode & 0o077) == (of_the_home, 0)


@without_pages()
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
    contact = "l'observatoire, info@example.org"
    columns = "region, contract_version, indicator_count, value_count, values_added, values_restated, values_withdrawn"
    columns = f"publication_id, previous_publication_id, {columns}, contact"
    assert rows_of(third, f"select {columns} from {PUBLICATIONS.address}") == [
        (names[0], None, "76", CONTRACT_VERSION, 1, 1, None, None, None, None),
        (names[1], names[0], "all", CONTRACT_VERSION, 1, 1, 0, 1, 0, contact),
        (names[2], names[1], "76", CONTRACT_VERSION, 1, 1, 1, 0, 1, contact),
    ]
    assert rows_of(third, f"from {CHANGES.address}") == [
        (names[1], names[0], "test", "heat", 0, 1, 0, 50.0, 2020, 2020, True),
        (names[2], names[1], "test", "heat", 0, 0, 1, None, 2020, 2020, False),
        (names[2], names[1], "test", "wind", 1, 0, 0, None, 2021, 2021, False),
    ]


@without_pages()
def test_history_has_no_equal_publication_and_no_older_contract(home: Path) -> None:
    old = publish(home, "76", [], {}, None).resolve()
    old.chmod(0o644)
    with duckdb.connect(str(old)) as connection:
        for table in (PUBLICATIONS, CHANGES):
            connection.execute(f"drop table {table.address}")
        connection.execute("create view marts.v_old as select * from marts.dim_dataset")
    new = publish(home, "76", [], {}, None)
    assert rows_of(new, "select view_name from duckdb_views() where schema_name = 'marts'") == []
    assert rows_of(new, f"select count(*) from {CHANGES.address}") == [(0,)]
    counts = "previous_publication_id, values_added, values_restated, values_withdrawn"
    assert rows_of(new, f"select {counts} from {PUBLICATIONS.address}") == [(old.parent.name, 0, 0, 0)]


def test_a_table_that_holds_what_it_held_is_not_written_again(home: Path) -> None:
    documentation = {"marts.dim_snapshot": Documentation("Files.", {"dataset_id": "The dataset."})}
    before = publish(home, "76", [], documentation, None)
    files = {path.name: path.stat().st_ino for path in (before.parent / "parquet").iterdir()}
    change(home, "update marts.dim_dataset set title_fr = 'Other'; create table marts.new as select 1 as one")
    after = publish(home, "76", [], documentation, None)
    changed = {path.name for path in (after.parent / "parquet").iterdir() if files.get(path.name) != path.stat().st_ino}
    own = {f"{table.name}.parquet" for table in OWN_TABLES}
    assert changed == {"dim_dataset.parquet", "new.parquet", *own}
    change(home, "drop table marts.new; alter table marts.dim_snapshot add column file_name varchar")
    last = publish(home, "76", [], documentation, None)
    columns = rows_of(
        last,
        "select table_name, column_name, comment from duckdb_columns() "
        "where table_name like 'dim_%' or table_name = 'new' order by all",
    )
    titles = rows_of(last, "select title_fr from marts.dim_dataset")
    parquet = rows_of(last, f"from '{last.parent}/parquet/dim_dataset.parquet' select title_fr")
    assert {table for table, _, _ in columns} == {"dim_dataset", "dim_indicator", "dim_snapshot"}
    assert ("dim_snapshot", "dataset_id", "The dataset.") in columns
    assert ("dim_snapshot", "file_name", None) in columns
    assert titles == parquet == [("Other",)]


def test_a_view_is_written_again_with_the_table_that_it_shows(home: Path) -> None:
    """Views are made in the order in which they read each other; here their names have the other order."""
    change(home, "create view marts.titles as select dataset_id, title_fr from marts.dim_dataset")
    change(home, "create view marts.all_titles as select title_fr from marts.titles")
    publish(home, "76", [], {}, None)
    change(home, "update marts.dim_dataset set title_fr = 'Other'")
    last = publish(home, "76", [], {}, None)
    for name in ("titles", "all_titles"):
        shown = rows_of(last, f"select title_fr from marts.{name}")
        assert shown == rows_of(last, f"from '{last.parent}/parquet/{name}.parquet' select title_fr") == [("Other",)]


@pytest.mark.parametrize(
    ("held", "order"),
    [
        pytest.param([("a", 1), ("b", 2), ("c", 4)], "abc", id="a value of the last one"),
        pytest.param([("a", 9), ("b", 2), ("c", 3)], "bca", id="a value of the first one"),
        pytest.param([("b", 2), ("c", 3)], "bc", id="one is gone"),
        pytest.param([("d", 4), ("a", 1), ("b", 2), ("c", 3)], "abcd", id="one is new"),
        pytest.param([("a", 9), ("b", 9), ("c", 3)], "abc", id="most of them"),
        pytest.param([(None, 9), ("a", 1), ("b", 2), ("c", 3)], "-abc", id="one without name"),
    ],
)
@without_pages()
def test_the_parts_of_a_long_table_that_differ_are_written_again(
    home: Path, held: list[tuple[str | None, int]], order: str
) -> None:
    """A part that is written again comes last."""

    def published(rows: list[tuple[str | None, int]]) -> list[tuple[str | None, int]]:
        values = [f"({part!r}, 'region', '76', 2020, {value}, 'test')" for part, value in rows]
        hold(home, *(value.replace("None", "null") for value in values))
        return rows_of(publish(home, "76", [], {}, None), "select indicator_id, value from marts.fct_indicator_value")

    assert published([("a", 1), ("b", 2), ("c", 3)]) == [("a", 1), ("b", 2), ("c", 3)]
    after = published(held)
    assert set(after) == set(held)
    assert "".join(part or "-" for part, _ in after) == order


@without_pages()
def test_the_fact_of_a_lever_that_applies_nowhere_is_not_published(home: Path) -> None:
    """The others are there as in the warehouse: a view stays a view."""
    change(
        home,
        """
        create view marts.fct_lever_solar as select 1 as value;
        create table marts.fct_lever_island as select 1 as value;
        create table marts.fct_lever_coverage as
        select * from (
            values ('solar', 'region', 1), ('solar', 'epci', 0), ('island', 'region', 0), ('island', 'epci', 0)
        ) as _ (lever_id, territory_level, territories_expected)
        """,
    )

    def facts(published: Path) -> dict[str, str]:
        kinds = dict(rows_of(published, "select table_name, table_type from information_schema.tables"))
        return {name: kinds[name] for name in ("fct_lever_solar", "fct_lever_island") if name in kinds}

    solar = {"fct_lever_solar": "VIEW"}
    assert facts(publish(home, "76", [], {}, None)) == solar
    change(home, "update marts.fct_lever_coverage set territories_expected = 1")
    assert facts(publish(home, "all", [], {}, None)) == solar | {"fct_lever_island": "BASE TABLE"}
    change(home, "update marts.fct_lever_coverage set territories_expected = 0 where lever_id = 'island'")
    assert facts(publish(home, "76", [], {}, None)) == solar


def test_a_file_that_cannot_be_written_leaves_the_publication_of_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(home, "76", [], {}).resolve()
    for writer in ("write_slim", "_write_parquet"):

        def broken(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
            patch.setattr(publication, writer, broken)
            publish(home, "76", [], {})
        assert published_file(home).resolve() == before


WHY = Defect("{defect}, at {place}: {error}", defect=DEFECT, place="leviers/site/pages.py:1", error="KeyError: 'x'")
A_PAGE = "site/territoires/a.html"


def pages(_: Path, folder: Path) -> dict[str, str]:
    (folder / "territoires").mkdir(parents=True, exist_ok=True)
    (folder / "territoires" / "a.html").write_text("<p>A</p>")
    return {}


def one_missing(_: Path, __: Path) -> dict[str, str]:
    return {A_PAGE.removeprefix("site/"): WHY}


def broken(*_: Path) -> NoReturn:
    raise KeyError("x")


def checks(published: Path, relation: str = CHECK_RESULTS.address) -> list[tuple[str, ...]]:
    columns = "subject, guard, status, severity, message"
    return rows_of(published, f"select {columns} from {relation} where guard = 'site' order by all")


@pytest.fixture
def spoilt(home: Path) -> Path:
    """A publication without one of its pages, after a whole one."""
    assert checks(publish(home, "76", [], {}, reports, pages)) == []
    return publish(home, "76", [], {}, reports, one_missing)


def test_a_page_that_cannot_be_made_is_a_failed_check(spoilt: Path) -> None:
    assert checks(spoilt) == [(A_PAGE, "site", "crashed", "warning", f"{A_PAGE}: {WHY}")]


def test_a_page_that_cannot_be_made_is_noted_as_missing(home: Path, spoilt: Path) -> None:
    assert missing_pages(home) == {A_PAGE: f"{A_PAGE}: {WHY}"}
    assert missing_pages(home)[A_PAGE].french == (
        f"{A_PAGE} : fabrication de la page ou du fichier ; trouvé : "
        "un défaut du programme, à leviers/site/pages.py:1 ; KeyError: 'x'"
    )
    assert set_aside_damaged(home) == []


def test_a_missing_page_is_a_warning_of_its_publication(spoilt: Path) -> None:
    publication_id = spoilt.resolve().parent.name
    for file, counted in (
        (spoilt, f"select warning_count from {PUBLICATIONS.address}"),
        (spoilt.with_name(SLIM), f"select nombre_avertissements from {PUBLICATIONS_IN_FRENCH.address}"),
    ):
        assert rows_of(file, f"{counted} where publication_id = ?", publication_id) == [(1,)]


def test_the_check_of_a_missing_page_is_in_parquet_with_its_hash(spoilt: Path) -> None:
    parquet = spoilt.parent / "parquet" / "fct_check_result.parquet"
    assert checks(spoilt, f"'{parquet}'") == checks(spoilt)
    package = json.loads((spoilt.parent / "datapackage.json").read_text(encoding="utf-8"))
    hashes = {entry["name"]: entry["hash"] for entry in package["resources"]}
    assert hashes["fct_check_result"] == f"sha256:{sha256_of(parquet)}"


@pytest.mark.usefixtures("spoilt")
def test_a_site_that_cannot_be_made_is_one_page_that_says_so(home: Path) -> None:
    published = publish(home, "76", [], {}, broken, broken)
    assert [subject for subject, *_ in checks(published)] == ["reports/index.html", "site/index.html"]
    [file] = [path for path in (published.parent / "site").rglob("*") if path.is_file()]
    assert file.name == "index.html"
    assert "n'a pas pu être faite" in file.read_text(encoding="utf-8")
    assert set_aside_damaged(home) == []


def test_a_folder_in_the_place_of_a_published_file_does_not_end_a_run(home: Path) -> None:
    seal = publish(home, "76", [], {}).with_name("datapackage.json")
    seal.unlink()
    seal.mkdir()
    assert len(set_aside_damaged(home)) == 1


def flip(file: Path, at: int) -> None:
    file.chmod(0o644)
    with file.open("r+b") as opened:
        opened.seek(at)
        flipped = bytes(byte ^ 0xFF for byte in opened.read(16))
        opened.seek(at)
        opened.write(flipped)


@pytest.mark.parametrize("name", ["gate.json", "dbt_tests.json", "published/seal.json"])
def test_with_a_damaged_file_of_the_build_all_is_built_again(home: Path, name: str) -> None:
    publish(home, "76", [], {})
    write_run_state(home, RunState(fingerprint="a"))
    (home / name).write_text("{")
    assert len(set_aside_damaged(home)) == 1
    state = read_run_state(home)
    assert state
    assert state.fingerprint is None


@pytest.mark.parametrize("sealed", [True, False])
def test_history_goes_on_from_the_file_before_a_damaged_one(home: Path, *, sealed: bool) -> None:
    """A publication that an earlier version made has no seal: it is read to its end."""
    first = publish(home, "76", [], {}).resolve()
    hold(home, "('heat', 'region', '76', 2020, 1.5, 'test')", sha256="b")
    second = publish(home, "76", [], {})
    flip(second, at=second.stat().st_size - 262144 + 100)
    if not sealed:
        second.with_name("seal.json").unlink()
    older = first.parent.with_name("20000101T000000-12345678")  # its files have the date of a copy
    shutil.copytree(first.parent, older, copy_function=shutil.copyfile)
    for name in ("run.json", "gate.json", "dbt_tests.json"):
        (home / name).write_text('{"region": ')
    lines = set_aside_damaged(home)
    assert [line.partition(" lies in ")[0] for line in lines] == [
        f"damaged: {home / name}" for name in ("run.json", "gate.json", "dbt_tests.json", "published/leviers.duckdb")
    ]
    names = ("run.json", "gate.json", "dbt_tests.json", "leviers.duckdb")
    assert all((home / f"{name}.damaged").exists() for name in names)
    assert set_aside_damaged(home) == []
    third = publish(home, "76", [], {})
    query = f"select previous_publication_id, values_restated from {PUBLICATIONS.address} where publication_id = ?"
    assert rows_of(third, query, third.resolve().parent.name) == [(first.parent.name, 1)]


def test_a_lost_or_altered_part_of_a_publication_is_made_again(home: Path) -> None:
    """A look sees another size, a run another content too: a table that did not change would else be taken over."""

    folder = publish(home, "76", [], {}, reports, pages).parent
    (folder / "reports" / "index.html").unlink()
    (folder / "leviers-bi.duckdb").chmod(0o644)
    (folder / "leviers-bi.duckdb").write_bytes(b"cut")
    flip(folder / "parquet" / "fct_indicator_value.parquet", at=20)
    (folder / A_PAGE).write_text("<p>B</p>")
    gone_or_cut = ["leviers-bi.duckdb", "reports/index.html"]
    assert sorted(altered_files(home, hashed=False)) == gone_or_cut
    altered = [*gone_or_cut, "parquet/fct_indicator_value.parquet", A_PAGE]
    assert sorted(altered_files(home)) == sorted(altered)
    [line] = set_aside_damaged(home)
    assert line.startswith("damaged: ")
    assert line.endswith(" and 1 more: this run is to make them again")
    again = publish(home, "76", [], {}, reports, pages).parent
    assert altered_files(home) == []
    assert (again / "parquet" / "fct_indicator_value.parquet").read_bytes()[:4] == b"PAR1"


def test_a_damaged_seal_is_set_aside_and_made_again(home: Path) -> None:
    """The file that it sealed is whole, but nobody knows any more which of its pages are missing."""
    published = publish(home, "76", [], {}, reports, lambda published, folder: {"a.html": "x"})
    seal = published.with_name("seal.json")
    seal.write_text(seal.read_text()[:40])
    with pytest.raises(DamagedFileError):
        missing_pages(home)
    [line] = set_aside_damaged(home)
    assert line.startswith(f"damaged: {seal} lies in {home / 'seal.json.damaged'}, this run is to make it again: ")
    assert (published.exists(), seal.exists()) == (True, False)
    publish(home, "76", [], {}, reports, lambda published, folder: {"a.html": "x"})
    assert list(missing_pages(home)) == ["site/a.html"]


@without_pages()
def test_the_publication_before_is_kept_whatever_the_clock_said(home: Path) -> None:
    names = [publish(home, "76", [], {}).resolve().parent for _ in range(2)]
    ahead = names[0].with_name("20991231T000000-12345678")
    names[0].rename(ahead)
    last = publish(home, "76", [], {}).resolve().parent
    assert {path.name for path in (home / "publications").iterdir()} == {names[1].name, last.name}
