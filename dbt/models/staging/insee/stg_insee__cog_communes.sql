with communes as (
    select * from {{ source('raw_insee', 'insee_cog__communes') }}
),

-- Only rows of type COM carry departement and region: the others take them from their commune.
parents as (
    select
        reference_date,
        com,
        dep,
        reg
    from communes
    where typecom = 'COM'
)

select
    cast(year(communes.reference_date) as integer) as cog_year,
    case communes.typecom
        when 'COM' then 'commune'
        when 'ARM' then 'arrondissement'
        when 'COMD' then 'delegated'
        when 'COMA' then 'associated'
    end as code_type,
    communes.com as code,
    communes.libelle as name,
    parents.dep as departement_code,
    parents.reg as region_code,
    nullif(communes.comparent, '') as parent_code,
    communes.snapshot_id
from communes
left join parents
    on
        communes.reference_date = parents.reference_date
        and coalesce(nullif(communes.comparent, ''), communes.com) = parents.com
