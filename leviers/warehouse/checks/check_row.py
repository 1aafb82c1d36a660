"""A row of ``quality.fct_check_result``: the result of a check, with its rule and its finding in French.

The French of a rule, of a measure and of a kind of check is in the catalogue of ``leviers.text``, by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from expectations.profile import COLUMN_METRICS, ROWS, ROWS_CHANGE_PCT
from expectations.result import NO_VALUE, VALIDATION, CheckResult
from ingestion.catalog import load_catalog
from leviers.text.catalogue import french_name
from leviers.text.message import Bilingual, Message
from leviers.warehouse.seeds import labelled

SEVERITIES = {"error": Message("error"), "warning": Message("warning")}

# The kinds of dbt's tests. The name of a test begins with its kind, so the longer ones come first.
KINDS = (
    "unique_combination",
    "one_file_and_date",
    "weights_sum_to_one",
    "accepted_values",
    "not_in_values",
    "relationships",
    "in_range",
    "not_null",
    "unique",
)
COULD_NOT_RUN = "le contrôle n'a pas pu tourner"


@dataclass(frozen=True)
class CheckRow:
    """The result of a check on the working file: a row of ``quality.fct_check_result``.

    ``message_fr`` is empty if an earlier version kept the row.
    """

    guard: str
    check_name: str
    subject: str
    column_name: str | None
    status: str
    severity: str
    expected: str
    observed: str | None
    message: str
    message_fr: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the result stops the publication."""
        return self.status != "passed" and self.severity == "error"

    @property
    def sentence(self) -> Bilingual:
        return Bilingual(self.message, f"{self.subject} : {self.message_fr}")

    @property
    def french_labels(self) -> dict[str, str]:
        """The French labels of its codes, by published column."""
        return {
            "guard_label_fr": labelled("guard", self.guard).french,
            "status_label_fr": labelled("check_status", self.status).french,
            "severity_label_fr": labelled("severity", self.severity).french,
        }

    @property
    def graded_sentence(self) -> Message:
        """The sentence with its severity before it."""
        return Message("{kind}: {text}", kind=SEVERITIES[self.severity], text=self.sentence)


def expectation_row(check: CheckResult) -> CheckRow:
    return CheckRow(
        guard="great_expectations",
        check_name=check.expectation,
        subject=check.suite,
        column_name=check.column,
        status=check.status,
        severity=check.severity,
        expected=check.expected,
        observed=check.observed,
        message=check.message,
        message_fr=_expectation_in_french(check),
    )


def check_sentence(rule: str, result: str | None) -> str:
    """Returns a sentence of the rule and the result of a check. Without a ``result``, the check could not run."""
    return f"{rule} : {COULD_NOT_RUN}" if result is None else f"{rule} ; trouvé : {result}"


def dbt_test_in_french(name: str, columns: str | None, failures: int | None) -> str:
    """Returns the rule of a dbt test and the number of failing rows, in French. ``failures`` is None if it crashed."""
    rule = french_name("check", name)
    if kind := next(filter(name.startswith, KINDS), None):
        marked = ", ".join(f"`{column}`" for column in columns.split(", ")) if columns else ""
        rule = french_name("kind of check", kind).format(columns=marked)
    return check_sentence(rule, None if failures is None else f"{_lines(failures)} en défaut")


def suite_title(suite: str) -> str:
    """Returns the subject of a suite in French: a query of the gate, or the title of a dataset."""
    dataset_id, is_of_several, table = suite.partition("__")
    dataset = load_catalog().get(dataset_id)
    if dataset is None:
        return french_name("suite", suite)
    title = dataset.title_fr
    return f"{title} : {french_name('table', table)}" if is_of_several else title


def _expectation_in_french(check: CheckResult) -> str:
    if check.expectation == VALIDATION:
        return check_sentence(french_name("check", VALIDATION), None)
    bounds = {"au moins": check.min_value, "au plus": check.max_value}
    asked_for = " et ".join(f"{side} {_number(f'{bound:.12g}')}" for side, bound in bounds.items() if bound is not None)
    rule = " : ".join(filter(None, [_metric(check.column or ROWS), asked_for]))
    return check_sentence(rule, _finding_in_french(check))


def _metric(metric: str) -> str:
    if metric in (ROWS, ROWS_CHANGE_PCT):
        return french_name("metric of a table", metric)
    column, _, kind = metric.rpartition("__")
    if column and kind in COLUMN_METRICS:
        return french_name("metric of a column", kind).format(column=column)
    return french_name("check", metric)


def _finding_in_french(check: CheckResult) -> str | None:
    """Returns what was observed: the number of failing rows, or the value."""
    if check.rows is not None and check.total is not None:
        some = f"{_lines(check.rows)} en défaut sur {_number(str(check.total))}"
        return some if check.rows else f"{_lines(check.total)}, aucune en défaut"
    if check.observed == NO_VALUE:
        return "aucune valeur"
    is_number = check.observed is not None and re.fullmatch(r"-?[\d.]+(e-?\d+)?", check.observed)
    return _number(check.observed) if check.observed and is_number else check.observed


def _lines(count: int) -> str:
    return "aucune ligne" if count == 0 else f"{_number(str(count))} ligne" + ("s" if count > 1 else "")


def _number(text: str) -> str:
    """Returns a number with a decimal comma. Thousands are apart from five digits on, since four may be a year."""
    whole, point, decimals = (f"{float(text):.12f}".rstrip("0") if "e" in text else text).partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = re.sub(r"\B(?=(\d{3})+$)", "\N{NARROW NO-BREAK SPACE}", whole)
    return (whole + ("," if point else "") + decimals).replace("-", "\N{MINUS SIGN}")
