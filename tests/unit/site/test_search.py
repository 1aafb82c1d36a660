"""The index of the search, from the rows of its queries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leviers.site.search import index_of
from leviers.warehouse.seeds import seed_rows


def page(address: str, name: str, kind: str, *words: str) -> dict[str, Any]:
    return {"adresse": address, "nom": name, "genre": kind, "mots": list(words)}


ROWS: dict[str, list[dict[str, Any]]] = {
    "recherche_territoires": [page("territoires/epci-999.html", 'CC de "Nulle" Part', "EPCI", "999")],
    "recherche_leviers": [page("leviers/nul.html", "Levier nul", "levier", "Nul")],
    "recherche_chantiers": [page("chantiers/c1.html", "Chantier nul", "chantier")],
    "recherche_communes": [{"ligne": "Nulleville|99001|99|0"}, {"ligne": "Île-Nulle|99002|99|0"}],
}
WORDS = {"loi.html": ["règle"], "leviers/nul.html": ["rien", "zéro"]}
PAGES = {"loi.html": "La loi", "methode.html": "Méthode"}


def test_the_index_has_each_page_and_what_leads_to_it() -> None:
    text = index_of(ROWS.__getitem__, PAGES, WORDS)
    index = json.loads(text.removeprefix("window.LEVIERS_INDEX=").removesuffix(";\n"))
    assert index["pages"] == [
        ["territoires/epci-999.html", 'CC de "Nulle" Part', "EPCI", "999"],
        ["leviers/nul.html", "Levier nul", "levier", "Nul", "rien", "zéro"],
        ["loi.html", "La loi", "page", "règle"],
        ["methode.html", "Méthode", "page"],
        ["chantiers/c1.html", "Chantier nul", "chantier"],
    ]
    assert index["communes"].split("\n") == ["Nulleville|99001|99|0", "Île-Nulle|99002|99|0"]


def test_a_word_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match=r"loi\.html"):
        index_of(ROWS.__getitem__, {"methode.html": "Méthode"}, WORDS)


def test_a_word_of_a_lever_stands_once_in_the_singular() -> None:
    """A plural finds its singular, so a word and its plural are one."""
    words = {(row["lever_id"], row["page"], row["word_fr"].lower()) for row in seed_rows("policy/lever_words")}
    assert [word for *place, word in words if (*place, f"{word}s") in words or (*place, f"{word}x") in words] == []
