{{ config(materialized='kept_view') }}
-- A target that the baseline already met (`is_met_from_start`) is its own path.
with measured as (
    select
        lever_id,
        indicator_id,
        territory_level,
        territory_code,
        framework_version,
        baseline_year,
        baseline_value,
        latest_year,
        latest_value,
        target_year,
        target_value,
        incomparable_reason,
        baseline_reason,
        left_out_reason,
        good_sign * (target_value - baseline_value) <= 0 as is_met_from_start,
        if(
            latest_value is null or incomparable_reason is not null,
            null,
            {{ straight_path(
                'good_sign', 'baseline_value', 'target_value', 'baseline_at', 'target_year', 'latest_at'
            ) }}
        ) as path_value
    from {{ ref('int_lever_measures_compared') }}
),

-- Each quantified lever has a line in the country and the regions of the scope, even if nothing measures it.
expected as (
    select
        explained.lever_id,
        territories.territory_level,
        territories.territory_code,
        frameworks.framework_version,
        explained.reason
    from {{ ref('int_lever_levels_explained') }} as explained
    inner join {{ ref('int_territories_unioned') }} as territories
        on
            explained.territory_level = territories.territory_level
            and (
                territories.territory_level = 'pays'
                or (territories.territory_level = 'region' and territories.is_in_scope)
            )
    inner join {{ ref('dim_framework') }} as frameworks on frameworks.is_target_version
    where explained.is_quantified
)

select
    measured.lever_id,
    measured.indicator_id,
    measured.territory_level,
    measured.territory_code,
    measured.framework_version,
    measured.baseline_year,
    measured.baseline_value,
    measured.latest_year,
    measured.latest_value,
    measured.target_year,
    measured.target_value,
    measured.is_met_from_start,
    measured.path_value,
    case
        when measured.latest_value is null
            then coalesce(measured.left_out_reason, 'Valeurs masquées ou manquantes à la source.')
        when measured.incomparable_reason is not null
            then concat_ws(' ', measured.incomparable_reason, measured.left_out_reason)
        else
            nullif(
                concat_ws(
                    ' ',
                    if(measured.is_met_from_start, 'Cible déjà atteinte au départ.', null),
                    measured.baseline_reason,
                    measured.left_out_reason
                ),
                ''
            )
    end as reason
from measured
union all
select
    expected.lever_id,
    null as indicator_id,
    expected.territory_level,
    expected.territory_code,
    expected.framework_version,
    null as baseline_year,
    null as baseline_value,
    null as latest_year,
    null as latest_value,
    null as target_year,
    null as target_value,
    null as is_met_from_start,
    null as path_value,
    expected.reason
from expected
anti join measured
    on
        expected.lever_id = measured.lever_id
        and {{ same_territory('expected', 'measured') }}
