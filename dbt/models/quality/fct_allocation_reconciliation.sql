with regional as (
    select
        changes.lever_id,
        changes.region_code,
        changes.horizon_year,
        changes.measure,
        changes.framework_version,
        changes.value as regional_value,
        changes.unit
    from {{ ref('int_lever_changes_derived') }} as changes
    inner join {{ ref('int_territories_unioned') }} as regions
        on
            changes.region_code = regions.territory_code
            and regions.territory_level = 'region'
            and regions.is_in_scope
    where not changes.is_intensive
),

allocated as (
    select
        lever_id,
        parent_code as region_code,
        horizon_year,
        measure,
        framework_version,
        territory_level,
        max(key_id) as key_id,
        sum(cast(value as decimal(38, 15))) as allocated_value,
        count(*) filter (where not is_remainder) as territory_count
    from {{ ref('fct_lever_target_allocation') }}
    where key_id <> 'same_as_region' and territory_level in ('commune', 'departement', 'epci')
    group by all
),

communes_outside_epci as (
    select
        region_code,
        count(*) as communes
    from {{ ref('int_territories_unioned') }}
    where territory_level = 'commune' and epci_code is null
    group by region_code
),

expected as (
    select
        regional.lever_id,
        regional.region_code,
        regional.horizon_year,
        regional.measure,
        regional.framework_version,
        regional.regional_value,
        regional.unit,
        levels.territory_level
    from regional
    cross join (values ('commune'), ('departement'), ('epci')) as levels (territory_level)
)

select
    expected.lever_id,
    expected.region_code,
    expected.horizon_year,
    expected.measure,
    expected.framework_version,
    expected.territory_level,
    coalesce(allocated.key_id, 'none') as key_id,
    expected.unit,
    unit_labels.label_fr as unit_label_fr,
    {{ label_fr('measure', 'expected.measure') }} as measure_label_fr,
    expected.regional_value,
    cast(allocated.allocated_value as double) as allocated_value,
    round(cast(allocated.allocated_value as double) - expected.regional_value, 9) as difference,
    coalesce(allocated.territory_count, 0) as territory_count,
    case
        when allocated.key_id is not null and outside_epci.communes > 0 and expected.territory_level = 'epci'
            then 'Communes de la région sans EPCI : ' || outside_epci.communes || '.'
        when allocated.key_id is null then 'Aucune clé utilisable.'
    end as reason
from expected
left join allocated
    on
        expected.lever_id = allocated.lever_id
        and expected.region_code = allocated.region_code
        and expected.horizon_year = allocated.horizon_year
        and expected.measure = allocated.measure
        and expected.framework_version = allocated.framework_version
        and expected.territory_level = allocated.territory_level
left join communes_outside_epci as outside_epci on expected.region_code = outside_epci.region_code
left join {{ ref('unit_labels') }} as unit_labels on expected.unit = unit_labels.unit
