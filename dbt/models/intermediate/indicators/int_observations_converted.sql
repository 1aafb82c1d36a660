with

converted as (

    select
        observations.indicator_id,
        observations.territory_level,
        observations.territory_code,
        observations.year,
        observations.reference_date,
        observations.value * if(observations.source_unit = indicators.unit, 1, conversions.factor) as value,
        observations.value_status,
        observations.completeness_pct,
        observations.masked_count,
        observations.is_provisional,
        observations.is_part_of_year,
        observations.members,
        observations.snapshot_id,
        split_part(observations.snapshot_id, ':', 1) as dataset_id
    from {{ ref('int_observations_unioned') }} as observations
    inner join {{ ref('indicators') }} as indicators on observations.indicator_id = indicators.indicator_id
    left join {{ ref('conversions') }} as conversions
        on observations.source_unit = conversions.from_unit and indicators.unit = conversions.to_unit

),

ruled as (

    select
        converted.*,
        rules.rule,
        rules.reason_fr,
        coalesce(rules.rule = 'zero_is_missing' and converted.value = 0, false) as is_missing
    from converted
    left join {{ ref('indicator_value_rules') }} as rules
        on
            converted.indicator_id = rules.indicator_id
            and converted.year between rules.year_from and rules.year_to
            and rules.rule in ('zero_is_missing', 'drop')

)

select
    ruled.indicator_id,
    ruled.territory_level,
    ruled.territory_code,
    datasets.cog_year,
    ruled.year,
    ruled.reference_date,
    if(ruled.is_missing, null, ruled.value) as value,
    if(ruled.is_missing, 'missing', ruled.value_status) as value_status,
    if(ruled.is_missing, 0, ruled.completeness_pct) as completeness_pct,
    ruled.masked_count,
    ruled.is_provisional,
    ruled.is_part_of_year,
    ruled.members,
    ruled.dataset_id,
    ruled.snapshot_id,
    case when ruled.rule = 'drop' then ruled.reason_fr end as excluded_because
from ruled
inner join {{ ref('stg_leviers__datasets') }} as datasets on ruled.dataset_id = datasets.dataset_id
-- values under an undeclared licence stay in the raw and staging schemas, which are not published
where datasets.republish
