"""What the command line prints of a territory, for a person: one block per lever, in French."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import duckdb

from leviers.site.borders import Border
from leviers.site.content import COMPLETE, LEVEL_TO_REACH, Verdict, read_verdicts, rows_of
from leviers.site.queries import BORDERS
from leviers.site.words import LEVEL_LABELS, conclusion, readings_of, standing
from leviers.text.catalogue import no_break
from leviers.text.french import number, plural, quantity
from leviers.text.message import Bilingual, Joined, Message

LEVERS_OF_A_TERRITORY = """
select
    readings.levier_id,
    readings.levier,
    coalesce(observed.indicateur, readings.indicateur) as indicateur,
    coalesce(observed.unite, readings.unite) as unite,
    coalesce(observed.annee, readings.annee) as annee,
    coalesce(observed.valeur, readings.valeur_publiee) as valeur,
    observed.completude_pct,
    observed.est_provisoire,
    observed.motif_absence,
    observed.remarque,
    coalesce(datasets.attribution, observed.source) as source,
    datasets.verified as source_verifiee,
    parts.region_code as code_region,
    case when readings.niveau = 'region' then objectives.cible_ktco2e end as cible_2030_ktco2e,
    objectives.cible as cible_2030,
    parts.physical_unit_label_fr as unite_cible_libelle,
    objectives.nature_cible,
    parts.part_ktco2e as part_indicative_ktco2e,
    100 * parts.key_share as part_indicative_pct,
    parts.physical_change as evolution_physique_indicative,
    allocation_keys.indicateur as cle_indicative_libelle,
    parts.key_year as cle_indicative_annee,
    parts.is_proxy as cle_indicative_approchee,
    parts.proxy_reason as cle_indicative_motif
from vues.fait_lecture as readings
left join vues.cop_objectifs as objectives using (levier_id, territoire_id)
left join marts.fct_lever_part as parts
    on
        readings.levier_id = parts.lever_id
        and readings.niveau = parts.territory_level
        and readings.code_territoire = parts.territory_code
        and objectives.region_id = 'region:' || parts.region_code
left join vues.dim_cle as allocation_keys on parts.key_id = allocation_keys.cle_id
left join vues.cop_diagnostic as observed
    on
        readings.levier_id = observed.levier_id
        and readings.territoire_id = observed.territoire_id
        and objectives.region_id = observed.region_id
left join marts.dim_indicator as indicators
    on coalesce(observed.indicateur_id, readings.indicateur_id) = indicators.indicator_id
left join marts.dim_dataset as datasets on indicators.dataset_id = datasets.dataset_id
where readings.niveau = $level and readings.code_territoire = $code
order by parts.region_code nulls last, parts.part_ktco2e desc nulls last, readings.levier
"""
LABEL_WIDTH = 11


class UnknownTerritoryError(Exception):
    """No such territory or level: ``parameter`` says which, ``nearest`` holds those with a near name or code."""

    def __init__(self, what: Message, parameter: str, nearest: Sequence[str]) -> None:
        self.message = Message("{what}; the nearest: {nearest}", what=what, nearest=Joined("; ", nearest))
        super().__init__(self.message)
        self.parameter = parameter
        self.nearest = nearest


def find_territory(published: Path, code: str, level: str | None) -> tuple[str, str, str]:
    """Level, code and name of a territory; the level may be written with capitals and accents.

    Raises:
        UnknownTerritoryError: no such level, or no such code at that level.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        if level is not None:
            level = _known_level(connection, level)
        found = connection.execute(
            """
            select territory_level, territory_code, name
            from marts.dim_territory
            where territory_code = $code and ($level is null or territory_level = $level)
            order by array_position(['region', 'departement', 'epci', 'commune', 'pays'], territory_level) nulls last
            """,
            {"code": code, "level": level},
        ).fetchone()
        if found:
            return found[0], found[1], found[2]
        nearest = connection.execute(
            """
            select territory_code || ' ' || name, territory_level
            from marts.dim_territory
            where $level is null or territory_level = $level
            order by
                contains(lower(strip_accents(name)), lower(strip_accents($code)))
                and territory_level in ('region', 'departement', 'epci') desc,
                contains(lower(strip_accents(name)), lower(strip_accents($code))) desc,
                least(
                    levenshtein(lower(strip_accents(name)), lower(strip_accents($code))),
                    levenshtein(territory_code, $code)
                ),
                population desc nulls last
            limit 5
            """,
            {"code": code, "level": level},
        ).fetchall()
    told = [Joined("", (territory, " (", _labelled(its_level), ")")) for territory, its_level in nearest]
    raise UnknownTerritoryError(Message("no territory {code!r}", code=code), "CODE", told)


def _known_level(connection: duckdb.DuckDBPyConnection, level: str) -> str:
    found = connection.execute("select distinct territory_level from marts.dim_territory order by 1").fetchall()
    levels = [name for (name,) in found]
    folded = unicodedata.normalize("NFKD", level).encode("ascii", "ignore").decode().lower()
    if folded not in levels:
        told = [_labelled(name) for name in get_close_matches(folded, levels) or levels]
        raise UnknownTerritoryError(Message("no level {level!r}", level=level), "--level", told)
    return folded


def _labelled(level: str) -> Bilingual:
    return Bilingual(level, LEVEL_LABELS.get(level, level))


def print_levers(published: Path, level: str, code: str) -> None:
    """Prints the levers of one territory, those with the largest part first, as wide as the terminal is."""
    _, _, name = find_territory(published, code, level)
    with duckdb.connect(str(published), read_only=True) as connection:
        verdicts = read_verdicts(connection, level=level, code=code)
        levers = [
            lever | {"verdict": verdicts[lever["levier_id"], level, code]}
            for lever in rows_of(connection, LEVERS_OF_A_TERRITORY, level=level, code=code)
        ]
        parts = [Border(**row) for row in rows_of(connection, BORDERS)]
        borders = [found for found in parts if (found.level, found.code) == (level, code)]
    territory = f"{name} ({LEVEL_LABELS.get(level, level)} {code})"
    if not levers:
        _say(f"{territory} : les leviers sont donnés par région, département, EPCI et regroupement du périmètre")
        return
    _say(f"{territory} : leviers de la planification écologique, cibles 2030", bold=True)
    _say(_summary(levers))
    if level != "region":
        _say("Les parts indicatives sont des ordres de grandeur : elles n'engagent ni l'État ni le territoire.")
    for border in borders:
        _say(str(border))
    regions = {lever["code_region"] for lever in levers} - {None}
    for lever in levers:
        region = f" (part de la région {lever['code_region']})" if len(regions) > 1 and lever["code_region"] else ""
        click.echo()
        _say(f"{lever['levier']}{region}", bold=True)
        for label, text in _facts(lever, level):
            _say(text, label=label)


def _say(text: str, *, label: str | None = None, bold: bool = False) -> None:
    """Prints a text between the margins of the terminal, without breaking a word; plain where it is piped."""
    margin = f"  {label:<{LABEL_WIDTH}}" if label else ""
    lines = textwrap.wrap(
        no_break(text),
        width=shutil.get_terminal_size().columns,
        initial_indent=margin,
        subsequent_indent=" " * len(margin),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        click.secho(line, bold=bold)


def _summary(levers: list[dict[str, Any]]) -> str:
    """How many levers have each reading."""
    verdicts = {lever["levier_id"]: lever["verdict"] for lever in levers}
    return f"{plural(len(verdicts), 'levier')} : {readings_of(verdicts.values())}."


def _facts(lever: dict[str, Any], level: str) -> Iterator[tuple[str, str]]:
    """What is known of a lever, a line per question; what is not known says why."""
    yield "Observé", _observed(lever)
    if lever["code_region"]:
        yield _target(lever, level)
        yield "À éviter", _avoided(lever, level)
    yield "Lecture", _reading(lever["verdict"])
    if lever["source"]:
        unsure = "" if lever["source_verifiee"] else " (lecture non vérifiée sur un fichier du producteur)"
        yield "Source", f"{lever['source']}{unsure}"
    if lever["remarque"]:
        yield "Remarque", lever["remarque"]


def _reading(verdict: Verdict) -> str:
    """The reading with its series, what that is compared with, its gap and how sure it is, or why there is none."""
    if not verdict.is_judged:
        return f"{standing(verdict)} : {verdict.reason}"
    doubts = f" : {' ; '.join(verdict.doubts)}" if verdict.doubts else ""
    return " ; ".join(
        said
        for said in (
            f"{standing(verdict)} en {verdict.latest_year}, {verdict.basis_label}",
            f"jugé sur « {verdict.indicator} »",
            conclusion(verdict),
            f"confiance {verdict.confidence}{doubts}",
        )
        if said
    )


def _observed(lever: dict[str, Any]) -> str:
    if lever["valeur"] is None:
        return f"aucune donnée : {lever['motif_absence'] or lever['verdict'].reason}"
    known = lever["completude_pct"]
    limits = [
        f"partiel ({number(known)} % connus)" if known is not None and known < COMPLETE else "",
        "provisoire" if lever["est_provisoire"] else "",
    ]
    said = "".join(f", {limit}" for limit in limits if limit)
    return f"{quantity(lever['valeur'], lever['unite'])} en {lever['annee']}{said} ({lever['indicateur']})"


def _target(lever: dict[str, Any], level: str) -> tuple[str, str]:
    """The target of the region, or what an indicative part of it means here."""
    unit = lever["unite_cible_libelle"]
    if lever["cible_2030"] is not None:
        whose = "" if level == "region" else ", celui de la région, le même partout"
        if lever["nature_cible"] != LEVEL_TO_REACH and whose:
            whose = ", celle de la région, la même partout"
        return "Cible 2030", f"{quantity(lever['cible_2030'], unit)} ({lever['nature_cible']}{whose})"
    if lever["evolution_physique_indicative"] is not None:
        change = quantity(lever["evolution_physique_indicative"], unit)
        return "Indicatif", f"{change} : part de l'évolution depuis 2019 qui est demandée à la région pour 2030"
    if unit is None:
        return "Cible 2030", "en CO2 seulement : l'État ne la traduit pas dans une unité physique"
    return "Cible 2030", "en CO2 seulement : le point de départ n'est pas publié"


def _avoided(lever: dict[str, Any], level: str) -> str:
    if lever["cible_2030_ktco2e"] is not None:
        return f"{number(lever['cible_2030_ktco2e'])} ktCO2e en 2030 par rapport à 2019 (cible de la région)"
    if lever["part_indicative_ktco2e"] is None:
        return "aucune part calculée"
    year = f", {lever['cle_indicative_annee']}" if lever["cle_indicative_annee"] else ""
    proxy = f" ; clé approchée : {lever['cle_indicative_motif']}" if lever["cle_indicative_approchee"] else ""
    part, share = number(lever["part_indicative_ktco2e"]), number(lever["part_indicative_pct"])
    key = f"la clé « {lever['cle_indicative_libelle']} »{year}{proxy}"
    return f"{part} ktCO2e, part indicative ({share} % de la région) selon {key}"
