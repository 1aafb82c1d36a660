"""Texts for a person: written, stored and logged in English, said in the language of the machine when printed.

The words come from gettext, as click's own do; ``leviers.text.language`` says where it finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from gettext import gettext, ngettext
from typing import Any

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
FRENCH_MARKS = str.maketrans({".": ",", ",": "\N{NARROW NO-BREAK SPACE}", "%": "\N{NO-BREAK SPACE}%"})


class Text(str):
    """A text in English that knows how it is said in another language. To cut or to join it leaves only English."""

    def __deepcopy__(self, memo: object) -> Text:
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)  # in another process, the English alone

    @property
    def said(self) -> str:
        """The text in the language of the machine."""
        return str(self)

    def without(self, name: str) -> Text:
        """The same without the name of what it is about, where it begins with it."""
        return self


class Message(Text):
    """A sentence of the catalogue, with the values that its template has a place for."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        """Fills the template, which the catalogue is to have."""
        self = super().__new__(cls, template.format(**values))
        self.template, self.values = template, values
        return self

    @property
    def said(self) -> str:
        """The translated template with its values, which are said too."""
        return gettext(self.template).format(**self._said_values)

    @property
    def _said_values(self) -> dict[str, Any]:
        return {name: said(value) if isinstance(value, str) else value for name, value in self.values.items()}


class Counted(Message):
    """A sentence on a ``count`` of things, which French puts into the singular for one of them, or for none."""

    @property
    def said(self) -> str:
        """The same, with the number as the language writes it."""
        count = self.values["count"]
        number = figure(f"{count:,}").said if is_french() else count
        return ngettext(self.template, self.template, count).format(**self._said_values | {"count": number})


class Joined(Text):
    """Several texts, with what stands between them."""

    separator: str
    parts: tuple[str, ...]

    def __new__(cls, separator: str, parts: Iterable[str]) -> Joined:
        """Joins the parts; the catalogue is to have the separator."""
        parts = tuple(parts)
        self = super().__new__(cls, separator.join(parts))
        self.separator, self.parts = separator, parts
        return self

    @property
    def said(self) -> str:
        """The parts in the language of the machine, with what stands between them there."""
        separator = self.separator and gettext(self.separator)  # of nothing, gettext gives the head of the catalogue
        return separator.join(map(said, self.parts))

    def without(self, name: str) -> Text:
        """The same without the name of what it is about, where that is its first part."""
        return Joined(self.separator, self.parts[1:]) if self.parts[:1] == (name,) else self


class Bilingual(Text):
    """A text whose French stands beside it, such as the title of a dataset."""

    french: str

    def __new__(cls, english: str, french: str) -> Bilingual:
        """Takes the same text twice."""
        self = super().__new__(cls, english)
        self.french = french
        return self

    @property
    def said(self) -> str:
        """One of the two."""
        return self.french if is_french() else str(self)

    def without(self, name: str) -> Bilingual:
        """The same without the name of what it is about, where it begins with it."""
        return Bilingual(self.removeprefix(f"{name}: "), self.french.removeprefix(f"{name} : "))


class Detail(Text):
    """A sentence that only English has, such as the fault of a file: other languages say of what ``kind`` it is."""

    kind: str

    def __new__(cls, english: str, kind: str = "") -> Detail:
        """Takes the sentence, and what is said before it."""
        self = super().__new__(cls, english)
        self.kind = kind
        return self

    @property
    def said(self) -> str:
        """The kind, and the sentence marked as English; in English the sentence alone."""
        marked = Message("detail: {detail}", detail=str(self))
        return Joined("; ", filter(None, (self.kind, marked))).said if is_french() else str(self)

    def without(self, name: str) -> Detail:
        """The same without the name of what it is about, where it begins with it."""
        return Detail(self.removeprefix(f"{name}: "), self.kind)


def figure(text: str) -> Bilingual:
    """A number as English writes it; French has other marks for its decimals and thousands."""
    return Bilingual(text, text.translate(FRENCH_MARKS))


def day_in_french(day: date) -> str:
    """A day in words, without an article."""
    words = ("1er" if day.day == 1 else str(day.day), MONTHS[day.month - 1], str(day.year))
    return "\N{NO-BREAK SPACE}".join(words)


def day_of(day: date | str) -> Bilingual:
    """A day as ISO writes it, which French says in words."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return Bilingual(found.isoformat(), day_in_french(found))


def detail(text: str) -> Text:
    """A text as it is where it can be said in another language, else marked as one that cannot."""
    return text if isinstance(text, Text) else Detail(text)


def first_of(names: Sequence[str], shown: int = 3) -> str:
    """The first of several names, and how many more there are."""
    first = Joined(", ", names[:shown])
    return Message("{names} and {count} more", names=first, count=len(names) - shown) if names[shown:] else first


def said(text: str) -> str:
    """A text in the language of the machine; one that is known in English alone stays as it is."""
    return text.said if isinstance(text, Text) else text


def is_french() -> bool:
    """Whether what is printed now is French: the catalogue translates the code of its language."""
    return gettext("en") == "fr"
