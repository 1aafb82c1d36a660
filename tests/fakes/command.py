"""``leviers`` as a person starts it, on the small country, with the portals at the addresses of their fakes.

The first argument names a JSON file: the folder of the figures and, by dataset, what its record says of its address.
The others are those of the command. It runs on the code of earlier versions too.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest

from ingestion import http, readers
from ingestion import load as loading
from ingestion.catalog import BUNDLED_PORTAL, Fetch
from leviers.cli.main import main
from tests.fakes.country import small_country

CHECK_LOADED, MAX_QUARANTINED_SHARE = loading.check_loaded, readers.MAX_QUARANTINED_SHARE
BY_HAND = (BUNDLED_PORTAL, "input")


def run(place: Path) -> None:
    """Runs the command on the datasets that have an address in ``place``; no portal is asked for the others.

    What is served is checked as it is by any refresh.
    """
    known = json.loads(place.read_text(encoding="utf-8"))
    with small_country(Path(known["figures"])) as catalog, pytest.MonkeyPatch.context() as patch:
        for name, dataset in list(catalog.items()):
            if name in known["fetch"]:
                fetch: Fetch | None = Fetch.model_validate(known["fetch"][name])
            else:
                fetch = dataset.fetch if dataset.fetch and dataset.fetch.portal in BY_HAND else None
            patch.setitem(catalog, name, dataset.model_copy(update={"fetch": fetch}))  # type: ignore[misc]
        patch.setattr(readers, "MAX_QUARANTINED_SHARE", MAX_QUARANTINED_SHARE)
        patch.setattr(loading, "check_loaded", CHECK_LOADED)
        client = partial(http.HttpClient, insecure_loopback=True, sleep=lambda _: None)
        patch.setattr(http, "HttpClient", client)
        main()


if __name__ == "__main__":
    run(Path(sys.argv.pop(1)))
