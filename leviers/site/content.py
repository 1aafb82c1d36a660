"""What the pages say, read from the published file in a few queries."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from leviers.site import queries
from leviers.site.borders import Border, read_borders, read_departements
from leviers.site.charts import Path as TargetPath
from leviers.site.charts import Point
from leviers.site.queries import CLIMATE_PLANS
from leviers.text.french import folded, in_region

NOT_JUDGED = "not_judged"
ALL_LEVERS = "all"
EVERY_REGION = "all"
HEADLINES = 6
RECENT_YEARS = 3  # an older value is no headline
COMPLETE = 99.95  # percent that are written as 100
NEIGHBOURS = 10
LEVEL_TO_REACH = "niveau à atteindre"
FACTORIES = "eu_ets_verified_emissions"
SITE_KEYS = (FACTORIES, "household_waste_landfill")  # and landfills
REGIONAL_INVENTORY = "l'AASQA de la région"
_CORNER = re.compile(r"\[\s*(-?[\d.]+\s*,\s*-?[\d.]+)")  # longitude and latitude in GeoJSON
# A change is apart that lies outside those of so many other territories by so much, and by so many times their spread.
FEWEST_OTHERS, FAR_APART, TIMES_APART = 5, 0.1, 2
JUMP = 2  # from one year to the next, what is more than a measure often does


@dataclass(frozen=True)
class Territory:
    """A territory that has a page."""

    level: str
    code: str
    name: str
    region_code: str | None
    departement_code: str | None
    population: int | None
    population_year: int | None
    area_km2: float | None = None

    @property
    def slug(self) -> str:
        """The name of its files."""
        return f"{self.level}-{self.code}"

    def distance_to(self, other: Territory) -> float:
        """How unlike another it is in population and, where both areas are known, in density."""
        own, others = self.population or 1, other.population or 1
        apart = abs(math.log(own / others))
        if self.area_km2 and other.area_km2:
            apart += abs(math.log(own / self.area_km2 * other.area_km2 / others))
        return apart


@dataclass(frozen=True)
class Verdict:
    """The reading of a lever in a territory: beside what, how sure, how far, how fast."""

    reading: str = NOT_JUDGED
    reading_label: str = ""
    lean: str | None = None  # of what is unsure
    lean_label: str | None = None
    basis: str = "none"
    basis_label: str = ""
    indicator: str | None = None
    unit: str | None = None
    start_year: int | None = None
    start_value: float | None = None
    start_label_fr: str | None = None
    is_start_of_state: bool = False
    series_start_value: float | None = None  # what the series itself says of the start
    joint_with: str | None = None  # the levers whose demands the path counts too
    latest_year: int | None = None
    compared_value: float | None = None
    published_value: float | None = None
    target_year: int | None = None
    target_value: float | None = None
    path_value: float | None = None
    is_met_from_start: bool = False  # the path is then the target itself
    gap: float | None = None
    uncertainty: float | None = None  # a smaller gap concludes nothing
    gap_ktco2e: float | None = None
    pace_observed: float | None = None
    pace_required: float | None = None
    smoothing_years: int | None = None
    climate_correction: str | None = None
    confidence: str | None = None
    doubts: tuple[str, ...] = ()  # what weakens it, what weighs most first
    reason: str | None = None
    missing_dataset: str | None = None
    missing_page: str | None = None
    missing_state: str | None = None  # of the reader that the catalogue has, or plans, of the missing dataset
    other_basis_disagrees: bool = False
    national: dict[str, Any] | None = None  # the target of the country, its strategy, and how it becomes a path here

    @property
    def is_judged(self) -> bool:
        """Whether a series is read beside a path."""
        return self.reading != NOT_JUDGED

    @property
    def path(self) -> TargetPath | None:
        """The way from the start to the target, where the series is judged by it."""
        if not self.is_judged:
            return None
        if self.start_year is None or self.start_value is None or self.target_year is None or self.target_value is None:
            return None
        start = self.target_value if self.is_met_from_start else self.start_value
        return TargetPath(self.start_year, start, self.target_year, self.target_value)


@dataclass(frozen=True)
class Move:
    """A series that measures a lever in a territory: its first year since its last break, and its two last ones."""

    lever_id: str
    label: str
    unit: str
    dataset_id: str
    first: Point
    previous: Point
    last: Point
    newest_year: int  # of the series of the lever that have its unit
    snapshot_id: str | None = None
    is_raw: bool = False  # neither the climate nor stocks are taken out of it
    yearly: Sequence[float] = ()  # its values, since its first year
    years: Sequence[int] = ()  # of those values
    others: dict[str, Any] = field(default_factory=dict)  # this change at the same level: count, low and high

    @property
    def is_latest(self) -> bool:
        """Whether no series of the lever in its unit goes on after it."""
        return self.last.year >= self.newest_year

    @property
    def is_doubtful(self) -> bool:
        """Whether a value is not certain, or jumps."""
        return self.jumps or self.is_apart or not (self.previous.is_sure and self.last.is_sure)

    @property
    def jumps(self) -> bool:
        """Whether the last value is more than twice or less than half of the one before."""
        low, high = sorted((self.previous.value or 0, self.last.value or 0), key=abs)
        return low * high < 0 or abs(high) > JUMP * abs(low)

    @property
    def is_apart(self) -> bool:
        """Whether it changed as no other territory did: more likely a change of the source than of the territory."""
        if not self.previous.value or self.others.get("count", 0) < FEWEST_OTHERS:
            return False
        low, high, own = self.others["low"], self.others["high"], self.change / self.previous.value
        return bool(max(low - own, own - high) > max(FAR_APART, TIMES_APART * (high - low)))

    @property
    def change(self) -> float:
        """From the last year but one to the last."""
        return (self.last.value or 0) - (self.previous.value or 0)

    @property
    def relative_change(self) -> float:
        """The same in proportion, without a sign; a change from nought has no measure."""
        return abs(self.change / self.previous.value) if self.previous.value else 0.0

    @property
    def change_since_first(self) -> float:
        """From the first year to the last."""
        return (self.last.value or 0) - (self.first.value or 0)

    @property
    def turned(self) -> int | None:
        """The year from which its values have gone the same way, year after year, if before the last but one."""
        found = None
        steps = list(pairwise(zip(self.years, self.yearly, strict=True)))[:-1]
        for (year, before), (next_year, after) in reversed(steps):
            if next_year != year + 1 or (after - before) * self.change <= 0:
                break
            found = year
        return found

    @property
    def swing(self) -> tuple[float, float] | None:
        """The smallest and the largest of its values, where it went up and down and so did not move one way."""
        steps = [after - before for before, after in pairwise(self.yearly)]
        one_way = all(step >= 0 for step in steps) or all(step <= 0 for step in steps)
        return None if one_way else (min(self.yearly), max(self.yearly))

    @property
    def largest(self) -> float:
        """The largest of its values, which gives all of them their scale."""
        return max(abs(point.value or 0) for point in (self.first, self.previous, self.last))


@dataclass(frozen=True)
class Series:
    """The values of an indicator in a territory, where they come from, and what a line says of the last.

    The dataset of the latest value comes first. A composed series is made here of several others. A break is a year,
    the first of the new series, and its reason.
    """

    points: tuple[Point, ...] = ()
    dataset_ids: tuple[str, ...] = ()
    snapshot_ids: tuple[str, ...] = ()
    latest: dict[str, Any] = field(default_factory=dict)
    breaks: tuple[dict[str, Any], ...] = ()
    is_rate: bool = False
    is_composed: bool = False

    @property
    def dataset_id(self) -> str | None:
        """The dataset of the latest value, which a page links beside it."""
        return next(iter(self.dataset_ids), None)

    @property
    def shown_breaks(self) -> list[dict[str, Any]]:
        """The breaks that lie between two known values."""
        known = [point.year for point in self.points if point.value is not None]
        return [found for found in self.breaks if known and known[0] < found["year"] <= known[-1]]


@dataclass(frozen=True)
class Line:
    """A lever in a territory: what is observed, how it stands, what is asked, shared out and committed."""

    level: str
    code: str
    lever_id: str
    lever: str
    theme: str
    indicator: str | None
    unit: str | None
    latest_year: int | None
    latest_value: float | None
    interval: float | None = None
    nature: str | None = None
    completeness: float | None = None
    is_provisional: bool | None = None
    absence: str | None = None
    source: str | None = None
    source_is_verified: bool | None = None
    target_ktco2e: float | None = None
    target: float | None = None
    target_unit: str | None = None
    target_kind: str | None = None
    share_ktco2e: float | None = None
    share_pct: float | None = None
    key_label: str | None = None
    key_year: int | None = None
    key_is_proxy: bool | None = None
    key_reason: str | None = None
    regional_ktco2e: float | None = None
    share_change: float | None = None
    share_rate: float | None = None
    share_unit: str | None = None
    key_id: str | None = None
    key_dataset_ids: list[str] | None = None
    target_dataset_id: str | None = None
    regional_kind: str | None = None
    is_shown_by_state: bool = True  # whether the tool of the State shows the target of the region
    region_code: str | None = None
    region: str | None = None  # of which the target is shared out
    remark: str | None = None
    verdict: Verdict = Verdict()
    series: Series = Series()
    is_quantified: bool = True
    newer: dict[str, Any] | None = None  # a later value, of another series than the judged one
    doubts: tuple[dict[str, Any], ...] = ()  # the anomalies found in the series
    keys: tuple[dict[str, Any], ...] = ()  # the share by each key of the range, the one that is kept first
    commitments: tuple[dict[str, Any], ...] = ()  # what the territory has committed to, by horizon

    @property
    def weight(self) -> float:
        """What is asked of the territory, in ktCO2e: its target, or its indicative share."""
        return self.asked or 0.0

    @property
    def asked(self) -> float | None:
        """The same, unless it is not known: a share of nought is known."""
        return self.target_ktco2e if self.target_ktco2e is not None else self.share_ktco2e

    @property
    def share_range(self) -> tuple[float, float] | None:
        """The smallest and the largest share, where several keys give one."""
        shares = [key["share"] for key in self.keys]
        return (min(shares), max(shares)) if shares else None

    @property
    def asked_by(self) -> str | None:
        """The dataset behind what is asked: that of the target or, of a share, that of its key."""
        if self.target_ktco2e is not None:
            return self.target_dataset_id
        return next(iter(self.key_sources), None)

    @property
    def key_sources(self) -> list[str]:
        """The datasets of its key: what spreads one below the departement, where it is measured, is not used there."""
        found = self.key_dataset_ids or []
        return found[:1] if self.level == "departement" and "__" in (self.key_id or "") else found

    @property
    def is_of_sites(self) -> bool:
        """Whether the share spreads by another key what a few sites emit: where there is none, it says nothing."""
        measured, _, spread_by = (self.key_id or "").partition("__")
        return bool(spread_by) and measured in SITE_KEYS

    @property
    def largest(self) -> float:
        """The largest amount of its card, which gives all of them their scale."""
        verdict = self.verdict
        values = (self.latest_value, verdict.start_value, verdict.target_value, verdict.compared_value)
        return max((abs(value) for value in values if value is not None), default=0.0)

    @property
    def is_sure(self) -> bool:
        """Whether the latest value is observed and complete, and nothing is doubtful in it."""
        sure = any(point.is_sure for point in self.series.points if point.year == self.latest_year)
        return sure and self.latest_doubt is None

    @property
    def is_partial(self) -> bool:
        """Whether a part of the latest value is known not to be in it."""
        return self.completeness is not None and self.completeness < COMPLETE

    @property
    def latest_doubt(self) -> str | None:
        """What is doubtful in the latest value."""
        return next((found["reason"] for found in self.doubts if found["year"] == self.latest_year), None)


@dataclass(frozen=True)
class Measure:
    """The latest value of a series that compares with that of the neighbours."""

    label: str
    unit: str
    is_rate: bool
    is_of_land: bool
    year: int
    value: float
    completeness: float | None
    dataset_id: str
    snapshot_id: str

    @property
    def is_partial(self) -> bool:
        """Whether a part is known not to be in it: of a sum, it is then the least."""
        return self.completeness is not None and self.completeness < COMPLETE

    @property
    def per(self) -> str:
        """What the value is brought to, to compare whatever the size: a rate compares as it is, a total never does."""
        return "" if self.is_rate else " pour 100\u00a0ha" if self.is_of_land else " pour 1\u202f000\u00a0habitants"

    def compared(self, territory: Territory) -> float | None:
        """The value that compares, in the unit of the series for what ``per`` says."""
        if self.is_rate:
            return self.value
        if self.is_of_land:
            return self.value / territory.area_km2 if territory.area_km2 else None
        return 1000 * self.value / territory.population if territory.population else None


@dataclass(frozen=True)
class Inventory:
    """The emissions of a territory in the latest year of a source, by sector."""

    source: str
    year: int
    dataset_id: str
    snapshot_id: str | None
    unit: str
    gases: str
    scope: str
    total: float
    sectors: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether it tells of all sectors, and not of some sites alone."""
        return len(self.sectors) > 1


@dataclass(frozen=True)
class Estimate:
    """What a sector of a territory would emit if the emissions of its region lay as keys do, in tonnes."""

    sector: str
    source: str
    year: int
    region_value: float
    keys: list[dict[str, Any]]  # one of each share, that which gives most comes first

    @property
    def high(self) -> float:
        """By the key that gives most."""
        return float(self.keys[0]["value"])

    @property
    def low(self) -> float:
        """By the key that gives least."""
        return float(self.keys[-1]["value"])


@dataclass(frozen=True)
class Chantier:
    """One of the 22 chantiers, with the quantified levers that are tied to it."""

    chantier_id: str
    name: str
    theme: str
    theme_order: int
    lever_ids: tuple[str, ...]
    is_confirmed: bool | None


@dataclass(frozen=True)
class Content:
    """All that the pages say."""

    refreshed_at: datetime
    territories: tuple[Territory, ...]
    other_regions: tuple[Territory, ...]  # without a page
    lines: dict[tuple[str, str], tuple[Line, ...]]
    chantiers: tuple[Chantier, ...]
    progress: dict[tuple[str, str, str], dict[str, Any]]  # by level, code and chantier, or ALL_LEVERS
    datasets: dict[str, dict[str, Any]]
    planned: dict[str, dict[str, Any]]  # datasets that are described and not loaded
    plans: dict[str, list[dict[str, Any]]] | None  # climate plans by the EPCI that carries them, where they are loaded
    plans_page: str  # where the climate plans of the EPCI are published
    regional_documents: tuple[dict[str, Any], ...]  # those of all regions come last
    regional_figures: dict[str, list[dict[str, Any]]]  # what a Region has set for itself and observed, by region
    obligations: dict[tuple[str, str], list[dict[str, Any]]]  # what the law asks, by level and code
    communes: tuple[tuple[str, str, str, str], ...]
    similar: dict[str, list[str]]  # EPCI, the nearest first
    adjacent: dict[str, list[str]]  # EPCI that share a border
    measures: dict[tuple[str, str], dict[str, Measure]]  # by level and code, then by indicator
    lever_measures: dict[str, list[str]]  # the indicators that measure a lever, the nearest to it first
    inventories: dict[tuple[str, str], list[Inventory]]  # by level and code
    estimates: dict[tuple[str, str, str], list[Estimate]]  # by level, code and region, the largest first
    missing_inventories: dict[str, list[dict[str, Any]]]  # by level
    moves: dict[tuple[str, str], list[Move]]  # of every measure that has two years, by level and code
    history: dict[tuple[str, str], list[dict[str, Any]]]  # of the roadmap, by level and code
    closing: dict[str, list[dict[str, Any]]]  # by region
    borders: dict[tuple[str, str, str], Border]  # by level, code and region
    departements: dict[str, list[tuple[str, float]]]  # of the EPCI of several, and the share of the inhabitants in each
    contours: dict[str, dict[str, tuple[str, str]]]
    contour_credits: frozenset[str]
    labels: dict[tuple[str, str], str] = field(repr=False)  # in French, by domain and code
    dictionary: list[dict[str, Any]] = field(repr=False)
    indicators: list[dict[str, Any]] = field(repr=False)
    publications: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    anomalies: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    breaks: list[dict[str, Any]]
    partial_years: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]

    @cached_property
    def levels(self) -> list[str]:
        """The levels of which territories have a page, the largest territories first."""
        return list(dict.fromkeys(territory.level for territory in self.territories))

    def labels_of(self, domain: str) -> dict[str, str]:
        """The codes of a column and their labels, in the order of the file."""
        return {code: label for (found, code), label in self.labels.items() if found == domain}

    def level_name(self, level: str) -> str:
        """A level in the singular; one that a person has entered, such as a CRTE, keeps its own name in capitals."""
        return self.labels.get(("territory_level", level)) or level.upper().replace("_", " ")

    def level_names(self, level: str) -> str:
        """A level in the plural, which an acronym and a word in s do not mark."""
        name = self.level_name(level)
        return f"{name}s" if name.islower() and not name.endswith("s") else name

    @property
    def holder(self) -> str:
        """Who answers for the publication, in words that follow those who hold it."""
        return f"({self.publications[0]['contact'] or 'sans adresse donnée'})"

    @property
    def recent_from(self) -> int:
        """The first year of which a value is recent."""
        return self.refreshed_at.year - RECENT_YEARS

    @property
    def is_whole_country(self) -> bool:
        """Whether every region is published; of one, the EPCI beyond its border have no contour."""
        return bool(self.publications[0]["region"] == EVERY_REGION)

    @cached_property
    def by_slug(self) -> dict[tuple[str, str], Territory]:
        """Territories by level and code."""
        return {(t.level, t.code): t for t in self.territories}

    @cached_property
    def levers(self) -> dict[str, list[Line]]:
        """The lines of each lever, in the order of the themes."""
        found: dict[str, list[Line]] = defaultdict(list)
        for lines in self.lines.values():
            for line in lines:
                found[line.lever_id].append(line)
        return dict(
            sorted(found.items(), key=lambda item: (self.theme_order(item[1][0].theme), folded(item[1][0].lever)))
        )

    @cached_property
    def committed_to(self) -> dict[tuple[str, str], int]:
        """How many levers a territory that has a page has committed to, by level and code."""
        return {key: sum(bool(line.commitments) for line in lines) for key, lines in self.lines.items()}

    @cached_property
    def rates(self) -> dict[tuple[str, str, str | None], list[float]]:
        """The latest values of each rate, by level, lever and indicator: rates compare whatever the size."""
        found: dict[tuple[str, str, str | None], list[float]] = defaultdict(list)
        for lines in self.lines.values():
            for line in lines:
                if line.series.is_rate and line.latest_value is not None:
                    found[line.level, line.lever_id, line.indicator].append(line.latest_value)
        return found

    def inventory_of(self, territory: Territory) -> tuple[Territory, Inventory] | None:
        """The newest emissions that tell of all sectors, of the territory or of the nearest one above that has them."""
        for place in (territory, *self.parents(territory)):
            found = [one for one in self.inventories.get((place.level, place.code), ()) if one.is_whole]
            if found:
                return place, max(found, key=lambda one: one.year)
        return None

    def estimated(self, territory: Territory) -> tuple[Inventory, list[Estimate]] | None:
        """Of a territory without an inventory: that of its region and what its sectors may emit, the largest first."""
        found, asking = self.inventory_of(territory), self.asking_region(territory)
        if not asking or (found and found[0] == territory):
            return None
        estimates = self.estimates.get((territory.level, territory.code, asking[0]), [])
        if all(one.low >= one.region_value for one in estimates):  # a departement that is its region
            return None
        for one in self.inventories.get(("region", asking[0]), ()):
            if one.is_whole and (one.source, one.year) == (estimates[0].source, estimates[0].year):
                return one, estimates
        return None

    def missing_inventories_of(self, territory: Territory) -> dict[str, str | None]:
        """Who has the emissions of a territory, and the page of that; one that is not known here goes by what it is."""
        own = territory.region_code or territory.code
        missing = self.missing_inventories.get(territory.level, [])
        found: dict[str, str | None] = {}
        for row in missing:
            if row["region_code"] in (None, own):
                found.setdefault(row["source"].partition(" (")[0], row["homepage"])
        regional = {row["region_code"] for row in missing if row["region_code"]}
        return found | {REGIONAL_INVENTORY: None} if regional and own not in regional else found

    def plans_of(self, territory: Territory) -> list[dict[str, Any]]:
        """The climate plans that a territory has deposited, the one whose file changed last first; an EPCI has some."""
        return (self.plans or {}).get(territory.code, []) if territory.level == "epci" else []

    def theme_order(self, theme: str) -> int:
        """The place of a theme among the six."""
        return next((c.theme_order for c in self.chantiers if c.theme == theme), 99)

    def lines_of(self, territory: Territory) -> tuple[Line, ...]:
        """The levers of a territory."""
        return self.lines[territory.level, territory.code]

    def asking_region(self, territory: Territory) -> tuple[str, str] | None:
        """The code and the name of the region whose targets a territory is shown with."""
        found = (line for line in self.lines_of(territory) if line.region_code and line.region)
        return next(((line.region_code or "", line.region or "") for line in found), None)

    def document_of(self, territory: Territory, kind: str) -> dict[str, Any] | None:
        """The page of a document of the region of a territory, or else the one that leads to those of all regions."""
        region = territory.region_code or territory.code
        found = (one for one in self.regional_documents if one["kind"] == kind)
        return next((one for one in found if one["region_code"] in (region, None)), None)

    def border_of(self, territory: Territory) -> Border | None:
        """What the shares of a territory count, where its communes lie in several regions."""
        asking = self.asking_region(territory)
        return self.borders.get((territory.level, territory.code, asking[0])) if asking else None

    @cached_property
    def by_lever(self) -> dict[tuple[str, str, str], Line]:
        """Lines by level, code and lever."""
        return {(line.level, line.code, line.lever_id): line for lines in self.lines.values() for line in lines}

    def moves_of(self, line: Line) -> list[Move]:
        """The series of a line that have two years, the one that the line shows first."""
        found = [move for move in self.moves.get((line.level, line.code), ()) if move.lever_id == line.lever_id]
        return sorted(found, key=lambda move: move.label != line.indicator)

    def changes_of(self, territory: Territory) -> list[dict[str, Any]]:
        """What the last publication changed in the series that a territory shows."""
        labels = {line.indicator for line in self.lines_of(territory)}
        return [found for found in self.changes if found["label"] in labels]

    def headlines(self, territory: Territory) -> list[Line]:
        """The levers to see first: judged ones, then those with a recent value without doubt, by what is asked."""
        seen = [
            line
            for line in self.lines_of(territory)
            if line.latest_value and (line.latest_year or 0) >= self.recent_from and line.latest_doubt is None
        ]
        return sorted(seen, key=lambda line: (not line.verdict.is_judged, -line.weight, line.lever))[:HEADLINES]

    def parents(self, territory: Territory) -> list[Territory]:
        """The departement and the region of a territory, where they have a page."""
        above = [("departement", territory.departement_code), ("region", territory.region_code)]
        found = [self.by_slug[key] for key in above if key in self.by_slug]  # type: ignore[index]
        return [parent for parent in found if parent != territory]

    def children(self, territory: Territory) -> list[Territory]:
        """The departements of a region, the EPCI of a departement."""
        return [
            other
            for other in self.territories
            if (territory.level, other.level) in (("region", "departement"), ("departement", "epci"))
            and territory.code == (other.region_code if other.level == "departement" else other.departement_code)
        ]

    def adjacent_to(self, territory: Territory) -> list[Territory]:
        """The territories of a level that share a border with one, where there is more to say of them than a name."""
        if territory.level == "epci":
            return self._epci(self.adjacent.get(territory.code, ()))
        known = {(place.level, place.code): place for place in (*self.territories, *self.other_regions)}
        touching = (known.get((territory.level, code)) for code in self.touching(territory))
        return [place for place in touching if place]

    def touching(self, territory: Territory) -> dict[str, str]:
        """The codes and names of those of which the contour shares a stretch of border, two corners at least."""
        corners = self._corners.get(territory.level, {})
        own = corners.get(territory.code, frozenset())
        names = self.contours.get(territory.level, {})
        return {
            code: names[code][0]
            for code, others in sorted(corners.items())
            if code != territory.code and len(own & others) > 1
        }

    @cached_property
    def _corners(self) -> dict[str, dict[str, frozenset[str]]]:
        """The corners of the contours, but for those of the EPCI, of which the neighbours are known otherwise."""
        return {
            level: {code: frozenset(_CORNER.findall(geometry)) for code, (_, geometry) in found.items()}
            for level, found in self.contours.items()
            if level != "epci"
        }

    def _epci(self, codes: Iterable[str]) -> list[Territory]:
        return [self.by_slug["epci", code] for code in codes if ("epci", code) in self.by_slug]

    def nearest_to(self, territory: Territory) -> list[Territory]:
        """The EPCI that are nearest in type, size and density; elsewhere, the nearer half of those of the level."""
        if territory.level == "epci":
            return self._epci(self.similar.get(territory.code, ()))
        peers = self._peers(territory)
        return sorted(peers, key=lambda other: (territory.distance_to(other), other.code))[
            : min(NEIGHBOURS, math.ceil(len(peers) / 2))
        ]

    def likeness_of(self, territory: Territory) -> str:
        """What the nearest territories are near in, and among which."""
        if territory.level == "epci":
            region = self.by_slug.get(("region", self.publications[0]["region"]))
            among = f" parmi les seules intercommunalités présentes {in_region(region.name)}" if region else ""
            return f"les plus proches par le type, la taille et la densité{among}"
        peers = self._peers(territory)
        regions = {other.region_code for other in peers} if territory.level != "region" else set()
        region = self.by_slug.get(("region", territory.region_code or ""))
        if len(peers) == 1:
            return "le seul autre de cet échelon"
        among = f", tous {in_region(region.name)}" if region and regions == {territory.region_code} else ""
        return f"les plus proches par la population et la densité parmi les {len(peers)} autres{among}"

    def _peers(self, territory: Territory) -> list[Territory]:
        """The other territories of a level whose size is known, with or without a page."""
        places = (*self.territories, *self.other_regions) if territory.population else ()
        return [o for o in places if o.level == territory.level and o != territory and o.population]

    def spread_of(self, line: Line) -> str:
        """By what a share that a few sites carry is spread below the departement, where they are known no more."""
        if not line.is_of_sites or line.level in ("region", "departement"):
            return ""
        label = self.spread_label_of(line)
        return f"réparti selon « {label} »" if label else "réparti sans savoir où"

    def spread_label_of(self, line: Line) -> str | None:
        """By what a key that is known by departement is spread below it."""
        spread_by = (line.key_id or "").partition("__")[2]
        if line.level in ("region", "departement"):
            return None
        return next((found["label"] for found in self.indicators if found["indicator_id"] == spread_by), None)

    def regional_rate(self, line: Line) -> Measure | None:
        """The value of the region for the rate that a line shows, where that of the line is far from it."""
        territory = self.by_slug[line.level, line.code]
        above = self.measures.get(("region", territory.region_code or ""), {}).values()
        found = next((measure for measure in above if measure.label == line.indicator), None)
        if found is None or line.level == "region" or not found.is_rate or line.latest_value is None:
            return None
        low, high = sorted((abs(line.latest_value), abs(found.value)))
        return found if high > JUMP * low else None


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def read_verdicts(connection: duckdb.DuckDBPyConnection, **place: str) -> dict[tuple[str, str, str], Verdict]:
    """The reading of each lever, by lever, level and code; ``level`` and ``code`` are those of one territory."""
    here = " where territory_level = $level and territory_code = $code" if place else ""

    def found(query: str) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
        for row in rows_of(connection, f"from ({query}){here}", **place):
            yield (row.pop("lever_id"), row.pop("territory_level"), row.pop("territory_code")), row

    doubts = {key: tuple(row["found"]) for key, row in found(queries.DOUBTS)}
    return {key: Verdict(**row, doubts=doubts.get(key, ())) for key, row in found(queries.VERDICTS)}


def read_content(published: Path) -> Content:
    """Reads the published file."""
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = partial(rows_of, connection)
        series = {
            (row["lever_id"], row["territory_level"], row["territory_code"], row["indicator"]): Series(
                points=tuple(Point(**point) for point in row["points"]),
                dataset_ids=tuple(dict.fromkeys(filter(None, row["dataset_ids"]))),
                snapshot_ids=tuple(row["snapshot_ids"]),
                latest=row["latest"] or {},
                breaks=tuple(row["breaks"] or ()),
                is_rate=row["is_rate"],
            )
            for row in rows(queries.SERIES)
        }
        verdicts = read_verdicts(connection)
        datasets = {row["dataset_id"]: row for row in rows(queries.DATASETS)}
        composed = {
            (row["lever_id"], row["territory_level"], row["territory_code"]): Series(
                points=tuple(Point(**point) for point in row["points"]),
                dataset_ids=tuple(name for name in dict.fromkeys(row["dataset_ids"]) if name in datasets),
                is_composed=True,
            )
            for row in rows(queries.COMPOSED)
        }
        keys = {(row["lever_id"], row["level"], row["code"]): tuple(row["found"]) for row in rows(queries.KEYS)}
        commitments = {
            (row["lever_id"], row["level"], row["code"]): tuple(row["found"]) for row in rows(queries.COMMITMENTS)
        }
        newer = {
            (row["lever_id"], row["territory_level"], row["territory_code"]): row["found"]
            for row in rows(queries.NEWER)
        }
        anomalies = rows(queries.ANOMALIES)
        doubts: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for found in anomalies:
            doubts[found["level"], found["code"], found["indicator"]].append(found)
        lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for row in rows(queries.LINES):
            key = (row["lever_id"], row["level"], row["code"])
            verdict = verdicts.get(key, Verdict())
            shown = series.get((*key, row["indicator"]), Series())
            if not shown.points:
                shown = composed.get(key, shown)
            line = Line(
                **row,
                verdict=verdict,
                series=shown,
                newer=newer.get(key),
                keys=keys.get(key, ()),
                commitments=commitments.get(key, ()),
                doubts=tuple(doubts.get((row["level"], row["code"], row["indicator"]), ())),
            )
            lines[line.level, line.code].append(line)
        for row in rows(queries.OTHER_LINES):
            key = (row["lever_id"], row["level"], row["code"])
            shown = series.get((*key, row["indicator"]), Series())
            if shown.latest.get("latest_year") == row["latest_year"]:
                row |= shown.latest
            lines[row["level"], row["code"]].append(
                Line(
                    **row,
                    verdict=verdicts[key],
                    series=shown,
                    is_quantified=False,
                    newer=newer.get(key),
                    commitments=commitments.get(key, ()),
                    doubts=tuple(doubts.get((row["level"], row["code"], row["indicator"]), ())),
                )
            )
        moves: dict[tuple[str, str], list[Move]] = defaultdict(list)
        followed = {(line.level, line.code, line.lever_id) for found in lines.values() for line in found}
        for row in rows(queries.MOVES):
            if (row["level"], row["code"], row["lever_id"]) in followed:  # no region has all levers
                row |= {name: Point(**row[name]) for name in ("first", "previous", "last")}
                moves[row.pop("level"), row.pop("code")].append(Move(**row))
        measures: dict[tuple[str, str], dict[str, Measure]] = defaultdict(dict)
        for row in rows(queries.MEASURES):
            measures[row["level"], row["code"]][row["indicator_id"]] = Measure(
                row["label"], row["unit"], row["is_rate"], row["is_of_land"], **row["latest"]
            )
        inventories: dict[tuple[str, str], list[Inventory]] = defaultdict(list)
        for row in rows(queries.EMISSIONS):
            inventories[row.pop("level"), row.pop("code")].append(Inventory(**row))
        estimates: dict[tuple[str, str, str], list[Estimate]] = defaultdict(list)
        for row in rows(queries.EMISSION_ESTIMATES):
            estimates[row.pop("level"), row.pop("code"), row.pop("region_code")].append(Estimate(**row))
        contours: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        contour_credits = set()
        for row in rows(queries.CONTOURS):
            contour_credits.add(f"{row['attribution']}, {row['licence']}")
            contours[row["territory_level"]][row["territory_code"]] = (row["name"], row["geometry"])
        return Content(
            refreshed_at=rows("select max(checked_at) as at from quality.fct_check_result")[0]["at"],
            territories=tuple(Territory(**row) for row in rows(queries.TERRITORIES)),
            other_regions=tuple(Territory(**row) for row in rows(queries.OTHER_REGIONS)),
            lines={key: tuple(found) for key, found in lines.items()},
            chantiers=tuple(
                Chantier(**row | {"lever_ids": tuple(row["lever_ids"] or ())}) for row in rows(queries.CHANTIERS)
            ),
            progress={(row["level"], row["code"], row["chantier_id"]): row for row in rows(queries.PROGRESS)},
            datasets=datasets,
            planned={row["dataset_id"]: row for row in rows(queries.PLANNED)},
            plans=_grouped(rows(queries.PLANS), "epci_code") if CLIMATE_PLANS in datasets else None,
            plans_page=rows(queries.PLANS_PAGE)[0]["homepage"],
            regional_documents=tuple(rows(queries.REGIONAL_DOCUMENTS)),
            regional_figures=_grouped(rows(queries.REGIONAL_FIGURES), "region_code"),
            obligations=_grouped(rows(queries.OBLIGATIONS), "level", "code"),
            similar={row["epci_code"]: row["others"] for row in rows(queries.SIMILAR)},
            adjacent={row["epci_code"]: row["others"] for row in rows(queries.ADJACENT)},
            measures=dict(measures),
            lever_measures={row["lever_id"]: row["found"] for row in rows(queries.LEVER_MEASURES)},
            inventories=dict(inventories),
            estimates=dict(estimates),
            missing_inventories=_grouped(rows(queries.MISSING_INVENTORIES), "level"),
            moves=dict(moves),
            history=_grouped(rows(queries.HISTORY), "level", "code"),
            closing=_grouped(rows(queries.CLOSING), "region_code"),
            communes=tuple(
                (r["name"], r["code"], r["epci_code"], r["departement_code"]) for r in rows(queries.COMMUNES)
            ),
            borders={(found.level, found.code, found.region_code): found for found in read_borders(connection)},
            departements=read_departements(connection),
            contours=dict(contours),
            contour_credits=frozenset(contour_credits),
            labels={(row["domain"], row["code"]): row["label_fr"] for row in rows(queries.LABELS)},
            dictionary=rows(queries.DICTIONARY),
            indicators=rows(queries.INDICATORS),
            publications=rows(queries.PUBLICATIONS),
            changes=rows(queries.CHANGES),
            checks=rows(queries.CHECKS),
            findings=rows(queries.FINDINGS),
            anomalies=anomalies,
            corrections=rows(queries.CORRECTIONS),
            breaks=rows(queries.BREAKS),
            partial_years=rows(queries.PARTIAL_YEARS),
            quarantine=rows(queries.QUARANTINE),
        )


def _grouped(rows: Iterable[dict[str, Any]], *names: str) -> dict[Any, list[dict[str, Any]]]:
    """Rows by the values of some columns, one or a tuple of several."""
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        key = tuple(row[name] for name in names)
        found[key if len(names) > 1 else key[0]].append(row)
    return dict(found)


def by_weight(lines: Iterable[Line]) -> list[Line]:
    """Lines in the order of what is asked, the most first."""
    return sorted(lines, key=lambda line: -line.weight)


def by_theme(lines: Iterable[Line], order: Sequence[str]) -> list[tuple[str, list[Line]]]:
    """Lines in groups, in the order of the themes, each by weight."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.theme].append(line)
    return [
        (theme, sorted(groups[theme], key=lambda line: (-line.weight, line.lever)))
        for theme in order
        if theme in groups
    ]
