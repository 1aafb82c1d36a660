"""The common part of all tables that a person enters: columns, reading, checks, versions.

All rows are checked before anything is written. An edit is a new version of a row: files are added to
``LEVIERS_HOME/inputs/<dataset_id>/`` and never changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from ingestion.catalog import BUNDLED_DIR, Layout, load_catalog
from ingestion.fault import RefusalError, one_line
from ingestion.fetch import INPUTS
from ingestion.formats import normalised, open_text_relation
from ingestion.received import UnreadableFileError, kind_of
from leviers.common.places import swapped_in
from leviers.common.quoting import literal
from leviers.warehouse.seeds import LEVELS, french_label, seed_path

STATEMENTS = Path(__file__).with_name("sql")
RULES_FILE = Path(__file__).with_name("rules.yml")
COLUMNS_FILE = Path(__file__).with_name("columns.yml")
BUNDLED_COMMUNES = BUNDLED_DIR / "bundled_etalab_decoupage" / "communes.parquet"
SAVE_AS_CSV = "enregistrer le tableau en CSV"
LIKENESS = 0.8  # a name is suggested for another from this likeness on
# A name without its CA or CC is likely, however short it is.
MACROS = """
create temp macro likeness(known, written) as if(
    length(written) > 3 and contains(known, written), 1, jaro_winkler_similarity(known, written)
);
create temp macro comparable(written) as regexp_replace(
    replace(replace(strip_accents(lower(written)), 'œ', 'oe'), '₂', '2'), '[^a-z0-9%]+', '', 'g'
)
"""


class InputError(RefusalError):
    """A file that cannot be read as a table of the expected columns."""


@dataclass(frozen=True)
class EntryColumn:
    """A column of an entered table; a file has its ``name`` or its French ``label`` as header."""

    name: str
    label: str
    meaning: str
    example: str = ""
    is_required: bool = True


def columns_of(dataset_id: str, **values: object) -> tuple[EntryColumn, ...]:
    """Returns the columns of an entered table, with ``values`` filled into their meanings."""
    declared = yaml.load(COLUMNS_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)[dataset_id]
    return tuple(
        EntryColumn(name, **{**column, "meaning": column["meaning"].format(**values)})
        for name, column in declared.items()
    )


@dataclass(frozen=True)
class Problem:
    """The refusal of a row; ``line`` is its line in the file, where the header is line 1."""

    line: int
    column: str
    value: str
    reason: str

    def text(self, headers: Mapping[str, str]) -> str:
        """Returns the sentence for a person, with the header of the file."""
        cell = headers.get(self.column, self.column) + (f" « {self.value} »" if self.value else "")
        return " : ".join(filter(None, (f"ligne {self.line}", cell, self.reason)))


@dataclass(frozen=True)
class Rows:
    """The cells of a file as text, by column, with the line of each row and the header of each column."""

    table: pa.Table
    headers: Mapping[str, str]
    problems: list[Problem]


@dataclass
class AddResult:
    """The result of an entry: the file of its rows, their number, and the refused rows."""

    headers: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None
    written: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    """A condition on a row of ``checked``; if it is true, the row is refused."""

    column: str
    condition: str
    reason: str


def rules_of(name: str, **parts: object) -> tuple[Rule, ...]:
    """Returns the rules of ``rules.yml`` under a name, with the expressions ``parts`` filled in."""
    declared = yaml.load(RULES_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)[name]
    return tuple(Rule(**{key: text.format(**parts) for key, text in rule.items()}) for rule in declared)


def sql(name: str, **parts: object) -> str:
    """Returns the statements of a file of ``sql/``, with the expressions ``parts`` filled in."""
    return (STATEMENTS / f"{name}.sql").read_text(encoding="utf-8").format(**parts)


def seed(name: str) -> str:
    """Returns the SQL relation of a seed, with all columns as text; ``name`` includes its folder."""
    return f"read_csv({literal(seed_path(name))}, all_varchar = true)"


def number(column: str) -> str:
    """Returns SQL that reads a number in the notation of a French spreadsheet."""
    return f"try_cast(replace(regexp_replace({column}, '\\s', '', 'g'), ',', '.') as double)"


def word_of(column: str, words: Mapping[str, str]) -> str:
    """Returns SQL of the code for a code or its French word; any other text is unchanged."""
    cases = " ".join(
        f"when comparable({column}) in (comparable('{code}'), comparable('{word}')) then '{code}'"
        for code, word in words.items()
    )
    return f"case {cases} else {column} end"


def level_of(column: str) -> str:
    """Returns SQL of the name of a level in the tables for any spelling: ``CRTE``, ``Région``, ``Intercommunalité``."""
    return f"lower(strip_accents({word_of(column, {'epci': french_label('territory_level', 'epci')})}))"


def code_of(column: str, names: str) -> str:
    """Returns SQL of the code for a code or a name that exactly one code of ``names`` has, else the text itself.

    ``names`` is a relation with the columns ``code`` and ``written``, as the macro ``comparable`` makes it.
    """
    code = f"select any_value(code) from {names} where written = comparable({column}) having count(distinct code) = 1"
    return f"coalesce(({code}), {column})"


def territory_code(level: str, code: str) -> str:
    """Returns SQL of the code for a code or name of a territory, with the zero that a spreadsheet removed."""
    restored = (
        f"case when {level} = 'commune' and regexp_full_match({code}, '\\d{{4}}') then '0' || {code} "
        f"when {level} in ('departement', 'region') and regexp_full_match({code}, '\\d') then '0' || {code} "
        f"else {code} end"
    )
    return code_of(restored, f"(select code, written from territory_names where its_level = {level})")


NAME_AND_CODE = "name || ' (' || code || ')'"


def nearest(names: str, column: str, shown: str = "name") -> str:
    """Returns SQL of the end of a reason: the likeliest of ``names``, a relation with a column ``name``."""
    likeness = f"likeness(comparable(name), comparable({column}))"
    likeliest = f"select arg_max({shown}, {likeness}) from {names} where {likeness} > {LIKENESS}"
    return f"coalesce(' (est-ce ' || ({likeliest}) || ' ?)', '')"


def several(names: str, column: str) -> str:
    """Returns SQL of the reason that several rows of ``names`` have a name; NULL if not."""
    return (
        f"(select 'plusieurs portent ce nom, donner le code : ' || string_agg(code, ', ' order by code) from {names} "
        f"where comparable(name) = comparable({column}) having count(*) > 1)"
    )


LEVEL_NAMES = f"(select distinct territory_level as name from territories union select unnest({LEVELS}))"
OF_LEVEL = "(select code, name from territories where territories.territory_level = checked.territory_level)"
TERRITORY_RULES = rules_of(
    "territory",
    nearest_level=nearest(LEVEL_NAMES, "territory_level"),
    several=several(OF_LEVEL, "territory_code"),
    nearest=nearest(OF_LEVEL, "territory_code", NAME_AND_CODE),
)


def read_rows(file: Path, columns: Sequence[EntryColumn]) -> Rows:
    """Returns the rows of a workbook, or of a CSV with commas, semicolons or tabs, in UTF-8 or ANSI.

    Raises:
        InputError: the file is neither, or lacks a column.
    """
    try:
        kind = kind_of(file)
        if kind not in ("text", "xlsx"):
            raise InputError(f"{file.name} : ce n'est ni un CSV ni un classeur .xlsx ; {SAVE_AS_CSV}")
        lines = list(_lines_of_workbook(file) if kind == "xlsx" else _lines_of_csv(file))
    except UnreadableFileError as error:
        raise InputError(f"{file.name} : fichier vide, page web ou classeur illisible ; {SAVE_AS_CSV}") from error
    header = lines[0][1] if lines else []
    labels = {normalised(label): position for position, label in enumerate(header)}
    positions = {
        column.name: labels[written]
        for column in columns
        for written in (normalised(column.label), normalised(column.name))
        if written in labels
    }
    missing = [column for column in columns if column.is_required and column.name not in positions]
    if missing:
        names = ", ".join(f"{column.label} ({column.name})" for column in missing)
        what = "la colonne" if len(missing) == 1 else "les colonnes"
        raise InputError(f"{file.name} : il manque {what} {names}")
    problems: list[Problem] = []
    cells: dict[str, list[str]] = {column.name: [] for column in columns}
    numbers: list[int] = []
    for line, row in lines[1:]:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            problems.append(Problem(line, "", "", f"{len(header)} cases attendues, {len(row)} trouvées"))
            continue
        numbers.append(line)
        for name, values in cells.items():
            values.append(row[positions[name]].strip() if name in positions else "")
    if not numbers and not problems:
        raise InputError(f"{file.name} : aucune ligne sous celle des titres de colonnes")
    table = pa.table(
        {
            "line": pa.array(numbers, pa.int64()),
            **{name: pa.array(values, pa.string()) for name, values in cells.items()},
        }
    )
    written = {name: header[position].strip() for name, position in positions.items()}
    return Rows(table, {column.name: column.label for column in columns} | written, problems)


def _lines_of_csv(file: Path) -> Iterator[tuple[int, list[str]]]:
    content = file.read_bytes()
    if b"\0" in content:
        raise InputError(f"{file.name} : ce n'est ni un CSV ni un classeur .xlsx ; {SAVE_AS_CSV}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"{file.name}, ligne {reader.line_num} : le CSV ne se lit pas ({error})") from error


def _lines_of_workbook(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yields the first sheet, as text."""
    with (
        duckdb.connect() as connection,
        open_text_relation(connection, file, Layout(name="entry", format="xlsx")) as sheet,
    ):
        yield 1, sheet.labels
        for line, row in enumerate(connection.execute(sheet.sql).fetchall(), start=sheet.first_row):
            yield line, [cell or "" for cell in row]


def _create_territories(connection: duckdb.DuckDBPyConnection, home: Path, published: Path) -> str:
    """Makes the table of the territories that a row may name; returns the name of the list that they come from."""
    if published.exists():
        connection.execute(f"attach {literal(published)} as published (read_only)")
        list_name = "la liste publiée"
        source = "select territory_level, territory_code as code, name from published.marts.dim_territory"
    else:
        list_name = "la liste d'Occitanie livrée avec le projet (leviers refresh donne tout le pays)"
        communes = f"read_parquet({literal(BUNDLED_COMMUNES)})"
        source = " union ".join(
            f"select '{level}' as territory_level, {level}_code as code, {level}_name as name from {communes}"
            for level in LEVELS
            if level != "pays"
        )
    groupings = sorted((home / INPUTS / "grouping_member").glob("*.csv"))
    if groupings:
        files = ", ".join(map(literal, groupings))
        source += f" union select group_type, group_code, group_name from read_csv([{files}], all_varchar = true)"
    connection.execute(
        f"create temp table territories as select distinct on (territory_level, code) * from ({source}) order by name"
    )
    connection.execute("""
        create temp table territory_names as
        select territory_level as its_level, code, comparable(unnest([code, name])) as written from territories
    """)
    return list_name


def create_history(connection: duckdb.DuckDBPyConnection, home: Path, dataset_id: str) -> None:
    """Makes the table ``history`` of all rows entered so far.

    Raises:
        InputError: a file with such rows is damaged.
    """
    columns = load_catalog()[dataset_id].tables[0].columns
    connection.execute(f"create temp table history ({', '.join(f'{name} varchar' for name in columns)})")
    for file in sorted((home / INPUTS / dataset_id).glob("*.csv")):
        # a file of an earlier version of the project has fewer columns
        rows = f"select * from read_csv({literal(file)}, all_varchar = true, nullstr = '')"
        try:
            connection.execute(f"insert into history by name {rows}")
        except duckdb.Error as error:
            way_out = "le corriger, ou le ranger ailleurs et ressaisir ses lignes"
            raise InputError(f"{file} est abîmé : {way_out} ({one_line(error)})") from error


_KEPT = "line not in (select unnest(cast($refused as bigint[])))"


def _refused(problems: list[Problem]) -> dict[str, list[int]]:
    return {"refused": [problem.line for problem in problems]}


def _problems_of(connection: duckdb.DuckDBPyConnection, table: str, rules: Iterable[Rule]) -> list[Problem]:
    """Returns the rows that a rule refuses, each with its cell as typed, or with the default of an empty cell."""
    typed = f"(select nullif(entered.{{}}, '') from entered where entered.line = {table}.line)"
    query = " union all ".join(
        f"select line, '{rule.column}' as column_name, coalesce({typed.format(rule.column)}, {rule.column}) as value, "
        f"{rule.reason} as reason from {table} where {rule.condition}"
        for rule in rules
    )
    return [Problem(*row) for row in connection.execute(query).fetchall()]


@dataclass(frozen=True)
class Entry:
    """A kind of entered table: its columns, the statements that make ``checked`` from its rows, and its rules.

    ``parts`` are the expressions to fill into the statements. ``rules`` check a single row. ``twins`` compare the rows
    that pass the rules, so a refused row is no duplicate; they may read the columns ``compared``, computed over the
    ``window``. ``expressions`` has the SQL of a column that is not written as it is.
    """

    dataset_id: str
    columns: Sequence[EntryColumn]
    statements: str
    parts: Mapping[str, str]
    rules: Sequence[Rule]
    twins: Sequence[Rule]
    compared: str
    window: str = ""
    expressions: Mapping[str, str] = field(default_factory=dict)


def add_rows(
    entry: Entry,
    home: Path,
    file: Path,
    published: Path,
    *,
    accept_valid: bool = False,
    given: Mapping[str, str] | None = None,
    **parts: str,
) -> AddResult:
    """Checks a table and adds its new or changed rows, each as the next version.

    If a row is refused, nothing is written, except with ``accept_valid``. ``given`` has the parameters of the
    statements, ``parts`` further expressions to fill in.

    Raises:
        InputError: the file is no table with the expected columns.
    """
    rows = read_rows(file, entry.columns)
    with duckdb.connect() as connection:
        connection.execute(MACROS)
        list_name = _create_territories(connection, home, published)
        create_history(connection, home, entry.dataset_id)
        connection.register("entered", rows.table)
        connection.execute(sql(entry.statements, **entry.parts, **parts), {"list_name": list_name, **(given or {})})
        problems = [*rows.problems, *_problems_of(connection, "checked", entry.rules)]
        sound = f"create temp table sound as select *, {entry.compared} from checked where {_KEPT} {entry.window}"
        connection.execute(sound, _refused(problems))
        problems += _problems_of(connection, "sound", entry.twins)
        result = AddResult(rows.headers, problems=sorted(problems, key=lambda problem: (problem.line, problem.column)))
        if problems and not accept_valid:
            return result
        refused = _refused(problems)
        flags = connection.execute(f"select is_unchanged from sound where {_KEPT}", refused).fetchall()
        result.unchanged = sum(is_unchanged for (is_unchanged,) in flags)
        result.written = len(flags) - result.unchanged
        if not result.written:
            return result
        made = {"version": "last_version + 1", "entered_at": literal(date.today()), **entry.expressions}
        columns = load_catalog()[entry.dataset_id].tables[0].columns
        selected = ", ".join(f"{made.get(name, name)} as {name}" for name in columns)
        new = connection.execute(
            f"select {selected} from sound where {_KEPT} and not is_unchanged order by line", refused
        ).fetchall()
    result.path = write_input(home, entry.dataset_id, normalised(file.stem) or "file", new)
    return result


def write_input(home: Path, dataset_id: str, name: str, rows: Iterable[Sequence[object]]) -> Path:
    """Adds a file of rows to the entries; returns its path."""
    folder = home / INPUTS / dataset_id
    path = folder / f"{len(list(folder.glob('*.csv'))) + 1:04d}_{name}.csv"
    with swapped_in(path) as partial, partial.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(load_catalog()[dataset_id].tables[0].columns)
        writer.writerows(rows)
    return path
