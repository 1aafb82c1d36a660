"""An action in tonnes: the worked cases of docs/method.md, the macros, ``leviers action``; parts in their own unit."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

from leviers.cli.main import main
from leviers.warehouse.project import REPOSITORY
from tests.conftest import FinishedRun

CASES = re.findall(
    r"^\| `(\w+)` \| (\d\d) \| (\d+) \| [^|]+ \| ([\d,]+|refus) \|$",
    (REPOSITORY / "docs" / "method.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
CONVERTED = [case[:3] for case in CASES if case[3] != "refus"]
EPCI = "200066371"


def said(run: FinishedRun, text: str, *options: str) -> Result:
    environment = {"LEVIERS_HOME": str(run.home.path)}
    return CliRunner().invoke(main, ["action", text, "--territory", *(options or [EPCI])], env=environment)


def test_the_method_has_twenty_cases() -> None:
    assert (len(CASES), len(CONVERTED)) == (20, 14)


@pytest.mark.parametrize(("action", "region", "quantity", "tonnes"), CASES)
def test_a_worked_case_is_what_the_file_says(
    real: FinishedRun, action: str, region: str, quantity: str, tonnes: str
) -> None:
    query = f"""
        select t_par_unite * {quantity}, motif_refus from vues.fait_conversion
        where action_id = '{action}' and region_id = 'region:{region}'
    """
    [(computed, refusal)] = real.home.query(query)
    assert (computed is None) == (refusal is not None) == (tonnes == "refus")
    assert computed is None or computed == pytest.approx(float(tonnes.replace(",", ".")), rel=1e-4)


def test_the_inverse_of_the_inverse_is_the_quantity(real: FinishedRun) -> None:
    for action in {case[0] for case in CONVERTED}:
        place = f"'epci:{EPCI}'"
        [(tonnes,)] = real.home.query(f"select tonnes from vues.tonnes_d_une_action('{action}', {place}, 3)")
        [(quantity,)] = real.home.query(
            f"select quantite from vues.quantite_pour_tonnes('{action}', {place}, {tonnes})"
        )
        assert quantity == pytest.approx(3, rel=1e-12)


def test_shared_quantities_of_all_epci_are_the_target_of_the_region(real: FinishedRun) -> None:
    """In kt with the row of what is not located; a quantity has the share of its kt."""
    rows = real.home.query(
        """
        select
            levier_id,
            (sum(part_ktco2e) + coalesce(any_value(rest.kt), 0)) / any_value(cible_region_ktco2e),
            sum(parts.quantite) / any_value(whole.quantite) - sum(part_ktco2e) / any_value(cible_region_ktco2e)
        from vues.fait_part as parts
        inner join (
            select levier_id, region_id, quantite from vues.fait_part
            where niveau = 'region' and nature_quantite = 'shared' and quantite > 0
        ) as whole using (levier_id, region_id)
        left join (
            select levier_id, region_id, sum(part_ktco2e) as kt from vues.fait_part_reste
            where niveau = 'epci' group by all
        ) as rest using (levier_id, region_id)
        where niveau = 'epci' and region_id = 'region:76'
        group by levier_id
        """
    )
    assert len(rows) == 16 - 1  # the State gives no gas of the farms of Occitanie
    for lever, share, difference in rows:
        assert share == pytest.approx(1, abs=1e-9), lever
        assert difference == pytest.approx(0, abs=1e-9), lever


def test_every_lever_says_its_quantity_or_why_not(real: FinishedRun) -> None:
    rows = real.home.query(
        "select phrase is null, motif_sans_quantite is null from vues.fait_part where territoire_id = 'region:76'"
    )
    assert len(rows) == 30
    assert all(no_phrase != no_reason for no_phrase, no_reason in rows)
    [(rates,)] = real.home.query(
        """
        select count(distinct quantite) = count(distinct levier_id) from vues.fait_part
        where nature_quantite = 'rate' and region_id = 'region:76' and levier_id not in ('covoiturage')
        """
    )
    assert rates


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("5000 homes leave oil", "Plus que le niveau de 2019 ici"),
        ("-5 homes leave oil", "une quantité positive"),
        ("1000 km leave oil", "no action with that unit"),
        ("500 boilers", "several actions"),
        ("1,000 homes leave oil", "a thousand or one"),
        ("homes leave oil", "no quantity"),
        ("10 km de haies", "plus du double"),
        ("5 foret_gestion", "CO2 seulement"),
        ("20 GWh de gaz dans les bureaux", "un second facteur 185 t"),
    ],
)
def test_what_cannot_be_converted_is_refused(real: FinishedRun, text: str, refusal: str) -> None:
    result = said(real, text)
    assert result.exit_code == 2
    assert refusal in " ".join(result.stderr.split())


def test_a_thousand_homes_are_said_in_tonnes(real: FinishedRun) -> None:
    text = said(real, "1000 homes leave oil").stdout.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "3 900 t de CO2" in text
    assert "moins ce qui est déjà fait depuis 2019" in text
    assert said(real, "1000 residentiel_chaudieres_fioul").stdout.replace("\N{NARROW NO-BREAK SPACE}", " ") == text
    assert said(real, "1000 logements qui quittent le fioul").stdout.replace("\N{NARROW NO-BREAK SPACE}", " ") == text
