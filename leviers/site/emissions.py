"""What a territory emits, in words: its inventory, or else the order of magnitude that keys give."""

import math
from collections.abc import Sequence

from leviers.site.content import Content, Emission, Territory
from leviers.site.words import NOT_VERIFIED, cited
from leviers.text.french import NO_BREAK, initial, quantity, rough, share, span

SECTORS = 4  # that an inventory names
FIRST_BUT_CLOSE = ("first_by_little", "may_be_first")
KILOTONNE = 1000
UNIT = "t CO2e"
ESTIMATE = "#emissions-reparties"  # where the keys are told


def emissions(content: Content, territory: Territory) -> str:
    """What is emitted here, by sector; else the order of magnitude, or what the region emits, and who has the rest."""
    found = content.inventory_of(territory)
    if found and found[0] == territory:
        text, elsewhere = _inventory(content, territory, *found), _others(content, territory)
        return f"{text} D'autres inventaires ou d'autres années : {elsewhere}." if elsewhere else text
    missing = _missing(content, territory)
    if estimates := content.emissions_of(territory, "estimate"):
        return f"{_estimated(content, territory, estimates)}\n{missing}"
    return f"{missing}\n{_inventory(content, territory, *found)}" if found else missing


def _inventory(content: Content, territory: Territory, place: Territory, sectors: Sequence[Emission]) -> str:
    first = sectors[0]
    total = cited(content, quantity(sum(one.inventory_value or 0 for one in sectors), UNIT), first.dataset_id)
    where = "d'ici" if place == territory else f"au-dessus ({place.name})"
    source = f"{first.source}, {first.scope}{_unverified(content, first)}"
    text = f"Émissions {where} en {first.year}, {total} ({source}) : {_shares(sectors)}."
    close = any(one.place in FIRST_BUT_CLOSE for one in sectors)
    return f"{text} Deux secteurs proches peuvent changer de rang d'un inventaire à l'autre." if close else text


def _unverified(content: Content, one: Emission) -> str:
    """That an inventory was not read in a file of its producer."""
    dataset = content.datasets.get(one.dataset_id)
    return f", {NOT_VERIFIED}" if dataset and not dataset["verified"] else ""


def _shares(sectors: Sequence[Emission]) -> str:
    """The largest sectors and all others, whose shares add up to the whole as they are written."""
    ratios = [(one.sector, round(one.inventory_share or 0, 3)) for one in sectors[:SECTORS]]
    if len(sectors) > SECTORS:
        ratios.append(("autres", round(1 - sum(ratio for _, ratio in ratios), 3)))
    return ", ".join(f"{sector} {share(ratio)}" for sector, ratio in ratios)


def _estimated(content: Content, territory: Territory, estimates: Sequence[Emission]) -> str:
    """Which sector comes first where the emissions of the region lie as keys do, and how much of it each may be."""
    unplaced = content.emissions_of(territory, "unplaced")
    without = f", hors {' et '.join(f'« {one.sector} »' for one in unplaced)}" if unplaced else ""
    border = content.border_of(territory)
    inside = f", pour {border.inside} seulement" if border else ""
    told = " ; ".join(f"{one.sector}, {amount_of(one)}{NO_BREAK}ktCO₂e{_by_one_key(one)}" for one in estimates)
    year = cited(content, f"{estimates[0].year}", estimates[0].dataset_id)
    return (
        f"{_first(content, territory, estimates)}{without}{inside} : {told}. C'est un ordre de grandeur, pas un "
        f"inventaire : ce que la région émettait en {year}{_unverified(content, estimates[0])}, [réparti selon des "
        f"clés]({ESTIMATE}). Elles ignorent beaucoup, dont le trafic de passage ; l'erreur peut dépasser l'écart entre "
        "elles."
    )


def _first(content: Content, territory: Territory, estimates: Sequence[Emission]) -> str:
    """The sector that comes first where two keys say so, or those that may; sites that outweigh them come first."""
    candidates = [one for one in estimates if one.place]
    names = " ou ".join(f"« {one.sector if sure else initial(one.sector)} »" for sure, one in enumerate(candidates))
    for site in content.emissions_of(territory, "sites"):
        if site.place:
            measured = f"{site.sector} d'abord, {_amount(content, site)}"
            return f"{initial(measured)} ({site.source}, {site.year}), puis {names}"
    for one in candidates:
        if one.place == "first_by_little":
            return f"« {initial(one.sector)} » d'abord selon toutes les clés, de trop peu pour l'affirmer"
    if candidates[0].place == "may_be_first":
        return f"{names} d'abord, l'écart ne suffit pas à trancher"
    return f"{names} d'abord, {'sans doute' if candidates[0].place == 'first' else 'si la clé dit vrai'}"


def _by_one_key(one: Emission) -> str:
    """That nothing bounds an estimate: one key alone gives it."""
    return "" if (one.key_count or 0) > 1 else ", par une seule clé"


def amount_of(one: Emission) -> str:
    """What a sector may emit, in kilotonnes."""
    low, high = (_two_digits((value or 0) / KILOTONNE) for value in (one.least, one.most))
    least = rough(high)
    return span(low, high) or (least if not least[0].isdigit() else f"environ {least}")


def in_kilotonnes(tonnes: float) -> str:
    """An order of magnitude, in kilotonnes."""
    return rough(_two_digits(tonnes / KILOTONNE))


def rough_share(ratio: float) -> str:
    """A share that is known as well as that."""
    return share(_two_digits(ratio))


def _two_digits(value: float) -> float:
    """A number of two digits that count."""
    return round(value, 1 - math.floor(math.log10(value))) if value > 0 else 0.0


def _missing(content: Content, territory: Territory) -> str:
    """That there is no inventory here, who has one, and what of it is measured here."""
    text = "L'inventaire de ce territoire n'est pas repris ici"
    if elsewhere := _others(content, territory):
        text += f" ; à lire chez {elsewhere}"
        text += ", ou dans le diagnostic d'un PCAET" if territory.level == "epci" else ""
    own = [
        f"{one.sector}, {_amount(content, one)} ({one.source}, {one.year}{_doubt(content, territory, one)})"
        for one in content.emissions_of(territory, "sites")
    ]
    if own:
        return f"{text}. Seule mesure : {' ; '.join(own)}."
    for parent in content.parents(territory):
        for one in content.emissions_of(parent, "sites"):
            if parent.level != "region" and one.least:
                sites = f"{_amount(content, one, parent)} dans tout le département ({one.source}, {one.year})"
                return f"{text}. {initial(one.sector)} : {sites}, sans savoir quels sites sont ici."
    return f"{text}."


def _amount(content: Content, one: Emission, place: Territory | None = None) -> str:
    """What sites emit; where none declares any, there may be industry all the same."""
    amount = quantity(one.least, UNIT) if one.least else "aucune émission déclarée"
    return cited(content, amount, one.dataset_id, place)


def _doubt(content: Content, territory: Territory, one: Emission) -> str:
    """That what sites emit is to be checked in the year that is told."""
    moves = content.moves.get((territory.level, territory.code), ())
    odd = any(
        move.is_to_check and (move.dataset_id, move.last.year, move.last.value) == (one.dataset_id, one.year, one.least)
        for move in moves
    )
    return ", à vérifier" if odd else ""


def _others(content: Content, territory: Territory) -> str:
    """Who has the emissions of a territory that are not loaded here."""
    missing = content.missing_inventories_of(territory)
    return " ou ".join(f"[{name}]({page})" if page else name for name, page in missing.items())
