"""Two published files: what was added, removed and changed is counted by table and indicator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from leviers.cli.main import main
from leviers.warehouse.publication.diff import Difference, DiffError, compare

KEYS = {"fct_indicator_value": ["indicator_id", "year"], "dim_lever": ["lever_id"], "fct_check_result": []}
VALUES = [("heat", 2020, 1.5, "MWh"), ("heat", 2021, None, "MWh"), ("solar", 2020, 3.0, "MW")]


def change(folder: Path, sql: str) -> None:
    with duckdb.connect(str(folder / "leviers.duckdb")) as connection:
        connection.execute(sql)


def publication(
    folder: Path,
    values: Sequence[tuple[object, ...]],
    levers: list[str],
    check: str = "passed",
    *,
    package: bool = True,
) -> Path:
    folder.mkdir()
    with duckdb.connect(str(folder / "leviers.duckdb")) as connection:
        connection.execute("create schema marts; create schema quality")
        connection.execute(
            "create table marts.fct_indicator_value (indicator_id varchar, year integer, value double, unit varchar)"
        )
        connection.executemany("insert into marts.fct_indicator_value values (?, ?, ?, ?)", values)
        connection.execute("create table marts.dim_lever (lever_id varchar)")
        connection.executemany("insert into marts.dim_lever values (?)", [[lever] for lever in levers])
        connection.execute("create table quality.fct_check_result (checked_at timestamp, status varchar)")
        connection.execute("insert into quality.fct_check_result values (now()::timestamp, ?)", [check])
    if package:
        resources = [{"name": name, "schema": {"primaryKey": key} if key else {}} for name, key in KEYS.items()]
        (folder / "datapackage.json").write_text(json.dumps({"resources": resources}))
    return folder


def test_equal_publications_have_no_difference(tmp_path: Path) -> None:
    old = publication(tmp_path / "l'ancienne", VALUES, ["one"])
    new = publication(tmp_path / "new", VALUES[::-1], ["one"])
    assert compare(old, new) == []
    assert compare(old / "leviers.duckdb", new) == []
    done = CliRunner().invoke(main, ["diff", str(old), str(new)])
    assert (done.exit_code, done.output) == (0, "equal\n")


def test_rows_are_counted_by_table_and_indicator(tmp_path: Path) -> None:
    old = publication(tmp_path / "old", VALUES, ["one", "two"])
    changed = [("heat", 2020, 1.6, "MWh"), ("heat", 2021, 0.0, "MWh"), ("wind", 2020, 1.0, "MW")]
    new = publication(tmp_path / "new", changed, ["one", "three"], "failed")
    assert compare(old, new) == [
        Difference("marts.dim_lever", None, 1, 1, 0),
        Difference("marts.fct_indicator_value", "heat", 0, 0, 2, ("value",)),
        Difference("marts.fct_indicator_value", "solar", 0, 1, 0),
        Difference("marts.fct_indicator_value", "wind", 1, 0, 0),
        Difference("quality.fct_check_result", None, 1, 1, 0),
    ]
    done = CliRunner().invoke(main, ["diff", str(old), str(new)])
    assert done.exit_code == 1
    assert "marts.fct_indicator_value: heat: 2 changed (value)\n" in done.output
    assert done.output.endswith("5 difference(s)\n")


def test_values_of_a_view_are_compared(tmp_path: Path) -> None:
    publications = [publication(tmp_path / name, VALUES, ["one"]) for name in ("old", "new")]
    for words, folder in zip(("moyen", "un moyen"), publications, strict=True):
        change(folder, f"create schema vues; create view vues.fait_nom as select '{words}' as nom from marts.dim_lever")
    old, new = publications
    assert compare(old, new) == [Difference("vues.fait_nom", None, 1, 1, 0)]


def test_an_indicator_is_named_as_the_newer_file_does(tmp_path: Path) -> None:
    """One that is gone has its name in the older file."""
    old = publication(tmp_path / "old", VALUES, ["one"])
    new = publication(tmp_path / "new", [("heat", 2020, 1.6, "MWh")], ["one"])
    for folder, rows in (
        (old, "('heat', 'Old'), ('solar', 'Sun')"),
        (new, "('heat', 'Heat')"),
    ):
        with duckdb.connect(str(folder / "leviers.duckdb")) as connection:
            connection.execute(
                f"create table marts.dim_indicator as from (values {rows}) as t (indicator_id, label_en)"
            )
    assert [change.label_en for change in compare(old, new) if change.indicator_id] == ["Heat", "Sun"]
    assert "heat (Heat): 1 removed" in CliRunner().invoke(main, ["diff", str(old), str(new)]).output


def test_the_last_bits_of_a_sum_are_no_difference(tmp_path: Path) -> None:
    old = publication(tmp_path / "old", [("heat", 2020, 0.1 + 0.2, "MWh")], ["one"])
    assert compare(old, publication(tmp_path / "new", [("heat", 2020, 0.3, "MWh")], ["one"])) == []
    other = publication(tmp_path / "other", [("heat", 2020, 0.3000001, "MWh")], ["one"])
    assert [difference.changed for difference in compare(old, other)] == [1]
    assert compare(old, other, ["value"]) == []
    with pytest.raises(DiffError, match="no such column: valeu"):
        compare(old, other, ["valeu"])


def test_tables_and_columns_of_one_file_are_named(tmp_path: Path) -> None:
    old = publication(tmp_path / "old", VALUES, ["one"])
    new = publication(tmp_path / "new", VALUES, ["one"])
    change(new, "create table marts.dim_theme as select 'energy' as theme_id; drop table quality.fct_check_result")
    change(new, "alter table marts.fct_indicator_value add column is_provisional boolean")
    assert [difference.sentence for difference in compare(old, new)] == [
        "marts.dim_theme: 1 added, a new table",
        "marts.fct_indicator_value: new column is_provisional",
        "quality.fct_check_result: 1 removed, the table is gone",
    ]


def test_another_type_is_a_difference_and_infinity_equals_itself(tmp_path: Path) -> None:
    values = [("heat", 2020, float("inf"), "MWh")]
    old = publication(tmp_path / "old", values, ["one"])
    new = publication(tmp_path / "new", values, ["one"])
    assert compare(old, new) == []
    change(new, "alter table marts.fct_indicator_value alter year type bigint")
    assert [difference.sentence for difference in compare(old, new)] == [
        "marts.fct_indicator_value: year is BIGINT, was INTEGER"
    ]


def test_a_difference_names_what_cannot_be_compared(tmp_path: Path) -> None:
    bare = publication(tmp_path / "bare", VALUES, ["one"], package=False)
    with pytest.raises(DiffError, match=r"no datapackage\.json beside"):
        compare(bare, bare)
    with pytest.raises(DiffError, match=r"no leviers\.duckdb here"):
        compare(tmp_path, bare)
    assert CliRunner().invoke(main, ["diff", str(tmp_path), str(bare)]).exit_code == 2


@pytest.mark.parametrize("name", ["damaged.duckdb", "table.csv"])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, name: str) -> None:
    """A copy that broke off, and a file of another kind, which DuckDB would open as an empty database."""
    good = publication(tmp_path / "good", VALUES, ["one"])
    bad = tmp_path / name
    bad.write_bytes((good / "leviers.duckdb").read_bytes()[:5000] if name == "damaged.duckdb" else b"a;b\n1;2\n")
    done = CliRunner().invoke(main, ["diff", str(bad), str(good)])
    assert done.exit_code == 2
    assert f"Error: {bad}: no DuckDB file that can be read: " in done.output
