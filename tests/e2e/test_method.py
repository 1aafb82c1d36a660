"""The page on method names what there is: published tables and columns, seeds, columns of what is entered."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from leviers.entry.commitments import COMMITMENT_COLUMNS, HORIZONS
from leviers.entry.commitments import MEASURES as MEASURE_LABELS
from leviers.entry.groupings import GROUPING_COLUMNS
from leviers.entry.values import VALUE_COLUMNS
from leviers.site.charts.demand import DEMAND_TITLE
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
ROOT = Path(__file__).parents[2]
METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
THRESHOLDS = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["thresholds"]
MEASURES = {"ktco2e_avoided", "physical_level", "physical_delta"}


def section(title: str) -> str:
    return re.split(rf"^## {title}\n", METHOD, flags=re.MULTILINE)[1].split("\n## ")[0]


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z][a-z0-9_]*)`", text))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_columns_of_what_is_entered_are_those_that_the_commands_read() -> None:
    commitments, _, rest = section("Les engagements").partition("### Le bouclage")
    groupings = rest.partition("### Les regroupements\n")[2].partition("\n### ")[0]
    views = {"cop_feuille_de_route", "cop_suivi", "action_count"}
    assert named(commitments) - MEASURES - views == {column.name for column in COMMITMENT_COLUMNS}
    assert named(groupings) - {"crte"} == {column.name for column in GROUPING_COLUMNS}
    assert f"`horizon_year`, {HORIZONS[0]} à {HORIZONS[1]})" in commitments
    entered = section("Les valeurs saisies")
    assert {column.name for column in VALUE_COLUMNS} <= named(entered)


def test_every_name_in_fixed_width_is_one_that_a_reader_finds(demo: FinishedRun) -> None:
    published = demo.home.query("select table_name, column_name from information_schema.columns")
    terms = {str(name) for row in published for name in row}
    seeds = {path.stem: path for path in (ROOT / "dbt" / "seeds").rglob("*.csv")}
    terms |= seeds.keys() | {column for path in seeds.values() for column in _rows(path)[0]}
    terms |= {row["code"] for row in _rows(seeds["verdict_reasons"])}  # the values of `reason_code`
    terms |= {row[name] for row in _rows(seeds["reading_rules"]) for name in ("code", "reading")}
    terms |= {row["rule"] for row in _rows(seeds["indicator_value_rules"])}
    terms |= {str(name) for (name,) in demo.home.query("select indicator_id from marts.dim_indicator")}
    terms |= {str(name) for (name,) in demo.home.query("select distinct key_id from marts.fct_lever_target_allocation")}
    terms |= THRESHOLDS.keys()
    terms |= {"epci_sector_trajectory", "estimated", "below_threshold", "crte", *MEASURES}
    terms |= {column.name for column in (*COMMITMENT_COLUMNS, *GROUPING_COLUMNS, *VALUE_COLUMNS)}
    names = {name for name in named(METHOD) if "_" in name}
    assert len(names) > 30
    assert names - terms == set()


def test_a_number_of_the_page_is_that_of_the_threshold_it_names() -> None:
    """ "5 % (`assumed_margin`)" is what models read: `thresholds` of dbt_project.yml, as a number or in percent."""
    numbers = re.findall(r"(\d+(?:,\d+)?)(?:\s(%|°C|[a-zé]+))?\s\(`(\w+)`\)", METHOD)
    named_ones = [(code, float(number.replace(",", ".")), unit) for number, unit, code in numbers if code in THRESHOLDS]
    assert len(named_ones) >= 14
    assert {code for code in named(METHOD) if code in THRESHOLDS} == {code for code, _, _ in named_ones}
    for code, number, unit in named_ones:
        value = THRESHOLDS[code]["value"]
        assert number == (100 * value if unit == "%" and value < 1 else value), code


def test_a_rule_of_reading_says_the_number_of_its_threshold() -> None:
    """The published sentence of a rule has its number in words."""
    rules = {row["code"]: row["label_fr"] for row in _rows(ROOT / "dbt" / "seeds" / "policy" / "reading_rules.csv")}
    assert (THRESHOLDS["too_old_age"]["value"], "quatre ans" in rules["too_old"]) == (4, True)
    assert (THRESHOLDS["sure_share_of_way"]["value"], "le quart" in rules["within_sure_margin"]) == (0.25, True)


def test_the_comments_on_a_column_say_the_number_of_its_threshold() -> None:
    days = THRESHOLDS["days_off_whole_years"]["value"]
    in_english = (ROOT / "dbt" / "models" / "columns.md").read_text(encoding="utf-8")
    in_french = (ROOT / "leviers" / "warehouse" / "publication" / "descriptions_fr.csv").read_text(encoding="utf-8")
    assert (f"within {days} days" in in_english, f"à {days} jours près" in in_french) == (True, True)


def test_the_years_of_a_path_are_those_of_its_thresholds() -> None:
    """The years stand in sentences of reasons, in a figure, in a form and on pages."""
    start, earlier, end = (THRESHOLDS[f"{name}_year"]["value"] for name in ("path_start", "earlier_start", "path_end"))
    reasons = {row["code"]: row["label_fr"] for row in _rows(ROOT / "dbt" / "seeds" / "policy" / "verdict_reasons.csv")}
    assert f"il faut {start}, ou {earlier}, pour départ" in reasons["starts_too_late"]
    assert reasons[f"starts_in_{earlier}"] == f"départ en {earlier} faute de {start}"
    assert (MEASURE_LABELS["physical_delta"], DEMAND_TITLE) == (f"évolution depuis {start}", f"Demandé d'ici {end}")
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "leviers" / "site" / "templates").rglob("*.j2")]
    assert {int(year) for page in pages for year in re.findall(r"\b20\d\d\b", page)} == {end}


def test_no_threshold_stands_in_a_model() -> None:
    """A number that a rule compares with has one place, and is published with its meaning."""
    models = {path: path.read_text(encoding="utf-8") for path in (ROOT / "dbt" / "models").rglob("*.sql")}
    assert [path.name for path, sql in models.items() if re.search(r"\{%-? *set \w+ = [\d.]", sql)] == []
    own = {"staging", "sources", "dim_indicator.sql"}  # numbers of a file, and of how a value and a label are written
    of_rules = {path: sql for path, sql in models.items() if own.isdisjoint(path.parts)}
    assert [path.name for path, sql in of_rules.items() if re.search(r"[<>]=? *(\d*\.\d|\d{2})", sql)] == []
    codes = set().union(
        *(
            re.findall(r"threshold\('(\w+)'\)", path.read_text(encoding="utf-8"))
            for path in (ROOT / "dbt").rglob("*.sql")
        )
    )
    assert codes == THRESHOLDS.keys()
