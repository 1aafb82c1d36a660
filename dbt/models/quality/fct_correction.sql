with stated as (
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
            when datasets.dataset_id is not null then 'without_rows'
            else 'not_loaded'
        end as state
    from {{ ref('value_corrections') }} as corrections
    inner join {{ ref('int_corrections_counted') }} as counted
        on corrections.correction_id = counted.correction_id
    left join {{ ref('dim_dataset') }} as datasets on corrections.dataset_id = datasets.dataset_id
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
