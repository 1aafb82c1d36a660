"""A full disk is no property of a file: nothing is refused, and the run is told."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion import sources
from ingestion.fetch import fetch
from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from leviers.common.disk import is_full_disk
from tests.ingestion.helpers import load_waiting

pytestmark = pytest.mark.warehouse
NAME = "sgpe_kit"


def full(*arguments: object, **options: object) -> pa.Table:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_ends_a_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.snapshots.shutil.copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        fetch(Options(home=tmp_path, offline=True), [NAME])


def test_a_full_disk_ends_a_load_and_refuses_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(home=tmp_path, offline=True)
    fetch(options, [NAME])
    with monkeypatch.context() as patch:
        patch.setattr(sources, "read_table", full)
        with pytest.raises(PipelineStepFailed) as failure:
            load_waiting(options, NAME)
    assert is_full_disk(failure.value)
    state = SnapshotStore(tmp_path).state(NAME)
    assert (state.reason, state.refused, state.loaded) == (None, None, None)
    shutil.rmtree(tmp_path / "dlt")
    assert [outcome.status for outcome in load_waiting(options, NAME)] == ["changed"]


@pytest.mark.parametrize("words", ["Query interrupted", "No space left on device"])
def test_a_load_that_is_stopped_is_not_done_again_dataset_by_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    options = Options(home=tmp_path, offline=True)
    fetch(options, [NAME])

    def stop(*_: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(sources, "_load", stop)
    monkeypatch.setattr(sources, "_load_alone", lambda *_: pytest.fail("it is done again"))
    with pytest.raises(RuntimeError, match=words):
        load_waiting(options, NAME)


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.ENOENT, "No such file or directory"), False),
        (RuntimeError('IO Error: Could not write file "x": No space left on device'), True),
        (RuntimeError("row 3: expected a number"), False),
    ],
)
def test_a_full_disk_is_known_by_its_number_and_its_words(error: Exception, is_full: bool) -> None:
    wrapped = ValueError("wrapped")
    wrapped.__cause__ = error
    assert is_full_disk(wrapped) is is_full
