-- `is_candidate`: a sector may be the largest if `sector_lead` times its highest estimate reaches
-- `first_least`, the greatest of the lowest estimates.
with listed as (
    select
        *,
        nature in ('inventory', 'estimate') as is_ranked
    from {{ ref('int_sector_emissions') }}
),

ranked as (
    select
        *,
        max(if(is_ranked, least_value, null)) over here as first_least,
        max(if(nature = 'sites', least_value, null)) over here as sites_value,
        is_ranked and {{ threshold('sector_lead') }} * most_value >= first_least as is_candidate,
        if(is_candidate, most_value, null) as candidate_value
    from listed
    window here as (partition by territory_level, territory_code)
),

counted as (
    select
        *,
        count(*) filter (where is_candidate) over here as candidates,
        greatest(
            max(candidate_value) over (in_turn rows between unbounded preceding and 1 preceding),
            max(candidate_value) over (in_turn rows between 1 following and unbounded following)
        ) as others_most,
        row_number() over (
            partition by territory_level, territory_code, is_ranked
            order by least_value + most_value desc, sector asc
        ) as sector_rank
    from ranked
    window
        here as (partition by territory_level, territory_code),
        in_turn as (partition by territory_level, territory_code order by sector)
),

answered as (
    select
        *,
        case
            when nature = 'sites' and least_value = sites_value and sites_value >= first_least then 'first'
            when not is_candidate then null
            when sites_value >= first_least then 'next'
            when candidates = 1 and (nature = 'inventory' or key_count > 1) then 'first'
            when candidates = 1 then 'first_by_one_key'
            when least_value = first_least and least_value > others_most then 'first_by_little'
            else 'may_be_first'
        end as place
    from counted
)

select
    answered.territory_level,
    answered.territory_code,
    answered.sector,
    answered.nature,
    {{ label_fr('emission_nature', 'answered.nature') }} as nature_label_fr,
    answered.least_value,
    answered.most_value,
    answered.unit,
    answered.key_count,
    answered.key_error_median_pct,
    answered.key_error_worst_pct,
    cast(if(answered.is_ranked, answered.sector_rank, null) as integer) as sector_rank,
    answered.place,
    {{ label_fr('sector_place', 'answered.place') }} as place_label_fr,
    answered.inventory_value,
    answered.inventory_share,
    answered.region_code,
    answered.source,
    answered.year,
    answered.gases,
    answered.scope,
    answered.dataset_id,
    answered.snapshot_id
from answered
