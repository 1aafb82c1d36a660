"""The build after a change: it makes the changed tables again, and leaves alone all that would come out as it stands.

That no dataset is an exception is shown on a small country (`tests/e2e/test_absent.py`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.conftest import FinishedRun, Home
from tests.dbt.increments import build, change, kept, stale

pytestmark = pytest.mark.xdist_group("job")
HEAT, WASTE = "bundled_eu_ets_installations", "bundled_ademe_sinoe_dma"


@pytest.fixture
def home(demo: FinishedRun, tmp_path: Path) -> Home:
    return demo.home.copy_to(tmp_path / "home")


def warehouse(home: Home) -> Path:
    return home.path / "warehouse.duckdb"


def test_nothing_is_made_again_where_nothing_changed(home: Home) -> None:
    """A full build of one model does not forget the others."""
    assert kept(build(home.path, "--full-refresh", "--select", "dim_dataset")) == set()
    results = build(home.path)
    assert kept(results) == {name for name in results if name.startswith("model.")}
    assert stale(warehouse(home), results) == []
    verdicts = "model.leviers.fct_lever_verdict"
    with duckdb.connect(str(warehouse(home))) as connection:
        connection.execute("delete from marts.fct_lever_verdict")
    assert stale(warehouse(home), {verdicts: results[verdicts]}) == [verdicts]


def test_after_changes_nothing_stale_is_left(home: Home) -> None:
    """``test_stopped`` shows, on a home that is built again, that parts come out as a build of everything does."""
    for table in (HEAT, WASTE):
        change(warehouse(home), f"raw_leviers.{table}")
    results = build(home.path)
    assert stale(warehouse(home), results) == []
    assert set() < kept(results) < {*results}  # the changes reach models, and they end somewhere


def test_only_the_parts_that_changed_are_made_again(home: Home) -> None:
    """Standing rows are marked. Those of indicators that the change does not reach keep their marks."""
    marked = "from marts.fct_indicator_value where unit = 'marked'"
    with duckdb.connect(str(warehouse(home))) as connection:
        connection.execute("update marts.fct_indicator_value set unit = 'marked'")
    change(warehouse(home), f"raw_leviers.{HEAT}")
    assert "model.leviers.fct_indicator_value" not in kept(build(home.path, "--select", "+fct_indicator_value"))
    with duckdb.connect(str(warehouse(home)), read_only=True) as connection:
        assert connection.execute(f"select 1 {marked} limit 1").fetchall() == [(1,)]
        assert connection.execute(f"select 1 {marked} and dataset_id = '{HEAT}'").fetchall() == []


def test_a_seed_that_a_part_is_made_from_makes_it_again(home: Home) -> None:
    """This holds too if the part reads the seed through a view, and another part has changed as well."""
    marked = "from intermediate.int_observations_unioned where source_unit = 'marked'"
    with duckdb.connect(str(warehouse(home))) as connection:
        connection.execute("update intermediate.int_observations_unioned set source_unit = 'marked'")
        connection.execute("update seeds.hub_series set note_fr = 'changed'")
    change(warehouse(home), f"raw_leviers.{HEAT}")
    build(home.path, "--select", "+int_observations_unioned")
    with duckdb.connect(str(warehouse(home)), read_only=True) as connection:
        assert connection.execute(f"select count(*) {marked}").fetchone() == (0,)


def test_a_change_that_changes_no_row_below_ends_there(home: Home) -> None:
    with duckdb.connect(str(warehouse(home))) as connection:
        connection.execute("update raw_leviers.dataset set title = title || ' (renamed)'")
    made = set(results := build(home.path, "--select", "+dim_dataset", "+fct_indicator_value")) - kept(results)
    assert "model.leviers.dim_dataset" in made
    assert "model.leviers.fct_indicator_value" not in made


def test_a_table_without_a_model_is_dropped(home: Home) -> None:
    """If it stayed, each later publication would hold what an earlier version made."""
    addresses = "select schema_name || '.' || table_name from duckdb_tables() order by all"
    with duckdb.connect(str(warehouse(home))) as connection:
        before = connection.execute(addresses).fetchall()
        connection.execute("create table marts.fct_retired as select 1 as one")
        connection.execute("create view vues.retired as select * from marts.fct_retired")
        connection.execute("insert into built.relation values ('model.leviers.fct_retired', 'key', 'content')")
    results = build(home.path, "--select", "dim_dataset")
    assert kept(results) == {"model.leviers.dim_dataset"}
    with duckdb.connect(str(warehouse(home)), read_only=True) as connection:
        assert connection.execute(addresses).fetchall() == before
        left = connection.execute(
            "select view_name from duckdb_views() where view_name = 'retired' "
            "union all select node_id from built.relation where node_id like '%retired'"
        )
        assert left.fetchall() == []
