"""``python -m tools.scaffold``: record, staging model and fixture of a dataset, filled with placeholders in capitals.

The record is ``planned``: nothing is fetched until a person has filled it in and set it to ``built``. No check lets the
placeholders pass.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import click

from ingestion.catalog import load_catalog
from leviers.warehouse.project import REPOSITORY

TEMPLATES = Path(__file__).with_name("scaffold_templates")


def scaffold(root: Path, dataset_id: str, producer: str | None = None) -> list[Path]:
    """Writes the files of a new dataset under ``root`` and returns their paths. A file of the producer is extended.

    Raises:
        click.BadParameter: the id is taken, or is no snake_case name of two words or more.
    """
    producer = producer or dataset_id.partition("_")[0]
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", dataset_id):
        raise click.BadParameter(f"{dataset_id!r} is not a snake_case name of two words or more")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", producer):
        raise click.BadParameter(f"the producer {producer!r} is not a snake_case name")
    model_name = f"stg_{producer}__{dataset_id.removeprefix(f'{producer}_')}"
    names = {"dataset_id": dataset_id, "producer": producer, "model": model_name}
    record = root / "ingestion" / "catalog" / f"{producer}.yml"
    model = root / "dbt" / "models" / "staging" / producer / f"{model_name}.sql"
    fixture = root / "tests" / "fixtures" / f"{dataset_id}.yml"
    if dataset_id in load_catalog(record.parent):
        raise click.BadParameter(f"the catalogue has a dataset {dataset_id} already")
    for path in (model, fixture):
        if path.exists():
            raise click.BadParameter(f"{path.relative_to(root)} is there already")

    text = record.read_text(encoding="utf-8") if record.exists() else _filled("producer.yml", names)
    with_record = text.replace("datasets:\n", f"datasets:\n{_filled('record.yml', names)}\n", 1)
    record.write_text(f"{with_record.rstrip()}\n", encoding="utf-8")
    for path, template in ((model, "model.sql"), (fixture, "fixture.yml")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template, names), encoding="utf-8")
    return [record, model, fixture]


def _filled(template: str, names: dict[str, str]) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(names)


@click.command
@click.argument("dataset_id")
@click.option("--producer", help="Short name of the producer; by default the first word of the id.")
def main(dataset_id: str, producer: str | None) -> None:
    """Scaffold a dataset: record, staging model and fixture."""
    for path in scaffold(REPOSITORY, dataset_id, producer):
        click.echo(path.relative_to(REPOSITORY))
    click.echo("Next: fill in the record from a real file, set its status to built; CONTRIBUTING.md has the steps.")


if __name__ == "__main__":
    main()
