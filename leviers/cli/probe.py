"""``leviers sources --probe``: the answer of each portal, the next step of a person, a few datasets loaded whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import urljoin

import click

from ingestion import http as client
from ingestion.catalog import Dataset, allowed_hosts, host_intervals, load_catalog
from ingestion.fetch import fetch
from ingestion.load import load
from ingestion.options import Options
from ingestion.probe import Finding, Probe, TimeBudget, is_probed, probe
from ingestion.snapshots import SnapshotStore
from leviers.warehouse.checks.first_contact import first_contact_lines
from leviers.warehouse.home import RunState, leviers_home, read_run_state
from leviers.warehouse.project import is_checkout
from leviers.warehouse.runs.damage import remedy_for_entered

UNREACHABLE = "unreachable"
NO_ANSWER = (
    "no portal answered: look first at the network of this machine (names, proxy, firewall to port 443), then ask again"
)


def to_probe(names: Collection[str]) -> list[Dataset]:
    """Returns the datasets whose portals can be asked; with names, the named ones alone.

    Raises:
        click.BadParameter: one that is named cannot be asked.
    """
    datasets = {name: dataset for name, dataset in load_catalog().items() if is_probed(dataset)}
    for name in names:
        if name not in datasets:
            what = remedy_for_entered(leviers_home(), name) or "'leviers sources' lists the datasets"
            why = f"no portal is asked for {name}: {what}"
            raise click.BadParameter(why, param_hint="--only")
    return [dataset for name, dataset in datasets.items() if not names or name in names]


def probe_portals(datasets: list[Dataset], live: int, *, as_json: bool) -> int:
    """Asks the portals of these datasets, for ten minutes at the most, and prints the findings.

    Then loads up to ``live`` of the datasets without a difference. Returns the exit status: 1 if something differs or
    was not loaded, 3 if a portal was not reached, or not asked in time, else 0.
    """
    budget = TimeBudget()
    http = client.HttpClient(allowed_hosts(), host_intervals=host_intervals(), sleep=budget.sleep)
    answers = http.connectivity({_host(dataset) for dataset in datasets})
    is_cut_off = len(answers) > 1 and set(answers.values()) == {UNREACHABLE}
    probes: list[Probe] = []
    for dataset in datasets:
        probes.append(_probe(dataset, http, budget, answers[_host(dataset)]))
        for line in [] if as_json else _lines(probes[-1], with_step=not is_cut_off):
            click.echo(line)
    loaded = _load_whole(probes, live, quiet=as_json) if live else {}
    if as_json:
        rows = [_row(probed) | {"live": loaded.get(probed.dataset.dataset_id)} for probed in probes]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    differences, not_reached = sum(len(p.differences) for p in probes), sum(bool(p.not_reached) for p in probes)
    if not as_json:
        click.echo(f"datasets: {len(probes)} asked, {not_reached} not reached; differences: {differences}")
        if len(probes) > 1 and all(probed.gravest and probed.gravest.name == "silent" for probed in probes):
            click.echo(NO_ANSWER)
    failed = any(not message.startswith("changed: ") for message in loaded.values())
    return 1 if differences or failed else 3 if not_reached else 0


def _host(dataset: Dataset) -> str:
    return urljoin((dataset.fetch and dataset.fetch.url) or "", "/")


def _probe(dataset: Dataset, http: client.HttpClient, budget: TimeBudget, answer: str) -> Probe:
    """Returns the findings for a dataset. It is not asked for if its host does not answer."""
    if budget.is_over:
        return Probe(dataset, [Finding("late", "the ten minutes of the probe were over")])
    if answer == UNREACHABLE:
        return Probe(dataset, [Finding("silent", f"no connection to {_host(dataset)}")])
    good = SnapshotStore(leviers_home()).accepted_edition(dataset)
    return probe(dataset, http, good.snapshots if good else ())


def _lines(probed: Probe, *, with_step: bool) -> Iterator[str]:
    for finding in probed.findings:
        label = finding.kind.label
        yield f"{probed.dataset.dataset_id}: {label}: {finding.text}"
    if with_step and (step := _next_step(probed)):
        yield f"  next: {step}"


def _next_step(probed: Probe) -> str | None:
    """Returns the next step of a person for the gravest finding."""
    dataset, fetch = probed.dataset, probed.dataset.fetch
    if probed.gravest is None or fetch is None:
        return None
    return probed.gravest.kind.step(
        is_checkout=is_checkout(),
        mirror="mirror" if is_checkout() else str(leviers_home() / "mirror"),
        dataset=dataset.dataset_id,
        record=f"ingestion/catalog/{dataset.producer}.yml",
        page=dataset.homepage or urljoin(fetch.url or "", "/"),
        portal=fetch.portal,
        files=_readable_files(dataset),
        refresh=f"leviers refresh --region {(read_run_state(leviers_home()) or RunState()).region}",
    )


def _readable_files(dataset: Dataset) -> str:
    """Returns the format and the pattern of the name of each kind of file that a record reads, in any language."""
    layouts = [
        (layout, layout.file_pattern or table.file_pattern) for table in dataset.tables for layout in table.layouts
    ]
    kinds = [
        f"{'JSON Lines' if layout.records == 'lines' else layout.format.upper()} {name}" for layout, name in layouts
    ]
    distinct = list(dict.fromkeys(kinds))
    return "; ".join(distinct[:4] + ["..."] * bool(distinct[4:]))


def _row(probed: Probe) -> dict[str, object]:
    dataset, fetch, step = probed.dataset, probed.dataset.fetch, _next_step(probed)
    return {
        "dataset_id": dataset.dataset_id,
        "portal": fetch and fetch.portal,
        "url": fetch and fetch.url,
        "state": probed.gravest.name if probed.gravest else "as_recorded",
        "findings": [{"kind": finding.name, "text": str(finding.text)} for finding in probed.findings],
        "next": step,
    }


def _load_whole(probes: list[Probe], count: int, *, quiet: bool) -> dict[str, str]:
    """Loads the lightest datasets without a difference, one of a kind of portal. Returns their last messages.

    They go into a home of their own, which is removed unless one of them failed.
    """
    fit = [probed for probed in probes if not probed.differences and not probed.not_reached]
    fit.sort(key=lambda probed: (probed.weight is None, probed.weight), reverse=True)
    of_portal = {probed.dataset.fetch.portal: probed.dataset for probed in fit if probed.dataset.fetch}
    chosen = [probed.dataset for probed in reversed(fit) if probed.dataset in of_portal.values()][:count]
    home = Path(tempfile.mkdtemp(prefix="leviers-live-"))
    outcomes = {outcome.dataset_id: outcome for outcome in fetch(Options(home), [d.dataset_id for d in chosen])}
    store = SnapshotStore(home)
    for dataset in chosen:
        for outcome in load(Options(home), dataset.schema_name, store.pending_editions([dataset])):
            outcomes[outcome.dataset_id] = outcome
    failed = [outcome for outcome in outcomes.values() if outcome.status != "changed"]
    if not quiet:
        taught = first_contact_lines(store.states(load_catalog()), outcomes)
        for line in [*(outcome.sentence for outcome in outcomes.values()), *taught]:
            click.echo(line)
    if failed:
        click.echo(f"the files of what failed are in {home}", err=quiet)
    else:
        shutil.rmtree(home)
    return {name: outcome.message for name, outcome in outcomes.items()}
