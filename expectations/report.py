"""The data-quality report, in French: an index and one page per suite, plain HTML that needs no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from jinja2 import DictLoader, Environment

from expectations.places import write
from expectations.result import CheckResult

TEMPLATES = {
    "page": """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% block title %}{% endblock %}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ddd;
         overflow-wrap: anywhere; }
th { white-space: nowrap; }
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
<thead><tr><th>État</th>{% if with_suite %}<th>Suite</th>{% endif %}<th>Ce qui est demandé, et trouvé</th></tr></thead>
<tbody>
{% for check, text in checks %}<tr>
<td class="status {{ status(check) }}">{{ words[status(check)] }}</td>
{% if with_suite %}<td><a href="{{ check.suite }}.html">{{ titles[check.suite] }}</a></td>{% endif %}
<td>{{ text }}{% if check.exception %}<div class="why">Détail en anglais : {{ check.exception }}</div>{% endif %}</td>
</tr>
{% endfor %}</tbody>
</table>
""",
    "index": """{% extends "page" %}
{% block title %}Qualité des données{% endblock %}
{% block body %}<h1>Qualité des données</h1>
<p>{{ total }} contrôles de Great Expectations sur les tables brutes et les tables publiées : {% for name in words %}
<span class="status {{ name }}">{{ words[name] }} {{ counts[name] }}</span>{{ ", " if not loop.last }}{% endfor %}.
Une erreur, ou un contrôle qui n'a pas pu tourner, bloque ce qui en dépend ; une alerte est dite et gardée.</p>
{% if checks %}<h2>Ce qui ne passe pas</h2>
{% with with_suite = true %}{% include "checks" %}{% endwith %}{% else %}<p>Tous les contrôles passent.</p>{% endif %}
<h2>Suites</h2>
<table>
<thead><tr><th>Suite</th>{% for name in words %}<th>{{ words[name] }}</th>{% endfor %}</tr></thead>
<tbody>
{% for suite, numbers in suites %}<tr><td><a href="{{ suite }}.html">{{ titles[suite] }}</a></td>
{% for name in words %}<td class="number">{{ numbers[name] }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table>
{% endblock %}
""",
    "suite": """{% extends "page" %}
{% block title %}{{ titles[suite] }} : qualité des données{% endblock %}
{% block body %}<p><a href="index.html">Qualité des données</a></p>
<h1>{{ titles[suite] }}</h1>
<p class="why">Suite <code>{{ suite }}</code></p>
{% include "checks" %}
{% endblock %}
""",
}

# From the best to the worst.
WORDS = {"passed": "passé", "warning": "alerte", "error": "erreur", "crashed": "n'a pas pu tourner"}
_BADNESS = {status: place for place, status in enumerate(WORDS)}
Told = tuple[CheckResult, str]


def write_report(results: Iterable[Told], directory: Path, titles: Mapping[str, str]) -> Path:
    """Writes the report of one run, each result beside its sentence; returns the index. The worst comes first.

    ``titles``: what the suites are about, by their name.
    """
    checks = sorted(results, key=lambda check: (check[0].suite, -_BADNESS[_status(check[0])]))
    by_suite = {suite: list(group) for suite, group in groupby(checks, key=lambda check: check[0].suite)}
    templates = Environment(loader=DictLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    templates.globals |= {"status": _status, "words": WORDS, "titles": titles}

    for suite, suite_checks in by_suite.items():
        page = templates.get_template("suite").render(suite=suite, checks=suite_checks)
        write(directory, f"{suite}.html", page.encode())
    index = templates.get_template("index").render(
        total=len(checks),
        counts=_counts(checks),
        checks=sorted((check for check in checks if not check[0].success), key=lambda t: -_BADNESS[_status(t[0])]),
        suites=[(suite, _counts(group)) for suite, group in by_suite.items()],
    )
    return write(directory, "index.html", index.encode())


def _counts(checks: Iterable[Told]) -> Counter[str]:
    return Counter(_status(check) for check, _ in checks)


def _status(check: CheckResult) -> str:
    if check.success is None:
        return "crashed"
    return "passed" if check.success else check.severity
