{{ config(severity='warn') }}
-- Two indicators of a lever whose ratio is the same in all territories are one series: `same_series_as` of
-- one names the other, or `reconciled_series` compares them.
with linked as (
    select distinct
        links.lever_id,
        indicators.indicator_id,
        coalesce(indicators.same_series_as, indicators.indicator_id) as series_id
    from {{ ref('lever_indicators') }} as links
    inner join {{ ref('indicators') }} as indicators on links.indicator_id = indicators.indicator_id
),

known as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value
    from {{ ref('fct_indicator_value') }}
    where value > 0 and territory_level in ('departement', 'region')
),

pairs as (
    select distinct
        firsts.indicator_id as first_id,
        seconds.indicator_id as second_id
    from linked as firsts
    inner join linked as seconds
        on
            firsts.lever_id = seconds.lever_id
            and firsts.indicator_id < seconds.indicator_id
            and firsts.series_id <> seconds.series_id
    anti join {{ ref('reconciled_series') }} as reconciled
        on
            least(reconciled.indicator_id, reconciled.compared_indicator_id) = firsts.indicator_id
            and greatest(reconciled.indicator_id, reconciled.compared_indicator_id) = seconds.indicator_id
)

select
    pairs.first_id,
    pairs.second_id,
    firsts.territory_level,
    firsts.year,
    count(*) as territories,
    median(firsts.value / seconds.value) as ratio
from pairs
inner join known as firsts on pairs.first_id = firsts.indicator_id
inner join known as seconds
    on
        pairs.second_id = seconds.indicator_id
        and {{ same_territory('firsts', 'seconds') }}
        and firsts.year = seconds.year
group by pairs.first_id, pairs.second_id, firsts.territory_level, firsts.year
having count(*) >= 5 and stddev_samp(ln(firsts.value / seconds.value)) < 0.002
