"""The versions of assets. Dagster compares them to find assets that are out of date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import dagster as dg

# The job writes versions by these tags, since an op has no other way; an asset yields its ``data_version``. Dagster
# exports none of their names, which were read in dagster/_core/definitions/data_version.py of 1.13.27. The test
# ``test_the_tags_of_a_version_are_those_that_dagster_writes`` compares them with a run of the installed version.
DATA, CODE = "dagster/data_version", "dagster/code_version"
INPUT = "dagster/input_data_version"
EVENT, NO_EVENT = "dagster/input_event_pointer", "NULL"
NEVER_MADE = "INITIAL"  # the data version of an asset without a materialisation


@dataclass(frozen=True)
class Version:
    """The version of an asset, of its code, and of the assets that it reads."""

    data: str
    code: str
    inputs: Mapping[dg.AssetKey, str]

    @property
    def tags(self) -> dict[str, str]:
        """The tags of its materialisation."""
        tags = {DATA: self.data, CODE: self.code}
        for key, version in self.inputs.items():
            tags |= {f"{INPUT}/{key.to_user_string()}": version, f"{EVENT}/{key.to_user_string()}": NO_EVENT}
        return tags


def version_now(spec: dg.AssetSpec, data: str, known: Mapping[dg.AssetKey, str]) -> Version:
    """Returns the version of an asset that is made now, from the ``known`` data versions of other assets."""
    inputs = [dep.asset_key for dep in spec.deps]
    return Version(data, spec.code_version or "none", {key: known.get(key, NEVER_MADE) for key in inputs})


def last_versions(instance: dg.DagsterInstance, keys: Collection[dg.AssetKey]) -> dict[dg.AssetKey, Version]:
    """Returns the versions of these assets when each was last made."""
    versions = {}
    for record in instance.get_asset_records([*keys]):
        event = record.asset_entry.last_materialization
        tags = (event and event.asset_materialization and event.asset_materialization.tags) or {}
        if DATA in tags and (provenance := dg.DataProvenance.from_tags(tags)):
            inputs = {key: version.value for key, version in provenance.input_data_versions.items()}
            versions[record.asset_entry.asset_key] = Version(tags[DATA], provenance.code_version, inputs)
    return versions
