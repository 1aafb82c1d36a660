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
