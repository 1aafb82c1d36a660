-- A key is listed once for each lever that it may divide, with the same label.
with key_labels as (
    select
        key_id,
        any_value(
            concat_ws(
                ', puis selon : ', key_label_fr, if(spread_indicator_id is null, null, spread_label_fr)
            )
        ) as key_label_fr
    from {{ ref('int_allocation_keys_listed') }}
    group by key_id
)

select
    estimates.territory_level,
    estimates.territory_code,
    estimates.region_code,
    estimates.sector,
    estimates.source,
    estimates.year,
    estimates.key_id,
    key_labels.key_label_fr,
    chains.reason_fr as key_reason_fr,
    estimates.key_share,
    estimates.value,
    estimates.is_repeated,
    estimates.unit,
    estimates.key_year,
    estimates.key_source,
    estimates.dataset_id,
    estimates.snapshot_id,
    estimates.key_error_median_pct,
    estimates.key_error_worst_pct,
    estimates.key_error_regions,
    estimates.key_error_indicator_id
from {{ ref('int_emission_estimates_derived') }} as estimates
inner join {{ ref('emission_allocation_keys') }} as chains
    on
        estimates.indicator_id = chains.indicator_id
        and estimates.key_id = chains.key_id
inner join key_labels on estimates.key_id = key_labels.key_id
