"""Duties of every portal: the same bytes whatever happens on the way, and nothing less than all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingestion.catalog import load_catalog
from ingestion.http import FetchError, HttpClient
from ingestion.portals import PORTALS, fetch_files
from ingestion.portals.support.pages import Page, follow
from tests.fakes import server as fault
from tests.fakes.account import set_credentials
from tests.fakes.data_gouv import Resource
from tests.fakes.georisques import year_archive
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import Bring, Params, contents, record, refusal
from tests.ingestion.portal_cases import CASES, DIDO_DATASET, DIDO_RID, GOUV_SLUG

every_portal = pytest.mark.parametrize("portal", CASES)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    set_credentials(monkeypatch)


def fetched(portal: str, server: FakeServer, http: HttpClient, workdir: Path) -> dict[str, bytes]:
    workdir.mkdir(exist_ok=True)
    return contents(fetch_files(CASES[portal](server)[1], http, [], workdir))


def test_every_record_names_a_portal_and_every_portal_is_named() -> None:
    named = {dataset.fetch.portal for dataset in load_catalog().values() if dataset.fetch}
    assert named == {*PORTALS, "bundled", "input"} == {*CASES, "plain_file", "bundled", "input"}


@every_portal
def test_gets_over_troubles_all_along(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    """Every third request goes wrong, those for later pages and for the data too."""
    expected = fetched(portal, server, http, tmp_path / "calm")
    server.inject(".*", *[fault.cut(20), None, None] * 50)
    assert fetched(portal, server, http, tmp_path / "troubled") == expected


@every_portal
def test_refuses_an_answer_of_another_shape(portal: str, server: FakeServer, http: HttpClient, tmp_path: Path) -> None:
    server.inject_always(".*", lambda request, response: fault.json_response([]))
    with refusal("http://127.0.0.1"):
        fetched(portal, server, http, tmp_path)


def test_refuses_a_parameter_that_it_does_not_know(server: FakeServer, bring: Bring) -> None:
    bring.refused(record("plain_file", server.url, {"colonne": "code"}), "jeu_test", "'colonne'")
    assert server.requests == []


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


Spoil = Callable[[Any, FakeServer], object]
LAYER, ELSEWHERE = "TYPENAMES=BDTOPO_TEST%3Ahaie", "https://static.example.org/resources/fichier.csv"


def edited(path: str, **changes: Any) -> Spoil:
    """The JSON of a path has other values, where it has these keys."""

    def edit(content: dict[str, Any]) -> dict[str, Any]:
        return content | {name: value for name, value in changes.items() if name in content}

    return lambda fake, server: server.inject_always(path, fault.edited_json(edit))


def other_rows(path: str, rows: str, field: str, value: object) -> Spoil:
    """The rows in the JSON of a path are of another place or year."""

    def edit(content: dict[str, Any]) -> dict[str, Any]:
        return content | {rows: [row | {field: value} for row in content[rows]]} if rows in content else content

    return lambda fake, server: server.inject_always(path, fault.edited_json(edit))


def other_checksum(content: dict[str, Any]) -> None:
    for resource in content["resources"]:
        resource["checksum"] = {"type": "sha256", "value": "0" * 64}


ONE_PLACE: Params = {"years": ["2022"], "departements": ["31"]}
# By case: the portal, the request, the fault of the portal, and the facts in the refusal.
REFUSED: dict[str, tuple[str, Params, Spoil | None, tuple[object, ...]]] = {
    "an unknown filter": ("data_fair", {"filters": ["code_departement=09"]}, None, ("'code_departement'",)),
    "an unknown column": ("data_fair", {"select": "code_commune,absente"}, None, ("'absente'", "conso_totale_mwh")),
    "fewer rows than the total": ("data_fair", {}, edited("/lines$", total=9), (7, 9)),
    "a filter that was not followed": (
        "data_fair", {"filters": ["code_departement_eq=09"]}, lambda fake, _: setattr(fake, "ignored_filters", True),
        ("code_departement_eq=09", "31"),
    ),
    "a next page on another host": ("data_fair", {}, edited("/lines$", next=ELSEWHERE), (ELSEWHERE, "host")),
    "no resource of a title": ("data_gouv", {"title": "Abandonné"}, None, (GOUV_SLUG, "Abandonné", "Registre 2024")),
    "a file on another host": (
        "data_gouv", {}, lambda fake, server: server.inject_always("/static/", fault.redirected(ELSEWHERE)),
        (ELSEWHERE, "host"),
    ),
    "a file that is not the one announced": (
        "data_gouv", {"take": "latest"},
        lambda fake, server: server.inject("/api/1/datasets/[^/]+/$", fault.edited_json(other_checksum)),
        ("b73dda82-0000-4000-8000-000000000002", "sha256", "0" * 64),
    ),
    "a data file that is gone": (
        "dido", {}, lambda fake, _: setattr(fake.datafiles[0], "rid", "autre"), (DIDO_DATASET, DIDO_RID),
    ),
    "fewer datasets than the total": ("ecolab_hub", {}, edited("/search/$", total=9), ("/search/", 4, 9)),
    "a search that finds nothing": ("ecolab_hub", {"tag": "absente"}, None, ("/search/", "no dataset")),
    "fewer rows than the count": ("hubeau", ONE_PLACE, edited("chroniques", count=4), ("chroniques", 3, 4)),
    "more rows than the depth": ("hubeau", ONE_PLACE, edited("chroniques", count=20_001), (20_001, 20_000)),
    "rows of another departement": (
        "hubeau", ONE_PLACE, other_rows("chroniques", "data", "code_departement", "65"), ("chroniques", "31", "65"),
    ),
    "a year without rows before others": ("hubeau", {"years": ["2020", "2022"]}, None, ("annee=2020", "no rows")),
    "fewer features than matched": ("ign_wfs", {}, edited("/wfs", numberMatched=6), (LAYER, 5, 6)),
    "a layer of unknown size": (
        "ign_wfs", {}, edited("/wfs", numberMatched="unknown", totalFeatures="unknown"), (LAYER, "unknown"),
    ),
    "a layer that is gone": ("ign_wfs", {"typename": "BDTOPO_TEST:absente"}, None, ("absente", "HTTP 400")),
    "a key that repeats": (
        "ign_wfs", {}, lambda fake, _: fake.layers["BDTOPO_TEST:haie"][3].update(cleabs="HAIE" + "0" * 20),
        (LAYER, "5 rows hold 4 distinct keys"),
    ),
    **{
        f"an export of another size as {name}": (
            "opendatasoft", {"format": name}, lambda fake, _: setattr(fake, "records_count", 13), (12, 13),
        )
        for name in ("csv", "json")
    },
    "an archive that is none": (
        "georisques", {}, lambda fake, _: fake.archives.update({2023: b"not a zip" * 50}), ("2023.zip", "no whole zip"),
    ),
    "another encoding": (
        "grist_csv", {}, lambda fake, server: server.inject("/download/csv", fault.latin1), ("tableId", "UTF-8"),
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


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([([1, 2], 3), ([1, 2], 3)], "the same page came twice, after 2 rows"),
        ([([1], None), ([], None)], "the same page came twice, after 1 rows"),
        ([([1], 2), ([2], 3)], "the total changed from 2 to 3"),
        ([([1], 1), ([2], 1)], "2 rows received, 1 announced"),
        ([([1], 3), ([], 3)], "1 rows received, 3 announced"),
    ],
    ids=["the same rows", "a ring of addresses", "another total", "too many", "too few"],
)
def test_pages_that_cannot_be_right_are_refused(pages: list[tuple[list[int], int | None]], message: str) -> None:
    def ask(place: int) -> tuple[Page, int | None]:
        values, total = pages[place]
        following = place + 1 if place + 1 < len(pages) else None
        return Page([{"a": value} for value in values], total), 0 if total is None and place else following

    with pytest.raises(FetchError, match=f"here: {message}"):
        list(follow(0, ask, where="here"))
