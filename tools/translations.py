"""The catalogue of the command line's words in French: what it has to have, with the translations so far."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from leviers.text.language import CATALOGUE, FRENCH, help_paragraphs
from leviers.warehouse.project import REPOSITORY

PACKAGES = ("expectations", "ingestion", "leviers", "tools")
CLICK = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)
CALLS = {"_": 1, "gettext": 1, "ngettext": 2, "Message": 1, "Counted": 1, "Joined": 1}  # how many arguments are texts
WITH_PLURAL = ("ngettext", "Counted")
OF_CLICK = ("text", "required")  # what it shows beside an option and has no translation or no literal of
WIDTH = 110

SingularOrBoth = str | tuple[str, str]


def translations() -> str:
    """The content of the catalogue: a text that is new waits for its translation, one that is gone is left out."""
    content = CATALOGUE.read_text(encoding="utf-8")
    known, catalogue = read_po(StringIO(content), locale=FRENCH), Catalog(FRENCH)
    for text in texts():
        found = known.get(text if isinstance(text, str) else text[0])
        catalogue.add(text, found.string if found else "")
    written = BytesIO()
    write_po(written, catalogue, width=WIDTH, omit_header=True)
    head, _, _ = content.partition("\n\n")
    return f"{head}\n\n{written.getvalue().decode().strip()}\n"


def texts() -> list[SingularOrBoth]:
    """What the code, its help and click say, each text once; one that has a plural with it."""
    code = [path for package in PACKAGES for path in sorted((REPOSITORY / package).rglob("*.py"))]
    code += [Path(inspect.getfile(module)) for module in CLICK]
    return list(dict.fromkeys([*OF_CLICK, *(text for path in code for text in _said_in(path))]))


def _said_in(path: Path) -> Iterator[SingularOrBoth]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(_is_command(decorator) for decorator in node.decorator_list):
            help_text = ast.get_docstring(node, clean=False)
            yield from (text for _, text in help_paragraphs(help_text) if not _is_only_commands(text))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found = tuple(_constants(node.args[: CALLS.get(node.func.id, 0)]))
            if node.func.id in WITH_PLURAL and found:
                yield found[0], found[-1]
            else:
                yield from found
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "option":
                yield from _constants(keyword.value for keyword in node.keywords if keyword.arg in ("help", "metavar"))
            elif node.func.attr == "argument":
                yield from (name.upper() for name in _constants(node.args[:1]))


def _is_command(decorator: ast.expr) -> bool:
    """Whether a decorator makes a command of a function: ``click.command("try")``, ``main.command("check")``."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Attribute) and function.attr in ("command", "group")


def _constants(arguments: Iterable[ast.expr]) -> Iterator[str]:
    """The texts among the arguments of a call, but for empty ones."""
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
            yield argument.value


def _is_only_commands(paragraph: str) -> bool:
    return all(line.startswith("leviers ") and "  " not in line for line in paragraph.splitlines())
