"""The seeds, read as files: which levers a dataset serves."""

from __future__ import annotations

import re

import pytest
import yaml

from ingestion.catalog import BUNDLED_PREFIX, load_catalog
from ingestion.typed_sql import EXPECTED
from leviers.warehouse.project import DBT_DIR
from leviers.warehouse.seeds import levers_by_dataset, seed_rows


@pytest.mark.parametrize(
    ("dataset_id", "lever_id"),
    [
        ("cdc_social_housing_departement", "residentiel_renovation_hors_chaudieres"),  # measured
        ("rpls_commune", "residentiel_sobriete_isolation"),  # accompanied
        ("etalab_decoupage", "dechets_sobriete"),  # distributed
        ("insee_iris", "efficacite_carburants_vp"),  # distributed between communes only
    ],
)
def test_a_dataset_serves_the_levers_of_its_indicators(dataset_id: str, lever_id: str) -> None:
    assert lever_id in levers_by_dataset()[dataset_id]


def test_a_dataset_without_indicator_serves_no_lever() -> None:
    assert levers_by_dataset()["cee_fiches"] == []


def test_figures_that_ship_serve_what_their_source_serves() -> None:
    levers = levers_by_dataset()
    assert levers["bundled_rpls_commune"] == levers["rpls_commune"] != []


def test_each_indicator_comes_from_a_dataset_of_the_catalogue() -> None:
    assert {row["dataset_id"] for row in seed_rows("indicators/indicators")} <= set(load_catalog())


def test_legal_obligations_name_known_codes_and_link_to_legifrance() -> None:
    rows = seed_rows("policy/legal_obligations")
    levers = {row["lever_id"] for row in seed_rows("policy/levers")}
    kinds = {row["code"] for row in seed_rows("labels/code_labels") if row["domain"] == "legal_type"}
    regions = {row["region_code"] for row in seed_rows("policy/region_aliases")}
    for column, known in (
        ("lever_ids", levers), ("legal_types", kinds), ("legal_types_of_any_size", kinds),
        ("except_region_codes", regions),
    ):  # fmt: skip
        assert {name for row in rows for name in row[column].split()} <= known, column
    assert [row["url"] for row in rows if not row["url"].startswith("https://www.legifrance.gouv.fr/")] == []
    assert [row for row in rows if row["verified"] == "false" and row["text_as_of"]] == []


def test_datasets_that_a_verdict_lacks_are_of_the_catalogue() -> None:
    rows = seed_rows("policy/lever_coverage_reasons")
    datasets: dict[str, set[str]] = {}
    for row in rows:
        datasets.setdefault(row["dataset_needed"], set()).add(row["dataset_id"])
    assert {name: ids for name, ids in datasets.items() if len(ids) > 1} == {}
    assert {row["dataset_id"] for row in rows} - {""} <= set(load_catalog())


def test_each_cadence_has_french_words_and_no_title_stands_twice() -> None:
    catalog = load_catalog()
    cadences = {row["cadence"] for row in seed_rows("labels/cadence_labels")}
    assert cadences == {dataset.cadence for dataset in catalog.values()}
    titles = [dataset.title_fr for name, dataset in catalog.items() if not name.startswith(BUNDLED_PREFIX)]
    assert len(set(titles)) == len(titles)


def test_each_reason_to_set_a_row_aside_has_its_french_words() -> None:
    labels = {row["code"] for row in seed_rows("labels/code_labels") if row["domain"] == "quarantine_reason"}
    models = ("indicators/int_observations_dated", "territories/int_grouping_members_expanded")
    rejections = ""
    for model in models:
        sql = (DBT_DIR / "models" / "intermediate" / f"{model}.sql").read_text("utf-8")
        before = sql[: sql.index("as rejection_reason")]
        rejections += before[before.rindex("    case\n") :]
    reasons = {row["code"]: row["reason"] for row in seed_rows("labels/rejections")}
    assert set(re.findall(r"'(\w+_\w+)'", rejections)) - {"grouping_member"} == reasons.keys()
    expected = {"expected a key", *(f"expected {what}" for what in EXPECTED.values())}
    assert labels == expected | set(reasons.values())


def test_each_code_that_a_published_column_may_hold_has_its_french_words() -> None:
    """The codes of a column are the codes of one domain of the labels."""
    readings = {row["reading"] for row in seed_rows("labels/readings")}
    domains: dict[str, set[str]] = {"reading": readings, "lean": {row["code"] for row in seed_rows("labels/readings")}}
    domains["basis"] = {row["basis"] for row in seed_rows("labels/bases")}
    for row in seed_rows("labels/code_labels"):
        domains.setdefault(row["domain"], set()).add(row["code"])
    published = [DBT_DIR / "models" / layer for layer in ("core", "levers/facts", "levers/by_lever", "quality")]
    codes = {
        (model["name"], column["name"]): set(test["accepted_values"]["arguments"]["values"])
        for folder in published
        for path in folder.rglob("*.yml")
        for model in yaml.safe_load(path.read_text("utf-8")).get("models", [])
        for column in model["columns"]
        for test in column.get("data_tests", [])
        if "accepted_values" in test
    }
    assert len(codes) > 15
    assert [place for place, values in codes.items() if not any(values <= known for known in domains.values())] == []


def test_each_number_of_the_hub_has_a_code_that_says_what_it_counts() -> None:
    numbers = {row["indicator_id"] for row in seed_rows("indicators/indicators")}
    codes = {row["indicator_id"]: row["short_code"] for row in seed_rows("labels/indicator_codes")}
    assert codes.keys() == {name for name in numbers if re.match(r"hub_\d", name)}
    assert not set(codes.values()) & numbers
