"""The site reads views and decides nothing on data; its pages are made again when what they show changes."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from leviers import site
from leviers.site.kept_pages import PAGES_FILE, KeptPages
from leviers.warehouse import project

FOLDER = Path(site.__file__).parent
QUERIES = sorted(FOLDER.glob("queries/**/*.sql"))


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_views_and_has_no_case(query: Path) -> None:
    sql = re.sub("--.*", "", query.read_text(encoding="utf-8"))
    assert set(re.findall(r"\b(?:from|join)\s+(\w+)\.\w+", sql)) <= {"vues"}
    assert not re.search(r"\bcase\b|\bmarts\.|\bquality\.", sql)


def test_a_kept_file_with_a_text_of_no_name_is_made_anew(tmp_path: Path) -> None:
    opened: Any = SimpleNamespace(reads=set(), digest=lambda *_: "")
    made = {name: f'<data value="{name}">before</data>' for name in ("known", "unknown")}
    first = KeptPages(tmp_path, opened, "maker", {})
    for name, text in made.items():
        (tmp_path / name).write_bytes(first.text(name, lambda text=text: text))  # type: ignore[misc]
    (tmp_path / PAGES_FILE).write_bytes(first.record())
    again = KeptPages(tmp_path, opened, "maker", {"known": "after"})
    assert again.text("known", lambda: "made") == b"after"
    assert again.text("unknown", lambda: "made") == b"made"


def test_pages_are_made_again_for_another_look_of_a_reading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = project.site_fingerprint()
    monkeypatch.setattr(project, "DBT_DIR", tmp_path)
    labels = tmp_path / "seeds" / "labels"
    labels.mkdir(parents=True)
    labels.joinpath("readings.csv").write_text("code,tone\n")
    assert project.site_fingerprint() != before
