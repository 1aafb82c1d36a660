"""A small country: invented territories in three regions, and every dataset of the catalogue made of its fixture.

What has to be there (territories, targets, the series that the gate asks for) is of the bundled figures, given to each
of the three regions. No file of a producer is needed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import runner
from expectations.result import CheckResult
from ingestion import fetch, readers
from ingestion import load as loading
from ingestion.catalog import BUNDLED_DIR, BUNDLED_PREFIX, Dataset, load_catalog
from leviers.warehouse.seeds import seed_rows
from tests.fakes.live import live_files
from tests.fakes.spread import LEVELS, Codes, spread

MAINLAND, CORSICA, OVERSEAS = "53", "94", "04"
DEPARTEMENTS = {CORSICA: ("2A", "2B"), MAINLAND: ("22", "29"), OVERSEAS: ("974",)}
EPCI_OF_EACH, COMMUNES_OF_EACH = 2, 3
ENTERED = ("commitment", "grouping_member", "entered_value")
FIGURES, TARGETS, TERRITORIES, CONTOURS = "ecolab_irpe", "sgpe_cop_simulator", "etalab_decoupage", "ign_contours"


def communes() -> list[Codes]:
    """The communes of the country, with the codes of what they lie in; the first EPCI has the code of the fixtures."""
    commune_codes: list[Codes] = []
    epci = 0
    for region, departements in DEPARTEMENTS.items():
        for departement in departements:
            for number in range(EPCI_OF_EACH * COMMUNES_OF_EACH):
                epci += number % COMMUNES_OF_EACH == 0
                code = f"{departement}{10 ** (5 - len(departement)) - 1 - number}"
                commune_codes.append(dict(zip(LEVELS, (code, f"9990000{epci:02}", departement, region), strict=True)))
    return commune_codes


def by_level() -> dict[str, list[Codes]]:
    """The territories of the country by level, each with the codes of those it lies in."""
    return {
        level: list({codes[level]: {name: codes[name] for name in LEVELS[place:]} for codes in communes()}.values())
        for place, level in enumerate(LEVELS)
    }


def write_mirror(fixtures: Path, folder: Path) -> None:
    """The fixtures of all datasets, spread over the country; some datasets are made here instead."""
    places = by_level()
    for name, dataset in load_catalog().items():
        source = fixtures / name
        if source.is_dir() and not dataset.required:
            (folder / name).mkdir(parents=True)
            for file, body in live_files(dataset, source).items():
                (folder / name / file).write_bytes(spread(dataset, file, body, places))
    shutil.rmtree(folder / CONTOURS)
    (folder / CONTOURS).mkdir()
    for level in ("region", "departement", "epci"):
        codes = [territory[level] for territory in places[level]]
        features = [_feature(code, 10 * place, 10) for place, code in enumerate(codes)]
        shapes = {"type": "FeatureCollection", "features": features}
        (folder / CONTOURS / f"{level}{'' if level == 'epci' else 's'}-1000m.geojson").write_text(json.dumps(shapes))


def enter(mirror: Path, home: Path) -> None:
    """Enters the files of the mirror that a person would enter."""
    for name in ENTERED:
        if (mirror / name).is_dir():
            shutil.copytree(mirror / name, home / fetch.INPUTS / name)


def _feature(code: str, west: float, width: float) -> dict[str, Any]:
    """A rectangle; the rectangles of a level are in a row, so that neighbours have a border."""
    ring = [[west, 40], [west, 41], [west + width, 41], [west + width, 40], [west, 40]]
    named = {"code": code, "nom": f"Territoire Test {code}"}
    return {"type": "Feature", "properties": named, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write_figures(folder: Path) -> None:
    """The bundled figures that a publication needs: the figures of one region, for each region of the country."""
    regions = {row["region_code"]: row for row in seed_rows("policy/region_aliases")}
    units = {row["lever_id"]: row["published_unit_fr"] for row in seed_rows("policy/lever_target_units")}
    figures, targets = _bundled(FIGURES, "figures"), _bundled(TARGETS, "targets")
    of = {row["sim_id"]: row for row in targets}
    _write(folder, FIGURES, "figures", [row | {"territory_code": code} for row in figures for code in DEPARTEMENTS])
    rows = [
        of.get(lever["sim_id"], targets[0])
        | {"sim_id": lever["sim_id"], "region_name": regions[code]["region_name"]}
        | {"unit_phys": units.get(lever["lever_id"], "")}
        for code in DEPARTEMENTS
        for lever in seed_rows("policy/lever_simulator_ids")
        if lever["lever_scope"] == regions[code]["lever_scope"]
    ]
    _write(folder, TARGETS, "targets", rows)
    rows = [
        _bundled(TERRITORIES, "communes")[0]
        | {f"{level}_code": code for level, code in commune.items()}
        | {f"{level}_name": f"Territoire Test {code}" for level, code in commune.items()}
        | {"population": 10000 * (place + 1)}
        for place, commune in enumerate(communes())
    ]
    _write(folder, TERRITORIES, "communes", rows)


def _bundled(name: str, table: str) -> list[dict[str, Any]]:
    return pq.read_table(_file(BUNDLED_DIR, name, table)).to_pylist()


def _write(folder: Path, name: str, table: str, rows: list[dict[str, Any]]) -> None:
    path = _file(folder, name, table)
    path.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def _file(folder: Path, name: str, table: str) -> Path:
    return folder / f"{BUNDLED_PREFIX}{name}" / f"{table}.parquet"


@contextmanager
def small_country(figures: Path) -> Iterator[Mapping[str, Dataset]]:
    """Runs in this process are of the small country; yields the catalogue.

    A fixture is smaller than any real file, more of its rows are bad, and what the suites know of volumes and totals
    refuses nothing; nor does the gate, for values of a size that only invented rows have.
    """
    catalog = load_catalog()
    with pytest.MonkeyPatch.context() as patch:
        for name in (FIGURES, TARGETS, TERRITORIES):
            patch.setitem(catalog, name, catalog[name].model_copy(update={"demo": True}))
            shipped = f"{BUNDLED_PREFIX}{name}"
            patch.setitem(catalog, shipped, catalog[shipped].model_copy(update={"demo": False}))
        for name, dataset in list(catalog.items()):
            tables = [table.model_copy(update={"row_floor": 0}) for table in dataset.tables]
            patch.setitem(catalog, name, dataset.model_copy(update={"tables": tables}))
        patch.setattr(fetch, "BUNDLED_DIR", figures)
        patch.setattr(readers, "MAX_QUARANTINED_SHARE", 1)
        patch.setattr(loading, "check_loaded", lambda *_: ([], {}))
        patch.setattr(runner, "check_marts", check_marts_but_volumes)
        yield catalog


_CHECK_MARTS = runner.check_marts


def check_marts_but_volumes(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """The gate without its checks of the size of values, since invented rows have no plausible size."""
    return [
        replace(result, severity="warning") if result.suite == "marts.plausible_values" else result
        for result in _CHECK_MARTS(connection)
    ]
