"""The ten questions that a territory asks of its page, each with an answer and the place of the details."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leviers.site.content import ALL_LEVERS, Content, Line, Territory, by_weight
from leviers.site.french import number, plural, rough, signed
from leviers.site.words import BASES, level_name, level_names

HEAVIEST = 3  # levers that an answer names
NEIGHBOURS = 4

# What the law asks (land take, bio-waste, energy of large buildings) is no part of the planning that is shown.
NOT_BINDING = (
    "Rien que la planification rende obligatoire ici, à côté de ce que la loi demande : l'État fixe ses cibles à la "
    "région."
)


@dataclass(frozen=True)
class Answer:
    """A question, its answer in a sentence or two, and the section or page that has the details."""

    question: str
    text: str
    place: str
    place_name: str


def answers(content: Content, territory: Territory) -> list[Answer]:
    """The ten questions of a territory, in the order in which they are asked."""
    lines = content.lines_of(territory)
    return [
        Answer("Où en sommes-nous ?", _standing(content, territory, lines), "#ou-en-est", "Échelon par échelon"),
        Answer("Qu'est-ce qui pèse le plus ?", _weight(territory, lines), "#poids", "Ce qui pèse le plus"),
        Answer("Que nous demande-t-on, et qui ?", _asked(content, territory), "#demande", "Levier par levier"),
        Answer("Est-ce sûr ?", _sureness(lines), "#confiance", "Les notes et leurs raisons"),
        Answer("Que font nos voisins ?", _neighbours(content, territory), "#voisins", "Voisins et semblables"),
        Answer("À quoi nous sommes-nous engagés ?", _committed(lines), "#engagements", "Engagements"),
        Answer("Qu'est-ce qui a changé depuis un an ?", _moved(content, territory), "#annee", "Série par série"),
        Answer("D'où vient ce chiffre ?", _sources(content, lines), "#sources", "Sources de cette page"),
        Answer("Que ne sait-on pas ?", _unknown(lines), "#inconnu", "Ce que l'on ne sait pas"),
        Answer(
            "Puis-je l'imprimer ?",
            "Oui : imprimer cette page donne une feuille A4. Les valeurs se téléchargent aussi, pour un tableur.",
            f"fichiers/{territory.slug}.csv",
            "Télécharger le CSV",
        ),
    ]


def _standing(content: Content, territory: Territory, lines: Sequence[Line]) -> str:
    here = _verdicts(lines)
    if here:
        return f"Verdicts du bon côté de leur trajectoire : {here}. Une base ne s'additionne pas à une autre."
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
        f"{parent.name}, verdicts du bon côté de leur trajectoire : {found}"
        for parent in content.parents(territory)
        if (found := _verdicts(content.lines_of(parent)))
    ]
    return ". ".join([text, *above]) + "."


def _verdicts(lines: Iterable[Line]) -> str:
    """How many levers are judged, basis by basis, and how many of them are on the right side."""
    judged = [line.verdict for line in lines if line.verdict.is_judged]
    parts = []
    for basis, words in BASES.items():
        found = [verdict for verdict in judged if verdict.basis == basis]
        if found:
            right = sum(verdict.is_on_right_side is True for verdict in found)
            parts.append(f"{number(right)} sur {number(len(found))} ({words})")
    return ", ".join(parts)


def _weight(territory: Territory, lines: Sequence[Line]) -> str:
    heaviest = [line for line in by_weight(lines) if line.weight and not line.is_of_sites][:HEAVIEST]
    if not heaviest:
        return "Aucun levier n'a de cible ni de part indicative ici."
    named = " ; ".join(f"{line.lever} ({amount(line)})" for line in heaviest)
    of = "Les plus grandes demandes de l'État" if territory.level == "region" else "Les plus grandes parts indicatives"
    return f"{of}, en ktCO₂e évitées par an d'ici 2030 : {named}."


def amount(line: Line) -> str:
    """What is asked, in ktCO2e: a share is not known better than to two digits."""
    return number(line.weight) if line.target_ktco2e is not None else rough(line.weight)


def _asked(content: Content, territory: Territory) -> str:
    found = content.progress.get((territory.level, territory.code, ALL_LEVERS))
    if not found or found["asked"] is None:
        return NOT_BINDING
    least = "au moins " if found["is_least"] else ""
    levers = plural(found["lever_count"], "levier")
    if territory.level == "region":
        return f"L'État demande {least}{number(found['asked'])} ktCO₂e évitées par an d'ici 2030, sur {levers}."
    return (
        f"{NOT_BINDING} La part indicative d'ici est {least}"
        f"de {rough(found['asked'])} ktCO₂e évitées par an d'ici 2030, sur {levers} : un repère pour le débat."
    )


def _sureness(lines: Sequence[Line]) -> str:
    grades = Counter(line.verdict.confidence for line in lines if line.verdict.confidence)
    known = [line for line in lines if line.latest_value is not None]
    sure = sum(line.is_sure for line in known)
    parts = (
        [
            f"{plural(sum(grades.values()), 'verdict noté', 'verdicts notés')} : "
            + ", ".join(f"{number(grades[grade])} en {grade}" for grade in sorted(grades))
        ]
        if grades
        else ["Aucun verdict, donc aucune note"]
    )
    if known:
        parts.append(f"{number(sure)} des {plural(len(known), 'valeur')} observées et complètes")
    shares = [line for line in lines if line.share_ktco2e is not None and line.target_ktco2e is None]
    if shares:
        own = sum(not line.key_is_proxy for line in shares)
        shared = plural(len(shares), "part indicative", "parts indicatives")
        parts.append(f"{number(own)} des {shared} par la clé même de l'État, les autres par une clé approchée")
    return ". ".join(parts) + "."


def _neighbours(content: Content, territory: Territory) -> str:
    adjacent, nearest = content.adjacent_to(territory), content.nearest_to(territory)
    parts = []
    if adjacent:
        count = plural(len(adjacent), "intercommunalité limitrophe", "intercommunalités limitrophes")
        parts.append(f"{count} : {_named(adjacent)}")
    if nearest:
        alike = "proches par le type, la taille et la densité" if territory.level == "epci" else "de population proche"
        count = plural(len(nearest), level_name(territory.level), level_names(territory.level))
        parts.append(f"{count} {alike} : {_named(nearest)}")
    if not parts:
        return "Aucun territoire du même échelon n'est dans ce fichier."
    return ". ".join(parts) + "."


def _named(territories: Sequence[Territory]) -> str:
    names = ", ".join(other.name for other in territories[:NEIGHBOURS])
    others = len(territories) - NEIGHBOURS
    return f"{names} et {plural(others, 'autre')}" if others > 0 else names


def _committed(lines: Sequence[Line]) -> str:
    committed = [line for line in lines if line.commitments]
    if not committed:
        return "Aucun engagement de ce territoire n'est saisi."
    count = sum(found["count"] for line in committed for found in line.commitments)
    return f"{plural(count, 'engagement saisi', 'engagements saisis')}, sur {plural(len(committed), 'levier')}."


def _moved(content: Content, territory: Territory) -> str:
    none = "" if content.moves.get((territory.level, territory.code)) else "Aucune série d'ici n'a deux années. "
    for place in (territory, *content.parents(territory)):
        moved = [move for line in by_weight(content.lines_of(place)) for move in content.moves_of(line)]
        if moved:
            first = moved[0]
            change = signed(first.change, first.unit, first.largest)
            return (
                f"{none}{place.name} : {plural(len(moved), 'série')} sur deux années au moins ; pour le plus lourd de "
                f"ces leviers, {first.label} : {change} de {first.previous.year} à {first.last.year}. "
                "Ce que la dernière mise à jour a modifié est au même endroit."
            )
    return f"{none}Celles des échelons au-dessus non plus."


def _sources(content: Content, lines: Sequence[Line]) -> str:
    used = {name for line in lines for name in line.series.dataset_ids}
    files = sum(len(content.datasets[name]["files"]) for name in used)
    return (
        f"De {plural(len(used), 'jeu de données', 'jeux de données')} ({plural(files, 'fichier')}). Chaque valeur "
        "observée nomme le sien ; la page Sources en donne le fichier, la date, l'empreinte et la licence. Ce que "
        "l'État demande vient du simulateur des COP et de son kit (SGPE), que cette page décrit aussi ; une part nomme "
        "sa clé."
    )


def _unknown(lines: Sequence[Line]) -> str:
    absent = sum(line.latest_value is None for line in lines)
    unjudged = sum(not line.verdict.is_judged for line in lines)
    return (
        f"Sur {plural(len(lines), 'levier')}, {number(absent)} sans série et {number(unjudged)} sans verdict. "
        "La raison, et le jeu de données qui la lèverait, sont écrits sur chacun."
    )
