"""A row of ``quality.fct_check_result``: the result of a check, and what it asks for and has found in French.

The words of a rule or of a measure that bears a name are in ``checks_fr.csv``; those of a kind of check follow from it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from expectations.profile import ROWS, ROWS_CHANGE_PCT
from ingestion.fault import DEFECT
from leviers.text.message import Bilingual, Message
from leviers.warehouse.seeds import dataset_words, labelled

NAMED_CHECKS = Path(__file__).with_name("checks_fr.csv")
SEVERITIES = {"error": Message("error"), "warning": Message("warning")}

_OF_A_TABLE = {
    ROWS: "nombre de lignes",
    ROWS_CHANGE_PCT: "évolution du nombre de lignes depuis l'édition précédente, en %",
}
_OF_A_COLUMN = {
    "null_share": "part de cellules vides de `{}`",
    "distinct": "nombre de valeurs différentes de `{}`",
    "min": "plus petite valeur de `{}`",
    "max": "plus grande valeur de `{}`",
    "pattern_misses": "nombre de valeurs de `{}` qui n'ont pas la forme attendue",
    "outside_set": "nombre de valeurs de `{}` hors de la liste attendue",
    "masked_share": "part de valeurs masquées de `{}`",
}
# The kinds of dbt's tests, as the names of the tests begin; the longer ones first.
KINDS = {
    "unique_combination": "la clé {} n'est jamais répétée",
    "one_file_and_date": "un seul fichier et une seule date par indicateur, territoire et année",
    "weights_sum_to_one": "les poids font 1",
    "accepted_values": "{} ne prend que les valeurs prévues",
    "not_in_values": "{} ne prend aucune des valeurs réservées",
    "relationships": "chaque clé {} existe dans la table à laquelle elle renvoie",
    "in_range": "{} reste entre ses bornes",
    "not_null": "{} est toujours renseigné",
    "unique": "{} n'est jamais répété",
}
# The suites of the gate; one of a raw table bears the title of its dataset.
SUITES = {
    "marts.volume": "Volume publié",
    "marts.plausible_values": "Valeurs plausibles",
    "marts.jumps_between_years": "Sauts d'une année à l'autre",
    "marts.provenance": "Provenance et licences des valeurs",
    "marts.corrections": "Corrections",
    "marts.targets_of_occitanie": "Cibles de l'Occitanie",
    "marts.population": "Population",
}
# The tables of the datasets that have several.
TABLES = {
    "agricultural_area": "surface agricole",
    "arable_crops": "grandes cultures",
    "areas": "surfaces",
    "arrondissements": "arrondissements",
    "chantiers": "chantiers",
    "commitments": "engagements nationaux",
    "commune": "par commune",
    "communes": "communes",
    "departement": "par département",
    "departements": "départements",
    "documents": "documents de référence",
    "emissions": "émissions",
    "epci": "par EPCI",
    "epci_members": "communes membres des EPCI",
    "establishments": "établissements",
    "farm_sizes": "taille des exploitations",
    "fodder": "prairies et fourrages",
    "forest_area": "surface de forêt",
    "forest_biomass": "biomasse de la forêt",
    "forest_inventory": "forêt de l'inventaire, par région",
    "hazardous_waste": "déchets dangereux",
    "herd": "cheptel",
    "land_cover": "occupation du sol",
    "land_cover_changes": "changements d'occupation du sol",
    "land_use": "utilisation du territoire",
    "levers": "leviers",
    "livestock": "cheptel",
    "members": "communes desservies",
    "non_hazardous_waste": "déchets non dangereux",
    "operators": "opérateurs",
    "poplar_biomass": "biomasse des peupleraies",
    "region": "par région",
    "regions": "régions",
    "services": "services",
    "taxonomy": "taxonomie",
    "treated_waste": "déchets traités",
    "withdrawals": "prélèvements d'eau",
    "wood_products": "produits bois",
    "yearly_activity": "émissions annuelles",
}
_BOUND = re.compile(r"(greater|less) than or equal to (-?[\d.]+)")
_ALL_ROWS = re.compile(r"(\d+) rows")
_FOUND_ROWS = re.compile(r"(\d+)(?: of (\d+))?( failing)? rows\b")


@dataclass(frozen=True)
class CheckRow:
    """A check on what is in the working file now: a row of ``quality.fct_check_result``."""

    guard: str
    check_name: str
    subject: str
    column_name: str | None
    status: str
    severity: str
    expected: str
    observed: str | None
    message: str

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published."""
        return self.status != "passed" and self.severity == "error"

    @property
    def text(self) -> Bilingual:
        """What a person reads of it."""
        return Bilingual(self.message, f"{self.subject} : {in_french(self)}")

    @property
    def french(self) -> dict[str, str]:
        """What stands in French beside its fields where it is published or listed."""
        return {
            "message_fr": in_french(self),
            "guard_label_fr": labelled("guard", self.guard).french,
            "status_label_fr": labelled("check_status", self.status).french,
            "severity_label_fr": labelled("severity", self.severity).french,
        }

    @property
    def line(self) -> Message:
        """The same, with how much it matters."""
        return Message("{kind}: {text}", kind=SEVERITIES[self.severity], text=self.text)


@cache
def named_checks() -> dict[str, str]:
    """The French words of the rules and measures that bear a name."""
    with NAMED_CHECKS.open(encoding="utf-8", newline="") as file:
        return {row["check"]: row["said"] for row in csv.DictReader(file)}


def in_french(check: CheckRow) -> str:
    """What a check asks for and has found, in a sentence."""
    if check.observed is None:
        return f"{_asked(check)} : le contrôle n'a pas pu tourner"
    return f"{_asked(check)} ; trouvé : {_observed(check.observed)}"


def suite_title(suite: str) -> str:
    """What a suite is about, in French: a step of the gate, or a raw table by the title of its dataset."""
    if suite in SUITES:
        return SUITES[suite]
    dataset_id, _, table = suite.partition("__")
    title = dataset_words(dataset_id).get("title_fr", dataset_id)
    return f"{title} : {TABLES[table]}" if table else title


def _asked(check: CheckRow) -> str:
    if check.check_name in named_checks():
        return named_checks()[check.check_name]
    if check.guard == "dbt":
        kind = next(kind for kind in KINDS if check.check_name.startswith(kind))
        columns = check.column_name.split(", ") if check.column_name else []
        return KINDS[kind].format(", ".join(f"`{column}`" for column in columns))
    bounds = " et ".join(
        f"{'au moins' if side == 'greater' else 'au plus'} {_number(bound)}"
        for side, bound in _BOUND.findall(check.expected)
    )
    return " : ".join(filter(None, [_measured(check.column_name or ROWS), bounds]))


def _measured(metric: str) -> str:
    if metric in named_checks():
        return named_checks()[metric]
    if metric in _OF_A_TABLE:
        return _OF_A_TABLE[metric]
    column, _, kind = metric.rpartition("__")
    return _OF_A_COLUMN[kind].format(column)


def _observed(text: str) -> str:
    """What was found; rows are counted, ``observed`` names the first of them by their codes."""
    if found := _ALL_ROWS.fullmatch(text):  # those of a check that passed
        return f"{_lines(found[1])}, aucune en défaut"
    if found := _FOUND_ROWS.match(text):
        count, total, failing = found.groups()
        return _lines(count) + (" en défaut" if total or failing else "") + (f" sur {_number(total)}" if total else "")
    if text == "no value":
        return "aucune valeur"
    if text.startswith(DEFECT):
        return text.replace(f"{DEFECT}, at", "un défaut du programme, à", 1)
    return _number(text) if re.fullmatch(r"-?[\d.]+(e-?\d+)?", text) else text


def _lines(count: str) -> str:
    return "aucune ligne" if count == "0" else f"{_number(count)} ligne" + ("s" if count != "1" else "")


def _number(text: str) -> str:
    """A number with a decimal comma, its thousands apart from five digits on: one of four may be a year."""
    whole, point, decimals = (f"{float(text):.12f}".rstrip("0") if "e" in text else text).partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = re.sub(r"\B(?=(\d{3})+$)", "\N{NARROW NO-BREAK SPACE}", whole)
    return (whole + ("," if point else "") + decimals).replace("-", "\N{MINUS SIGN}")
