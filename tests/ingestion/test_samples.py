"""Real files that are partial or odd, and recorded answers of portals: each is read row for row.

They are where ``LEVIERS_TEST_SAMPLES`` says; row floors and national totals do not apply to them. A recorded answer is
served by a local server and read by the portal's module. What is expected is read here a second time, by other means.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml

from ingestion.catalog import Dataset, Table, load_catalog
from ingestion.portals import cubejs, data_gouv
from ingestion.snapshots import Snapshot, SnapshotStore, says_the_same
from tests.fakes.server import FakeServer, json_response, serve_file, text_response
from tests.ingestion.helpers import Bring, csv_rows, moved, read, record, small

SAMPLES = os.environ.get("LEVIERS_TEST_SAMPLES")
ROOT = Path(SAMPLES or ".")
SAMPLED: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("samples.yml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not SAMPLES, reason="LEVIERS_TEST_SAMPLES names no folder of samples")

Row = dict[str, Any]


def rows_of(dataset: Dataset, snapshot: Snapshot, table: Table | None = None) -> list[Row]:
    """The rows that the reader makes of a file by its record, without what it adds; nothing set aside or left over."""
    rows, report = read(small(dataset), snapshot, table=table)
    assert (report.quarantined, report.warnings) == ([], [])
    assert report.received == report.loaded == len(rows)
    return [{name: value for name, value in row.items() if name != "snapshot_id"} for row in rows]


def read_sample(dataset_id: str, name: str, home: Path) -> list[Row]:
    dataset = load_catalog()[dataset_id]
    path = ROOT / name
    return rows_of(dataset, SnapshotStore(home).add(dataset, path, file_name=path.name, origin="mirror"))


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("sample", SAMPLED, ids=lambda sample: sample["file"])
def test_a_file_is_read_row_for_row(sample: dict[str, Any], tmp_path: Path) -> None:
    rows = read_sample(sample["dataset"], sample["file"], tmp_path)
    assert len(rows) == sample.get("rows", len(rows))
    with duckdb.connect() as connection:
        if sample["file"].endswith(".json"):
            file = connection.read_json(str(ROOT / sample["file"]))
        else:
            separator, skip = sample.get("separator", ","), sample.get("skip", 0)
            options: dict[str, Any] = {"sep": separator, "skiprows": skip, "header": True, "quotechar": '"'}
            options |= {"all_varchar": True, "null_padding": True, "parallel": False}
            file = connection.read_csv(str(ROOT / sample["file"]), **options)
        connection.register("file", file)
        connection.register("read", pa.Table.from_pylist(rows))
        assert connection.sql("select count(*) from file").fetchall() == [(sample["lines"],)]
        columns = ", ".join(connection.sql(sample["sql"]).columns)
        connection.execute(f"create view expected as {sample['sql']}; create view made as select {columns} from read")
        for view, other in (("made", "expected"), ("expected", "made")):
            assert connection.sql(f"from {view} except all from {other}").fetchall() == []
        assert connection.sql(sample.get("also", "select true")).fetchall() == [(True,)]


def test_renewable_energies_of_the_first_form_have_a_reason() -> None:
    assert load_catalog()["ademe_pcaet_objectives"].why_unclaimed("Demarches_PCAET_V1_enr.csv")


def test_a_file_of_the_communes_of_an_epci_is_read_whole(tmp_path: Path) -> None:
    name = "ore_consumption_commune_grenoble/consommation-annuelle-d-electricite-et-gaz-par-commune(1).csv"
    rows = read_sample("ore_consumption_commune", name, tmp_path)
    lines = csv_rows(ROOT / name, ";")
    codes = {"operator": "OPERATEUR", "energy": "FILIERE", "commune_code": "Code Commune", "epci_code": "Code EPCI"}
    codes |= {"departement_code": "Code Département", "region_code": "Code Région", "sector": "CODE GRAND SECTEUR"}
    codes |= {"category_code": "CODE CATEGORIE CONSOMMATION", "activity_code": "CODE SECTEUR NAF2"}
    numbers = {"year": "Année", "sites": "Nb sites", "consumption": "Conso totale (MWh)"}
    numbers |= {"hidden_cells": "Nombre de mailles secretisées", "part_thermosensible": "Part thermosensible (%)"}
    derived = ("Nom ", "Type ", "Conso moyenne", "Thermosensibilité moyenne")
    known = {*codes.values(), *numbers.values()}
    others = [label for label in lines[0] if label not in known and not label.startswith(derived)]
    # the columns that the record has under the producer's own words stand in the producer's order
    numbers |= dict(zip([key for key in rows[0] if key not in codes | numbers], others, strict=True))
    assert rows == [
        {name: line[codes[name]] or None if name in codes else number(line[numbers[name]]) for name in rows[0]}
        for line in lines
    ]
    assert (len(rows), len({row["commune_code"] for row in rows})) == (9_166, 49)
    assert {row["year"] for row in rows} == {*range(2011, 2024)}


def recorded(name: str) -> Any:
    return json.loads((ROOT / "portals" / name).read_text(encoding="utf-8"))


def test_a_recorded_dataset_of_data_gouv_is_compared_with_its_checksum(server: FakeServer, bring: Bring) -> None:
    answer = recorded("data_gouv/datagouv_dataset_sample.json")
    server.route(r"/api/1/datasets/jeu/", lambda request: json_response(answer))
    server.route(r"/api/1/datasets/r/(.+)", lambda request, _: text_response("code\n1\n", "text/csv"))
    dataset = record("data_gouv", f"{server.url}/api/1/datasets/jeu/", {"title": ".", "take": "all"})
    bring.refused(dataset, "sha1", answer["resources"][0]["checksum"]["value"])
    for resource in answer["resources"]:
        assert resource["last_modified"] in str(data_gouv.mark_of(resource))
        assert data_gouv.file_name_of(resource).endswith(resource["format"])


def test_a_short_export_of_opendatasoft_is_refused(server: FakeServer, bring: Bring) -> None:
    """The number of all rows is in the records; an export of the two that were recorded is short."""
    answer = recorded("opendatasoft/ods_records_sample.json")
    lines = "".join(f"{row['annee']}\n" for row in answer["results"])
    fields = [{"name": "annee", "type": "date"}]
    metadata = {"metas": {"default": {"data_processed": "2026-02-03T04:05:06+00:00"}}, "fields": fields}
    server.route("/jeu", lambda request: json_response(metadata))
    server.route("/jeu/records", lambda request: json_response(answer))
    server.route("/jeu/exports/csv", lambda request: serve_file(request, f"annee\n{lines}".encode(), "text/csv"))
    dataset = record("opendatasoft", f"{server.url}/jeu", {"year_field": "annee", "first_year": 2026})
    bring.refused(dataset, "2 rows received, 397 announced")
    assert (len(answer["results"]), answer["total_count"]) == (2, 397)


def test_lines_of_data_fair_are_read_by_key(server: FakeServer, bring: Bring) -> None:
    """The API's keys are the labels of the record; the separator is the API's."""
    body = (ROOT / "portals" / "data_fair" / "lines_select.csv").read_bytes()
    lines = list(csv.DictReader(io.StringIO(body.decode("utf-8"))))
    server.route("/jeu", lambda request: json_response({"count": len(lines), "dataUpdatedAt": "2026", "schema": []}))
    server.route("/jeu/full", lambda request: serve_file(request, body, "text/csv"))
    dataset = record("data_fair", f"{server.url}/jeu", {"mode": "full"})
    [snapshot] = bring.stored(dataset)
    by_key = {
        "operateur": "operator", "filiere": "energy", "annee": "year", "code_commune": "commune_code",
        "code_departement": "departement_code", "code_categorie_consommation": "category_code", "nb_sites": "sites",
        "conso_totale_mwh": "consumption", "nombre_de_mailles_secretisees": "hidden_cells",
    }  # fmt: skip
    assert list(lines[0]) == list(by_key)
    declared = small(load_catalog()["ore_consumption_commune"]).tables[0]
    columns = {name: declared.columns[name] for name in by_key.values()}
    layout = declared.layouts[0].model_copy(update={"separator": ","})
    table = declared.model_copy(update={"columns": columns, "layouts": [layout]})
    rows = rows_of(dataset, snapshot, table)
    kinds: dict[str, Callable[[str], Any]] = {"annee": int, "nombre_de_mailles_secretisees": int}
    kinds |= {"nb_sites": number, "conso_totale_mwh": number}
    assert rows == [{by_key[key]: kinds.get(key, str)(text) for key, text in line.items()} for line in lines]
    assert len(rows) == 261


def test_the_measures_of_the_record_are_in_the_metadata_of_the_hub(
    server: FakeServer, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cubejs.TOKEN_VARIABLE, "jeton-test")
    answer = recorded("cubejs/meta_2026-08-22.json")
    server.route("/v1/meta", lambda request: json_response(answer))
    server.route("/v1/load", lambda request: json_response({"data": []}), method="POST")
    for dataset in load_catalog().values():
        if dataset.fetch and dataset.fetch.portal == "cubejs":
            bring.refused(moved(dataset, f"{server.url}/v1"), "/load", "no rows")
    bring.refused(record("cubejs", f"{server.url}/v1", {"measures": ["cube_test.id_0"]}), "no measure 'cube_test.id_0'")


ARCHIVES = {
    "insee_emploi_sample.zip": "DS_RP_EMPLOI_LR_PRINC_2023_data.csv",
    "insee_logement_sample.zip": "DS_RP_LOGEMENT_PRINC_2023_data.csv",
    "insee_population_comp_sample.zip": "DS_RP_POPULATION_COMP_2023_data.csv",
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_of_a_census_is_read(name: str, server: FakeServer, bring: Bring) -> None:
    """The archives of the census are laid out alike: the record of one reads all of them, their dimensions aside."""
    body = (ROOT / "portals" / "insee_files" / name).read_bytes()
    server.route(f"/{name}", lambda request: serve_file(request, body, "application/zip"))
    dataset = record("plain_file", f"{server.url}/{name}")
    [snapshot] = bring.stored(dataset)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = archive.read(ARCHIVES[name]).decode("utf-8")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    declared = small(load_catalog()["insee_commuting"]).tables[0]
    columns = ("territory", "territory_kind", "census_year", "workers", "observation_status")
    layouts = [declared.layouts[0].model_copy(update={"ignore": ["*"]})]
    changes = {"columns": {column: declared.columns[column] for column in columns}, "layouts": layouts}
    table = declared.model_copy(update={"file_pattern": "*.zip"} | changes)
    rows = rows_of(dataset, snapshot, table)
    assert [[row[column] for column in columns] for row in rows] == [
        [line["GEO"], line["GEO_OBJECT"], int(line["TIME_PERIOD"]), number(line["OBS_VALUE"]), line["OBS_STATUS"]]
        for line in lines
    ]
    assert len(rows) > 100


@pytest.mark.parametrize(
    ("number", "is_same"), [("451", True), ("638", True), ("681", True), ("826", True), ("23", False)]
)
def test_two_editions_of_a_series_of_the_hub_are_one_if_nothing_moved(number: str, is_same: bool) -> None:
    older, newer = (ROOT / "irpe_editions" / f"{number}.{age}.json" for age in ("older", "newer"))
    assert older.read_bytes() != newer.read_bytes()
    assert says_the_same(older, newer) == is_same


def test_the_epci_of_bretagne_are_read_in_the_shape_of_the_hub(tmp_path: Path) -> None:
    """As the hub writes them: counts of Crit'Air E, the fleet, kilometres; a date has letters for zeros."""
    files: dict[str, list[str]] = {
        "part-de-voitures-particulieres-electriques-critair-e-dans-le-parc__epci.csv": [],
        "kilometrage-damenagements-cyclables-securises-pistes-cyclables-et-voies-vertes__epci.csv": [],
    }
    cars, ways = files.values()
    cars.append("date_mesure,geocode_epci,critair,type_vehicule,numerateur,denominateur")
    ways.append("date_mesure,geocode_epci,valeur")
    lines = {
        (line["code_epci"], line["date"].replace("O", "0"), line["indicateur"]): float(line["valeur"])
        for line in csv_rows(ROOT / "ecolab_hub_epci_bretagne" / "final_df_epci.csv")
        if len(line["code_epci"]) == 9
    }
    for (code, day, name), value in lines.items():
        date = f"{day[6:]}-01-01T00:00:00.000"
        if name == "nombre_de_voitures_en_circulation_de_Crit'air_E":
            share = lines[code, day, "pourcentage_des_voitures_en_circulation__de_Crit'air_E"]
            cars.append(f"{date},{code},Crit'Air E,VP,{value},{100 * value / share}")
        elif name == "lineaire_cyclable_securise_total":
            ways.append(f"{date},{code},{value}")
    dataset, rows = load_catalog()["ecolab_hub"], list[Row]()
    for name, text in files.items():
        (tmp_path / name).write_text("\n".join(text) + "\n", encoding="utf-8")
        snapshot = SnapshotStore(tmp_path).add(dataset, tmp_path / name, file_name=name, origin="mirror")
        rows += rows_of(dataset, snapshot, dataset.tables[2])
    counted = {
        year: sum(row["numerator"] or 0 for row in rows if row["date_mesure"].year == year) for year in (2019, 2024)
    }
    assert {year: round(value) for year, value in counted.items()} == {2019: 4685, 2024: 42045}
    assert {row["hub_id"] for row in rows} == {"826", "762"}
    assert len({row["epci_code"] for row in rows}) in (61, 62)
