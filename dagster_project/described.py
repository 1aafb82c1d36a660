"""Facts about an asset from the catalogue: producer, schedule, freshness policy."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import cache

import dagster as dg

from ingestion.catalog import Dataset, load_catalog
from leviers.warehouse.seeds import seed_rows

ROWS = "dagster/row_count"  # the metadata that Dagster draws as a number of rows
# By group: the days between two runs, and the cron schedule. No dataset is asked more often than its cadence.
# The monthly schedule and the timer of the service, deploy/leviers.timer, name the same day and hour.
SCHEDULE_GROUPS = {
    "daily": (1, "0 3 * * *"),
    "weekly": (7, "0 4 * * 1"),
    "monthly": (31, "17 4 3 * *"),
}
TIGHTEST = [*SCHEDULE_GROUPS]
TIME_ZONE = "Europe/Paris"


def by_producer() -> dict[str, list[Dataset]]:
    """Returns the datasets that have raw tables, by the schema of their producer. dlt runs once for each schema."""
    producers: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in load_catalog().values():
        if dataset.is_built:
            producers[dataset.schema_name].append(dataset)
    return producers


def group_of(dataset: Dataset) -> str:
    """Returns the group of a dataset: daily, weekly or monthly. Empty if it has no portal or gets no new edition."""
    if dataset.fetch is None or dataset.ships or dataset.fetch.portal == "input":
        return ""
    days = _days().get(dataset.cadence) or 366
    return [name for name, (every, _) in SCHEDULE_GROUPS.items() if every <= days][-1]


def schedule_of(group: str) -> str:
    return f"{group}_refresh"


def freshness_policy(group: str) -> dg.FreshnessPolicy:
    """Returns the policy that a portal answers within one and a half intervals of its schedule, and a day."""
    return dg.FreshnessPolicy.time_window(timedelta(days=SCHEDULE_GROUPS[group][0] * 1.5 + 1))


@cache
def _days() -> dict[str, int]:
    return {row["cadence"]: int(row["days"] or 0) for row in seed_rows("labels/cadence_labels")}
