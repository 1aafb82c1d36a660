"""``python -m benchmarks``: measures the ingestion and writes ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
from dataclasses import astuple, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import duckdb

from benchmarks.cases import CASES, ONE_ROW, Case
from benchmarks.measure import (
    Cost,
    Loaded,
    Refresh,
    in_fresh_process,
    load_bare,
    load_in_turn,
    load_mirror,
    refresh_mirror,
    run_command,
    write_pages,
)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
REPEATS = 3
GOAL_RATIO, GOAL_BYTES, GOAL_FIXED = 1.15, 1.5e9, 1.0
GOAL_DEMO, GOAL_EVERYTHING, GOAL_UNCHANGED, GOAL_SMALL, GOAL_PAGES = 30.0, 60.0, 2.0, 25.0, 30.0
GOAL_EVERYTHING_RATIO, GOAL_SMALL_RATIO, GOAL_PAGES_RATIO = 2.2, 1.5, 4.1
SMALL, LARGE = "odre_biomethane_monthly", "ore_consumption_commune"  # LARGE: of one file, the most values


@click.command()
@click.option("--rows", type=int, help="Rows of each generated file, for a quick run.")
@click.option("--mirror", type=click.Path(exists=True, path_type=Path), envvar="LEVIERS_TEST_MIRROR")
@click.option("--output", type=click.Path(path_type=Path), default=PAGE, show_default=True)
def main(rows: int | None, mirror: Path | None, output: Path) -> None:
    """Measure the ingestion; each figure is the best of three runs."""
    with TemporaryDirectory(prefix="leviers-bench-") as folder:
        scratch = Path(folder)
        one_row = scratch / "one_row.csv"
        in_fresh_process(ONE_ROW.write, one_row, ONE_ROW.rows)
        cases = [replace(case, rows=rows or case.rows) for case in CASES]
        sections = [
            _introduction(),
            _generated([_measured(case, one_row, scratch) for case in cases]),
            _fixed(one_row, scratch),
            _demo(scratch),
        ]
        if mirror:
            sections += [_refreshes(scratch, mirror.resolve()), _mirror(scratch, mirror.resolve())]
    output.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    click.echo(f"written: {output}")


def _introduction() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        "# Benchmarks of the ingestion\n\n"
        "Written by `make bench`; do not edit. Read the ratios: the seconds are those of one machine.\n\n"
        f"Machine: {platform.system()} {platform.machine()}, {os.cpu_count()} logical processors, {memory:.0f} GB of "
        f"memory, load average {os.getloadavg()[0]:.1f} at the start; Python {platform.python_version()}, DuckDB "
        f"{duckdb.__version__}. Figures are the best of {REPEATS} runs, each in a fresh process; a mirror is read once."
    )


def _generated(lines: list[str]) -> str:
    head = "| file | rows | MB | bare s | snapshot s | load s | load : bare | goal | peak GB | goal | reader : bare |"
    details = "\n".join(f"- `{case.name}`: {case.title}." for case in CASES)
    return (
        "## Large files\n\n"
        "`bare` is one `create table as select * from read_csv` with the same types and no check. `load` is the "
        "project's own path from the snapshot on: layout, types, checks, dlt, DuckDB, in a process that has loaded "
        "before, as a refresh does (what the first load costs more is below). `snapshot` hashes and copies the file, "
        "which the bare statement does not do; `peak` is of memory.\n\n"
        f"{details}\n\n{head}\n{_rule(head)}\n" + "\n".join(lines) + "\n\n"
        "A plain CSV file of 32 MB or more is read by one statement of the warehouse, as a dlt model, which does not "
        "keep the order of the rows. What it costs more than the bare statement is the fixed cost of a dlt run, which "
        "counts most for the small file of `eco2mix`, the look at both ends of every text, and the secrecy marks. "
        "Where a value is in another notation the file is read again by the reader, through Arrow and Parquet: "
        "`reader` is what that takes alone, once."
    )


def _measured(case: Case, one_row: Path, scratch: Path) -> str:
    file = scratch / f"{case.name}.csv"
    in_fresh_process(case.write, file, case.rows)
    files = ((ONE_ROW, one_row), (case, file))
    bare: list[Cost] = []
    loaded: list[Loaded] = []
    for _ in range(REPEATS):
        bare.append(in_fresh_process(load_bare, case, file, scratch))
        loaded.append(in_fresh_process(load_in_turn, *files, scratch=scratch)[-1])
    reader = in_fresh_process(load_in_turn, *files, scratch=scratch, plain=False)[-1].load.seconds
    megabytes = file.stat().st_size / 1e6
    file.unlink()
    fastest = min(cost.seconds for cost in bare)
    snapshot = min(run.snapshot.seconds for run in loaded)
    load = min(run.load.seconds for run in loaded)
    peak = max(run.load.peak_bytes for run in loaded)
    return (
        f"| {case.name} | {case.rows:,} | {megabytes:.0f} | {fastest:.1f} | {snapshot:.1f} | {load:.1f} "
        f"| {load / fastest:.2f} | {_verdict(load / fastest, GOAL_RATIO)} "
        f"| {peak / 1e9:.2f} | {_verdict(peak / 1e9, GOAL_BYTES / 1e9)} | {reader / fastest:.1f} |"
    )


REFRESHES = "| run | s | goal | : bare | goal | peak GB | goal | MB written |"


def _demo(scratch: Path) -> str:
    home = scratch / "demo_home"
    lines = [
        _refresh("first", run_command(["demo"], home), GOAL_DEMO),
        _refresh("nothing changed", run_command(["demo"], home), GOAL_UNCHANGED),
    ]
    runs = [in_fresh_process(write_pages, home, scratch / f"pages_{i}") for i in range(REPEATS)]
    bare, whole, again = (min(run[i] for run in map(astuple, runs)) for i in range(3))
    return (
        f"## The demo\n\nThe bundled figures, twice.\n\n{REFRESHES}\n{_rule(REFRESHES)}\n" + "\n".join(lines) + "\n\n"
        f"All pages of the site alone, into an empty folder: {whole:.1f} s ({_verdict(whole, GOAL_PAGES)}), "
        f"{whole / bare:.2f} times what it takes to fetch the rows of `vues.fait_observation` ten times "
        f"({_verdict(whole / bare, GOAL_PAGES_RATIO)}). Where nothing changed: {again:.1f} s, "
        f"{max(run.rewritten for run in runs)} files written."
    )


def _refreshes(scratch: Path, mirror: Path) -> str:
    runs = refresh_mirror(mirror, SMALL, LARGE, scratch)
    bare = runs.bare_load + runs.bare_models
    small, large = (run.seconds / runs.bare_models for run in (runs.small_change, runs.large_change))
    lines = [
        _refresh("everything", runs.everything, GOAL_EVERYTHING, runs.everything.seconds / bare, GOAL_EVERYTHING_RATIO),
        _refresh("nothing changed", runs.unchanged, GOAL_UNCHANGED),
        _refresh(f"`{SMALL}` changed", runs.small_change, GOAL_SMALL, small, GOAL_SMALL_RATIO),
        _refresh(f"`{LARGE}` changed", runs.large_change, None, large),
        _refresh("everything, `--region all`", runs.all_regions),
    ]
    return (
        "## Refreshes of the mirror\n\n"
        "One home, one run after the other; of the two datasets, three lines of the only file have changed in a copy "
        "of the mirror. `bare` is, for everything, the SQL that reads and types the files "
        f"({runs.bare_load:.1f} s) and "
        f"the SQL of all models, as dbt has compiled it, one after the other ({runs.bare_models:.1f} s); for a change, "
        "the latter alone. The pages of the site are part of each run.\n\n"
        f"{REFRESHES}\n{_rule(REFRESHES)}\n" + "\n".join(lines)
    )


def _refresh(
    name: str, run: Refresh, goal: float | None = None, ratio: float | None = None, ratio_goal: float | None = None
) -> str:
    cells = [
        name,
        f"{run.seconds:.1f}",
        _verdict(run.seconds, goal) if goal else "",
        f"{ratio:.2f}" if ratio else "",
        _verdict(ratio, ratio_goal) if ratio and ratio_goal else "",
        f"{run.peak_bytes / 1e9:.2f}",
        _verdict(run.peak_bytes / 1e9, GOAL_BYTES / 1e9),
        f"{run.written_bytes / 1e6:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _fixed(one_row: Path, scratch: Path) -> str:
    files = ((ONE_ROW, one_row), (ONE_ROW, one_row))
    runs = [in_fresh_process(load_in_turn, *files, scratch=scratch) for _ in range(REPEATS)]
    first, second = (min(run[i].load.seconds for run in runs) for i in range(2))
    return (
        "## Fixed cost of a dataset\n\n"
        f"A file of one row, alone in its dlt run: {second:.2f} s ({_verdict(second, GOAL_FIXED)}); {first:.2f} s for "
        "the first one of a process, which imports what a load needs. A refresh loads all datasets of a producer in "
        "one dlt run and pays part of it once."
    )


def _mirror(scratch: Path, mirror: Path) -> str:
    seconds = in_fresh_process(load_mirror, mirror, scratch)
    head = "| dataset | MB | s |"
    lines = [
        f"| {name} | {sum(f.stat().st_size for f in (mirror / name).iterdir()) / 1e6:.1f} | {taken:.2f} |"
        for name, taken in sorted(seconds.items(), key=lambda item: -item[1])
    ]
    return (
        "## The mirror, dataset by dataset\n\n"
        "Fetched, loaded by a dlt run of its own and checked, one after the other in one process; the first one that "
        f"is loaded pays for the imports. All together: {sum(seconds.values()):.0f} s.\n\n"
        f"{head}\n{_rule(head)}\n" + "\n".join(lines)
    )


def _rule(head: str) -> str:
    return "|" + "---|" * (head.count("|") - 1)


def _verdict(value: float, goal: float) -> str:
    return f"{'met' if value < goal else 'not met'} (goal {goal:g})"


if __name__ == "__main__":
    main()
