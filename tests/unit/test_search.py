"""The index of the search, from the rows of its queries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leviers.site.search import index_of
from leviers.warehouse.seeds import seed_rows


def place(level: str, code: str, name: str, page_id: str, legal_type: str | None = None) -> dict[str, Any]:
    return {
        "territoire_id": f"{level}:{code}", "territoire": name, "niveau": level, "niveau_libelle": level.upper(),
        "code_territoire": code, "type_juridique": legal_type, "code_departement": "99", "page_id": page_id,
    }  # fmt: skip


ROWS: dict[str, list[dict[str, Any]]] = {
    "recherche_lieux": [
        place("commune", "99001", "Nulleville", "epci:999"),
        place("epci", "999", "CC de \"Nulle\" Part", "epci:999", "communauté de communes"),
        place("region", "99", "Nullie", "region:99"),
        place("commune", "99002", "Île-Nulle", "region:99"),
    ],
    "recherche_leviers": [
        {"levier_id": "nul", "levier": "Levier nul", "levier_court": "Nul", "mots": ["rien", "zéro"]},
        {"levier_id": "seul", "levier": "Levier seul", "levier_court": "Seul", "mots": None},
    ],
    "recherche_chantiers": [{"chantier_id": "c1", "chantier": "Chantier nul"}],
    "recherche_pages": [{"page": "loi.html", "mots": ["règle"]}],
}  # fmt: skip
PAGES = {"loi.html": "La loi", "methode.html": "Méthode"}


def test_the_index_has_each_page_and_what_leads_to_it() -> None:
    text = index_of(ROWS.__getitem__, PAGES)
    index = json.loads(text.removeprefix("window.LEVIERS_INDEX=").removesuffix(";\n"))
    assert index["pages"] == [
        ["territoires/epci-999.html", 'CC de "Nulle" Part', "EPCI", "999", "communauté de communes"],
        ["territoires/region-99.html", "Nullie", "REGION", "99"],
        ["leviers/nul.html", "Levier nul", "levier", "Nul", "rien", "zéro"],
        ["leviers/seul.html", "Levier seul", "levier", "Seul"],
        ["loi.html", "La loi", "page", "règle"],
        ["methode.html", "Méthode", "page"],
        ["chantiers/c1.html", "Chantier nul", "chantier"],
    ]
    assert index["communes"].split("\n") == ["Nulleville|99001|99|0", "Île-Nulle|99002|99|1"]


def test_a_word_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match=r"loi\.html"):
        index_of(ROWS.__getitem__, {"methode.html": "Méthode"})


def test_words_are_said_once_and_in_the_singular() -> None:
    """A plural finds its singular, so a word and its plural are one."""
    words = {(row["lever_id"], row["page"], row["word_fr"].lower()) for row in seed_rows("policy/lever_words")}
    assert [word for *place, word in words if (*place, f"{word}s") in words or (*place, f"{word}x") in words] == []
