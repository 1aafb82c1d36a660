"""The index for the search of every page: places, levers, chantiers and pages, with the words that lead to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

INDEX_FILE = "recherche.js"
INDEX_START = "window.LEVIERS_INDEX="


def index_of(rows_of: Callable[[str], list[dict[str, Any]]], pages: Mapping[str, str]) -> str:
    """Returns the index of a site, as a script that pages opened from a folder may read.

    ``rows_of`` runs a query of the folder by its name. ``pages`` has the titles of general pages by their address. An
    entry has an address, a name, a kind, then other names; entries of equal rank are shown in this order. The communes
    are one text with a line for each, since there are 35,000.

    Raises:
        ValueError: a word leads to a page that the site does not have.
    """

    def listed(query: str) -> list[tuple[str, ...]]:
        return [(row["adresse"], row["nom"], row["genre"], *row["mots"]) for row in rows_of(query)]

    words = {row["page"]: row["mots"] for row in rows_of("recherche_pages")}
    if lost := words.keys() - pages.keys():
        raise ValueError(f"words lead to pages that are not there: {', '.join(sorted(lost))}")
    entries = [
        *listed("recherche_territoires"),  # first: a commune names its page by its place here
        *listed("recherche_leviers"),
        *((page, title, "page", *words.get(page, ())) for page, title in pages.items()),
        *listed("recherche_chantiers"),
    ]
    communes = "\n".join(row["ligne"] for row in rows_of("recherche_communes"))
    index = json.dumps({"pages": entries, "communes": communes}, ensure_ascii=False, separators=(",", ":"))
    return f"{INDEX_START}{index};\n"
