"""The pages of the documentation name files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leviers.warehouse.project import REPOSITORY

PAGES = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_and_paths_of_a_page_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [page.parent / link for link in re.findall(r"\]\((?!http)([^)#\s]+)", text)]
    paths = [REPOSITORY / path for path in re.findall(r"`((?:dbt|docs|ingestion|leviers|tests|tools)/[\w./-]+)`", text)]
    assert [str(path) for path in (*links, *paths) if not path.exists()] == []
