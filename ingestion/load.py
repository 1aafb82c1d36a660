"""The second step of a refresh: loads the pending editions, checks them, accepts them or puts the last good data back.

The states are read at the beginning and written at the end, so a load that dies is done again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ingestion.catalog import Dataset, load_catalog
from ingestion.fault import one_fault
from ingestion.options import Options, Outcome, failed
from ingestion.snapshots import Edition, SnapshotStore
from ingestion.state import DatasetState, RefusedFor, RowsSetAside

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from expectations.result import CheckResult
    from ingestion.sources import Extraction, LoadResult


@dataclass(frozen=True)
class _Load:
    """An edition to load, the state of its dataset, and the edition that the raw tables held before."""

    dataset: Dataset
    edition: Edition
    state: DatasetState
    last_good: Edition | None
    loaded_before: str | None

    @property
    def name(self) -> str:
        return self.dataset.dataset_id


@contextmanager
def reading_ahead(options: Options, producers: Mapping[str, list[Edition]]) -> Iterator[dict[str, Future[Extraction]]]:
    """Reads the editions of these producers in a thread, one producer after the other, while the context loads them.

    Yields the result of each producer, by its schema, to wait for.
    """

    def read(schema_name: str, editions: list[Edition]) -> Extraction:
        from ingestion.sources import extract_editions

        return extract_editions(options.home, schema_name, editions)

    with ThreadPoolExecutor(1, thread_name_prefix="read_ahead") as pool:
        try:
            yield {schema_name: pool.submit(read, schema_name, editions) for schema_name, editions in producers.items()}
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def load(
    options: Options, schema_name: str, editions: Iterable[Edition], read: Future[Extraction] | None = None
) -> list[Outcome]:
    """Loads and checks these editions of one producer, which were fetched and may have been ``read`` ahead.

    An edition that cannot be read leaves the raw tables unchanged. An edition that is loaded and fails an error check,
    or cannot be checked, is replaced by the last accepted edition. If there is none, the raw tables are emptied.
    """
    store = SnapshotStore(options.home)
    loads = [_planned(store, edition) for edition in editions]
    if not loads:
        return []
    for loading in loads:
        loading.state.loaded = None  # if the run dies now, the content of the raw tables is unknown
        store.save_state(loading.name, loading.state)
    import duckdb

    with duckdb.connect(str(options.warehouse)) as connection:  # dlt connects to the same open file
        results = _load_editions(options, schema_name, [loading.edition for loading in loads], read)
        examined = {loading.name: _examine(connection, options, loading, results[loading.name]) for loading in loads}
        refused = [loading for loading in loads if examined[loading.name].refusal]
        _put_back(options, schema_name, store, refused, results)
        for loading in loads:
            if refusal := examined[loading.name].refusal:
                store.refuse(loading.edition, loading.state, refusal, examined[loading.name].refused_for)
            else:
                store.accept(loading.edition, loading.state, options.as_of, examined[loading.name].newest)
    return [after_load(Outcome(loading.name, "changed", "changed: loaded"), loading.state) for loading in loads]


def after_load(fetched: Outcome, state: DatasetState) -> Outcome:
    """Returns the outcome of a dataset after the load of its fetched edition, from its state."""
    fetched = replace(fetched, edition=None, state=state)
    if state.pending is not None:
        return replace(fetched, message=f"{fetched.message}; not loaded")
    if state.reason:
        refused = failed(fetched.dataset_id, state, state.reason)
        return replace(refused, state=state)
    parts = [fetched.message, f"{state.rows_loaded} rows"]
    if state.rows_set_aside:
        parts.append(f"{state.rows_set_aside} rows in quarantine")
    if state.why_older:
        parts.append(f"warning: {state.why_older}")
    return replace(fetched, message="; ".join(parts))


def _planned(store: SnapshotStore, edition: Edition) -> _Load:
    dataset, state = load_catalog()[edition.dataset_id], store.state(edition.dataset_id)
    last_good = store.edition_of(dataset, state.last_good.files) if state.last_good else None
    return _Load(dataset, edition, state, last_good, state.loaded)


def _load_editions(
    options: Options, schema_name: str, editions: list[Edition], read: Future[Extraction] | None = None
) -> dict[str, LoadResult]:
    from ingestion.sources import extract_editions, load_extraction

    extraction = read.result() if read else extract_editions(options.home, schema_name, editions)
    return load_extraction(options.home, extraction)


@dataclass
class _Found:
    """The reason why a loaded edition is refused, or the newest dates and years of its raw tables."""

    refusal: str | None = None
    refused_for: RefusedFor = "content"
    newest: dict[str, str] = field(default_factory=dict)

    def refuse(self, why: str) -> None:
        self.refusal = why


def _examine(connection: DuckDBPyConnection, options: Options, loading: _Load, result: LoadResult) -> _Found:
    """Checks and measures a loaded edition. If it is not refused, the findings are written into its state."""
    examined = _Found(result.error)
    if not examined.refusal:
        with one_fault(examined.refuse):
            previous = loading.state.profiles if options.as_of is None else {}
            snapshots = loading.edition.snapshots
            checks, profiles = check_loaded(connection, loading.dataset, previous) if snapshots else ([], {})
            if refusal := _refusal(checks, loading.name):
                examined.refusal, examined.refused_for = refusal, "checks"
            else:
                examined.newest = _newest(connection, loading.dataset, profiles)
                loading.state.profiles = profiles
                loading.state.checks = checks
                loading.state.warnings = [*loading.state.notes, *result.warnings]
                loading.state.received = sum(report.received for report in result.reports.values())
                loading.state.quarantined = _grouped(result)
    return examined


def _refusal(checks: list[CheckResult], name: str) -> str | None:
    if errors := [check.message.removeprefix(f"{name}: ") for check in checks if check.blocks]:
        return f"refused by its checks: {errors[0]}" + (f" (and {len(errors) - 1} more)" if len(errors) > 1 else "")
    return None


def _put_back(
    options: Options, schema_name: str, store: SnapshotStore, refused: list[_Load], results: dict[str, LoadResult]
) -> None:
    """Loads the last good edition of each refused dataset again, as the present record reads it.

    If that edition cannot be loaded either, the dataset is unloaded.
    """
    lost: list[tuple[_Load, Edition]] = []
    unread: dict[str, str] = {}
    for loading in refused:
        last_good, is_replaced = loading.last_good, results[loading.name].replaced
        if last_good and not is_replaced and loading.loaded_before == last_good.edition_id:
            loading.state.loaded = loading.loaded_before
        else:
            edition = store.edition(loading.dataset, [])
            with one_fault(partial(unread.__setitem__, loading.name)):
                edition = store.last_whole_edition(loading.dataset, loading.state)
            lost.append((loading, edition))
    if lost:
        results = _load_editions(options, schema_name, [edition for _, edition in lost])
        for loading, edition in lost:
            if results[loading.name].error or loading.name in unread:
                loading.state.unload(store.edition(loading.dataset, []).edition_id)
            elif edition.snapshots:
                loading.state.put_back(edition.edition_id)


def check_loaded(
    connection: DuckDBPyConnection, dataset: Dataset, previous: dict[str, dict[str, Any]]
) -> tuple[list[CheckResult], dict[str, dict[str, Any]]]:
    """Runs the suites on the raw tables of a dataset; returns the results, and the profile of each table.

    An optional table that is empty has no file in the edition and is not checked.
    """
    from expectations.runner import run_table_suite

    results: list[CheckResult] = []
    profiles: dict[str, dict[str, Any]] = {}
    for table in dataset.tables:
        name = dataset.table_name(table)
        address = f"{dataset.schema_name}.{name}"
        if table.optional and connection.execute(f"select count(*) from {address}").fetchone() == (0,):
            continue
        checked = run_table_suite(
            connection, dataset.dataset_id, address, dataset.suite(table), previous.get(name), dataset.checks_bind
        )
        results += checked.results
        profiles[name] = checked.profile
    return results, profiles


def _newest(connection: DuckDBPyConnection, dataset: Dataset, checked: Iterable[str]) -> dict[str, str]:
    """Returns the newest value of each column of dates or years of the raw tables that were checked."""
    from expectations.profile import newest

    return {
        f"{name}.{column}": value
        for name in checked
        for column, value in newest(connection, f"{dataset.schema_name}.{name}").items()
    }


def _grouped(result: LoadResult) -> list[RowsSetAside]:
    """Groups the rows set aside by file, column, value and reason, with their count and the number of the first."""
    rows = [row for report in result.reports.values() for row in report.quarantined]
    alike = [row.model_copy(update={"row_number": 0}) for row in rows]
    first = dict(zip(reversed(alike), reversed(rows), strict=True))
    return [first[row].model_copy(update={"row_count": count}) for row, count in Counter(alike).items()]
