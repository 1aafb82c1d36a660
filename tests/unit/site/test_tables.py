"""Cells of a file to take away, and what is said where there is nothing to take."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import leviers.site.export
from leviers.site.export import NothingToExportError, export_lever
from leviers.site.tables import cell


def test_a_cell_is_no_formula_and_has_a_decimal_comma() -> None:
    assert [cell(value) for value in (None, 1.5, -2.5, 3, "=1+1", "@x", "plain")] == [
        "", "1,5", "-2,5", "3", "'=1+1", "'@x", "plain",
    ]  # fmt: skip


def test_a_number_of_a_cell_is_exact() -> None:
    assert [cell(value) for value in (1234.56789, 0.08546005998961073, 1e-07, 2e16, 3.0)] == [
        "1234,56789", "0,08546005998961073", "0,0000001", "20000000000000000", "3",
    ]  # fmt: skip


def test_an_unknown_lever_or_level_names_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    levers = {"sols_haies": "Gestion des haies", "sols_prairies": "Gestion des prairies", "eau_sobriete": "Eau"}
    rows = {
        "fichier_lectures": [
            {"levier_id": lever_id, "levier": name, "territoire_id": "epci:1"}
            for lever_id, name in (levers | {"bus": "Bus"}).items()
        ],
        "territoires": [
            {"cle": f"{level}:1", "niveau": level, "niveau_libelle": name}
            for level, name in (("region", "région"), ("departement", "département"), ("epci", "intercommunalité"))
        ],
    }
    edition = SimpleNamespace(rows=rows.__getitem__, close=lambda: None)
    monkeypatch.setattr(leviers.site.export, "PublishedFile", lambda published: edition)
    nearest = r"les plus proches : Gestion des haies \(sols_haies\) ; [^;]+ ; [^;]+$"
    with pytest.raises(NothingToExportError, match=nearest):
        export_lever(Path(), "haie", "epci", "csv", Path())
    with pytest.raises(NothingToExportError, match="au choix : région, département, intercommunalité"):
        export_lever(Path(), "sols_haies", "commune", "csv", Path())
    with pytest.raises(NothingToExportError, match="un PDF est celui d'un territoire"):
        export_lever(Path(), "sols_haies", "ÉPCI", "pdf", Path())
