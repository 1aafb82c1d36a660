"""A dataset that is not required may be absent: whatever is left publishes.

The demo is left without one of its datasets, a small country of invented territories without each of them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.catalog import load_catalog
from ingestion.operations import loaded_datasets
from ingestion.options import Options
from ingestion.sources import create_missing_tables
from leviers.cli.run import refresh
from leviers.site import build_site
from leviers.warehouse.checks.check_row import expectation_row
from leviers.warehouse.checks.results import dbt_tests, run_dbt_tests, run_gate
from leviers.warehouse.dbt import dbt_manifest, run_dbt
from leviers.warehouse.home import SLIM
from leviers.warehouse.project import DEFAULT_REGION, dbt_target
from leviers.warehouse.publication import publish as publication
from leviers.warehouse.publication.documentation import documentation_of
from tests.conftest import FinishedRun, Home
from tests.dbt.compiled import make_anew, types
from tests.dbt.increments import build, change, stale
from tests.fakes.country import (
    CONTOURS,
    CORSICA,
    DEPARTEMENTS,
    OVERSEAS,
    enter,
    small_country,
    write_figures,
    write_mirror,
)
from tests.ingestion.helpers import states

OF_REGION = "int_territories_unioned"  # the one model that knows which region is asked for


@dataclass(frozen=True)
class Built:
    """A home in which a region is published, and what dbt said of its models."""

    home: Home
    region: str

    @property
    def warehouse(self) -> Path:
        return Options(self.home.path).warehouse

    @cached_property
    def results(self) -> list[dict[str, Any]]:
        path = dbt_target(self.home.path) / "run_results.json"
        results: list[dict[str, Any]] = json.loads(path.read_text())["results"]
        return [result for result in results if result["unique_id"].startswith("model.")]

    @cached_property
    def loaded(self) -> set[str]:
        return loaded_datasets(states(self.home.path))

    @property
    def optional(self) -> list[str]:
        return sorted(name for name in self.loaded if not load_catalog()[name].required)


def rebuilt(
    built: Built, folder: Path, results: list[dict[str, Any]] | None = None, gone: Collection[str] = ()
) -> Home:
    """A home that publishes, pages included, what a first refresh without some datasets would.

    The raw layer is what was loaded, the models are made by their SQL: to load all and to start dbt each time would
    take ten times as long.
    """
    home = Home(folder / "rebuilt")
    home.path.mkdir()
    options = Options(home.path)
    shutil.copy(built.warehouse, options.warehouse)
    create_missing_tables(options.warehouse, built.loaded.difference(gone))
    with duckdb.connect(str(options.warehouse)) as connection:
        for table in ("snapshot", "quarantined_row", "edition_year"):
            connection.execute(f"delete from raw_leviers.{table} where list_contains(?, dataset_id)", [list(gone)])
        connection.execute(
            "update raw_leviers.dataset_load set loaded_rows = 0, quarantined_rows = 0, warnings = null "
            "where list_contains(?, dataset_id)",
            [list(gone)],
        )
    make_anew(options.warehouse, results or built.results)
    assert types(options.warehouse) == types(built.warehouse)  # else a contract is broken
    manifest = json.loads(dbt_manifest().read_text())
    tests = dbt_tests(manifest)
    rows = [*run_dbt_tests(options, tests, list(tests), {}).values(), *map(expectation_row, run_gate(options))]
    assert [row.message for row in rows if row.blocks] == []
    with pytest.MonkeyPatch.context() as patch:
        # a third of the time, for what nobody looks at
        patch.setattr(publication, "_write_copies", lambda building, *_: (building / SLIM).touch())
        patch.setattr(publication, "write_datapackage", lambda *_: None)
        publication.publish(
            home.path,
            built.region,
            rows,
            documentation_of(manifest),
            site=lambda file, out: build_site(file, out).missing,
        )
    return home


def places(home: Home) -> set[str]:
    return {path.stem for path in (home.published.parent / "site" / "territoires").iterdir()}


@pytest.mark.xdist_group("demo")
def test_a_dataset_may_be_absent(demo: FinishedRun, tmp_path: Path) -> None:
    """Without contours no territory has a neighbour, and the models in Python have no row."""
    home = rebuilt(Built(demo.home, DEFAULT_REGION), tmp_path, gone=["bundled_ign_contours"])
    assert places(home) == places(demo.home)
    assert home.missing_pages() == set()
    assert home.query("select count(*) from vues.dim_contour") == [(0,)]


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Iterator[Path]:
    """The files of the country; runs in this process are of it."""
    folder = tmp_path_factory.mktemp("country")
    write_mirror(fixtures, folder / "mirror")
    write_figures(folder / "figures")
    with small_country(folder / "figures"):
        yield folder / "mirror"


@pytest.fixture(scope="module")
def country(mirror: Path) -> Built:
    lines: list[str] = []
    home = Home(mirror.parent / "home")
    enter(mirror, home.path)
    result = refresh(Options(home.path, mirror=mirror, offline=True), CORSICA, lines.append)
    assert result.exit_status == 0, "\n".join(lines)
    return Built(home, CORSICA)


@pytest.mark.release
@pytest.mark.xdist_group("country")
def test_corsica_publishes_with_all_its_pages(country: Built) -> None:
    assert places(country.home) > {"region-94", "departement-2A", "departement-2B"}
    assert country.home.missing_pages() == set()
    assert len(country.optional) > 50


@pytest.mark.release
@pytest.mark.xdist_group("country")
def test_a_region_overseas_publishes_with_all_its_pages(country: Built, tmp_path: Path) -> None:
    """Such a region has one departement, no neighbour, and levers that no other region has."""
    built = country.home.copy_to(tmp_path / "built")
    [regional] = run_dbt(built.path, OVERSEAS, "build", "--select", OF_REGION)
    results = [regional if result["unique_id"] == regional["unique_id"] else result for result in country.results]
    home = rebuilt(country, tmp_path, results)
    [departement] = DEPARTEMENTS[OVERSEAS]
    assert places(home) > {"region-04", f"departement-{departement}"}
    assert home.missing_pages() == set()


@pytest.mark.release
@pytest.mark.xdist_group("country")
def test_contracts_hold_without_contours(country: Built, tmp_path: Path) -> None:
    """dbt itself builds here: a model in Python gives its types to the SQL below, with rows or without."""
    home = country.home.copy_to(tmp_path / "home").path
    create_missing_tables(home / "warehouse.duckdb", country.loaded - {CONTOURS})
    results = run_dbt(home, CORSICA, "build", "--select", "int_contours_simplified+1")
    assert {result["status"] for result in results} == {"success"}
    assert len(results) > 3


@pytest.mark.release
@pytest.mark.xdist_group("country")
def test_each_dataset_may_be_absent(country: Built, tmp_path: Path) -> None:
    failures: dict[str, str] = {}
    for name in country.optional:
        (folder := tmp_path / name).mkdir()
        try:
            assert rebuilt(country, folder, gone=[name]).missing_pages() == set()
        except Exception as error:  # the failures of all are told at the end
            failures[name] = f"{type(error).__name__}: {error}"
        shutil.rmtree(folder)
    assert failures == {}


@pytest.mark.release
@pytest.mark.xdist_group("country")
def test_a_first_refresh_with_what_is_required_alone_publishes(mirror: Path, tmp_path: Path) -> None:
    home, lines = Home(tmp_path / "home"), list[str]()
    (empty := tmp_path / "mirror").mkdir()
    result = refresh(Options(home.path, mirror=empty, offline=True), CORSICA, lines.append)
    assert result.exit_status == 0, "\n".join(lines)
    assert home.missing_pages() == set()


@pytest.mark.release
@pytest.mark.xdist_group("country")
def test_after_a_change_of_any_dataset_nothing_stale_is_left(country: Built, tmp_path: Path) -> None:
    """The datasets change one by one. The models below that the build leaves alone are as their SQL gives them now."""
    home = country.home.copy_to(tmp_path / "home").path
    warehouse = home / "warehouse.duckdb"
    stale_models: dict[str, list[str]] = {}
    for name in sorted(country.loaded):
        dataset = load_catalog()[name]
        tables = [f"{dataset.schema_name}.{table}" for table in dataset.table_names]
        for table in tables:
            change(warehouse, table)
        results = build(home, "--select", *(f"source:{table}+" for table in tables), region=CORSICA)
        stale_models |= {name: names} if (names := stale(warehouse, results)) else {}
    assert stale_models == {}
