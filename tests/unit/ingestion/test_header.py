"""Which label is which column: keys and labels, units in brackets, and what is refused because nothing decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingestion import header, readers
from ingestion.catalog import Layout, Table, load_catalog
from ingestion.header import Header, match_header
from ingestion.readers import ReadError, ReadReport, plain_queries
from leviers.warehouse.seeds import seed_rows
from tests.cases import cases
from tests.ingestion.helpers import read, small
from tests.unit.ingestion.sales import dataset, snapshot

CASES = cases(__file__)

QUOTIENTS = {"1", "t/head", "t/persons", "tCO2e/MWh"}  # units of no label: what ratios are made of


def header_of(columns: dict[str, Any], labels: list[str], **layout: Any) -> Header:
    table = dataset(columns=columns, primary_key=[]).tables[0]
    return match_header(table, Layout(name="test", format="csv", **layout), labels)


def number(*aliases: str, unit: str | None = None, required: bool = True) -> dict[str, Any]:
    return {"type": "number", "aliases": list(aliases), "unit": unit, "required": required}


@pytest.mark.parametrize(
    ("alias", "unit", "label"),
    CASES["a_column_is_found_by_key_and_by_label"],
)
def test_a_column_is_found_by_key_and_by_label(alias: str, unit: str | None, label: str) -> None:
    header = header_of({"value": number(alias, unit=unit)}, ["other", label], ignore=["other"])
    assert (header.positions, header.extra, header.problem) == ({"value": 1}, [], None)


@pytest.mark.parametrize("label", ["Nom (BAN)", "Nom (PCS)", "Nom (au 31/12)", "Nom (M)"])
def test_brackets_that_hold_no_unit_are_part_of_the_label(label: str) -> None:
    assert header_of({"nom": number(unit="MWh")}, [label]).missing == ["nom"]
    assert header_of({"name": number(label)}, [label]).positions == {"name": 0}


@pytest.mark.parametrize(
    ("unit", "label", "problem"),
    CASES["another_unit_is_refused_in_words"],
)
def test_another_unit_is_refused_in_words(unit: str, label: str, problem: str) -> None:
    assert header_of({"value": number("conso_totale", unit=unit)}, [label]).problem == problem


def test_the_unit_of_an_alias_counts_where_the_record_has_none() -> None:
    header = header_of({"value": number("Conso totale (MWh)")}, ["Conso totale (GWh)"])
    assert header.other_units == ["column 'Conso totale (GWh)' is in GWh, the record says MWh"]


def test_the_nearest_label_is_the_column() -> None:
    columns = {"value": number("conso", unit="GWh")}
    assert header_of(columns, ["Conso", "conso"]).positions == {"value": 1}
    assert header_of(columns, ["Conso (%)", "Conso (GWh)"]).positions == {"value": 1}
    assert header_of(columns, ["Conso (GWh)", "Conso"]).positions == {"value": 1}
    code = {"code": number("EPCI_2024_CODE", "re:EPCI_\\d{4}_CODE")}
    assert header_of(code, ["EPCI_2023_CODE", "EPCI_2024_CODE"]).positions == {"code": 1}


def test_a_label_is_given_to_one_column_only() -> None:
    columns = {"total": number("Conso"), "detail": number("Conso (GWh)", unit="GWh"), "year": number("annee")}
    header = header_of(columns, ["Conso (GWh)", "Année"])
    assert (header.positions, header.missing) == ({"detail": 0, "year": 1}, ["Conso"])


@pytest.mark.parametrize(
    ("columns", "labels", "problem"),
    [
        ({"year": number("annee")}, ["Année", "ANNEE"], "more than one label is column year: 'Année', 'ANNEE'"),
        ({"year": number("annee")}, ["annee", "annee"], "more than one label is column year: 'annee', 'annee'"),
        ({"code": number("code", "insee")}, ["code", "insee"], "more than one label is column code: 'code', 'insee'"),
        ({"code": number("re:C\\d")}, ["C1", "C2"], "more than one label is column code: 'C1', 'C2'"),
        (
            {"value": number("conso")},
            ["Conso (MWh)", "Conso (GWh)"],
            "more than one label is column value: 'Conso (MWh)', 'Conso (GWh)'",
        ),
        (
            {"energy": number("conso", required=False), "power": number("CONSO", required=False)},
            ["Conso"],
            "the label 'Conso' is more than one column: energy, power",
        ),
    ],
)
def test_where_nothing_decides_both_are_named(columns: dict[str, Any], labels: list[str], problem: str) -> None:
    header = header_of(columns, labels)
    assert header.ambiguous == [problem]
    assert header.problem == f"layout test: {problem}"


def test_names_decide_where_labels_do_not() -> None:
    header = header_of({"code": number("code", "insee")}, ["code", "insee"], names={"code": "insee"})
    assert (header.positions, header.extra, header.problem) == ({"code": 1}, ["code"], None)


def test_joined_labels_are_found_and_may_be_columns_too() -> None:
    columns = {"commune_code": {"type": "commune"}, "departement_code": {"type": "departement", "aliases": ["coddep"]}}
    joined = {"commune_code": ["CODDEP", "CODCOM"]}
    header = header_of(columns, ["Cod Com", "Cod Dep"], joined=joined)
    assert (header.joined, header.positions) == ({"commune_code": [1, 0]}, {"departement_code": 1})
    assert header_of(columns, ["CODDEP"], joined=joined).problem == "layout test: missing column CODCOM"


@pytest.mark.parametrize(
    ("pattern", "label", "known"),
    [
        ("geo*", "Géo-shape région", True),
        ("nom_*", "Nom EPCI", True),
        ("Nom *", "nom_epci", True),
        ("nom *", "Nombre de mailles", False),
        ("", "Nom", False),
        ("*", "Nom", True),
    ],
)
def test_ignored_labels_are_folded_word_by_word(pattern: str, label: str, known: bool) -> None:
    assert header_of({"a": number()}, ["a", label], ignore=[pattern]).extra == ([] if known else [label])


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ("DEP;ANNEE;Quantité (kg)", "column 'Quantité (kg)' is in kg, the record says t"),
        ("DEP;ANNEE;Année;Quantité (t)", "more than one label is column year: 'ANNEE', 'Année'"),
    ],
)
def test_the_reader_and_the_plain_query_refuse_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, labels: str, reason: str
) -> None:
    columns = {
        "departement_code": {"type": "departement", "aliases": ["DEP"]},
        "year": {"type": "integer", "aliases": ["annee"]},
        "quantity": number("quantite", unit="t"),
    }
    record = dataset(columns=columns)
    file = snapshot(record, tmp_path, f"{labels}\n" + ";".join("1" for _ in labels.split(";")) + "\n")
    with pytest.raises(ReadError) as error:
        read(record, file)
    assert str(error.value) == f"test_sales: sales.csv: layout semicolons: {reason}"
    monkeypatch.setattr(readers, "PLAIN_BYTES", 0)
    assert plain_queries(record, record.tables[0], [file], ReadReport()) == []


def tables() -> list[tuple[str, Table]]:
    return [(dataset.table_name(table), table) for dataset in load_catalog().values() for table in dataset.tables]


def test_no_alias_of_a_record_says_another_unit_and_none_stands_twice() -> None:
    for where, table in tables():
        for name, column in table.columns.items():
            plain = [header._Label.of(alias) for alias in column.aliases if not alias.startswith("re:")]
            assert not any(header.is_other_unit(label.unit, column.unit) for label in plain), (where, name)
            folded = [label.folded for label in plain]
            assert len(set(folded)) == len(folded), (where, name)


def test_each_unit_of_a_source_is_known() -> None:
    units = {row["from_unit"] for row in seed_rows("indicators/conversions")}
    assert units > QUOTIENTS
    units -= QUOTIENTS
    assert {unit for unit in units if header._Label.of(f"Production ({unit})").unit != unit} == set()


def test_a_unit_that_a_record_has_is_in_no_further_list() -> None:
    tables = (table for dataset in load_catalog().values() for table in dataset.tables)
    units = {header.folded_unit(column.unit) for table in tables for column in table.columns.values() if column.unit}
    assert units.isdisjoint(header.folded_unit(unit) for unit in header.FURTHER_UNITS)


@pytest.mark.parametrize(
    "labels",
    [
        "annee;code_insee_region;production_electrique_renouvelable;production_gaz_renouvelable",
        "Annee;Code INSEE région;Production électrique renouvelable (GWh);Production gaz renouvelable (GWh)",
    ],
    ids=["by key", "by label"],
)
def test_an_export_of_a_portal_is_read_by_key_and_by_label(tmp_path: Path, labels: str) -> None:
    record = small(load_catalog()["odre_regional_renewables"])
    file = snapshot(record, tmp_path, f"\ufeff{labels}\n2099;76;12.5;\n", "prod-region-annuelle-enr.csv")
    rows, report = read(record, file)
    values = {name: value for name, value in rows[0].items() if name != "snapshot_id"}
    assert values == {"year": 2099, "region_code": "76", "renewable_electricity": 12.5, "renewable_gas": None}
    assert report.warnings == []
