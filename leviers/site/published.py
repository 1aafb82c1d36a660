"""Pages read a published file by queries: all rows of a query, or those of a page."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from leviers.common.quoting import literal

Row = dict[str, Any]
Line = tuple[Any, ...]
QUERIES = Path(__file__).parent / "queries"


class PublishedFile:
    """A published file, opened to read. Each query of the folder ``queries`` runs once for all pages.

    A query may read the result of another one: ``from made."another.sql"``.
    """

    def __init__(self, published: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute(f"attach {literal(published)} as published (read_only)")
        self._connection.execute("attach ':memory:' as made (compress)")  # a whole country takes a tenth of the memory
        self._connection.execute("use published")
        self._rows: dict[str, list[Row]] = {}
        self._by_key: dict[str, tuple[list[str], dict[Any, list[Line]]]] = {}  # a Row for each would not fit in memory
        self._texts: dict[str, str] = {}  # each text once: most cells of a country repeat another

    def rows(self, query: str) -> list[Row]:
        """Returns all rows of a query. An unknown query has none."""
        if query not in self._rows:
            names, lines = self._lines(query)
            self._rows[query] = [dict(zip(names, line, strict=True)) for line in lines]
        return self._rows[query]

    def of(self, query: str, key: str) -> list[Row]:
        """Returns the rows of a query for a page. The first column holds the key of the page."""
        if query not in self._by_key:
            names, lines = self._lines(query)
            by_key = defaultdict(list)
            for line in lines:
                by_key[line[0]].append(line)
            self._by_key[query] = names, by_key
        names, of_key = self._by_key[query]
        return [dict(zip(names, line, strict=True)) for line in of_key.get(key, ())]

    @cached_property
    def publication(self) -> Row:
        """The last publication: its day, its region, its holder."""
        return self.rows("publications")[0]

    def free_page_rows(self) -> None:
        """Frees the rows of pages. It is called after the last page of a kind."""
        self._by_key.clear()
        self._texts.clear()

    def close(self) -> None:
        self._connection.close()

    def _lines(self, query: str) -> tuple[list[str], list[Line]]:
        result = self._connection.execute(f"from {self._result(query)}")
        once, names = self._texts.setdefault, [column[0] for column in result.description or ()]
        rows = iter(result.fetchone, None)
        return names, [tuple([once(cell, cell) if type(cell) is str else cell for cell in line]) for line in rows]

    def _result(self, query: str) -> str:
        path, table = QUERIES / f"{query}.sql", f'made."{query}.sql"'
        text = path.read_text(encoding="utf-8") if path.exists() else "select null as cle where false"
        for read in re.findall(r'made\."([\w/]+)\.sql"', text):
            self._result(read)
        self._connection.execute(f"create table if not exists {table} as {text}")
        return table
