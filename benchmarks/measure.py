"""The measurements: each runs in a fresh process, so that its peak memory is its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.cases import Case

P = ParamSpec("P")
T = TypeVar("T")
CHANGED_LINES = 3


@dataclass(frozen=True)
class Cost:
    """Wall time and peak memory of a measurement."""

    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Loaded:
    """What the project's own path took for a file."""

    snapshot: Cost
    load: Cost


@dataclass(frozen=True)
class Refresh:
    """A command of ``leviers``: its time, its peak memory, and the bytes of the files that it wrote."""

    seconds: float
    peak_bytes: int
    written_bytes: int


@dataclass(frozen=True)
class Pages:
    """Seconds of a site: the observations of its file fetched ten times, all pages written into an empty folder and
    once more; and how many files the second time wrote.
    """

    bare: float
    whole: float
    again: float
    rewritten: int


@dataclass(frozen=True)
class MirrorRefreshes:
    """Refreshes of one home, one after the other, and what the plain work of its first one costs."""

    bare_load: float
    bare_models: float
    everything: Refresh
    unchanged: Refresh
    small_change: Refresh
    large_change: Refresh
    all_regions: Refresh


def in_fresh_process(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of ``function`` in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def _cost_of(action: Callable[[], object]) -> Cost:
    start = time.perf_counter()
    action()
    seconds = time.perf_counter() - start
    return Cost(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def load_bare(case: Case, file: Path, scratch: Path) -> Cost:
    """One plain statement, into a file."""
    import duckdb

    warehouse = scratch / "bare.duckdb"
    warehouse.unlink(missing_ok=True)

    def load() -> None:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(case.bare_sql(file))

    return _cost_of(load)


def load_by_project(case: Case, file: Path, scratch: Path) -> Loaded:
    """The project's own path: snapshot, reader, dlt.

    Raises:
        RuntimeError: not every row was loaded.
    """
    from ingestion.snapshots import SnapshotStore
    from ingestion.sources import extract_editions, load_extraction

    home = scratch / "home"
    shutil.rmtree(home, ignore_errors=True)
    dataset, store = case.dataset, SnapshotStore(home)
    snapshot = _cost_of(lambda: store.add(dataset, file, file_name=file.name, origin="mirror"))
    edition = store.edition_of(dataset, [folder.name for folder in (store.root / dataset.dataset_id).iterdir()])

    def load() -> None:
        catalog = {dataset.dataset_id: dataset}
        extraction = extract_editions(home, dataset.schema_name, [edition], catalog)
        result = load_extraction(home, extraction, catalog)[dataset.dataset_id]
        if result.error or result.quarantined:
            raise RuntimeError(result.error or f"{result.quarantined} rows in quarantine")

    return Loaded(snapshot, _cost_of(load))


def load_in_turn(*files: tuple[Case, Path], scratch: Path, plain: bool = True) -> list[Loaded]:
    """Loads in one process, as a refresh does them: the first one imports what the others find.

    Without ``plain``, no file goes through the statement that reads plain ones.
    """
    from ingestion import readers

    if not plain:
        readers.PLAIN_BYTES = sys.maxsize
    return [load_by_project(case, file, scratch) for case, file in files]


def load_mirror(mirror: Path, scratch: Path) -> dict[str, float]:
    """Seconds of each dataset of a mirror: fetched, loaded by a dlt run of its own, and checked.

    Raises:
        RuntimeError: a dataset was refused.
    """
    from ingestion.catalog import load_catalog
    from ingestion.fetch import fetch
    from ingestion.load import load
    from ingestion.options import Options

    home = scratch / "mirror_home"
    shutil.rmtree(home, ignore_errors=True)
    options = Options(home, mirror=mirror, offline=True)
    seconds: dict[str, float] = {}
    for name, dataset in load_catalog().items():
        if not (mirror / name).is_dir() or not dataset.tables:
            continue
        start = time.perf_counter()
        [fetched] = fetch(options, [name])
        waiting = [fetched.edition] if fetched.edition else []
        outcomes = [fetched, *load(options, dataset.schema_name, waiting)]
        seconds[name] = time.perf_counter() - start
        for outcome in outcomes:
            if outcome.status == "failed":
                raise RuntimeError(outcome.line)
    return seconds


def refresh_mirror(mirror: Path, small: str, large: str, scratch: Path) -> MirrorRefreshes:
    """Refreshes of a copied mirror: all of it, nothing changed, a small and a large dataset changed; all regions."""
    copy, home = scratch / "changing", scratch / "changing_home"
    shutil.copytree(mirror, copy)
    arguments = ["refresh", "--mirror", str(copy), "--offline"]
    everything = run_command(arguments, home)
    bare = in_fresh_process(
        bare_models, home, scratch / "bare_models"
    )  # its memory would count as that of its children
    unchanged = run_command(arguments, home)
    _change_lines(copy / small)
    small_change = run_command(arguments, home)
    _change_lines(copy / large)
    large_change = run_command(arguments, home)
    bare_load = in_fresh_process(read_mirror, home)
    all_regions = run_command([*arguments, "--region", "all"], scratch / "all_home")
    return MirrorRefreshes(bare_load, bare, everything, unchanged, small_change, large_change, all_regions)


def read_mirror(home: Path) -> float:
    """Seconds of the SQL that reads and types the files of all that is loaded in a home, and nothing else."""
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


def _change_lines(folder: Path) -> None:
    """Changes the last digit of some lines of the only file of a dataset."""
    [file] = folder.iterdir()
    lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    changed = [
        re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), line) for line in lines[-CHANGED_LINES:]
    ]
    file.write_text("\n".join([*lines[:-CHANGED_LINES], *changed]) + "\n", encoding="utf-8")


def bare_models(home: Path, scratch: Path) -> float:
    """Seconds of the SQL of all models, as dbt has compiled it, one after the other on a copy of the working file."""
    import duckdb

    from leviers.warehouse.dbt import dbt_manifest
    from leviers.warehouse.project import dbt_target

    nodes = json.loads(dbt_manifest().read_text())["nodes"]
    results = json.loads((dbt_target(home) / "run_results.json").read_text())["results"]
    kinds = {
        name: node["config"]["materialized"]
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


def write_pages(home: Path, folder: Path) -> Pages:
    """All pages of what a home has published, twice, into a folder that is not there yet."""
    import duckdb

    from leviers.site import build_site
    from leviers.warehouse.home import published_file

    published = published_file(home)
    with duckdb.connect(str(published), read_only=True) as connection:
        bare = _cost_of(
            lambda: [connection.execute("from vues.fait_observation").fetchall() for _ in range(10)]
        ).seconds
    whole = _cost_of(lambda: build_site(published, folder)).seconds
    start = time.perf_counter()
    rewritten = build_site(published, folder).written
    return Pages(bare, whole, time.perf_counter() - start, rewritten)


def run_command(arguments: list[str], home: Path) -> Refresh:
    """One command of ``leviers`` in a home, in a process of its own."""

    def files() -> dict[Path, tuple[int, int]]:
        found = [path for path in home.rglob("*") if path.is_file() and path.name != ".lock"]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}

    command = [str(Path(sys.executable).with_name("leviers")), *arguments]
    environment = os.environ | {"LEVIERS_HOME": str(home)}
    before, start = files(), time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    written = [size for path, (at, size) in files().items() if before.get(path) != (at, size)]
    return Refresh(seconds, usage.ru_maxrss * 1024, sum(written))
