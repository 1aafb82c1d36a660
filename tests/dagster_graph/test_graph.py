"""The asset graph: one lineage from the files through raw tables and subjects of dbt to the publication."""

from __future__ import annotations

import re

import dagster as dg
import pytest

from dagster_project.asset_checks import EXPECTATIONS, GATE_ON, GATE_READS, TESTS
from dagster_project.definitions import build_defs, build_schedules
from dagster_project.described import SCHEDULE_GROUPS, by_producer, freshness_policy, group_of
from dagster_project.snapshot_asset import PORTALS_ANSWER, files_key
from dagster_project.subjects import OPERATIONS, PUBLICATION, SNAPSHOTS, subjects
from expectations.suites import GATE
from ingestion.catalog import load_catalog
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS

pytestmark = pytest.mark.xdist_group("dagster")
MOST_ASSETS, MOST_PLANNED = 110, 180


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(tmp_path_factory.mktemp("home"))


def test_each_subject_comes_after_all_that_its_models_read(defs: dg.Definitions) -> None:
    graph, known = defs.resolve_asset_graph(), subjects()
    for key, nodes in known.nodes.items():
        read = {each for node in nodes.values() for each in node["depends_on"].get("nodes", ())}
        parents = graph.get(key).parent_keys
        assert {known.of[each] for each in read if each in known.of} - {key} <= parents
        sources = {known.manifest["sources"][each]["schema"] for each in read if each.startswith("source.")}
        assert {dg.AssetKey(schema) for schema in sources} <= parents | {OPERATIONS, dg.AssetKey("raw_leviers")}
    assert set(known.of) == {name for nodes in known.nodes.values() for name in nodes}


def test_the_tables_of_a_subject_are_in_one_folder_or_two(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    assert len(graph.get_all_asset_keys()) <= MOST_ASSETS
    targets = graph.get(dg.AssetKey(["levers", "targets"]))
    assert [folder[-len("calculation/targets") :] for folder in targets.metadata["folders"]] == [
        "calculation/targets",
        "evers/facts/targets",
    ]
    assert dg.AssetKey("vues") in graph.get_all_asset_keys()


def test_the_raw_tables_come_after_the_files_and_the_tables_on_the_runs_after_them(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    raw = {dg.AssetKey(schema) for schema in by_producer()}
    assert all(SNAPSHOTS in graph.get(key).parent_keys for key in raw)
    assert graph.get(OPERATIONS).parent_keys == raw
    assert graph.get(dg.AssetKey("raw_sdes")).parent_keys == {SNAPSHOTS, files_key("raw_sdes")}


def test_publication_comes_last_and_waits_for_every_published_subject(defs: dg.Definitions) -> None:
    publication, known = defs.resolve_asset_graph().get(PUBLICATION), subjects()
    assert publication.child_keys == set()
    assert publication.parent_keys == {
        key for key, nodes in known.nodes.items() if any(node["schema"] in PUBLISHED_SCHEMAS for node in nodes.values())
    }


def test_checks_block(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    blocking = {key for key in graph.asset_check_keys if graph.get(key).blocking}
    assert {dg.AssetCheckKey(dg.AssetKey(schema), EXPECTATIONS) for schema in by_producer()} <= blocking
    [gate] = subjects().holding(GATE_ON)
    assert {dg.AssetCheckKey(gate, name) for name in (EXPECTATIONS, TESTS)} <= blocking
    assert {dg.AssetCheckKey(key, TESTS) for key in subjects().tests} <= blocking
    assert dg.AssetCheckKey(SNAPSHOTS, PORTALS_ANSWER) in set(graph.asset_check_keys) - blocking


def test_the_gate_waits_for_each_table_that_it_reads() -> None:
    read = re.findall(r"\b(?:marts|quality)\.(\w+)", GATE.read_text(encoding="utf-8"))
    assert {GATE_ON, *GATE_READS} == set(read)


def test_a_launch_plans_few_events(defs: dg.Definitions) -> None:
    """Dagster writes what is planned one by one while the person who launches waits."""
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(defs.resolve_job_def("refresh"))
        assert len(instance.all_logs(run.run_id)) <= MOST_PLANNED


def test_each_asset_has_an_owner_a_kind_and_a_description(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    nodes = {key: graph.get(key) for key in graph.get_all_asset_keys()}
    for what in ("owners", "kinds", "description"):
        assert [key for key, node in nodes.items() if not getattr(node, what)] == []
    assert all(graph.get(key).description for key in graph.asset_check_keys)
    records = {
        record.data["dataset"]: record.data for record in nodes[dg.AssetKey("raw_sdes")].metadata["datasets"].records
    }
    assert records["sdes_vehicle_fleet"]["homepage"] == load_catalog()["sdes_vehicle_fleet"].homepage
    assert records["sdes_vehicle_fleet"]["schedule"] in {f"{group}_refresh" for group in SCHEDULE_GROUPS}


def test_the_schedules_run_the_job_once_a_person_or_a_variable_starts_them(
    defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [job.name for job in defs.resolve_all_job_defs() if not job.name.startswith("__")] == ["refresh"]
    schedules = [defs.resolve_schedule_def(f"{group}_refresh") for group in SCHEDULE_GROUPS]
    assert {(each.job_name, each.default_status) for each in schedules} == {
        ("refresh", dg.DefaultScheduleStatus.STOPPED)
    }
    monkeypatch.setenv("LEVIERS_SCHEDULES", "on")
    assert {schedule.default_status for schedule in build_schedules()} == {dg.DefaultScheduleStatus.RUNNING}


def test_the_monthly_schedule_is_the_timer_of_the_service(defs: dg.Definitions) -> None:
    timer = (REPOSITORY / "deploy/leviers.timer").read_text("utf-8")
    [(day, hour, minute, zone)] = re.findall(r"^OnCalendar=\*-\*-(\d+) (\d+):(\d+):00 (.+)$", timer, re.MULTILINE)
    schedules = {group: defs.resolve_schedule_def(f"{group}_refresh") for group in SCHEDULE_GROUPS}
    assert schedules["monthly"].cron_schedule == f"{int(minute)} {int(hour)} {int(day)} * *"
    assert {each.execution_timezone for each in schedules.values()} == {zone} == {"Europe/Paris"}


def test_a_dataset_of_a_schedule_is_asked_by_it_and_its_producer_is_late_without_an_answer(
    defs: dg.Definitions,
) -> None:
    asked: dict[str, str] = {}
    for group in SCHEDULE_GROUPS:
        tick = defs.resolve_schedule_def(f"{group}_refresh").evaluate_tick(dg.build_schedule_context())
        [request] = tick.run_requests or []
        asked |= dict.fromkeys(request.run_config["resources"]["refresh"]["config"]["only"], group)
    assert asked == {name: group_of(d) for name, d in load_catalog().items() if d.is_built and group_of(d)}
    graph = defs.resolve_asset_graph()
    for schema, datasets in by_producer().items():
        if groups := [asked[d.dataset_id] for d in datasets if d.dataset_id in asked]:
            tightest = next(group for group in SCHEDULE_GROUPS if group in groups)
            assert graph.get(files_key(schema)).freshness_policy_or_from_metadata == freshness_policy(tightest)
