"""The index for the search of every page: places, levers, chantiers and pages, with the words that lead to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

INDEX_FILE = "recherche.js"
INDEX_START = "window.LEVIERS_INDEX="


def index_of(rows_of: Callable[[str], list[dict[str, Any]]], pages: Mapping[str, str]) -> str:
    """The index of a site, as a script that pages opened from a folder may read.

    ``rows_of`` runs a query of the folder by its name; ``pages`` are the titles of the pages of the site itself, by
    their address. A page is its address, its name, what it is, then what else it is called; those of one rank are shown
    in this order. A commune is a line, as there are 35,000: its name, INSEE code, departement, and the place in the
    list of the page that it has.

    Raises:
        ValueError: a word leads to a page that the site has not.
    """
    places = rows_of("recherche_lieux")
    words = {row["page"]: row["mots"] for row in rows_of("recherche_pages")}
    if lost := words.keys() - pages.keys():
        raise ValueError(f"words lead to pages that are not there: {', '.join(sorted(lost))}")
    territories = [row for row in places if row["niveau"] != "commune"]
    rank = {row["territoire_id"]: number for number, row in enumerate(territories)}
    entries = [
        *(
            (
                f"territoires/{row['niveau']}-{row['code_territoire']}.html",
                row["territoire"],
                row["niveau_libelle"],
                row["code_territoire"],
                *filter(None, [row["type_juridique"]]),
            )
            for row in territories
        ),
        *(
            (f"leviers/{row['levier_id']}.html", row["levier"], "levier", row["levier_court"], *(row["mots"] or ()))
            for row in rows_of("recherche_leviers")
        ),
        *((page, title, "page", *words.get(page, ())) for page, title in pages.items()),
        *(
            (f"chantiers/{row['chantier_id']}.html", row["chantier"], "chantier")
            for row in rows_of("recherche_chantiers")
        ),
    ]
    communes = "\n".join(
        f"{row['territoire']}|{row['code_territoire']}|{row['code_departement']}|{rank[row['page_id']]}"
        for row in places
        if row["niveau"] == "commune" and row["page_id"] in rank
    )
    index = json.dumps({"pages": entries, "communes": communes}, ensure_ascii=False, separators=(",", ":"))
    return f"{INDEX_START}{index};\n"
