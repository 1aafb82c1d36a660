"""Writes the answers of the analyst's questions into their page: ``python -m tools.book data/published``."""

from __future__ import annotations

import re
import sys
from itertools import islice
from pathlib import Path

from leviers.text.french import moment
from leviers.warehouse.book import BOOK, QUESTION, Answer, asked, cell
from leviers.warehouse.home import DATABASE

MOST_ROWS = 4
SAID = "**Ce que dit la réponse.**"
ANSWERED = re.compile(rf"({QUESTION.pattern}).*?(?={re.escape(SAID)})", re.M | re.S)
EDITION = re.compile(r"^Réponses : .*$", re.M)


def table(answer: Answer) -> str:
    """The first rows of an answer, in Markdown."""
    cells = [[cell(value).replace("|", "\\|") for value in row] for row in islice(answer.rows, MOST_ROWS)]
    rows = [answer.columns, ["---"] * len(answer.columns), *cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def with_answers(page: str, published: Path) -> str:
    """The page with the answers of a published file in the place of those that it has."""

    def answered(found: re.Match[str]) -> str:
        with asked(published, found["sql"]) as answer:
            return f"{found[1]}\n{table(answer)}\n\n"

    with asked(
        published, "select region_demandee from vues.fait_publication order by publie_le desc limit 1"
    ) as answer:
        [(region,)] = answer.rows
        edition = f"Réponses : région {region}, édition publiée {moment(answer.edition[0].isoformat())}."
    return EDITION.sub(edition, ANSWERED.sub(answered, page))


if __name__ == "__main__":
    BOOK.write_text(with_answers(BOOK.read_text(encoding="utf-8"), Path(sys.argv[1]) / DATABASE), encoding="utf-8")
