"""The page of SQL in Chromium, from a web server on the loopback: npm fetches the DuckDB that it runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from leviers.site import build_site, engine
from leviers.site.tables import BYTE_ORDER_MARK, cell
from leviers.warehouse.home import SLIM
from leviers.warehouse.publication.answers import questions
from tests.conftest import FinishedRun
from tests.site.budgets import PHONE, SCREEN
from tests.site.server import Plain, Ranges, serving

pytestmark = [pytest.mark.sql, pytest.mark.xdist_group("demo")]
FILES = ("sql.html", "index.html", "donnees.html")
BOOK = {question.number: question.sql for question in questions()}


@pytest.fixture(scope="session")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return engine.fetched_engine(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def packed(demo: FinishedRun, fetched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("packed")
    assert not build_site(demo.home.published, site, FILES, engine=fetched).missing
    return site


@pytest.fixture(scope="session")
def large(demo: FinishedRun, fetched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose slim file is too large to be taken whole."""
    site = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "WHOLE_FILE_BYTES", 0)
        assert not build_site(demo.home.published, site, FILES, engine=fetched).missing
    with duckdb.connect(str(next(site.glob("sql/*.duckdb")))) as connection:
        connection.execute("create table vues.ballast as select hash(range) as number from range(5_000_000)")
    return site


class Opened:
    """The page, opened; its errors on the console, and its requests to others."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.context.on("request", lambda asked: self._ask(asked.url, address))
        page.goto(f"{address}/sql.html")

    def _ask(self, url: str, address: str) -> None:
        if not url.startswith((address, "blob:", "data:")):
            self.outside.append(url)

    def run(self, sql: str) -> str:
        """The answer of the page to a query, as text."""
        self.page.fill("#sql", sql)
        self.page.press("#sql", "Control+Enter")
        self.page.locator("#reponse > *").first.wait_for(timeout=60_000)
        return self.page.inner_text("#reponse")

    def table(self, sql: str) -> list[list[str]]:
        """The columns and rows of the CSV of an answer."""
        answer = self.run(sql)
        assert self.page.locator("#csv").is_visible(), answer
        with self.page.expect_download() as download:
            self.page.click("#csv")
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert text.startswith(BYTE_ORDER_MARK)
        return list(csv.reader(text.removeprefix(BYTE_ORDER_MARK).splitlines(keepends=True), delimiter=";"))


@pytest.fixture
def opened(browser: Browser, packed: Path) -> Iterator[Opened]:
    with serving(packed, Plain) as (address, _):
        context = browser.new_context()
        yield Opened(context.new_page(), address)
        context.close()


def expected(demo: FinishedRun, sql: str) -> list[list[str]]:
    with duckdb.connect(str(demo.home.published.with_name(SLIM)), read_only=True) as connection:
        result = connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        return [names, *([as_text(value) for value in row] for row in result.fetchall())]


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return cell(float(value) if isinstance(value, Decimal) else value)


def test_every_question_has_the_answer_of_duckdb(demo: FinishedRun, opened: Opened) -> None:
    different = {}
    for number, sql in BOOK.items():
        try:
            if (answer := expected(demo, sql)) != (shown := opened.table(sql)):
                different[number] = shown, answer
        except duckdb.CatalogException:  # a table or a function that is in the whole file alone
            assert "leviers.duckdb" in opened.run(sql), number
    assert not different
    [(edition,)] = demo.home.query("select publication_id from vues.fait_publication order by publie_le desc limit 1")
    assert str(edition) in opened.page.inner_text("#etat")
    assert not opened.errors
    assert not opened.outside


@pytest.mark.parametrize("handler", [Ranges, Plain])
def test_a_large_file_is_read_by_ranges_or_whole(
    demo: FinishedRun, browser: Browser, large: Path, handler: type[Plain]
) -> None:
    size = next(large.glob("sql/*.duckdb")).stat().st_size
    with serving(large, handler) as (address, asked), browser.new_context() as context:
        opened = Opened(context.new_page(), address)
        assert opened.table(BOOK[3]) == expected(demo, BOOK[3])
        read = [count for _, path, count in asked if path.endswith(".duckdb")]
        assert read == [size] if handler is Plain else sum(read) < size / 2
        assert not opened.errors


def test_another_edition_is_said_and_never_mixed(browser: Browser, large: Path) -> None:
    with serving(large, Ranges) as (address, _), browser.new_context() as context:
        opened = Opened(context.new_page(), address)
        opened.run("select 1 as un")
        file = next(large.glob("sql/*.duckdb"))
        file.rename(large / "away")
        try:
            answer = opened.run("select max(number) from vues.ballast")
            assert "une autre édition est peut-être publiée" in answer
        finally:
            (large / "away").rename(file)


REFUSED = {
    "selec 1": "près de « selec »",
    "from vues.rien": "« rien » n'est pas dans le fichier de cette page",
    "select rien from vues.dim_levier": "Aucune colonne « rien »",
    "select 1; select 2": "Une seule requête à la fois",
    "select json_extract('{}', 'a')": "extension json",
    "create table t as select 1": "elle n'écrit pas",
    "attach 'https://leviers.example.org/a.duckdb'": "rien d'autre",
    "from read_csv('https://leviers.example.org/a.csv')": "rien d'autre",
    "load spatial": "rien d'autre",
    "set enable_external_access = true": "rien d'autre",
}


def test_a_refused_query_says_so_in_french_and_asks_nobody(opened: Opened) -> None:
    answers = {sql: opened.run(sql).replace("\N{NO-BREAK SPACE}", " ") for sql in REFUSED}
    assert {sql: text for sql, text in answers.items() if REFUSED[sql] not in text} == {}
    assert not opened.outside
    assert opened.table("select ';é;' as texte; -- alone; here") == [["texte"], [";é;"]]
    worker = """() => new Promise(done => {
        const text = "fetch('https://leviers.example.org').catch(() => null).then(() => postMessage('done'))";
        new Worker(URL.createObjectURL(new Blob([text]))).onmessage = message => done(message.data);
    })"""
    assert opened.page.evaluate(worker) == "done"
    assert not opened.outside


def test_a_query_that_takes_too_long_is_stopped(opened: Opened) -> None:
    opened.page.fill("#sql", "select sum(a.i * b.i) from range(10000000) as a (i), range(1000000) as b (i)")
    opened.page.press("#sql", "Control+Enter")
    opened.page.get_by_text("Calcul…").wait_for(timeout=60_000)
    opened.page.click("#arreter")
    assert opened.page.inner_text("#etat") == "Arrêté."
    assert opened.table("select 1 as un") == [["un"], ["1"]]
    assert not opened.errors


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SCREEN, PHONE], ids=["1280", "390"])
def test_the_page_is_accessible(opened: Opened, viewport: dict[str, int], scheme: str) -> None:
    page = opened.page
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    bars = "select * from (values ('Un', 1.5::double), ('Deux', null), ('Trois', -0.25)) as t (nom, part_pct)"
    lines = "select 'Un' as nom, 2000 + i::int as annee, i * 1e4::double as part_pct from range(9) as t (i)"
    answers = {
        bars: ("Barres : part_pct par nom", ["\N{EM DASH}", "\N{MINUS SIGN}0,25"]),
        lines: ("Courbe : part_pct de 2000 à 2008", ["80\N{NARROW NO-BREAK SPACE}000"]),
        "selec": (None, ["près de"]),
    }
    for sql, (sentence, texts) in answers.items():
        answer = opened.run(sql)
        assert [text for text in texts if text not in answer] == []
        if sentence:
            assert sentence in (page.locator("svg.chart[role=img]").get_attribute("aria-label") or "")
        report = Axe().run(page, options={"resultTypes": ["violations"]})
        assert not report.violations_count, report.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_question_is_chosen_by_the_keyboard_and_answered(opened: Opened) -> None:
    opened.page.locator("a[href='#question-3']").press("Enter")
    assert opened.page.input_value("#sql") == BOOK[3].strip()
    opened.page.locator("#requete button").first.press("Enter")
    opened.page.locator("#reponse > *").first.wait_for(timeout=60_000)
    assert "édition du" in opened.page.inner_text("#etat")


def test_a_folder_says_that_it_needs_a_server(browser: Browser, packed: Path) -> None:
    page = browser.new_page()
    page.goto((packed / "sql.html").as_uri())
    assert "serveur web" in page.inner_text("#avis")
    assert page.locator("#requete button").first.is_disabled()
    page.close()
