"""A home on a stage: what goes wrong in it, and who is told.

An incident takes a function that stages it and a test that looks at who was told:

    def test_a_page_that_is_missing_is_told_once(stage: Stage) -> None:
        missing_page(stage)
        assert stage.run() == (3, ["page not made (new)"])  # the exit status of the command, and what was sent
        assert stage.run() == (3, [])

The fixture ``stage`` is in ``conftest.py``. The clock of the stage moves by a millisecond at each look.
"""

from __future__ import annotations

import errno
import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import IO, Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from ingestion.fetch import FetchResult, SilentHosts
from ingestion.options import Outcome
from ingestion.snapshots import SnapshotStore, sha256_of
from ingestion.state import AcceptedEdition, DatasetState
from leviers.cli import job, run, status
from leviers.cli.job import JobResult
from leviers.cli.main import main
from leviers.warehouse.home import (
    DATABASE,
    FORMAT_FILE,
    SEAL,
    RunState,
    Seal,
    published_file,
    write_run_state,
)
from leviers.warehouse.project import build_fingerprint
from leviers.warehouse.runs import run_end
from leviers.warehouse.runs.metrics import METRICS
from leviers.warehouse.runs.record import COMMAND_LINE
from leviers.warehouse.runs.run_end import begin

TOKEN = "planted-token"  # noqa: S105
STARTED = datetime(2099, 1, 1, tzinfo=UTC)
POLL = 0.01  # seconds until the receiver notices that its test is over


@dataclass
class Stage:
    """A home of which a refresh finds that nothing changed, who is told of its runs, and what goes wrong in one."""

    home: Path
    url: str
    patch: pytest.MonkeyPatch
    messages: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    answers: dict[str, int] = field(default_factory=lambda: {"/alert": 200, "/ping": 200})
    pings: int = 0
    now: datetime = STARTED
    brought: Callable[[], FetchResult] = lambda: FetchResult([], SilentHosts(), None)
    undo: Callable[[], object] = lambda: None

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def refresh(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["refresh", "--offline", *arguments])

    def run(self, *arguments: str) -> tuple[int, list[str]]:
        """The exit status of a refresh, and the kinds of the messages on it."""
        return self.refresh(*arguments).exit_code, self.kinds_told()

    def status(self, *arguments: str) -> tuple[str, int]:
        result = CliRunner().invoke(main, ["status", *arguments])
        return result.stdout, result.exit_code

    def light(self) -> int:
        return self.status("--quiet")[1]

    def status_json(self) -> dict[str, Any]:
        return json.loads(self.status("--json")[0])

    def metrics(self) -> list[str]:
        return (self.home / METRICS).read_text().splitlines()

    def new_messages(self) -> list[str]:
        messages, self.messages[:] = list(self.messages), []
        return messages

    def kinds_told(self) -> list[str]:
        """The kind and the event of each new message, such as "page not made (new)"."""
        return sorted(message.partition(": ")[2].partition("): ")[0] + ")" for message in self.new_messages())

    def publish(
        self, last_observed: str = "2098-12-31", *, is_late: bool = False, missing: str = "", dataset: str = "bnlc"
    ) -> None:
        file = published_file(self.home)
        file.parent.mkdir(exist_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"""
                create schema if not exists vues;
                create or replace table vues.dim_jeu as select
                    '{dataset}' as jeu_id, 1 as nombre_fichiers, date '{last_observed}' as derniere_periode_observee,
                    31 as cadence_jours, date '{"2098-12-31" if is_late else "2199-01-01"}' as prochaine_attendue_le;
            """)
        lines = {missing: f"{missing}: why"} if missing else {}
        files = {DATABASE: (file.stat().st_size, sha256_of(file))}
        file.with_name(SEAL).write_text(Seal(sha256=files[DATABASE][1], files=files, missing=lines).model_dump_json())

    def know(self, dataset: str = "bnlc", **state: object) -> None:
        at = (STARTED - timedelta(days=9)).isoformat()
        accepted = [AcceptedEdition(edition_id="x", at=at, files=("y",))]
        SnapshotStore(self.home).save_state(dataset, DatasetState(accepted=accepted, loaded="x", **state))  # type: ignore[arg-type]


def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A home that published, with a receiver of its alerts and pings."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self._answer() == 200:
                what, _, place = content["title"].partition(", ")
                stage.messages.append(f"{what}: {content['message']}")
                stage.places.add(place)

        def do_GET(self) -> None:
            stage.pings += self._answer() == 200

        def _answer(self) -> int:
            status = stage.answers[self.path.removesuffix(f"-{TOKEN}")]
            self.send_response(status)
            self.end_headers()
            return status

        def log_message(self, *_: object) -> None:
            pass

    home = tmp_path / "home"
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        stage = Stage(home, f"127.0.0.1:{server.server_port}", monkeypatch)
        Thread(target=server.serve_forever, args=(POLL,), daemon=True).start()
        for name, value in (
            ("LEVIERS_HOME", str(home)),
            ("LEVIERS_ALERT_URLS", f"json://user:{TOKEN}@{stage.url}/alert-{TOKEN}?+X-Key={TOKEN}"),
            ("LEVIERS_PING_URL", f"http://{stage.url}/ping-{TOKEN}"),
        ):
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(run, "fetch_step", lambda *_: stage.brought())
        monkeypatch.setattr(run_end, "now", stage.tick)
        monkeypatch.setattr(status, "COVERAGE", "select $levels where false")
        monkeypatch.setattr(status, "QUARANTINE", "select 1 where false")
        home.mkdir()
        (home / "warehouse.duckdb").touch()
        write_run_state(home, RunState(fingerprint=build_fingerprint("76"), at=STARTED.isoformat()))
        stage.publish()
        stage.know()
        yield stage
        server.shutdown()


def failing(stage: Stage, why: str, *, gate: bool = False) -> None:
    """A dataset that fails, or a job whose gate blocks."""
    if gate:
        state = RunState(fingerprint=build_fingerprint("76"), unbuilt=("commitment",))
        write_run_state(stage.home, state)
        stage.patch.setattr(job, "run_job", lambda *_, **__: JobResult(built=True, success=False, problems=[why]))
        stage.undo = lambda: write_run_state(stage.home, state.model_copy(update={"unbuilt": ()}))
    else:
        stage.brought = lambda: FetchResult([Outcome("bnlc", "failed", why)], SilentHosts(), None)


def refused(stage: Stage) -> None:
    stage.know(reason="a.csv: no column x", refused="z", refused_files=["z"])
    failing(stage, "failed, kept last good: a.csv: no column x")


def entered(stage: Stage) -> None:
    """A refused file that a person entered."""
    stage.know("entered_value", reason="a.csv: no column x", refused="z", refused_files=["z"])
    (stage.home / "inputs" / "entered_value").mkdir(parents=True)
    stage.undo = lambda: stage.know("entered_value")


def older(stage: Stage) -> None:
    """An edition that ends before the one that it replaced; a file of a mirror has no date but those of its rows."""
    editions = []
    for name, last_year in (("1", "2025"), ("2", "2023")):
        at = f"2098-0{name}-01T00:00:00+00:00"
        editions.append(AcceptedEdition(edition_id=name, at=at, files=(name,), newest={"bnlc.year": last_year}))
    SnapshotStore(stage.home).save_state("bnlc", DatasetState(accepted=editions, loaded="2"))


def silent(stage: Stage) -> None:
    failing(stage, "failed, kept last good: h did not answer")
    for tries in (1, 2, 3):
        assert stage.refresh().exit_code == 3
        assert stage.new_messages() == []
        stage.know(failed_fetches=tries, not_fetched="failed, kept last good: h did not answer")


def stopped(error: BaseException) -> Callable[[Stage], None]:
    def stop(stage: Stage) -> None:
        def bring() -> FetchResult:
            raise error

        stage.brought = bring

    return stop


def held(file: Path) -> IO[str]:
    """A lock file that another process holds, until it is closed."""
    lock = file.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def locked(stage: Stage) -> None:
    stage.undo = held(stage.home / ".lock").close


def little_room(stage: Stage) -> None:
    free = count(5_000_000, 1_000_000)  # another number each time that one looks
    stage.patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=next(free)))
    stage.undo = lambda: stage.patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000_000))


def killed(stage: Stage) -> None:
    begin(stage.home, COMMAND_LINE)


def no_ground(stage: Stage) -> None:
    stage.brought = lambda: FetchResult([], SilentHosts(), "nothing to build from: no files")


def missing_page(stage: Stage) -> None:
    stage.publish(missing="a.html")


def damaged(stage: Stage) -> None:
    """A file of which a byte is another one, and a run that publishes it anew."""

    def publish(*_: object, **__: object) -> JobResult:
        stage.publish()
        return JobResult()

    content = bytearray(published_file(stage.home).read_bytes())
    content[-1] ^= 1
    published_file(stage.home).write_bytes(content)
    stage.now += timedelta(hours=1)
    stage.patch.setattr(job, "run_job", publish)


def late(stage: Stage) -> None:
    stage.publish("2098-11-30", is_late=True)


FULL = OSError(errno.ENOSPC, "No space left on device", "x")


def wrong_variable(stage: Stage) -> None:
    stage.patch.setenv("LEVIERS_RUN_EVERY", "x")
    stage.undo = lambda: stage.patch.delenv("LEVIERS_RUN_EVERY")


def newer_version(stage: Stage) -> None:
    file = stage.home / FORMAT_FILE
    content = file.read_bytes() if file.exists() else None
    file.write_text('{"format": 99, "version": "99.1.0"}')
    stage.undo = lambda: file.write_bytes(content) if content else file.unlink()
