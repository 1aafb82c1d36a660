-- Levers that nothing judges: quantified ones, those that the territory is asked, those followed by a means
-- or by a joint series.
with series as (
    select
        selected.lever_id,
        selected.territory_level,
        selected.territory_code,
        selected.latest_year,
        indicators.indicator_id,
        indicators.label_fr,
        rules.judges
    from {{ ref('int_verdict_series_selected') }} as selected
    inner join {{ ref('verdict_rules') }} as rules on {{ same_rule('selected', 'rules') }}
    inner join {{ ref('indicators') }} as indicators on selected.indicator_id = indicators.indicator_id
),

followed as (
    select
        lever_id,
        territory_level,
        territory_code,
        if(judges = 'means', 'means_only', 'group_only') as reason_code,
        string_agg(
            label_fr || ' (' || latest_year || ')', ', '
            order by latest_year desc, indicator_id asc
        ) as series
    from series
    where judges <> 'lever' and latest_year is not null
    group by lever_id, territory_level, territory_code, judges
    qualify
        row_number() over (partition by lever_id, territory_level, territory_code order by judges desc) = 1
),

-- A grouping may span regions, so it is asked through the parts of its communes.
levers_asked as (
    select
        targets.lever_id,
        territories.territory_level,
        territories.territory_code
    from {{ ref('int_sgpe_targets_joined') }} as targets
    inner join {{ ref('int_territories_unioned') }} as territories
        on targets.region_code = territories.region_code
    where targets.avoided_ktco2e is not null
    union distinct
    select
        lever_id,
        territory_level,
        territory_code
    from {{ ref('int_lever_parts_allocated') }}
    where measure = 'ktco2e_avoided' and not is_remainder
),

-- `not_comparable` if a start and a later year are measured, else `measured_once`.
explained as (
    select
        measured.lever_id,
        measured.territory_level,
        measured.territory_code,
        measured.indicator_id,
        if(measured.start_year < measured.latest_year, 'not_comparable', 'measured_once') as reason_code,
        case
            when links.reason_fr is not null then links.reason_fr
            when levers_asked.lever_id is null then lacks.label_fr
            else concat_ws(' ', lacks.label_fr, measured.left_out_reason)
        end as why,
        indicators.label_fr || ' (' || measured.latest_year || ')'
        || if(reason_code = 'not_comparable', ' : ' || rtrim(why, '.'), '') as series
    from {{ ref('int_lever_series_measured') }} as measured
    inner join {{ ref('indicators') }} as indicators on measured.indicator_id = indicators.indicator_id
    inner join {{ ref('bridge_lever_indicator') }} as links
        on
            measured.lever_id = links.lever_id
            and measured.indicator_id = links.indicator_id
            and links.role = 'measure'
    left join levers_asked
        on
            measured.lever_id = levers_asked.lever_id
            and {{ same_territory('measured', 'levers_asked') }}
    left join {{ ref('verdict_reasons') }} as lacks
        on if(levers_asked.lever_id is null, 'no_physical_target', 'no_target_at_level') = lacks.code
    where measured.latest_value is not null and measured.territory_level not in ('commune', 'pays')
),

measured as (
    select
        lever_id,
        territory_level,
        territory_code,
        reason_code,
        string_agg(series, ' ; ' order by indicator_id) as series
    from explained
    group by lever_id, territory_level, territory_code, reason_code
    qualify row_number() over (
        partition by lever_id, territory_level, territory_code
        order by reason_code desc
    ) = 1
)

select
    levers.lever_id,
    territories.territory_level,
    territories.territory_code,
    coalesce(
        followed.reason_code,
        measured.reason_code,
        if(counted.territories_covered > 0, 'not_named', 'no_series')
    ) as reason_code,
    map_from_entries([
        ('series', coalesce(followed.series, measured.series)),
        ('why', coalesce(own.reason_fr, general.reason_fr))
    ]) as sentence_values
from {{ ref('levers') }} as levers
inner join {{ ref('int_territories_unioned') }} as territories
    on
        territories.is_in_scope
        and territories.territory_level not in ('commune', 'pays')
left join followed
    on
        levers.lever_id = followed.lever_id
        and {{ same_territory('territories', 'followed') }}
left join measured
    on
        levers.lever_id = measured.lever_id
        and {{ same_territory('territories', 'measured') }}
left join {{ ref('int_lever_values_counted') }} as counted
    on
        levers.lever_id = counted.lever_id
        and territories.territory_level = counted.territory_level
left join {{ ref('lever_coverage_reasons') }} as own
    on
        levers.lever_id = own.lever_id
        and territories.territory_level = own.territory_level
left join {{ ref('lever_coverage_reasons') }} as general
    on
        levers.lever_id = general.lever_id
        and general.territory_level = 'all'
left join levers_asked
    on
        levers.lever_id = levers_asked.lever_id
        and {{ same_territory('territories', 'levers_asked') }}
anti join series
    on
        levers.lever_id = series.lever_id
        and {{ same_territory('territories', 'series') }}
        and series.judges = 'lever'
where levers.is_quantified or followed.lever_id is not null or levers_asked.lever_id is not null
