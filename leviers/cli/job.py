"""The part of a refresh that loads and builds: runs its steps one after the other, and collects their problems."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.catalog import load_catalog
from ingestion.fault import why
from ingestion.load import reading_ahead
from ingestion.options import Options
from ingestion.snapshots import Edition
from ingestion.state import DatasetState
from leviers import site
from leviers.cli.progress import job_progress
from leviers.cli.timings import timed
from leviers.common.disk import is_full_disk
from leviers.common.interrupt import is_interrupted, stop_if_interrupted
from leviers.warehouse.checks.check_row import expectation_row
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.log import output_to
from leviers.warehouse.steps import STEPS, Job, stop


@dataclass
class JobResult:
    """The result of a job: whether models were built, whether all went well, a line per problem, seconds by step."""

    built: bool = False
    success: bool = True
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, log: Path) -> Iterator[None]:
        """Times a step; if it fails, adds a line.

        Raises:
            KeyboardInterrupt: a person stopped the run.
        """
        stop_if_interrupted()
        try:
            with timed(self.seconds, name):
                yield
        except Exception as error:
            if is_interrupted(error):
                raise KeyboardInterrupt from error
            if is_full_disk(error):
                raise
            self.success = False
            line = f"step {name} failed: {why(error)} (more in {log})"
            self.problems.append(line)


def run_job(
    options: Options,
    region: str,
    states: dict[str, DatasetState],
    editions: Collection[Edition],
    unbuilt: Collection[str] | None,
    *,
    log: Path,
) -> JobResult:
    """Loads the ``editions``, then builds the models of accepted datasets and of ``unbuilt``; None means all models.

    ``states`` has the state of each dataset after the fetch; the load brings it up to date.

    Raises:
        KeyboardInterrupt: a person stopped the run.
    """
    producers: dict[str, list[Edition]] = defaultdict(list)
    for edition in editions:
        producers[load_catalog()[edition.dataset_id].schema_name].append(edition)
    result = JobResult()
    with (
        ThreadPoolExecutor(1) as pool,
        job_progress(sys.stderr, len(editions)) as on_line,
        output_to(log, on_line),
        reading_ahead(options, dict(sorted(producers.items()))) as ahead,
    ):
        job = Job(options, region, site.build_site)
        job.states = states
        parsed = pool.submit(dbt_manifest)  # parsing takes as long as the load
        _import_ahead()
        loaded_before = {edition.dataset_id: states[edition.dataset_id].loaded for edition in editions}
        for schema_name, of_producer in sorted(producers.items()):
            with result.step(f"load_{schema_name}", log):
                if cut := job.load(schema_name, of_producer, ahead.pop(schema_name)):
                    stop(cut)
        changed = {*(unbuilt or ()), *(name for name, before in loaded_before.items() if _is_new(states[name], before))}
        if result.success and (unbuilt is None or changed):
            parsed.result()
            result.built = True
            job.changed = None if unbuilt is None else changed
            for step in STEPS:
                if result.success:
                    with result.step(step.__name__, log):
                        if reasons := step(job):
                            stop(reasons)
    result.problems = [*_problem_lines(job), *result.problems]
    return result


def _import_ahead() -> None:
    """Imports Great Expectations and dbt while the first files are read, since that takes seconds."""
    import dbt.cli.main  # noqa: F401

    from expectations.runner import batch_definition

    batch_definition()


def _is_new(state: DatasetState, loaded_before: str | None) -> bool:
    """Returns whether the raw tables of a dataset have a new content, from which models are to be built."""
    return state.reason is None or state.loaded != loaded_before


def _problem_lines(job: Job) -> list[str]:
    """Returns a line per check that failed or crashed. Guesses are listed with the first contact instead."""
    binding = (expectation_row(check) for check in job.all_expectations if not check.guess)
    return [row.graded_sentence for row in (*binding, *job.tests.values()) if row.status in ("failed", "crashed")]
