"""The parameters that a record gives to its portal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from ingestion.catalog import Dataset
from ingestion.http import FetchError
from ingestion.portals.support.files import last_segment

_NAMED_FILE = re.compile(r"([\w.() -]+\.\w+)=(.+)")


class Parameters:
    """The ``fetch`` block of a record, with the parameters that its portal has.

    Raises:
        FetchError: there is no address, or the portal has no such parameter.
    """

    def __init__(self, dataset: Dataset, *names: str) -> None:
        if dataset.fetch is None or dataset.fetch.url is None:
            raise FetchError(f"{dataset.dataset_id}: the record has no address")
        self.dataset = dataset
        self.dataset_id = dataset.dataset_id
        self.url = dataset.fetch.url
        self.file_name = dataset.fetch.file_name
        self.size_floor = dataset.fetch.size_floor
        self._values = dataset.fetch.params
        unknown = sorted(set(self._values) - set(names))
        if unknown:
            raise FetchError(f"{self.dataset_id}: fetch.params: {unknown[0]!r} is none of {', '.join(names) or 'none'}")

    def text(self, name: str, default: str | None = None) -> str:
        """Returns a parameter with one value.

        Raises:
            FetchError: it is missing and has no default, or it is a list.
        """
        value = self._values.get(name, default)
        if value is None or isinstance(value, list):
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} must be one value, found {value!r}")
        return str(value)

    def one_of(self, values: Sequence[str], name: str, default: str | None = None) -> str:
        """Returns a parameter with one of the ``values``.

        Raises:
            FetchError: it has another value.
        """
        value = self.text(name, default)
        if value not in values:
            raise FetchError(f"{self.dataset_id}: fetch.params: {name} {value!r} is none of {', '.join(values)}")
        return value

    def optional(self, name: str) -> str | None:
        """Returns a parameter; None if the record does not have it."""
        return self.text(name) if name in self._values else None

    def number(self, name: str, default: int) -> int:
        """Returns a whole number.

        Raises:
            FetchError: it is no number.
        """
        value = self.text(name, str(default))
        if not value.isdigit():
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} must be a number, found {value!r}")
        return int(value)

    def texts(self, name: str) -> list[str]:
        """Returns a list; a single value is a list of one, a missing parameter an empty list."""
        value = self._values.get(name, [])
        return value if isinstance(value, list) else [str(value)]

    def names(self, name: str) -> list[str]:
        """Returns names of columns: a list, or one text with commas."""
        return [part.strip() for entry in self.texts(name) for part in entry.split(",")]

    def required_texts(self, name: str) -> list[str]:
        """Returns a list with at least one value.

        Raises:
            FetchError: it is empty.
        """
        values = self.texts(name)
        if not values:
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} is missing")
        return values

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Returns a list of ``name=value``.

        Raises:
            FetchError: an entry has no equals sign.
        """
        split = [entry.partition("=") for entry in self.texts(name)]
        bad = [key for key, equals, _ in split if not equals]
        if bad:
            raise FetchError(f"{self.dataset_id}: fetch.params: {name!r} takes NAME=VALUE, found {bad[0]!r}")
        return [(key, value) for key, _, value in split]


def addresses(parameters: Parameters) -> list[tuple[str, str]]:
    """Returns the address and file name of each entry of ``files``: a relative address, or ``NAME=ADDRESS``."""
    steps = []
    for entry in parameters.texts("files"):
        named = _NAMED_FILE.fullmatch(entry)
        url = urljoin(parameters.url, named[2] if named else entry)
        steps.append((url, named[1] if named else last_segment(url)))
    return steps
