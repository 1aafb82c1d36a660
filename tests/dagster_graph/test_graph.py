"""The asset graph: one lineage from the dlt tables through the dbt sources and models to the publication."""

from __future__ import annotations

import json
import re

import dagster as dg
import pytest

from dagster_project.asset_checks import CORRECTIONS, EXPECTATIONS, GATE_ASSETS, TESTS, mart_key
from dagster_project.definitions import build_defs
from dagster_project.described import SCHEDULE_GROUPS
from dagster_project.raw_assets import raw_key, reports_check, reports_edition
from dagster_project.refresh_job import build_schedules
from dagster_project.snapshot_asset import PORTALS_ANSWER, SNAPSHOTS
from expectations.suites import GATE
from ingestion.catalog import load_catalog
from ingestion.operations import TABLES
from ingestion.state import AcceptedEdition, DatasetState
from leviers.common.french import folded
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS
from leviers.warehouse.seeds import seed_rows

pytestmark = pytest.mark.xdist_group("dagster")


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(tmp_path_factory.mktemp("home"))


def test_each_dlt_table_is_the_parent_of_its_dbt_source(defs: dg.Definitions) -> None:
    manifest = json.loads(dbt_manifest().read_text())
    graph = defs.resolve_asset_graph()
    raw = {raw_key(d, t) for d in load_catalog().values() if d.is_built for t in d.table_names}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        for source_id in node["depends_on"]["nodes"]:
            source = manifest["sources"].get(source_id)
            if source:
                key = dg.AssetKey([source["source_name"], source["name"]])
                assert key in graph.get(dg.AssetKey([node["schema"], node["name"]])).parent_keys
                assert key in raw or source["name"] in TABLES
    assert raw <= graph.get_all_asset_keys()
    assert {frozenset(graph.get(key).parent_keys) for key in raw} == {frozenset({SNAPSHOTS})}
    after_loading = {name for name in TABLES if graph.get(dg.AssetKey(["raw_leviers", name])).parent_keys == raw}
    assert after_loading == {"dataset_load", "snapshot", "quarantined_row"}


def test_publication_comes_last_and_waits_for_every_published_model(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    publication = graph.get(dg.AssetKey("publication"))
    assert publication.child_keys == set()
    published = {key for key in graph.get_all_asset_keys() if key.path[0] in PUBLISHED_SCHEMAS}
    assert publication.parent_keys == published


def test_checks_block(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    blocking = {key for key in graph.asset_check_keys if graph.get(key).blocking}
    for dataset in load_catalog().values():
        if dataset.is_built:
            for table in dataset.table_names:
                assert dg.AssetCheckKey(raw_key(dataset, table), EXPECTATIONS) in blocking
    assert {dg.AssetCheckKey(mart_key(GATE_ASSETS[0]), name) for name in (EXPECTATIONS, TESTS)} <= blocking
    assert dg.AssetCheckKey(SNAPSHOTS, PORTALS_ANSWER) in set(graph.asset_check_keys) - blocking


def test_the_gate_depends_on_each_table_that_it_reads() -> None:
    read = re.findall(r"\b(?:marts|quality)\.(\w+)", GATE.read_text(encoding="utf-8"))
    assert {*GATE_ASSETS, CORRECTIONS.path[-1]} == set(read)


def test_a_launch_plans_no_event_and_a_check_is_of_a_whole_table(defs: dg.Definitions) -> None:
    """Dagster writes what is planned one by one while the person who launches waits."""
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(defs.resolve_job_def("refresh"))
        assert len(instance.all_logs(run.run_id)) <= 200
    graph = defs.resolve_asset_graph()
    keys = [key.asset_key for key in graph.asset_check_keys if key.asset_key.path[0] not in ("publication", "marts")]
    assert len(keys) == len(set(keys))
    assert all(graph.get(key).description for key in graph.asset_check_keys)


def test_each_asset_has_an_owner_a_kind_and_a_description(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    nodes = {key: graph.get(key) for key in graph.get_all_asset_keys()}
    for what in ("owners", "kinds", "description"):
        assert [key for key, node in nodes.items() if not getattr(node, what)] == []
    assert [key for key, node in nodes.items() if "Raw SQL" in (node.description or "")] == []
    fleet = nodes[dg.AssetKey(["raw_sdes", "sdes_vehicle_fleet"])]
    columns = {column.name: column.description for column in fleet.metadata["dagster/column_schema"].columns}
    assert (columns["vehicles"], columns["year"]) == ("vehicles", "situation at 1 January")
    assert fleet.metadata["homepage"].url == load_catalog()["sdes_vehicle_fleet"].homepage
    assert fleet.metadata["schedule"] in {f"{group}_refresh" for group in SCHEDULE_GROUPS}
    assert fleet.tags["producer"] == "sdes"


def test_the_domain_of_an_asset_is_the_sector_that_it_measures(defs: dg.Definitions) -> None:
    """With several sectors, or none, it has no domain."""
    graph = defs.resolve_asset_graph()
    nodes = {key: graph.get(key) for key in graph.get_all_asset_keys()}
    sectors = {folded(row["sector_fr"]).replace(" ", "_") for row in seed_rows("policy/levers")} - {""}
    assert {node.tags["domain"] for node in nodes.values() if "domain" in node.tags} <= sectors
    for key in (dg.AssetKey(["raw_sdes", "sdes_vehicle_fleet"]), dg.AssetKey(["staging", "stg_sdes__vehicle_fleet"])):
        assert "lever/vehicules_electriques" in nodes[key].tags
        assert nodes[key].tags["domain"] == "transport_de_voyageurs"
    for key in (mart_key("fct_lever_verdict"), dg.AssetKey(["raw_atmo", "atmo_emissions_sector"])):
        assert "domain" not in nodes[key].tags


def test_the_schedules_run_the_job_once_a_person_or_a_variable_starts_them(
    defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [job.name for job in defs.resolve_all_job_defs() if not job.name.startswith("__")] == ["refresh"]
    schedules = [defs.resolve_schedule_def(f"{group}_refresh") for group in SCHEDULE_GROUPS]
    assert {(each.job_name, each.default_status) for each in schedules} == {
        ("refresh", dg.DefaultScheduleStatus.STOPPED)
    }
    monkeypatch.setenv("LEVIERS_SCHEDULES", "on")
    on = build_schedules(defs.resolve_job_def("refresh"))
    assert {schedule.default_status for schedule in on} == {dg.DefaultScheduleStatus.RUNNING}


def test_the_monthly_schedule_is_the_timer_of_the_service(defs: dg.Definitions) -> None:
    timer = (REPOSITORY / "deploy/leviers.timer").read_text("utf-8")
    [(day, hour, minute, zone)] = re.findall(r"^OnCalendar=\*-\*-(\d+) (\d+):(\d+):00 (.+)$", timer, re.MULTILINE)
    schedules = {group: defs.resolve_schedule_def(f"{group}_refresh") for group in SCHEDULE_GROUPS}
    assert schedules["monthly"].cron_schedule == f"{int(minute)} {int(hour)} {int(day)} * *"
    assert {each.execution_timezone for each in schedules.values()} == {zone} == {"Europe/Paris"}


def test_a_dataset_with_a_freshness_policy_is_in_one_schedule(defs: dg.Definitions) -> None:
    asked: list[str] = []
    for group in SCHEDULE_GROUPS:
        tick = defs.resolve_schedule_def(f"{group}_refresh").evaluate_tick(dg.build_schedule_context())
        [request] = tick.run_requests or []
        asked += request.run_config["resources"]["refresh"]["config"]["only"]
    graph = defs.resolve_asset_graph()
    fresh = {
        dataset.dataset_id
        for dataset in load_catalog().values()
        for table in dataset.table_names
        if dataset.is_built and graph.get(raw_key(dataset, table)).freshness_policy_or_from_metadata
    }
    assert sorted(asked) == sorted(fresh)


@pytest.mark.parametrize(
    ("is_made", "is_asked", "loaded", "not_fetched", "has_edition", "has_check"),
    [
        (True, True, "x", None, True, True),
        (True, False, "x", "h did not answer", True, True),
        (False, True, "x", None, True, True),
        (False, True, "x", "h did not answer", False, True),
        (False, False, None, None, False, True),  # a load of it was cut: nothing may be built on it
        (False, False, "x", None, False, False),
    ],
)
def test_a_table_that_was_asked_for_or_is_missing_is_told(
    is_made: bool,
    is_asked: bool,
    loaded: str | None,
    not_fetched: str | None,
    has_edition: bool,
    has_check: bool,
) -> None:
    accepted = [AcceptedEdition(edition_id="x", at="2026-01-01T00:00:00+00:00", files=("y",))]
    state = DatasetState(accepted=accepted, loaded=loaded, not_fetched=not_fetched)
    assert reports_edition(state, is_made=is_made, is_asked=is_asked) == has_edition
    assert reports_check(state, is_made=is_made, is_asked=is_asked) == has_check
