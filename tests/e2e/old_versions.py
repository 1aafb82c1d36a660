"""The code of an earlier version, on the packages of today and those of its lock file that are gone since."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from leviers.warehouse.project import REPOSITORY

PACKAGE = re.compile(r"^([a-z0-9-]+)==\S+", re.MULTILINE)


def old_code(commit: str, folder: Path) -> dict[str, str]:
    """Takes a commit out of the history; returns the environment in which its command line starts."""
    archive = subprocess.run(["git", "archive", commit], cwd=REPOSITORY, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        members.extractall(folder, filter="data")
    locks = [
        {m[1]: m[0] for m in PACKAGE.finditer((at / "requirements.lock").read_text())} for at in (folder, REPOSITORY)
    ]
    packages = folder / "packages"
    if gone := [line for name, line in locks[0].items() if name not in locks[1]]:
        uv = f"{Path(sys.executable).with_name('uv')} pip install --quiet --python {sys.executable} --no-deps --target"
        subprocess.run([*uv.split(), packages, *gone], check=True)
    return os.environ | {"PYTHONPATH": f"{folder}:{packages}"}
