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
),

-- A correction of a label or unit changes no value by itself: it applies as long as its series comes.
counted as (
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
),

stated as (
    select
        corrections.correction_id,
        corrections.dataset_id,
        corrections.indicator_id,
        corrections.source_key,
        corrections.territory_level,
        corrections.territory_code,
        corrections.year_from,
        corrections.year_to,
        corrections.kind,
        corrections.factor,
        corrections.received,
        corrections.corrected,
        corrections.reason_fr as reason,
        corrections.decided_on,
        corrections.reported_to_producer,
        corrections.source,
        counted.corrected_values,
        case
            when counted.corrected_values > 0 then 'applied'
            when counted.received_values > 0 then 'out_of_date'
            when loads.dataset_id is not null then 'without_rows'
            else 'not_loaded'
        end as state
    from {{ ref('value_corrections') }} as corrections
    inner join counted on corrections.correction_id = counted.correction_id
    left join {{ ref('stg_leviers__dataset_loads') }} as loads on corrections.dataset_id = loads.dataset_id
)

select
    stated.correction_id,
    stated.dataset_id,
    stated.indicator_id,
    stated.source_key,
    stated.territory_level,
    stated.territory_code,
    stated.year_from,
    stated.year_to,
    stated.kind,
    stated.factor,
    stated.received,
    stated.corrected,
    stated.reason,
    stated.decided_on,
    stated.reported_to_producer,
    stated.source,
    stated.corrected_values,
    stated.state,
    {{ label_fr('correction_kind', 'stated.kind') }} as kind_label_fr,
    {{ label_fr('correction_state', 'stated.state') }} as state_label_fr,
    coalesce(
        {{ label_fr('correction_report', 'stated.reported_to_producer') }}, stated.reported_to_producer
    ) as reported_to_producer_label_fr
from stated
