"""The first step of a refresh: puts the files of the datasets into the store, and finds the datasets that changed.

An edition that differs from the loaded one becomes pending, for the load. No heavy library is imported.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from ingestion.catalog import (
    BUNDLED_DIR,
    BUNDLED_PORTAL,
    Dataset,
    allowed_hosts,
    load_catalog,
)
from ingestion.downloads import builds_on, download_edition, keep_notes, remove_partial_files
from ingestion.fault import RefusalError, one_fault
from ingestion.options import NOT_IN_RUN, Options, Outcome, failed
from ingestion.snapshots import Edition, SnapshotStore
from ingestion.state import DamagedFileError, DatasetState
from leviers.common.places import OutsideError, leads_out
from leviers.common.words import first_of

INPUTS = "inputs"
FEW_HOSTS = 2  # their connectivity is not checked before the fetch
NOT_ASKED_FOR = "not asked for"
LOADED_AGAIN = "changed: loaded again from its snapshots"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class FetchResult:
    """The result of a fetch: an outcome per dataset, the silent portals, and why nothing can be built of it."""

    outcomes: list[Outcome]
    silent: SilentHosts
    why_nothing_to_build: str | None


def fetch_step(options: Options, warn: Callable[[str], None]) -> FetchResult:
    """Puts the files of all datasets of a run into the store.

    Before that, it removes the half-written files of a run that died, and passes the silent portals to ``warn``.
    """
    remove_partial_files(options.home)
    silent = check_connectivity(options)
    if silent.hosts:
        warn(silent.sentence)
    outcomes = fetch(options, silent=silent.hosts)
    return FetchResult(outcomes, silent, why_nothing_to_build(options, outcomes))


def fetch(
    options: Options, dataset_ids: Iterable[str] | None = None, silent: frozenset[str] = frozenset()
) -> list[Outcome]:
    """Puts the files of the datasets into the store; an edition that differs from the loaded one becomes pending.

    The hosts in ``silent`` do not answer (``check_connectivity``), so they are not asked.
    """
    store = SnapshotStore(options.home)
    catalog = load_catalog()
    wanted = set(dataset_ids) if dataset_ids is not None else set(catalog)
    damages = {name: store.set_aside_damaged_state(dataset) for name, dataset in catalog.items()}
    if not options.warehouse.exists():
        _forget_loads(options.home, store, catalog.values())
    outcomes: list[Outcome] = []
    for name, dataset in catalog.items():
        if name in wanted:
            start = time.monotonic()
            faults: list[str] = []
            with one_fault(faults.append):
                outcome = _fetch_one(options, store, dataset, silent)
            if faults:
                outcome = _failed_fetch(store, dataset, faults[0].removeprefix(f"{name}: "))
            outcome = _after_damage(store, dataset, outcome, damages[name])
            outcomes.append(outcome)
            host = _source_of(options, dataset)
            if outcome.message != NOT_ASKED_FOR:
                _note_failure(store, outcome, failed=bool(faults), was_asked=host is not None)
            if options.takes(dataset):
                _LOG.info("fetch: %s; asked: %s; %.1f s", outcome.sentence, host or "nobody", time.monotonic() - start)
    return outcomes


def _note_failure(store: SnapshotStore, outcome: Outcome, *, failed: bool, was_asked: bool) -> None:
    """Notes in the state of a dataset why there is no new edition, and how often in a row its fetch failed.

    The count does not change for a dataset that was not asked.
    """
    state = store.state(outcome.dataset_id)
    if state.failed_fetches and not (failed or was_asked):
        return
    reason = outcome.message if outcome.status in ("absent", "failed") else None
    failures = state.failed_fetches + 1 if failed else 0
    if (state.not_fetched, state.failed_fetches) != (reason, failures):
        state.not_fetched, state.failed_fetches = reason, failures
        store.save_state(outcome.dataset_id, state)


@dataclass(frozen=True)
class SilentHosts:
    """The hosts that a fetch would ask and that do not answer."""

    hosts: frozenset[str] = frozenset()
    host_count: int = 0

    @property
    def sentence(self) -> str:
        silent, some = len(self.hosts), first_of(sorted(self.hosts))
        if silent == self.host_count:
            return f"no portal answered, of {self.host_count} that were asked: {some}"
        return f"no connection to {silent} of {self.host_count} portals: {some}"


def check_connectivity(options: Options) -> SilentHosts:
    """Checks before a fetch which portals answer. A portal that accepts no connection is silent.

    If a run asks one or two hosts only, they are not checked: the fetch itself reports a host that does not answer.
    """
    from ingestion.http import HttpClient

    addresses = [
        urlsplit(dataset.fetch.url)
        for dataset in load_catalog().values()
        if options.takes(dataset)
        and _folder(options, dataset) is None
        and _why_not_asked(options, dataset) is None
        and dataset.fetch
        and dataset.fetch.url
    ]
    names = {f"{address.scheme}://{address.netloc}/": address.netloc for address in addresses}
    if len(names) <= FEW_HOSTS:
        return SilentHosts()
    silent = HttpClient(allowed_hosts()).unreachable(names)
    return SilentHosts(frozenset(names[url] for url in silent), len(names))


def why_nothing_to_build(options: Options, outcomes: Iterable[Outcome] = ()) -> str | None:
    """Returns the reason why nothing can be published: a required dataset has no files."""
    store = SnapshotStore(options.home)
    known_reasons = {
        outcome.dataset_id: outcome.message for outcome in outcomes if outcome.status in ("absent", "failed")
    }
    lacking: list[str] = []
    for name, dataset in load_catalog().items():
        if dataset.required and options.wants(dataset):
            state = store.state(name)
            if not (state.has_data if state.pending is None else state.pending):
                why = known_reasons.get(name) or state.not_fetched or NOT_ASKED_FOR
                lacking.append(f"{name} ({why})")
    if not lacking:
        return None
    return f"nothing to build from: there are no files of {', '.join(lacking)}"


def _after_damage(store: SnapshotStore, dataset: Dataset, outcome: Outcome, damage: str | None) -> Outcome:
    """Returns the outcome of a dataset whose state was lost: a new edition is loaded, or its raw tables are emptied."""
    if damage is None or not dataset.is_built:
        return outcome
    if outcome.status == "changed":
        return replace(outcome, message=f"{outcome.message}; {damage}")
    message = f"failed, absent: {damage}; {outcome.message}"
    return Outcome(outcome.dataset_id, "failed", message, store.edition(dataset, []))


def why_no_such_day(options: Options) -> str | None:
    """Returns why a run cannot rebuild the day that it is asked for; None if it can, or if no day is asked for."""
    if not options.as_of:
        return None
    if options.as_of > date.today().isoformat():
        return f"{options.as_of} is still to come"
    store, days = SnapshotStore(options.home), list[str]()
    for name in load_catalog():
        with suppress(DamagedFileError, ValueError):  # the fetch reports an unreadable file and sets it aside
            days += [edition.day for edition in store.state(name).accepted if edition.at]
    first = min(days, default=None)
    if first and first <= options.as_of:
        return None
    first_day = f"the first is of {first}" if first else "none was ever accepted"
    return f"no snapshot up to {options.as_of}: {first_day}"


def unclaimed_files(mirror: Path | None) -> Iterator[str]:
    """Yields the folders and files of a mirror that no record reads, with the reason that the record gives, if any."""
    for folder in sorted(path for path in mirror.iterdir() if path.is_dir()) if mirror else []:
        dataset = load_catalog().get(folder.name)
        if dataset is None or not dataset.is_built:
            yield f"{folder.name}/"
            continue
        with suppress(OSError, OutsideError):  # an unreadable file becomes the fault of its dataset
            claimed = set(claimed_files(dataset, folder))
            for path in sorted(path for path in folder.iterdir() if path not in claimed):
                name, why = f"{folder.name}/{path.name}", dataset.why_unclaimed(path.name)
                yield f"{name} ({why})" if why else name


def _forget_loads(home: Path, store: SnapshotStore, datasets: Iterable[Dataset]) -> None:
    """Notes in the states and in dlt that nothing is loaded, since the working file is gone."""
    shutil.rmtree(home / "dlt", ignore_errors=True)
    for dataset in datasets:
        state = store.state(dataset.dataset_id)
        if state.loaded is not None:
            state.loaded = None
            store.save_state(dataset.dataset_id, state)


def claimed_files(dataset: Dataset, folder: Path) -> list[Path]:
    """Returns the files of a folder that the record of a dataset reads, by their names; broken links are among them.

    Raises:
        OutsideError: the folder or one of the files is a link that leads out of the mirror; no file is named.
    """
    root = folder.parent
    if leads_out(folder, root):
        raise OutsideError(f"the folder {folder.name} is a link that leads out of the mirror")
    claimed = [path for path in sorted(folder.iterdir()) if any(t.layouts_for(path.name) for t in dataset.tables)]
    if any(leads_out(path, root) for path in claimed):
        raise OutsideError(f"a file of the folder {folder.name} is a link that leads out of the mirror")
    return [path for path in claimed if path.is_file() or not path.exists()]


def _fetch_one(options: Options, store: SnapshotStore, dataset: Dataset, silent: frozenset[str]) -> Outcome:
    name = dataset.dataset_id
    state = store.state(name)
    if not options.wants(dataset):
        if state.loaded and state.has_data:
            return _set_pending(store, dataset, store.edition(dataset, []), "unloaded: not part of this run")
        return Outcome(name, "absent", NOT_IN_RUN)
    if options.only and name not in options.only:
        accepted = store.accepted_edition(dataset)
        if state.loaded is None and accepted and accepted.snapshots:  # a load was cut: the tables may hold a part
            return _set_pending(store, dataset, accepted, LOADED_AGAIN)
        return Outcome(name, "unchanged", NOT_ASKED_FOR)
    damage = _set_aside_damaged(options, store, dataset, state)
    edition = _candidate(options, store, dataset, silent)
    if edition is None:
        _clear_pending(store, name, is_known=_source_of(options, dataset) is not None)
        return _failed_fetch(store, dataset, damage) if damage else _absent(options, store, dataset, state)
    tried_again = options.full or damage or (state.is_tried_again and edition.edition_id == state.refused)
    if edition.edition_id == state.loaded and not tried_again:
        _clear_pending(store, name, is_known=True)
        news = [note for note in store.state(name).notes if note not in state.notes]
        return Outcome(name, "unchanged", "; ".join(("unchanged", *news)))
    if edition.edition_id == state.refused and state.reason and not tried_again:
        why = f"{state.reason} (the same files as at the last run)"
        return _failed_fetch(store, dataset, why)
    changes = f"changed: {_what_changed(store, dataset, edition)}"
    return _set_pending(store, dataset, edition, f"{changes}; {damage}" if damage else changes)


def _set_aside_damaged(options: Options, store: SnapshotStore, dataset: Dataset, state: DatasetState) -> str | None:
    """Sets aside the files of the last good edition that were altered, and returns which; None if all are whole.

    If this run loads the edition, or the next edition builds on it, every file is read. Otherwise only the files whose
    date or size changed are read.
    """
    accepted = store.accepted_edition(dataset)
    is_read = options.full or state.loaded is None or (dataset.fetch is not None and builds_on(dataset.fetch))
    return accepted.set_aside_damaged(touched_alone=not is_read) if accepted else None


def _what_changed(store: SnapshotStore, dataset: Dataset, edition: Edition) -> str:
    accepted = store.accepted_edition(dataset)
    if accepted and accepted.snapshots and accepted.edition_id == edition.edition_id:
        return "the same files, loaded again"
    files = first_of([snapshot.file_name for snapshot in edition.snapshots])
    return f"new edition: {files}" if accepted and accepted.snapshots else files


def _set_pending(store: SnapshotStore, dataset: Dataset, edition: Edition, message: str) -> Outcome:
    state = store.state(dataset.dataset_id)
    state.pending = [snapshot.sha256 for snapshot in edition.snapshots]
    store.save_state(dataset.dataset_id, state)
    return Outcome(dataset.dataset_id, "changed", message, edition)


def _clear_pending(store: SnapshotStore, name: str, *, is_known: bool) -> None:
    """Clears the pending files. If ``is_known``, the content of the source is known, and the refusal is cleared too."""
    state = store.state(name)
    if state.pending or (is_known and state.reason):
        state.pending = None
        if is_known:
            state.forget_refusal()
        store.save_state(name, state)


def _failed_fetch(store: SnapshotStore, dataset: Dataset, why: str) -> Outcome:
    """Returns the outcome of a failed fetch. The last good edition becomes pending if the raw tables do not hold it."""
    state = store.state(dataset.dataset_id)
    accepted = store.accepted_edition(dataset)
    outcome = failed(dataset.dataset_id, state, why)
    if accepted and accepted.snapshots and state.loaded != accepted.edition_id:
        return replace(outcome, edition=_set_pending(store, dataset, accepted, "").edition)
    return outcome


def _absent(options: Options, store: SnapshotStore, dataset: Dataset, state: DatasetState) -> Outcome:
    """Returns the outcome of a dataset without files. Its last good edition stays, unless an earlier day is rebuilt."""
    accepted = store.accepted_edition(dataset)
    if options.as_of and accepted and accepted.snapshots:
        return _set_pending(store, dataset, store.edition(dataset, []), f"unloaded: absent at {options.as_of}")
    if options.as_of and accepted is None:
        message = f"absent: no snapshot up to {options.as_of}"
        return Outcome(dataset.dataset_id, "absent", message)
    if accepted is None or not accepted.snapshots:
        why = _why_not_asked(options, dataset) or "the portal has none"
        return Outcome(dataset.dataset_id, "absent", f"absent: no file in the mirror, and {why}")
    if state.loaded is None:
        return _set_pending(store, dataset, accepted, LOADED_AGAIN)
    return Outcome(dataset.dataset_id, "unchanged", "unchanged: its last good data stay")


def _candidate(options: Options, store: SnapshotStore, dataset: Dataset, silent: frozenset[str]) -> Edition | None:
    """Returns the newest available edition: bundled, entered by a person, from the mirror, or from the portal."""
    if options.as_of:
        return store.accepted_edition(dataset, options.as_of)
    if folder := _folder(options, dataset):
        if not os.path.lexists(folder):
            return None
        bundled = dataset.fetch is not None and dataset.fetch.portal == BUNDLED_PORTAL
        return _from_folder(store, dataset, folder, "bundled" if bundled else "mirror")
    if _why_not_asked(options, dataset):
        return None
    if dataset.fetch and dataset.fetch.url and (host := urlsplit(dataset.fetch.url).netloc) in silent:
        raise RefusalError(f"{host} did not answer")
    return download_edition(store, dataset)


def _folder(options: Options, dataset: Dataset) -> Path | None:
    """Returns the folder that replaces a portal: bundled figures, entries of a person, or the mirror, if any."""
    if dataset.fetch and dataset.fetch.portal == BUNDLED_PORTAL:
        return BUNDLED_DIR / dataset.dataset_id
    if dataset.fetch and dataset.fetch.portal == "input":
        return options.home / INPUTS / dataset.dataset_id
    folder = options.mirror / dataset.dataset_id if options.mirror else None
    return folder if folder and os.path.lexists(folder) else None


def _source_of(options: Options, dataset: Dataset) -> str | None:
    """Returns the source of the files of a dataset: a folder or an address."""
    if folder := _folder(options, dataset):
        return str(folder)
    return dataset.fetch.url if dataset.fetch and not _why_not_asked(options, dataset) else None


def _why_not_asked(options: Options, dataset: Dataset) -> str | None:
    """Returns why no portal is asked for a dataset; None if one is."""
    if dataset.fetch is None:
        return "its record names no address"
    if dataset.fetch.portal == "input":
        return "nobody has entered a row"
    if options.offline:
        return "no network asked for"
    return dataset.fetch.why_closed


def _from_folder(store: SnapshotStore, dataset: Dataset, folder: Path, origin: str) -> Edition | None:
    url = dataset.fetch.url if dataset.fetch else None
    keep_notes(store, dataset, [])
    snapshots = [
        store.add(dataset, path, file_name=path.name, origin=origin, url=url, vintage=dataset.vintage_of(path.name))
        for path in claimed_files(dataset, folder)
    ]
    return store.edition(dataset, snapshots) if snapshots else None
