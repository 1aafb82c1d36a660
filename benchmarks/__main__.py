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
    CHANGED_DIGITS,
    QUIET_SECONDS,
    Cost,
    ReaderResult,
    bare_models,
    change,
    in_fresh_process,
    load_bare,
    load_by_project,
    read_mirror,
    readers,
    run_command,
    slowest_queries,
    write_pages,
)

BENCHMARKS_PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
REPEATS, GROWTH = 3, (1, 2, 4)
Goals = list[tuple[str, str, str, str]]
COST_HEAD = "run | s | : bare | peak GB | MB written"


def at_most(goals: Goals, name: str, value: float, limit: float) -> None:
    """Adds a measured value to the table of goals, with the limit that it may reach."""
    goals.append((name, f"{value:.2f}", f"{limit:.4g}", "met" if value <= limit else "not met"))


@click.command()
@click.option("--mirror", type=click.Path(exists=True, path_type=Path), envvar="LEVIERS_TEST_MIRROR")
def main(mirror: Path | None) -> None:
    """Measure loads, the demo and, with a mirror, refreshes and readers; fill the tables of docs/benchmarks.md."""
    goals: Goals = []
    tables = {"machine": _machine()}
    with TemporaryDirectory(prefix="leviers-bench-") as folder:
        scratch = Path(folder)
        tables |= {"loads": _loads(scratch, goals), "demo": _demo(scratch, goals)}
        if mirror:
            tables |= _of_mirror(mirror.resolve(), scratch, goals)
    tables["goals"] = _table("goal | measured | at most | ", goals)
    BENCHMARKS_PAGE.write_text(filled(BENCHMARKS_PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")


def filled(page: str, tables: Mapping[str, str]) -> str:
    """Returns the page with each table in the place with its name; the text around is unchanged."""
    for name, table in tables.items():
        place = re.compile(rf"(?<=<!-- measured: {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
        page, places = place.subn(lambda _, table=table: f"\n{table}\n\n", page)  # type: ignore[misc]
        if places != 1:
            raise click.ClickException(f"{places} places for the table {name}")
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


def _loads(scratch: Path, goals: Goals) -> str:
    grown = " | ".join(f"load of {times}/{GROWTH[-1]}, s" for times in GROWTH)
    head = f"file | rows | MB | bare s | {grown} | load : bare | peak GB"
    return _table(head, [_load(case, scratch, goals) for case in CASES])


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


def _cost_row(name: str, cost: Cost, ratio: float | None = None) -> list[str]:
    figures = [f"{cost.seconds:.1f}", f"{ratio:.2f}" if ratio else "", f"{cost.peak_bytes / 1e9:.2f}"]
    return [name, *figures, f"{cost.written_bytes / 1e6:.1f}"]


def _demo(scratch: Path, goals: Goals) -> str:
    home = scratch / "demo_home"
    first, again = run_command(["demo"], home), run_command(["demo"], home)
    at_most(goals, "demo, s", first.seconds, 35)
    runs = [in_fresh_process(write_pages, home, scratch / f"pages_{i}") for i in range(REPEATS)]
    bare, whole = map(min, zip(*runs, strict=True))
    at_most(goals, "all pages of the demo : fetching its observations ten times", whole / bare, 4.1)
    return _table(COST_HEAD, [_cost_row("first", first), _cost_row("nothing changed", again)])


def _of_mirror(mirror: Path, scratch: Path, goals: Goals) -> dict[str, str]:
    """Returns the tables of a copy of the mirror: a whole refresh, unchanged, each change, readers, all regions."""
    copy, home = scratch / "changing", scratch / "changing_home"
    shutil.copytree(mirror, copy, copy_function=shutil.copyfile)
    arguments = ["refresh", "--mirror", str(copy), "--offline"]
    everything = run_command(arguments, home)
    # in a process of its own: else its memory would count as memory of the children of this one
    models = in_fresh_process(bare_models, home, scratch / "bare_models")
    unchanged = run_command(arguments, home)
    changes: dict[str, Cost] = {}
    for name, digit in CHANGED_DIGITS.items():
        change(copy / name, digit)
        changes[name] = run_command(arguments, home)
    published = home / "published" / "leviers.duckdb"
    queries = in_fresh_process(slowest_queries, published)
    with readers(published, queries, scratch) as quiet:
        time.sleep(QUIET_SECONDS)
    name, digit = next(iter(CHANGED_DIGITS.items()))
    change(copy / name, digit)
    with readers(published, queries, scratch) as busy:
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
        _cost_row("everything", everything, everything.seconds / (files + models)),
        _cost_row("nothing changed", unchanged),
        *(_cost_row(f"`{name}` changed", run, ratios[name]) for name, run in changes.items()),
    ]
    return {
        "refreshes": _table(COST_HEAD, rows),
        "steps": _steps({"everything": everything, **changes}),
        "readers": _readers(quiet, busy, read, goals),
        "country": _country(arguments, scratch / "all_home", goals),
    }


def _steps(runs: Mapping[str, Cost]) -> str:
    seconds_of = [run.steps for run in runs.values()]
    rows = [[name, *(f"{steps[name]:.3g}" if name in steps else "" for steps in seconds_of)] for name in seconds_of[0]]
    return _table(" | ".join(["s", *runs]), rows)


def _readers(quiet: list[ReaderResult], busy: list[ReaderResult], refresh: Cost, goals: Goals) -> str:
    summaries = {"nothing runs": _summary(quiet), f"a refresh of {refresh.seconds:.1f} s runs": _summary(busy)}
    alone, during = summaries.values()
    at_most(goals, "readers, p95 during a refresh : quiet", during["p95 s"] / alone["p95 s"], 5)
    at_most(goals, "readers, errors", alone["errors"] + during["errors"], 0)
    at_most(goals, "readers, sessions that saw two editions", alone["of two editions"] + during["of two editions"], 0)
    rows = [[name, *(f"{figure:.3g}" for figure in summary.values())] for name, summary in summaries.items()]
    return _table(" | ".join(["while", *alone]), rows)


def _summary(results: list[ReaderResult]) -> dict[str, float]:
    seconds = [taken for result in results for taken in result.seconds]
    cuts = quantiles(seconds, n=20)
    return {
        "answers": len(seconds),
        "p50 s": cuts[9],
        "p95 s": cuts[18],
        "sessions": sum(result.sessions for result in results),
        "of two editions": sum(result.mixed for result in results),
        "errors": sum(len(result.errors) for result in results),
    }


def _country(arguments: list[str], home: Path, goals: Goals) -> str:
    run = run_command([*arguments, "--region", "all"], home)
    at_most(goals, "all regions, peak GB", run.peak_bytes / 1e9, 1.6)
    sizes = {
        f"{ending}, MB": sum(path.stat().st_size for path in (home / "published").resolve().rglob(f"*.{ending}")) / 1e6
        for ending in ("duckdb", "parquet", "html")
    }
    row = [*_cost_row("everything", run), *(f"{size:.0f}" for size in sizes.values())]
    return _table(" | ".join([COST_HEAD, *sizes]), [row])


if __name__ == "__main__":
    main()
