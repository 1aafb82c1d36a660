"""The steps of the scheduled workflow, run here: what they ask of the command line and of the forge."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import README

CHECKOUT = README.parent
FAKE = '#!/bin/sh\necho "$(basename "$0") $*" >> asked\ncase "$(basename "$0") $*" in {cases} esac\n'


def run(folder: Path, script: str, *arguments: str, cases: str = "") -> tuple[int, list[str]]:
    """Runs a script of ``deploy/`` beside a fake command line and a fake client; its exit status, what it asked."""
    for name in (".venv/bin/leviers", "gh"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(FAKE.format(cases=cases))
        (folder / name).chmod(0o755)
    (folder / "asked").write_text("")
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "LEVIERS_HOME": str(folder / "home")}
    done = subprocess.run([CHECKOUT / "deploy" / script, *arguments], cwd=folder, env=environment, check=False)
    return done.returncode, (folder / "asked").read_text().splitlines()


@pytest.mark.parametrize("ended", [0, 3, 1])
def test_an_edition_is_published_verified_and_kept(tmp_path: Path, ended: int) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "home.tar.gz").touch()
    status, asked = run(
        tmp_path, "edition.sh", "--region", "94", cases=f"*restore*|*backup*) exit 3;; *refresh*) exit {ended};;"
    )
    went = ["publish --to build/editions", "publish --verify build/editions/latest", "site --out build/site"]
    went.append("backup build/home.tar.gz")
    expected = ["restore build/home.tar.gz", "refresh --region 94", *([] if ended == 1 else went)]
    assert (status, asked) == (int(ended == 1), [f"leviers {command}" for command in expected])
    assert ended == 1 or (tmp_path / "build" / "status").read_text() == f"{ended}\n"
    assert run(tmp_path, "edition.sh", cases="*verify*) exit 1;;")[0] == 1


def test_an_edition_is_released_once_and_is_there_for_the_next(tmp_path: Path) -> None:
    edition = tmp_path / "build" / "editions" / "2026-11-29"
    (edition / "parquet").mkdir(parents=True)
    (edition / "SHA256SUMS").touch()
    (edition.parent / "latest").symlink_to(edition.name)
    name = "edition-2026-11-29"
    status, asked = run(tmp_path, "forge.sh", "release", cases="*view*) exit 1;;")
    assert (status, asked[0]) == (0, f"gh release view {name}")
    assert asked[1].startswith(f"gh release create {name} ")
    assert asked[1].endswith(f" build/{name}.tar.gz {edition}/SHA256SUMS")
    assert run(tmp_path, "forge.sh", "release") == (0, [f"gh release view {name}"])
    (edition / "SHA256SUMS").unlink()
    bring = f"*download*) cp build/{name}.tar.gz build/previous/;;"
    assert run(tmp_path, "forge.sh", "previous", cases=bring)[0] == 0
    assert (edition / "SHA256SUMS").exists()
    assert run(tmp_path, "forge.sh", "previous", cases="*) exit 1;;")[0] == 0


@pytest.mark.parametrize(("open_issue", "verb"), [("7", "comment 7"), ("", "create")])
def test_a_failure_is_told_in_one_issue(tmp_path: Path, open_issue: str, verb: str) -> None:
    status, asked = run(tmp_path, "forge.sh", "report", "Text", cases=f"*list*) echo {open_issue};;")
    assert (status, len(asked)) == (0, 2)
    assert asked[1].startswith(f"gh issue {verb} ")
    assert asked[1].endswith("--body Text")
