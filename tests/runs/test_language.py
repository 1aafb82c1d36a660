"""The command line in French: every word has its translation, and none of another language is left."""

from __future__ import annotations

import json
import os
import pickle
import re
import string
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import click
import duckdb
import pytest
from babel.messages import Message as Entry
from babel.messages.pofile import read_po
from click.testing import CliRunner

from expectations.drift import TableContent, changes
from ingestion.catalog import load_catalog
from ingestion.load import after_load
from ingestion.options import Options, Outcome
from ingestion.readers import ReadError, ReadReport, read_table
from ingestion.snapshots import SnapshotStore
from ingestion.state import AcceptedEdition, DatasetState
from leviers.cli.main import main
from leviers.cli.run import refresh
from leviers.cli.status import quarantine_lines
from leviers.text.catalogue import CATALOGUE, no_break
from leviers.text.language import table, translated, translating
from leviers.text.message import Bilingual, Counted, Joined, Message, detail, figure, localized
from leviers.warehouse.home import RunState, write_run_state
from leviers.warehouse.project import DEFAULT_REGION
from tests.cases import cases
from tests.conftest import LEVIERS

CASES = cases(__file__)

FRENCH = {"LANGUAGE": "fr", "LC_ALL": "fr_FR.UTF-8", "COLUMNS": "200"}
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|has|have|where|when|which|that|this|these|not|no|with|without|by|from|to|as|at|in|"
    r"for|its|each|all|only|none|rows?|files?|folder|values?|error|warning|commands?|text|show|exit|default|"
    r"missing|required|invalid|such|failed|changed|unchanged)\b",
    re.IGNORECASE,
)
# Text to be typed as it stands: commands and options, choices, names of files, tables and variables.
TYPED = re.compile(
    r"(?m)^ *leviers( \S+)*|leviers [\w -]+|--[\w-]+|\[[^ ]+\]|\[OPTIONS\]|'[^']*'|`[^`]*`|\S*[/_.]\w\S*|\ball\b|CC BY"
)


@contextmanager
def in_french() -> Iterator[None]:
    """The texts of a command on a French machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "fr")
        with translating():
            yield


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def entries() -> list[Entry]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    assert not catalogue.obsolete
    return [entry for entry in catalogue if entry.id]


def variants(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_every_text_is_translated() -> None:
    """`make generate` adds those that are new to the catalogue; test_generated says when it is to be run."""
    assert len(entries()) > 250
    assert [entry.id for entry in entries() if entry.fuzzy or not all(variants(entry.string))] == []


def test_a_translation_has_the_places_of_its_text() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    for entry in entries():
        if entry.context:  # a name, whose French alone is a sentence
            continue
        wanted = set.union(*map(places, variants(entry.id)))
        assert all(places(text) <= wanted for text in variants(entry.string)), entry.id
        assert set.union(*map(places, variants(entry.string))) == wanted, entry.id


def test_a_translation_is_in_french() -> None:
    assert english(text for entry in entries() for text in variants(entry.string) if text != "fr") == []


def english(texts: Iterator[str]) -> list[str]:
    bare_texts = (re.sub(r"\{[^}]*\}|%\(\w+\)s", "", TYPED.sub("", text)) for text in texts)
    return [text for text in bare_texts if ENGLISH.search(text)]


def names() -> Iterator[list[str]]:
    """The words by which each command is called."""
    for name, command in main.commands.items():
        yield [name]
        yield from ([name, child] for child in getattr(command, "commands", {}))


@pytest.mark.parametrize("words", [[], *names()], ids=" ".join)
def test_the_help_is_in_the_language_of_the_machine(words: list[str]) -> None:
    text = CliRunner().invoke(main, [*words, "--help"], env=FRENCH).stdout
    assert text.startswith("Usage\N{NO-BREAK SPACE}: ")
    assert english(iter(re.split(r"\n\n|  +", text.removeprefix("Usage")))) == []
    assert CliRunner().invoke(main, [*words, "--help"]).stdout.startswith("Usage: ")


@pytest.mark.parametrize(
    ("variables", "is_french"),
    [
        ({"LANGUAGE": "fr"}, True),
        ({"LANGUAGE": "fr_CA:en"}, True),
        ({"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "fr_FR.UTF-8"}, True),
        ({"LANGUAGE": "en:fr", "LANG": "fr_FR.UTF-8"}, False),
        ({"LANGUAGE": "", "LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, False),
        ({"LANGUAGE": "frp"}, False),
    ],
)
def test_the_first_variable_that_is_set_names_the_language(variables: dict[str, str], is_french: bool) -> None:
    text = CliRunner().invoke(main, ["--help"], env=variables).stdout
    assert ("Entrepôt ouvert de la planification" in text) == is_french


def test_without_a_place_for_the_words_they_stay_english(tmp_path: Path) -> None:
    environment = os.environ | FRENCH | {"TMPDIR": str(tmp_path / "none")}
    run = "import tempfile; tempfile.tempdir = '/proc/none'; from leviers.cli.main import main; main(['--help'])"
    python = Path(LEVIERS).with_name("python")
    result = subprocess.run([python, "-c", run], env=environment, capture_output=True, text=True, check=True)
    assert "Show this message and exit." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    CASES["a_french_machine_is_spoken_to_in_french"],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_french_machine_is_spoken_to_in_french(tmp_path: Path, arguments: list[str], status: int, words: str) -> None:
    """What is stored or read by programs stays as it is."""
    result = CliRunner().invoke(main, arguments, env=FRENCH | {"LEVIERS_HOME": str(tmp_path)})
    assert result.exit_code == status, result.output
    assert words in spaced(result.output)
    assert english(iter(result.output.splitlines())) == []
    for log in tmp_path.glob("logs/*.log"):
        assert "absent: no file in the mirror, and no network asked for" in log.read_text()
    for state in tmp_path.glob("raw/*/state.json"):
        assert english(iter([json.loads(state.read_text())["not_fetched"] or "none"]))


@pytest.mark.parametrize(
    ("refused_for", "why"),
    [
        ("checks", "les fichiers reçus n'ont pas passé leurs contrôles"),
        ("content", "les fichiers reçus ne sont pas comme le dit leur fiche"),
        ("defect", "un défaut du programme"),
        (None, "les fichiers reçus ont été refusés"),  # as 0.14.0 kept it
    ],
)
def test_a_refusal_is_told_by_its_kind(monkeypatch: pytest.MonkeyPatch, refused_for: Any, why: str) -> None:
    """Words that only English has come after the French, marked; the stored reason and the log do not change."""
    monkeypatch.setenv("LANGUAGE", "fr")
    state = DatasetState(reason="bnlc: 20 rows", refused="1", refused_for=refused_for)
    sentence = after_load(Outcome("bnlc", "changed", "changed: f.csv"), state).sentence
    with translating():
        text = spaced(localized(sentence))
    assert text == f"bnlc : échec, absent ; {why} ; détail en anglais : 20 rows"
    assert localized(sentence) == sentence == "bnlc: failed, absent: 20 rows"


def test_a_file_that_is_not_as_its_record_says_is_refused_in_french(tmp_path: Path) -> None:
    """The project's own words are in French: they stay for the next status, beside the English that is stored."""
    dataset = load_catalog()["bnlc"]
    file = tmp_path / "bnlc.csv"
    file.write_text("<html>Erreur 404</html>")
    store = SnapshotStore(tmp_path)
    snapshot = store.add(dataset, file, file_name="bnlc.csv", origin="mirror")
    [table] = dataset.tables
    with in_french():
        with pytest.raises(ReadError) as refused:
            list(read_table(dataset, table, [snapshot], ReadReport()))
        store.refuse(store.edition(dataset, [snapshot]), store.state("bnlc"), refused.value.args[0])
    state = store.state("bnlc")
    assert state.reason
    assert state.reason.endswith(": an HTML page where data was expected")
    with in_french():
        sentence = localized(after_load(Outcome("bnlc", "changed", "changed: f.csv"), state).sentence)
    assert "bnlc.csv : selon la présentation" in spaced(sentence)
    assert "c'est une page web, et non des données" in sentence
    assert "anglais" not in sentence


def test_a_text_is_english_until_it_is_printed() -> None:
    why = Message("failed, absent: {why}", why=detail("no file"))
    text = Joined("; ", (why, Counted("{count} rows", count=1234), figure("1,234.5%"), Bilingual("a", "b"), "c"))
    assert text == deepcopy(text) == localized(text) == "failed, absent: no file; 1234 rows; 1,234.5%; a; c"
    assert detail(why) is why
    assert (
        no_break("x : « y » ? 5 %") == "x\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}y\N{NO-BREAK SPACE}»"
        "\N{NO-BREAK SPACE}? 5\N{NO-BREAK SPACE}%"
    )


def test_a_status_in_french_has_titles_after_ids_and_days_in_words(tmp_path: Path) -> None:
    at = "2026-11-01T06:03:19+00:00"
    state = DatasetState(accepted=[AcceptedEdition(edition_id="x", at=at, files=())])
    SnapshotStore(tmp_path).save_state("bnlc", state)
    write_run_state(tmp_path, RunState(fingerprint="x", region="84", at=at))
    _, _, run, bnlc, *_ = spaced(CliRunner().invoke(main, ["status"], env=FRENCH).stdout).splitlines()
    assert run == "dernière mise à jour publiée : le 1er novembre 2026 à 6 h 03 (UTC), région 84"
    title = "Aires de covoiturage (base nationale des lieux de covoiturage)"
    assert bnlc.startswith(f"bnlc ({title}) : 0 ligne de 0 fichier, accepté le 1er novembre")
    [dataset] = json.loads(CliRunner().invoke(main, ["status", "--json"]).stdout)["datasets"]
    assert (dataset["maturity"], dataset["maturity_label_fr"]) == ("verified", "vérifié")


def test_a_command_without_help_has_none_in_french() -> None:
    """gettext answers an empty text with the head of the catalogue."""
    with in_french():
        assert translated(click.Command("x")).help == ""
        assert localized(Joined("", ("a", "b"))) == "ab"


def test_a_text_that_is_copied_or_sent_to_another_process_is_its_english() -> None:
    for text in (Message("no such folder: {folder}", folder="a{b}.csv"), Joined(", ", ("a", "b")), Bilingual("a", "b")):
        assert pickle.loads(pickle.dumps(text)) == copy(text) == str(text)  # noqa: S301


def test_a_table_is_said_in_the_language_of_the_machine() -> None:
    rows = [(Bilingual("rail", "fer"), 1234.5, None), ("route", None, "x")]
    assert table((Message("name"), Message("value"), "y"), rows) == [
        "name     value  y",
        "rail   1,234.5",
        "route           x",
    ]
    with in_french():
        assert table((Message("name"), Message("value"), "y"), rows) == [
            "nom     valeur  y",
            "fer    1\N{NARROW NO-BREAK SPACE}234,5",
            "route           x",
        ]


def test_a_run_names_its_datasets_and_what_it_leaves_aside_in_french(tmp_path: Path) -> None:
    """The reason why a file of a mirror is not loaded comes from its record, and is no detail in English."""
    folder = tmp_path / "mirror" / "sdes_vehicle_registrations"
    folder.mkdir(parents=True)
    (folder / "occasion.csv").touch()
    options = Options(home=tmp_path / "home", mirror=tmp_path / "mirror", offline=True)
    (tmp_path / "mirror" / "bnlc").symlink_to(tmp_path)
    lines: list[str] = []
    with in_french():
        refresh(options, DEFAULT_REGION, lines.append)
        sentences = [spaced(localized(line)) for line in lines]
    assert [line for line in sentences if line.startswith("bnlc (Aires de covoiturage")] != [], sentences
    unclaimed = (
        "sans usage dans le miroir : sdes_vehicle_registrations/occasion.csv (les véhicules d'occasion qui changent de "
        "main n'entrent pas dans le parc)"
    )
    assert unclaimed in sentences


def test_rows_set_aside_are_told_in_french(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "leviers.duckdb")) as connection:
        connection.execute("""
            create schema marts; create schema quality;
            create table marts.dim_snapshot as select 's' as snapshot_id, 'f.csv' as file_name;
            create table quality.fct_quarantined_row as
            select
                'bnlc' as dataset_id, 's' as snapshot_id, 'a commune of no vintage of the COG' as reason,
                'absente de tous les millésimes du COG' as reason_label_fr, 'territory_code' as column_name,
                3 as row_count, 'departement 977' as value,
                'département 977' as value_label_fr
        """)
    with in_french():
        [line] = [spaced(localized(line)) for line in quarantine_lines(tmp_path / "leviers.duckdb")]
    assert line.startswith("mises de côté : bnlc (Aires de covoiturage")
    assert line.endswith(
        "f.csv, 3 lignes, territoire, par exemple « département 977 » : absente de tous les millésimes du COG"
    )


def test_a_measure_that_moved_is_named_in_french() -> None:
    before, after = (TableContent(rows=9, columns={}, measures={"regions_per_edition": n}) for n in (20.0, 26.0))
    [change] = changes({"t": before}, {"t": after}, lambda name: Bilingual(name, "régions"))
    assert change.line == "regions_per_edition is 26 against 20 (+30.0%)"
    with in_french():
        assert localized(change.line).startswith("régions")
