"""The pictures of the site in docs/images, taken of the published file of LEVIERS_HOME: ``make demo pictures``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from leviers.site import build_site
from leviers.site.browser import make_from_page
from leviers.warehouse.home import leviers_home, published_file

IMAGES = Path(__file__).parents[1] / "docs" / "images"
LARGEST = 250_000  # bytes
# Picture: page, width and height in pixels.
PICTURES = {
    "accueil": ("index.html", 1100, 880),
    "region": ("territoires/region-76.html", 1100, 700),
    "intercommunalite": ("territoires/epci-243400769.html", 1100, 840),
    "levier": ("leviers/sols_sobriete_fonciere.html", 1100, 1240),
    "chantier": ("chantiers/fnv2022_04.html", 1100, 760),
    "qualite": ("qualite.html", 1100, 760),
    "donnees": ("donnees.html", 1100, 760),
    "telephone": ("territoires/departement-31.html", 500, 1010),
}


def main() -> None:
    """Takes each picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build_site(published_file(leviers_home()), Path(folder))
        for name, (page, width, height) in PICTURES.items():
            out = IMAGES / f"{name}.png"
            size = f"--window-size={width},{height}"
            make_from_page(Path(folder) / page, out, "--hide-scrollbars", size, f"--screenshot={out}")
            if out.stat().st_size > LARGEST:
                sys.exit(f"{out} has {out.stat().st_size} bytes, more than {LARGEST}")
            print(out)


if __name__ == "__main__":
    main()
