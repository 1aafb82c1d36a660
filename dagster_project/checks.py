"""The checks that no asset brings with it: the verdict on a raw table, the gate on the marts."""

from pathlib import Path

import dagster as dg

from dagster_project.resources import RefreshResource
from ingestion.state import DatasetState
from leviers.warehouse.steps import check_marts, why_gate_blocks, why_not_held

EXPECTATIONS = "great_expectations"
GATE_ASSETS = ("fct_indicator_value", "fct_lever_target", "dim_territory", "dim_snapshot")
CORRECTIONS = dg.AssetKey(["quality", "fct_correction"])


def raw_check(key: dg.AssetKey, state: DatasetState) -> dg.AssetCheckResult:
    """Blocks when the raw table holds anything but an accepted edition; warns where a newer one, or any, is wanting."""
    why = next(iter(why_not_held([state])), state.wanting)
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=EXPECTATIONS,
        passed=why is None,
        severity=dg.AssetCheckSeverity.WARN if state.holds_accepted else dg.AssetCheckSeverity.ERROR,
        description=why,
        metadata={"expectations": len(state.checks)},
    )


def mart_key(name: str) -> dg.AssetKey:
    """The key of a published model."""
    return dg.AssetKey(["marts", name])


@dg.asset_check(
    name=EXPECTATIONS,
    asset=mart_key(GATE_ASSETS[0]),
    additional_deps=[*(mart_key(name) for name in GATE_ASSETS[1:]), CORRECTIONS],
    blocking=True,
)
def marts_gate(refresh: RefreshResource, home: dg.ResourceParam[Path]) -> dg.AssetCheckResult:
    """The gate of Great Expectations on the marts: an error blocks the publication."""
    results = check_marts(refresh.options(home))
    blocking = why_gate_blocks(results)
    return dg.AssetCheckResult(
        passed=not blocking, description="; ".join(blocking), metadata={"expectations": len(results)}
    )
