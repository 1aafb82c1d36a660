"""What the pages say, read from the published file in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import duckdb

from leviers.site import queries
from leviers.site.borders import Border
from leviers.site.charts import Path as TargetPath
from leviers.site.charts import Point
from leviers.site.queries import CLIMATE_PLANS
from leviers.text.french import folded, number

NOT_JUDGED = "not_judged"
ALL_LEVERS = "all"
EVERY_REGION = "all"
HEADLINES = 6
RECENT_YEARS = 3  # an older value is no headline
COMPLETE = 99.95  # percent that are written as 100
LEVEL_TO_REACH = "niveau à atteindre"
FACTORIES = "eu_ets_verified_emissions"
REGIONAL_INVENTORY = "l'AASQA de la région"


@dataclass(frozen=True)
class Territory:
    """A territory: one that has a page or, with its name and inhabitants alone, one that it is compared with."""

    level: str
    code: str
    name: str
    region_code: str | None = None
    departement_code: str | None = None
    population: int | None = None
    population_year: int | None = None

    @property
    def slug(self) -> str:
        """The name of its files."""
        return f"{self.level}-{self.code}"


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
    """What a series that measures a lever in a territory did since its last break, and between its last two years."""

    lever_id: str
    label: str
    unit: str
    dataset_id: str
    first: Point
    previous: Point
    last: Point
    newest_year: int  # of the series of the lever that have its unit
    is_latest: bool  # whether none of them goes on after it
    change: float
    change_since_first: float
    relative_change: float | None = None  # from nought it has no measure
    doubt: str | None = None  # why the last change may be no news, in code
    is_to_check: bool = False  # before it is told
    turned: int | None = None  # the year since which it goes the same way, if before the last but one
    swing: tuple[float, float] | None = None  # between which values it went up and down
    others: tuple[float, float] | None = None  # between which changes those of the other territories lie
    snapshot_id: str | None = None
    is_raw: bool = False  # neither the climate nor stocks are taken out of it

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
    places_sites: bool | None = None  # whether a key of a few sites knows where they are here
    may_fall_behind: bool | None = None  # by another key, behind a lighter share
    verdict: Verdict = Verdict()
    series: Series = Series()
    is_quantified: bool = True
    newer: dict[str, Any] | None = None  # a later value, of another series than the judged one
    doubts: tuple[dict[str, Any], ...] = ()  # the anomalies found in the series
    share_range: tuple[float, float] | None = None  # the least and the most, where several keys give one
    keys: Sequence[dict[str, Any]] | None = None  # the share by each key of the range, the one that is kept first
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
        """Whether a few sites make what the key of the share counts: where there is none, it says nothing."""
        return self.places_sites is not None

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
    """The latest value of a series in a territory, in a unit that compares whatever the size."""

    label: str
    unit: str
    year: int
    value: float
    completeness: float
    is_whole: bool
    is_least: bool  # of a sum, a part is not known
    dataset_id: str
    snapshot_id: str


@dataclass(frozen=True)
class Comparison:
    """A series of a territory, in a unit that compares, beside that of those most like it, all of one year."""

    label: str
    unit: str
    year: int
    own: float
    count: int  # of those most like it that have a value
    last_rank: int | None  # of the least like of them
    median: float | None
    least: float | None
    most: float | None
    zeros: int
    is_per_inhabitant: bool
    region_value: float | None
    region_completeness: float | None
    is_far: bool  # from the region
    dataset_id: str
    snapshot_id: str

    @property
    def largest(self) -> float:
        """The largest of its values, which gives all of them their scale."""
        return max(abs(value or 0) for value in (self.own, self.least, self.most))


@dataclass(frozen=True)
class Emission:
    """What a sector of a territory emits: by its inventory, by keys or by what some sites declare, in tonnes."""

    sector: str
    nature: str
    source: str
    year: int
    dataset_id: str
    snapshot_id: str
    gases: str
    scope: str
    least: float | None = None  # where no key places it, none
    most: float | None = None
    key_count: int | None = None
    rank: int | None = None
    place: str | None = None  # whether it comes first, in code
    inventory_value: float | None = None
    inventory_share: float | None = None
    keys: tuple[dict[str, Any], ...] = ()  # of an estimate, that which gives most first


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
    similar: dict[tuple[str, str], list[dict[str, Any]]]  # by level and code, the nearest first
    adjacent: dict[tuple[str, str], list[dict[str, Any]]]  # those that share a border, by level and code
    measures: dict[tuple[str, str], dict[str, Measure]]  # by level and code, then by indicator
    comparisons: dict[tuple[str, str], dict[str, Comparison]]  # the same
    lever_measures: dict[str, list[str]]  # the indicators that measure a lever, the nearest to it first
    emissions: dict[tuple[str, str], list[Emission]]  # by level and code, the largest sector first
    missing_inventories: dict[str, list[dict[str, Any]]]  # by level
    moves: dict[tuple[str, str], list[Move]]  # of every measure that has two years, by level and code
    history: dict[tuple[str, str], list[dict[str, Any]]]  # of the roadmap, by level and code
    closing: dict[str, list[dict[str, Any]]]  # by region
    borders: dict[tuple[str, str, str], Border]  # by level, code and region
    departements: dict[str, list[dict[str, Any]]]  # of the EPCI of several, with the share of the inhabitants in each
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

    def emissions_of(self, territory: Territory, nature: str) -> list[Emission]:
        """What is known of the sectors of a territory in one way, the largest first."""
        return [one for one in self.emissions.get((territory.level, territory.code), ()) if one.nature == nature]

    def inventory_of(self, territory: Territory) -> tuple[Territory, list[Emission]] | None:
        """The inventory of a territory, or of the nearest one above that has one, by sector."""
        places = (territory, *self.parents(territory))
        return next(((place, found) for place in places if (found := self.emissions_of(place, "inventory"))), None)

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
        """The territories of its level that share a border with one."""
        return self._places(territory.level, self.adjacent.get((territory.level, territory.code), ()))

    def nearest_to(self, territory: Territory) -> list[Territory]:
        """Those of its level that are most like a territory, the most alike first."""
        return self._places(territory.level, self.similar.get((territory.level, territory.code), ()))

    def _places(self, level: str, rows: Iterable[dict[str, Any]]) -> list[Territory]:
        return [
            self.by_slug.get((level, row["other_code"]))
            or Territory(level, row["other_code"], row["name"], population=row["population"])
            for row in rows
        ]

    def likeness_of(self, territory: Territory) -> str:
        """What those most like a territory are near in, and among how many."""
        others = next((row["candidates"] for row in self.similar.get((territory.level, territory.code), ())), 0)
        if others == 1:
            return "le seul autre de cet échelon"
        near = "le type, la taille et la densité" if territory.level == "epci" else "la population et la densité"
        return f"les plus proches par {near} parmi les {number(others)} autres"

    def spread_of(self, line: Line) -> str:
        """By what a share that a few sites carry is spread where the key does not know them."""
        if line.places_sites is not False:
            return ""
        label = self.spread_label_of(line)
        return f"réparti selon « {label} »" if label else "réparti sans savoir où"

    def spread_label_of(self, line: Line) -> str | None:
        """By what a key that is known by departement is spread below it."""
        spread_by = (line.key_id or "").partition("__")[2]
        if line.level in ("region", "departement"):
            return None
        return next((found["label"] for found in self.indicators if found["indicator_id"] == spread_by), None)

    def regional_rate(self, line: Line) -> Comparison | None:
        """The rate that a line shows beside that of the region, where it is far from it."""
        here = self.comparisons.get((line.level, line.code), {}).values()
        return next((found for found in here if found.label == line.indicator and found.is_far), None)


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
        shares = {
            tuple(row.pop(name) for name in ("lever_id", "level", "code", "region_id")): row
            for row in rows(queries.SHARES)
        }
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
                **shares.get((*key, f"region:{row['region_code']}"), {}),
                verdict=verdict,
                series=shown,
                newer=newer.get(key),
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
            place, name = (row.pop("level"), row.pop("code")), row.pop("indicator_id")
            measures[place][name] = Measure(**row)
        comparisons: dict[tuple[str, str], dict[str, Comparison]] = defaultdict(dict)
        for row in rows(queries.COMPARISONS):
            place, name = (row.pop("level"), row.pop("code")), row.pop("indicator_id")
            comparisons[place][name] = Comparison(**row)
        emissions: dict[tuple[str, str], list[Emission]] = defaultdict(list)
        for row in rows(queries.EMISSIONS):
            row["keys"] = tuple(row["keys"] or ())
            emissions[row.pop("level"), row.pop("code")].append(Emission(**row))
        contours: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        contour_credits = set()
        for row in rows(queries.CONTOURS):
            contour_credits.add(f"{row['attribution']}, {row['licence']}")
            contours[row["territory_level"]][row["territory_code"]] = (row["name"], row["geometry"])
        return Content(
            refreshed_at=rows("select max(checked_at) as at from quality.fct_check_result")[0]["at"],
            territories=tuple(Territory(**row) for row in rows(queries.TERRITORIES)),
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
            similar=_grouped(rows(queries.SIMILAR), "level", "code"),
            adjacent=_grouped(rows(queries.ADJACENT), "level", "code"),
            measures=dict(measures),
            comparisons=dict(comparisons),
            lever_measures={row["lever_id"]: row["found"] for row in rows(queries.LEVER_MEASURES)},
            emissions=dict(emissions),
            missing_inventories=_grouped(rows(queries.MISSING_INVENTORIES), "level"),
            moves=dict(moves),
            history=_grouped(rows(queries.HISTORY), "level", "code"),
            closing=_grouped(rows(queries.CLOSING), "region_code"),
            communes=tuple(
                (r["name"], r["code"], r["epci_code"], r["departement_code"]) for r in rows(queries.COMMUNES)
            ),
            borders={(row["level"], row["code"], row["region_code"]): Border(**row) for row in rows(queries.BORDERS)},
            departements=_grouped(rows(queries.DEPARTEMENTS), "code"),
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
