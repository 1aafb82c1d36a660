"""A past day is rebuilt from the kept snapshots alone, although newer ones are there: the same marts, row for row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import ingestion.fetch
from ingestion.catalog import BUNDLED_DIR, load_catalog
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers import run
from tests.conftest import Home, Ran

pytestmark = pytest.mark.xdist_group("demo")
DAY = "2020-01-01"
CHANGED = "bundled_ademe_sinoe_dma"


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The figures that ship with the project, in a folder that may change."""
    folder = tmp_path / "bundled"
    shutil.copytree(BUNDLED_DIR, folder)
    monkeypatch.setattr(ingestion.fetch, "BUNDLED_DIR", folder)
    return folder


def date_editions(home: Path, day: str) -> None:
    """Lets the accepted editions have been accepted on ``day``."""
    store = SnapshotStore(home)
    for name in load_catalog():
        state = store.state(name)
        if state.accepted:
            state.accepted = [entry.model_copy(update={"at": f"{day}T12:00:00+00:00"}) for entry in state.accepted]
            store.save_state(name, state)


def refresh(home: Home, as_of: str | None = None) -> None:
    said: list[str] = []
    options = Options(home=home.path, offline=True, demo=True, as_of=as_of)
    assert run.refresh(options, "76", said.append).exit_status == 0, said


def tables_that_differ(one: Path, other: Path) -> list[str]:
    """The marts of which a row of one file is not in the other, as often as it is there."""
    with duckdb.connect() as connection:
        for name, path in (("one", one), ("other", other)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = connection.execute(
            "select distinct table_name from information_schema.tables where table_schema = 'marts' order by all"
        ).fetchall()
        assert len(tables) > 40
        return [
            table
            for (table,) in tables
            if connection.execute(
                f"""
                select 1 from (
                    (from one.marts.{table} except all from other.marts.{table})
                    union all
                    (from other.marts.{table} except all from one.marts.{table})
                ) limit 1
                """
            ).fetchall()
        ]


def test_a_past_day_is_rebuilt_from_its_snapshots(demo: Ran, tmp_path: Path, bundled: Path) -> None:
    home = demo.home.copy_to(tmp_path / "home")
    date_editions(home.path, DAY)
    of_the_day = Path(shutil.copy(home.published, tmp_path / "of_the_day.duckdb"))

    (file,) = (bundled / CHANGED).iterdir()
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, *lines[:-20]]) + "\n", encoding="utf-8")
    refresh(home)
    assert "fct_indicator_value" in tables_that_differ(of_the_day, home.published)

    shutil.rmtree(bundled)
    refresh(home, as_of=DAY)
    assert tables_that_differ(of_the_day, home.published) == []
