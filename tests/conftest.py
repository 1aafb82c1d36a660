"""Shared fixtures: a warehouse of the bundled figures and, where the folder is there, one of the real files.

Each is made once in a run of the tests, by the first worker of pytest-xdist that needs it, and no test changes it.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from leviers.cli.main import main
from leviers.cli.run import NEW_OBJECTS
from leviers.site import SiteReport
from leviers.site.pages import Renderer, files_of
from leviers.site.published import PublishedFile
from leviers.warehouse import dbt
from leviers.warehouse.home import SLIM
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.publication import publish as publication
from leviers.warehouse.publication.diff import RUN_TABLES
from tests.fixtures.mirror import build

LEVIERS = str(Path(sys.executable).with_name("leviers"))
MIRROR = os.environ.get("LEVIERS_TEST_MIRROR")
os.environ.setdefault(dbt.CACHE_VARIABLE, str(REPOSITORY / "build" / "cache"))  # all homes of the tests parse once
gc.set_threshold(NEW_OBJECTS)  # a worker holds several projects of dbt and Dagster


@dataclass(frozen=True)
class Home:
    """A LEVIERS_HOME and the command line on it."""

    path: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"LEVIERS_HOME": str(self.path), "COLUMNS": "200"}
        return subprocess.run(
            [LEVIERS, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=1500
        )

    def run_here(self, *arguments: str) -> Result:
        """The same in this process, which has loaded what a refresh needs: for what a test only starts from."""
        return CliRunner().invoke(main, arguments, env={"LEVIERS_HOME": str(self.path), "COLUMNS": "200"})

    @property
    def published(self) -> Path:
        return self.path / "published" / "leviers.duckdb"

    def query(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with _opened(self.published.resolve()).cursor() as connection:
            return connection.execute(sql, parameters).fetchall()

    def ask_working(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """Asks the working file, which has the models that the published one leaves out too."""
        with duckdb.connect(str(self.path / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def missing_pages(self) -> set[str]:
        """The pages and files that its site has not, of those that the published file calls for."""
        site = self.published.parent / "site"
        return {name for name, _ in files_of(Renderer(PublishedFile(self.published))) if not (site / name).is_file()}

    def copy_to(self, path: Path) -> Home:
        """Copies the home by hard links: a published file is never written again, so a further name is enough."""
        shutil.copytree(self.path, path, symlinks=True, copy_function=_copy)
        return Home(path)


def _copy(file: str, copy: str) -> None:
    (os.link if "publications" in Path(file).parts else shutil.copy2)(file, copy)


@cache
def _opened(published: Path) -> duckdb.DuckDBPyConnection:
    """A publication is never written again, and to open it takes longer than most queries."""
    return duckdb.connect(str(published), read_only=True)


README = Path(__file__).parents[1] / "README.md"
DOCS = README.parent / "docs"


def tables_that_differ(file: Path, other: Path) -> list[str]:
    """The tables with a row that one file has more often than the other, without those that tell of a run."""
    with duckdb.connect() as connection:
        for name, path in (("one", file), ("other", other)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = connection.execute(
            """
            select distinct table_schema || '.' || table_name as address from information_schema.tables
            where table_schema in ('marts', 'vues') and not list_contains(?, address) order by all
            """,
            [list(RUN_TABLES)],
        ).fetchall()
        assert len(tables) > 40
        return [
            table
            for (table,) in tables
            if connection.execute(
                f"""
                select 1 from (
                    (from one.{table} except all from other.{table})
                    union all
                    (from other.{table} except all from one.{table})
                ) limit 1
                """
            ).fetchall()
        ]


@contextmanager
def without_pages() -> Iterator[None]:
    """Runs in this process publish the file of all tables alone, where no test looks at what is beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("leviers.site.build_site", lambda published, out, **_: SiteReport(0, {}))
        patch.setattr(publication, "_write_copies", lambda building, *_: (building / SLIM).touch())
        patch.setattr(publication, "write_datapackage", lambda *_, **__: None)
        yield


def change_everywhere(
    connection: duckdb.DuckDBPyConnection, column: str, value: str, where: str = "true", **parameters: object
) -> None:
    """Sets a column in each published table of `vues` that has it and all columns of the condition."""
    for (table,) in connection.execute(
        "select table_name from duckdb_columns() where schema_name = 'vues' and column_name = ?", [column]
    ).fetchall():
        with suppress(duckdb.BinderException):  # it lacks a column of the condition
            connection.execute(f"update vues.{table} set {column} = {value} where {where}", parameters)


@dataclass(frozen=True)
class FinishedRun:
    """A home and what the first run on it said."""

    home: Home
    run: subprocess.CompletedProcess[str]


Share = Callable[[str, Callable[[Path], object]], Path]
# Groups of tests on a warehouse, the longest first, so that the workers end together; all other tests come after.
LONGEST_FIRST = ("live", "country", "real", "editions", "demo", "job", "stopped", "dagster", "great_expectations")


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {}
    for item in items:
        group = item.get_closest_marker("xdist_group")
        places[item] = len(LONGEST_FIRST)
        if group and group.args[0] in LONGEST_FIRST:
            places[item] = LONGEST_FIRST.index(group.args[0])
            item.add_marker("warehouse")
    items.sort(key=places.__getitem__)


# Seconds of all workers that the tests of a folder may take, the warehouses included that they are the first to need.
BUDGETS = {
    "dagster_graph": 60,
    "dbt": 60,
    "e2e": 330,
    "expectations": 20,
    "ingestion": 60,
    "repository": 30,
    "runs": 40,
    "unit": 40,
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the seconds by folder of tests, beside its budget."""
    seconds = defaultdict[str, float](float)
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        if isinstance(report, pytest.TestReport):
            seconds[report.nodeid.split("/")[1]] += report.duration
    for folder, spent in sorted(seconds.items()):
        terminalreporter.write_line(f"{folder:<15}{spent:6.0f} s, budget {BUDGETS.get(folder, 10):4} s")


@pytest.fixture(autouse=True)
def dbt_in_warehouse_tests_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that starts dbt is marked, so that `make check` stays short."""
    if not request.node.get_closest_marker("warehouse"):
        for name in ("_invoke", "compile_tests"):
            monkeypatch.setattr(dbt, name, lambda *_, **__: pytest.fail("mark this test as one of a warehouse"))


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory) -> Share:
    """Makes a folder for all workers: the first that asks makes it, the others wait for it."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def shared(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = root / name, root / f"{name}.made"
        with FileLock(root / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return shared


def first_run(share: Share, name: str, *arguments: str) -> FinishedRun:
    """A shared home after one command, or the home that LEVIERS_TEST_<NAME>_HOME names, for tools.mutants."""
    if given := os.environ.get(f"LEVIERS_TEST_{name.upper()}_HOME"):
        return FinishedRun(Home(Path(given)), subprocess.CompletedProcess([], 0, "", ""))

    def make(folder: Path) -> None:
        done = Home(folder / "home").run(*arguments)
        finished = {"args": done.args, "returncode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
        (folder / "ran.json").write_text(json.dumps(finished))

    folder = share(name, make)
    finished = json.loads((folder / "ran.json").read_text())
    return FinishedRun(Home(folder / "home"), subprocess.CompletedProcess(**finished))


@pytest.fixture(scope="session")
def demo(share: Share) -> FinishedRun:
    """The warehouse of the bundled figures; tests that change it work on a copy."""
    return first_run(share, "demo", "demo")


@pytest.fixture(scope="session")
def real(share: Share) -> FinishedRun:
    """The warehouse of the real files for Occitanie."""
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    return first_run(share, "real", "refresh", "--region", "76", "--mirror", MIRROR, "--offline")


@pytest.fixture(scope="session")
def fixtures(share: Share) -> Path:
    """A mirror of synthetic files: each dataset of the catalogue in its own dialect."""
    return share("fixtures", build)
