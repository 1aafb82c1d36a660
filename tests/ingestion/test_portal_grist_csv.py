from __future__ import annotations

from pathlib import Path

from tests.fakes.server import FakeServer, with_bom
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, record, the_only

KEPT = ["ID", "Indicateur", "Unité", "2023", "2024"]
PERSONAL_TEXTS = [b"Personne Test", b"example.org", b"Responsable SGPE", b"Commentaires"]


def everything_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_other_columns_are_kept_as_they_are(server: FakeServer, bring: Bring) -> None:
    fake, dataset = portal_cases.grist_csv(server)
    download = the_only(bring(dataset))
    rows = csv_rows(download.path)
    assert [list(row.values()) for row in rows] == [row[:5] for row in fake.rows]
    assert list(rows[0]) == KEPT
    assert download.file_name == "indicateurs.csv"


def test_personal_columns_never_reach_the_disk(server: FakeServer, bring: Bring, tmp_path: Path) -> None:
    _, dataset = portal_cases.grist_csv(server)
    bring.stored(dataset)
    written = everything_under(tmp_path)
    assert b"Indicateur Test 1" in written
    assert [text for text in PERSONAL_TEXTS if text in written] == []


def test_personal_columns_are_found_after_a_bom(server: FakeServer, bring: Bring) -> None:
    fake, _ = portal_cases.grist_csv(server)
    dataset = record("grist_csv", fake.url, {"drop": ["ID"]}, file_name="indicateurs.csv")
    server.inject("/download/csv", with_bom)
    assert "ID" not in csv_rows(the_only(bring(dataset)).path)[0]


def test_personal_column_under_a_new_name_stops_the_fetch(server: FakeServer, bring: Bring, tmp_path: Path) -> None:
    """A column to drop that is not there may have been renamed, and would come in under its new name."""
    fake, dataset = portal_cases.grist_csv(server)
    fake.header[5] = "Responsable"
    bring.refused(dataset, "Tdb_planif_indicateurs", "Responsable SGPE")
    assert b"Personne Test" not in everything_under(tmp_path)
