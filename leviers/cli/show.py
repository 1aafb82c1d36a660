"""What the command line prints of a territory, for a person: one block per lever, in French."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import duckdb

from leviers.site.borders import read_borders
from leviers.site.content import LEVEL_TO_REACH, Verdict
from leviers.site.words import BASES, LEVEL_LABELS, conclusion, standing_of
from leviers.text.catalogue import no_break
from leviers.text.french import number, plural, quantity, signed
from leviers.text.message import Bilingual, Joined, Message

STATUS_AND_VERDICT = (
    "Statut : la dernière valeur, comparée au départ et à la cible de l'État là où ils ont la même unité. Verdict : la "
    "série qui juge le mieux le levier, comparée à ce qui est dit (cible, rythme national, part indicative), marge "
    "comprise. Sur une même série, un mouvement plus petit que cette marge a un sens pour le statut, et n'est pas net "
    "pour le verdict."
)
LEVERS_OF_A_TERRITORY = """
select
    objectives.*,
    allocation.* exclude (levier_id, niveau, code_territoire, code_region),
    verdicts.status as verdict,
    verdicts.basis,
    verdicts.latest_year as verdict_year,
    verdicts.confidence,
    verdicts.confidence_reasons,
    verdicts.reason_code,
    verdicts.reason as verdict_reason,
    verdicts.gap,
    verdicts.band,
    verdicts.margin,
    verdicts.path_value,
    verdicts.start_value,
    verdicts.target_value,
    verdicts.target_year,
    verdicts.is_favourable,
    indicators.label_fr as judged_on,
    indicators.unit_label_fr as verdict_unit
from marts.mart_cop_objectives as objectives
left join marts.mart_cop_allocation as allocation using (levier_id, niveau, code_territoire, code_region)
left join marts.fct_lever_verdict as verdicts
    on
        objectives.levier_id = verdicts.lever_id
        and objectives.niveau = verdicts.territory_level
        and objectives.code_territoire = verdicts.territory_code
        and verdicts.is_shown
        and verdicts.status <> 'not_judged'
left join marts.dim_indicator as indicators on verdicts.indicator_id = indicators.indicator_id
where objectives.niveau = $level and objectives.code_territoire = $code
order by
    objectives.code_region,
    coalesce(objectives.cible_2030_ktco2e, allocation.part_indicative_ktco2e) desc nulls last,
    objectives.levier
"""
LABEL_WIDTH = 11
NOT_JUDGED = ("not_comparable", "no_data")


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
    choices = [Joined("", (territory, " (", _labelled(its_level), ")")) for territory, its_level in nearest]
    raise UnknownTerritoryError(Message("no territory {code!r}", code=code), "CODE", choices)


def _known_level(connection: duckdb.DuckDBPyConnection, level: str) -> str:
    found = connection.execute("select distinct territory_level from marts.dim_territory order by 1").fetchall()
    levels = [name for (name,) in found]
    folded = unicodedata.normalize("NFKD", level).encode("ascii", "ignore").decode().lower()
    if folded not in levels:
        choices = [_labelled(name) for name in get_close_matches(folded, levels) or levels]
        raise UnknownTerritoryError(Message("no level {level!r}", level=level), "--level", choices)
    return folded


def _labelled(level: str) -> Bilingual:
    return Bilingual(level, LEVEL_LABELS.get(level, level))


def print_levers(published: Path, level: str, code: str) -> None:
    """Prints the levers of one territory, those with the largest part first, as wide as the terminal is."""
    _, _, name = find_territory(published, code, level)
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute(LEVERS_OF_A_TERRITORY, {"level": level, "code": code})
        columns = [column[0] for column in found.description]
        levers = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        borders = [found for found in read_borders(connection) if (found.level, found.code) == (level, code)]
    territory = f"{name} ({LEVEL_LABELS.get(level, level)} {code})"
    if not levers:
        _say(f"{territory} : les leviers sont donnés par région, département, EPCI et regroupement du périmètre")
        return
    _say(f"{territory} : leviers de la planification écologique, cibles 2030", bold=True)
    _say(_summary(levers))
    _say(STATUS_AND_VERDICT)
    if level != "region":
        _say("Les parts indicatives sont des ordres de grandeur : elles n'engagent ni l'État ni le territoire.")
    for border in borders:
        _say(str(border))
    regions = {lever["code_region"] for lever in levers}
    for lever in levers:
        region = f" (part de la région {lever['code_region']})" if len(regions) > 1 else ""
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
    """How many levers stand where, in a sentence."""
    statuses = Counter(lever["statut_libelle"] for lever in levers if lever["statut"] not in NOT_JUDGED)
    others = Counter(lever["statut"] for lever in levers)
    compared = plural(statuses.total(), "comparé à sa cible", "comparés à leur cible")
    which = ", ".join(f"{label} : {count}" for label, count in sorted(statuses.items()))
    followed = plural(others["not_comparable"], "suivi", "suivis")
    judged = plural(sum(lever["verdict"] is not None for lever in levers), "a un verdict", "ont un verdict")
    return (
        f"{plural(len(levers), 'levier')} : {compared}{f' ({which})' if which else ''}, "
        f"{followed} sans comparaison possible, {others['no_data']} sans donnée ; {judged}."
    )


def _facts(lever: dict[str, Any], level: str) -> Iterator[tuple[str, str]]:
    """What is known of a lever, a line per question; what is not known says why."""
    yield "Observé", _observed(lever)
    yield _target(lever, level)
    if lever["ecart"] is not None:
        unit = lever["unite_indicateur_libelle"]
        gap, expected = signed(lever["ecart"], unit), quantity(lever["valeur_attendue_a_ce_jour"], unit)
        yield "Écart", f"{gap} par rapport à la trajectoire, qui passe par {expected} cette année-là"
    yield "À éviter", _avoided(lever, level)
    yield "Statut", lever["statut_libelle"] + (f" : {lever['motif_statut']}" if _says_why(lever) else "")
    if lever["verdict"] is not None:
        yield "Verdict", _verdict(lever)
    if lever["source_observation"]:
        unsure = "" if lever["source_verifiee"] else " (lecture non vérifiée sur un fichier du producteur)"
        yield "Source", f"{lever['source_observation']}{unsure}"
    if lever["remarque"]:
        yield "Remarque", lever["remarque"]


def _says_why(lever: dict[str, Any]) -> bool:
    return lever["motif_statut"] is not None and lever["derniere_valeur"] is not None


def _verdict(lever: dict[str, Any]) -> str:
    """The one verdict that is shown: the series that it judges, its basis, its margin and how sure it is."""
    doubts = f" : {lever['confidence_reasons']}" if lever["confidence_reasons"] else ""
    verdict = Verdict(
        status=lever["verdict"],
        unit=lever["verdict_unit"],
        basis=lever["basis"],
        latest_year=lever["verdict_year"],
        start_value=lever["start_value"],
        target_year=lever["target_year"],
        target_value=lever["target_value"],
        path_value=lever["path_value"],
        is_favourable=lever["is_favourable"],
        gap=lever["gap"],
        band=lever["band"],
        margin=lever["margin"],
        confidence_reasons=lever["confidence_reasons"],
        reason_code=lever["reason_code"],
        reason=lever["verdict_reason"],
    )
    return " ; ".join(
        said
        for said in (
            f"{standing_of(verdict, verdict.status).words} en {lever['verdict_year']}, {BASES[lever['basis']]}",
            f"jugé sur « {lever['judged_on']} »",
            conclusion(verdict),
            f"confiance {lever['confidence']}{doubts}",
        )
        if said
    )


def _observed(lever: dict[str, Any]) -> str:
    if lever["derniere_valeur"] is None:
        return f"aucune donnée : {lever['motif_statut']}" if lever["motif_statut"] else "aucune donnée"
    unit = lever["unite_indicateur_libelle"]
    interval = f" ± {quantity(lever['demi_intervalle'], unit)}" if lever["demi_intervalle"] is not None else ""
    known = lever["completude_pct"]
    limits = [
        "part connue inconnue" if known is None else f"partiel ({number(known)} % connus)" if known < 99.95 else "",
        "provisoire" if lever["est_provisoire"] else "",
        "" if lever["est_recent"] else "ancien",
    ]
    said = "".join(f", {limit}" for limit in limits if limit)
    value = f"{quantity(lever['derniere_valeur'], unit)}{interval}"
    return f"{value} en {lever['derniere_annee']}{said} ({lever['indicateur']})"


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
