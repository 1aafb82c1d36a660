with selected as (
    {{ values_of_sums(communes=true) }}
),

wholes as (
    select * from selected
    union all
    select
        'population' as indicator_id,
        territory_level,
        territory_code,
        null as year,
        population as value
    from {{ ref('int_territory_populations') }}
)

-- The other indicator may be of a year within three; for `impossible_sum` and `implausible_content`, of the
-- same. Communes are compared by `implausible_content` alone: by head, any with a factory and few people
-- would be found.
select
    ceilings.ceiling_id,
    parts.indicator_id,
    parts.territory_level,
    parts.territory_code,
    parts.year,
    parts.value,
    ceilings.kind,
    ceilings.is_impossible,
    ceilings.reason_fr,
    ceilings.of_indicator_id,
    wholes.year as of_year,
    coalesce(abs(parts.year - wholes.year), 0) as years_apart,
    ceilings.max_ratio * ceilings.factor as ratio,
    wholes.value as of_value
from {{ ref('value_ceilings') }} as ceilings
inner join selected as parts
    on
        ceilings.indicator_id = parts.indicator_id
        and (parts.territory_level <> 'commune' or ceilings.kind = 'implausible_content')
inner join wholes
    on
        ceilings.of_indicator_id = wholes.indicator_id
        and {{ same_territory('parts', 'wholes') }}
        and coalesce(abs(parts.year - wholes.year), 0)
        <= if(ceilings.kind in ('impossible_sum', 'implausible_content'), 0, 3)
