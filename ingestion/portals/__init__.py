"""Portals: one module per kind of portal, each a function that brings the files of a dataset.

A portal gets the record, the HTTP client, the snapshots of the last accepted edition and a scratch folder. It
returns the files, or None when the portal says that nothing changed since.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingestion.catalog import Dataset
from ingestion.http import Download, HttpClient
from ingestion.portals import plain_file
from ingestion.snapshots import Snapshot

Portal = Callable[[Dataset, HttpClient, list[Snapshot], Path], list[Download] | None]

PORTALS: dict[str, Portal] = {
    "plain_file": plain_file.fetch,
}
