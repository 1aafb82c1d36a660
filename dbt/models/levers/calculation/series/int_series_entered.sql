with made_of as (
    select
        indicator_id,
        indicator_id as term_id
    from {{ ref('indicators') }}
    union
    select
        indicator_id,
        unnest([numerator_id, denominator_id]) as term_id
    from {{ ref('indicators') }}
    where numerator_id is not null
    union
    select
        indicator_id,
        term_indicator_id as term_id
    from {{ ref('composed_series') }}
),

-- Entered terms do not replace a ratio that the producer publishes.
published_ratios as (
    select
        ratios.indicator_id,
        indicator_values.territory_level,
        indicator_values.territory_code
    from {{ ref('indicators') }} as ratios
    inner join {{ ref('fct_indicator_value') }} as indicator_values
        on ratios.indicator_id = indicator_values.indicator_id
    where ratios.numerator_id is not null and indicator_values.year >= {{ threshold('earlier_start_year') }}
    group by all
    having not bool_or(indicator_values.is_entered)
)

select
    made_of.indicator_id,
    entered.territory_level,
    entered.territory_code,
    string_agg(distinct entered.licence, ' ; ' order by entered.licence) as licence
from {{ ref('fct_entered_value') }} as entered
inner join made_of on entered.indicator_id = made_of.term_id
anti join published_ratios
    on
        made_of.indicator_id = published_ratios.indicator_id
        and {{ same_territory('entered', 'published_ratios') }}
where entered.is_used and entered.year >= {{ threshold('earlier_start_year') }}
group by made_of.indicator_id, entered.territory_level, entered.territory_code
