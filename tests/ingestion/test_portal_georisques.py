from __future__ import annotations

from pathlib import Path

import duckdb

from ingestion.catalog import Layout
from ingestion.formats import open_text_relation
from tests.fakes.georisques import year_archive
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, record, the_only


def test_the_zip_of_each_year_is_kept_as_it_is(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.georisques(server)
    files = contents(bring(dataset))
    assert sorted(files.values()) == sorted([year_archive(2022), year_archive(2023)])
    assert all(name.endswith(".zip") and ("2022" in name or "2023" in name) for name in files)
    assert fake.archives[2024] is None


def test_the_newest_published_year_is_downloaded(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.georisques(server)
    dataset = record("georisques", fake.url, {"newest": 1})
    download = the_only(bring(dataset))
    assert download.path.read_bytes() == year_archive(2023)
    assert download.vintage == "2023"


def test_unchanged_years_are_not_sent_again(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.georisques(server)
    previous = bring.stored(dataset)
    assert bring.unchanged(dataset, previous)
    renewed = year_archive(2024)
    fake.archives[2023] = renewed + b"corrected"
    again = contents(bring(dataset, previous))
    assert sorted(again.values()) == sorted([year_archive(2022), renewed + b"corrected"])


def read(path: Path, member: str) -> list[tuple[str, ...]]:
    layout = Layout(name="irep", format="csv", separator=";", member=member)
    connection = duckdb.connect()
    with open_text_relation(connection, path, layout) as relation:
        return connection.execute(relation.sql).fetchall()


def test_member_is_found_whatever_the_case_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "2023.zip"
    path.write_bytes(year_archive(2023))
    rows = read(path, "EMISSIONS.csv")
    assert [row[5] for row in rows] == ["12345678,9", "< seuil"]
