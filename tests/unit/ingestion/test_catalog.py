"""The catalogue: records are complete, and a wrong record is refused with the file, the record and the reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingestion.catalog import CatalogError, ReferenceDates, load_catalog
from tests.cases import cases
from tests.ingestion.helpers import PRODUCER

CASES = cases(__file__)


def load(folder: Path, text: str) -> object:
    (folder / "test.yml").write_text(text)
    return load_catalog(folder)


def test_a_record_is_read(tmp_path: Path) -> None:
    assert "test_sales" in load(tmp_path, PRODUCER)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    CASES["a_wrong_record_is_refused"],
)
def test_a_wrong_record_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = PRODUCER.replace(old, new)
    assert text != PRODUCER
    with pytest.raises(CatalogError) as error:
        load(tmp_path, text)
    assert "test.yml" in str(error.value)
    assert message in str(error.value)


def test_a_dataset_is_loaded_again_where_its_layouts_change_and_not_its_evidence() -> None:
    dataset = load_catalog()["bnlc"]
    [table] = dataset.tables
    assert dataset.model_copy(update={"verified": False, "verified_note": "x"}).fingerprint == dataset.fingerprint
    other = table.model_copy(update={"layouts": [*table.layouts, *table.layouts]})
    assert dataset.model_copy(update={"tables": [other]}).fingerprint != dataset.fingerprint


@pytest.mark.parametrize(
    ("file_name", "day"),
    [
        ("registre-test-310726.csv", date(2026, 7, 31)),
        ("registre-test-2026.csv", date(2026, 1, 1)),
        ("registre-test-310226.csv", None),
        ("registre-test.csv", None),
    ],
)
def test_a_date_is_read_from_the_name_of_a_file(file_name: str, day: date | None) -> None:
    dates = ReferenceDates(
        reason="the portal names its files so",
        files={"*-2026.csv": date(2026, 1, 1)},
        in_name=r"-(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})\.",
    )
    assert dates.of(file_name) == day


def test_every_built_table_has_its_expectations() -> None:
    for dataset in load_catalog().values():
        for table in dataset.tables if dataset.is_built else ():
            assert dataset.suite(table).expectations
