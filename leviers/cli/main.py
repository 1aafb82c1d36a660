"""The command line ``leviers``. Heavy imports stay inside the commands that need them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from ingestion.options import Options
from ingestion.snapshots import kept_editions
from leviers.cli.backup import backup_command, print_stored_files, restore_command
from leviers.cli.commands import Commands
from leviers.cli.inputs import commitments, groupings, indicators
from leviers.cli.publish import publish_command
from leviers.cli.query import query_command
from leviers.cli.run import refresh
from leviers.cli.site import bi_command, export_command, published_or_refuse, site_command
from leviers.cli.sources import dataset_ids, sources_command
from leviers.cli.timings import timings_table
from leviers.cli.trial import try_command
from leviers.warehouse.home import NewerHomeError, check_format, leviers_home, refusals, writing
from leviers.warehouse.project import DEFAULT_REGION
from leviers.warehouse.runs.alerts import ALERT_VARIABLE
from leviers.warehouse.runs.damage import check_stored_files
from leviers.warehouse.runs.problems import run_every
from leviers.warehouse.runs.run_end import WRONG_START, try_addresses
from leviers.warehouse.seeds import REGIONS

REGION_CHOICE = click.Choice([*REGIONS, "all"])
timings_option = click.option("--timings", is_flag=True, help="End with a table of the seconds of each step.")
FOLDER_PATH = click.Path(exists=True, file_okay=False, path_type=Path)
PUBLICATION_PATH = click.Path(exists=True, path_type=Path)


@click.group(cls=Commands)
@click.version_option(package_name="leviers")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Open warehouse of France's ecological planning: lever x territory x year.

    \b
    leviers demo                           the figures that ship with the project, no network
    leviers refresh --region 76            the files of the producers: fetch, build, check, publish
    leviers territory 31                   a territory in the terminal
    leviers export --territory 31          a workbook to take away
    leviers commitments add roadmap.csv    enter the commitments of a roadmap
    leviers status                         the last run and the age of the data
    """
    home = leviers_home()
    if "'" in str(home):
        raise click.UsageError(f"LEVIERS_HOME may not hold an apostrophe: {home}")
    if not home.is_dir() and (file := next((path for path in (home, *home.parents) if path.is_file()), None)):
        raise click.UsageError(f"LEVIERS_HOME must be a folder: {file} is a file")
    if ctx.invoked_subcommand != "status":  # it prints the fault as a red light
        try:
            _check_environment(home)
        except ValueError as error:
            raise click.UsageError(error.args[0]) from error


def _check_environment(home: Path) -> None:
    """Checks that a command can work in a home.

    Raises:
        ValueError: the environment holds an unsound number.
        NewerHomeError: a newer version of the project wrote there.
    """
    kept_editions()
    run_every()
    check_format(home)


@main.command("refresh")
@click.option("--region", type=REGION_CHOICE, default=DEFAULT_REGION, show_default=True, help="Scope.")
@click.option("--mirror", type=FOLDER_PATH, help="Folder of files that replace the downloads.")
@click.option("--offline", is_flag=True, help="Use no network.")
@click.option("--only", help="Dataset ids, separated by commas.")
@click.option("--full", is_flag=True, help="Load and build everything again.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="ISO date: rebuild from the snapshots of that day, without fetching.",
)
@timings_option
def refresh_command(
    region: str,
    mirror: Path | None,
    offline: bool,
    only: str | None,
    full: bool,
    as_of: datetime | None,
    timings: bool,
) -> None:
    """Fetch what changed, load, build, check, publish."""
    options = Options(
        home=leviers_home(),
        mirror=mirror.resolve() if mirror else None,
        offline=offline,
        only=dataset_ids(only),
        full=full,
        as_of=as_of.date().isoformat() if as_of else None,
    )
    _refuse_impossible(options)
    result = refresh(options, region, click.echo)
    for line in timings_table(result.seconds) if timings else []:
        click.echo(line)
    sys.exit(result.exit_status)


@main.command("demo")
@timings_option
def demo_command(timings: bool) -> None:
    """Run the same job, whole, on the figures that ship with the project, without network."""
    options = Options(home=leviers_home(), offline=True, demo=True)
    _refuse_impossible(options)
    result = refresh(options, DEFAULT_REGION, click.echo)
    for line in timings_table(result.seconds) if timings else []:
        click.echo(line)
    if result.published:
        from leviers.cli.show import print_levers

        print_levers(result.published, "region", DEFAULT_REGION)
        click.echo("Source: bundled figures (official aggregates that ship with the project).")
        click.echo(f"Published DuckDB file: {result.published}")
        page = result.published.parent / "site" / "index.html"
        click.echo(f"Page to open in a browser: {page}")
    sys.exit(result.exit_status)


def _refuse_impossible(options: Options) -> None:
    for refusal in refusals(options):
        if refusal.option:
            raise click.BadParameter(refusal.reason, param_hint=refusal.option)
        raise click.UsageError(refusal.reason)


@main.command("check")
@click.option("--json", "as_json", is_flag=True, help="One list of objects.")
@click.option("--store", "of_store", is_flag=True, help="Instead, hash every stored file and name those that differ.")
def check_command(as_json: bool, of_store: bool) -> None:
    """Run every check on what is loaded; changes nothing."""
    if of_store and as_json:
        raise click.UsageError("--store prints lines of its own: it goes with no other option")
    if of_store:
        sys.exit(1 if print_stored_files(*check_stored_files(leviers_home())) else 0)
    from leviers.warehouse.checks.results import check_everything, dbt_tests
    from leviers.warehouse.dbt import dbt_manifest

    options = Options(home=leviers_home())
    if not options.warehouse.exists():
        raise click.UsageError(f"nothing is loaded in {options.home}: run a refresh or the demo first")
    tests = dbt_tests(json.loads(dbt_manifest().read_text()))
    with writing(options.home):
        rows = check_everything(options, tests)
    failed = [row for row in rows if row.status != "passed"]
    if as_json:
        click.echo(json.dumps([asdict(row) | row.french_labels for row in rows], ensure_ascii=False, indent=1))
    else:
        for row in failed:
            click.echo(row.graded_sentence)
        click.echo(f"{len(rows)} checks, {len(failed)} did not pass")
    sys.exit(1 if any(row.severity == "error" for row in failed) else 0)


@main.command("status")
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.option("--quiet", is_flag=True, help="Nothing but the exit status.")
@click.option(
    "--test-alerts", is_flag=True, help="Instead, send a test to each address of LEVIERS_ALERT_URLS: 1 if one fails."
)
def status_command(as_json: bool, quiet: bool, test_alerts: bool) -> None:
    """Show as a traffic light how the last run ended and what is wrong, then the datasets and what is in quarantine.

    Ends with 0 at green, 3 at amber, 1 at red. Green: the last run published, or had nothing to do, and all is as it
    should be. Amber: something is wrong with what is published. Red: a run did not publish, or did not happen, or what
    is published is damaged.
    """
    if test_alerts:
        _test_alerts()
    from leviers.cli.status import print_status, status_of
    from leviers.warehouse.home import why_no_home

    home = leviers_home()
    why: str | None
    try:
        _check_environment(home)
        why = why_no_home(home)
    except NewerHomeError as error:
        why = error.args[0]
    except ValueError as error:
        why = f"{error.args[0]}; {WRONG_START}"
    record, status = status_of(home, why)
    if as_json:
        click.echo(json.dumps(status, ensure_ascii=False, indent=1, default=str))
    elif not quiet:
        print_status(record, status)
    sys.exit(status["exit_status"])


def _test_alerts() -> None:
    answers = try_addresses(leviers_home()) or [(False, f"{ALERT_VARIABLE} names no address")]
    for _took, line in answers:
        click.echo(line)
    sys.exit(0 if all(took for took, _line in answers) else 1)


@main.command("territory")
@click.argument("code")
@click.option("--level", help="Where a code exists at several levels.")
def territory_command(code: str, level: str | None) -> None:
    """Print the levers of one territory.

    \b
    leviers territory 31              a departement
    leviers territory 200066355       an EPCI
    leviers territory 76 --level region
    """
    from leviers.cli.show import find_territory, print_levers

    published = published_or_refuse()
    found_level, found_code, _name = find_territory(published, code, level)
    print_levers(published, found_level, found_code)


@main.command("action", context_settings={"ignore_unknown_options": True})  # a negative number is refused in words
@click.argument("text", metavar="QUANTITY_AND_ACTION")
@click.option("--territory", "code", required=True, help="Code of a territory.")
@click.option("--level", help="Where a code exists at several levels.")
def action_command(text: str, code: str, level: str | None) -> None:
    """Print what an action avoids in a territory: tonnes of CO2, share of its part, what is left.

    \b
    leviers action "1000 homes leave oil" --territory 200066371
    leviers action "2000 voitures électriques" --territory 200066371
    leviers action "residentiel_chaudieres_gaz 500" --territory 31
    """
    from leviers.cli.action import print_action

    print_action(published_or_refuse(), text, code, level)


@main.command("diff")
@click.argument("old", type=PUBLICATION_PATH)
@click.argument("new", type=PUBLICATION_PATH)
@click.option("--ignore", "ignored", multiple=True, help="A column that may differ, such as snapshot_id.")
@click.option("--json", "as_json", is_flag=True, help="One list of objects.")
def diff_command(old: Path, new: Path, ignored: tuple[str, ...], as_json: bool) -> None:
    """Compare two published files: rows added, removed and changed, by table and by indicator.

    OLD and NEW are homes, published folders or DuckDB files. Ends with 0 when they are equal, with 1 when they differ.
    """
    from leviers.warehouse.publication.diff import DiffError, compare

    try:
        differences = compare(old, new, ignored)
    except DiffError as error:
        raise click.UsageError(error.args[0]) from error
    if as_json:
        click.echo(json.dumps([asdict(difference) for difference in differences], ensure_ascii=False, indent=1))
    else:
        for difference in differences:
            click.echo(difference.sentence)
        click.echo(f"{len(differences)} difference(s)" if differences else "equal")
    sys.exit(1 if differences else 0)


main.add_command(backup_command)
main.add_command(bi_command)
main.add_command(commitments)
main.add_command(export_command)
main.add_command(groupings)
main.add_command(indicators)
main.add_command(publish_command)
main.add_command(query_command)
main.add_command(restore_command)
main.add_command(site_command)
main.add_command(sources_command)
main.add_command(try_command)


if __name__ == "__main__":
    main()
