"""The rules of a commit message: in the hook, and for the commits of a range."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
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
    problems = list(faults(message, ["file"] * files))
    assert len(problems) == (fault is not None), problems
    assert fault is None or fault in problems[0]


def test_a_commit_of_three_areas_that_it_does_not_name_is_warned_of() -> None:
    files = ["leviers/site/pages.py", "leviers/cli/run.py", "dagster_project/purge.py"]
    assert list(faults(GOOD + WHY, [*files[:2], "tests/a.py", "docs/a.md", "README.md"])) == []
    [fault] = faults(GOOD + WHY, files)
    assert fault.startswith("warning: the message names none of cli, dagster_project, site, which ")
    assert list(faults(GOOD + "\n\nDagster shows them.", files)) == []


def test_a_file_that_is_deleted_unsaid_is_warned_of() -> None:
    deleted = ["dbt/models/keys.sql", "leviers/site/queries/places.sql"]
    [fault] = faults(f"{GOOD}\n\n# deleted: {deleted[1]}", deleted, deleted)
    assert fault.startswith("warning: the message does not name leviers/site/queries/places.sql, which ")
    assert list(faults(GOOD + "\n\nNothing reads places.sql.", deleted, deleted)) == []


Git = Callable[..., None]
BAD = "models: what nobody reads goes"
JOIN = "merge: join two orders of the tests"


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The commands of a new repository, with four files that wait for its first commit."""
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)

    def run(*arguments: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@t")
        subprocess.run(["git", *who, *arguments], check=True, capture_output=True)

    run("init", "--initial-branch=main")
    for name in "abcd":
        Path(name).touch()
    run("add", ".")
    return run


@pytest.fixture
def history(git: Git) -> Git:
    """Three commits: one of four files without a reason, one with a bad subject, a good one."""
    git("commit", "--message", GOOD)
    for message in (BAD, GOOD):
        git("commit", "--allow-empty", "--message", message)
    return git


@pytest.mark.usefixtures("git")
def test_the_hook_reads_a_message_and_what_is_staged() -> None:
    Path("message").write_text(GOOD)
    [fault] = main("message")
    assert "4 files changed" in fault


@pytest.mark.usefixtures("history")
def test_ci_reads_each_commit_of_a_range() -> None:
    [fault] = main("HEAD~2..HEAD")
    assert fault.endswith(f"for one change: {BAD}")
    assert list(main("HEAD~2..HEAD~2")) == []


@pytest.mark.usefixtures("history")
def test_ci_reads_the_last_commit_of_a_first_push() -> None:
    assert list(main(f"{'0' * 40}..HEAD")) == []
    [fault] = main(f"{'0' * 40}..HEAD~1")
    assert fault.endswith(f"for one change: {BAD}")
    [first] = main(f"{'0' * 40}..HEAD~2")
    assert "4 files changed" in first


def test_ci_warns_of_a_file_that_a_commit_deletes_unsaid(history: Git) -> None:
    Path("d").unlink()
    history("commit", "--all", "--message", GOOD)
    [deleted] = main("HEAD~1..HEAD")
    assert "does not name d, which the commit deletes" in deleted


@pytest.fixture
def merging(history: Git) -> Git:
    """A merge of main that waits for its commit."""
    history("switch", "--create", "other", "HEAD~2")
    history("commit", "--allow-empty", "--message", GOOD)
    history("merge", "--no-commit", "--no-ff", "main")
    return history


@pytest.mark.usefixtures("merging")
def test_the_hook_refuses_a_merge_with_the_subject_of_git() -> None:
    Path("message").write_text("Merge branch 'main' into other")
    [fault] = main("message")
    assert "what the merge brings" in fault
    Path("message").write_text(JOIN)
    assert list(main("message")) == []


def test_ci_refuses_a_merge_with_the_subject_of_git(merging: Git) -> None:
    merging("commit", "--message", JOIN)
    assert [BAD in fault for fault in main("HEAD~1..HEAD")] == [True]
    merging("commit", "--amend", "--message", "Merge branch 'main' into other")
    assert ["what the merge brings" in fault for fault in main("HEAD~1..HEAD")] == [False, True]
