"""The refresh of the raw layer: what is refused, by which step, and that it costs nobody their last good data."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from ingestion import readers
from ingestion.catalog import Dataset, Fetch, load_catalog
from ingestion.fetch import fetch
from ingestion.http import Download, HttpClient
from ingestion.options import Options
from ingestion.snapshots import Snapshot, SnapshotStore
from leviers.cli.main import main
from tests.fakes.server import FakeServer, serve_file
from tests.ingestion.groups import BETTER, GOOD, HEADER, NAME, OTHER, put, refresh, rows
from tests.ingestion.helpers import ask_this_machine, load_waiting

pytestmark = pytest.mark.warehouse


@pytest.fixture(params=["by the reader", "by a statement"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is read row by row, or first tried as a large plain one: nothing else may differ."""
    if request.param == "by a statement":
        monkeypatch.setattr(readers, "PLAIN_BYTES", 0)


@pytest.fixture(scope="module")
def good_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("good")


@pytest.fixture
def good(options: Options, good_homes: Path) -> None:
    """The home after the good file: loaded once in each way, since most tests begin there."""
    home = good_homes / str(readers.PLAIN_BYTES)
    if not home.exists():
        first = replace(options, home=home)
        put(first, GOOD)
        assert refresh(first)[NAME] == "changed: loaded; 2 rows"
    shutil.copytree(home, options.home)


def test_an_unchanged_dataset_is_not_loaded_again(options: Options) -> None:
    put(options, GOOD)
    assert refresh(options)[NAME] == "changed: loaded; 2 rows"
    assert refresh(options) == {NAME: "unchanged", OTHER: "unchanged"}
    put(options, BETTER)
    assert refresh(options)[NAME] == "changed: loaded; 3 rows"


NO_CODE = GOOD + "crte,T1,Groupe Test,3155X,1\n"
BY_CHECKS = "failed, kept last good: refused by its checks: "


@pytest.mark.usefixtures("way", "good")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER.replace("commune_code,", "") + "crte,T1,Test,1\n", "missing column commune_code"),
        ("<!DOCTYPE html><html>404</html>", "an HTML page where data was expected"),
        ("", "the file is empty"),
        (GOOD + "crte,T1", "damaged or truncated"),
        (GOOD.replace("Test", "Été").encode("latin-1"), "wrong encoding: expected UTF-8"),
        ("date_mesure,geocode_departement,valeur\n2020-01-01,09,1\n", "missing column group_type"),
        (GOOD + "crte,T1,Groupe Test,31149,one\n", "expected a whole number, found 'one'"),
    ],
    ids=["missing column", "html", "empty", "truncated", "encoding", "another dataset", "no number"],
)
def test_a_file_that_cannot_be_read_is_refused_and_the_last_good_data_stay(
    options: Options, content: str | bytes, message: str
) -> None:
    put(options, content)
    line = refresh(options)[NAME]
    assert line.startswith("failed, kept last good: ")
    assert not line.startswith(BY_CHECKS)
    assert message in line
    assert rows(options) == 2


@pytest.mark.usefixtures("way", "good")
def test_a_file_that_fails_its_checks_is_refused_and_the_last_good_data_stay(options: Options) -> None:
    put(options, NO_CODE)
    line = refresh(options)[NAME]
    assert line.startswith(BY_CHECKS)
    assert "commune_code__pattern_misses" in line
    assert rows(options) == 2


bad_file = pytest.mark.parametrize("bad", ["<!DOCTYPE html><html>404</html>", NO_CODE], ids=["reader", "expectations"])


@pytest.mark.usefixtures("good")
@bad_file
def test_a_bad_file_keeps_no_other_dataset_from_its_load(options: Options, bad: str) -> None:
    put(options, bad)
    not_loaded(options, OTHER)
    assert refresh(options)[OTHER].startswith("changed: ")
    assert rows(options, OTHER) > 0


@pytest.mark.usefixtures("good")
@bad_file
def test_a_bad_file_is_read_once_and_a_better_one_takes_its_place(options: Options, bad: str) -> None:
    put(options, bad)
    refresh(options)
    assert "(the same files as at the last run)" in refresh(options)[NAME]
    put(options, BETTER)
    assert refresh(options)[NAME].startswith("changed: ")
    assert rows(options) == 3


def not_loaded(options: Options, name: str) -> None:
    """Notes that a load of a dataset died."""
    store = SnapshotStore(options.home)
    state = store.state(name)
    state.loaded = None
    store.save_state(name, state)


@pytest.mark.usefixtures("good")
def test_a_refused_file_that_is_taken_back_is_refused_no_more(options: Options) -> None:
    store = SnapshotStore(options.home)
    put(options, "<!DOCTYPE html>")
    assert refresh(options)[NAME].startswith("failed, kept last good: ")
    assert store.state(NAME).reason
    put(options, GOOD)
    assert (refresh(options)[NAME], store.state(NAME).reason) == ("unchanged", None)


@pytest.mark.usefixtures("good")
@bad_file
@pytest.mark.parametrize("died", [False, True])
def test_an_edited_record_reads_the_last_good_file_after_a_bad_one(
    options: Options, monkeypatch: pytest.MonkeyPatch, bad: str, *, died: bool
) -> None:
    """The raw tables hold the accepted edition in either case, or the publication would be blocked for good."""
    catalog = load_catalog()
    dataset = catalog[NAME].model_copy(update={"cadence": "edited"})
    monkeypatch.setitem(catalog, NAME, dataset)
    store = SnapshotStore(options.home)
    if died:
        with duckdb.connect(str(options.warehouse)) as connection:
            connection.execute(f"delete from raw_leviers.{NAME}")
        not_loaded(options, NAME)
    put(options, bad)
    assert refresh(options)[NAME].startswith("failed, kept last good: ")
    state = store.state(NAME)
    assert state.loaded == state.accepted_id
    assert rows(options) == 2
    assert "(the same files as at the last run)" in refresh(options)[NAME]
    state = store.state(NAME)
    assert state.loaded == state.accepted_id


@pytest.fixture
def portal(server: FakeServer, options: Options, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """The dataset behind a portal; ``serve`` gives it a file with a version."""
    catalog = load_catalog()
    address = Fetch(portal="plain_file", url=f"{server.url}/groups.csv", size_floor=1)
    monkeypatch.setitem(catalog, NAME, catalog[NAME].model_copy(update={"fetch": address}))
    ask_this_machine(monkeypatch)
    return server


def serve(server: FakeServer, content: str) -> None:
    version = f'"{hash(content)}"'
    server.routes.clear()
    server.route("/groups.csv", lambda r: serve_file(r, content.encode(), "text/csv", etag=version))


def test_a_refused_file_is_not_downloaded_again(portal: FakeServer, options: Options) -> None:
    online = replace(options, offline=False)
    serve(portal, GOOD)
    refresh(online)
    serve(portal, NO_CODE)
    assert "refused by its checks" in refresh(online)[NAME]
    for _ in range(2):
        portal.requests.clear()
        assert "(the same files as at the last run)" in refresh(online)[NAME]
        assert [request.headers.get("If-None-Match") is not None for request in portal.requests] == [True]
        assert rows(options) == 2
    serve(portal, BETTER)
    assert refresh(online)[NAME].startswith("changed: loaded; 3 rows")


@pytest.mark.usefixtures("good")
def test_a_lost_working_file_is_loaded_again_from_snapshots(options: Options) -> None:
    (options.home / "inputs" / NAME / "groups.csv").unlink()
    options.warehouse.unlink()
    assert refresh(options)[NAME] == "changed: loaded; 2 rows"


def accepted_files(options: Options) -> list[Path]:
    edition = SnapshotStore(options.home).accepted_edition(load_catalog()[NAME])
    assert edition
    return [snapshot.path for snapshot in edition.snapshots]


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("damaged", ["state", "cut state", "sidecar"])
def test_a_damaged_state_stops_nobody_else_and_is_started_afresh(options: Options, damaged: str) -> None:
    state_file = options.home / "raw" / NAME / "state.json"
    (kept,) = accepted_files(options)
    match damaged:
        case "state":
            state_file.write_text('{"loaded": "x", "unknown": 1}')
        case "cut state":
            state_file.write_text(state_file.read_text()[:40])
        case "sidecar":
            (kept.parent / "snapshot.json").unlink()
    lines = refresh(options)
    assert lines[OTHER] == "unchanged"
    assert lines[NAME] == "changed: loaded; 2 rows"
    assert rows(options) == 2
    assert refresh(options)[NAME] == "unchanged"
    assert (state_file.with_name("state.json.damaged")).exists()
    put(options, BETTER)
    refresh(options)
    assert kept.exists(), "nothing is forgotten while a person may want the files back"


@pytest.mark.usefixtures("good")
def test_a_damaged_state_without_files_at_hand_empties_the_raw_table(options: Options) -> None:
    (options.home / "raw" / NAME / "state.json").write_text("not json")
    (options.home / "inputs" / NAME / "groups.csv").unlink()
    (outcome,) = fetch(options, [NAME])
    assert (outcome.status, outcome.edition and outcome.edition.snapshots) == ("failed", ())
    assert "state.json" in outcome.message
    load_waiting(options, NAME)
    assert rows(options) == 0


@pytest.mark.parametrize(
    ("name", "offline", "why"),
    [
        ("ecolab_wood_harvest", False, "LEVIERS_HUB_TOKEN is not set"),
        ("atmo_emissions_sector", False, "LEVIERS_ATMO_PASSWORD is not set"),
        ("ecolab_wood_harvest", True, "no network asked for"),
        ("cerema_vacancy_2021", False, "its record names no address"),
        ("commitment", False, "nobody has entered a row"),
    ],
)
def test_a_dataset_that_no_portal_is_asked_for_is_absent_and_not_failed(
    options: Options, monkeypatch: pytest.MonkeyPatch, name: str, offline: bool, why: str
) -> None:
    monkeypatch.delenv("LEVIERS_HUB_TOKEN", raising=False)
    monkeypatch.setenv("LEVIERS_ATMO_USERNAME", "compte-de-test")
    monkeypatch.delenv("LEVIERS_ATMO_PASSWORD", raising=False)
    (outcome,) = fetch(replace(options, offline=offline), [name])
    assert (outcome.status, outcome.message) == ("absent", f"absent: no file in the mirror, and {why}")


def test_a_note_of_a_portal_is_a_warning_and_said_once(
    options: Options, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notes = ["series 901 was not found"]

    def portal(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download]:
        for note in notes:
            http.notes.append(note)
        (tmp_path / "bnlc.csv").write_text("id_lieu\n1\n")
        return [Download(tmp_path / "bnlc.csv", "https://www.data.gouv.fr/test")]

    monkeypatch.setattr("ingestion.portals.fetch_files", portal)
    online, store, dataset = replace(options, offline=False), SnapshotStore(options.home), load_catalog()["bnlc"]
    fetch(online, ["bnlc"])
    pending = store.pending_edition(dataset)
    assert pending
    store.accept(pending, store.state("bnlc"))
    options.warehouse.touch()
    assert store.state("bnlc").warnings == notes
    assert [outcome.message for outcome in fetch(online, ["bnlc"])] == ["unchanged"]
    notes[:] = ["series 902 was not found"]
    assert [outcome.message for outcome in fetch(online, ["bnlc"])] == ["unchanged; series 902 was not found"]
    assert store.state("bnlc").warnings == notes


def test_a_file_below_its_floor_is_refused_and_the_last_good_data_stay(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = load_catalog()[NAME]
    table = dataset.tables[0].model_copy(update={"row_floor": 2})
    monkeypatch.setitem(load_catalog(), NAME, dataset.model_copy(update={"tables": [table]}))
    put(options, GOOD)
    refresh(options)
    put(options, HEADER + "crte,T1,Groupe Test,31555,1\n")
    assert "1 rows, expected at least 2 (truncated?)" in refresh(options)[NAME]
    assert rows(options) == 2


def alter(path: Path, *, unseen: bool = False) -> None:
    """Another value in a stored file; ``unseen``: its size and its time stay, as where a disk fails."""
    stat = path.stat()
    path.write_text(path.read_text().replace("31069", "31070"))
    if unseen:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def loaded_communes(options: Options) -> list[str]:
    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        codes = connection.execute(f"select commune_code from raw_leviers.{NAME} order by all").fetchall()
    return [code for (code,) in codes]


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize(("full", "unseen"), [(False, False), (True, False), (True, True)])
def test_an_altered_snapshot_is_stored_again_from_its_source(options: Options, *, full: bool, unseen: bool) -> None:
    """It is stored at once if it is to be loaded, or if its size or time shows that it was touched."""
    (kept,) = accepted_files(options)
    alter(kept, unseen=unseen)
    assert refresh(replace(options, full=full))[NAME] == "changed: loaded; 2 rows"
    assert loaded_communes(options) == ["31069", "31555"]
    assert kept.read_text() == GOOD
    assert refresh(options)[NAME] == "unchanged"


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("content", ['{"dataset_id": ', "[]", None])
def test_a_damaged_sidecar_is_made_again(
    options: Options, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    """Until then a line tells that it is damaged."""
    sidecar = accepted_files(options)[0].with_name("snapshot.json")
    before = json.loads(sidecar.read_text())
    sidecar.unlink()
    if content:
        sidecar.write_text(content)
    monkeypatch.setenv("LEVIERS_HOME", str(options.home))
    checked = CliRunner().invoke(main, ["check", "--store"])
    assert (checked.exit_code, f"{NAME}: {sidecar} cannot be read: " in checked.output) == (1, True)
    assert refresh(options)[NAME].startswith("changed: loaded; 2 rows")
    assert json.loads(sidecar.read_text()).keys() == before.keys()
    assert refresh(options)[NAME] == "unchanged"
    assert CliRunner().invoke(main, ["check", "--store"]).exit_code == 0


@pytest.mark.usefixtures("good")
def test_an_altered_snapshot_without_a_source_is_refused(options: Options) -> None:
    (kept,) = accepted_files(options)
    alter(kept)
    shutil.rmtree(options.home / "inputs")
    for _ in range(2):
        line = refresh(options)[NAME]
        assert line.startswith("failed, kept last good: groups.csv was altered in the store: expected the SHA-256 ")
        assert loaded_communes(options) == ["31069", "31555"]
    put(options, GOOD)
    assert refresh(options)[NAME] == "changed: loaded; 2 rows"
    assert refresh(options)[NAME] == "unchanged"


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("earlier", [False, True])
def test_an_altered_snapshot_is_not_loaded(options: Options, *, earlier: bool) -> None:
    """If the raw tables are lost, the edition before it is loaded, or nothing."""
    if earlier:
        put(options, BETTER)
        refresh(options)
    alter(accepted_files(options)[0], unseen=earlier)
    shutil.rmtree(options.home / "inputs")
    options.warehouse.unlink()
    line = refresh(options)[NAME]
    stands = "kept last good" if earlier else "absent"
    assert line.startswith(f"failed, {stands}: groups.csv was altered in the store: ")
    assert loaded_communes(options) == (["31069", "31555"] if earlier else [])
    state = SnapshotStore(options.home).state(NAME)
    assert state.loaded == state.accepted_id


@pytest.mark.parametrize("edited", [False, True])
def test_an_altered_snapshot_or_that_of_another_record_is_asked_for_anew(
    portal: FakeServer, options: Options, monkeypatch: pytest.MonkeyPatch, *, edited: bool
) -> None:
    online = replace(options, offline=False)
    serve(portal, GOOD)
    refresh(online)
    if edited:
        catalog = load_catalog()
        monkeypatch.setitem(catalog, NAME, catalog[NAME].model_copy(update={"cadence": "edited"}))
    else:
        alter(accepted_files(options)[0])
    portal.requests.clear()
    assert refresh(online)[NAME] == "changed: loaded; 2 rows"
    assert [request.headers.get("If-None-Match") for request in portal.requests] == [None]
    assert loaded_communes(options) == ["31069", "31555"]
    assert refresh(online)[NAME] == "unchanged"
