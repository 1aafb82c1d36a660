"""A release needs each proof on its own tree, and a proof is noted with what it was run on."""

from __future__ import annotations

import io
import subprocess
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tools import release

RUN = "\n\t@echo ran >> ../ran; echo "
HEAD = "# Proofs\n\nWhat they are.\n\n"
MAKEFILE = f"test-site:{RUN}'== 2 passed in 1s =='\ntest-regions:{RUN}'{{line}}'\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "checkout"
    (root / "docs").mkdir(parents=True)
    (root / "Makefile").write_text(MAKEFILE.format(line="3 passed"))
    (root / release.PAGE).write_text(HEAD)
    monkeypatch.setattr(release, "ROOT", root)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "x")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "x@example.org")
    release.git("init", "-q")
    commit()
    return root


def commit() -> None:
    release.git("add", "-A")
    release.git("commit", "-q", "-m", "x", "--allow-empty")


def asked(*names: str) -> tuple[int, list[str]]:
    output = io.StringIO()
    with redirect_stdout(output):
        status = release.main(*names)
    return status, [line for line in output.getvalue().splitlines() if line.startswith(("refused", "proved"))]


def test_a_release_runs_what_is_wanting_and_then_only_checks(checkout: Path) -> None:
    assert asked("test-site")[0] == asked()[0] == 0
    commit()
    command = "git ls-tree -r HEAD | grep -v docs/proofs.md | git hash-object --stdin"
    tree = subprocess.run(command, shell=True, cwd=checkout, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S602
    assert asked() == (0, [f"proved: tree {tree}; {release.PAGE} goes into the commit that is tagged"])
    assert (checkout.parent / "ran").read_text() == "ran\n" * 2
    assert (checkout / release.PAGE).read_text().startswith(f"{HEAD}| proof | when |")
    assert [row[-1] for row in release.notes().values() if row[0] in release.proofs()] == ["2 passed in 1s", "3 passed"]


def test_proofs_of_another_tree_are_refused(checkout: Path) -> None:
    assert asked()[0] == 0
    (checkout / "x").write_text("x")
    assert asked("test-site") == asked() == (1, ["refused: x is not committed"])
    commit()
    assert release.why_not("test-regions") == "test-regions was not run on this tree"
    assert asked()[0] == 0
    assert (checkout.parent / "ran").read_text() == "ran\n" * 4


def test_a_version_is_named_with_its_proofs_and_a_look_runs_none(checkout: Path) -> None:
    look = ("--named-since", "HEAD^")
    (checkout / "pyproject.toml").write_text('version = "1"\n')
    commit()
    assert asked(*look) == (1, [f"refused: {name} was not run on this tree" for name in release.proofs()])
    assert not (checkout.parent / "ran").exists()
    assert asked()[0] == asked(*look)[0] == 0
    (checkout / "x").write_text("x")
    commit()
    assert asked(*look) == (0, []), "no version is named"


@pytest.mark.parametrize("line", ["3 passed'; false '", "2 passed, 1 skipped", "1 skipped", ""])
def test_a_proof_that_fails_refuses_the_release(checkout: Path, line: str) -> None:
    (checkout / "Makefile").write_text(MAKEFILE.format(line=line))
    commit()
    status, lines = asked()
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("refused: test-regions did not pass: ")
