"""``leviers try --verify``: the evidence of a first contact in the record, and nothing else in its file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import ndiff
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ingestion.catalog import CATALOG_DIR, Dataset, Evidence, Producer, load_catalog
from ingestion.fetch import fetch
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.cli.main import main
from leviers.cli.verify import VerifyError, verify, with_evidence
from leviers.warehouse.checks.first_contact import first_contact_lines
from tests.ingestion.helpers import load_waiting, states

NAME = "livraisons_test"
RECORD = """\
producer: essai
name: Producteur de test
homepage: https://example.org
datasets:
  - dataset_id: livraisons_test
    title: Deliveries
    title_fr: Livraisons
    licence: Licence Ouverte 2.0
    attribution: Producteur de test
    homepage: https://example.org
    grain: region x campaign x element
    cadence: yearly
    verified: false
    seen: {documentation: a test}
    verified_note: not run on a real file
    verified_note_fr: non essayé sur un vrai fichier
    tables:
      - description: One figure of a report per row.
        file_pattern: "*.csv"
        primary_key: [campaign, region_code, element]
        secret: [nc]
        columns:
          campaign: {type: text, aliases: [campagne], description: two years with a hyphen}
          region_code: {type: region, aliases: [code_region]}
          element: {type: text, description: "N, P2O5 or K2O"}
          quantity: {type: number, aliases: [quantite_t], masked: true, unit: t}
          source_url: {type: text, description: where the figure is read}
        layouts:
          - {name: kept_by_hand, format: csv}
        checks:
          - source_url: {matches: 'https?://.+', structure: true}
          - source_url__null_share: {max: 0, structure: true}
          - quantity: {max: 600000}
"""
HEADER = "campagne,code_region,element,quantite_t,source_url,note\n"
CONTENT = yaml.safe_load(RECORD)
CONTENT["datasets"][0]["producer"] = CONTENT["producer"]
[UNSEEN] = Producer.model_validate(CONTENT).datasets
EVIDENCE = Evidence.model_validate(
    {
        "verified_on": "2026-11-25",
        "rows": 12,
        "files": [
            {"name": "ventes: 1.csv", "sha256": "0" * 64, "origin": "mirror", "received": "2026-11-24"},
            {"name": "ventes #2.csv", "sha256": "1" * 64, "origin": "download", "received": "2026-11-24"},
        ],
        "differed": ["ventes: 1.csv: loaded without the undeclared column 'été'"],
    }
)
in_great_expectations = pytest.mark.xdist_group("great_expectations")
UNVERIFIED = [d for d in load_catalog().values() if not d.verified and not d.ships]


def catalogue(folder: Path) -> Path:
    """The catalogue of a checkout, with a record that no file has met."""
    directory = Path(shutil.copytree(CATALOG_DIR, folder / "catalog"))
    (directory / "essai.yml").write_text(RECORD, encoding="utf-8")
    return directory


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A checkout's catalogue, that may be written."""
    yield catalogue(tmp_path)
    load_catalog.cache_clear()


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(load_catalog(), NAME, UNSEEN)


def test_a_proof_changes_only_its_place_in_the_file_of_a_record(directory: Path) -> None:
    for dataset in UNVERIFIED:
        path = directory / f"{dataset.producer}.yml"
        content = path.read_text(encoding="utf-8")
        path.write_text(with_evidence(content, dataset.dataset_id, EVIDENCE), encoding="utf-8")
        differences = [line for line in ndiff(content.splitlines(), path.read_text().splitlines()) if line[0] in "+-"]
        assert [line for line in differences if line[0] == "-"] == ["-     verified: false"], dataset.dataset_id
        assert len(differences) == 2 + 4 + 4 * len(EVIDENCE.files) + 1 + len(EVIDENCE.differed), dataset.dataset_id
    catalog = load_catalog(directory)
    fields = {"verified": True, "evidence": EVIDENCE}
    verified = {dataset.dataset_id: dataset.model_copy(update=fields) for dataset in UNVERIFIED}
    assert len(verified) > 5
    assert {name: catalog[name] for name in verified} == verified
    others = {name: record for name, record in load_catalog().items() if name.removeprefix("bundled_") not in verified}
    assert {name: catalog[name] for name in others} == others


def row(quantity: object, element: str = "N") -> str:
    return f"2023-2024,76,{element},{quantity},https://example.org/rapport-test.pdf,Note Test\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def drop(home: Path, content: str) -> str:
    """Loads a table from a mirror folder; returns the line of the load."""
    folder = home.parent / "mirror" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deliveries.csv").write_text(HEADER + content)
    home.mkdir(exist_ok=True)
    options = Options(home=home, mirror=folder.parent, offline=True)
    (fetched,) = fetch(options, [NAME])
    return next((outcome.message for outcome in load_waiting(options, NAME)), fetched.message)


def corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite without the range that the real file does not keep to."""
    suite = UNSEEN.suite(UNSEEN.tables[0])
    expectations = [expectation for expectation in suite.expectations if "quantity__max" not in expectation.columns]
    assert len(expectations) == len(suite.expectations) - 1
    right = suite.model_copy(update={"expect": expectations})
    monkeypatch.setattr("ingestion.catalog.Dataset.suite", lambda *_: right)


@dataclass(frozen=True)
class Contact:
    """A first contact: what it taught, the record that its own rules refuse, and the one that they do not."""

    loaded: str
    lines: list[str]
    refusal: list[str]
    is_untouched: bool
    record: Dataset
    sha256: str
    again: str
    unchanged: str
    refused: str
    lines_after: list[str]


@pytest.fixture(scope="module")
def contact(tmp_path_factory: pytest.TempPathFactory) -> Contact:
    folder = tmp_path_factory.mktemp("contact")
    home, directory = folder / "home", catalogue(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(load_catalog(), NAME, UNSEEN)
        loaded = drop(home, row(700_000) + row("nc", "K2O"))
        lines = first_contact_lines(states(home), [NAME])
    content = (directory / "essai.yml").read_bytes()
    with pytest.raises(VerifyError) as refused:
        verify(home, NAME, directory)
    is_untouched = (directory / "essai.yml").read_bytes() == content
    with pytest.MonkeyPatch.context() as patch:
        corrected(patch)
        assert verify(home, NAME, directory) == directory / "essai.yml"
    record = load_catalog(directory)[NAME]
    edition = SnapshotStore(home).accepted_edition(record)
    assert edition
    with pytest.raises(VerifyError) as again:
        verify(home, NAME, directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(load_catalog(), NAME, record)
        unchanged, refusal = drop(home, row(700_000) + row("nc", "K2O")), drop(home, row(800_000))
        lines_after = first_contact_lines(states(home), [NAME])
    load_catalog.cache_clear()
    return Contact(
        loaded, lines, str(refused.value).splitlines(), is_untouched, record, edition.snapshots[0].sha256,
        str(again.value), unchanged, refusal, lines_after,
    )  # fmt: skip


@in_great_expectations
def test_a_first_contact_loads_and_tells_what_differs(contact: Contact) -> None:
    assert contact.loaded == "changed: loaded; 2 rows"
    first, check, column = contact.lines
    assert "not verified on real files" in first
    assert "quantity__max: at most 600000, found 700000" in check
    assert "deliveries.csv: loaded without the undeclared column 'note'" in column


@in_great_expectations
def test_a_record_whose_rules_refuse_the_file_is_not_verified(contact: Contact) -> None:
    assert contact.refusal == [
        f"{NAME}: 1 of its own rules would refuse this edition: correct its record",
        "  quantity__max: at most 600000, found 700000",
    ]
    assert contact.is_untouched


@in_great_expectations
def test_the_evidence_names_the_file_its_rows_and_what_differed(contact: Contact) -> None:
    evidence = contact.record.evidence
    assert contact.record.verified
    assert evidence
    [file] = evidence.files
    assert (file.name, file.sha256, file.origin) == ("deliveries.csv", contact.sha256, "mirror")
    assert (evidence.rows, evidence.verified_on) == (2, datetime.now(UTC).date())
    assert evidence.differed == ["deliveries.csv: loaded without the undeclared column 'note'"]


@in_great_expectations
def test_a_record_is_verified_once(contact: Contact) -> None:
    assert "verified already, on 20" in contact.again


@in_great_expectations
def test_the_checks_of_a_verified_record_bind(contact: Contact) -> None:
    assert contact.refused.startswith("failed, kept last good: refused by its checks: ")
    assert "quantity__max" in contact.refused


@in_great_expectations
def test_a_verified_record_loads_nothing_again_and_has_no_first_contact(contact: Contact) -> None:
    assert (contact.unchanged, contact.lines_after) == ("unchanged", [])


@in_great_expectations
def test_a_wrong_structure_is_refused_and_verifies_nothing(home: Path, directory: Path) -> None:
    """A figure that names no page is not taken, and the key says which figure it is."""
    refusal = drop(home, row(50).replace("https://example.org/rapport-test.pdf", "de mémoire"))
    assert refusal.startswith("failed, absent: refused by its checks: ")
    with pytest.raises(VerifyError, match=r"its last edition was refused: refused by its checks: .*source_url"):
        verify(home, NAME, directory)


@in_great_expectations
def test_the_row_floor_is_a_guess_too(home: Path, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [table.model_copy(update={"row_floor": 100}) for table in UNSEEN.tables]
    high = UNSEEN.model_copy(update={"tables": tables})
    for catalog in (load_catalog(), load_catalog(directory)):
        monkeypatch.setitem(catalog, NAME, high)
    assert drop(home, row(50)) == "changed: loaded; 1 rows"
    assert f"  {NAME}: deliveries.csv: 1 rows, expected at least 100" in first_contact_lines(states(home), [NAME])
    with pytest.raises(VerifyError, match=r"deliveries\.csv: 1 rows, expected at least 100 \(truncated\?\)"):
        verify(home, NAME, directory)
    assert "0 rows, expected at least 100 (truncated?)" in drop(home, "")


@pytest.mark.parametrize(
    ("dataset_id", "message"),
    [
        ("no_such", "no such dataset: no_such"),
        ("igt", "nothing is loaded in"),
        ("insee_cog", "insee_cog is verified already"),
        ("bundled_sdes_heat_networks", "ships with the project"),
        ("commitment", "is what a user enters"),
    ],
)
def test_nothing_is_verified_without_a_real_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, dataset_id: str, message: str
) -> None:
    monkeypatch.setenv("LEVIERS_HOME", str(home))
    result = CliRunner().invoke(main, ["try", dataset_id, "--verify"])
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert not home.exists()
