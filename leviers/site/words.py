"""The French words for the codes of the published file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from leviers.site.content import Comparison, Content, Line, Move, Territory, Verdict
from leviers.text.french import (
    NO_BREAK,
    PLURAL_FROM,
    dated,
    day,
    folded,
    number,
    plural,
    quantity,
    rough,
    share,
    signed,
)

# As a level is typed, and named beside a code.
LEVEL_LABELS = {"pays": "pays", "region": "région", "departement": "département", "epci": "EPCI", "commune": "commune"}
NOT_VERIFIED = "lecture non vérifiée sur un fichier du producteur"
# Of a dataset that a verdict lacks, what the warehouse has of it; nothing reads what has no state.
MISSING_STATES = {
    "received": "chargé, mais ne se compare pas encore à la cible",
    "expected": "le site sait le lire, le fichier n'est pas encore chargé",
    "planned": "prévu, le site ne sait pas encore le lire",
}
# The mark of each reading says without colour what the colour says.
MARKS = {"on_line": "▲", "unsure": "≈", "behind": "▼", "opposite": "✖", "not_judged": "○"}
MEANINGS = {
    "on_line": "Du bon côté de la ligne au-delà de l'incertitude, ou sur elle à une petite incertitude près.",
    "unsure": "L'écart tient dans l'incertitude, la valeur a quatre ans ou plus, ou le côté dépend de l'année retenue.",
    "behind": "Du mauvais côté de la ligne, au-delà de l'incertitude.",
    "opposite": "En retard, et la série s'éloigne de la cible quelles que soient les années retenues.",
    "not_judged": "Aucune série ne se compare, ou ce qui n'est pas connu peut changer le côté. La raison est écrite.",
}
BASIS_TEXTS = {
    "official": "La cible que l'État a donnée à la région, dans l'unité de la série.",
    "regional": "Un objectif que la Région s'est donné, avec son document.",
    "derived": "La cible de l'État, ramenée à l'unité de la série par son ratio ou une conversion écrite.",
    "national": "Le rythme d'un objectif national, au départ du territoire : ce n'est pas un objectif du territoire.",
    "indicative": "Sous la région, le départ du territoire et sa part indicative de l'évolution demandée à la région.",
    "joint": "Une seule série que plusieurs leviers font bouger ensemble : le verdict vaut pour tous.",
    "partial": "La série ne couvre qu'une partie de ce que la cible compte ; la part est écrite.",
}
NATIONAL_RULES = {
    "national_level": "Le même niveau est pris pour chaque territoire.",
    "national_rate": "La même évolution en % est appliquée au départ du territoire.",
    "national_growth": "Le territoire en prend sa part, celle qu'il a dans les ktCO2e du levier.",
}
CORRECTION_KINDS = {
    "zero_is_missing": "un zéro est une valeur inconnue",
    "drop": "valeurs mises de côté",
    "multiply": "unité redressée",
    "unit": "unité redressée",
    "meaning": "libellé redressé",
}
GUARDS = {
    "dbt": "Contrôles des tables calculées",
    "great_expectations": "Contrôles des fichiers reçus",
    "site": "Pages et fichiers du site",
}
# Targets that count what is avoided: their unit alone would read as a rise.
AVOIDED = {
    "km évités par voiture": "km évités par voiture",
    "millions de t.km": "millions de t.km évitées, reportées ou décarbonées",
}
SEVERITIES = {"error": "bloquant", "warning": "avertissement"}
OUTCOMES = {"passed": "passé", "failed": "non passé", "crashed": "n'a pas pu tourner"}
TYPES = {
    "BIGINT": "nombre entier",
    "BOOLEAN": "oui ou non",
    "DATE": "date",
    "DECIMAL": "nombre",
    "DOUBLE": "nombre",
    "INTEGER": "nombre entier",
    "TIMESTAMP": "date et heure",
    "VARCHAR": "texte",
}
BY_SIZE = ("applies", "just_below", "does_not_apply")  # answers that the kind and the size of a territory give
ALIKE = 3  # words at the start of two names that a reader may take for one


def cited(content: Content, figure: str, dataset_id: str | None, place: Territory | None = None) -> str:
    """A figure that leads to the line of its file, on this page or on that of another place."""
    page = f"{place.slug}.html" if place else ""
    return f"[{figure}]({page}#source-{dataset_id})" if dataset_id in content.datasets else figure


def standing(verdict: Verdict) -> str:
    """The reading of a lever in words, and where it is unsure which way it leans."""
    leans = verdict.lean_label if verdict.lean in ("good", "bad") else None
    return ", ".join(filter(None, (verdict.reading_label, leans)))


def readings_of(verdicts: Iterable[Verdict]) -> str:
    """How many levers have each reading."""
    count = Counter((verdict.reading, verdict.reading_label) for verdict in verdicts)
    found = sorted(count.items(), key=lambda one: list(MARKS).index(one[0][0]))
    return ", ".join(f"{label} : {number(times)}" for (_, label), times in found)


def levers_of(lines: Iterable[Line]) -> str:
    """How many levers a territory has: those that the COP quantify, and others where they have a value there."""
    count = Counter(line.is_quantified for line in lines)
    if not count[False]:
        return f"{plural(count[True], 'levier chiffré', 'leviers chiffrés')} par les COP"
    others = plural(count[False], "autre, suivi ici", "autres, suivis ici")
    return f"{plural(count.total(), 'levier')} ({number(count[True])} chiffrés par les COP et {others})"


def measured_by(line: Line) -> str:
    """The series that judges or follows a lever, which may be a part of it; nothing where it has the same name."""
    if line.latest_value is None or line.indicator is None or folded(line.indicator) == folded(line.lever):
        return ""
    return f"{'jugé sur' if line.verdict.is_judged else 'suivi par'} « {line.indicator} »"


def judged_value(line: Line) -> str:
    """The value that a verdict judges, where it is not the published one that stands beside it, and how it is made."""
    verdict, made = line.verdict, []
    if verdict.climate_correction == "degree_days":
        made.append("corrigé du climat")
    if verdict.latest_year and (verdict.smoothing_years or 1) > 1:
        made.append(f"moyenne {verdict.latest_year - (verdict.smoothing_years or 1) + 1}-{verdict.latest_year}")
    if not verdict.is_judged or not made or verdict.compared_value is None:
        return ""
    return ", ".join((f"jugé sur {quantity(verdict.compared_value, line.unit, line.latest_value or None)}", *made))


def gap_and_uncertainty(verdict: Verdict) -> str:
    """How far from its line a value is and how sure that is, in percent of the line, or in points."""
    if not verdict.is_judged or verdict.gap is None or verdict.uncertainty is None or not verdict.path_value:
        return ""
    return f"écart de {_of_line(verdict, verdict.gap)} ±{NO_BREAK}{_of_line(verdict, verdict.uncertainty)}"


def _of_line(verdict: Verdict, amount: float) -> str:
    if verdict.unit == "%":
        return f"{rough(abs(amount))}{NO_BREAK}point{'s' if float(f'{abs(amount):.2g}') >= PLURAL_FROM else ''}"
    return f"{rough(100 * abs(amount / (verdict.path_value or 1)))}{NO_BREAK}%"


def conclusion(verdict: Verdict) -> str:
    """The gap of a reading and, where it does not conclude, why."""
    return " ; ".join(filter(None, (gap_and_uncertainty(verdict), verdict.reason))) if verdict.is_judged else ""


def far_from_region(line: Line, found: Comparison | None) -> str:
    """That a rate is far from the one of the region, which is given."""
    if found is None or found.region_value is None:
        return ""
    known = (found.region_completeness or 0) / 100
    part = f", connue à {share(known)}" if known < 1 else ""
    return f"loin de la région : {quantity(found.region_value, line.unit)} en {found.year}{part}"


def regional_target(target: Mapping[str, Any]) -> str:
    """What a Region has set for itself, by its basis, where that was read, and what that is worth if not confirmed."""
    metric, value, years = target["metric"], regional_value(target), regional_years(target)
    if target["basis"].startswith("ratio_to"):
        told = f"{metric} {value} {years}"
    elif target["basis"].startswith("change_since"):
        of = "d'" if folded(metric)[0] in "aeiouy" else "de "
        told = f"{value} {of}{metric} {years}"
    else:
        told = f"{metric}, {value}{f' en {years}' if years else ''}"
    unsure = "" if target["is_confirmed"] else f", non confirmé : {target['confidence']}"
    return f"{told} ({target['framework']}, d'après « {target['source']} »{unsure})"


def regional_value(figure: Mapping[str, Any]) -> str:
    """A figure of a Region, by its basis: a ratio, a change or an amount."""
    if figure["basis"].startswith("ratio_to"):
        return f"à multiplier par {number(figure['value'])}"
    if figure["basis"].startswith("change_since"):
        return f"{signed(figure['value'], None)}{NO_BREAK}{figure['unit']}"
    return quantity(figure["value"], figure["unit"])


def regional_years(figure: Mapping[str, Any]) -> str:
    """From when to when a figure of a Region goes, or the year of an amount; nothing where the source gives none."""
    start, horizon = figure["basis"].rpartition("_")[2], figure["horizon"]
    if not start.isdigit():
        return str(horizon or "")
    if horizon:
        return f"de {start} à {horizon}"
    return f"par rapport à {start}, horizon non dit" if figure["is_target"] else f"depuis {start}"


def applies_here(obligation: Mapping[str, Any]) -> str:
    """Whether what the law asks is asked here, by the kind and the size of the territory, or on what it hangs."""
    answer = obligation["answer_label"]
    if obligation["answer"] == "on_condition":
        return f"{answer} : {obligation['condition']}"
    if obligation["answer"] not in BY_SIZE or (obligation["answer"] == "applies" and not obligation["min_population"]):
        return str(answer)
    known = [obligation["kind"]] if obligation["kind"] else []
    if obligation["min_population"] and obligation["population"]:
        known.append(f"{number(obligation['population'])}{NO_BREAK}habitants")
    return f"{answer} ({', '.join(known)})"


def verification(obligation: Mapping[str, Any]) -> str:
    """Which version of a text was read, or that it is to be checked."""
    if not obligation["is_verified"]:
        return "À vérifier sur Légifrance"
    read = obligation["text_as_of"]
    return f"Texte lu, version du {day(read)}" if read else "Texte lu, copie sans date"


def not_continued(line: Line, move: Move) -> str:
    """That the newer value which a line shows, under nearly the same name, is of another source."""
    is_newer = (line.latest_year or 0) > move.last.year
    names = {tuple(folded(name or "").split()[:ALIKE]) for name in (line.indicator, move.label)}
    is_other = move.dataset_id not in line.series.dataset_ids
    if line.latest_value is None or not is_newer or line.unit != move.unit or len(names) > 1 or not is_other:
        return ""
    value = f"{quantity(line.latest_value, line.unit)} en {line.latest_year}"
    return f"à ne pas comparer avec {value}, qui vient d'une autre source, « {line.indicator} »"


def why_not_judged(line: Line) -> str:
    """Why there is no verdict; a series other than the one that the line shows is named."""
    verdict = line.verdict
    if not verdict.reason or verdict.is_judged:
        return ""
    if verdict.indicator in (None, line.indicator):
        return verdict.reason
    return f"« {verdict.indicator} » : {verdict.reason}"


def reservations(line: Line, recent_from: int, regional: Comparison | None = None) -> str:
    """What keeps the latest value from being taken for certain, in a row; a rate is given that is far from it."""
    if line.latest_value is None:
        return "aucune valeur"
    found = []
    if line.nature == "estimée":
        found.append("estimée" if line.interval else "estimée, sans intervalle publié")
    if line.is_provisional:
        found.append("provisoire")
    if line.is_partial and line.completeness is not None:
        found.append(f"connue à {share(line.completeness / 100)}")
    if line.latest_year is not None and line.latest_year < recent_from:
        found.append(f"valeur de {dated(line.indicator or '', line.latest_year)}")
    if line.latest_doubt:
        found.append("douteuse")
    if regional:
        found.append(far_from_region(line, regional))
    if line.source_is_verified is False:
        found.append(NOT_VERIFIED)
    return " ; ".join(found) or "aucune"
