"""Ninety days of a home, by the command that an operator's timer starts: `make release`.

Each day is a process of its own, under a clock that libfaketime sets (Debian: `apt install libfaketime`), in the time
of Paris; the last Sunday of March is among them. The portals are the fakes, on a small country, and somebody listens to
the alerts. What goes wrong is staged; what is told, and what exit status, ``status`` and metrics say, follows from it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import duckdb
import pytest

from ingestion.catalog import Dataset, load_catalog
from leviers.warehouse.runs.metrics import METRICS
from leviers.warehouse.runs.record import Kind, label
from tests.conftest import README
from tests.e2e.old_versions import old_code
from tests.fakes import server as fault
from tests.fakes.country import CORSICA, by_level, write_figures
from tests.fakes.data_fair import DataFair
from tests.fakes.dido import Dido
from tests.fakes.live import live_files, serve
from tests.fakes.opendatasoft import Opendatasoft
from tests.fakes.server import FakeServer, Response
from tests.fakes.spread import spread
from tests.processes import session_of

pytestmark = [pytest.mark.release, pytest.mark.warehouse]
CLOCK = "faketime/libfaketime.so.1"
FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/lib")
COMMAND = README.parent / "tests" / "fakes" / "command.py"
PARIS = ZoneInfo("Europe/Paris")
FIRST, DAYS = date(2026, 2, 5), 90
MISSED_AFTER = 3
PATIENCE = 3600.0  # how long a run may take on a machine that does other things too
VERSION_BEFORE = "fd7eb3c4"  # 0.13
LOGS, EDITIONS, PUBLICATIONS = 20, 3, 2  # the numbers that a home keeps

# For each dataset that is served: the number that differs in each edition, and the years that differ.
CHANGING = {
    "lovac_commune": (b";62;60;57;", b";62;60;%d;", {}),
    "bnlc": (b",0.1,0.2,18,", b",0.1,0.2,%d,", {}),
    "sitadel_yearly": (b";24.0;22.0;", b";2%d.0;22.0;", {}),
    "grdf_biomethane_injection": (b";250;19500", b";250;19%d", {}),
    "odre_regional_generation": (b";3700;5050;", b";3700;50%d;", {}),
    "enedis_generation_commune": (b": 410.5,", b": 4%d.5,", {b'"2022"': b'"2024"'}),
    "sdes_vehicle_registrations": (b";VP;VP;30;18;15", b";VP;VP;30;18;%d", {}),
    "bnpe_withdrawals": (b'"volume": 50000.0', b'"volume": 500%d.0', {b": 2022,": b": 2024,", b": 2021,": b": 2023,"}),
}
# By which a portal says that there is a new edition; the others give a hash, or all of it each time.
MARKS = {Opendatasoft: "data_processed", DataFair: "updated_at", Dido: "last_update"}


def clock() -> str:
    """The library that sets the clock of a process."""
    path = next((path for folder in FOLDERS if (path := Path(folder, CLOCK)).exists()), None)
    assert path, (
        f"no {CLOCK} in {', '.join(FOLDERS)}: the ninety days need libfaketime (Debian: apt install libfaketime)"
    )
    return str(path)


@dataclass
class Portal:
    """The portal of a dataset: its fake, which edition it gives, and the bytes of its files."""

    dataset: Dataset
    files: dict[str, bytes]
    server: FakeServer
    edition: int = 30  # more than any number of the files that an edition changes
    good: dict[str, bytes] = field(default_factory=dict)
    fetch: dict[str, Any] = field(default_factory=dict)

    def change(self, day: date) -> None:
        """Gives a new edition: another number in some rows."""
        known, changed, years = CHANGING[self.dataset.dataset_id]
        self.edition += 1
        self.good = {}
        for name, body in self.files.items():
            good = body.replace(known, changed % self.edition)
            for old, new in years.items():
                good = good.replace(old, new)
            self.good[name] = good
        assert self.good != self.files
        self.give(day, self.good)

    def spoil(self, day: date, edit: Callable[[bytes], bytes]) -> None:
        """Gives a bad edition; the last good one stands."""
        self.give(day, {name: edit(body) for name, body in self.good.items()})

    def bring_forward(self, day: date) -> None:
        """Gives an edition with a newer year."""
        self.files = {name: body.replace(b"2025;", b"2026;") for name, body in self.files.items()}
        self.change(day)

    def give(self, day: date, files: dict[str, bytes]) -> None:
        self.server.routes.clear()
        record = serve(self.server, self.dataset, files)
        assert record.fetch
        self.fetch = record.fetch.model_dump(mode="json")
        for _, _, handler in self.server.routes:
            fake = getattr(handler, "__self__", None)
            if mark := MARKS.get(type(fake)):
                setattr(fake, mark, f"{day}T00:00:00.000+00:00")

    @property
    def host(self) -> str:
        return urlsplit(self.fetch["url"]).netloc


@dataclass(frozen=True)
class Outage:
    """A portal, or all, that cannot be had from a day on, for some days; without a fault, nothing listens there."""

    names: tuple[str, ...]
    first: int
    days: int
    fault: fault.Fault | None = None


ALL = tuple(CHANGING)
OUTAGES = (
    Outage(("bnlc",), 5, 1, fault.no_answer),
    Outage(("lovac_commune",), 7, 2, fault.status(503)),
    Outage(("grdf_biomethane_injection",), 12, 3, fault.status(404)),
    Outage(("odre_regional_generation",), 16, 2, fault.html_page()),
    Outage(("enedis_generation_commune",), 20, 18),
    Outage(ALL, 41, 1),
    Outage(("sdes_vehicle_registrations",), 43, 4, fault.status(500)),
    Outage(("bnpe_withdrawals",), 46, 3, fault.cut(40)),
    Outage(("lovac_commune",), 50, 1, fault.status(429, retry_after="3600")),
    Outage(("bnlc",), 53, 8, fault.redirected("https://elsewhere.example.org/")),
    Outage(ALL, 64, 4),
    Outage(("grdf_biomethane_injection",), 72, 12, fault.no_answer),
)
# A dataset, the day on which a bad edition comes, for how many days it stays, and what is bad in it: the name of a
# column, or that all rows but one are gone, which its suite refuses.
REFUSED = (
    ("lovac_commune", 24, 2, lambda body: body.replace(b"CODGEO", b"TEST")),
    ("bnlc", 30, 16, lambda body: body.replace(b",insee,", b",test,")),
    ("lovac_commune", 69, 2, lambda body: b"".join(body.splitlines(keepends=True)[:2])),
)
CUTS = {26: "Concurrency: ", 58: ".*/*.duckdb"}  # the power goes in the build, and in the publication
FULL_DISK, UPGRADE, OFF = 34, 10, range(77, 81)
LATE, LATE_FROM, LATE_UNTIL = "sitadel_yearly", date(2026, 3, 4), 61
# Two days of five have a new edition of some portal, and those on which the power goes or the disk is full.
SILENCED = {outage.first + past for outage in OUTAGES if outage.names == ALL for past in range(outage.days)}
CHANGED = {day for day in range(1, DAYS) if day % 5 in (1, 3)} - {*SILENCED, *OFF} | {FULL_DISK, *CUTS}
PUBLISHED = {0, UPGRADE, *CHANGED, *(day + 1 for day in (FULL_DISK, *CUTS))} - {FULL_DISK, *CUTS}


@dataclass
class ExpectedAlerts:
    """The expected alerts for the staged faults: open incidents, since when somebody was told, the next messages."""

    told_on: dict[tuple[Kind, str], int] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    messages: Counter[tuple[str, int]] = field(default_factory=Counter)

    def look(self, day: int, wrong: set[tuple[Kind, str]]) -> None:
        """Expects a message when something begins, when it is over, and each week: a line for each of a kind."""
        lines: Counter[str] = Counter()
        for key in wrong | self.told_on.keys():
            event = "new" if key not in self.told_on else "over" if key not in wrong else "still so"
            if event != "still so" or day - self.told_on[key] >= 7:
                lines[f"leviers: {label(key[0])} ({event})"] += 1
                self.told_on[key] = day
        self.told_on = {key: at for key, at in self.told_on.items() if key in wrong}
        self.messages.update(lines.items())


@dataclass(frozen=True)
class Row:
    """A day: its clock, the staged fault, the end of the run and the messages on it, the sizes of the home."""

    day: int
    at: datetime
    staged: str
    kind: str
    exit_status: int | None
    light: str
    messages: list[str]
    sizes: dict[str, int]

    def __str__(self) -> str:
        size, messages = sum(self.sizes.values()) / 1e6, "; ".join(self.messages)
        return (
            f"{self.day + 1:>3} | {self.at:%a %d %b %H:%M %z} | {self.staged:<44.44} | {self.kind:<9} | "
            f"{self.exit_status!s:>4} | {self.light:<5} | {size:4.0f} MB | {messages}"
        )


@dataclass
class Operation:
    """A home, its portals, who is told, and the days that have been."""

    folder: Path
    portals: dict[str, Portal]
    listener: FakeServer
    library: str
    code: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    expected: ExpectedAlerts = field(default_factory=ExpectedAlerts)
    published: dict[str, set[str]] = field(default_factory=dict)
    last_success: date | None = None
    was_cut: bool = False
    checked: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @cached_property
    def ticks(self) -> list[datetime]:
        """When the schedule of each night starts a run: no hour that a change of clocks skips or repeats."""
        from dagster_project.described import SCHEDULE_GROUPS, TIME_ZONE

        minute, hour, *each_day = SCHEDULE_GROUPS["daily"][1].split()
        assert (each_day, TIME_ZONE, hour != "2") == (["*", "*", "*"], PARIS.key, True)
        at = datetime.min.time().replace(int(hour), int(minute))
        return [datetime.combine(FIRST + timedelta(days=day), at, PARIS) for day in range(DAYS)]

    def command(self, at: datetime, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """The command in a process of its own; its clock begins at a moment."""
        place = self.folder / "place.json"
        fetch = {name: portal.fetch for name, portal in self.portals.items()}
        known = {"figures": str(self.folder / "figures"), "fetch": fetch, "checked": self.checked}
        place.write_text(json.dumps(known), encoding="utf-8")
        environment = os.environ | self.code | {
            "LEVIERS_HOME": str(self.home),
            "LEVIERS_ALERT_URLS": f"json://{urlsplit(self.listener.url).netloc}/alert",
            "LEVIERS_PING_URL": f"{self.listener.url}/ping",
            "LEVIERS_RUN_EVERY": str(MISSED_AFTER),
            "TMPDIR": str(self.folder / "tmp"),
            "TZ": "Europe/Paris",
            "PYTHONDONTWRITEBYTECODE": "",  # else each of 170 processes compiles the project again
            "LD_PRELOAD": self.library,
            "FAKETIME": f"@{at:%Y-%m-%d %H:%M:%S}",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else each switch between threads waits
        }  # fmt: skip
        start = [sys.executable, "-P", str(COMMAND), str(place), *arguments]
        return subprocess.Popen(
            start, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True, **options,
        )  # fmt: skip

    def run(self, at: datetime, *arguments: str, **options: Any) -> tuple[int, str]:
        process = self.command(at, *arguments, **options)
        output, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, output

    def cut(self, at: datetime, where: str) -> None:
        """Starts a run, and ends all of it at once when it comes to a place."""
        logs = set(self.home.glob("logs/*.log"))
        process = self.command(at, "refresh", "--region", CORSICA)
        until = time.monotonic() + PATIENCE

        def is_there() -> bool:
            if where.startswith("."):
                return any(self.home.glob(f"publications/{where}"))
            return any(where in path.read_text() for path in set(self.home.glob("logs/*.log")) - logs)

        while not is_there():
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < until
            time.sleep(0.02)
        for pid in session_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.communicate()

    def sizes(self) -> dict[str, int]:
        sizes: Counter[str] = Counter()
        for path in self.home.rglob("*"):
            if path.is_file() and not path.is_symlink():
                sizes[path.relative_to(self.home).parts[0]] += path.stat().st_size
        return dict(sizes)

    def messages(self) -> list[tuple[str, int]]:
        """The messages since the last look: title, and number of lines."""
        contents = [json.loads(request.body) for request in self.listener.calls("/alert")]
        self.listener.requests.clear()
        return [(content["title"], len(content["message"].splitlines())) for content in contents]

    def expect(self, is_so: bool, words: str) -> None:
        if not is_so:
            self.faults.append(f"day {len(self.rows) + 1}: {words}")
            print(self.faults[-1], flush=True)

    def pass_day(
        self, day: int, at: datetime, staged: list[str], down: set[str], refused: set[str], *, late: bool
    ) -> None:
        """Runs the command of that day, and holds the state that it left against the staged faults."""
        before = (self.home / "published").resolve()
        messages: list[tuple[str, int]] = []
        exit_status: int | None = None
        expected = self.expected
        expected.messages.clear()
        if day not in OFF:
            known = set(expected.told_on) | ({(Kind.INTERRUPTED, "")} if self.was_cut else set())
            known |= {(Kind.NO_RUN, "")} if day - 1 in OFF else set()
            expected.look(day, known)
            for name in self.portals:
                expected.tries[name] = expected.tries[name] + 1 if name in down else 0
            if day in CUTS:
                self.cut(at, CUTS[day])
            else:
                full = {"preexec_fn": _without_room} if day == FULL_DISK else {}
                exit_status, output = self.run(at, "refresh", "--region", CORSICA, **full)
                (self.folder / "output" / f"{day + 1:02}.txt").write_text(output, encoding="utf-8")
                wrong = {(Kind.SILENT, self.portals[name].host) for name in down if expected.tries[name] >= 3}
                wrong |= {(Kind.REFUSED, name) for name in refused}
                wrong |= {(Kind.LATE, LATE)} if late else set()
                wrong |= {(Kind.NOT_PUBLISHED, "")} if day == FULL_DISK else set()
                expected.look(day, wrong)
            self.was_cut = day in CUTS
            messages = self.messages()
        now = (self.home / "published").resolve()
        light, output = self.run(at + timedelta(minutes=9), "status", "--json")
        self.judge(day, at, exit_status, light, messages, has_failed=bool(down | refused), has_published=now != before)
        kind = "not run" if day in OFF else "changed" if now != before else "cut" if day in CUTS else "unchanged"
        if day == FULL_DISK:
            kind = "full disk"
        shown = [f"{title.removeprefix('leviers: ')} {lines}" for title, lines in messages]
        color = json.loads(output)["light"] if output.startswith("{") else output
        row = Row(day, at, ", ".join(staged), kind, exit_status, color, shown, self.sizes())
        self.rows.append(row)
        print(row, flush=True)

    def judge(
        self,
        day: int,
        at: datetime,
        exit_status: int | None,
        light: int,
        messages: list[tuple[str, int]],
        *,
        has_failed: bool,
        has_published: bool,
    ) -> None:
        """No false green, none but the due messages: exit status, ``status``, metrics and record agree with the day."""
        expected, is_good = self.expected, day not in {FULL_DISK, *CUTS, *OFF}
        self.expect(Counter(messages) == expected.messages, f"told {messages}, due were {dict(expected.messages)}")
        self.expect(has_published == (day in PUBLISHED), f"published: {has_published}")
        if is_good:
            self.last_success = at.date()
            self.published = {
                name: {sha256(body).hexdigest() for body in files} for name, files in self.accepted.items()
            }
            self.expect(exit_status == (3 if has_failed else 0), f"exit status {exit_status}")
        elif day == FULL_DISK:
            self.expect(exit_status == 1, f"exit status {exit_status} on a full disk")
        is_missed = day in OFF and day - OFF[0] + 1 >= MISSED_AFTER
        is_red = (not is_good and day not in OFF) or is_missed
        is_amber = bool(expected.told_on) or (is_good and has_failed) or (day in OFF and self.rows[-1].light == "amber")
        self.expect(light == (1 if is_red else 3 if is_amber else 0), f"status ends with {light}")
        metrics = (self.home / METRICS).read_text().splitlines()
        wrong = {f'kind="{kind}",subject="{subject}"' for kind, subject in expected.told_on}
        shown = {line[line.index("{") + 1 : line.index("}")] for line in metrics if line.startswith("leviers_incident")}
        self.expect(shown == wrong, f"metrics show {shown}, wrong is {wrong}")
        values = dict(line.rsplit(" ", 1) for line in metrics if not line.startswith("#"))
        last = datetime.fromtimestamp(float(values["leviers_last_success_time_seconds"]), PARIS).date()
        self.expect(last == self.last_success, f"the last success is of {last} in the metrics")
        if day not in CUTS and day not in OFF:
            self.expect(values["leviers_run_exit_status"] == str(exit_status), "metrics have another exit status")
            self.expect(values["leviers_run_success"] == str(int(is_good)), "metrics have another success")
        with duckdb.connect(str(self.home / "published" / "leviers.duckdb"), read_only=True) as connection:
            rows = connection.execute("select dataset_id, sha256 from marts.dim_snapshot").fetchall()
        held = {name: {each for dataset, each in rows if dataset == name} for name in self.published}
        self.expect(held == self.published, "other files are published than the last good ones")

    @property
    def accepted(self) -> dict[str, list[bytes]]:
        """The files of the last good edition of the portals that give them as they are."""
        return {name: list(self.portals[name].good.values()) for name in ("lovac_commune", "bnlc", "sitadel_yearly")}


def _without_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))


@pytest.fixture(scope="module")
def operation(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Iterator[Operation]:
    """A home after its ninety days."""
    library, catalog, places = clock(), load_catalog(), by_level()
    tmp_path = tmp_path_factory.mktemp("operation")
    write_figures(tmp_path / "figures")
    for name in ("tmp", "output"):
        (tmp_path / name).mkdir()
    with ExitStack() as stack:
        portals = {}
        for name in CHANGING:
            dataset, server = catalog[name], stack.enter_context(FakeServer())
            files = live_files(dataset, fixtures / name)
            files = {file: spread(dataset, file, body, places) for file, body in files.items()}
            portals[name] = Portal(dataset, files, server)
            portals[name].change(FIRST)
        listener = stack.enter_context(FakeServer())
        listener.route("/alert", lambda request: Response(200), method="POST")
        listener.route("/ping", lambda request: Response(200))
        before = old_code(VERSION_BEFORE, tmp_path / "code") | {"LEVIERS_CACHE": str(tmp_path / "cache")}
        operation = Operation(tmp_path, portals, listener, library, before)
        live(operation)
        yield operation


def live(operation: Operation) -> None:
    """Passes the days, each with what is staged for it."""
    portals, turn = operation.portals, 0
    for day, at in enumerate(operation.ticks):
        staged, down, refused = [], set(), set()
        if day == UPGRADE:
            operation.code = {"PYTHONPATH": str(README.parent)}
            staged.append("upgrade")
        for portal in portals.values():
            portal.server.faults.clear()
        for outage in OUTAGES:
            if outage.first <= day < outage.first + outage.days:
                down |= {*outage.names}
                for name in outage.names:
                    portals[name].server.inject_always(".*", outage.fault or fault.no_answer)
        for name, first, days, spoilt in REFUSED:
            if day == first:
                portals[name].spoil(at.date(), spoilt)
            if day == first + days:
                portals[name].change(at.date())
            if first <= day < first + days:
                refused.add(name)
        operation.checked = sorted(refused)
        is_renewed = any(day == first + days for _, first, days, _ in REFUSED)
        if day == LATE_UNTIL:
            portals[LATE].bring_forward(at.date())
        elif day in CHANGED and not is_renewed:
            well = [name for name in portals if name not in down | refused]
            portals[well[turn % len(well)]].change(at.date())
            turn += 1
        staged += [f"{name} down" for name in (["network"] if len(down) == len(portals) else sorted(down))]
        staged += [f"{name} refused" for name in sorted(refused)]
        late = at.date() >= LATE_FROM and day < LATE_UNTIL
        operation.pass_day(day, at, staged, down, refused, late=late)


def test_each_day_ends_as_what_was_staged_for_it_wants(operation: Operation) -> None:
    """It compares the exit status, messages, ``status``, metrics and published files of each day."""
    assert operation.faults == []


def test_thirty_days_and_more_are_changed_refreshes(operation: Operation) -> None:
    kinds = Counter(row.kind for row in operation.rows)
    print(", ".join(f"{count} days {kind}" for kind, count in kinds.items()))
    assert (kinds["changed"] >= 30, kinds.total()) == (True, DAYS)


def test_runs_start_at_three_before_and_after_the_change_of_clocks(operation: Operation) -> None:
    assert {at.strftime("%H:%M %z") for at in operation.ticks} == {"03:00 +0100", "03:00 +0200"}


def test_no_folder_grows_without_bound(operation: Operation) -> None:
    assert grows(operation.rows) == {}


def test_the_home_keeps_its_numbers_of_logs_publications_and_editions(operation: Operation) -> None:
    assert len([*operation.home.glob("logs/*.log")]) <= LOGS
    assert len([*operation.home.glob("publications/*")]) <= PUBLICATIONS
    for name, portal in operation.portals.items():
        assert len([*(operation.home / "raw" / name).glob("*/")]) <= EDITIONS * len(portal.good)


def test_no_part_of_a_download_is_left(operation: Operation) -> None:
    assert [*operation.home.glob("**/*.part*")] == []


def grows(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Folders that take a tenth more, and more than 100 kB, in the last thirty days than in the thirty before them."""
    spans = rows[-60:-30], rows[-30:]
    most = [Counter[str]() for _ in spans]
    for span, largest in zip(spans, most, strict=True):
        for row in span:
            largest |= Counter(row.sizes)
    return {name: (most[0][name], size) for name, size in most[1].items() if size > 1.1 * most[0][name] + 100_000}
