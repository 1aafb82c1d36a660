with places as (
    select
        territory_level,
        territory_code
    from {{ ref('dim_territory') }}
    where is_in_scope and territory_level <> 'commune'
),

sizes as (
    select
        territory_level,
        count(*) as territory_count
    from places
    group by territory_level
),

read_in_region as (
    select
        verdicts.lever_id,
        verdicts.indicator_id,
        indicators.compared_unit_fr
    from {{ ref('fct_lever_verdict') }} as verdicts
    {{ join_lever_and_territory('verdicts') }}
    inner join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id
    where
        verdicts.is_shown
        and verdicts.territory_level = 'region'
        and {{ is_lever_of_territory() }}
    group by verdicts.lever_id, verdicts.indicator_id, indicators.compared_unit_fr
    qualify
        row_number() over (
            partition by verdicts.lever_id order by count(*) desc, verdicts.indicator_id asc
        ) = 1
),

measured as (
    select
        links.lever_id,
        rates.territory_level,
        rates.indicator_id,
        rates.compared_unit_fr,
        links.is_raw,
        links.priority,
        max(rates.year) as year,
        count(*) as known_count,
        max(abs(rates.value)) as largest
    from {{ ref('bridge_lever_indicator') }} as links
    inner join {{ ref('fct_compared_value') }} as rates on links.indicator_id = rates.indicator_id
    inner join places
        on {{ same_territory('rates', 'places') }}
    where links.role = 'measure'
    group by all
)

select
    measured.lever_id,
    measured.territory_level,
    measured.indicator_id,
    measured.compared_unit_fr,
    greatest(
        0, case when measured.largest >= 1 then 2 else 1 end - floor(log10(nullif(measured.largest, 0)))
    )::integer as decimals,
    measured.year,
    measured.year > max(measured.year) over () - {{ threshold('too_old_age') }} as is_recent,
    measured.known_count,
    sizes.territory_count
from measured
inner join sizes on measured.territory_level = sizes.territory_level
left join read_in_region on measured.lever_id = read_in_region.lever_id
where 2 * measured.known_count >= sizes.territory_count
qualify
    row_number() over (
        partition by measured.lever_id, measured.territory_level
        order by
            measured.indicator_id is distinct from read_in_region.indicator_id,
            measured.is_raw asc,
            measured.priority asc,
            measured.compared_unit_fr is distinct from read_in_region.compared_unit_fr,
            measured.year desc,
            measured.known_count desc,
            measured.indicator_id asc
    ) = 1
