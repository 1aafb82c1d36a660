"""The commands by which a person enters something, as `docs/commands.md` writes them, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from leviers.cli.inputs import commitments, groupings, indicators
from leviers.cli.main import main
from tests.conftest import DOCS

COMMANDS = re.findall(
    r"^\.venv/bin/leviers ((?:groupings|commitments|indicators) [^#\n]*)",
    (DOCS / "commands.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
FILES = {
    "crte.csv": "code du groupe;nom du groupe;commune;type de groupe\nT1;Groupe Test;31555;CRTE\n",
    "roadmap.csv": "levier;niveau;territoire;horizon;mesure;unité;nouvelle ambition;feuille de route;source\n"
    "Covoiturage;CRTE;T1;2030;ktCO2e évitées;ktCO2e;1,5;Feuille Test;p. 1\n",
    "series.csv": "indicateur;niveau;territoire;année;valeur;unité;source;licence\n"
    "residential_gas_consumption_commune;EPCI;Toulouse Métropole;2022;12;GWh;Bilan Test;Licence Ouverte 2.0\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("entry")


@pytest.fixture(scope="module")
def ran(folder: Path) -> dict[str, Result]:
    results = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LEVIERS_HOME", str(folder / "home"))
        for name, content in FILES.items():
            Path(name).write_text(content, encoding="utf-8")
        for command in COMMANDS:
            results[command.strip()] = CliRunner().invoke(main, shlex.split(command))
    return results


def test_the_commands_of_the_readme_leave_nothing_beside_the_home(ran: dict[str, Result], folder: Path) -> None:
    templates = {name.replace(".csv", ".xlsx") for name in FILES}
    assert {path.name for path in folder.iterdir()} == {"home", *FILES, *templates}


def test_every_entry_command_is_in_the_readme() -> None:
    names = {" ".join(shlex.split(command)[:2]) for command in COMMANDS}
    groups = {"commitments": commitments, "groupings": groupings, "indicators": indicators}
    assert names == {f"{name} {command}" for name, group in groups.items() for command in group.commands}


@pytest.mark.parametrize("command", [command.strip() for command in COMMANDS])
def test_a_command_of_the_readme_does_what_it_says(ran: dict[str, Result], command: str) -> None:
    result = ran[command]
    assert result.exit_code == 0, result.output
    expected = {
        "--template": "Écrit dans ",
        "--remove": "valeurs retirées : 1",
    }
    option = command.split()[2]
    assert expected.get(option, "lignes ajoutées : 1, inchangées : 0, refusées : 0") in result.output
