from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.catalog import CREDENTIALS
from ingestion.http import FetchError
from tests.fakes.account import set_credentials
from tests.fakes.atmo_data import ACCOUNT, BEARER, LOGIN, PATH
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, assert_tells, csv_rows, the_only

NAME, SECRET = CREDENTIALS["atmo_data"]


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    set_credentials(monkeypatch)


def test_logs_in_and_brings_the_sectors_that_are_asked_for(server: FakeServer, bring: Bring, tmp_path: Path) -> None:
    """The account and the token are in no address and no sidecar."""
    _, dataset = portal_cases.atmo_data(server)
    rows = csv_rows(the_only(bring(dataset)).path)
    assert [(row["code"], row["code_pcaet"]) for row in rows] == [("2", "5"), ("2", "6"), ("76", "5"), ("76", "6")]
    login, data = server.requests
    assert (login.method, json.loads(login.body)) == ("POST", dict(zip(("username", "password"), ACCOUNT, strict=True)))
    assert data.params == {"format": "csv", "secteur": "5,6"}
    assert data.headers["Authorization"] == f"Bearer {BEARER}"
    bring.stored(dataset)
    [sidecar] = [path.read_text(encoding="utf-8") for path in (tmp_path / "home").rglob("snapshot.json")]
    written = [sidecar, *(f"{request.path}?{request.query}" for request in server.requests)]
    assert not [text for text in written for secret in (*ACCOUNT, BEARER) if secret in text]


@pytest.mark.parametrize("missing", [[SECRET], [NAME, SECRET]])
def test_a_missing_account_asks_nothing_and_is_named(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch, bring: Bring, missing: list[str]
) -> None:
    _, dataset = portal_cases.atmo_data(server)
    for name in missing:
        monkeypatch.delenv(name)
    bring.refused(dataset, *missing)
    reasons = {1: f"{missing[0]} is not set", 2: f"{NAME} and {SECRET} are not set"}
    assert dataset.fetch
    assert dataset.fetch.why_closed == reasons[len(missing)]
    assert server.requests == []


def test_a_wrong_password_and_an_expired_token_are_told_and_not_shown(
    server: FakeServer, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, dataset = portal_cases.atmo_data(server)
    fake.expired = True
    with pytest.raises(FetchError) as expired:
        bring(dataset)
    assert_tells(expired.value, PATH, "401", "token", "expired")
    monkeypatch.setenv(SECRET, "faux-mot")
    with pytest.raises(FetchError) as wrong:
        bring(dataset)
    assert_tells(wrong.value, LOGIN, "401", NAME, SECRET, "not accepted")
    told = f"{expired.value} {wrong.value}"
    assert not [text for text in ("faux-mot", *ACCOUNT, BEARER) if text in told]


def test_a_filter_that_the_server_did_not_follow_is_refused(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.atmo_data(server)
    fake.rows = [{**row, "code_pcaet": "All"} for row in fake.rows]
    fake.follows_filters = False
    bring.refused(dataset, PATH, "code_pcaet", "not followed in 6 rows")
