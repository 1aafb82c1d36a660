"""Images of charts: where they tell of, where they come from, and a machine that has no font."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import resvg_py

from leviers.site import charts
from leviers.site.images import NoFontError, PlacedChart, check_fonts, image_of

DOT = {"nom": "Haies", "valeur": 1.0, "minimum": 1.0, "maximum": 2.0, "repere": None, "texte": "1"}


@pytest.fixture
def drawn() -> PlacedChart:
    return PlacedChart(
        charts.dots([DOT], "Parts", "kt", ("ici", "", "autres")), "Nullie", "Leviers, édition d'un jour."
    )


def test_an_image_says_of_where_it_is_and_where_it_comes_from(drawn: PlacedChart) -> None:
    svg = image_of(drawn, "svg").decode()
    assert "Nullie" in svg
    assert "édition d\N{RIGHT SINGLE QUOTATION MARK}un jour" in svg


def test_an_image_is_a_png(drawn: PlacedChart) -> None:
    assert image_of(drawn, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(("draw", "has_fonts"), [(lambda svg: b"blank", False), (str.encode, True)])
def test_a_machine_without_fonts_is_refused(
    monkeypatch: pytest.MonkeyPatch, draw: Callable[[str], bytes], has_fonts: bool
) -> None:
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda svg_string, **_: draw(svg_string))
    if has_fonts:
        check_fonts()
    else:
        with pytest.raises(NoFontError, match="aucune police"):
            check_fonts()
