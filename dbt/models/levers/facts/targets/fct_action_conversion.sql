with factors as (
    select
        actions.action_id,
        actions.lever_id,
        targets.region_code,
        targets.framework_version,
        targets.horizon_year,
        actions.action_fr,
        actions.action_unit_fr,
        actions.words,
        targets.co2_to_physical_ratio,
        1000 / nullif(abs(targets.co2_to_physical_ratio) * actions.units_per_target_unit, 0)
            as state_t_per_unit,
        if(
            targets.semantics = 'level' and targets.co2_to_physical_ratio < 0,
            targets.start_2019 * actions.units_per_target_unit,
            null
        ) as start_quantity,
        actions.second_t_per_unit,
        actions.second_source_fr,
        actions.not_convertible_fr,
        targets.refused_fr
    from {{ ref('lever_actions') }} as actions
    inner join {{ ref('int_sgpe_targets_joined') }} as targets on actions.lever_id = targets.lever_id
),

compared as (
    select
        *,
        greatest(state_t_per_unit / second_t_per_unit, second_t_per_unit / state_t_per_unit)
        <= {{ threshold('most_factor_ratio') }} as agrees
    from factors
)

select
    action_id,
    lever_id,
    region_code,
    framework_version,
    horizon_year,
    action_fr,
    action_unit_fr,
    words,
    if(agrees and not_convertible_fr is null, state_t_per_unit, null) as t_per_unit,
    if(agrees and not_convertible_fr is null, 1 / co2_to_physical_ratio, null) as kt_per_target_unit,
    state_t_per_unit,
    second_t_per_unit,
    start_quantity,
    second_source_fr,
    case
        when not_convertible_fr is not null then not_convertible_fr
        when state_t_per_unit is null
            then coalesce(refused_fr, 'L''État ne donne pas de rapport entre cette unité et le CO2.')
        when second_t_per_unit is null
            then
                'L''État compte ' || {{ number_fr(two_figures('state_t_per_unit')) }}
                || ' t par unité ; aucun second facteur n''est à portée pour le confirmer.'
        when not agrees
            then
                'L''État compte ' || {{ number_fr(two_figures('state_t_per_unit')) }}
                || ' t par unité, un second facteur ' || {{ number_fr('second_t_per_unit') }}
                || ' t : plus du double l''un de l''autre.'
    end as refusal_reason
from compared
