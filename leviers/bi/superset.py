"""A bundle for Apache Superset: the published file as a database, its views as datasets, dashboards in French.

The folder ``dashboards`` has all that is drawn, as data: a file per dashboard, the kinds of chart, additions to the
views, and the settings of a Superset in French. The same published views give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import duckdb
import yaml
from jinja2 import Environment

from leviers.common.places import swapped_in
from leviers.site.published import QUERIES
from leviers.site.readings import COLOURS, READINGS

DASHBOARDS = Path(__file__).parent / "dashboards"
UUID_ROOT = UUID("5f1d2c52-9d0b-5d0c-9c5e-8a4f6a1f7b10")  # every identifier follows from it
OF_SITE = {"rates": "taux_choisis", "rows_aside": "generales/ecartees"}  # queries of the site that the model names
VERSION = "1.0.0"  # version of Superset's format
MEASURE_TYPES = ("DOUBLE", "DECIMAL", "FLOAT")
VIEWS_SQL = "select table_name, table_comment from information_schema.tables where table_schema = 'vues' order by all"
COLUMNS_SQL = "select table_name, column_name, comment from duckdb_columns() where schema_name = 'vues'"
Row = dict[str, Any]


def write_bundle(published: Path, seen_at: str, out: Path) -> None:
    """Writes the bundle of the views of ``published``, which Superset finds at ``seen_at``.

    Raises:
        OSError: ``out`` cannot be written.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        files = dict(_files(connection, seen_at))
    with swapped_in(out) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"leviers/{name}"), files[name], zipfile.ZIP_DEFLATED)


def _files(connection: duckdb.DuckDBPyConnection, seen_at: str) -> Iterator[tuple[str, str]]:
    of_site = {name: (QUERIES / f"{query}.sql").read_text(encoding="utf-8") for name, query in OF_SITE.items()}
    kinds, model = yaml.safe_load(_rendered("kinds.yml")), yaml.safe_load(_rendered("model.yml", **of_site))
    # without a type, Superset takes the file as dashboards (its pages) and as assets (its API, which replaces all)
    yield "metadata.yaml", _yaml({"version": VERSION, "timestamp": "2020-01-01T00:00:00+00:00"})
    address = {"sqlalchemy_uri": f"duckdb:///{seen_at}"}
    yield "databases/leviers.yaml", _yaml(model["database"] | address | _named("leviers"))
    yield "superset_config.py", _rendered("superset_config.py")
    levels = dict(connection.execute("select distinct niveau, niveau_libelle from vues.dim_territoire").fetchall())
    types = {}
    for dataset in _datasets(connection, model, levels):
        types[dataset["table_name"]] = {column["column_name"]: column["type"] for column in dataset["columns"]}
        yield f"datasets/leviers/{dataset['table_name']}.yaml", _yaml(dataset)
    [(region, longitude, latitude, zoom)] = connection.execute(model["view"]).fetchall()
    tones = {reading["label_fr"]: reading["tone"] for reading in READINGS} | model["colours"]
    colours = {label: COLOURS[name] for label, name in tones.items()}
    view = {"longitude": longitude, "latitude": latitude, "zoom": zoom}
    for path in sorted(DASHBOARDS.glob("board_*.yml")):
        board = yaml.safe_load(_rendered(path.name, region=region, levels=levels, view=view))
        for chart in (chart for row in board["rows"] for chart in row["charts"] if "kind" in chart):
            params = kinds[chart["kind"]] | _formats(chart, types[chart["dataset"]]) | chart.get("params", {})
            named = _named(f"chart/{board['slug']}/{chart['name']}")
            file = {
                "slice_name": chart["name"],
                "description": chart.get("description"),
                "viz_type": params["viz_type"],
                "params": params,
                "dataset_uuid": _uuid(f"dataset/{chart['dataset']}"),
            }
            yield f"charts/{named['uuid']}.yaml", _yaml(file | named)
        dashboard = _rendered("dashboard.yaml.j2", board=board, colours=colours, uuid=_uuid, version=VERSION)
        yield f"dashboards/{board['slug']}.yaml", dashboard


def _datasets(
    connection: duckdb.DuckDBPyConnection, model: Mapping[str, Any], levels: Mapping[str, str]
) -> Iterator[Row]:
    """Yields a dataset per view and per query of the model: labels, descriptions, and metrics that mix no rows."""
    views = dict(connection.execute(VIEWS_SQL).fetchall())
    comments = {(view, column): comment for view, column, comment in connection.execute(COLUMNS_SQL).fetchall()}
    cases = " ".join(f"WHEN '{level}' THEN '{label}'" for level, label in sorted(levels.items()))
    for name, query in [*((view, None) for view in views), *model["queries"].items()]:
        described = connection.execute(f"describe {query or 'from vues.' + name}").fetchall()
        names = [column for column, *_rest in described]
        columns = [
            {
                "column_name": column,
                "verbose_name": _label(column, names, model["labels"]),
                "description": comments.get((name, column)),
                "type": type_,
                "is_dttm": type_.startswith(("DATE", "TIMESTAMP")),
                "groupby": not type_.startswith(MEASURE_TYPES),
                "filterable": True,
            }
            for column, type_, *_rest in described
        ]
        for column in columns:
            if column["type"] == "BOOLEAN":
                yes = column["column_name"]
                column |= {"type": "VARCHAR", "expression": f"CASE WHEN {yes} THEN 'oui' WHEN NOT {yes} THEN 'non' END"}
        if {"niveau", "territoire"} <= set(names):
            columns.append(model["level"] | {"expression": f"CASE niveau {cases} END"})
        yield {
            "table_name": name,
            "schema": "vues",
            "sql": query,
            "description": views.get(name),
            "columns": columns,
            "metrics": list(_metrics(columns, model, name)),
            "database_uuid": _uuid("leviers"),
            **_named(f"dataset/{name}"),
        }


def _metrics(columns: Sequence[Row], model: Mapping[str, Any], name: str) -> Iterator[Row]:
    """Yields the count of rows, each measure for a single row, and the sums that the model allows."""
    yield model["count"]
    for column in columns:
        if column["type"].startswith(MEASURE_TYPES):
            measure, label = column["column_name"], column["verbose_name"]
            only = f"CASE WHEN COUNT({measure}) = 1 THEN MAX({measure}) END"
            yield model["one"] | {"metric_name": f"seul_{measure}", "verbose_name": label, "expression": only}
    for measure, rule in model["sums"].get(name, {}).items():
        same = [f"COUNT(DISTINCT {column}) = 1" for column in rule["within_one"]]
        condition = " AND ".join([*same, *rule.get("and", ())])
        yield model["sum"] | {
            "metric_name": f"somme_{measure}",
            "verbose_name": rule["label"],
            "expression": f"CASE WHEN {condition} THEN SUM({measure}) END",
        }


def _label(column: str, names: Sequence[str], labels: Mapping[str, Any]) -> str:
    """Returns the title of a column: its name in French letters, and whether it is a code or a key."""
    stem = column.removesuffix("_libelle").removesuffix("_id")
    words = labels["names"].get(stem) or " ".join(labels["words"].get(word, word) for word in stem.split("_"))
    suffix = " (clé)" if column.endswith("_id") else " (code)" if f"{column}_libelle" in names else ""
    return words[0].upper() + words[1:] + suffix


def _formats(chart: Row, types: Mapping[str, str]) -> Row:
    """Returns the number format of each column of a table by its type. A year has no thousands separator."""
    shown = chart.get("params", {}).get("all_columns", ())
    formats = {"DOUBLE": ",.4~r", "DECIMAL": ",.4~r", "INTEGER": "d", "BIGINT": ","}
    config = {
        column: {"d3NumberFormat": format_, "d3SmallNumberFormat": format_}
        for column in shown
        if (format_ := formats.get(types[column].partition("(")[0]))
    }
    for column, own in chart.get("columns", {}).items():
        config[column] = config.get(column, {}) | own
    return {"column_config": config}


def _rendered(name: str, **values: Any) -> str:
    source = (DASHBOARDS / name).read_text(encoding="utf-8")
    return Environment(autoescape=False).from_string(source).render(values) if values else source  # noqa: S701 - YAML


def _uuid(name: str) -> str:
    return str(uuid5(UUID_ROOT, name))


def _named(name: str) -> Row:
    return {"uuid": _uuid(name), "version": VERSION}


def _yaml(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=True, width=1000)
