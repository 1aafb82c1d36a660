"""The record of outcome as a collector of Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leviers.warehouse.record import GOOD, Record

METRICS = "metrics.prom"
Sample = tuple[Mapping[str, str], float | None]


def metrics(record: Record) -> str:
    """The text of the file: how the last run ended, what is wrong, and how old each dataset is."""
    last, success = record.last_run, record.last_success
    runs = [last] if last else []
    datasets = [({"dataset": row.dataset_id}, row) for row in record.datasets]
    return "".join(
        (
            _gauge("run_success", "1 where the last run published or had nothing to do, else 0.",
                   (({}, run.end in GOOD) for run in runs)),
            _gauge("run_exit_status", "Exit status of the last run; absent of one that was killed.",
                   (({}, run.exit_status) for run in runs)),
            _gauge("run_end", "1, with how the last run ended.", (({"end": str(run.end)}, 1) for run in runs)),
            _gauge("refresh_time_seconds", "When the last run ended, in seconds since 1970.",
                   (({}, run.ended_at.timestamp()) for run in runs if run.ended_at)),
            _gauge("last_success_time_seconds", "When the last run that succeeded ended, in seconds since 1970.",
                   [({}, success.timestamp())] if success else ()),
            _gauge("step_seconds", "Seconds that a step took in the last run.",
                   (({"step": name}, value) for run in runs for name, value in run.seconds.items())),
            _gauge("alerts_failed", "Alerts and pings of the last run that could not be sent.",
                   (({}, len(run.alerts_failed)) for run in runs)),
            _gauge("incident_since_seconds", "Since when something is wrong, in seconds since 1970.",
                   (({"kind": incident.kind, "subject": incident.subject}, incident.since.timestamp())
                    for incident in record.incidents if not incident.is_over)),
            _gauge("dataset_state", "1, with what became of the last edition.",
                   ((labels | {"state": row.state}, 1) for labels, row in datasets)),
            _gauge("dataset_load_age_days", "Days since its last good edition was accepted.",
                   ((labels, row.load_age_days) for labels, row in datasets)),
            _gauge("dataset_observation_age_days", "Days since its newest observation.",
                   ((labels, row.observation_age_days) for labels, row in datasets)),
            _gauge("dataset_cadence_days", "Days between two editions.",
                   ((labels, row.cadence_days) for labels, row in datasets)),
            _gauge("dataset_late", "1 where a newer observation should be there, else 0.",
                   ((labels, row.is_late) for labels, row in datasets)),
        )
    )  # fmt: skip


def _gauge(name: str, text: str, samples: Iterable[Sample]) -> str:
    """The lines of a measure that has a value."""
    known = [f"leviers_{name}{_labels(labels)} {float(value):.15g}" for labels, value in samples if value is not None]
    return "\n".join((f"# HELP leviers_{name} {text}", f"# TYPE leviers_{name} gauge", *known, "")) if known else ""


def _labels(labels: Mapping[str, str]) -> str:
    written = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{written}}}" if written else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
