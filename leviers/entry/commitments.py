"""The commitments of the roadmap that a territory enters itself."""

from __future__ import annotations

import duckdb

from leviers.entry.form import (
    LEVEL_NAMES,
    MACROS,
    TERRITORY_RULES,
    Entry,
    code_of,
    columns_of,
    level_of,
    nearest,
    number,
    rules_of,
    seed,
    several,
    territory_code,
    word_of,
)
from leviers.warehouse.seeds import seed_rows

HORIZONS = (2025, 2050)
NUMBERS = ("asked", "done_or_planned", "new_ambition")
MEASURES = {
    "ktco2e_avoided": "ktCO2e évitées",
    "physical_level": "niveau à atteindre",
    "physical_delta": "évolution depuis 2019",
    "action": "action sans chiffre",
}
WITHDRAWN = {"true": "oui", "false": "non"}
COMMITMENT_COLUMNS = columns_of(
    "commitment", first=HORIZONS[0], last=HORIZONS[1], measures=", ".join(MEASURES.values())
)

LEVERS = f"(select lever_id as code, lever_name_fr as name, lever_set from {seed('policy/levers')})"
# If the list of 2026 and an older list share the name of a lever, the name means the older one, as in the tables.
LEVER_NAMES = (
    f"(select code, name from {LEVERS} qualify rank() over (partition by name order by lever_set = 'sgpe2026') = 1)"
)
LEVER_WORDS = f"(select code, name as label, unnest([code, name]) as name from {LEVER_NAMES})"
LEVER_CODES = f"(select code, comparable(name) as written from {LEVER_WORDS})"

# Marks of a person: an address, a telephone number or a title. A bare name may be the name of a body.
PERSON = r"@|(\+33|\b0)[\s.]*[1-9]([\s.-]*\d{2}){4}|^\s*(m\.|mr|mme|mlle|monsieur|madame|mademoiselle)\s"

COMMITMENT_RULES = (
    *TERRITORY_RULES,
    *rules_of(
        "commitment",
        several=several(LEVER_NAMES, "lever_id"),
        nearest=nearest(LEVER_WORDS, "lever_id", "label"),
        first=HORIZONS[0],
        last=HORIZONS[1],
        measures=tuple(MEASURES),
        measure_words=", ".join(f"{label} ({code})" for code, label in MEASURES.items()),
        action=MEASURES["action"],
        person=PERSON,
    ),
)

COMMITMENTS = Entry(
    "commitment",
    COMMITMENT_COLUMNS,
    "commitments",
    {
        "lever_id": code_of("lever_id", LEVER_CODES),
        "territory_level": level_of("territory_level"),
        "territory_code": territory_code("territory_level", "territory_code"),
        "measure": word_of("measure", MEASURES),
        "is_withdrawn": word_of("coalesce(nullif(is_withdrawn, ''), 'false')", WITHDRAWN),
        "numbers": ", ".join(f"{number(name)} as {name}_number" for name in NUMBERS),
        "levers": LEVERS,
        "target_units": seed("policy/lever_target_units"),
        "unit_labels": seed("indicators/unit_labels"),
        "levels": LEVEL_NAMES,
    },
    COMMITMENT_RULES,
    rules_of("commitment_twins"),
    "min(line) over (partition by commitment_id) as first_line",
    expressions={name: f"{name}_number" for name in NUMBERS},
)


def lever_code(written: str) -> str:
    """Returns the id of a lever by its name or id in any spelling; an unknown text is returned unchanged."""
    with duckdb.connect() as connection:
        connection.execute(MACROS)
        query = f"select {code_of('lever', LEVER_CODES)} from (select $written as lever)"
        [(code,)] = connection.execute(query, {"written": written}).fetchall()
    return str(code)


def lever_rows() -> list[tuple[str, ...]]:
    """Returns the levers that a commitment may name, with the unit of their physical target, under a header."""
    levers, units, labels = (
        seed_rows(name) for name in ("policy/levers", "policy/lever_target_units", "indicators/unit_labels")
    )
    label_of = {row["unit"]: row["label_fr"] for row in labels}
    unit_of = {row["lever_id"]: label_of.get(row["unit"], row["unit"]) for row in units}
    return [
        ("levier", "code", "unité physique"),
        *((row["lever_name_fr"], row["lever_id"], unit_of.get(row["lever_id"], "")) for row in levers),
    ]
