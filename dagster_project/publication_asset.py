"""The asset of the publication, with its checks. All others are upstream of it."""

from collections.abc import Sequence

import dagster as dg

from dagster_project.asset_checks import check_result
from dagster_project.failure import Results, in_words
from dagster_project.resources import RefreshResource
from dagster_project.subjects import PUBLICATION, is_refresh
from leviers.warehouse.home import missing_pages, published_file
from leviers.warehouse.runs.run_end import present_record
from leviers.warehouse.steps import Job

PAGES_ARE_MADE = "pages_are_made"
RECENT = "observations_are_recent"


def build_publication(published: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Returns the asset of the publication, which depends on each subject that is published."""

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
        yield from in_words(_publish(refresh.job(), is_whole=is_refresh(context)))

    return publication


def _publish(job: Job, *, is_whole: bool) -> Results:
    """Publishes the working file. In a run of chosen assets, models that wait to be built still wait after it."""
    if is_whole:
        job.publish()
    else:
        job.publish_as_it_stands()
    home, path = job.options.home, published_file(job.options.home)
    yield dg.MaterializeResult(
        asset_key=PUBLICATION,
        metadata={"file": str(path), "bytes": path.stat().st_size},
        data_version=dg.DataVersion(path.resolve().parent.name),
    )
    late = {row.dataset_id: str(row.last_observed) for row in present_record(home).datasets if row.is_late}
    yield check_result(PUBLICATION, PAGES_ARE_MADE, missing_pages(home).values())
    yield check_result(PUBLICATION, RECENT, sorted(late), late)
