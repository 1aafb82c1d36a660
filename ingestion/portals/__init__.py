"""Portals: one module per kind of portal, which a record names in ``fetch.portal``.

Each module has ``PARAMETERS``, the names that a record may use, and ``fetch``. This gets the parameters, the HTTP
client, the snapshots of the last accepted edition and a scratch folder. It returns the files, or None if the portal
says that nothing changed since.
"""

from __future__ import annotations

import csv
import zlib
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from ingestion.catalog import Dataset, Fetch
from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot

PORTALS = frozenset(module.name for module in iter_modules(__path__) if not module.ispkg)


class Portal(Protocol):
    """The module of a portal."""

    PARAMETERS: tuple[str, ...]

    def fetch(
        self, parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path
    ) -> list[Download] | None:
        """Returns the files; None if they are as in the ``previous`` edition."""


def fetch_files(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the files of a dataset from its portal; None when nothing changed since the ``previous`` ones.

    Raises:
        FetchError: the portal does not give them, or its answer is not as its documentation says.
    """
    fetch = cast(Fetch, dataset.fetch)
    if fetch.portal not in PORTALS:
        raise FetchError(f"{dataset.dataset_id}: no portal is called {fetch.portal!r}")
    portal = cast(Portal, import_module(f"{__name__}.{fetch.portal}"))
    try:
        return portal.fetch(Parameters(dataset, *portal.PARAMETERS), http, previous, workdir)
    except (LookupError, TypeError, ValueError, AttributeError, csv.Error, zlib.error) as error:
        raise FetchError(f"{fetch.url}: the answer is not as the portal documents it: {error!r}") from error
