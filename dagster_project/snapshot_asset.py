"""The files as they were received: one asset that asks the portals, and for each producer when it answered."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

import dagster as dg

from dagster_project.asset_checks import check_result
from dagster_project.described import TIGHTEST, by_producer, freshness_policy, group_of
from dagster_project.failure import NEVER_STARTED, Results, fail, in_words
from dagster_project.resources import RefreshResource
from dagster_project.subjects import SNAPSHOTS
from ingestion.catalog import Dataset
from ingestion.fetch import fetch_step
from ingestion.options import Outcome
from leviers.warehouse.home import NotStartedError, refusals, writing
from leviers.warehouse.runs.damage import set_aside_damaged
from leviers.warehouse.runs.problems import check_room
from leviers.warehouse.steps import stop

PORTALS_ANSWER = "portals_answer"
# The store of files has the same version for ever, so that a new file of one dataset puts no other table out of date.
STORE = dg.DataVersion("store")
ANSWERED = ("changed", "unchanged")


def files_key(schema_name: str) -> dg.AssetKey:
    return dg.AssetKey(["files", schema_name.removeprefix("raw_")])


def files_specs() -> list[dg.AssetSpec]:
    """Returns an asset for each producer that is asked by a schedule. It is made when its portals have answered.

    It has no step of its own: ``snapshots`` reports it, also on a day on which nothing is new.
    """
    return [
        dg.AssetSpec(
            files_key(schema),
            deps=[SNAPSHOTS],
            description=f"When the portals last answered for {', '.join(d.dataset_id for d in asked)}.",
            group_name="files",
            kinds={"file"},
            freshness_policy=freshness_policy(min((group_of(d) for d in asked), key=TIGHTEST.index)),
        )
        for schema, datasets in by_producer().items()
        if (asked := [dataset for dataset in datasets if group_of(dataset)])
    ]


@dg.asset(
    key=SNAPSHOTS,
    group_name="files",
    kinds={"file"},
    check_specs=[dg.AssetCheckSpec(PORTALS_ANSWER, asset=SNAPSHOTS, description="Each portal that is asked answers.")],
)
def snapshots(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
    """Brings the files of the datasets from portals, mirror or project. Changed ones wait to be loaded."""
    yield from in_words(_fetch(context, refresh))


def _fetch(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
    options = refresh.options()
    try:
        if refused := refusals(options):
            raise NotStartedError("; ".join([refusal.reason for refusal in refused]))
        with writing(options.home):
            for line in set_aside_damaged(options.home):
                context.log.warning(line)
            check_room(options.home)
            refresh.note_begin(context)
            fetched = fetch_step(options, context.log.warning)
    except NotStartedError as error:
        fail(error.args[0], {NEVER_STARTED: True})
    outcomes = [outcome for outcome in fetched.outcomes if outcome.is_in_run]
    for outcome in outcomes:
        context.log.info(outcome.sentence)
    if why := fetched.why_nothing_to_build:
        stop([why])
    for schema, statuses in _answered(outcomes).items():
        context.log_event(dg.AssetMaterialization(files_key(schema), metadata=Counter(statuses)))
    yield dg.MaterializeResult(
        asset_key=SNAPSHOTS,
        metadata=Counter(outcome.status for outcome in outcomes),
        data_version=STORE,
    )
    yield check_result(SNAPSHOTS, PORTALS_ANSWER, [fetched.silent.sentence] if fetched.silent.hosts else [])


def _answered(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """Returns the outcomes by producer, of producers whose portals answered to every question."""
    by_id = {outcome.dataset_id: outcome.status for outcome in outcomes}
    found: dict[str, list[str]] = defaultdict(list)
    for schema, datasets in by_producer().items():
        asked = _asked(datasets, by_id.keys())
        if asked and all(by_id[dataset.dataset_id] in ANSWERED for dataset in asked):
            found[schema] = [by_id[dataset.dataset_id] for dataset in asked]
    return dict(found)


def _asked(datasets: Iterable[Dataset], names: Collection[str]) -> list[Dataset]:
    return [dataset for dataset in datasets if group_of(dataset) and dataset.dataset_id in names]
