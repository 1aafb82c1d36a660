"""The rules of a commit message: in the hook, and for the commits of a range."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tools.commits import faults, main

GOOD = "models: drop the unused keys of a chantier"
WHY = "\n\nNo table reads them.\n"


@pytest.mark.parametrize(
    ("message", "files", "fault"),
    [
        (GOOD, 3, None),
        (GOOD + WHY, 40, None),
        (GOOD + "\n\n# a comment of git", 3, None),
        ("Merge the words of the command line", 40, None),
        ("Merge branch 'words' into main", 0, "does not say what the merge brings"),
        (GOOD, 4, "4 files changed, and no body says why"),
        (GOOD + "\n\n# a comment of git", 4, "no body"),
        (GOOD + "\n# ------------------------ >8 ------------------------\ndiff --git", 4, "no body"),
        (GOOD + "\nNo table reads them.", 1, "no empty line"),
        (GOOD + " of each region since the first", 1, "has 73 characters"),
        ("Drop the unused keys", 1, "not 'area: verb what'"),
        ("models: the unused keys go", 1, "not 'area: verb what'"),
        ("models: what nobody reads goes", 1, "not 'area: verb what'"),
        ("changelog: 0.20.0", 1, "not 'area: verb what'"),
        ("models: drop keys; site: draw a map", 1, "for one change"),
        ("models: drop the keys.", 1, "not 'area: verb what'"),
        ("all: drop the unused keys", 1, "not 'area: verb what'"),
    ],
)
def test_a_message_keeps_the_rules(message: str, files: int, fault: str | None) -> None:
    found = list(faults(message, ["file"] * files))
    assert len(found) == (fault is not None), found
    assert fault is None or fault in found[0]


def test_a_commit_of_three_areas_that_it_does_not_name_is_warned_of() -> None:
    files = ["leviers/site/pages.py", "leviers/cli/run.py", "dagster_project/purge.py"]
    assert list(faults(GOOD + WHY, [*files[:2], "tests/a.py", "docs/a.md", "README.md"])) == []
    [found] = faults(GOOD + WHY, files)
    assert found.startswith("warning: the message names none of cli, dagster_project, site, which ")
    assert list(faults(GOOD + "\n\nDagster shows them.", files)) == []


def test_a_file_that_is_deleted_unsaid_is_warned_of() -> None:
    deleted = ["dbt/models/keys.sql", "leviers/site/queries/places.sql"]
    [found] = faults(f"{GOOD}\n\n# deleted: {deleted[1]}", deleted, deleted)
    assert found.startswith("warning: the message does not name leviers/site/queries/places.sql, which ")
    assert list(faults(GOOD + "\n\nNothing reads places.sql.", deleted, deleted)) == []


def test_the_hook_reads_a_file_and_ci_a_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments], check=True, capture_output=True
        )

    git("init", "--initial-branch=main")
    for name in "abcd":
        (tmp_path / name).touch()
    git("add", ".")
    (tmp_path / "message").write_text(GOOD)
    assert ["4 files changed" in fault for fault in main("message")] == [True]
    git("commit", "--message", GOOD)
    git("commit", "--allow-empty", "--message", "models: what nobody reads goes")
    git("commit", "--allow-empty", "--message", GOOD)
    [found] = main("HEAD~2..HEAD")
    assert found.endswith("for one change: models: what nobody reads goes")
    assert list(main("HEAD~2..HEAD~2")) == []
    assert list(main(f"{'0' * 40}..HEAD")) == []  # a first push
    [found] = main(f"{'0' * 40}..HEAD~1")
    assert found.endswith("for one change: models: what nobody reads goes")
    assert ["4 files changed" in fault for fault in main(f"{'0' * 40}..HEAD~2")] == [True]  # the first commit
    git("switch", "--create", "other", "HEAD~2")
    (tmp_path / "d").unlink()
    git("commit", "--all", "--message", GOOD)
    [deleted] = main("HEAD~1..HEAD")
    assert "does not name d, which the commit deletes" in deleted
    git("merge", "--no-commit", "--no-ff", "main")
    (tmp_path / "message").write_text("Merge branch 'main' into other")
    assert ["what the merge brings" in fault for fault in main("message")] == [True]
    (tmp_path / "message").write_text("merge: join two orders of the tests")
    assert list(main("message")) == []
    git("commit", "--message", "merge: join two orders of the tests")
    assert list(main("HEAD~1..HEAD")) == [found]  # the merge has a subject of its own
    git("commit", "--amend", "--message", "Merge branch 'main' into other")
    assert ["what the merge brings" in fault for fault in main("HEAD~1..HEAD")] == [False, True]
