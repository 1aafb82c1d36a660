"""The generated files of docs/benchmarks.md: a catalogue record for each, and the query that gives its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.catalog import Column, ColumnType, Dataset, Layout, Table
from ingestion.readers import arrow_schema
from ingestion.sources import DLT_TYPES

MASK = "s"


@dataclass(frozen=True)
class Field:
    """A column of a generated file: its label, its declared type, and the SQL of its text in row ``i``."""

    label: str
    type: ColumnType
    sql: str
    masked: bool = False


@dataclass(frozen=True)
class Case:
    """A generated file and its catalogue record."""

    name: str
    rows: int
    separator: str
    fields: tuple[Field, ...]

    @property
    def dataset(self) -> Dataset:
        """The record; the columns are named c1, c2, ... and found by their label."""
        columns = {
            f"c{i}": Column(type=f.type, aliases=[f.label], masked=f.masked) for i, f in enumerate(self.fields, start=1)
        }
        table = Table(
            description=self.name,
            secret=[MASK],
            columns=columns,
            layouts=[Layout(name="generated", format="csv", separator=self.separator)],
        )
        return Dataset(
            dataset_id=f"benchmark_{self.name}",
            title=self.name,
            title_fr=self.name,
            licence="generated",
            attribution="generated",
            grain="row",
            grain_fr="row",
            cadence="none",
            verified=False,
            producer="benchmark",
            tables=[table],
        )

    def write(self, path: Path, rows: int) -> None:
        """Writes a file with so many rows."""
        selected = ", ".join(f'{f.sql} as "{f.label}"' for f in self.fields)
        query = f"select {selected} from range({rows}) as r(i)"
        with duckdb.connect() as connection:
            connection.execute(f"copy ({query}) to '{path}' (format csv, delimiter '{self.separator}')")

    def bare_sql(self, path: Path) -> str:
        """Returns the plain statement that loads the same file with the same types, without any check."""
        schema = arrow_schema(self.dataset.tables[0])
        columns = ", ".join(
            f"'c{i}': '{DLT_TYPES[schema.field(f'c{i}').type]}'" for i in range(1, len(self.fields) + 1)
        )
        return (
            f"create table bare as select * from read_csv('{path}', delim = '{self.separator}', header = true, "
            f"columns = {{{columns}}}, nullstr = ['', '{MASK}'])"
        )


def _number(share: str = "1000") -> str:
    return f"round(random() * {share}, 2)"


_COMMUNE = "lpad(cast(1 + i % 95 as varchar), 2, '0') || lpad(cast(i % 800 as varchar), 3, '0')"
_NAME = "'Commune n° ' || i % 35000"

WIDE = Case(
    "wide",
    5_000_000,
    ",",
    (
        Field("code_commune", "commune", _COMMUNE),
        Field("nom_commune", "text", _NAME),
        *(Field(f"categorie_{i}", "text", f"'categorie ' || (i + {i}) % 20") for i in range(6)),
        Field("date", "date", "date '2015-01-01' + cast(i % 3650 as integer)"),
        Field("horodatage", "timestamp", "timestamp '2015-01-01' + to_seconds(i % 100000000)"),
        *(Field(f"nombre_{i}", "integer", f"(i * {i + 7}) % 1000000") for i in range(8)),
        *(Field(f"mesure_{i}", "number", _number()) for i in range(12)),
    ),
)

ORE = Case(
    "ore",
    3_400_000,
    ";",
    (
        Field("OPERATEUR", "text", "if(i % 20 = 0, 'GRDF', 'Enedis')"),
        Field("FILIERE", "text", "if(i % 20 = 0, 'Gaz', 'Electricité')"),
        Field("Année", "integer", "2011 + i % 14"),
        Field("Code Commune", "commune", _COMMUNE),
        Field("Nom Commune", "text", _NAME),
        Field("Code EPCI", "epci", "200000000 + i % 1250"),
        Field("Nom EPCI", "text", "'Communauté de communes n° ' || i % 1250"),
        Field("Type EPCI", "text", "'CC'"),
        Field("Code Département", "departement", "lpad(cast(1 + i % 95 as varchar), 2, '0')"),
        Field("Nom Département", "text", "'Département ' || i % 95"),
        Field("Code Région", "region", "11 + i % 80"),
        Field("Nom Région", "text", "'Région ' || i % 13"),
        Field("CODE CATEGORIE CONSOMMATION", "text", "if(i % 3 = 0, 'RES', 'ENT')"),
        Field("CODE GRAND SECTEUR", "text", "if(i % 3 = 0, 'RESIDENTIEL', 'TERTIAIRE')"),
        Field("CODE SECTEUR NAF2", "text", "if(i % 3 = 0, '', cast(i % 99 as varchar))"),
        Field("Nb sites", "integer", f"if(i % 9 = 0, '{MASK}', cast(i % 5000 as varchar))", masked=True),
        Field("Conso totale (MWh)", "number", f"if(i % 9 = 0, '{MASK}', cast({_number()} as varchar))", masked=True),
        Field("Conso moyenne (MWh)", "number", f"if(i % 9 = 0, '{MASK}', cast({_number()} as varchar))", masked=True),
        Field("Nombre de mailles secretisées", "integer", "i % 4"),
        *(
            Field(
                f"Part n° {i} à usages thermosensibles (%)",
                "number",
                f"if(i % 4 = 0, cast({_number()} as varchar), '')",
            )
            for i in range(12)
        ),
        *(
            Field(
                f"Résidences principales, époque {i}", "number", f"if(i % 3 = 0, cast({_number('100')} as varchar), '')"
            )
            for i in range(16)
        ),
    ),
)

ECO2MIX = Case(
    "eco2mix",
    2_700_000,
    ",",
    (
        Field("Perimetre", "text", "'Région ' || i % 12"),
        Field("Nature", "text", "'Données définitives'"),
        Field("Date", "date", "date '2013-01-01' + cast((i // 96) % 4380 as integer)"),
        Field("Heures", "text", "strftime(timestamp '2013-01-01' + to_minutes(15 * (i % 96)), '%H:%M')"),
        *(
            Field(label, "number", "if(i % 2 = 0, cast(floor(random() * 10000) as integer), null)")
            for label in (
                "Consommation",
                "Thermique",
                "Nucleaire",
                "Eolien",
                "Solaire",
                "Hydraulique",
                "Pompage",
                "Bioenergies",
                "Ech. physiques",
            )
        ),
    ),
)

CASES = (WIDE, ORE, ECO2MIX)
