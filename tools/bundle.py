"""Makes the figures that ship with the project from a refreshed warehouse of Occitanie.

``python -m tools.bundle WAREHOUSE`` reads the working file of a ``leviers refresh --region 76`` on real files and
writes ``ingestion/bundled/bundled_<dataset_id>/``: aggregates and lists of territories, never lines of a source. It
removes the folder of a dataset that no longer qualifies. The breaks of a territory's series, which follow from lines
that do not ship, are written into a seed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

from ingestion.catalog import BUNDLED_DIR, BUNDLED_PREFIX
from leviers.warehouse.project import DBT_DIR

BREAKS_SEED = DBT_DIR / "seeds" / "indicators" / "bundled_territory_breaks.csv"
QUERIES = Path(__file__).with_name("bundled")
# The files without figures, by dataset.
LISTS = {"etalab_decoupage": "communes", "sgpe_cop_simulator": "targets", "ign_contours": "contours"}


def main(warehouse: Path, folder: Path = BUNDLED_DIR, breaks: Path = BREAKS_SEED) -> None:
    """Replaces the folder of each dataset, and writes the seed of breaks."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        dataset_ids = [dataset_id for (dataset_id,) in connection.execute(_sql("datasets")).fetchall()]
        for path in folder.glob(f"{BUNDLED_PREFIX}*"):
            shutil.rmtree(path)
        for dataset_id, table in [*((name, "figures") for name in dataset_ids), *LISTS.items()]:
            path = folder / f"{BUNDLED_PREFIX}{dataset_id}" / f"{table}.parquet"
            path.parent.mkdir(parents=True)
            connection.execute(f"set variable dataset_id = '{dataset_id}'")
            connection.execute(f"copy ({_sql(table)}) to '{path}' (format parquet, compression zstd)")
        connection.execute(f"copy ({_sql('breaks')}) to '{breaks}' (header, delimiter ',')")


def _sql(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
