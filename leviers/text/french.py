"""How numbers, units and dates are written for a French reader."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from functools import cache

from leviers.text.message import day_in_french

NO_BREAK = "\N{NO-BREAK SPACE}"
THOUSANDS = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TRACE = 0.001
SMALL_PERCENT = 0.01
ROUGH_FROM = 0.1
# Units of which a large amount reads better in a larger one: factor, larger unit, in falling order.
LARGER_UNITS = {
    "MWh": ((1e6, "TWh"), (1e3, "GWh")),
    "MWh par an": ((1e6, "TWh par an"), (1e3, "GWh par an")),
    "t": ((1e6, "millions de tonnes"), (1e3, "milliers de tonnes")),
    "t CO2e": ((1e6, "MtCO₂e"), (1e3, "ktCO₂e")),
    "t CO2": ((1e6, "MtCO₂"), (1e3, "ktCO₂")),
    "m³": ((1e9, "milliards de m³"), (1e6, "millions de m³")),
    "EUR": ((1e9, "milliards d'euros"), (1e6, "millions d'euros")),
    "GWh": ((1e3, "TWh"),),
    "milliers de m³": ((1e6, "milliards de m³"), (1e3, "millions de m³")),
    "t.km": ((1e9, "milliards de t.km"), (1e6, "millions de t.km")),
}
LARGE_FROM = 10  # of the larger unit
COUNTED = ("véhicules", "logements")
PLURAL_FROM = 2  # 1,9 million, 2 millions
# Units of which a small amount reads better in a smaller one.
SMALLER_UNITS = {
    "TWh": (1e-3, "GWh"),
    "TWh corrigés du climat": (1e-3, "GWh corrigés du climat"),
    "milliers de tonnes": (1e-3, "t"),
    "ktCO₂e": (1e-3, "tCO₂e"),
    "ktCO₂e par an": (1e-3, "tCO₂e par an"),
    "milliers d'hectares": (1e-3, "ha"),
    "milliers d'hectares par an": (1e-3, "ha par an"),
    "milliers de logements": (1e-3, "logements"),
    "milliers de véhicules": (1e-3, "véhicules"),
    "milliers de km": (1e-3, "km"),
    "t par habitant": (1e-3, "kg par habitant"),
}


@cache  # the same numbers stand on many pages, as do the same words
def number(value: float, trace: float = TRACE) -> str:
    """A number with a decimal comma and thin spaces, of three digits that count; a trace is not nought, and says so."""
    size = abs(value)
    if 0 < size < trace:
        return f"plus de{NO_BREAK}{number(-trace)}" if value < 0 else f"moins de{NO_BREAK}{number(trace)}"
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 - math.floor(math.log10(size))
    text = f"{size:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace(",", THOUSANDS).replace(".", ",")
    return f"{MINUS}{text}" if value < 0 else text


def decimal(value: float, decimals: int) -> str:
    """A number with the decimals of its series; what they would round to nought is less than the last of them."""
    if not value:
        return "0"
    least = 10.0**-decimals
    if abs(value) < least / 2:
        words, limit = ("plus de", -least) if value < 0 else ("moins de", least)
        return f"{words}{NO_BREAK}{decimal(limit, decimals)}"
    text = f"{abs(value):,.{decimals}f}".replace(",", THOUSANDS).replace(".", ",")
    return f"{MINUS}{text}" if value < 0 else text


@cache
def rough(value: float) -> str:
    """A number of two digits that count, whole from ten on; less than a tenth is said to be so."""
    size = abs(value)
    if 0 < size < ROUGH_FROM:
        return f"moins de{NO_BREAK}{number(ROUGH_FROM)}"
    return number(round(value) if size >= 10 or not size else round(value, 1 - math.floor(math.log10(size))))


def span(low: float, high: float) -> str:
    """From a rough number to another; nothing where both come to the same."""
    first, last = rough(low), rough(high)
    if first == last:
        return ""
    return f"de {first} à {last}" if low >= ROUGH_FROM or not low else f"jusqu'à {last}"


def scale(largest: float, unit: str | None) -> tuple[float, str | None]:
    """The factor and the unit in which a series reads best whose largest value is given."""
    for factor, larger in LARGER_UNITS.get(unit or "", ()):
        if abs(largest) >= LARGE_FROM * factor:
            return factor, larger
    if 0 < abs(largest) < 1 and unit in SMALLER_UNITS:
        return SMALLER_UNITS[unit]
    return 1, unit


def quantity(value: float, unit: str | None, largest: float | None = None) -> str:
    """A number and its unit, in a larger or smaller unit where that, or the largest beside it, reads better."""
    return _about(value, unit, largest) + _written(value, unit, largest)


def signed(value: float, unit: str | None, largest: float | None = None) -> str:
    """A difference, with its sign; that of two percentages is in points."""
    text = _written(value, "points" if unit == "%" else unit, largest)
    return _about(value, unit, largest) + (f"+{text}" if value > 0 and text[0].isdigit() else text)


def _written(value: float, unit: str | None, largest: float | None) -> str:
    factor, written = scale(value if largest is None else largest, unit)
    amount = value / factor
    if written in COUNTED and abs(amount) >= 1:
        amount = round(amount)
    if written and abs(amount) < PLURAL_FROM:
        written = _PLURAL.sub("\\1", written)
    trace = SMALL_PERCENT if unit in ("%", "points") else TRACE
    return f"{number(amount, trace)}{NO_BREAK}{written}" if written else number(value)


def _about(value: float, unit: str | None, largest: float | None) -> str:
    """Half a vehicle is none: a count that is not whole is rounded, and says so."""
    factor, written = scale(value if largest is None else largest, unit)
    amount = value / factor
    return f"environ{NO_BREAK}" if written in COUNTED and abs(amount) >= 1 and not amount.is_integer() else ""


def share(ratio: float) -> str:
    """A ratio in percent."""
    return f"{number(100 * ratio, SMALL_PERCENT)}{NO_BREAK}%"


def day(value: date | datetime | str) -> str:
    """A day in words."""
    return day_in_french(datetime.fromisoformat(value) if isinstance(value, str) else value)


def moment(text: str) -> str:
    """A day of ISO in words, with the hour where it has one, which is in UTC."""
    at = datetime.fromisoformat(text)
    hour = f" à {at.hour}{NO_BREAK}h{NO_BREAK}{at.minute:02d} (UTC)" if "T" in text else ""
    return f"le {day(at)}{hour}"


def initial(text: str) -> str:
    """A text with a capital at its start; its other capitals stay."""
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count and its noun; nought and one take the singular in French."""
    return f"{number(count)}{NO_BREAK}{one if count < PLURAL_FROM else many or one + 's'}"


_PLURAL = re.compile(r"^((?:[GMT]Wh )?[a-zé]{3,})[sx]\b(?!-)")  # of a unit: what it counts


@cache  # the names of levers and series are compared on each page
def folded(text: str) -> str:
    """Lower case without accents or apostrophes, to search in."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(
        "".join(c if c.isalnum() else " " for c in plain.replace("œ", "oe").replace("Œ", "OE")).lower().split()
    )
