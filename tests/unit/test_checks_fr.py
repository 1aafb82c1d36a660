"""Findings of checks are told in French, whichever guard made them."""

from __future__ import annotations

import csv
from collections import Counter

import duckdb
import pytest

from expectations.result import NO_VALUE, CheckResult
from leviers.text.catalogue import french_name
from leviers.warehouse.checks.check_row import dbt_test_in_french, expectation_row, suite_title
from leviers.warehouse.checks.results import run_test
from leviers.warehouse.publication.documentation import DESCRIPTIONS


@pytest.mark.parametrize(
    ("name", "columns", "failures", "sentence"),
    [
        ("not_null_t_unit", "unit", 0, "`unit` est toujours renseigné ; trouvé : aucune ligne en défaut"),
        ("unique_combination_t_a__b", "a, b", 84,
         "la clé `a`, `b` n'est jamais répétée ; trouvé : 84 lignes en défaut"),
        ("assert_no_invented_region", None, None,
         "aucune région inventée n'est dans les cibles : le contrôle n'a pas pu tourner"),
    ],
)  # fmt: skip
def test_a_test_of_dbt_is_told_in_french(name: str, columns: str | None, failures: int | None, sentence: str) -> None:
    assert dbt_test_in_french(name, columns, failures) == sentence


@pytest.mark.parametrize(
    ("model", "failures", "sentence"),
    [
        (None, 2, "assert_x: 2 failing rows"),
        (None, 0, "assert_x: no failing row"),
        ("model.leviers.m", 1, "m: assert_x: 1 failing row"),
    ],
)
def test_a_test_of_dbt_is_told_with_its_name_once(model: str | None, failures: int, sentence: str) -> None:
    sql = f"select * from range({failures})"
    node = {"name": "assert_x", "unique_id": "test.leviers.assert_x", "attached_node": model, "compiled_code": sql}
    with duckdb.connect() as connection:
        row = run_test(connection, node | {"config": {"severity": "warn"}})
    assert row.message == sentence


@pytest.mark.parametrize(
    ("name", "column", "bounds", "observed", "sentence"),
    [
        ("expect_column_values_to_be_between", "hydro__min", (-99.5, 70000), ("2009", None, None),
         "plus petite valeur de `hydro` : au moins \N{MINUS SIGN}99,5 et au plus 70 000 ; trouvé : 2009"),
        ("expect_column_values_to_be_between", "nuclear_mw", (55000, None), (NO_VALUE, None, None),
         "puissance nucléaire, en MW : au moins 55 000 ; trouvé : aucune valeur"),
        ("expect_column_values_to_be_between", "implausible", (None, 0), ("7 of 42 rows: a=1; and 6 more", 7, 42),
         "valeurs hors des bornes plausibles : au plus 0 ; trouvé : 7 lignes en défaut sur 42"),
        ("expect_column_values_to_be_between", "implausible", (None, 0), ("42 rows", 0, 42),
         "valeurs hors des bornes plausibles : au plus 0 ; trouvé : 42 lignes, aucune en défaut"),
        ("expect_column_values_to_be_between", "area__min", (0, None), ("8.26208e-05", None, None),
         "plus petite valeur de `area` : au moins 0 ; trouvé : 0,0000826208"),
        ("expect_table_row_count_to_be_between", None, (1, None), ("1", None, None),
         "nombre de lignes : au moins 1 ; trouvé : 1"),
    ],
)  # fmt: skip
def test_an_expectation_is_told_in_french_by_its_numbers(
    name: str,
    column: str | None,
    bounds: tuple[float | None, float | None],
    observed: tuple[str, int | None, int | None],
    sentence: str,
) -> None:
    """The numbers make the sentence, whatever the English of Great Expectations is."""
    text, rows, total = observed
    check = CheckResult(
        "t", name, column, False, "error", text, "in English", "in English",
        min_value=bounds[0], max_value=bounds[1], rows=rows, total=total,
    )  # fmt: skip
    assert " ".join(expectation_row(check).message_fr.split()) == sentence


def test_a_suite_bears_a_french_title() -> None:
    """The title names the dataset, or the step of the gate."""
    assert suite_title("marts.population") == "Population"
    assert suite_title("rpls_commune").startswith("Parc locatif social par commune")
    assert suite_title("bundled_ademe_aldo_epci__land_cover").endswith(" : occupation du sol")


def test_a_check_without_french_stops_no_publication() -> None:
    """It is published under its name; `test_every_text_is_translated` says that it lacks words."""
    assert french_name("check", "no_such_check") == "no such check"


def test_each_description_is_written_once() -> None:
    """The second of two would silently take the place of the first."""
    with DESCRIPTIONS.open(encoding="utf-8", newline="") as file:
        counts = Counter(tuple(row[:2]) for row in csv.reader(file) if row)
    assert [name for name, count in counts.items() if count > 1] == []
