"""Sentences are read by people: no SQL, Python or template decides by what stands in one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SENTENCE = (
    r"""(?:\w+\.)?(?:\w+_fr|\w*reasons?|sentence\w*|\w*doubts|\w*caveat|raison|raison_courte|raison_detaillee|doutes?|"""
    r"""sans_prolongement|donnee_manquante)"""
)
LOOKS_INTO = re.compile(
    rf"""\b(?:contains|regexp\w*|starts_with|ends_with|prefix|suffix|strpos|position|instr|len|length|list_count|count
    |replace|string_split\w*|split_part)\(\s*(?:distinct\s+)?{SENTENCE}\b(?!\()
    |\b{SENTENCE}\s+(?:not\s+)?(?:like|ilike|similar\s+to|glob)\b
    |\b{SENTENCE}\s*(?:==?|<>|!=|in\s*\()\s*'
    |\b{SENTENCE}(?:"\]|'\])?\.(?:r?split|r?partition|startswith|endswith|find|index|count|removeprefix|removesuffix)\(
    |['"]\ (?:not\ )?in\ {SENTENCE}\b
    |\b{SENTENCE}\s*\|\s*(?:replace|select|length|count)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# Texts that are no sentences: what is matched in a file, and what it is.
NO_SENTENCES = {
    ("dim_indicator.sql", "length(indicators.label_fr"): "the width of a name",
    ("dim_territory.sql", "count(rejection_reason"): "whether a row is refused, not why",
    ("int_indicator_scales.sql", "levers.sector_fr = '"): "a sector, of a closed list",
    ("int_observations_quarantined.sql", "observations.rejection_reason = '"): "a code, of a closed list",
    ("int_observations_set_aside.sql", "observations.rejection_reason = '"): "a code, of a closed list",
}
SOURCES = sorted(
    path
    for pattern in ("dbt/models/**/*.sql", "dbt/macros/*.sql", "leviers/**/*.sql", "leviers/**/*.py", "leviers/**/*.j2")
    for path in REPOSITORY.glob(pattern)
)
# Files are read by patterns in staging and beside it; what follows has columns.
PATTERN = re.compile(r"\b(?:not\s+)?(?:like|ilike|similar\s+to|glob)\s+'|\bregexp_\w+\(", re.IGNORECASE)
READERS = {"staging", "sources"}


def found_in(path: Path) -> set[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    return {(path.name, match[0].rstrip().replace("\n", " ")) for match in LOOKS_INTO.finditer(text)}


def test_nothing_looks_into_a_sentence() -> None:
    assert len(SOURCES) > 500
    assert set().union(*map(found_in, SOURCES)) == NO_SENTENCES.keys()


def test_no_model_above_those_that_read_files_matches_a_pattern() -> None:
    models = [path for path in (REPOSITORY / "dbt" / "models").rglob("*.sql") if READERS.isdisjoint(path.parts)]
    assert len(models) > 250
    assert [path.stem for path in models if PATTERN.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "where breaks.reason_fr like '%Périmètre%'",
        "list_count(doubts)",
        "len(lines.confidence_reasons)",
        "regexp_matches(sentence_fr, 'secret')",
        "case when caveat_fr = 'Réserve.' then 1 end",
        "count(distinct reasons.label_fr)",
        "string_split(readings.raison, ' ; ')",
        "{% for reason in r.raison.split(' ; ') %}",
        "{% if doubt.doute == 'Secret.' %}",
        "if 'secret' in row.raison:",
        '[row for row in rows if row["raison"].startswith("Une seule")]',
    ],
)
def test_what_looks_into_a_sentence_is_found(text: str) -> None:
    assert LOOKS_INTO.search(text)


@pytest.mark.parametrize("sql", ["if(years.counted like '% members', 1, 0)", "regexp_matches(item, '^total')"])
def test_a_pattern_is_found(sql: str) -> None:
    assert PATTERN.search(sql)


@pytest.mark.parametrize(
    "text",
    [
        "where reason_code = 'too_old'",
        "string_agg(reason_fr, ' ')",
        "caveat_fr is null",
        "count(*)",
        "{{ r.raison }}",
        "{{ french.initial(doubt.doute) }}",
        "{% if r.raison %}",
    ],
)
def test_a_code_and_a_sentence_that_is_handed_on_are_no_offence(text: str) -> None:
    assert not LOOKS_INTO.search(text)
