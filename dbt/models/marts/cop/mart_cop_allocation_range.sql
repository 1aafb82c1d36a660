with memberships as (
    select
        commune_code,
        territory_level,
        territory_code
    from {{ ref('int_commune_memberships') }}
    where territory_level not in ('commune', 'region', 'pays')
),

shares as (
    select
        weights.key_id,
        weights.region_code,
        memberships.territory_level,
        memberships.territory_code,
        max(weights.key_year) as key_year,
        max(weights.key_source) as key_source,
        cast(sum(cast(weights.weight as decimal(38, 15))) as double) as weight
    from {{ ref('int_allocation_key_weights') }} as weights
    inner join memberships on weights.commune_code = memberships.commune_code
    group by weights.key_id, weights.region_code, memberships.territory_level, memberships.territory_code
),

totals as (
    select
        key_id,
        region_code,
        cast(sum(cast(weight as decimal(38, 15))) as double) as weight
    from {{ ref('int_allocation_key_weights') }}
    group by key_id, region_code
    having sum(cast(weight as decimal(38, 15))) > 0
),

-- Population, the last resort as a key and as what spreads one, says something only where nothing else does.
parts as (
    select
        levers.lever_id,
        levers.lever_name_fr,
        levers.theme_name_fr,
        levers.territory_level,
        levers.territory_code,
        levers.territory_name,
        levers.region_code,
        levers.framework_version,
        levers.horizon_year,
        levers.avoided_ktco2e,
        listed.priority,
        listed.key_id,
        concat_ws(
            ', ventilé selon : ',
            listed.key_label_fr,
            if(listed.spread_indicator_id is null, null, listed.spread_label_fr)
        ) as key_label_fr,
        listed.is_proxy,
        shares.key_year,
        shares.key_source,
        coalesce(shares.weight, 0) / totals.weight as key_share,
        listed.key_id = selected.key_id as is_selected,
        'population' not in (listed.indicator_id, coalesce(listed.spread_indicator_id, ''))
        or listed.key_id = selected.key_id as is_in_range
    from {{ ref('int_cop_levers_listed') }} as levers
    inner join {{ ref('int_allocation_keys_listed') }} as listed on levers.lever_id = listed.lever_id
    inner join totals
        on
            listed.key_id = totals.key_id
            and levers.region_code = totals.region_code
    inner join {{ ref('int_allocation_key_selected') }} as selected
        on
            levers.lever_id = selected.lever_id
            and levers.region_code = selected.region_code
    left join shares
        on
            listed.key_id = shares.key_id
            and levers.region_code = shares.region_code
            and levers.territory_level = shares.territory_level
            and levers.territory_code = shares.territory_code
    where levers.territory_level <> 'region'
)

select
    lever_id as levier_id,
    lever_name_fr as levier,
    theme_name_fr as thematique,
    territory_level as niveau,
    territory_code as code_territoire,
    territory_name as territoire,
    region_code as code_region,
    horizon_year as horizon,
    priority as rang,
    key_id as cle_indicative,
    key_label_fr as cle_indicative_libelle,
    key_year as cle_indicative_annee,
    is_proxy as cle_indicative_approchee,
    key_source as source_cle,
    {{ titles_fr('parts.key_source') }} as source_cle_libelle,
    is_selected as cle_retenue,
    is_in_range as dans_la_fourchette,
    100 * key_share as part_indicative_pct,
    avoided_ktco2e * key_share as part_indicative_ktco2e,
    count(*) filter (where is_in_range) over each_line as nombre_cles,
    100 * min(key_share) filter (where is_in_range) over each_line as part_min_pct,
    100 * max(key_share) filter (where is_in_range) over each_line as part_max_pct,
    min(avoided_ktco2e * key_share) filter (where is_in_range) over each_line as part_min_ktco2e,
    max(avoided_ktco2e * key_share) filter (where is_in_range) over each_line as part_max_ktco2e
from parts
window each_line as (
    partition by lever_id, territory_level, territory_code, region_code, framework_version, horizon_year
)
