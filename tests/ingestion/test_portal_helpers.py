"""Pure helpers of the portals and of the probe; the protocols are tested against the fakes."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import pytest

from ingestion.catalog import Dataset, load_catalog
from ingestion.http import FetchError, HttpClient
from ingestion.portals.data_gouv import file_name_of
from ingestion.portals.ecolab_hub import level_of
from ingestion.portals.grist_csv import drop_columns
from ingestion.portals.support.checks import check_json_list, check_key, check_rows
from ingestion.portals.support.description import described_by_csv
from ingestion.portals.support.pages import Page, write_pages
from ingestion.portals.support.parameters import Parameters, addresses
from ingestion.probe import licence_family, type_family
from tests.ingestion.helpers import minimal


def dataset(**params: Any) -> Dataset:
    fetch = {"portal": "plain_file", "url": "https://example.org/folder/", "params": params}
    return minimal(status="planned", tables=[], fetch=fetch)


def pages(*contents: list[int], total: int | None = None) -> list[Page]:
    return [Page([{"a": value} for value in content], total) for content in contents]


def test_parameters_take_one_value_for_a_list() -> None:
    assert Parameters(dataset(years=2024), "years").texts("years") == ["2024"]


def test_pairs_need_an_equals_sign() -> None:
    parameters = Parameters(dataset(filters=["GEO=COM", "TIME"]), "filters")
    with pytest.raises(FetchError, match="'TIME'"):
        parameters.pairs("filters")


def test_addresses_are_relative_named_or_both() -> None:
    parameters = Parameters(dataset(files=["a/23.json", "b.csv=?table=B&x=1"]), "files")
    assert addresses(parameters) == [
        ("https://example.org/folder/a/23.json", "23.json"),
        ("https://example.org/folder/?table=B&x=1", "b.csv"),
    ]


@pytest.mark.parametrize(
    ("received", "message"),
    [
        ([Page([{"a": 1}], 2), Page([{"a": 2}], 3)], "the total changed from 2 to 3"),
        (pages([1, 2], [3], total=2), "3 rows received, 2 announced"),
    ],
)
def test_pages_that_cannot_be_right_are_refused(http: HttpClient, received: list[Page], message: str) -> None:
    with pytest.raises(FetchError, match=message):
        write_pages(io.BytesIO(), received, http, where="here")


def test_pages_without_end_are_refused(http: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.portals.support.pages.MAX_PAGES", 50)
    endless = (Page([{"a": number}]) for number in itertools.count())
    with pytest.raises(FetchError, match="here: more than 50 pages, 50 rows so far"):
        write_pages(io.BytesIO(), endless, http, where="here")


def test_equal_pages_with_an_identity_of_their_own_are_kept(http: HttpClient) -> None:
    received = [Page([{"a": 1}], 2, frozenset({"feature 1"})), Page([{"a": 1}], 2, frozenset({"feature 2"}))]
    assert write_pages(io.BytesIO(), received, http, where="here") == 2


def test_keys_are_counted_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_text('{"a": "01", "b": 1}\n{"a": "1", "b": 1}\n{"a": null, "b": 1}\n')
    check_key(path, ["a"], 3, "here")
    with pytest.raises(FetchError, match="3 rows hold 1 distinct keys"):
        check_key(path, ["b"], 3, "here")


def test_rows_with_line_breaks_in_cells_are_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('\ufeffa;b\n"x\ny";1\nz;2\n', encoding="utf-8")
    check_rows(path, "csv", 2, "here", ";")
    with pytest.raises(FetchError, match="2 rows received, 3 announced"):
        check_rows(path, "csv", 3, "here", ";")


def test_a_cut_json_list_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text('[{"a": 1}, {"a"')
    with pytest.raises(FetchError, match="a whole JSON list was expected"):
        check_json_list(path, "here")


def test_a_resource_is_named_by_its_address_or_its_title() -> None:
    assert file_name_of({"id": "1", "url": "https://x.org/2026/2026-01.csv", "title": "Janvier"}) == "2026-01.csv"
    assert file_name_of({"id": "1", "url": "https://x.org/csv", "title": "Année 2026", "format": "CSV"}) == (
        "annee-2026.csv"
    )


@pytest.mark.parametrize(
    ("resource", "level"),
    [
        ({"extras": {"ecospheres-indicateurs": {"maille": "epci"}}, "title": "x-commune.csv"}, "epci"),
        ({"title": "velo", "url": "https://x.org/velo-commune.csv"}, "commune"),
        ({"title": "notice"}, None),
    ],
)
def test_a_resource_has_a_level(resource: dict[str, Any], level: str | None) -> None:
    assert level_of(resource) == level


def test_columns_are_dropped_and_cells_with_line_breaks_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('\ufefflever,Contact a,note\n"one\ntwo",x@y.fr,1\n', encoding="utf-8")
    assert drop_columns(source, target, ["Contact*"], "here") == ["Contact a"]
    assert target.read_text() == 'lever,note\n"one\ntwo",1\n'


def test_types_and_licences_have_families() -> None:
    assert (type_family("double"), type_family("geo_shape")) == ("number", None)
    assert licence_family("fr-lo") == licence_family("Licence Ouverte / Open Licence version 2.0")
    assert licence_family("odc-odbl") != licence_family("Licence Ouverte 2.0")


def test_a_zip_tells_no_header() -> None:
    census = load_catalog()["insee_census_heating"]
    assert described_by_csv(census, "base-cc-logement-2022_csv.zip", b"PK\x03\x04\x14;P22_RP\n").columns == {}


def test_the_start_of_a_file_is_read_in_utf_8_first() -> None:
    record = load_catalog()["eu_ets_installations"]
    layout = record.tables[0].layouts[0].model_copy(update={"encoding": "latin-1", "skip_rows": 0})
    record = record.model_copy(update={"tables": [record.tables[0].model_copy(update={"layouts": [layout]})]})
    name = record.tables[0].file_pattern.replace("*", "test")
    text = layout.separator.join(["année", "clé"]) + "\n"
    for head in (text.encode() + b"\xc3", text.encode("latin-1")):
        assert list(described_by_csv(record, name, head).columns) == ["année", "clé"]
