"""What a territory and those nearest to it have that compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from leviers.site.content import SITE_KEYS, Content, Line, Measure, Territory, by_weight

SHOWN = 5
FEWEST = 3  # territories of which there is a median
# What a few sites emit: none here, nearly all there, so that a median says nothing.
OF_SITES = (*SITE_KEYS, "eu_ets_industrial_emissions")
T = TypeVar("T")


@dataclass(frozen=True)
class Beside:
    """A series of a lever here, and in the nearest territories that have all of its value of the same year."""

    line: Line
    measure: Measure
    own: float
    others: tuple[float, ...]
    asked: int  # the nearest territories, with or without a value
    population_year: int | None = None  # of the inhabitants that a total is brought to

    @property
    def median(self) -> float:
        """That of the territories, each counting for one: it is not the rate of all of them together."""
        return median(self.others)

    @property
    def largest(self) -> float:
        """The largest of its values, which gives all of them their scale."""
        return max(map(abs, (self.own, *self.others)))


def beside(content: Content, territory: Territory) -> list[Beside]:
    """The series to compare with the nearest territories: one per theme, the heaviest first, then the next ones."""
    nearest = content.nearest_to(territory)
    found: dict[str, Beside] = {}
    for line in by_weight(content.lines_of(territory)):
        if one := next(_of_lever(content, territory, nearest, line), None):
            found.setdefault(one.measure.label, one)
    return theme_by_theme(found.values(), lambda one: one.line.theme)[:SHOWN]


def theme_by_theme(found: Iterable[T], theme_of: Callable[[T], Any]) -> list[T]:
    """The first of each theme, in their order, then the others in theirs."""
    firsts: dict[Any, T] = {}
    rest = [one for one in found if firsts.setdefault(theme_of(one), one) is not one]
    return [*firsts.values(), *rest]


def _of_lever(content: Content, territory: Territory, nearest: list[Territory], line: Line) -> Iterator[Beside]:
    """The series of a lever that compare, that of its card first."""
    here = content.measures.get((territory.level, territory.code), {})
    names = [name for name in content.lever_measures.get(line.lever_id, ()) if name in here and name not in OF_SITES]
    for name in sorted(names, key=lambda name: here[name].label != line.indicator):
        measure = here[name]
        own = measure.compared(territory)
        others = [(place, content.measures.get((place.level, place.code), {}).get(name)) for place in nearest]
        values = [
            value
            for place, one in others
            if one and one.year == measure.year and not one.is_partial and (value := one.compared(place)) is not None
        ]
        if own is None or measure.is_partial or len(values) < FEWEST:
            continue
        if own or median(values):  # nought beside nought says nothing
            heads = None if measure.is_rate or measure.is_of_land else territory.population_year
            yield Beside(line, measure, own, tuple(values), len(nearest), heads)
