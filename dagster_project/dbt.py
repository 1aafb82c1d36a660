"""Every dbt seed and model as an asset, every dbt test as a check."""

import json
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from dagster_project.resources import WRITER_POOL, RefreshResource
from leviers.warehouse.dbt import run_dbt
from leviers.warehouse.home import note_build, writing


class Translator(DagsterDbtTranslator):
    """dbt models keep their own name and folder; sources keep [schema, table], the key of the raw assets."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The first folder of the model."""
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else "seeds"


def build_dbt_assets(manifest: Path) -> dg.AssetsDefinition:
    """Every dbt seed and model as an asset, every dbt test as a check."""

    content = json.loads(manifest.read_text())
    for node in content["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            # a test of several models is a check of the first one that it names
            node["attached_node"] = next(name for name in node["depends_on"]["nodes"] if name in content["nodes"])

    @dbt_assets(manifest=content, dagster_dbt_translator=Translator(), name="dbt_build", pool=WRITER_POOL)
    def dbt_build(
        context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
    ) -> Iterator[Any]:
        with writing(home):
            note_build(home, refresh.region)
            arguments = ("build", "--full-refresh", "--exclude-resource-type", "unit_test")
            invocation = run_dbt(home, refresh.region, *arguments, context=context)
            try:
                yield from invocation.stream()
            finally:
                if invocation.process.poll() is None:  # the run was stopped: nobody else may write before dbt has ended
                    invocation.process.send_signal(signal.SIGINT)
                    invocation.process.wait()

    return dbt_build
