"""What a territory and those most like it have that compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from leviers.site.content import Comparison, Content, Line, Territory, by_weight

SHOWN = 5
T = TypeVar("T")


@dataclass(frozen=True)
class Beside:
    """A series of a lever here and in the territories most like it."""

    line: Line
    compared: Comparison


def beside(content: Content, territory: Territory) -> list[Beside]:
    """The series to compare: one per theme, the heaviest first, then the next ones; of a lever, that of its card."""
    here = content.comparisons.get((territory.level, territory.code), {})
    found: dict[str, Beside] = {}
    for line in by_weight(content.lines_of(territory)):
        series = [here[name] for name in content.lever_measures.get(line.lever_id, ()) if name in here]
        told = [one for one in series if one.count and (one.own or one.median)]  # nought beside nought says nothing
        for one in sorted(told, key=lambda one: one.label != line.indicator)[:1]:
            found.setdefault(one.label, Beside(line, one))
    return theme_by_theme(found.values(), lambda one: one.line.theme)[:SHOWN]


def theme_by_theme(found: Iterable[T], theme_of: Callable[[T], Any]) -> list[T]:
    """The first of each theme, in their order, then the others in theirs."""
    firsts: dict[Any, T] = {}
    rest = [one for one in found if firsts.setdefault(theme_of(one), one) is not one]
    return [*firsts.values(), *rest]
