"""The seeds of the looks of readings and the meanings of bases, and the colours of the charts by day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from leviers.warehouse.seeds import LEVELS, french_label, seed_rows

LOOKS = {row["code"]: row for row in seed_rows("labels/readings")}  # in the order of a bar; a lean has one of its own
READINGS = [look for look in LOOKS.values() if look["code"] == look["reading"]]
BASES = [basis for basis in seed_rows("labels/bases") if basis["meaning_fr"]]
LEVEL_LABELS = {level: french_label("territory_level", level) for level in LEVELS}
STYLE = (Path(__file__).parent / "static" / "charts.css").read_text(encoding="utf-8")
COLOURS: Mapping[str, str] = dict(re.findall(r"--([\w-]+): ([^;]+);", STYLE.partition("}")[0]))


def marks(reading: str, lean: str | None = None) -> tuple[str, ...]:
    """Returns the codes whose looks show a reading: its own and that of its lean, where the lean has one."""
    return (reading, lean) if lean in LOOKS and lean != reading else (reading,)


def tone(code: str) -> str:
    """Returns the class that colours the mark, the line and the words of a reading or a lean."""
    return f"is-{LOOKS[code]['tone']}"
