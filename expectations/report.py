"""The data-quality report, in French: an index and one page per suite, plain HTML that needs no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader

from expectations.result import CheckResult
from leviers.common.places import write

# From the best to the worst.
STATUS_LABELS = {"passed": "passé", "warning": "alerte", "error": "erreur", "crashed": "n'a pas pu tourner"}
_BADNESS = {status: place for place, status in enumerate(STATUS_LABELS)}
WordedCheck = tuple[CheckResult, str]


def write_report(results: Iterable[WordedCheck], directory: Path, titles: Mapping[str, str]) -> Path:
    """Writes the report of a run, with a sentence for each result, the worst first; returns the index page.

    ``titles`` has the title of each suite.
    """
    checks = sorted(results, key=lambda check: (check[0].suite, -_BADNESS[_status(check[0])]))
    by_suite = {suite: list(group) for suite, group in groupby(checks, key=lambda check: check[0].suite)}
    templates = Environment(loader=PackageLoader("expectations"), autoescape=True, trim_blocks=True)
    templates.globals |= {"status": _status, "words": STATUS_LABELS, "titles": titles}

    for suite, suite_checks in by_suite.items():
        page = templates.get_template("suite.html.j2").render(suite=suite, checks=suite_checks)
        write(directory, f"{suite}.html", page.encode())
    index = templates.get_template("index.html.j2").render(
        total=len(checks),
        counts=_counts(checks),
        checks=sorted((check for check in checks if not check[0].success), key=lambda t: -_BADNESS[_status(t[0])]),
        suites=[(suite, _counts(group)) for suite, group in by_suite.items()],
    )
    return write(directory, "index.html", index.encode())


def _counts(checks: Iterable[WordedCheck]) -> Counter[str]:
    return Counter(_status(check) for check, _ in checks)


def _status(check: CheckResult) -> str:
    if check.success is None:
        return "crashed"
    return "passed" if check.success else check.severity
