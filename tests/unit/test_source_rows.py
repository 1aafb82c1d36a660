"""The quarantine counts rows of the source, so that a model that adds some up says how many."""

import re
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[2] / "dbt" / "models"

# They group by columns beside the values: the places of sites, networks and services.
ONE_ROW_EACH = {"int_dgpr_releases_located", "int_ofb_water_networks_shared", "int_sdes_commune_heat_located"}
ADDED_UP = re.compile(r"group by|select distinct|stocks_of_years", re.IGNORECASE)


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.sql")), ids=lambda path: path.stem)
def test_a_model_that_adds_rows_up_counts_them(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    if "observation_columns" in sql and path.stem not in ONE_ROW_EACH:
        assert bool(ADDED_UP.search(sql)) <= ("source_rows=" in sql)
