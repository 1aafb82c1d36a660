"""Every region of the real files, and the whole country, publishes with all its pages: `make release`."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from leviers.warehouse.seeds import REGIONS
from tests.conftest import MIRROR, Home
from tests.e2e.entries import SERIES, WITHDRAWAL

pytestmark = [pytest.mark.release, pytest.mark.warehouse]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home for all regions: the loaded data stay, another region only builds again."""
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    return Home(tmp_path_factory.mktemp("regions") / "home")


@pytest.mark.parametrize("region", [*REGIONS, "all"])
def test_a_region_publishes_with_all_its_pages(home: Home, region: str) -> None:
    start = time.monotonic()
    result = home.run("refresh", "--region", region, "--mirror", str(MIRROR), "--offline")
    seconds = time.monotonic() - start
    summary = f"--region {region}: exit {result.returncode}, {seconds:.0f} s"
    if result.returncode == 0:
        pages = len(list((home.published.parent / "site").rglob("*.html")))
        summary += f", {pages} pages, {home.published.stat().st_size:,} bytes"
    print(summary, flush=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert home.query("select arg_max(region_demandee, publie_le) from vues.fait_publication") == [(region,)]
    judged = "select count(*), count(manque), sum(leviers) = sum(juges + non_juges) from vues.fait_region"
    region_count = len(REGIONS) if region == "all" else 1
    assert home.query(judged) == [(region_count, region_count, True)]
    assert [line for line in result.stdout.splitlines() if "defect" in line] == []
    assert home.missing_pages() == set()


ROADMAP = """\
lever_id,territory_level,territory_code,horizon_year,measure,unit,asked,done_or_planned,new_ambition,action,responsible,roadmap,source
residentiel_chaudieres_fioul,epci,243100518,2030,ktco2e_avoided,ktCO2e,90,10,80,,,Feuille de route test,page 1
residentiel_chaudieres_fioul,departement,09,2030,ktco2e_avoided,ktCO2e,8,1,7,,,Feuille de route test,page 2
residentiel_chaudieres_fioul,region,76,2030,ktco2e_avoided,ktCO2e,,,200,,,Feuille de route test,page 2
covoiturage,departement,31,2030,ktco2e_avoided,ktCO2e,9,2,8,,,Autre feuille de route test,page 3
covoiturage,epci,243100518,2030,ktco2e_avoided,ktCO2e,5,1,4,,,Autre feuille de route test,page 3
covoiturage,region,76,2030,ktco2e_avoided,ktCO2e,,,100,,,Autre feuille de route test,page 3
vehicules_electriques,epci,243100518,2030,physical_level,thousand vehicles,,5,20,,,Feuille de route test,page 4
vehicules_electriques,region,76,2030,physical_level,thousand vehicles,,50,200,,,Feuille de route test,page 5
velo_transport_commun,epci,243100518,2030,action,,,,,Ouvrir trois lignes,Service test,Feuille de route test,page 6
covoiturage,departement,09,2030,action,,,,,Ouvrir dix aires,Autre service test,Autre feuille de route test,page 7
fret_efficacite_sobriete,departement,31,2030,physical_delta,Mt.km,12,3,10,,,Feuille de route test,page 8
fret_efficacite_sobriete,departement,09,2050,physical_delta,Mt.km,13,4,11,,,Feuille de route test,page 9
fret_efficacite_sobriete,commune,09122,2050,physical_delta,Mt.km,2,,1,,,Feuille de route test,page 9
"""
GROUPS = "group_type,group_code,group_name,commune_code\ncrte,T1,Groupe Test,31555\ncrte,T1,Groupe Test,09122\n"
# What has one value or none in the real files, and why it is published; `.*` is a table without a row.
ALIKE = {
    "the files came and the entries were made on one day": (
        "fait_engagement.remplace_le", "fait_engagement.saisi_le", "fait_fraicheur.age_fichier_jours",
    ),
    "the mirror has no file of climate plans": ("fait_plan_climat.*",),
    "the contours are of one producer": ("dim_contour.jeu_id", "dim_contour.licence", "dim_contour.source"),
    "the populations are of one year, which readers cite": ("dim_territoire.annee_population",),
    "the plan aims at one year, another may come": (
        "fait_apercu.annee_visee", "fait_prolongement.annee_visee", "fait_rythme.annee_visee",
    ),
    "the targets of the State are in one file, which readers cite": ("fait_cible.fichier_id",),
    "the inventory by which keys are measured is one file, which readers cite": (
        "fait_emission_cle.annee", "fait_emission_cle.fichier_id", "fait_emission_cle.jeu_id",
        "fait_emission_cle.source",
    ),
    "one region has figures of its own, and they measure no series": (
        "fait_chiffre_region.indicateur_id", "fait_chiffre_region.levier_id", "fait_chiffre_region.territoire",
        "fait_chiffre_region.territoire_id",
    ),
    "one region lacks an inventory": ("fait_inventaire_manquant.region_id",),
    "keys are refused in one departement": (
        "fait_cle_ecartee.code_territoire", "fait_cle_ecartee.niveau", "fait_cle_ecartee.passait_avant",
        "fait_cle_ecartee.region_id", "fait_cle_ecartee.territoire", "fait_cle_ecartee.territoire_id",
    ),
    "each correction applies, none is reported, and one is about a territory": (
        "fait_correction.etat", "fait_correction.signalement", "fait_correction.territoire",
        "fait_correction.territoire_id",
    ),
    "a series of each region reaches the same year": ("fait_region.derniere_annee",),
    "the newer values that no verdict reads are of one series": ("fait_valeur_plus_recente.annee_jugee",),
}  # fmt: skip
# They have a row per edition of the home, and this test makes one.
OF_EDITIONS = {"fait_changement", "fait_publication"}
COLUMNS = """
    select table_name, column_name
    from duckdb_columns()
    where schema_name = 'vues'
    order by all
"""


def test_no_column_of_the_views_is_empty_or_constant(home: Home, tmp_path: Path) -> None:
    """Entries of every kind are there; columns with a stated reason are left out."""
    for kind, name, content in (
        ("commitments", "roadmap", ROADMAP),
        ("commitments", "withdrawal", WITHDRAWAL),
        ("indicators", "series", SERIES),
        ("groupings", "groups", GROUPS),
    ):
        file = tmp_path / f"{name}.csv"
        file.write_text(content, encoding="utf-8")
        entry = home.run(kind, "add", str(file))
        assert entry.returncode == 0, entry.stdout + entry.stderr
    result = home.run("refresh", "--region", "all", "--mirror", str(MIRROR), "--offline")
    assert result.returncode == 0, result.stdout + result.stderr
    columns: dict[str, list[str]] = {}
    for table, column in home.query(COLUMNS):
        columns.setdefault(str(table), []).append(str(column))
    assert len(columns) >= 60
    assert alike_in(home, columns) == {name for names in ALIKE.values() for name in names}


def alike_in(home: Home, columns: dict[str, list[str]]) -> set[str]:
    """Returns the columns with one value or none, by table."""
    alike = set()
    for table in columns.keys() - OF_EDITIONS:
        counts = ", ".join(f'approx_count_distinct("{column}")' for column in columns[table])
        [[rows, *values]] = home.query(f"select count(*), {counts} from vues.{table}")
        few = {f"{table}.{column}" for column, n in zip(columns[table], values, strict=True) if int(str(n)) < 2}
        alike |= few if rows else {f"{table}.*"}
    return alike
