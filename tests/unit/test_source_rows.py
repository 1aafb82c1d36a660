"""The quarantine counts rows of the source, so that a model that adds some up says how many."""

import re
from pathlib import Path

MODELS = Path(__file__).parents[2] / "dbt" / "models"

# They group by columns beside the values: the places of sites, networks and services.
ONE_ROW_EACH = {"int_dgpr_releases_located", "int_ofb_water_networks_shared", "int_sdes_commune_heat_located"}
ADDED_UP = re.compile(r"group by|select distinct|yearly_readings", re.IGNORECASE)


def test_a_model_that_adds_rows_up_counts_them() -> None:
    models = {path.stem: path.read_text(encoding="utf-8") for path in MODELS.rglob("*.sql")}
    added_up = {name for name, sql in models.items() if "observation_columns" in sql and ADDED_UP.search(sql)}
    assert len(added_up) > 20
    assert {name for name in added_up - ONE_ROW_EACH if "source_rows=" not in models[name]} == set()
