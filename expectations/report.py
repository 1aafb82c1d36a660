"""The data-quality report: an index and one page per suite, plain HTML that needs no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader

from expectations.result import CheckResult
from leviers.common.places import write

STATUSES = ("passed", "warning", "error", "crashed")  # from the best to the worst


def write_report(results: Iterable[CheckResult], directory: Path) -> None:
    """Writes the report of a run, with a sentence for each result, the worst first."""
    checks = sorted(results, key=lambda check: (check.suite, -STATUSES.index(_status(check))))
    by_suite = {suite: list(group) for suite, group in groupby(checks, key=lambda check: check.suite)}
    templates = Environment(loader=PackageLoader("expectations"), autoescape=True, trim_blocks=True)
    templates.globals |= {"status": _status, "statuses": STATUSES}

    for suite, suite_checks in by_suite.items():
        page = templates.get_template("suite.html.j2").render(suite=suite, checks=suite_checks)
        write(directory, f"{suite}.html", page.encode())
    index = templates.get_template("index.html.j2").render(
        total=len(checks),
        counts=_counts(checks),
        checks=sorted((check for check in checks if not check.success), key=lambda t: -STATUSES.index(_status(t))),
        suites=[(suite, _counts(group)) for suite, group in by_suite.items()],
    )
    write(directory, "index.html", index.encode())


def _counts(checks: Iterable[CheckResult]) -> Counter[str]:
    return Counter(map(_status, checks))


def _status(check: CheckResult) -> str:
    if check.success is None:
        return "crashed"
    return "passed" if check.success else check.severity
