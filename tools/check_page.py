"""The page of all checks: their table, severity, bounds and reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Template

from expectations.runner import MAX_ODD_CODES
from expectations.suites import BETWEEN, Expectation, load_marts_suite
from ingestion.catalog import BUNDLED_PREFIX, Dataset, Table, load_catalog
from ingestion.readers import MAX_QUARANTINED_SHARE
from tools.markdown import GENERATED, markdown_table

Row = tuple[str, ...]
SHIPPED = "Figures that ship with the project"

TEXT = Path(__file__).with_name("checks.md.j2")


def page(manifest: dict[str, Any]) -> str:
    """The whole page; dbt's tests come from its ``manifest``."""
    tests = _tests(manifest)
    template = Template(TEXT.read_text(encoding="utf-8"), keep_trailing_newline=True)
    return template.render(
        generated=GENERATED,
        quarantined=f"{MAX_QUARANTINED_SHARE:.0%}",
        odd=f"{MAX_ODD_CODES:.0%}",
        raw="\n\n".join(_raw_suites()),
        models=_models(manifest, tests),
        rules=_rules(tests),
        gate="\n\n".join(_gate()),
    )


def _tests(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]


def _raw_suites() -> list[str]:
    """A section per producer, with a row per raw table and reason."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for name, (dataset, table) in _raw_tables().items():
        producer = SHIPPED if dataset.dataset_id.startswith(BUNDLED_PREFIX) else dataset.producer
        note = "" if dataset.checks_bind else " (not verified)"
        cell = f"[`{name}`](../../ingestion/catalog/{dataset.producer}.yml){note}"
        for expectations in _expectations(dataset.suite(table).expectations):
            rows[producer].append((cell, *expectations))
            cell = ""
    head = ("table", "expected", "severity", "why")
    return [f"### {producer}\n\n{markdown_table(head, of_producer)}" for producer, of_producer in sorted(rows.items())]


def _raw_tables() -> dict[str, tuple[Dataset, Table]]:
    """Each raw table by its name; those of the figures that ship, of a few layouts, by the files of a layout."""
    tables: dict[str, tuple[Dataset, Table]] = {}
    for dataset in load_catalog().values():
        for table in dataset.tables if dataset.is_built else ():
            is_copy = dataset.dataset_id.startswith(BUNDLED_PREFIX)
            tables.setdefault(table.file_pattern if is_copy else dataset.table_name(table), (dataset, table))
    return tables


def _gate() -> list[str]:
    head = ("expected", "severity", "why")
    return [
        f"### `{name}`\n\n" + markdown_table(head, _expectations(query.expectations))
        for name, query in load_marts_suite().queries.items()
    ]


def _expectations(expectations: Iterable[Expectation]) -> list[Row]:
    """One row per reason; those that need none share a row per severity."""
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for expectation in expectations:
        severity = expectation.severity + (", structure" if expectation.structure else "")
        grouped[severity, expectation.why or ""].append(_expected(expectation))
    return [("; ".join(texts), *shared) for shared, texts in grouped.items()]


def _expected(expectation: Expectation) -> str:
    arguments = expectation.arguments
    if expectation.type != BETWEEN:
        columns = " and ".join(f"`{column}`" for column in expectation.columns)
        words = expectation.type.removeprefix("expect_column_").replace("_", " ")
        others = {name: value for name, value in arguments.items() if name not in ("column", "column_A", "column_B")}
        return f"{columns}: {words}" + "".join(f", {name} {value}" for name, value in others.items())
    column = f"`{arguments['column']}`"
    low, high = (arguments.get(bound) for bound in ("min_value", "max_value"))
    if low == high:
        return f"{column} = {low}"
    if low is None:
        return f"{column} ≤ {high}"
    return f"{column} ≥ {low}" if high is None else f"{column} {low} to {high}"


def _models(manifest: dict[str, Any], tests: list[dict[str, Any]]) -> str:
    """A section per layer; tables with the same tests share a row."""
    of_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for test in tests:
        if test.get("test_metadata"):
            of_table[test["attached_node"]].append(test)
    layers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for unique_id, of_one in of_table.items():
        node = manifest["nodes"][unique_id]
        layer = node["fqn"][1] if node["resource_type"] == "model" else "seeds"
        layers[layer][_generic_tests(of_one)].append(node["name"])
    return "\n\n".join(
        f"### {layer}\n\n"
        + markdown_table(("tables", "checked"), sorted((_code(tables), checked) for checked, tables in alike.items()))
        for layer, alike in sorted(layers.items())
    )


def _generic_tests(tests: list[dict[str, Any]]) -> str:
    """The tests of one table: columns that share a kind and its arguments are named together."""
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for test in tests:
        arguments = {
            name: value
            for name, value in test["test_metadata"]["kwargs"].items()
            if name not in ("model", "column_name", "quote")
        }
        kind = test["test_metadata"]["name"] + (" (warning)" if _severity(test) == "warning" else "")
        where = f" where {test['config']['where']}" if test["config"]["where"] else ""
        why = f" ({test['description']})" if test["description"] else ""
        details = ", ".join(_argument(name, value) for name, value in arguments.items()) + where + why
        columns[kind, details].append(test["column_name"] or "")
    sentences = [
        " ".join(filter(None, [f"*{kind}*", _code(filter(None, named)), details]))
        for (kind, details), named in sorted(columns.items())
    ]
    return "; ".join(sentences)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _argument(name: str, value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    reference = re.fullmatch(r"ref\('(\w+)'\)", text)
    return f"{name}: {reference[1] if reference else text}"


def _rules(tests: list[dict[str, Any]]) -> str:
    rows = []
    for test in tests:
        if not test.get("test_metadata"):
            read = _code({node.split(".")[-1] for node in test["depends_on"]["nodes"]})
            file = f"../../dbt/{test['original_file_path']}"
            words = test["name"].removeprefix("assert_").replace("_", " ")
            why = test["description"] or _comment(test["raw_code"])
            rows.append((f"[{words}]({file})", _severity(test), why, read))
    return markdown_table(("rule", "severity", "why", "reads"), sorted(rows))


def _comment(sql: str) -> str:
    """The comment that stands before the query, as one sentence; empty where there is none."""
    before = re.match(r"(?:\s*\{\{ config\([^}]*\}\})?\s*(\{#-?.*?-?#\}|(?:--[^\n]*\n\s*)+)", sql, re.DOTALL)
    return " ".join(re.sub(r"\{#-?|-?#\}|--", "", before[1]).split()) if before else ""


def _severity(test: dict[str, Any]) -> str:
    return "warning" if test["config"]["severity"].lower() == "warn" else "error"
