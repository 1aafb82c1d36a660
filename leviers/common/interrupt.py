"""Ctrl-C: handles it, and detects it in an error of Python, DuckDB or a library that wraps it."""

from __future__ import annotations

import signal
import threading
from types import FrameType

WORDS = "Query interrupted"
_INTERRUPTED = threading.Event()


def handle_ctrl_c() -> None:
    """Notes each Ctrl-C from now on, since a library may swallow the exception. Another handler is kept."""
    _INTERRUPTED.clear()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, on_ctrl_c)


def on_ctrl_c(number: int, frame: FrameType | None) -> None:
    """Notes a Ctrl-C, and raises it."""
    _INTERRUPTED.set()
    signal.default_int_handler(number, frame)


def stop_if_interrupted() -> None:
    """Raises if Ctrl-C was pressed.

    Raises:
        KeyboardInterrupt: it was pressed.
    """
    if _INTERRUPTED.is_set():
        raise KeyboardInterrupt


def is_interrupted(error: BaseException) -> bool:
    """Returns whether Ctrl-C is the cause of an error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt) or (isinstance(cause, RuntimeError) and str(cause) == WORDS):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
