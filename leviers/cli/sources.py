"""The command that lists the catalogue, or compares it with the portals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from ingestion.catalog import BUNDLED_PORTAL, Dataset, load_catalog
from ingestion.fetch import unclaimed_files
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.checks.first_contact import NOT_VERIFIED
from leviers.warehouse.home import leviers_home
from leviers.warehouse.seeds import levers_by_dataset

NONE = "none"
VERIFIED = "verified on real files"
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
PRINTED_FIELDS = {
    "dataset_id", "producer", "title", "licence", "grain", "cadence", "status", "verified", "seen",
}  # fmt: skip


@click.command("sources")
@click.option("--json", "as_json", is_flag=True, help="One list of objects.")
@click.option("--probe", is_flag=True, help="Load each dataset from its portal, beside the home: what differs.")
@click.option("--only", help="With --probe: dataset ids, separated by commas.")
@click.option("--mirror", type=FOLDER, help="Warn of the folders and files of a mirror that no record reads.")
def sources_command(as_json: bool, probe: bool, only: str | None, mirror: Path | None) -> None:
    """List the catalogue: what each dataset is, where it comes from, whether it was run on real files.

    The probe ends with 0 when all datasets can be loaded, with 3 when a portal was not reached, with 1 when one is
    refused.
    """
    if only and not probe:
        raise click.UsageError("--only goes with --probe")
    if probe:
        from leviers.cli.probe import probe_portals

        sys.exit(probe_portals(dataset_ids(only)))
    for file in unclaimed_files(mirror):
        click.echo(f"unclaimed in the mirror: {file}", err=True)
    records = _catalog_records()
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
        return
    for record in sorted(records, key=lambda record: record["status"]):
        title = record["title"]
        click.echo(f"{record['dataset_id']} [{record['status']}] {title}")
        grain = record["grain"]
        origin = (record["producer"], record["portal"], grain, record["licence"])
        click.echo(f"    {'; '.join((', '.join(origin), *_what_is_known(record)))}")
    click.echo(summary(load_catalog()))


def _what_is_known(record: dict[str, Any]) -> Iterator[str]:
    """Yields the facts about a record for a person: verified, what was seen, layouts, last snapshot, levers."""
    yield VERIFIED if record["verified"] else NOT_VERIFIED
    yield f"seen: {'; '.join(f'{kind} ({reference})' for kind, reference in record['seen'].items())}"
    yield f"layouts: {', '.join(record['layouts']) or NONE}"
    last = record["last_snapshot"]
    yield f"last snapshot: {last or NONE}"
    if record["levers"]:
        yield f"levers: {', '.join(record['levers'])}"


def _catalog_records() -> list[dict[str, Any]]:
    store, levers = SnapshotStore(leviers_home()), levers_by_dataset()
    records = []
    for dataset in load_catalog().values():
        last_good = store.state(dataset.dataset_id).last_good
        records.append(
            {
                **dataset.model_dump(include=PRINTED_FIELDS),
                "portal": dataset.fetch.portal if dataset.fetch else "drop_folder",
                "levers": levers[dataset.dataset_id],
                "layouts": list(dict.fromkeys(layout.name for table in dataset.tables for layout in table.layouts)),
                "last_snapshot": (last_good.at or None) if last_good else None,
            }
        )
    return records


def dataset_ids(only: str | None) -> tuple[str, ...]:
    """Returns the names in the option ``--only``; one empty name if the list is empty, so that it is refused."""
    return tuple(name for name in map(str.strip, only.split(",")) if name) or ("",) if only is not None else ()


def summary(catalog: Mapping[str, Dataset]) -> str:
    """Returns the number of datasets by kind; bundled figures are copies and are counted apart."""
    statuses = [dataset.status for dataset in catalog.values()]
    portal_of = {
        name: d.fetch.portal if d.fetch else "drop folder" for name, d in catalog.items() if d.status == "built"
    }
    sources = [name for name, portal in portal_of.items() if portal not in (BUNDLED_PORTAL, "input")]
    verified = [name for name in sources if catalog[name].verified]
    return (
        f"{len(sources)} datasets built over {len({portal_of[name] for name in sources})} kinds of "
        f"portal, {len(verified)} of them verified on real files; {statuses.count('planned')} "
        "planned; apart from these, "
        f"{list(portal_of.values()).count(BUNDLED_PORTAL)} sets of figures that ship with the project "
        f"and {list(portal_of.values()).count('input')} of a user's own entries"
    )
