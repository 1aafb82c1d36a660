"""The French catalogue: a gettext file with the French of each text in the code and of each check.

A sentence is found by its English. A check is found by its name, within a context.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

DOMAIN = "messages"
FRENCH = "fr"
CATALOGUE = Path(__file__).with_name("locale") / FRENCH / "LC_MESSAGES" / f"{DOMAIN}.po"
CONTEXT_ENDS = "\x04"  # in the compiled file
NO_BREAK = "\N{NO-BREAK SPACE}"


@cache
def french_catalogue() -> GNUTranslations:
    """Returns the catalogue, independent of the language of the machine."""
    return GNUTranslations(BytesIO(compiled(str)))


def french_name(context: str, name: str) -> str:
    """Returns the French name in a context; without a translation, the words of the name itself."""
    key = f"{context}{CONTEXT_ENDS}{name}"
    text = french_catalogue().gettext(key)
    return name.replace("_", " ") if text == key else text


def compiled(typeset: Callable[[str], str]) -> bytes:
    """Returns the catalogue as gettext reads it, each text ``typeset``."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as words:
        catalogue = read_po(words, locale=FRENCH)
    for message in catalogue:
        texts = message.string or ""
        message.string = typeset(texts) if isinstance(texts, str) else tuple(map(typeset, texts))
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def no_break(text: str) -> str:
    """Returns a French text with no-break spaces before the punctuation marks that follow a space."""
    for mark in ":;?!»%":
        text = text.replace(f" {mark}", f"{NO_BREAK}{mark}")
    return text.replace("« ", f"«{NO_BREAK}")
