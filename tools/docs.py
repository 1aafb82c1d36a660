"""``python -m tools.docs`` (``make docs``): pages that follow from the project, written into ``build/docs/``.

The dictionary of the published tables, and the checks.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from leviers.warehouse.dbt import dbt_manifest
from leviers.warehouse.history import OWN_TABLES
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.relations import PUBLISHED_SCHEMAS
from tools import check_page
from tools.markdown import GENERATED, markdown_table

FOLDER = REPOSITORY / "build" / "docs"
COLUMNS_HEAD = ("column", "type", "description")


def pages(manifest: dict[str, Any]) -> dict[str, str]:
    """The pages, by file name; what dbt knows comes from its ``manifest``."""
    return {
        "checks.md": check_page.page(manifest),
        "data-dictionary.md": data_dictionary(manifest),
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


def main() -> None:
    """Writes the pages and names them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages(json.loads(dbt_manifest().read_text())).items():
        (FOLDER / name).write_text(page, encoding="utf-8")
        print((FOLDER / name).relative_to(REPOSITORY))


if __name__ == "__main__":
    main()
