"""``leviers new``: the five files of a dataset, filled with placeholders in capitals that no check lets pass.

The record is ``planned``: nothing is fetched until a person has filled it in and set it to ``built``.
"""

from __future__ import annotations

import re
from gettext import gettext as _
from pathlib import Path
from string import Template

import click

from ingestion.catalog import load_catalog
from leviers.text.message import Message, said
from leviers.warehouse.project import REPOSITORY
from tools.dbt_files import SOURCES, sources

NEXT_STEP = Message(
    "Next: fill in the record from a real file, set its status to built; CONTRIBUTING.md has the five steps."
)

PRODUCER = Template("""\
producer: $producer
name: NAME OF THE PRODUCER
datasets:
""")

RECORD = Template("""\
  - dataset_id: $dataset_id
    title: TITLE, WITH THE TERRITORIES AND YEARS THAT IT COVERS
    licence: undeclared
    licence_basis: undeclared
    republish: false
    attribution: ATTRIBUTION THAT THE LICENCE ASKS FOR
    grain: departement x year
    cadence: CADENCE OF THE SOURCE
    status: planned
    verified: false
    absent_means: missing
    tables:
      - description: WHAT A ROW IS AND WHAT IS ODD ABOUT IT.
        file_pattern: "*.csv"
        primary_key: [departement_code, year]
        row_floor: 1
        columns:
          departement_code: {type: departement, aliases: [LABEL OF THE CODE]}
          year: {type: integer, aliases: [LABEL OF THE YEAR]}
          value: {type: number, aliases: [LABEL OF THE VALUE], unit: UNIT}
        layouts:
          - {name: csv, format: csv}
""")

PROPERTIES = Template("models:\n")

MODEL_PROPERTIES = Template("""\
  - name: $model
    description: >
      Grain: series x departement x year. WHAT THE VALUES ARE, AND WHAT THE NAME DOES NOT SAY.
    data_tests:
      - unique_combination:
          arguments:
            columns: [series, territory_code, year]
""")

MODEL = Template("""\
with observed as (
    select
        'value' as series,
        departement_code as territory_code,
        year as value_year,
        value,
        snapshot_id
    from {{ source('raw_$producer', '$dataset_id') }}
)

select
    {{ observation_columns("departement", "value_year") }}
from observed
""")

SUITE = Template("""\
$dataset_id:
  - departement_code: {code: departement}
  - rows: {max: 0, structure: true, why: "A PLACEHOLDER, REFUSED AS SOON AS A ROW IS LOADED"}
""")

FIXTURE = Template("""\
LABEL OF THE CODE,LABEL OF THE YEAR,LABEL OF THE VALUE
9,2099,12.5
2A,2099,
""")


class ScaffoldError(Exception):
    """A dataset that cannot be scaffolded: says why; nothing was written."""


def scaffold(root: Path, dataset_id: str, producer: str | None = None) -> list[Path]:
    """Writes the files of a new dataset under ``root`` and returns their paths; the producer's files are extended.

    The dbt sources are generated anew, so that dbt can read the model.

    Args:
        root: the repository.
        dataset_id: the catalogue's key, which becomes the raw table and the mirror folder.
        producer: short name of the producer; by default the first word of ``dataset_id``.

    Raises:
        ScaffoldError: the id is taken, or is no snake_case name of two words or more.
    """
    producer = producer or dataset_id.partition("_")[0]
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", dataset_id):
        raise ScaffoldError(Message("{name!r} is not a snake_case name of two words or more", name=dataset_id))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", producer):
        raise ScaffoldError(Message("the producer {name!r} is not a snake_case name", name=producer))
    model_name = f"stg_{producer}__{dataset_id.removeprefix(f'{producer}_')}"
    names = {"dataset_id": dataset_id, "producer": producer, "model": model_name}
    staging = root / "dbt" / "models" / "staging" / producer
    record = root / "ingestion" / "catalog" / f"{producer}.yml"
    model = staging / f"{model_name}.sql"
    properties = staging / f"_{producer}__models.yml"
    suite = root / "expectations" / "raw" / f"{dataset_id}.yml"
    fixture = root / "tests" / "fixtures" / dataset_id / f"{dataset_id}.csv"
    if dataset_id in load_catalog(record.parent):
        raise ScaffoldError(Message("the catalogue has a dataset {dataset} already", dataset=dataset_id))
    for path in (model, suite, fixture):
        if path.exists():
            raise ScaffoldError(Message("{file} is there already", file=path.relative_to(root)))

    _extend(record, PRODUCER, {"datasets": RECORD.substitute(names)}, names)
    _extend(properties, PROPERTIES, {"models": MODEL_PROPERTIES.substitute(names)}, names)
    for path, template in ((model, MODEL), (suite, SUITE), (fixture, FIXTURE)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.substitute(names), encoding="utf-8")
    load_catalog.cache_clear()
    (root / SOURCES).write_text(sources(record.parent), encoding="utf-8")
    return [record, model, properties, suite, fixture]


def _extend(path: Path, template: Template, blocks: dict[str, str], names: dict[str, str]) -> None:
    """Adds a block to each section of a YAML file, kept as it is otherwise, or begun from a template."""
    text = path.read_text(encoding="utf-8") if path.exists() else template.substitute(names)
    for section, block in blocks.items():
        text = _with_block(text, section, block)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _with_block(text: str, section: str, block: str) -> str:
    """``text`` with ``block`` at the end of a top-level section, which is added where it is missing."""
    if not re.search(rf"^{section}:$", text, re.MULTILINE):
        text = f"{text}\n{section}:\n"
    before, heading, rest = re.split(rf"^({section}:\n)", text, maxsplit=1, flags=re.MULTILINE)
    next_section = re.search(r"^[^\s#-]", rest, re.MULTILINE)
    body, after = (rest[: next_section.start()], rest[next_section.start() :]) if next_section else (rest, "")
    if not body.strip():
        return f"{before}{heading}{block}" + (f"\n{after}" if after else "")
    gap = "\n\n" if block.startswith("  - ") else "\n"
    return f"{before}{heading}{body.rstrip()}{gap}{block}" + (f"\n{after}" if after else "")


@click.command("new")
@click.argument("dataset_id")
@click.option("--producer", help="Short name of the producer; by default the first word of the id.")
def new_command(dataset_id: str, producer: str | None) -> None:
    """Scaffold a dataset: record, staging model with its properties, suite and fixture."""
    try:
        paths = scaffold(REPOSITORY, dataset_id, producer)
    except ScaffoldError as error:
        raise click.BadParameter(said(error.args[0]), param_hint=_("DATASET_ID")) from error
    for path in paths:
        click.echo(path.relative_to(REPOSITORY))
    click.echo(said(NEXT_STEP))
