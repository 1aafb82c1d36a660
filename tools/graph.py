"""The asset graph as text: each asset of Dagster with its parents, for the golden file that tests compare."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg

GOLDEN = Path("tests/dagster_graph/asset_graph.json")


def asset_graph(definitions: dg.Definitions) -> str:
    """Every asset key with the keys of its parents, as JSON."""
    graph = definitions.resolve_asset_graph()
    parents = {
        key.to_user_string(): sorted(parent.to_user_string() for parent in graph.get(key).parent_keys)
        for key in sorted(graph.get_all_asset_keys())
    }
    return json.dumps(parents, indent=1) + "\n"
