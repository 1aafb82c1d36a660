"""Rules for every model of the dbt project, read in its manifest."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS
from leviers.warehouse.seeds import seed_rows

pytestmark = pytest.mark.xdist_group("dagster")

PREFIXES = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "bridge_"),
    "quality": ("fct_",),
    "vues": ("dim_", "fait_", "pont_", "cop_"),
}
LAYERS = ("staging", "intermediate", "core", "levers", "vues")
SELECT_ALL = re.compile(r"(?:^|[\s.])\*\s*(?:,|$|from\b)", re.IGNORECASE | re.MULTILINE)
SUBJECT = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
LAST_SELECT = re.compile(r"^(?=select\b)", re.MULTILINE)
TABLE = re.compile(rf"\b(?:{'|'.join(PUBLISHED_SCHEMAS)})\.[a-z0-9_]+")
SHORTEST_DESCRIPTION = 30
ADDED_WHERE = re.compile(r"case when (\w+) and confiance <> 'écartée' then (\w+) end")
LONGEST_MODEL = 250  # lines
KEYS = ("unique", "unique_combination")  # data tests
# A deprecated model says so first, and names its replacement.
GRAIN = re.compile(r"(?:Deprecated, .*?\.\s)?(?:One row per|Grain:|Une ligne par)", re.DOTALL)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(dbt_manifest().read_text())
    return content


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


@pytest.fixture(scope="module")
def published(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [model for model in models if model["schema"] in PUBLISHED_SCHEMAS]


def names(models: list[dict[str, Any]]) -> list[str]:
    return [model["name"] for model in models]


def with_test(manifest: dict[str, Any], *kinds: str) -> set[str]:
    """The models with a data test of one of these kinds."""
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    return {test["attached_node"] for test in tests if (test.get("test_metadata") or {}).get("name") in kinds}


def layer_of(model: dict[str, Any]) -> str:
    """The first folder of the model."""
    return str(model["fqn"][1])


def test_each_description_starts_with_the_grain(models: list[dict[str, Any]]) -> None:
    wrong = [
        model
        for model in models
        if not GRAIN.match(model["description"]) or len(model["description"]) < SHORTEST_DESCRIPTION
    ]
    assert names(wrong) == []


def test_only_staging_reads_sources_and_shows_it(models: list[dict[str, Any]]) -> None:
    readers = [model for model in models if any(node.startswith("source.") for node in model["depends_on"]["nodes"])]
    assert readers
    assert names([model for model in readers if layer_of(model) != "staging"]) == []
    assert names([model for model in readers if "source(" not in model["raw_code"]]) == []


def test_a_staging_model_reads_sources_of_one_producer(manifest: dict[str, Any], models: list[dict[str, Any]]) -> None:
    """It may read seeds too, but no model: what judges a source or compares two stands in ``intermediate/sources``."""
    staging = [model for model in models if layer_of(model) == "staging"]
    parents = {model["name"]: model["depends_on"]["nodes"] for model in staging}
    assert {name for name, nodes in parents.items() if any(node.startswith("model.") for node in nodes)} == set()
    producers = {node_id: source["schema"].removeprefix("raw_") for node_id, source in manifest["sources"].items()}
    read = {model["name"]: {producers.get(node) for node in model["depends_on"]["nodes"]} for model in staging}
    mixed = {model["name"]: read[model["name"]] - {model["fqn"][-2], "leviers", None} for model in staging}
    # A step more would stand on the longest way to a verdict: three models read where a site is.
    assert {name: others for name, others in mixed.items() if others} == {"stg_ec__sites": {"etalab"}}


def test_an_observation_goes_through_the_intermediate_layer(models: list[dict[str, Any]]) -> None:
    """Later layers read staging only for what is no observation: datasets and their loads, entries, plans."""
    measuring = {model["unique_id"] for model in models if "observation_columns(" in model["raw_code"]}
    assert measuring
    readers = {model["name"] for model in models if measuring & {*model["depends_on"]["nodes"]}}
    assert readers == {"int_observations_unioned"}


def test_no_model_reads_one_of_a_higher_layer(models: list[dict[str, Any]]) -> None:
    """Quality may read every table, but only the views for French readers may read quality."""
    rank = {layer: place for place, layer in enumerate((*LAYERS[:-1], "quality", LAYERS[-1]))}
    by_id = {model["unique_id"]: model for model in models}
    assert {layer_of(model) for model in models} == rank.keys()
    upward = [
        f"{model['name']} reads {by_id[parent]['name']}"
        for model in models
        for parent in model["depends_on"]["nodes"]
        if parent in by_id and rank[layer_of(by_id[parent])] > rank[layer_of(model)]
    ]
    assert upward == []


def test_no_intermediate_reads_a_fact_of_the_levers(models: list[dict[str, Any]]) -> None:
    """An intermediate may read the facts of core alone."""
    facts = {model["unique_id"] for model in models if layer_of(model) == "levers" and model["schema"] == "marts"}
    assert facts
    read = {model["name"]: facts & {*model["depends_on"]["nodes"]} for model in models if model["schema"] != "marts"}
    assert {name: nodes for name, nodes in read.items() if nodes and name.startswith("int_")} == {}


def test_the_layers_above_core_leave_staging_alone(models: list[dict[str, Any]]) -> None:
    """Two findings that no other table has are exceptions: rows set aside, and sites whose town and code disagree."""
    staging = {model["unique_id"]: model["name"] for model in models if layer_of(model) == "staging"}
    above = [model for model in models if layer_of(model) in ("levers", "quality", "vues")]
    read = {(staging.get(node), model["name"]) for model in above for node in model["depends_on"]["nodes"]}
    assert {(table, reader) for table, reader in read if table} == {
        ("stg_leviers__quarantined_rows", "fct_quarantined_row"),
        ("stg_ec__sites", "fct_site_disagreement"),
    }


def test_a_subject_of_the_levers_reads_no_later_subject(models: list[dict[str, Any]]) -> None:
    """The order of the subjects is that of the table in ``docs/architecture.md``."""
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    order = SUBJECT.findall(page.partition("### Subjects of the levers\n")[2].partition("\n#")[0])
    levers = {model["unique_id"]: model for model in models if layer_of(model) == "levers"}
    rank = {node_id: order.index(model["fqn"][-2]) for node_id, model in levers.items()}
    assert {*rank.values()} == {*range(len(order))}
    later = [
        f"{model['name']} reads {levers[parent]['name']}"
        for node_id, model in levers.items()
        for parent in model["depends_on"]["nodes"]
        if parent in levers and rank[parent] > rank[node_id]
    ]
    assert later == []


def test_published_models_name_their_columns(published: list[dict[str, Any]]) -> None:
    """The last select names each column; the contract holds the types that earlier selects hand on."""
    last = [LAST_SELECT.split(model["raw_code"])[-1] for model in published]
    assert names([model for model, code in zip(published, last, strict=True) if SELECT_ALL.search(code)]) == []


def test_published_models_have_an_enforced_contract_with_types(published: list[dict[str, Any]]) -> None:
    wrong = [
        model
        for model in published
        if not model["contract"]["enforced"]
        or not model["columns"]
        or not all(column["data_type"] for column in model["columns"].values())
    ]
    assert names(wrong) == []


def test_each_table_with_a_contract_has_a_key(manifest: dict[str, Any], models: list[dict[str, Any]]) -> None:
    tables = [m for m in models if m["config"]["materialized"] == "kept_table" and m["contract"]["enforced"]]
    assert names([table for table in tables if table["unique_id"] not in with_test(manifest, *KEYS)]) == []


def test_names_follow_the_layer(models: list[dict[str, Any]]) -> None:
    assert names([model for model in models if not model["name"].startswith(PREFIXES[model["schema"]])]) == []


def test_staging_names_start_with_the_producer(models: list[dict[str, Any]]) -> None:
    staging = [model for model in models if layer_of(model) == "staging"]
    wrong = [model for model in staging if not model["name"].startswith(f"stg_{model['fqn'][-2]}__")]
    assert names(wrong) == []


def test_exposures_name_what_is_read(manifest: dict[str, Any], published: list[dict[str, Any]]) -> None:
    tables = {f"{model['schema']}.{model['name']}": model["unique_id"] for model in published}
    exposures = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    exposures.pop("published_file")
    for exposure in exposures.values():
        places = [REPOSITORY / name for name in exposure["config"]["meta"]["reads_in"]]
        files = [file for place in places for file in (place.rglob("*.sql") if place.is_dir() else [place])]
        names = {name for file in files for name in TABLE.findall(file.read_text(encoding="utf-8"))}
        read = {tables[name] for name in names if name in tables}
        assert read == set(exposure["depends_on"]["nodes"]), exposure["name"]


def test_a_reading_is_decided_in_the_order_of_its_rules(models: list[dict[str, Any]]) -> None:
    """The rule ``means_only`` is left out, since it makes no reading of a line."""
    [judged] = [model["raw_code"] for model in models if model["name"] == "int_verdict_lines_judged"]
    case = judged.partition("end as decided_by")[0].rpartition(" case\n")[2]
    rules = sorted(seed_rows("policy/reading_rules"), key=lambda row: int(row["rule_order"]))
    in_order = [row["code"] for row in rules if row["code"] != "means_only"]
    assert re.findall(r"\b(?:then|else) '(\w+)'", case) == in_order


def test_a_list_of_readings_is_that_of_the_rules(manifest: dict[str, Any]) -> None:
    """A column may hold the codes of the rules; queries of the analyst count as behind what the models do."""
    rules = {row["reading"] for row in seed_rows("policy/reading_rules")}
    assert rules == {row["reading"] for row in seed_rows("labels/readings")}
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    kwargs = {test["name"]: (test.get("test_metadata") or {}).get("kwargs", {}) for test in tests}
    codes = {name: {*given.get("values", ())} for name, given in kwargs.items()}
    lists = {name: values for name, values in codes.items() if values & {"behind", "on_line"}}
    assert {name for name, values in lists.items() if values != rules} == set()
    assert lists
    [behind] = re.findall(r"in (\(.*\))", manifest["macros"]["macro.leviers.is_behind"]["macro_sql"])
    queries = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "leviers").rglob("*.sql")]
    assert {listed for query in queries for listed in re.findall(r"lecture in (\(.*\))", query)} == {behind}


def test_only_models_read_the_region(manifest: dict[str, Any]) -> None:
    """The region is given when they run: SQL that is compiled once would hold the region of the project file."""
    compiled_once = [*manifest["nodes"].values(), *manifest["macros"].values(), *manifest["unit_tests"].values()]
    reads = {node["unique_id"] for node in compiled_once if "region" in re.findall(r"\bvar\(\W*(\w+)", str(node))}
    assert reads == {"model.leviers.int_territories_unioned"}


def test_each_test_fails_at_its_first_row(manifest: dict[str, Any]) -> None:
    """``leviers/warehouse/checks/results.py`` counts rows, and knows no other rule of what a test is."""
    rules = {
        tuple(node["config"][rule] for rule in ("fail_calc", "warn_if", "error_if", "limit"))
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    }
    assert rules == {("count(*)", "!= 0", "!= 0", None)}


def test_no_model_is_long(models: list[dict[str, Any]]) -> None:
    assert names([model for model in models if model["raw_code"].count("\n") >= LONGEST_MODEL]) == []


def test_every_model_is_made_by_the_materializations_of_the_project(models: list[dict[str, Any]]) -> None:
    assert {model["config"]["materialized"] for model in models} == {"kept_table", "kept_view"}


def is_refused(measure: dict[str, Any], columns: dict[str, Any]) -> bool:
    """Whether the measure is not a sum of a column that may be summed, always or where another column is true."""
    expression = measure.get("expr") or measure["name"]
    guarded = ADDED_WHERE.fullmatch(expression)
    mark, name = guarded.groups() if guarded else ("always", expression)
    return measure["agg"] != "sum" or name not in columns or columns[name]["config"]["meta"].get("additive") != mark


def test_every_metric_is_a_sum_or_a_ratio_of_what_may_be_summed(manifest: dict[str, Any]) -> None:
    measures = [
        (measure, manifest["nodes"][node]["columns"])
        for semantic_model in manifest["semantic_models"].values()
        for node in semantic_model["depends_on"]["nodes"]
        for measure in semantic_model["measures"]
    ]
    assert measures
    assert [measure["name"] for measure, columns in measures if is_refused(measure, columns)] == []
    assert {metric["type"] for metric in manifest["metrics"].values()} == {"simple", "ratio"}
