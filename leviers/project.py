"""Where things are, and the state of a LEVIERS_HOME between runs: lock, fingerprint of the build, dbt manifest."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_DIR = REPOSITORY / "dbt"
HASHED_DIRS = (DBT_DIR, *(REPOSITORY / name for name in ("ingestion", "expectations", "dagster_project", "leviers")))
HASHED_SUFFIXES = {".py", ".sql", ".yml", ".csv"}
REGIONS = ("01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94")
DEFAULT_REGION = "76"


class HomeBusyError(Exception):
    """Another job is writing into this LEVIERS_HOME."""


def leviers_home() -> Path:
    """``LEVIERS_HOME``, by default ``./data``."""
    return Path(os.environ.get("LEVIERS_HOME", "data")).resolve()


def published_file(home: Path) -> Path:
    """The DuckDB file that readers open."""
    return home / "published" / "leviers.duckdb"


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Holds the lock file of a home; the same process may hold it several times over.

    Raises:
        HomeBusyError: another process holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / ".lock", timeout=0, is_singleton=True)
    try:
        with lock:
            yield
    except Timeout as error:
        raise HomeBusyError(f"{home}: another job is writing here") from error


def build_fingerprint(region: str) -> str:
    """Hash of all that turns the same snapshots into the same marts: code, SQL, seeds, suites, scope."""
    digest = hashlib.sha256(region.encode())
    for directory in HASHED_DIRS:
        for path in sorted(directory.rglob("*")):
            if path.suffix in HASHED_SUFFIXES and "target" not in path.parts and path.is_file():
                digest.update(str(path.relative_to(REPOSITORY)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def why_not_in(home: Path, *, demo: bool) -> str | None:
    """Why a home is not for this run: the figures of the demo and real files would empty each other's datasets."""
    last = read_run_state(home)
    if not last or bool(last.get("demo")) == demo:
        return None
    if demo:
        return f"{home} holds a warehouse of real files: set LEVIERS_HOME to another folder"
    return f"{home} holds the demo: bring it up to date with 'leviers demo', or set LEVIERS_HOME to another folder"


def read_run_state(home: Path) -> dict[str, Any]:
    """What is known of the marts: region, demo and time of the last published run, and what they are built from.

    ``fingerprint`` is that of the project whose models stand in the working file, None while they are a mix of two.
    ``unbuilt`` lists the datasets whose raw tables were loaded after the models that depend on them.
    """
    path = home / "run.json"
    state: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return state


def write_run_state(home: Path, state: dict[str, Any]) -> None:
    """Writes the state of the marts, at once or not at all."""
    partial = home / "run.json.partial"
    partial.write_text(json.dumps(state, ensure_ascii=False, indent=1))
    partial.replace(home / "run.json")


def note_unbuilt(home: Path, names: Iterable[str]) -> None:
    """Notes, before their raw tables are written, that the models which depend on these datasets have to be built."""
    if last := read_run_state(home):  # without one, everything is built
        write_run_state(home, last | {"unbuilt": sorted({*last.get("unbuilt", []), *names})})


def note_build(home: Path, region: str) -> None:
    """Notes, before models are built, that they will be a mix where the project or its scope is another one."""
    last = read_run_state(home)
    if last and last.get("fingerprint") != build_fingerprint(region):
        write_run_state(home, last | {"fingerprint": None})


def note_published(home: Path, fingerprint: str, region: str, *, demo: bool) -> None:
    """Notes that all models were built from all that is loaded, by the project of this fingerprint, and published."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_run_state(home, {"fingerprint": fingerprint, "region": region, "demo": demo, "at": at})


def dbt_target(home: Path) -> Path:
    """Where dbt keeps its manifest and results: in the home, so that homes do not disturb each other."""
    return home / "dbt"


def dbt_manifest(home: Path, region: str) -> Path:
    """The dbt manifest, parsed again when a file of the project or the scope has changed.

    Raises:
        subprocess.CalledProcessError: dbt cannot parse the project.
    """
    manifest, mark = dbt_target(home) / "manifest.json", dbt_target(home) / "fingerprint"
    fingerprint = build_fingerprint(region)
    if not manifest.exists() or not mark.exists() or mark.read_text() != fingerprint:
        run_dbt(home, region, "parse", check=True)
        mark.write_text(fingerprint)
    return manifest


def run_dbt(
    home: Path, region: str, *arguments: str, check: bool = False, target: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs dbt on the working file of a home; ``target`` is where dbt writes, by default into the home."""
    target = target or dbt_target(home)
    command = [
        dbt_executable(), "--quiet", *arguments, "--vars", json.dumps({"region": region}),
        "--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR),
        "--target-path", str(target), "--log-path", str(target),
    ]  # fmt: skip
    target.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"LEVIERS_WAREHOUSE": str(home / "warehouse.duckdb")}
    return subprocess.run(command, cwd=DBT_DIR, env=environment, check=check, text=True)


def dbt_executable() -> str:
    """The dbt of this environment."""
    return str(Path(sys.executable).with_name("dbt"))
