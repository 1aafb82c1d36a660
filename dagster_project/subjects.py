"""The subjects of the warehouse, each an asset: folders of the seeds and models of dbt, and what they read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg

from dagster_project.described import by_producer
from ingestion.operations import SCHEMA_NAME, TABLES
from leviers.warehouse.checks.results import dbt_tests
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.publication.relations import PUBLISHED_SCHEMAS
from leviers.warehouse.steps import built_nodes, tested_node

SNAPSHOTS, OPERATIONS, PUBLICATION = (dg.AssetKey(name) for name in ("snapshots", "operations", "publication"))
WHOLE = "vues"  # a layer that is one subject


class Subjects:
    """The seeds and models of a manifest by subject, each after those that it reads, with their tests."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.manifest = manifest
        self.nodes: Mapping[dg.AssetKey, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        self.tests: dict[dg.AssetKey, list[str]] = defaultdict(list)
        self.reads: dict[dg.AssetKey, set[dg.AssetKey]] = defaultdict(set)
        built = built_nodes(manifest)
        self.of = {name: subject_key(node) for name, node in built.items()}
        for name, node in built.items():
            self.nodes[self.of[name]][name] = node
            read = {self._key_of(each) for each in node["depends_on"].get("nodes", ())}
            self.reads[self.of[name]] |= read - {self.of[name]}
        order = TopologicalSorter({key: self.reads[key] & self.nodes.keys() for key in self.nodes}).static_order()
        self.nodes = {key: self.nodes[key] for key in order}
        for test, content in dbt_tests(manifest).items():
            self.tests[self.of[tested_node(content, built)]].append(test)
        self.published = [
            key for key, nodes in self.nodes.items() if any(n["schema"] in PUBLISHED_SCHEMAS for n in nodes.values())
        ]

    def _key_of(self, name: str) -> dg.AssetKey:
        if name in self.of:
            return self.of[name]
        source = self.manifest["sources"][name]
        is_of_runs = source["schema"] == SCHEMA_NAME and source["name"] in TABLES
        return OPERATIONS if is_of_runs else dg.AssetKey(source["schema"])

    def holding(self, *names: str) -> list[dg.AssetKey]:
        """Returns the subjects that hold models of these names."""
        return sorted({self.of[f"model.leviers.{name}"] for name in names})


def subject_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """Returns the subject of a seed or model: its folder; the calculation and the facts of a subject are one."""
    layer, *folders = node["fqn"][1:-1]
    if node["resource_type"] == "seed":
        return dg.AssetKey(["seeds", layer])
    return dg.AssetKey([layer, *folders[-1:]] if layer != WHOLE else [layer])


@cache
def subjects() -> Subjects:
    """Returns the subjects of the project."""
    return Subjects(json.loads(dbt_manifest().read_text()))


def is_refresh(context: dg.AssetExecutionContext) -> bool:
    """Returns whether a run makes all assets, and no choice of them."""
    chosen = context.run.asset_selection
    raw = map(dg.AssetKey, by_producer())
    return not chosen or chosen >= {SNAPSHOTS, OPERATIONS, PUBLICATION, *raw, *subjects().nodes}
