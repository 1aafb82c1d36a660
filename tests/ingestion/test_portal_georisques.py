from __future__ import annotations

from tests.fakes.georisques import year_archive
from tests.fakes.server import FakeServer
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, contents, record, the_only


def test_the_zip_of_each_published_year_is_kept_as_it_is(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.georisques(server)
    assert contents(bring(dataset)) == {f"{year}.zip": year_archive(year) for year in (2022, 2023)}
    assert fake.archives[2024] is None
    newest = the_only(bring(record("georisques", fake.url, {"newest": 1})))
    assert (newest.path.read_bytes(), newest.vintage) == (year_archive(2023), "2023")
