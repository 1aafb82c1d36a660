"""Runs the proofs outside ``make test``, notes them in ``docs/proofs.md``, and refuses a release without them.

A proof is a target ``test-…`` of the Makefile. It holds for the tree on which it was run, that page excepted.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = "docs/proofs.md"
PROOF = re.compile(r"^(test-[a-z]+):", re.MULTILINE)
COLUMNS = ["proof", "when", "commit", "tree", "result"]


def git(*arguments: str, content: str | None = None) -> str:
    """Returns the output of git in the checkout."""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, input=content, capture_output=True, text=True, check=True).stdout  # noqa: S603


def tree() -> str:
    """Returns the hash of the committed tree, without the page."""
    lines = git("ls-tree", "-r", "HEAD").splitlines(keepends=True)
    return git("hash-object", "--stdin", content="".join(line for line in lines if PAGE not in line)).strip()


def proofs() -> list[str]:
    """Returns the proofs that the Makefile has, in its order."""
    return PROOF.findall((ROOT / "Makefile").read_text(encoding="utf-8"))


def notes() -> dict[str, list[str]]:
    """Returns the row of each proof on the page: its name, when, on which commit and tree, result."""
    lines = (ROOT / PAGE).read_text(encoding="utf-8").splitlines()
    return {row[0]: row for line in lines if len(row := line.strip("| ").split(" | ")) == len(COLUMNS)}


def prove(proof: str) -> None:
    """Runs a proof and notes how it ended."""
    row = [proof, f"{datetime.now(UTC):%Y-%m-%d %H:%M}", git("rev-parse", "--short", "HEAD").strip(), tree()]
    last = "nothing"
    command = ["make", "--no-print-directory", proof]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            print(line, end="")
            last = line.strip(" =\n").replace("|", "/") or last
    known = notes() | {proof: [*row, last if process.returncode == 0 else f"failed: {last}"]}
    rows = [COLUMNS, ["---"] * len(COLUMNS), *(known[name] for name in proofs() if name in known)]
    head = (ROOT / PAGE).read_text(encoding="utf-8").partition("\n| ")[0].rstrip()
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    (ROOT / PAGE).write_text(f"{head}\n\n{table}", encoding="utf-8")


def why_not(proof: str) -> str | None:
    """Returns why a proof does not hold for the committed tree. A skipped test proves nothing."""
    *_, proved, result = notes().get(proof, ("", ""))
    if proved != tree():
        return f"{proof} was not run on this tree"
    if "passed" in result and not re.search("failed|error|skipped", result):
        return None
    return f"{proof} did not pass: {result}"


def uncommitted() -> list[str]:
    """Returns a line for each file that differs from the commit, without the page."""
    names = [line[3:] for line in git("status", "--porcelain", "--untracked-files=all").splitlines()]
    return [f"{name} is not committed" for name in names if name != PAGE]


def names_version(base: str) -> bool:
    """Returns whether the committed tree has another version than ``base``, an earlier commit."""
    changed = git("diff", base, "HEAD", "--", "pyproject.toml")
    return re.search(r"^\+version = ", changed, re.MULTILINE) is not None


def conclude(reasons: list[str], names: Sequence[str] = ()) -> int:
    """Prints these reasons, and each proof, by default of all, that does not hold; returns the exit status."""
    reasons = [*reasons, *(why for name in names or proofs() if (why := why_not(name)))]
    for why in reasons:
        print(f"refused: {why}")
    if not reasons:
        print(f"proved: tree {tree()}; {PAGE} goes into the commit that is tagged")
    return 1 if reasons else 0


def main(*names: str) -> int:
    """Runs and notes the named proofs; without a name, those that this tree wants, and refuses it if one fails.

    ``--named-since COMMIT`` runs none. It refuses a tree that has another version than the commit, and wants a proof.
    """
    if names[:1] == ("--named-since",):
        return conclude([]) if names_version(*names[1:]) else 0
    reasons = [*uncommitted(), *(f"{name} is no proof" for name in names if name not in proofs())]
    for name in [] if reasons else names or filter(why_not, proofs()):
        prove(name)
    return conclude(reasons, names)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
