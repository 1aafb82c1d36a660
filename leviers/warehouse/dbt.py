"""Runs dbt in this process. The project is parsed once, in a cache; models are built in the working file of a home."""

from __future__ import annotations

import _thread
import json
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from subprocess import PIPE
from typing import Any

from filelock import FileLock

from leviers.common.interrupt import stop_if_interrupted
from leviers.warehouse.home import leviers_home
from leviers.warehouse.project import DBT_DIR, dbt_fingerprint, dbt_target

CACHE_VARIABLE = "LEVIERS_CACHE"
MANIFEST = "manifest.json"
PARSED = "partial_parse.msgpack"
COMPILE = ("compile", "--select", "resource_type:test", "--no-introspect")
SELECTED_TAG = "selected"
HOOK_PREFIX = "operation."  # how dbt names what it runs before the nodes
PRINTED_LEVELS = ("info", "warn", "error")
NODE_STARTS = "NodeStart"
STOPPING = (signal.SIGINT, signal.SIGTERM)
INTERRUPT_POLL_SECONDS = 0.2  # between two checks whether a person stops the run
# dbt turns a Ctrl-C into another error. This program ends at once instead, unless its parent ignores the signal.
PROGRAM = """import signal
from dbt.cli.main import cli
if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
cli()"""


class DbtError(Exception):
    """dbt could not parse the project, or could not run."""


def dbt_manifest() -> Path:
    """Returns the manifest of dbt, which has the SQL of each test. It is made again if the project or dbt has changed.

    It is also made again if the project has moved, since dbt writes the path of each seed into it.

    Raises:
        DbtError: dbt cannot parse the project.
    """
    # Several homes may share the folder, since the parsed project depends on no home and no region.
    parsed = Path(os.environ.get(CACHE_VARIABLE) or dbt_target(leviers_home())).resolve() / "parsed"
    parsed.mkdir(parents=True, exist_ok=True)
    mark, place = parsed / "fingerprint", f"{DBT_DIR} "
    fingerprint = place + " ".join((dbt_fingerprint(), version("dbt-core"), *COMPILE))
    with FileLock(parsed / ".lock"):
        last_fingerprint = mark.read_text() if mark.exists() else ""
        if last_fingerprint != fingerprint:
            if not last_fingerprint.startswith(place):
                (parsed / PARSED).unlink(missing_ok=True)
            compile_tests(parsed)
            mark.write_text(fingerprint)
    return parsed / MANIFEST


def compile_tests(folder: Path) -> None:
    """Parses the project and compiles the tests in another process, so that this one can read files meanwhile."""
    command = [sys.executable, "-P", "-c", PROGRAM, *_command(folder, *COMPILE)]
    environment = os.environ | {"LEVIERS_WAREHOUSE": str(folder / "warehouse.duckdb")}  # its name goes into the SQL
    with subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True) as child:  # noqa: S603
        try:
            output = None
            while output is None:
                stop_if_interrupted()  # this may be a thread, and the signal may have come to this process alone
                with suppress(subprocess.TimeoutExpired):
                    output = child.communicate(timeout=INTERRUPT_POLL_SECONDS)
        finally:
            child.kill()
    if -child.returncode in STOPPING:  # this process gets the signal too, a moment later
        raise KeyboardInterrupt
    if child.returncode:
        raise DbtError(output[0].strip() or output[1].strip())


def run_dbt(home: Path, region: str, *arguments: str, nodes: Collection[str] = ()) -> list[dict[str, Any]]:
    """Runs a command of dbt on the working file of a home, prints its messages, and returns its results.

    ``nodes`` are the ids of the nodes to run. They get a tag to select them by: dbt searches the whole project for each
    name, but only once for a tag.

    Raises:
        DbtError: dbt did not run. A node that failed is in the results.
    """
    from dbt.artifacts.resources.types import NodeType
    from dbt.contracts.graph.manifest import Manifest

    parsed = dbt_manifest().with_name(PARSED)
    manifest = Manifest.from_msgpack(parsed.read_bytes())
    if arguments[0] == "build":  # tests run apart, and dbt selects faster without them
        manifest.nodes = {name: node for name, node in manifest.nodes.items() if node.resource_type != NodeType.Test}
        manifest.unit_tests = {}
    for name in nodes:
        manifest.nodes[name].tags.append(SELECTED_TAG)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    target = dbt_target(home)
    # the manifest is written already and dbt prints its messages; only models read the region, no test does
    scope = (
        *("--no-write-json", "--log-level", "none"),
        "--vars",
        json.dumps({"region": region}),
        *(("--select", f"tag:{SELECTED_TAG}") if nodes else ()),
    )
    result = _invoke(home / "warehouse.duckdb", target, *arguments, *scope, manifest=manifest)
    path = target / "run_results.json"
    result.write(str(path))
    return [node for node in json.loads(path.read_text())["results"] if not node["unique_id"].startswith(HOOK_PREFIX)]


def _command(target: Path, *arguments: str) -> list[str]:
    return [
        *("--quiet", "--no-use-colors", "--log-level-file", "none"),
        *arguments,
        *("--project-dir", str(DBT_DIR), "--profiles-dir", str(DBT_DIR)),
        *("--target-path", str(target), "--log-path", str(target)),
    ]


def _invoke(warehouse: Path, target: Path, *arguments: str, manifest: Any) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["LEVIERS_WAREHOUSE"] = str(warehouse)  # the profile of dbt reads it
    try:
        with _interrupt_on_ctrl_c() as pressed, warnings.catch_warnings():
            # Types are given once for all seeds: agate warns of each seed that lacks some of these columns.
            warnings.filterwarnings("ignore", r".* does not match the name of any column", RuntimeWarning)
            callbacks: list[Callable[[Any], None]] = [_print_event, partial(stop_again, pressed)]
            result = dbtRunner(manifest, callbacks=callbacks).invoke(_command(target, *arguments))
    finally:
        # otherwise this process keeps the file open for writing
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if pressed.is_set():  # a Ctrl-C may come back as another error
        raise KeyboardInterrupt
    if result.exception or result.result is None:
        raise DbtError(str(result.exception))
    return result.result


def _print_event(event: Any) -> None:
    if event.info.level in PRINTED_LEVELS:
        print(event.info.msg, flush=True)


def stop_again(pressed: threading.Event, event: Any) -> None:
    """Interrupts again if dbt starts another node, since it may lose the first Ctrl-C in a callback."""
    if pressed.is_set() and event.info.name == NODE_STARTS:
        _thread.interrupt_main()


@contextmanager
def _interrupt_on_ctrl_c() -> Iterator[threading.Event]:
    """Makes Ctrl-C a KeyboardInterrupt, at which dbt ends its queries and threads. Dagster sets another handler.

    Yields whether it was pressed.
    """
    pressed = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return

    def interrupt(*_: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    handler = signal.signal(signal.SIGINT, interrupt)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, handler)
