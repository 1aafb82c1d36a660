with terms as (
    select
        indicator_id,
        unnest([numerator_id, denominator_id]) as term_id
    from {{ ref('indicators') }}
    union all
    select
        indicator_id,
        component_id as term_id
    from {{ ref('indicator_components') }}
),

computed as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('int_ratios_computed') }}
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('int_values_composed') }}
)

select distinct
    computed.indicator_id,
    computed.territory_level,
    computed.territory_code,
    computed.year,
    files.snapshot_id
from computed
inner join terms on computed.indicator_id = terms.indicator_id
inner join {{ ref('int_value_files_listed') }} as files
    on
        terms.term_id = files.indicator_id
        and {{ same_territory('computed', 'files') }}
        and computed.year = files.year
