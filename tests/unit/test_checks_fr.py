"""What a check has found is told in French, whichever guard made it."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from leviers.text.catalogue import french_name
from leviers.warehouse.check_row import CheckRow, in_french, suite_title
from leviers.warehouse.descriptions import DESCRIPTIONS


@pytest.mark.parametrize(
    ("guard", "name", "column", "expected", "observed", "said"),
    [
        ("dbt", "not_null_t_unit", "unit", "no failing row", "0 failing rows",
         "`unit` est toujours renseigné ; trouvé : aucune ligne en défaut"),
        ("dbt", "unique_combination_t_a__b", "a, b", "no failing row", "84 failing rows",
         "la clé `a`, `b` n'est jamais répétée ; trouvé : 84 lignes en défaut"),
        ("dbt", "assert_no_invented_region", None, "no failing row", None,
         "aucune région inventée n'est dans les cibles : le contrôle n'a pas pu tourner"),
        ("great_expectations", "expect_column_values_to_be_between", "hydro__min",
         "hydro__min values must be greater than or equal to -99.5 and less than or equal to 70000", "2009",
         "plus petite valeur de `hydro` : au moins \N{MINUS SIGN}99,5 et au plus 70 000 ; trouvé : 2009"),
        ("great_expectations", "expect_column_values_to_be_between", "nuclear_mw",
         "nuclear_mw values must be greater than or equal to 55000", "no value",
         "puissance nucléaire, en MW : au moins 55 000 ; trouvé : aucune valeur"),
        ("great_expectations", "expect_column_values_to_be_between", "implausible",
         "implausible values must be less than or equal to 0", "7 of 42 rows: a=1; a=2; and 5 more",
         "valeurs hors des bornes plausibles : au plus 0 ; trouvé : 7 lignes en défaut sur 42"),
        ("great_expectations", "expect_column_values_to_be_between", "implausible",
         "implausible values must be less than or equal to 0", "42 rows",
         "valeurs hors des bornes plausibles : au plus 0 ; trouvé : 42 lignes, aucune en défaut"),
        ("great_expectations", "expect_column_values_to_be_between", "area__min",
         "area__min values must be greater than or equal to 0", "8.26208e-05",
         "plus petite valeur de `area` : au moins 0 ; trouvé : 0,0000826208"),
        ("great_expectations", "expect_table_row_count_to_be_between", None,
         "Must have greater than or equal to 1 rows", "1", "nombre de lignes : au moins 1 ; trouvé : 1"),
    ],
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
