"""The figures that ship with the project, made from a small warehouse."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from tools.bundle import main

WAREHOUSE = """
create schema marts;
create schema intermediate;
create schema quality;
create schema raw_sgpe;
create schema seeds;
create table seeds.indicator_components (indicator_id varchar);
create table marts.dim_territory as
select
    'region' as territory_level, '76' as territory_code, 'Région Test' as name, '76' as region_code,
    cast(null as varchar) as departement_code, cast(null as varchar) as epci_code,
    cast(null as varchar) as legal_type, 2026 as cog_year, 1 as population, false as crosses_regions,
    true as is_in_scope;
insert into marts.dim_territory by name
select 'departement' as territory_level, '09' as territory_code, false as crosses_regions, true as is_in_scope
union all
select 'commune', '09999', false, true
union all
select 'epci', '999999998', false, true
union all
select 'epci', '999999999', true, true;
create table marts.dim_dataset (
    dataset_id varchar, attribution varchar, licence varchar, licence_basis varchar, republish boolean,
    share_alike boolean
);
insert into marts.dim_dataset values
    ('open_one', 'Test', 'Licence Ouverte 2.0', 'stated', true, false),
    ('shared_alike', 'Test', 'ODbL 1.0', 'stated', true, true);
create table marts.dim_snapshot (snapshot_id varchar, vintage varchar, origin varchar);
insert into marts.dim_snapshot values ('s1', '2099-01-01', 'mirror');
create table marts.fct_indicator_value as
select
    'sales' as indicator_id, 'region' as territory_level, '76' as territory_code, v.year,
    make_date(v.year, 1, 1) as reference_date,
    1.5 as value, 't' as unit, 'observed' as value_status, 100.0 as completeness_pct, 0 as masked_count,
    false as is_provisional, v.dataset_id, 's1' as snapshot_id
from (values ('open_one', 2098), ('open_one', 2099), ('shared_alike', 2099)) as v (dataset_id, year);
insert into marts.fct_indicator_value by name
select 'eu_ets_site_emissions' as indicator_id, level as territory_level, code as territory_code,
    2099 as year, 1.5 as value, 'open_one' as dataset_id, 's1' as snapshot_id
from (values ('region', '76'), ('commune', '09999'), ('epci', '999999998'), ('epci', '999999999')) as v (level, code);
insert into marts.fct_indicator_value by name
select 'eu_ets_site_emissions' as indicator_id, 'commune' as territory_level, '09999' as territory_code, 2098 as year,
    0.0 as value, 'open_one' as dataset_id, 's1' as snapshot_id;
create table marts.dim_indicator as
select 'eu_ets_site_emissions' as indicator_id, 'open_one' as dataset_id, 'tCO2e' as unit;
create table intermediate.int_observations_set_aside as
select indicator_id, level as territory_level, code as territory_code, 2099 as year, 7.0 as value
from (values ('eu_ets_site_emissions', 'departement', '09'), ('eu_ets_site_emissions', 'region', '76'),
    ('sales', 'departement', '09')) as v (indicator_id, level, code);
create table marts.dim_territory_contour as
select 'region' as territory_level, '76' as territory_code, '{}' as geometry, 'open_one' as dataset_id;
create table quality.fct_partial_year as
select 'open_one' as dataset_id, 'sales' as indicator_id, 2099 as year, true as is_part_of_year;
create table quality.fct_territory_break as
select 'sales' as indicator_id, level as territory_level, '76' as territory_code, 2099 as break_year, 'Test' as reason,
    12.5 as broken_pct
from (values ('region'), ('commune')) as v (level);
create table raw_sgpe.sgpe_cop_simulator (
    sim_id varchar, lever_name varchar, region_name varchar, sector varchar, lever_group varchar, unit_phys varchar,
    unit_co2 varchar, obj_co2 double, ratio_co2_to_phys double, start_point_2019 double, show_target boolean,
    edition_disabled boolean, no_translation boolean
);
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(WAREHOUSE)
    return path


def test_a_dataset_that_no_longer_qualifies_goes(warehouse: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bundled"
    for name in ("bundled_gone", "bundled_shared_alike", "bundled_open_one", "written_by_hand"):
        (folder / name).mkdir(parents=True)
        (folder / name / "figures.csv").write_text("old")
    main(warehouse, folder, tmp_path / "breaks.csv")
    assert sorted(path.name for path in folder.iterdir()) == [
        "bundled_etalab_decoupage",
        "bundled_ign_contours",
        "bundled_open_one",
        "bundled_sgpe_cop_simulator",
        "written_by_hand",
    ]
    assert (folder / "bundled_open_one" / "figures.csv").read_text() != "old"


def test_a_year_that_is_not_over_is_said_to_be_one(warehouse: Path, tmp_path: Path) -> None:
    main(warehouse, tmp_path / "bundled", tmp_path / "breaks.csv")
    with (tmp_path / "bundled" / "bundled_open_one" / "figures.csv").open(encoding="utf-8") as file:
        assert {
            row["year"]: row["is_part_of_year"] for row in csv.DictReader(file) if row["indicator_id"] == "sales"
        } == {"2098": "false", "2099": "true"}


def test_sites_ship_by_commune_in_none_by_departement_and_across_the_border_by_epci(
    warehouse: Path, tmp_path: Path
) -> None:
    main(warehouse, tmp_path / "bundled", tmp_path / "breaks.csv")
    with (tmp_path / "bundled" / "bundled_open_one" / "figures.csv").open(encoding="utf-8") as file:
        assert [
            (row["territory_level"], row["territory_code"], row["value"])
            for row in csv.DictReader(file)
            if row["indicator_id"] != "sales"
        ] == [("commune", "09", "7.0"), ("commune", "09999", "1.5"), ("epci", "999999999", "1.5")]


def test_breaks_of_the_scope_ship_with_the_figures_but_not_those_of_communes(warehouse: Path, tmp_path: Path) -> None:
    breaks = tmp_path / "breaks.csv"
    main(warehouse, tmp_path / "bundled", breaks)
    assert breaks.read_text().splitlines() == [
        "indicator_id,territory_level,territory_code,break_year,reason_fr,broken_pct",
        "sales,region,76,2099,Test,12.5",
    ]
