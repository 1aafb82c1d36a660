select
    series.indicator_id,
    breaks.territory_level,
    breaks.territory_code,
    cast(breaks.break_year as integer) as break_year,
    breaks.reason_fr
from {{ ref('stg_ore__departement_breaks') }} as breaks
inner join {{ ref('series') }} as series
    on
        series.staging_model = 'stg_ore__departement_sectors'
        and breaks.series = series.series
