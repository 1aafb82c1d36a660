"""The report of a run: what Dagster is told of the results, in a run of chosen assets and in a step of the job.

A step has one body, which yields results, and two ways lead through it. That of the models of dbt:

    way       a run of the job             *Materialize*
    caller    the op ``dbt_build``         the multi-asset ``dbt_models``
    body      ``Models.build``             ``Models.build``
    report    ``job_events``               ``chosen_results``
    result    all, as events of the op     those on the chosen assets and checks
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from dagster_project.failure import in_words
from dagster_project.resources import Results
from dagster_project.versions import last_versions, version_tags
from leviers.warehouse.steps import stop


def chosen_results(context: dg.AssetExecutionContext, results: Results) -> Results:
    """Yields the results on the assets and checks that the run was asked for."""
    checked = {key.asset_key for key in context.selected_asset_check_keys}
    for result in in_words(results):
        chosen = context.selected_asset_keys if isinstance(result, dg.MaterializeResult) else checked
        if result.asset_key in chosen:
            yield result


def job_events(
    results: Results, instance: dg.DagsterInstance, specs: Mapping[dg.AssetKey, dg.AssetSpec]
) -> Iterator[Any]:
    """Yields the events of the results of a step of the job, on the assets of these ``specs`` and their checks.

    A table comes after those that it reads, so that the versions of these are known.

    Raises:
        StepError: a check blocks what follows.
    """
    blocking: list[str] = []
    versions: dict[dg.AssetKey, str] = {}
    for result in results:
        if isinstance(result, dg.MaterializeResult) and result.asset_key and result.data_version:
            spec, data = specs[result.asset_key], result.data_version.value
            versions |= last_versions(instance, {dep.asset_key for dep in spec.deps} - versions.keys())
            versions[spec.key] = data
            yield dg.AssetMaterialization(spec.key, metadata=result.metadata, tags=version_tags(spec, data, versions))
        elif isinstance(result, dg.AssetCheckResult):
            blocks = not result.passed and result.severity == dg.AssetCheckSeverity.ERROR
            blocking += [result.description or str(result.check_name)] if blocks else []
            yield dg.AssetCheckEvaluation(**result._asdict(), blocking=blocks)
    if blocking:
        stop(blocking)
