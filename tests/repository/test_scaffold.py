"""``python -m tools.scaffold``: files that the project can read, and that no check lets pass as they are."""

from __future__ import annotations

import shutil
from difflib import ndiff
from pathlib import Path

import click
import pyarrow as pa
import pytest
import yaml

from ingestion.catalog import load_catalog
from ingestion.readers import ReadReport, read_table
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.project import REPOSITORY
from tools.dbt_files import HEAD
from tools.scaffold import scaffold


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(REPOSITORY / "ingestion" / "catalog", tmp_path / "ingestion" / "catalog")
    load_catalog.cache_clear()
    return tmp_path


@pytest.mark.parametrize("producer", ["newcomer", "insee"])
def test_the_record_joins_those_of_the_producer(producer: str, root: Path) -> None:
    catalog_before = load_catalog(root / "ingestion" / "catalog")
    path = root / "ingestion" / "catalog" / f"{producer}.yml"
    before = path.read_text().splitlines() if path.exists() else []

    record, model, _ = scaffold(root, "test_sales_commune", producer)

    load_catalog.cache_clear()
    catalog = load_catalog(record.parent)
    dataset = catalog.pop("test_sales_commune")
    assert (dataset.status, dataset.producer) == ("planned", producer)
    assert catalog == catalog_before
    assert record == path
    assert [line for line in ndiff(before, path.read_text().splitlines()) if line.startswith("- ")] == []
    [(_, tests)] = HEAD.findall(model.read_text())
    assert yaml.safe_load(tests) == {"unique": ["series", "territory_code", "year"]}


def test_the_fixture_is_read_and_the_checks_refuse_its_rows(root: Path) -> None:
    record, _, written = scaffold(root, "newcomer_sales")
    (body,) = yaml.safe_load(written.read_text())["files"].values()
    fixture = root / "newcomer_sales.csv"
    fixture.write_text(body)
    load_catalog.cache_clear()
    dataset = load_catalog(record.parent)["newcomer_sales"]
    snapshot = SnapshotStore(root / "home").add(dataset, fixture, file_name=fixture.name, origin="mirror")
    report = ReadReport()
    rows = pa.concat_tables(read_table(dataset, dataset.tables[0], [snapshot], report)).to_pylist()
    values = [(row["departement_code"], row["year"], row["value"]) for row in rows]
    assert values == [("09", 2099, 12.5), ("2A", 2099, None)]
    assert (report.received, report.loaded, report.warnings) == (2, 2, [])
    expectations = dataset.suite(dataset.tables[0]).expectations
    assert not dataset.checks_bind
    structure = [expectation.arguments for expectation in expectations if expectation.structure]
    assert {"column": "rows", "max_value": 0} in structure


def test_a_taken_or_bad_id_is_refused_and_nothing_is_written(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for dataset_id, message in (
        ("rpls_commune", "has a dataset rpls_commune already"),
        ("Sales", "not a snake_case name"),
        ("sales", "two words or more"),
        ("../evil_name", "not a snake_case name"),
    ):
        with pytest.raises(click.BadParameter, match=message):
            scaffold(root, dataset_id)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
