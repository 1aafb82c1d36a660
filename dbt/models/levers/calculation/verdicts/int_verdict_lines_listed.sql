-- Makes the start, the target and the margin of each line; `int_verdict_variants_compared` makes its path.
-- A line without a target has the reason in `no_target_code`.
-- `national_ktco2e` of `targets`: sum of the loaded regions' targets, but at least the State's total times
-- `regional_ratio_min`: with few regions loaded the sum is too low.
with targets as (
    select
        regional.*,
        abs(
            regional.physical_value - if(regional.semantics = 'delta', 0, regional.start_2019)
        ) as asked_change,
        regional.physical_value / regional.start_2019 as asked_ratio,
        greatest(
            sum(regional.avoided_ktco2e) over (partition by regional.lever_id, regional.framework_version),
            totals.value_ktco2e * totals.regional_ratio_min
        ) as national_ktco2e
    from {{ ref('int_sgpe_targets_joined') }} as regional
    left join {{ ref('national_lever_targets') }} as totals
        on
            regional.lever_id = totals.lever_id
            and regional.framework_version = totals.framework_version
),

members as (
    select
        group_id,
        lever_id,
        bool_or(judges = 'group') as judges_group
    from {{ ref('verdict_rules') }}
    where group_id is not null
    group by group_id, lever_id
),

-- Joint target of the levers of a group: the sum of their changes, or the strictest of their rates, and the
-- share of it that surely falls on the series: what levers ask that it judges, or the mildest of the rates.
group_targets as (
    select
        members.group_id,
        targets.region_code,
        targets.framework_version,
        sum(targets.asked_change) as asked_change,
        sum(targets.avoided_ktco2e) as asked_ktco2e,
        sum(targets.asked_change) filter (where not members.judges_group)
        / sum(targets.asked_change) as certain_share_of_change,
        arg_max(targets.asked_ratio, abs(targets.asked_ratio - 1)) as asked_ratio,
        min(abs(targets.asked_ratio - 1)) / max(abs(targets.asked_ratio - 1)) as certain_share_of_rate
    from members
    inner join targets on members.lever_id = targets.lever_id
    group by members.group_id, targets.region_code, targets.framework_version
),

parts as (
    select
        lever_id,
        territory_level,
        territory_code,
        framework_version,
        sum(value) filter (where measure = 'ktco2e_avoided') as part_ktco2e,
        sum(value) filter (where measure = 'physical_delta') as part_change,
        max(key_id) as key_id
    from {{ ref('int_lever_parts_allocated') }}
    where not is_remainder
    group by lever_id, territory_level, territory_code, framework_version
),

target_terms as (
    select
        series.lever_id,
        series.indicator_id,
        series.basis,
        series.territory_level,
        series.territory_code,
        series.start_year as series_start_year,
        series.start_value as series_start_value,
        series.rounding_step,
        series.band,
        series.start_excess,
        series.latest_excess,
        frameworks.framework_version,
        rules.path_rule,
        rules.group_id,
        rules.smoothing_years,
        indicators.unit,
        case indicators.direction when 'rise' then 1 when 'fall' then -1 end as improvement,
        coalesce(conversions.factor, 1) as factor,
        national_targets.start_value as national_start,
        national_targets.target_value as national_target,
        regional_targets.value as regional_target,
        coalesce(
            regional_targets.horizon_year,
            national_targets.target_year,
            targets.horizon_year,
            {{ threshold('path_end_year') }}
        ) as target_year,
        coalesce(targets.is_intensive, false) as is_intensive,
        if(
            rules.path_rule = 'state_level'
            and targets.is_start_measured
            and (series.territory_level = 'region' or targets.is_intensive),
            targets.start_2019 / coalesce(conversions.factor, 1),
            null
        ) as state_start_value,
        targets.physical_value,
        targets.co2_to_physical_ratio,
        coalesce(group_targets.asked_change, targets.asked_change) as asked_change,
        coalesce(
            case rules.path_rule
                when 'state_change' then group_targets.certain_share_of_change
                when 'state_rate' then group_targets.certain_share_of_rate
            end,
            1
        )
        * coalesce(rules.least_share, 1) as certain_share,
        coalesce(group_targets.asked_ratio, targets.asked_ratio) as asked_ratio,
        -- What the region may still emit, in parts of its start, with more biofuel in it.
        (1 - group_targets.asked_ktco2e / (regional_series.start_value * conversions.factor))
        * (100 - national_targets.start_value)
        / (100 - national_targets.target_value) as asked_emission_ratio,
        if(series.territory_level = 'region', targets.avoided_ktco2e, parts.part_ktco2e)
        / targets.national_ktco2e as national_part,
        parts.part_change,
        if(targets.is_intensive and targets.semantics = 'delta', targets.physical_value, null) as same_change,
        if(targets.is_intensive and targets.semantics = 'level', targets.physical_value, null) as same_level,
        rules.basis = 'indicative'
        and rules.path_rule in ('indicative_part', 'national_growth')
        and not coalesce(targets.is_intensive, false)
        and coalesce(string_split(parts.key_id, '__')[1] = series.indicator_id, false) as is_circular
    from {{ ref('int_verdict_series_selected') }} as series
    inner join {{ ref('verdict_rules') }} as rules on {{ same_rule('series', 'rules') }}
    inner join {{ ref('indicators') }} as indicators on series.indicator_id = indicators.indicator_id
    inner join {{ ref('int_territories_unioned') }} as territories
        on {{ same_territory('series', 'territories') }}
    {{ join_framework_in_force() }}
    left join {{ ref('conversions') }} as conversions on rules.conversion = conversions.conversion
    left join {{ ref('national_indicator_targets') }} as national_targets
        on rules.national_target_id = national_targets.target_id
    left join {{ ref('int_verdict_series_selected') }} as regional_series
        on
            rules.path_rule = 'state_emissions'
            and series.lever_id = regional_series.lever_id
            and series.indicator_id = regional_series.indicator_id
            and regional_series.territory_level = 'region'
            and territories.region_code = regional_series.territory_code
    left join {{ ref('regional_framework_targets') }} as regional_targets
        on
            rules.path_rule = 'regional_level'
            and series.lever_id = regional_targets.lever_id
            and series.indicator_id = regional_targets.indicator_id
            and territories.region_code = regional_targets.region_code
            and series.territory_level = 'region'
            and regional_targets.kind = 'target'
    left join targets
        on
            series.lever_id = targets.lever_id
            and territories.region_code = targets.region_code
            and frameworks.framework_version = targets.framework_version
    left join group_targets
        on
            rules.group_id = group_targets.group_id
            and territories.region_code = group_targets.region_code
            and frameworks.framework_version = group_targets.framework_version
    left join parts
        on
            series.lever_id = parts.lever_id
            and {{ same_territory('series', 'parts') }}
            and frameworks.framework_version = parts.framework_version
),

-- A target is a level, a change from the start or a ratio to the start.
lines_asked as (
    select
        *,
        case path_rule
            when 'state_level'
                then if(territory_level = 'region' or is_intensive, physical_value, null) / factor
            when 'national_level' then national_target
            when 'regional_level' then regional_target
            when 'indicative_part' then same_level / factor
        end as target_level,
        improvement * case path_rule
            when 'state_change' then asked_change
            when 'national_growth' then (national_target - national_start) * national_part
            when 'indicative_part'
                then if(same_level is null, coalesce(same_change, abs(part_change)), null)
        end / factor as target_change,
        case path_rule
            when 'state_rate' then asked_ratio
            when 'state_emissions' then asked_emission_ratio
            when 'national_rate' then national_target / national_start
        end as target_ratio,
        case
            when is_circular then 'circular_key'
            when target_ratio is not null and series_start_value = 0 then 'nothing_at_start'
            when
                basis = 'proportional'
                and unit = 'ha'
                and series_start_value < {{ threshold('least_start_ha') }}
                then 'starts_too_low'
            when target_level is null and target_change is null and target_ratio is null
                then 'no_physical_target'
        end as no_target_code
    from target_terms
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    framework_version,
    improvement,
    target_level,
    target_change,
    target_ratio,
    certain_share,
    if(state_start_value is null, series_start_year, {{ threshold('path_start_year') }}) as start_year,
    coalesce(state_start_value, series_start_value) as start_value,
    if(state_start_value is null, 'series', 'state') as start_origin,
    target_year,
    {{ target_from('start_value', 'target_level', 'target_change', 'target_ratio') }} as target_value,
    coalesce(latest_excess, 0) + if(start_origin = 'series', coalesce(start_excess, 0), 0) as excess,
    coalesce(
        band,
        greatest(
            rounding_step,
            {{ threshold('margin_deviations') }} * {{ threshold('assumed_noise') }} * abs(start_value)
        )
    )
    + excess
    -- A mean stands at the middle of its years: it is late for a level by what is asked in that time.
    -- A change, or a rate, is that of the mean.
    + coalesce(
        if(target_level is null, 0, (smoothing_years - 1) / 2)
        * abs(target_value - start_value) / (target_year - start_year),
        0
    ) as margin,
    -- NULL for an intensive target (per head, per MWh): its ratio also has the growth of the denominator.
    case
        when
            path_rule in ('state_level', 'state_change', 'state_rate', 'indicative_part')
            and group_id is null
            and not is_intensive
            then factor / abs(co2_to_physical_ratio)
        -- At the biofuel of the target: a lower bound until then.
        when path_rule = 'state_emissions' then factor * (100 - national_target) / (100 - national_start)
    end as ktco2e_per_unit,
    no_target_code,
    if(path_rule = 'national_growth', national_part, null) as national_part,
    if(path_rule = 'national_growth', (national_target - national_start) / factor, null) as national_change
from lines_asked
