"""Entry of observed values: mistakes are named, a producer's values stand, and entered values can go."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion.catalog import load_catalog
from leviers.cli.main import main
from leviers.entry.form import AddResult, InputError
from leviers.entry.values import DATASET_ID, VALUE_COLUMNS, add_values, remove_values
from tests.unit.entry_files import reasons, rows_of, write

HEADER = "indicateur,niveau,territoire,année,valeur,unité,source,licence"
GOOD = "hub_waste_per_head,EPCI,CC du Mont-Test,2022,0.51,t par habitant,Bilan test p. 4,Licence Ouverte 2.0"


def enter(home: Path, published: Path, *lines: str, header: str = HEADER, **options: bool) -> AddResult:
    file = write(home, *lines, header=header, name="série.csv")
    return add_values(home, file, published, **options)


def test_a_good_value_is_written_with_the_columns_of_the_record(tmp_path: Path, published: Path) -> None:
    (row,) = rows_of(enter(tmp_path, published, GOOD))
    assert list(row) == list(load_catalog()[DATASET_ID].tables[0].columns)
    assert row == {
        "indicator_id": "hub_waste_per_head", "territory_level": "epci", "territory_code": "999000001", "year": "2022",
        "value": "0.51", "unit": "t/head", "value_status": "observed", "source": "Bilan test p. 4",
        "licence": "Licence Ouverte 2.0", "version": "1", "entered_at": date.today().isoformat(),
        "is_withdrawn": "false",
    }  # fmt: skip


def test_the_examples_of_the_template_make_a_good_row_that_has_no_code(tmp_path: Path, published: Path) -> None:
    examples = [column.example for column in VALUE_COLUMNS]
    row = ";".join(examples).replace("Toulouse Métropole", "CC du Mont-Test")
    (written,) = rows_of(enter(tmp_path, published, row, header=";".join(column.label for column in VALUE_COLUMNS)))
    assert written["indicator_id"] not in examples


BAD = [
    ("hub_waste_per_head", "hub_waste_per_heads", "indicator_id",
     "indicateur inconnu "
     "(est-ce Déchets ménagers et assimilés par habitant (hub de l'Ecolab) (hub_waste_per_head) ?)"),
    ("hub_waste_per_head", "household_waste_per_head", "indicator_id",
     "cette série est composée d'autres : saisir celles dont elle est faite"),
    ("CC du Mont-Test", "999000009", "territory_code", "inconnu à ce niveau dans la liste publiée"),
    (",2022,", ",1889,", "year", f"attendu : une année de 1990 à {date.today().year}"),
    (",2022,", ",2922,", "year", f"attendu : une année de 1990 à {date.today().year}"),
    ("0.51", "beaucoup", "value", "attendu : un nombre"),
    ("0.51", "51", "value", "attendu : au plus 3 t par habitant"),
    ("0.51", "-1", "value", "attendu : au moins 0 t par habitant"),
    ("t par habitant", "tonnes", "unit", "attendu : t par habitant (t/head)"),
    ("Bilan test p. 4", "", "source", "attendu : qui a produit le chiffre, et où il est écrit"),
    ("Licence Ouverte 2.0", "Inconnue", "licence",
     "attendu : une licence ou un accord écrit de publier, à demander à qui a produit le chiffre"),
    ("EPCI,CC du Mont-Test,2022", "departement,9,2021", "value",
     "le producteur publie 0,5 t par habitant : cette valeur fait foi"),
]  # fmt: skip


def test_a_bad_value_is_refused_with_its_line_and_reason(tmp_path: Path, published: Path) -> None:
    result = enter(tmp_path, published, *(GOOD.replace(old, new, 1) for old, new, *_ in BAD))
    assert {(line, column, why) for line, (_, _, column, why) in enumerate(BAD, start=2)} <= {*reasons(result)}
    assert result.path is None
    assert not (tmp_path / "inputs").exists()


def test_a_value_entered_before_is_no_producers(tmp_path: Path, published: Path) -> None:
    assert enter(tmp_path, published, GOOD.replace("EPCI,CC du Mont-Test,2022", "departement,9,2022")).written == 1


def test_the_same_value_twice_in_a_file_is_refused(tmp_path: Path, published: Path) -> None:
    twice = enter(tmp_path, published, GOOD, GOOD.replace("0.51", "0.52"))
    assert reasons(twice) == [(3, "year", "la même valeur qu'à la ligne 2")]


def test_a_value_may_be_in_a_unit_that_is_converted(tmp_path: Path, published: Path) -> None:
    gas = GOOD.replace("hub_waste_per_head", "residential_gas_consumption_commune")
    (row,) = rows_of(enter(tmp_path, published, gas.replace("0.51,t par habitant", "12,GWh")))
    assert (row["value"], row["unit"]) == ("12.0", "GWh")
    too_much = enter(tmp_path, published, gas.replace("0.51,t par habitant", "1200,TWh"))
    assert [(line, column) for line, column, _ in reasons(too_much)] == [(2, "value")]


def test_an_estimate_says_so(tmp_path: Path, published: Path) -> None:
    (row,) = rows_of(enter(tmp_path, published, f"{GOOD},Estimée", header=f"{HEADER},nature"))
    assert row["value_status"] == "estimated"


def test_an_edit_is_a_new_version_and_a_withdrawn_value_may_come_back(tmp_path: Path, published: Path) -> None:
    def versions(result: AddResult) -> list[tuple[str, str, str]]:
        return [(row["version"], row["value"], row["is_withdrawn"]) for row in rows_of(result)]

    assert versions(enter(tmp_path, published, GOOD)) == [("1", "0.51", "false")]
    assert enter(tmp_path, published, GOOD).unchanged == 1
    assert versions(enter(tmp_path, published, GOOD.replace("0.51", "0.52"))) == [("2", "0.52", "false")]
    withdrawn = remove_values(tmp_path, "hub_waste_per_head", "999000001")
    assert versions(withdrawn) == [("3", "0.52", "true")]
    assert rows_of(withdrawn)[0]["entered_at"] == date.today().isoformat()
    with pytest.raises(InputError, match="aucune valeur n'est saisie"):
        remove_values(tmp_path, "hub_waste_per_head", "999000001")
    assert versions(enter(tmp_path, published, GOOD.replace("0.51", "0.52"))) == [("4", "0.52", "false")]


def test_the_command_removes_what_was_entered(tmp_path: Path, published: Path) -> None:
    enter(tmp_path, published, GOOD, GOOD.replace("2022", "2021"))
    none = CliRunner().invoke(main, ["indicators", "add", "--remove", "hub_waste_per_head", "31"])
    assert (none.exit_code, "le sont : hub_waste_per_head 999000001" in none.output) == (1, True)
    removed = CliRunner().invoke(main, ["indicators", "add", "--remove", "hub_waste_per_head", "999000001"])
    assert (removed.exit_code, removed.output.startswith("valeurs retirées : 2. Pour ")) == (0, True)
