"""Metrics of the runs, in the text format of Prometheus."""

from __future__ import annotations

import json
from collections.abc import Iterator

from leviers.warehouse.runs.record import GOOD, RunRecord

METRICS = "metrics.prom"
GAUGES = {
    "run_success": "1 where the last run published or had nothing to do, else 0.",
    "run_exit_status": "Exit status of the last run; absent of one that was killed.",
    "run_end": "1, with how the last run ended.",
    "run_step_seconds": "Seconds that each step of the last run took.",
    "last_success_time_seconds": "When the last run that succeeded ended, in seconds since 1970.",
    "incident_since_seconds": "Since when something is wrong, in seconds since 1970.",
    "dataset_state": "1, with what became of the last edition.",
    "dataset_load_age_days": "Days since its last good edition was accepted.",
    "dataset_observation_age_days": "Days since its newest observation.",
    "dataset_late": "1 where a newer observation should be there, else 0.",
}
Sample = tuple[str, dict[str, str], float | None]  # a gauge, its labels and its value


def metrics(record: RunRecord) -> str:
    """Returns the metrics of a record: how the last run ended, what is wrong, and how old each dataset is."""
    samples = [sample for sample in _samples(record) if sample[2] is not None]
    lines: list[str] = []
    for gauge, text in GAUGES.items():
        values = [f"leviers_{gauge}{_labels(labels)} {value:.15g}" for name, labels, value in samples if name == gauge]
        if values:
            lines += [f"# HELP leviers_{gauge} {text}", f"# TYPE leviers_{gauge} gauge", *values]
    return "".join(f"{line}\n" for line in lines)


def _samples(record: RunRecord) -> Iterator[Sample]:
    if run := record.last_run:
        yield "run_success", {}, run.end in GOOD
        yield "run_exit_status", {}, run.exit_status
        yield "run_end", {"end": str(run.end)}, 1
        for step, seconds in run.seconds.items():
            yield "run_step_seconds", {"step": step}, seconds
    if success := record.last_success:
        yield "last_success_time_seconds", {}, success.timestamp()
    for incident in record.open_incidents:
        labels = {"kind": str(incident.kind), "subject": incident.subject}
        yield "incident_since_seconds", labels, incident.since.timestamp() if incident.since else None
    for row in record.datasets:
        labels = {"dataset": row.dataset_id}
        yield "dataset_state", labels | {"state": row.state}, 1
        yield "dataset_load_age_days", labels, row.load_age_days
        yield "dataset_observation_age_days", labels, row.observation_age_days
        yield "dataset_late", labels, row.is_late


def _labels(labels: dict[str, str]) -> str:
    written = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items())
    return f"{{{written}}}" if written else ""
