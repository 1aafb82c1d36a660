"""SDES DiDo: one CSV per data file, of the newest published millesime, with one header line of column names.

The data files of a dataset are those that ``datafile`` lists by rid, or those whose title matches ``title``. If the
millesime is the date of the content, ``{millesime}`` puts it into the name of the file. The portal announces a
millesime before its publication: if its ``date_diffusion`` is in the future, it is left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.http import Download, FetchError, HttpClient, full_url
from ingestion.portals.support.checks import check_rows, check_values
from ingestion.portals.support.description import Description, asked_for
from ingestion.portals.support.files import changed, download_file, download_unless_same, safe_name, slug
from ingestion.portals.support.pages import integer
from ingestion.portals.support.parameters import Parameters
from ingestion.snapshots import Snapshot
from leviers.common.places import place

PARAMETERS = ("dataset", "datafile", "title", "columns", "filters")
_SEPARATOR = ";"
_ONE_HEADER = [("withColumnName", "true"), ("withColumnDescription", "false"), ("withColumnUnit", "false")]


def fetch(parameters: Parameters, http: HttpClient, previous: list[Snapshot], workdir: Path) -> list[Download] | None:
    """Downloads the data files of one dataset; None if all are as in the last edition.

    A millesime may be corrected, so its rows and the last update of the dataset are part of the version mark.
    """
    metadata = http.get_json(f"{parameters.url}/datasets/{parameters.text('dataset')}")
    downloads: list[Download] = []
    datafiles = _datafiles(parameters, metadata)
    millesimes = [_newest(datafile, parameters, http.now()) for datafile in datafiles]
    names = _file_names(parameters, datafiles, millesimes)
    for datafile, millesime, name in zip(datafiles, millesimes, names, strict=True):
        mark = " ".join(
            str(part) for part in (millesime["millesime"], millesime.get("rows"), metadata.get("last_update"))
        )
        download = partial(_download, parameters, http, datafile, millesime, mark, place(workdir, name))
        downloads.append(download_unless_same(previous, name, mark, download))
    return changed(downloads, previous)


def describe(parameters: Parameters, http: HttpClient) -> Iterator[Description]:
    """Yields the metadata of each data file."""
    metadata = http.get_json(f"{parameters.url}/datasets/{parameters.text('dataset')}")
    datafiles, licence = _datafiles(parameters, metadata), metadata.get("license")
    millesimes = [_newest(datafile, parameters, http.now()) for datafile in datafiles]
    for millesime, name in zip(millesimes, _file_names(parameters, datafiles, millesimes), strict=True):
        columns = {column["name"]: column.get("type") for column in millesime.get("columns", [])}
        yield Description(
            columns=asked_for(columns, parameters.names("columns")),
            licence=licence.get("title") if isinstance(licence, dict) else licence,
            rows=integer(millesime.get("rows")),
            updated=millesime["millesime"],
            file_name=name,
        )


def _datafiles(parameters: Parameters, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    datafiles = metadata.get("datafiles") or []
    rids, title = parameters.texts("datafile"), parameters.optional("title")
    if rids:
        matching = [datafile for datafile in datafiles if datafile.get("rid") in rids]
    elif title:
        matching = [datafile for datafile in datafiles if re.search(title, datafile.get("title", ""), re.IGNORECASE)]
    else:
        raise FetchError(f"{parameters.dataset_id}: fetch.params: a datafile or a title is needed")
    if len(matching) < max(len(rids), 1):
        titles = ", ".join(f"{d.get('rid')} {d.get('title')!r}" for d in datafiles)
        where = f"{parameters.url}/datasets/{parameters.text('dataset')}"
        raise FetchError(f"{where}: no data file {', '.join(rids) or repr(title)}, found {titles or 'none'}")
    if parameters.file_name and len(matching) > 1:
        raise FetchError(f"{parameters.url}: {len(matching)} data files would all be named {parameters.file_name}")
    return matching


def _file_names(parameters: Parameters, datafiles: list[dict[str, Any]], millesimes: list[dict[str, Any]]) -> list[str]:
    """Returns a name per data file: its rid if it is listed by rid, else its title, with the rid if two are alike."""
    if parameters.file_name:
        return [safe_name(parameters.file_name.replace("{millesime}", millesimes[0]["millesime"]))]
    if parameters.texts("datafile"):
        return [f"{datafile['rid']}.csv" for datafile in datafiles]
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
    columns, filters = parameters.names("columns"), parameters.pairs("filters")
    column_names = [column["name"] for column in millesime.get("columns", [])]
    unknown = [name for name in [*columns, *(name for name, _ in filters)] if column_names and name not in column_names]
    if unknown:
        raise FetchError(
            f"{parameters.url}: no column {unknown[0]!r} in {datafile['rid']}, found {', '.join(column_names)}"
        )
    url = full_url(
        f"{parameters.url}/datafiles/{datafile['rid']}/csv",
        [
            ("millesime", millesime["millesime"]),
            *_ONE_HEADER,
            *([("columns", ",".join(columns))] if columns else []),
            *filters,
        ],
    )
    download = download_file(http, url, target, size_floor=parameters.size_floor)
    header = _check_header(target, columns or column_names, url)
    for name, condition in filters:
        operator, _, value = condition.partition(":")
        if operator in ("eq", "in") and name in header:
            check_values(target, name, value.split(",") if operator == "in" else [value], url, _SEPARATOR)
    if not filters:
        check_rows(target, "csv", integer(millesime.get("rows")), url, _SEPARATOR)
    return Download(path=target, url=download.url, vintage=millesime["millesime"], etag=mark)


def _check_header(target: Path, expected: list[str], url: str) -> list[str]:
    """Returns the header of a file. If it has labels or units instead of names, the server ignored a flag."""
    with target.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, delimiter=_SEPARATOR), [])
    missing = [name for name in expected if name not in header]
    if missing:
        raise FetchError(f"{url}: no column {missing[0]!r} in the header, found {', '.join(header)}")
    return header
