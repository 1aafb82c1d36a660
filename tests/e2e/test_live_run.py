"""A whole run against the fakes of the portals, beside the real files of the sources that have no address.

The rows that come from the fakes are invented and spread over Occitanie. What is measured is the road from each portal
to the marts: which levers and keys open once the sources are there, none of their values.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import runner
from ingestion import http, readers
from ingestion import load as loading
from ingestion.catalog import Dataset, load_catalog
from ingestion.options import Options
from ingestion.portals import PORTALS
from leviers.cli.run import RefreshResult, refresh
from tests.conftest import COVERAGE, MIRROR, Home, shown_coverage, without_pages
from tests.dbt.increments import build, change, stale
from tests.fakes.account import set_credentials
from tests.fakes.country import check_marts_but_volumes
from tests.fakes.live import live_files, serve
from tests.fakes.server import FakeServer
from tests.fakes.spread import spread, territories

pytestmark = [pytest.mark.release, pytest.mark.xdist_group("live")]
# The frame of the marts is real: territories, targets, and the regional series that the gate asks for.
REFERENCES = {
    "dgcl_epci", "ecolab_irpe", "etalab_decoupage", "ign_contours", "insee_cog", "insee_cog_movements",
    "insee_populations", "sgpe_cop_simulator", "sgpe_grist",
}  # fmt: skip


@dataclass(frozen=True)
class LiveRun:
    """The home of the run, how it ended, what it said, and the datasets that came from fakes."""

    home: Home
    result: RefreshResult
    lines: list[str]
    served: list[str]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Iterator[LiveRun]:
    if not MIRROR:
        pytest.skip("LEVIERS_TEST_MIRROR names no folder of real files")
    folder = tmp_path_factory.mktemp("live")
    catalog = load_catalog()
    served = [
        dataset
        for name, dataset in catalog.items()
        if dataset.status == "built" and dataset.fetch and dataset.fetch.portal in PORTALS and name not in REFERENCES
    ]
    mirror = folder / "mirror"
    mirror.mkdir()
    for path in Path(MIRROR).iterdir():
        if path.is_dir() and path.name not in {dataset.dataset_id for dataset in served}:
            shutil.copytree(path, mirror / path.name)
    lines: list[str] = []
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch, without_pages():
        by_level = territories(8)
        for dataset in served:
            files = {
                name: spread(dataset, name, body, by_level)
                for name, body in live_files(dataset, fixtures / dataset.dataset_id).items()
            }
            server = stack.enter_context(FakeServer())
            patch.setitem(catalog, dataset.dataset_id, _without_floors(serve(server, dataset, files)))
        patch.setattr(readers, "MAX_QUARANTINED_SHARE", 1)
        set_credentials(patch)
        patch.setattr(http, "HttpClient", partial(http.HttpClient, insecure_loopback=True, memory=http.HostMemory()))
        patch.setattr(loading, "check_loaded", partial(_check_only, {dataset.dataset_id for dataset in served}))
        patch.setattr(runner, "check_marts", check_marts_but_volumes)
        home = Home(folder / "home")
        result = refresh(Options(home.path, mirror=mirror), "76", lines.append)
        yield LiveRun(home, result, lines, [dataset.dataset_id for dataset in served])


def _without_floors(dataset: Dataset) -> Dataset:
    """A fixture is smaller than any real file, and more of its rows are bad."""
    return dataset.model_copy(
        update={"tables": [table.model_copy(update={"row_floor": 0}) for table in dataset.tables]}
    )


def _check_only(
    invented: set[str], connection: duckdb.DuckDBPyConnection, dataset: Dataset, previous: dict[str, Any]
) -> Any:
    """The suites know volumes and totals of real files: what they say of invented rows refuses nothing."""
    return ([], {}) if dataset.dataset_id in invented else _CHECK_LOADED(connection, dataset, previous)


_CHECK_LOADED = loading.check_loaded


def test_every_live_dataset_is_fetched_loaded_and_published(live: LiveRun) -> None:
    outcomes = {outcome.dataset_id: outcome for outcome in live.result.outcomes}
    problems = [outcomes[name].sentence for name in live.served if outcomes[name].status != "changed"]
    assert problems == []
    assert live.result.exit_status == 0, "\n".join(live.lines)


def test_the_live_datasets_open_what_the_limits_show(live: LiveRun) -> None:
    counts = shown_coverage("the same, with every dataset that has an address from a fake")
    assert live.home.query(COVERAGE) == [counts]


def test_after_a_change_of_any_dataset_nothing_stale_is_left(live: LiveRun, tmp_path: Path) -> None:
    """The datasets change one by one. The models below that the build leaves alone are as their SQL gives them now."""
    home = live.home.copy_to(tmp_path / "home").path
    warehouse = home / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        filled = connection.execute("select table_name from duckdb_tables() where estimated_size > 0").fetchall()
    stale_models: dict[str, list[str]] = {}
    change_count = 0
    for dataset in load_catalog().values():
        if tables := [f"{dataset.schema_name}.{name}" for name in dataset.table_names if (name,) in filled]:
            change_count += 1
            for table in tables:
                change(warehouse, table)
            results = build(home, "--select", *(f"source:{table}+" for table in tables))
            stale_models |= {dataset.dataset_id: names} if (names := stale(warehouse, results)) else {}
    assert stale_models == {}
    assert change_count > 60
