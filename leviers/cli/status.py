"""The state of a LEVIERS_HOME, from the states of the datasets and the published file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from ingestion.catalog import Dataset, load_catalog
from ingestion.snapshots import SnapshotStore
from leviers.text.language import Moment, echo
from leviers.text.message import Bilingual, Counted, Joined, Message, day_of, detail, figure, first_of
from leviers.warehouse.home import published_file, read_run_state
from leviers.warehouse.seeds import labelled, with_title

COVERAGE = """
select territory_level, count(*) filter (where has_series), count(*)
from marts.fct_lever_coverage
inner join marts.dim_lever using (lever_id)
where is_quantified
group by territory_level
order by array_position(['pays', 'region', 'departement', 'epci', 'commune'], territory_level)
"""
QUARANTINE = """
select dataset_id, reason, sum(row_count)
from quality.fct_quarantined_row
group by dataset_id, reason
order by dataset_id, reason
"""


QUARANTINE_BY_FILE = """
select
    q.dataset_id,
    coalesce(s.file_name, q.snapshot_id) as file_name,
    q.reason,
    q.column_name,
    sum(q.row_count) as row_count,
    min(q.value) as example,
    arg_min(q.value_label_fr, q.value) as example_fr
from quality.fct_quarantined_row as q
left join marts.dim_snapshot as s on q.snapshot_id = s.snapshot_id
group by all
order by all
"""


def quarantine_lines(published: Path) -> list[str]:
    """One line per dataset, file, column and reason of the rows that were set aside."""
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
                reason=labelled("quarantine_reason", reason),
            )
            for dataset_id, file_name, reason, column, count, example, example_fr in connection.execute(
                QUARANTINE_BY_FILE
            ).fetchall()
        ]


PARTIAL_YEARS = """
select
    partial.dataset_id,
    year,
    is_incomplete,
    arg_max(
        {
            'is_part_of_year': is_part_of_year,
            'members': members,
            'members_before': members_before,
            'value_sum': value_sum,
            'value_sum_before': value_sum_before,
            'compared_with': compared_with,
            'year_before': year_before
        },
        coalesce(members_before - members, 0)
    ) as fall,
    list([indicator_id, label_fr] order by indicator_id) as indicators
from quality.fct_partial_year as partial
inner join marts.dim_indicator using (indicator_id)
group by partial.dataset_id, year, is_incomplete
order by partial.dataset_id, year, is_incomplete desc
"""


def partial_year_lines(published: Path) -> list[str]:
    """One line per dataset and year that is not all there, and one per year whose values alone fall by a third."""
    lines: list[str] = []
    with duckdb.connect(str(published), read_only=True) as connection:
        for dataset_id, year, is_incomplete, fall, indicators in connection.execute(PARTIAL_YEARS).fetchall():
            named = first_of([Bilingual(name, f"{name} ({label_fr})") for name, label_fr in indicators])
            values = {"year": year, "fall": _fall(fall, is_incomplete=is_incomplete), "indicators": named}
            line = Message("{year}: {fall}: {indicators}", **values)
            if is_incomplete:
                end = Message("out of verdicts, keys and latest values")
                line = Message(
                    "incomplete: {dataset}: {text}", dataset=with_title(dataset_id), text=Joined("; ", (line, end))
                )
            else:
                line = Message("warning: {dataset}: {text}", dataset=with_title(dataset_id), text=line)
            lines.append(line)
    return lines


def _fall(fall: dict[str, Any], *, is_incomplete: bool) -> Message:
    """What a year has less of than the year or the edition that it is compared with."""
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


def status_of(home: Path) -> dict[str, Any]:
    """Last run, datasets, coverage and quarantine, as plain values."""
    store = SnapshotStore(home)
    datasets = []
    for dataset in load_catalog().values():
        state = store.state(dataset.dataset_id)
        last = state.last_good
        if last or state.reason:
            datasets.append(
                {
                    "dataset_id": dataset.dataset_id,
                    "title_fr": dataset.title_fr,
                    "accepted_at": (last.at or None) if last else None,
                    "files": len(last.files) if last else 0,
                    "rows": state.rows_loaded,
                    "maturity": _maturity(dataset),
                    "maturity_label_fr": _maturity(dataset).french,
                    "refused": state.refusal,
                    "warnings": state.warnings,
                }
            )
    run = read_run_state(home)
    last_run = run.model_dump(exclude_none=True) if run else {}
    status: dict[str, Any] = {"last_run": last_run, "datasets": datasets, "coverage": [], "quarantine": []}
    published = published_file(home)
    if published.exists():
        with duckdb.connect(str(published), read_only=True) as connection:
            status["coverage"] = [
                {
                    "territory_level": level,
                    "level_label_fr": labelled("territory_level", level).french,
                    "levers_with_series": series,
                    "levers": levers,
                }
                for level, series, levers in connection.execute(COVERAGE).fetchall()
            ]
            status["quarantine"] = [
                {
                    "dataset_id": dataset_id,
                    "reason": reason,
                    "reason_label_fr": labelled("quarantine_reason", reason).french,
                    "rows": int(rows),
                }
                for dataset_id, reason, rows in connection.execute(QUARANTINE).fetchall()
            ]
    return status


def _maturity(dataset: Dataset) -> Bilingual:
    known = [Bilingual("verified", "vérifié") if dataset.verified else Bilingual("not verified", "non vérifié")]
    if day := dataset.retired_since:
        known.append(Bilingual(f"retired since {day}", f"retiré depuis le {day_of(day).french}"))
    return Bilingual(", ".join(known), ", ".join(text.french for text in known))


def print_status(status: dict[str, Any]) -> None:
    """Prints a status for a person."""
    run = status["last_run"]
    if run:
        at = Moment(run["at"]) if "at" in run else Message("none")
        echo(Message("last published run: {at}, region {region}", at=at, region=run["region"]))
    else:
        echo(Message("last published run: none, region -"))
    for dataset in status["datasets"]:
        accepted = dataset["accepted_at"]
        values = {
            "dataset_id": with_title(dataset["dataset_id"]),
            "accepted": Message("accepted {time}", time=Moment(accepted)) if accepted else Message("never accepted"),
            "rows": Counted("{count} rows", count=dataset["rows"]),
            "files": Counted("{count} file(s)", count=dataset["files"]),
        }
        line = Message("{dataset_id}: {rows} from {files}, {accepted}, {maturity}", **dataset | values)
        refused = [Message("refused: {why}", why=detail(dataset["refused"]))] if dataset["refused"] else []
        echo(Joined("; ", (line, *refused)))
    for row in status["coverage"]:
        line = row | {"territory_level": labelled("territory_level", row["territory_level"])}
        echo(Message("levers with a series at {territory_level}: {levers_with_series} of {levers}", **line))
    for row in status["quarantine"]:
        reason = labelled("quarantine_reason", row["reason"])
        echo(
            Counted(
                "quarantine: {dataset}: {count} rows: {reason}",
                dataset=with_title(row["dataset_id"]),
                count=row["rows"],
                reason=reason,
            )
        )
