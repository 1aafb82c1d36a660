"""``leviers sources --probe``: a dataset is loaded from its portal as a refresh would, and the home stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion import fetch
from ingestion.catalog import Dataset, load_catalog
from leviers.cli.main import main
from tests.fakes.server import FakeServer, serve_file
from tests.ingestion.helpers import ask_this_machine, record

pytestmark = pytest.mark.warehouse
NAME = "jeu_test"
GOOD = "code,valeur\n31001,1.5\n31002,2.5\n"


def declared(url: str) -> Dataset:
    dataset = record("plain_file", url)
    columns = {"code": {"type": "text"}, "valeur": {"type": "number"}}
    table = {"description": "Test", "columns": columns, "layouts": [{"name": "current", "format": "csv"}]}
    return Dataset.model_validate(dataset.model_dump() | {"tables": [table | {"checks": [{"rows": {"min": 3}}]}]})


@pytest.mark.parametrize(
    ("content", "status", "lines"),
    [
        (GOOD, 0, ["jeu_test: changed: loaded; 2 rows", "rows: at least 3, found 2"]),
        (GOOD.replace("valeur", "montant"), 1, ["failed, absent: file.csv: layout current: missing column valeur"]),
        (None, 3, ["jeu_test: failed, absent: 127.0.0.1", "did not answer"]),
    ],
    ids=["as recorded", "another column", "silent"],
)
def test_a_dataset_is_loaded_whole_beside_the_home(
    server: FakeServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: str | None,
    status: int,
    lines: list[str],
) -> None:
    """What the record says of the content only warns, since it is not verified."""
    ask_this_machine(monkeypatch)
    monkeypatch.setattr(fetch, "FEW_HOSTS", 0)
    monkeypatch.setenv("LEVIERS_HOME", str(tmp_path / "home"))
    if content is None:
        with FakeServer() as gone:
            url = gone.url
    else:
        url = server.url
        server.route("/file.csv", lambda r: serve_file(r, content.encode(), "text/csv"))
    monkeypatch.setitem(load_catalog(), NAME, declared(f"{url}/file.csv"))
    done = CliRunner().invoke(main, ["sources", "--probe", "--only", NAME])
    assert (done.exit_code, [line for line in lines if line not in done.output]) == (status, []), done.output
    assert not (tmp_path / "home").exists()


def test_a_dataset_without_a_portal_is_refused() -> None:
    done = CliRunner().invoke(main, ["sources", "--probe", "--only", "grouping_member"])
    assert (done.exit_code, "no portal is asked for grouping_member" in done.output) == (2, True)
    assert CliRunner().invoke(main, ["sources", "--only", NAME]).exit_code == 2
