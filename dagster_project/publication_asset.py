"""The asset of the publication, with its checks. All others are upstream of it."""

from collections.abc import Sequence

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
        yield from chosen_results(context, _publish_as_it_stands(context, refresh.job()))

    return publication


def _publish_as_it_stands(context: Context, job: Job) -> Results:
    """Publishes the working file. Models that wait to be built still wait after it."""
    job.publish_as_it_stands()
    yield from _report(context, job, is_new=True)


def publish_step(context: Context, job: Job) -> Results:
    """Publishes what was built. If nothing was, it reports a publication that Dagster does not know."""
    is_new = job.is_waiting
    if is_new:
        job.publish()
    yield from _report(context, job, is_new=is_new)


def _report(context: Context, job: Job, *, is_new: bool) -> Results:
    """Reports the publication and its checks if Dagster does not know it yet."""
    home, path = job.options.home, published_file(job.options.home)
    version = path.resolve().parent.name
    if version in last_versions(context.instance, [PUBLICATION]).values():
        return
    yield dg.MaterializeResult(
        asset_key=PUBLICATION,
        metadata={"file": str(path), "bytes": path.stat().st_size, "unchanged": not is_new},
        data_version=dg.DataVersion(version),
    )
    late = {row.dataset_id: str(row.last_observed) for row in present_record(home).datasets if row.is_late}
    yield check_result(PUBLICATION, PAGES_ARE_MADE, missing_pages(home).values())
    yield check_result(PUBLICATION, RECENT, sorted(late), late)
