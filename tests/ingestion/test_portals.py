"""What every portal owes, whatever it speaks: retries, refusals, and the same bytes for the same content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingestion.http import FetchError, HostMemory, HttpClient
from ingestion.portals import DESCRIBERS, PORTALS
from tests.fakes import server as fault
from tests.fakes.account import set_credentials
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import Bring, Params, assert_tells, contents, record, stored
from tests.ingestion.portal_cases import CASES, DIDO_RID, GOUV_SLUG

# The portals that publish a mark of their state: date of the data, millesime, checksum, ETag.
MARKED = ["data_fair", "opendatasoft", "dido", "data_gouv", "ecolab_hub", "georisques"]

# The columns that a portal tells of its case; those of the zips and of the Cube.js rows are made by the readers.
DESCRIBED = {
    "data_fair": ["code_commune", "nom_commune", "code_departement", "conso_totale_mwh"],
    "opendatasoft": ["annee", "code_insee_region", "production_solaire"],
    "dido": ["FOD", "REGION_CODE", "ANNEE"],
    "data_gouv": ["code", "valeur"],
    "ecolab_hub": ["date_mesure", "geocode_region", "libelle_region", "valeur"],
    "cubejs": [],
    "melodi": ["GEO", "TIME_PERIOD", "NRG_SRC", "OBS_VALUE_NIVEAU", "OBS_STATUS"],
    "hubeau": ["code_ouvrage", "annee", "volume", "code_departement"],
    "georisques": [],
    "ign_wfs": ["cleabs", "hauteur"],
    "grist_csv": ["ID", "Indicateur", "Unité", "2023", "2024"],
    "geo_api": ["nom", "code", "siren"],
    "atmo_data": ["date_maj", "ges", "code_pcaet", "code", "name"],
    "arcgis": ["OBJECTID", "annee_inv", "co2_t", "code_test", "Shape__Area"],
}

every_portal = pytest.mark.parametrize("portal", CASES)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    set_credentials(monkeypatch)


def fetched(portal: str, server: FakeServer, http: HttpClient, workdir: Path) -> dict[str, bytes]:
    workdir.mkdir(exist_ok=True)
    return contents(PORTALS[portal](CASES[portal](server)[1], http, [], workdir))


def test_every_portal_has_a_case() -> None:
    assert set(PORTALS) == {*CASES, "plain_file"}


@every_portal
def test_same_content_gives_same_bytes(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    first = fetched(portal, server, http, tmp_path / "first")
    assert first
    assert fetched(portal, server, http, tmp_path / "second") == first


@every_portal
def test_waits_as_long_as_the_portal_asks(
    portal: str, server: FakeServer, http: HttpClient, sleeps: list[float], tmp_path: Path
) -> None:
    expected = fetched(portal, server, http, tmp_path / "calm")
    sleeps.clear()
    server.inject(".*", fault.status(429, retry_after="7"))
    assert fetched(portal, server, http, tmp_path / "slowed") == expected
    assert 7.0 in sleeps


@every_portal
def test_tries_again_after_errors_of_the_server(
    portal: str, server: FakeServer, http: HttpClient, sleeps: list[float], tmp_path: Path
) -> None:
    expected = fetched(portal, server, http, tmp_path / "calm")
    sleeps.clear()
    server.inject(".*", fault.status(500), fault.status(503))
    assert fetched(portal, server, http, tmp_path / "troubled") == expected
    assert sleeps[:2] == [1.0, 2.0]


@every_portal
def test_gives_up_with_the_address_and_the_status(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    server.inject_always(".*", fault.status(500))
    with pytest.raises(FetchError) as refusal:
        fetched(portal, server, http, tmp_path)
    assert_tells(refusal.value, server.url, "HTTP 500", "5 attempts")


@every_portal
@pytest.mark.parametrize(
    "trouble", [fault.cut(20), fault.wrong_length(+50), fault.status(502)], ids=["cut", "wrong length", "bad gateway"]
)
def test_gets_over_troubles_all_along(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path, trouble: fault.Fault
) -> None:
    """Every third request goes wrong, also those for later pages and for the data."""
    expected = fetched(portal, server, http, tmp_path / "calm")
    server.inject(".*", *[trouble, None, None] * 50)
    assert fetched(portal, server, http, tmp_path / "troubled") == expected


@every_portal
def test_reads_answers_compressed_in_transit(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    expected = fetched(portal, server, http, tmp_path / "plain")
    server.inject_always(".*", fault.gzipped)
    assert fetched(portal, server, http, tmp_path / "compressed") == expected


@every_portal
def test_refuses_a_page_for_people(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    server.inject_always(".*", fault.html_page())
    with pytest.raises(FetchError) as refusal:
        fetched(portal, server, http, tmp_path)
    assert_tells(refusal.value, server.url, "page")


@every_portal
def test_refuses_a_redirect_to_an_unknown_host(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    server.inject_always(".*", fault.redirected("https://ailleurs.example.org/donnees.csv"))
    with pytest.raises(FetchError) as refusal:
        fetched(portal, server, http, tmp_path)
    assert_tells(refusal.value, "https://ailleurs.example.org/donnees.csv", "host")


@every_portal
def test_refuses_a_redirect_out_of_https(portal: str, server: FakeServer, sleeps: list[float], tmp_path: Path) -> None:
    hosts = frozenset({"127.0.0.1", "portail.example.org"})
    http = HttpClient(hosts, insecure_loopback=True, memory=HostMemory(), sleep=sleeps.append)
    server.inject_always(".*", fault.redirected("http://portail.example.org/donnees.csv"))
    with pytest.raises(FetchError) as refusal:
        fetched(portal, server, http, tmp_path)
    assert_tells(refusal.value, "http://portail.example.org/donnees.csv", "HTTPS")


@pytest.mark.parametrize("portal", MARKED)
def test_unchanged_content_is_not_fetched_again(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    _, dataset = CASES[portal](server)
    workdir = tmp_path / "work"
    workdir.mkdir()
    previous = stored(dataset, PORTALS[portal](dataset, http, [], workdir), tmp_path)
    assert PORTALS[portal](dataset, http, previous, workdir) is None


@pytest.mark.parametrize("portal", sorted(set(CASES) - set(MARKED)))
def test_content_without_a_mark_is_the_same_file_again(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    _, dataset = CASES[portal](server)
    workdir = tmp_path / "work"
    workdir.mkdir()
    first = PORTALS[portal](dataset, http, [], workdir)
    expected = contents(first)
    previous = stored(dataset, first, tmp_path)
    again = PORTALS[portal](dataset, http, previous, workdir)
    assert again is None or contents(again) == expected


@every_portal
def test_refuses_a_parameter_that_it_does_not_know(
    portal: str, server: FakeServer, http: HttpClient, tmp_path: Path
) -> None:
    dataset = record(portal, server.url, {"colonne": "code"})
    with pytest.raises(FetchError) as refusal:
        PORTALS[portal](dataset, http, [], tmp_path)
    assert_tells(refusal.value, dataset.dataset_id, "'colonne'")
    assert server.requests == []


def _total(key: str, value: int) -> fault.Fault:
    return fault.edited_json(lambda content: content | {key: value})


ONE_PLACE: Params = {"years": ["2022"], "departements": ["31"]}
WFS_TOTAL = fault.edited_json(lambda content: content | {"numberMatched": 6, "totalFeatures": 6})
# What is asked for, what every answer of a path is turned into, and what the refusal says.
REFUSED: dict[str, tuple[str, Params, tuple[str, fault.Fault] | None, tuple[object, ...]]] = {
    "a page above the cap": ("data_fair", {"size": 10_001}, None, ("/lines", "HTTP 400")),
    "an unknown filter": ("data_fair", {"filters": ["code_departement=09"]}, None, ("'code_departement'",)),
    "an unknown column, by name": (
        "data_fair", {"select": "code_commune,colonne_absente"}, None, ("colonne_absente", "conso_totale_mwh"),
    ),
    "fewer rows than the total": ("data_fair", {}, ("/lines$", _total("total", 9)), (7, 9)),
    "a title of nothing": ("data_gouv", {"title": "Abandonné"}, None, (GOUV_SLUG, "Abandonné", "Registre 2024.csv")),
    "a column that is gone": ("dido", {"columns": "ANNEE,ABSENTE"}, None, ("no column 'ABSENTE'", DIDO_RID)),
    "fewer datasets than the total": ("ecolab_hub", {}, ("/search/$", _total("total", 9)), ("/search/", 4, 9)),
    "a search that finds nothing": ("ecolab_hub", {"tag": "absente"}, None, ("/search/", "no dataset")),
    "two endpoints of one file": (
        "geo_api", {"endpoints": ["communes?codeRegion=76", "communes?codeRegion=84"]}, None, ("communes.json",),
    ),
    "an endpoint that is gone": ("geo_api", {"endpoints": ["cantons"]}, None, ("/cantons", "HTTP 404")),
    "a year that is not out": ("georisques", {"years": ["2023", "2024"]}, None, ("irep", "2024", "not published")),
    "fewer rows than the count": ("hubeau", ONE_PLACE, ("chroniques", _total("count", 4)), ("chroniques", 3, 4)),
    "a year without rows before others": (
        "hubeau", {"years": ["2020", "2021", "2022"]}, None, ("annee=2020", "no rows"),
    ),
    "fewer features than matched": ("ign_wfs", {}, ("/wfs", WFS_TOTAL), ("TYPENAMES=BDTOPO_TEST%3Ahaie", 5, 6)),
    "a layer that is gone": ("ign_wfs", {"typename": "BDTOPO_TEST:absente"}, None, ("absente", "HTTP 400")),
    "filters that match nothing": ("melodi", {"filters": ["NRG_SRC=COAL"]}, None, ("DS_TEST_LOGEMENT", "0")),
    "an unknown column": ("opendatasoft", {"select": "annee,colonne_absente"}, None, ("HTTP 400",)),
    "fewer rows than counted": (
        "arcgis", {}, ("/FeatureServer/7/query$", _total("count", 6)), ("5 rows received, 6 announced",),
    ),
    "an error with the status 200": (
        "arcgis", {"services": ["emi_absent"]}, None, ("/emi_absent/FeatureServer?f=json", "error 400: Invalid URL"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("portal", "params", "trouble", "facts"), REFUSED.values(), ids=REFUSED)
def test_refuses_what_cannot_be_all_that_was_asked_for(
    portal: str,
    params: Params,
    trouble: tuple[str, fault.Fault] | None,
    facts: tuple[object, ...],
    server: FakeServer,
    bring: Bring,
) -> None:
    _, dataset = CASES[portal](server, **params)
    if trouble:
        server.inject_always(*trouble)
    bring.refused(dataset, *facts)


PAGED = {"data_fair": "/lines$", "ecolab_hub": "/search/$", "melodi": "/melodi/data/"}


@pytest.mark.parametrize("repeated", ["page", "link", "link of empty pages"])
@pytest.mark.parametrize("portal", PAGED)
def test_refuses_pages_that_come_again(portal: str, repeated: str, server: FakeServer, bring: Bring) -> None:
    """The rows of the first page each time, or the address of its next page, with new rows or none."""
    _, dataset = CASES[portal](server)
    pages: list[dict[str, Any]] = []

    def again(content: dict[str, Any]) -> dict[str, Any]:
        pages.append(content)
        rows = next(name for name in ("results", "data", "observations") if name in content)
        if repeated == "page":
            return content | {rows: pages[0][rows]}
        links = {name: pages[0][name] for name in ("next", "next_page", "paging") if name in pages[0]}
        return content | links | ({rows: []} if "empty" in repeated else {})

    server.inject_always(PAGED[portal], fault.edited_json(again))
    bring.refused(dataset, server.url)
    assert len(server.calls(PAGED[portal])) <= 4


@every_portal
def test_describes_the_dataset(portal: str, server: FakeServer, http: HttpClient) -> None:
    _, dataset = CASES[portal](server)
    assert list(next(iter(DESCRIBERS[portal](dataset, http))).columns) == DESCRIBED[portal]


@pytest.mark.parametrize("portal", ["arcgis", "dido", "data_gouv", "ecolab_hub", "grist_csv", "ign_wfs"])
def test_describes_every_file(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    _, dataset = CASES[portal](server)
    described = [description.file_name for description in DESCRIBERS[portal](dataset, http)]
    assert sorted(described) == sorted(contents(PORTALS[portal](dataset, http, [], tmp_path)))


@pytest.mark.parametrize(
    ("portal", "parameter"), [("data_fair", "select"), ("dido", "columns"), ("opendatasoft", "select")]
)
def test_describes_what_the_record_asks_for(portal: str, parameter: str, server: FakeServer, http: HttpClient) -> None:
    """The other columns of a dataset are no difference; one that is gone is."""
    asked = DESCRIBED[portal][1:3]
    _, dataset = CASES[portal](server, **{parameter: [*asked, "colonne_absente"]})
    assert list(next(iter(DESCRIBERS[portal](dataset, http))).columns) == asked
