"""The page of all checks, ``docs/checks.md``: what each guards, how severely, in what bounds, since when and why.

``checks_since.csv`` beside this file keeps the version in which each check appeared: a check that it does not name yet
gets the version of ``pyproject.toml``.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from expectations.runner import MAX_ODD_CODES
from expectations.suites import BETWEEN, Expectation, load_marts_suite, load_raw_suites
from ingestion.catalog import load_catalog
from ingestion.readers import MAX_QUARANTINED_SHARE
from leviers.warehouse.project import REPOSITORY
from tools.docs import GENERATED, markdown_table

Row = tuple[str, ...]
Since = Mapping[str, str]

SINCE = Path("tools") / "checks_since.csv"

INTRODUCTION = f"""# Checks

{GENERATED}

Every check of the warehouse, in the order in which data meet them. An **error** stops what depends on it: an edition is
refused and the last good data stay, or nothing is published. A **warning** is shown and kept. The last result
of each is in `quality.fct_check_result`; `leviers check` runs them again on what is loaded, and `leviers check --diff`
says what changed between two editions of a dataset. *Since* is the version of this project in which the check appeared.
Not listed: the frozen schema of dlt and the contracts of dbt's models, which stop a load or a build by themselves, and
the unit tests of dbt, which are on arithmetic and not on data.

## Readers

Before anything is loaded, without a list of their own: the layouts of the catalogue are what is checked.
"""

READERS: list[Row] = [
    (
        "the header of a file is that of a declared layout",
        "error",
        "a renamed column is found at once, not as an empty series",
    ),
    (
        "a value has the type, the unit and the codes that its column declares",
        "the row is set aside",
        "it goes to `quality.fct_quarantined_row` with its number and the reason; loaded and set aside make received",
    ),
    (
        f"at most {MAX_QUARANTINED_SHARE:.0%} of the rows of a table are set aside",
        "error",
        "beyond that the layout is wrong, not the rows",
    ),
    (
        "a table has the rows of its `row_floor`: 1 where its record says nothing, 0 where it is optional",
        "error",
        "a file with fewer was cut short",
    ),
]

RAW = f"""## Raw tables

Great Expectations on the profile of each raw table after its load, by dataset. `x__null_share` is the share of rows
where the column x is empty, `x__masked_share` where the producer hides its value, `x__pattern_misses` and
`x__outside_set` are numbers of rows; `rows_change_pct` compares with the edition before; other names are measures, in
SQL in the file of the suite. While a dataset was not *verified* on real files, its errors warn, save those marked
*structure* and codes of which more than {MAX_ODD_CODES:.0%} are odd."""

MODELS = """## Tables of dbt

Tests of the columns of seeds and models. Each of them is an error unless it says *warning*, and passes where no row
fails."""

RULES = """## Rules between tables

Tests of dbt with a query of their own, which passes where it finds no row."""

GATE = """## Gate of the marts

The last look before publication: Great Expectations on small aggregates of the published tables."""


def since(manifest: dict[str, Any]) -> dict[str, str]:
    """The version in which each check appeared, by the name of the check."""
    with (REPOSITORY / SINCE).open(encoding="utf-8", newline="") as file:
        known = {row["check"]: row["since"] for row in csv.DictReader(file)}
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return {check: known.get(check, version) for check in sorted(set(_checks(manifest)))}


def since_file(versions: Since) -> str:
    """The text of ``checks_since.csv``."""
    return "check,since\n" + "".join(f"{check},{version}\n" for check, version in versions.items())


def page(manifest: dict[str, Any], versions: Since) -> str:
    """The whole page; dbt's tests come from its ``manifest``."""
    tests = _tests(manifest)
    readers = INTRODUCTION + "\n" + markdown_table(("what", "severity", "why"), READERS)
    parts = [
        readers,
        RAW,
        *_raw_suites(versions),
        MODELS,
        _models(manifest, tests, versions),
        RULES,
        _rules(tests, versions),
        GATE,
        *_gate(versions),
    ]
    return "\n\n".join(parts) + "\n"


def _tests(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]


def _checks(manifest: dict[str, Any]) -> Iterator[str]:
    """The names of all checks that have one."""
    for family, suite in load_raw_suites().items():
        for table, expected in suite.tables.items():
            yield from (_of_expectation(f"{family}/{table}", e) for e in expected.expectations)
    for query, asked in load_marts_suite().queries.items():
        yield from (_of_expectation(query, e) for e in asked.expectations)
    yield from map(_of_test, _tests(manifest))


def _of_expectation(place: str, expectation: Expectation) -> str:
    return "/".join([place, *expectation.columns])


def _of_test(test: dict[str, Any]) -> str:
    """A test of a table is known by table, column and kind, any other by its name."""
    if not test.get("test_metadata"):
        return str(test["name"])
    table = test["attached_node"].split(".")[-1]
    return "/".join([table, test["column_name"] or "", test["test_metadata"]["name"]])


def _raw_suites(versions: Since) -> list[str]:
    """A section per producer, with a row per raw table and reason."""
    catalog = load_catalog()
    rows: dict[str, list[Row]] = defaultdict(list)
    for family, suite in load_raw_suites().items():
        dataset = catalog.get(family)
        producer = dataset.producer if dataset else "Figures that ship with the project"
        note = "" if dataset is None or dataset.checks_bind else " (not verified)"
        for table, expected in suite.tables.items():
            cell = f"[`{table}`](../expectations/raw/{family}.yml){note}"
            for expectations in _expectations(f"{family}/{table}", expected.expectations, versions):
                rows[producer].append((cell, *expectations))
                cell = ""
    head = ("table", "expected", "severity", "since", "why")
    return [f"### {producer}\n\n{markdown_table(head, of_producer)}" for producer, of_producer in sorted(rows.items())]


def _gate(versions: Since) -> list[str]:
    head = ("expected", "severity", "since", "why")
    return [
        f"### `{name}`\n\n" + markdown_table(head, _expectations(name, query.expectations, versions))
        for name, query in load_marts_suite().queries.items()
    ]


def _expectations(place: str, expectations: Iterable[Expectation], versions: Since) -> list[Row]:
    """One row per reason; those that need none share a row per severity and version."""
    grouped: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for expectation in expectations:
        severity = expectation.severity + (", structure" if expectation.structure else "")
        version = versions[_of_expectation(place, expectation)]
        grouped[severity, version, expectation.why or ""].append(_expected(expectation))
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


def _models(manifest: dict[str, Any], tests: list[dict[str, Any]], versions: Since) -> str:
    """A section per layer; tables with the same tests share a row."""
    of_table: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for test in tests:
        if test.get("test_metadata"):
            of_table[test["attached_node"], versions[_of_test(test)]].append(test)
    layers: dict[str, dict[Row, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (unique_id, version), of_one in of_table.items():
        node = manifest["nodes"][unique_id]
        layer = node["fqn"][1] if node["resource_type"] == "model" else "seeds"
        layers[layer][_generic_tests(of_one), version].append(node["name"])
    head = ("tables", "checked", "since")
    return "\n\n".join(
        f"### {layer}\n\n"
        + markdown_table(head, sorted((_code(tables), *shared) for shared, tables in of_layer.items()))
        for layer, of_layer in sorted(layers.items())
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
        said = ", ".join(_argument(name, value) for name, value in arguments.items()) + where + why
        columns[kind, said].append(test["column_name"] or "")
    sentences = [
        " ".join(filter(None, [f"*{kind}*", _code(filter(None, named)), said]))
        for (kind, said), named in sorted(columns.items())
    ]
    return "; ".join(sentences)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _argument(name: str, value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    reference = re.fullmatch(r"ref\('(\w+)'\)", text)
    return f"{name}: {reference[1] if reference else text}"


def _rules(tests: list[dict[str, Any]], versions: Since) -> str:
    rows = []
    for test in tests:
        if not test.get("test_metadata"):
            read = _code({node.split(".")[-1] for node in test["depends_on"]["nodes"]})
            file = f"../dbt/{test['original_file_path']}"
            words = test["name"].removeprefix("assert_").replace("_", " ")
            why = test["description"] or _comment(test["raw_code"])
            rows.append((f"[{words}]({file})", _severity(test), versions[_of_test(test)], why, read))
    return markdown_table(("rule", "severity", "since", "why", "reads"), sorted(rows))


def _comment(sql: str) -> str:
    """The comment that stands before the query, as one sentence; empty where there is none."""
    before = re.match(r"(?:\s*\{\{ config\([^}]*\}\})?\s*(\{#-?.*?-?#\}|(?:--[^\n]*\n\s*)+)", sql, re.DOTALL)
    return " ".join(re.sub(r"\{#-?|-?#\}|--", "", before[1]).split()) if before else ""


def _severity(test: dict[str, Any]) -> str:
    return "warning" if test["config"]["severity"].lower() == "warn" else "error"
