"""The method page names for each quantified lever the key that its seed puts first."""

from __future__ import annotations

import csv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY / "dbt" / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_page_follows_the_seed() -> None:
    levers = {row["lever_id"]: row["lever_name_fr"] for row in rows("policy/levers.csv") if row["lever_set"] == "cop30"}
    labels = {row["indicator_id"]: row["label_fr"] for row in rows("indicators/indicators.csv")}
    keys = [row for row in rows("policy/lever_allocation_keys.csv") if row["priority"] == "1"]
    page = (REPOSITORY / "docs" / "method.md").read_text(encoding="utf-8")
    missing = [
        row["lever_id"]
        for row in keys
        if row["lever_id"] in levers and f"| {levers[row['lever_id']]} | {labels[row['indicator_id']]} |" not in page
    ]
    assert missing == []
