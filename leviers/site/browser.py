"""Chromium, if the machine has it, prints and photographs pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ingestion.fault import RefusalError

NAMES = ("chromium", "chromium-browser", "google-chrome")
TIME_LIMIT = 60  # seconds


class BrowserError(RefusalError):
    """The machine has no Chromium, or Chromium made nothing."""


def chromium() -> str | None:
    """Returns the path of Chromium, or None if it is not on the PATH."""
    return next((program for name in NAMES if (program := shutil.which(name))), None)


def make_from_page(page: Path, out: Path, *arguments: str) -> None:
    """Opens a page without a window. The arguments tell Chromium how to make ``out`` of it.

    Raises:
        BrowserError: there is no Chromium, or ``out`` is not there afterwards.
    """
    browser = chromium()
    if browser is None:
        raise BrowserError("pas de Chromium dans le PATH")
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--disable-gpu", f"--user-data-dir={profile}", *arguments, page.as_uri()]
        if os.geteuid() == 0:  # where Chromium refuses to start inside its sandbox
            command.insert(1, "--no-sandbox")
        process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIME_LIMIT)  # noqa: S603
    if process.returncode != 0 or not out.is_file():
        raise BrowserError(f"{browser} n'a rien fait de {page} : {process.stderr.strip()[-300:]}")
