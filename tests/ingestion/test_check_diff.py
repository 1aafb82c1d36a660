"""``leviers check --diff``: what changed between the last two editions of a dataset, and how many editions tell it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion.fetch import fetch
from ingestion.options import Options
from ingestion.snapshots import KEEP_VARIABLE, SnapshotStore
from leviers.cli.main import main
from tests.ingestion.groups import HEADER, NAME, put
from tests.ingestion.helpers import load_waiting

pytestmark = pytest.mark.warehouse
CRTE = [f"crte,T1,Groupe Test,31{number:03},1\n" for number in range(1, 11)]
PETR = [f"petr,T2,Pays Test,31{number:03},1\n" for number in range(11, 15)]


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path))
    return Options(home=tmp_path, offline=True)


def load_edition(options: Options, day: int, rows: list[str]) -> None:
    """Loads the rows as the edition of a day of January 2026."""
    put(options, HEADER + "".join(rows))
    fetch(options, [NAME])
    [outcome] = load_waiting(options, NAME)
    assert outcome.status == "changed", outcome.message
    assert len([*options.home.glob("dlt/*/load/loaded/*")]) == 1, "of what was loaded before, nothing is kept twice"
    store = SnapshotStore(options.home)
    state = store.state(NAME)
    state.accepted[-1] = state.accepted[-1].model_copy(update={"at": f"2026-01-{day:02}T00:00:00+00:00"})
    store.save_state(NAME, state)


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["check", "--diff", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_changes_between_two_editions_are_printed(options: Options) -> None:
    load_edition(options, 1, CRTE)
    assert printed() == "datasets with two editions: 0; changed in something that matters: 0\n"

    load_edition(options, 2, CRTE + PETR)
    head, *lines, total = printed(NAME).splitlines()
    assert head == f"{NAME}: edition of 2026-01-02T00:00:00+00:00 against that of 2026-01-01T00:00:00+00:00:"
    assert "    group_type: petr appears (4 of 14 rows)" in lines
    assert "    14 against 10 (+40.0%) rows" in lines
    assert total == "datasets with two editions: 1; changed in something that matters: 1"
    [dataset] = json.loads(printed("--json"))
    weights = [change["weight"] for change in dataset["changes"]]
    assert (dataset["dataset_id"], weights) == (NAME, sorted(weights, reverse=True))

    load_edition(options, 3, [*CRTE, *PETR[:3], PETR[3].replace("31014", "31015")])
    assert printed().splitlines()[0].endswith("nothing that matters")


def test_as_many_editions_tell_what_they_held_as_are_kept(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEEP_VARIABLE, "2")
    for day, rows in ((1, CRTE), (2, CRTE[:9]), (3, CRTE[:8])):
        load_edition(options, day, rows)
    accepted = SnapshotStore(options.home).state(NAME).accepted
    assert [edition.contents[NAME].rows for edition in accepted] == [9, 8]


def test_a_difference_without_the_contents_of_an_edition_says_so(options: Options) -> None:
    load_edition(options, 1, CRTE)
    store = SnapshotStore(options.home)
    state = store.state(NAME)
    state.accepted[-1] = state.accepted[-1].model_copy(update={"contents": {}})
    store.save_state(NAME, state)
    load_edition(options, 2, PETR)
    assert "not known, the contents of one of them were not kept" in printed()


def test_a_dataset_that_is_not_in_the_catalogue_is_refused(options: Options) -> None:
    result = CliRunner().invoke(main, ["check", "--diff", "nothing_of_the_kind"])
    assert (result.exit_code, "no such dataset: nothing_of_the_kind" in result.output) == (2, True)
