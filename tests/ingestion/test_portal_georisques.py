from __future__ import annotations

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
