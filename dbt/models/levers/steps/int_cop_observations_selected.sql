-- Of the measures of a lever: one that is compared with its target, then by priority, then the newest.
with ranked as (
    select
        progress.lever_id,
        progress.territory_level,
        progress.territory_code,
        progress.framework_version,
        progress.indicator_id,
        indicators.label_fr as indicator_label_fr,
        indicators.unit,
        indicators.direction,
        indicators.dataset_id,
        progress.baseline_year,
        progress.baseline_value,
        progress.latest_year,
        progress.latest_value,
        progress.target_value,
        progress.path_value,
        progress.gap,
        progress.progress_pct,
        progress.is_recent,
        progress.reason,
        row_number() over (
            partition by
                progress.lever_id,
                progress.territory_level,
                progress.territory_code,
                progress.framework_version
            order by
                progress.path_value is null asc,
                progress.latest_value is null asc,
                links.priority asc,
                progress.latest_year desc,
                progress.indicator_id asc
        ) as choice
    from {{ ref('fct_lever_progress') }} as progress
    left join {{ ref('dim_indicator') }} as indicators on progress.indicator_id = indicators.indicator_id
    left join {{ ref('bridge_lever_indicator') }} as links
        on
            progress.lever_id = links.lever_id
            and progress.indicator_id = links.indicator_id
            and links.role = 'measure'
),

not_chosen as (
    select
        lever_id,
        territory_level,
        territory_code,
        framework_version,
        string_agg(indicator_label_fr, ' ; ' order by choice) as other_indicators
    from ranked
    where choice > 1
    group by lever_id, territory_level, territory_code, framework_version
)

select
    ranked.lever_id,
    ranked.territory_level,
    ranked.territory_code,
    ranked.framework_version,
    ranked.indicator_id,
    ranked.indicator_label_fr,
    ranked.unit,
    unit_labels.label_fr as unit_label_fr,
    ranked.baseline_year,
    ranked.baseline_value,
    ranked.latest_year,
    latest_values.reference_date as latest_date,
    ranked.latest_value,
    {{ label_fr('value_status', 'latest_values.value_status') }} as latest_value_kind_fr,
    intervals.value as latest_half_interval,
    latest_values.completeness_pct as latest_completeness_pct,
    latest_values.is_provisional as latest_is_provisional,
    ranked.target_value,
    ranked.path_value,
    ranked.gap,
    if(ranked.direction = 'fall', -1, 1) * ranked.gap + 0 as lead_on_path,
    ranked.progress_pct,
    ranked.is_recent,
    ranked.reason,
    not_chosen.other_indicators,
    if(latest_values.is_entered, value_datasets.attribution, datasets.attribution) as source,
    latest_values.is_entered as latest_is_entered,
    value_datasets.verified as source_is_verified
from ranked
left join not_chosen
    on
        ranked.lever_id = not_chosen.lever_id
        and ranked.territory_level = not_chosen.territory_level
        and ranked.territory_code = not_chosen.territory_code
        and ranked.framework_version = not_chosen.framework_version
left join {{ ref('dim_dataset') }} as datasets on ranked.dataset_id = datasets.dataset_id
left join {{ ref('unit_labels') }} as unit_labels on ranked.unit = unit_labels.unit
left join {{ ref('fct_indicator_value') }} as latest_values
    on
        ranked.indicator_id = latest_values.indicator_id
        and ranked.territory_level = latest_values.territory_level
        and ranked.territory_code = latest_values.territory_code
        and ranked.latest_year = latest_values.year
left join {{ ref('dim_dataset') }} as value_datasets on latest_values.dataset_id = value_datasets.dataset_id
left join {{ ref('fct_indicator_value') }} as intervals
    on
        ranked.indicator_id || '_half_interval' = intervals.indicator_id
        and ranked.territory_level = intervals.territory_level
        and ranked.territory_code = intervals.territory_code
        and ranked.latest_year = intervals.year
where ranked.choice = 1
