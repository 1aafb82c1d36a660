"""Portals: one module per kind of portal, which a record names in ``fetch.portal``.

Each module has ``PARAMETERS``, the names that a record may use, and two functions. ``fetch`` gets the parameters, the
HTTP client, the snapshots of the last accepted edition and a scratch folder. It returns the files, or None if the
portal says that nothing changed since. ``describe`` returns the description of each file from metadata and a few rows.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from ingestion.catalog import Dataset, Fetch
from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals.support.description import Description
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

    def describe(self, parameters: Parameters, http: HttpClient) -> Iterable[Description]:
        """Returns the columns of each file."""


def fetch_files(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the files of a dataset from its portal; None when nothing changed since the ``previous`` ones.

    Raises:
        FetchError: the portal does not give them, or its answer is not as its documentation says.
    """
    with _opened(dataset) as (portal, parameters):
        return portal.fetch(parameters, http, previous, workdir)


def describe_files(dataset: Dataset, http: HttpClient) -> Iterator[Description]:
    """Yields the description of each file of a dataset by its portal.

    Raises:
        FetchError: as ``fetch_files``.
    """
    with _opened(dataset) as (portal, parameters):
        yield from portal.describe(parameters, http)


@contextmanager
def _opened(dataset: Dataset) -> Iterator[tuple[Portal, Parameters]]:
    """Yields the portal of a dataset with its parameters. An unexpected answer becomes a ``FetchError``."""
    fetch = cast(Fetch, dataset.fetch)
    if fetch.portal not in PORTALS:
        raise FetchError(f"{dataset.dataset_id}: no portal is called {fetch.portal!r}")
    portal = cast(Portal, import_module(f"{__name__}.{fetch.portal}"))
    try:
        yield portal, Parameters(dataset, *portal.PARAMETERS)
    except (LookupError, TypeError, ValueError, AttributeError, csv.Error, zlib.error) as error:
        raise FetchError(f"{fetch.url}: the answer is not as the portal documents it: {error!r}") from error
