"""``python -m benchmarks``: measures the ingestion and fills the tables of ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import click
import duckdb

from benchmarks.cases import CASES, ONE_ROW, Case
from benchmarks.measure import (
    Asked,
    MirrorRefreshes,
    Refresh,
    in_fresh_process,
    load_bare,
    load_in_turn,
    refresh_mirror,
    run_command,
    write_pages,
)

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
REPEATS, GROWTH, BAR = 3, (1, 2, 4), 12


@dataclass
class Goals:
    """The values measured against a goal, by name."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def at_most(self, name: str, value: float, limit: float) -> None:
        """Notes a value, and what it may be at most."""
        self.rows.append((name, f"{value:.2f}", f"{limit:.4g}", "met" if value <= limit else "not met"))


@click.command()
@click.option("--rows", type=int, help="Rows of each generated file, for a quick run, which leaves out the suite.")
@click.option("--mirror", type=click.Path(exists=True, path_type=Path), envvar="LEVIERS_TEST_MIRROR")
@click.option("--output", type=click.Path(path_type=Path), default=PAGE, show_default=True)
def main(rows: int | None, mirror: Path | None, output: Path) -> None:
    """Measure the ingestion; each figure of a load or of the pages is the best of three runs."""
    goals = Goals()
    tables = {"machine": _machine()}
    with TemporaryDirectory(prefix="leviers-bench-") as folder:
        scratch = Path(folder)
        one_row = scratch / "one_row.csv"
        in_fresh_process(ONE_ROW.write, one_row, ONE_ROW.rows)
        if rows is None:
            _suite(goals)
        cases = [replace(case, rows=rows or case.rows) for case in CASES]
        tables |= _loads(cases, one_row, scratch, goals)
        tables |= {"fixed": _fixed(one_row, scratch, goals), **_demo(scratch, goals)}
        if mirror:
            runs = refresh_mirror(mirror.resolve(), scratch)
            tables |= {"refreshes": _refreshes(runs, goals), "steps": _steps(runs), "readers": _readers(runs, goals)}
            tables["country"] = _country(runs, goals)
    tables["goals"] = _table("goal | measured | at most | ", goals.rows)
    if output != PAGE:
        shutil.copy(PAGE, output)
    output.write_text(filled(output.read_text(encoding="utf-8"), tables), encoding="utf-8")
    click.echo(f"written: {output}")


def filled(page: str, tables: Mapping[str, str]) -> str:
    """The page with these tables in the places that have their names; the text around them stays."""
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


def _suite(goals: Goals) -> None:
    start = time.perf_counter()
    subprocess.run(["make", "check"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607 - the one of the PATH
    goals.at_most("`make check`, s", time.perf_counter() - start, 60)


def _loads(cases: list[Case], one_row: Path, scratch: Path, goals: Goals) -> dict[str, str]:
    rows, bars = zip(*(_measured(case, one_row, scratch, goals) for case in cases), strict=True)
    head = "file | rows | MB | bare s | snapshot s | load s | load : bare | peak GB | reader : bare"
    return {"loads": _table(head, rows), "growth": "\n".join(["```text", *bars, "```"])}


def _measured(case: Case, one_row: Path, scratch: Path, goals: Goals) -> tuple[list[str], str]:
    file = scratch / f"{case.name}.csv"
    files = ((ONE_ROW, one_row), (case, file))
    grown: dict[int, float] = {}
    for times in GROWTH:
        in_fresh_process(case.write, file, case.rows * times // GROWTH[-1])
        loaded = [in_fresh_process(load_in_turn, *files, scratch=scratch)[-1] for _ in range(REPEATS)]
        grown[times] = min(run.load.seconds for run in loaded)
    bare = min(in_fresh_process(load_bare, case, file, scratch).seconds for _ in range(REPEATS))
    reader = in_fresh_process(load_in_turn, *files, scratch=scratch, plain=False)[-1].load.seconds
    megabytes = file.stat().st_size / 1e6
    file.unlink()
    snapshot = min(run.snapshot.seconds for run in loaded)
    load, peak = min(grown[GROWTH[-1]], grown[times]), max(run.load.peak_bytes for run in loaded) / 1e9
    goals.at_most(f"load of `{case.name}` : bare", load / bare, 1.15)
    goals.at_most(f"load of `{case.name}`, peak GB", peak, 1.5)
    goals.at_most(f"load of `{case.name}`, 4x the rows : 1x", load / grown[1], GROWTH[-1])
    bars = [f"{case.name:<8} {n}x {'█' * round(BAR * taken / grown[1])} {taken:.1f} s" for n, taken in grown.items()]
    figures = [f"{megabytes:.0f}", f"{bare:.1f}", f"{snapshot:.1f}", f"{load:.1f}", f"{load / bare:.2f}", f"{peak:.2f}"]
    return [case.name, f"{case.rows:,}", *figures, f"{reader / bare:.1f}"], "\n".join(bars)


def _fixed(one_row: Path, scratch: Path, goals: Goals) -> str:
    files = ((ONE_ROW, one_row), (ONE_ROW, one_row))
    runs = [in_fresh_process(load_in_turn, *files, scratch=scratch) for _ in range(REPEATS)]
    first, second = (min(run[i].load.seconds for run in runs) for i in range(2))
    goals.at_most("a dataset of one row, s", second, 1)
    return _table("the first one of a process, s | another one, s", [(f"{first:.2f}", f"{second:.2f}")])


REFRESHES = "run | s | : bare | peak GB | MB written"


def _refresh(name: str, run: Refresh, ratio: float | None = None) -> list[str]:
    figures = [f"{run.seconds:.1f}", f"{ratio:.2f}" if ratio else "", f"{run.peak_bytes / 1e9:.2f}"]
    return [name, *figures, f"{run.written_bytes / 1e6:.1f}"]


def _demo(scratch: Path, goals: Goals) -> dict[str, str]:
    home = scratch / "demo_home"
    first, again = run_command(["demo"], home), run_command(["demo"], home)
    goals.at_most("demo, s", first.seconds, 35)
    runs = [in_fresh_process(write_pages, home, scratch / f"pages_{i}") for i in range(REPEATS)]
    bare, whole, second = (min(run[i] for run in map(astuple, runs)) for i in range(3))
    goals.at_most("all pages of the demo, s", whole, 30)
    goals.at_most("all pages of the demo : fetching observations", whole / bare, 4.1)
    figures = (f"{bare:.1f}", f"{whole:.1f}", f"{second:.1f}", max(run.rewritten for run in runs))
    return {
        "demo": _table(REFRESHES, [_refresh("first", first), _refresh("nothing changed", again)]),
        "pages": _table("observations fetched ten times, s | all pages, s | once more, s | files written", [figures]),
    }


def _refreshes(runs: MirrorRefreshes, goals: Goals) -> str:
    bare = runs.bare_load + runs.bare_models
    ratios = {name: run.seconds / runs.bare_models for name, run in runs.changes.items()}
    worst = max(ratios, key=lambda name: ratios[name])
    goals.at_most(f"one dataset changed, the worst of {len(ratios)} : bare", ratios[worst], 1.5)
    goals.at_most("whole mirror : bare", runs.everything.seconds / bare, 2.2)
    goals.at_most("nothing changed, s", runs.unchanged.seconds, 2)
    goals.at_most("nothing changed, kB written", runs.unchanged.written_bytes / 1e3, 100)
    rows = [
        ["bare: the files read and typed", f"{runs.bare_load:.1f}", "", "", ""],
        ["bare: the SQL of all models", f"{runs.bare_models:.1f}", "", "", ""],
        _refresh("everything", runs.everything, runs.everything.seconds / bare),
        _refresh("nothing changed", runs.unchanged),
        *(_refresh(f"`{name}` changed", run, ratios[name]) for name, run in runs.changes.items()),
    ]
    return _table(REFRESHES, rows)


def _steps(runs: MirrorRefreshes) -> str:
    seconds_of = [runs.everything.steps, *(run.steps for run in runs.changes.values())]
    rows = [[name, *(f"{steps[name]:.3g}" if name in steps else "" for steps in seconds_of)] for name in seconds_of[0]]
    return _table(" | ".join(["s", "everything", *runs.changes]), rows)


def _readers(runs: MirrorRefreshes, goals: Goals) -> str:
    quiet, busy = _answers(runs.quiet), _answers(runs.busy)
    goals.at_most("readers, p95 during a refresh : quiet", busy[2] / quiet[2], 5)
    goals.at_most("readers, errors", quiet[-1] + busy[-1], 0)
    goals.at_most("readers, sessions that saw two editions", quiet[-2] + busy[-2], 0)
    head = "while | answers | p50 s | p95 s | sessions | of two editions | errors"
    situations = (("nothing runs", quiet), (f"a refresh of {runs.read.seconds:.1f} s runs", busy))
    return _table(head, [[name, *(f"{figure:.3g}" for figure in figures)] for name, figures in situations])


def _answers(met: list[Asked]) -> tuple[float, ...]:
    seconds = [taken for reader in met for taken in reader.seconds]
    cuts = quantiles(seconds, n=20)
    sessions, mixed = sum(reader.sessions for reader in met), sum(reader.mixed for reader in met)
    return len(seconds), cuts[9], cuts[18], sessions, mixed, sum(len(reader.errors) for reader in met)


def _country(runs: MirrorRefreshes, goals: Goals) -> str:
    goals.at_most("all regions, peak GB", runs.all_regions.peak_bytes / 1e9, 1.6)
    head = f"{REFRESHES} | {' | '.join(f'{ending}, MB' for ending in runs.sizes)}"
    return _table(
        head, [_refresh("everything", runs.all_regions) + [f"{size / 1e6:.0f}" for size in runs.sizes.values()]]
    )


if __name__ == "__main__":
    main()
