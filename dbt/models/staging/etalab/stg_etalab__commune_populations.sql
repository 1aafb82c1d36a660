with communes as (
    select * from {{ source('raw_etalab', 'etalab_decoupage__communes') }}
)

select
    cast(year(reference_date) as integer) as cog_year,
    code as commune_code,
    population,
    snapshot_id
from communes
-- The overseas collectivities (three-character region codes) are outside the departement and region levels.
where
    type = 'commune-actuelle'
    and length(region) = 2
