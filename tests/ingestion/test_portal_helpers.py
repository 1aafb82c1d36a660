"""Pure helpers of the portals; the protocols are tested against the fakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingestion.catalog import Dataset
from ingestion.http import FetchError
from ingestion.portals.data_gouv import file_name_of
from ingestion.portals.ecolab_hub import level_of
from ingestion.portals.grist_csv import drop_columns
from ingestion.portals.support.checks import check_key, check_rows
from ingestion.portals.support.parameters import Parameters, addresses
from tests.ingestion.helpers import minimal


def dataset(**params: Any) -> Dataset:
    fetch = {"portal": "plain_file", "url": "https://example.org/folder/", "params": params}
    return minimal(status="planned", tables=[], fetch=fetch)


def test_parameters_are_values_lists_and_pairs() -> None:
    parameters = Parameters(dataset(years=2024, filters=["GEO=COM", "TIME"]), "years", "filters")
    assert (parameters.texts("years"), parameters.number("years", 0), parameters.texts("absent")) == (
        ["2024"],
        2024,
        [],
    )
    with pytest.raises(FetchError, match="'TIME'"):
        parameters.pairs("filters")
    with pytest.raises(FetchError, match="'filters' must be one value"):
        parameters.text("filters")


def test_addresses_are_relative_named_or_both() -> None:
    parameters = Parameters(dataset(files=["a/23.json", "b.csv=?table=B&x=1"]), "files")
    assert addresses(parameters) == [
        ("https://example.org/folder/a/23.json", "23.json"),
        ("https://example.org/folder/?table=B&x=1", "b.csv"),
    ]


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
    source.write_text("lever,Contact a\none\n")
    with pytest.raises(FetchError, match="line 2: 1 cells, the header has 2"):
        drop_columns(source, target, ["Contact*"], "here")
