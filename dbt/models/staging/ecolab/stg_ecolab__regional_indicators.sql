{#- Grain: hub indicator (one per category where it has an axis) x region x year, in the unit that the values
have (id 520 is in tonnes, whatever its label says). Codes that are no region (neighbouring countries, 99, 0
for overseas collectivities together, ZZ, which 684 to 686 have twice in 2016) are set aside later. Of 955
only bicycles have values; Occitanie has none of 685 after 2013, which is no zero. -#}
with measures as (
    select
        concat_ws('/', hub_id, axis_value) as series,
        region_code as territory_code,
        date_mesure,
        value,
        snapshot_id
    from {{ source('raw_ecolab', 'ecolab_irpe') }}
)

select
    {{ observation_columns("region", "year(date_mesure)", "date_mesure") }}
from measures
