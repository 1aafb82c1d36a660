"""A publication is on the disk before it is swapped in: a power cut leaves the last one or this one, whole."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from leviers.warehouse.publication import publish


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            """
            create schema marts;
            create schema quality;
            create table marts.dim_snapshot as select 'test' as dataset_id;
            create table marts.dim_dataset as
            select
                'test' as dataset_id, 'Test' as title, 'MIT' as licence, null as licence_url, true as republish,
                'Test' as attribution, null as homepage
            """
        )
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "index.html").write_text("<p>Test</p>")
    return tmp_path


def test_every_file_is_on_the_disk_before_the_swap(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: dict[int, bool] = {}

    def fsync(descriptor: int) -> None:
        synced[os.fstat(descriptor).st_ino] = (home / "published").exists()

    monkeypatch.setattr(os, "fsync", fsync)
    published = publish(home, [], {}, home / "reports").parent.resolve()
    entries = [published, *published.rglob("*")]
    assert len(entries) > 5
    before_the_swap = {inode for inode, is_published in synced.items() if not is_published}
    assert [path.name for path in entries if path.stat().st_ino not in before_the_swap] == []
    assert published.parent.stat().st_ino in before_the_swap
    assert synced[home.stat().st_ino], "the swap itself"
