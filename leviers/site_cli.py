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
