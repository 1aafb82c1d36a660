"""Writes the page of the analyst's questions, with the answers of a file: ``python -m tools.book data/published``."""

from __future__ import annotations

import re
import sys
from itertools import islice
from pathlib import Path
from textwrap import fill

from leviers.text.french import moment
from leviers.warehouse.home import DATABASE
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.publication.answers import Answer, Question, cell, opened_answer, questions

BOOK = REPOSITORY / "docs" / "analyste.md"
MOST_ROWS = 4
EDITION_LINE = re.compile(r"^Réponses : .*$", re.M)


def table(answer: Answer) -> str:
    """Returns the first rows of an answer, in Markdown."""
    rows = ([cell(value).replace("|", "\\|") for value in row] for row in islice(answer.rows, MOST_ROWS))
    lines = [answer.columns, ["---"] * len(answer.columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def section(question: Question, published: Path) -> str:
    """Returns a question with its query, its answer from a published file, and remarks on both."""
    with opened_answer(published, question.sql) as answer:
        rows = table(answer)
    remarks = (f"**Ce que dit la réponse.** {question.answer}", f"**Le piège évité.** {question.trap}")
    wrapped = (fill(remark, 120, break_long_words=False, break_on_hyphens=False) for remark in remarks)
    title, sql = f"## {question.number}. {question.title}", f"```sql\n{question.sql}\n```"
    return "\n\n".join((title, sql, rows, *wrapped))


def with_answers(page: str, published: Path) -> str:
    """Returns the page with the questions, and new answers from a published file."""
    region_of = "select region_demandee from vues.fait_publication order by publie_le desc limit 1"
    with opened_answer(published, region_of) as answer:
        [(region,)] = answer.rows
        edition = f"Réponses : région {region}, édition publiée {moment(answer.edition[0].isoformat())}."
    introduction = EDITION_LINE.sub(edition, page.partition("\n## ")[0].strip())
    return "\n\n".join((introduction, *(section(question, published) for question in questions()))) + "\n"


if __name__ == "__main__":
    BOOK.write_text(with_answers(BOOK.read_text(encoding="utf-8"), Path(sys.argv[1]) / DATABASE), encoding="utf-8")
