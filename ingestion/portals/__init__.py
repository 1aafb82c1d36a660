"""Portals: one module per kind of portal, each with the parameters that a record may give it, and two functions.

``fetch`` gets these, the HTTP client, the snapshots of the last accepted edition and a scratch folder. It returns the
files, or None when the portal says that nothing changed since. ``describe`` says what the portal tells of each file of
a dataset, from its metadata and a few rows.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from ingestion.catalog import Dataset
from ingestion.http import Download, FetchError, HttpClient
from ingestion.portals import (
    arcgis,
    atmo_data,
    cubejs,
    data_fair,
    data_gouv,
    dido,
    ecolab_hub,
    geo_api,
    georisques,
    grist_csv,
    hubeau,
    ign_wfs,
    melodi,
    opendatasoft,
    plain_file,
)
from ingestion.portals.support.description import Description
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot

Portal = Callable[[Dataset, HttpClient, list[Snapshot], Path], list[Download] | None]
Describer = Callable[[Dataset, HttpClient], Iterable[Description]]

_MODULES = (
    arcgis, atmo_data, cubejs, data_fair, data_gouv, dido, ecolab_hub, geo_api, georisques, grist_csv, hubeau, ign_wfs,
    melodi, opendatasoft, plain_file,
)  # fmt: skip


class Module(Protocol):
    """The module of a portal."""

    @property
    def PARAMETERS(self) -> tuple[str, ...]:  # noqa: N802
        """The parameters that a record may give it."""

    def fetch(
        self, parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path
    ) -> list[Download] | None:
        """The files, or None."""

    def describe(self, parameters: Parameters, http: HttpClient) -> Iterable[Description]:
        """The columns of each file."""


def _fetch(
    module: Module, dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path
) -> list[Download] | None:
    return module.fetch(Parameters(dataset, *module.PARAMETERS), http, previous, workdir)


def _describe(module: Module, dataset: Dataset, http: HttpClient) -> Iterable[Description]:
    return module.describe(Parameters(dataset, *module.PARAMETERS), http)


_NAMED = {module.__name__.rpartition(".")[2]: module for module in _MODULES}
PORTALS: dict[str, Portal] = {name: partial(_fetch, module) for name, module in _NAMED.items()}
DESCRIBERS: dict[str, Describer] = {name: partial(_describe, module) for name, module in _NAMED.items()}


@contextmanager
def documented(dataset: Dataset) -> Iterator[None]:
    """Turns the surprise of a portal's module at an answer of another shape into a line with its address.

    Raises:
        FetchError: the answer is not as the portal's documentation says.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, csv.Error, zlib.error) as error:
        url = dataset.fetch.url if dataset.fetch else None
        raise FetchError(f"{url}: the answer is not as the portal documents it: {error!r}") from error
