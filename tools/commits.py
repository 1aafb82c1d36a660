"""The rules of a commit message: ``python -m tools.commits FILE`` in the hook of git, ``A..B`` for a range of commits.

It needs nothing but Python, so that CI runs it before there is an environment.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

LONGEST = 72
FILES_WITHOUT_BODY = 3
UNNAMED_AREAS = 2
WARNING = "warning:"
# An area is a folder at the root, or a package of leviers. These follow from a change elsewhere, and are none.
FOLLOWING = re.compile(r"tests/|docs/|[^/]*$|leviers/text/locale/")
# The first word must be a verb. These are not.
NO_VERB = (
    "a|an|the|this|that|these|no|not|one|two|three|each|every|all|its|what|who|how|why|when|where|which|of|in|on|with"
)
SUBJECT = re.compile(rf"(?!all:)[a-z][\w./ -]*: (?!(?:{NO_VERB})\b)[a-z][\w-]+ \S[^;]*[^;.]")


def faults(message: str, files: Sequence[str], deleted: Sequence[str] = ()) -> Iterator[str]:
    """Yields the rules that a message breaks for a commit of these changed and deleted files."""
    written = message.partition("\n# ------------------------ >8")[0]  # git commit --verbose adds the diff below
    written = re.sub(r"^#.*\n?", "", written, flags=re.MULTILINE).strip()  # its comments name the changed files
    subject, _, body = written.partition("\n")
    if subject.startswith("Merge branch '"):
        yield f"the subject does not say what the merge brings: {subject}"
    if subject.startswith(("Merge ", "Revert ", "fixup! ", "squash! ")):  # git wrote it
        return
    if len(subject) > LONGEST:
        yield f"the subject has {len(subject)} characters, not up to {LONGEST}: {subject}"
    if not SUBJECT.fullmatch(subject):
        yield f"the subject is not 'area: verb what', for one change: {subject}"
    if body and not body.startswith("\n"):
        yield f"no empty line after the subject: {subject}"
    if len(files) > FILES_WITHOUT_BODY and not body.strip():
        yield f"{len(files)} files changed, and no body says why: {subject}"
    areas = {file.removeprefix("leviers/").partition("/")[0] for file in files if not FOLLOWING.match(file)}
    unnamed = sorted(area for area in areas if area.partition("_")[0] not in written.lower())
    if len(unnamed) > UNNAMED_AREAS:
        yield f"{WARNING} the message names none of {', '.join(unnamed)}, which the commit changes: {subject}"
    if unsaid := [file for file in deleted if not re.search(rf"\b{re.escape(Path(file).stem)}\b", written)]:
        yield f"{WARNING} the message does not name {', '.join(unsaid[:3])}, which the commit deletes: {subject}"


def git(*arguments: str) -> str:
    """Runs git in this folder, and returns its output."""
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607


def changes(*command: str) -> Iterator[list[str]]:
    """Yields the files that a command of git lists as changed, and those of them that are deleted."""
    for chosen in ([], ["--diff-filter=D", "--find-renames"]):
        yield git(*command, "--name-only", *chosen).splitlines()


def main(asked: str) -> Iterator[str]:
    """Yields the faults of the message in a file, or of the commits of a range. A merge changes no file itself."""
    if ".." not in asked:
        is_merge = Path(git("rev-parse", "--git-path", "MERGE_HEAD").strip()).exists()
        files = ([],) if is_merge else changes("diff", "--cached")
        yield from faults(Path(asked).read_text(encoding="utf-8"), *files)
        return
    base, _, head = asked.partition("..")
    try:
        git("cat-file", "-e", f"{base}^{{commit}}")
        chosen = [asked]
    except subprocess.CalledProcessError:  # the base of a first push, or of a forced one, is no commit here
        chosen = ["-1", head]
    for commit in git("rev-list", "--reverse", *chosen).split():
        files = changes("diff-tree", "--root", "--no-commit-id", "-r", commit)
        yield from (f"{commit[:8]}: {fault}" for fault in faults(git("log", "-1", "--format=%B", commit), *files))


if __name__ == "__main__":
    problems = list(main(sys.argv[1]))
    print(*problems, sep="\n", file=sys.stderr)
    sys.exit(any(WARNING not in fault for fault in problems))
