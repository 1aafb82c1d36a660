with usable_keys as (
    select distinct
        key_id,
        region_code
    from {{ ref('int_allocation_key_shares') }}
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
        key_shares.key_year,
        key_shares.key_source,
        coalesce(key_shares.key_share, 0) as key_share,
        listed.key_id = selected.key_id as is_selected,
        'population' not in (listed.indicator_id, coalesce(listed.spread_indicator_id, ''))
        or listed.key_id = selected.key_id as is_in_range
    from {{ ref('int_cop_levers_listed') }} as levers
    inner join {{ ref('int_allocation_keys_listed') }} as listed on levers.lever_id = listed.lever_id
    inner join usable_keys
        on
            listed.key_id = usable_keys.key_id
            and levers.region_code = usable_keys.region_code
    inner join {{ ref('int_allocation_key_selected') }} as selected
        on
            levers.lever_id = selected.lever_id
            and levers.region_code = selected.region_code
    left join {{ ref('int_allocation_key_shares') }} as key_shares
        on
            listed.key_id = key_shares.key_id
            and levers.region_code = key_shares.region_code
            and levers.territory_level = key_shares.territory_level
            and levers.territory_code = key_shares.territory_code
    anti join {{ ref('int_allocation_keys_over_ceilings') }} as over_ceilings
        on
            levers.lever_id = over_ceilings.lever_id
            and listed.key_id = over_ceilings.key_id
            and levers.region_code = over_ceilings.region_code
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
