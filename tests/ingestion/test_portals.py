"""Duties of every portal: retries, refusals, and the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ingestion.catalog import load_catalog
from ingestion.http import FetchError, HostMemory, HttpClient
from ingestion.portals import PORTALS, describe_files, fetch_files
from tests.fakes import server as fault
from tests.fakes.account import set_credentials
from tests.fakes.data_gouv import Resource
from tests.fakes.georisques import year_archive
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import Bring, Params, contents, record, refusal
from tests.ingestion.portal_cases import CASES, DESCRIBED, DIDO_DATASET, DIDO_RID, GOUV_SLUG

every_portal = pytest.mark.parametrize("portal", CASES)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    set_credentials(monkeypatch)


def fetched(portal: str, server: FakeServer, http: HttpClient, workdir: Path) -> dict[str, bytes]:
    workdir.mkdir(exist_ok=True)
    return contents(fetch_files(CASES[portal](server)[1], http, [], workdir))


def test_every_portal_has_a_case() -> None:
    assert set(PORTALS) == {*CASES, "plain_file"}


def test_every_record_names_a_portal(server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    named = {dataset.fetch.portal for dataset in load_catalog().values() if dataset.fetch}
    assert named <= {*PORTALS, "bundled", "input"}
    dataset = CASES["data_fair"](server)[1]
    assert dataset.fetch
    dataset = dataset.model_copy(update={"fetch": dataset.fetch.model_copy(update={"portal": "support"})})
    with pytest.raises(FetchError, match="no portal is called 'support'"):
        fetch_files(dataset, http, [], tmp_path)


@every_portal
def test_same_content_gives_same_bytes(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    first = fetched(portal, server, http, tmp_path / "first")
    assert first
    assert fetched(portal, server, http, tmp_path / "second") == first


@every_portal
@pytest.mark.parametrize(
    "trouble",
    [fault.cut(20), fault.wrong_length(+50), fault.status(502), fault.status(429, retry_after="7"), fault.gzipped],
    ids=["cut", "wrong length", "bad gateway", "quota", "compressed"],
)
def test_gets_over_troubles_all_along(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path, trouble: fault.Fault
) -> None:
    """Every third request goes wrong, those for later pages and for the data too."""
    expected = fetched(portal, server, http, tmp_path / "calm")
    server.inject(".*", *[trouble, None, None] * 50)
    assert fetched(portal, server, http, tmp_path / "troubled") == expected


@every_portal
@pytest.mark.parametrize(
    ("trouble", "facts"),
    [
        (fault.status(500), ("http://127.0.0.1", "HTTP 500", "5 attempts")),
        (fault.html_page(), ("http://127.0.0.1", "page")),
        (fault.redirected("https://ailleurs.example.org/d.csv"), ("https://ailleurs.example.org/d.csv", "host")),
        (fault.redirected("http://portail.example.org/d.csv"), ("http://portail.example.org/d.csv", "HTTPS")),
    ],
    ids=["error", "page for people", "unknown host", "out of https"],
)
def test_refuses_what_it_cannot_get_over(
    portal: str, server: FakeServer, tmp_path: Path, trouble: fault.Fault, facts: tuple[str, ...]
) -> None:
    hosts = frozenset({"127.0.0.1", "portail.example.org"})
    http = HttpClient(hosts, insecure_loopback=True, memory=HostMemory(), sleep=lambda _: None)
    server.inject_always(".*", trouble)
    with refusal(*facts):
        fetched(portal, server, http, tmp_path)


def renewed(resource: Resource) -> None:
    resource.stamp, resource.body = "20260909-090909", resource.body + b"31998,998\n"


# The portals that publish a mark of their state (date of the data, millesime, checksum, ETag), and a change of it.
CHANGES: dict[str, Callable[[Any], object]] = {
    "data_fair": lambda fake: vars(fake).update(rows=fake.rows[1:], updated_at="2026-10-10T10:10:10.000Z"),
    "opendatasoft": lambda fake: vars(fake).update(rows=fake.rows[1:], data_processed="2026-10-10T10:10:10+00:00"),
    "dido": lambda fake: fake.datafiles[0].millesimes.append(replace(fake.datafiles[0].millesimes[0], label="2027-09")),
    "data_gouv": lambda fake: renewed(fake.datasets[0].resources[0]),
    "ecolab_hub": lambda fake: renewed(fake.datasets[1].resources[0]),
    "georisques": lambda fake: fake.archives.update({2023: year_archive(2023) + b"corrected"}),
}


@pytest.mark.parametrize("portal", CHANGES)
def test_nothing_is_fetched_again_until_it_changes(portal: str, server: FakeServer, bring: Bring) -> None:
    fake, dataset = CASES[portal](server)
    previous = bring.stored(dataset)
    server.requests.clear()
    assert bring.unchanged(dataset, previous)
    assert server.calls("/lines|/exports/|/csv$|/static/") == []
    CHANGES[portal](fake)
    again = contents(bring(dataset, previous))
    assert again == contents(bring(dataset)) != {file.file_name: file.path.read_bytes() for file in previous}


@every_portal
def test_refuses_a_parameter_that_it_does_not_know(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    dataset = record(portal, server.url, {"colonne": "code"})
    with refusal(dataset.dataset_id, "'colonne'"):
        fetch_files(dataset, http, [], tmp_path)
    assert server.requests == []


Spoil = Callable[[Any, FakeServer], object]
SLUG, SURVEY, TABLE = "consommation-test-par-commune", "DS_TEST_LOGEMENT", "Tdb_planif_indicateurs"
LAYER, ELSEWHERE = "TYPENAMES=BDTOPO_TEST%3Ahaie", "https://static.example.org/resources/fichier.csv"


def always(path: str, trouble: fault.Fault) -> Spoil:
    return lambda fake, server: server.inject_always(path, trouble)


def once(path: str, *troubles: fault.Fault | None) -> Spoil:
    return lambda fake, server: server.inject(path, *troubles)


def edited(path: str, **changes: object) -> Spoil:
    """Every answer of a path holds other values."""
    return always(path, fault.edited_json(lambda content: content | changes))


def paging(change: Callable[[dict[str, Any]], dict[str, Any]]) -> fault.Fault:
    return fault.edited_json(lambda content: content | {"paging": change(content["paging"])})


def other_layer(**layer: object) -> Spoil:
    """The first layer of a service is another one."""
    return lambda fake, server: vars(fake.services["emi_test_epci"][0]).update(layer)


def other_checksum(content: dict[str, Any]) -> None:
    for resource in content["resources"]:
        resource["checksum"] = {"type": "sha256", "value": "0" * 64}


def other_departement(content: dict[str, Any]) -> None:
    for row in content["data"]:
        row["code_departement"] = "65"


ONE_PLACE: Params = {"years": ["2022"], "departements": ["31"]}
CUT = {"code": 400, "message": "Cannot perform query.", "details": ["first\nline", "second"]}
NOTHING = [fault.edited_json(lambda _: {"count": 0}), fault.edited_json(lambda _: {"features": []})]
# By case: the portal, the request, the fault of the portal, and the facts in the refusal.
REFUSED: dict[str, tuple[str, Params, Spoil | None, tuple[object, ...]]] = {
    "a page above the cap": ("data_fair", {"size": 10_001}, None, ("/lines", "HTTP 400")),
    "an unknown filter": ("data_fair", {"filters": ["code_departement=09"]}, None, ("'code_departement'",)),
    "an unknown column, by name": (
        "data_fair", {"select": "code_commune,colonne_absente"}, None, ("colonne_absente", "conso_totale_mwh"),
    ),
    "fewer rows than the total": ("data_fair", {}, edited("/lines$", total=9), (7, 9)),
    "a title of nothing": ("data_gouv", {"title": "Abandonné"}, None, (GOUV_SLUG, "Abandonné", "Registre 2024.csv")),
    "a column that is gone": ("dido", {"columns": "ANNEE,ABSENTE"}, None, ("no column 'ABSENTE'", DIDO_RID)),
    "fewer datasets than the total": ("ecolab_hub", {}, edited("/search/$", total=9), ("/search/", 4, 9)),
    "a search that finds nothing": ("ecolab_hub", {"tag": "absente"}, None, ("/search/", "no dataset")),
    "two endpoints of one file": (
        "geo_api", {"endpoints": ["communes?codeRegion=76", "communes?codeRegion=84"]}, None, ("communes.json",),
    ),
    "an endpoint that is gone": ("geo_api", {"endpoints": ["cantons"]}, None, ("/cantons", "HTTP 404")),
    "fewer rows than the count": ("hubeau", ONE_PLACE, edited("chroniques", count=4), ("chroniques", 3, 4)),
    "a year without rows before others": (
        "hubeau", {"years": ["2020", "2021", "2022"]}, None, ("annee=2020", "no rows"),
    ),
    "fewer features than matched": ("ign_wfs", {}, edited("/wfs", numberMatched=6, totalFeatures=6), (LAYER, 5, 6)),
    "a layer that is gone": ("ign_wfs", {"typename": "BDTOPO_TEST:absente"}, None, ("absente", "HTTP 400")),
    "filters that match nothing": ("melodi", {"filters": ["NRG_SRC=COAL"]}, None, ("DS_TEST_LOGEMENT", "0")),
    "an unknown column": ("opendatasoft", {"select": "annee,colonne_absente"}, None, ("HTTP 400",)),
    "fewer rows than counted": (
        "arcgis", {}, edited("/FeatureServer/7/query$", count=6), ("5 rows received, 6 announced",),
    ),
    "an error with the status 200": (
        "arcgis", {"services": ["emi_absent"]}, None, ("/emi_absent/FeatureServer?f=json", "error 400: Invalid URL"),
    ),
    "rows of another departement": (
        "hubeau", ONE_PLACE, always("chroniques", fault.edited_json(other_departement)), ("chroniques", "31", "65"),
    ),
    "a layer of unknown size": (
        "ign_wfs", {}, edited("/wfs", numberMatched="unknown", totalFeatures="unknown"),
        (LAYER, "numberMatched", "unknown"),
    ),
    "a box in the wrong order of axes": (
        "ign_wfs", {}, edited("/wfs", numberMatched=0, numberReturned=0, totalFeatures=0, features=[]), (LAYER, "0"),
    ),
    "a full page that says nothing of the next": (
        "melodi", {"size": 2}, always("/data/", paging(lambda links: {"first": links["first"]})),
        ("2 observations", "more"),
    ),
    "a last page that is missing": (
        "melodi", {}, once("/data/", paging(lambda links: {name: links[name] for name in links if name != "next"})),
        (SURVEY, "no link to the next"),
    ),
    "fewer observations than counted": (
        "melodi", {}, always("/data/", paging(lambda links: links | {"count": links["count"] + 1})), (SURVEY, 6, 7),
    ),
    "a filter that the portal ignores": (
        "data_fair", {"filters": ["code_departement_eq=09"]}, lambda fake, _: setattr(fake, "ignored_filters", True),
        (SLUG, "code_departement_eq=09", "31"),
    ),
    "keys that repeat": (
        "data_fair", {}, lambda fake, _: fake.rows[5].update(code_commune="31001"), (SLUG, "code_commune", 6, 7),
    ),
    "a next page on another host": (
        "data_fair", {}, once("/lines$", fault.edited_json(lambda content: content | {"next": ELSEWHERE})),
        (ELSEWHERE, "host"),
    ),
    **{
        f"an export of another size as {name}": (
            "opendatasoft", {"format": name}, lambda fake, _: setattr(fake, "records_count", 13), (12, 13),
        )
        for name in ("csv", "json")
    },
    "a data file that is gone": (
        "dido", {}, lambda fake, _: setattr(fake.datafiles[0], "rid", DIDO_RID[:-1] + "f"), (DIDO_DATASET, DIDO_RID),
    ),
    "fewer rows than the millesime says": (
        "dido", {}, once("/datasets/", fault.edited_json(
            lambda content: content["datafiles"][0]["millesimes"][1].update(rows=6_264)
        )), (DIDO_RID, 3, 6_264),
    ),
    "an error in the middle of the pages": (
        "arcgis", {}, once("/FeatureServer/7/query$", None, None, fault.edited_json(lambda _: {"error": CUT})),
        ("resultOffset=2", "error 400: Cannot perform query. first line second"),
    ),
    "a layer without rows": (
        "arcgis", {}, once("/FeatureServer/7/query$", *NOTHING), ("/FeatureServer/7/query", "no rows"),
    ),
    "a row of another year than its layer": (
        "arcgis", {}, other_layer(rows=[{"annee_inv": year, "co2_t": 1.5} for year in (2099, 2097)]),
        ("'Émissions 2099 test' is of 2099", "annee_inv 2097"),
    ),
    "a layer that lacks a field": (
        "arcgis", {}, other_layer(rows=[{"annee_inv": 2099, "co2": 1.5}]),
        ("layer 'Émissions 2099 test' has no field co2_t, it has OBJECTID, annee_inv, co2",),
    ),
    "two layers of a year": (
        "arcgis", {}, other_layer(name="Inventaire 2098 (provisoire)"),
        ("emi_test_epci", "2 layers of 2098", "'Inventaire 2098 (provisoire)'", "'Émissions 2098 test'"),
    ),
    "a layer of two years": (
        "arcgis", {}, other_layer(name="Inventaire 2098, version 2099"),
        ("'Inventaire 2098, version 2099' holds 2098 and 2099",),
    ),
    "groups by an unknown filter": (
        "data_fair", {"mode": "values_agg", "field": "nom_commune", "filters": ["remplacement_nexists=true"]}, None,
        (SLUG, "'remplacement_nexists'"),
    ),
    **{
        f"rows in no group of level {level}": (
            "data_fair", {"mode": "values_agg", "field": "code_departement;code_commune", "agg_size": agg_size}, None,
            (SLUG, f"{left_out} rows are in none of the groups"),
        )
        for level, agg_size, left_out in ((1, "1;1000", 3), (2, "100;2", 2))
    },
    "more rows than the depth": (
        "hubeau", ONE_PLACE, edited("chroniques", count=20_001), ("chroniques", "2022", "31", 20_001, 20_000),
    ),
    "another encoding": ("grist_csv", {}, once("/download/csv", fault.latin1), (TABLE, "UTF-8")),
    "a table that is gone": (
        "grist_csv", {}, lambda fake, _: setattr(fake, "table_id", "Autre_table"), (TABLE, "HTTP 404"),
    ),
    "a static host outside the catalogue": (
        "data_gouv", {}, always("/datasets/r/|/static/", fault.redirected(ELSEWHERE)), (ELSEWHERE, "host"),
    ),
    "a file that is not the one announced": (
        "data_gouv", {"take": "latest"}, once("/api/1/datasets/[^/]+/$", fault.edited_json(other_checksum)),
        ("b73dda82-0000-4000-8000-000000000002", "sha256", "0" * 64),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("portal", "params", "spoil", "facts"), REFUSED.values(), ids=REFUSED)
def test_refuses_what_cannot_be_all_that_was_asked_for(
    portal: str, params: Params, spoil: Spoil | None, facts: tuple[object, ...], server: FakeServer, bring: Bring
) -> None:
    fake, dataset = CASES[portal](server, **params)
    if spoil:
        spoil(fake, server)
    bring.refused(dataset, *facts)


LINKED = {"data_fair": "/lines$", "ecolab_hub": "/search/$", "melodi": "/melodi/data/"}
PAGED = LINKED | {"arcgis": "/FeatureServer/7/query$", "hubeau": "chroniques", "ign_wfs": "/wfs"}


@pytest.mark.parametrize(
    ("portal", "repeated"),
    [*((portal, "page") for portal in PAGED), *product(LINKED, ["link", "link of empty pages"])],
)
def test_refuses_pages_that_come_again(portal: str, repeated: str, server: FakeServer, bring: Bring) -> None:
    """The answers repeat the rows of the first page, or the address of its next page, with new rows or none."""
    _, dataset = CASES[portal](server, **(ONE_PLACE | {"rows": 10_000} if portal == "hubeau" else {}))
    pages: list[dict[str, Any]] = []

    def again(content: dict[str, Any]) -> dict[str, Any]:
        rows = next((name for name in ("results", "data", "observations", "features") if name in content), None)
        if rows is None:
            return content
        pages.append(content)
        if repeated == "page":
            return content | {rows: pages[0][rows]}
        links = {name: pages[0][name] for name in ("next", "next_page", "paging") if name in pages[0]}
        return content | links | ({rows: []} if "empty" in repeated else {})

    server.inject_always(PAGED[portal], fault.edited_json(again))
    bring.refused(dataset, server.url)
    assert len(server.calls(PAGED[portal])) <= 4


@pytest.mark.parametrize("portal", ["arcgis", "dido", "data_gouv", "ecolab_hub", "grist_csv", "ign_wfs"])
def test_describes_every_file(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = CASES[portal](server)
    described = [str(description.file_name) for description in describe_files(dataset, http)]
    assert sorted(described) == sorted(contents(fetch_files(dataset, http, [], tmp_path)))


@pytest.mark.parametrize(
    ("portal", "parameter"), [("data_fair", "select"), ("dido", "columns"), ("opendatasoft", "select")]
)
def test_describes_what_the_record_asks_for(portal: str, parameter: str, server: FakeServer, http: HttpClient) -> None:
    """The other columns of a dataset are no difference; one that is gone is."""
    asked = DESCRIBED[portal][1:3]
    _, dataset = CASES[portal](server, **{parameter: [*asked, "colonne_absente"]})
    assert list(next(iter(describe_files(dataset, http))).columns) == asked
