"""The command line ``leviers``. Heavy imports stay inside the commands that need them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dagster_project.project import HomeBusyError, leviers_home, read_run_state
from dagster_project.run import RefreshResult, refresh
from ingestion.catalog import load_catalog
from ingestion.refresh import Options


@click.group()
def main() -> None:
    """Open warehouse of France's ecological planning: lever x territory x year."""


@main.command("refresh")
@click.option("--region", default="76", show_default=True, help="Region code, or 'all'.")
@click.option(
    "--mirror", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of files to read."
)
@click.option("--offline", is_flag=True, help="Use no network.")
@click.option("--only", help="Dataset ids, separated by commas.")
@click.option("--full", is_flag=True, help="Load and build everything again.")
@click.option("--as-of", help="ISO date: rebuild from the snapshots of that day, without fetching.")
def refresh_command(
    region: str, mirror: Path | None, offline: bool, only: str | None, full: bool, as_of: str | None
) -> None:
    """Fetch what changed, load, build, check, publish."""
    names = tuple(name.strip() for name in only.split(",")) if only else ()
    unknown = sorted(set(names) - set(load_catalog()))
    if unknown:
        raise click.BadParameter(f"no such dataset: {', '.join(unknown)}", param_hint="--only")
    _check_region(region)
    options = Options(
        home=leviers_home(),
        mirror=mirror.resolve() if mirror else None,
        offline=offline,
        only=names,
        full=full,
        as_of=as_of,
    )
    sys.exit(_run(options, region).exit_status)


@main.command("demo")
def demo_command() -> None:
    """The same job, whole, on the figures that ship with the project, without network."""
    home = leviers_home()
    last = read_run_state(home)
    if last and not last.get("demo"):
        raise click.UsageError(
            f"{home} holds a warehouse of real files: set LEVIERS_HOME to another folder for the demo"
        )
    result = _run(Options(home=home, offline=True, demo=True), "76")
    if result.published:
        from dagster_project.show import print_levers

        print_levers(result.published, "region", "76")
        click.echo("Source: bundled figures (official aggregates that ship with the project).")
    sys.exit(result.exit_status)


def _run(options: Options, region: str) -> RefreshResult:
    try:
        return refresh(options, region, click.echo)
    except HomeBusyError as error:
        raise click.ClickException(str(error)) from error


def _check_region(region: str) -> None:
    known = {"01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"}
    if region != "all" and region not in known:
        raise click.BadParameter(
            f"{region!r} is no region code; known: {', '.join(sorted(known))}", param_hint="--region"
        )


if __name__ == "__main__":
    main()
