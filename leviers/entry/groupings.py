"""What a territory enters itself: groupings of communes."""

from __future__ import annotations

from pathlib import Path

from leviers.common.places import CODE, DEVICE
from leviers.entry.form import (
    NAME_AND_CODE,
    STANDARD_LEVELS,
    AddResult,
    Checks,
    Rule,
    add_checked,
    checking,
    columns_of,
    level_of,
    nearest,
    read_rows,
    several,
    sql,
    territory_code,
)

DEFAULT_GROUP_TYPE = "grouping"
GROUPING_COLUMNS = columns_of("grouping_member")


def _is_no(column: str, pattern: str) -> str:
    """SQL of whether a code would be no name of a file: it is of another pattern, or names a device."""
    return f"not regexp_full_match({column}, '{pattern}') or regexp_full_match({column}, '{DEVICE}')"


GROUPING_RULES = (
    Rule("group_type", _is_no("group_type", "[a-z][a-z0-9_]{0,30}"), "'attendu : un nom comme crte'"),
    Rule(
        "group_type",
        f"group_type in {STANDARD_LEVELS}",
        "'c''est l''un des cinq échelons ordinaires : choisir un autre nom'",
    ),
    Rule("group_code", "group_code = ''", "'attendu : un code'"),
    Rule(
        "group_code",
        f"group_code <> '' and ({_is_no('group_code', CODE)})",
        "'attendu : un code de 64 lettres, chiffres, tirets ou points au plus, comme crte-31-1'",
    ),
    Rule("group_name", "group_name = ''", "'attendu : un nom'"),
    Rule("commune_code", "commune_code = ''", "'attendu : une commune'"),
    Rule(
        "commune_code",
        "commune_code <> '' and not is_known_commune",
        f"coalesce({several('communes', 'commune_code')}, 'commune inconnue dans ' || territory_list "
        f"|| {nearest('communes', 'commune_code', NAME_AND_CODE)})",
    ),
)
GROUPING_TWINS = (
    Rule("group_name", "group_name <> first_name", "'ce groupe porte aussi le nom ' || first_name"),
    Rule(
        "commune_code",
        "first_line < line",
        "'déjà à la ligne ' || first_line || ', dans ' || first_group || ', du même type'",
    ),
)


def add_groupings(
    home: Path, file: Path, published: Path, *, group_type: str | None = None, accept_valid: bool = False
) -> AddResult:
    """Checks groupings of communes and adds each group that is new or changed, whole, as its next version.

    Within a type a commune is in one group; perimeters that overlap take different types.

    Raises:
        InputError: the file is no table with the expected columns.
    """
    rows = read_rows(file, GROUPING_COLUMNS)
    with checking(home, published, "grouping_member", rows) as (connection, list_name):
        check = sql(
            "groupings",
            group_type=level_of("coalesce(nullif(group_type, ''), $group_type)"),
            commune_code=territory_code("'commune'", "commune_code"),
        )
        connection.execute(check, {"group_type": group_type or DEFAULT_GROUP_TYPE, "list_name": list_name})
        checks = Checks(
            GROUPING_RULES,
            GROUPING_TWINS,
            """
            min(line) over same_commune as first_line,
            arg_min(group_code, line) over same_commune as first_group,
            arg_min(group_name, line) over same_group as first_name,
            coalesce(list_sort(list((group_name, commune_code)) over same_group) = last_members, false) as is_unchanged
            """,
            """
            window
                same_commune as (partition by group_type, commune_code),
                same_group as (partition by group_type, group_code)
            """,
            {"version": "last_version + 1"},
        )
        return add_checked(connection, home, "grouping_member", file, rows, checks, accept_valid=accept_valid)
