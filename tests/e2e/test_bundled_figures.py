"""The demo says of each value what the publication of the real files says: it hides no gap."""

from __future__ import annotations

import duckdb
import pytest

from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("real")
# The figures that ship are another dataset, in a file of their own, and hold no level below the EPCI and no other
# region: what shows that a value cannot be true, its neighbours or its dwellings, may not be among them, and a sum
# with the completeness that it had comes from a source of its own.
OWN_COLUMNS = {"dataset_id", "snapshot_id", "is_anomalous", "compares_with_latest", "completeness_measure"}
KEY = ["indicator_id", "territory_level", "territory_code", "year"]


def test_every_shared_value_is_told_alike_in_every_column(demo: FinishedRun, real: FinishedRun) -> None:
    with duckdb.connect() as connection:
        for name, ran in (("demo", demo), ("real", real)):
            connection.execute(f"attach '{ran.home.published}' as {name} (read_only)")
        columns = [
            name
            for (name,) in connection.execute(
                """
                select column_name from information_schema.columns
                where table_catalog = 'demo' and table_name = 'fct_indicator_value' order by ordinal_position
                """
            ).fetchall()
            if name not in OWN_COLUMNS
        ]
        values = [name for name in columns if name not in KEY]
        counts = ", ".join(f"count(*) filter (where {_differs(name)})" for name in values)
        (shared, *differing) = connection.execute(
            f"""
            select count(*), {counts}
            from demo.marts.fct_indicator_value as d
            inner join real.marts.fct_indicator_value as r using ({", ".join(KEY)})
            inner join real.marts.dim_territory as t using (territory_level, territory_code)
            where d.value is not null or r.value is not null
            """
        ).fetchall()[0]
        assert shared > 10_000
        assert {name: count for name, count in zip(values, differing, strict=True) if count} == {}


def _differs(name: str) -> str:
    """An EPCI with communes that do not ship is less complete in the demo, never more."""
    if name in ("value", "completeness_pct"):
        above = f"d.{name} - r.{name} > 1e-9 * abs(r.{name})"
        below = f"r.{name} - d.{name} > 1e-9 * abs(r.{name})"
        if name == "completeness_pct":
            below += " and not t.crosses_regions"
        return f"coalesce(({above}) or ({below}), (d.{name} is null) <> (r.{name} is null))"
    return f"d.{name} is distinct from r.{name}"
