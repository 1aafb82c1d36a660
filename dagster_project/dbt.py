"""Every dbt seed and model as an asset, every dbt test as a check."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from dagster_project.resources import WRITER_POOL, RefreshResource
from leviers.text.message import Joined, Message
from leviers.warehouse.check_row import CheckRow
from leviers.warehouse.checks import dbt_tests, run_dbt_tests
from leviers.warehouse.dbt import run_dbt
from leviers.warehouse.documentation import why_not_built
from leviers.warehouse.home import note_build, writing

BUILT = ("model", "seed")
KEPT = "KEPT"  # what dbt says of a model that was left alone: dbt/macros/materializations.sql


class Translator(DagsterDbtTranslator):
    """dbt models keep their own name and folder; sources keep [schema, table], the key of the raw assets."""

    def __init__(self, *, tests_as_checks: bool) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=tests_as_checks))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The first folder of the model."""
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else "seeds"


def build_dbt_assets(manifest: Path, *, tests_as_checks: bool) -> dg.AssetsDefinition:
    """Every dbt seed and model as an asset and, if so asked, every dbt test as a check.

    The tests of what is built are run and block what is downstream, whether or not a run shows them as checks.
    """
    content = json.loads(manifest.read_text())
    nodes, tests = content["nodes"], dbt_tests(content)
    translator = Translator(tests_as_checks=tests_as_checks)
    keys = {name: translator.get_asset_key(node) for name, node in nodes.items() if node["resource_type"] in BUILT}
    # a test of several models is a check of the first one that it names
    tested = {
        name: node.get("attached_node") or next(one for one in node["depends_on"]["nodes"] if one in keys)
        for name, node in tests.items()
    }
    checks = {name: dg.AssetCheckKey(keys[tested[name]], node["name"]) for name, node in tests.items()}
    attached = {name: {**node, "attached_node": tested[name]} for name, node in tests.items()}
    told = {**content, "nodes": {**nodes, **attached}}

    @dbt_assets(manifest=told, dagster_dbt_translator=translator, name="dbt_build", pool=WRITER_POOL)
    def dbt_build(
        context: dg.AssetExecutionContext, refresh: RefreshResource, home: dg.ResourceParam[Path]
    ) -> Iterator[Any]:
        wanted = {name for name, key in keys.items() if key in context.selected_asset_keys}
        shown = [name for name, key in checks.items() if key in context.selected_asset_check_keys]
        asked = [name for name in tests if tested[name] in wanted or name in shown]
        with writing(home):
            full = not note_build(home, refresh.region) or refresh.full
            failed: dict[str, Message | None] = {}  # what was not built, and why, unless it waits for another one
            kept: set[str] = set()
            names = [nodes[name]["fqn"] for name in wanted] if len(wanted) < len(keys) else []
            for result in _build(home, refresh.region, names, full=full) if wanted else ():
                name, message = result["unique_id"], result["message"]
                if result["status"] == "success":
                    if message == KEPT:
                        kept.add(name)
                    metadata = {"unique_id": name, "seconds": result["execution_time"], "made": message != KEPT}
                    yield dg.MaterializeResult(asset_key=keys[name], metadata=metadata)
                else:
                    failed[name] = why_not_built(content, name, message) if result["status"] != "skipped" else None
            ready = [name for name in asked if failed.keys().isdisjoint(tests[name]["depends_on"]["nodes"])]
            rows = run_dbt_tests(refresh.options(home), tests, ready, kept)
        for name in shown:
            if name in rows:
                yield _check_result(checks[name], rows[name])
        if broken := [message for message in failed.values() if message]:
            raise dg.Failure(Joined("; ", broken), allow_retries=False)
        if why := [row.message for row in rows.values() if row.blocks]:
            raise dg.Failure("\n".join(why), allow_retries=False)

    return dbt_build


def _build(home: Path, region: str, nodes: list[list[str]], *, full: bool) -> list[dict[str, Any]]:
    """The results of these seeds and models, or of all, named in full: a short name may be that of a folder as well.

    Unless they are built in ``full``, what would come out as it stands is left alone. Their tests cost less when they
    are all run after them.
    """
    command = ["build", "--resource-type", "model", "--resource-type", "seed", *(["--full-refresh"] if full else [])]
    if nodes:
        command += ["--select", *(f"fqn:{'.'.join(node)}" for node in nodes)]
    results: list[dict[str, Any]] = run_dbt(home, region, *command)["results"]
    return results


def _check_result(key: dg.AssetCheckKey, row: CheckRow) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=row.status == "passed",
        severity=dg.AssetCheckSeverity.ERROR if row.severity == "error" else dg.AssetCheckSeverity.WARN,
        description=row.message,
    )
