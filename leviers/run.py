"""The refresh in process: fetch, and only when something changed, the Dagster job on what depends on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingestion.catalog import load_catalog
from ingestion.refresh import Options, Outcome, fetch, remove_partial_files, unclaimed_files
from ingestion.snapshots import SnapshotStore
from leviers.first_contact import first_contact_lines, not_verified
from leviers.project import build_fingerprint, published_file, read_run_state, write_run_state, writing

LOG = "refresh.log"
NOTHING_ACCEPTED = "nothing new was accepted: nothing rebuilt"
NOTHING_CHANGED = "nothing changed: nothing loaded, nothing rebuilt"


@dataclass(frozen=True)
class RefreshResult:
    """How a refresh ended. ``exit_status`` as in the command line's contract."""

    exit_status: int
    outcomes: list[Outcome]
    published: Path | None


def refresh(options: Options, region: str, say: Callable[[str], None]) -> RefreshResult:
    """Runs the main job; ``say`` gets one line per dataset, then one per check that did not pass, then the end.

    Raises:
        HomeBusyError: another job is writing into this home.
    """
    with writing(options.home):
        remove_partial_files(options.home)
        has_warehouse = options.warehouse.exists()
        outcomes = {outcome.dataset_id: outcome for outcome in fetch(options)}
        for name in unclaimed_files(options.mirror):
            say(f"unclaimed in the mirror: {name}")
        fingerprint = build_fingerprint(region)
        last = read_run_state(options.home)
        changed = [name for name, outcome in outcomes.items() if outcome.status == "changed" or outcome.reloads]
        is_complete = has_warehouse and published_file(options.home).exists()
        same_build = last.get("fingerprint") == fingerprint and is_complete
        if not changed and same_build and not options.full:
            _say_outcomes(outcomes, say)
            say(NOTHING_CHANGED)
            return _ended(outcomes, published_file(options.home), say)
        if not same_build and last:
            say("everything is built again: the project or its scope has changed, or the last run did not end well")
        if last:  # until this run has published, the next one may not say that nothing changed
            write_run_state(options.home, last | {"fingerprint": None})
        built, success, problems = _run_job(options, region, changed, everything=not same_build or options.full)
        outcomes |= {name: _after_load(options, name, outcome) for name, outcome in outcomes.items()}
        _say_outcomes(outcomes, say)
        for warning in _warnings(options, changed):
            say(f"warning: {warning}")
        for line in [*problems, *first_contact_lines(options.home, changed)]:
            say(line)
        if not success:
            say("not published: the last published file is untouched")
            return RefreshResult(1, list(outcomes.values()), None)
        if not built:
            write_run_state(options.home, last)
            say(NOTHING_ACCEPTED)
            return _ended(outcomes, published_file(options.home), say)
        state = {
            "fingerprint": fingerprint,
            "region": region,
            "demo": options.demo,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_run_state(options.home, state)
        from leviers.status import partial_year_lines, quarantine_lines

        published = published_file(options.home)
        for line in [*quarantine_lines(published), *partial_year_lines(published)]:
            say(line)
        return _ended(outcomes, published_file(options.home), say)


def _run_job(options: Options, region: str, changed: list[str], everything: bool) -> tuple[bool, bool, list[str]]:
    """Runs the refresh job: the loads, then the lineage of what they brought, or all of it.

    Returns whether anything was built, whether all went well, and a line per problem.
    """
    import dagster as dg

    from dagster_project.assets import RefreshResource, raw_key
    from dagster_project.checks import problem_lines
    from dagster_project.definitions import REFRESH_JOB, build_defs
    from ingestion.operations import LOAD_TABLES, SCHEMA_NAME

    catalog = load_catalog()
    defs = build_defs(RefreshResource.of(options, region, fetched=True))
    job, graph = defs.resolve_job_def(REFRESH_JOB), defs.resolve_asset_graph()
    operations = [dg.AssetKey([SCHEMA_NAME, name]) for name in LOAD_TABLES]
    instance = dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}})
    results: list[dg.ExecuteInProcessResult] = []

    def run(selection: dg.AssetSelection) -> None:
        keys = list(selection.resolve(graph))
        results.append(job.execute_in_process(instance=instance, asset_selection=keys, raise_on_error=False))

    def raw(names: list[str]) -> dg.AssetSelection:
        return dg.AssetSelection.assets(
            *(raw_key(catalog[n], table) for n in names for table in catalog[n].table_names)
        )

    with (options.home / LOG).open("w", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        if everything:
            run(dg.AssetSelection.all())
        else:
            run(raw(changed))
            store = SnapshotStore(options.home)
            new = [name for name in changed if store.state(name).reason is None]  # else the last good one is in place
            if new and results[0].success:
                run((raw(new) | dg.AssetSelection.assets(*operations)).downstream() - raw(list(catalog)))
    built = everything or len(results) > 1
    return built, all(result.success for result in results), problem_lines(options.home, results)


def _after_load(options: Options, name: str, outcome: Outcome) -> Outcome:
    """The outcome of a changed dataset once its load was tried."""
    if outcome.status != "changed":
        return outcome
    state = SnapshotStore(options.home).state(name)
    if state.reason:
        stands = "kept last good" if state.accepted else "absent"
        return Outcome(name, "failed", f"failed, {stands}: {state.reason.removeprefix(f'{name}: ')}")
    aside = sum(row["row_count"] for row in state.quarantined)
    quarantine = f"; {aside} rows in quarantine" if aside else ""
    return Outcome(name, "changed", f"{outcome.message}; {state.received - aside} rows{quarantine}{not_verified(name)}")


def _warnings(options: Options, names: list[str]) -> list[str]:
    """What the readers found worth telling of the verified datasets that were loaded."""
    store = SnapshotStore(options.home)
    return [warning for name in names if not not_verified(name) for warning in store.state(name).warnings]


def _say_outcomes(outcomes: dict[str, Outcome], say: Callable[[str], None]) -> None:
    part = [outcome for outcome in outcomes.values() if outcome.message != "not part of this run"]
    for outcome in part:
        say(outcome.line)
    counts = Counter(outcome.status for outcome in part)
    say(
        "datasets: "
        + ", ".join(f"{counts[status]} {status}" for status in ("changed", "unchanged", "absent", "failed"))
    )


def _ended(outcomes: dict[str, Outcome], published: Path, say: Callable[[str], None]) -> RefreshResult:
    say(f"published: {published}")
    failed = any(outcome.status == "failed" for outcome in outcomes.values())
    return RefreshResult(3 if failed else 0, list(outcomes.values()), published)
