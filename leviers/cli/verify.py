"""``leviers try --verify``: writes the evidence of a first contact into the catalogue record, whose checks then bind.

It needs a checkout of the project: the record changes, and the change is to be committed.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import indent

import click
import duckdb
import yaml

from ingestion.catalog import CATALOG_DIR, Dataset, Evidence, EvidenceFile, load_catalog, no_such_dataset
from ingestion.fault import RefusalError
from ingestion.load import check_loaded
from ingestion.options import Options
from ingestion.snapshots import Edition, SnapshotStore
from ingestion.state import DatasetState
from leviers.warehouse.checks.first_contact import quarantine_lines
from leviers.warehouse.home import leviers_home, writing
from leviers.warehouse.project import is_checkout


class VerifyError(RefusalError):
    """A record stays as it was; the message has a line per reason."""


def verify(home: Path, dataset_id: str, directory: Path = CATALOG_DIR) -> Path:
    """Writes the evidence of the loaded edition into the record of its dataset; returns the catalogue file.

    The edition is read and checked once more, as one of a verified record. A rule that would refuse it must be
    corrected first, since it would refuse the very file that proves the record.

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
        why = f"{path} cannot be written ({error.strerror}): this is for a checkout of the project"
        raise VerifyError(why) from error
    load_catalog.cache_clear()
    return path


def _loaded_edition(home: Path, dataset: Dataset) -> Edition:
    """Returns the last accepted edition, which the raw tables hold as the present record reads it."""
    store = SnapshotStore(home)
    state, edition = store.state(dataset.dataset_id), store.accepted_edition(dataset)
    if (why := _why_no_proof(home, dataset, state, edition)) or edition is None:
        raise VerifyError(why)
    return edition


def _why_no_proof(home: Path, dataset: Dataset, state: DatasetState, edition: Edition | None) -> str | None:
    name = dataset.dataset_id
    if dataset.ships:
        return f"{name} ships with the project: it is no file of the producer"
    if dataset.fetch and dataset.fetch.portal == "input":
        return f"{name} is what a user enters: no producer publishes it"
    if not dataset.is_built:
        return f"{name} is planned: nothing loads it yet"
    if dataset.evidence:
        day = dataset.evidence.verified_on
        return f"{name} is verified already, on {day}"
    if dataset.verified:
        return f"{name} is verified already"
    if state.reason:
        return f"{name}: its last edition was refused: {state.reason}"
    if edition is None or not edition.snapshots:
        return f"{name}: nothing is loaded in {home}: refresh it from its portal or from a mirror folder"
    if not edition.edition_id == state.accepted_id == state.loaded:
        return f"{name}: what is loaded was read by another record: run a refresh first"
    return None


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
            refusals.append(error.args[0].removeprefix(f"{name}: "))
    with duckdb.connect(str(Options(home=home).warehouse), read_only=True) as connection:
        checks, _ = check_loaded(connection, strict, {})
    refusals += [check.message.removeprefix(f"{name}: ") for check in checks if check.blocks]
    if refusals:
        heading = f"{name}: {len(refusals)} of its own rules would refuse this edition: correct its record"
        lines = (f"  {refusal}" for refusal in refusals)
        raise VerifyError("\n".join((heading, *lines)))
    warned = [check.message for check in checks if check.success is False]
    differed = [*report.warnings, *quarantine_lines(SnapshotStore(home).state(name)), *warned]
    files = [
        EvidenceFile(
            name=file.file_name,
            sha256=file.sha256,
            origin=file.origin,
            received=date.fromisoformat(file.retrieved_at[:10]),
        )
        for file in edition.snapshots
    ]
    accepted = [text.removeprefix(f"{name}: ") for text in differed]
    return Evidence(verified_on=datetime.now(UTC).date(), rows=report.loaded, files=files, differed=accepted)


def with_evidence(text: str, dataset_id: str, evidence: Evidence) -> str:
    """Returns the text of a catalogue file with a record verified; every other line stays as it is.

    Raises:
        VerifyError: the record has no line ``verified: false`` of its own.
    """
    record = rf"^  - dataset_id: {dataset_id}\n(?:(?:    .*)?\n)*?"
    match = re.search(rf"{record}(    verified: false\n)", text, re.MULTILINE)
    if match is None:
        raise VerifyError(f"{dataset_id}: its record has no line `verified: false`")
    content = {"evidence": evidence.model_dump(exclude_defaults=True)}
    proof = indent(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=math.inf), "    ")
    return text[: match.start(1)] + "    verified: true\n" + proof + text[match.end(1) :]


def verify_record(dataset_id: str) -> None:
    """Writes the evidence into the record of a dataset, and prints where."""
    if not is_checkout():
        raise click.UsageError("this is for a checkout of the project: an upgrade would take an installed record away")
    path = verify(leviers_home(), dataset_id)
    text = "{dataset}: verified; the evidence is in {file}, and its checks bind from the next edition on"
    click.echo(text.format(dataset=dataset_id, file=path))
    note = load_catalog()[dataset_id].verified_note
    if note:
        click.echo(f"its verified_note is left as it was, for you to correct: {note}")
