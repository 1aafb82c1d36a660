"""The parts of the project, in a checkout or an installed wheel, and the fingerprint of what builds the marts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]  # in an installed wheel, the folder of all packages


def is_checkout() -> bool:
    """Returns whether the code is a checkout, whose records a person may change. An upgrade replaces installed ones."""
    return (REPOSITORY / "pyproject.toml").exists()


# A wheel has the dbt project within ``leviers`` (`package-dir` of pyproject.toml).
DBT_DIR = next(folder for folder in (REPOSITORY / "leviers" / "dbt", REPOSITORY / "dbt") if folder.is_dir())
HASHED_PACKAGES = ("bi", "site", "entry", "warehouse", "common", "text")  # neither the command line nor Spark
HASHED_DIRS = (
    DBT_DIR,
    *(REPOSITORY / name for name in ("ingestion", "expectations")),
    *(REPOSITORY / "leviers" / package for package in HASHED_PACKAGES),
)
HASHED_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".md", ".j2", ".css", ".js"}
DEFAULT_REGION = "76"


def build_fingerprint(region: str) -> str:
    """Returns a hash of all that the marts depend on besides the snapshots: code, SQL, seeds, suites, scope."""
    return _fingerprint(HASHED_DIRS, region)


def dbt_fingerprint() -> str:
    """Returns a hash of the files that dbt parses."""
    return _fingerprint((DBT_DIR,))


def _fingerprint(places: Iterable[Path], scope: str = "") -> str:
    digest = hashlib.sha256(scope.encode())
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            name = path.relative_to(place.parent)
            if path.suffix in HASHED_SUFFIXES and "target" not in name.parts and path.is_file():
                digest.update(str(name).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def dbt_target(home: Path) -> Path:
    """Returns the folder of dbt's manifest and results, in the home, so that homes do not share it."""
    return home / "dbt"
