"""``python -m benchmarks.growth HOME REGION FILE``: the long models on a home's tables, multiplied several times.

Each copy has the codes of its territories with a mark, in every table that has such codes, so that a model of k copies
has k times the rows. The tables are Parquet, the same for DuckDB and, where PySpark is, for Spark.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from benchmarks.measure import in_fresh_process
from leviers.warehouse.dbt import dbt_manifest, run_dbt

MODELS = (
    "int_observations_unioned", "int_observations_dated", "int_observations_rebased",
    "int_values_selected", "int_anomalies_detected", "fct_indicator_value", "int_lever_values_judged",
)  # fmt: skip
COPIES, GIGABYTES = (1, 4, 16, 64), (4, 8, 16)
OF_TERRITORY = re.compile(r"(^|_)(commune|epci|departement|region|territory|part|from|to)_code$|^code$")
SPILL = "40GB"  # what DuckDB may write beside: the disk is not what is measured


@dataclass(frozen=True)
class Made:
    """Rows of a model, what its process took: wall time, time of all processors, most memory."""

    rows: int
    seconds: float
    processor: float
    gigabytes: float


@dataclass
class Watch:
    """Time, processor time and memory that a process takes from now on."""

    process: int | str

    def __post_init__(self) -> None:
        self.start, self.processor_before = time.perf_counter(), self._processor()

    def made(self, rows: int) -> Made:
        """The cost since the start, for this number of rows."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        peak = int(status.split("VmHWM:")[1].split()[0]) / 2**20
        return Made(rows, time.perf_counter() - self.start, self._processor() - self.processor_before, peak)

    def _processor(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def grow(warehouse: duckdb.DuckDBPyConnection, table: str, copies: int, path: Path) -> None:
    """Writes a table as Parquet: k copies where it has codes of territories, else as it is."""
    columns = warehouse.execute(f"select column_name, column_type from (describe {table})").fetchall()
    codes = [name for name, type_ in columns if type_ == "VARCHAR" and OF_TERRITORY.search(name)]
    marked = ", ".join(f"if(copy = 0, {code}, {code} || '~' || copy) as {code}" for code in codes)
    query = f"select * exclude (copy) replace ({marked}) from {table}, range({copies}) as copies (copy)"
    warehouse.execute(f"copy ({query if codes else f'from {table}'}) to '{path}' (format parquet)")


def on_duckdb(tables: dict[str, str], query: str, folder: Path, gigabytes: int) -> Made:
    """Makes a model of the tables, into a file of DuckDB."""
    file = folder / "warehouse.duckdb"  # by this name the queries know it
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        limits = {"memory_limit": f"{gigabytes}GB", "threads": 2, "max_temp_directory_size": SPILL}
        for name, value in (limits | {"enable_progress_bar": False}).items():
            connection.execute(f"set {name} = '{value}'")
        for name, path in tables.items():
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            connection.execute(f"create view {name} as from read_parquet('{path}')")
        watch = Watch("self")
        connection.execute(f"create table main.made as {query}")
        return watch.made(connection.table("main.made").count("*").fetchall()[0][0])


def on_spark(tables: dict[str, str], query: str, folder: Path, gigabytes: int) -> Made:
    """Makes a model of the tables, as Parquet, in a session of Spark whose JVM has so much memory."""
    from leviers.spark.adapter import SETTINGS
    from leviers.spark.build import session_of
    from leviers.spark.transpile import transpile

    session = session_of(folder / "spark", memory=f"{gigabytes}g")
    for key, value in SETTINGS.items():
        session.conf.set(key, value)
    for name, path in tables.items():
        session.sql(f"create database if not exists {name.split('.')[0]}")
        session.sql(f"create table {name} using parquet location '{path}'")
    watch = Watch(session.sparkContext._gateway.proc.pid)
    written = transpile(query, lambda part: list(session.sql(part).columns))
    session.sql(f"create table default.made using parquet as {written}")
    made = watch.made(session.table("default.made").count())
    session.stop()
    shutil.rmtree(folder / "spark")
    return made


def attempt(make: Callable[..., Made], *arguments: Any) -> Made | str:
    """The result of a measure in a fresh process, or the first words of its error."""
    try:
        return in_fresh_process(make, *arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0][:120]


def main() -> None:
    """Writes a line for each model, number of copies, engine and memory limit."""
    home, region, file = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    nodes = {node["name"]: node for node in json.loads(dbt_manifest().read_text(encoding="utf-8"))["nodes"].values()}
    by_id = {node["unique_id"]: node for node in nodes.values()}
    results = run_dbt(home, region, "compile", nodes=[nodes[name]["unique_id"] for name in MODELS])["results"]
    queries = {result["unique_id"]: result["compiled_code"] for result in results}
    engines = {"duckdb": on_duckdb} | ({"spark": on_spark} if find_spec("pyspark") else {})
    with file.open("w", encoding="utf-8") as lines:
        for name, copies in product(MODELS, COPIES):
            node = nodes[name]
            with TemporaryDirectory(dir=file.parent) as scratch:
                folder, tables = Path(scratch), {}
                with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
                    warehouse.execute("set memory_limit = '2GB'; set preserve_insertion_order = false")
                    for read in (by_id[read] for read in node["depends_on"]["nodes"]):
                        table = f"{read['schema']}.{read['alias']}"
                        tables[table] = str(folder / f"{table}.parquet")
                        grow(warehouse, table, copies, Path(tables[table]))
                for engine, make in engines.items():
                    for gigabytes in GIGABYTES:
                        made = attempt(make, tables, queries[node["unique_id"]], folder, gigabytes)
                        print(name, copies, engine, gigabytes, made, sep="\t", file=lines, flush=True)
                        if isinstance(made, Made):
                            break  # more memory is for what does not finish


if __name__ == "__main__":
    main()
