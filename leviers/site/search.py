"""The index for the search of every page: places, levers, chantiers and pages, with the words that lead to them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from leviers.warehouse.seeds import seed_rows

INDEX_FILE = "recherche.js"
INDEX_START = "window.LEVIERS_INDEX="


def everyday_words() -> dict[str, list[str]]:
    """Returns the words of everyday speech that lead to a lever or to a general page, by the address of its page."""
    words: dict[str, list[str]] = defaultdict(list)
    for row in sorted(seed_rows("policy/lever_words"), key=lambda row: row["word_fr"]):
        words[row["page"] or f"leviers/{row['lever_id']}.html"].append(row["word_fr"])
    return words


def index_of(
    rows_of: Callable[[str], list[dict[str, Any]]], pages: Mapping[str, str], words: Mapping[str, list[str]]
) -> str:
    """Returns the index of a site, as a script that pages opened from a folder may read.

    ``rows_of`` runs a query of the folder by its name. ``pages`` has the titles of general pages by their address,
    ``words`` the words that lead to a page. An entry has an address, a name, a kind, then other names; entries of equal
    rank are shown in this order. The communes are one text with a line for each, since there are 35,000.

    Raises:
        ValueError: a word leads to a page that the site does not have.
    """

    def listed(query: str) -> list[tuple[str, ...]]:
        rows = [(row["adresse"], row["nom"], row["genre"], row["mots"]) for row in rows_of(query)]
        return [(address, name, kind, *names, *words.get(address, ())) for address, name, kind, names in rows]

    if lost := {address for address in words if "/" not in address} - pages.keys():
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
