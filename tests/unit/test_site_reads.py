"""The site reads views and decides nothing on data: no other schema, no code of a reading, no threshold of its own."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from leviers import bi, site
from leviers.site.kept_pages import PAGES_FILE, KeptPages
from leviers.site.readings import LOOKS
from leviers.warehouse import project
from leviers.warehouse.seeds import seed_rows

FOLDER = Path(site.__file__).parent
BI = Path(bi.__file__).parent
QUERIES = sorted(FOLDER.glob("queries/**/*.sql"))
# Where such a code stands by right: it names the entry of a glossary.
ALLOWED = {
    "methode.html.j2": "^  '(official|regional|derived|national|indicative|joint|partial)': \"",  # meanings of a basis
}


def codes() -> set[str]:
    bases = {row["basis"] for row in seed_rows("labels/bases")} - {"none"}
    return bases | set(LOOKS)


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_views_and_has_no_case(query: Path) -> None:
    sql = re.sub("--.*", "", query.read_text(encoding="utf-8"))
    assert set(re.findall(r"\b(?:from|join)\s+(\w+)\.\w+", sql)) <= {"vues"}
    assert not re.search(r"\bcase\b|\bmarts\.|\bquality\.", sql)


def test_no_code_of_a_verdict_is_asked_for_in_the_site() -> None:
    quoted = re.compile("|".join(f"""(?<![\\w=-])["']{code}["']""" for code in codes()))
    lines = [
        f"{path.name}: {line.strip()}"
        for path in [*FOLDER.rglob("*"), *BI.rglob("*")]
        if path.suffix in (".py", ".j2", ".sql")
        for line in path.read_text(encoding="utf-8").splitlines()
        if quoted.search(line) and not re.search(ALLOWED.get(path.name, "(?!)"), line)
    ]
    assert lines == []


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
