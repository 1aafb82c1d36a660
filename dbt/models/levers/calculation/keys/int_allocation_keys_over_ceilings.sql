-- The ceilings that a value of a key exceeds in a region, in MWh.
with failed as (
    select distinct
        listed.lever_id,
        listed.priority,
        listed.indicator_id,
        listed.key_level,
        territories.region_code,
        ceilings.of_indicator_id,
        ceilings.max_ratio * ceilings.factor * factors.mwh_per_unit as max_mwh,
        ceilings.reason_fr
    from {{ ref('int_anomalies_detected') }} as anomalies
    inner join {{ ref('value_ceilings') }} as ceilings
        on
            anomalies.indicator_id = ceilings.indicator_id
            and anomalies.compared_indicator_id = ceilings.of_indicator_id
            and anomalies.kind = ceilings.kind
    inner join {{ ref('emission_factors') }} as factors on ceilings.indicator_id = factors.indicator_id
    inner join {{ ref('int_allocation_keys_listed') }} as listed
        on
            anomalies.indicator_id = listed.indicator_id
            and anomalies.territory_level = listed.key_level
    inner join {{ ref('dim_territory') }} as territories
        on {{ same_territory('anomalies', 'territories') }}
    where anomalies.is_impossible and anomalies.kind in ('implausible_per_head', 'implausible_per_dwelling')
),

wholes as (
    select
        indicator_id,
        territory_level,
        territory_code,
        arg_max(value, year) as value
    from {{ ref('fct_indicator_value') }}
    where value is not null and not is_anomalous and not is_entered
    group by indicator_id, territory_level, territory_code
    union all
    select
        'population' as indicator_id,
        territory_level,
        territory_code,
        population as value
    from {{ ref('dim_territory') }}
),

-- The later keys of the same lever and level, held against the same ceiling in MWh.
stand_ins as (
    select
        failed.lever_id,
        listed.key_id,
        failed.region_code,
        parts.part_level,
        parts.part_code,
        parts.year,
        parts.value * factors.mwh_per_unit as mwh,
        failed.max_mwh * wholes.value as ceiling_mwh,
        failed.reason_fr
    from failed
    inner join {{ ref('int_allocation_keys_listed') }} as listed
        on
            failed.lever_id = listed.lever_id
            and failed.priority < listed.priority
            and failed.key_level = listed.key_level
            and failed.indicator_id <> listed.indicator_id
    inner join {{ ref('emission_factors') }} as factors on listed.indicator_id = factors.indicator_id
    inner join {{ ref('int_allocation_parts_valued') }} as parts
        on
            listed.indicator_id = parts.indicator_id
            and failed.region_code = parts.region_code
            and listed.key_level = parts.part_level
    inner join wholes
        on
            failed.of_indicator_id = wholes.indicator_id
            and parts.part_level = wholes.territory_level
            and parts.part_code = wholes.territory_code
)

select
    lever_id,
    key_id,
    region_code,
    part_level as territory_level,
    part_code as territory_code,
    max(year) as year,
    first(
        {{ number_fr('mwh') }} || ' MWh, au-dessus du plafond de '
        || {{ number_fr('ceiling_mwh') }} || '. ' || reason_fr
        order by year desc
    ) as reason
from stand_ins
where mwh > ceiling_mwh
group by lever_id, key_id, region_code, part_level, part_code
