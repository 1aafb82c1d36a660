-- Corse and overseas levers never appear elsewhere, and no lever of the mainland appears overseas.
select
    targets.lever_id,
    targets.territory_code
from {{ ref('fct_lever_target') }} as targets
inner join {{ ref('region_aliases') }} as regions on targets.territory_code = regions.region_code
where
    (starts_with(targets.lever_id, 'corse_') and regions.lever_scope <> 'corse')
    or starts_with(targets.lever_id, 'drom_') <> (regions.lever_scope = 'outre_mer')
