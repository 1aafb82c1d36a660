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
)

select
    set_aside.dataset_id,
    set_aside.snapshot_id,
    set_aside.table_name,
    set_aside.indicator_id,
    set_aside.row_number,
    set_aside.column_name,
    set_aside.value,
    set_aside.reason,
    set_aside.row_count,
    set_aside.value_sum,
    coalesce({{ label_fr('quarantine_reason', 'set_aside.reason') }}, set_aside.reason) as reason_label_fr,
    set_aside.value_label_fr
from set_aside
