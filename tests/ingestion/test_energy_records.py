"""Records of energy whose portals may differ from their public code: the files that they still bring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingestion.catalog import Dataset, allowed_hosts, load_catalog
from ingestion.readers import ReadReport, read_table
from ingestion.snapshots import Snapshot
from tests.fakes.dido import Column, DataFile, Dido, Millesime
from tests.fakes.live import serve
from tests.fakes.server import FakeServer
from tests.fixtures.mirror import text_files
from tests.ingestion.helpers import Bring, moved


def loaded(dataset: Dataset, snapshots: list[Snapshot]) -> list[dict[str, Any]]:
    """The rows of the first raw table; a small file may be below its floor, no row may be set aside."""
    table = dataset.tables[0].model_copy(update={"row_floor": 0})
    report = ReadReport()
    rows: list[dict[str, Any]] = pa.concat_tables(read_table(dataset, table, snapshots, report)).to_pylist()
    assert report.quarantined == []
    return rows


def written(path: Path, header: str, *lines: str) -> bytes:
    """A file of DiDo with one header line."""
    body = "\n".join([header, *lines]).encode()
    path.write_bytes(body)
    return body


@pytest.mark.parametrize("electricity", ["Electricité", "Électricité", "Electricite", "d'électricité"])
def test_both_energies_of_the_epci_are_found_however_they_are_spelt(
    electricity: str, server: FakeServer, bring: Bring
) -> None:
    dataset = load_catalog()["sdes_electricity_gas_epci"]
    assert dataset.fetch
    year = Millesime("2024-09", [Column("ANNEE", "Année")], [{"ANNEE": "2024"}])
    titles = [f"Consommation {energy} par EPCI en 2024" for energy in (electricity, "Gaz naturel", "chaleur")]
    datafiles = [DataFile(f"rid-{number}", title, [year]) for number, title in enumerate(titles)]
    url = Dido(server, str(dataset.fetch.params["dataset"]), datafiles).url
    assert len(bring(moved(dataset, url))) == 2


def test_the_departements_of_ore_need_no_operators(server: FakeServer, bring: Bring) -> None:
    dataset = load_catalog()["ore_electricity_departement"]
    name = "6l33py6xpnaolvzkckzkhcic.ndjson"
    needed = ("filiere", "annee", "code_departement", "code_grand_secteur", "conso_totale_mwh")
    given = [json.loads(line) for line in text_files(dataset.dataset_id)[name].splitlines()]
    body = "\n".join(json.dumps({key: row[key] for key in needed}) for row in given).encode()
    rows = loaded(dataset, bring.stored(serve(server, dataset, {name: body})))
    assert [row["consumption"] for row in rows] == [row["conso_totale_mwh"] for row in given]
    assert {row["operator"] for row in rows} == {None}


def test_georisques_is_reached_under_both_of_its_names() -> None:
    assert {"www.georisques.gouv.fr", "georisques.gouv.fr", "files.georisques.fr"} <= allowed_hosts()


def test_a_heat_network_may_have_no_identifier(server: FakeServer, bring: Bring, tmp_path: Path) -> None:
    dataset = load_catalog()["sdes_heat_networks"]
    body = written(
        tmp_path / "given.csv",
        '"OPERATEUR";"ANNEE";"FILIERE";"COMMUNE_CODE";"COMMUNE_LIBELLE";"CONSOTOT"',
        '"Opérateur Test";"2018";"C";"09999";"Commune Test 1";"12.5"',
        '"Opérateur Test";"2018";"F";"09999";"Commune Test 1";"secret"',
    )
    rows = loaded(dataset, bring.stored(serve(server, dataset, {"reseaux-2018.csv": body})))
    assert [(row["network_id"], row["energy_code"], row["delivered_status"]) for row in rows] == [
        (None, "C", "observed"),
        (None, "F", "secret"),
    ]


@pytest.mark.parametrize(
    ("dataset_id", "column", "code"),
    [("sdes_cee_departement", "departement_code", "DEP_CODE"), ("sdes_cee_epci", "epci_code", "EPCI_2024_CODE")],
)
def test_certificates_of_no_territory_are_loaded(
    dataset_id: str, column: str, code: str, server: FakeServer, bring: Bring, tmp_path: Path
) -> None:
    dataset = load_catalog()[dataset_id]
    body = written(
        tmp_path / "given.csv",
        f'"FICHE";"LIBELLE_FICHE";"SECTEUR";"{code}";"ANNEE_ENGAGEMENT";"NB_DOSSIERS";"ECO_NRJ_KWHCUMAC";'
        '"ECO_NRJ_PRECARITE_KWHCUMAC"',
        '"BAR-TST-901";"Fiche d\'essai";"BAR";"NA";"2019";"12";"3600000";"0"',
    )
    rows = loaded(dataset, bring.stored(serve(server, dataset, {"cee-annee-d-engagement.csv": body})))
    assert [(row[column], row["savings"]) for row in rows] == [("NA", 3_600_000)]
