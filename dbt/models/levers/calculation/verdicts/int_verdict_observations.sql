-- The values that a verdict may be read from: corrected of the climate and smoothed where the rule says so.
-- A value that no verdict may use stays, with the reason.
with rules as (
    select
        lever_id,
        indicator_id,
        basis,
        unnest(string_split(territory_levels, '|')) as territory_level,
        smoothing_years,
        heating_use,
        newer_indicator_id,
        coalesce(refused_with_indicator_id, indicator_id) as refused_with_indicator_id
    from {{ ref('verdict_rules') }}
),

territories as (
    select * from {{ ref('dim_territory') }}
    where is_in_scope
),

indicator_values as (
    {{ known_values() }}
    union all by name
    select * from {{ ref('int_series_composed') }}
),

-- What an impossible part has too much of, where that is all that is wrong with the sum, which is read
-- without it.
excesses as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value - max(expected_high) as excess
    from {{ ref('int_anomalies_detected') }}
    where is_impossible
    group by indicator_id, territory_level, territory_code, year, value
    having bool_and(expected_low = expected_high)
),

-- A territory has the climate of its region; the reference is the mean of the years at hand.
degree_days as (
    select
        territory_code as region_code,
        year,
        value as degree_days,
        avg(value) over (partition by territory_code) as reference_degree_days
    from {{ ref('fct_indicator_value') }}
    where
        indicator_id = 'heating_degree_days'
        and territory_level = 'region'
        and value is not null
        and not is_incomplete_year
        and not is_anomalous
),

regions_with_climate as (
    select distinct region_code from degree_days
),

-- Values that are left out of every verdict are left out here (`left_out_because`).
selected as (
    select
        rules.lever_id,
        rules.indicator_id,
        rules.basis,
        rules.territory_level,
        indicator_values.territory_code,
        indicator_values.year,
        indicator_values.reference_date,
        indicator_values.value as raw_value,
        if(
            regions_with_climate.region_code is null or heating.heating_share is null,
            1,
            1 - heating.heating_share
            + heating.heating_share * degree_days.reference_degree_days / degree_days.degree_days
        ) as climate_factor,
        if(indicator_values.is_anomalous, excesses.excess, 0) * climate_factor as excess,
        indicator_values.value * climate_factor - coalesce(excess, 0) as corrected_value,
        regions_with_climate.region_code is not null
        and heating.heating_share is not null as is_climate_corrected,
        indicator_values.completeness_pct,
        indicator_values.dataset_id,
        case
            when indicator_values.is_incomplete_year then 'année incomplète'
            when indicator_values.is_anomalous and excesses.excess is null then 'valeur impossible'
            when refused.indicator_id is not null then 'au-dessus du plafond de la série'
            when indicator_values.completeness_pct is null then 'part connue inconnue'
            when indicator_values.year >= precisions.break_after_start_year
                then 'rupture de série en ' || precisions.break_after_start_year
            when
                indicator_values.is_estimated
                and indicators.finest_level in ('epci', 'departement')
                and rules.territory_level not in (indicators.finest_level, 'region')
                then 'valeur ventilée selon la population'
        end as left_out_because,
        precisions.break_after_start_year,
        rules.smoothing_years
    from rules
    inner join indicator_values
        on
            rules.indicator_id = indicator_values.indicator_id
            and rules.territory_level = indicator_values.territory_level
    inner join territories
        on {{ same_territory('indicator_values', 'territories') }}
    inner join {{ ref('indicators') }} as indicators on rules.indicator_id = indicators.indicator_id
    left join {{ ref('int_indicator_precisions') }} as precisions
        on rules.indicator_id = precisions.indicator_id
    left join {{ ref('heating_shares') }} as heating on rules.heating_use = heating.heating_use
    left join regions_with_climate on territories.region_code = regions_with_climate.region_code
    left join degree_days
        on
            territories.region_code = degree_days.region_code
            and indicator_values.year = degree_days.year
    left join excesses on {{ same_value('indicator_values', 'excesses') }}
    left join {{ ref('int_allocation_values_refused') }} as refused
        on
            rules.refused_with_indicator_id = refused.indicator_id
            and {{ same_territory('indicator_values', 'refused') }}
            and indicator_values.year = refused.year
            and refused.is_above_ceiling
    -- Of two editions of one quantity the newer is read.
    anti join indicator_values as newer
        on
            rules.newer_indicator_id = newer.indicator_id
            and {{ same_territory('indicator_values', 'newer') }}
),

usable as (
    select
        *,
        left_out_because is null as is_usable,
        if(left_out_because is null, corrected_value, null) as usable_value
    from selected
),

meaned as (
    select
        *,
        case when count(usable_value) over means = 3 then avg(usable_value) over means end as mean_value,
        avg(excess) over means as mean_excess
    from usable
    window means as (
        partition by lever_id, indicator_id, basis, territory_level, territory_code
        order by year range between 2 preceding and current row
    )
)

select
    lever_id,
    indicator_id,
    basis,
    territory_level,
    territory_code,
    year,
    reference_date,
    -- The moment on a path. A value of 1 January, of 31 December or of a whole year is at its year; a stock
    -- of another day is before it, by the part of the year that is left.
    year - if(
        reference_date = make_date(year, 1, 1),
        0,
        date_diff('day', reference_date, make_date(year, 12, 31)) / 365.25
    ) as read_at,
    raw_value,
    usable_value,
    mean_value,
    if(smoothing_years = 1, usable_value, mean_value) as value,
    abs(if(smoothing_years = 1, excess, mean_excess)) as excess,
    is_usable,
    left_out_because,
    is_climate_corrected,
    smoothing_years,
    completeness_pct,
    dataset_id
from meaned
