"""What a territory enters itself: roadmap commitments and groupings of communes.

Every row is checked before anything is written. An edit is a new version of the same commitment or grouping:
files are only added to ``LEVIERS_HOME/inputs/<dataset_id>/``, never changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion.catalog import BUNDLED_DIR, load_catalog
from ingestion.fetch import INPUTS
from ingestion.formats import UnreadableFileError, normalised, refuse_other_kind
from leviers.warehouse.seeds import seed_path

BUNDLED_COMMUNES = BUNDLED_DIR / "bundled_etalab_decoupage" / "communes.csv"
STANDARD_LEVELS = ("pays", "region", "departement", "epci", "commune")
DEFAULT_GROUP_TYPE = "grouping"
HORIZONS = (2025, 2050)
LIKENESS = 0.8  # of a name that is suggested for another
NUMBERS = ("asked", "done_or_planned", "new_ambition")
COMMITMENT_COLUMNS = (
    "lever_id", "territory_level", "territory_code", "horizon_year", "measure", "unit", "roadmap", "source",
)  # fmt: skip
COMMITMENT_OPTIONS = ("commitment_id", *NUMBERS)
GROUPING_COLUMNS = ("group_code", "group_name", "commune_code")
GROUPING_OPTIONS = ("group_type",)


class InputError(Exception):
    """A file that cannot be read as a table of the expected columns."""


@dataclass(frozen=True)
class Problem:
    """Why a row is refused; ``line`` is that of the file, the header being line 1."""

    line: int
    column: str
    value: str
    reason: str

    @property
    def text(self) -> str:
        """What a person reads."""
        return f"line {self.line}: {self.column} {self.value!r}: {self.reason}"


@dataclass
class AddResult:
    """What became of a file: where its rows went, how many, and the refused ones."""

    path: Path | None = None
    written: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    """A condition on a row of ``checked`` that refuses it."""

    column: str
    condition: str
    reason: str


def _nearest(names: str, column: str) -> str:
    """SQL that ends a reason with the known name that is near; ``names`` is a relation with a column ``name``."""
    likeness = f"jaro_winkler_similarity(name, {column})"
    nearest = f"select arg_max(name, {likeness}) from {names} where {likeness} > {LIKENESS}"
    return f"coalesce(' (did you mean ' || ({nearest}) || '?)', '')"


def _seed(name: str) -> str:
    return f"read_csv({_quoted(seed_path(f'policy/{name}'))}, all_varchar = true)"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


LEVERS = f"(select lever_id as name from {_seed('levers')})"
LEVELS = f"(select distinct territory_level as name from territories union select unnest({list(STANDARD_LEVELS)}))"

COMMITMENT_RULES = (
    Rule("lever_id", "not is_known_lever", f"'no such lever' || {_nearest(LEVERS, 'lever_id')}"),
    Rule("territory_level", "territory_level = ''", "'expected a level'"),
    Rule(
        "territory_level",
        "territory_level <> '' and not is_known_level",
        f"'no such level' || {_nearest(LEVELS, 'territory_level')}",
    ),
    Rule(
        "territory_code",
        "is_known_level and not is_known_territory",
        "'no such ' || territory_level || ' in ' || territory_list",
    ),
    Rule(
        "horizon_year",
        f"coalesce(try_cast(horizon_year as integer) not between {HORIZONS[0]} and {HORIZONS[1]}, true)",
        f"'expected a year from {HORIZONS[0]} to {HORIZONS[1]}'",
    ),
    Rule(
        "measure",
        "measure not in ('ktco2e_avoided', 'physical_level', 'physical_delta')",
        "'expected ktco2e_avoided, physical_level or physical_delta'",
    ),
    Rule("measure", "starts_with(measure, 'physical_') and physical_unit is null", "'this lever has no physical unit'"),
    Rule(
        "unit",
        "unit is distinct from expected_unit and expected_unit is not null",
        "'expected ' || expected_unit",
    ),
    *(
        Rule(name, f"{name} <> '' and not coalesce(isfinite({name}_number), false)", "'expected a number'")
        for name in NUMBERS
    ),
    Rule("asked", " and ".join(f"{name} = ''" for name in NUMBERS), "'none of the three numbers is given'"),
    Rule("roadmap", "roadmap = ''", "'expected the name of the roadmap'"),
    Rule("source", "source = ''", "'expected where the commitment is written'"),
    Rule("commitment_id", "is_other_commitment", "'this id is that of another lever or territory'"),
)
COMMITMENT_TWINS = (Rule("commitment_id", "first_line < line", "'the same commitment as line ' || first_line"),)

GROUPING_RULES = (
    Rule("group_type", "not regexp_full_match(group_type, '[a-z][a-z0-9_]*')", "'expected a name like crte'"),
    Rule("group_type", f"group_type in {STANDARD_LEVELS}", "'one of the five standard levels: choose another name'"),
    Rule("group_code", "group_code = ''", "'expected a code'"),
    Rule("group_name", "group_name = ''", "'expected a name'"),
    Rule("commune_code", "commune_code = ''", "'expected a commune'"),
    Rule("commune_code", "commune_code <> '' and not is_known_commune", "'no such commune in ' || territory_list"),
)
GROUPING_TWINS = (
    Rule("group_name", "group_name <> first_name", "'this group is also named ' || first_name"),
    Rule(
        "commune_code",
        "first_line < line",
        "'already at line ' || first_line || ', in ' || first_group || ' of the same type'",
    ),
)


def add_commitments(
    home: Path, file: Path, published: Path, *, accept_valid: bool = False, entered_at: date | None = None
) -> AddResult:
    """Checks a roadmap and adds its rows that are new or changed, each as the next version of its commitment.

    Raises:
        InputError: the file is no CSV with the expected columns.
    """
    rows = _read(file, COMMITMENT_COLUMNS, COMMITMENT_OPTIONS)
    with duckdb.connect() as connection:
        list_name = _create_territories(connection, home, published)
        _create_history(connection, home, "commitment")
        connection.register("entered", rows.table)
        numbers = ", ".join(
            f"try_cast(replace(regexp_replace({name}, '\\s', '', 'g'), ',', '.') as double) as {name}_number"
            for name in NUMBERS
        )
        connection.execute(f"""
            create temp table identified as
            select
                * replace (
                    case
                        when commitment_id <> '' then commitment_id
                        else concat_ws('/', roadmap, territory_level, territory_code, lever_id, measure, horizon_year)
                    end as commitment_id
                ),
                {numbers}
            from (
                select * replace ({_restored_code("territory_level", "territory_code")} as territory_code)
                from (select * replace ({_folded("territory_level")} as territory_level) from entered)
            )
        """)
        connection.execute(
            f"""
            create temp table checked as
            select
                identified.*,
                levers.lever_id is not null as is_known_lever,
                territories.territory_code is not null as is_known_territory,
                identified.territory_level in {LEVELS} as is_known_level,
                units.unit as physical_unit,
                case
                    when identified.measure = 'ktco2e_avoided' then 'ktCO2e'
                    when starts_with(identified.measure, 'physical_') then units.unit
                end as expected_unit,
                coalesce(
                    latest.lever_id <> identified.lever_id
                    or latest.territory_level <> identified.territory_level
                    or latest.territory_code <> identified.territory_code,
                    false
                ) as is_other_commitment,
                coalesce(cast(latest.version as integer), 0) as last_version,
                {_is_same_as_latest()} as is_unchanged,
                $list_name as territory_list
            from identified
            left join {_seed("levers")} as levers on identified.lever_id = levers.lever_id
            left join {_seed("lever_target_units")} as units on identified.lever_id = units.lever_id
            left join territories
                on identified.territory_level = territories.territory_level
                and identified.territory_code = territories.territory_code
            left join (
                from history
                qualify row_number() over (partition by commitment_id order by cast(version as integer) desc) = 1
            ) as latest on identified.commitment_id = latest.commitment_id
            """,
            {"list_name": list_name},
        )
        problems = [*rows.problems, *_problems(connection, "checked", COMMITMENT_RULES)]
        _create_sound(connection, problems, "min(line) over (partition by commitment_id) as first_line")
        entered_on = (entered_at or date.today()).isoformat()
        return _add(
            connection,
            home,
            "commitment",
            file,
            [*problems, *_problems(connection, "sound", COMMITMENT_TWINS)],
            {
                **{name: f"{name}_number" for name in NUMBERS},
                "version": "last_version + 1",
                "entered_at": f"'{entered_on}'",
            },
            accept_valid,
        )


def add_groupings(
    home: Path, file: Path, published: Path, *, group_type: str | None = None, accept_valid: bool = False
) -> AddResult:
    """Checks groupings of communes and adds each group that is new or changed, whole, as its next version.

    Within a type a commune is in one group; perimeters that overlap take different types.

    Raises:
        InputError: the file is no CSV with the expected columns.
    """
    rows = _read(file, GROUPING_COLUMNS, GROUPING_OPTIONS)
    with duckdb.connect() as connection:
        list_name = _create_territories(connection, home, published)
        _create_history(connection, home, "grouping_member")
        connection.register("entered", rows.table)
        connection.execute(
            f"""
            create temp table checked as
            select
                typed.*,
                territories.territory_code is not null as is_known_commune,
                coalesce(latest.version, 0) as last_version,
                latest.members as last_members,
                $list_name as territory_list
            from (
                select * replace (
                    {_folded("coalesce(nullif(group_type, ''), $group_type)")} as group_type,
                    {_restored_code("'commune'", "commune_code")} as commune_code
                )
                from entered
            ) as typed
            left join territories
                on territories.territory_level = 'commune' and typed.commune_code = territories.territory_code
            left join (
                select
                    group_type,
                    group_code,
                    max(cast(version as integer)) as version,
                    list_sort(list((group_name, commune_code))) as members
                from (
                    from history
                    qualify rank() over (
                        partition by group_type, group_code order by cast(version as integer) desc
                    ) = 1
                )
                group by group_type, group_code
            ) as latest on typed.group_type = latest.group_type and typed.group_code = latest.group_code
            """,
            {"group_type": group_type or DEFAULT_GROUP_TYPE, "list_name": list_name},
        )
        problems = [*rows.problems, *_problems(connection, "checked", GROUPING_RULES)]
        _create_sound(
            connection,
            problems,
            """
            min(line) over same_commune as first_line,
            arg_min(group_code, line) over same_commune as first_group,
            arg_min(group_name, line) over same_group as first_name,
            coalesce(list_sort(list((group_name, commune_code)) over same_group) = last_members, false) as is_unchanged
            """,
            """
            same_commune as (partition by group_type, commune_code),
            same_group as (partition by group_type, group_code)
            """,
        )
        return _add(
            connection,
            home,
            "grouping_member",
            file,
            [*problems, *_problems(connection, "sound", GROUPING_TWINS)],
            {"version": "last_version + 1"},
            accept_valid,
        )


@dataclass(frozen=True)
class _Rows:
    table: pa.Table
    problems: list[Problem]


def _read(file: Path, required: Sequence[str], optional: Sequence[str]) -> _Rows:
    """The cells of a CSV as text, by expected column, with the line of each row; comma or semicolon, UTF-8 or ANSI."""
    try:
        refuse_other_kind(file, "csv")
    except UnreadableFileError as error:
        raise InputError(f"{file.name}: {error}: save the table as CSV") from error
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    labels = {normalised(label): position for position, label in enumerate(next(reader, []))}
    positions = {name: labels[normalised(name)] for name in [*required, *optional] if normalised(name) in labels}
    missing = [name for name in required if name not in positions]
    if missing:
        raise InputError(f"{file.name}: missing column {', '.join(missing)}")
    problems: list[Problem] = []
    cells: dict[str, list[str]] = {name: [] for name in [*required, *optional]}
    lines: list[int] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(labels):
                problems.append(Problem(reader.line_num, "row", "", f"expected {len(labels)} cells, found {len(row)}"))
                continue
            lines.append(reader.line_num)
            for name, values in cells.items():
                values.append(row[positions[name]].strip() if name in positions else "")
    except csv.Error as error:
        raise InputError(f"{file.name}: line {reader.line_num}: {error}") from error
    columns = {name: pa.array(values, pa.string()) for name, values in cells.items()}
    return _Rows(pa.table({"line": pa.array(lines, pa.int64()), **columns}), problems)


def _folded(level: str) -> str:
    """SQL that writes the name of a level as the tables do, however a person does: ``CRTE``, ``Région``."""
    return f"lower(strip_accents({level}))"


def _restored_code(level: str, code: str) -> str:
    """SQL that gives back the leading zero that a spreadsheet takes away."""
    return (
        f"case when {level} = 'commune' and regexp_full_match({code}, '\\d{{4}}') then '0' || {code} "
        f"when {level} in ('departement', 'region') and regexp_full_match({code}, '\\d') then '0' || {code} "
        f"else upper({code}) end"
    )


def _is_same_as_latest() -> str:
    same = [f"identified.{name}_number is not distinct from cast(latest.{name} as double)" for name in NUMBERS]
    same += [
        f"identified.{name} is not distinct from latest.{name}"
        for name in ("lever_id", "territory_level", "territory_code", "horizon_year", "measure", "unit", "roadmap",
                     "source")
    ]  # fmt: skip
    return "(" + " and ".join(same) + ")"


def _create_territories(connection: duckdb.DuckDBPyConnection, home: Path, published: Path) -> str:
    """Makes the table of the territories that a row may name, and returns the name of the list they come from."""
    if published.exists():
        connection.execute(f"attach {_quoted(published)} as published (read_only)")
        list_name = "the published list"
        source = "select territory_level, territory_code from published.marts.dim_territory"
    else:
        list_name = "the list of Occitanie that ships with the project (run a refresh for the whole country)"
        communes = f"read_csv({_quoted(BUNDLED_COMMUNES)}, all_varchar = true)"
        source = " union ".join(
            f"select '{level}' as territory_level, {level}_code as territory_code from {communes}"
            for level in STANDARD_LEVELS
            if level != "pays"
        )
    groupings = sorted((home / INPUTS / "grouping_member").glob("*.csv"))
    if groupings:
        files = ", ".join(map(_quoted, groupings))
        source += f" union select group_type, group_code from read_csv([{files}], all_varchar = true)"
    connection.execute(f"create temp table territories as {source}")
    return list_name


def _create_history(connection: duckdb.DuckDBPyConnection, home: Path, dataset_id: str) -> None:
    """Every row entered so far."""
    columns = load_catalog()[dataset_id].tables[0].columns
    files = sorted((home / INPUTS / dataset_id).glob("*.csv"))
    if files:
        source = f"read_csv([{', '.join(map(_quoted, files))}], all_varchar = true, nullstr = '')"
        connection.execute(f"create temp table history as select {', '.join(columns)} from {source}")
    else:
        connection.execute(f"create temp table history ({', '.join(f'{name} varchar' for name in columns)})")


def _create_sound(
    connection: duckdb.DuckDBPyConnection, problems: list[Problem], columns: str, window: str | None = None
) -> None:
    """Makes the table of the rows that nothing is wrong with by themselves: a refused row is no one's twin."""
    connection.execute(
        f"create temp table sound as select *, {columns} from checked where {_KEPT}"
        + (f" window {window}" if window else ""),
        _refused(problems),
    )


_KEPT = "line not in (select unnest(cast($refused as bigint[])))"


def _refused(problems: list[Problem]) -> dict[str, list[int]]:
    return {"refused": [problem.line for problem in problems]}


def _problems(connection: duckdb.DuckDBPyConnection, table: str, rules: Iterable[Rule]) -> list[Problem]:
    query = " union all ".join(
        f"select line, '{rule.column}' as column_name, {rule.column} as value, {rule.reason} as reason "
        f"from {table} where {rule.condition}"
        for rule in rules
    )
    return [Problem(*row) for row in connection.execute(query).fetchall()]


def _add(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    dataset_id: str,
    file: Path,
    problems: list[Problem],
    expressions: dict[str, str],
    accept_valid: bool,
) -> AddResult:
    """Writes the good rows that differ from what is there, unless a row is bad and that was not allowed."""
    result = AddResult(problems=sorted(problems, key=lambda problem: (problem.line, problem.column)))
    if problems and not accept_valid:
        return result
    refused = _refused(problems)
    flags = connection.execute(f"select is_unchanged from sound where {_KEPT}", refused).fetchall()
    result.unchanged = sum(is_unchanged for (is_unchanged,) in flags)
    result.written = len(flags) - result.unchanged
    if not result.written:
        return result
    columns = load_catalog()[dataset_id].tables[0].columns
    selected = ", ".join(f"{expressions.get(name, name)} as {name}" for name in columns)
    rows = connection.execute(
        f"select {selected} from sound where {_KEPT} and not is_unchanged order by line", refused
    ).fetchall()
    folder = home / INPUTS / dataset_id
    folder.mkdir(parents=True, exist_ok=True)
    result.path = folder / f"{len(list(folder.glob('*.csv'))) + 1:04d}_{normalised(file.stem) or 'file'}.csv"
    partial = result.path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    partial.replace(result.path)
    return result
