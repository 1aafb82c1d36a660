"""Makes the portable models on Spark from a home: ``python -m leviers.spark.build HOME FOLDER REGION``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import duckdb
from pyspark.sql import SparkSession

from leviers.warehouse.project import DBT_DIR

PASSED = ("success", "pass", "warn")
PORTABLE = ("--selector", "portable")
TESTS = ("--resource-type", "test")  # those of data: unit tests run on DuckDB alone
SETTINGS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-Xss8m",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


class SparkBuildError(Exception):
    """dbt did not run on Spark, or a model or a test of it failed."""


def session_of(folder: Path) -> SparkSession:
    """Returns a session of Spark whose tables are in a folder, or the one that there is."""
    builder = SparkSession.builder.master("local[2]").config("spark.sql.warehouse.dir", str(folder / "tables"))
    builder = builder.config("spark.driver.memory", "3g")
    return builder.config(map=SETTINGS).getOrCreate()


class SparkBuild:
    """The portable models of a home on Spark.

    ``models`` has their nodes, ``handed_over`` the other tables that they read.
    """

    def __init__(self, home: Path, folder: Path, region: str) -> None:
        """Starts a session whose tables are in ``folder``, and parses the project for Spark.

        Raises:
            SparkBuildError: dbt cannot parse the project.
        """
        from dbt.cli.main import dbtRunner

        self.home, self.folder, self.region = home, folder, region
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["LEVIERS_WAREHOUSE"] = str(home / "warehouse.duckdb")
        self.session = session_of(folder)
        manifest = self._run_dbt(dbtRunner(), "parse")
        self._runner = dbtRunner(manifest)
        kinds = ("--resource-type", "model", *TESTS)
        lines = self._run_dbt(self._runner, "ls", *PORTABLE, *kinds, "--output", "json", "--output-keys", "unique_id")
        selected = {node_id: manifest.nodes[node_id] for node_id in (json.loads(line)["unique_id"] for line in lines)}
        self.models = [node for node in selected.values() if node.resource_type == "model"]
        read = {parent for node in selected.values() for parent in node.depends_on.nodes} - set(selected)
        self.handed_over = [manifest.nodes[node_id] for node_id in sorted(read) if node_id in manifest.nodes]

    def run(self) -> dict[str, int]:
        """Hands the tables over, makes the models and runs their tests. Returns the number of failing rows by test.

        Raises:
            SparkBuildError: a model or a test failed; its text names them.
        """
        self._hand_over()
        self._run_portable("run")
        for node in self.models:
            if node.config.materialized == "kept_view":  # else each of its tests makes it again
                self.session.catalog.cacheTable(f"{node.schema}.{node.alias}")
        results = self._run_portable("test", *TESTS)
        return {done.node.unique_id: done.failures for done in results if done.node.resource_type == "test"}

    def _run_portable(self, command: str, *arguments: str) -> Any:
        results = self._run_dbt(self._runner, command, *PORTABLE, *arguments)
        if bad := [f"{done.node.name}: {done.message}" for done in results if done.status not in PASSED]:
            raise SparkBuildError("\n".join(bad))
        return results

    def _hand_over(self) -> None:
        """Writes the other tables that the models read as Parquet, and names them in the session."""
        for schema in {node.schema for node in (*self.models, *self.handed_over)}:
            self.session.sql(f"create database if not exists {schema}")
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as warehouse:
            for node in self.handed_over:
                table = f"{node.schema}.{node.alias}"
                path = self.folder / "handed_over" / f"{table}.parquet"
                path.parent.mkdir(exist_ok=True)
                warehouse.execute(f"copy (from {table}) to '{path}' (format parquet)")
                self.session.sql(f"drop table if exists {table}")
                self.session.sql(f"create table {table} using parquet location '{path}'")

    def _run_dbt(self, runner: Any, command: str, *arguments: str) -> Any:
        project = ("--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR), "--target", "spark")
        paths = ("--target-path", str(self.folder / "dbt"), "--log-path", str(self.folder / "dbt"))
        scope = ("--vars", json.dumps({"region": self.region}))
        done = runner.invoke(["--quiet", command, *arguments, *project, *paths, *scope])
        if done.exception or done.result is None:
            raise SparkBuildError(str(done.exception))
        return done.result


def main() -> None:
    """Makes the models of the home and region that the command line names, in the folder that it names."""
    home, folder, region = sys.argv[1:]
    build = SparkBuild(Path(home), Path(folder), region)
    failures = build.run()
    print(f"{len(build.models)} models on Spark in {folder}, {len(build.handed_over)} tables handed over")
    print(f"{len(failures)} tests, of which these warn: { {test for test, count in failures.items() if count} }")


if __name__ == "__main__":
    main()
