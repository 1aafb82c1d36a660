"""``leviers sources --probe``: loads each dataset from its portal, beside the home, and says how that ended."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click

from ingestion.catalog import Dataset, load_catalog
from ingestion.fetch import check_connectivity, fetch
from ingestion.load import load
from ingestion.options import Options, Outcome
from ingestion.portals import PORTALS
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.checks.first_contact import first_contact_lines
from leviers.warehouse.home import leviers_home
from leviers.warehouse.runs.damage import remedy_for_entered

REFUSED, NOT_REACHED = 1, 3


def probe_portals(names: Collection[str]) -> int:
    """Fetches, reads and checks the named datasets, or all that have a portal, as a refresh does.

    Prints a line for each, and what its record did not expect. Returns the exit status: 1 if a dataset was refused, 3
    if a portal accepted no connection, else 0.

    Raises:
        click.BadParameter: a named dataset has no portal.
    """
    datasets = {name: dataset for name, dataset in load_catalog().items() if _has_a_portal(dataset)}
    for name in names:
        if name not in datasets:
            what = remedy_for_entered(leviers_home(), name) or "'leviers sources' lists the datasets"
            raise click.BadParameter(f"no portal is asked for {name}: {what}", param_hint="--only")
    silent = check_connectivity(Options(leviers_home(), only=tuple(names))).hosts
    statuses = {0}
    for dataset in [datasets[name] for name in names or datasets]:
        with TemporaryDirectory(prefix="leviers-probe-") as home:
            outcome, lines = _load(Options(Path(home)), dataset, silent)
        click.echo(outcome.sentence)
        for line in lines:
            click.echo(line)
        if outcome.status == "failed":
            is_silent = dataset.fetch is not None and urlsplit(dataset.fetch.url or "").netloc in silent
            statuses.add(NOT_REACHED if is_silent else REFUSED)
    return REFUSED if REFUSED in statuses else max(statuses)


def _has_a_portal(dataset: Dataset) -> bool:
    return dataset.status == "built" and dataset.fetch is not None and dataset.fetch.portal in PORTALS


def _load(options: Options, dataset: Dataset, silent: frozenset[str]) -> tuple[Outcome, list[str]]:
    """Returns how the load of a dataset into an empty home ended, and what its record did not expect."""
    outcomes = fetch(options, [dataset.dataset_id], silent)
    store = SnapshotStore(options.home)
    outcomes += load(options, dataset.schema_name, store.pending_editions([dataset]))
    return outcomes[-1], first_contact_lines(store.states(load_catalog()), [])[1:]
