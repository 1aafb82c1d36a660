"""The site of the demo: its budgets, its links, its language, and what it does with a hostile label."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from ingestion.catalog import load_catalog
from leviers.site import build_site
from leviers.site.content import Content, read_content
from leviers.site.pages import typeset, unlinked
from leviers.site.questions import answers
from leviers.site.words import judged_value
from leviers.text import french
from leviers.warehouse.seeds import seed_rows
from tests.conftest import Ran

PAGE_LIMIT = 300_000  # bytes
pytestmark = pytest.mark.xdist_group("demo")


class Page(HTMLParser):
    """Links, ids, addresses and visible text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.texts: list[str] = []
        self.unnamed: list[str] = []
        self._quiet = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag in ("script", "img", "iframe", "link"):
            self.loads.append(given.get("src") or given.get("href") or "")
        if (
            tag == "svg"
            and given.get("aria-hidden") != "true"
            and not (given.get("role") == "img" and given.get("aria-label"))
        ):
            self.unnamed.append(str(given))
        if tag in ("script", "style", "code") or given.get("lang") == "en":
            self._quiet += 1
            self._until = tag

    def handle_endtag(self, tag: str) -> None:
        if self._quiet and tag == self._until:
            self._quiet -= 1

    def handle_data(self, data: str) -> None:
        if not self._quiet and data.strip():
            self.texts.append(data)


@pytest.fixture(scope="module")
def site(demo: Ran) -> Path:
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    return (demo.home.path / "published" / "site").resolve()


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.resolve().rglob("*.html"))}  # published is a link


@pytest.fixture(scope="module")
def content(demo: Ran) -> Content:
    return read_content(demo.home.published)


def test_every_territory_lever_and_chantier_has_a_page(demo: Ran, site: Path) -> None:
    assert len(list(site.glob("territoires/*.html"))) == 1 + 13 + 164
    judged = demo.home.query("select distinct lever_id from marts.fct_lever_verdict where latest_value is not null")
    pages = {path.stem for path in site.glob("leviers/*.html")}
    assert {lever_id for (lever_id,) in judged} < pages
    assert len(pages) >= 30
    assert len(list(site.glob("chantiers/*.html"))) == 22


def test_the_demo_ends_with_the_page_to_open(demo: Ran) -> None:
    last = demo.run.stdout.splitlines()[-1]
    assert Path(last.partition(": ")[2]) == demo.home.path / "published" / "site" / "index.html"


def test_a_page_is_light_and_asks_nobody(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        assert path.stat().st_size < PAGE_LIMIT, path
        assert not [address for address in page.loads if "//" in address], path


def test_what_is_composed_for_a_verdict_has_its_changes_in_every_territory(demo: Ran, content: Content) -> None:
    composed = demo.home.query(
        """
        select values.territory_level, values.territory_code, values.lever_id, indicators.label_fr
        from marts.fct_verdict_value as values
        semi join marts.fct_lever_verdict as verdicts
            on values.lever_id = verdicts.lever_id and values.indicator_id = verdicts.indicator_id
            and values.basis = verdicts.basis and verdicts.is_shown
            and (values.territory_level, values.territory_code) = (verdicts.territory_level, verdicts.territory_code)
        inner join marts.dim_indicator as indicators using (indicator_id)
        anti join marts.fct_indicator_value as published on values.indicator_id = published.indicator_id
        where values.published_value is not null and values.left_out_because is null
        group by all
        having count(distinct values.year) > 1
        """
    )
    told = {(*place, move.lever_id, move.label) for place, moves in content.moves.items() for move in moves}
    assert len(composed) > 13
    assert set(composed) - told == set()


def test_every_page_can_search_all_places(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        loaded = [(path.parent / address).resolve() for address in page.loads if address.endswith(".js")]
        assert [one for one in loaded if one != site / "cartes.js"] == [
            site / "recherche.js", site / "communes.js", site / "site.js",
        ], path  # fmt: skip


def test_every_link_resolves(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            if not link.startswith("https://"):
                file, _, anchor = link.partition("#")
                target = (path.parent / file).resolve() if file else path
                assert target.is_file(), f"{path}: {link}"
                assert not anchor or anchor in pages[target].ids, f"{path}: {link}"
        assert len(page.ids) == len(set(page.ids)), path


def test_every_drawing_has_a_name(pages: dict[Path, Page]) -> None:
    assert not {path.name: page.unnamed for path, page in pages.items() if page.unnamed}


BAD_FRENCH = re.compile(r"(?<!Ouverte )(?<!BY )\b\d+\.\d|\d[kM]\b| [;:!?»]|« |\bNone\b|\bnan\b")


def test_visible_text_is_french_typography(pages: dict[Path, Page]) -> None:
    found = {
        (path.name, text.strip())
        for path, page in pages.items()
        if path.name != "sources.html"  # names of files and licences
        for text in page.texts
        if BAD_FRENCH.search(text)
    }
    assert not found


ENGLISH = re.compile(r"\b(the|of|and|is|are|was|has|not|with|without|where|when|which|from|expected|found|rows)\b")


def test_no_page_speaks_english(pages: dict[Path, Page]) -> None:
    assert {
        (path.name, text.strip()) for path, page in pages.items() for text in page.texts if ENGLISH.search(text)
    } == set()


def test_a_missing_value_says_why(site: Path) -> None:
    page = (site / "territoires" / "epci-200066355.html").read_text(encoding="utf-8")
    cards = page.count('<article class="card"')
    assert cards == 30
    assert page.count("Pas de valeur ici.</strong> ") == page.count('<p class="absence">')
    assert not re.search(r"Pas de valeur ici.</strong>\s*</p>", page)


def test_a_national_verdict_names_strategy_target_and_rule(demo: Ran, site: Path) -> None:
    page = (site / "territoires" / "region-76.html").read_text(encoding="utf-8")
    found = demo.home.query(
        "select lever_id, strategy_fr from marts.fct_lever_verdict "
        "inner join marts.bridge_verdict_national_target using (lever_id, indicator_id, basis) "
        "where is_shown and reading <> 'not_judged' and territory_level = 'region'"
    )
    assert found
    for lever_id, strategy in found:
        card = card_of(page, str(lever_id))
        assert typeset(f">{strategy}, pour tout le pays<")[1:-1] in card
    assert "Le territoire en prend sa part" in page
    assert "44\u00a0TWh en 2030" in page


def test_chantiers_say_what_they_weigh_without_adding_what_overlaps(demo: Ran, site: Path) -> None:
    found = demo.home.query(
        "select group_id, target_ktco2e is null from marts.fct_chantier_progress "
        "where group_kind = 'chantier' and territory_level = 'region' and territory_code = '76' "
        "and target_at_least_ktco2e is not null"
    )
    region = (site / "territoires" / "region-76.html").read_text(encoding="utf-8")
    table = region.split('<section class="screen" id="chantiers">')[1].split("</section>")[0]
    assert table.count("<tr>") == len(found) + 1
    assert table.count("<td>au moins ") == sum(overlaps for _, overlaps in found) > 0  # type: ignore[misc]
    for chantier, overlaps in found:
        page = (site / "chantiers" / f"{chantier}.html").read_text(encoding="utf-8")
        assert ("<strong>au moins " in page) == overlaps
        assert "de ce qu\u2019il demande à la région (recoupements compris)" in page


def card_of(page: str, lever_id: str) -> str:
    return page.split(f'<article class="card" id="{lever_id}" ')[1].split("</article>")[0]


def test_a_verdict_on_an_old_value_heads_no_page_and_names_a_newer_series(demo: Ran, site: Path) -> None:
    found = demo.home.query(
        "select distinct lever_id, territory_level, territory_code from marts.fct_lever_verdict "
        "inner join marts.dim_framework using (framework_version) "
        "where is_shown and is_target_version and reading <> 'not_judged' "
        "and latest_year < (select year(max(checked_at)) - 3 from quality.fct_check_result)"
    )
    assert found
    for lever_id, level, code in found:
        page = (site / "territoires" / f"{level}-{code}.html").read_text(encoding="utf-8")
        _, _, head = page.partition('<ul class="headlines">')
        assert f'href="#{lever_id}"' not in head.partition("</ul>")[0]
    gas = card_of(
        (site / "territoires" / "departement-31.html").read_text(encoding="utf-8"), "residentiel_chaudieres_gaz"
    )
    assert "Une série plus récente, non comparable, donne" in gas


def test_a_doubtful_value_heads_no_page(site: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in (site / "territoires").glob("*.html")]
    assert any("douteuse" in page for page in pages)
    for page in pages:
        assert "douteuse" not in page.partition('<ul class="headlines">')[2].partition("</ul>")[0]


def test_a_share_stands_beside_what_is_asked_and_its_range(demo: Ran, site: Path) -> None:
    ((lever_id, code),) = demo.home.query(
        "select levier_id, code_territoire from vues.fait_part "
        "where nombre_cles > 1 and niveau = 'departement' and region_id = 'region:76' order by all limit 1"
    )
    page = (site / "territoires" / f"departement-{code}.html").read_text(encoding="utf-8")
    card = card_of(page, str(lever_id))
    assert "selon la clé)" in card
    assert re.search(r"ktCO₂e demandées <a href=\"#source-\w*sgpe\w+\">par l\u2019État</a> à la région", card)


def test_an_epci_of_two_regions_says_what_its_shares_count_and_another_one_does_not(
    changed: duckdb.DuckDBPyConnection, site: Path, tmp_path: Path
) -> None:
    changed.execute(
        "insert into marts.dim_territory by name select 'region' as territory_level, '93' as territory_code, "
        "'93' as region_code, 'Grand Est' as name, false as crosses_regions, false as is_in_scope"
    )
    changed.execute(
        "insert into marts.bridge_territory_part by name select 'epci' as territory_level, "
        "'248400251' as territory_code, 'region' as part_level, code as part_code, communes as commune_count, "
        "8 as whole_commune_count, population, 199932 as whole_population, population / 199932 as population_share "
        "from (values ('93', 1, 156127), ('76', 7, 43805)) as parts (code, communes, population)"
    )
    changed.execute(
        "update marts.dim_territory set region_code = '93', population = 199932, crosses_regions = true "
        "where territory_level = 'epci' and territory_code = '248400251'"
    )
    write_pages(
        _copy(changed, tmp_path), tmp_path / "site", *territory_pages("epci-248400251"), "fichiers/epci-248400251.csv"
    )
    page = (tmp_path / "site" / "territoires" / "epci-248400251.html").read_text(encoding="utf-8")
    sheet = page.split('<section class="fiche')[1].split("</section>")[0]
    head = page.split('<section class="screen" id="questions">')[0]
    csv = (tmp_path / "site" / "fichiers" / "epci-248400251.csv").read_text(encoding="utf-8")
    for place in (head, sheet, section_of(page, "poids"), section_of(page, "demande"), csv):
        said = place.replace("\u00a0", " ").replace("\u202f", " ")
        assert "sont dans le Grand Est. 7 de ses 8 communes, 43 805 de ses 199 932 habitants, sont en Occitanie" in said
    counted = "ses 7\u00a0communes en Occitanie"
    assert counted in head.split('<p class="lead">')[1].split("</p>")[0]
    assert all(counted in answer_of(tmp_path / "site", "epci-248400251", question) for question in (2, 3))
    other = (site / "territoires" / "epci-243100518.html").read_text(encoding="utf-8")
    assert "ne portent que sur elles" not in other
    assert "à la région Occitanie" in section_of(other, "demande")


def test_what_is_avoided_has_no_sign(site: Path) -> None:
    for name in ("region-76", "departement-31"):
        page = (site / "territoires" / f"{name}.html").read_text(encoding="utf-8")
        assert "1\u202f000\u00a0km évités par voiture" in page
        assert "+1\u202f000\u00a0km" not in page


def section_of(page: str, anchor: str) -> str:
    """A section, without the marks that explain a term."""
    section = page.split(f'<section class="screen" id="{anchor}">')[1].split("</section>")[0]
    return re.sub("</?abbr[^>]*>", "", section)


def write_pages(published: Path, out: Path, *names: str) -> None:
    build_site(published, out, names)
    assert all((out / name).is_file() for name in names)


def territory_pages(*slugs: str) -> list[str]:
    return [f"territoires/{slug}.html" for slug in slugs]


def test_neighbours_are_those_of_the_tables(demo: Ran, site: Path) -> None:
    section = section_of((site / "territoires" / "epci-243100518.html").read_text(encoding="utf-8"), "voisins")
    adjacent = demo.home.query(
        "select code_limitrophe from vues.pont_territoire_limitrophe where territoire_id = 'epci:243100518' order by 1"
    )
    similar = demo.home.query(
        "select code_semblable from vues.pont_territoire_semblable where territoire_id = 'epci:243100518' order by rang"
    )
    linked = re.findall(r'href="\.\./territoires/epci-(\d+)\.html"', section)
    with_page = [code for (code,) in [*adjacent, *similar] if (site / "territoires" / f"epci-{code}.html").is_file()]
    assert linked == with_page
    assert section.count(">Toulouse Métropole</strong>") == 2


QUESTIONS = (
    "Où en sommes-nous", "Qu\u2019est-ce qui pèse le plus", "Que nous demande-t-on, et qui", "Est-ce sûr",
    "Que font nos voisins", "À quoi nous sommes-nous engagés",
    "Qu\u2019est-ce qui a changé depuis la dernière année connue",
    "D\u2019où vient ce chiffre", "Que ne sait-on pas", "Puis-je l\u2019imprimer",
)  # fmt: skip


def test_ten_questions_are_answered_on_every_territory_each_one_click_from_its_details(
    pages: dict[Path, Page],
) -> None:
    for path, page in pages.items():
        if path.parent.name == "territoires":
            asked = section_of(path.read_text(encoding="utf-8"), "questions")
            assert tuple(re.findall(r"<dt>(.*?)\u00a0\?</dt>", asked)) == QUESTIONS
            found = re.findall(r"<dd>(.+?) <a class=\"more\" href=\"([^\"]+)\"", asked)
            assert len(found) == 10
            assert len({link for _, link in found}) == 10
            assert all(link[1:] in page.ids for _, link in found if link.startswith("#"))
            figures = re.findall(r"<a href=\"([^\"]*)#(source-[^\"]+)\">[^<]*\d", asked)
            assert figures, path
            assert all(anchor in pages[path.parent / name if name else path].ids for name, anchor in figures)


def answer_of(site: Path, name: str, question: int) -> str:
    page = (site / "territoires" / f"{name}.html").read_text(encoding="utf-8")
    answer = re.findall(r"<dd>(.+?) <a class=\"more\"", section_of(page, "questions"))[question - 1]
    return re.sub("</?(?:a|strong)[^>]*>", "", answer)


def test_unknown_emissions_are_said_first_then_what_would_tell_and_what_is_known_above(demo: Ran, site: Path) -> None:
    missing = demo.home.query(
        "select source from marts.fct_emission_coverage where territory_level = 'epci' and not has_series "
        "and reason like '%À charger%'"
    )
    assert missing
    answer = answer_of(site, "epci-243200409", 2)
    assert answer.startswith("L\u2019inventaire de ce territoire n\u2019est pas repris ici\u00a0; à lire chez ")
    assert all(typeset(f">{str(source).partition(' (')[0]}<")[1:-1] in answer for (source,) in missing)


def test_series_are_set_beside_the_median_of_the_nearest(demo: Ran, site: Path) -> None:
    ((here, middle, count, last_rank, unit),) = demo.home.query(
        "select valeur, mediane_semblables, semblables, rang_du_plus_lointain, unite from vues.fait_comparaison "
        "where indicateur_id = 'capacity_renewable' and territoire_id = 'epci:248400251'"
    )
    page = (site / "territoires" / "epci-248400251.html").read_text(encoding="utf-8")
    table = section_of(page, "voisins").split("<table>")[1]
    cells = next(row for row in table.split("<tr>") if "Puissance électrique renouvelable" in row).split("<td>")
    assert [cell.split("</td>")[0] for cell in (cells[1], cells[2], cells[4])] == [
        typeset(f">{french.quantity(here, unit)}<")[1:-1], typeset(f">{french.quantity(middle, unit)}<")[1:-1],
        f"{count} sur {last_rank}",
    ]  # fmt: skip
    assert 2 <= table.split("</table>")[0].count("<tr>") <= 6


def test_an_inventory_is_told_by_sector_here_and_below(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    changed.execute(
        "insert into marts.fct_sector_emission by name select 'region' as territory_level, '76' as territory_code, "
        "2018 as year, sector, 'inventory' as nature, 'Inventaire <i>' as source, value as least_value, "
        "value as most_value, value as inventory_value, value / 4e6 as inventory_share, rank as sector_rank, "
        "'tCO2e' as unit, dataset_id, 'CH4' as gases, 'tous' as scope "
        "from (values ('routes', 3e6, 1), ('fermes', 1e6, 2)) as sectors (sector, value, rank) "
        "cross join (select min(dataset_id) as dataset_id from marts.dim_snapshot)"
    )
    changed.close()
    write_pages(tmp_path / "changed.duckdb", tmp_path / "site", *territory_pages("region-76", "epci-243200409"))
    told = "en 2018, 4\u202f000\u00a0ktCO₂e (Inventaire &lt;i&gt;, tous)\u00a0: routes 75\u202f%, fermes 25\u202f%."
    assert answer_of(tmp_path / "site", "region-76", 2).startswith(f"Émissions d\u2019ici {told}")
    below = answer_of(tmp_path / "site", "epci-243200409", 2)
    assert below.startswith("L\u2019inventaire de ce territoire n\u2019est pas repris ici")
    assert f"Émissions au-dessus (Occitanie) {told}" in below
    section = section_of(
        (tmp_path / "site" / "territoires" / "epci-243200409.html").read_text(encoding="utf-8"), "poids"
    )
    assert "<li>Fermes <span" in section
    assert "Occitanie, en <a href=" in section
    assert "CH₄" in section


def test_an_order_of_magnitude_is_told_with_its_keys(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    changed.execute(
        "create temp table sectors as select *, '76' as region_code, 'epci' as territory_level, "
        "'243200409' as territory_code, 'Inventaire' as source, 2018 as year, 'tCO2e' as unit from (values "
        "('routes', 'estimate', 6e4, 9e4, 2, 1, 'first', 0.6), ('fermes', 'estimate', 1.1e4, 1.1e4, 1, 2, null, 0.2), "
        "('usines', 'unplaced', null, null, 0, null, null, 0.2)) as sectors (sector, nature, least_value, most_value, "
        "key_count, sector_rank, place, inventory_share) "
        "cross join (select min(dataset_id) as dataset_id from marts.dim_snapshot)"
    )
    changed.execute(
        "insert into marts.fct_sector_emission by name select *, 'CH4' as gases, 'tous' as scope from sectors"
    )
    changed.execute(
        "insert into marts.fct_emission_estimate by name select sectors.* exclude (nature, least_value, most_value, "
        "key_count, sector_rank, place, inventory_share), 1e6 as region_value, key_id, "
        "key_id || ' <i>' as key_label_fr, 'Ignore le reste.' as key_reason_fr, key_share, 1e6 * key_share as value, "
        "dataset_id as key_source, is_repeated from sectors inner join (values ('routes', 'heads', 0.06, false), "
        "('routes', 'fuel', 0.09, false), ('routes', 'alike', 0.09, true), ('fermes', 'fields', 0.011, false)) "
        "as keys (sector, key_id, key_share, is_repeated) using (sector)"
    )
    changed.close()
    write_pages(tmp_path / "changed.duckdb", tmp_path / "site", *territory_pages("epci-243200409"))
    assert answer_of(tmp_path / "site", "epci-243200409", 2).startswith(
        "«\u00a0Routes\u00a0» d\u2019abord, sans doute, hors «\u00a0usines\u00a0»\u00a0: routes, de 60 à "
        "90\u00a0ktCO₂e\u00a0; fermes, environ 11\u00a0ktCO₂e, par une seule clé. C\u2019est un ordre de "
        "grandeur, pas un inventaire"
    )
    section = section_of(
        (tmp_path / "site" / "territoires" / "epci-243200409.html").read_text(encoding="utf-8"), "poids"
    )
    assert section.count("Ignore le reste.") == 3  # two keys of one share are told once
    assert "heads &lt;i&gt;" in section
    assert "6\u202f%" in section
    assert "«\u00a0usines\u00a0» (20\u202f% de la région)" in section


def test_a_total_says_what_it_leaves_out_wherever_it_stands(demo: Ran, site: Path) -> None:
    ((total,),) = demo.home.query(
        "select target_at_least_ktco2e from marts.fct_chantier_progress inner join marts.dim_framework "
        "using (framework_version) where is_target_version and group_kind = 'all' and target_ktco2e is null "
        "and territory_level = 'epci' and territory_code = '243200409'"
    )
    least = f"au moins {french.rough(float(str(total)))}"
    page = (site / "territoires" / "epci-243200409.html").read_text(encoding="utf-8")
    assert least in answer_of(site, "epci-243200409", 3)
    for section in ("poids", "demande"):
        told = section_of(page, section)
        assert f"«\u00a0{least}\u00a0» ne compte, de ceux qui se recoupent, que le plus grand" in told
        assert "d\u2019un échelon à l\u2019autre, ces totaux ne s\u2019additionnent pas" in told
    assert "additionné ici" not in page


def test_neighbours_compare_by_inhabitant_and_say_what_is_not_known(demo: Ran, site: Path) -> None:
    section = section_of((site / "territoires" / "epci-243200409.html").read_text(encoding="utf-8"), "voisins")
    power = demo.home.query(
        "select territoire, valeur from vues.fait_valeur_comparee where indicateur_id = 'capacity_renewable' "
        "and territoire_id in ('epci:243200409', 'epci:243200458') order by code_territoire"
    )
    assert len(power) == 2
    for name, value in power:
        row = section.split(f">{name}</")[1].split("</tr>")[0]
        assert f"<td>{french.number(float(str(value)))} <span" in row
    assert "Points de recharge" not in section
    region = section_of((site / "territoires" / "region-76.html").read_text(encoding="utf-8"), "voisins")
    regions = demo.home.query("select count(*) from marts.dim_territory where territory_level = 'region'")
    assert region.count('<th scope="row">') == (regions[0][0] // 2 + 1 if regions > [(1,)] else 0)
    assert "entière dans une autre région n\u2019y est pas" in section
    assert "n\u2019est connu ici que par les engagements saisis" in section
    answer = answer_of(site, "epci-243200409", 5)
    assert "Aucun de leurs engagements n\u2019est saisi" in answer
    assert "Celles des régions qui ne sont pas chargées ici n\u2019y sont pas" in answer


def test_every_value_and_key_leads_to_its_file_on_the_page(demo: Ran, site: Path) -> None:
    page = (site / "territoires" / "epci-243200409.html").read_text(encoding="utf-8")
    sources = section_of(page, "sources")
    card = card_of(page, "energie_electricite_renouvelable")
    ((dataset, digest),) = demo.home.query(
        "select dataset_id, left(sha256, 12) from marts.fct_indicator_value inner join marts.dim_snapshot "
        "using (snapshot_id, dataset_id) where indicator_id = 'capacity_renewable' and territory_level = 'epci' "
        "and territory_code = '243200409' order by year desc limit 1"
    )
    assert re.search(rf'en <a href="#source-{dataset}">20\d\d</a>', card)
    entry = sources.split(f'<li id="source-{dataset}">')[1].split("</li>")[0]
    assert f"<code>{digest}</code>" in entry
    assert "valeurs d\u2019ici" in entry
    assert "Licence" in entry
    ((keys,),) = demo.home.query(
        "select key_source from marts.fct_lever_part_by_key where is_kept and territory_level = 'epci' "
        "and territory_code = '243200409' and lever_id = 'energie_electricite_renouvelable'"
    )
    for key in str(keys).split(" + "):
        assert f'href="#source-{key}"' in card.split("Clé\u00a0: ")[1]
        assert "clés de répartition" in sources.split(f'<li id="source-{key}">')[1].split("</li>")[0]


def test_a_sheet_has_the_answers_then_levers_whose_every_verdict_names_its_series(site: Path) -> None:
    for name in ("epci-243200409", "departement-31", "region-76"):
        page = (site / "territoires" / f"{name}.html").read_text(encoding="utf-8")
        sheet = page.split('<section class="fiche')[1].split("</section>")[0]
        asked, levers = sheet.split("<h2>")
        assert asked.count("<dt>") == len(QUESTIONS) - 2  # neither where a click leads nor how to print
        assert "<abbr" not in sheet
        assert " *" not in sheet  # no mark in place of a verdict
        assert "COP\u00a0: conférence des parties" in sheet
        assert levers.count("<dt>") == page.count('<article class="card"')
        assert levers.count("Pas de valeur ici") == page.count('<p class="absence">')
        items = levers.split("<dt>")[1:]
        ranks = [(", note " not in item, "Pas de valeur ici" in item) for item in items]
        assert ranks == sorted(ranks)
        assert "ADEME, " in sheet.split("Sources\u00a0: ")[1].split(" (Licence Ouverte 2.0)")[0]
        assert f"territoires/{name}.html" in sheet
    sheet = (site / "territoires" / "epci-243200409.html").read_text(encoding="utf-8")
    assert "Occitanie, autre série, Gaz renouvelable produit\u00a0: " in sheet


ENERGY = re.compile(r"([\d\u202f]+(?:,\d+)?)\u00a0([MGT]Wh)(?! corr| par|/)")


def test_an_amount_has_one_unit_on_a_page(site: Path) -> None:
    for path in sorted(site.glob("territoires/*.html")):
        text = re.sub("<[^>]+>", "", path.read_text(encoding="utf-8"))
        units: dict[str, set[str]] = defaultdict(set)
        for number, unit in ENERGY.findall(text):
            value = float(number.replace("\u202f", "").replace(",", ".")) * 1000 ** "MGT".index(unit[0])
            if len(f"{value:.0f}".rstrip("0")) >= 3:
                units[f"{value:.3g}"].add(unit)
        assert not {value: found for value, found in units.items() if len(found) > 1}, path.stem


def test_each_section_that_answers_a_question_is_in_the_bar_of_the_page(site: Path) -> None:
    page = (site / "territoires" / "departement-31.html").read_text(encoding="utf-8")
    bar = page.split("Sur cette page")[1].split("</nav>")[0]
    sections = re.findall(r'<section class="screen[^"]*" id="([^"]+)">', page)
    assert re.findall('href="#([^"]+)"', bar) == sections


def test_a_value_of_another_series_says_so_in_its_cell(site: Path) -> None:
    table = section_of((site / "territoires" / "epci-243200409.html").read_text(encoding="utf-8"), "ou-en-est")
    row = table.split('href="#energie_biogaz">')[1].split("</tr>")[0]
    assert "Autre série\u00a0: «\u00a0Gaz renouvelable produit\u00a0»</span><br>339\u00a0GWh" in row


def test_the_heaviest_levers_name_large_sites(site: Path) -> None:
    assert "quelques grands sites\u00a0: Captage de méthane dans les ISDND (" in answer_of(site, "departement-31", 2)


def test_what_is_not_committed_says_where_it_is_written_and_how_it_would_come_here(site: Path) -> None:
    page = (site / "territoires" / "epci-243200409.html").read_text(encoding="utf-8")
    told = answer_of(site, "epci-243200409", 6)
    assert (
        "les PCAET adoptés (publiés par l\u2019ADEME, pas encore repris ici, parfois au nom d\u2019un syndicat" in told
    )
    above = (site / "territoires" / "region-76.html").read_text(encoding="utf-8")
    for document in ("sraddet_76", "cop_roadmap_76"):
        url = next(row["url"] for row in seed_rows("policy/regional_documents") if row["document_id"] == document)
        assert f'<a href="{url}">' in section_of(above, "engagements")
    section = section_of(page, "engagements")
    homepage = load_catalog()["ademe_pcaet"].homepage
    assert f'les PCAET adoptés (<a href="{homepage}">publiés par l\u2019ADEME</a>' in section
    assert "l\u2019envoyer à qui tient cette publication" in section
    assert '<a href="../fichiers/modele-engagements.csv" download>' in section
    header = (site / "fichiers" / "modele-engagements.csv").read_text(encoding="utf-8-sig").split(";")
    method = (site / "methode.html").read_text(encoding="utf-8").split('id="modele"')[1]
    assert all(f'<th scope="row">{typeset(f">{label.strip()}<")[1:-1]}</th>' in method for label in header)
    assert "leviers commitments" not in section
    assert section.count('<a href="#') >= 4
    planned = (site / "sources.html").read_text(encoding="utf-8").split('id="prevus"')[1]
    assert f'<a href="{load_catalog()["ign_hedges"].homepage}">' in planned


def test_a_scope_that_is_near_is_not_said_to_be_the_same(pages: dict[Path, Page]) -> None:
    said = "un périmètre proche\u00a0: les différences sont écrites dans la note de la ligne"
    for path, page in pages.items():
        if path.parent.name == "territoires" or path.name == "methode.html":
            assert said in " ".join(page.texts), path


def test_a_reading_has_the_words_of_the_file_and_of_the_method_page(demo: Ran, site: Path) -> None:
    labels = {
        str(label) for (label,) in demo.home.query("select label_fr from marts.dim_label where domain = 'reading'")
    }
    leans = {str(label) for (label,) in demo.home.query("select label_fr from marts.dim_label where domain = 'lean'")}
    explained = (site / "methode.html").read_text(encoding="utf-8").split("statuses")[1].split("</dl>")[0]
    assert all(f"</span> {label}</span>" in explained for label in labels)
    for path in site.rglob("*.html"):
        for words in re.findall(
            r'<span class="status [^"]*"><span[^>]*>.</span> ([^<]+)</span>', path.read_text("utf-8")
        ):
            reading, _, lean = words.partition(", ")
            assert reading in labels, path
            assert lean in {"", *leans} - {"sans tendance"}, path


def test_types_are_said_in_words(site: Path) -> None:
    page = (site / "donnees.html").read_text(encoding="utf-8")
    assert "<td>texte</td>" in page
    assert not re.search("VARCHAR|DOUBLE|BIGINT|BOOLEAN", page)


def test_the_readings_of_a_territory_are_counted_and_named(demo: Ran, site: Path) -> None:
    counted = demo.home.query(
        "select lecture_libelle, count(*) from vues.fait_lecture where niveau = 'region' and code_territoire = '76' "
        "group by all"
    )
    assert len(counted) > 2
    page = (site / "territoires" / "region-76.html").read_text(encoding="utf-8")
    lead, home = page.split('<p class="lead">')[1].split("</p>")[0], (site / "index.html").read_text(encoding="utf-8")
    answer = answer_of(site, "region-76", 1)
    for label, count in counted:
        told = f"{label}\u00a0: {count}"
        assert told in lead
        assert told in home
        assert told in answer.lower()
    behind = demo.home.query(
        "select levier from vues.fait_lecture where niveau = 'region' and code_territoire = '76' and lecture = 'behind'"
    )
    named = next(part for part in answer.split("<br>") if part.startswith("En retard"))
    assert sum(typeset(f">{lever}<")[1:-1] in named for (lever,) in behind) >= 2


def test_a_value_says_what_was_judged(content: Content, site: Path) -> None:
    told = 0
    for territory in content.territories:
        page = (site / "territoires" / f"{territory.slug}.html").read_text(encoding="utf-8")
        for line in content.lines_of(territory):
            if said := judged_value(line):
                told += 1
                written = typeset(f">{said}<")[1:-1]
                assert written in card_of(page, line.lever_id)
                assert written in section_of(page, "ou-en-est")
                assert written in page.split('<section class="fiche')[1].split("</section>")[0]
    assert told


def test_where_there_is_no_verdict_the_levels_above_are_said_and_what_would_give_one(demo: Ran, site: Path) -> None:
    page = (site / "territoires" / "epci-243400769.html").read_text(encoding="utf-8")
    answer = section_of(page, "questions").split("</dd>")[0]
    assert "<strong>On ne peut pas encore le dire ici\u00a0:</strong> aucun levier n\u2019a de verdict" in answer
    assert 'Au-dessus, <a href="departement-34.html#ou-en-est">Hérault</a>, ' in answer
    assert 'Au-dessus, <a href="region-76.html#ou-en-est">Occitanie</a>, ' in answer
    section = section_of(page, "ou-en-est")
    above = demo.home.query(
        "select distinct lever_id from marts.fct_lever_verdict "
        "inner join marts.dim_framework using (framework_version) inner join marts.dim_lever using (lever_id) "
        "where is_shown and is_target_version and reading <> 'not_judged' and is_quantified "
        "and ((territory_level = 'departement' and territory_code = '34') "
        "or (territory_level = 'region' and territory_code = '76'))"
    )
    assert above
    assert {lever for (lever,) in above} <= set(re.findall(r'<th scope="row"><a href="#(\w+)">', section))
    missing = demo.home.query(
        "select distinct missing_dataset from marts.fct_lever_verdict where is_shown and territory_level = 'epci' "
        "and territory_code = '243400769' and reading = 'not_judged' and missing_dataset is not null"
    )
    listed = section.split("<details>")[1]
    assert listed.count("<li>") == len(missing)


def test_every_grade_and_reservation_of_a_territory_stands_in_one_table(demo: Ran, site: Path) -> None:
    found = demo.home.query(
        "select lever_id, confidence from marts.fct_lever_verdict inner join marts.dim_framework "
        "using (framework_version) where is_shown and is_target_version and confidence is not null "
        "and territory_level = 'region' and territory_code = '76'"
    )
    section = section_of((site / "territoires" / "region-76.html").read_text(encoding="utf-8"), "confiance")
    graded = re.findall(
        r'href="#(\w+)">[^<]*</a> (?:<span[^>]*>[^<]*</span>)?</th><td><span[^>]*>Note\xa0:</span> <strong>([A-D])<',
        section,
    )
    assert sorted(graded) == sorted(found)
    assert re.search(r"Réserves sur la valeur\xa0:</span> valeur de 20\d\d</td></tr>", section)


def test_a_verdict_names_what_it_judges_wherever_its_lever_stands(site: Path) -> None:
    judged = "Tonnes-kilomètres routières par région d\u2019origine"
    region = (site / "territoires" / "region-76.html").read_text(encoding="utf-8")
    sheet = region.split('<section class="fiche')[1].split("</section>")[0]
    assert judged in sheet
    assert all(
        f"jugé sur «\u00a0{judged}\u00a0»" in section_of(region, anchor) for anchor in ("ou-en-est", "confiance")
    )
    for page in ("leviers/fret_efficacite_sobriete.html", "chantiers/fnv2022_09.html", "qualite.html"):
        assert f"ugé sur «\u00a0{judged}\u00a0»" in (site / page).read_text(encoding="utf-8"), page
    rows = section_of(region, "ou-en-est").split("<tr>")
    assert re.search(r"écart de [\d,]+\u202f% ±\u00a0", next(row for row in rows if judged in row))
    heat = next(row for row in rows if "Part de chaleur renouvelable et de récupération" in row)
    assert re.search(r"écart de [\d,]+\u00a0points? ±\u00a0", heat)


def test_a_lever_that_only_a_means_follows_is_not_judged_by_it(demo: Ran, site: Path) -> None:
    region = (site / "territoires" / "region-76.html").read_text(encoding="utf-8")
    found = demo.home.query(
        "select lever_id, reason from marts.fct_lever_verdict where is_shown and reason_code = 'means_only' "
        "and territory_level = 'region'"
    )
    assert {lever for lever, _ in found} == {"fret_decarbone_multimodalite", "velo_transport_commun"}
    for lever, reason in found:
        card = card_of(region, lever)
        assert "non jugé" in card
        assert typeset(f">{reason}<")[1:-1] in re.sub(r"</?abbr\b[^>]*>", "", card)
        assert "en retard" not in card


def test_what_changed_is_told_here_or_of_the_nearest_level_above(
    changed: duckdb.DuckDBPyConnection, site: Path, tmp_path: Path
) -> None:
    page = (site / "territoires" / "epci-243400769.html").read_text(encoding="utf-8")
    section = section_of(page, "annee")
    own = section.split("</table>")[0]
    assert re.findall(r'<th scope="row"><a href="#(\w+)">', own) == ["sols_sobriete_fonciere"]
    assert "<td>Hérault</td>" in section
    assert "<td>Occitanie</td>" in section
    assert "C\u2019est la première publication" in section
    changed.execute("delete from marts.fct_indicator_change where territory_code = '243400769'")
    write_pages(_copy(changed, tmp_path), tmp_path / "one_year", *territory_pages("epci-243400769"))
    page = (tmp_path / "one_year" / "territoires" / "epci-243400769.html").read_text(encoding="utf-8")
    assert "Aucune série de ce territoire n\u2019a deux années qui se comparent." in section_of(page, "annee")
    changed.execute(
        "update marts.fct_publication set previous_publication_id = publication_id, values_added = 0, "
        "values_restated = 7, values_withdrawn = 0"
    )
    changed.execute(
        "insert into marts.fct_change by name select publication_id, publication_id as previous_publication_id, "
        "dataset_id, indicator_id, 0 as values_added, 7 as values_restated, 0 as values_withdrawn, 2020 as first_year, "
        "2020 as last_year, true as has_new_files from marts.fct_publication cross join "
        "(select dataset_id, indicator_id from marts.dim_indicator where indicator_id = 'capacity_renewable')"
    )
    changed.execute(
        "insert into marts.fct_indicator_change by name select 'energie_electricite_renouvelable' as lever_id, "
        "indicator_id, territory_level, territory_code, unit, 2023 as first_year, value / 2 as first_value, "
        "2023 as previous_year, value / 2 as previous_value, 2024 as last_year, value as last_value, "
        "value / 2 as last_change, value / 2 as change_since_first, 1 as relative_change, false as is_to_check, "
        "true as is_previous_sure, true as is_last_sure, 2024 as newest_year_of_lever, true as is_latest_of_lever, "
        "false as is_raw, dataset_id, snapshot_id from marts.fct_indicator_value "
        "where indicator_id = 'capacity_renewable' and territory_code = '243400769' and year = 2024"
    )
    write_pages(_copy(changed, tmp_path), tmp_path / "site", *territory_pages("epci-243400769"))
    page = (tmp_path / "site" / "territoires" / "epci-243400769.html").read_text(encoding="utf-8")
    section = section_of(page, "annee")
    own = section.split("</table>")[0]
    assert "energie_electricite_renouvelable" in own
    assert "45,2\u00a0MW" in own
    assert "7\u00a0valeurs révisées" in section


def test_an_answer_marks_a_change_that_is_to_be_checked_and_tells_none_that_jumps_or_is_out_of_date(
    content: Content, site: Path
) -> None:
    left_out = marked = 0
    for territory in content.territories:
        answer = answers(content, territory)[6]
        text = unlinked(f"{answer.text} {answer.on_screen}")
        for move in content.moves.get((territory.level, territory.code), ()):
            told = (
                f"{move.label}, {french.quantity(move.last.value or 0, move.unit, move.largest)} en {move.last.year} ("
            )
            if move.is_to_check or not move.is_latest:
                left_out += 1
                assert told not in text
            elif move.doubt and told in text:
                marked += 1
                assert text.split(told)[1].split(")")[0].endswith(", à vérifier")
    assert left_out
    assert marked
    raw = {move.label for found in content.moves.values() for move in found if move.is_raw}
    assert "Ventes de produits pétroliers : fioul domestique" in raw
    assert "Puissance solaire installée" not in raw
    table = section_of((site / "territoires" / "region-76.html").read_text(encoding="utf-8"), "annee")
    assert '<span class="doubt">à vérifier</span></td>' in table


def test_no_change_is_told_across_a_break(demo: Ran, content: Content) -> None:
    moves = [move for found in content.moves.values() for move in found]
    breaks: dict[object, list[int]] = {}
    for label, year in demo.home.query(
        "select label_fr, break_year from quality.fct_series_break inner join marts.dim_indicator using (indicator_id)"
    ):
        breaks.setdefault(label, []).append(int(str(year)))
    assert any(move.label in breaks for move in moves)
    assert not [
        move for move in moves for year in breaks.get(move.label, ()) if move.first.year < year <= move.last.year
    ]


def test_commitments_stand_beside_share_history_and_closing(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    chosen = "where lever_id = 'covoiturage' and territory_code = '243400769' and territory_level = 'epci'"
    changed.execute(
        "update marts.fct_lever_roadmap set commitment_count = 2, new_ambition_ktco2e = 4, "
        "ambition_gap_ktco2e = -1.8, done_or_planned_ktco2e = 1, roadmaps = 'COP <i>', "
        f"actions = 'Dix aires' {chosen}"
    )
    changed.execute(
        "insert into marts.fct_lever_roadmap by name "
        f"select * replace (2040 as horizon_year, 9 as new_ambition_ktco2e) from marts.fct_lever_roadmap {chosen}"
    )
    changed.execute(
        "insert into marts.fct_lever_roadmap_history by name select lever_id, territory_level, territory_code, "
        "horizon_year, date '2025-03-01' as followed_on, true as has_entry, false as has_withdrawal, "
        "false as has_observation, 1 as commitment_count, 0 as action_count, 3 as new_ambition_ktco2e, "
        f"'COP' as roadmaps from marts.fct_lever_roadmap {chosen} and horizon_year = 2030"
    )
    changed.execute(
        "update marts.mart_cop_bouclage set nouvelle_ambition = 24, territoires_comptes = 2, bouclage_pct = 9, "
        "part_cible_couverte_pct = 12 where levier_id = 'covoiturage' and mesure = 'ktco2e_avoided'"
    )
    changed.close()
    shown = territory_pages("epci-243400769", "epci-243400488", "region-76")
    write_pages(tmp_path / "changed.duckdb", tmp_path / "site", *shown)
    pages = tmp_path / "site" / "territoires"
    section = section_of((pages / "epci-243400769.html").read_text(encoding="utf-8"), "engagements")
    assert "<td>2030</td><td>4</td><td>\u22121,8\u00a0ktCO₂e</td><td>1</td><td>Dix aires</td>" in section
    assert "<td>2040</td><td>9</td>" in section
    assert "COP &lt;i&gt;" in section
    assert "1er\u00a0mars\u00a02025" in section
    beside = section_of((pages / "epci-243400488.html").read_text(encoding="utf-8"), "voisins")
    assert re.search(r'epci-243400769\.html#engagements">1<', beside)
    closing = section_of((pages / "region-76.html").read_text(encoding="utf-8"), "engagements").split('"bouclage"')[1]
    assert "24\u00a0ktCO₂e" in closing
    assert "<td>9\u202f%</td><td>12\u202f%" in closing


def test_each_key_of_a_range_is_on_the_card(demo: Ran, site: Path) -> None:
    ((lever_id, keys),) = demo.home.query(
        "select levier_id, nombre_cles from vues.fait_part where niveau = 'epci' "
        "and code_territoire = '243400769' and nombre_cles > 1 and region_id = 'region:76' order by all limit 1"
    )
    page = (site / "territoires" / "epci-243400769.html").read_text(encoding="utf-8")
    card = card_of(page, str(lever_id))
    assert card.count("<li>") == keys
    assert card.count("la clé retenue") == 1


def test_the_maps_of_the_home_page_have_every_lever_and_a_class_for_each_shape(site: Path) -> None:
    drawn = json.loads((site / "cartes.js").read_text(encoding="utf-8").partition("=")[2].rstrip(";\n"))
    home = (site / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'<option value="(\w+)">', home)) == set(drawn)
    shapes = {
        level: home.split(f'data-level="{level}"')[1].split("</section>")[0].count("data-name")
        for level in ("departement", "epci")
    }
    views = [(level, view) for lever in drawn.values() for level, view in lever["levels"].items()]
    assert any("kinds" not in view for _, view in views)
    for level, view in views:
        assert view["title"]
        assert view["note"]
        if "kinds" in view:
            assert len(view["kinds"]) == len(view["texts"]) == shapes[level]
            assert {kind for kind, _ in view["legend"]} == set(view["kinds"])
            assert not [text for text in view["texts"] if BAD_FRENCH.search(text)]


def test_the_home_page_opens_on_maps_that_tell_territories_apart(
    changed: duckdb.DuckDBPyConnection, site: Path, tmp_path: Path
) -> None:
    def legends(page: str) -> dict[str, list[str]]:
        sections = re.findall(r'data-level="(\w+)">(.*?)</section>', page, re.DOTALL)
        return {level: re.findall(r"</svg> ([^<]+)</li>", section) for level, section in sections}

    home = (site / "index.html").read_text(encoding="utf-8")
    assert '<option value="">Part indicative de la cible régionale, tous leviers</option>' in home
    found = legends(home)
    assert found.keys() == {"departement", "epci"}
    assert all(len(classes) > 1 and "ktCO₂e" in classes[0] for classes in found.values())
    changed.execute("update marts.fct_chantier_progress set target_at_least_ktco2e = null")
    write_pages(_copy(changed, tmp_path), tmp_path / "site", "index.html")
    without = legends((tmp_path / "site" / "index.html").read_text(encoding="utf-8"))
    assert all(len(classes) > 1 for classes in without.values())


def test_why_a_key_is_refused_is_said_where_the_value_is_impossible(
    changed: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    changed.execute(
        "update marts.fct_lever_part set proxy_reason = "
        "'Reste. Clé écartée : Fioul, 2024, Lozère : 219, au-dessus. Connu par département.'"
    )
    changed.execute(
        "insert into quality.fct_series_anomaly by name "
        "select indicator_id, territory_level, territory_code, latest_year as year, "
        "'jump' as kind, latest_value as value, false as is_impossible, 'Un saut <b>.' as reason "
        "from marts.fct_lever_observation where territory_level = 'departement' and latest_value is not null"
    )
    changed.close()
    write_pages(tmp_path / "changed.duckdb", tmp_path / "site", *territory_pages("departement-48", "departement-34"))
    pages = tmp_path / "site" / "territoires"
    own, other = ((pages / f"departement-{code}.html").read_text(encoding="utf-8") for code in ("48", "34"))
    assert "Clé écartée" in own
    assert "Clé écartée" not in other
    assert "Reste. Connu par département." in other
    assert "Douteuse\u00a0: Un saut &lt;b&gt;." in other
    assert "). Douteuse\u00a0: Un saut &lt;b&gt;" in other.split('<section class="fiche')[1].split("</section>")[0]


def test_every_grade_is_explained_on_the_page_of_quality(demo: Ran, site: Path) -> None:
    page = (site / "qualite.html").read_text(encoding="utf-8")
    ((graded,),) = demo.home.query(
        "select count(*) from marts.fct_lever_verdict where is_shown and confidence is not null"
    )
    table = page.split('<table id="notes">')[1].split("</table>")[0]
    assert table.count("<tr>") == graded + 1
    assert not re.search(r"<td></td></tr>", table)
    ((corrections, breaks),) = demo.home.query(
        "select (select count(*) from quality.fct_correction), (select count(*) from quality.fct_series_break)"
    )
    for section, rows in (("corrections", corrections), ("ruptures", breaks)):
        assert page.split(f'<section id="{section}">')[1].split("</section>")[0].count("<tr>") == rows + 1


def test_the_dictionary_has_every_column_and_every_series(demo: Ran, site: Path) -> None:
    page = "".join((site / name).read_text(encoding="utf-8") for name in ("donnees.html", "tables.html"))
    columns = demo.home.query("select distinct column_name from duckdb_columns() where not internal")
    series = demo.home.query("select distinct indicator_id from marts.fct_indicator_value where value is not null")
    assert all(f"<code>{name}</code>" in page for (name,) in [*columns, *series])


@pytest.mark.parametrize("name", ["donnees", "tables", "qualite"])
def test_an_identifier_comes_after_what_it_is_in_french(site: Path, name: str) -> None:
    page = (site / f"{name}.html").read_text(encoding="utf-8")
    assert "<code>" in page
    assert not re.search(r'<summary>\s*<code>|(<th scope="row">|<td>)\s*<code>[^<]*</code>\s*</t', page)


@pytest.fixture
def changed(demo: Ran, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    shutil.copyfile(demo.home.published, tmp_path / "changed.duckdb")
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as connection:
        yield connection


def test_a_hostile_label_is_text(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    label = "<script>alert('x')</script>\" onload=\"alert(1)"
    changed.execute("update marts.dim_territory set name = ? where territory_code = '34'", [label])
    changed.execute("update marts.dim_dataset set attribution = ?", [label])
    changed.execute("update marts.dim_indicator set label_fr = label_fr || ?", [label])
    changed.execute("update marts.fct_lever_observation set reason = ?", [label])
    changed.execute(
        "update marts.dim_lever set lever_name_fr = ? where lever_id = 'sols_haies'", ["=cmd|' /C calc'!A0"]
    )
    changed.close()
    build_site(tmp_path / "changed.duckdb", tmp_path / "site")
    page = Page(tmp_path / "site" / "territoires" / "departement-34.html")
    assert all("alert" not in address for address in page.loads)
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text, path
        assert 'onload="alert' not in text, path
    assert "\n=cmd" not in (tmp_path / "site" / "fichiers" / "departement-34.csv").read_text(encoding="utf-8")


def test_one_row_is_in_the_singular(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    changed.execute("update marts.dim_dataset set loaded_rows = 500, quarantined_rows = 1")
    changed.close()
    write_pages(tmp_path / "changed.duckdb", tmp_path / "site", "sources.html")
    page = (tmp_path / "site" / "sources.html").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "500 lignes chargées, 1 mise de côté." in page


def test_only_what_changed_is_written_and_the_rest_comes_out_the_same(
    site: Path, changed: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    shutil.copytree(site, tmp_path / "site")
    (tmp_path / "site" / "old.html").write_text("gone")
    changed.execute("update marts.fct_lever_part set remark = 'Une remarque.' where territory_code = '200066355'")
    changed.close()
    report = build_site(tmp_path / "changed.duckdb", tmp_path / "site")
    assert report.pages == len(list(site.rglob("*.html"))) >= 230
    assert report.written == 1
    [page] = territory_pages("epci-200066355")
    assert "Une remarque." in (tmp_path / "site" / page).read_text(encoding="utf-8")
    assert not (tmp_path / "site" / "old.html").exists()


def test_what_changed_is_told_or_that_nothing_came_before(
    site: Path, changed: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    page = (site / "changements.html").read_text(encoding="utf-8")
    assert "Il n\u2019y a pas de publication antérieure." in page
    changed.execute(
        """
        insert into marts.fct_publication by name
        select
            * replace (
                publication_id || '-next' as publication_id, publication_id as previous_publication_id,
                published_at + interval 1 day as published_at, 3 as values_added, 2 as values_restated,
                1 as values_withdrawn
            )
        from marts.fct_publication
        """
    )
    write_pages(_copy(changed, tmp_path), tmp_path / "same", "changements.html")
    page = (tmp_path / "same" / "changements.html").read_text(encoding="utf-8")
    assert "Aucune valeur n\u2019a changé" in page
    assert "première publication" in page
    changed.execute(
        """
        insert into marts.fct_change by name
        select
            publication_id, previous_publication_id, dataset_id, indicator_id, 3 as values_added,
            2 as values_restated, 1 as values_withdrawn, 12.5 as largest_restatement_pct, 2019 as first_year,
            2021 as last_year, true as has_new_files
        from marts.fct_publication
        cross join (select dataset_id, indicator_id from marts.dim_indicator where indicator_id = 'social_dwellings')
        where publication_id like '%-next'
        """
    )
    write_pages(_copy(changed, tmp_path), tmp_path / "moved", "changements.html")
    page = (tmp_path / "moved" / "changements.html").read_text(encoding="utf-8")
    assert "3\u00a0valeurs ajoutées, 2\u00a0valeurs révisées, 1\u00a0valeur retirée" in page
    assert "2019\u20132021" in page
    assert "jusqu\u2019à 12,5\u202f%" in page
    assert "nouveaux fichiers du producteur" in page


def _copy(connection: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    connection.execute("checkpoint")
    shutil.copyfile(folder / "changed.duckdb", folder / "copy.duckdb")
    return folder / "copy.duckdb"


def test_without_contours_there_are_tables(changed: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    changed.execute("delete from marts.dim_territory_contour")
    changed.close()
    write_pages(tmp_path / "changed.duckdb", tmp_path / "site", "index.html")
    assert "contours des territoires ne sont pas chargés" in (tmp_path / "site" / "index.html").read_text(
        encoding="utf-8"
    )
