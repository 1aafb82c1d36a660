"""``make count``: counts lines of code by language, within the tests and outside them.

Blank lines and generated files do not count. ``python -m tools.count REPOSITORY`` counts another checkout.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from leviers.warehouse.project import REPOSITORY
from tools.dbt_files import LISTS, SOURCES, lever_facts, observations

LANGUAGES = {".py": "Python", ".j2": "Jinja", ".js": "JavaScript", ".sql": "SQL", ".yml": "YAML"}
ALL = "all"
UNIT_TESTS = "__unit_tests.yml"  # dbt's, beside the models
GENERATED = {str(path) for path in (SOURCES, LISTS, *observations(), *lever_facts())}


def main() -> None:
    """Prints a line per language and their sum."""
    counts = count(Path(sys.argv[1]) if sys.argv[1:] else REPOSITORY)
    print(f"{'':<12}{'code':>10}{'tests':>10}")
    for language in (*LANGUAGES.values(), ALL):
        print(f"{language:<12}{counts[language, False]:>10,}{counts[language, True]:>10,}")


def count(repository: Path) -> Counter[tuple[str, bool]]:
    """Counts the lines of the files in git, by language and whether they are tests."""
    names = subprocess.check_output(["git", "ls-files"], cwd=repository, text=True).splitlines()  # noqa: S607
    counts: Counter[tuple[str, bool]] = Counter()
    for name in names:
        path = repository / name
        if path.suffix in LANGUAGES and name not in GENERATED and path.exists():
            lines = sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())
            is_test = "tests" in path.parts or name.endswith(UNIT_TESTS)
            counts += Counter({(LANGUAGES[path.suffix], is_test): lines, (ALL, is_test): lines})
    return counts


if __name__ == "__main__":
    main()
