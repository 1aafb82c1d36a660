"""An action in tonnes: what a quantity of it avoids in a territory, of what is asked there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import duckdb

from leviers.cli.show import find_territory
from leviers.common.french import folded, number, two_figures

ACTIONS_SQL = "select distinct action_id, levier_id, libelle, mots from vues.fait_conversion order by action_id"
TONNES_SQL = "from vues.tonnes_d_une_action($action, $place, $quantity) order by region_id"
UNASKED_SQL = """
select distinct levier, motif_sans_quantite from vues.fait_part
where levier_id = $lever and motif_sans_quantite is not null
"""
QUANTITY = re.compile(r"[-\N{MINUS SIGN}]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?")
THOUSANDS = re.compile(r"\d{1,3}[.,]\d{3}")  # a thousand to one reader, one to another
SMALL_WORDS = {
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "leur", "of", "ou", "par", "qui",
    "the", "un", "une",
}  # fmt: skip


def print_action(published: Path, text: str, code: str, level: str | None) -> None:
    """Prints what an action brings in a territory, in French.

    Raises:
        click.UsageError: the text names no action, or none with that unit; or the quantity cannot be converted.
    """
    found_level, found_code, name = find_territory(published, code, level, "--territory")
    with duckdb.connect(str(published), read_only=True) as connection:
        action, quantity = _understood(connection, text)
        place = f"{found_level}:{found_code}"
        result = connection.execute(TONNES_SQL, {"action": action, "place": place, "quantity": quantity})
        columns = [column[0] for column in result.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    if not rows:
        raise click.UsageError(f"{name} has no part of this lever")
    for row in rows:
        if row["refus"]:
            stock = row["quantite_2019"]
            beyond = (
                f" Il est de {two_figures(stock)} {row['unite']}." if stock is not None and quantity > stock else ""
            )
            reason = beyond if row["t_par_unite"] else _second(row)
            raise click.UsageError(f"{row['libelle']} : {row['refus']}{reason}")
        click.echo("\n".join(_lines(name, row)))


def _second(row: dict[str, Any]) -> str:
    source = row["source_second_facteur"]
    return f" Second facteur : {number(row['t_par_unite_second_facteur'])} t. {source}." if source else ""


def _lines(name: str, row: dict[str, Any]) -> list[str]:
    covered = row["part_couverte_pct"]
    share = f", {two_figures(covered)} % de ce que la clé donne ici" if covered is not None else ""
    return [
        f"{name} : {row['libelle'][0].lower()}{row['libelle'][1:]}, {number(row['quantite'])} {row['unite']}",
        f"  {two_figures(row['tonnes'])} t de CO2 par an en 2030{share}, moins ce qui est déjà fait depuis 2019",
        f"  reste : {two_figures(row['reste_tonnes'])} t, soit {two_figures(row['reste_quantite'])} {row['unite']}",
        f"  {two_figures(row['t_par_unite'])} t par unité selon l'État, à titre illustratif.{_second(row)}",
    ]


def _understood(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[str, float]:
    """Returns the action and the quantity that a text names."""
    numbers = [match for match in QUANTITY.finditer(text) if not text[: match.start()].rstrip().endswith("_")]
    if not numbers:
        raise click.UsageError(f"no quantity in {text!r}")
    written = numbers[0].group().strip()
    if THOUSANDS.fullmatch(written):
        raise click.UsageError(f"{written}: a thousand or one? Write {written.replace(',', '').replace('.', '')}")
    quantity = float(re.sub(r"\s", "", written).replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    words = (text[: numbers[0].start()] + " " + text[numbers[0].end() :]).split()
    actions = connection.execute(ACTIONS_SQL).fetchall()
    for action, lever, _, _ in actions:
        if {action, lever} & set(words):
            return str(action), quantity
    for word in words:
        if why := connection.execute(UNASKED_SQL, {"lever": word}).fetchone():
            raise click.UsageError(f"{why[0]} : {why[1]}")
    meant = set(folded(" ".join(words)).split()) - SMALL_WORDS
    found = [(action, label) for action, _, label, known in actions if meant and meant <= set(known.split())]
    if len(found) == 1:
        return str(found[0][0]), quantity
    what = "several actions" if found else "no action with that unit"
    listed = "; ".join(f"{label} ({action})" for action, label in found or [(row[0], row[2]) for row in actions])
    raise click.UsageError(f"{what} in {text!r}: {listed}")
