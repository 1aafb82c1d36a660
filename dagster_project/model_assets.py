"""The models and seeds of dbt, an asset for each subject, with one check for its tests."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import dagster as dg
import duckdb

from dagster_project.asset_checks import TESTS, tests_check
from dagster_project.described import ROWS
from dagster_project.failure import Results, in_words
from dagster_project.resources import RefreshResource
from dagster_project.subjects import Subjects, is_refresh, subjects
from ingestion.fault import one_line
from leviers.warehouse.project import DBT_DIR
from leviers.warehouse.steps import Job, build_models, nodes_to_build, noted_contents, stop


def model_assets(all_subjects: Subjects) -> dg.AssetsDefinition:
    """Returns the asset of each subject. An error of a test blocks the publication."""
    specs = [_spec(all_subjects, key) for key in all_subjects.nodes]
    checks = [
        dg.AssetCheckSpec(TESTS, asset=key, blocking=True, description=f"Its {len(tests)} dbt tests.")
        for key, tests in all_subjects.tests.items()
    ]

    @dg.multi_asset(name="dbt", specs=specs, check_specs=checks, can_subset=True)
    def dbt(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
        """Builds what waits of the seeds and models, or those of the chosen subjects, and tests them."""
        yield from in_words(_build(context, refresh.job()))

    return dbt


def _spec(all_subjects: Subjects, key: dg.AssetKey) -> dg.AssetSpec:
    nodes = all_subjects.nodes[key]
    models = [
        dg.TableRecord(
            {
                "relation": f"{node['schema']}.{node['name']}",
                "materialized": node["config"]["materialized"],
                "description": one_line(node["description"]),
            }
        )
        for node in nodes.values()
    ]
    folders = sorted({node["original_file_path"].rpartition("/")[0] for node in nodes.values()})
    return dg.AssetSpec(
        key,
        deps=sorted(all_subjects.reads[key]),
        description=f"{len(nodes)} tables and views of `dbt/{'`, `dbt/'.join(folders)}`.",
        group_name=key.path[0],
        kinds={"dbt", "duckdb"},
        metadata={
            "models": dg.MetadataValue.table(models),
            "folders": [str(DBT_DIR / folder) for folder in folders],
            "lineage of models": "`make docs`",
        },
    )


def _build(context: dg.AssetExecutionContext, job: Job) -> Results:
    """Builds and tests, and reports the chosen subjects and checks.

    A run of all assets builds what goes back to a changed dataset; the other subjects stay, with the same version.

    Raises:
        StepError: nothing may follow.
    """
    known = subjects()
    chosen = context.selected_asset_keys
    checked = [key.asset_key for key in context.selected_asset_check_keys]
    nodes = {name for key in chosen for name in known.nodes[key]}
    if is_refresh(context):
        nodes &= set(nodes_to_build(known.manifest, job.changed))
    tests = [test for key in checked for test in known.tests[key]] if not chosen else []
    before = noted_contents(job.options.warehouse)
    build = build_models(job.options, job.region, known.manifest, nodes, tests)
    contents = noted_contents(job.options.warehouse)
    wanting = nodes - build.nodes.keys()
    for key in [key for key in known.nodes if key in chosen]:
        if wanting.isdisjoint(known.nodes[key]):
            made = [build.nodes[name] for name in known.nodes[key] if name in build.nodes]
            yield dg.MaterializeResult(
                asset_key=key,
                metadata={
                    "changed": [n["name"] for name, n in known.nodes[key].items() if _is_new(name, before, contents)],
                    "made": sum(node.made for node in made),
                    "seconds": round(sum(node.seconds for node in made), 2),
                    ROWS: _rows(job, known.nodes[key]),
                },
                data_version=_version(known.nodes[key], contents),
            )
    for key in checked:
        yield tests_check(key, [build.tests[test] for test in known.tests[key] if test in build.tests])
    if build.why_stopped:
        stop(build.why_stopped)


def _is_new(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return name in now and now[name] != before.get(name)


def _version(nodes: Mapping[str, Mapping[str, Any]], contents: Mapping[str, str]) -> dg.DataVersion:
    """Returns a hash of the content of a subject. Dagster compares it to find what is out of date."""
    known = (contents.get(name) or node["checksum"]["checksum"] for name, node in sorted(nodes.items()))
    return dg.DataVersion(sha256("\n".join(known).encode()).hexdigest()[:16])


def _rows(job: Job, nodes: Mapping[str, Mapping[str, Any]]) -> int:
    """Returns the number of rows of the tables of a subject."""
    names = [f"{node['schema']}.{node['name']}" for node in nodes.values()]
    with duckdb.connect(str(job.options.warehouse), read_only=True) as connection:
        [(rows,)] = connection.execute(
            "select coalesce(sum(estimated_size), 0)::bigint from duckdb_tables() "
            "where list_contains($names, schema_name || '.' || table_name)",
            {"names": names},
        ).fetchall()
    return int(rows)
