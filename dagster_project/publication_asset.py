"""The asset of the publication, with its checks. All others are upstream of it."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import dagster as dg

from dagster_project.failure import in_words
from dagster_project.resources import RefreshResource, Results
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
        yield from in_words(_publish_as_it_stands(refresh.job()))

    return publication


def _publish_as_it_stands(job: Job) -> Results:
    """Publishes the working file. Models that wait to be built still wait after it."""
    job.publish_as_it_stands()
    yield from _published(job.options.home, unchanged=False)


def publish_waiting(context: dg.OpExecutionContext, job: Job) -> Results:
    """Publishes what was built. If nothing was, it reports a publication that Dagster does not know."""
    home = job.options.home
    if job.is_waiting:
        job.publish()
        yield from _published(home, unchanged=False)
    elif [each.data for each in last_versions(context.instance, [PUBLICATION]).values()] != [_version(home)]:
        yield from _published(home, unchanged=True)


def _version(home: Path) -> str:
    return published_file(home).resolve().parent.name


def _published(home: Path, *, unchanged: bool) -> Results:
    """Reports the last publication and its checks."""
    path = published_file(home)
    yield dg.MaterializeResult(
        asset_key=PUBLICATION,
        metadata={"file": str(path), "bytes": path.stat().st_size, "unchanged": unchanged},
        data_version=dg.DataVersion(_version(home)),
    )
    late = {row.dataset_id: str(row.last_observed) for row in present_record(home).datasets if row.is_late}
    yield _publication_check(PAGES_ARE_MADE, list(missing_pages(home).values()))
    yield _publication_check(RECENT, sorted(late), late)


def _publication_check(
    name: str, problems: Collection[str], metadata: Mapping[str, str] | None = None
) -> dg.AssetCheckResult:
    """Returns the result of a check of the publication. Each problem is a warning."""
    return dg.AssetCheckResult(
        asset_key=PUBLICATION,
        check_name=name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(problems) or None,
        metadata=metadata,
    )
