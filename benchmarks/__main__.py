"""``python -m benchmarks``: measures refreshes, loads and readers, and fills the tables of ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
import re
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import click
import duckdb

from benchmarks.cases import CASES, Case
from benchmarks.measure import (
    CHANGES,
    QUIET,
    Asked,
    Refresh,
    bare_models,
    busiest,
    change,
    in_fresh_process,
    load_bare,
    load_by_project,
    read_mirror,
    reading,
    run_command,
    write_pages,
)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
REPEATS, GROWTH = 3, (1, 2, 4)
Goals = list[tuple[str, str, str, str]]
REFRESHES = "run | s | : bare | peak GB | MB written"


def at_most(goals: Goals, name: str, value: float, limit: float) -> None:
    """Adds a measured value to the table of goals, with the limit that it may reach."""
    goals.append((name, f"{value:.2f}", f"{limit:.4g}", "met" if value <= limit else "not met"))


@click.command()
@click.option("--mirror", type=click.Path(exists=True, path_type=Path), envvar="LEVIERS_TEST_MIRROR")
def main(mirror: Path | None) -> None:
    """Measure the ingestion; each figure of a load or of the pages is the best of three runs."""
    goals: Goals = []
    tables = {"machine": _machine()}
    with TemporaryDirectory(prefix="leviers-bench-") as folder:
        scratch = Path(folder)
        tables |= {"loads": _loads(CASES, scratch, goals), "demo": _demo(scratch, goals)}
        if mirror:
            tables |= _of_mirror(mirror.resolve(), scratch, goals)
    tables["goals"] = _table("goal | measured | at most | ", goals)
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")


def filled(page: str, tables: Mapping[str, str]) -> str:
    """Returns the page with each table in the place with its name; the text around is unchanged."""
    for name, table in tables.items():
        place = re.compile(rf"(?<=<!-- measured: {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
        page, found = place.subn(lambda _, table=table: f"\n{table}\n\n", page)  # type: ignore[misc]
        if found != 1:
            raise click.ClickException(f"{found} places for the table {name}")
    return page


def _table(head: str, rows: Iterable[Iterable[object]]) -> str:
    lines = [head.split(" | "), ["---"] * (head.count(" | ") + 1), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} logical processors, {memory:.0f} GB of memory, "
        f"load average {os.getloadavg()[0]:.1f} at the start; Python {platform.python_version()}, DuckDB "
        f"{duckdb.__version__}."
    )


def _loads(cases: Iterable[Case], scratch: Path, goals: Goals) -> str:
    grown = " | ".join(f"load of {times}/{GROWTH[-1]}, s" for times in GROWTH)
    head = f"file | rows | MB | bare s | {grown} | load : bare | peak GB"
    return _table(head, [_load(case, scratch, goals) for case in cases])


def _load(case: Case, scratch: Path, goals: Goals) -> list[str]:
    file = scratch / f"{case.name}.csv"
    grown: list[float] = []
    for times in GROWTH:
        in_fresh_process(case.write, file, case.rows * times // GROWTH[-1])
        loads = [in_fresh_process(load_by_project, case, file, scratch) for _ in range(REPEATS)]
        grown.append(min(load.seconds for load in loads))
    bare = min(in_fresh_process(load_bare, case, file, scratch).seconds for _ in range(REPEATS))
    megabytes, peak = file.stat().st_size / 1e6, max(load.peak_bytes for load in loads) / 1e9
    file.unlink()
    at_most(goals, f"load of `{case.name}` : bare", grown[-1] / bare, 1.15)
    at_most(goals, f"load of `{case.name}`, peak GB", peak, 1.5)
    at_most(goals, f"load of `{case.name}`, 4x the rows : 1x", grown[-1] / grown[0], GROWTH[-1])
    seconds = [f"{taken:.1f}" for taken in (bare, *grown)]
    return [case.name, f"{case.rows:,}", f"{megabytes:.0f}", *seconds, f"{grown[-1] / bare:.2f}", f"{peak:.2f}"]


def _refresh(name: str, run: Refresh, ratio: float | None = None) -> list[str]:
    figures = [f"{run.seconds:.1f}", f"{ratio:.2f}" if ratio else "", f"{run.peak_bytes / 1e9:.2f}"]
    return [name, *figures, f"{run.written_bytes / 1e6:.1f}"]


def _demo(scratch: Path, goals: Goals) -> str:
    home = scratch / "demo_home"
    first, again = run_command(["demo"], home), run_command(["demo"], home)
    at_most(goals, "demo, s", first.seconds, 35)
    runs = [in_fresh_process(write_pages, home, scratch / f"pages_{i}") for i in range(REPEATS)]
    bare, whole = map(min, zip(*runs, strict=True))
    at_most(goals, "all pages of the demo : fetching its observations ten times", whole / bare, 4.1)
    return _table(REFRESHES, [_refresh("first", first), _refresh("nothing changed", again)])


def _of_mirror(mirror: Path, scratch: Path, goals: Goals) -> dict[str, str]:
    """Returns the tables of a copied mirror: all, nothing changed, each of ``CHANGES``, with readers, all regions."""
    copy, home = scratch / "changing", scratch / "changing_home"
    shutil.copytree(mirror, copy, copy_function=shutil.copyfile)
    arguments = ["refresh", "--mirror", str(copy), "--offline"]
    everything = run_command(arguments, home)
    # in a process of its own: else its memory would count as memory of the children of this one
    models = in_fresh_process(bare_models, home, scratch / "bare_models")
    unchanged = run_command(arguments, home)
    changes: dict[str, Refresh] = {}
    for name, number in CHANGES.items():
        change(copy / name, number)
        changes[name] = run_command(arguments, home)
    published = home / "published" / "leviers.duckdb"
    queries = in_fresh_process(busiest, published)
    with reading(published, queries, scratch) as quiet:
        time.sleep(QUIET)
    name, number = next(iter(CHANGES.items()))
    change(copy / name, number)
    with reading(published, queries, scratch) as busy:
        read = run_command(arguments, home)
    files = in_fresh_process(read_mirror, home)
    shutil.rmtree(home)

    ratios = {name: run.seconds / models for name, run in changes.items()}
    at_most(goals, f"one dataset changed, the worst of {len(ratios)} : bare", max(ratios.values()), 1.5)
    at_most(goals, "whole mirror : bare", everything.seconds / (files + models), 2.2)
    at_most(goals, "nothing changed, s", unchanged.seconds, 2)
    at_most(goals, "nothing changed, kB written", unchanged.written_bytes / 1e3, 100)
    rows = [
        ["bare: the files read and typed", f"{files:.1f}", "", "", ""],
        ["bare: the SQL of all models", f"{models:.1f}", "", "", ""],
        _refresh("everything", everything, everything.seconds / (files + models)),
        _refresh("nothing changed", unchanged),
        *(_refresh(f"`{name}` changed", run, ratios[name]) for name, run in changes.items()),
    ]
    return {
        "refreshes": _table(REFRESHES, rows),
        "steps": _steps({"everything": everything, **changes}),
        "readers": _readers(quiet, busy, read, goals),
        "country": _country(arguments, scratch / "all_home", goals),
    }


def _steps(runs: Mapping[str, Refresh]) -> str:
    seconds_of = [run.steps for run in runs.values()]
    rows = [[name, *(f"{steps[name]:.3g}" if name in steps else "" for steps in seconds_of)] for name in seconds_of[0]]
    return _table(" | ".join(["s", *runs]), rows)


def _readers(readers_quiet: list[Asked], readers_busy: list[Asked], read: Refresh, goals: Goals) -> str:
    quiet, busy = _answers(readers_quiet), _answers(readers_busy)
    at_most(goals, "readers, p95 during a refresh : quiet", busy[2] / quiet[2], 5)
    at_most(goals, "readers, errors", quiet[-1] + busy[-1], 0)
    at_most(goals, "readers, sessions that saw two editions", quiet[-2] + busy[-2], 0)
    head = "while | answers | p50 s | p95 s | sessions | of two editions | errors"
    situations = (("nothing runs", quiet), (f"a refresh of {read.seconds:.1f} s runs", busy))
    return _table(head, [[name, *(f"{figure:.3g}" for figure in figures)] for name, figures in situations])


def _answers(met: list[Asked]) -> tuple[float, ...]:
    seconds = [taken for reader in met for taken in reader.seconds]
    cuts = quantiles(seconds, n=20)
    sessions, mixed = sum(reader.sessions for reader in met), sum(reader.mixed for reader in met)
    return len(seconds), cuts[9], cuts[18], sessions, mixed, sum(len(reader.errors) for reader in met)


def _country(arguments: list[str], home: Path, goals: Goals) -> str:
    run = run_command([*arguments, "--region", "all"], home)
    at_most(goals, "all regions, peak GB", run.peak_bytes / 1e9, 1.6)
    sizes = {
        f"{ending}, MB": sum(path.stat().st_size for path in (home / "published").resolve().rglob(f"*.{ending}")) / 1e6
        for ending in ("duckdb", "parquet", "html")
    }
    row = [*_refresh("everything", run), *(f"{size:.0f}" for size in sizes.values())]
    return _table(" | ".join([REFRESHES, *sizes]), [row])


if __name__ == "__main__":
    main()
