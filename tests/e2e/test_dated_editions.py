"""Editions that follow one another.

A partial one is published, said and flagged, and keeps out of verdicts, allocation keys and latest values; a past day
is rebuilt from its snapshots.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

import ingestion.fetch
from ingestion.catalog import BUNDLED_DIR, Dataset, load_catalog
from ingestion.operations import load_operations
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.cli import run
from leviers.warehouse.dbt import run_dbt
from leviers.warehouse.project import DEFAULT_REGION
from tests.conftest import MIRROR, FinishedRun, Home, tables_that_differ, without_pages
from tests.fakes.spread import territories
from tests.fixtures.mirror import text_files
from tests.ingestion.helpers import load_waiting, states

HEAT = "sdes_heat_iris"
FIXTURE = text_files(HEAT)["donnees-de-test-a-la-maille-iris-chaleur-et-froid-2022.csv"].decode()
NETWORKS = 120
DAY = "2020-01-01"
SERIES, STOCK, WASTE = "bundled_eu_ets_installations", "bundled_odre_registry_commune", "bundled_ademe_sinoe_dma"
INDUSTRY, SOLAR = ("industrie_production", "departement"), ("energie_electricite_renouvelable", "epci")
LOST = ("11", "12", "30", "31", "32", "34", "46")
EVENTS = """
    select indicator_id, year, members, members_before, compared_with, is_incomplete
    from quality.fct_partial_year where dataset_id = ? order by all
"""
HEAT_YEARS = """
    select year, bool_and(is_incomplete_year), bool_or(is_incomplete_year)
    from marts.fct_indicator_value where indicator_id = 'heat_delivered_known' group by year order by year
"""
KEYS = """
    select distinct key_id, key_year from marts.fct_lever_target_allocation
    where lever_id = ? and key_id <> 'epci_sector_trajectory' and measure = 'ktco2e_avoided'
"""
DIAGNOSTIC = """
    select distinct latest_year, reason from marts.fct_lever_observation
    where lever_id = ? and territory_level = ? and indicator_id is not null order by all
"""


def heat_file(year: int, networks: Iterable[int]) -> str:
    """A synthetic file of one year in the dialect of the fixture: the same networks, places and amounts in any year.

    A network begins eight communes after the one before and serves twenty: without every second network, no commune
    falls silent.
    """
    header, row = FIXTURE.splitlines()[:2]
    network, operator, of_year, energy, iris, place, _, _, points = next(csv.reader([row], delimiter=";"))
    assert (network, operator, of_year, energy, iris) == ("0901C", "Réseau Test 1", "2022", "C", "099990000")
    communes = [codes["commune"] for codes in territories(4)["commune"]][: 8 * NETWORKS]
    assert len(communes) == 8 * NETWORKS
    rows = [
        [f"09{number:03}C", f"Réseau Test {number}", year, energy, f"{commune}0000", place, sector, "100.5", points]
        for number in networks
        for commune in (communes + communes)[8 * number : 8 * number + 20]
        for sector in ("R", "T", "I")
    ]
    return "\n".join([header, *(";".join(f'"{cell}"' for cell in cells) for cells in rows)]) + "\n"


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

    Synthetic heat by IRIS stands in place of the demo's own figures of heat: two whole years and one of half the
    networks, then that year whole. At the same time two bundled datasets, one by year, one of a single year, are cut
    short, then one of them less so and the other whole again, while a third one loses its last rows.
    """
    folder = tmp_path_factory.mktemp("editions")
    home, mirror, bundled = demo.home.copy_to(folder / "home"), folder / "mirror" / HEAT, folder / "bundled"
    mirror.mkdir(parents=True)
    shutil.copytree(BUNDLED_DIR, bundled)
    date_editions(home.path, DAY)
    by_name = {"demo": Edition([], demo.home)}

    def refresh(name: str, **asked: Any) -> None:
        lines: list[str] = []
        options = Options(home=home.path, offline=True, demo=True, **asked)
        assert run.refresh(options, DEFAULT_REGION, lines.append).exit_status == 0, lines
        shutil.copytree(home.published.parent, folder / name / "published", copy_function=os.link)
        by_name[name] = Edition(lines, Home(folder / name))

    def keep(dataset_id: str, kept: Callable[[dict[str, str]], bool]) -> None:
        (whole,), (file,) = (BUNDLED_DIR / dataset_id).iterdir(), (bundled / dataset_id).iterdir()
        with whole.open(encoding="utf-8", newline="") as source, file.open("w", encoding="utf-8", newline="") as target:
            rows = csv.DictReader(source)
            writer = csv.DictWriter(target, rows.fieldnames or [])
            writer.writeheader()
            writer.writerows(row for row in rows if kept(row))

    def put_heat(year: int, networks: Iterable[int]) -> None:
        (mirror / f"test-chaleur-froid.{year}.csv").write_text(heat_file(year, networks))

    with pytest.MonkeyPatch.context() as patch, without_pages():
        patch.setattr(ingestion.fetch, "BUNDLED_DIR", bundled)
        patch.setenv("LEVIERS_KEEP", "5")
        wants: Callable[[Options, Dataset], bool] = Options.wants
        heat = {HEAT: True, f"bundled_{HEAT}": False, "bundled_sdes_heat_networks": False}
        with pytest.MonkeyPatch.context() as other_heat:
            other_heat.setattr(Options, "wants", lambda o, d: heat.get(d.dataset_id, wants(o, d)))

            for year in (2021, 2022):
                put_heat(year, range(NETWORKS))
            put_heat(2023, range(0, NETWORKS, 2))
            keep(SERIES, lambda row: row["year"] != "2022" or row["territory_code"][:2] not in LOST)
            keep(STOCK, lambda row: row["territory_level"] != "epci" or int(row["territory_code"]) % 2 == 0)
            refresh("first", mirror=mirror.parent)

            put_heat(2023, range(NETWORKS))
            keep(SERIES, lambda row: row["year"] != "2022" or row["territory_code"][:2] not in LOST[:-1])
            keep(STOCK, lambda row: True)
            (file,) = (bundled / WASTE).iterdir()
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text("".join(lines[:-20]), encoding="utf-8")
            refresh("second", mirror=mirror.parent)

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


@pytest.mark.xdist_group("editions")
def test_half_the_networks_make_no_new_year(editions: dict[str, Edition]) -> None:
    first = editions["first"]
    assert events(first.lines, HEAT) == [
        "incomplete: sdes_heat_iris: 2023: 60 members against 120 in 2022: heat_delivered_known; "
        "out of verdicts, keys and latest values"
    ]
    assert first.home.query(EVENTS, HEAT) == [("heat_delivered_known", 2023, 60, 120, "year", True)]
    assert first.home.query(HEAT_YEARS) == [(2021, False, False), (2022, False, False), (2023, True, True)]
    assert first.home.query(KEYS, "energie_reseaux_chaleur") == [("heat_delivered_known", 2022)]


@pytest.mark.xdist_group("editions")
def test_all_networks_make_a_new_year(editions: dict[str, Edition]) -> None:
    second = editions["second"]
    assert events(second.lines, HEAT) == []
    assert second.home.query(EVENTS, HEAT) == []
    assert second.home.query(KEYS, "energie_reseaux_chaleur") == [("heat_delivered_known", 2023)]


@pytest.mark.xdist_group("editions")
def test_an_edition_that_is_cut_short_is_told_by_its_members(editions: dict[str, Edition]) -> None:
    lines = editions["first"].lines
    [series], [stock] = events(lines, SERIES), events(lines, STOCK)
    assert series.startswith(f"incomplete: {SERIES}: 2022: 10 members against 36 in the edition before: ")
    assert stock.partition(" members")[2].startswith(" against 158 in the edition before")


@pytest.mark.xdist_group("editions")
def test_observations_and_keys_fall_back_with_their_series(editions: dict[str, Edition]) -> None:
    assert (2022, None) in editions["demo"].home.query(DIAGNOSTIC, *INDUSTRY)
    cut_short = editions["first"].home
    assert cut_short.query(DIAGNOSTIC, *INDUSTRY) == [(2021, None)]
    assert {year for _, year in cut_short.query(KEYS, "industrie_production")} == {2021}


@pytest.mark.xdist_group("editions")
def test_a_stock_that_is_cut_short_falls_back_on_nothing(editions: dict[str, Edition]) -> None:
    assert editions["demo"].home.query(DIAGNOSTIC, *SOLAR) == [(2024, None)]
    assert editions["first"].home.query(DIAGNOSTIC, *SOLAR) == [(None, "Année 2024 incomplète, laissée de côté.")]


@pytest.mark.xdist_group("editions")
def test_the_next_edition_is_compared_with_the_last_whole_one(editions: dict[str, Edition]) -> None:
    """Not with the one that was cut short."""
    line = events(editions["second"].lines, SERIES)[0]
    assert line.startswith(f"incomplete: {SERIES}: 2022: 10 members against 36 in the edition before")


@pytest.mark.xdist_group("editions")
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


@pytest.mark.xdist_group("editions")
def test_a_past_day_is_rebuilt_from_its_snapshots_alone(editions: dict[str, Edition]) -> None:
    """Although newer ones are there, and the files of that day no more: the same marts, row for row."""
    of_the_day = editions["demo"].home.published
    assert "fct_indicator_value" in tables_that_differ(of_the_day, editions["second"].home.published)
    assert tables_that_differ(of_the_day, editions["past"].home.published) == []


@pytest.mark.xdist_group("real")
def test_half_the_networks_of_the_real_file_make_no_new_year(real: FinishedRun, tmp_path: Path) -> None:
    """The real file of 2022, without every second network, as the file of 2023: loaded and built, not published."""
    assert MIRROR
    assert real.home.query(EVENTS, HEAT) == []
    home, mirror = real.home.copy_to(tmp_path / "home"), tmp_path / "mirror"
    shutil.copytree(Path(MIRROR) / HEAT, mirror / HEAT)
    (file,) = (path for path in (mirror / HEAT).iterdir() if path.name.endswith(".2022-09.csv"))
    with file.open(encoding="utf-8", newline="") as source:
        label, header, *rows = csv.reader(source, delimiter=";")
    network, year = header.index("ID"), header.index("ANNEE")
    kept = set(sorted({row[network] for row in rows})[::2])
    with (mirror / HEAT / "chaleur-et-froid.2023-09.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, delimiter=";")
        writer.writerows([label, header])
        writer.writerows([*row[:year], "2023", *row[year + 1 :]] for row in rows if row[network] in kept)

    options = Options(home=home.path, mirror=mirror, offline=True, only=(HEAT,))
    ingestion.fetch.fetch(options, [HEAT])
    [outcome] = load_waiting(options, HEAT)
    assert outcome.status == "changed", outcome.sentence
    load_operations(options, states(options.home))
    tables = ("fct_lever_observation", "fct_lever_part")
    built = ("--resource-type", "model", "--select", "+fct_partial_year", *(f"+{table}" for table in tables))
    results = run_dbt(home.path, DEFAULT_REGION, "build", *built)
    assert {result["status"] for result in results} == {"success"}

    with duckdb.connect(str(home.path / "warehouse.duckdb"), read_only=True) as connection:
        [event] = connection.execute(EVENTS, [HEAT]).fetchall()
        indicator, of_year, members, before, compared_with, is_incomplete = event
        assert (indicator, of_year, compared_with, is_incomplete) == ("heat_delivered_known", 2023, "year", True)
        assert 2 * members == pytest.approx(before, rel=0.1)
        assert connection.execute(HEAT_YEARS).fetchall()[-2:] == [(2022, False, False), (2023, True, True)]
        key_years = "select distinct year from intermediate.int_allocation_parts_valued where indicator_id = ?"
        assert connection.execute(key_years, ["heat_delivered_known"]).fetchall() == [(2022,)]
        for table in tables:
            rows_of = f"select * from marts.{table} order by all"
            assert connection.execute(rows_of).fetchall() == real.home.query(rows_of)
