"""docs/emissions.md lists the sources of emissions as the seeds and the catalogue have them."""

from __future__ import annotations

import re

from ingestion.catalog import load_catalog
from leviers.warehouse.project import REPOSITORY
from leviers.warehouse.seeds import seed_rows

PAGE = REPOSITORY / "docs" / "emissions.md"


def test_each_source_stands_in_the_page_with_its_reach_and_licence() -> None:
    indicators = {row["indicator_id"]: row for row in seed_rows("indicators/indicators")}
    expected = set()
    for row in seed_rows("policy/emission_sources"):
        indicator = indicators[row["indicator_id"]]
        dataset = load_catalog()[indicator["dataset_id"]]
        is_summed, is_read = ("oui" if fact else "non" for fact in (indicator["rollup_from"], dataset.verified))
        identity = (row["source_name"], f"`{dataset.dataset_id}`")
        expected.add((*identity, indicator["finest_level"], is_summed, is_read, dataset.licence))
    table = re.search(r"\| source \| jeu de données .*\n\|[-|]+\n((?:\|.*\n)+)", PAGE.read_text(encoding="utf-8"))
    assert table
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table[1].splitlines()]
    assert sorted(shown) == sorted(expected)
