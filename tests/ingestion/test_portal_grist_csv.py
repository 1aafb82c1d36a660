from __future__ import annotations

from pathlib import Path

from tests.fakes.server import FakeServer, with_bom
from tests.ingestion import portal_cases
from tests.ingestion.helpers import Bring, csv_rows, the_only

KEPT = ["ID", "Indicateur", "Unité", "2023", "2024"]
PERSONAL_TEXTS = [b"Personne Test", b"example.org", b"Responsable SGPE", b"Commentaires"]


def everything_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_personal_columns_never_reach_the_disk_and_the_others_are_kept(
    server: FakeServer, bring: Bring, tmp_path: Path
) -> None:
    """A cell may hold a line end, and the file may begin with a mark."""
    fake, dataset = portal_cases.grist_csv(server)
    server.inject("/download/csv", with_bom)
    rows = csv_rows(the_only(bring(dataset)).path)
    assert [list(row.values()) for row in rows] == [row[:5] for row in fake.rows]
    assert list(rows[0]) == KEPT
    bring.stored(dataset)
    written = everything_under(tmp_path)
    assert [text for text in PERSONAL_TEXTS if text in written] == []


def test_a_personal_column_under_a_new_name_stops_the_fetch(server: FakeServer, bring: Bring, tmp_path: Path) -> None:
    """A column to drop that is not there may have been renamed, and would come in under its new name."""
    fake, dataset = portal_cases.grist_csv(server)
    fake.header[5] = "Responsable"
    bring.refused(dataset, "Tdb_planif_indicateurs", "Responsable SGPE")
    assert b"Personne Test" not in everything_under(tmp_path)
