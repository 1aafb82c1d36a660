{{ config(severity='warn') }}
-- A correction that changes nothing that was loaded is out of date: the producer has mended its file, or the
-- series has gone.
with received as (
    select
        'ore_consumption_departement_sector' as dataset_id,
        cast(null as varchar) as indicator_id,
        operator as source_key,
        'departement' as territory_level,
        departement_code as territory_code,
        year,
        -- dwellings use a few MWh each, not a thousand
        residential_consumption > 1000 * residential_sites as is_wrong
    from {{ source('raw_ore', 'ore_consumption_departement_sector') }}
    union all
    select
        dataset_id,
        indicator_id,
        null as source_key,
        territory_level,
        territory_code,
        year,
        null as is_wrong
    from {{ ref('int_observations_converted') }}
)

select corrections.correction_id
from {{ ref('value_corrections') }} as corrections
where
    corrections.dataset_id in (select loads.dataset_id from {{ ref('stg_leviers__dataset_loads') }} as loads)
    and corrections.correction_id not in (
        select observations.correction_id
        from {{ ref('int_observations_converted') }} as observations
        where observations.correction_id is not null
    )
    and not exists (
        select 1
        from received
        where
            received.dataset_id = corrections.dataset_id
            and corrections.kind in ('multiply', 'unit', 'meaning')
            and coalesce(received.indicator_id = corrections.indicator_id, true)
            and coalesce(received.source_key = corrections.source_key, true)
            and received.year between corrections.year_from and corrections.year_to
            and coalesce(received.is_wrong, true)
    )
