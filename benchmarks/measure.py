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
class Unchanged:
    """A refresh in which nothing changed, after the ``first`` one: its time, the bytes of the files that it wrote."""

    first: float
    seconds: float
    written_bytes: int


@dataclass(frozen=True)
class SmallChange:
    """A refresh after some lines of one small file changed, and the plain SQL of all models of the same warehouse."""

    seconds: float
    bare_models: float


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
    from ingestion.sources import load_editions

    home = scratch / "home"
    shutil.rmtree(home, ignore_errors=True)
    dataset, store = case.dataset, SnapshotStore(home)
    snapshot = _cost_of(lambda: store.add(dataset, file, file_name=file.name, origin="mirror"))
    edition = store.edition_of(dataset, [folder.name for folder in (store.root / dataset.dataset_id).iterdir()])

    def load() -> None:
        catalog = {dataset.dataset_id: dataset}
        result = load_editions(home, dataset.schema_name, [edition], catalog)[dataset.dataset_id]
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
        outcomes = [*fetch(options, [name]), *load(options, dataset.schema_name, [name])]
        seconds[name] = time.perf_counter() - start
        for outcome in outcomes:
            if outcome.status == "failed":
                raise RuntimeError(outcome.line)
    return seconds


def refresh_unchanged(arguments: list[str], home: Path) -> Unchanged:
    """The second of two runs of a command of ``leviers``; nothing has changed in between."""

    def files() -> dict[Path, tuple[int, int]]:
        found = [path for path in home.rglob("*") if path.is_file() and path.name != ".lock"]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}

    first = _cost_of(lambda: _run(arguments, home)).seconds
    before = files()
    cost = _cost_of(lambda: _run(arguments, home))
    written = [size for path, (at, size) in files().items() if before.get(path) != (at, size)]
    return Unchanged(first, cost.seconds, sum(written))


def refresh_small_change(mirror: Path, dataset_id: str, scratch: Path) -> SmallChange:
    """A refresh of a copied mirror after the last digit of three lines of a dataset's only file has changed."""
    copy, home = scratch / "changing", scratch / "changing_home"
    shutil.copytree(mirror, copy)
    arguments = ["refresh", "--mirror", str(copy), "--offline"]
    _run(arguments, home)
    bare = bare_models(home, scratch / "bare_models")
    [file] = (copy / dataset_id).iterdir()
    lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    changed = [re.sub(r"\d$", lambda digit: str((int(digit[0]) + 1) % 10), line) for line in lines[-CHANGED_LINES:]]
    file.write_text("\n".join([*lines[:-CHANGED_LINES], *changed]) + "\n", encoding="utf-8")
    return SmallChange(_cost_of(lambda: _run(arguments, home)).seconds, bare)


def bare_models(home: Path, scratch: Path) -> float:
    """Seconds of the SQL of all models, as dbt has compiled it, one after the other on a copy of the working file."""
    import duckdb

    from leviers.warehouse.dbt import dbt_manifest
    from leviers.warehouse.project import DEFAULT_REGION, dbt_target

    nodes = json.loads(dbt_manifest(DEFAULT_REGION).read_text())["nodes"]
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


def _run(arguments: list[str], home: Path) -> None:
    """One command of ``leviers`` in a home."""
    command = [str(Path(sys.executable).with_name("leviers")), *arguments]
    subprocess.run(command, env=os.environ | {"LEVIERS_HOME": str(home)}, check=True, capture_output=True)
