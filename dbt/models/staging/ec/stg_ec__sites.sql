{{ config(materialized='kept_table') }}

with sites as (
    select
        'eu_ets_installations' as dataset_id,
        snapshot_id,
        installation_id,
        max(city) as city,
        max(zip_code) as postal_code
    from {{ source('raw_ec', 'eu_ets_installations') }}
    where
        registry_code = 'FR'
        -- aircraft operators of any country are in the registry
        and activity_code != '10'
    group by snapshot_id, installation_id
),

sites_read as (
    select
        *,
        {{ postal_departement('postal_code') }} as postal_departement_code,
        {{ comparable_name("regexp_replace(city, '(?i) *\\bcedex\\b.*', '')") }} as city_name
    from sites
),

-- Names of communes, former ones too, with the communes that were merged into them.
commune_names as (
    select
        {{ comparable_name('nom') }} as commune_name,
        {{ commune_departement('code') }} as departement_code,
        coalesce(commune, chef_lieu, code) as commune_code,
        unnest(coalesce(nullif(from_json(codes_postaux, '["varchar"]'), []), [null])) as postal_code
    from {{ source('raw_etalab', 'etalab_decoupage__communes') }}
    where length(region) = 2
),

departements as (
    select distinct departement_code from commune_names
),

-- A town is at its postal code where a commune of that departement has its name, or has it in its own.
towns_at_their_code as (
    select distinct
        sites_read.dataset_id,
        sites_read.snapshot_id,
        sites_read.installation_id
    from sites_read
    inner join commune_names
        on
            sites_read.postal_departement_code = commune_names.departement_code
            and contains(commune_names.commune_name, sites_read.city_name)
),

named as (
    select
        sites_read.dataset_id,
        sites_read.snapshot_id,
        sites_read.installation_id,
        count(distinct commune_names.commune_code) as commune_count,
        min(commune_names.departement_code) as departement_code,
        min(damerau_levenshtein(sites_read.postal_code, commune_names.postal_code)) as wrong_characters,
        min_by(
            commune_names.postal_code,
            damerau_levenshtein(sites_read.postal_code, commune_names.postal_code)
        ) as postal_code
    from sites_read
    inner join commune_names on sites_read.city_name = commune_names.commune_name
    -- a place outside the departements has no commune to compare with
    semi join departements on sites_read.postal_departement_code = departements.departement_code
    anti join towns_at_their_code
        on
            sites_read.dataset_id = towns_at_their_code.dataset_id
            and sites_read.snapshot_id = towns_at_their_code.snapshot_id
            and sites_read.installation_id = towns_at_their_code.installation_id
    group by sites_read.dataset_id, sites_read.snapshot_id, sites_read.installation_id
)

select
    sites_read.dataset_id,
    sites_read.snapshot_id,
    sites_read.installation_id,
    sites_read.city,
    sites_read.postal_code,
    case
        when named.installation_id is null then null
        when named.commune_count > 1 then 'town_of_many'
        when named.wrong_characters <= {{ threshold('most_wrong_characters') }} then 'code_mistyped'
        else 'town_elsewhere'
    end as disagreement,
    if(disagreement = 'code_mistyped', named.postal_code, null) as likely_postal_code,
    if(
        disagreement = 'code_mistyped', named.departement_code, sites_read.postal_departement_code
    ) as departement_code
from sites_read
left join named
    on
        sites_read.dataset_id = named.dataset_id
        and sites_read.snapshot_id = named.snapshot_id
        and sites_read.installation_id = named.installation_id
