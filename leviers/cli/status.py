"""The state of a LEVIERS_HOME, from the states of the datasets and the published file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from ingestion.catalog import Dataset, load_catalog
from ingestion.snapshots import SnapshotStore
from ingestion.state import DamagedFileError, DatasetState
from leviers.text.language import echo, moment_of
from leviers.text.message import Bilingual, Counted, Joined, Message, Text, day_of, detail, figure, first_of
from leviers.warehouse.home import last_run, leviers_home, next_run, published_file
from leviers.warehouse.runs.problems import SILENT_TRIES
from leviers.warehouse.runs.record import LIGHT_STATUS, DatasetRow, End, Kind, RunRecord, label
from leviers.warehouse.runs.run_end import present_record
from leviers.warehouse.seeds import LEVELS, labelled, with_title

SQL = Path(__file__).with_name("sql")
COVERAGE, QUARANTINE, QUARANTINE_BY_FILE, PARTIAL_YEARS = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("coverage", "quarantine", "quarantine_by_file", "partial_years")
)


def quarantine_lines(published: Path) -> list[str]:
    """Returns a line per dataset, file, column and reason of the rows that were set aside."""
    with duckdb.connect(str(published), read_only=True) as connection:
        return [
            Counted(
                "quarantine: {dataset}: {file}: {count} rows, {column}, such as {example!r}: {reason}",
                dataset=with_title(dataset_id),
                file=file_name,
                count=count,
                column=Message("territory")
                if column == "territory_code"
                else Message("column {column}", column=column),
                example=Bilingual(example, example_fr),
                reason=Bilingual(reason, reason_fr),
            )
            for dataset_id, file_name, reason, reason_fr, column, count, example, example_fr in connection.execute(
                QUARANTINE_BY_FILE
            ).fetchall()
        ]


def partial_year_lines(published: Path) -> Iterator[str]:
    """Yields a line per dataset and year that is incomplete, and per year whose values alone fall by a third."""
    with duckdb.connect(str(published), read_only=True) as connection:
        for dataset_id, year, is_incomplete, fall, indicators in connection.execute(PARTIAL_YEARS).fetchall():
            named = first_of([Bilingual(name, f"{name} ({label_fr})") for name, label_fr in indicators])
            values = {"year": year, "fall": _fall(fall, is_incomplete=is_incomplete), "indicators": named}
            line, dataset = Message("{year}: {fall}: {indicators}", **values), with_title(dataset_id)
            if is_incomplete:
                text = Joined("; ", (line, Message("out of verdicts, keys and latest values")))
                yield Message("incomplete: {dataset}: {text}", dataset=dataset, text=text)
            else:
                yield Message("warning: {dataset}: {text}", dataset=dataset, text=line)


def _fall(fall: dict[str, Any], *, is_incomplete: bool) -> Message:
    """Returns the fall of a year against the year or the edition that it is compared with."""
    if fall["is_part_of_year"]:
        return Message("not over in the source")
    when = Message("in the edition before")
    if fall["compared_with"] != "edition":
        when = Message("in {year}", year=fall["year_before"])
    if is_incomplete:
        counts = {name: fall[name] for name in ("members", "members_before")}
        return Message("{members} members against {members_before} {when}", when=when, **counts)
    before, after = (_four_digits(fall[name]) for name in ("value_sum_before", "value_sum"))
    return Message(
        "no members are missing, the values fall from {before} to {after} {when}", before=before, after=after, when=when
    )


def _four_digits(value: float) -> Bilingual:
    text = f"{value:.4g}"
    return Bilingual(text, figure(f"{float(text):,.15g}").french)


def status_of(home: Path, why_no_start: Text | None = None) -> tuple[RunRecord, dict[str, Any]]:
    """Returns the record of runs as it is now, and its values with the coverage of the levers and the quarantine."""
    record, run = present_record(home, why_no_start), last_run(home)
    status: dict[str, Any] = {
        "light": record.light,
        "exit_status": LIGHT_STATUS[record.light],
        **record.model_dump(mode="json", include={"version", "runs", "incidents"}),
        "last_run": run.model_dump(exclude_none=True) if run else {},
        "datasets": [_dataset(home, row) for row in record.datasets if row.dataset_id in load_catalog()],
        "coverage": [],
        "quarantine": [],
    }
    is_damaged = any(incident.kind == Kind.DAMAGED for incident in record.open_incidents)
    if published_file(home).exists() and not (is_damaged or why_no_start):
        with duckdb.connect(str(published_file(home)), read_only=True) as connection:
            status["coverage"] = connection.sql(COVERAGE, params={"levels": LEVELS}).to_arrow_table().to_pylist()
            status["quarantine"] = connection.sql(QUARANTINE).to_arrow_table().to_pylist()
    for row in status["coverage"]:
        row["level_label_fr"] = labelled("territory_level", row["territory_level"]).french
    return record, status


def _dataset(home: Path, row: DatasetRow) -> dict[str, Any]:
    """Returns a dataset as values: those on record, its title, and its state if that can be read."""
    dataset, state = load_catalog()[row.dataset_id], DatasetState()
    with suppress(DamagedFileError):
        state = SnapshotStore(home).state(row.dataset_id)
    return row.model_dump(mode="json") | {
        "title_fr": dataset.title_fr,
        "files": len(state.last_good.files) if state.last_good else 0,
        "rows": state.rows_loaded,
        "maturity": _maturity(dataset),
        "maturity_label_fr": _maturity(dataset).french,
        "refused": state.refusal,
        "warnings": state.warnings,
        "why_older": row.why_older,
    }


def _maturity(dataset: Dataset) -> Bilingual:
    texts = [Bilingual("verified", "vérifié") if dataset.verified else Bilingual("not verified", "non vérifié")]
    if day := dataset.retired_since:
        texts.append(Bilingual(f"retired since {day}", f"retiré depuis le {day_of(day).french}"))
    return Bilingual(", ".join(texts), ", ".join(text.french for text in texts))


def _outcome_lines(record: RunRecord) -> Iterator[Text]:
    """Yields the traffic light, how the last run ended, and a line for each problem, with the next action.

    If the last run met a full disk, the first line says once there is room again. A file that failed once or twice, or
    was altered in the store, is no incident: it has a line if the last run had faults.
    """
    light, last = label(record.light), record.last_run
    if last and last.end and last.ended_at:
        sentences: list[Text] = [Message("the last run: {end}, {at}", end=label(last.end), at=moment_of(last.ended_at))]
        if last.exit_status is not None:
            sentences.append(Message("exit status {status}", status=last.exit_status))
        if last.is_disk_full and all(incident.kind != Kind.DISK for incident in record.open_incidents):
            sentences.append(Message("the disk was full, and there is room again: start the run again"))
        yield Joined(": ", (light, Joined("; ", sentences)))
    else:
        remedy = Message("type: {command}", command=next_run(leviers_home()))
        none = Message("no run is on record")
        yield Joined(": ", (light, none if record.open_incidents else Joined("; ", (none, remedy))))
    for run in record.runs:
        if run.end is None:
            yield Message("a run is under way since {at}: wait for its end", at=moment_of(run.started_at))
    for incident in record.open_incidents:
        kind: Text = label(incident.kind)
        if incident.since:
            kind = Message("{kind}, since {at}", kind=kind, at=moment_of(incident.since))
        yield Joined(": ", (kind, incident.text))
    for row in record.datasets if last and last.end == End.FAULTS else ():
        if row.state in ("loaded", "not_fetched") and row.failed_fetches < SILENT_TRIES and row.why:
            values = {"dataset": with_title(row.dataset_id), "why": row.why}
            yield Message("not fetched: {dataset}: {why}; the next run asks again", **values)
    for failure in last.alerts_failed if last else ():
        yield Message("alerts: {text}", text=failure)


def print_status(record: RunRecord, status: dict[str, Any]) -> None:
    for line in _outcome_lines(record):
        echo(line)
    if run := status["last_run"]:
        at = moment_of(run["at"]) if "at" in run else Message("none")
        echo(Message("last published run: {at}, region {region}", at=at, region=run["region"]))
    else:
        echo(Message("last published run: none, region -"))
    for dataset in status["datasets"]:
        echo(_dataset_line(dataset))
    for row in status["coverage"]:
        values = row | {"territory_level": labelled("territory_level", row["territory_level"])}
        echo(Message("levers with a series at {territory_level}: {levers_with_series} of {levers}", **values))
    for row in status["quarantine"]:
        dataset, reason = with_title(row["dataset_id"]), Bilingual(row["reason"], row["reason_label_fr"])
        values = {"dataset": dataset, "count": row["rows"], "reason": reason}
        echo(Counted("quarantine: {dataset}: {count} rows: {reason}", **values))


def _dataset_line(dataset: dict[str, Any]) -> Text:
    accepted, observed = dataset["accepted_at"], dataset["last_observed"]
    values = {
        "dataset_id": with_title(dataset["dataset_id"]),
        "accepted": Message("accepted {time}", time=moment_of(accepted)) if accepted else Message("never accepted"),
        "rows": Counted("{count} rows", count=dataset["rows"]),
        "files": Counted("{count} file(s)", count=dataset["files"]),
    }
    line = Message("{dataset_id}: {rows} from {files}, {accepted}, {maturity}", **dataset | values)
    newest = [Message("newest observation {day}", day=day_of(observed))] if observed else []
    late = [Message("late")] if dataset["is_late"] else []
    refused = [Message("refused: {why}", why=detail(dataset["refused"]))] if dataset["refused"] else []
    older = [dataset["why_older"]] if dataset["why_older"] else []
    return Joined("; ", (line, *newest, *late, *older, *refused))
