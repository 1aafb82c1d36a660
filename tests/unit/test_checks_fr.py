"""What a check has found is told in French, whichever guard made it."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from leviers.text.catalogue import french_name
from leviers.warehouse.check_row import CheckRow, in_french, suite_title
from leviers.warehouse.descriptions import DESCRIPTIONS
from tests.cases import cases

CASES = cases(__file__)


@pytest.mark.parametrize(
    ("guard", "name", "column", "expected", "observed", "said"),
    CASES["a_check_is_told_in_french"],
)  # fmt: skip
def test_a_check_is_told_in_french(
    guard: str, name: str, column: str | None, expected: str, observed: str | None, said: str
) -> None:
    row = CheckRow(guard, name, "t", column, "failed", "error", expected, observed, "in English")
    assert " ".join(in_french(row).split()) == said


def test_a_suite_bears_a_french_title() -> None:
    """That of its dataset, or of the step of the gate."""
    assert suite_title("marts.population") == "Population"
    assert suite_title("rpls_commune").startswith("Parc locatif social par commune")
    assert suite_title("bundled_ademe_aldo_epci__land_cover").endswith(" : occupation du sol")


def test_a_check_without_french_stops_no_publication() -> None:
    """It is published under its name; `test_every_text_is_translated` says that it lacks words."""
    assert french_name("check", "no_such_check") == "no such check"


def test_each_description_is_written_once() -> None:
    """Of two, the second would silently take the place of the first."""
    with DESCRIPTIONS.open(encoding="utf-8", newline="") as file:
        counts = Counter(tuple(row[:2]) for row in csv.reader(file) if row)
    assert [name for name, count in counts.items() if count > 1] == []
