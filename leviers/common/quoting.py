"""Texts and names as SQL writes them."""

from __future__ import annotations


def literal(text: object) -> str:
    """A text as a literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name of a table or a column."""
    return '"' + name.replace('"', '""') + '"'
