"""The commands for people who read: the site, and files to take away."""

from __future__ import annotations

from pathlib import Path

import click

from leviers.warehouse.home import leviers_home, published_file


def published_or_refuse() -> Path:
    """The published file, or a message that says how to get one."""
    published = published_file(leviers_home())
    if not published.exists():
        raise click.UsageError("nothing is published yet: run a refresh or the demo first")
    return published


@click.command("site")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder; by default ./site.")
def site_command(out: Path | None) -> None:
    """Write the site of the published file into a folder, to open from there or to put on a web server.

    A refresh has written it too, beside the published file.
    """
    from leviers.site import build_site

    folder = out or Path("site")
    if folder.exists() and any(folder.iterdir()) and not (folder / "recherche.js").exists():
        raise click.BadParameter(f"{folder} holds other files than a site, which would be deleted", param_hint="--out")
    report = build_site(published_or_refuse(), folder)
    click.echo(f"{report.pages} pages, {report.written} files written: {(folder / 'index.html').resolve()}")


@click.command("export")
@click.option("--territory", "code", help="Code of a region, departement, EPCI or grouping: its levers.")
@click.option("--lever", help="Id of a lever, with --level: its values over the territories.")
@click.option("--level", help="Level of the territories, or of a code that exists at several levels.")
@click.option(
    "--format", "format_", type=click.Choice(["xlsx", "csv", "geojson", "pdf"]), default="xlsx", show_default=True
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File; by default one named after it.")
def export_command(code: str | None, lever: str | None, level: str | None, format_: str, out: Path | None) -> None:
    """Write a territory, or a lever over the territories of a level, into one file, with sources and licences.

    \b
    leviers export --territory 200066355                                   workbook of four sheets
    leviers export --territory 31 --format pdf                             one A4 sheet, printed by Chromium
    leviers export --lever sols_haies --level epci --format geojson        for a map
    """
    from leviers.show import UnknownTerritoryError, find_territory
    from leviers.site.browser import BrowserError
    from leviers.site.export import NothingToExportError, export_lever, export_territory

    if (code is None) == (lever is None):
        raise click.UsageError("give either --territory CODE or --lever ID with --level")
    if lever and not level:
        raise click.UsageError("--lever wants --level: region, departement, epci or groupement")
    published = published_or_refuse()
    try:
        if lever and level:
            path = export_lever(published, lever, level.lower(), format_, out)
        else:
            found_level, found_code, _ = find_territory(published, code or "", level)
            path = export_territory(published, found_level, found_code, format_, out)
    except UnknownTerritoryError as error:
        hint = "; ".join(error.nearest)
        parameter = "--territory" if error.parameter == "CODE" else error.parameter
        raise click.BadParameter(f"{error}; nearest: {hint}", param_hint=parameter) from error
    except (NothingToExportError, BrowserError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(str(path.resolve()))
