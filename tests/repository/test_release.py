"""A release needs each proof on its own tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import release

HEAD = "# Proofs\n\nWhat they are.\n"
RUN = "\n\t@echo ran >> ../ran; echo "
MAKEFILE = f"test-site:{RUN}'== 2 passed in 1s =='\ntest-regions:{RUN}'{{}}'\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "checkout"
    (root / "docs").mkdir(parents=True)
    (root / release.PAGE).write_text(HEAD)
    monkeypatch.setattr(release, "ROOT", root)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "x")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "x@example.org")
    release.git("init", "-q")
    commit(root / "Makefile", MAKEFILE.format("3 passed"))
    return root


def commit(file: Path, text: str) -> None:
    file.write_text(text)
    release.git("add", "-A")
    release.git("commit", "-q", "-m", "x")


def runs(checkout: Path) -> int:
    ran = checkout.parent / "ran"
    return ran.read_text().count("ran") if ran.exists() else 0


def test_a_release_runs_what_the_tree_has_not_passed(checkout: Path) -> None:
    assert release.main("test-site") is None
    assert release.main() is None
    assert release.main() is None
    assert runs(checkout) == 2
    page = (checkout / release.PAGE).read_text()
    assert page.startswith(f"{HEAD}\nTree `{release.tree()}`:\n\n| proof | when | result |\n")
    assert [row.split(" | ")[-1] for row in release.passed().values()] == ["2 passed in 1s |\n", "3 passed |\n"]
    commit(checkout / release.PAGE, page)
    assert release.main("--check") is None, "the page is no part of the tree"


def test_proofs_of_another_tree_are_refused(checkout: Path) -> None:
    assert release.main() is None
    (checkout / "x").write_text("x")
    assert release.main() == "refused, for it is not committed:\n?? x\n"
    commit(checkout / "x", "x")
    assert release.main("--check") == f"refused: tree {release.tree()} has not passed test-site, test-regions"
    assert runs(checkout) == 2
    assert release.main("test-site") is None
    assert [*release.passed()] == ["test-site"], "rows of another tree are gone"


@pytest.mark.parametrize("line", ["3 passed'; false '", "2 passed, 1 skipped", "1 skipped", "1 failed, 2 passed", ""])
def test_a_proof_that_fails_refuses_the_release(checkout: Path, line: str) -> None:
    commit(checkout / "Makefile", MAKEFILE.format(line))
    assert release.main() == f"refused: tree {release.tree()} has not passed test-regions"
