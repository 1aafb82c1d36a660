"""Files to take away: what is in them, that they say where it comes from, and that no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import pyarrow.parquet as pq
import pytest
import shapely

from leviers.site import build_site
from leviers.site.export import (
    NothingToExportError,
    export_chart,
    export_indicator,
    export_lever,
    export_territory,
)
from leviers.site.pages import Renderer
from tests.conftest import FinishedRun, change_everywhere

pytestmark = pytest.mark.xdist_group("demo")
SETE = ("epci", "200066355")
REGION = ("region", "76")
LAND = ("sols_sobriete_fonciere", "epci")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    return fastexcel.read_excel(path).load_sheet(name).to_arrow().to_pylist()


@pytest.fixture(scope="module")
def book(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of an EPCI."""
    path = tmp_path_factory.mktemp("book") / "sete.xlsx"
    export_territory(demo.home.published, *SETE, "xlsx", path)
    return path


def test_a_workbook_has_a_line_for_each_lever_with_its_source_or_a_reason(book: Path) -> None:
    lines = sheet(book, "synthèse")
    assert len(lines) == 30
    assert all(line["source"] and line["licence"] for line in lines if line["valeur publiée"] is not None)
    assert all(line["pourquoi il n'y a pas de valeur"] for line in lines if line["valeur publiée"] is None)


def test_a_workbook_has_each_value_of_a_series(demo: FinishedRun, book: Path) -> None:
    lever = "Gestion des forêts"
    [indicator] = [line["indicateur"] for line in sheet(book, "synthèse") if line["levier"] == lever]
    [(total, years)] = demo.home.query(
        "select sum(value), count(*) from marts.fct_indicator_value "
        "inner join marts.dim_indicator using (indicator_id) where territory_code = '200066355' and label_fr = ?",
        indicator,
    )
    series = [row["valeur"] for row in sheet(book, "séries") if row["levier"] == lever]
    assert (sum(series), len(series)) == (pytest.approx(total), years)  # type: ignore[arg-type]


def test_a_workbook_names_its_files_and_how_to_cite_them(demo: FinishedRun, book: Path) -> None:
    titles = {str(name): title for name, title in demo.home.query("select dataset_id, title_fr from marts.dim_dataset")}
    files = sheet(book, "sources")
    assert [word in str(sheet(book, "lisez-moi")) for word in ("édition du", "s'emboîtent", "à citer")] == [True] * 3
    assert all(file["jeu de données"] == titles[file["identifiant"]] for file in files)
    assert all(file["SHA-256"] and file["licence"] for file in files)


def test_a_workbook_calls_a_target_that_a_key_divides_indicative(book: Path) -> None:
    assert all("indicative" in str(row["origine"]) for row in sheet(book, "cibles") if row["clé"])


def test_a_composed_series_is_whole_in_a_workbook_and_says_its_sources(demo: FinishedRun, tmp_path: Path) -> None:
    path = tmp_path / "region.xlsx"
    export_territory(demo.home.published, *REGION, "xlsx", path)
    rows = [row for row in sheet(path, "séries") if row["valeur"] is not None]
    lines = [line for line in sheet(path, "synthèse") if line["valeur publiée"] is not None]
    assert all(row["source"] and row["licence"] for row in rows + lines)
    composed = demo.home.query(
        "select levier, indicateur, annee from vues.fait_serie where est_composee and territoire_id = 'region:76'"
    )
    assert composed
    assert set(composed) <= {(row["levier"], row["indicateur"], row["année"]) for row in rows}


def test_a_text_that_looks_like_a_formula_stays_a_text(demo: FinishedRun, tmp_path: Path) -> None:
    shutil.copyfile(demo.home.published, tmp_path / "changed.duckdb")
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as connection:
        change_everywhere(connection, "levier", "'=1+1'", "levier_id = 'sols_haies'")
    book = tmp_path / "sete.xlsx"
    export_territory(tmp_path / "changed.duckdb", *SETE, "xlsx", book)
    assert "=1+1" in [row["levier"] for row in sheet(book, "synthèse")]
    with zipfile.ZipFile(book) as parts:
        assert not [name for name in parts.namelist() if "sheet" in name and b"<f>" in parts.read(name)]
    text = tmp_path / "sete.csv"
    export_territory(tmp_path / "changed.duckdb", *SETE, "csv", text)
    assert "'=1+1" in [row["levier"] for row in rows_of(text)]


@pytest.fixture(scope="module")
def land(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lever over a level, in each format."""
    folder = tmp_path_factory.mktemp("land")
    for format_, name in (("csv", "land.csv"), ("geojson", "land.geojson"), ("geoparquet", "land.parquet")):
        export_lever(demo.home.published, *LAND, format_, folder / name)
    return folder


@pytest.fixture(scope="module")
def features(land: Path) -> list[dict[str, Any]]:
    return json.loads((land / "land.geojson").read_text(encoding="utf-8"))["features"]


def test_a_lever_over_a_level_is_a_table_with_french_numbers(land: Path) -> None:
    rows = rows_of(land / "land.csv")
    assert len(rows) == len({row["code"] for row in rows}) == 164
    assert any("," in row["valeur publiée"] for row in rows)
    assert not any("." in row["valeur publiée"] for row in rows)


def test_a_map_has_an_area_for_each_row_of_the_table(land: Path, features: list[dict[str, Any]]) -> None:
    assert len(features) == 164
    assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}
    values = {feature["properties"]["code"]: feature["properties"]["valeur publiée"] for feature in features}
    exact = {row["code"]: row["valeur publiée"].replace(",", ".") for row in rows_of(land / "land.csv")}
    assert values == {code: float(value) if value else None for code, value in exact.items()}


def test_a_workbook_has_the_value_that_is_compared_beside_the_published_one(demo: FinishedRun, tmp_path: Path) -> None:
    export_territory(demo.home.published, *REGION, "xlsx", tmp_path / "region.xlsx")
    readings = demo.home.query(
        "select levier, valeur_publiee, valeur_comparee from vues.fait_lecture"
        " where territoire_id = 'region:76' and valeur_comparee <> valeur_publiee"
    )
    cells = {
        row["levier"]: [row["valeur publiée"], row["valeur comparée"]]
        for row in sheet(tmp_path / "region.xlsx", "synthèse")
        if row["indicateur"] == row["jugé sur"]
    }
    assert readings
    for lever, *values in readings:
        assert cells[lever] == pytest.approx(values, rel=1e-15)


def test_geoparquet_holds_what_geojson_holds(land: Path, features: list[dict[str, Any]]) -> None:
    rows = pq.read_table(land / "land.parquet").to_pylist()
    shapes = [json.loads(shapely.to_geojson(shapely.from_wkb(row.pop("geometry")))) for row in rows]
    assert shapes == [feature["geometry"] for feature in features]
    assert rows == [feature["properties"] for feature in features]


def test_geoparquet_describes_its_geometry(land: Path, features: list[dict[str, Any]]) -> None:
    metadata = {key.decode(): value.decode() for key, value in pq.read_schema(land / "land.parquet").metadata.items()}
    described = json.loads(metadata["geo"])
    assert (described["version"], described["primary_column"]) == ("1.1.0", "geometry")
    geometry = described["columns"]["geometry"]
    assert geometry["encoding"] == "WKB"
    assert set(geometry["geometry_types"]) == {feature["geometry"]["type"] for feature in features}
    west, south, east, north = geometry["bbox"]
    assert -1 < west < east < 6
    assert 42 < south < north < 46
    assert "IGN" in metadata["attribution"]
    assert metadata["licence"]


def test_an_impossible_export_says_why(demo: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingToExportError, match="son EPCI 200066355 en a une"):
        export_territory(demo.home.published, "commune", "34301", "csv", tmp_path / "x")
    with pytest.raises(NothingToExportError, match="aucun levier « x » ; les plus proches : "):
        export_lever(demo.home.published, "x", "epci", "csv", tmp_path / "x")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NothingToExportError, match=r"fiches/epci-200066355\.html dans un navigateur et l\'imprimer"):
        export_territory(demo.home.published, *SETE, "pdf", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_the_command_names_the_file_and_refuses_half_a_question(demo: FinishedRun, tmp_path: Path) -> None:
    out = tmp_path / "herault.csv"
    command = ("export", "--territory", "34", "--format", "csv")
    result = demo.home.run_here(*command, "--level", "Département", "--out", str(out))
    assert (result.exit_code, result.stdout.strip()) == (0, str(out))
    assert demo.home.run_here(*command).exit_code == 0
    assert (demo.home.path / "exports" / "departement-34.csv").read_text() == out.read_text()
    assert demo.home.run_here("export", "--lever", "sols_haies").exit_code == 2
    assert demo.home.run_here("export").exit_code == 2
    assert "the nearest: " in demo.home.run_here("export", "--territory", "Sete").stderr


EXPORT = ("export", "--lever", "SOLS_HAIES", "--level", "epci")


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["--out", "x.PARQUET"], b"PAR1"),
        (["--out", "x", "--format", "csv"], b"\xef\xbb\xbf"),
        (["--out", "x.json", "--format", "geojson"], b"{"),
        ([], b"PK"),
    ],
)
def test_the_name_of_a_file_says_its_format(
    demo: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], begins: bytes
) -> None:
    """A lever may be asked for by its name, as in a roadmap."""
    monkeypatch.chdir(tmp_path)
    result = demo.home.run_here(*EXPORT, *arguments)
    assert Path(result.stdout.strip()).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--out", "x"], "the name x ends as that of no format: give --format"),
        (["--out", "x.pdf", "--format", "csv"], "x.pdf is the name of another format than csv"),
    ],
)
def test_a_name_that_says_no_format_is_refused(demo: FinishedRun, arguments: list[str], why: str) -> None:
    result = demo.home.run_here(*EXPORT, *arguments)
    assert (result.exit_code, why in result.stderr) == (2, True)


def test_a_page_that_cannot_be_made_is_told_in_a_line(
    demo: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Renderer, "page", lambda *_: dict[str, str]()["x"])
    result = demo.home.run_here("site", "--out", str(tmp_path / "site"))
    assert result.exit_code == 3
    assert result.stdout.startswith("missing: index.html: a defect of the program, at leviers/site/pages.py:")


def test_the_site_takes_the_place_of_one_of_before_and_leaves_git(demo: FinishedRun, tmp_path: Path) -> None:
    site, written = tmp_path / "site", demo.home.published.parent / "site"
    (site / ".git").mkdir(parents=True)
    (site / "recherche.js").write_text("window.LEVIERS_INDEX=[];")
    (site / ".git" / "HEAD").write_text("mine")
    result = demo.home.run_here("site", "--out", str(site))
    assert result.exit_code == 0
    assert str(site / "index.html") in result.stdout
    assert (site / "recherche.js").read_bytes() == (written / "recherche.js").read_bytes()
    files = {path.relative_to(site) for path in site.rglob("*") if ".git" not in path.parts}
    assert files == {path.relative_to(written) for path in written.rglob("*")}
    assert (site / ".git" / "HEAD").read_text() == "mine"


def test_a_chart_of_a_page_is_an_image_and_another_is_named(demo: FinishedRun, tmp_path: Path) -> None:
    export_chart(demo.home.published, "territoires/region-76", "chemin", "svg", tmp_path / "asked.svg")
    assert "Occitanie" in (tmp_path / "asked.svg").read_text(encoding="utf-8")
    with pytest.raises(NothingToExportError, match="aucun graphique « x » sur cette page ; au choix : chemin"):
        export_chart(demo.home.published, "territoires/region-76", "x", "svg", tmp_path / "x.svg")
    with pytest.raises(NothingToExportError, match="aucune page"):
        export_chart(demo.home.published, "territoires/region-0", "chemin", "svg", tmp_path / "x.svg")


def test_a_page_has_a_preview_where_the_site_has_an_address(demo: FinishedRun, tmp_path: Path) -> None:
    page = "territoires/departement-34.html"
    build_site(demo.home.published, tmp_path / "site", [page], base_url="https://leviers.example.org")
    html = (tmp_path / "site" / page).read_text(encoding="utf-8")
    assert f'<meta property="og:url" content="https://leviers.example.org/{page}">' in html
    assert '<meta property="og:description" content="' in html
    assert "og:image" not in html, "no image was made"
    build_site(demo.home.published, tmp_path / "site", [page])
    assert "og:" not in (tmp_path / "site" / page).read_text(encoding="utf-8")


RATE = ("kerbside_residual_waste_per_head", "departement")


@pytest.fixture(scope="module")
def waste(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The lines of an indicator that is a rate."""
    out = tmp_path_factory.mktemp("waste") / "waste.csv"
    export_indicator(demo.home.published, *RATE, out)
    return list(csv.DictReader(out.open(encoding="utf-8", newline="")))


def test_each_value_of_an_indicator_is_exported(demo: FinishedRun, waste: list[dict[str, str]]) -> None:
    sql = "select count(*) from vues.fait_observation where (indicateur_id, niveau) = (?, ?)"
    assert demo.home.query(sql, *RATE) == [(len(waste),)]


def test_a_rate_is_the_quotient_of_its_columns(waste: list[dict[str, str]]) -> None:
    lines = [line for line in waste if line["valeur"]]
    assert lines
    for line in lines:
        quotient = float(line["numerateur"]) / float(line["denominateur"])
        assert float(line["valeur"]) == pytest.approx(quotient, rel=1e-9)


def test_a_command_exports_one_thing(demo: FinishedRun, tmp_path: Path) -> None:
    out = tmp_path / "solar.csv"
    result = demo.home.run_here("export", "--indicator", "capacity_solar", "--level", "epci", "--out", str(out))
    assert (result.exit_code, result.stdout.strip()) == (0, str(out))
    assert demo.home.run_here("export", "--indicator", "capacity_solar").exit_code == 2
    assert demo.home.run_here("export", "--territory", "34", "--format", "gpkg").exit_code == 2
