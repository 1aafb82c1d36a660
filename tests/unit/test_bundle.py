"""The figures that ship with the project, made from a small warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tools.bundle import main

WAREHOUSE = Path(__file__).with_name("bundle.sql")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(WAREHOUSE.read_text(encoding="utf-8"))
    return path


def test_a_dataset_that_no_longer_qualifies_goes(warehouse: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bundled"
    for name in ("bundled_gone", "bundled_shared_alike", "bundled_open_one", "written_by_hand"):
        (folder / name).mkdir(parents=True)
        (folder / name / "figures.csv").write_text("old")
    main(warehouse, folder, tmp_path / "breaks.csv")
    assert sorted(path.name for path in folder.iterdir()) == [
        "bundled_etalab_decoupage",
        "bundled_ign_contours",
        "bundled_open_one",
        "bundled_sgpe_cop_simulator",
        "written_by_hand",
    ]
    assert [path.name for path in (folder / "bundled_open_one").iterdir()] == ["figures.parquet"]


@pytest.fixture
def figures(warehouse: Path, tmp_path: Path) -> list[dict[str, Any]]:
    main(warehouse, tmp_path / "bundled", tmp_path / "breaks.csv")
    return pq.read_table(tmp_path / "bundled" / "bundled_open_one" / "figures.parquet").to_pylist()


def test_a_year_that_is_not_over_is_part_of_year(figures: list[dict[str, Any]]) -> None:
    parts = {row["year"]: row["is_part_of_year"] for row in figures if row["indicator_id"] == "sales"}
    assert parts == {2098: False, 2099: True}


def test_sites_ship_by_the_levels_that_their_territory_allows(figures: list[dict[str, Any]]) -> None:
    columns = ("territory_level", "territory_code", "value")
    sites = [tuple(row[name] for name in columns) for row in figures if row["indicator_id"] != "sales"]
    assert sites == [("commune", "09", 7.0), ("commune", "09999", 1.5), ("epci", "999999999", 1.5)]


def test_breaks_ship_with_the_figures_except_of_communes(warehouse: Path, tmp_path: Path) -> None:
    breaks = tmp_path / "breaks.csv"
    main(warehouse, tmp_path / "bundled", breaks)
    assert breaks.read_text().splitlines() == [
        "indicator_id,territory_level,territory_code,break_year,reason_fr,broken_pct",
        "sales,region,76,2099,Test,12.5",
    ]
