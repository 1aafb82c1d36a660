"""The view of a territory in the terminal: one block per lever, in French."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import duckdb

from leviers.common.french import NO_BREAK, amount, folded, number, plural
from leviers.warehouse.seeds import LEVELS, french_label, thresholds

LEVERS_SQL, PARTS_SQL, TERRITORY_SQL, NEAREST_SQL = (
    (Path(__file__).with_name("sql") / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("territory_levers", "territory_parts", "territory", "nearest_territories")
)
READING_LABELS_SQL = "select libelle from vues.dim_libelle where domaine = 'reading'"
USED_THRESHOLDS = ("path_start_year", "path_end_year", "complete_pct")
LEVEL_TO_REACH = "niveau à atteindre"
LABEL_WIDTH = 11
# As a level is named beside a code: its label, or the abbreviation that is typed.
LEVEL_LABELS = {level: french_label("territory_level", level) for level in LEVELS} | {"epci": "EPCI"}


def find_territory(published: Path, code: str, level: str | None, asked_by: str = "CODE") -> tuple[str, str, str]:
    """Returns level, code and name of a territory; the level may be written with capitals and accents.

    ``asked_by`` names the parameter of the command that has the code.

    Raises:
        click.BadParameter: no such level, or no such code at that level; it names those that are near.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        if level is not None:
            level = _known_level(connection, level)
        wanted = {"code": code, "level": level}
        matches = connection.execute(TERRITORY_SQL, wanted | {"levels": LEVELS}).fetchone()
        if matches:
            return matches[0], matches[1], matches[2]
        nearest = connection.execute(NEAREST_SQL, wanted).fetchall()
    choices = [f"{territory} ({its_level})" for territory, its_level in nearest]
    raise _unknown(f"no territory {code!r}", choices, asked_by)


def _known_level(connection: duckdb.DuckDBPyConnection, level: str) -> str:
    rows = connection.execute("select distinct territory_level from marts.dim_territory order by 1").fetchall()
    levels = [name for (name,) in rows]
    wanted = folded(level)
    if wanted not in levels:
        raise _unknown(f"no level {level!r}", get_close_matches(wanted, levels) or levels, "--level")
    return wanted


def _unknown(what: str, nearest: Sequence[str], parameter: str) -> click.BadParameter:
    return click.BadParameter(f"{what}; the nearest: {'; '.join(nearest)}", param_hint=parameter)


def print_levers(published: Path, level: str, code: str) -> None:
    """Prints the levers of a territory, the largest part first, in the width of the terminal."""
    _, _, name = find_territory(published, code, level)
    with duckdb.connect(str(published), read_only=True) as connection:
        place = {"level": level, "code": code}
        used = {code: thresholds()[code]["value"] for code in USED_THRESHOLDS}
        result = connection.execute(LEVERS_SQL, place | used)
        names = [column[0] for column in result.description or ()]
        levers = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        parts = connection.execute(PARTS_SQL, place).fetchall()
        order = [label for (label,) in connection.execute(READING_LABELS_SQL).fetchall()]
    territory = f"{name} ({LEVEL_LABELS.get(level, level)} {code})"
    if not levers:
        _print(f"{territory} : les leviers sont donnés par région, département, EPCI et regroupement du périmètre")
        return
    end = levers[0]["annee_cible"]
    _print(f"{territory} : leviers de la planification écologique, cibles {end}", bold=True)
    _print(_summary(levers, order))
    _print(_total(levers, level))
    if level != "region":
        _print("Les parts indicatives sont des ordres de grandeur : elles n'engagent ni l'État ni le territoire.")
    for region, communes, total in parts:
        _print(f"{region} : {communes} de ses {total} communes, que les parts de cette région comptent seules.")
    regions = {lever["region_id"] for lever in levers} - {None}
    for lever in levers:
        region = f" (part de la région {lever['region']})" if len(regions) > 1 and lever["region_id"] else ""
        click.echo()
        _print(f"{lever['levier']}{region}", bold=True)
        for label, text in _facts(lever, level):
            _print(text, label=label)


def _print(text: str, *, label: str | None = None, bold: bool = False) -> None:
    """Prints a text in the width of the terminal, without breaking a word; plain if it is piped."""
    margin = f"  {label:<{LABEL_WIDTH}}" if label else ""
    lines = textwrap.wrap(
        _no_break(text),
        width=shutil.get_terminal_size().columns,
        initial_indent=margin,
        subsequent_indent=" " * len(margin),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        click.secho(line, bold=bold)


def _no_break(text: str) -> str:
    """Returns a French text with no-break spaces before the punctuation marks that follow a space."""
    for mark in ":;?!»%":
        text = text.replace(f" {mark}", f"{NO_BREAK}{mark}")
    return text.replace("« ", f"«{NO_BREAK}")


def _summary(levers: list[dict[str, Any]], order: list[str]) -> str:
    """Returns how many levers have each reading."""
    count = Counter({lever["levier"]: lever["lecture_libelle"] for lever in levers}.values())
    counts = ", ".join(f"{label} : {count[label]}" for label in order if label in count)
    return f"{plural(count.total(), 'levier')} : {counts}."


def _total(levers: list[dict[str, Any]], level: str) -> str:
    """Returns what is asked in all and, of a region, what of it the State's tool shows."""
    asked = [lever for lever in levers if lever["part_ktco2e"] is not None]
    total = number(sum(lever["part_ktco2e"] for lever in asked))
    if level != "region":
        return f"Ensemble : {total} ktCO2e par an, la somme des parts."
    shown = number(sum(lever["part_ktco2e"] for lever in asked if lever["est_affichee_par_l_etat"]))
    return f"Ensemble : {total} ktCO2e par an, la somme des leviers de l'État ; {shown} sans ce que son outil masque."


def _facts(lever: dict[str, Any], level: str) -> Iterator[tuple[str, str]]:
    """Yields the facts about a lever, a line per question; a missing fact is replaced by its reason."""
    yield "Observé", _observation(lever)
    if lever["region_id"]:
        yield _target(lever, level)
        yield "À éviter", _avoided(lever, level)
    yield "Lecture", _reading(lever)
    if done := _done_here(lever):
        yield "Ici", done
    if lever["source"]:
        unsure = " (lecture non vérifiée sur un fichier du producteur)" if lever["est_verifiee"] is False else ""
        yield "Source", f"{lever['source']}{unsure}"
    if lever["remarque"]:
        yield "Remarque", lever["remarque"]


def _reading(lever: dict[str, Any]) -> str:
    """Returns the reading with its series, basis, gap and confidence, or the reason why there is none."""
    standing = ", ".join(filter(None, (lever["lecture_libelle"], lever["tendance_libelle"])))
    if lever["lecture"] == "not_judged":
        return f"{standing} : {lever['raison']}"
    gap = lever["ecart"]
    parts = (
        f"{standing} en {lever['annee_jugee']}, {lever['base_libelle']}",
        f"jugé sur « {lever['indicateur_juge']} »",
        f"écart de {amount(gap, lever['echelle_ecart'])} ± {amount(lever['incertitude'], lever['echelle_ecart'])}"
        if gap is not None and lever["incertitude"] is not None
        else "",
        lever["raison"],
        f"confiance {lever['confiance']}{f' : {doubts}' if (doubts := lever['doutes']) else ''}",
    )
    return " ; ".join(filter(None, parts))


def _done_here(lever: dict[str, Any]) -> str:
    """Returns the subsidised projects found of a lever and what its EPCI decides; empty if neither is known."""
    facts = []
    if count := lever["actions_trouvees"]:
        first, last = lever["premiere_annee_actions"], lever["derniere_annee_actions"]
        years = f"en {first}" if first == last else f"de {first} à {last}"
        grants = lever["subventions_trouvees_eur"]
        facts.append(f"{plural(count, 'projet subventionné trouvé', 'projets subventionnés trouvés')} {years}")
        facts += [f"{number(grants)} € de l'État"] if grants is not None else []
    if lever["role_libelle"]:
        held = f" ({lever['competences']})" if lever["competences"] else ""
        facts.append(f"l'EPCI {lever['role_libelle']}{held}")
    return " ; ".join(facts)


def _observation(lever: dict[str, Any]) -> str:
    if lever["valeur"] is None:
        return f"aucune donnée : {lever['motif_absence'] or lever['raison']}"
    limits = [
        f"partiel ({number(lever['completude_pct'])} % connus)" if lever["est_partielle"] else "",
        "provisoire" if lever["est_provisoire"] else "",
    ]
    limited = "".join(f", {limit}" for limit in limits if limit)
    return f"{amount(lever['valeur'], lever['echelle'])} en {lever['annee']}{limited} ({lever['indicateur']})"


def _target(lever: dict[str, Any], level: str) -> tuple[str, str]:
    """Returns the target of the region, or the indicative part of it here."""
    start, end = lever["annee_depart"], lever["annee_cible"]
    if lever["cible"] is not None:
        whose = "" if level == "region" else ", celui de la région, le même partout"
        if lever["nature_cible"] != LEVEL_TO_REACH and whose:
            whose = ", celle de la région, la même partout"
        return f"Cible {end}", f"{amount(lever['cible'], lever['echelle_cible'])} ({lever['nature_cible']}{whose})"
    if lever["phrase"]:
        scale = f" ({lever['phrase_echelle']})" if lever["phrase_echelle"] else ""
        whose = f"part de l'évolution depuis {start} qui est demandée à la région pour {end}"
        return "Indicatif", f"{lever['phrase']}{scale} : {whose}"
    return f"Cible {end}", lever["motif_sans_quantite"] or "rien à faire ici, selon la clé"


def _avoided(lever: dict[str, Any], level: str) -> str:
    if level == "region" and lever["cible_region_ktco2e"] is not None:
        start, end = lever["annee_depart"], lever["annee_cible"]
        return f"{number(lever['cible_region_ktco2e'])} ktCO2e en {end} par rapport à {start} (cible de la région)"
    if lever["part_ktco2e"] is None:
        return "aucune part calculée"
    year = f", {lever['annee_cle']}" if lever["annee_cle"] else ""
    proxy = f" ; clé approchée : {lever['motif_approchee']}" if lever["est_approchee"] else ""
    key = f"la clé « {lever['cle']} »{year}{proxy}"
    part, share = number(lever["part_ktco2e"]), number(lever["part_pct"])
    return f"{part} ktCO2e, part indicative ({share} % de la région) selon {key}"
