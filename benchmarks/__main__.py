"""``python -m benchmarks``: measures the ingestion and writes ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import duckdb

from benchmarks.cases import CASES, WIDE, Case
from benchmarks.measure import (
    Cost,
    Loaded,
    in_fresh_process,
    load_bare,
    load_by_project,
    load_mirror,
    load_warm,
    refresh_unchanged,
)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
REPEATS = 3
GOAL_RATIO, GOAL_BYTES, GOAL_UNCHANGED, GOAL_FIXED = 1.15, 1.5e9, 5.0, 1.0


@click.command()
@click.option("--rows", type=int, help="Rows of each generated file, for a quick run.")
@click.option("--mirror", type=click.Path(exists=True, path_type=Path), envvar="LEVIERS_TEST_MIRROR")
@click.option("--output", type=click.Path(path_type=Path), default=PAGE, show_default=True)
def main(rows: int | None, mirror: Path | None, output: Path) -> None:
    """Measure the ingestion; each figure is the best of three runs."""
    with TemporaryDirectory(prefix="leviers-bench-") as folder:
        scratch = Path(folder)
        sections = [_introduction(), _generated(scratch, rows), _unchanged(scratch, mirror), _fixed(scratch)]
        if mirror:
            sections.append(_mirror(scratch, mirror.resolve()))
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


def _generated(scratch: Path, rows: int | None) -> str:
    lines = [_measured(replace(case, rows=rows or case.rows), scratch) for case in CASES]
    head = "| file | rows | MB | bare s | snapshot s | load s | load : bare | goal | peak memory GB | goal |"
    details = "\n".join(f"- `{case.name}`: {case.title}." for case in CASES)
    return (
        "## Large files\n\n"
        "`bare` is one `create table as select * from read_csv` with the same types and no check. `load` is the "
        "project's own path from the snapshot on: layout, types, checks, dlt, DuckDB. `snapshot` hashes and copies the "
        "file, which the bare statement does not do.\n\n"
        f"{details}\n\n{head}\n{_rule(head)}\n" + "\n".join(lines) + "\n\n"
        "A plain CSV file of 32 MB or more is read by one statement of the warehouse, as a dlt model, which does not "
        "keep the order of the rows. What it costs more than the bare statement is the fixed cost of a dlt run in a "
        "new process (0.7 to 1 s, most of it for the small file of `eco2mix`), the look at both ends of every text, "
        "and the secrecy marks. Where a value is in another notation the file is read again by the reader, through "
        "Arrow and Parquet, which alone takes 2.3 to 2.6 times the bare statement."
    )


def _measured(case: Case, scratch: Path) -> str:
    file = scratch / f"{case.name}.csv"
    in_fresh_process(case.write, file, case.rows)
    bare: list[Cost] = []
    loaded: list[Loaded] = []
    for _ in range(REPEATS):
        bare.append(in_fresh_process(load_bare, case, file, scratch))
        loaded.append(in_fresh_process(load_by_project, case, file, scratch))
    megabytes = file.stat().st_size / 1e6
    file.unlink()
    fastest = min(cost.seconds for cost in bare)
    snapshot = min(run.snapshot.seconds for run in loaded)
    load = min(run.load.seconds for run in loaded)
    peak = max(run.load.peak_bytes for run in loaded)
    return (
        f"| {case.name} | {case.rows:,} | {megabytes:.0f} | {fastest:.1f} | {snapshot:.1f} | {load:.1f} "
        f"| {load / fastest:.2f} | {_verdict(load / fastest, GOAL_RATIO)} "
        f"| {peak / 1e9:.2f} | {_verdict(peak / 1e9, GOAL_BYTES / 1e9)} |"
    )


def _unchanged(scratch: Path, mirror: Path | None) -> str:
    commands = {"bundled figures": ["demo"]}
    if mirror:
        commands["mirror"] = ["refresh", "--mirror", str(mirror.resolve()), "--offline"]
    head = "| run | s | goal | bytes written |"
    lines = []
    for i, (name, arguments) in enumerate(commands.items()):
        run = refresh_unchanged(arguments, scratch / f"unchanged_{i}")
        lines.append(f"| {name} | {run.seconds:.1f} | {_verdict(run.seconds, GOAL_UNCHANGED)} | {run.written_bytes} |")
    return (
        "## A refresh in which nothing changed\n\n"
        "The second of two runs of the command line, without network: no byte is downloaded.\n\n"
        f"{head}\n{_rule(head)}\n" + "\n".join(lines)
    )


def _fixed(scratch: Path) -> str:
    case = replace(WIDE, name="one_row", rows=1)
    file = scratch / "one_row.csv"
    in_fresh_process(case.write, file, case.rows)
    seconds = min(in_fresh_process(load_warm, case, file, scratch) for _ in range(REPEATS))
    return (
        "## Fixed cost of a dataset\n\n"
        f"A file of one row, alone in its dlt run, in a process that has loaded before: {seconds:.2f} s "
        f"({_verdict(seconds, GOAL_FIXED)}). A refresh loads all datasets of a producer in one dlt run and pays part "
        "of it once."
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
