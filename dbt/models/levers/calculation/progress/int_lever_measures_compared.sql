{{ config(meta={'cut_by': 'indicator_id'}) }}
with measures as (
    select
        links.lever_id,
        links.indicator_id,
        links.comparability,
        links.factor,
        links.reason_fr,
        {{ good_sign('indicators.direction') }} as good_sign
    from {{ ref('bridge_lever_indicator') }} as links
    inner join {{ ref('dim_indicator') }} as indicators on links.indicator_id = indicators.indicator_id
    where links.role = 'measure'
),

-- An incomplete year, or one with an anomalous value, is neither a start nor the latest one.
indicator_values as (
    select
        indicator_values.indicator_id,
        indicator_values.territory_level,
        indicator_values.territory_code,
        indicator_values.year,
        {{ read_at('indicator_values.year', 'indicator_values.reference_date') }} as read_at,
        indicator_values.is_anomalous,
        indicator_values.is_incomplete_year or indicator_values.is_anomalous as is_flagged,
        if(is_flagged, null, indicator_values.value) as value,
        indicator_values.value is not null and is_flagged as is_left_out,
        indicator_values.value is not null
        and not is_flagged
        and indicator_values.year >= {{ threshold('path_start_year') }}
            as is_since_start,
        precisions.rounding_step,
        precisions.last_break_year
    from {{ ref('fct_indicator_value') }} as indicator_values
    semi join measures on indicator_values.indicator_id = measures.indicator_id
    left join {{ ref('int_indicator_precisions') }} as precisions
        on indicator_values.indicator_id = precisions.indicator_id
),

series as (
    select
        indicator_id,
        territory_level,
        territory_code,
        min(year) filter (where is_since_start) as start_year,
        arg_min(read_at, year) filter (where is_since_start) as start_at,
        arg_min(value, year) filter (where is_since_start) as start_value,
        max(year) filter (where value is not null) as latest_year,
        arg_max(read_at, year) filter (where value is not null) as latest_at,
        arg_max(value, year) filter (where value is not null) as latest_value,
        max(year) filter (where is_left_out) as last_year_left_out,
        arg_max(is_anomalous, year) filter (where is_left_out) as is_last_left_out_anomalous
    from indicator_values
    group by indicator_id, territory_level, territory_code
),

-- Only a region has a published start to hold a series against.
bands as (
    select
        indicator_id,
        territory_level,
        territory_code,
        greatest(any_value(rounding_step), {{ trend_noise('value', 'year', 'last_break_year') }}) as band
    from indicator_values
    where territory_level = 'region'
    group by indicator_id, territory_level, territory_code
),

frameworks as (
    select
        levers.lever_id,
        levers.framework_version
    from {{ ref('bridge_lever_framework') }} as levers
    inner join {{ ref('dim_framework') }} as frameworks
        on levers.framework_version = frameworks.framework_version
    where frameworks.is_target_version
),

-- A regional target applies below the region only if it is intensive; its start never does.
series_with_targets as (
    select
        measures.lever_id,
        measures.indicator_id,
        measures.comparability,
        measures.reason_fr,
        measures.good_sign,
        series.territory_level,
        series.territory_code,
        series.start_year as observed_start_year,
        series.start_at as observed_start_at,
        series.start_value as observed_start_value,
        series.latest_year,
        series.latest_at,
        series.latest_value,
        series.last_year_left_out,
        series.is_last_left_out_anomalous,
        frameworks.framework_version,
        targets.horizon_year,
        targets.semantics,
        targets.lever_id is not null
        and series.territory_level <> 'region'
        and not coalesce(targets.is_intensive, false) as is_left_to_allocation,
        if(measures.comparability = 'convertible', measures.factor, 1) as factor,
        case
            when series.territory_level = 'region' or targets.is_intensive then targets.physical_value
        end as physical_value,
        case when series.territory_level = 'region' then targets.start_2019 end as start_2019,
        coalesce(targets.is_start_measured, true) as is_start_measured,
        coalesce(bands.band, 0) as band
    from measures
    inner join series on measures.indicator_id = series.indicator_id
    inner join {{ ref('int_territories_unioned') }} as territories
        on {{ same_territory('series', 'territories') }}
    inner join frameworks on measures.lever_id = frameworks.lever_id
    left join bands
        on
            series.indicator_id = bands.indicator_id
            and {{ same_territory('series', 'bands') }}
    left join {{ ref('int_sgpe_targets_joined') }} as targets
        on
            measures.lever_id = targets.lever_id
            and territories.region_code = targets.region_code
            and frameworks.framework_version = targets.framework_version
    where {{ is_lever_of_region('measures.lever_id', 'territories.region_code') }}
),

converted as (
    select
        *,
        case when comparability <> 'not_comparable' then physical_value / factor end as published_target,
        case when comparability <> 'not_comparable' then start_2019 / factor end as published_start
    from series_with_targets
),

-- The path of a target starts where the target does: at the published start if that was measured, else where
-- the series starts, unless the series only repeats the published one.
started as (
    select
        *,
        coalesce(observed_start_year = {{ threshold('path_start_year') }}, false) as is_start_observed,
        published_start is not null and is_start_measured as is_start_published,
        not is_start_measured
        and is_start_observed
        and coalesce(abs(observed_start_value - published_start) <= band, false) as repeats_unmeasured_start
    from converted
),

baselines as (
    select
        *,
        if(is_start_published, {{ threshold('path_start_year') }}, observed_start_year) as baseline_year,
        if(is_start_published, {{ threshold('path_start_year') }}, observed_start_at) as baseline_at,
        if(is_start_published, published_start, observed_start_value) as baseline_value
    from started
),

valued as (
    select
        *,
        case semantics
            when 'level' then published_target
            when 'delta' then baseline_value + good_sign * published_target
        end as target_value
    from baselines
),

breaks as (
    select
        valued.lever_id,
        valued.indicator_id,
        valued.territory_level,
        valued.territory_code,
        string_agg(series_breaks.reason_fr, ' ' order by series_breaks.break_year) as reason_fr
    from valued
    inner join {{ ref('series_breaks') }} as series_breaks
        on
            valued.indicator_id = series_breaks.indicator_id
            and valued.baseline_year < series_breaks.break_year
            and valued.latest_year >= series_breaks.break_year
    group by valued.lever_id, valued.indicator_id, valued.territory_level, valued.territory_code
)

select
    valued.lever_id,
    valued.indicator_id,
    valued.territory_level,
    valued.territory_code,
    valued.framework_version,
    valued.good_sign,
    valued.baseline_year,
    valued.baseline_at,
    valued.baseline_value,
    valued.latest_year,
    valued.latest_at,
    valued.latest_value,
    case when valued.target_value is not null then valued.horizon_year end as target_year,
    valued.target_value,
    case
        when valued.latest_value is null then null
        when valued.is_left_to_allocation
            then 'Pas de cible officielle à cet échelon ; voir la répartition indicative.'
        when valued.comparability = 'not_comparable' then valued.reason_fr
        when valued.published_target is null then 'Pas de cible physique pour ce territoire.'
        when valued.repeats_unmeasured_start
            then
                'Le départ {{ threshold('path_start_year') }} publié avec la cible n''est pas une mesure, '
                || 'et la série '
                || 'le répète.'
        when valued.semantics = 'delta' and not valued.is_start_observed
            then
                'La cible est une évolution depuis {{ threshold('path_start_year') }}, '
                || 'année que la série n''a pas.'
        when coalesce(valued.latest_year <= valued.baseline_year, true)
            then 'Aucune observation après le point de départ.'
        when breaks.reason_fr is not null then 'Rupture de série : ' || breaks.reason_fr
    end as incomparable_reason,
    case
        when
            valued.is_start_published
            and valued.is_start_observed
            and abs(valued.observed_start_value - valued.baseline_value) > valued.band
            then
                'Départ : point {{ threshold('path_start_year') }} publié avec la cible, au lieu de '
                || {{ number_fr('valued.observed_start_value') }} || ' (' || valued.observed_start_year
                || ') pour la série.'
        when valued.is_start_published
            then 'Départ : point {{ threshold('path_start_year') }} publié avec la cible.'
        when not valued.is_start_observed
            then
                'Départ : ' || valued.baseline_year
                || ', première année connue depuis {{ threshold('path_start_year') }}.'
    end as baseline_reason,
    case
        when valued.last_year_left_out > coalesce(valued.latest_year, 0)
            then
                'Année '
                || valued.last_year_left_out
                || if(valued.is_last_left_out_anomalous, ' impossible', ' incomplète')
                || ', laissée de côté.'
    end as left_out_reason
from valued
left join breaks
    on
        valued.lever_id = breaks.lever_id
        and valued.indicator_id = breaks.indicator_id
        and {{ same_territory('valued', 'breaks') }}
