"""The parts of the site: numbers in French, charts, maps, typography, cells of a spreadsheet."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import MethodType, SimpleNamespace
from typing import Any, cast

import pytest

import leviers.site.export
from ingestion.catalog import load_catalog
from leviers.site.borders import Border
from leviers.site.charts import Path as TargetPath
from leviers.site.charts import Point, describe, line_chart, strip_chart
from leviers.site.content import Comparison, Content, Emission, Line, Move, Series, Territory, Verdict
from leviers.site.emissions import emissions
from leviers.site.export import NothingToExportError, export_lever
from leviers.site.glossary import explained, terms_of
from leviers.site.maps import Classes, choropleth, classes_of, project, shade
from leviers.site.neighbours import beside, theme_by_theme
from leviers.site.pages import _by_basis, _sources, answered, linked, typeset, unlinked
from leviers.site.queries import CLIMATE_PLANS
from leviers.site.questions import (
    _across,
    _asked,
    _by_region,
    _committed,
    _compared,
    _is_plan_asked,
    _jumps,
    _moved,
    _newest,
    _sites,
    _standing,
    _sureness,
    _to_enter,
    _to_obtain,
    _told,
    _weakest,
    _weight,
    cited,
    deposited,
    documents,
    unmarked,
)
from leviers.site.tables import cell
from leviers.site.words import (
    applies_here,
    conclusion,
    gap_and_uncertainty,
    judged_value,
    levers_of,
    measured_by,
    not_continued,
    readings_of,
    regional_target,
    reservations,
    standing,
    verification,
    why_not_judged,
)
from leviers.text import french

RATE = Comparison(
    "Chaleur", "MWh", 2023, 2.0, count=3, last_rank=3, median=4.0, least=1.0, most=9.0, zeros=0,
    is_per_inhabitant=False, region_value=None, region_completeness=None, is_far=False, dataset_id="d", snapshot_id="s",
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def moved(lever_id: str, label: str, unit: str, dataset_id: str, *points: Point, **facts: Any) -> Move:
    """What the published file says of a change whose first, last but one and last points are given."""
    first, previous, last = points
    change, since_first = ((last.value or 0) - (point.value or 0) for point in (previous, first))
    known = {"newest_year": last.year, "is_latest": True, "change": change, "change_since_first": since_first}
    return Move(lever_id, label, unit, dataset_id, first, previous, last, **known | facts)


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(  # noqa: S314 - made here
        str(markup).replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234567.0, None, "1\u202f234\u202f567"),
        (0.0, "ha", "0\u00a0ha"),
        (-2.5, "%", "\u22122,5\u00a0%"),
        (0.0000001, None, "moins de\u00a00,001"),
        (-0.0000001, "t", "plus de\u00a0\u22120,001\u00a0t"),
        (0.0012345, None, "0,00123"),
        (9999.0, "MWh", "9\u202f999\u00a0MWh"),
        (3435000.0, "MWh", "3\u202f435\u00a0GWh"),
        (36.25, "TWh", "36,2\u00a0TWh"),
        (0.799, "milliers d'hectares", "799\u00a0ha"),
        (0.0, "milliers d'hectares", "0\u00a0millier d'hectares"),
        (1.89e10, "m³", "18,9\u00a0milliards de m³"),
        (1.5, "TWh corrigés du climat", "1,5\u00a0TWh corrigé du climat"),
        (0.00708, "TWh corrigés du climat", "7,08\u00a0GWh corrigés du climat"),
        (1.0, "lieux", "1\u00a0lieu"),
        (1000.0, "km évités par voiture", "1\u202f000\u00a0km évités par voiture"),
    ],
)
def test_numbers_are_written_in_french(value: float, unit: str | None, text: str) -> None:
    assert french.quantity(value, unit) == text


def test_a_difference_of_percentages_is_in_points() -> None:
    assert french.signed(2.5, "%") == "+2,5\u00a0points"
    assert french.signed(-1.5, "%") == "\u22121,5\u00a0point"
    assert french.signed(-2.5, "ha") == "\u22122,5\u00a0ha"


def test_a_count_is_whole_and_a_share_has_two_digits() -> None:
    assert french.quantity(67.2, "véhicules") == "environ\u00a067\u00a0véhicules"
    assert french.quantity(67.0, "véhicules") == "67\u00a0véhicules"
    assert french.signed(67.2, "véhicules") == "environ\u00a0+67\u00a0véhicules"
    assert [french.rough(value) for value in (0.214, 4.58, 43.4, 203.6, 0.0)] == ["0,21", "4,6", "43", "204", "0"]
    assert french.rough(0.0734) == "moins de\u00a00,1"
    assert [french.span(*found) for found in ((0.61, 2.6), (0.011, 0.07), (0.04, 1.2), (0.0, 1.2))] == [
        "de 0,61 à 2,6", "", "jusqu'à 1,2", "de 0 à 1,2",
    ]  # fmt: skip


def test_amounts_side_by_side_have_one_scale() -> None:
    assert french.signed(-1618.0, "MWh", largest=4e6) == "\u22121,62\u00a0GWh"
    assert french.signed(-41.1e3, "MWh", largest=4e6) == "\u221241,1\u00a0GWh"


def test_reasons_run_on_after_a_semicolon() -> None:
    assert french.reasons("valeur de 2021 ; L'aménagement est un moyen. ; Enedis se tait.") == (
        "valeur de 2021 ; l'aménagement est un moyen ; Enedis se tait"
    )


def test_days_and_counts_are_written_in_french() -> None:
    assert french.day(date(2026, 8, 1)) == "1er\u00a0août\u00a02026"
    assert french.day("2026-11-25T10:00:00+00:00") == "25\u00a0novembre\u00a02026"
    assert (french.plural(1, "levier"), french.plural(0, "levier"), french.plural(2, "levier")) == (
        "1\u00a0levier", "0\u00a0levier", "2\u00a0leviers",
    )  # fmt: skip


def test_what_sentences_say_alike_is_said_once() -> None:
    assert (
        french.said_once(
            "Puissance : solaire : une seule année (2024). Puissance : hydraulique : une seule année (2024)."
        )
        == "Puissance : solaire ; Puissance : hydraulique : une seule année (2024)."
    )
    assert french.said_once("Même phrase. Même phrase.") == "Même phrase."
    assert french.said_once("Une part : 3. Une autre : 4.") == "Une part : 3. Une autre : 4."


def test_search_folds_accents_and_apostrophes() -> None:
    assert french.folded("CA de l\u2019Œuvre-d'Été") == french.folded("ca de l oeuvre d ete")


def test_a_year_without_value_and_a_break_leave_gaps_in_the_line() -> None:
    points = [
        Point(2018, 1.0),
        Point(2019, 2.0),
        Point(2020, None),
        Point(2021, 3.0),
        Point(2022, 4.0),
        Point(2023, 5.0),
    ]
    chart = parsed(line_chart(points, "ha", breaks=[2023]))
    line = next(path for path in chart.iter(f"{SVG}path") if path.get("class") == "series").get("d") or ""
    assert line.count("M") == 3
    assert line.count("L") == 2


def test_a_chart_says_what_it_shows() -> None:
    points = [Point(2019, 10.0), Point(2021, 8.0, is_sure=False)]
    chart = parsed(_svg_of(line_chart(points, "ha", path=TargetPath(2019, 10.0, 2030, 4.0), interval=1.0)))
    assert chart.get("role") == "img"
    assert chart.get("aria-label") == (
        "De 10\u00a0ha en 2019 à 8\u00a0ha en 2021 ; repère 2030 : 4\u00a0ha ; 1\u00a0année sans valeur ; "
        "1\u00a0valeur estimée, provisoire ou incomplète. L'axe ne part pas de zéro."
    )
    classes = [mark.get("class") for mark in chart.iter() if mark is not chart]
    assert {"sure", "unsure", "path", "target", "interval"} <= set(classes)
    assert describe([], "ha") == "Aucune valeur."


def test_a_break_is_drawn_and_said() -> None:
    chart = parsed(line_chart([Point(2010, 4.0), Point(2011, 3.0), Point(2012, 1.0)], "ha", breaks=[2012]))
    assert [mark.get("class") for mark in chart.iter()].count("break") == 1
    assert "rupture de série en 2012" in (chart.get("aria-label") or "")


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    cut = line_chart([Point(2020, 90.0), Point(2021, 100.0)], "ha")
    chart = parsed(_svg_of(cut))
    assert [mark.get("class") for mark in chart.iter()].count("cut") == 1
    assert (chart.get("aria-label") or "").endswith("L'axe ne part pas de zéro.")
    assert cut.endswith('<p class="note">L&#39;axe ne part pas de zéro.</p>')
    assert "zéro" not in line_chart([Point(2020, 10.0), Point(2021, 100.0)], "ha")


def test_only_breaks_between_known_values_are_shown() -> None:
    points = (Point(2010, 4.0), Point(2011, None), Point(2012, 1.0))
    breaks = ({"year": 2010, "reason": ""}, {"year": 2011, "reason": ""}, {"year": 2020, "reason": ""})
    assert [found["year"] for found in Series(points, breaks=breaks).shown_breaks] == [2011]


def test_a_series_that_is_not_judged_has_no_path() -> None:
    ends = {"start_year": 2019, "start_value": 1.0, "target_year": 2030, "target_value": 2.0}
    assert Verdict("behind", **ends).path == TargetPath(2019, 1.0, 2030, 2.0)  # type: ignore[arg-type]
    assert Verdict(**ends).path is None  # type: ignore[arg-type]


def test_a_territory_is_marked_in_the_spread_of_all() -> None:
    spread = strip_chart([1.0, 2.0, 5.0], "%", own=2.0)
    assert "ici 2\u00a0%." in spread
    assert parsed(spread).find(f"{SVG}path[@class='target']") is not None
    assert 'class="target"' not in strip_chart([1.0, 2.0, 5.0], "%")


def test_a_single_value_gets_no_chart() -> None:
    assert line_chart([Point(2021, 3.0)], "ha") == ""
    assert line_chart([], "ha", path=TargetPath(2019, 1.0, 2030, 2.0)) == ""


def test_marks_stay_inside_the_drawing() -> None:
    chart = parsed(line_chart([Point(y, v) for y, v in zip(range(2010, 2024), range(-7, 7), strict=True)], "ha"))
    for circle in chart.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx") or -1) <= 340
        assert 0 <= float(circle.get("cy") or -1) <= 150


SQUARES = {
    code: (f"Territoire {code}", json.dumps({"type": "Polygon", "coordinates": [
        [[x, 44], [x + 1, 44], [x + 1, 45], [x, 45], [x, 44]]
    ]}))
    for code, x in (("a", 0), ("b", 1), ("c", 2))
}  # fmt: skip


def test_a_territory_without_value_is_hatched_and_counted() -> None:
    canvas = project(SQUARES)
    drawn = choropleth(canvas, shade(canvas, {"a": 1.0, "b": 2.0}, "ha", "Surface"), "t/{}.html")
    areas = {path.get("data-page"): path.get("class") for path in parsed(_svg_of(drawn)).iter(f"{SVG}path")}
    assert areas == {"t/a.html": "c0", "t/b.html": "c1", "t/c.html": "none"}
    assert "2\u00a0territoires renseignés, 1\u00a0sans valeur (hachures)." in drawn
    assert "valeur inconnue" in drawn


def _svg_of(figure: str) -> str:
    return figure[figure.index("<svg") : figure.index("</svg>") + 6]


def test_neighbours_share_their_border_on_the_drawing() -> None:
    canvas = project(SQUARES)
    starts = [shape.outline.split("l")[0] for shape in canvas.shapes]
    assert len(set(starts)) == 3
    west, middle = canvas.shapes[0].outline, canvas.shapes[1].outline
    assert west[1:].split("l")[1].split()[0] == str(int(middle[1:].split()[0]) - int(west[1:].split()[0]))


def test_classes_are_of_the_values_that_are_drawn() -> None:
    classes = classes_of([float(value) for value in range(1, 11)])
    assert classes.ranges == ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10))
    assert [classes.of(value) for value in (1, 2, 3, 10)] == [0, 0, 1, 4]
    assert classes_of([3.0, 3.0, 7.0]).legend("ha") == [(0, "3\u00a0ha"), (1, "7\u00a0ha")]


def test_a_range_says_its_unit_once() -> None:
    classes = classes_of([500.0, 900.0, 2e3, 4e3, 20e3, 30e3, 50e3, 60e3, 70e3, 90e3])
    assert classes.legend("MWh")[0] == (0, "de 500 à 900\u00a0MWh")
    assert classes.legend("MWh")[-1] == (4, "de 70 à 90\u00a0GWh")


def test_classes_that_touch_leave_their_limit_to_the_higher_one() -> None:
    words = [text for _, text in Classes(((59.8, 76.19), (76.21, 118.0), (118.6, 130.0))).legend("kg/MWh")]
    assert [text.replace(french.NO_BREAK, " ") for text in words] == [
        "de 59,8 à moins de 76,2 kg/MWh", "de 76,2 à 118 kg/MWh", "de 119 à 130 kg/MWh",
    ]  # fmt: skip


def test_equal_values_make_one_class() -> None:
    assert classes_of([0.0] * 9 + [1, 2, 3, 4, 5, 6.0]).of(0.0) == 0


def test_labels_of_sources_are_text() -> None:
    hostile = {"x": ('<script>alert("1")</script>', SQUARES["a"][1])}
    canvas = project(hostile)
    assert "<script" not in choropleth(canvas, shade(canvas, {"x": 1.0}, "<b>", "<i>"), "{}")
    assert "<b>" not in strip_chart([1.0, 2.0], "<b>")
    assert "<b>" not in line_chart([Point(1, 1.0), Point(2, 2.0)], "<b>")


def test_typography_is_french_and_leaves_tags_alone() -> None:
    html = '<p title="a : b">Quoi ? L&#39;eau : « pure » !</p><a href="x?y : z">d\'ici</a>'
    assert typeset(html) == (
        '<p title="a : b">Quoi\u00a0? L\u2019eau\u00a0: «\u00a0pure\u00a0»\u00a0!</p><a href="x?y : z">d\u2019ici</a>'
    )


def test_typography_of_percents_and_periods() -> None:
    assert typeset("<p>Coeur d'Ecolab</p>") == "<p>Cœur d\u2019Ecolab</p>"
    assert typeset("<p>94 % de 2011-2021</p><td>parc_2011-2021.csv</td>") == (
        "<p>94\u202f% de 2011\u20132021</p><td>parc_2011-2021.csv</td>"
    )


def test_a_cell_is_no_formula_and_has_a_decimal_comma() -> None:
    assert [cell(value) for value in (None, 1.5, -2.5, 3, "=1+1", "@x", "plain")] == [
        "", "1,5", "-2,5", "3", "'=1+1", "'@x", "plain",
    ]  # fmt: skip


def test_a_number_of_a_cell_is_exact() -> None:
    assert [cell(value) for value in (1234.56789, 0.08546005998961073, 1e-07, 2e16, 3.0)] == [
        "1234,56789", "0,08546005998961073", "0,0000001", "20000000000000000", "3",
    ]  # fmt: skip


def test_a_verdict_names_its_series_unless_the_lever_has_its_name() -> None:
    line = Line("region", "76", "x", "Fret décarboné", "T", "Part des camions électriques", "%", 2024, 1.0)
    assert measured_by(line) == "suivi par « Part des camions électriques »"
    judged = replace(line, verdict=Verdict("behind"))
    assert measured_by(judged) == "jugé sur « Part des camions électriques »"
    assert measured_by(replace(judged, lever="Part des camions electriques")) == ""
    assert measured_by(replace(line, latest_value=None)) == ""


def test_territories_are_listed_by_their_own_name() -> None:
    names = ["CC Zorn", "CA de Béziers", "CC du Bas Armagnac", "CA L'Agglo", "CC des Albères", "CA Évreux", "CC Elle"]
    assert sorted(names, key=french.alphabetical) == [
        "CA L'Agglo", "CC des Albères", "CC du Bas Armagnac", "CA de Béziers", "CC Elle", "CA Évreux", "CC Zorn",
    ]  # fmt: skip


def test_a_term_is_explained_at_its_first_use_on_the_screen_alone() -> None:
    page = (
        '<title>PCAET</title><section class="fiche">PCAET</section><p title="PCAET">Le PCAET, le PCAET de la COP</p>'
        "<p>le kit COP, MACOP</p><code>hub_42</code>"
    )
    html = explained(page, str.upper)
    assert html.count("<abbr") == 3
    assert html.startswith(
        '<title>PCAET</title><section class="fiche">PCAET</section><p title="PCAET">Le <abbr title="PLAN'
    )
    assert ">PCAET</abbr>, le PCAET de la <abbr" in html
    assert ">kit COP</abbr>, MACOP</p><code>hub_42</code>" in html


def test_a_printed_sheet_spells_out_the_terms_that_it_uses() -> None:
    found = terms_of("<p>Le PCAET, captage dans les ISDND</p><!-- CRTE -->")
    assert dict(found).keys() == {"ISDND", "PCAET"}


def test_a_number_of_the_hub_is_not_shown() -> None:
    assert typeset("<p>par commune (hub 463 et 465), hub 42.</p>") == "<p>par commune (hub), hub.</p>"
    assert typeset("<code>hub_42</code>") == "<code>hub_42</code>"


def test_a_regional_inventory_is_named_in_its_own_region_alone() -> None:
    missing = [
        {"source": "CITEPA (IGT 2016)", "region_code": None, "homepage": "https://a"},
        {"source": "CITEPA (hub)", "region_code": None, "homepage": "https://b"},
        {"source": "Atmo Occitanie (CO2)", "region_code": "76", "homepage": "https://c"},
    ]
    content = cast("Content", SimpleNamespace(missing_inventories={"epci": missing}))
    inside = Territory("epci", "1", "X", "76", None, None, None)
    assert Content.missing_inventories_of(content, inside) == {
        "CITEPA": "https://a", "Atmo Occitanie": "https://c",
    }  # fmt: skip
    beyond = replace(inside, region_code="93")
    assert Content.missing_inventories_of(content, beyond) == {
        "CITEPA": "https://a", "l'AASQA de la région": None,
    }  # fmt: skip
    assert Content.missing_inventories_of(content, replace(beyond, level="region")) == {}


def test_a_territory_of_two_regions_says_what_its_shares_count() -> None:
    border = Border("epci", "1", "76", "Occitanie", "Grand Est", 7, 16, 44000, 199932)
    assert (
        str(border)
        .replace(french.NO_BREAK, " ")
        .replace(french.THOUSANDS, " ")
        .startswith(
            "La plupart des habitants de ce territoire sont dans le Grand Est. 7 de ses 16 communes, 44 000 de ses "
            "199 932 habitants, sont en Occitanie : les parts indicatives ne portent que sur elles"
        )
    )
    assert str(replace(border, main_region="Occitanie")).startswith("Ce territoire déborde de sa région.")


def test_a_series_that_counts_a_period_is_dated_by_it() -> None:
    assert french.dated("Surfaces artificialisées de 2012 à 2018 par changements (ALDO)", 2012) == "2012 à 2018"
    assert french.dated("Consommation de gaz, série 2011-2021", 2021) == "2021"


def test_a_trace_of_a_percent_is_said_to_be_one() -> None:
    assert french.quantity(0.00171, "%") == "moins de\u00a00,01\u00a0%"
    assert french.quantity(0.0855, "%") == "0,0855\u00a0%"


def test_a_value_that_was_not_judged_as_published_names_the_judged_one() -> None:
    verdict = Verdict("behind", latest_year=2024, published_value=18.5, compared_value=17.9, smoothing_years=3)
    line = Line("region", "76", "x", "X", "T", "I", "%", 2024, 18.5, verdict=verdict)
    assert judged_value(line).replace(french.NO_BREAK, " ") == "jugé sur 17,9 %, moyenne 2022-2024"
    warm = replace(verdict, smoothing_years=1, climate_correction="degree_days")
    assert judged_value(replace(line, verdict=warm)).endswith("%, corrigé du climat")
    assert judged_value(replace(line, verdict=replace(verdict, smoothing_years=1))) == ""
    assert judged_value(replace(line, verdict=replace(verdict, reading="not_judged"))) == ""


BEHIND = Verdict("behind", "en retard")
GOOD, OPEN = (
    Verdict("unsure", "incertain", "good", "plutôt bien"),
    Verdict("unsure", "incertain", "none", "sans tendance"),
)


def test_a_reading_is_shown_with_the_way_it_leans() -> None:
    assert [standing(verdict) for verdict in (BEHIND, GOOD, OPEN)] == [
        "en retard", "incertain, plutôt bien", "incertain",
    ]  # fmt: skip
    assert readings_of([BEHIND, OPEN, GOOD, BEHIND]) == "incertain : 2, en retard : 2"


def test_bases_are_counted_apart() -> None:
    official, national = {"basis": "official", "basis_label": "cible"}, {"basis": "national", "basis_label": "rythme"}
    found = [replace(BEHIND, **official), replace(GOOD, **official), replace(BEHIND, **national), Verdict()]
    lines = [cast("Line", SimpleNamespace(verdict=verdict)) for verdict in found]
    assert _by_basis(lines) == [("cible", [(found[1], 1), (found[0], 1)]), ("rythme", [(found[2], 1)])]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"gap": -2, "uncertainty": 1}, "écart de 2 % ± 1 %"),
        ({"gap": -1.5, "uncertainty": 1.96, "unit": "%"}, "écart de 1,5 point ± 2 points"),
        ({"gap": 12, "uncertainty": 15, "reason": "dans la marge"}, "écart de 12 % ± 15 % ; dans la marge"),
        ({"gap": 1, "uncertainty": 1, "reading": "not_judged", "reason": "Rien."}, ""),
    ],
)
def test_a_reading_says_its_gap_its_uncertainty_and_why_it_does_not_conclude(facts: dict[str, Any], words: str) -> None:
    assert conclusion(replace(BEHIND, path_value=100.0, **facts)).replace(french.NO_BREAK, " ") == words
    assert gap_and_uncertainty(BEHIND) == ""


def test_the_least_sure_reading_is_named_with_what_weakens_it() -> None:
    def line(lever: str, grade: str, *doubts: str) -> Line:
        verdict = replace(BEHIND, confidence=grade, doubts=doubts)
        return Line("epci", "1", lever, lever, "T", lever, "km", 2024, 284.0, verdict=verdict)

    lines = [line("bio", "C", *"abcd"), line("déchets", "D", *"abc"), line("vélo", "D", "a")]
    assert _weakest(lines) == "Le plus fragile : déchets (noté D : a ; b)."
    assert _weakest(lines[:1]) == ""
    content = cast("Content", SimpleNamespace(datasets={}, labels_of=lambda _: {"C": "c", "D": "d"}))
    assert "Notes, de A à D : 1 en C (c), 2 en D (d)" in plain(_sureness(content, lines))


def test_a_figure_of_an_answer_leads_to_the_line_of_its_file_and_to_none_on_paper() -> None:
    content = cast("Content", SimpleNamespace(datasets={"d": {}}))
    above = Territory("region", "76", "Occitanie", "76", None, None, None)
    text = f"<i> {cited(content, '12 GWh', 'd')}, {cited(content, '3 %', 'd', above)}, {cited(content, '4', None)}"
    assert linked(text) == ('&lt;i&gt; <a href="#source-d">12 GWh</a>, <a href="region-76.html#source-d">3 %</a>, 4')
    assert unlinked(text) == "<i> 12 GWh, 3 %, 4"
    assert (linked("a\nb"), unlinked("a\nb")) == ("a<br>b", "a b")


def test_of_several_files_each_names_the_series_that_it_gives() -> None:
    place = Territory("epci", "1", "X", "76", None, None, None)
    files = [{"snapshot_id": name, "name": f"{name}.csv"} for name in ("s1", "s2", "s3")]
    line = Line("epci", "1", "x", "X", "T", "Chaleur", "MWh", 2023, 1.0, target_dataset_id="state",
                series=Series((Point(2023, 1.0),), ("d",), ("s1",)))  # fmt: skip
    move = moved("x", "Froid", "MWh", "d", Point(2022, 1.0), Point(2022, 1.0), Point(2023, 2.0), snapshot_id="s2")
    content = cast("Content", SimpleNamespace(
        datasets={"d": {"files": files}, "state": {"files": [{"snapshot_id": "t", "name": "t.csv"}] * 6}},
        measures={}, comparisons={}, moves={("epci", "1"): [move]}, emissions={}, inventory_of=lambda _: None,
        lines_of=lambda _: (), plans_of=lambda _: [],
    ))  # fmt: skip
    own, state = _sources(content, place, [line])
    assert ([(file["name"], series) for file, series in own.files], own.file_count) == (
        [("s1.csv", ["Chaleur"]), ("s2.csv", ["Froid"])],
        3,
    )
    assert (state.uses, len(state.files), state.file_count) == (["demande de l'État"], 4, 6)


def test_the_nearest_are_named_with_among_how_many() -> None:
    rows = [
        {"other_code": code, "name": name, "population": 9, "candidates": 95}
        for code, name in zip("23", "BC", strict=True)
    ]
    known = replace(EPCI, level="departement", code="2", name="B, qui a une page")
    content = Content(**{field.name: () for field in fields(Content)} | {  # type: ignore[arg-type]
        "similar": {("departement", "1"): rows}, "territories": (known,),
    })  # fmt: skip
    own = replace(known, code="1")
    assert content.nearest_to(own) == [known, Territory("departement", "3", "C", population=9)]
    assert content.likeness_of(own) == "les plus proches par la population et la densité parmi les 95 autres"
    rows[0]["candidates"] = 1
    assert content.likeness_of(own) == "le seul autre de cet échelon"


def test_a_share_of_sites_says_by_what_it_is_spread_where_they_are_not_known() -> None:
    labels = SimpleNamespace(indicators=[{"indicator_id": "area", "label": "Surfaces artificialisées"}])
    content = cast("Content", labels)
    line = Line("epci", "1", "x", "X", "T", None, None, None, None, key_id="eu_ets_verified_emissions__area",
                places_sites=False)  # fmt: skip
    labels.spread_label_of = lambda line: Content.spread_label_of(content, line)
    assert Content.spread_of(content, line) == "réparti selon « Surfaces artificialisées »"
    assert Content.spread_of(content, replace(line, places_sites=True)) == ""
    keyed = replace(line, key_dataset_ids=["measured", "spread"])
    assert (keyed.key_sources, keyed.asked_by) == (["measured", "spread"], "measured")
    assert replace(keyed, level="departement").key_sources == ["measured"]
    assert (
        Content.spread_of(content, replace(line, places_sites=None)),
        replace(line, places_sites=None).is_of_sites,
    ) == ("", False)


def test_a_rate_that_is_far_from_that_of_the_region_says_so() -> None:
    rate = replace(RATE, unit="kg/MWh", region_value=110.0, region_completeness=38.2, is_far=True)
    content = cast("Content", SimpleNamespace(comparisons={("epci", "1"): {"heat": rate}}))
    line = Line("epci", "1", "x", "X", "T", "Chaleur", "kg/MWh", 2023, 305.0)
    assert Content.regional_rate(content, line) == rate
    assert reservations(line, 2020, rate) == "loin de la région : 110\u00a0kg/MWh en 2023, connue à 38,2\u00a0%"
    assert "connue" not in reservations(line, 2020, replace(rate, region_completeness=100.0))
    assert Content.regional_rate(content, replace(line, indicator="Froid")) is None
    content.comparisons["epci", "1"]["heat"] = replace(rate, is_far=False)
    assert Content.regional_rate(content, line) is None


def test_without_a_verdict_the_reason_the_data_and_what_moved_are_said() -> None:
    judged = BEHIND
    above = Territory("region", "76", "Occitanie", "76", None, None, None)
    place = Territory("epci", "1", "X", "76", None, None, None)
    heat = Line(
        "epci", "1", "heat", "Réseaux de chaleur", "T", "Chaleur", "MWh", 2023, 15e3, share_ktco2e=1.0,
        verdict=Verdict(missing_dataset="SDES, réseaux", missing_page="https://x", missing_state="expected"),
        series=Series((Point(2023, 15e3),), ("d",)),
    )  # fmt: skip
    cars = replace(heat, lever_id="cars", lever="Voitures", latest_value=None, share_ktco2e=9.0,
                   verdict=Verdict(missing_dataset="SDES, parc"))  # fmt: skip
    move = moved("heat", "Chaleur livrée", "MWh", "d", Point(2019, 12e3), Point(2022, 14e3), Point(2023, 15e3))
    content = cast("Content", SimpleNamespace(
        datasets={"d": {}}, moves={("epci", "1"): [move]}, parents=lambda _: [above], moves_of=lambda _: [],
        lines_of=lambda _: (replace(cars, verdict=judged),),
    ))  # fmt: skip
    said = _standing(content, place, [heat, cars]).replace(french.NO_BREAK, " ")
    assert said.split("\n") == [
        "On ne peut pas encore le dire ici : aucun levier n'a de verdict, 1 n'a pas de série à cet échelon, 1 en a une "
        "d'une seule année, qui ne dit pas d'où l'on part.",
        "Dans des séries qui ne se comparent à aucune cible, ce qui a le plus bougé en proportion : Réseaux de chaleur "
        "(« Chaleur livrée »), [12 GWh](#source-d) en 2019, [15 GWh](#source-d) en 2023.",
        "Au-dessus, [Occitanie](region-76.html#ou-en-est), en retard : Voitures.",
    ]
    assert _to_obtain([heat, cars]).replace(french.NO_BREAK, " ") == (
        "À obtenir d'abord, sur plusieurs années et comparable à la cible : « SDES, parc » (Voitures) ; « [SDES, "
        "réseaux](https://x) » (Réseaux de chaleur, le site sait le lire, le fichier n'est pas encore chargé)."
    )
    received = replace(cars, verdict=replace(cars.verdict, missing_state="received"))
    assert "parc" not in _to_obtain([heat, received])
    assert _to_obtain([heat, replace(cars, verdict=judged)]) == ""
    swinging = replace(move, swing=(12e3, 18e3))
    steady = replace(move, label="Part", change_since_first=-100.0)
    content.moves["epci", "1"] = [steady, swinging]
    assert (
        "ce qui a le plus bougé en proportion : Réseaux de chaleur (« Chaleur livrée »), 12 GWh en 2019, 15 GWh en "
        "2023 (pas dans un seul sens, entre 12 GWh et 18 GWh) ; Réseaux de chaleur (« Part »)"
    ) in plain(_standing(content, place, [heat, cars]))
    assert "Rien ne dit si cela monte ou baisse" in _standing(
        cast("Content", SimpleNamespace(**vars(content) | {"moves": {}})), place, [heat, cars]
    )


def test_a_newer_value_of_another_series_does_not_go_on_from_a_change() -> None:
    line = Line("epci", "1", "heat", "Réseaux", "T", "CO2 de la chaleur hors secret", "kg/MWh", 2024, 118.0,
                series=Series((), ("new",)))  # fmt: skip
    move = moved("heat", "CO2 de la chaleur", "kg/MWh", "old", Point(2020, 3.0), Point(2022, 6.0), Point(2023, 5.9))
    assert plain(not_continued(line, move)) == (
        "à ne pas comparer avec 118 kg/MWh en 2024, qui vient d'une autre source, « CO2 de la chaleur hors secret »"
    )
    assert not_continued(line, replace(move, unit="%")) == ""
    assert not_continued(line, replace(move, label="Part renouvelable")) == ""
    assert not_continued(line, replace(move, dataset_id="new")) == ""
    assert not_continued(replace(line, latest_year=2023), move) == ""


def test_a_reason_that_speaks_of_another_series_names_it() -> None:
    verdict = Verdict(indicator="Cinquante sites", reason="La série ne couvre que 33 %.")
    line = Line("region", "76", "x", "Industrie", "T", "SEQE", "t", 2022, 1.0, verdict=verdict)
    assert why_not_judged(line) == "« Cinquante sites » : La série ne couvre que 33 %."
    assert why_not_judged(replace(line, indicator="Cinquante sites")) == "La série ne couvre que 33 %."
    assert why_not_judged(replace(line, verdict=Verdict(reason="Aucune."))) == "Aucune."


def plain(text: str) -> str:
    return "\n".join(map(unlinked, text.split("\n"))).replace(french.NO_BREAK, " ").replace(french.THOUSANDS, " ")


REGION = Territory("region", "76", "Occitanie", "76", None, 6_000_000, 2023)
EPCI = Territory("epci", "1", "X", "76", None, 25_000, 2023)
OBLIGATION: dict[str, Any] = {
    "obligation_id": "report", "name": "bilan", "url": "https://bilan", "condition": None, "answer": "applies",
    "answer_label": "oui", "min_population": None, "population": 25_000, "kind": "communauté de communes",
    "is_verified": True, "text_as_of": None, "article": "Code, L1",
}  # fmt: skip
PLAN = OBLIGATION | {"obligation_id": "climate_plan", "url": "https://pcaet", "min_population": 20_000}
SCHEME = OBLIGATION | {"obligation_id": "regional_scheme", "name": "schéma régional (SRADDET)"}
TARGET = {
    "metric": "consommation finale", "basis": "change_since_2015", "horizon": 2030, "value": -16.0, "unit": "%",
    "framework": "SRADDET", "source": "Avis", "is_confirmed": True, "is_target": True, "is_of_emissions": False,
    "lever_id": None,
}  # fmt: skip


def test_an_answer_names_the_levers_of_each_reading_and_what_they_face() -> None:
    judged = replace(BEHIND, basis_label="trajectoire indicative", latest_year=2024)
    line = Line("departement", "34", "velo", "Vélo", "T", "Aménagements", "km", 2024, 7.0, verdict=judged)
    unsure = replace(line, lever="Gaz", lever_id="gaz", verdict=replace(GOOD, latest_year=2021))
    content = cast("Content", SimpleNamespace(datasets={}, by_lever={}))
    assert plain(_standing(content, EPCI, [line, unsure])).split("\n") == [
        "Incertain : 1, en retard : 1, sur des valeurs de 2021 à 2024.",
        "Incertain : Gaz (« Aménagements », 7 km en 2024).",
        "En retard : Vélo (« Aménagements », 7 km en 2024, trajectoire indicative).",
    ]
    seen = TARGET | {"is_target": False, "framework": "Bilan", "lever_id": "velo"}
    content.regional_figures = {"76": [TARGET, seen]}  # type: ignore[misc]
    told = (
        "D'après la Région, par d'autres sources et sur d'autres années, à ne pas citer sans les retrouver : "
        "\u221216 % de consommation finale de 2015 à 2030 (Bilan, d'après « Avis »)"
    )
    assert plain(_standing(content, REGION, [line])).split("\n")[2] == f"{told}."
    content.by_lever["region", "76", "velo"] = line
    assert plain(_standing(content, REGION, [line])).split("\n")[2] == (
        f"{told}, là où notre série dit « en retard », 7 km en 2024."
    )
    short = replace(line, verdict=replace(judged, gap_ktco2e=-388.2))
    assert "indicative, soit 388 ktCO₂e évitées de moins que sur la ligne)" in plain(_standing(content, EPCI, [short]))


def test_climate_plans_are_said_to_be_published() -> None:
    record = load_catalog()[CLIMATE_PLANS]
    everywhere = {"region_code": None, "kind": "cop_roadmap", "url": "https://cop", "publisher": "Ministère"}
    scheme = everywhere | {"region_code": "76", "kind": "sraddet", "url": "https://sraddet", "publisher": "Région"}
    content = cast("Content", SimpleNamespace(
        plans=None, plans_page=record.homepage, regional_documents=(scheme, everywhere), holder="([toi](x.html))",
    ))  # fmt: skip
    content.document_of = MethodType(Content.document_of, content)  # type: ignore[method-assign]
    told = _committed(content, EPCI, [])
    assert f"les PCAET adoptés ([publiés par l'ADEME]({record.homepage}), pas encore repris ici, parfois au nom" in told
    assert "aucun jeu de données" not in told
    levels = ("region", "departement", "epci")
    own = "le plan de transition de son bilan d'émissions (publié par l'ADEME), les PCAET adoptés"
    assert [documents(content, replace(REGION, level=level)).startswith(own) for level in levels] == [True, True, False]
    told = [documents(content, replace(REGION, level=level)).partition(" repris ici")[2] for level in levels]
    assert [one.partition("), ")[2] for one in told] == [
        "la [feuille de route de la COP](https://cop) (Ministère), le [SRADDET](https://sraddet) (Région), le CPER",
        "la [feuille de route de la COP](https://cop) (Ministère)",
        "la [feuille de route de la COP](https://cop) (Ministère), le CRTE",
    ]  # fmt: skip
    assert "le SRADDET, le CPER" in documents(content, replace(REGION, code="11", region_code="11"))
    content.regional_figures = {"76": [TARGET, TARGET | {"is_confirmed": False}, {"is_target": False}]}  # type: ignore[misc]
    content.obligations = {}  # type: ignore[misc]
    assert plain(_committed(content, REGION, [])).startswith(
        "La Région s'est fixé : \u221216 % de consommation finale de 2015 à 2030 (SRADDET, d'après « Avis ») ; 1 autre "
    )


def test_a_climate_plan_is_asked_for_from_a_size_on_which_is_to_be_checked_where_it_is_near() -> None:
    content = cast("Content", SimpleNamespace(obligations={("epci", "1"): [PLAN]}, holder="([toi](x.html))"))
    assert _to_enter(content, EPCI, []).startswith("Un PCAET est obligatoire ici")
    assert (
        "[modèle de fichier](../methode.html#modele) rempli à qui tient cette publication ((toi)(x.html))."
        in _to_enter(content, REGION, [])
    )
    told = []
    near = {"answer": "just_below", "answer_label": "non, de peu : à vérifier", "population": 19_928}
    for facts in ({}, {"answer": "does_not_apply"}, near, {"answer": "unknown"}):
        content.obligations["epci", "1"] = [PLAN | facts]
        told.append(plain(_is_plan_asked(content, EPCI)))
    assert told == [
        "obligatoire ici (plus de 20 000 habitants)", "facultatif ici (obligatoire au-delà de 20 000 habitants)",
        "facultatif ici de peu (19 928 habitants, seuil de 20 000, à vérifier)",
        "obligatoire au-delà de 20 000 habitants",
    ]  # fmt: skip


def test_a_deposited_climate_plan_is_told_by_its_state_and_days_and_none_is_no_proof_of_none() -> None:
    plan = {"name": "Plan Test", "progress": "en œuvre", "modified_on": date(2020, 3, 2),
            "launched_on": date(2016, 12, 1)}  # fmt: skip
    content = cast("Content", SimpleNamespace(
        datasets={CLIMATE_PLANS: {"verified": False}}, plans={"1": [plan]}, plans_page="https://plans",
        holder="([toi](x.html))", document_of=lambda *_: None,
    ))  # fmt: skip
    content.plans_of = MethodType(Content.plans_of, content)  # type: ignore[method-assign]
    assert plain(deposited(content, EPCI)) == (
        "Un PCAET, « Plan Test », lancé le 1er décembre 2016, figure sur Territoires & Climat : en œuvre, "
        "d'après sa fiche modifiée le 2 mars 2020. La date de son adoption n'est pas publiée. "
        "Lecture non vérifiée sur un fichier du producteur."
    )
    assert "](#source-ademe_pcaet)" in deposited(content, EPCI)
    committed = Line("epci", "1", "x", "X", "T", None, None, None, None, commitments=({"count": 1},))
    for lines in ([], [committed]):
        assert "Un PCAET, « Plan Test »" in plain(_committed(content, EPCI, lines))
    assert "dont seule la fiche est reprise ici" in documents(content, EPCI)
    other = plain(deposited(content, replace(EPCI, code="2")))
    assert other.startswith("Aucun PCAET ne figure à son numéro SIREN sur Territoires & Climat ; celui d'un syndicat")
    assert deposited(content, REGION) == ""


def test_what_is_asked_says_since_when_what_is_masked_and_what_a_region_has_set_for_itself() -> None:
    masked = Line("region", "76", "forest", "Gestion des forêts", "T", None, None, None, None, target_ktco2e=803.0,
                  is_shown_by_state=False)  # fmt: skip
    asked = {"asked": 11_660.0, "is_least": True, "lever_count": 30}
    fleet = OBLIGATION | {
        "obligation_id": "fleet",
        "answer": "on_condition",
        "condition": "si elle gère plus de vingt véhicules",
    }
    content = cast("Content", SimpleNamespace(
        datasets={}, progress={("region", "76", "all"): asked}, lines_of=lambda _: (masked,),
        regional_figures={"76": [TARGET, TARGET | {"is_confirmed": False}, TARGET | {"is_target": False}]},
        obligations={("region", "76"): [SCHEME, fleet]}, document_of=lambda *_: None,
    ))  # fmt: skip
    assert plain(_asked(content, REGION)).split("\n") == [
        "L'État donne 30 cibles, soit au moins 11 660 ktCO₂e évitées en 2030 par rapport à 2019 sans compter deux "
        "fois ce qui se recouvre, dont 803 pour Gestion des forêts (cible que l'outil de l'État n'affiche pas).",
        "La Région s'est fixé : \u221216 % de consommation finale de 2015 à 2030 (SRADDET, d'après « Avis ») ; 1 autre "
        "non confirmé. Le texte adopté fait foi : SRADDET.",
        "La loi demande : schéma régional (SRADDET) ; sous condition, 1 autre.",
    ]
    assert "[1\u00a0autre non confirmé](#objectifs-region)" in _asked(content, REGION)
    content.lines_of = lambda _: (replace(masked, places_sites=False),)  # type: ignore[method-assign]
    told = plain(_asked(content, REGION))
    assert "et 803 pour Gestion des forêts (sans savoir où sont les sites : environ 10 857 sans eux)" in told
    unsure = TARGET | {"is_confirmed": False, "is_of_emissions": True, "confidence": "déduit par le projet"}
    content.regional_figures["76"] = [unsure]
    assert "À vérifier dans le texte adopté, le SRADDET : \u221216 %" in plain(_asked(content, REGION))
    content.regional_figures.clear()
    assert "ne sont pas chargés ici ; à lire dans son SRADDET." in _asked(content, REGION)


def test_an_epci_reads_what_the_law_asks_here_and_where_the_objectives_of_its_region_are() -> None:
    rule = OBLIGATION | {
        "obligation_id": "climate_plan_compatibility", "url": "https://rule", "answer": "on_condition",
        "condition": "si", "is_verified": False,
    }  # fmt: skip
    large = OBLIGATION | {"name": "rapport", "answer": "does_not_apply"}
    content = cast("Content", SimpleNamespace(
        datasets={}, progress={}, lines_of=lambda _: (), asking_region=lambda _: ("76", "Occitanie"),
        border_of=lambda _: None, by_slug={("region", "76"): REGION}, regional_figures={"76": [TARGET]},
        obligations={("epci", "1"): [PLAN, rule, OBLIGATION, large], ("region", "76"): [SCHEME]},
    ))  # fmt: skip
    told = _asked(content, EPCI)
    assert plain(told).split("\n") == [
        "Rien, par la planification : l'État ne demande qu'aux régions, ici Occitanie.",
        "D'après la loi, un PCAET est obligatoire ici (plus de 20 000 habitants). Elle demande aussi : bilan ; sous "
        "condition, 1 autre.",
    ]
    assert "[PCAET](https://pcaet)" in told
    assert _by_region(content, EPCI) == (
        "La Région Occitanie s'est fixé [1\u00a0objectif](region-76.html#objectifs-region) (SRADDET). Un PCAET doit "
        "prendre en compte les objectifs du SRADDET et être compatible avec ses règles ([Code, L1](https://rule), à "
        "vérifier)."
    )
    assert _by_region(content, REGION) == ""
    content.obligations["region", "76"] = [SCHEME | {"answer": "other_text"}]
    assert _by_region(content, EPCI).endswith(" (SRADDET).")
    content.regional_figures.clear()
    assert _by_region(content, EPCI).endswith("à lire dans son schéma d'aménagement.")


def test_what_the_law_asks_says_whether_it_applies_here_and_which_text_was_read() -> None:
    here = "(communauté de communes, 25 000 habitants)"
    below = {"answer": "does_not_apply", "answer_label": "non", "min_population": 50_000}
    assert [plain(applies_here(OBLIGATION | facts)) for facts in (
        {}, {"min_population": 20_000}, below, {"answer": "unknown", "answer_label": "on ne le sait pas"},
        below | {"population": None},
        {"answer": "on_condition", "answer_label": "sous condition", "condition": "s'il gère des bâtiments"},
    )] == [
        "oui", f"oui {here}", f"non {here}", "on ne le sait pas", "non (communauté de communes)",
        "sous condition : s'il gère des bâtiments",
    ]  # fmt: skip
    assert [plain(verification(OBLIGATION | facts)) for facts in (
        {}, {"text_as_of": date(2023, 10, 25)}, {"is_verified": False},
    )] == [
        "Texte lu, copie sans date", "Texte lu, version du 25 octobre 2023", "À vérifier sur Légifrance",
    ]  # fmt: skip


def test_what_a_line_of_an_answer_is_about_is_in_bold() -> None:
    assert answered("Aucun verdict ici : 23.\nAu-dessus, [Lot](x.html#a.b), du bon côté : Vélo. Et.") == (
        '<strong>Aucun verdict ici :</strong> 23.<br><strong>Au-dessus, <a href="x.html#a.b">Lot</a>, du bon côté '
        ":</strong> Vélo. Et."
    )
    assert answered("Plan « [ici](javascript:alert`1`) », lancé") == "Plan « [ici](javascript:alert`1`) », lancé"
    assert unmarked("Plan\n « [ici](https://x) »") == "Plan « (ici)(https://x) »"
    assert answered("Non, des ordres. Aucune.") == "<strong>Non, des ordres.</strong> Aucune."
    assert answered("d" * 91 + ". Fin <b>") == "d" * 91 + ". Fin &lt;b&gt;"


def test_levers_that_the_cop_do_not_quantify_are_counted_apart() -> None:
    line = Line("epci", "1", "a", "A", "T", None, None, None, None)
    assert plain(levers_of([line, line])) == "2 leviers chiffrés par les COP"
    assert plain(levers_of([line, line, replace(line, is_quantified=False)])) == (
        "3 leviers (2 chiffrés par les COP et 1 autre, suivi ici)"
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"basis": "ratio_to_2015", "horizon": 2050, "value": 3.0, "unit": "fois"},
            "production à multiplier par 3 de 2015 à 2050",
        ),
        ({"metric": "émissions", "value": -76.0}, "\u221276 % d'émissions par rapport à 2015, horizon non dit"),
        ({"basis": "absolute", "horizon": 2040, "value": 0.0, "unit": "ha"}, "production, 0 ha en 2040"),
    ],
)
def test_a_target_of_a_region_is_worded_by_its_basis(facts: dict[str, Any], words: str) -> None:
    target = {"metric": "production", "basis": "change_since_2015", "horizon": None, "unit": "%", "framework": "REPOS",
              "source": "Scénario de 2019", "is_confirmed": True, "is_target": True}  # fmt: skip
    assert plain(regional_target(target | facts)) == f"{words} (REPOS, d'après « Scénario de 2019 »)"


def emitted(sector: str, nature: str, *values: float, **facts: Any) -> Emission:
    ends = {"least": min(values), "most": max(values), "key_count": len(values)} if values else {}
    known = {"source": "Atmo", "year": 2018, "dataset_id": "d", "snapshot_id": "s", "gases": "CO2", "scope": "tous"}
    return Emission(sector, nature, **known | ends | facts)  # type: ignore[arg-type]


QUOTAS = emitted("quotas", "sites", 95e3, source="SEQE", year=2022, dataset_id="q")


def emitting(found: dict[tuple[str, str], list[Emission]], **facts: Any) -> Content:
    content = SimpleNamespace(
        datasets={"d": {}}, emissions=found, moves={}, border_of=lambda _: None, parents=lambda _: [],
        inventory_of=lambda _: None, missing_inventories_of=lambda _: {"Atmo": "https://atmo"},
    )  # fmt: skip
    content.emissions_of = MethodType(Content.emissions_of, content)
    vars(content).update(facts)
    return cast("Content", content)


def test_emissions_say_what_is_measured_then_who_has_the_rest_and_shares_add_up() -> None:
    values = {"routes": 442.0, "logements": 205.0, "fermes": 199.0, "usines": 145.0, "avions": 9.0}
    whole = [emitted(name, "inventory", inventory_value=value, inventory_share=value / 1000)
             for name, value in values.items()]  # fmt: skip
    content = emitting(
        {("epci", "1"): [QUOTAS]}, inventory_of=lambda _: (REGION, whole),
        missing_inventories_of=lambda _: {"Atmo": "https://atmo", "l'AASQA": None},
    )  # fmt: skip
    assert "[Atmo](https://atmo) ou l'AASQA" in emissions(content, EPCI)
    told = (
        "Émissions au-dessus (Occitanie) en 2018, 1 000 t CO2e (Atmo, tous) : routes 44,2 %, logements 20,5 %, "
        "fermes 19,9 %, usines 14,5 %, autres 0,9 %."
    )
    assert plain(emissions(content, EPCI)).split("\n") == [
        "L'inventaire de ce territoire n'est pas repris ici ; à lire chez Atmo ou l'AASQA, ou dans le "
        "diagnostic d'un PCAET. Seule mesure : quotas, 95 ktCO₂e (SEQE, 2022).",
        told,
    ]
    whole[0] = replace(whole[0], place="may_be_first")
    assert plain(emissions(content, EPCI)).endswith(f"{told} Deux secteurs proches peuvent changer de rang d'un "
                                                    "inventaire à l'autre.")  # fmt: skip


def test_an_order_of_magnitude_names_the_first_sector_as_the_file_says_that_it_comes_first() -> None:
    routes, fermes = emitted("routes", "estimate", 55e3, 40e3, place="first"), emitted("fermes", "estimate", 9_100.0)
    usines = emitted("usines", "unplaced", inventory_share=0.3)
    found = {("epci", "1"): [routes, fermes, usines]}
    content = emitting(found, parents=lambda _: [replace(REGION, level="departement", code="11")])

    def told(*here: Emission) -> str:
        found["epci", "1"] = [*here, usines]
        return plain(emissions(content, EPCI))

    assert told(routes, fermes).split("\n") == [
        "« Routes » d'abord, sans doute, hors « usines » : routes, de 40 à 55 ktCO₂e ; fermes, environ 9,1 ktCO₂e, par "
        "une seule clé. C'est un ordre de grandeur, pas un inventaire : ce que la région émettait en 2018, réparti "
        "selon des clés. Elles ignorent beaucoup, dont le trafic de passage ; l'erreur peut dépasser l'écart entre "
        "elles.",
        "L'inventaire de ce territoire n'est pas repris ici ; à lire chez Atmo, ou dans le diagnostic d'un PCAET.",
    ]
    assert "[2018](#source-d), [réparti selon des clés](#emissions-reparties)" in emissions(content, EPCI)
    either = [replace(one, place="may_be_first") for one in (routes, fermes)]
    assert told(*either).startswith("« Routes » ou « fermes » d'abord, l'écart ne suffit pas à trancher, hors ")
    little = replace(routes, place="first_by_little")
    assert told(little, either[1]).startswith(
        "« Routes » d'abord selon toutes les clés, de trop peu pour l'affirmer, hors « usines »"
    )
    content.border_of = lambda _: SimpleNamespace(inside="ses 3 communes")  # type: ignore[method-assign,assignment,return-value]
    assert "hors « usines », pour ses 3 communes seulement : routes" in told(routes, fermes)
    one_key = replace(fermes, place="first_by_one_key")
    assert told(one_key, replace(routes, least=30.0, place=None)).startswith("« Fermes » d'abord, si la clé dit vrai")
    assert "routes, jusqu'à 55 ktCO₂e" in told(one_key, replace(routes, least=30.0))
    after = replace(fermes, place="next")
    sites = told(after, replace(QUOTAS, place="first"))
    assert sites.startswith("Quotas d'abord, 95 ktCO₂e (SEQE, 2022), puis « Fermes », hors « usines »")
    assert sites.endswith("Seule mesure : quotas, 95 ktCO₂e (SEQE, 2022).")
    change = Point(2021, 900e3), Point(2021, 900e3), Point(2022, 95e3)
    content.moves["epci", "1"] = [moved("x", "Sites", "t CO2e", "q", *change, is_to_check=True)]
    assert told(after, QUOTAS).endswith("Seule mesure : quotas, 95 ktCO₂e (SEQE, 2022, à vérifier).")
    assert told(after, replace(QUOTAS, least=0.0)).endswith(
        "Seule mesure : quotas, aucune émission déclarée (SEQE, 2022)."
    )
    found["departement", "11"] = [QUOTAS]
    assert told(after).endswith(
        "Quotas : 95 ktCO₂e dans tout le département (SEQE, 2022), sans savoir quels sites sont ici."
    )


def test_a_series_says_since_when_it_goes_the_same_way() -> None:
    content = cast("Content", SimpleNamespace(datasets={}))
    points = Point(2021, 9.0), Point(2022, 7.0), Point(2023, 5.0)
    assert plain(_told(content, moved("x", "X", "km", "d", *points, turned=2021), None)) == (
        "X, 5 km en 2023 (\u22122 km depuis 2022, en baisse depuis au moins 2021)"
    )
    since = moved("x", "X", "km", "d", Point(2019, 9.0), *points[1:], turned=2021)
    assert plain(_told(content, since, None)).endswith("en baisse depuis 2021)")


def test_a_change_that_is_to_be_checked_is_not_told_as_news() -> None:
    fallen = moved("x", "Électricité", "GWh", "d", Point(2022, 680.0), Point(2023, 679.0), Point(2024, 565.0),
                   doubt="apart", is_to_check=True, others=(-0.033, 0.002))  # fmt: skip
    line = Line("departement", "65", "x", "X", "T", "Électricité", "GWh", 2024, 565.0, share_ktco2e=1.0)
    content = cast("Content", SimpleNamespace(datasets={}, moves_of=lambda _: [fallen], recent_from=2023))
    assert _newest(content, [line], 3) == []
    assert plain(_jumps(content, [line])) == (
        "À vérifier avant d'en parler : Électricité, de 679 GWh en 2023 à 565 GWh en 2024, quand les autres vont de "
        "\u22123,3 à +0,2 % : sans doute un changement de la source."
    )


def test_the_heaviest_share_is_an_effort_with_its_key_and_a_masked_target() -> None:
    line = Line("epci", "1", "forest", "Gestion des forêts", "T", None, None, None, None, share_ktco2e=8.7,
                key_label="Surface de forêt", is_shown_by_state=False)  # fmt: skip
    content = cast("Content", SimpleNamespace(
        datasets={}, inventory_of=lambda _: None, emissions_of=lambda *_: [], missing_inventories_of=lambda _: {},
        parents=lambda _: [], border_of=lambda _: None, spread_of=lambda _: "",
        spread_label_of=lambda _: None,
    ))  # fmt: skip
    assert plain(_weight(content, EPCI, [line])).split("\n")[1] == (
        "Le plus grand effort en part indicative calculée, en ktCO₂e évitées en 2030 : Gestion des "
        "forêts (8,7, d'après « Surface de forêt », cible que l'outil de l'État n'affiche pas)."
    )
    content.spread_label_of = lambda _: "Logements"  # type: ignore[method-assign]
    assert "d'après « Surface de forêt » par département, puis « Logements »" in plain(_weight(content, EPCI, [line]))
    known = replace(line, unit="t CO2", latest_value=209.0, latest_year=2019)
    assert "n'affiche pas, là où la série d'ici est à 209 t CO2 en 2019)" in plain(_weight(content, EPCI, [known]))
    key = "eu_ets_verified_emissions__area"
    site = replace(line, lever="Industrie", key_id=key, level="departement", places_sites=True)
    measured = cast("Content", SimpleNamespace(**vars(content) | {"emissions_of": lambda *_: [QUOTAS]}))
    assert "à ne citer ni comme part d'ici, ni comme baisse demandée à ces sites" in _sites(measured, EPCI, [site])
    assert "baisse" not in _sites(content, EPCI, [site])
    assert _sites(content, EPCI, [line]) == ""


def test_the_newest_change_is_told_with_its_mark_and_an_old_or_raw_one_with_its_limits() -> None:
    def line(lever_id: str, share: float) -> Line:
        return Line("epci", "1", lever_id, lever_id, "T", lever_id, "km", 2024, 1.0, share_ktco2e=share)

    def move(lever_id: str, last: Point, previous: float = 6.0) -> Move:
        before = Point(last.year - 1, previous)
        doubt = {"saut": "jump", "vélo": "uncertain"}.get(lever_id)
        return moved(lever_id, lever_id, "km", "d", before, before, last, is_raw=lever_id == "fioul", doubt=doubt,
                     is_to_check=doubt == "jump")  # fmt: skip

    moves = [move("fioul", Point(2022, 7.0)), move("saut", Point(2024, 99.0)), move("vélo", Point(2024, 7.0, False))]
    lines = [line("fioul", 9.0), line("saut", 8.0), line("vélo", 1.0)]
    content = cast("Content", SimpleNamespace(
        datasets={}, recent_from=2023, parents=lambda _: [], lines_of=lambda _: lines, changes_of=lambda _: [],
        moves_of=lambda one: [found for found in moves if found.lever_id == one.lever_id],
        publications=[
            {"publication_id": "2", "previous_publication_id": "1"},
            {"publication_id": "1", "published_at": datetime(2026, 3, 2)},
        ],
    ))  # fmt: skip
    told, on_screen = map(plain, _moved(content, EPCI))
    assert "vélo, 7 km en 2024 (+1 km depuis 2023, à vérifier) ; fioul, 7 km en 2022 (+1 km depuis 2021). " in told
    assert "saut" not in told
    assert on_screen == "À vérifier avant d'en parler : saut, de 6 km en 2023 à 99 km en 2024."
    assert told.endswith("n'a changé aucune série de cette page par rapport à celle du 2 mars 2026.")
    assert "n'ont pas deux années" not in told
    alone = [replace(lines[0], lever_id=name) for name in ("a", "b", "c", "d")]
    few = cast("Content", SimpleNamespace(**vars(content) | {"lines_of": lambda _: [*lines, *alone]}))
    assert " 4 autres leviers suivis ici n'ont pas deux années à comparer." in plain(_moved(few, EPCI)[0])
    assert "Ventes et consommations sont brutes : le climat et les stocks les font varier." in told
    assert "Après 2022, rien de plus récent n'est repris ici pour ces séries." in told
    assert "brutes" not in plain(_moved(cast("Content", SimpleNamespace(**vars(content) | {
        "lines_of": lambda _: lines[1:],
    })), EPCI)[0])  # fmt: skip
    second = replace(move("vélo", Point(2024, 8.0)), label="vélo, autre série", doubt=None)
    above = replace(move("train", Point(2023, 9.0)), lever_id="train")
    places = {"epci": [lines[2]], "region": [lines[2], replace(line("train", 2.0), level="region")]}
    filled = cast("Content", SimpleNamespace(**vars(content) | {
        "lines_of": lambda place: places[place.level], "parents": lambda _: [REGION],
        "moves_of": lambda one: {"vélo": [moves[2], second], "train": [above]}[one.lever_id],
    }))  # fmt: skip
    here, there = map(plain, _moved(filled, EPCI))
    assert here.split("\n")[0] == (
        "Un seul levier d'ici a deux années à comparer : vélo, 7 km en 2024 (+1 km depuis 2023, à vérifier) ; "
        "vélo, autre série, 8 km en 2024 (+2 km depuis 2023)."
    )
    assert there == f"Au-dessus, {REGION.name}, pour d'autres leviers : train, 9 km en 2023 (+3 km depuis 2022)."
    places["epci"] = []
    filled.moves = {}  # type: ignore[misc]
    here, there = map(plain, _moved(filled, EPCI))
    assert here.split("\n")[1].startswith(f"Au-dessus, {REGION.name} : ")
    assert there == ""


def test_the_territories_across_the_border_are_named_where_the_contour_is_known() -> None:
    place = Territory("departement", "a", "A")
    content = cast("Content", SimpleNamespace(
        contours={"departement": {"a": ("A", "")}}, is_whole_country=False, level_names=lambda _: "départements",
    ))  # fmt: skip
    assert _across(content, place, [replace(place, name="B")]) == "Départements limitrophes : B"
    assert _across(content, place, []) == "Départements limitrophes : aucun ici"
    assert _across(content, replace(place, code="x"), []).startswith("Départements limitrophes : on ne les")


def test_a_median_has_its_range_and_nothing_beside_nothing_is_not_told() -> None:
    line = Line("epci", "1", "x", "X", "T", "Chaleur", "MWh", 2023, 2.0)
    here = {"few": replace(RATE, label="Rare", count=0, median=None), "nil": replace(RATE, own=0.0, median=0.0),
            "first": replace(RATE, label="Froid"), "heat": RATE}  # fmt: skip
    content = cast("Content", SimpleNamespace(
        lines_of=lambda _: [line], lever_measures={"x": [*here]}, datasets={}, comparisons={("epci", "1"): here},
    ))  # fmt: skip
    (one,) = beside(content, EPCI)
    assert one.compared == RATE
    assert (
        plain(_compared(content, EPCI, one))
        == "Chaleur (2023) : 2 MWh ici, médiane des semblables 4 MWh (de 1 à 9 MWh)"
    )
    low = replace(one, compared=replace(RATE, least=0.0, zeros=2, last_rank=8))
    assert plain(_compared(content, EPCI, low)).endswith("médiane de 3 semblables 4 MWh (de 0 à 9 MWh, dont 2 à zéro)")
    heads = replace(one, compared=replace(RATE, year=2022, is_per_inhabitant=True))
    assert "(2022, population de 2023)" in plain(_compared(content, EPCI, heads))


def test_a_target_that_was_met_from_the_start_is_a_flat_path() -> None:
    ends = {"start_year": 2019, "start_value": 508.0, "latest_year": 2021, "target_year": 2030, "target_value": 519.0}
    met = Verdict("unsure", is_met_from_start=True, **ends)  # type: ignore[arg-type]
    assert met.path == TargetPath(2019, 519.0, 2030, 519.0)
    assert Verdict("behind", **ends).path == TargetPath(2019, 508.0, 2030, 519.0)  # type: ignore[arg-type]


def test_reservations_say_what_is_not_certain_in_a_value() -> None:
    line = Line("epci", "1", "x", "X", "T", "I", "ha", 2020, 1.0)
    assert reservations(line, 2020) == "aucune"
    assert reservations(replace(line, indicator="Surfaces de 2012 à 2018", latest_year=2012), 2020).endswith("à 2018")
    doubtful = replace(
        line, nature="estimée", is_provisional=True, completeness=45.0, source_is_verified=False,
        doubts=({"year": 2020, "reason": "Un saut."},),
    )  # fmt: skip
    assert reservations(doubtful, 2021) == (
        "estimée, sans intervalle publié ; provisoire ; connue à 45\u00a0% ; valeur de 2020 ; douteuse ; "
        "lecture non vérifiée sur un fichier du producteur"
    )


def test_a_level_that_a_person_entered_keeps_its_own_name() -> None:
    content = cast("Content", SimpleNamespace(labels={("territory_level", "epci"): "intercommunalité"}))
    content.level_name = partial(Content.level_name, content)  # type: ignore[method-assign]
    assert [Content.level_names(content, level) for level in ("epci", "crte")] == ["intercommunalités", "CRTE"]
    assert content.level_name("pays_petr") == "PAYS PETR"
    assert french.initial("cible de l'État") == "Cible de l'État"


def test_what_compares_goes_theme_by_theme_the_heaviest_first() -> None:
    def ordered(text: str) -> list[str]:
        return theme_by_theme(text.split(), lambda one: one[0])

    assert ordered("a1 b1 a2") == ["a1", "b1", "a2"]
    assert ordered("a1 b1 c1 d1 e1 f1 a2")[:5] == ["a1", "b1", "c1", "d1", "e1"]
    assert ordered("a1 a2 b1") == ["a1", "b1", "a2"]


def test_a_lever_that_is_not_there_names_the_nearest_and_a_level_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    levers = {"sols_haies": "Gestion des haies", "sols_prairies": "Gestion des prairies", "eau_sobriete": "Eau"}
    lines = {code: [SimpleNamespace(lever=name, level="epci")] for code, name in (levers | {"bus": "Bus"}).items()}
    content = SimpleNamespace(levers=lines, levels=["region", "departement", "epci"])
    monkeypatch.setattr(leviers.site.export, "read_content", lambda published: content)
    nearest = r"les plus proches : Gestion des haies \(sols_haies\) ; [^;]+ ; [^;]+$"
    with pytest.raises(NothingToExportError, match=nearest):
        export_lever(Path(), "haie", "epci", "csv", Path())
    with pytest.raises(NothingToExportError, match="au choix : région, département, EPCI"):
        export_lever(Path(), "sols_haies", "commune", "csv", Path())
    with pytest.raises(NothingToExportError, match="un PDF est celui d'un territoire"):
        export_lever(Path(), "sols_haies", "ÉPCI", "pdf", Path())
