"""The ten questions that a territory asks of its page, each with an answer and the place of the details."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leviers.site.content import (
    ALL_LEVERS,
    FACTORIES,
    Content,
    Line,
    Move,
    Territory,
    by_weight,
)
from leviers.site.emissions import emissions
from leviers.site.neighbours import Beside, beside
from leviers.site.queries import CLIMATE_PLANS
from leviers.site.words import (
    MARKS,
    MISSING_STATES,
    NOT_VERIFIED,
    cited,
    gap_and_uncertainty,
    levers_of,
    measured_by,
    not_continued,
    readings_of,
    regional_target,
    standing,
)
from leviers.text.french import (
    NO_BREAK,
    PLURAL_FROM,
    dated,
    day,
    initial,
    number,
    plural,
    quantity,
    reasons,
    rough,
    scale,
    signed,
    span,
)

NAMED = 2  # levers of a reading that an answer names
HEAVIEST = 3  # levers that an answer names
NEIGHBOURS = 3
COMPARED = 2  # series that an answer compares; the section has more
OPENED = 2  # datasets that would give a verdict, which an answer names
TOLD = 2  # series that an answer tells where there is no verdict
JUMPS_TOLD = 2
REASONS = 2  # that weaken a verdict, which an answer names
CONDITIONAL = 2  # texts of the law that an answer names where none holds as it is

CLIMATE_PLAN = "climate_plan"  # in the obligations of the law
REGIONAL_SCHEME, PLAN_AND_SCHEME = "regional_scheme", "climate_plan_compatibility"
TEMPLATE_PAGE = "../methode.html#modele"
LAW, OBJECTIVES = "#loi", "#objectifs-region"  # sections of a page
NO_LAW = "Ce que la loi demande à cet échelon n'est pas repris ici."
MASKED = "cible que l'outil de l'État n'affiche pas"
AVOIDED = "ktCO₂e évitées en 2030 par rapport à 2019"  # as the tool of the State counts


@dataclass(frozen=True)
class Opening:
    """A dataset that would give a verdict on some levers, the heaviest first."""

    lines: Sequence[Line]

    @property
    def cited(self) -> str:
        """Its name, which leads to who publishes it."""
        verdict = self.lines[0].verdict
        return f"[{verdict.missing_dataset}]({verdict.missing_page})" if verdict.missing_page else self.dataset

    @property
    def dataset(self) -> str:
        """Its name in French."""
        return self.lines[0].verdict.missing_dataset or ""

    @property
    def is_received(self) -> bool:
        """Whether it is loaded, and lacks years or what would make it compare."""
        return self.lines[0].verdict.missing_state == "received"

    @property
    def state(self) -> str:
        """What is here of it; nothing where no reader of it is written or planned."""
        return MISSING_STATES.get(self.lines[0].verdict.missing_state or "", "")


@dataclass(frozen=True)
class Answer:
    """A question, its answer in a sentence or two, and the section or page that has the details.

    In the answer, ``[12 MW](#source-x)`` is a figure and the line that names its file. On the screen, lines are apart.
    """

    question: str
    text: str
    place: str
    place_name: str
    is_on_paper: bool = True  # whether it says something to who holds the printed sheet
    on_screen: str = ""  # what follows, for which paper has no room


def answers(content: Content, territory: Territory) -> list[Answer]:
    """The ten questions of a territory, in the order in which they are asked."""
    lines = content.lines_of(territory)
    committed, to_enter = _committed(content, territory, lines), _to_enter(content, territory, lines)
    moved, above = _moved(content, territory)
    return [
        Answer(
            "Où en sommes-nous ?",
            _standing(content, territory, lines),
            "#ou-en-est",
            "Échelon par échelon",
            on_screen=_to_obtain(lines),
        ),
        Answer(
            "Qu'est-ce qui pèse le plus ?",
            _weight(content, territory, lines),
            "#poids",
            "Ce qui pèse le plus",
            on_screen=_sites(content, territory, lines),
        ),
        Answer(
            "Que nous demande-t-on, et qui ?",
            _asked(content, territory),
            "#demande",
            "L'État, la loi, la Région",
            on_screen="\n".join(filter(None, (_on_condition(content, territory), _by_region(content, territory)))),
        ),
        Answer(
            "Est-ce sûr ?",
            _sureness(content, lines),
            "#confiance",
            "Les notes et leurs raisons",
            on_screen=_weakest(lines),
        ),
        Answer("Que font nos voisins ?", _neighbours(content, territory), "#voisins", "Voisins et semblables"),
        Answer("À quoi nous sommes-nous engagés ?", committed, "#engagements", "Engagements", on_screen=to_enter),
        Answer(
            "Qu'est-ce qui a changé depuis la dernière année connue ?",
            moved,
            "#annee",
            "Série par série",
            on_screen=above,
        ),
        Answer(
            "D'où vient ce chiffre ?", _sources(content, territory, lines), "#sources", "Sources de cette page", False
        ),
        Answer(
            "Que ne sait-on pas ?",
            _unknown(lines),
            "#inconnu",
            "Ce que l'on ne sait pas",
            on_screen="La raison est écrite sur chaque levier.",
        ),
        Answer(
            "Puis-je l'imprimer ?",
            "Oui : imprimer cette page (Ctrl+P) donne une feuille A4, avec l'essentiel de ces réponses et autant de "
            "leviers qu'elle en contient. Les valeurs de tous se téléchargent, pour un tableur.",
            f"fichiers/{territory.slug}.csv",
            "Télécharger le CSV",
            False,
        ),
    ]


def openings(lines: Iterable[Line]) -> list[Opening]:
    """The datasets that would give a verdict, that of the heaviest lever first."""
    found: dict[str, list[Line]] = {}
    for line in by_weight(lines):
        if line.verdict.missing_dataset and not line.verdict.is_judged:
            found.setdefault(line.verdict.missing_dataset, []).append(line)
    return [Opening(served) for served in found.values()]


def _standing(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    judged = [line for line in by_weight(lines) if line.verdict.is_judged]
    if not judged:
        none = (_why_none(content, lines), _readings(content, territory, lines), *_above(content, territory))
        return "\n".join(filter(None, none))
    years = {line.verdict.latest_year for line in judged if line.verdict.latest_year}
    dated = f"de {min(years)} à {max(years)}" if len(years) > 1 else f"de {min(years)}"
    said = [f"{readings_of(line.verdict for line in lines)}, sur des valeurs {dated}"]
    said += _by_reading(lines, NAMED, lambda line: _judged(content, line))
    said += _seen_by_region(content, territory)
    return "\n".join(f"{initial(one)}." for one in said)


def _seen_by_region(content: Content, territory: Territory) -> list[str]:
    """What a Region says that it observed since a year, where its source confirms it, and what a series here says."""
    figures = content.regional_figures.get(territory.code, ()) if territory.level == "region" else ()
    told = [
        f"{regional_target(one)}{_seen_here(content, territory, one['lever_id'])}"
        for one in figures
        if not one["is_target"] and one["is_confirmed"] and one["basis"].startswith("change_since")
    ]
    note = f"[par d'autres sources et sur d'autres années]({OBJECTIVES})"
    return [f"D'après la Région, {note}, à ne pas citer sans les retrouver : {' ; '.join(told)}"] if told else []


def _seen_here(content: Content, territory: Territory, lever_id: str | None) -> str:
    """What the series of a lever says here, beside what a Region says of it."""
    line = content.by_lever.get((territory.level, territory.code, lever_id or ""))
    if not line or not line.verdict.is_judged or line.latest_value is None:
        return ""
    return f", là où notre série dit « {standing(line.verdict)} », {_latest(content, line)}"


def _some(names: Sequence[str], count: int, between: str = ", ") -> str:
    """The first of some names, and how many others there are."""
    others = len(names) - count
    return between.join(names[:count]) + (f" et {plural(others, 'autre')}" if others > 0 else "")


def _why_none(content: Content, lines: Sequence[Line]) -> str:
    """That no lever has a verdict, and why."""
    known = [line for line in lines if line.latest_value is not None]
    single = sum(sum(point.value is not None for point in line.series.points) < 2 for line in known)
    absent = plural(len(lines) - len(known), "n'a pas de série", "n'ont pas de série")
    text = f"On ne peut pas encore le dire ici : aucun levier n'a de verdict, {absent} à cet échelon"
    if known:
        text += f", {plural(len(known), 'en a une', 'en ont une')} "
        if single == len(known):
            text += "d'une seule année, qui ne dit pas d'où l'on part"
            if longer := sum(bool(content.moves_of(line)) for line in known):
                text += f" ({plural(longer, 'a une autre série, plus longue', 'ont une autre série, plus longue')})"
        else:
            text += "que l'on ne peut comparer à aucune trajectoire"
            text += f" ({number(single)} d'une seule année)" if single else ""
    return f"{text}."


def _to_obtain(lines: Sequence[Line]) -> str:
    """Which datasets would give a verdict first, where there is none."""
    missing = [one for one in openings(lines) if not one.is_received]
    if not missing or any(line.verdict.is_judged for line in lines):
        return ""
    named = " ; ".join(
        f"« {one.cited} » ({', '.join(filter(None, (*(line.lever for line in one.lines), one.state)))})"
        for one in missing[:OPENED]
    )
    others = f" ; {plural(len(missing) - OPENED, 'autre')}" if len(missing) > OPENED else ""
    return f"À obtenir d'abord, sur plusieurs années et comparable à la cible : {named}{others}."


def _readings(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    """What can be said without a verdict: the series that moved furthest or, without two years, the latest values."""
    by_lever = {line.lever_id: line for line in lines}
    own = content.moves.get((territory.level, territory.code), ())
    moves = sorted(
        {move.label: move for move in own if move.change_since_first}.values(),
        key=lambda move: (-abs(move.change_since_first) / (move.largest or 1), move.label),
    )
    if furthest := moves[:TOLD]:
        shown = {line.indicator for line in lines}
        apart = "dans des séries qui ne se comparent à aucune cible, "
        where = "" if any(move.label in shown for move in furthest) else apart
        told = " ; ".join(_since_first(content, by_lever[move.lever_id], move) for move in furthest)
        return initial(f"{where}ce qui a le plus bougé en proportion : {told}.")
    read = [line for line in by_weight(lines) if line.latest_value][:HEAVIEST]
    if not read:
        return ""
    told = " ; ".join(f"{line.lever} (« {line.indicator} »), {_latest(content, line)}" for line in read)
    return f"Rien ne dit si cela monte ou baisse : une seule année de chaque série. Ce qui est connu : {told}."


def _since_first(content: Content, line: Line, move: Move) -> str:
    """A series from its first year to its last, between which values it went up and down, what does not go on after."""
    first, last, *ends = (
        cited(content, quantity(value or 0, move.unit, move.largest), move.dataset_id)
        for value in (move.first.value, move.last.value, *(move.swing or ()))
    )
    told = f"{line.lever} (« {move.label} »), {first} en {move.first.year}, {last} en {move.last.year}"
    notes = [f"pas dans un seul sens, entre {' et '.join(ends)}"] if ends else []
    notes += ["à vérifier"] if move.doubt else []
    notes += [apart] if (apart := not_continued(line, move)) else []
    return f"{told} ({', '.join(notes)})" if notes else told


def _latest(content: Content, line: Line) -> str:
    """The latest value of a line and its year."""
    value = cited(content, quantity(line.latest_value or 0, line.unit), line.series.dataset_id)
    date = dated(line.indicator or "", line.latest_year or 0)
    return f"{value} {'en' if date.isdigit() else 'de'} {date}"


def _above(content: Content, territory: Territory) -> list[str]:
    """How the territories above stand, in a sentence each."""
    found = []
    for parent in content.parents(territory):
        if said := _by_reading(content.lines_of(parent), NAMED):
            found.append(f"Au-dessus, [{parent.name}]({parent.slug}.html#ou-en-est), {' ; '.join(said)}.")
    return found


def _judged(content: Content, line: Line) -> str:
    """What a reading rests on: its series, value and year, what that is set beside, and its gap."""
    verdict = line.verdict
    gap = verdict.gap_ktco2e
    amount_avoided = quantity(abs(gap or 0), "ktCO₂e")
    said = (
        f"« {line.indicator} »" if measured_by(line) else "",
        _latest(content, line),
        f"série commune avec « {verdict.joint_with} »" if verdict.joint_with else verdict.basis_label,
        gap_and_uncertainty(verdict),
        f"soit {amount_avoided} évitées de {'plus' if gap > 0 else 'moins'} que sur la ligne" if gap else "",
    )
    return f" ({', '.join(filter(None, said))})"


def _by_reading(lines: Sequence[Line], count: int, told: Callable[[Line], str] = lambda line: "") -> list[str]:
    """The levers of each reading, the heaviest by name. One series that judges several is told once."""
    found = []
    for reading in MARKS:
        there = [line for line in by_weight(lines) if line.verdict.is_judged and line.verdict.reading == reading]
        series = {frozenset([line.lever, *(line.verdict.joint_with or "").split(" ; ")]): line for line in there[::-1]}
        if named := [line.lever + told(line) for line in there if line in series.values()]:
            found.append(f"{there[0].verdict.reading_label} : {_some(named, count)}")
    return found


def _weight(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    parts = [emissions(content, territory)]
    if weighed := [line for line in by_weight(lines) if line.weight]:
        whole = [line for line in weighed if not line.is_of_sites]
        heaviest = amounts(content, whole[:HEAVIEST])
        parts.append(f"{largest_effort(content, territory)}, en ktCO₂e évitées en 2030 : {heaviest}.")
        if any(line.may_fall_behind for line in whole[:1]):
            parts[-1] += " Lequel vient d'abord dépend de la clé."
    else:
        parts.append("Aucun levier n'a de cible ni de part indicative ici.")
    return "\n".join(parts)


def _sites(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    """The levers of a few large sites, and what their shares are worth."""
    of_sites = [line for line in by_weight(lines) if line.weight and line.is_of_sites]
    if not of_sites:
        return ""
    text = f"S'y ajoutent les leviers de quelques grands sites : {amounts(content, of_sites)}."
    if any(line.places_sites is False for line in of_sites):
        return f"{text} La clé ne sait pas où sont ces sites : un chiffre à ne pas citer sans leur liste."
    measured = [line.lever for line in of_sites if _is_of_factories(line)]
    if measured and content.emissions_of(territory, "sites"):
        return (
            f"{text} {' ; '.join(measured)} : la cible vaut pour toute l'industrie de la région et la clé ne connaît "
            "que les sites sous quotas : à ne citer ni comme part d'ici, ni comme baisse demandée à ces sites."
        )
    return text


def largest_effort(content: Content, territory: Territory) -> str:
    """How what weighs most is called: it is asked for or shared out, and not what a territory emits."""
    of = "demandé par l'État" if territory.level == "region" else "en part indicative calculée"
    border = content.border_of(territory)
    return f"Le plus grand effort {of}{f', pour {border.inside} seulement' if border else ''}"


def amounts(content: Content, lines: Iterable[Line]) -> str:
    """Levers, and what is asked or shared out of each, in ktCO2e."""
    return " ; ".join(f"{line.lever} ({', '.join(filter(None, _amount(content, line)))})" for line in lines)


def _amount(content: Content, line: Line) -> tuple[str, ...]:
    """What is asked or shared out, by what it is computed, and that the State does not show it."""
    spread = content.spread_of(line)
    key = ""
    if line.target_ktco2e is None and line.key_label and not spread:
        then = content.spread_label_of(line)
        key = f"d'après « {line.key_label} »{f' par département, puis « {then} »' if then else ''}"
    masked = "" if line.is_shown_by_state else MASKED
    between = span(*line.share_range) if line.target_ktco2e is None and line.share_range else ""
    changing = f"{between} selon la clé" if between else ""
    is_share = line.target_ktco2e is None and not line.is_of_sites
    of_carbon = is_share and line.latest_value is not None and "CO2" in (line.unit or "")
    series = f"là où la série d'ici est à {_latest(content, line)}" if of_carbon else ""
    return cited(content, amount(line), line.asked_by), changing, key, spread, masked, series


def amount(line: Line) -> str:
    """What is asked, in ktCO2e: a share is not known better than to two digits."""
    return number(line.weight) if line.target_ktco2e is not None else rough(line.weight)


def _asked(content: Content, territory: Territory) -> str:
    found = content.progress.get((territory.level, territory.code, ALL_LEVERS))
    if territory.level == "region":
        if not found or found["asked"] is None:
            text = "L'État n'a donné aucune cible à cette région."
        else:
            text = f"L'État donne {_targets(content, territory, found)}{_masked(content, territory, found['asked'])}."
            text += _by_tool(content, territory)
        return "\n".join((text, _set_by_region(content, territory), _by_law(content, territory)))
    text = "Rien, par la planification : l'État ne demande qu'aux régions"
    if region := content.asking_region(territory):
        code, name = region
        asked = content.progress.get(("region", code, ALL_LEVERS))
        text += f", ici {name}"
        if asked and asked["asked"] is not None:
            text += f" ({_targets(content, territory, asked)})"
    text += "."
    if found and found["asked"] is not None:
        text += (
            f"\nLa part indicative d'ici, calculée et non demandée, vaut {_total(content, territory, found, rough)} "
            f"ktCO₂e{_masked(content, territory, found['asked'])}, sur {plural(found['lever_count'], 'levier')} : un "
            "repère pour le débat."
        )
        if border := content.border_of(territory):
            text += f" Elle ne compte que {border.inside} ; ce que l'État demande ailleurs n'est pas chargé ici."
    return f"{text}\n{_by_law(content, territory)}"


def _is_plan_asked(content: Content, territory: Territory) -> str:
    """Whether the law asks an EPCI for a climate plan."""
    plan = _obligation(content, territory.level, territory.code, CLIMATE_PLAN)
    threshold = number(plan["min_population"])
    if plan["answer"] == "just_below":
        check = plan["answer_label"].rpartition(" : ")[2]
        return f"facultatif ici de peu ({number(plan['population'])} habitants, seuil de {threshold}, {check})"
    beyond = f"obligatoire au-delà de {threshold} habitants"
    if plan["answer"] == "unknown":
        return beyond
    is_asked = plan["answer"] == "applies"
    return f"obligatoire ici (plus de {threshold} habitants)" if is_asked else f"facultatif ici ({beyond})"


def _obligation(content: Content, level: str, code: str, obligation_id: str) -> Mapping[str, Any]:
    """What the law asks of a territory by one of its texts; empty where that asks nothing of its level."""
    asked = content.obligations.get((level, code), ())
    return next((one for one in asked if one["obligation_id"] == obligation_id), {})


def _by_law(content: Content, territory: Territory) -> str:
    """What the law asks: a climate plan or none, what holds as it is, and how much hangs on what a territory runs."""
    asked = content.obligations.get((territory.level, territory.code))
    if not asked:
        return NO_LAW
    plan = _obligation(content, territory.level, territory.code, CLIMATE_PLAN)
    parts = [f"[{one['name']}]({one['url']})" for one in asked if one["answer"] == "applies" and one is not plan]
    text = [", ".join(parts)] if parts else []
    conditional = [one["name"] for one in asked if one["answer"] == "on_condition"]
    if conditional and parts:
        text.append(f"sous condition, [{plural(len(conditional), 'autre')}]({LAW})")
    elif conditional:
        text.append(f"[{_some(conditional, CONDITIONAL)}]({LAW})")
    demands = "demande" if parts else "demande, sous condition"
    if not plan:
        return f"La loi {demands} : {' ; '.join(text)}."
    asked_plan = f"D'après la loi, un [PCAET]({plan['url']}) est {_is_plan_asked(content, territory)}."
    return f"{asked_plan} Elle {demands.replace('demande', 'demande aussi')} : {' ; '.join(text)}."


def _on_condition(content: Content, territory: Territory) -> str:
    """What the law asks that hangs on what a territory runs, with its condition."""
    asked = content.obligations.get((territory.level, territory.code), ())
    conditional = [one for one in asked if one["answer"] == "on_condition"]
    told = [f"{one['name']}, {one['condition'].partition(' ;')[0]}" for one in conditional]
    return f"Les conditions : {' ; '.join(told)}." if told else ""


def _by_region(content: Content, territory: Territory) -> str:
    """How many objectives the Region above has set for itself, where they are, and what they are to a climate plan."""
    region = content.asking_region(territory)
    if territory.level == "region" or not region:
        return ""
    code, name = region
    if targets := regional_targets(content, code):
        page = f"region-{code}.html{OBJECTIVES}" if ("region", code) in content.by_slug else ""
        frameworks = ", ".join(sorted({one["framework"] for one in targets}))
        text = f"La Région {name} s'est fixé {_counted(targets, page)} ({frameworks})."
    else:
        text = no_objectives(content, territory, code)
    if not _has_scheme(content, code):
        return text
    rows = (one for found in content.obligations.values() for one in found)
    rule = next(one for one in rows if one["obligation_id"] == PLAN_AND_SCHEME)
    unsure = "" if rule["is_verified"] else ", à vérifier"
    whose = "Un PCAET" if territory.level == "epci" else "Le PCAET d'une intercommunalité"
    return (
        f"{text} {whose} doit prendre en compte les objectifs du SRADDET et être compatible avec ses règles "
        f"([{rule['article']}]({rule['url']}){unsure})."
    )


def regional_targets(content: Content, code: str) -> list[dict[str, Any]]:
    """What a Region has set for itself, what its source confirms first."""
    return [one for one in content.regional_figures.get(code, ()) if one["is_target"]]


def _counted(targets: Sequence[Mapping[str, Any]], page: str) -> str:
    """How many objectives a Region has, which lead to their table, and how many of them no source confirms."""
    count = plural(len(targets), "objectif")
    unsure = sum(not one["is_confirmed"] for one in targets)
    checked = f", dont {plural(unsure, 'non confirmé', 'non confirmés')}" if unsure else ""
    return f"{f'[{count}]({page})' if page else count}{checked}"


def _has_scheme(content: Content, code: str) -> bool:
    """Whether the law asks a region for a SRADDET."""
    return _obligation(content, "region", code, REGIONAL_SCHEME).get("answer") == "applies"


def no_objectives(content: Content, territory: Territory, code: str) -> str:
    """Where the objectives of a Region are, which are not here: not every Region has the same scheme."""
    scheme = "schéma d'aménagement"
    if _has_scheme(content, code):
        scheme = _page_of(content, territory, "sraddet", "SRADDET")
    return f"Les objectifs de la Région ne sont pas chargés ici ; à lire dans son {scheme}."


def _set_by_region(content: Content, territory: Territory) -> str:
    """What a Region has set for itself where its source confirms it, its emissions in any case, and how much else."""
    targets = regional_targets(content, territory.code)
    if not targets:
        return no_objectives(content, territory, territory.code)
    told = [regional_target(one) for one in targets if one["is_confirmed"]]
    unsure = [regional_target(one) for one in targets if not one["is_confirmed"] and one["is_of_emissions"]]
    other = "autre" if told or unsure else "objectif"
    if others := len(targets) - len(told) - len(unsure):
        told.append(f"[{plural(others, f'{other} non confirmé', f'{other}s non confirmés')}]({OBJECTIVES})")
    parts = [f"La Région s'est fixé : {' ; '.join(told)}."] if told else []
    scheme = _page_of(content, territory, "sraddet", "SRADDET") if _has_scheme(content, territory.code) else ""
    if unsure:
        parts.append(f"À vérifier dans le texte adopté{f', le {scheme}' if scheme else ''} : {' ; '.join(unsure)}.")
    elif scheme:
        parts.append(f"Le texte adopté fait foi : {scheme}.")
    return " ".join(parts)


def _masked(content: Content, territory: Territory, asked: float | None) -> str:
    """How much of a total the State's tool does not show, and how much of it a key spreads without knowing where."""
    lines = [line for line in by_weight(content.lines_of(territory)) if line.weight]
    told = [f"{amount(line)} pour {line.lever} ({MASKED})" for line in lines if not line.is_shown_by_state]
    unplaced = [line for line in lines if line.places_sites is False]
    measured = [line for line in lines if line.places_sites and _is_of_factories(line)]
    for found, why in (
        (unplaced, "sans savoir où sont les sites"),
        (measured, "sites sous quotas seuls, à ne pas citer"),
    ):
        if found:
            levers = " et ".join(line.lever for line in found)
            of_sites = sum(line.weight for line in found)
            without = rough(max((asked or 0) - of_sites, 0))
            left = f" : environ {without} sans eux" if without != rough(asked or 0) else ""
            told.append(f"{rough(of_sites)} pour {levers} ({why}{left})")
    return f", dont {' et '.join(told)}" if told else ""


def _is_of_factories(line: Line) -> bool:
    """Whether a share is computed by the sites under quotas, which are not all of industry."""
    return line.target_ktco2e is None and (line.key_id or "").startswith(FACTORIES)


def _targets(content: Content, territory: Territory, found: Mapping[str, Any]) -> str:
    """How many targets a region has, and what they come to."""
    once = " sans compter deux fois ce qui se recouvre" if found["is_least"] else ""
    return f"{plural(found['lever_count'], 'cible')}, soit {_total(content, territory, found, number)} {AVOIDED}{once}"


def _by_tool(content: Content, territory: Territory) -> str:
    """Where the targets of the State are read, and what that says of them."""
    state = next((line.target_dataset_id for line in content.lines_of(territory) if line.target_dataset_id), None)
    return f" Source : {content.datasets[state]['attribution']}." if state in content.datasets else ""


def _total(content: Content, territory: Territory, found: Mapping[str, Any], written: Callable[[float], str]) -> str:
    """What all levers come to in ktCO2e, without counting twice what overlaps."""
    state = next((line.target_dataset_id for line in content.lines_of(territory) if line.target_dataset_id), None)
    least = "au moins " if found["is_least"] else ""
    return f"{least}{cited(content, written(found['asked']), state)}"


def _sureness(content: Content, lines: Sequence[Line]) -> str:
    grades = Counter(line.verdict.confidence for line in lines if line.verdict.confidence)
    known = [line for line in lines if line.latest_value is not None]
    sure = sum(line.is_sure for line in known)
    labels = content.labels_of("confidence")
    noted = ", ".join(f"{number(grades[grade])} en {grade} ({labels[grade]})" for grade in sorted(grades))
    parts = [f"Notes, de A à D : {noted}" if grades else "Aucun verdict, donc aucune note"]
    if known:
        whole = "est observée et complète" if sure < PLURAL_FROM else "sont observées et complètes"
        parts.append(f"{plural(sure, 'valeur')} d'ici sur {number(len(known))} {whole}")
    shares = [line for line in lines if line.share_ktco2e is not None and line.target_ktco2e is None]
    if shares:
        own = sum(not line.key_is_proxy for line in shares)
        shared = plural(len(shares), "part indicative", "parts indicatives")
        follow = "suivent" if own >= PLURAL_FROM else "suit"
        kept = f"{number(own)} des {shared} {follow}" if own else f"Aucune des {shared} ne suit"
        parts.append(f"{kept} la clé même de l'État, les autres une clé qui s'en approche")
        widest = max(
            (line for line in shares if line.share_range),
            key=lambda line: line.share_range[1] - line.share_range[0] if line.share_range else 0,
            default=None,
        )
        if widest and widest.share_range and (between := span(*widest.share_range)):
            changing = sum(bool(line.share_range and span(*line.share_range)) for line in shares)
            change = plural(changing, "part dépend", "parts dépendent")
            spread = cited(content, between, widest.asked_by)
            parts.append(f"{initial(change)} de la clé choisie, surtout {widest.lever} : {spread} ktCO₂e")
    return ". ".join(parts) + "."


def _weakest(lines: Sequence[Line]) -> str:
    """The reading that is least sure, by name, with what weakens it most."""
    judged = [line for line in by_weight(lines) if line.verdict.confidence]
    if len(judged) < 2:
        return ""
    weakest = max(judged, key=lambda line: (line.verdict.confidence or "", len(line.verdict.doubts)))
    why = reasons(" ; ".join(weakest.verdict.doubts[:REASONS]))
    return f"Le plus fragile : {weakest.lever} (noté {weakest.verdict.confidence}{f' : {why}' if why else ''})."


def _neighbours(content: Content, territory: Territory) -> str:
    adjacent, nearest = content.adjacent_to(territory), content.nearest_to(territory)
    parts = [_across(content, territory, adjacent)]
    if nearest:
        similar = plural(len(nearest), "semblable", "semblables")
        parts.append(f"{similar}, {content.likeness_of(territory)} : {_named(nearest)}")
    elif not adjacent:
        return "Aucun autre territoire de cet échelon n'est publié ici : rien à comparer."
    if compared := sorted(beside(content, territory), key=lambda one: not one.compared.own)[:COMPARED]:
        parts.append(" ; ".join(_compared(content, territory, one) for one in compared))
    entered = [o.name for o in dict.fromkeys([*adjacent, *nearest]) if content.committed_to.get((o.level, o.code))]
    known = f"Engagements saisis ici : {', '.join(entered)}" if entered else "Aucun de leurs engagements n'est saisi"
    whose = "de leurs intercommunalités " if territory.level == "departement" else ""
    where = f"les PCAET {whose}sont {_published_plans(content)}"
    schemes = "chaque Région a écrit les siens dans son SRADDET ou le schéma qui en tient lieu"
    plans = f" ; {schemes if territory.level == 'region' else where}"
    parts.append(f"{known}{plans}")
    return "\n".join(f"{part}." for part in parts)


def _across(content: Content, territory: Territory, adjacent: Sequence[Territory]) -> str:
    """The territories across the border, and which of them have nothing here."""
    called = f"{content.level_names(territory.level)} limitrophes"
    if territory.code not in content.contours.get(territory.level, {}):
        return f"{initial(called)} : on ne les connaît pas ici, le contour de ce territoire n'est pas chargé"
    names = [other.name for other in adjacent]
    found = f"{initial(called)} : {_some(names, NEIGHBOURS, ' ; ') if names else 'aucun ici'}"
    beyond = ". Celles des régions qui ne sont pas chargées ici n'y sont pas"
    return f"{found}{beyond}" if territory.level == "epci" and not content.is_whole_country else found


def _compared(content: Content, territory: Territory, one: Beside) -> str:
    """A series here, and the median and the spread of the nearest territories."""
    found = one.compared
    here, middle = (
        cited(content, quantity(value, found.unit, found.largest), found.dataset_id)
        for value in (found.own, found.median or 0)
    )
    factor, unit = scale(found.largest, found.unit)
    low, high = (number((value or 0) / factor) for value in (found.least, found.most))
    heads = ""
    if found.is_per_inhabitant and str(territory.population_year) != str(found.year):
        heads = f", population de {territory.population_year}"
    spread = f"de {low} à {high}{NO_BREAK}{unit}" if unit else f"de {low} à {high}"
    if found.zeros:
        spread += f", dont {number(found.zeros)} à zéro"
    among = "des semblables" if found.count == found.last_rank else f"de {plural(found.count, 'semblable')}"
    when = f"{dated(found.label, found.year)}{heads}"
    return f"{initial(found.label)} ({when}) : {here} ici, médiane {among} {middle} ({spread})"


def _named(territories: Sequence[Territory]) -> str:
    return _some([other.name for other in territories], NEIGHBOURS, " ; ")


def documents(content: Content, territory: Territory) -> str:
    """Where the commitments of a territory are written: the climate plans, whose actions are not here, and others."""
    whose = "" if territory.level == "epci" else " par les intercommunalités"
    here = "pas encore repris ici" if content.plans is None else "dont seule la fiche est reprise ici"
    if territory.level == "epci":
        here += ", parfois au nom d'un syndicat"
    found = []
    if territory.level != "epci":
        found.append("le plan de transition de son bilan d'émissions (publié par l'ADEME)")
    found += [
        f"les PCAET adoptés{whose} ({_published_plans(content)}, {here})",
        f"la {_page_of(content, territory, 'cop_roadmap', 'feuille de route de la COP')}",
    ]
    if territory.level == "region":
        found += [f"le {_page_of(content, territory, 'sraddet', 'SRADDET')}", "le CPER"]
    if territory.level == "epci":
        found.append("le CRTE")
    return ", ".join(found)


def _page_of(content: Content, territory: Territory, kind: str, name: str) -> str:
    """A document of the region, by its name, which leads to its page where that is known, and who publishes it."""
    found = content.document_of(territory, kind)
    return f"[{name}]({found['url']}) ({found['publisher']})" if found else name


def _published_plans(content: Content) -> str:
    """Who publishes the climate plans."""
    return f"[publiés par l'ADEME]({content.plans_page})"


def unmarked(text: str) -> str:
    """A text of others on one line, in which nothing reads as a link of an answer."""
    return " ".join(text.split()).translate(str.maketrans("[]", "()"))


def deposited(content: Content, territory: Territory) -> str:
    """What an EPCI has deposited as its climate plan; nothing at another level, or where the plans are not loaded."""
    if territory.level != "epci" or content.plans is None:
        return ""
    platform = f"[Territoires & Climat]({content.plans_page})"
    plans = content.plans_of(territory)
    if not plans:
        return (
            f"Aucun PCAET ne figure à son numéro SIREN sur {platform} ; celui d'un syndicat ou d'un pôle dont "
            "l'intercommunalité est membre n'y est pas rattaché."
        )
    latest = plans[0]
    launched = f" lancé le {day(latest['launched_on'])}," if latest["launched_on"] else ""
    changed = ""
    if latest["modified_on"]:
        changed = f" modifiée le {cited(content, day(latest['modified_on']), CLIMATE_PLANS)}"
    sure = "" if content.datasets[CLIMATE_PLANS]["verified"] else f" {initial(NOT_VERIFIED)}."
    return (
        f"Un PCAET, « {unmarked(latest['name'])} »,{launched} figure sur {platform} : "
        f"{unmarked(latest['progress'])}, d'après sa fiche{changed}. La date de son adoption n'est pas publiée.{sure}"
    )


def _committed(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    committed = [line for line in lines if line.commitments]
    plan = deposited(content, territory)
    if committed:
        count = sum(found["count"] for line in committed for found in line.commitments)
        entered = f"{plural(count, 'engagement saisi', 'engagements saisis')}, sur {plural(len(committed), 'levier')}."
        return "\n".join(filter(None, (entered, plan)))
    first = [plan]
    if territory.level == "region" and regional_targets(content, territory.code):
        first.append(_set_by_region(content, territory))
    return "".join(f"{one}\n" for one in first if one) + (
        f"Aucun engagement par levier n'est saisi ici. À lire dans {documents(content, territory)}."
    )


def _to_enter(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    """Whether a climate plan is asked for, and how commitments come to be here, where none is."""
    if any(line.commitments for line in lines):
        return ""
    plan = f"Un PCAET est {_is_plan_asked(content, territory)}. " if territory.level == "epci" else ""
    template = f"[modèle de fichier]({TEMPLATE_PAGE})"
    whom = f"qui tient cette publication {unmarked(content.holder)}"
    return f"{plan}Pour voir des engagements ici, envoyer le {template} rempli à {whom}."


def _moved(content: Content, territory: Territory) -> tuple[str, str]:
    """What changed last here and, for the screen, above; where nothing did here, paper has room for what did above."""
    parents, published = content.parents(territory), _published(content, territory)
    own = _newest(content, content.lines_of(territory), HEAVIEST)
    told, above = {move.lever_id for move in own}, ""
    for parent in parents if len(own) < HEAVIEST else ():
        others = [line for line in content.lines_of(parent) if line.weight and line.lever_id not in told]
        if moves := _newest(content, others, HEAVIEST - len(own)):
            where = f"Au-dessus, {parent.name}, pour d'autres leviers" if own else f"Au-dessus, {parent.name}"
            above = f"{where} : {_all_told(content, moves, parent)}.{_cautions(content, moves)}"
            break
    jumps = _jumps(content, content.lines_of(territory))
    if own:
        among = (
            "Un seul levier d'ici a deux années à comparer"
            if len({move.lever_id for move in own}) == 1
            else ("Du plus lourd au plus léger des leviers qui ont deux années récentes")
        )
        text = f"{among} : {_all_told(content, own)}."
        text += _cautions(content, own) + _single(content, territory)
        return f"{text}\n{published}", "\n".join(filter(None, (jumps, above)))
    some = " à jour et qui se comparent" if content.moves.get((territory.level, territory.code)) else ""
    text = f"Aucune série d'ici n'a deux années{some}."
    if above:
        text += f"\n{above}"
    elif parents:
        text += " Celles des échelons au-dessus non plus."
    return f"{text}\n{published}", jumps


def _newest(content: Content, lines: Iterable[Line], count: int) -> list[Move]:
    """The latest changes of some levers: a series of each, the heaviest of recent years first, then their others."""
    moved = [
        (move, line)
        for line in by_weight(lines)
        for move in content.moves_of(line)
        if move.is_latest and not move.is_to_check
    ]
    moved.sort(
        key=lambda found: (
            found[0].last.year < content.recent_from,
            -found[1].weight,
            -found[0].last.year,
            found[0].label != found[1].indicator,
            found[0].doubt is not None,
            -abs(found[0].relative_change or 0),
        )
    )
    newest: dict[str, Move] = {}
    for move, line in moved:
        newest.setdefault(line.lever_id, move)
    by_label: dict[str, Move] = {}
    for move in (*newest.values(), *(move for move, _ in moved)):
        by_label.setdefault(move.label, move)
    return list(by_label.values())[:count]


def _jumps(content: Content, lines: Iterable[Line]) -> str:
    """The latest changes by half or twofold, or unlike all others, which are to be checked before they are news."""
    found = {
        move.label: move for line in lines for move in content.moves_of(line) if move.is_latest and move.is_to_check
    }
    if not found:
        return ""
    told = " ; ".join(_jump(content, move) for move in list(found.values())[:JUMPS_TOLD])
    more = f" ; {plural(len(found) - JUMPS_TOLD, 'autre')}" if len(found) > JUMPS_TOLD else ""
    return f"À vérifier avant d'en parler : {told}{more}."


def _jump(content: Content, move: Move) -> str:
    before, last = (quantity(point.value or 0, move.unit, move.largest) for point in (move.previous, move.last))
    last = cited(content, last, move.dataset_id)
    text = f"{move.label}, de {before} en {move.previous.year} à {last} en {move.last.year}"
    if not move.others:
        return text
    low, high = (signed(round(100 * change, 1), None) for change in move.others)
    return f"{text}, quand les autres vont de {low} à {high}{NO_BREAK}% : sans doute un changement de la source"


def _all_told(content: Content, moves: Iterable[Move], place: Territory | None = None) -> str:
    return " ; ".join(_told(content, move, place) for move in moves)


def _told(content: Content, move: Move, place: Territory | None) -> str:
    """A change in plain words; the place is given where it is another one than that of the page."""
    size = signed(move.change, move.unit, move.largest) if move.change else "inchangé"
    last = cited(content, quantity(move.last.value or 0, move.unit, move.largest), move.dataset_id, place)
    least = "au moins " if move.turned == move.first.year else ""  # nothing is known before
    way = "en hausse" if move.change > 0 else "en baisse"
    going = f", {way} depuis {least}{move.turned}" if move.turned else ""
    check = ", à vérifier" if move.doubt else ""
    return f"{move.label}, {last} en {move.last.year} ({size} depuis {move.previous.year}{going}{check})"


def _cautions(content: Content, moves: Sequence[Move]) -> str:
    """What some changes do not say: that of one raw year is no effort, and an old one is no news."""
    text = ""
    if any(move.is_raw for move in moves):
        text += " Ventes et consommations sont brutes : le climat et les stocks les font varier."
    old = sorted({move.last.year for move in moves if move.last.year < content.recent_from})
    if old:
        text += f" Après {' et '.join(map(str, old))}, rien de plus récent n'est repris ici pour ces séries."
    return text


def _single(content: Content, territory: Territory) -> str:
    """How many levers have no two years to compare, where they are the most of those that have a value."""
    known = [line for line in content.lines_of(territory) if line.latest_value is not None]
    single = [line for line in known if not content.moves_of(line)]
    if 2 * len(single) <= len(known):
        return ""
    others = plural(len(single), "autre levier suivi ici n'a", "autres leviers suivis ici n'ont")
    return f" {others} pas deux années à comparer."


def _published(content: Content, territory: Territory) -> str:
    """What the last publication did to the series of a territory, and since when."""
    last = content.publications[0]["previous_publication_id"]
    if not last:
        return "C'est la première publication : rien n'a pu être révisé."
    days = [day(one["published_at"]) for one in content.publications if one["publication_id"] == last]
    since = f" par rapport à celle du {days[0]}" if days else ""
    if count := len(content.changes_of(territory)):
        changed = plural(count, "série de cette page", "séries de cette page")
        return f"La dernière mise à jour a changé {changed}{since}."
    return f"La dernière mise à jour n'a changé aucune série de cette page{since}."


def _sources(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    """Where the figures of the page come from, and the whole way to the file of one of them."""
    used = {name for line in lines for name in line.series.dataset_ids}
    text = (
        "Un chiffre souligné, une année, le nom d'une clé ou les mots « par l'État » mènent à une ligne qui nomme le "
        "fichier, le jour où il a été reçu, son empreinte et sa licence."
    )
    seen = [*content.headlines(territory), *(line for line in by_weight(lines) if line.latest_value is not None)]
    for shown in seen:
        dataset = content.datasets.get(shown.series.dataset_id or "", {"files": ()})
        files = [file for file in dataset["files"] if file["snapshot_id"] in shown.series.snapshot_ids]
        if not files:
            continue
        names = " et ".join(f"« {file['name']} », reçu le {day(file['retrieved_at'])}" for file in files[:HEAVIEST])
        text += (
            f" Par exemple, {shown.indicator}, {_latest(content, shown)} : {names} (source : "
            f"{dataset['attribution']} ; licence : {dataset['licence']})."
        )
        break
    given = plural(len(used), "jeu de données donne", "jeux de données donnent")
    return f"{text} {initial(given)} les valeurs des leviers ; les parts et les comparaisons ont les leurs."


def _unknown(lines: Sequence[Line]) -> str:
    absent = [line for line in by_weight(lines) if line.latest_value is None]
    unjudged = sum(not line.verdict.is_judged for line in lines)
    among = ", dont " if len(absent) > HEAVIEST else " : "
    heaviest = f"{among}{' ; '.join(line.lever for line in absent[:HEAVIEST])}" if absent else ""
    lacking = plural(len(absent), "n'a pas de série", "n'ont pas de série")
    open_ones = plural(unjudged, "ne peut pas être jugé", "ne peuvent pas être jugés")
    judging = open_ones if unjudged < len(lines) else "Aucun ne peut être jugé"
    followed = [line.lever for line in by_weight(lines) if line.latest_value is not None and not line.verdict.is_judged]
    if followed and unjudged < len(lines):
        judging += f", dont, malgré une série, {' ; '.join(followed[:HEAVIEST])}"
    return f"Sur {levers_of(lines)}, {lacking} à cet échelon{heaviest}. {judging}."
