"""The values of many territories, in words and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from leviers.common import french
from leviers.site.charts.chart import Row, Table, Written


def ranked_rows(rows: Sequence[Row]) -> list[Row]:
    """Returns the rows with a value, the lowest first."""
    return sorted((row for row in rows if row["valeur"] is not None), key=lambda r: (r["valeur"], r["territoire"]))


def extremes(ranked: Sequence[Row]) -> list[tuple[list[str], float]]:
    """Returns the lowest and the highest value, and all that have it."""
    values = dict.fromkeys((ranked[0]["valeur"], ranked[-1]["valeur"]))
    return [([row["territoire"] for row in ranked if row["valeur"] == value], value) for value in values]


def first_name(names: Sequence[str]) -> str:
    """Returns the first of several names, and how many more there are."""
    return names[0] if len(names) == 1 else f"{names[0]} et {french.plural(len(names) - 1, 'autre')}"


def spread_sentence(
    titles: Sequence[str], unit: str, rows: Sequence[Row], written: Written, unknown: int | None = None
) -> str:
    ranked = ranked_rows(rows)
    unknown = len(rows) - len(ranked) if unknown is None else unknown
    ends = " à ".join(f"{written(value)} ({first_name(names)})" for names, value in extremes(ranked))
    heading = ", ".join(text for text in (*titles, unit) if text)
    more = f" ; {french.plural(unknown, 'inconnue')}" if unknown else ""
    return f"{heading} : {french.plural(len(ranked), 'valeur')}, de {ends}{more}."


def territory_table(rows: Sequence[Row], unit: str, written: Written) -> Table:
    """Returns the table of values of territories, the highest first, the unknown last."""
    ranked = [*reversed(ranked_rows(rows)), *(row for row in rows if row["valeur"] is None)]
    table = [
        (
            row["territoire"],
            "inconnue" if row["valeur"] is None else written(row["valeur"]),
            "partielle" * bool(row["est_partielle"]),
        )
        for row in ranked
    ]
    return ("Territoire", unit, "Valeur"), table
