"""The star of the published file: narrow tables of one grain, and what it computes for a reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.xdist_group("demo")
# What the two tables of readings may hold more than any other.
WIDEST = {"fait_lecture": 30, "fait_lecture_autre": 30}
MOST_COLUMNS = 25
LONGEST_SHORT_NAME = 22
STAR = """
    select schema_name || '.' || view_name, view_name from duckdb_views()
    where schema_name = 'vues'
    union all
    select schema_name || '.' || table_name, table_name from duckdb_tables() where schema_name = 'vues'
    order by all
"""


def test_the_tables_are_narrow(demo: Ran) -> None:
    counts = {name: len(demo.home.query(f"describe {address}")) for address, name in demo.home.query(STAR)}
    assert len(counts) >= 20
    assert {name: count for name, count in counts.items() if count > WIDEST.get(str(name), MOST_COLUMNS)} == {}


def test_each_table_has_a_key_that_names_one_row(demo: Ran) -> None:
    package = json.loads((demo.home.published.parent / "datapackage.json").read_text(encoding="utf-8"))
    keys = {resource["name"]: resource["schema"].get("primaryKey") for resource in package["resources"]}
    for address, name in demo.home.query(STAR):
        assert keys[name], name
        twice = f"select 1 from {address} group by {', '.join(keys[name])} having count(*) > 1"
        assert demo.home.query(twice) == [], name


def test_every_lever_has_a_short_name_of_its_own(demo: Ran) -> None:
    """The 30 of the State, those of biodiversity that it leaves out, and those of any other list."""
    levers = demo.home.query("select levier_id, liste, levier_court, s_applique_ici from vues.dim_levier")
    assert len(levers) == len({(list_, short) for _, list_, short, _ in levers}) == 220
    assert [short for _, _, short, _ in levers if not short or len(str(short)) > LONGEST_SHORT_NAME] == []
    here = {lever for lever, _, _, applies in levers if applies}
    assert "aires_protegees" in here
    assert "corse_fret" not in here
    assert demo.home.query("select count(*) from vues.dim_levier where est_chiffre and s_applique_ici") == [(30,)]


def test_a_part_lies_in_its_range(demo: Ran) -> None:
    outside = """
        select levier_id, territoire_id from vues.fait_part
        where part_ktco2e < part_min_ktco2e - 1e-9 or part_ktco2e > part_max_ktco2e + 1e-9
    """
    assert demo.home.query(outside) == []
    sums = """
        select niveau, round(sum(part_ktco2e), 4) from vues.fait_part
        where niveau in ('region', 'departement') and region_id = 'region:76' group by niveau order by niveau
    """
    assert demo.home.query(sums) == [("departement", 16140.5397), ("region", 16140.5397)]
    kept = """
        select count(*) from vues.fait_part as p
        left join vues.fait_part_cle as c using (levier_id, territoire_id, region_id, cle_id)
        where p.niveau <> 'region' and (c.est_retenue is not true or abs(c.part_ktco2e - p.part_ktco2e) > 1e-6)
    """
    assert demo.home.query(kept) == [(0,)]


def test_a_dataset_is_late_by_its_observations(demo: Ran) -> None:
    """A copy received today may be late; what promises no edition never is."""
    rows = demo.home.query(
        "select age_fichier_jours, est_en_retard, cadence_jours, derniere_periode_observee from vues.fait_fraicheur"
    )
    assert {age for age, *_ in rows} <= {0, 1}
    assert any(late for _, late, *_ in rows)
    assert any(late is False for _, late, *_ in rows)
    assert [row for row in rows if (row[1] is None) != (row[2] is None or row[3] is None)] == []


def test_an_indicator_says_how_it_is_shown_and_compared(demo: Ran) -> None:
    shown = """
        select unite, unite_affichee, facteur_affichage, decimales, comparaison, unite_comparee, facteur_comparaison
        from vues.dim_indicateur where indicateur_id = ?
    """
    assert demo.home.query(shown, "capacity_solar") == [
        ("MW", "MW", 1, 0, "rapportée aux habitants", "watts par habitant", 1e6)
    ]
    assert demo.home.query(shown, "enaf_consumption") == [
        ("ha", "ha", 1, 0, "rapportée à la superficie", "ha par km²", 1)
    ]
    assert demo.home.query(shown, "organic_area_share")[0][4:6] == ("telle quelle", "%")


COMPUTED = """
select count(*), count(distinct code_commune), round(sum(poids), 6) from vues.communes_de(2019);
select annee, round(valeur, 3), calcul, territoires_connus, territoires_demandes
from vues.valeur_du_groupe('capacity_solar', ['departement:31', 'departement:09', 'departement:31', 'departement:99']);
select annee, round(valeur, 6), calcul, territoires_connus
from vues.valeur_du_groupe('kerbside_residual_waste_per_head', ['departement:31', 'departement:09'])
order by annee desc limit 1;
select any_value(calcul), count(valeur) from vues.valeur_du_groupe('social_dwellings_efg_share', ['departement:31']);
"""
OLD_CLIENT = Path(sys.prefix) / "duckdb1"


@pytest.fixture(params=["this", "old"])
def client(request: pytest.FixtureRequest) -> Callable[[Path, str], list[list[list[Any]]]]:
    """Asks queries of a file, of this DuckDB and of one of the line before."""
    if request.param == "old" and not OLD_CLIENT.exists():
        pytest.skip("make test installs the old DuckDB client beside the environment")

    def ask(file: Path, queries: str) -> list[list[list[Any]]]:
        code = f"""
import duckdb, json
connection = duckdb.connect({str(file)!r}, read_only=True)
queries = [query for query in {queries!r}.split(';') if query.strip()]
print(json.dumps([connection.execute(query).fetchall() for query in queries]))
"""
        environment = os.environ | ({"PYTHONPATH": str(OLD_CLIENT)} if request.param == "old" else {})
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


COLUMNS_TOLD = """
    select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = 'vues' order by all
"""
TABLES_TOLD = """
    select table_name, comment from duckdb_tables() where schema_name = 'vues'
    union all
    select view_name, comment from duckdb_views() where schema_name = 'vues'
    order by all
"""
OUT_OF_ORDER = """
    select count(*) from (select territoire_id < lag(territoire_id) over (order by rowid) as is_back
    from vues.fait_observation) where is_back
"""


def test_the_slim_file_holds_the_views_as_tables(
    client: Callable[[Path, str], list[list[list[Any]]]], demo: Ran
) -> None:
    """Every view with its rows, types and comments, those of one territory side by side, and nothing else."""
    current = [name for _, name in demo.home.query(STAR)]
    counted = " union all ".join(f"select '{name}', count(*) from vues.{name}" for name in current)
    asked = [COLUMNS_TOLD, TABLES_TOLD, counted, "select count(*) from duckdb_views() where not internal", OUT_OF_ORDER]
    columns, tables, counts, views, back = client(demo.home.published.with_name("leviers-bi.duckdb"), ";".join(asked))
    assert [tuple(row) for row in columns] == [row for row in demo.home.query(COLUMNS_TOLD) if row[0] in current]
    assert [tuple(row) for row in tables] == [row for row in demo.home.query(TABLES_TOLD) if row[0] in current]
    assert [tuple(row) for row in counts] == demo.home.query(counted)
    assert (views, back) == ([[0]], [[0]])


@pytest.fixture
def computed(client: Callable[[Path, str], list[list[list[Any]]]], demo: Ran) -> list[list[list[Any]]]:
    """What the macros of the file give."""
    return client(demo.home.published, COMPUTED)


def test_the_file_recodes_communes_and_makes_the_value_of_a_group(computed: list[list[list[Any]]], demo: Ran) -> None:
    [[(rows, codes, weights)], solar, [waste], [unmade]] = computed
    assert rows >= codes == weights > 0
    [(expected,)] = demo.home.query(
        "select round(sum(valeur), 3) from vues.fait_observation "
        "where indicateur_id = 'capacity_solar' and territoire_id in ('departement:31', 'departement:09')"
    )
    assert solar == [[2024, expected, "somme", 2, 3]]
    year, share, how, known = waste
    terms = """
        select round(any_value(i.facteur_ratio) * sum(n.valeur) / sum(d.valeur), 6),
            any_value(i.facteur_ratio) * avg(n.valeur / d.valeur)
        from vues.dim_indicateur as i
        inner join vues.fait_observation as n on i.numerateur_id = n.indicateur_id
        inner join vues.fait_observation as d
            on i.denominateur_id = d.indicateur_id and n.territoire_id = d.territoire_id and n.annee = d.annee
        where
            i.indicateur_id = 'kerbside_residual_waste_per_head' and n.annee = ?
            and n.territoire_id in ('departement:31', 'departement:09')
    """
    [(ratio, mean)] = demo.home.query(terms, year)
    assert (share, how, known) == (pytest.approx(ratio), "rapport de deux sommes", 2)
    assert share != pytest.approx(mean)
    assert unmade == ["ni somme ni rapport : le groupe n'a pas de valeur", 0]


def test_a_first_publication_says_that_it_is_one(demo: Ran) -> None:
    assert ("première publication",) in demo.home.query("select constat from vues.fait_changement")
