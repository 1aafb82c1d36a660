"""The ten questions that a territory asks of its page, each with an answer and the place of the details."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leviers.site.content import ALL_LEVERS, Content, Line, Move, Territory, by_weight
from leviers.site.french import dated, initial, number, plural, quantity, rough, share, signed, span
from leviers.site.neighbours import Beside, beside
from leviers.site.words import BASES, verdicts_of

NAMED = 4  # levers on a side of their path that an answer names
HEAVIEST = 3  # levers that an answer names
SECTORS = 4
NEIGHBOURS = 3
COMPARED = 2  # series that an answer compares; the section has more

# The law asks for land take, bio-waste, energy of large buildings; a Region and a climate plan have their own targets.
NOT_TAKEN_UP = "Ce que demandent la loi, la Région ou un plan climat n'est pas repris ici."
# Where a commitment is written, besides the roadmap of the COP; below 20,000 inhabitants a climate plan is optional.
COMMITTING = {
    "region": ", le SRADDET, le CPER",
    "epci": ", le CRTE et, là où il y en a un, le PCAET (obligatoire au-delà de 20 000 habitants)",
}
CONCLUSIONS = ((False, "du mauvais côté"), (True, "du bon côté"), (None, "sans conclure"))
UNPUBLISHED = "Leurs actions et leurs engagements ne sont publiés dans aucun jeu de données chargé"


@dataclass(frozen=True)
class Answer:
    """A question, its answer in a sentence or two, and the section or page that has the details."""

    question: str
    text: str
    place: str
    place_name: str
    is_on_paper: bool = True  # whether it says something to who holds the printed sheet


def answers(content: Content, territory: Territory) -> list[Answer]:
    """The ten questions of a territory, in the order in which they are asked."""
    lines = content.lines_of(territory)
    committed, moved = _committed(content, territory, lines), _moved(content, territory)
    return [
        Answer("Où en sommes-nous ?", _standing(content, territory, lines), "#ou-en-est", "Échelon par échelon"),
        Answer("Qu'est-ce qui pèse le plus ?", _weight(content, territory, lines), "#poids", "Ce qui pèse le plus"),
        Answer("Que nous demande-t-on, et qui ?", _asked(content, territory), "#demande", "Levier par levier"),
        Answer("Est-ce sûr ?", _sureness(lines), "#confiance", "Les notes et leurs raisons"),
        Answer("Que font nos voisins ?", _neighbours(content, territory), "#voisins", "Voisins et semblables"),
        Answer("À quoi nous sommes-nous engagés ?", committed, "#engagements", "Engagements"),
        Answer("Qu'est-ce qui a changé depuis la dernière année connue ?", moved, "#annee", "Série par série"),
        Answer("D'où vient ce chiffre ?", _sources(content, lines), "#sources", "Sources de cette page", False),
        Answer("Que ne sait-on pas ?", _unknown(lines), "#inconnu", "Ce que l'on ne sait pas"),
        Answer(
            "Puis-je l'imprimer ?",
            "Oui : imprimer cette page (Ctrl+P) donne une feuille A4, avec ces réponses et les valeurs d'ici. Elles se "
            "téléchargent aussi, pour un tableur.",
            f"fichiers/{territory.slug}.csv",
            "Télécharger le CSV",
            False,
        ),
    ]


def _standing(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    here = _verdicts(lines)
    if here:
        years = {line.verdict.latest_year for line in lines if line.verdict.is_judged and line.verdict.latest_year}
        dated = f"de {min(years)} à {max(years)}" if len(years) > 1 else f"de {min(years)}"
        return (
            f"{_sides(content, lines)}Face à leur trajectoire, sur des valeurs {dated}, {verdicts_of(lines)} : {here}. "
            "Une base ne s'additionne pas à une autre."
        )
    known = [line for line in lines if line.latest_value is not None]
    single = sum(sum(point.value is not None for point in line.series.points) < 2 for line in known)
    text = f"Aucun verdict à cet échelon : {plural(len(lines) - len(known), 'levier')} sans série"
    if known:
        text += f", et {plural(len(known), 'levier')} dont la série "
        if single == len(known):
            text += "n'a qu'une année"
        else:
            text += "ne se compare à aucune trajectoire"
            text += f" ({number(single)} sur une seule année)" if single else ""
    above = [
        f"{parent.name}, face à leur trajectoire : {found}"
        for parent in content.parents(territory)
        if (found := _verdicts(content.lines_of(parent)))
    ]
    return ". ".join([text, *above]) + "."


def _sides(content: Content, lines: Sequence[Line]) -> str:
    """The levers on either side of their path where that is sure, the heaviest of each by name."""
    text = ""
    for side, called in CONCLUSIONS:
        found = [
            line.lever + (f" ({year})" if (year := line.verdict.latest_year or 0) < content.recent_from else "")
            for line in by_weight(lines)
            if line.verdict.concludes and line.verdict.is_favourable == side
        ]
        if found:
            others = f" et {plural(len(found) - NAMED, 'autre')}" if len(found) > NAMED else ""
            text += f"{initial(called)} : {' ; '.join(found[:NAMED])}{others}. "
    return text


def _verdicts(lines: Iterable[Line]) -> str:
    """How many levers are on either side of their path, and how many too near to say, basis by basis."""
    judged = [line.verdict for line in lines if line.verdict.is_judged]
    parts = []
    for basis, words in BASES.items():
        found = [verdict for verdict in judged if verdict.basis == basis]
        if found:
            sides = Counter(verdict.is_favourable for verdict in found)
            counted = ", ".join(f"{number(sides[side])} {called}" for side, called in CONCLUSIONS if sides[side])
            parts.append(f"{words}, {counted}")
    return " ; ".join(parts)


def _weight(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    parts = [emissions(content, territory)]
    weighed = [line for line in by_weight(lines) if line.weight]
    if weighed:
        of = "grandes demandes de l'État" if territory.level == "region" else "grandes parts indicatives"
        heaviest = _amounts([line for line in weighed if not line.is_of_sites][:HEAVIEST])
        border = content.border_of(territory)
        counted = f" pour {border.inside} seulement" if border else ""
        parts.append(f"Les plus {of}{counted}, en ktCO₂e évitées par an d'ici 2030 : {heaviest}.")
        if of_sites := _amounts(line for line in weighed if line.is_of_sites):
            parts.append(f"S'y ajoutent les leviers de quelques grands sites : {of_sites}.")
    else:
        parts.append("Aucun levier n'a de cible ni de part indicative ici.")
    return " ".join(parts)


def _amounts(lines: Iterable[Line]) -> str:
    return " ; ".join(f"{line.lever} ({amount(line)})" for line in lines)


def emissions(content: Content, territory: Territory) -> str:
    """What is emitted here, sector by sector; where that is not known, what would tell, and what is known above."""
    own = [
        f"{one.source}, {one.year} : {quantity(one.total, one.unit)} ({one.sectors[0]['sector']})"
        for one in content.inventories.get((territory.level, territory.code), ())
        if not one.is_whole
    ]
    found = content.inventory_of(territory)
    sectors = ""
    if found:
        place, inventory = found
        largest = inventory.sectors[:SECTORS]
        parts = ", ".join(f"{one['sector']} {share(one['value'] / inventory.total)}" for one in largest)
        total = quantity(inventory.total, inventory.unit)
        sectors = f"{place.name} émet {total} ({inventory.source}, {inventory.year}) : {parts}."
        if place == territory:
            return sectors
    missing = content.missing_inventories_of(territory)
    unknown = "Les émissions de ce territoire ne sont pas connues"
    if own:
        unknown += f", sauf une partie ({' ; '.join(own)})"
    if missing:
        last = f" ou {missing[-1]}" if len(missing) > 1 else missing[0]
        unknown += f" : il faudrait charger {', '.join(missing[:-1])}{last}"
    return f"{unknown}. {sectors}".rstrip()


def amount(line: Line) -> str:
    """What is asked, in ktCO2e: a share is not known better than to two digits."""
    return number(line.weight) if line.target_ktco2e is not None else rough(line.weight)


def _asked(content: Content, territory: Territory) -> str:
    found = content.progress.get((territory.level, territory.code, ALL_LEVERS))
    if territory.level == "region":
        if not found or found["asked"] is None:
            return "L'État n'a donné aucune cible à cette région."
        return f"L'État demande {_total(found, number)}, sur {plural(found['lever_count'], 'levier')}. {NOT_TAKEN_UP}"
    text = "Rien, par la planification : l'État ne demande qu'aux régions"
    if region := content.asking_region(territory):
        code, name = region
        asked = content.progress.get(("region", code, ALL_LEVERS))
        text += f", ici {name}"
        text += f" ({_total(asked, number)})" if asked and asked["asked"] is not None else ""
    text += "."
    if found and found["asked"] is not None:
        text += (
            f" La part indicative d'ici, que personne n'a demandée, vaut {_total(found, rough)}, sur "
            f"{plural(found['lever_count'], 'levier')} : un repère pour le débat."
        )
        if border := content.border_of(territory):
            text += f" Elle ne compte que {border.inside} ; ce que l'État demande ailleurs n'est pas chargé ici."
    return f"{text} {NOT_TAKEN_UP}"


def _total(found: Mapping[str, Any], written: Callable[[float], str]) -> str:
    """What all levers come to, without counting twice what overlaps."""
    least = "au moins " if found["is_least"] else ""
    return f"{least}{written(found['asked'])} ktCO₂e évitées par an d'ici 2030"


def _sureness(lines: Sequence[Line]) -> str:
    grades = Counter(line.verdict.confidence for line in lines if line.verdict.confidence)
    known = [line for line in lines if line.latest_value is not None]
    sure = sum(line.is_sure for line in known)
    parts = (
        [
            f"{initial(verdicts_of(lines))} (notes : "
            + ", ".join(f"{number(grades[grade])} en {grade}" for grade in sorted(grades))
            + ")"
        ]
        if grades
        else ["Aucun verdict, donc aucune note"]
    )
    parts.insert(0, _solid(grades))
    if known:
        parts.append(f"{number(sure)} des {plural(len(known), 'valeur')} observées et complètes")
    shares = [line for line in lines if line.share_ktco2e is not None and line.target_ktco2e is None]
    if shares:
        own = sum(not line.key_is_proxy for line in shares)
        shared = plural(len(shares), "part indicative", "parts indicatives")
        parts.append(f"{number(own)} des {shared} par la clé même de l'État, les autres par une clé approchée")
        widest = max(
            (line for line in shares if line.share_range),
            key=lambda line: line.share_range[1] - line.share_range[0] if line.share_range else 0,
            default=None,
        )
        if widest and widest.share_range and (between := span(*widest.share_range)):
            changing = sum(bool(line.share_range and span(*line.share_range)) for line in shares)
            change = plural(changing, "part change", "parts changent")
            parts.append(f"{initial(change)} avec la clé, surtout {widest.lever} : {between} ktCO₂e")
    return ". ".join(parts) + "."


def _solid(grades: Mapping[str, int]) -> str:
    """In a word, what the grades of the verdicts come to."""
    if not grades:
        return "Non, des ordres de grandeur pour le débat"
    good = sum(count for grade, count in grades.items() if grade in "AB")
    if 2 * good >= sum(grades.values()):
        return "Plutôt"
    return "Non, c'est fragile" if set(grades) == {"D"} else "En partie seulement"


def _neighbours(content: Content, territory: Territory) -> str:
    adjacent, nearest = content.adjacent_to(territory), content.nearest_to(territory)
    if not adjacent and not nearest:
        return "Aucun autre territoire de cet échelon n'est publié ici : rien à comparer."
    parts = []
    if adjacent:
        count = plural(len(adjacent), "intercommunalité limitrophe", "intercommunalités limitrophes")
        parts.append(f"{count} ({_named(adjacent)})")
    if nearest:
        parts.append(f"{plural(len(nearest), 'territoire semblable', 'territoires semblables')} ({_named(nearest)})")
    text = " et ".join(parts) + "."
    if compared := beside(content, territory)[:COMPARED]:
        text += f" {' ; '.join(map(_compared, compared))}."
    entered = [o.name for o in dict.fromkeys([*adjacent, *nearest]) if content.committed_to.get((o.level, o.code))]
    return f"{text} {UNPUBLISHED} ; {'saisis pour ' + ', '.join(entered) if entered else 'aucun de saisi'}."


def _compared(one: Beside) -> str:
    """A series here and the median of the nearest territories."""
    measure = one.measure
    here, middle = (quantity(value, measure.unit, one.largest) for value in (one.own, one.median))
    return (
        f"{measure.label}{measure.per} ({dated(measure.label, measure.year)}) : {here} ici, {middle} en médiane chez "
        f"{number(len(one.others))} semblables"
    )


def _named(territories: Sequence[Territory]) -> str:
    names = ", ".join(other.name for other in territories[:NEIGHBOURS])
    others = len(territories) - NEIGHBOURS
    return f"{names} et {plural(others, 'autre')}" if others > 0 else names


def _committed(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    committed = [line for line in lines if line.commitments]
    if committed:
        count = sum(found["count"] for line in committed for found in line.commitments)
        return f"{plural(count, 'engagement saisi', 'engagements saisis')}, sur {plural(len(committed), 'levier')}."
    text = (
        "On ne le sait pas ici : aucun engagement n'est saisi, et aucun jeu de données ne les rassemble. Ils sont dans "
        f"la feuille de route de la COP{COMMITTING.get(territory.level, '')}."
    )
    found = content.progress.get((territory.level, territory.code, ALL_LEVERS))
    if found and found["asked"] is not None:
        beside = "à la demande de l'État" if territory.level == "region" else "à la part indicative"
        text += f" Ils se compareraient {beside} : {_total(found, rough)}."
    return text


def _moved(content: Content, territory: Territory) -> str:
    parents = content.parents(territory)
    none = ""
    for place in (territory, *parents):
        moved = [
            moves[0]
            for line in by_weight(content.lines_of(place))
            if (line.weight or place == territory)
            and (moves := [move for move in content.moves_of(line) if move.is_latest and not move.is_doubtful])
        ]
        if moved:
            told = " ; ".join(_told(move) for move in list({move.label: move for move in moved}.values())[:HEAVIEST])
            which = "aux deux dernières années connues des séries sûres, le levier le plus lourd d'abord"
            return f"{none}{place.name}, {which} : {told}. {_published(content, territory)}"
        if place == territory:
            certain = " certaines et à jour" if content.moves.get((territory.level, territory.code)) else ""
            none = f"Aucune série d'ici n'a deux années{certain}. "
    above = "Celles des échelons au-dessus non plus. " if none and parents else ""
    return f"{none}{above}{_published(content, territory)}"


def _told(move: Move) -> str:
    """A change in plain words."""
    size = signed(move.change, move.unit, move.largest)
    last = quantity(move.last.value or 0, move.unit, move.largest)
    return f"{move.label}, {last} en {move.last.year} ({size} depuis {move.previous.year})"


def _published(content: Content, territory: Territory) -> str:
    """What the last publication did to the series of a territory."""
    if not content.publications[0]["previous_publication_id"]:
        return "Rien n'a pu être révisé : c'est la première publication."
    count = len(content.changes_of(territory))
    if not count:
        return "La dernière mise à jour n'a changé aucune série de cette page."
    return f"La dernière mise à jour a changé {plural(count, 'série de cette page', 'séries de cette page')}."


def _sources(content: Content, lines: Sequence[Line]) -> str:
    used = {name for line in lines for name in line.series.dataset_ids}
    return (
        "L'année à côté d'une valeur, le nom d'une clé et les mots « par l'État » mènent au fichier, à sa date, à son "
        f"empreinte et à sa licence. Les valeurs d'ici viennent de {plural(len(used), 'jeu', 'jeux')} de données, les "
        "demandes de l'État du simulateur territorial du SGPE."
    )


def _unknown(lines: Sequence[Line]) -> str:
    absent = sum(line.latest_value is None for line in lines)
    unjudged = sum(not line.verdict.is_judged for line in lines)
    others = f" ; pour les autres, {verdicts_of(lines)}" if unjudged < len(lines) else ""
    return (
        f"Sur {plural(len(lines), 'levier')}, {number(absent)} sans série et {number(unjudged)} que rien ne permet de "
        f"juger{others}. "
        "La raison, et le jeu de données qui la lèverait, sont écrits sur chacun."
    )
