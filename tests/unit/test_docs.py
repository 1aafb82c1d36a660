"""The generated pages of docs/ follow the dbt project and the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from leviers.project import REPOSITORY, dbt_manifest
from tools.docs import main


@pytest.mark.xdist_group("dagster")
def test_the_generated_pages_are_up_to_date(tmp_path: Path, parsed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.docs.dbt_manifest", lambda _, region: dbt_manifest(parsed, region))
    result = CliRunner().invoke(main, ["--output", str(tmp_path)])
    assert result.exit_code == 0, result.output
    written = sorted(tmp_path.iterdir())
    assert [path.name for path in written] == ["data-dictionary.md", "lever-keys.md", "sources.md"]
    stale = [path.name for path in written if path.read_text() != (REPOSITORY / "docs" / path.name).read_text()]
    assert stale == [], "run make docs"
