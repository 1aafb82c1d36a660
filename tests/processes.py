"""Commands that a test starts with a session of their own: that Ctrl-C reaches them, and what still runs of them."""

from __future__ import annotations

import signal
from pathlib import Path


def heed_ctrl_c() -> None:
    """For a child: a shell that runs the tests in the background lets them, and their children, ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def session_of(pid: int) -> list[int]:
    """The processes of a session that still run."""
    running = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == pid and fields[0] != "Z":
            running.append(int(folder.name))
    return running
