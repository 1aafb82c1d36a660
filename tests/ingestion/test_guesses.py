"""A file that no check foresaw: it loads and tells while no real file has met its record, later it is refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingestion.catalog import load_catalog
from ingestion.fetch import fetch
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.first_contact import first_contact_lines, not_verified
from tests.ingestion.helpers import load_waiting, states

pytestmark = pytest.mark.xdist_group("great_expectations")
NAME, TABLE = "sitadel_yearly", "raw_sdes.sitadel_yearly__departement"
HEADER = "ANNEE;DEPARTEMENT_CODE;TYPE_LGT;LOG_AUT;LOG_COM;SDP_AUT;SDP_COM"
TOO_LARGE = "area_per_dwelling values must be greater than or equal to 50 and less than or equal to 150, found 1782"


def refresh(options: Options, square_metres: int, label: str = "SDP_AUT", code: str = "{:02d}") -> str:
    """Drops a file of all departements and years, with this much floor for each of its dwellings."""
    assert options.mirror
    folder = options.mirror / NAME
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{year};{code.format(departement)};Tous Logements;4000;3900;{4000 * square_metres};{3900 * square_metres}"
        for year in range(2089, 2100)
        for departement in range(1, 96)
    ]
    (folder / "departement.csv").write_text("\n".join([HEADER.replace("SDP_AUT", label), *lines, ""]))
    (fetched,) = fetch(options, [NAME])
    return next((outcome.message for outcome in load_waiting(options, NAME)), fetched.message)


def rows(options: Options) -> int:
    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        [(count,)] = connection.execute(f"select count(*) from {TABLE}").fetchall()
    return int(count)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    options = Options(home=tmp_path / "home", mirror=tmp_path / "mirror", offline=True)
    options.home.mkdir()
    return options


@pytest.fixture(params=[False, True], ids=["not verified", "verified"])
def verified(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a real file has met the record, of which only the table by departement is kept."""
    dataset = load_catalog()[NAME]
    tables = [table for table in dataset.tables if table.name == "departement"]
    known = {"verified": request.param, "tables": tables}
    monkeypatch.setitem(load_catalog(), NAME, dataset.model_copy(update=known))
    return bool(request.param)


def test_what_nobody_foresaw_loads_and_tells_until_the_record_is_verified(options: Options, verified: bool) -> None:
    message = refresh(options, 1782)
    if verified:
        assert message.startswith("failed, absent: refused by its checks: ")
        assert TOO_LARGE in message
        assert (not_verified(NAME), first_contact_lines(states(options.home), [NAME])) == ("", [])
        return
    assert message == "changed: loaded; 1045 rows"
    assert rows(options) == 1045
    assert not_verified(NAME) == "; not verified on real files"
    _, line = first_contact_lines(states(options.home), [])
    assert line == f"  {NAME}: sitadel_yearly__departement: {TOO_LARGE}"
    assert SnapshotStore(options.home).state(NAME).reason is None


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"label": "SURFACE"}, "missing column SDP_AUT"),
        ({"code": "Département {}"}, "departement_code__pattern_misses"),
        ({"square_metres": 10**400}, "cannot be read"),
    ],
    ids=["header", "codes", "type"],
)
def test_structure_is_refused_and_the_last_good_data_stay_in_either_case(
    options: Options, verified: bool, spoilt: dict[str, object], why: str
) -> None:
    refresh(options, 90)
    message = refresh(options, **({"square_metres": 90} | spoilt))  # type: ignore[arg-type]
    assert message.startswith("failed, kept last good: ")
    assert why in message
    assert rows(options) == 1045
