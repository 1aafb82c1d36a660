"""Names that want to be somewhere else, or something else, than a file of their folder."""

from __future__ import annotations

OUT_OF_THE_FOLDER = ("..", "../x", "a/../../x", "/etc/x", "/../../../../../tmp/x", "..\\x", "a\\b", "C:x", "%2e%2e")
NO_NAMES = ("", " ", ".", ".hidden", "-x", "~x", "x.", "a\nb", "a\tb", "a\0b", "x" * 300, "é" * 150)
MARKS = ("a\u202eb", "\u200fx", "a\u200bb", "a*b", "a?b", "a[b]", "a|b", "a<b", 'a"b')
DEVICES = ("CON", "NUL", "aux", "com1", "con.html", "Lpt9.csv", "prn .txt")
HOSTILE = (*OUT_OF_THE_FOLDER, *NO_NAMES, *MARKS, *DEVICES)
