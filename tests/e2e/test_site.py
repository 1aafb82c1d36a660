"""The site of the demo: its pages, links, language and weight, and what it does with a hostile label."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from leviers.site import build_site, engine
from leviers.warehouse.publication.answers import questions
from tests.conftest import FinishedRun, change_everywhere
from tests.html import Page

pytestmark = pytest.mark.xdist_group("demo")
TERRITORIES = 1 + 13 + 164


@pytest.fixture(scope="module")
def site(demo: FinishedRun) -> Path:
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    return (demo.home.path / "published" / "site").resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


@pytest.fixture
def changed(demo: FinishedRun, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    shutil.copyfile(demo.home.published, tmp_path / "changed.duckdb")
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as connection:
        yield connection


def test_every_territory_lever_and_chantier_has_its_pages(demo: FinishedRun, site: Path) -> None:
    for folder in ("territoires", "dossiers", "fiches"):
        assert len(list(site.glob(f"{folder}/*.html"))) == TERRITORIES, folder
    levers = {lever_id for (lever_id,) in demo.home.query("select distinct levier_id from vues.fait_lecture")}
    assert {path.stem for path in site.glob("leviers/*.html")} >= levers
    assert len(list(site.glob("chantiers/*.html"))) == 22


def test_the_search_leads_from_a_commune_to_the_page_of_its_epci(demo: FinishedRun, site: Path) -> None:
    text = (site / "recherche.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("window.LEVIERS_INDEX=").removesuffix(";\n"))
    communes = (line.split("|") for line in index["communes"].split("\n"))
    page_of = {(name, code): index["pages"][int(place)][0] for name, code, _, place, _ in communes}
    expected = demo.home.query("""
        select territoire, code_territoire, 'territoires/' || replace(epci_id, ':', '-') || '.html'
        from vues.dim_territoire where niveau = 'commune' and epci_id is not null
    """)
    assert len(expected) > 4000
    assert [(name, code) for name, code, page in expected if page_of.get((name, code)) != page] == []


def test_a_page_asks_nobody(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        assert not [address for address in page.loads if "//" in address], path


def test_every_link_resolves(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            if not link.startswith("https://"):
                file, _, anchor = link.partition("#")
                target = (path.parent / file).resolve() if file else path
                assert target.is_file(), f"{path}: {link}"
                assert not anchor or anchor in pages[target].ids, f"{path}: {link}"
        assert len(page.ids) == len(set(page.ids)), path


BAD_FRENCH = re.compile(
    r"(?<!Ouverte )(?<!BY )(?<!ODbL )(?<!schéma )(?<![\w.])\d+\.\d|\d[kM]\b| [;:!?»]|« |\bNone\b|\bnan\b"
)


def test_visible_text_is_french_typography(pages: dict[Path, Page]) -> None:
    bad_texts = {
        (path.name, text.strip())
        for path, page in pages.items()
        if path.name != "sources.html"  # names of files and licences
        for text in page.texts
        if BAD_FRENCH.search(text)
    }
    assert not bad_texts


def test_the_dictionary_has_every_column_and_every_series(demo: FinishedRun, site: Path) -> None:
    page = "".join((site / name).read_text(encoding="utf-8") for name in ("donnees.html", "tables.html"))
    columns = demo.home.query("select distinct column_name from duckdb_columns() where not internal")
    series = demo.home.query("select distinct indicator_id from marts.fct_indicator_value where value is not null")
    assert all(f"<code>{name}</code>" in page for (name,) in [*columns, *series])


def test_a_hostile_label_is_text(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    label = (
        """<script>alert('x')</script>" onload="alert(1)' onfocus='alert(2) <img src=x onerror=alert(3)> {{ 7 * 7 }}"""
    )
    change_everywhere(changed, "territoire", "$label", "territoire_id = 'departement:34'", label=label)
    change_everywhere(changed, "indicateur", "indicateur || $label", label=label)
    change_everywhere(changed, "raison", "$label", label=label)
    change_everywhere(changed, "producteur", "$label", label=label)
    changed.close()
    report = build_site(tmp_path / "changed.duckdb", tmp_path / "site")
    assert not report.missing
    page = Page(tmp_path / "site" / "territoires" / "departement-34.html")
    assert any("alert" in text and "{{ 7 * 7 }}" in text for text in page.texts)
    assert all("alert" not in address for address in page.loads if address != "data:,")
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for harm in ("<script>alert", 'onload="alert', "onfocus='alert", "<img src=x"):
            assert harm not in text, path


def test_a_file_that_is_of_the_site_no_more_is_removed(demo: FinishedRun, tmp_path: Path) -> None:
    names = ["index.html", "territoires/region-76.html"]
    build_site(demo.home.published, tmp_path, names)
    assert (tmp_path / names[1]).exists()
    assert build_site(demo.home.published, tmp_path, names[:1]).pages == len(list(tmp_path.rglob("*.html"))) == 1


def test_a_series_without_a_file_has_its_page(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    changed.execute("delete from vues.fait_serie_source")
    changed.close()
    names = ["leviers/sols_sobriete_fonciere.html", "territoires/region-76.html", "dossiers/departement-34.html"]
    assert build_site(tmp_path / "changed.duckdb", tmp_path / "site", names).missing == {}


WITH_SQL = ("index.html", "donnees.html", "sql.html")


@pytest.fixture(scope="module")
def site_with_sql(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some pages, with the page of SQL and an engine of empty files."""
    folder = tmp_path_factory.mktemp("sql")
    (folder / "engine").mkdir()
    for name in engine.FETCHED_FILES:
        (folder / "engine" / name).write_bytes(b"")
    build_site(demo.home.published, folder / "site", WITH_SQL, engine=folder / "engine")
    return folder / "site"


def test_the_page_of_sql_loads_files_that_are_there(site_with_sql: Path) -> None:
    text = (site_with_sql / "sql.html").read_text(encoding="utf-8")
    file = re.search('data-file="(.*?)"', text)
    assert file
    loaded = [file[1], *(address for address in Page(site_with_sql / "sql.html").loads if address != "data:,")]
    assert [address for address in loaded if not (site_with_sql / address).is_file()] == []


def test_the_page_of_sql_has_every_question(site_with_sql: Path) -> None:
    assert (site_with_sql / "sql.html").read_text(encoding="utf-8").count("data-sql=") == len(questions())


def test_pages_link_to_the_page_of_sql_where_it_is(site_with_sql: Path) -> None:
    assert [name for name in WITH_SQL if 'href="sql.html"' not in (site_with_sql / name).read_text()] == []


def test_a_site_that_is_made_without_the_page_of_sql_has_nothing_of_it(
    demo: FinishedRun, site_with_sql: Path, tmp_path: Path
) -> None:
    site = Path(shutil.copytree(site_with_sql, tmp_path / "site"))
    build_site(demo.home.published, site, WITH_SQL)
    assert not list((site / "sql").iterdir())
    assert not (site / "sql.html").exists()
    assert [name for name in WITH_SQL[:2] if "sql.html" in (site / name).read_text()] == []
