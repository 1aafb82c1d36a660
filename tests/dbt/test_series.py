"""The unit of a series, in the seed, is the one that the catalogue record gives the column of that name."""

from __future__ import annotations

import csv

from ingestion.catalog import Dataset, load_catalog
from leviers.warehouse.project import REPOSITORY

SEEDS = REPOSITORY / "dbt" / "seeds" / "indicators"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _units(dataset: Dataset, series: str) -> set[str]:
    """Units of the column that the series names last, in the table that it names before, if it names one."""
    *qualifiers, column = series.split("/")
    named = [table for table in dataset.tables if table.name in qualifiers]
    columns = [table.columns[column] for table in named or dataset.tables if column in table.columns]
    return {found.unit for found in columns if found.unit}


def test_a_column_has_one_unit_in_the_record_and_in_the_seed() -> None:
    catalog = load_catalog()
    dataset_of = {row["indicator_id"]: row["dataset_id"] for row in _seed("indicators")}
    compared = [(row, _units(catalog[dataset_of[row["indicator_id"]]], row["series"])) for row in _seed("series")]
    assert sum(bool(units) for _, units in compared) > 50
    assert [(row, units) for row, units in compared if units and units != {row["source_unit"]}] == []


def test_the_seed_is_in_order() -> None:
    keys = [(row["staging_model"], row["series"]) for row in _seed("series")]
    assert keys == sorted(keys)
