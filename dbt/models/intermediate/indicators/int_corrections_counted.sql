with received as (
    select
        'ore_consumption_departement_sector' as dataset_id,
        cast(null as varchar) as indicator_id,
        operator as source_key,
        'departement' as territory_level,
        departement_code as territory_code,
        year,
        residential_consumption > {{ threshold('most_mwh_of_a_dwelling') }} * residential_sites as is_wrong,
        cast(null as varchar) as correction_id
    from {{ ref('stg_ore__departement_operators') }}
    union all
    select
        dataset_id,
        indicator_id,
        cast(null as varchar) as source_key,
        territory_level,
        territory_code,
        year,
        true as is_wrong,
        correction_id
    from {{ ref('int_observations_dated') }}
)

-- A correction of a label or unit changes no value by itself: it applies as long as its series comes.
select
    corrections.correction_id,
    count(received.year) as received_values,
    count(*) filter (
        where
        case corrections.kind
            when 'zero_is_missing' then received.correction_id = corrections.correction_id
            when 'drop' then received.correction_id = corrections.correction_id
            else received.is_wrong
        end
    ) as corrected_values
from {{ ref('value_corrections') }} as corrections
left join received
    on
        corrections.dataset_id = received.dataset_id
        and coalesce(corrections.indicator_id = received.indicator_id, corrections.indicator_id is null)
        and coalesce(corrections.source_key = received.source_key, corrections.source_key is null)
        and coalesce(corrections.territory_level = received.territory_level, true)
        and coalesce(corrections.territory_code = received.territory_code, true)
        and corrections.year_from <= received.year
        and corrections.year_to >= received.year
group by corrections.correction_id
