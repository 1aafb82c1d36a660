"""What the seeds say together, and with the records of the catalogue; each is read as a file."""

from __future__ import annotations

from ingestion.catalog import Dataset, load_catalog
from leviers.warehouse.project import DBT_DIR
from leviers.warehouse.seeds import seed_rows


def test_each_line_names_its_source() -> None:
    seeds = {path.stem: seed_rows(f"{path.parent.name}/{path.stem}") for path in DBT_DIR.glob("seeds/*/*.csv")}
    assert [name for name, rows in seeds.items() if any(row.get("source") == "" for row in rows)] == []


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


def conversions() -> set[tuple[str, str]]:
    return {(row["from_unit"], row["to_unit"]) for row in seed_rows("indicators/conversions")}


def test_each_unit_of_a_source_has_a_conversion_to_that_of_its_indicator() -> None:
    unit_of = {row["indicator_id"]: row["unit"] for row in seed_rows("indicators/indicators")}
    pairs = {(row["source_unit"], unit_of[row["indicator_id"]]) for row in seed_rows("indicators/series")}
    assert {pair for pair in pairs if pair[0] != pair[1]} <= conversions()


def test_each_ratio_has_a_conversion_from_the_quotient_of_its_units() -> None:
    indicators = {row["indicator_id"]: row for row in seed_rows("indicators/indicators")}
    pairs = set()
    for ratio in indicators.values():
        if ratio["numerator_id"] and ratio["denominator_id"]:
            above, below = (indicators[ratio[side]]["unit"] for side in ("numerator_id", "denominator_id"))
            pairs.add(("1" if above == below else f"{above}/{below}", ratio["unit"]))
    assert pairs
    assert pairs <= conversions()


def test_a_share_is_bounded_by_nothing_and_the_whole() -> None:
    """The whole may be a rounding away from 100."""
    bounds = {
        (float(row["min_plausible"]), round(float(row["max_plausible"]), 1))
        for row in seed_rows("indicators/indicators")
        if row["unit"] == "%"
    }
    assert bounds
    assert all(0 <= smallest < largest <= 100 for smallest, largest in bounds)


def test_a_verdict_converts_from_the_unit_of_its_series() -> None:
    unit_of = {row["indicator_id"]: row["unit"] for row in seed_rows("indicators/indicators")}
    from_unit = {row["conversion"]: row["from_unit"] for row in seed_rows("indicators/conversions")}
    converted = [row for row in seed_rows("policy/verdict_rules") if row["conversion"]]
    assert converted
    assert [
        (row["indicator_id"], row["conversion"])
        for row in converted
        if from_unit[row["conversion"]] != unit_of[row["indicator_id"]]
    ] == []


def test_terms_that_are_added_or_compared_have_one_unit() -> None:
    unit_of = {row["indicator_id"]: row["unit"] for row in seed_rows("indicators/indicators")}
    pairs = [
        (row["indicator_id"], row["compared_indicator_id"])
        for row in seed_rows("indicators/reconciled_series")
        if row.get("compared_indicator_id")
    ]
    assert [pair for pair in pairs if unit_of[pair[0]] != unit_of[pair[1]]] == []
