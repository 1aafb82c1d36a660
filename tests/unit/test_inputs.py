"""Entry of commitments and groupings, and templates: every bad row is named, nothing is lost, edits are versions."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from xlsxwriter import Workbook

from ingestion.catalog import load_catalog
from leviers.cli.main import main
from leviers.entry.commitments import COMMITMENTS
from leviers.entry.form import AddResult, InputError, add_rows
from leviers.entry.groupings import GROUPING_COLUMNS, add_groupings
from leviers.warehouse.home import RunState, write_run_state
from tests.cases import cases
from tests.unit.entry_files import HEADER, reasons, rows_of, write

CASES = cases(__file__)

GOOD = "covoiturage,epci,999000001,2030,ktco2e_avoided,ktCO2e,12.5,3,10,Feuille de route test,page 3"


def commit(home: Path, published: Path, *lines: str, accept_valid: bool = False) -> AddResult:
    return add_rows(COMMITMENTS, home, write(home, *lines), published, accept_valid=accept_valid)


def test_a_good_row_is_written_with_the_columns_of_the_record(tmp_path: Path, published: Path) -> None:
    result = commit(tmp_path, published, GOOD)
    (row,) = rows_of(result)
    assert list(row) == list(load_catalog()["commitment"].tables[0].columns)
    assert (row["version"], row["entered_at"], float(row["asked"])) == ("1", date.today().isoformat(), 12.5)
    assert row["commitment_id"] == "Feuille de route test/epci/999000001/covoiturage/ktco2e_avoided/2030"


def test_a_bad_row_is_refused_with_its_line_and_reason(tmp_path: Path, published: Path) -> None:
    case = CASES["a_bad_row_is_refused_with_its_line_and_reason"]
    bad = [GOOD.replace(old, new) for old, new, *_ in case]
    result = commit(tmp_path, published, GOOD.replace("999000001", "999000002"), *bad)
    missing = {(line, *why) for line, (_, _, *why) in enumerate(case, start=3)} - {*reasons(result)}
    assert not missing
    assert min(line for line, *_ in reasons(result)) == 3
    assert result.path is None
    assert not (tmp_path / "inputs").exists()


def test_a_refusal_quotes_the_cell_as_it_was_typed(tmp_path: Path, published: Path) -> None:
    industry = GOOD.replace("covoiturage", "Production industrielle")
    level = industry.replace("ktco2e_avoided,ktCO2e", "Niveau à atteindre,t")
    result = commit(tmp_path, published, GOOD.replace("epci", "Planète"), level)
    places = {(problem.column, problem.value) for problem in result.problems}
    assert {("territory_level", "Planète"), ("measure", "Niveau à atteindre")} <= places


def test_a_physical_commitment_is_in_the_unit_of_its_target(tmp_path: Path, published: Path) -> None:
    row = GOOD.replace("covoiturage", "vehicules_electriques").replace("ktco2e_avoided,ktCO2e", "physical_delta,{}")
    wrong = commit(tmp_path, published, row.format("vehicles"))
    assert reasons(wrong) == [(2, "unit", "attendu : milliers de véhicules (thousand vehicles)")]
    assert commit(tmp_path, published, row.format("thousand vehicles")).written == 1
    untranslated = commit(tmp_path, published, row.replace("vehicules_electriques", "industrie_production"))
    assert (2, "measure", "ce levier n'a pas d'unité physique") in reasons(untranslated)


def test_a_damaged_file_of_earlier_rows_is_named(tmp_path: Path, published: Path) -> None:
    path = add_rows(COMMITMENTS, tmp_path, write(tmp_path, GOOD), published).path
    assert path
    path.write_bytes(path.read_bytes()[:-20] + b'"\xff')
    with pytest.raises(InputError, match=f"{path.name} est abîmé : le corriger, ou le ranger ailleurs"):
        add_rows(COMMITMENTS, tmp_path, write(tmp_path, GOOD), published)


def test_the_same_commitment_twice_in_a_file_is_refused(tmp_path: Path, published: Path) -> None:
    assert reasons(commit(tmp_path, published, GOOD, GOOD)) == [
        (3, "commitment_id", "le même engagement qu'à la ligne 2")
    ]


def test_a_good_row_is_kept_though_a_bad_one_before_it_is_its_twin(tmp_path: Path, published: Path) -> None:
    bad = GOOD.replace("12.5", "beaucoup")
    assert reasons(commit(tmp_path, published, bad, GOOD)) == [(2, "asked", "attendu : un nombre")]
    result = commit(tmp_path, published, bad, GOOD, accept_valid=True)
    assert (result.written, [float(row["asked"]) for row in rows_of(result)]) == (1, [12.5])
    groups = group(tmp_path, published, "C1,,09901", "C1,CRTE Test,09901", accept_valid=True)
    assert (groups.written, reasons(groups)) == (1, [(2, "group_name", "attendu : un nom")])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "ce n'est ni un CSV ni un classeur"),
        (b"<!DOCTYPE html><html>", "fichier vide, page web"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ce n'est ni un CSV ni un classeur"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, published: Path, content: bytes, kind: str) -> None:
    file = tmp_path / "feuille.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=rf"feuille\.csv : {kind}.* ; enregistrer le tableau en CSV"):
        add_rows(COMMITMENTS, tmp_path, file, published)


def test_a_workbook_that_cannot_be_read_is_told(tmp_path: Path, published: Path) -> None:
    file = tmp_path / "feuille.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match=r"feuille\.xlsx : .* classeur illisible ; enregistrer le tableau en CSV"):
        add_rows(COMMITMENTS, tmp_path, file, published)


def test_a_french_file_is_read_with_its_names(tmp_path: Path, published: Path) -> None:
    """Headers, levers, territories, measures and units as the template and the pages write them."""
    file = tmp_path / "feuille.csv"
    file.write_text(
        "levier;niveau;territoire;horizon;mesure;unité;demandé;nouvelle ambition;responsable;feuille de route;source\n"
        "Véhicules électriques;Intercommunalité;ca de saint-oeuf métropole;2030;évolution depuis 2019;"
        "milliers de véhicules;;1,5;Direction des mobilités;COP;p. 1\n"
        "covoiturage;département;9;2030;ktCO₂e évitées;ktCO2e;2;;;COP;p. 2\n",
        encoding="utf-8",
    )
    first, second = rows_of(add_rows(COMMITMENTS, tmp_path, file, published))
    assert [first[name] for name in ("lever_id", "territory_level", "territory_code", "measure", "unit")] == [
        "vehicules_electriques", "epci", "999000002", "physical_delta", "thousand vehicles",
    ]  # fmt: skip
    assert (first["new_ambition"], first["responsible"]) == ("1.5", "Direction des mobilités")
    assert [second[name] for name in ("lever_id", "territory_code", "measure")] == [
        "covoiturage", "09", "ktco2e_avoided",
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["Élevage durable", "Elevage durable", "ELEVAGE DURABLE"])
def test_a_lever_may_be_written_with_or_without_its_accents(tmp_path: Path, published: Path, written: str) -> None:
    (row,) = rows_of(commit(tmp_path, published, GOOD.replace("covoiturage", written)))
    assert row["lever_id"] == "agri_elevage_durable"


def test_a_name_that_is_not_found_says_what_is_near(tmp_path: Path, published: Path) -> None:
    case = CASES["a_name_that_is_not_found_says_what_is_near"]
    result = commit(tmp_path, published, *(GOOD.replace(old, new) for old, new, *_ in case))
    assert reasons(result) == [(line, *why) for line, (_, _, *why) in enumerate(case, start=2)]


ACTION_HEADER = f"{HEADER},action,responsible"
ACTION = "covoiturage,epci,999000001,2030,action,,,,,COP,page 3,Créer dix aires,Direction des mobilités"


def test_an_action_without_a_figure_is_a_commitment(tmp_path: Path, published: Path) -> None:
    other = ACTION.replace("dix aires", "une ligne")
    result = add_rows(COMMITMENTS, tmp_path, write(tmp_path, ACTION, other, header=ACTION_HEADER), published)
    assert [(row["measure"], row["action"], row["unit"], row["asked"]) for row in rows_of(result)] == [
        ("action", "Créer dix aires", "", ""),
        ("action", "Créer une ligne", "", ""),
    ]
    again = add_rows(COMMITMENTS, tmp_path, write(tmp_path, ACTION, header=ACTION_HEADER), published)
    assert (again.written, again.unchanged) == (0, 1)


BAD_ACTIONS = [
    ("Créer dix aires", "", "action", "attendu : ce qui sera fait"),
    ("action,,,,", "action,,,5,", "done_or_planned", "une action sans chiffre n'a pas de nombre"),
    ("action,,", "action,ktCO2e,", "unit", "une action sans chiffre n'a pas d'unité"),
    *(
        ("Direction des mobilités", who, "responsible", "attendu : un organisme ou une fonction, jamais une personne")
        for who in ("Mme Test", "agent@mairie.example", "Test (05 00 00 00 00)")
    ),
]


def test_an_action_is_refused_for_what_it_may_not_hold(tmp_path: Path, published: Path) -> None:
    rows = [ACTION.replace(old, new) for old, new, *_ in BAD_ACTIONS]
    result = add_rows(COMMITMENTS, tmp_path, write(tmp_path, *rows, header=ACTION_HEADER), published)
    assert reasons(result) == [(line, *why) for line, (_, _, *why) in enumerate(BAD_ACTIONS, start=2)]


def test_an_entry_without_a_later_column_is_still_read(tmp_path: Path, published: Path) -> None:
    first = commit(tmp_path, published, GOOD)
    assert first.path is not None
    content = list(csv.reader(first.path.read_text(encoding="utf-8").splitlines()))
    old = [[cell for name, cell in zip(content[0], row, strict=True) if name not in ("action", "responsible")]
           for row in content]  # fmt: skip
    first.path.write_text("\n".join(",".join(row) for row in old) + "\n", encoding="utf-8")
    assert commit(tmp_path, published, GOOD).unchanged == 1


@pytest.mark.parametrize("command", ["commitments", "groupings", "indicators"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_template_is_read_by_the_command_beside_it(
    tmp_path: Path, published: Path, command: str, suffix: str
) -> None:
    file = tmp_path / f"modèle.{suffix}"
    made = CliRunner().invoke(main, [command, "add", "--template", str(file)])
    assert (made.exit_code, "niveau : région, département" in made.output) == (0, command != "groupings")
    added = CliRunner().invoke(main, [command, "add", str(file)])
    empty = f"Error: modèle.{suffix} : aucune ligne sous celle des titres de colonnes\n"
    assert (added.exit_code, added.output) == (1, empty)
    assert "exists: give another name" in CliRunner().invoke(main, [command, "add", "--template", str(file)]).output


def test_a_filled_workbook_is_read(tmp_path: Path, published: Path) -> None:
    file = tmp_path / "crte.xlsx"
    with Workbook(str(file)) as workbook:
        sheet = workbook.add_worksheet()
        for line, row in enumerate([[column.label for column in GROUPING_COLUMNS], ["C1", "CRTE Test", 9901, "CRTE"]]):
            sheet.write_row(line, 0, row)
    (row,) = rows_of(add_groupings(tmp_path, file, published))
    assert (row["group_type"], row["group_code"], row["commune_code"]) == ("crte", "C1", "09901")


def test_a_problem_names_file_line_and_header_as_written(tmp_path: Path, published: Path) -> None:
    file = write(tmp_path, GOOD.replace("2030", "1930"), header=HEADER.replace("horizon_year", "Horizon"), name="f.csv")
    refused = CliRunner().invoke(main, ["commitments", "add", str(file)])
    assert "f.csv, ligne 2 : Horizon « 1930 » : attendu : une année de 2025 à 2050" in refused.output
    assert "Rien n'est écrit" in refused.output


def test_an_edit_is_a_new_version_and_nothing_is_lost(tmp_path: Path, published: Path) -> None:
    first = commit(tmp_path, published, GOOD)
    again = commit(tmp_path, published, GOOD)
    edited = commit(tmp_path, published, GOOD.replace(",10,", ",11,"))
    assert (again.written, again.unchanged, again.path) == (0, 1, None)
    assert [(row["version"], float(row["new_ambition"])) for row in rows_of(edited)] == [("2", 11)]
    assert [(row["version"], float(row["new_ambition"])) for row in rows_of(first)] == [("1", 10)]


WITHDRAWAL_HEADER = f"{HEADER},retiré"


def test_a_commitment_is_withdrawn_by_its_line_and_may_come_back(tmp_path: Path, published: Path) -> None:
    def entered(line: str) -> list[tuple[str, str, str]]:
        result = add_rows(COMMITMENTS, tmp_path, write(tmp_path, line, header=WITHDRAWAL_HEADER), published)
        assert reasons(result) == []
        return [(row["version"], row["is_withdrawn"], row["asked"]) for row in rows_of(result)] if result.path else []

    assert entered(f"{GOOD},") == [("1", "false", "12.5")]
    assert entered(f"{GOOD},non") == []
    assert entered(GOOD.replace("12.5,3,10", ",,") + ",Oui") == [("2", "true", "")]
    assert entered(f"{GOOD},oui") == []
    assert entered(f"{GOOD},") == [("3", "false", "12.5")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"A1,{GOOD},peut-être", "attendu : oui ou non"),
        (f"A2,{GOOD},oui", "cet engagement n'a pas été saisi"),
        (f"A1,{GOOD.replace('2030', '2035')},oui", "cet engagement n'a pas été saisi (ce numéro vise 2030)"),
    ],
)
def test_a_commitment_not_entered_is_not_withdrawn(tmp_path: Path, published: Path, line: str, reason: str) -> None:
    header = f"commitment_id,{WITHDRAWAL_HEADER}"
    assert add_rows(COMMITMENTS, tmp_path, write(tmp_path, f"A1,{GOOD},", header=header), published).written == 1
    refused = add_rows(COMMITMENTS, tmp_path, write(tmp_path, line, header=header), published)
    assert reasons(refused) == [(2, "is_withdrawn", reason)]


def test_an_id_does_not_move_to_another_lever(tmp_path: Path, published: Path) -> None:
    header = f"commitment_id,{HEADER}"
    file = write(tmp_path, f"A1,{GOOD}", header=header)
    assert add_rows(COMMITMENTS, tmp_path, file, published).written == 1
    moved = write(tmp_path, f"A1,{GOOD.replace('covoiturage', 'velo_transport_commun')}", header=header)
    assert reasons(add_rows(COMMITMENTS, tmp_path, moved, published)) == [
        (2, "commitment_id", "ce numéro est celui d'un autre levier ou territoire")
    ]


def test_a_file_saved_by_a_french_spreadsheet_is_read(tmp_path: Path, published: Path) -> None:
    line = GOOD.replace("12.5", "12;5").replace(",", "|").replace("12;5", "1 012,5").replace("|", ";")
    path = tmp_path / "excel.csv"
    path.write_bytes(f"{HEADER.replace(',', ';')}\r\n{line} é\r\n".encode("cp1252"))
    (row,) = rows_of(add_rows(COMMITMENTS, tmp_path, path, published))
    assert (float(row["asked"]), row["source"]) == (1012.5, "page 3 é")


def test_a_missing_column_is_named(tmp_path: Path, published: Path) -> None:
    with pytest.raises(InputError, match=r"il manque la colonne levier \(lever_id\)"):
        add_rows(COMMITMENTS, tmp_path, write(tmp_path, GOOD, header=HEADER.replace("lever_id", "mesures")), published)


def test_without_a_published_file_the_bundled_list_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = tmp_path / "communes.parquet"
    commune = {"commune_code": "09901", "commune_name": "Un", "epci_code": "999000002", "epci_name": "CC Test"}
    commune |= {"departement_code": "09", "departement_name": "Test", "region_code": "76", "region_name": "Test"}
    pq.write_table(pa.Table.from_pylist([commune]), bundled)
    monkeypatch.setattr("leviers.entry.form.BUNDLED_COMMUNES", bundled)
    listed = GOOD.replace("epci,999000001", "commune,9901")
    country = GOOD.replace("epci,999000001", "pays,FR")
    result = add_rows(COMMITMENTS, tmp_path, write(tmp_path, listed, GOOD, country), tmp_path / "absent.duckdb")
    assert [(line, column) for line, column, _ in reasons(result)] == [(3, "territory_code"), (4, "territory_code")]
    assert "liste d'Occitanie" in result.problems[0].reason


GROUP_HEADER = "group_code,group_name,commune_code"


def group(home: Path, published: Path, *lines: str, **options: bool) -> AddResult:
    file = write(home, *lines, header=GROUP_HEADER, name="crte.csv")
    return add_groupings(home, file, published, group_type="crte", **options)


def test_duplicate_unknown_and_missing_communes_are_named_line_by_line(tmp_path: Path, published: Path) -> None:
    others = ("C2,Autre,09901", "C2,Autre,99999", "C2,Autre,", "C2,Autre nom,09902")
    result = group(tmp_path, published, "C1,CRTE Test,09901", "C1,CRTE Test,09901", *others)
    assert reasons(result) == [
        (3, "commune_code", "déjà à la ligne 2, dans C1, du même type"),
        (4, "commune_code", "déjà à la ligne 2, dans C1, du même type"),
        (5, "commune_code", "commune inconnue dans la liste publiée"),
        (6, "commune_code", "attendu : une commune"),
        (7, "group_name", "ce groupe porte aussi le nom Autre"),
    ]
    assert result.path is None


def test_a_changed_grouping_is_a_new_version_of_the_whole(tmp_path: Path, published: Path) -> None:
    group(tmp_path, published, "C1,CRTE Test,09901", "C2,Autre,09902")
    result = group(tmp_path, published, "C1,CRTE Test,09901", "C1,CRTE Test,09903", "C2,Autre,09902")
    assert (result.written, result.unchanged) == (2, 1)
    assert [(row["group_code"], row["commune_code"], row["version"]) for row in rows_of(result)] == [
        ("C1", "09901", "2"),
        ("C1", "09903", "2"),
    ]


def test_a_grouping_takes_no_standard_level(tmp_path: Path, published: Path) -> None:
    file = write(tmp_path, "C1,CRTE Test,09901", header=GROUP_HEADER)
    result = add_groupings(tmp_path, file, published, group_type="epci")
    assert reasons(result) == [(2, "group_type", "c'est l'un des cinq échelons ordinaires : choisir un autre nom")]


def test_a_commitment_may_name_a_grouping_that_was_just_added(tmp_path: Path, published: Path) -> None:
    group(tmp_path, published, "C1,CRTE Test,09901")
    assert commit(tmp_path, published, GOOD.replace("epci,999000001", "crte,C1")).written == 1


@pytest.mark.parametrize(
    ("last_run", "command"),
    [
        (None, "leviers refresh"),
        (RunState(demo=True), "leviers demo"),
        (RunState(region="84"), "leviers refresh --offline --region 84"),
    ],
)
def test_commands_tell_what_to_do_next(
    tmp_path: Path, published: Path, last_run: RunState | None, command: str
) -> None:
    if last_run:
        write_run_state(tmp_path, last_run)
    added = CliRunner().invoke(main, ["commitments", "add", str(write(tmp_path, GOOD))])
    assert (added.exit_code, f"Pour le voir dans le fichier publié : {command}" in added.output) == (0, True)
