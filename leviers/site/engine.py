"""The page of SQL runs DuckDB in the browser. npm fetches it; the repository and the wheel do not contain it."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from ingestion.fault import RefusalError
from ingestion.snapshots import sha256_of
from leviers.common.places import write
from leviers.warehouse.home import SLIM

SQL_PAGE = Path(__file__).parent / "sql_page"  # its script and style, what npm is asked for, the licence of DuckDB
LOCK = SQL_PAGE / "package-lock.json"
COPIED_FILES = ("sql.js", "sql.css", "licence-duckdb.txt")
DUCKDB, ARROW = "@duckdb/duckdb-wasm/dist", "apache-arrow"
# Files of the packages by their name in the site. The page unpacks the packed ones, so any server will do.
FETCHED_FILES = {
    "duckdb-eh.wasm.gz": f"{DUCKDB}/duckdb-eh.wasm",
    "duckdb-worker.js.gz": f"{DUCKDB}/duckdb-browser-eh.worker.js",
    "duckdb.js": f"{DUCKDB}/duckdb-browser.cjs",
    "arrow.js": f"{ARROW}/Arrow.es2015.min.js",
    "licence-arrow.txt": f"{ARROW}/LICENSE.txt",
    "notice-arrow.txt": f"{ARROW}/NOTICE.txt",
}
HASHES = "sha256.json"  # hashes of the fetched files, to detect a damaged one

# A page downloads the packed slim file whole up to this size. To read the catalogue of DuckDB in ranges costs about as
# much as the whole file of a region.
WHOLE_FILE_BYTES = 8_000_000


class NoEngineError(RefusalError):
    """DuckDB for the browser could not be fetched; the message says why."""


def fetched_engine(home: Path) -> Path:
    """Returns the folder of the engine in a home. It is fetched again if a file is missing or damaged.

    Raises:
        NoEngineError: there is no npm, or it fetched nothing.
    """
    folder = home / "engine" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    if not _is_whole(folder):
        with tempfile.TemporaryDirectory() as packages:
            _install(Path(packages))
            for name, source in FETCHED_FILES.items():
                data = (Path(packages) / "node_modules" / source).read_bytes()
                write(folder, name, gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        write(folder, HASHES, json.dumps({name: sha256_of(folder / name) for name in FETCHED_FILES}).encode())
    return folder


def _is_whole(folder: Path) -> bool:
    try:
        sums = json.loads((folder / HASHES).read_bytes())
        return all(sha256_of(folder / name) == sums[name] for name in FETCHED_FILES)
    except (KeyError, OSError, ValueError):
        return False


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoEngineError("pas de npm dans le PATH : il vient avec Node.js")
    for name in ("package.json", LOCK.name):
        shutil.copy(SQL_PAGE / name, folder)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", str(folder / "cache")]
    process = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    missing = [source for source in FETCHED_FILES.values() if not (folder / "node_modules" / source).is_file()]
    if process.returncode != 0 or missing:
        raise NoEngineError(
            f"npm n'a pas apporté {', '.join(missing)} : {process.stderr.strip()[:500]}"
        )  # the reason comes first


def sql_files(engine: Path, published: Path, publication_id: str) -> dict[str, bytes]:
    """Returns the files of the page by their names in the site, its data first.

    The data are the slim file, packed, or unpacked if it is too large to be taken whole. Its name has the id of the
    publication, so that no reader mixes parts of two.
    """
    data, name = published.with_name(SLIM).read_bytes(), f"sql/leviers-bi-{publication_id}.duckdb"
    packed = gzip.compress(data, mtime=0)
    sources = [SQL_PAGE / name for name in COPIED_FILES] + [engine / name for name in FETCHED_FILES]
    read = {f"{name}.gz": packed} if len(packed) <= WHOLE_FILE_BYTES else {name: data}
    return read | {f"sql/{source.name}": source.read_bytes() for source in sources}
