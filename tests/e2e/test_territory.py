"""``leviers territory``: in French, as wide as the terminal is, with a reason wherever a number is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

import pytest
from click.testing import CliRunner

from leviers.cli.main import main
from leviers.common.french import number
from tests.conftest import FinishedRun, Home

pytestmark = pytest.mark.xdist_group("demo")
LABELS = ("Observé", "Cible 2030", "Indicatif", "À éviter", "Lecture", "Source", "Remarque")


@cache
def printed(home: Home, code: str, width: int = 200) -> str:
    environment = {"LEVIERS_HOME": str(home.path), "COLUMNS": str(width)}
    return CliRunner().invoke(main, ["territory", code], env=environment, catch_exceptions=False).stdout


def blocks(home: Home, code: str) -> dict[str, dict[str, str]]:
    """The facts by lever and label."""
    by_lever: dict[str, dict[str, str]] = defaultdict(dict)
    text = printed(home, code, 10_000).replace("\N{NO-BREAK SPACE}", " ")
    for block in text.split("\n\n")[1:]:
        lever, *lines = block.splitlines()
        for line in lines:
            label = next(label for label in LABELS if line.startswith(f"  {label}"))
            by_lever[lever][label] = line.removeprefix(f"  {label}").strip()
    return by_lever


@pytest.mark.parametrize("width", [60, 120])
@pytest.mark.parametrize("code", ["76", "200066355"])
def test_lines_end_at_the_ends_of_words(demo: FinishedRun, code: str, width: int) -> None:
    text = printed(demo.home, code, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert text.split(" ") != printed(demo.home, code, 10_000).split(" ")
    assert re.split(r"[ \n]+", text) == re.split(r"[ \n]+", printed(demo.home, code, 10_000))


@pytest.mark.parametrize(("code", "title"), [("76", "Occitanie (région 76)"), ("31", "Haute-Garonne (département 31)")])
def test_every_lever_has_its_facts_or_the_reason(demo: FinishedRun, code: str, title: str) -> None:
    assert printed(demo.home, code).startswith(title)
    levers = blocks(demo.home, code)
    quantified = {str(name) for (name,) in demo.home.query("select distinct levier from vues.fait_cible")}
    assert len(quantified & levers.keys()) == 30
    for lever, facts in levers.items():
        assert {"Observé", "Lecture"} <= facts.keys(), lever
        if lever in quantified:
            assert "À éviter" in facts, lever
            assert ("Cible 2030" in facts) != ("Indicatif" in facts), lever
        assert not any(text in ("", "-", "None") for text in facts.values()), lever
        assert re.match(r"aucune donnée : \S|.* en \d{4}", facts["Observé"]), lever


def test_a_change_is_marked_as_one_and_a_level_as_one(demo: FinishedRun) -> None:
    region = blocks(demo.home, "76")
    freight = region["Fret : efficacité et sobriété logistique"]["Cible 2030"]
    assert freight == "772 millions de tonnes-km (évolution depuis 2019)"
    assert region["Véhicules électriques"]["Cible 2030"].endswith("milliers de véhicules (niveau à atteindre)")
    departement = blocks(demo.home, "31")
    boilers = departement["Changement de chaudière à gaz (résidentiel)"]["Indicatif"]
    assert boilers.endswith(" : part de l'évolution depuis 2019 qui est demandée à la région pour 2030")
    waste = departement["Sobriété matière des déchets"]["Cible 2030"]
    assert waste.endswith("(niveau à atteindre, celui de la région, le même partout)")


def test_an_indicative_part_names_its_key_and_why_it_is_a_proxy(demo: FinishedRun) -> None:
    boilers = blocks(demo.home, "31")["Changement de chaudière à fioul (résidentiel)"]["À éviter"]
    assert "part indicative" in boilers
    assert "selon la clé « Ventes de produits pétroliers : fioul domestique », 20" in boilers
    assert "clé approchée : " in boilers
    charged = demo.home.query(
        """
        select levier, est_approchee from vues.fait_part
        where niveau = 'departement' and code_territoire = '31' and part_ktco2e is not null
        """
    )
    levers = blocks(demo.home, "31")
    assert {(name, "clé approchée" in levers[str(name)]["À éviter"]) for name, _ in charged} == set(charged)


def test_the_summary_counts_what_the_blocks_say(demo: FinishedRun) -> None:
    levers = blocks(demo.home, "76")
    text = printed(demo.home, "76", 10_000).replace("\N{NO-BREAK SPACE}", " ").splitlines()[1]
    labels = [
        str(label) for (label,) in demo.home.query("select libelle from vues.dim_libelle where domaine = 'reading'")
    ]
    count = {label: sum(facts["Lecture"].startswith(label) for facts in levers.values()) for label in labels}
    assert text == f"{len(levers)} leviers : {', '.join(f'{label} : {n}' for label, n in count.items() if n)}."


def test_the_total_is_the_sum_of_what_is_asked(demo: FinishedRun) -> None:
    asked = "select sum(demande_ktco2e)::double from vues.fait_demande where territoire_id = 'region:76'"
    ((total,), (shown,)) = demo.home.query(f"{asked} union all {asked} and not est_masquee order by 1 desc")
    text = printed(demo.home, "76", 10_000).replace("\N{NO-BREAK SPACE}", " ")
    assert f"{number(total)} ktCO2e par an, la somme des leviers de l'État ; {number(shown)} sans" in text


def test_why_a_line_is_unsure_is_said_once(demo: FinishedRun) -> None:
    unsure = demo.home.query(
        """
        select r.levier, r.raison from vues.fait_lecture as r
        inner join vues.fait_doute as d using (levier_id, territoire_id, base, indicateur_id)
        where r.territoire_id = 'region:76' and r.lecture = 'unsure' and d.doute = r.raison
        """
    )
    levers = blocks(demo.home, "76")
    assert unsure
    assert [lever for lever, reason in unsure if levers[str(lever)]["Lecture"].count(str(reason)) != 1] == []
