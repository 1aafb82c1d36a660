{#- Grain: departement x census year. Farms by the head office, all sizes together.
unique: [series, territory_code, year] -#}
-- From the census of 1988 on the file holds twice the true figures: its area of 2010 is twice that of the
-- file of agricultural areas, and its counts are even.
with farms as (
    select
        territory_code,
        year as census_year,
        snapshot_id,
        measure as series,
        if(year >= 1988, value / 2, value) as farm_count
    from {{ source('raw_agreste', 'agreste_census__farm_sizes') }}
    where
        size_class = 'Ensemble'
        and measure = 'Nombre d''exploitations concernées'
        -- 93 and 94 are given by commune, most of them hidden
        and length(territory_code) <= 3
)

select
    {{ observation_columns("departement", "census_year", value="farm_count") }}
from farms
