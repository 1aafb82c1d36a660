"""The first word of a docstring: a verb for a function, none for a class or a property."""

from __future__ import annotations

import ast

from leviers.warehouse.project import REPOSITORY

CODE = ("benchmarks", "dagster_project", "expectations", "ingestion", "leviers", "tools")
SHOWN = {"asset", "command", "group"}  # Dagster and click show the docstring of such a function to their readers


def test_docstrings_begin_with_a_verb_for_functions_alone() -> None:
    first: dict[bool, dict[str, str]] = {True: {}, False: {}}  # place -> first word, of functions or of the others
    for path in (path for folder in CODE for path in (REPOSITORY / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
                names = {ast.unparse(name).partition("(")[0].rpartition(".")[2] for name in node.decorator_list}
                is_function = isinstance(node, ast.FunctionDef) and not names & {"property", "cached_property"}
                if not names & SHOWN:
                    first[is_function][f"{path.relative_to(REPOSITORY)}:{node.lineno}"] = text.split()[0].strip(",:")
    assert {place: word for place, word in first[True].items() if not word.endswith("s")} == {}
    verbs = set(first[True].values())
    assert {place: word for place, word in first[False].items() if word in verbs} == {}
