"""The tables of a publication about itself: its checks, the list of publications, its changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from leviers.common.quoting import literal
from leviers.warehouse.checks.check_row import CheckRow

# A sum of the same parts in another order differs by less.
TOLERANCE = 1e-12
OWN_TABLES_FOLDER = Path(__file__).with_name("own_tables")


def _sql(name: str) -> str:
    return (OWN_TABLES_FOLDER / f"{name}.sql").read_text(encoding="utf-8").format(tolerance=TOLERANCE)


@dataclass(frozen=True)
class OwnTable:
    """A published table without a model: type and description of each column, key, and whether it is in the star."""

    address: str
    description: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...] = ()
    is_star: bool = False

    @property
    def name(self) -> str:
        """Its name without its schema."""
        return self.address.partition(".")[2]


_OWN = {
    address: OwnTable(address, **{**table, "key": tuple(table.get("key", ()))})
    for address, table in yaml.safe_load((OWN_TABLES_FOLDER / "tables.yml").read_text(encoding="utf-8")).items()
}
OWN_TABLES = tuple(_OWN.values())
CHECK_RESULTS = _OWN["quality.fct_check_result"]
ABOUT_SCHEMA = _OWN["marts.about_schema"]
PUBLICATIONS = _OWN["marts.fct_publication"]
CHANGES = _OWN["marts.fct_change"]
CHECKS_IN_FRENCH = _OWN["vues.fait_controle"]
PUBLICATIONS_IN_FRENCH = _OWN["vues.fait_publication"]
CHANGES_IN_FRENCH = _OWN["vues.fait_changement"]
CHANGED_VALUES = _sql("changed_values")

# The purpose of each published schema, in French; DuckDB keeps no comment on a schema.
SCHEMAS = {
    "marts": "Les tables de référence, pour qui écrit des requêtes : dimensions, faits, ponts. Les noms et les codes "
    "sont en anglais et stables ; tout le pays que les fichiers contiennent y est, et is_in_scope de dim_territory "
    "donne la région.",
    "quality": "Ce que les contrôles ont trouvé : contrôles passés ou non, lignes écartées, valeurs impossibles, "
    "écarts entre échelons, années incomplètes.",
    "vues": "Des vues en français, prêtes pour un outil de BI : la région demandée, les libellés à côté des codes, une "
    "date pour l'axe du temps, la confiance et la source sur chaque ligne. À prendre en premier.",
}


@dataclass(frozen=True)
class Publication:
    """A publication: its name, time, region, contract and contact, and the one before it."""

    publication_id: str
    published_at: datetime
    region: str
    contract_version: str
    contact: str | None
    previous: Path | None

    @property
    def previous_id(self) -> str | None:
        """The name of the folder of the publication before; None for the first one."""
        return self.previous.resolve().parent.name if self.previous else None


def write_own_tables(
    connection: duckdb.DuckDBPyConnection, publication: Publication, checks: Iterable[CheckRow]
) -> None:
    """Writes the tables of this module into the database ``published``, which has the other tables already."""
    for table in OWN_TABLES:
        columns = ", ".join(f"{name} {kind}" for name, (kind, _) in table.columns.items())
        connection.execute(f"create table published.{table.address} ({columns})")
    connection.executemany(f"insert into published.{ABOUT_SCHEMA.address} values (?, ?)", [*SCHEMAS.items()])
    _insert_checks(connection, publication, checks)
    if publication.previous:
        connection.execute(f"attach {literal(publication.previous)} as previous (read_only)")
        _keep_history(connection)
        connection.execute(f"create temp view changed as {CHANGED_VALUES}")
        before = {"publication_id": publication.publication_id, "previous": publication.previous_id}
        connection.execute(_sql("changes"), before)
        connection.execute("drop view changed")
        connection.execute("detach previous")
    connection.execute(_sql("publication"), asdict(publication) | {"previous": publication.previous_id})
    connection.execute(_sql("publications_fr"))
    connection.execute(_sql("changes_fr"))


def add_missing_pages(
    connection: duckdb.DuckDBPyConnection, publication: Publication, missing: Collection[CheckRow]
) -> None:
    """Adds the missing pages of ``published`` to its checks."""
    _insert_checks(connection, publication, missing)
    for table, column in ((PUBLICATIONS, "warning_count"), (PUBLICATIONS_IN_FRENCH, "nombre_avertissements")):
        connection.execute(
            f"update published.{table.address} set {column} = {column} + ? where publication_id = ?",
            [len(missing), publication.publication_id],
        )


def _insert_checks(connection: duckdb.DuckDBPyConnection, publication: Publication, checks: Iterable[CheckRow]) -> None:
    rows = [{"checked_at": publication.published_at, **asdict(check), **check.french_labels} for check in checks]
    if rows:
        connection.register("checks", pa.Table.from_pylist(rows))
        connection.execute(f"insert into published.{CHECK_RESULTS.address} by name from checks")
        connection.execute(_sql("checks_fr"))


def _keep_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Copies the history of the publication before; contracts before 1.5.0 have no history."""
    for table in (PUBLICATIONS, CHANGES):
        earlier_tables = connection.execute(
            "select 1 from duckdb_tables() where database_name = 'previous' and table_name = ?", [table.name]
        ).fetchall()
        if earlier_tables:
            connection.execute(f"insert into published.{table.address} by name from previous.{table.address}")
