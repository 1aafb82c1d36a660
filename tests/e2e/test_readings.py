"""Agreement on readings: a page, a CSV, a workbook and the terminal show of a lever its row of ``vues.fait_lecture``.

``LEVIERS_TEST_PUBLISHED=FILE pytest -n 0 tests/e2e/test_readings.py -k given`` holds any published file against it.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import pytest

from leviers.cli.show import print_levers
from leviers.common.typography import typeset
from leviers.site.pages import Renderer, files_of
from leviers.site.published import PublishedFile
from leviers.site.tables import sheets_of, write_workbook
from tests.conftest import FinishedRun

GIVEN = os.environ.get("LEVIERS_TEST_PUBLISHED")
Row = dict[str, Any]
READINGS = """
select
    niveau, code_territoire, levier_id, levier, lecture, lecture_libelle, tendance, tendance_libelle, base_libelle,
    raison, confiance, ecart, incertitude
from vues.fait_lecture
"""
# Columns of the files, and the columns of the row that they repeat.
COLUMNS = {
    "lecture": "lecture_libelle", "tendance": "tendance_libelle", "base de comparaison": "base_libelle",
    "raison": "raison", "confiance": "confiance", "écart à la trajectoire": "ecart", "incertitude": "incertitude",
}  # fmt: skip


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("demo", marks=pytest.mark.xdist_group("demo")),
        pytest.param("real", marks=pytest.mark.xdist_group("real")),
        *(["given"] if GIVEN else []),
    ],
)
def published(request: pytest.FixtureRequest) -> Path:
    if request.param == "given":
        return Path(str(GIVEN))
    ran: FinishedRun = request.getfixturevalue(request.param)
    assert ran.run.returncode == 0, ran.run.stdout + ran.run.stderr
    return ran.home.published


@pytest.fixture(scope="module")
def edition(published: Path) -> PublishedFile:
    return PublishedFile(published)


@pytest.fixture(scope="module")
def readings(published: Path) -> dict[tuple[str, str], list[Row]]:
    """The rows of each territory, by level and code."""
    by_place = defaultdict(list)
    with duckdb.connect(str(published), read_only=True) as connection:
        result = connection.execute(READINGS)
        names = [column[0] for column in result.description]
        for row in result.fetchall():
            by_place[row[:2]].append(dict(zip(names, row, strict=True)))
    return dict(by_place)


def words(row: Row) -> str:
    """How a reading is shown."""
    leans = row["tendance_libelle"] if row["tendance"] in ("good", "bad") else None
    return ", ".join(filter(None, (row["lecture_libelle"], leans)))


def text(value: object) -> str:
    """A cell as a CSV has it."""
    return "" if value is None else str(value).removesuffix(".0").replace(".", ",")


def test_every_territory_with_readings_has_a_page(
    edition: PublishedFile, readings: dict[tuple[str, str], list[Row]]
) -> None:
    assert {(row["niveau"], row["code_territoire"]) for row in edition.rows("territoires")} == readings.keys()
    assert len(readings) > 100


def test_pages_have_the_rows_of_the_table(edition: PublishedFile, readings: dict[tuple[str, str], list[Row]]) -> None:
    files, shown = dict(files_of(Renderer(edition))), {}
    for level, code in readings:
        page = files[f"territoires/{level}-{code}.html"]()
        rows = re.findall(
            r'data-levier="([^"]*)" data-lecture="([^"]*)".*?class="lecture[^>]*>\s*([^<]*?)\.?\s*<', page, re.S
        )
        shown[level, code] = sorted((lever, reading, label.lower()) for lever, reading, label in rows)
    expected = {
        place: sorted((row["levier_id"], row["lecture"], typeset(f">{words(row)}<")[1:-1]) for row in rows)
        for place, rows in readings.items()
    }
    assert shown == expected


CARRIED = re.compile(r'<(\w+)[^>]*? data-levier="([^"]*)" data-lecture="([^"]*)"[^>]*>(.*?)</\1>', re.S)


@pytest.fixture(scope="module")
def levers(readings: dict[tuple[str, str], list[Row]]) -> dict[tuple[str, str, str], Row]:
    """The rows by level and code of the territory, and lever."""
    return {(*place, row["levier_id"]): row for place, rows in readings.items() for row in rows}


@pytest.fixture(scope="module")
def groups(published: Path) -> dict[tuple[str, str, str], str]:
    """The reading of each group of levers, by level and code of the territory, and group."""
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute("select niveau, code_territoire, groupe_id, lecture from vues.fait_lecture_groupe")
        return {row[:3]: row[3] for row in rows.fetchall()}


def test_a_page_of_a_lever_has_its_rows_of_the_table(
    edition: PublishedFile, levers: dict[tuple[str, str, str], Row]
) -> None:
    """Its row of a region without another is above, its rows of territories are in the tables."""
    files = dict(files_of(Renderer(edition)))
    for lever in (row["cle"] for row in edition.rows("levier")):
        page, regions = files[f"leviers/{lever}.html"](), edition.of("levier_tete", lever)
        is_alone = len(regions) == 1
        listed = [row for row in edition.of("levier_territoires", lever) if is_alone or row["niveau"] == "departement"]
        rows = [row for row in CARRIED.findall(page) if row[0] == "tr"]
        assert len(rows) == len(listed), lever
        for _, carried, reading, html in rows:
            [(level, code)] = re.findall(r'href="\.\./territoires/(\w+)-(\w+)\.html"', html)
            row = levers[level, code, lever]
            assert (carried, reading) == (lever, row["lecture"]), row
            assert re.findall(r"</svg> ([^<]*)</td>", html) == [typeset(f">{words(row)}<")[1:-1]], row
        above = [(carried, reading) for tag, carried, reading, _ in CARRIED.findall(page) if tag == "span"]
        assert above == [(lever, row["lecture"]) for row in regions] * is_alone


def test_a_page_of_a_chantier_has_a_row_of_each_lever_and_region(
    edition: PublishedFile, levers: dict[tuple[str, str, str], Row]
) -> None:
    files = dict(files_of(Renderer(edition)))
    of_chantier = {row["cle"]: row["chantier_id"] for row in edition.rows("levier")}
    for chantier in (row["cle"] for row in edition.rows("chantier")):
        rows = CARRIED.findall(files[f"chantiers/{chantier}.html"]())
        assert sorted((lever, reading) for _, lever, reading, _ in rows) == sorted(
            (lever, row["lecture"])
            for (level, _, lever), row in levers.items()
            if level == "region" and of_chantier[lever] == chantier
        ), chantier


def test_a_sheet_has_the_rows_of_its_chart(
    edition: PublishedFile, levers: dict[tuple[str, str, str], Row], groups: dict[tuple[str, str, str], str]
) -> None:
    files, sheets = dict(files_of(Renderer(edition))), 0
    readings = groups | {key: row["lecture"] for key, row in levers.items()}
    for page in edition.rows("territoires"):
        ways = [way for way in edition.of("chemin", page["cle"]) if page["genre"] != "local"]
        rows = [row[1:3] for row in CARRIED.findall(files[f"fiches/{page['fichier']}.html"]())]
        place = page["niveau"], page["code_territoire"]
        assert rows == [(way["levier_id"], readings[(*place, way["levier_id"])]) for way in ways], place
        sheets += bool(rows)
    assert sheets


def test_a_csv_has_the_rows_of_the_table(edition: PublishedFile, readings: dict[tuple[str, str], list[Row]]) -> None:
    files = dict(files_of(Renderer(edition)))
    for (level, code), expected in readings.items():
        rows = csv.DictReader(io.StringIO(files[f"fichiers/{level}-{code}.csv"]()[1:]), delimiter=";")
        shown = sorted((row["levier"].removeprefix("'"), *(row[name] for name in COLUMNS)) for row in rows)
        assert [tuple(cell.replace(",", ".") for cell in row) for row in shown] == sorted(
            tuple(text(row[name]).replace(",", ".") for name in ("levier", *COLUMNS.values())) for row in expected
        ), (level, code)


def test_a_workbook_has_the_rows_of_the_table(
    edition: PublishedFile, readings: dict[tuple[str, str], list[Row]], tmp_path: Path
) -> None:
    for (level, code), expected in readings.items():
        sheets = sheets_of(edition, [row["levier_id"] for row in expected], [f"{level}:{code}"])
        write_workbook(edition, sheets, code, tmp_path / "book.xlsx")
        rows = fastexcel.read_excel(tmp_path / "book.xlsx").load_sheet("synthèse").to_arrow().to_pylist()
        shown = {row["levier"]: [row[name] for name in COLUMNS] for row in rows}
        assert len(rows) == len(expected), (level, code)
        for row in expected:
            for cell, name in zip(shown[row["levier"]], COLUMNS.values(), strict=True):
                assert cell == (pytest.approx(row[name], rel=1e-12) if isinstance(row[name], float) else row[name]), row


def test_the_terminal_has_the_rows_of_the_table(
    published: Path,
    readings: dict[tuple[str, str], list[Row]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "10000")
    with duckdb.connect(str(published), read_only=True):  # opened once
        for (level, code), rows in readings.items():
            print_levers(published, level, code)
            printed = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
            shown = {}
            for block in printed.split("\n\n")[1:]:
                lever, *facts = block.splitlines()
                [reading] = [fact.split(maxsplit=1)[1] for fact in facts if fact.startswith("  Lecture")]
                shown[re.sub(r" \(part de la région \w+\)$", "", lever)] = reading
            assert shown.keys() == {row["levier"].replace("\N{NO-BREAK SPACE}", " ") for row in rows}, (level, code)
            for row in rows:
                reading = shown[row["levier"].replace("\N{NO-BREAK SPACE}", " ")]
                assert re.match(rf"{words(row)}( en \d{{4}}, | : )", reading), row
