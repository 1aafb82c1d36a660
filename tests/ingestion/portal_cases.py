"""Ordinary fetches, one per portal: the fake with its rows, and the record that asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingestion import catalog
from ingestion.catalog import Dataset, Layout, Table
from tests.fakes.atmo_data import AtmoData
from tests.fakes.cubejs import CubeJs
from tests.fakes.data_fair import DataFair
from tests.fakes.data_gouv import DataGouv, GouvDataset, Resource
from tests.fakes.dido import Column, DataFile, Dido, Millesime
from tests.fakes.ecolab_hub import ORGANIZATION, TAG, indicator
from tests.fakes.georisques import Georisques, year_archive
from tests.fakes.grist import PERSONAL, Grist
from tests.fakes.hubeau import HubEau
from tests.fakes.ign_wfs import IgnWfs
from tests.fakes.opendatasoft import Opendatasoft
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import Params, record


def data_fair(server: FakeServer, rows: int = 7, **params: str | int | list[str]) -> tuple[DataFair, Dataset]:
    """Seven communes in pages of three; every other one has no ``conso``."""
    fields = {
        "code_commune": "Code Commune", "nom_commune": "Nom Commune", "code_departement": "Code Département",
        "conso_totale_mwh": "Conso totale (MWh)",
    }  # fmt: skip
    cells = [
        (
            f"31{number:03d}",
            f"Commune Test {number}",
            "31" if number % 2 else "09",
            number * 1.5 if number % 2 else None,
        )
        for number in range(1, rows + 1)
    ]
    communes = [dict(zip(fields, row, strict=True)) for row in cells]
    fake = DataFair(server, "consommation-test-par-commune", fields, communes, page_cap=3)
    asked: Params = {"mode": "lines", "select": ",".join(fields)}
    return fake, record("data_fair", fake.url, asked | params)


def opendatasoft(server: FakeServer, **params: str | int | list[str]) -> tuple[Opendatasoft, Dataset]:
    fields = {
        "annee": "Année", "code_insee_region": "Code INSEE région", "production_solaire": "Production solaire (GWh)",
        "geo_shape_region": "Géo-shape région",
    }  # fmt: skip
    cells = [
        (str(year), region, None if region == "11" else year - 2000.5, "POLYGON" * 50)
        for year in range(2019, 2025)
        for region in ("11", "76")
    ]
    rows = [dict(zip(fields, row, strict=True)) for row in cells]
    fake = Opendatasoft(server, "production-test-par-region", fields, rows)
    asked: Params = {"format": "csv", "select": "annee,code_insee_region,production_solaire"}
    return fake, record("opendatasoft", fake.url, asked | params)


DIDO_DATASET = "6102445fe436671e1cec0000"
DIDO_RID = "445d1fbb-0000-4000-8000-000000000001"


def dido(server: FakeServer, **params: str | int | list[str]) -> tuple[Dido, Dataset]:
    """Two millesimes, the columns in another order in each; secrecy is a text among the numbers."""
    region = Column("REGION_CODE", "Code de la région", "n/a")
    year, fuel = Column("ANNEE", "Année", "n/a"), Column("FOD", "Fioul domestique", "t")
    older = [{"REGION_CODE": "76", "ANNEE": "2022", "FOD": "5.5"}]
    newer = [
        {"REGION_CODE": code, "ANNEE": year, "FOD": value}
        for code, year, value in (("76", "2023", "12.5"), ("76", "2024", "secret"), ("11", "2024", "nd"))
    ]
    editions = [Millesime("2025-09", [region, year, fuel], older), Millesime("2026-09", [fuel, region, year], newer)]
    fake = Dido(server, DIDO_DATASET, [DataFile(DIDO_RID, "Produits pétroliers de test par région", editions)])
    asked: Params = {"dataset": DIDO_DATASET, "datafile": DIDO_RID}
    return fake, record("dido", fake.url, asked | params)


GOUV_SLUG = "immatriculations-de-test"


def data_gouv(server: FakeServer, **params: str | int | list[str]) -> tuple[DataGouv, Dataset]:
    def resource(number: int, year: int, stamp: str) -> Resource:
        body = "code,valeur\n" + "".join(f"31{row:03d},{number}\n" for row in range(30))
        return Resource(f"b73dda82-0000-4000-8000-{number:012d}", f"Registre {year}.csv", body.encode(), stamp=stamp)

    notice = Resource("b73dda82-0000-4000-8000-000000000009", "Notice.pdf", b"%PDF-1.4 test", "pdf")
    resources = [resource(1, 2023, "20240203-040506"), notice, resource(2, 2024, "20250203-040506")]
    fake = DataGouv(server, [GouvDataset("5448d3e0c751df01f8500000", GOUV_SLUG, resources)])
    asked: Params = {"title": r"Registre \d{4}", "format": "csv", "take": "all"}
    return fake, record("data_gouv", fake.dataset_url(GOUV_SLUG), asked | params)


def ecolab_hub(server: FakeServer, **params: str | int | list[str]) -> tuple[DataGouv, Dataset]:
    """Five indicators on pages of two; the fifth is another organisation's."""
    datasets = [
        indicator(1, ["velo"], ["commune", "epci", "region"]),
        indicator(2, ["biogaz"], ["region"]),
        indicator(3, ["velo", "covoiturage"], ["departement"]),
        indicator(4, [], ["epci", "commune"]),
        indicator(5, ["velo"], ["region"]),
    ]
    datasets[4].organization = "000000000000000000000000"
    fake = DataGouv(server, datasets, page_cap=2)
    asked: Params = {"organization": ORGANIZATION, "tag": TAG, "levels": ["region", "departement", "epci", "commune"]}
    return fake, record("ecolab_hub", fake.search_url, asked | params)


def hub_record(dataset: Dataset, **known: str) -> Dataset:
    """The record with a layout per series, by the slug that it is known by and the number that it has."""
    layouts = [
        Layout(name=f"series_{key[1:]}", format="csv", file_pattern=f"{slug}__*.csv", constants={"hub_id": key[1:]})
        for key, slug in known.items()
    ]
    columns = {"hub_id": catalog.Column(type="text"), "value": catalog.Column(type="number", aliases=["valeur"])}
    tables = [
        Table(name=level, description="Test", file_pattern=f"*__{level}.csv", columns=columns, layouts=layouts)
        for level in ("commune", "departement", "epci")
    ]
    return dataset.model_copy(update={"tables": tables})


def cubejs(server: FakeServer, **params: str | int | list[str]) -> tuple[CubeJs, Dataset]:
    members = [f"surface_test_epci.{name}" for name in ("id_23", "geocode_epci", "date_mesure")]
    rows = [
        dict(zip(members, (value, f"20000000{number}", "2024-01-01T00:00:00.000"), strict=True))
        for number, value in enumerate(["1623105", 12.5, None])
    ]
    fake = CubeJs(server, rows)
    asked: Params = {"measures": members[:1], "dimensions": ["geocode_epci"]}
    return fake, record("cubejs", fake.url, asked | params)


def hubeau(server: FakeServer, rows: int = 3, **params: str | int | list[str]) -> tuple[HubEau, Dataset]:
    given = [
        {"code_ouvrage": f"OPR{number:010d}", "annee": year, "volume": number * 10.5, "code_departement": departement}
        | {"libelle_usage": "EAU TEST"}
        for year in (2021, 2022)
        for departement in ("09", "31")
        for number in range(rows)
    ]
    fake = HubEau(server, given)
    fields = "code_ouvrage,annee,volume,code_departement"
    asked: Params = {"years": ["2021", "2022"], "departements": ["09", "31"], "fields": fields}
    return fake, record("hubeau", fake.url, asked | params)


def georisques(server: FakeServer, **params: str | int | list[str]) -> tuple[Georisques, Dataset]:
    fake = Georisques(server, {2022: year_archive(2022), 2023: year_archive(2023), 2024: None})
    return fake, record("georisques", fake.url, params)


def ign_wfs(server: FakeServer, **params: str | int | list[str]) -> tuple[IgnWfs, Dataset]:
    features = [
        {"cleabs": f"HAIE{number:020d}", "hauteur": number * 0.5 if number else None, "nom": f"Haie Test {number}"}
        for number in range(5)
    ]
    fake = IgnWfs(server, {"BDTOPO_TEST:haie": features}, page_cap=2)
    asked: Params = {"typename": [*fake.layers], "properties": ["cleabs", "hauteur"], "key": "cleabs", "sort": "cleabs"}
    return fake, record("ign_wfs", fake.url, asked | params)


def grist_csv(server: FakeServer, **params: str | int | list[str]) -> tuple[Grist, Dataset]:
    fake = Grist(server)
    return fake, record("grist_csv", fake.url, {"drop": PERSONAL} | params, file_name="indicateurs.csv")


def atmo_data(server: FakeServer, **params: str | int | list[str]) -> tuple[AtmoData, Dataset]:
    """Three sectors of two regions; the record asks for two."""
    rows = [
        {"date_maj": "2099/01/01", "ges": number * 10.5, "code_pcaet": sector, "code": region, "name": "Région Test"}
        for region in (2, 76)
        for number, sector in enumerate(("5", "6", "219"))
    ]
    fake = AtmoData(server, rows)
    asked: Params = {"login": "/api/login", "sectors": ["5", "6"]}
    return fake, record("atmo_data", fake.url, asked | params)


CASES: dict[str, Callable[..., tuple[Any, Dataset]]] = {
    case.__name__: case
    for case in (
        data_fair, opendatasoft, dido, data_gouv, ecolab_hub, cubejs, hubeau, georisques, ign_wfs, grist_csv, atmo_data,
    )
}  # fmt: skip
