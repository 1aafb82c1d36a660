from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.catalog import CREDENTIALS
from ingestion.http import FetchError, HttpClient
from ingestion.portals import describe_files
from ingestion.probe import probe
from tests.fakes.account import set_credentials
from tests.fakes.atmo_data import ACCOUNT, BEARER, LOGIN, PATH
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, assert_tells, csv_rows, the_only

NAME, SECRET = CREDENTIALS["atmo_data"]


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    set_credentials(monkeypatch)


def test_logs_in_and_brings_the_sectors_that_are_asked_for(server: FakeServer, bring: Bring) -> None:
    _, dataset = portal_cases.atmo_data(server)
    rows = csv_rows(the_only(bring(dataset)).path)
    assert [(row["code"], row["code_pcaet"]) for row in rows] == [("2", "5"), ("2", "6"), ("76", "5"), ("76", "6")]
    login, data = server.requests
    assert (login.method, json.loads(login.body)) == ("POST", dict(zip(("username", "password"), ACCOUNT, strict=True)))
    assert data.params == {"format": "csv", "secteur": "5,6"}
    assert data.headers["Authorization"] == f"Bearer {BEARER}"


def test_the_account_and_the_token_are_in_no_address_and_no_sidecar(
    server: FakeServer, bring: Bring, tmp_path: Path
) -> None:
    _, dataset = portal_cases.atmo_data(server)
    bring.stored(dataset)
    sidecars = [path.read_text(encoding="utf-8") for path in (tmp_path / "home").rglob("snapshot.json")]
    assert len(sidecars) == 1
    addresses = [f"{request.path}?{request.query}" for request in server.requests]
    assert not [text for text in [*sidecars, *addresses] for secret in (*ACCOUNT, BEARER) if secret in text]


@pytest.mark.parametrize("missing", [[NAME], [SECRET], [NAME, SECRET]])
def test_a_missing_account_asks_nothing_and_is_named(
    server: FakeServer, http: HttpClient, monkeypatch: pytest.MonkeyPatch, bring: Bring, missing: list[str]
) -> None:
    _, dataset = portal_cases.atmo_data(server)
    for name in missing:
        monkeypatch.delenv(name)
    bring.refused(dataset, *missing)
    reasons = {1: f"{missing[0]} is not set", 2: f"{NAME} and {SECRET} are not set"}
    assert dataset.fetch
    assert dataset.fetch.why_closed == probe(dataset, http).not_reached == reasons[len(missing)]
    assert server.requests == []


def test_a_wrong_password_is_told_and_not_shown(
    server: FakeServer, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, dataset = portal_cases.atmo_data(server)
    monkeypatch.setenv(SECRET, "faux-mot")
    with pytest.raises(FetchError) as refusal:
        bring(dataset)
    assert_tells(refusal.value, LOGIN, "401", NAME, SECRET, "not accepted")
    assert not [text for text in ("faux-mot", *ACCOUNT) if text in str(refusal.value)]
    assert server.calls(PATH) == []


@pytest.mark.parametrize("ask", ["fetch", "describe"])
def test_a_token_that_expired_is_one_clear_line(server: FakeServer, http: HttpClient, bring: Bring, ask: str) -> None:
    fake, dataset = portal_cases.atmo_data(server)
    fake.expired = True
    asked = bring if ask == "fetch" else lambda dataset: list(describe_files(dataset, http))
    with pytest.raises(FetchError) as refusal:
        asked(dataset)
    assert_tells(refusal.value, PATH, "401", "token", "expired")
    assert BEARER not in str(refusal.value)
    assert len(server.calls(PATH)) == 1


def test_a_filter_that_the_server_did_not_follow_is_refused(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.atmo_data(server)
    fake.rows = [{**row, "code_pcaet": "All"} for row in fake.rows]
    fake.follows_filters = False
    bring.refused(dataset, PATH, "code_pcaet", "not followed in 6 rows")
