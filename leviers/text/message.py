"""Texts for a person, in English with their French. English is stored and logged.

French is published, and printed if the machine is set to French. Its words are in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from gettext import gettext
from typing import Any

from leviers.text import catalogue

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
FRENCH_MARKS = str.maketrans({".": ",", ",": "\N{NARROW NO-BREAK SPACE}", "%": "\N{NO-BREAK SPACE}%"})


class Text(str):
    """A text in English that knows its French. A slice of it, or a sum, is plain English."""

    def __deepcopy__(self, memo: object) -> Text:
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)  # another process gets the English only

    @property
    def french(self) -> str:
        """The French of the text; of a text without one, the text itself."""
        return str(self)

    def without(self, name: str) -> Text:
        """Returns the text without its subject ``name``, if it begins with it."""
        return self


class Message(Text):
    """A sentence with values in it. The catalogue has the French of its template."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        """Fills the template. The catalogue must have it."""
        self = super().__new__(cls, template.format(**values))
        self.template, self.values = template, values
        return self

    @property
    def french(self) -> str:
        """The translated template with its values, which are French too."""
        return catalogue.french_catalogue().gettext(self.template).format(**self._french_values)

    @property
    def _french_values(self) -> dict[str, Any]:
        return {name: value.french if isinstance(value, Text) else value for name, value in self.values.items()}


class Counted(Message):
    """A sentence on a ``count`` of things. French uses the singular for none and for one."""

    @property
    def french(self) -> str:
        """The translated template, with the number in French notation."""
        count = self.values["count"]
        number = figure(f"{count:,}").french
        template = catalogue.french_catalogue().ngettext(self.template, self.template, count)
        return template.format(**self._french_values | {"count": number})


class Joined(Text):
    """Several texts with a separator between them."""

    separator: str
    parts: tuple[str, ...]

    def __new__(cls, separator: str, parts: Iterable[str]) -> Joined:
        """Joins the parts. The catalogue must have the separator."""
        parts = tuple(parts)
        self = super().__new__(cls, separator.join(parts))
        self.separator, self.parts = separator, parts
        return self

    @property
    def french(self) -> str:
        words = catalogue.french_catalogue()
        # gettext returns the head of the catalogue for an empty text
        separator = self.separator and words.gettext(self.separator)
        return separator.join(part.french if isinstance(part, Text) else part for part in self.parts)

    def without(self, name: str) -> Text:
        """Returns the text without its subject, if that is its first part."""
        return Joined(self.separator, self.parts[1:]) if self.parts[:1] == (name,) else self


class Bilingual(Text):
    """A text with its French, such as the title of a dataset."""

    _french: str

    def __new__(cls, english: str, french: str) -> Bilingual:
        self = super().__new__(cls, english)
        self._french = french
        return self

    @property
    def french(self) -> str:
        return self._french

    def without(self, name: str) -> Bilingual:
        return Bilingual(self.removeprefix(f"{name}: "), self.french.removeprefix(f"{name} : "))


class Detail(Text):
    """A sentence in English only, such as the fault of a file. In French, its ``kind`` comes first."""

    kind: str

    def __new__(cls, english: str, kind: str = "") -> Detail:
        """Takes the sentence, and the kind that comes before it in French."""
        self = super().__new__(cls, english)
        self.kind = kind
        return self

    @property
    def french(self) -> str:
        """The kind, and the sentence marked as English."""
        marked = Message("detail: {detail}", detail=str(self))
        return Joined("; ", filter(None, (self.kind, marked))).french

    def without(self, name: str) -> Detail:
        return Detail(self.removeprefix(f"{name}: "), self.kind)


def figure(text: str) -> Bilingual:
    """Returns a number in English notation, with its French notation."""
    return Bilingual(text, text.translate(FRENCH_MARKS))


def day_in_french(day: date) -> str:
    """Returns a day in words, without an article."""
    words = ("1er" if day.day == 1 else str(day.day), MONTHS[day.month - 1], str(day.year))
    return "\N{NO-BREAK SPACE}".join(words)


def day_of(day: date | str) -> Bilingual:
    """Returns a day in ISO format; in French it is written in words."""
    its_date = date.fromisoformat(day) if isinstance(day, str) else day
    return Bilingual(its_date.isoformat(), day_in_french(its_date))


def detail(text: str) -> Text:
    """Returns a text with its French, unchanged; any other text as a ``Detail``, marked as English in French."""
    return text if isinstance(text, Text) else Detail(text)


def first_of(names: Sequence[str], shown: int = 3) -> str:
    """Returns the first of several names, with the number of the others."""
    first = Joined(", ", names[:shown])
    return Message("{names} and {count} more", names=first, count=len(names) - shown) if names[shown:] else first


def localized(text: str) -> str:
    """Returns a text in the language of the machine; English if it has no French."""
    return catalogue.no_break(text.french) if isinstance(text, Text) and is_french() else str(text)


def is_french() -> bool:
    """Returns whether texts are printed in French: the catalogue translates the code of its language."""
    return gettext("en") == "fr"
