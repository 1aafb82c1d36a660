with set_aside as (
    select
        dataset_id,
        snapshot_id,
        table_name,
        row_number,
        column_name,
        value,
        coalesce(nullif(value, ''), '(vide)') as value_label_fr,
        reason,
        row_count
    from {{ ref('stg_leviers__quarantined_rows') }}
    union all by name
    select
        aside.dataset_id,
        aside.snapshot_id,
        'int_observations_dated' as table_name,
        aside.indicator_id,
        aside.column_name,
        aside.value,
        concat_ws(
            ' ',
            coalesce({{ label_fr('territory_level', 'aside.territory_level') }}, aside.territory_level),
            case aside.territory_code when 'unknown' then '(code inconnu)' else aside.territory_code end
        ) as value_label_fr,
        aside.reason,
        aside.correction_id,
        aside.row_count,
        aside.value_sum
    from {{ ref('int_observations_quarantined') }} as aside
    union all by name
    select
        refused.dataset_id,
        refused.snapshot_id,
        'int_climate_plan_carriers_refused' as table_name,
        'carrier_siren' as column_name,
        refused.carrier_siren as value,
        concat_ws(
            ' ', refused.carrier_name, '(' || coalesce(nullif(refused.carrier_siren, ''), 'sans SIREN') || ')'
        ) as value_label_fr,
        refused.reason,
        refused.row_count
    from {{ ref('int_climate_plan_carriers_refused') }} as refused
    union all by name
    select
        refused.dataset_id,
        refused.snapshot_id,
        'int_grouping_members_refused' as table_name,
        'member_code' as column_name,
        refused.member_code as value,
        concat(
            coalesce(refused.member_name || ' (' || refused.member_code || ')', refused.member_code),
            ', ',
            coalesce({{ label_fr('territory_level', 'refused.territory_level') }}, refused.territory_level),
            ' : ',
            refused.grouping_names
        ) as value_label_fr,
        refused.reason,
        refused.row_count
    from {{ ref('int_grouping_members_refused') }} as refused
),

-- loading says why in words, models by a code
worded as (
    select
        aside.* exclude (reason),
        coalesce(rejections.reason, aside.reason) as reason,
        corrections.reason_fr
    from set_aside as aside
    left join {{ ref('rejections') }} as rejections on aside.reason = rejections.code
    left join {{ ref('value_corrections') }} as corrections on aside.correction_id = corrections.correction_id
)

select
    worded.dataset_id,
    worded.snapshot_id,
    worded.table_name,
    worded.indicator_id,
    worded.row_number,
    worded.column_name,
    worded.value,
    worded.reason,
    worded.row_count,
    worded.value_sum,
    coalesce(worded.reason_fr, {{ label_fr('quarantine_reason', 'worded.reason') }}, worded.reason)
        as reason_label_fr,
    worded.value_label_fr,
    worded.correction_id
from worded
