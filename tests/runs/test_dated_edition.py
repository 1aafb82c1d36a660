"""An edition: whole, dated, never changed, with its difference from the one before; a reader's look at it."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
import yaml
from click.testing import CliRunner, Result

from leviers.cli.main import main
from leviers.warehouse.editions import udata
from leviers.warehouse.home import RunState, write_run_state
from leviers.warehouse.publication import publish as publication
from leviers.warehouse.publication.publish import publish
from leviers.warehouse.publication.relations import Documentation
from tests.fakes.server import FakeServer, Request, Response, no_answer
from tests.fakes.udata import Udata

TOKEN = "token-test-5f2c"  # noqa: S105 - of a fake


@dataclass(frozen=True)
class Editions:
    """A home of a few rows, and a folder of editions."""

    home: Path
    folder: Path

    def hold(self, *statements: str, day: str) -> None:
        """Changes the working file, and publishes it as if on that day."""
        with duckdb.connect(str(self.home / "warehouse.duckdb")) as connection:
            for statement in statements:
                connection.execute(statement)
        publish(self.home, "76", [], PUBLISHED, reports=write_page, site=write_site)
        file = (self.home / "published" / "leviers.duckdb").resolve()
        file.chmod(0o644)
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"update vues.fait_publication set publie_le = '{day}' where publie_le > '{day}'")
        seal = {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        (file.parent / "seal.json").write_text(json.dumps(seal))

    def publish(self, *options: str) -> Result:
        return run("publish", "--to", str(self.folder), *options)


VALUES = Documentation("Valeurs", key=("indicator_id", "territory_level", "territory_code", "year"))
OTHERS = ("marts.dim_dataset", "marts.dim_indicator", "marts.dim_snapshot", "quality.fct_correction")
PUBLISHED = {"marts.fct_indicator_value": VALUES} | dict.fromkeys(OTHERS, Documentation(""))
TABLES = """
create schema marts;
create schema quality;
create table marts.dim_snapshot as
select dataset_id, dataset_id || '-1' as snapshot_id, 'a' as sha256
from unnest(['one', 'two', 'three']) as t (dataset_id);
create table marts.dim_dataset as
select
    dataset_id, 'Jeu ' || dataset_id as title_fr, 'MIT' as licence, 'MIT' as licence_label_fr,
    'https://licence.example.org' as licence_url, true as republish, 'Test' as attribution, null as homepage
from marts.dim_snapshot;
create table marts.dim_indicator as
select indicator_id, 'Indicateur ' || indicator_id as label_fr
from unnest(['heat', 'wind', 'wood']) as t (indicator_id);
create table quality.fct_correction as
select
    id || '_2020' as correction_id, dataset_id, id as indicator_id, 'Vu faux.' as reason,
    1 as corrected_values, 'applied' as state, 'appliquée' as state_label_fr
from (values ('wood', 'three'), ('wind', 'two')) as t (id, dataset_id);
create table marts.fct_indicator_value as
select * from (values
    ('heat', 'region', '76', 2020, 1.5, 'one', 'one-1'),
    ('wind', 'region', '76', 2020, 2.5, 'two', 'two-1'),
    ('wood', 'region', '76', 2020, null, 'three', 'three-1')
) as t (indicator_id, territory_level, territory_code, year, value, dataset_id, snapshot_id);
"""


def write_page(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text("<!DOCTYPE html><p>Test</p>")


def write_site(file: Path, folder: Path) -> dict[str, str]:
    write_page(folder)
    return {}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    """A publication and its dated edition, which each test has a copy of."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "macros.sql").write_text("")
    template = Editions(folder / "home", folder / "editions")
    template.home.mkdir()
    write_run_state(template.home, RunState(fingerprint="a"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publication, "MACROS", folder / "macros.sql")
        patch.setenv("LEVIERS_HOME", str(template.home))
        template.hold(TABLES, day="2020-01-31")
        assert template.publish().exit_code == 0
    return template


@pytest.fixture
def editions(made_once: Editions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editions:
    """A publication without a dated edition."""
    monkeypatch.setattr(publication, "MACROS", made_once.home.with_name("macros.sql"))
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path / "home"))
    shutil.copytree(made_once.home, tmp_path / "home", symlinks=True)
    return Editions(tmp_path / "home", tmp_path / "editions")


@pytest.fixture
def dated(made_once: Editions, editions: Editions) -> Editions:
    """A publication with its dated edition."""
    shutil.copytree(made_once.folder, editions.folder, symlinks=True)
    return editions


def test_an_edition_is_made_under_its_day(editions: Editions) -> None:
    result = editions.publish()
    assert result.exit_code == 0
    assert f"the edition {editions.folder / '2020-01-31'} is made" in result.output
    assert (editions.folder / "latest").readlink() == Path("2020-01-31")


def test_an_edition_is_whole_and_may_not_be_written(dated: Editions) -> None:
    edition = dated.folder / "2020-01-31"
    assert {path.name for path in edition.iterdir()} == {
        "CITATION.cff", "SHA256SUMS", "catalogue.jsonld", "changements.md", "datapackage.json", "edition.json",
        "leviers.duckdb", "leviers-bi.duckdb", "parquet", "reports", "site",
    }  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in edition.rglob("*")} == {0o444, 0o755}


def test_the_sums_of_an_edition_are_those_of_its_files(dated: Editions) -> None:
    edition = dated.folder / "2020-01-31"
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=edition, check=True)
    assert run("publish", "--verify", str(edition)).exit_code == 0
    latest = json.loads((dated.folder / "latest.json").read_text())
    assert latest["sha256sums"] == hashlib.sha256((edition / "SHA256SUMS").read_bytes()).hexdigest()


def test_an_edition_says_how_to_cite_it(dated: Editions) -> None:
    cited = yaml.safe_load((dated.folder / "2020-01-31" / "CITATION.cff").read_text())
    assert {"message", "title", "authors"} <= cited.keys()
    assert cited["cff-version"] == "1.2.0"
    assert (cited["version"], str(cited["date-released"])) == ("2020-01-31", "2020-01-31")
    assert [source["title"] for source in cited["references"]] == ["Jeu one", "Jeu three", "Jeu two"]


def test_an_edition_is_never_made_twice(dated: Editions) -> None:
    edition = dated.folder / "2020-01-31"
    written_at = edition.stat().st_mtime_ns
    assert "is there" in dated.publish().output
    assert (edition.stat().st_mtime_ns, sorted(dated.folder.glob("2*"))) == (written_at, [edition])


def test_a_change_is_told_with_its_reason(dated: Editions) -> None:
    dated.hold(
        "update marts.fct_indicator_value set value = 9 where indicator_id = 'heat'",
        "update marts.dim_snapshot set sha256 = 'b' where dataset_id = 'one'",
        "update marts.fct_indicator_value set value = 2.6 where indicator_id = 'wind'",
        "update marts.fct_indicator_value set value = 3 where indicator_id = 'wood'",
        "delete from quality.fct_correction where correction_id = 'wood_2020'",
        day="2020-01-31",
    )
    write_run_state(dated.home, RunState(fingerprint="b"))
    assert "since 2020-01-31: source 1, method 1, correction 1" in dated.publish().output
    edition = dated.folder / "2020-01-31-2"
    changes = json.loads((edition / "edition.json").read_text())["changes"]
    assert {row["indicator_id"]: row["why"] for row in changes["values"]} == {
        "heat": "source", "wind": "method", "wood": "correction",
    }  # fmt: skip
    assert (changes["since"], changes["method"][1]) == ("2020-01-31", "a")
    assert changes["tables"]["marts.fct_indicator_value"] == {"added": 0, "removed": 0, "changed": 3}
    page = (edition / "changements.md").read_text()
    assert "| Jeu two | Indicateur wind | 0 | 1 | 0 | 2020 à 2020 | méthode |" in page
    lines = [line for line in page.splitlines() if line.startswith("- ")]
    assert lines == ["- Jeu one : fichiers nouveaux 1, retirés 1", "- retirée, three : Vu faux."]


def test_an_unfinished_edition_is_not_there(dated: Editions) -> None:
    dated.hold("update marts.fct_indicator_value set value = 9", day="2020-02-01")
    package = dated.home / "published" / "datapackage.json"
    content = package.read_text()
    package.write_text(content.replace(".parquet", ".gone"))  # its files are looked for in the copy
    assert dated.publish().exit_code != 0
    assert {path.name for path in dated.folder.glob("[!.]*")} == {"2020-01-31", "latest", "latest.json"}
    assert (dated.folder / "latest").readlink() == Path("2020-01-31")
    package.write_text(content)
    assert dated.publish().exit_code == 0
    assert (dated.folder / "latest").readlink() == Path("2020-02-01")


def with_new_sums(made: Path, alter: str) -> None:
    """Alters the database and writes the new hashes, as an attacker may."""
    with duckdb.connect(str(made / "leviers.duckdb")) as connection:
        connection.execute(alter.format(made=made))
    names = [line.partition("  ")[2] for line in (made / "SHA256SUMS").read_text().splitlines()]
    hashes = [hashlib.sha256((made / name).read_bytes()).hexdigest() for name in names]
    sums = "".join(f"{digest}  {name}\n" for digest, name in zip(hashes, names, strict=True))
    (made / "SHA256SUMS").write_text(sums)


def only_hashed(made: Path, name: str) -> None:
    """An edition with a single file left, and its hash."""
    digest = hashlib.sha256((made / name).read_bytes()).hexdigest()
    for path in made.rglob("*"):
        if path.is_file() and path != made / name:
            path.unlink()
    (made / "SHA256SUMS").write_text(f"{digest}  {name}\n")


VALUE = "update marts.fct_indicator_value set value = 2 where indicator_id = 'heat'"
ROWS = "copy (select 1 as one limit 0) to '{made}/parquet/dim_dataset.parquet'"


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda made: (made / "site" / "index.html").write_text("x"), "site/index.html: altered"),
        (lambda made: (made / "datapackage.json").unlink(), "datapackage.json: missing"),
        (lambda made: (made / "more.csv").touch(), "more.csv: not of this edition"),
        (lambda made: (made / "SHA256SUMS").unlink(), "no edition here"),
        (lambda made: only_hashed(made, "site/index.html"), "edition.json: missing, leviers.duckdb: missing"),
        (lambda made: (made / "edition.json").write_text("{"), "edition.json is not as published"),
        (lambda made: with_new_sums(made, VALUE), "heat region: other values"),
        (lambda made: with_new_sums(made, ROWS), "marts.dim_dataset: another number of rows"),
    ],
)
def test_a_reader_finds_what_is_not_as_published(dated: Editions, alter: Callable[[Path], object], words: str) -> None:
    made = (dated.folder / "latest").resolve()
    for path in made.rglob("*"):
        path.chmod(0o755)
    alter(made)
    verified = run("publish", "--verify", str(made))
    assert (verified.exit_code, verified.output.count("\n")) == (1, 1)
    assert words in verified.output
    contents = {path: path.read_bytes() for path in dated.folder.rglob("*") if path.is_file()}
    again = dated.publish()
    assert (again.exit_code, "is there already" in again.output, dated.publish("--dry-run").exit_code) == (
        1,
        False,
        1,
    )
    assert {path: path.read_bytes() for path in dated.folder.rglob("*") if path.is_file()} == contents


def test_a_damaged_publication_is_no_edition_and_names_the_remedy(editions: Editions) -> None:
    with duckdb.connect(str(editions.home / "published" / "leviers.duckdb")) as connection:
        connection.execute(VALUE)
    refused = editions.publish()
    mend = "'leviers refresh --offline --region 76' makes it again, then publish"
    why = f"the publication of {editions.home} is damaged: leviers.duckdb; {mend}"
    assert (refused.exit_code, refused.output) == (1, f"Error: {why}\n")


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def on_the_web(dated: Editions, server: FakeServer) -> str:
    """The address of the latest edition on a web server."""

    def serve(_: Request, name: str) -> Response:
        path = dated.folder / name
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(200, path.read_bytes(), {"Content-Type": kind}) if path.is_file() else Response(404)

    server.route("/(.+)", serve)
    return f"{server.url}/latest"


def test_a_reader_verifies_over_the_web(on_the_web: str) -> None:
    assert run("publish", "--verify", f"{on_the_web}/").exit_code == 0


def test_a_file_that_the_web_server_lacks_is_named(dated: Editions, on_the_web: str) -> None:
    (dated.folder / "2020-01-31" / "site" / "index.html").unlink()
    gone = run("publish", "--verify", on_the_web)
    assert gone.exit_code == 1
    assert "site/index.html: HTTP 404" in gone.output


@pytest.mark.parametrize(
    ("address", "why"),
    [("http://leviers.example.org", "only HTTPS"), ("https://", "no host"), ("x://[", "no host")],
)
def test_an_address_that_is_not_asked_is_refused(address: str, why: str) -> None:
    assert why in run("publish", "--verify", address).output


def test_sums_that_name_a_file_outside_are_refused(dated: Editions, on_the_web: str) -> None:
    sums = dated.folder / "2020-01-31" / "SHA256SUMS"
    sums.chmod(0o644)
    sums.write_text(f"{'0' * 64}  ../../outside\n")
    assert run("publish", "--verify", on_the_web).exit_code == 1


@pytest.fixture
def portal(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Udata:
    """A portal; the account there holds another dataset already."""
    monkeypatch.setitem(udata.PORTALS, "demo", server.url)
    monkeypatch.setenv(udata.TOKEN_VARIABLE, TOKEN)
    return Udata(server, TOKEN, {"other": {"id": "other", "title": "Autre", "extras": None, "resources": []}})


def made_at(portal: Udata) -> dict[str, Any]:
    """The one dataset that was made."""
    (dataset,) = (dataset for name, dataset in portal.datasets.items() if name != "other")
    return dataset


def resources(portal: Udata) -> dict[str, tuple[str, str]]:
    entries = made_at(portal)["resources"]
    assert len(entries) == len({resource["title"] for resource in entries})
    return {resource["title"]: (resource["id"], resource["description"]) for resource in entries}


@pytest.fixture
def on_the_portal(editions: Editions, portal: Udata) -> dict[str, Any]:
    """The dataset that a first edition makes, with a title that was chosen there."""
    assert editions.publish("--udata", "demo", "--organization", "org-test").exit_code == 0
    dataset = made_at(portal)
    dataset["title"] = "Un titre choisi sur le portail"
    return dataset


def test_a_portal_gets_a_dataset_with_three_files(portal: Udata, on_the_portal: dict[str, Any]) -> None:
    assert (on_the_portal["private"], on_the_portal["organization"]) == (False, "org-test")
    files = resources(portal)
    assert set(files) == {"leviers-duckdb.zip", "leviers-parquet.zip", "edition.json"}
    archive = ZipFile(BytesIO(portal.files[files["leviers-parquet.zip"][0]]))
    assert {"datapackage.json", "parquet/fct_indicator_value.parquet"} <= set(archive.namelist())


def test_the_next_edition_updates_the_dataset_in_place(
    editions: Editions, portal: Udata, on_the_portal: dict[str, Any]
) -> None:
    first = resources(portal)
    editions.hold("update marts.fct_indicator_value set value = 9", day="2020-02-01")
    assert editions.publish("--udata", "demo").exit_code == 0
    again = resources(portal)
    assert {name: id_ for name, (id_, _) in again.items()} == {name: id_ for name, (id_, _) in first.items()}
    assert all(description.endswith("Édition 2020-02-01.") for _, description in again.values())
    assert json.loads(portal.files[again["edition.json"][0]])["edition"] == "2020-02-01"
    assert "2020-02-01" in on_the_portal["description"]
    assert on_the_portal["title"] == "Un titre choisi sur le portail"


@pytest.mark.parametrize("lost", ["/datasets/$", "/upload/$", "/resources/[^/]+/$"])
def test_a_publication_goes_on_after_a_lost_answer(editions: Editions, portal: Udata, lost: str) -> None:
    portal.server.inject(lost, no_answer)
    failed = editions.publish("--udata", "demo")
    assert failed.exit_code == 1
    assert failed.output.count("Error: ") == 1
    assert made_at(portal)["private"] is True
    assert editions.publish("--udata", "demo").exit_code == 0
    assert (made_at(portal)["private"], len(resources(portal))) == (False, 3)


@pytest.mark.parametrize("token", [TOKEN, f"{TOKEN}-refused", f"{TOKEN}\nX-Other: 1", ""])
def test_a_token_is_told_to_nobody_but_the_portal(
    editions: Editions, portal: Udata, token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(udata.TOKEN_VARIABLE, token)
    result = editions.publish("--udata", "demo")
    assert result.exit_code == (0 if token == TOKEN else 1)
    paths = [*editions.home.rglob("*"), *editions.folder.rglob("*")]
    content = b"".join(path.read_bytes() for path in paths if path.is_file()) + b"".join(portal.files.values())
    assert TOKEN not in result.output + caplog.text + repr(result.exc_info)
    assert TOKEN.encode() not in content
    assert not any(TOKEN in request.path or TOKEN.encode() in request.body for request in portal.server.requests)
