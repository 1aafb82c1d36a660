"""Texts and names as SQL writes them."""

from __future__ import annotations


def literal(text: object) -> str:
    """Returns a text as a literal of SQL. Apostrophes in it are doubled."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Returns the name of a table or a column as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'
