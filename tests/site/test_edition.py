"""A published file as the pages read it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from leviers.site import edition
from leviers.warehouse.home import DATABASE, SLIM


def test_the_views_are_read_from_the_slim_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are computed once in a publication; a file that stands alone has them too."""
    (tmp_path / "places.sql").write_text("select place from vues.dim_place", encoding="utf-8")
    monkeypatch.setattr(edition, "QUERIES", tmp_path)

    def write(name: str, place: str) -> None:
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute(f"create schema vues; create view vues.dim_place as select '{place}' as place")

    write(DATABASE, "computed")
    assert edition.PublishedEdition(tmp_path / DATABASE).rows("places") == [{"place": "computed"}]
    write(SLIM, "held")
    assert edition.PublishedEdition(tmp_path / DATABASE).rows("places") == [{"place": "held"}]
