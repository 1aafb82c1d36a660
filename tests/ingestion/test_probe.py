"""The probe: each kind of difference is told, none is invented, silence is no difference, and no file is downloaded."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from ingestion.catalog import Dataset, load_catalog
from ingestion.http import HttpClient
from ingestion.portals.support.description import Description
from ingestion.probe import is_probed, probe
from leviers.cli import main as cli
from leviers.cli import probe as cli_probe
from tests.fakes import server as fault
from tests.fakes.account import set_credentials
from tests.fakes.server import FakeServer, Response, serve_file
from tests.ingestion.helpers import ask_this_machine, local_client, moved, record
from tests.ingestion.portal_cases import CASES, DESCRIBED

COLUMNS = {"code": {"type": "commune"}, "valeur": {"type": "number"}}
WHOLE = {"type": "integer"}
BODY = "code;valeur\n" + "31001;1,5\n09002;\n" * 100_000


def labelled(portal: str) -> dict[str, Any]:
    """The columns of a record that has what the portal tells."""
    columns = {f"c{i}": {"type": "text", "aliases": [label]} for i, label in enumerate(DESCRIBED[portal])}
    return columns or {"code": {"type": "text"}}


def declared(dataset: Dataset, columns: dict[str, Any], separator: str = ";", **table: Any) -> Dataset:
    """The record with these columns in place of its own."""
    content = dataset.model_dump()
    layout = {"name": "current", "format": "csv", "separator": separator}
    content["tables"] = [{"description": "Test", "columns": columns, "layouts": [layout], **table}]
    return Dataset.model_validate(content)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    set_credentials(monkeypatch)


@pytest.fixture
def file(server: FakeServer) -> Dataset:
    server.route("/valeurs.csv", lambda r: serve_file(r, BODY.encode(), "text/csv"))
    return declared(record("plain_file", f"{server.url}/valeurs.csv", size_floor=1000), COLUMNS)


@pytest.mark.parametrize("portal", CASES)
def test_a_portal_that_says_what_its_record_says_does_not_differ(
    portal: str, server: FakeServer, http: HttpClient
) -> None:
    _, dataset = CASES[portal](server, **({"levels": ["region"]} if portal == "ecolab_hub" else {}))
    result = probe(declared(dataset, labelled(portal), ","), http)
    assert (result.differences, result.not_reached) == ([], None)


@pytest.mark.parametrize("portal", CASES)
@pytest.mark.parametrize("silent", [fault.status(503), fault.status(429, retry_after="86400"), fault.cut(0)])
def test_silence_is_no_difference(portal: str, server: FakeServer, http: HttpClient, silent: fault.Fault) -> None:
    _, dataset = CASES[portal](server)
    server.inject_always(".*", silent)
    result = probe(dataset, http)
    assert result.differences == []
    assert result.not_reached
    assert server.url in result.not_reached


@pytest.mark.parametrize("portal", CASES)
@pytest.mark.parametrize(
    "answer",
    [
        fault.html_page(),
        fault.status(404),
        lambda request, response: fault.json_response([]),
        lambda request, response: fault.json_response({"data": [{}], "results": 3}),
        lambda request, response: fault.json_response("?"),
    ],
    ids=["page", "not found", "list", "other keys", "text"],
)
def test_an_answer_of_another_shape_is_one_line(
    portal: str, server: FakeServer, http: HttpClient, answer: fault.Fault
) -> None:
    _, dataset = CASES[portal](server)
    server.inject_always(".*", answer)
    result = probe(declared(dataset, labelled(portal), ","), http)
    assert result.not_reached is None
    assert len(result.differences) >= 1
    assert all("\n" not in line for line in result.differences)


def test_a_probe_reads_the_start_of_a_file_only(server: FakeServer, file: Dataset) -> None:
    taken: list[int] = []
    http = local_client(progress=lambda done, total: taken.append(done))
    assert probe(file, http).differences == []
    assert taken == []
    assert len(http.peek(f"{server.url}/valeurs.csv")[0]) < len(BODY) / 10


@pytest.mark.parametrize(
    ("columns", "table", "message"),
    [
        (COLUMNS | {"annee": WHOLE}, {}, "header: layout current: missing column annee, found code, valeur"),
        ({"code": {"type": "commune"}}, {}, "header: undeclared column valeur"),
        (COLUMNS | {"valeur": WHOLE}, {}, "type: valeur is declared as integer, found '1,5'"),
        (COLUMNS | {"valeur": WHOLE | {"masked": True}}, {}, None),
        (COLUMNS | {"valeur": WHOLE}, {"missing": ["1,5"]}, None),
    ],
    ids=["missing", "undeclared", "type", "masked", "marker"],
)
def test_each_kind_of_difference_is_told(
    http: HttpClient, file: Dataset, columns: dict[str, Any], table: dict[str, Any], message: str | None
) -> None:
    assert probe(declared(file, columns, **table), http).differences == ([message] if message else [])


@pytest.fixture
def two_files(server: FakeServer, file: Dataset) -> Dataset:
    return moved(file, f"{server.url}/", params={"files": ["valeurs.csv", "autre.csv"]})


def test_each_file_is_compared(server: FakeServer, http: HttpClient, two_files: Dataset) -> None:
    server.route("/autre.csv", lambda r: serve_file(r, BODY.replace("valeur", "montant").encode(), "text/csv"))
    assert probe(two_files, http).differences == [
        "autre.csv: header: layout current: missing column valeur, found code, montant",
    ]


def test_findings_before_the_portal_went_away_are_told(
    server: FakeServer, http: HttpClient, two_files: Dataset
) -> None:
    server.inject_always("/autre.csv", fault.no_answer)
    result = probe(declared(two_files, {"code": {"type": "text"}}), http)
    assert result.differences == ["header: undeclared column valeur"]
    assert result.not_reached


def test_a_series_that_the_hub_has_not_is_told_beside_the_headers(server: FakeServer, http: HttpClient) -> None:
    _, dataset = CASES["ecolab_hub"](server)
    columns = {"code": {"type": "text"}, "hub_id": {"type": "text"}}
    layouts = [
        {"name": f"serie_{number}", "format": "csv", "file_pattern": f"{slug}__*", "constants": {"hub_id": number}}
        for number, slug in (("1", "indicateur-test-2"), ("9", "indicateur-absent"))
    ]
    differences = probe(declared(dataset, columns, layouts=layouts), http).differences
    assert differences[0].endswith("found neither by its name nor by its number: series 9 (serie_9)")
    assert differences[1].startswith("header: layout serie_1: missing column code, found date_mesure, geocode_region")


def test_another_licence_and_fewer_rows_differ(server: FakeServer, http: HttpClient) -> None:
    _, dataset = CASES["data_fair"](server)
    dataset = declared(dataset, labelled("data_fair"), row_floor=1_000_000).model_copy(update={"licence": "ODbL 1.0"})
    differences = probe(dataset, http).differences
    assert [line.partition(":")[0] for line in differences] == ["size", "licence"]


def test_where_a_portal_answers_the_network_is_not_blamed(
    server: FakeServer, file: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.route("/else.csv", lambda *_: Response(200, b"code;valeur\n" + b"31001;1\n" * 500))
    server.inject_always("/valeurs.csv", fault.status(500))
    ask_this_machine(monkeypatch)
    catalog = {"file": file, "other": moved(file, f"{server.url}/else.csv")}
    monkeypatch.setattr(cli_probe, "load_catalog", lambda: catalog)
    lines = CliRunner().invoke(cli.main, ["sources", "--probe"]).output.splitlines()
    assert any(": no answer: " in line for line in lines)
    assert lines[-1] == "datasets: 2 asked, 1 not reached; differences: 0"


def test_a_machine_without_network_is_told_one_next_action(file: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = {
        name: moved(file, f"http://127.0.0.1:{port}/a.csv").model_copy(update={"dataset_id": name})
        for port, name in ((1, "one"), (2, "two"))
    }
    ask_this_machine(monkeypatch)
    monkeypatch.setattr(cli_probe, "load_catalog", lambda: datasets)
    done = CliRunner().invoke(cli.main, ["sources", "--probe"])
    counts = [done.output.count(text) for text in (": no answer: no connection to ", "next: ")]
    assert (done.exit_code, counts) == (3, [2, 0])
    assert done.output.splitlines()[-1].startswith("no portal answered: look first at the network")
    alone = CliRunner().invoke(cli.main, ["sources", "--probe", "--only", "one"]).output
    assert "  next: wait and ask again tomorrow" in alone


@pytest.mark.parametrize("dataset_id", [name for name, dataset in load_catalog().items() if is_probed(dataset)])
def test_every_record_can_be_compared(
    dataset_id: str, server: FakeServer, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = load_catalog()[dataset_id]
    assert dataset.fetch
    monkeypatch.setattr("ingestion.probe.describe_files", lambda *_: [Description(columns={"Inconnu": "text"})])
    if dataset.tables:
        assert any("Inconnu" in line for line in probe(dataset, http).differences)
