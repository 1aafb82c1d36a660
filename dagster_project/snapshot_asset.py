"""The asset of the files as they were received."""

from collections import Counter

import dagster as dg

from dagster_project.asset_checks import check_result
from dagster_project.failure import NEVER_STARTED, fail
from dagster_project.report import chosen_results
from dagster_project.resources import Context, RefreshResource, Results
from ingestion.fetch import fetch_step
from leviers.warehouse.home import NotStartedError, refusals, writing
from leviers.warehouse.runs.damage import set_aside_damaged
from leviers.warehouse.runs.problems import check_room
from leviers.warehouse.steps import Job, stop

PORTALS_ANSWER = "portals_answer"
SNAPSHOTS = dg.AssetKey("snapshots")
# The store of files has the same version for ever, so that a new file of one dataset puts no other table out of date.
# The version of a table names its own files.
STORE = dg.DataVersion("store")


@dg.asset(
    key=SNAPSHOTS,
    group_name="snapshots",  # a group of its own keeps the graph of groups without a loop
    kinds={"file"},
    check_specs=[dg.AssetCheckSpec(PORTALS_ANSWER, asset=SNAPSHOTS, description="Each portal that is asked answers.")],
)
def snapshots(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
    """Brings the files of the datasets from portals, mirror or project. Changed ones wait to be loaded."""
    yield from chosen_results(context, fetch_snapshots(context, refresh.job()))


def fetch_snapshots(context: Context, job: Job) -> Results:
    options, home = job.options, job.options.home
    try:
        if refused := refusals(options):
            raise NotStartedError("; ".join([refusal.reason for refusal in refused]))
        with writing(home):
            for line in set_aside_damaged(home):
                context.log.warning(line)
            check_room(home)
            fetched = fetch_step(options, context.log.warning)
    except NotStartedError as error:
        fail(error.args[0], {NEVER_STARTED: True})
    outcomes = [outcome for outcome in fetched.outcomes if outcome.is_in_run]
    for outcome in outcomes:
        context.log.info(outcome.sentence)
    if why := fetched.why_nothing_to_build:
        stop([why])
    yield dg.MaterializeResult(
        asset_key=SNAPSHOTS,
        metadata=Counter(outcome.status for outcome in outcomes),
        data_version=STORE,
    )
    yield check_result(SNAPSHOTS, PORTALS_ANSWER, [fetched.silent.sentence] if fetched.silent.hosts else [])
