with listed as (
    select
        lever_id,
        territory_level,
        territory_code,
        region_code,
        framework_version,
        horizon_year,
        unit,
        unit_label_fr,
        remark
    from {{ ref('int_cop_levers_listed') }}
),

committed as (
    select distinct
        commitments.lever_id,
        commitments.territory_level,
        commitments.territory_code,
        commitments.horizon_year
    from {{ ref('int_cop_commitments_dated') }} as commitments
    anti join listed
        on
            commitments.lever_id = listed.lever_id
            and {{ same_territory('commitments', 'listed') }}
            and commitments.horizon_year = listed.horizon_year
)

select * from listed
union all
-- a commitment beside no target of the scope (another year, level or lever) has its own line, even withdrawn
select
    committed.lever_id,
    committed.territory_level,
    committed.territory_code,
    coalesce(territories.region_code, committed.territory_code) as region_code,
    frameworks.framework_version,
    committed.horizon_year,
    units.unit,
    unit_labels.label_fr as unit_label_fr,
    null as remark
from committed
{{ join_framework_in_force() }}
left join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('committed', 'territories') }}
left join {{ ref('lever_target_units') }} as units on committed.lever_id = units.lever_id
left join {{ ref('unit_labels') }} as unit_labels on units.unit = unit_labels.unit
