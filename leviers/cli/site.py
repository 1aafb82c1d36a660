"""The commands for people who read: the site, and files to take away."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path

import click
import duckdb

from leviers.cli.commands import naming_defect, naming_option
from leviers.text.language import echo
from leviers.text.message import Joined, Message, detail, said
from leviers.warehouse.home import exports, leviers_home, published_file


def published_or_refuse() -> Path:
    """The published file, or a message that says how to get one."""
    published = published_file(leviers_home())
    if not published.exists():
        raise click.UsageError(_("nothing is published yet: run 'leviers refresh' or 'leviers demo' first"))
    return opened_or_refuse(published)


def opened_or_refuse(published: Path) -> Path:
    """A published file that opens, or a message that names one that does not, such as a copy cut short."""
    try:
        duckdb.connect(str(published), read_only=True).close()
    except duckdb.Error as error:
        message = Message("{path}: no DuckDB file that can be read: {why}", path=published, why=detail(str(error)))
        raise click.ClickException(said(message)) from error
    return published


@click.command("site")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder; by default ./site.")
@click.option("--images", is_flag=True, help="An SVG and a PNG of each chart too: minutes.")
@click.option("--base-url", help="Where the site will be: pages have a preview for those who share them.")
def site_command(out: Path | None, images: bool, base_url: str | None) -> None:
    """Write the site of the published file into a folder, to open from there or to put on a web server.

    A refresh has written it too, beside the published file.

    \b
    leviers site
    leviers site --out public
    leviers site --out public --images --base-url https://leviers.example.org
    """
    from leviers.site import build_site, is_site
    from leviers.site.images import NoFontError, check_fonts

    folder = out or Path("site")
    if folder.exists() and any(folder.iterdir()) and not is_site(folder):
        message = _("{folder} holds something else than a site, which would be erased").format(folder=folder)
        raise click.BadParameter(message, param_hint="--out")
    published = published_or_refuse()
    with naming_option(out, "--out"), naming_defect(folder / "index.html", NoFontError):
        if images:
            try:
                check_fonts()
            except NoFontError as error:
                raise click.ClickException(str(error)) from error
        report = build_site(published, folder, images=images, base_url=base_url and base_url.rstrip("/"))
    for name, why in report.missing.items():
        echo(Message("missing: {text}", text=Joined(": ", (name, why))))
    click.echo(
        f"{report.pages} pages, fichiers écrits : {report.written} ; à ouvrir : {(folder / 'index.html').resolve()}"
    )
    sys.exit(3 if report.missing else 0)


ENDINGS = {name: name for name in ("xlsx", "csv", "geojson", "pdf", "svg", "png")} | {"geoparquet": "parquet"}
IMAGES = ("svg", "png")  # of a chart


@click.command("export")
@click.option("--territory", "code", help="Code of a region, departement, EPCI or grouping: its levers.")
@click.option("--lever", help="Name or id of a lever, with --level: its values over the territories.")
@click.option("--level", help="Level of the territories, or of a code that exists at several levels.")
@click.option("--chart", help="Name of a chart of the page of the territory or lever: an image of it.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(ENDINGS)),
    help="By default that of the name of --out, else xlsx, of a chart png.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; by default one named after it in LEVIERS_HOME/exports.",
)
def export_command(
    code: str | None, lever: str | None, level: str | None, chart: str | None, format_: str | None, out: Path | None
) -> None:
    """Write a territory, or a lever over the territories of a level, into one file, with sources and licences.

    \b
    leviers export --territory 200066355
        workbook of four sheets
    leviers export --territory 31 --format pdf
        one A4 sheet, printed by Chromium
    leviers export --lever sols_haies --level epci --format geoparquet
        for a map
    leviers export --territory 76 --chart chemin
        an image of a chart of its page
    """
    from leviers.cli.show import UnknownTerritoryError, find_territory
    from leviers.entry.commitments import lever_code
    from leviers.site.browser import BrowserError
    from leviers.site.export import NothingToExportError, export_chart, export_lever, export_territory

    if (code is None) == (lever is None):
        raise click.UsageError(_("give either --territory CODE, or --lever NAME with --level"))
    if lever and not level and not chart:
        raise click.UsageError(_("--lever wants --level: region, departement, epci or a grouping"))
    format_ = _format_of(format_, out, "png" if chart else "xlsx")
    if (format_ in IMAGES) != (chart is not None):
        raise click.UsageError(_("svg and png are formats of a --chart, and of nothing else"))
    published = published_or_refuse()
    try:
        with (
            naming_option(out, "--out"),
            naming_defect(out, UnknownTerritoryError, NothingToExportError, BrowserError),
        ):
            if lever and chart:
                lever = lever_code(lever)
                path = out or _default(f"{lever}-{chart}", format_)
                export_chart(published, f"leviers/{lever}", chart, format_, path)
            elif lever and level:
                lever = lever_code(lever)
                path = out or _default(f"{lever}-{level.lower()}", format_)
                export_lever(published, lever, level.lower(), format_, path)
            else:
                found_level, found_code, _name = find_territory(published, code or "", level)
                name = f"{found_level}-{found_code}"
                path = out or _default(f"{name}-{chart}" if chart else name, format_)
                if chart:
                    export_chart(published, f"territoires/{name}", chart, format_, path)
                else:
                    export_territory(published, found_level, found_code, format_, path)
    except UnknownTerritoryError as error:
        parameter = "--territory" if error.parameter == "CODE" else error.parameter
        raise click.BadParameter(said(error.message), param_hint=parameter) from error
    except (NothingToExportError, BrowserError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(str(path.resolve()))


def _format_of(asked: str | None, out: Path | None, default: str) -> str:
    """The format that was asked for, or that of the name of the file; they may not contradict each other."""
    ending = out.suffix.lower().removeprefix(".") if out else ""
    named = next((name for name, its in ENDINGS.items() if ending in (name, its)), None)
    if asked and named and asked != named:
        message = _("{file} is the name of another format than {format}").format(file=out, format=asked)
        raise click.BadParameter(message, param_hint="--out")
    if not asked and not named and ending:
        message = _("no format has names in .{ending}: give --format").format(ending=ending)
        raise click.BadParameter(message, param_hint="--out")
    return asked or named or default


def _default(name: str, format_: str) -> Path:
    return exports(f"{name}.{ENDINGS[format_]}")
