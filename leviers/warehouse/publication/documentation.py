"""Documentation of the published tables: from dbt's manifest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingestion.catalog import load_catalog
from ingestion.fault import one_line
from leviers.common.words import first_of
from leviers.warehouse.publication.relations import FRENCH_LAYER, Documentation, ForeignKey, core_keys

MAX_NAMED = 8  # datasets behind a model that failed
STAR = "star"  # the tag of the views that the slim file holds
PUBLISHED = "exposure.leviers.published_file"  # it depends on the tables in English that are published
REFERENCE = re.compile(r"ref\('(?P<model>\w+)'\)")


def documentation_of(manifest: Mapping[str, Any]) -> dict[str, Documentation]:
    """Returns the documentation of the published models, by ``schema.name``."""
    nodes: Mapping[str, Any] = manifest["nodes"]
    tests: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for node in nodes.values():
        if node["resource_type"] == "test" and node.get("test_metadata") and not node["config"].get("where"):
            tests[node["attached_node"]].append(node["test_metadata"])
    listed = set(manifest["exposures"][PUBLISHED]["depends_on"]["nodes"])
    published = {
        unique_id: node
        for unique_id, node in nodes.items()
        if unique_id in listed or node["schema"] == FRENCH_LAYER or is_of_one_lever(node)
        if node["resource_type"] == "model"
    }
    for unique_id, node in published.items():
        if is_of_one_lever(node):  # it has the tests of the table that it shows
            tests[unique_id] = tests[node["depends_on"]["nodes"][0]]
    tables = {node["name"] for node in published.values()}
    return {
        f"{node['schema']}.{node['name']}": Documentation(
            _description(node),
            {column: entry["description"].strip() for column, entry in node["columns"].items()},
            key=_key(node, tests[unique_id]),
            enums={
                t["kwargs"]["column_name"]: tuple(t["kwargs"]["values"])
                for t in tests[unique_id]
                if t["name"] == "accepted_values"
            },
            not_null=frozenset(
                name
                for name, column in node["columns"].items()
                if any(constraint["type"] == "not_null" for constraint in column["constraints"])
            ),
            foreign_keys=(
                *(key for key in _foreign_keys(tests[unique_id]) if key.table in tables),
                *core_keys(node["name"], node["columns"]),
            ),
            dataset_ids=_datasets_of(manifest, unique_id),
            is_star=STAR in node["tags"],
        )
        for unique_id, node in published.items()
    }


def is_of_one_lever(node: Mapping[str, Any]) -> bool:
    """Returns whether a node is the view of one lever."""
    return "by_lever" in node["fqn"] and node["config"]["materialized"] == "kept_view"


def why_not_built(manifest: Mapping[str, Any], name: str, message: str) -> str:
    """Returns the message for a model that failed, with the datasets behind it."""
    return (
        f"{manifest['nodes'][name]['name']} failed, which is made from "
        f"{first_of(sorted(_datasets_of(manifest, name)), MAX_NAMED) or 'no dataset'}: "
        f"{one_line(message)}"
    )


def _description(node: Mapping[str, Any]) -> str:
    """Returns the description of a model, with the codes of what a reader may get wrong in it."""
    codes = node["meta"].get("avertissements", ())
    return " ".join([node["description"].strip(), *([f"Avertissements : {', '.join(codes)}."] if codes else [])])


def _key(node: Mapping[str, Any], tests: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Returns the columns of the unique key that the contract of a view names, or that a test checks."""
    for constraint in node["constraints"]:
        if constraint["type"] == "primary_key":
            return tuple(constraint["columns"])
    keys = {test["name"]: test["kwargs"] for test in reversed(tests)}
    if "unique_combination" in keys:
        return tuple(keys["unique_combination"]["columns"])
    return (keys["unique"]["column_name"],) if "unique" in keys else ()


def _foreign_keys(tests: list[Mapping[str, Any]]) -> Iterator[ForeignKey]:
    """Yields the relations to other models that a test checks."""
    for test in tests:
        arguments = test["kwargs"]
        if test["name"] == "relationships":
            columns, fields = [arguments["column_name"]], [arguments["field"]]
        elif test["name"] == "relationships_combination":
            columns, fields = arguments["columns"], arguments["fields"]
        else:
            continue
        if reference := REFERENCE.search(arguments["to"]):
            yield ForeignKey(tuple(columns), reference["model"], tuple(fields))


def _datasets_of(manifest: Mapping[str, Any], unique_id: str) -> frozenset[str]:
    """Returns the datasets of the raw tables in the lineage of a model."""
    dataset_of = {
        (dataset.schema_name, table): name for name, dataset in load_catalog().items() for table in dataset.table_names
    }
    sources = (manifest["sources"].get(node) for node in reached(manifest["parent_map"], unique_id))
    tables = {(source["schema"], source["name"]) for source in sources if source}
    return frozenset(dataset_of[table] for table in tables & dataset_of.keys())


def reached(edges: Mapping[str, Iterable[str]], *starts: str) -> set[str]:
    """Returns the nodes to which edges lead from the starts, step by step."""
    nodes: set[str] = set()
    waiting = list(starts)
    while waiting:
        nodes.update(new := set(edges.get(waiting.pop(), ())) - nodes)
        waiting += new
    return nodes
