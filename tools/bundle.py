"""Makes the figures that ship with the project from a refreshed warehouse of Occitanie.

``python -m tools.bundle WAREHOUSE`` reads the working file of a ``leviers refresh --region 76`` on real files and
writes ``ingestion/bundled/bundled_<dataset_id>/``: aggregates and lists of territories, never lines of a source. The
folder of a dataset that no longer qualifies goes. What only the lines of a source show of these figures, the breaks of
a territory's series, goes into a seed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

from ingestion.catalog import BUNDLED_DIR, BUNDLED_PREFIX
from leviers.warehouse.project import DBT_DIR

REGION = "76"
BREAKS_SEED = DBT_DIR / "seeds" / "indicators" / "bundled_territory_breaks.csv"
LEVELS = "('region', 'departement', 'epci')"
# What is shared by where its sites stand ships by commune; what is in none, by its departement's code in place of one.
# An EPCI that lies in another region too has sites in communes that do not ship: its own sum ships beside them.
OF_SITES = "('eu_ets_site_emissions')"
TERRITORIES = "etalab_decoupage"
TARGETS = "sgpe_cop_simulator"
OUTLINES = "ign_contours"

FIGURES = f"""
select
    v.indicator_id,
    v.territory_level,
    v.territory_code,
    v.year,
    v.reference_date,
    v.value,
    v.unit,
    v.value_status,
    v.completeness_pct,
    v.masked_count,
    v.is_provisional,
    coalesce(y.is_part_of_year, false) as is_part_of_year,
    d.attribution as source,
    s.vintage,
    d.licence
from marts.fct_indicator_value as v
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_dataset as d using (dataset_id)
left join marts.dim_snapshot as s using (snapshot_id)
left join quality.fct_partial_year as y using (dataset_id, indicator_id, year)
where
    v.dataset_id = $dataset_id
    and t.is_in_scope
    and if(
        v.indicator_id in {OF_SITES},
        (v.territory_level = 'commune' or v.territory_level = 'epci' and t.crosses_regions) and v.value <> 0,
        v.territory_level in {LEVELS}
    )
    and (v.value is not null or v.value_status = 'secret')
    and v.indicator_id not in (select indicator_id from seeds.indicator_components) -- computed where it is built
union all
select
    a.indicator_id,
    'commune' as territory_level,
    a.territory_code,
    a.year,
    make_date(a.year, 1, 1) as reference_date,
    a.value,
    i.unit,
    'observed' as value_status,
    100 as completeness_pct,
    0 as masked_count,
    false as is_provisional,
    false as is_part_of_year,
    d.attribution as source,
    null as vintage,
    d.licence
from intermediate.int_observations_set_aside as a
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_indicator as i using (indicator_id)
inner join marts.dim_dataset as d using (dataset_id)
where
    a.indicator_id in {OF_SITES}
    and i.dataset_id = $dataset_id
    and a.territory_level = 'departement'
    and t.is_in_scope
order by indicator_id, territory_level, territory_code, year
"""

BUNDLED_DATASETS = f"""
select distinct v.dataset_id
from marts.fct_indicator_value as v
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_dataset as d using (dataset_id)
inner join marts.dim_snapshot as s using (snapshot_id)
where
    t.is_in_scope
    and d.republish
    and not d.share_alike -- the figures that ship are one set, under no such licence
    and d.licence_basis <> 'presumed' -- what nobody has seen the licence of does not ship
    and s.origin != 'bundled'
    and v.territory_level in {LEVELS}
order by 1
"""

COMMUNES = f"""
select
    make_date(c.cog_year, 1, 1) as reference_date,
    c.territory_code as commune_code,
    c.name as commune_name,
    c.departement_code,
    d.name as departement_name,
    c.region_code,
    r.name as region_name,
    c.epci_code,
    e.name as epci_name,
    e.legal_type as epci_type,
    c.population,
    e.population as epci_population, -- of all its communes: those of another region do not ship
    (select attribution from marts.dim_dataset where dataset_id = '{TERRITORIES}') as source
from marts.dim_territory as c
left join marts.dim_territory as d on d.territory_level = 'departement' and d.territory_code = c.departement_code
left join marts.dim_territory as r on r.territory_level = 'region' and r.territory_code = c.region_code
left join marts.dim_territory as e on e.territory_level = 'epci' and e.territory_code = c.epci_code
where c.territory_level = 'commune' and c.region_code = '{REGION}'
order by c.territory_code
"""

TARGET_ROWS = f"""
select
    sim_id, lever_name, region_name, sector, lever_group, unit_phys, unit_co2, obj_co2, ratio_co2_to_phys,
    start_point_2019, show_target, edition_disabled, no_translation,
    (select attribution from marts.dim_dataset where dataset_id = '{TARGETS}') as source
from raw_sgpe.sgpe_cop_simulator
where region_name = 'Occitanie'
order by sim_id
"""

BREAKS = f"""
select b.indicator_id, b.territory_level, b.territory_code, b.break_year, b.reason as reason_fr, b.broken_pct
from quality.fct_territory_break as b
inner join marts.dim_territory as t using (territory_level, territory_code)
where t.is_in_scope and b.territory_level in {LEVELS}
order by b.indicator_id, b.territory_level, b.territory_code, b.break_year
"""

CONTOURS = f"""
select c.territory_level, c.territory_code, c.geometry, d.attribution as source
from marts.dim_territory_contour as c
inner join marts.dim_territory as t using (territory_level, territory_code)
inner join marts.dim_dataset as d using (dataset_id)
where t.is_in_scope and c.territory_level in {LEVELS}
order by c.territory_level, c.territory_code
"""


def main(warehouse: Path, folder: Path = BUNDLED_DIR, breaks: Path = BREAKS_SEED) -> None:
    """Writes one folder per dataset in place of those that are there, and the seed of breaks."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = [dataset_id for (dataset_id,) in connection.execute(BUNDLED_DATASETS).fetchall()]
        for path in folder.glob(f"{BUNDLED_PREFIX}*"):
            shutil.rmtree(path)
        for dataset_id in found:
            _write(connection, FIGURES.replace("$dataset_id", f"'{dataset_id}'"), folder, dataset_id, "figures")
        _write(connection, COMMUNES, folder, TERRITORIES, "communes")
        _write(connection, TARGET_ROWS, folder, TARGETS, "targets")
        _write(connection, CONTOURS, folder, OUTLINES, "contours")
        connection.execute(f"copy ({BREAKS}) to '{breaks}' (header, delimiter ',')")


def _write(connection: duckdb.DuckDBPyConnection, query: str, folder: Path, dataset_id: str, table: str) -> None:
    path = folder / f"{BUNDLED_PREFIX}{dataset_id}" / f"{table}.csv"
    path.parent.mkdir(parents=True)
    connection.execute(f"copy ({query}) to '{path}' (header, delimiter ',')")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
