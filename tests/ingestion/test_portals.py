"""What every portal owes, whatever it speaks: retries, refusals, and the same bytes for the same content."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.http import FetchError, HostMemory, HttpClient
from ingestion.portals import DESCRIBERS, PORTALS
from tests.fakes import server as fault
from tests.fakes.account import set_credentials
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import assert_tells, contents, record, stored
from tests.ingestion.portal_cases import CASES

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
