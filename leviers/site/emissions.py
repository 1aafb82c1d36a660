"""What a territory emits, in words: its inventory, or else the order of magnitude that keys give."""

import math
from collections.abc import Sequence
from itertools import pairwise

from leviers.site.content import Content, Estimate, Inventory, Territory
from leviers.site.words import NOT_VERIFIED, cited
from leviers.text.french import NO_BREAK, initial, quantity, rough, share, span

SECTORS = 4  # that an inventory names
APART = 1.5  # times what another sector may emit: below, a key of another kind could turn the order round
COUNTED_FROM = 0.01  # of what a region emits: a smaller sector is not named among those that no key places
KILOTONNE = 1000
ESTIMATE = "#emissions-reparties"  # where the keys are told


def emissions(content: Content, territory: Territory) -> str:
    """What is emitted here, by sector; else the order of magnitude, or what the region emits, and who has the rest."""
    found = content.inventory_of(territory)
    if found and found[0] == territory:
        text, elsewhere = _inventory(content, territory, *found), _others(content, territory)
        return f"{text} D'autres inventaires ou d'autres années : {elsewhere}." if elsewhere else text
    missing = _missing(content, territory)
    if estimated := content.estimated(territory):
        return f"{_estimated(content, territory, *estimated)}\n{missing}"
    return f"{missing}\n{_inventory(content, territory, *found)}" if found else missing


def _inventory(content: Content, territory: Territory, place: Territory, inventory: Inventory) -> str:
    total = cited(content, quantity(inventory.total, inventory.unit), inventory.dataset_id)
    where = "d'ici" if place == territory else f"au-dessus ({place.name})"
    source = f"{inventory.source}, {inventory.scope}{_unverified(content, inventory)}"
    text = f"Émissions {where} en {inventory.year}, {total} ({source}) : {_sectors(inventory)}."
    values = [one["value"] for one in inventory.sectors[:SECTORS]]
    close = any(before < APART * after for before, after in pairwise(values))
    return f"{text} Deux secteurs proches peuvent changer de rang d'un inventaire à l'autre." if close else text


def _unverified(content: Content, inventory: Inventory) -> str:
    """That an inventory was not read in a file of its producer."""
    dataset = content.datasets.get(inventory.dataset_id)
    return f", {NOT_VERIFIED}" if dataset and not dataset["verified"] else ""


def _sectors(inventory: Inventory) -> str:
    """The largest sectors and all others, whose shares add up to the whole as they are written."""
    ratios = [(one["sector"], round(one["value"] / inventory.total, 3)) for one in inventory.sectors[:SECTORS]]
    if len(inventory.sectors) > SECTORS:
        ratios.append(("autres", round(1 - sum(ratio for _, ratio in ratios), 3)))
    return ", ".join(f"{sector} {share(ratio)}" for sector, ratio in ratios)


def _estimated(content: Content, territory: Territory, inventory: Inventory, estimates: Sequence[Estimate]) -> str:
    """Which sector comes first where the emissions of the region lie as keys do, and how much of it each may be."""
    unplaced = unplaced_sectors(inventory, estimates)
    without = f", hors {' et '.join(f'« {name} »' for name, _ in unplaced)}" if unplaced else ""
    border = content.border_of(territory)
    inside = f", pour {border.inside} seulement" if border else ""
    told = " ; ".join(f"{one.sector}, {amount_of(one)}{NO_BREAK}ktCO₂e{_by_one_key(one)}" for one in estimates)
    year = cited(content, f"{inventory.year}", inventory.dataset_id)
    return (
        f"{_first(content, territory, estimates)}{without}{inside} : {told}. C'est un ordre de grandeur, pas un "
        f"inventaire : ce que la région émettait en {year}{_unverified(content, inventory)}, [réparti selon des "
        f"clés]({ESTIMATE}). Elles ignorent beaucoup, dont le trafic de passage ; l'erreur peut dépasser l'écart entre "
        "elles."
    )


def _first(content: Content, territory: Territory, estimates: Sequence[Estimate]) -> str:
    """The sector that comes first where two keys say so, or those that may; sites that outweigh them come first."""
    least = max(one.low for one in estimates)  # of the sector that comes first
    candidates = [one for one in estimates if APART * one.high >= least]
    names = " ou ".join(f"« {one.sector if sure else initial(one.sector)} »" for sure, one in enumerate(candidates))
    sites = [one for one in content.inventories.get((territory.level, territory.code), ()) if not one.is_whole]
    heaviest = max(sites, key=lambda one: one.total, default=None)
    if heaviest and heaviest.total >= least:
        measured = f"{heaviest.sectors[0]['sector']} d'abord, {_amount(content, heaviest)}"
        return f"{initial(measured)} ({heaviest.source}, {heaviest.year}), puis {names}"
    if len(candidates) > 1:
        first = max(candidates, key=lambda one: one.low)
        if all(first.low > one.high for one in candidates if one is not first):
            return f"« {initial(first.sector)} » d'abord selon toutes les clés, de trop peu pour l'affirmer"
        return f"{names} d'abord, l'écart ne suffit pas à trancher"
    return f"{names} d'abord, {'sans doute' if len(candidates[0].keys) > 1 else 'si la clé dit vrai'}"


def _by_one_key(one: Estimate) -> str:
    """That nothing bounds an estimate: one key alone gives it."""
    return "" if len(one.keys) > 1 else ", par une seule clé"


def amount_of(one: Estimate) -> str:
    """What a sector may emit, in kilotonnes."""
    low, high = (_two_digits(value / KILOTONNE) for value in (one.low, one.high))
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


def unplaced_sectors(inventory: Inventory, estimates: Sequence[Estimate]) -> list[tuple[str, float]]:
    """The sectors of a region that no key places in its territories, with their share of what it emits."""
    placed = {one.sector for one in estimates}
    ratios = ((one["sector"], one["value"] / inventory.total) for one in inventory.sectors)
    return [(sector, ratio) for sector, ratio in ratios if sector not in placed and ratio >= COUNTED_FROM]


def _missing(content: Content, territory: Territory) -> str:
    """That there is no inventory here, who has one, and what of it is measured here."""
    text = "L'inventaire de ce territoire n'est pas repris ici"
    if elsewhere := _others(content, territory):
        text += f" ; à lire chez {elsewhere}"
        text += ", ou dans le diagnostic d'un PCAET" if territory.level == "epci" else ""
    own = [
        f"{one.sectors[0]['sector']}, {_amount(content, one)} ({one.source}, "
        f"{one.year}{_doubt(content, territory, one)})"
        for one in content.inventories.get((territory.level, territory.code), ())
        if not one.is_whole
    ]
    if own:
        return f"{text}. Seule mesure : {' ; '.join(own)}."
    for parent in content.parents(territory):
        for one in content.inventories.get((parent.level, parent.code), ()):
            if parent.level != "region" and one.total and not one.is_whole:
                sites = f"{_amount(content, one, parent)} dans tout le département ({one.source}, {one.year})"
                return f"{text}. {initial(one.sectors[0]['sector'])} : {sites}, sans savoir quels sites sont ici."
    return f"{text}."


def _amount(content: Content, one: Inventory, place: Territory | None = None) -> str:
    """What sites emit; where none declares any, there may be industry all the same."""
    amount = quantity(one.total, one.unit) if one.total else "aucune émission déclarée"
    return cited(content, amount, one.dataset_id, place)


def _doubt(content: Content, territory: Territory, one: Inventory) -> str:
    """That what sites emit jumped in the year that is told."""
    moves = content.moves.get((territory.level, territory.code), ())
    jumped = any(
        move.jumps and (move.dataset_id, move.last.year, move.last.value) == (one.dataset_id, one.year, one.total)
        for move in moves
    )
    return ", à vérifier" if jumped else ""


def _others(content: Content, territory: Territory) -> str:
    """Who has the emissions of a territory that are not loaded here."""
    missing = content.missing_inventories_of(territory)
    return " ou ".join(f"[{name}]({page})" if page else name for name, page in missing.items())
