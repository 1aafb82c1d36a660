"""Facts about an asset from the catalogue: tags, schedule, freshness policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from functools import cache

import dagster as dg

from ingestion.catalog import Dataset, load_catalog
from leviers.common.french import folded
from leviers.warehouse.seeds import seed_rows

ROWS = "dagster/row_count"  # the metadata that Dagster draws as a number of rows
# By group: the days between two runs, and the cron schedule. No dataset is asked more often than its cadence.
# The monthly schedule and the timer of the service, deploy/leviers.timer, name the same day and hour.
SCHEDULE_GROUPS = {
    "daily": (1, "0 3 * * *"),
    "weekly": (7, "0 4 * * 1"),
    "monthly": (31, "17 4 3 * *"),
}
TIME_ZONE = "Europe/Paris"


def by_producer() -> dict[str, list[Dataset]]:
    """Returns the datasets that have raw tables, by the schema of their producer. dlt runs once for each schema."""
    producers: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in load_catalog().values():
        if dataset.is_built:
            producers[dataset.schema_name].append(dataset)
    return producers


def group_of(dataset: Dataset) -> str | None:
    """Returns the group of a dataset: daily, weekly or monthly. None if it has no portal or gets no new edition."""
    if dataset.fetch is None or dataset.ships or dataset.fetch.portal == "input":
        return None
    days = _days().get(dataset.cadence) or 366
    return [name for name, (every, _) in SCHEDULE_GROUPS.items() if every <= days][-1]


def schedule_of(group: str) -> str:
    return f"{group}_refresh"


def freshness_policy(dataset: Dataset) -> dg.FreshnessPolicy | None:
    """Returns the policy that a portal answers within one and a half intervals of its schedule, and a day.

    None for a dataset without a schedule.
    """
    group = group_of(dataset)
    return dg.FreshnessPolicy.time_window(timedelta(days=SCHEDULE_GROUPS[group][0] * 1.5 + 1)) if group else None


def tags_of(levers: Collection[str]) -> dict[str, str]:
    """Returns a tag for each lever, and one for their sector if all have the same."""
    sectors = {_sectors()[lever] for lever in levers if lever in _sectors()}
    domain = {"domain": sectors.pop()} if len(sectors) == 1 else {}
    return domain | {f"lever/{lever}": "" for lever in sorted(levers)}


@cache
def levers_by_model() -> dict[str, frozenset[str]]:
    """Returns the levers that the indicators of each staging model measure."""
    by_indicator: dict[str, set[str]] = defaultdict(set)
    for row in seed_rows("indicators/lever_indicators"):
        by_indicator[row["indicator_id"]].add(row["lever_id"])
    return {
        model: frozenset(lever for series in units.values() for name in series.values() for lever in by_indicator[name])
        for dataset in load_catalog().values()
        for model, units in dataset.series.items()
    }


@cache
def _days() -> dict[str, int]:
    return {row["cadence"]: int(row["days"] or 0) for row in seed_rows("labels/cadence_labels")}


@cache
def _sectors() -> dict[str, str]:
    """Returns the sector of each lever that has one, in the letters that a tag may have."""
    sectors = {row["lever_id"]: row["sector_fr"] for row in seed_rows("policy/levers")}
    return {lever: folded(sector).replace(" ", "_") for lever, sector in sectors.items() if sector}
