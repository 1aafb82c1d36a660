"""The pages: which there are, and what each of them says."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from leviers.site import french
from leviers.site.charts import line_chart, strip_chart
from leviers.site.content import LEVEL_TO_REACH, Chantier, Content, Line, Territory, by_theme
from leviers.site.maps import SMALLEST_KNOWN_SHARE, Canvas, choropleth, locator, project
from leviers.site.words import (
    BASES,
    BASIS_TEXTS,
    CONFIDENCES,
    GUARDS,
    LEVEL_NAMES,
    OUTCOMES,
    SEVERITIES,
    STATUSES,
)

HEAVIEST = 8
CSV_COLUMNS = (
    "levier", "thème", "indicateur", "unité", "année", "valeur", "complétude en %", "nature de la valeur",
    "trajectoire", "base de comparaison", "confiance", "raison", "écart à la trajectoire", "écart en ktCO2e",
    "demandé par l'État en ktCO2e", "part indicative en ktCO2e", "clé de la part indicative",
    "pourquoi il n'y a pas de valeur", "source",
)  # fmt: skip


def files_of(content: Content) -> Iterator[tuple[str, str]]:
    """Every file of the site: its name and its text."""
    environment = Environment(
        loader=PackageLoader("leviers.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "number": french.number,
        "quantity": french.quantity,
        "signed": french.signed,
        "share": french.share,
        "day": french.day,
        "plural": french.plural,
        "levels": french.LEVELS,
        "level_to_reach": LEVEL_TO_REACH,
        "datasets": content.datasets,
        "statuses": STATUSES,
        "status_of": status_of,
        "bases": BASES,
        "confidences": CONFIDENCES,
        "refreshed_at": content.refreshed_at,
    }

    def page(name: str, template: str, /, **context: Any) -> tuple[str, str]:
        root = "../" * name.count("/")
        return name, typeset(environment.get_template(f"{template}.html.j2").render(root=root, **context))

    drawn = _drawn(content)
    frame = drawn.get("epci") or drawn.get("departement")
    canvases = {level: project(shapes, frame) for level, shapes in drawn.items()}
    for territory in content.territories:
        yield page(f"territoires/{territory.slug}.html", "territoire", **_territory(content, territory))
        yield f"fichiers/{territory.slug}.csv", _csv(content, territory)
    for lever_id, lines in content.levers.items():
        yield page(f"leviers/{lever_id}.html", "levier", **_lever(content, lever_id, lines, canvases))
    for chantier in content.chantiers:
        yield page(f"chantiers/{chantier.chantier_id}.html", "chantier", **_chantier(content, chantier))
    yield page("index.html", "accueil", **_home(content, canvases))
    yield page("donnees.html", "donnees", dictionary=content.dictionary)
    yield page("sources.html", "sources")
    yield page(
        "qualite.html", "qualite",
        checks=content.checks, findings=content.findings, partial_years=content.partial_years,
        quarantine=content.quarantine, guards=GUARDS, severities=SEVERITIES, outcomes=OUTCOMES,
    )  # fmt: skip
    yield page("methode.html", "methode", basis_texts=BASIS_TEXTS)
    yield "recherche.js", _index(content)
    yield "communes.js", _communes(content)


def status_of(line: Line) -> str:
    """The status of a line to show: that of its verdict or, without a value, that there is none."""
    return line.verdict.status if line.verdict.is_judged or line.latest_value is not None else "no_data"


def _drawn(content: Content) -> dict[str, dict[str, tuple[str, str]]]:
    """The contours of the territories that have a page, by level."""
    pages = {(t.level, t.code) for t in content.territories}
    return {
        level: {code: shape for code, shape in shapes.items() if (level, code) in pages}
        for level, shapes in content.contours.items()
    }


def _territory(content: Content, territory: Territory) -> dict[str, Any]:
    lines = content.lines_of(territory)
    order = list(dict.fromkeys(found[0].theme for found in content.levers.values()))
    used = sorted({name for line in lines for name in line.series.dataset_ids})
    heaviest = sorted((line for line in lines if line.weight), key=lambda line: -line.weight)
    return {
        "territory": territory,
        "parents": content.parents(territory),
        "summary": _summary(territory, lines),
        "locator": _locator(content, territory),
        "headlines": content.headlines(territory),
        "sheet": sorted(lines, key=lambda line: -line.weight),
        "heaviest": heaviest[:HEAVIEST],
        "themes": by_theme(lines, order),
        "charts": {line.lever_id: _chart(line) for line in lines},
        "unknown": _unknown(lines),
        "neighbours": content.neighbours(territory),
        "neighbours_title": "Territoires de même type et de population proche",
        "used": [content.datasets[name] for name in used],
    }


def _chart(line: Line) -> Markup:
    return line_chart(line.series.points, line.unit, line.verdict.path, line.interval)


def _summary(territory: Territory, lines: Sequence[Line]) -> str:
    """A sentence that sums a territory up."""
    known = [line for line in lines if line.latest_value is not None]
    judged = [line.verdict for line in lines if line.verdict.is_judged]
    levers = french.plural(len(lines), "levier chiffré", "leviers chiffrés")
    text = f"Sur {levers}, {len(known)} ont une série à cet échelon"
    for basis, name in BASES.items():
        if counts := Counter(STATUSES[verdict.status][1] for verdict in judged if verdict.basis == basis):
            text += f" ; {name} : " + ", ".join(f"{count} {label}" for label, count in counts.most_common())
    if not judged:
        text += ", et aucun n'a de verdict"
    if heaviest := max((line for line in lines if line.weight), key=lambda line: line.weight, default=None):
        asked = "la plus grande demande de l'État" if territory.level == "region" else "la plus grande part indicative"
        text += f". Ce qui pèse le plus : {heaviest.lever} ({asked}, {french.number(heaviest.weight)} ktCO₂e)"
    return f"{text}."


def _unknown(lines: Sequence[Line]) -> str:
    """What the data at hand do not say of a territory."""
    absent = [line.lever for line in lines if line.latest_value is None]
    if not absent:
        return "Chaque levier a une série ; les limites de chacune sont écrites à côté."
    return (
        f"{french.plural(len(absent), 'levier')} sans série à cet échelon : {', '.join(absent)}. "
        "La raison, et le jeu de données qui la lèverait, sont écrits sur chaque levier."
    )


def _locator(content: Content, territory: Territory) -> Markup:
    ground = {
        code: shape
        for code, shape in content.contours.get("departement", {}).items()
        if (departement := content.by_slug.get(("departement", code)))
        and departement.region_code == territory.region_code
    }
    own = content.contours.get(territory.level, {}).get(territory.code)
    if not ground or own is None or territory.level == "region":
        return Markup("")
    return locator(project(ground), project({territory.code: own}, ground), territory.name)


def _lever(content: Content, lever_id: str, lines: Sequence[Line], canvases: dict[str, Canvas]) -> dict[str, Any]:
    used = sorted({name for line in lines for name in line.series.dataset_ids})
    keys = sorted(
        {
            f"{LEVEL_NAMES[line.level][1].capitalize()} : {line.key_label}"
            + (f", {line.key_year}" if line.key_year else "")
            + (" (approchée)" if line.key_is_proxy else "")
            + (f". {line.key_reason}" if line.key_reason else "")
            for line in lines
            if line.share_ktco2e is not None and line.level != "region" and line.key_label
        }
    )
    return {
        "name": lines[0].lever,
        "theme": lines[0].theme,
        "territories": content.by_slug,
        "chantiers": [c for c in content.chantiers if lever_id in c.lever_ids],
        "regions": [(line, _chart(line)) for line in lines if line.level == "region"],
        "views": [
            view
            for level in ("departement", "epci")
            if (view := _view(content, [line for line in lines if line.level == level], level, canvases))
        ],
        "keys": keys,
        "used": [content.datasets[name] for name in used],
    }


def _view(content: Content, lines: Sequence[Line], level: str, canvases: dict[str, Canvas]) -> dict[str, Any] | None:
    """A lever over the territories of a level: what is observed or, failing that, the indicative share."""
    if not lines:
        return None
    indicators = Counter(line.indicator for line in lines if line.latest_value is not None)
    one, many = LEVEL_NAMES[level]
    if indicators:
        indicator = indicators.most_common(1)[0][0]
        values = {
            line.code: (line.latest_value, line.unit, line.latest_year)
            for line in lines
            if line.indicator == indicator and line.latest_value is not None
        }
        title = f"{indicator}, par {one}"
        years = sorted({year for _, _, year in values.values() if year})
        span = f"en {years[0]}" if len(years) == 1 else f"entre {years[0]} et {years[-1]}"
        note = f"Dernière valeur connue, {span}, pour {len(values)} des {len(lines)} {many}. Sans classement."
    else:
        values = {
            line.code: (line.share_ktco2e, "ktCO₂e par an", None) for line in lines if line.share_ktco2e is not None
        }
        title = f"Part indicative de la cible régionale, par {one}"
        why = lines[0].absence or "Aucune série à cet échelon."
        note = f"{why} À défaut, la part indicative : ni une obligation ni une évaluation."
    numbers = {code: value for code, (value, _, _) in values.items() if value is not None}
    unit = next((unit for _, unit, _ in values.values()), None)
    canvas = canvases.get(level, Canvas((), 0))
    drawn = sum(shape.code in numbers for shape in canvas.shapes)
    if not canvas.shapes:
        note += f" Pas de carte : les contours des {many} ne sont pas chargés."
    elif drawn < SMALLEST_KNOWN_SHARE * len(canvas.shapes):
        note += " Pas de carte : moins de la moitié des territoires ont une valeur."
    shows_map = drawn >= SMALLEST_KNOWN_SHARE * len(canvas.shapes) > 0
    return {
        "title": title,
        "note": note,
        "map": choropleth(
            canvas, numbers, unit, f"territoires/{level}-{{}}.html", title, canvases.get("departement")
        ) if shows_map else "",
        "strip": strip_chart(sorted(numbers.values()), unit) if len(numbers) > 2 else "",
        "rows": [(line, *values.get(line.code, (None, None, None))) for line in sorted(lines, key=lambda x: x.code)],
    }  # fmt: skip


def _chantier(content: Content, chantier: Chantier) -> dict[str, Any]:
    regions = [t for t in content.territories if t.level == "region"]
    found = [
        (region, [line for line in content.lines_of(region) if line.lever_id in chantier.lever_ids])
        for region in regions
    ]
    return {"chantier": chantier, "lines": [(region, lines) for region, lines in found if lines]}


def _home(content: Content, canvases: dict[str, Canvas]) -> dict[str, Any]:
    regions = []
    for region in (t for t in content.territories if t.level == "region"):
        lines = content.lines_of(region)
        counts = Counter(status_of(line) for line in lines)
        bases = Counter(line.verdict.basis for line in lines if line.verdict.is_judged)
        regions.append(
            (
                region,
                {
                    "total": len(lines),
                    "with_value": sum(line.latest_value is not None for line in lines),
                    "statuses": [(code, counts[code]) for code in STATUSES if code in counts],
                    "bases": [(BASES[code], bases[code]) for code in BASES if code in bases],
                },
            )
        )
    levels = [level for level in LEVEL_NAMES if any(t.level == level for t in content.territories)]
    return {
        "regions": regions,
        "map": _home_map(content, canvases),
        "territories_by_level": [
            (LEVEL_NAMES[lv][0], [t for t in content.territories if t.level == lv]) for lv in levels
        ],
        "levers_by_theme": [
            (theme, [(line.lever_id, line.lever) for line in lines])
            for theme, lines in by_theme(
                [found[0] for found in content.levers.values()],
                list(dict.fromkeys(found[0].theme for found in content.levers.values())),
            )
        ],
        "chantiers": content.chantiers,
    }


def _home_map(content: Content, canvases: dict[str, Canvas]) -> Markup:
    """Where to click: how many levers have a series in each territory of the finest level that has contours."""
    level = next((level for level in ("epci", "departement") if canvases.get(level) and canvases[level].shapes), None)
    if level is None:
        return Markup("<p>Pas de carte : les contours des territoires ne sont pas chargés.</p>")
    known = {
        t.code: float(sum(line.latest_value is not None for line in content.lines_of(t)))
        for t in content.territories
        if t.level == level
    }
    said = f"Nombre de leviers qui ont une série, par {LEVEL_NAMES[level][0]}"
    return choropleth(
        canvases[level], known, "leviers", f"territoires/{level}-{{}}.html", said, canvases.get("departement")
    )


def _csv(content: Content, territory: Territory) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(CSV_COLUMNS)
    for line in content.lines_of(territory):
        cells = (
            line.lever,
            line.theme,
            line.indicator,
            line.unit,
            line.latest_year,
            line.latest_value,
            line.completeness,
            line.nature,
            STATUSES[status_of(line)][1],
            BASES.get(line.verdict.basis),
            line.verdict.confidence,
            line.verdict.reason,
            line.verdict.gap,
            line.verdict.gap_ktco2e,
            line.target_ktco2e,
            line.share_ktco2e,
            line.key_label,
            line.absence,
            line.source,
        )
        writer.writerow(_cell(cell) for cell in cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    """A cell for a French spreadsheet; a text that it would take for a formula is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _index(content: Content) -> str:
    places = [
        (f"{t.name} ({LEVEL_NAMES[t.level][0]})", french.folded(f"{t.name} {t.code}"), f"territoires/{t.slug}.html")
        for t in content.territories
    ]
    levers = [
        (f"{lines[0].lever} (levier)", french.folded(lines[0].lever), f"leviers/{lever_id}.html")
        for lever_id, lines in content.levers.items()
    ]
    return f"window.LEVIERS_INDEX={json.dumps(places + levers, ensure_ascii=False, separators=(',', ':'))};\n"


def _communes(content: Content) -> str:
    entries = []
    for name, code, epci, departement in content.communes:
        label = f"{name} ({departement}), {content.by_slug['epci', epci].name}"
        entries.append((label, french.folded(f"{name} {code}"), f"territoires/epci-{epci}.html"))
    return f"window.LEVIERS_COMMUNES={json.dumps(entries, ensure_ascii=False, separators=(',', ':'))};\n"


APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_TEXT = re.compile(r">[^<]+<")
_SPACES = ((re.compile(r" ([;:!?»])"), "\N{NO-BREAK SPACE}\\1"), (re.compile(r"« "), "«\N{NO-BREAK SPACE}"))


def typeset(html: str) -> str:
    """French typography in what is read, tags left alone: no-break spaces, typographic apostrophes."""

    def in_french(match: re.Match[str]) -> str:
        text = match[0].replace("&#39;", APOSTROPHE).replace("'", APOSTROPHE)
        for pattern, by in _SPACES:
            text = pattern.sub(by, text)
        return text

    return _TEXT.sub(in_french, html)
