-- The series that judges the lever or, without one, the one that a COP looks at.
with cop_lines as (
    select distinct
        lever_id,
        territory_level,
        territory_code,
        framework_version
    from {{ ref('int_cop_levers_listed') }}
),

judging_series as (
    select
        lever_id,
        territory_level,
        territory_code,
        framework_version,
        indicator_id,
        start_year,
        start_value,
        latest_year,
        latest_published_value as latest_value
    from {{ ref('fct_lever_verdict') }}
    where is_shown and indicator_id is not null
),

shown as (
    select
        cop_lines.lever_id,
        cop_lines.territory_level,
        cop_lines.territory_code,
        cop_lines.framework_version,
        judging_series.indicator_id is not null as is_judged,
        coalesce(judging_series.indicator_id, observations.indicator_id) as indicator_id,
        if(is_judged, judging_series.start_year, observations.start_year) as start_year,
        if(is_judged, judging_series.start_value, observations.start_value) as start_value,
        if(is_judged, judging_series.latest_year, observations.latest_year) as latest_year,
        if(is_judged, judging_series.latest_value, observations.latest_value) as latest_value,
        case
            when observations.latest_value is not null then null
            when observations.indicator_id is not null
                then coalesce(observations.left_out_reason, lacks.label_fr)
            else coalesce(coverage.reason, lacks.label_fr)
        end as reason
    from cop_lines
    left join judging_series
        on
            cop_lines.lever_id = judging_series.lever_id
            and {{ same_territory('cop_lines', 'judging_series') }}
            and cop_lines.framework_version = judging_series.framework_version
    left join {{ ref('int_cop_observations_selected') }} as observations
        on
            cop_lines.lever_id = observations.lever_id
            and {{ same_territory('cop_lines', 'observations') }}
    left join {{ ref('fct_lever_coverage') }} as coverage
        on
            cop_lines.lever_id = coverage.lever_id
            and cop_lines.territory_level = coverage.territory_level
    left join {{ ref('verdict_reasons') }} as lacks
        on
            case
                when observations.indicator_id is not null then 'masked_at_source'
                when coverage.has_series then 'not_named'
                else 'not_measured'
            end = lacks.code
)

select
    shown.lever_id,
    shown.territory_level,
    shown.territory_code,
    shown.framework_version,
    shown.is_judged,
    shown.indicator_id,
    shown.start_year,
    shown.start_value,
    shown.latest_year,
    coalesce(published.reference_date, make_date(shown.latest_year, 1, 1)) as latest_date,
    coalesce(published.value, shown.latest_value) as latest_value,
    published.value_status,
    {{ label_fr('value_status', 'published.value_status') }} as value_status_label_fr,
    published.completeness_pct,
    coalesce(published.is_provisional, false) as is_provisional,
    published.dataset_id,
    case when shown.latest_value is null then shown.reason end as reason
from shown
left join {{ ref('fct_indicator_value') }} as published
    on
        shown.indicator_id = published.indicator_id
        and {{ same_territory('shown', 'published') }}
        and shown.latest_year = published.year
