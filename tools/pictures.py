"""The pictures of the site in docs/images, taken of the published file of LEVIERS_HOME: ``make demo pictures``.

Each page is taken as it opens on a screen and on a phone, as ``NAME-1280.png`` and ``NAME-390.png``; that of SQL, once
it has answered.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import ViewportSize, sync_playwright

from leviers.site import build_site
from leviers.site.browser import chromium
from leviers.site.engine import fetched_engine
from leviers.warehouse.home import leviers_home, published_file

IMAGES = Path(__file__).parents[1] / "docs" / "images"
LARGEST = 250_000  # bytes
VIEWPORTS = (ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844))
PICTURES = {
    "accueil": "index.html",
    "region": "territoires/region-76.html",
    "departement": "territoires/departement-31.html",
    "intercommunalite": "territoires/epci-241200187.html",
    "levier": "leviers/energie_electricite_renouvelable.html",
    "chantier": "chantiers/fnv2022_04.html",
    "fiche": "fiches/departement-31.html",
    "sql": "sql.html#question-1",
}


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = leviers_home()
        build_site(published_file(home), Path(folder), engine=fetched_engine(home))
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder))
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for viewport in VIEWPORTS:
            page = browser.new_page(viewport=viewport)
            for name, file in PICTURES.items():
                page.goto(f"http://127.0.0.1:{server.server_port}/{file}")
                if page.locator("#requete").count():
                    page.click("#requete [type=submit]")
                    page.locator("#reponse > *").first.wait_for()
                out = IMAGES / f"{name}-{viewport['width']}.png"
                page.screenshot(path=out)
                if out.stat().st_size > LARGEST:
                    sys.exit(f"{out} has {out.stat().st_size} bytes, more than {LARGEST}")
                print(out)
        browser.close()


if __name__ == "__main__":
    main()
