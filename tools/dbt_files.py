"""The files of the dbt project that follow from the catalogue, the bundled figures and the seeds."""

from __future__ import annotations

from pathlib import Path

import yaml

from ingestion.catalog import BUNDLED_DIR, BUNDLED_PREFIX, BUNDLED_PRODUCER, CATALOG_DIR, load_catalog
from leviers.warehouse.project import DBT_DIR
from leviers.warehouse.seeds import seed_rows

SOURCES = Path("dbt/models/staging/_staging__sources.yml")
EXPOSURE = Path("dbt/models/_published_file__exposure.yml")
PUBLISHED_FOLDERS = ("core", "levers/facts", "marts", "quality", "vues")
LISTS = Path("dbt/macros/lists.sql")


def sources(catalog_dir: Path = CATALOG_DIR) -> str:
    """The dbt sources: every raw table of the catalogue, planned ones too, so that a model of theirs can be written."""
    from dagster_project.assets import OPERATIONS  # heavy, and this module is imported by the command line

    tables: dict[str, dict[str, str]] = {f"raw_{BUNDLED_PRODUCER}": dict(OPERATIONS)}
    for dataset in load_catalog(catalog_dir).values():
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
    text = yaml.safe_dump({"sources": content}, sort_keys=False, allow_unicode=True, width=110, indent=2)
    return f"# Written by `make generate` from the catalogue; do not edit.\n{text}"


def published_file_exposure() -> str:
    """The exposure of all that goes out: what analysts, BI tools and the data package read."""
    folders = [DBT_DIR / "models" / folder for folder in PUBLISHED_FOLDERS]
    models = sorted(path.stem for folder in folders for path in folder.rglob("*.sql"))
    exposure = {
        "name": "published_file",
        "type": "application",
        "owner": {"name": "Leviers"},
        "description": "The DuckDB file, Parquet files and data package that analysts and BI tools read.",
        "depends_on": [f"ref('{model}')" for model in models],
    }
    text = yaml.safe_dump({"exposures": [exposure]}, sort_keys=False, width=110)
    return f"# Written by `make generate`; do not edit.\n{text}"


def lists() -> str:
    """The macros that list what a model goes through: what it would otherwise name by hand, one by one."""
    models = {row["staging_model"] for row in seed_rows("indicators/series")}
    datasets = {path.parent.name.removeprefix(BUNDLED_PREFIX) for path in BUNDLED_DIR.glob("*/figures.csv")}
    return "\n\n".join(
        [
            "{#- Written by `make generate`; do not edit. -#}",
            _list_macro("series_models", "Staging models of which the seed `series` names the indicators.", models),
            _list_macro("bundled_datasets", "Datasets of which figures ship with the project.", datasets),
        ]
    )


def _list_macro(name: str, description: str, items: set[str]) -> str:
    lines = "".join(f"    '{item}',\n" for item in sorted(items))
    return f"{{#- {description} -#}}\n{{% macro {name}() %}}\n{{{{ return([\n{lines}]) }}}}\n{{% endmacro %}}\n"
