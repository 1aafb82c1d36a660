"""The failure of a step in Dagster: its reason in both languages, as the command line has it."""

from collections.abc import Mapping
from typing import Any, NoReturn

import dagster as dg

from dagster_project.resources import Results
from ingestion.fault import one_fault
from leviers.text.message import Text

FRENCH = "en français"
NEVER_STARTED = "never_started"


def in_words(results: Results) -> Results:
    """The results of a step; an error that ends it is a failure that says why, in the words of the command line."""
    with one_fault(fail, dg.Failure):
        yield from results


def fail(why: Text, known: Mapping[str, Any] | None = None) -> NoReturn:
    """Ends a step with its reason.

    Raises:
        Failure: always.
    """
    raise dg.Failure(str(why), metadata={FRENCH: why.french, **(known or {})})
