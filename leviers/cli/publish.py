"""The commands for those who publish dated editions, and for their readers."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from leviers.cli.commands import reporting_unwritable
from leviers.cli.site import published_or_refuse
from leviers.common.words import first_of
from leviers.warehouse.home import LOCK_FILE, holding, leviers_home


@click.command("publish")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder of editions.")
@click.option(
    "--verify",
    "edition",
    metavar="DIR_OR_URL",
    help="Instead, hash and count again all of an edition: 0 where it is as published, else 1.",
)
@click.option("--udata", "portal", type=click.Choice(["www", "demo"]), help="And to www.data.gouv.fr, or to its demo.")
@click.option("--organization", help="Id of the organisation there that owns a new dataset.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def publish_command(
    folder: Path | None, edition: str | None, portal: str | None, organization: str | None, dry_run: bool
) -> None:
    """Publish the last publication as an edition: a dated folder that never changes, with checksums, and `latest`.

    The token of --udata is in DATAGOUV_API_KEY. What is there already is not made twice.

    \b
    leviers publish --to editions
    leviers publish --to editions --udata www --dry-run
    leviers publish --verify https://leviers.example.org/editions/latest
    """
    if edition:
        _verify(edition)
    elif folder:
        _publish(folder, portal, organization, dry_run=dry_run)
    else:
        raise click.UsageError("give --to FOLDER, or --verify DIR_OR_URL")


def _publish(folder: Path, portal: str | None, organization: str | None, *, dry_run: bool) -> None:
    from leviers.warehouse.editions.dated_edition import (
        AlteredDatedEditionError,
        differences,
        planned_edition,
        publish_dated_edition,
    )
    from leviers.warehouse.editions.udata import publish_to_udata

    published_or_refuse()
    if folder.resolve().is_relative_to(leviers_home()):
        message = "{folder} is in the home, which runs and backups look through: give another folder"
        raise click.BadParameter(message.format(folder=folder), param_hint="--to")
    with reporting_unwritable(folder, "--to"), nullcontext() if dry_run else holding(folder, LOCK_FILE):
        edition = planned_edition(leviers_home(), folder)
        place = (folder / edition.edition).resolve()
        outcome = f"the edition {place} is made"
        if place.exists():
            if altered := list(differences(place)):
                raise AlteredDatedEditionError(place, altered)
            outcome = f"the edition {place} is there already"
        elif dry_run:
            outcome = f"the edition {place} would be made"
        if not dry_run:
            publish_dated_edition(leviers_home(), folder, edition)
        click.echo(outcome)
        if changes := edition.changes:
            reasons = ", ".join(f"{reason} {count}" for reason, count in changes.reasons.items())
            click.echo(f"series changed since {changes.since}: {reasons}")
        if portal:
            publish_to_udata(portal, place, edition, organization=organization, dry_run=dry_run, emit=click.echo)
    if dry_run:
        click.echo("nothing of this was done: it was a dry run")


def _verify(edition: str) -> None:
    from ingestion.snapshots import sha256_of
    from leviers.warehouse.editions.dated_edition import SUMS, differences, download

    with TemporaryDirectory(prefix="leviers-") as scratch:
        folder = Path(edition)
        if "://" in edition:
            folder = Path(scratch)
            download(edition, folder)
        differing = list(differences(folder))
        if not differing:
            click.echo(f"as published; {SUMS} is {sha256_of(folder / SUMS)}")
            return
    click.echo(f"{len(differing)} difference(s): {first_of(differing)}")
    sys.exit(1)
