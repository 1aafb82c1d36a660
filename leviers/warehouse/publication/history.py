"""The tables of a publication about itself: its checks, the list of publications, its changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from leviers.common.quoting import literal
from leviers.warehouse.checks.check_row import CheckRow
from leviers.warehouse.publication.relations import Documentation

# A sum of the same parts in another order differs by less.
TOLERANCE = 1e-12
OWN_TABLES_FOLDER = Path(__file__).with_name("own_tables")


def _sql(name: str) -> str:
    return (OWN_TABLES_FOLDER / f"{name}.sql").read_text(encoding="utf-8").format(tolerance=TOLERANCE)


# The types of the columns of each table, and its documentation, by address.
OWN_TYPES: dict[str, dict[str, str]] = {}
OWN_DOCUMENTATION: dict[str, Documentation] = {}
for address, own in yaml.safe_load((OWN_TABLES_FOLDER / "tables.yml").read_text(encoding="utf-8")).items():
    OWN_TYPES[address] = {name: kind for name, (kind, _) in own["columns"].items()}
    texts = {name: text for name, (_, text) in own["columns"].items()}
    OWN_DOCUMENTATION[address] = Documentation(
        own["description"], texts, key=tuple(own["key"]), is_star=own.get("is_star", False)
    )
CHECK_RESULTS, PUBLICATIONS, CHANGES = OWN_TYPES
CHANGED_VALUES = _sql("changed_values")


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
    for table, types in OWN_TYPES.items():
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        connection.execute(f"create table published.{table} ({columns})")
    _insert_checks(connection, publication, checks)
    before = "published"  # the first publication changes nothing
    if publication.previous:
        before = "previous"
        connection.execute(f"attach {literal(publication.previous)} as previous (read_only)")
        for table in (PUBLICATIONS, CHANGES):
            with suppress(duckdb.CatalogException):  # an early contract has no history
                connection.execute(f"insert into published.{table} by name from previous.{table}")
    connection.execute(f"create temp table changed as {CHANGED_VALUES.replace('previous.', f'{before}.')}")
    values = asdict(publication) | {"previous": publication.previous_id}
    connection.execute(_sql("publication"), values)
    connection.execute(_sql("changes"), {name: values[name] for name in ("publication_id", "published_at", "previous")})


def add_missing_pages(
    connection: duckdb.DuckDBPyConnection, publication: Publication, missing: Collection[CheckRow]
) -> None:
    """Adds the missing pages of ``published`` to its checks."""
    _insert_checks(connection, publication, missing)
    connection.execute(
        f"update published.{PUBLICATIONS} set nombre_avertissements = nombre_avertissements + ? "
        "where publication_id = ?",
        [len(missing), publication.publication_id],
    )


def _insert_checks(connection: duckdb.DuckDBPyConnection, publication: Publication, checks: Iterable[CheckRow]) -> None:
    rows = [{"checked_at": publication.published_at, **asdict(check), **check.french_labels} for check in checks]
    if rows:
        connection.register("checks", pa.Table.from_pylist(rows))
        connection.execute(f"insert into published.{CHECK_RESULTS} by name from checks")
