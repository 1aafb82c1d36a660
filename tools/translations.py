"""Makes the French catalogue: the texts of the command line and of the checks, with their translations."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import click
import yaml
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from expectations.profile import COLUMN_METRICS, ROWS, ROWS_CHANGE_PCT
from expectations.suites import gate_queries
from ingestion.catalog import load_catalog
from leviers.text.catalogue import CATALOGUE, FRENCH
from leviers.text.language import help_paragraphs
from leviers.warehouse.checks.check_row import KINDS
from leviers.warehouse.project import DBT_DIR, REPOSITORY
from leviers.warehouse.runs.record import End, Kind, Light

PACKAGES = ("dagster_project", "expectations", "ingestion", "leviers")
CLICK = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)
# How many arguments of a call are texts.
CALLS = {"_": 1, "gettext": 1, "ngettext": 2, "Message": 1, "Counted": 1, "Defect": 1, "Joined": 1}
WITH_PLURAL = ("ngettext", "Counted")
OF_CLICK = ("text", "required")  # shown beside an option; click has no translation or no literal of them
WIDTH = 110
GENERIC = DBT_DIR / "tests" / "generic"
OF_THE_PROGRAM = {"page_is_made", "validation"}  # checks of no suite

SingularOrBoth = str | tuple[str, str]


def translations() -> str:
    """Returns the catalogue. A new text has no translation yet; a text that is gone is left out."""
    content = CATALOGUE.read_text(encoding="utf-8")
    known, catalogue = read_po(StringIO(content), locale=FRENCH), Catalog(FRENCH)
    for text in texts():
        entry = known.get(text if isinstance(text, str) else text[0])
        catalogue.add(text, entry.string if entry else "")
    for context, names in named().items():
        for name in sorted(names):
            entry = known.get(name, context)
            catalogue.add(name, entry.string if entry else "", context=context)
    written = BytesIO()
    write_po(written, catalogue, width=WIDTH, omit_header=True)
    head, _, _ = content.partition("\n\n")
    return f"{head}\n\n{written.getvalue().decode().strip()}\n"


def texts() -> list[SingularOrBoth]:
    """Returns the texts of the code, of its help and of click, each once and with its plural."""
    code = [path for package in PACKAGES for path in sorted((REPOSITORY / package).rglob("*.py"))]
    code += [Path(inspect.getfile(module)) for module in CLICK]
    return list(dict.fromkeys([*OF_CLICK, *(text for path in code for text in _texts_in(path))]))


def named() -> dict[str, set[str]]:
    """Returns the names that stand for a sentence, by context: checks, measures, suites, tables, ends of a run."""
    built = [dataset for dataset in load_catalog().values() if dataset.is_built]
    measures = {name for dataset in built for table in dataset.tables for name in dataset.suite(table).measures}
    gate = gate_queries()
    columns = {", ".join(expectation.columns) for query in gate.values() for expectation in query.expectations}
    rules = {path.stem for path in (DBT_DIR / "tests").rglob("*.sql") if path.parent != GENERIC}
    for folder in ("models", "seeds"):
        for path in (DBT_DIR / folder).rglob("*.yml"):
            rules.update(_named_tests(yaml.safe_load(path.read_text(encoding="utf-8"))))
    tables = {name.partition("__")[2] for dataset in load_catalog().values() for name in dataset.table_names}
    return {
        "check": {*rules, *columns, *measures, *OF_THE_PROGRAM},
        "kind of check": set(KINDS),
        "metric of a column": set(COLUMN_METRICS),
        "metric of a table": {ROWS, ROWS_CHANGE_PCT},
        "outcome": {*End, *Kind, *Light},
        "suite": {f"marts.{query}" for query in gate},
        "table": tables - {""},
    }


def _named_tests(properties: Any) -> Iterator[str]:
    """Yields the names that properties of dbt give to tests."""
    if isinstance(properties, list):
        yield from (name for item in properties for name in _named_tests(item))
    elif isinstance(properties, dict):
        tests = [test for test in properties.get("data_tests", ()) if isinstance(test, dict)]
        yield from (options["name"] for test in tests for options in test.values() if "name" in (options or ()))
        yield from (name for value in properties.values() for name in _named_tests(value))


def _texts_in(path: Path) -> Iterator[SingularOrBoth]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(_is_command(decorator) for decorator in node.decorator_list):
            help_text = ast.get_docstring(node, clean=False)
            yield from (text for _, text in help_paragraphs(help_text) if not _is_only_commands(text))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            constants = tuple(_constants(node.args[: CALLS.get(node.func.id, 0)]))
            if node.func.id in WITH_PLURAL and constants:
                yield constants[0], constants[-1]
            else:
                yield from constants
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "option":
                yield from _constants(keyword.value for keyword in node.keywords if keyword.arg in ("help", "metavar"))
            elif node.func.attr == "argument":
                yield from (name.upper() for name in _constants(node.args[:1]))


def _is_command(decorator: ast.expr) -> bool:
    """Returns whether a decorator makes a function a command: ``click.command("try")``, ``main.command("check")``."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Attribute) and function.attr in ("command", "group")


def _constants(arguments: Iterable[ast.expr]) -> Iterator[str]:
    """Yields the texts among the arguments of a call, without empty ones."""
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
            yield argument.value


def _is_only_commands(paragraph: str) -> bool:
    return all(line.startswith("leviers ") and "  " not in line for line in paragraph.splitlines())
