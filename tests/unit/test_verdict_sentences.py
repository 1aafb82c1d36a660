"""Sentences of verdicts are read by people: no SQL decides by what stands in one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DBT = Path(__file__).parents[2] / "dbt"
FOLDERS = ("models/levers/facts/verdicts", "models/levers/calculation/verdicts", "models/levers/calculation/chantiers")
SOURCES = sorted(
    path
    for pattern in (*(f"{folder}/*.sql" for folder in FOLDERS), "models/vues/*/fait_*.sql", "macros/verdict*.sql")
    for path in DBT.glob(pattern)
)
SENTENCE = r"(?:\w+\.)?(?:\w+_fr|\w*reasons?|sentence\w*|\w*doubts|\w*caveat)"
LOOKS_INTO = re.compile(
    rf"""\b(?:contains|regexp\w*|starts_with|ends_with|prefix|suffix|strpos|position|instr|len|length|list_count|count)
    \(\s*(?:distinct\s+)?{SENTENCE}\b(?!\()
    |\b{SENTENCE}\s+(?:not\s+)?(?:like|ilike|similar\s+to|glob)\b
    |\b{SENTENCE}\s*(?:=|<>|in\s*\()\s*'""",
    re.VERBOSE | re.IGNORECASE,
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_sql_of_verdicts_looks_into_a_sentence(path: Path) -> None:
    assert LOOKS_INTO.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "sql",
    [
        "where breaks.reason_fr like '%Périmètre%'",
        "list_count(doubts)",
        "len(lines.confidence_reasons)",
        "regexp_matches(sentence_fr, 'secret')",
        "case when caveat_fr = 'Réserve.' then 1 end",
        "count(distinct reasons.label_fr)",
    ],
)
def test_sql_that_looks_into_a_sentence_is_found(sql: str) -> None:
    assert LOOKS_INTO.search(sql)


@pytest.mark.parametrize(
    "sql", ["where reason_code = 'too_old'", "string_agg(reason_fr, ' ')", "caveat_fr is null", "count(*)"]
)
def test_a_code_and_a_sentence_that_is_handed_on_are_no_offence(sql: str) -> None:
    assert not LOOKS_INTO.search(sql)
