"""The site reads what is for readers and decides nothing on data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leviers import site

FOLDER = Path(site.__file__).parent
QUERIES = sorted(FOLDER.glob("queries/**/*.sql"))


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_what_is_for_readers_and_has_no_case(query: Path) -> None:
    sql = re.sub("--.*", "", query.read_text(encoding="utf-8"))
    assert set(re.findall(r"\b(?:from|join)\s+(\w+)\.\w+", sql)) <= {"vues", "quality"}
    assert not re.search(r"\bcase\b|\bmarts\.", sql)
