"""Traps of the real files, each read in the published file against what the files themselves or their notes say."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("real")
MIRROR = Path(os.environ.get("LEVIERS_TEST_MIRROR", "."))


def hub_rows(hub_id: int, axis: str | None = None) -> list[tuple[str, int, str | None, float | None]]:
    """Region, year, category and value of each row of an indicator of the hub, as received."""
    content: dict[str, Any] = json.loads((MIRROR / "ecolab_irpe" / f"{hub_id}.json").read_text(encoding="utf-8"))
    cube = content["cubeName"]
    return [
        (
            row[f"{cube}.geocode_region"],
            int(row[f"{cube}.date_mesure"][:4]),
            row[f"{cube}.{axis}"] if axis else None,
            None if row[content["measureName"]] is None else float(row[content["measureName"]]),
        )
        for row in content["data"]
    ]


@pytest.mark.parametrize(("hub_id", "axis"), [(133, "type_amenagement"), (955, "mode_transport")])
def test_133_and_955_are_one_series_per_category_of_their_hidden_axis(
    real: FinishedRun, hub_id: int, axis: str
) -> None:
    received: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    for region, year, category, value in hub_rows(hub_id, axis):
        received[category].append((region, year, value))
    published: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    for indicator, *row in real.home.query(
        "select indicator_id, territory_code, year, value from marts.fct_indicator_value where indicator_id like ?",
        f"hub_{hub_id}_%",
    ):
        published[indicator].append(tuple(row))
    assert len(received) == len(published) == 7
    assert Counter(map(frozenset, published.values())) == Counter(map(frozenset, received.values()))


@pytest.mark.parametrize("hub_id", [763, 764, 638, 833])
def test_a_zero_that_stands_for_missing_is_no_value(real: FinishedRun, hub_id: int) -> None:
    rows = hub_rows(hub_id)
    zeros = {(region, year) for region, year, _, value in rows if value == 0}
    assert zeros
    published = {
        (region, year): (value, status)
        for region, year, value, status in real.home.query(
            "select territory_code, year, value, value_status from marts.fct_indicator_value where indicator_id = ?",
            f"hub_{hub_id}",
        )
    }
    assert {published[key] for key in zeros & published.keys()} == {(None, "missing")}
    regions = {region for region, _ in published}
    assert {region for region, _ in zeros} <= regions
    others = {(region, year): value for region, year, _, value in rows if value and region in regions}
    assert {key: published[key][0] for key in others} == pytest.approx(others)


def test_labels_that_differ_inside_one_release_are_aliases(real: FinishedRun) -> None:
    folder = MIRROR / "sgpe_grist"
    levers, chantiers = (
        {row[column].split(" / ", 1)[-1] for row in csv.DictReader((folder / name).open(encoding="utf-8"))}
        for name, column in (("grist-leviers.csv", "Chantier associé"), ("grist-chantiers.csv", "Chantier"))
    )
    assert "Verdir les véhicules individuels" in levers - chantiers
    assert "Verdir les voitures particulières" in chantiers - levers
    rows = real.home.ask_working(
        "select chantier_name_fr, alias_fr from marts.dim_chantier where framework_version = 'SGPE-2026'"
    )
    assert len(rows) == 37
    names = {str(name) for name, _ in rows}
    aliases = {str(alias) for _, alias in rows if alias}
    assert chantiers - names == aliases
    assert names - chantiers == {name for name, alias in rows if alias}
    assert ("Verdir les véhicules individuels", "Verdir les voitures particulières") in rows
