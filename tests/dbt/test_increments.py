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
    for table in (HEAT, WASTE):
        change(warehouse(home), f"raw_leviers.{table}")
    results = build(home.path)
    assert stale(warehouse(home), results) == []
    assert set() < kept(results) < {*results}  # the changes reach models, and they end somewhere


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
