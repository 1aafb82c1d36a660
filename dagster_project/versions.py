"""The versions of assets. Dagster compares them to find assets that are out of date."""

from collections.abc import Collection, Mapping
from typing import TypeAlias

import dagster as dg

# Dagster writes these tags for an asset that yields its ``data_version``. An op sets them itself, which Dagster allows
# (github.com/dagster-io/dagster/pull/21452), but it exports no names for them: they are those of 1.13.27. The test
# ``test_the_tags_of_a_version_are_those_that_dagster_writes`` compares them with a run of the installed version.
DATA, CODE = "dagster/data_version", "dagster/code_version"
INPUT = "dagster/input_data_version"
EVENT, NO_EVENT = "dagster/input_event_pointer", "NULL"
NEVER_MADE = "INITIAL"  # the data version of an asset without a materialisation
Tags: TypeAlias = Mapping[str, str]


def version_tags(spec: dg.AssetSpec, data: str, data_versions: Mapping[dg.AssetKey, str]) -> dict[str, str]:
    """Returns the versions of an asset that is made now: of its data, its code, and the data that it reads."""
    tags = {DATA: data, CODE: spec.code_version or "none"}
    for key in (dep.asset_key for dep in spec.deps):
        name = key.to_user_string()
        tags |= {f"{INPUT}/{name}": data_versions.get(key, NEVER_MADE), f"{EVENT}/{name}": NO_EVENT}
    return tags


def is_news(now: Tags, last: Tags) -> bool:
    """Returns whether a version differs from the last one, whatever event made what both read."""
    return any(last.get(tag) != version for tag, version in now.items() if not tag.startswith(EVENT))


def last_tags(instance: dg.DagsterInstance, keys: Collection[dg.AssetKey]) -> dict[dg.AssetKey, Tags]:
    """Returns the tags with the versions of each of these assets that was ever made."""
    tags = {}
    for record in instance.get_asset_records([*keys]):
        event = record.asset_entry.last_materialization
        materialization = event.asset_materialization if event else None
        if materialization and materialization.tags and DATA in materialization.tags:
            tags[materialization.asset_key] = materialization.tags
    return tags


def last_versions(instance: dg.DagsterInstance, keys: Collection[dg.AssetKey]) -> dict[dg.AssetKey, str]:
    """Returns the version of the data of each of these assets that was ever made."""
    return {key: tags[DATA] for key, tags in last_tags(instance, keys).items()}
