"""Charts: their sums, cuts, overlaps and sentences."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from leviers import bi
from leviers.common import french
from leviers.site import charts
from leviers.site.contours import project
from leviers.site.drawing import SYMBOLS, Label, text_width
from leviers.site.images import standalone
from leviers.site.readings import LOOKS, STYLE, tone

HOSTILE = '<script>alert("1")</script> & co'
BI = Path(bi.__file__).parent


LEANS = {"bad": "plutôt mal", "good": "plutôt bien", "none": "sans tendance", None: None}


def reading(lecture: str, tendance: str | None = None) -> dict[str, object]:
    return {
        "lecture": lecture, "lecture_libelle": LOOKS[lecture]["label_fr"], "tendance": tendance,
        "tendance_libelle": LEANS[tendance],
    }  # fmt: skip


def test_each_reading_and_lean_has_a_symbol_and_a_colour_day_and_night() -> None:
    day, night = (set(re.findall(r"--(\w+):", rule)) for rule in re.findall(r":root \{[^}]*", STYLE))
    assert day == night
    assert [code for code, look in LOOKS.items() if look["symbol"] not in SYMBOLS or look["tone"] not in day] == []
    coloured = re.findall(r"^(\.is-[^{]*)\{ color", STYLE, re.MULTILINE)
    assert {tone(code) for code in LOOKS} <= set(re.findall(r"is-\w+", "".join(coloured)))


def way_row(**values: object) -> dict[str, object]:
    return reading("behind") | {
        "levier_id": "levier_test", "nom": "Série imaginaire", "lien": None, "part_faite": 0.2,
        "part_incertitude": 0.1, "part_attendue": 0.45, "est_indicatif": False, "demande_ktco2e": 120.4,
        "manque_sur_ktco2e": 30.2, "confiance": "C",
    } | values  # fmt: skip


def line_row(**values: object) -> dict[str, object]:
    points = [(2017, 40.0), (2018, 44.0), (2019, 50.0), (2021, 61.0), (2022, 66.0), (2023, 70.0)]
    path = [{"annee": year, "valeur": 50 + 10 * (year - 2019), "incertitude": 4.0} for year in range(2019, 2031)]
    ahead = [{"annee": year, "valeur": 70 + 4 * (year - 2023), "bas": 70.0, "haut": 110.0} for year in (2023, 2030)]
    return reading("behind") | {
        "nom": "Série imaginaire", "unite": "GWh", "facteur": 1.0, "decimales": 1,
        "points": [{"annee": year, "valeur": value, "est_sure": year != 2023} for year, value in points],
        "est_un_taux": False, "trajectoire": path,
        "cible": {"annee": 2030, "valeur": 160.0, "est_indicative": True}, "prolongement": ahead, "manque": 62.0,
        "annee_attendue": 2023, "ruptures": [2018],
    } | values  # fmt: skip


# A line without anything beside its points.
BARE: dict[str, Any] = {"trajectoire": [], "cible": None, "prolongement": [], "manque": None}


def place_rows(values: Sequence[float | None], own: int = 3) -> list[dict[str, object]]:
    return [
        {"territoire_id": f"epci:{i}", "territoire": f"Communauté imaginaire {i}", "valeur": value, "est_ici": i == own,
         "est_partielle": i == 5}
        for i, value in enumerate(values)
    ]  # fmt: skip


def dot_row(**values: object) -> dict[str, object]:
    return {
        "nom": "Levier imaginaire", "minimum": 8.0, "maximum": 12.0, "valeur": 9.0, "repere": 6.0,
        "texte": "9", "lien": None,
    } | values  # fmt: skip


def dots(*rows: dict[str, object]) -> charts.Chart:
    return charts.dots(rows, "Parts", "kt", ("ici", "ailleurs", "autres clés"))


def drawn(chart: charts.Chart | None) -> charts.Chart:
    assert chart is not None
    return chart


def line(**values: object) -> charts.Chart:
    return drawn(charts.line(line_row(**values)))


def square(x: float, y: float) -> str:
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


CANVAS = project({f"epci:{i}": (f"Communauté imaginaire {i}", square(i % 4, 43 + i // 4)) for i in range(12)})


@cache
def every_chart() -> list[charts.Chart]:
    """Each kind, with easy and with hard values."""
    many = [way_row(part_faite=-3 + i / 5, part_incertitude=0.3 + i / 20, est_indicatif=i % 2 == 1) for i in range(24)]
    made = [
        charts.way(many),
        charts.way([way_row(part_faite=0.98, part_incertitude=None, part_attendue=0.97)]),
        charts.way([way_row(part_faite=None, part_attendue=None, nom=HOSTILE, lien="a.html"), way_row()]),
        charts.line(line_row()),
        charts.line(line_row(lecture="unsure"), width=640),
        charts.line(line_row(trajectoire=[], cible=None, prolongement=[], manque=None, annee_attendue=None)),
        charts.line(line_row(points=line_row()["points"][-1:], prolongement=None, manque=None)),  # type: ignore[index]
        charts.line(line_row(facteur=1e6, unite="t.km", decimales=0)),
        charts.line(line_row(manque=2.0, cible={"annee": 2030, "valeur": 0.0, "est_indicative": False},
                             prolongement=[{"annee": 2030, "valeur": 2.0, "bas": None, "haut": None}])),
        charts.strip(place_rows([1, 2, 2, 2, 2.01, 9, None, 14]), "ha par km²", 1, title="Terres imaginaires"),
        charts.strip(place_rows([0.0] * 90 + [float(i) for i in range(40)]), "kWh", title="Énergie imaginaire"),
        dots(*(dot_row(nom=f"Pays au nom long pour deux lignes {i}", groupe=f"Groupe {i // 4}") for i in range(13))),
        dots(dot_row(minimum=9.0, maximum=9.0, repere=None)),
        charts.map_of(
            CANVAS, place_rows([0.01, 0.02, 0.02, 3, 4, 5, None, 7, 8, 9, 10]), "ha par km²", title="Terres", width=640
        ),
    ]  # fmt: skip
    return [chart for chart in made if chart is not None]


every_drawing = pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(drawing, id=f"{chart.name} {i} {kind}")
        for i, chart in enumerate(every_chart())
        for kind, drawing in (("wide", chart.wide), ("narrow", chart.narrow))
        if drawing is not None
    ],
)


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314  our own


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def labels(drawing: Markup) -> list[Label]:
    """The texts of a drawing, as they were placed."""
    placed = []
    for text in (element for element in parsed(drawing).iter() if local(element) == "text"):
        words, strong = text.text or "", ""
        for span in text:
            if "dy" in span.attrib:
                words += f"\n{span.text}"
            else:
                strong = span.text or ""
        placed.append(Label(float(text.get("x", "")), float(text.get("y", "")), words, text.get("class") or "", strong))
    return [label for label in placed if label.words]


def texts(drawing: Markup) -> list[str]:
    return [(label.words + label.strong).replace("\N{NO-BREAK SPACE}", " ") for label in labels(drawing)]


def numbers(d: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", d)]


def paths(drawing: Markup, kind: str) -> list[str]:
    return [element.get("d", "") for element in parsed(drawing).iter() if kind in (element.get("class") or "").split()]


@pytest.mark.parametrize(
    ("words", "is_bold", "measured"),
    [
        ("Hautes-Pyrénées 1\N{NARROW NO-BREAK SPACE}240", False, 150.0),
        ("Hautes-Pyrénées 1\N{NARROW NO-BREAK SPACE}240", True, 168.5),
        ("WWW mmm", True, 88.2),
        ("illimité", False, 43.8),
        ("Électricité renouvelable 8,7", True, 202.0),
    ],
)
def test_a_text_is_measured_a_little_wider_than_it_is(words: str, is_bold: bool, measured: float) -> None:
    """The real widths are those of DejaVu Sans of 13 pixels."""
    assert measured < text_width(words, is_bold) < 1.15 * measured


@every_drawing
def test_no_text_leaves_its_drawing_or_covers_another(drawing: Markup) -> None:
    left, top, width, height = numbers(parsed(drawing).get("viewBox", ""))
    for label in labels(drawing):
        box = label.box
        assert left - 1 <= box[0] < box[2] <= left + width + 1, label
        assert top - 1 <= box[1] < box[3] <= top + height + 1, label
    for label, other in combinations(labels(drawing), 2):
        across = min(label.box[2], other.box[2]) - max(label.box[0], other.box[0])
        down = min(label.box[3], other.box[3]) - max(label.box[1], other.box[1])
        assert across <= 1 or down <= 1, (label, other)


@every_drawing
def test_a_drawing_says_in_a_sentence_what_it_shows_and_uses_what_there_is(drawing: Markup) -> None:
    root = parsed(drawing)
    assert root.get("role") == "img"
    sentence = root.get("aria-label") or ""
    assert sentence.endswith(".")
    assert "None" not in sentence
    assert " :" not in sentence
    used = set(re.findall(r'(?:url\(|href=")#([\w-]+)', drawing))
    assert used <= set(re.findall(r'id="([\w-]+)"', charts.DEFS))
    styled = set(re.findall(r"\.([\w-]+)", STYLE)) | {"map", "way", "dots"}
    assert {kind for kinds in re.findall(r'class="([^"]*)"', drawing) for kind in kinds.split()} <= styled


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.name)
def test_a_table_stands_behind_each_chart(chart: charts.Chart) -> None:
    assert chart.rows
    assert all(len(row) == len(chart.columns) and all(isinstance(cell, str) for cell in row) for row in chart.rows)


def test_no_whisker_is_cut_and_the_axis_holds_start_and_target() -> None:
    chart = charts.way([way_row(part_faite=-2.0, part_incertitude=1.5), way_row(part_faite=1.2, part_incertitude=0.4)])
    for drawing in (chart.wide, chart.narrow or Markup()):
        width = numbers(parsed(drawing).get("viewBox", ""))[2]
        ends = [number for d in paths(drawing, "whisker") for number in (numbers(d)[0], numbers(d.split("H")[1])[0])]
        assert min(ends) >= 0
        assert max(ends) <= width
        assert ends == sorted(ends[:2]) + sorted(ends[2:])
        assert {"départ", "cible"} <= set(texts(drawing))


def test_an_unknown_share_of_the_way_is_no_zero() -> None:
    chart = charts.way([way_row(part_faite=None, part_incertitude=None, manque_sur_ktco2e=None)])
    assert "part inconnue" in texts(chart.wide)
    assert not paths(chart.wide, "bar")
    assert chart.rows[0][2:] == ("", "", "45\N{NARROW NO-BREAK SPACE}%", "120", "C")


def test_targets_are_told_apart_where_one_is_indicative() -> None:
    told = [set(texts(charts.way([way_row(est_indicatif=one), way_row()]).wide)) for one in (True, False)]
    assert ["indicatif" in words for words in told] == [True, False]


def test_a_hostile_label_is_text_and_a_link_is_for_a_mouse() -> None:
    chart = charts.way([way_row(nom=HOSTILE, lien='x.html" onclick="1')])
    assert "<script" not in chart.wide
    assert 'onclick="' not in chart.wide
    assert 'tabindex="-1"' in chart.wide
    assert "<a" not in standalone(chart, "", "")


def test_a_row_of_the_way_carries_its_reading_once_where_it_is_asked_for() -> None:
    chart = charts.way([way_row()], is_marked=True)
    assert chart.narrow
    drawings = [chart.wide, chart.narrow, charts.way([way_row()]).wide]
    assert [drawing.count(' data-levier="levier_test" data-lecture="behind">') for drawing in drawings] == [1, 0, 0]


def test_a_gap_and_a_break_stay_gaps() -> None:
    chart = line(ruptures=[2018])
    runs = [d.count("L") + 1 for d in paths(chart.wide, "stroke") if d.startswith("M") and "h8" not in d]
    assert sorted(runs)[:1] == [1]  # 2017 alone, before the break
    assert 2 in runs
    assert 3 in runs
    assert "rupture" in texts(chart.wide)


def test_a_line_says_what_is_observed_expected_aimed_at_and_missing() -> None:
    chart = line()
    wanted = {"observé 70,0", "attendu 90,0", "cible 160,0", "à ce rythme 98,0", "manque 62,0"}
    assert wanted <= set(texts(chart.wide))
    assert {"2017", "2023", "2030"} <= set(texts(chart.wide))
    assert paths(chart.wide, "margin")
    assert paths(chart.wide, "fan")
    sentence = "70,0 GWh en 2023 pour 90,0 attendus (en retard), cible 160,0 en 2030, 98,0 à ce rythme."
    assert chart.sentence.endswith(sentence)


def test_an_unsure_value_is_a_hollow_dot() -> None:
    chart = line()
    dots = [element.get("class") for element in parsed(chart.wide).iter() if local(element) == "circle"]
    assert dots.count("paper stroke is-bad") == 1


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    flat = [{"annee": year, "valeur": 90.0 + year - 2019, "est_sure": True} for year in range(2019, 2024)]
    cut, whole = line(points=flat, ruptures=[], est_un_taux=True, **BARE), line(points=flat, ruptures=[], **BARE)
    assert paths(cut.wide, "cut")
    assert "GWh ; axe coupé" in texts(cut.wide)
    assert cut.sentence.endswith("axe coupé, qui ne part pas de zéro.")
    assert not paths(whole.wide, "cut")
    assert "axe" not in whole.sentence


def test_a_single_value_without_a_path_is_no_line() -> None:
    points = line_row()["points"][-1:]  # type: ignore[index]
    assert charts.line(line_row(points=points, trajectoire=[])) is None
    assert charts.line(line_row(points=[])) is None
    assert charts.line(line_row(points=points)) is not None


def test_a_series_of_zeros_has_an_axis() -> None:
    zeros = [{"annee": year, "valeur": 0.0, "est_sure": True} for year in range(2018, 2024)]
    chart = line(points=zeros, **BARE)
    assert len({text for text in texts(chart.wide) if re.fullmatch(r"[\d,]+", text)}) > 2


def test_a_line_is_written_in_the_unit_of_its_row() -> None:
    """The card beside it is: the warehouse chooses the unit of both."""
    chart = line(facteur=1e3, unite="MWh", decimales=1)
    assert {"MWh", f"cible {french.decimal(160_000, 0)}"} <= set(texts(chart.wide))


def test_own_dot_stands_on_the_line_and_no_dot_covers_another() -> None:
    chart = drawn(charts.strip(place_rows([1, 2, 2, 2, 2.01, 9, None, 14]), "ha", 1, title="Terres"))
    circles = [element.attrib for element in parsed(chart.wide).iter() if local(element) == "circle"]
    own = next(circle for circle in circles if "own" in circle["class"])
    assert own["cy"] == "0"
    assert float(own["r"]) == max(float(circle["r"]) for circle in circles)
    for circle, other in combinations(circles, 2):
        apart = math.hypot(float(circle["cx"]) - float(other["cx"]), float(circle["cy"]) - float(other["cy"]))
        assert apart >= float(circle["r"]) + float(other["r"]) - 0.2
    assert sum("paper" in circle["class"] for circle in circles) == 1
    assert chart.sentence.endswith("; 1 inconnue.") or "inconnue" in chart.sentence
    assert chart.rows[-1] == ("Communauté imaginaire 6", "inconnue", "")


def test_the_own_place_at_an_end_of_a_strip_is_named_once() -> None:
    low = drawn(charts.strip(place_rows([1, 1, 5, 9]), "ha", title="Terres"))
    shown = texts(low.wide)
    assert "Communauté imaginaire 0 et 1 autre 1" in shown
    assert "Communauté imaginaire 3 9" in shown
    assert len(shown) == 3  # the highest is own: it is named once
    assert charts.strip(place_rows([1, None]), "ha") is None


def test_a_mark_is_explained_where_it_is_drawn() -> None:
    assert {"ici", "ailleurs", "autres clés"} <= set(texts(dots(dot_row()).wide))
    assert {"ailleurs", "autres clés"}.isdisjoint(texts(dots(dot_row(minimum=9.0, maximum=9.0, repere=None)).wide))


@pytest.fixture
def rates() -> charts.Chart:
    """A map of rates, of which the sixth is partial, the seventh and the last are unknown."""
    values = [0.01, 0.02, 0.02, 3, 4, 5, None, 7, 8, 9, 10]
    return drawn(charts.map_of(CANVAS, place_rows(values), "ha", title="Terres"))


def test_classes_of_a_map_are_of_rates_and_what_is_unknown_is_hatched(rates: charts.Chart) -> None:
    areas = {e.get("data-t"): e.get("class") or e.get("fill") for e in parsed(rates.wide).iter() if e.get("data-t")}
    asked = {0: "q0", 10: "q4", 5: "url(#p-partial2)", 6: "url(#p-unknown)", 11: "url(#p-unknown)"}
    assert {number: areas[f"epci:{number}"] for number in asked} == asked


def test_a_map_names_its_unit_its_marks_and_its_extremes(rates: charts.Chart) -> None:
    assert {"inconnu", "partiel", "ha"} <= set(texts(rates.wide))
    names = [text for text in texts(rates.wide) if text.startswith("Communauté")]
    assert [name.split()[2] for name in names] == ["0", "10"]


def test_a_map_without_a_value_is_none() -> None:
    assert charts.map_of(CANVAS, place_rows([None] * 12), "ha") is None


def test_two_classes_of_a_map_have_no_limit_in_common() -> None:
    chart = drawn(charts.map_of(CANVAS, place_rows([i / 1000 for i in range(12)]), "ha", title="Terres"))
    limits = [text for text in texts(chart.wide) if re.fullmatch(r"[\d,]+|moins de .*", text)]
    assert len(limits) == len(set(limits)) == 4


def test_many_equal_values_are_a_class_of_their_own() -> None:
    chart = drawn(charts.map_of(CANVAS, place_rows([0.0] * 7 + [1, 2, 3, 4, 5]), "ha", title="Terres"))
    fills = [e.get("class") or e.get("fill") for e in parsed(chart.wide).iter() if e.get("data-t")]
    assert [fills.count(f"q{i}") for i in range(1, 5)] == [1, 1, 1, 2]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.name)
def test_a_file_of_an_image_needs_nothing_else(chart: charts.Chart) -> None:
    svg = standalone(chart, source="Source : imaginaire, d'après personne", place="Occitanie")
    root = parsed(svg)
    assert [local(child) for child in root[:3]] == ["title", "desc", "style"]
    assert root[1].text == chart.sentence
    assert "var(" not in svg
    assert "@media" not in svg
    assert "xlink:href" not in svg
    assert not re.findall(r'(?:href|src)="(?!#)', svg)
    assert "d’après" in svg  # noqa: RUF001


def test_neighbours_keep_the_border_that_they_share() -> None:
    border = [[2 + 0.01 * math.sin(i * i), 43 + i / 100] for i in range(101)]
    left = [[1, 43], *border, [1, 44]]
    right = [*border[37:], [3, 44], [3, 43], *border[:37]]  # its ring starts within the border
    shapes = {
        code: json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
        for code, ring in (("a", left), ("b", right))
    }
    canvas = project({code: (code, shape) for code, shape in shapes.items()})

    def corners(outline: str) -> set[tuple[float, float]]:
        x = y = 0.0
        points = set()
        for letter, dx, dy in re.findall(r"([Ml])(-?\d+) (-?\d+)", outline):
            x, y = (float(dx), float(dy)) if letter == "M" else (x + float(dx), y + float(dy))
            points.add((x, y))
        return points

    first, second = (corners(shape.outline) for shape in canvas.shapes)
    shared = first & second
    assert len(first - shared) == len(second - shared) == 2  # the corners far from the border
    assert len(shared) > 4
    assert project({}).shapes == ()


def test_lands_an_ocean_apart_stand_in_a_row_below_the_largest() -> None:
    lands = {"a": square(2, 46), "b": square(3, 46), "island": square(-61, 16), "other": square(55, -21)}
    near = project({code: (code, lands[code]) for code in "ab"})
    canvas = project({code: (code, shape) for code, shape in lands.items()})
    shapes = {shape.code: shape for shape in canvas.shapes}
    assert [shapes[code].outline for code in "ab"] == [shape.outline for shape in near.shapes]
    (x, y), (other_x, other_y) = shapes["island"].inside, shapes["other"].inside
    assert near.height < y == pytest.approx(other_y, abs=10)
    assert max(y, other_y) < canvas.height
    assert abs(x - other_x) > 100


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(0, 1, "0"), (16, 1, "16,0"), (-0.04, 1, "plus de −0,1"), (0.04, 1, "moins de 0,1"), (15338.4, 0, "15 338")],  # noqa: RUF001
)
def test_a_number_keeps_the_decimals_of_its_series(value: float, decimals: int, written: str) -> None:
    text = french.decimal(value, decimals)
    assert text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == written


N = r"(-?[\d.]+)"
DRAWINGS = {
    "way": charts.way([way_row(part_faite=0.5, part_incertitude=0.1, part_attendue=0.25)]),
    "line": charts.line(line_row(ruptures=[2018, 2022]), 640),
    "strip": charts.strip(place_rows([1.0, 2.0, 4.0, 9.0]), "ha"),
    "dots": dots(dot_row(), dot_row(minimum=2.0, maximum=4.0, valeur=3.0, repere=None)),
}
# The axis of a drawing: two marks of it, and the values at which they stand.
AXES = {
    "way": ((f'"axis" d="M {N}', 0), (f'"grid" d="M {N}', 1)),
    "line": ((f'cx="{N}"', 2017), (f'cx="{N}" cy="177', 2022)),
    "line, upward": ((f'cy="{N}"', 40), (f'cx="216.5" cy="{N}"', 66)),
    "strip": ((f'"fill own" cx="{N}"', 9), (f'"fill" cx="{N}"', 4)),
    "dots": ((f'"grid" d="M {N}', 0), (f'"grid" .*?H {N}', 12)),
}


@pytest.mark.parametrize(
    ("axis", "pattern", "shift", "value"),
    [
        ("way", f'#m-full" x="{N}', 6, 0.5),
        ("way", f'"due" x="{N}', 1.5, 0.25),
        ("way", f'"whisker" d="M {N}', 0, 0.4),
        ("way", f'"whisker" .*?H {N}', 0, 0.6),
        ("line", f'"break" d="M {N}', 0, 2017.5),
        ("line", f'"break".*?"break" d="M {N}', 0, 2021.5),
        ("line", f'due-dot" cx="{N}', 0, 2023),
        ("line", f'#m-hollow" x="{N}', 6, 2030),
        ("line, upward", rf'#m-hollow" x="[\d.]+" y="{N}', 6, 160),
        ("line, upward", rf'due-dot" cx="[\d.]+" cy="{N}', 0, 90),
        ("line, upward", rf'"margin" d="M [\d.]+ {N}', 0, 54),
        ("line, upward", rf'"margin" [^>]*L [\d.]+ {N}"', 0, 46),
        ("line, upward", rf'"fan [^>]*?M [\d.]+ {N}', 0, 110),
        ("line, upward", rf'"ahead [^>]*L [\d.]+ {N}"', 0, 98),
        ("strip", f'"median" d="M {N}', 0, 3),
        ("dots", f'"grid".*?"light" x="{N}', 0, 8),
        ("dots", f'"grid".*?"due-tick" d="M {N}', 0, 6),
        ("dots", f'"grid".*?"accent" cx="{N}', 0, 9),
    ],
)
def test_a_mark_stands_where_its_number_is(axis: str, pattern: str, shift: float, value: float) -> None:
    """The marks are diamonds, ticks, whiskers, medians, breaks, margins and bands."""
    chart = drawn(DRAWINGS[axis.partition(",")[0]])

    def place(mark: str) -> float:
        return float(re.search(mark, chart.wide)[1])  # type: ignore[index]

    (low, start), (high, end) = ((place(mark), at) for mark, at in AXES[axis])
    assert place(pattern) + shift == pytest.approx(low + (high - low) * (value - start) / (end - start), abs=0.5)
