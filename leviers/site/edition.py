"""A published file as the pages read it: the rows of a query, all or those of a page."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
QUERIES = Path(__file__).parent / "queries"


class Edition:
    """A published file, opened to read. Each query of the folder ``queries`` runs once, for all pages."""

    def __init__(self, published: Path) -> None:
        self._connection = duckdb.connect(str(published), read_only=True)
        self._rows: dict[str, list[Row]] = {}
        self._by_key: dict[str, dict[Any, list[Row]]] = {}

    def rows(self, query: str) -> list[Row]:
        """The rows of a query, by column; none where there is no such query."""
        if query not in self._rows:
            path = QUERIES / f"{query}.sql"
            self._rows[query] = self._read(path.read_text(encoding="utf-8")) if path.exists() else []
        return self._rows[query]

    def of(self, query: str, key: str) -> list[Row]:
        """The rows of a query whose first column, the key of a page, has a value."""
        if query not in self._by_key:
            found = defaultdict(list)
            for row in self.rows(query):
                found[next(iter(row.values()))].append(row)
            self._by_key[query] = dict(found)
        return self._by_key[query].get(key, [])

    @cached_property
    def publication(self) -> Row:
        """The last publication: its day, its region, who holds it."""
        return self.rows("publications")[0]

    def close(self) -> None:
        """Lets the file go."""
        self._connection.close()

    def _read(self, query: str) -> list[Row]:
        result = self._connection.execute(query)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
