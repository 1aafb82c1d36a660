-- A release holds all years again: the definitive one counts and, of two, the newer one.
with published as (
    select
        {{ saa_departement_code("departement_label") }} as territory_code,
        trim(
            regexp_replace(strip_accents(lower(item_label)), '^\s*\d+\s*-\s*|\(.*\)', '', 'g')
        ) as item,
        year as herd_year,
        heads,
        release,
        snapshot_id,
        max(year) over (partition by snapshot_id) as snapshot_year
    from {{ source('raw_agreste', 'agreste_saa__herd') }}
)

select
    territory_code,
    item,
    herd_year,
    heads,
    release,
    snapshot_id
from published
where territory_code is not null
qualify dense_rank() over (
    partition by territory_code, herd_year
    order by release = 'definitive' desc, snapshot_year desc, snapshot_id asc
) = 1
