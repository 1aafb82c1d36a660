"""Markdown of the pages that ``make docs`` writes."""

from __future__ import annotations

from collections.abc import Iterable

GENERATED = "Written by `make docs`."


def markdown_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown; line breaks within a cell become spaces."""
    lines = [head, ("---",) * len(head), *([_one_line(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
