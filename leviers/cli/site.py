"""The commands that write the site, exports and the bundle for BI."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import duckdb

from leviers.cli.commands import reporting_defect, reporting_unwritable
from leviers.warehouse.home import exports, leviers_home, published_file


def published_or_refuse() -> Path:
    """Returns the published file; if there is none, ends with a message that says how to make it."""
    published = published_file(leviers_home())
    if not published.exists():
        raise click.UsageError("nothing is published yet: run 'leviers refresh' or 'leviers demo' first")
    return opened_or_refuse(published)


def opened_or_refuse(published: Path) -> Path:
    """Returns the published file if DuckDB can open it; if not, such as a copy cut short, ends with a message."""
    try:
        duckdb.connect(str(published), read_only=True).close()
    except duckdb.Error as error:
        message = f"{published}: no DuckDB file that can be read: {error}"
        raise click.ClickException(message) from error
    return published


@click.command("site")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder; by default ./site.")
@click.option("--images", is_flag=True, help="An SVG and a PNG of each chart too: minutes.")
@click.option("--sql", is_flag=True, help="A page that asks the data in SQL in the browser: npm fetches DuckDB once.")
@click.option("--base-url", help="Where the site will be: pages have a preview for those who share them.")
def site_command(out: Path | None, images: bool, sql: bool, base_url: str | None) -> None:
    """Write the site of the published file into a folder, to open from there or to put on a web server.

    A refresh has written it too, beside the published file.

    \b
    leviers site
    leviers site --out public
    leviers site --out public --images --base-url https://leviers.example.org
    leviers site --out public --sql
    """
    from leviers.site import build_site, is_site
    from leviers.site.engine import fetched_engine
    from leviers.site.images import check_fonts

    folder = out or Path("site")
    if folder.exists() and any(folder.iterdir()) and not is_site(folder):
        message = f"{folder} holds something else than a site, which would be erased"
        raise click.BadParameter(message, param_hint="--out")
    published = published_or_refuse()
    with reporting_unwritable(out, "--out"), reporting_defect(folder / "index.html"):
        if images:
            check_fonts()
        engine = fetched_engine(leviers_home()) if sql else None
        folder.mkdir(parents=True, exist_ok=True)  # else each page would be told as missing
        report = build_site(published, folder, images=images, base_url=base_url and base_url.rstrip("/"), engine=engine)
    for name, why in report.missing.items():
        click.echo(f"missing: {name}: {why}")
    click.echo(f"{report.pages} pages ; à ouvrir : {(folder / 'index.html').resolve()}")
    sys.exit(3 if report.missing else 0)


ENDINGS = {name: name for name in ("xlsx", "csv", "geojson", "gpkg", "pdf", "svg", "png")} | {"geoparquet": "parquet"}
IMAGES = ("svg", "png")  # the forms of a chart


@click.command("export")
@click.option("--territory", "code", help="Code of a region, departement, EPCI or grouping: its levers.")
@click.option("--lever", help="Name or id of a lever, with --level: its values over the territories.")
@click.option("--indicator", help="Id of an indicator, with --level: its values, in the columns of Ecolab's schema.")
@click.option("--level", help="Level of the territories, or of a code that exists at several levels.")
@click.option("--chart", help="Name of a chart of the page of the territory or lever: an image of it.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(ENDINGS)),
    help="By default that of the name of --out; without --out xlsx, of an indicator csv, of a chart png.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; by default one named after it in LEVIERS_HOME/exports.",
)
def export_command(
    code: str | None,
    lever: str | None,
    indicator: str | None,
    level: str | None,
    chart: str | None,
    format_: str | None,
    out: Path | None,
) -> None:
    """Write a territory, a lever or an indicator over a level, or all of it into one file, with sources and licences.

    \b
    leviers export --territory 200066355
        workbook of four sheets
    leviers export --territory 31 --format pdf
        one A4 sheet, printed by Chromium
    leviers export --lever sols_haies --level epci --format geoparquet
        for a map
    leviers export --territory 76 --chart chemin
        an image of a chart of its page
    leviers export --indicator capacity_solar --level epci
        a CSV as the hub of the ministry has them
    leviers export --format gpkg
        all tables and maps for R and QGIS, with a project of QGIS
    """
    format_ = _format_of(format_, out, "png" if chart else "csv" if indicator else "xlsx")
    if [code, lever, indicator, format_ == "gpkg" or None].count(None) != 3:
        raise click.UsageError(
            "give one of --territory CODE, --lever NAME with --level, --indicator ID with --level, --format gpkg"
        )
    if (lever or indicator) and not level and not chart:
        raise click.UsageError("--lever and --indicator want --level: region, departement, epci or a grouping")
    if indicator and format_ != "csv":
        raise click.UsageError("an indicator is written as csv, and as nothing else")
    if (format_ in IMAGES) != (chart is not None):
        raise click.UsageError("svg and png are formats of a --chart, and of nothing else")
    published = published_or_refuse()
    with reporting_unwritable(out, "--out"), reporting_defect(out):
        name, write = _export(published, code, lever, indicator, level, chart, format_)
        path = out or exports(f"{name}.{ENDINGS[format_]}")
        write(path)
    click.echo(str(path.resolve()))


def _format_of(requested: str | None, out: Path | None, default: str) -> str:
    """Returns the requested format, or that of the ending of the file name; they may not contradict each other."""
    ending = out.suffix.lower().removeprefix(".") if out else ""
    named = next((name for name, suffix in ENDINGS.items() if ending in (name, suffix)), None)
    if requested and named and requested != named:
        message = f"{out} is the name of another format than {requested}"
        raise click.BadParameter(message, param_hint="--out")
    if out and not requested and not named:
        message = f"the name {out.name} ends as that of no format: give --format"
        raise click.BadParameter(message, param_hint="--out")
    return requested or named or default


def _export(
    published: Path,
    code: str | None,
    lever: str | None,
    indicator: str | None,
    level: str | None,
    chart: str | None,
    format_: str,
) -> tuple[str, Callable[[Path], None]]:
    """Returns the name of the export without its ending, and the function that writes it into a file."""
    from leviers.bi.geopackage import write_geopackage
    from leviers.cli.show import find_territory
    from leviers.entry.commitments import lever_code
    from leviers.site import export

    at_level = (level or "").lower()
    if format_ == "gpkg":
        return "leviers", partial(write_geopackage, published)
    if indicator:
        return f"{indicator}-{at_level}", partial(export.export_indicator, published, indicator, at_level)
    if lever:
        name = lever_code(lever)
        page, whole = f"leviers/{name}", partial(export.export_lever, published, name, at_level, format_)
        name_of_all = f"{name}-{at_level}"
    else:
        its_level, its_code, _ = find_territory(published, code or "", level, "--territory")
        name = name_of_all = f"{its_level}-{its_code}"
        page, whole = f"territoires/{name}", partial(export.export_territory, published, its_level, its_code, format_)
    if chart:
        return f"{name}-{chart}", partial(export.export_chart, published, page, chart, format_)
    return name_of_all, whole


@click.command("bi")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; by default leviers-superset.zip in LEVIERS_HOME/exports.",
)
@click.option("--database", help="Where Superset finds the file of the views, if not where it is published.")
def bi_command(out: Path | None, database: str | None) -> None:
    """Write a bundle for Apache Superset: the database, its views as datasets, dashboards in French.

    \b
    leviers bi
    leviers bi --out superset.zip --database /donnees/leviers.duckdb
        for a Superset in a container
    """
    from leviers.bi.superset import write_bundle

    published = published_or_refuse()
    path = out or exports("leviers-superset.zip")
    with reporting_unwritable(out, "--out"), reporting_defect(path):
        write_bundle(published, database or str(published.absolute()), path)
    click.echo(str(path.resolve()))
