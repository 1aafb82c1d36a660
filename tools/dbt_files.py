"""Makes the files of the dbt project that follow from the catalogue, the bundled figures and the seeds."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import yaml

from ingestion.catalog import BUNDLED_DIR, BUNDLED_PREFIX, BUNDLED_PRODUCER, load_catalog
from ingestion.operations import DESCRIPTIONS
from leviers.warehouse.project import DBT_DIR, REPOSITORY
from leviers.warehouse.seeds import seed_rows

SOURCES = Path("dbt/models/staging/_staging__sources.yml")
SERIES = Path("dbt/seeds/indicators/series.csv")
LEVERS = Path("dbt/models/levers/by_lever")
LEVER_PROPERTIES = LEVERS / "_by_lever__models.yml"
LISTS = Path("dbt/macros/lists.sql")
HEAD = re.compile(r"{#- (Grain: .*?)(?:\n((?:unique|data_tests):.*?))? -#}", re.DOTALL)
OBSERVATION_COLUMNS = (
    "series", "territory_level", "territory_code", "year", "reference_date", "value", "value_status",
    "completeness_pct", "masked_count", "is_provisional", "is_part_of_year", "members", "source_rows", "snapshot_id",
)  # fmt: skip
WORDS_OF_A_SOURCE = ("territory_code", "value")  # described as columns of a source, not of the warehouse


def sources() -> str:
    """Returns the dbt sources: each raw table of the catalogue, also of a planned dataset."""
    tables: dict[str, dict[str, str]] = {f"raw_{BUNDLED_PRODUCER}": dict(DESCRIPTIONS)}
    for dataset in load_catalog().values():
        for table in dataset.tables:
            tables.setdefault(dataset.schema_name, {})[dataset.table_name(table)] = " ".join(table.description.split())
    content = [
        {
            "name": schema,
            "description": "Tables that dlt loads; columns and units are in the records of the catalogue.",
            "tables": [{"name": name, "description": text} for name, text in sorted(tables[schema].items())],
        }
        for schema in sorted(tables)
    ]
    return _generated({"sources": content}, "the catalogue")


def observations() -> dict[Path, str]:
    """Returns a file of properties per folder, of its models that end with the macro ``observation_columns``.

    What is of a model alone is the comment at the head of its SQL: its description, which says the grain first, and its
    tests: ``unique: [columns]``, or ``data_tests`` in the words of dbt.
    """
    words = {name: f"source_{name}" if name in WORDS_OF_A_SOURCE else name for name in OBSERVATION_COLUMNS}
    columns = [{"name": name, "description": f"{{{{ doc('{doc}') }}}}"} for name, doc in words.items()]
    models: dict[Path, list[dict[str, Any]]] = {}
    for path in sorted((DBT_DIR / "models").rglob("*.sql")):
        if head := HEAD.match(path.read_text(encoding="utf-8")):
            written = yaml.safe_load(head[2] or "{}")
            keys = [written["unique"]] if "unique" in written else []
            tests = [{"unique_combination": {"arguments": {"columns": key}}} for key in keys]
            tests += written.get("data_tests", [])
            description = " ".join(head[1].split())
            properties = {"name": path.stem, "description": description, "data_tests": tests, "columns": columns}
            models.setdefault(path.parent.relative_to(REPOSITORY), []).append(properties)
    return {
        folder / f"_{folder.name}__observations.yml": _generated({"models": of_folder}, "the heads of their SQL")
        for folder, of_folder in models.items()
    }


def series() -> str:
    """Returns the seed of series: the indicator of each series and the unit of its source, from the records."""
    rows = sorted(
        (model, name, indicator, unit)
        for dataset in load_catalog().values()
        if dataset.is_built
        for model, of_model in dataset.series.items()
        for unit, of_unit in of_model.items()
        for name, indicator in of_unit.items()
    )
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([("source_model", "series", "indicator_id", "source_unit"), *rows])
    return written.getvalue()


def lever_facts() -> dict[Path, str]:
    """Returns the SQL of the view of each lever. The macro ``lever_fact`` reads the lever in the name of the model."""
    return {LEVERS / f"{name}.sql": "{{ lever_fact() }}\n" for name in _lever_facts()}


def lever_properties() -> str:
    """Returns the properties of the views by lever. Those of the first are written by hand, the others repeat them."""
    by_hand = (REPOSITORY / LEVER_PROPERTIES).read_text(encoding="utf-8").partition("  - {<<: *lever_fact")[0]
    others = [name for name in _lever_facts() if f"    name: {name}\n" not in by_hand]
    return by_hand + "".join(f"  - {{<<: *lever_fact, name: {name}}}\n" for name in others)


def _lever_facts() -> list[str]:
    """Returns the names of the views by lever: of levers that are measured by a dataset that a real file confirmed."""
    seen = {name for name, dataset in load_catalog().items() if dataset.verified}
    series = {row["indicator_id"] for row in seed_rows("indicators/indicators") if row["dataset_id"] in seen}
    links = [row for row in seed_rows("indicators/lever_indicators") if row["role"] == "measure"]
    measured = {row["lever_id"] for row in links if row["indicator_id"] in series}
    return [f"fct_lever_{row['lever_id']}" for row in seed_rows("policy/levers") if row["lever_id"] in measured]


def lists() -> str:
    """Returns the macros that list models and datasets."""
    models = {model for dataset in load_catalog().values() if dataset.is_built for model in dataset.series}
    datasets = {path.parent.name.removeprefix(BUNDLED_PREFIX) for path in BUNDLED_DIR.glob("*/figures.parquet")}
    return "\n\n".join(
        [
            "{#- Written by `make generate`; do not edit. -#}",
            _list_macro("series_models", "Models of observations whose indicators the seed `series` names.", models),
            _list_macro("bundled_datasets", "Datasets whose figures ship with the project.", datasets),
        ]
    )


def _generated(content: dict[str, Any], source: str) -> str:
    text = yaml.safe_dump(content, sort_keys=False, default_flow_style=None, allow_unicode=True, width=110, indent=2)
    return f"# Written by `make generate` from {source}; do not edit.\n{text}"


def _list_macro(name: str, description: str, items: set[str]) -> str:
    lines = "".join(f"    '{item}',\n" for item in sorted(items))
    return f"{{#- {description} -#}}\n{{% macro {name}() %}}\n{{{{ return([\n{lines}]) }}}}\n{{% endmacro %}}\n"
