"""Matches the labels of a file with the columns of a table. Labels are compared in this module only.

A column is found by its key (its name, or the key of the portal, which is an alias) or by the label that people read.
The kinds of match below are tried one after the other, each for all columns. A label belongs to one column only:

1. as it is written: ``code_insee_region`` is ``code_insee_region``;
2. by a regular expression of the record (``re:``);
3. with accents, case and punctuation folded: ``Code INSEE région`` is ``code_insee_region``;
4. the same without a unit in brackets at the end: ``Production éolienne (GWh)`` is ``production_eolienne``.

If one kind finds two labels for a column, or two columns for a label, the file is ambiguous: the record decides with
``names``. The unit in a label is compared with the unit of the record: nothing is converted, and another unit is
refused. The text in brackets is a unit if some record has this unit, or if it is in the vocabulary below; ``(PCS)`` and
``(au 31/12)`` are part of the label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import chain
from typing import Self

from ingestion.catalog import Column, Layout, Table, load_catalog
from ingestion.formats import normalised

# Units of sources that no record has, then spellings of units in sources that differ from those of records.
FURTHER_UNITS = ("GW", "TWh/yr", "kt", "Mt", "ktCO2", "MtCO2e", "kg", "m", "km", "km2", "t.km", "k€", "M€")
_UNIT_SPELLINGS = {
    "an": "yr",
    "annee": "yr",
    "year": "yr",
    "hab": "inhabitant",
    "habitant": "inhabitant",
    "personne": "person",
    "logement": "dwelling",
    "tete": "head",
    "dju": "degreeday",
    "tonne": "t",
    "hectare": "ha",
    "milliersdem3": "thousandm3",
    "€": "eur",
    "euro": "eur",
    "teqco2": "tco2e",
    "tco2eq": "tco2e",
    "kteqco2": "ktco2e",
    "ktco2eq": "ktco2e",
}
_IN_BRACKETS = re.compile(r"(?P<stem>.*\S)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]", re.DOTALL)


@dataclass(frozen=True)
class Header:
    """The labels of a file as a layout of a table reads them.

    ``positions`` has the position of each column, ``joined`` the positions of the labels that make a column together,
    ``missing`` the labels of required columns, ``extra`` the labels that the record neither reads nor ignores.
    ``ambiguous`` and ``other_units`` are refusals in words.
    """

    layout: Layout
    positions: dict[str, int]
    joined: dict[str, list[int]]
    missing: list[str]
    extra: list[str]
    ambiguous: list[str]
    other_units: list[str]

    @property
    def problem(self) -> str | None:
        """The reason why the file is not of this layout, in one line; None if it is."""
        missing = [f"missing column {', '.join(self.missing)}"] if self.missing else []
        problems = [*missing, *self.ambiguous, *self.other_units]
        if not problems:
            return None
        return f"layout {self.layout.name}: {'; '.join(problems)}"


@dataclass(frozen=True)
class _Label:
    """A label as written, folded, folded without the unit in brackets at its end, and that unit."""

    text: str
    folded: str
    stem: str
    unit: str | None

    @classmethod
    def of(cls, text: str) -> Self:
        bracketed = _IN_BRACKETS.fullmatch(text)
        if bracketed is None or folded_unit(bracketed["unit"]) not in _known_units():
            return cls(text, normalised(text), normalised(text), None)
        folded = normalised(text) if normalised(bracketed["unit"]) else ""  # a sign such as % folds to nothing
        return cls(text, folded, normalised(bracketed["stem"]), bracketed["unit"].strip())


def match_header(table: Table, layout: Layout, labels: Sequence[str]) -> Header:
    """Finds the columns that a layout takes from a file among the labels of the file, or of a portal's description."""
    present = [_Label.of(label) for label in labels]
    read = _read_columns(table, layout)
    wanted = {
        name: [layout.names[name]] if name in layout.names else [*column.aliases, name] for name, column in read.items()
    }
    stated = {name: next(filter(None, (_Label.of(label).unit for label in wanted[name])), None) for name in read}
    units = {name: column.unit or stated[name] for name, column in read.items()}
    matches = {name: _matches_by_nearness(wanted[name], units[name], present) for name in read}
    positions, ambiguous = _nearest(matches, labels)
    parts = list(chain(*layout.joined.values()))
    part_positions, unclear = _nearest({part: _matches_by_nearness([part], None, present) for part in parts}, labels)
    missing = [
        *(part for part in parts if part not in part_positions),
        *(wanted[name][0] for name, column in read.items() if column.required and name not in positions),
    ]
    wide = {p for p, label in enumerate(labels) if layout.unpivot and re.fullmatch(layout.unpivot.pattern, label)}
    if layout.unpivot and not wide:
        missing.append(layout.unpivot.pattern)
    used = {*positions.values(), *part_positions.values(), *wide}
    other_labels = [*layout.ignore, *table.drop]
    return Header(
        layout=layout,
        positions=positions,
        joined={name: [part_positions[p] for p in made if p in part_positions] for name, made in layout.joined.items()},
        missing=missing,
        extra=[label for p, label in enumerate(labels) if p not in used and not _is_known(label, other_labels)],
        ambiguous=[*ambiguous, *unclear],
        other_units=[
            f"column {labels[position]!r} is in {present[position].unit}, the record says {units[name]}"
            for name, position in positions.items()
            if is_other_unit(present[position].unit, units[name])
        ],
    )


def _read_columns(table: Table, layout: Layout) -> dict[str, Column]:
    """Returns the columns that have one label each in the file: not constant, joined or unpivoted."""
    computed_columns = {*layout.constants, *layout.joined}
    if layout.unpivot:
        computed_columns |= {*layout.unpivot.keys, layout.unpivot.value}
    return {name: column for name, column in table.columns.items() if name not in computed_columns}


def _matches_by_nearness(wanted: list[str], unit: str | None, present: Sequence[_Label]) -> list[list[int]]:
    """Returns the positions of the labels that match a column, by kind of match, the nearest first."""
    patterns = [text.removeprefix("re:") for text in wanted if text.startswith("re:")]
    plain = [_Label.of(text) for text in wanted if not text.startswith("re:")]
    texts = {label.text for label in plain}
    folded, stems = {label.folded for label in plain} - {""}, {label.stem for label in plain} - {""}
    same = [p for p, label in enumerate(present) if label.stem in stems]
    return [
        [p for p, label in enumerate(present) if label.text in texts],
        [p for p, label in enumerate(present) if any(re.fullmatch(pattern, label.text) for pattern in patterns)],
        [p for p, label in enumerate(present) if label.folded in folded],
        [p for p in same if not is_other_unit(present[p].unit, unit)],
        same,
    ]


def _nearest(matches_of: dict[str, list[list[int]]], labels: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Returns the nearest label of each column, and a message for each ambiguous column or label."""
    positions: dict[str, int] = {}
    ambiguous: list[str] = []
    for tier in zip(*matches_of.values(), strict=True):
        taken = set(positions.values())
        free = {name: [p for p in matches if p not in taken] for name, matches in zip(matches_of, tier, strict=True)}
        claims = {name: matches for name, matches in free.items() if matches and name not in positions}
        for name, matches in claims.items():
            if len(matches) > 1:
                several = ", ".join(repr(labels[p]) for p in matches)
                ambiguous.append(f"more than one label is column {name}: {several}")
        for position in sorted({p for matches in claims.values() for p in matches}):
            names = [name for name, matches in claims.items() if position in matches]
            if len(names) > 1:
                ambiguous.append(f"the label {labels[position]!r} is more than one column: {', '.join(names)}")
        positions |= {name: matches[0] for name, matches in claims.items()}
    return positions, ambiguous


def _is_known(label: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(_words(label), _words(pattern)) for pattern in patterns)


def _words(label: str) -> str:
    """Returns a label or a pattern, with accents, case and punctuation folded; wildcards stay."""
    return re.sub(r"[^a-z0-9*?\[\]!]+", "_", _without_accents(label))


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def is_other_unit(unit_there: str | None, unit: str | None) -> bool:
    """Returns whether a unit is there, and is another one than the expected ``unit``."""
    return unit_there is not None and unit is not None and folded_unit(unit_there) != folded_unit(unit)


@cache
def _known_units() -> frozenset[str]:
    columns = (c for d in load_catalog().values() for table in d.tables for c in table.columns.values())
    return frozenset(folded_unit(unit) for unit in [*FURTHER_UNITS, *(c.unit for c in columns if c.unit)])


def folded_unit(unit: str) -> str:
    """Returns a unit in a common spelling: ``en kWh/m²/an`` becomes ``kwh/m2/yr``. A single letter keeps its case."""
    plain = re.sub(r"^en\s+", "", unit.strip())
    if len(plain) == 1:
        return plain.lower() if plain in "€%" else plain
    words = (re.sub(r"[\s.·∙]", "", word) for word in _without_accents(plain).split("/"))
    singular = (word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)
    return "/".join(_UNIT_SPELLINGS.get(word, word) for word in singular)
