"""Alerts and pings: when they are sent again, what becomes of those that fail, and secrets, which are shown nowhere."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from socket import gethostname

import pytest
from click.testing import CliRunner, Result

from ingestion.options import Options
from leviers.cli import run
from leviers.cli.main import main
from leviers.warehouse.home import OUTCOME_FILE
from tests.runs.stage import TOKEN, Stage, late, stopped

NOTIFY = "apprise.plugins.custom_json.NotifyJSON.notify"
NOT_TAKEN = "alerts: address 1, json://127.0.0.1, did not take an alert"


@pytest.fixture
def not_taken(stage: Stage) -> Result:
    """A run whose alert no address takes."""
    late(stage)
    stage.answers["/alert"] = 500
    return stage.refresh()


def test_an_alert_that_failed_is_in_the_exit_status_and_the_record(stage: Stage, not_taken: Result) -> None:
    assert (not_taken.exit_code, stage.new_messages()) == (3, [])
    assert NOT_TAKEN in not_taken.output
    assert NOT_TAKEN in stage.status()[0]
    assert "leviers_run_exit_status 3" in stage.metrics()


@pytest.mark.usefixtures("not_taken")
def test_an_alert_that_failed_is_sent_by_the_next_run(stage: Stage) -> None:
    stage.answers["/alert"] = 200
    assert stage.run() == (0, ["dataset late (new)"])
    assert stage.run() == (0, [])


def test_what_began_and_ended_while_no_address_took_it_is_told_as_over(stage: Stage) -> None:
    stage.answers["/alert"] = 500
    assert (stage.run("--only", "x"), stage.run()) == ((2, []), (3, []))
    stage.answers["/alert"] = 200
    assert stage.refresh().exit_code == 0
    [message] = stage.new_messages()
    assert message.startswith("leviers: never started (over): from 2099-01-01")


def verify_alerts() -> tuple[list[str], int]:
    result = CliRunner().invoke(main, ["status", "--test-alerts"])
    return result.stdout.splitlines(), result.exit_code


def test_the_addresses_can_be_tried_before_there_is_a_home(stage: Stage) -> None:
    home = stage.home / "new"
    stage.patch.setenv("LEVIERS_HOME", str(home))
    assert verify_alerts() == (["address 1, json://127.0.0.1, took an alert"], 0)
    [message] = stage.new_messages()
    assert message.startswith("leviers: a test: nothing is wrong")
    assert stage.places == {f"{gethostname()}:{home}"}
    assert (stage.pings, home.exists()) == (0, False)


def test_a_trial_has_a_line_for_each_address(stage: Stage) -> None:
    stage.patch.setenv("LEVIERS_ALERT_URLS", f"json://{stage.url}/alert slack://{TOKEN} json://127.0.0.1:1/{TOKEN}")
    (first, second, third), status = verify_alerts()
    assert first == "address 1, json://127.0.0.1, took an alert"
    assert second.startswith("address 2 of LEVIERS_ALERT_URLS is no address of one of the services ")
    look = "look whether its service answers, and whether the address is still right"
    assert third == f"address 3, json://127.0.0.1, did not take an alert: {look}"
    assert status == 1
    assert TOKEN not in first + second + third


def no_token_in(stage: Stage, done: Result) -> bool:
    contents = [path.read_bytes() for path in stage.home.rglob("*") if path.is_file()]
    trace = "".join(traceback.format_exception(done.exception)) if done.exception else ""
    return not any(TOKEN.encode() in text for text in [*contents, done.output.encode(), trace.encode()])


UNSOUND = "address 1 of LEVIERS_ALERT_URLS is no address of one of the services "
NO_TLS = "the address of LEVIERS_PING_URL does not begin with https:"


@pytest.mark.parametrize(
    ("variable", "url", "line"),
    [
        ("LEVIERS_ALERT_URLS", f"slack://{TOKEN}", UNSOUND),
        ("LEVIERS_PING_URL", f"http://example.org/{TOKEN}", NO_TLS),
    ],
)
def test_an_address_that_cannot_be_one_is_told_by_each_run(stage: Stage, variable: str, url: str, line: str) -> None:
    """This holds even if nothing is wrong that would be told."""
    stage.patch.setenv(variable, url)
    for _ in range(2):
        result = stage.refresh()
        assert result.exit_code == 3
        assert f"\nalerts: {line}" in result.output
        assert no_token_in(stage, result)
        text, light = stage.status()
        assert f"\nalerts: {line}" in text
        assert light == 3


@pytest.mark.parametrize(
    ("url", "line"),
    [
        *((url, UNSOUND) for url in (
            f"file:///tmp/{TOKEN}", f"json://example.org/{TOKEN}", f"slack://{TOKEN}", f"https://127.0.0.1/{TOKEN}",
            f"jsons://[{TOKEN}", f"syslog://{TOKEN}", f"config+http://{TOKEN}", "ntfys://",
        )),
        (f"json://127.0.0.1:0/{TOKEN}", NOT_TAKEN.removeprefix("alerts: ")),
    ],
)  # fmt: skip
def test_no_address_is_shown_that_cannot_be_told(stage: Stage, url: str, line: str) -> None:
    late(stage)
    stage.patch.setenv("LEVIERS_ALERT_URLS", url)
    result = stage.refresh()
    assert result.exit_code == 3
    assert line in result.output
    assert no_token_in(stage, result)


def send_well(stage: Stage) -> None:
    pass


def fail_with_the_address(stage: Stage) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise RuntimeError(TOKEN)

    stage.answers["/ping"] = 500
    stage.patch.setattr(NOTIFY, broken)


def leave_the_ping_alone(stage: Stage) -> None:
    stage.patch.setenv("LEVIERS_PING_URL", f"http://127.0.0.1:1/{TOKEN}")


@pytest.mark.parametrize(
    ("happens", "status"),
    [(send_well, 0), (fail_with_the_address, 3), (leave_the_ping_alone, 3), (stopped(RuntimeError("a defect")), 1)],
    ids=["sent", "failed with the address", "no ping", "defect"],
)
def test_a_secret_is_in_no_log_record_metric_or_traceback(
    stage: Stage, caplog: pytest.LogCaptureFixture, happens: Callable[[Stage], object], status: int
) -> None:
    for name in ("", "apprise", "urllib3"):
        caplog.set_level(logging.NOTSET, name)
    late(stage)
    happens(stage)
    result = stage.refresh()
    assert result.exit_code == status
    assert no_token_in(stage, result)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("happens", "why"),
    [(lambda stage: stage.answers.update({"/ping": 302}), "HTTP 302"), (leave_the_ping_alone, "Conn")],
)
def test_a_ping_that_failed_is_in_the_exit_status(stage: Stage, happens: Callable[[Stage], object], why: str) -> None:
    happens(stage)
    result = stage.refresh()
    assert result.exit_code == 3
    assert f"alerts: the address of LEVIERS_PING_URL was not reached: {why}" in result.output


def test_a_trial_of_a_dataset_tells_nobody(stage: Stage) -> None:
    run.refresh(Options(home=stage.home, offline=True, demo=True, tried="bnlc"), "76", lambda _: None)
    assert not (stage.home / OUTCOME_FILE).exists()
