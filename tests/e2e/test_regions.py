"""Every region of the real files, and the whole country, publishes with all its pages: `make test-regions`."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from leviers.warehouse.seeds import REGIONS
from tests.conftest import MIRROR, Home
from tests.e2e.test_stopped import SERIES, WITHDRAWAL

pytestmark = [pytest.mark.regions, pytest.mark.warehouse]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home for all regions: the loaded data stay, another region only builds again."""
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    return Home(tmp_path_factory.mktemp("regions") / "home")


@pytest.mark.parametrize("region", [*REGIONS, "all"])
def test_a_region_publishes_with_all_its_pages(home: Home, region: str) -> None:
    start = time.monotonic()
    done = home.run("refresh", "--region", region, "--mirror", str(MIRROR), "--offline")
    seconds = time.monotonic() - start
    told = f"--region {region}: exit {done.returncode}, {seconds:.0f} s"
    if done.returncode == 0:
        pages = len(list((home.published.parent / "site").rglob("*.html")))
        told += f", {pages} pages, {home.published.stat().st_size:,} bytes"
    print(told, flush=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert home.query("select region from marts.fct_publication order by published_at desc limit 1") == [(region,)]
    judged = "select count(*), count(manque), sum(leviers) = sum(juges + non_juges) from vues.fait_region"
    asked = len(REGIONS) if region == "all" else 1
    assert home.query(judged) == [(asked, asked, True)]
    assert [line for line in done.stdout.splitlines() if "defect" in line] == []
    assert home.missing_pages() == set()


ROADMAP = """\
lever_id,territory_level,territory_code,horizon_year,measure,unit,asked,done_or_planned,new_ambition,action,responsible,roadmap,source
residentiel_chaudieres_fioul,epci,243100518,2030,ktco2e_avoided,ktCO2e,90,10,80,,,Feuille de route test,page 1
residentiel_chaudieres_fioul,departement,09,2030,ktco2e_avoided,ktCO2e,8,1,7,,,Feuille de route test,page 2
covoiturage,departement,31,2030,ktco2e_avoided,ktCO2e,9,2,8,,,Autre feuille de route test,page 3
vehicules_electriques,epci,243100518,2030,physical_level,thousand vehicles,,5,20,,,Feuille de route test,page 4
vehicules_electriques,region,76,2030,physical_level,thousand vehicles,,50,200,,,Feuille de route test,page 5
velo_transport_commun,epci,243100518,2030,action,,,,,Ouvrir trois lignes,Service test,Feuille de route test,page 6
covoiturage,departement,09,2030,action,,,,,Ouvrir dix aires,Autre service test,Autre feuille de route test,page 7
fret_efficacite_sobriete,departement,31,2030,physical_delta,Mt.km,12,3,10,,,Feuille de route test,page 8
fret_efficacite_sobriete,departement,09,2050,physical_delta,Mt.km,13,4,11,,,Feuille de route test,page 9
"""
GROUPS = "group_type,group_code,group_name,commune_code\ncrte,T1,Groupe Test,31555\ncrte,T1,Groupe Test,09122\n"
# The columns that hold one day, where all files came on it.
OF_A_DAY = {"saisi_le", "remplace_le", "age_fichier_jours"}
COLUMNS = """
    select table_name, column_name
    from duckdb_columns()
    where schema_name = 'vues'
    order by all
"""


def test_no_column_of_the_star_is_empty_or_constant(home: Home, tmp_path: Path) -> None:
    """With entries of every kind, in the second edition of the country."""
    for kind, name, content in (
        ("commitments", "roadmap", ROADMAP),
        ("commitments", "withdrawal", WITHDRAWAL),
        ("indicators", "series", SERIES),
        ("groupings", "groups", GROUPS),
    ):
        file = tmp_path / f"{name}.csv"
        file.write_text(content, encoding="utf-8")
        added = home.run(kind, "add", str(file))
        assert added.returncode == 0, added.stdout + added.stderr
    done = home.run("refresh", "--region", "all", "--mirror", str(MIRROR), "--offline")
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, list[str]] = {}
    for table, column in home.query(COLUMNS):
        told.setdefault(str(table), []).append(str(column))
    assert len(told) >= 20
    alike = [
        f"{table}.{column}"
        for table, columns in told.items()
        for column, values in zip(
            columns,
            home.query("select " + ", ".join(f'approx_count_distinct("{c}")' for c in columns) + f" from vues.{table}")[
                0
            ],
            strict=True,
        )
        if int(str(values)) < 2 and column not in OF_A_DAY
    ]
    assert alike == []
