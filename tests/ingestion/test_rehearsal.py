"""First contact, rehearsed: a portal changed in each way; the probe's finding and advice, the end of a refresh."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from ingestion.catalog import Dataset, load_catalog
from ingestion.fetch import fetch
from ingestion.http import NotReachedError
from ingestion.options import Options
from ingestion.probe import TimeBudget, kinds
from ingestion.snapshots import SnapshotStore
from leviers.cli.main import main
from tests.conftest import DOCS
from tests.fakes import server as fault
from tests.fakes.data_fair import DataFair
from tests.fakes.server import FakeServer, Response, serve_file
from tests.ingestion.helpers import ask_this_machine, load_waiting, record

pytestmark = pytest.mark.xdist_group("rehearsal")
NAME = "jeu_test"
HEADER = "code,valeur,nom\n"
ROWS = "31001,1.5,Été 1\n31002,2.5,Été 2\n"
NEW_ROWS = ROWS + "31003,3.5,Été 3\n"
OLD, NOW, LATER = (f"{day} Jan 2099 00:00:00 GMT" for day in ("Thu, 01", "Fri, 02", "Sat, 03"))


def file_record(url: str) -> Dataset:
    columns = {"code": {"type": "text"}, "valeur": {"type": "number"}, "nom": {"type": "text"}}
    dataset = record("plain_file", f"{url}/test.csv", size_floor=20)
    return declared(dataset, columns, {"format": "csv"}, primary_key=["code"])


def declared(dataset: Dataset, columns: dict[str, Any], kind: dict[str, str], **table: Any) -> Dataset:
    table |= {"description": "Test", "columns": columns, "layouts": [{"name": "current", **kind}]}
    table |= {"row_floor": 2, "checks": [{"rows": {"min": 1}}]}
    return Dataset.model_validate(dataset.model_dump() | {"tables": [table]})


def serve(server: FakeServer, body: str | bytes, changed: str) -> None:
    content = body.encode() if isinstance(body, str) else body
    server.routes.clear()
    server.route("/test.csv", lambda r: serve_file(r, content, "text/csv", last_modified=changed))


def serves(body: str | bytes, changed: str = LATER) -> Callable[[FakeServer], None]:
    return lambda server: serve(server, body, changed)


def always(answer: fault.Fault) -> Callable[[FakeServer], None]:
    return lambda server: server.inject_always(".*", answer)


def leads(path: str, status: int) -> Callable[[FakeServer], None]:
    def change(server: FakeServer) -> None:
        serve(server, HEADER + NEW_ROWS, LATER)
        server.route("/new.csv", lambda r: serve_file(r, (HEADER + NEW_ROWS).encode(), "text/csv", last_modified=LATER))
        server.inject_always("/test.csv", lambda r, _: Response(status, b"", {"Location": path}))

    return change


def without_next(content: Any) -> None:
    content.pop("next", None)


def stops_after_a_page(server: FakeServer) -> None:
    server.inject_always("/lines", fault.edited_json(without_next))


@dataclass(frozen=True)
class Change:
    """A changed portal: the finding of the probe, the next step that it names, and the end of a refresh.

    The end is the line of a home with the last good data, that of a new home, and the rows of both.
    """

    spoil: Callable[[FakeServer], None]
    kind: str
    step: str
    lines: tuple[str, str]
    rows: tuple[int, int]
    words: str = ""  # of the gravest finding, on which a person acts
    warning: str = ""


KEPT = (("failed, kept last good: .*", "failed, absent: .*"), (2, 0))
LOADED = (("changed: loaded; 3 rows",) * 2, (3, 3))
NEW = HEADER + NEW_ROWS
CHANGES = {
    "moved": Change(always(fault.status(404)), "moved", "find the new address", *KEPT),
    "redirect": Change(leads("/new.csv", 301), "redirect", "write the new address to", *LOADED),
    "other host": Change(leads("https://ailleurs.example/x.csv", 302), "host", 'add it to "hosts"', *KEPT),
    "renamed column": Change(serves(NEW.replace("valeur", "montant")), "column", 'add it to "aliases"', *KEPT),
    "new column": Change(serves(NEW.replace("\n", ",9\n")), "new_column", 'add the label to "ignore"', *LOADED,
                         warning="loaded without the undeclared column"),
    "empty": Change(serves(""), "empty", "wait for the next one", *KEPT),
    "page": Change(always(fault.html_page()), "page",
                   "of jeu_test in ingestion/catalog/producteur_test.yml, then type: leviers refresh", *KEPT),
    "older": Change(serves(NEW, OLD), "older", "hold the next refresh, which would load it", *LOADED,
                    warning="older than the last one"),
    "encoding": Change(serves(NEW.encode("latin-1")), "encoding", "if the line reads well", *KEPT,
                       "test.csv: not in utf-8: byte 0xc9 at line 2; in cp1252 that line is '31001,1.5,Été 1'"),
    "separator": Change(serves(NEW.replace(",", ";")), "separator", 'to "separator"', *KEPT),
    "paging": Change(stops_after_a_page, "answer", "(format and pattern of its name: JSON Lines *)", KEPT[0], (7, 0)),
    "quota": Change(always(fault.status(429, retry_after="86400")), "quota", "wait until the portal takes calls",
                    *KEPT),
    "certificate": Change(lambda _: None, "certificate", "look at the clock of this machine", *KEPT),
    "newer": Change(serves(NEW), "newer", "load it: leviers refresh --region 76 --only", *LOADED),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_home(tmp_path, monkeypatch)


def own_home(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """The place of a home whose portals are on this machine."""
    ask_this_machine(patch)
    patch.setenv("LEVIERS_HOME", str(folder / "home"))
    return folder / "home"


def refresh(home: Path) -> str:
    [fetched] = fetch(Options(home=home), [NAME])
    loaded = [outcome.message for outcome in load_waiting(Options(home=home), NAME)]
    return loaded[0] if loaded and fetched.status == "changed" else fetched.message


def rows(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        tables = connection.execute("select 1 from duckdb_tables() where table_name = ?", [NAME]).fetchall()
        if not tables:
            return 0
        [(count,)] = connection.execute(f"select count(*) from raw_producteur_test.{NAME}").fetchall()
    return int(count)


def probed(*options: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, ["sources", "--probe", "--json", "--only", NAME, *options])
    [answer] = json.loads(result.stdout)
    return result.exit_code, answer


def paged(server: FakeServer) -> tuple[DataFair, Dataset]:
    """A portal that gives seven rows in pages of three."""
    fields = {"code": "code", "valeur": "valeur"}
    fake = DataFair(server, "test", fields, [{"code": f"3100{n}", "valeur": n} for n in range(7)])
    types, lines = {name: {"type": "text"} for name in fields}, {"format": "json", "records": "lines"}
    params: dict[str, Any] = {"mode": "lines", "size": 3, "select": "code,valeur"}
    return fake, declared(record("data_fair", fake.url, params), types, lines)


@dataclass(frozen=True)
class Rehearsed:
    """A portal after its change: the answer of the probe, and the ends of a refresh of two homes."""

    change: Change
    status: int
    answer: dict[str, Any]
    lines: tuple[str, str]
    rows: tuple[int, int]
    warnings: str


@pytest.fixture(scope="module", params=CHANGES)
def rehearsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    name, change, folder = request.param, CHANGES[request.param], tmp_path_factory.mktemp("rehearsed")
    with FakeServer() as server, pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        home, first = own_home(folder, patch), folder / "first"
        if name == "paging":
            fake, dataset = paged(server)
        else:
            serve(server, HEADER + ROWS, NOW)
            dataset = file_record(server.url)
        patch.setitem(load_catalog(), NAME, dataset)
        refresh(home)
        if name == "paging":
            fake.updated_at = "2026-03-03T04:05:06.000Z"
        if name == "certificate":
            other = stack.enter_context(FakeServer(untrusted(folder)))
            patch.setitem(load_catalog(), NAME, file_record(other.url))
        change.spoil(server)
        status, answer = probed()
        lines = refresh(home), refresh(first)
        warnings = "".join(SnapshotStore(home).state(NAME).warnings)
        yield Rehearsed(change, status, answer, lines, (rows(home), rows(first)), warnings)


@pytest.mark.warehouse
def test_a_portal_that_is_as_recorded_is_loaded_whole(
    server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(server, HEADER + ROWS, NOW)
    monkeypatch.setitem(load_catalog(), NAME, file_record(server.url))
    assert probed()[1]["state"] == "as_recorded"
    assert (refresh(home), rows(home)) == ("changed: loaded; 2 rows", 2)
    assert probed()[0] == 0


@pytest.mark.warehouse
def test_the_probe_finds_the_change_of_a_portal(rehearsed: Rehearsed) -> None:
    kind = rehearsed.change.kind
    assert (rehearsed.answer["state"], rehearsed.status) == (kind, kinds()[kind].status), rehearsed.answer


@pytest.mark.warehouse
def test_the_probe_names_the_gravest_finding_first(rehearsed: Rehearsed) -> None:
    findings = rehearsed.answer["findings"]
    gravity = [kinds()[each["kind"]].gravity for each in findings]
    assert gravity == sorted(gravity)
    assert rehearsed.change.words in findings[0]["text"]


@pytest.mark.warehouse
def test_the_probe_says_what_to_do(rehearsed: Rehearsed) -> None:
    assert rehearsed.change.step in rehearsed.answer["next"]
    assert f"--only {NAME}" in rehearsed.answer["next"]


@pytest.mark.warehouse
def test_a_changed_portal_is_loaded_whole_or_refused(rehearsed: Rehearsed) -> None:
    for line, pattern in zip(rehearsed.lines, rehearsed.change.lines, strict=True):
        assert re.fullmatch(pattern, line)
    assert rehearsed.rows == rehearsed.change.rows
    assert rehearsed.change.warning in rehearsed.warnings


def untrusted(folder: Path) -> ssl.SSLContext:
    """A server context with a certificate that nobody has signed."""
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*made, *named], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_datasets_are_loaded_whole_beside_the_home(
    server: FakeServer, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded rows are removed, unless the load failed: its rows end within a line here, where no probe looks."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(load_catalog(), NAME, file_record(server.url))
    serve(server, HEADER + ROWS, NOW)
    status, answer = probed("--live", "3")
    assert (status, answer["live"]) == (0, "changed: loaded; 2 rows")
    assert not [*tmp_path.glob("leviers-live-*")]
    assert not (home / "raw").exists()
    serve(server, HEADER + ROWS + "31003,3", NOW)
    status, answer = probed("--live", "3")
    assert (status, answer["live"].startswith("failed, absent: ")) == (1, True)
    assert len([*tmp_path.glob("leviers-live-*")]) == 1


def test_datasets_not_reached_in_ten_minutes_are_named(
    server: FakeServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.probe.PROBE_SECONDS", 0.0)
    monkeypatch.setitem(load_catalog(), NAME, file_record(server.url))
    status, answer = probed()
    assert (status, answer["state"], server.calls("test.csv")) == (3, "late", [])
    result = CliRunner().invoke(main, ["sources", "--probe", "--only", NAME])
    assert f"  next: ask what is left: leviers sources --probe --only {NAME}" in result.stdout
    monkeypatch.setattr("ingestion.probe.PROBE_SECONDS", 100.0)
    budget = TimeBudget()
    with pytest.raises(NotReachedError, match="a pause of 16 seconds, longer than a probe waits"):
        budget.sleep(16)


def test_without_a_checkout_no_step_changes_a_record() -> None:
    """Installed records are replaced by the next version: a file comes by a mirror of the home, or waits."""
    values = {name: f"<{name}>" for name in ("dataset", "record", "page", "portal", "refresh", "mirror", "files")}
    for name, kind in kinds().items():
        in_checkout, installed = (kind.step(is_checkout=is_checkout, **values) for is_checkout in (True, False))
        assert "<record>" not in installed, name
        assert ("tell who maintains the code" in installed) == (kind.installed is not None or name == "answer"), name
        assert kind.installed or installed == in_checkout


def test_the_page_tells_each_kind_in_the_words_of_the_probe() -> None:
    page = " ".join((DOCS / "operate.md").read_text(encoding="utf-8").split())
    assert [kind.label for kind in kinds().values() if kind.label not in page] == []
    named = {name for kind in kinds().values() for name in re.findall(r'"([^"]+)" in docs/operate.md', kind.next)}
    assert named == {"Hand over", "Hold a refresh"}
    assert [name for name in named if f"## {name} " not in page] == []
