"""``python -m tools.generate`` (``make generate``): writes every file of the repository that follows from others."""

from __future__ import annotations

from pathlib import Path

from leviers.warehouse.project import REPOSITORY
from tools import dbt_files


def main() -> None:
    """Writes the files that are out of date, and prints their names."""
    files = generated()
    for name in stale(files):
        (REPOSITORY / name).write_text(files[Path(name)], encoding="utf-8")
        print(name)


def generated() -> dict[Path, str]:
    """Returns the generated files by path."""
    return {
        dbt_files.SOURCES: dbt_files.sources(),
        **dbt_files.observations(),
        dbt_files.SERIES: dbt_files.series(),
        dbt_files.LISTS: dbt_files.lists(),
        dbt_files.LEVER_PROPERTIES: dbt_files.lever_properties(),
        **dbt_files.lever_facts(),
    }


def stale(files: dict[Path, str]) -> list[str]:
    """Returns the paths of the files that differ from those in the repository."""
    return [
        str(path)
        for path, text in files.items()
        if not (REPOSITORY / path).exists() or (REPOSITORY / path).read_text(encoding="utf-8") != text
    ]


if __name__ == "__main__":
    main()
