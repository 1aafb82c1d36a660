"""The asset of the publication, with its checks. All others are upstream of it."""

from collections.abc import Callable, Sequence

import dagster as dg

from dagster_project.asset_checks import check_result
from dagster_project.report import chosen_results
from dagster_project.resources import Context, RefreshResource, Results
from dagster_project.versions import last_versions
from leviers.warehouse.home import missing_pages, published_file
from leviers.warehouse.runs.run_end import present_record
from leviers.warehouse.steps import Job

PAGES_ARE_MADE = "pages_are_made"
RECENT = "observations_are_recent"
PUBLICATION = dg.AssetKey("publication")


def build_publication(published: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Returns the asset of the publication, which depends on each published table."""

    @dg.asset(
        key=PUBLICATION,
        deps=published,
        group_name="publication",
        kinds={"duckdb", "parquet"},
        check_specs=[
            dg.AssetCheckSpec(PAGES_ARE_MADE, asset=PUBLICATION, description="No page or report is missing."),
            dg.AssetCheckSpec(
                RECENT, asset=PUBLICATION, description="No observation is older than its cadence allows."
            ),
        ],
    )
    def publication(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Results:
        """The file that readers open, with Parquet, datapackage, reports and pages, swapped in at once."""
        job = refresh.job()  # models that wait to be built still wait after it
        yield from chosen_results(context, _published(context, job, job.publish_as_it_stands))

    return publication


def publish_step(context: dg.OpExecutionContext, job: Job) -> Results:
    """Publishes what was built. If nothing was, it reports a publication that Dagster does not know."""
    yield from _published(context, job, job.publish if job.is_waiting else tuple)


def _published(context: Context, job: Job, publish: Callable[[], object]) -> Results:
    """Publishes, and reports the publication and its checks if Dagster does not know it yet."""
    path = published_file(job.options.home)
    before = path.resolve()
    publish()
    after = path.resolve()
    version = after.parent.name
    if version in last_versions(context.instance, [PUBLICATION]).values():
        return
    yield dg.MaterializeResult(
        asset_key=PUBLICATION,
        metadata={"file": str(path), "bytes": path.stat().st_size, "unchanged": after == before},
        data_version=dg.DataVersion(version),
    )
    late = {row.dataset_id: str(row.last_observed) for row in present_record(job.options.home).datasets if row.is_late}
    yield check_result(PUBLICATION, PAGES_ARE_MADE, missing_pages(job.options.home).values())
    yield check_result(PUBLICATION, RECENT, sorted(late), late)
