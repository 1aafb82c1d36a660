"""Five years of what Dagster keeps take a bounded room: `make release`.

A run of each kind is executed by Dagster. The others are its events, told to Dagster again with the dates of five
years; the purge comes at the end of each, as it does by the sensors.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest

from dagster_project.purge import KEPT_RUNS, purge
from tests.conftest import README

pytestmark = [pytest.mark.release, pytest.mark.warehouse]
DAYS, ASSETS = 5 * 365, 600
LIMIT = 500_000_000
# How many assets a run makes, by the days between two of them; each has a check. Some are made on the first day alone.
MADE = {1: 5, 7: 20, 30: 60}
PARTS = 3  # a run makes a third of what its schedule asks for, another one each time


@dg.op(config_schema={"assets": [str]})
def tell(context) -> None:  # type: ignore[no-untyped-def]  # Dagster reads the annotation, which is a text here
    for name in context.op_config["assets"]:
        files = dg.MetadataValue.md("| file | address | hash |\n" * 10)
        context.log_event(dg.AssetMaterialization(name, metadata={"rows": 7, "files": files}))
        rules = {"rules": "all held " * 30}
        context.log_event(
            dg.AssetCheckEvaluation(asset_key=dg.AssetKey(name), check_name="rules", passed=True, metadata=rules)
        )


@dg.job(executor_def=dg.in_process_executor)
def refresh() -> None:
    tell()


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_five_years_of_runs_take_a_bounded_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copy(README.parent / "dagster_home" / "dagster.yaml", tmp_path)
    names = [f"asset_{number}" for number in range(ASSETS)]
    sizes = []
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:

        def executed(assets: list[str]) -> tuple[dg.DagsterRun, list[dg.EventLogEntry]]:
            done = refresh.execute_in_process(
                {
                    "ops": {"tell": {"config": {"assets": assets}}},
                    "loggers": {"console": {"config": {"log_level": "ERROR"}}},
                },
                instance=instance,
            )
            run = instance.get_run_by_id(done.run_id)
            assert run
            return run, [*instance.all_logs(run.run_id)]

        executed(names)
        kinds, start = {}, 0
        for every, count in MADE.items():
            kinds[every] = [executed(names[start + part * count :][:count]) for part in range(PARTS)]
            start += PARTS * count
        first = datetime(2026, 1, 1, tzinfo=UTC)
        runs = 0
        for day in range(DAYS):
            for every, parts in kinds.items():
                if day % every == 0:
                    run, events = parts[day // every % PARTS]
                    copy = run._replace(run_id=str(uuid4()))
                    begun = (first + timedelta(days=day)).timestamp() - events[0].timestamp
                    instance.add_run(copy)
                    for event in events:
                        instance.store_event(event._replace(run_id=copy.run_id, timestamp=event.timestamp + begun))
                    purge(instance)
                    runs += 1
            if day % 365 == 364:
                sizes.append(size(tmp_path))
                print(f"year {len(sizes)}: {runs} runs, {instance.get_runs_count()} kept, {sizes[-1] / 1e6:.1f} MB")
        latest = {
            record.asset_entry.last_materialization.run_id
            for record in instance.get_asset_records()
            if record.asset_entry.last_materialization
        }
        assert len(instance.get_asset_records()) == ASSETS
        assert instance.get_runs_count() <= KEPT_RUNS + len(latest)
        assert {run.run_id for run in instance.get_runs()} >= latest
    assert max(sizes) < LIMIT
    assert sizes[-1] - sizes[-2] < LIMIT / 20, "a year adds how its checks ended, which Dagster keeps of each run"
