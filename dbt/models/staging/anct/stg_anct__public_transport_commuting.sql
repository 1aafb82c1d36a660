{#- Grain: commune x census. Share of the workers of 15 years or more who go to work by public transport, in
%, in the communes of 2024. It is published for the commune alone: without the workers it is a share of, it is
never averaged.
unique: [territory_code, year] -#}
with shares as (
    select
        'public_transport_share' as series,
        commune_code as territory_code,
        census_year,
        public_transport_share,
        snapshot_id
    from {{ source('raw_anct', 'anct_commuting_public_transport') }}
)

select
    {{ observation_columns("commune", "census_year", value="public_transport_share") }}
from shares
