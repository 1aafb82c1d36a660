"""The measurements. Each runs in a process of its own, since peak memory is that of a process."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import nlargest
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, TemporaryFile
from typing import ParamSpec, TypeVar

import duckdb

from benchmarks.cases import Case

P = ParamSpec("P")
T = TypeVar("T")
CHANGED_LINES = 3
# By dataset, the last digit that a change alters: in lines of region 76, that of the home, if it has any. Inhabitants
# are changed in another region, since a check compares those of region 76 with their sum.
CHANGED_DIGITS = {
    "odre_biomethane_monthly": rb"^(?:[^;\n]*;){3}\d+(\d)",
    "odre_registry_commune": rb",76,\d+(\d)",
    "ademe_sinoe_dma": rb'^\d+,76,.*?\d+(\d)(?="?\r?$)',
    "ore_consumption_commune": rb"^(?:[^;\n]*;){16}\d+(\d)",
    "etalab_decoupage": rb'"region":"75".*"population":\d+(\d)',
}
READERS, QUERY_COUNT, SESSION_QUERIES = 8, 30, 10
THINK_SECONDS, QUIET_SECONDS = 0.5, 40.0
EDITION_QUERY = "select max(publie_le) from vues.fait_publication"


@dataclass(frozen=True)
class Cost:
    """Wall time and peak memory; of a command also the bytes of the files that it wrote, and its seconds by step."""

    seconds: float
    peak_bytes: int
    written_bytes: int = 0
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass
class ReaderResult:
    """The seconds of each answer to a reader, its errors, its sessions, and the sessions that saw two editions."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sessions: int = 0
    mixed: int = 0


def in_fresh_process(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Returns the result of ``function`` in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def _cost_of(action: Callable[[], object]) -> Cost:
    start = time.perf_counter()
    action()
    seconds = time.perf_counter() - start
    return Cost(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def load_bare(case: Case, file: Path, scratch: Path) -> Cost:
    """Loads a file into DuckDB with one plain statement."""
    warehouse = scratch / "bare.duckdb"
    warehouse.unlink(missing_ok=True)

    def load() -> None:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(case.bare_sql(file))

    return _cost_of(load)


def load_by_project(case: Case, file: Path, scratch: Path) -> Cost:
    """Loads a file as a refresh does, from its snapshot on. It loads a file of one row first, to import all modules.

    Raises:
        RuntimeError: not every row was loaded.
    """
    from ingestion.snapshots import SnapshotStore
    from ingestion.sources import extract_editions, load_extraction

    home, one_row, dataset = scratch / "home", scratch / "one_row.csv", case.dataset
    catalog = {dataset.dataset_id: dataset}

    def load() -> None:
        extraction = extract_editions(home, dataset.schema_name, [edition], catalog)
        result = load_extraction(home, extraction, catalog)[dataset.dataset_id]
        if result.error or any(report.quarantined for report in result.reports.values()):
            raise RuntimeError(result.error or "rows in quarantine")

    case.write(one_row, 1)
    for source in (one_row, file):
        shutil.rmtree(home, ignore_errors=True)
        store = SnapshotStore(home)
        edition = store.edition(dataset, [store.add(dataset, source, file_name=source.name, origin="mirror")])
        cost = _cost_of(load)
    return cost


def _opened(published: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(published), read_only=True)
    return connection.execute("set enable_progress_bar = false")


def slowest_queries(published: Path) -> list[str]:
    """Returns the slowest queries of the pages and of the book for analysts."""
    from leviers.site.published import QUERIES
    from leviers.warehouse.publication.answers import questions

    texts = [path.read_text(encoding="utf-8") for path in sorted(QUERIES.rglob("*.sql"))]
    texts += [question.sql for question in questions()]
    with _opened(published) as connection:
        return nlargest(
            QUERY_COUNT, texts, key=lambda sql: _cost_of(lambda: connection.execute(sql).fetchall()).seconds
        )


@contextmanager
def readers(published: Path, queries: Sequence[str], scratch: Path) -> Iterator[list[ReaderResult]]:
    """Runs readers during the context, each in a process of its own. The list has their results at its end."""
    stop, results = scratch / "stop_reading", list[ReaderResult]()
    with ProcessPoolExecutor(READERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        reading = [pool.submit(read_sessions, published, queries, number, stop) for number in range(READERS)]
        try:
            yield results
        finally:
            stop.touch()
        results += [reader.result() for reader in reading]
    stop.unlink()


def read_sessions(published: Path, queries: Sequence[str], number: int, stop: Path) -> ReaderResult:
    """Opens one session after another on the published file, as a BI tool does, until the file ``stop`` exists."""
    draw, result = Random(number), ReaderResult()  # noqa: S311 - what is drawn is no secret
    while not stop.exists():
        result.sessions += 1
        try:
            with _opened(published) as connection:
                editions = set(connection.execute(EDITION_QUERY).fetchall())
                for query in draw.sample(queries, SESSION_QUERIES):
                    start = time.perf_counter()
                    connection.execute(query).fetchall()
                    result.seconds.append(time.perf_counter() - start)
                    time.sleep(THINK_SECONDS)
                result.mixed += len(editions | set(connection.execute(EDITION_QUERY).fetchall())) > 1
        except duckdb.Error as error:
            result.errors.append(str(error))
    return result


def read_mirror(home: Path) -> float:
    """Returns the seconds of the SQL that reads and types all loaded files of a home."""
    from ingestion.catalog import load_catalog
    from ingestion.readers import ReadReport, read_table
    from ingestion.snapshots import SnapshotStore

    store = SnapshotStore(home)

    def read() -> None:
        for dataset in load_catalog().values():
            if (edition := store.accepted_edition(dataset)) is None:
                continue
            for table in dataset.tables:
                for _ in read_table(dataset, table, list(edition.snapshots), ReadReport()):
                    pass

    return _cost_of(read).seconds


def change(folder: Path, digit: bytes) -> None:
    """Changes a digit in some lines of the newest file of a dataset, or of the largest file of that archive."""
    file = max(path for path in folder.iterdir() if path.suffix in (".csv", ".tgz"))
    if file.suffix == ".csv":
        file.write_bytes(_changed(file.read_bytes(), digit))
        return
    with TemporaryDirectory() as opened, tarfile.open(file) as archive:
        archive.extractall(opened, filter="data")
        largest = max(Path(opened).rglob("*.json"), key=lambda path: path.stat().st_size)
        largest.write_bytes(_changed(largest.read_bytes(), digit))
        with tarfile.open(file, "w:gz") as changed:
            for path in Path(opened).iterdir():
                changed.add(path, path.name)


def _changed(data: bytes, digit: bytes) -> bytes:
    def changed(match: re.Match[bytes]) -> bytes:
        return match[0][:-1] + b"%d" % ((int(match[1]) + 1) % 10)

    content, count = re.subn(digit, changed, data, count=CHANGED_LINES, flags=re.MULTILINE)
    if count != CHANGED_LINES:
        raise RuntimeError(f"{count} lines have the digit {digit!r}")
    return content


def bare_models(home: Path, scratch: Path) -> float:
    """Returns the seconds of the compiled SQL of all models, one after the other on a copy of the working file."""
    from leviers.warehouse.dbt import dbt_manifest
    from leviers.warehouse.project import dbt_target

    nodes = json.loads(dbt_manifest().read_text())["nodes"]
    results = json.loads((dbt_target(home) / "run_results.json").read_text())["results"]
    kinds = {
        name: node["config"]["materialized"].removeprefix("kept_")
        for name, node in nodes.items()
        if node["resource_type"] == "model" and node["language"] == "sql"
    }
    scratch.mkdir()
    shutil.copy(home / "warehouse.duckdb", scratch)

    def build() -> None:
        with duckdb.connect(str(scratch / "warehouse.duckdb")) as connection:
            for result in results:
                if kind := kinds.get(result["unique_id"]):
                    connection.execute(
                        f"create or replace {kind} {result['relation_name']} as {result['compiled_code']}"
                    )

    return _cost_of(build).seconds


def write_pages(home: Path, folder: Path) -> tuple[float, float]:
    """Returns the seconds of fetching the published observations ten times, and those of writing all pages."""
    from leviers.site import build_site
    from leviers.warehouse.home import published_file

    published = published_file(home)
    with duckdb.connect(str(published), read_only=True) as connection:
        bare = _cost_of(lambda: [connection.execute("from vues.fait_observation").fetchall() for _ in range(10)])
    return bare.seconds, _cost_of(lambda: build_site(published, folder)).seconds


def run_command(arguments: list[str], home: Path) -> Cost:
    """Runs one command of ``leviers`` in a home, in a process of its own."""

    def files() -> dict[Path, tuple[int, int]]:
        paths = [path for path in home.rglob("*") if path.is_file() and path.name != ".lock"]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}

    command = [str(Path(sys.executable).with_name("leviers")), *arguments]
    environment = os.environ | {"LEVIERS_HOME": str(home)}
    before, start = files(), time.perf_counter()
    with TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            output.seek(0)
            raise RuntimeError(f"{command} ended with {os.waitstatus_to_exitcode(status)}: {output.read()[-2000:]}")
    written = {path: size for path, (at, size) in files().items() if before.get(path) != (at, size)}
    steps = _steps(home, seconds) if home / "outcome.json" in written and home / "gate.json" in written else {}
    return Cost(seconds, usage.ru_maxrss * 1024, sum(written.values()), steps)


def _steps(home: Path, seconds: float) -> dict[str, float]:
    """Returns the seconds of the noted steps of a refresh, the loads as one, and the nodes that dbt made and left."""
    from leviers.warehouse.project import dbt_target
    from leviers.warehouse.runs.record import read_record

    last = read_record(home).last_run
    noted = last.seconds if last else {}
    loads = {name: taken for name, taken in noted.items() if name.startswith("load_")}
    dbt = json.loads((dbt_target(home) / "run_results.json").read_text())
    kept = sum(node["message"] == "KEPT" for node in dbt["results"])
    return {
        "start and end of the process": seconds - sum(noted.values()),
        "load": sum(loads.values()),
        **{name: taken for name, taken in noted.items() if name not in loads},
        "dbt_build: its nodes": dbt["elapsed_time"],
        "nodes made, of those looked at": len(dbt["results"]) - kept,
        "nodes left as they were": kept,
    }
