{#- Grain: EPCI. Hectares that became artificial between 2012 and 2018, in changes of 5 ha and more: far below
the land take that the land files count. The changes of an EPCI of the file are all there: one that has some,
and none that makes land artificial, has zero, which says nothing of smaller ones. An EPCI of which every cell
is empty has no value, one that the file does not have has no row.
unique: [series, territory_code, year] -#}
with changes as (
    select
        epci_code as territory_code,
        area,
        reference_date as start_date,
        snapshot_id,
        from_clc_code not like '1%' and to_clc_code like '1%' as is_artificialised
    from {{ source('raw_ademe', 'ademe_aldo_epci__land_cover_changes') }}
),

summed as (
    select
        'land_cover_changes/area' as series,
        territory_code,
        start_date,
        snapshot_id,
        count(*) as source_rows,
        -- A row lists all changes of its EPCI: an empty cell is no change, a row of empty cells is unknown.
        if(
            count(area) = 0,
            null,
            cast(sum(cast(if(is_artificialised, coalesce(area, 0), 0) as decimal(18, 6))) as double)
        ) as hectares
    from changes
    group by territory_code, start_date, snapshot_id
)

select
    {{ observation_columns(
        "epci", "year(start_date)", "start_date", value="hectares", is_provisional="true",
        source_rows="source_rows"
    ) }}
from summed
