with selected as (
    select * from {{ ref('int_values_selected') }}
),

-- A ratio that the source publishes itself is never computed again.
ratios as (
    select
        listed.indicator_id,
        numerators.territory_level,
        numerators.territory_code,
        numerators.year,
        numerators.reference_date,
        numerators.value / nullif(denominators.value, 0) * listed.factor as value,
        numerators.value_status as numerator_status,
        denominators.value_status as denominator_status,
        if(
            numerators.completeness_pct is null or denominators.completeness_pct is null,
            null,
            least(numerators.completeness_pct, denominators.completeness_pct)
        ) as completeness_pct,
        greatest(numerators.masked_count, denominators.masked_count) as masked_count,
        numerators.is_provisional or denominators.is_provisional as is_provisional,
        numerators.is_incomplete_year or denominators.is_incomplete_year as is_incomplete_year,
        numerators.is_entered or denominators.is_entered as is_entered,
        numerators.dataset_id,
        greatest(numerators.snapshot_id, denominators.snapshot_id) as snapshot_id
    from {{ ref('int_ratios_listed') }} as listed
    inner join selected as numerators on listed.numerator_id = numerators.indicator_id
    inner join selected as denominators
        on
            listed.denominator_id = denominators.indicator_id
            and {{ same_territory('numerators', 'denominators') }}
            and numerators.year = denominators.year
    anti join selected as published
        on
            listed.indicator_id = published.indicator_id
            and {{ same_territory('numerators', 'published') }}
            and numerators.year = published.year
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    reference_date,
    value,
    case
        when value is null and 'secret' in (numerator_status, denominator_status) then 'secret'
        when value is null and 'below_threshold' in (numerator_status, denominator_status)
            then 'below_threshold'
        when value is null then 'missing'
        when 'estimated' in (numerator_status, denominator_status) then 'estimated'
        when 'aggregated' in (numerator_status, denominator_status) then 'aggregated'
        else 'observed'
    end as value_status,
    if(value is null, 0, completeness_pct) as completeness_pct,
    masked_count,
    is_provisional,
    dataset_id,
    snapshot_id,
    is_incomplete_year,
    is_entered
from ratios
