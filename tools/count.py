"""``make count``: lines of code by language, within the tests and outside them.

Blank lines and generated files do not count. ``python -m tools.count REPOSITORY`` counts another checkout.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from leviers.warehouse.project import REPOSITORY
from tools import dbt_files

LANGUAGES = {".py": "Python", ".j2": "Jinja", ".js": "JavaScript", ".sql": "SQL", ".yml": "YAML"}
UNIT_TESTS = "__unit_tests.yml"  # dbt's, beside the models
GENERATED = {
    *map(str, (dbt_files.SOURCES, dbt_files.OBSERVATIONS, dbt_files.LISTS, dbt_files.EXPOSURE)),
    *map(str, dbt_files.lever_facts()),
}


def main() -> None:
    """Prints a line per language and their sum."""
    counts = count(Path(sys.argv[1]) if sys.argv[1:] else REPOSITORY)
    print(f"{'':<12}{'code':>10}{'tests':>10}")
    for language in LANGUAGES.values():
        print(f"{language:<12}{counts[language, False]:>10,}{counts[language, True]:>10,}")
    sums = [sum(lines for (_, is_test), lines in counts.items() if is_test == within) for within in (False, True)]
    print(f"{'all':<12}{sums[0]:>10,}{sums[1]:>10,}")


def count(repository: Path) -> Counter[tuple[str, bool]]:
    """Lines by language and whether they are tests', of the files that git keeps."""
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    counts: Counter[tuple[str, bool]] = Counter()
    for name in listed.stdout.splitlines():
        path = repository / name
        if path.suffix in LANGUAGES and name not in GENERATED and path.exists():
            text = path.read_text(encoding="utf-8")
            is_test = "tests" in path.parts or name.endswith(UNIT_TESTS)
            counts[LANGUAGES[path.suffix], is_test] += sum(bool(line.strip()) for line in text.splitlines())
    return counts


if __name__ == "__main__":
    main()
