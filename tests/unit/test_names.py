"""Names of the code say what they hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("benchmarks", "dagster_project", "dbt", "expectations", "ingestion", "leviers", "tests", "tools")
VAGUE = {"told", "said", "found", "beside", "one"}
VAGUE_NAME = "|".join(VAGUE)
# The names that a template or a query sets.
IN_TEMPLATES = re.compile(rf"\{{% (?:set|for|macro|import)\b[^%]*\b({VAGUE_NAME})\b(?=[^%'\"]*(?: in | = |\)| with))")
IN_SQL = re.compile(rf"(?:\bas|\bwith|^\)?,?|\{{%-? set) ({VAGUE_NAME})(?: as \(|$|,| -?%| =)", re.MULTILINE)


def names_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name


def vague_names(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return VAGUE & set(names_of(ast.parse(text)))
    pattern = IN_TEMPLATES if path.suffix == ".j2" else IN_SQL
    return set(pattern.findall(text))


def test_no_name_is_vague() -> None:
    paths = [
        path for name in FOLDERS for kind in ("py", "sql", "j2") for path in (REPOSITORY / name).rglob(f"*.{kind}")
    ]
    assert len(paths) > 900
    assert {str(path.relative_to(REPOSITORY)): vague for path in paths if (vague := vague_names(path))} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "for one in rows: pass"),
        ("a.py", "def read(path, *, found): pass"),
        ("a.py", "from leviers import site as said"),
        ("a.py", "lambda found: found"),
        ("a.py", "def told(): pass"),
        ("a.j2", "{% import 'levier.html.j2' as said with context %}"),
        ("a.j2", "{% for level, one, many in levels %}"),
        ("a.j2", "{% set found = rows | list %}"),
        ("a.j2", "{% macro listed(found) %}"),
        ("a.sql", "from marts.fct_indicator_value as found\n"),
        ("a.sql", "    {%- set found -%}\n"),
        ("a.sql", "    {%- set found = run_query(sql) -%}\n"),
        ("a.sql", "with found as (\n"),
    ],
)
def test_a_vague_name_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(vague_names(tmp_path / name)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'message(found=1); row["said"]; one_region = "found"'),
        ("a.j2", "{% set name = 'found' %}{{ rows.one }}"),
        ("a.sql", "-- as one may be ahead\nselect found_at\n"),
    ],
)
def test_another_name_is_no_offence(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert vague_names(tmp_path / name) == set()
