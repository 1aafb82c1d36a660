"""Superset on the loopback: the bundle imported twice, every dashboard drawn, and what it may not do to the file.

``LEVIERS_TEST_BI`` names another file of the views than that of the demo.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests
import yaml
from playwright.sync_api import Browser, Page, Response, sync_playwright

from leviers.bi.superset import write_bundle
from leviers.site.browser import chromium
from leviers.warehouse.home import DATABASE
from leviers.warehouse.project import REPOSITORY
from tests.conftest import FinishedRun

pytestmark = [pytest.mark.bi, pytest.mark.xdist_group("demo")]
SUPERSET = REPOSITORY / ".venv" / "superset" / "bin" / "superset"
PICTURES = REPOSITORY / "build" / "bi"
SLUGS = ("leviers-territoire", "leviers-levier", "leviers-cop", "leviers-qualite")
TALL = {"width": 1280, "height": 3600}  # Superset draws what is on the screen
DRAWN = """
chart => {
    const copy = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const colours = [...chart.querySelectorAll('canvas')].map(canvas => {
        [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
        copy.drawImage(canvas, 0, 0);
        return new Set(new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
    });
    return Math.max(0, ...colours) > 3 || chart.querySelector('tbody tr, .header-line') !== null;
}
"""


@dataclass
class Superset:
    """A server on the loopback, what it reads, and the calls of an administrator."""

    folder: Path
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bundle(self) -> Path:
        return self.folder / "bundle.zip"

    @property
    def published(self) -> Path:
        """A link to the folder of an edition, as in a home."""
        return self.folder / "published"

    def publish(self, file: Path, name: str) -> None:
        """Swaps the link, as a refresh does."""
        (self.folder / name).mkdir()
        shutil.copy(file, self.folder / name / DATABASE)
        (self.folder / "next").symlink_to(name)
        (self.folder / "next").replace(self.published)

    def environment(self) -> dict[str, str]:
        config = {
            "SUPERSET_CONFIG_PATH": str(self.folder / "superset_config.py"),
            "FLASK_APP": "superset.app:create_app()",
        }
        return os.environ | config | {"HOME": str(self.folder)}

    def command(self, *arguments: str) -> None:
        done = subprocess.run(
            [SUPERSET, *arguments], env=self.environment(), capture_output=True, text=True, check=False, timeout=300,
            cwd=self.folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self.session.request(method, f"{self.base}/api/v1/{path}", timeout=60, **arguments)

    def id_of(self, kind: str, **wanted: str) -> int:
        entries = self.call("GET", f"{kind}/?q=(page_size:200)").json()["result"]
        return next(int(entry["id"]) for entry in entries if wanted.items() <= entry.items())

    def replace_all(self) -> None:
        """Imports the bundle as assets, which replaces those that are there."""
        files = {"bundle": (self.bundle.name, self.bundle.read_bytes(), "application/zip")}
        answer = self.call("POST", "assets/import/", files=files)
        assert answer.ok, answer.text

    def sql(self, query: str) -> Any:
        """The rows of a query of SQL Lab, or the message that refuses it."""
        body = {
            "database_id": self.id_of("database"),
            "sql": query,
            "client_id": secrets.token_hex(5),
            "schema": "vues",
        }
        answer = self.call("POST", "sqllab/execute/", json=body).json()
        return answer["data"] if "data" in answer else answer["errors"][0]["message"]

    def kept(self) -> Counter[str]:
        kinds = ("database", "dataset", "chart", "dashboard")
        return Counter({kind: self.call("GET", f"{kind}/").json()["count"] for kind in kinds})


@pytest.fixture(scope="module")
def published(request: pytest.FixtureRequest) -> Path:
    if given := os.environ.get("LEVIERS_TEST_BI"):
        return Path(given).resolve()
    demo: FinishedRun = request.getfixturevalue("demo")
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    return demo.home.published


@pytest.fixture(scope="module")
def superset(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    server = Superset(tmp_path_factory.mktemp("superset"))
    server.publish(published, "first")
    write_bundle(server.published / DATABASE, str(server.published / DATABASE), server.bundle)
    with zipfile.ZipFile(server.bundle) as archive:
        settings = archive.read("leviers/superset_config.py").decode()
    (server.folder / "superset_config.py").write_text(
        f"{settings}\nSECRET_KEY = {secrets.token_hex(32)!r}\nWTF_CSRF_ENABLED = False\n"
        f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{server.folder}/superset.db'\n"
    )
    server.command("db", "upgrade")
    person = ("--firstname", "A", "--lastname", "B", "--email", "a@example.org")
    server.command("fab", "create-admin", "--username", "admin", *person, "--password", server.password)
    server.command("init")
    server.command("import-dashboards", "--path", str(server.bundle), "--username", "admin")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.port = free.getsockname()[1]
    with (server.folder / "log").open("w") as log:
        arguments = ["run", "--host", "127.0.0.1", "--port", str(server.port), "--with-threads"]
        process = subprocess.Popen(
            [SUPERSET, *arguments], env=server.environment(), stdout=log, stderr=log, cwd=server.folder
        )
        try:
            deadline = time.monotonic() + 180
            while not _answers(server):
                assert process.poll() is None, (server.folder / "log").read_text()[-2000:]
                assert time.monotonic() < deadline, (server.folder / "log").read_text()[-2000:]
                time.sleep(0.5)
            login = {"username": "admin", "password": server.password, "provider": "db"}
            token = server.call("POST", "security/login", json=login).json()["access_token"]
            server.session.headers.update({"Authorization": f"Bearer {token}", "Referer": server.base})
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _answers(server: Superset) -> bool:
    try:
        return requests.get(f"{server.base}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def page(superset: Superset) -> Iterator[Page]:
    executable = chromium()
    assert executable, "there is no chromium on the PATH"
    flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # WebGL without a card
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=executable, args=flags)
        page = browser.new_page(viewport=TALL, locale="fr-FR")  # type: ignore[arg-type]
        page.goto(f"{superset.base}/login/")
        page.fill("#username", "admin")
        page.fill("#password", superset.password)
        page.press("#password", "Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        yield page
        browser.close()


def charts_of(superset: Superset, slug: str) -> set[str]:
    """The names of the charts of a dashboard, as the bundle has them."""
    with zipfile.ZipFile(superset.bundle) as archive:
        position = yaml.safe_load(archive.read(f"leviers/dashboards/{slug}.yaml"))["position"]
    return {part["meta"]["sliceName"] for part in position.values() if part != "v2" and part["type"] == "CHART"}


def faults_of(superset: Superset, page: Page, slug: str) -> list[str]:
    """Faults of a dashboard: refused queries, charts that show a message or nothing, answers from outside."""
    faults: list[str] = []

    def hear(response: Response) -> None:
        if not response.url.startswith((superset.base, "data:", "blob:")):
            faults.append(f"outside: {response.url}")
        elif "/chart/data" in response.url and not response.ok:
            faults.append(f"{response.status}: {response.text()[:300]}")

    page.on("response", hear)
    page.goto(f"{superset.base}/superset/dashboard/{slug}/")
    wanted = charts_of(superset, slug)
    deadline = time.monotonic() + 120
    steady = 0
    while steady < 4 and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        charts = {
            chart.get_attribute("data-test-chart-name"): chart
            for chart in page.query_selector_all("[data-test-viz-type]")
        }
        is_quiet = wanted <= charts.keys() and not page.query_selector("[data-test=loading-indicator]")
        steady = steady + 1 if is_quiet else 0
    page.remove_listener("response", hear)
    for name in sorted(wanted):
        chart = charts.get(name)
        if chart is None:
            faults.append(f"{name}: is not there")
        elif alert := chart.query_selector("[role=alert]"):
            faults.append(f"{name}: {alert.inner_text()[:300]}")
        elif not chart.evaluate(DRAWN):
            faults.append(f"{name}: nothing is drawn")
    return faults


def test_a_bundle_imported_twice_is_there_once(superset: Superset) -> None:
    with zipfile.ZipFile(superset.bundle) as archive:
        folders = Counter(name.split("/")[1].removesuffix("s") for name in archive.namelist() if name.count("/") > 1)
    assert superset.kept() == folders
    superset.command("import-dashboards", "--path", str(superset.bundle), "--username", "admin")
    superset.replace_all()
    assert superset.kept() == folders


@pytest.mark.parametrize("slug", SLUGS)
def test_every_chart_is_drawn(superset: Superset, page: Page, slug: str) -> None:
    faults = faults_of(superset, page, slug)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{slug}.png")
    assert not faults


def test_sql_lab_writes_nothing_and_reads_no_other_file(superset: Superset) -> None:
    database = superset.id_of("database")
    assert superset.call("PUT", f"database/{database}", json={"allow_dml": True}).ok
    assert "read-only" in superset.sql("delete from marts.dim_lever")
    assert "read-only" in superset.sql("create table vues.essai as select 1 as un")
    assert "disabled by configuration" in superset.sql(
        f"select * from read_text('{superset.folder}/superset_config.py')"
    )
    assert "locked" in superset.sql("set enable_external_access = true")
    superset.replace_all()


def test_the_next_publication_is_seen_while_superset_goes_on(
    superset: Superset, tmp_path: Path, published: Path
) -> None:
    count = "select count(*) as lignes from vues.fait_resume"
    [before] = superset.sql(count)
    following = tmp_path / DATABASE
    shutil.copy(published, following)
    following.chmod(0o644)
    with duckdb.connect(str(following)) as connection:
        connection.execute("delete from vues.fait_resume where rowid = 0")
    answers: list[Any] = []
    slow = "select count(*) as lignes, sum(hash(a.range * b.range) % 7) from range(20000) as a, range(20000) as b"
    under_way = threading.Thread(target=lambda: answers.append(superset.sql(slow)))
    under_way.start()
    time.sleep(0.5)
    superset.publish(following, "second")
    under_way.join()
    assert answers[0][0]["lignes"] == 400_000_000
    [after] = superset.sql(count)
    assert after["lignes"] == before["lignes"] - 1
