"""The star of the published file: narrow tables of one grain, and what it computes for a reader."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leviers.warehouse.home import SLIM
from tests.conftest import DOCS, FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
COMPUTED = """
select count(*), count(distinct code_commune), round(sum(poids), 6) from vues.communes_de(2019);
select annee, round(valeur, 3), calcul, territoires_connus, territoires_demandes
from vues.valeur_du_groupe('capacity_solar', ['departement:31', 'departement:09', 'departement:31', 'departement:99']);
select annee, round(valeur, 6), calcul, territoires_connus
from vues.valeur_du_groupe('kerbside_residual_waste_per_head', ['departement:31', 'departement:09'])
order by annee desc limit 1;
select any_value(calcul), count(valeur) from vues.valeur_du_groupe('social_dwellings_efg_share', ['departement:31']);
select vues.echelle('MWh', -26e6), vues.echelle('MWh', null);
"""
Client = Callable[[Path, str], list[list[list[Any]]]]
OLD_CLIENT = Path(sys.prefix) / "duckdb1"


@pytest.fixture(params=["this", "old"])
def client(request: pytest.FixtureRequest) -> Client:
    """Asks queries of a file, of this DuckDB and of one of the line before."""
    if request.param == "old" and not OLD_CLIENT.exists():
        pytest.skip("make test installs the old DuckDB client beside the environment")

    def ask(file: Path, queries: str) -> list[list[list[Any]]]:
        code = f"""
import duckdb, json
connection = duckdb.connect({str(file)!r}, read_only=True)
queries = [query for query in {queries!r}.split(';') if query.strip()]
print(json.dumps([connection.execute(query).fetchall() for query in queries], default=str))
"""
        environment = os.environ | ({"PYTHONPATH": str(OLD_CLIENT)} if request.param == "old" else {})
        result = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

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
    select
        (select count(*) from (
            select territoire_id < lag(territoire_id) over (order by rowid) as is_back from vues.fait_lecture
        ) where is_back),
        (select count(*) from (
            select (indicateur_id, annee, territoire_id) as place, place < lag(place) over (order by rowid) as is_back
            from vues_compact.fait_observation
        ) where is_back)
"""
VIEWS = "select view_name from duckdb_views() where not internal order by all"
IN_THE_STAR = {"dim_territoire", "dim_indicateur", "dim_levier", "fait_observation", "fait_lecture", "fait_publication"}


def test_the_slim_file_holds_the_star_as_tables(client: Client, demo: FinishedRun) -> None:
    """They have types and comments, the rows of a territory or indicator side by side. The long one is a view."""
    slim = demo.home.published.with_name("leviers-bi.duckdb")
    columns, tables, views, back = client(slim, ";".join([COLUMNS_TOLD, TABLES_TOLD, VIEWS, OUT_OF_ORDER]))
    star = {name for name, _ in tables}
    assert star >= IN_THE_STAR
    assert star <= set(re.findall(r"`(\w+)`", (DOCS / "bi.md").read_text(encoding="utf-8")))
    assert [tuple(row) for row in columns] == [row for row in demo.home.query(COLUMNS_TOLD) if row[0] in star]
    assert [tuple(row) for row in tables] == [row for row in demo.home.query(TABLES_TOLD) if row[0] in star]
    assert (views, back) == ([["fait_derniere_valeur"], ["fait_observation"]], [[0, 0]])


def test_the_slim_file_has_the_rows_of_the_whole_one(demo: FinishedRun) -> None:
    with duckdb.connect() as connection:
        for name, file in (("whole", demo.home.published), ("slim", demo.home.published.with_name(SLIM))):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        names = connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'slim' and table_schema = 'vues'"
        ).fetchall()
        different = []
        for (name,) in names:
            both = (
                f"from {first}.vues.{name} except all from {other}.vues.{name}"
                for first, other in (("whole", "slim"), ("slim", "whole"))
            )
            different += [(name, len(rows)) for sql in both if (rows := connection.execute(sql).fetchall())]
    assert len(names) > 20
    assert not different


VALUES = """
    select table_name from duckdb_columns() where schema_name = 'vues' group by table_name
    having list_has_all(list(column_name), ['indicateur_id', 'territoire_id', 'annee', 'unite', 'valeur']) order by 1
"""


def test_one_quantity_has_one_number(demo: FinishedRun) -> None:
    """Every table that has a `valeur` says the same of an indicator, territory, year and unit."""
    tables = [name for (name,) in demo.home.query(VALUES)]
    rows = " union all by name ".join(
        f"select '{name}' as source, indicateur_id, territoire_id, annee, unite, cast(valeur as double) as valeur"
        f" from vues.{name}"
        for name in tables
    )
    different = demo.home.query(f"""
        select indicateur_id, territoire_id, annee, unite, list(distinct source), list(distinct valeur) from ({rows})
        group by indicateur_id, territoire_id, annee, unite
        having max(valeur) - min(valeur) > 1e-9 * max(abs(valeur))
    """)
    assert len(tables) > 5
    assert not different


NAMED = """
    select table_name from duckdb_columns() where schema_name = 'vues' group by table_name
    having list_has_all(list(column_name), ['indicateur_id', 'indicateur'])
"""


def test_a_number_has_the_name_of_its_series(demo: FinishedRun) -> None:
    """Wherever an indicator is named beside its id, the name is that of `dim_indicateur`."""
    tables = [name for (name,) in demo.home.query(NAMED)]
    rows = " union all ".join(
        f"select '{name}' as source, indicateur_id, indicateur from vues.{name}" for name in tables
    )
    misnamed = demo.home.query(f"""
        select distinct named.source, named.indicateur_id, named.indicateur
        from ({rows}) as named left join vues.dim_indicateur as known using (indicateur_id)
        where named.indicateur_id is not null and named.indicateur is distinct from known.indicateur
    """)
    assert len(tables) > 5
    assert not misnamed


@pytest.fixture
def computed(client: Client, demo: FinishedRun) -> list[list[list[Any]]]:
    """The results of the macros of the file."""
    return client(demo.home.published, COMPUTED)


def test_the_macros_of_the_file_compute_what_they_say(computed: list[list[list[Any]]], demo: FinishedRun) -> None:
    [[(rows, codes, weights)], solar, [waste], [unmade], [scales]] = computed
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
    assert [(scale["unite"], scale["facteur"]) for scale in scales] == [("TWh", 1e-6), ("MWh", 1)]
