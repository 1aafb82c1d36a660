"""The seed of series agrees with the records of the catalogue: units of columns, codes that are asked for."""

from __future__ import annotations

from ingestion.catalog import Dataset, load_catalog
from leviers.warehouse.seeds import seed_rows


def _units(dataset: Dataset, series: str) -> set[str]:
    """Units of the column that the series names last, in the table that it names before, if it names one."""
    *qualifiers, column = series.split("/")
    named = [table for table in dataset.tables if table.name in qualifiers]
    columns = [table.columns[column] for table in named or dataset.tables if column in table.columns]
    return {declared.unit for declared in columns if declared.unit}


def test_a_column_has_one_unit_in_the_record_and_in_the_seed() -> None:
    catalog = load_catalog()
    dataset_of = {row["indicator_id"]: row["dataset_id"] for row in seed_rows("indicators/indicators")}
    series = seed_rows("indicators/series")
    compared = [(row, _units(catalog[dataset_of[row["indicator_id"]]], row["series"])) for row in series]
    assert any(units for _, units in compared)
    assert [(row, units) for row, units in compared if units and units != {row["source_unit"]}] == []


def test_the_sectors_that_a_portal_is_asked_for_are_those_with_a_series() -> None:
    """The total is no sector of the portal: the model adds up the five."""
    series = seed_rows("indicators/series")
    codes = {row["series"] for row in series if row["source_model"] == "int_atmo_emissions_dated"}
    fetch = load_catalog()["atmo_emissions_sector"].fetch
    assert fetch
    sectors = fetch.params["sectors"]
    assert isinstance(sectors, list)
    assert codes - {"total"} == set(sectors)
