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
from leviers.warehouse.publication.history import CHANGES, CHECK_RESULTS, PUBLICATIONS
from leviers.warehouse.publication.publish import publish
from leviers.warehouse.publication.relations import CONTRACT_VERSION, Documentation
from leviers.warehouse.runs.damage import altered_files, set_aside_damaged
from tests.conftest import without_pages

VALUES = "create or replace table marts.fct_indicator_value as select * from (values {rows}) as _ ({columns})"
TABLES = {
    f"marts.{name}": Documentation("")
    for name in (
        "dim_dataset", "dim_indicator", "dim_snapshot", "fct_indicator_value", "fct_lever_coverage", "fct_lever_island",
        "fct_lever_solar",
    )
}  # fmt: skip
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


def test_all_is_on_the_disk_before_the_swap_and_after_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_published: list[bool] = []
    monkeypatch.setattr(os, "sync", lambda: is_published.append((home / "published").exists()))
    publish(home, "76", [], TABLES, reports)
    assert is_published == [False, True]


def test_a_web_server_may_read_the_publication_and_no_more(home: Path) -> None:
    (home / "inputs").mkdir(mode=0o700)
    of_the_home = home.stat().st_mode
    before = os.umask(0o077)
    try:
        published = publish(home, "76", [], TABLES, reports).resolve().parent
    finally:
        os.umask(before)
    modes = {
        path.relative_to(home): path.stat().st_mode for path in [published.parent, published, *published.rglob("*")]
    }
    assert [str(path) for path, mode in modes.items() if mode & 0o044 != 0o044] == []
    assert [str(path) for path, mode in modes.items() if S_ISDIR(mode) and mode & 0o011 != 0o011] == []
    assert (home.stat().st_mode, (home / "inputs").stat().st_mode & 0o077) == (of_the_home, 0)


@without_pages()
def test_each_publication_says_what_it_changed_and_keeps_those_before_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(home, "76", [], TABLES, None).resolve()
    monkeypatch.setenv("LEVIERS_CONTACT", " l'observatoire, info@example.org ")
    restated = "('heat', 'region', '76', 2020, 1.5, 'test'), ('wind', 'region', '76', 2021, NULL, 'test')"
    hold(home, restated, sha256="b")
    second = publish(home, "all", [], TABLES, None).resolve()
    hold(home, "('heat', 'region', '76', 2020, NULL, 'test'), ('wind', 'region', '76', 2021, 2.0, 'test')", sha256="b")
    third = publish(home, "76", [], TABLES, None).resolve()
    names = [file.parent.name for file in (first, second, third)]
    contact = "l'observatoire, info@example.org"
    counts = "nombre_series, nombre_valeurs, valeurs_ajoutees, valeurs_revisees, valeurs_retirees"
    columns = f"publication_id, publication_precedente_id, region_demandee, version_du_contrat, {counts}, contact"
    assert rows_of(third, f"select {columns} from {PUBLICATIONS}") == [
        (names[0], None, "76", CONTRACT_VERSION, 1, 1, None, None, None, None),
        (names[1], names[0], "all", CONTRACT_VERSION, 1, 1, 0, 1, 0, contact),
        (names[2], names[1], "76", CONTRACT_VERSION, 1, 1, 1, 0, 1, contact),
    ]
    assert rows_of(third, f"select * exclude (publie_le, jeu) from {CHANGES}") == [
        (names[0], "première publication", *[None] * 10),
        (names[1], "des valeurs ont changé", "test", "heat", "Chaleur", 0, 1, 0, 50.0, 2020, 2020, True),
        (names[2], "des valeurs ont changé", "test", "heat", "Chaleur", 0, 0, 1, None, 2020, 2020, False),
        (names[2], "des valeurs ont changé", "test", "wind", "Vent", 1, 0, 0, None, 2021, 2021, False),
    ]


@without_pages()
def test_a_publication_after_one_of_an_older_contract_begins_the_history(home: Path) -> None:
    old = publish(home, "76", [], TABLES, None).resolve()
    old.chmod(0o644)
    with duckdb.connect(str(old)) as connection:
        for table in (PUBLICATIONS, CHANGES):
            connection.execute(f"drop table {table}")
    new = publish(home, "76", [], TABLES, None)
    assert rows_of(new, f"select constat from {CHANGES}") == [("aucune valeur n'a changé",)]
    counts = "publication_precedente_id, valeurs_ajoutees, valeurs_revisees, valeurs_retirees"
    assert rows_of(new, f"select {counts} from {PUBLICATIONS}") == [(old.parent.name, 0, 0, 0)]


def test_tables_and_views_are_published_as_tables_with_their_comments(home: Path) -> None:
    """The rows of a view of `vues` are in the order of their key. A table without documentation is not published."""
    change(home, "create schema vues; create view vues.titles as from (values (2, 'b'), (1, 'a')) as _ (number, title)")
    change(home, "create table marts.kept_back as select 1 as one")
    documentation = TABLES | {"vues.titles": Documentation("Titles.", {"title": "A title."}, key=("number",))}
    last = publish(home, "76", [], documentation, None)
    assert rows_of(last, "from vues.titles") == [(1, "a"), (2, "b")]
    assert rows_of(last, f"from '{last.parent}/parquet/titles.parquet'") == [(1, "a"), (2, "b")]
    assert rows_of(last, "select view_name from duckdb_views() where not internal") == []
    assert rows_of(last, "select 1 from duckdb_tables() where table_name = 'kept_back'") == []
    comments = rows_of(last, "select column_name, comment from duckdb_columns() where table_name = 'titles'")
    assert comments == [("number", None), ("title", "A title.")]


@without_pages()
def test_the_fact_of_a_lever_that_applies_nowhere_is_not_published(home: Path) -> None:
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
    of_levers = "select table_name from duckdb_tables() where table_name in ('fct_lever_solar', 'fct_lever_island')"
    assert rows_of(publish(home, "76", [], TABLES, None), of_levers) == [("fct_lever_solar",)]
    change(home, "update marts.fct_lever_coverage set territories_expected = 1")
    assert len(rows_of(publish(home, "all", [], TABLES, None), of_levers)) == 2


def test_a_file_that_cannot_be_written_leaves_the_publication_of_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(home, "76", [], TABLES).resolve()
    for writer in ("write_slim", "_write_copies", "write_datapackage"):

        def broken(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
            patch.setattr(publication, writer, broken)
            publish(home, "76", [], TABLES)
        assert published_file(home).resolve() == before
        assert [path.name for path in (home / "publications").iterdir()] == [before.parent.name]


WHY = Defect(f"{DEFECT}, at leviers/site/pages.py:1: KeyError: 'x'")
A_PAGE = "site/territoires/a.html"


def pages(_: Path, folder: Path) -> dict[str, str]:
    (folder / "territoires").mkdir(parents=True, exist_ok=True)
    (folder / "territoires" / "a.html").write_text("<p>A</p>")
    return {}


def one_missing(_: Path, __: Path) -> dict[str, str]:
    return {A_PAGE.removeprefix("site/"): WHY}


def broken(*_: Path) -> NoReturn:
    raise KeyError("x")


def checks(published: Path, relation: str = CHECK_RESULTS) -> list[tuple[str, ...]]:
    columns = "subject, guard, status, severity, message"
    return rows_of(published, f"select {columns} from {relation} where guard = 'site' order by all")


@pytest.fixture
def spoilt(home: Path) -> Path:
    """A publication without one of its pages, after a whole one."""
    assert checks(publish(home, "76", [], TABLES, reports, pages)) == []
    return publish(home, "76", [], TABLES, reports, one_missing)


def test_a_page_that_cannot_be_made_is_a_failed_check(spoilt: Path) -> None:
    assert checks(spoilt) == [(A_PAGE, "site", "crashed", "warning", f"{A_PAGE}: {WHY}")]


def test_a_page_that_cannot_be_made_is_noted_as_missing(home: Path, spoilt: Path) -> None:
    assert missing_pages(home) == {A_PAGE: f"{A_PAGE}: {WHY}"}
    assert set_aside_damaged(home) == []


def test_a_missing_page_is_a_warning_of_its_publication(spoilt: Path) -> None:
    publication_id = spoilt.resolve().parent.name
    counted = f"select nombre_avertissements from {PUBLICATIONS} where publication_id = ?"
    for file in (spoilt, spoilt.with_name(SLIM)):
        assert rows_of(file, counted, publication_id) == [(1,)]


def test_the_check_of_a_missing_page_is_in_parquet_with_its_hash(spoilt: Path) -> None:
    parquet = spoilt.parent / "parquet" / "fct_check_result.parquet"
    assert checks(spoilt, f"'{parquet}'") == checks(spoilt)
    package = json.loads((spoilt.parent / "datapackage.json").read_text(encoding="utf-8"))
    hashes = {entry["name"]: entry["hash"] for entry in package["resources"]}
    assert hashes["fct_check_result"] == f"sha256:{sha256_of(parquet)}"


@pytest.mark.usefixtures("spoilt")
def test_a_site_that_cannot_be_made_is_one_page_that_says_so(home: Path) -> None:
    published = publish(home, "76", [], TABLES, broken, broken)
    assert [subject for subject, *_ in checks(published)] == ["reports/index.html", "site/index.html"]
    [file] = [path for path in (published.parent / "site").rglob("*") if path.is_file()]
    assert file.name == "index.html"
    assert "n'a pas pu être faite" in file.read_text(encoding="utf-8")
    assert set_aside_damaged(home) == []


def test_a_folder_in_the_place_of_a_published_file_does_not_end_a_run(home: Path) -> None:
    seal = publish(home, "76", [], TABLES).with_name("datapackage.json")
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
    publish(home, "76", [], TABLES)
    write_run_state(home, RunState(fingerprint="a"))
    (home / name).write_text("{")
    assert len(set_aside_damaged(home)) == 1
    state = read_run_state(home)
    assert state
    assert state.fingerprint is None


def test_history_goes_on_from_the_file_before_a_damaged_one(home: Path) -> None:
    first = publish(home, "76", [], TABLES).resolve()
    hold(home, "('heat', 'region', '76', 2020, 1.5, 'test')", sha256="b")
    second = publish(home, "76", [], TABLES)
    flip(second, at=second.stat().st_size - 262144 + 100)
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
    third = publish(home, "76", [], TABLES)
    query = f"select publication_precedente_id, valeurs_revisees from {PUBLICATIONS} where publication_id = ?"
    assert rows_of(third, query, third.resolve().parent.name) == [(first.parent.name, 1)]


def test_a_lost_or_altered_part_of_a_publication_is_made_again(home: Path) -> None:
    """A look sees another size, a run another content too."""
    folder = publish(home, "76", [], TABLES, reports, pages).parent
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
    again = publish(home, "76", [], TABLES, reports, pages).parent
    assert altered_files(home) == []
    assert (again / "parquet" / "fct_indicator_value.parquet").read_bytes()[:4] == b"PAR1"


def test_a_damaged_seal_is_set_aside_and_made_again(home: Path) -> None:
    """The file that it sealed is whole, but nobody knows any more which of its pages are missing."""
    published = publish(home, "76", [], TABLES, reports, lambda published, folder: {"a.html": "x"})
    seal = published.with_name("seal.json")
    seal.write_text(seal.read_text()[:40])
    with pytest.raises(DamagedFileError):
        missing_pages(home)
    [line] = set_aside_damaged(home)
    assert line.startswith(f"damaged: {seal} lies in {home / 'seal.json.damaged'}, this run is to make it again: ")
    assert (published.exists(), seal.exists()) == (True, False)
    publish(home, "76", [], TABLES, reports, lambda published, folder: {"a.html": "x"})
    assert list(missing_pages(home)) == ["site/a.html"]


@without_pages()
def test_the_publication_before_is_kept_whatever_the_clock_said(home: Path) -> None:
    names = [publish(home, "76", [], TABLES).resolve().parent for _ in range(2)]
    ahead = names[0].with_name("20991231T000000-12345678")
    names[0].rename(ahead)
    last = publish(home, "76", [], TABLES).resolve().parent
    assert {path.name for path in (home / "publications").iterdir()} == {names[1].name, last.name}
