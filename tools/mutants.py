"""Measures the power of the tests: seeded mutants of Python, of SQL and of seeds, and which of them a test kills.

``python -m tools.mutants draw FILE 60`` draws that many of each kind. ``python -m tools.mutants run FILE HOME`` tries
them in this checkout, which must be clean, and writes into FILE what became of each. HOME is a home of the real files,
made by this checkout. A mutant is known by its line, so that it is found in other versions too.

- Python: the tests without a warehouse that run the line, until one fails.
- SQL and seeds: the unit tests of the model, a refresh of a copy of the home, the tests of the real files in tests/e2e.
"""

from __future__ import annotations

import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from coverage import CoverageData

from leviers.warehouse.project import REPOSITORY

Mutant = dict[str, str]
FOLDERS = {"python": ("ingestion", "expectations", "leviers", "dagster_project"), "sql": ("dbt/models", "dbt/seeds")}
BIN = Path(sys.executable).parent
WORK = REPOSITORY / "build" / "mutants"
OTHERS = "not release and not browser and not sql and not bi and not spark"
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
KEPT = "(real or control) and not are_published"  # that test reads what the run has printed
ON_REAL = (*(f"tests/e2e/test_{name}.py" for name in ("answers", "real_files", "readings")), "-k", KEPT)
SECONDS = 600  # a mutant may run for ever
SEED_MUTANTS = 20  # of a file: a long seed has as many as a model
IN_SQL = {
    r" >= ": " > ", r" <= ": " < ", r" < ": " <= ", r" > ": " >= ", r" = ": " <> ", r" <> ": " = ", r" \+ ": " - ",
    r" - ": " + ", r" \* ": " / ", r" / ": " * ", r"\band ": "or ", r"\bleft join\b": "inner join", r"\bnot ": "",
    r"\bmax\(": "min(", r"\bmin\(": "max(", r"\bsum\(": "max(", r"\bis not null\b": "is null", r"\bdesc\b": "asc",
    r"\bis null\b": "is not null", r"\bgreatest\(": "least(", r"\bleast\(": "greatest(",
}  # fmt: skip
IN_SEED = {r"(?<=,)true(?=,|$)": "false", r"(?<=,)false(?=,|$)": "true", r"(?<=,)([1-9][\d.]*)(?=,|$)": r"9\1"}
COMPARISONS = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip


def in_text(text: str, replacements: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yields each line of SQL or of a seed, outside comments, with what stands in its place."""
    code = re.sub(r"\{#.*?#\}", lambda comment: re.sub(r".", " ", comment[0]), text, flags=re.DOTALL)
    for line, read in zip(text.splitlines(), code.splitlines(), strict=True):
        for pattern, new in replacements.items():
            for match in re.finditer(pattern, read.partition("-- ")[0]):
                yield line, line[: match.start()] + match.expand(new) + line[match.end() :]


def in_python(text: str) -> Iterator[tuple[str, str]]:
    """Yields each line of a module with what stands in its place: another comparison, operator, number or truth."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        line = lines[getattr(node, "lineno", 1) - 1]
        pad = "" if isinstance(node, ast.Constant) else " "
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            start, end, new = (
                node.left.end_col_offset or 0,
                node.comparators[0].col_offset,
                COMPARISONS[type(node.ops[0])],
            )
        elif isinstance(node, ast.BoolOp):
            start, end = node.values[0].end_col_offset or 0, node.values[1].col_offset
            new = "or" if isinstance(node.op, ast.And) else "and"
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            start, end = node.col_offset, node.end_col_offset or 0
            new = str(not node.value if isinstance(node.value, bool) else node.value + 1)
        else:
            continue
        if node.lineno == node.end_lineno and line.isascii():
            yield line, line[:start] + pad + new + pad + line[end:]


def mutants_of(path: Path) -> list[tuple[str, str]]:
    """Returns the mutants of a file; those of a seed are drawn, so that a long one has as many as a model."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        found = list(in_text(text, IN_SEED))
        return random.Random(path.name).sample(found, min(len(found), SEED_MUTANTS))  # noqa: S311
    return list(in_python(text) if path.suffix == ".py" else in_text(text, IN_SQL))


def draw(kind: str, count: int) -> list[Mutant]:
    """Returns mutants of lines that stand once in their file."""
    suffixes = (".py",) if kind == "python" else (".sql", ".csv")
    paths = sorted(path for folder in FOLDERS[kind] for path in (REPOSITORY / folder).rglob("*"))
    found = [
        {"kind": kind, "path": str(path.relative_to(REPOSITORY)), "line": line, "mutated": mutated}
        for path in paths
        if path.suffix in suffixes
        for line, mutated in mutants_of(path)
        if path.read_text(encoding="utf-8").splitlines().count(line) == 1 and mutated != line
    ]
    return random.Random(kind).sample(found, count)  # noqa: S311


def place(mutant: Mutant) -> Path | None:
    """Returns the file that has the line: under its path, else under another with its name. None: the line is gone."""
    named = Path(mutant["path"])
    for path in (REPOSITORY / named, *(REPOSITORY / named.parts[0]).rglob(named.name)):
        if path.is_file() and path.read_text(encoding="utf-8").splitlines().count(mutant["line"]) == 1:
            return path
    return None


def ends_well(*command: str, **environment: str) -> bool:
    """Runs a command; false where it fails or takes too long."""
    try:
        ran = subprocess.run(  # noqa: S603
            command, cwd=REPOSITORY, env=os.environ | environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def tests_of(path: Path, line: int) -> list[str]:
    """Returns the tests without a warehouse that run a line of a module, by the coverage of each, measured once."""
    covered = WORK / "coverage"
    if not covered.exists():
        arguments = ("-n2", "-m", "not warehouse and " + OTHERS, "--cov", "--cov-context=test", "--cov-report=")
        ends_well(*PYTEST, *arguments, COVERAGE_FILE=str(covered))
    data = CoverageData(str(covered))
    data.read()
    contexts = data.contexts_by_lineno(str(path)).get(line, [])
    return sorted({context.partition("|")[0] for context in contexts if context})


def killed_by(mutant: Mutant, path: Path, home: Path) -> str:
    """Returns what kills the mutant that stands in the tree, or "survived"."""
    if mutant["kind"] == "python":
        tests = tests_of(path, path.read_text("utf-8").splitlines().index(mutant["mutated"]) + 1)
        some = tests[:: len(tests) // 60 + 1]
        return "survived" if not some or ends_well(*PYTEST, "-n0", "-x", *some) else "tests"
    copy = WORK / "home"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy, symlinks=True)
    selected = ("--select", f"{path.stem},test_type:unit", "--target-path", str(WORK / "dbt"))
    folders = ("--project-dir", "dbt", "--profiles-dir", "dbt", "--log-path", str(WORK / "dbt"))
    if path.suffix == ".sql" and not ends_well(
        str(BIN / "dbt"), "test", *folders, *selected, LEVIERS_WAREHOUSE=str(copy / "warehouse.duckdb")
    ):
        return "unit tests"
    refresh = ("refresh", "--region", "76", "--offline", "--mirror", os.environ["LEVIERS_TEST_MIRROR"])
    if not ends_well(str(BIN / "leviers"), *refresh, LEVIERS_HOME=str(copy)):
        return "refresh"
    return "survived" if ends_well(*PYTEST, "-n0", "-x", *ON_REAL, LEVIERS_TEST_REAL_HOME=str(copy)) else "answers"


def run(file: Path, home: Path) -> None:
    """Tries the mutants that have no result yet, and writes the results into the file."""
    mutants: list[Mutant] = json.loads(file.read_text())
    for mutant in mutants:
        path = None if "result" in mutant else place(mutant)
        if path:
            text = path.read_text(encoding="utf-8")
            lines = [mutant["mutated"] if line == mutant["line"] else line for line in text.splitlines()]
            try:
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                mutant["result"] = killed_by(mutant, path, home)
            finally:
                path.write_text(text, encoding="utf-8")
        print(mutant["path"], mutant.setdefault("result", "gone"), mutant["mutated"].strip(), flush=True)
        file.write_text(json.dumps(mutants, indent=1) + "\n")
    print(Counter((mutant["kind"], mutant["result"]) for mutant in mutants))


if __name__ == "__main__":
    if sys.argv[1] == "draw":
        drawn = [mutant for kind in FOLDERS for mutant in draw(kind, int(sys.argv[3]))]
        Path(sys.argv[2]).write_text(json.dumps(drawn, indent=1))
    else:
        run(Path(sys.argv[2]), Path(sys.argv[3]).resolve())
