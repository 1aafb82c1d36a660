"""SDES DiDo: one CSV per data file, of the newest published millesime, with one header line of column names.

The data files of a dataset are the one with the rid ``datafile``, or those whose title matches ``title``. The portal
announces a millesime before its publication: if its ``date_diffusion`` is in the future, it is left out.
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.checks import check_rows, check_values
from ingestion.portals.support.files import changed, download_file, download_unless_same, each_part, slug
from ingestion.portals.support.pages import integer
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("dataset", "datafile", "title", "filters")
_SEPARATOR = ";"
_ONE_HEADER = [("withColumnName", "true"), ("withColumnDescription", "false"), ("withColumnUnit", "false")]


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the data files of one dataset; None if all are as in the last edition.

    A millesime may be corrected, so its rows and the last update of the dataset are part of the version mark.
    """
    metadata = http.get_json(f"{parameters.url}/datasets/{parameters.text('dataset')}")
    datafiles = _datafiles(parameters, metadata)
    parts = {
        name: partial(_part, parameters, http, metadata, datafile, previous, place(workdir, name))
        for datafile, name in zip(datafiles, _file_names(parameters, datafiles), strict=True)
    }
    return changed(each_part(http, parameters.dataset.dataset_id, previous, parts), previous)


def _part(
    parameters: Parameters,
    http: HttpClient,
    metadata: dict[str, Any],
    datafile: dict[str, Any],
    previous: list[Snapshot],
    target: Path,
) -> Download:
    """Returns the newest millesime of a data file, unless it is that of the last edition."""
    millesime = _newest(datafile, parameters, http.now())
    mark = " ".join(str(part) for part in (millesime["millesime"], millesime.get("rows"), metadata.get("last_update")))
    download = partial(_download, parameters, http, datafile, millesime, mark, target)
    return download_unless_same(previous, target.name, mark, download)


def _datafiles(parameters: Parameters, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    datafiles = metadata.get("datafiles") or []
    rid, title = parameters.optional("datafile"), parameters.text("title", "")
    if rid:
        matching = [datafile for datafile in datafiles if datafile.get("rid") == rid]
    else:
        matching = [datafile for datafile in datafiles if re.search(title, datafile.get("title", ""), re.IGNORECASE)]
    if not matching:
        titles = ", ".join(f"{d.get('rid')} {d.get('title')!r}" for d in datafiles)
        where = f"{parameters.url}/datasets/{parameters.text('dataset')}"
        raise FetchError(f"{where}: no data file {rid or repr(title)}, found {titles or 'none'}")
    if parameters.file_name and len(matching) > 1:
        raise FetchError(f"{parameters.url}: {len(matching)} data files would all be named {parameters.file_name}")
    return matching


def _file_names(parameters: Parameters, datafiles: list[dict[str, Any]]) -> list[str]:
    """Returns a name per data file: that of the record, else its title, with the rid if two titles are alike."""
    if parameters.file_name:
        return [parameters.file_name]
    slugs = [slug(datafile["title"]) for datafile in datafiles]
    return [
        f"{name}.csv" if slugs.count(name) == 1 else f"{name}-{datafile['rid']}.csv"
        for name, datafile in zip(slugs, datafiles, strict=True)
    ]


def _newest(datafile: dict[str, Any], parameters: Parameters, now: datetime) -> dict[str, Any]:
    millesimes: list[dict[str, Any]] = datafile.get("millesimes") or []
    released = [millesime for millesime in millesimes if not _lies_ahead(millesime, now)]
    if not released:
        where = f"{parameters.url}: the data file {datafile.get('rid')}"
        announced = ", ".join(f"{m['millesime']} is announced for {m['date_diffusion']}" for m in millesimes)
        raise FetchError(f"{where} has no millesime" + (f" yet: {announced}" if announced else ""))
    return max(released, key=lambda m: str(m["millesime"]))


def _lies_ahead(millesime: dict[str, Any], now: datetime) -> bool:
    """Returns whether a millesime will be published later; a date without an hour is the beginning of that day."""
    text = millesime.get("date_diffusion")
    if not text:
        return False
    day = datetime.fromisoformat(text)
    return (day if day.tzinfo else day.replace(tzinfo=UTC)) > now


def _download(
    parameters: Parameters,
    http: HttpClient,
    datafile: dict[str, Any],
    millesime: dict[str, Any],
    mark: str,
    target: Path,
) -> Download:
    filters = parameters.pairs("filters")
    url = full_url(
        f"{parameters.url}/datafiles/{datafile['rid']}/csv",
        [("millesime", millesime["millesime"]), *_ONE_HEADER, *filters],
    )
    download = download_file(http, url, target, size_floor=parameters.size_floor)
    _check_header(target, [column["name"] for column in millesime.get("columns", [])], url)
    for name, condition in filters:
        check_values(target, name, [condition.removeprefix("eq:")], url, _SEPARATOR)
    if not filters:
        check_rows(target, "csv", integer(millesime.get("rows")), url, _SEPARATOR)
    return Download(path=target, url=download.url, vintage=millesime["millesime"], etag=mark)


def _check_header(target: Path, expected: list[str], url: str) -> None:
    """Checks the header of a file. If it has labels or units instead of names, the server ignored a flag."""
    with target.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, delimiter=_SEPARATOR), [])
    missing = [name for name in expected if name not in header]
    if missing:
        raise FetchError(f"{url}: no column {missing[0]!r} in the header, found {', '.join(header)}")
