"""Isolation of faults: a refresh in which each step raises for one dataset, and a page, publishes all the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from expectations import report
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.cli import run
from leviers.site.pages import PageKind, Renderer
from leviers.site.published import Row
from leviers.warehouse.project import DEFAULT_REGION
from tests.conftest import FinishedRun, Home
from tests.e2e.entries import GROUPS
from tests.ingestion.broken_steps import DEFECT, break_step

pytestmark = [pytest.mark.release, pytest.mark.xdist_group("stopped")]
VICTIMS = {
    "fetch": "bundled_bnlc",
    "read": "bundled_irve_departement",
    "load": "bundled_rpls_commune",
    "profile": "bundled_lovac_commune",
    "check": "bundled_ademe_sinoe_dma",
    "measure": "bundled_insee_iris",
}
MISSING = {"reports/index.html", "site/territoires/departement-34.html"}


@dataclass(frozen=True)
class Faulty:
    """How a refresh with a fault in each part ended, and what it said."""

    home: Home
    lines: list[str]
    status: int
    log: str


@pytest.fixture(scope="module")
def faulty(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """Six datasets are loaded again, and one fails in each step; a grouping is new."""
    folder = tmp_path_factory.mktemp("faults")
    home = demo.home.copy_to(folder / "home")
    store = SnapshotStore(home.path)
    for name in VICTIMS.values():
        state = store.state(name)
        state.loaded = None
        store.save_state(name, state)
    (folder / "groups.csv").write_text(GROUPS)
    assert home.run_here("groupings", "add", str(folder / "groups.csv")).exit_code == 0
    loop = home.path / "inputs" / "commitment"
    loop.symlink_to(loop)
    page = Renderer.page

    def broken_page(renderer: Renderer, kind: PageKind, row: Row) -> str:
        is_victim = kind.file.format(**row) == "territoires/departement-34.html"
        return page(renderer, kind, {name: row[name] for name in row if name != "titre"} if is_victim else row)

    def no_report(*arguments: object) -> None:
        raise KeyError("test")

    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for step, name in VICTIMS.items():
            break_step(patch, step, name)
        patch.setattr(Renderer, "page", broken_page)
        patch.setattr(report, "write_report", no_report)
        ended = run.refresh(Options(home=home.path, offline=True, demo=True), DEFAULT_REGION, lines.append)
    [*_, log] = sorted((home.path / "logs").glob("*.log"))
    return Faulty(home, lines, ended.exit_status, log.read_text())


def test_each_fault_has_its_victim_which_stands_on_its_last_good_data(faulty: Faulty) -> None:
    assert faulty.status == 3, faulty.lines
    failed = {line.partition(":")[0]: line for line in faulty.lines if ": failed, " in line}
    assert failed.keys() == {*VICTIMS.values(), "commitment"}
    for name in VICTIMS.values():
        assert re.fullmatch(f"{name}: failed, kept last good: {DEFECT}", failed[name]), failed[name]
    assert "commitment cannot be read: " in failed["commitment"]
    assert faulty.log.count("Traceback (most recent call last):") >= len(VICTIMS) + len(MISSING)


def test_all_the_rest_is_published(faulty: Faulty, demo: FinishedRun) -> None:
    crte = "select name from marts.dim_territory where territory_level = 'crte'"
    assert faulty.home.query(crte) == [("Groupe Test",)]
    held = "select dataset_id, count(*) from marts.fct_indicator_value where {} group by all order by all"
    assert faulty.home.query(held.format("territory_level <> 'crte'")) == demo.home.query(held.format("true"))


def test_a_page_that_cannot_be_made_says_so_and_stops_nothing(faulty: Faulty) -> None:
    missing = [line.removeprefix("missing: ") for line in faulty.lines if line.startswith("missing: ")]
    assert {line.partition(":")[0] for line in missing} == MISSING
    assert all("a defect of the program, at " in line for line in missing)
    assert any(re.search(r"at leviers/site/templates/[\w/]+\.html\.j2:\d+: ", line) for line in missing)
    rows = "select subject, status, severity, message from quality.fct_check_result where guard = 'site' order by all"
    assert faulty.home.query(rows) == [(line.partition(":")[0], "crashed", "warning", line) for line in sorted(missing)]
    folder = faulty.home.published.parent
    for name in MISSING:
        assert "n'a pas pu être faite" in (folder / name).read_text(encoding="utf-8")
    assert "Groupe Test" in (folder / "site" / "territoires" / "crte-T1.html").read_text(encoding="utf-8")
