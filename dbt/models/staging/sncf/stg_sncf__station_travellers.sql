{#- Grain: commune x year. Travellers of all stations of a commune; who changes trains counts in each station.
A station that the list of stations lacks is of an unknown commune.
unique: [territory_code, year] -#}
with codes as (
    select
        {{ whole_commune('commune_code') }} as commune_code,
        unnest(string_split(uic_codes, ';')) as uic_code
    from {{ source('raw_sncf', 'sncf_station_ridership__station') }}
),

-- Two editions of the list may hold a station each.
stations as (
    select
        uic_code,
        max(commune_code) as commune_code
    from codes
    group by uic_code
),

summed as (
    select
        'travellers' as series,
        coalesce(stations.commune_code, 'unknown') as territory_code,
        counted.year as travel_year,
        sum(counted.travellers) as travellers,
        count(*) as source_rows,
        counted.snapshot_id
    from {{ source('raw_sncf', 'sncf_station_ridership__traveller') }} as counted
    left join stations on counted.uic_code = stations.uic_code
    group by stations.commune_code, counted.year, counted.snapshot_id
)

select
    {{ observation_columns("commune", "travel_year", value="travellers", source_rows="source_rows") }}
from summed
