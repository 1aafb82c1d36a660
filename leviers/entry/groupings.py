"""The groupings of communes that a territory enters itself."""

from __future__ import annotations

from pathlib import Path

from leviers.common.places import CODE, DEVICE
from leviers.entry.form import (
    NAME_AND_CODE,
    AddResult,
    Entry,
    add_rows,
    columns_of,
    level_of,
    nearest,
    rules_of,
    several,
    territory_code,
)
from leviers.warehouse.seeds import LEVELS

DEFAULT_GROUP_TYPE = "grouping"
GROUPING_COLUMNS = columns_of("grouping_member")
GROUPING_RULES = rules_of(
    "grouping",
    code=CODE,
    device=DEVICE,
    levels=LEVELS,
    several=several("communes", "commune_code"),
    nearest=nearest("communes", "commune_code", NAME_AND_CODE),
)


GROUPINGS = Entry(
    "grouping_member",
    GROUPING_COLUMNS,
    "groupings",
    {
        "group_type": level_of("coalesce(nullif(group_type, ''), $group_type)"),
        "commune_code": territory_code("'commune'", "commune_code"),
    },
    GROUPING_RULES,
    rules_of("grouping_twins"),
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
)


def add_groupings(
    home: Path, file: Path, published: Path, *, group_type: str | None = None, accept_valid: bool = False
) -> AddResult:
    """Adds each new or changed group as a whole, as its next version.

    Within a type, a commune is in one group: perimeters that overlap need different types.
    """
    given = {"group_type": group_type or DEFAULT_GROUP_TYPE}
    return add_rows(GROUPINGS, home, file, published, accept_valid=accept_valid, given=given)
