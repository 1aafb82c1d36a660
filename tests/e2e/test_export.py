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
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
SETE = ("epci", "200066355")
REGION = ("region", "76")
LAND = ("sols_sobriete_fonciere", "epci")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    return fastexcel.read_excel(path).load_sheet(name).to_arrow().to_pylist()


def test_a_workbook_has_four_sheets_that_say_their_sources(demo: FinishedRun, tmp_path: Path) -> None:
    path = tmp_path / "sete.xlsx"
    export_territory(demo.home.published, *SETE, "xlsx", path)
    assert fastexcel.read_excel(path).sheet_names == ["synthèse", "séries", "cibles", "sources"]
    lines = sheet(path, "synthèse")
    assert len(lines) == 30
    assert all(line["source"] and line["licence"] for line in lines if line["valeur publiée"] is not None)
    assert all(line["pourquoi il n'y a pas de valeur"] for line in lines if line["valeur publiée"] is None)
    (forest,) = demo.home.query(
        "select sum(value) as total, count(*) as years from marts.fct_indicator_value "
        "inner join marts.dim_indicator using (indicator_id) where territory_code = '200066355' and label_fr = ?",
        next(line["indicateur"] for line in lines if line["levier"] == "Gestion des forêts"),
    )
    series = [row["valeur"] for row in sheet(path, "séries") if row["levier"] == "Gestion des forêts"]
    assert (sum(series), len(series)) == (pytest.approx(forest[0]), forest[1])  # type: ignore[arg-type]
    titles = {str(name): title for name, title in demo.home.query("select dataset_id, title_fr from marts.dim_dataset")}
    *files, reuse = sheet(path, "sources")
    assert "à citer" in str(next(iter(reuse.values())))
    assert reuse["jeu de données"] is None
    assert all(file["jeu de données"] == titles[file["identifiant"]] for file in files)
    assert all(file["SHA-256"] and file["licence"] for file in files)
    assert all("indicative" in str(row["origine"]) for row in sheet(path, "cibles") if row["clé"])


def test_a_composed_series_is_whole_in_a_workbook_and_says_its_sources(demo: FinishedRun, tmp_path: Path) -> None:
    path = tmp_path / "region.xlsx"
    export_territory(demo.home.published, *REGION, "xlsx", path)
    known = [row for row in sheet(path, "séries") if row["valeur"] is not None]
    lines = [line for line in sheet(path, "synthèse") if line["valeur publiée"] is not None]
    assert all(row["source"] and row["licence"] for row in known + lines)
    composed = demo.home.query(
        "select levier, indicateur, annee from vues.fait_serie where est_composee and territoire_id = 'region:76'"
    )
    assert composed
    assert set(composed) <= {(row["levier"], row["indicateur"], row["année"]) for row in known}


def test_a_text_that_looks_like_a_formula_stays_a_text(demo: FinishedRun, tmp_path: Path) -> None:
    shutil.copyfile(demo.home.published, tmp_path / "changed.duckdb")
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as connection:
        connection.execute("update marts.dim_lever set lever_name_fr = '=1+1' where lever_id = 'sols_haies'")
    book = tmp_path / "sete.xlsx"
    export_territory(tmp_path / "changed.duckdb", *SETE, "xlsx", book)
    assert "=1+1" in [row["levier"] for row in sheet(book, "synthèse")]
    with zipfile.ZipFile(book) as parts:
        assert not [name for name in parts.namelist() if "sheet" in name and b"<f>" in parts.read(name)]
    text = tmp_path / "sete.csv"
    export_territory(tmp_path / "changed.duckdb", *SETE, "csv", text)
    assert "'=1+1" in [row["levier"] for row in rows_of(text)]


def test_a_lever_over_a_level_is_a_table_or_a_map(demo: FinishedRun, tmp_path: Path) -> None:
    export_lever(demo.home.published, *LAND, "csv", tmp_path / "land.csv")
    rows = rows_of(tmp_path / "land.csv")
    assert len(rows) == len({row["code"] for row in rows}) == 164
    assert any("," in row["valeur publiée"] for row in rows)
    assert not any("." in row["valeur publiée"] for row in rows)
    path = tmp_path / "land.geojson"
    export_lever(demo.home.published, *LAND, "geojson", path)
    found = json.loads(path.read_text(encoding="utf-8"))
    [(published,)] = demo.home.query("select max(publie_le) from vues.fait_publication")
    editions = {row["édition"] for row in rows} | {feature["properties"]["édition"] for feature in found["features"]}
    assert editions == {f"{published:%Y-%m-%dT%H:%M:%SZ}"}
    assert "IGN" in found["attribution"]
    assert found["licence"]
    assert len(found["features"]) == 164
    assert {feature["geometry"]["type"] for feature in found["features"]} <= {"Polygon", "MultiPolygon"}
    values = {feature["properties"]["code"]: feature["properties"]["valeur publiée"] for feature in found["features"]}
    exact = {row["code"]: row["valeur publiée"].replace(",", ".") for row in rows}
    assert values == {code: float(value) if value else None for code, value in exact.items()}


def test_every_number_of_a_csv_is_exact(demo: FinishedRun, tmp_path: Path) -> None:
    export_territory(demo.home.published, *REGION, "csv", tmp_path / "region.csv")
    export_territory(demo.home.published, *REGION, "xlsx", tmp_path / "region.xlsx")
    written, book = rows_of(tmp_path / "region.csv"), sheet(tmp_path / "region.xlsx", "synthèse")
    for name in ("valeur comparée", "écart à la trajectoire", "incertitude"):
        found = [float(row[name].replace(",", ".")) for row in written if row[name]]
        assert len(found) > 1
        assert found == [pytest.approx(row[name], rel=1e-15) for row in book if row[name] is not None]
    readings = demo.home.query(
        "select levier, valeur_publiee, valeur from vues.fait_lecture"
        " where territoire_id = 'region:76' and valeur <> valeur_publiee"
    )
    shown = {
        row["levier"]: [row["valeur publiée"], row["valeur comparée"]]
        for row in book
        if row["indicateur"] == row["jugé sur"]
    }
    assert readings
    for lever, *values in readings:
        assert shown[lever] == pytest.approx(values, rel=1e-15)


def test_geoparquet_holds_what_geojson_holds(demo: FinishedRun, tmp_path: Path) -> None:
    export_lever(demo.home.published, *LAND, "geojson", tmp_path / "land.geojson")
    features = json.loads((tmp_path / "land.geojson").read_text(encoding="utf-8"))["features"]
    export_lever(demo.home.published, *LAND, "geoparquet", tmp_path / "land.parquet")
    table = pq.read_table(tmp_path / "land.parquet")
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
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
    rows = table.to_pylist()
    shapes = [json.loads(shapely.to_geojson(shapely.from_wkb(row.pop("geometry")))) for row in rows]
    assert shapes == [feature["geometry"] for feature in features]
    assert rows == [feature["properties"] for feature in features]


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
    asked = ("export", "--territory", "34", "--format", "csv")
    done = demo.home.run_here(*asked, "--level", "Département", "--out", str(out))
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    assert demo.home.run_here(*asked).exit_code == 0
    assert (demo.home.path / "exports" / "departement-34.csv").read_text() == out.read_text()
    assert demo.home.run_here("export", "--lever", "sols_haies").exit_code == 2
    assert demo.home.run_here("export").exit_code == 2
    assert "the nearest: " in demo.home.run_here("export", "--territory", "Sete").stderr


def test_the_site_is_written_beside_no_other_files(demo: FinishedRun, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = demo.home.run_here("site", "--out", str(tmp_path))
    assert (refused.exit_code, (tmp_path / "mine.txt").read_text()) == (2, "mine")
    of_before = tmp_path / "site" / "recherche.js"
    of_before.parent.mkdir()
    of_before.write_text("window.LEVIERS_INDEX=[];")
    (tmp_path / "site" / ".git").mkdir()
    (tmp_path / "site" / ".git" / "HEAD").write_text("mine")
    done = demo.home.run_here("site", "--out", str(tmp_path / "site"))
    assert done.exit_code == 0
    assert str(tmp_path / "site" / "index.html") in done.stdout
    written = demo.home.published.parent / "site"
    assert of_before.read_bytes() == (written / "recherche.js").read_bytes()
    assert (tmp_path / "site" / ".git" / "HEAD").read_text() == "mine"
    shutil.rmtree(tmp_path / "site" / ".git")
    assert {path.relative_to(tmp_path / "site") for path in (tmp_path / "site").rglob("*")} == {
        path.relative_to(written) for path in written.rglob("*")
    }


def test_a_chart_of_a_page_is_an_image_and_another_is_named(demo: FinishedRun, tmp_path: Path) -> None:
    export_chart(demo.home.published, "territoires/region-76", "demande", "svg", tmp_path / "asked.svg")
    assert "Occitanie" in (tmp_path / "asked.svg").read_text(encoding="utf-8")
    with pytest.raises(NothingToExportError, match="aucun graphique « x » sur cette page ; au choix : demande, chemin"):
        export_chart(demo.home.published, "territoires/region-76", "x", "svg", tmp_path / "x.svg")
    with pytest.raises(NothingToExportError, match="aucune page"):
        export_chart(demo.home.published, "territoires/region-0", "demande", "svg", tmp_path / "x.svg")


def test_a_page_has_a_preview_where_the_site_has_an_address(demo: FinishedRun, tmp_path: Path) -> None:
    page = "territoires/departement-34.html"
    build_site(demo.home.published, tmp_path / "site", [page], base_url="https://leviers.example.org")
    told = (tmp_path / "site" / page).read_text(encoding="utf-8")
    assert f'<meta property="og:url" content="https://leviers.example.org/{page}">' in told
    assert '<meta property="og:description" content="' in told
    assert "og:image" not in told, "no image was made"
    build_site(demo.home.published, tmp_path / "site", [page])
    assert "og:" not in (tmp_path / "site" / page).read_text(encoding="utf-8")


def test_an_indicator_is_a_file_in_the_schema_of_the_ministry(demo: FinishedRun, tmp_path: Path) -> None:
    out = tmp_path / "waste.csv"
    rate = ("kerbside_residual_waste_per_head", "departement")
    export_indicator(demo.home.published, *rate, out)
    lines = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert list(lines[0])[:6] == [
        "date_mesure", "geocode_departement", "libelle_departement", "numerateur", "denominateur", "valeur",
    ]  # fmt: skip
    assert {line["date_mesure"][4:] for line in lines} == {"-01-01T00:00:00.000"}
    assert "09" in {line["geocode_departement"] for line in lines}
    known = [line for line in lines if line["valeur"]]
    assert known
    for line in known:
        quotient = float(line["numerateur"]) / float(line["denominateur"])
        assert float(line["valeur"]) == pytest.approx(quotient, rel=1e-9)
    counted = demo.home.query(
        "select count(*) from vues.fait_observation where (indicateur_id, niveau) = (?, ?)", *rate
    )
    assert counted == [(len(lines),)]
    assert all(line["licence"] and line["edition"] for line in lines)
    with pytest.raises(NothingToExportError, match=r"aucune valeur à l'échelon « crte » ; en ont : .*departement"):
        export_indicator(demo.home.published, rate[0], "crte", out)
    with pytest.raises(NothingToExportError, match="aucun indicateur « x » ; les plus proches : "):
        export_indicator(demo.home.published, "x", "epci", out)


def test_a_command_exports_one_thing(demo: FinishedRun, tmp_path: Path) -> None:
    out = tmp_path / "solar.csv"
    done = demo.home.run_here("export", "--indicator", "capacity_solar", "--level", "epci", "--out", str(out))
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    assert demo.home.run_here("export", "--indicator", "capacity_solar").exit_code == 2
    assert demo.home.run_here("export", "--territory", "34", "--format", "gpkg").exit_code == 2
