"""The pages: which there are, and what each of them says."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from leviers.entry.commitments import COMMITMENT_COLUMNS
from leviers.entry.template import help_rows
from leviers.site.charts import line_chart, strip_chart
from leviers.site.content import (
    ALL_LEVERS,
    LEVEL_TO_REACH,
    Chantier,
    Comparison,
    Content,
    Line,
    Measure,
    Move,
    Territory,
    Verdict,
    by_theme,
    by_weight,
)
from leviers.site.emissions import amount_of, emissions, in_kilotonnes, rough_share
from leviers.site.glossary import GLOSSARY, explained, terms_of
from leviers.site.maps import SMALLEST_KNOWN_SHARE, Canvas, choropleth, locator, project, shade
from leviers.site.neighbours import beside
from leviers.site.queries import CLIMATE_PLANS, COMPARED_MEASURES
from leviers.site.questions import (
    MASKED,
    NO_LAW,
    amount,
    answers,
    deposited,
    documents,
    largest_effort,
    no_objectives,
    openings,
)
from leviers.site.tables import Table, as_csv, summary
from leviers.site.words import (
    AVOIDED,
    BASIS_TEXTS,
    CORRECTION_KINDS,
    GUARDS,
    MARKS,
    MEANINGS,
    NATIONAL_RULES,
    OUTCOMES,
    SEVERITIES,
    TYPES,
    applies_here,
    conclusion,
    far_from_region,
    gap_and_uncertainty,
    judged_value,
    levers_of,
    measured_by,
    not_continued,
    readings_of,
    regional_value,
    regional_years,
    reservations,
    standing,
    verification,
    why_not_judged,
)
from leviers.text import french

Views = Callable[[str], list[dict[str, Any]]]  # the maps and tables of a lever, by level

HEAVIEST = 8
SMALLEST_SPREAD = 3  # values
TERRITORY_LINK = "territoires/{level}-{{}}.html"
TEMPLATE_FILE = "fichiers/modele-engagements.csv"
MAPPED_LEVELS = ("departement", "epci")
NO_LINE = "Pas de carte : ce levier n'est pas suivi à cet échelon."
LISTED = 4  # files of a dataset that gives no value of a territory on its page; the page of the sources has all


def files_of(content: Content) -> Iterator[tuple[str, Callable[[], str]]]:
    """Every file of the site: its name, and what makes its text."""
    environment = Environment(
        loader=PackageLoader("leviers.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "level_name": content.level_name, "coded": coded, "linked": linked, "answered": answered, "unlinked": unlinked,
    }  # fmt: skip
    environment.globals |= {
        "number": french.number,
        "quantity": french.quantity,
        "signed": french.signed,
        "rough": french.rough,
        "span": french.span,
        "reasons": french.reasons,
        "amount": amount,
        "amount_of": amount_of,
        "in_kilotonnes": in_kilotonnes,
        "rough_share": rough_share,
        "largest_of": lambda line: _largest(content, line),
        "scale": french.scale,
        "reservations": lambda line: reservations(line, content.recent_from, content.regional_rate(line)),
        "far_from_region": lambda line: far_from_region(line, content.regional_rate(line)),
        "spread_of": content.spread_of,
        "key_reason": lambda line: _key_reason(content, line),
        "standing": standing,
        "measured_by": measured_by,
        "not_continued": not_continued,
        "why_not_judged": why_not_judged,
        "regional_value": regional_value,
        "regional_years": regional_years,
        "applies_here": applies_here,
        "verification": verification,
        "conclusion": conclusion,
        "judged_value": judged_value,
        "gap_and_uncertainty": gap_and_uncertainty,
        "by_lever": content.by_lever,
        "terms_of": terms_of,
        "placed": _placed,
        "avoided": AVOIDED,
        "share": french.share,
        "dated": french.dated,
        "day": french.day,
        "plural": french.plural,
        "initial": french.initial,
        "said_once": french.said_once,
        "level_name": content.level_name,
        "level_names": content.level_names,
        "level_to_reach": LEVEL_TO_REACH,
        "datasets": content.datasets,
        "committed_to": content.committed_to,
        "confidences": content.labels_of("confidence"),
        "national_rules": NATIONAL_RULES,
        "refreshed_at": content.refreshed_at,
        "template_file": TEMPLATE_FILE,
        "contour_credits": sorted(content.contour_credits),
        "contact": content.publications[0]["contact"],
        "holder": content.holder,
    }

    def page(name: str, template: str, context: Callable[[], dict[str, Any]]) -> tuple[str, Callable[[], str]]:
        def text() -> str:
            html = environment.get_template(f"{template}.html.j2").render(root="../" * name.count("/"), **context())
            return explained(typeset(html), in_french)

        return name, text

    drawn = _drawn(content)
    frame = drawn.get("epci") or drawn.get("departement")
    canvases = {level: project(shapes, frame) for level, shapes in drawn.items()}
    locators = _locators(content, drawn)
    views = cache(lambda lever_id: _views(content, content.levers[lever_id], canvases))
    marts, others = (
        {"dictionary": [group for group in content.dictionary if (group["schema_name"] == "marts") is of_marts],
         "indicators": content.indicators, "types": TYPES}
        for of_marts in (True, False)
    )  # fmt: skip
    published = {"publications": content.publications, "changes": content.changes}
    method = {
        "readings": [Verdict(code, content.labels["reading", code]) for code in MARKS],
        "meanings": MEANINGS,
        "bases": content.labels_of("basis"),
        "basis_texts": BASIS_TEXTS,
        "glossary": GLOSSARY,
        "to_fill": help_rows(COMMITMENT_COLUMNS),
    }
    template = Table("engagements", tuple(column.label for column in COMMITMENT_COLUMNS), [])
    yield page("index.html", "accueil", partial(_home, content, canvases))
    yield page("donnees.html", "donnees", lambda: others)
    yield page("tables.html", "tables", lambda: marts)
    yield page("sources.html", "sources", lambda: {"planned": content.planned.values()})
    yield page("qualite.html", "qualite", partial(_quality, content))
    yield page("changements.html", "changements", lambda: published)
    yield page("methode.html", "methode", lambda: method)
    yield TEMPLATE_FILE, partial(as_csv, template)
    for territory in content.territories:
        where = locators.get((territory.level, territory.code), Markup(""))
        name = f"territoires/{territory.slug}.html"
        yield page(name, "territoire", partial(_territory, content, territory, where))
        yield f"fichiers/{territory.slug}.csv", partial(_summary_file, content, territory)
    for lever_id in content.levers:
        yield page(f"leviers/{lever_id}.html", "levier", partial(_lever, content, lever_id, views))
    for chantier in content.chantiers:
        yield page(f"chantiers/{chantier.chantier_id}.html", "chantier", partial(_chantier, content, chantier, views))
    yield "recherche.js", partial(_index, content)
    yield "communes.js", partial(_communes, content)
    yield "cartes.js", partial(_maps, content, views)


def _drawn(content: Content) -> dict[str, dict[str, tuple[str, str]]]:
    """The contours of the territories that have a page, by level."""
    pages = {(t.level, t.code) for t in content.territories}
    return {
        level: {code: shape for code, shape in shapes.items() if (level, code) in pages}
        for level, shapes in content.contours.items()
    }


def _summary_file(content: Content, territory: Territory) -> str:
    return as_csv(summary(content, content.lines_of(territory)))


def _territory(content: Content, territory: Territory, where: Markup) -> dict[str, Any]:
    lines = content.lines_of(territory)
    order = list(dict.fromkeys(found[0].theme for found in content.levers.values()))
    heaviest = [line for line in by_weight(lines) if line.weight and not line.is_of_sites]
    rows = _rows(content, territory, lines)
    sources = _sources(content, territory, lines)
    return {
        "territory": territory,
        "parents": content.parents(territory),
        "summary": _summary(content, territory, lines),
        "border": content.border_of(territory),
        "astride": _astride(content, territory),
        "asking": f" {asking[1]}" if (asking := content.asking_region(territory)) else "",
        "by_basis": _by_basis(lines),
        "locator": where,
        "headlines": content.headlines(territory),
        "sheet": _sheet(rows),
        "heaviest": heaviest[:HEAVIEST],
        "of_sites": [line for line in by_weight(lines) if line.weight and line.is_of_sites],
        "answers": answers(content, territory),
        "position": _position(rows),
        "openings": openings(lines),
        "graded": [line for line in by_weight(lines) if line.verdict.confidence or line.latest_value is not None],
        "shares": [line for line in by_weight(lines) if line.asked is not None],
        "moved": _moved(content, lines),
        "moved_above": _moved_above(content, territory, lines),
        "still": [line for line in by_weight(lines) if line.latest_value is not None and not content.moves_of(line)],
        "changes": content.changes_of(territory),
        "is_first": not content.publications[0]["previous_publication_id"],
        "chantiers": [
            (c, content.progress.get((territory.level, territory.code, c.chantier_id))) for c in content.chantiers
        ],
        "committed": [(line, found) for line in by_weight(lines) for found in line.commitments],
        "history": content.history.get((territory.level, territory.code), []),
        "closing": content.closing.get(territory.code, []) if territory.level == "region" else [],
        "themes": by_theme(lines, order),
        "charts": {line.lever_id: _chart(content, line) for line in lines},
        "places": {line.lever_id: place for line in lines if (place := _place(content, line))},
        "unknown": _unknown(lines),
        "emissions": emissions(content, territory),
        "documents": documents(content, territory),
        "obligations": content.obligations.get((territory.level, territory.code), []),
        "regional_figures": _regional_figures(content, territory),
        "no_objectives": no_objectives(content, territory, territory.code),
        "no_law": NO_LAW,
        "deposited": deposited(content, territory),
        "plans": content.plans_of(territory),
        "inventory": content.inventory_of(territory),
        "estimates": content.emissions_of(territory, "estimate"),
        "without_key": content.emissions_of(territory, "unplaced"),
        "asked_in_all": content.progress.get((territory.level, territory.code, ALL_LEVERS)),
        "is_whole_country": content.is_whole_country,
        "is_drawn": territory.code in content.contours.get(territory.level, {}),
        "adjacent": _compared(content, territory, content.adjacent_to(territory)),
        "beside": beside(content, territory),
        "nearest": _compared(content, territory, content.nearest_to(territory)),
        "likeness": content.likeness_of(territory),
        "children": _alphabetical(content.children(territory)),
        "sources": sources,
        "credits": _credits(found.dataset for found in sources),
    }


def _regional_figures(content: Content, territory: Territory) -> list[dict[str, Any]]:
    """What the Region of a page has set for itself, and beside it what it says that it observed."""
    found = content.regional_figures.get(territory.code, []) if territory.level == "region" else []
    return sorted(
        found, key=lambda one: (french.folded(one["metric"]), not one["is_target"], one["horizon"] or 0, one["basis"])
    )


@dataclass(frozen=True)
class Used:
    """A dataset behind a page: what it is for, its files with the series that each gives, and how many it has."""

    dataset: dict[str, Any]
    uses: list[str]
    files: list[tuple[dict[str, Any], list[str]]]
    file_count: int


def _sources(content: Content, territory: Territory, lines: Sequence[Line]) -> list[Used]:
    """The datasets behind a page; of one that gives values, the files that they come from."""
    uses: dict[str, dict[str, None]] = {}
    series: dict[str | None, dict[str, None]] = {}

    def add(use: str, *names: str | None) -> None:
        for name in names:
            if name in content.datasets:
                uses.setdefault(name, {})[use] = None

    def read(label: str | None, *snapshot_ids: str | None) -> None:
        for name in snapshot_ids:
            series.setdefault(name, {})[label or ""] = None

    place = territory.level, territory.code
    here = content.measures.get(place, {})
    measures = [here[name] for name in COMPARED_MEASURES if name in here]
    compared: list[Measure | Comparison] = [one.compared for one in beside(content, territory)]
    for line in lines:
        add("valeurs d'ici", *line.series.dataset_ids)
        read(line.indicator, *line.series.snapshot_ids)
    for move in content.moves.get(place, ()):
        add("valeurs d'ici", move.dataset_id)
        read(move.label, move.snapshot_id)
    inventory = content.inventory_of(territory)
    for emission in [*(inventory[1] if inventory else ()), *content.emissions.get(place, ())]:
        add("émissions", emission.dataset_id)
        read(f"émissions, {emission.source}", emission.snapshot_id)
        add("répartition des émissions", *(name for key in emission.keys for name in key["source"].split(" + ")))
    for measure in [*measures, *compared]:
        add("comparaison avec les voisins", measure.dataset_id)
        read(measure.label, measure.snapshot_id)
    for plan in content.plans_of(territory):
        add("plan climat déposé", CLIMATE_PLANS)
        read("plan climat déposé", plan["snapshot_id"])
    for line in lines:
        add("demande de l'État", line.target_dataset_id)
        add("clés de répartition", *line.key_sources)
    rows = []
    for name, found_uses in uses.items():
        files = content.datasets[name]["files"]
        known = [(file, list(series[file["snapshot_id"]])) for file in files if file["snapshot_id"] in series]
        shown = known or [(file, []) for file in files[:LISTED]]
        rows.append(Used(content.datasets[name], list(found_uses), shown, len(files)))
    return rows


_PRODUCER = re.compile(r"(?:^|; )([^,;(]+)")  # of an attribution: who is named first, in each of its parts


def _credits(datasets: Iterable[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Of each licence, the producers of the datasets that are under it, for a line of paper."""
    found: dict[str, set[str]] = defaultdict(set)
    for dataset in datasets:
        found[dataset["licence"]].update(name.strip() for name in _PRODUCER.findall(dataset["attribution"]))
    return [(licence, sorted(found[licence], key=french.folded)) for licence in sorted(found)]


Row = tuple[Line, list[Line | None]]


def _rows(content: Content, territory: Territory, lines: Sequence[Line]) -> list[Row]:
    """How each lever stands here and in each territory above, the heaviest first."""
    above = [{line.lever_id: line for line in content.lines_of(parent)} for parent in content.parents(territory)]
    return [(line, [found.get(line.lever_id) for found in above]) for line in by_weight(lines)]


def _position(rows: Sequence[Row]) -> list[Row]:
    """The levers that have a value here or a verdict above."""
    return [
        (line, found)
        for line, found in rows
        if line.latest_value is not None or any(parent and parent.verdict.is_judged for parent in found)
    ]


def _sheet(rows: Sequence[Row]) -> list[Row]:
    """The levers in the order in which paper takes as many as it holds: what is judged, then other values."""

    def rank(row: Row) -> tuple[bool, bool]:
        return not row[0].verdict.is_judged, row[0].latest_value is None

    return sorted(rows, key=rank)


def _moved(content: Content, lines: Sequence[Line]) -> list[tuple[Line, Move]]:
    return [(line, move) for line in by_weight(lines) for move in content.moves_of(line)]


def _moved_above(content: Content, territory: Territory, lines: Sequence[Line]) -> list[tuple[Territory, Line, Move]]:
    """Of each lever that has not two years here, its series in the nearest territory above that has them."""
    above = [
        (parent, {line.lever_id: line for line in content.lines_of(parent)}) for parent in content.parents(territory)
    ]
    found = []
    for line in by_weight(lines):
        if not content.moves_of(line):
            seen = [
                (parent, others[line.lever_id], moves[0])
                for parent, others in above
                if line.lever_id in others
                and (moves := [move for move in content.moves_of(others[line.lever_id]) if move.is_latest])
            ]
            found += seen[:1]
    return found


STATUS = Markup('<span class="status s-{kind}"><span aria-hidden="true">{mark}</span> {words}</span>')


def _placed(verdict: Verdict) -> Markup:
    """A reading in words, with the mark that says without colour what the colour says."""
    return STATUS.format(kind=verdict.reading, mark=MARKS[verdict.reading], words=standing(verdict))


def _largest(content: Content, line: Line) -> float:
    """The amount that gives a series its unit wherever it stands on a page: as in the table of what has changed."""
    found = next((move.largest for move in content.moves_of(line) if move.label == line.indicator), None)
    return found or abs(line.latest_value or 0) or line.largest


def _chart(content: Content, line: Line) -> Markup:
    return line_chart(
        line.series.points,
        line.unit,
        _largest(content, line),
        line.verdict.path,
        line.interval,
        breaks=[found["year"] for found in line.series.shown_breaks],
    )


_REFUSED = re.compile(r" ?Clé écartée : .+?, \d{4}, (?P<where>.+?) : .*?(?=Connu par |Clé écartée : |$)")


def _key_reason(content: Content, line: Line) -> str:
    """What a key leaves open; why another key was refused is said in the territory where the value was impossible."""
    territory = content.by_slug[line.level, line.code]
    names = {place.name for place in (territory, *content.parents(territory))}
    return _REFUSED.sub(lambda found: found[0] if found["where"] in names else " ", line.key_reason or "").strip()


def _place(content: Content, line: Line) -> tuple[int, Markup] | None:
    """Where a rate lies among those of the territories of its level: how many there are, and their spread."""
    among = content.rates.get((line.level, line.lever_id, line.indicator), [])
    if line.latest_value is None or not line.series.is_rate or len(among) < SMALLEST_SPREAD:
        return None
    return len(among), strip_chart(sorted(among), line.unit, line.latest_value)


def _summary(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    """A sentence that sums a territory up."""
    known = [line for line in lines if line.latest_value is not None]
    readings = readings_of(line.verdict for line in lines)
    text = f"Sur {levers_of(lines)}, {len(known)} ont une série à cet échelon : {readings}"
    weighed = [line for line in lines if line.weight]
    whole = [line for line in weighed if not line.is_of_sites]
    if heaviest := max(whole, key=lambda line: line.weight, default=None):
        beside = ", quelques grands sites à part," if len(whole) < len(weighed) else ""
        between = french.span(*heaviest.share_range) if heaviest.target_ktco2e is None and heaviest.share_range else ""
        notes = [f"{between} selon la clé"] if between else []
        notes += ["qui peut le faire passer derrière un autre"] if heaviest.may_fall_behind else []
        notes += [] if heaviest.is_shown_by_state else [MASKED]
        effort = f"{largest_effort(content, territory)}{beside}"
        text += f". {effort} est « {heaviest.lever} » : {amount(heaviest)}{french.NO_BREAK}ktCO₂e"
        text += f" ({', '.join(notes)})" if notes else ""
    return f"{text}."


def _astride(content: Content, territory: Territory) -> str:
    """Of an EPCI of several departements: how its inhabitants are spread, and which departement it is told of."""
    parts = content.departements.get(territory.code, []) if territory.level == "epci" else []
    if not parts:
        return ""
    spread = ", ".join(f"{part['name']} ({french.share(part['share'])} des habitants)" for part in parts)
    first = parts[0]["name"]
    return f"À cheval sur plusieurs départements : {spread}. « Le département », sur cette page, est {first}."


def _by_basis(lines: Sequence[Line]) -> list[tuple[str, list[tuple[Verdict, int]]]]:
    """How many levers have each reading, each basis apart: they are never counted together."""
    found: dict[str, dict[str, list[Verdict]]] = {}
    order = [list(BASIS_TEXTS), list(MARKS)]
    judged = [line.verdict for line in lines if line.verdict.is_judged]
    for one in sorted(judged, key=lambda one: (order[0].index(one.basis), order[1].index(one.reading), one.lean or "")):
        found.setdefault(one.basis_label, {}).setdefault(standing(one), []).append(one)
    return [(basis, [(same[0], len(same)) for same in each.values()]) for basis, each in found.items()]


def _unknown(lines: Sequence[Line]) -> str:
    """What the data at hand do not say of a territory."""
    absent = [line.lever for line in by_weight(lines) if line.latest_value is None]
    followed = [line.lever for line in by_weight(lines) if line.latest_value is not None and not line.verdict.is_judged]
    why = "La raison, et le jeu de données qui la lèverait, sont écrits sur chaque levier."
    if not absent and not followed:
        return "Chaque levier a une série ; les limites de chacune sont écrites à côté."
    told = []
    if absent:
        told.append(f"{french.plural(len(absent), 'levier')} sans série à cet échelon : {', '.join(absent)}.")
    if followed:
        told.append(
            f"{french.plural(len(followed), 'levier')} avec une série que rien ne juge : {', '.join(followed)}."
        )
    return f"{' '.join(told)} {why}"


@dataclass(frozen=True)
class Compared:
    """Territories side by side: the measures that one of them has at least, and what each of them has."""

    measures: list[Measure]  # as columns: their label, unit, year and source
    rows: list[tuple[Territory, list[Measure | None]]]
    committed: bool  # whether one of them has a commitment


def _compared(content: Content, territory: Territory, others: Sequence[Territory]) -> Compared | None:
    """A territory and others, side by side; nothing without others."""
    if not others:
        return None
    found = {place: content.measures.get((place.level, place.code), {}) for place in (territory, *others)}
    names = [name for name in COMPARED_MEASURES if any(name in measures for measures in found.values())]
    return Compared(
        [next(measures[name] for measures in found.values() if name in measures) for name in names],
        [(place, [measures.get(name) for name in names]) for place, measures in found.items()],
        any(content.committed_to.get((place.level, place.code)) for place in found),
    )


def _locators(content: Content, drawn: dict[str, dict[str, tuple[str, str]]]) -> dict[tuple[str, str], Markup]:
    """Where each departement, EPCI and grouping lies, on the departements of its region; by level and code."""
    found = {}
    for region in {t.region_code for t in content.territories}:
        inside = [t for t in content.territories if t.region_code == region and t.level != "region"]
        shapes = {
            level: {t.code: drawn[level][t.code] for t in inside if t.level == level and t.code in drawn[level]}
            for level in drawn
        }
        frame = shapes.get("departement")
        if frame:
            ground = project(frame)
            for level, own in shapes.items():
                for shape in project(own, frame).shapes:
                    found[level, shape.code] = locator(ground, Canvas((shape,), ground.height), shape.name)
    return found


def _lever(content: Content, lever_id: str, views: Views) -> dict[str, Any]:
    lines = content.levers[lever_id]
    used = sorted({name for line in lines for name in line.series.dataset_ids})
    keys = sorted(
        {
            f"{french.initial(content.level_names(line.level))} : {line.key_label}"
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
        "views": views(lever_id),
        "territories": content.by_slug,
        "chantiers": [c for c in content.chantiers if lever_id in c.lever_ids],
        "regions": [(line, _chart(content, line)) for line in lines if line.level == "region"],
        "keys": keys,
        "used": [content.datasets[name] for name in used],
    }


def _views(content: Content, lines: Sequence[Line], canvases: dict[str, Canvas]) -> list[dict[str, Any]]:
    return [
        view
        for level in MAPPED_LEVELS
        if (view := _view(content, [line for line in lines if line.level == level], level, canvases))
    ]


def _view(content: Content, lines: Sequence[Line], level: str, canvases: dict[str, Canvas]) -> dict[str, Any] | None:
    """A lever over the territories of a level: what is observed or, failing that, the indicative share."""
    if not lines:
        return None
    indicators = Counter(line.indicator for line in lines if line.latest_value is not None)
    one, many = content.level_name(level), content.level_names(level)
    indicator = next((name for name, _ in indicators.most_common(1)), None)
    if indicator:
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
    shading = shade(canvas, numbers, unit, title) if shows_map else None
    return {
        "level": level,
        "indicator": indicator,
        "title": title,
        "note": note,
        "shading": shading,
        "map": choropleth(
            canvas, shading, TERRITORY_LINK.format(level=level), canvases.get("departement")
        ) if shading else "",
        "strip": strip_chart(sorted(numbers.values()), unit) if len(numbers) >= SMALLEST_SPREAD else "",
        "rows": [(line, *values.get(line.code, (None, None, None))) for line in sorted(lines, key=lambda x: x.code)],
    }  # fmt: skip


def _chantier(content: Content, chantier: Chantier, views: Views) -> dict[str, Any]:
    regions = [t for t in content.territories if t.level == "region"]
    found = [
        (region, [line for line in content.lines_of(region) if line.lever_id in chantier.lever_ids])
        for region in regions
    ]
    lines = [line for _, lines in found for line in lines]
    heaviest = max(lines, key=lambda line: line.weight, default=None)
    used = sorted({name for line in lines for name in line.series.dataset_ids})
    return {
        "chantier": chantier,
        "lines": [
            (region, content.progress.get((region.level, region.code, chantier.chantier_id)), lines)
            for region, lines in found
            if lines
        ],
        "charts": {(line.code, line.lever_id): _chart(content, line) for line in lines},
        "heaviest": heaviest,
        "territories": content.by_slug,
        "views": views(heaviest.lever_id) if heaviest else [],
        "used": [content.datasets[name] for name in used],
    }


def _home(content: Content, canvases: dict[str, Canvas]) -> dict[str, Any]:
    regions = []
    for region in (t for t in content.territories if t.level == "region"):
        lines = content.lines_of(region)
        regions.append(
            (
                region,
                {
                    "total": len(lines),
                    "with_value": sum(line.latest_value is not None for line in lines),
                    "readings": readings_of(line.verdict for line in lines),
                    "by_basis": _by_basis(lines),
                },
            )
        )
    years = [line.latest_year for lines in content.lines.values() for line in lines if line.latest_year]
    return {
        "regions": regions,
        "latest_years": (min(years), max(years)) if years else None,
        **_home_maps(content, canvases),
        "territories_by_level": [
            (level, _alphabetical(t for t in content.territories if t.level == level)) for level in content.levels
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


def _alphabetical(territories: Iterable[Territory]) -> list[Territory]:
    return sorted(territories, key=lambda territory: french.alphabetical(territory.name))


@dataclass(frozen=True)
class Overview:
    """What all levers come to in each territory: by level and code, how it is called, its unit and what to know."""

    name: str
    unit: str | None
    note: str
    values: dict[tuple[str, str], float]

    def at(self, level: str) -> dict[str, float]:
        """The values of a level, by code."""
        return {code: value for (found, code), value in self.values.items() if found == level}


def _overview(content: Content, levels: Sequence[str]) -> Overview:
    """What the maps of the home page show first: of one single value a map says nothing."""
    places = [(t.level, t.code) for t in content.territories]
    asked = {place: content.progress.get((*place, ALL_LEVERS), {}).get("asked") for place in places}
    views = (
        Overview(
            "Part indicative de la cible régionale, tous leviers",
            "ktCO₂e par an",
            "Un ordre de grandeur, ni une obligation ni une évaluation ; un total suit d'abord la taille du lieu. "
            "Des leviers se recoupent : de ceux-là, le plus grand seul est compté.",
            {place: value for place, value in asked.items() if value is not None},
        ),
        Overview(
            "Nombre de leviers qui ont une valeur",
            None,
            "",
            {place: float(sum(line.latest_value is not None for line in content.lines[place])) for place in places},
        ),
    )
    return next((view for view in views if all(len({*view.at(level).values()}) > 1 for level in levels)), views[-1])


def _home_maps(content: Content, canvases: dict[str, Canvas]) -> dict[str, Any]:
    """Where to click: what all levers come to, in the territories of the levels that have contours."""
    levels = [level for level in MAPPED_LEVELS if level in canvases and canvases[level].shapes]
    view = _overview(content, levels)
    maps = []
    for level in levels:
        title = f"{view.name}, par {content.level_name(level)}"
        shading = shade(canvases[level], view.at(level), view.unit, title)
        borders = canvases.get("departement")
        maps.append((level, title, choropleth(canvases[level], shading, TERRITORY_LINK.format(level=level), borders)))
    return {"overview": view, "maps": maps}


def _maps(content: Content, views: Views) -> str:
    """What each lever draws on the maps of the home page, in the order of their shapes; without a map, why."""
    found: dict[str, dict[str, Any]] = {}
    for lever_id, lines in content.levers.items():
        name = lines[0].lever
        shown = {view["level"]: _drawing(view) for view in views(lever_id)}
        for level in MAPPED_LEVELS:
            title = in_french(f"{name}, par {content.level_name(level)}")
            shown.setdefault(level, {"title": title, "note": in_french(NO_LINE)})
        found[lever_id] = {"name": name, "levels": shown}
    return f"window.LEVIERS_MAPS={json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"


def _drawing(view: dict[str, Any]) -> dict[str, Any]:
    shading, words = view["shading"], {"title": in_french(view["title"]), "note": in_french(view["note"])}
    if shading is None:
        return words
    return words | {
        "said": in_french(shading.said),
        "kinds": shading.kinds,
        "texts": [in_french(text) for text in shading.texts],
        "legend": [(kind, in_french(text)) for kind, text in shading.legend],
    }


def _quality(content: Content) -> dict[str, Any]:
    graded = [
        (territory, line)
        for territory in content.territories
        for line in by_weight(content.lines_of(territory))
        if line.verdict.confidence
    ]
    return {
        "graded": graded,
        "anomalies": content.anomalies,
        "corrections": content.corrections,
        "breaks": content.breaks,
        "partial_years": content.partial_years,
        "checks": content.checks,
        "findings": [found | _named(content, found["subject"]) for found in content.findings],
        "quarantine": [row | {"example_fr": _example(content, row["example"])} for row in content.quarantine],
        "correction_kinds": CORRECTION_KINDS,
        "guards": GUARDS,
        "severities": SEVERITIES,
        "outcomes": OUTCOMES,
    }


def _named(content: Content, subject: str) -> dict[str, Any]:
    """What a check looks at, in French: a dataset, of which it may be one layout, or tables."""
    if dataset := content.datasets.get(subject.partition("__")[0]):
        return {"subject_fr": dataset["attribution"], "is_of_tables": False}
    is_of_tables = subject.startswith("assert_")
    return {"subject_fr": "Plusieurs tables" if is_of_tables else "Table", "is_of_tables": is_of_tables}


def _example(content: Content, value: str | None) -> str:
    """A code that was put aside, with its level in French."""
    level, _, code = (value or "").partition(" ")
    return f"{content.level_name(level)} {'sans code' if code == 'unknown' else code}" if code else level


LEGAL_FORMS = {"CC": "communauté de communes", "CA": "communauté d'agglomération", "CU": "communauté urbaine"}


def _legal_form(territory: Territory) -> str:
    """The legal form that the name of an EPCI begins with, in full."""
    return LEGAL_FORMS.get(territory.name.partition(" ")[0], "") if territory.level == "epci" else ""


def _index(content: Content) -> str:
    places = [
        (
            f"{t.name} ({content.level_name(t.level)})",
            french.folded(f"{t.name} {t.code} {content.level_name(t.level)} {_legal_form(t)}"),
            f"territoires/{t.slug}.html",
        )
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


def coded(text: str) -> Markup:
    """A comment of the file, with what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", "<code>\\1</code>", str(escape(text))))  # noqa: S704  escaped


# It ends at a colon or a full stop that is not inside a link.
_LEAD = re.compile(r"(?P<lead>(?:[^\[\].:]|\[[^\]]*\]\([^)]*\)){1,90}?(?: :|\.(?= |$)))(?P<rest>.*)")
_CITED = re.compile(r"\[([^\]]+)\]\(((?:https?://|\.{2}/|#|[\w-]+\.html)[^)\s]*)\)")


def linked(text: str) -> Markup:
    """An answer whose figures lead to the line of their file, and whose lines are apart."""
    html = _CITED.sub('<a href="\\2">\\1</a>', str(escape(text)))
    return Markup(html.replace("\n", "<br>"))  # noqa: S704  escaped


def answered(text: str) -> Markup:
    """The same with what each line is about in bold: what stands before its colon, or its first sentence, if short."""
    return Markup("<br>").join(
        Markup("<strong>{}</strong>{}").format(linked(found["lead"]), linked(found["rest"])) if found else linked(line)
        for line in text.split("\n")
        for found in [_LEAD.match(line)]
    )


def unlinked(text: str) -> str:
    """An answer for paper."""
    return _CITED.sub("\\1", text).replace("\n", " ")


APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_LETTERS = {"'": APOSTROPHE, "CO2": "CO₂", "CH4": "CH₄", "N2O": "N₂O", "Coeur": "Cœur"}
_TEXT = re.compile(r">\s*[^<\s][^<]*<")
_PATTERNS = (
    (re.compile(r"\bhub \d+(?:(?:, | et )\d+)*"), "hub"),  # the number of a series there is for the page of the data
    (re.compile(r" ([;:!?»])"), "\N{NO-BREAK SPACE}\\1"),
    (re.compile(r"« "), "«\N{NO-BREAK SPACE}"),
    (re.compile(r"(?<=\d)[ \N{NO-BREAK SPACE}]%"), f"{french.THOUSANDS}%"),
    (re.compile(r"(?<![\w./-])((?:19|20)\d\d)-((?:19|20)\d\d)(?![\w/-]|\.\w)"), "\\1\N{EN DASH}\\2"),
)


def typeset(html: str) -> str:
    """French typography in what is read, tags left alone."""
    return _TEXT.sub(lambda found: _typeset(found[0]), html)


@cache  # the same words stand on many pages
def _typeset(text: str) -> str:
    return in_french(text.replace("&#39;", "'"))


def in_french(text: str) -> str:
    """A text in French typography: no-break spaces, apostrophes, ligatures."""
    for plain, written in _LETTERS.items():
        text = text.replace(plain, written)
    for pattern, by in _PATTERNS:
        text = pattern.sub(by, text)
    return text
