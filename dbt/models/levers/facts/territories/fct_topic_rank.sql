-- Ranks what a page may name of a territory, in six subjects. Each has its own rows and its own order.
-- In most subjects a lever comes before another where it is asked more of the territory (`part_ktco2e`).
-- `ranked` puts the six together.
with parts as (
    {{ in_force('fct_lever_part') }}
),

shares as (
    select
        territory_level,
        territory_code,
        lever_id,
        max(part_ktco2e) as part_ktco2e
    from parts
    group by territory_level, territory_code, lever_id
),

readings as (
    select
        verdicts.lever_id,
        verdicts.territory_level,
        verdicts.territory_code,
        verdicts.framework_version,
        verdicts.missing_dataset_id
    from {{ ref('fct_lever_verdict') }} as verdicts
    {{ join_lever_and_territory('verdicts') }}
    where verdicts.is_shown and verdicts.reading = 'not_judged' and {{ is_lever_of_territory() }}
),

-- A part is no effort to name if its key does not know where the sites of the lever are (`places_sites`).
efforts as (
    select
        'effort' as subject,
        territory_level,
        territory_code,
        lever_id,
        region_code,
        row_number() over (
            partition by territory_level, territory_code
            order by part_ktco2e desc, lever_id asc, region_code asc
        ) as rank
    from parts
    where part_ktco2e > 0 and places_sites is distinct from false
),

-- A single series per lever, the first by priority, and a single lever per series.
measured as (
    select
        own.territory_level,
        own.territory_code,
        own.indicator_id,
        links.lever_id,
        shares.part_ktco2e
    from {{ ref('fct_compared_value') }} as own
    inner join {{ ref('bridge_lever_indicator') }} as links
        on own.indicator_id = links.indicator_id and links.role = 'measure'
    inner join shares
        on
            {{ same_territory('own', 'shares') }}
            and links.lever_id = shares.lever_id
    where own.value is not null
    qualify
        row_number() over (
            partition by own.territory_level, own.territory_code, links.lever_id
            order by links.priority asc, own.indicator_id asc
        ) = 1
),

measures as (
    select
        'mesure' as subject,
        territory_level,
        territory_code,
        first(lever_id order by part_ktco2e desc nulls last, lever_id asc) as lever_id,
        indicator_id,
        row_number() over (
            partition by territory_level, territory_code
            order by max(part_ktco2e) desc nulls last, indicator_id asc
        ) as rank
    from measured
    group by territory_level, territory_code, indicator_id
),

-- Comparisons that say something: similar territories differ, and the value or their median is not zero.
comparable as (
    select
        compared.territory_level,
        compared.territory_code,
        compared.indicator_id,
        observed.lever_id,
        themes.theme_id,
        coalesce(shares.part_ktco2e, 0) as part_ktco2e
    from {{ ref('fct_territory_comparison') }} as compared
    inner join {{ ref('fct_lever_observation') }} as observed
        on
            compared.indicator_id = observed.indicator_id
            and {{ same_territory('compared', 'observed') }}
    {{ join_framework_in_force('observed') }}
    inner join {{ ref('bridge_lever_chantier') }} as themes on observed.lever_id = themes.lever_id
    left join shares
        on
            {{ same_territory('compared', 'shares') }}
            and observed.lever_id = shares.lever_id
    where
        compared.similar_count > 0
        and compared.similar_most > compared.similar_least
        and (compared.value <> 0 or compared.similar_median <> 0)
    qualify
        row_number() over (
            partition by compared.territory_level, compared.territory_code, compared.indicator_id
            order by coalesce(shares.part_ktco2e, 0) desc, observed.lever_id asc
        ) = 1
),

themed as (
    select
        *,
        row_number() over (
            partition by territory_level, territory_code, theme_id order by part_ktco2e desc, lever_id asc
        ) as rank_in_theme
    from comparable
),

comparisons as (
    select
        'comparaison' as subject,
        territory_level,
        territory_code,
        lever_id,
        indicator_id,
        row_number() over (
            partition by territory_level, territory_code
            order by rank_in_theme asc, part_ktco2e desc, lever_id asc, indicator_id asc
        ) as rank
    from themed
),

-- Sure changes rank before changes to check; then changes of the latest year of a lever come first.
moved as (
    select
        changes.*,
        shares.part_ktco2e
    from {{ ref('fct_indicator_change') }} as changes
    left join shares
        on
            {{ same_territory('changes', 'shares') }}
            and changes.lever_id = shares.lever_id
    qualify
        row_number() over (
            partition by changes.territory_level, changes.territory_code, changes.indicator_id
            order by shares.part_ktco2e desc nulls last, changes.lever_id asc
        ) = 1
),

moves as (
    select
        'evolution' as subject,
        territory_level,
        territory_code,
        lever_id,
        indicator_id,
        row_number() over (
            partition by territory_level, territory_code
            order by
                is_to_check asc,
                is_latest_of_lever desc,
                last_year desc,
                part_ktco2e desc nulls last,
                lever_id asc,
                indicator_id asc
        ) as rank
    from moved
),

missing as (
    select
        'a_obtenir' as subject,
        readings.territory_level,
        readings.territory_code,
        readings.lever_id,
        row_number() over (
            partition by readings.territory_level, readings.territory_code
            order by demands.asked_ktco2e desc nulls last, readings.lever_id asc
        ) as rank
    from readings
    inner join {{ ref('dim_dataset') }} as datasets on readings.missing_dataset_id = datasets.dataset_id
    left join {{ ref('fct_lever_demand') }} as demands
        on
            readings.lever_id = demands.lever_id
            and {{ same_territory('readings', 'demands') }}
            and readings.framework_version = demands.framework_version
    where datasets.title_fr is not null and {{ dataset_state('datasets') }} <> 'received'
),

-- A rate that is not too old, of a lever that nothing judges here.
rated as (
    select
        'taux' as subject,
        readings.territory_level,
        readings.territory_code,
        readings.lever_id,
        rates.indicator_id,
        row_number() over (
            partition by readings.territory_level, readings.territory_code
            order by shares.part_ktco2e desc nulls last, readings.lever_id asc
        ) as rank
    from readings
    inner join {{ ref('fct_lever_rate') }} as rates
        on
            readings.lever_id = rates.lever_id
            and readings.territory_level = rates.territory_level
            and rates.is_recent
    inner join {{ ref('fct_compared_value') }} as own
        on
            {{ same_territory('readings', 'own') }}
            and rates.indicator_id = own.indicator_id
    inner join shares
        on
            {{ same_territory('readings', 'shares') }}
            and readings.lever_id = shares.lever_id
),

ranked as (
    select * from efforts
    union all by name
    select * from measures
    union all by name
    select * from comparisons
    union all by name
    select * from moves
    union all by name
    select * from missing
    union all by name
    select * from rated
)

select
    territory_level,
    territory_code,
    subject,
    rank,
    lever_id,
    indicator_id,
    region_code
from ranked
