"""The data versions of the assets. Dagster compares them to find assets that are out of date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import dagster as dg

# An op reports a data version by these tags alone, and Dagster exports none of their names: they are in the module
# dagster._core.definitions.data_version in 1.13, and a test holds them equal to it.
DATA, CODE = "dagster/data_version", "dagster/code_version"  # DATA_VERSION_TAG, CODE_VERSION_TAG
INPUT = "dagster/input_data_version"  # INPUT_DATA_VERSION_TAG_PREFIX
EVENT, NO_EVENT = "dagster/input_event_pointer", "NULL"  # INPUT_EVENT_POINTER_TAG_PREFIX, NULL_EVENT_POINTER
NEVER_MADE = "INITIAL"  # DEFAULT_DATA_VERSION: an asset without a materialisation has it
# The store of files has the same version for ever, so that a new file of one dataset puts no other table out of date.
# The version of a table names its own files.
STORE = "store"


def last_tags(instance: dg.DagsterInstance, keys: Sequence[dg.AssetKey]) -> dict[dg.AssetKey, Mapping[str, str]]:
    """Returns the tags of the last materialisation of each of these assets that has one."""
    events = (record.asset_entry.last_materialization for record in instance.get_asset_records(keys))
    made = (event.asset_materialization for event in events if event)
    return {each.asset_key: each.tags or {} for each in made if each}


def versions(tags: Mapping[dg.AssetKey, Mapping[str, str]]) -> dict[dg.AssetKey, str]:
    """Returns the data versions that these tags name."""
    return {key: each[DATA] for key, each in tags.items() if DATA in each}


def version_tags(
    version: str, inputs: Iterable[dg.AssetKey], known: Mapping[dg.AssetKey, str], code: str = "none"
) -> dict[str, str]:
    """Returns the tags of a materialisation: its data version, its code version, the data versions of its inputs."""
    tags = {DATA: version, CODE: code}
    for key in inputs:
        tags |= {
            f"{INPUT}/{key.to_user_string()}": known.get(key, NEVER_MADE),
            f"{EVENT}/{key.to_user_string()}": NO_EVENT,
        }
    return tags
