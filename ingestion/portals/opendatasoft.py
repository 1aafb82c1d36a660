"""Portals of the Opendatasoft kind, Explore API v2.1 (ODRE, GRDF): whole exports, shapes left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ingestion.catalog import Dataset
from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support import (
    Description,
    Parameters,
    check_json_list,
    check_rows,
    fetched,
    integer,
    last_segment,
    same_file,
)
from ingestion.snapshots import Snapshot

_PARAMETERS = ("format", "select", "where")
_FORMATS = ("csv", "json", "parquet")
_CSV_SEPARATOR = ";"
_EDITION = re.compile(r"\(au (\d{2})/(\d{2})/(\d{4})\)")


def fetch(dataset: Dataset, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """The export of one dataset; None when ``data_processed`` is that of the last edition."""
    parameters = Parameters(dataset, *_PARAMETERS)
    kind = parameters.text("format", "csv")
    if kind not in _FORMATS:
        raise FetchError(f"{dataset.dataset_id}: fetch.params: format {kind!r} is none of {', '.join(_FORMATS)}")
    metadata = http.get_json(parameters.url)
    default = _default(metadata, parameters.url)
    mark = default.get("data_processed") or default.get("modified")
    target = workdir / (parameters.file_name or f"{last_segment(parameters.url)}.{kind}")
    if same_file(previous, target.name, mark):
        return None
    url = full_url(f"{parameters.url.rstrip('/')}/exports/{kind}", _query(parameters, kind, metadata))
    download = fetched(http, url, target, size_floor=parameters.size_floor)
    if kind == "json":
        check_json_list(target, url)
    if parameters.optional("where") is None:
        check_rows(target, kind, integer(default.get("records_count")), url, _CSV_SEPARATOR)
    vintage = edition_of(default.get("title") or "")
    return [Download(path=target, file_name=target.name, url=download.url, vintage=vintage, etag=mark)]


def describe(dataset: Dataset, http: HttpClient) -> Description:
    """What the metadata say."""
    parameters = Parameters(dataset, *_PARAMETERS)
    metadata = http.get_json(parameters.url)
    default = _default(metadata, parameters.url)
    return Description(
        columns={field["name"]: field.get("type") for field in metadata.get("fields", [])},
        licence=default.get("license"),
        rows=integer(default.get("records_count")),
        updated=default.get("data_processed") or default.get("modified"),
    )


def edition_of(title: str) -> str | None:
    """The date that a title carries, as in "(au 31/07/2026)"."""
    match = _EDITION.search(title)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else None


def _default(metadata: dict[str, Any], url: str) -> dict[str, Any]:
    default = (metadata.get("metas") or {}).get("default")
    if not isinstance(default, dict):
        raise FetchError(f"{url}: no metas.default in the metadata, found {sorted(metadata)}")
    return default


def _query(parameters: Parameters, kind: str, metadata: dict[str, Any]) -> list[tuple[str, str]]:
    fields = metadata.get("fields", [])
    plain = [field["name"] for field in fields if field.get("type") != "geo_shape"]
    select = ",".join(parameters.names("select")) or (",".join(plain) if len(plain) < len(fields) else "")
    where = parameters.optional("where")
    return [
        ("limit", "-1"),
        ("timezone", "UTC"),
        *([("delimiter", _CSV_SEPARATOR), ("use_labels", "false")] if kind == "csv" else []),
        *([("select", select)] if select else []),
        *([("where", where)] if where else []),
    ]
