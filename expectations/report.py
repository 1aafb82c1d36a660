"""The data-quality report: an index and one page per suite, plain HTML that needs no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from jinja2 import DictLoader, Environment

from expectations.result import CheckResult

TEMPLATES = {
    "page": """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% block title %}{% endblock %}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ddd;
         overflow-wrap: anywhere; }
th, td.suite { white-space: nowrap; }
td.number { text-align: right; }
.why { color: #555; font-size: .9em; }
.status { white-space: nowrap; font-weight: 600; }
.passed { color: #18753c; } .warning { color: #8a5300; } .error, .crashed { color: #b3000e; }
</style>
</head>
<body>
{% block body %}{% endblock %}
</body>
</html>
""",
    "checks": """<table>
<thead><tr><th>Status</th>{% if with_suite %}<th>Suite</th>{% endif %}<th>Expected</th><th>Found</th></tr></thead>
<tbody>
{% for check in checks %}<tr>
<td class="status {{ status(check) }}">{{ status(check) }}</td>
{% if with_suite %}<td class="suite"><a href="{{ check.suite }}.html">{{ check.suite }}</a></td>{% endif %}
<td>{{ check.expected }}{% if check.why %}<div class="why">{{ check.why }}</div>{% endif %}</td>
<td>{{ check.exception or check.observed }}</td>
</tr>
{% endfor %}</tbody>
</table>
""",
    "index": """{% extends "page" %}
{% block title %}Data quality{% endblock %}
{% block body %}<h1>Data quality</h1>
<p>{{ total }} checks of Great Expectations on the raw tables and the marts: {% for name in statuses %}
<span class="status {{ name }}">{{ counts[name] }} {{ name }}</span>{{ ", " if not loop.last }}{% endfor %}.
An error or a crashed check blocks what depends on it; a warning is shown and kept.</p>
{% if checks %}<h2>What did not pass</h2>
{% with with_suite = true %}{% include "checks" %}{% endwith %}{% else %}<p>Every check passed.</p>{% endif %}
<h2>Suites</h2>
<table>
<thead><tr><th>Suite</th>{% for name in statuses %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for suite, numbers in suites %}<tr><td><a href="{{ suite }}.html">{{ suite }}</a></td>
{% for name in statuses %}<td class="number">{{ numbers[name] }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table>
{% endblock %}
""",
    "suite": """{% extends "page" %}
{% block title %}{{ suite }}: data quality{% endblock %}
{% block body %}<p><a href="index.html">Data quality</a></p>
<h1>{{ suite }}</h1>
{% include "checks" %}
{% endblock %}
""",
}

STATUSES = ("passed", "warning", "error", "crashed")


def write_report(results: Iterable[CheckResult], directory: Path) -> Path:
    """Writes the report of one run; returns the index. The worst comes first on every page."""
    checks = sorted(results, key=lambda c: (c.suite, -STATUSES.index(_status(c))))
    by_suite = {suite: list(group) for suite, group in groupby(checks, key=lambda check: check.suite)}
    templates = Environment(loader=DictLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    templates.globals |= {"status": _status, "statuses": STATUSES}

    directory.mkdir(parents=True, exist_ok=True)
    for suite, suite_checks in by_suite.items():
        page = templates.get_template("suite").render(suite=suite, checks=suite_checks)
        (directory / f"{suite}.html").write_text(page, encoding="utf-8")
    index = directory / "index.html"
    index.write_text(
        templates.get_template("index").render(
            total=len(checks),
            counts=Counter(map(_status, checks)),
            checks=sorted((c for c in checks if not c.success), key=lambda c: -STATUSES.index(_status(c))),
            suites=[(suite, Counter(map(_status, group))) for suite, group in by_suite.items()],
        ),
        encoding="utf-8",
    )
    return index


def _status(check: CheckResult) -> str:
    if check.success is None:
        return "crashed"
    return "passed" if check.success else check.severity
