"""The generated files of docs/benchmarks.md: a catalogue record for each, and the query that gives its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.catalog import ColumnType, Dataset
from ingestion.readers import arrow_schema
from ingestion.sources import DLT_TYPES

MASK = "s"


@dataclass(frozen=True)
class Case:
    """A generated file: by the label of each column, its declared type and the SQL of its text in row ``i``.

    A column is masked if its SQL writes the mark of secrecy.
    """

    name: str
    rows: int
    separator: str
    columns: dict[str, tuple[ColumnType, str]]

    @property
    def dataset(self) -> Dataset:
        """The catalogue record; the columns are named c1, c2, ... and found by their label."""
        columns = {
            f"c{i}": {"type": kind, "aliases": [label], "masked": f"'{MASK}'" in sql}
            for i, (label, (kind, sql)) in enumerate(self.columns.items(), start=1)
        }
        layout = {"name": "generated", "format": "csv", "separator": self.separator}
        table = {"description": self.name, "secret": [MASK], "columns": columns, "layouts": [layout]}
        words = ("title", "title_fr", "licence", "attribution", "grain", "grain_fr", "cadence")
        record = {"dataset_id": f"benchmark_{self.name}", "producer": "benchmark", "verified": False, "tables": [table]}
        return Dataset.model_validate(record | dict.fromkeys(words, self.name))

    def write(self, path: Path, rows: int) -> None:
        """Writes a file with so many rows."""
        selected = ", ".join(f'{sql} as "{label}"' for label, (_, sql) in self.columns.items())
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


def _number(largest: int = 1000) -> str:
    return f"round(random() * {largest}, 2)"


_COMMUNE = "lpad(cast(1 + i % 95 as varchar), 2, '0') || lpad(cast(i % 800 as varchar), 3, '0')"
_NAME = "'Commune n° ' || i % 35000"
_MASKED = f"if(i % 9 = 0, '{MASK}', cast({_number()} as varchar))"
_SHARE = f"if(i % 4 = 0, cast({_number()} as varchar), '')"
_DWELLINGS = f"if(i % 3 = 0, cast({_number(100)} as varchar), '')"
_ENERGIES = (
    "Consommation", "Thermique", "Nucleaire", "Eolien", "Solaire", "Hydraulique", "Pompage", "Bioenergies",
    "Ech. physiques",
)  # fmt: skip

WIDE = Case(
    "wide",
    5_000_000,
    ",",
    {
        "code_commune": ("commune", _COMMUNE),
        "nom_commune": ("text", _NAME),
        **{f"categorie_{i}": ("text", f"'categorie ' || (i + {i}) % 20") for i in range(6)},
        "date": ("date", "date '2015-01-01' + cast(i % 3650 as integer)"),
        "horodatage": ("timestamp", "timestamp '2015-01-01' + to_seconds(i % 100000000)"),
        **{f"nombre_{i}": ("integer", f"(i * {i + 7}) % 1000000") for i in range(8)},
        **{f"mesure_{i}": ("number", _number()) for i in range(12)},
    },
)

ORE = Case(
    "ore",
    3_400_000,
    ";",
    {
        "OPERATEUR": ("text", "if(i % 20 = 0, 'GRDF', 'Enedis')"),
        "FILIERE": ("text", "if(i % 20 = 0, 'Gaz', 'Electricité')"),
        "Année": ("integer", "2011 + i % 14"),
        "Code Commune": ("commune", _COMMUNE),
        "Nom Commune": ("text", _NAME),
        "Code EPCI": ("epci", "200000000 + i % 1250"),
        "Nom EPCI": ("text", "'Communauté de communes n° ' || i % 1250"),
        "Type EPCI": ("text", "'CC'"),
        "Code Département": ("departement", "lpad(cast(1 + i % 95 as varchar), 2, '0')"),
        "Nom Département": ("text", "'Département ' || i % 95"),
        "Code Région": ("region", "11 + i % 80"),
        "Nom Région": ("text", "'Région ' || i % 13"),
        "CODE CATEGORIE CONSOMMATION": ("text", "if(i % 3 = 0, 'RES', 'ENT')"),
        "CODE GRAND SECTEUR": ("text", "if(i % 3 = 0, 'RESIDENTIEL', 'TERTIAIRE')"),
        "CODE SECTEUR NAF2": ("text", "if(i % 3 = 0, '', cast(i % 99 as varchar))"),
        "Nb sites": ("integer", f"if(i % 9 = 0, '{MASK}', cast(i % 5000 as varchar))"),
        "Conso totale (MWh)": ("number", _MASKED),
        "Conso moyenne (MWh)": ("number", _MASKED),
        "Nombre de mailles secretisées": ("integer", "i % 4"),
        **{f"Part n° {i} à usages thermosensibles (%)": ("number", _SHARE) for i in range(12)},
        **{f"Résidences principales, époque {i}": ("number", _DWELLINGS) for i in range(16)},
    },
)

ECO2MIX = Case(
    "eco2mix",
    2_700_000,
    ",",
    {
        "Perimetre": ("text", "'Région ' || i % 12"),
        "Nature": ("text", "'Données définitives'"),
        "Date": ("date", "date '2013-01-01' + cast((i // 96) % 4380 as integer)"),
        "Heures": ("text", "strftime(timestamp '2013-01-01' + to_minutes(15 * (i % 96)), '%H:%M')"),
        **dict.fromkeys(_ENERGIES, ("number", "if(i % 2 = 0, cast(floor(random() * 10000) as integer), null)")),
    },
)

CASES = (WIDE, ORE, ECO2MIX)
