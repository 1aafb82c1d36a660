"""A run whose process died, with all of Dagster, under the settings that the project ships: the queue goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from dagster_project import run_keeper
from dagster_project.run_keeper import alive, keep, purge
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.runs.record import End, Light, read_record
from leviers.warehouse.runs.run_end import present_record
from tests.processes import session_of

pytestmark = pytest.mark.xdist_group("dagster")
PATIENCE = 120.0
MOST_SECONDS = 75.0  # a minute, and the time in which a busy machine starts the daemon
JOB = """
import time
from contextlib import contextmanager
from pathlib import Path
import dagster as dg
from dagster_project.run_keeper import alive, begun_at, build_keeper, note_end
from leviers.warehouse.runs.record import DAGSTER
from leviers.warehouse.runs.run_end import begin, under_way

home = Path(__file__).parent / "home"

@dg.resource
@contextmanager
def refresh(context):
    run_id = context.run.run_id
    with alive(home), under_way(home):
        begun = begin(home, DAGSTER, begun_at(context.instance, run_id))
        yield
        note_end(home, context.instance, run_id, begun)

@dg.op(config_schema=float, required_resource_keys={"refresh"})
def wait(context):
    time.sleep(context.op_config)

@dg.job(executor_def=dg.in_process_executor, resource_defs={"refresh": refresh})
def waiting():
    wait()

defs = dg.Definitions(jobs=[waiting], sensors=[build_keeper(home)])
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A DAGSTER_HOME with the settings of the project, and a job that holds and notes what a refresh does."""
    shutil.copy(REPOSITORY / "dagster_home" / "dagster.yaml", tmp_path)
    (tmp_path / "job.py").write_text(JOB)
    (tmp_path / "home" / "logs").mkdir(parents=True)
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


def launch(home: Path, run_id: str, seconds: float) -> None:
    config = json.dumps({"ops": {"wait": {"config": seconds}}})
    asked = ("-j", "waiting", "--run-id", run_id, "--config-json", config)
    assert command(home, "dagster", "job", "launch", *asked).wait(PATIENCE) == 0, (home / "log").read_text()


def wait_for(home: Path, is_so: Callable[[dg.DagsterInstance], bool]) -> None:
    until = time.monotonic() + PATIENCE
    with dg.DagsterInstance.from_config(str(home)) as instance:
        while not is_so(instance):
            assert time.monotonic() < until, {run.run_id: run.status for run in instance.get_runs()}
            time.sleep(0.2)


DEAD, NEXT = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def is_now(run_id: str, status: dg.DagsterRunStatus) -> Callable[[dg.DagsterInstance], bool]:
    return lambda instance: instance.get_runs(dg.RunsFilter(run_ids=[run_id]))[0].status == status


def lights(home: Path) -> tuple[Light, set[End | None]]:
    """What ``leviers status`` says, and how the runs on record ended."""
    record = present_record(home / "home")
    return record.light, {run.end for run in record.runs}


@pytest.mark.release
def test_after_a_power_cut_the_dead_run_ends_within_a_minute_and_the_next_one_runs(home: Path) -> None:
    """The daemon, the code server and the worker are killed at once, and the daemon starts again."""
    launch(home, DEAD, seconds=3600.0)
    with daemon(home):
        wait_for(home, is_now(DEAD, dg.DagsterRunStatus.STARTED))
        wait_for(home, lambda _: any(run.end is None for run in read_record(home / "home").runs))
    assert lights(home) == (Light.RED, {End.INTERRUPTED})
    launch(home, NEXT, seconds=0.0)
    wait_for(home, is_now(NEXT, dg.DagsterRunStatus.QUEUED))
    with daemon(home):
        began = time.monotonic()
        wait_for(home, is_now(DEAD, dg.DagsterRunStatus.FAILURE))
        assert time.monotonic() - began < MOST_SECONDS
        assert lights(home)[0] == Light.RED
        wait_for(home, is_now(NEXT, dg.DagsterRunStatus.SUCCESS))
        wait_for(home, lambda _: lights(home)[1] == {End.UNCHANGED, End.INTERRUPTED})


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "logs").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "logs")) as opened:
        yield opened


def active_run(instance: dg.DagsterInstance, *, begun: bool) -> str:
    """A run that was launched before this server and, if it has ``begun``, is under way."""
    job = dg.JobDefinition(name="job", graph_def=dg.GraphDefinition(name="job", node_defs=[make]))
    config = {"ops": {"make": {"config": False}}}
    run = instance.create_run_for_job(job, run_config=config, status=dg.DagsterRunStatus.STARTING)
    if begun:
        instance.report_dagster_event(
            dg.DagsterEvent(dg.DagsterEventType.PIPELINE_START.value, job_name="job"), run.run_id
        )
    return run.run_id


@pytest.mark.parametrize("begun", [True, False])
def test_a_run_whose_process_is_gone_is_ended_and_noted_once(
    instance: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    run_id = active_run(instance, begun=begun)
    with alive(tmp_path):
        after(3600.0, monkeypatch)
        keep(tmp_path, instance)
        assert is_now(run_id, dg.DagsterRunStatus.STARTED if begun else dg.DagsterRunStatus.STARTING)(instance)
    after(0.0, monkeypatch)
    keep(tmp_path, instance)
    assert not is_now(run_id, dg.DagsterRunStatus.FAILURE)(instance), "its process may be about to hold the lock"
    after(3600.0, monkeypatch)
    for _ in range(2):
        keep(tmp_path, instance)
        assert is_now(run_id, dg.DagsterRunStatus.FAILURE)(instance)
    record = read_record(tmp_path)
    assert (record.light, [run.end for run in record.runs]) == (Light.RED, [End.INTERRUPTED])


def after(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes it so many seconds later than it is, in a server that began then."""
    later = time.time() + seconds
    monkeypatch.setattr(run_keeper, "LOADED_AT", later)
    monkeypatch.setattr(run_keeper, "time", SimpleNamespace(time=lambda: later))


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
