"""A row of ``quality.fct_check_result``: the result of a check, and what it asks for and has found in French.

The French of a rule, of a measure and of a kind of check is in the catalogue of ``leviers.text``, by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from expectations.profile import COLUMN_METRICS, ROWS, ROWS_CHANGE_PCT
from ingestion.catalog import load_catalog
from ingestion.fault import DEFECT
from leviers.text.catalogue import french_name
from leviers.text.message import Bilingual, Message
from leviers.warehouse.seeds import labelled

EXPECTATION = "expect_"  # how the names of the expectations begin
SEVERITIES = {"error": Message("error"), "warning": Message("warning")}

# The kinds of dbt's tests, as the names of the tests begin; the longer ones first.
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
_BOUND = re.compile(r"(greater|less) than or equal to (-?[\d.]+)")
_ALL_ROWS = re.compile(r"(\d+) rows")
_FOUND_ROWS = re.compile(r"(\d+)(?: of (\d+))?( failing)? rows\b")


@dataclass(frozen=True)
class CheckRow:
    """A check on what is in the working file now: a row of ``quality.fct_check_result``."""

    guard: str
    check_name: str
    subject: str
    column_name: str | None
    status: str
    severity: str
    expected: str
    observed: str | None
    message: str

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published."""
        return self.status != "passed" and self.severity == "error"

    @property
    def text(self) -> Bilingual:
        """What a person reads of it."""
        return Bilingual(self.message, f"{self.subject} : {in_french(self)}")

    @property
    def french(self) -> dict[str, str]:
        """What stands in French beside its fields where it is published or listed."""
        return {
            "message_fr": in_french(self),
            "guard_label_fr": labelled("guard", self.guard).french,
            "status_label_fr": labelled("check_status", self.status).french,
            "severity_label_fr": labelled("severity", self.severity).french,
        }

    @property
    def line(self) -> Message:
        """The same, with how much it matters."""
        return Message("{kind}: {text}", kind=SEVERITIES[self.severity], text=self.text)


def in_french(check: CheckRow) -> str:
    """What a check asks for and has found, in a sentence."""
    if check.observed is None:
        return f"{_asked(check)} : le contrôle n'a pas pu tourner"
    return f"{_asked(check)} ; trouvé : {_observed(check.observed)}"


def suite_title(suite: str) -> str:
    """What a suite is about, in French: a step of the gate, or a raw table by the title of its dataset."""
    dataset_id, is_of_several, table = suite.partition("__")
    dataset = load_catalog().get(dataset_id)
    if dataset is None:
        return french_name("suite", suite)
    title = dataset.title_fr
    return f"{title} : {french_name('table', table)}" if is_of_several else title


def _asked(check: CheckRow) -> str:
    if check.guard == "dbt" and (kind := next(filter(check.check_name.startswith, KINDS), None)):
        columns = check.column_name.split(", ") if check.column_name else []
        return french_name("kind of check", kind).format(columns=", ".join(f"`{column}`" for column in columns))
    if not check.check_name.startswith(EXPECTATION):
        return french_name("check", check.check_name)
    bounds = " et ".join(
        f"{'au moins' if side == 'greater' else 'au plus'} {_number(bound)}"
        for side, bound in _BOUND.findall(check.expected)
    )
    return " : ".join(filter(None, [_measured(check.column_name or ROWS), bounds]))


def _measured(metric: str) -> str:
    if metric in (ROWS, ROWS_CHANGE_PCT):
        return french_name("metric of a table", metric)
    column, _, kind = metric.rpartition("__")
    if column and kind in COLUMN_METRICS:
        return french_name("metric of a column", kind).format(column=column)
    return french_name("check", metric)


def _observed(text: str) -> str:
    """What was found; rows are counted, ``observed`` names the first of them by their codes."""
    if found := _ALL_ROWS.fullmatch(text):  # those of a check that passed
        return f"{_lines(found[1])}, aucune en défaut"
    if found := _FOUND_ROWS.match(text):
        count, total, failing = found.groups()
        return _lines(count) + (" en défaut" if total or failing else "") + (f" sur {_number(total)}" if total else "")
    if text == "no value":
        return "aucune valeur"
    if text.startswith(DEFECT):
        return text.replace(f"{DEFECT}, at", "un défaut du programme, à", 1)
    return _number(text) if re.fullmatch(r"-?[\d.]+(e-?\d+)?", text) else text


def _lines(count: str) -> str:
    return "aucune ligne" if count == "0" else f"{_number(count)} ligne" + ("s" if count != "1" else "")


def _number(text: str) -> str:
    """A number with a decimal comma, its thousands apart from five digits on: one of four may be a year."""
    whole, point, decimals = (f"{float(text):.12f}".rstrip("0") if "e" in text else text).partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = re.sub(r"\B(?=(\d{3})+$)", "\N{NARROW NO-BREAK SPACE}", whole)
    return (whole + ("," if point else "") + decimals).replace("-", "\N{MINUS SIGN}")
