"""Portals that do not answer are found out once, before anything is fetched, and told in one line."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
import requests

from ingestion import fetch as fetching
from ingestion import http as client
from ingestion.catalog import Fetch, load_catalog
from ingestion.fetch import SilentHosts, check_connectivity, fetch, why_nothing_to_build
from ingestion.http import HttpClient
from ingestion.http import client as http_client
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
    monkeypatch.setattr(client, "HttpClient", partial(HttpClient, insecure_loopback=True, sleep=lambda _: None))
    monkeypatch.setattr(http_client, "CONNECTIVITY_TIMEOUT", (0.5, 0.5))
    return addresses


def closed() -> str:
    """An address on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/x.csv"


def test_a_host_that_answers_with_an_error_is_not_silent(hosts: list[str], tmp_path: Path) -> None:
    with FakeServer() as answering, FakeServer() as failing:
        failing.inject_always(".*", fault.status(503))
        hosts += [closed(), f"{answering.url}/x.csv", f"{failing.url}/x.csv"]
        silence = check_connectivity(Options(home=tmp_path))
        place = hosts[0].split("/")[2]
        assert silence == SilentHosts(frozenset({place}), host_count=3)
        assert silence.sentence == f"no connection to 1 of 3 portals: {place}"
        outcomes = {o.dataset_id: o.message for o in fetch(Options(home=tmp_path), [NAMES[0]], silence.hosts)}
    assert outcomes == {NAMES[0]: f"failed, absent: {place} did not answer"}
    assert SnapshotStore(tmp_path).state(NAMES[0]).not_fetched == outcomes[NAMES[0]]
    fetch(Options(home=tmp_path), [NAMES[0]], silence.hosts)
    fetch(Options(home=tmp_path, offline=True), [NAMES[0]])  # a portal not asked neither answers nor is silent
    state = SnapshotStore(tmp_path).state(NAMES[0])
    assert (state.failed_fetches, state.not_fetched) == (2, outcomes[NAMES[0]])


def test_where_nobody_answers_none_is_asked_again(
    hosts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This holds too if a host takes the connection and then says nothing."""
    with ExitStack() as stack:
        mute = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        hosts += [closed(), *(f"http://127.0.0.1:{server.getsockname()[1]}/x.csv" for server in mute)]
        silence = check_connectivity(Options(home=tmp_path))
    assert silence.host_count == len(silence.hosts) == 3
    assert silence.sentence.startswith("no portal answered, of 3 that were asked: 127.0.0.1:")
    monkeypatch.setattr(requests.Session, "request", None)
    outcomes = fetch(Options(home=tmp_path), silent=silence.hosts)
    assert {outcome.status for outcome in outcomes} == {"failed"}
    lacking = "nothing to build from: there are no files of etalab_decoupage (failed, absent"
    assert (why_nothing_to_build(Options(home=tmp_path)) or "").startswith(lacking)
    offline = Options(home=tmp_path, offline=True)
    of_this_run = why_nothing_to_build(offline, fetch(offline)) or ""
    assert "etalab_decoupage (absent: no file in the mirror, and no network asked for)" in of_this_run
    part = Options(home=tmp_path, offline=True, only=(NAMES[0],))
    assert (why_nothing_to_build(part, fetch(part)) or "").startswith(lacking), "that it was not asked for says less"


@pytest.mark.parametrize("options", [{"offline": True}, {"only": (NAMES[0],)}, {"as_of": "2026-01-01"}])
def test_few_or_no_portals_are_not_checked_before(
    hosts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    hosts += [closed()] * 3
    monkeypatch.setattr(HttpClient, "connectivity", None)
    assert check_connectivity(Options(home=tmp_path, **options)) == SilentHosts()  # type: ignore[arg-type]
