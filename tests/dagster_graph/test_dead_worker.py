"""A run whose process died, with all of Dagster, under the settings that the project ships: the queue goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project.purge import purge
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.runs.record import End, read_record
from tests.processes import session_of

pytestmark = pytest.mark.xdist_group("dagster")
PATIENCE = 120.0
JOB = """
import time
from pathlib import Path
import dagster as dg
from dagster_project.end_sensors import end_sensor
from dagster_project.purge import ENDS

@dg.op(config_schema=float)
def wait(context):
    time.sleep(context.op_config)

@dg.job(executor_def=dg.in_process_executor)
def waiting():
    wait()

home = Path(__file__).parent / "home"
defs = dg.Definitions(jobs=[waiting], sensors=[end_sensor("waiting", home, status) for status in ENDS])
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A DAGSTER_HOME with the settings of the project, which looks at runs every second and gives them five."""
    settings = yaml.safe_load((REPOSITORY / "dagster_home" / "dagster.yaml").read_text())
    shortened = {"poll_interval_seconds": 1, "max_runtime_seconds": 5}
    assert shortened.keys() <= settings["run_monitoring"].keys()
    settings["run_monitoring"] |= shortened
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(settings))
    (tmp_path / "job.py").write_text(JOB)
    return tmp_path


def command(home: Path, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAGSTER")}
    with (home / "log").open("ab") as output:
        return subprocess.Popen(
            [str(Path(sys.executable).with_name(program)), *arguments, "-f", "job.py"],
            cwd=home,
            env=environment | {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@contextmanager
def daemon(home: Path) -> Iterator[None]:
    """Dagster's daemon, which is killed with all that it has started, as a power cut does it."""
    process = command(home, "dagster-daemon", "run")
    try:
        yield
    finally:
        for pid in session_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def launch(home: Path, run_id: str, seconds: float, **tags: str) -> None:
    config = json.dumps({"ops": {"wait": {"config": seconds}}})
    asked = ("-j", "waiting", "--run-id", run_id, "--config-json", config, "--tags", json.dumps(tags))
    assert command(home, "dagster", "job", "launch", *asked).wait(PATIENCE) == 0, (home / "log").read_text()


def wait_for(home: Path, is_so: Callable[[dg.DagsterInstance], bool]) -> None:
    until = time.monotonic() + PATIENCE
    with dg.DagsterInstance.from_config(str(home)) as instance:
        while not is_so(instance):
            assert time.monotonic() < until, {run.run_id: run.status for run in instance.get_runs()}
            time.sleep(0.2)


def ends(home: Path) -> set[End | None]:
    """How the runs ended, by the record of the LEVIERS_HOME."""
    return {run.end for run in read_record(home / "home").runs}


@pytest.mark.release
def test_a_run_whose_worker_died_is_failed_and_told_and_the_next_one_runs(home: Path) -> None:
    dead, waiting = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

    def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
        run = instance.get_run_by_id(run_id)
        assert run
        return run.status

    launch(home, dead, seconds=3600.0)
    with daemon(home):
        wait_for(home, lambda instance: status(instance, dead) == dg.DagsterRunStatus.STARTED)
    launch(home, waiting, seconds=0.0, **{"dagster/max_runtime_seconds": "3600"})
    wait_for(home, lambda instance: status(instance, waiting) == dg.DagsterRunStatus.QUEUED)
    with daemon(home):
        wait_for(home, lambda instance: status(instance, waiting) == dg.DagsterRunStatus.SUCCESS)
        wait_for(home, lambda instance: status(instance, dead) == dg.DagsterRunStatus.FAILURE)
        wait_for(home, lambda _: ends(home) == {End.UNCHANGED, End.INTERRUPTED})


@dg.op(config_schema=bool)
def make(context) -> None:  # type: ignore[no-untyped-def]
    for key in ("once", "often") if context.op_config else ("often",):
        context.log_event(dg.AssetMaterialization(key))


def made_runs(instance: dg.DagsterInstance) -> list[str]:
    job = dg.JobDefinition(name="job", graph_def=dg.GraphDefinition(name="job", node_defs=[make]))
    return [
        job.execute_in_process({"ops": {"make": {"config": is_first}}}, instance=instance).run_id
        for is_first in (True, False, False, False)
    ]


def test_old_runs_are_forgotten_but_not_what_last_made_an_asset(tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        runs = made_runs(instance)
        assert len([*tmp_path.glob(f"**/{runs[1]}*")]) > 1
        purge(instance, kept_runs=1)
        assert {run.run_id for run in instance.get_runs()} == {runs[0], runs[-1]}
        latest = [instance.get_latest_materialization_event(dg.AssetKey(key)).run_id for key in ("once", "often")]
        assert latest == [runs[0], runs[-1]]
    assert [path for run_id in runs[1:-1] for path in tmp_path.glob(f"**/{run_id}*")] == []
