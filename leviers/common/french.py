"""Numbers, units and dates as text for a French reader."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

NO_BREAK = "\N{NO-BREAK SPACE}"
THOUSANDS = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TRACE = 0.001
SMALL_PERCENT = 0.01
PERCENTS = ("%", "points")
ROUGH_FROM = 0.1
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
PLURAL_FROM = 2  # 1,9 million, 2 millions


@cache  # many pages have the same numbers and words
def number(value: float, trace: float = TRACE) -> str:
    """Returns a number with three significant digits, a decimal comma and thin spaces; "moins de" below ``trace``."""
    size = abs(value)
    if 0 < size < trace:
        return f"plus de{NO_BREAK}{number(-trace)}" if value < 0 else f"moins de{NO_BREAK}{number(trace)}"
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 - math.floor(math.log10(size))
    text = f"{size:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace(",", THOUSANDS).replace(".", ",")
    return f"{MINUS}{text}" if value < 0 else text


def decimal(value: float, decimals: int) -> str:
    """Returns a number with the decimals of its series; "moins de" if they would round it to nought."""
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
    """Returns a number with two significant digits, whole from ten on; "moins de 0,1" below a tenth."""
    size = abs(value)
    if 0 < size < ROUGH_FROM:
        return f"moins de{NO_BREAK}{number(ROUGH_FROM)}"
    return number(round(value) if size >= 10 or not size else round(value, 1 - math.floor(math.log10(size))))


def two_figures(value: float) -> str:
    """Returns a number with two significant digits, whatever its size: what a calculation of this kind is sure of."""
    return number(float(f"{value:.2g}"), trace=0)


def span(low: float, high: float) -> str:
    """Returns the range between two rough numbers; empty if both round to the same."""
    first, last = rough(low), rough(high)
    if first == last:
        return ""
    return f"de {first} à {last}" if low >= ROUGH_FROM or not low else f"jusqu'à {last}"


def amount(value: float, scale: Mapping[str, Any]) -> str:
    """Returns a value and its unit in a scale: a whole number for counts, else three significant digits.

    The scale is a mapping as ``vues.echelle`` gives it.
    """
    shown, unit = value * scale["facteur"], str(scale["unite"])
    text = number(shown, SMALL_PERCENT if unit in PERCENTS else TRACE) if scale["decimales"] else decimal(shown, 0)
    if abs(shown) < PLURAL_FROM:
        unit = _PLURAL.sub("\\1", unit)
    return f"{text}{NO_BREAK}{unit}"


def difference(value: float, scale: Mapping[str, Any]) -> str:
    """Returns a difference of two values in a scale, with its sign; a difference of two percentages is in points."""
    return signed(amount(value, {**scale, "unite": "points"} if scale["unite"] == "%" else scale))


def signed(text: str) -> str:
    """Returns the text of a number with its sign."""
    return f"+{text}" if text[0].isdigit() else text


def share(ratio: float) -> str:
    """Returns a ratio in percent."""
    return f"{number(100 * ratio, SMALL_PERCENT)}{NO_BREAK}%"


def day(value: date | datetime | str) -> str:
    """Returns a day in words, without an article."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return NO_BREAK.join(("1er" if at.day == 1 else str(at.day), MONTHS[at.month - 1], str(at.year)))


def moment(text: str) -> str:
    """Returns an ISO day in words, with the hour in UTC if it has one."""
    at = datetime.fromisoformat(text)
    hour = f" à {at.hour}{NO_BREAK}h{NO_BREAK}{at.minute:02d} (UTC)" if "T" in text else ""
    return f"le {day(at)}{hour}"


def initial(text: str) -> str:
    """Returns a text with a capital at its start; other capitals are kept."""
    return text[:1].upper() + text[1:]


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Returns a count and its noun; nought and one take the singular in French."""
    return f"{number(count)}{NO_BREAK}{noun if count < PLURAL_FROM else many or noun + 's'}"


def sentences(text: str, ends: str = ";") -> str:
    """Returns a long text set in sentences: what stands before one of the marks ``ends`` is read as one."""
    return " ".join(f"{initial(part).rstrip('.')}." for part in re.split(f" [{ends}] ", text))


_PLURAL = re.compile(r"^((?:[GMT]Wh )?[a-zé]{3,})[sx]\b(?!-)")  # the noun of a unit


@cache  # the names of levers and series are compared on each page
def folded(text: str) -> str:
    """Returns a text in lower case without accents or apostrophes, to search in."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(
        "".join(c if c.isalnum() else " " for c in plain.replace("œ", "oe").replace("Œ", "OE")).lower().split()
    )
