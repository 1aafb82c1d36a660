"""The French words for the codes of the published file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from leviers.site.charts import Point
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
from leviers.warehouse.seeds import seed_rows

LEVEL_NAMES = {
    "region": ("région", "régions"),
    "departement": ("département", "départements"),
    "epci": ("intercommunalité", "intercommunalités"),
    "commune": ("commune", "communes"),
    "pays": ("pays", "pays"),
}
# As a level is typed, and named beside a code.
LEVEL_LABELS = {"pays": "pays", "region": "région", "departement": "département", "epci": "EPCI", "commune": "commune"}
_LABELS = {(row["domain"], row["code"]): row["label_fr"] for row in seed_rows("labels/code_labels")}
MET_NATIONAL = "repère national atteint"
TOO_NEAR = "trop près de la ligne pour conclure"
UNSURE_MOVE = "évolution trop incertaine"
NOT_VERIFIED = "lecture non vérifiée sur un fichier du producteur"
# Of a dataset that a verdict lacks, what the warehouse has of it; nothing reads what has no state.
MISSING_STATES = {
    "received": "chargé, mais ne se compare pas encore à la cible",
    "expected": "le site sait le lire, le fichier n'est pas encore chargé",
    "planned": "prévu, le site ne sait pas encore le lire",
}
# Sign and meaning of each status; the sign says without colour what the colour says.
_STATUS_SIGNS = {
    "target_reached": (
        "◆",
        f"La dernière valeur atteint déjà le repère de 2030 ; si c'est celui du pays : « {MET_NATIONAL} ».",
    ),
    "on_track": ("▲", "La dernière valeur est du bon côté de la ligne droite, au-delà de la marge."),
    "behind": ("▼", "La dernière valeur est du mauvais côté de la ligne droite, au-delà de la marge."),
    "wrong_direction": ("✖", "La valeur s'éloigne du repère, quelles que soient les années de départ et de fin."),
    "stable": (
        "■",
        "La valeur n'a pas bougé plus que son incertitude. Selon ce qui est demandé, c'est « pas de baisse nette » ou "
        "« pas de hausse nette ». De quel côté de la ligne elle est, c'est écrit à côté.",
    ),
    "above_trajectory": (
        "↥",
        "Sous la région : la valeur est au-dessus de la ligne que donne la part indicative, que personne n'a demandée.",
    ),
    "near_trajectory": ("≈", "Sous la région : la valeur est sur cette ligne."),
    "below_trajectory": ("↧", "Sous la région : la valeur est sous cette ligne."),
    "not_judged": ("≠", "Une série est connue, mais rien ne permet de la juger. La raison est écrite."),
    "no_data": ("○", "Aucune série n'est chargée à cet échelon. La raison est écrite."),
}  # fmt: skip
STATUSES = {code: (sign, _LABELS["status", code], meaning) for code, (sign, meaning) in _STATUS_SIGNS.items()}
BASIS_TEXTS = {
    "official": "La cible que l'État a donnée à la région, dans l'unité de la série.",
    "regional": "Un objectif que la Région s'est donné, avec son document.",
    "derived": "La cible de l'État, ramenée à l'unité de la série par son ratio ou une conversion écrite.",
    "national": "Le rythme d'un objectif national, au départ du territoire : ce n'est pas un objectif du territoire.",
    "indicative": "Sous la région, le départ du territoire et sa part indicative de l'évolution demandée à la région.",
    "joint": "Une seule série que plusieurs leviers font bouger ensemble : le verdict vaut pour tous.",
    "partial": "La série ne couvre qu'une partie de ce que la cible compte ; la part est écrite.",
}
BASES = {code: _LABELS["basis", code] for code in BASIS_TEXTS}
NATIONAL_RULES = {
    "national_level": "Le même niveau est pris pour chaque territoire.",
    "national_rate": "La même évolution en % est appliquée au départ du territoire.",
    "national_growth": "Le territoire en prend sa part, celle qu'il a dans les ktCO2e du levier.",
}
CONFIDENCES = {code: _LABELS["confidence", code] for code in "ABCD"}
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
    "DOUBLE": "nombre",
    "INTEGER": "nombre entier",
    "TIMESTAMP": "date et heure",
    "VARCHAR": "texte",
}


class Standing(NamedTuple):
    """How a line stands: its code, the words that name the side of the path, and that side for the eye."""

    code: str
    words: str
    side: str


# What a status becomes where nothing is concluded, and why.
OPEN_READINGS = (
    (
        Standing("on_track", TOO_NEAR, "unsure"),
        "L'écart à la ligne tient dans la marge, ou le résultat change avec l'année retenue. De quel côté la valeur se "
        "lit, c'est écrit à côté.",
    ),
    (
        Standing("wrong_direction", UNSURE_MOVE, "unsure"),
        "La valeur n'a pas bougé plus que son incertitude, elle est trop ancienne, ou son mouvement dépend de l'année "
        "retenue.",
    ),
)
INDICATIVE = ("above_trajectory", "near_trajectory", "below_trajectory")
SIDES = {True: "du bon côté", False: "du mauvais côté"}
NO_CONCLUSION = "on ne conclut pas"
CLOSE = 1.1  # times the margin: a gap that is hardly larger
BY_SIZE = ("applies", "just_below", "does_not_apply")  # answers that the kind and the size of a territory give
ALIKE = 3  # words at the start of two names that a reader may take for one


def cited(content: Content, figure: str, dataset_id: str | None, place: Territory | None = None) -> str:
    """A figure that leads to the line of its file, on this page or on that of another place."""
    page = f"{place.slug}.html" if place else ""
    return f"[{figure}]({page}#source-{dataset_id})" if dataset_id in content.datasets else figure


def standing(line: Line) -> Standing:
    """The status of a line, and on which side of its path the value lies where the status alone does not say it."""
    return standing_of(line.verdict, status_of(line))


def standing_of(verdict: Verdict, code: str) -> Standing:
    """The same, of a verdict and its status."""
    words = STATUSES[code][1]
    side = verdict.is_on_right_side
    if not verdict.is_judged or side is None:
        return Standing(code, words, "")
    if code == "target_reached" and verdict.basis == "national":
        words = MET_NATIONAL
    if verdict.is_favourable is None:
        leaning = f"plutôt {SIDES[side]}"
        if code in ("on_track", "behind") and verdict.reason_code in ("within_margin", "side_turns"):
            words = f"{TOO_NEAR} ({leaning})"
        elif code == "target_reached" and verdict.reason_code == "within_target_margin":
            words += " (à la marge près)"
        elif code == "target_reached" or code in INDICATIVE:
            words += f" ({leaning})"
        else:
            words = f"{UNSURE_MOVE} ({leaning})"
        return Standing(code, words, "unsure")
    if code == "stable":
        words = f"pas de {'hausse' if verdict.asks_for_more else 'baisse'} nette ({SIDES[side]})"
    elif code in INDICATIVE:
        words += f" ({SIDES[side]})"
    return Standing(code, words, "good" if side else "bad")


def verdicts_of(lines: Iterable[Line]) -> str:
    """How many verdicts there are, on which side if all agree, and how many series are read without a conclusion."""
    judged = [line.verdict for line in lines if line.verdict.is_judged]
    concluding = Counter(verdict.concludes for verdict in judged)
    sides = {bool(verdict.is_favourable) for verdict in judged if verdict.concludes}
    found = plural(concluding[True], "verdict") if concluding[True] else "aucun verdict"
    if concluding[True] >= PLURAL_FROM and len(sides) == 1:
        found += f", tous {SIDES[sides.pop()]}"
    if not concluding[False]:
        return found
    return f"{found}, {plural(concluding[False], 'lecture sans conclusion', 'lectures sans conclusion')}"


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
    verdict = line.verdict
    if not verdict.is_judged or not verdict.is_adjusted or verdict.compared_value is None:
        return ""
    made = [f"jugé sur {quantity(verdict.compared_value, line.unit, line.latest_value or None)}"]
    if verdict.climate_correction == "degree_days":
        made.append("corrigé du climat")
    if verdict.latest_year and (verdict.smoothing_years or 1) > 1:
        made.append(f"moyenne {verdict.latest_year - (verdict.smoothing_years or 1) + 1}-{verdict.latest_year}")
    return ", ".join(made)


def gap_of(verdict: Verdict) -> str:
    """How far from its line a value is, in percent of the line, or in points; a range where the line is not sure."""
    if not verdict.is_judged or verdict.gap is None or not verdict.path_value:
        return ""
    gap = _of_line(verdict, abs(verdict.gap))
    if verdict.least_path_value and verdict.compared_value is not None:
        least = 100 * abs(verdict.compared_value / verdict.least_path_value - 1)
        most = 100 * abs(verdict.gap / verdict.path_value)
        return f"écart de {rough(min(least, most))} à {rough(max(least, most))}{NO_BREAK}%"
    return f"écart de {gap}"


def gap_and_margin(verdict: Verdict, setback: tuple[Point, Point] | None = None) -> str:
    """How far from its line a value is, how sure that is, and a step back of the series that is larger than it."""
    gap = gap_of(verdict)
    if not gap:
        return ""
    margin = f"±{NO_BREAK}{_of_line(verdict, verdict.margin or 0)}".replace(f"±{NO_BREAK}moins", "de moins")
    known = f"marge {margin}" if verdict.band is not None else f"marge supposée {margin}"
    if verdict.margin and verdict.concludes and verdict.margin <= abs(verdict.gap or 0) < CLOSE * verdict.margin:
        known += ", à la limite"
    return f"{gap}, {known}{_stepped_back(verdict, setback) if setback else ''}"


def _of_line(verdict: Verdict, amount: float) -> str:
    if verdict.unit == "%":
        return f"{rough(amount)}{NO_BREAK}point{'s' if float(f'{amount:.2g}') >= PLURAL_FROM else ''}"
    return f"{rough(100 * abs(amount / (verdict.path_value or 1)))}{NO_BREAK}%"


def _stepped_back(verdict: Verdict, setback: tuple[Point, Point]) -> str:
    """A margin in percent of the line looks small beside a step in percent of the value: the step is then said."""
    (before, after), margin = setback, verdict.margin or 0
    change = (after.value or 0) - (before.value or 0)
    if verdict.unit == "%":
        size, is_larger = _of_line(verdict, abs(change)), abs(change) > margin
    else:
        ratio = abs(change / (before.value or 1))
        size, is_larger = share(float(f"{ratio:.2g}")), ratio > margin / abs(verdict.path_value or 1)
    went = "monté" if change > 0 else "reculé"
    return f" (mais la série a {went} de {size} de {before.year} à {after.year})" if is_larger else ""


def conclusion(verdict: Verdict, setback: tuple[Point, Point] | None = None) -> str:
    """The gap and the margin of a verdict, and what they let one conclude."""
    said = gap_and_margin(verdict, setback)
    if not said:
        return ""
    if verdict.is_favourable is None:
        return f"{said} ; {verdict.reason} : {NO_CONCLUSION}"
    if verdict.status == "target_reached":
        return f"{said} ; le repère atteint se lit sur la seule dernière valeur"
    return said


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


def status_of(line: Line) -> str:
    """The status of a line to show: that of its verdict or, without a value, that there is none."""
    return line.verdict.status if line.verdict.is_judged or line.latest_value is not None else "no_data"


def level_name(level: str) -> str:
    """A level in the singular; one that a person has entered, such as a CRTE, keeps its own name in capitals."""
    named = LEVEL_NAMES.get(level, (_LABELS.get(("territory_level", level)), ""))[0]
    return named or level.upper().replace("_", " ")


def level_names(level: str) -> str:
    """A level in the plural."""
    return LEVEL_NAMES[level][1] if level in LEVEL_NAMES else level_name(level)
