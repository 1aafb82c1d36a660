"""``leviers verify``: the evidence of a first contact, written into the catalogue record, makes its checks binding.

It is for somebody with a checkout of the project: the record changes, and the change is to be committed.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path

import click
import duckdb

from ingestion.catalog import CATALOG_DIR, Dataset, Evidence, load_catalog, no_such_dataset
from ingestion.fault import RefusalError
from ingestion.load import check_loaded
from ingestion.options import Options
from ingestion.snapshots import Edition, SnapshotStore
from leviers.text.message import Joined, Message, day_of, detail
from leviers.warehouse.first_contact import quarantine_lines
from leviers.warehouse.home import leviers_home, writing
from leviers.warehouse.project import is_checkout


class VerifyError(RefusalError):
    """A record that stays as it was: a line per reason."""


def verify(home: Path, dataset_id: str, directory: Path = CATALOG_DIR) -> Path:
    """Writes into the record of a dataset what its loaded edition proves; returns the catalogue file.

    The edition is read and checked once more, as a verified one is: what would refuse it has to be corrected first,
    since a check that refuses the very file that proves it is wrong.

    Raises:
        VerifyError: nothing proves the record, it would refuse what is loaded, or its file cannot be written.
    """
    dataset = load_catalog(directory).get(dataset_id)
    if dataset is None:
        raise VerifyError(no_such_dataset(dataset_id))
    edition = _loaded_edition(home, dataset)
    with writing(home):
        evidence = _evidence(home, dataset.model_copy(update={"verified": True}), edition)
    path = directory / f"{dataset.producer}.yml"
    text = with_evidence(path.read_text(encoding="utf-8"), dataset_id, evidence)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise VerifyError(
            Message(
                "{file} cannot be written ({error}): this is for a checkout of the project",
                file=path,
                error=error.strerror,
            )
        ) from error
    load_catalog.cache_clear()
    return path


def _loaded_edition(home: Path, dataset: Dataset) -> Edition:
    """The last accepted edition, which the raw tables hold as the present record reads it."""
    name, store = dataset.dataset_id, SnapshotStore(home)
    state = store.state(name)
    if dataset.ships:
        raise VerifyError(Message("{dataset} ships with the project: it is no file of the producer", dataset=name))
    if dataset.fetch and dataset.fetch.portal == "input":
        raise VerifyError(Message("{dataset} is what a user enters: no producer publishes it", dataset=name))
    if not dataset.is_built:
        raise VerifyError(Message("{dataset} is planned: nothing loads it yet", dataset=name))
    if dataset.verified:
        if dataset.evidence:
            day = dataset.evidence.verified_on
            raise VerifyError(Message("{dataset} is verified already, on {day}", dataset=name, day=day_of(day)))
        raise VerifyError(Message("{dataset} is verified already", dataset=name))
    if state.refusal:
        why = state.refusal.without(name)
        raise VerifyError(Message("{dataset}: its last edition was refused: {why}", dataset=name, why=why))
    edition = store.accepted_edition(dataset)
    if edition is None or not edition.snapshots:
        raise VerifyError(
            Message(
                "{dataset}: nothing is loaded in {home}: refresh it from its portal or from a mirror folder",
                dataset=name,
                home=home,
            )
        )
    if not edition.edition_id == state.accepted_id == state.loaded:
        raise VerifyError(
            Message("{dataset}: what is loaded was read by another record: run a refresh first", dataset=name)
        )
    return edition


def _evidence(home: Path, strict: Dataset, edition: Edition) -> Evidence:
    from ingestion.readers import ReadError, ReadReport, read_table

    name = strict.dataset_id
    report = ReadReport()
    refusals: list[str] = []
    for table in strict.tables:
        try:
            for _ in read_table(strict, table, list(edition.snapshots), report):
                pass
        except ReadError as error:
            refusals.append(error.args[0].without(name))
    with duckdb.connect(str(Options(home=home).warehouse), read_only=True) as connection:
        checks, _ = check_loaded(connection, strict, {})
    refusals += [check.message.removeprefix(f"{name}: ") for check in checks if check.blocks]
    if refusals:
        heading = Message(
            "{dataset}: {count} of its own rules would refuse this edition: correct its record",
            dataset=name,
            count=len(refusals),
        )
        lines = (Message("  {refusal}", refusal=detail(refusal)) for refusal in refusals)
        raise VerifyError(Joined("\n", (heading, *lines)))
    warned = [check.message for check in checks if check.success is False]
    differed = [*report.warnings, *quarantine_lines(SnapshotStore(home).state(name)), *warned]
    return Evidence.model_validate(
        {
            "verified_on": datetime.now(UTC).date(),
            "rows": report.loaded,
            "files": [
                {
                    "name": snapshot.file_name,
                    "sha256": snapshot.sha256,
                    "origin": snapshot.origin,
                    "received": date.fromisoformat(snapshot.retrieved_at[:10]),
                }
                for snapshot in edition.snapshots
            ],
            "differed": [text.removeprefix(f"{name}: ") for text in differed],
        }
    )


def with_evidence(text: str, dataset_id: str, evidence: Evidence) -> str:
    """The text of a catalogue file with a record verified; every other line stays as it is.

    Raises:
        VerifyError: the record has no line ``verified: false`` of its own.
    """
    record = rf"^  - dataset_id: {dataset_id}\n(?:(?:    .*)?\n)*?"
    match = re.search(rf"{record}(    verified: false\n)", text, re.MULTILINE)
    if match is None:
        raise VerifyError(Message("{dataset}: its record has no line `verified: false`", dataset=dataset_id))
    return text[: match.start(1)] + "    verified: true\n" + _block(evidence) + text[match.end(1) :]


def _block(evidence: Evidence) -> str:
    files = [
        f"name: {_quoted(file.name)}, sha256: {_quoted(file.sha256)}, origin: {file.origin}, received: {file.received}"
        for file in evidence.files
    ]
    lines = [f"verified_on: {evidence.verified_on}", f"rows: {evidence.rows}", "files:"]
    lines += [f"  - {{{file}}}" for file in files]
    if evidence.differed:
        lines += ["differed:", *(f"  - {_quoted(text)}" for text in evidence.differed)]
    return "    evidence:\n" + "".join(f"      {line}\n" for line in lines)


def _quoted(text: str) -> str:
    """A text as a double-quoted scalar of YAML, which a JSON string is."""
    return json.dumps(text, ensure_ascii=False)


@click.command("verify")
@click.argument("dataset_id")
def verify_command(dataset_id: str) -> None:
    """Write into a record which files of the producer are loaded, as evidence; its checks then bind.

    It is for a checkout of the project, and for the producer's own files, not for copies that somebody made of them.
    """
    if not is_checkout():
        raise click.UsageError(
            _("this is for a checkout of the project: an upgrade would take an installed record away")
        )
    path = verify(leviers_home(), dataset_id)
    text = _("{dataset}: verified; the evidence is in {file}, and its checks bind from the next edition on")
    click.echo(text.format(dataset=dataset_id, file=path))
    note = load_catalog()[dataset_id].verified_note
    if note:
        click.echo(_("its verified_note is left as it was, for you to correct: {note}").format(note=note))
