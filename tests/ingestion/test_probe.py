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
from tests.ingestion.helpers import ask_this_machine
from tests.ingestion.portal_cases import CASES
from tests.ingestion.test_portals import DESCRIBED

COLUMNS = {"code": {"type": "commune"}, "valeur": {"type": "number"}}
BODY = "code;valeur\n" + "31001;1,5\n09002;\n" * 100_000


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
    _, dataset = CASES["data_gouv"](server)
    assert dataset.fetch
    fetch = dataset.fetch.model_copy(
        update={"portal": "plain_file", "url": f"{server.url}/valeurs.csv", "params": {}, "size_floor": 1000}
    )
    return declared(dataset.model_copy(update={"fetch": fetch}), COLUMNS)


@pytest.mark.parametrize("portal", CASES)
def test_a_portal_that_says_what_its_record_says_does_not_differ(
    portal: str, server: FakeServer, http: HttpClient
) -> None:
    _, dataset = CASES[portal](server, **({"levels": ["region"]} if portal == "ecolab_hub" else {}))
    columns = {f"c{i}": {"type": "text", "aliases": [label]} for i, label in enumerate(DESCRIBED[portal])}
    result = probe(declared(dataset, columns or {"code": {"type": "text"}}, ","), http)
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
    columns = {f"c{i}": {"type": "text", "aliases": [label]} for i, label in enumerate(DESCRIBED[portal])}
    server.inject_always(".*", answer)
    result = probe(declared(dataset, columns or {"code": {"type": "text"}}, ","), http)
    assert result.not_reached is None
    assert len(result.differences) >= 1
    assert all("\n" not in line for line in result.differences)


def test_a_probe_reads_the_start_of_a_file_only(server: FakeServer, http: HttpClient, file: Dataset) -> None:
    taken: list[int] = []
    http._progress = lambda done, total: taken.append(done)
    assert probe(file, http).differences == []
    assert taken == []
    assert len(http.peek(f"{server.url}/valeurs.csv")[0]) < len(BODY) / 10


@pytest.mark.parametrize(
    ("columns", "table", "message"),
    [
        (
            {**COLUMNS, "annee": {"type": "integer"}},
            {},
            "header: layout current: missing column annee, found code, valeur",
        ),
        ({"code": {"type": "commune"}}, {}, "header: undeclared column valeur"),
        (
            {"code": {"type": "text"}, "valeur": {"type": "integer"}},
            {},
            "type: valeur is declared as integer, found '1,5'",
        ),
        ({"code": {"type": "text"}, "valeur": {"type": "integer", "masked": True}}, {}, None),
        ({"code": {"type": "text"}, "valeur": {"type": "integer"}}, {"missing": ["1,5"]}, None),
    ],
    ids=["missing", "undeclared", "type", "masked", "marker"],
)
def test_each_kind_of_difference_is_told(
    http: HttpClient, file: Dataset, columns: dict[str, Any], table: dict[str, Any], message: str | None
) -> None:
    assert probe(declared(file, columns, **table), http).differences == ([message] if message else [])


@pytest.mark.parametrize(
    ("header", "columns", "table", "differences"),
    [
        ("Code;VALEUR (t)", {**COLUMNS, "valeur": {"type": "number", "unit": "t"}}, {}, []),
        (
            "Code;VALEUR (t)",
            {**COLUMNS, "valeur": {"type": "number", "unit": "kg"}},
            {},
            ["header: layout current: column 'VALEUR (t)' is in t, the record says kg, found Code, VALEUR (t)"],
        ),
        (
            "Code;code;valeur",
            {"insee": {"type": "commune", "aliases": ["CODE"]}, "valeur": {"type": "number"}},
            {},
            ["header: layout current: more than one label is column insee: 'Code', 'code', found Code, code, valeur"],
        ),
        (
            "DEP;COM;Valeur",
            COLUMNS,
            {
                "layouts": [
                    {"name": "current", "format": "csv", "separator": ";", "joined": {"code": ["dep", "com"]}},
                ]
            },
            [],
        ),
        (
            "Code;Valeur;Géo",
            COLUMNS,
            {"layouts": [{"name": "current", "format": "csv", "separator": ";", "ignore": ["GEO*"]}]},
            [],
        ),
    ],
    ids=["folded", "unit", "ambiguous", "joined", "ignored"],
)
def test_the_probe_finds_columns_as_the_reader_does(
    server: FakeServer,
    http: HttpClient,
    file: Dataset,
    header: str,
    columns: dict[str, Any],
    table: dict[str, Any],
    differences: list[str],
) -> None:
    body = f"{header}\n" + "31001;1.5;2\n" * 1000
    server.inject_always("/valeurs.csv", lambda r, _: Response(200, body.encode(), {"Content-Type": "text/csv"}))
    assert probe(declared(file, columns, **table), http).differences == differences


def test_each_file_is_compared(server: FakeServer, http: HttpClient, file: Dataset) -> None:
    server.route("/autre.csv", lambda r: serve_file(r, BODY.replace("valeur", "montant").encode(), "text/csv"))
    assert file.fetch
    fetch = file.fetch.model_copy(update={"params": {"files": ["valeurs.csv", "autre.csv"]}})
    assert probe(file.model_copy(update={"fetch": fetch}), http).differences == [
        "autre.csv: header: layout current: missing column valeur, found code, montant",
    ]


def test_findings_before_the_portal_went_away_are_told(server: FakeServer, http: HttpClient, file: Dataset) -> None:
    assert file.fetch
    fetch = file.fetch.model_copy(update={"params": {"files": ["valeurs.csv", "autre.csv"]}})
    server.inject_always("/autre.csv", fault.no_answer)
    result = probe(declared(file, {"code": {"type": "text"}}).model_copy(update={"fetch": fetch}), http)
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


def test_a_file_that_is_too_small_differs(server: FakeServer, http: HttpClient, file: Dataset) -> None:
    server.inject_always(
        "/valeurs.csv", lambda r, _: Response(200, b"code;valeur\n31001;1\n", {"Content-Type": "text/csv"})
    )
    assert probe(file, http).differences == ["size: at least 1000 bytes are declared, found 20"]


def test_another_licence_and_fewer_rows_differ(server: FakeServer, http: HttpClient) -> None:
    _, dataset = CASES["data_fair"](server)
    columns = {f"c{i}": {"type": "text", "aliases": [label]} for i, label in enumerate(DESCRIBED["data_fair"])}
    dataset = declared(dataset, columns, row_floor=1_000_000).model_copy(update={"licence": "ODbL 1.0"})
    differences = probe(dataset, http).differences
    assert [line.partition(":")[0] for line in differences] == ["size", "licence"]


def test_without_its_token_a_portal_is_not_asked(
    server: FakeServer, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEVIERS_HUB_TOKEN")
    _, dataset = CASES["cubejs"](server)
    assert probe(dataset, http).not_reached == "LEVIERS_HUB_TOKEN is not set"
    assert server.requests == []


@pytest.mark.parametrize(
    ("fault_of_first", "status", "lines"),
    [
        (None, 0, ["datasets: 1 asked, 0 not reached; differences: 0"]),
        (fault.status(500), 3, [": no answer: ", "datasets: 1 asked, 1 not reached; differences: 0"]),
        (
            fault.status(404),
            1,
            [": moved: ", "  next: find the new address", "datasets: 1 asked, 0 not reached; differences: 1"],
        ),
    ],
)
def test_the_command_ends_with_what_it_found(
    server: FakeServer,
    file: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    fault_of_first: fault.Fault | None,
    status: int,
    lines: list[str],
) -> None:
    if fault_of_first:
        server.inject_always(".*", fault_of_first)
    ask_this_machine(monkeypatch)
    monkeypatch.setattr(cli_probe, "load_catalog", lambda: {file.dataset_id: file})
    result = CliRunner().invoke(cli.main, ["sources", "--probe"])
    assert result.exit_code == status, result.output
    assert all(line in result.output for line in lines)


@pytest.fixture
def two_portals(server: FakeServer, file: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The datasets that are probed: the file, and another one elsewhere."""
    server.route("/else.csv", lambda *_: Response(200, b"code;valeur\n" + b"31001;1\n" * 500))
    assert file.fetch
    elsewhere = file.fetch.model_copy(update={"url": f"{server.url}/else.csv"})
    other = file.model_copy(update={"dataset_id": "other", "fetch": elsewhere})
    ask_this_machine(monkeypatch)
    monkeypatch.setattr(cli_probe, "load_catalog", lambda: {"file": file, "other": other})


def probed_lines() -> list[str]:
    return CliRunner().invoke(cli.main, ["sources", "--probe"]).output.splitlines()


LOOK = "no portal answered: look first at the network"


@pytest.mark.usefixtures("two_portals")
def test_where_no_portal_answers_the_network_is_looked_at_first(server: FakeServer) -> None:
    server.inject_always(".*", fault.status(500))
    assert probed_lines()[-1].startswith(LOOK)


@pytest.mark.usefixtures("two_portals")
def test_where_a_portal_answers_the_network_is_not_blamed(server: FakeServer) -> None:
    server.inject_always("/valeurs.csv", fault.status(500))
    lines = probed_lines()
    assert any(": no answer: " in line for line in lines)
    assert not any(line.startswith(LOOK) for line in lines)


def test_a_machine_without_network_is_told_one_next_action(file: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file.fetch
    datasets = {}
    for port, name in ((1, "one"), (2, "two")):
        nowhere = file.fetch.model_copy(update={"url": f"http://127.0.0.1:{port}/a.csv"})
        datasets[name] = file.model_copy(update={"dataset_id": name, "fetch": nowhere})
    ask_this_machine(monkeypatch)
    monkeypatch.setattr(cli_probe, "load_catalog", lambda: datasets)
    done = CliRunner().invoke(cli.main, ["sources", "--probe"])
    assert (done.exit_code, done.output.count(": no answer: no connection to "), done.output.count("next: ")) == (
        3,
        2,
        0,
    )
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
