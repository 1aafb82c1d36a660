{{ config(materialized='kept_table') }}

-- Without the populations: new ones leave all that reads the codes and names as it is.
with communes as (
    select * from {{ source('raw_etalab', 'etalab_decoupage__communes') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    case type
        when 'commune-actuelle' then 'commune'
        when 'arrondissement-municipal' then 'arrondissement'
        when 'commune-deleguee' then 'delegated'
        when 'commune-associee' then 'associated'
    end as code_type,
    code,
    nom as name,
    departement as departement_code,
    region as region_code,
    coalesce(commune, chef_lieu) as parent_code,
    from_json(anciens_codes, '["varchar"]') as former_codes,
    list_sort(from_json(codes_postaux, '["varchar"]')) as postal_codes
from communes
-- The overseas collectivities (three-character region codes) are outside the departement and region levels.
where length(region) = 2
