"""Every portable model has SQL that the translation to Spark knows: without a Spark, on the SQL that the demo ran."""

from __future__ import annotations

import pytest
import yaml

from leviers.spark.rules import NotPortableError
from leviers.spark.transpile import transpile
from leviers.warehouse.project import DBT_DIR
from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")


def test_exactly_the_portable_models_can_be_translated(demo: FinishedRun) -> None:
    [selector] = yaml.safe_load((DBT_DIR / "selectors.yml").read_text(encoding="utf-8"))["selectors"]
    *paths, excluded = selector["definition"]["union"]
    refused = set()
    for path in paths:
        for model in (demo.home.path / "dbt" / "compiled" / "leviers" / path.removeprefix("path:")).rglob("*.sql"):
            try:
                transpile(model.read_text(encoding="utf-8"), lambda _: ["a_column"])
            except NotPortableError:
                refused.add(model.stem)
    assert refused == set(excluded["exclude"])
