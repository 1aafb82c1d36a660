"""The wording of docstrings, comments and names of tests: the first word names the thing."""

from __future__ import annotations

import re
import subprocess

from leviers.warehouse.project import REPOSITORY

# A docstring, or the first line of a comment, at any place of a line. "One row per" is how a grain begins.
OPENING = re.compile(
    r'(?:^|\s)(?:"""|--|#|//|\{#-?)\s*(?:what|who|whose|such|one(?! row per)|of|that of|whether it is)\b', re.IGNORECASE
)
COMMENT = re.compile(r"^\s*(?:--|#|//|\{#)")
TEST_NAME = re.compile(r"def (test_\w+)")
RIDDLE = re.compile(r"test_(what|who|one)_")
LONGEST_TEST_NAME = 70
KINDS = ("*.py", "*.sql", "*.yml", "*.toml", "*.sh", "*.js", "*.j2", "Makefile")


def test_no_docstring_or_comment_begins_with_a_riddle() -> None:
    files = subprocess.run(["git", "ls-files", *KINDS], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    riddles = []
    for name in files.stdout.splitlines():
        lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
        for number, (before, line) in enumerate(zip(["", *lines], lines, strict=False), 1):
            goes_on = COMMENT.match(line) and COMMENT.match(before)
            if OPENING.search(line) and not goes_on:
                riddles.append(f"{name}:{number}: {line.strip()}")
    assert riddles == []


def test_a_test_is_named_in_few_words_that_begin_with_the_thing() -> None:
    files = (REPOSITORY / "tests").rglob("*.py")
    names = [name for path in files for name in TEST_NAME.findall(path.read_text(encoding="utf-8"))]
    assert [name for name in names if RIDDLE.match(name) or len(name) > LONGEST_TEST_NAME] == []
