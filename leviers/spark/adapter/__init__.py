"""dbt's adapter of Spark that puts the SQL of the models into Spark's; dbt imports it as dbt.adapters.leviersspark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt.adapters.base.meta import available
from dbt.adapters.base.plugin import AdapterPlugin
from dbt.adapters.spark import SparkAdapter, SparkConnectionManager, SparkCredentials

from leviers.spark.transpile import of_contract, transpile

SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # an overflow and a text that is no number raise; dbt-spark turns it off
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # Spark 4.3 fails in this rule ("key not found") at a value of another query in a part of a union.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.PushProjectionThroughUnion",
}


@dataclass
class LeviersSparkCredentials(SparkCredentials):  # type: ignore[misc]
    """The credentials of dbt-spark, with the settings of a session that the SQL of the models needs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.server_side_parameters |= SETTINGS

    @property
    def type(self) -> str:
        """The type that the profile names."""
        return "leviersspark"


class LeviersSparkConnectionManager(SparkConnectionManager):  # type: ignore[misc]
    """The connection manager of dbt-spark under this adapter's name."""

    TYPE = "leviersspark"


class LeviersSparkAdapter(SparkAdapter):  # type: ignore[misc]
    """The adapter of dbt-spark, with the SQL of the models put into Spark's."""

    ConnectionManager = LeviersSparkConnectionManager

    @available
    def to_spark(self, sql: str, contract: dict[str, Any] | None = None) -> str:
        """Returns the query of Spark for one of a model or of a test, with the columns of its contract, if any."""
        query = transpile(sql, self._columns_of)
        if not contract:
            return query
        types = {name: column["data_type"] for name, column in contract.items()}
        return of_contract(query, types, self._columns_of(query))

    def _columns_of(self, query: str) -> list[str]:
        return [column.name for column in self.get_column_schema_from_query(query)]


Plugin = AdapterPlugin(
    adapter=LeviersSparkAdapter,
    credentials=LeviersSparkCredentials,
    include_path=str(Path(__file__).parent),
    project_name="dbt_leviersspark",  # as in dbt_project.yml: dbt looks for its macros by this name
    dependencies=["spark"],
)
