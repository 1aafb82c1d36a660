"""Editions that follow one another.

A partial one is published, said and flagged, and keeps out of verdicts, allocation keys and latest values; a past day
is rebuilt from its snapshots.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ingestion.fetch
from ingestion.catalog import BUNDLED_DIR, load_catalog
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.cli import run
from leviers.warehouse.project import DEFAULT_REGION
from tests.conftest import FinishedRun, Home, tables_that_differ, without_pages

pytestmark = [pytest.mark.release, pytest.mark.xdist_group("editions")]
DAY = "2020-01-01"
SERIES, STOCK, WASTE = "bundled_eu_ets_installations", "bundled_odre_registry_commune", "bundled_ademe_sinoe_dma"
INDUSTRY, SOLAR = ("industrie_production", "departement"), ("energie_electricite_renouvelable", "epci")
LOST = ("11", "12", "30", "31", "32", "34", "46")
KEYS = """
    select distinct cle_id, annee_cle from vues.fait_part where levier_id = ? and niveau <> 'region'
"""
DIAGNOSTIC = """
    select distinct annee, motif_absence from vues.cop_diagnostic
    where levier_id = ? and niveau = ? and indicateur_id is not null order by all
"""


def events(lines: list[str], dataset_id: str) -> list[str]:
    return [line for line in lines if line.startswith((f"incomplete: {dataset_id}:", f"warning: {dataset_id}:"))]


@dataclass(frozen=True)
class Edition:
    """The output of a refresh, and the home that its publication was copied into."""

    lines: list[str]
    home: Home


@pytest.fixture(scope="module")
def editions(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edition]:
    """The demo, two refreshes of a copy of it with other editions of some datasets, and the day of the demo again.

    Two bundled datasets, one by year, one of a single year, are cut short, then one of them less so and the other
    whole again, while a third one loses its last rows.
    """
    folder = tmp_path_factory.mktemp("editions")
    home, bundled = demo.home.copy_to(folder / "home"), folder / "bundled"
    shutil.copytree(BUNDLED_DIR, bundled)
    date_editions(home.path, DAY)
    by_name = {"demo": Edition([], demo.home)}

    def refresh(name: str, **asked: Any) -> None:
        lines: list[str] = []
        options = Options(home=home.path, offline=True, demo=True, **asked)
        assert run.refresh(options, DEFAULT_REGION, lines.append).exit_status == 0, lines
        shutil.copytree(home.published.parent, folder / name / "published", copy_function=os.link)
        by_name[name] = Edition(lines, Home(folder / name))

    def keep(dataset_id: str, kept: Callable[[dict[str, Any]], bool]) -> None:
        (whole,), (file,) = (BUNDLED_DIR / dataset_id).iterdir(), (bundled / dataset_id).iterdir()
        rows = [row for row in pq.read_table(whole).to_pylist() if kept(row)]
        pq.write_table(pa.Table.from_pylist(rows), file)

    with pytest.MonkeyPatch.context() as patch, without_pages():
        patch.setattr(ingestion.fetch, "BUNDLED_DIR", bundled)
        patch.setenv("LEVIERS_KEEP", "5")
        keep(SERIES, lambda row: row["year"] != 2022 or row["territory_code"][:2] not in LOST)
        keep(STOCK, lambda row: row["territory_level"] != "epci" or int(row["territory_code"]) % 2 == 0)
        refresh("first")

        keep(SERIES, lambda row: row["year"] != 2022 or row["territory_code"][:2] not in LOST[:-1])
        keep(STOCK, lambda row: True)
        (file,) = (bundled / WASTE).iterdir()
        pq.write_table(pq.read_table(file)[:-20], file)
        refresh("second")

        shutil.rmtree(bundled)
        refresh("past", as_of=DAY)
    return by_name


def date_editions(home: Path, day: str) -> None:
    """Lets the accepted editions have been accepted on ``day``."""
    store = SnapshotStore(home)
    for name in load_catalog():
        state = store.state(name)
        if state.accepted:
            state.accepted = [edition.model_copy(update={"at": f"{day}T12:00:00+00:00"}) for edition in state.accepted]
            store.save_state(name, state)


def test_an_edition_that_is_cut_short_is_told_by_its_members(editions: dict[str, Edition]) -> None:
    lines = editions["first"].lines
    [series], [stock] = events(lines, SERIES), events(lines, STOCK)
    assert series.startswith(f"incomplete: {SERIES}: 2022: 10 members against 36 in the edition before: ")
    assert stock.partition(" members")[2].startswith(" against 158 in the edition before")


def test_observations_and_keys_fall_back_with_their_series(editions: dict[str, Edition]) -> None:
    assert (2022, None) in editions["demo"].home.query(DIAGNOSTIC, *INDUSTRY)
    cut_short = editions["first"].home
    assert cut_short.query(DIAGNOSTIC, *INDUSTRY) == [(2021, None)]
    assert {year for _, year in cut_short.query(KEYS, "industrie_production")} == {2021}


def test_a_stock_that_is_cut_short_falls_back_on_nothing(editions: dict[str, Edition]) -> None:
    assert editions["demo"].home.query(DIAGNOSTIC, *SOLAR) == [(2024, None)]
    assert editions["first"].home.query(DIAGNOSTIC, *SOLAR) == [(None, "Année 2024 incomplète, laissée de côté.")]


def test_the_next_edition_is_compared_with_the_last_whole_one(editions: dict[str, Edition]) -> None:
    """Not with the one that was cut short."""
    line = events(editions["second"].lines, SERIES)[0]
    assert line.startswith(f"incomplete: {SERIES}: 2022: 10 members against 36 in the edition before")


@pytest.mark.parametrize(
    ("whole", "dataset_id", "of"),
    [("second", STOCK, SOLAR), ("past", SERIES, INDUSTRY)],
    ids=["stock", "series"],
)
def test_a_whole_file_brings_the_year_back(
    editions: dict[str, Edition], whole: str, dataset_id: str, of: tuple[str, str]
) -> None:
    assert events(editions[whole].lines, dataset_id) == []
    assert editions[whole].home.query(DIAGNOSTIC, *of) == editions["demo"].home.query(DIAGNOSTIC, *of)


def test_a_past_day_is_rebuilt_from_its_snapshots_alone(editions: dict[str, Edition]) -> None:
    """Although newer ones are there, and the files of that day no more: the same marts, row for row."""
    of_the_day = editions["demo"].home.published
    assert "marts.fct_indicator_value" in tables_that_differ(of_the_day, editions["second"].home.published)
    assert tables_that_differ(of_the_day, editions["past"].home.published) == []
