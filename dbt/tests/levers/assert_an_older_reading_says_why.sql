-- A reading is older than the newest loaded year of its series, or of a term of it, only where that year is left out
-- with a reason.
with loaded as (
    select
        series.indicator_id,
        published.territory_level,
        published.territory_code,
        published.year
    from {{ ref('indicators') }} as series
    left join {{ ref('composed_series') }} as composed
        on
            series.indicator_id = composed.indicator_id
            and composed.role in ('term', 'continuation')
    inner join {{ ref('fct_indicator_value') }} as published
        on coalesce(composed.term_indicator_id, series.indicator_id) = published.indicator_id
    where published.value is not null
)

select
    verdicts.lever_id,
    verdicts.indicator_id,
    verdicts.basis,
    verdicts.territory_level,
    verdicts.territory_code,
    verdicts.latest_year,
    loaded.year
from {{ ref('fct_lever_verdict') }} as verdicts
inner join loaded
    on
        verdicts.indicator_id = loaded.indicator_id
        and {{ same_territory('verdicts', 'loaded') }}
        and verdicts.latest_year < loaded.year
left join {{ ref('fct_verdict_value') }} as judged
    on
        {{ same_series('verdicts', 'judged') }}
        and loaded.year = judged.year
where judged.left_out_because is null
