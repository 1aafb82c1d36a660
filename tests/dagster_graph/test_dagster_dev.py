"""Dagster as `docs/commands.md` starts it, in a process of its own on the loopback: what it shows, and a run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from leviers.warehouse.project import REPOSITORY
from tests.conftest import DOCS
from tests.processes import heed_ctrl_c, session_of

pytestmark = [pytest.mark.release, pytest.mark.xdist_group("dagster")]
PATIENCE = 90.0
CONTENT = """
{
  repositoriesOrError { ... on RepositoryConnection { nodes {
    name
    location { name }
    jobs { name }
    schedules { name }
  } } }
  assetNodes { assetKey { path } }
}
"""
LAUNCH = """
mutation ($config: RunConfigData, $repository: String!, $location: String!) {
  launchRun(executionParams: {
    runConfigData: $config
    selector: {
      jobName: "refresh", repositoryName: $repository, repositoryLocationName: $location
    }
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } } }
}
"""
RUN = """
query ($id: ID!) {
  runOrError(runId: $id) { ... on Run {
    status
    eventConnection { events { ... on ExecutionStepFailureEvent { stepKey error { message } } } }
  } }
}
"""


[(DOCUMENTED_HOME, DOCUMENTED)] = re.findall(
    r"^DAGSTER_HOME=\$PWD/(\S+) \.venv/bin/(dagster dev [^#\n]*)",
    (DOCS / "commands.md").read_text("utf-8"),
    re.MULTILINE,
)
DAGSTER_HOME = REPOSITORY / DOCUMENTED_HOME


def documented() -> list[str]:
    """The command of that page, with the programs of this environment."""
    program, *arguments = shlex.split(DOCUMENTED)
    return [str(Path(sys.executable).with_name(program)), *arguments]


class Server:
    """A running ``dagster dev``."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/graphql", json={"query": query, "variables": variables}, timeout=30)
        content: dict[str, Any] = answer.json()
        assert "errors" not in content, content["errors"]
        data: dict[str, Any] = content["data"]
        return data

    def repository(self) -> dict[str, Any] | None:
        """The definitions, once they are loaded."""
        try:
            nodes = self.ask(CONTENT)["repositoriesOrError"].get("nodes", [])
        except requests.ConnectionError:
            return None
        return nodes[0] if nodes else None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home, port = tmp_path_factory.mktemp("home"), free_port()
    shutil.copy(DAGSTER_HOME / "dagster.yaml", home)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAGSTER")}
    log = home / "dev.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*documented(), "-p", str(port)],
            cwd=REPOSITORY,
            env=environment | {"LEVIERS_HOME": str(home), "DAGSTER_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=heed_ctrl_c,
        )
    try:
        running = Server(f"http://127.0.0.1:{port}", home)
        until = time.monotonic() + PATIENCE
        while running.repository() is None:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.5)
        yield running
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0, log.read_text()
    finally:
        for pid in session_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def test_assets_jobs_and_schedules_are_there(server: Server) -> None:
    content = server.ask(CONTENT)
    [repository] = content["repositoriesOrError"]["nodes"]
    assert {"name": "refresh"} in repository["jobs"]
    assert {"name": "daily_refresh"} in repository["schedules"]
    assert {"assetKey": {"path": ["publication"]}} in content["assetNodes"]


def launch(server: Server, config: dict[str, Any]) -> dict[str, Any]:
    """The answer to a launch of the job with values in the launchpad."""
    repository = server.repository()
    assert repository
    answer: dict[str, Any] = server.ask(
        LAUNCH,
        config=json.dumps({"resources": {"refresh": {"config": config}}}),
        repository=repository["name"],
        location=repository["location"]["name"],
    )["launchRun"]
    return answer


def test_a_run_takes_its_configuration_and_refuses_in_one_line(server: Server) -> None:
    """A value that cannot be chosen is refused before a run begins; its first step refuses an impossible request."""
    refused = launch(server, {"demo": True, "only": ["no_such"], "region": "99"})
    assert refused["__typename"] == "RunConfigValidationInvalid"
    assert len(refused["errors"]) == 2
    launched = launch(server, {"demo": True, "only": ["sdes_residential_energy"]})
    assert launched["__typename"] == "LaunchRunSuccess", launched
    until = time.monotonic() + PATIENCE
    while True:
        run: dict[str, Any] = server.ask(RUN, id=launched["run"]["runId"])["runOrError"]
        if run["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
            break
        assert time.monotonic() < until, run
        time.sleep(0.5)
    assert run["status"] == "FAILURE"
    [failure] = [event for event in run["eventConnection"]["events"] if event]
    assert failure["stepKey"] == "snapshots"
    assert "a refresh takes" in failure["error"]["message"]
