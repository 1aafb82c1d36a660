"""A partial edition is published, said and flagged, and keeps out of verdicts, allocation keys and latest values."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest

import ingestion.fetch
from ingestion.catalog import BUNDLED_DIR, Dataset
from ingestion.options import Options
from leviers import run
from tests.conftest import MIRROR, Home, Ran
from tests.fakes.spread import territories
from tests.fixtures import build

HEAT = "sdes_heat_iris"
FIXTURE = build.FIXTURES / HEAT / "donnees-de-test-a-la-maille-iris-chaleur-et-froid-2022.csv"
NETWORKS = 120
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
PROGRESS = """
    select distinct latest_year, status, reason from marts.fct_lever_progress
    where indicator_id = ? and territory_level = ? order by all
"""
DIAGNOSTIC = """
    select distinct derniere_annee from marts.mart_cop_diagnostic
    where levier_id = ? and niveau = ? and indicateur is not null order by all
"""


def heat_file(year: int, networks: Iterable[int]) -> str:
    """A synthetic file of one year in the dialect of the fixture: the same networks, places and amounts in any year.

    A network begins eight communes after the one before and serves twenty: without every second network, no commune
    falls silent.
    """
    header, row = FIXTURE.read_text(encoding="utf-8").splitlines()[:2]
    network, operator, of_year, energy, iris, place, _, _, points = next(csv.reader([row], delimiter=";"))
    assert (network, operator, of_year, energy, iris) == ("0901C", "Réseau Test 1", "2022", "C", "099990000")
    communes = [codes["commune"] for codes in territories()["commune"]][: 8 * NETWORKS]
    assert len(communes) == 8 * NETWORKS
    rows = [
        [f"09{number:03}C", f"Réseau Test {number}", year, energy, f"{commune}0000", place, sector, "100.5", points]
        for number in networks
        for commune in (communes + communes)[8 * number : 8 * number + 20]
        for sector in ("R", "T", "I")
    ]
    return "\n".join([header, *(";".join(f'"{cell}"' for cell in cells) for cells in rows)]) + "\n"


def refresh(home: Home, mirror: Path | None = None, as_of: str | None = None) -> list[str]:
    said: list[str] = []
    options = Options(home=home.path, mirror=mirror, offline=True, demo=True, as_of=as_of)
    assert run.refresh(options, "76", said.append).exit_status == 0, said
    return said


def events(said: list[str], dataset_id: str) -> list[str]:
    return [line for line in said if line.startswith((f"incomplete: {dataset_id}:", f"warning: {dataset_id}:"))]


@pytest.mark.xdist_group("demo")
def test_half_the_networks_make_no_new_year(demo: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Synthetic heat by IRIS, in the demo's home and in place of its own figures of heat."""
    home, mirror = demo.home.copy_to(tmp_path / "home"), tmp_path / "mirror" / HEAT
    mirror.mkdir(parents=True)
    wants: Callable[[Options, Dataset], bool] = Options.wants
    heat = {HEAT: True, f"bundled_{HEAT}": False, "bundled_sdes_heat_networks": False}
    monkeypatch.setattr(Options, "wants", lambda o, d: heat.get(d.dataset_id, wants(o, d)))

    for year in (2021, 2022):
        (mirror / f"test-chaleur-froid.{year}.csv").write_text(heat_file(year, range(NETWORKS)))
    said = refresh(home, mirror.parent)
    assert events(said, HEAT) == []
    assert home.query(HEAT_YEARS) == [(2021, False, False), (2022, False, False)]
    assert home.query(KEYS, "energie_reseaux_chaleur") == [("heat_delivered_known", 2022)]

    newest = mirror / "test-chaleur-froid.2023.csv"
    newest.write_text(heat_file(2023, range(0, NETWORKS, 2)))
    said = refresh(home, mirror.parent)
    assert events(said, HEAT) == [
        "incomplete: sdes_heat_iris: 2023: 60 members against 120 in 2022: heat_delivered_known; "
        "out of verdicts, keys and latest values"
    ]
    assert home.query(EVENTS, HEAT) == [("heat_delivered_known", 2023, 60, 120, "year", True)]
    assert home.query(HEAT_YEARS) == [(2021, False, False), (2022, False, False), (2023, True, True)]
    assert home.query(KEYS, "energie_reseaux_chaleur") == [("heat_delivered_known", 2022)]

    newest.write_text(heat_file(2023, range(NETWORKS)))
    said = refresh(home, mirror.parent)
    assert events(said, HEAT) == []
    assert home.query(EVENTS, HEAT) == []
    assert home.query(KEYS, "energie_reseaux_chaleur") == [("heat_delivered_known", 2023)]


@pytest.mark.xdist_group("demo")
def test_a_year_that_a_new_edition_cuts_short_gives_way(
    demo: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A series by year falls back on the year before, a stock of one year on nothing; whole files bring both back."""
    home, bundled = demo.home.copy_to(tmp_path / "home"), tmp_path / "bundled"
    shutil.copytree(BUNDLED_DIR, bundled)
    monkeypatch.setattr(ingestion.fetch, "BUNDLED_DIR", bundled)
    series, stock = "bundled_eu_ets_installations", "bundled_odre_registry_commune"

    def keep(dataset_id: str, kept: Callable[[dict[str, str]], bool]) -> None:
        (whole,), (file,) = (BUNDLED_DIR / dataset_id).iterdir(), (bundled / dataset_id).iterdir()
        with whole.open(encoding="utf-8", newline="") as source, file.open("w", encoding="utf-8", newline="") as target:
            rows = csv.DictReader(source)
            writer = csv.DictWriter(target, rows.fieldnames or [])
            writer.writeheader()
            writer.writerows(row for row in rows if kept(row))

    departements = ("11", "12", "30", "31", "32", "34", "46")
    before = home.query(PROGRESS, "eu_ets_verified_emissions", "departement")
    assert {year for year, *_ in before} == {2022}
    keep(series, lambda row: row["year"] != "2022" or row["territory_code"] not in departements)
    keep(stock, lambda row: row["territory_level"] != "epci" or int(row["territory_code"]) % 2 == 0)
    said = refresh(home)
    [line] = events(said, series)
    assert line.startswith(f"incomplete: {series}: 2022: 6 members against 13 in the edition before: ")
    assert [line.split(" members")[1].split(":")[0] for line in events(said, stock)] == [
        " against 164 in the edition before"
    ]
    after = home.query(PROGRESS, "eu_ets_verified_emissions", "departement")
    assert {year for year, *_ in after} == {2021}
    assert any(str(reason).endswith("Année 2022 incomplète, laissée de côté.") for *_, reason in after)
    assert home.query(DIAGNOSTIC, "industrie_production", "departement") == [(2021,)]
    assert {year for _, year in home.query(KEYS, "industrie_production")} == {2021}
    assert home.query(PROGRESS, "capacity_solar", "epci") == [
        (None, "no_data", "Année 2024 incomplète, laissée de côté.")
    ]

    # The next edition is held against the whole one, not against the one that was cut short.
    keep(series, lambda row: row["year"] != "2022" or row["territory_code"] not in departements[:-1])
    said = refresh(home)
    assert events(said, series)[0].startswith(f"incomplete: {series}: 2022: 7 members against 13 in the edition before")

    for dataset_id in (series, stock):
        keep(dataset_id, lambda row: True)
    said = refresh(home)
    assert events(said, series) == events(said, stock) == []
    assert home.query(PROGRESS, "eu_ets_verified_emissions", "departement") == before
    assert home.query(DIAGNOSTIC, "industrie_production", "departement") == [(2022,)]


@pytest.mark.xdist_group("real")
def test_half_the_networks_of_the_real_file_make_no_new_year(real: Ran, tmp_path: Path) -> None:
    """The real file of 2022 without every second network, as that of 2023."""
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

    ran = home.run("refresh", "--region", "76", "--mirror", str(mirror), "--offline", "--only", HEAT)
    assert str(home.published) in ran.stdout, ran.stdout + ran.stderr
    [line] = events(ran.stdout.splitlines(), HEAT)
    [(indicator, of_year, members, before, compared_with, is_incomplete)] = home.query(EVENTS, HEAT)
    assert (indicator, of_year, compared_with, is_incomplete) == ("heat_delivered_known", 2023, "year", True)
    assert line.startswith(f"incomplete: {HEAT}: 2023: {members} members against {before} in 2022: ")
    assert 2 * int(str(members)) == pytest.approx(int(str(before)), rel=0.1)
    assert home.query(HEAT_YEARS)[-2:] == [(2022, False, False), (2023, True, True)]
    key_years = "select distinct year from intermediate.int_allocation_parts_valued where indicator_id = ?"
    with duckdb.connect(str(home.path / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute(key_years, ["heat_delivered_known"]).fetchall() == [(2022,)]
    for table in ("fct_lever_progress", "mart_cop_diagnostic", "mart_cop_objectives", "mart_cop_allocation"):
        rows_of = f"select * from marts.{table} order by all"
        assert home.query(rows_of) == real.home.query(rows_of)
