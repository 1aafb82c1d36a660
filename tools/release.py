"""Runs the proofs outside ``make test`` and notes in ``docs/proofs.md`` which of them the committed tree has passed.

A proof is a target ``test-…`` of the Makefile. The hash of a tree leaves that page out.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = "docs/proofs.md"
TABLE = "\nTree `{tree}`:\n\n| proof | when | result |\n| --- | --- | --- |\n"


def git(*arguments: str, content: str | None = None) -> str:
    """Returns the output of git in the checkout."""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, input=content, capture_output=True, text=True, check=True).stdout  # noqa: S603


def tree() -> str:
    """Returns the hash of the committed tree, without the page."""
    lines = git("ls-tree", "-r", "HEAD").splitlines(keepends=True)
    return git("hash-object", "--stdin", content="".join(line for line in lines if PAGE not in line)).strip()


def passed() -> dict[str, str]:
    """Returns the row of each proof on the page, if they are of the committed tree."""
    rows = (ROOT / PAGE).read_text(encoding="utf-8").partition(TABLE.format(tree=tree()))[2]
    return {row.split(" | ")[0].strip("| "): row for row in rows.splitlines(keepends=True)}


def prove(proof: str) -> None:
    """Runs a proof and notes it if it passes. A skipped test proves nothing."""
    start, last = f"{datetime.now(UTC):%Y-%m-%d %H:%M}", ""
    command = ["make", "--no-print-directory", proof]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            print(line, end="")
            last = line.strip(" =\n") or last
    if process.returncode or not re.search(r"^\d+ passed(?!.*skipped)", last):
        return
    rows = passed() | {proof: f"| {proof} | {start} | {last} |\n"}
    head = (ROOT / PAGE).read_text(encoding="utf-8").partition("\nTree `")[0]
    (ROOT / PAGE).write_text(head + TABLE.format(tree=tree()) + "".join(rows.values()), encoding="utf-8")


def main(*arguments: str) -> str | None:
    """Runs the named proofs, by default all, that the tree has not passed; returns why the tree is refused.

    ``--check`` runs none.
    """
    proofs = re.findall(r"^(test-[a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    names = [name for name in arguments if name != "--check"] or proofs
    if changed := git("status", "--porcelain", "--", ".", f":!{PAGE}"):
        return f"refused, for it is not committed:\n{changed}"
    for name in [] if "--check" in arguments else names:
        if name not in passed():
            prove(name)
    wanting = [name for name in names if name not in passed()]
    return f"refused: tree {tree()} has not passed {', '.join(wanting)}" if wanting else None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
