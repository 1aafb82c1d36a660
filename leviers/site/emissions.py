"""What a territory emits, in words: its inventory, or else the order of magnitude that keys give."""

import math
from collections.abc import Sequence

from leviers.site.content import Content, Estimate, Inventory, Territory
from leviers.site.french import NO_BREAK, initial, quantity, rough, share, span
from leviers.site.words import cited

SECTORS = 4  # that an inventory names
APART = 1.5  # times what another sector may emit: below, a key of another kind could turn the order round
COUNTED_FROM = 0.01  # of what a region emits: a smaller sector is not named among those that no key places
KILOTONNE = 1000
ESTIMATE = "#emissions-reparties"  # where the keys are told


def emissions(content: Content, territory: Territory) -> str:
    """What is emitted here, by sector; else the order of magnitude, or what the region emits, and who has the rest."""
    found = content.inventory_of(territory)
    if found and found[0] == territory:
        return _inventory(content, *found)
    missing = _missing(content, territory)
    if not found:
        return missing
    if estimates := content.estimates_of(territory):
        return f"{_estimated(content, territory, found[1], estimates)}\n{missing}"
    return f"{missing}\n{_inventory(content, *found)}"


def _inventory(content: Content, place: Territory, inventory: Inventory) -> str:
    total = cited(content, quantity(inventory.total, inventory.unit), inventory.dataset_id)
    return f"{place.name} émettait {total} en {inventory.year} ({inventory.source}) : {_sectors(inventory)}."


def _sectors(inventory: Inventory) -> str:
    """The largest sectors and all others, whose shares add up to the whole as they are written."""
    ratios = [(one["sector"], round(one["value"] / inventory.total, 3)) for one in inventory.sectors[:SECTORS]]
    if len(inventory.sectors) > SECTORS:
        ratios.append(("autres", round(1 - sum(ratio for _, ratio in ratios), 3)))
    return ", ".join(f"{sector} {share(ratio)}" for sector, ratio in ratios)


def _estimated(content: Content, territory: Territory, inventory: Inventory, estimates: Sequence[Estimate]) -> str:
    """Which sector comes first where the emissions of the region lie as keys do, and how much of it each may be."""
    unplaced = unplaced_sectors(inventory, estimates)
    without = f", hors {' et '.join(name for name, _ in unplaced)}" if unplaced else ""
    told = " ; ".join(f"{one.sector}, {amount_of(one)}{NO_BREAK}ktCO₂e" for one in estimates)
    border = content.border_of(territory)
    inside = f", pour {border.inside} seulement" if border else ""
    year = cited(content, f"{inventory.year}", inventory.dataset_id)
    return (
        f"{_first(estimates)}{without} : {told}{inside}. Un ordre de grandeur calculé, pas un inventaire : ce que la "
        f"région émettait en {year}, [réparti selon des clés]({ESTIMATE})."
    )


def _first(estimates: Sequence[Estimate]) -> str:
    """The sector that comes first, or those that may."""
    first = estimates[0]
    near = [one.sector for one in estimates[1:] if first.low < APART * one.high]
    names = [first.sector, *near]
    return f"{initial(' ou '.join(names))} d'abord{', sans doute' if not near else ''}"


def amount_of(one: Estimate) -> str:
    """What a sector may emit, in kilotonnes."""
    low, high = (_kilotonnes(value) for value in (one.low, one.high))
    return span(low, high) or f"environ {rough(high)}"


def in_kilotonnes(tonnes: float) -> str:
    """An order of magnitude, in kilotonnes."""
    return rough(_kilotonnes(tonnes))


def _kilotonnes(tonnes: float) -> float:
    """The same as a number of two digits that count."""
    value = tonnes / KILOTONNE
    return round(value, 1 - math.floor(math.log10(value))) if value > 0 else 0.0


def unplaced_sectors(inventory: Inventory, estimates: Sequence[Estimate]) -> list[tuple[str, float]]:
    """The sectors of a region that no key places in its territories, with their share of what it emits."""
    placed = {one.sector for one in estimates}
    ratios = ((one["sector"], one["value"] / inventory.total) for one in inventory.sectors)
    return [(sector, ratio) for sector, ratio in ratios if sector not in placed and ratio >= COUNTED_FROM]


def _missing(content: Content, territory: Territory) -> str:
    """What of an inventory is measured here, and who has one."""
    own = [
        f"{one.sectors[0]['sector']}, {cited(content, quantity(one.total, one.unit), one.dataset_id)} ({one.source}, "
        f"{one.year})"
        for one in content.inventories.get((territory.level, territory.code), ())
        if not one.is_whole
    ]
    but = f", sauf {' ; '.join(own)}" if own else ""
    text = f"L'inventaire de ce territoire n'est pas repris ici{but}"
    if missing := content.missing_inventories_of(territory):
        having = [f"[{name}]({page})" if page else name for name, page in missing.items()]
        text += f" ; à lire chez {' ou '.join(having)}"
        text += ", ou dans le diagnostic d'un PCAET" if territory.level == "epci" else ""
    return f"{text}."
