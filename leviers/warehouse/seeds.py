"""The seeds and thresholds of the dbt project, read as files, for code that needs no warehouse."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.catalog import BUNDLED_PREFIX, load_catalog
from leviers.warehouse.project import DBT_DIR


def seed_path(name: str) -> Path:
    """Returns the file of a seed; the name includes the folder: ``policy/levers``."""
    return DBT_DIR / "seeds" / f"{name}.csv"


def seed_rows(name: str) -> list[dict[str, str]]:
    """Returns the rows of a seed, with all values as text."""
    with seed_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def thresholds() -> dict[str, dict[str, Any]]:
    """Returns the numbers that the rules compare with, by code: ``value``, ``unit`` and what they set apart."""
    project = yaml.safe_load((DBT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    return dict(project["vars"]["thresholds"])


REGIONS = tuple(r["territory_code"] for r in seed_rows("territories/iso_codes") if r["territory_level"] == "region")
LEVELS = [row["territory_level"] for row in seed_rows("territories/levels")]  # from the country to the commune


def french_label(domain: str, code: str) -> str:
    """Returns the French label of a code; a code without a label is its own label."""
    return _labels().get((domain, code), code)


@cache
def _labels() -> dict[tuple[str, str], str]:
    return {(row["domain"], row["code"]): row["label_fr"] for row in seed_rows("labels/code_labels")}


def levers_by_dataset() -> dict[str, list[str]]:
    """Returns the levers that the indicators of each dataset of the catalogue measure, accompany or distribute.

    Bundled figures have the levers of their source.
    """
    links = [(row["lever_id"], row["indicator_id"]) for row in seed_rows("indicators/lever_indicators")]
    for row in seed_rows("policy/lever_allocation_keys"):
        links += [(row["lever_id"], row["indicator_id"]), (row["lever_id"], row["spread_indicator_id"])]
    dataset_of = {row["indicator_id"]: row["dataset_id"] for row in seed_rows("indicators/indicators")}
    served: dict[str, set[str]] = defaultdict(set)
    for lever, indicator in links:
        if indicator:
            served[dataset_of[indicator]].add(lever)
    levers = [row["lever_id"] for row in seed_rows("policy/levers")]
    return {
        dataset_id: [lever for lever in levers if lever in served[dataset_id.removeprefix(BUNDLED_PREFIX)]]
        for dataset_id in load_catalog()
    }
