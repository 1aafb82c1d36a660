"""Portals that accept no connection are found out once, before anything is fetched, and told in one line."""

from __future__ import annotations

import socket
from functools import partial
from pathlib import Path

import pytest

from ingestion import fetch as fetching
from ingestion import http
from ingestion.catalog import Fetch, load_catalog
from ingestion.fetch import SilentHosts, check_connectivity, fetch, why_nothing_to_build
from ingestion.http import HttpClient
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from tests.fakes import server as fault
from tests.fakes.server import FakeServer

NAMES = ("bnlc", "etalab_decoupage", "insee_cog")


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the only datasets of the catalogue; tests fill the list before they listen."""
    addresses: list[str] = []
    catalog = {name: load_catalog()[name] for name in NAMES}

    def known() -> dict[str, object]:
        return {
            name: dataset.model_copy(update={"fetch": Fetch(portal="plain_file", url=url, file_name="x.csv")})
            for (name, dataset), url in zip(catalog.items(), addresses, strict=True)
        }

    monkeypatch.setattr(fetching, "load_catalog", known)
    monkeypatch.setattr(fetching, "allowed_hosts", lambda: frozenset({"127.0.0.1"}))
    monkeypatch.setattr(http, "HttpClient", partial(HttpClient, insecure_loopback=True, sleep=lambda _: None))
    return addresses


def closed() -> str:
    """An address on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/x.csv"


def test_a_silent_host_is_not_asked_and_one_that_answers_with_an_error_is(hosts: list[str], tmp_path: Path) -> None:
    with FakeServer() as answering, FakeServer() as failing:
        failing.inject_always(".*", fault.status(503))
        hosts += [closed(), f"{answering.url}/x.csv", f"{failing.url}/x.csv"]
        silence = check_connectivity(Options(home=tmp_path))
        place = hosts[0].split("/")[2]
        assert silence == SilentHosts(frozenset({place}), host_count=3)
        assert silence.sentence == f"no connection to 1 of 3 portals: {place}"
    for tries in (1, 2):
        [outcome] = fetch(Options(home=tmp_path), [NAMES[0]], silence.hosts)
        assert outcome.message == f"failed, absent: {place} did not answer"
        state = SnapshotStore(tmp_path).state(NAMES[0])
        assert (state.failed_fetches, state.not_fetched) == (tries, outcome.message)
    fetch(Options(home=tmp_path, offline=True), [NAMES[0]])
    assert SnapshotStore(tmp_path).state(NAMES[0]).failed_fetches == tries, "nobody was asked"


def test_a_machine_without_network_has_nothing_to_build_from(hosts: list[str], tmp_path: Path) -> None:
    """That a dataset was not asked for says less than why it was not fetched before."""
    hosts += [closed(), closed(), closed()]
    silence = check_connectivity(Options(home=tmp_path))
    assert silence.sentence.startswith("no portal answered, of 3 that were asked: 127.0.0.1:")
    assert {outcome.status for outcome in fetch(Options(home=tmp_path), silent=silence.hosts)} == {"failed"}
    lacking = "nothing to build from: there are no files of etalab_decoupage (failed, absent"
    assert (why_nothing_to_build(Options(home=tmp_path)) or "").startswith(lacking)
    part = Options(home=tmp_path, offline=True, only=(NAMES[0],))
    assert (why_nothing_to_build(part, fetch(part)) or "").startswith(lacking)


@pytest.mark.parametrize("options", [{"offline": True}, {"only": (NAMES[0],)}, {"as_of": "2026-01-01"}])
def test_few_or_no_portals_are_not_checked_before(
    hosts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    hosts += [closed()] * 3
    monkeypatch.setattr(HttpClient, "unreachable", None)
    assert check_connectivity(Options(home=tmp_path, **options)) == SilentHosts()  # type: ignore[arg-type]
