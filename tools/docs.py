"""``python -m tools.docs`` (``make docs``): pages that follow from the project, written into ``build/docs/``.

The dictionary of the published tables, the checks, the sources with their licences, the keys of each lever.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from ingestion.catalog import Dataset, Evidence, load_catalog, summary
from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.history import OWN_TABLES
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.publication import PUBLISHED_SCHEMAS
from leviers.warehouse.seeds import levers_by_dataset, seed_rows
from tools import checks
from tools.markdown import GENERATED, markdown_table

FOLDER = REPOSITORY / "build" / "docs"
COLUMNS_HEAD = ("column", "type", "description")


def pages(manifest: dict[str, Any]) -> dict[str, str]:
    """The pages, by file name; what dbt knows comes from its ``manifest``."""
    return {
        "checks.md": checks.page(manifest),
        "data-dictionary.md": data_dictionary(manifest),
        "lever-keys.md": lever_keys(),
        "sources.md": sources(),
    }


def data_dictionary(manifest: dict[str, Any]) -> str:
    """Every published table with its grain and columns; tables that differ by their name only share a section."""
    alike: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] in PUBLISHED_SCHEMAS:
            folder = " / ".join(node["fqn"][1:-1])
            alike[folder, node["description"].strip(), _columns(node)].append(node["name"])
    by_folder: dict[str, list[str]] = defaultdict(list)
    for (folder, description, columns), names in sorted(alike.items(), key=lambda item: (item[0][0], min(item[1]))):
        heading = ", ".join(f"`{name}`" for name in sorted(names))
        by_folder[folder].append(f"### {heading}\n\n{description}\n\n{columns}")
    for table in OWN_TABLES:
        rows = [(f"`{name}`", kind, about) for name, (kind, about) in table.columns.items()]
        columns = markdown_table(COLUMNS_HEAD, rows)
        by_folder["publication"].append(f"### `{table.name}`\n\n{table.description}\n\n{columns}")
    sections = [f"## {folder}\n\n" + "\n\n".join(tables) for folder, tables in by_folder.items()]
    introduction = (
        f"# Data dictionary\n\n{GENERATED} The tables of the published file, by folder of the dbt project, then "
        "those that the publication writes of itself. NULL means unknown, never zero; codes are text; the unit is in "
        "the column or beside it."
    )
    return "\n\n".join([introduction, *sections]) + "\n"


def _columns(node: dict[str, Any]) -> str:
    columns = node["columns"].values()
    return markdown_table(
        COLUMNS_HEAD,
        [(f"`{column['name']}`", column["data_type"] or "", column["description"]) for column in columns],
    )


def sources() -> str:
    """Every dataset of the catalogue: where it comes from, under which licence, and what was run on real files."""
    by_producer: dict[str, list[Dataset]] = defaultdict(list)
    catalog = load_catalog()
    levers = levers_by_dataset()
    apart = {
        status: [dataset for dataset in catalog.values() if dataset.status == status]
        for status in ("retired", "planned")
    }
    for dataset in catalog.values():
        if dataset.status == "built":
            by_producer[dataset.producer].append(dataset)
    introduction = (
        f"# Sources and licences\n\n{GENERATED} The catalogue `ingestion/catalog/` is the one place where this is "
        "declared. *Verified*: the layouts were run on real files of the producer; until then its checks of content "
        "warn and do not refuse. *Retired*: its portal no longer has it, the last good data stay. *Planned*: "
        "described, not loaded. Both are listed at the end. *Levers*: those that its indicators measure, accompany or "
        f"distribute, by the seeds of indicators and keys.\n\n{summary(catalog)}"
    )
    sections = [f"## {producer}\n\n" + _sources(datasets, levers) for producer, datasets in sorted(by_producer.items())]
    sections += [
        f"## {status.capitalize()}\n\n" + _sources(datasets, levers) for status, datasets in apart.items() if datasets
    ]
    return "\n\n".join([introduction, *sections]) + "\n"


def lever_keys() -> str:
    """Every key of each quantified lever, in the order in which they are tried; in French, for the people of a COP."""
    indicators = {row["indicator_id"]: row for row in seed_rows("indicators/indicators")}
    chains: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in seed_rows("policy/lever_allocation_keys"):
        chains[row["lever_id"]].append(row)
    introduction = (
        "# Clés de répartition, levier par levier\n\n"
        "Page écrite par `make docs` d'après `dbt/seeds/policy/lever_allocation_keys.csv`. La "
        "première clé dont les données sont chargées et couvrent la région sert ; les suivantes sont des replis. "
        "[La méthode](../../docs/method.md) dit comment, et ce que ces parts ne sont pas."
    )
    sections = [
        f"## {lever['lever_name_fr']}\n\n"
        + markdown_table(
            ("", "Clé", "Connue par", "Puis entre communes selon", "Clé de l'État", "Pourquoi, et ce qui manque"),
            [_key(row, indicators) for row in sorted(chains[lever["lever_id"]], key=lambda row: int(row["priority"]))],
        )
        for lever in seed_rows("policy/levers")
        if lever["lever_set"] == "cop30"
    ]
    return "\n\n".join([introduction, *sections]) + "\n"


def _key(row: dict[str, str], indicators: dict[str, dict[str, str]]) -> tuple[str, ...]:
    key, spread = indicators[row["indicator_id"]], indicators.get(row["spread_indicator_id"])
    level = key["rollup_from"]
    return (
        row["priority"],
        key["label_fr"],
        {"commune": "commune", "epci": "EPCI", "departement": "département"}[level],
        "—" if level == "commune" else spread["label_fr"] if spread else "Population municipale",
        "non" if row["is_proxy"] == "true" else "oui",
        row["proxy_reason_fr"] or "Clé que l'État emploie entre régions.",
    )


def _sources(datasets: list[Dataset], levers: dict[str, list[str]]) -> str:
    return "\n\n".join(_source(dataset, levers[dataset.dataset_id]) for dataset in datasets)


def _source(dataset: Dataset, levers: list[str]) -> str:
    licence = f"[{dataset.licence}]({dataset.licence_url})" if dataset.licence_url else dataset.licence
    layouts = dict.fromkeys(
        f"`{layout.name}` ({layout.format})" for table in dataset.tables for layout in table.layouts
    )
    facts = {
        "status": dataset.status,
        "retired": f"since {dataset.retired.since}: {dataset.retired.evidence}" if dataset.retired else None,
        "portal": dataset.fetch.portal if dataset.fetch else "files put into the mirror folder",
        "page": dataset.homepage,
        "grain": dataset.grain,
        "cadence": dataset.cadence,
        "licence": licence if dataset.republish else f"{licence}; not republished",
        "licence basis": dataset.licence_basis if dataset.licence_basis != "read" else None,
        "attribution": dataset.attribution,
        "layouts": ", ".join(layouts),
        "verified": "; ".join(filter(None, ["yes" if dataset.verified else "no", dataset.verified_note])),
        "evidence": _evidence(dataset.evidence) if dataset.evidence else None,
        "levers": ", ".join(f"`{lever}`" for lever in levers),
    }
    rows = [(name, value) for name, value in facts.items() if value]
    return f"### `{dataset.dataset_id}`\n\n{dataset.title}\n\n{markdown_table(('', ''), rows)}"


def _evidence(evidence: Evidence) -> str:
    """The files that a record was verified on, and what was found in them and let pass."""
    files = ", ".join(f"`{file.name}` (sha256 `{file.sha256[:16]}`, {file.received})" for file in evidence.files)
    differed = f"; differed: {'; '.join(evidence.differed)}" if evidence.differed else ""
    return f"{evidence.verified_on}, {evidence.rows} rows of {files}{differed}"


def main() -> None:
    """Writes the pages and names them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages(json.loads(dbt_manifest().read_text())).items():
        (FOLDER / name).write_text(page, encoding="utf-8")
        print((FOLDER / name).relative_to(REPOSITORY))


if __name__ == "__main__":
    main()
