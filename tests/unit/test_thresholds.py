"""The thresholds: a number that a rule compares with has one place, and the page on method says it."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
THRESHOLDS = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["thresholds"]


def test_a_number_of_the_page_is_that_of_the_threshold_it_names() -> None:
    """ "5 % (`assumed_noise`)" is what models read: `thresholds` of dbt_project.yml, as a number or in percent."""
    numbers = re.findall(r"(\d+(?:,\d+)?)(?:\s(%|°C|[a-zé]+))?\s\(`(\w+)`\)", METHOD)
    for number, unit, code in numbers:
        if code in THRESHOLDS:
            value = THRESHOLDS[code]["value"]
            expected = 100 * value if unit == "%" and value < 1 else value
            assert float(number.replace(",", ".")) == expected, code


def test_no_threshold_stands_in_a_model() -> None:
    models = {path: path.read_text(encoding="utf-8") for path in (ROOT / "dbt" / "models").rglob("*.sql")}
    own = {"staging", "sources", "dim_indicator.sql"}  # numbers of a file, and of how a value and a label are written
    of_rules = {path: sql for path, sql in models.items() if own.isdisjoint(path.parts)}
    assert [path.name for path, sql in of_rules.items() if re.search(r"[<>]=? *(\d*\.\d|\d{2})", sql)] == []
    files = (ROOT / "dbt").rglob("*.sql")
    used = {code for path in files for code in re.findall(r"threshold\('(\w+)'\)", path.read_text(encoding="utf-8"))}
    assert used == THRESHOLDS.keys()
