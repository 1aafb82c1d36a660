"""A row of ``quality.fct_check_result``: the result of a check."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.result import CheckResult
from leviers.warehouse.seeds import french_label


@dataclass(frozen=True)
class CheckRow:
    """The result of a check on the working file: a row of ``quality.fct_check_result``."""

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
        """Whether the result stops the publication."""
        return self.status != "passed" and self.severity == "error"

    @property
    def french_labels(self) -> dict[str, str]:
        """The French labels of its codes, by published column."""
        return {
            "guard_label_fr": french_label("guard", self.guard),
            "status_label_fr": french_label("check_status", self.status),
            "severity_label_fr": french_label("severity", self.severity),
        }

    @property
    def graded_sentence(self) -> str:
        """The message with its severity before it."""
        return f"{self.severity}: {self.message}"


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
    )
