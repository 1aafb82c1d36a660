"""The files that follow from others are up to date."""

from __future__ import annotations

from leviers.warehouse.project import DBT_DIR, REPOSITORY
from tools.generate import generated, stale


def test_the_generated_files_are_up_to_date() -> None:
    assert stale(generated()) == [], "run make generate"


def test_no_generated_property_file_outlives_its_models() -> None:
    files = (DBT_DIR / "models").rglob("*.yml")
    written = {path for path in files if path.read_text(encoding="utf-8").startswith("# Written by `make generate`")}
    assert {path.relative_to(REPOSITORY) for path in written} - generated().keys() == set(), "remove them"
