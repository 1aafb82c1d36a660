"""``leviers`` as a person starts it, on the small country, with the portals at the addresses of their fakes.

The first argument names a JSON file: the folder of the figures, by dataset what its record says of its address, and the
datasets whose checks refuse. The other arguments go to the command. It runs on the code of earlier versions too.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingestion import http
from ingestion import load as loading
from ingestion.catalog import BUNDLED_PORTAL, Fetch
from leviers.cli.main import main
from tests.fakes.country import small_country

CHECK_LOADED = loading.check_loaded
BY_HAND = (BUNDLED_PORTAL, "input")


def run(place: Path) -> None:
    """Runs the command on the datasets that have an address in ``place``; no portal is asked for the others."""
    known = json.loads(place.read_text(encoding="utf-8"))
    with small_country(Path(known["figures"])) as catalog, pytest.MonkeyPatch.context() as patch:
        for name, dataset in list(catalog.items()):
            if name in known["fetch"]:
                fetch: Fetch | None = Fetch.model_validate(known["fetch"][name])
            else:
                fetch = dataset.fetch if dataset.fetch and dataset.fetch.portal in BY_HAND else None
            patch.setitem(catalog, name, dataset.model_copy(update={"fetch": fetch}))  # type: ignore[misc]

        def check_loaded(connection: Any, dataset: Any, previous: Any) -> Any:
            """A fixture has not the volumes of a real file: the suites refuse where a test stages it."""
            return CHECK_LOADED(connection, dataset, previous) if dataset.dataset_id in known["checked"] else ([], {})

        patch.setattr(loading, "check_loaded", check_loaded)
        client = partial(http.HttpClient, insecure_loopback=True, sleep=lambda _: None)
        patch.setattr(http, "HttpClient", client)
        main()


if __name__ == "__main__":
    run(Path(sys.argv.pop(1)))
