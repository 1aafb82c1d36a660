"""The generated files of docs/benchmarks.md: a catalogue record for each, and the query that gives its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.catalog import Dataset
from ingestion.readers import arrow_schema
from ingestion.sources import DLT_TYPES

MASK = "s"
LABEL = "Libellé n° {}"


@dataclass(frozen=True)
class Case:
    """A generated file: of each column, the declared type and the SQL of its text in row ``i``.

    A column is masked if its SQL writes the mark of secrecy.
    """

    name: str
    rows: int
    separator: str
    columns: Sequence[tuple[str, str]]

    @property
    def dataset(self) -> Dataset:
        """The catalogue record; the columns are named c1, c2, ... and found by their label."""
        columns = {
            f"c{i}": {"type": kind, "aliases": [LABEL.format(i)], "masked": f"'{MASK}'" in sql}
            for i, (kind, sql) in enumerate(self.columns)
        }
        layout = {"name": "generated", "format": "csv", "separator": self.separator}
        table = {"description": self.name, "secret": [MASK], "columns": columns, "layouts": [layout]}
        words = ("title", "title_fr", "licence", "attribution", "grain", "cadence")
        record = {
            "dataset_id": f"benchmark_{self.name}",
            "producer": "benchmark",
            "verified": False,
            "seen": {"documentation": "made here"},
            "tables": [table],
        }
        return Dataset.model_validate(record | dict.fromkeys(words, self.name))

    def write(self, path: Path, rows: int) -> None:
        selected = ", ".join(f'{sql} as "{LABEL.format(i)}"' for i, (_, sql) in enumerate(self.columns))
        query = f"select {selected} from range({rows}) as r(i)"
        with duckdb.connect() as connection:
            connection.execute(f"copy ({query}) to '{path}' (format csv, delimiter '{self.separator}')")

    def bare_sql(self, path: Path) -> str:
        """Returns the plain statement that loads the same file with the same types, without any check."""
        schema = arrow_schema(self.dataset.tables[0])
        columns = ", ".join(
            f"'{name}': '{DLT_TYPES[schema.field(name).type]}'" for name in self.dataset.tables[0].columns
        )
        return (
            f"create table bare as select * from read_csv('{path}', delim = '{self.separator}', header = true, "
            f"columns = {{{columns}}}, nullstr = ['', '{MASK}'])"
        )


_COMMUNE = ("commune", "lpad(cast(1 + i % 95 as varchar), 2, '0') || lpad(cast(i % 800 as varchar), 3, '0')")
_NAME = ("text", "'Commune n° ' || i % 35000")
_CATEGORY = ("text", "'categorie ' || i % 20")
_CODE = ("text", "if(i % 3 = 0, 'RES', 'ENT')")
_INTEGER = ("integer", "(i * 7) % 1000000")
_NUMBER = ("number", "round(random() * 1000, 2)")
_MASKED = ("number", f"if(i % 9 = 0, '{MASK}', cast({_NUMBER[1]} as varchar))")
_SPARSE = ("number", f"if(i % 4 = 0, cast({_NUMBER[1]} as varchar), '')")
_EVERY_SECOND = ("number", "if(i % 2 = 0, cast(floor(random() * 10000) as integer), null)")
_DATE = ("date", "date '2013-01-01' + cast(i % 4380 as integer)")
_TIMESTAMP = ("timestamp", "timestamp '2015-01-01' + to_seconds(i % 100000000)")
_TERRITORIES = (
    _COMMUNE,
    ("epci", "200000000 + i % 1250"),
    ("departement", "lpad(cast(1 + i % 95 as varchar), 2, '0')"),
    ("region", "11 + i % 80"),
)
CASES = (
    Case(
        "wide", 5_000_000, ",", [_COMMUNE, _NAME, *[_CATEGORY] * 6, _DATE, _TIMESTAMP, *[_INTEGER] * 8, *[_NUMBER] * 12]
    ),
    Case(
        "ore",
        3_400_000,
        ";",
        [*_TERRITORIES, *[_NAME] * 5, *[_CODE] * 5, *[_INTEGER] * 3, *[_MASKED] * 2, *[_SPARSE] * 28],
    ),
    Case("eco2mix", 2_700_000, ",", [*[_NAME] * 2, _CODE, _DATE, *[_EVERY_SECOND] * 9]),
)
