"""The placeholder of a page or file that could not be made, so that no link is broken."""

from __future__ import annotations

SENTENCE = "Cette page n'a pas pu être faite : le programme a un défaut. Les tables publiées la remplacent."
PLACEHOLDER = f"""<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Page absente</title><p>{SENTENCE}</p></html>
"""


def stand_in(name: str) -> bytes:
    """Returns the content of the placeholder for the file ``name``, which says that it is missing."""
    if name.endswith(".html"):
        return PLACEHOLDER.encode()
    return (f"// {SENTENCE}\n" if name.endswith(".js") else f"{SENTENCE}\n").encode()
