"""Every dbt seed and model as an asset, every dbt test as a check."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from dagster_project.resources import WRITER_POOL, RefreshResource
from leviers.warehouse.check_row import CheckRow
from leviers.warehouse.checks import dbt_tests
from leviers.warehouse.steps import build_models, built_nodes, tested_node


class Translator(DagsterDbtTranslator):
    """dbt models keep their own name and folder; sources keep [schema, table], the key of the raw assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The first folder of the model."""
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else "seeds"


def build_dbt_assets(manifest: Path) -> dg.AssetsDefinition:
    """Every dbt seed and model as an asset, every dbt test as a check; an error of one blocks what is downstream."""
    content = json.loads(manifest.read_text())
    nodes, tests, translator = built_nodes(content), dbt_tests(content), Translator()
    keys = {name: translator.get_asset_key(node) for name, node in nodes.items()}
    attached = {name: {**test, "attached_node": tested_node(test, nodes)} for name, test in tests.items()}
    checks = {name: dg.AssetCheckKey(keys[test["attached_node"]], test["name"]) for name, test in attached.items()}
    shown = {**content, "nodes": {**content["nodes"], **attached}}

    @dbt_assets(manifest=shown, dagster_dbt_translator=translator, name="dbt_build", pool=WRITER_POOL)
    def dbt_build(
        context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
    ) -> Iterator[Any]:
        wanted = {name for name, key in keys.items() if key in context.selected_asset_keys}
        asked = {name for name, key in checks.items() if key in context.selected_asset_check_keys}
        build = build_models(refresh.options(home), refresh.region, content, wanted, asked)
        for name, node in build.nodes.items():
            yield dg.MaterializeResult(
                asset_key=keys[name], metadata={"unique_id": name, "seconds": node.seconds, "made": node.made}
            )
        for name in asked.intersection(build.tested):
            yield _check_result(checks[name], build.tests[name])
        if build.why_stopped:
            raise dg.Failure(build.why_stopped, allow_retries=False)

    return dbt_build


def _check_result(key: dg.AssetCheckKey, row: CheckRow) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=row.status == "passed",
        severity=dg.AssetCheckSeverity.ERROR if row.severity == "error" else dg.AssetCheckSeverity.WARN,
        description=row.message,
    )
